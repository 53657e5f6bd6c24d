"""The order of what stands in each tier, so that few links cross.

Long links pass through the tiers between their ends as *bends*, so that every piece of a link
joins two neighboring tiers. Sweeps put each tier in the order of the middles of its neighbors
(Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from depmap_gui.gui.layout.network import Floats, Ints


class Pieces(NamedTuple):
    """Items and bends by row, items first; ``tier`` (n) of each, and ``ends`` (m, 2) of pieces.

    The first end of a piece stands one tier before the second. ``items`` is how many rows are
    items; ``link`` (m) the row of the link that each piece is part of.
    """

    items: int
    tier: Ints
    ends: Ints
    link: Ints

    @property
    def size(self) -> int:
        """Items and bends together."""
        return len(self.tier)


def pieces_of(tier: Ints, ends: Ints) -> Pieces:
    """Cut links into pieces between neighboring tiers; those within one tier are left out."""
    items = len(tier)
    low, high = ends[:, 0].copy(), ends[:, 1].copy()
    backward = tier[low] > tier[high]
    low[backward], high[backward] = high[backward], low[backward]
    kept = np.flatnonzero(tier[low] != tier[high])
    low, high = low[kept], high[kept]
    spans = tier[high] - tier[low]
    bends = int((spans - 1).sum())
    link = np.repeat(kept, spans)
    step = np.arange(len(link)) - np.repeat(np.cumsum(spans) - spans, spans)
    # Piece k of a link ends at its bend k + 1, but the last one ends at the link's own end.
    first_bend = items + np.cumsum(spans - 1) - (spans - 1)
    start = np.repeat(first_bend, spans) + step - 1
    stop = start + 1
    is_first, is_last = step == 0, step == np.repeat(spans, spans) - 1
    start[is_first], stop[is_last] = low, high
    tiers = np.empty(items + bends, dtype=np.intp)
    tiers[:items] = tier
    inner = ~is_last
    tiers[stop[inner]] = (np.repeat(tier[low], spans) + step + 1)[inner]
    return Pieces(items, tiers, np.column_stack((start, stop)), link)


def inversions(values: Ints) -> int:
    """How many pairs of the sequence stand in falling order."""
    count = 0
    values = values.astype(np.int64)
    groups = np.zeros(len(values), dtype=np.int64)
    for bit in range(int(values.max(initial=0)).bit_length() - 1, -1, -1):
        ones = (values >> bit) & 1
        before = np.cumsum(ones) - ones
        first = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        sizes = np.diff(np.r_[first, len(values)])
        start = np.repeat(first, sizes)
        ones_before = before - before[start]
        count += int(ones_before[ones == 0].sum())
        zeros = np.add.reduceat(1 - ones, first)
        place = np.where(
            ones == 1,
            start + np.repeat(zeros, sizes) + ones_before,
            np.arange(len(values)) - ones_before,
        )
        moved, labels = np.empty_like(values), np.empty_like(values)
        moved[place] = values
        labels[place] = values >> bit
        values, groups = moved, labels
    return count


def crossings(pieces: Pieces, place: Ints) -> int:
    """How many pairs of pieces cross where ``place`` (n) is the order within each tier."""
    if len(pieces.ends) < 2:
        return 0
    tier = pieces.tier[pieces.ends[:, 0]]
    upper, lower = place[pieces.ends[:, 0]], place[pieces.ends[:, 1]]
    order = np.lexsort((lower, upper, tier))
    # A tier's places lie above those of the one before: pieces of different tiers never count.
    return inversions((tier * (int(lower.max()) + 1) + lower)[order])


class Tiers:
    """The rows of each tier in their present order, and what is needed to improve on it."""

    def __init__(self, pieces: Pieces, first: Floats) -> None:
        self.pieces = pieces
        self.depth = int(pieces.tier.max(initial=-1)) + 1
        self.sizes = np.bincount(pieces.tier, minlength=self.depth)
        self.starts = np.cumsum(self.sizes) - self.sizes
        # Rows sorted by tier; within a tier they never change, only `place` does.
        self._members = np.argsort(pieces.tier, kind="stable")
        self._up = self._neighbors(pieces.ends)
        self._down = self._neighbors(pieces.ends[:, ::-1])
        self.place = np.zeros(pieces.size, dtype=np.intp)
        self.sort_by(first)

    def _neighbors(self, ends: Ints) -> list[tuple[Ints, Ints]]:
        """For each tier its pieces to one side: the other end's row, the own row in the tier."""
        local = np.empty(self.pieces.size, dtype=np.intp)
        local[self._members] = np.arange(self.pieces.size) - np.repeat(self.starts, self.sizes)
        tier = self.pieces.tier[ends[:, 1]]
        order = np.argsort(tier, kind="stable")
        cuts = np.searchsorted(tier[order], np.arange(self.depth + 1))
        other, own = ends[order, 0], local[ends[order, 1]]
        return [
            (other[a:b], own[a:b])
            for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        ]

    def sort_by(self, value: Floats) -> None:
        """Put every tier into the order of a value (n) for each row."""
        order = np.lexsort((value, self.pieces.tier))
        self.place[order] = np.arange(len(order)) - np.repeat(self.starts, self.sizes)

    def sweep(self, *, down: bool) -> None:
        """Put each tier in the order of the middles of its neighbors in the tier before it."""
        share = (self.place + 0.5) / self.sizes[self.pieces.tier]
        tiers = range(1, self.depth) if down else range(self.depth - 2, -1, -1)
        sides = self._up if down else self._down
        for tier in tiers:
            other, own = sides[tier]
            start, size = int(self.starts[tier]), int(self.sizes[tier])
            members = self._members[start : start + size]
            counts = np.bincount(own, minlength=size)
            sums = np.bincount(own, weights=share[other], minlength=size)
            middle = np.where(counts > 0, sums / np.maximum(counts, 1), share[members])
            # What is level keeps its order.
            order = np.lexsort((self.place[members], middle))
            ranks = np.empty(size, dtype=np.intp)
            ranks[order] = np.arange(size)
            self.place[members] = ranks
            share[members] = (ranks + 0.5) / size


def first_order(pieces: Pieces, start: int) -> Floats:
    """A value (n) for each row by which what hangs together stands together.

    Values are averaged over neighbors again and again from a fixed random beginning, which leaves
    the slowest change over the map; ``start`` picks the beginning.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size, ends = pieces.size, pieces.ends
    value = np.random.default_rng(start).random(size)
    if not len(ends):
        return np.arange(size, dtype=np.float64)
    both = np.concatenate((ends, ends[:, ::-1]))
    matrix = coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(size, size)).tocsr()
    _, part = connected_components(matrix, directed=False)
    weight = np.asarray(matrix.sum(axis=1)).ravel()
    scale = 1.0 / np.maximum(weight, 1.0)
    members = np.bincount(part)
    mass = np.maximum(np.bincount(part, weights=weight), 1.0)
    for _ in range(40):
        value = 0.5 * value + 0.5 * scale * (matrix @ value)
        value -= (np.bincount(part, weights=weight * value) / mass)[part]
        value /= np.maximum(np.sqrt(np.bincount(part, weights=value**2) / members), 1e-12)[part]
    return np.asarray(value + 8.0 * part)
