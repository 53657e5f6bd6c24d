"""Recapture of the investment credit, and the end of wind and solar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from law_maps import Sketch, cell_works, examples, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.recapture import recapture_window
from depmap_gui.rules.results import TestResult, Verdict
from depmap_gui.rules.setting import Setting


def storage(**product: Any) -> Sketch:
    """A storage system worth 100 million, begun in 2027 and in service on 2028-06-30."""
    given = {"construction_start": "2027-03-01", "in_service": "2028-06-30", "units": 1e8}
    sketch = cell_works(credit="48e/storage", **(given | product))
    sketch.company("foreign", "CN")
    return sketch


def licensed(sketch: Sketch, **deal: Any) -> Sketch:
    sketch.add("deal", "license", **deal)
    sketch.link("licenses", "foreign", "deal")
    sketch.link("uses", "deal", "works", share=0.5)
    return sketch


@pytest.mark.parametrize("example", examples("recapture"), ids=lambda e: e["id"])
def test_worked_example(example: dict[str, Any]) -> None:
    """The payment falls due under an agreement made on its day, which gives control by its date."""
    inputs = example["inputs"]
    units = inputs["credit_allowed_usd"] / 0.30
    sketch = storage(in_service=inputs["placed_in_service"], units=units)
    paid = inputs["applicable_payment_date"]
    licensed(sketch, signed=paid, expires=paid)
    found = sketch.credit(int(paid[:4])).recapture
    exposed = 0.0
    if found is not None and found.verdict is Verdict.FAIL:
        exposed = found.amount
    assert exposed == pytest.approx(example["expected"]["recapture_usd"])


def test_money_dates_and_reasons() -> None:
    found = licensed(storage(), signed="2026-01-01").credit(2030).recapture
    assert found.verdict is Verdict.FAIL
    assert (found.starts, found.ends) == (date(2028, 6, 30), date(2038, 6, 30))
    assert found.amount == pytest.approx(30e6)
    assert (found.currency, found.citation) == ("USD", "26 USC 50(a)(4)")
    assert "deal" in found.because[0].text
    assert found.cure


@pytest.mark.parametrize(
    ("served", "reached"), [("2027-12-31", False), ("2028-01-01", True), ("2026-05-01", False)]
)
def test_only_credits_of_tax_years_that_begin_after_2027_07_04(served: str, reached: bool) -> None:
    sketch = licensed(storage(in_service=served), signed="2026-01-01")
    assert (sketch.credit(2029).recapture is not None) is reached


@pytest.mark.parametrize(
    ("signed", "expires", "verdict"),
    [
        ("2038-06-30", None, Verdict.FAIL),
        ("2038-07-01", None, Verdict.PASS),
        ("2026-01-01", "2028-06-29", Verdict.PASS),
        ("2026-01-01", "2028-06-30", Verdict.FAIL),
    ],
)
def test_payments_must_be_able_to_fall_into_the_ten_years(
    signed: str, expires: str | None, verdict: Verdict
) -> None:
    deal = {"signed": signed} | ({} if expires is None else {"expires": expires})
    year = max(2028, int(signed[:4]))
    assert licensed(storage(), **deal).credit(year).recapture.verdict is verdict


def test_after_the_ten_years_nothing_can_be_taken_back() -> None:
    sketch = licensed(storage(), signed="2026-01-01")
    assert sketch.credit(2038).recapture is not None
    assert sketch.credit(2039).recapture is None


def test_without_agreements_nothing_is_taken_back_but_all_is_at_stake() -> None:
    found = storage().credit(2029).recapture
    assert found.verdict is Verdict.PASS
    assert found.amount == pytest.approx(30e6)
    assert "2038-06-30" in found.because[0].text


def test_terms_unknown_leave_it_open() -> None:
    assert licensed(storage()).credit(2029).recapture.verdict is Verdict.UNKNOWN


def test_without_a_day_in_service_the_years_are_unknown() -> None:
    sketch = storage()
    del sketch.entities["works"]["products"][0]["in_service"]
    found = sketch.credit(2029).recapture
    assert (found.verdict, found.starts, found.ends) == (Verdict.UNKNOWN, None, None)
    assert found.open == ("service_deadline.dates",)
    assert pack().title_of(found.open[0]) == "dates of construction and service"


def test_only_the_investment_credit_is_recaptured() -> None:
    assert {c.id for c in pack().credits.values() if c.recapture} == {"48e/storage", "48e/facility"}


def test_a_leap_day_has_an_anniversary() -> None:
    setting = Setting(MapInForce(Sketch().project(), last_day(2028)), pack(), 2028)
    rule = pack().recaptures["recapture-48e"]
    assert recapture_window(setting, rule, date(2028, 2, 29)) == (
        date(2028, 2, 29),
        date(2038, 2, 28),
    )


# -------------------------------------------------------------------- end of wind and solar


def facility(credit: str = "48e/facility", **product: Any) -> TestResult | None:
    sketch = cell_works(credit=credit, **{k: v for k, v in product.items() if v is not None})
    return next((t for t in sketch.credit().tests if t.id == "service_deadline"), None)


@pytest.mark.parametrize("credit", ["48e/facility", "45y/facility"])
@pytest.mark.parametrize("table", ["solar-ground/tracking", "wind"])
@pytest.mark.parametrize(
    ("begun", "served", "verdict"),
    [
        ("2026-07-05", "2028-01-01", Verdict.FAIL),
        ("2026-07-05", "2027-12-31", Verdict.PASS),
        ("2026-07-04", "2030-01-01", Verdict.PASS),
        ("2026-07-05", None, Verdict.UNKNOWN),
        (None, "2028-01-01", Verdict.UNKNOWN),
        (None, "2027-12-31", Verdict.PASS),
    ],
)
def test_wind_and_solar_must_be_in_service_in_time(
    credit: str, table: str, begun: str | None, served: str | None, verdict: Verdict
) -> None:
    test = facility(credit, table=table, construction_start=begun, in_service=served)
    assert test.verdict is verdict
    assert test.because[0].citation


def test_other_technologies_are_not_asked_and_unknown_ones_stay_open() -> None:
    late = {"construction_start": "2027-01-01", "in_service": "2029-01-01"}
    assert facility(table="storage/grid", **late) is None
    test = facility(**late)
    assert test.verdict is Verdict.UNKNOWN
    assert test.open == ("service_deadline.technology",)
    sketch = cell_works(credit="48e/storage", **late)
    assert "service_deadline" not in {test.id for test in sketch.credit().tests}


def test_grace_for_facilities_begun_early_is_marked_unconfirmed() -> None:
    (value,) = pack().parameters["termination.last-begun-day"].values
    assert value.certainty == "unconfirmed"
