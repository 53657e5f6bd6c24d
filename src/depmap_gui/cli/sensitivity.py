"""The command ``sensitivity``: which range moves a figure most, and which missing fact would tell
most about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.uncertainty_results import (
    Interval,
    MissingFact,
    MissingFacts,
    Place,
    Question,
    ScoreQuestion,
    TestQuestion,
    Tornado,
    TornadoBar,
)
from depmap_gui.cli.commands import entity_named, requested
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.domain.records import Plant
from depmap_gui.session.session import ScoringRequest, score
from depmap_gui.session.uncertainty import find_interval, find_missing_facts, find_tornado

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

PLACES = 12
SHOWN = 12
"""How many bars and facts the text shows; JSON has them all."""
USUAL_TEST = "macr"


class Sensitivity(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of one question; ``interval`` goes with a score."""

    tornado: Tornado
    facts: MissingFacts
    interval: Interval | None = None


def add_sensitivity(verbs: Verbs, question: Callable[[argparse.ArgumentParser], None]) -> None:
    """Put ``sensitivity`` into the parser; ``question`` adds what is asked of a project."""
    help = "See which range moves a figure most, and which missing fact would tell most."
    verb = verbs.add_parser("sensitivity", help=help, description=help)
    verb.set_defaults(command=sensitivity)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument("entity", metavar="ENTITY", help="id or name of the item")
    verb.add_argument(
        "--score", type=Score, choices=list(Score), default=Score.IP, help="default: ip"
    )
    verb.add_argument("--jurisdiction", default="CN", metavar="CODE", help="code; default: CN")
    verb.add_argument("--product", metavar="ID", help="ask about a test of this product instead")
    verb.add_argument("--test", metavar="ID", help=f"the test asked about; default: {USUAL_TEST}")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    question(verb)


def sensitivity(options: argparse.Namespace) -> int:
    """Print the tornado and the missing facts, as text or as one JSON object."""
    request = requested(options)
    entity = entity_named(request.project, options.entity)
    with bar("Sensitivity") as context:
        assessment = score(request, context)
        question = _question(request, assessment, entity, options)
        interval = None
        if isinstance(question, ScoreQuestion):
            interval = find_interval(request, question, context, assessment)
        found = Sensitivity(
            tornado=find_tornado(request, question, context, assessment),
            facts=find_missing_facts(request, question, context),
            interval=interval,
        )
    if options.json:
        json.dump(sensitivity_json(request, found), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(sensitivity_lines(request, found)))
    return 0


def _question(
    request: ScoringRequest, assessment: Assessment, entity: str, options: argparse.Namespace
) -> Question:
    if options.product is None and options.test is None:
        return ScoreQuestion(entity, options.score, options.jurisdiction)
    project = request.project
    if not isinstance(project.entities[entity], Plant):
        raise CommandError(f"{project.name(entity)} is no plant, so it has no products to test.")
    credits = [credit for credit in assessment.law.credits if credit.plant == entity]
    known = list(dict.fromkeys(credit.product for credit in credits))
    product = options.product
    if product is None and len(known) == 1:
        product = known[0]
    credits = [credit for credit in credits if credit.product == product]
    if not credits:
        raise CommandError(
            f"Say with --product which product of {project.name(entity)} is meant; tested are: "
            f"{', '.join(known) or 'none'}."
        )
    test = options.test or USUAL_TEST
    for credit in credits:
        if any(each.id == test for each in credit.tests):
            return TestQuestion(entity, credit.product, credit.pack, test)
    ids = ", ".join(each.id for credit in credits for each in credit.tests) or "none"
    raise CommandError(f"There is no test '{test}' of {product} in this year (there are: {ids}).")


# JSON -----------------------------------------------------------------------------------------


def sensitivity_json(request: ScoringRequest, found: Sensitivity) -> dict[str, Any]:
    """What was found, as plain JSON values; shares are in 0..1."""
    header, facts = request.project.header, found.facts
    plain: dict[str, Any] = {
        "title": header.title,
        "year": header.year,
        "basis": header.basis.value,
        "scenario": request.scenario,
        "question": {
            key: value
            for key, value in msgspec.to_builtins(facts.question).items()
            if key != "type"
        },
        "asked": facts.title,
        "low": _number(facts.low),
        "high": _number(facts.high),
        "verdict": None if facts.verdict is None else facts.verdict.value,
    }
    if found.interval is not None:
        plain |= {
            "mode": _number(found.interval.mode),
            "unknown": _number(found.interval.unknown),
            "exact": found.interval.exact,
            "why_not_exact": found.interval.why,
            "made_by": [
                {"text": driver.text, "where": _place(driver.place)}
                for driver in found.interval.drivers
            ],
        }
    tornado = found.tornado
    plain["tornado"] = {
        "figure": _number(tornado.figure),
        "threshold": _number(tornado.threshold),
        "verdict": None if tornado.verdict is None else tornado.verdict.value,
        "bars": [_bar(each) for each in tornado.bars],
        "without_effect": tornado.without_effect,
    }
    plain["missing_facts"] = [_fact(fact) for fact in facts.facts]
    plain["without_effect"] = facts.without_effect
    plain["tried"] = facts.tried
    return plain


