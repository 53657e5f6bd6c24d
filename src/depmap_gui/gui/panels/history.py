"""The history: every step as a sentence; a click goes back, or forward again, to there."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QUndoView, QVBoxLayout, QWidget

from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme


class HistoryPanel(QWidget):
    """What was done since the map was opened, the latest step last; saved steps are marked."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = QLabel("Click a step to go back to it, or forward again. Nothing is lost.")
        self._hint.setProperty("role", "muted")
        self._hint.setContentsMargins(12, 6, 12, 6)
        self._hint.setWordWrap(True)
        self.list = QUndoView(editor.history)
        self.list.setAccessibleName("Steps made, oldest first")
        self.list.setEmptyLabel("Map opened")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self.list.setCleanIcon(icon("save", theme, theme.accent_text, 14))
