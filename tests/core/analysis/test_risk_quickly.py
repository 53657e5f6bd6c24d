"""Risk the quick way: the same figures as judging every sample by itself."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_risk import KEY, PACKS, works

from depmap_gui.analysis import law_samples
from depmap_gui.analysis.law_samples import judge
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
    assert quick == credit_risks(project, PACKS, samples=120, seed=seed, plainly=True)


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
