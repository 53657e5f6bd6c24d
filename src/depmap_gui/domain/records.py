"""The records a project is made of: entities, links, sources, scenarios and views.

Each class is the one declaration of its kind's fields (see :mod:`depmap_gui.domain.fields`).
Records are frozen values; a change replaces the record. ``extra`` holds keys this version does
not know: they are kept and written back.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec

from depmap_gui.domain.fields import FieldType, Unit, about, about_amount, about_money, about_share
from depmap_gui.domain.kinds import (
    AgreementType,
    EntityKind,
    LegalForm,
    LinkKind,
    LocationRole,
    Section,
    SupplyCategory,
)
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.views import View, Words

Share = Quantity | None
Money = Quantity | None


class Product(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something a plant makes, and the credit it may earn."""

    id: Annotated[str, about(FieldType.TEXT, "Id", "Names the product within its plant.")]
    name: Annotated[str, about(FieldType.TEXT, "Name", "What the plant makes.")] = ""
    credit: Annotated[
        str | None,
        about(FieldType.CREDIT, "Credit", "The tax credit the product is made for, if any."),
    ] = None
    units: Annotated[
        Quantity | None,
        about_amount(
            "Units a year",
            "Annual output, counted in the credit's unit (kWh of cells, for example).",
            Unit.UNITS,
        ),
    ] = None
    price: Annotated[Money, about_money("Price", "Sales price of one unit.", unit=Unit.PRICE)] = (
        None
    )
    material_cost: Annotated[
        Money,
        about_money(
            "Material cost",
            "Total direct material cost a year. What it exceeds the supply links by is "
            "undocumented.",
        ),
    ] = None
    construction_start: Annotated[
        date | None,
        about(FieldType.DATE, "Construction start", "The day construction began, in law."),
    ] = None
    in_service: Annotated[
        date | None, about(FieldType.DATE, "In service", "The day it was placed in service.")
    ] = None
    table: Annotated[
        str | None,
        about(FieldType.TEXT, "Cost table", "Safe-harbor cost table and column that fits it."),
    ] = None
    acquired: Annotated[
        date | None,
        about(
            FieldType.DATE,
            "Acquired",
            "Vehicles: the day the buyer acquired it, by binding contract and payment.",
        ),
    ] = None
    model_year: Annotated[
        int | None, about(FieldType.INTEGER, "Model year", "Vehicles: the model year.")
    ] = None
    weight: Annotated[
        Quantity | None,
        about_amount("Gross weight (lb)", "Vehicles: gross vehicle weight rating in pounds."),
    ] = None
    extra: dict[str, Any] = {}


class Entity(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=""
):
    """What every item on the map has."""

    section: ClassVar[Section] = Section.ENTITIES
    kind: ClassVar[EntityKind]

    id: str
    name: Annotated[str, about(FieldType.TEXT, "Name", "What the map and the tables call it.")] = ""
    notes: Annotated[
        str, about(FieldType.LONG_TEXT, "Notes", "Anything a reader of the map should know.")
    ] = ""
    tags: Annotated[
        Words, about(FieldType.WORDS, "Tags", "Your own words to group and find items by.")
    ] = ()
    sources: Annotated[Words, about(FieldType.SOURCES, "Sources", "What these facts rest on.")] = ()
    extra: dict[str, Any] = {}


_OWN_IP = about_share(
    "Own IP", "Share of its technology base that is its own (for a plant: the operator's)."
)
_BOUGHT_IN = about_share("Bought in", "Share of its output value that is purchased inputs.")


class Plant(Entity, frozen=True, kw_only=True, omit_defaults=True, tag="plant"):
    """A site that makes something."""

    kind: ClassVar[EntityKind] = EntityKind.PLANT

    own_ip: Annotated[Share, _OWN_IP] = None
    bought_in: Annotated[Share, _BOUGHT_IN] = None
    products: Annotated[
        tuple[Product, ...],
        about(FieldType.PRODUCTS, "Products", "What the plant makes, with the credit of each."),
    ] = ()


