"""The map as it stands on one day: which links count, found by either end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Lends,
    Licenses,
    Located,
    Operates,
    Owns,
    Plant,
    Supplies,
    Uses,
)

L = TypeVar("L", Located, Owns, Lends, Operates, Supplies, Licenses, Uses)
_Index = dict[type[AnyLink], dict[str, list[AnyLink]]]
"""Links by their class and the id of one end."""


def counts_on(link: AnyLink, day: date) -> bool:
    """Whether the link is in force on the day; both its dates belong to it."""
    started = link.valid_from is None or link.valid_from <= day
    return started and (link.valid_to is None or day <= link.valid_to)


def last_day(year: int) -> date:
    """The day for which a year is scored: its last, on which status is tested in law."""
    return date(year, 12, 31)


class MapInForce:
    """A project on one day. Links to items that do not exist, and candidates, do not count.

    ``entities`` holds every entity by id; links are reached through :meth:`into` and
    :meth:`out_of`, in file order. They are looked up when first asked for: who only scores the
    map never pays for it.
    """

    def __init__(self, project: Project, as_of: date) -> None:
        self.project = project
        self.as_of = as_of
        self.entities: Mapping[str, AnyEntity] = project.entities
        self._into: _Index = {}
        self._out_of: _Index = {}

    def with_entities(self, project: Project) -> MapInForce:
        """The same day of a project with other entities of the same ids, and the same links."""
        other = MapInForce(project, self.as_of)
        other._into, other._out_of = self._into, self._out_of
        return other

    def into(self, link_class: type[L], target: str) -> Sequence[L]:
        """The links of one kind that end at ``target``."""
        if link_class not in self._into:
            found: dict[str, list[AnyLink]] = {}
            self._into[link_class] = found
            for link in self._in_force(link_class):
                found.setdefault(link.target, []).append(link)
        return self._into[link_class].get(target, ())  # type: ignore[return-value]  # keyed by class

    def out_of(self, link_class: type[L], source: str) -> Sequence[L]:
        """The links of one kind that start at ``source``."""
        if link_class not in self._out_of:
            found: dict[str, list[AnyLink]] = {}
            self._out_of[link_class] = found
            for link in self._in_force(link_class):
                found.setdefault(link.source, []).append(link)
        return self._out_of[link_class].get(source, ())  # type: ignore[return-value]  # keyed by class

    def _in_force(self, link_class: type[AnyLink]) -> Iterable[AnyLink]:
        """Those of one class: who asks for a plant's operator pays for no other kind of link."""
        links = [link for link in self.project.links.values() if type(link) is link_class]
        return _counting(links, self.project, self.as_of)

    def operator(self, plant: str) -> Company | None:
        """Who runs the plant: the first operator where several are drawn, None where none is."""
        for link in self.into(Operates, plant):
            holder = self.entities[link.source]
            if isinstance(holder, Company):
                return holder
        return None

    def places(self, entity: str, role: LocationRole) -> list[Jurisdiction]:
        """The jurisdictions that have this role for the entity."""
        found = [
            self.entities[link.source]
            for link in self.into(Located, entity)
            if located_role(link, self.entities[entity]) is role
        ]
        return [place for place in found if isinstance(place, Jurisdiction)]


def located_role(link: Located, target: AnyEntity) -> LocationRole:
    """The link's role; where none is given, the usual one for the kind of item."""
    if link.role is not None:
        return link.role
    match target:
        case Plant():
            return LocationRole.SITE
        case Company():
            return LocationRole.INCORPORATED
        case _:
            return LocationRole.ORIGIN


def links_in_force(project: Project, as_of: date) -> Iterable[AnyLink]:
    """Links that count on the day: dated so, with both ends on the map, not mere candidates."""
    return _counting(project.links.values(), project, as_of)


def _counting(links: Iterable[AnyLink], project: Project, as_of: date) -> Iterable[AnyLink]:
    entities = project.entities
    for link in links:
        if type(link) is Supplies and link.candidate:
            continue
        dated = link.valid_from is not None or link.valid_to is not None
        if dated and not counts_on(link, as_of):
            continue
        if link.source in entities and link.target in entities:
            yield link
