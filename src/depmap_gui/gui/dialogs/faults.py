"""Why a file cannot be opened: all of its faults at once, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.dialogs.buttons import close_row
from depmap_gui.gui.dialogs.sizes import open_at


class FaultsDialog(QDialog):
    """A table of (place, sentence), to be read or copied."""

    def __init__(
        self, path: Path, faults: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("The map cannot be opened")
        self._faults = tuple(faults)
        self._path = path
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        heading = QLabel(f"“{path.name}” has {count}")
        heading.setProperty("role", "heading")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        kept = QLabel(
            "The file was left as it is, and what you had open stays open. Mend the places named "
            "below in a text editor, or go back to an earlier copy, and open it again."
        )
        kept.setWordWrap(True)
        buttons = close_row(self)
        copy = buttons.addButton("Co&py", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setToolTip("Copy the list as text")
        copy.clicked.connect(self.copy)
        copy.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(kept)
        layout.addWidget(self._table(), 1)
        layout.addWidget(buttons)
        open_at(self, 680, 380)

    def copy(self) -> None:
        """Put the list on the clipboard, one fault a line."""
        lines = [str(self._path), *(f"{place}\t{text}" for place, text in self._faults)]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(self._faults), 2)
        table.setAccessibleName("Faults of the file")
        table.setHorizontalHeaderLabels(["Where", "What is wrong"])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(True)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        for row, (place, text) in enumerate(self._faults):
            table.setItem(row, 0, QTableWidgetItem(place))
            table.setItem(row, 1, QTableWidgetItem(text))
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows = table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table
