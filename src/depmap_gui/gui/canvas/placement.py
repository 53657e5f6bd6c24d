"""Free places for items that a view has no position for, the same each time they are asked for.

Columns run the way dependence flows: jurisdictions, suppliers and owners, licenses and materials,
plants. Nothing here is stored; an item gets a stored position when someone moves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyEntity, Point

CARD_WIDTH = 212.0
CARD_HEIGHT = 72.0
COLUMN_STEP = 300.0
ROW_STEP = 104.0
SHORTEST_WRAP = 24

COLUMN_OF = {
    EntityKind.JURISDICTION: 0,
    EntityKind.COMPANY: 1,
    EntityKind.LICENSE: 2,
    EntityKind.MATERIAL: 2,
    EntityKind.PLANT: 3,
}
HEADINGS = ("Jurisdictions", "Suppliers & owners", "Licenses · materials", "Plants")


def free_places(entities: Sequence[AnyEntity], placed: Mapping[str, Point]) -> dict[str, Point]:
    """A center for each entity that ``placed`` lacks, clear of the cards that it has.

    Every entity has its own slot in its kind's column, whether placed or not, so that placing
    one does not move the others.
    """
    if all(entity.id in placed for entity in entities):
        return {}
    near = _by_cell(placed.values())
    tallest = _tallest(len(entities))
    starts = _column_starts(entities, tallest)
    found: dict[str, Point] = {}
    filled = [0] * len(HEADINGS)
    for entity in entities:
        column = COLUMN_OF[entity.kind]
        wrapped, row = divmod(filled[column], tallest)
        filled[column] += 1
        if entity.id in placed:
            continue
        point = ((starts[column] + wrapped) * COLUMN_STEP, row * ROW_STEP)
        if near:
            point = _clear(point, near)
            near.setdefault(_cell(point), []).append(point)
        found[entity.id] = point
    return found


def _tallest(count: int) -> int:
    """After how many cards a column wraps, so that a large map is shaped like a screen."""
    return max(SHORTEST_WRAP, math.ceil(math.sqrt(count * COLUMN_STEP / ROW_STEP / 1.7)))


def _column_starts(entities: Sequence[AnyEntity], tallest: int) -> list[int]:
    """Where each column starts, in columns: tall ones are wrapped and push the next ones on."""
    counts = [0] * len(HEADINGS)
    for entity in entities:
        counts[COLUMN_OF[entity.kind]] += 1
    starts, start = [], 0
    for count in counts:
        starts.append(start)
        start += max(1, -(-count // tallest))
    return starts


Cells = dict[tuple[int, int], list[Point]]


def _cell(point: Point) -> tuple[int, int]:
    return (int(point[0] // COLUMN_STEP), int(point[1] // ROW_STEP))


def _by_cell(points: Iterable[Point]) -> Cells:
    found: Cells = {}
    for point in points:
        found.setdefault(_cell(point), []).append(point)
    return found


def _clear(point: Point, near: Cells) -> Point:
    """The point, or the first one further down that no card in the cells around it overlaps."""
    x, y = point
    while True:
        column, row = _cell((x, y))
        around = [
            center
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for center in near.get((column + across, row + down), ())
        ]
        below = clear_of((x, y), around)
        if below == (x, y):
            return below
        y = below[1]


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
