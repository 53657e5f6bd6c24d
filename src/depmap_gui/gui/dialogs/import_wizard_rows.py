"""What holds for all rows of a table: values set by hand, rates of currencies, rows left out."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.exchange.tables.records import RowFilter
from depmap_gui.exchange.tables.slots import ROLE_KINDS
from depmap_gui.gui.dialogs.import_wizard_parts import button, emptied, label
from depmap_gui.gui.dialogs.import_wizard_plan import (
    ImportPlan,
    currencies,
    wanted_fillings,
    with_filling,
    with_filters,
)
from depmap_gui.gui.numbers import quantity_to_edit
from depmap_gui.gui.numbers_typed import NotUnderstood, read_number
from depmap_gui.session.importing import slots


class EveryRowForm(QWidget):
    """One line for each value that every row has; ``changed`` brings the new plan."""

    changed = Signal(object)
    add_asked = Signal()

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: ImportPlan | None = None
        self._sheet = ""
        self._extra: dict[str, None] = {}
        self._currency = project.header.currency
        self._names: dict[EntityKind, list[str]] = {}
        for entity in project.entities.values():
            if entity.name:
                self._names.setdefault(entity.kind, []).append(entity.name)
        self.lines: dict[str, QLineEdit] = {}
        self.rates: dict[str, QLineEdit] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_plan(self, plan: ImportPlan, sheet: str) -> None:
        """Show what holds for all rows of a sheet."""
        if sheet != self._sheet or self._plan is None or self._plan.file is not plan.file:
            self._extra = {}
        is_same = self._plan == plan and sheet == self._sheet
        self._plan, self._sheet = plan, sheet
        if not is_same:
            self._draw()

    def _draw(self) -> None:
        plan, sheet = self._plan, self._sheet
        assert plan is not None
        focused = next((id for id, line in self.lines.items() if line.hasFocus()), "")
        self.lines, self.rates = {}, {}
        emptied(self._layout)
        self._layout.addWidget(label("Set for every row", "section"))
        mapping = plan.of(sheet).table.mapping
        for id in dict.fromkeys((*wanted_fillings(plan.of(sheet)), *self._extra)):
            self._add_line(id, mapping.constants.get(id) or mapping.patterns.get(id) or "")
        self._layout.addWidget(button("&Add a value for every row…", self.add_asked.emit))
        for code in currencies(plan, self._currency):
            self._add_rate(code)
        for each in mapping.filters:
            values = ", ".join(each.values)
            words = f"Only rows whose “{each.header}” is {values} are taken."
            self._layout.addWidget(label(words))
            rest = tuple(other for other in mapping.filters if other is not each)
            self._layout.addWidget(
                button(
                    "Take all rows",
                    partial(self._filter, rest),
                )
            )
        if focused in self.lines:
            self.lines[focused].setFocus()

    def add(self, slot_id: str) -> None:
        """Offer a line for one more value."""
        if self._plan is not None:
            self._extra[slot_id] = None
            self._draw()
            self.lines[slot_id].setFocus()

    def _add_line(self, id: str, text: str) -> None:
        found = slots()[id]
        line = QLineEdit(text)
        line.setAccessibleName(found.label)
        line.setPlaceholderText("a value, or {Column}, {Other column}")
        line.setToolTip(
            "The same in every row. Heads in braces are put together: {Company}, {City}."
        )
        kind = ROLE_KINDS.get(found.role) if found.role and found.field == "name" else None
        if kind in self._names:
            completer = QCompleter(QStringListModel(self._names[kind], line), line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
        line.editingFinished.connect(lambda: self._on_line(id))
        self.lines[id] = line
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(line, 1)
        if text:
            remove = button("Remove", lambda: self._fill(id, None), f"No {found.label} by hand")
            row.addWidget(remove)
        self._layout.addWidget(label(found.label))
        self._layout.addLayout(row)

    def _add_rate(self, code: str) -> None:
        assert self._plan is not None
        line = QLineEdit()
        rate = self._plan.rates.get(code)
        if rate is not None:
            line.setText(quantity_to_edit(rate))
        line.setAccessibleName(f"{self._currency} for 1 {code}")
        line.setPlaceholderText("rate; without it these amounts stay open")
        line.editingFinished.connect(lambda: self._on_rate(code))
        self.rates[code] = line
        self._layout.addWidget(label(f"1 {code} is how many {self._currency}?", "section"))
        self._layout.addWidget(line)

    def _on_line(self, id: str) -> None:
        if self._plan is None or id not in self.lines:
            return
        text = self.lines[id].text().strip()
        mapping = self._plan.of(self._sheet).table.mapping
        now = mapping.constants.get(id) or mapping.patterns.get(id) or ""
        if text != now:
            self._fill(id, text or None)

    def _fill(self, id: str, text: str | None) -> None:
        if self._plan is not None:
            self._extra.pop(id, None)
            self.changed.emit(with_filling(self._plan, self._sheet, id, text))

    def _filter(self, rest: tuple[RowFilter, ...]) -> None:
        if self._plan is not None:
            self.changed.emit(with_filters(self._plan, self._sheet, rest))

    def _on_rate(self, code: str) -> None:
        if self._plan is None or code not in self.rates:
            return
        line = self.rates[code]
        text = line.text().strip()
        rates = {other: rate for other, rate in self._plan.rates.items() if other != code}
        try:
            given = read_number(text)
        except NotUnderstood:
            given = None
        line.setProperty("fault", bool(text) and not _is_rate(given))
        line.style().polish(line)
        if given is not None and _is_rate(given):
            rates[code] = given
        if rates != self._plan.rates:
            self.changed.emit(msgspec.structs.replace(self._plan, rates=rates))


def _is_rate(given: float | None) -> bool:
    return given is not None and given > 0
