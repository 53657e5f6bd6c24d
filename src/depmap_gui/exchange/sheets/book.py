"""The workbook being written: its house formats, names, and the figures that Check compares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import msgspec
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from depmap_gui.analysis.context import Context
from depmap_gui.exchange.sheets.plain_sheet import PlainSheet
from depmap_gui.exchange.sheets.text import cell_text

ACCENT = "#1F6FB2"
INPUT_FILL, INPUT_FONT = "#FFFBE3", "#0000FF"
LINK_FONT = "#0B7A3B"
MUTED_FONT = "#667085"
LINE = "#D5DAE3"
HEAD_FILL = "#E8EFF8"
GOOD, WARN, BAD, OPEN = "#0F8A6C", "#B7791F", "#C4320A", "#667085"
FIRST_EXCEL_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year; days before this one are written as text."""

Value = str | float | bool | date | None


class Look(Enum):
    """What a cell is to the reader: each has its own color, as is the custom of the trade."""

    INPUT = "input"
    FIXED = "fixed"
    CALC = "calculated"
    LINK = "linked"


class Number(StrEnum):
    """Number formats of cells."""

    GENERAL = "General"
    TEXT = "@"
    SHARE = "0.0%"
    SHARE_FINE = "0.00%"
    MONEY = "#,##0;-#,##0;0"
    PRICE = "#,##0.00##"
    COUNT = "#,##0"
    WHOLE = "0"
    DATE = "yyyy-mm-dd"
    TINY = "0.0E+00"


class Cell(msgspec.Struct, frozen=True, gc=False):
    """Where a cell is; ``str()`` gives its absolute address with the sheet's name."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{sheet_name(self.sheet)}!${letters(self.column)}${self.row + 1}"

    @property
    def here(self) -> str:
        """The absolute address without the sheet's name."""
        return f"${letters(self.column)}${self.row + 1}"


class Checked(msgspec.Struct, frozen=True):
    """A live figure (a cell, or the formula that finds it) and the program's own value of it
    (None: unknown)."""

    what: str
    cell: Cell | str
    value: float | str | None
    number: Number


def serial(day: date) -> float:
    """The day as spreadsheets count it; 1 for those before the first they know."""
    return 1.0 if day < FIRST_EXCEL_DAY else float((day - date(1899, 12, 30)).days)


def sheet_name(name: str) -> str:
    """A sheet's name as formulas write it."""
    return f"'{name}'" if " " in name else name


@cache
def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    return str(xl_col_to_name(column))


