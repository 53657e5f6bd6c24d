"""Maps that cannot be right, or hardly: a clear problem or a right number, never NaN."""

from __future__ import annotations

import itertools
import math

import pytest
from drawing import drawn, home, places, scored, solved
from test_risk import PACKS

from depmap_gui.analysis.bounds import score_bounds
from depmap_gui.analysis.concentration_bounds import concentration_bounds
from depmap_gui.analysis.explain import ExplainError, explain
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis, SupplyCategory
from depmap_gui.domain.records import (
    Company,
    License,
    Licenses,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)
from depmap_gui.rules.evaluate import evaluate

CELLS = Product(id="cells", credit="45x/battery-cell", units=1.0)
COMPONENT = SupplyCategory.COMPONENT


def companies(*ids):
    return [Company(id=id, name=f"Firm {id}") for id in ids]


def all_finite(scores):
    return all(
        math.isfinite(share)
        for score in Score
        for shares in scores.vectors(score).values()
        for share in shares.values()
    )


def test_an_empty_map_has_no_scores():
    scores = scored(drawn([]))
    assert not any(scores.vectors(score) for score in Score)
    assert not scores.concentration
    assert not scores.single_points


def test_a_closed_circle_is_unknown_and_named():
    project = drawn(
        [*places("CN"), *companies("a", "b", "c")],
        [
            home("a", "CN"),
            home("c", "CN"),
            Owns(id="1", source="a", target="b", share=1.0),
            Owns(id="2", source="b", target="a", share=1.0),
            Owns(id="3", source="a", target="c", share=0.4),
        ],
    )
    solution = solved(project, Basis.ECONOMIC)
    scores = scored(project, Basis.ECONOMIC)
    assert scores.attribution["a"] == {"unknown": 1.0}
    assert scores.attribution["c"] == pytest.approx({"CN": 0.6, "unknown": 0.4})
    (finding,) = solution.findings
    assert (finding.code, finding.where) == ("owns.circle", ("a", "b"))
    assert finding.message.startswith("Firm a, Firm b are wholly owned by one another, with no")
    tree = explain(solution, "a", Score.ATTRIBUTION, "unknown")
    assert tree.parts[0].label == "Firm a belongs to a closed circle that leads nowhere"


def test_a_circle_with_the_smallest_leak_has_an_owner():
    project = drawn(
        [*places("CN", "SE"), *companies("a", "b")],
        [
            home("a", "SE"),
            home("b", "SE"),
            Owns(id="1", source="a", target="b", share=1.0),
            Owns(id="2", source="b", target="a", share=1 - 1e-12),
            Owns(id="3", source="CN", target="a", share=1e-12),
        ],
    )
    assert scored(project, Basis.ECONOMIC).attribution["b"] == pytest.approx({"CN": 1.0})


def test_tiny_shares_are_kept():
    project = drawn(
        [*places("CN", "SE"), *companies("a")],
        [home("a", "SE"), Owns(id="1", source="CN", target="a", share=1e-12)],
    )
    assert scored(project, Basis.ECONOMIC).attribution["a"]["CN"] == 1e-12


def test_a_company_that_holds_part_of_itself():
    project = drawn(
        [*places("CN", "SE"), *companies("a")],
        [
            home("a", "SE"),
            Owns(id="1", source="a", target="a", share=0.2),
            Owns(id="2", source="CN", target="a", share=0.4),
        ],
    )
    assert scored(project, Basis.ECONOMIC).attribution["a"] == pytest.approx({"CN": 0.5, "SE": 0.5})
    assert scored(project, Basis.CONTROL).attribution["a"] == {"SE": 1.0}


def test_holdings_above_the_whole_are_scaled_in_sight():
    project = drawn(
        [*places("CN", "US"), *companies("a")],
        [
            Owns(id="1", source="CN", target="a", share=0.9),
            Owns(id="2", source="US", target="a", share=0.6),
        ],
    )
    solution = solved(project, Basis.ECONOMIC)
    assert scored(project, Basis.ECONOMIC).attribution["a"] == pytest.approx({"CN": 0.6, "US": 0.4})
    assert "Holdings in Firm a sum to 1.5; each is divided by that sum." in [
        noted.text for noted in solution.assumptions
    ]


@pytest.mark.parametrize("share", [None, -0.3, math.nan])
def test_a_holding_of_unknown_size_leaves_the_rest_unknown(share):
    project = drawn(
        [*places("CN", "US"), *companies("a")],
        [
            home("a", "US"),
            Owns(id="1", source="US", target="a", share=0.3),
            Owns(id="2", source="CN", target="a", share=share),
        ],
    )
    solution = solved(project, Basis.ECONOMIC)
    assert scored(project, Basis.ECONOMIC).attribution["a"] == pytest.approx(
        {"US": 0.3, "unknown": 0.7}
    )
    (noted,) = solution.assumptions
    assert noted.text.startswith("The size of Land CN's holding in Firm a is not known")
    assert noted.where == ("2",)


