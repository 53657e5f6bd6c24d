"""The picture of the map at rest, kept between frames: panning shifts it, drags lie over it."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.painter import LeftOut, MapPainter
from depmap_gui.gui.canvas.scene import Scene


class Layer:
    """One picture as large as the widget. It is drawn anew only as far as it must be."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._camera: Camera | None = None
        self._state: Hashable = None

    def forget(self) -> None:
        """Draw everything anew next time."""
        self._camera = None

    def refresh(
        self,
        painter: MapPainter,
        scene: Scene,
        labels: Labels | None,
        camera: Camera,
        size: QSize,
        scale: float,
        state: Hashable,
        without: LeftOut | None = None,
    ) -> QPixmap:
        """The picture for this camera and size; ``state`` differs when anything else does."""
        pixels = size * scale
        if pixels != self._pixmap.size() or self._pixmap.devicePixelRatio() != scale:
            self._pixmap = QPixmap(pixels)
            self._pixmap.setDevicePixelRatio(scale)
            self._camera = None
        shift = self._shift(camera, scale) if state == self._state else None
        whole = QRect(0, 0, size.width(), size.height())
        if shift is None:
            areas = [whole]
        elif shift == (0, 0):
            areas = []
        else:
            areas = self._scrolled(shift, whole, int(scale))
        for area in areas:
            self._draw(painter, scene, labels, camera, area, without)
        self._camera, self._state = camera, state
        return self._pixmap

    def is_stale(self, camera: Camera) -> bool:
        """Whether there is a picture, but of another size than the camera sees the map."""
        return self._camera is not None and self._camera.zoom != camera.zoom

    def stretch(self, target: QPainter, camera: Camera, size: QSize) -> None:
        """Draw the old picture as the new camera would see it: a stand-in while zooming."""
        if self._camera is None:
            return
        left, top = camera.to_widget((self._camera.left, self._camera.top))
        grown = camera.zoom / self._camera.zoom
        target.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target.drawPixmap(
            QRectF(left, top, size.width() * grown, size.height() * grown),
            self._pixmap,
            QRectF(self._pixmap.rect()),
        )

    def _shift(self, camera: Camera, scale: float) -> tuple[int, int] | None:
        """By how many device pixels the picture must move; None where moving is not enough."""
        old = self._camera
        if old is None or old.zoom != camera.zoom:
            return None
        unit = camera.zoom * scale
        exact = ((old.left - camera.left) * unit, (old.top - camera.top) * unit)
        whole = (round(exact[0]), round(exact[1]))
        if max(abs(exact[0] - whole[0]), abs(exact[1] - whole[1])) > 0.01:
            return None
        if whole != (0, 0) and not float(scale).is_integer():
            return None
        limit = self._pixmap.size()
        if abs(whole[0]) >= limit.width() or abs(whole[1]) >= limit.height():
            return None
        return whole

    def _scrolled(self, shift: tuple[int, int], whole: QRect, scale: int) -> list[QRect]:
        """Move the picture, and give the strips that came into sight, in pixels."""
        device = QRect(0, 0, self._pixmap.width(), self._pixmap.height())
        self._pixmap.setDevicePixelRatio(1.0)
        self._pixmap.scroll(shift[0], shift[1], device)
        self._pixmap.setDevicePixelRatio(float(scale))
        strips = []
        if shift[0]:
            left = 0 if shift[0] > 0 else device.width() + shift[0]
            strips.append(QRect(left, 0, abs(shift[0]), device.height()))
        if shift[1]:
            top = 0 if shift[1] > 0 else device.height() + shift[1]
            strips.append(QRect(0, top, device.width(), abs(shift[1])))
        return [
            QRect(
                strip.left() // scale,
                strip.top() // scale,
                -(-strip.width() // scale) + 1,
                -(-strip.height() // scale) + 1,
            ).intersected(whole)
            for strip in strips
        ]

    def _draw(
        self,
        map_painter: MapPainter,
        scene: Scene,
        labels: Labels | None,
        camera: Camera,
        area: QRect,
        without: LeftOut | None,
    ) -> None:
        painter = QPainter(self._pixmap)
        painter.setClipRect(area)
        map_painter.paint_ground(painter, camera, QRectF(area))
        map_painter.paint(painter, scene, labels, camera, QRectF(area), without)
        painter.end()