class Company(Entity, frozen=True, kw_only=True, omit_defaults=True, tag="company"):
    """Any person in law: supplier, licensor, owner, lender, taxpayer, government body."""

    kind: ClassVar[EntityKind] = EntityKind.COMPANY

    form: Annotated[
        LegalForm, about(FieldType.CHOICE, "Legal form", "What it is in law.", choices=LegalForm)
    ] = LegalForm.CORPORATION
    traded: Annotated[
        bool | None,
        about(FieldType.FLAG, "Publicly traded", "Regularly traded on an accepted exchange."),
    ] = None
    lists: Annotated[
        Words, about(FieldType.LISTS, "Government lists", "Lists that name this company.")
    ] = ()
    declared: Annotated[
        dict[str, str],
        about(
            FieldType.DECLARED,
            "Declared status",
            "A status the analyst asserts where the map cannot show it, with its source.",
        ),
    ] = {}
    own_ip: Annotated[Share, _OWN_IP] = None
    bought_in: Annotated[Share, _BOUGHT_IN] = None


class License(Entity, frozen=True, kw_only=True, omit_defaults=True, tag="license"):
    """An agreement to use technology, or one that gives a counterparty rights over production."""

    kind: ClassVar[EntityKind] = EntityKind.LICENSE

    type: Annotated[
        AgreementType,
        about(FieldType.CHOICE, "Type", "What the agreement is.", choices=AgreementType),
    ] = AgreementType.LICENSE
    signed: Annotated[
        date | None, about(FieldType.DATE, "Signed", "The day it was entered into.")
    ] = None
    modified: Annotated[
        date | None, about(FieldType.DATE, "Modified", "The day of its latest modification.")
    ] = None
    expires: Annotated[date | None, about(FieldType.DATE, "Expires", "The day it ends.")] = None
    last_royalty: Annotated[
        date | None,
        about(
            FieldType.DATE,
            "Last royalty",
            "The last day on which a royalty can fall due, extensions included.",
        ),
    ] = None
    service_months: Annotated[
        Quantity | None,
        about_amount(
            "Services period",
            "Longest services period it can require, renewals included.",
            Unit.MONTHS,
        ),
    ] = None
    royalty: Annotated[Share, about_share("Royalty", "Royalty as a share of sales.")] = None
    terms: Annotated[
        dict[str, bool | None],
        about(
            FieldType.TERMS,
            "Terms",
            "Rights and red flags: what the counterparty may do under the agreement.",
        ),
    ] = {}
    sale: Annotated[
        bool | None, about(FieldType.FLAG, "Outright sale", "The technology is bought outright.")
    ] = None
    reverts: Annotated[
        bool | None,
        about(FieldType.FLAG, "Reverts to seller", "Sold technology returns to its seller."),
    ] = None


class Jurisdiction(Entity, frozen=True, kw_only=True, omit_defaults=True, tag="jurisdiction"):
    """A country or bloc."""

    kind: ClassVar[EntityKind] = EntityKind.JURISDICTION

    code: Annotated[
        str, about(FieldType.TEXT, "Code", "Two letters as in ISO 3166-1, or EU; unique.")
    ] = ""


