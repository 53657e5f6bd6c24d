"""Bounds of concentration indexes: never narrower than samples, and cases by hand."""

from __future__ import annotations

import pytest
from drawing import solved
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bounds import works
from uncertain_maps import places as range_places
from uncertain_maps import put, uncertain

from depmap_gui.analysis.concentration_bounds import concentration_bounds
from depmap_gui.analysis.ranges import ranges_of
from depmap_gui.analysis.scores import scores_of
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.records import Supplies

NAMES = ("ip", "inputs_made_in", "inputs_made_by", "suppliers")


@given(data=st.data(), basis=st.sampled_from(list(Basis)))
@settings(max_examples=20, deadline=None)
def test_no_sample_leaves_the_bounds(data, basis):
    project = data.draw(uncertain())
    solution = solved(project, basis)
    found = concentration_bounds(solution, ranges_of(project))
    usual = scores_of(solution).concentration
    for _ in range(3):
        values = {}
        for section, id, field in range_places(project):
            low, _, high = getattr(getattr(project, section)[id], field)
            values[section, id, field] = low + data.draw(st.sampled_from((0.0, 0.5, 1.0, 0.3))) * (
                high - low
            )
        sampled = scores_of(solved(put(project, values), basis)).concentration
        for plant, indexes in sampled.items():
            bounds = found.get(plant, usual[plant])
            for name in NAMES:
                here, bound = getattr(indexes, name), getattr(bounds, name)
                assert bound.low - 1e-6 <= here.low, (plant, name)
                assert here.high <= bound.high + 1e-6, (plant, name)


def test_two_suppliers_with_a_range():
    project = works(
        Supplies(id="a", source="cn", target="works", cost=(10.0, 20.0, 60.0)),
        Supplies(id="b", source="kr", target="works", cost=20.0),
    )
    found = concentration_bounds(solved(project), ranges_of(project))["works"]
    # The Chinese share runs from a third to three quarters, through one half.
    assert found.suppliers.low == pytest.approx(5000.0, abs=1e-3)
    assert found.suppliers.high == pytest.approx(10_000 * (0.75**2 + 0.25**2))
    assert not found.exact
    assert found.why


def test_a_map_without_ranges_has_none():
    project = works(Supplies(id="a", source="cn", target="works", cost=5.0))
    assert concentration_bounds(solved(project), ranges_of(project)) == {}


@pytest.mark.parametrize("cost", [10.0, (5.0, 10.0, 20.0)])
def test_one_supplier_is_one_supplier_whatever_a_second_delivery_costs(cost):
    project = works(
        Supplies(id="s1", source="cn", target="works", item="anode", cost=cost),
        Supplies(id="s2", source="cn", target="works", item="cathode"),
    )
    solution = solved(project)
    assert scores_of(solution).concentration["works"].suppliers.high == pytest.approx(10_000.0)
    for found in concentration_bounds(solution, ranges_of(project)).values():
        assert found.suppliers.high == pytest.approx(10_000.0)
