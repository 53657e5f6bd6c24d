"""Duties on supply links by code, origin, maker and date, and what supplies cost landed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from law_maps import Sketch, examples
from other_laws import TARIFFS, duty, find, judge

from depmap_gui.rules.pack import Certainty

TODAY = date(2026, 12, 31)
BATTERY, CAR = "8507.60.0020", "8703.80"


def delivery(
    origin: str | None = "CN", to: str = "US", hs: str | None = BATTERY, **fields: Any
) -> Sketch:
    """One company's goods go to one works; where it makes them is drawn as a plant."""
    sketch = Sketch()
    sketch.company("buyer", to)
    sketch.plant("works", "buyer")
    sketch.link("located", sketch.country(to), "works", role="site")
    maker = fields.pop("maker", "maker")
    sketch.company("maker", origin or "US", name=maker, **fields.pop("about_maker", {}))
    sketch.plant("source", "maker")
    if origin is not None:
        sketch.link("located", sketch.country(origin), "source", role="site")
    given = {"item": "goods", "category": "component", "cost": 100.0} | fields
    if hs is not None:
        given["hs"] = hs
    sketch.link("supplies", "source", "works", **given)
    return sketch


# ------------------------------------------------------------------------------ United States


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 12, 31), 30.9),
        (date(2026, 1, 1), 48.4),
        (date(2026, 2, 19), 48.4),
        (date(2026, 2, 20), 28.4),
        (date(2026, 2, 23), 28.4),
        (date(2026, 2, 24), 38.4),
        (date(2026, 7, 23), 38.4),
        (date(2026, 7, 24), 40.9),
        (TODAY, 40.9),
    ],
)
def test_chinese_storage_batteries(day: date, percent: float) -> None:
    """The published totals on HTS 8507.60: 30.9, 48.4, 38.4 and 40.9%."""
    for hs in (BATTERY, "8507.60", "85076000"):
        found = duty(delivery(hs=hs), day)
        assert found.rate is not None
        assert found.rate * 100 == pytest.approx(percent)
        assert found.amount == pytest.approx(percent)
        assert sum(layer.likely or 0.0 for layer in found.layers) == pytest.approx(found.rate)
        assert all(layer.citation for layer in found.layers)


def test_layers_are_told_with_what_they_rest_on() -> None:
    found = duty(delivery(), TODAY)
    rates = {layer.duty: layer.likely for layer in found.layers}
    assert rates["us-base-li-ion"] == 0.034
    assert rates["us-301-other-batteries"] == 0.25
    assert rates["us-301-forced-labor"] == 0.125
    assert rates["us-ieepa-fentanyl"] == rates["us-ieepa-reciprocal"] == 0.0
    assert {layer.standing for layer in found.layers if layer.duty.startswith("us-ieepa")} == {
        "expired"
    }
    assert any("secondary sources" in reason.text for reason in found.because)


def test_code_without_its_last_digits_leaves_a_range() -> None:
    """A vehicle battery bears 25% already in 2025, another 7.5%."""
    day = date(2025, 12, 31)
    coarse = duty(delivery(hs="8507.60"), day)
    assert coarse.low == pytest.approx(0.309)
    assert coarse.high == pytest.approx(0.484)
    assert "duty.code" in coarse.open
    assert duty(delivery(hs="8507.60.0010"), day).rate == pytest.approx(0.484)
    sharp = duty(delivery(), day)
    assert sharp.low == sharp.high == pytest.approx(0.309)


@pytest.mark.parametrize(
    ("hs", "rate"),
    [("8703.80", 1.0), ("8507.90", 0.25), ("8541.43", 0.50), ("2504.10", 0.25), ("8505.11", 0.25)],
)
def test_section_301_by_code(hs: str, rate: float) -> None:
    layers = {layer.title.partition(",")[0]: layer for layer in duty(delivery(hs=hs), TODAY).layers}
    assert layers["Section 301 on China"].likely == rate


def test_duties_that_give_way_to_section_232() -> None:
    """Cars of 2025 bear section 232 and not the reciprocal duty."""
    day = date(2025, 12, 31)
    assert {"us-232-autos", "us-ieepa-fentanyl"} <= {
        layer.duty for layer in duty(delivery(hs=CAR), day).layers
    }
    assert "us-ieepa-reciprocal" not in {layer.duty for layer in duty(delivery(hs=CAR), day).layers}


