"""A first look at a zipped workbook's parts: what spans how much, before anything is built of it.

The library that reads workbooks lays each sheet out as a full rectangle. A single stray cell in
the last corner would make that rectangle 17 billion cells, so it is measured first. The same look
finds what that library does not tell: error cells, formulas, hidden rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from depmap_gui.exchange.tables.containers import Zipped, refuse_entities
from depmap_gui.exchange.tables.grid import TableError, column_number
from depmap_gui.exchange.tables.limits import MOST_CELLS, MOST_UNPACKED_BYTES

MOST_ERRORS_TOLD = 10_000
LONGEST_TAG = 16 << 20
LAST_ROW = 1_048_576

# As nearly all programs write cells, attributes in plain words; anything else is looked at closely.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"((?: [a-z]+="[\w.-]*")*)(/?)>')
_ANY_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])")
_ATTRIBUTES = re.compile(rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>""")
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_NAMED_PLACE = re.compile(rb"(?:^|\s)r\s*=")
_VALUES = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
LONGEST_CELL_TAG = 2_000
_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\s[^<>]*?\br\s*=\s*["'](\d{1,15})""")
_PLAIN_ROW = re.compile(rb'<row [^<>]*?\br="(\d{1,15})"')
_ROW_START = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\bhidden=["'](?:1|true)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


class OddSheet(Exception):
    """A cell is written as no program writes it: what the sheet spans cannot be told."""


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What one sheet spans: its filled rows and columns, and what else was seen in passing."""

    rows: int = 0
    columns: int = 0
    errors: tuple[tuple[int, int], ...] = ()
    formulas: int | None = None
    hidden_rows: int = 0
    is_odd: bool = False

    @property
    def is_bearable(self) -> bool:
        """Whether the rectangle is one that a table may have."""
        return self.rows * self.columns <= MOST_CELLS


class _Sight:
    """Collects the extent of one xlsx sheet from pieces of its XML."""

    def __init__(self) -> None:
        self.first: tuple[int, int] | None = None
        self.last_row = self.last_column = self.unplaced = 0
        self.numbered = self.row_tags = self.in_row = self.fullest_row = 0
        self.errors: list[tuple[int, int]] = []
        self.formulas = self.hidden_rows = 0

    def look(self, text: bytes) -> None:
        """Take in a piece that ends where a tag ends. Raises OddSheet."""
        self.formulas += len(_FORMULA.findall(text)) if b"<f" in text or b":f" in text else 0
        if b"hidden=" in text:
            self.hidden_rows += len(_HIDDEN_ROW.findall(text))
        self._look_at_rows(text)
        if not any(mark in text for mark in _VALUES):
            # Only empty cells, but for the last one, whose value may begin the next piece.
            text = text[-LONGEST_CELL_TAG:]
        row, column = self.last_row, self.last_column
        previous, number = b"", 0
        columns: set[bytes] = set()
        for letters, digits, rest, closed in _cells(text):
            if closed:
                continue
            if not letters:
                self.unplaced += 1
                continue
            if digits != previous:
                previous, number = digits, int(digits)
                row = max(row, number)
                if self.first is None:
                    self.first = (number, column_number(letters.decode()))
            columns.add(letters)
            if b"e" in rest and _ERROR.search(rest) and len(self.errors) < MOST_ERRORS_TOLD:
                self.errors.append((number - 1, column_number(letters.decode())))
        for letters in columns:
            column = max(column, column_number(letters.decode()) + 1)
        self.last_row, self.last_column = row, column

    def _look_at_rows(self, text: bytes) -> None:
        """Note how many cells the fullest row has, and the last row's number."""
        before, *rows = _ROW_START.split(text)
        for position, part in enumerate((before, *rows)):
            self.in_row = (0 if position else self.in_row) + part.count(b"<c") + part.count(b":c")
            self.fullest_row = max(self.fullest_row, self.in_row)
        self.row_tags += len(rows)
        self.numbered = max([self.numbered, *map(int, _ROW.findall(text))])

    def extent(self) -> Extent:
        """What was seen."""
        rows, columns = self.last_row, self.last_column
        if self.unplaced:
            # A cell without a place follows the one before it, a row without a number likewise.
            rows = max(rows, self.numbered) + self.row_tags
            columns += self.fullest_row
        # The reader lays out from the first filled row on.
        spanned = rows - (self.first[0] - 1 if self.first and not self.unplaced else 0)
        return Extent(
            rows=max(spanned, 0),
            columns=columns,
            errors=tuple(self.errors),
            formulas=self.formulas,
            hidden_rows=self.hidden_rows,
        )


_ODD_MARKS = (b't="e"', b":c", b"<c>", b"<c/>", b"<c\t", b"<c\n", b"<c\r")


def _cells(text: bytes) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Column letters and row (both empty where it names none), other attributes, and whether it
    is empty, of each cell. Raises OddSheet."""
    found = _PLAIN_CELL.findall(text)
    if len(found) == len(_ANY_CELL.findall(text)):
        return found
    cells = []
    for start in _ANY_CELL.finditer(text):
        tag = _ATTRIBUTES.match(text, start.end())
        if tag is None:
            raise OddSheet
        place = _PLACE.search(tag[1])
        if place is None and _NAMED_PLACE.search(tag[1]):
            raise OddSheet
        letters, digits = (place[1], place[2]) if place else (b"", b"")
        cells.append((letters, digits, tag[1], tag[2]))
    return cells


@cache
def _irregular(letters: int, digits: int) -> re.Pattern[bytes]:
    """A cell that is not written in the usual way, or stands farther out than so many letters of
    its column and digits of its row."""
    return re.compile(rb'<c(?:[>/\t\n\r]| (?!r="[A-Z]{1,%d}\d{1,%d}"))' % (letters, digits))


class _Glance:
    """A quicker, coarser look at cells written in the usual way, which sees no less than there is:
    columns are taken up to Z or ZZ, rows up to the next power of ten, empty cells count too."""

    def __init__(self) -> None:
        self.errors: list[tuple[int, int]] = []
        self.rows = self.formulas = self.hidden_rows = 0
        self.letters = 1
        self.is_enough = True

    def look(self, text: bytes) -> None:
        """Take in a piece that ends where a tag ends."""
        if b"hidden=" in text:
            self.hidden_rows += len(_HIDDEN_ROW.findall(text))
        if b"<f" in text:
            self.formulas += len(_FORMULA.findall(text))
        self.rows = max(self.rows, max(map(int, _PLAIN_ROW.findall(text)), default=0))
        digits = len(str(self.rows))
        if self.letters == 1 and _irregular(1, digits).search(text):
            self.letters = 2
        # Cells without a place, oddly spelled or in another name space want the closer look.
        self.is_enough = (
            self.is_enough
            and b":c" not in text
            and (self.letters == 1 or not _irregular(2, digits).search(text))
        )
        if self.is_enough and b't="e"' in text:
            self._find_errors(text)

    def _find_errors(self, text: bytes) -> None:
        at = text.find(b't="e"')
        while at >= 0 and len(self.errors) < MOST_ERRORS_TOLD:
            cell = _PLAIN_CELL.match(text, text.rfind(b"<c ", 0, at))
            if cell is not None and cell.end() > at:
                self.errors.append((int(cell[2]) - 1, column_number(cell[1].decode())))
            at = text.find(b't="e"', at + 1)

    def extent(self) -> Extent | None:
        """What was seen, or None where a closer look is needed."""
        found = Extent(
            rows=10 ** len(str(self.rows)) - 1,
            columns=26 if self.letters == 1 else 26 + 26 * 26,
            errors=tuple(self.errors),
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
    try:
        for piece in whole_tags(zipped, part):
            sight.look(piece)
    except OddSheet:
        return Extent(is_odd=True)
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
