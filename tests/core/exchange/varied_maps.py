"""Maps in which most things that can be drawn occur, the same for the same seed.

Chains and loops of holdings, ranges, dates, sub-licenses, several products a plant, every kind of
link, names that a spreadsheet would read as something else, links that lead nowhere.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from depmap_gui.domain.kinds import AgreementType, Basis, LegalForm, LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.quantity import Quantity
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
    Source,
    Supplies,
    Uses,
)

# fmt: off
ODD_NAMES = (
    "=1+1", "+cmd|' /C calc'!A0", "-5", "@SUM(A1)", "http://x.example/a?b=1&c", "mailto:a@b.c",
    "123", "1e5", "TRUE", "'quoted", 'a "b" c', "What*?~", "寧德時代新能源科技股份有限公司",
    "😀 Emoji GmbH", "tab\there", "bell\x07x", "_x0041_", " lead", "trail ", "same", "same", "SAME",
    "N" * 300, "<r>rich</r>", "a&b<c>", "line\nbreak", "internal:Summary!A1", "2024-01-05", "50%",
    "\u202eRTL", "Ünï", "{=A1}", "#REF!", "", "-", "unknown", "Item", "Number",
)
CREDITS = (
    "45x/battery-cell", "45x/battery-module", "45x/electrode-active-material",
    "45x/critical-mineral", "45x/solar-cell", "45x/wind-blade", "45x/wind-vessel",
    "45x/metallurgical-coal", "48e/storage", "48e/facility", "45y/facility", None, "45x/nothing",
)
TERMS = (
    "sourcing", "operation", "limits_use", "output_quantity", "output_buyers", "data_access",
    "exclusive_maintenance", "withholds_knowhow",
)
PLACES = (
    ("CN", "China"), ("US", "United States"), ("KR", "Korea"), ("DE", "Germany"), ("", "Nowhere"),
)
YEARS = (2024, 2025, 2026, 2027, 2028, 2030, 2032, 2035)
# fmt: on


def varied_map(seed: int, packs: tuple[str, ...] = ()) -> Project:
    """One map; ``packs`` are the rule packs that it names."""
    return _Drawn(random.Random(seed)).project(packs)


class _Drawn:
    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.odd = draw.random() < 0.5
        self.loops = draw.random() < 0.3
        self.entities: dict[str, AnyEntity] = {}
        self.links: dict[str, AnyLink] = {}
        self.sources = {
            f"s{number}": Source(id=f"s{number}", title=self.name("Source"), publisher="=x")
            for number in range(draw.randint(0, 3))
        }

    def project(self, packs: tuple[str, ...]) -> Project:
        self._places()
        self._companies()
        self._plants()
        self._others()
        self._locate()
        self._own()
        self._license()
        self._supply()
        header = Header(
            title=self.draw.choice(("A map", "=Title", "T" * 300, "", "a & b")),
            year=self.draw.choice(YEARS),
            basis=self.draw.choice(list(Basis)),
            packs=packs,
        )
        return Project(
            header=header, entities=self.entities, links=self.links, sources=self.sources
        )

    # ------------------------------------------------------------------------- values

    def name(self, word: str) -> str:
        if self.odd and self.draw.random() < 0.5:
            return self.draw.choice(ODD_NAMES)
        return f"{word} {self.draw.randint(1, 999)}"

    def amount(self, low: float, high: float, unknown: float = 0.2) -> Quantity | None:
        draw = self.draw
        if draw.random() < unknown:
            return None
        mode = round(draw.uniform(low, high), draw.choice((2, 6)))
        if draw.random() < 0.3:
            return (round(mode * 0.8, 6), mode, round(min(high, mode * 1.3), 6))
        return mode

    def day(self, chance: float, first: int = 2018, last: int = 2034) -> date | None:
        draw = self.draw
        if draw.random() > chance:
            return None
        return date(draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28))

    def common(self) -> dict[str, Any]:
        draw = self.draw
        cited = draw.sample(sorted(self.sources), min(len(self.sources), draw.randint(0, 2)))
        notes = draw.choice(("", "", "=note()", "two\nlines"))
        return {"notes": notes, "sources": tuple(cited)}

    def few(self, ids: list[str], *counts: int) -> list[str]:
        return self.draw.sample(ids, min(len(ids), self.draw.choice(counts)))

    def ids(self, kind: str) -> list[str]:
        return [id for id in self.entities if id.startswith(kind)]

    def link(self, record: type[Any], source: str, target: str, **fields: Any) -> None:
        id = f"l{len(self.links)}"
        dates = {"valid_from": self.day(0.15, 2020), "valid_to": self.day(0.15, 2024)}
        shared = {"notes": self.common()["notes"], **dates}
        self.links[id] = record(id=id, source=source, target=target, **shared, **fields)

    # ---------------------------------------------------------------------- entities

    def _places(self) -> None:
        for number, (code, name) in enumerate(self.draw.sample(PLACES, self.draw.randint(1, 5))):
            id = f"j{number}"
            self.entities[id] = Jurisdiction(id=id, name=name, code=code, **self.common())

    def _companies(self) -> None:
        for number in range(self.draw.randint(0, 10)):
            id = f"c{number}"
            self.entities[id] = Company(
                id=id,
                name=self.name("Company"),
                form=self.draw.choice(list(LegalForm)),
                traded=self.draw.choice((None, True, False)),
                declared=self.draw.choice(({}, {}, {"sfe": "no", "source": "s0"}, {"sfe": "yes"})),
                bought_in=self.amount(0, 1, 0.6),
                **self.common(),
            )

    def _plants(self) -> None:
        draw = self.draw
        for number in range(draw.randint(0, 4)):
            products = tuple(
                Product(
                    id=f"{draw.choice(('cells', 'x y', '=p'))}{place}",
                    name=self.name("Product"),
                    credit=draw.choice(CREDITS),
                    units=self.amount(1e3, 1e7),
                    material_cost=self.amount(50, 3000, 0.6),
                    construction_start=self.day(0.6, 2022),
                    in_service=self.day(0.5, 2024),
                )
                for place in range(draw.choice((0, 1, 1, 2, 3)))
            )
            self.entities[f"p{number}"] = Plant(
                id=f"p{number}", name=self.name("Plant"), own_ip=self.amount(0, 0.7, 0.3),
                products=products, **self.common(),
            )  # fmt: skip

    def _others(self) -> None:
        draw = self.draw
        for number in range(draw.randint(0, 4)):
            terms = {term: draw.choice((True, False, None)) for term in draw.sample(TERMS, 3)}
            self.entities[f"x{number}"] = License(
                id=f"x{number}", name=self.name("License"), terms=terms, signed=self.day(0.7, 2015),
                type=draw.choice(list(AgreementType)), royalty=self.amount(0, 0.1, 0.6),
                **self.common(),
            )  # fmt: skip
        for number in range(draw.randint(0, 4)):
            self.entities[f"m{number}"] = Material(
                id=f"m{number}", name=self.name("Material"),
                hs=draw.choice((None, "8507.60", "250410")), **self.common(),
            )  # fmt: skip

    # ------------------------------------------------------------------------- links

    def _locate(self) -> None:
        places, companies = self.ids("j"), self.ids("c")
        homes = (None, LocationRole.INCORPORATED, LocationRole.PRINCIPAL)
        for id in companies:
            for place in self.few(places, 0, 1, 1, 2):
                self.link(Located, place, id, role=self.draw.choice(homes))
        for id in self.ids("p"):
            for place in self.few(places, 0, 1, 1):
                self.link(Located, place, id)
            for company in self.few(companies, 0, 1, 1, 1, 2):
                self.link(Operates, company, id)
        for id in self.ids("m"):
            for place in self.few(places, 0, 1, 2):
                self.link(Located, place, id, share=self.amount(0, 0.7))

    def _own(self) -> None:
        draw, companies = self.draw, self.ids("c")
        for number, id in enumerate(companies):
            holders = companies if self.loops else companies[:number]
            for holder in self.few(holders, 0, 1, 1, 2):
                votes = draw.choice((None, None, round(draw.random(), 3)))
                self.link(Owns, holder, id, share=self.amount(0, 0.6), votes=votes)
            if draw.random() < 0.1:
                self.link(Owns, draw.choice(self.ids("j")), id, share=self.amount(0, 0.4))
            if draw.random() < 0.2:
                self.link(Lends, draw.choice(companies), id, share=self.amount(0, 0.6))

    def _license(self) -> None:
        licenses = self.ids("x")
        for number, id in enumerate(licenses):
            for company in self.few(self.ids("c"), 0, 1, 1, 2):
                self.link(Licenses, company, id, share=self.draw.choice((None, 0.5, 0.3, 1.0)))
            under = licenses if self.loops else licenses[:number]
            for other in self.few(under, 0, 1):
                self.link(Uses, other, id, share=self.amount(0, 0.5))
            for plant in self.few(self.ids("p"), 0, 1, 2):
                self.link(Uses, id, plant, share=self.amount(0, 0.5))

    def _supply(self) -> None:
        makers = self.ids("c") + self.ids("m") + self.ids("p")
        for target in self.ids("p"):
            for source in self.few(makers, 0, 2, 4, 7):
                self._supply_one(source, target)
        for target in self.ids("m") + self.ids("c"):
            for source in self.few(self.ids("c"), 0, 0, 1, 2):
                self._supply_one(source, target)
        if self.odd and self.ids("c"):
            self.link(Supplies, "ghost", self.ids("c")[0], item="leads nowhere", cost=5.0)

    def _supply_one(self, source: str, target: str) -> None:
        draw, site = self.draw, self.entities[target]
        products = [each.id for each in site.products] if isinstance(site, Plant) else []
        self.link(
            Supplies,
            source,
            target,
            item=draw.choice(("Foil", "=Item", "", self.name("Item"))),
            category=draw.choice((None, *SupplyCategory)),
            cost=self.amount(1, 500),
            ip_share=self.amount(0, 0.2, 0.7),
            product=draw.choice(products) if products and draw.random() < 0.4 else None,
            contract=self.day(0.2, 2020, 2026),
            hs=draw.choice((None, "8507.60.0010")),
            candidate=draw.random() < 0.1,
        )
