"""Bounds of scores, item by item: how low and how high each share can be, and whether exactly.

``exact`` bounds are reached by some values of the uncertain quantities. They are not exact under
the basis `control` where votes are in doubt, in circles of holdings that some values close, and
in very large loops that were stopped at the last digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.extremes import (
    Extremes,
    documented_and_possible,
    extremes_of,
    given_bounds,
)
from depmap_gui.analysis.possible_control import PossibleControl, possible_control
from depmap_gui.analysis.projection import Flags, Floats, Integers
from depmap_gui.analysis.ranged_columns import RangedColumns, ranged_columns
from depmap_gui.analysis.ranged_rows import Rows, Slot, rows_of
from depmap_gui.analysis.ranged_system import System, system_of
from depmap_gui.analysis.ranges import Ranges
from depmap_gui.analysis.results import Range, Score
from depmap_gui.analysis.scores import LAYER_OF, covered_by
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer
from depmap_gui.analysis.uncertainty_results import ScoreBounds
from depmap_gui.domain.kinds import Basis

CONTROL_WHY = (
    "Votes are in doubt, and whose a company is was taken by itself for each holder: under the "
    "basis control the range may be too wide, never too narrow."
)
CIRCLE_WHY = (
    "Some values close a circle that leads nowhere, so its share may be unknown altogether: the "
    "range may be too wide, never too narrow."
)
SWEPT_WHY = (
    "A very large loop was not settled to the last digit: the range may be too wide by rounding, "
    "never too narrow."
)


@dataclass(frozen=True, eq=False)
class Bounded:
    """A solved map with the bounds of all rows that uncertain quantities can move."""

    solution: Solution
    rows: Rows
    system: System
    extremes: Extremes
    control: PossibleControl | None

    def table(self, slot: Slot, entity_rows: Integers) -> tuple[Floats, Floats]:
        """Low and high of entities' vectors in a layer (rows x jurisdictions each)."""
        table = self.solution.layers[_layer(slot)].table[entity_rows]
        low, high = documented_and_possible(table)
        low = low.copy()
        local = self.local(slot, entity_rows)
        moved = local >= 0
        low[moved], high[moved] = self.extremes.low[local[moved]], self.extremes.high[local[moved]]
        if self.control is not None and slot is Slot.ATTRIBUTION:
            at = {row: place for place, row in enumerate(self.control.rows.tolist())}
            for place, row in enumerate(entity_rows.tolist()):
                if row in at:
                    possible = self.control.possible[at[row]]
                    low[place], high[place] = _possible_bounds(possible[None, :])
        return low, high

    def local(self, slot: Slot, entity_rows: Integers) -> Integers:
        """The places of entities' rows among the moved ones; -1 of those that are not."""
        return self.system.local(int(slot) * (self.rows.size + 1) + entity_rows)

    def why_not_exact(self, slot: Slot, entity_rows: Integers) -> str:
        """Why bounds of these entities' rows in a slot are not exact; empty where they are."""
        controlled = np.zeros(0, dtype=np.int64) if self.control is None else self.control.rows
        if slot is Slot.ATTRIBUTION and np.isin(entity_rows, controlled).any():
            return CONTROL_WHY
        # What a row rests on is moved with it, so a fault below shows in the whole system.
        if not (self.local(slot, entity_rows) >= 0).any():
            return ""
        decided = int(Slot.ATTRIBUTION) * (self.rows.size + 1) + controlled
        if np.isin(self.system.given, decided).any():
            return CONTROL_WHY
        if len(self.extremes.closable):
            return CIRCLE_WHY
        return SWEPT_WHY if len(self.extremes.swept) else ""


def bound(
    solution: Solution,
    ranges: Ranges,
    scores: Iterable[Score],
    context: Context | None = None,
    wanted: Integers | None = None,
    rests: Mapping[int, int] | None = None,
) -> Bounded:
    """The bounds of these scores' rows; ``wanted`` limits them to what these rows (numbers as in
    :class:`Rows`) rest on. ``rests`` supposes for rows another row as what is left of them.
    Raises Canceled."""
    columns = ranged_columns(solution.projection, ranges)
    rows = rows_of(solution, columns, scores)
    return _bound(solution, rows, _control(solution, columns), context, wanted, rests)


