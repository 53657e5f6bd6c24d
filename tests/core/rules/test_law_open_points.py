"""Open questions of law: each reading, what it changes, and that it is named."""

from __future__ import annotations

from typing import Any

import pytest
from law_maps import PACK, Sketch, cell_works, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.readings import ReadingEffect, readings_that_matter
from depmap_gui.rules.results import Verdict

EXPECTED = {
    "attribution-chain",
    "contract-election",
    "contract-percentages",
    "control-denial-scope",
    "covered-nation-territories",
    "free-license",
    "list-1260h-edition",
    "market-origin",
    "ownership-measure",
    "payments-before-enactment",
    "payments-previous-year",
    "production-line",
    "single-owner-group",
    "status-day",
    "sub-license",
    "uncertified-items",
}


def effects(sketch: Sketch, year: int = 2026) -> dict[tuple[str, str], ReadingEffect]:
    on_the_day = MapInForce(sketch.project(), last_day(year))
    found = readings_that_matter(on_the_day, [pack()], year)
    return {(effect.question, effect.reading): effect for effect in found}


def licensed(**deal: Any) -> Sketch:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.add("deal", "license", **deal)
    sketch.link("licenses", "foreign", "deal")
    sketch.link("uses", "deal", "works", share=0.5)
    return sketch


def test_questions_of_the_pack() -> None:
    assert set(pack().questions) == EXPECTED


# ---------------------------------------------------------------------------------- payments


def test_agreement_made_in_the_year_brought_no_payment_before() -> None:
    sketch = licensed(signed="2026-03-01", royalty=0.02)
    told = sketch.test("effective_control")
    assert told.verdict is Verdict.FAIL
    assert "question.payments-previous-year" in told.open
    assert sketch.status("maker").answers["fie"] == "yes"
    read = {"payments_previous_year": "as-written"}
    assert sketch.test("effective_control", **read).verdict is Verdict.PASS
    assert sketch.status("maker", **read).answers["fie"] == "no"
    assert sketch.test("effective_control", 2027, **read).verdict is Verdict.FAIL


def test_agreement_without_a_royalty_may_bring_no_payment() -> None:
    sketch = licensed(signed="2025-09-01", royalty=0.0)
    told = sketch.test("effective_control")
    assert told.verdict is Verdict.FAIL
    assert "question.free-license" in told.open
    assert sketch.test("effective_control", free_license="no-payment").verdict is Verdict.PASS
    paid = licensed(signed="2025-09-01", royalty=[0.0, 0.01, 0.02])
    assert paid.test("effective_control", free_license="no-payment").verdict is Verdict.FAIL
    unstated = licensed(signed="2025-09-01")
    assert unstated.test("effective_control").open == ()


@pytest.mark.parametrize(("ends", "open_point"), [("2025-07-03", True), ("2025-07-04", False)])
def test_agreement_that_ended_before_enactment(ends: str, open_point: bool) -> None:
    terms = {"sourcing": True}
    sketch = licensed(signed="2023-01-01", expires=ends, terms=terms, royalty=0.02)
    told = sketch.test("effective_control")
    assert told.verdict is Verdict.FAIL
    assert ("question.payments-before-enactment" in told.open) is open_point
    read = {"payments_before_enactment": "not-counted"}
    verdict = sketch.test("effective_control", **read).verdict
    assert verdict is (Verdict.PASS if open_point else Verdict.FAIL)


# ------------------------------------------------------------------------- days of the year


def sold_down(until: str) -> Sketch:
    """A specified foreign entity sells from 30% to 20% within the year."""
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.link("owns", "foreign", "maker", share=0.3, valid_to=until)
    after = {"2026-06-30": "2026-07-01", "2025-12-31": "2026-01-01"}[until]
    sketch.link("owns", "foreign", "maker", share=0.2, valid_from=after)
    return sketch


def test_holding_sold_within_the_year_is_named_or_decides() -> None:
    sketch = sold_down("2026-06-30")
    told = sketch.test("fie.single")
    assert told.verdict is Verdict.PASS
    assert "question.status-day" in told.open
    assert sketch.status("maker").answers["fie"] == "no"
    read = {"status_day": "during"}
    assert sketch.test("fie.single", **read).verdict is Verdict.FAIL
    assert sketch.status("maker", **read).answers["fie"] == "yes"
    assert sketch.test("fie.single", 2027, **read).verdict is Verdict.PASS