def test_other_origins() -> None:
    """Section 122 meets all origins; whether the forced-labor duty does is not known."""
    bridge = duty(delivery("KR"), date(2026, 3, 1))
    assert bridge.rate == pytest.approx(0.134)
    later = duty(delivery("KR"), TODAY)
    assert later.rate is None
    assert (later.low, later.high) == (pytest.approx(0.034), pytest.approx(0.159))
    assert "duty.charged" in later.open


def test_goods_from_home_bear_no_duty() -> None:
    for origin, to in (("US", "US"), ("DE", "HU")):
        found = duty(delivery(origin, to), TODAY)
        assert found.rate == found.low == found.high == 0.0


# -------------------------------------------------------------------------------------- unknown


def test_unknown_origin_is_a_range_over_all() -> None:
    found = duty(delivery(None), TODAY)
    assert found.rate is None
    assert found.low == 0.0
    assert found.high == pytest.approx(0.409)
    assert found.open == ("duty.origin",)


def test_unknown_code_has_a_floor_and_no_ceiling() -> None:
    for hs, point in ((None, "duty.code"), ("2836.91", "duty.base")):
        found = duty(delivery(hs=hs), date(2026, 3, 1))
        assert found.rate is None
        assert found.low == pytest.approx(0.10)
        assert found.high is None
        assert point in found.open


def test_plant_without_a_site_has_no_destination() -> None:
    sketch = delivery()
    sketch.links = [
        link for link in sketch.links if link["target"] != "works" or "role" not in link
    ]
    found = duty(sketch, TODAY)
    assert (found.low, found.rate, found.high) == (None, None, None)
    assert "duty.destination" in found.open


def test_service_bears_no_customs_duty() -> None:
    assert judge(delivery(category="service"), TARIFFS, on=TODAY).duties == ()


def test_company_without_a_plant_delivers_from_its_home() -> None:
    sketch = Sketch()
    sketch.company("buyer")
    sketch.plant("works", "buyer")
    sketch.link("located", sketch.country("US"), "works", role="site")
    sketch.company("seller", "CN")
    sketch.link("supplies", "seller", "works", hs=BATTERY, cost=100.0)
    found = duty(sketch, TODAY)
    assert found.rate == pytest.approx(0.409)
    assert any("taken as origin" in reason.text for reason in found.because)


def test_market_of_several_origins() -> None:
    """60% from China at 40.9%, 40% from the United States at none; 20% unknown widens it."""
    sketch = Sketch()
    sketch.company("buyer")
    sketch.plant("works", "buyer")
    sketch.link("located", sketch.country("US"), "works", role="site")
    sketch.add("cells", "material", hs=BATTERY)
    china = sketch.link("located", sketch.country("CN"), "cells", role="origin", share=0.6)
    home = sketch.link("located", sketch.country("US"), "cells", role="origin", share=0.4)
    sketch.link("supplies", "cells", "works", cost=1000.0)
    found = duty(sketch, TODAY)
    assert found.rate == pytest.approx(0.6 * 0.409)
    assert found.amount == pytest.approx(245.4)
    for link in sketch.links:
        if link["id"] in (china, home):
            link["share"] = 0.4
    found = duty(sketch, TODAY)
    assert found.rate is None
    assert found.low == pytest.approx(0.4 * 0.409)
    assert found.high == pytest.approx(0.6 * 0.409)


# ------------------------------------------------------------------------------ European Union


def countervailed(example: dict[str, Any]) -> None:
    inputs, expected = example["inputs"], example["expected"]
    sketch = delivery(inputs["origin"], "DE", "8703 80 10", maker=inputs["maker"])
    found = duty(sketch, TODAY)
    rates = {layer.title.partition(",")[0]: layer.likely for layer in found.layers}
    assert rates["Countervailing duty"] == pytest.approx(expected["cvd_pct"] / 100)
    assert rates["Ordinary duty"] == pytest.approx(expected["mfn_pct"] / 100)
    assert found.rate == pytest.approx(expected["total_pct"] / 100)


def within_quota(example: dict[str, Any]) -> None:
    inputs, expected = example["inputs"], example["expected"]
    before, more = inputs["units_so_far_this_year"], inputs["unit"]
    sketch = delivery(inputs["origin"], "CA", CAR, units=before)
    sketch.link("supplies", "source", "works", hs=CAR, cost=1.0, units=more)
    for found in judge(sketch, TARIFFS, on=TODAY).duties:
        assert found.rate == pytest.approx(expected["duty_pct"] / 100)
        assert (found.rate == found.low) is expected["in_quota"]


