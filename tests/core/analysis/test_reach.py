"""Tracing through a map, against networkx."""

from __future__ import annotations

import random
from datetime import date

import networkx as nx
import pytest

from depmap_gui.analysis.reach import Direction, reach_of
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import Company, Owns, Plant, Supplies

SOME = frozenset({LinkKind.SUPPLIES, LinkKind.USES, LinkKind.LICENSES})


@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("depth", [1, 2, 3, None])
@pytest.mark.parametrize("kinds", [frozenset(LinkKind), SOME])
def test_what_is_reached_is_what_networkx_reaches(
    loops: bool, direction: Direction, depth: int | None, kinds: frozenset[LinkKind]
) -> None:
    project = random_map(400, loops=loops, seed=7)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(project.entities)
    for link in project.links.values():
        # Made-up maps hold no candidates and no dates, so that every link counts.
        assert link.valid_from is None
        assert link.valid_to is None
        if link.kind in kinds:
            graph.add_edge(link.source, link.target, key=link.id)
    if direction is Direction.UPSTREAM:
        graph = graph.reverse()
    for root in random.Random(1).sample(sorted(project.entities), 12):
        found = reach_of(project, (root,), direction, depth=depth, kinds=kinds)
        expected = nx.single_source_shortest_path_length(graph, root, cutoff=depth)
        assert found.steps == dict(expected)
        gone_on_from = {id for id, steps in expected.items() if depth is None or steps < depth}
        assert found.links == {key for _, _, key in graph.out_edges(gone_on_from, keys=True)}


def test_only_what_counts_is_followed() -> None:
    entities = (Company(id="a"), Company(id="b"), Company(id="c"), Plant(id="p"))
    links = (
        Supplies(id="now", source="a", target="p"),
        Supplies(id="candidate", source="b", target="p", candidate=True),
        Supplies(id="over", source="c", target="p", valid_to=date(2025, 6, 30)),
        Owns(id="later", source="b", target="a", valid_from=date(2027, 1, 1)),
    )
    project = Project(
        header=Header(title="Dates", year=2026),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
    )
    found = reach_of(project, ("p", "nobody"), Direction.UPSTREAM)
    assert found.steps == {"p": 0, "a": 1}
    assert found.links == {"now"}


def test_several_roots_count_from_the_nearest() -> None:
    project = Project(
        header=Header(title="Chain"),
        entities={id: Company(id=id) for id in "abcd"},
        links={
            f"{source}{target}": Owns(id=f"{source}{target}", source=source, target=target)
            for source, target in ("ab", "bc", "cd")
        },
    )
    found = reach_of(project, ("a", "c"), Direction.DOWNSTREAM)
    assert found.steps == {"a": 0, "b": 1, "c": 0, "d": 1}
