"""What is drawn over the map at rest: selection, ports, what a hand is doing, hints."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen

from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas.acts import Act, Link, Placing, RubberBand
from depmap_gui.gui.canvas.box_acts import DrawBox
from depmap_gui.gui.canvas.boxes import paint_box_ring, paint_handles
from depmap_gui.gui.canvas.bulk import draw_lines, draw_rects
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.cards import RADIUS, Detail, detail_at, paint_card_badge
from depmap_gui.gui.canvas.connectors import paint_link
from depmap_gui.gui.canvas.labels import LABELS_FROM, Labels, paint_labels
from depmap_gui.gui.canvas.painter import LeftOut, MapPainter
from depmap_gui.gui.canvas.scene import HALF, Rect, Scene
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.theme import Theme, color, pixel_font

PORT_RADIUS = 6.0
Ints = npt.NDArray[np.intp]

_MOST_RINGS = 400
_MOST_HALOS = 200
_MOST_LINES = 10_000
_MOST_BADGES = 200
_RING_ROOM = max(CARD_WIDTH, CARD_HEIGHT)


def to_map_units(painter: QPainter, camera: Camera) -> None:
    """Let the painter's unit be the map's; the caller saves and restores."""
    painter.scale(camera.zoom, camera.zoom)
    painter.translate(-camera.left, -camera.top)


def paint_lifted(
    painter: QPainter, map_painter: MapPainter, scene: Scene, camera: Camera, without: LeftOut
) -> None:
    """What is being dragged, over the map that lies still."""
    map_painter.paint_frames(painter, scene, camera, without, lifted=True)
    items, links = np.flatnonzero(without.items), np.flatnonzero(without.links)
    map_painter.paint_rows(painter, scene, camera, items, links, camera.visible(*_size(painter)))
    map_painter.paint_notes(painter, scene, camera, without, lifted=True)


def paint_veil(
    painter: QPainter,
    map_painter: MapPainter,
    scene: Scene,
    camera: Camera,
    area: QRectF,
    lit: Collection[str],
) -> None:
    """Dim everything but the lit items and links."""
    painter.fillRect(area, color(map_painter.theme.canvas, 0.74))
    items = np.array([scene.index[id] for id in lit if id in scene.index], dtype=np.intp)
    links = np.array([scene.link_index[id] for id in lit if id in scene.link_index], dtype=np.intp)
    map_painter.paint_rows(painter, scene, camera, items, links, camera.visible(*_size(painter)))


def _size(painter: QPainter) -> tuple[float, float]:
    """Width and height of what is painted on, in pixels."""
    return float(painter.device().width()), float(painter.device().height())


def paint_chosen_links(
    painter: QPainter, scene: Scene, theme: Theme, rows: Ints, seen: Rect
) -> None:
    """Halos under the selected links of these rows, in map units; hair lines where many show."""
    rows = rows[np.isin(rows, scene.links_in(seen))] if len(rows) > 1 else rows
    if len(rows) <= _MOST_HALOS:
        for row in rows.tolist():
            paint_link(painter, scene, row, theme, selected=True)
        return
    # Of lines that cover one another, some tell as much as all.
    rows = rows[:: 1 + len(rows) // _MOST_LINES]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(color(theme.accent, 0.35), 0.0))
    draw_lines(painter, scene.pieces(rows, 1))
    painter.restore()


def paint_chosen_cards(
    painter: QPainter, scene: Scene, theme: Theme, rows: Ints, zoom: float, seen: Rect
) -> None:
    """Rings around the selected cards of these rows, in map units; plain where many are seen."""
    x, y = scene.centers[rows].T
    near = (x >= seen[0] - _RING_ROOM) & (x <= seen[2] + _RING_ROOM)
    rows = rows[near & (y >= seen[1] - _RING_ROOM) & (y <= seen[3] + _RING_ROOM)]
    ink = color(theme.accent_text if theme.is_dark else theme.accent)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(rows) > _MOST_RINGS:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(ink, 0.0))
        size = np.broadcast_to(2 * HALF + 6.0, (len(rows), 2))
        draw_rects(painter, np.concatenate((scene.centers[rows] - HALF - 3.0, size), axis=1))
        painter.restore()
        return
    painter.setPen(QPen(ink, max(2.0, 2.0 / zoom)))
    ids = [scene.ids[row] for row in rows.tolist()]
    for id in ids:
        painter.drawRoundedRect(_card(scene, id).adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    if len(ids) <= _MOST_BADGES and detail_at(zoom) > Detail.BLOCK:
        for id in ids:
            if id in scene.badges:
                _paint_badge_again(painter, scene, theme, id, detail_at(zoom))


def _paint_badge_again(
    painter: QPainter, scene: Scene, theme: Theme, id: str, detail: Detail
) -> None:
    """Put the card's badge over its ring."""
    painter.save()
    painter.translate(_card(scene, id).topLeft())
    paint_card_badge(painter, scene.badges[id].tone, theme, detail)
    painter.restore()


