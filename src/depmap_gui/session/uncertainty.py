"""How sure the figures of a project are: intervals, samples, tornados and missing facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from depmap_gui.analysis.bounds import bounded_scores, score_bounds, told_bounds
from depmap_gui.analysis.concentration_bounds import concentration_bounds
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.intervals import interval_of, moved_interval
from depmap_gui.analysis.missing_facts import missing_facts
from depmap_gui.analysis.ranges import Ranges, ranges_of
from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.risk import credit_risks
from depmap_gui.analysis.sampling import sample_score as sampled_score
from depmap_gui.analysis.scores import covered_by
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.analysis.tornado import tornado_of_score, tornado_of_test
from depmap_gui.analysis.uncertainty_results import (
    ConcentrationBounds,
    Interval,
    MissingFacts,
    Question,
    Risks,
    ScoreBounds,
    ScoreQuestion,
    ScoreSamples,
    TestQuestion,
    Tornado,
    UncertaintyError,
)
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.session.session import ScoringRequest


def find_bounds(
    request: ScoringRequest,
    scores: Sequence[Score] = tuple(Score),
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> Mapping[Score, ScoreBounds]:
    """The true bounds of every share that an uncertain quantity moves.

    An assessment that fits the request saves solving the map again. Raises Canceled.
    """
    ranges = ranges_of(request.project)
    return score_bounds(_solved(request, assessment), ranges, scores, context)


def find_interval(
    request: ScoringRequest,
    question: ScoreQuestion,
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> Interval:
    """One share's bounds with what makes them. Raises UncertaintyError, and Canceled."""
    ranges = ranges_of(request.project)
    return interval_of(_solved(request, assessment), ranges, question, context)


def find_moved_interval(
    request: ScoringRequest,
    question: ScoreQuestion,
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> Interval | None:
    """One share's bounds where an uncertain quantity moves it, else None. Raises as above."""
    ranges = ranges_of(request.project)
    if len(ranges) == 0:
        return None
    return moved_interval(_solved(request, assessment), ranges, question, context)


def find_all_bounds(
    request: ScoringRequest,
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> tuple[Mapping[Score, ScoreBounds], Mapping[str, ConcentrationBounds]]:
    """The bounds of every score and of every concentration index at once. Raises Canceled."""
    solution, ranges = _solved(request, assessment), ranges_of(request.project)
    bounded = bounded_scores(solution, ranges, tuple(Score), context)
    return told_bounds(bounded), concentration_bounds(solution, ranges, context, bounded)


def sample_score(
    request: ScoringRequest,
    score: Score,
    jurisdiction: str,
    samples: int,
    seed: int,
    entities: Sequence[str] | None = None,
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> ScoreSamples:
    """How shares of a jurisdiction spread; of all plants with the score where ``entities`` is
    None. Raises UncertaintyError where the map has no such place or item, and Canceled."""
    solution = _solved(request, assessment)
    projection = solution.projection
    if jurisdiction not in projection.codes:
        raise UncertaintyError(f"There is no jurisdiction '{jurisdiction}' on the map.")
    covered = covered_by(solution, score)
    if entities is None:
        plants = covered & projection.of_kind(EntityKind.PLANT)
        entities = [projection.ids[row] for row in plants.nonzero()[0].tolist()]
    for id in entities:
        row = projection.row.get(id)
        if row is None or not covered[row]:
            raise UncertaintyError(f"'{id}' has no score '{score.value}' on this map.")
    return sampled_score(
        solution,
        ranges_of(request.project),
        score,
        jurisdiction,
        entities,
        samples=samples,
        seed=seed,
        context=context,
    )


def sample_risks(
    request: ScoringRequest, samples: int, seed: int, context: Context | None = None
) -> Risks:
    """How likely each product loses its credit, and the money at risk. Raises Canceled."""
    return credit_risks(request.project, request.packs, samples=samples, seed=seed, context=context)


def find_tornado(
    request: ScoringRequest,
    question: Question,
    context: Context | None = None,
    assessment: Assessment | None = None,
) -> Tornado:
    """Which uncertain quantity moves a figure most. Raises UncertaintyError, and Canceled."""
    ranges: Ranges = ranges_of(request.project)
    match question:
        case ScoreQuestion():
            return tornado_of_score(_solved(request, assessment), ranges, question, context)
        case TestQuestion():
            return tornado_of_test(request.project, request.packs, ranges, question, context)


def find_missing_facts(
    request: ScoringRequest, question: Question, context: Context | None = None
) -> MissingFacts:
    """Which missing fact would tell most about a figure. Raises UncertaintyError, Canceled."""
    return missing_facts(request.project, request.packs, question, context)


def _solved(request: ScoringRequest, assessment: Assessment | None) -> Solution:
    """The assessment's own solution where it has one, else the map solved anew."""
    if assessment is not None and assessment.solution is not None:
        return assessment.solution
    header = request.project.header
    return solve(MapInForce(request.project, last_day(header.year)), header.basis)
