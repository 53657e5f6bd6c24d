"""What everything on a map needs to work: the graph that a shock travels along.

A node is an entity, or a company in one of two parts it acts in: as licensor it grants what it
licenses, as operator it runs its plants. What a node needs comes in groups, each of which it
cannot do without; the sources within one group stand in for one another by their shares:

- an item: all supplies of one name, shared by cost. What goes into one product only is needed
  for that product alone, and a link that names a product nobody makes goes into all of them;
- each license that a plant or company uses, and each sub-license and each licensor of a license:
  technology does not come in parts, so all of them are needed;
- the operator of a plant.

A stated share of zero in a license's use or grant says that no technology depends on it: then
nothing is needed. Candidates and links out of their dates never count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from depmap_gui.analysis.projection import Floats, Integers, Projection
from depmap_gui.domain.records import Plant, Supplies

EVERY_PRODUCT = -1
"""Stands for all products of a plant, or for what is no plant."""


class NeedKind(StrEnum):
    """What sort of thing a node cannot do without."""

    ITEM = "item"
    LICENSE = "license"
    SUBLICENSE = "sublicense"
    LICENSOR = "licensor"
    OPERATOR = "operator"


class Guess(StrEnum):
    """What had to be assumed about the shares of a group."""

    NOTHING = "nothing"
    MEAN_COST = "mean cost"
    EQUAL_COST = "equal cost"
    NEEDED = "needed"


@dataclass(frozen=True)
class Need:
    """One group: ``name`` is needed by node ``owner`` for ``product`` (its place, or all)."""

    owner: int
    kind: NeedKind
    name: str
    product: int
    guess: Guess


@dataclass(frozen=True, eq=False)
class Needs:
    """All needs of a map as columns; groups in the order of their owners, parts in that of groups.

    ``size`` nodes: the entities in their order, then the licensors, then the operators (company
    rows in ``licensors`` and ``operators``). Per node: where its groups start (one more at the
    end). Per group: its :class:`Need`, its ``owner`` and where its parts start. Per part: its
    group, the node it comes from, its share of the group (above 0, summing to 1) and the place
    of its link in :attr:`Projection.links`.
    """

    projection: Projection
    size: int
    licensors: Integers
    operators: Integers
    group_starts: Integers
    groups: tuple[Need, ...]
    owner: Integers
    part_starts: Integers
    part_group: Integers
    part_node: Integers
    part_share: Floats
    part_link: Integers

    def entity(self, node: int) -> int:
        """The entity row that a node belongs to."""
        rows = self.projection.size
        if node < rows:
            return node
        acting = node - rows
        if acting < len(self.licensors):
            return int(self.licensors[acting])
        return int(self.operators[acting - len(self.licensors)])

    def of(self, node: int) -> range:
        """The groups that a node needs."""
        return range(int(self.group_starts[node]), int(self.group_starts[node + 1]))

    def parts(self, group: int) -> range:
        """The places of a group's parts."""
        starts = self.part_starts
        last = int(starts[group + 1]) if group + 1 < len(starts) else len(self.part_node)
        return range(int(starts[group]), last)


def needs_of(projection: Projection) -> Needs:
    """Read what everything needs from a map on one day."""
    licensors = np.unique(projection.licenses.source)
    operators = np.unique(projection.operates.source)
    draft = _Draft()
    _add_items(projection, draft)
    _add_licenses(projection, draft)
    _add_licensors(projection, draft, licensors)
    _add_operators(projection, draft, operators, projection.size + len(licensors))
    return draft.needs(projection, licensors, operators)


Part = tuple[int, float, int]
"""Node, share, link number."""


class _Draft:
    """Groups as they come up, before they are put in order."""

    def __init__(self) -> None:
        self.groups: list[tuple[Need, list[Part]]] = []

    def add(self, need: Need, parts: Iterable[Part]) -> None:
        """Take one more group in; parts of no share carry nothing and are left out."""
        self.groups.append((need, [part for part in parts if part[1] > 0.0]))

    def needs(self, projection: Projection, licensors: Integers, operators: Integers) -> Needs:
        """All of it as columns."""
        ordered = sorted(self.groups, key=lambda group: group[0].owner)
        counts = np.array([len(parts) for _, parts in ordered], dtype=np.int64)
        parts = [part for _, group in ordered for part in group]
        owner = np.array([need.owner for need, _ in ordered], dtype=np.int64)
        size = projection.size + len(licensors) + len(operators)
        return Needs(
            projection=projection,
            size=size,
            licensors=licensors,
            operators=operators,
            group_starts=np.searchsorted(owner, np.arange(size + 1)).astype(np.int64),
            groups=tuple(need for need, _ in ordered),
            owner=owner,
            part_starts=np.cumsum(counts) - counts,
            part_group=np.repeat(np.arange(len(ordered)), counts),
            part_node=np.array([node for node, _, _ in parts], dtype=np.int64),
            part_share=np.array([share for _, share, _ in parts], dtype=np.float64),
            part_link=np.array([link for _, _, link in parts], dtype=np.int64),
        )


