"""A short report of a map as it stands, as values: what is said, in which order, with numbers.

Every figure is the assessment's own. Long maps make no long reports: what is left out is said,
with the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.results import Assessment, PackUsed, exposure
from depmap_gui.analysis.risk import credit_risks
from depmap_gui.analysis.uncertainty_results import Risks
from depmap_gui.domain.findings import Severity
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.records import Company, Plant, Source
from depmap_gui.rules.results import Answer, CompanyStatus
from depmap_gui.session.export import usual_samples
from depmap_gui.session.item_bounds import find_item_bounds
from depmap_gui.session.report_findings import WORST_FIRST, key_findings, state_word
from depmap_gui.session.report_plants import (
    ELSEWHERE,
    SHOWN_SCORES,
    Ground,
    Numbering,
    plant_section,
    product_name,
)
from depmap_gui.session.report_values import (
    CompanyRow,
    PlantSection,
    Problem,
    Report,
    ReportPart,
    SettledReading,
    SourceRow,
    StatusAnswer,
    SummaryLine,
    Words,
)
from depmap_gui.session.session import ScoringRequest
from depmap_gui.session.years import years_of

MOST_PLANTS, MOST_LINES, MOST_COMPANIES = 5, 12, 14
MOST_ASSUMPTIONS, MOST_PROBLEMS, MOST_SOURCES = 10, 12, 40
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.HINT)


class ReportError(Exception):
    """A report that cannot be made as it was asked for; says why and what to do."""


class ReportOptions(Struct, frozen=True, kw_only=True):
    """What a report is to hold. No ``plants``: those most at risk. ``samples`` None: as many as
    take no time to speak of, 0 none."""

    plants: tuple[str, ...] = ()
    parts: frozenset[ReportPart] = frozenset(ReportPart)
    jurisdiction: str = "CN"
    samples: int | None = None
    seed: int = 1


def report_of(
    request: ScoringRequest,
    assessment: Assessment,
    words: Words,
    options: ReportOptions = ReportOptions(),  # noqa: B008 - a frozen value
    *,
    dated: date,
    context: Context | None = None,
) -> Report:
    """The report of an assessed map, dated ``dated``.

    ``assessment`` must be that of ``request``. Raises ReportError where a plant asked for is not
    on the map, and Canceled where ``context`` says so.
    """
    told = context or Quiet()
    project = request.project
    risks = _risks(request, options, told)
    told.progress(0.3, "Asking each year")
    years = None
    if assessment.law.credits:
        years = years_of(request, assessment.year, context=_Within(told, 0.3, 0.9))
    ground = Ground(
        project=project,
        assessment=assessment,
        packs={pack.id: pack for pack in request.packs},
        on_the_day=MapInForce(project, last_day(assessment.year)),
        risks=risks,
        years=years,
        jurisdiction=options.jurisdiction,
        words=words,
        sources=Numbering(project),
    )
    told.progress(0.9, "Putting the report together")
    return _written(request, ground, options, dated, _Within(told, 0.9, 1.0))


def _risks(request: ScoringRequest, options: ReportOptions, context: Context) -> Risks:
    samples = options.samples
    if samples is None:
        samples = usual_samples(request.project)
    if not samples:
        return {}
    within = _Within(context, 0.0, 0.3)
    return credit_risks(
        request.project, request.packs, samples=samples, seed=options.seed, context=within
    )


class _Within:
    """A context for a part of the work, whose progress runs from ``start`` to ``end``."""

    def __init__(self, context: Context, start: float, end: float) -> None:
        self._context, self._start, self._end = context, start, end

    def progress(self, fraction: float, what: str) -> None:
        """Hear of the part's progress. Raises Canceled as the whole's context does."""
        self._context.progress(self._start + (self._end - self._start) * fraction, what)


def _written(
    request: ScoringRequest, ground: Ground, options: ReportOptions, dated: date, context: Context
) -> Report:
    assessment, project, words = ground.assessment, ground.project, ground.words
    plants = _chosen(ground, options)
    lines = [line for plant in plants for line in _lines(plant, ground)]
    detailed = plants if options.plants else plants[:MOST_PLANTS]
    with_plants = ReportPart.PLANTS in options.parts
    # Sources are numbered in the order of reading: plants first, then companies, then the rest.
    sections: list[PlantSection] = []
    if with_plants:
        ids = [plant.id for plant in detailed]
        bounds = find_item_bounds(
            request, assessment, options.jurisdiction, ids, SHOWN_SCORES, context
        )
        sections = [plant_section(plant, ground, bounds) for plant in detailed]
    rows, rows_left_out = _companies(ground)
    assumed = [words.sentence(each.text) for each in assessment.assumptions]
    problems = _problems(ground)
    shown_sources, sources_left_out = _sources(ground)
    named = project.scenarios.get(assessment.scenario or "")
    return Report(
        title=_line(assessment.title) or "Untitled map",
        dated=dated,
        year=assessment.year,
        basis=assessment.basis,
        scenario="Base case" if named is None else _line(named.name) or named.id,
        packs=assessment.packs,
        caution=assessment.law.caution,
        currency=assessment.currency,
        jurisdiction=options.jurisdiction,
        ip_title=f"{words.adjective(project, options.jurisdiction)}-IP share",
        samples=max((risk.samples for risk in ground.risks.values()), default=0),
        lines=tuple(lines[:MOST_LINES]),
        lines_left_out=_left_out(lines, MOST_LINES, "line", "lines", "the worst come first"),
        findings=key_findings(ground, plants),
        plants=tuple(sections),
        plants_left_out=_plants_left_out(ground, sections, options),
        companies=tuple(rows),
        companies_left_out=rows_left_out,
        assumptions=tuple(assumed[:MOST_ASSUMPTIONS]),
        assumptions_left_out=_left_out(assumed, MOST_ASSUMPTIONS, "assumption", "assumptions"),
        problems=tuple(problems[:MOST_PROBLEMS]),
        problems_left_out=_left_out(
            problems, MOST_PROBLEMS, "problem", "problems", "the gravest come first"
        ),
        readings=_readings(ground),
        readings_said=_readings_said(ground),
        sources=shown_sources,
        sources_left_out=sources_left_out,
        parts=options.parts,
    )


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def _left_out(found: Sequence[object], most: int, one: str, many: str, order: str = "") -> str:
    """Where the rest of a list is; empty where nothing is left out."""
    rest = len(found) - most
    if rest <= 0:
        return ""
    first = f"; {order}" if order else ""
    noun = one if rest == 1 else many
    return f"{rest:,} more {noun} {'is' if rest == 1 else 'are'} in {ELSEWHERE}{first}."


# Plants and credits -----------------------------------------------------------------------


def _chosen(ground: Ground, options: ReportOptions) -> list[Plant]:
    """The plants asked for, in that order; else all, most at risk first. Raises ReportError."""
    plants = {plant.id: plant for plant in ground.project.of_kind(Plant)}
    if not options.plants:
        return sorted(plants.values(), key=lambda plant: _risk_order(plant, ground))
    unknown = [id for id in options.plants if id not in plants]
    if unknown:
        known = ", ".join(list(plants)[:12]) or "none"
        raise ReportError(
            f"There is no plant '{unknown[0]}' on this map (it has: {known}), so the report was "
            "not written. Name plants by their ids."
        )
    return [plants[id] for id in dict.fromkeys(options.plants)]


def _risk_order(plant: Plant, ground: Ground) -> tuple[int, float, float, float]:
    """Sorts the plant most at risk first: by its worst credit, money at risk, credit, IP share."""
    credits = ground.credits_of(plant.id)
    worst = min((WORST_FIRST.index(state_word(c)) for c in credits), default=len(WORST_FIRST))
    at_risk = sum(risk.at_risk or 0.0 for c in credits if (risk := ground.risk_of(c)) is not None)
    worth = sum(credit.annual_credit or 0.0 for credit in credits)
    shares = ground.assessment.scores.ip.get(plant.id)
    documented = 0.0 if shares is None else exposure(shares, ground.jurisdiction).low
    return worst, -at_risk, -worth, -documented


def _lines(plant: Plant, ground: Ground) -> Iterable[SummaryLine]:
    """A line for each credit of the plant; one without a status where it claims none."""
    shares = ground.assessment.scores.ip.get(plant.id)
    share = None if shares is None else exposure(shares, ground.jurisdiction)
    name = _line(plant.name) or plant.id
    credits = ground.credits_of(plant.id)
    if not credits:
        yield SummaryLine(plant=plant.id, name=name, share=share)
    for credit in credits:
        sampled = ground.risk_of(credit)
        yield SummaryLine(
            plant=plant.id,
            name=name,
            product=_line(product_name(plant, credit.product)) or credit.product,
            credit=ground.credit_title(credit),
            status=credit.status,
            open=len(ground.open_points(credit.open, credit.pack)),
            phase_out=credit.phase_out,
            share=share,
            annual_credit=credit.annual_credit,
            per=credit.per,
            risk=None if sampled is None else sampled.risk,
            at_risk=None if sampled is None else sampled.at_risk,
            currency=credit.currency,
        )


def _plants_left_out(
    ground: Ground, sections: Sequence[PlantSection], options: ReportOptions
) -> str:
    if ReportPart.PLANTS not in options.parts:
        return ""
    total = len(ground.project.of_kind(Plant))
    rest = total - len(sections)
    if rest <= 0:
        return ""
    count = ground.words.count
    how = "chosen" if options.plants else "most at risk"
    few = "the plant" if len(sections) == 1 else f"the {count(len(sections))} plants"
    others = "1 other plant is" if rest == 1 else f"{count(rest)} other plants are"
    this = "This is" if len(sections) == 1 else "These are"
    return f"{this} {few} {how}; {others} in {ELSEWHERE}."


# Companies --------------------------------------------------------------------------------


def _companies(ground: Ground) -> tuple[list[CompanyRow], str]:
    """The companies that matter most to the verdicts, those with a status that bars first."""
    statuses: dict[str, list[CompanyStatus]] = {}
    for found in ground.assessment.law.companies.values():
        for id, status in found.items():
            statuses.setdefault(id, []).append(status)
    companies = [each for each in ground.project.of_kind(Company) if each.id in statuses]
    companies.sort(key=lambda company: _weight(statuses[company.id]))
    kept = companies[:MOST_COMPANIES]
    rows = [_company_row(company, statuses[company.id], ground) for company in kept]
    order = "those with a status that bars come first"
    said = _left_out(companies, MOST_COMPANIES, "company", "companies", order)
    return rows, said


def _weight(statuses: Sequence[CompanyStatus]) -> int:
    answers = {answer for status in statuses for answer in status.answers.values()}
    return 0 if Answer.YES in answers else 1 if Answer.UNKNOWN in answers else 2


def _company_row(company: Company, statuses: Sequence[CompanyStatus], ground: Ground) -> CompanyRow:
    reasons = [reason for status in statuses for reason in status.reasons]
    scores = ground.assessment.scores
    return CompanyRow(
        id=company.id,
        name=_line(company.name) or company.id,
        shares=scores.attribution.get(company.id),
        answers=tuple(
            StatusAnswer(
                pack=status.pack,
                words=ground.words.status(question),
                answer=answer,
                note=_declared_note(status, question, ground),
                open=sum(p.startswith((f"{question}.", "question.")) for p in status.open),
            )
            for status in statuses
            for question, answer in status.answers.items()
        ),
        reasons=ground.reasons(reasons),
        sources=ground.sources.cite(company.sources),
    )


def _declared_note(status: CompanyStatus, question: str, ground: Ground) -> str:
    declared = status.declared.get(question)
    if declared is None:
        return ""
    numbers = ground.sources.cite([declared.source] if declared.source else [])
    source = f" [{numbers[0]}]" if numbers else ""
    computed = "" if declared.computed is None else f"; the map alone says {declared.computed}"
    return f"declared by the analyst, not computed{source}{computed}"


# What it rests on -------------------------------------------------------------------------


def _problems(ground: Ground) -> list[Problem]:
    """The problems of the map, the gravest first."""
    found = sorted(
        ground.assessment.findings, key=lambda finding: _SEVERITIES.index(finding.severity)
    )
    return [
        Problem(severity=each.severity, text=ground.words.sentence(each.message)) for each in found
    ]


def _readings(ground: Ground) -> tuple[SettledReading, ...]:
    """The points of law that the analyst has settled."""
    settled = ground.project.header.readings
    return tuple(
        SettledReading(
            pack=pack.title,
            title=asked.title,
            reading=next((r.text for r in asked.readings if r.id == settled[asked.id]), ""),
            citation=asked.citation,
        )
        for pack in ground.packs.values()
        for asked in pack.questions.values()
        if asked.id in settled
    )


def _readings_said(ground: Ground) -> str:
    """How the points of law are read that nobody has settled."""
    settled = ground.project.header.readings
    points = [
        (pack, asked.id)
        for pack in ground.packs.values()
        for asked in pack.questions.values()
        if asked.id not in settled
    ]
    if not points:
        return ""
    several = sum(len(pack.readings(id, settled)) > 1 for pack, id in points)
    count = ground.words.count
    many = (
        "1 open point of law is"
        if len(points) == 1
        else (f"{count(len(points))} open points of law are")
    )
    said = f"{many} not settled by the analyst: "
    said += f"{count(len(points) - several)} read as the rule pack reads it"
    if several:
        said += f", {count(several)} in every way at once, so that the verdict is open where they "
        said += "differ"
    return f"{said}. The sheet Assumptions of the workbook names each."


def _sources(ground: Ground) -> tuple[tuple[SourceRow, ...], str]:
    """The sources by number: those cited, then the others of the map where they are few."""
    known = ground.project.sources
    if len(known) <= MOST_SOURCES:
        for id in known:
            ground.sources.cite([id])
    numbered = sorted(ground.sources.numbers.items(), key=lambda item: item[1])
    rows = [_source_row(number, known[id]) for id, number in numbered]
    return tuple(rows), _left_out(list(known), len(rows), "source", "sources")


def _source_row(number: int, source: Source) -> SourceRow:
    about = (source.publisher, source.date, source.url)
    return SourceRow(
        number=number,
        title=_line(source.title) or source.id,
        about=" · ".join(_line(each) for each in about if each),
        grade=source.grade,
        note=_line(source.note),
    )


def packs_said(packs: Sequence[PackUsed]) -> str:
    """The rule packs with their versions, for the foot of a page."""
    return ", ".join(f"{pack.id} {pack.version}" for pack in packs) or "no rule pack"