def _place(place: Place) -> dict[str, str]:
    plain = {"id": place.record, "field": place.field, "product": place.product or ""}
    return {key: value for key, value in plain.items() if value}


def _bar(each: TornadoBar) -> dict[str, Any]:
    quantity = each.quantity
    plain: dict[str, Any] = {
        "where": _place(quantity.place),
        "label": quantity.label,
        "range": [quantity.low, quantity.mode, quantity.high],
        "unit": quantity.unit,
        "sources": list(quantity.sources),
        "at_low": _number(each.at_low),
        "at_high": _number(each.at_high),
        "swing": _number(each.swing),
    }
    if each.verdict_at_low is not None and each.verdict_at_high is not None:
        plain["verdict_at_low"] = each.verdict_at_low.value
        plain["verdict_at_high"] = each.verdict_at_high.value
        plain["changes_verdict"] = each.changes_verdict
    return plain


def _fact(fact: MissingFact) -> dict[str, Any]:
    return {
        "kind": fact.kind.value,
        "where": _place(fact.place),
        "sentence": fact.sentence,
        "narrowing": _number(fact.narrowing),
        "least_narrowing": _number(fact.least_narrowing),
        "settles": [verdict.value for verdict in fact.settles],
        "sources": list(fact.sources),
        "trials": [
            {
                "answer": trial.answer,
                "low": _number(trial.low),
                "high": _number(trial.high),
                "verdict": None if trial.verdict is None else trial.verdict.value,
            }
            for trial in fact.trials
        ],
    }


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


# Text -----------------------------------------------------------------------------------------


def sensitivity_lines(request: ScoringRequest, found: Sensitivity) -> list[str]:
    """What was found, as lines for a terminal."""
    return [
        *_head_lines(found),
        "",
        *_tornado_lines(request, found.tornado),
        "",
        *_fact_lines(found.facts),
    ]


def _head_lines(found: Sensitivity) -> Iterator[str]:
    facts, interval = found.facts, found.interval
    yield facts.title
    told = _span(facts.low, facts.high)
    if interval is not None:
        said = "exact" if interval.exact else "at most this wide"
        yield f"  documented {interval.mode:.1%}, range {told} ({said})"
        if interval.why:
            yield f"  {interval.why}"
        for driver in interval.drivers:
            yield f"    {driver.text}"
    elif facts.verdict is not None:
        yield f"  {facts.verdict.value}, {told}"


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "nothing measured"
    first, last = f"{low:.1%}", f"{high:.1%}"
    return first if first == last else f"{first} to {last}"


def _tornado_lines(request: ScoringRequest, tornado: Tornado) -> Iterator[str]:
    if not tornado.bars:
        yield "No uncertain quantity moves it."
        return
    yield "Each uncertain quantity from low to high, the others at their mode"
    for each in tornado.bars[:SHOWN]:
        quantity = each.quantity
        ends = f"{_end(each.at_low)} to {_end(each.at_high)}"
        verdicts = ""
        if each.verdict_at_low is not None and each.verdict_at_high is not None:
            verdicts = f"  {each.verdict_at_low.value} to {each.verdict_at_high.value}"
            verdicts += " (changes the verdict)" if each.changes_verdict else ""
        titles = [
            request.project.sources[id].title or id if id in request.project.sources else id
            for id in quantity.sources
        ]
        rest = f" (source: {', '.join(titles)})" if titles else ""
        yield f"  {ends:<18} {quantity.label}{verdicts}{rest}"
    if len(tornado.bars) > SHOWN:
        yield f"  and {len(tornado.bars) - SHOWN} more; --json has them all"


def _end(figure: float | None) -> str:
    return "—" if figure is None else f"{figure:.1%}"


def _fact_lines(facts: MissingFacts) -> Iterator[str]:
    yield "What to find out next"
    for number, fact in enumerate(facts.facts[:SHOWN], start=1):
        yield f"  {number}. {fact.sentence}"
        if fact.narrowing > 0.0:
            least = fact.least_narrowing
            by = f"{fact.narrowing:.1%}"
            by = by if abs(fact.narrowing - least) < 5e-4 else f"{least:.1%} to {by}"
            yield f"     The range narrows by {by} of the whole."
    if not facts.facts:
        yield "  Nothing that is missing on the map narrows or settles it."
    if len(facts.facts) > SHOWN:
        yield f"  and {len(facts.facts) - SHOWN} more; --json has them all"
    yield f"  {facts.tried}"
