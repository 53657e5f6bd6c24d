"""From tests to a product's status, and the shape of a real case."""

from __future__ import annotations

import pytest
from law_maps import CELL, PACK, Sketch, cell_works, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Verdict
from depmap_gui.rules.thresholds import margin, verdict


def clean_works() -> Sketch:
    """Everything documented and nothing foreign: a product that passes every test."""
    sketch = cell_works(units=[10e6, 20e6, 30e6])
    sketch.company("holder", "KR")
    sketch.link("owns", "holder", "maker", share=1.0)
    sketch.link("lends", "holder", "maker", share=1.0)
    sketch.link("supplies", "holder", "works", item="all", category="material", cost=10)
    return sketch


def test_eligible_with_nothing_open() -> None:
    credit = clean_works().credit()
    assert credit.status == "eligible"
    assert credit.open == ()
    assert {test.verdict for test in credit.tests} == {Verdict.PASS}
    assert [test.id for test in credit.tests] == [
        "sfe",
        "fie.single",
        "fie.aggregate",
        "fie.debt",
        "fie.officer",
        "effective_control",
        "macr",
    ]
    assert credit.annual_credit == 20e6 * 35
    assert (credit.taxpayer, credit.unit, credit.currency) == ("maker", "kWh", "USD")
    for test in credit.tests:
        assert test.because
        assert test.citation
        assert test.why
        assert test.cure


def test_silence_does_not_decide_and_stands_beside() -> None:
    sketch = clean_works()
    sketch.links = [link for link in sketch.links if link["kind"] != "lends"]
    credit = sketch.credit()
    assert (credit.status, credit.open) == ("eligible", ("fie.debt",))


def test_one_uncertain_test_puts_at_risk_and_one_failed_makes_ineligible() -> None:
    sketch = clean_works()
    sketch.company("nobody", None)
    sketch.link("lends", "nobody", "maker", share=0.2)
    assert sketch.credit().status == "at risk"
    sketch.company("foreign", "CN")
    sketch.link("supplies", "foreign", "works", item="most", category="material", cost=100)
    assert sketch.credit().status == "ineligible"


def test_failure_decides_over_an_unknown_ratio() -> None:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.link("owns", "foreign", "maker", share=0.3)
    assert sketch.credit().status == "ineligible"


def test_unknown_ratio_leaves_undetermined() -> None:
    assert cell_works().credit().status == "undetermined"


def test_plant_without_operator_has_no_taxpayer_to_test() -> None:
    sketch = Sketch()
    sketch.plant("works", None, {"id": "cells", "credit": CELL})
    credit = sketch.credit()
    assert credit.taxpayer is None
    assert credit.annual_credit is None
    tests = {test.id: test for test in credit.tests}
    assert tests["sfe"].verdict is Verdict.UNKNOWN
    assert "no operator" in tests["fie.debt"].because[0].text
    assert credit.status == "undetermined"


def test_before_2026_no_test_is_asked() -> None:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.link("owns", "foreign", "maker", share=0.9)
    law = sketch.law(2025)
    assert law.credits[0].tests == ()
    assert law.credits[0].status == "eligible"
    assert any("no test in 2025" in assumption for assumption in law.assumptions)
    assert sketch.law(2026).credits[0].status == "ineligible"


def test_credit_that_no_pack_knows_is_said() -> None:
    law = cell_works(credit="45x/perpetual-motion").law()
    assert law.credits == ()
    assert any("45x/perpetual-motion" in assumption for assumption in law.assumptions)


def test_product_without_credit_is_not_tested() -> None:
    assert cell_works(credit=None).law().credits == ()


def test_storage_credit_takes_the_threshold_of_its_construction() -> None:
    sketch = cell_works(credit="48e/storage", construction_start="2027-03-01", units=1e6)
    sketch.company("foreign", "CN")
    sketch.link("supplies", "maker", "works", item="a", category="component", cost=60)
    sketch.link("supplies", "foreign", "works", item="b", category="component", cost=40)
    assert sketch.test("macr", 2029).threshold == 0.60
    assert sketch.test("macr", 2029).verdict is Verdict.PASS
    del sketch.entities["works"]["products"][0]["construction_start"]
    assert sketch.test("macr", 2029).verdict is Verdict.UNKNOWN
    assert sketch.credit(2029).annual_credit is None


