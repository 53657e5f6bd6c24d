"""What is shown when the program itself made a mistake: what happened and what was kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.dialogs.sizes import open_at


class CrashDialog(QDialog):
    """One plain account, with the technical details below for whoever mends the program."""

    def __init__(
        self, details: str, log: Path | None, kept: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._details = details
        heading = QLabel("DepMap made a mistake and could not finish what you asked")
        heading.setProperty("role", "heading")
        heading.setWordWrap(True)
        account = QLabel(
            f"{kept} You can go on working. If figures or the picture look wrong, save the map "
            "under another name and start DepMap again."
        )
        account.setWordWrap(True)
        where = QLabel(
            f"The details below were written to {log}."
            if log is not None
            else "The details below could not be written to a log file."
        )
        where.setProperty("role", "muted")
        where.setWordWrap(True)
        text = QPlainTextEdit(details)
        text.setReadOnly(True)
        text.setAccessibleName("Technical details")
        buttons = QDialogButtonBox()
        go_on = buttons.addButton("&Go on", QDialogButtonBox.ButtonRole.AcceptRole)
        go_on.setDefault(True)
        copy = buttons.addButton("Co&py details", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        for label in (heading, account, where):
            layout.addWidget(label)
        layout.addWidget(text, 1)
        layout.addWidget(buttons)
        open_at(self, 620, 400)

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self._details)
