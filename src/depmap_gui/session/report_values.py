"""The contents of a report as plain values: what is said, never how it looks.

Shares and ratios are in 0..1, money is in the currency that stands beside it, None is unknown.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from depmap_gui.analysis.results import PackUsed, Range, Score, Shares
from depmap_gui.domain.findings import Severity
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.rules.results import A_YEAR, Answer, Eligibility, Outcome, TestResult


class ReportPart(StrEnum):
    """The parts of a report that may be left out. The summary always stands."""

    MAP = "map"
    PLANTS = "plants"
    COMPANIES = "companies"
    EVIDENCE = "evidence"
    SOURCES = "sources"


class Words(Protocol):
    """How figures and names are written, which is a matter of the reader's locale."""

    def percent(self, share: float | None) -> str:
        """A share: '62%'."""

    def percent_range(self, low: float | None, high: float | None) -> str:
        """Two shares: '50–65%'."""

    def money(self, amount: float | None, currency: str) -> str:
        """An amount: '$412M'."""

    def count(self, value: float | None) -> str:
        """A number with its thousands parted."""

    def day(self, value: date | None) -> str:
        """A date."""

    def sentence(self, said: str) -> str:
        """A sentence of the computations with its figures as the reader writes them."""

    def adjective(self, project: Project, code: str) -> str:
        """'Chinese' for CN; failing an adjective the jurisdiction's name."""

    def place(self, project: Project, code: str) -> str:
        """What a jurisdiction is called on the map."""

    def status(self, question: str) -> str:
        """What an entity status is called: 'Specified foreign entity' for sfe."""


class Said(Struct, frozen=True, kw_only=True):
    """A sentence, the law it cites and the numbers of the sources it rests on."""

    text: str
    citation: str = ""
    sources: tuple[int, ...] = ()


class SummaryLine(Struct, frozen=True, kw_only=True):
    """One plant and one credit of it; ``status`` is None for a plant that claims none, ``open``
    counts the points on which the map is silent.

    ``share`` is the chosen jurisdiction's documented share of its technology, and the most.
    """

    plant: str
    name: str
    product: str = ""
    credit: str = ""
    status: Eligibility | None = None
    open: int = 0
    phase_out: float | None = None
    share: Range | None = None
    annual_credit: float | None = None
    per: str = A_YEAR
    at_risk: float | None = None
    risk: float | None = None
    currency: str = ""


class ShareRow(Struct, frozen=True, kw_only=True):
    """One score of a plant over jurisdictions; None where the map has nothing of it.

    ``within`` bounds the chosen jurisdiction's share over all values of the uncertain quantities
    and what is undocumented, where any of them moves it.
    """

    score: Score
    shares: Shares | None
    within: Range | None = None


class TestRow(Struct, frozen=True, kw_only=True):
    """One test with what is to be said of it. ``first_fails`` is the first failing year."""

    __test__ = False

    result: TestResult
    first_fails: int | None = None
    reasons: tuple[Said, ...] = ()
    flips: tuple[Said, ...] = ()
    cure: str = ""


class YearState(Struct, frozen=True, kw_only=True):
    """How a credit stands in one year."""

    year: int
    status: Eligibility
    phase_out: float | None


class LawSection(Struct, frozen=True, kw_only=True):
    """How one product stands to one law: a credit it claims, or a check that is no credit.

    Of a credit ``status`` is given, of a check ``outcome``.
    """

    title: str
    product: str = ""
    pack: str = ""
    status: Eligibility | None = None
    outcome: Outcome | None = None
    standing: str = ""
    phase_out: float | None = None
    annual_credit: float | None = None
    per: str = A_YEAR
    units: float | None = None
    unit: str = ""
    rate: float | None = None
    currency: str = ""
    risk: float | None = None
    at_risk: float | None = None
    samples: int = 0
    tests: tuple[TestRow, ...] = ()
    because: tuple[Said, ...] = ()
    open: tuple[str, ...] = ()
    years: tuple[YearState, ...] = ()
    years_said: tuple[str, ...] = ()
    citation: str = ""


class PlantSection(Struct, frozen=True, kw_only=True):
    """One plant: its shares, what makes the chosen jurisdiction's, and each law it stands under."""

    id: str
    name: str
    about: str
    shares: tuple[ShareRow, ...]
    made_of: tuple[tuple[float, Said], ...]
    laws: tuple[LawSection, ...]
    duties: tuple[Said, ...] = ()
    sources: tuple[int, ...] = ()


class StatusAnswer(Struct, frozen=True, kw_only=True):
    """One answer about a company under one pack; ``note`` tells of one that was declared."""

    pack: str
    words: str
    answer: Answer
    note: str = ""
    open: int = 0


class CompanyRow(Struct, frozen=True, kw_only=True):
    """A company: whose it is, its answers, and why."""

    id: str
    name: str
    shares: Shares | None
    answers: tuple[StatusAnswer, ...]
    reasons: tuple[Said, ...]
    sources: tuple[int, ...] = ()


class Problem(Struct, frozen=True, kw_only=True):
    """What is missing or contradictory on the map."""

    severity: Severity
    text: str


class SettledReading(Struct, frozen=True, kw_only=True):
    """A point of law that the analyst has settled, and how."""

    pack: str
    title: str
    reading: str
    citation: str


class SourceRow(Struct, frozen=True, kw_only=True):
    """A source under its number in the report."""

    number: int
    title: str
    about: str
    grade: str
    note: str


class Report(Struct, frozen=True, kw_only=True):
    """All that a report says. Sentences that end in ``_left_out`` tell what it leaves out and
    where that is; empty where it leaves out nothing."""

    title: str
    dated: date
    year: int
    basis: Basis
    scenario: str
    packs: tuple[PackUsed, ...]
    caution: str
    currency: str
    jurisdiction: str
    ip_title: str
    samples: int
    lines: tuple[SummaryLine, ...]
    lines_left_out: str
    findings: tuple[str, ...]
    plants: tuple[PlantSection, ...]
    plants_left_out: str
    companies: tuple[CompanyRow, ...]
    companies_left_out: str
    assumptions: tuple[str, ...]
    assumptions_left_out: str
    problems: tuple[Problem, ...]
    problems_left_out: str
    readings: tuple[SettledReading, ...]
    readings_said: str
    sources: tuple[SourceRow, ...]
    sources_left_out: str
    parts: frozenset[ReportPart]
