"""What the law says about a map in one tax year, with the reasons: values, no reasoning.

Shares and ratios are in 0..1, money is in the project's currency (credits: the pack's), None is
unknown. `open` names points on which the map is silent; `RulePack.title_of` gives their words.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Answer(StrEnum):
    """A three-valued answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """How a test came out: `uncertain` straddles the threshold, `unknown` has nothing to go by."""

    PASS = "pass"
    FAIL = "fail"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"


class Eligibility(StrEnum):
    """The state of a product's credit."""

    ELIGIBLE = "eligible"
    AT_RISK = "at risk"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


class Reason(Struct, frozen=True, kw_only=True, gc=False):
    """One sentence of explanation. `where` are entity and link ids, `sources` source ids."""

    text: str
    citation: str = ""
    where: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Declared(Struct, frozen=True, kw_only=True, gc=False):
    """An answer that an analyst asserts, shown as such and never as computed."""

    answer: Answer
    source: str | None = None
    computed: Answer | None = None


class Measure(Struct, frozen=True, kw_only=True, gc=False):
    """A measured figure as an interval; `mode` is the likely figure on documented facts."""

    low: float
    mode: float
    high: float


class RatioMeasure(Struct, frozen=True, kw_only=True, gc=False):
    """A ratio as an interval; `mode` is None where something that bears on it is open."""

    low: float
    mode: float | None
    high: float


class LimbResult(Struct, frozen=True, kw_only=True, gc=False):
    """One limb of an entity status (`fie.single`, `fie.debt`...) for one company."""

    id: str
    verdict: Verdict
    measure: Measure | None = None
    threshold: float | None = None
    comparison: str | None = None
    citation: str = ""
    because: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()


class CompanyStatus(Struct, frozen=True, kw_only=True):
    """A company's status under one pack: `answers` by question id (`sfe`, `fie`).

    `limbs` keeps each measured limb; `declared` the answers that an analyst asserted. Where a yes
    only says whose a company is and bars nothing by itself, `bars` is false.
    """

    company: str
    pack: str
    answers: dict[str, Answer]
    open: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    declared: dict[str, Declared] = {}
    limbs: dict[str, LimbResult] = {}
    bars: bool = True

    @property
    def prohibited(self) -> Answer:
        """Yes if any answer is yes, unknown if any is unknown, else no; no where none bars."""
        if not self.bars:
            return Answer.NO
        given = self.answers.values()
        if Answer.YES in given:
            return Answer.YES
        return Answer.UNKNOWN if Answer.UNKNOWN in given else Answer.NO


class FlagResult(Struct, frozen=True, kw_only=True, gc=False):
    """One right or red flag of one license. `answer` yes: the flag holds, which is bad.

    `silent` tells an unknown for want of any fact from one that the facts straddle.
    """

    license: str
    flag: str
    answer: Answer
    silent: bool
    question: str
    because: Reason


class LicenseControl(Struct, frozen=True, kw_only=True):
    """Whether a license or contract gives a specified foreign entity effective control."""

    license: str
    pack: str
    verdict: Verdict
    counterparty: Answer
    flags: tuple[FlagResult, ...] = ()
    exception: str | None = None
    because: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()


