"""Verdicts by year as a table: a line for each product, below it one for each of its tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from depmap_gui.analysis.years import ProductYears, YearOfCredit, YearsResult
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import ENDED, state_of
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.score_words import VERDICT_TONES, measure_text
from depmap_gui.gui.theme import Theme, Tone, mix
from depmap_gui.rules.results import Eligibility, OneTime, TestResult, Verdict

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WORDS = {
    Verdict.PASS: "passes",
    Verdict.FAIL: "fails",
    Verdict.UNCERTAIN: "uncertain",
    Verdict.UNKNOWN: "open",
}
_TINT = 0.16
_NOT_ASKED = "–"
NEVER = "not by"


class Cell(msgspec.Struct, frozen=True):
    """One year of one line: how it is to be read, in a word, and the whole story."""

    words: str
    tone: Tone | None = None
    tip: str = ""
    is_first_failure: bool = False


class Line(msgspec.Struct, frozen=True):
    """A product or one of its tests: its name, a cell a year, and the first year it fails."""

    words: str
    plant: str
    cells: tuple[Cell, ...]
    first: str
    tip: str = ""
    is_product: bool = False


def lines_of(result: YearsResult, project: Project, plants: Sequence[str]) -> tuple[Line, ...]:
    """The lines of these plants' products; of all plants where none is named."""
    lines: list[Line] = []
    for product in result.products:
        if not plants or product.plant in plants:
            lines += _product_lines(product, result, project)
    return tuple(lines)


def _product_lines(product: ProductYears, result: YearsResult, project: Project) -> list[Line]:
    name = _product_name(product, project)
    lost = product.first_ineligible
    statuses = tuple(_status_cell(year, product, lost) for year in product.years)
    first = str(lost) if lost is not None else f"{NEVER} {result.last}"
    tip = f"{name}, {product.credit}, rule pack {product.pack}"
    lines = [Line(name, product.plant, statuses, first, tip, is_product=True)]
    failures = product.first_failures
    for id, title in _tests(product).items():
        cells = tuple(_test_cell(year, id, failures.get(id)) for year in product.years)
        failed = failures.get(id)
        first = str(failed) if failed is not None else f"{NEVER} {result.last}"
        lines.append(Line(title, product.plant, cells, first, f"{title} ({id})"))
    return lines


def _tests(product: ProductYears) -> dict[str, str]:
    """Titles by id of all tests that any year asks."""
    return {test.id: test.title for year in product.years for test in year.tests}


def _product_name(product: ProductYears, project: Project) -> str:
    plant = project.entities.get(product.plant)
    made = plant.products if isinstance(plant, Plant) else ()
    name = next((each.name or each.id for each in made if each.id == product.product), "")
    return f"{project.name(product.plant)}, {name or product.product}"


def _status_cell(year: YearOfCredit, product: ProductYears, lost: int | None) -> Cell:
    state = state_of(year.status, year.phase_out)
    is_first = year.status is Eligibility.INELIGIBLE and year.year == lost
    said = [f"{year.year}: {state.word}"]
    if state is ENDED:
        said.append("The law has no credit left for this year.")
    if product.one_time is not None:
        said.append(_given_once(year, product.one_time, product.currency))
    elif year.annual_credit is not None:
        said.append(f"{numbers.money(year.annual_credit, product.currency)} before any risk")
    failing = [test.title for test in year.tests if test.verdict is Verdict.FAIL]
    if failing:
        said.append(f"Fails: {', '.join(failing)}")
    return Cell(state.word, state.tone, "\n".join(said), is_first)


def _given_once(year: YearOfCredit, given: OneTime, currency: str) -> str:
    """What a year is to a credit that is given only once."""
    money = numbers.money(year.annual_credit, currency)
    if given.year in (None, year.year):
        return f"{money} before any risk ({given.words})"
    return f"The credit is given once, in {given.year} ({money} before any risk)."


def _test_cell(year: YearOfCredit, id: str, failed: int | None) -> Cell:
    test = next((each for each in year.tests if each.id == id), None)
    if test is None:
        return Cell(_NOT_ASKED, None, f"{year.year}: the law does not ask this.")
    return Cell(
        _WORDS[test.verdict],
        VERDICT_TONES[test.verdict],
        _story(year.year, test),
        test.verdict is Verdict.FAIL and year.year == failed,
    )


def _story(year: int, test: TestResult) -> str:
    figure = measure_text(
        test.verdict, test.low, test.high, test.threshold, test.comparison, test.unit
    )
    lines = [f"{year}: {test.title}: {_WORDS[test.verdict]}"]
    if test.low is not None:
        lines.append(figure)
    lines += [reason.text for reason in test.because[:3]]
    if test.citation:
        lines.append(test.citation)
    return "\n".join(lines)


class YearsModel(QAbstractTableModel):
    """Lines as rows, years as columns, and last the first year that fails."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines: tuple[Line, ...] = ()
        self.years: tuple[int, ...] = ()
        self._current_year = 0

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.layoutChanged.emit()

    def fill(self, lines: tuple[Line, ...], years: tuple[int, ...], current_year: int) -> None:
        """Show other lines; ``current_year`` is the one the map is scored for."""
        self.beginResetModel()
        self.lines, self.years, self._current_year = lines, years, current_year
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: one row a line."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: name, years, first failing year."""
        return 0 if parent.isValid() or not self.years else len(self.years) + 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: what stands over the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.ToolTipRole and 0 < section <= len(self.years):
            year = self.years[section - 1]
            return "The year the map is scored for" if year == self._current_year else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return "Product and test"
        if section > len(self.years):
            return "First fails in"
        year = self.years[section - 1]
        return f"{year} ●" if year == self._current_year else str(year)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a cell shows."""
        line, column = self.lines[index.row()], index.column()
        if column == 0 or column > len(self.years):
            return self._end(line, column, role)
        return self._year(line.cells[column - 1], role)

    def _end(self, line: Line, column: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._indented(line) if column == 0 else line.first
            case Qt.ItemDataRole.ToolTipRole:
                return line.tip if column == 0 else line.first
            case Qt.ItemDataRole.AccessibleTextRole if column == 0:
                return line.words
            case Qt.ItemDataRole.FontRole if line.is_product:
                return _bold()
            case Qt.ItemDataRole.ForegroundRole if column > 0 and line.first.startswith(NEVER):
                return QColor(self._theme.muted)
        return None

    def _year(self, cell: Cell, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{cell.words}, first" if cell.is_first_failure else cell.words
            case Qt.ItemDataRole.ToolTipRole:
                return cell.tip
            case Qt.ItemDataRole.AccessibleTextRole:
                return cell.tip.replace("\n", ". ")
            case Qt.ItemDataRole.FontRole if cell.is_first_failure:
                return _bold()
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._theme.ink(cell.tone) if cell.tone else self._theme.muted)
            case Qt.ItemDataRole.BackgroundRole if cell.tone is not None:
                return QColor(mix(self._theme.panel, self._theme.fill(cell.tone), _TINT))
            case Qt.ItemDataRole.DecorationRole if cell.tone is not None:
                return icon(cell.tone.icon, self._theme, self._theme.ink(cell.tone), 14)
        return None

    @staticmethod
    def _indented(line: Line) -> str:
        return line.words if line.is_product else f"    {line.words}"


def _bold() -> QFont:
    made = QFont()
    made.setWeight(QFont.Weight.DemiBold)
    return made
