"""A box to choose from whose opened list shows every entry in full, however narrow the box is."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QStyle

_ROWS_AT_ONCE = 16


class ChoiceBox(QComboBox):
    """A combo box; its list opens below it, as wide as its longest entry."""

    def showPopup(self) -> None:
        """Qt: open the list, with room for the longest entry and for the bar that scrolls it."""
        self.setMaxVisibleItems(_ROWS_AT_ONCE)
        entries = self.view()
        room = entries.sizeHintForColumn(self.modelColumn()) + 2 * entries.frameWidth()
        margins = entries.contentsMargins()
        room += margins.left() + margins.right()
        if self.count() > self.maxVisibleItems():
            room += self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        entries.setMinimumWidth(room)
        super().showPopup()