class Material(Entity, frozen=True, kw_only=True, omit_defaults=True, tag="material"):
    """A bought input of which only the market is known, not the maker."""

    kind: ClassVar[EntityKind] = EntityKind.MATERIAL

    hs: Annotated[str | None, about(FieldType.TEXT, "Tariff code", "Harmonized System code.")] = (
        None
    )


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=""):
    """What every link has. It runs from who provides to who depends."""

    section: ClassVar[Section] = Section.LINKS
    kind: ClassVar[LinkKind]

    id: str
    source: Annotated[str, about(FieldType.ENTITY, "From", "Who provides.")]
    target: Annotated[str, about(FieldType.ENTITY, "To", "Who depends.")]
    valid_from: Annotated[
        date | None,
        about(
            FieldType.DATE,
            "Valid from",
            "Before this day the link does not count.",
            absent="no limit",
        ),
    ] = None
    valid_to: Annotated[
        date | None,
        about(
            FieldType.DATE,
            "Valid to",
            "After this day the link does not count.",
            absent="no limit",
        ),
    ] = None
    notes: Annotated[
        str, about(FieldType.LONG_TEXT, "Notes", "Anything a reader of the map should know.")
    ] = ""
    sources: Annotated[Words, about(FieldType.SOURCES, "Sources", "What these facts rest on.")] = ()
    extra: dict[str, Any] = {}


class Located(Link, frozen=True, kw_only=True, omit_defaults=True, tag="located"):
    """Where a company is at home, a plant stands or a material comes from."""

    kind: ClassVar[LinkKind] = LinkKind.LOCATED

    role: Annotated[
        LocationRole | None,
        about(
            FieldType.CHOICE,
            "Role",
            "What the jurisdiction is to the item.",
            choices=LocationRole,
        ),
    ] = None
    share: Annotated[Share, about_share("Share", "Share of the material that originates here.")] = (
        None
    )


class Owns(Link, frozen=True, kw_only=True, omit_defaults=True, tag="owns"):
    """A holding in a company."""

    kind: ClassVar[LinkKind] = LinkKind.OWNS

    share: Annotated[
        Share, about_share("Equity", "Share by value; of a partnership: of its capital.")
    ] = None
    votes: Annotated[
        Share,
        about_share(
            "Votes",
            "Share of votes; of a partnership: of profits. Default: as equity.",
            absent="as equity",
        ),
    ] = None
    seats: Annotated[Share, about_share("Board seats", "Share of the seats on the board.")] = None
    appoints: Annotated[
        bool | None,
        about(FieldType.FLAG, "Appoints officers", "May appoint a covered officer."),
    ] = None
    reports: Annotated[
        bool | None,
        about(FieldType.FLAG, "Must report", "Must report its holding in a traded company."),
    ] = None


class Lends(Link, frozen=True, kw_only=True, omit_defaults=True, tag="lends"):
    """Debt held by a lender."""

    kind: ClassVar[LinkKind] = LinkKind.LENDS

    share: Annotated[
        Share, about_share("Share of debt", "Share of the borrower's debt at original issue.")
    ] = None


class Operates(Link, frozen=True, kw_only=True, omit_defaults=True, tag="operates"):
    """Who runs a plant: the taxpayer."""

    kind: ClassVar[LinkKind] = LinkKind.OPERATES


class Supplies(Link, frozen=True, kw_only=True, omit_defaults=True, tag="supplies"):
    """What one item delivers to another, and what it costs."""

    kind: ClassVar[LinkKind] = LinkKind.SUPPLIES

    item: Annotated[str, about(FieldType.TEXT, "Item", "What is delivered.")] = ""
    category: Annotated[
        SupplyCategory | None,
        about(
            FieldType.CHOICE,
            "Category",
            "Materials and components enter cost ratios; equipment and services do not.",
            choices=SupplyCategory,
        ),
    ] = None
    cost: Annotated[Money, about_money("Cost", "What the target pays for it in a year.")] = None
    ip_share: Annotated[
        Share,
        about_share("IP share", "Share of the target's technology base embodied in the delivery."),
    ] = None
    product: Annotated[
        str | None,
        about(
            FieldType.PRODUCT,
            "Product",
            "The product it goes into; none: every product, in the same proportions.",
        ),
    ] = None
    line: Annotated[
        str | None,
        about(FieldType.TEXT, "Cost table line", "Line of the safe-harbor table it stands for."),
    ] = None
    contract: Annotated[
        date | None,
        about(FieldType.DATE, "Contract", "The day of a binding written contract."),
    ] = None
    certified: Annotated[
        Money,
        about_money(
            "Certified cost", "Cost the supplier certifies as not made by a prohibited entity."
        ),
    ] = None
    hs: Annotated[
        str | None,
        about(
            FieldType.TEXT,
            "Tariff code",
            "Code of the tariff of the country of the plant it goes to. Default: as the material.",
            absent="as the material",
        ),
    ] = None
    units: Annotated[
        Quantity | None,
        about_amount(
            "Units a year",
            "How many are delivered in a year, as tariff quotas count them.",
            Unit.UNITS,
        ),
    ] = None
    candidate: Annotated[
        bool,
        about(
            FieldType.FLAG,
            "Candidate only",
            "An alternative not in use today: it counts in no score.",
        ),
    ] = False


