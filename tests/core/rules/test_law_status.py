"""Entity status: each limb at its boundary, three-valued, with what is open named."""

from __future__ import annotations

import pytest
from law_maps import PACK, Sketch, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.results import Answer, Verdict


def taxpayer(**fields: object) -> Sketch:
    sketch = Sketch()
    sketch.company("taxpayer", **fields)
    sketch.company("owner", "CN")
    sketch.company("neighbor", "KR")
    return sketch


def answers(sketch: Sketch, company: str = "taxpayer", year: int = 2026, **settled: str) -> str:
    """`sfe/fie` of a company."""
    status = sketch.status(company, year, **settled)
    return f"{status.answers['sfe'].value}/{status.answers['fie'].value}"


# ------------------------------------------------------------------------- facts of its own


@pytest.mark.parametrize(
    ("home", "expected"),
    [("CN", "yes"), ("RU", "yes"), ("IR", "yes"), ("KP", "yes"), ("KR", "no"), ("TW", "no")],
)
def test_place_of_incorporation(home: str, expected: str) -> None:
    sketch = Sketch()
    sketch.company("maker", home)
    assert sketch.status("maker").answers["sfe"] == expected


def test_principal_place_of_business_counts_as_well() -> None:
    sketch = Sketch()
    sketch.company("maker", "SG")
    sketch.link("located", sketch.country("CN"), "maker", role="principal")
    status = sketch.status("maker")
    assert status.answers["sfe"] == "yes"
    assert "is run from cn" in status.reasons[0].text
    assert status.reasons[0].citation.startswith("26 USC 7701(a)(51)(I)")


def test_no_place_at_all_is_unknown_and_names_what_is_missing() -> None:
    sketch = Sketch()
    sketch.company("maker", None)
    status = sketch.status("maker")
    assert status.answers["sfe"] == "unknown"
    assert "sfe.home" in status.open


def test_hong_kong_is_open_until_somebody_settles_it() -> None:
    sketch = Sketch()
    sketch.company("maker", "HK")
    status = sketch.status("maker")
    assert status.answers["sfe"] == "unknown"
    assert "Hong Kong and Macau" in status.reasons[0].text
    for reading, answer in (("included", "yes"), ("excluded", "no")):
        settled = sketch.status("maker", covered_nation_territories=reading)
        assert settled.answers["sfe"] == answer


def test_project_settles_a_question_by_itself() -> None:
    sketch = Sketch(readings={"covered-nation-territories": "excluded"})
    sketch.company("maker", "HK")
    law = evaluate(MapInForce(sketch.project(), last_day(2026)), [pack()], 2026)
    assert law.companies[PACK]["maker"].answers["sfe"] is Answer.NO
    assert any("Hong Kong" in assumption for assumption in law.assumptions)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([("CN", "citizen")], "yes"),
        ([("CN", "citizen"), ("CA", "resident")], "yes"),
        ([("CN", "citizen"), ("US", "resident")], "no"),
        ([("CN", "citizen"), ("US", "citizen")], "no"),
        ([("KR", "citizen")], "no"),
        ([("CA", "resident")], "unknown"),
        ([], "unknown"),
    ],
)
def test_person(places: list[tuple[str, str]], expected: str) -> None:
    sketch = Sketch()
    sketch.company("founder", None, form="person")
    for code, role in places:
        sketch.link("located", sketch.country(code), "founder", role=role)
    assert sketch.status("founder").answers["sfe"] == expected


def test_government_of_a_covered_nation_and_the_nation_as_a_holder() -> None:
    sketch = Sketch()
    sketch.company("ministry", "CN", form="government")
    sketch.company("maker")
    sketch.link("owns", "cn", "maker", share=0.51)
    assert sketch.status("ministry").answers["sfe"] == "yes"
    assert "government body of cn" in sketch.status("ministry").reasons[0].text
    assert sketch.status("maker").answers["sfe"] == "yes"


def test_list_is_tested_on_the_first_day_of_2026_and_on_the_last_later() -> None:
    """BYD's 1260H entry dates from 2026-06-08."""
    sketch = Sketch()
    sketch.company("byd-us", "US", name="BYD", lists=["dod-1260h"])
    assert sketch.status("byd-us", 2026).answers["sfe"] == "no"
    assert sketch.status("byd-us", 2027).answers["sfe"] == "yes"


