"""One window on a sample for a picture, and the means to bring it into a state."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QWidget

from depmap_gui.gui.looks import dress
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.settings import NUMBERS, TEXT_SIZE, THEME, Settings, ThemeChoice
from depmap_gui.resources import samples

SIZE = (1600, 1000)
SETTLE_S = 0.25
PATIENCE_S = 30.0


class Manner(NamedTuple):
    """How everything is drawn: the colors, the size of text in percent, the locale by name."""

    theme: ThemeChoice = ThemeChoice.LIGHT
    text: int = 100
    numbers: str = "en_US"


class Stage:
    """One window on a sample, and the means to wait for it."""

    def __init__(self, app: QApplication, manner: Manner, folder: Path) -> None:
        self._app = app
        self.sample = samples()[0]

        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        store.clear()
        self.settings = Settings(store)
        self.settings.choose(THEME, manner.theme)
        self.settings.choose(TEXT_SIZE, manner.text)
        self.settings.choose(NUMBERS, manner.numbers)
        around = Surroundings(self.settings, partial(dress, app), samples())
        self.window = MainWindow(around)
        self.window.resize(*SIZE)
        self.window.show()
        self.settle()

    def settle(self, times: float = 1.0, *, until_done: bool = True) -> None:
        """Let what is under way in the window happen: all of it, or for a while only."""
        deadline = time.monotonic() + SETTLE_S * times
        while time.monotonic() < deadline:
            self._app.processEvents()
            time.sleep(0.005)
        # What jobs have found is laid out by events of its own.
        last = time.monotonic() + PATIENCE_S
        while until_done and self.window.tasks.is_busy and time.monotonic() < last:
            self._app.processEvents()
            time.sleep(0.005)
        for _ in range(4):
            self._app.processEvents()

    def open_sample(self) -> None:
        """Open the sample and wait until it is scored and nothing else is running."""
        self.window.open_path(self.sample)
        deadline = time.monotonic() + PATIENCE_S
        while not self.window.editor.is_fresh and time.monotonic() < deadline:
            self.settle(0.1)
        self.window.canvas.fit()
        self.settle()

    def select(self, kind: type) -> None:
        """Select the first item of a kind."""
        project = self.window.editor.project
        found = next(entity.id for entity in project.entities.values() if type(entity) is kind)
        self.window.editor.select((found,))
        self.settle()

    def trigger(self, action: str) -> None:
        """Do what an action of the table does."""
        self.window.actions_table[action].trigger()
        self.settle()

    def asked(self, ask: Callable[[], object]) -> QWidget:
        """The box that a question opens, answered with Esc once it has been drawn."""
        drawn: list[QWidget] = []

        def keep() -> None:
            box = self._app.activeModalWidget()
            if isinstance(box, QMessageBox | QDialog):
                drawn.append(_still(box))
                box.reject()

        QTimer.singleShot(int(SETTLE_S * 1000), keep)
        ask()
        return drawn[0]

    def close(self) -> None:
        """Take the window away without a question."""
        self.window.editor.history.setClean()
        self.window.close()
        # Jobs were told to stop; they must have before what they report to is gone.
        last = time.monotonic() + PATIENCE_S
        while self.window.tasks.is_busy and time.monotonic() < last:
            self._app.processEvents()
            time.sleep(0.005)
        self.window.deleteLater()
        # Outside a running event loop Qt leaves this to us; a window left over would be styled on.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _still(box: QWidget) -> QWidget:
    """The picture of a box that is about to close, as a widget that can be grabbed."""
    picture = QLabel()
    picture.setPixmap(box.grab())
    return picture