def _bound(
    solution: Solution,
    rows: Rows,
    control: PossibleControl | None,
    context: Context | None,
    wanted: Integers | None,
    rests: Mapping[int, int] | None = None,
) -> Bounded:
    changing = np.zeros(0, dtype=np.int64)
    if rests:
        rows = rows.with_rests(rests)
        changing = np.array(sorted(rests), dtype=np.int64)
    controlled = changing[:0]
    if control is not None:
        controlled = int(Slot.ATTRIBUTION) * (rows.size + 1) + control.rows
    system = system_of(rows, np.union1d(changing, controlled), wanted)
    low, high = given_bounds(system, solution)
    if control is not None:
        low = low.copy()
        inside = np.isin(controlled, system.given)
        place = np.searchsorted(system.given, controlled)
        low[place[inside]], high[place[inside]] = _possible_bounds(control.possible[inside])
    return Bounded(solution, rows, system, extremes_of(system, low, high, context), control)


def _control(solution: Solution, columns: RangedColumns) -> PossibleControl | None:
    if solution.basis is not Basis.CONTROL:
        return None
    return possible_control(solution, columns.votes)


def _possible_bounds(possible: Flags) -> tuple[Floats, Floats]:
    """Bounds of companies that belong to one of several jurisdictions (rows x jurisdictions)."""
    alone = possible.sum(axis=1, keepdims=True) == 1
    low = (possible & alone).astype(np.float64)
    high = (possible | possible[:, -1:]).astype(np.float64)
    high[:, -1] = possible[:, -1]
    return low, high


def score_bounds(
    solution: Solution,
    ranges: Ranges,
    scores: Iterable[Score] = tuple(Score),
    context: Context | None = None,
) -> Mapping[Score, ScoreBounds]:
    """The bounds of every item that a quantity moves, for each of the scores. Raises Canceled."""
    return told_bounds(bounded_scores(solution, ranges, scores, context))


def bounded_scores(
    solution: Solution,
    ranges: Ranges,
    scores: Iterable[Score],
    context: Context | None = None,
) -> Mapping[Score, Bounded]:
    """Each score's system bounded by itself: what is in doubt about one casts none on another.

    Raises Canceled.
    """
    columns = ranged_columns(solution.projection, ranges)
    control = _control(solution, columns)
    found = {}
    for score in scores:
        covered = np.flatnonzero(covered_by(solution, score))
        wanted = int(LAYER_OF[score]) * (solution.projection.size + 1) + covered
        rows = rows_of(solution, columns, (score,))
        found[score] = _bound(solution, rows, control, context, wanted)
    return found


def told_bounds(bounded: Mapping[Score, Bounded]) -> Mapping[Score, ScoreBounds]:
    """The bounds by item id and jurisdiction, with whether they are exact."""
    found = {}
    for score, system in bounded.items():
        slot = Slot(int(LAYER_OF[score]))
        covered = np.flatnonzero(covered_by(system.solution, score))
        why = system.why_not_exact(slot, covered)
        found[score] = ScoreBounds(
            score=score, ranges=_ranges(system, score, slot), exact=not why, why=why
        )
    return found


def _ranges(bounded: Bounded, score: Score, slot: Slot) -> dict[str, dict[str, Range]]:
    solution = bounded.solution
    covered = np.flatnonzero(covered_by(solution, score))
    moved = bounded.local(slot, covered) >= 0
    if bounded.control is not None and slot is Slot.ATTRIBUTION:
        moved |= np.isin(covered, bounded.control.rows)
    rows = covered[moved]
    low, high = bounded.table(slot, rows)
    codes, ids = solution.projection.codes, solution.projection.ids
    return {
        ids[row]: {
            codes[column]: Range(float(low[place, column]), float(high[place, column]))
            for column in np.flatnonzero(high[place] > 0.0).tolist()
        }
        for place, row in enumerate(rows.tolist())
    }


def _layer(slot: Slot) -> Layer:
    return Layer(int(slot))
