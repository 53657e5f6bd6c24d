"""What a company merely sells on is looked through to its maker (Notice 2026-15)."""

from __future__ import annotations

from typing import Any

import pytest
from law_maps import Sketch, cell_works

from depmap_gui.rules.results import Verdict


def sold_on(*sources: tuple[str, float | None], item: str = "Cathode", **delivery: Any) -> Sketch:
    """Half of the works' material is sold on by a US trader, who gets it from these countries'
    makers at these costs."""
    sketch = cell_works()
    sketch.company("trader", "US")
    for number, (home, cost) in enumerate(sources):
        sketch.company(f"maker-{number}", home)
        priced = {} if cost is None else {"cost": cost}
        sketch.link("supplies", f"maker-{number}", "trader", item=item, **priced)
    given = {"item": "cathode", "category": "material", "cost": 50.0} | delivery
    sketch.link("supplies", "trader", "works", **given)
    sketch.company("other", "US")
    sketch.link("supplies", "other", "works", item="foil", category="material", cost=50.0)
    return sketch


@pytest.mark.parametrize(
    ("sources", "low", "high"),
    [
        ([("CN", 40.0)], 0.5, 0.5),
        ([("CN", None)], 0.5, 0.5),
        ([("US", 40.0)], 1.0, 1.0),
        ([("CN", 10.0), ("US", 30.0)], 0.875, 0.875),
        ([("CN", 10.0), ("US", None)], 0.5, 1.0),
    ],
)
def test_direct_cost_asks_who_made_what_is_sold_on(
    sources: list[tuple[str, float | None]], low: float, high: float
) -> None:
    found = sold_on(*sources).test("macr")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


def test_the_reason_names_the_trader_and_the_maker() -> None:
    found = sold_on(("CN", 40.0)).test("macr")
    assert found.verdict is Verdict.FAIL
    told = [reason.text for reason in found.because]
    expected = "cathode from trader: trader sells it on; its maker maker-0 is a prohibited foreign "
    assert expected + "entity." in told


def test_a_chain_of_traders_is_followed_and_a_circle_is_left() -> None:
    sketch = sold_on()
    sketch.company("first", "US")
    sketch.company("maker-0", "CN")
    sketch.link("supplies", "maker-0", "first", item="cathode", cost=30.0)
    sketch.link("supplies", "first", "trader", item="cathode", cost=40.0)
    assert sketch.test("macr").high == pytest.approx(0.5, abs=1e-12)
    circle = sold_on()
    circle.company("first", "US")
    circle.link("supplies", "trader", "first", item="cathode", cost=30.0)
    circle.link("supplies", "first", "trader", item="cathode", cost=40.0)
    assert circle.test("macr").low == 1.0


def test_who_makes_something_of_what_it_buys_is_no_trader() -> None:
    """Another item goes in, or the company runs a plant of its own."""
    assert sold_on(("CN", 40.0), item="precursor").test("macr").low == 1.0
    works = sold_on(("CN", 40.0))
    works.plant("cathode works", "trader")
    assert works.test("macr").low == 1.0


def test_a_certificate_is_unusable_where_the_trader_gets_it_from_a_prohibited_entity() -> None:
    found = sold_on(("CN", 40.0), certified=50.0).test("macr.certified")
    assert found.verdict is Verdict.FAIL
    assert found.high == pytest.approx(0.5, abs=1e-12)


def test_lines_of_a_cost_table_are_looked_through_as_well() -> None:
    sketch = Sketch()
    sketch.company("maker")
    park = {"id": "park", "credit": "48e/storage", "units": 1e6, "table": "storage/grid"}
    sketch.plant("site", "maker", park | {"construction_start": "2026-03-01"})
    sketch.company("trader")
    sketch.company("cellco", "CN")
    sketch.company("other", "US")
    sketch.link("supplies", "cellco", "trader", item="Cells", cost=1.0)
    cells = {"item": "Cells", "category": "component", "line": "pack/cells"}
    sketch.link("supplies", "trader", "site", **cells)
    for line in ("pack/packaging", "pack/production", "inverter", "container"):
        sketch.link("supplies", "other", "site", item=line, category="component", line=line)
    found = sketch.test("macr.cost_percentage")
    assert found.low == found.high == pytest.approx(0.48, abs=1e-12)
