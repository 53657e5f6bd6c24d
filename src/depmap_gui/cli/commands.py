"""The commands, each a function from the parsed options to an exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.risk import Risks
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.cli.score_json import assessment_json, contribution_json
from depmap_gui.cli.score_text import contribution_lines, problem_line, score_lines
from depmap_gui.domain.checks import Severity
from depmap_gui.domain.project import Project
from depmap_gui.session.export import export_picture, export_workbook
from depmap_gui.session.session import ScoringRequest, Session, explain_score, score_risks
from depmap_gui.session.session import score as assess

PICTURES = (".png", ".svg", ".pdf")


def gui(options: Namespace) -> int:
    """Open the window; returns when it is closed."""
    from depmap_gui.gui.app import run

    return run(options.file)


def check(options: Namespace) -> int:
    """Print the problems: 1 where there are any, 0 where there are at most hints."""
    findings = assess(Session.open(options.file).request()).findings
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
    if options.samples is not None:
        if options.seed < 0:
            raise CommandError(f"A seed is a whole number from 0; {options.seed} is not.")
        with bar("Sampling") as context:
            risks = score_risks(request, options.samples, options.seed, context)
    if options.json:
        _print_json(assessment_json(assessment, request.project, risks))
    else:
        print("\n".join(score_lines(assessment, request.project, risks)))
    return 0


def explain(options: Namespace) -> int:
    """Print the contributions to one score of one item; they sum to it."""
    request = _request(options)
    entity = _entity(request.project, options.entity)
    tree = explain_score(request, entity, options.score, options.jurisdiction)
    if options.json:
        _print_json(contribution_json(tree))
    else:
        print("\n".join(contribution_lines(tree)))
    return 0


def export(options: Namespace) -> int:
    """Write the workbook."""
    _require_suffix(options.output, (".xlsx",))
    request, assessment = _assessed(options)
    from depmap_gui.gui.render import render_bytes

    picture = render_bytes(request.project, assessment, "png")
    with bar("Writing the workbook") as context:
        export_workbook(request, assessment, options.output, picture, context)
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


def bench(options: Namespace) -> int:
    """Print measurements, each beside a plain alternative measured in the same run."""
    if options.what in ("all", "scores"):
        from depmap_gui.session.bench import scoring_benchmark

        scoring_benchmark(print)
    if options.what in ("all", "canvas"):
        from depmap_gui.gui.bench import canvas_benchmark

        canvas_benchmark(print)
    return 0


def _assessed(options: Namespace) -> tuple[ScoringRequest, Assessment]:
    """The project as the options ask for it, its scenario played out, and its assessment."""
    request = _request(options)
    with bar("Scoring") as context:
        return request, assess(request, context)


def _request(options: Namespace) -> ScoringRequest:
    return Session.open(options.file).request(
        year=options.year,
        basis=options.basis,
        scenario=options.scenario,
        packs=options.packs,
    )


def _entity(project: Project, named: str) -> str:
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
