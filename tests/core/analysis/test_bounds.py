"""Bounds of scores: against samples of the ordinary solution, brute force and cases by hand."""

from __future__ import annotations

import itertools

import pytest
from drawing import drawn, home, places, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from uncertain_maps import places as range_places
from uncertain_maps import put, uncertain

from depmap_gui.analysis.bounds import score_bounds
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import UNKNOWN, Range, Score, exposure
from depmap_gui.analysis.scores import scores_of
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import (
    Company,
    License,
    Licenses,
    Operates,
    Owns,
    Plant,
    Supplies,
    Uses,
)

CLOSE = 1e-9


def bounds(project, basis, scores=tuple(Score)):
    return score_bounds(solved(project, basis), ranges_of(project), scores)


def bounds_of(found, scores, score, entity, code):
    """The bound of a share; of one that nothing moves, its exposure."""
    ranges = found[score].ranges
    if entity in ranges:
        return ranges[entity].get(code, Range(0.0, 0.0))
    return exposure(scores.vectors(score)[entity], code)


def check_holds(found, scores, sampled):
    """Every share of a sample lies within its bounds."""
    for score in Score:
        for entity, shares in sampled.vectors(score).items():
            for code in (*shares, "CN", UNKNOWN):
                bound = bounds_of(found, scores, score, entity, code)
                here = exposure(shares, code)
                assert bound.low <= bound.high + CLOSE
                assert bound.low - CLOSE <= here.low, (score, entity, code)
                assert here.high <= bound.high + CLOSE, (score, entity, code)


@given(data=st.data(), basis=st.sampled_from(list(Basis)))
@settings(max_examples=50, deadline=None)
def test_no_sample_leaves_the_bounds(data, basis):
    project = data.draw(uncertain())
    spots = range_places(project)
    found = bounds(project, basis)
    scores = scores_of(solved(project, basis))
    check_holds(found, scores, scores)
    for _ in range(4):
        values = {}
        for section, id, field in spots:
            low, _, high = getattr(getattr(project, section)[id], field)
            part = data.draw(st.sampled_from((0.0, 0.5, 1.0, 0.25, 0.813)))
            values[section, id, field] = low + part * (high - low)
        check_holds(found, scores, scores_of(solved(put(project, values), basis)))


@given(data=st.data(), basis=st.sampled_from([Basis.ECONOMIC, Basis.DOMICILE]))
@settings(max_examples=20, deadline=None)
def test_exact_bounds_are_reached_at_some_corner(data, basis):
    # Shares kept small: where no sum passes 1, the extremes lie at corners.
    project = data.draw(uncertain(most=5))
    small = {
        (section, id, field): _scaled(getattr(record, field), 0.04)
        for section in ("entities", "links")
        for id, record in getattr(project, section).items()
        for field in ("share", "votes", "ip_share", "own_ip")
        if getattr(record, field, None) is not None
    }
    project = put(project, small)
    spots = range_places(project)
    found = bounds(project, basis)
    ends = [
        (value[0], value[2])
        for section, id, field in spots
        for value in [getattr(getattr(project, section)[id], field)]
    ]
    corners = [
        scores_of(solved(put(project, dict(zip(spots, corner, strict=True))), basis))
        for corner in itertools.product(*ends)
    ]
    for score in Score:
        assert found[score].exact, found[score].why
        for entity, ranges in found[score].ranges.items():
            for code, bound in ranges.items():
                seen = [exposure(corner.vectors(score)[entity], code) for corner in corners]
                assert bound.low == pytest.approx(min(each.low for each in seen), abs=CLOSE)
                assert bound.high == pytest.approx(max(each.high for each in seen), abs=CLOSE)


def _scaled(value, factor):
    return tuple(factor * each for each in value) if isinstance(value, tuple) else factor * value


# By hand --------------------------------------------------------------------------------------