def test_wind_after_its_end() -> None:
    sketch = cell_works(credit="45x/wind-blade", units=1e6)
    sketch.link("supplies", "maker", "works", item="a", category="component", cost=60)
    assert sketch.credit(2027).annual_credit == 20_000
    assert sketch.credit(2028).annual_credit == 0
    assert sketch.test("macr", 2028).threshold is None


def test_evaluate_with_several_packs_or_none() -> None:
    project = clean_works().project()
    in_force = MapInForce(project, last_day(2026))
    nothing = evaluate(in_force, [], 2026)
    assert nothing.credits == ()
    assert any(CELL in assumption for assumption in nothing.assumptions)
    both = evaluate(in_force, [pack(), pack()], 2026)
    assert len(both.credits) == 2


def test_foreign_currency_is_said() -> None:
    sketch = Sketch(currency="EUR")
    sketch.company("maker")
    sketch.plant("works", "maker", {"id": "cells", "credit": CELL})
    assert any("neither is converted" in text for text in sketch.law().assumptions)


@pytest.mark.parametrize(
    ("comparison", "low", "high", "expected", "distance"),
    [
        (Comparison.AT_LEAST, 0.0, 0.2499, Verdict.PASS, 0.0001),
        (Comparison.AT_LEAST, 0.25, 0.25, Verdict.FAIL, 0.0),
        (Comparison.AT_LEAST, 0.24, 0.25, Verdict.UNCERTAIN, 0.0),
        (Comparison.MORE_THAN, 0.25, 0.25, Verdict.PASS, 0.0),
        (Comparison.MORE_THAN, 0.25, 0.2501, Verdict.UNCERTAIN, -0.0001),
        (Comparison.LESS_THAN, 0.25, 0.25, Verdict.PASS, 0.0),
        (Comparison.LESS_THAN, 0.24, 0.2499, Verdict.FAIL, -0.01),
        (Comparison.AT_MOST, 0.25, 0.3, Verdict.UNCERTAIN, 0.0),
        (Comparison.AT_MOST, 0.2501, 0.3, Verdict.PASS, 0.0001),
    ],
)
def test_boundaries(
    comparison: Comparison, low: float, high: float, expected: Verdict, distance: float
) -> None:
    assert verdict(low, high, comparison, 0.25) is expected
    assert margin(low, high, comparison, 0.25) == pytest.approx(distance, abs=1e-12)


# ------------------------------------------------------------------------------ a real case


def ford_marshall() -> Sketch:
    """A wholly owned cell plant under a license of 2023 whose terms are not public."""
    sketch = Sketch(title="Marshall")
    sketch.company("ford", "US", name="Ford", traded=True)
    sketch.company("battery-park", "US")
    sketch.company("catl", "CN", name="CATL", lists=["ndaa-154b", "dod-1260h"])
    sketch.company("canmaker", "US")
    sketch.link("owns", "ford", "battery-park", share=1.0, sources=["crain"])
    cells = {"id": "cells", "credit": CELL, "units": 20e6}
    modules = {"id": "modules", "credit": "45x/battery-module", "units": 20e6}
    sketch.plant("works", "battery-park", cells, modules)
    sketch.add("deal", "license", name="CATL license", signed="2023-02-13")
    sketch.link("licenses", "catl", "deal")
    sketch.link("uses", "deal", "works", share=[0.5, 0.6, 0.65])
    for maker, cost in (("catl", 45.2), ("canmaker", 54.8)):
        sketch.link("supplies", maker, "works", item="input", category="material", cost=cost)
    return sketch


def test_ford_marshall() -> None:
    law = ford_marshall().law()
    status = law.companies[PACK]
    assert status["battery-park"].answers == {"sfe": "no", "fie": "no"}
    assert status["catl"].answers["sfe"] == "yes"
    cells, modules = law.credits
    verdicts = {test.id: test.verdict for test in cells.tests}
    assert verdicts == {
        "sfe": Verdict.PASS,
        "fie.single": Verdict.PASS,
        "fie.aggregate": Verdict.PASS,
        "fie.debt": Verdict.UNKNOWN,
        "fie.officer": Verdict.PASS,
        "effective_control": Verdict.UNKNOWN,
        "macr": Verdict.FAIL,
    }
    open_flags = {point.rpartition(".")[2] for point in cells.open if "control" in point}
    assert open_flags == set(pack().flags) - {"GG"}
    assert cells.status == modules.status == "ineligible"
    ratio = cells.tests[-1]
    assert (ratio.low, ratio.high) == (pytest.approx(0.548), pytest.approx(0.548))
    assert ratio.margin == pytest.approx(-0.052)
    assert (cells.annual_credit, modules.annual_credit) == (700e6, 200e6)
    assert any("count in full" in text for text in law.assumptions)