class CostLine(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a product's direct material cost: a supply link, or the undocumented rest.

    `link` is None for the rest. `pfe_low`..`pfe_high` is the share of the line's cost that is,
    at least and at most, made by prohibited foreign entities. `included` is unknown where the
    link names no category.
    """

    link: str | None
    item: str
    category: str | None
    supplier: str | None
    maker: str | None
    low: float | None
    mode: float | None
    high: float | None
    included: Answer
    pfe: Answer
    pfe_low: float
    pfe_high: float
    because: Reason


class MaterialResult(Struct, frozen=True, kw_only=True):
    """A product's cost lines and its ratio by direct cost; None where it cannot be computed.

    `left_out` are lines under old contracts that the taxpayer chooses to leave out, `unelected`
    the ratio with them; it is None where there is nothing to choose.
    """

    plant: str
    product: str
    lines: tuple[CostLine, ...]
    low: float | None
    mode: float | None
    high: float | None
    because: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()
    left_out: tuple[CostLine, ...] = ()
    unelected: RatioMeasure | None = None


class TestResult(Struct, frozen=True, kw_only=True, gc=False):
    """One test of one product: the measure against the threshold, and why.

    `comparison` is how the measure must stand to the threshold for the test to FAIL. `margin` is
    the distance from the threshold at the worse end of the interval, positive where it passes.
    One that does not decide lowers what a credit is worth when it fails, and denies nothing.
    `alternative_to` is the test in whose place this one may be passed; `flips` are the facts that
    would turn the verdict.
    """

    __test__ = False

    id: str
    title: str
    verdict: Verdict
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    threshold: float | None = None
    comparison: str | None = None
    unit: str = ""
    margin: float | None = None
    because: tuple[Reason, ...] = ()
    citation: str = ""
    why: str = ""
    cure: str = ""
    open: tuple[str, ...] = ()
    decides: bool = True
    alternative_to: str | None = None
    flips: tuple[Reason, ...] = ()


class Outcome(StrEnum):
    """How a plant or product stands to a law that is no credit."""

    CLEAR = "clear"
    AT_RISK = "at risk"
    BARRED = "barred"
    UNDETERMINED = "undetermined"


class CheckResult(Struct, frozen=True, kw_only=True):
    """What a law asks of one plant, or of one product of it, and how it stands.

    `standing` is the force of the law: what is proposed bars nothing yet.
    """

    check: str
    title: str
    pack: str
    plant: str
    product: str | None
    standing: str
    outcome: Outcome
    tests: tuple[TestResult, ...]
    open: tuple[str, ...] = ()
    citation: str = ""


class DutyLayer(Struct, frozen=True, kw_only=True, gc=False):
    """One layer of a duty: its rate at least, likely and at most, and the law it comes from.

    `likely` is None where nothing on the map says whether the layer is charged.
    """

    duty: str
    title: str
    low: float
    likely: float | None
    high: float
    standing: str
    certainty: str
    citation: str
    note: str = ""


class DutyResult(Struct, frozen=True, kw_only=True):
    """The customs duty on what one supply link brings to a plant.

    Rates are shares of the customs value, for which the link's cost is taken; amounts are money a
    year. `rate` and `amount` are None where the map does not say; `low` and `high` bound the rate
    where the rules do, None where they do not.
    """

    link: str
    plant: str
    pack: str
    item: str
    origins: tuple[str, ...]
    destination: str | None
    code: str | None
    maker: str | None
    low: float | None
    rate: float | None
    high: float | None
    cost: float | None
    amount: float | None
    layers: tuple[DutyLayer, ...] = ()
    because: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()


class LandedCost(Struct, frozen=True, kw_only=True):
    """What the supplies of a plant cost with duty, in money a year.

    `cost` is before duty, of the goods whose cost is known. `duty` is on the goods whose rate is
    known; `low` and `high` bound the duty on all of `cost`, None where some rate has no bound.
    `share` is the duty over cost and duty together, of the goods whose rate is known.
    """

    plant: str
    pack: str
    cost: float
    rated_cost: float
    duty: float
    low: float | None
    high: float | None
    share: float | None
    unpriced: tuple[str, ...] = ()
    unrated: tuple[str, ...] = ()


class RecaptureResult(Struct, frozen=True, kw_only=True):
    """Whether a credit once allowed may have to be paid back, and how much of it.

    A payment from `starts` to `ends` under an agreement that gives effective control takes back
    `amount` (None: the credit's value is unknown). `verdict` fail: such an agreement is in force;
    pass: none is.
    """

    id: str
    title: str
    verdict: Verdict
    starts: date | None
    ends: date | None
    amount: float | None
    currency: str
    because: tuple[Reason, ...] = ()
    citation: str = ""
    why: str = ""
    cure: str = ""
    open: tuple[str, ...] = ()


A_YEAR = "a year"


class OneTime(Struct, frozen=True):
    """The one tax year for which a credit is given; None where the map does not say which."""

    year: int | None

    @property
    def words(self) -> str:
        """`one-time credit, 2027`."""
        return f"one-time credit, {'year unknown' if self.year is None else self.year}"

    def part_in(self, year: int, amount: float | None) -> float | None:
        """What of the credit falls into a tax year; None is unknown."""
        if self.year is None:
            return None
        return amount if self.year == year else 0.0


class CreditResult(Struct, frozen=True, kw_only=True):
    """One product's credit in the year: its state, tests, and value before any risk.

    `annual_credit` is what the stated units earn: those of a year or, of a credit with `one_time`,
    all there are. `in_year` is what of it falls into the year asked about.

    `because` says how tests that may stand for one another came to the state.
    """

    plant: str
    product: str
    pack: str
    credit: str
    taxpayer: str | None
    status: Eligibility
    open: tuple[str, ...]
    tests: tuple[TestResult, ...]
    units: float | None
    unit: str
    rate: float | None
    phase_out: float | None
    annual_credit: float | None
    currency: str
    citation: str
    material: MaterialResult | None = None
    because: tuple[Reason, ...] = ()
    recapture: RecaptureResult | None = None
    one_time: OneTime | None = None
    in_year: float | None = None

    @property
    def per(self) -> str:
        """What to write behind the amount: `a year`, or `(one-time credit, 2027)`."""
        return A_YEAR if self.one_time is None else f"({self.one_time.words})"


class LawResult(Struct, frozen=True, kw_only=True):
    """Everything that the packs say of a map in one tax year.

    `companies` is keyed by pack id, then company id; `licenses` likewise by license id.
    """

    year: int
    as_of: date
    packs: tuple[str, ...]
    companies: dict[str, dict[str, CompanyStatus]]
    licenses: dict[str, dict[str, LicenseControl]]
    credits: tuple[CreditResult, ...]
    checks: tuple[CheckResult, ...] = ()
    duties: tuple[DutyResult, ...] = ()
    landed: tuple[LandedCost, ...] = ()
    assumptions: tuple[str, ...] = ()
    caution: str = "An aid to analysis, not legal advice."
