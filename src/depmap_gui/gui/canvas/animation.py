"""Cards gliding to where a layout, or undoing one, has put them, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot

from depmap_gui.gui.canvas.scene import HALF, Rect, Scene

Floats = npt.NDArray[np.float64]

GLIDE_MS = 300
MOST_GLIDING = 2_000
_SEEN_TO_MOVE = 40.0


class Glide(QObject):
    """Moves the cards of one scene at a time; the scene stands at its goal whenever none runs.

    ``moved`` is called after each step.
    """

    def __init__(self, moved: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._moved = moved
        self._scene: Scene | None = None
        self._start = self._goal = np.zeros((0, 2))
        self._clock = QVariantAnimation(self)
        self._clock.setDuration(GLIDE_MS)
        self._clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.valueChanged.connect(self._on_step)
        self._clock.finished.connect(self.finish)

    @property
    def is_running(self) -> bool:
        """Whether cards are under way."""
        return self._scene is not None

    @property
    def goal(self) -> Floats:
        """Where the cards under way will stand (n, 2)."""
        return self._goal

    def start(self, scene: Scene, before: Floats) -> None:
        """Let the scene's cards come from ``before`` (n, 2) to where they stand now.

        Maps too large to be drawn that often change at once, and so do small steps.
        """
        self.finish()
        if before.shape != scene.centers.shape or not 0 < len(before) <= MOST_GLIDING:
            return
        far = np.abs(scene.centers - before).max(axis=1) > _SEEN_TO_MOVE
        if not far.any():
            return
        self._scene, self._start, self._goal = scene, before, scene.centers.copy()
        self._on_step(0.0)
        self._clock.start()

    @Slot()
    def finish(self) -> None:
        """Put everything where it is going, at once."""
        scene, self._scene = self._scene, None
        self._clock.stop()
        if scene is not None:
            scene.centers = self._goal
            scene.route()
            self._moved()

    def bounds(self, rows: list[int] | None = None) -> Rect | None:
        """What the cards under way will cover once they stand; None where none are."""
        if self._scene is None:
            return None
        goal = self._goal if rows is None else self._goal[rows]
        least, most = goal.min(axis=0) - HALF, goal.max(axis=0) + HALF
        if rows is None and len(boxes := self._scene.box_rects):
            least = np.minimum(least, boxes[:, :2].min(axis=0))
            most = np.maximum(most, boxes[:, 2:].max(axis=0))
        return (float(least[0]), float(least[1]), float(most[0]), float(most[1]))

    @Slot(object)
    def _on_step(self, share: float) -> None:
        scene = self._scene
        if scene is not None and share < 1.0:
            scene.centers = self._start + (self._goal - self._start) * share
            scene.route()
            self._moved()
