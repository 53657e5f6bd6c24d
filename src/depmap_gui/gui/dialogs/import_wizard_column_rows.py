"""The columns of a table as rows: head, some of its cells, what it fills, how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from depmap_gui.gui.dialogs.command_palette import Entry
from depmap_gui.gui.dialogs.import_wizard_plan import SheetPlan
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.theme import Theme
from depmap_gui.session.importing import Slot, Template, slots

HEADINGS = ("Column", "Some of its cells", "What it says", "How sure", "Why")
LEFT_OUT = "Left out"
UNSURE = 0.6
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_ROLES = {
    Template.SUPPLIERS: ("supplier", "buyer", "supplies", "material", "plant"),
    Template.OWNERSHIP: ("owner", "owned", "owns"),
    Template.PLANTS: ("plant", "operator", "owner", "operates", "owns"),
    Template.LICENSES: ("license", "licensor", "licensee", "licenses", "uses"),
    Template.ORIGINS: ("material", "located"),
    Template.LENDERS: ("lender", "borrower", "lends"),
    Template.EDGES: ("from", "to", "link"),
    Template.GENERAL: ("item",),
}
"""The roles and links that a table of each shape speaks of: offered first."""


class ColumnModel(QAbstractTableModel):
    """One row a column of the table."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plan: SheetPlan | None = None
        self._names: list[str] = []
        self._asked: set[str] = set()

    def show(self, plan: SheetPlan) -> None:
        """Show the columns of a sheet as they are read now."""
        is_same = self._plan is not None and [c.column for c in self._plan.table.columns] == [
            c.column for c in plan.table.columns
        ]
        if not is_same:
            self.beginResetModel()
        self._plan = plan
        self._names = plan.names
        self._asked = {question.header for question in plan.open_questions}
        if not is_same:
            self.endResetModel()
        elif self.rowCount():
            last = self.index(self.rowCount() - 1, len(HEADINGS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many columns the table has."""
        return 0 if parent.isValid() or self._plan is None else len(self._plan.table.columns)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Qt: what is told of each."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Qt: the headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell shows."""
        if self._plan is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(index.row(), index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return self._words(index.row(), index.column())
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(index.row(), index.column())
            case _:
                return None

    def _words(self, row: int, column: int) -> str:
        assert self._plan is not None
        each = self._plan.table.columns[row]
        match column:
            case 0:
                return self._names[row]
            case 1:
                return " · ".join(" ".join(sample.split()) for sample in each.samples[:4])
            case 2:
                words = slot_words(each.mapping.slots)
                return f"? {words}" if self._names[row] in self._asked else words
            case 3:
                return percent(each.confidence) if each.mapping.slots else ""
            case _:
                asked = self._names[row] in self._asked
                return "a question is open: see the right" if asked else each.reason

    def _ink(self, row: int, column: int) -> QBrush | None:
        assert self._plan is not None
        each = self._plan.table.columns[row]
        theme = self._theme
        if column == 2 and self._names[row] in self._asked:
            return QBrush(QColor(theme.at_risk_text))
        if column in (2, 3) and each.mapping.slots and each.confidence < UNSURE:
            return QBrush(QColor(theme.at_risk_text))
        if column in (1, 4) or not each.mapping.slots:
            return QBrush(QColor(theme.muted))
        return None


def slot_words(ids: tuple[str, ...]) -> str:
    """What a column fills, in words."""
    known = slots()
    return ", ".join(known[id].label for id in ids) if ids else LEFT_OUT


def slot_entries(
    template: str, run: Callable[..., object], filled: dict[str, str], *, with_none: bool = True
) -> list[Entry]:
    """What a column can be taken for, the likeliest for such a table first, to be searched.

    ``run`` is called with the chosen slot's id (None: left out); ``filled`` says by slot which
    column fills it now.
    """
    roles = _ROLES.get(Template(template), ())

    def rank(slot: Slot) -> int:
        head = slot.id.partition(".")[0]
        return roles.index(head) if head in roles else len(roles)

    entries = [
        Entry(
            slot.label,
            f"now: {filled[slot.id]}" if slot.id in filled else "",
            partial(run, slot.id),
        )
        for slot in sorted(slots().values(), key=rank)
    ]
    none = [Entry(f"{LEFT_OUT}: it fills nothing", "", partial(run, None))]
    return [*(none if with_none else []), *entries]
