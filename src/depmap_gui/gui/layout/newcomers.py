"""Places for items that have none yet: beside what they are linked with, clear of all else.

A newcomer whose neighbors stand on a frame comes to stand on it too, where there is room; any
other keeps off the frames.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Located
from depmap_gui.domain.views import Box, Point, Rect
from depmap_gui.gui.layout.arranging import tier_places
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH, COLUMN_STEP, ROW_STEP
from depmap_gui.gui.layout.layered import with_loose_below
from depmap_gui.gui.layout.network import KINDS
from depmap_gui.gui.layout.taken import Taken

_MOST_ONE_BY_ONE = 40
_MOST_BESIDE = 500
"""More are easier to find, and quicker to place, in a part of their own."""
_REPORTED = 20
"""Items placed between two reports."""


def free_places(
    project: Project,
    ids: Collection[str],
    placed: Mapping[str, Point],
    context: Context | None = None,
    boxes: Collection[Box] = (),
) -> dict[str, Point]:
    """A center for each of ``ids``, near its neighbors and clear of the cards of ``placed``.

    They are clear of the notes and frames among ``boxes`` too, but for a frame they belong on.

    Where nothing is placed, and for a large part of the map at once, the new items are laid out
    by tier among themselves; such a part stands below what is there. A context is told how far
    that is, and may cancel it: raises Canceled then.
    """
    asked = set(ids)
    new = [id for id in project.entities if id in asked and id not in placed]
    if not new:
        return {}
    if not placed and not boxes:
        return tier_places(project, new, context)
    if len(new) > max(_MOST_ONE_BY_ONE, min(_MOST_BESIDE, len(placed) // 2)) or not placed:
        return _below(tier_places(project, new, context), placed, boxes)
    return _beside(project, new, placed, context, boxes)


def _below(
    made: Mapping[str, Point], placed: Mapping[str, Point], boxes: Collection[Box] = ()
) -> dict[str, Point]:
    """What was made, below all cards, notes and frames."""
    firsts = [x for x, _ in placed.values()] or [box.rect[0] + CARD_WIDTH / 2 for box in boxes]
    lasts = [y for _, y in placed.values()]
    lasts += [box.rect[1] + box.rect[3] - CARD_HEIGHT / 2 for box in boxes]
    left = min(firsts) - min(x for x, _ in made.values())
    top = max(lasts) + 2 * ROW_STEP - min(y for _, y in made.values())
    return {id: (x + left, y + top) for id, (x, y) in made.items()}


def _beside(
    project: Project,
    new: list[str],
    placed: Mapping[str, Point],
    context: Context | None,
    boxes: Collection[Box],
) -> dict[str, Point]:
    """One after the other, those first that know most of the cards that stand."""
    touching: dict[str, list[AnyLink]] = {id: [] for id in new}
    for link in project.links.values():
        for end in {link.source, link.target}:
            if end in touching and link.source != link.target:
                touching[end].append(link)
    stand = dict(placed)
    taken = Taken(stand.values(), boxes)
    lowest = _lowest_of_kinds(project, placed)
    found: dict[str, Point] = {}
    # Those that know most come first; among equals the first. Counts only grow: an entry whose
    # count is no longer true has a truer one before it.
    turns = [(-len(_known(id, touching[id], stand)), at, id) for at, id in enumerate(new)]
    heapq.heapify(turns)
    place_in_line = {id: at for at, id in enumerate(new)}
    while turns:
        _, _, id = heapq.heappop(turns)
        if id in found:
            continue
        if context is not None and len(found) % _REPORTED == 0:
            context.progress(len(found) / len(new), "finding places")
        links, kind = _known(id, touching[id], stand), project.entities[id].kind
        wanted = _wanted(id, links, stand, lowest.get(kind, lowest[None]))
        place = taken.nearest(wanted, _home(id, links, stand, taken) if boxes else None)
        found[id] = stand[id] = place
        taken.add(place)
        for each in (kind, None):
            lowest[each] = max(lowest.get(each, place), place, key=_depth)
        for link in touching[id]:
            other = link.target if link.source == id else link.source
            if other in touching and other not in found:
                known = len(_known(other, touching[other], stand))
                heapq.heappush(turns, (-known, place_in_line[other], other))
    return found


def _lowest_of_kinds(
    project: Project, placed: Mapping[str, Point]
) -> dict[EntityKind | None, Point]:
    """The lowest card of each kind, and under None of all."""
    lowest: dict[EntityKind | None, Point] = {None: max(placed.values(), key=_depth)}
    for id, point in placed.items():
        if (entity := project.entities.get(id)) is not None:
            kind = entity.kind
            lowest[kind] = max(lowest.get(kind, point), point, key=_depth)
    return lowest


def _depth(point: Point) -> Point:
    return (point[1], point[0])


def _known(id: str, links: list[AnyLink], stand: Mapping[str, Point]) -> list[AnyLink]:
    """The links that lead to something that stands; those that say where it is only alone."""
    ends = [link for link in links if (link.target if link.source == id else link.source) in stand]
    return [link for link in ends if not isinstance(link, Located)] or ends


def _home(id: str, links: list[AnyLink], stand: Mapping[str, Point], taken: Taken) -> Rect | None:
    """The frame that most of the item's neighbors stand on; where it is only, says no frame."""
    ends = [
        stand[link.target if link.source == id else link.source]
        for link in links
        if not isinstance(link, Located)
    ]
    homes = Counter(home for end in ends if (home := taken.home_of(end)) is not None)
    home, count = homes.most_common(1)[0] if homes else (None, 0)
    return home if 2 * count > len(ends) else None


def _wanted(id: str, links: list[AnyLink], stand: Mapping[str, Point], lowest: Point) -> Point:
    """Right of what the item depends on, left of what depends on it, level with both.

    What knows nothing that stands goes below the ``lowest`` of its like.
    """
    if not links:
        return (lowest[0], lowest[1] + ROW_STEP)
    before = [stand[link.source] for link in links if link.target == id]
    after = [stand[link.target] for link in links if link.source == id]
    y = sum(y for _, y in (*before, *after)) / len(links)
    if before and after:
        return ((max(x for x, _ in before) + min(x for x, _ in after)) / 2, y)
    if before:
        return (max(x for x, _ in before) + COLUMN_STEP, y)
    return (min(x for x, _ in after) - COLUMN_STEP, y)


def in_blocks(
    project: Project, ids: Iterable[str], placed: Mapping[str, Point]
) -> dict[str, Point]:
    """A block of rows, kind by kind, below what is placed: to stand at until there is better."""
    asked = set(ids)
    new = [id for id in project.entities if id in asked]
    rows = {kind: row for row, kind in enumerate(KINDS)}
    kinds = np.array([rows[project.entities[id].kind] for id in new], dtype=np.intp)
    centers = np.zeros((len(new), 2))
    with_loose_below(centers, np.ones(len(new), dtype=np.bool_), kinds)
    made = {id: (x, y) for id, (x, y) in zip(new, centers.tolist(), strict=True)}
    return _below(made, placed) if placed and made else made
