"""One table as it is seen: keys, copy and paste, and which rows are selected."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionRange, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from depmap_gui.gui.panels.field_words import KIND_WORDS
from depmap_gui.gui.panels.tables_cells import CellDelegate
from depmap_gui.gui.panels.tables_clipboard import from_clipboard, placed, to_clipboard
from depmap_gui.gui.panels.tables_columns import FieldColumn
from depmap_gui.gui.panels.tables_model import RecordTable

MOST_FAULTS_TOLD = 3
HEADING_ROOM = 44
"""Room beside a heading for padding and the arrow that says how the column is sorted."""


class TableView(QTableView):
    """A table of records. Copies with headings; pastes as one step; Delete makes cells unknown;
    Ctrl+D repeats the uppermost of the selected cells."""

    told = Signal(str)
    removal_requested = Signal()
    table_pasted = Signal(str)
    """Cells that have no place here, as Excel copied them."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__()
        self.table = table
        self.setModel(table)
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_up_headers()

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(QFontMetrics(self.font()).height() + 12)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for at, column in enumerate(self.table.columns):
            title = self.table.headerData(at, Qt.Orientation.Horizontal)
            room = columns.fontMetrics().horizontalAdvance(title) + HEADING_ROOM
            self.setColumnWidth(at, max(self.table.desk.theme.sized(column.width), room))

    # Selection -------------------------------------------------------------------------------

    def _blocks(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def rows(self) -> list[int]:
        """The rows that have a selected cell, from top to bottom."""
        found: set[int] = set()
        for block in self._blocks():
            found.update(range(block.top(), block.bottom() + 1))
        return sorted(found)

    def cells(self) -> list[tuple[int, int]]:
        """The selected cells; the current one where none is selected."""
        found = [
            (row, column)
            for block in self._blocks()
            for row in range(block.top(), block.bottom() + 1)
            for column in range(block.left(), block.right() + 1)
        ]
        current = self.currentIndex()
        return found or ([(current.row(), current.column())] if current.isValid() else [])

    def columns_in_sight(self) -> list[int]:
        """The columns that are shown, as they stand from left to right."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(at) for at in range(header.count())]
        return [column for column in order if not self.isColumnHidden(column)]

    # Clipboard -------------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the rectangle around the selected cells, headings first."""
        cells = self.cells()
        if not cells:
            return
        rows = sorted({row for row, _ in cells})
        chosen = {column for _, column in cells}
        columns = [column for column in self.columns_in_sight() if column in chosen]
        QGuiApplication.clipboard().setText(to_clipboard(self.table.copied(rows, columns)))

    def paste(self) -> None:
        """Put what Excel copied into the cells, as one step; say what was not understood.

        Rows that have no cells to go to are told of by :attr:`table_pasted`.
        """
        text = QGuiApplication.clipboard().text()
        block = from_clipboard(text)
        jurisdiction = self.table.desk.editor.jurisdiction
        columns = self.columns_in_sight()
        at = {column: number for number, column in enumerate(columns)}
        headings = [self.table.columns[each].title(self.table.names, jurisdiction)
                    for each in columns]  # fmt: skip
        cells = [(row, at[column]) for row, column in self.cells() if column in at]
        pasted = placed(block, cells, headings, self.table.rowCount())
        if len(block) > 1 and (pasted.left_out or not pasted.cells):
            self.table_pasted.emit(text)
            return
        if not pasted.cells:
            self.told.emit("There is nothing to paste here: select the upper left cell first.")
            return
        kind = KIND_WORDS[self.table.kind][1].lower()
        texts = [(row, columns[number], text) for row, number, text in pasted.cells]
        faults = self.table.set_cells(texts, f"Paste {{count}} into {kind}")
        if pasted.left_out:
            faults.append(f"{pasted.left_out} cells lay outside of the table and were left out.")
        self.told.emit(_told(faults, len(pasted.cells)))

    def fill_down(self) -> None:
        """Put the uppermost selected cell of each column into those below it, as one step.

        With one cell selected it takes what stands above it.
        """
        by_column: dict[int, list[int]] = {}
        for row, column in self.cells():
            by_column.setdefault(column, []).append(row)
        cells: list[tuple[int, int, str]] = []
        for column, rows in by_column.items():
            top, *below = sorted(rows)
            if not below and top > 0:
                top, below = top - 1, [top]
            text = self.table.typed(top, column)
            cells += [(row, column, text) for row in below if text is not None]
        if not cells:
            self.told.emit("Select the cells to fill, the one to repeat at the top.")
            return
        kind = KIND_WORDS[self.table.kind][1].lower()
        self.told.emit(_told(self.table.set_cells(cells, f"Fill {{count}} of {kind}"), len(cells)))

    def clear_cells(self) -> None:
        """Make the selected cells unknown or empty; names stay."""
        cells = [(row, column, "") for row, column in self.cells() if self._may_be_empty(column)]
        kind = KIND_WORDS[self.table.kind][1].lower()
        faults = self.table.set_cells(cells, f"Clear {{count}} of {kind}")
        self.told.emit(_told(faults, len(cells)))

    def _may_be_empty(self, column: int) -> bool:
        shown = self.table.columns[column]
        if not isinstance(shown, FieldColumn) or not shown.is_editable:
            return False
        return shown.field.name != "name" and not shown.field.required

    def open_cell(self, cell: QModelIndex) -> None:
        """Edit the cell, where it holds what can be edited and no other is being edited."""
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if cell.flags() & Qt.ItemFlag.ItemIsEditable and not is_editing:
            self.edit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, clear, remove; Return edits the cell."""
        current: QModelIndex = self.currentIndex()
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif _is_fill(event) and not is_editing:
            self.fill_down()
        elif event.matches(QKeySequence.StandardKey.Delete) and not is_editing:
            self.clear_cells()
        elif _is_removal(event):
            self.removal_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            self.open_cell(current)
        else:
            super().keyPressEvent(event)


def _is_fill(event: QKeyEvent) -> bool:
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(control) and event.key() == Qt.Key.Key_D


def _is_removal(event: QKeyEvent) -> bool:
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(control) and event.key() == Qt.Key.Key_Minus


def _told(faults: list[str], cells: int) -> str:
    """What was not understood, the first few in full."""
    if not faults:
        return ""
    more = f" And {len(faults) - MOST_FAULTS_TOLD} more." if len(faults) > MOST_FAULTS_TOLD else ""
    shown = " ".join(faults[:MOST_FAULTS_TOLD])
    return f"{len(faults)} of {cells} cells kept their old value. {shown}{more}"
