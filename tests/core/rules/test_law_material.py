"""The material assistance ratio by direct cost: who counts, what is open, and intervals."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_maps import Sketch, cell_works

from depmap_gui.rules.results import Answer, TestResult, Verdict


def supplied(*lines: tuple[str, Any], **product: Any) -> Sketch:
    """Cell works with one supply a line: maker's home (`?` unknown) and cost (None unknown)."""
    sketch = cell_works(**product)
    for number, (home, cost) in enumerate(lines):
        maker = sketch.company(f"maker-{number}", None if home == "?" else home)
        fields = {} if cost is None else {"cost": cost}
        sketch.link("supplies", maker, "works", item=maker, category="material", **fields)
    return sketch


def interval(test: TestResult) -> tuple[Any, Any]:
    return test.low, test.high


def test_ratio_is_the_share_of_clean_cost() -> None:
    test = supplied(("US", 60), ("CN", 40)).test("macr")
    assert interval(test) == (0.6, 0.6)
    assert (test.threshold, test.comparison, test.margin) == (0.6, "<", 0.0)
    assert test.verdict is Verdict.PASS


@pytest.mark.parametrize(("foreign", "expected"), [(40.0, Verdict.PASS), (40.000001, Verdict.FAIL)])
def test_boundary_is_not_rounded(foreign: float, expected: Verdict) -> None:
    assert supplied(("US", 100 - foreign), ("CN", foreign)).test("macr").verdict is expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2026, Verdict.PASS), (2027, Verdict.PASS), (2028, Verdict.FAIL), (2030, Verdict.FAIL)],
)
def test_threshold_climbs_with_the_year(year: int, expected: Verdict) -> None:
    assert supplied(("US", 65), ("CN", 35)).test("macr", year).verdict is expected


def test_equipment_services_and_candidates_never_count() -> None:
    sketch = supplied(("US", 60), ("CN", 40))
    sketch.company("vendor", "CN")
    for category in ("equipment", "service"):
        sketch.link("supplies", "vendor", "works", category=category, cost=1e9)
    sketch.link("supplies", "vendor", "works", category="material", cost=1e9, candidate=True)
    sketch.link("supplies", "vendor", "works", category="material", cost=1e9, valid_to="2025-12-31")
    material = sketch.credit().material
    assert material.mode == 0.6
    assert len(material.lines) == 2


def test_line_of_another_product_does_not_count() -> None:
    sketch = supplied(("US", 50))
    sketch.company("vendor", "CN")
    sketch.link("supplies", "vendor", "works", category="material", cost=50, product="packs")
    assert interval(sketch.test("macr")) == (1.0, 1.0)
    sketch.links[-1]["product"] = "cells"
    assert interval(sketch.test("macr")) == (0.5, 0.5)


def test_maker_of_unknown_status_counts_either_way() -> None:
    test = supplied(("US", 50), ("CN", 20), ("?", 30)).test("macr")
    assert interval(test) == (0.5, 0.8)
    assert test.mode is None
    assert test.verdict is Verdict.UNCERTAIN
    assert "macr.maker" in test.open
    decided = supplied(("US", 10), ("CN", 60), ("?", 30)).test("macr")
    assert decided.verdict is Verdict.FAIL


def test_plant_is_made_by_its_operator() -> None:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.plant("abroad", "foreign")
    sketch.plant("orphan", None)
    sketch.link("supplies", "abroad", "works", category="component", cost=10)
    assert interval(sketch.test("macr")) == (0.0, 0.0)
    assert sketch.credit().material.lines[0].maker == "foreign"
    sketch.link("supplies", "orphan", "works", category="component", cost=10)
    assert interval(sketch.test("macr")) == (0.0, 0.5)


def market(**settled: str) -> TestResult:
    sketch = supplied(("US", 50))
    sketch.add("graphite", "material")
    sketch.link("located", sketch.country("CN"), "graphite", role="origin", share=0.8)
    sketch.link("located", sketch.country("MZ"), "graphite", role="origin", share=0.2)
    sketch.link("supplies", "graphite", "works", category="material", cost=50)
    return sketch.test("macr", **settled)


def test_market_has_an_unknown_maker() -> None:
    assert interval(market()) == (0.5, 1.0)
    low, high = interval(market(market_origin="origin-decides"))
    assert (low, high) == (0.5, pytest.approx(0.6))


