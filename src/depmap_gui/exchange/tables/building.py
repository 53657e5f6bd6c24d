"""The rows of one table as drafts: every row is read, and what becomes of it is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from depmap_gui.exchange.tables.amounts import currency_code
from depmap_gui.exchange.tables.assembling import Assembler
from depmap_gui.exchange.tables.cells import Money, Reader, Value, clean, reader
from depmap_gui.exchange.tables.columns import shown
from depmap_gui.exchange.tables.drafts import Drafts, Spot
from depmap_gui.exchange.tables.entries import Entries
from depmap_gui.exchange.tables.grid import Cell, Sheet
from depmap_gui.exchange.tables.headers import column_names
from depmap_gui.exchange.tables.linking import RowFacts
from depmap_gui.exchange.tables.mappings import Laid, lay
from depmap_gui.exchange.tables.places import likely_country
from depmap_gui.exchange.tables.records import Problem, Severity, TableMapping, ValueReading
from depmap_gui.exchange.tables.slots import ROW_CURRENCY, ROW_UNIT, Reads, Slot, slot
from depmap_gui.exchange.tables.words import head_words, is_others, is_total, is_unknown

MOST_HINTS = 40
ROWS_AT_ONCE = 2_000
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
    reading: ValueReading


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
    totals: list[int] = []
    told_before = len(drafts.problems)
    entries_of = Entries(rows, laid, mapping)
    for start in range(laid.header.body, len(rows), ROWS_AT_ONCE):
        progress((start - laid.header.body) / max(1, len(rows) - laid.header.body))
        chunk = range(start, min(start + ROWS_AT_ONCE, len(rows)))
        left_out = {index: why for index in chunk if (why := entries_of.why_not(index))}
        skipped |= left_out
        totals += [index for index, why in left_out.items() if why == "a total"]
        _tell_of_left_out(drafts, number, rows, left_out)
        entries = [index for index in chunk if index not in left_out]
        for index, fault, skip in table.take(rows, entries):
            if skip:
                skipped[index] = skip
            elif fault:
                failed[index] = fault
            else:
                taken.append(index)
    for name, count in table.filled_down.items():
        drafts.tell(
            Severity.NOTE,
            "filled down",
            (number, -1),
            f"{count:,} empty cells of '{name}' were read as the cell above them.",
        )
    for index in totals:
        table.note_total(rows[index], index)
    table.assembler.finish(number)
    # Columns are read before rows are put together: bring what was told into the rows' order.
    told = drafts.problems[told_before:]
    drafts.problems[told_before:] = sorted(told, key=_row_of)
    used = {column.slot.id: column.index for column in reversed(columns)}
    return BuiltTable(skipped, failed, tuple(taken), laid.header.body, used)


def _tell_of_left_out(
    drafts: Drafts, number: int, rows: list[list[Cell]], left_out: dict[int, str]
) -> None:
    """Tell which rows were left out, save those that nobody would miss."""
    for index, why in left_out.items():
        if why not in ("blank", "the header again") and not why.startswith("left out"):
            drafts.tell(
                Severity.NOTE,
                "skipped",
                (number, index),
                f"The row '{_start(rows[index])}' was left out: it reads as {why}.",
            )


def _row_of(problem: Problem) -> int:
    return -1 if problem.row is None else problem.row


class _Table:
    """Reads the rows of one table, a column at a time, and hands their facts on."""

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
        self._money = money
        self._counted: dict[tuple[str, str], Reader | str] = {}
        self._above: dict[int, Cell] = {}
        self.filled_down: dict[str, int] = {}
        slots = (
            {column.slot.id for column in columns} | set(mapping.patterns) | set(mapping.constants)
        )
        self.assembler = Assembler(drafts, mapping, slots)

    def take(self, rows: list[list[Cell]], entries: list[int]) -> Iterator[tuple[int, str, str]]:
        """Make drafts of these rows; of each, why it failed and why it was skipped, mostly both
        empty."""
        number, constants = self._number, self._constants
        every = [RowFacts((number, index), dict(constants), {}) for index in entries]
        faulty: dict[int, list[tuple[Column, Value, Cell]]] = {}
        turned = list(zip_longest(*[rows[index] for index in entries]))
        words = {
            column.id: turned[column.index]
            for column in self._columns
            if column.id in (ROW_CURRENCY, ROW_UNIT) and column.index < len(turned)
        }
        for column in self._columns:
            if column.index >= len(turned):
                continue
            cells: Sequence[Cell] = turned[column.index]
            if column.reading.fill_down:
                cells = self._filled_down(column, cells)
            counted_in = words.get(_COUNTED_IN.get(column.slot.reads, ""))
            if counted_in is None:
                self._read_column(column, cells, every, faulty)
            else:
                self._read_counted(column, cells, counted_in, every, faulty)
        for place, facts in enumerate(every):
            index = entries[place]
            faults = faulty.get(place, ())
            for column, value, cell in faults:
                self._tell(facts.at, column, value, cell)
                if column.slot.reads is not Reads.NAME:
                    facts.unread.append(f"{column.name}: {clean(shown(cell))}")
            for id, pattern in self._patterns:
                self._compose(facts, id, pattern, rows[index])
            fault, skip = self.assembler.assemble(facts)
            if fault:
                fault = f"{fault} Cells of it could not be read." if faults else fault
                if not self._is_told(facts.at):
                    self._drafts.tell(Severity.ERROR, "row", facts.at, fault)
            yield index, fault, skip

    def _read_column(
        self,
        column: Column,
        cells: Sequence[Cell],
        every: list[RowFacts],
        faulty: dict[int, list[tuple[Column, Value, Cell]]],
    ) -> None:
        """Read the cells of one column into the facts of their rows."""
        id, seen, read, is_plain = column.id, column.seen, column.read, column.is_plain
        for place, cell in enumerate(cells):
            if cell is None:
                continue
            value = (seen.get(cell) if cell.__class__ is str else None) or read(cell)
            said = value.value
            if said is not None:
                if is_plain:
                    every[place].values[id] = said
                else:
                    _keep(every[place], column, said)
            elif value.fault:
                faulty.setdefault(place, []).append((column, value, cell))
            elif value.remark == "others":
                every[place].others = True

    def _read_counted(
        self,
        column: Column,
        cells: Sequence[Cell],
        counted_in: Sequence[Cell],
        every: list[RowFacts],
        faulty: dict[int, list[tuple[Column, Value, Cell]]],
    ) -> None:
        """Read amounts whose currency or unit another column of the row names."""
        for place, (cell, word) in enumerate(zip(cells, counted_in, strict=True)):
            if cell is None:
                continue
            text = shown(word)
            known = self._counted.get((column.id, text))
            if known is None:
                known = self._counted[column.id, text] = _counted_in(column, text, self._money)
            if isinstance(known, str):
                faulty.setdefault(place, []).append((column, Value(fault=known), cell))
                continue
            value = known(cell)
            if value.value is not None:
                every[place].values[column.id] = value.value
            elif value.fault:
                faulty.setdefault(place, []).append((column, value, cell))

    def _filled_down(self, column: Column, cells: Sequence[Cell]) -> list[Cell]:
        """The cells with the one above where there is none."""
        above = self._above.get(column.index)
        filled: list[Cell] = []
        for cell in cells:
            if cell is None and above is not None:
                self.filled_down[column.name] = self.filled_down.get(column.name, 0) + 1
            above = above if cell is None else cell
            filled.append(above)
        self._above[column.index] = above
        return filled

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
_COUNTED_IN = {
    Reads.MONEY: ROW_CURRENCY,
    Reads.NUMBER: ROW_UNIT,
    Reads.OUTPUT: ROW_UNIT,
}
"""Which column of a row says in what amounts of a reading are counted."""


def _counted_in(column: Column, text: str, money: Money) -> Reader | str:
    """How amounts are read beside such a currency or unit; a fault where that is not known."""
    if is_unknown(text):
        return column.read
    if column.slot.reads is not Reads.MONEY:
        reading = msgspec.structs.replace(column.reading, unit=text)
        return reader(column.slot, reading, money)
    code = currency_code(text)
    if code is None:
        return f"its currency '{text[:20]}' is not one this program knows"
    reading = msgspec.structs.replace(column.reading, currency=code)
    return reader(column.slot, reading, money)


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
                    column.reading,
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
    names = column_names(laid.header.heads)
    unused = [
        *laid.new,
        *(names[index] for index, column in laid.columns if not column.slots and column.header),
    ]
    if unused:
        drafts.tell(
            Severity.NOTE,
            "unused columns",
            (number, -1),
            f"{_counted(len(unused), 'column fills', 'columns fill')} nothing: "
            f"{', '.join(unused[:20])}{' …' if len(unused) > 20 else ''}.",
        )
    for row, column in sheet.errors:
        drafts.tell(
            Severity.WARNING,
            "error cell",
            (number, row),
            "The cell holds a spreadsheet error such as #REF!; it counts as empty.",
            column,
        )


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


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


def _start(row: list[Cell]) -> str:
    text = " | ".join(clean(shown(cell)) for cell in row if cell is not None)
    return text if len(text) <= 60 else text[:59] + "…"
