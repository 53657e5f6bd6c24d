"""Uncertain quantities after an edit: the same as read anew."""

from __future__ import annotations

import random

import numpy as np
import pytest
from msgspec.structs import replace
from test_risk_quickly import grown

from depmap_gui.analysis.ranges import ranges_after, ranges_of
from depmap_gui.domain.records import Owns, Plant, Supplies


@pytest.mark.parametrize("seed", range(20))
def test_ranges_that_come_go_and_change(seed):
    draw = random.Random(seed)
    project = grown(seed)
    before = ranges_of(project)
    for _ in range(8):
        links, entities = dict(project.links), dict(project.entities)
        for id, link in draw.sample(sorted(links.items()), 2):
            value = draw.choice((0.2, None, (0.1, 0.2, 0.3), (0.05, 0.1, 0.9)))
            if isinstance(link, Supplies):
                links[id] = replace(link, cost=value, ip_share=draw.choice((None, (0.0, 0.1, 0.2))))
            elif isinstance(link, Owns):
                links[id] = replace(link, share=value)
        plant = entities["works"]
        assert isinstance(plant, Plant)
        (product,) = plant.products
        product = replace(product, units=draw.choice((None, 5.0, (1.0, 2.0, 3.0))))
        entities["works"] = replace(plant, products=(product,), own_ip=draw.choice((None, 0.2)))
        if draw.random() < 0.2:
            links.pop(draw.choice(sorted(links)))
        after = replace(project, links=links, entities=entities)
        found, anew = ranges_after(before, project, after), ranges_of(after)
        assert found.places == anew.places
        assert found.number == anew.number
        assert np.array_equal(found.triangle, anew.triangle)
        project, before = after, found