def test_market_with_its_makers_on_the_map() -> None:
    sketch = supplied(("US", 50))
    sketch.add("graphite", "material")
    sketch.company("miner", "CN")
    sketch.company("other-miner", "CA")
    sketch.link("supplies", "miner", "graphite", cost=30)
    sketch.link("supplies", "other-miner", "graphite", cost=10)
    sketch.link("supplies", "graphite", "graphite", cost=5)
    sketch.link("supplies", "graphite", "works", category="material", cost=50)
    assert interval(sketch.test("macr")) == (pytest.approx(0.625), pytest.approx(0.625))
    sketch.link("supplies", "other-miner", "graphite")
    assert interval(sketch.test("macr")) == (0.5, 1.0)


def test_undocumented_cost_has_no_known_maker() -> None:
    sketch = supplied(("US", 50), ("CN", 10), material_cost=100)
    test = sketch.test("macr")
    assert interval(test) == (0.5, 0.9)
    rest = sketch.credit().material.lines[-1]
    assert (rest.link, rest.low, rest.high, rest.pfe) == (None, 40.0, 40.0, Answer.UNKNOWN)
    assert interval(supplied(("US", 50), ("CN", 50), material_cost=100).test("macr")) == (0.5, 0.5)
    assert interval(supplied(("US", 50), ("CN", 50), material_cost=10).test("macr")) == (0.5, 0.5)


def test_undocumented_cost_alone_bounds_nothing_but_is_no_silence() -> None:
    test = supplied(material_cost=100).test("macr")
    assert interval(test) == (0.0, 1.0)
    assert test.verdict is Verdict.UNCERTAIN


def test_no_cost_at_all_leaves_the_product_undetermined() -> None:
    for sketch in (supplied(), supplied(("CN", None)), supplied(("US", 0.0))):
        test = sketch.test("macr")
        assert interval(test) == (None, None)
        assert test.verdict is Verdict.UNKNOWN
        assert test.threshold == 0.6
        assert "macr" in sketch.credit().open
        assert sketch.credit().status == "undetermined"


def test_line_without_a_cost_may_cost_anything() -> None:
    """A foreign line of unknown cost can only lower the ratio, a clean one only raise it."""
    lowered = supplied(("US", 50), ("CN", 50), ("CN", None)).test("macr")
    assert interval(lowered) == (0.0, 0.5)
    assert lowered.verdict is Verdict.FAIL
    raised = supplied(("US", 70), ("CN", 30), ("US", None)).test("macr")
    assert interval(raised) == (0.7, 1.0)
    assert raised.verdict is Verdict.PASS
    assert "macr.cost" in raised.open
    neither = supplied(("US", 70), ("CN", 30), ("?", None)).test("macr")
    assert interval(neither) == (None, None)
    assert "cannot be computed" in neither.because[0].text


def test_line_without_a_cost_lies_within_a_stated_total() -> None:
    test = supplied(("US", 60), ("CN", None), material_cost=100).test("macr")
    assert interval(test) == (0.6, 1.0)


def test_line_without_a_category_may_or_may_not_belong() -> None:
    sketch = supplied(("US", 60), ("CN", 20))
    sketch.company("vendor", "CN")
    sketch.link("supplies", "vendor", "works", cost=20)
    test = sketch.test("macr")
    assert interval(test) == (0.6, 0.75)
    assert "macr.category" in test.open
    assert sketch.credit().material.lines[-1].included is Answer.UNKNOWN


def test_uncertain_costs_make_an_interval() -> None:
    test = supplied(("US", [50, 60, 90]), ("CN", [30, 40, 50])).test("macr")
    assert interval(test) == (0.5, 0.75)
    assert test.mode == 0.6
    assert test.margin == pytest.approx(-0.1)
    assert test.verdict is Verdict.UNCERTAIN


HOMES = st.sampled_from(["US", "CN", "?"])
COSTS = st.integers(1, 20).flatmap(
    lambda least: st.integers(0, 10).map(lambda more: [least, least + more / 2, least + more])
)


@given(st.lists(st.tuples(HOMES, COSTS), min_size=1, max_size=4))
def test_interval_is_that_of_all_corners(lines: list[tuple[str, Any]]) -> None:
    """Each cost at either end and each unknown maker either way: no corner lies outside."""
    test = supplied(*lines).test("macr")
    corners = []
    for costs in itertools.product(*[(cost[0], cost[2]) for _, cost in lines]):
        for guess in itertools.product((True, False), repeat=len(lines)):
            clean = sum(
                cost
                for (home, _), cost, is_clean in zip(lines, costs, guess, strict=True)
                if home == "US" or (home == "?" and is_clean)
            )
            corners.append(clean / sum(costs))
    assert test.low == pytest.approx(min(corners), abs=1e-12)
    assert test.high == pytest.approx(max(corners), abs=1e-12)
