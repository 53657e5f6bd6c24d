"""Views that keep the places of items which left the map for one scenario only.

Removing an item tidies it off every view. Where only a scenario removes it the base still shows
it, so its place, pin, group and bends must stay as they were.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

import msgspec

from depmap_gui.domain.edits import Edit, Place, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.views import Group, Point, View


def with_kept(before: View, after: View, staying: Container[str]) -> list[Edit]:
    """The edits from one state of a view to another that leave ``staying`` ids where they were."""
    groups, cards = _groups(before.groups, after.groups, staying)
    kept = {id for id in (*before.positions, *before.bends) if id in staying} | cards
    kept |= {id for id in (*before.pinned, *before.hidden) if id in staying}
    wanted = msgspec.structs.replace(
        after,
        groups=groups,
        positions=after.positions | {id: before.positions[id] for id in kept & {*before.positions}},
        bends=after.bends | {id: before.bends[id] for id in kept & {*before.bends}},
        pinned=_in_order(before.pinned, after.pinned, kept),
        hidden=_in_order(before.hidden, after.hidden, kept),
    )
    edits: list[Edit] = []
    if moved := _moved(before, wanted):
        edits.append(Place(before.id, moved))
    for field in View.__struct_fields__:
        if field not in ("id", "positions", "extra"):
            value = getattr(wanted, field)
            if value != getattr(before, field):
                edits.append(SetField(Section.VIEWS, before.id, field, value))
    return edits


def _moved(before: View, wanted: View) -> dict[str, Point | None]:
    old, new = before.positions, wanted.positions
    moved: dict[str, Point | None] = {id: at for id, at in new.items() if old.get(id) != at}
    return moved | {id: None for id in old if id not in new}


def _groups(
    before: Sequence[Group], after: Sequence[Group], staying: Container[str]
) -> tuple[tuple[Group, ...], set[str]]:
    """The groups afterwards with their staying members, and the groups that stay for these."""
    now = {group.id: group for group in after}
    cards: set[str] = set()
    found: dict[str, Group] = {}
    for group in before:
        left = now.pop(group.id, None)
        members = _in_order(group.members, left.members if left else (), staying)
        if left is None and members:
            cards.add(group.id)
        if left is not None or members:
            found[group.id] = msgspec.structs.replace(left or group, members=members)
    # A group that stays is a member again of the group that held it.
    held = {id: group for id, group in found.items() if cards.intersection(_lost(before, group))}
    for group in held.values():
        old = next(each for each in before if each.id == group.id)
        found[group.id] = msgspec.structs.replace(
            group, members=_in_order(old.members, group.members, {*group.members, *cards})
        )
    return (*found.values(), *now.values()), cards


def _lost(before: Sequence[Group], group: Group) -> set[str]:
    old = next((each for each in before if each.id == group.id), group)
    return {*old.members} - {*group.members}


def _in_order(
    before: Iterable[str], after: Iterable[str], staying: Container[str]
) -> tuple[str, ...]:
    """What is there afterwards or stays, the old in their old order."""
    now = dict.fromkeys(after)
    old = dict.fromkeys(before)
    kept = [id for id in old if id in now or id in staying]
    return (*kept, *(id for id in now if id not in old))
