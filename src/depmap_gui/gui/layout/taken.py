"""Where cards and notes stand, and the free place nearest to a point: nothing ever overlaps.

A frame counts as a room: what is not to stand in it keeps out of it, and what is stays inside.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

import numpy as np

from depmap_gui.domain.views import Box, Frame, Point, Rect
from depmap_gui.gui.layout.boxes_after import TITLE_HEIGHT
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, LEAST_GAP
from depmap_gui.gui.layout.network import Floats

Size = tuple[float, float]
Part = tuple[Point, Size]
"""Something that is to stand on the map: its center, and its width and height."""
CARD = (CARD_WIDTH, CARD_HEIGHT)
_ACROSS = CARD_WIDTH + LEAST_GAP
_DOWN = CARD_HEIGHT + LEAST_GAP
_TOLERANCE = 1e-6
_STEP_ACROSS = _ACROSS / 2
_STEP_DOWN = _DOWN / 4
_SIDEWAYS_COSTS = 1.4
"""A place above or below is taken rather than one to the side, which is another column."""
_FEW_PARTS = 30
_MOST_TRIED = 400
"""Steps tried to find room for more parts than a few, before they go below everything."""
_MOST_WITHIN = 20_000
"""Steps tried to find room within a frame, before it counts as full."""


class Taken:
    """What stands on a map, found quickly by where it is."""

    def __init__(self, centers: Iterable[Point] = (), boxes: Iterable[Box] = ()) -> None:
        """``centers`` are those of cards, ``boxes`` the notes and frames to keep clear of."""
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for center in centers:
            self.add(center)
        notes = [box.rect for box in boxes if not isinstance(box, Frame)]
        self._notes = _edges(notes, LEAST_GAP)
        self._frames = [box.rect for box in boxes if isinstance(box, Frame)]
        self._walls = _edges(self._frames, LEAST_GAP)

    def add(self, center: Point, size: Size = CARD) -> None:
        """Let a card stand there, or something of another size."""
        if size == CARD:
            self._cells.setdefault(_cell(center), []).append(center)
        else:
            corner = (center[0] - size[0] / 2, center[1] - size[1] / 2)
            self._notes = np.concatenate((self._notes, _edges([(*corner, *size)], LEAST_GAP)))

    def is_free(self, center: Point, size: Size = CARD, home: Rect | None = None) -> bool:
        """Whether something of the size would keep its distance there from all that stands.

        With a ``home``, which is the rectangle of a frame, it must stand wholly inside that.
        """
        return (
            self._is_clear_of_cards(center, size)
            and self._is_clear_of_notes(center, size)
            and self._is_at_home(center, size, home)
        )

    def home_of(self, point: Point) -> Rect | None:
        """The smallest frame that the point lies in."""
        around = [rect for rect in self._frames if _holds(rect, point)]
        return min(around, key=lambda rect: rect[2] * rect[3], default=None)

    def step_for(self, parts: Sequence[Part], home: Rect | None = None) -> Point:
        """The shortest step that takes all these parts (center, size) together to free places.

        Where they find no room in their ``home``, they go to where there is no frame.
        """
        if home is not None:
            for step in _steps_within(home):
                if self._fits(parts, step, home):
                    return step
        steps: Iterator[Point] = chain(((0.0, 0.0),), _around())
        if len(parts) > _FEW_PARTS:
            # For much that stands far apart there may be no room among the rest for very long.
            steps = chain(islice(steps, _MOST_TRIED), (self._beneath(parts),))
        return next(step for step in steps if self._fits(parts, step, None))

    def _beneath(self, parts: Sequence[Part]) -> Point:
        """The step down to below all that stands."""
        bottoms = [line * _DOWN + 2 * _DOWN for _, line in self._cells]
        bottoms += [*self._notes[:, 3].tolist(), *self._walls[:, 3].tolist()]
        top = min(y - size[1] / 2 for (_, y), size in parts)
        return (0.0, max(bottoms, default=0.0) + LEAST_GAP - top)

    def nearest(self, center: Point, home: Rect | None = None, size: Size = CARD) -> Point:
        """The free place nearest to the point, which is the point itself where that is free.

        With a ``home`` it is inside that frame, where there is still room.
        """
        if home is not None:
            center = _into(center, size, home)
        if self.is_free(center, size, home):
            return center
        right, down = self.step_for([(center, size)], home)
        return (center[0] + right, center[1] + down)

    def _fits(self, parts: Sequence[Part], step: Point, home: Rect | None) -> bool:
        right, down = step
        return all(self.is_free((x + right, y + down), size, home) for (x, y), size in parts)

    def _is_clear_of_cards(self, center: Point, size: Size) -> bool:
        x, y = center
        across = (size[0] + CARD_WIDTH) / 2 + LEAST_GAP - _TOLERANCE
        down = (size[1] + CARD_HEIGHT) / 2 + LEAST_GAP - _TOLERANCE
        left, top = _cell((x - across, y - down))
        right, bottom = _cell((x + across, y + down))
        for column in range(left, right + 1):
            for line in range(top, bottom + 1):
                for other in self._cells.get((column, line), ()):
                    if abs(other[0] - x) < across and abs(other[1] - y) < down:
                        return False
        return True

    def _is_clear_of_notes(self, center: Point, size: Size) -> bool:
        return not len(self._notes) or not _touched(self._notes, center, size).any()

    def _is_at_home(self, center: Point, size: Size, home: Rect | None) -> bool:
        if not self._frames:
            return True
        touched = np.flatnonzero(_touched(self._walls, center, size)).tolist()
        if home is None:
            return not touched
        frames = [self._frames[row] for row in touched]
        return _is_inside(center, size, home) and all(_contains(rect, home) for rect in frames)


def _edges(rects: Sequence[Rect], grown: float) -> Floats:
    """Left, top, right and bottom (n, 4) of rectangles, grown to all sides."""
    found = np.array(rects, dtype=np.float64).reshape(-1, 4)
    return np.concatenate((found[:, :2] - grown, found[:, :2] + found[:, 2:] + grown), axis=1)


def _touched(edges: Floats, center: Point, size: Size) -> np.ndarray:
    """Which of the rectangles something of the size at the center would lie on."""
    x, y = center
    across, down = size[0] / 2 - _TOLERANCE, size[1] / 2 - _TOLERANCE
    return (
        (edges[:, 0] < x + across)
        & (edges[:, 2] > x - across)
        & (edges[:, 1] < y + down)
        & (edges[:, 3] > y - down)
    )


def _room(size: Size, home: Rect) -> tuple[float, float, float, float]:
    """Where the center of something may be that stands in a frame, clear of its title."""
    left, top, width, height = home
    across, down = size[0] / 2 + LEAST_GAP, size[1] / 2 + LEAST_GAP
    return (left + across, top + TITLE_HEIGHT + down, left + width - across, top + height - down)


def _steps_within(home: Rect) -> Iterator[Point]:
    """Steps that can lead from one place in a frame to another, near ones first."""
    farthest = home[2] * _SIDEWAYS_COSTS + home[3]
    steps = chain(((0.0, 0.0),), _around())
    near = takewhile(lambda step: _cost(step) <= farthest, steps)
    return islice(near, _MOST_WITHIN)


def _cost(step: Point) -> float:
    return abs(step[0]) * _SIDEWAYS_COSTS + abs(step[1])


def _is_inside(center: Point, size: Size, home: Rect) -> bool:
    left, top, right, bottom = _room(size, home)
    return left <= center[0] <= right and top <= center[1] <= bottom


def _into(center: Point, size: Size, home: Rect) -> Point:
    """The place in a frame that is nearest to the point; the point where there is no room."""
    left, top, right, bottom = _room(size, home)
    if left > right or top > bottom:
        return center
    return (min(max(center[0], left), right), min(max(center[1], top), bottom))


def _holds(rect: Rect, point: Point) -> bool:
    left, top, width, height = rect
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def _contains(outer: Rect, inner: Rect) -> bool:
    left, top, width, height = inner
    return _holds(outer, (left, top)) and _holds(outer, (left + width, top + height))


def _cell(center: Point) -> tuple[int, int]:
    return (int(center[0] // _ACROSS), int(center[1] // _DOWN))


def _around() -> Iterator[Point]:
    """Steps away from a point, near ones first, without end."""
    inner, outer = 0.0, 2.0 * _ACROSS
    while True:
        yield from _ring(inner, outer)
        inner, outer = outer, outer * 1.5


@functools.lru_cache(maxsize=16)
def _ring(inner: float, outer: float) -> list[Point]:
    """The steps whose cost is above ``inner`` and at most ``outer``, by cost."""
    found = []
    most_across, most_down = int(outer / _STEP_ACROSS / _SIDEWAYS_COSTS), int(outer / _STEP_DOWN)
    for across in range(-most_across, most_across + 1):
        for down in range(-most_down, most_down + 1):
            cost = _cost((across * _STEP_ACROSS, down * _STEP_DOWN))
            if inner < cost <= outer:
                found.append((cost, -down, across))
    found.sort()
    return [(across * _STEP_ACROSS, -down * _STEP_DOWN) for _, down, across in found]


def clear_of(centers: Floats, fixed: Floats) -> Floats:
    """The centers (n, 2), with those moved that come too near to the fixed ones (k, 2).

    The centers must be clear of one another; they still are.
    """
    if not len(fixed) or not len(centers):
        return centers
    obstacles = Taken((x, y) for x, y in fixed.tolist())
    found = centers.copy()
    waiting = []
    stay = []
    for row, (x, y) in enumerate(centers.tolist()):
        if obstacles.is_free((x, y)):
            stay.append((x, y))
        else:
            waiting.append(row)
    for center in stay:
        obstacles.add(center)
    for row in waiting:
        x, y = centers[row].tolist()
        found[row] = place = obstacles.nearest((x, y))
        obstacles.add(place)
    return found
