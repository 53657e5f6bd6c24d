"""The picture of the map at rest, kept between frames: panning shifts it, drags lie over it.

It is somewhat larger than the widget, so that most steps of panning draw nothing at all.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.painter import LeftOut, MapPainter, Plans
from depmap_gui.gui.canvas.scene import Scene

_ROOM = 128
"""How far the picture may reach beyond each edge of the widget, in pixels."""


class Shown(NamedTuple):
    """What the picture shows, and who draws it; ``state`` differs when anything of it does."""

    painter: MapPainter
    scene: Scene
    labels: Labels | None
    without: LeftOut | None
    state: Hashable


class Layer:
    """One picture of a part of the map. It is drawn anew only as far as it must be.

    All rectangles are in its own device pixels.
    """

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._corner: Camera | None = None
        self._view = QRect()
        self._filled = QRect()
        self._state: Hashable = None
        self._plans: Plans | None = None
        self._planned_at = QPointF()

    def forget(self) -> None:
        """Draw everything anew next time."""
        self._corner = None

    def refresh(self, shown: Shown, camera: Camera, size: QSize, scale: float) -> None:
        """Have the picture show what the camera sees."""
        view, room = size * scale, round(_ROOM * scale)
        whole = view + QSize(2 * room, 2 * room)
        if whole != self._pixmap.size() or self._pixmap.devicePixelRatio() != scale:
            self._pixmap = QPixmap(whole)
            self._pixmap.setDevicePixelRatio(scale)
            self.forget()
        at = self._place(camera, scale) if shown.state == self._state else None
        if at is not None:
            self._view = QRect(at, view)
            self._make_room(room)
        if at is None or not self._filled.intersects(self._view):
            self._state, self._plans = shown.state, None
            shown.painter.begin()
            self._corner = camera.panned(room / scale, room / scale)
            self._planned_at = QPointF(camera.left, camera.top)
            self._view, self._filled = QRect(QPoint(room, room), view), QRect()
            self._draw(shown, self._view)
            self._filled = QRect(self._view)
        self._fill(shown, room)

    def put(self, target: QPainter) -> None:
        """Draw what the camera sees, on a painter whose unit is the pixel."""
        target.drawPixmap(QPointF(0, 0), self._pixmap, QRectF(self._view))

    def settle(self, shown: Shown, camera: Camera) -> bool:
        """Whether the picture is what drawing anew would give; if not, that is done next time."""
        corner, plans = self._corner, self._plans
        if corner is None or plans is None or corner.zoom != camera.zoom:
            return False
        area = self._area(self._view)
        if not shown.painter.is_rough and shown.painter.holds(
            plans, shown.scene, corner, area, shown.without
        ):
            return True
        self.forget()
        return False

    def is_stale(self, camera: Camera) -> bool:
        """Whether there is a picture, but of another size than the camera sees the map."""
        return self._corner is not None and self._corner.zoom != camera.zoom

    def stretch(self, target: QPainter, camera: Camera) -> None:
        """Draw the old picture as the new camera would see it: a stand-in while zooming."""
        if self._corner is None:
            return
        scale = self._pixmap.devicePixelRatio()
        point = self._corner.to_map(self._filled.left() / scale, self._filled.top() / scale)
        left, top = camera.to_widget(point)
        grown = camera.zoom / self._corner.zoom / scale
        target.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target.drawPixmap(
            QRectF(left, top, self._filled.width() * grown, self._filled.height() * grown),
            self._pixmap,
            QRectF(self._filled),
        )

    def _place(self, camera: Camera, scale: float) -> QPoint | None:
        """Where in the picture the camera's corner is; None where the picture is of no use."""
        corner = self._corner
        if corner is None or corner.zoom != camera.zoom:
            return None
        unit = camera.zoom * scale
        exact = ((camera.left - corner.left) * unit, (camera.top - corner.top) * unit)
        whole = (round(exact[0]), round(exact[1]))
        if max(abs(exact[0] - whole[0]), abs(exact[1] - whole[1])) > 0.01:
            return None
        # What was planned for one sight of the map is not kept for quite another.
        moved = (QPointF(camera.left, camera.top) - self._planned_at) * unit
        if abs(moved.x()) > self._view.width() or abs(moved.y()) > self._view.height():
            return None
        return QPoint(*whole)

    def _make_room(self, room: int) -> None:
        """Shift the picture where what is in sight lies partly beyond it."""
        device = self._pixmap.rect()
        if device.contains(self._view) or self._corner is None:
            return
        by = QPoint(room, room) - self._view.topLeft()
        scale = self._pixmap.devicePixelRatio()
        self._pixmap.setDevicePixelRatio(1.0)
        self._pixmap.scroll(by.x(), by.y(), device)
        self._pixmap.setDevicePixelRatio(scale)
        self._corner = self._corner.panned(by.x() / scale, by.y() / scale)
        self._view.translate(by)
        self._filled = self._filled.translated(by).intersected(device)

    def _fill(self, shown: Shown, room: int) -> None:
        """Draw what is in sight but not there yet, with some more where one is heading."""
        view, old = self._view, self._filled
        if old.contains(view):
            return
        device = self._pixmap.rect()
        new = QRect(old)
        if view.left() < old.left():
            new.setLeft(max(device.left(), view.left() - room))
        if view.top() < old.top():
            new.setTop(max(device.top(), view.top() - room))
        if view.right() > old.right():
            new.setRight(min(device.right(), view.right() + room))
        if view.bottom() > old.bottom():
            new.setBottom(min(device.bottom(), view.bottom() + room))
        strips = (
            QRect(new.left(), old.top(), old.left() - new.left(), old.height()),
            QRect(old.right() + 1, old.top(), new.right() - old.right(), old.height()),
            QRect(new.left(), new.top(), new.width(), old.top() - new.top()),
            QRect(new.left(), old.bottom() + 1, new.width(), new.bottom() - old.bottom()),
        )
        for strip in strips:
            if not strip.isEmpty():
                self._draw(shown, strip)
        self._filled = new

    def _draw(self, shown: Shown, part: QRect) -> None:
        corner = self._corner
        if corner is None:
            return
        scale = self._pixmap.devicePixelRatio()
        area = self._area(part)
        painter = QPainter(self._pixmap)
        painter.setClipRect(area)
        if not scale.is_integer():
            # Half a pixel may belong to it that whole ones do not hold.
            area = area.adjusted(-1.0, -1.0, 1.0, 1.0)
        shown.painter.paint_ground(painter, corner, area)
        self._plans = shown.painter.paint(
            painter, shown.scene, shown.labels, corner, area, shown.without, self._plans
        )
        painter.end()

    def _area(self, part: QRect) -> QRectF:
        """A part of the picture in pixels of its painter."""
        scale = self._pixmap.devicePixelRatio()
        return QRectF(
            part.left() / scale, part.top() / scale, part.width() / scale, part.height() / scale
        )
