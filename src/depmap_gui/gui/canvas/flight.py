"""Moving from one sight of the map to another so that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot

from depmap_gui.gui.canvas.camera import Camera, flight_ms


class Flight(QObject):
    """Shows one camera after the other, from where one is to a goal, through ``look``."""

    def __init__(self, look: Callable[[Camera], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._start = self._goal = Camera()
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_value)

    @property
    def goal(self) -> Camera | None:
        """Where it leads; None where nothing flies."""
        flies = self._animation.state() is QVariantAnimation.State.Running
        return self._goal if flies else None

    def begin(self, start: Camera, goal: Camera, width: float, height: float) -> None:
        """Fly from one camera to another, over a map seen in so many pixels."""
        self._start, self._goal = start, goal
        self._animation.setDuration(flight_ms(start, goal, width, height))
        self._animation.start()

    def stop(self) -> None:
        """Stay where one is."""
        self._animation.stop()

    @Slot(object)
    def _on_value(self, share: float) -> None:
        self._look(self._goal if share >= 1.0 else self._start.toward(self._goal, share))
