"""Where a new item is put into what is in sight: in the column of its kind.

Columns run the way dependence flows: jurisdictions, suppliers and owners, licenses and materials,
plants.
"""

from __future__ import annotations

from collections.abc import Sequence

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, ROW_STEP

COLUMN_OF = {
    EntityKind.JURISDICTION: 0,
    EntityKind.COMPANY: 1,
    EntityKind.LICENSE: 2,
    EntityKind.MATERIAL: 2,
    EntityKind.PLANT: 3,
}
HEADINGS = ("Jurisdictions", "Suppliers & owners", "Licenses · materials", "Plants")


def spot_in_sight(
    kind: EntityKind,
    seen: tuple[float, float, float, float],
    alike: Sequence[Point],
    centers: Sequence[Point],
) -> Point:
    """A free place for a new item in its kind's column of what is ``seen`` of the map.

    ``alike`` are the centers of the items of its kind: the column stands where the latest of
    them in sight does. Where the column is full, the place is below everything in it.
    """
    left, top, right, bottom = seen
    in_sight = [x for x, y in alike if left <= x <= right and top <= y <= bottom]
    share = (COLUMN_OF[kind] + 0.5) / len(HEADINGS)
    x = in_sight[-1] if in_sight else left + (right - left) * share
    first = top + min(ROW_STEP, (bottom - top) / 4)
    for row in range(max(1, int((bottom - first - CARD_HEIGHT) // ROW_STEP) + 1)):
        y = first + row * ROW_STEP
        if clear_of((x, y), centers) == (x, y):
            return (x, y)
    return clear_of((x, first), centers)


def clear_of(point: Point, centers: Sequence[Point]) -> Point:
    """The point, or the nearest place below it that overlaps none of the cards at ``centers``."""
    x, y = point
    for _ in range(len(centers) + 1):
        hit = next(
            (
                center
                for center in centers
                if abs(center[0] - x) < CARD_WIDTH and abs(center[1] - y) < CARD_HEIGHT
            ),
            None,
        )
        if hit is None:
            break
        y = hit[1] + CARD_HEIGHT + 16.0
    return (x, y)
