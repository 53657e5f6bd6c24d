"""The layout by tier: from jurisdictions on the left to plants on the right.

Tiers become columns. A tier that is too tall for the map's shape is wrapped into columns side by
side; items that nothing joins stand in a block below.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, COLUMN_STEP, ROW_STEP
from depmap_gui.gui.layout.network import (
    JURISDICTION,
    LOCATED,
    MOST_LOCATED,
    PLANT,
    Bools,
    Floats,
    Ints,
    Network,
)
from depmap_gui.gui.layout.ordering import Pieces, pieces_of
from depmap_gui.gui.layout.sifting import best_order
from depmap_gui.gui.layout.spacing import Rooms, along_tiers, in_order
from depmap_gui.gui.layout.tiers import tiers_of, without_loops

_SHAPE = 1.7
"""Width over height that a large map is given."""
_MOST_TIERS_FLUSH = 8
_LOCATED_PULL = 0.15
_BEND_ROOM = 26.0
_MOST_STRETCHED = 1.8
_TOO_FLAT = 2.2
_BENDS_PART = 0.35


class Grain(NamedTuple):
    """The sizes of one direction of layout: along a tier, and from tier to tier."""

    along: float = ROW_STEP
    across: float = CARD_WIDTH
    beside: float = CARD_WIDTH + 56.0
    least_gap: float = COLUMN_STEP - CARD_WIDTH + 24.0
    most_gap: float = 240.0
    gap_per_piece: float = 9.0
    shape: float = _SHAPE
    fewest: int = 12
    stretches: bool = True


def tiered(network: Network, context: Context) -> Floats:
    """A center (n, 2) for each item, the upper left card at the origin."""
    context.progress(0.0, "finding tiers")
    tier = tier_of_each(network)
    shown = network.ends
    located = network.link_kinds == LOCATED
    if np.count_nonzero(located) > MOST_LOCATED:
        shown = shown[~located]
        located = located[~located]
    joined = np.zeros(network.size, dtype=np.bool_)
    joined[network.ends.ravel()] = True
    centers = in_tiers(tier, joined, shown, located, Grain(), context)
    _follow(centers, network, shown, joined)
    with_loose_below(centers, ~joined, network.kinds)
    return centers - centers.min(axis=0) if network.size else centers


def tier_of_each(network: Network) -> Ints:
    """The tier (n) of each item: jurisdictions 0, and everything else by what it depends on."""
    counts = network.link_kinds != LOCATED
    ends = network.ends[counts]
    is_place = network.kinds == JURISDICTION
    among = ends[~is_place[ends].any(axis=1)]
    forward = without_loops(network.size, among)
    tier = tiers_of(network.size, forward)
    last = int(tier.max(initial=0))
    gives = np.bincount(forward[:, 0], minlength=network.size) > 0
    if last < _MOST_TIERS_FLUSH:
        tier[(network.kinds == PLANT) & ~gives] = last
    if is_place.any():
        tier += 1
        tier[is_place] = 0
    return tier


def in_tiers(
    tier: Ints, joined: Bools, ends: Ints, located: Bools, grain: Grain, context: Context
) -> Floats:
    """Centers of the joined items; the others' are at the origin."""
    rows = np.flatnonzero(joined)
    centers = np.zeros((len(tier), 2))
    if not len(rows):
        return centers
    local = np.full(len(tier), -1, dtype=np.intp)
    local[rows] = np.arange(len(rows))
    used, own = np.unique(tier[rows], return_inverse=True)
    pieces = pieces_of(own.astype(np.intp), local[ends])
    place = best_order(pieces, context)
    counts = np.bincount(own, minlength=len(used))
    columns = sub_columns(counts, grain)
    half = _rooms(pieces, own, columns, counts, grain)
    pull = np.where(located[pieces.link], _LOCATED_PULL, 1.0)
    at = along_tiers(pieces, place, Rooms(half, pull), context)
    across = tier_starts(columns, _gaps(pieces, len(used), grain), grain)
    if grain.stretches:
        at = _stretched(at, float(np.ptp(across)))
    for number in range(len(used)):
        of_tier = np.flatnonzero(own == number)
        of_tier = of_tier[np.argsort(place[of_tier])]
        column, along = wrapped(at[of_tier], int(columns[number]), grain.along)
        centers[rows[of_tier], 0] = across[number] + column * grain.beside
        centers[rows[of_tier], 1] = along
    centers[rows] -= centers[rows].min(axis=0)
    return centers


