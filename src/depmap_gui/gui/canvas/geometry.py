"""Where links run: from which side and height of a card to which, all links at once.

Coordinates are those of the map: x to the right, y down, one unit a pixel at 100 %.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

PORT_STEP = 10.0
PORT_SPAN = CARD_HEIGHT - 18.0
SAME_COLUMN = CARD_WIDTH * 0.75
_NEAR = 8.0


def sides(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """The side (+1 right, -1 left) on which each link leaves and enters, for centers (m, 2)."""
    across = end[:, 0] - start[:, 0]
    leaves = np.where(across >= -SAME_COLUMN, 1.0, -1.0)
    enters = np.where(across > SAME_COLUMN, -1.0, 1.0)
    return leaves, enters


def port_offsets(cards: Ints, side: Floats, other_y: Floats) -> Floats:
    """How far each link's end lies from the middle of the card's side, so that none coincide.

    Links on the same side of the same card are spread in the order of their other ends.
    """
    count = len(cards)
    if not count:
        return np.zeros(0)
    key = cards * 2 + (side > 0)
    order = np.lexsort((other_y, key))
    ordered = key[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[first, count])
    rank = np.arange(count) - np.repeat(first, sizes)
    steps = np.minimum(PORT_STEP, PORT_SPAN / np.maximum(1, sizes - 1))
    spread = (rank - (np.repeat(sizes, sizes) - 1) / 2) * np.repeat(steps, sizes)
    offsets = np.empty(count)
    offsets[order] = spread
    return offsets


def controls(start: Floats, end: Floats, leaves: Floats, enters: Floats) -> Floats:
    """Control points (m, 4) of the cubic curves that leave and enter the cards level."""
    across = end[:, 0] - start[:, 0]
    down = end[:, 1] - start[:, 1]
    reach = np.clip(np.abs(across) * 0.5, 36.0, 260.0)
    loops = leaves == enters
    reach = np.where(loops, np.clip(np.abs(down) * 0.35, 44.0, 150.0), reach)
    made = np.empty((len(start), 4))
    made[:, 0] = start[:, 0] + leaves * reach
    made[:, 1] = start[:, 1]
    made[:, 2] = end[:, 0] + enters * reach
    made[:, 3] = end[:, 1]
    return made


def falling_controls(start: Floats, end: Floats) -> Floats:
    """Control points (m, 4) of the curves that leave a card downward and enter one from above."""
    reach = np.clip(np.abs(end[:, 1] - start[:, 1]) * 0.55, 20.0, 160.0)
    made = np.concatenate((start, end), axis=1)
    made[:, 1] += reach
    made[:, 3] -= reach
    return made


def points_at(start: Floats, control: Floats, end: Floats, t: float | Floats) -> Floats:
    """The points (m, 2) of the curves at ``t`` in 0..1: one for all, or (m, 1) one for each."""
    u = 1.0 - t
    found: Floats = (
        u**3 * start + 3 * u * u * t * control[:, :2] + 3 * u * t * t * control[:, 2:] + t**3 * end
    )
    return found


def flattened(start: Floats, control: Floats, end: Floats, pieces: int) -> Floats:
    """The curves as straight pieces: rows (x1, y1, x2, y2), ``pieces`` rows for each curve.

    They are shorter toward the ends, where links bend most.
    """
    t = (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, pieces + 1)))[:, None, None]
    u = 1.0 - t
    along = (
        u**3 * start[None]
        + 3 * u * u * t * control[None, :, :2]
        + 3 * u * t * t * control[None, :, 2:]
        + t**3 * end[None]
    )
    rows = np.concatenate((along[:-1], along[1:]), axis=2)
    return np.ascontiguousarray(rows.transpose(1, 0, 2).reshape(-1, 4))


def distance_to_segments(point: tuple[float, float], rows: Floats) -> Floats:
    """Distance of a point from each piece (x1, y1, x2, y2)."""
    base = rows[:, :2]
    along = rows[:, 2:] - base
    from_base = np.asarray(point) - base
    length = np.maximum(np.einsum("ij,ij->i", along, along), 1e-12)
    t = np.clip(np.einsum("ij,ij->i", from_base, along) / length, 0.0, 1.0)
    off = from_base - t[:, None] * along
    return np.asarray(np.hypot(off[:, 0], off[:, 1]))


def clipped(rows: Floats, rect: tuple[float, float, float, float]) -> tuple[Floats, Floats]:
    """Where each piece (x1, y1, x2, y2) enters and leaves the rectangle, as parts 0..1 of it.

    A piece that misses the rectangle enters after it leaves.
    """
    enters, leaves = np.zeros(len(rows)), np.ones(len(rows))
    for axis in (0, 1):
        start, along = rows[:, axis], rows[:, axis + 2] - rows[:, axis]
        flat = np.abs(along) < 1e-9
        slope = np.where(flat, 1.0, along)
        first, second = (rect[axis] - start) / slope, (rect[axis + 2] - start) / slope
        outside = flat & ((start < rect[axis]) | (start > rect[axis + 2]))
        enters = np.maximum(enters, np.where(flat, 0.0, np.minimum(first, second)))
        leaves = np.minimum(leaves, np.where(flat, 1.0, np.maximum(first, second)))
        leaves = np.where(outside, -1.0, leaves)
    return enters, leaves


def lengthened(pieces: Floats, by: float) -> Floats:
    """The pieces, each ``by`` longer at both ends."""
    along = pieces[:, 2:] - pieces[:, :2]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    more = along * (by / length)[:, None]
    return np.concatenate((pieces[:, :2] - more, pieces[:, 2:] + more), axis=1)


def near(pieces: Floats, seen: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    """Which pieces (x1, y1, x2, y2) come near the rectangle, as far as their boxes tell."""
    x1, y1, x2, y2 = pieces.T
    left, top, right, bottom = seen[0] - _NEAR, seen[1] - _NEAR, seen[2] + _NEAR, seen[3] + _NEAR
    across = ((x1 <= right) | (x2 <= right)) & ((x1 >= left) | (x2 >= left))
    return across & ((y1 <= bottom) | (y2 <= bottom)) & ((y1 >= top) | (y2 >= top))


def beside(pieces: Floats, off: Floats) -> Floats:
    """The pieces (n, 4), each moved to its right by its own distance ``off`` (n)."""
    right = pieces[:, 2] - pieces[:, 0]
    down = pieces[:, 3] - pieces[:, 1]
    scale = off / np.maximum(np.hypot(right, down), 1e-9)
    moved = pieces.copy()
    moved[:, 0] -= down * scale
    moved[:, 2] -= down * scale
    moved[:, 1] += right * scale
    moved[:, 3] += right * scale
    return moved


def dashes(
    pieces: Floats,
    per_curve: int,
    dash: Floats | float,
    gap: Floats | float,
    seen: tuple[float, float, float, float],
) -> tuple[Floats, Ints]:
    """Cut flattened curves (``per_curve`` rows each) into dashes: rows (x1, y1, x2, y2).

    ``dash`` and ``gap`` are lengths, one for each curve or one for all. Of each curve only the
    dashes between where it first and last comes near ``seen``; the second array tells the curve
    that each is of.
    """
    curves = len(pieces) // per_curve
    if not curves:
        return np.zeros((0, 4)), np.zeros(0, dtype=np.intp)
    dash, gap = np.broadcast_to(dash, curves), np.broadcast_to(gap, curves)
    ends = pieces.reshape(curves, per_curve, 4)
    points = np.concatenate((ends[:, :1, :2], ends[:, :, 2:]), axis=1)
    steps = np.hypot(*(points[:, 1:] - points[:, :-1]).transpose(2, 0, 1))
    along = np.concatenate((np.zeros((curves, 1)), np.cumsum(steps, axis=1)), axis=1)
    total = along[:, -1]
    # All curves laid end to end, a unit apart, make one table to look places up in.
    shift = np.concatenate(([0.0], np.cumsum(total[:-1] + 1.0)))
    table = (along + shift[:, None]).ravel()
    is_near = near(pieces, seen).reshape(curves, per_curve)
    entered = along[np.arange(curves), is_near.argmax(axis=1)]
    left = along[np.arange(curves), per_curve - is_near[:, ::-1].argmax(axis=1)]
    period = dash + gap
    first = np.floor(entered / period).astype(np.intp)
    last = np.maximum(np.ceil(left / period).astype(np.intp), first + 1)
    counts = np.where(is_near.any(axis=1), last - first, 0)
    owner = np.repeat(np.arange(curves), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    begins = number * period[owner]
    stops = np.minimum(begins + dash[owner], total[owner])
    x, y = points[:, :, 0].ravel(), points[:, :, 1].ravel()
    made = np.empty((len(owner), 4))
    for column, places in ((0, begins), (2, stops)):
        at = places + shift[owner]
        made[:, column] = np.interp(at, table, x)
        made[:, column + 1] = np.interp(at, table, y)
    return made, owner