class Licenses(Link, frozen=True, kw_only=True, omit_defaults=True, tag="licenses"):
    """Whose technology a license grants."""

    kind: ClassVar[LinkKind] = LinkKind.LICENSES

    share: Annotated[
        Share,
        about_share("Share", "Share among several licensors. Default: equal.", absent="equal"),
    ] = None


class Uses(Link, frozen=True, kw_only=True, omit_defaults=True, tag="uses"):
    """Who produces under a license."""

    kind: ClassVar[LinkKind] = LinkKind.USES

    share: Annotated[
        Share, about_share("IP share", "Share of the target's technology base under the license.")
    ] = None


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What facts rest on, graded for reliability (A-F) and credibility (1-6)."""

    section: ClassVar[Section] = Section.SOURCES

    id: str
    title: Annotated[str, about(FieldType.TEXT, "Title", "What the source calls itself.")] = ""
    publisher: Annotated[str, about(FieldType.TEXT, "Publisher", "Who published it.")] = ""
    date: Annotated[
        str, about(FieldType.TEXT, "Date", "When it was published, as exactly as known.")
    ] = ""
    url: Annotated[str, about(FieldType.TEXT, "Address", "Where it can be found.")] = ""
    accessed: Annotated[str, about(FieldType.TEXT, "Accessed", "When it was read.")] = ""
    grade: Annotated[
        str,
        about(
            FieldType.TEXT,
            "Grade",
            "Reliability A to F and credibility 1 to 6, as in B2; empty where not graded.",
        ),
    ] = ""
    note: Annotated[str, about(FieldType.LONG_TEXT, "Note", "What to bear in mind.")] = ""
    extra: dict[str, Any] = {}


class ScenarioChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference of a scenario: ``set`` a field of ``set``'s id, ``add`` or ``remove``."""

    set: str | None = None
    field: str | None = None
    value: Any = None
    add: dict[str, Any] | None = None
    remove: str | None = None
    extra: dict[str, Any] = {}


class Scenario(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A difference against the base map, never a copy of it."""

    section: ClassVar[Section] = Section.SCENARIOS

    id: str
    name: Annotated[str, about(FieldType.TEXT, "Name", "What the scenario is called.")] = ""
    notes: Annotated[str, about(FieldType.LONG_TEXT, "Notes", "What it asks.")] = ""
    changes: tuple[ScenarioChange, ...] = ()
    extra: dict[str, Any] = {}


AnyEntity = Plant | Company | License | Jurisdiction | Material
AnyLink = Located | Owns | Lends | Operates | Supplies | Licenses | Uses
Record = AnyEntity | AnyLink | Source | Scenario | View

ENTITY_CLASSES: dict[EntityKind, type[AnyEntity]] = {
    cls.kind: cls for cls in (Plant, Company, License, Material, Jurisdiction)
}
LINK_CLASSES: dict[LinkKind, type[AnyLink]] = {
    cls.kind: cls for cls in (Located, Owns, Lends, Operates, Supplies, Licenses, Uses)
}
