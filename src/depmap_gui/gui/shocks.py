"""The shock that is on: what is switched off on the open map, and what comes of it.

It is played in the background on a snapshot, and anew when the map changes. It is a way of looking
at the map, like a selection: it changes no fact and is not kept in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.shock_results import EVERY_CHANNEL, Channel, Outage, ShockResult
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui import numbers
from depmap_gui.gui.tasks import Task, Tasks
from depmap_gui.rules.faults import PackError
from depmap_gui.session.session import ScoringRequest
from depmap_gui.session.shocks import ReadyForShocks, play_shock, ready_for_shocks

CANCELED = "This was canceled; the figures may not belong to what is switched off."
CHANNEL_WORDS = {
    Channel.MADE_IN: "made in",
    Channel.MADE_BY: "made by",
    Channel.LICENSES: "licenses",
}
_DELAY_MS = 60


class ShockView(msgspec.Struct, frozen=True):
    """What is switched off, and what is known of what comes of it.

    While ``is_playing``, or where ``fault`` says why it could not be played, ``result`` is what
    was found before, or None. Outages of what is not on the map are no part of a result.
    """

    outages: tuple[Outage, ...]
    result: ShockResult | None = None
    is_playing: bool = True
    fault: str = ""

    @property
    def is_fresh(self) -> bool:
        """Whether the result belongs to these outages and to the map as it stands."""
        return self.result is not None and not self.is_playing and not self.fault


class _Played(msgspec.Struct, frozen=True):
    """What the job brings back."""

    result: ShockResult
    ready: ReadyForShocks


def _play(
    request: ScoringRequest,
    outages: tuple[Outage, ...],
    known: ReadyForShocks | None,
    assessment: Assessment | None,
    context: Context,
) -> _Played:
    fits = known is not None and known.fits(request)
    ready = known if known and fits else ready_for_shocks(request, assessment, context)
    return _Played(play_shock(ready, outages, context), ready)


class ShockPlayer(QObject):
    """Keeps the one shock of a window, and plays it; a later playing takes an earlier's place."""

    changed = Signal()
    progressed = Signal(float)

    def __init__(
        self,
        tasks: Tasks,
        request: Callable[[], ScoringRequest],
        assessment: Callable[[], Assessment | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.view: ShockView | None = None
        self.last: tuple[Outage, ...] = ()
        self._tasks = tasks
        self._request = request
        self._assessment = assessment
        self._task: Task | None = None
        self._ready: ReadyForShocks | None = None
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._start)

    def switch_off(self, outages: Iterable[Outage]) -> None:
        """Play these outages, one for each item; with none the shock ends."""
        chosen = tuple({outage.entity: outage for outage in outages}.values())
        if not chosen:
            self.end()
            return
        before = self.view
        self._set(ShockView(chosen, before.result if before is not None else None))
        self._start()

    def end(self) -> None:
        """Switch everything on again; :attr:`last` remembers what was off."""
        self.stop()
        if self.view is not None:
            self.last = self.view.outages
            self._set(None)

    def cancel(self) -> None:
        """Stop playing; what is switched off stays so."""
        if self.view is not None and self.view.is_playing:
            self.stop()
            self._fail(CANCELED)

    def play_again(self) -> None:
        """The map is another: what is shown is stale until it has been played again."""
        if self.view is None:
            return
        self.stop()
        if not self.view.is_playing or self.view.fault:
            self._set(ShockView(self.view.outages, self.view.result))
        self._delay.start()

    def forget(self) -> None:
        """Another project is open: nothing is switched off, nothing is remembered."""
        self.end()
        self._ready, self.last = None, ()

    def stop(self) -> None:
        """Stop what is under way without a word."""
        self._delay.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot()
    def _start(self) -> None:
        self.stop()
        if self.view is None:
            return
        try:
            request = self._request()
        except (PackError, ScenarioError, OSError) as fault:
            self._fail(str(fault))
            return
        there = request.project.entities
        outages = tuple(outage for outage in self.view.outages if outage.entity in there)
        known, assessment = self._ready, self._assessment()
        self._task = self._tasks.start(
            "Shock",
            lambda context: _play(request, outages, known, assessment, context),
            visible=False,
        )
        self._task.progressed.connect(self._on_progress)
        self._task.finished.connect(self._on_played)
        self._task.failed.connect(self._on_failed)

    @Slot(float, str)
    def _on_progress(self, fraction: float, _what: str) -> None:
        if self.sender() is self._task:
            self.progressed.emit(fraction)

    @Slot(object)
    def _on_played(self, outcome: object) -> None:
        if self.sender() is not self._task or not isinstance(outcome, _Played):
            return
        self._task = None
        self._ready = outcome.ready
        if self.view is not None:
            self._set(ShockView(self.view.outages, outcome.result, is_playing=False))

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self._fail(str(fault))

    def _fail(self, fault: str) -> None:
        if self.view is not None:
            self._set(ShockView(self.view.outages, self.view.result, is_playing=False, fault=fault))

    def _set(self, view: ShockView | None) -> None:
        self.view = view
        self.changed.emit()


def outage_words(project: Project, outage: Outage) -> str:
    """An outage in words: 'China (made in) 100%'."""
    name, part = project.name(outage.entity), numbers.percent(outage.fraction)
    place = isinstance(project.entities.get(outage.entity), Jurisdiction)
    if not place or outage.channels == EVERY_CHANNEL:
        return f"{name} {part}"
    ways = ", ".join(CHANNEL_WORDS[each] for each in Channel if each in outage.channels)
    return f"{name} ({ways or 'nothing chosen'}) {part}"


def shock_words(project: Project, outages: tuple[Outage, ...], most: int = 2) -> str:
    """What is switched off in one line; more than ``most`` outages are counted."""
    named = [outage_words(project, outage) for outage in outages[:most]]
    more = len(outages) - most
    return " · ".join(named) + (f" and {more} more" if more > 0 else "")
