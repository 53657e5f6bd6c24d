"""What an edited workbook says differently, to be accepted or declined one by one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from depmap_gui.domain.differences import count_words
from depmap_gui.gui import numbers
from depmap_gui.gui.dialogs.difference_list import DifferenceList
from depmap_gui.session.round_trip import Comparison, Told

_NOTES_SHOWN = 4
_SIZE = (960, 560)


class ReviewDialog(QDialog):
    """The reviewed list. It is accepted with Apply; :attr:`chosen` are the checked differences."""

    def __init__(self, comparison: Comparison, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Apply workbook")
        self.list = DifferenceList(comparison, reviewed=True)
        found = [each.difference for each in comparison.told]
        heading = QLabel(f"“{source}” differs from the map: {count_words(found)}")
        heading.setProperty("role", "heading")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        help = QLabel(
            "Check what is to be taken over into the map. It becomes one step of the history, and "
            "can be undone."
        )
        help.setWordWrap(True)
        self.apply_button = QPushButton()
        self.apply_button.setProperty("primary", True)
        self.apply_button.setDefault(True)
        self.apply_button.clicked.connect(self.accept)
        cancel = QPushButton("&Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.apply_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(help)
        if comparison.notices:
            layout.addWidget(notes(comparison.notices))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.list.model.checked_changed.connect(self._count)
        self._count()
        self.resize(*_SIZE)

    @property
    def chosen(self) -> list[Told]:
        """The differences that were checked."""
        return self.list.model.chosen()

    @Slot()
    def _count(self) -> None:
        number = len(self.chosen)
        self.apply_button.setText(
            f"&Apply {numbers.count(number)} {'change' if number == 1 else 'changes'}"
        )
        self.apply_button.setEnabled(number > 0)


def notes(sentences: tuple[str, ...]) -> QLabel:
    """The first few sentences about the whole, the rest in the tip."""
    shown = [f"• {each}" for each in sentences[:_NOTES_SHOWN]]
    if len(sentences) > _NOTES_SHOWN:
        shown.append(f"• and {len(sentences) - _NOTES_SHOWN} more notes")
    label = QLabel("\n".join(shown))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setToolTip("\n".join(sentences[:40]))
    label.setWordWrap(True)
    return label
