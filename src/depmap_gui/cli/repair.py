"""The command ``repair``: the cheapest way back to eligible, as text or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from depmap_gui.analysis.repair_results import Ending, MoveKind, RepairError, RepairResult
from depmap_gui.analysis.repair_results import RepairRules as Rules
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.cli.repair_json import repair_json
from depmap_gui.cli.repair_text import repair_lines
from depmap_gui.session.repair import find_ways, plant_called, plants_with_credits, scenario_edit
from depmap_gui.session.rules import user_folders
from depmap_gui.session.session import ScoringRequest, Session

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

ALL = "all"
_DONE = (Ending.ELIGIBLE, Ending.FOUND, Ending.ALL_FOUND)


def add_repair(verbs: Verbs, question: Callable[[argparse.ArgumentParser], None]) -> None:
    """Put ``repair`` into the parser; ``question`` adds what may be asked of the project."""
    help = "Find the cheapest moves after which a plant's credits are eligible."
    verb = verbs.add_parser("repair", help=help, description=help)
    verb.set_defaults(command=repair)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument(
        "--plant", required=True, metavar="ID", help=f"id or name of the plant, or {ALL}"
    )
    verb.add_argument("--product", metavar="ID", help="only this product of the plant")
    verb.add_argument(
        "--alternatives", type=_count, default=3, metavar="K", help="ways to find; default: 3"
    )
    verb.add_argument(
        "--forbid",
        action="append",
        default=[],
        metavar="KIND-OR-MOVE",
        help=f"a kind of move ({', '.join(MoveKind)}) or a move's id, may be repeated",
    )
    verb.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="MOVE=COST",
        help="what a move costs a year, may be repeated",
    )
    verb.add_argument(
        "--weight",
        action="append",
        default=[],
        metavar="KIND=WEIGHT",
        help="what a move of the kind counts that has no price",
    )
    verb.add_argument(
        "--seconds", type=_seconds, default=60.0, metavar="S", help="time for a plant; default: 60"
    )
    verb.add_argument("--moves", action="store_true", help="list the moves that there are, too")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.add_argument(
        "--save-scenario", metavar="NAME", help="add the cheapest way as a scenario; needs -o"
    )
    verb.add_argument("-o", "--output", type=Path, metavar="OUT.depmap")
    question(verb)


def repair(options: argparse.Namespace) -> int:
    """Print the ways; 0 where every plant has one or needs none, 1 otherwise."""
    if bool(options.save_scenario) != bool(options.output):
        raise CommandError(
            "--save-scenario and -o go together: the one names the scenario, the other the file "
            "that it is written to. Give both or neither."
        )
    rules = Rules(
        alternatives=options.alternatives,
        prices=_figures(options.price, "--price"),
        weights=_weights(options.weight),
        forbidden=frozenset(options.forbid),
        seconds=options.seconds,
    )
    session = Session.open(options.file, user_folders(options.rules_folder))
    request = session.request(
        year=options.year, basis=options.basis, scenario=options.scenario, packs=options.packs
    )
    try:
        results = _found(request, options.plant, options.product, rules)
    except RepairError as fault:
        raise CommandError(str(fault)) from fault
    _check_names(results, rules)
    if options.save_scenario:
        _save(session, request, results, options.save_scenario, options.output)
    if options.json:
        json.dump(repair_json(request, results), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(repair_lines(request, results, moves=options.moves)))
        if options.save_scenario:
            print(f"\nSaved as scenario '{options.save_scenario}' in {options.output}.")
    return 0 if all(result.ending in _DONE or result.ways for result in results) else 1


def _found(
    request: ScoringRequest, plant: str, product: str | None, rules: Rules
) -> list[RepairResult]:
    if plant != ALL:
        ids: Sequence[str] = [plant_called(request.project, plant)]
    else:
        ids = plants_with_credits(request.project, request.packs)
        if not ids:
            raise RepairError("No plant on the map claims a credit that a rule pack in use knows.")
    with bar("Way back") as context:
        return [find_ways(request, id, product, rules, context) for id in ids]


def _check_names(results: Sequence[RepairResult], rules: Rules) -> None:
    """Refuse a price for, or a ban on, a move that there is not: a slip would go unseen."""
    kinds = {kind.value for kind in MoveKind}
    known = {move.id for result in results for move in result.moves}
    for given in rules.prices:
        if given not in known:
            told = ", ".join(sorted(known)) or "none"
            raise CommandError(f"There is no move '{given}' to price (there are: {told}).")
    if unknown := rules.forbidden - kinds - known:
        raise CommandError(
            f"'{min(unknown)}' is no kind of move and no move's id, so it cannot be forbidden. "
            f"Kinds are: {', '.join(sorted(kinds))}; --moves lists the moves."
        )


def _save(
    session: Session,
    request: ScoringRequest,
    results: Sequence[RepairResult],
    name: str,
    output: Path,
) -> None:
    if len(results) != 1 or not results[0].ways:
        raise CommandError(
            "There is no single way to save as a scenario: ask for one plant that is not eligible "
            "and has a way back. Nothing was written."
        )
    base = session.document.snapshot()
    edit = scenario_edit(base, request.scenario, results[0], results[0].ways[0], name)
    session.document.apply(edit)
    session.save_as(output)


def _figures(given: Sequence[str], option: str) -> dict[str, float]:
    found = {}
    for each in given:
        name, equals, number = each.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            equals = ""
        if not equals or not name:
            raise CommandError(f"{option} takes NAME=NUMBER, not '{each}'.")
    return found


def _weights(given: Sequence[str]) -> dict[str, float]:
    weights = _figures(given, "--weight")
    kinds = {kind.value for kind in MoveKind}
    for kind, weight in weights.items():
        if kind not in kinds or not 0.0 < weight < 1e6:
            raise CommandError(
                f"--weight takes a kind of move ({', '.join(sorted(kinds))}) and a number above 0, "
                f"not '{kind}={weight:g}'."
            )
    return weights


def _count(given: str) -> int:
    if not given.isdigit() or not 1 <= int(given) <= 100:
        raise argparse.ArgumentTypeError(f"a number from 1 to 100, not '{given}'")
    return int(given)


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= 86_400.0:
        raise argparse.ArgumentTypeError(f"a number of seconds above 0, not '{given}'")
    return seconds
