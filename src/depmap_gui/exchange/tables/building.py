"""The rows of one table as drafts: every row is read, and what becomes of it is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from depmap_gui.exchange.tables.assembling import Assembler, RowFacts
from depmap_gui.exchange.tables.cells import Money, Reader, Value, clean, reader
from depmap_gui.exchange.tables.columns import shown
from depmap_gui.exchange.tables.drafts import Drafts, Spot
from depmap_gui.exchange.tables.grid import Cell, Sheet
from depmap_gui.exchange.tables.headers import column_names, typical_fill, why_skipped
from depmap_gui.exchange.tables.mappings import Laid, lay
from depmap_gui.exchange.tables.places import likely_country
from depmap_gui.exchange.tables.records import Severity, TableMapping, ValueReading
from depmap_gui.exchange.tables.slots import Reads, Slot, slot
from depmap_gui.exchange.tables.words import folded, head_words, is_others, is_total

MOST_HINTS = 40
PROGRESS_EVERY = 2_000
_BARE_NOTES = frozenset({"note", "notes", "comment", "comments", "remark", "remarks"})
_BRACES = re.compile(r"\{([^{}]+)\}")


class Column(msgspec.Struct, frozen=True):
    """One column laid on a sheet: what it fills and how its cells are read."""

    index: int
    name: str
    slot: Slot
    read: Reader
    id: str
    is_plain: bool
    is_bare: bool
    seen: dict[str, Value]


class BuiltTable(msgspec.Struct, frozen=True):
    """What was made of a table: for each row why it was skipped or failed (else empty).

    ``columns`` gives the column (counted from 0) that fills each slot.
    """

    skipped: dict[int, str]
    failed: dict[int, str]
    taken: tuple[int, ...]
    first_row: int
    columns: dict[str, int]


def build_table(
    drafts: Drafts,
    number: int,
    sheet: Sheet,
    mapping: TableMapping,
    money: Money,
    progress: Callable[[float], None],
) -> BuiltTable:
    """Turn the rows of one sheet into drafts. Raises TableError where the mapping cannot be laid.

    ``number`` is the table's place among ``drafts.tables``.
    """
    laid = lay(mapping, sheet)
    rows = _with_merged(laid, sheet, drafts, number)
    columns = _columns(laid, mapping, money)
    table = _Table(drafts, number, mapping, laid, columns, money)
    _tell_of_columns(drafts, number, laid, sheet)
    skipped: dict[int, str] = dict.fromkeys(range(laid.header.body), "above the table")
    if laid.header.first is not None:
        skipped |= dict.fromkeys(range(laid.header.first, laid.header.body), "the header")
    failed: dict[int, str] = {}
    taken: list[int] = []
    typical = typical_fill(rows[laid.header.body : laid.header.body + 400])
    filters = _filters(mapping, laid)
    body = range(laid.header.body, len(rows))
    seen: dict[tuple[Cell, ...], int] = {}
    for index in body:
        if index % PROGRESS_EVERY == 0:
            progress((index - body.start) / max(1, len(body)))
        row = rows[index]
        why = why_skipped(row, laid.header.heads, typical)
        if why == "a total":
            table.note_total(row, index)
        if not why:
            why = _filtered(row, filters)
        if not why and (first := seen.setdefault(tuple(row), index)) != index:
            why = f"the same as row {first + 1}, cell by cell"
        if why:
            skipped[index] = why
            if why not in ("blank", "the header again") and not why.startswith("left out"):
                drafts.tell(
                    Severity.NOTE,
                    "skipped",
                    (number, index),
                    f"The row '{_start(row)}' was left out: it reads as {why}.",
                )
            continue
        fault, skip = table.take(row, index)
        if skip:
            skipped[index] = skip
        elif fault:
            failed[index] = fault
        else:
            taken.append(index)
    table.assembler.finish(number)
    used = {column.slot.id: column.index for column in reversed(columns)}
    return BuiltTable(skipped, failed, tuple(taken), laid.header.body, used)


class _Table:
    """Reads the rows of one table, cell by cell, and hands their facts on."""

    def __init__(
        self,
        drafts: Drafts,
        number: int,
        mapping: TableMapping,
        laid: Laid,
        columns: list[Column],
        money: Money,
    ) -> None:
        self._drafts = drafts
        self._number = number
        self._columns = columns
        self._heads = {
            key: index
            for index, name in reversed(list(enumerate(column_names(laid.header.heads))))
            for key in (name, laid.header.heads[index], head_words(name))
        }
        self._patterns = [(id, pattern) for id, pattern in mapping.patterns.items()]
        self._constants = _constants(drafts, number, mapping, money)
        self._hints = 0
        slots = (
            {column.slot.id for column in columns} | set(mapping.patterns) | set(mapping.constants)
        )
        self.assembler = Assembler(drafts, mapping, slots)

    def take(self, row: list[Cell], index: int) -> tuple[str, str]:
        """Make drafts of one row; why it failed and why it was skipped, both mostly empty."""
        at: Spot = (self._number, index)
        facts = RowFacts(at, dict(self._constants), {})
        faults = 0
        width, values = len(row), facts.values
        for column in self._columns:
            cell = row[column.index] if column.index < width else None
            if cell is None:
                continue
            found = column.seen.get(cell) if isinstance(cell, str) else None
            value = found or column.read(cell)
            if value.value is not None:
                if column.is_plain:
                    values[column.id] = value.value
                else:
                    _keep(facts, column, value.value)
            elif value.fault:
                faults += 1
                self._tell(at, column, value, cell)
                if column.slot.reads is not Reads.NAME:
                    facts.unread.append(f"{column.name}: {clean(shown(cell))}")
            elif value.remark == "others":
                facts.others = True
        for id, pattern in self._patterns:
            self._compose(facts, id, pattern, row)
        fault, skip = self.assembler.assemble(facts)
        if fault and faults:
            fault = f"{fault} Cells of it could not be read."
        if fault and not self._is_told(at):
            self._drafts.tell(Severity.ERROR, "row", at, fault)
        return fault, skip

    def _is_told(self, at: Spot) -> bool:
        """Whether an error of this row was just told."""
        problems = self._drafts.problems
        last = problems[-1] if problems else None
        return last is not None and last.severity is Severity.ERROR and last.row == at[1]

    def _compose(self, facts: RowFacts, id: str, pattern: str, row: list[Cell]) -> None:
        """A value put together from several columns; parts that are empty drop out."""
        empty = False

        def part(found: re.Match[str]) -> str:
            nonlocal empty
            index = self._heads.get(found[1], self._heads.get(head_words(found[1])))
            cell = row[index] if index is not None and index < len(row) else None
            text = clean(shown(cell))
            empty = empty or not text
            return text

        text = _BRACES.sub(part, pattern)
        if empty:
            text = re.sub(r"^[\s,;–-]+|[\s,;–-]+$", "", text)
        found = slot(id)
        if text and found is not None:
            value = reader(found, ValueReading(separator=""), _NO_MONEY)(text)
            if value.value is not None:
                facts.values[id] = value.value

    def note_total(self, row: list[Cell], index: int) -> None:
        """Hand a total on to who may need it: shares in a material are of the world's total."""
        facts = RowFacts((self._number, index), dict(self._constants), {})
        for column in self._columns:
            cell = row[column.index] if column.index < len(row) else None
            if cell is not None and column.slot.reads is not Reads.COUNTRY:
                value = column.read(cell)
                is_word = isinstance(cell, str) and (is_total(cell) or is_others(cell))
                if value.value is not None and not is_word:
                    _keep(facts, column, value.value)
        for id, pattern in self._patterns:
            self._compose(facts, id, pattern, row)
        self.assembler.note_total(facts)

    def _tell(self, at: Spot, column: Column, value: Value, cell: Cell) -> None:
        message = f"'{column.name}' was left open: {value.fault}."
        if column.slot.reads is Reads.COUNTRY and self._hints < MOST_HINTS:
            self._hints += 1
            if hint := likely_country(clean(shown(cell))):
                message += f" Is it {hint}?"
        self._drafts.tell(Severity.WARNING, "cell", at, message, column.index)