def test_list_that_the_pack_does_not_date_is_taken_from_the_map() -> None:
    sketch = Sketch()
    sketch.company("unnamed", "US", lists=["uflpa"])
    status = sketch.status("unnamed")
    assert status.answers["sfe"] == "yes"
    assert "its dates are not checked" in status.reasons[0].text


def test_list_that_decides_nothing() -> None:
    sketch = Sketch()
    sketch.company("maker", "US", lists=["bis-entity-list", "bis-meu", "no-such-list"])
    assert sketch.status("maker").answers["sfe"] == "no"


def test_name_on_a_list_is_offered_only_where_the_answer_is_not_yes_already() -> None:
    sketch = Sketch()
    sketch.company("here", "US", name="Gotion")
    sketch.company("there", "CN", name="Gotion High-tech Co., Ltd.")
    assert "sfe.list" in sketch.status("here").open
    assert sketch.status("here").answers["sfe"] == "no"
    assert "bears the name of Gotion High tech" in sketch.status("here").reasons[0].text
    assert "sfe.list" not in sketch.status("there").open


def test_declared_status_is_shown_as_declared_and_carries_on() -> None:
    sketch = Sketch()
    sketch.company("owner", "CN", declared={"sfe": "no", "source": "s3"})
    sketch.company("taxpayer")
    sketch.link("owns", "owner", "taxpayer", share=0.6)
    owner = sketch.status("owner")
    assert owner.answers["sfe"] == "no"
    assert owner.declared["sfe"].source == "s3"
    assert owner.declared["sfe"].computed == "yes"
    assert "declares sfe of owner: no (source s3)" in owner.reasons[0].text
    assert answers(sketch) == "no/no"


def test_declared_company_stays_as_declared_under_a_foreign_owner() -> None:
    sketch = taxpayer(declared={"sfe": "no"})
    sketch.link("owns", "owner", "taxpayer", share=0.9)
    assert answers(sketch).startswith("no/")
    assert "no source given" in sketch.status("taxpayer").reasons[0].text


def test_declared_influence_settles_its_limbs() -> None:
    sketch = taxpayer(declared={"fie": "no", "source": "s1"})
    status = sketch.status("taxpayer")
    assert status.answers["fie"] == "no"
    assert not status.open
    assert status.limbs["fie.debt"].verdict is Verdict.PASS
    sketch = taxpayer(declared={"fie.debt": "no"})
    assert "fie.debt" not in sketch.status("taxpayer").open
    assert "fie.officer" in sketch.status("taxpayer").open


# ------------------------------------------------------------------------------ boundaries


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.2499, "no/no"), (0.25, "no/yes"), (0.50, "no/yes"), (0.5001, "yes/yes")],
)
def test_one_owner(share: float, expected: str) -> None:
    sketch = taxpayer()
    sketch.link("owns", "owner", "taxpayer", share=share)
    assert answers(sketch) == expected


def test_rounding_does_not_move_a_boundary() -> None:
    """0.1 + 0.7 + 0.2 of 25%: sums that miss 0.25 by a rounding error are 25%."""
    sketch = taxpayer()
    for share in (0.025, 0.175, 0.05):
        sketch.link("owns", "owner", "taxpayer", share=share)
    assert answers(sketch) == "no/yes"


@pytest.mark.parametrize(("share", "expected"), [(0.1999, "no/no"), (0.20, "no/yes")])
def test_owners_together(share: float, expected: str) -> None:
    sketch = taxpayer()
    sketch.company("other", "RU")
    sketch.link("owns", "owner", "taxpayer", share=0.2)
    sketch.link("owns", "other", "taxpayer", share=share)
    assert answers(sketch) == expected


@pytest.mark.parametrize(
    ("share", "traded", "expected"),
    [
        (0.1499, False, Verdict.PASS),
        (0.15, False, Verdict.FAIL),
        (0.15, True, Verdict.PASS),
        (0.1501, True, Verdict.FAIL),
        ([0.10, 0.12, 0.16], False, Verdict.UNCERTAIN),
        (None, False, Verdict.UNCERTAIN),
    ],
)
def test_debt(share: object, traded: bool, expected: Verdict) -> None:
    sketch = taxpayer(traded=traded)
    sketch.link("lends", "owner", "taxpayer", **({} if share is None else {"share": share}))
    limb = sketch.status("taxpayer").limbs["fie.debt"]
    assert limb.verdict is expected


