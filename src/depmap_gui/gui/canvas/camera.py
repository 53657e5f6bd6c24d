"""Which part of the map is in sight, and how large: points of the widget and of the map."""

from __future__ import annotations

import math
from typing import NamedTuple

from depmap_gui.domain.views import Point

LEAST_ZOOM = 0.02
MOST_ZOOM = 4.0
_SHORTEST_MS = 160
_LONGEST_MS = 560
Rect = tuple[float, float, float, float]


class Camera(NamedTuple):
    """``left`` and ``top`` are the map point in the widget's corner; ``zoom`` pixels per unit."""

    left: float = -60.0
    top: float = -60.0
    zoom: float = 1.0

    def to_map(self, x: float, y: float) -> Point:
        """The map point under a pixel of the widget."""
        return (self.left + x / self.zoom, self.top + y / self.zoom)

    def to_widget(self, point: Point) -> Point:
        """The pixel of the widget that shows a map point."""
        return ((point[0] - self.left) * self.zoom, (point[1] - self.top) * self.zoom)

    def panned(self, right: float, down: float) -> Camera:
        """The map moved under the eye by so many pixels."""
        return self._replace(left=self.left - right / self.zoom, top=self.top - down / self.zoom)

    def zoomed(self, factor: float, x: float, y: float) -> Camera:
        """Larger or smaller by the factor, with the map point under the pixel kept there."""
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, self.zoom * factor))
        px, py = self.to_map(x, y)
        return Camera(px - x / zoom, py - y / zoom, zoom)

    def centered(self, point: Point, width: float, height: float) -> Camera:
        """The same size, with the map point in the middle of the widget."""
        return self._replace(
            left=point[0] - width / self.zoom / 2, top=point[1] - height / self.zoom / 2
        )

    def visible(self, width: float, height: float) -> Rect:
        """Left, top, right and bottom of what a widget of this size shows."""
        right, bottom = self.to_map(width, height)
        return (self.left, self.top, right, bottom)

    def snapped(self, scale: float) -> Camera:
        """Moved by less than a pixel so that the map lies on whole device pixels."""
        unit = self.zoom * scale
        return self._replace(left=round(self.left * unit) / unit, top=round(self.top * unit) / unit)

    def toward(self, goal: Camera, share: float) -> Camera:
        """The way to another camera, ``share`` in 0..1; sizes change evenly to the eye."""
        zoom = self.zoom * (goal.zoom / self.zoom) ** share
        if abs(goal.zoom / self.zoom - 1.0) < 1e-6:
            along = share
        else:
            along = (1 / zoom - 1 / self.zoom) / (1 / goal.zoom - 1 / self.zoom)
        return Camera(
            self.left + (goal.left - self.left) * along,
            self.top + (goal.top - self.top) * along,
            zoom,
        )


def flight_ms(start: Camera, goal: Camera, width: float, height: float) -> int:
    """How long a flight should take in milliseconds: longer the farther, so that eyes can follow.

    A screen's width, or a doubling of size, counts as one step.
    """
    zoom = min(start.zoom, goal.zoom)
    across = abs(start.left + width / start.zoom / 2 - goal.left - width / goal.zoom / 2)
    down = abs(start.top + height / start.zoom / 2 - goal.top - height / goal.zoom / 2)
    moved = max(across * zoom / max(1.0, width), down * zoom / max(1.0, height))
    steps = moved + abs(math.log2(goal.zoom / start.zoom))
    return round(_SHORTEST_MS + (_LONGEST_MS - _SHORTEST_MS) * (1.0 - 2.0**-steps))


def fitting(
    rect: Rect, width: float, height: float, *, margin: float = 32.0, most: float = 1.0
) -> Camera:
    """The camera that shows the whole rectangle in the middle, no larger than ``most``."""
    across, down = max(1.0, rect[2] - rect[0]), max(1.0, rect[3] - rect[1])
    room_across, room_down = max(40.0, width - 2 * margin), max(40.0, height - 2 * margin)
    zoom = min(most, room_across / across, room_down / down)
    zoom = min(MOST_ZOOM, max(LEAST_ZOOM, zoom))
    middle = ((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)
    return Camera(0.0, 0.0, zoom).centered(middle, width, height)
