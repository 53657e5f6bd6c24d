"""The input tables of an edited workbook: where they are, and each row beside what was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from depmap_gui.domain.edits import new_id
from depmap_gui.domain.fields import Field, FieldType, fields_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Plant, Source
from depmap_gui.exchange.round_trip_values import CellFault, is_same, number, said, text_of, typed
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.entity_tables import ENTITY_SHEETS, PRODUCTS
from depmap_gui.exchange.sheets.evidence_sheets import SOURCES
from depmap_gui.exchange.sheets.facts import (
    LINK_TABLES,
    labels_of_items,
    labels_of_sources,
)
from depmap_gui.exchange.sheets.link_tables import ENDS, LINK_SHEETS
from depmap_gui.exchange.sheets.record_columns import (
    HIGH,
    LOW,
    field_columns,
    field_values,
    product_columns,
)
from depmap_gui.exchange.sheets.tables import Column
from depmap_gui.exchange.tables.grid import Cell, Sheet, TableFile, cell_name

if TYPE_CHECKING:
    from depmap_gui.exchange.round_trip import Reading
    from depmap_gui.exchange.round_trip_names import Names

IS_ERROR = "holds an error such as #REF! or #N/A; write the value, or mend its formula"
PAIR = "\0"
"""Joins the ids of a plant and its product into one."""
_HEADER_ROWS = 40
_NAMED = 5
"""Rows of one kind that are told of one by one."""
_NOT_READ = frozenset({FieldType.PRODUCTS, FieldType.STRUCTURE, FieldType.ENTITY})

Written = Callable[[str], Mapping[str, Value]]


@dataclass(frozen=True)
class InputSheet:
    """A table found in the workbook: its header's row, its columns by key, and what was written.

    ``written`` gives the program's own values of a record, by column key.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    visible: tuple[str, ...]
    written: Written

    @cached_property
    def errors(self) -> frozenset[tuple[int, int]]:
        """The cells that hold an error value, by row and column from 0."""
        return frozenset(self.sheet.errors)

    @property
    def has_ids(self) -> bool:
        """Whether rows can be told apart: without ids nothing is read."""
        return "id" in self.columns


