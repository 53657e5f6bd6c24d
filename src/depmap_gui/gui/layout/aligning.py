"""Cards, notes and frames brought into line, or set at even distances."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from itertools import accumulate, pairwise

import numpy as np

from depmap_gui.domain.views import Point, Rect
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, LEAST_GAP
from depmap_gui.gui.layout.spacing import in_order
from depmap_gui.gui.layout.taken import Taken


class Line(StrEnum):
    """Where things are brought into line."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"

    @property
    def axis(self) -> int:
        """The coordinate that becomes the same: 0 for x, 1 for y."""
        return 0 if self in (Line.LEFT, Line.CENTER, Line.RIGHT) else 1

    @property
    def share(self) -> float:
        """Which part of each thing is on the line: 0 its first edge, 1 its last."""
        match self:
            case Line.LEFT | Line.TOP:
                return 0.0
            case Line.RIGHT | Line.BOTTOM:
                return 1.0
            case Line.CENTER | Line.MIDDLE:
                return 0.5


class Spread(StrEnum):
    """Along which direction things are set at even distances."""

    ACROSS = "across"
    DOWN = "down"

    @property
    def axis(self) -> int:
        """The coordinate that changes: 0 for x, 1 for y."""
        return 0 if self is Spread.ACROSS else 1


def card_rect(center: Point) -> Rect:
    """The rectangle of a card."""
    x, y = center
    return (x - CARD_WIDTH / 2, y - CARD_HEIGHT / 2, CARD_WIDTH, CARD_HEIGHT)


def aligned(
    rects: Mapping[str, Rect], line: Line, pinned: Collection[str] = ()
) -> dict[str, Point]:
    """How far each (right, down) moves to be on one line; pinned ones stay and draw the line.

    Those that would then overlap move apart along the line, in the order in which they stood.
    """
    axis = line.axis
    held = [id for id in rects if id in pinned]
    edges = [rects[id][axis] for id in held or rects]
    ends = [rects[id][axis] + rects[id][axis + 2] for id in held or rects]
    at = min(edges) + (max(ends) - min(edges)) * line.share
    free = sorted(
        (id for id in rects if id not in pinned), key=lambda id: _middle(rects[id], 1 - axis)
    )
    sizes = [rects[id][3 - axis] for id in free]
    along = np.array([_middle(rects[id], 1 - axis) for id in free])
    offsets = np.array(_packed(sizes))
    along = in_order(along, np.ones(len(free)), offsets)
    moved = {}
    for id, other in zip(free, along.tolist(), strict=True):
        across = at - rects[id][axis] - rects[id][axis + 2] * line.share
        moved[id] = _point(axis, across, other - _middle(rects[id], 1 - axis))
    return _changed(_around(moved, rects, held))


def distributed(
    rects: Mapping[str, Rect], spread: Spread, pinned: Collection[str] = ()
) -> dict[str, Point]:
    """How far each (right, down) moves so that all gaps between the first and the last are even.

    Where there is too little room, they are set as close as they may stand. Pinned ones stay.
    """
    axis = spread.axis
    order = sorted(rects, key=lambda id: (_middle(rects[id], axis), _middle(rects[id], 1 - axis)))
    sizes = [rects[id][axis + 2] for id in order]
    first, last = _middle(rects[order[0]], axis), _middle(rects[order[-1]], axis)
    packed = _packed(sizes)
    further = max(0.0, last - first - packed[-1]) / max(1, len(order) - 1)
    begin = min(first, (first + last - packed[-1]) / 2)
    moved = {
        id: _point(axis, begin + offset + further * number - _middle(rects[id], axis), 0.0)
        for number, (id, offset) in enumerate(zip(order, packed, strict=True))
    }
    held = [id for id in order if id in pinned]
    free = {id: by for id, by in moved.items() if id not in pinned}
    return _changed(_around(free, rects, held))


def _packed(sizes: list[float]) -> list[float]:
    """Where the middles of things of these sizes are, set as close as they may stand."""
    steps = [(one + other) / 2 + LEAST_GAP for one, other in pairwise(sizes)]
    return list(accumulate(steps, initial=0.0)) if sizes else []


def _middle(rect: Rect, axis: int) -> float:
    return rect[axis] + rect[axis + 2] / 2


def _point(axis: int, at: float, other: float) -> Point:
    return (at, other) if axis == 0 else (other, at)


def _around(
    moved: Mapping[str, Point], rects: Mapping[str, Rect], held: Collection[str]
) -> dict[str, Point]:
    """The moves, changed where pinned cards stand in the way."""
    if not held:
        return dict(moved)
    taken = Taken(_center(rects[id]) for id in held)
    found = {}
    for id, (right, down) in moved.items():
        (x, y), size = _center(rects[id]), rects[id][2:]
        place = taken.nearest((x + right, y + down), size=size)
        taken.add(place, size)
        found[id] = (place[0] - x, place[1] - y)
    return found


def _center(rect: Rect) -> Point:
    return (_middle(rect, 0), _middle(rect, 1))


def _changed(moved: Mapping[str, Point]) -> dict[str, Point]:
    rounded = {id: (round(right, 1), round(down, 1)) for id, (right, down) in moved.items()}
    return {id: by for id, by in rounded.items() if max(abs(by[0]), abs(by[1])) > 0.05}