def test_debt_of_others_and_debt_not_shown() -> None:
    sketch = taxpayer()
    silent = sketch.status("taxpayer").limbs["fie.debt"]
    assert (silent.verdict, silent.open) == (Verdict.UNKNOWN, ("fie.debt",))
    sketch.link("lends", "neighbor", "taxpayer", share=0.5)
    partly = sketch.status("taxpayer").limbs["fie.debt"]
    assert (partly.verdict, partly.open) == (Verdict.PASS, ("fie.debt",))
    sketch.link("lends", "neighbor", "taxpayer", share=0.5)
    wholly = sketch.status("taxpayer").limbs["fie.debt"]
    assert (wholly.verdict, wholly.open) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    ("holder", "fields", "expected"),
    [
        ("owner", {"appoints": True}, Verdict.FAIL),
        ("owner", {"appoints": False}, Verdict.PASS),
        ("owner", {}, Verdict.UNKNOWN),
        ("owner", {"seats": 0.2}, Verdict.UNCERTAIN),
        ("nobody", {"appoints": True}, Verdict.UNCERTAIN),
        ("neighbor", {"appoints": True}, Verdict.PASS),
    ],
)
def test_officer(holder: str, fields: dict[str, object], expected: Verdict) -> None:
    sketch = taxpayer()
    sketch.company("nobody", None)
    sketch.link("owns", holder, "taxpayer", share=0.1, **fields)
    sketch.link("owns", "neighbor", "taxpayer", share=0.9)
    assert sketch.status("taxpayer").limbs["fie.officer"].verdict is expected


def test_company_without_holders_is_open_and_not_prohibited() -> None:
    status = taxpayer().status("taxpayer")
    assert status.answers == {"sfe": Answer.NO, "fie": Answer.NO}
    assert status.open == ("fie.single", "fie.aggregate", "fie.debt", "fie.officer")
    assert status.prohibited is Answer.NO


def test_undisclosed_holders_are_named() -> None:
    sketch = taxpayer()
    sketch.link("owns", "neighbor", "taxpayer", share=0.7)
    assert "fie.undisclosed" in sketch.status("taxpayer").open
    sketch.link("owns", "neighbor", "taxpayer", share=0.3)
    assert "fie.undisclosed" not in sketch.status("taxpayer").open


# ---------------------------------------------------------------------- straddling facts


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.24, "no/no"), (0.25, "no/unknown"), (0.51, "unknown/unknown")],
)
def test_holder_of_unknown_nationality(share: float, expected: str) -> None:
    sketch = taxpayer()
    sketch.company("nobody", None)
    sketch.link("owns", "nobody", "taxpayer", share=share)
    assert answers(sketch) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ([0.10, 0.15, 0.2499], "no/no"),
        ([0.10, 0.15, 0.25], "no/unknown"),
        ([0.25, 0.30, 0.50], "no/yes"),
        ([0.25, 0.30, 0.55], "unknown/yes"),
    ],
)
def test_uncertain_share(share: list[float], expected: str) -> None:
    sketch = taxpayer()
    sketch.link("owns", "owner", "taxpayer", share=share)
    assert answers(sketch) == expected


def test_unstated_share_may_be_the_whole_rest() -> None:
    sketch = taxpayer()
    sketch.link("owns", "neighbor", "taxpayer", share=0.7)
    sketch.link("owns", "owner", "taxpayer")
    assert answers(sketch) == "no/unknown"
    sketch.link("owns", "neighbor", "taxpayer", share=0.1)
    assert answers(sketch) == "no/no"


def test_what_others_surely_hold_bounds_what_foreign_owners_may() -> None:
    sketch = taxpayer()
    sketch.link("owns", "owner", "taxpayer", share=[0.1, 0.2, 0.6])
    assert answers(sketch) == "unknown/unknown"
    sketch.link("owns", "neighbor", "taxpayer", share=0.5)
    assert answers(sketch) == "no/unknown"