@dataclass
class BookRow:
    """One row, the record it stands for, and what was written there."""

    table: InputSheet
    index: int
    id: str
    is_known: bool
    written: Mapping[str, Value]
    changed: dict[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.table.sheet.name

    @property
    def place(self) -> str:
        """The row as a place: `Supply!7`."""
        return f"{self.sheet}!{self.index + 1}"

    def value(self, key: str) -> Cell:
        """The cell under a column key; None where it is empty or the column is gone."""
        cells, at = self.table.sheet.rows[self.index], self.table.columns.get(key)
        return cells[at] if at is not None and at < len(cells) else None

    def text(self, key: str) -> str:
        """The cell as text without space around it."""
        return text_of(self.value(key)).strip()

    def cell(self, key: str) -> str:
        """The cell's address on its sheet."""
        return cell_name(self.index, self.table.columns.get(key, 0))

    def at(self, key: str) -> str:
        """The cell's address with its sheet."""
        return f"{self.sheet}!{self.cell(key)}"

    def is_error(self, key: str) -> bool:
        """Whether the cell holds an error value, as a formula that cannot be computed does."""
        at = self.table.columns.get(key)
        return self.value(key) is None and (self.index, at) in self.table.errors

    def same(self, key: str) -> bool:
        """Whether the cell says what was written; so does that of a column that is gone."""
        return key not in self.table.columns or is_same(self.value(key), self.written.get(key))

    def changes(
        self,
        record: type[msgspec.Struct],
        old: msgspec.Struct | None,
        reading: Reading,
        names: Names | None,
    ) -> dict[str, Any]:
        """The fields whose cells say something else than what was written, with their values.

        A cell that holds no value of its column is told in ``reading``, and its field left out.
        """
        found: dict[str, Any] = {}
        for each in fields_of(record):
            if each.type in _NOT_READ or each.name not in self.table.columns:
                continue
            keys = [each.name]
            if each.type is FieldType.QUANTITY:
                keys += [each.name + LOW, each.name + HIGH]
            edited = [key for key in keys if not self.same(key)]
            if any(self.is_error(key) for key in edited):
                wrong = next(key for key in edited if self.is_error(key))
                reading.fault(self, wrong, IS_ERROR)
                continue
            if not edited or not all(reading.is_computed(self, key) for key in edited):
                continue
            value = self._value(each, edited, old, reading, names)
            if value is _FAULTY:
                continue
            before = each.default if old is None else getattr(old, each.name)
            if value != before:
                found[each.name] = value
                self.changed[each.name] = self.at(edited[0])
        section = getattr(record, "section", None)
        if section is not None:
            self.tell_cells(reading.cells, (section, self.id, ""))
        return found

    def tell_cells(
        self, cells: dict[tuple[str, str, str, str], str], record: tuple[str, str, str]
    ) -> None:
        """Note in ``cells`` where each changed field of the record stands."""
        for name, cell in self.changed.items():
            cells[*record, name] = cell

    def _value(
        self,
        each: Field,
        edited: Sequence[str],
        old: msgspec.Struct | None,
        reading: Reading,
        names: Names | None,
    ) -> Any:
        key = edited[0]
        try:
            if each.type is FieldType.QUANTITY:
                return self._quantity(each, None if old is None else getattr(old, each.name))
            if each.type is FieldType.SOURCES and names is not None:
                return names.sources(self.value(key))
            if each.type is FieldType.PRODUCT and names is not None:
                return names.product(self.value(key), self.text("target"))
            value = typed(each, self.value(key))
        except CellFault as fault:
            reading.fault(self, key, str(fault))
            return _FAULTY
        return each.default if value is None else value

    def _quantity(self, each: Field, old: Quantity | None) -> Quantity | None:
        """Mode, low and high from three cells; a certain figure has neither low nor high."""
        before = (None, old, None) if not isinstance(old, tuple) else old
        low, mode, high = (
            whole if self.same(key) else number(each, self.value(key))
            for key, whole in zip(
                (each.name + LOW, each.name, each.name + HIGH), before, strict=True
            )
        )
        assert not isinstance(mode, tuple)
        if mode is None:
            if low is None and high is None:
                return None
            raise CellFault("is empty, though a low or a high figure stands beside it")
        if low is None and high is None:
            return mode
        found = (mode if low is None else low, mode, mode if high is None else high)
        if not found[0] <= found[1] <= found[2]:
            least, likely, most = (said(each, value) for value in found)
            raise CellFault(
                f"holds {likely}, which does not lie between its low {least} and its high {most}; "
                "change these too, or empty both where the figure is certain"
            )
        return found


_FAULTY = object()


# ------------------------------------------------------------------------------- sheets


def find_sheets(file: TableFile, base: Project, notices: list[str]) -> dict[str, InputSheet]:
    """The input tables of the workbook by key; what is gone or renamed is told in ``notices``.

    Keys are the kinds of items, `products`, `sources`, and those of the tables of links.
    """
    items, sources = labels_of_items(base.entities.values()), labels_of_sources(base)
    specs = _specs(base, items, sources)
    by_name = {sheet.name.strip().casefold(): sheet for sheet in file.sheets}
    free = [sheet for sheet in file.sheets if sheet.name.casefold() not in _NAMES]
    found: dict[str, InputSheet] = {}
    for spec in specs:
        table = None
        if (sheet := by_name.get(spec.name.casefold())) is not None:
            table = _table(sheet, spec)
        else:
            for other in free:
                table = _table(other, spec)
                if table is not None and table.has_ids:
                    notices.append(
                        f"The sheet '{spec.name}' is called '{other.name}' now; it is read."
                    )
                    free.remove(other)
                    break
                table = None
        if table is None:
            if spec.count:
                notices += [
                    f"{spec.name}: {notice.message}"
                    for notice in file.notices
                    if notice.sheet == spec.name and spec.name.casefold() not in by_name
                ]
                notices.append(
                    f"The sheet '{spec.name}' is not in the workbook, or its header row is gone: "
                    f"its {spec.count:,} records stay as they are."
                )
            continue
        found[spec.key] = table
        _tell_columns(table, spec, notices)
    return found


@dataclass(frozen=True)
class _Spec:
    """What an input table was written as."""

    key: str
    name: str
    columns: list[Column]
    written: Written
    count: int


def _specs(base: Project, items: Mapping[str, str], sources: Mapping[str, str]) -> list[_Spec]:
    def source(id: str) -> str:
        return sources.get(id, id)

    def item(id: str) -> str:
        return items.get(id) or f"(not on the map: {id})"

    id = Column("id", "Id", number=Number.TEXT, hidden=True)
    specs = []
    for _, name, kind, _ in ENTITY_SHEETS:
        count = sum(each.kind is kind for each in base.entities.values())
        specs.append(_Spec(
            kind, name, [id, *field_columns(ENTITY_CLASSES[kind])],
            lambda of: field_values(base.entities[of], source), count,
        ))  # fmt: skip
    products = {
        plant.id + PAIR + product.id: (plant.id, product)
        for plant in base.entities.values() if isinstance(plant, Plant)
        for product in plant.products
    }  # fmt: skip
    of_products = [
        id, Column("plant_id", "Plant id", hidden=True), Column("plant", "Plant"),
        *product_columns(),
    ]  # fmt: skip

    def product_values(of: str) -> dict[str, Value]:
        plant, product = products[of]
        return field_values(product, str) | {"plant": item(plant)}

    specs.append(_Spec("products", PRODUCTS, of_products, product_values, len(products)))
    for key, name, _ in LINK_SHEETS:
        kinds = LINK_TABLES[key]

        def link_values(of: str) -> dict[str, Value]:
            link = base.links[of]
            return field_values(link, source) | {
                "kind": str(link.kind), "source": item(link.source), "target": item(link.target)
            }  # fmt: skip

        several = [Column("kind", "Kind", Look.INPUT)] if len(kinds) > 1 else []
        ends = [Column("source", "From", Look.INPUT), Column("target", "To", Look.INPUT)]
        columns = [id, *several, *ends, *field_columns(LINK_CLASSES[kinds[0]], leave_out=ENDS)]
        count = sum(each.kind in kinds for each in base.links.values())
        specs.append(_Spec(key, name, columns, link_values, count))
    specs.append(_Spec(
        "sources", SOURCES, [id, *field_columns(Source)],
        lambda of: field_values(base.sources[of], str), len(base.sources),
    ))  # fmt: skip
    return specs


_NAMES = frozenset(
    name.casefold()
    for name in (
        *(name for _, name, _, _ in ENTITY_SHEETS), *(name for _, name, _ in LINK_SHEETS),
        PRODUCTS, SOURCES, "Summary", "Index", "Attribution", "IP", "Material assistance", "Tests",
        "Rules", "Scenarios", "Assumptions", "Problems", "Check",
    )
)  # fmt: skip


def _table(sheet: Sheet, spec: _Spec) -> InputSheet | None:
    """The table where the sheet has its header row: its ids' column and half of the others."""
    wanted = {column.header.casefold(): column.key for column in spec.columns}
    best: dict[str, int] = {}
    header = -1
    for index, cells in enumerate(sheet.rows[:_HEADER_ROWS]):
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            key = wanted.get(text_of(cell).strip().casefold())
            if key is not None:
                found.setdefault(key, at)
        if len(found) > len(best):
            best, header = found, index
    if len(best) * 2 < len(wanted):
        return None
    visible = tuple(column.key for column in spec.columns if not column.hidden)
    return InputSheet(sheet, header, best, visible, spec.written)


def _tell_columns(table: InputSheet, spec: _Spec, notices: list[str]) -> None:
    gone = [column.header for column in spec.columns if column.key not in table.columns]
    if "id" not in table.columns or (spec.key == "products" and "plant_id" not in table.columns):
        notices.append(
            f"{table.sheet.name} has no column 'Id' any more, so its rows cannot be told apart: "
            "its records stay as they are."
        )
    elif gone:
        names = ", ".join(f"'{header}'" for header in gone)
        notices.append(f"{table.sheet.name} has no column {names} any more: it stays as it is.")


# --------------------------------------------------------------------------------- rows


def rows_of(
    table: InputSheet, base: Mapping[str, object], reading: Reading, what: str
) -> Iterator[BookRow]:
    """The rows of a table with the records they stand for; blank rows stand for none.

    Where several rows bear one id, the one closest to what was written keeps it; the others were
    copied or filled down, and are new records. ``what`` is what a new id is made for.
    """
    same_id: dict[str, list[BookRow]] = defaultdict(list)
    rows: list[BookRow] = []
    written: dict[str, Mapping[str, Value]] = {}
    for index in range(table.header + 1, len(table.sheet.rows)):
        row = BookRow(table, index, "", False, {})
        row.id = row.text("id")
        if what == "product" and row.id:
            row.id = row.text("plant_id") + PAIR + row.id
        if row.id in base:
            if row.id not in written:
                written[row.id] = table.written(row.id)
            row.written = written[row.id]
        blank = all(not row.text(key) for key in table.visible)
        # A record of which nothing is stated is a blank row that nobody emptied.
        if blank and not (row.id in base and all(map(row.same, table.visible))):
            continue
        if row.id in base:
            same_id[row.id].append(row)
        rows.append(row)
    known = reading.base
    taken = known.entities.keys() | known.links.keys() | known.sources.keys()
    owners = {id: _closest(those) for id, those in same_id.items()}
    copied: list[str] = []
    for row in rows:
        if row.id in base and owners[row.id] is row:
            row.is_known = True
        else:
            if row.id in base:
                copied.append(row.place)
            _make_new(row, what, taken)
        yield row
    reading.notices += _told_copies(copied)


def _told_copies(copied: Sequence[str]) -> Iterator[str]:
    """Sentences on the rows that bear the id of another: the first few by name."""
    for place in copied[:_NAMED]:
        yield (
            f"{place} bears the hidden id of another row, as copied or filled-down rows do: it is "
            "read as a new record."
        )
    if len(copied) > _NAMED:
        yield f"So do {len(copied) - _NAMED:,} more rows, the last of them {copied[-1]}."


def _closest(rows: Sequence[BookRow]) -> BookRow:
    """Of the rows with one id the one that is closest to what was written."""
    return rows[0] if len(rows) == 1 else max(rows, key=_likeness)


def _make_new(row: BookRow, what: str, taken: set[str]) -> None:
    """Give a row an id of its own: what it was copied from, if anything, keeps the old one.

    An id that the map does not know is kept: the workbook is of a map that has more records.
    """
    row.written = {}
    if what != "product":
        if not row.id or row.id in taken:
            row.id = _fresh(what, taken)
        taken.add(row.id)


def _likeness(row: BookRow) -> int:
    return sum(row.same(key) for key in row.table.visible)


def _fresh(what: str, taken: set[str]) -> str:
    kinds: dict[str, EntityKind | LinkKind | Section] = {each: each for each in EntityKind}
    kinds |= {"l": LinkKind.SUPPLIES, "s": Section.SOURCES}
    while (id := new_id(Project(), kinds[what])) in taken:
        continue
    return id
