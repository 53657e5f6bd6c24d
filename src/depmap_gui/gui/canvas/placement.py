"""Where a new item is put into what is in sight: in the column of its kind.

Columns run the way dependence flows: jurisdictions, suppliers and owners, licenses and materials,
plants.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.card_size import ROW_STEP
from depmap_gui.gui.layout.taken import Taken

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
    taken: Taken,
) -> Point:
    """A free place for a new item in its kind's column of what is ``seen`` of the map.

    ``alike`` are the centers of the items of its kind: the column stands where the latest of
    them in sight does. Where the column is full, the place is below everything in it. It lies
    wholly on a frame or off it, and clear of all cards and notes.
    """
    left, top, right, bottom = seen
    in_sight = [x for x, y in alike if left <= x <= right and top <= y <= bottom]
    share = (COLUMN_OF[kind] + 0.5) / len(HEADINGS)
    x = in_sight[-1] if in_sight else left + (right - left) * share
    first = top + min(ROW_STEP, (bottom - top) / 4)
    column = ((x, first + row * ROW_STEP) for row in itertools.count())
    return next(spot for spot in column if taken.is_free(spot, home=taken.home_of(spot)))
