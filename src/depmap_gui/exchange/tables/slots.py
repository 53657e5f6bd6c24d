"""What a column can fill: every slot an import knows, made from the table of fields.

A slot is ``role.field`` (``supplier.name``, ``plant.own_ip``), ``link kind.field``
(``supplies.cost``), or one of a few of its own (``material.amount``, ``row.source``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType

import msgspec

from depmap_gui.domain.fields import Field, FieldType, Unit, fields_of
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Product


class Role(StrEnum):
    """Who or what a row may speak of."""

    ITEM = "item"
    SUPPLIER = "supplier"
    BUYER = "buyer"
    PLANT = "plant"
    OPERATOR = "operator"
    OWNER = "owner"
    OWNED = "owned"
    LENDER = "lender"
    BORROWER = "borrower"
    LICENSOR = "licensor"
    LICENSE = "license"
    LICENSEE = "licensee"
    MATERIAL = "material"
    FROM = "from"
    TO = "to"


class Reads(Enum):
    """How the cells of a slot are read."""

    NAME = "name"
    COUNTRY = "country"
    SHARE = "share"
    MONEY = "money"
    NUMBER = "number"
    OUTPUT = "output"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    WORDS = "words"
    KEY = "key"
    KIND = "kind"
    RELATION = "relation"
    NOTE = "note"
    TEXT = "text"


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a column can fill: whose, which field, and how its cells are read."""

    id: str
    label: str
    reads: Reads
    role: Role | None = None
    link: LinkKind | None = None
    field: str = ""
    choices: tuple[str, ...] = ()


ROLE_KINDS: Mapping[Role, EntityKind] = MappingProxyType(
    {
        Role.ITEM: EntityKind.COMPANY,
        Role.SUPPLIER: EntityKind.COMPANY,
        Role.BUYER: EntityKind.PLANT,
        Role.PLANT: EntityKind.PLANT,
        Role.OPERATOR: EntityKind.COMPANY,
        Role.OWNER: EntityKind.COMPANY,
        Role.OWNED: EntityKind.COMPANY,
        Role.LENDER: EntityKind.COMPANY,
        Role.BORROWER: EntityKind.COMPANY,
        Role.LICENSOR: EntityKind.COMPANY,
        Role.LICENSE: EntityKind.LICENSE,
        Role.LICENSEE: EntityKind.PLANT,
        Role.MATERIAL: EntityKind.MATERIAL,
        Role.FROM: EntityKind.COMPANY,
        Role.TO: EntityKind.COMPANY,
    }
)
"""What each role usually is; a mapping may say otherwise."""

PLACE_FIELDS: Mapping[EntityKind, tuple[str, ...]] = MappingProxyType(
    {
        EntityKind.COMPANY: ("principal", "incorporated", "citizen", "resident"),
        EntityKind.PLANT: ("site",),
        EntityKind.MATERIAL: ("origin",),
    }
)
"""The location roles of each kind; the first is meant where a table only says 'country'."""

ROW_CURRENCY, ROW_UNIT = "row.currency", "row.unit"
"""Slots of columns that say in what the amounts of their row are counted."""

_LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.ITEM: "Item",
        Role.BUYER: "Buyer",
        Role.OWNED: "Owned company",
        Role.FROM: "From",
        Role.TO: "To",
    }
)
_PLACE_LABELS = {
    "principal": "country of business",
    "incorporated": "country of incorporation",
    "citizen": "citizenship",
    "resident": "country of residence",
    "site": "country of the site",
    "origin": "country of origin",
}
_PRODUCT_FIELDS = {"units": Reads.OUTPUT, "credit": Reads.TEXT, "table": Reads.TEXT}


@cache
def slots() -> Mapping[str, Slot]:
    """Every slot by its id, in the order in which a person would look for them."""
    found: list[Slot] = []
    for role in Role:
        found += _slots_of_role(role)
    for kind in LinkKind:
        found += _slots_of_link(kind)
    found += [
        Slot(
            id="material.amount",
            label="Amount of the country",
            reads=Reads.NUMBER,
            role=Role.MATERIAL,
            field="amount",
        ),
        Slot(id="link.kind", label="Kind of link", reads=Reads.RELATION),
        Slot(id="link.share", label="Share of the link", reads=Reads.SHARE),
        Slot(id="link.notes", label="Notes on the link", reads=Reads.NOTE),
        Slot(id=ROW_CURRENCY, label="Currency of the row's amounts", reads=Reads.TEXT),
        Slot(id=ROW_UNIT, label="Unit of the row's amounts", reads=Reads.TEXT),
        Slot(id="row.source", label="Source of the row", reads=Reads.TEXT),
    ]
    return MappingProxyType({slot.id: slot for slot in found})


def slot(id: str) -> Slot | None:
    """The slot of that id, or None."""
    return slots().get(id)


def _slots_of_role(role: Role) -> list[Slot]:
    kind = ROLE_KINDS[role]
    label = _LABELS.get(role, role.value.capitalize())

    def made(field: str, what: str, reads: Reads, choices: tuple[str, ...] = ()) -> Slot:
        return Slot(
            id=f"{role}.{field}",
            label=f"{label}: {what}",
            reads=reads,
            role=role,
            field=field,
            choices=choices,
        )

    found = [made("name", "name", Reads.NAME), made("key", "key in the table", Reads.KEY)]
    is_open = role in (Role.ITEM, Role.FROM, Role.TO)
    if is_open:
        found.append(made("kind", "kind of item", Reads.KIND))
    places = [f for k in EntityKind for f in PLACE_FIELDS.get(k, ())] if is_open else None
    found += [
        made(field, _PLACE_LABELS[field], Reads.COUNTRY)
        for field in (places or PLACE_FIELDS.get(kind, ()))
    ]
    for field in fields_of(ENTITY_CLASSES[kind]):
        reads = _reads(field)
        if reads is not None and field.name not in ("name", "sources"):
            found.append(made(field.name, field.label.lower(), reads, field.choices))
    if kind is EntityKind.PLANT and role is not Role.LICENSEE:
        found.append(made("product", "product", Reads.NAME))
        for field in fields_of(Product):
            reads = _PRODUCT_FIELDS.get(field.name) or _reads(field)
            if reads is not None and field.name not in ("id", "name"):
                found.append(
                    made(f"product.{field.name}", f"product's {field.label.lower()}", reads)
                )
    return found


def _slots_of_link(kind: LinkKind) -> list[Slot]:
    found = []
    for field in fields_of(LINK_CLASSES[kind]):
        reads = _reads(field)
        if reads is not None and field.name not in ("source", "target", "sources", "role"):
            found.append(
                Slot(
                    id=f"{kind}.{field.name}",
                    label=f"{kind.value.capitalize()}: {field.label.lower()}",
                    reads=reads,
                    link=kind,
                    field=field.name,
                    choices=field.choices,
                )
            )
    return found


def _reads(field: Field) -> Reads | None:
    match field.type:
        case FieldType.QUANTITY if field.unit is Unit.SHARE:
            return Reads.SHARE
        case FieldType.QUANTITY if field.unit in (Unit.MONEY, Unit.PRICE):
            return Reads.MONEY
        case FieldType.QUANTITY:
            return Reads.NUMBER
        case FieldType.DATE:
            return Reads.DATE
        case FieldType.FLAG:
            return Reads.FLAG
        case FieldType.CHOICE:
            return Reads.CHOICE
        case FieldType.WORDS | FieldType.LISTS:
            return Reads.WORDS
        case FieldType.LONG_TEXT:
            return Reads.NOTE
        case FieldType.TEXT:
            return Reads.TEXT
        case _:
            return None