@pytest.mark.parametrize(
    "example",
    [each for each in examples("trade") if not each["id"].startswith("CV-")],
    ids=lambda each: each["id"],
)
def test_worked_example(example: dict[str, Any]) -> None:
    assert example["certainty"]
    {"CA": within_quota, "EU": countervailed}[example["id"][:2]](example)


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2024, 10, 29), 10.0), (date(2024, 10, 30), 27.0), (date(2029, 10, 29), 27.0),
     (date(2029, 10, 30), 10.0)],
)  # fmt: skip
def test_five_years_of_countervailing_duty(day: date, percent: float) -> None:
    found = duty(delivery("CN", "HU", CAR, maker="BYD Co., Ltd."), day)
    assert found.rate == pytest.approx(percent / 100)


def test_maker_is_known_by_its_majority_owner() -> None:
    sketch = delivery("CN", "SE", CAR, maker="Volvo Cars")
    assert duty(sketch, TODAY).rate == pytest.approx(0.453)
    sketch.company("geely", "CN", name="Zhejiang Geely Holding Group")
    sketch.link("owns", "geely", "maker", share=0.82)
    assert duty(sketch, TODAY).rate == pytest.approx(0.288)


def test_unknown_maker_leaves_the_range_of_all_makers() -> None:
    sketch = delivery("CN", "DE", CAR)
    sketch.links = [link for link in sketch.links if link["kind"] != "operates"]
    found = duty(sketch, TODAY)
    assert found.rate is None
    assert (found.low, found.high) == (pytest.approx(0.178), pytest.approx(0.453))
    assert "duty.maker" in found.open


def test_price_undertaking_is_declared_of_the_maker() -> None:
    accepted = {"about_maker": {"declared": {"price-undertaking": "yes", "source": "s"}}}
    sketch = delivery("CN", "DE", CAR, maker="BYD", **accepted)
    assert duty(sketch, date(2026, 1, 11)).rate == pytest.approx(0.27)
    assert duty(sketch, date(2026, 1, 12)).rate == pytest.approx(0.10)


# --------------------------------------------------------------------------------------- Canada


def test_surtax_before_the_quota_and_beyond_it() -> None:
    sketch = delivery("CN", "CA", CAR, units=49_000)
    assert duty(sketch, date(2026, 1, 15)).rate == pytest.approx(1.061)
    assert duty(sketch, date(2026, 1, 16)).rate == pytest.approx(0.061)
    beyond = duty(delivery("CN", "CA", CAR, units=98_000), TODAY)
    assert beyond.rate == pytest.approx(0.061 + 0.5)
    assert beyond.high == pytest.approx(1.061)
    assert duty(delivery("KR", "CA", CAR), TODAY).rate == pytest.approx(0.061)


def test_quota_without_units_is_open() -> None:
    found = duty(delivery("CN", "CA", CAR), TODAY)
    assert found.rate is None
    assert (found.low, found.high) == (pytest.approx(0.061), pytest.approx(1.061))
    assert "duty.quota" in found.open


# --------------------------------------------------------------------------------- landed costs


def test_landed_cost_of_a_plant() -> None:
    sketch = delivery(cost=1000.0)
    sketch.link("supplies", "source", "works", item="unpriced", hs=BATTERY)
    sketch.link("supplies", "source", "works", item="uncoded", cost=500.0)
    sketch.company("neighbor")
    sketch.link("supplies", "neighbor", "works", hs=BATTERY, cost=1000.0)
    (landed,) = judge(sketch, TARIFFS, on=TODAY).landed
    assert landed.cost == 2500.0
    assert landed.rated_cost == 2000.0
    assert landed.duty == pytest.approx(409.0)
    assert landed.share == pytest.approx(409.0 / 2409.0)
    assert landed.low == pytest.approx(409.0 + 500.0 * 0.125)
    assert landed.high is None
    assert len(landed.unpriced) == len(landed.unrated) == 1


def test_pack_without_duties_charges_none() -> None:
    law = judge(delivery(), "us-ofac-50", on=TODAY)
    assert law.duties == law.landed == ()


def test_rates_carry_how_sure_they_are() -> None:
    pack = find(TARIFFS)
    surtax = pack.value("ca.surtax.ev", TODAY)
    assert surtax is not None
    assert surtax.certainty is Certainty.DERIVED
    for rule in pack.duties.values():
        assert pack.parameters[rule.rate].values
