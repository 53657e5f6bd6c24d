"""Cells to and from the clipboard, as Excel writes and reads them: tabs, line ends, quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import msgspec


class Pasted(msgspec.Struct, frozen=True):
    """Texts with the place they go to, and how many had no place."""

    cells: tuple[tuple[int, int, str], ...]
    left_out: int = 0


def to_clipboard(block: Sequence[Sequence[str]]) -> str:
    """A block of texts as tab-separated lines."""
    written = io.StringIO()
    csv.writer(written, dialect="excel-tab", lineterminator="\n").writerows(block)
    return written.getvalue()


def from_clipboard(text: str) -> list[list[str]]:
    """The block of texts of tab-separated lines; the apostrophe that keeps text text is dropped."""
    rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n")), dialect="excel-tab"))
    return [[_unguarded(cell) for cell in row] for row in rows if row]


def holds_table(text: str) -> bool:
    """Whether copied text is a block of cells: several rows, most of them of several cells."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and sum("\t" in line for line in lines) * 2 > len(lines)


def _unguarded(cell: str) -> str:
    guarded = cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@")
    return cell[1:] if guarded else cell


def placed(
    block: Sequence[Sequence[str]],
    selected: Sequence[tuple[int, int]],
    headings: Sequence[str],
    rows: int,
) -> Pasted:
    """Where the texts of a block go, given the selected cells and the table's columns.

    A single text goes into every selected cell; a block begins at the upper left one. A first row
    that repeats the headings of the columns is not pasted.
    """
    if not block or not selected:
        return Pasted(())
    top = min(row for row, _ in selected)
    left = min(column for _, column in selected)
    titles = list(headings[left : left + len(block[0])])
    body = block[1:] if len(block) > 1 and list(block[0]) == titles else block
    if len(body) == 1 and len(body[0]) == 1:
        return Pasted(tuple((row, column, body[0][0]) for row, column in sorted(selected)))
    cells = []
    left_out = 0
    for i, texts in enumerate(body):
        for j, text in enumerate(texts):
            if top + i < rows and left + j < len(headings):
                cells.append((top + i, left + j, text))
            else:
                left_out += 1
    return Pasted(tuple(cells), left_out)