def _keep(facts: RowFacts, column: Column, value: Any) -> None:
    """Take in a value of a slot that several columns may fill."""
    if column.slot.reads is Reads.NOTE:
        facts.notes.setdefault(column.id, []).append(
            value if column.is_bare else f"{column.name}: {value}"
        )
    elif column.slot.reads is Reads.WORDS:
        facts.values[column.id] = (*facts.values.get(column.id, ()), *value)
    else:
        facts.values[column.id] = value


_NO_MONEY = Money("", {})


def _constants(drafts: Drafts, number: int, mapping: TableMapping, money: Money) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for id, text in mapping.constants.items():
        target = slot(id)
        if target is None:
            continue
        value = reader(target, ValueReading(separator=""), money)(text)
        if value.fault:
            drafts.tell(
                Severity.ERROR,
                "constant",
                (number, -1),
                f"The constant {id} = '{text}' cannot be read: {value.fault}.",
            )
        elif value.value is not None:
            found[id] = value.value
    return found


def _columns(laid: Laid, mapping: TableMapping, money: Money) -> list[Column]:
    names = column_names(laid.header.heads)
    found = []
    for index, column in laid.columns:
        for id in column.slots:
            target = slot(id)
            if target is None or id in mapping.patterns:
                continue
            seen: dict[str, Value] = {}
            found.append(
                Column(
                    index,
                    names[index],
                    target,
                    reader(target, column.reading, money, seen),
                    id,
                    target.reads not in (Reads.NOTE, Reads.WORDS),
                    head_words(names[index]) in _BARE_NOTES,
                    seen,
                )
            )
    return found


