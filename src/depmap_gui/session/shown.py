"""What of an open document is shown: the base map, or a scenario played on it.

What is edited there goes back to the document as one edit of the base project.
"""

from __future__ import annotations

import msgspec

from depmap_gui.domain.document import ChangeSet, Concern, Document, Preparation
from depmap_gui.domain.edits import Batch, Edit
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenario_acts import called
from depmap_gui.domain.scenario_edits import is_on_map, parts_of, recorded, touched_by
from depmap_gui.domain.scenario_preparation import ScenarioPreparation
from depmap_gui.domain.scenarios import Playing, play_what_fits
from depmap_gui.domain.shown_changes import as_shown

_MAP_CONCERNS = frozenset({Concern.STRUCTURE, Concern.VALUES, Concern.SCENARIOS})


class ShownMap:
    """A document as it is shown. ``scenario`` is the one looked at, None for the base map."""

    def __init__(self, document: Document, scenario: str | None = None) -> None:
        self._document = document
        self.scenario = scenario
        self._base = document.snapshot()
        self._played = scenario
        self._playing = play_what_fits(self._base, scenario)
        self._told, self._told_base = self._playing, scenario is None
        self._trial: Document | None = None
        self._trial_of: Project | None = None
        self._trying: Edit | None = None

    @property
    def base(self) -> Project:
        """The base map, frozen."""
        return self._document.snapshot()

    @property
    def project(self) -> Project:
        """The map that is shown, frozen; the same object until it becomes another."""
        return self.playing.project

    @property
    def playing(self) -> Playing:
        """The scenario as it is played on the base now."""
        base = self._document.snapshot()
        if base is not self._base or self.scenario != self._played:
            self._play(base)
        return self._playing

    @property
    def name(self) -> str:
        """What the scenario is called; empty for the base map."""
        record = self.base.scenarios.get(self.scenario or "")
        return called(record) if record is not None else ""

    def switch(self, scenario: str | None) -> ChangeSet:
        """Show a scenario, or the base map for None; returns what is shown otherwise now."""
        self.scenario = scenario
        self._play(self.base)
        change = ChangeSet(self._document.revision, concerns=frozenset({Concern.SCENARIOS}))
        return self._told_of(change)

    def follow(self, change: ChangeSet) -> ChangeSet:
        """The document was changed: returns how that changes what is shown.

        A scenario that is gone is shown no longer, but the base map.
        """
        base = self._document.snapshot()
        if self.scenario is not None and self.scenario not in base.scenarios:
            self.scenario = None
        stays = self.scenario is not None and self.scenario == self._played
        if stays and not change.concerns & _MAP_CONCERNS:
            # Only views and settings have changed: the map is as it was.
            shown = self._playing.project
            project = msgspec.structs.replace(base, entities=shown.entities, links=shown.links)
            self._base = base
            self._playing = msgspec.structs.replace(self._playing, project=project)
        elif base is not self._base or self.scenario != self._played:
            self._play(base)
        if self._trying is not None and change.edit is self._trying:
            self._trial_of = self._playing.project
        elif not _has_same_map(self._playing.project, self._trial_of):
            self._trial = None
        self._trying = None
        return self._told_of(change)

    def stand_at(self, scenario: str | None) -> None:
        """Show that scenario from the next change on: it is about to undo or redo one there."""
        self.scenario = scenario

    def recorded(self, edit: Edit) -> Edit:
        """The edit of the document that an edit of the shown map is.

        Raises EditError where the shown map cannot be edited so.
        """
        if self.scenario is None or not touched_by(edit):
            return edit
        playing = self.playing
        trial = self._trial
        if trial is None or not _has_same_map(playing.project, self._trial_of):
            trial = Document(playing.project)
        # Until the edit is made for good the trial is of no map that is shown.
        self._trial = self._trial_of = None
        on_map = tuple(part for part in parts_of(edit) if is_on_map(part))
        trial.apply(Batch("", on_map))
        made = recorded(self.base, self.scenario, playing, edit, trial.snapshot())
        self._trial, self._trying = trial, made
        return made

    def preparation(self) -> Preparation:
        """Where a large edit of the shown map is made beside it, on any thread."""
        if self.scenario is None:
            return Preparation(self._document)
        return ScenarioPreparation(self._document, self.scenario, self.playing)

    def worded(self, label: str) -> str:
        """The sentence of the history for an edit that is recorded in the scenario."""
        return f"{label} (in {self.name})" if self.name else label

    def _play(self, base: Project) -> None:
        before = self._playing if self.scenario == self._played else None
        self._base, self._played = base, self.scenario
        self._playing = play_what_fits(base, self.scenario, before)

    def _told_of(self, change: ChangeSet) -> ChangeSet:
        before, was_base, self._told = self._told, self._told_base, self._playing
        self._told_base = self.scenario is None
        if was_base and self._told_base:
            return change
        candidates = before.otherwise | self._told.otherwise
        return as_shown(change, before.project, self._told.project, candidates)


def _has_same_map(one: Project, other: Project | None) -> bool:
    return other is not None and one.entities is other.entities and one.links is other.links
