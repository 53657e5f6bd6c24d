"""Single points of failure through the whole chain: every entity without which a plant stops.

Which entities those are is a matter of the graph alone, so nothing is computed in shares. From an
entity switched off, what stops is followed from group to group: a group stops when all its parts
have, and with it its owner. In a loop more may stop than that: two that draw on each other and,
for the rest, on what has stopped, run dry although each still has a source. Such a set has a
group each whose parts all lie in it or have stopped, and leads to what has stopped on every way.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.linear import components
from depmap_gui.analysis.projection import Integers
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
    if not plants:
        return {}
    spread = _Spread(needs)
    found: dict[str, list[CriticalEntity]] = {}
    size = projection.size
    for row in range(size):
        if row % 256 == 0:
            told.progress(row / size, "Looking for single points of failure")
        for plant, products in spread.stopped_plants(row, plants).items():
            if plant != row:
                whole = EVERY_PRODUCT in products
                named = () if whole else _named(projection.entities[plant], products)
                critical = CriticalEntity(projection.ids[row], whole, named)
                found.setdefault(projection.ids[plant], []).append(critical)
    told.progress(1.0, "Done")
    return {plant: tuple(found[plant]) for plant in projection.ids if plant in found}


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
        self.needs = needs
        self.owner = needs.owner.tolist()
        self.members = [0] * len(self.owner)
        self.consumers: list[list[int]] = [[] for _ in range(size)]
        pairs = np.unique(needs.part_group * max(size, 1) + needs.part_node)
        for pair in pairs.tolist():
            group, node = divmod(pair, size)
            self.members[group] += 1
            self.consumers[node].append(group)
        label, _ = components(needs.owner[needs.part_group], needs.part_node, size)
        self.label = label.tolist()
        self.loops = _loops(needs, label)
        self.closed = _closed_loops(needs, label)
        self.parts_of_entity: dict[int, list[int]] = {}
        for node in range(needs.projection.size, size):
            self.parts_of_entity.setdefault(needs.entity(node), []).append(node)
        # Who belongs to one closed loop stops the same plants: kept under its first node.
        self._of_loop: dict[int, Mapping[int, set[int]]] = {}

    def stopped_plants(self, row: int, plants: set[int]) -> Mapping[int, set[int]]:
        """The plants that stop without an entity, with the places of their products that do."""
        loop = self.closed.get(row)
        alone = loop is None or row in self.parts_of_entity
        if loop is not None and not alone and loop[0] in self._of_loop:
            return self._of_loop[loop[0]]
        stopped: dict[int, set[int]] = {}
        for group in self._stopped_groups(row):
            need = self.needs.groups[group]
            if need.owner in plants:
                stopped.setdefault(need.owner, set()).add(need.product)
        for plant, products in stopped.items():
            entity = self.needs.projection.entities[plant]
            if isinstance(entity, Plant) and len(products) == len(entity.products):
                products.add(EVERY_PRODUCT)
        if loop is not None and not alone:
            self._of_loop[loop[0]] = stopped
        return stopped

    def _stopped_groups(self, row: int) -> set[int]:
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
        waiting = list(fresh)
        while waiting:
            node = waiting.pop()
            if node in dead:
                continue
            dead.add(node)
            waiting += self.closed.get(node, ())
            for group in self.consumers[node]:
                left[group] = left.get(group, self.members[group]) - 1
                if left[group] == 0:
                    stopped.add(group)
                    waiting.append(self.owner[group])

    def _run_dry(self, dead: set[int], left: dict[int, int]) -> list[int]:
        """The nodes of the first loop found that runs dry, beside what has stopped already."""
        tried: set[int] = set()
        for group, live in left.items():
            owner = self.owner[group]
            home = self.label[owner]
            if live == 0 or owner in dead or home in tried or home not in self.loops:
                continue
            parts = self.needs.parts(group)
            sources = self.needs.part_node[parts.start : parts.stop].tolist()
            if all(node in dead or self.label[node] == home for node in sources):
                tried.add(home)
                if dry := self.loops[home].dry_part(dead):
                    return dry
        return []


class _Loop:
    """One strongly connected component: its nodes and the groups they need, as columns."""

    def __init__(self, needs: Needs, nodes: list[int]) -> None:
        groups = np.concatenate([np.array(needs.of(node)) for node in nodes])
        parts = [np.array(needs.parts(group)) for group in groups.tolist()]
        counts = np.array([len(part) for part in parts])
        self.size = needs.size
        self.nodes = nodes
        self.owner = needs.owner[groups]
        self.starts = np.cumsum(counts) - counts
        self.member = needs.part_node[np.concatenate(parts)]

    def dry_part(self, dead: set[int]) -> list[int]:
        """The largest part of the loop that feeds on itself and on what has stopped alone.

        From each of its nodes some way along such groups must lead to what has stopped: else
        they would keep one another going.
        """
        stopped = np.zeros(self.size, dtype=bool)
        stopped[list(dead)] = True
        part = np.zeros(self.size, dtype=bool)
        part[self.nodes] = True
        part &= ~stopped
        while part.any():
            inside = np.logical_and.reduceat((part | stopped)[self.member], self.starts)
            reached = stopped.copy()
            while True:
                leads = inside & np.logical_or.reduceat(reached[self.member], self.starts)
                fresh = self.owner[leads]
                if reached[fresh].all():
                    break
                reached[fresh] = True
            reached &= part
            if np.array_equal(reached, part):
                return np.flatnonzero(part).tolist()
            part = reached
        return []


def _loops(needs: Needs, label: Integers) -> Mapping[int, _Loop]:
    """The components in which something goes round, by their number."""
    row = needs.owner[needs.part_group]
    inner = label[row] == label[needs.part_node]
    looped = set(label[row[inner]].tolist())
    members: dict[int, list[int]] = {}
    for node, home in enumerate(label.tolist()):
        if home in looped:
            members.setdefault(home, []).append(node)
    return {home: _Loop(needs, nodes) for home, nodes in members.items()}


def _closed_loops(needs: Needs, label: Integers) -> Mapping[int, list[int]]:
    """For each node of a loop that needs nothing from outside: all nodes of that loop.

    Each of them has a group that lies within, and along these groups each leads to each: where
    one stops, so do all. (Such sets are the maximal end components of a decision process.)
    """
    row = needs.owner[needs.part_group]
    if len(row) == 0:
        return {}
    within = np.ones(len(needs.groups), dtype=bool)
    while True:
        same = label[row] == label[needs.part_node]
        after = within & np.logical_and.reduceat(same, needs.part_starts)
        kept = after[needs.part_group]
        label, count = components(row[kept], needs.part_node[kept], needs.size)
        if np.array_equal(after, within):
            break
        within = after
    loops: dict[int, list[int]] = {}
    for node in np.flatnonzero(count[label] > 1).tolist():
        loops.setdefault(int(label[node]), []).append(node)
    return {node: nodes for nodes in loops.values() for node in nodes}
