"""Where a graph's nodes stand on the map: as in the file, drawn larger where cards need room."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from depmap_gui.domain.views import Point
from depmap_gui.exchange.formats.drafting import Draft
from depmap_gui.exchange.formats.graph import Node

ROOM = 260.0
"""How far apart neighboring cards stand, in units of the map (pixels at 100 %)."""
_SAMPLED = 150


def placed(nodes: Mapping[str, Node], draft: Draft) -> dict[str, Point]:
    """The place of each item that has one in the file, by the item's id.

    Where the usual distance to the nearest neighbor leaves no room for cards, all places are
    drawn apart by one factor, which is told.
    """
    points = {
        id: (node.x, node.y)
        for id, node in nodes.items()
        if node.x is not None and node.y is not None
    }
    if len(set(points.values())) < 2:
        return {}
    factor = _factor(list(points.values()))
    if factor > 1:
        draft.note(
            f"Places are as in the file, {factor:,.3g} times as far apart, to fit the cards."
        )
    return {id: (round(x * factor, 1), round(y * factor, 1)) for id, (x, y) in points.items()}


def _factor(points: list[Point]) -> float:
    step = max(1, len(points) // _SAMPLED)
    nearest = []
    for x, y in points[::step]:
        distances = (
            (x - other_x) ** 2 + (y - other_y) ** 2
            for other_x, other_y in points
            if (other_x, other_y) != (x, y)
        )
        nearest.append(min(distances, default=0.0) ** 0.5)
    usual = median(nearest)
    return max(1.0, ROOM / usual) if usual > 0 else 1.0
