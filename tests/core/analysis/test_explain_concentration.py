"""Why a concentration index is what it is: squared shares, worked by hand, down to the links."""

from __future__ import annotations

from datetime import date

import pytest

from depmap_gui.analysis.explain import ExplainError
from depmap_gui.analysis.explain_concentration import Market, explain_concentration
from depmap_gui.analysis.results import Contribution
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Jurisdiction, Located, Plant, Supplies

DAY = date(2026, 12, 31)


def drawn() -> Project:
    """Two deliveries of 30 and 20 from one Chinese supplier, one of 50 from an American."""
    entities = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Jurisdiction(id="us", name="United States", code="US"),
        Company(id="a", name="A"),
        Company(id="b", name="B"),
        Plant(id="works", name="Works"),
        Plant(id="idle", name="Idle"),
    ]
    links = [
        Located(id="h1", source="cn", target="a"),
        Located(id="h2", source="us", target="b"),
        Supplies(id="s1", source="a", target="works", item="Foil", cost=30, sources=("x",)),
        Supplies(id="s2", source="a", target="works", item="Cans", cost=20),
        Supplies(id="s3", source="b", target="works", item="Lids", cost=50),
    ]
    return Project(
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )


def solved(project: Project) -> Solution:
    return solve(MapInForce(project, DAY), Basis.DOMICILE)


def test_suppliers_open_into_their_deliveries_in_points_of_the_index() -> None:
    tree = explain_concentration(solved(drawn()), "works", Market.SUPPLIERS)
    assert tree.amount == pytest.approx(5_000)
    a = next(part for part in tree.parts if part.entity == "a")
    assert a.amount == pytest.approx(2_500)
    deliveries = {part.link: part for part in a.parts}
    assert deliveries["s1"].amount == pytest.approx(10_000 * 0.5 * 0.3)
    assert deliveries["s2"].amount == pytest.approx(10_000 * 0.5 * 0.2)
    assert deliveries["s1"].sources == ("x",)


def test_jurisdictions_open_into_the_explanation_of_their_share() -> None:
    tree = explain_concentration(solved(drawn()), "works", Market.INPUTS_MADE_IN)
    assert tree.amount == pytest.approx(5_000)
    assert {part.label for part in tree.parts} == {"CN: 50.0%, squared", "US: 50.0%, squared"}
    china = next(part for part in tree.parts if part.label.startswith("CN"))
    assert {part.link for part in china.parts} == {"s1", "s2"}
    assert sums(tree)


def test_what_is_unknown_is_told_beside_the_low_figure() -> None:
    tree = explain_concentration(solved(drawn()), "idle", Market.SUPPLIERS)
    assert tree.amount == 0
    assert tree.parts == ()
    assert tree.note == "Up to 10,000 points more if all that is unknown is one party."


def test_only_plants_have_an_index() -> None:
    with pytest.raises(ExplainError, match="only plants have an index"):
        explain_concentration(solved(drawn()), "a", Market.IP)


@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("market", list(Market))
def test_every_tree_sums_to_the_score_on_random_maps(market: Market, loops: bool) -> None:
    solution = solved(random_map(300, loops=loops, seed=5))
    for plant, found in list(scores_of(solution).concentration.items())[:12]:
        tree = explain_concentration(solution, plant, market)
        assert tree.amount == pytest.approx(getattr(found, market.value).low)
        assert sums(tree)


def sums(tree: Contribution) -> bool:
    """Whether each node with parts is their sum."""
    own = not tree.parts or sum(part.amount for part in tree.parts) == pytest.approx(
        tree.amount, abs=1e-6
    )
    return own and all(sums(part) for part in tree.parts)
