"""The lists of the review: what becomes of each row, what is told, names that look alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor

from depmap_gui.exchange.tables.grid import cell_name
from depmap_gui.gui.dialogs.import_wizard_parts import told
from depmap_gui.gui.dialogs.import_wizard_plan import ImportPlan, as_in_file
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.theme import Theme, Tone
from depmap_gui.session.importing import (
    AlikePair,
    Outcome,
    Preview,
    Problem,
    Severity,
    Sheet,
    shown,
)

OUTCOME_WORDS = {
    Outcome.ADDED: "+ added",
    Outcome.CHANGED: "~ changed",
    Outcome.UNCHANGED: "= unchanged",
    Outcome.SKIPPED: "− skipped",
    Outcome.FAILED: "! failed",
}
_OUTCOME_TONES = {
    Outcome.ADDED: Tone.GOOD,
    Outcome.CHANGED: Tone.GOOD,
    Outcome.FAILED: Tone.BAD,
    Outcome.SKIPPED: Tone.WARN,
}
_SEVERITY_WORDS = {Severity.ERROR: "! error", Severity.WARNING: "△ open", Severity.NOTE: "note"}
_SEVERITY_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_CELLS_SHOWN = 6
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Line(NamedTuple):
    """One line of a list: its words, how the first of them look, and the cell it is about."""

    words: tuple[str, ...]
    tone: Tone | None
    sheet: str
    row: int | None
    cell: str = ""


class LineModel(QAbstractTableModel):
    """Lines made when they are looked at; ``place`` says where a line's cell is."""

    def __init__(
        self, headings: Sequence[str], theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._theme = theme
        self._count = 0
        self._line: Callable[[int], Line] | None = None

    def show(self, count: int, line: Callable[[int], Line]) -> None:
        """Show so many lines; each is asked for by its number."""
        self.beginResetModel()
        self._count, self._line = count, line
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """The line of that number."""
        return self._line(row) if self._line is not None and 0 <= row < self._count else None

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many lines there are."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Qt: the headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell shows."""
        line = self.line(index.row())
        if line is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return line.words[index.column()]
            case Qt.ItemDataRole.ForegroundRole if index.column() == 0 and line.tone is not None:
                return QBrush(QColor(self._theme.ink(line.tone)))
            case _:
                return None


def fate_lines(
    preview: Preview, plan: ImportPlan, outcomes: Collection[Outcome]
) -> tuple[int, Callable[[int], Line]]:
    """The rows that meet one of these outcomes, in the order of the sheets."""
    several = len(preview.tables) > 1
    found = [
        (table.sheet, fate)
        for table in preview.tables
        for fate in table.fates
        if fate.outcome in outcomes
    ]
    sheets = {table.sheet: _read_rows(plan, table.sheet) for table in preview.tables}

    def line(number: int) -> Line:
        sheet, fate = found[number]
        read = sheets[sheet]
        row, column = read.spot(fate.row, None)
        cell = "" if column is None else cell_name(row, column)
        place = cell or f"row {row + 1}"
        where = f"{sheet}, {place}" if several else place
        rows = read.rows
        cells = rows[fate.row] if fate.row < len(rows) else []
        filled = [" ".join(shown(cell).split())[:60] for cell in cells if cell is not None]
        words = " · ".join(filled[:_CELLS_SHOWN]) + (" …" if len(filled) > _CELLS_SHOWN else "")
        outcome = OUTCOME_WORDS[fate.outcome]
        tone = _OUTCOME_TONES.get(fate.outcome)
        return Line((outcome, where, words, fate.reason), tone, sheet, row, cell)

    return len(found), line


def _read_rows(plan: ImportPlan, name: str) -> Sheet:
    """The sheet as its rows are counted: a range is one of the file's own sheet."""
    sheet = plan.file.sheet(name)
    return as_in_file(sheet) if plan.of(name).table.mapping.range else sheet


def problem_lines(
    problems: Sequence[Problem], letters: str, severities: Collection[Severity]
) -> tuple[int, Callable[[int], Line]]:
    """What is told, errors first; only where the letters occur in message or place."""
    wanted = letters.casefold().split()

    def fits(problem: Problem) -> bool:
        if problem.severity not in severities:
            return False
        text = f"{problem.message} {problem.place}".casefold() if wanted else ""
        return all(word in text for word in wanted)

    several = len({problem.sheet for problem in problems if problem.sheet}) > 1
    found = sorted(filter(fits, problems), key=lambda problem: _ORDER.index(problem.severity))

    def line(number: int) -> Line:
        problem = found[number]
        spot = problem.cell or ("" if problem.row is None else f"row {problem.row + 1}")
        where = f"{problem.sheet}!{spot}" if several and spot else spot or problem.sheet
        return Line(
            (_SEVERITY_WORDS[problem.severity], where, told(problem.message)),
            _SEVERITY_TONES.get(problem.severity),
            problem.sheet,
            problem.row,
            problem.cell,
        )

    return len(found), line


class AlikeModel(QAbstractTableModel):
    """Names that may mean one thing; checked: they do."""

    decided = Signal()
    headings = ("Is kept", "Looks like it", "Kind", "Alike", "Why", "Where")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: tuple[AlikePair, ...] = ()
        self.same: frozenset[tuple[str, str, str]] = frozenset()

    def show(self, pairs: Sequence[AlikePair], same: frozenset[tuple[str, str, str]]) -> None:
        """Show the pairs, those of ``same`` checked."""
        self.beginResetModel()
        self.pairs, self.same = tuple(pairs), same
        self.endResetModel()

    def decide(self, rows: Collection[int], *, are_same: bool) -> None:
        """Say of these pairs that each is one thing, or two."""
        keys = {self.pairs[row].key for row in rows}
        self.same = self.same | keys if are_same else self.same - keys
        if self.pairs:
            last = self.index(len(self.pairs) - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self.decided.emit()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Qt: how many pairs."""
        return 0 if parent.isValid() else len(self.pairs)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Qt: what is told of each."""
        return 0 if parent.isValid() else len(self.headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Qt: the headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a cell shows; the first column has the mark."""
        pair = self.pairs[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                kept = f"{pair.first} (on the map)" if pair.on_map else pair.first
                return (
                    kept,
                    pair.second,
                    str(pair.kind),
                    percent(round(pair.likeness, 2)),
                    pair.reason,
                    ", ".join(pair.places),
                )[index.column()]
            case Qt.ItemDataRole.CheckStateRole if index.column() == 0:
                is_same = pair.key in self.same
                return Qt.CheckState.Checked if is_same else Qt.CheckState.Unchecked
            case _:
                return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt: a mark was set or taken away."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != 0:
            return False
        self.decide([index.row()], are_same=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Qt: what can be done with a cell."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags
