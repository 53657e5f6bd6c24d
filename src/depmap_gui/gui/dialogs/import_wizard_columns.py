"""Second page of the import wizard: what each column says, and how its cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.records import ColumnProposal, ValueReading
from depmap_gui.gui.dialogs.command_palette import CommandPalette
from depmap_gui.gui.dialogs.import_wizard_column_rows import (
    HEADINGS,
    ColumnModel,
    slot_entries,
    slot_words,
)
from depmap_gui.gui.dialogs.import_wizard_filter import RowsDialog, values_of
from depmap_gui.gui.dialogs.import_wizard_kinds import RolesForm
from depmap_gui.gui.dialogs.import_wizard_parts import Choice, button, card, label
from depmap_gui.gui.dialogs.import_wizard_plan import (
    ImportPlan,
    answered,
    filled,
    with_filters,
    with_reading,
)
from depmap_gui.gui.dialogs.import_wizard_reading import ReadingForm
from depmap_gui.gui.dialogs.import_wizard_rows import EveryRowForm
from depmap_gui.gui.dialogs.import_wizard_sheets import Reread
from depmap_gui.gui.dialogs.sizes import grown_with
from depmap_gui.gui.theme import Theme
from depmap_gui.session.importing import LABELS, Question

_WIDTHS = (150, 170, 170, 80)
_DOUBTS_SHOWN = 4
_CONSTANT = re.compile(r" \(constant [\w.]+\)")


def _in_sight(doubt: str) -> str:
    """A doubt, with the place in this window where it is settled."""
    return _CONSTANT.sub(" under “Set for every row” at the right", doubt)


class _Columns(QTableView):
    """The list of columns; Enter or F2 opens the picker."""

    pick_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.pick_asked.emit()
        else:
            super().keyPressEvent(event)


class ColumnsPage(QWidget):
    """Columns at the left, the chosen one at the right; it asks, the wizard does."""

    plan_changed = Signal(object)
    reread_asked = Signal(object)
    load_asked = Signal()
    save_asked = Signal()

    def __init__(self, project: Project, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._currency = project.header.currency
        self._plan: ImportPlan | None = None
        self.picker: CommandPalette | None = None
        self.filter: RowsDialog | None = None
        self.sheets = Choice("Sheet")
        self.template = Choice("What the table lists")
        for template, words in LABELS.items():
            self.template.addItem(words, str(template))
        self.recognized = label("", "good")
        self.doubts = label("", "warn")
        self.model = ColumnModel(theme, self)
        self.table = _Columns()
        self.form = ReadingForm()
        self.roles = RolesForm()
        self.every_row = EveryRowForm(project)
        self.head = label("", "heading")
        self.samples = label("", "muted")
        self.pick = button("", self.open_picker, "Say what this column holds (Enter)")
        self.also = button("An&d also…", self._pick_also, "The same cells say one thing more")
        self.only = button(
            "Only so&me rows…", self.open_filter, "Choose rows by what this column says"
        )
        self._set_up_table()
        self._lay_out()
        self._connect()

    @property
    def sheet(self) -> str:
        """The sheet whose columns are shown; empty where there is none."""
        return str(self.sheets.currentData() or "")

    @property
    def column(self) -> ColumnProposal | None:
        """The column that is chosen."""
        at = self.table.currentIndex().row()
        if self._plan is None or not self.sheet or at < 0:
            return None
        columns = self._plan.of(self.sheet).table.columns
        return columns[at] if at < len(columns) else None

    def show_plan(self, plan: ImportPlan) -> None:
        """Show how the taken sheets are read."""
        self._plan = plan
        names = [each.table.sheet for each in plan.taken]
        if [self.sheets.itemData(n) for n in range(self.sheets.count())] != names:
            before = self.sheet
            self.sheets.clear()
            for name in names:
                self.sheets.addItem(name, name)
            self.sheets.setCurrentIndex(max(0, names.index(before) if before in names else 0))
        for widget in (self.sheets, self._sheet_name):
            widget.setVisible(len(names) > 1)
        self.recognized.setText(plan.recognized)
        self.recognized.setVisible(bool(plan.recognized))
        self._show_sheet()

    def look_at(self, sheet: str) -> None:
        """Show the columns of a sheet, if it is imported."""
        at = self.sheets.findData(sheet)
        if at >= 0 and at != self.sheets.currentIndex():
            self.sheets.setCurrentIndex(at)
            self._show_sheet()

    def choose(self, column: int) -> None:
        """Choose the column of that index on the sheet."""
        if self._plan is None or not self.sheet:
            return
        columns = self._plan.of(self.sheet).table.columns
        at = next((n for n, each in enumerate(columns) if each.column == column), None)
        if at is not None:
            self.table.setCurrentIndex(self.model.index(at, 0))

    def open_picker(self) -> None:
        """Let the person search what the chosen column holds."""
        column = self.column
        if self._plan is not None and column is not None:
            self._pick(self._fill, "What does this column hold? Type a word", with_none=True)

    # Building ------------------------------------------------------------------------------

    def _set_up_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName("Columns of the table")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(grown_with(self, 28))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(at, grown_with(self, width))
        header.setSectionResizeMode(len(HEADINGS) - 1, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        self._sheet_name = QLabel("Sheet")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._sheet_name)
        top.addWidget(self.sheets, 1)
        lists = QLabel("The table lists")
        lists.setBuddy(self.template)
        top.addWidget(lists)
        top.addWidget(self.template, 1)
        top.addStretch(1)
        top.addWidget(
            button("&Load mapping…", self.load_asked.emit, "Match the columns as a file says")
        )
        top.addWidget(
            button("Sa&ve mapping…", self.save_asked.emit, "Keep this for others, as a file")
        )
        detail = QWidget()
        inner = QVBoxLayout(detail)
        inner.setContentsMargins(12, 4, 8, 8)
        inner.setSpacing(8)
        holds = label("It holds", "section")
        more = QHBoxLayout()
        more.setSpacing(6)
        more.addWidget(self.also)
        more.addWidget(self.only, 1)
        for widget in (self.head, self.samples, holds, self.pick):
            inner.addWidget(widget)
        inner.addLayout(more)
        inner.addWidget(self.form)
        inner.addSpacing(10)
        inner.addWidget(card(self.roles))
        inner.addWidget(card(self.every_row))
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setAccessibleName("The chosen column")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(detail)
        scroll.setMinimumWidth(grown_with(self, 270))
        splitter = QSplitter()
        splitter.addWidget(self.table)
        splitter.addWidget(scroll)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([740, grown_with(self, 330)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.recognized)
        layout.addWidget(self.doubts)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.sheets.activated.connect(self._show_sheet)
        self.template.activated.connect(self._on_template)
        self.table.selectionModel().currentRowChanged.connect(self._show_column)
        self.table.doubleClicked.connect(self._on_double)
        self.table.pick_asked.connect(self.open_picker)
        self.form.reading_chosen.connect(self._on_reading)
        self.form.answer_chosen.connect(self._on_answer)
        self.every_row.changed.connect(self.plan_changed)
        self.roles.changed.connect(self.plan_changed)
        self.every_row.add_asked.connect(self._on_add)

    # Showing -------------------------------------------------------------------------------

    @Slot()
    def _show_sheet(self) -> None:
        if self._plan is None or not self.sheet:
            return
        each = self._plan.of(self.sheet)
        self.template.setCurrentIndex(self.template.findData(each.table.mapping.template))
        self.model.show(each)
        lines = [f"• {_in_sight(doubt)}" for doubt in each.table.doubts[:_DOUBTS_SHOWN]]
        self.doubts.setText("\n".join(lines))
        self.doubts.setVisible(bool(lines))
        if self.table.currentIndex().row() < 0 and each.table.columns:
            asked = {question.header for question in each.open_questions}
            first = next((n for n, name in enumerate(each.names) if name in asked), 0)
            self.table.setCurrentIndex(self.model.index(first, 0))
        self._show_column()
        self.roles.show_plan(self._plan, self.sheet)
        self.every_row.show_plan(self._plan, self.sheet)

    @Slot()
    def _show_column(self) -> None:
        column = self.column
        if self._plan is None or column is None:
            return
        each = self._plan.of(self.sheet)
        name = each.names[each.table.columns.index(column)]
        self.head.setText(name)
        samples = "\n".join(" ".join(sample.split())[:80] for sample in column.samples[:6])
        self.samples.setText(samples or "All its cells are empty.")
        self.pick.setText(slot_words(column.mapping.slots))
        self.pick.setAccessibleName(f"{name} holds: {slot_words(column.mapping.slots)}")
        self.also.setVisible(bool(column.mapping.slots))
        asked = [question for question in each.open_questions if question.header == name]
        self.form.show_column(column, asked, self._currency)

    # What a person does --------------------------------------------------------------------

    @Slot(QModelIndex)
    def _on_double(self, _index: QModelIndex) -> None:
        self.open_picker()

    def _pick(self, run: Callable[..., object], words: str, *, with_none: bool) -> None:
        assert self._plan is not None
        each = self._plan.of(self.sheet)
        filled_by = {
            id: name
            for name, column in zip(each.names, each.table.columns, strict=True)
            for id in column.mapping.slots
        }
        entries = slot_entries(each.table.mapping.template, run, filled_by, with_none=with_none)
        self.picker = CommandPalette(entries, self._theme, self.window())
        self.picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.picker.input.setPlaceholderText(words)
        self.picker.input.setAccessibleName(words)
        self.picker.open_over(self.window())

    def _pick_also(self) -> None:
        column = self.column
        if self._plan is not None and column is not None:
            self._pick(self._fill_also, "What else does this column hold?", with_none=False)

    def open_filter(self) -> None:
        """Let the person choose rows by the values of the chosen column."""
        column, plan = self.column, self._plan
        if plan is None or column is None:
            return
        each = plan.of(self.sheet)
        name = each.names[each.table.columns.index(column)]
        filters = {one.header: one for one in each.table.mapping.filters}
        values = values_of(plan, self.sheet, column.column)
        self.filter = RowsDialog(name, values, filters.get(name), self.window())
        self.filter.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filter.accepted.connect(partial(self._take_rows, name, self.filter))
        self.filter.open()

    def _take_rows(self, name: str, dialog: RowsDialog) -> None:
        if self._plan is not None:
            filters = self._plan.of(self.sheet).table.mapping.filters
            rest = [one for one in filters if one.header != name]
            chosen = dialog.chosen
            wanted = (*rest, chosen) if chosen is not None else tuple(rest)
            self.plan_changed.emit(with_filters(self._plan, self.sheet, wanted))

    def _fill(self, slot_id: str | None, *, also: bool = False) -> None:
        column = self.column
        if self._plan is not None and column is not None:
            plan = filled(self._plan, self.sheet, column.column, slot_id, also=also)
            self.plan_changed.emit(plan)

    def _fill_also(self, slot_id: str) -> None:
        self._fill(slot_id, also=True)

    @Slot(object)
    def _on_reading(self, reading: ValueReading) -> None:
        column = self.column
        if self._plan is not None and column is not None:
            self.plan_changed.emit(with_reading(self._plan, self.sheet, column.column, reading))

    @Slot(object, str)
    def _on_answer(self, question: Question, answer: str) -> None:
        if self._plan is not None:
            self.plan_changed.emit(answered(self._plan, self.sheet, question, answer))

    @Slot()
    def _on_add(self) -> None:
        if self._plan is not None:
            self._pick(self.every_row.add, "What is the same in every row?", with_none=False)

    @Slot()
    def _on_template(self) -> None:
        if self._plan is None:
            return
        table = self._plan.of(self.sheet).table
        chosen = str(self.template.currentData())
        if chosen != table.mapping.template:
            row = 0 if table.header_row is None else table.header_row + 1
            rows = table.first_row - table.header_row if table.header_row is not None else 1
            self.reread_asked.emit(Reread(self.sheet, table.mapping.range, row, rows, chosen))
