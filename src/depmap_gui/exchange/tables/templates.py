"""Common shapes of tables, and which slot a head's meaning fills in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.tables.columns import Meaning, Profile
from depmap_gui.exchange.tables.slots import PLACE_FIELDS, ROLE_KINDS, ROW_CURRENCY, ROW_UNIT, Role

SURE_ENOUGH = 0.55
SURE_FIELD = 0.7
SURE_WORD = 0.85
_FIGURES = frozenset({"share", "votes", "cost", "amount", "units", "price", "debt", "royalty"})


class Template(StrEnum):
    """The shapes that tables of this trade have."""

    SUPPLIERS = "suppliers"
    OWNERSHIP = "ownership"
    PLANTS = "plants"
    LICENSES = "licenses"
    ORIGINS = "origins"
    LENDERS = "lenders"
    EDGES = "edges"
    GENERAL = "general"


LABELS: Mapping[Template, str] = MappingProxyType(
    {
        Template.SUPPLIERS: "Suppliers of plants",
        Template.OWNERSHIP: "Owners of companies",
        Template.PLANTS: "Plants",
        Template.LICENSES: "Licenses",
        Template.ORIGINS: "Countries' shares in materials",
        Template.LENDERS: "Lenders",
        Template.EDGES: "Links from one item to another",
        Template.GENERAL: "Companies",
    }
)

MAIN_ROLES: Mapping[Template, Role] = MappingProxyType(
    {
        Template.SUPPLIERS: Role.SUPPLIER,
        Template.OWNERSHIP: Role.OWNED,
        Template.PLANTS: Role.PLANT,
        Template.LICENSES: Role.LICENSE,
        Template.ORIGINS: Role.MATERIAL,
        Template.LENDERS: Role.BORROWER,
        Template.EDGES: Role.FROM,
        Template.GENERAL: Role.ITEM,
    }
)
"""Of whom a table speaks where a head does not say of whom."""

_SHARES = {
    Template.OWNERSHIP: "owns.share",
    Template.PLANTS: "owns.share",
    Template.ORIGINS: "located.share",
    Template.LICENSES: "uses.share",
    Template.LENDERS: "lends.share",
    Template.EDGES: "link.share",
}
_PERIODS = {
    Template.SUPPLIERS: "supplies",
    Template.OWNERSHIP: "owns",
    Template.LICENSES: "uses",
    Template.LENDERS: "lends",
    Template.ORIGINS: "located",
    Template.PLANTS: "operates",
}
_DESCRIBING = frozenset({"notes", "where", "coordinates", "tags"})
_PRODUCT = frozenset({"units", "price", "in_service", "construction_start", "credit"})
_SUPPLY = frozenset({"cost", "item", "category", "certified", "contract", "candidate", "ip_share"})
_LICENSE = frozenset({"royalty", "signed", "modified", "expires"})


def choose_template(read: Sequence[tuple[tuple[Meaning, ...], Profile]]) -> Template:
    """The shape that the meanings of a table's heads suggest."""
    roles: set[str] = set()
    attributes: set[str] = set()
    fields: set[str] = set()
    has_place = False
    for found, cells in read:
        for meaning in found:
            if meaning.surety < SURE_ENOUGH:
                continue
            is_text = cells.texts >= 0.5
            if (meaning.role and not meaning.attribute and not meaning.field and is_text) or (
                meaning.role and meaning.attribute in ("name", "key")
            ):
                roles.add(meaning.role)
            if meaning.attribute and not meaning.role:
                attributes.add(meaning.attribute)
            if meaning.field and _is_borne_out(meaning, cells):
                fields.add(meaning.field)
        is_where = any(m.attribute in ("where", "coordinates") for m in found)
        has_place = has_place or (cells.countries >= 0.5 and not is_where)
    return _chosen(roles, attributes, fields, has_place)


def _is_borne_out(meaning: Meaning, cells: Profile) -> bool:
    if meaning.surety < SURE_FIELD:
        return False
    return meaning.field not in _FIGURES or cells.numbers >= 0.25 or not cells.filled


def _chosen(roles: set[str], attributes: set[str], fields: set[str], has_place: bool) -> Template:
    someone = roles & {"company", "supplier", "plant", "operator"} or "name" in attributes
    held = fields & {"share", "votes"}
    if {"from", "to"} <= roles:
        return Template.EDGES
    if {"lender", "borrower"} <= roles:
        return Template.LENDERS
    if len(roles & {"licensor", "licensee"}) + bool(fields & {"royalty", "signed"}) + (
        "license" in roles
    ) >= 2 and roles & {"licensor", "licensee", "license"}:
        return Template.LICENSES
    if (
        has_place
        and (fields & {"share", "amount", "units"})
        and ("material" in roles or not (someone or roles & {"owner", "owned"}))
        and not roles & {"supplier", "plant", "operator", "owner"}
    ):
        return Template.ORIGINS
    if (
        "owner" in roles
        and "plant" not in roles
        and ("owned" in roles or held or roles & {"company"})
    ):
        return Template.OWNERSHIP
    if "owned" in roles and (held or "company" in roles) and "supplier" not in roles:
        return Template.OWNERSHIP
    if "supplier" in roles:
        return Template.SUPPLIERS
    if roles & {"plant", "operator"} or ("company" in roles and fields & _PRODUCT):
        return Template.PLANTS
    if {"company", "goods"} <= roles and "where" in attributes and "buyer" not in roles:
        return Template.PLANTS
    if "coordinates" in attributes and someone and "buyer" not in roles:
        return Template.PLANTS
    if "company" in roles and ("cost" in fields or "buyer" in roles):
        return Template.SUPPLIERS
    return Template.GENERAL


