"""What a map settles among open questions, and what is read into it where it is silent."""

from __future__ import annotations

import pytest
from law_maps import Sketch, cell_works

from depmap_gui.rules.results import Verdict

DAY = "question.status-day"


def left_in_june() -> Sketch:
    """A Chinese holder of 30% leaves in the middle of 2027."""
    sketch = Sketch()
    sketch.company("taxpayer")
    sketch.company("owner", "CN")
    sketch.link("owns", "owner", "taxpayer", share=0.3, valid_to="2027-06-30")
    return sketch


@pytest.mark.parametrize(
    ("settled", "answer", "is_open", "told"),
    [
        ({}, "no", True, "is open (Day on which"),
        ({"status_day": "last-day"}, "no", False, "that day does not count, as the analyst"),
        ({"status_day": "during"}, "yes", False, "that day counts, as the analyst"),
    ],
)
def test_a_settled_day_is_no_longer_open(
    settled: dict[str, str], answer: str, is_open: bool, told: str
) -> None:
    status = left_in_june().status("taxpayer", 2027, **settled)
    assert status.answers["fie"] == answer
    assert (DAY in status.open) is is_open
    assert any(told in reason.text for reason in status.reasons)


def test_a_reading_that_is_none_is_told_and_not_taken() -> None:
    sketch = left_in_june()
    law = sketch.law(2027, status_day="sometimes", no_such_question="x")
    assert any(
        "settles 'status-day' on 'sometimes', which is none of its readings (last-day, during)"
        in text
        for text in law.assumptions
    )
    assert "The map settles 'no-such-question', which no rule pack in use asks." in law.assumptions
    assert law.companies["us-obbba"]["taxpayer"].answers["fie"] == "no"


def chain(first: str) -> Sketch:
    """P half of a corporation, which has all of a second, which has all of the taxpayer."""
    sketch = Sketch()
    sketch.company("P", "CN")
    for id in (first, "second", "taxpayer"):
        sketch.company(id)
    sketch.link("owns", "P", first, share=0.5)
    sketch.link("owns", first, "second", share=1.0)
    sketch.link("owns", "second", "taxpayer", share=1.0)
    return sketch


@pytest.mark.parametrize(("reading", "answer"), [("chained", "yes"), ("one-step", "no")])
def test_attribution_climbs_a_chain_or_one_step(reading: str, answer: str) -> None:
    status = chain("first").status("taxpayer", attribution_chain=reading)
    assert (status.answers["sfe"], status.answers["fie"]) == ("no", answer)


@pytest.mark.parametrize(
    ("type", "modified", "told"),
    [("license", None, True), ("license", "2025-07-03", False), ("other", None, False)],
)
def test_an_agreement_is_read_as_unmodified_aloud(
    type: str, modified: str | None, told: bool
) -> None:
    """Whether the license was modified since enactment decides Ford's case, and is not public."""
    sketch = cell_works()
    sketch.company("catl", "CN")
    dates = {"signed": "2023-02-13"} | ({"modified": modified} if modified else {})
    sketch.add("deal", "license", type=type, **dates)
    sketch.link("licenses", "catl", "deal")
    sketch.link("uses", "deal", "works")
    test = sketch.test("effective_control")
    assert test.verdict is Verdict.UNKNOWN
    because = " ".join(reason.text for reason in test.because)
    assert ("the map shows no modification on or after 2025-07-04" in because) is told
    assert "not asked of" not in because
