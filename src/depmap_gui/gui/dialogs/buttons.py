"""The row of buttons under a dialog that only tells."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def close_row(dialog: QDialog) -> QDialogButtonBox:
    """A row with Close, which Enter and Esc press, too; more buttons may be added."""
    row = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    close = row.button(QDialogButtonBox.StandardButton.Close)
    # Some desktops put an icon of their own set here, which fits neither theme.
    close.setIcon(QIcon())
    close.setDefault(True)
    row.rejected.connect(dialog.reject)
    return row
