"""Where a table begins on a sheet: its header, under title lines or over several rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec

from depmap_gui.exchange.tables.grid import Cell, CellRange, Sheet, cell_name, column_letters
from depmap_gui.exchange.tables.words import (
    column_words,
    folded,
    head_words,
    is_total,
    is_unknown,
    without_marks,
)

LOOKED_AT = 60
BODY_SAMPLE = 60
LONGEST_HEAD = 90
MOST_HEADER_ROWS = 4
LEAST_SCORE = 2.2

_NUMERIC_TEXT = re.compile(r"[\s$€£¥<>~≈+\-(]*\d[\d.,'’ \u00a0]*\s*(?:%|[a-zA-Z]{0,4})[)\s]*")
_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_UNIT_CELL = re.compile(
    r"[(\[]?\s*(?:in\s+)?(?:%|[$€£]|usd|eur|[kmgt]?wh?|kt|t|tonnes|tons|kg|m2|percent|mio\.?"
    r"|million|bn|no\.?|yes/no|date|text)(?:\W.*)?[)\]]?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:notes?|sources?|quellen?|anmerkung|remarks?|legend|fuente|nota|注|備考|备注)"
    r"\b|[*†‡§]|\(?\d\)\s|\[\d\]|©",
    re.IGNORECASE,
)


class Header(msgspec.Struct, frozen=True):
    """The header of a table: ``first`` row and ``count`` of rows (None: it has none), the row
    where its ``body`` begins, and one head a column, blank where there is none."""

    first: int | None
    count: int
    body: int
    heads: tuple[str, ...]


def area(sheet: Sheet, range: CellRange | None) -> list[list[Cell]]:
    """The rows that are looked at: all, or the range's, what lies outside taken as empty."""
    if range is None:
        return list(sheet.rows)
    rows = sheet.rows if sheet.whole is None else sheet.whole
    blank: list[Cell] = []
    return [
        [None] * range.left + row[range.left : range.right + 1]
        if range.top <= index <= range.bottom
        else blank
        for index, row in enumerate(rows)
    ]


def find_header(rows: Sequence[list[Cell]], merged: Sequence[CellRange] = ()) -> Header:
    """The likeliest header of a table, or none where its first row reads like all others."""
    filled = [index for index, row in enumerate(rows[: LOOKED_AT * 4]) if _count(row)]
    if not filled:
        return Header(None, 0, 0, ())
    widest = max(_count(rows[index]) for index in filled)
    best, best_score = None, LEAST_SCORE
    seen: dict[tuple[str, ...], int] = {}
    for position, index in enumerate(filled[:LOOKED_AT]):
        # A header that is repeated on each printed page is where it stands first.
        words = tuple(folded(str(cell)) for cell in rows[index] if cell is not None)
        first = seen.setdefault(words, index)
        if _count(rows[index]) == 1 and widest > 2:
            continue
        score = _score(rows, index) - 0.03 * position
        if score > best_score:
            best, best_score = first, score
    if best is None:
        return Header(None, 0, filled[0], ("",) * max(map(len, rows)))
    return _around(rows, best, merged)


def header_at(
    rows: Sequence[list[Cell]], first: int, count: int, merged: Sequence[CellRange] = ()
) -> Header:
    """The header that someone says it is: ``count`` rows from ``first`` on, 0 rows: none."""
    if count == 0:
        return Header(None, 0, first, ("",) * max(map(len, rows), default=0))
    return Header(first, count, first + count, _joined(rows, first, count, merged))


def column_names(heads: Sequence[str]) -> list[str]:
    """What to call each column: its head, numbered where it is not the first of that name."""
    seen: Counter[str] = Counter()
    names = []
    for index, head in enumerate(heads):
        shown = head or f"(column {column_letters(index)})"
        seen[folded(shown)] += 1
        times = seen[folded(shown)]
        names.append(shown if times == 1 else f"{shown} ({times})")
    return names


