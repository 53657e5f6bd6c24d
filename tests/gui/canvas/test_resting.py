"""After zooming, the crisp frame is made ready in slices, and whatever moves puts it off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.gui.canvas import resting
from depmap_gui.gui.canvas.resting import Rest


class Work:
    """Pictures to be drawn: as many steps as asked for."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.done: list[int] = []
        self.rested = 0

    def pictures(self) -> Iterator[None]:
        for step in range(self.steps):
            self.done.append(step)
            yield

    def rest(self) -> None:
        self.rested += 1


def test_what_is_quickly_drawn_is_there_at_once(qapp: QApplication) -> None:
    work = Work(3)
    rest = Rest(work.pictures, work.rest)
    rest.begin()
    assert (work.done, work.rested, rest.is_coming) == ([0, 1, 2], 1, False)


def test_long_work_leaves_room_between_its_slices(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(4)
    rest = Rest(work.pictures, work.rest)
    monkeypatch.setattr(resting, "_SLICE_SECONDS", -1.0)
    rest.begin()
    assert (work.done, work.rested, rest.is_coming) == ([0], 0, True)
    qtbot.waitUntil(lambda: work.rested == 1)
    assert work.done == [0, 1, 2, 3]
    assert not rest.is_coming


def test_whatever_moves_puts_it_off_and_what_was_begun_is_begun_anew(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(4)
    rest = Rest(work.pictures, work.rest)
    monkeypatch.setattr(resting, "_SLICE_SECONDS", -1.0)
    rest.begin()
    rest.put_off()
    assert (work.done, work.rested, rest.is_coming) == ([0], 0, True)
    qtbot.waitUntil(lambda: work.rested == 1)
    assert work.done == [0, 0, 1, 2, 3]


def test_all_can_be_had_at_once(qapp: QApplication) -> None:
    work = Work(50)
    rest = Rest(work.pictures, work.rest)
    rest.put_off()
    rest.finish()
    assert (len(work.done), work.rested, rest.is_coming) == (50, 1, False)
