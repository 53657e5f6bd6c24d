"""Where notes and frames come to be when a layout has moved the cards.

A frame goes around the cards that stood on it. A note that a card would come to lie under steps
aside, above the map. All others stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from depmap_gui.domain.views import Point, Rect, View
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH

ROOM = 24.0
"""How much wider on each side a frame is than what it is put around."""
TITLE_HEIGHT = 30.0
"""The height of the strip that a frame's title stands in, at 100 %."""


def boxes_after(
    view: View, before: Mapping[str, Point], after: Mapping[str, Point]
) -> dict[str, Rect]:
    """The new rectangles of the notes and frames that change, for cards at these centers."""
    found: dict[str, Rect] = {}
    for frame in view.frames:
        on_it = [id for id, point in before.items() if _holds(frame.rect, point)]
        if on_it and any(before[id] != after.get(id) for id in on_it):
            found[frame.id] = around(after[id] for id in on_it if id in after)
    x = min((px for px, _ in after.values()), default=0.0) - CARD_WIDTH / 2
    tops = [py - CARD_HEIGHT / 2 for _, py in after.values()]
    tops += [found.get(frame.id, frame.rect)[1] for frame in view.frames]
    above = min(tops, default=0.0) - ROOM
    for note in sorted(view.notes, key=lambda note: note.rect[:2]):
        if any(_covers(note.rect, point) for point in after.values()):
            _, _, width, height = note.rect
            found[note.id] = (round(x, 1), round(above - height, 1), width, height)
            x += width + ROOM
    return found


def around(centers: Iterable[Point]) -> Rect:
    """The frame around cards, with room for its title. There must be at least one."""
    xs, ys = zip(*centers, strict=True)
    left, right = min(xs) - CARD_WIDTH / 2 - ROOM, max(xs) + CARD_WIDTH / 2 + ROOM
    top, bottom = min(ys) - CARD_HEIGHT / 2 - ROOM - TITLE_HEIGHT, max(ys) + CARD_HEIGHT / 2 + ROOM
    return (round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))


def _holds(rect: Rect, point: Point) -> bool:
    left, top, width, height = rect
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def _covers(rect: Rect, point: Point) -> bool:
    left, top, width, height = rect
    return (
        left - CARD_WIDTH / 2 < point[0] < left + width + CARD_WIDTH / 2
        and top - CARD_HEIGHT / 2 < point[1] < top + height + CARD_HEIGHT / 2
    )
