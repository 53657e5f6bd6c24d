"""Edits of a view's groups: each gives the parts of one step of the history."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping

import msgspec

from depmap_gui.domain.edits import Add, Edit, Place, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Group, Point, View
from depmap_gui.gui.layout.taken import Taken


def grouped(
    project: Project, view: View, members: Collection[str], places: Mapping[str, Point]
) -> tuple[Group, list[Edit]]:
    """A new group of these items, which leave the groups they were in."""
    chosen = set(members)
    rest = tuple(
        msgspec.structs.replace(g, members=kept)
        for g in view.groups
        if (kept := tuple(id for id in g.members if id not in chosen))
    )
    gone = {g.id for g in view.groups} - {g.id for g in rest}
    taken = {g.name for g in view.groups}
    number = next(n for n in range(1, len(taken) + 2) if f"Group {n}" not in taken)
    made = Group(
        id=_new_id(project, view),
        name=f"Group {number}",
        members=tuple(id for id in project.entities if id in chosen),
    )
    edits: list[Edit] = [] if view.id in project.views else [Add(view)]
    opened = [g for g in view.groups if g.collapsed and chosen & set(g.members)]
    placed: dict[str, Point | None] = {}
    for group in opened:
        placed |= _unfolded(view, group, places)
    edits += [Place(view.id, placed)] if placed else []
    edits += _without_cards(view, gone)
    edits.append(SetField(Section.VIEWS, view.id, "groups", (*rest, made)))
    return made, edits


def ungrouped(view: View, ids: Collection[str], places: Mapping[str, Point]) -> list[Edit]:
    """The groups of these ids are no more; their items stay where their group stands."""
    rest = tuple(group for group in view.groups if group.id not in ids)
    edits = _opened(view, [g for g in view.groups if g.id in ids and g.collapsed], places)
    return [*edits, SetField(Section.VIEWS, view.id, "groups", rest)]


def toggled(
    view: View, ids: Collection[str], places: Mapping[str, Point], *, collapsed: bool
) -> list[Edit]:
    """These groups are collapsed into one card each, or expanded around where it stood."""
    changing = [g for g in view.groups if g.id in ids and g.collapsed != collapsed]
    groups = tuple(
        msgspec.structs.replace(g, collapsed=collapsed) if g.id in ids else g for g in view.groups
    )
    edits: list[Edit] = []
    if collapsed:
        found = {g.id: _home(g, places, places) for g in changing}
        cards = {id: point for id, point in found.items() if point is not None}
        edits += [Place(view.id, cards)] if cards else []
    else:
        edits += _opened(view, changing, places)
    return [*edits, SetField(Section.VIEWS, view.id, "groups", groups)]


def renamed(view: View, id: str, name: str) -> Edit:
    """The group is called otherwise."""
    groups = tuple(msgspec.structs.replace(g, name=name) if g.id == id else g for g in view.groups)
    return SetField(Section.VIEWS, view.id, "groups", groups)


def groups_of(view: View, ids: Iterable[str]) -> list[Group]:
    """The groups that any of these items is in."""
    chosen = set(ids)
    return [group for group in view.groups if chosen & set(group.members)]


def _opened(view: View, groups: list[Group], places: Mapping[str, Point]) -> list[Edit]:
    placed: dict[str, Point | None] = {}
    for group in groups:
        placed |= _unfolded(view, group, places)
    edits: list[Edit] = [Place(view.id, placed)] if placed else []
    return edits + _unpinned(view, {group.id for group in groups})


def _unfolded(view: View, group: Group, places: Mapping[str, Point]) -> dict[str, Point | None]:
    """Where members come to stand when their card opens: as they were, around where it is."""
    stood = {id: view.positions[id] for id in group.members if id in view.positions}
    home, card = _home(group, stood, places), places.get(group.id)
    placed: dict[str, Point | None] = {}
    if home is not None and card is not None:
        right, down = card[0] - home[0], card[1] - home[1]
        placed |= {id: (round(x + right, 1), round(y + down, 1)) for id, (x, y) in stood.items()}
    if group.id in view.positions:
        placed[group.id] = None
    return placed


def _home(group: Group, members: Mapping[str, Point], places: Mapping[str, Point]) -> Point | None:
    """Where the group's card stands of itself: amid its items, clear of all other cards."""
    middle = _middle(members[id] for id in group.members if id in members)
    if middle is None:
        return None
    own = {group.id, *group.members}
    x, y = Taken(point for id, point in places.items() if id not in own).nearest(middle)
    return (round(x, 1), round(y, 1))


def _without_cards(view: View, ids: set[str]) -> list[Edit]:
    """Nothing is kept of the cards of groups that are no more."""
    lost: dict[str, Point | None] = {id: None for id in ids if id in view.positions}
    return ([Place(view.id, lost)] if lost else []) + _unpinned(view, ids)


def _unpinned(view: View, ids: set[str]) -> list[Edit]:
    kept = tuple(id for id in view.pinned if id not in ids)
    return [SetField(Section.VIEWS, view.id, "pinned", kept)] if kept != view.pinned else []


def _middle(points: Iterable[Point]) -> Point | None:
    """The middle of the rectangle around some points; None where there are none."""
    found = list(points)
    if not found:
        return None
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1))


def _new_id(project: Project, view: View) -> str:
    taken = {*project.entities, *project.links, *view.positions, *(g.id for g in view.groups)}
    while (id := f"g-{secrets.token_hex(4)}") in taken:
        continue
    return id