def works(*links, own_ip=None, bought_in=None, companies=("kr", "cn", "us")):
    """A plant of a US company with companies of several lands beside it."""
    entities = [
        *places("CN", "US", "KR"),
        *(Company(id=code, name=code) for code in companies),
        License(id="deal"),
        Plant(id="works", own_ip=own_ip, bought_in=bought_in),
    ]
    homes = [home(code, code[:2].upper()) for code in companies]
    return drawn(entities, [*homes, Operates(id="o", source="us", target="works"), *links])


def share(project, score=Score.IP, entity="works", code="CN", basis=Basis.DOMICILE):
    found = bounds(project, basis, (score,))[score]
    return found.ranges[entity][code], found.exact


def test_a_license_share_moves_its_licensors_part():
    deal = Licenses(id="g", source="cn", target="deal")
    found, exact = share(
        works(deal, Uses(id="u", source="deal", target="works", share=(0.5, 0.6, 0.65)), own_ip=0.3)
    )
    # Documented 50% at least; at most 65% and, with own IP 30%, 5% undocumented.
    assert (found.low, found.high) == (pytest.approx(0.5), pytest.approx(0.7))
    assert exact


def test_shares_past_one_are_scaled_and_the_extreme_is_found_between_the_corners():
    # Licenses CN 0.2..1.0 and KR 0.5: up to 0.5 the CN share is x, then x / (x + 0.5).
    project = works(
        Licenses(id="g", source="cn", target="deal"),
        Uses(id="u", source="deal", target="works", share=(0.2, 0.3, 1.0)),
        Supplies(id="s", source="kr", target="works", ip_share=0.5),
    )
    found, exact = share(project)
    assert (found.low, found.high) == (pytest.approx(0.2), pytest.approx(1 / 1.5))
    assert exact
    korean, _ = share(project, code="KR")
    # With the license at its low end 30% is unknown and may be Korean; at its high end 0.5/1.5.
    assert (korean.low, korean.high) == (pytest.approx(0.5 / 1.5), pytest.approx(0.8))


def test_the_least_of_three_may_lie_where_they_just_sum_to_one():
    # CN 0.3 fixed, US 0..0.4, KR 0..0.9, the rest unknown: what is possibly not CN or unknown is
    # most where the others are, so documented CN is least past 1: 0.3 / 1.6.
    project = works(
        Supplies(id="a", source="cn", target="works", ip_share=0.3),
        Supplies(id="b", source="us", target="works", ip_share=(0.0, 0.2, 0.4)),
        Supplies(id="c", source="kr", target="works", ip_share=(0.0, 0.2, 0.9)),
    )
    found, _ = share(project)
    assert (found.low, found.high) == (pytest.approx(0.3 / 1.6), pytest.approx(1.0))


def test_costs_weigh_against_each_other():
    project = works(
        Supplies(id="a", source="cn", target="works", cost=(20.0, 30.0, 60.0)),
        Supplies(id="b", source="kr", target="works", cost=(40.0, 40.0, 60.0)),
        Supplies(id="c", source="us", target="works"),
    )
    found, exact = share(project, Score.MADE_BY_FIRST_TIER)
    # One of three states no cost: it counts a third and is unknown.
    assert found.low == pytest.approx(2 / 3 * 20 / 80)
    assert found.high == pytest.approx(2 / 3 * 60 / 100 + 1 / 3)
    assert exact


def test_embedded_technology_follows_bought_in_and_costs():
    project = works(
        Supplies(id="a", source="cn", target="works", cost=(0.0, 1.0, 1.0)),
        own_ip=1.0,
        bought_in=(0.2, 0.3, 0.8),
    )
    project = put(project, {("entities", "cn", "own_ip"): 1.0})
    found, exact = share(project, Score.EMBEDDED_IP)
    # At a cost of zero nothing counts as bought in.
    assert (found.low, found.high) == (0.0, pytest.approx(0.8))
    assert exact


