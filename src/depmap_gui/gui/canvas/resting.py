"""When the eye rests after zooming: the crisp frame, made ready bit by bit in the meantime."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer, Slot

_WAIT_MS = 90
_SLICE_SECONDS = 0.008


class Rest(QObject):
    """Waits until nothing has moved for a moment, then draws what a fine frame needs, in slices.

    ``pictures`` draws one thing a step. ``rested`` is called when all are there.
    """

    def __init__(
        self,
        pictures: Callable[[], Iterator[None]],
        rested: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._rested = pictures, rested
        self._steps: Iterator[None] | None = None
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self.begin)
        self._slice = QTimer(self, singleShot=True, interval=0)
        self._slice.timeout.connect(self._go_on)

    @property
    def is_coming(self) -> bool:
        """Whether something has moved lately, or the fine frame is not ready yet."""
        return self._wait.isActive() or self._steps is not None

    def put_off(self) -> None:
        """Something moves: wait anew."""
        self._steps = None
        self._slice.stop()
        self._wait.start()

    @Slot()
    def begin(self) -> None:
        """Nothing moves any more: draw the first slice, and the others as soon as may be."""
        self._wait.stop()
        self._steps = self._pictures()
        self._go_on()

    def finish(self) -> None:
        """Draw all that is needed at once."""
        self._wait.stop()
        self._slice.stop()
        for _ in self._steps or self._pictures():
            pass
        self._steps = None
        self._rested()

    @Slot()
    def _go_on(self) -> None:
        until = time.monotonic() + _SLICE_SECONDS
        for _ in self._steps or ():
            if time.monotonic() >= until:
                self._slice.start()
                return
        self._steps = None
        self._rested()
