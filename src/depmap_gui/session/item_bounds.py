"""How far uncertain quantities move the shares of a few items: what a panel shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.item_bounds import ItemBounds, item_bounds
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.session.session import ScoringRequest


def find_item_bounds(
    request: ScoringRequest,
    assessment: Assessment,
    jurisdiction: str,
    items: Sequence[str],
    scores: Iterable[Score],
    context: Context | None = None,
) -> ItemBounds:
    """The true bounds of these items' shares of a jurisdiction, where quantities widen them.

    Needs an assessment that fits the request and keeps its solution; without one nothing is
    bounded. Raises Canceled.
    """
    if assessment.solution is None:
        return {}
    ranges = ranges_of(request.project)
    return item_bounds(
        assessment.solution, ranges, assessment.scores, jurisdiction, items, scores, context
    )
