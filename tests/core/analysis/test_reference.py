"""The plain yardstick says the same as the solver: two computations that share only records."""

from __future__ import annotations

import pytest
from drawing import scored

from depmap_gui.analysis.reference import reference_scores
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.kinds import Basis


@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize(("links", "seed"), [(40, 1), (300, 2), (3_000, 3)])
def test_all_ten_vectors_agree(links, seed, loops):
    project = random_map(links, loops=loops, seed=seed)
    scores = scored(project, Basis.ECONOMIC)
    reference = reference_scores(project, last_day(2026))
    assert set(reference) == {score.value for score in Score}
    for score in Score:
        found = scores.vectors(score)
        assert set(found) == set(reference[score.value]), score
        for entity, vector in reference[score.value].items():
            for place in {*vector, *found[entity]}:
                assert found[entity].get(place, 0.0) == pytest.approx(
                    vector.get(place, 0.0), abs=1e-9
                ), (score, entity, place)
