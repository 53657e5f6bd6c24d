"""An assessment as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depmap_gui.analysis.results import UNKNOWN, Assessment, Contribution, Shares
from depmap_gui.analysis.risk import Risks
from depmap_gui.cli.open_points import open_line
from depmap_gui.cli.score_trade import trade_lines
from depmap_gui.domain.checks import Finding, Severity
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Plant
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CreditResult, RecaptureResult, TestResult, Verdict

_SIGNS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "FAIL",
    Verdict.UNCERTAIN: "uncertain",
    Verdict.UNKNOWN: "open",
}


def score_lines(
    assessment: Assessment,
    project: Project,
    packs: Sequence[RulePack],
    risks: Risks | None = None,
) -> list[str]:
    """Every plant with its scores and credits, then the companies, then what it rests on.

    ``packs`` are those that the assessment was made with: they name what is open.
    """
    scenario = f", scenario {assessment.scenario}" if assessment.scenario else ""
    title = assessment.title or "Untitled map"
    lines = [f"{title}: tax year {assessment.year}, basis {assessment.basis}{scenario}"]
    lines += [f"Rule pack {p.id} ({p.title}), {p.words}" for p in assessment.packs]
    for plant in project.of_kind(Plant):
        lines += ["", *_plant_lines(plant, assessment, project, packs, risks or {})]
    companies = project.of_kind(Company)
    if companies:
        lines += ["", "Companies", *_table([_company_row(c, assessment) for c in companies])]
    if assessment.assumptions:
        lines += ["", "Assumptions", *(f"  {a.text}" for a in assessment.assumptions)]
    problems = [f for f in assessment.findings if f.severity is not Severity.HINT]
    if problems:
        lines += ["", "Problems", *(f"  {problem_line(f)}" for f in problems)]
    return [*lines, "", assessment.law.caution]


def problem_line(finding: Finding) -> str:
    """One problem with its severity and the id of what it is about."""
    where = f" [{finding.where[0]}]" if finding.where else ""
    return f"{finding.severity}: {finding.message}{where}"


def contribution_lines(tree: Contribution, amount: str = "{:>9.4%}") -> list[str]:
    """The tree, indented, amounts in front, written as ``amount`` says."""
    return list(_contributions(tree, amount, 0))


def _contributions(node: Contribution, amount: str, depth: int) -> Iterator[str]:
    note = f" ({node.note})" if node.note else ""
    link = f" [{node.link}]" if node.link else ""
    yield f"{amount.format(node.amount)}  {'  ' * depth}{node.label}{link}{note}"
    for part in node.parts:
        yield from _contributions(part, amount, depth + 1)


def _plant_lines(
    plant: Plant,
    assessment: Assessment,
    project: Project,
    packs: Sequence[RulePack],
    risks: Risks,
) -> Iterator[str]:
    scores = assessment.scores
    yield plant.name or plant.id
    vectors = (
        ("IP", scores.ip),
        ("embedded IP", scores.embedded_ip),
        ("inputs made in", scores.made_in),
        ("inputs made by", scores.made_by),
        ("ownership", scores.ownership),
    )
    rows = [("  " + title, _vector(found.get(plant.id))) for title, found in vectors]
    yield from _table(rows)
    for credit in assessment.law.credits:
        if credit.plant == plant.id:
            yield from _credit_lines(credit, plant, packs)
            yield from _risk_lines(credit, risks)
    yield from trade_lines(plant.id, assessment.law, project, packs)


def _credit_lines(credit: CreditResult, plant: Plant, packs: Sequence[RulePack]) -> Iterator[str]:
    product = next((p.name or p.id for p in plant.products if p.id == credit.product), "")
    money = "credit unknown"
    if credit.annual_credit is not None:
        money = f"{credit.annual_credit:,.0f} {credit.currency} {credit.per}"
    yield f"  {product} ({credit.credit}): {_state(credit)}, {money}"
    yield from _table([_test_row(test) for test in credit.tests])
    for test in credit.tests:
        for flip in test.flips[:1]:
            yield f"    {test.title}: {flip.text}"
    for reason in credit.because:
        yield f"    {reason.text}"
    yield from recapture_lines(credit.recapture, "    ")
    if credit.open:
        yield f"    {open_line(credit.open, credit.pack, packs)}"


def _state(credit: CreditResult) -> str:
    """How the credit stands; where its phase-out has come to nothing, no test matters any more."""
    return "ENDED" if credit.phase_out == 0.0 else credit.status.upper()


def recapture_lines(found: RecaptureResult | None, indent: str) -> Iterator[str]:
    """What may have to be paid back, until when, and how likely it looks; none where nothing."""
    if found is not None:
        amount = "an unknown amount"
        if found.amount is not None:
            amount = f"{found.amount:,.0f} {found.currency}"
        until = "" if found.ends is None else f" until {found.ends}"
        yield f"{indent}recapture: {amount} exposed{until} ({_SIGNS[found.verdict]})"


def _risk_lines(credit: CreditResult, risks: Risks) -> Iterator[str]:
    sampled = risks.get((credit.plant, credit.product, credit.pack))
    if sampled is None or sampled.risk is None:
        return
    money = ""
    if credit.annual_credit is not None:
        at_risk = sampled.risk * credit.annual_credit
        money = f", {at_risk:,.0f} {credit.currency} {credit.per} at risk"
    yield f"    risk of losing it {sampled.risk:.1%}{money} ({sampled.samples:,} samples)"
    if sampled.left_out:
        yield f"    left out of the risk: {', '.join(sampled.left_out)}"


def _test_row(test: TestResult) -> tuple[str, ...]:
    return ("    " + _SIGNS[test.verdict], test.title, _measured(test))


def _measured(test: TestResult) -> str:
    if test.low is None or test.high is None:
        return ""
    same = abs(test.high - test.low) < 1e-12
    found = f"{test.low:.1%}" if same else f"{test.low:.1%} to {test.high:.1%}"
    if test.threshold is None:
        return found
    return f"{found} (fails if {test.comparison} {test.threshold:.1%})"


def _company_row(company: Company, assessment: Assessment) -> tuple[str, ...]:
    answers = [
        f"{question} {answer}"
        for companies in assessment.law.companies.values()
        if company.id in companies
        for question, answer in companies[company.id].answers.items()
    ]
    vector = _vector(assessment.scores.attribution.get(company.id))
    return ("  " + (company.name or company.id), vector, ", ".join(dict.fromkeys(answers)))


def _vector(shares: Shares | None) -> str:
    if shares is None:
        return "—"
    parts = sorted(shares.items(), key=lambda item: (item[0] == UNKNOWN, -item[1]))
    return ", ".join(f"{code} {share:.1%}" for code, share in parts if share > 5e-7) or "—"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with their columns lined up."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