Delivery = tuple[int, float, int, str, str | None]
"""Source row, cost (NaN where unknown), link number, item as written, product."""


def _add_items(projection: Projection, draft: _Draft) -> None:
    supplies = projection.supplies
    items: dict[tuple[int, str], list[Delivery]] = {}
    columns = zip(
        supplies.source.tolist(),
        supplies.target.tolist(),
        supplies.number.tolist(),
        projection.cost.tolist(),
        strict=True,
    )
    for source, target, number, cost in columns:
        link = projection.links[number]
        if isinstance(link, Supplies):
            item = link.item.strip() or projection.name(source)
            delivery = (source, cost, number, item, link.product)
            items.setdefault((target, item.casefold()), []).append(delivery)
    for (target, _), deliveries in items.items():
        for product, chosen in _by_product(projection, target, deliveries):
            shares, guess = _cost_shares([cost for _, cost, _, _, _ in chosen])
            if len({source for source, _, _, _, _ in chosen}) == 1:
                guess = Guess.NOTHING
            draft.add(
                Need(target, NeedKind.ITEM, chosen[0][3], product, guess),
                (
                    (source, share, number)
                    for (source, _, number, _, _), share in zip(chosen, shares, strict=True)
                ),
            )


def _by_product(
    projection: Projection, target: int, deliveries: list[Delivery]
) -> list[tuple[int, list[Delivery]]]:
    """The deliveries of one item as the products of its target need them."""
    entity = projection.entities[target]
    products = [product.id for product in entity.products] if isinstance(entity, Plant) else []
    if all(into not in products for _, _, _, _, into in deliveries):
        return [(EVERY_PRODUCT, deliveries)]
    found = []
    for place, product in enumerate(products):
        chosen = [each for each in deliveries if each[4] == product or each[4] not in products]
        if chosen:
            found.append((place, chosen))
    return found


def _cost_shares(costs: list[float]) -> tuple[list[float], Guess]:
    """Shares by cost; unknown costs at the mean of the others, all equal where none is above 0."""
    stated = [cost for cost in costs if not math.isnan(cost)]
    greatest = max(stated, default=0.0)
    if greatest <= 0.0:
        return [1.0 / len(costs)] * len(costs), Guess.EQUAL_COST
    # Costs are taken relative to the greatest, so that no sum can overflow.
    mean = math.fsum(cost / greatest for cost in stated) / len(stated)
    filled = [mean if math.isnan(cost) else cost / greatest for cost in costs]
    total = math.fsum(filled)
    guess = Guess.NOTHING if len(stated) == len(costs) else Guess.MEAN_COST
    return [part / total for part in filled], guess


def _add_licenses(projection: Projection, draft: _Draft) -> None:
    uses = projection.uses
    is_license = np.zeros(projection.size, dtype=bool)
    is_license[uses.source] = True
    is_license[projection.licenses.target] = True
    for source, target, number, share in zip(
        uses.source.tolist(),
        uses.target.tolist(),
        uses.number.tolist(),
        uses.share.tolist(),
        strict=True,
    ):
        if share == 0.0:
            continue
        kind = NeedKind.SUBLICENSE if is_license[target] else NeedKind.LICENSE
        guess = Guess.NEEDED if math.isnan(share) else Guess.NOTHING
        need = Need(target, kind, projection.name(source), EVERY_PRODUCT, guess)
        draft.add(need, [(source, 1.0, number)])


def _add_licensors(projection: Projection, draft: _Draft, licensors: Integers) -> None:
    grants = projection.licenses
    node = projection.size + np.searchsorted(licensors, grants.source)
    for source, at, target, number, share in zip(
        grants.source.tolist(),
        node.tolist(),
        grants.target.tolist(),
        grants.number.tolist(),
        grants.share.tolist(),
        strict=True,
    ):
        if share != 0.0:
            name = projection.name(source)
            need = Need(target, NeedKind.LICENSOR, name, EVERY_PRODUCT, Guess.NOTHING)
            draft.add(need, [(at, 1.0, number)])


def _add_operators(projection: Projection, draft: _Draft, operators: Integers, start: int) -> None:
    """Each plant's operator: the first where several are drawn, as everywhere."""
    operates = projection.operates
    plants, first = np.unique(operates.target, return_index=True)
    node = start + np.searchsorted(operators, operates.source)
    for plant, place in zip(plants.tolist(), first.tolist(), strict=True):
        name = projection.name(int(operates.source[place]))
        need = Need(plant, NeedKind.OPERATOR, name, EVERY_PRODUCT, Guess.NOTHING)
        draft.add(need, [(int(node[place]), 1.0, int(operates.number[place]))])
