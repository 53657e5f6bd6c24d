"""The mark of cards that a layout must leave where they are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from depmap_gui.gui.canvas.cards import Detail, detail_at
from depmap_gui.gui.canvas.scene import HALF, Rect, Scene
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.theme import Theme, color

_MOST = 600
_PICTURE = 48


def paint_pins(painter: QPainter, scene: Scene, theme: Theme, zoom: float, seen: Rect) -> None:
    """A small pin on the upper left corner of each pinned card in sight, in map units."""
    detail = detail_at(zoom)
    if not len(scene.pinned) or detail is Detail.BLOCK:
        return
    centers = scene.centers[scene.pinned] - HALF
    inside = (centers >= (seen[0] - 20.0 - 2 * HALF[0], seen[1] - 20.0 - 2 * HALF[1])) & (
        centers <= (seen[2] + 20.0, seen[3] + 20.0)
    )
    radius = 10.0 if detail is Detail.FULL else 13.0 if detail is Detail.NAME else 18.0
    picture = icon_pixmap("pin", theme.accent_text, _PICTURE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(QPen(color(theme.line_strong), 1.0))
    painter.setBrush(color(theme.raised))
    for x, y in centers[inside.all(axis=1)][:_MOST].tolist():
        middle = QPointF(x + 2.0, y + 2.0)
        painter.drawEllipse(middle, radius, radius)
        half = radius * 0.62
        box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
        painter.drawPixmap(box, picture, QRectF(picture.rect()))
    painter.restore()
