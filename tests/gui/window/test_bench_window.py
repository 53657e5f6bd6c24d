"""The measuring of blocks: every act is made on a small map, and each tells of its blocks."""

from __future__ import annotations

import pytest

from depmap_gui.gui.bench_window import realistic_map, window_benchmark

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_map_has_about_so_many_items_and_twice_as_many_links() -> None:
    made = realistic_map(1_000)
    assert abs(len(made.entities) - 1_000) < 20
    assert len(made.links) == 2 * len(made.entities)
    assert all(x.source in made.entities and x.target in made.entities for x in made.links.values())


def test_every_act_is_measured() -> None:
    told: list[str] = []
    window_benchmark(told.append, (120,))
    rows = {line[:26].strip(): line[26:].split() for line in told if line.startswith("  ")}
    for act in ("open", "edit a name", "select all", "type in search", "pan while scoring"):
        longest, _clock, work = (float(figure.replace(",", "")) for figure in rows[act][:3])
        assert 0.0 <= longest <= work
