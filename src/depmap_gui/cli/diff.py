"""`depmap diff` and `depmap apply`: what differs, in sentences or JSON, and taking it over."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.domain.differences import Refusal, count_words
from depmap_gui.session.round_trip import (
    Comparison,
    Told,
    compare_files,
    compare_workbook,
    edit_of_chosen,
    is_workbook,
)
from depmap_gui.session.session import Session

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

_SHOWN = 2_000


def add_differences(verbs: Verbs) -> None:
    """Add the two commands to the parser."""
    help = "Print what changed between two projects, or a project and its workbook."
    verb = verbs.add_parser(
        "diff", help=help, description=f"{help} Exit code 1 where anything did."
    )
    verb.set_defaults(command=diff)
    verb.add_argument("before", type=Path, metavar="A", help="project, or its workbook (.xlsx)")
    verb.add_argument("after", type=Path, metavar="B", help="project, or its workbook (.xlsx)")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    help = "Take over what was edited in an exported workbook."
    verb = verbs.add_parser("apply", help=help, description=help)
    verb.set_defaults(command=apply)
    verb.add_argument("workbook", type=Path, metavar="WORKBOOK", help="exported and edited .xlsx")
    verb.add_argument("project", type=Path, metavar="PROJECT", help="project it was written from")
    verb.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write there, and leave PROJECT as it is"
    )
    verb.add_argument("--dry-run", action="store_true", help="say what would change; write nothing")
    verb.add_argument("--json", action="store_true", help="print one JSON object")


def diff(options: Namespace) -> int:
    """Print what differs: 0 where nothing does, else 1."""
    with bar("Comparing"):
        try:
            found = compare_files(options.before, options.after)
        except ValueError as fault:
            raise CommandError(str(fault)) from None
    if options.json:
        _print_json(_comparison_json(found))
    else:
        _print_comparison(found)
        if found.is_same:
            print("No differences.")
    return 0 if found.is_same else 1


def apply(options: Namespace) -> int:
    """Take an edited workbook over: 0, or 1 where something in it could not be taken."""
    if not is_workbook(options.workbook):
        raise CommandError(
            f"'{options.workbook.name}' is not a workbook by its name; it should end in .xlsx. "
            "The order is: depmap apply WORKBOOK PROJECT."
        )
    session = Session.open(options.project)
    project = session.document.snapshot()
    with bar("Reading the workbook") as context:
        found = compare_workbook(project, options.workbook, context)
    edit, refused = edit_of_chosen(project, found.told, options.workbook.name)
    target = None
    if not options.dry_run and (edit.edits or options.output is not None):
        target = options.output or options.project
        session.document.apply(edit)
        session.save_as(target)
    if options.json:
        refusals = [_refusal_json(each) for each in refused]
        written = None if target is None else str(target)
        _print_json(_comparison_json(found) | {"refused": refusals, "written": written})
    else:
        _print_comparison(found)
        _print_outcome(found, refused, target, dry=options.dry_run)
    return 1 if found.problems or refused else 0


def _print_comparison(found: Comparison) -> None:
    for notice in found.notices:
        print(f"Note: {notice}")
    for problem in found.problems:
        print(f"Not taken: {problem}.")
    for each in found.told[:_SHOWN]:
        print(f"{each.words}{f' [{each.cell}]' if each.cell else ''}")
    if len(found.told) > _SHOWN:
        print(f"... and {len(found.told) - _SHOWN:,} more; --json lists them all.")
    for section in found.order:
        print(f"The {section} stand in another order.")


def _print_outcome(
    found: Comparison, refused: tuple[Refusal, ...], target: Path | None, *, dry: bool
) -> None:
    words = {each.difference.place: each.words for each in found.told}
    for each in refused:
        print(f"Could not be made: {words[each.difference.place]} {each.why}")
    counted = count_words([each.difference for each in found.told])
    if not found.told:
        print("The workbook says what the map says: nothing to apply.")
    elif dry:
        print(f"Would apply: {counted}. Nothing was written.")
    if target is not None:
        print(f"Wrote {target} ({counted}).")


def _comparison_json(found: Comparison) -> dict[str, Any]:
    return {
        "same": found.is_same,
        "differences": [_told_json(each) for each in found.told],
        "order": list(found.order),
        "problems": list(found.problems),
        "notices": list(found.notices),
    }


def _told_json(each: Told) -> dict[str, Any]:
    difference = each.difference
    return {
        "change": str(difference.change),
        "section": "header" if difference.section is None else str(difference.section),
        "id": difference.id,
        "kind": difference.kind,
        "product": difference.product or None,
        "field": difference.field or None,
        "old": difference.old,
        "new": difference.new,
        "cell": each.cell or None,
        "words": each.words,
    }


def _refusal_json(each: Refusal) -> dict[str, Any]:
    return {"id": each.difference.id, "field": each.difference.field or None, "why": each.why}


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()
