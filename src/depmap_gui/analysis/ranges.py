"""The uncertain quantities of a map: where they stand, what they may be, and maps with them fixed.

A quantity counts as uncertain where the analyst gave it a range of some width. Ranges out of
order are put in order, and one that runs below zero starts at zero. A quantity whose mode cannot
be (it is negative) is unknown, as everywhere, and no range.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from depmap_gui.analysis.projection import Floats
from depmap_gui.analysis.projection_changes import differences
from depmap_gui.analysis.uncertainty_results import Place, UncertainQuantity
from depmap_gui.domain.fields import Field, FieldType, field_of, fields_of
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Plant, Product


@dataclass(frozen=True, eq=False)
class Ranges:
    """Every uncertain quantity of a project, in the order of the file.

    ``triangle`` is quantities x 3: low, mode and high. ``number`` finds a place's row.
    """

    places: tuple[Place, ...]
    triangle: Floats
    number: Mapping[Place, int]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def low(self) -> Floats:
        """The least value of each quantity."""
        return self.triangle[:, 0]

    @property
    def mode(self) -> Floats:
        """The most likely value of each quantity."""
        return self.triangle[:, 1]

    @property
    def high(self) -> Floats:
        """The greatest value of each quantity."""
        return self.triangle[:, 2]


def ranges_of(project: Project) -> Ranges:
    """The uncertain quantities of a project."""
    found = [each for record in _records(project) for each in _of_record(record)]
    return _in_order([place for place, _ in found], _table(found))


def ranges_after(before: Ranges, former: Project, project: Project) -> Ranges:
    """The same after a few records changed, the ranges ``before`` being those of ``former``."""
    was, now = _records(former), _records(project)
    if len(was) != len(now) or [each.id for each in was] != [each.id for each in now]:
        return ranges_of(project)
    changed = {now[row].id: now[row] for row in differences(was, now)}
    kept = [n for n, place in enumerate(before.places) if place.record not in changed]
    fresh = [each for record in changed.values() for each in _of_record(record)]
    places = [*(before.places[n] for n in kept), *(place for place, _ in fresh)]
    triangle = np.concatenate((before.triangle[kept], _table(fresh)))
    if fresh:
        rank = {record.id: row for row, record in enumerate(now)}
        order = sorted(range(len(places)), key=lambda n: rank[places[n].record])
        places, triangle = [places[n] for n in order], triangle[order]
    return _in_order(places, triangle)


Triangle = tuple[float, float, float]


def _records(project: Project) -> tuple[AnyEntity | AnyLink, ...]:
    return (*project.entities.values(), *project.links.values())


def _of_record(record: AnyEntity | AnyLink) -> list[tuple[Place, Triangle]]:
    """The ranges on a record and, of a plant, on its products."""
    found = list(_of_fields(record, record.id, None))
    for product in record.products if isinstance(record, Plant) else ():
        found += _of_fields(product, record.id, product.id)
    return found


def _of_fields(
    record: msgspec.Struct, id: str, product: str | None
) -> Iterator[tuple[Place, Triangle]]:
    for field in _quantities(type(record)):
        value = getattr(record, field.name)
        if type(value) is tuple and (triangle := _triangle(value, field)) is not None:
            yield Place(id, field.name, product), triangle


def _table(found: Sequence[tuple[Place, Triangle]]) -> Floats:
    return np.array([triangle for _, triangle in found], dtype=np.float64).reshape(-1, 3)


def _in_order(places: Sequence[Place], triangle: Floats) -> Ranges:
    return Ranges(
        places=tuple(places),
        triangle=triangle,
        number={place: number for number, place in enumerate(places)},
    )


_KNOWN: dict[type, tuple[Field, ...]] = {}


def _quantities(record: type[msgspec.Struct]) -> tuple[Field, ...]:
    if record not in _KNOWN:
        _KNOWN[record] = tuple(
            field for field in fields_of(record) if field.type is FieldType.QUANTITY
        )
    return _KNOWN[record]


def _triangle(value: Triangle, field: Field) -> Triangle | None:
    if not all(map(math.isfinite, value)) or value[1] < 0.0:
        return None
    most = 1.0 if field.name == "bought_in" else math.inf
    if value[1] > most:
        return None
    low, mode, high = sorted(min(most, max(0.0, each)) for each in value)
    return (low, mode, high) if low < high else None


def draw_values(triangle: Floats, chances: Floats) -> Floats:
    """Draws from each quantity's triangle by inverting its distribution.

    ``chances`` is samples x quantities in 0..1, and so is the result in the quantities' units.
    """
    low, mode, high = triangle.T
    width = high - low
    turn = (mode - low) / width
    rising = low + width * np.sqrt(chances * turn)
    falling = high - width * np.sqrt((1.0 - chances) * (1.0 - turn))
    drawn: Floats = np.where(chances < turn, rising, falling)
    return drawn


def fix(project: Project, places: Sequence[Place], values: Sequence[float]) -> Project:
    """The project with each of these quantities fixed at a value."""
    own: dict[str, dict[str, float]] = {}
    of_products: dict[str, dict[str, dict[str, float]]] = {}
    for place, value in zip(places, values, strict=True):
        if place.product is None:
            own.setdefault(place.record, {})[place.field] = value
        else:
            of_plant = of_products.setdefault(place.record, {})
            of_plant.setdefault(place.product, {})[place.field] = value
    entities, links = dict(project.entities), dict(project.links)
    for id, fields in own.items():
        if id in entities:
            entities[id] = msgspec.structs.replace(entities[id], **fields)
        else:
            links[id] = msgspec.structs.replace(links[id], **fields)
    for id, changed in of_products.items():
        plant = entities[id]
        if isinstance(plant, Plant):
            products = tuple(
                msgspec.structs.replace(product, **changed.get(product.id, {}))
                for product in plant.products
            )
            entities[id] = msgspec.structs.replace(plant, products=products)
    return msgspec.structs.replace(project, entities=entities, links=links)


def described(project: Project, ranges: Ranges, number: int) -> UncertainQuantity:
    """One quantity with its place in words and its sources."""
    place = ranges.places[number]
    record = record_of(project, place)
    field = field_of(type(record), place.field)
    low, mode, high = ranges.triangle[number].tolist()
    return UncertainQuantity(
        place=place,
        label=place_in_words(project, place),
        unit="" if field is None else field.unit.value,
        low=low,
        mode=mode,
        high=high,
        sources=project_record(project, place.record).sources,
    )


def place_in_words(project: Project, place: Place) -> str:
    """A place as a person would name it: ``Equity: Holder → Maker``."""
    record = record_of(project, place)
    field = field_of(type(record), place.field)
    title = place.field if field is None else field.label
    name = project.name(place.record)
    if isinstance(record, Product):
        return f"{title}: {record.name or record.id} of {name}"
    item = getattr(record, "item", "")
    return f"{title}: {name} ({item})" if item else f"{title}: {name}"


def record_of(project: Project, place: Place) -> AnyEntity | AnyLink | Product:
    """The record that a place's field stands on."""
    record = project_record(project, place.record)
    if place.product is not None and isinstance(record, Plant):
        return next(product for product in record.products if product.id == place.product)
    return record


def project_record(project: Project, id: str) -> AnyEntity | AnyLink:
    """The entity or link of an id."""
    found = project.entities.get(id)
    return project.links[id] if found is None else found
