"""Lenses: ways of looking that choose color, kinds of link and link labels in one go."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from depmap_gui.analysis.results import Score
from depmap_gui.domain.kinds import LinkKind, SupplyCategory
from depmap_gui.domain.records import AnyLink, Supplies


class Lens(StrEnum):
    """What one wants to see of a map."""

    OWNERSHIP = "ownership"
    IP = "ip"
    INPUTS = "inputs"
    CREDIT = "credit"


class LensLook(NamedTuple):
    """A lens: its name, what it shows in words, the score it colors by, the links it leaves.

    ``by_status`` tints the cards themselves by their status under the law.
    """

    name: str
    tip: str
    score: Score
    links: frozenset[LinkKind]
    by_status: bool = False


LENSES: dict[Lens, LensLook] = {
    Lens.OWNERSHIP: LensLook(
        "Ownership",
        "Who owns, operates and is at home where: colored by attribution, shares and roles on "
        "the links; supplies, licenses and debt are left out",
        Score.ATTRIBUTION,
        frozenset({LinkKind.OWNS, LinkKind.OPERATES, LinkKind.LOCATED}),
    ),
    Lens.IP: LensLook(
        "IP",
        "Whose technology is used: colored by IP share, IP shares on the links; licenses, their "
        "use and supplies that bring technology",
        Score.IP,
        frozenset({LinkKind.LICENSES, LinkKind.USES, LinkKind.SUPPLIES}),
    ),
    Lens.INPUTS: LensLook(
        "Inputs",
        "Where inputs are made: colored by inputs made in, costs on the links; supplies and "
        "places only",
        Score.MADE_IN,
        frozenset({LinkKind.SUPPLIES, LinkKind.LOCATED}),
    ),
    Lens.CREDIT: LensLook(
        "Credit",
        "What counts for the credits: cards tinted by their status, bars by direct inputs' makers, "
        "and the materials and components that enter cost ratios, with their costs",
        Score.MADE_BY_FIRST_TIER,
        frozenset({LinkKind.SUPPLIES, LinkKind.OPERATES}),
        by_status=True,
    ),
}
_IN_COST_RATIOS = frozenset({SupplyCategory.MATERIAL, SupplyCategory.COMPONENT, None})


def shows(lens: Lens | None, link: AnyLink) -> bool:
    """Whether the lens leaves the link on the map. What is not stated is not left out."""
    if lens is None:
        return True
    if link.kind not in LENSES[lens].links:
        return False
    match lens, link:
        case Lens.IP, Supplies():
            return link.ip_share is not None
        case Lens.CREDIT, Supplies():
            return link.category in _IN_COST_RATIOS
        case _:
            return True
