"""Single points of failure through the whole chain: every entity without which a plant stops.

Which entities those are is a matter of the graph alone, so nothing is computed in shares. From an
entity switched off, what stops is followed from group to group: a group stops when all its parts
have, and with it its owner. In a loop more may stop than that: two that draw on each other and,
for the rest, on what has stopped, run dry although each still has a source. Such a set has a
group each whose parts all lie in it or have stopped, and leads to what has stopped on every way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.linear import components
from depmap_gui.analysis.shock_needs import EVERY_PRODUCT, Needs
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Plant


class CriticalEntity(msgspec.Struct, frozen=True):
    """An entity without which a plant stops: wholly, or only the ``products`` (ids) named."""

    entity: str
    whole: bool
    products: tuple[str, ...] = ()


def critical_entities(
    needs: Needs, context: Context | None = None
) -> Mapping[str, tuple[CriticalEntity, ...]]:
    """For each plant with any: the entities that stop it when switched off alone.

    In the order of the map, the plant itself left out. Raises Canceled where ``context`` says so.
    """
    told = context or Quiet()
    projection = needs.projection
    plants = set(np.flatnonzero(projection.of_kind(EntityKind.PLANT)).tolist())
    spread = _Spread(needs)
    found: dict[str, list[CriticalEntity]] = {}
    size = projection.size
    for row in range(size):
        if row % 256 == 0:
            told.progress(row / size, "Looking for single points of failure")
        for plant, products in _stopped_plants(needs, spread.stopped_groups(row), plants).items():
            if plant != row:
                whole = EVERY_PRODUCT in products
                named = () if whole else _named(projection.entities[plant], products)
                critical = CriticalEntity(projection.ids[row], whole, named)
                found.setdefault(projection.ids[plant], []).append(critical)
    told.progress(1.0, "Done")
    return {plant: tuple(found[plant]) for plant in projection.ids if plant in found}


def _stopped_plants(
    needs: Needs, groups: Iterable[int], plants: set[int]
) -> Mapping[int, set[int]]:
    """The plants that these groups stop, with the places of the products that do."""
    stopped: dict[int, set[int]] = {}
    for group in groups:
        need = needs.groups[group]
        if need.owner in plants:
            stopped.setdefault(need.owner, set()).add(need.product)
    for plant, products in stopped.items():
        entity = needs.projection.entities[plant]
        if isinstance(entity, Plant) and len(products) == len(entity.products):
            products.add(EVERY_PRODUCT)
    return stopped


def _named(entity: object, products: set[int]) -> tuple[str, ...]:
    return (
        tuple(entity.products[place].id for place in sorted(products))
        if isinstance(entity, Plant)
        else ()
    )


class _Spread:
    """Follows what stops through the graph."""

    def __init__(self, needs: Needs) -> None:
        size = needs.size
        self.owner = needs.owner.tolist()
        self.members: list[list[int]] = [[] for _ in self.owner]
        self.consumers: list[list[int]] = [[] for _ in range(size)]
        pairs = np.unique(needs.part_group * max(size, 1) + needs.part_node)
        for pair in pairs.tolist():
            group, node = divmod(pair, size)
            self.members[group].append(node)
            self.consumers[node].append(group)
        self.groups_of: list[list[int]] = [[] for _ in range(size)]
        for group, owner in enumerate(self.owner):
            self.groups_of[owner].append(group)
        label, count = components(needs.owner[needs.part_group], needs.part_node, size)
        self.label = label.tolist()
        self.circle: dict[int, list[int]] = {}
        for node in np.flatnonzero(count[label] > 1).tolist():
            self.circle.setdefault(self.label[node], []).append(node)
        self.parts_of_entity: dict[int, list[int]] = {}
        for node in range(needs.projection.size, size):
            self.parts_of_entity.setdefault(needs.entity(node), []).append(node)

    def stopped_groups(self, row: int) -> set[int]:
        """The groups that stop when an entity is switched off."""
        dead: set[int] = set()
        left: dict[int, int] = {}
        stopped: set[int] = set()
        fresh = [row, *self.parts_of_entity.get(row, ())]
        while fresh:
            self._follow(fresh, dead, left, stopped)
            fresh = self._run_dry(dead, left)
        return stopped

    def _follow(
        self, fresh: list[int], dead: set[int], left: dict[int, int], stopped: set[int]
    ) -> None:
        """Let nodes stop, and all that stops with them; ``left`` counts a group's live parts."""
        waiting = [node for node in fresh if node not in dead]
        dead.update(waiting)
        while waiting:
            for group in self.consumers[waiting.pop()]:
                left[group] = left.get(group, len(self.members[group])) - 1
                if left[group] == 0:
                    stopped.add(group)
                    owner = self.owner[group]
                    if owner not in dead:
                        dead.add(owner)
                        waiting.append(owner)

    def _run_dry(self, dead: set[int], left: dict[int, int]) -> list[int]:
        """The nodes of the first loop found that runs dry, beside what has stopped already."""
        tried: set[int] = set()
        for group, live in left.items():
            owner = self.owner[group]
            home = self.label[owner]
            if live == 0 or owner in dead or home in tried:
                continue
            inside = all(node in dead or self.label[node] == home for node in self.members[group])
            if inside:
                tried.add(home)
                if dry := self._dry_part(self.circle.get(home, [owner]), dead):
                    return dry
        return []

    def _dry_part(self, circle: list[int], dead: set[int]) -> list[int]:
        """The largest part of a loop that feeds on itself and on what has stopped alone."""
        part = {node for node in circle if node not in dead}
        while part:
            reached = self._leading_to(dead, part)
            if len(reached) == len(part):
                return sorted(part)
            part = reached
        return []

    def _leading_to(self, dead: set[int], part: set[int]) -> set[int]:
        """Of ``part``, what leads to stopped nodes by groups that lie in it or have stopped."""
        users: dict[int, list[int]] = {}
        reached: set[int] = set()
        for node in part:
            for group in self.groups_of[node]:
                members = self.members[group]
                if all(member in part or member in dead for member in members):
                    if any(member in dead for member in members):
                        reached.add(node)
                    for member in members:
                        users.setdefault(member, []).append(node)
        waiting = list(reached)
        while waiting:
            for user in users.get(waiting.pop(), ()):
                if user not in reached:
                    reached.add(user)
                    waiting.append(user)
        return reached
