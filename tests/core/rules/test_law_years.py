"""Verdicts year by year on today's map, and the first year in which each test fails."""

from __future__ import annotations

import pytest
from law_maps import CELL, PACK, Sketch, cell_works, pack

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.years import ProductYears, YearsResult, verdicts_by_year
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.loader import find_pack
from depmap_gui.rules.results import Verdict


def years(sketch: Sketch, first: int | None = 2026, last: int = 2035) -> YearsResult:
    return verdicts_by_year(sketch.project(), [pack()], first, last)


def only(sketch: Sketch, first: int | None = 2026, last: int = 2035) -> ProductYears:
    (product,) = years(sketch, first, last).products
    return product


def supplied(foreign: float, **product: str) -> Sketch:
    sketch = cell_works(**product)
    sketch.company("foreign", "CN")
    for maker, cost in (("maker", 100 - foreign), ("foreign", foreign)):
        sketch.link("supplies", maker, "works", item=maker, category="material", cost=cost)
    return sketch


@pytest.mark.parametrize(
    ("foreign", "first"), [(40.5, 2026), (40, 2027), (35, 2028), (30, 2029), (20, 2030), (15, None)]
)
def test_first_year_in_which_the_ratio_fails(foreign: float, first: int | None) -> None:
    """The thresholds of 26 USC 7701(a)(52)(C)(i)(IV): 60, 65, 70, 80, 85."""
    product = only(supplied(foreign))
    assert product.first_failures == ({} if first is None else {"macr": first})
    assert product.first_ineligible == first


def test_facility_keeps_the_threshold_of_the_year_it_was_begun() -> None:
    product = only(supplied(40, credit="48e/storage", construction_start="2027-05-05"))
    assert product.first_failures == {}
    assert {each.verdicts["macr"] for each in product.years} == {Verdict.PASS}


def test_each_year_is_what_the_law_says_on_its_last_day() -> None:
    """A second, separate evaluation of every year."""
    sketch = supplied(33)
    sketch.company("lender", "CN")
    sketch.link(
        "lends", "lender", "maker", share=0.2, valid_from="2029-03-01", valid_to="2031-12-30"
    )
    project = sketch.project()
    for each in only(sketch).years:
        law = evaluate(MapInForce(project, last_day(each.year)), [pack()], each.year)
        assert each.tests == law.credits[0].tests
        assert each.status == law.credits[0].status
        assert each.annual_credit == law.credits[0].annual_credit
    assert only(sketch).first_failures == {"macr": 2028, "fie.debt": 2029}


def test_links_that_end_no_longer_count() -> None:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.link("owns", "foreign", "maker", share=0.3, valid_to="2027-12-30")
    product = only(sketch)
    verdicts = {each.year: each.verdicts.get("fie.single") for each in product.years}
    assert verdicts[2026] is Verdict.FAIL
    assert verdicts[2027] is verdicts[2035] is Verdict.UNKNOWN
    assert product.first_failures == {"fie.single": 2026}


def test_other_ways_keep_the_credit_though_direct_cost_fails() -> None:
    """Direct cost fails from 2028 on; by certificates 100 of 100 are clean in every year."""
    sketch = cell_works()
    sketch.company("nobody", None)
    sketch.company("owner", "US")
    sketch.link("supplies", "maker", "works", item="a", category="material", cost=65)
    sketch.link("supplies", "nobody", "works", item="b", category="material", cost=35, certified=35)
    product = only(sketch)
    assert product.first_ineligible is None
    assert {each.verdicts["macr"] for each in product.years} == {Verdict.PASS}
    direct = {e.year: {t.id: t.verdict for t in e.tests}["macr"] for e in product.years}
    assert direct[2027] is Verdict.PASS
    assert direct[2028] is Verdict.UNCERTAIN


@pytest.mark.parametrize(
    ("credit", "ends"),
    [
        (CELL, 2033),
        ("45x/critical-mineral", 2034),
        ("45x/metallurgical-coal", 2030),
        ("45x/wind-tower", 2028),
    ],
)
def test_year_without_credit(credit: str, ends: int) -> None:
    """26 USC 45X(b)(3): general, minerals, metallurgical coal, wind."""
    product = only(cell_works(credit=credit))
    assert product.first_without_credit == ends
    paid = {each.year: each.annual_credit for each in product.years}
    assert paid[ends - 1] > 0
    assert paid[ends] == 0


def test_companies_whose_status_changes() -> None:
    sketch = cell_works()
    sketch.company("listed", "US", name="BYD", lists=["dod-1260h"])
    sketch.company("foreign", "CN")
    found = years(sketch, 2026, 2028)
    (company,) = found.companies
    assert (company.company, company.pack) == ("listed", PACK)
    assert company.answers["sfe"] == {2026: "no", 2027: "yes", 2028: "yes"}


def test_first_year_is_the_projects_own() -> None:
    sketch = cell_works()
    sketch.header["year"] = 2029
    found = years(sketch, None)
    assert [day.year for day in found.as_of] == list(range(2029, 2036))
    assert found.product("works", "cells", PACK) == found.products[0]
    assert found.product("works", "other", PACK) is None


def test_years_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="2025, comes before the first, 2026"):
        years(cell_works(), 2026, 2025)


class Impatient:
    """Cancels at the third year."""

    def __init__(self) -> None:
        self.heard: list[float] = []

    def progress(self, fraction: float, what: str) -> None:
        self.heard.append(fraction)
        if len(self.heard) == 3:
            raise Canceled


def test_progress_and_cancel() -> None:
    context = Impatient()
    with pytest.raises(Canceled):
        verdicts_by_year(cell_works().project(), [pack()], 2026, 2035, context)
    assert context.heard == pytest.approx([0.0, 0.1, 0.2])


def test_a_leg_that_is_lost_is_no_first_failure() -> None:
    """It lowers what a vehicle's credit is worth, and denies nothing."""
    vehicle = {"id": "car", "credit": "30d/vehicle", "units": 1, "weight": 5000}
    days = {"in_service": "2025-06-01", "acquired": "2025-05-20"}
    sketch = Sketch(year=2025)
    sketch.company("maker")
    sketch.plant("works", "maker", vehicle | days)
    for item, home, cost in (("nickel", "US", 10.0), ("lithium", "BR", 90.0)):
        sketch.company(item, home)
        sketch.plant(f"{item}-works", item)
        sketch.link("located", sketch.country(home), f"{item}-works", role="site")
        supply = {"item": item, "category": "material", "cost": cost}
        sketch.link("supplies", f"{item}-works", "works", **supply)
    found = verdicts_by_year(sketch.project(), [find_pack("us-30d")], 2025, 2025)
    (product,) = found.products
    (year,) = product.years
    lost = [test.id for test in year.tests if test.verdict is Verdict.FAIL and not test.decides]
    assert lost
    assert not set(lost) & set(product.first_failures)
