"""Credits that are given once, for the year in which the property is placed in service."""

from __future__ import annotations

from typing import Any

import pytest
from law_maps import Sketch, cell_works, pack

from depmap_gui.analysis.years import verdicts_by_year
from depmap_gui.rules.pack import DecidingDate
from depmap_gui.rules.results import OneTime


def storage(**product: Any) -> Sketch:
    """A storage system for which 100 million are invested: 30 million at the rate of 30%."""
    given = {"construction_start": "2027-03-01", "in_service": "2028-06-30", "units": 1e8}
    return cell_works(credit="48e/storage", **(given | product))


@pytest.mark.parametrize(("year", "falls"), [(2027, 0.0), (2028, 30e6), (2029, 0.0)])
def test_it_falls_into_the_year_of_service_alone(year: int, falls: float) -> None:
    found = storage().credit(year)
    assert found.one_time == OneTime(2028)
    assert found.annual_credit == pytest.approx(30e6)
    assert found.in_year == pytest.approx(falls)
    assert found.per == "(one-time credit, 2028)"


def test_without_a_day_in_service_nobody_knows_the_year() -> None:
    found = storage(in_service=None).credit(2028)
    assert found.one_time == OneTime(None)
    assert found.annual_credit == pytest.approx(30e6)
    assert found.in_year is None
    assert found.per == "(one-time credit, year unknown)"


def test_a_credit_of_unknown_amount_is_nothing_in_the_other_years() -> None:
    assert storage(units=None).credit(2028).in_year is None
    assert storage(units=None).credit(2029).in_year == 0.0


def test_the_units_of_every_year_earn_the_other_credits() -> None:
    for year in (2026, 2028):
        found = cell_works(units=10).credit(year)
        assert (found.one_time, found.in_year, found.per) == (None, 350.0, "a year")


def test_the_pack_says_which_credits_are_given_once_and_on_which_day() -> None:
    once = {credit.id: credit.once_on for credit in pack().credits.values() if credit.once_on}
    assert once == dict.fromkeys(("48e/storage", "48e/facility"), DecidingDate.IN_SERVICE)


def test_the_years_name_the_one_that_counts() -> None:
    sketch = storage()
    (product,) = verdicts_by_year(sketch.project(), [pack()], 2027, 2030).products
    assert product.one_time == OneTime(2028)
    assert product.given is not None
    assert product.given.year == 2028
    assert [each.in_year for each in product.years] == [0.0, pytest.approx(30e6), 0.0, 0.0]
    (later,) = verdicts_by_year(sketch.project(), [pack()], 2030, 2031).products
    assert later.given is None
