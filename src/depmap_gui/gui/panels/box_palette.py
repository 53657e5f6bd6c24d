"""The toolbar's buttons for notes and frames: a click has the next drag on the map draw one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from depmap_gui.domain.views import Frame, Note
from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

_BOXES: dict[str, type[Note | Frame]] = {"note": Note, "frame": Frame}


class BoxPalette(QWidget):
    """``draw_asked`` carries what is to be drawn: a note or a frame."""

    draw_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self.buttons: dict[str, QToolButton] = {}
        for name, what in _BOXES.items():
            button = self.buttons[name] = QToolButton()
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setText(name.capitalize())
            button.setAccessibleName(f"Draw a {name}")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.clicked.connect(lambda _checked=False, what=what: self.draw_asked.emit(what))
            layout.addWidget(button)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        for name, button in self.buttons.items():
            button.setIcon(icon(name, theme, size=theme.icon_size()))
            button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))

    def follow(self, actions: dict[str, QAction]) -> None:
        """Be enabled as these actions are, and say what they do."""
        for name, action in actions.items():
            button = self.buttons[name]
            button.setToolTip(f"{action.toolTip()}\nThen drag on the map, or click")
            button.setEnabled(action.isEnabled())
            action.enabledChanged.connect(button.setEnabled)
