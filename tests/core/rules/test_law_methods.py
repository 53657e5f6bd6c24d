"""Old contracts, certificates, how several methods combine, and what would turn a verdict."""

from __future__ import annotations

import re
from typing import Any

import pytest
from law_maps import Sketch, cell_works, examples, pack

from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.results import TestResult, Verdict

KINDS = {"CN": "foreign", "KR": "other", "?": "somebody"}


def works(*lines: tuple[str, float, dict[str, Any]], **product: Any) -> Sketch:
    """Cell works with one supply a line: the maker's home (`?` unknown), cost, more fields."""
    sketch = cell_works(**product)
    for home, id in KINDS.items():
        sketch.company(id, None if home == "?" else home)
    for number, (home, cost, fields) in enumerate(lines):
        item = f"item {number}"
        link = {"item": item, "category": "material", "cost": cost} | fields
        sketch.link("supplies", KINDS[home], "works", **link)
    return sketch


def ways(sketch: Sketch, year: int = 2026, **settled: str) -> dict[str, TestResult]:
    tests = sketch.credit(year, **settled).tests
    return {test.id: test for test in tests if test.id.startswith("macr")}


OLD = {"contract": "2025-06-15"}


# ------------------------------------------------------------------------------ old contracts


@pytest.mark.parametrize(
    "example", [e for e in examples("direct_cost") if "EXCLUSION" in e["id"]], ids=lambda e: e["id"]
)
def test_worked_example_of_the_exclusion(example: dict[str, Any]) -> None:
    inputs, expected = example["inputs"], example["expected"]
    old_foreign = inputs["contract_excluded_pfe_cost"]
    old_other = inputs["contract_excluded_cost"] - old_foreign
    foreign = inputs["pfe_cost"] - old_foreign
    other = inputs["total_cost"] - inputs["pfe_cost"] - old_other
    sketch = works(("KR", other, {}), ("CN", foreign, {}), ("CN", old_foreign, OLD))
    found = ways(sketch, inputs["year"])
    assert found["macr"].low * 100 == pytest.approx(expected["macr_pct"], abs=5e-5)
    assert (found["macr"].verdict is Verdict.PASS) is expected["passes"]
    without = found["macr.without_election"]
    assert without.low == 0.5
    assert without.verdict is Verdict.FAIL
    assert sketch.credit().status == "eligible"
    assert any("50%" in reason.text for reason in found["macr"].because)


@pytest.mark.parametrize(
    ("contract", "year", "left_out"),
    [
        ("2025-06-15", 2026, True),
        ("2025-06-16", 2026, False),
        ("2020-01-01", 2026, True),
        ("2025-06-15", 2027, False),
    ],
)
def test_contract_and_sale_must_be_in_time(contract: str, year: int, left_out: bool) -> None:
    """Binding before 2025-06-16, and for section 45X sold before 2027-01-01."""
    sketch = works(("KR", 60, {}), ("CN", 60, {"contract": contract}))
    assert ways(sketch, year)["macr"].low == (1.0 if left_out else 0.5)
    assert ("macr.without_election" in ways(sketch, year)) is left_out


@pytest.mark.parametrize(
    ("begun", "served", "table", "left_out"),
    [
        ("2025-07-31", "2029-12-31", None, True),
        ("2025-08-01", "2029-12-31", None, False),
        ("2025-07-31", "2030-01-01", None, False),
        ("2025-07-31", "2028-01-01", "wind", False),
        ("2025-07-31", "2027-12-31", "wind", True),
        ("2025-07-31", None, None, False),
    ],
)
def test_facility_must_be_begun_and_in_service_in_time(
    begun: str, served: str | None, table: str | None, left_out: bool
) -> None:
    """Its own ratio is not asked of a facility begun so early; the lines show the rule."""
    product = {"construction_start": begun, "in_service": served, "table": table}
    given = {key: value for key, value in product.items() if value is not None}
    sketch = works(("KR", 60, {}), ("CN", 60, OLD), credit="48e/facility", **given)
    material = sketch.credit().material
    assert [line.item for line in material.left_out] == (["item 1"] if left_out else [])
    assert sketch.test("macr").verdict is Verdict.PASS
    assert sketch.test("macr").threshold is None


def test_election_is_not_made_where_the_ratio_would_fall() -> None:
    sketch = works(("KR", 40, {}), ("KR", 20, OLD), ("CN", 40, {}))
    found = ways(sketch)
    assert found["macr"].low == 0.6
    assert "macr.without_election" not in found
    assert any("does not gain" in reason.text for reason in found["macr"].because)


def test_election_reads_as_all_or_item_by_item() -> None:
    """All old items: 35 of 60 are clean. Only the foreign one: 60 of 85."""
    sketch = works(("KR", 35, {}), ("CN", 25, {}), ("KR", 15, OLD), ("CN", 25, OLD))
    assert ways(sketch)["macr"].low == pytest.approx(35 / 60)
    each = ways(sketch, contract_election="each")["macr"]
    assert each.low == pytest.approx(50 / 75)
    assert each.verdict is Verdict.PASS


