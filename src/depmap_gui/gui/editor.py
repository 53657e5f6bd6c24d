"""The editor: where canvas, panels and dialogs meet. They know it, never one another.

It holds the open session, the undo history, the selection, the current view, the latest
assessment and the shock that is on, and tells of each change by a signal. Every change to the map
passes :meth:`apply`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoStack

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.shock_results import Outage
from depmap_gui.domain.document import ChangeSet, Concern, Preparation, Prepared
from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    EditError,
    Place,
    SetField,
    new_id,
    removal,
    weight,
)
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, ScenarioChange
from depmap_gui.domain.scenario_acts import new_scenario
from depmap_gui.domain.scenario_edits import scenario_of
from depmap_gui.domain.scenarios import Playing, ScenarioError
from depmap_gui.domain.views import View
from depmap_gui.gui.coloring import badges
from depmap_gui.gui.history_steps import Step
from depmap_gui.gui.lenses import LENSES
from depmap_gui.gui.shocks import ShockPlayer, ShockView
from depmap_gui.gui.sight import Sight
from depmap_gui.gui.tasks import Task, Tasks
from depmap_gui.rules.faults import PackError
from depmap_gui.session.session import ScoringRequest, Session, score
from depmap_gui.session.viewports import Viewport

SCORED = frozenset({Concern.STRUCTURE, Concern.VALUES, Concern.RULES, Concern.SCENARIOS})
SCORING_DELAY_MS = 30
LARGE = 2_000
"""Records from which on an edit is made in the background."""


def _nothing() -> None:
    """Do nothing."""


class Editor(QObject):
    """One open project as the window works on it."""

    opened = Signal()
    changed = Signal(object)
    selection_changed = Signal()
    assessed = Signal()
    freshness_changed = Signal(bool)
    scoring_failed = Signal(str)
    coloring_changed = Signal()
    view_changed = Signal()
    saving = Signal()
    saved = Signal()
    refused = Signal(str)
    reveal_requested = Signal(object)
    shock_changed = Signal()
    scenario_changed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.history = QUndoStack(self)
        self.session = Session()
        self.rules_folders: tuple[Path, ...] = ()
        self.assessment: Assessment | None = None
        self.selection: tuple[str, ...] = ()
        self.boxes: tuple[str, ...] = ()
        self.looked: dict[str, Viewport | None] = {}
        self.color_by = Score.IP
        self.jurisdiction = "CN"
        self._view_id = ""
        self._is_fresh = False
        self._last_scored_change = 0
        self._scoring: Task | None = None
        self.scoring_ms = 0.0
        self.scoring_fault = ""
        self._delay = QTimer(self, singleShot=True, interval=SCORING_DELAY_MS)
        self._delay.timeout.connect(self.score_now)
        self.shocks = ShockPlayer(tasks, self.request, lambda: self.assessment, self)
        self.shocks.changed.connect(self.shock_changed)
        self.sight = Sight(self)
        self.sight.lens_changed.connect(self._take_coloring)
        self._follow_session()

    # The project ---------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The map as it is shown, frozen: with the chosen scenario played."""
        return self._shown.project

    @property
    def base(self) -> Project:
        """The base map, frozen: what is saved."""
        return self._shown.base

    @property
    def scenario(self) -> str | None:
        """The scenario that is shown and edited; None for the base map."""
        return self._shown.scenario

    @property
    def playing(self) -> Playing:
        """The chosen scenario as it is played on the base, with what of it does not fit."""
        return self._shown.playing

    def open_session(self, session: Session) -> None:
        """Work on another project; the history starts anew."""
        self._stop_listening()
        self._cancel_scoring()
        self.shocks.forget()
        self.sight.forget()
        self.session = session
        session.take_rules_from(self.rules_folders, leave_out_faulty=True)
        self._follow_session()
        self.history.clear()
        self.selection = self.boxes = ()
        self.looked = {}
        self.assessment = None
        self.scoring_fault = ""
        self._view_id = next(iter(self.project.views), "")
        self._last_scored_change = 0
        self.color_by, self.jurisdiction = self._remembered_coloring()
        self.opened.emit()
        self.selection_changed.emit()
        self._set_fresh(False)
        self.score_now()

    def _follow_session(self) -> None:
        self._shown = self.session.show_what_fits()
        self._stop_listening = self.session.document.listen(self._on_change)

    def close(self) -> None:
        """Follow the project no longer: its window is going away."""
        self._stop_listening()
        self._stop_listening = _nothing
        self._cancel_scoring()
        self.shocks.stop()
        # A stack that is destroyed clears itself, and would say so to parts that are gone.
        self.history.blockSignals(True)

    @property
    def is_modified(self) -> bool:
        """Whether the history stands elsewhere than when the project was opened or saved."""
        return not self.history.isClean()

    def save_as(self, path: Path) -> None:
        """Write the project to a file, with where one looks if anything else has changed.

        Raises SaveError.
        """
        if self.is_modified:
            self.saving.emit()
            self.session.viewports |= self.looked
        self.session.save_as(path)
        self.history.setClean()
        self.saved.emit()

    # Changes -------------------------------------------------------------------------------

    def apply(
        self,
        edit: Edit | Prepared,
        label: str = "",
        *,
        completes: bool = False,
        on_base: bool = False,
    ) -> bool:
        """Make one edit as one step of the history. Tells why, and returns False, if it cannot.

        It is an edit of what is shown: where a scenario is chosen it is recorded there, unless it
        is meant for the base map (``on_base``). What was prepared comes from :meth:`preparation`.
        What ``completes`` the step before, such as naming what was just added, is part of it.
        """
        shown, document = self._shown, self.session.document
        try:
            made = edit if isinstance(edit, Prepared) or on_base else shown.recorded(edit)
            undo = document.apply(made)
        except EditError as refusal:
            self.refused.emit(str(refusal))
            return False
        plain = made.edit if isinstance(made, Prepared) else made
        words = label or (plain.label if isinstance(plain, Batch) else "Change")
        before: Callable[[], None] = _nothing
        if (scenario := scenario_of(plain)) is not None:
            before = partial(shown.stand_at, scenario)
            if not on_base and (made is not edit or isinstance(made, Prepared)):
                words = shown.worded(words)
        self.history.push(Step(document, words, made, undo, completes=completes, before=before))
        return True

    def apply_large(
        self,
        edit: Edit,
        label: str,
        then: Callable[[], object] = _nothing,
        *,
        on_base: bool = False,
    ) -> None:
        """Make an edit as one step of the history; a large one beside the map, in the background.

        ``then`` is called when it is made, before this returns where the edit is small. A job
        that is canceled, or refused, leaves the map as it is.
        """
        if weight(edit) <= LARGE:
            if self.apply(edit, label, on_base=on_base):
                then()
            return
        session = self.session
        preparation = Preparation(session.document) if on_base else self.preparation()

        def job(context: Context) -> Prepared:
            preparation.make(edit, lambda fraction: context.progress(fraction, ""))
            return preparation.prepared(label)

        def finish(prepared: Prepared) -> None:
            if self.session is session and self.apply(prepared, on_base=on_base):
                then()

        task = self.tasks.start(label, job)
        task.finished.connect(finish)
        task.failed.connect(lambda fault: self.refused.emit(str(fault)))

    def preparation(self) -> Preparation:
        """Where a large edit of what is shown is made beside it, on any thread."""
        return self._shown.preparation()

    def add(self, entity: AnyEntity, at: tuple[float, float], label: str = "") -> bool:
        """Put a new item on the map, placed on the current view, and select it."""
        words = label or f"Add {entity.kind} {entity.name}".rstrip()
        edits: list[Edit] = [Add(entity)]
        view = self.view
        if not self.project.views:
            edits.append(Add(view))
        edits.append(Place(view.id, {entity.id: at}))
        made = self.apply(Batch(words, tuple(edits)))
        if made:
            self._view_id = view.id
            self.select((entity.id,))
        return made

    def connect_items(self, link: AnyLink) -> bool:
        """Add a link and select it."""
        source, target = self.project.name(link.source), self.project.name(link.target)
        made = self.apply(Add(link), f"Link {source} → {target} ({link.kind})")
        if made:
            self.select((link.id,))
        return made

    def remove(self, ids: Iterable[str]) -> bool:
        """Take items and links out, with all that hangs on them, as one step."""
        doomed = tuple(ids)
        return bool(doomed) and self.apply(removal(self.project, doomed))

    # What is seen --------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The view being looked at: one that is not yet in the project where it has none."""
        views = self.project.views
        if self._view_id in views:
            return views[self._view_id]
        if views:
            return next(iter(views.values()))
        if not self._view_id:
            self._view_id = new_id(self.project, Section.VIEWS)
        return View(id=self._view_id, name="Map")

    def show_view(self, id: str) -> None:
        """Look at another view of the map; one that is not there is left alone."""
        if id in self.project.views and id != self._view_id:
            self._view_id = id
            self._take_coloring()
            self.view_changed.emit()
            self.select(self.selection)

    def _follow_view(self, change: ChangeSet) -> None:
        """Look at the view that a change is about, so that it is seen; never at none."""
        views = self.project.views
        met = sorted(id for section, id in change.updated if section is Section.VIEWS)
        if views and self._view_id not in views:
            self.show_view(next(iter(views)))
        elif met and change.concerns == {Concern.LAYOUT} and self._view_id not in met:
            self.show_view(met[0])

    def select(self, ids: Iterable[str]) -> None:
        """Make these the selection: items, links, and the view's notes and frames.

        Ids of anything else are left out. Notes and frames are kept apart, in ``boxes``.
        """
        project, wanted = self.project, tuple(dict.fromkeys(ids))
        chosen = tuple(id for id in wanted if id in project.entities or id in project.links)
        drawn = {box.id for box in self.view.boxes}
        boxes = tuple(id for id in wanted if id in drawn and id not in chosen)
        if (chosen, boxes) != (self.selection, self.boxes):
            self.selection, self.boxes = chosen, boxes
            self.selection_changed.emit()

    def reveal(self, ids: Iterable[str]) -> None:
        """Select the items and have the canvas bring them into sight."""
        chosen = tuple(ids)
        self.select(chosen)
        self.reveal_requested.emit(chosen)

    def color(self, score: Score, jurisdiction: str) -> None:
        """Color the map by one jurisdiction's share of a score; the view remembers it."""
        if (score, jurisdiction) == (self.color_by, self.jurisdiction):
            return
        if score is not self.color_by:
            # A score of one's own choosing takes the place of a lens.
            self.sight.look_through(None)
        lent = self.sight.lens is not None
        if self.view.id not in self.project.views:
            self._set_coloring(score, jurisdiction)
            return
        score = self._remembered_coloring()[0] if lent else score
        if (score, jurisdiction) != self._remembered_coloring():
            remembered = f"{score}:{jurisdiction}"
            edit = SetField(Section.VIEWS, self.view.id, "color_by", remembered)
            self.apply(edit, f"Color by {score.replace('_', ' ')} of {jurisdiction}")

    # Scenarios -----------------------------------------------------------------------------

    def set_scenario(self, scenario: str | None) -> None:
        """Show and edit a scenario, or the base map for None."""
        known = scenario if scenario in self.base.scenarios else None
        if known != self._shown.scenario:
            self._tell(self._shown.switch(known))

    def add_scenario(
        self, name: str, changes: Iterable[ScenarioChange] = (), notes: str = ""
    ) -> str | None:
        """Make a scenario, as one step of the history, and show it; returns its id.

        None where it cannot be made, which is told.
        """
        made = new_scenario(self.base, name, changes, notes)
        if not self.apply(Add(made), f"Add scenario {made.name}"):
            return None
        self.set_scenario(made.id)
        return made.id

    def take_rules_from(self, folders: Iterable[Path]) -> None:
        """Take packs and lists from these folders, read anew, and score the map by them."""
        self.rules_folders = tuple(folders)
        self.session.take_rules_from(self.rules_folders, leave_out_faulty=True)
        self._set_fresh(False)
        self.score_now()
        self.shocks.play_again()

    # Shocks --------------------------------------------------------------------------------

    @property
    def shock(self) -> ShockView | None:
        """What is switched off and what comes of it; None where nothing is."""
        return self.shocks.view

    def switch_off(self, ids: Iterable[str]) -> None:
        """Switch further items off, wholly; what is off already stays as it is."""
        view, entities = self.shocks.view, self.project.entities
        off = view.outages if view is not None else ()
        known = {outage.entity for outage in off}
        further = tuple(Outage(id) for id in ids if id in entities and id not in known)
        if further:
            self.shocks.switch_off((*off, *further))

    def request(self) -> ScoringRequest:
        """The open session's map as it stands, to be worked on in the background."""
        return self.session.request()

    # Scores --------------------------------------------------------------------------------

    @property
    def is_fresh(self) -> bool:
        """Whether the assessment belongs to the map as it stands."""
        return self._is_fresh

    @Slot()
    def score_now(self) -> None:
        """Score the map in the background; an older run is canceled, and its result dropped."""
        self._cancel_scoring()
        try:
            request = self.session.request()
        except (PackError, ScenarioError, OSError) as fault:
            # Told, and the map stays editable.
            self._tell_scoring_failed(str(fault))
            return
        before = self.assessment

        def job(context: Context) -> Assessment:
            found = score(request, context, before)
            # The statuses are wanted at once, and worked out but once.
            badges(found)
            return found

        task = self.tasks.start("Scoring", job, visible=False)
        self._scoring = task
        task.finished.connect(self._on_scored)
        task.failed.connect(self._on_scoring_failed)

    @Slot(object)
    def _on_scored(self, result: object) -> None:
        if self.sender() is not self._scoring or not isinstance(result, Assessment):
            return
        self.scoring_ms = (time.monotonic() - self._scoring.started_at) * 1000
        self._scoring = None
        if result.revision < self._last_scored_change:
            return
        self.assessment = result
        self.scoring_fault = ""
        self._set_fresh(True)
        self.assessed.emit()

    @Slot(object)
    def _on_scoring_failed(self, fault: object) -> None:
        if self.sender() is self._scoring:
            self._scoring = None
            self._tell_scoring_failed(str(fault))

    def _tell_scoring_failed(self, fault: str) -> None:
        self.scoring_fault = fault
        self._set_fresh(False)
        self.scoring_failed.emit(fault)

    def _cancel_scoring(self) -> None:
        self._delay.stop()
        if self._scoring is not None:
            self._scoring.cancel()
            self._scoring = None

    def _on_change(self, change: ChangeSet) -> None:
        self._tell(self._shown.follow(change))

    def _tell(self, change: ChangeSet) -> None:
        """Tell everyone of a change of what is shown."""
        self.session.scenario, before = self._shown.scenario, self.session.scenario
        if change.concerns & SCORED:
            self._last_scored_change = change.revision
            self._set_fresh(False)
            self._delay.start()
            self.shocks.play_again()
        self._follow_view(change)
        if (Section.VIEWS, self._view_id) in change.updated:
            self._take_coloring()
        self.sight.keep_to(self.project)
        gone = {id for _, id in change.removed}
        if self.boxes or gone.intersection(self.selection):
            self.select(id for id in (*self.selection, *self.boxes) if id not in gone)
        self.changed.emit(change)
        if self.session.scenario != before:
            self.scenario_changed.emit()

    def _set_fresh(self, fresh: bool) -> None:
        if fresh != self._is_fresh:
            self._is_fresh = fresh
            self.freshness_changed.emit(fresh)

    @Slot()
    def _take_coloring(self) -> None:
        """Color as the view remembers; through a lens, by the lens's score."""
        score, jurisdiction = self._remembered_coloring()
        lens = self.sight.lens
        if self.view.id not in self.project.views:
            jurisdiction = self.jurisdiction
        self._set_coloring(LENSES[lens].score if lens else score, jurisdiction)

    def _set_coloring(self, score: Score, jurisdiction: str) -> None:
        if (score, jurisdiction) != (self.color_by, self.jurisdiction):
            self.color_by, self.jurisdiction = score, jurisdiction
            self.coloring_changed.emit()

    def _remembered_coloring(self) -> tuple[Score, str]:
        """A view remembers its coloring as ``score:jurisdiction``."""
        name, _, code = self.view.color_by.partition(":")
        return (Score(name) if name in set(Score) else Score.IP, code or "CN")