def test_unknown_votes_that_could_decide_are_named():
    project = drawn(
        [*places("CN", "US"), *companies("a")],
        [
            home("a", "US"),
            Owns(id="1", source="CN", target="a", share=0.3),
            Owns(id="2", source="US", target="a"),
        ],
    )
    solution = solved(project, Basis.CONTROL)
    assert scored(project, Basis.CONTROL).attribution["a"] == {"US": 1.0}
    assert any(
        "could decide who controls it" in noted.text and noted.where == ("2",)
        for noted in solution.assumptions
    )


def test_a_loop_of_votes_that_never_settles_keeps_its_homes():
    # Each holds a majority of the other and they are at home apart: they swap for ever.
    project = drawn(
        [*places("CN", "US"), *companies("a", "b")],
        [
            home("a", "CN"),
            home("b", "US"),
            Owns(id="1", source="a", target="b", share=0.6),
            Owns(id="2", source="b", target="a", share=0.6),
        ],
    )
    solution = solved(project, Basis.CONTROL)
    scores = scored(project, Basis.CONTROL)
    assert [finding.code for finding in solution.findings] == ["votes.unsettled"]
    assert (scores.attribution["a"], scores.attribution["b"]) == ({"CN": 1.0}, {"US": 1.0})


def test_control_reaches_the_end_of_a_long_loop():
    """A loop that only settles in as many rounds as it has members does settle."""
    ids = [f"c{number}" for number in range(6)]
    project = drawn(
        [*places("CN", *(f"H{id}" for id in ids)), *companies(*ids)],
        [
            *(home(id, f"H{id}") for id in ids),
            Owns(id="in", source="CN", target="c0", share=0.6),
            *(
                Owns(id=f"{a}-{b}", source=a, target=b, share=0.6)
                for a, b in itertools.pairwise(ids)
            ),
            Owns(id="back", source="c5", target="c0", share=0.1),
        ],
    )
    solution = solved(project, Basis.CONTROL)
    assert not solution.findings
    scores = scored(project, Basis.CONTROL)
    assert all(scores.attribution[id] == {"CN": 1.0} for id in ids)


def test_a_plant_that_supplies_itself():
    project = drawn(
        [*places("CN"), *companies("a"), Plant(id="p", name="P", own_ip=1.0, bought_in=0.5)],
        [
            home("a", "CN"),
            Operates(id="op", source="a", target="p"),
            Supplies(id="1", source="p", target="p", cost=4.0),
            Supplies(id="2", source="a", target="p", cost=4.0),
        ],
    )
    scores = scored(project)
    # E = 0.5 T + 0.25 E + 0.25 unknown
    assert scores.embedded_ip["p"] == pytest.approx({"CN": 2 / 3, "unknown": 1 / 3})
    assert scores.made_by["p"] == pytest.approx({"CN": 1.0})


def test_plants_that_only_buy_from_each_other_are_unknown():
    project = drawn(
        [Plant(id=id, name=id, bought_in=1.0) for id in ("p", "q")],
        [
            Supplies(id="1", source="p", target="q", cost=1.0),
            Supplies(id="2", source="q", target="p", cost=1.0),
        ],
    )
    scores = scored(project)
    assert scores.embedded_ip["p"] == {"unknown": 1.0}
    assert scores.made_in["q"] == {"unknown": 1.0}
    assert {finding.code for finding in solved(project).findings} == {"share.circle"}


def test_sublicenses_in_a_closed_circle():
    project = drawn(
        [License(id="x", name="X"), *companies("a")],
        [
            Uses(id="1", source="x", target="x", share=1.0),
            Licenses(id="2", source="a", target="x"),
        ],
    )
    assert scored(project).technology["x"] == {"unknown": 1.0}
    (finding,) = solved(project).findings
    assert finding.message.startswith("X is a sub-license of itself alone")


@pytest.mark.parametrize("cost", [0.0, None])
def test_supplies_without_cost_count_equally(cost):
    project = drawn(
        [*places("CN", "US"), *companies("a", "b"), Plant(id="p", name="P", own_ip=0.5)],
        [
            home("a", "CN"),
            home("b", "US"),
            Supplies(id="1", source="a", target="p", cost=cost),
            Supplies(id="2", source="b", target="p", cost=cost),
        ],
    )
    scores = scored(project)
    assert scores.made_by["p"] == {"CN": 0.5, "US": 0.5}
    assert scores.embedded_ip["p"] == scores.ip["p"]
    assert any("they count equally" in noted.text for noted in solved(project).assumptions)


def test_a_supply_without_cost_is_unknown_at_the_mean_of_the_rest():
    project = drawn(
        [*places("CN"), *companies("a", "b"), Plant(id="p", name="P")],
        [
            home("a", "CN"),
            home("b", "CN"),
            Supplies(id="1", source="a", target="p", cost=3.0),
            Supplies(id="2", source="a", target="p", cost=1.0),
            Supplies(id="3", source="b", target="p"),
        ],
    )
    assert scored(project).made_by["p"] == pytest.approx({"CN": 2 / 3, "unknown": 1 / 3})


