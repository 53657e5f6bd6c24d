"""Random maps: the engine beside the naive oracle, and what must hold on any map."""

from __future__ import annotations

import math

import pytest
from drawn_maps import projects
from hypothesis import given, settings
from score_oracle import Oracle

from depmap_gui.analysis.explain import explain
from depmap_gui.analysis.results import UNKNOWN, Score
from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import solve
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis

FEW = settings(max_examples=50)


def solved(project, basis):
    return solve(MapInForce(project, last_day(2026)), basis)


def expected(oracle):
    return {
        Score.ATTRIBUTION: oracle.A,
        Score.TECHNOLOGY: oracle.O,
        Score.IP: oracle.T,
        Score.EMBEDDED_IP: oracle.E,
        Score.MADE_IN: oracle.made_in,
        Score.MADE_BY: oracle.made_by,
        Score.MADE_IN_FIRST_TIER: oracle.made_in_first,
        Score.MADE_BY_FIRST_TIER: oracle.made_by_first,
        Score.OWNERSHIP: oracle.ownership,
        Score.DEBT: oracle.debt,
    }


@pytest.mark.parametrize("basis", list(Basis))
@FEW
@given(project=projects())
def test_every_vector_agrees_with_the_oracle(project, basis):
    scores = scores_of(solved(project, basis))
    for score, vectors in expected(Oracle(project, basis.value)).items():
        found = scores.vectors(score)
        assert set(found) == set(vectors), score
        for entity, vector in vectors.items():
            for place in set(vector) | set(found[entity]):
                assert found[entity].get(place, 0.0) == pytest.approx(
                    float(vector.get(place, 0)), abs=1e-9
                ), (score, entity, place)


@pytest.mark.parametrize("basis", list(Basis))
@FEW
@given(project=projects())
def test_vectors_sum_to_one_and_indexes_are_ordered(project, basis):
    scores = scores_of(solved(project, basis))
    for score in Score:
        for entity, shares in scores.vectors(score).items():
            assert math.isclose(sum(shares.values()), 1.0, abs_tol=1e-9), (score, entity)
            assert all(0.0 < share <= 1.0 + 1e-9 for share in shares.values())
    for indexes in scores.concentration.values():
        for index in (
            indexes.ip,
            indexes.inputs_made_in,
            indexes.inputs_made_by,
            indexes.suppliers,
        ):
            assert 0.0 <= index.low <= index.high <= 10_000.0


@pytest.mark.parametrize("basis", list(Basis))
@settings(FEW, max_examples=15)
@given(project=projects())
def test_explanations_sum_at_every_node(project, basis):
    solution = solved(project, basis)
    scores = scores_of(solution)
    for score in Score:
        for entity, shares in scores.vectors(score).items():
            for place in (*shares, "CN"):
                tree = explain(solution, entity, score, place, limit=60)
                assert tree.amount == pytest.approx(shares.get(place, 0.0), abs=1e-12)
                assert_sums(tree, project)


def assert_sums(node, project):
    assert math.isfinite(node.amount)
    assert node.label
    assert "None" not in node.label
    assert node.entity is None or node.entity in project.entities
    assert node.link is None or node.link in project.links
    if node.parts:
        assert sum(part.amount for part in node.parts) == pytest.approx(node.amount, abs=1e-9)
    for part in node.parts:
        assert_sums(part, project)


@FEW
@given(project=projects())
def test_undocumented_is_explained_too(project):
    solution = solved(project, Basis.ECONOMIC)
    for plant, shares in scores_of(solution).ip.items():
        if UNKNOWN in shares:
            tree = explain(solution, plant, Score.IP, UNKNOWN)
            assert tree.parts
