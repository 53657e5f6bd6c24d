"""Delimited text (CSV, TSV and their kin) as one sheet of texts."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from depmap_gui.exchange.tables.encodings import decoded
from depmap_gui.exchange.tables.grid import Cell, Notice, Sheet, TableError
from depmap_gui.exchange.tables.limits import LONGEST_FIELD, LONGEST_LINE, MOST_TEXT_CELLS

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_LINES = 300
MOST_CONTROL_SHARE = 0.02


class Delimited(msgspec.Struct, frozen=True):
    """What a text file was read as."""

    sheet: Sheet
    encoding: str
    delimiter: str
    notices: tuple[Notice, ...]


def read_delimited(
    name: str, content: bytes, *, encoding: str | None = None, delimiter: str | None = None
) -> Delimited:
    """The table of a text file. Raises TableError where it is none or too large."""
    _refuse_endless_lines(name, content)
    try:
        read = decoded(content, encoding)
    except LookupError:
        raise TableError(f"There is no encoding '{encoding}'; try utf-8 or cp1252.") from None
    _refuse_other_texts(name, read.text)
    notices = []
    if read.is_guess:
        notices.append(
            Notice(
                f"The text was read as {read.encoding_name}, which is a guess: if letters look "
                "wrong, choose another encoding."
            )
        )
    if read.replaced:
        notices.append(
            Notice(f"{read.replaced:,} characters could not be read as {read.encoding_name}.")
        )
    text, declared = _without_declaration(read.text)
    mark = delimiter or declared or _likeliest(text)
    rows, told = _rows(name, text, mark)
    notices += [Notice(sentence) for sentence in told]
    sheet = Sheet(name=_sheet_name(name), rows=tuple(rows))
    return Delimited(sheet, read.encoding, mark, tuple(notices))


def delimiter_name(delimiter: str) -> str:
    """What a person calls the mark between cells."""
    return _NAMES.get(delimiter, f"'{delimiter}'")


def _sheet_name(name: str) -> str:
    return name.rpartition(".")[0] or name


def _refuse_endless_lines(name: str, content: bytes) -> None:
    """Raise TableError where a line is longer than any table's: it would be one row of millions."""
    for start in range(0, len(content) - LONGEST_LINE, LONGEST_LINE):
        end = start + LONGEST_LINE
        if content.find(b"\n", start, end) < 0 and content.find(b"\r", start, end) < 0:
            raise TableError(
                f"{name} has a line of more than {LONGEST_LINE >> 20} MB: it is no table, or its "
                "line ends were lost. Save it anew from the program that it comes from."
            )


def _refuse_other_texts(name: str, text: str) -> None:
    start = text[:2_000].lstrip("\ufeff \r\n\t").lower()
    if start.startswith(("<!doctype html", "<html", "<table", "<meta", "<style", "<body", "<div")):
        raise TableError(
            f"{name} is a web page (HTML) by its content, whatever its name says: open it in "
            "Excel or LibreOffice and save it as .xlsx or .csv."
        )
    if re.match(r"<[a-z?!]", start):
        raise TableError(
            f"{name} is XML text by its content, not a spreadsheet: open it in Excel or "
            "LibreOffice and save it as .xlsx."
        )
    if start.startswith(("{", "[{", "[[", "[\n")):
        raise TableError(f"{name} is JSON, not a table.")
    sample = text[:20_000]
    control = sum(letter < " " and letter not in "\r\n\t\f\v" for letter in sample)
    if control > MOST_CONTROL_SHARE * len(sample):
        raise TableError(
            f"{name} is not a table: its bytes are neither text nor a workbook. It may be cut "
            "short, or of another program."
        )


def _without_declaration(text: str) -> tuple[str, str | None]:
    """The text after a first line such as ``sep=;``, by which Excel is told the delimiter."""
    first, _, _ = text[:20].partition("\n")
    line = first.strip().strip('"')
    if line.lower().startswith("sep=") and len(line) in (4, 5):
        return text[text.index("\n") + 1 :], line[4:] or "\t"
    return text, None


