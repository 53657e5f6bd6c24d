"""A list of differences: each with what it is, where it stands, and (to review) a check mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.differences import Change
from depmap_gui.domain.kinds import Section
from depmap_gui.gui import numbers
from depmap_gui.session.round_trip import Comparison, Told

_WORDS = {Change.ADDED: "+ added", Change.REMOVED: "− removed", Change.CHANGED: "~ changed"}
_NOT_TAKEN = "! not taken"
_WORDS_COLUMN, _CHANGE_COLUMN, _CELL_COLUMN = range(3)
_HEADINGS = ("What differs", "Change", "Where")
_WIDTHS = (560, 110, 150)
# fmt: off
_KINDS = {
    "": "The map as a whole", "plant": "Plants", "company": "Companies", "license": "Licenses",
    "material": "Materials", "jurisdiction": "Jurisdictions", "supplies": "Supply",
    "owns": "Ownership", "lends": "Debt", "uses": "License use", "licenses": "Licensors",
    "located": "Locations", "operates": "Operators",
}
# fmt: on
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Row(NamedTuple):
    """A line of the list; ``told`` is None for what could not be taken over."""

    words: str
    change: str
    cell: str
    told: Told | None
    kind: str = ""


def rows_of(comparison: Comparison) -> list[Row]:
    """What could not be taken first, then every difference."""
    rows = [Row(f"{problem}.", _NOT_TAKEN, "", None) for problem in comparison.problems]
    rows += [
        Row(each.words, _WORDS[each.difference.change], each.cell, each, _kind_words(each))
        for each in comparison.told
    ]
    return rows


def _kind_words(told: Told) -> str:
    difference = told.difference
    about = difference.kind or str(difference.section or "")
    return _KINDS.get(about, about.capitalize())


class DifferenceModel(QAbstractTableModel):
    """The rows as a table; where they are reviewed, each difference has a check mark."""

    checked_changed = Signal()

    def __init__(self, rows: list[Row], *, reviewed: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self._reviewed = reviewed
        self._checked = [row.told is not None for row in rows]
        self._shown = list(range(len(rows)))

    def chosen(self) -> list[Told]:
        """The differences that are checked, in sight or not."""
        return [
            row.told
            for row, checked in zip(self.rows, self._checked, strict=True)
            if checked and row.told is not None
        ]

    def narrow(self, letters: str, changes: Collection[str], kind: str) -> None:
        """Show only rows of these changes and that kind in which all the words occur."""
        wanted = letters.casefold().split()

        def fits(row: Row) -> bool:
            if row.change not in changes or (kind and row.kind != kind):
                return False
            text = f"{row.words} {row.change} {row.cell}".casefold() if wanted else ""
            return all(word in text for word in wanted)

        self.beginResetModel()
        self._shown = [number for number, row in enumerate(self.rows) if fits(row)]
        self.endResetModel()

    def row_at(self, index: _Index) -> Row:
        """The row that an index shows."""
        return self.rows[self._shown[index.row()]]

    def check(self, shown: Iterable[int], *, checked: bool) -> None:
        """Check these of the rows in sight, or take their marks away."""
        for at in shown:
            number = self._shown[at]
            self._checked[number] = checked and self.rows[number].told is not None
        if self._shown:
            last = self.index(len(self._shown) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self.checked_changed.emit()

    def toggle(self, shown: Collection[int]) -> None:
        """Check these of the rows in sight; where all of them are, take their marks away."""
        marked = [self._shown[at] for at in shown if self.rows[self._shown[at]].told is not None]
        self.check(shown, checked=not all(self._checked[number] for number in marked))

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many rows there are."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many columns there are."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Qt: a column's heading."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell shows."""
        row = self.row_at(index)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return (row.words, row.change, row.cell)[index.column()]
            case Qt.ItemDataRole.CheckStateRole if self._has_mark(index):
                checked = self._checked[self._shown[index.row()]]
                return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
            case _:
                return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt: a check mark was set or taken away."""
        if role != Qt.ItemDataRole.CheckStateRole or not self._has_mark(index):
            return False
        is_checked = Qt.CheckState(value) is Qt.CheckState.Checked
        self._checked[self._shown[index.row()]] = is_checked
        self.dataChanged.emit(index, index, [role])
        self.checked_changed.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Qt: what can be done with a cell."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self._has_mark(index) else flags

    def _has_mark(self, index: _Index) -> bool:
        is_first = self._reviewed and index.column() == _WORDS_COLUMN
        return is_first and self.row_at(index).told is not None


class _Table(QTableView):
    """The table; Space checks what is selected, or takes the marks away."""

    toggle_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle_asked.emit()
        else:
            super().keyPressEvent(event)


class DifferenceList(QWidget):
    """The list with what narrows it; ``jump_requested`` carries the id to show on the map."""

    jump_requested = Signal(str)

    def __init__(
        self, comparison: Comparison, *, reviewed: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        rows = rows_of(comparison)
        self.model = DifferenceModel(rows, reviewed=reviewed, parent=self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search: a name, a field, a sheet, a cell such as F17…")
        self.search.setAccessibleName("Search the differences")
        self.search.setClearButtonEnabled(True)
        self.kinds = self._made_kinds(rows)
        self.changes = self._made_changes(rows)
        self.table = self._made_table(reviewed=reviewed)
        self.search.textChanged.connect(self._narrow)
        self.kinds.currentIndexChanged.connect(self._narrow)
        head, second = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(self.kinds)
        for toggle in self.changes.values():
            second.addWidget(toggle)
        second.addStretch(1)
        if reviewed:
            for text, checked, tip in (
                ("Check &all shown", True, "Accept every difference in the list below"),
                ("Check &none shown", False, "Decline every difference in the list below"),
            ):
                button = QPushButton(text)
                button.setAutoDefault(False)
                button.setToolTip(tip)
                button.clicked.connect(lambda _=False, checked=checked: self._check(checked))
                second.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(second)
        layout.addWidget(self.table, 1)

    def _made_kinds(self, rows: list[Row]) -> QComboBox:
        kinds = QComboBox()
        kinds.setAccessibleName("Kind of what differs")
        counted = Counter(row.kind for row in rows if row.kind)
        kinds.addItem(f"Everything  {numbers.count(len(rows))}", "")
        for kind in sorted(counted):
            kinds.addItem(f"{kind}  {numbers.count(counted[kind])}", kind)
        kinds.setVisible(len(counted) > 1)
        return kinds

    def _made_changes(self, rows: list[Row]) -> dict[str, QPushButton]:
        counted = Counter(row.change for row in rows)
        made = {}
        for change in (_NOT_TAKEN, *_WORDS.values()):
            if counted[change]:
                toggle = QPushButton(f"{change}  {numbers.count(counted[change])}")
                toggle.setCheckable(True)
                toggle.setChecked(True)
                toggle.setAutoDefault(False)
                toggle.setToolTip(f"Show or hide what is {change[2:]}")
                toggle.toggled.connect(self._narrow)
                made[change] = toggle
        return made

    def _made_table(self, *, reviewed: bool) -> QTableView:
        table = _Table()
        table.setAccessibleName("Differences")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        table.setSelectionMode(mode.ExtendedSelection if reviewed else mode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_WORDS_COLUMN, QHeaderView.ResizeMode.Stretch)
        for column in (_CHANGE_COLUMN, _CELL_COLUMN):
            table.setColumnWidth(column, _WIDTHS[column])
        if not any(row.cell for row in self.model.rows):
            table.setColumnHidden(_CELL_COLUMN, True)
        table.selectionModel().currentRowChanged.connect(self._on_row)
        if reviewed:
            table.toggle_asked.connect(self._toggle)
        return table

    @Slot()
    def _narrow(self) -> None:
        changes = {change for change, toggle in self.changes.items() if toggle.isChecked()}
        self.model.narrow(self.search.text(), changes, str(self.kinds.currentData() or ""))

    def _check(self, checked: bool) -> None:
        self.model.check(range(self.model.rowCount()), checked=checked)

    @Slot()
    def _toggle(self) -> None:
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        if rows:
            self.model.toggle(rows)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid():
            return
        told = self.model.row_at(index).told
        on_map = (Section.ENTITIES, Section.LINKS)
        if told is not None and told.difference.section in on_map:
            self.jump_requested.emit(told.difference.id)
