"""Where edges and points snap to: in line with the edges and middles of cards, notes and frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas.boxes import Side
from depmap_gui.gui.canvas.camera import Rect
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.snapping import Guide, Snap, snapped

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def standing(
    scene: Scene, seen: Rect, items: Bools | None = None, boxes: Bools | None = None
) -> Floats:
    """Rectangles (n, 4) of the cards and boxes in sight, without the rows that are marked."""
    cards = np.concatenate((scene.centers - HALF, scene.centers + HALF), axis=1)
    if items is not None:
        cards = cards[~items]
    others = scene.box_rects if boxes is None else scene.box_rects[~boxes]
    return touching(np.concatenate((cards, others)), seen)


def touching(found: Floats, seen: Rect) -> Floats:
    """Those of the rectangles (n, 4) of which some is in sight."""
    left, top, right, bottom = found.T
    near = (left <= seen[2]) & (right >= seen[0]) & (top <= seen[3]) & (bottom >= seen[1])
    return found[near]


def card_lined_up(center: Floats, cards: Floats, boxes: Floats, reach: float) -> Snap:
    """Where a card at ``center`` (2) snaps to among cards (n, 2), notes and frames (m, 4).

    Along each axis the nearest of what it can be in line with decides, cards before the others.
    """
    rect = np.concatenate((center - HALF, center + HALF))
    one, other = snapped(center, cards, reach), lined_up(rect, boxes, reach)
    nearer = tuple(
        axis
        for axis in other.axes
        if axis not in one.axes or abs(other.shift[axis]) < abs(one.shift[axis])
    )
    if not nearer:
        return one
    kept = tuple(axis for axis in one.axes if axis not in nearer)
    shift = [other.shift[axis] if axis in nearer else one.shift[axis] for axis in (0, 1)]
    by = np.array(shift)
    # Once more from where it comes to stand, for the lines that show why.
    guides = snapped(center + by, cards, reach, kept).guides
    guides += lined_up(rect + np.tile(by, 2), boxes, reach, axes=nearer).guides
    return Snap((float(by[0]), float(by[1])), guides, (*kept, *nearer))


def lined_up(
    rect: Floats,
    others: Floats,
    reach: float,
    side: Side | None = None,
    *,
    middles: bool = True,
    axes: tuple[int, ...] = (0, 1),
) -> Snap:
    """How far a rectangle (left, top, right, bottom) shifts to be in line with others (n, 4).

    Of a rectangle whose size is being changed only the edges under the hand count: ``side``.
    """
    shift, guides = [0.0, 0.0], []
    for axis in axes:
        mine = _lines(rect[None], axis, middles=middles)[0]
        if side is not None:
            if not side[axis]:
                continue
            mine = np.array([rect[axis if side[axis] < 0 else axis + 2]])
        theirs = _lines(others, axis, middles=middles)
        if not theirs.size:
            continue
        off = theirs[:, :, None] - mine[None, None, :]
        best = int(np.abs(off).argmin())
        row, line, _ = np.unravel_index(best, off.shape)
        by = float(off.flat[best])
        if abs(by) > reach:
            continue
        shift[axis] = by
        guides.append((axis, float(theirs[row, line]), others[row]))
    moved = rect + np.array([*shift, *shift])
    lines = [_guide(moved, *guide) for guide in guides]
    return Snap((shift[0], shift[1]), lines, tuple(axis for axis, _, _ in guides))


def _lines(rects: Floats, axis: int, *, middles: bool) -> Floats:
    """Both edges, and the middle, of each rectangle along an axis: (n, 2 or 3)."""
    low, high = rects[:, axis], rects[:, axis + 2]
    return np.stack((low, high, (low + high) / 2) if middles else (low, high), axis=1)


def _guide(rect: Floats, axis: int, at: float, other: Floats) -> Guide:
    """A line at ``at`` along everything that is in line there."""
    first = float(min(rect[1 - axis], other[1 - axis]))
    last = float(max(rect[3 - axis], other[3 - axis]))
    return (at, first, at, last) if axis == 0 else (first, at, last, at)
