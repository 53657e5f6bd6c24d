"""What an assessment of a project holds: every score, the law's verdicts, and what they rest on.

A *vector over jurisdictions* is a mapping from jurisdiction code (or :data:`UNKNOWN`) to a share
in 0..1; its shares sum to 1 and zeros are left out. A jurisdiction without a code stands under
its entity id.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from depmap_gui.domain.findings import Finding
from depmap_gui.domain.kinds import Basis
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import LawResult

if TYPE_CHECKING:
    from depmap_gui.analysis.solution import Solution

UNKNOWN = "unknown"
Shares = Mapping[str, float]


class Score(StrEnum):
    """The scores that can be shown, colored by and explained."""

    ATTRIBUTION = "attribution"
    TECHNOLOGY = "technology"
    IP = "ip"
    EMBEDDED_IP = "embedded_ip"
    MADE_IN = "made_in"
    MADE_BY = "made_by"
    MADE_IN_FIRST_TIER = "made_in_first_tier"
    MADE_BY_FIRST_TIER = "made_by_first_tier"
    OWNERSHIP = "ownership"
    DEBT = "debt"


class Range(msgspec.Struct, frozen=True):
    """A figure that is known to lie between two bounds."""

    low: float
    high: float


def exposure(shares: Shares, jurisdiction: str) -> Range:
    """Documented share of the jurisdiction, and that plus all that is unknown."""
    documented = shares.get(jurisdiction, 0.0)
    if jurisdiction == UNKNOWN:
        return Range(documented, documented)
    return Range(documented, min(1.0, documented + shares.get(UNKNOWN, 0.0)))


class Concentration(msgspec.Struct, frozen=True):
    """Herfindahl-Hirschman indexes, 0..10,000, of one plant."""

    ip: Range
    inputs_made_in: Range
    inputs_made_by: Range
    suppliers: Range


class SinglePoint(msgspec.Struct, frozen=True):
    """An item of a plant with only one source in use."""

    item: str
    source: str
    link: str


class Assumption(msgspec.Struct, frozen=True):
    """Something taken for granted where the map is silent, with the ids it concerns."""

    text: str
    where: tuple[str, ...] = ()


class PackUsed(msgspec.Struct, frozen=True):
    """A rule pack that the law's verdicts were reached with.

    ``origin`` says where it is from in words, empty for a pack as it ships with DepMap.
    """

    id: str
    title: str
    version: str
    date: str
    origin: str = ""

    @property
    def words(self) -> str:
        """Version, date and where it is from, for a line below a verdict."""
        place = f", {self.origin}" if self.origin else ""
        return f"version {self.version} of {self.date}{place}"


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """Every vector of one project on one day, by entity id.

    ``attribution`` covers companies, plants, materials and jurisdictions; ``technology`` the
    licenses; ``ip`` and ``embedded_ip`` plants and companies (embedded also materials); the
    ``made_*`` vectors plants, companies and materials that have incoming supplies;
    ``ownership`` plants with an operator; ``debt`` companies with lenders.
    """

    attribution: Mapping[str, Shares]
    technology: Mapping[str, Shares]
    ip: Mapping[str, Shares]
    embedded_ip: Mapping[str, Shares]
    made_in: Mapping[str, Shares]
    made_by: Mapping[str, Shares]
    made_in_first_tier: Mapping[str, Shares]
    made_by_first_tier: Mapping[str, Shares]
    ownership: Mapping[str, Shares]
    debt: Mapping[str, Shares]
    concentration: Mapping[str, Concentration]
    single_points: Mapping[str, tuple[SinglePoint, ...]]

    def vectors(self, score: Score) -> Mapping[str, Shares]:
        """All vectors of one score, by entity id."""
        found: Mapping[str, Shares] = getattr(self, score.value)
        return found


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the program says about one revision of a project, scenario and year.

    ``solution`` is what the scores were read from, and explains each of them (see ``explain``);
    ``rules`` are the packs themselves.
    """

    revision: int
    title: str
    currency: str
    year: int
    basis: Basis
    scenario: str | None
    packs: tuple[PackUsed, ...]
    scores: Scores
    law: LawResult
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]
    solution: Solution | None = None
    rules: tuple[RulePack, ...] = ()


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """One node of the tree that explains a figure; its parts sum to its amount.

    ``entity`` and ``link`` are the ids it rests on, ``sources`` those of the evidence. A node
    whose explanation already stands further up (a loop) has no parts and says so in ``note``.
    """

    amount: float
    label: str
    entity: str | None = None
    link: str | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    parts: tuple[Contribution, ...] = ()
