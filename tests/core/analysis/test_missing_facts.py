"""The value of missing facts: cases by hand, and that intervals only narrow."""

from __future__ import annotations

import pytest
from drawing import drawn, home, places, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_bounds import works as drawn_works
from test_risk import PACKS, works
from uncertain_maps import uncertain

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.explain import explain
from depmap_gui.analysis.intervals import interval_of
from depmap_gui.analysis.missing_facts import SETTLED, missing_facts, upstream_of
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.results import UNKNOWN, Score
from depmap_gui.analysis.scores import LAYER_OF, covered_by, scores_of
from depmap_gui.analysis.uncertainty_results import (
    FactKind,
    ScoreQuestion,
    TestQuestion,
    UncertaintyError,
)
from depmap_gui.analysis.unknown_parts import unknown_parts
from depmap_gui.domain.kinds import Basis, SupplyCategory
from depmap_gui.domain.records import (
    Company,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Supplies,
    Uses,
)
from depmap_gui.rules.results import Verdict

IP = ScoreQuestion("works")
MACR = TestQuestion("works", "cells", "us-obbba", "macr")


def asked(project, question=IP, basis=Basis.DOMICILE, packs=PACKS):
    project = replace(project, header=replace(project.header, basis=basis))
    return missing_facts(project, packs, question)


def fact(found, kind, record=None):
    """The one fact of a kind."""
    (only,) = [
        each for each in found.facts if each.kind is kind and record in (None, each.place.record)
    ]
    return only


def answers(each):
    return {trial.answer: (trial.low, trial.high) for trial in each.trials}


