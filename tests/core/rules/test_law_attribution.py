"""Attribution under section 318(a)(2) against a naive reading of it on random maps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_maps import Sketch

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.rules.attribution import Bound, Holdings, Metric, Reach

FLOOR = 0.5
Shares = dict[tuple[str, str], float]


def holdings(shares: Shares, forms: dict[str, str]) -> Holdings:
    sketch = Sketch()
    for name in sorted({name for pair in shares for name in pair}):
        sketch.company(name, form=forms.get(name, "corporation"))
    for (holder, owned), share in shares.items():
        sketch.link("owns", holder, owned, share=share)
    return Holdings(MapInForce(sketch.project(), last_day(2026)))


def owned_by(person: str, company: str, shares: Shares, forms: dict[str, str]) -> float:
    """What `person` owns of `company`, straight from the text; for maps without loops."""
    total = 0.0
    for (holder, owned), share in shares.items():
        if owned != company:
            continue
        if holder == person:
            total += share
            continue
        above = owned_by(person, holder, shares, forms)
        if forms.get(holder, "corporation") == "partnership" or above >= FLOOR - 1e-12:
            total += share * above
    return min(1.0, total)


@st.composite
def layered(draw: st.DrawFn) -> tuple[Shares, dict[str, str]]:
    """Holdings that only run from a lower to a higher number, each company's summing to <= 1."""
    size = draw(st.integers(2, 6))
    names = [f"c{number}" for number in range(size)]
    shares: Shares = {}
    for number in range(1, size):
        weights = [draw(st.integers(0, 10)) for _ in range(number)]
        total = max(10, sum(weights))
        for holder, weight in enumerate(weights):
            if weight:
                shares[names[holder], names[number]] = weight / total
    forms = {name: draw(st.sampled_from(["corporation", "partnership"])) for name in names}
    return shares, forms


@given(layered())
def test_each_share_agrees_with_the_text(case: tuple[Shares, dict[str, str]]) -> None:
    shares, forms = case
    if not shares:
        return
    names = {name for pair in shares for name in pair}
    held = holdings(shares, forms)
    persons = {"c0", "c1"} & names
    reach = Reach(held, persons, Bound.MODE, FLOOR)
    for company in names - persons:
        found = reach.each(company, Metric.VALUE)
        for person in persons:
            expected = owned_by(person, company, shares, forms)
            assert found.get(person, 0.0) == pytest.approx(expected, abs=1e-9)
        together = reach.aggregate(company, Metric.VALUE)
        assert together >= max(found.values(), default=0.0) - 1e-12
        assert together <= min(1.0, sum(found.values())) + 1e-12


@given(layered(), st.lists(st.integers(0, 5), unique=True))
def test_persons_that_join_one_by_one_own_what_they_own_together(
    case: tuple[Shares, dict[str, str]], order: list[int]
) -> None:
    shares, forms = case
    held = holdings(shares, forms)
    persons = [f"c{number}" for number in order if f"c{number}" in forms]
    at_once = Reach(held, persons, Bound.MODE, FLOOR)
    one_by_one = Reach(held, [], Bound.MODE, FLOOR)
    for person in persons:
        before = dict(one_by_one.part)
        changed = one_by_one.join([person])
        told = {id for id, part in one_by_one.part.items() if part != before.get(id, 0.0)}
        assert told <= changed
    for company in held.into:
        for question in ("aggregate", "each", "groups"):
            once = getattr(at_once, question)(company, Metric.VALUE)
            joined = getattr(one_by_one, question)(company, Metric.VALUE)
            if question == "groups":  # a group may go by any of its members
                once, joined = sorted(once.values()), sorted(joined.values())
            assert joined == pytest.approx(once, abs=1e-12)


def test_corporation_below_the_floor_passes_nothing_and_at_it_half() -> None:
    for share, expected in ((0.4999, 0.0), (0.5, 0.5)):
        held = holdings({("p", "h"): share, ("h", "t"): 1.0}, {})
        reach = Reach(held, {"p"}, Bound.MODE, FLOOR)
        assert reach.each("t", Metric.VALUE).get("p", 0.0) == pytest.approx(expected)


