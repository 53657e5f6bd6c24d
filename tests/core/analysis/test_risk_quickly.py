"""Risk the quick way: the same figures as judging every sample by itself."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_risk import KEY, PACKS, works

from depmap_gui.analysis import law_samples
from depmap_gui.analysis.law_parts import parts_of
from depmap_gui.analysis.law_samples import judge
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.risk import credit_risks
from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.records import (
    Company,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Owns,
    Supplies,
    Uses,
)
from depmap_gui.rules.results import Eligibility, Verdict

SHARE_RANGES = ((0.2, 0.24, 0.3), (0.1, 0.12, 0.2), (0.45, 0.5, 0.55), (0.3, 0.41, 0.6))
COST_RANGES = ((5.0, 10.0, 40.0), (20.0, 25.0, 30.0), (1.0, 1.0, 60.0))


def grown(seed):
    """A plant of `works` with more owners, lenders, makers and open points, some of them ranges."""
    draw = random.Random(seed)
    project = works(chinese=draw.choice((20.0, *COST_RANGES)), unplaced=draw.choice((0.0, 5.0)))
    names = ("fund", "bank", "smelter", "trader")
    entities = [Company(id=name, name=name) for name in names]
    entities += [Material(id="ore", name="Ore"), License(id="deal", name="Deal")]
    places = [
        Located(
            id=f"at {name}",
            source=draw.choice(("cn", "us")),
            target=name,
            role=LocationRole.INCORPORATED,
        )
        for name in names
        if draw.random() < 0.8
    ]

    def share():
        return draw.choice((0.15, 0.3, None, *SHARE_RANGES))

    def cost():
        return draw.choice((10.0, None, *COST_RANGES))

    links = [
        Owns(id="o1", source="fund", target="maker", share=share()),
        Owns(id="o2", source="covered", target="fund", share=share()),
        Owns(id="o3", source="covered", target="smelter", share=share()),
        Lends(id="d1", source="bank", target="maker", share=draw.choice((0.1, (0.1, 0.14, 0.2)))),
        Licenses(id="g", source=draw.choice(names), target="deal"),
        Uses(id="u", source="deal", target="works", share=(0.1, 0.2, 0.3)),
        *(
            Supplies(
                id=f"x-{name}",
                source=name,
                target=draw.choice(("works", "ore")),
                category=draw.choice((SupplyCategory.MATERIAL, SupplyCategory.COMPONENT, None)),
                cost=cost(),
            )
            for name in ("smelter", "trader")
        ),
        Supplies(
            id="x-ore", source="ore", target="works", category=SupplyCategory.MATERIAL, cost=cost()
        ),
    ]
    chosen = [link for link in links if draw.random() < 0.7]
    plant = project.entities["works"]
    product = replace(
        plant.products[0],
        units=(1e6, 2e6, 3e6),
        material_cost=draw.choice((None, 150.0, (100.0, 150.0, 300.0))),
    )
    return replace(
        project,
        entities={
            **project.entities,
            "works": replace(plant, products=(product,)),
            **{entity.id: entity for entity in entities},
        },
        links={**project.links, **{link.id: link for link in (*places, *chosen)}},
    )


@given(seed=st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_quick_and_plain_agree(seed):
    project = grown(seed)
    quick = credit_risks(project, PACKS, samples=120, seed=seed)
    plain = credit_risks(project, PACKS, samples=120, seed=seed, plainly=True)
    assert set(quick) == set(plain)
    for key, risk in quick.items():
        assert replace(risk, measures={}) == replace(plain[key], measures={})
        for test, measure in risk.measures.items():
            assert alike(measure, plain[key].measures[test])


def alike(one, other):
    """Whether two spreads are the same but for the last places of a sum of products."""
    names = ("mean", "least", "p5", "p25", "p50", "p75", "p95", "most")
    return (one.samples, one.threshold, one.comparison) == (
        other.samples,
        other.threshold,
        other.comparison,
    ) and all(
        getattr(one.spread, name) == pytest.approx(getattr(other.spread, name), abs=1e-9)
        for name in names
    )


def test_measures_of_holdings_and_costs_are_drawn_for_every_sample():
    """Plain cases, so that no measure is left out: as many as the plain way has."""
    project = works(chinese=(20.0, 30.0, 60.0), holding=(0.05, 0.1, 0.2))
    quick = credit_risks(project, PACKS, samples=500, seed=1)[KEY]
    plain = credit_risks(project, PACKS, samples=500, seed=1, plainly=True)[KEY]
    assert {"macr", "fie.aggregate"} <= set(quick.measures)
    assert set(quick.measures) == set(plain.measures)
    for test, measure in quick.measures.items():
        assert alike(measure, plain.measures[test])
    macr = quick.measures["macr"]
    assert macr.samples == sum(macr.spread.counts) == 500
    assert (macr.threshold, macr.comparison) == (0.6, "<")
    below = sum(count for count, edge in zip(macr.spread.counts, macr.spread.edges[1:], strict=True)
                if edge <= macr.threshold)  # fmt: skip
    assert below / 500 <= quick.tests["macr"]


def with_makers(count, seed, holders=("covered",)):
    """`works` with more makers, each owned in part, in doubt, by one or two foreign holders."""
    draw = random.Random(seed)
    project = works(chinese=(20.0, 30.0, 60.0))
    names = [f"maker {number}" for number in range(count)]
    links = []
    for name in names:
        shares = draw.sample(SHARE_RANGES, len(holders))
        links += [
            Located(id=f"at {name}", source="us", target=name, role=LocationRole.INCORPORATED),
            Supplies(id=f"x-{name}", source=name, target="works", item=name, cost=(5.0, 8.0, 12.0),
                     category=SupplyCategory.MATERIAL),
            *(Owns(id=f"o-{holder}-{name}", source=holder, target=name, share=share)
              for holder, share in zip(holders, shares, strict=True)),
        ]  # fmt: skip
    if draw.random() < 0.5:
        links.append(Owns(id="link", source=names[0], target=names[-1], share=(0.1, 0.2, 0.3)))
    return replace(
        project,
        entities={**project.entities, **{name: Company(id=name, name=name) for name in names}},
        links={**project.links, **{link.id: link for link in links}},
    )


def test_a_ratio_that_statuses_alone_move_is_that_of_every_sample():
    """No cost is in doubt; which makers count as foreign changes the ratio from several sides, and
    a maker that nobody knows keeps it open."""
    seen = set()
    for seed in range(4):
        project = with_makers(8, seed)
        links = {
            id: replace(link, cost=60.0 if link.source == "clean" else 6.0 + seed)
            if isinstance(link, Supplies)
            else link
            for id, link in project.links.items()
            if id != "at maker 3"
        }
        project = replace(project, links=links)
        quick = credit_risks(project, PACKS, samples=150, seed=seed)[KEY]
        plain = credit_risks(project, PACKS, samples=150, seed=seed, plainly=True)[KEY]
        seen |= plain.verdicts["macr"].keys()
        assert replace(quick, measures={}) == replace(plain, measures={})
        if "macr" in quick.measures:
            assert alike(quick.measures["macr"], plain.measures["macr"])
    assert {Verdict.UNCERTAIN, Verdict.PASS, Verdict.FAIL} & seen > {Verdict.UNCERTAIN}


@pytest.mark.parametrize("seed", range(6))
def test_shares_of_companies_apart_are_judged_apart(seed, monkeypatch):
    """Eight makers whose status hangs on a share each: more than could be looked into at once."""
    project = with_makers(8, seed)
    plain = credit_risks(project, PACKS, samples=300, seed=seed, plainly=True)
    quick = credit_risks(project, PACKS, samples=300, seed=seed)
    for key, risk in quick.items():
        assert replace(risk, measures={}) == replace(plain[key], measures={})
        for test, measure in risk.measures.items():
            assert alike(measure, plain[key].measures[test])
    if "link" in project.links:
        return  # Three shares decide together there, along a curved border.
    judged = []
    monkeypatch.setattr(
        law_samples, "judge", lambda project, packs: judged.append(1) or judge(project, packs)
    )
    credit_risks(project, PACKS, samples=4000, seed=seed)
    assert len(judged) < 1000


def test_shares_that_decide_together_stay_together():
    project = with_makers(3, 1)
    ranges = ranges_of(project)
    deciding = np.array([n for n, place in enumerate(ranges.places) if place.field == "share"])
    named = [
        {ranges.places[number].record for number in part}
        for part in parts_of(project, ranges, deciding)
    ]
    together = {"o-covered-maker 0", "o-covered-maker 2", "link"} & project.links.keys()
    if "link" in together:
        assert together in named
    assert {"o-covered-maker 1"} in named
    assert sum(map(len, named)) == len(deciding)


def test_the_quick_way_judges_few_samples(monkeypatch):
    judged = []
    monkeypatch.setattr(
        law_samples, "judge", lambda project, packs: judged.append(1) or judge(project, packs)
    )
    project = works(chinese=(20.0, 30.0, 60.0), holding=(0.2, 0.25, 0.3))
    credit_risks(project, PACKS, samples=3000, seed=1)
    assert len(judged) < 150


def test_a_pack_that_reasons_otherwise_is_judged_plainly(monkeypatch):
    # A formula that the pricing of samples does not know: the check by samples must notice.
    monkeypatch.setattr(law_samples._Prices, "ratio", lambda _self, _values: (0.9, 0.9))
    project = works(chinese=(20.0, 30.0, 60.0))
    found = credit_risks(project, PACKS, samples=200, seed=1)
    assert found == credit_risks(project, PACKS, samples=200, seed=1, plainly=True)
    assert 0.1 < found[KEY].risk < 0.6


def test_verdicts_and_statuses_are_shares_of_the_samples():
    found = credit_risks(works(chinese=(20.0, 30.0, 60.0)), PACKS, samples=400, seed=1)[KEY]
    macr = found.verdicts["macr"]
    assert macr[Verdict.FAIL] == found.risk == found.statuses[Eligibility.INELIGIBLE]
    assert sum(macr.values()) == pytest.approx(1.0)
    assert sum(found.statuses.values()) == pytest.approx(1.0)
    assert found.at_risk == pytest.approx(found.risk * found.annual_credit)


def test_money_at_risk_counts_the_credit_at_its_mode():
    project = works(chinese=41.0)
    found = credit_risks(project, PACKS, samples=10, seed=1)[KEY]
    assert found.risk == 1.0
    assert found.at_risk == found.annual_credit == pytest.approx(1e6 * 35.0)
