"""Cards brought into line, or set at even distances."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import numpy as np

from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, LEAST_GAP
from depmap_gui.gui.layout.spacing import in_order
from depmap_gui.gui.layout.taken import Taken

_STEPS = (CARD_WIDTH + LEAST_GAP, CARD_HEIGHT + LEAST_GAP)


class Line(StrEnum):
    """Where cards are brought into line."""

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


class Spread(StrEnum):
    """Along which direction cards are set at even distances."""

    ACROSS = "across"
    DOWN = "down"

    @property
    def axis(self) -> int:
        """The coordinate that changes: 0 for x, 1 for y."""
        return 0 if self is Spread.ACROSS else 1


def aligned(
    places: Mapping[str, Point], line: Line, pinned: Collection[str] = ()
) -> dict[str, Point]:
    """New centers of the cards that move, on one line; pinned ones stay and draw the line.

    Cards that would then overlap move apart along the line, in the order in which they stood.
    """
    axis = line.axis
    held = [id for id in places if id in pinned]
    measured = [places[id][axis] for id in held or places]
    match line:
        case Line.LEFT | Line.TOP:
            at = min(measured)
        case Line.RIGHT | Line.BOTTOM:
            at = max(measured)
        case Line.CENTER | Line.MIDDLE:
            at = (min(measured) + max(measured)) / 2
    free = sorted((id for id in places if id not in pinned), key=lambda id: places[id][1 - axis])
    along = np.array([places[id][1 - axis] for id in free])
    steps = np.arange(len(free), dtype=np.float64) * _STEPS[1 - axis]
    along = in_order(along, np.ones(len(free)), steps)
    moved = [_point(axis, at, other) for other in along.tolist()]
    return _changed(places, dict(zip(free, _around(moved, places, held), strict=True)))


def distributed(
    places: Mapping[str, Point], spread: Spread, pinned: Collection[str] = ()
) -> dict[str, Point]:
    """New centers of the cards that move, at even distances between the first and the last.

    Where there is too little room, they are set as close as cards may stand. Pinned ones stay.
    """
    axis = spread.axis
    order = sorted(places, key=lambda id: (places[id][axis], places[id][1 - axis]))
    first, last = places[order[0]][axis], places[order[-1]][axis]
    step = max((last - first) / max(1, len(order) - 1), _STEPS[axis])
    begin = (first + last - step * (len(order) - 1)) / 2
    moved = {
        id: _point(axis, begin + step * number, places[id][1 - axis])
        for number, id in enumerate(order)
    }
    held = [id for id in order if id in pinned]
    free = [id for id in order if id not in pinned]
    clear = _around([moved[id] for id in free], places, held)
    return _changed(places, dict(zip(free, clear, strict=True)))


def _point(axis: int, at: float, other: float) -> Point:
    return (at, other) if axis == 0 else (other, at)


def _around(points: list[Point], places: Mapping[str, Point], held: list[str]) -> list[Point]:
    """The points, moved where pinned cards stand in the way."""
    if not held:
        return points
    taken = Taken(places[id] for id in held)
    found = []
    for point in points:
        place = taken.nearest(point)
        taken.add(place)
        found.append(place)
    return found


def _changed(places: Mapping[str, Point], moved: Mapping[str, Point]) -> dict[str, Point]:
    rounded = {id: (round(x, 1), round(y, 1)) for id, (x, y) in moved.items()}
    return {
        id: point
        for id, point in rounded.items()
        if max(abs(point[0] - places[id][0]), abs(point[1] - places[id][1])) > 0.05
    }
