"""Exposures of many items at once, against a look at each vector."""

from __future__ import annotations

from math import isnan

import msgspec
import pytest

from depmap_gui.analysis.results import UNKNOWN, Assessment, Score, exposure
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity
from depmap_gui.gui.coloring import Coloring, badges, exposures
from depmap_gui.session.session import Session, score

STAND_INS = {
    EntityKind.PLANT: (),
    EntityKind.COMPANY: (Score.ATTRIBUTION,),
    EntityKind.LICENSE: (Score.TECHNOLOGY,),
    EntityKind.MATERIAL: (Score.ATTRIBUTION,),
}


@pytest.fixture(scope="module")
def project() -> Project:
    return random_map(400, loops=True, seed=11)


@pytest.fixture(scope="module")
def assessment(project: Project) -> Assessment:
    return score(Session(project).request())


def naive(entity: AnyEntity, assessment: Assessment, coloring: Coloring) -> tuple[float, float]:
    if entity.kind is EntityKind.JURISDICTION:
        return (float("nan"), float("nan"))
    wanted = coloring.score
    order = [wanted]
    if wanted in (Score.IP, Score.OWNERSHIP) and entity.kind is not EntityKind.PLANT:
        order = []
    if wanted not in (Score.DEBT, Score.TECHNOLOGY):
        order += STAND_INS[entity.kind]
    for each in order:
        vectors = assessment.scores.vectors(each)
        if entity.id in list(vectors):
            found = exposure(vectors[entity.id], coloring.jurisdiction)
            return (found.low, found.high)
    return (float("nan"), float("nan"))


@pytest.mark.parametrize("wanted", list(Score))
@pytest.mark.parametrize("code", ["CN", UNKNOWN, "nowhere"])
@pytest.mark.parametrize("is_plain", [False, True])
def test_exposures_are_those_of_the_vectors(
    project: Project, assessment: Assessment, wanted: Score, code: str, is_plain: bool
) -> None:
    if is_plain:
        plain = {each.value: dict(assessment.scores.vectors(each)) for each in Score}
        scores = msgspec.structs.replace(assessment.scores, **plain)
        assessment = msgspec.structs.replace(assessment, scores=scores)
    entities = list(project.entities.values())
    low, high = exposures(entities, assessment, Coloring(wanted, code))
    for entity, *found in zip(entities, low.tolist(), high.tolist(), strict=True):
        expected = naive(entity, assessment, Coloring(wanted, code))
        if isnan(expected[0]):
            assert all(map(isnan, found)), entity.id
        else:
            assert found == pytest.approx(expected, abs=1e-12), entity.id


def test_statuses_are_worked_out_once_for_an_assessment(assessment: Assessment) -> None:
    other = msgspec.structs.replace(assessment, law=msgspec.structs.replace(assessment.law))
    first = badges(assessment)
    first.clear()
    assert badges(assessment) == badges(other) != {}