def test_undocumented_rest_is_what_all_lines_leave() -> None:
    """Leaving a line out does not turn its cost into cost of an unknown maker."""
    sketch = works(("KR", 60, {}), ("CN", 40, OLD), material_cost=100)
    assert (ways(sketch)["macr"].low, ways(sketch)["macr"].high) == (1.0, 1.0)


# ------------------------------------------------------------------------------- certificates


def test_certificate_clears_an_unknown_maker() -> None:
    sketch = works(("KR", 40, {}), ("?", 30, {"certified": 30}), ("CN", 30, {}))
    found = ways(sketch)
    assert (found["macr"].low, found["macr"].high) == (0.4, 0.7)
    assert found["macr"].verdict is Verdict.UNCERTAIN
    certified = found["macr.certified"]
    assert (certified.low, certified.high, certified.mode) == (0.7, 0.7, 0.7)
    assert certified.verdict is Verdict.PASS
    assert sketch.credit().status == "eligible"


def test_what_is_not_certified_of_an_item_counts_as_foreign() -> None:
    found = ways(works(("KR", 40, {}), ("?", 60, {"certified": 15})))
    assert found["macr.certified"].low == found["macr.certified"].high == pytest.approx(0.55)


def test_certificate_that_the_makers_status_contradicts_is_unusable() -> None:
    sketch = works(("KR", 50, {}), ("CN", 50, {"certified": 50}))
    test = ways(sketch)["macr.certified"]
    assert test.low == test.high == 0.5
    assert test.verdict is Verdict.FAIL
    assert any("unusable" in reason.text for reason in test.because)


def test_certificate_of_a_reseller_of_foreign_goods_is_unusable() -> None:
    """The taxpayer has reason to know: its supplier gets the same item from a prohibited one."""
    sketch = works(("KR", 50, {}), ("?", 50, {"certified": 50, "item": "Graphite"}))
    assert ways(sketch)["macr.certified"].low == 1.0
    sketch.link("supplies", "foreign", "somebody", item="graphite", cost=30)
    test = ways(sketch)["macr.certified"]
    assert test.low == test.high == 0.5
    assert any("foreign" in reason.text for reason in test.because)
    sketch.links[-1]["item"] = "packaging film"
    assert ways(sketch)["macr.certified"].low == 1.0


def test_declared_status_of_a_maker_contradicts_too() -> None:
    sketch = works(("KR", 50, {}), ("?", 50, {"certified": 50}))
    sketch.entities["somebody"]["declared"] = {"sfe": "yes", "source": "s1"}
    assert ways(sketch)["macr.certified"].low == 0.5


def test_items_without_a_certificate_count_as_known_or_as_foreign() -> None:
    sketch = works(("KR", 50, {}), ("?", 50, {"certified": 50}))
    told = ways(sketch)["macr.certified"]
    assert told.low == 1.0
    assert "question.uncertified-items" in told.open
    strict = ways(sketch, uncertified_items="as-prohibited")["macr.certified"]
    assert strict.low == strict.high == 0.5
    assert strict.verdict is Verdict.FAIL
    assert strict.open == ()
    assert ways(sketch, uncertified_items="as-known")["macr.certified"].open == ()


def test_without_certificates_nothing_is_shown() -> None:
    assert set(ways(works(("KR", 50, {}), ("CN", 50, {})))) == {"macr"}


# -------------------------------------------------------------------------- several methods


def test_one_way_that_passes_is_enough_and_says_so() -> None:
    sketch = works(("KR", 20, {}), ("?", 80, {"certified": 80}))
    sketch.links = [link for link in sketch.links if link["target"] != "other"]
    credit = sketch.credit()
    verdicts = {test.id: test.verdict for test in credit.tests}
    assert verdicts["macr"] is Verdict.UNCERTAIN
    assert verdicts["macr.certified"] is Verdict.PASS
    (because,) = credit.because
    assert because.text.startswith("Passed by: Material assistance by supplier certificates.")
    assert "one that passes is enough" in because.text


def test_direct_cost_fails_and_cost_percentages_pass() -> None:
    """The same module under one method and the other (Notice 2026-15 names the choice)."""
    sketch = works(credit="45x/battery-module", table="storage/grid")
    for line, home, cost in (("pack/cells", "CN", 50), ("pack/packaging", "KR", 50)):
        maker = KINDS[home]
        sketch.link("supplies", maker, "works", item=line, line=line, category="component",
                    cost=cost)  # fmt: skip
    sketch.links[-2]["source"], sketch.links[-1]["source"] = "other", "foreign"
    sketch.link("supplies", "other", "works", item="work", line="pack/production",
                category="service", cost=1)  # fmt: skip
    credit = sketch.credit()
    verdicts = {test.id: test.verdict for test in credit.tests if test.id.startswith("macr")}
    assert verdicts == {"macr": Verdict.FAIL, "macr.cost_percentage": Verdict.PASS}
    assert combined(credit.tests)["macr"] is Verdict.PASS
    assert credit.status == "eligible"


