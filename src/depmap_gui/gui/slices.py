"""Long work of the window's own thread, done a little at a time.

What only this thread may do, such as making widgets, cannot go to the background. It is cut into
steps; between two of them keys are heard and frames are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class Slices(QObject):
    """One piece of work at a time, a step of it with each turn of the event loop.

    ``ended`` tells that the last step was made; not where the work was dropped.
    """

    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        # At zero, Qt comes to it when there is nothing else to be heard or drawn.
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._step)

    @property
    def is_busy(self) -> bool:
        """Whether there are steps left."""
        return self._steps is not None

    def start(self, steps: Iterator[object]) -> None:
        """Make these steps one after the other, from the next turn on, instead of any others."""
        self._steps = steps
        self._turns.start()

    def drop(self) -> None:
        """Make no further steps."""
        self._steps = None
        self._turns.stop()

    def finish(self) -> None:
        """Make all that is left at once: somebody needs what comes of it."""
        while self.is_busy:
            self._step()

    @Slot()
    def _step(self) -> None:
        steps = self._steps
        if steps is None:
            return
        try:
            next(steps)
        except StopIteration:
            # A step may have started other work.
            if self._steps is steps:
                self.drop()
                self.ended.emit()
