"""What a shock is, and what is told of what it does."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from depmap_gui.analysis.results import Assumption, Range
from depmap_gui.analysis.shock_needs import NeedKind


class Channel(StrEnum):
    """By which of its ties a jurisdiction's outage reaches an entity."""

    MADE_IN = "made-in"
    MADE_BY = "made-by"
    LICENSES = "licenses"


EVERY_CHANNEL = frozenset(Channel)


class Outage(msgspec.Struct, frozen=True):
    """What is switched off: an entity by id, or of a jurisdiction what ``channels`` say.

    ``fraction`` of it is lost, 0..1. ``channels`` count for jurisdictions alone.
    """

    entity: str
    fraction: float = 1.0
    channels: frozenset[Channel] = EVERY_CHANNEL


class ShockError(Exception):
    """An outage that cannot be played on this map; says why."""


class Carrier(msgspec.Struct, frozen=True):
    """A link that carried a loss: ``share`` of what is needed comes by it, ``lost`` of it all."""

    link: str
    source: str
    share: float
    lost: Range


class LostNeed(msgspec.Struct, frozen=True):
    """Something an entity needs of which some is lost.

    ``product`` is the id of the one product it is needed for, None for all. It is ``binding``
    where no other need of the same product is less available. ``carriers`` are the links that
    lost some, the greatest first.
    """

    kind: NeedKind
    name: str
    product: str | None
    availability: Range
    binding: bool
    carriers: tuple[Carrier, ...]


class EntityLoss(msgspec.Struct, frozen=True):
    """An entity that is hit: what is left of it, what the outages left of it by themselves."""

    entity: str
    availability: Range
    own: Range
    needs: tuple[LostNeed, ...]


class Step(msgspec.Struct, frozen=True):
    """One link of the chain that a loss came along, seen from who depends."""

    link: str
    source: str
    target: str


UNITS = "units"
"""What the output of a product without a credit is counted in."""


class ProductLoss(msgspec.Struct, frozen=True, kw_only=True):
    """What a plant loses of one product a year; ``product`` is None where it names none.

    ``lost`` is the share lost; ``units`` and ``lost_units`` are in ``unit``, that of the credit
    (``units`` where there is none), ``value`` and ``lost_value`` (units times price) in the
    project's currency, ``credit`` (what of it falls into the year) and ``lost_credit`` in
    ``credit_currency``: None where units, price or credit are unknown.
    ``chain`` leads from the plant along its greatest losses to where they come from; where that
    is a loop or a hundred links away, it ends there.
    """

    plant: str
    product: str | None
    name: str
    availability: Range
    lost: Range
    unit: str = UNITS
    units: float | None = None
    lost_units: Range | None = None
    value: float | None = None
    lost_value: Range | None = None
    credit: float | None = None
    lost_credit: Range | None = None
    credit_currency: str | None = None
    chain: tuple[Step, ...] = ()


class ShockResult(msgspec.Struct, frozen=True, kw_only=True):
    """All that a shock does.

    ``available`` and ``entities`` hold only those that are hit, ``products`` those of every
    plant. ``carrying`` are the links that bring a loss to something it binds.
    """

    outages: tuple[Outage, ...]
    currency: str
    available: Mapping[str, Range]
    entities: Mapping[str, EntityLoss]
    products: tuple[ProductLoss, ...]
    carrying: frozenset[str]
    assumptions: tuple[Assumption, ...]

    def availability(self, entity: str) -> Range:
        """How much of an entity is left; all of one that is not hit."""
        return self.available.get(entity, Range(1.0, 1.0))
