"""Files of other programs at the command line: `depmap import` of graphs and statements of
ownership, and `depmap export` in their formats."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from depmap_gui.cli.faults import CommandError
from depmap_gui.domain.project import Project
from depmap_gui.session.formats import (
    Joined,
    LeftOut,
    Reading,
    as_project,
    export_format,
    joined,
)
from depmap_gui.session.session import Session

MOST_TOLD = 40


def import_readings(options: Namespace, readings: Sequence[Reading | None]) -> int:
    """Write what was read into a new project or one that is there; 0 where something was read.

    Raises CommandError where tables were given with it.
    """
    if any(reading is None for reading in readings):
        names = ", ".join(
            path.name
            for path, reading in zip(options.tables, readings, strict=False)
            if reading is None
        )
        raise CommandError(
            f"Import tables ({names}) and files of other programs in two steps: the second with "
            "--into the first one's project."
        )
    found = [reading for reading in readings if reading is not None]
    session, taken, differing = _taken(options, found)
    written = None
    if not options.dry_run:
        session.save_as(options.output)
        written = options.output
    if options.json:
        json.dump(
            _plain(found, taken, differing, written), sys.stdout, ensure_ascii=False, indent=1
        )
        print()
    else:
        print("\n".join(_lines(found, taken, differing, written)))
    return 0


def _taken(
    options: Namespace, found: list[Reading]
) -> tuple[Session, list[Joined], tuple[LeftOut, ...]]:
    if options.into is None:
        project, differing = as_project(found)
        return Session(project), [], differing
    session = Session.open(options.into)
    taken = []
    for reading in found:
        taken.append(joined(session.document.snapshot(), reading))
        edit = taken[-1].edit
        if edit is not None:
            session.document.apply(edit)
    return session, taken, tuple(one for each in taken for one in each.left_out)


def _lines(
    found: list[Reading],
    taken: list[Joined],
    differing: tuple[LeftOut, ...],
    written: Path | None,
) -> list[str]:
    lines = []
    for reading in found:
        lines.append(f"{reading.name} ({reading.format}): {_counts(reading.read)} read")
        lines.append(f"  made: {_counts(reading.made)}")
        lines += [f"  {note}" for note in reading.notes]
        lines += _told("left out", reading.left_out)
    for one in taken:
        lines.append(
            f"  onto the map: {_counts(one.added)} added, {one.filled:,} filled in, "
            f"{one.unchanged:,} unchanged"
        )
    lines += _told("not changed", differing)
    lines.append(f"Wrote {written}." if written else "Nothing was written.")
    return lines


def _told(head: str, left_out: Sequence[LeftOut]) -> list[str]:
    lines = [f"  {head}: {one}" for one in left_out[:MOST_TOLD]]
    if len(left_out) > MOST_TOLD:
        lines.append(f"  ... and {len(left_out) - MOST_TOLD:,} more; --json lists all of them.")
    return lines


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items()) or "nothing"


def _plain(
    found: list[Reading],
    taken: list[Joined],
    differing: tuple[LeftOut, ...],
    written: Path | None,
) -> dict[str, Any]:
    return {
        "written": str(written) if written else None,
        "files": [
            {
                "name": reading.name,
                "format": str(reading.format),
                "sha256": reading.sha256,
                "read": reading.read,
                "made": reading.made,
                "notes": list(reading.notes),
                "left_out": msgspec.to_builtins(reading.left_out),
            }
            for reading in found
        ],
        "onto_the_map": [
            {"added": one.added, "filled": one.filled, "unchanged": one.unchanged} for one in taken
        ],
        "not_changed": msgspec.to_builtins(differing),
    }


def export_project(project: Project, output: Path) -> None:
    """Write a project in the format of the output's ending, and say what that cannot hold."""
    left_out = export_format(project, output)
    print(f"Wrote {output}.")
    print("\n".join(_told("not held", left_out)), end="\n" if left_out else "")
