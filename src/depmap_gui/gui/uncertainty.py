"""How sure a figure is, found out in the background: the figure's bounds, samples, missing facts.

Each :class:`Inquiry` asks one thing at a time on a frozen snapshot. What comes late is dropped;
what was found stays in sight, marked as stale, when the map changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.item_bounds import ItemBounds
from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.uncertainty_results import (
    Interval,
    MissingFacts,
    Question,
    Risks,
    ScoreQuestion,
    ScoreSamples,
    Tornado,
)
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui.tasks import Task, Tasks
from depmap_gui.rules.faults import PackError
from depmap_gui.session.item_bounds import find_item_bounds
from depmap_gui.session.session import ScoringRequest
from depmap_gui.session.uncertainty import (
    find_interval,
    find_missing_facts,
    find_tornado,
    sample_risks,
    sample_score,
)

CANCELED = "This was canceled."
Sampled = ScoreSamples | Risks


class Part:
    """A stretch of a longer job: its progress is told to the whole job's context."""

    def __init__(self, whole: Context, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def progress(self, fraction: float, what: str) -> None:
        """Context: tell how far the whole is. Raises Canceled."""
        self._whole.progress(self._start + fraction * (self._end - self._start), what)


class Figure(msgspec.Struct, frozen=True):
    """What bounds a figure and which quantity moves it most; a test has no interval."""

    tornado: Tornado
    interval: Interval | None = None


def find_figure(
    request: ScoringRequest, question: Question, assessment: Assessment, context: Context
) -> Figure:
    """A figure's bounds and its tornado. Raises UncertaintyError, and Canceled."""
    interval = None
    if isinstance(question, ScoreQuestion):
        interval = find_interval(request, question, Part(context, 0.0, 0.4), assessment)
        context = Part(context, 0.4, 1.0)
    return Figure(find_tornado(request, question, context, assessment), interval)


def find_facts(
    request: ScoringRequest, question: Question, _assessment: Assessment, context: Context
) -> MissingFacts:
    """The missing facts that bear on a figure. Raises UncertaintyError, and Canceled."""
    return find_missing_facts(request, question, context)


class Sampling(msgspec.Struct, frozen=True):
    """What is sampled: one item's share of a jurisdiction, or where that is None the law, for
    all credits of the map at once."""

    samples: int
    seed: int
    share: ScoreQuestion | None = None


def find_samples(
    request: ScoringRequest, asked: Sampling, assessment: Assessment, context: Context
) -> Sampled:
    """The samples that were asked for. Raises UncertaintyError, and Canceled."""
    share = asked.share
    if share is None:
        return sample_risks(request, asked.samples, asked.seed, context)
    return sample_score(
        request,
        share.score,
        share.jurisdiction,
        asked.samples,
        asked.seed,
        (share.entity,),
        context,
        assessment,
    )


class Bounds(msgspec.Struct, frozen=True):
    """What is bounded: these items' shares of a jurisdiction in these scores."""

    jurisdiction: str
    items: tuple[str, ...]
    scores: tuple[Score, ...]


def find_bounds(
    request: ScoringRequest, asked: Bounds, assessment: Assessment, context: Context
) -> ItemBounds:
    """The shares that quantities move, with how far. Raises Canceled."""
    return find_item_bounds(
        request, assessment, asked.jurisdiction, asked.items, asked.scores, context
    )


Job = Callable[[ScoringRequest, Any, Assessment, Context], object]


class Inquiry(QObject):
    """One thing that is found out in the background, and what is known of it.

    ``value`` is what was found for ``key``, or None; while ``is_stale`` the map has become another
    since. ``fault`` says why nothing was found.
    """

    changed = Signal()
    progressed = Signal(float)

    def __init__(
        self,
        title: str,
        job: Job,
        tasks: Tasks,
        request: Callable[[], ScoringRequest],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._title, self._job = title, job
        self._tasks, self._request = tasks, request
        self._task: Task | None = None
        self.key: Hashable = None
        self.value: object = None
        self.is_stale = False
        self.fault = ""

    @property
    def is_looking(self) -> bool:
        """Whether it is being found out now."""
        return self._task is not None

    @property
    def is_fresh(self) -> bool:
        """Whether the value belongs to the map as it stands."""
        return self.value is not None and not self.is_stale and not self.is_looking

    def ask(self, key: Hashable, assessment: Assessment) -> None:
        """Find it out for ``key`` by an assessment of the map as it stands.

        A value found for the same key stays in sight until then; one of another key goes.
        """
        self.stop()
        if key != self.key:
            self.key, self.value = key, None
        self.fault = ""
        try:
            request = self._request()
        except (PackError, ScenarioError, OSError) as fault:
            self._fail(str(fault))
            return
        job = self._job
        self._task = self._tasks.start(
            self._title, lambda context: job(request, key, assessment, context), visible=False
        )
        self._task.progressed.connect(self._on_progress)
        self._task.finished.connect(self._on_found)
        self._task.failed.connect(self._on_failed)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop looking, and say so."""
        if self._task is not None:
            self.stop()
            self._fail(CANCELED)

    def age(self) -> None:
        """The map has become another: what is known is stale, what is under way is dropped."""
        was_looking = self.is_looking
        self.stop()
        if was_looking or (self.value is not None and not self.is_stale) or self.fault:
            self.is_stale = self.value is not None
            self.fault = ""
            self.changed.emit()

    def forget(self) -> None:
        """Nothing is asked any more."""
        self.stop()
        if self.key is not None:
            self.key, self.value, self.is_stale, self.fault = None, None, False, ""
            self.changed.emit()

    def stop(self) -> None:
        """Stop looking without a word."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot(float, str)
    def _on_progress(self, fraction: float, _what: str) -> None:
        if self.sender() is self._task:
            self.progressed.emit(fraction)

    @Slot(object)
    def _on_found(self, value: object) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        self.value, self.is_stale = value, False
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self._fail(str(fault))

    def _fail(self, fault: str) -> None:
        self.fault = fault
        self.changed.emit()
