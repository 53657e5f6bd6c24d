"""The banner over the map while a shock is on: what is off, how it looks, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

_SHEET = """
QFrame#shock-banner {{ background: {raised}; border: 1px solid {ineligible}; border-radius: 8px; }}
QFrame#shock-banner QPushButton {{
    background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 2px 4px; font-weight: 600; color: {text}; text-align: left;
}}
QFrame#shock-banner QPushButton:hover {{ background: {hover}; }}
QFrame#shock-banner QPushButton:focus {{ border: 1px solid {accent}; }}
QFrame#shock-banner QLabel {{ color: {muted}; }}
QFrame#shock-banner QToolButton {{ padding: 0; }}
"""
_WIDEST = 760
_TOP = 10
_AROUND = 96


class ShockBanner(QFrame):
    """One line at the top of the map. Its words lead to the panel; its cross ends the shock."""

    open_requested = Signal()
    clear_requested = Signal()

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("shock-banner")
        self.setAccessibleName("Shock")
        # A press on the banner is none on the map below it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._words = ""
        self._sign = QLabel()
        self.words = QPushButton()
        self.words.setToolTip("Show what is lost (Ctrl+Shift+K)")
        self.words.clicked.connect(lambda _checked=False: self.open_requested.emit())
        self.note = QLabel()
        self.clear = QToolButton()
        self.clear.setToolTip("End the shock: switch everything on again")
        self.clear.setAccessibleName("End the shock")
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
        self.setStyleSheet(_SHEET.format(**colors))
        self._sign.setPixmap(icon("shock", theme, theme.ineligible_text, 16).pixmap(16, 16))
        self.clear.setIcon(icon("x", theme, theme.text, 14))
        self._fit()

    def tell(self, words: str, note: str) -> None:
        """Say what is off and how it stands; with no words there is no banner."""
        self._words = words
        self.note.setText(note)
        self.words.setAccessibleName(f"{words}. {note}")
        self.setVisible(bool(words))
        self._fit()

    def place(self) -> None:
        """Stay in the middle of the upper edge, no wider than there is room."""
        self._fit()

    def _fit(self) -> None:
        over = self.parentWidget()
        if not self._words or over is None:
            return
        room = min(_WIDEST, over.width() - 24)
        font = self.words.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        # What is off comes before how it looks: the note gives way where both do not fit.
        beside = self.note.sizeHint().width() + 6
        needed = metrics.horizontalAdvance(self._words) + _AROUND
        self.note.setVisible(bool(self.note.text()) and needed + beside <= room)
        taken = _AROUND + (0 if self.note.isHidden() else beside)
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(room - taken, 60))
        self.words.setText(text.replace("&", "&&"))
        self._row.activate()
        width = min(self.sizeHint().width(), room)
        self.resize(width, self.sizeHint().height())
        self.move((over.width() - width) // 2, _TOP)
