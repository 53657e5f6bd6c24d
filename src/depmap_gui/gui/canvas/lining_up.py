"""Where edges and points snap to: in line with the edges and middles of cards, notes and frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas.boxes import Side
from depmap_gui.gui.canvas.camera import Rect
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.snapping import Guide, Snap

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
    found = np.concatenate((cards, others))
    left, top, right, bottom = found.T
    near = (left <= seen[2]) & (right >= seen[0]) & (top <= seen[3]) & (bottom >= seen[1])
    return found[near]


def lined_up(
    rect: Floats, others: Floats, reach: float, side: Side | None = None, *, middles: bool = True
) -> Snap:
    """How far a rectangle (left, top, right, bottom) shifts to be in line with others (n, 4).

    Of a rectangle whose size is being changed only the edges under the hand count: ``side``.
    """
    shift, guides = [0.0, 0.0], []
    for axis in (0, 1):
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
    return Snap((shift[0], shift[1]), [_guide(moved, *guide) for guide in guides])


def _lines(rects: Floats, axis: int, *, middles: bool) -> Floats:
    """Both edges, and the middle, of each rectangle along an axis: (n, 2 or 3)."""
    low, high = rects[:, axis], rects[:, axis + 2]
    return np.stack((low, high, (low + high) / 2) if middles else (low, high), axis=1)


def _guide(rect: Floats, axis: int, at: float, other: Floats) -> Guide:
    """A line at ``at`` along everything that is in line there."""
    first = float(min(rect[1 - axis], other[1 - axis]))
    last = float(max(rect[3 - axis], other[3 - axis]))
    return (at, first, at, last) if axis == 0 else (first, at, last, at)
