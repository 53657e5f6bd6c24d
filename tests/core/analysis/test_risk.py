"""Risk by sampling, against probabilities worked out by hand."""

from __future__ import annotations

import math

import pytest

from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.risk import ProductRisk, credit_risks
from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
)
from depmap_gui.rules.loader import find_pack

PACKS = (find_pack("us-obbba"),)
KEY = ("works", "cells", "us-obbba")
SAMPLES = 2_500
THRESHOLD_2026 = 0.60
"""26 USC 7701(a)(52)(C)(i)(IV): battery components sold in 2026."""


def works(*, chinese: Quantity, unplaced: Quantity = 0.0, holding: Quantity = 0.1) -> Project:
    """A plant that pays 60 to a US maker, ``chinese`` to a Chinese one and ``unplaced`` to one of
    unknown nationality; a Chinese company holds ``holding`` of its operator."""
    entities = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="maker", name="Maker"),
        Company(id="clean", name="Clean"),
        Company(id="covered", name="Covered"),
        Company(id="unplaced", name="Unplaced"),
        Plant(
            id="works",
            name="Works",
            products=(Product(id="cells", credit="45x/battery-cell", units=1e6),),
        ),
    ]
    home = LocationRole.INCORPORATED
    costs = {"clean": 60.0, "covered": chinese, "unplaced": unplaced}
    links = [
        Located(id="h1", source="us", target="maker", role=home),
        Located(id="h2", source="us", target="clean", role=home),
        Located(id="h3", source="cn", target="covered", role=home),
        Operates(id="o", source="maker", target="works"),
        Owns(id="w", source="covered", target="maker", share=holding),
        *(
            Supplies(
                id=f"s-{maker}",
                source=maker,
                target="works",
                item=maker,
                category=SupplyCategory.MATERIAL,
                cost=cost,
            )
            for maker, cost in costs.items()
            if cost
        ),
    ]
    return Project(
        header=Header(title="Risk", year=2026),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )


def sampled(project: Project, seed: int = 1, samples: int = SAMPLES) -> ProductRisk:
    return credit_risks(project, PACKS, samples=samples, seed=seed)[KEY]


def near(probability: float) -> object:
    """Within four standard errors of a share of that many samples."""
    spread = math.sqrt(probability * (1 - probability) / SAMPLES)
    return pytest.approx(probability, abs=4 * spread + 1e-12)


def test_what_is_certain_has_no_risk_between() -> None:
    assert sampled(works(chinese=40.0)).risk == 0.0  # exactly 60% passes
    assert sampled(works(chinese=41.0)).risk == 1.0


def test_an_uncertain_cost_is_drawn_from_its_triangle() -> None:
    # The ratio 60 / (60 + c) fails above c = 40. Of the triangle 20-30-60 that is the tail
    # (60 - 40)^2 / ((60 - 20) (60 - 30)) = 1/3.
    found = sampled(works(chinese=(20.0, 30.0, 60.0)))
    assert found.risk == near(1 / 3)
    assert found.tests["macr"] == found.risk


def test_what_is_unknown_within_a_measure_is_drawn_evenly() -> None:
    # Known clean 60, known covered 20, open 40: the ratio lies in 60/120 to 100/120.
    low, high = 60 / 120, 100 / 120
    expected = (THRESHOLD_2026 - low) / (high - low)
    assert sampled(works(chinese=20.0, unplaced=40.0)).risk == near(expected)


def test_any_failing_test_loses_the_credit() -> None:
    # A holding drawn from 20-25-30% reaches 25% in half of the samples; the cost fails in a third.
    found = sampled(works(chinese=(20.0, 30.0, 60.0), holding=(0.20, 0.25, 0.30)))
    assert found.tests["fie.single"] == near(1 / 2)
    assert found.tests["macr"] == near(1 / 3)
    assert found.risk == near(1 - (1 - 1 / 2) * (1 - 1 / 3))


def test_silent_tests_are_left_out_and_named() -> None:
    found = sampled(works(chinese=20.0))
    assert "fie.debt" in found.left_out
    assert not set(found.left_out) & set(found.tests)


def test_the_same_seed_gives_the_same_figures() -> None:
    project = works(chinese=(20.0, 30.0, 60.0), unplaced=5.0)
    first, again, other = (sampled(project, seed, 500) for seed in (7, 7, 8))
    assert first == again
    assert first.risk != other.risk


def test_it_can_be_canceled() -> None:
    class Impatient:
        def progress(self, fraction: float, _what: str) -> None:
            if fraction > 0.1:
                raise Canceled

    with pytest.raises(Canceled):
        credit_risks(
            works(chinese=(20.0, 30.0, 60.0)), PACKS, samples=100, seed=1, context=Impatient()
        )
