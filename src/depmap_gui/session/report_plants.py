"""What a report says of each plant: its shares, and how it stands to each law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from depmap_gui.analysis.explain import ExplainError, explain
from depmap_gui.analysis.item_bounds import ItemBounds
from depmap_gui.analysis.results import Assessment, Contribution, Score
from depmap_gui.analysis.uncertainty_results import ProductRisk, Risks
from depmap_gui.analysis.years import ProductYears, YearsResult
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Operates, Plant, Supplies, Uses
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import (
    CheckResult,
    CreditResult,
    Eligibility,
    LandedCost,
    Reason,
    RecaptureResult,
    TestResult,
    Verdict,
)
from depmap_gui.session.report_values import (
    LawSection,
    PlantSection,
    Said,
    ShareRow,
    TestRow,
    Words,
    YearState,
)

SHOWN_SCORES = (
    Score.IP,
    Score.EMBEDDED_IP,
    Score.MADE_IN,
    Score.MADE_BY,
    Score.OWNERSHIP,
)
MOST_PARTS, MOST_REASONS, MOST_SOURCES_OF_A_FACT = 5, 4, 5
ELSEWHERE = "the workbook (File > Export workbook…, or depmap export)"
_TREE = 40
"""Nodes of an explanation that are opened: enough for the largest parts and their sources."""


class Numbering:
    """Sources under the numbers of the report, given in the order in which they are cited."""

    def __init__(self, project: Project) -> None:
        self._known = project.sources
        self._numbers: dict[str, int] = {}

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number of each source cited so far, by id."""
        return self._numbers

    def cite(self, ids: Iterable[str], most: int = MOST_SOURCES_OF_A_FACT) -> tuple[int, ...]:
        """The numbers of the first of these sources; an id that is no source is left out."""
        found = [id for id in dict.fromkeys(ids) if id in self._known][:most]
        for id in found:
            self._numbers.setdefault(id, len(self._numbers) + 1)
        return tuple(sorted(self._numbers[id] for id in found))


class Ground(Struct, frozen=True):
    """What a report is made from: one map, its answers, and how words are written."""

    project: Project
    assessment: Assessment
    packs: Mapping[str, RulePack]
    on_the_day: MapInForce
    risks: Risks
    years: YearsResult | None
    jurisdiction: str
    words: Words
    sources: Numbering

    def said(self, reason: Reason) -> Said:
        """A reason as a sentence of the report."""
        return Said(
            text=self.words.sentence(reason.text),
            citation=reason.citation,
            sources=self.sources.cite(reason.sources),
        )

    def reasons(self, found: Sequence[Reason]) -> tuple[Said, ...]:
        """The first reasons, and how many more there are."""
        said = [self.said(reason) for reason in found[:MOST_REASONS]]
        rest = len(found) - MOST_REASONS
        if rest > 0:
            more = "1 more reason is" if rest == 1 else f"{self.words.count(rest)} more reasons are"
            said.append(Said(text=f"{more} in {ELSEWHERE}."))
        return tuple(said)

    def open_points(self, points: Iterable[str], pack: str) -> tuple[str, ...]:
        """The points on which the map is silent, by name, each once."""
        rules = self.packs.get(pack)
        named = (point if rules is None else rules.title_of(point) for point in points)
        return tuple(dict.fromkeys(named))

    def credits_of(self, plant: str) -> list[CreditResult]:
        """The credits that the plant's products claim."""
        return [credit for credit in self.assessment.law.credits if credit.plant == plant]

    def credit_title(self, credit: CreditResult) -> str:
        """What the law calls the credit."""
        rules = self.packs.get(credit.pack)
        found = None if rules is None else rules.credits.get(credit.credit)
        return credit.credit if found is None else found.title

    def risk_of(self, credit: CreditResult) -> ProductRisk | None:
        """What samples say of the credit; None where none were drawn."""
        return self.risks.get((credit.plant, credit.product, credit.pack))

    def years_of(self, credit: CreditResult) -> ProductYears | None:
        """The credit's verdicts by year."""
        if self.years is None:
            return None
        return self.years.product(credit.plant, credit.product, credit.pack)


