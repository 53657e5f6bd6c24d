"""An import as the person has it so far: sheets, columns and readings; plain values, no window.

Every change gives a new plan. Reading a file and proposing anew are jobs for the background; the
rest is quick.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from depmap_gui.analysis.context import Context
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.tables.amounts import read_number
from depmap_gui.exchange.tables.columns import profile
from depmap_gui.exchange.tables.deciding import decide_reading
from depmap_gui.exchange.tables.doubting import doubts_of
from depmap_gui.exchange.tables.grid import Cell, CellRange, FileKind
from depmap_gui.exchange.tables.headers import area, header_at
from depmap_gui.exchange.tables.ledger import series_of
from depmap_gui.exchange.tables.mappings import sheet_for
from depmap_gui.exchange.tables.proposing import body_sample
from depmap_gui.exchange.tables.records import ColumnProposal, RowFilter, ValueReading
from depmap_gui.exchange.tables.slots import ROLE_KINDS, Reads, Role
from depmap_gui.session.importing import (
    MAPPING_SUFFIX,
    Mapping,
    Question,
    Sheet,
    TableFile,
    TableMapping,
    TableProposal,
    Template,
    column_names,
    fitting_mapping,
    lay,
    pasted_table,
    propose,
    propose_table,
    read_table_file,
    slots,
    with_answer,
    with_slot,
)

NEEDED = {
    Template.SUPPLIERS: "buyer.name",
    Template.OWNERSHIP: "owned.name",
    Template.ORIGINS: "material.name",
    Template.LENDERS: "borrower.name",
}
"""What a table of each shape often leaves to its title: whom all its rows are about."""


class SheetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How one sheet is to be read; ``settled`` are the questions answered, by head and matter."""

    table: TableProposal
    is_taken: bool
    settled: frozenset[tuple[str, str]] = frozenset()

    @property
    def names(self) -> list[str]:
        """What to call each column, numbered where heads are the same."""
        return column_names(
            [c.mapping.header or f"(column {c.mapping.letters})" for c in self.table.columns]
        )

    @property
    def open_questions(self) -> list[Question]:
        """What the cells leave open and nobody has answered."""
        return [q for q in self.table.questions if (q.header, q.matter) not in self.settled]


class ImportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read. ``recognized`` says how it was known; empty: by its heads alone."""

    file: TableFile
    tables: tuple[SheetPlan, ...]
    rates: dict[str, float] = {}
    name: str = ""
    recognized: str = ""

    @property
    def taken(self) -> list[SheetPlan]:
        """The sheets that are imported."""
        return [plan for plan in self.tables if plan.is_taken]

    @property
    def mapping(self) -> Mapping:
        """The mapping of the sheets that are imported."""
        tables = tuple(plan.table.mapping for plan in self.taken)
        return Mapping(name=self.name, tables=tables, rates=self.rates)

    def of(self, sheet: str) -> SheetPlan:
        """The plan of the sheet of that name. Raises KeyError."""
        for plan in self.tables:
            if plan.table.sheet == sheet:
                return plan
        raise KeyError(sheet)

    def with_table(self, changed: SheetPlan) -> ImportPlan:
        """The plan with one sheet read otherwise."""
        tables = tuple(
            changed if plan.table.sheet == changed.table.sheet else plan for plan in self.tables
        )
        return msgspec.structs.replace(self, tables=tables)


# Opening -----------------------------------------------------------------------------------------


def plan_file(
    path: Path,
    folder: Path,
    context: Context,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> ImportPlan:
    """Read a file and propose how; a saved mapping of ``folder`` that fits is laid on it.

    Raises TableError, a sentence, where it cannot be read; Canceled where the context says.
    """
    context.progress(0.0, "Reading the file")
    file = read_table_file(path, encoding=encoding, delimiter=delimiter)
    return plan_table(file, folder, context)


def plan_pasted(text: str, folder: Path, context: Context) -> ImportPlan:
    """The same of cells copied from a spreadsheet."""
    return plan_table(pasted_table(text), folder, context)


def plan_table(file: TableFile, folder: Path, context: Context) -> ImportPlan:
    """Propose how a file's tables are read."""
    context.progress(0.5, "Looking at the columns")
    proposal = propose(file)
    chosen = {table.sheet for table in proposal.tables if table.is_confident}
    if not chosen:
        chosen = _likeliest(file, proposal.tables)
    plans = tuple(
        SheetPlan(table=table, is_taken=table.sheet in chosen) for table in proposal.tables
    )
    plan = ImportPlan(file=file, tables=plans)
    context.progress(0.8, "Looking for a saved mapping")
    fit = fitting_mapping(file, folder)
    if fit is None:
        return plan
    known = f" '{fit.mapping.name}'" if fit.mapping.name else ""
    words = f"Columns are matched as the saved mapping{known} says."
    if fit.missing:
        words += f" It also knows {', '.join(fit.missing[:6])}, which this file lacks."
    return with_mapping(plan, fit.mapping, words)


