"""The kinds of entities and links, and which ends each link may join."""

from __future__ import annotations

from enum import StrEnum


class EntityKind(StrEnum):
    """What an item on the map is."""

    PLANT = "plant"
    COMPANY = "company"
    LICENSE = "license"
    MATERIAL = "material"
    JURISDICTION = "jurisdiction"


class LinkKind(StrEnum):
    """How one item depends on another; a link runs from who provides to who depends."""

    LOCATED = "located"
    OWNS = "owns"
    LENDS = "lends"
    OPERATES = "operates"
    SUPPLIES = "supplies"
    LICENSES = "licenses"
    USES = "uses"


class Section(StrEnum):
    """The lists of records that make up a project."""

    ENTITIES = "entities"
    LINKS = "links"
    SOURCES = "sources"
    SCENARIOS = "scenarios"
    VIEWS = "views"


class Basis(StrEnum):
    """Whose a company is taken to be."""

    DOMICILE = "domicile"
    ECONOMIC = "economic"
    CONTROL = "control"


class LegalForm(StrEnum):
    """What a company is in law."""

    CORPORATION = "corporation"
    PARTNERSHIP = "partnership"
    TRUST = "trust"
    PERSON = "person"
    GOVERNMENT = "government"
    OTHER = "other"


class AgreementType(StrEnum):
    """What a license record stands for."""

    LICENSE = "license"
    SERVICES = "services"
    OTHER = "other"


class LocationRole(StrEnum):
    """What a jurisdiction is to the item located in it."""

    INCORPORATED = "incorporated"
    PRINCIPAL = "principal"
    SITE = "site"
    ORIGIN = "origin"
    CITIZEN = "citizen"
    RESIDENT = "resident"


class SupplyCategory(StrEnum):
    """What is bought, as far as the law distinguishes."""

    MATERIAL = "material"
    COMPONENT = "component"
    EQUIPMENT = "equipment"
    SERVICE = "service"


_PLANT, _COMPANY, _LICENSE = EntityKind.PLANT, EntityKind.COMPANY, EntityKind.LICENSE
_MATERIAL, _JURISDICTION = EntityKind.MATERIAL, EntityKind.JURISDICTION

LINK_ENDS: dict[LinkKind, tuple[frozenset[EntityKind], frozenset[EntityKind]]] = {
    LinkKind.LOCATED: (frozenset({_JURISDICTION}), frozenset({_COMPANY, _PLANT, _MATERIAL})),
    LinkKind.OWNS: (frozenset({_COMPANY, _JURISDICTION}), frozenset({_COMPANY})),
    LinkKind.LENDS: (frozenset({_COMPANY}), frozenset({_COMPANY})),
    LinkKind.OPERATES: (frozenset({_COMPANY}), frozenset({_PLANT})),
    LinkKind.SUPPLIES: (
        frozenset({_COMPANY, _PLANT, _MATERIAL}),
        frozenset({_PLANT, _COMPANY, _MATERIAL}),
    ),
    LinkKind.LICENSES: (frozenset({_COMPANY}), frozenset({_LICENSE})),
    LinkKind.USES: (frozenset({_LICENSE}), frozenset({_PLANT, _COMPANY, _LICENSE})),
}
"""Permitted (source kinds, target kinds) of each link kind."""

_LIKELY_FIRST = (
    LinkKind.LOCATED,
    LinkKind.OPERATES,
    LinkKind.USES,
    LinkKind.LICENSES,
    LinkKind.SUPPLIES,
    LinkKind.OWNS,
    LinkKind.LENDS,
)
_OWNS_FIRST = (LinkKind.OWNS, LinkKind.SUPPLIES, LinkKind.LENDS)


def permitted_links(source: EntityKind, target: EntityKind) -> tuple[LinkKind, ...]:
    """Link kinds that may run from ``source`` to ``target``, most likely first."""
    between_companies = source is target is EntityKind.COMPANY
    order = _OWNS_FIRST if between_companies else _LIKELY_FIRST
    return tuple(k for k in order if source in LINK_ENDS[k][0] and target in LINK_ENDS[k][1])


ROLES_BY_TARGET: dict[EntityKind, tuple[LocationRole, ...]] = {
    EntityKind.PLANT: (LocationRole.SITE,),
    EntityKind.MATERIAL: (LocationRole.ORIGIN,),
    EntityKind.COMPANY: (
        LocationRole.INCORPORATED,
        LocationRole.PRINCIPAL,
        LocationRole.CITIZEN,
        LocationRole.RESIDENT,
    ),
}
"""Roles that a jurisdiction may have for each kind of item; the first is the usual one."""

ANOTHER_COMPANY = "another company"
"""What is declared of a company under the id of a list whose like-named person it is not."""
