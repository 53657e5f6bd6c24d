"""What differs between two maps shown one after the other, for those who show them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project

Place = tuple[Section, str]
_ON_MAP = (Section.ENTITIES, Section.LINKS)


def as_shown(
    change: ChangeSet, before: Project, after: Project, candidates: Iterable[str]
) -> ChangeSet:
    """A change of the base as it changes the map that is shown: from ``before`` to ``after``.

    Besides what the change names, only the ``candidates`` can differ. Records are told apart by
    what they are, not by what they say: those that are the same object have not changed.
    """
    added: set[Place] = set()
    updated: set[Place] = set()
    removed: set[Place] = set()
    concerns = set(change.concerns)
    named = (*change.added, *change.updated, *change.removed)
    ids = {id for section, id in named if section in _ON_MAP}.union(candidates)
    for section in _ON_MAP:
        old, new = before.section(section), after.section(section)
        for id in ids:
            was, now = old.get(id), new.get(id)
            if was is now:
                continue
            if was is None:
                added.add((section, id))
            elif now is None:
                removed.add((section, id))
            else:
                updated.add((section, id))
                if _ends(was) != _ends(now):
                    concerns.add(Concern.STRUCTURE)
    if added or removed:
        concerns.add(Concern.STRUCTURE)
    if updated:
        concerns.add(Concern.VALUES)
    return msgspec.structs.replace(
        change,
        added=frozenset(added) | _others(change.added),
        updated=frozenset(updated) | _others(change.updated),
        removed=frozenset(removed) | _others(change.removed),
        concerns=frozenset(concerns),
    )


def _others(places: frozenset[Place]) -> frozenset[Place]:
    return frozenset(place for place in places if place[0] not in _ON_MAP)


def _ends(record: object) -> tuple[str, str]:
    return getattr(record, "source", ""), getattr(record, "target", "")