# -------------------------------------------------------------------------------- chains


def test_control_goes_down_a_chain_and_stops_at_half() -> None:
    sketch = taxpayer()
    sketch.company("a", "SG")
    sketch.company("b", "NL")
    sketch.link("owns", "owner", "a", share=0.51)
    sketch.link("owns", "a", "b", share=0.51)
    sketch.link("owns", "b", "taxpayer", share=0.51)
    assert answers(sketch) == "yes/yes"
    sketch.links[-1]["share"] = 0.5
    assert answers(sketch) == "no/yes"


def test_owners_of_half_each_control_together() -> None:
    sketch = taxpayer()
    sketch.company("other", "RU")
    sketch.link("owns", "owner", "taxpayer", share=0.3)
    sketch.link("owns", "other", "taxpayer", share=0.3)
    assert answers(sketch) == "yes/yes"


def test_loop_of_holdings_ends() -> None:
    sketch = taxpayer()
    sketch.company("a")
    sketch.link("owns", "a", "taxpayer", share=1.0)
    sketch.link("owns", "taxpayer", "a", share=1.0)
    assert answers(sketch) == "no/no"
    sketch.link("owns", "owner", "a", share=0.6)
    assert answers(sketch) == "yes/yes"


def test_related_owners_are_named_where_the_reading_would_matter() -> None:
    sketch = taxpayer()
    sketch.company("arm", "SG")
    sketch.link("owns", "owner", "arm", share=0.6)
    sketch.link("owns", "arm", "taxpayer", share=0.24)
    sketch.link("owns", "owner", "taxpayer", share=0.02)
    status = sketch.status("taxpayer")
    assert status.answers["fie"] == "no"
    assert "question.single-owner-group" in status.open
    together = sketch.status("taxpayer", single_owner_group="together")
    assert together.answers["fie"] == "yes"
    assert together.limbs["fie.single"].measure.mode == pytest.approx(0.26)
    apart = sketch.status("taxpayer", single_owner_group="separate")
    assert "question.single-owner-group" not in apart.open


def test_votes_count_for_influence_only_where_read_so() -> None:
    sketch = taxpayer()
    sketch.link("owns", "owner", "taxpayer", share=0.1, votes=0.3)
    assert answers(sketch) == "no/no"
    assert answers(sketch, ownership_measure="either") == "no/yes"


def test_partnership_passes_what_a_corporation_does_not() -> None:
    for form, expected in (("corporation", "no/no"), ("partnership", "no/yes")):
        sketch = taxpayer()
        sketch.company("fund", form=form)
        sketch.link("owns", "owner", "fund", share=0.3)
        sketch.link("owns", "fund", "taxpayer", share=0.9)
        assert answers(sketch) == expected


# ----------------------------------------------------------------------- traded companies


@pytest.mark.parametrize(
    ("reports", "expected"), [(True, "yes/yes"), (False, "no/no"), (None, "unknown/unknown")]
)
def test_traded_company_counts_holders_that_must_report(
    reports: bool | None, expected: str
) -> None:
    sketch = taxpayer(traded=True)
    sketch.link("owns", "owner", "taxpayer", share=0.6, reports=reports)
    assert answers(sketch) == expected


def test_control_of_a_traded_company_looks_past_merely_controlled_holders() -> None:
    """A Dutch firm that a Chinese one controls is foreign-controlled only by that control: it does
    not count, but what is attributed through it to the Chinese one does."""
    sketch = taxpayer(traded=True)
    sketch.company("arm", "NL")
    sketch.link("owns", "owner", "arm", share=0.3, votes=0.6)
    sketch.link("owns", "arm", "taxpayer", share=0.6, reports=True)
    assert answers(sketch, "arm").startswith("yes")
    assert answers(sketch) == "no/yes"
    sketch.links[-2]["share"] = 0.9
    assert answers(sketch) == "yes/yes"


# --------------------------------------------------------------------- before the law began


def test_status_before_enactment_has_no_covered_nations() -> None:
    sketch = Sketch()
    sketch.company("maker", "CN")
    assert sketch.status("maker", 2024).answers["sfe"] == "no"
    assert sketch.status("maker", 2025).answers["sfe"] == "yes"
