"""A ring that spreads from what was looked for, so that the eye finds it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QRectF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPen

from depmap_gui.gui.canvas.cards import RADIUS
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.theme import Theme, color

PULSE_MS = 1_200
_BEATS = 2
_SPREAD = 18.0
_MOST = 200


class Pulse(QObject):
    """Lights up a few cards for a moment. ``moved`` is called whenever it looks otherwise."""

    def __init__(self, moved: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()
        self._moved = moved
        self._clock = QVariantAnimation(self)
        self._clock.setDuration(PULSE_MS)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(float(_BEATS))
        self._clock.valueChanged.connect(self._on_step)
        self._clock.finished.connect(self.stop)

    def start(self, ids: Iterable[str]) -> None:
        """Light up these cards; what was lit before no longer is."""
        self._clock.stop()
        self.ids = tuple(ids)[:_MOST]
        if self.ids:
            self._clock.start()
        self._moved()

    @Slot()
    def stop(self) -> None:
        """Light up nothing any more."""
        self._clock.stop()
        self.ids = ()
        self._moved()

    def paint(self, painter: QPainter, scene: Scene, theme: Theme, zoom: float) -> None:
        """Draw the rings as they are now, in map units."""
        shown = [scene.index[id] for id in self.ids if id in scene.index]
        if not shown:
            return
        beat = float(self._clock.currentValue() or 0.0) % 1.0
        unit = 1.0 / zoom
        ink = theme.accent_text if theme.is_dark else theme.accent
        painter.setBrush(color(ink, 0.16 * (1.0 - beat)))
        painter.setPen(QPen(color(ink, 1.0 - beat), (3.5 - 2.0 * beat) * unit))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spread = (3.0 + _SPREAD * beat) * unit
        for x, y in scene.centers[shown].tolist():
            ring = QRectF(x - HALF[0], y - HALF[1], 2 * HALF[0], 2 * HALF[1])
            ring.adjust(-spread, -spread, spread, spread)
            painter.drawRoundedRect(ring, RADIUS + spread, RADIUS + spread)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @Slot(object)
    def _on_step(self, _share: object) -> None:
        self._moved()
