"""How far uncertain quantities move the shares of a few items: what a panel shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from depmap_gui.analysis.bounds import bound
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import Assessment, Range, Score, exposure
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.session.session import ScoringRequest

SAME = 1e-12
Ranges = Mapping[tuple[Score, str], Range]
"""By score and item id."""


def find_item_bounds(
    request: ScoringRequest,
    assessment: Assessment,
    jurisdiction: str,
    items: Sequence[str],
    scores: Iterable[Score],
    context: Context | None = None,
) -> Ranges:
    """The true bounds of these items' shares of a jurisdiction, where quantities widen them.

    Shares that no quantity moves are left out, and those of items without the score. Only what
    the items rest on is bounded. Needs an assessment that fits the request. Raises Canceled.
    """
    ranges, solution = ranges_of(request.project), assessment.solution
    if solution is None or not len(ranges) or jurisdiction not in solution.projection.codes:
        return {}
    projection = solution.projection
    column = projection.codes.index(jurisdiction)
    found: dict[tuple[Score, str], Range] = {}
    for score in scores:
        vectors = assessment.scores.vectors(score)
        ids = [id for id in items if id in vectors]
        if not ids:
            continue
        slot = Slot(int(LAYER_OF[score]))
        rows = np.array([projection.row[id] for id in ids], dtype=np.int64)
        wanted = np.unique(int(slot) * (projection.size + 1) + rows)
        low, high = bound(solution, ranges, (score,), context, wanted).table(slot, rows)
        for id, least, most in zip(ids, low[:, column], high[:, column], strict=True):
            plain = exposure(vectors[id], jurisdiction)
            if plain.low - least > SAME or most - plain.high > SAME:
                found[score, id] = Range(float(least), float(most))
    return found
