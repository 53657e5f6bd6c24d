"""Where cards stand, and the free place nearest to a point: no two cards ever overlap."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, LEAST_GAP
from depmap_gui.gui.layout.network import Floats

_ACROSS = CARD_WIDTH + LEAST_GAP
_DOWN = CARD_HEIGHT + LEAST_GAP
_TOLERANCE = 1e-6
_STEP_ACROSS = _ACROSS / 2
_STEP_DOWN = _DOWN / 4
_SIDEWAYS_COSTS = 1.4
"""A place above or below is taken rather than one to the side, which is another column."""


class Taken:
    """The centers of cards, found quickly by where they are."""

    def __init__(self, centers: Iterable[Point] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for center in centers:
            self.add(center)

    def add(self, center: Point) -> None:
        """Let a card stand there."""
        self._cells.setdefault(_cell(center), []).append(center)

    def is_free(self, center: Point) -> bool:
        """Whether a card there would keep its distance from all others."""
        x, y = center
        column, line = _cell(center)
        for across in (column - 1, column, column + 1):
            for down in (line - 1, line, line + 1):
                for other in self._cells.get((across, down), ()):
                    if (
                        abs(other[0] - x) < _ACROSS - _TOLERANCE
                        and abs(other[1] - y) < _DOWN - _TOLERANCE
                    ):
                        return False
        return True

    def step_for(self, centers: Sequence[Point]) -> Point:
        """The shortest step that takes all these centers together to free places."""
        return next(
            (right, down)
            for right, down in chain(((0.0, 0.0),), _around())
            if all(self.is_free((x + right, y + down)) for x, y in centers)
        )

    def nearest(self, center: Point) -> Point:
        """The free place nearest to the point, which is the point itself where that is free."""
        if self.is_free(center):
            return center
        x, y = center
        return next(
            place for right, down in _around() if self.is_free(place := (x + right, y + down))
        )


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
            cost = abs(across) * _STEP_ACROSS * _SIDEWAYS_COSTS + abs(down) * _STEP_DOWN
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
