"""Draws small maps for the tests of the law, and asks the shipped pack about them."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.plain import entity_from_plain, link_from_plain
from depmap_gui.domain.project import Header, Project
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.loader import find_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CompanyStatus, CreditResult, LawResult, TestResult

PACK = "us-obbba"
EXAMPLES = Path(__file__).parent / "examples"
CELL = "45x/battery-cell"


@functools.cache
def pack() -> RulePack:
    """The shipped pack."""
    return find_pack(PACK)


def examples(name: str) -> list[dict[str, Any]]:
    """Worked examples of one kind: inputs, expected results and the law they rest on."""
    found: list[dict[str, Any]] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return found


class Sketch:
    """A map drawn line by line. Countries are drawn when first named, by their code."""

    def __init__(self, **header: Any) -> None:
        self.header = header
        self.entities: dict[str, dict[str, Any]] = {}
        self.links: list[dict[str, Any]] = []

    def add(self, id: str, kind: str, **fields: Any) -> str:
        self.entities[id] = {"id": id, "kind": kind, "name": fields.pop("name", id), **fields}
        return id

    def country(self, code: str) -> str:
        id = code.lower()
        if id not in self.entities:
            self.add(id, "jurisdiction", code=code)
        return id

    def company(self, id: str, home: str | None = "US", **fields: Any) -> str:
        self.add(id, "company", **fields)
        if home is not None:
            role = "citizen" if fields.get("form") == "person" else "incorporated"
            self.link("located", self.country(home), id, role=role)
        return id

    def link(self, kind: str, source: str, target: str, **fields: Any) -> str:
        id = fields.pop("id", f"{kind}-{len(self.links)}")
        self.links.append({"id": id, "kind": kind, "source": source, "target": target, **fields})
        return str(id)

    def plant(self, id: str, operator: str | None, *products: dict[str, Any]) -> str:
        self.add(id, "plant", products=list(products))
        if operator is not None:
            self.link("operates", operator, id)
        return id

    def project(self) -> Project:
        drawn = [entity_from_plain(entity) for entity in self.entities.values()]
        linked = [link_from_plain(link) for link in self.links]
        return Project(
            header=Header(**self.header),
            entities={entity.id: entity for entity in drawn},
            links={link.id: link for link in linked},
        )

    def law(self, year: int = 2026, **settled: str) -> LawResult:
        """What the pack says. `settled` names readings, with `_` for `-` in the question's id."""
        readings = {name.replace("_", "-"): reading for name, reading in settled.items()}
        in_force = MapInForce(self.project(), last_day(year))
        return evaluate(in_force, [pack()], year, readings)

    def status(self, company: str, year: int = 2026, **settled: str) -> CompanyStatus:
        return self.law(year, **settled).companies[PACK][company]

    def credit(self, year: int = 2026, **settled: str) -> CreditResult:
        """The map's only credit."""
        (result,) = self.law(year, **settled).credits
        return result

    def test(self, id: str, year: int = 2026, **settled: str) -> TestResult:
        """One test of the map's only credit."""
        tests = {test.id: test for test in self.credit(year, **settled).tests}
        return tests[id]


def cell_works(**product: Any) -> Sketch:
    """A US company's cell works with nothing else on the map."""
    sketch = Sketch()
    sketch.company("maker")
    sketch.plant("works", "maker", {"id": "cells", "credit": CELL, "units": 20e6} | product)
    return sketch
