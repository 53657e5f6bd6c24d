"""Sheets that are not one table read downward, made into such: tables beside or below one another
are parted, one whose items stand in columns is turned, one of countries by column is unrolled.

What comes out is a sheet like any other, whose cells still know where they stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from depmap_gui.exchange.tables.columns import meanings, shown
from depmap_gui.exchange.tables.grid import Cell, Notice, Sheet
from depmap_gui.exchange.tables.headers import (
    find_header,
    is_head_like,
    is_known_head,
    is_number,
    why_skipped,
)
from depmap_gui.exchange.tables.places import country_code
from depmap_gui.exchange.tables.words import folded, is_others

MOST_TURNED_ROWS = 60
MOST_TURNED_CELLS = 100_000
LEAST_COUNTRIES = 3
SAMPLE = 200
_SURE = 0.85

Block = tuple[int, int, int, int]
"""Top, left, bottom and right of a table on a sheet, all counted from 0 and included."""


def as_tables(sheet: Sheet) -> tuple[list[Sheet], list[Notice]]:
    """The tables of a sheet as sheets of their own, and what was done to make them so.

    A sheet that is one table is given back as it is.
    """
    if not sheet.rows:
        return [sheet], []
    blocks = [part for block in _side_by_side(sheet) for part in _below(sheet, block)]
    notices: list[Notice] = []
    if len(blocks) > 1:
        names = [sheet.name, *(f"{sheet.name}, table {n}" for n in range(2, len(blocks) + 1))]
        sheets = [_cut(sheet, block, name) for block, name in zip(blocks, names, strict=True)]
        notices.append(
            Notice(
                f"The sheet holds {len(blocks)} tables; each is read by itself: "
                f"{', '.join(names)}.",
                sheet.name,
            )
        )
    else:
        sheets = [sheet]
    found = []
    for part in sheets:
        made, told = _read_downward(part)
        found.append(made)
        notices += told
    return found, notices


def _read_downward(sheet: Sheet) -> tuple[Sheet, list[Notice]]:
    if _is_turned(sheet):
        sentence = (
            "The items stand in columns and what is said of them in rows: the table is read as if "
            "it were turned. Cells are named as they stand in the file."
        )
        return _turned(sheet), [Notice(sentence, sheet.name)]
    if (countries := _country_columns(sheet)) is not None:
        row, columns = countries
        sentence = (
            f"{len(columns)} columns are countries: each of their cells is read as a row of its "
            "own, with the country and the share. Cells are named as they stand in the file."
        )
        return _unrolled(sheet, row, columns), [Notice(sentence, sheet.name)]
    return sheet, []


def _side_by_side(sheet: Sheet) -> list[Block]:
    """The blocks that blank columns part, where each of them is plainly a table."""
    rows = sheet.rows
    whole = (0, 0, len(rows) - 1, sheet.width - 1)
    filled = _filled_columns(rows, sheet.width)
    groups: list[list[int]] = []
    for column in filled:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    if len(groups) < 2 or any(len(group) < 2 for group in groups):
        return [whole]
    blocks = [(0, group[0], len(rows) - 1, group[-1]) for group in groups]
    heads = [_heads_of(sheet, block) for block in blocks]
    if not all(_names_someone(found) for found in heads):
        return [whole]
    # Parts of one table have the same rows; two tables mostly do not, or repeat a head.
    depth = {_last_row(rows, block) for block in blocks}
    words = [{folded(head) for head in found if head} for found in heads]
    repeats = any(one & other for i, one in enumerate(words) for other in words[i + 1 :])
    return blocks if len(depth) > 1 or repeats or _have_ends(heads) else [whole]


def _have_ends(heads: Sequence[Sequence[str]]) -> bool:
    """Whether a later block speaks of owners and what they own: a table of its own."""
    for found in heads[1:]:
        roles = {m.role for head in found for m in meanings(head) if m.surety >= _SURE}
        if "owner" in roles and roles & {"owned", "company", "plant"}:
            return True
    return False


def _filled_columns(rows: Sequence[list[Cell]], width: int) -> list[int]:
    blank = {
        column
        for column in range(width)
        if all(column >= len(row) or row[column] is None for row in rows[:SAMPLE])
    }
    for row in rows[SAMPLE:]:
        if not blank:
            break
        blank -= {column for column in blank if column < len(row) and row[column] is not None}
    return [column for column in range(width) if column not in blank]


def _below(sheet: Sheet, block: Block) -> list[Block]:
    """The tables of a block that stand one below the other, a blank row between."""
    top, left, bottom, right = block
    rows = sheet.rows
    starts = [top]
    was_blank = False
    heads: tuple[str, ...] = ()
    for index in range(top, bottom + 1):
        row = rows[index]
        is_blank = len(row) - row.count(None) == 0 or not any(
            cell is not None for cell in row[left : right + 1]
        )
        if is_blank:
            was_blank = True
            continue
        if was_blank and index > top:
            cells = row[left : right + 1]
            start = _new_table(rows, index, left, right)
            if start is not None:
                heads = heads or _heads_of(sheet, (starts[-1], left, index - 1, right))
                if _names_someone(heads) and not why_skipped(cells, heads, 0):
                    starts.append(index)
                    heads = ()
        was_blank = False
    ends = [start - 1 for start in starts[1:]] + [bottom]
    return [(start, left, end, right) for start, end in zip(starts, ends, strict=True)]


def _new_table(rows: Sequence[list[Cell]], index: int, left: int, right: int) -> int | None:
    """The row of a header that opens a table here: this row, or the next under a title."""
    for at in (index, index + 1):
        if at + 1 >= len(rows):
            return None
        cells = [cell for cell in rows[at][left : right + 1] if cell is not None]
        if len(cells) == 1 and at == index:
            continue
        known = [cell for cell in cells if isinstance(cell, str) and is_known_head(cell)]
        is_header = (
            len(cells) >= 2
            and all(isinstance(cell, str) and is_head_like(cell) for cell in cells)
            and len(known) * 3 >= len(cells) * 2
            and len({folded(str(cell)) for cell in cells}) == len(cells)
            and any(cell is not None for cell in rows[at + 1][left : right + 1])
        )
        return at if is_header and _names_someone([str(cell) for cell in cells]) else None
    return None


def _names_someone(heads: Sequence[str]) -> bool:
    """Whether one of the heads surely names a role, and another says something else."""
    sure = [any(m.surety >= _SURE for m in meanings(head)) for head in heads if head]
    roles = [
        any(m.role and m.surety >= _SURE and m.attribute in (None, "name") for m in meanings(head))
        for head in heads
        if head
    ]
    return any(roles) and sum(sure) >= 2


def _heads_of(sheet: Sheet, block: Block) -> tuple[str, ...]:
    top, left, bottom, right = block
    part = [row[left : right + 1] for row in sheet.rows[top : bottom + 1]]
    return tuple(head for head in find_header(part[:SAMPLE]).heads if head)


def _last_row(rows: Sequence[list[Cell]], block: Block) -> int:
    top, left, bottom, right = block
    for index in range(bottom, top - 1, -1):
        if any(cell is not None for cell in rows[index][left : right + 1]):
            return index
    return top


def _cut(sheet: Sheet, block: Block, name: str) -> Sheet:
    """The block as a sheet: what lies outside is empty, so that cells keep their places."""
    top, left, bottom, right = block
    rows = tuple(
        [None] * left + row[left : right + 1] if index >= top else []
        for index, row in enumerate(sheet.rows[: bottom + 1])
    )

    def is_inside(row: int, column: int) -> bool:
        return top <= row <= bottom and left <= column <= right

    return msgspec.structs.replace(
        sheet,
        name=name,
        rows=rows,
        whole=sheet.whole or sheet.rows,
        merged=tuple(span for span in sheet.merged if is_inside(span.top, span.left)),
        errors=tuple(spot for spot in sheet.errors if is_inside(*spot)),
    )


def _is_turned(sheet: Sheet) -> bool:
    """Whether the first column holds the heads and the rows the items."""
    rows = [row for row in sheet.rows if any(cell is not None for cell in row)]
    if not 3 <= len(rows) <= MOST_TURNED_ROWS or sheet.width < 3:
        return False
    left = min(next(j for j, cell in enumerate(row) if cell is not None) for row in rows)
    firsts = [row[left] for row in rows if left < len(row)]
    heads = [cell for cell in firsts if isinstance(cell, str) and is_head_like(cell)]
    known = [head for head in heads if _is_sure(head) and country_code(head) is None]
    if len(known) < 3 or len(known) * 3 < len(firsts) * 2 or len(set(heads)) < len(heads):
        return False
    if not _names_someone(heads):
        return False
    beside = max(len(row) - row.count(None) for row in rows) - 1
    across = max(
        sum(isinstance(cell, str) and is_known_head(cell) for cell in row[left + 1 :])
        / max(1, len(row) - row.count(None) - 1)
        for row in rows[:2]
    )
    return beside >= 2 and across < 0.5


def _is_sure(head: str) -> bool:
    return any(meaning.surety >= _SURE for meaning in meanings(head))


def _turned(sheet: Sheet) -> Sheet:
    width = sheet.width
    rows = tuple(
        [row[column] if column < len(row) else None for row in sheet.rows]
        for column in range(width)
    )
    spots = tuple(tuple((row, column) for row in range(len(sheet.rows))) for column in range(width))
    return msgspec.structs.replace(
        sheet,
        rows=rows,
        whole=sheet.whole or sheet.rows,
        spots=spots,
        merged=(),
        errors=tuple((column, row) for row, column in sheet.errors),
    )


def _country_columns(sheet: Sheet) -> tuple[int, list[int]] | None:
    """The header row and the columns whose heads are countries, of a table of materials."""
    header = find_header(list(sheet.rows[:SAMPLE]), sheet.merged)
    for row in range(min(len(sheet.rows), (header.first or 0) + 3)):
        cells = sheet.rows[row]
        columns = [
            j
            for j, cell in enumerate(cells)
            if isinstance(cell, str) and (country_code(cell) or is_others(cell))
        ]
        countries = [j for j in columns if country_code(shown(cells[j]))]
        if len(countries) < LEAST_COUNTRIES:
            continue
        heads = [shown(cell) for j, cell in enumerate(cells) if cell is not None and j < columns[0]]
        roles = {m.role for head in heads for m in meanings(head) if m.surety >= _SURE}
        below = [r[j] for r in sheet.rows[row + 1 :] for j in columns if j < len(r)]
        filled = [cell for cell in below if cell is not None]
        numbers = sum(map(is_number, filled))
        is_small = len(sheet.rows) * len(columns) <= MOST_TURNED_CELLS
        if roles & {"material", "goods"} and filled and numbers * 2 > len(filled) and is_small:
            return row, columns
    return None


def _unrolled(sheet: Sheet, header: int, columns: list[int]) -> Sheet:
    """The sheet with a row for each country's cell: what stood left of them, country, share."""
    kept = list(range(columns[0]))
    heads = sheet.rows[header]
    rows: list[list[Cell]] = [[*heads[: columns[0]], "Country", "Share"]]
    spots = [tuple((header, column) for column in (*kept, columns[0], columns[0]))]
    for index, column in _filled(sheet, header, columns):
        row = sheet.rows[index]
        rows.append([*row[: columns[0]], heads[column], row[column]])
        spots.append((*((index, one) for one in kept), (header, column), (index, column)))
    return msgspec.structs.replace(
        sheet,
        rows=tuple(rows),
        whole=sheet.whole or sheet.rows,
        spots=tuple(spots),
        merged=(),
        errors=(),
    )


def _filled(sheet: Sheet, header: int, columns: list[int]) -> Iterator[tuple[int, int]]:
    for index in range(header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        for column in columns:
            if column < len(row) and row[column] is not None:
                yield index, column
