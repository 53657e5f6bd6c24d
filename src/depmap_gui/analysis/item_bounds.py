"""How far uncertain quantities move the shares of a few items, and what they rest on alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from depmap_gui.analysis.bounds import bound
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.ranges import Ranges
from depmap_gui.analysis.results import Range, Score, Scores, exposure
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution

SAME = 1e-12
ItemBounds = Mapping[tuple[Score, str], Range]
"""By score and item id."""


def item_bounds(
    solution: Solution,
    ranges: Ranges,
    shares: Scores,
    jurisdiction: str,
    items: Sequence[str],
    scores: Iterable[Score],
    context: Context | None = None,
) -> ItemBounds:
    """The true bounds of these items' shares of a jurisdiction, where quantities widen them.

    ``shares`` are the solution's own. What no quantity moves is left out, and items without the
    score. Raises Canceled.
    """
    projection = solution.projection
    if not len(ranges) or jurisdiction not in projection.codes:
        return {}
    column = projection.codes.index(jurisdiction)
    found: dict[tuple[Score, str], Range] = {}
    for score in scores:
        vectors = shares.vectors(score)
        ids = [id for id in items if id in vectors]
        if not ids:
            continue
        slot = Slot(int(LAYER_OF[score]))
        rows = np.array([projection.row[id] for id in ids], dtype=np.int64)
        wanted = np.unique(int(slot) * (projection.size + 1) + rows)
        low, high = bound(solution, ranges, (score,), context, wanted).table(slot, rows)
        ends = zip(low[:, column].tolist(), high[:, column].tolist(), strict=True)
        for id, (least, most) in zip(ids, ends, strict=True):
            plain = exposure(vectors[id], jurisdiction)
            if plain.low - least > SAME or most - plain.high > SAME:
                found[score, id] = Range(least, most)
    return found
