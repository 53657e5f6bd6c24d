"""Frames around the items of expanded groups: where they are, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.theme import Theme, color, pixel_font

PADDING = 18.0
TITLE_HEIGHT = 26.0
_SMALLEST_TITLE = 11.0
_LARGEST_TITLE = 44.0
_RADIUS = 12.0


class Frame(NamedTuple):
    """An expanded group as it is seen: its id, its title, the rows of its items, its edges."""

    id: str
    title: str
    rows: tuple[int, ...]
    rect: tuple[float, float, float, float]

    def title_rect(self, zoom: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the strip with the title, in map units."""
        left, top, right, _ = self.rect
        return (left, top - _title_height(zoom) + TITLE_HEIGHT, right, top + TITLE_HEIGHT)


def frames(scene: Scene) -> list[Frame]:
    """The frames of the scene's expanded groups, as their items stand now."""
    found = []
    for group in scene.groups:
        rows = tuple(scene.index[id] for id in group.members if id in scene.index)
        if group.collapsed or not rows:
            continue
        centers = scene.centers[list(rows)]
        left, top = (centers.min(axis=0) - HALF - PADDING).tolist()
        right, bottom = (centers.max(axis=0) + HALF + PADDING).tolist()
        title = f"{group.name or 'Group'}  ·  {len(rows)}"
        found.append(Frame(group.id, title, rows, (left, top - TITLE_HEIGHT, right, bottom)))
    return found


def frame_at(scene: Scene, point: Point, zoom: float) -> Frame | None:
    """The frame whose title is at the point; the one drawn last wins."""
    x, y = point
    for frame in reversed(frames(scene)):
        left, top, right, bottom = frame.title_rect(zoom)
        if left <= x <= right and top <= y <= bottom:
            return frame
    return None


def paint_frames(painter: QPainter, shown: Iterable[Frame], theme: Theme, zoom: float) -> None:
    """Draw frames with their titles, in map units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for frame in shown:
        left, top, right, bottom = frame.rect
        top = frame.title_rect(zoom)[1]
        painter.setPen(QPen(color(theme.line_strong), max(1.0, 1.0 / zoom)))
        painter.setBrush(color(theme.text, 0.045 if theme.is_dark else 0.035))
        painter.drawRoundedRect(QRectF(left, top, right - left, bottom - top), _RADIUS, _RADIUS)
        _paint_title(painter, frame, theme, zoom)


def _paint_title(painter: QPainter, frame: Frame, theme: Theme, zoom: float) -> None:
    left, top, right, bottom = frame.title_rect(zoom)
    size = _title_size(zoom)
    font = pixel_font(round(size), QFont.Weight.DemiBold)
    step = size * 0.34
    middle = QPointF(left + size * 1.1, (top + bottom) / 2 + size * 0.1)
    painter.setPen(QPen(color(theme.muted), size * 0.13))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        [
            middle + QPointF(-step, -step / 2),
            middle + QPointF(0, step / 2),
            middle + QPointF(step, -step / 2),
        ]
    )
    rect = QRectF(left + size * 2.0, top, right - left - size * 2.6, bottom - top)
    words = QFontMetricsF(font).elidedText(
        frame.title, Qt.TextElideMode.ElideRight, max(0.0, rect.width())
    )
    painter.setFont(font)
    painter.setPen(color(theme.text))
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, words)


def _title_size(zoom: float) -> float:
    """The height of the title's letters in map units: it is read at any zoom."""
    return min(_LARGEST_TITLE, max(12.0, _SMALLEST_TITLE / zoom))


def _title_height(zoom: float) -> float:
    return _title_size(zoom) * TITLE_HEIGHT / 12.0
