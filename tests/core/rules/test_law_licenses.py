"""Effective control: every flag from both sides, silence, exceptions, chains, related contracts."""

from __future__ import annotations

from typing import Any

import pytest
from law_maps import PACK, Sketch, cell_works, pack

from depmap_gui.rules.results import Answer, LicenseControl, Verdict

CLEAN: dict[str, Any] = {
    "signed": "2023-02-13",
    "last_royalty": "2030-01-01",
    "service_months": 12,
    "terms": {flag.term: False for flag in pack().flags.values() if flag.term},
}


def licensed(licensor: str | None = "CN", **fields: Any) -> Sketch:
    """Cell works under a license without any flag, but for the fields given."""
    sketch = cell_works()
    sketch.add("deal", "license", **(CLEAN | fields))
    if licensor is not None:
        sketch.company("licensor", None if licensor == "?" else licensor)
        sketch.link("licenses", "licensor", "deal")
    sketch.link("uses", "deal", "works", share=0.6)
    return sketch


def control(sketch: Sketch, year: int = 2026, **settled: str) -> LicenseControl:
    return sketch.law(year, **settled).licenses[PACK]["deal"]


def verdict(sketch: Sketch, year: int = 2026, **settled: str) -> Verdict:
    return sketch.test("effective_control", year, **settled).verdict


def flags(sketch: Sketch) -> dict[str, Answer]:
    return {flag.flag: flag.answer for flag in control(sketch).flags}


def test_license_without_any_flag_passes() -> None:
    sketch = licensed()
    assert verdict(sketch) is Verdict.PASS
    assert set(flags(sketch).values()) == {Answer.NO}


@pytest.mark.parametrize("flag", [flag for flag in pack().flags.values() if flag.term])
def test_each_term_alone_is_enough(flag: Any) -> None:
    for stated, expected in ((True, Verdict.FAIL), (None, Verdict.UNKNOWN)):
        sketch = licensed(terms=CLEAN["terms"] | {flag.term: stated})
        found = control(sketch)
        assert found.verdict is expected
        assert verdict(sketch) is expected
        if stated:
            (reason,) = [each for each in found.because if each.citation == flag.citation]
            assert flag.title in reason.text
            assert reason.where == ("deal",)
        else:
            assert found.open == (flag.id,)
            assert sketch.credit().open[-1:] != ()
            assert f"effective_control.{flag.id}" in sketch.credit().open


@pytest.mark.parametrize(
    ("signed", "modified", "expected"),
    [
        ("2025-07-03", None, Answer.NO),
        ("2025-07-04", None, Answer.YES),
        ("2023-01-01", "2025-07-03", Answer.NO),
        ("2023-01-01", "2025-07-04", Answer.YES),
        (None, "2025-07-04", Answer.YES),
        (None, "2024-01-01", Answer.UNKNOWN),
        (None, None, Answer.UNKNOWN),
    ],
)
def test_date_of_agreement(signed: str | None, modified: str | None, expected: Answer) -> None:
    fields = {"signed": signed, "modified": modified, "royalty": 0, "last_royalty": None}
    assert flags(licensed(**fields))["GG"] is expected


def test_modification_after_the_year_does_not_count_yet() -> None:
    sketch = licensed(modified="2027-01-01")
    assert verdict(sketch, 2026) is Verdict.PASS
    assert verdict(sketch, 2027) is Verdict.FAIL


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"last_royalty": "2033-02-13"}, Answer.NO),
        ({"last_royalty": "2033-02-14"}, Answer.YES),
        ({"last_royalty": None}, Answer.UNKNOWN),
        ({"last_royalty": None, "royalty": 0}, Answer.NO),
        ({"last_royalty": None, "royalty": 0.02}, Answer.UNKNOWN),
        ({"last_royalty": None, "expires": "2033-02-13"}, Answer.NO),
        ({"last_royalty": None, "expires": "2043-02-13"}, Answer.UNKNOWN),
        ({"signed": "2024-02-29", "last_royalty": "2034-02-28"}, Answer.NO),
        ({"signed": "2024-02-29", "last_royalty": "2034-03-01"}, Answer.YES),
    ],
)
def test_royalties_beyond_ten_years(fields: dict[str, Any], expected: Answer) -> None:
    assert flags(licensed(**fields))["DD"] is expected


