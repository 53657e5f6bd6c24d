"""An exported workbook read back: the project as the workbook now says it is.

A cell that still says what the program wrote is no edit, whatever a spreadsheet did to it when it
saved; only a cell that says something else is read. Records are found by their ids in the hidden
columns, columns by their headers, sheets by their names or else their headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Plant,
    Product,
    Source,
)
from depmap_gui.exchange.round_trip_formulas import Formulas, formulas_of
from depmap_gui.exchange.round_trip_names import Names
from depmap_gui.exchange.round_trip_origin import Origin, origin_of, untaken
from depmap_gui.exchange.round_trip_rows import (
    IS_ERROR,
    BookRow,
    InputSheet,
    find_sheets,
    rows_of,
)
from depmap_gui.exchange.round_trip_values import CellFault, is_same
from depmap_gui.exchange.sheets.facts import LINK_TABLES, fingerprint
from depmap_gui.exchange.tables.grid import TableFile
from depmap_gui.exchange.tables.reading import read_table_file

Place = tuple[str, str, str, str]
"""Section, id, product and field of what a cell says; field is empty for a whole row."""


class BookProblem(msgspec.Struct, frozen=True):
    """A cell (or row) that could not be taken over: where it is, and a sentence."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} {self.message}"


class EditedBook(msgspec.Struct, frozen=True):
    """What an edited workbook says: the project, where each fact stands, and what to tell.

    ``cells`` gives the cell of each changed fact as ``Supply!F7``; ``notices`` are sentences about
    the workbook as a whole.
    """

    project: Project
    cells: Mapping[Place, str]
    problems: tuple[BookProblem, ...]
    notices: tuple[str, ...]


