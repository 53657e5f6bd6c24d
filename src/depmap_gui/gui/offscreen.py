"""An application object where there may be no display: for pictures, tests and measurements."""

from __future__ import annotations

import atexit
import os
import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from depmap_gui.gui.numbers import settle_locale
from depmap_gui.resources import resource


def application(*, on_large_screen: bool = False) -> QApplication:
    """The running application, or a new one that needs no display.

    What stands for the screen is as small as 800 by 800 pixels, and dialogs keep within it; a
    large one lets them open as they do at a desk.
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # A path of Windows, with its colon, cannot be handed over in this way.
    if on_large_screen and sys.platform != "win32":
        os.environ["QT_QPA_PLATFORM"] += f":configfile={resource('screen.json')}"
    settle_locale()
    app = QApplication(sys.argv[:1])
    atexit.register(empty_clipboard)
    return app


def empty_clipboard() -> None:
    """Let go of what was copied, where no desktop takes care of it.

    Qt would destroy it when Python has ended; what Python made of it cannot bear that.
    """
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication) and app.platformName() == "offscreen":
        app.clipboard().clear()
