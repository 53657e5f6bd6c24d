"""Maps with one more fact supposed: what the search for missing facts puts on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.uncertainty_results import FactKind, Place
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Licenses,
    Located,
    Plant,
)

Supposition = Callable[[Project], Project]


@dataclass(frozen=True)
class Home:
    """A jurisdiction that somebody may be of: on the map, or to be added with its code."""

    code: str
    name: str
    id: str | None = None


@dataclass(frozen=True)
class RestOf:
    """What nobody accounts for in an item's row of a slot is a jurisdiction's (an entity id),
    however much that is."""

    slot: Slot
    entity: str
    jurisdiction: str


Answer = tuple[str, Supposition | RestOf]


@dataclass(frozen=True)
class Gap:
    """Something the map does not say, with answers to try: words, and what is so then.

    ``weight`` is about how much hangs on it: the weightiest gaps are tried first.
    """

    kind: FactKind
    place: Place
    question: str
    answers: tuple[Answer, ...]
    weight: float = 0.0
    sources: tuple[str, ...] = field(default=())


def with_field(place: Place, value: Any) -> Supposition:
    """A field of a record, or of one of a plant's products, has a value."""

    def supposed(project: Project) -> Project:
        if place.record in project.links:
            link = msgspec.structs.replace(project.links[place.record], **{place.field: value})
            return with_records(project, links=[link])
        entity = project.entities[place.record]
        if place.product is None:
            changed = msgspec.structs.replace(entity, **{place.field: value})
        else:
            assert isinstance(entity, Plant)
            products = tuple(
                msgspec.structs.replace(product, **{place.field: value})
                if product.id == place.product
                else product
                for product in entity.products
            )
            changed = msgspec.structs.replace(entity, products=products)
        return with_records(project, entities=[changed])

    return supposed


def with_records(
    project: Project, entities: Iterable[AnyEntity] = (), links: Iterable[AnyLink] = ()
) -> Project:
    """The project with records added, or put in the place of those of the same ids."""
    return msgspec.structs.replace(
        project,
        entities={**project.entities, **{entity.id: entity for entity in entities}},
        links={**project.links, **{link.id: link for link in links}},
    )


def fresh_id(project: Project, stem: str) -> str:
    """An id that the project does not have."""
    taken = project.entities.keys() | project.links.keys()
    number = 0
    while (id := f"{stem}-{number}" if number else stem) in taken:
        number += 1
    return id


def at_home(project: Project, home: Home, entity: str, role: LocationRole) -> Project:
    """The project with an item placed in a jurisdiction."""
    place = home.id
    if place is None or place not in project.entities:
        place = fresh_id(project, f"supposed-{home.code}")
        land = Jurisdiction(id=place, name=home.name, code=home.code)
        project = with_records(project, entities=[land])
    id = fresh_id(project, "supposed-place")
    return with_records(project, links=[Located(id=id, source=place, target=entity, role=role)])


def placed(home: Home, entity: str, role: LocationRole) -> Supposition:
    """An item is at home in a jurisdiction."""
    return lambda project: at_home(project, home, entity, role)


def with_newcomer(home: Home, link_of: Callable[[Project, str], AnyLink]) -> Supposition:
    """A company of a jurisdiction joins the map by one link, which ``link_of`` makes of the
    project and the company's id."""

    def supposed(project: Project) -> Project:
        id = fresh_id(project, "supposed-company")
        project = with_records(project, entities=[Company(id=id, name=f"A company of {home.name}")])
        project = at_home(project, home, id, LocationRole.INCORPORATED)
        return with_records(project, links=[link_of(project, id)])

    return supposed


def licensed(deal: str) -> Callable[[Project, str], AnyLink]:
    """A company licenses an agreement."""
    return lambda project, company: Licenses(
        id=fresh_id(project, "supposed-grant"), source=company, target=deal
    )
