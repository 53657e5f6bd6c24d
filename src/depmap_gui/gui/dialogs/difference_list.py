"""A list of differences: each with what it is, where it stands, and (to review) a check mark."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
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
from depmap_gui.session.round_trip import Comparison, Told

_WORDS = {Change.ADDED: "+ added", Change.REMOVED: "− removed", Change.CHANGED: "~ changed"}
_NOT_TAKEN = "! not taken"
_WORDS_COLUMN, _CHANGE_COLUMN, _CELL_COLUMN = range(3)
_HEADINGS = ("What differs", "Change", "Where")
_WIDTHS = (560, 110, 150)
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Row(NamedTuple):
    """A line of the list; ``told`` is None for what could not be taken over."""

    words: str
    change: str
    cell: str
    told: Told | None


def rows_of(comparison: Comparison) -> list[Row]:
    """What could not be taken first, then every difference."""
    rows = [Row(f"{problem}.", _NOT_TAKEN, "", None) for problem in comparison.problems]
    rows += [
        Row(each.words, _WORDS[each.difference.change], each.cell, each) for each in comparison.told
    ]
    return rows


class DifferenceModel(QAbstractTableModel):
    """The rows as a table; where they are reviewed, each difference has a check mark."""

    checked_changed = Signal()

    def __init__(self, rows: list[Row], *, reviewed: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self._reviewed = reviewed
        self._checked = [row.told is not None for row in rows]

    def chosen(self) -> list[Told]:
        """The differences that are checked."""
        return [
            row.told
            for row, checked in zip(self.rows, self._checked, strict=True)
            if checked and row.told is not None
        ]

    def check(self, numbers: range | list[int], *, checked: bool) -> None:
        """Check these rows, or take their marks away."""
        for number in numbers:
            self._checked[number] = checked and self.rows[number].told is not None
        if self.rows:
            last = self.index(len(self.rows) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self.checked_changed.emit()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

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
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return (row.words, row.change, row.cell)[index.column()]
            case Qt.ItemDataRole.CheckStateRole if self._has_mark(index):
                checked = self._checked[index.row()]
                return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
            case _:
                return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt: a check mark was set or taken away."""
        if role != Qt.ItemDataRole.CheckStateRole or not self._has_mark(index):
            return False
        self._checked[index.row()] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index, [role])
        self.checked_changed.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Qt: what can be done with a cell."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self._has_mark(index) else flags

    def _has_mark(self, index: _Index) -> bool:
        told = self.rows[index.row()].told
        return self._reviewed and index.column() == _WORDS_COLUMN and told is not None


class DifferenceList(QWidget):
    """The list with a field to search it; ``jump_requested`` carries the id to show on the map."""

    jump_requested = Signal(str)

    def __init__(
        self, comparison: Comparison, *, reviewed: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = DifferenceModel(rows_of(comparison), reviewed=reviewed, parent=self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._shown.setFilterKeyColumn(-1)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search: a name, added, removed, changed, a sheet…")
        self.search.setAccessibleName("Search the differences")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self.table = self._made_table()
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        if reviewed:
            for text, checked, tip in (
                ("Check &all", True, "Accept every difference that the search shows"),
                ("Check &none", False, "Decline every difference that the search shows"),
            ):
                button = QPushButton(text)
                button.setAutoDefault(False)
                button.setToolTip(tip)
                button.clicked.connect(lambda _=False, checked=checked: self._check(checked))
                head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName("Differences")
        table.setModel(self._shown)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
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
        return table

    def _check(self, checked: bool) -> None:
        shown = [
            self._shown.mapToSource(self._shown.index(row, 0)).row()
            for row in range(self._shown.rowCount())
        ]
        self.model.check(shown, checked=checked)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid():
            return
        told = self.model.rows[self._shown.mapToSource(index).row()].told
        on_map = (Section.ENTITIES, Section.LINKS)
        if told is not None and told.difference.section in on_map:
            self.jump_requested.emit(told.difference.id)
