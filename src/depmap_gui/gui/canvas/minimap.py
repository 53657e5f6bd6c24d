"""The overview: the whole map in a corner, with a frame around what is in sight."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from depmap_gui.gui.canvas.boxes import is_note, tint
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.focus import Focus
from depmap_gui.gui.canvas.pixels import blocks, opaque
from depmap_gui.gui.canvas.scene import HALF, KINDS, Rect, Scene
from depmap_gui.gui.theme import Theme, Tone, color, mix

SIZE = (196, 132)
_PAD = 8.0
_STEP = 0.25
_SHADES = 5

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class SeenMap(Protocol):
    """What the overview asks of the canvas."""

    scene: Scene
    camera: Camera

    def extent(self) -> tuple[float, float]:
        """Width and height of what the map is shown on, in pixels."""

    def look(self, camera: Camera) -> None:
        """Show another part of the map, at once."""


class Minimap(QWidget):
    """A press or drag brings that part of the map into sight, arrow keys move on by a quarter.

    The cards are drawn once for as long as they stand; a frame only draws the picture and the
    frame of what is in sight.
    """

    def __init__(self, canvas: QWidget, of: SeenMap, theme: Theme) -> None:
        super().__init__(canvas)
        self._of = of
        self.theme = theme
        self._focus: Focus | None = None
        self._drawn: tuple[tuple[object, ...], QPixmap] | None = None
        self._whole: tuple[tuple[int, int], Rect | None] | None = None
        self._map = Camera()
        self._grip = QPointF()
        self.resize(*SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # It paints all of itself, so a frame of the map behind it never has it painted anew.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName("Overview of the map")
        self.setAccessibleDescription("Arrow keys move the part of the map that is in sight.")
        self.setToolTip("Overview: press or drag to look elsewhere (Shift+M hides it)")
        self.hide()

    def needs_showing(self, seen: Rect) -> bool:
        """Whether some of the map is out of sight, by more than half a card at an edge."""
        whole = self._extent()
        if whole is None:
            return False
        aside, above = float(HALF[0]), float(HALF[1])
        left, top, right, bottom = (
            seen[0] - aside,
            seen[1] - above,
            seen[2] + aside,
            seen[3] + above,
        )
        return whole[0] < left or whole[1] < top or whole[2] > right or whole[3] > bottom

    def _extent(self) -> Rect | None:
        """What the map covers: looked up again when cards have moved, not with every frame."""
        scene = self._of.scene
        key = (scene.serial, scene.revision)
        if self._whole is None or self._whole[0] != key:
            self._whole = (key, scene.bounds())
        return self._whole[1]

    def show_focus(self, focus: Focus | None) -> None:
        """Dim here too what is dimmed on the map."""
        self._focus, self._drawn = focus, None
        self.update()

    def freshen(self) -> None:
        """Draw the cards anew soon, where they have moved or changed since."""
        if self.isVisible() and (self._drawn is None or self._drawn[0][:-1] != self._state()):
            self.update()

    def frame(self) -> QRectF:
        """What of the map is in sight, in pixels of the overview."""
        self._picture()
        seen = self._of.camera.visible(*self._of.extent())
        left, top = self._map.to_widget((seen[0], seen[1]))
        right, bottom = self._map.to_widget((seen[2], seen[3]))
        return QRectF(left, top, right - left, bottom - top)

    # Painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: show the overview."""
        painter = QPainter(self)
        painter.drawPixmap(QPointF(0, 0), self._picture())
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        frame = self.frame().intersected(edge.adjusted(1, 1, -1, -1))
        # It moves with every frame of the map: straight edges on whole pixels cost little.
        frame = QRectF(frame.toAlignedRect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(frame, color(self.theme.accent, 0.12))
        painter.setPen(QPen(color(self.theme.accent), 1.0))
        painter.drawRect(frame)
        ring = self.theme.accent if self.hasFocus() else self.theme.line_strong
        painter.setPen(QPen(color(ring), 1.0))
        painter.drawRect(edge)
        painter.end()

    def _state(self) -> tuple[object, ...]:
        scene = self._of.scene
        return (scene.serial, scene.revision, scene.looks, self.theme.name)

    def _measure(self) -> None:
        """Have the whole map fit in, with some room around it."""
        whole = self._of.scene.bounds()
        if whole is None:
            return
        across, down = whole[2] - whole[0], whole[3] - whole[1]
        zoom = min((SIZE[0] - 2 * _PAD) / across, (SIZE[1] - 2 * _PAD) / down)
        middle = ((whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2)
        self._map = Camera(0.0, 0.0, zoom).centered(middle, *SIZE)

    def _picture(self) -> QPixmap:
        scene, scale = self._of.scene, self.devicePixelRatioF()
        key = (*self._state(), scale)
        if self._drawn is None or self._drawn[0] != key:
            self._measure()
            picture = QPixmap(self.size() * scale)
            picture.setDevicePixelRatio(scale)
            painter = QPainter(picture)
            area = QRectF(self.rect())
            painter.fillRect(area, color(self.theme.raised))
            self._paint_cards(painter, scene, area)
            painter.end()
            self._drawn = (key, picture)
        return self._drawn[1]

    def _paint_cards(self, painter: QPainter, scene: Scene, area: QRectF) -> None:
        """Each card as a small block in the color of its kind, redder where it is exposed."""
        theme, focus = self.theme, self._focus
        inks = [mix(theme.kind(kind), theme.raised, 0.25) for kind in KINDS]
        inks += [theme.exposure(step / _SHADES) for step in range(1, _SHADES + 1)]
        shades = np.ceil(np.nan_to_num(scene.low) * _SHADES).astype(np.intp)
        keys = np.where(shades > 0, len(KINDS) - 1 + shades, scene.kinds)
        keys = np.where(scene.tints >= 0, len(inks) + scene.tints, keys)
        inks += [theme.fill(tone) for tone in Tone]
        inks += [mix(theme.unknown, theme.raised, 0.6)]
        if focus is not None and len(focus.items) == len(keys):
            keys = np.where(focus.items, keys, len(inks) - 1)
        self._paint_boxes(painter, scene)
        corners = (scene.centers - HALF - (self._map.left, self._map.top)) * self._map.zoom
        least = 2.0 if len(keys) < 1_000 else 1.0
        size = (
            max(least, 2 * float(HALF[0]) * self._map.zoom),
            max(least, 2 * float(HALF[1]) * self._map.zoom),
        )
        words = np.array([opaque(ink) for ink in inks], dtype=np.uint32)[keys]
        blocks(painter, area, corners, size, words)

    def _paint_boxes(self, painter: QPainter, scene: Scene) -> None:
        """Frames and notes as areas of their color."""
        for row, (left, top, right, bottom) in enumerate(scene.box_rects.tolist()):
            x, y = self._map.to_widget((left, top))
            wide, high = (right - left) * self._map.zoom, (bottom - top) * self._map.zoom
            ink = tint(self.theme, scene.boxes[row].tint)
            painter.setPen(QPen(color(ink, 0.7), 1.0))
            painter.setBrush(color(ink, 0.55 if is_note(scene, row) else 0.14))
            painter.drawRect(QRectF(x, y, max(2.0, wide), max(2.0, high)))

    # Hands ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: take hold of the frame, or bring it to the pointer."""
        frame, at = self.frame(), event.position()
        if not frame.contains(at):
            self._go_to(at)
            frame = self.frame()
        self._grip = at - frame.center()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag the frame."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position() - self._grip)

    def _go_to(self, at: QPointF) -> None:
        middle = self._map.to_map(at.x(), at.y())
        self._of.look(self._of.camera.centered(middle, *self._of.extent()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: an arrow key moves on by a quarter of what is in sight."""
        toward = _ARROWS.get(Qt.Key(event.key()))
        if toward is None:
            super().keyPressEvent(event)
            return
        wide, tall = self._of.extent()
        right, down = -toward[0] * wide * _STEP, -toward[1] * tall * _STEP
        self._of.look(self._of.camera.panned(right, down))