@pytest.mark.parametrize(
    ("months", "expected", "outcome"),
    [
        (24, Answer.NO, Verdict.PASS),
        (24.5, Answer.YES, Verdict.FAIL),
        ([12, 20, 24], Answer.NO, Verdict.PASS),
        ([12, 20, 30], Answer.UNKNOWN, Verdict.UNCERTAIN),
        ([25, 30, 36], Answer.YES, Verdict.FAIL),
        (None, Answer.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_services_period(months: Any, expected: Answer, outcome: Verdict) -> None:
    sketch = licensed(service_months=months)
    assert flags(sketch)["EE"] is expected
    assert verdict(sketch) is outcome


@pytest.mark.parametrize(
    ("licensor", "flagged", "silent"),
    [
        ("CN", Verdict.FAIL, Verdict.UNKNOWN),
        ("?", Verdict.UNCERTAIN, Verdict.UNKNOWN),
        ("KR", Verdict.PASS, Verdict.PASS),
        (None, Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_licensor_decides(licensor: str | None, flagged: Verdict, silent: Verdict) -> None:
    assert verdict(licensed(licensor, terms=CLEAN["terms"] | {"sourcing": True})) is flagged
    assert verdict(licensed(licensor, terms={})) is silent


def test_missing_licensor_is_named() -> None:
    sketch = licensed(None, terms={})
    assert "effective_control.counterparty" in sketch.credit().open


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sale": True, "reverts": False}, Verdict.PASS),
        ({"sale": True, "reverts": True}, Verdict.FAIL),
        ({"sale": True}, Verdict.UNKNOWN),
        ({"sale": False, "reverts": False}, Verdict.FAIL),
        ({}, Verdict.FAIL),
    ],
)
def test_outright_sale(fields: dict[str, Any], expected: Verdict) -> None:
    sketch = licensed(signed="2025-12-01", **fields)
    assert verdict(sketch) is expected
    if expected is Verdict.UNKNOWN:
        assert "effective_control.bona-fide-sale" in sketch.credit().open


def test_agreements_outside_the_year() -> None:
    later = {"signed": "2027-01-01", "terms": {"sourcing": True}}
    assert verdict(licensed(**later), 2026) is Verdict.PASS
    assert verdict(licensed(**later), 2027) is Verdict.FAIL
    ended = {"expires": "2025-06-30", "terms": {"sourcing": True}}
    assert verdict(licensed(**ended), 2026) is Verdict.FAIL
    assert verdict(licensed(**ended), 2027) is Verdict.PASS


def test_agreement_of_the_year_itself_names_the_open_point() -> None:
    sketch = licensed(signed="2026-03-01")
    assert verdict(sketch) is Verdict.FAIL
    assert "question.payments-previous-year" in sketch.credit().open
    assert verdict(sketch, payments_previous_year="as-written") is Verdict.PASS
    assert verdict(sketch, 2027, payments_previous_year="as-written") is Verdict.FAIL


def test_sub_license_counts_only_where_read_so() -> None:
    sketch = licensed("KR", terms=CLEAN["terms"] | {"sourcing": True})
    sketch.add("upstream", "license")
    sketch.company("owner-of-technology", "CN")
    sketch.link("licenses", "owner-of-technology", "upstream")
    sketch.link("uses", "upstream", "deal", share=0.4)
    sketch.link("uses", "deal", "upstream", share=0.1)
    assert verdict(sketch) is Verdict.PASS
    assert "no party to this agreement" in control(sketch).because[-1].text
    assert verdict(sketch, sub_license="counted") is Verdict.FAIL


def test_services_contract_belongs_to_the_license_of_the_same_counterparty() -> None:
    sketch = licensed(type="services", signed="2026-01-15")
    assert verdict(sketch, 2027) is Verdict.UNCERTAIN
    sketch.add("technology", "license", **CLEAN)
    sketch.link("licenses", "licensor", "technology")
    sketch.link("uses", "technology", "works")
    assert verdict(sketch, 2027) is Verdict.FAIL


def test_other_contract_is_asked_only_the_general_rights() -> None:
    assert verdict(licensed(type="other", signed="2026-01-15"), 2027) is Verdict.PASS
    rights = CLEAN["terms"] | {"output_buyers": True}
    assert verdict(licensed(type="other", terms=rights)) is Verdict.FAIL


def test_license_of_the_operator_reaches_its_plants() -> None:
    sketch = licensed(terms={"operation": True})
    sketch.links[-1]["target"] = "maker"
    assert verdict(sketch) is Verdict.FAIL


def test_worst_license_decides_and_all_of_that_rank_are_named() -> None:
    sketch = licensed(terms={})
    assert verdict(sketch) is Verdict.UNKNOWN
    sketch.add("second", "license", **(CLEAN | {"terms": {"operation": True}}))
    sketch.link("licenses", "licensor", "second")
    sketch.link("uses", "second", "works")
    test = sketch.test("effective_control")
    assert test.verdict is Verdict.FAIL
    assert {place for reason in test.because for place in reason.where} >= {"second", "licensor"}


def test_no_license_on_the_map_passes_with_a_sentence() -> None:
    test = cell_works().test("effective_control")
    assert test.verdict is Verdict.PASS
    assert "shows no license" in test.because[0].text


def test_declared_control_settles_the_test() -> None:
    sketch = licensed(terms={})
    sketch.entities["maker"]["declared"] = {"effective_control": "no", "source": "s9"}
    test = sketch.test("effective_control")
    assert (test.verdict, test.open) == (Verdict.PASS, ())
    assert test.because[0].sources == ("s9",)


def test_supplier_under_control_is_foreign_influenced() -> None:
    """Limb II reaches the maker of an input as well, so its cost is that of a prohibited entity."""
    sketch = cell_works()
    sketch.company("supplier")
    sketch.company("licensor", "CN")
    sketch.add("deal", "license", **(CLEAN | {"terms": {"operation": True}}))
    sketch.link("licenses", "licensor", "deal")
    sketch.link("uses", "deal", "supplier")
    sketch.link("supplies", "supplier", "works", item="foil", category="material", cost=10)
    assert sketch.status("supplier").answers["fie"] == "yes"
    assert sketch.test("macr").high == 0.0
    sketch.entities["deal"]["terms"] = {}
    assert sketch.status("supplier").answers["fie"] == "no"
    assert "fie.effective_control" in sketch.status("supplier").open
