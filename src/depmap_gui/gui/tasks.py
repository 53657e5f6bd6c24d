"""Work in the background: the only place where threads are started.

A job is a plain function ``(context) -> value`` that knows no Qt. It runs on a pool thread, may
report progress and is canceled when it next does. Its outcome arrives on the window's thread.

While a job runs, Python's collector of reference cycles is kept to the window's thread: it
destroys Qt objects on whichever thread it happens to run, and the destructor of one waits for
Python's lock while it holds Qt's, which the window's thread takes the other way round. Nor may
such a thread be the last to let go of a Qt object: what a job needs is kept here until its thread
has said that it holds nothing of it any more.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from depmap_gui.analysis.context import Canceled, Context

Job = Callable[[Context], Any]


class _Reports(QObject):
    """Carries a job's reports from its thread to the window's."""

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(object)
    canceled = Signal()


class _Running:
    """One job on a pool thread; also the context it reports to."""

    def __init__(self, job: Job, reports: _Reports) -> None:
        self._job = job
        self._reports = reports
        self._canceled = False
        self._told = 0.0

    def cancel(self) -> None:
        """Ask the job to stop; it does when it next reports."""
        self._canceled = True

    def progress(self, fraction: float, what: str) -> None:
        """Context: tell the window at most some 20 times a second. Raises Canceled."""
        if self._canceled:
            raise Canceled
        now = time.monotonic()
        if now - self._told > 0.05 or fraction >= 1.0:
            self._told = now
            self._reports.progressed.emit(fraction, what)

    def run(self) -> None:
        """Do the job, and report how it ended. A fault of any kind is a report, not a crash."""
        try:
            value = self._job(self)
        except Canceled:
            self._reports.canceled.emit()
        except Exception as fault:
            self._reports.failed.emit(fault)
        else:
            if self._canceled:
                self._reports.canceled.emit()
            else:
                self._reports.finished.emit(value)


class _Handed(QRunnable):
    """A job as a pool thread is handed it: it does the job, lets go of it, and only then says so.

    Left to itself it holds nothing. The pool is given no plain function: the binding lets go of
    those on the pool's own thread, and the program crashed when it next collected.
    """

    def __init__(self, running: _Running, is_out: threading.Event) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._running = [running]
        self._is_out = is_out

    def run(self) -> None:
        """Qt: on a thread of the pool."""
        self._running.pop().run()
        self._is_out.set()


class Task(QObject):
    """A job under way. Exactly one of its three endings is signaled, on the window's thread."""

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(object)
    canceled = Signal()
    ended = Signal()

    def __init__(self, title: str, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.started_at = time.monotonic()
        self._reports = _Reports()
        self._running = _Running(job, self._reports)
        self._is_out = threading.Event()
        self._reports.progressed.connect(self.progressed)
        self._reports.finished.connect(self._on_finished)
        self._reports.failed.connect(self._on_failed)
        self._reports.canceled.connect(self._on_canceled)

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._running.cancel()

    def handed(self) -> _Handed:
        """The job as a thread is handed it."""
        return _Handed(self._running, self._is_out)

    @property
    def is_out(self) -> bool:
        """Whether its thread holds nothing of it any more, so that it may be destroyed."""
        return self._is_out.is_set()

    @Slot(object)
    def _on_finished(self, value: object) -> None:
        self.finished.emit(value)
        self.ended.emit()

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        self.failed.emit(fault)
        self.ended.emit()

    @Slot()
    def _on_canceled(self) -> None:
        self.canceled.emit()
        self.ended.emit()


SWITCH_SECONDS = 0.0005
"""How long a job may keep Python's lock while the window waits for it, instead of 5 ms: drawing
one frame asks for the lock some dozens of times."""
REST_MS = 50
"""How often an ended job is looked at: whether its thread has let go of it."""
SWEEP_MS = 1000


class _Collection:
    """Keeps Python's collector of reference cycles off other threads while anyone holds it.

    Meanwhile threads also take turns more often.
    """

    def __init__(self) -> None:
        self._holders = 0
        self._usual = sys.getswitchinterval()

    def hold(self) -> None:
        """Stop collecting wherever the collector happens to be called."""
        self._holders += 1
        gc.disable()
        sys.setswitchinterval(SWITCH_SECONDS)

    def free(self) -> None:
        """Collect as usual again, once nobody holds it any more."""
        self._holders -= 1
        if self._holders == 0:
            gc.enable()
            sys.setswitchinterval(self._usual)


_COLLECTION = _Collection()
"""One for the process, as the collector is."""


class _Hold:
    """One keeper's hold on the collector: taken and let go as often as one likes."""

    def __init__(self) -> None:
        self._is_taken = False

    def take(self) -> None:
        """Keep the collector off other threads."""
        if not self._is_taken:
            self._is_taken = True
            _COLLECTION.hold()

    def let_go(self) -> None:
        """Collect as usual again, for all this keeper minds."""
        if self._is_taken:
            self._is_taken = False
            _COLLECTION.free()


class Tasks(QObject):
    """Starts jobs and keeps them until they end."""

    started = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._under_way: list[Task] = []
        self._resting: list[Task] = []
        self._handed: list[_Handed] = []
        self._hold = _Hold()
        # A keeper that goes away soon after its last job must not take its hold with it. Its
        # pool is gone only when all threads are done; it goes itself while some may be at work.
        self._pool.destroyed.connect(self._hold.let_go)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._let_go)
        self._sweep = QTimer(self, interval=SWEEP_MS)
        self._sweep.timeout.connect(self._collect)

    @property
    def is_busy(self) -> bool:
        """Whether any job has not ended yet."""
        return bool(self._under_way)

    def start(self, title: str, job: Job, *, visible: bool = True) -> Task:
        """Run the job in the background; ``visible`` ones are announced by :attr:`started`."""
        task = Task(title, job, self)
        task.ended.connect(self._on_ended)
        self._under_way.append(task)
        if visible:
            self.started.emit(task)
        self._hold.take()
        if not self._sweep.isActive():
            self._sweep.start()
        self._handed.append(task.handed())
        self._pool.start(self._handed[-1])
        return task

    def cancel_all(self) -> None:
        """Ask every job to stop and wait until the threads are done."""
        for task in self._under_way:
            task.cancel()
        self._pool.waitForDone()
        self._free_collection()

    @Slot()
    def _on_ended(self) -> None:
        task = self.sender()
        if isinstance(task, Task) and task in self._under_way:
            self._under_way.remove(task)
            self._resting.append(task)
            self._rest.start()
        if not self._under_way:
            self.idle.emit()

    @Slot()
    def _let_go(self) -> None:
        """Destroy the ended jobs that may be; with none left, collect as usual again.

        A thread on its last steps still counts: the collector has much to do when it is let
        loose, and begins on whichever thread asks for memory first.
        """
        for task in [task for task in self._resting if task.is_out]:
            self._resting.remove(task)
            task.deleteLater()
        if self._resting or (not self._under_way and self._pool.activeThreadCount()):
            self._rest.start()
        elif not self._under_way:
            self._free_collection()

    @Slot()
    def _collect(self) -> None:
        """Collect here what a long job would otherwise leave lying."""
        gc.collect(1)

    def _free_collection(self) -> None:
        """Collect as usual again: no thread of the pool is at work any more."""
        self._handed.clear()
        self._sweep.stop()
        self._hold.let_go()
