"""How large a dialog opens: as designed, larger with larger text, never beyond the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from depmap_gui.gui.theme import BASE_POINTS

_AROUND = 40


def grown_with(widget: QWidget, pixels: float) -> int:
    """A length that is ``pixels`` for text as designed, and more for larger text."""
    return round(pixels * max(1.0, widget.font().pointSizeF() / BASE_POINTS))


def open_at(dialog: QWidget, width: int, height: int) -> None:
    """Make the dialog as large as ``width`` by ``height`` pixels are for text as designed."""
    grown = max(1.0, dialog.font().pointSizeF() / BASE_POINTS)
    room = dialog.screen().availableGeometry()
    dialog.resize(
        min(round(width * grown), room.width() - _AROUND),
        min(round(height * grown), room.height() - _AROUND),
    )