def near(low, high):
    return (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


# Scores ---------------------------------------------------------------------------------------


def test_the_rest_of_a_plants_technology():
    deal = Licenses(id="g", source="cn", target="deal")
    project = drawn_works(deal, Uses(id="u", source="deal", target="works", share=0.5), own_ip=0.2)
    found = asked(project)
    assert (found.low, found.high) == near(0.5, 0.8)
    rest = fact(found, FactKind.REST)
    assert answers(rest) == {"Land CN": near(0.8, 0.8), "Land US": near(0.5, 0.5)}
    assert rest.narrowing == rest.least_narrowing == pytest.approx(0.3)
    assert rest.sentence == (
        "Find out whose the other 30% of the technology of works is: "
        "if Land CN, 80%; if Land US, 50%."
    )


def test_the_rest_counts_as_much_as_the_ranges_beside_it_leave():
    project = drawn_works(
        Licenses(id="g", source="cn", target="deal"),
        Uses(id="u", source="deal", target="works", share=(0.5, 0.6, 0.8)),
        own_ip=0.2,
    )
    found = asked(project)
    assert answers(fact(found, FactKind.REST)) == {
        "Land CN": near(0.8, 0.8),
        "Land US": near(0.5, 0.8),
    }
    exact = fact(found, FactKind.RANGE)
    assert answers(exact) == {
        "50%": near(0.5, 0.8),
        "60%": near(0.6, 0.8),
        "80%": near(0.8, 0.8),
    }
    assert (exact.narrowing, exact.least_narrowing) == near(0.3, 0.0)


def test_missing_shares_licensors_homes_and_operators():
    project = drawn_works(
        Uses(id="u", source="deal", target="works", share=0.4),
        Uses(id="v", source="other", target="works"),
        Licenses(id="g", source="nowhere", target="other"),
        own_ip=0.3,
        companies=("us", "cn", "nowhere"),
    )
    project = replace(
        project,
        entities={**project.entities, "other": License(id="other", name="other")},
        links={id: link for id, link in project.links.items() if link.target != "nowhere"},
    )
    found = asked(project)
    assert (found.low, found.high) == near(0.0, 0.7)
    assert answers(fact(found, FactKind.LICENSOR)) == {
        "Land CN": near(0.4, 0.7),
        "Land US": near(0.0, 0.3),
    }
    # The other license's share: with all of the 30% its licensor is still of no known home.
    assert "v" not in [each.place.record for each in found.facts]
    idle = replace(project, links={id: link for id, link in project.links.items() if id != "o"})
    operator = fact(asked(idle), FactKind.OPERATOR)
    assert answers(operator) == {"Land CN": near(0.3, 1.0), "Land US": near(0.0, 0.7)}


def test_homes_costs_and_what_is_bought_in():
    project = drawn_works(
        Supplies(id="a", source="cn", target="works", cost=30.0),
        Supplies(id="b", source="us", target="works"),
        Supplies(id="c", source="stray", target="works", cost=10.0),
    )
    project = replace(project, entities={**project.entities, "stray": Company(id="stray")})
    found = asked(project, ScoreQuestion("works", Score.MADE_BY_FIRST_TIER))
    # Costs 30 and 10, and one unknown at their mean 20: CN 1/2, unknown 1/3 and 1/6.
    assert (found.low, found.high) == near(0.5, 1.0)
    cost = fact(found, FactKind.COST)
    assert answers(cost) == {
        "nothing": near(30 / 40, 1.0),
        "as much as all others together": near(30 / 80, 40 / 80),
    }
    domicile = fact(found, FactKind.DOMICILE)
    assert answers(domicile) == {"Land CN": near(4 / 6, 1.0), "Land US": near(0.5, 5 / 6)}
    own = {id: replace(project.entities[id], own_ip=1.0) for id in ("works", "cn")}
    whole = asked(
        replace(project, entities={**project.entities, **own}),
        ScoreQuestion("works", Score.EMBEDDED_IP),
    )
    # Three quarters of what is bought in come from CN, the rest from one of no known home.
    bought_in = fact(whole, FactKind.BOUGHT_IN)
    assert bought_in.place.record == "works"
    assert answers(bought_in) == {"none": near(0.0, 0.0), "100%": near(0.75, 1.0)}


def test_a_holding_of_unknown_size_under_each_basis():
    project = drawn_works(
        Owns(id="w", source="cn", target="us"),
        Owns(id="k", source="kr", target="us", share=0.3),
        own_ip=1.0,
    )
    economic = fact(asked(project, basis=Basis.ECONOMIC), FactKind.SHARE, "w")
    # With nothing held, seven tenths are at home.
    assert answers(economic) == {"none": near(0.0, 0.0), "70%": near(0.7, 0.7)}
    control = fact(asked(project, basis=Basis.CONTROL), FactKind.SHARE, "w")
    assert answers(control) == {"none": near(0.0, 0.0), "70%": near(1.0, 1.0)}


def test_origins_that_do_not_sum_to_one():
    project = drawn_works(Supplies(id="s", source="ore", target="works", cost=5.0))
    project = replace(
        project,
        entities={**project.entities, "ore": Material(id="ore")},
        links={
            **project.links,
            "at": Located(id="at", source="CN", target="ore", role="origin", share=0.6),
        },
    )
    found = asked(project, ScoreQuestion("works", Score.MADE_IN))
    assert answers(fact(found, FactKind.ORIGIN)) == {
        "Land CN": near(1.0, 1.0),
        "Land US": near(0.6, 0.6),
    }


@given(data=st.data(), basis=st.sampled_from(list(Basis)))
@settings(max_examples=8, deadline=None)
def test_any_map_can_be_asked_and_the_part_upstream_scores_the_same(data, basis):
    project = data.draw(uncertain(most=3))
    project = replace(project, header=replace(project.header, basis=basis))
    solution = solved(project, basis)
    score = data.draw(st.sampled_from(list(Score)))
    for row in covered_by(solution, score).nonzero()[0].tolist()[:2]:
        entity = solution.projection.ids[row]
        part = scores_of(solved(upstream_of(project, entity), basis))
        whole = scores_of(solution).vectors(score)[entity]
        assert dict(part.vectors(score)[entity]) == pytest.approx(dict(whole), abs=1e-12)
        found = missing_facts(project, PACKS, ScoreQuestion(entity, score, "CN"))
        assert found.low <= found.high + 1e-12
        for each in found.facts:
            assert 0.0 <= each.least_narrowing <= each.narrowing <= 1.0
            assert each.sentence.startswith("Find out ")


@given(data=st.data(), basis=st.sampled_from(list(Basis)))
@settings(max_examples=15, deadline=None)
def test_unknown_parts_sum_to_the_unknown_share(data, basis):
    project = data.draw(uncertain(most=2))
    solution = solved(project, basis)
    for score in Score:
        for row in covered_by(solution, score).nonzero()[0].tolist()[:3]:
            entity = solution.projection.ids[row]
            parts = unknown_parts(solution, LAYER_OF[score], row)
            total = explain(solution, entity, score, UNKNOWN).amount
            assert sum(part.amount for part in parts) == pytest.approx(total, abs=1e-8)


def test_an_interval_names_what_makes_it():
    project = drawn_works(
        Licenses(id="g", source="cn", target="deal"),
        Uses(id="u", source="deal", target="works", share=(0.1, 0.2, 0.5)),
        own_ip=0.2,
    )
    found = interval_of(solved(project), ranges_of(project), IP)
    assert (found.low, found.mode, found.high) == (
        pytest.approx(0.1),
        pytest.approx(0.2),
        pytest.approx(0.8),
    )
    assert found.exact
    first, second = found.drivers
    assert first.place.record == "works"
    assert "60%" in first.text
    assert (second.place.record, second.place.field) == ("u", "share")


# Tests ----------------------------------------------------------------------------------------


def test_an_unplaced_maker_settles_the_ratio_either_way():
    # Clean 60, covered 20, unplaced 40: 50% to 83.3% around a threshold of 60%.
    found = asked(works(chinese=20.0, unplaced=40.0), MACR, Basis.CONTROL)
    assert (found.low, found.high) == near(60 / 120, 100 / 120)
    assert found.verdict is Verdict.UNCERTAIN
    domicile = fact(found, FactKind.DOMICILE)
    assert domicile.place.record == "unplaced"
    assert {(t.answer, t.verdict) for t in domicile.trials} == {
        ("United States", Verdict.PASS),
        ("China", Verdict.FAIL),
    }
    assert set(domicile.settles) == {Verdict.PASS, Verdict.FAIL}
    assert found.facts[0].settles == (Verdict.PASS, Verdict.FAIL)


def test_what_a_stated_cost_leaves_undocumented():
    project = works(chinese=20.0)
    plant = project.entities["works"]
    product = replace(plant.products[0], material_cost=120.0)
    plants = {**project.entities, "works": replace(plant, products=(product,))}
    found = asked(replace(project, entities=plants), MACR, Basis.CONTROL)
    rest = fact(found, FactKind.MATERIAL_COST)
    assert rest.place.product == "cells"
    assert answers(rest) == {
        "United States": near(100 / 120, 100 / 120),
        "China": near(60 / 120, 60 / 120),
    }


def test_a_missing_cost_category_and_market():
    project = works(chinese=20.0)
    ore = Material(id="ore", name="Ore")
    links = [
        Supplies(
            id="x", source="covered", target="works", item="x", category=SupplyCategory.MATERIAL
        ),
        Supplies(id="y", source="covered", target="works", item="y", cost=30.0),
        Supplies(
            id="z", source="ore", target="works", item="z", cost=30.0,
            category=SupplyCategory.MATERIAL,
        ),
    ]  # fmt: skip
    for link, kind in zip(links, (FactKind.COST, FactKind.CATEGORY, FactKind.MAKER), strict=True):
        entities = {**project.entities, "ore": ore}
        found = asked(
            replace(project, entities=entities, links={**project.links, link.id: link}),
            MACR,
            Basis.CONTROL,
        )
        assert fact(found, kind).narrowing > 0.0


def test_an_agreements_open_terms():
    deal = License(id="deal", name="Deal", signed=None)
    project = works(chinese=20.0)
    project = replace(
        project,
        entities={**project.entities, "deal": deal},
        links={
            **project.links,
            "g": Licenses(id="g", source="covered", target="deal"),
            "u": Uses(id="u", source="deal", target="works", share=0.5),
        },
    )
    question = TestQuestion("works", "cells", "us-obbba", "effective_control")
    found = asked(project, question, Basis.CONTROL)
    terms = [each for each in found.facts if each.kind is FactKind.TERM]
    assert any(each.settles == (Verdict.FAIL,) for each in terms)
    assert "terms.BB" in [each.place.field for each in terms]


def test_open_debt_of_the_taxpayer():
    question = TestQuestion("works", "cells", "us-obbba", "fie.debt")
    found = asked(works(chinese=20.0), question, Basis.CONTROL)
    assert found.verdict is Verdict.UNKNOWN
    debt = fact(found, FactKind.DEBT)
    assert [trial.verdict for trial in debt.trials] == [Verdict.PASS, Verdict.FAIL]
    declared = fact(found, FactKind.STATUS)
    assert [trial.verdict for trial in declared.trials] == [Verdict.PASS, Verdict.FAIL]


def test_a_plant_without_an_operator():
    project = works(chinese=20.0)
    links = {id: link for id, link in project.links.items() if id != "o"}
    question = TestQuestion("works", "cells", "us-obbba", "sfe")
    found = asked(replace(project, links=links), question, Basis.CONTROL)
    operator = fact(found, FactKind.OPERATOR)
    assert [trial.verdict for trial in operator.trials] == [Verdict.PASS, Verdict.FAIL]


def test_a_settled_verdict_needs_nothing():
    found = asked(works(chinese=20.0), MACR, Basis.CONTROL)
    assert (found.facts, found.tried) == ((), SETTLED)


# Both -----------------------------------------------------------------------------------------


def test_a_map_of_one_country_is_asked_beside_another():
    project = drawn(
        [*places("CN"), Company(id="maker"), Plant(id="works", own_ip=0.4)],
        [home("maker", "CN"), Operates(id="o", source="maker", target="works")],
    )
    rest = fact(asked(project), FactKind.REST)
    assert answers(rest) == {"Land CN": near(1.0, 1.0), "another country": near(0.4, 0.4)}


def test_questions_that_do_not_fit_are_told():
    project = drawn_works(own_ip=0.3)
    for question, said in (
        (ScoreQuestion("nothing"), "no item 'nothing'"),
        (ScoreQuestion("works", Score.IP, UNKNOWN), "jurisdiction's share"),
        (TestQuestion("works", "cells", "us-obbba", "macr"), "product 'cells'"),
    ):
        with pytest.raises(UncertaintyError, match=said):
            asked(project, question)


def test_it_can_be_canceled():
    class Impatient:
        def progress(self, fraction, what):
            raise Canceled

    with pytest.raises(Canceled):
        missing_facts(works(chinese=20.0, unplaced=40.0), PACKS, MACR, Impatient())


def test_a_supplied_material_is_not_asked_how_much_of_it_is_bought_in():
    project = drawn(
        [*places("CN"), Company(id="miner"), Material(id="graphite"), Plant(id="works")],
        [
            Supplies(id="ore", source="miner", target="graphite", cost=4.0),
            Supplies(id="anode", source="graphite", target="works", cost=5.0),
        ],
    )
    found = asked(project, ScoreQuestion("works", Score.MADE_IN, "CN"))
    assert {each.place.record for each in found.facts if each.kind is FactKind.BOUGHT_IN} <= {
        "works",
        "miner",
    }
