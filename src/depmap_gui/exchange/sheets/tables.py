"""Excel tables: columns declared once, placed before anything is written, so that formulas on
any sheet can point at any cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import wrap

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from depmap_gui.exchange.sheets.book import (
    ACCENT,
    Book,
    Cell,
    Look,
    Number,
    Value,
    letters,
    put,
    put_formula,
    sheet_name,
)

HEADING_ROWS = 3
"""Rows above a table's header: title, explanation, and an empty one."""

LINE_HEIGHT, MOST_LINES = 13.0, 14
"""Points of height that a line of text takes, and how many lines a row shows at most."""

A3, PAGE_WIDTH = 8, 330.0
"""The code of the larger paper, and how many characters stay readable on one page of it; wider
tables take several."""

YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``formula`` makes the cells live: it is given the row and returns the formula; the row's value
    is then what the program computed (``blank`` in the blank row of an empty table). It is the
    same formula in every row but for the row's own number, unless ``each`` row has its own;
    where a row's is empty, it has the program's value alone.
    ``choices`` are words, or the range that lists them.
    """

    key: str
    header: str
    look: Look = Look.FIXED
    number: Number = Number.GENERAL
    width: float = 12.0
    hidden: bool = False
    wrap: bool = False
    choices: Sequence[str] | str | None = None
    share: bool = False
    help: str = ""
    blank: float | str = 0
    formula: Callable[[Row], str] | None = None
    each: bool = False


ORDER = "no"
"""The key of the hidden column that keeps the order in which rows were written: formulas find a row
by it, so that a table may be sorted."""


def order_column() -> Column:
    """The hidden column with each row's number, from 1."""
    return Column(ORDER, "No.", Look.FIXED, Number.WHOLE, 6, hidden=True)


def plain(columns: Sequence[Column]) -> list[Column]:
    """The columns without their formulas, for a table whose rows formulas cannot foresee."""
    return [replace(column, formula=None) for column in columns]


@dataclass(frozen=True)
class Table:
    """A table with its place. An empty one has one blank row, so that no range is ever empty."""

    sheet: str
    name: str
    columns: tuple[Column, ...]
    count: int
    top: int = HEADING_ROWS
    left: int = 0

    @property
    def first(self) -> int:
        """The first row of values, counted from 0."""
        return self.top + 1

    @property
    def last(self) -> int:
        """The last row of values, counted from 0."""
        return self.top + max(1, self.count)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.key: self.left + number for number, column in enumerate(self.columns)}

    def column(self, key: str) -> int:
        """The sheet column of a key. KeyError where the table has no such column."""
        return self._places[key]

    def cell(self, key: str, index: int) -> Cell:
        """The cell of a column in the row of that index, counted from 0."""
        return Cell(self.sheet, self.first + index, self.column(key))

    def range(self, key: str) -> str:
        """The whole column's values as an absolute address with the sheet's name."""
        letter = letters(self.column(key))
        return f"{sheet_name(self.sheet)}!${letter}${self.first + 1}:${letter}${self.last + 1}"

    def run(self, key: str, first: int, last: int) -> str:
        """Some neighboring rows of a column, by index, without the sheet's name."""
        letter, top = letters(self.column(key)), self.first + 1
        return f"${letter}${top + first}:${letter}${top + last}"


@dataclass(frozen=True)
class Row:
    """One row of a table while its formulas are written."""

    table: Table
    index: int

    def __getitem__(self, key: str) -> str:
        """The address of this row's cell in a column, for formulas on the same sheet."""
        return f"${letters(self.table.column(key))}{self.table.first + self.index + 1}"


_ANY_ROW = "\0"


class _AnyRow(Row):
    """A row whose number is filled in later; formulas that ask which row it is fail loudly."""

    def __init__(self, table: Table) -> None:
        object.__setattr__(self, "table", table)

    def __getitem__(self, key: str) -> str:
        return f"${letters(self.table.column(key))}{_ANY_ROW}"


