"""One line over the map that says what it is shown under, leads there, and has a way out."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

_SHEET = """
QFrame#line-banner {{ background: {raised}; border: 1px solid {edge}; border-radius: 8px; }}
QFrame#line-banner QPushButton {{
    background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 2px 4px; font-weight: 600; color: {text}; text-align: left;
}}
QFrame#line-banner QPushButton:hover {{ background: {hover}; }}
QFrame#line-banner QPushButton:focus {{ border: 1px solid {accent}; }}
QFrame#line-banner QLabel {{ color: {muted}; }}
QFrame#line-banner QToolButton {{ padding: 0; }}
"""
_WIDEST = 760
_TOP = 10
_AROUND = 96


class Look(NamedTuple):
    """What a banner looks like: its name, icon, colors (tokens of the theme) and tooltips."""

    name: str
    icon: str
    edge: str
    ink: str
    opens: str
    clears: str


class LineBanner(QFrame):
    """One line at the top of the map. Its words lead to a panel, its cross to the map without."""

    open_requested = Signal()
    clear_requested = Signal()

    def __init__(self, look: Look, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._look = look
        self._top = _TOP
        self.setObjectName("line-banner")
        self.setAccessibleName(look.name)
        # A press on the banner is none on the map below it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._words = ""
        self._keeps_note = False
        self._sign = QLabel()
        self.words = QPushButton()
        self.words.setToolTip(look.opens)
        self.words.clicked.connect(lambda _checked=False: self.open_requested.emit())
        self.note = QLabel()
        self.clear = QToolButton()
        self.clear.setToolTip(look.clears)
        self.clear.setAccessibleName(look.clears.partition(":")[0])
        self.clear.setAutoRaise(True)
        self.clear.setFixedSize(24, 24)
        self.clear.setIconSize(QSize(14, 14))
        self.clear.clicked.connect(lambda _checked=False: self.clear_requested.emit())
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.setSpacing(6)
        for part in (self._sign, self.words, self.note, self.clear):
            row.addWidget(part)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        colors = {name: getattr(theme, name) for name in theme.__struct_fields__}
        self.setStyleSheet(_SHEET.format(**colors, edge=colors[self._look.edge]))
        ink = colors[self._look.ink]
        self._sign.setPixmap(icon(self._look.icon, theme, ink, 16).pixmap(16, 16))
        self.clear.setIcon(icon("x", theme, theme.text, 14))
        self._fit()

    def tell(self, words: str, note: str, *, keeps_note: bool = False) -> None:
        """Say what holds and how it stands; with no words there is no banner.

        Where both do not fit the note gives way, or the words where the note is to be kept.
        """
        self._words, self._keeps_note = words, keeps_note
        self.note.setText(note)
        self.words.setAccessibleName(f"{words}. {note}")
        self.setVisible(bool(words))
        self._fit()

    def place(self, top: int = _TOP) -> None:
        """Stay in the middle, this far below the upper edge, no wider than there is room."""
        self._top = top
        self._fit()

    def _fit(self) -> None:
        over = self.parentWidget()
        if not self._words or over is None:
            return
        room = min(_WIDEST, over.width() - 24)
        font = self.words.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        # What holds comes before how it looks, but for a note that nobody may miss.
        beside = self.note.sizeHint().width() + 6
        needed = metrics.horizontalAdvance(self._words) + _AROUND
        both = self._keeps_note or needed + beside <= room
        self.note.setVisible(bool(self.note.text()) and both)
        taken = _AROUND + (0 if self.note.isHidden() else beside)
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(room - taken, 60))
        self.words.setText(text.replace("&", "&&"))
        self._row.activate()
        width = min(self.sizeHint().width(), room)
        self.resize(width, self.sizeHint().height())
        self.move((over.width() - width) // 2, self._top)
