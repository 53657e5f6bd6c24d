"""Collapsed groups: the map with one item in the place of each group's members.

What is folded is shown only; the document knows nothing of it. Lines from several members to the
same neighbor become one, with what they cost together; unknown costs are told, never counted as
none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.in_force import counts_on, last_day
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import ENTITY_CLASSES, AnyEntity, AnyLink, Supplies
from depmap_gui.domain.views import Group, View
from depmap_gui.gui.coloring import Badge, Coloring, exposures
from depmap_gui.gui.numbers import money
from depmap_gui.gui.theme import Tone

_PLURALS = {
    EntityKind.PLANT: ("plant", "plants"),
    EntityKind.COMPANY: ("company", "companies"),
    EntityKind.LICENSE: ("license", "licenses"),
    EntityKind.MATERIAL: ("material", "materials"),
    EntityKind.JURISDICTION: ("jurisdiction", "jurisdictions"),
}
_WORST_FIRST = (Tone.BAD, Tone.WARN, Tone.UNKNOWN, Tone.GOOD, Tone.ENDED)


@dataclass(frozen=True)
class Fold:
    """A map as it is shown. Without collapsed groups it is the project itself.

    ``inner`` are the items behind each group's card, ``links`` the ids behind each summed line;
    ``card_of`` and ``line_of`` lead from them to what is shown in their place.
    """

    project: Project
    inner: Mapping[str, tuple[AnyEntity, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contexts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    card_of: Mapping[str, str] = field(default_factory=dict)
    line_of: Mapping[str, str] = field(default_factory=dict)

    def shown(self, id: str) -> str:
        """What is seen of an item or link: itself, or what stands in its place."""
        return self.card_of.get(id) or self.line_of.get(id, id)

    def meant(self, id: str) -> tuple[str, ...]:
        """The items or links that something on the map stands for."""
        if id in self.inner:
            return tuple(entity.id for entity in self.inner[id])
        return self.links.get(id, (id,))


def folded(project: Project, view: View) -> Fold:
    """The map with the view's collapsed groups folded."""
    inner = _inner(project, view)
    if not inner:
        return Fold(project)
    names = {group.id: group.name for group in view.groups}
    card_of = {entity.id: card for card, members in inner.items() for entity in members}
    entities: dict[str, AnyEntity] = {}
    for id, entity in project.entities.items():
        card = card_of.get(id)
        if card is None:
            entities[id] = entity
        elif card not in entities:
            entities[card] = _card(card, names[card], inner[card])
    links, behind, labels = _summed(project, card_of)
    return Fold(
        project=msgspec.structs.replace(project, entities=entities, links=links),
        inner=inner,
        links=behind,
        contexts={card: _context(members) for card, members in inner.items()},
        labels=labels,
        card_of=card_of,
        line_of={id: line for line, ids in behind.items() for id in ids},
    )


def shown_members(project: Project, view: View, group: Group) -> tuple[AnyEntity, ...]:
    """The group's items that the view shows."""
    hidden = set(view.hidden)
    found = (project.entities[id] for id in group.members if id in project.entities)
    return tuple(e for e in found if e.id not in hidden and e.kind not in hidden)


def _inner(project: Project, view: View) -> dict[str, tuple[AnyEntity, ...]]:
    """The items behind the card of each collapsed group; an item is in the first that has it."""
    found: dict[str, tuple[AnyEntity, ...]] = {}
    taken: set[str] = set()
    for group in view.groups:
        is_ours = group.id in project.entities or group.id in project.links or group.id in found
        if not group.collapsed or is_ours:
            continue
        members = [e for e in shown_members(project, view, group) if e.id not in taken]
        members = list({e.id: e for e in members}.values())
        if members:
            found[group.id] = tuple(members)
            taken.update(e.id for e in members)
    return found


def _card(id: str, name: str, members: tuple[AnyEntity, ...]) -> AnyEntity:
    """What stands for a group among the items: of the kind that most of its members have."""
    kind = Counter(entity.kind for entity in members).most_common(1)[0][0]
    return ENTITY_CLASSES[kind](id=id, name=name or "Group")


def _context(members: tuple[AnyEntity, ...]) -> str:
    counts = Counter(entity.kind for entity in members)
    parts = [f"{n} {_PLURALS[kind][n != 1]}" for kind, n in counts.most_common()]
    return ", ".join(parts)


def _summed(
    project: Project, card_of: Mapping[str, str]
) -> tuple[dict[str, AnyLink], dict[str, tuple[str, ...]], dict[str, str]]:
    """The links as they are shown, the ids behind each sum, and the words of each sum."""
    as_of = last_day(project.header.year)
    together: dict[tuple[object, ...], list[AnyLink]] = {}
    for link in project.links.values():
        source, target = card_of.get(link.source), card_of.get(link.target)
        if source is None and target is None:
            together[(link.id,)] = [link]
        elif source is None or source != target:
            shown = source or link.source, target or link.target
            spare = isinstance(link, Supplies) and link.candidate
            key = (link.kind, *shown, counts_on(link, as_of), spare)
            together.setdefault(key, []).append(link)
    links: dict[str, AnyLink] = {}
    behind: dict[str, tuple[str, ...]] = {}
    labels: dict[str, str] = {}
    for several in together.values():
        first = several[0]
        ends = {
            "source": card_of.get(first.source, first.source),
            "target": card_of.get(first.target, first.target),
        }
        if len(several) == 1:
            links[first.id] = msgspec.structs.replace(first, **ends)
            continue
        id = f"sum of {first.id}"
        while id in project.links or id in project.entities:
            id += "+"
        links[id], labels[id] = _sum(id, several, ends, project.header.currency)
        behind[id] = tuple(link.id for link in several)
    return links, behind, labels


def _sum(
    id: str, several: list[AnyLink], ends: dict[str, str], currency: str
) -> tuple[AnyLink, str]:
    words = f"{len(several)} links"
    changes: dict[str, Any] = {"id": id, **ends}
    supplies = [link for link in several if isinstance(link, Supplies)]
    if supplies:
        costs = [mode(link.cost) for link in supplies if link.cost is not None]
        cost = float(sum(costs)) if costs else None
        changes |= {"item": "", "cost": cost}
        if cost is not None:
            words += f" · {money(cost, currency)}"
        if len(costs) < len(supplies):
            words += " + unknown" if costs else " · cost unknown"
    summed: AnyLink = msgspec.structs.replace(several[0], **changes)
    return summed, words


def group_exposure(
    members: tuple[AnyEntity, ...], assessment: Assessment | None, coloring: Coloring
) -> tuple[float, float]:
    """From the least documented share to the most that may be, over the plants of a group.

    Over all its items where it has no plant with a figure; NaN where none has one.
    """
    plants = [entity for entity in members if entity.kind is EntityKind.PLANT]
    for chosen in (plants, list(members)):
        low, high = exposures(chosen, assessment, coloring)
        if not np.isnan(low).all():
            return float(np.nanmin(low)), float(np.nanmax(high))
    return float("nan"), float("nan")


def group_badge(members: tuple[AnyEntity, ...], badges: Mapping[str, Badge]) -> Badge | None:
    """The worst status among a group's plants, or its items where no plant has one."""
    judged = [entity for entity in members if entity.id in badges]
    plants = [entity for entity in judged if entity.kind is EntityKind.PLANT]
    found = [badges[entity.id] for entity in plants or judged]
    return min(found, key=lambda badge: _WORST_FIRST.index(badge.tone), default=None)
