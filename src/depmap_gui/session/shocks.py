"""Shocks of a project: its map solved and judged once, then as many of them as are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.shock import shock
from depmap_gui.analysis.shock_critical import CriticalEntity, critical_entities
from depmap_gui.analysis.shock_needs import Needs, needs_of
from depmap_gui.analysis.shock_results import Outage, ShockResult
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.results import LawResult
from depmap_gui.session.session import ScoringRequest


class ReadyForShocks(msgspec.Struct, frozen=True):
    """A map solved and judged. It belongs to one revision of a project, scenario and year."""

    revision: int
    scenario: str | None
    year: int
    solution: Solution
    needs: Needs
    law: LawResult

    def fits(self, request: ScoringRequest) -> bool:
        """Whether this is what the request asks about."""
        return _same_map(self, request) and self.solution.basis is request.project.header.basis


def ready_for_shocks(
    request: ScoringRequest,
    assessment: Assessment | None = None,
    context: Context | None = None,
) -> ReadyForShocks:
    """The map made ready; an assessment that fits the request saves solving it again.

    Raises Canceled where ``context`` says so.
    """
    header = request.project.header
    solution, law = _known(request, assessment)
    if solution is None or law is None:
        on_the_day = MapInForce(request.project, last_day(header.year))
        solution = solve(on_the_day, header.basis, context)
        law = evaluate(on_the_day, request.packs, header.year)
    return ReadyForShocks(
        request.project.revision,
        request.scenario,
        header.year,
        solution,
        needs_of(solution.projection),
        law,
    )


def play_shock(
    ready: ReadyForShocks, outages: Sequence[Outage], context: Context | None = None
) -> ShockResult:
    """What is lost when these are switched off. Raises ShockError, and Canceled."""
    return shock(ready.solution, outages, needs=ready.needs, law=ready.law, context=context)


def find_critical_entities(
    ready: ReadyForShocks, context: Context | None = None
) -> Mapping[str, tuple[CriticalEntity, ...]]:
    """For each plant with any: the entities that it stops without. Raises Canceled."""
    return critical_entities(ready.needs, context)


def _known(
    request: ScoringRequest, assessment: Assessment | None
) -> tuple[Solution | None, LawResult | None]:
    if assessment is None or not _same_map(assessment, request):
        return None, None
    if assessment.basis is not request.project.header.basis:
        return None, None
    if tuple(used.id for used in assessment.packs) != tuple(pack.id for pack in request.packs):
        return None, None
    return assessment.solution, assessment.law


def _same_map(of: Assessment | ReadyForShocks, request: ScoringRequest) -> bool:
    return (of.revision, of.scenario, of.year) == (
        request.project.revision,
        request.scenario,
        request.project.header.year,
    )