@dataclass
class Book:
    """An XlsxWriter workbook with formats made once, and the list of figures to check."""

    file: xlsxwriter.Workbook
    currency: str
    title: str
    checks: list[Checked] = field(default_factory=list)
    _widths: dict[tuple[str, int], float] = field(default_factory=dict)
    _formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)
    _looks: dict[tuple[Look, Number, bool, bool], Format] = field(default_factory=dict)
    _reached: tuple[Context, float, str] | None = None
    sheet_class: type[PlainSheet] = PlainSheet

    def format(self, **properties: Any) -> Format:
        """A format with these properties over the house font; the same one for the same asking."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            house = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
            self._formats[key] = self.file.add_format(house | properties)
        return self._formats[key]

    def look(
        self,
        look: Look,
        number: Number = Number.GENERAL,
        *,
        wrap: bool = False,
        bold: bool = False,
    ) -> Format:
        """The format of a cell by what it is to the reader."""
        key = (look, number, wrap, bold)
        if key not in self._looks:
            self._looks[key] = self._make_look(look, number, wrap, bold)
        return self._looks[key]

    def _make_look(self, look: Look, number: Number, wrap: bool, bold: bool) -> Format:
        # A formula in a cell formatted as text turns into text when somebody edits it.
        live = look in {Look.CALC, Look.LINK}
        shown = Number.GENERAL if live and number is Number.TEXT else number
        properties: dict[str, Any] = {"num_format": shown.value, "bottom": 1}
        properties["bottom_color"] = LINE
        match look:
            case Look.INPUT:
                properties |= {"font_color": INPUT_FONT, "bg_color": INPUT_FILL}
            case Look.LINK:
                properties |= {"font_color": LINK_FONT}
            case Look.CALC | Look.FIXED:
                properties |= {"font_color": "#000000"}
        if number is Number.TEXT:
            properties |= {"align": "left", "indent": 1}
        if wrap:
            properties["text_wrap"] = True
        if bold:
            properties["bold"] = True
        return self.format(**properties)

    def add_sheet(self, name: str, *, hidden: bool = False, tab: str | None = None) -> Worksheet:
        """A sheet, set up for print: landscape, one page wide, named and numbered."""
        sheet = self.file.add_worksheet(name, self.sheet_class)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.set_header(f"&L&8{_header(self.title)}&R&8&A")
        sheet.set_footer("&L&8An aid to analysis, not legal advice&R&8Page &P of &N")
        if tab is not None:
            sheet.set_tab_color(tab)
        if hidden:
            sheet.hide()
        return sheet

    def reach(self, context: Context, fraction: float, what: str) -> None:
        """Tell the one who waits how far the workbook is; from here on :meth:`breathe` does."""
        self._reached = (context, fraction, what)
        self.breathe()

    def breathe(self) -> None:
        """Give the one who waits a chance to stop. Raises Canceled."""
        if self._reached is not None:
            context, fraction, what = self._reached
            context.progress(fraction, what)

    def seal(self, *but: str) -> None:
        """Let go of the rows of all sheets so far, but those named, which are still written."""
        for sheet in self.file.worksheets():
            if sheet.get_name() not in but:
                sheet.seal()

    def let_go(self) -> None:
        """Remove what sealing left in temporary files, also where the workbook was given up."""
        for sheet in self.file.worksheets():
            sheet.let_go()

    def heading(
        self, sheet: Worksheet, text: str, explained: str, row: int = 0, column: int = 0
    ) -> None:
        """A sheet's (or part's) title with a line that says what it shows."""
        size = 16 if row == 0 else 12
        sheet.set_row(row, 24 if row == 0 else 18)
        sheet.write_string(
            row, column, text, self.format(bold=True, font_size=size, font_color=ACCENT)
        )
        sheet.write_string(row + 1, column, explained, self.format(font_color=MUTED_FONT))

    def widen(self, sheet: Worksheet, column: int, width: float, *, hidden: bool = False) -> float:
        """Make a column at least this wide: tables on one sheet share its columns."""
        key = (sheet.get_name(), column)
        self._widths[key] = max(width, self._widths.get(key, 0.0))
        sheet.set_column(column, column, self._widths[key], None, {"hidden": hidden})
        return self._widths[key]

    def check(
        self,
        what: str,
        cell: Cell | str,
        value: float | str | None,
        number: Number = Number.SHARE,
    ) -> None:
        """Have the Check sheet compare a live cell with the program's own value."""
        self.checks.append(Checked(what, cell, value, number))


def put(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write a value as what it is: text always as text, unknown as an empty cell."""
    # The commonest first: this runs for every cell of the workbook.
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, cell_text(value), style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", style)
    elif isinstance(value, date):
        if value < FIRST_EXCEL_DAY:
            sheet.write_string(row, column, value.isoformat(), style)
        else:
            sheet.write_datetime(row, column, value, style)
    elif value - value == 0:
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def put_formula(
    sheet: Worksheet, at: tuple[int, int], formula: str, value: float | str | None, style: Format
) -> None:
    """Write a formula with its value beside it, so that readers that do not compute show it."""
    sheet.write_formula(*at, formula, style, "" if value is None else value)


def _header(title: str) -> str:
    """Text for a page header, where ``&`` starts a code and 255 characters are the limit."""
    return title.replace("&", "&&")[:120].rstrip("&")
