"""The way back to eligible, as values: moves, ways made of them, and how sure the answer is.

Money is a year's, in the project's currency; None is unknown, never zero. Shares are in 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from depmap_gui.analysis.uncertainty_results import ProductKey
from depmap_gui.domain.records import ScenarioChange
from depmap_gui.rules.results import Eligibility, TestResult, Verdict

STEPS = 1000
"""Shares are moved in steps of a tenth of a percent."""


class RepairError(Exception):
    """A question that the map does not answer; says why and what to do."""


class MoveKind(StrEnum):
    """What can be changed so that a credit's tests pass."""

    SWAP = "swap"
    RESOURCE = "re-source"
    AMEND = "amend"
    BUY_OUT = "buy-out"
    RELICENSE = "re-license"
    DIVEST = "divest"
    REFINANCE = "refinance"
    END_RIGHT = "end-right"


KIND_WORDS: dict[MoveKind, str] = {
    MoveKind.SWAP: "Swap to a candidate supply",
    MoveKind.RESOURCE: "Re-source an item from other makers",
    MoveKind.AMEND: "Amend terms of an agreement",
    MoveKind.BUY_OUT: "Buy the technology outright",
    MoveKind.RELICENSE: "Make the agreement with others",
    MoveKind.DIVEST: "Bring a holding down",
    MoveKind.REFINANCE: "Bring debt down",
    MoveKind.END_RIGHT: "End a right to appoint officers",
}

DEFAULT_WEIGHTS: Mapping[MoveKind, float] = {
    MoveKind.SWAP: 1.0,
    MoveKind.RESOURCE: 2.0,
    MoveKind.AMEND: 1.0,
    MoveKind.BUY_OUT: 3.0,
    MoveKind.RELICENSE: 3.0,
    MoveKind.DIVEST: 2.0,
    MoveKind.REFINANCE: 1.0,
    MoveKind.END_RIGHT: 1.0,
}
"""How much a move counts that has no price: a rank of effort, no money."""


class RepairRules(Struct, frozen=True, kw_only=True):
    """How ways are ranked and searched, as the analyst wants it.

    ``prices`` are yearly costs by a move's id (of a move in part: of the whole), ``weights`` those
    of kinds of moves without a price, ``forbidden`` ids of moves and values of kinds. ``seconds``
    bounds the search.
    """

    alternatives: int = 3
    prices: Mapping[str, float] = {}
    weights: Mapping[str, float] = {}
    forbidden: frozenset[str] = frozenset()
    seconds: float = 60.0

    def weight(self, kind: MoveKind) -> float:
        """What an unpriced move of the kind counts."""
        return self.weights.get(kind.value, DEFAULT_WEIGHTS[kind])

    def allows(self, move: Move) -> bool:
        """Whether the analyst lets the move be made."""
        return move.id not in self.forbidden and move.kind.value not in self.forbidden


class Move(Struct, frozen=True, kw_only=True):
    """One thing that can be changed. ``record`` is the link or license that it changes, ``other``
    the candidate link that takes its place. Moves of one ``group`` exclude each other.

    ``extra`` is what it costs more a year when done in full, as the analyst states it, else as it
    is ``on_map``; a saving is negative. A move with
    ``steps`` may be made in part: from 1 to ``steps`` tenths of a percent (0: it is made or not).
    ``before`` is the share that a holding or loan has now, ``sets`` the fields of the record that
    get a new value, ``flags`` and ``cures`` what a pack says of the points that an amendment cures.
    """

    id: str
    kind: MoveKind
    record: str
    group: str
    title: str
    other: str | None = None
    extra: float | None = None
    on_map: float | None = None
    steps: int = 0
    before: float | None = None
    sets: Mapping[str, Any] = {}
    flags: tuple[str, ...] = ()
    cures: tuple[str, ...] = ()
    where: tuple[str, ...] = ()


class MadeMove(Struct, frozen=True, kw_only=True):
    """A move as one way makes it: in words, and what it costs a year (None: nobody says)."""

    move: Move
    steps: int
    sentence: str
    cost: float | None
    priced: bool

    @property
    def share(self) -> float | None:
        """What part is moved, or what share is left of a holding; None for a move made whole."""
        if not self.move.steps:
            return None
        if self.move.before is None:
            return self.steps / STEPS
        return (self.move.steps - self.steps) / STEPS


class TestChange(Struct, frozen=True, kw_only=True):
    """One test of one product today and after the moves."""

    __test__ = False

    plant: str
    product: str
    pack: str
    test: str
    title: str
    before: TestResult
    after: TestResult


class Way(Struct, frozen=True, kw_only=True):
    """A set of moves after which nothing fails or straddles, judged by the law itself.

    ``cost`` adds up what is known of the moves' costs, savings included; ``unpriced`` of them have
    no price, and count ``weight``. ``gap`` is None where the way is proven to be the cheapest of
    those left; else how far off it may be, as a share of what it counts.
    """

    moves: tuple[MadeMove, ...]
    cost: float
    unpriced: int
    weight: float
    changes: tuple[ScenarioChange, ...]
    tests: tuple[TestChange, ...]
    status: Mapping[ProductKey, Eligibility]
    open: Mapping[ProductKey, tuple[str, ...]]
    gap: float | None = None


class Ending(StrEnum):
    """How the search came to its end."""

    ELIGIBLE = "already eligible"
    FOUND = "found"
    ALL_FOUND = "all found"
    NONE_EXISTS = "none exists"
    OUT_OF_TIME = "out of time"


class Blocker(Struct, frozen=True, kw_only=True):
    """A test that stands in the way today, and which facts would settle one that straddles."""

    plant: str
    product: str
    pack: str
    test: str
    title: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()


class RepairResult(Struct, frozen=True, kw_only=True):
    """The cheapest ways back to eligible, and how the search ended.

    ``ALL_FOUND`` and ``NONE_EXISTS`` are proven: every other set of the moves that are not
    ``forbidden`` fails.
    """

    plant: str
    product: str | None
    year: int
    packs: tuple[str, ...]
    currency: str
    ending: Ending
    ways: tuple[Way, ...]
    moves: tuple[Move, ...]
    forbidden: tuple[str, ...]
    blockers: tuple[Blocker, ...]
    before: tuple[TestResult, ...]
    status: Mapping[ProductKey, Eligibility]
    seconds: float
    judged: int
    because: tuple[str, ...] = ()
    objective: str = ""
    assumptions: tuple[str, ...] = ()
    caution: str = "An aid to analysis, not legal advice."

    @property
    def allowed(self) -> tuple[Move, ...]:
        """The moves that the ways may be made of."""
        return tuple(move for move in self.moves if move.id not in self.forbidden)