def test_ford_marshall_modified_after_enactment() -> None:
    sketch = ford_marshall()
    sketch.entities["deal"]["modified"] = "2025-12-15"
    cells = sketch.law().credits[0]
    control = next(test for test in cells.tests if test.id == "effective_control")
    assert control.verdict is Verdict.FAIL
    assert any("modified on 2025-12-15" in reason.text for reason in control.because)


# ---------------------------------------------------------------- every component of section 45X

COMPONENTS = {
    "45x/battery-cell": (35, "kWh", 0.60, 2033),
    "45x/battery-module": (10, "kWh", 0.60, 2033),
    "45x/electrode-active-material": (0.10, "USD of production cost", 0.60, 2033),
    "45x/critical-mineral": (0.10, "USD of production cost", 0.0, 2034),
    "45x/metallurgical-coal": (0.025, "USD of production cost", 0.0, 2030),
    "45x/solar-cell": (0.04, "W (dc)", 0.50, 2033),
    "45x/solar-wafer": (12, "m2", 0.50, 2033),
    "45x/solar-polysilicon": (3, "kg", 0.50, 2033),
    "45x/solar-backsheet": (0.40, "m2", 0.50, 2033),
    "45x/solar-module": (0.07, "W (dc)", 0.50, 2033),
    "45x/torque-tube": (0.87, "kg", 0.50, 2033),
    "45x/structural-fastener": (2.28, "kg", 0.50, 2033),
    "45x/inverter-central": (0.0025, "W (ac)", 0.50, 2033),
    "45x/inverter-utility": (0.015, "W (ac)", 0.50, 2033),
    "45x/inverter-commercial": (0.02, "W (ac)", 0.50, 2033),
    "45x/inverter-residential": (0.065, "W (ac)", 0.50, 2033),
    "45x/inverter-micro": (0.11, "W (ac)", 0.50, 2033),
    "45x/wind-blade": (0.02, "W of the turbine", 0.85, 2028),
    "45x/wind-nacelle": (0.05, "W of the turbine", 0.85, 2028),
    "45x/wind-tower": (0.03, "W of the turbine", 0.85, 2028),
    "45x/wind-foundation-fixed": (0.02, "W of the turbine", 0.85, 2028),
    "45x/wind-foundation-floating": (0.04, "W of the turbine", 0.85, 2028),
    "45x/wind-vessel": (0.10, "USD of sales price", 0.85, 2028),
}
"""26 USC 45X(b)(1)-(3), 7701(a)(52)(C): amount, unit, threshold of 2026, first year without."""


def test_no_component_is_missing() -> None:
    assert {id for id in pack().credits if id.startswith("45x/")} == set(COMPONENTS)


@pytest.mark.parametrize("credit", COMPONENTS)
def test_component(credit: str) -> None:
    rate, unit, threshold, without = COMPONENTS[credit]
    sketch = cell_works(credit=credit, units=1000.0)
    found = sketch.credit(2026)
    assert (found.rate, found.unit) == (rate, unit)
    assert found.annual_credit == pytest.approx(1000 * rate)
    sketch.company("foreign", "CN")
    for maker, cost in (("maker", threshold), ("foreign", 1 - threshold)):
        sketch.link("supplies", maker, "works", item=maker, category="material", cost=cost)
    test = sketch.test("macr", 2026)
    assert test.threshold == threshold
    assert test.verdict is Verdict.PASS
    assert sketch.credit(without - 1).annual_credit > 0
    assert sketch.credit(without).annual_credit == 0


@pytest.mark.parametrize(
    ("credit", "units", "worth"),
    [("48e/storage", 1e6, 300_000), ("48e/facility", 1e6, 300_000), ("45y/facility", 1e6, 15_000)],
)
def test_facility_credits(credit: str, units: float, worth: float) -> None:
    """30% of the investment; 1.5 cents a kWh, with the wage rules met."""
    sketch = cell_works(credit=credit, units=units, construction_start="2026-05-01")
    assert sketch.credit(2030).annual_credit == pytest.approx(worth)
    sketch.entities["works"]["products"][0]["construction_start"] = "2036-01-01"
    assert sketch.credit(2036).annual_credit == 0
