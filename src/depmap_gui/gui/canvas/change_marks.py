"""Two maps laid over one another: what was added, removed and changed, marked on the scene.

Each change has a frame and a sign of its own, so that none is told by its color alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from depmap_gui.domain.differences import Change
from depmap_gui.gui.canvas.connectors import curve
from depmap_gui.gui.canvas.scene import HALF, Rect, Scene
from depmap_gui.gui.theme import Theme, color, pixel_font

_GAP, _RADIUS, _LINE, _BAND = 5.0, 12.0, 2.4, 7.0
_TAG_HEIGHT = 18.0
_LEAST_TAG_ZOOM = 0.35
_FAR = 0.12
_ROOM = 20.0
_WORDS = {Change.ADDED: "+ added", Change.REMOVED: "− removed", Change.CHANGED: "~ changed"}


def tone(change: Change, theme: Theme) -> str:
    """The color of a change, as a token of the theme."""
    match change:
        case Change.ADDED:
            return theme.eligible
        case Change.REMOVED:
            return theme.ineligible
        case Change.CHANGED:
            return theme.at_risk


def words(change: Change) -> str:
    """What a change is called, with its sign."""
    return _WORDS[change]


def paint_changed_links(
    painter: QPainter, scene: Scene, marks: Mapping[str, Change], theme: Theme, zoom: float
) -> None:
    """Bands along the changed links in sight, to be drawn under the map, in map units."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rows = scene.links_in(in_sight(painter)).tolist()
    found = [(row, marks[id]) for row in rows if (id := scene.links[row].id) in marks]
    if zoom < _FAR:
        for change in Change:
            painter.setPen(_far_pen(change, theme))
            ends = [
                QLineF(*scene.start[row].tolist(), *scene.end[row].tolist())
                for row, each in found
                if each is change
            ]
            painter.drawLines(ends)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row, change in found:
        painter.setPen(_pen(change, theme, max(_BAND, 4.0 / zoom), 0.6))
        painter.drawPath(curve(scene, row))


def paint_changed_items(
    painter: QPainter, scene: Scene, marks: Mapping[str, Change], theme: Theme, zoom: float
) -> None:
    """Frames with a word around the changed cards in sight, to be drawn over the map."""
    rows = scene.items_in(in_sight(painter)).tolist()
    found = [(row, marks[id]) for row in rows if (id := scene.ids[row]) in marks]
    if zoom < _FAR:
        for change in Change:
            painter.setPen(_far_pen(change, theme))
            painter.drawRects([_frame(scene, row) for row, each in found if each is change])
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row, change in found:
        _paint_frame(painter, scene, row, change, theme, zoom)


def paint_ghosts(
    painter: QPainter,
    ghosts: Mapping[str, tuple[str, tuple[float, float]]],
    theme: Theme,
    zoom: float,
) -> None:
    """The outlines of removed cards in sight, by their names and centers, in map units."""
    left, top, right, bottom = in_sight(painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for name, (x, y) in ghosts.values():
        card = QRectF(x - HALF[0], y - HALF[1], 2 * HALF[0], 2 * HALF[1])
        if card.right() < left or card.left() > right or card.bottom() < top or card.top() > bottom:
            continue
        painter.setPen(_pen(Change.REMOVED, theme, max(_LINE, 2.0 / zoom), 1.0))
        painter.setBrush(color(theme.canvas, 0.7))
        painter.drawRoundedRect(card, _RADIUS, _RADIUS)
        if zoom < _LEAST_TAG_ZOOM:
            continue
        _paint_tag(painter, card, Change.REMOVED, theme)
        painter.setFont(pixel_font(14, QFont.Weight.Medium))
        painter.setPen(color(theme.muted))
        inside = card.adjusted(14.0, 8.0, -14.0, -8.0)
        elided = QFontMetricsF(painter.font()).elidedText(
            name, Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, elided)


def in_sight(painter: QPainter) -> Rect:
    """What of the map the painter draws on, with room for a frame around a card."""
    back, _ = painter.worldTransform().inverted()
    area = back.mapRect(QRectF(painter.viewport())).adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
    return (area.left(), area.top(), area.right(), area.bottom())


def _far_pen(change: Change, theme: Theme) -> QPen:
    """From afar a dash cannot be told from a dot, and a thousand of them take long."""
    pen = QPen(color(tone(change, theme)), 1.0)
    pen.setCosmetic(True)
    return pen


def _frame(scene: Scene, row: int) -> QRectF:
    x, y = scene.centers[row].tolist()
    frame = QRectF(x - HALF[0], y - HALF[1], 2 * HALF[0], 2 * HALF[1])
    return frame.adjusted(-_GAP, -_GAP, _GAP, _GAP)


def _paint_frame(
    painter: QPainter, scene: Scene, row: int, change: Change, theme: Theme, zoom: float
) -> None:
    frame = _frame(scene, row)
    painter.setPen(_pen(change, theme, max(_LINE, 2.0 / zoom), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
    if zoom < _LEAST_TAG_ZOOM:
        return
    _paint_tag(painter, frame, change, theme)


def _paint_tag(painter: QPainter, frame: QRectF, change: Change, theme: Theme) -> None:
    """What became of it, in words on the upper edge of its frame."""
    font = pixel_font(12, QFont.Weight.DemiBold)
    text = words(change)
    width = QFontMetricsF(font).horizontalAdvance(text) + 14.0
    tag = QRectF(frame.left() + 10.0, frame.top() - _TAG_HEIGHT / 2, width, _TAG_HEIGHT)
    ground = QPainterPath()
    ground.addRoundedRect(tag, _TAG_HEIGHT / 2, _TAG_HEIGHT / 2)
    painter.fillPath(ground, color(theme.canvas))
    painter.setPen(QPen(color(tone(change, theme)), 1.4))
    painter.drawPath(ground)
    painter.setFont(font)
    painter.setPen(color(theme.text))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def _pen(change: Change, theme: Theme, width: float, opacity: float) -> QPen:
    pen = QPen(color(tone(change, theme), opacity), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    match change:
        case Change.REMOVED:
            pen.setDashPattern([3.0, 2.0])
        case Change.CHANGED:
            pen.setDashPattern([1.0, 1.2])
        case Change.ADDED:
            pass
    return pen


def middle(scene: Scene, id: str) -> QPointF | None:
    """Where an item or link stands on the map; None where the scene does not show it."""
    if (row := scene.index.get(id)) is not None:
        return QPointF(*scene.centers[row].tolist())
    link = scene.link_index.get(id)
    return curve(scene, link).pointAtPercent(0.5) if link is not None else None
