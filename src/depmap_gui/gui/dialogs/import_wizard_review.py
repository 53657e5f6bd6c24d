"""Third page of the import wizard: what would become of every row, and what is to be decided."""

from __future__ import annotations

import re

import msgspec
from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.tables.grid import column_number
from depmap_gui.exchange.tables.records import Counts
from depmap_gui.gui.dialogs.import_wizard_grid import SheetView
from depmap_gui.gui.dialogs.import_wizard_parts import button, label
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan
from depmap_gui.gui.dialogs.import_wizard_review_rows import (
    OUTCOME_WORDS,
    AlikeModel,
    Line,
    LineModel,
    fate_lines,
    problem_lines,
)
from depmap_gui.gui.numbers import count
from depmap_gui.gui.theme import Theme
from depmap_gui.session.importing import (
    Choices,
    GonePolicy,
    Outcome,
    Preview,
    Severity,
)

_CELL = re.compile(r"([A-Z]+)(\d+)")
_HAND_EDIT = "hand edit"
_GONE_SHOWN = 500
# fmt: off
_LINK_WORDS = {
    "supplies": ("supply link", "supply links"), "owns": ("holding", "holdings"),
    "operates": ("operator", "operators"), "located": ("location", "locations"),
    "licenses": ("grant of a license", "grants of licenses"),
    "uses": ("use of a license", "uses of licenses"), "lends": ("loan", "loans"),
    "company": ("company", "companies"),
}
# fmt: on


