"""The lines of links as they were laid down lately, kept from frame to frame.

Cutting a link's curve into pieces, dashes and hair lines costs about as much as drawing them, and
none of it depends on where one looks from: only on the zoom.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas import strands
from depmap_gui.gui.canvas.plans import Manner
from depmap_gui.gui.canvas.scene import Rect, Scene
from depmap_gui.gui.canvas.strands import NONE_LAID, Inked, Laid

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

Lay = Callable[[Ints, Rect], Laid]
"""Lays down the links of some rows, as far as they come near a rectangle."""

_BEYOND = 0.5
_NEAR = 8.0
_REACH = 80.0


class _Kept(NamedTuple):
    """Lines within a window of the map; ``has`` tells of which links, ``boxes`` (4, n) where."""

    state: Hashable
    window: Rect
    has: Bools
    lines: Laid
    boxes: Floats


class _Chosen(NamedTuple):
    """Those of the lines that are of some links and come near some place."""

    of: Laid
    rows: Ints
    place: Rect
    groups: tuple[Inked, ...]


class KeptLines:
    """Lines as they were laid down for the frames before, for each manner of drawing them."""

    def __init__(self) -> None:
        self._kept: dict[Manner, _Kept] = {}
        self._chosen: dict[Manner, _Chosen] = {}

    def shown(
        self,
        scene: Scene,
        manner: Manner,
        size: tuple[float, float],
        rows: Ints,
        seen: Rect,
        lay: Lay,
    ) -> tuple[Inked, ...]:
        """The lines of these links that come near ``seen``, those of each ink together.

        ``lay`` lays down those that are not there yet. ``size`` is what it goes by besides the
        scene: first of all how many device pixels a map unit has.
        """
        state = (scene.serial, scene.revision, scene.looks, size)
        kept = self._kept.get(manner)
        if kept is None or kept.state != state or not _holds(kept.window, seen):
            has = np.zeros(len(scene.links), dtype=np.bool_)
            beyond = (seen[2] - seen[0]) * _BEYOND, (seen[3] - seen[1]) * _BEYOND
            kept = _Kept(state, _grown(seen, beyond), has, NONE_LAID, np.zeros((4, 0)))
        new = rows[~kept.has[rows]]
        if len(new):
            lines = strands.merged(kept.lines, lay(new, kept.window), size[0])
            kept.has[new] = True
            kept = kept._replace(lines=lines, boxes=_boxes(lines.pieces))
        self._kept[manner] = kept
        return self._choice(manner, kept, rows, seen, _REACH / size[0])

    def _choice(
        self, manner: Manner, kept: _Kept, rows: Ints, seen: Rect, reach: float
    ) -> tuple[Inked, ...]:
        """What of the lines is to be drawn: chosen with some room, to serve while one pans."""
        known = self._chosen.get(manner)
        if (
            known is None
            or known.of is not kept.lines
            or not _holds(known.place, seen)
            or not np.array_equal(known.rows, rows)
        ):
            place = _grown(seen, (reach, reach))
            asked = np.zeros(len(kept.has), dtype=np.bool_)
            asked[rows] = True
            left, top, right, bottom = kept.boxes
            near = (left <= place[2] + _NEAR) & (right >= place[0] - _NEAR)
            near &= (top <= place[3] + _NEAR) & (bottom >= place[1] - _NEAR)
            near &= asked[kept.lines.owners]
            picked = np.flatnonzero(near)
            groups = strands.by_ink(kept.lines.some(picked))
            known = self._chosen[manner] = _Chosen(kept.lines, rows, place, groups)
        return known.groups


def _boxes(pieces: Floats) -> Floats:
    """Left, top, right and bottom (4, n) of pieces (n, 4)."""
    x, y, x2, y2 = pieces.T
    return np.stack((np.minimum(x, x2), np.minimum(y, y2), np.maximum(x, x2), np.maximum(y, y2)))


def _grown(rect: Rect, by: tuple[float, float]) -> Rect:
    return (rect[0] - by[0], rect[1] - by[1], rect[2] + by[0], rect[3] + by[1])


def _holds(window: Rect, seen: Rect) -> bool:
    return (
        window[0] <= seen[0]
        and window[1] <= seen[1]
        and window[2] >= seen[2]
        and window[3] >= seen[3]
    )
