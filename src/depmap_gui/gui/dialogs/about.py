"""About the program: version, what it rests on, and that it is no legal advice."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from depmap_gui import __version__
from depmap_gui.gui.dialogs.buttons import close_row
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.icons import icon_pixmap
from depmap_gui.gui.theme import Theme

LEGAL = "DepMap is an aid to analysis. It gives no legal or tax advice, and no warranty."
LICENSES = """\
DepMap is free software under the MIT license.

It is built on these works, each under its own license:
  Python - Python Software Foundation License
  Qt and PySide6 - GNU Lesser General Public License, version 3
  NumPy, SciPy, NetworkX, msgspec, XlsxWriter - BSD licenses
  Inter (typeface) - SIL Open Font License 1.1
  Lucide (icons) - ISC license

Qt is used as shared libraries that you may replace with your own build."""


class AboutDialog(QDialog):
    """Version, notice and licenses."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About DepMap")
        mark = QLabel()
        mark.setPixmap(icon_pixmap("map", theme.accent, 44, self.devicePixelRatioF()))
        name = QLabel(f"DepMap {__version__}")
        name.setProperty("role", "title")
        what = QLabel("Draws and scores whom a plant depends on, by jurisdiction.")
        what.setWordWrap(True)
        ground = QLabel(f"Python {platform.python_version()} · Qt {qVersion()}")
        ground.setProperty("role", "muted")
        words = QVBoxLayout()
        words.setSpacing(3)
        for label in (name, what, ground):
            words.addWidget(label)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        legal = QLabel(LEGAL)
        legal.setWordWrap(True)
        licenses = QPlainTextEdit(LICENSES)
        licenses.setReadOnly(True)
        licenses.setAccessibleName("Licenses")
        buttons = close_row(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addWidget(legal)
        layout.addWidget(licenses, 1)
        layout.addWidget(buttons)
        open_at(self, 560, 440)
        buttons.setFocus()