def _stretched(at: Floats, wide: float) -> Floats:
    """The places, farther apart where the map would else be a flat ribbon."""
    tall = max(float(np.ptp(at)), CARD_HEIGHT)
    return at * min(_MOST_STRETCHED, max(1.0, wide / tall / _TOO_FLAT))


def sub_columns(counts: Ints, grain: Grain) -> Ints:
    """Into how many columns side by side each tier is wrapped, for a map of a good shape."""
    tall = grain.fewest * grain.along
    while True:
        columns = np.maximum(1, np.ceil(counts * grain.along / tall)).astype(np.intp)
        wide = float((columns * grain.beside + grain.least_gap).sum())
        if wide <= grain.shape * tall or int(columns.max(initial=1)) == 1:
            return columns
        tall *= 1.1


def _rooms(pieces: Pieces, own: Ints, columns: Ints, counts: Ints, grain: Grain) -> Floats:
    """Half the room along its tier that each row takes; bends share a part of the height."""
    tall = float((counts / columns).max()) * grain.along
    bends = np.bincount(pieces.tier, minlength=len(counts)) - counts
    room = min(_BEND_ROOM, _BENDS_PART * tall / max(1, int(bends.max(initial=0))))
    half = np.full(pieces.size, room / 2)
    half[: pieces.items] = grain.along / 2 / columns[own]
    return half


def _gaps(pieces: Pieces, depth: int, grain: Grain) -> Floats:
    """The room (depth) after each tier: more where many links run."""
    count = np.bincount(pieces.tier[pieces.ends[:, 0]], minlength=depth)
    return np.clip(
        grain.least_gap + grain.gap_per_piece * (count - 4), grain.least_gap, grain.most_gap
    )


def tier_starts(columns: Ints, gaps: Floats, grain: Grain) -> Floats:
    """The middle of each tier's first column."""
    widths = (columns - 1) * grain.beside + grain.across + gaps
    return np.asarray(np.cumsum(widths) - widths)


def wrapped(at: Floats, columns: int, step: float) -> tuple[Ints, Floats]:
    """Column and place along the tier of each row, from places in order that may be too close.

    So many rows that follow one another stand side by side.
    """
    column = np.arange(len(at)) % columns
    line = np.arange(len(at)) // columns
    if not len(at):
        return column, at
    size = np.bincount(line)
    wanted = np.bincount(line, weights=at) / size
    lines = in_order(wanted, size.astype(np.float64), np.arange(len(size), dtype=np.float64) * step)
    return column, lines[line]


def _follow(centers: Floats, network: Network, shown: Ints, joined: Bools) -> None:
    """Let jurisdictions whose links are not drawn stand level with what is located in them."""
    drawn = np.zeros(network.size, dtype=np.bool_)
    drawn[shown.ravel()] = True
    rows = np.flatnonzero(joined & (network.kinds == JURISDICTION))
    if drawn[rows].all():
        return
    ends = network.ends[network.link_kinds == LOCATED]
    count = np.bincount(ends[:, 0], minlength=network.size)
    total = np.bincount(ends[:, 0], weights=centers[ends[:, 1], 1], minlength=network.size)
    wanted = np.where(drawn, centers[:, 1], total / np.maximum(count, 1))
    # They are all that stands in the first tier, so its columns are theirs.
    first = np.unique(centers[rows, 0])
    rows = rows[np.lexsort((rows, wanted[rows]))]
    column, along = wrapped(wanted[rows], len(first), ROW_STEP)
    centers[rows, 0], centers[rows, 1] = first[column], along


def with_loose_below(centers: Floats, loose: Bools, kinds: Ints) -> None:
    """Put the loose items into a block of rows below the others, kind by kind."""
    rows = np.flatnonzero(loose)
    if not len(rows):
        return
    rows = rows[np.lexsort((rows, kinds[rows]))]
    others = centers[~loose]
    wide = float(np.ptp(others[:, 0])) if len(others) else 0.0
    shaped = int(np.ceil(np.sqrt(len(rows) * _SHAPE * ROW_STEP / COLUMN_STEP)))
    columns = max(1, min(len(rows), max(int(wide // COLUMN_STEP) + 1, shaped)))
    left = float(others[:, 0].min()) if len(others) else 0.0
    top = float(others[:, 1].max()) + 2 * CARD_HEIGHT + ROW_STEP if len(others) else 0.0
    number = np.arange(len(rows))
    centers[rows, 0] = left + (number % columns) * COLUMN_STEP
    centers[rows, 1] = top + (number // columns) * ROW_STEP
