"""The commands, each a function from the parsed options to an exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.risk import Risks
from depmap_gui.analysis.uncertainty_results import ScoreQuestion
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.formats import export_project
from depmap_gui.cli.progress import bar
from depmap_gui.cli.score_json import assessment_json, contribution_json
from depmap_gui.cli.score_text import contribution_lines, problem_line, score_lines
from depmap_gui.cli.score_uncertainty import (
    add_how_sure,
    how_sure,
    how_sure_lines,
    interval_json,
    interval_lines,
)
from depmap_gui.domain.checks import Severity
from depmap_gui.domain.project import Project
from depmap_gui.session.export import export_picture, export_workbook
from depmap_gui.session.rules import user_folders
from depmap_gui.session.session import ScoringRequest, Session, explain_index, explain_score
from depmap_gui.session.session import score as assess
from depmap_gui.session.uncertainty import find_moved_interval, sample_risks

PICTURES = (".png", ".svg", ".pdf")


def gui(options: Namespace) -> int:
    """Open the window; returns when it is closed."""
    from depmap_gui.gui.app import run

    return run(options.file)


def check(options: Namespace) -> int:
    """Print the problems: 1 where there are any, 0 where there are at most hints."""
    folders = user_folders(options.rules_folder)
    findings = assess(Session.open(options.file, folders).request()).findings
    for finding in findings:
        print(problem_line(finding))
    counted = sum(finding.severity is not Severity.HINT for finding in findings)
    hints = len(findings) - counted
    print(f"{_count(counted, 'problem')}, {_count(hints, 'hint')}.")
    return 1 if counted else 0


def score(options: Namespace) -> int:
    """Print every score, as a table or as one JSON object."""
    request, assessment = _assessed(options)
    risks: Risks = {}
    with bar("Sampling") as context:
        if options.samples is not None:
            if options.seed < 0:
                raise CommandError(f"A seed is a whole number from 0; {options.seed} is not.")
            risks = sample_risks(request, options.samples, options.seed, context)
        sure = how_sure(
            request,
            assessment,
            context,
            critical=options.json,
            samples=options.samples,
            seed=options.seed,
            jurisdiction=options.jurisdiction,
        )
    if options.json:
        plain = assessment_json(assessment, request.project, risks)
        _print_json(add_how_sure(plain, assessment, sure))
    else:
        *lines, blank, caution = score_lines(assessment, request.project, request.packs, risks)
        lines += how_sure_lines(request.project, assessment, sure)
        print("\n".join([*lines, blank, caution]))
    return 0


def explain(options: Namespace) -> int:
    """Print the contributions to one score or index of one item; they sum to it."""
    request = requested(options)
    entity = entity_named(request.project, options.entity)
    if options.concentration is not None:
        tree = explain_index(request, entity, options.concentration)
        if options.json:
            _print_json(contribution_json(tree))
        else:
            print("\n".join(contribution_lines(tree, "{:>9.1f}")))
        return 0
    tree = explain_score(request, entity, options.score, options.jurisdiction)
    interval = find_moved_interval(
        request, ScoreQuestion(entity, options.score, options.jurisdiction)
    )
    if options.json:
        _print_json({**interval_json(interval), **contribution_json(tree)})
    else:
        asked, *parts = contribution_lines(tree)
        print("\n".join([asked, *interval_lines(interval), *parts]))
    return 0


def export(options: Namespace) -> int:
    """Write the workbook, or the map in another program's format: the file's ending says which."""
    if options.output.suffix.lower() != ".xlsx":
        export_project(requested(options).project, options.output)
        return 0
    request, assessment = _assessed(options)
    from depmap_gui.gui.render import render_bytes

    picture = render_bytes(request.project, assessment, "png")
    with bar("Writing the workbook") as context:
        base = Session.open(options.file).document.snapshot()
        export_workbook(
            request,
            assessment,
            options.output,
            picture,
            context,
            base=base,
            samples=options.samples,
            seed=options.seed,
        )
    print(f"Wrote {options.output}.")
    return 0


def render(options: Namespace) -> int:
    """Draw the map; the file's ending says in which format."""
    _require_suffix(options.output, PICTURES)
    request, assessment = _assessed(options)
    from depmap_gui.gui.render import render_bytes

    form = options.output.suffix.lower().lstrip(".")
    drawn = render_bytes(request.project, assessment, form, dark=options.dark)
    export_picture(drawn, options.output)
    print(f"Wrote {options.output}.")
    return 0


