"""Vehicles: the credit as it stood until 2025-09-30, and the bars by model year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from law_maps import Sketch, examples
from other_laws import DOE, VEHICLE_CREDIT, VEHICLES, find, judge

from depmap_gui.rules.results import CheckResult, CreditResult, Eligibility, Outcome, Verdict

Example = dict[str, Any]


def vehicle_works(**product: Any) -> Sketch:
    """A US works that makes one vehicle, with parties to buy from."""
    sketch = Sketch()
    sketch.company("maker")
    sketch.plant("works", "maker", {"id": "car", "units": 1} | product)
    sketch.link("located", sketch.country("US"), "works", role="site")
    for name, home in (("ally", "CA"), ("far", "AR"), ("china", "CN")):
        sketch.company(name, home)
    return sketch


def supplied(
    sketch: Sketch, *, minerals: float, components: float, mineral: bool, component: bool
) -> Sketch:
    """Supplies of 100 each, with the given percentages from countries that count and, where
    asked, one percent of the rest from an entity of concern."""
    for category, share, barred in (
        ("material", minerals, mineral),
        ("component", components, component),
    ):
        rest = 100 - share
        sketch.link("supplies", "ally", "works", category=category, cost=share)
        sketch.link("supplies", "far", "works", category=category, cost=rest - barred)
        if barred:
            sketch.link("supplies", "china", "works", category=category, cost=1)
    return sketch


def credit(sketch: Sketch, on: date, **settled: str) -> CreditResult:
    (found,) = judge(sketch, VEHICLE_CREDIT, on=on, **settled).credits
    return found


def verdicts(found: CreditResult | CheckResult) -> dict[str, str]:
    return {test.id: test.verdict.value for test in found.tests}


# ---------------------------------------------------------------------------------- the credit


@pytest.mark.parametrize("example", examples("vehicle_credit"), ids=lambda each: each["id"])
def test_worked_example(example: Example) -> None:
    inputs, expected = example["inputs"], example["expected"]
    days = {
        field: inputs[key]
        for field, key in (("in_service", "placed_in_service"), ("acquired", "acquired"))
        if key in inputs
    }
    if "cm_value_pct" not in inputs:
        sketch = vehicle_works(credit="45w/vehicle", **days)
        found = credit(sketch, date(2025, 12, 31))
        assert (found.annual_credit, found.status) == (expected["usd"], Eligibility.INELIGIBLE)
        return
    sketch = supplied(
        vehicle_works(credit="30d/vehicle", **days),
        minerals=inputs["cm_value_pct"],
        components=inputs["component_value_pct"],
        mineral=inputs["feoc_mineral"],
        component=inputs["feoc_component"],
    )
    found = credit(sketch, date(int(inputs["placed_in_service"][:4]), 12, 31))
    if expected["usd"] == 0:
        assert found.status is Eligibility.INELIGIBLE
        return
    assert found.status is Eligibility.ELIGIBLE
    assert found.annual_credit == expected["usd"]


@pytest.mark.parametrize(("acquired", "left"), [("2025-09-30", 7500.0), ("2025-10-01", 0.0)])
def test_last_day_of_the_credit(acquired: str, left: float) -> None:
    sketch = vehicle_works(credit="30d/vehicle", in_service="2025-12-01", acquired=acquired)
    supplied(sketch, minerals=60, components=60, mineral=False, component=False)
    found = credit(sketch, date(2025, 12, 31))
    assert found.annual_credit == left
    assert (found.status is Eligibility.ELIGIBLE) is bool(left)


def test_year_of_the_end_without_a_day_is_uncertain() -> None:
    sketch = vehicle_works(credit="30d/vehicle")
    assert verdicts(credit(sketch, date(2024, 12, 31)))["acquired"] == "pass"
    assert verdicts(credit(sketch, date(2025, 12, 31)))["acquired"] == "uncertain"
    assert verdicts(credit(sketch, date(2026, 12, 31)))["acquired"] == "fail"


@pytest.mark.parametrize(
    ("in_service", "mineral", "component"),
    [
        ("2023-12-31", "pass", "pass"),
        ("2024-01-01", "pass", "fail"),
        ("2024-12-31", "pass", "fail"),
        ("2025-01-01", "fail", "fail"),
    ],
)
def test_bars_by_the_day_in_service(in_service: str, mineral: str, component: str) -> None:
    sketch = vehicle_works(credit="30d/vehicle", in_service=in_service, acquired=in_service)
    supplied(sketch, minerals=99, components=99, mineral=True, component=True)
    found = verdicts(credit(sketch, date(int(in_service[:4]), 12, 31)))
    assert (found["feoc.minerals"], found["feoc.components"]) == (mineral, component)


@pytest.mark.parametrize(
    ("year", "minerals", "components"),
    [(2023, 0.40, 0.50), (2024, 0.50, 0.60), (2025, 0.60, 0.60), (2026, 0.70, 0.70)],
)
def test_value_shares_by_year(year: int, minerals: float, components: float) -> None:
    """26 USC 30D(e)(1)(B), (e)(2)(B); the share itself is enough."""
    for change, expected in ((0.0, "pass"), (-0.1, "fail")):
        sketch = vehicle_works(credit="30d/vehicle", in_service=f"{year}-06-01")
        supplied(
            sketch,
            minerals=100 * minerals + change,
            components=100 * components + change,
            mineral=False,
            component=False,
        )
        found = credit(sketch, date(year, 12, 31))
        tests = {test.id: test for test in found.tests}
        assert tests["minerals"].threshold == minerals
        assert tests["components"].threshold == components
        assert tests["minerals"].verdict == tests["components"].verdict == expected
        assert tests["legs"].verdict == expected


def test_bar_looks_up_the_chain() -> None:
    """A cell maker at home buys its anode from a covered nation: the vehicle loses the credit."""
    sketch = vehicle_works(credit="30d/vehicle", in_service="2025-06-01")
    sketch.link("supplies", "ally", "works", item="pack", category="component", cost=100)
    sketch.link("supplies", "china", "ally", item="graphite", category="material")
    found = verdicts(credit(sketch, date(2025, 6, 30)))
    assert (found["feoc.minerals"], found["feoc.components"]) == ("fail", "pass")


def test_production_in_a_covered_nation_counts_whoever_owns_it() -> None:
    sketch = vehicle_works(credit="30d/vehicle", in_service="2025-06-01")
    sketch.plant("abroad", "ally")
    sketch.link("located", sketch.country("CN"), "abroad", role="site")
    sketch.link("supplies", "abroad", "works", category="component", cost=100)
    assert verdicts(credit(sketch, date(2025, 6, 30)))["feoc.components"] == "fail"


def test_silent_map_is_unknown_and_a_declared_leg_is_said() -> None:
    sketch = vehicle_works(credit="30d/vehicle", in_service="2025-06-01", acquired="2025-06-01")
    found = credit(sketch, date(2025, 12, 31))
    assert verdicts(found)["minerals"] == "unknown"
    assert found.annual_credit is None
    sketch.entities["maker"]["declared"] = {"minerals": "yes", "components": "no", "source": "s"}
    found = credit(sketch, date(2025, 12, 31))
    assert found.annual_credit == 3750
    assert {"feoc.minerals", "feoc.components"} <= set(found.open)
    leg = next(test for test in found.tests if test.id == "minerals")
    assert "declares" in leg.because[0].text


def test_leg_that_is_lost_denies_nothing() -> None:
    sketch = vehicle_works(credit="30d/vehicle", in_service="2025-06-01", acquired="2025-06-01")
    supplied(sketch, minerals=10, components=90, mineral=False, component=False)
    found = credit(sketch, date(2025, 12, 31))
    assert verdicts(found)["minerals"] == "fail"
    assert (found.status, found.annual_credit) == (Eligibility.ELIGIBLE, 3750)
    assert [test.id for test in found.tests if not test.decides] == ["minerals", "components"]


def test_entities_of_concern_are_read_as_in_the_department_s_pack() -> None:
    """The two packs hold the same figures, flags and questions; a fork of one should show."""
    own, other = find(VEHICLE_CREDIT), find(DOE)
    for id, parameter in other.parameters.items():
        assert own.parameters[id] == parameter
    assert (own.flags, own.questions) == (other.flags, other.questions)
    assert all(own.tests[id] == test for id, test in other.tests.items())


# ------------------------------------------------------------------------- connected vehicles


def check(sketch: Sketch, on: date = date(2026, 12, 31)) -> CheckResult:
    (found,) = judge(sketch, VEHICLES, on=on).checks
    return found


def connected(line: str = "vcs-software", **product: Any) -> Sketch:
    """A light vehicle with something of a covered line from China."""
    sketch = vehicle_works(**product)
    sketch.link("supplies", "china", "works", item="telematics", line=line)
    return sketch


@pytest.mark.parametrize(
    "example",
    [each for each in examples("trade") if each["id"].startswith("CV-")],
    ids=lambda each: each["id"],
)
def test_worked_example_of_connected_vehicles(example: Example) -> None:
    inputs = example["inputs"]
    assert inputs["covered_software_from"] == "China"
    found = check(connected(model_year=inputs["model_year"], weight=inputs["vehicle_gvwr_lb"]))
    assert (found.outcome is Outcome.BARRED) is example["expected"]["prohibited"]


@pytest.mark.parametrize("line", ["vcs-software", "ads-software"])
@pytest.mark.parametrize(("year", "verdict"), [(2026, "pass"), (2027, "fail")])
def test_software_by_model_year(line: str, year: int, verdict: str) -> None:
    assert verdicts(check(connected(line, model_year=year, weight=5000)))["software"] == verdict


@pytest.mark.parametrize(("year", "verdict"), [(2029, "pass"), (2030, "fail")])
def test_hardware_by_model_year(year: int, verdict: str) -> None:
    found = check(connected("vcs-hardware", model_year=year, weight=5000))
    assert verdicts(found)["hardware"] == verdict


@pytest.mark.parametrize(("day", "verdict"), [("2028-12-31", "pass"), ("2029-01-01", "fail")])
def test_hardware_without_a_model_year(day: str, verdict: str) -> None:
    found = check(connected("vcs-hardware", weight=5000), date.fromisoformat(day))
    assert verdicts(found)["hardware"] == verdict


@pytest.mark.parametrize(
    ("weight", "verdict"),
    [
        (10_000, "fail"),
        (10_001, "pass"),
        ([9_000, 10_000, 11_000], "uncertain"),
        (None, "uncertain"),
    ],
)
def test_weight(weight: Any, verdict: str) -> None:
    found = check(connected(model_year=2027, weight=weight))
    assert verdicts(found)["software"] == verdict
    assert ("vehicle.weight" in found.open) is (verdict == "uncertain")


@pytest.mark.parametrize(
    ("share", "year", "verdict"),
    [
        (0.51, 2027, "fail"),
        (0.51, 2026, "pass"),
        (0.50, 2027, "pass"),
        ([0.4, 0.5, 0.6], 2027, "uncertain"),
    ],
)
def test_maker_in_the_majority(share: Any, year: int, verdict: str) -> None:
    sketch = vehicle_works(model_year=year, weight=5000)
    sketch.link("owns", "china", "maker", share=share)
    found = check(sketch)
    assert verdicts(found)["maker"] == verdict
    status = judge(sketch, VEHICLES, on=date(2026, 12, 31)).companies[VEHICLES]["maker"]
    assert ("adversary.minority" in status.open) is (share == 0.50 or share == [0.4, 0.5, 0.6])


def test_silent_map_bars_nothing_and_says_so() -> None:
    found = check(vehicle_works(model_year=2030, weight=5000))
    assert verdicts(found) == {"software": "unknown", "hardware": "unknown", "maker": "pass"}
    assert {"software", "hardware"} <= set(found.open)
    assert found.outcome is Outcome.CLEAR


def test_other_supplier_passes_and_other_products_are_not_asked() -> None:
    sketch = vehicle_works(model_year=2027, weight=5000)
    sketch.link("supplies", "ally", "works", line="vcs-software")
    assert verdicts(check(sketch))["software"] == Verdict.PASS
    sketch.link("supplies", "far", "works", line="ads-software")
    sketch.links = [link for link in sketch.links if link["target"] != "far"]
    assert verdicts(check(sketch))["software"] == Verdict.UNCERTAIN
    plain = Sketch()
    plain.plant("works", None, {"id": "cells", "credit": "45x/battery-cell"})
    assert judge(plain, VEHICLES, on=date(2026, 12, 31)).checks == ()