def test_holding_sold_before_the_year_says_nothing() -> None:
    sketch = sold_down("2025-12-31")
    assert "question.status-day" not in sketch.test("fie.single").open
    assert sketch.test("fie.single", status_day="during").verdict is Verdict.PASS


def test_debt_repaid_within_the_year() -> None:
    sketch = cell_works()
    sketch.company("foreign", "CN")
    sketch.link("lends", "foreign", "maker", share=0.15, valid_to="2026-12-30")
    sketch.company("bank", "US")
    sketch.link("lends", "bank", "maker", share=0.85)
    told = sketch.test("fie.debt")
    assert (told.verdict, told.open) == (Verdict.PASS, ("fie.debt", "question.status-day"))
    assert sketch.test("fie.debt", status_day="during").verdict is Verdict.FAIL


# ------------------------------------------------------------------------------ dated lists


@pytest.mark.parametrize("name", ["BYD Company Limited", "EVE Energy Co., Ltd."])
def test_listing_of_june_2026_counts_from_tax_year_2027(name: str) -> None:
    """Of the first year lists are tested on the first day, of later years on the last."""
    sketch = Sketch()
    sketch.company("listed", "US", name=name, lists=["dod-1260h"])
    assert sketch.status("listed", 2026).answers["sfe"] == "no"
    assert sketch.status("listed", 2027).answers["sfe"] == "yes"
    reason = sketch.status("listed", 2027).reasons[0].text
    assert "2026-06-08" in reason
    assert "open question" in reason
    withdrawn = {"list_1260h_edition": "withdrawn"}
    assert sketch.status("listed", 2027, **withdrawn).answers["sfe"] == "no"


def test_removal_of_february_2026_leaves_the_first_year_listed() -> None:
    """On the list on 2026-01-01, the day that counts for 2026; off it from 2026-02-17."""
    sketch = Sketch()
    sketch.company("listed", "US", name="YMTC", lists=["dod-1260h"])
    assert sketch.status("listed", 2026).answers["sfe"] == "yes"
    assert sketch.status("listed", 2027).answers["sfe"] == "no"


# -------------------------------------------------------------------- readings that matter


def test_readings_that_matter_are_found_and_others_are_not() -> None:
    found = effects(licensed(signed="2026-03-01", royalty=0.02))
    assert set(found) == {("payments-previous-year", "as-written")}
    effect = found["payments-previous-year", "as-written"]
    (credit,) = effect.credits
    assert (credit.status, credit.as_read) == ("ineligible", "undetermined")
    assert credit.tests == {"effective_control": (Verdict.FAIL, Verdict.PASS)}
    (company,) = effect.companies
    assert (company.company, company.question) == ("maker", "fie")
    assert (company.answer, company.as_read) == ("yes", "no")


def test_readings_of_a_question_that_is_evaluated_both_ways() -> None:
    """Hong Kong: unknown as it stands, and each reading settles it."""
    sketch = Sketch()
    sketch.company("holding", "HK")
    found = effects(sketch)
    assert set(found) == {
        ("covered-nation-territories", "included"),
        ("covered-nation-territories", "excluded"),
    }
    told = {key[1]: effect.companies[0].as_read for key, effect in found.items()}
    assert told == {"included": "yes", "excluded": "no"}


def test_settled_questions_are_not_asked_again() -> None:
    sketch = licensed(signed="2026-03-01", royalty=0.02)
    sketch.header["readings"] = {"payments-previous-year": "presumed"}
    assert effects(sketch) == {}


def test_progress_is_told_for_every_reading() -> None:
    heard: list[float] = []
    on_the_day = MapInForce(cell_works().project(), last_day(2026))
    readings_that_matter(on_the_day, [pack()], 2026, progress=lambda done, _: heard.append(done))
    others = sum(
        len(q.readings) - (q.handling.value == "default") for q in pack().questions.values()
    )
    assert len(heard) == others
    assert heard == sorted(heard)


def test_settled_readings_show_among_the_assumptions() -> None:
    law = cell_works().law(status_day="during")
    assert any("settled by the analyst" in text for text in law.assumptions)


@pytest.mark.parametrize("question", sorted(EXPECTED))
def test_every_reading_can_be_evaluated(question: str) -> None:
    sketch = licensed(signed="2026-03-01")
    on_the_day = MapInForce(sketch.project(), last_day(2026))
    for reading in pack().questions[question].readings:
        law = evaluate(on_the_day, [pack()], 2026, {question: reading.id})
        assert law.companies[PACK]["foreign"].answers["sfe"] == "yes"
