"""An application object where there may be no display: for pictures, tests and measurements."""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication

from depmap_gui.gui.numbers import settle_locale


def application() -> QApplication:
    """The running application, or a new one that needs no display."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    settle_locale()
    return QApplication(sys.argv[:1])