class ReviewPage(QWidget):
    """Counts above, lists in the middle, the cells below.

    ``choices_changed`` asks for a new preview under other choices.
    """

    choices_changed = Signal(object)

    def __init__(self, theme: Theme, today: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = Choices(today=today)
        self.preview: Preview | None = None
        self._plan: ImportPlan | None = None
        self._is_filling = False
        self.sentence = label("", "heading")
        self.counts = {outcome: self._count_button(outcome) for outcome in Outcome}
        self.fates = LineModel(("What becomes of it", "Row", "Its cells", "Why"), theme, self)
        self.problems = LineModel(("", "Where", "What there is to know"), theme, self)
        self.alike = AlikeModel(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search: a word, a sheet, a cell such as F17…")
        self.search.setAccessibleName("Search the problems")
        self.search.setClearButtonEnabled(True)
        self.shows_notes = QCheckBox("&Notes too")
        self.shows_notes.setChecked(True)
        self.replaces = QCheckBox("The &file replaces values that were changed by hand")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("What becomes of the rows")
        self.cells = SheetView(theme)
        self.place = label("Choose a line above to see its cells here.", "muted")
        self._make_tabs(today)
        self._lay_out()
        self.search.textChanged.connect(self._list_problems)
        self.shows_notes.toggled.connect(self._list_problems)
        self.alike.decided.connect(self._on_decided)
        self.replaces.toggled.connect(self._on_decided)

    # Building ------------------------------------------------------------------------------

    def _count_button(self, outcome: Outcome) -> QPushButton:
        made = QPushButton()
        made.setCheckable(True)
        made.setChecked(True)
        made.setAutoDefault(False)
        made.setToolTip(f"Show or hide the rows that are {outcome}")
        made.toggled.connect(self._list_fates)
        return made

    def _make_tabs(self, today: str) -> None:
        self.fate_table = self._line_table(self.fates, "What becomes of each row", (170, 100, 530))
        self.problem_table = self._line_table(self.problems, "What there is to know", (80, 130))
        self.alike_table = self._table(self.alike, "Names that look alike", (230, 230, 80, 60, 300))
        bar = QHBoxLayout()
        bar.addWidget(self.search, 1)
        bar.addWidget(self.shows_notes)
        pairs = QHBoxLayout()
        hint = label("Check the names that mean one thing; unchecked names become two items.")
        pairs.addWidget(hint, 1)
        pairs.addWidget(button("Selected are &one", lambda: self._decide(are_same=True)))
        pairs.addWidget(button("Selected are &two", lambda: self._decide(are_same=False)))
        self.tabs.addTab(self.fate_table, "Rows")
        self.tabs.addTab(_page(bar, self.problem_table, self.replaces), "To know")
        self.tabs.addTab(_page(pairs, self.alike_table), "Look-alikes")
        self.tabs.addTab(self._gone_page(today), "No longer there")

    def _gone_page(self, today: str) -> QWidget:
        self.gone_list = QListWidget()
        self.gone_list.setAccessibleName("What the file no longer has")
        self.policies = {
            GonePolicy.KEEP: QRadioButton("&Keep them as they are"),
            GonePolicy.END_DATE: QRadioButton("&End links on"),
            GonePolicy.REMOVE: QRadioButton("Re&move them"),
        }
        self.policies[GonePolicy.KEEP].setChecked(True)
        self.gone_date = QDateEdit(QDate.fromString(today, Qt.DateFormat.ISODate))
        self.gone_date.setCalendarPopup(True)
        self.gone_date.setAccessibleName("Day on which links end")
        row = QHBoxLayout()
        row.addWidget(self.policies[GonePolicy.KEEP])
        row.addWidget(self.policies[GonePolicy.END_DATE])
        row.addWidget(self.gone_date)
        row.addWidget(self.policies[GonePolicy.REMOVE])
        row.addStretch(1)
        for policy in self.policies.values():
            policy.toggled.connect(self._on_policy)
        self.gone_date.dateChanged.connect(self._on_decided)
        self.gone_words = label("", "muted")
        return _page(row, self.gone_words, self.gone_list)

    def _lay_out(self) -> None:
        counts = QHBoxLayout()
        counts.setSpacing(6)
        for each in self.counts.values():
            counts.addWidget(each)
        counts.addStretch(1)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 6, 0, 0)
        inner.addWidget(self.place)
        inner.addWidget(self.cells, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tabs)
        splitter.addWidget(below)
        splitter.setSizes([330, 200])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.sentence)
        layout.addLayout(counts)
        layout.addWidget(splitter, 1)

    def _line_table(self, model: LineModel, name: str, widths: tuple[int, ...]) -> QTableView:
        table = self._table(model, name, widths)
        table.selectionModel().currentRowChanged.connect(
            lambda now, _before: self._go_to(model.line(now.row()))
        )
        return table

    def _table(
        self, model: LineModel | AlikeModel, name: str, widths: tuple[int, ...]
    ) -> QTableView:
        table = QTableView()
        table.setModel(model)
        table.setAccessibleName(name)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        for at, width in enumerate(widths):
            table.setColumnWidth(at, width)
        return table

    # Showing -------------------------------------------------------------------------------

    def show_preview(self, plan: ImportPlan, preview: Preview) -> None:
        """Show what an import by this plan would do."""
        self._plan, self.preview = plan, preview
        self._is_filling = True
        self.sentence.setText(sentence(preview))
        for outcome, each in self.counts.items():
            number = getattr(preview.rows, outcome.value)
            each.setText(f"{OUTCOME_WORDS[outcome]}  {count(number)}")
            each.setEnabled(bool(number))
        self.alike.show(preview.alike, self.choices.same)
        has_places = any(pair.places for pair in preview.alike)
        self.alike_table.setColumnHidden(len(self.alike.headings) - 1, not has_places)
        hand = any(problem.code == _HAND_EDIT for problem in preview.problems)
        self.replaces.setVisible(hand or self.choices.replace_hand_edits)
        self.gone_list.clear()
        for one in preview.gone[:_GONE_SHOWN]:
            self.gone_list.addItem(f"{one.name} ({one.kind})")
        rest = len(preview.gone) - _GONE_SHOWN
        if rest > 0:
            self.gone_list.addItem(f"and {count(rest)} more")
        self.gone_words.setText(
            "An earlier import brought these, and the file no longer has them."
            if preview.gone
            else "The file has all that an earlier import of it brought, or it is the first."
        )
        for policy in self.policies.values():
            policy.setEnabled(bool(preview.gone))
        self._is_filling = False
        self._list_fates()
        self._list_problems()
        self._go_to(self.fates.line(0))
        weighty = sum(p.severity is not Severity.NOTE for p in preview.problems)
        for at, (words, number) in enumerate(
            (
                ("Rows", preview.rows.total),
                ("To know", len(preview.problems)),
                ("Look-alikes", len(preview.alike)),
                ("No longer there", len(preview.gone)),
            )
        ):
            self.tabs.setTabText(at, f"{words} {count(number)}" if number else words)
        self.tabs.setTabToolTip(1, f"{count(weighty)} of them leave something open")
        self.gone_date.setEnabled(
            bool(preview.gone) and self.policies[GonePolicy.END_DATE].isChecked()
        )

    @Slot()
    def _list_fates(self) -> None:
        if self.preview is not None and self._plan is not None and not self._is_filling:
            chosen = {outcome for outcome, each in self.counts.items() if each.isChecked()}
            self.fates.show(*fate_lines(self.preview, self._plan, chosen))

    @Slot()
    def _list_problems(self) -> None:
        if self.preview is not None:
            severities = set(Severity)
            if not self.shows_notes.isChecked():
                severities.discard(Severity.NOTE)
            lines = problem_lines(self.preview.problems, self.search.text(), severities)
            self.problems.show(*lines)

    def _go_to(self, line: Line | None) -> None:
        plan = self._plan
        names = {sheet.name for sheet in plan.file.sheets} if plan is not None else set()
        if plan is None or line is None or line.sheet not in names:
            return
        taken = {each.table.sheet: each.table for each in plan.tables}
        self.cells.show_sheet(plan.file.sheet(line.sheet), taken.get(line.sheet))
        named = _CELL.fullmatch(line.cell)
        row = int(named[2]) - 1 if named else line.row
        at = f"{line.sheet}, {line.cell or (f'row {row + 1}' if row is not None else 'the sheet')}"
        self.place.setText(at)
        if row is not None and row >= 0:
            self.cells.go_to(row, column_number(named[1]) if named else None)

    # What a person decides -----------------------------------------------------------------

    def _decide(self, *, are_same: bool) -> None:
        rows = {index.row() for index in self.alike_table.selectionModel().selectedRows()}
        if rows:
            self.alike.decide(rows, are_same=are_same)

    @Slot(bool)
    def _on_policy(self, is_on: bool) -> None:
        if is_on:
            self.gone_date.setEnabled(self.policies[GonePolicy.END_DATE].isChecked())
            self._on_decided()

    @Slot()
    def _on_decided(self) -> None:
        if self._is_filling:
            return
        policy = next(one for one, radio in self.policies.items() if radio.isChecked())
        chosen = msgspec.structs.replace(
            self.choices,
            same=self.alike.same,
            gone=policy,
            gone_date=self.gone_date.date().toString(Qt.DateFormat.ISODate),
            replace_hand_edits=self.replaces.isChecked(),
        )
        if chosen != self.choices:
            self.choices = chosen
            self.choices_changed.emit(chosen)


def sentence(preview: Preview) -> str:
    """What the import would do to the map, in a sentence."""

    def told(outcome: str) -> str:
        parts = [(getattr(counts, outcome), kind) for kind, counts in _sorted(preview)]
        return _listed([_counted(number, kind) for number, kind in parts if number])

    added, changed = told("added"), told("changed")
    parts = [f"adds {added}"] if added else []
    parts += [f"changes {changed}"] if changed else []
    if preview.edit is None:
        return "The map says all of this already: there is nothing to import."
    words = " and ".join(parts) or "changes what the file no longer has"
    return f"The import {words}."


def _sorted(preview: Preview) -> list[tuple[str, Counts]]:
    """Items before links, as the map's legend has them."""
    order = [str(kind) for kind in EntityKind]

    def rank(item: tuple[str, Counts]) -> int:
        return order.index(item[0]) if item[0] in order else len(order)

    return sorted(preview.records.items(), key=rank)


def _counted(number: int, kind: str) -> str:
    one, several = _LINK_WORDS.get(kind, (kind, f"{kind}s"))
    return f"{count(number)} {one if number == 1 else several}"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _page(*parts: QWidget | QHBoxLayout) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 8, 0, 0)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return made