def _count(row: Sequence[Cell]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number or date, or text that is written like one."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float | date | datetime):
        return True
    return isinstance(cell, str) and _NUMERIC_TEXT.fullmatch(cell) is not None


def is_head_like(cell: Cell) -> bool:
    """Whether a cell may be the head of a column: short text, or a year."""
    if isinstance(cell, str):
        plain = cell.strip()
        return len(plain) <= LONGEST_HEAD and (
            not is_number(cell) or _YEAR.fullmatch(plain) is not None
        )
    return isinstance(cell, int | float) and _YEAR.fullmatch(f"{cell:g}") is not None


@lru_cache(maxsize=16_384)
def is_known_head(text: str) -> bool:
    """Whether a head, or its first or last words, is one that tables use."""
    words = head_words(re.sub(r"[(\[][^)\]]*[)\]]", " ", text)).split()
    sections = column_words().values()
    spans = {" ".join(words), " ".join(words[:2]), " ".join(words[-2:]), *words[-1:], *words[:1]}
    return any(span in section for section in sections for span in spans if span)


def _score(rows: Sequence[list[Cell]], index: int) -> float:
    """How much a row looks like a header over the rows that follow it."""
    row = rows[index]
    cells = [cell for cell in row if cell is not None and cell != ""]
    body = [r for r in rows[index + 1 : index + 1 + BODY_SAMPLE] if _count(r)]
    if not body:
        return 0.0
    widths = Counter(_count(r) for r in body)
    wide = max(width for width, times in widths.items() if times * 10 >= len(body))
    head_like = sum(map(is_head_like, cells)) / len(cells)
    if head_like < 0.7 or (len(cells) < 2 and wide > 1):
        return 0.0
    fill = min(1.0, len(cells) / max(wide, 1))
    texts = [folded(str(cell)) for cell in cells]
    distinct = len(set(texts)) / len(texts)
    known = sum(isinstance(cell, str) and is_known_head(cell) for cell in cells) / len(cells)
    return 2.0 * known + 1.2 * fill + 0.8 * head_like + 0.5 * distinct + 1.2 * _contrast(row, body)


def _contrast(row: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> float:
    """The share of columns whose cells below are of another kind than the head."""
    differ, counted = 0.0, 0
    for column, head in enumerate(row):
        if head is None:
            continue
        below = [r[column] for r in body if column < len(r) and r[column] is not None]
        if not below:
            continue
        counted += 1
        numbers = sum(map(is_number, below))
        lengths = [len(cell) for cell in below if isinstance(cell, str)]
        if numbers * 2 > len(below) and not is_number(head):
            differ += 1
        elif lengths and isinstance(head, str) and head not in below:
            differ += 0.4 if min(lengths) <= len(head) <= max(lengths) else 0.6
    return differ / counted if counted else 0.0


def _around(rows: Sequence[list[Cell]], best: int, merged: Sequence[CellRange]) -> Header:
    """The header around its likeliest row: group heads above, sub-heads or units below."""
    first, last = best, best
    while last - first + 1 < MOST_HEADER_ROWS and _is_subheader(rows, last):
        last += 1
    while (
        first > 0
        and last - first + 1 < MOST_HEADER_ROWS
        and _is_group(rows, first - 1, first, merged)
    ):
        first -= 1
    count = last - first + 1
    return Header(first, count, last + 1, _joined(rows, first, count, merged))


def _is_subheader(rows: Sequence[list[Cell]], index: int) -> bool:
    """Whether the row below belongs to the header: it fills its gaps, or names units."""
    if index + 1 >= len(rows):
        return False
    row, below = rows[index], rows[index + 1]
    cells = [(i, cell) for i, cell in enumerate(below) if cell is not None]
    if not cells or not all(isinstance(cell, str) and is_head_like(cell) for _, cell in cells):
        return False
    if all(_UNIT_CELL.fullmatch(str(cell).strip()) for _, cell in cells):
        return True
    gaps = sum(i >= len(row) or row[i] is None for i, _ in cells)
    under = [r for r in rows[index + 2 : index + 2 + BODY_SAMPLE] if _count(r)]
    known = sum(is_known_head(str(cell)) for _, cell in cells)
    return gaps >= 2 and known * 2 >= len(cells) and bool(under) and _contrast(below, under) > 0.2


def _is_group(
    rows: Sequence[list[Cell]], above: int, below: int, merged: Sequence[CellRange]
) -> bool:
    """Whether a row holds heads of groups over the heads below it."""
    cells = [(i, cell) for i, cell in enumerate(rows[above]) if cell is not None]
    if not cells or not all(isinstance(c, str) and len(c) <= LONGEST_HEAD for _, c in cells):
        return False
    width = _count(rows[below])
    spans = [m for m in merged if m.top <= above <= m.bottom and m.right > m.left]
    if spans:
        return any(m.right - m.left + 1 < width for m in spans)
    fitting = sum(i < len(rows[below]) and rows[below][i] is not None for i, _ in cells)
    return len(cells) >= 2 and len(cells) < width and fitting == len(cells)


def _joined(
    rows: Sequence[list[Cell]], first: int, count: int, merged: Sequence[CellRange]
) -> tuple[str, ...]:
    """One head a column, the parts of several rows put together from above."""
    width = max((len(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for index in range(first, min(first + count, len(rows))):
        row = rows[index]
        is_last = index == first + count - 1
        label = ""
        label_end = width
        for column in range(width):
            cell = row[column] if column < len(row) else None
            if cell is not None:
                label = _head_text(cell)
                span = next((m for m in merged if m.top == index and m.left == column), None)
                label_end = span.right if span else (column if merged or is_last else width)
            shown = label if cell is not None or (not is_last and column <= label_end) else ""
            if shown and (not parts[column] or folded(parts[column][-1]) != folded(shown)):
                parts[column].append(shown)
    return tuple(" ".join(part) for part in parts)


def _head_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(without_marks(str(cell)).split())


def why_skipped(row: Sequence[Cell], heads: Sequence[str], typical: int) -> str:
    """Why a row below the header is no entry of the table; empty where it is one.

    ``typical`` is how many cells an entry fills.
    """
    count = len(row) - row.count(None)
    if not count:
        return "blank"
    texts = [cell for cell in row if isinstance(cell, str)]
    for text in texts[:4]:
        if is_total(text):
            if _is_total_row(texts, typical):
                return "a total"
            break
    if _is_header_again(row, heads, count):
        return "the header again"
    if count > 2 and texts and count * 2 > typical:
        return ""
    return _why_sparse(row, texts, count, typical, sum(map(bool, heads)))


def _is_header_again(row: Sequence[Cell], heads: Sequence[str], count: int) -> bool:
    """Whether a row repeats the header, as at the top of each printed page."""
    same = 0
    for cell, head in zip(row, heads, strict=False):
        if cell is None:
            continue
        if not isinstance(cell, str) or folded(cell) != folded(head):
            return False
        same += 1
    return same >= 2 and same == count


def _why_sparse(row: Sequence[Cell], texts: list[str], count: int, typical: int, width: int) -> str:
    """Why a row that fills few cells is none of the table's."""
    if len(texts) == count and not any(text.strip() for text in texts):
        return "blank"
    first = texts[0].strip() if texts else ""
    if count == 1 and width >= 3 and first and _NOTE.match(first):
        return "a note"
    if count == 1 and typical >= 3:
        if len(first) > LONGEST_HEAD:
            return "a note"
        if (row and row[0] is not None) or not first:
            return "a heading or note, alone in its row"
    if first and count <= 2 and typical >= 4 and _NOTE.match(first):
        return "a note"
    if len(texts) == count and all(is_unknown(text) for text in texts):
        return "nothing but marks for unknown"
    return ""


def _is_total_row(texts: list[str], typical: int) -> bool:
    """Whether a row with a word for totals is one: a company may be called 'Total'."""
    plain = any(" " in folded(text) for text in texts[:4] if is_total(text))
    words = sum(not is_number(text) for text in texts)
    return plain or words <= max(1, typical // 3)


def typical_fill(rows: Sequence[Sequence[Cell]]) -> int:
    """How many cells the middle one of these rows fills."""
    counts = sorted(count for row in rows if (count := _count(row)))
    return counts[len(counts) // 2] if counts else 0


__all__ = [
    "Header",
    "area",
    "cell_name",
    "column_names",
    "find_header",
    "header_at",
    "is_head_like",
    "is_known_head",
    "is_number",
    "typical_fill",
    "why_skipped",
]
