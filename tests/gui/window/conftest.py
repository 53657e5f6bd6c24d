"""A main window on a small map, with answers laid ready for the questions it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_parts import Answers, answers, small_project, wait_scored

from depmap_gui.domain.project import Project
from depmap_gui.gui import looks
from depmap_gui.gui.dialogs.questions import Unsaved
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import Theme
from depmap_gui.session.session import Session


@pytest.fixture
def project() -> Project:
    """The small map."""
    return small_project()


@pytest.fixture
def saved(project: Project, tmp_path: Path) -> Path:
    """The small map in a file."""
    path = tmp_path / "small.depmap"
    Session(project).save_as(path)
    return path


Dresser = Callable[[Settings], Theme]


@pytest.fixture
def dress(qapp: QApplication) -> Dresser:
    """Dresses the program, as the program does."""

    return partial(looks.dress, qapp)


@pytest.fixture
def around(dress: Dresser, tmp_path: Path) -> Surroundings:
    """What a window is given from outside: settings, a folder for recovery, ready answers."""
    return Surroundings(Settings(), dress, (), tmp_path / "recovery", Answers)


@pytest.fixture
def window(qtbot: QtBot, around: Surroundings) -> Iterator[MainWindow]:
    """A shown window with nothing open."""
    made = MainWindow(around)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    yield made
    answers(made).on_unsaved = Unsaved.DISCARD
    made.close()


@pytest.fixture
def open_map(window: MainWindow, saved: Path, qtbot: QtBot) -> MainWindow:
    """A window on the small map, scored."""
    assert window.open_path(saved)
    wait_scored(window, qtbot)
    return window
