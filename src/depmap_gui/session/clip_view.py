"""What a view holds of items that are copied: places, groups, bends, notes and frames."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from depmap_gui.domain.views import Box, Frame, Group, Note, Point, View, new_box_id

Shift = tuple[float, float]


def carried_view(
    id: str,
    view: View,
    places: Mapping[str, Point],
    items: Collection[str],
    links: Collection[str],
    boxes: Collection[str],
) -> View:
    """The part of a view that goes with these items, links, notes and frames.

    A group goes along where all its items do.
    """
    return View(
        id=id,
        positions={item: at for item, at in places.items() if item in items},
        groups=tuple(g for g in view.groups if g.members and set(g.members) <= set(items)),
        notes=tuple(note for note in view.notes if note.id in boxes),
        frames=tuple(frame for frame in view.frames if frame.id in boxes),
        bends={link: points for link, points in view.bends.items() if link in links},
    )


def arrived(
    view: View,
    carried: View,
    *,
    taken: Collection[str],
    new_ids: Mapping[str, str],
    new_links: Mapping[str, str],
    by: Shift,
) -> dict[str, Any]:
    """The fields of a view to which the carried groups, bends, notes and frames were added.

    ``taken`` are ids that nothing new may have; ``new_ids`` and ``new_links`` lead from carried
    ids to those on the map, and everything that has a place is shifted ``by`` so much.
    """
    known = set(taken)
    notes, frames = (
        tuple(_renewed(box, known, by) for box in boxes)
        for boxes in (carried.notes, carried.frames)
    )
    groups = tuple(
        msgspec.structs.replace(group, id=_new_group_id(known), members=members, name=name)
        for group, name in _named(carried.groups, {g.name for g in view.groups})
        if len(members := tuple(new_ids[m] for m in group.members if m in new_ids)) > 1
    )
    bends = {
        new_links[link]: tuple((round(x + by[0], 1), round(y + by[1], 1)) for x, y in points)
        for link, points in carried.bends.items()
        if link in new_links
    }
    changes: dict[str, Any] = {}
    for field, further in (("notes", notes), ("frames", frames), ("groups", groups)):
        if further:
            changes[field] = (*getattr(view, field), *further)
    if bends:
        changes["bends"] = {**view.bends, **bends}
    return changes


def box_ids(changes: Mapping[str, Any], view: View) -> tuple[str, ...]:
    """The ids of the notes and frames that :func:`arrived` adds."""
    known = {box.id for box in view.boxes}
    boxes = (*changes.get("frames", ()), *changes.get("notes", ()))
    return tuple(box.id for box in boxes if box.id not in known)


def _renewed(box: Box, known: set[str], by: Shift) -> Box:
    kind: type[Note | Frame] = Note if isinstance(box, Note) else Frame
    id = new_box_id(known, kind)
    known.add(id)
    left, top, width, height = box.rect
    rect = (round(left + by[0], 1), round(top + by[1], 1), width, height)
    made: Box = msgspec.structs.replace(box, id=id, rect=rect)
    return made


def _new_group_id(known: set[str]) -> str:
    while (id := f"g-{secrets.token_hex(4)}") in known:
        continue
    known.add(id)
    return id


def _named(groups: Collection[Group], taken: set[str]) -> list[tuple[Group, str]]:
    """Each group with a name that no other group has: `Upstream 2` beside `Upstream`."""
    found = []
    names = set(taken)
    for group in groups:
        stem = group.name or "Group"
        name = stem
        number = 2
        while name in names:
            name = f"{stem} {number}"
            number += 1
        names.add(name)
        found.append((group, name))
    return found
