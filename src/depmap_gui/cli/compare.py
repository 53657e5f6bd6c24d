"""`depmap compare`: the base map and its scenarios side by side, as a table or JSON.

The shape of the JSON is stable. Shares, ratios and risks are in 0..1, indexes in 0..10,000, money
in its currency, all rounded to 12 places; null is unknown.
"""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.analysis.scenario_figures import Cell, Difference, Figure
from depmap_gui.cli.compare_text import comparison_lines
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.cli.rules import rules_folder_option
from depmap_gui.cli.score_json import one_time_json
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Scenario
from depmap_gui.session.rules import user_folders
from depmap_gui.session.scenario_comparison import (
    Row,
    ScenarioComparison,
    Version,
    compare_scenarios,
    comparison_question,
    jurisdictions_of,
)
from depmap_gui.session.session import Session

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

PLACES = 12
BASE_NAME, USUAL_PLACE = "base", "CN"


def add_compare(verbs: Verbs, year: Callable[[str], int], samples: Callable[[str], int]) -> None:
    """Put ``compare`` into the parser; the two read a tax year and a number of samples."""
    help = "Print the scenarios of a project side by side, each beside the base map."
    verb = verbs.add_parser(
        "compare", help=help, description=f"{help} Exit code 1 where one does not fit the map."
    )
    verb.set_defaults(command=compare)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument(
        "--scenarios",
        metavar="A,B",
        help="their ids or names; the base map, which stands first, may be named 'base'; "
        "default: all",
    )
    verb.add_argument("--year", type=year, metavar="Y", help="tax year")
    verb.add_argument("--basis", type=Basis, choices=list(Basis), help="whose a company is")
    verb.add_argument(
        "--jurisdiction", metavar="CODE", help=f"whose shares; default: {USUAL_PLACE}"
    )
    verb.add_argument(
        "--packs",
        type=lambda given: tuple(filter(None, given.split(","))),
        metavar="A,B",
        help="rule packs, instead of the project's",
    )
    verb.add_argument(
        "--samples", type=samples, metavar="N", help="estimate each credit's risk from N samples"
    )
    verb.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same risk"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    rules_folder_option(verb)


def compare(options: Namespace) -> int:
    """Print the comparison: 0, or 1 where a scenario does not fit the map."""
    if options.seed < 0:
        raise CommandError(f"A seed is a whole number from 0; {options.seed} is not.")
    session = Session.open(options.file, user_folders(options.rules_folder))
    chosen = None
    if options.scenarios is not None:
        chosen = named_scenarios(options.scenarios, session.document.snapshot().scenarios)
    question = comparison_question(
        session,
        chosen,
        year=options.year,
        basis=options.basis,
        packs=options.packs,
        jurisdiction=options.jurisdiction or USUAL_PLACE,
        samples=options.samples,
        seed=options.seed,
    )
    if options.jurisdiction is not None:
        known = (*jurisdictions_of(question), UNKNOWN)
        if options.jurisdiction not in known:
            raise CommandError(
                f"There is no jurisdiction '{options.jurisdiction}' on this map (it has: "
                f"{', '.join(known)})."
            )
    with bar("Comparing") as context:
        found = compare_scenarios(question, context)
    if options.json:
        json.dump(comparison_json(found), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(comparison_lines(found)))
    return 1 if any(version.fault for version in found.versions) else 0


def named_scenarios(given: str, scenarios: Mapping[str, Scenario]) -> tuple[str, ...]:
    """The ids of scenarios given by id or name, with commas between them.

    A name may have commas itself: the longest run that names a scenario counts. ``base`` is the
    map itself, which is compared anyway. Raises CommandError with what the project has.
    """
    parts = given.split(",")
    found: list[str] = []
    while parts:
        for length in range(len(parts), 0, -1):
            words = ",".join(parts[:length]).strip()
            named = _named(words, scenarios)
            if named or words in (BASE_NAME, ""):
                found += named
                parts = parts[length:]
                break
        else:
            known = "; ".join(f"{id} ({each.name})" for id, each in scenarios.items()) or "none"
            raise CommandError(
                f"There is no scenario '{parts[0].strip()}' in this project (it has: {known})."
            )
    return tuple(dict.fromkeys(found))


def _named(words: str, scenarios: Mapping[str, Scenario]) -> list[str]:
    if words in scenarios:
        return [words]
    found = [id for id, each in scenarios.items() if each.name == words and words]
    if len(found) > 1:
        raise CommandError(f"'{words}' names several scenarios; give an id: {', '.join(found)}.")
    return found


# JSON -----------------------------------------------------------------------------------------


def comparison_json(found: ScenarioComparison) -> dict[str, Any]:
    """The comparison as plain JSON values."""
    return {
        "title": found.title,
        "year": found.year,
        "basis": found.basis.value,
        "jurisdiction": found.jurisdiction,
        "samples": found.samples,
        "rule_packs": [{"id": each.id, "version": each.version} for each in found.packs_used],
        "versions": [_version(each) for each in found.versions],
        "names": dict(found.names),
        "rows": [_row(each, found) for each in found.rows],
        "caution": found.caution,
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "scenario": version.scenario,
        "name": version.name,
        "fault": version.fault or None,
        "changes": list(version.changes),
    }


def _row(row: Row, found: ScenarioComparison) -> dict[str, Any]:
    place = row.place
    about: dict[str, Any] = {"figure": place.figure.value}
    if place.company:
        about |= {"company": place.company, "rule_pack": place.pack, "question": place.part}
    else:
        about["plant"] = place.plant
    if place.product:
        about |= {
            "product": place.product,
            "product_name": found.products[place.plant, place.product],
            "credit": place.credit,
            "rule_pack": place.pack,
        }
    if place.figure is Figure.TEST:
        about["test"] = place.part
    return {
        **about,
        "values": [_cell(place.figure, cell) for cell in row.cells],
        "differences": [_difference(place.figure, each) for each in row.differences],
    }


def _cell(figure: Figure, cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    if cell.absence is not None:
        return {"absent": cell.absence.value}
    ends = {"low": _number(cell.low), "high": _number(cell.high)}
    match figure:
        case Figure.STATUS:
            return {"status": cell.word, "phase_out": _number(cell.phase_out)}
        case Figure.ANSWER:
            return {"answer": cell.word}
        case Figure.OPEN:
            return {"open": list(cell.points)}
        case Figure.TEST:
            return {
                "verdict": cell.word,
                **ends,
                "unit": cell.unit,
                "comparison": cell.comparison,
                "threshold": _number(cell.threshold),
                "margin": _number(cell.margin),
                "open": list(cell.points),
            }
        case Figure.ANNUAL_CREDIT | Figure.AT_RISK:
            return {
                "value": _number(cell.low),
                "currency": cell.unit,
                "one_time": one_time_json(cell.one_time),
            }
        case Figure.RISK:
            return {"value": _number(cell.low)}
        case _:
            return ends


def _difference(figure: Figure, found: Difference | None) -> dict[str, Any] | None:
    if found is None:
        return None
    plain: dict[str, Any] = {"outcome": found.outcome.value}
    ends = {"low": _number(found.low), "high": _number(found.high)}
    changes = {"opened": list(found.opened), "settled": list(found.settled)}
    match figure:
        case Figure.STATUS | Figure.ANSWER:
            return plain
        case Figure.OPEN:
            return plain | changes
        case Figure.TEST:
            return plain | ends | {"margin": _number(found.margin)} | changes
        case Figure.ANNUAL_CREDIT | Figure.AT_RISK | Figure.RISK:
            return plain | {"value": ends["low"]}
        case _:
            return plain | ends


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