def _tell_of_columns(drafts: Drafts, number: int, laid: Laid, sheet: Sheet) -> None:
    """Tell which columns of the mapping are missing, which of the sheet are not used."""
    for head in laid.missing:
        drafts.tell(
            Severity.WARNING,
            "missing column",
            (number, -1),
            f"The mapping's column '{head}' is not in this table; what it filled is left open.",
        )
    unused = [
        *laid.new,
        *(column.header for _, column in laid.columns if not column.slots and column.header),
    ]
    if unused:
        drafts.tell(
            Severity.NOTE,
            "unused columns",
            (number, -1),
            f"{len(unused)} columns fill nothing: {', '.join(unused[:20])}"
            f"{' …' if len(unused) > 20 else ''}.",
        )
    for row, column in sheet.errors:
        drafts.tell(
            Severity.WARNING,
            "error cell",
            (number, row),
            "The cell holds a spreadsheet error such as #REF!; it counts as empty.",
            column,
        )


def _with_merged(laid: Laid, sheet: Sheet, drafts: Drafts, number: int) -> list[list[Cell]]:
    """The rows with what is merged downward filled in, save numbers: those count once."""
    rows = laid.rows
    spans = [
        span
        for span in sheet.merged
        if span.bottom > span.top and span.bottom >= laid.header.body and span.top < len(rows)
    ]
    filled = 0
    copied: set[int] = set()
    for span in spans:
        top = rows[span.top]
        cell = top[span.left] if span.left < len(top) else None
        if not isinstance(cell, str):
            continue
        filled += 1
        for index in range(max(span.top + 1, laid.header.body), min(span.bottom + 1, len(rows))):
            if not any(c is not None for c in rows[index]):
                continue
            if index not in copied:
                copied.add(index)
                rows[index] = list(rows[index])
            row = rows[index]
            row.extend([None] * (span.left + 1 - len(row)))
            if row[span.left] is None:
                row[span.left] = cell
    if spans:
        drafts.tell(
            Severity.NOTE,
            "merged cells",
            (number, -1),
            f"{len(spans)} merged ranges reach over several rows: the text of {filled} counts for "
            "each of their rows, numbers only for the first.",
        )
    return rows


def _filters(mapping: TableMapping, laid: Laid) -> list[tuple[int, frozenset[str], str]]:
    names = [head_words(name) for name in column_names(laid.header.heads)]
    found = []
    for rule in mapping.filters:
        wanted = head_words(rule.header)
        if wanted in names:
            values = frozenset(folded(value) for value in rule.values)
            found.append((names.index(wanted), values, rule.header))
    return found


def _filtered(row: list[Cell], filters: list[tuple[int, frozenset[str], str]]) -> str:
    for index, values, head in filters:
        cell = row[index] if index < len(row) else None
        if folded(shown(cell)) not in values:
            return f"left out by the filter on '{head}'"
    return ""


def _start(row: list[Cell]) -> str:
    text = " | ".join(clean(shown(cell)) for cell in row if cell is not None)
    return text if len(text) <= 60 else text[:59] + "…"