def product_name(plant: Plant, id: str | None) -> str:
    """What the plant's product of that id is called."""
    made = next((product for product in plant.products if product.id == id), None)
    return "" if made is None else made.name or made.id


def plant_section(plant: Plant, ground: Ground, bounds: ItemBounds) -> PlantSection:
    """All that the report says of one plant; ``bounds`` are those of its shares."""
    law = ground.assessment.law
    scores = ground.assessment.scores
    made_of = tuple(_made_of(plant, ground))
    laws = [credit_section(credit, plant, ground) for credit in ground.credits_of(plant.id)]
    laws += [
        _check_section(check, plant, ground) for check in law.checks if check.plant == plant.id
    ]
    landed = [each for each in law.landed if each.plant == plant.id]
    return PlantSection(
        id=plant.id,
        name=plant.name or plant.id,
        about=_about(plant, ground),
        shares=tuple(
            ShareRow(
                score=score,
                shares=scores.vectors(score).get(plant.id),
                within=bounds.get((score, plant.id)),
            )
            for score in SHOWN_SCORES
        ),
        made_of=made_of,
        laws=tuple(laws),
        duties=tuple(Said(text=duty_sentence(each, ground)) for each in landed),
        sources=ground.sources.cite(_sources_of(plant, ground)),
    )


def _about(plant: Plant, ground: Ground) -> str:
    """Who runs the plant and where it stands; what is unknown is said."""
    operator = ground.on_the_day.operator(plant.id)
    by = "operator unknown" if operator is None else f"operated by {operator.name or operator.id}"
    places = ground.on_the_day.places(plant.id, LocationRole.SITE)
    where = ", ".join(place.name or place.id for place in places) or "site unknown"
    return f"{by[:1].upper()}{by[1:]} · {where}"


def _sources_of(plant: Plant, ground: Ground) -> Iterator[str]:
    """The sources of the plant and of the links that its figures rest on."""
    into, id = ground.on_the_day.into, plant.id
    yield from plant.sources
    for link in (*into(Operates, id), *into(Uses, id), *into(Supplies, id)):
        yield from link.sources


# What a share is made of ------------------------------------------------------------------


def _made_of(plant: Plant, ground: Ground) -> Iterator[tuple[float, Said]]:
    """The largest parts of the chosen jurisdiction's share of the plant's technology."""
    solution = ground.assessment.solution
    if solution is None or plant.id not in ground.assessment.scores.ip:
        return
    try:
        tree = explain(solution, plant.id, Score.IP, ground.jurisdiction, limit=_TREE)
    except ExplainError:
        return
    told = [part for part in tree.parts if part.amount > 0.0]
    for part in told[:MOST_PARTS]:
        text = ground.words.sentence(part.label)
        yield part.amount, Said(text=text, sources=ground.sources.cite(_evidence(part)))
    if len(told) > MOST_PARTS:
        rest = sum(part.amount for part in told[MOST_PARTS:])
        yield rest, Said(text=f"{ground.words.count(len(told) - MOST_PARTS)} smaller parts")


def _evidence(node: Contribution) -> Iterator[str]:
    """The sources of a contribution, nearest first."""
    yield from node.sources
    for part in node.parts:
        yield from _evidence(part)


# Credits and checks -----------------------------------------------------------------------


def credit_section(credit: CreditResult, plant: Plant, ground: Ground) -> LawSection:
    """One product's credit: its state, tests, years, and what is open."""
    years, sampled = ground.years_of(credit), ground.risk_of(credit)
    because = [ground.said(reason) for reason in credit.because]
    if credit.recapture is not None:
        because += [_recapture(credit.recapture, ground), *ground.reasons(credit.recapture.because)]
    return LawSection(
        title=ground.credit_title(credit),
        product=product_name(plant, credit.product) or credit.product,
        pack=credit.pack,
        status=credit.status,
        phase_out=credit.phase_out,
        annual_credit=credit.annual_credit,
        per=credit.per,
        units=credit.units,
        unit=credit.unit,
        rate=credit.rate,
        currency=credit.currency,
        risk=None if sampled is None else sampled.risk,
        at_risk=None if sampled is None else sampled.at_risk,
        samples=0 if sampled is None else sampled.samples,
        tests=_tests(credit.tests, ground, {} if years is None else years.first_failures),
        because=tuple(because),
        open=ground.open_points(credit.open, credit.pack),
        years=()
        if years is None
        else tuple(
            YearState(year=each.year, status=each.status, phase_out=each.phase_out)
            for each in years.years
        ),
        years_said=() if years is None else years_said(years, ground.assessment.year),
        citation=credit.citation,
    )


