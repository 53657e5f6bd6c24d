"""The layout by ownership: owners above what they own, as structure charts are drawn."""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, COLUMN_STEP, ROW_STEP
from depmap_gui.gui.layout.layered import Grain, in_tiers, tiered
from depmap_gui.gui.layout.network import Floats, Network
from depmap_gui.gui.layout.tiers import tiers_of, without_loops

_SHAPE = 1.6
# Tiers run from left to right on their side: rows of a chart from top to bottom.
_CHART = Grain(
    along=CARD_WIDTH + 36.0,
    across=CARD_HEIGHT,
    beside=ROW_STEP,
    least_gap=72.0,
    most_gap=150.0,
    gap_per_piece=2.0,
    shape=0.6,
    fewest=7,
    stretches=False,
)


def owned_below(network: Network, context: Context) -> Floats:
    """A center (n, 2) for each item: owners, then what they own, then the plants they operate.

    Where owners own one another in a circle, the one that owns most others comes first. Items
    without any part in ownership stand below or to the left, by tier among themselves.
    """
    context.progress(0.0, "finding owners")
    ends = network.of_kinds(LinkKind.OWNS, LinkKind.OPERATES)
    joined = np.zeros(network.size, dtype=np.bool_)
    joined[ends.ravel()] = True
    forward = without_loops(network.size, ends)
    tier = tiers_of(network.size, forward)
    sideways = in_tiers(
        tier, joined, forward, np.zeros(len(forward), dtype=np.bool_), _CHART, context
    )
    centers = np.ascontiguousarray(sideways[:, ::-1])
    rest = np.flatnonzero(~joined)
    if len(rest):
        centers[rest] = tiered(network.only(rest), context)
        if joined.any():
            centers[joined] += _beside(centers[rest], centers[joined])
    return centers - centers.min(axis=0) if network.size else centers


def _beside(rest: Floats, chart: Floats) -> Floats:
    """How far to move the chart: above the rest, or right of it where that is the better shape.

    What the rest supplies to the plants of the chart then runs from left to right.
    """
    wide, tall = np.ptp(rest, axis=0)
    chart_wide, chart_tall = np.ptp(chart, axis=0)
    above = np.array((0.0, -chart_tall - 3 * ROW_STEP))
    right = np.array((wide + CARD_WIDTH + 2 * COLUMN_STEP / 3, max(0.0, (tall - chart_tall) / 2)))
    as_column = max(wide, chart_wide) / max(1.0, tall + chart_tall + 3 * ROW_STEP)
    as_row = (right[0] + chart_wide) / max(1.0, tall, chart_tall)
    return above if abs(np.log(as_column / _SHAPE)) < abs(np.log(as_row / _SHAPE)) else right
