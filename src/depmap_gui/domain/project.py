"""A project as one frozen value: what is saved, scored, exported and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec

from depmap_gui.domain.fields import FieldType, about, about_share
from depmap_gui.domain.kinds import Basis, Section
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    License,
    Material,
    Plant,
    Record,
    Scenario,
    Source,
)
from depmap_gui.domain.views import View

DEFAULT_BOUGHT_IN = 0.5
DEFAULT_PACKS = ("us-obbba",)

E = TypeVar("E", Plant, Company, License, Jurisdiction, Material)


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds for the whole project."""

    title: Annotated[str, about(FieldType.TEXT, "Title", "What the map is called.")] = ""
    currency: Annotated[
        str, about(FieldType.TEXT, "Currency", "Three letters; all money is in it.")
    ] = "USD"
    year: Annotated[
        int,
        about(
            FieldType.INTEGER,
            "Year",
            "The tax year the map is scored for.",
            least=1900,
            most=2200,
        ),
    ] = 2026
    basis: Annotated[
        Basis, about(FieldType.CHOICE, "Basis", "Whose a company is.", choices=Basis)
    ] = Basis.CONTROL
    packs: Annotated[
        tuple[str, ...],
        about(FieldType.WORDS, "Rule packs", "The laws the products are tested against."),
    ] = ()
    readings: Annotated[
        dict[str, str],
        about(
            FieldType.STRUCTURE,
            "Settled questions",
            "Open points of law the analyst has settled: question id to reading id.",
        ),
    ] = {}
    bought_in: Annotated[
        float | None,
        about_share("Default bought in", "Taken where an item with suppliers states none."),
    ] = None
    extra: dict[str, Any] = {}


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """Every fact of a project, by id, in file order. Never changed in place.

    ``revision`` counts the changes made since the document was opened.
    """

    header: Header = Header()
    entities: Mapping[str, AnyEntity] = {}
    links: Mapping[str, AnyLink] = {}
    sources: Mapping[str, Source] = {}
    scenarios: Mapping[str, Scenario] = {}
    views: Mapping[str, View] = {}
    revision: int = 0

    def section(self, section: Section) -> Mapping[str, Record]:
        """The records of one list, by id."""
        found: Mapping[str, Record] = getattr(self, section.value)
        return found

    def of_kind(self, kind: type[E]) -> list[E]:
        """The entities of one class, in file order."""
        found = _by_class(_Same(self.entities)).get(kind, ())
        return list(found)  # type: ignore[arg-type]  # keyed by class

    def called(self, name: str) -> Sequence[str]:
        """The ids of the entities of that name, whatever its case, in file order."""
        return _by_name(_Same(self.entities)).get(name.casefold(), ())

    def name(self, id: str) -> str:
        """What to call an entity or link in a sentence: its name, or failing that its id."""
        if (entity := self.entities.get(id)) is not None:
            return entity.name or id
        if (link := self.links.get(id)) is not None:
            return f"{self.name(link.source)} → {self.name(link.target)}"
        return id

    @property
    def packs(self) -> tuple[str, ...]:
        """The rule packs in use: the project's own, or the usual ones where it names none."""
        return self.header.packs or DEFAULT_PACKS

    @property
    def bought_in(self) -> float:
        """The bought-in share taken for items with suppliers that state none."""
        stated = self.header.bought_in
        return DEFAULT_BOUGHT_IN if stated is None else stated


class _Same:
    """A mapping that is known by its identity alone."""

    def __init__(self, held: Mapping[str, AnyEntity]) -> None:
        self.held = held

    def __hash__(self) -> int:
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.held is other.held


@lru_cache(maxsize=4)
def _by_class(entities: _Same) -> Mapping[type[AnyEntity], Sequence[AnyEntity]]:
    """A map is asked for its kinds many times over, and is never changed in place."""
    found: dict[type[AnyEntity], list[AnyEntity]] = {}
    for entity in entities.held.values():
        found.setdefault(type(entity), []).append(entity)
    return found


@lru_cache(maxsize=4)
def _by_name(entities: _Same) -> Mapping[str, Sequence[str]]:
    """Thousands of pasted names are looked up one by one."""
    found: dict[str, list[str]] = {}
    for id, entity in entities.held.items():
        found.setdefault(entity.name.casefold(), []).append(id)
    return found
