"""Which rows of a table are taken: those whose cell in one column has one of these values."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.exchange.tables.grid import CellRange
from depmap_gui.exchange.tables.headers import area
from depmap_gui.exchange.tables.records import RowFilter
from depmap_gui.gui.dialogs.import_wizard_parts import button, label
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan
from depmap_gui.gui.numbers import count
from depmap_gui.session.importing import shown

MOST_VALUES = 1_000
_SIZE = (420, 460)
_VALUE = Qt.ItemDataRole.UserRole


def values_of(plan: ImportPlan, sheet: str, column: int) -> Counter[str]:
    """What the cells of a column below its head say, and how many say so."""
    table = plan.of(sheet).table
    found = plan.file.sheet(sheet)
    within = CellRange.parse(table.mapping.range) if table.mapping.range else None
    rows = area(found, within)[table.first_row :]
    texts = (shown(row[column]) if column < len(row) else "" for row in rows)
    return Counter(" ".join(text.split()) for text in texts)


class RowsDialog(QDialog):
    """The values of a column with check marks. ``chosen`` is the filter, or None for all rows."""

    def __init__(
        self, head: str, values: Counter[str], now: RowFilter | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take only some rows")
        self._head = head
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the values")
        self.search.setAccessibleName("Search the values")
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(f"Values of {head}")
        self.list.setSpacing(3)
        kept = {value.casefold() for value in now.values} if now is not None else None
        for value, number in values.most_common(MOST_VALUES):
            item = QListWidgetItem(f"{value or '(empty)'}   {count(number)}")
            item.setData(_VALUE, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_kept = kept is None or value.casefold() in kept
            item.setCheckState(Qt.CheckState.Checked if is_kept else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.ok = button("&Take these rows", self.accept)
        self.ok.setDefault(True)
        self.ok.setProperty("primary", True)
        self._lay_out(len(values))
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._count)
        self._count()
        self.resize(*_SIZE)

    @property
    def chosen(self) -> RowFilter | None:
        """The filter that was chosen; None where every value is taken."""
        items = [self.list.item(at) for at in range(self.list.count())]
        kept = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        if len(kept) == len(items):
            return None
        return RowFilter(header=self._head, values=tuple(str(i.data(_VALUE)) for i in kept))

    def _lay_out(self, number: int) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(label(f"Take the rows whose “{self._head}” is one of these:"))
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(button("&All", lambda: self._check(is_on=True), "Check all that is shown"))
        head.addWidget(button("&None", lambda: self._check(is_on=False), "Uncheck all shown"))
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        if number > MOST_VALUES:
            layout.addWidget(
                label(f"The column has {count(number)} values; the commonest are shown.", "muted")
            )
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", self.reject))
        buttons.addWidget(self.ok)
        layout.addLayout(buttons)

    def _check(self, *, is_on: bool) -> None:
        for at in range(self.list.count()):
            item = self.list.item(at)
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)

    @Slot()
    def _narrow(self) -> None:
        words = self.search.text().casefold().split()
        for at in range(self.list.count()):
            item = self.list.item(at)
            text = str(item.data(_VALUE)).casefold()
            item.setHidden(not all(word in text for word in words))

    @Slot()
    def _count(self) -> None:
        checked = (self.list.item(at).checkState() for at in range(self.list.count()))
        self.ok.setEnabled(any(state is Qt.CheckState.Checked for state in checked))
