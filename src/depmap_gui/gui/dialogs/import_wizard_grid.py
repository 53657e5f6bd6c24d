"""A sheet shown as a spreadsheet shows it: only the cells in sight are made into words."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from depmap_gui.exchange.tables.grid import CellRange, cell_name, column_letters
from depmap_gui.gui.dialogs.import_wizard_plan import as_in_file
from depmap_gui.gui.theme import Theme
from depmap_gui.session.importing import Sheet, TableProposal, shown

LONGEST_SHOWN = 200
_WIDEST, _NARROWEST, _ROWS_MEASURED = 220, 56, 40
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class _Part(Enum):
    """What a cell is part of."""

    HEADER = "header"
    BODY = "body"
    OUTSIDE = "outside"


class SheetModel(QAbstractTableModel):
    """The cells of one sheet; the header and what lies outside the table look otherwise."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source = self._sheet = Sheet(name="", rows=())
        self._box: CellRange | None = None
        self._columns = 0
        self._errors: frozenset[tuple[int, int]] = frozenset()
        self._range: CellRange | None = None
        self._header = range(0)
        self._heads: frozenset[tuple[int, int | None]] = frozenset()
        self._body = 0

    @property
    def sheet(self) -> Sheet:
        """The sheet that is shown, as the file has it."""
        return self._sheet

    @property
    def source(self) -> Sheet:
        """The table it was asked to show: the sheet, a part of it, or one that was turned."""
        return self._source

    def show(self, sheet: Sheet, table: TableProposal | None) -> None:
        """Show a sheet, and how its table would be read."""
        self.beginResetModel()
        if sheet is not self._source:
            self._source, self._sheet = sheet, as_in_file(sheet)
            self._columns = self._sheet.width
            self._errors = frozenset(self._sheet.errors)
            self._box = _box(sheet) if sheet.whole is not None else None
        self._range, self._header, self._heads, self._body = self._box, range(0), frozenset(), 0
        if table is not None:
            within = table.mapping.range
            self._range = CellRange.parse(within) if within else self._box
            header = range(
                table.first_row if table.header_row is None else table.header_row, table.first_row
            )
            if sheet.spots is not None and not within:
                # Rows are counted as they were turned; their heads stand elsewhere.
                self._heads = frozenset(spot for row in header for spot in sheet.spots[row])
            else:
                self._header, self._body = header, table.first_row
        self.endResetModel()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: rows of the sheet."""
        return 0 if parent.isValid() else len(self._sheet.rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Qt: columns of the sheet."""
        return 0 if parent.isValid() else self._columns

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Qt: letters above, numbers beside."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        is_column = orientation is Qt.Orientation.Horizontal
        return column_letters(section) if is_column else str(section + 1)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell shows and how it looks."""
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(row, column)[:LONGEST_SHOWN].replace("\n", " ⏎ ")
            case Qt.ItemDataRole.ToolTipRole:
                return self._words(row, column) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{cell_name(row, column)} {self._words(row, column)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                cell = self._cell(row, column)
                is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
                side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.BackgroundRole:
                return self._ground(row, column)
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(row, column)
            case Qt.ItemDataRole.FontRole if self._part(row, column) is _Part.HEADER:
                font = QFont()
                font.setBold(True)
                return font
            case _:
                return None

    def _cell(self, row: int, column: int) -> object:
        cells = self._sheet.rows[row]
        return cells[column] if column < len(cells) else None

    def _words(self, row: int, column: int) -> str:
        if (row, column) in self._errors:
            return "#error"
        cells = self._sheet.rows[row]
        return shown(cells[column]) if column < len(cells) else ""

    def _part(self, row: int, column: int) -> _Part:
        within = self._range
        if within is not None and not (
            within.top <= row <= within.bottom and within.left <= column <= within.right
        ):
            return _Part.OUTSIDE
        if row in self._header or (row, column) in self._heads:
            return _Part.HEADER
        return _Part.BODY if row >= self._body else _Part.OUTSIDE

    def _ground(self, row: int, column: int) -> QBrush | None:
        match self._part(row, column):
            case _Part.HEADER:
                return QBrush(QColor(self._theme.accent_tint))
            case _Part.OUTSIDE:
                return QBrush(QColor(self._theme.sunken))
            case _Part.BODY:
                return None

    def _ink(self, row: int, column: int) -> QBrush | None:
        if (row, column) in self._errors:
            return QBrush(QColor(self._theme.ineligible_text))
        match self._part(row, column):
            case _Part.HEADER:
                return QBrush(QColor(self._theme.accent_text))
            case _Part.OUTSIDE:
                return QBrush(QColor(self._theme.muted))
            case _Part.BODY:
                return None


def _box(sheet: Sheet) -> CellRange | None:
    """The range of the file's sheet that a table's cells stand in."""
    spots = [
        sheet.spot(row, column)
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if cell is not None
    ]
    rows = [row for row, _ in spots]
    columns = [column for _, column in spots if column is not None]
    if not columns:
        return None
    return CellRange(min(rows), min(columns), max(rows), max(columns))


class SheetView(QTableView):
    """A sheet to look at and to select a range in."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = SheetModel(theme, self)
        self.setModel(self.grid)
        self.setAccessibleName("Cells of the sheet")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        # Tab leaves the grid: a form is walked through with it.
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(24)
        self.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )

    def show_sheet(self, sheet: Sheet, table: TableProposal | None) -> None:
        """Show a sheet; its columns are as wide as the words that begin it."""
        is_other = sheet is not self.grid.source
        self.grid.show(sheet, table)
        if is_other:
            self._fit_columns()

    def chosen_range(self) -> CellRange | None:
        """The cells that are selected, where they are more than one."""
        ranges = self.selectionModel().selection()
        if ranges.isEmpty():
            return None
        one = ranges.first()
        if one.height() * one.width() < 2:
            return None
        return CellRange(one.top(), one.left(), one.bottom(), one.right())

    def go_to(self, row: int, column: int | None) -> None:
        """Bring a cell, or a whole row, into sight and select it."""
        model = self.grid
        if not 0 <= row < model.rowCount() or not model.columnCount():
            return
        at = model.index(row, min(column or 0, model.columnCount() - 1))
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(at, flag.NoUpdate)
        last = at if column is not None else model.index(row, model.columnCount() - 1)
        self.selectionModel().select(QItemSelection(at, last), flag.ClearAndSelect)
        self.scrollTo(at, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _fit_columns(self) -> None:
        metrics = self.fontMetrics()
        rows = self.grid.sheet.rows[:_ROWS_MEASURED]
        for column in range(self.grid.columnCount()):
            words = (shown(row[column])[:40] for row in rows if column < len(row))
            widest = max(map(metrics.horizontalAdvance, words), default=0)
            self.setColumnWidth(column, min(max(widest + 24, _NARROWEST), _WIDEST))
