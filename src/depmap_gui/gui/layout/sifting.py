"""Moving each item of a tier to where the fewest links cross, with the tiers beside it at rest.

It finds far better orders than sweeps do, and costs the square of a tier's size: for maps up to
some thousand items (Matuszewski, Schönfeld and Molitor 1999).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.context import Context
from depmap_gui.gui.layout.network import Ints
from depmap_gui.gui.layout.ordering import Pieces, Tiers, crossings, first_order

Costs = npt.NDArray[np.float32]

_LEAST_GAIN = 1e-6
_MOST_SIFTED_ROWS = 9_000
_MOST_SIFTED_IN_A_TIER = 1_500
_MOST_STARTS = 8
_SWEEPS = 8
_COUNTED_SWEEPS = 2
_PASSES = 12


def best_order(pieces: Pieces, context: Context) -> Ints:
    """The place (n) of each row within its tier, so that few links cross: the best of some tries.

    Small maps are tried from several beginnings and sifted; very large ones are only swept.
    """
    if not len(pieces.ends):
        return Tiers(pieces, np.arange(pieces.size, dtype=np.float64)).place
    largest = int(np.bincount(pieces.tier).max())
    is_small = pieces.size <= _MOST_SIFTED_ROWS and largest <= _MOST_SIFTED_IN_A_TIER
    starts = max(1, min(_MOST_STARTS, 6_000 // pieces.size)) if is_small else 1
    best, fewest = np.zeros(0, dtype=np.intp), -1
    for start in range(starts):
        context.progress(0.1 + 0.6 * start / starts, "untangling links")
        place = _swept(pieces, start, context)
        if is_small:
            sifter = Sifter(pieces, place)
            sifter.settle(_PASSES, context)
            place = sifter.place
        crossed = crossings(pieces, place)
        if fewest < 0 or crossed < fewest:
            best, fewest = place, crossed
        if fewest == 0:
            break
    return best


def _swept(pieces: Pieces, start: int, context: Context) -> Ints:
    """The best order that sweeps to and fro find from one beginning."""
    tiers = Tiers(pieces, first_order(pieces, start))
    best, fewest = tiers.place.copy(), -1
    for number in range(_SWEEPS):
        context.progress(0.1 + 0.4 * number / _SWEEPS, "untangling links")
        tiers.sweep(down=number % 2 == 0)
        if number < _SWEEPS - _COUNTED_SWEEPS:
            continue
        crossed = crossings(pieces, tiers.place)
        if fewest < 0 or crossed < fewest:
            best, fewest = tiers.place.copy(), crossed
    return best


class Sifter:
    """Improves an order of the pieces' rows tier by tier."""

    def __init__(self, pieces: Pieces, place: Ints) -> None:
        self.place = place.copy()
        depth = int(pieces.tier.max(initial=-1)) + 1
        self._members = [np.flatnonzero(pieces.tier == tier) for tier in range(depth)]
        self._local = np.empty(pieces.size, dtype=np.intp)
        for members in self._members:
            self._local[members] = np.arange(len(members))
        first = pieces.tier[pieces.ends[:, 0]]
        self._ends = [pieces.ends[first == tier] for tier in range(depth)]

    def settle(self, passes: int, context: Context) -> None:
        """Pass over the tiers to and fro, until nothing moves any more."""
        depth = len(self._members)
        unsettled = np.ones(depth, dtype=np.bool_)
        for number in range(passes):
            order = range(depth) if number % 2 == 0 else range(depth - 1, -1, -1)
            for tier in order:
                if not unsettled[tier]:
                    continue
                context.progress(0.45, "untangling")
                unsettled[tier] = False
                if self._sift(tier):
                    unsettled[max(0, tier - 1) : tier + 2] = True
                    unsettled[tier] = False
            if not unsettled.any():
                break

    def _sift(self, tier: int) -> bool:
        """Move what gains by it; whether anything did."""
        members = self._members[tier]
        size = len(members)
        order = np.empty(size, dtype=np.intp)
        order[self.place[members]] = np.arange(size)
        cost = self._costs(tier)
        cost -= cost.T.copy()
        moved = False
        for item in self._promising(cost, order).tolist():
            moved |= _moved_best(cost[item], order, item)
        if moved:
            ranks = np.empty(size, dtype=np.intp)
            ranks[order] = np.arange(size)
            self.place[members] = ranks
        return moved

    def _promising(self, cost: Costs, order: Ints) -> Ints:
        """The items that would gain by a move now, those with most at stake first."""
        ahead = np.cumsum(cost[:, order], axis=1)
        own = np.empty(len(order), dtype=np.intp)
        own[order] = np.arange(len(order))
        here = ahead[np.arange(len(order)), own]
        best = np.maximum(ahead.max(axis=1, initial=0.0), 0.0)
        gaining = np.flatnonzero(best > here + _LEAST_GAIN)
        stake = np.abs(cost[gaining]).sum(axis=1)
        return gaining[np.argsort(-stake, kind="stable")]

    def _costs(self, tier: int) -> Costs:
        """How often the links of each item (row) cross those of each other that stands after it."""
        from scipy.sparse import csr_matrix

        size = len(self._members[tier])
        found = np.zeros((size, size), dtype=np.float32)
        for beside, own, other in ((tier - 1, 1, 0), (tier, 0, 1)):
            if beside < 0 or not len(self._ends[beside]):
                continue
            ends = self._ends[beside]
            width = len(self._members[tier - 1 if own == 1 else tier + 1])
            at, item = self.place[ends[:, other]], self._local[ends[:, own]]
            met = np.bincount(at * size + item, minlength=size * width).reshape(width, size)
            links = met.astype(np.float32)
            # (width, size): how many links of each item end before each place of the tier beside.
            before = np.cumsum(links, axis=0) - links
            weight = np.ones(len(ends), dtype=np.float32)
            found += csr_matrix((weight, (item, at)), shape=(size, width)) @ before
        return found


def _moved_best(cost: Costs, order: Ints, item: int) -> bool:
    """Move one item to its best place of the order; ``cost`` is its row of the differences."""
    at = int(np.flatnonzero(order == item)[0])
    ahead = np.cumsum(cost[order])
    best = int(ahead.argmax())
    gain = float(ahead[best])
    if gain < 0.0:
        best, gain = -1, 0.0
    if gain <= float(ahead[at]) + _LEAST_GAIN:
        return False
    if best > at:
        order[at:best] = order[at + 1 : best + 1].copy()
        order[best] = item
    else:
        order[best + 2 : at + 1] = order[best + 1 : at].copy()
        order[best + 1] = item
    return True
