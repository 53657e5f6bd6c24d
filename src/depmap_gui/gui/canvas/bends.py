"""Links that pass points of one's own: where they leave and enter cards, and their rounded way.

Such a link runs straight from point to point, rounded at each. Where a point lies level with a
card or above or below it, the link leaves that side at right angles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_RADIUS = 14.0
_CORNER_PIECES = 4
_CORNER_ROOM = 9.0
_HALF = (CARD_WIDTH / 2, CARD_HEIGHT / 2)


class Way(NamedTuple):
    """How a bent link runs: ``corners`` (k, 2) from end to end; ``line`` (n, 2) is rounded."""

    corners: Floats
    line: Floats

    def pieces(self) -> Floats:
        """The rounded line as straight pieces: rows (x1, y1, x2, y2)."""
        return np.concatenate((self.line[:-1], self.line[1:]), axis=1)

    def cut(self, count: int) -> Floats:
        """The line as exactly ``count`` straight pieces; some have no length where it has fewer.

        Where it has more, first the roundings are left out, then points at even distances.
        """
        points = self.line if len(self.line) <= count + 1 else self.corners
        if len(points) > count + 1:
            points = np.array([self.at(share) for share in np.linspace(0.0, 1.0, count + 1)])
        points = np.concatenate((points, np.repeat(points[-1:], count + 1 - len(points), axis=0)))
        return np.concatenate((points[:-1], points[1:]), axis=1)

    def at(self, share: float) -> Point:
        """The point at a share of the length, 0 at the source."""
        steps = np.hypot(*(self.line[1:] - self.line[:-1]).T)
        along = np.concatenate(([0.0], np.cumsum(steps)))
        place = share * along[-1]
        return (
            float(np.interp(place, along, self.line[:, 0])),
            float(np.interp(place, along, self.line[:, 1])),
        )

    def arrival(self) -> float:
        """The direction from the target's edge back along the link, in degrees, y down."""
        right, down = (self.corners[-2] - self.corners[-1]).tolist()
        return math.degrees(math.atan2(down, right))

    def nearest(self, point: Point) -> tuple[int, float]:
        """The part between two corners that is nearest to the point, and how far it is."""
        parts = np.concatenate((self.corners[:-1], self.corners[1:]), axis=1)
        off = geometry.distance_to_segments(point, parts)
        best = int(off.argmin())
        return best, float(off[best])


class BentLines:
    """The rounded lines of many bent links as one array of straight pieces, to be searched.

    ``pieces`` (k, 4) are rows (x1, y1, x2, y2), ``rows`` (k) the links they are part of.
    """

    def __init__(self, ways: Mapping[int, Way]) -> None:
        lines = [way.line for way in ways.values()]
        counts = [len(line) - 1 for line in lines]
        none = np.zeros((0, 2))
        starts = np.concatenate([line[:-1] for line in lines] or [none])
        ends = np.concatenate([line[1:] for line in lines] or [none])
        self.pieces: Floats = np.concatenate((starts, ends), axis=1)
        self.rows: Ints = np.repeat(np.array(list(ways), dtype=np.intp), counts)
        # Each on its own: a search looks through all lefts, then all tops and so on.
        self._left, self._top = np.ascontiguousarray(np.minimum(starts, ends).T)
        self._right, self._bottom = np.ascontiguousarray(np.maximum(starts, ends).T)

    def nearest(self, point: Point, reach: float) -> tuple[int, float] | None:
        """The link nearest to the point and how far it is; None where none is within reach."""
        x, y = point
        across = (self._left <= x + reach) & (self._right >= x - reach)
        near = np.flatnonzero(across & (self._top <= y + reach) & (self._bottom >= y - reach))
        if not len(near):
            return None
        off = geometry.distance_to_segments(point, self.pieces[near])
        best = int(off.argmin())
        return (int(self.rows[near[best]]), float(off[best])) if off[best] <= reach else None


def way_of(source: Floats, target: Floats, bends: Floats) -> Way:
    """The way from card to card (by their centers) past the points (k, 2), at least one."""
    start, end = _port(source, bends[0]), _port(target, bends[-1])
    corners = np.concatenate((start[None], bends, end[None]))
    return Way(corners, _rounded(corners))


def path_of(way: Way) -> QPainterPath:
    """The way as a path to be stroked."""
    first, *others = way.corners.tolist()
    path = QPainterPath(QPointF(*first))
    for before, corner, after in zip([first, *others], others, others[1:], strict=False):
        into, out = _cut(np.array(before), np.array(corner), np.array(after))
        path.lineTo(QPointF(*into.tolist()))
        path.quadTo(QPointF(*corner), QPointF(*out.tolist()))
    path.lineTo(QPointF(*others[-1]))
    return path


def _port(card: Floats, toward: Floats) -> Floats:
    """Where a link leaves the card for a point: at the side that faces it, level where it can."""
    right, down = (toward - card).tolist()
    beside, over = abs(right) - _HALF[0], abs(down) - _HALF[1]
    if beside >= over:
        rise = min(_HALF[1] - _CORNER_ROOM, max(_CORNER_ROOM - _HALF[1], down))
        return card + np.array((math.copysign(_HALF[0], right), rise))
    aside = min(_HALF[0] - _CORNER_ROOM, max(_CORNER_ROOM - _HALF[0], right))
    return card + np.array((aside, math.copysign(_HALF[1], down)))


def _cut(before: Floats, corner: Floats, after: Floats) -> tuple[Floats, Floats]:
    """Where the rounding of a corner begins and ends."""
    back, on = before - corner, after - corner
    far_back, far_on = math.hypot(*back), math.hypot(*on)
    reach = min(_RADIUS, far_back / 2, far_on / 2)
    return (
        corner + back * (reach / max(far_back, 1e-9)),
        corner + on * (reach / max(far_on, 1e-9)),
    )


def _rounded(corners: Floats) -> Floats:
    made = [corners[:1]]
    t = np.linspace(0.0, 1.0, _CORNER_PIECES + 1)[:, None]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _cut(before, corner, after)
        made.append((1 - t) ** 2 * into + 2 * t * (1 - t) * corner + t**2 * out)
    made.append(corners[-1:])
    return np.concatenate(made)