def _likeliest(file: TableFile, tables: Sequence[TableProposal]) -> set[str]:
    """The one sheet to begin with where none is plain: not hidden, most columns understood."""
    shown = [table for table in tables if not file.sheet(table.sheet).hidden]
    best = max(
        shown, key=lambda t: (sum(bool(c.mapping.slots) for c in t.columns), t.row_count),
        default=None,
    )  # fmt: skip
    return {best.sheet} if best is not None else set()


def with_mapping(plan: ImportPlan, mapping: Mapping, words: str) -> ImportPlan:
    """The plan with a saved mapping laid on it; sheets the mapping does not know are left out."""
    found: dict[str, SheetPlan] = {}
    for table in mapping.tables:
        sheet = sheet_for(table, plan.file)
        if sheet is not None:
            found[sheet.name] = _laid(plan, sheet, table)
    tables = tuple(
        found.get(each.table.sheet, msgspec.structs.replace(each, is_taken=False))
        for each in plan.tables
    )
    return msgspec.structs.replace(
        plan, tables=tables, rates=dict(mapping.rates), name=mapping.name, recognized=words
    )


def _laid(plan: ImportPlan, sheet: Sheet, mapping: TableMapping) -> SheetPlan:
    table = propose_table(
        plan.file,
        sheet,
        range=mapping.range,
        header_row=mapping.header_row,
        header_rows=mapping.header_rows,
        template=mapping.template,
    )
    known = dict(lay(mapping, sheet).columns)
    columns = tuple(
        msgspec.structs.replace(
            column,
            mapping=msgspec.structs.replace(
                column.mapping,
                slots=known[column.column].slots,
                reading=known[column.column].reading,
            ),
            confidence=1.0 if known[column.column].slots else 0.0,
            reason="the saved mapping says so",
        )
        if column.column in known
        else msgspec.structs.replace(
            column,
            mapping=msgspec.structs.replace(column.mapping, slots=()),
            confidence=0.0,
            reason="the saved mapping does not know it",
        )
        for column in table.columns
    )
    laid = msgspec.structs.replace(
        mapping, sheet=sheet.name, columns=tuple(column.mapping for column in columns)
    )
    # The mapping answered what there was to ask.
    table = msgspec.structs.replace(table, mapping=laid, columns=columns, questions=())
    return _judged(plan, SheetPlan(table=table, is_taken=True))


# Changing ----------------------------------------------------------------------------------------


def read_anew(
    plan: ImportPlan,
    sheet: str,
    *,
    range: str | None,
    header_row: int | None,
    header_rows: int,
    template: str | None,
) -> SheetPlan:
    """The sheet proposed anew, in another range, header or shape; hand choices there are gone.

    ``header_row`` counts from 1, 0: there is none, None: found out. Raises TableError.
    """
    table = propose_table(
        plan.file,
        plan.file.sheet(sheet),
        range=range,
        header_row=header_row,
        header_rows=header_rows,
        template=template,
    )
    kept = plan.of(sheet).table.mapping.constants
    mapping = msgspec.structs.replace(table.mapping, constants=dict(kept))
    table = msgspec.structs.replace(table, mapping=mapping)
    return _judged(plan, SheetPlan(table=table, is_taken=True))


