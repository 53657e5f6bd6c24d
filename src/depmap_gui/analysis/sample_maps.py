"""Generated maps of any size, the same for the same seed: for benchmarks and tests."""

from __future__ import annotations

import random
from collections.abc import Sequence

from depmap_gui.domain.kinds import Basis, LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)

_CODES = "CNUSKRJPDEFRSENOAUCACLIDINMXGBBEFIPLHUTHVNMYSGTWBRARZAMAESIT"
"""Two letters each."""
_BACKWARD = 0.1
"""Of a map with loops: how many holdings, supplies and sub-licenses run against the order."""
_CLOSE = 0.5
"""Of a map with loops: how many of these join two of the first fifth, so that a large part of it
is one tangle in which everything depends on everything."""


def random_map(links: int, *, loops: bool, seed: int, jurisdictions: int = 20) -> Project:
    """A made-up map of exactly ``links`` links; entities are about two in five as many.

    Companies, plants and licenses stand in an order in which links run forward; with ``loops``
    one in ten runs backward, and half of them join items of the first fifth. Some shares and
    costs are left out, some are ranges.
    """
    return _Maker(links, loops, random.Random(seed), jurisdictions).project()


class _Maker:
    """Draws one map; every draw comes from the one generator."""

    def __init__(self, links: int, loops: bool, draw: random.Random, jurisdictions: int) -> None:
        self.wanted = links
        self.loops = loops
        self.draw = draw
        self.links: list[AnyLink] = []
        self.places = [f"j{number}" for number in range(max(1, jurisdictions))]
        self.companies = [f"c{number}" for number in range(max(2, links // 6))]
        self.plants = [f"p{number}" for number in range(max(1, links // 12))]
        self.licenses = [f"x{number}" for number in range(max(1, links // 30))]
        self.materials = [f"m{number}" for number in range(max(1, links // 30))]
        self.left: dict[str, float] = {}

    def project(self) -> Project:
        """The map."""
        entities = {entity.id: entity for entity in self._entities()}
        self._homes()
        while len(self.links) < self.wanted:
            self._further()
        links = {link.id: link for link in self.links[: self.wanted]}
        header = Header(title="Generated map", year=2026, basis=Basis.ECONOMIC)
        return Project(header=header, entities=entities, links=links)

    def _entities(self) -> list[AnyEntity]:
        draw = self.draw
        found: list[AnyEntity] = []
        for number, id in enumerate(self.places):
            code = _CODES[2 * number : 2 * number + 2] or f"Z{number}"
            found.append(Jurisdiction(id=id, name=code, code=code))
        for id in self.companies:
            own = draw.choice((None, 0.2, round(draw.random() * 0.5, 3)))
            found.append(Company(id=id, name=f"Company {id[1:]}", own_ip=own))
        found += [
            Plant(
                id=id,
                name=f"Plant {id[1:]}",
                own_ip=round(draw.random() * 0.4, 3),
                bought_in=draw.choice((None, round(draw.uniform(0.2, 0.9), 3))),
                products=(Product(id="cells", name="Cells", credit="45x/battery-cell"),),
            )
            for id in self.plants
        ]
        found += [License(id=id, name=f"License {id[1:]}") for id in self.licenses]
        found += [Material(id=id, name=f"Material {id[1:]}") for id in self.materials]
        return found

    def _id(self) -> str:
        return f"l{len(self.links)}"

    def _homes(self) -> None:
        """Where everything is, who operates each plant, who grants each license."""
        draw = self.draw
        for id in self.companies:
            if draw.random() < 0.95:
                self._locate(id, LocationRole.INCORPORATED)
        for plant in self.plants:
            self._locate(plant, LocationRole.SITE)
            operator = draw.choice(self.companies)
            self.links.append(Operates(id=self._id(), source=operator, target=plant))
        for id in self.materials:
            self._locate(id, LocationRole.ORIGIN, round(draw.uniform(0.3, 1.0), 3))
        for id in self.licenses:
            licensor = draw.choice(self.companies)
            self.links.append(Licenses(id=self._id(), source=licensor, target=id))

    def _locate(self, id: str, role: LocationRole, share: float | None = None) -> None:
        place = self.draw.choice(self.places)
        self.links.append(Located(id=self._id(), source=place, target=id, role=role, share=share))

    def _further(self) -> None:
        chance = self.draw.random()
        if chance < 0.35:
            self._own()
        elif chance < 0.85:
            self._supply()
        elif chance < 0.95:
            self._use()
        else:
            self._lend()

    def _ordered(self, items: Sequence[str]) -> tuple[str, str]:
        """Two different items, the earlier first; in a map with loops, now and then the later."""
        within = len(items)
        if self.loops and self.draw.random() < _CLOSE:
            within = max(2, within // 5)
        first, second = sorted(self.draw.sample(range(within), 2))
        if self.loops and self.draw.random() < _BACKWARD:
            first, second = second, first
        return items[first], items[second]

    def _part(self, of: str, most: float) -> float:
        """A share of ``of`` that never takes more than nine tenths of what is left of it."""
        left = self.left.get(of, 1.0)
        part = round(self.draw.uniform(0.01, most) * 0.9 * left, 9)
        self.left[of] = left - part
        return part

    def _own(self) -> None:
        holder, owned = self._ordered(self.companies)
        if self.draw.random() < 0.05:
            holder = self.draw.choice(self.places)
        share = None if self.draw.random() < 0.02 else self._part(f"equity of {owned}", 0.8)
        self.links.append(Owns(id=self._id(), source=holder, target=owned, share=share))

    def _supply(self) -> None:
        draw = self.draw
        chance = draw.random()
        if chance < 0.2:
            source, target = draw.choice(self.materials), draw.choice(self.plants)
        elif chance < 0.6:
            source, target = draw.choice(self.companies), draw.choice(self.plants)
        elif chance < 0.8 and len(self.plants) > 1:
            source, target = self._ordered(self.plants)
        else:
            source, target = self._ordered(self.companies)
        cost = round(draw.lognormvariate(14.0, 1.5), 2)
        certain = draw.random() < 0.8
        self.links.append(
            Supplies(
                id=self._id(),
                source=source,
                target=target,
                item=f"Item {draw.randrange(12)}",
                category=draw.choice(tuple(SupplyCategory)),
                cost=None if draw.random() < 0.03 else cost if certain else _spread(cost),
                ip_share=self._part(f"technology of {target}", 0.2)
                if draw.random() < 0.1
                else None,
            )
        )

    def _use(self) -> None:
        if self.draw.random() < 0.25 and len(self.licenses) > 1:
            source, target = self._ordered(self.licenses)
        else:
            source = self.draw.choice(self.licenses)
            target = self.draw.choice(self.plants)
        share = self._part(f"technology of {target}", 0.5)
        self.links.append(Uses(id=self._id(), source=source, target=target, share=share))

    def _lend(self) -> None:
        lender, borrower = self._ordered(self.companies)
        share = self._part(f"debt of {borrower}", 0.6)
        self.links.append(Lends(id=self._id(), source=lender, target=borrower, share=share))


def _spread(cost: float) -> tuple[float, float, float]:
    return (round(cost * 0.8, 2), cost, round(cost * 1.3, 2))
