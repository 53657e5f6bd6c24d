"""Systems of shares at a size where loops get tangled, and at the edge of what can be solved."""

from __future__ import annotations

import numpy as np
import pytest

from depmap_gui.analysis import linear
from depmap_gui.analysis.linear import components, solve_shares


def tangled(size, links, seed, leak=0.1):
    """Random holdings with no order at all; each row keeps at most 1 - leak."""
    rng = np.random.default_rng(seed)
    row, column = rng.integers(0, size, links), rng.integers(0, size, links)
    weight = rng.random(links)
    weight *= (1.0 - leak) / np.bincount(row, weights=weight, minlength=size)[row]
    constant = np.zeros((size, 3))
    rest = 1.0 - np.bincount(row, weights=weight, minlength=size)
    constant[np.arange(size), rng.integers(0, 3, size)] = rest
    return row, column, weight, constant


def dense_answer(row, column, weight, constant):
    system = np.eye(len(constant))
    np.subtract.at(system, (row, column), weight)
    return np.linalg.solve(system, constant)


@pytest.mark.parametrize("large", [10, 10_000], ids=["swept", "factored"])
def test_a_tangled_component(large, monkeypatch):
    monkeypatch.setattr(linear, "LARGE", large)
    system = tangled(700, 2_100, seed=1)
    found, closed = solve_shares(*system)
    assert not closed
    assert np.abs(found - dense_answer(*system)).max() < 1e-12
    assert np.abs(found.sum(axis=1) - 1.0).max() < 1e-12


def test_ten_thousand_tangled_companies_do_not_hang():
    row, column, weight, constant = tangled(10_000, 30_000, seed=2)
    found, _ = solve_shares(row, column, weight, constant)
    again = constant.copy()
    np.add.at(again, row, weight[:, None] * found[column])
    assert np.abs(found - again).max() < 1e-12


def test_a_large_ring_that_hardly_leaks_is_still_exact():
    size, leak = 600, 1e-9
    row = np.arange(size)
    constant = np.zeros((size, 2))
    constant[:, 0] = leak
    found, closed = solve_shares(row, (row - 1) % size, np.full(size, 1.0 - leak), constant)
    assert not closed
    assert np.abs(found[:, 0] - 1.0).max() < 1e-6


def test_components_come_after_those_they_depend_on():
    row, column, _, _ = tangled(400, 500, seed=3)
    label, sizes = components(row, column, 400)
    assert np.all(label[column] <= label[row])
    assert sizes.sum() == 400
    assert sizes.max() > 1


def test_components_are_put_in_order_whatever_the_library_gives(monkeypatch):
    from scipy.sparse import csgraph

    row, column, _, _ = tangled(400, 500, seed=3)
    usual = csgraph.connected_components

    def shuffled(*args, **kwargs):
        count, label = usual(*args, **kwargs)
        return count, np.random.default_rng(0).permutation(count)[label]

    monkeypatch.setattr(csgraph, "connected_components", shuffled)
    label, _ = components(row, column, 400)
    assert np.all(label[column] <= label[row])
