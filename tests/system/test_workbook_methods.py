"""Old contracts and several ways to pass, recomputed by an office suite."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from test_workbook_recalculation import (
    OFFICE,
    differences,
    errors,
    recalculated,
    table,
    without_values,
)

from depmap_gui.analysis.assess import assess
from depmap_gui.domain.kinds import SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Operates,
    Plant,
    Product,
    Supplies,
)
from depmap_gui.exchange.workbook import write_workbook
from depmap_gui.rules.loader import find_pack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


def drawn() -> Project:
    """Cells with old contracts, a certificate and a trader; storage that passes by its table."""
    cells = Product(id="cells", credit="45x/battery-cell", units=1e6, material_cost=130)
    park = Product(
        id="park", credit="48e/storage", units=1e6, table="storage/grid",
        construction_start=date(2026, 3, 1),
    )  # fmt: skip
    entities = [
        *(Jurisdiction(id=code.lower(), name=code, code=code) for code in ("CN", "US")),
        *(Company(id=id, name=id.title()) for id in ("maker", "cellco", "nobody", "trader")),
        Plant(id="works", name="Works", products=(cells,)),
        Plant(id="site", name="Site", products=(park,)),
    ]
    material, part = SupplyCategory.MATERIAL, SupplyCategory.COMPONENT
    links = [
        Located(id="h1", source="us", target="maker"),
        Located(id="h2", source="cn", target="cellco"),
        Located(id="h3", source="us", target="trader"),
        Operates(id="op1", source="maker", target="works"),
        Operates(id="op2", source="maker", target="site"),
        Supplies(id="s1", source="maker", target="works", item="a", category=material, cost=50),
        Supplies(id="s2", source="cellco", target="works", item="b", category=material, cost=25,
                 contract=date(2025, 6, 15)),
        Supplies(id="s3", source="cellco", target="works", item="c", category=material, cost=25),
        Supplies(id="s4", source="nobody", target="works", item="d", category=material, cost=10,
                 certified=10),
        Supplies(id="s7", source="cellco", target="trader", item="e", cost=9),
        Supplies(id="s8", source="trader", target="works", item="e", category=material, cost=12),
        Supplies(id="s5", source="cellco", target="site", item="x", category=part, cost=80),
        Supplies(id="s6", source="maker", target="site", item="y", category=part, cost=20,
                 line="pack"),
    ]  # fmt: skip
    return Project(
        header=Header(year=2026),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )


def test_recomputed_figures_are_the_engines(tmp_path: Path) -> None:
    project, pack = drawn(), find_pack("us-obbba")
    found = assess(project, packs=[pack])
    given, stored = tmp_path / "methods.xlsx", tmp_path / "stored.xlsx"
    write_workbook(project, found, [pack], given)
    shutil.copy(given, stored)
    without_values(given)
    (book,) = recalculated([given], tmp_path)
    assert errors(book) == []
    assert differences(stored, book) == []
    told = {
        (row["Product"], row["Test id"]): row["Counts as"] or ""
        for row in table(book, "Tests", 4)
        if str(row["Test id"]).startswith("macr")
    }
    assert told == {
        ("Works: cells", "macr"): "uncertain",
        ("Works: cells", "macr.without_election"): "",
        ("Works: cells", "macr.certified"): "",
        ("Site: park", "macr"): "pass",
        ("Site: park", "macr.cost_percentage"): "",
    }
    site = next(credit for credit in found.law.credits if credit.plant == "site")
    assert site.status == "eligible"
