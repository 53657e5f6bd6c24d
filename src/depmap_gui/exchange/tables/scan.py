"""A first look at a zipped workbook's parts: what spans how much, before anything is built of it.

The library that reads workbooks lays each sheet out as a full rectangle. A single stray cell in
the last corner would make that rectangle 17 billion cells, so it is measured first. The same look
finds what that library does not tell: error cells, formulas, hidden rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from depmap_gui.exchange.tables.containers import Zipped, refuse_entities
from depmap_gui.exchange.tables.grid import TableError, column_number
from depmap_gui.exchange.tables.limits import MOST_CELLS, MOST_UNPACKED_BYTES

MOST_ERRORS_TOLD = 10_000
LONGEST_TAG = 16 << 20
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = re.compile(rb'<(?:\w+:)?c\b(?:[^<>]*?\br="([A-Z]{1,3})(\d{1,7})")?([^<>]*?)>')
_VALUES = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
LONGEST_CELL_TAG = 2_000
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="(\d{1,9})"')
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})\d')
_ERROR = re.compile(rb'\bt="e"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What one sheet spans: its filled rows and columns, and what else was seen in passing."""

    rows: int = 0
    columns: int = 0
    errors: tuple[tuple[int, int], ...] = ()
    formulas: int | None = None
    hidden_rows: int = 0

    @property
    def is_bearable(self) -> bool:
        """Whether the rectangle is one that a table may have."""
        return self.rows * self.columns <= MOST_CELLS


