"""Places for items that have none yet: beside what they are linked with, clear of all cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Located, Point
from depmap_gui.gui.layout.arranging import tier_places
from depmap_gui.gui.layout.card_size import COLUMN_STEP, ROW_STEP
from depmap_gui.gui.layout.layered import with_loose_below
from depmap_gui.gui.layout.network import network_of
from depmap_gui.gui.layout.taken import Taken

_MOST_ONE_BY_ONE = 40


def free_places(
    project: Project, ids: Collection[str], placed: Mapping[str, Point]
) -> dict[str, Point]:
    """A center for each of ``ids``, near its neighbors and clear of the cards of ``placed``.

    Where nothing is placed, and for a large part of the map at once, the new items are laid out
    by tier among themselves; such a part stands below what is there.
    """
    asked = set(ids)
    new = [id for id in project.entities if id in asked and id not in placed]
    if not new:
        return {}
    if not placed:
        return tier_places(project, new)
    if len(new) > max(_MOST_ONE_BY_ONE, len(placed) // 2):
        return _below(tier_places(project, new), placed)
    return _beside(project, new, placed)


def _below(made: Mapping[str, Point], placed: Mapping[str, Point]) -> dict[str, Point]:
    left = min(x for x, _ in placed.values()) - min(x for x, _ in made.values())
    lowest = max(y for _, y in placed.values())
    top = lowest + 2 * ROW_STEP - min(y for _, y in made.values())
    return {id: (x + left, y + top) for id, (x, y) in made.items()}


def _beside(project: Project, new: list[str], placed: Mapping[str, Point]) -> dict[str, Point]:
    """One after the other, those first that know most of the cards that stand."""
    touching: dict[str, list[AnyLink]] = {id: [] for id in new}
    for link in project.links.values():
        for end in {link.source, link.target}:
            if end in touching and link.source != link.target:
                touching[end].append(link)
    stand = dict(placed)
    taken = Taken(stand.values())
    found: dict[str, Point] = {}
    waiting = dict.fromkeys(new)
    while waiting:
        known = {id: _known(id, touching[id], stand) for id in waiting}
        id = max(waiting, key=lambda id: len(known[id]))
        place = taken.nearest(_wanted(project, id, known[id], stand))
        found[id] = stand[id] = place
        taken.add(place)
        del waiting[id]
    return found


def _known(id: str, links: list[AnyLink], stand: Mapping[str, Point]) -> list[AnyLink]:
    """The links that lead to something that stands; those that say where it is only alone."""
    ends = [link for link in links if (link.target if link.source == id else link.source) in stand]
    return [link for link in ends if not isinstance(link, Located)] or ends


def _wanted(project: Project, id: str, links: list[AnyLink], stand: Mapping[str, Point]) -> Point:
    """Right of what the item depends on, left of what depends on it, level with both."""
    if not links:
        alike = [
            stand[other]
            for other in stand
            if other in project.entities
            and project.entities[other].kind is project.entities[id].kind
        ]
        x, y = max(alike or list(stand.values()), key=lambda point: (point[1], point[0]))
        return (x, y + ROW_STEP)
    before = [stand[link.source] for link in links if link.target == id]
    after = [stand[link.target] for link in links if link.source == id]
    y = sum(y for _, y in (*before, *after)) / len(links)
    if before and after:
        return ((max(x for x, _ in before) + min(x for x, _ in after)) / 2, y)
    if before:
        return (max(x for x, _ in before) + COLUMN_STEP, y)
    return (min(x for x, _ in after) - COLUMN_STEP, y)


def in_blocks(project: Project) -> dict[str, Point]:
    """A block of rows, kind by kind: places to stand at until there are better ones."""
    network = network_of(project)
    centers = np.zeros((network.size, 2))
    with_loose_below(centers, np.ones(network.size, dtype=np.bool_), network.kinds)
    places = zip(network.ids, centers.tolist(), strict=True)
    return {id: (x, y) for id, (x, y) in places}