def filled(
    plan: ImportPlan, sheet: str, column: int, slot_id: str | None, *, also: bool = False
) -> ImportPlan:
    """The plan with a column filling a slot, or nothing; what its cells leave open is asked.

    ``also``: beside what it fills already.
    """
    before = plan.of(sheet)
    table = before.table
    at = _position(table, column)
    name = before.names[at]
    wanted = (slot_id,) if slot_id else ()
    if also:
        wanted = tuple(dict.fromkeys((*table.mapping.columns[at].slots, *wanted)))
    mapping = with_slot(table.mapping, _called(table, column, name), wanted)
    columns = []
    # Whether blank cells mean the cell above does not hang on what the column holds.
    questions = [
        q for q in table.questions if q.header != name or (slot_id and q.matter == "fill_down")
    ]
    for each, mapped in zip(table.columns, mapping.columns, strict=True):
        if each.column == column:
            reading, asked = _reading(plan, table, each, name, slot_id)
            fills = each.mapping.reading.fill_down
            reading = msgspec.structs.replace(reading, fill_down=fills)
            questions += asked
            columns.append(
                msgspec.structs.replace(
                    each,
                    mapping=msgspec.structs.replace(mapped, reading=reading),
                    confidence=1.0 if slot_id else 0.0,
                    reason="you chose it" if slot_id else "you left it out",
                )
            )
        elif mapped.slots != each.mapping.slots:
            reason = f"'{name}' fills it instead"
            columns.append(
                msgspec.structs.replace(each, mapping=mapped, confidence=0.0, reason=reason)
            )
        else:
            columns.append(each)
    mapping = msgspec.structs.replace(mapping, columns=tuple(c.mapping for c in columns))
    table = msgspec.structs.replace(
        table, mapping=mapping, columns=tuple(columns), questions=tuple(questions)
    )
    settled = frozenset(
        (head, matter) for head, matter in before.settled if head != name or matter == "fill_down"
    )
    return plan.with_table(
        _judged(plan, msgspec.structs.replace(before, table=table, settled=settled))
    )


def answered(plan: ImportPlan, sheet: str, question: Question, answer: str) -> ImportPlan:
    """The plan with one question answered by one of its options."""
    before = plan.of(sheet)
    column = before.table.columns[before.names.index(question.header)].column
    name = _called(before.table, column, question.header)
    mapping = with_answer(before.table.mapping, name, question.matter, answer)
    settled = before.settled | {(question.header, question.matter)}
    return plan.with_table(_judged(plan, _with_readings(before, mapping, settled=settled)))


def with_reading(plan: ImportPlan, sheet: str, column: int, reading: ValueReading) -> ImportPlan:
    """The plan with the cells of a column read so."""
    before = plan.of(sheet)
    at = _position(before.table, column)
    old = before.table.mapping.columns[at].reading
    columns = list(before.table.mapping.columns)
    columns[at] = msgspec.structs.replace(columns[at], reading=reading)
    mapping = msgspec.structs.replace(before.table.mapping, columns=tuple(columns))
    changed = {
        (before.names[at], field)
        for field in ValueReading.__struct_fields__
        if getattr(old, field) != getattr(reading, field)
    }
    return plan.with_table(
        _judged(plan, _with_readings(before, mapping, settled=before.settled | changed))
    )


def with_filling(plan: ImportPlan, sheet: str, slot_id: str, text: str | None) -> ImportPlan:
    """The plan with a slot filled the same in every row, or put together from columns.

    A text with heads in braces, ``{Company}, {City}``, is put together; None takes it away.
    """
    before = plan.of(sheet)
    mapping = before.table.mapping
    constants = {id: value for id, value in mapping.constants.items() if id != slot_id}
    patterns = {id: value for id, value in mapping.patterns.items() if id != slot_id}
    if text is not None:
        (patterns if re.search(r"\{[^{}]+\}", text) else constants)[slot_id] = text
    mapping = msgspec.structs.replace(mapping, constants=constants, patterns=patterns)
    table = msgspec.structs.replace(before.table, mapping=mapping)
    return plan.with_table(_judged(plan, msgspec.structs.replace(before, table=table)))


def with_kind(plan: ImportPlan, sheet: str, role: Role, kind: EntityKind) -> ImportPlan:
    """The plan with those whom a role names taken for items of that kind."""
    before = plan.of(sheet)
    kinds = {**before.table.mapping.kinds, str(role): kind}
    if kind is ROLE_KINDS[role]:
        del kinds[str(role)]
    mapping = msgspec.structs.replace(before.table.mapping, kinds=kinds)
    table = msgspec.structs.replace(before.table, mapping=mapping)
    return plan.with_table(_judged(plan, msgspec.structs.replace(before, table=table)))


def with_filters(plan: ImportPlan, sheet: str, filters: tuple[RowFilter, ...]) -> ImportPlan:
    """The plan with only those rows taken that the filters let pass."""
    before = plan.of(sheet)
    mapping = msgspec.structs.replace(before.table.mapping, filters=filters)
    table = msgspec.structs.replace(before.table, mapping=mapping)
    return plan.with_table(msgspec.structs.replace(before, table=table))


# Asking ------------------------------------------------------------------------------------------