class _Sight:
    """Collects the extent of one xlsx sheet from pieces of its XML."""

    def __init__(self) -> None:
        self.first: tuple[int, int] | None = None
        self.last_row = self.last_column = self.unplaced = 0
        self.errors: list[tuple[int, int]] = []
        self.formulas = self.hidden_rows = 0

    def look(self, text: bytes) -> None:
        """Take in a piece that ends where a tag ends."""
        self.formulas += len(_FORMULA.findall(text)) if b"<f" in text or b":f" in text else 0
        if b"hidden=" in text:
            self.hidden_rows += len(_HIDDEN_ROW.findall(text))
        row, column = self.last_row, self.last_column
        previous, number = b"", 0
        columns: set[bytes] = set()
        if not any(mark in text for mark in _VALUES):
            # Only empty cells, but for the last one, whose value may begin the next piece.
            text = text[-LONGEST_CELL_TAG:]
        for letters, digits, rest in _CELL.findall(text):
            if rest.endswith(b"/"):
                continue
            if not letters:
                self.unplaced += 1
                continue
            if digits != previous:
                previous, number = digits, int(digits)
                if number > row:
                    row = number
                if self.first is None:
                    self.first = (number, column_number(letters.decode()))
            columns.add(letters)
            if b'"e"' in rest and _ERROR.search(rest) and len(self.errors) < MOST_ERRORS_TOLD:
                self.errors.append((number - 1, column_number(letters.decode())))
        if self.unplaced:
            row = max([row, *(int(found) for found in _ROW.findall(text))])
        for letters in columns:
            column = max(column, column_number(letters.decode()) + 1)
        self.last_row, self.last_column = row, column

    def extent(self) -> Extent:
        """What was seen."""
        rows, columns = self.last_row, self.last_column
        if self.unplaced:
            rows = min(LAST_ROW, max(rows, 1))
            columns = min(LAST_COLUMN, max(columns, 1 + self.unplaced // rows))
        # The reader lays out from the first filled row on.
        spanned = rows - (self.first[0] - 1 if self.first else 0)
        return Extent(
            rows=max(spanned, 0),
            columns=columns,
            errors=tuple(self.errors),
            formulas=self.formulas,
            hidden_rows=self.hidden_rows,
        )


class _Glance:
    """A quicker, coarser look: empty cells count too, so it never sees less than there is."""

    def __init__(self) -> None:
        self.columns: set[bytes] = set()
        self.rows = self.formulas = self.hidden_rows = 0
        self.is_enough = True

    def look(self, text: bytes) -> None:
        """Take in a piece that ends where a tag ends."""
        cells = _REFERENCE.findall(text)
        self.columns.update(cells)
        self.rows = max(self.rows, max(map(int, _ROW.findall(text)), default=0))
        self.formulas += text.count(b"<f>") + text.count(b"<f ") + text.count(b"<f/>")
        if b"hidden=" in text:
            self.hidden_rows += len(_HIDDEN_ROW.findall(text))
        tags = text.count(b"<c ") + text.count(b"<c>") + text.count(b"<c/>")
        # Cells without a place, in another name space or in error want the closer look.
        is_plain = tags <= len(cells) and b't="e"' not in text and b":c" not in text
        self.is_enough = self.is_enough and is_plain

    def extent(self) -> Extent | None:
        """What was seen, or None where a closer look is needed."""
        columns = max((column_number(found.decode()) + 1 for found in self.columns), default=0)
        found = Extent(
            rows=self.rows,
            columns=columns,
            formulas=self.formulas,
            hidden_rows=self.hidden_rows,
        )
        return found if self.is_enough and found.is_bearable else None


def xlsx_extent(zipped: Zipped, part: str) -> Extent:
    """The extent of one worksheet part. Raises TableError where it cannot be unpacked."""
    glance = _Glance()
    for piece in whole_tags(zipped, part):
        glance.look(piece)
        if not glance.is_enough:
            break
    if (seen := glance.extent()) is not None:
        return seen
    sight = _Sight()
    for piece in whole_tags(zipped, part):
        sight.look(piece)
    return sight.extent()


_XLSB_ROW, _XLSB_DIMENSION = 0, 148
_XLSB_BLANK, _XLSB_ERRORS = 1, (3, 11)
_XLSB_CELLS = range(1, 12)
_XLSB_FORMULAS = range(8, 12)


def xlsb_extent(zipped: Zipped, part: str) -> Extent:
    """The extent of one binary worksheet part. Raises TableError as :func:`xlsx_extent`."""
    content = zipped.read(part, MOST_UNPACKED_BYTES)
    row = last_row = last_column = formulas = 0
    first: int | None = None
    errors: list[tuple[int, int]] = []
    for kind, start, size in _records(content):
        if kind == _XLSB_ROW and size >= 4:
            row = int.from_bytes(content[start : start + 4], "little")
        elif kind in _XLSB_CELLS and kind != _XLSB_BLANK and size >= 4:
            column = int.from_bytes(content[start : start + 4], "little")
            first = row if first is None else first
            last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
            formulas += kind in _XLSB_FORMULAS
            if kind in _XLSB_ERRORS and len(errors) < MOST_ERRORS_TOLD:
                errors.append((row, column))
    return Extent(
        rows=last_row - (first or 0),
        columns=last_column,
        errors=tuple(errors),
        formulas=formulas,
    )


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record of a binary part, as far as it goes."""
    at, end = 0, len(content)
    while at + 2 <= end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < end:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, at, size
        at += size


_ODS_TAG = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^<>]*?)(/?)>"
    rb"|(</table:table-row>)"
)
_ODS_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,12})"')


def refuse_huge_ods(zipped: Zipped) -> None:
    """Raise TableError where the filled cells of an ods, repetitions counted, span too much."""
    rows = columns = 0
    row_times = filled_to = across = 0
    for piece in whole_tags(zipped, "content.xml"):
        for tag, attributes, closed, row_end in _ODS_TAG.findall(piece):
            if tag == b"table":
                rows = columns = 0
            elif tag == b"table-row":
                row_times, filled_to, across = _repeated(attributes), 0, 0
                rows += row_times if closed else 0
            elif row_end:
                rows += row_times if row_times < LAST_ROW // 2 or filled_to else 0
                columns = max(columns, filled_to)
                if filled_to and rows * columns > MOST_CELLS:
                    raise TableError(
                        f"{zipped.name} has a sheet that spans {rows:,} rows by {columns:,} "
                        f"columns, more than {MOST_CELLS:,} cells: it was not read. Delete what "
                        "lies outside the table and save it again."
                    )
            else:
                across += _repeated(attributes)
                if b"value-type" in attributes:
                    filled_to = across


def _repeated(attributes: bytes) -> int:
    found = _ODS_REPEATED.search(attributes)
    return int(found[1]) if found else 1


def whole_tags(zipped: Zipped, part: str, most: int = MOST_UNPACKED_BYTES) -> Iterator[bytes]:
    """The part in pieces that end after a tag. Raises TableError beyond ``most`` bytes."""
    waiting = b""
    for chunk in zipped.chunks(part, most):
        text = waiting + chunk
        refuse_entities(zipped.name, text)
        end = text.rfind(b">") + 1
        waiting = text[end:]
        if len(waiting) > LONGEST_TAG:
            raise TableError(
                f"{zipped.name} is damaged: '{part}' in it is not the XML of a spreadsheet."
            )
        yield text[:end]