def test_cross_holdings_with_ranges():
    # The worked example of two companies that hold 30% of each other, one holding uncertain.
    project = drawn(
        [*places("CN", "US"), *(Company(id=id) for id in ("x", "y", "a", "b"))],
        [
            home("x", "CN"),
            home("y", "US"),
            Owns(id="1", source="x", target="a", share=0.7),
            Owns(id="2", source="b", target="a", share=0.3),
            Owns(id="3", source="y", target="b", share=0.5),
            Owns(id="4", source="a", target="b", share=(0.2, 0.3, 0.5)),
            Owns(id="5", source="y", target="b", share=None),
        ],
    )
    found, exact = share(project, Score.ATTRIBUTION, "a", basis=Basis.ECONOMIC)
    # a = 0.7 + 0.3 b, b = w a (CN) with the rest 0.5 - w unknown: least 0.7 / (1 - 0.3 w).
    assert found.low == pytest.approx(0.7 / (1 - 0.3 * 0.2))
    # Counting what is unknown: b = w a + (0.5 - w), greatest where w is least, a being below 1.
    assert found.high == pytest.approx((0.7 + 0.3 * 0.3) / (1 - 0.3 * 0.2))
    assert exact


def test_a_circle_that_may_close_may_say_nothing():
    project = drawn(
        [*places("CN"), Company(id="x"), Company(id="a"), Company(id="b")],
        [
            home("x", "CN"),
            Owns(id="1", source="x", target="a", share=(0.0, 0.1, 0.2)),
            Owns(id="2", source="b", target="a", share=(0.8, 0.9, 1.0)),
            Owns(id="3", source="a", target="b", share=1.0),
        ],
    )
    found, exact = share(project, Score.ATTRIBUTION, "a", basis=Basis.ECONOMIC)
    assert (found.low, found.high) == (0.0, 1.0)
    assert not exact


def test_votes_in_doubt_leave_two_possible_nationalities():
    def plant(votes):
        return works(
            Owns(id="w", source="cn", target="us", share=votes),
            Supplies(id="s", source="us", target="works", ip_share=0.4),
        )

    found, exact = share(plant((0.45, 0.5, 0.55)), basis=Basis.CONTROL)
    assert (found.low, found.high) == (0.0, 1.0)
    assert not exact
    for decided in ((0.1, 0.2, 0.5), (0.51, 0.6, 0.7)):
        project = plant(decided)
        found = bounds(project, Basis.CONTROL)
        assert all(
            not each.ranges and each.exact
            for each in found.values()
            if each.score is not Score.OWNERSHIP
        )


def test_an_unknown_holding_may_decide():
    project = works(
        Owns(id="w", source="cn", target="us", share=None),
        Owns(id="v", source="kr", target="us", share=(0.1, 0.2, 0.4)),
    )
    found, _ = share(project, Score.ATTRIBUTION, basis=Basis.CONTROL)
    assert (found.low, found.high) == (0.0, 1.0)
    korean = bounds(project, Basis.CONTROL, (Score.ATTRIBUTION,))[Score.ATTRIBUTION]
    assert "KR" not in korean.ranges["works"]


def test_nothing_uncertain_has_no_ranges_and_takes_no_work():
    project = works(Supplies(id="a", source="cn", target="works", cost=5.0), own_ip=0.3)
    found = bounds(project, Basis.ECONOMIC)
    assert all(not each.ranges and each.exact for each in found.values())


def test_what_votes_decide_is_not_called_exact_and_what_they_do_not_is():
    # Whose the maker is hangs on votes in doubt; whose equity it is does not.
    project = drawn(
        [*places("CN", "US", "KR"), Company(id="maker"), Company(id="other"), Plant(id="works")],
        [
            Owns(id="a", source="CN", target="maker", share=(0.3, 0.4, 0.5), votes=0.4),
            Owns(id="b", source="US", target="maker", share=0.2, votes=(0.0, 0.1, 0.6)),
            Operates(id="runs", source="maker", target="works"),
        ],
    )
    found = bounds(project, Basis.CONTROL)
    assert found[Score.ATTRIBUTION].ranges["maker"]["US"] == Range(0.0, 1.0)
    assert not found[Score.ATTRIBUTION].exact
    assert found[Score.OWNERSHIP].ranges["works"]["CN"].low == pytest.approx(0.3)
    assert found[Score.OWNERSHIP].exact
