"""The program with a window: one application object, its looks, its windows, its last resort."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QPoint, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from depmap_gui import __version__
from depmap_gui.gui.dialogs.crash import CrashDialog
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.looks import dress
from depmap_gui.gui.main_window import MainWindow, Surroundings
from depmap_gui.gui.numbers import settle_locale
from depmap_gui.gui.offscreen import empty_clipboard
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.theme import LIGHT, Theme
from depmap_gui.resources import samples

NAME = "DepMap"
_LOG_BYTES = 1_000_000
_BESIDE = 28
"""How far a further window stands from the one before, in each direction."""
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


class Windows:
    """The windows that are open, each on a project of its own, all in the same colors."""

    def __init__(self) -> None:
        self._app = application()
        self._open: list[MainWindow] = []

    def open(self, path: Path | None = None) -> MainWindow:
        """A shown window on a project file, or on the start page where none is named."""
        around = Surroundings(Settings(), self._dress, samples(), another=self.open)
        window = MainWindow(around)
        window.closed.connect(partial(self._forget, window))
        if self._open:
            _stand_beside(window, self._open[-1])
        self._open.append(window)
        window.show()
        if path is not None:
            window.open_path(path)
        return window

    def _forget(self, window: MainWindow) -> None:
        if window in self._open:
            self._open.remove(window)

    def foremost(self) -> MainWindow | None:
        """The window worked in, else the one opened last; None where all are closed."""
        in_front = [window for window in self._open if window.isActiveWindow()]
        return next(iter(in_front or self._open[::-1]), None)

    def _dress(self, settings: Settings) -> Theme:
        theme = dress(self._app, settings)
        for window in self._open:
            window.wear(theme)
        return theme


def _stand_beside(window: MainWindow, other: MainWindow) -> None:
    """Make a window as large as another, a little aside of it, and wholly on the screen."""
    room = other.screen().availableGeometry()
    frame = other.frameGeometry().size() - other.geometry().size()
    window.resize(other.normalGeometry().size().boundedTo(room.size() - frame))
    size = window.size() + frame
    wanted = other.pos() + QPoint(_BESIDE, _BESIDE)
    window.move(
        max(room.left(), min(wanted.x(), room.left() + room.width() - size.width())),
        max(room.top(), min(wanted.y(), room.top() + room.height() - size.height())),
    )


def open_window(path: Path | None = None) -> MainWindow:
    """The first window of the program, shown."""
    return Windows().open(path)


def run(path: Path | None = None) -> int:
    """Show the window until it and all that were opened from it are closed; the exit code."""
    app = application()
    log = _open_log()
    windows = Windows()
    window = windows.open(path)
    before = sys.excepthook
    sys.excepthook = LastResort(windows.foremost, log).tell
    QTimer.singleShot(0, window, window.offer_recovered)
    try:
        return app.exec()
    finally:
        sys.excepthook = before
        empty_clipboard()


class LastResort:
    """Takes mistakes of the program that nothing else caught: logs them and says so."""

    def __init__(self, foremost: Callable[[], MainWindow | None], log: Path | None) -> None:
        self._foremost = foremost
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
            QApplication.closeAllWindows()
            return
        if self._is_telling:
            return
        self._is_telling = True
        try:
            window = self._foremost()
            CrashDialog(details, self._log, _kept(window), window).exec()
        finally:
            self._is_telling = False


def _kept(window: MainWindow | None) -> str:
    """What became of the map in the window."""
    if window is None or not window.files.is_open:
        return "No map was open, so nothing is lost."
    if window.editor.is_modified:
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
