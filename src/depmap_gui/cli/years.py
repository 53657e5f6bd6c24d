"""The command ``years``: verdicts by year, the first failing year, and which readings matter."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depmap_gui.analysis.years import LAST_YEAR, ProductYears, YearOfCredit, YearsResult
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.cli.rules import rules_folder_option
from depmap_gui.cli.score_json import one_time_json, recapture_json
from depmap_gui.cli.score_text import recapture_lines
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.rules.readings import ReadingEffect
from depmap_gui.rules.results import Eligibility, OneTime, TestResult, Verdict
from depmap_gui.session.rules import user_folders
from depmap_gui.session.session import ScoringRequest, Session
from depmap_gui.session.years import readings_of, years_of

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

PLACES = 12
_SIGNS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "FAIL",
    Verdict.UNCERTAIN: "unsure",
    Verdict.UNKNOWN: "open",
}


def add_years(verbs: Verbs, year: Callable[[str], int]) -> None:
    """Put ``years`` into the parser; ``year`` reads a tax year."""
    help = "Print every product's verdicts year by year, and when each test first fails."
    verb = verbs.add_parser("years", help=help, description=help)
    verb.set_defaults(command=years)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument("--from", dest="first", type=year, metavar="Y", help="default: the map's")
    verb.add_argument("--to", dest="last", type=year, default=LAST_YEAR, metavar="Y",
                      help=f"default: {LAST_YEAR}")  # fmt: skip
    verb.add_argument("--scenario", metavar="ID", help="scenario to play out")
    verb.add_argument(
        "--packs",
        type=lambda given: tuple(filter(None, given.split(","))),
        metavar="A,B",
        help="rule packs, instead of the project's",
    )
    verb.add_argument(
        "--readings", action="store_true", help="say which open questions would change a verdict"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    rules_folder_option(verb)


def years(options: argparse.Namespace) -> int:
    """Print the years, as tables or as one JSON object."""
    session = Session.open(options.file, user_folders(options.rules_folder))
    request = session.request(year=options.first, scenario=options.scenario, packs=options.packs)
    first = request.project.header.year
    if options.last < first:
        raise CommandError(
            f"The last year, {options.last}, comes before the first, {first}. Give an earlier "
            "--from or a later --to."
        )
    with bar("Years") as context:
        found = years_of(request, first, options.last, context)
        effects = readings_of(request, context) if options.readings else None
    if options.json:
        json.dump(years_json(request, found, effects), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(years_lines(request, found, effects)))
    return 0


# ------------------------------------------------------------------------------------ JSON


def years_json(
    request: ScoringRequest, found: YearsResult, effects: Sequence[ReadingEffect] | None
) -> dict[str, Any]:
    """The years as plain JSON values. Shares are in 0..1, money in the pack's currency."""
    plain: dict[str, Any] = {
        "title": request.project.header.title,
        "scenario": request.scenario,
        "rule_packs": [{"id": pack.id, "version": pack.version} for pack in request.packs],
        "from": found.first,
        "to": found.last,
        "products": [_product(each) for each in found.products],
        "companies": [
            {
                "company": each.company,
                "rule_pack": each.pack,
                "answers": {
                    question: {str(year): answer.value for year, answer in by_year.items()}
                    for question, by_year in each.answers.items()
                },
            }
            for each in found.companies
        ],
        "caution": found.caution,
    }
    if effects is not None:
        plain["open_questions"] = [_effect(effect) for effect in effects]
    return plain


def _product(product: ProductYears) -> dict[str, Any]:
    return {
        "plant": product.plant,
        "product": product.product,
        "rule_pack": product.pack,
        "credit": product.credit,
        "one_time": one_time_json(product.one_time),
        "first_ineligible": product.first_ineligible,
        "first_without_credit": product.first_without_credit,
        "first_failures": product.first_failures,
        "years": [
            {
                "year": each.year,
                "status": each.status.value,
                "phase_out": each.phase_out,
                "annual_credit": each.annual_credit,
                "credit_in_year": each.in_year,
                "open": list(each.open),
                "tests": [_test(test) for test in each.tests],
                "recapture": recapture_json(each.recapture),
            }
            for each in product.years
        ],
    }


def _test(test: TestResult) -> dict[str, Any]:
    figures = {"low": test.low, "high": test.high, "threshold": test.threshold}
    rounded = {key: None if n is None else round(n, PLACES) for key, n in figures.items()}
    return {"id": test.id, "verdict": test.verdict.value, **rounded}