def _recapture(found: RecaptureResult, ground: Ground) -> Said:
    """What may have to be paid back, until when, and whether an agreement in force does so."""
    amount = "an unknown amount"
    if found.amount is not None:
        amount = ground.words.money(found.amount, found.currency)
    until = "" if found.ends is None else f" until {ground.words.day(found.ends)}"
    how = {
        Verdict.PASS: "no such agreement is in force",
        Verdict.FAIL: "such an agreement is in force",
        Verdict.UNCERTAIN: "whether such an agreement is in force is uncertain",
        Verdict.UNKNOWN: "the map does not say whether such an agreement is in force",
    }[found.verdict]
    text = f"{found.title}: {amount} may have to be paid back{until}; {how}."
    return Said(text=text, citation=found.citation)


def _check_section(check: CheckResult, plant: Plant, ground: Ground) -> LawSection:
    return LawSection(
        title=check.title,
        product=product_name(plant, check.product),
        pack=check.pack,
        outcome=check.outcome,
        standing=check.standing,
        tests=_tests(check.tests, ground, {}),
        open=ground.open_points(check.open, check.pack),
        citation=check.citation,
    )


def _tests(
    tests: Sequence[TestResult], ground: Ground, first_failures: Mapping[str, int]
) -> tuple[TestRow, ...]:
    """Each test; reasons and cures only where it does not plainly pass."""
    return tuple(
        TestRow(
            result=test,
            first_fails=first_failures.get(test.id),
            reasons=ground.reasons(_telling(test)),
            flips=tuple(ground.said(reason) for reason in test.flips),
            cure="" if test.verdict is Verdict.PASS else test.cure,
        )
        for test in tests
    )


def _telling(test: TestResult) -> Sequence[Reason]:
    """The reasons worth a line: of a test that passes, where it does so on a measure, none."""
    if test.verdict is Verdict.PASS and test.low is not None and test.low == test.high:
        return ()
    return test.because


def years_said(years: ProductYears, year: int) -> tuple[str, ...]:
    """When the credit is first at risk, lost, or no more in law, in sentences."""
    said = []
    lost, ended = years.first_ineligible, years.first_without_credit
    last = years.years[-1].year
    if lost is not None and (ended is None or lost < ended):
        said.append(
            f"The credit is lost in {year} already."
            if lost == year
            else f"The credit is lost from {lost} on if nothing else changes."
        )
    doubted = years.first(Eligibility.AT_RISK)
    if doubted is not None and doubted > year and (lost is None or doubted < lost):
        said.insert(0, f"It is at risk from {doubted} on.")
    if not said and ended != year:
        said.append(f"No test fails for certain in any year to {last} as the map stands.")
    if ended is not None:
        said.append(f"The law has no credit left for it from {ended} on.")
    return tuple(said)


def duty_sentence(landed: LandedCost, ground: Ground) -> str:
    """What customs duties add to the plant's supplies."""
    words, currency = ground.words, ground.project.header.currency
    open_rates = landed.low is not None and (landed.unrated or landed.low != landed.high)
    most = "no bound" if landed.high is None else words.money(landed.high, currency)
    span = f"{words.money(landed.low, currency)} to {most}"
    if landed.rated_cost <= 0.0:
        said = "No customs duty is known for certain"
        said += f"; with what is open, it is {span} a year" if open_rates else ""
    else:
        said = f"Customs duties of {words.money(landed.duty, currency)} a year are charged on "
        said += f"goods of {words.money(landed.rated_cost, currency)}"
        if landed.share is not None:
            said += f", {words.percent(landed.share)} of what they cost with duty"
        said += f"; with what is open, {span}" if open_rates else ""
    if landed.unpriced:
        count = len(landed.unpriced)
        said += f". {'1 delivery has' if count == 1 else f'{count} deliveries have'} no cost "
        said += "on the map"
    return f"{said}."
