"""What an item depends on, and what depends on it, by the links of the map."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

import msgspec

from depmap_gui.domain.in_force import counts_on, last_day
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Supplies

EVERY_LINK = frozenset(LinkKind)


class Direction(StrEnum):
    """Which way to follow the links; each runs from what is depended on to what depends on it."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


class Reach(msgspec.Struct, frozen=True):
    """What was found: ``steps`` from the roots by the item's id (0 for a root), and the links."""

    steps: dict[str, int] = {}
    links: frozenset[str] = frozenset()


def reach_of(
    project: Project,
    roots: Iterable[str],
    direction: Direction,
    *,
    depth: int | None = None,
    kinds: Collection[LinkKind] = EVERY_LINK,
) -> Reach:
    """All that can be reached from the roots in at most ``depth`` steps (None: in any number).

    Links of other kinds than ``kinds`` are not followed, nor are candidates and links that are
    not in force on the last day of the project's year. Roots that are no items are left out.
    Links found are all those on the way: they end, or begin, at an item that was gone on from.
    """
    away: dict[str, list[AnyLink]] = {}
    is_up = direction is Direction.UPSTREAM
    as_of = last_day(project.header.year)
    for link in project.links.values():
        if link.kind in kinds and counts_on(link, as_of) and not _is_candidate(link):
            away.setdefault(link.target if is_up else link.source, []).append(link)
    steps = {id: 0 for id in roots if id in project.entities}
    links: set[str] = set()
    front = list(steps)
    while front and (depth is None or steps[front[0]] < depth):
        reached = []
        for here in front:
            for link in away.get(here, ()):
                links.add(link.id)
                there = link.source if is_up else link.target
                if there in project.entities and there not in steps:
                    steps[there] = steps[here] + 1
                    reached.append(there)
        front = reached
    return Reach(steps, frozenset(links))


def _is_candidate(link: AnyLink) -> bool:
    return isinstance(link, Supplies) and link.candidate