def paint_link_labels(
    painter: QPainter, scene: Scene, labels: Labels, theme: Theme, ids: Iterable[str], zoom: float
) -> None:
    """The labels of some links, where they have one, over whatever was drawn, in map units."""
    rows = {scene.link_index[id] for id in ids if id in scene.link_index}
    if zoom < LABELS_FROM or not 0 < len(rows) <= _MOST_BADGES:
        return
    near = np.array(sorted(rows))
    reach = scene.reach[near]
    rect = (reach[:, 0].min(), reach[:, 1].min(), reach[:, 2].max(), reach[:, 3].max())
    shown = [label for label in labels.within(rect, zoom) if label.row in rows]
    paint_labels(painter, scene, shown, theme)


def paint_hover(painter: QPainter, scene: Scene, theme: Theme, id: str, zoom: float) -> None:
    """A soft ring around the card under the pointer, in map units."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(theme.accent, 0.55), max(1.5, 1.5 / zoom)))
    painter.drawRoundedRect(_card(scene, id).adjusted(-2, -2, 2, 2), RADIUS + 2, RADIUS + 2)


def paint_ports(
    painter: QPainter, scene: Scene, theme: Theme, id: str, zoom: float, active: int
) -> None:
    """The two handles from which links are drawn, in map units; ``active`` is -1, 0 or 1."""
    radius = PORT_RADIUS / min(1.0, zoom)
    for side, point in ports(scene, id):
        grown = radius * (1.35 if side == active else 1.0)
        painter.setPen(QPen(color(theme.raised), radius * 0.35))
        painter.setBrush(color(theme.accent))
        painter.drawEllipse(QPointF(*point), grown, grown)
        if side == active:
            painter.setPen(QPen(color(theme.on_accent), radius * 0.3))
            arm = radius * 0.6
            painter.drawLine(QPointF(point[0] - arm, point[1]), QPointF(point[0] + arm, point[1]))
            painter.drawLine(QPointF(point[0], point[1] - arm), QPointF(point[0], point[1] + arm))


def ports(scene: Scene, id: str) -> list[tuple[int, Point]]:
    """The handles of a card: side (-1 left, 1 right) and middle."""
    x, y = scene.centers[scene.index[id]].tolist()
    return [(-1, (x - HALF[0], y)), (1, (x + HALF[0], y))]


def paint_act(painter: QPainter, scene: Scene, theme: Theme, act: Act, zoom: float) -> None:
    """What the hand is doing, in map units."""
    accent = color(theme.accent_text if theme.is_dark else theme.accent)
    match act:
        case RubberBand(rect=rect) if rect is not None:
            painter.setPen(QPen(accent, 1.0 / zoom))
            painter.setBrush(color(theme.accent, 0.1))
            painter.drawRect(QRectF(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1]))
        case Link():
            _paint_new_link(painter, scene, theme, act, zoom)
        case Placing(at=at) if at is not None:
            painter.setPen(QPen(accent, 1.5 / zoom, Qt.PenStyle.DashLine))
            painter.setBrush(color(theme.kind(act.kind), 0.14))
            ghost = QRectF(at[0] - HALF[0], at[1] - HALF[1], CARD_WIDTH, CARD_HEIGHT)
            painter.drawRoundedRect(ghost, RADIUS, RADIUS)
        case DrawBox(rect=rect) if rect is not None:
            painter.setPen(QPen(accent, 1.5 / zoom, Qt.PenStyle.DashLine))
            painter.setBrush(color(theme.accent, 0.08))
            box = QRectF(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1])
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        case _:
            pass


def paint_boxes_chosen(
    painter: QPainter, scene: Scene, theme: Theme, ids: Collection[str], zoom: float, *, alone: bool
) -> None:
    """Rings around selected notes and frames, and handles on one that is selected ``alone``."""
    for id in ids:
        rect = scene.box_rects[scene.box_index[id]]
        paint_box_ring(painter, rect, theme, zoom)
        if alone:
            paint_handles(painter, rect, theme, zoom)


def paint_bends(
    painter: QPainter, points: Iterable[Point], theme: Theme, zoom: float, active: int | None
) -> None:
    """The bends of the selected link as dots to be taken hold of, in map units."""
    accent = color(theme.accent_text if theme.is_dark else theme.accent)
    for place, (x, y) in enumerate(points):
        radius = (6.0 if place == active else 4.5) / zoom
        painter.setPen(QPen(accent, 1.75 / zoom))
        painter.setBrush(accent if place == active else color(theme.raised))
        painter.drawEllipse(QPointF(x, y), radius, radius)


def _paint_new_link(painter: QPainter, scene: Scene, theme: Theme, act: Link, zoom: float) -> None:
    start, end = act.port(), act.at
    away = -1.0 if act.backward else 1.0
    if act.target is not None:
        paint_hover(painter, scene, theme, act.target, zoom * 0.5)
        left, right = ports(scene, act.target)
        end = right[1] if act.backward else left[1]
    reach = max(40.0, abs(end[0] - start[0]) * 0.5)
    path = QPainterPath(QPointF(*start))
    path.cubicTo(
        QPointF(start[0] + away * reach, start[1]),
        QPointF(end[0] - away * reach, end[1]),
        QPointF(*end),
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(color(theme.accent), max(2.0, 2.0 / zoom))
    if act.target is None:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.accent))
    painter.drawEllipse(QPointF(*end), 4.5 / zoom, 4.5 / zoom)


def paint_guides(
    painter: QPainter,
    theme: Theme,
    guides: Iterable[tuple[float, float, float, float]],
    zoom: float,
) -> None:
    """Thin lines that show what a dragged card is in line with, in map units."""
    painter.setPen(QPen(color(theme.license), 1.0 / zoom, Qt.PenStyle.DashLine))
    for x1, y1, x2, y2 in guides:
        painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


def paint_empty(painter: QPainter, theme: Theme, area: QRectF) -> None:
    """What to do on a map that has nothing on it yet, in pixels."""
    middle = area.center()
    size = 44
    picture = icon_pixmap("map", theme.unknown, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(middle.x() - size / 2, middle.y() - 92), picture)
    lines = (
        ("This map is empty", 17, QFont.Weight.DemiBold, theme.text, -20.0),
        (
            "Double-click anywhere and type a name, or drag a kind here from the toolbar.",
            13,
            QFont.Weight.Normal,
            theme.muted,
            10.0,
        ),
        (
            "Then pull a line from a card's edge to another card to link them.",
            13,
            QFont.Weight.Normal,
            theme.muted,
            32.0,
        ),
    )
    align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
    for words, pixels, weight, ink, down in lines:
        painter.setFont(pixel_font(theme.map_pixels(pixels), weight))
        painter.setPen(color(ink))
        rect = QRectF(area.left() + 12, middle.y() + down - 14, area.width() - 24, 28)
        painter.drawText(rect, align, words)


def _card(scene: Scene, id: str) -> QRectF:
    x, y = scene.centers[scene.index[id]].tolist()
    return QRectF(x - HALF[0], y - HALF[1], CARD_WIDTH, CARD_HEIGHT)
