"""Agreements of related persons, and who is related to whom."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from law_maps import Sketch, cell_works, pack

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.attribution import Holdings
from depmap_gui.rules.related import RelatedPersons
from depmap_gui.rules.results import Answer, TestResult, Verdict
from depmap_gui.rules.setting import Setting

POINT = "effective_control.related"


def group(share: Any = 0.6, **fields: Any) -> Sketch:
    """A parent that owns the maker of the cells and a sister with works of its own."""
    sketch = cell_works()
    sketch.company("parent", **fields)
    sketch.company("sister")
    sketch.company("foreign", "CN")
    sketch.link("owns", "parent", "maker", share=share)
    sketch.link("owns", "parent", "sister", share=0.7)
    sketch.plant("other-works", "sister")
    return sketch


def licensed(sketch: Sketch, *users: str, signed: str = "2026-01-01") -> Sketch:
    sketch.add("deal", "license", signed=signed, royalty=0.02)
    sketch.link("licenses", "foreign", "deal")
    for user in users:
        sketch.link("uses", "deal", user, share=0.5)
    return sketch


def control(sketch: Sketch, **settled: str) -> TestResult:
    return sketch.test("effective_control", **settled)


@pytest.mark.parametrize("user", ["parent", "sister"])
def test_an_agreement_of_a_related_company_may_reach_the_works(user: str) -> None:
    test = control(licensed(group(), user))
    assert test.verdict is Verdict.UNKNOWN
    assert test.open == (POINT,)
    assert f"{user}, which is related" in test.because[-1].text
    assert pack().title_of(POINT) == "agreements of related persons"


def test_drawn_to_plants_it_is_plain_what_it_reaches() -> None:
    assert control(licensed(group(), "sister", "other-works")).verdict is Verdict.PASS
    assert control(licensed(group(), "sister", "works")).verdict is Verdict.FAIL
    assert control(licensed(group(), "maker")).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("share", "verdict", "word"),
    [
        (0.5, Verdict.PASS, ""),
        (0.51, Verdict.UNKNOWN, "which is related"),
        ((0.4, 0.5, 0.6), Verdict.UNKNOWN, "which may be related"),
        (None, Verdict.UNKNOWN, "which may be related"),
    ],
)
def test_more_than_half_relates(share: Any, verdict: Verdict, word: str) -> None:
    test = control(licensed(group(share), "sister"))
    assert test.verdict is verdict
    assert word in test.because[-1].text


def test_votes_relate_as_value_does() -> None:
    sketch = group(0.1)
    owns = next(link for link in sketch.links if link["target"] == "maker" and "share" in link)
    owns["votes"] = 0.9
    assert control(licensed(sketch, "sister")).verdict is Verdict.UNKNOWN


def test_a_government_relates_nobody() -> None:
    sketch = group(form="government")
    assert control(licensed(sketch, "sister")).verdict is Verdict.PASS


def test_an_agreement_that_gives_no_control_opens_nothing() -> None:
    sketch = group()
    sketch.company("friend", "KR")
    sketch.add("deal", "license", signed="2026-01-01")
    sketch.link("licenses", "friend", "deal")
    sketch.link("uses", "deal", "sister")
    assert control(sketch).verdict is Verdict.PASS


def test_what_fails_by_itself_stays_failed() -> None:
    sketch = licensed(group(), "works")
    sketch.add("second", "license", signed="2026-01-01")
    sketch.link("licenses", "foreign", "second")
    sketch.link("uses", "second", "parent")
    test = control(sketch)
    assert test.verdict is Verdict.FAIL
    assert POINT not in test.open


def test_the_whole_taxpayer_includes_related_persons_and_their_plants() -> None:
    """Where the denial reaches all that the taxpayer makes."""
    for user in ("other-works", "sister"):
        sketch = licensed(group(), user)
        assert control(sketch, control_denial_scope="taxpayer").verdict is Verdict.FAIL
    unrelated = licensed(group(0.5), "other-works")
    assert control(unrelated, control_denial_scope="taxpayer").verdict is Verdict.PASS


def test_related_holders_count_together() -> None:
    """Two subsidiaries of one parent hold 30% each: together with it more than half."""
    sketch = cell_works()
    for id in ("parent", "left", "right"):
        sketch.company(id)
    for id in ("left", "right"):
        sketch.link("owns", "parent", id, share=0.8)
        sketch.link("owns", id, "maker", share=0.3)
    assert related(sketch)["maker"] == {"parent", "left", "right"}


def related(sketch: Sketch, answer: Answer = Answer.YES) -> dict[str, set[str]]:
    on_the_day = MapInForce(sketch.project(), last_day(2026))
    found = RelatedPersons(Setting(on_the_day, pack(), 2026), Holdings(on_the_day))
    companies = [id for id, entity in sketch.entities.items() if entity["kind"] == "company"]
    return {id: {o for o, each in found.to(id).items() if each is answer} for id in companies}


@pytest.mark.parametrize("seed", range(40))
def test_groups_are_those_of_a_plain_search(seed: int) -> None:
    """Sets of companies, made larger as long as one set holds more than half of a company."""
    draw = random.Random(seed)
    names = [f"c{number}" for number in range(9)]
    sketch = Sketch()
    held: dict[str, dict[str, float]] = {name: {} for name in names}
    for name in names:
        sketch.company(name)
    for owned in names:
        for holder in draw.sample([n for n in names if n != owned], draw.randint(0, 3)):
            share = draw.choice((0.1, 0.2, 0.26, 0.3, 0.51))
            if sum(held[owned].values()) + share <= 1.0:
                held[owned][holder] = share
                sketch.link("owns", holder, owned, share=share)
    sets = [{name} for name in names]
    grown = True
    while grown:
        grown = False
        for one, other in itertools.permutations(sets, 2):
            if any(sum(held[name].get(h, 0.0) for h in other) > 0.5 + 1e-9 for name in one):
                sets = [s for s in sets if s not in (one, other)] + [one | other]
                grown = True
                break
    of = {name: each for each in sets for name in each}
    assert related(sketch) == {name: of[name] - {name} for name in names}