def test_floor_looks_at_all_that_a_person_owns() -> None:
    """30% directly and 30% through an own subsidiary are 60% of h, so h's stock is attributed."""
    held = holdings({("p", "h"): 0.3, ("p", "s"): 1.0, ("s", "h"): 0.3, ("h", "t"): 0.5}, {})
    reach = Reach(held, {"p"}, Bound.MODE, FLOOR)
    assert reach.each("t", Metric.VALUE)["p"] == pytest.approx(0.3)


def test_one_step_reading_stops_after_the_first_step() -> None:
    held = holdings({("p", "a"): 1.0, ("a", "b"): 1.0, ("b", "t"): 0.3}, {})
    chained = Reach(held, {"p"}, Bound.MODE, FLOOR)
    single = Reach(held, {"p"}, Bound.MODE, FLOOR, chained=False)
    assert chained.each("t", Metric.VALUE) == {"p": pytest.approx(0.3)}
    assert single.each("b", Metric.VALUE) == {"p": pytest.approx(1.0)}
    assert single.each("t", Metric.VALUE) == {}


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.999])
def test_loops_end(share: float) -> None:
    """Two partnerships that hold each other; p has the rest of the first."""
    forms = {"a": "partnership", "b": "partnership"}
    loop = {("b", "a"): share, ("a", "b"): share}
    held = holdings({("p", "a"): 1 - share, **loop, ("b", "t"): 1.0}, forms)
    reach = Reach(held, {"p"}, Bound.MODE, FLOOR)
    exact = (1 - share) * share / (1 - share * share)
    assert reach.each("t", Metric.VALUE)["p"] == pytest.approx(exact, abs=1e-9)


def test_holdings_above_the_whole_are_no_more_than_the_whole() -> None:
    forms = {"a": "partnership", "b": "partnership"}
    held = holdings({("p", "a"): 0.5, ("b", "a"): 1.0, ("a", "b"): 1.0, ("b", "t"): 1.0}, forms)
    reach = Reach(held, {"p"}, Bound.MODE, FLOOR)
    assert reach.each("t", Metric.VALUE)["p"] == pytest.approx(1.0, abs=1e-9)


def test_loop_of_wholly_owned_companies_without_an_owner() -> None:
    held = holdings({("a", "b"): 1.0, ("b", "a"): 1.0}, {})
    reach = Reach(held, {"a"}, Bound.HIGH, FLOOR)
    assert reach.each("b", Metric.VALUE) == {"a": 1.0}


def test_block_held_through_a_chain_of_persons_counts_once() -> None:
    """p has 60% of h, h 40% of a partnership that has all of t: 40%, not 40% and another 24%."""
    held = holdings({("p", "h"): 0.6, ("h", "f"): 0.4, ("f", "t"): 1.0}, {"f": "partnership"})
    reach = Reach(held, {"p", "h"}, Bound.MODE, FLOOR)
    # What reaches p through h alone, 24%, is outdone by h's own and left out.
    assert reach.each("t", Metric.VALUE) == {"h": pytest.approx(0.4)}
    assert reach.aggregate("t", Metric.VALUE) == pytest.approx(0.4)


def test_block_that_only_the_topmost_person_reaches_counts_whole() -> None:
    """h's 30% of k alone opens nothing below k; with p's own 20% they are p's half of it."""
    shares = {("p", "h"): 1.0, ("h", "k"): 0.3, ("p", "k"): 0.2, ("k", "t"): 1.0}
    reach = Reach(holdings(shares, {}), {"p", "h"}, Bound.MODE, FLOOR)
    assert reach.aggregate("t", Metric.VALUE) == pytest.approx(0.5)


def test_related_persons_group_by_more_than_half() -> None:
    held = holdings({("p", "h"): 0.51, ("p", "k"): 0.5, ("h", "t"): 0.2, ("k", "t"): 0.2}, {})
    groups = Reach(held, {"p", "h", "k"}, Bound.MODE, FLOOR).related
    assert groups["p"] == groups["h"]
    assert groups["k"] != groups["p"]


def test_unstated_share_is_anything_that_is_left() -> None:
    sketch = Sketch()
    for name in ("p", "q", "t"):
        sketch.company(name)
    sketch.link("owns", "q", "t", share=[0.6, 0.7, 0.8])
    sketch.link("owns", "p", "t")
    (first, second) = Holdings(MapInForce(sketch.project(), last_day(2026))).into["t"]
    assert first.value == (0.6, 0.7, 0.8)
    assert second.value == (0.0, 0.0, pytest.approx(0.4))
    assert not second.stated
