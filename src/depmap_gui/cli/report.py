"""The command ``report``: a short PDF of the map and its answers, to hand over."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from depmap_gui.cli.commands import entity_named, requested
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.project.atomic import write_bytes_atomically
from depmap_gui.session.report import ReportError, ReportOptions
from depmap_gui.session.report_values import ReportPart
from depmap_gui.session.session import score

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

_PAPERS = ("a4", "letter")


def add_report(
    verbs: Verbs,
    question: Callable[[argparse.ArgumentParser], None],
    count: Callable[[str], int],
) -> None:
    """Put ``report`` into the parser; ``question`` adds what is asked of a project, ``count``
    reads a number of samples."""
    help = "Write a short report of the map as PDF."
    verb = verbs.add_parser("report", help=help, description=help)
    verb.set_defaults(command=report)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf")
    verb.add_argument(
        "--plants",
        type=_listed,
        default=(),
        metavar="A,B",
        help="ids or names of the plants to report; default: those most at risk",
    )
    verb.add_argument(
        "--parts",
        type=_parts,
        default=frozenset(ReportPart),
        metavar="A,B",
        help=f"parts after the summary: {', '.join(ReportPart)}; default: all",
    )
    verb.add_argument("--paper", choices=_PAPERS, help="default: as the locale has it")
    verb.add_argument("--jurisdiction", metavar="CODE", help="whose shares; default: the map's")
    verb.add_argument(
        "--samples", type=count, metavar="N", help="draw each credit's risk from N samples"
    )
    verb.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed gives the same risk"
    )
    question(verb)


def _listed(given: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in given.split(","))))


def _parts(given: str) -> frozenset[ReportPart]:
    named = _listed(given)
    unknown = [part for part in named if part not in set(ReportPart)]
    if unknown:
        known = ", ".join(ReportPart)
        raise argparse.ArgumentTypeError(f"no part '{unknown[0]}' (there are: {known})")
    return frozenset(map(ReportPart, named))


def report(options: argparse.Namespace) -> int:
    """Write the report; nothing is written where it cannot be made whole."""
    if options.output.suffix.lower() != ".pdf":
        raise CommandError(f"The output must end in .pdf; '{options.output.name}' does not.")
    if options.seed < 0:
        raise CommandError(f"A seed is a whole number from 0; {options.seed} is not.")
    request = requested(options)
    plants = tuple(entity_named(request.project, named) for named in options.plants)
    from depmap_gui.gui.report.paper import Paper, usual_paper
    from depmap_gui.gui.report.pdf import report_pdf, viewed_jurisdiction

    with bar("Scoring") as context:
        assessment = score(request, context)
    asked = ReportOptions(
        plants=plants,
        parts=options.parts,
        jurisdiction=options.jurisdiction or viewed_jurisdiction(request.project),
        samples=options.samples,
        seed=options.seed,
    )
    paper = Paper(options.paper) if options.paper else usual_paper()
    today = date.today()  # noqa: DTZ011 - the analyst's own day is meant
    with bar("Writing the report") as context:
        try:
            made = report_pdf(request, assessment, asked, paper, today, context=context)
        except ReportError as fault:
            raise CommandError(str(fault)) from fault
    write_bytes_atomically(options.output, made)
    print(f"Wrote {options.output}.")
    return 0
