"""Shocks solved by hand, beside a naive oracle on random maps, and what must hold on any map."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import pytest
from drawing import drawn, home, places, solved
from drawn_maps import projects
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from shock_oracle import ShockOracle

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.results import Range
from depmap_gui.analysis.shock import shock
from depmap_gui.analysis.shock_critical import CriticalEntity, critical_entities
from depmap_gui.analysis.shock_needs import NeedKind, needs_of
from depmap_gui.analysis.shock_results import Channel, Outage, ShockError
from depmap_gui.domain.kinds import Basis, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)

MADE_IN, MADE_BY, LICENSES = (frozenset({channel}) for channel in Channel)


def companies(*ids):
    return [Company(id=id, name=id.title()) for id in ids]


def supply(id, source, target, cost=None, item="part", **more):
    return Supplies(id=id, source=source, target=target, cost=cost, item=item, **more)


def played(project, *outages, basis=Basis.DOMICILE):
    return shock(solved(project, basis), outages)


def left(project, *outages, basis=Basis.DOMICILE):
    """Availability of every entity, unknown untouched."""
    result = played(project, *outages, basis=basis)
    return {entity: result.availability(entity).high for entity in project.entities}


def lost_product(result, plant, product):
    return next(loss for loss in result.products if (loss.plant, loss.product) == (plant, product))


def works(*products, **more):
    return Plant(id="works", name="Works", products=products, **more)


# ------------------------------------------------------------------------------ by hand


def test_a_single_source_stops_the_plant_and_is_told():
    cells = Product(id="cells", name="Cells", units=1000.0, price=20.0)
    project = drawn([works(cells), *companies("s")], [supply("l1", "s", "works", 5.0)])
    result = played(project, Outage("s"))
    assert result.availability("works") == Range(0.0, 0.0)
    loss = lost_product(result, "works", "cells")
    assert (loss.units, loss.lost_units) == (1000.0, Range(1000.0, 1000.0))
    assert (loss.value, loss.lost_value) == (20000.0, Range(20000.0, 20000.0))
    assert [(step.link, step.source, step.target) for step in loss.chain] == [("l1", "s", "works")]
    assert result.carrying == {"l1"}
    (need,) = result.entities["works"].needs
    assert (need.kind, need.name, need.binding) == (NeedKind.ITEM, "part", True)


def test_two_sources_share_by_cost():
    project = drawn(
        [works(), *companies("a", "b")],
        [supply("l1", "a", "works", 30.0), supply("l2", "b", "works", 10.0, item=" PART")],
    )
    assert left(project, Outage("a"))["works"] == pytest.approx(0.25, abs=1e-12)
    assert left(project, Outage("b"))["works"] == pytest.approx(0.75, abs=1e-12)
    assert left(project, Outage("a", 0.5))["works"] == pytest.approx(0.625, abs=1e-12)


def test_the_scarcest_item_counts_not_the_sum():
    project = drawn(
        [works(), *companies("a", "b", "c")],
        [
            supply("l1", "a", "works", 1.0, item="anode"),
            supply("l2", "b", "works", 1.0, item="anode"),
            supply("l3", "c", "works", 9.0, item="cathode"),
        ],
    )
    result = played(project, Outage("a"), Outage("c", 0.2))
    assert result.availability("works").high == pytest.approx(0.5, abs=1e-12)
    needs = {need.name: need for need in result.entities["works"].needs}
    assert (needs["anode"].binding, needs["cathode"].binding) == (True, False)
    assert [carrier.link for carrier in needs["anode"].carriers] == ["l1"]
    assert result.carrying == {"l1"}


def test_unknown_costs_count_at_the_mean_and_zero_costs_equally_and_both_are_told():
    links = [supply("l1", "a", "works", 30.0), supply("l2", "b", "works", 10.0)]
    project = drawn([works(), *companies("a", "b", "c")], [*links, supply("l3", "c", "works")])
    result = played(project, Outage("c"))
    assert result.availability("works").high == pytest.approx(2 / 3, abs=1e-12)
    assert "mean cost" in result.assumptions[0].text
    project = drawn(
        [works(), *companies("a", "b")],
        [supply("l1", "a", "works", 0.0), supply("l2", "b", "works", 0.0)],
    )
    result = played(project, Outage("a"))
    assert result.availability("works").high == 0.5
    assert "equally" in result.assumptions[0].text
    assert played(project).assumptions == ()


def test_a_chain_of_two_tiers_carries_the_loss_up():
    project = drawn(
        [works(), *companies("maker", "other", "mine")],
        [
            supply("l1", "mine", "maker", 7.0, item="ore"),
            supply("l2", "maker", "works", 60.0, item="foil"),
            supply("l3", "other", "works", 40.0, item="foil"),
        ],
    )
    result = played(project, Outage("mine", 0.5))
    assert result.availability("maker").high == pytest.approx(0.5, abs=1e-12)
    assert result.availability("works").high == pytest.approx(0.7, abs=1e-12)
    assert [step.link for step in result.products[0].chain] == ["l2", "l1"]
    assert set(result.entities) == {"works", "maker", "mine"}


def test_a_loop_settles_at_its_exact_value():
    # a = 0.9 * (0.5 a + 0.5 s) with s whole: a = 0.45 / 0.55.
    project = drawn(companies("a", "s"), [supply("l1", "a", "a", 1.0), supply("l2", "s", "a", 1.0)])
    assert left(project, Outage("a", 0.1))["a"] == pytest.approx(0.45 / 0.55, abs=1e-12)
    # With s off nothing feeds the loop from outside, so it runs dry.
    assert left(project, Outage("s"))["a"] == 0.0
    assert left(project)["a"] == 1.0


def test_a_slow_loop_is_solved_and_not_cut():
    # One part in a thousand million comes from outside: plain rounds would take as many.
    project = drawn(
        companies("a", "b", "s"),
        [
            supply("l1", "a", "b", 1.0),
            supply("l2", "b", "a", 1e9 - 1),
            supply("l3", "s", "a", 1.0),
        ],
    )
    assert left(project, Outage("s"))["a"] == pytest.approx(0.0, abs=1e-6)
    half = left(project, Outage("s", 0.5))
    assert half["a"] == pytest.approx(0.5, abs=1e-6)
    assert half["b"] == pytest.approx(0.5, abs=1e-6)


def test_a_closed_loop_that_nothing_hits_stays_whole():
    project = drawn(
        companies("a", "b", "s"),
        [supply("l1", "a", "b"), supply("l2", "b", "a"), supply("l3", "a", "s")],
    )
    assert left(project, Outage("s", 0.5)) == {"a": 1.0, "b": 1.0, "s": 0.5}
    assert left(project, Outage("a", 0.5)) == {"a": 0.0, "b": 0.0, "s": 0.0}


def test_a_loop_in_which_another_item_binds_only_once_it_has_fallen():
    # a needs x (half of it from a itself) and y (a third off): first y binds, at 2/3; then x
    # gives 0.5 a + 0.5 * 0.1, which only settles at 0.1.
    project = drawn(
        companies("a", "s", "t"),
        [
            supply("l1", "a", "a", 1.0, item="x"),
            supply("l2", "s", "a", 1.0, item="x"),
            supply("l3", "t", "a", 1.0, item="y"),
        ],
    )
    found = left(project, Outage("s", 0.9), Outage("t", 1 / 3))
    assert found["a"] == pytest.approx(0.1, abs=1e-12)


@pytest.mark.parametrize("slow", [10.0, 1e5, 1e9])
def test_an_item_that_runs_dry_slowly_ends_up_binding(slow):
    # For very many rounds y binds, at 2/3; in the end a's own circle of x is empty.
    project = drawn(
        companies("a", "s", "t"),
        [
            supply("l1", "a", "a", slow, item="x"),
            supply("l2", "s", "a", 1.0, item="x"),
            supply("l3", "t", "a", 1.0, item="y"),
        ],
    )
    assert left(project, Outage("s"), Outage("t", 1 / 3))["a"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("depth", [150, 1500])
def test_a_long_chain_is_exact(depth):
    names = [f"c{number}" for number in range(depth + 1)]
    links = [supply(f"l{number}", a, b) for number, (a, b) in enumerate(pairwise(names))]
    found = left(drawn(companies(*names), links), Outage("c0", 0.25))
    assert found[names[-1]] == pytest.approx(0.75, abs=1e-12)


def licensed(*more, share=0.5, kind="company"):
    return drawn(
        [*places("CN", "US"), works(), License(id="deal", name="Deal"), *companies("g", "h")],
        [
            home("g", "CN"),
            home("h", "US"),
            home("works", "US", LocationRole.SITE),
            Licenses(id="g1", source="g", target="deal"),
            Uses(id="u1", source="deal", target="works", share=share),
            *more,
        ],
    )


def test_a_license_is_switched_off_with_its_licensor_or_its_jurisdiction():
    project = licensed()
    for outage in (Outage("g"), Outage("deal"), Outage("CN", channels=LICENSES), Outage("CN")):
        assert left(project, outage)["works"] == 0.0, outage
    assert left(project, Outage("CN", 0.4, LICENSES))["works"] == pytest.approx(0.6)
    # What the licensor makes, and where, says nothing about what it has licensed.
    for channels in (MADE_IN, MADE_BY):
        assert left(project, Outage("CN", channels=channels))["works"] == 1.0
    chain = played(project, Outage("CN", channels=LICENSES)).products[0].chain
    assert [(step.link, step.source) for step in chain] == [("u1", "deal"), ("g1", "g")]


def test_a_share_of_zero_is_no_dependence_and_an_unknown_one_is():
    assert left(licensed(share=0.0), Outage("g"))["works"] == 1.0
    result = played(licensed(share=None), Outage("g"))
    assert result.availability("works").high == 0.0
    assert "taken to need it" in result.assumptions[0].text
    second = Licenses(id="g2", source="h", target="deal", share=0.0)
    assert left(licensed(second), Outage("h"))["works"] == 1.0


def test_every_licensor_and_every_sub_license_is_needed():
    project = licensed(Licenses(id="g2", source="h", target="deal", share=0.1))
    assert left(project, Outage("h"))["works"] == 0.0
    base = License(id="base")
    project = licensed(
        Uses(id="u2", source="base", target="deal", share=0.2),
        Licenses(id="g2", source="h", target="base"),
    )
    project = replace(project, entities={**project.entities, "base": base})
    assert left(project, Outage("US", 0.3, LICENSES))["works"] == pytest.approx(0.7)
    assert left(project, Outage("h"))["deal"] == 0.0


def test_a_license_that_nobody_grants_may_be_hit():
    project = drawn(
        [*places("CN"), works(), License(id="deal")],
        [Uses(id="u1", source="deal", target="works", share=0.5)],
    )
    result = played(project, Outage("CN", 0.6, LICENSES))
    assert result.availability("works") == Range(pytest.approx(0.4), 1.0)


def test_a_material_loses_its_origin_shares_and_perhaps_what_is_unknown():
    project = drawn(
        [*places("CN", "KR"), works(), Material(id="ore")],
        [
            Located(id="o1", source="CN", target="ore", share=(0.8, 0.92, 0.95)),
            Located(id="o2", source="KR", target="ore", share=0.03),
            supply("l1", "ore", "works", 5.0),
        ],
    )
    result = played(project, Outage("CN"))
    assert result.availability("works").high == pytest.approx(0.08, abs=1e-12)
    assert result.availability("ore").low == pytest.approx(0.03, abs=1e-12)
    # Nobody says where the works stand and whose they are, so they may be hit themselves.
    assert result.availability("works").low == 0.0
    assert left(project, Outage("CN", 0.5, MADE_IN))["works"] == pytest.approx(0.54, abs=1e-12)
    both = left(project, Outage("CN", 0.5, MADE_IN), Outage("KR", channels=MADE_BY))
    assert both["works"] == pytest.approx(1 - 0.46 - 0.03, abs=1e-12)


def test_place_and_owner_are_not_counted_twice():
    project = drawn(
        [*places("CN", "US"), works(), Company(id="op")],
        [
            home("op", "CN"),
            Operates(id="r", source="op", target="works"),
            home("works", "CN", LocationRole.SITE),
        ],
    )
    assert left(project, Outage("CN", 0.5))["works"] == 0.5
    assert left(project, Outage("CN", 0.5), Outage("CN", 0.3, MADE_IN))["works"] == 0.5
    assert left(project, Outage("US"))["works"] == 1.0


def test_made_by_follows_the_basis():
    project = drawn(
        [*places("CN", "US"), works(), *companies("s", "parent")],
        [
            home("s", "US"),
            home("parent", "CN"),
            Owns(id="o", source="parent", target="s", share=0.4),
            supply("l1", "s", "works", 1.0),
        ],
    )
    off = Outage("CN", channels=MADE_BY)
    assert left(project, off, basis=Basis.ECONOMIC)["works"] == pytest.approx(0.6)
    assert left(project, off, basis=Basis.CONTROL)["works"] == 1.0


def test_switching_off_a_company_stops_the_plants_it_operates():
    project = drawn(
        [works(), Plant(id="next"), Company(id="op")],
        [
            Operates(id="r", source="op", target="works"),
            supply("l1", "works", "next"),
        ],
    )
    assert left(project, Outage("op", 0.25)) == {"works": 0.75, "next": 0.75, "op": 0.75}


def test_candidates_and_links_out_of_their_dates_do_not_help():
    project = drawn(
        [works(), *companies("a", "b", "c")],
        [
            supply("l1", "a", "works", 1.0),
            supply("l2", "b", "works", 9.0, candidate=True),
            supply("l3", "c", "works", 9.0, valid_to=date(2020, 1, 1)),
        ],
    )
    assert left(project, Outage("a"))["works"] == 0.0
    assert left(project, Outage("b"), Outage("c"))["works"] == 1.0


def two_products(*more):
    cells = Product(id="cells", units=100.0, price=3.0)
    packs = Product(id="packs", units=(40.0, 50.0, 90.0))
    return drawn(
        [works(cells, packs), Plant(id="next"), *companies("a", "b", "c")],
        [
            supply("l1", "a", "works", 1.0, item="anode"),
            supply("l2", "b", "works", 1.0, item="case", product="packs"),
            *more,
        ],
    )


def test_each_product_has_the_items_that_go_into_it():
    result = played(two_products(), Outage("a", 0.1), Outage("b", 0.5))
    cells, packs = (lost_product(result, "works", id) for id in ("cells", "packs"))
    assert cells.lost_units.low == pytest.approx(10.0)
    assert cells.lost_value.low == pytest.approx(30.0)
    assert packs.lost_units.low == pytest.approx(25.0)
    assert packs.lost_value is None, "no price is not a price of zero"
    assert [cells.chain[0].link, packs.chain[0].link] == ["l1", "l2"]
    assert {need.product for need in result.entities["works"].needs} == {None, "packs"}
    assert all(need.binding for need in result.entities["works"].needs)


def test_a_source_of_one_product_is_no_second_source_of_another():
    project = two_products(
        supply("l3", "c", "works", 3.0, item="anode", product="packs"),
        supply("l4", "works", "next", 1.0),
    )
    result = played(project, Outage("a"))
    assert lost_product(result, "works", "cells").availability.high == 0.0
    assert lost_product(result, "works", "packs").availability.high == pytest.approx(0.75)
    # What the plant delivers goes by the least available product, and that is told.
    assert result.availability("next").high == 0.0
    assert any("least available" in each.text for each in result.assumptions)


def test_what_goes_into_a_product_nobody_makes_goes_into_all():
    project = two_products(supply("l3", "c", "works", item="glue", product="gone"))
    result = played(project, Outage("c"))
    assert [loss.availability.high for loss in result.products] == [0.0, 0.0, 1.0]


def test_nothing_off_leaves_everything_and_everything_off_leaves_nothing():
    project = two_products()
    assert set(left(project).values()) == {1.0}
    assert played(project).entities == {}
    everything = [Outage(id) for id in project.entities]
    assert set(left(project, *everything).values()) == {0.0}


@pytest.mark.parametrize(
    ("outage", "words"),
    [
        (Outage("nobody"), "no item 'nobody'"),
        (Outage("a", 1.5), "from 0 to 1"),
        (Outage("a", math.nan), "from 0 to 1"),
        (Outage("a", channels=MADE_IN), "no jurisdiction"),
    ],
)
def test_an_outage_that_does_not_fit_is_refused_in_a_sentence(outage, words):
    with pytest.raises(ShockError, match=words):
        played(two_products(), outage)


class Impatient:
    """Stops a computation at its first word."""

    def progress(self, fraction, what):
        raise Canceled


def test_it_can_be_stopped():
    solution = solved(two_products())
    with pytest.raises(Canceled):
        shock(solution, [Outage("a")], context=Impatient())
    with pytest.raises(Canceled):
        critical_entities(needs_of(solution.projection), Impatient())


# ------------------------------------------------------- single points, whole chain


def critical(project):
    return critical_entities(needs_of(solved(project).projection))


def test_single_points_are_found_through_the_chain():
    project = drawn(
        [works(), *companies("a", "b", "mine", "op", "g"), License(id="deal")],
        [
            supply("l1", "a", "works", 1.0),
            supply("l2", "b", "works", 1.0),
            supply("l3", "mine", "a", item="ore"),
            supply("l4", "mine", "b", item="ore"),
            Operates(id="r", source="op", target="works"),
            Uses(id="u", source="deal", target="works", share=0.2),
            Licenses(id="g1", source="g", target="deal"),
        ],
    )
    found = critical(project)["works"]
    assert {each.entity for each in found} == {"mine", "op", "g", "deal"}
    assert all(each.whole for each in found)


def test_single_points_of_one_product_are_told_apart():
    found = critical(two_products())["works"]
    assert found == (CriticalEntity("a", True), CriticalEntity("b", False, ("packs",)))


def test_a_loop_that_runs_dry_is_a_single_point_too():
    # Both still have a source each, but only one another.
    project = drawn(
        [works(), *companies("a", "b", "s")],
        [
            supply("l1", "a", "b", 1.0),
            supply("l2", "s", "b", 1.0),
            supply("l3", "b", "a", 1.0),
            supply("l4", "s", "a", 1.0),
            supply("l5", "a", "works", item="x"),
        ],
    )
    assert left(project, Outage("s"))["works"] == 0.0
    assert {each.entity for each in critical(project)["works"]} == {"a", "s"}
    assert left(project, Outage("b"))["works"] == 0.5


# ---------------------------------------------------------------------- random maps

PLACES = ("j1", "j2", "j3")
COMPANIES = tuple(f"c{number}" for number in range(5))
PLANTS = ("p0", "p1", "p2")
DEALS = ("x0", "x1")
MATERIALS = ("m0", "m1")
PRODUCTS = ("k1", "k2")
SHARES = st.sampled_from((None, 0.0, 0.2, 0.5, 0.8, 1.0))
COSTS = st.sampled_from((None, 0.0, 1.0, 2.0, 5.0, (1.0, 3.0, 9.0)))


def tie(cls, sources, targets, **fields):
    return st.tuples(
        st.just(cls),
        st.fixed_dictionaries(
            {"source": st.sampled_from(sources), "target": st.sampled_from(targets), **fields}
        ),
    )


LINKS = st.one_of(
    tie(Located, PLACES, COMPANIES + PLANTS),
    tie(Located, PLACES, MATERIALS, share=SHARES),
    tie(Owns, COMPANIES + PLACES, COMPANIES, share=SHARES),
    tie(Operates, COMPANIES, PLANTS),
    *[
        tie(
            Supplies,
            COMPANIES + PLANTS + MATERIALS,
            COMPANIES + PLANTS + MATERIALS,
            cost=COSTS,
            item=st.sampled_from(("", "anode", "Anode ", "case")),
            product=st.sampled_from((None, None, *PRODUCTS, "gone")),
            candidate=st.sampled_from((False, False, False, True)),
        )
    ]
    * 3,
    tie(Licenses, COMPANIES, DEALS, share=SHARES),
    tie(Uses, DEALS, PLANTS + COMPANIES + DEALS, share=SHARES),
)
FRACTIONS = st.sampled_from((0.0, 0.25, 0.5, 1.0, 1.0))
CHANNELS = st.sets(st.sampled_from(tuple(Channel)), min_size=1).map(frozenset)


@st.composite
def supplied(draw):
    """A map of a few items of every kind, rich in supplies and loops."""
    made = {plant: draw(st.sampled_from(((), PRODUCTS[:1], PRODUCTS))) for plant in PLANTS}
    entities = [
        *(
            Jurisdiction(id=id, code=code)
            for id, code in zip(PLACES, ("CN", "SE", ""), strict=True)
        ),
        *(Company(id=id) for id in COMPANIES),
        *(Plant(id=id, products=tuple(Product(id=p) for p in made[id])) for id in PLANTS),
        *(License(id=id) for id in DEALS),
        *(Material(id=id) for id in MATERIALS),
    ]
    links = [
        cls(id=f"l{number}", **fields)
        for number, (cls, fields) in enumerate(draw(st.lists(LINKS, max_size=45)))
    ]
    return Project(
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )


@st.composite
def outages(draw):
    """A few outages of places and of other items."""
    off = [
        Outage(place, draw(FRACTIONS), draw(CHANNELS))
        for place in draw(st.lists(st.sampled_from(PLACES), max_size=2))
    ]
    others = st.sampled_from(COMPANIES + PLANTS + DEALS + MATERIALS)
    return off + [Outage(id, draw(FRACTIONS)) for id in draw(st.lists(others, max_size=3))]


def for_oracle(off):
    return [
        (each.entity, [channel.value for channel in each.channels], each.fraction) for each in off
    ]


@settings(max_examples=100)
@given(project=supplied(), off=outages(), basis=st.sampled_from(list(Basis)))
def test_it_agrees_with_the_oracle(project, off, basis):
    result = played(project, *off, basis=basis)
    certain = ShockOracle(project, basis.value, for_oracle(off))
    worst = ShockOracle(project, basis.value, for_oracle(off), hit_unknown=True)
    for entity in project.entities:
        if project.entities[entity].kind != "jurisdiction":
            found = result.availability(entity)
            assert found.high == pytest.approx(certain.a[entity], abs=1e-9), entity
            assert found.low == pytest.approx(worst.a[entity], abs=1e-9), entity
    for loss in result.products:
        if loss.product is not None:
            expected = certain.product(loss.plant, loss.product)
            assert loss.availability.high == pytest.approx(expected, abs=1e-9), loss
            assert loss.lost.low == pytest.approx(1 - expected, abs=1e-9)


@settings(max_examples=40)
@given(project=supplied())
def test_single_points_are_those_whose_outage_stops_the_plant(project):
    solution = solved(project)
    needs = needs_of(solution.projection)
    found = critical_entities(needs)
    for entity in COMPANIES + PLANTS + DEALS + MATERIALS:
        result = shock(solution, [Outage(entity)], needs=needs)
        for plant in PLANTS:
            if plant == entity:
                continue
            stopped = [
                loss.availability.high < 1e-9 for loss in result.products if loss.plant == plant
            ]
            named = [
                loss.product
                for loss in result.products
                if loss.plant == plant and loss.availability.high < 1e-9
            ]
            told = [each for each in found.get(plant, ()) if each.entity == entity]
            assert bool(told) == any(stopped), (entity, plant)
            if told:
                assert told[0].whole == all(stopped)
                assert told[0].whole or list(told[0].products) == named


@settings(max_examples=40)
@given(project=projects(), off=outages(), more=outages(), basis=st.sampled_from(list(Basis)))
def test_more_outage_never_means_more_output(project, off, more, basis):
    off, more = ([each for each in some if each.entity in project.entities] for some in (off, more))
    less, fewer = (played(project, *some, basis=basis) for some in (off, off + more))
    for entity in project.entities:
        before, after = less.availability(entity), fewer.availability(entity)
        assert after.high <= before.high + 1e-9
        assert after.low <= before.low + 1e-9
        for found in (before, after):
            assert 0.0 <= found.low <= found.high <= 1.0


@settings(max_examples=40)
@given(project=projects(), basis=st.sampled_from(list(Basis)))
def test_no_outage_leaves_all_and_all_outages_leave_nothing(project, basis):
    untouched = played(project, basis=basis)
    assert untouched.entities == {}
    assert all(loss.availability == Range(1.0, 1.0) for loss in untouched.products)
    gone = played(project, *(Outage(id) for id in project.entities), basis=basis)
    for entity in COMPANIES + PLANTS + DEALS + MATERIALS:
        assert gone.availability(entity) == Range(0.0, 0.0)


@settings(max_examples=40)
@given(project=supplied(), off=outages())
def test_the_links_named_are_those_that_carried_it(project, off):
    result = played(project, *off)
    for entity, loss in result.entities.items():
        assert loss.own.high < 1 or loss.own.low < 1 or any(need.binding for need in loss.needs)
        for need in loss.needs:
            lost = sum(carrier.lost.low for carrier in need.carriers)
            assert lost == pytest.approx(1 - need.availability.high, abs=1e-9)
            for carrier in need.carriers:
                link = project.links[carrier.link]
                assert (link.source, link.target) == (carrier.source, entity)
    for product in result.products:
        reached = product.plant
        for step in product.chain:
            assert step.target == reached
            assert step.link in result.carrying
            reached = step.source
