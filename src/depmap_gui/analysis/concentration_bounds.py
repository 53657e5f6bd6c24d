"""Outer bounds of the Herfindahl-Hirschman indexes where quantities are uncertain.

The shares that go into an index are bounded one by one, and the least and greatest index of all
shares within those bounds that sum to 1 is taken. Shares that hang together cannot always be
extreme at once, so the bounds may be too wide, never too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from depmap_gui.analysis.bounds import Bounded, bound
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.indexes import MONOPOLY
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.ranged_columns import ranged_columns
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.ranges import Ranges
from depmap_gui.analysis.results import Range, Score
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import count_by, total_by
from depmap_gui.analysis.uncertainty_results import ConcentrationBounds
from depmap_gui.domain.kinds import EntityKind

WHY = (
    "Each share was bounded by itself; not all can be extreme at once. The range may be too wide, "
    "never too narrow."
)
_SCORES = (Score.IP, Score.MADE_IN, Score.MADE_BY)


def concentration_bounds(
    solution: Solution,
    ranges: Ranges,
    context: Context | None = None,
    known: Mapping[Score, Bounded] | None = None,
) -> Mapping[str, ConcentrationBounds]:
    """The bounds of every plant of which a quantity moves any index; ``known`` are scores that
    are bounded already. Raises Canceled."""
    projection = solution.projection
    if len(ranges) == 0:
        return {}
    plants = np.flatnonzero(projection.of_kind(EntityKind.PLANT))
    columns = []
    moved = np.zeros(len(plants), dtype=bool)
    for score in _SCORES:
        bounded = known.get(score) if known is not None else None
        if bounded is None:
            bounded = bound(solution, ranges, (score,), context)
        slot = Slot(int(LAYER_OF[score]))
        moved |= bounded.local(slot, plants) >= 0
        columns.append(_over_jurisdictions(bounded, slot, plants))
    suppliers, priced = _over_suppliers(solution, ranges, plants)
    moved |= priced
    columns.append(suppliers)
    return {
        projection.ids[row]: ConcentrationBounds(
            ip=Range(*columns[0][place].tolist()),
            inputs_made_in=Range(*columns[1][place].tolist()),
            inputs_made_by=Range(*columns[2][place].tolist()),
            suppliers=Range(*columns[3][place].tolist()),
            why=WHY,
        )
        for place, row in enumerate(plants.tolist())
        if moved[place]
    }


def _over_jurisdictions(bounded: Bounded, slot: Slot, plants: Integers) -> Floats:
    """Low and high index of each plant (plants x 2)."""
    low, high = (table.copy() for table in bounded.table(slot, plants))
    if slot is not Slot.IP:
        bare = ~bounded.solution.weights.supplied[plants]
        low[bare], high[bare] = 0.0, 0.0
        low[bare, -1] = high[bare, -1] = 1.0
    # What is possible of one jurisdiction counts what is unknown; documented it may be no more.
    return index_bounds(low[:, :-1], high[:, :-1], low[:, -1], high[:, -1])


def index_bounds(low: Floats, high: Floats, least_unknown: Floats, most_unknown: Floats) -> Floats:
    """Bounds of indexes (rows x 2) of shares within ``low``..``high`` (rows x parties) that leave
    an unknown share within its own bounds; it counts as many small parties in the low figure and
    as a single one in the high."""
    least = _least_squares(low, high, 1.0 - most_unknown)
    most = _most_squares(
        np.column_stack([low, least_unknown]), np.column_stack([high, most_unknown])
    )
    return np.clip(MONOPOLY * np.column_stack([least, most]), 0.0, MONOPOLY)


def _least_squares(low: Floats, high: Floats, total: Floats) -> Floats:
    """The least sum of squares of shares that sum to ``total`` at least: all at one level, as far
    as their bounds let them."""
    floor, ceiling = np.zeros(len(low)), np.ones(len(low))
    for _ in range(60):
        level = (floor + ceiling) / 2
        short = np.clip(level[:, None], low, high).sum(axis=1) < total
        floor, ceiling = np.where(short, level, floor), np.where(short, ceiling, level)
    # The lower side of the level, so that rounding never makes the bound too high.
    least: Floats = np.square(np.clip(floor[:, None], low, high)).sum(axis=1)
    return least


def _most_squares(low: Floats, high: Floats) -> Floats:
    """No less than the greatest sum of squares of shares that sum to 1.

    Between its bounds a square lies below the line from low^2 to high^2, which rises by low + high;
    what is left after all lower bounds goes where that rises most.
    """
    slope = low + high
    order = np.argsort(-slope, axis=1, kind="stable")
    low, high, slope = (np.take_along_axis(each, order, axis=1) for each in (low, high, slope))
    room = high - low
    before = np.cumsum(room, axis=1) - room
    left = np.maximum(0.0, 1.0 - low.sum(axis=1))[:, None]
    taken = np.clip(left - before, 0.0, room)
    most: Floats = (np.square(low) + slope * taken).sum(axis=1)
    return np.minimum(most, 1.0)


def _over_suppliers(
    solution: Solution, ranges: Ranges, plants: Integers
) -> tuple[Floats, np.typing.NDArray[np.bool_]]:
    """Low and high index over direct suppliers (plants x 2), and where a cost is a range."""
    projection = solution.projection
    supplies, size = projection.supplies, projection.size
    cost = ranged_columns(projection, ranges).cost
    target, known = supplies.target, cost.known
    count, told = count_by(target, size), count_by(target[known], size)
    ranged = total_by(target, (cost.quantity >= 0).astype(np.float64), size) > 0
    indexes = np.zeros((len(plants), 2))
    for place, plant in enumerate(plants.tolist()):
        if not ranged[plant]:
            continue
        into = target == plant
        links, silent = np.flatnonzero(into & known), np.flatnonzero(into & ~known)
        documented = told[plant] / count[plant]
        parties, low, high = _supplier_shares(
            supplies.source[links], cost.low[links], cost.high[links]
        )
        low, high = documented * low, documented * high
        unknown = np.array([1.0 - documented])
        indexes[place] = index_bounds(low[None, :], high[None, :], unknown, unknown)[0]
        if len(silent):
            # Whose these are is known: at the mean cost they count with their suppliers.
            beside = np.bincount(supplies.source[silent], minlength=size) / count[plant]
            most = beside.copy()
            beside[parties] += low
            most[parties] += high
            filled = MONOPOLY * _most_squares(beside[None, :], most[None, :])[0]
            indexes[place, 1] = max(indexes[place, 1], filled)
    plain = ~ranged[plants]
    indexes[plain] = solution.indexes[plain, 3]
    return indexes, ranged[plants]


def _supplier_shares(
    source: Integers, low: Floats, high: Floats
) -> tuple[Integers, Floats, Floats]:
    """The suppliers, and bounds of each one's share of what is paid."""
    parties, at = np.unique(source, return_inverse=True)
    # Relative to the greatest, so that no sum can overflow.
    greatest = float(high.max(initial=0.0)) or 1.0
    low, high = low / greatest, high / greatest
    least = np.bincount(at, weights=low, minlength=len(parties))
    most = np.bincount(at, weights=high, minlength=len(parties))
    if least.sum() <= 0.0:
        # Nothing paid at all is possible: then the links count alike.
        return parties, np.zeros(len(parties)), np.ones(len(parties))
    others_most, others_least = most.sum() - most, least.sum() - least
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest = np.where(least > 0.0, least / (least + others_most), 0.0)
        highest = np.where(most > 0.0, most / (most + others_least), 0.0)
    return parties, lowest, highest