def slot_for(
    meaning: Meaning, template: Template, roles: frozenset[str], beside: Role | None
) -> str | None:
    """The slot that a meaning fills in a table of this shape, or None.

    ``roles`` are those that heads of the table name; ``beside`` is the role of the nearest name
    to the left, of which an attribute without a role is meant where several are about.
    """
    if meaning.field is not None:
        return _slot_of_field(meaning, template)
    role = _role(meaning.role, template, roles) if meaning.role else None
    if meaning.role in ("from", "to") and role is None:
        return None
    if meaning.role == "goods":
        return None if meaning.attribute == "key" else _slot_of_goods(template, roles)
    if meaning.attribute is None:
        return f"{role}.name" if role else None
    if role is None and template is Template.EDGES and meaning.attribute in ("name", "key"):
        # Of a list of links, its own name and number are meant, not those of an end.
        return "link.notes" if meaning.attribute == "name" else None
    if role is None:
        role = _meant(meaning.attribute, template, beside)
    return _slot_of_attribute(role, meaning.attribute, template)


def _role(name: str, template: Template, roles: frozenset[str]) -> Role | None:
    if name in ("from", "to") and template is not Template.EDGES:
        return None
    if name != "company":
        return Role(name) if name in set(Role) else None
    match template:
        case Template.PLANTS:
            return Role.OPERATOR if "operator" not in roles else Role.OWNER
        case Template.SUPPLIERS:
            return Role.SUPPLIER if "supplier" not in roles else Role.BUYER
        case Template.OWNERSHIP:
            return Role.OWNED if "owner" in roles else Role.OWNER
        case Template.LICENSES:
            return Role.LICENSEE if "licensor" in roles else Role.LICENSOR
        case _:
            return Role.ITEM


def _meant(attribute: str, template: Template, beside: Role | None) -> Role:
    main = MAIN_ROLES[template]
    several = (Template.OWNERSHIP, Template.LICENSES, Template.LENDERS, Template.EDGES)
    if template in several and beside is not None and attribute not in _DESCRIBING:
        return beside
    if template is Template.PLANTS and attribute in ("incorporated", "principal", "form"):
        return Role.OPERATOR
    return main


def _slot_of_goods(template: Template, roles: frozenset[str]) -> str:
    match template:
        case Template.SUPPLIERS | Template.EDGES:
            return "supplies.item"
        case Template.PLANTS:
            return "plant.product"
        case Template.ORIGINS:
            return "located.notes" if "material" in roles else "material.name"
        case Template.LICENSES:
            return "license.notes"
        case _:
            return f"{MAIN_ROLES[template]}.tags"


def _slot_of_attribute(role: Role, attribute: str, template: Template) -> str | None:
    if attribute in _DESCRIBING:
        if template is Template.EDGES and role in (Role.FROM, Role.TO):
            return "link.notes"
        # A row is about one country's part in a material, not about the material.
        if template is Template.ORIGINS:
            return "located.notes"
        return f"{role}.{'tags' if attribute == 'tags' else 'notes'}"
    if attribute in ("country", "incorporated", "principal", "site", "origin"):
        places = PLACE_FIELDS.get(ROLE_KINDS[role], ())
        if attribute in places:
            return f"{role}.{attribute}"
        return f"{role}.{places[0]}" if places else None
    if attribute in ("form", "traded") and ROLE_KINDS[role] is not EntityKind.COMPANY:
        return f"{role}.notes"
    if attribute == "kind" and role is not Role.ITEM:
        return f"{role}.tags"
    return f"{role}.{attribute}"


def _slot_of_field(meaning: Meaning, template: Template) -> str | None:
    field = meaning.field or ""
    main = MAIN_ROLES[template]
    if field in ("votes", "seats"):
        return f"owns.{field}"
    if field == "share":
        return _SHARES.get(template)
    if field in ("start", "end"):
        link = _PERIODS.get(template)
        return f"{link}.valid_{'from' if field == 'start' else 'to'}" if link else None
    if field in _LICENSE:
        return f"license.{field}" if template is Template.LICENSES else None
    if field in ("units", "amount") and template is Template.ORIGINS:
        return "material.amount"
    if field in ("units", "amount") and template is Template.PLANTS:
        return "plant.product.units" if field == "units" else "plant.notes"
    if field in _PRODUCT:
        return f"plant.product.{field}" if template is Template.PLANTS else None
    if field == "ip_share" and template is Template.LICENSES:
        return "uses.share"
    if field in _SUPPLY:
        if template in (Template.SUPPLIERS, Template.EDGES):
            return f"supplies.{field}"
        return f"{main}.notes" if field in ("cost", "item", "contract") else None
    # fmt: off
    others = {
        "relation": "link.kind" if template is Template.EDGES else None,
        "source": "row.source",
        "currency": ROW_CURRENCY if meaning.surety >= SURE_WORD else None,
        "unit": ROW_UNIT if meaning.surety >= SURE_WORD else None,
        "debt": "lends.share",
        "hs": "supplies.hs" if template in (Template.SUPPLIERS, Template.EDGES) else "material.hs",
    }
    # fmt: on
    return others.get(field)
