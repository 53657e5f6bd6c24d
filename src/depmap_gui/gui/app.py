"""The program with a window: one application object, its looks, its windows, its last resort."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from depmap_gui import __version__
from depmap_gui.gui.dialogs.crash import CrashDialog
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.numbers import settle_locale
from depmap_gui.gui.settings import Settings, ThemeChoice
from depmap_gui.gui.theme import LIGHT, Theme, apply_theme, theme_named
from depmap_gui.resources import samples

NAME = "DepMap"
_LOG_BYTES = 1_000_000
_LOG = logging.getLogger("depmap_gui")


def application() -> QApplication:
    """The one application object, made and named where there is none yet."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QCoreApplication.setOrganizationName(NAME)
    QCoreApplication.setApplicationName(NAME)
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    settle_locale()
    app = QApplication(sys.argv[:1])
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("depmap")
    app.setWindowIcon(_program_icon())
    return app


def open_window(path: Path | None = None) -> MainWindow:
    """A shown window on a project file, or on the start page where none is named."""
    app = application()

    def dress(choice: ThemeChoice) -> Theme:
        theme = theme_named(choice.value)
        apply_theme(app, theme)
        return theme

    window = MainWindow(Surroundings(Settings(), dress, samples()))
    window.show()
    if path is not None:
        window.open_path(path)
    return window


def run(path: Path | None = None) -> int:
    """Show the window until it is closed; returns the exit code."""
    app = application()
    log = _open_log()
    window = open_window(path)
    before = sys.excepthook
    sys.excepthook = LastResort(window, log).tell
    QTimer.singleShot(0, window, window.offer_recovered)
    try:
        return app.exec()
    finally:
        sys.excepthook = before


class LastResort:
    """Takes mistakes of the program that nothing else caught: logs them and says so."""

    def __init__(self, window: MainWindow, log: Path | None) -> None:
        self._window = window
        self._log = log
        self._is_telling = False

    def tell(
        self,
        kind: type[BaseException],
        fault: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """As ``sys.excepthook``: never raises, never ends the program; one dialog at a time."""
        details = "".join(traceback.format_exception(kind, fault, trace))
        _LOG.error("A mistake of the program:\n%s", details)
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        if self._is_telling:
            return
        self._is_telling = True
        try:
            CrashDialog(details, self._log, self._kept(), self._window).exec()
        finally:
            self._is_telling = False

    def _kept(self) -> str:
        if not self._window.files.is_open:
            return "No map was open, so nothing is lost."
        if self._window.editor.is_modified:
            return (
                "The map is still open as it was before that. Your unsaved changes are also kept "
                "on disk, and are offered again should DepMap end before you save."
            )
        return "The map is still open, and all of it is saved."


def _open_log() -> Path | None:
    """The log in the user's own folder; None where none can be written."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    folder = Path(QStandardPaths.writableLocation(place))
    path = folder / "depmap.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    return path


def _program_icon() -> QIcon:
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128):
        made.addPixmap(icon_pixmap("map", LIGHT.accent, size))
    return made
