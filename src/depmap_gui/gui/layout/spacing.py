"""Where along its tier each item stands: as near to its neighbors as its order allows."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.gui.layout.network import Floats, Ints
from depmap_gui.gui.layout.ordering import Pieces

_ROUNDS = 5
_BEND_PULLS = (1.0, 2.0, 8.0)
"""How strongly a piece with no, one or two bends at its ends keeps level."""


class Rooms(NamedTuple):
    """``half`` (n) is the room each row takes to either side along its tier."""

    half: Floats
    pull: Floats
    """(m) how strongly each piece keeps level, beside what its bends ask for."""


def along_tiers(pieces: Pieces, place: Ints, rooms: Rooms, context: Context) -> Floats:
    """A coordinate (n) for each row, in the order of its tier and clear of its neighbors.

    Each tier in turn takes the exact least-squares places for the middles of its neighbors in the
    tiers beside it, under the least distances (isotonic regression), to and fro.
    """
    order = np.lexsort((place, pieces.tier))
    depth = int(pieces.tier.max(initial=-1)) + 1
    cuts = np.searchsorted(pieces.tier[order], np.arange(depth + 1)).tolist()
    tiers = [order[a:b] for a, b in pairwise(cuts)]
    offsets = [_offsets(rooms.half[members]) for members in tiers]
    at = np.zeros(pieces.size)
    for members, offset in zip(tiers, offsets, strict=True):
        at[members] = offset - offset[-1] / 2
    bends = (pieces.ends >= pieces.items).sum(axis=1)
    pull = np.asarray(_BEND_PULLS)[bends] * rooms.pull
    before = _sides(pieces, pieces.ends, place, pull)
    after = _sides(pieces, pieces.ends[:, ::-1], place, pull)
    for number in range(_ROUNDS):
        context.progress(0.7 + 0.25 * number / _ROUNDS, "placing")
        for tier in range(1, depth):
            _settle(at, tiers[tier], offsets[tier], [before[tier]])
        for tier in range(depth - 2, -1, -1):
            _settle(at, tiers[tier], offsets[tier], [after[tier]])
    for tier in range(depth):
        _settle(at, tiers[tier], offsets[tier], [before[tier], after[tier]])
    return at


Side = tuple[Ints, Ints, Floats]
"""The row at the other end, the own place in the tier, and the pull, of each piece on one side."""


def _sides(pieces: Pieces, ends: Ints, place: Ints, pull: Floats) -> list[Side]:
    tier = pieces.tier[ends[:, 1]]
    depth = int(pieces.tier.max(initial=-1)) + 1
    order = np.argsort(tier, kind="stable")
    cuts = np.searchsorted(tier[order], np.arange(depth + 1)).tolist()
    other, own, pulls = ends[order, 0], place[ends[order, 1]], pull[order]
    return [(other[a:b], own[a:b], pulls[a:b]) for a, b in pairwise(cuts)]


def _offsets(half: Floats) -> Floats:
    """Where each of a tier's rows would stand were they packed, the first at 0."""
    steps = half[:-1] + half[1:]
    return np.concatenate(([0.0], np.cumsum(steps)))[: len(half)]


def _settle(at: Floats, members: Ints, offset: Floats, sides: list[Side]) -> None:
    """Move one tier's rows to where their neighbors want them, in order and apart."""
    wanted = np.zeros(len(members))
    total = np.zeros(len(members))
    for other, own, pull in sides:
        wanted += np.bincount(own, weights=pull * at[other], minlength=len(members))
        total += np.bincount(own, weights=pull, minlength=len(members))
    middle = np.where(total > 0.0, wanted / np.maximum(total, 1e-12), at[members])
    at[members] = in_order(middle, np.maximum(total, 0.05), offset)


def in_order(wanted: Floats, weight: Floats, offset: Floats) -> Floats:
    """The places nearest to those wanted that keep the order and the distances of ``offset``."""
    from scipy.optimize import isotonic_regression

    if len(wanted) < 2:
        return wanted
    fitted = isotonic_regression(wanted - offset, weights=weight)
    return np.asarray(fitted.x + offset)