def self_test(_options: Namespace) -> int:
    """Try the program on a sample, in a window; 0 where all went well, else 1."""
    from depmap_gui.cli.self_test import run

    return run(print)


def screens(options: Namespace) -> int:
    """Draw every screen and dialog, in one theme and at one scale."""
    from depmap_gui.gui.screen_stage import Manner
    from depmap_gui.gui.screens import draw_screens
    from depmap_gui.gui.settings import ThemeChoice

    if not 0.5 <= options.scale <= 4.0:
        raise CommandError(
            f"Nothing was drawn. A scale lies in 0.5 to 4: 2 is 200%, "
            f"{options.scale:g} is not possible."
        )
    manner = Manner(ThemeChoice(options.theme), options.text, options.locale)
    try:
        made = draw_screens(options.output, manner, options.scale, options.names)
    except ValueError as fault:
        raise CommandError(f"Nothing was drawn. {fault}") from fault
    print(f"Drew {len(made)} pictures into {options.output}.")
    return 0


def bench(options: Namespace) -> int:
    """Print measurements, each beside a plain alternative measured in the same run."""
    if options.what in ("all", "scores"):
        from depmap_gui.session.bench import PLAIN_UP_TO, SIZES, scoring_benchmark

        sizes = options.links or SIZES
        if min(sizes) < 1:
            raise CommandError(f"A map to measure has at least one link; {min(sizes)} is too few.")
        limit = options.plain_up_to
        scoring_benchmark(print, sizes, PLAIN_UP_TO if limit is None else limit)
    if options.what in ("all", "workbook"):
        from depmap_gui.session.bench_workbook import WORKBOOK_SIZES, workbook_benchmark

        workbook_benchmark(print, options.links or WORKBOOK_SIZES)
    if options.what in ("all", "tables"):
        from depmap_gui.session.bench_tables import tables_benchmark

        tables_benchmark(print)
    if options.what in ("all", "canvas"):
        from depmap_gui.gui.bench import canvas_benchmark

        canvas_benchmark(print)
    if options.what in ("all", "window"):
        from depmap_gui.gui.bench_window import window_benchmark

        window_benchmark(print)
    return 0


def _assessed(options: Namespace) -> tuple[ScoringRequest, Assessment]:
    """The project as the options ask for it, its scenario played out, and its assessment."""
    request = requested(options)
    with bar("Scoring") as context:
        return request, assess(request, context)


def requested(options: Namespace) -> ScoringRequest:
    """The project as the options ask for it, its scenario played out."""
    return Session.open(options.file, user_folders(options.rules_folder)).request(
        year=options.year,
        basis=options.basis,
        scenario=options.scenario,
        packs=options.packs,
    )


def entity_named(project: Project, named: str) -> str:
    """The id of an item given by id or name. Raises CommandError where it is not one item."""
    if named in project.entities:
        return named
    found = [entity.id for entity in project.entities.values() if entity.name == named]
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"'{named}' names several items; give an id: {', '.join(found)}.")
    raise CommandError(f"There is no item '{named}' on this map. 'depmap score' lists them.")


def _require_suffix(path: Path, allowed: tuple[str, ...]) -> None:
    if path.suffix.lower() not in allowed:
        endings = " or ".join(allowed)
        raise CommandError(f"The output must end in {endings}; '{path.name}' does not.")


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()