@dataclass
class Reading:
    """What is collected while the sheets are read."""

    book: ReadBook
    base: Project
    cells: dict[Place, str] = field(default_factory=dict)
    problems: list[BookProblem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @cached_property
    def formulas(self) -> Formulas:
        """The workbook's formula cells; looked for only where a cell was edited."""
        return formulas_of(self.book.path, self.book.file.kind)

    def is_computed(self, row: BookRow, key: str) -> bool:
        """Whether an edited cell's value can be taken; that of a formula is, and is told."""
        cell = row.cell(key)
        formula = self.formulas.get(row.sheet, {}).get(cell)
        if formula is False:
            self.fault(
                row,
                key,
                "is a formula that was never computed; open the workbook in a spreadsheet program, "
                "save it there, and apply it again",
            )
        elif formula:
            self.notices.append(f"{row.at(key)} is a formula; the value it shows is taken.")
        return formula is not False

    def fault(self, row: BookRow, key: str, message: str) -> None:
        """Note that a cell cannot be taken over."""
        self.problems.append(BookProblem(row.sheet, row.cell(key), message))


class ReadBook(msgspec.Struct, frozen=True):
    """A workbook of this program as it was read, and what it says it was written from."""

    path: Path
    file: TableFile
    origin: Origin


def read_book(path: Path) -> ReadBook:
    """The workbook's sheets.

    Raises TableError with a sentence where it cannot be read or is no workbook of this program.
    """
    file = read_table_file(path)
    return ReadBook(path, file, origin_of(file))


def edited_project(book: ReadBook, base: Project) -> EditedBook:
    """The project that a workbook read by :func:`read_book` describes.

    ``base`` is the project it was written from, with the scenario it was written under played.
    Facts that the workbook does not hold (views, scenarios, settings) are ``base``'s.
    """
    file, origin = book.file, book.origin
    reading = Reading(book, base)
    if origin.written_from != fingerprint(base):
        reading.notices.append(
            "The map has changed since this workbook was written: what changed there since then "
            "is shown as a difference too. Decline it where the map is right."
        )
    found = find_sheets(file, base, reading.notices)
    sources = _sources(found, reading)
    names = Names.of(base, base.entities, sources)
    entities = _products(found, reading, *_entities(found, reading, names, sources))
    names = Names.of(base, entities, sources)
    links = _links(found, reading, names)
    reading.notices += untaken(file, found, origin)
    header = base.header
    year = origin.year_now(file)
    if year is not None and origin.year is not None and year != origin.year:
        header = msgspec.structs.replace(header, year=year)
        reading.cells["", "", "", "year"] = origin.year_cell
    project = msgspec.structs.replace(
        base, header=header, entities=entities, links=links, sources=sources
    )
    return EditedBook(project, reading.cells, tuple(reading.problems), tuple(reading.notices))


# ---------------------------------------------------------------------------------- rows


def _sources(found: Mapping[str, InputSheet], reading: Reading) -> dict[str, Source]:
    sheet = found.get("sources")
    if sheet is None or not sheet.has_ids:
        return dict(reading.base.sources)
    kept: dict[str, Source] = {}
    added: dict[str, Source] = {}
    for row in rows_of(sheet, reading.base.sources, reading, "s"):
        old = reading.base.sources.get(row.id) if row.is_known else None
        values = row.changes(Source, old, reading, None)
        if old is None and not values:
            continue
        record = msgspec.structs.replace(old or Source(id=row.id), **values)
        (added if old is None else kept)[row.id] = record
        if old is None:
            reading.cells["sources", row.id, "", ""] = row.place
    return _in_order(reading.base.sources, kept, added)


def _entities(
    found: Mapping[str, InputSheet],
    reading: Reading,
    names: Names,
    sources: Mapping[str, Source],
) -> tuple[Names, dict[str, AnyEntity]]:
    kept: dict[str, AnyEntity] = {}
    added: dict[str, AnyEntity] = {}
    for kind in EntityKind:
        record = ENTITY_CLASSES[kind]
        of_kind = {id: each for id, each in reading.base.entities.items() if each.kind is kind}
        sheet = found.get(kind)
        if sheet is None or not sheet.has_ids:
            kept |= of_kind
            continue
        for row in rows_of(sheet, of_kind, reading, kind):
            old = of_kind.get(row.id) if row.is_known else None
            values = row.changes(record, old, reading, names)
            if old is None and not values.get("name"):
                reading.fault(row, "name", "is empty: a new row needs a name; it is left out")
                continue
            made = record(id=row.id) if old is None else old
            (added if old is None else kept)[row.id] = msgspec.structs.replace(made, **values)
            if old is None:
                reading.cells["entities", row.id, "", ""] = row.place
    entities = _in_order(reading.base.entities, kept, added)
    return Names.of(reading.base, entities, sources), entities


def _products(
    found: Mapping[str, InputSheet],
    reading: Reading,
    names: Names,
    entities: dict[str, AnyEntity],
) -> dict[str, AnyEntity]:
    sheet = found.get("products")
    if sheet is None or not sheet.has_ids or "plant_id" not in sheet.columns:
        return entities
    base = {
        f"{plant.id}\0{product.id}": product
        for plant in reading.base.entities.values()
        if isinstance(plant, Plant)
        for product in plant.products
    }
    made: dict[str, dict[str, Product]] = {}
    for row in rows_of(sheet, base, reading, "product"):
        old = base.get(row.id) if row.is_known else None
        plant = row.id.partition("\0")[0] if old is not None else names.item(row.text("plant"))
        if plant is None or not isinstance(entities.get(plant), Plant):
            if old is None:
                reading.fault(row, "plant", "names no plant of the map; the product is left out")
            continue
        values = row.changes(Product, old, reading, names)
        id = old.id if old is not None else _product_id(values, entities[plant], made)
        product = msgspec.structs.replace(old or Product(id=id), **values)
        made.setdefault(plant, {})[id] = product
        row.tell_cells(reading.cells, ("entities", plant, id))
        if old is None:
            reading.cells["entities", plant, id, "products"] = row.place
    changed = dict(entities)
    for site in entities.values():
        if isinstance(site, Plant) and (site.products or site.id in made):
            mine = made.get(site.id, {})
            ordered = [mine.pop(each.id) for each in site.products if each.id in mine]
            products = (*ordered, *mine.values())
            if products != site.products:
                changed[site.id] = msgspec.structs.replace(site, products=products)
    return changed


def _product_id(
    values: Mapping[str, object],
    plant: AnyEntity,
    made: Mapping[str, Mapping[str, Product]],
) -> str:
    """An id within its plant, from the product's name where that can be one."""
    taken = {each.id for each in plant.products} if isinstance(plant, Plant) else set()
    taken |= made.get(plant.id, {}).keys()
    name = str(values.get("name") or "product").casefold()
    word = "-".join("".join(c if c.isalnum() else " " for c in name).split()) or "product"
    id, number = word, 1
    while id in taken:
        number += 1
        id = f"{word}-{number}"
    return id


def _links(found: Mapping[str, InputSheet], reading: Reading, names: Names) -> dict[str, AnyLink]:
    kept: dict[str, AnyLink] = {}
    added: dict[str, AnyLink] = {}
    for key, kinds in LINK_TABLES.items():
        of_kinds = {id: each for id, each in reading.base.links.items() if each.kind in kinds}
        sheet = found.get(key)
        if sheet is None or not sheet.has_ids:
            kept |= of_kinds
            continue
        for row in rows_of(sheet, of_kinds, reading, "l"):
            old = of_kinds.get(row.id) if row.is_known else None
            link = _link(row, old, kinds, reading, names)
            if link is None:
                if old is not None:
                    kept[row.id] = old
            elif old is None:
                added[row.id] = link
                reading.cells["links", row.id, "", ""] = row.place
            else:
                kept[row.id] = link
    return _in_order(reading.base.links, kept, added)


def _link(
    row: BookRow,
    old: AnyLink | None,
    kinds: tuple[str, ...],
    reading: Reading,
    names: Names,
) -> AnyLink | None:
    """The link of a row; None where the row tells of none, or of one that cannot be."""
    kind = row.text("kind").casefold() if len(kinds) > 1 else kinds[0]
    if kind not in kinds:
        reading.fault(row, "kind", f"holds '{kind}'; it can be: {', '.join(kinds)}")
        return None
    record = LINK_CLASSES[next(each for each in LINK_CLASSES if each == kind)]
    same = old if isinstance(old, record) else None
    ends: dict[str, str] = {}
    for end in ("source", "target"):
        if old is not None and is_same(row.value(end), names.label(getattr(old, end))):
            ends[end] = getattr(old, end)
            continue
        if row.is_error(end):
            reading.fault(row, end, IS_ERROR)
            continue
        try:
            ends[end] = names.end(row.value(end))
        except CellFault as fault:
            reading.fault(row, end, str(fault))
    if len(ends) < 2:
        return None
    forbidden = names.forbids(record.kind, ends["source"], ends["target"])
    moved = same is None or (same.source, same.target) != (ends["source"], ends["target"])
    if forbidden and moved:
        reading.fault(row, *forbidden)
        return None
    values = row.changes(record, same, reading, names)
    if same is None:
        return record(id=row.id, **ends, **values)  # type: ignore[arg-type]  # of the field's type
    for end, id in ends.items():
        if getattr(same, end) != id:
            reading.cells["links", row.id, "", end] = row.at(end)
    changes = {**values, **{end: id for end, id in ends.items() if getattr(same, end) != id}}
    return msgspec.structs.replace(same, **changes) if changes else same


R = TypeVar("R")


def _in_order(base: Mapping[str, R], kept: dict[str, R], added: dict[str, R]) -> dict[str, R]:
    """The kept records in the order of the base, the new ones behind them."""
    return {id: kept[id] for id in base if id in kept} | added
