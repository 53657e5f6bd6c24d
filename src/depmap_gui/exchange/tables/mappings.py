"""Mappings kept as JSON, laid on a table's columns, and recognized by how well they fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import msgspec

from depmap_gui.exchange.tables.grid import (
    Cell,
    CellRange,
    Sheet,
    TableError,
    TableFile,
    column_number,
)
from depmap_gui.exchange.tables.headers import Header, area, column_names, find_header, header_at
from depmap_gui.exchange.tables.records import (
    MAPPING_VERSION,
    ColumnMapping,
    Fit,
    Mapping,
    TableMapping,
)
from depmap_gui.exchange.tables.slots import slot
from depmap_gui.exchange.tables.words import head_words

GOOD_FIT = 0.8
"""From here on a saved mapping is taken to be meant for a file."""


class Laid(msgspec.Struct, frozen=True):
    """A mapping laid on a sheet: its columns by index, and those that the sheet lacks."""

    rows: list[list[Cell]]
    header: Header
    columns: tuple[tuple[int, ColumnMapping], ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]


def mapping_bytes(mapping: Mapping) -> bytes:
    """The mapping as JSON that a person can read and another program keep."""
    plain = {"depmap_mapping": MAPPING_VERSION} | msgspec.to_builtins(mapping)
    for table in plain.get("tables", ()):
        for column in table["columns"]:
            # What is not decided for a column is left out, so that what is can be seen.
            reading = column.pop("reading", {})
            if reading.get("multiplier") == 1.0:
                del reading["multiplier"]
            if reading:
                column["reading"] = reading
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def mapping_from(content: bytes, name: str) -> Mapping:
    """The mapping that a file holds. Raises TableError, with what is wrong and where."""
    try:
        plain = json.loads(content)
    except (UnicodeDecodeError, ValueError) as fault:
        raise TableError(f"{name} is not a mapping: it is no JSON ({fault}).") from None
    if not isinstance(plain, dict) or "depmap_mapping" not in plain:
        raise TableError(f"{name} is not a mapping of this program ('depmap_mapping' is missing).")
    version = plain.pop("depmap_mapping")
    if not isinstance(version, int) or version > MAPPING_VERSION:
        raise TableError(f"{name} was saved by a newer DepMap; update DepMap to use it.")
    try:
        mapping = msgspec.convert(plain, Mapping)
    except msgspec.ValidationError as fault:
        raise TableError(f"{name} is not a sound mapping: {fault}.") from None
    unknown = sorted(set(_slots_of(mapping)) - {id for id in _slots_of(mapping) if slot(id)})
    if unknown:
        raise TableError(f"{name} names what no import can fill: {', '.join(unknown)}.")
    return mapping


def _slots_of(mapping: Mapping) -> Iterable[str]:
    for table in mapping.tables:
        for column in table.columns:
            yield from column.slots
        yield from table.constants
        yield from table.patterns


def lay(mapping: TableMapping, sheet: Sheet) -> Laid:
    """Find the mapping's header and columns on a sheet. Raises TableError where its range is none.

    A column is found by its head, whatever its place; where heads changed only in numbers
    ('PROD_2023', 'PROD_2024'), by what is left without them, if that is one column alone.
    """
    rows = area(sheet, CellRange.parse(mapping.range) if mapping.range else None)
    if mapping.header_row is None:
        header = find_header(rows, sheet.merged)
    else:
        header = header_at(
            rows,
            max(0, mapping.header_row - 1),
            0 if mapping.header_row == 0 else mapping.header_rows,
            sheet.merged,
        )
    found: dict[int, ColumnMapping] = {}
    missing: list[str] = []
    waiting: list[ColumnMapping] = []
    for column in mapping.columns:
        index = _place(column, header.heads)
        if index is not None and index not in found:
            found[index] = column
        else:
            waiting.append(column)
    for column in waiting:
        index = _place_without_numbers(column, header.heads, found)
        if index is not None:
            found[index] = column
        elif column.slots:
            missing.append(column.header or f"(column {column.letters})")
    names = column_names(header.heads)
    new = tuple(names[i] for i, head in enumerate(header.heads) if head and i not in found)
    return Laid(
        list(rows),
        header,
        tuple(sorted(found.items(), key=lambda item: item[0])),
        tuple(missing),
        new,
    )


def _place(column: ColumnMapping, heads: Sequence[str]) -> int | None:
    if not column.header:
        index = column_number(column.letters) if column.letters else -1
        return index if 0 <= index < len(heads) and not heads[index] else None
    wanted = head_words(column.header)
    same = [i for i, head in enumerate(heads) if head and head_words(head) == wanted]
    return same[column.occurrence - 1] if len(same) >= column.occurrence else None


def _place_without_numbers(
    column: ColumnMapping, heads: Sequence[str], taken: Iterable[int]
) -> int | None:
    wanted = _wordy(column.header)
    if not wanted or wanted == head_words(column.header):
        return None
    free = set(range(len(heads))) - set(taken)
    same = [i for i in sorted(free) if heads[i] and _wordy(heads[i]) == wanted]
    return same[0] if len(same) == 1 else None


def _wordy(head: str) -> str:
    """A head without its numbers."""
    return " ".join(word for word in head_words(head).split() if not word.isdigit())


def fit(mapping: Mapping, file: TableFile) -> Fit:
    """How well a mapping fits a file: the share of its filled columns that a sheet has."""
    scores: list[float] = []
    missing: list[str] = []
    new: list[str] = []
    for table in mapping.tables:
        sheet = sheet_for(table, file)
        if sheet is None:
            scores.append(0.0)
            continue
        laid = lay(table, sheet)
        wanted = sum(bool(column.slots) for column in table.columns)
        scores.append(1 - len(laid.missing) / wanted if wanted else 0.0)
        missing += laid.missing
        new += laid.new
    score = sum(scores) / len(scores) if scores else 0.0
    return Fit(mapping=mapping, score=round(score, 3), missing=tuple(missing), new=tuple(new))


def best_fit(mappings: Iterable[Mapping], file: TableFile) -> Fit | None:
    """The mapping that fits best, or None where none fits well."""
    fits = [fit(mapping, file) for mapping in mappings]
    good = [one for one in fits if one.score >= GOOD_FIT]
    return max(good, key=lambda one: (one.score, -len(one.new)), default=None)


def sheet_for(table: TableMapping, file: TableFile) -> Sheet | None:
    """The sheet a table's mapping is meant for: of that name, else the one it fits best."""
    named = [s for s in file.sheets if s.name.casefold() == table.sheet.casefold()]
    if named:
        return named[0]
    if len(file.sheets) == 1:
        return file.sheets[0]
    wanted = sum(bool(column.slots) for column in table.columns)
    fitting = [(len(lay(table, s).missing), s) for s in file.sheets if not s.hidden]
    lacking, best = min(fitting, key=lambda pair: pair[0], default=(wanted, None))
    return best if lacking < wanted else None
