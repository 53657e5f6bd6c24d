"""Work done a little at a time: one step a turn, and never two pieces of work at once."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from depmap_gui.gui.slices import Slices


def steps(into: list[int], count: int) -> Iterator[None]:
    for number in range(count):
        into.append(number)
        yield


def test_nothing_is_done_at_once_and_all_in_the_end(qtbot: QtBot) -> None:
    holder, done = QObject(), list[int]()
    slices = Slices(holder)
    with qtbot.waitSignal(slices.ended, timeout=20_000):
        slices.start(steps(done, 3))
        assert done == []
        assert slices.is_busy
    assert done == [0, 1, 2]
    assert not slices.is_busy


def test_other_work_takes_the_place_of_what_is_left(qtbot: QtBot) -> None:
    holder, first, second = QObject(), list[int](), list[int]()
    slices = Slices(holder)
    slices.start(steps(first, 1_000_000))
    qtbot.waitUntil(lambda: bool(first), timeout=20_000)
    slices.start(steps(second, 4))
    slices.finish()
    made = len(first)
    assert second == [0, 1, 2, 3]
    qtbot.wait(20)
    assert len(first) == made
    slices.start(steps(first, 2))
    slices.drop()
    slices.finish()
    assert len(first) == made


def test_a_step_may_start_other_work() -> None:
    holder, done = QObject(), list[int]()
    slices = Slices(holder)

    def last() -> Iterator[None]:
        slices.start(steps(done, 2))
        yield

    slices.start(last())
    slices.finish()
    assert done == [0, 1]
