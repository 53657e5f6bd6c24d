"""From the losses of a shock to what is told of them: who is hit, by what, at which cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.projection import Flags, Floats
from depmap_gui.analysis.results import Assumption, Range
from depmap_gui.analysis.shock_fixed_point import carried_by_group
from depmap_gui.analysis.shock_needs import EVERY_PRODUCT, Guess, Need, Needs
from depmap_gui.analysis.shock_results import (
    UNITS,
    Carrier,
    EntityLoss,
    LostNeed,
    Outage,
    ProductLoss,
    ShockResult,
    Step,
)
from depmap_gui.domain.quantity import Quantity, mode
from depmap_gui.domain.records import Plant, Product
from depmap_gui.rules.results import CreditResult, LawResult

SAME = 1e-9
"""Needs whose losses differ by less than this bind alike."""
LONGEST = 100
"""How many links of a chain are told at most."""


@dataclass(frozen=True, eq=False)
class Losses:
    """Per node: lost by the outages themselves, and in the end; each least and at most (0..1)."""

    own: Floats
    own_most: Floats
    lost: Floats
    lost_most: Floats


def report(
    needs: Needs, outages: tuple[Outage, ...], losses: Losses, law: LawResult | None
) -> ShockResult:
    """Tell what a shock does."""
    told = _Told(needs, losses)
    projection = needs.projection
    hit = np.flatnonzero(losses.lost_most[: projection.size] > 0.0).tolist()
    rows = {projection.ids[row]: row for row in hit}
    binding = told.binding[needs.part_group] & (told.lost_most[needs.part_node] > 0.0)
    return ShockResult(
        outages=outages,
        currency=projection.project.header.currency,
        available={id: told.availability(row) for id, row in rows.items()},
        entities=_LossTable(told, rows),
        products=tuple(_products(told, law)),
        carrying=frozenset(
            projection.links[number].id for number in np.unique(needs.part_link[binding]).tolist()
        ),
        assumptions=tuple(_assumptions(told)),
    )


class _LossTable(Mapping[str, EntityLoss]):
    """The losses of those that are hit, told when asked for: a large map has many."""

    def __init__(self, told: _Told, row: Mapping[str, int]) -> None:
        self._told = told
        self._row = row

    def __getitem__(self, entity: str) -> EntityLoss:
        return self._told.entity(self._row[entity])

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


class _Told:
    """The losses of one shock beside the needs they come from."""

    def __init__(self, needs: Needs, losses: Losses) -> None:
        self.needs = needs
        self.own, self.own_most = losses.own, losses.own_most
        self.lost, self.lost_most = losses.lost, losses.lost_most
        self.carried = carried_by_group(needs, losses.lost)
        self.carried_most = carried_by_group(needs, losses.lost_most)
        self.binding = self._binding()

    def availability(self, node: int) -> Range:
        """What is left of a node."""
        return _left(self.lost[node], self.lost_most[node])

    def shown(self, groups: range) -> Floats:
        """How much of these groups is lost: at least, or where nothing is, at most."""
        chosen = slice(groups.start, groups.stop)
        least = self.carried[chosen]
        return least if least.any() else self.carried_most[chosen]

    def entity(self, row: int) -> EntityLoss:
        """What is lost of one entity, and by what."""
        groups = self.needs.of(row)
        found = [self._need(group) for group in groups if self.carried_most[group] > 0.0]
        return EntityLoss(
            entity=self.needs.projection.ids[row],
            availability=self.availability(row),
            own=_left(self.own[row], self.own_most[row]),
            needs=tuple(sorted(found, key=lambda need: need.availability.high)),
        )

    def _need(self, group: int) -> LostNeed:
        needs, need = self.needs, self.needs.groups[group]
        owner = needs.projection.entities[need.owner]
        products = owner.products if isinstance(owner, Plant) else ()
        carriers = [self._carrier(part) for part in needs.parts(group)]
        hit = [carrier for carrier in carriers if carrier.lost.high > 0.0]
        return LostNeed(
            kind=need.kind,
            name=need.name,
            product=None if need.product == EVERY_PRODUCT else products[need.product].id,
            availability=_left(self.carried[group], self.carried_most[group]),
            binding=bool(self.binding[group]),
            carriers=tuple(sorted(hit, key=lambda carrier: -carrier.lost.high)),
        )

    def _carrier(self, part: int) -> Carrier:
        needs = self.needs
        node, share = int(needs.part_node[part]), float(needs.part_share[part])
        return Carrier(
            link=needs.projection.links[needs.part_link[part]].id,
            source=needs.projection.ids[needs.entity(node)],
            share=share,
            lost=_range(share * self.lost[node], share * self.lost_most[node]),
        )

    def product(self, row: int, product: int) -> tuple[Range, tuple[Step, ...]]:
        """What is lost of one product of a plant (or all of it), and the chain it came along."""
        if self.lost_most[row] == 0.0:
            return Range(0.0, 0.0), ()
        least, most = self.worst(self.needs.of(row), product)
        own, own_most = self.own[row], self.own_most[row]
        lost = _range(own + (1.0 - own) * least, own_most + (1.0 - own_most) * most)
        return lost, self.chain(row, product)

    def worst(self, groups: range, product: int) -> tuple[float, float]:
        """The largest loss among the groups that a product needs: at least, at most."""
        least = most = 0.0
        for group in groups:
            if self.needs.groups[group].product in (product, EVERY_PRODUCT):
                least = max(least, float(self.carried[group]))
                most = max(most, float(self.carried_most[group]))
        return least, most

    def _binding(self) -> Flags:
        """Which groups no other need of the same product (of any of its products) exceeds."""
        needs = self.needs
        found = np.zeros(len(needs.groups), dtype=bool)
        for owner in np.unique(needs.owner[self.carried_most > 0.0]).tolist():
            groups = needs.of(owner)
            shown = self.shown(groups).tolist()
            products = [needs.groups[group].product for group in groups]
            for product in self._scopes(owner, products):
                scope = [
                    place for place, of in enumerate(products) if of in (product, EVERY_PRODUCT)
                ]
                worst = max((shown[place] for place in scope), default=0.0)
                for place in scope:
                    if shown[place] > 0.0 and shown[place] >= worst - SAME:
                        found[groups.start + place] = True
        return found

    def _scopes(self, owner: int, products: list[int]) -> list[int]:
        if all(product == EVERY_PRODUCT for product in products):
            return [EVERY_PRODUCT]
        entity = self.needs.projection.entities[owner]
        return list(range(len(entity.products))) if isinstance(entity, Plant) else [EVERY_PRODUCT]

    def chain(self, row: int, product: int) -> tuple[Step, ...]:
        """Along the greatest losses from an entity to where they come from."""
        ids, links = self.needs.projection.ids, self.needs.projection.links
        steps: list[Step] = []
        seen = {row}
        node = row
        while len(steps) < LONGEST and (part := self._worst_part(node, product)) is not None:
            source = int(self.needs.part_node[part])
            link = links[self.needs.part_link[part]].id
            steps.append(Step(link, ids[self.needs.entity(source)], ids[self.needs.entity(node)]))
            if source in seen:
                break
            seen.add(source)
            node, product = source, EVERY_PRODUCT
        return tuple(steps)

    def _worst_part(self, node: int, product: int) -> int | None:
        """The part that loses a node most; None where the outages themselves take more."""
        documented = self.lost[node] > 0.0
        lost = self.lost if documented else self.lost_most
        carried = self.carried if documented else self.carried_most
        own = (self.own if documented else self.own_most)[node]
        groups = [
            group
            for group in self.needs.of(node)
            if product == EVERY_PRODUCT
            or self.needs.groups[group].product in (product, EVERY_PRODUCT)
        ]
        group = max(groups, key=lambda each: carried[each], default=None)
        if group is None or (1.0 - own) * carried[group] <= own:
            return None
        parts = self.needs.parts(group)
        share, source = self.needs.part_share, self.needs.part_node
        return max(parts, key=lambda part: share[part] * lost[source[part]])


def _products(told: _Told, law: LawResult | None) -> Iterator[ProductLoss]:
    """Every product of every plant in the order of the map."""
    credits: dict[tuple[str, str], CreditResult] = {}
    for claimed in law.credits if law else ():
        key = (claimed.plant, claimed.product)
        if credits.setdefault(key, claimed).in_year is None:
            credits[key] = claimed
    for row, plant in enumerate(told.needs.projection.entities):
        if not isinstance(plant, Plant):
            continue
        for place, product in enumerate(plant.products or (None,)):
            lost, chain = told.product(row, EVERY_PRODUCT if product is None else place)
            if product is None:
                yield ProductLoss(
                    plant=plant.id,
                    product=None,
                    name=plant.name or plant.id,
                    availability=_left(lost.low, lost.high),
                    lost=lost,
                    chain=chain,
                )
            else:
                credit = credits.get((plant.id, product.id))
                yield _product_loss(plant, product, lost, credit, chain)


def _product_loss(
    plant: Plant,
    product: Product,
    lost: Range,
    credit: CreditResult | None,
    chain: tuple[Step, ...],
) -> ProductLoss:
    units, price = _known(product.units), _known(product.price)
    value = None if units is None or price is None else units * price
    annual = None if credit is None else credit.in_year
    return ProductLoss(
        plant=plant.id,
        product=product.id,
        name=product.name or product.id,
        availability=_left(lost.low, lost.high),
        lost=lost,
        unit=UNITS if credit is None else credit.unit or UNITS,
        units=units,
        lost_units=_part(units, lost),
        value=value,
        lost_value=_part(value, lost),
        credit=annual,
        lost_credit=_part(annual, lost),
        credit_currency=None if credit is None or annual is None else credit.currency,
        chain=chain,
    )


def _assumptions(told: _Told) -> Iterator[Assumption]:
    """What was taken for granted about those that are hit."""
    needs, projection = told.needs, told.needs.projection
    for group in np.flatnonzero(told.carried_most > 0.0).tolist():
        need = needs.groups[group]
        if text := _guessed(need, projection.name(need.owner)):
            yield Assumption(text, (projection.ids[need.owner],))
    feeding = set(np.unique(needs.part_node).tolist())
    for row, plant in enumerate(projection.entities):
        if not isinstance(plant, Plant) or len(plant.products) < 2:
            continue
        if row not in feeding or told.lost_most[row] == 0.0:
            continue
        groups = needs.of(row)
        worst = {told.worst(groups, place) for place in range(len(plant.products))}
        if len(worst) > 1:
            yield Assumption(
                f"What {plant.name or plant.id} delivers to others is as available as the least "
                "available of its products: the map does not say which of them it delivers.",
                (plant.id,),
            )


def _guessed(need: Need, owner: str) -> str:
    match need.guess:
        case Guess.MEAN_COST:
            return (
                f"Some supplies of {need.name} to {owner} state no cost: each counts at the mean "
                "cost of the others."
            )
        case Guess.EQUAL_COST:
            return (
                f"No supply of {need.name} to {owner} has a cost above zero: its sources count "
                "equally."
            )
        case Guess.NEEDED:
            return (
                f"How much of {owner}'s technology falls under {need.name} is not known: {owner} "
                "is taken to need it."
            )
        case Guess.NOTHING:
            return ""


def _known(quantity: Quantity | None) -> float | None:
    """A quantity's mode; None where that is unknown or cannot be."""
    value = None if quantity is None else mode(quantity)
    return None if value is None or not math.isfinite(value) or value < 0.0 else float(value)


def _part(whole: float | None, lost: Range) -> Range | None:
    return None if whole is None else Range(whole * lost.low, whole * lost.high)


def _range(low: float, high: float) -> Range:
    return Range(float(low), float(max(low, high)))


def _left(lost: float, lost_most: float) -> Range:
    """What is left where this is lost at least and at most."""
    return Range(float(1.0 - max(lost, lost_most)), float(1.0 - lost))
