"""Reads the command line and runs one command.

Exit codes: 0 done, 1 done and there is something to look at, 2 could not be done. An error is
plain sentences on standard error, never a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from depmap_gui import __version__
from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.results import Score
from depmap_gui.cli import commands
from depmap_gui.cli import shock as shocks
from depmap_gui.cli.compare import add_compare
from depmap_gui.cli.diff import add_differences
from depmap_gui.cli.faults import sentences
from depmap_gui.cli.importing import add_importing
from depmap_gui.cli.repair import add_repair
from depmap_gui.cli.report import add_report
from depmap_gui.cli.rules import add_rules, rules_folder_option
from depmap_gui.cli.sensitivity import add_sensitivity
from depmap_gui.cli.status import add_status
from depmap_gui.cli.years import add_years
from depmap_gui.domain.kinds import Basis

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_SAMPLES = 1_000_000

Command = Callable[[argparse.Namespace], int]


def run(arguments: Sequence[str]) -> int:
    """Run the command line's arguments (without the program's name); returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep the shutdown from complaining about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return 2
    except Exception as fault:
        told = sentences(fault)
        if told is None:
            raise
        for sentence in told:
            print(sentence, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="depmap",
        description="Map who a plant depends on, and see what that dependence costs it.",
        epilog="An aid to analysis, not legal advice.",
    )
    parser.add_argument("--version", action="version", version=f"DepMap {__version__}")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_gui(verbs)
    _add_check(verbs)
    _add_score(verbs)
    _add_explain(verbs)
    add_sensitivity(verbs, _question)
    _add_shock(verbs)
    add_repair(verbs, _question)
    _add_export(verbs)
    add_importing(verbs)
    add_differences(verbs)
    _add_render(verbs)
    add_report(verbs, _question, _count)
    add_rules(verbs)
    add_years(verbs, _year)
    add_status(verbs)
    add_compare(verbs, _year, _count)
    _add_upkeep(verbs)
    return parser


if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]


def _verb(verbs: Verbs, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=help, description=help)
    verb.set_defaults(command=command)
    return verb


def _add_gui(verbs: Verbs) -> None:
    verb = _verb(verbs, "gui", commands.gui, "Open the window.")
    verb.add_argument("file", type=Path, nargs="?", metavar="FILE", help="project to open")


def _add_check(verbs: Verbs) -> None:
    verb = _verb(
        verbs, "check", commands.check, "Print the problems of a project; exit code 1 if any."
    )
    _file(verb)
    rules_folder_option(verb)


def _add_score(verbs: Verbs) -> None:
    verb = _verb(verbs, "score", commands.score, "Print the scores of a project.")
    _file(verb)
    _question(verb)
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.add_argument(
        "--samples", type=_count, metavar="N", help="estimate each credit's risk from N samples"
    )
    verb.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same risk"
    )
    verb.add_argument(
        "--jurisdiction",
        metavar="CODE",
        help="whose shares are sampled; default: CN where the map has it",
    )


def _add_explain(verbs: Verbs) -> None:
    verb = _verb(verbs, "explain", commands.explain, "Take a score apart into what it is made of.")
    _file(verb)
    verb.add_argument("entity", metavar="ENTITY", help="id or name of the item")
    verb.add_argument(
        "--score", type=Score, choices=list(Score), default=Score.IP, help="default: ip"
    )
    verb.add_argument(
        "--concentration",
        type=Market,
        choices=list(Market),
        help="explain a plant's concentration index, in points, instead of a score",
    )
    verb.add_argument(
        "--jurisdiction", default="CN", metavar="CODE", help="code, or unknown; default: CN"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    _question(verb)


def _add_shock(verbs: Verbs) -> None:
    verb = _verb(verbs, "shock", shocks.shock, "See what is lost when something falls away.")
    _file(verb)
    verb.add_argument(
        "--off",
        action="append",
        default=[],
        metavar="ENTITY-OR-CODE[:CHANNEL][=FRACTION]",
        help="what to switch off, may be repeated; of a jurisdiction all, or by one channel: "
        "made-in, made-by or licenses",
    )
    verb.add_argument(
        "--single-points", action="store_true", help="list what each plant stops without"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    _question(verb)


def _add_export(verbs: Verbs) -> None:
    help = "Write the Excel workbook with live formulas, or the map in another format."
    verb = _verb(verbs, "export", commands.export, help)
    _file(verb)
    _output(verb, "OUT.xlsx|graphml|gexf|bods.json|ftm.json|csv|zip|json")
    verb.add_argument(
        "--samples", type=_count, metavar="N", help="draw each credit's risk from N samples"
    )
    verb.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same risk"
    )
    _question(verb)


def _add_render(verbs: Verbs) -> None:
    verb = _verb(verbs, "render", commands.render, "Draw the map as PNG, SVG or PDF.")
    _file(verb)
    _output(verb, "OUT.png|svg|pdf")
    verb.add_argument("--dark", action="store_true", help="draw on a dark ground")
    _question(verb)


def _add_upkeep(verbs: Verbs) -> None:
    _verb(
        verbs,
        "self-test",
        commands.self_test,
        "Open a sample in a window, score, export and draw it, and say whether all went well.",
    )
    screens = _verb(verbs, "screens", commands.screens, "Draw every screen and dialog as PNG.")
    _output(screens, "FOLDER")
    screens.add_argument("--theme", choices=["light", "dark"], default="light")
    screens.add_argument("--scale", type=float, default=1.0, metavar="X", help="2 for 200%%")
    screens.add_argument(
        "--text", type=int, choices=[80, 90, 100, 110, 125, 150, 175, 200], default=100
    )
    screens.add_argument("--locale", default="en_US", help="how figures are written: de_DE")
    screens.add_argument("names", nargs="*", metavar="NAME", help="only these screens")
    bench = _verb(verbs, "bench", commands.bench, "Measure speed beside plain alternatives.")
    measured = ["all", "canvas", "scores", "tables", "window", "workbook"]
    bench.add_argument("what", nargs="?", choices=measured, default="all")
    bench.add_argument(
        "--links", type=int, nargs="+", metavar="N", help="sizes of the maps that are scored"
    )
    bench.add_argument(
        "--plain-up-to", type=int, metavar="N", help="score no larger map by plain loops"
    )


def _file(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")


def _output(verb: argparse.ArgumentParser, form: str) -> None:
    verb.add_argument("-o", "--output", type=Path, required=True, metavar=form)


def _question(verb: argparse.ArgumentParser) -> None:
    """What is asked of the project, where it differs from what the project itself says."""
    verb.add_argument("--year", type=_year, metavar="Y", help="tax year")
    verb.add_argument("--basis", type=Basis, choices=list(Basis), help="whose a company is")
    verb.add_argument("--scenario", metavar="ID", help="scenario to play out")
    verb.add_argument(
        "--packs",
        type=lambda given: tuple(filter(None, given.split(","))),
        metavar="A,B",
        help="rule packs, instead of the project's",
    )
    rules_folder_option(verb)


def _count(given: str) -> int:
    if not given.isdigit() or not 1 <= int(given) <= MOST_SAMPLES:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_SAMPLES:,}, not '{given}'")
    return int(given)


def _year(given: str) -> int:
    if not given.isdigit() or not FIRST_YEAR <= int(given) <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"a year from {FIRST_YEAR} to {LAST_YEAR}, not '{given}'")
    return int(given)