def test_huge_costs_do_not_overflow():
    project = drawn(
        [*places("CN"), *companies("a"), Plant(id="p", name="P")],
        [
            home("a", "CN"),
            *(Supplies(id=str(n), source="a", target="p", cost=1e308) for n in range(9)),
        ],
    )
    assert scored(project).made_by["p"] == pytest.approx({"CN": 1.0})


def test_ten_thousand_links_into_one_plant():
    count = 10_000
    project = drawn(
        [*places("CN", "US"), *companies(*(f"s{n}" for n in range(count))), Plant(id="p")],
        [
            *(home(f"s{n}", "CN" if n % 4 else "US") for n in range(count)),
            *(Supplies(id=f"l{n}", source=f"s{n}", target="p", cost=1.0) for n in range(count)),
        ],
    )
    solution = solved(project)
    scores = scored(project)
    assert scores.made_by["p"] == pytest.approx({"CN": 0.75, "US": 0.25})
    assert scores.concentration["p"].suppliers.low == pytest.approx(1.0)
    assert len(scores.single_points["p"]) == count
    tree = explain(solution, "p", Score.MADE_BY, "CN")
    assert len(tree.parts) == 100
    assert tree.parts[-1].label == "7401 smaller contributions"
    assert sum(part.amount for part in tree.parts) == pytest.approx(0.75)


def test_a_long_chain_is_told_part_by_part():
    ids = [f"c{number}" for number in range(300)]
    project = drawn(
        [*places("CN"), *companies(*ids)],
        [
            home("c0", "CN"),
            *(
                Owns(id=f"{a}-{b}", source=a, target=b, share=1.0)
                for a, b in itertools.pairwise(ids)
            ),
        ],
    )
    node = explain(solved(project, Basis.ECONOMIC), "c299", Score.ATTRIBUTION, "CN")
    while node.parts:
        (node,) = node.parts
    assert node.note.startswith("Not opened further here")
    assert node.entity == "c239"


def test_links_that_join_what_they_cannot_are_left_out():
    project = drawn(
        [*places("CN"), *companies("a"), Plant(id="p")],
        [Owns(id="1", source="p", target="a", share=0.5), home("a", "CN")],
    )
    assert scored(project, Basis.ECONOMIC).attribution["a"] == {"CN": 1.0}


def test_a_place_that_is_called_unknown_is_unknown():
    project = drawn([*places("unknown"), *companies("a")], [home("a", "unknown")])
    assert scored(project).attribution["a"] == {"unknown": 1.0}


@pytest.mark.parametrize(
    ("entity", "place", "said"),
    [
        ("nobody", "CN", "There is no item 'nobody' on the map."),
        ("a", "XX", "There is no jurisdiction 'XX' on the map (it has: CN)."),
        ("a", "CN", "Firm a has no debt exposure"),
    ],
)
def test_questions_without_an_answer(entity, place, said):
    solution = solved(drawn([*places("CN"), *companies("a")]))
    score = Score.DEBT if said.endswith("exposure") else Score.IP
    with pytest.raises(ExplainError) as error:
        explain(solution, entity, score, place)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("basis", list(Basis))
def test_a_generated_map_with_loops_is_sound(basis):
    project = random_map(2_000, loops=True, seed=5)
    assert len(project.links) == 2_000
    scores = scored(project, basis)
    assert all_finite(scores)
    for score in Score:
        for shares in scores.vectors(score).values():
            assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)


def test_generated_maps_are_the_same_for_the_same_seed():
    assert random_map(300, loops=True, seed=1) == random_map(300, loops=True, seed=1)
    assert random_map(300, loops=True, seed=1) != random_map(300, loops=True, seed=2)


def test_costs_near_the_greatest_number_bound_and_judge_like_small_ones():
    def asked(unit):
        project = drawn(
            [
                *places("CN", "US"),
                *companies("a", "b"),
                Plant(id="p", own_ip=0.5, bought_in=0.5, products=(CELLS,)),
            ],
            [
                home("a", "CN"),
                home("b", "US"),
                Operates(id="runs", source="b", target="p"),
                Supplies(id="1", source="a", target="p", item="x", category=COMPONENT, cost=unit),
                Supplies(
                    id="2",
                    source="b",
                    target="p",
                    item="y",
                    category=COMPONENT,
                    cost=(unit / 2, unit, 1.5 * unit),
                ),
                Supplies(id="3", source="b", target="p", item="z", category=COMPONENT, cost=unit),
            ],
        )
        solution = solved(project)
        found = score_bounds(solution, ranges_of(project), [Score.MADE_BY_FIRST_TIER])
        (credit,) = evaluate(MapInForce(project, last_day(2026)), PACKS, 2026).credits
        macr = next(test for test in credit.tests if test.id == "macr")
        suppliers = concentration_bounds(solution, ranges_of(project))["p"].suppliers
        bound = found[Score.MADE_BY_FIRST_TIER].ranges["p"]["CN"]
        return [bound.low, bound.high, macr.low, macr.high, suppliers.low, suppliers.high]

    small = asked(4.0)
    # China's part of 3.5 units of cost at most, of 2.5 at least.
    assert small[:2] == pytest.approx([1 / 3.5, 1 / 2.5])
    assert asked(1e308) == pytest.approx(small)
