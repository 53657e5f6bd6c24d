"""What is read from a file before anyone says what it means: sheets of cells, and what was told."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import msgspec

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""One cell: ``None`` where it is empty; text is kept as it stands."""

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)


class TableError(Exception):
    """A file that cannot be read as tables; one sentence for the person who gave it."""


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    TEXT = "text"


class Notice(msgspec.Struct, frozen=True):
    """Something about a file or a sheet that its reader should know; a plain sentence."""

    message: str
    sheet: str | None = None


class CellRange(msgspec.Struct, frozen=True):
    """A rectangle of cells, all four ends counted from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return (
            f"{column_letters(self.left)}{self.top + 1}:"
            f"{column_letters(self.right)}{self.bottom + 1}"
        )

    @staticmethod
    def parse(text: str) -> CellRange:
        """A range as ``B3:H40`` says it. Raises TableError where it is none."""
        found = _RANGE.fullmatch(text.strip())
        if found is None:
            raise TableError(f"'{text}' is not a range of cells; write it as B3:H40.")
        left, top, right, bottom = found.groups()
        columns = sorted((column_number(left), column_number(right)))
        rows = sorted((int(top) - 1, int(bottom) - 1))
        if rows[0] < 0:
            raise TableError(f"'{text}' is not a range of cells: rows count from 1.")
        return CellRange(rows[0], columns[0], rows[1], columns[1])


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet: ``rows`` from the first row of the file's sheet on, each of any length.

    ``rows[i][j]`` is the cell in sheet row i + 1 and column ``column_letters(j)``.
    ``merged`` are merged ranges as the file has them, ``errors`` the cells that hold an error
    value such as #REF! (their value is None), ``formulas`` counts formula cells (None: the
    format does not tell).

    Of a table that is a part of the file's sheet, ``whole`` has all its rows; of one that was
    turned or unrolled, ``spots`` says where each cell stood in the file (row, column).
    """

    name: str
    rows: tuple[list[Cell], ...]
    hidden: bool = False
    merged: tuple[CellRange, ...] = ()
    errors: tuple[tuple[int, int], ...] = ()
    formulas: int | None = None
    whole: tuple[list[Cell], ...] | None = None
    spots: tuple[tuple[tuple[int, int], ...], ...] | None = None

    def spot(self, row: int, column: int | None) -> tuple[int, int | None]:
        """Where a cell (without a column: a row) of this table stands in the file."""
        if self.spots is None or not 0 <= row < len(self.spots):
            return row, column
        places = self.spots[row]
        if column is None or column >= len(places):
            if not places:
                return row, None
            # An item that stood in a column is found by its head, an unrolled cell by itself.
            return places[0] if places[0][1] == places[-1][1] else places[-1]
        return places[column]

    @property
    def width(self) -> int:
        """Cells of the longest row."""
        return max(map(len, self.rows), default=0)


class TableFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: its sheets, its fingerprint, and what there is to tell about it.

    ``encoding`` and ``delimiter`` are set for text, ``sha256`` is of the file's bytes.
    """

    name: str
    kind: FileKind
    sha256: str
    sheets: tuple[Sheet, ...]
    notices: tuple[Notice, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, in any case. Raises TableError naming those there are."""
        for sheet in self.sheets:
            if sheet.name.strip().casefold() == name.strip().casefold():
                return sheet
        there = ", ".join(f"'{sheet.name}'" for sheet in self.sheets)
        raise TableError(f"{self.name} has no sheet '{name}'. It has {there or 'none'}.")


def column_letters(number: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, counted from 0, of its letters: A is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell counted from 0: (16, 5) is F17."""
    return f"{column_letters(column)}{row + 1}"
