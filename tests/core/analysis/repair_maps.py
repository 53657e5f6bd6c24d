"""Small works with something in the way of their credit, drawn line by line or at random."""

from __future__ import annotations

import functools
import random
from typing import Any

from depmap_gui.domain.plain import entity_from_plain, link_from_plain
from depmap_gui.domain.project import Header, Project
from depmap_gui.rules.loader import find_pack
from depmap_gui.rules.pack import RulePack

CELL, MODULE = "45x/battery-cell", "45x/battery-module"
CN, US, KR = "CN", "US", "KR"


@functools.cache
def pack() -> RulePack:
    """The shipped pack of the credits."""
    return find_pack("us-obbba")


class Drawn:
    """A map of one plant, `works`, run by `maker`, a company of the United States."""

    def __init__(self, year: int = 2026, home: str | None = US, **product: Any) -> None:
        self.year = year
        self.entities: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.company("maker", home)
        products = [{"id": "cells", "credit": CELL, "units": 1e6} | product]
        self.entities["works"] = {"id": "works", "kind": "plant", "products": products}
        self.link("operates", "maker", "works")

    def company(self, id: str, home: str | None = US, **fields: Any) -> None:
        """A company, and where it is organized."""
        self.entities[id] = {"id": id, "kind": "company", "name": id} | fields
        if home is not None:
            land = {"id": home.lower(), "kind": "jurisdiction", "name": home, "code": home}
            self.entities[home.lower()] = land
            self.link("located", home.lower(), id, role="incorporated")

    def link(self, kind: str, source: str, target: str, **fields: Any) -> None:
        """A link; its id is made of what it joins where none is given."""
        id = fields.pop("id", f"{kind}-{source}-{target}")
        stated = {name: value for name, value in fields.items() if value is not None}
        self.links[id] = {"id": id, "kind": kind, "source": source, "target": target} | stated

    def supply(self, id: str, home: str | None, cost: Any, item: str = "", **fields: Any) -> None:
        """A supply of a company of its own, which is named like the link."""
        self.company(f"co-{id}", home)
        category = fields.pop("category", "component")
        self.link("supplies", f"co-{id}", "works", id=id, item=item or id, cost=cost,
                  category=category, **fields)  # fmt: skip

    def candidate(self, id: str, home: str | None, cost: Any, item: str, **fields: Any) -> None:
        """A supply that is not in use, of an item that another one brings."""
        self.supply(id, home, cost, item, candidate=True, **fields)

    def agreement(self, id: str, licensor: str, user: str = "works", **fields: Any) -> None:
        """A license or contract of a licensor that is on the map."""
        self.entities[id] = {"id": id, "kind": "license", "name": id} | fields
        self.link("licenses", licensor, id)
        self.link("uses", id, user)

    def project(self) -> Project:
        """The map as it is drawn."""
        entities = [entity_from_plain(each) for each in self.entities.values()]
        links = [link_from_plain(each) for each in self.links.values()]
        return Project(
            header=Header(year=self.year),
            entities={each.id: each for each in entities},
            links={each.id: each for each in links},
        )


TERMS = ("sourcing", "operation", "output_quantity", "output_buyers", "data_access")


def at_random(seed: int) -> Project:
    """Works with up to four items, some of unknown or uncertain cost, maker or category, up to two
    candidates for each, old contracts and certificates, and up to two agreements."""
    by = random.Random(seed)
    drawn = Drawn(by.choice([2026, 2028, 2030]))
    products = drawn.entities["works"]["products"]
    if by.random() < 0.4:
        products.append({"id": "modules", "credit": MODULE, "units": 1e6})
    if by.random() < 0.3:
        products[0]["material_cost"] = by.choice([100, 200, 300, 400])
    homes = (CN, US, KR, None)
    for n in range(by.randint(1, 4)):
        cost = by.choice([None, 50.0, 100.0, 80.0, [40.0, 60.0, 90.0]])
        drawn.supply(
            f"s{n}",
            by.choice(homes),
            cost,
            f"item {n}",
            category=by.choice(["material", "component", "material", None]),
            product="cells" if by.random() < 0.3 else None,
            certified=by.choice([20.0, 100.0]) if cost is not None and by.random() < 0.2 else None,
            contract=by.choice(["2025-01-01", "2025-08-01"]) if by.random() < 0.2 else None,
        )
        for k in range(by.randint(0, 2)):
            price = by.choice([None, 60.0, 110.0, 120.0, 30.0])
            old = "2025-01-01" if by.random() < 0.2 else None
            drawn.candidate(f"x{n}{k}", by.choice(homes), price, f"item {n}", contract=old)
    for n in range(by.randint(0, 2)):
        drawn.company(f"licensor {n}", by.choice(homes))
        terms = {term: by.choice([True, False, None]) for term in TERMS if by.random() < 0.6}
        drawn.agreement(
            f"deal {n}",
            f"licensor {n if by.random() < 0.7 else 0}",
            by.choice(["works", "maker"]),
            type=by.choice(["license", "services", "other"]),
            signed=by.choice(["2023-01-01", "2025-09-01"]),
            terms=terms,
            service_months=by.choice([12, 36]),
        )
    return drawn.project()


def owned_at_random(seed: int) -> Project:
    """Works of a taxpayer with up to three holders, who may lend too, appoint, or be held by
    somebody from China, and up to two agreements; nothing adds up to more than the whole."""
    by = random.Random(seed)
    drawn = Drawn(by.choice([2026, 2028]))
    drawn.supply("foil", US, 100.0)
    drawn.supply("anode", by.choice([CN, US, None]), 50.0)
    for n in range(by.randint(1, 3)):
        drawn.company(f"h{n}", by.choice([CN, US, CN, None]))
        share = by.choice([0.1, 0.2, 0.24, 0.3, 0.33])
        appoints = by.choice([None, True, False])
        drawn.link("owns", f"h{n}", "maker", share=share, appoints=appoints)
        if by.random() < 0.4:
            drawn.company(f"p{n}", CN)
            drawn.link("owns", f"p{n}", f"h{n}", share=by.choice([0.4, 0.5, 0.6]))
        if by.random() < 0.4:
            drawn.link("lends", f"h{n}", "maker", share=by.choice([0.1, 0.2, 0.3]))
    for n in range(by.randint(0, 2)):
        kind = by.choice(["license", "other", "services"])
        signed = by.choice(["2023-01-01", "2025-09-01"])
        terms = {term: by.choice([True, False]) for term in TERMS if by.random() < 0.5}
        drawn.agreement(f"deal {n}", "h0", by.choice(["works", "maker"]), type=kind, signed=signed,
                        terms=terms)  # fmt: skip
    return drawn.project()