def _likeliest(text: str) -> str:
    """The delimiter under which the first lines fall into the steadiest, widest rows."""
    lines = text[:200_000].splitlines()[:SAMPLE_LINES]
    sample = "\n".join(lines)
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        if mark not in sample:
            continue
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if any(row)
            ]
        except csv.Error:
            continue
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            continue
        width, times = wide.most_common(1)[0]
        score = times / len(widths) * min(width, 12) ** 0.5
        if score > best_score * 1.05:
            best, best_score = mark, score
    return best


def _rows(name: str, text: str, mark: str) -> tuple[list[list[Cell]], list[str]]:
    """The rows, and what there is to tell of quotation marks that do not close."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        rows = list(_cells(name, text, mark, csv.QUOTE_MINIMAL))
    except csv.Error:
        pass
    else:
        return _mended(name, text, mark, rows)
    try:
        return list(_cells(name, text, mark, csv.QUOTE_NONE)), [_NEVER_CLOSES]
    except csv.Error:
        raise TableError(
            f"{name} has a cell of more than {LONGEST_FIELD:,} characters: it is no table."
        ) from None


def _mended(
    name: str, text: str, mark: str, rows: list[list[Cell]]
) -> tuple[list[list[Cell]], list[str]]:
    """The rows, read anew line by line where a quotation mark swallowed whole lines."""
    if (first := _swallowing(rows, mark)) is None:
        return rows, []
    told = (
        f"A quotation mark that opens near row {first + 1} does not close where it should; lines "
        "with such marks were read with the marks as plain characters."
    )
    return _line_by_line(name, text, mark, len(rows[first])), [told]


_NEVER_CLOSES = (
    "A quotation mark opens and never closes; quotation marks were read as plain characters."
)


def _swallowing(rows: list[list[Cell]], mark: str) -> int | None:
    """The first row with a cell that holds whole lines of the table: its quote closed too late."""
    widths = Counter(len(row) for row in rows[:SAMPLE_LINES])
    width = widths.most_common(1)[0][0] if widths else 0
    if width < 2:
        return None
    for index, row in enumerate(rows):
        for cell in row:
            if not isinstance(cell, str) or "\n" not in cell or mark not in cell:
                continue
            lines = cell.splitlines()[1:]
            if len(row) != width and any(line.count(mark) >= width - 2 for line in lines):
                return index
    return None


def _line_by_line(name: str, text: str, mark: str, odd: int) -> list[list[Cell]]:
    """Each line a row: with quotes where that gives as many cells as the others, else without."""
    lines = text.splitlines()
    quoted = [next(iter(_cells(name, line, mark, csv.QUOTE_MINIMAL)), []) for line in lines]
    width = Counter(len(row) for row in quoted if len(row) != odd).most_common(1)
    wanted = width[0][0] if width else 0
    rows = []
    for line, row in zip(lines, quoted, strict=True):
        plain = next(iter(_cells(name, line, mark, csv.QUOTE_NONE)), [])
        is_better = len(row) != wanted and len(plain) == wanted
        rows.append([_bare(cell) for cell in plain] if is_better else row)
    return rows


def _bare(cell: Cell) -> Cell:
    return cell.strip('"') or None if isinstance(cell, str) else cell


def _cells(name: str, text: str, mark: str, quoting: int) -> Iterator[list[Cell]]:
    left = MOST_TEXT_CELLS
    # Excel's and R's files alike put spaces after commas at times; a quote must still open there.
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=mark,
        quoting=csv.QUOTE_NONE if quoting == csv.QUOTE_NONE else csv.QUOTE_MINIMAL,
        skipinitialspace=mark != "\t",
    )
    for row in reader:
        left -= len(row)
        if left < 0:
            raise TableError(f"{name} has more than {MOST_TEXT_CELLS:,} cells: import it in parts.")
        yield [cell or None for cell in row]