def way(id: str, verdict: Verdict, other: str | None = None, **fields: Any) -> TestResult:
    return TestResult(id=id, title=id, verdict=verdict, alternative_to=other, **fields)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("fail", "pass", "pass"),
        ("pass", "fail", "pass"),
        ("unknown", "pass", "pass"),
        ("fail", "uncertain", "uncertain"),
        ("uncertain", "pass", "pass"),
        ("unknown", "fail", "fail"),
        ("fail", "fail", "fail"),
        ("unknown", "unknown", "unknown"),
    ],
)
def test_combining(first: str, second: str, together: str) -> None:
    tests = [way("a", Verdict(first)), way("b", Verdict(second), "a"), way("c", Verdict.PASS)]
    assert combined(tests) == {"a": together, "c": "pass"}
    assert combined(tests[::-1])["a"] == together


def test_tests_that_do_not_decide_are_left_out_of_the_state() -> None:
    assert combined([way("a", Verdict.FAIL, decides=False), way("b", Verdict.PASS)]) == {
        "b": Verdict.PASS
    }


# ------------------------------------------------------------------- what would turn a verdict


def amounts(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"([\d,.]+) USD", text)]


def test_flip_of_a_failed_ratio_is_the_cost_to_move() -> None:
    """48 of 100 is foreign where 40 may be: moving 8 of the largest line is enough."""
    sketch = works(("KR", 52, {}), ("CN", 38, {}), ("CN", 10, {}))
    test = ways(sketch)["macr"]
    assert test.verdict is Verdict.FAIL
    (flip,) = test.flips
    assert amounts(flip.text)[:2] == [8.0, 38.0]
    assert "item 1" in flip.text
    assert "item 2" not in flip.text
    moved = works(("KR", 52, {}), ("CN", 30, {}), ("CN", 10, {}), ("KR", 8, {}))
    assert ways(moved)["macr"].verdict is Verdict.PASS
    less = works(("KR", 52, {}), ("CN", 30.01, {}), ("CN", 10, {}), ("KR", 7.99, {}))
    assert ways(less)["macr"].verdict is Verdict.FAIL


def test_flip_of_an_uncertain_ratio_is_the_makers_to_prove() -> None:
    """At worst 60 of 100 is foreign where 40 may be: 20 must be shown clean, the 30 does it."""
    sketch = works(("KR", 40, {}), ("CN", 15, {}), ("?", 30, {}), ("?", 15, {}))
    (flip,) = ways(sketch)["macr"].flips
    assert amounts(flip.text)[:2] == [20.0, 30.0]
    links = [link["id"] for link in sketch.links if link["kind"] == "supplies"]
    assert flip.where == (links[2],)
    sketch.links[-2]["source"] = "other"
    assert ways(sketch)["macr"].verdict is Verdict.PASS


def test_flip_of_a_passed_ratio_is_the_room_left_and_the_year_it_fails() -> None:
    sketch = works(("KR", 72, {}), ("CN", 28, {}))
    room, year = ways(sketch)["macr"].flips
    assert amounts(room.text) == [12.0]
    assert "from 2029-01-01 on" in year.text
    assert ways(sketch, 2028)["macr"].verdict is Verdict.PASS
    assert ways(sketch, 2029)["macr"].verdict is Verdict.FAIL
    full = works(("KR", 60, {}), ("CN", 40, {}))
    assert ways(full)["macr"].verdict is Verdict.PASS
    one_more = works(("KR", 59.99, {}), ("CN", 40.01, {}))
    assert ways(one_more)["macr"].verdict is Verdict.FAIL


def test_nothing_turns_a_threshold_of_zero() -> None:
    sketch = works(("CN", 100, {}), credit="45x/critical-mineral")
    test = ways(sketch)["macr"]
    assert test.verdict is Verdict.PASS
    assert [flip.text for flip in test.flips] == [
        "Fails from 2030-01-01 on, when the threshold is 25%, if nothing else changes."
    ]


def test_a_measure_that_may_be_enough_later_may_fail_before_it_fails() -> None:
    """0 to 30% not foreign: 25% in 2030 may be missed, 40% in 2032 is for certain."""
    sketch = works(("CN", 70, {}), ("?", 30, {}), credit="45x/critical-mineral")
    assert [flip.text.partition(",")[0] for flip in ways(sketch)["macr"].flips] == [
        "May fail from 2030-01-01 on",
        "Fails from 2032-01-01 on",
    ]
    assert ways(sketch, 2030)["macr"].verdict is Verdict.UNCERTAIN
    assert ways(sketch, 2032)["macr"].verdict is Verdict.FAIL


def test_every_way_of_the_pack_names_the_one_it_may_replace() -> None:
    others = {test.id: test.alternative_to for test in pack().tests.values() if test.alternative_to}
    assert others == dict.fromkeys(
        ("macr.without_election", "macr.cost_percentage", "macr.certified"), "macr"
    )
