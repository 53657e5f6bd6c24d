"""What a pack says of cost tables, old contracts and recapture, as typed values.

A safe-harbor table assigns each part of a technology a percentage of its cost, so that nobody
has to trace what was paid.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from depmap_gui.rules.pack import Certainty


class TableColumn(Struct, frozen=True, kw_only=True):
    """One column of a cost table: the kind of system that it fits."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()


class TableLine(Struct, frozen=True, kw_only=True):
    """One line of a cost table, with its percentage in each column that lists it.

    `production` marks the cost of making the product out of its components.
    """

    product: str
    id: str
    title: str
    aliases: tuple[str, ...] = ()
    production: bool = False
    percent: dict[str, float]


class CostTable(Struct, frozen=True, kw_only=True):
    """Assigned cost percentages of the parts of one technology; each column adds up to 100.

    `products` gives the title of each manufactured product by the id that lines use.
    """

    id: str
    title: str
    technology: str
    aliases: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...]
    products: dict[str, str]
    lines: tuple[TableLine, ...]
    starts: date
    ends: date | None = None
    citation: str
    certainty: Certainty
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether a taxpayer may use the table for what the law of `day` governs."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class ContractExclusion(Struct, frozen=True, kw_only=True):
    """Items under old contracts that a taxpayer may choose to leave out of the ratio.

    The four days are parameter ids, and the days themselves no longer belong. Technologies in
    `ending` have a deadline of their own, `ending_before`.
    """

    id: str
    title: str
    signed_before: str
    sold_before: str | None = None
    begun_before: str | None = None
    in_service_before: str | None = None
    ending: tuple[str, ...] = ()
    ending_before: str | None = None
    citation: str
    certainty: Certainty
    note: str = ""


class RecaptureRule(Struct, frozen=True, kw_only=True):
    """When a credit that was allowed must be paid back; figures are parameter ids.

    `years` run from the day in service, `share` is the part of the credit, `tax_years_after` the
    day after which the tax year of the credit must begin.
    """

    id: str
    title: str
    years: str
    share: str
    tax_years_after: str
    citation: str
    certainty: Certainty
    why: str
    cure: str
    note: str = ""
