"""First page of the import wizard: which sheets, which range, where the header is."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.exchange.tables.grid import FileKind
from depmap_gui.gui.dialogs.import_wizard_grid import SheetView
from depmap_gui.gui.dialogs.import_wizard_parts import Choice, button, label, told
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan, SheetPlan
from depmap_gui.gui.numbers import count
from depmap_gui.gui.theme import Theme
from depmap_gui.session.importing import template_label

_NAME = Qt.ItemDataRole.UserRole
_NOTICES_SHOWN = 3
_ENCODINGS = (
    ("utf-8", "UTF-8 (Unicode)"),
    ("utf-16", "UTF-16 (Unicode)"),
    ("cp1252", "Western European (Windows-1252)"),
    ("iso8859-15", "Western European (ISO 8859-15)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("gb18030", "Chinese, simplified (GB 18030)"),
    ("big5", "Chinese, traditional (Big5)"),
    ("shift_jis", "Japanese (Shift JIS)"),
    ("euc_kr", "Korean (EUC-KR)"),
)
_DELIMITERS = ((",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"))


class Reread(NamedTuple):
    """A sheet to be proposed anew: in this range, under this header (rows count from 1)."""

    sheet: str
    range: str | None
    header_row: int | None
    header_rows: int
    template: str | None = None


class SheetsPage(QWidget):
    """Sheets at the left, the cells at the right; it asks, the wizard does.

    ``offers_text``: encoding and delimiter can be chosen where the file is text.
    """

    plan_changed = Signal(object)
    reread_asked = Signal(object)
    text_asked = Signal(str, str)

    def __init__(self, theme: Theme, *, offers_text: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers_text = offers_text
        self._plan: ImportPlan | None = None
        self._is_filling = False
        self.list = QListWidget()
        self.list.setAccessibleName("Sheets of the file")
        self.list.setMinimumWidth(170)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view = SheetView(theme)
        self.header_row = QSpinBox()
        self.header_row.setAccessibleName("Row of the header, 0 for none")
        self.header_row.setSpecialValueText("none")
        self.header_rows = QSpinBox()
        self.header_rows.setAccessibleName("Rows of the header")
        self.header_rows.setRange(1, 9)
        self.encoding = Choice("Encoding of the text")
        self.delimiter = Choice("Mark between the cells")
        self.range_words = label("", "muted")
        self.notices = label("", "warn")
        self.told = label("", "muted")
        self._make_buttons()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_sheet)
        self.list.itemChanged.connect(self._on_checked)
        self.header_row.editingFinished.connect(self._on_header)
        self.header_rows.editingFinished.connect(self._on_header)
        self.encoding.activated.connect(self._on_text)
        self.delimiter.activated.connect(self._on_text)
        self.view.selectionModel().selectionChanged.connect(self._on_selection)

    @property
    def sheet(self) -> str:
        """The name of the sheet that is looked at; empty where there is none."""
        return str(self.list.currentItem().data(_NAME)) if self.list.currentRow() >= 0 else ""

    def show_plan(self, plan: ImportPlan) -> None:
        """Show what is to be read, and how."""
        is_other = self._plan is None or self._plan.file is not plan.file
        self._plan = plan
        self._is_filling = True
        if is_other:
            self._fill_list(plan)
            self._fill_text(plan)
        for number in range(self.list.count()):
            item = self.list.item(number)
            self._say(item, plan.of(str(item.data(_NAME))))
        self._is_filling = False
        self._show_sheet()

    def _make_buttons(self) -> None:
        self.use_selection = button(
            "Only the &selection",
            self._on_range,
            "Take the cells that are selected, no others",
        )
        self.use_all = button("&Whole sheet", self._on_whole, "Take all cells of the sheet")
        self.header_here = button(
            "&Header is here",
            self._on_header_here,
            "The selected rows are the header (select more than one where it has several)",
        )

    def _lay_out(self) -> None:
        left = QWidget()
        sheets = QVBoxLayout(left)
        sheets.setContentsMargins(0, 0, 8, 0)
        sheets.addWidget(label("Sheets to import", "section"))
        sheets.addWidget(self.list, 1)
        self.text_rows = QWidget()
        text = QVBoxLayout(self.text_rows)
        text.setContentsMargins(0, 6, 0, 0)
        for words, choice in (("Encoding", self.encoding), ("Between cells", self.delimiter)):
            text.addWidget(label(words, "section"))
            text.addWidget(choice)
        sheets.addWidget(self.text_rows)
        right = QWidget()
        cells = QVBoxLayout(right)
        cells.setContentsMargins(8, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(6)
        for words, spin in (("Header in row", self.header_row), ("over", self.header_rows)):
            name = QLabel(words)
            name.setBuddy(spin)
            row.addWidget(name)
            row.addWidget(spin)
        row.addWidget(QLabel("rows"))
        row.addStretch(1)
        cells.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(6)
        for each in (self.header_here, self.use_selection, self.use_all):
            row.addWidget(each)
        row.addStretch(1)
        cells.addLayout(row)
        cells.addWidget(self.range_words)
        cells.addWidget(self.view, 1)
        cells.addWidget(self.told)
        cells.addWidget(self.notices)
        self.splitter = QSplitter()
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([230, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    # Showing -------------------------------------------------------------------------------

    def _fill_list(self, plan: ImportPlan) -> None:
        self.list.clear()
        for each in plan.tables:
            item = QListWidgetItem()
            item.setData(_NAME, each.table.sheet)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.list.addItem(item)
        first = next((n for n, each in enumerate(plan.tables) if each.is_taken), 0)
        self.list.setCurrentRow(first)

    def _say(self, item: QListWidgetItem, each: SheetPlan) -> None:
        assert self._plan is not None
        sheet = self._plan.file.sheet(each.table.sheet)
        lines = [each.table.sheet + (" (hidden)" if sheet.hidden else "")]
        lines.append(f"{count(each.table.row_count)} rows, {count(sheet.width)} columns")
        item.setText("\n".join(lines))
        item.setToolTip(f"{each.table.sheet}: {template_label(each.table.template)}")
        state = Qt.CheckState.Checked if each.is_taken else Qt.CheckState.Unchecked
        item.setCheckState(state)

    def _fill_text(self, plan: ImportPlan) -> None:
        file = plan.file
        self.text_rows.setVisible(self._offers_text and file.kind is FileKind.TEXT)
        self.encoding.clear()
        self.delimiter.clear()
        if file.kind is not FileKind.TEXT:
            return
        encodings, delimiters = dict(_ENCODINGS), dict(_DELIMITERS)
        for code in dict.fromkeys((file.encoding or "utf-8", *encodings)):
            self.encoding.addItem(encodings.get(code, code), code)
        for mark in dict.fromkeys((file.delimiter or ",", *delimiters)):
            self.delimiter.addItem(delimiters.get(mark, f"“{mark}”"), mark)

    def _show_sheet(self) -> None:
        plan = self._plan
        if plan is None or not self.sheet:
            return
        each = plan.of(self.sheet)
        sheet, table = plan.file.sheet(self.sheet), each.table
        self._is_filling = True
        self.view.show_sheet(sheet, table)
        self.header_row.setRange(0, len(sheet.rows))
        self.header_row.setValue(0 if table.header_row is None else table.header_row + 1)
        rows = table.first_row - table.header_row if table.header_row is not None else 1
        self.header_rows.setValue(rows)
        # Of a turned table the header is no row of the file.
        is_turned = sheet.spots is not None and not table.mapping.range
        self.header_row.setEnabled(not is_turned)
        self.header_rows.setEnabled(table.header_row is not None and not is_turned)
        self._is_filling = False
        self.use_all.setEnabled(table.mapping.range is not None)
        whole = "The whole sheet" if sheet.whole is None or is_turned else "This part of the sheet"
        area = f"Range {table.mapping.range}" if table.mapping.range else whole
        begins = (
            "read as the note below says"
            if is_turned
            else "no header"
            if table.header_row is None
            else f"header in row {table.header_row + 1}"
        )
        self.range_words.setText(
            f"{area}: {begins}, {count(table.row_count)} entries. Drag over cells to take "
            "only a part of them."
        )
        self._tell_notices(plan, sheet.name)
        self._on_selection()

    def _tell_notices(self, plan: ImportPlan, sheet: str) -> None:
        about = [told(n.message) for n in plan.file.notices if n.sheet in (None, sheet)]
        if plan.file.sheet(sheet).hidden:
            about.insert(0, "This sheet is hidden in the file; check it to import it all the same.")
        shown = [f"• {words}" for words in about[:_NOTICES_SHOWN]]
        if len(about) > _NOTICES_SHOWN:
            shown.append(
                f"• and {len(about) - _NOTICES_SHOWN} more notes (point here to read them)"
            )
        self.notices.setText("\n".join(shown))
        self.notices.setToolTip("\n".join(about))
        self.notices.setVisible(bool(about))
        left_out = [
            each.table.sheet for each in plan.tables
            if not each.is_taken and plan.file.sheet(each.table.sheet).hidden
        ]  # fmt: skip
        empty = len(plan.file.sheets) - len(plan.tables)
        words = []
        if left_out:
            words.append(f"Hidden and left out: {', '.join(left_out[:5])}.")
        if empty:
            words.append(
                "One sheet is empty." if empty == 1 else f"{count(empty)} sheets are empty."
            )
        self.told.setText(" ".join(words))
        self.told.setVisible(bool(words))

    # What a person does --------------------------------------------------------------------

    @Slot()
    def _on_sheet(self) -> None:
        if not self._is_filling:
            self._show_sheet()

    @Slot(QListWidgetItem)
    def _on_checked(self, item: QListWidgetItem) -> None:
        if self._is_filling or self._plan is None:
            return
        is_taken = item.checkState() is Qt.CheckState.Checked
        each = msgspec.structs.replace(self._plan.of(str(item.data(_NAME))), is_taken=is_taken)
        self.plan_changed.emit(self._plan.with_table(each))

    @Slot()
    def _on_header(self) -> None:
        if self._is_filling or self._plan is None or not self.sheet:
            return
        table = self._plan.of(self.sheet).table
        rows = table.first_row - table.header_row if table.header_row is not None else 1
        now = (0 if table.header_row is None else table.header_row + 1, rows)
        wanted = (self.header_row.value(), self.header_rows.value())
        if wanted != now and not (wanted[0] == 0 == now[0]):
            self._ask(table.mapping.range, wanted[0], wanted[1])

    def _on_header_here(self) -> None:
        selected = self.view.selectionModel().selection()
        current = self.view.currentIndex()
        if not selected.isEmpty():
            one = selected.first()
            rows = min(one.height(), self.header_rows.maximum())
            self._ask(self._range(), one.top() + 1, rows)
        elif current.isValid():
            self._ask(self._range(), current.row() + 1, 1)

    def _on_range(self) -> None:
        chosen = self.view.chosen_range()
        if chosen is not None:
            self._ask(str(chosen), None, 1)

    def _on_whole(self) -> None:
        self._ask(None, None, 1)

    @Slot()
    def _on_selection(self) -> None:
        chosen = self.view.chosen_range()
        self.use_selection.setEnabled(chosen is not None)
        self.header_here.setEnabled(self.header_row.isEnabled())
        words = f"Only {chosen}" if chosen is not None else "Only the selection"
        self.use_selection.setText(words.replace("Only", "&Only", 1))

    @Slot()
    def _on_text(self) -> None:
        self.text_asked.emit(self.encoding.currentData(), self.delimiter.currentData())

    def _range(self) -> str | None:
        return self._plan.of(self.sheet).table.mapping.range if self._plan is not None else None

    def _ask(self, range: str | None, header_row: int | None, header_rows: int) -> None:
        self.reread_asked.emit(Reread(self.sheet, range, header_row, header_rows))
