"""Duties and laws that are no credit, plant by plant: as JSON and as lines for a terminal.

The JSON has the keys `checks`, `duties` and `landed` only where a pack in use asks for them. Rates
are shares of the cost, amounts money a year in the project's currency; None is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from depmap_gui.cli.open_points import open_line
from depmap_gui.domain.project import Project
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import (
    CheckResult,
    DutyResult,
    LandedCost,
    LawResult,
    TestResult,
    Verdict,
)

PLACES = 12
_SIGNS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "FAIL",
    Verdict.UNCERTAIN: "uncertain",
    Verdict.UNKNOWN: "open",
}


def trade_json(plant: str, law: LawResult) -> dict[str, Any]:
    """What the laws say of one plant beside its credits; empty where none is asked."""
    plain: dict[str, Any] = {}
    if checks := [_check(each) for each in law.checks if each.plant == plant]:
        plain["checks"] = checks
    if duties := [_duty(each) for each in law.duties if each.plant == plant]:
        plain["duties"] = duties
    if landed := [_landed(each) for each in law.landed if each.plant == plant]:
        plain["landed"] = landed
    return plain


def _check(found: CheckResult) -> dict[str, Any]:
    return {
        "check": found.check,
        "rule_pack": found.pack,
        "product": found.product,
        "standing": found.standing,
        "outcome": found.outcome.value,
        "open": list(found.open),
        "tests": [_test(test) for test in found.tests],
        "citation": found.citation,
    }


def _test(test: TestResult) -> dict[str, Any]:
    return {
        "id": test.id,
        "title": test.title,
        "verdict": test.verdict.value,
        "low": _rounded(test.low),
        "high": _rounded(test.high),
        "threshold": _rounded(test.threshold),
        "because": [reason.text for reason in test.because],
        "citation": test.citation,
    }


def _duty(found: DutyResult) -> dict[str, Any]:
    return {
        "link": found.link,
        "rule_pack": found.pack,
        "item": found.item,
        "origins": list(found.origins),
        "destination": found.destination,
        "hs": found.code,
        "maker": found.maker,
        "rate": _rounded(found.rate),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "cost": _rounded(found.cost),
        "amount": _rounded(found.amount),
        "layers": [
            {
                "duty": layer.duty,
                "title": layer.title,
                "rate": _rounded(layer.likely),
                "low": _rounded(layer.low),
                "high": _rounded(layer.high),
                "standing": layer.standing,
                "certainty": layer.certainty,
                "citation": layer.citation,
                "note": layer.note,
            }
            for layer in found.layers
        ],
        "because": [reason.text for reason in found.because],
        "open": list(found.open),
    }


def _landed(found: LandedCost) -> dict[str, Any]:
    return {
        "rule_pack": found.pack,
        "cost": _rounded(found.cost),
        "rated_cost": _rounded(found.rated_cost),
        "duty": _rounded(found.duty),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "share": _rounded(found.share),
        "unpriced": list(found.unpriced),
        "unrated": list(found.unrated),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


# Lines ---------------------------------------------------------------------------------------


def trade_lines(
    plant: str, law: LawResult, project: Project, packs: Sequence[RulePack]
) -> Iterator[str]:
    """The same as indented lines: outcome and tests, then the duty on each delivery."""
    for check in law.checks:
        if check.plant == plant:
            yield from _check_lines(check, packs)
    duties = [each for each in law.duties if each.plant == plant]
    for landed in law.landed:
        if landed.plant == plant:
            yield from _landed_lines(landed, project.header.currency)
            yield from (
                _duty_line(each, project, packs) for each in duties if each.pack == landed.pack
            )


def _check_lines(check: CheckResult, packs: Sequence[RulePack]) -> Iterator[str]:
    product = f" of {check.product}" if check.product else ""
    force = "" if check.standing == "enacted" else f" [{check.standing}]"
    yield f"  {check.title}{product}{force}: {check.outcome.upper()}"
    wide = max((len(_SIGNS[test.verdict]) for test in check.tests), default=0)
    for test in check.tests:
        yield f"    {_SIGNS[test.verdict]:<{wide}}  {test.title}"
    if check.open:
        yield f"    {open_line(check.open, check.pack, packs)}"


def _landed_lines(landed: LandedCost, currency: str) -> Iterator[str]:
    share = "" if landed.share is None else f", {landed.share:.1%} of the landed cost"
    goods = f"{landed.rated_cost:,.0f}"
    yield f"  Duties: {landed.duty:,.0f} {currency} a year on goods of {goods}{share}"
    if landed.low is not None and (landed.unrated or landed.low != landed.high):
        most = "without bound" if landed.high is None else f"{landed.high:,.0f}"
        yield f"    with what is open: {landed.low:,.0f} to {most}"


def _duty_line(found: DutyResult, project: Project, packs: Sequence[RulePack]) -> str:
    name = found.item or project.name(found.link)
    if found.rate is not None:
        rate = f"{found.rate:.1%}"
    elif found.low is not None:
        most = "?" if found.high is None else f"{found.high:.1%}"
        rate = f"{found.low:.1%} to {most}"
    else:
        rate = "unknown"
    layers = " + ".join(
        f"{layer.title} {layer.likely:.1%}" for layer in found.layers if layer.likely
    )
    silent = f" ({open_line(found.open, found.pack, packs)})" if found.open else ""
    return f"    {rate}  {name}{': ' + layers if layers else ''}{silent}"
