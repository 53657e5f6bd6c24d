"""The button over the map that says what is hidden here, and opens the kinds to show and hide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

_EDGE = 12
_TIP = "Kinds of items and links shown on this view"


class KindsButton(QToolButton):
    """Stands in the upper right corner; ``asked`` carries its menu, to be filled."""

    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self.setProperty("role", "floating")
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_of_kinds = QMenu(self)
        self.menu_of_kinds.setToolTipsVisible(True)
        self.menu_of_kinds.setAccessibleName(_TIP)
        self.clicked.connect(self._open)
        self.set_theme(theme)
        self.tell(0, "")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.setIcon(icon("filter", theme, theme.accent_text if self._words else theme.muted))

    def tell(self, hidden: int, words: str) -> None:
        """Say how much is hidden on this view; ``words`` say it at length."""
        self._words = words if hidden else ""
        self.setText(f"{hidden:,} hidden" if hidden else "")
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if hidden
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.setToolTip(f"{_TIP}\n{self._words}" if self._words else _TIP)
        self.setAccessibleName(f"{_TIP}; {self._words}" if self._words else _TIP)
        self.set_theme(self._theme)

    def place(self, others: Sequence[QRect]) -> None:
        """Stand in the corner of the map, below all that would lie over it."""
        self.adjustSize()
        around = self.parentWidget()
        if around is None:
            return
        here = QRect(around.width() - self.width() - _EDGE, _EDGE, self.width(), self.height())
        for other in others:
            if here.intersects(other):
                here.moveTop(other.bottom() + _EDGE // 2)
        self.setGeometry(here)

    @Slot()
    def _open(self) -> None:
        self.asked.emit(self.menu_of_kinds)
        self.menu_of_kinds.adjustSize()
        corner = QPoint(self.width() - self.menu_of_kinds.sizeHint().width(), self.height() + 4)
        self.menu_of_kinds.popup(self.mapToGlobal(corner))