def _effect(effect: ReadingEffect) -> dict[str, Any]:
    return {
        "rule_pack": effect.pack,
        "question": effect.question,
        "title": effect.title,
        "asks": effect.asks,
        "reading": effect.reading,
        "text": effect.text,
        "citation": effect.citation,
        "credits": [
            {
                "plant": each.plant,
                "product": each.product,
                "status": each.status.value,
                "as_read": each.as_read.value,
                "tests": {
                    id: [None if verdict is None else verdict.value for verdict in both]
                    for id, both in each.tests.items()
                },
            }
            for each in effect.credits
        ],
        "companies": [
            {
                "company": each.company,
                "question": each.question,
                "answer": each.answer.value,
                "as_read": each.as_read.value,
            }
            for each in effect.companies
        ],
    }


# ------------------------------------------------------------------------------------ text


def years_lines(
    request: ScoringRequest, found: YearsResult, effects: Sequence[ReadingEffect] | None
) -> list[str]:
    """A table a product, years across, then what changes when, then what is open."""
    project = request.project
    lines = [f"{project.header.title or 'Untitled map'}: tax years {found.first} to {found.last}"]
    titles = {pack.id: {test.id: test.title for test in pack.tests.values()}
              for pack in request.packs}  # fmt: skip
    for product in found.products:
        lines += ["", *_product_lines(project, product, titles[product.pack])]
    if not found.products:
        lines += ["", "No product on the map claims a credit of these packs."]
    if found.companies:
        lines += ["", "Companies whose status changes"]
    for company in found.companies:
        for question, by_year in company.answers.items():
            told = ", ".join(f"{year} {answer}" for year, answer in by_year.items())
            lines.append(f"  {project.name(company.company)}, {question}: {told}")
    if effects is not None:
        lines += ["", f"Open questions that would change an answer in {found.first}"]
        lines += [line for effect in effects for line in _effect_lines(project, effect)] or [
            "  none"
        ]
    return [*lines, "", found.caution]


def _product_lines(
    project: Project, product: ProductYears, titles: dict[str, str]
) -> Iterator[str]:
    plant = project.entities.get(product.plant)
    made = plant.products if isinstance(plant, Plant) else ()
    name = next((each.name for each in made if each.id == product.product), "") or product.product
    yield f"{project.name(product.plant)}, {name} ({product.credit})"
    ids = list(dict.fromkeys(test.id for each in product.years for test in each.tests))
    rows = [["", *(str(each.year) for each in product.years)]]
    for id in ids:
        verdicts = [{test.id: test.verdict for test in each.tests} for each in product.years]
        told = [_SIGNS[verdict[id]] if id in verdict else "·" for verdict in verdicts]
        rows.append([titles.get(id, id), *told])
    rows.append(["Credit", *map(_credit_word, product.years)])
    rows.append(["Phase-out", *("?" if each.phase_out is None else f"{each.phase_out:.0%}"
                                for each in product.years)])  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()
    for id, year in product.first_failures.items():
        yield f"  first fails in {year}: {titles.get(id, id)}"
    if product.one_time is not None:
        yield f"  {_given_once(product, product.one_time)}"
    elif product.first_ineligible is not None:
        yield f"  credit lost from {product.first_ineligible}"
    if product.first_without_credit is not None:
        yield f"  no credit in law from {product.first_without_credit}"
    exposed = (each.recapture for each in product.years if each.recapture is not None)
    yield from recapture_lines(next(exposed, None), "  ")


_STATES = {
    Eligibility.ELIGIBLE: "ok",
    Eligibility.AT_RISK: "at risk",
    Eligibility.INELIGIBLE: "lost",
    Eligibility.UNDETERMINED: "open",
}


def _credit_word(year: YearOfCredit) -> str:
    """How a credit stands in a year; `ended` where the law has none left."""
    return "ended" if year.phase_out == 0.0 else _STATES[year.status]


def _given_once(product: ProductYears, given: OneTime) -> str:
    """A one-time credit in words: its amount, and how it stands in the year that counts."""
    amounts = (each.annual_credit for each in product.years if each.annual_credit is not None)
    amount = next(amounts, None)
    money = "" if amount is None else f": {amount:,.0f} {product.currency}"
    if given.year is None:
        return f"{given.words}{money}; state the day in service to see which year counts"
    if (year := product.given) is None:
        return f"{given.words}{money}; that year is not among those shown"
    return f"{given.words}{money}, {_credit_word(year)}; the other years do not count for it"


def _effect_lines(project: Project, effect: ReadingEffect) -> Iterator[str]:
    yield f"  {effect.title}: {effect.text} [{effect.question}={effect.reading}]"
    for credit in effect.credits:
        yield (f"    {project.name(credit.plant)}, {credit.product}: {credit.status} -> "
               f"{credit.as_read}")  # fmt: skip
    for company in effect.companies:
        name = project.name(company.company)
        yield f"    {name}, {company.question}: {company.answer} -> {company.as_read}"
