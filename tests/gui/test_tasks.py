"""Jobs in the background, and where Python may collect while they run."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from depmap_gui.gui.tasks import REST_MS, Tasks, _Running


def test_no_cycle_is_collected_on_a_jobs_thread(qtbot: QtBot) -> None:
    collected_on: set[int] = set()

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            collected_on.add(threading.get_ident())

    def leave_cycles(_context: object) -> int:
        for _ in range(20_000):
            cycle: list[object] = []
            cycle.append(cycle)
        return threading.get_ident()

    tasks = Tasks()
    gc.callbacks.append(note)
    try:
        task = tasks.start("Cycles", leave_cycles)
        with qtbot.waitSignal(task.finished, timeout=20_000) as finished:
            pass
    finally:
        gc.callbacks.remove(note)
    (job_thread,) = finished.args
    assert job_thread != threading.get_ident()
    assert job_thread not in collected_on
    qtbot.waitUntil(gc.isenabled)


def test_collecting_goes_on_when_the_jobs_are_stopped(qtbot: QtBot) -> None:
    tasks, others = Tasks(), Tasks()
    for each in (tasks, others):
        each.start("Idle", lambda context: context.progress(0.0, ""))
    assert not gc.isenabled()
    tasks.cancel_all()
    assert not gc.isenabled()
    others.cancel_all()
    assert gc.isenabled()
    qtbot.waitUntil(lambda: not tasks.is_busy and not others.is_busy)


def test_collecting_goes_on_when_a_keeper_of_jobs_is_destroyed(qtbot: QtBot) -> None:
    tasks = Tasks()
    with qtbot.waitSignal(tasks.start("Short", lambda _context: 1).ended, timeout=20_000):
        pass
    assert not gc.isenabled()
    tasks.deleteLater()
    QCoreApplication.sendPostedEvents(tasks, QEvent.Type.DeferredDelete)
    assert gc.isenabled()


def test_a_job_is_kept_until_its_thread_has_let_go_of_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a thread takes after it has told the outcome: what it used is freed here."""
    leaves, freed_on = threading.Event(), list[int]()
    run = _Running.run

    def run_slowly(self: _Running) -> None:
        run(self)
        leaves.wait(20.0)

    class Used:
        """Stands for what a job holds of the window."""

        def __del__(self) -> None:
            freed_on.append(threading.get_ident())

    def job_with(used: Used) -> Callable[[object], bool]:
        return lambda _context: used is not None

    monkeypatch.setattr(_Running, "run", run_slowly)
    tasks = Tasks()
    task = tasks.start("Slow to leave", job_with(Used()))
    destroyed: list[bool] = []
    task.destroyed.connect(lambda: destroyed.append(True))
    with qtbot.waitSignal(task.ended, timeout=20_000):
        pass
    qtbot.wait(10 * REST_MS)
    assert not task.is_out
    assert not destroyed
    assert not gc.isenabled()
    leaves.set()
    del task
    qtbot.waitUntil(lambda: bool(destroyed) and bool(freed_on), timeout=20_000)
    qtbot.waitUntil(gc.isenabled, timeout=20_000)
    assert freed_on == [threading.get_ident()]


def test_collecting_waits_for_a_thread_on_its_last_steps(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collector would begin on that thread, and destroy there what belongs to the window."""
    tasks, at_work = Tasks(), [1]
    monkeypatch.setattr(tasks._pool, "activeThreadCount", lambda: at_work[0])
    task = tasks.start("Short", lambda _context: 1)
    with qtbot.waitSignal(task.ended, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: not tasks._resting, timeout=20_000)
    qtbot.wait(4 * REST_MS)
    assert not gc.isenabled()
    at_work[0] = 0
    qtbot.waitUntil(gc.isenabled, timeout=20_000)


def test_collecting_waits_for_the_threads_of_a_keeper_that_is_destroyed(qtbot: QtBot) -> None:
    """A keeper goes first, and its pool, which waits for its threads, after it."""
    tasks, seen = Tasks(), list[bool]()

    def job(_context: object) -> None:
        time.sleep(0.2)
        seen.append(gc.isenabled())

    tasks.start("Still at work", job)
    tasks.deleteLater()
    QCoreApplication.sendPostedEvents(tasks, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert seen == [False]
    qtbot.waitUntil(gc.isenabled, timeout=20_000)
