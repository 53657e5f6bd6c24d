"""An assessment as the JSON that others script against. Its shape is stable.

Shares are in 0..1, rounded to 12 places; a share of zero is left out. None is unknown.
"""

from __future__ import annotations

from typing import Any

from depmap_gui.analysis.results import Assessment, Contribution, Range, Score, Shares
from depmap_gui.analysis.risk import ProductRisk, Risks
from depmap_gui.analysis.uncertainty_results import Distribution
from depmap_gui.cli.score_trade import trade_json
from depmap_gui.domain.checks import Finding
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, License, Plant
from depmap_gui.rules.results import CreditResult, OneTime, RecaptureResult, TestResult

PLACES = 12
_POINTS = ("mean", "least", "p5", "p25", "p50", "p75", "p95", "most")
_INPUTS = (
    Score.MADE_IN,
    Score.MADE_BY,
    Score.MADE_IN_FIRST_TIER,
    Score.MADE_BY_FIRST_TIER,
)


def assessment_json(
    assessment: Assessment, project: Project, risks: Risks | None = None
) -> dict[str, Any]:
    """Everything the program says of the project, as plain JSON values.

    Risk and money at risk are None unless ``risks`` were sampled.
    """
    return {
        "title": assessment.title,
        "year": assessment.year,
        "basis": assessment.basis.value,
        "scenario": assessment.scenario,
        "rule_packs": [
            {
                "id": pack.id,
                "version": pack.version,
                "date": pack.date,
                "origin": pack.origin or "ships with DepMap",
            }
            for pack in assessment.packs
        ],
        "companies": {c.id: _company(c.id, assessment) for c in project.of_kind(Company)},
        "licenses": {
            lic.id: {"technology": _shares(assessment.scores.technology.get(lic.id))}
            for lic in project.of_kind(License)
        },
        "plants": {p.id: _plant(p.id, assessment, risks or {}) for p in project.of_kind(Plant)},
        "assumptions": [assumption.text for assumption in assessment.assumptions],
        "problems": [problem_json(finding) for finding in assessment.findings],
        "caution": assessment.law.caution,
    }


def problem_json(finding: Finding) -> dict[str, Any]:
    """One problem; ``where`` is the id it stands at, None where it is about the whole map."""
    return {
        "severity": finding.severity.value,
        "where": finding.where[0] if finding.where else None,
        "message": finding.message,
    }


def contribution_json(node: Contribution) -> dict[str, Any]:
    """A tree of contributions; the parts of each node sum to its amount."""
    plain: dict[str, Any] = {"amount": _number(node.amount), "label": node.label}
    for key in ("entity", "link", "note"):
        if value := getattr(node, key):
            plain[key] = value
    if node.sources:
        plain["sources"] = list(node.sources)
    if node.parts:
        plain["parts"] = [contribution_json(part) for part in node.parts]
    return plain


def _company(id: str, assessment: Assessment) -> dict[str, Any]:
    scores = assessment.scores
    status, reasons = {}, []
    for pack, companies in assessment.law.companies.items():
        if (found := companies.get(id)) is not None:
            answers = {question: answer.value for question, answer in found.answers.items()}
            status[pack] = {**answers, "open": list(found.open)}
            reasons += [reason.text for reason in found.reasons]
    return {
        "attribution": _shares(scores.attribution.get(id)),
        "ip": _shares(scores.ip.get(id)),
        "embedded_ip": _shares(scores.embedded_ip.get(id)),
        "debt": _shares(scores.debt.get(id)),
        "status": status,
        "reasons": reasons,
    }


def _plant(id: str, assessment: Assessment, risks: Risks) -> dict[str, Any]:
    scores = assessment.scores
    concentration = scores.concentration.get(id)
    return {
        "attribution": _shares(scores.attribution.get(id)),
        "ip": _shares(scores.ip.get(id)),
        "embedded_ip": _shares(scores.embedded_ip.get(id)),
        "inputs": {score.value: _shares(scores.vectors(score).get(id)) for score in _INPUTS},
        "ownership": _shares(scores.ownership.get(id)),
        "hhi": {}
        if concentration is None
        else {
            "ip": _range(concentration.ip),
            "inputs_made_in": _range(concentration.inputs_made_in),
            "inputs_made_by": _range(concentration.inputs_made_by),
            "suppliers": _range(concentration.suppliers),
        },
        "single_points": [
            {"item": point.item, "source": point.source, "link": point.link}
            for point in scores.single_points.get(id, ())
        ],
        "credits": [
            _credit(credit, risks.get((credit.plant, credit.product, credit.pack)))
            for credit in assessment.law.credits
            if credit.plant == id
        ],
        **trade_json(id, assessment.law),
    }


def _credit(credit: CreditResult, sampled: ProductRisk | None) -> dict[str, Any]:
    risk = None if sampled is None else sampled.risk
    at_stake = credit.annual_credit
    return {
        "product": credit.product,
        "credit": credit.credit,
        "rule_pack": credit.pack,
        "status": credit.status.value,
        "open": list(credit.open),
        "risk": _number(risk),
        "annual_credit": _number(credit.annual_credit),
        "one_time": one_time_json(credit.one_time),
        "credit_in_year": _number(credit.in_year),
        "at_risk": None if risk is None or at_stake is None else _number(risk * at_stake),
        "because": [reason.text for reason in credit.because],
        "recapture": recapture_json(credit.recapture),
        "tests": [_test(test, sampled) for test in credit.tests],
    }


def _test(test: TestResult, sampled: ProductRisk | None) -> dict[str, Any]:
    measure = None if sampled is None else sampled.measures.get(test.id)
    spread = {} if measure is None else {"distribution": distribution_json(measure.spread)}
    return {
        **spread,
        "id": test.id,
        "verdict": test.verdict.value,
        "low": _number(test.low),
        "high": _number(test.high),
        "threshold": _number(test.threshold),
        "because": [reason.text for reason in test.because],
        "citation": test.citation,
        "open": list(test.open),
        "alternative_to": test.alternative_to,
        "flips": [reason.text for reason in test.flips],
    }


def one_time_json(given: OneTime | None) -> dict[str, int | None] | None:
    """The one tax year of a credit, None in it where it is not known; None of a yearly credit."""
    return None if given is None else {"year": given.year}


def distribution_json(spread: Distribution) -> dict[str, Any]:
    """How samples are spread: mean, percentiles, and the counts between the edges of bins."""
    plain: dict[str, Any] = {name: _number(getattr(spread, name)) for name in _POINTS}
    plain["bins"] = {
        "edges": [_number(edge) for edge in spread.edges],
        "counts": list(spread.counts),
    }
    return plain


def recapture_json(found: RecaptureResult | None) -> dict[str, Any] | None:
    """What may have to be paid back; None where nothing can."""
    if found is None:
        return None
    return {
        "verdict": found.verdict.value,
        "from": None if found.starts is None else found.starts.isoformat(),
        "to": None if found.ends is None else found.ends.isoformat(),
        "amount": _number(found.amount),
        "because": [reason.text for reason in found.because],
        "citation": found.citation,
    }


def _shares(shares: Shares | None) -> dict[str, float]:
    """A vector without the shares that are zero; empty where the item has no such score."""
    rounded = {code: round(share, PLACES) for code, share in (shares or {}).items()}
    return {code: share for code, share in sorted(rounded.items()) if share}


def _range(range: Range) -> list[float]:
    return [round(range.low, PLACES), round(range.high, PLACES)]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