def as_in_file(sheet: Sheet) -> Sheet:
    """The whole sheet as the file has it, of a table that is a part of it or was turned."""
    if sheet.whole is None:
        return sheet
    errors = [sheet.spot(*place) for place in sheet.errors]
    return msgspec.structs.replace(
        sheet,
        rows=sheet.whole,
        whole=None,
        spots=None,
        errors=tuple((row, column) for row, column in errors if column is not None),
    )


def body_rows(plan: ImportPlan, sheet: str) -> list[list[Cell]]:
    """The first entries of a sheet's table, as its columns were looked at."""
    table = plan.of(sheet).table
    found = plan.file.sheet(sheet)
    within = CellRange.parse(table.mapping.range) if table.mapping.range else None
    rows = area(found, within)
    first = table.header_row
    count = table.first_row - first if first is not None else 0
    header = header_at(rows, table.first_row if first is None else first, count, found.merged)
    return body_sample(rows, header)


def currencies(plan: ImportPlan, own: str) -> list[str]:
    """The currencies, other than the map's own, that columns of money name."""
    known = slots()
    found: dict[str, None] = {}
    for each in plan.taken:
        money = [
            column
            for column in each.table.columns
            if any(known[id].reads is Reads.MONEY for id in column.mapping.slots)
        ]
        rows = body_rows(plan, each.table.sheet) if money else []
        for column in money:
            if column.mapping.reading.currency:
                found[column.mapping.reading.currency] = None
            for cell in {_cell(row, column.column) for row in rows}:
                named = read_number(cell).currency if isinstance(cell, str) else None
                if named:
                    found[named] = None
    return [code for code in found if code != own]


def wanted_fillings(plan: SheetPlan) -> list[str]:
    """Slots to offer for filling by hand: what is filled so, and what the shape still needs."""
    mapping = plan.table.mapping
    shown = [*mapping.constants, *mapping.patterns]
    needed = NEEDED.get(Template(mapping.template))
    by_column = {id for column in mapping.columns for id in column.slots}
    if needed and needed not in shown:
        role = needed.partition(".")[0]
        roles = {role} | ({"plant"} if role == "buyer" else set())
        if not any(f"{each}.{end}" in by_column for each in roles for end in ("name", "key")):
            shown.append(needed)
    return shown


def mapping_file(plan: ImportPlan, folder: Path) -> Path:
    """Where the mapping of files like this one is kept."""
    sheets = [each.table for each in plan.taken]
    series = series_of(plan.file.name, sheets[0].sheet, sheets[0].template, plan.name)
    stem = re.sub(r"[^\w-]+", "-", series).strip("-")[:80] or "table"
    return folder / f"{stem}{MAPPING_SUFFIX}"


def _called(table: TableProposal, column: int, name: str) -> str:
    """What a mapping finds a column by: its name, or its letters where it has no head."""
    return table.columns[_position(table, column)].mapping.letters or name


def _position(table: TableProposal, column: int) -> int:
    return next(at for at, each in enumerate(table.columns) if each.column == column)


def _reading(
    plan: ImportPlan, table: TableProposal, column: ColumnProposal, name: str, slot_id: str | None
) -> tuple[ValueReading, list[Question]]:
    cells = [_cell(row, column.column) for row in body_rows(plan, table.sheet)]
    return decide_reading(
        table.sheet,
        name,
        column.mapping.header,
        slots()[slot_id] if slot_id else None,
        profile(cells),
        is_text_file=plan.file.kind is FileKind.TEXT,
    )


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _with_readings(
    before: SheetPlan, mapping: TableMapping, settled: frozenset[tuple[str, str]]
) -> SheetPlan:
    columns = tuple(
        msgspec.structs.replace(each, mapping=mapped)
        for each, mapped in zip(before.table.columns, mapping.columns, strict=True)
    )
    table = msgspec.structs.replace(before.table, mapping=mapping, columns=columns)
    return msgspec.structs.replace(before, table=table, settled=settled)


def _judged(plan: ImportPlan, each: SheetPlan) -> SheetPlan:
    """The sheet's plan with what is still doubtful about it."""
    table = each.table
    sheet = plan.file.sheet(table.sheet)
    doubts = doubts_of(
        msgspec.structs.replace(sheet, hidden=False),
        Template(table.mapping.template),
        table.mapping,
        table.columns,
        each.open_questions,
    )
    return msgspec.structs.replace(each, table=msgspec.structs.replace(table, doubts=doubts))