def write_table(
    book: Book,
    sheet: Worksheet,
    table: Table,
    rows: Sequence[Mapping[str, Value]],
    *,
    freeze: int = 0,
    filters: bool = True,
) -> None:
    """Write a table's header, values, formulas, widths and validations.

    ``freeze`` is how many columns from the left stay in sight; 0 freezes nothing.
    """
    last_column = table.left + len(table.columns) - 1
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True}
    words = book.format(**head, valign="vcenter", align="left", indent=1)
    figures = book.format(**head, valign="vcenter", align="right")
    sheet.add_table(
        table.top,
        table.left,
        table.last,
        last_column,
        {
            "name": table.name,
            "style": None,
            "autofilter": filters,
            "columns": [
                {
                    "header": column.header,
                    "header_format": words if column.number is Number.TEXT else figures,
                }
                for column in table.columns
            ],
        },
    )
    lines = [
        len(wrap(column.header, max(5, int(column.width) - 2), break_long_words=False))
        for column in table.columns
        if not column.hidden
    ]
    sheet.set_row(table.top, 6 + LINE_HEIGHT * max(2, *lines))
    for number, column in enumerate(table.columns):
        book.breathe()
        _write_column(book, sheet, table, table.left + number, column, rows)
    _set_heights(sheet, table, rows)
    if freeze:
        sheet.freeze_panes(table.first, table.left + freeze)
        sheet.repeat_rows(table.top)
        visible = sum(column.width for column in table.columns if not column.hidden)
        if visible > PAGE_WIDTH / 2:
            sheet.set_paper(A3)
        if visible > PAGE_WIDTH:
            sheet.fit_to_pages(round(visible / PAGE_WIDTH + 0.5), 0)
            sheet.repeat_columns(0, table.left + freeze - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(table.last, 200)}"})


def _set_heights(sheet: Worksheet, table: Table, rows: Sequence[Mapping[str, Value]]) -> None:
    """Make rows as high as their wrapped text needs; not every reader does so by itself."""
    wrapped = [(column.key, column.width) for column in table.columns if column.wrap]
    for index, row in enumerate(rows):
        lines = 1
        for key, width in wrapped:
            value = row.get(key)
            if isinstance(value, str) and len(value) > width * 0.8:
                lines = max(lines, len(wrap(value[:4000], max(6, round(width * 1.05)))))
        if lines > 1:
            sheet.set_row(table.first + index, LINE_HEIGHT * min(lines, MOST_LINES) + 2)


def _write_column(
    book: Book,
    sheet: Worksheet,
    table: Table,
    at: int,
    column: Column,
    rows: Sequence[Mapping[str, Value]],
) -> None:
    style = book.look(column.look, column.number, wrap=column.wrap)
    book.widen(sheet, at, column.width, hidden=column.hidden)
    key, first = column.key, table.first
    if column.formula is None:
        for index in range(max(1, table.count)):
            value = rows[index].get(key) if index < len(rows) else None
            put(sheet, first + index, at, value, style)
    else:
        for index, formula in enumerate(_formulas(table, column, column.formula)):
            value = rows[index].get(key) if rows else column.blank
            if formula == "=":
                put(sheet, first + index, at, value, style)
                continue
            assert value is None or isinstance(value, str | float | int)
            put_formula(sheet, (first + index, at), formula, value, style)
    _validate(sheet, table, at, column)


def _formulas(table: Table, column: Column, formula: Callable[[Row], str]) -> Iterator[str]:
    """The column's formulas, with their equals sign, from the first row to the last."""
    rows = range(max(1, table.count))
    if column.each:
        yield from (f"={formula(Row(table, index))}" for index in rows)
        return
    parts = f"={formula(_AnyRow(table))}".split(_ANY_ROW)
    yield from (str(table.first + index + 1).join(parts) for index in rows)


def _validate(sheet: Worksheet, table: Table, at: int, column: Column) -> None:
    if column.look is not Look.INPUT:
        return
    prompt = {"input_title": column.header[:32], "input_message": column.help[:255]}
    shown = prompt if column.help else {}
    area = (table.first, at, table.last, at)
    if column.choices is not None:
        source = column.choices if isinstance(column.choices, str) else list(column.choices)
        refusal = {"error_title": "Not in the list", "error_type": "warning"}
        sheet.data_validation(*area, {"validate": "list", "source": source, **refusal, **shown})
    elif column.share:
        refusal = {
            "error_title": "A share lies between 0% and 100%",
            "error_message": "Leave the cell empty where the share is not known.",
        }
        limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        sheet.data_validation(*area, {**limits, **refusal, **shown})
