"""The commands under ``depmap rules``: list, show, check and compare rule packs.

Exit codes are those of ``depmap check``: 0 nothing to look at, 1 faults or differences were
found, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.rules_json import diff_json, offered_json, pack_json, parameter_json
from depmap_gui.cli.rules_text import (
    diff_lines,
    offered_lines,
    pack_lines,
    parameter_lines,
)
from depmap_gui.domain.scenarios import play
from depmap_gui.rules.pack import Parameter, RulePack
from depmap_gui.session.pack_diff import pack_changes
from depmap_gui.session.rules import check_folder, offered_packs, pack_named, user_folders
from depmap_gui.session.session import Session
from depmap_gui.session.verdict_diff import VerdictChange, verdict_changes

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

FIRST_YEAR, LAST_YEAR = 2000, 2100


def add_rules(verbs: Verbs) -> None:
    """Put ``rules`` and its own commands into the parser."""
    help = "List, show, check and compare rule packs."
    rules = verbs.add_parser("rules", help=help, description=help)
    own = rules.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listed = _verb(own, "list", list_packs, "List every rule pack, with version, date and place.")
    rules_folder_option(listed)
    _json_option(listed)
    shown = _verb(own, "show", show, "Print a pack: parameters by date, lists, tests, questions.")
    shown.add_argument("pack", metavar="PACK", help="id of a pack, or its folder")
    shown.add_argument("--parameter", metavar="P", help="this parameter only")
    shown.add_argument(
        "--as-of", type=_day, metavar="DATE", help="only what holds on this day (2026-12-31)"
    )
    rules_folder_option(shown)
    _json_option(shown)
    checked = _verb(
        own, "check", check, "Check the packs and lists in a folder; exit code 1 if any is faulty."
    )
    checked.add_argument("folder", type=Path, metavar="FOLDER", help="a pack, lists, or a shelf")
    compared = _verb(
        own, "diff", diff, "Tell what changed between two packs, and whose verdict changes."
    )
    compared.add_argument("before", metavar="A", help="id of a pack, or its folder")
    compared.add_argument(
        "after", metavar="B", help="id of a pack, its folder, or a folder of lists to lay over A"
    )
    compared.add_argument(
        "--map", type=Path, metavar="FILE", help="tell whose verdict changes on this map"
    )
    compared.add_argument("--year", type=_year, metavar="Y", help="tax year, else the map's")
    compared.add_argument("--scenario", metavar="ID", help="scenario of the map to play out")
    rules_folder_option(compared)
    _json_option(compared)


def rules_folder_option(verb: argparse.ArgumentParser) -> None:
    """Let a command be told where the user's packs and lists are."""
    verb.add_argument(
        "--rules-folder",
        action="append",
        type=Path,
        default=[],
        metavar="DIR",
        help="folder of rule packs or lists of your own, may be repeated; those in the "
        "environment variable DEPMAP_RULES come first",
    )


def list_packs(options: argparse.Namespace) -> int:
    """Every pack there is: 1 where one is refused, with its faults."""
    offered = offered_packs(user_folders(options.rules_folder))
    if options.json:
        _print_json([offered_json(each) for each in offered])
    else:
        print("\n".join(offered_lines(offered)))
    return 1 if any(each.error for each in offered) else 0


def show(options: argparse.Namespace) -> int:
    """One pack, or one of its parameters, as of a day or by date."""
    pack = pack_named(options.pack, user_folders(options.rules_folder))
    if options.parameter is not None:
        parameter = _parameter(pack, options.parameter)
        if options.json:
            _print_json(parameter_json(parameter, options.as_of))
        else:
            print("\n".join(parameter_lines(parameter, options.as_of)))
    elif options.json:
        _print_json(pack_json(pack, options.as_of))
    else:
        print("\n".join(pack_lines(pack, options.as_of)))
    return 0


def check(options: argparse.Namespace) -> int:
    """Check a folder: 1 where anything in it is faulty, all faults told."""
    checked = check_folder(options.folder)
    for each in checked:
        if each.error is None:
            print(f"{each.folder}: {each.sound}")
        else:
            print(f"{each.folder}: {_count(len(each.error.faults), 'fault')}")
            for fault in each.error.faults:
                print(f"  {fault}")
    return 1 if any(each.error for each in checked) else 0


def diff(options: argparse.Namespace) -> int:
    """What changed from one pack to another: 1 where anything did."""
    folders = user_folders(options.rules_folder)
    before = pack_named(options.before, folders)
    after = pack_named(options.after, folders, base=before)
    changes = pack_changes(before, after)
    verdicts: tuple[VerdictChange, ...] | None = None
    year: int | None = options.year
    if options.map is not None:
        project = play(Session.open(options.map).document.snapshot(), options.scenario)
        year = project.header.year if year is None else year
        verdicts = verdict_changes(project, before, after, year)
    elif year is not None:
        raise CommandError("--year asks about a map; name one with --map.")
    if options.json:
        _print_json(diff_json(before, after, changes, verdicts, year))
    else:
        print("\n".join(diff_lines(before, after, changes, verdicts, year)))
    return 1 if changes or verdicts else 0


def _parameter(pack: RulePack, id: str) -> Parameter:
    if (found := pack.parameters.get(id)) is not None:
        return found
    near = [known for known in pack.parameters if id in known or known in id]
    near = near or list(pack.parameters)
    raise CommandError(f"{pack.id} has no parameter '{id}'. It has: {', '.join(near)}.")


def _verb(verbs: Verbs, name: str, command: Any, help: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=help, description=help)
    verb.set_defaults(command=command)
    return verb


def _json_option(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="print JSON")


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day such as 2026-12-31, not '{given}'") from None


def _year(given: str) -> int:
    if not given.isdigit() or not FIRST_YEAR <= int(given) <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"a year from {FIRST_YEAR} to {LAST_YEAR}, not '{given}'")
    return int(given)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _print_json(value: object) -> None:
    json.dump(msgspec.to_builtins(value), sys.stdout, ensure_ascii=False, indent=1)
    print()
