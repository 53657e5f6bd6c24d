"""One question asked of a project: every score, the law's verdicts, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.relawing import law_again
from depmap_gui.analysis.results import Assessment, Assumption, PackUsed
from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import solve
from depmap_gui.domain.checks import check
from depmap_gui.domain.findings import Finding
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.domain.scenarios import play
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import RulePack


def assess(
    project: Project,
    *,
    year: int | None = None,
    basis: Basis | None = None,
    scenario: str | None = None,
    packs: Sequence[RulePack],
    context: Context | None = None,
    before: Assessment | None = None,
    base: Project | None = None,
) -> Assessment:
    """Score the project and test it against the packs.

    ``before`` is an assessment of an earlier state of the project: only the scores and credits
    that the changes since then can reach are computed anew. The checks see the whole map.

    ``year`` and ``basis`` are the project's own where not given; ``scenario`` is the id of one of
    its scenarios, None the base map. ``base`` is the map that a scenario was played on to give the
    project, where that was done already: what is wrong with scenarios is told of it. Raises
    ScenarioError where the scenario cannot be played, and Canceled where ``context`` says so.
    """
    told = context or Quiet()
    played = play(project, scenario)
    header = played.header
    chosen_year = header.year if year is None else year
    chosen_basis = header.basis if basis is None else basis
    map_in_force = MapInForce(played, last_day(chosen_year))
    solved = None if before is None else before.solution
    solution = solve(map_in_force, chosen_basis, _Stretch(told, 0.0, 0.6), solved)
    scores = scores_of(solution)
    told.progress(0.6, "Applying the law")
    law = None if before is None else law_again(before, map_in_force, packs)
    if law is None:
        law = evaluate(map_in_force, packs, chosen_year)
    told.progress(0.9, "Checking the map")
    whole = base or (project if scenario is not None else None)
    checked = check(played, map_in_force.as_of, map_in_force, whole)
    findings = _each_once(checked, solution.findings)
    told.progress(1.0, "Done")
    return Assessment(
        revision=project.revision,
        title=header.title,
        currency=header.currency,
        year=chosen_year,
        basis=chosen_basis,
        scenario=scenario,
        packs=tuple(
            PackUsed(pack.id, pack.title, pack.version, pack.dated.isoformat(), pack.origin.words)
            for pack in packs
        ),
        scores=scores,
        law=law,
        assumptions=(*solution.assumptions, *map(Assumption, law.assumptions)),
        findings=findings,
        solution=solution,
        rules=tuple(packs),
    )


class _Stretch:
    """Passes progress on as a stretch of a longer way."""

    def __init__(self, context: Context, start: float, end: float) -> None:
        self._context = context
        self._start = start
        self._length = end - start

    def progress(self, fraction: float, what: str) -> None:
        """Tell how far the whole way is done."""
        self._context.progress(self._start + self._length * fraction, what)


def _each_once(checked: tuple[Finding, ...], computed: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All findings; what a score ran into is left out where the checks already told it."""
    told = [(finding.code, set(finding.where)) for finding in checked]
    fresh = [
        finding
        for finding in computed
        if not any(code == finding.code and where >= set(finding.where) for code, where in told)
    ]
    return (*checked, *fresh)
