"""Small pieces that the pages of the import wizard share: words, cards, the strip of a job."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.numbers import in_locale

_ESTIMATE_AFTER = 2.0
_QUOTED = re.compile(r"((?<!\w)'[^']*'(?!\w))")


def told(message: str) -> str:
    """What the reading of a table tells, its figures as the locale writes them.

    What is quoted stays: it is what the file says.
    """
    parts = _QUOTED.split(message)
    return "".join(part if n % 2 else in_locale(part) for n, part in enumerate(parts))


def label(words: str, role: str = "") -> QLabel:
    """Words on a page, never taken for markup, broken where they are too long."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    return made


def button(words: str, run: Callable[[], object], tip: str = "") -> QPushButton:
    """A button that Enter in a field does not press."""
    made = QPushButton(words)
    made.setAutoDefault(False)
    if tip:
        made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: run())
    return made


def card(*widgets: QWidget) -> QFrame:
    """A framed group of widgets, one below the other."""
    made = QFrame()
    made.setProperty("role", "card")
    layout = QVBoxLayout(made)
    layout.setContentsMargins(12, 10, 12, 10)
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout, at once out of sight."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            emptied(inner)


class Choice(ChoiceBox):
    """A list to choose from; the wheel scrolls the page, and long entries do not widen it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: leave the wheel to the page."""
        event.ignore()


class JobStrip(QWidget):
    """What a job is doing, how far it is, how long it takes, and a way to stop it."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "muted")
        self.words.setWordWrap(False)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setMaximumHeight(8)
        self.stop = button("S&top", self.stop_asked.emit, "Stop this; nothing is changed")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.bar, self.words, self.stop):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._started = 0.0
        self.hide()

    def begin(self, words: str) -> None:
        """Show that a job has begun."""
        self._started = time.monotonic()
        self.progress(0.0, words)
        self.show()

    def progress(self, fraction: float, words: str) -> None:
        """Show how far it is (0..1; 0: not known) and what it does now."""
        elapsed = time.monotonic() - self._started
        if elapsed > _ESTIMATE_AFTER and 0.05 < fraction < 1:
            words += f" · about {max(1, round(elapsed / fraction - elapsed))} s left"
        self.words.setText(f"{words}…")
        self.bar.setRange(0, 1000 if fraction > 0 else 0)
        self.bar.setValue(round(fraction * 1000))
        self.bar.setAccessibleName(words)
