"""Layouts of any map: no overlaps, pins kept, the same each time, few crossings."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depmap_gui.analysis.context import Canceled, Quiet
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.kinds import EntityKind, LinkKind, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Located,
    Operates,
    Owns,
    Plant,
    Supplies,
)
from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.arranging import Arrangement, Order, arranged, tier_places
from depmap_gui.gui.layout.bands import homes
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.layout.layered import tier_of_each
from depmap_gui.gui.layout.network import network_of
from depmap_gui.gui.layout.newcomers import free_places, in_blocks
from depmap_gui.gui.layout.ordering import crossings, inversions, pieces_of
from depmap_gui.gui.layout.sifting import best_order
from depmap_gui.gui.layout.tiers import tiers_of, without_loops

EACH = pytest.mark.parametrize("how", list(Arrangement))
ANY_MAP_MOST = 14


def overlapping(places: Sequence[Point]) -> list[tuple[int, int]]:
    """Pairs of cards that lie on one another: in the order of x, each with those that follow."""
    at = np.array(places, dtype=np.float64).reshape(-1, 2)
    order = np.argsort(at[:, 0], kind="stable")
    at = at[order]
    found: list[tuple[int, int]] = []
    for number, (x, y) in enumerate(at.tolist()):
        last = int(np.searchsorted(at[:, 0], x + CARD_WIDTH, "left"))
        beside = at[number + 1 : last, 1]
        met = np.flatnonzero(np.abs(beside - y) < CARD_HEIGHT)
        found += [(int(order[number]), int(order[number + 1 + other])) for other in met]
    return found


def project_of(entities: Sequence[AnyEntity], links: Sequence[AnyLink]) -> Project:
    return Project(entities={e.id: e for e in entities}, links={x.id: x for x in links})


def nowhere(project: Project) -> dict[str, Point]:
    return dict.fromkeys(project.entities, (0.0, 0.0))


def star(count: int) -> Project:
    leaves: list[AnyEntity] = [Company(id=f"c{number}") for number in range(count - 1)]
    links: list[AnyLink] = [Supplies(id=f"l{c.id}", source=c.id, target="hub") for c in leaves]
    return project_of([Plant(id="hub"), *leaves], links)


@st.composite
def any_map(draw: st.DrawFn) -> Project:
    """A few items of any kinds with any links among them: loops, self links, several parts."""
    kinds = draw(st.lists(st.sampled_from(EntityKind), min_size=0, max_size=ANY_MAP_MOST))
    entities = [ENTITY_CLASSES[kind](id=f"e{n}") for n, kind in enumerate(kinds)]
    if not entities:
        return Project()
    end = st.integers(0, len(entities) - 1)
    drawn = draw(st.lists(st.tuples(end, end, st.sampled_from(LinkKind)), max_size=30))
    links = [
        LINK_CLASSES[kind](id=f"l{n}", source=f"e{a}", target=f"e{b}")
        for n, (a, b, kind) in enumerate(drawn)
    ]
    return project_of(entities, links)


@EACH
@given(project=any_map(), chosen=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_any_map_is_laid_out_around_its_pins(how: Arrangement, project: Project, chosen) -> None:  # type: ignore[no-untyped-def]  # hypothesis' Random has no public type
    ids = list(project.entities)
    before = {id: (chosen.uniform(-900, 900), chosen.uniform(-900, 900)) for id in ids}
    pinned: list[str] = []
    for id in ids:
        clear = not overlapping([before[id], *(before[other] for other in pinned)])
        if clear and chosen.random() < 0.4:
            pinned.append(id)
    order = Order(how, before, pinned)
    moved = arranged(project, order, Quiet())
    assert moved.keys() == set(ids) - set(pinned)
    after = {**{id: before[id] for id in pinned}, **moved}
    assert overlapping(list(after.values())) == []
    assert arranged(project, order, Quiet()) == moved


@EACH
def test_large_stars_and_tangles_have_no_overlaps(how: Arrangement) -> None:
    for project in (star(5_000), random_map(3_000, loops=True, seed=4)):
        places = arranged(project, Order(how, nowhere(project)), Quiet())
        assert places.keys() == project.entities.keys()
        assert overlapping(list(places.values())) == []
        across, down = np.ptp(list(places.values()), axis=0)
        assert 0.2 < across / down < 8.0


@EACH
def test_a_part_is_laid_out_clear_of_the_rest(how: Arrangement) -> None:
    project = random_map(200, loops=True, seed=2)
    before = tier_places(project, project.entities.keys())
    among = list(project.entities)[10:30]
    moved = arranged(project, Order(how, before, among=among), Quiet())
    assert moved.keys() == set(among)
    assert overlapping(list({**before, **moved}.values())) == []


def test_nothing_is_laid_out_where_nothing_is() -> None:
    for how in Arrangement:
        assert arranged(Project(), Order(how, {}), Quiet()) == {}
    assert tier_places(Project(), []) == in_blocks(Project(), [], {}) == {}


def test_a_layout_can_be_canceled() -> None:
    class Impatient:
        def progress(self, _fraction: float, _what: str) -> None:
            raise Canceled

    project = random_map(40, loops=False, seed=1)
    for how in Arrangement:
        with pytest.raises(Canceled):
            arranged(project, Order(how, nowhere(project)), Impatient())


# Tiers ---------------------------------------------------------------------------------------


def test_tiers_run_from_jurisdictions_to_plants() -> None:
    project = random_map(400, loops=False, seed=9)
    network = network_of(project)
    tier = tier_of_each(network)
    row = {id: number for number, id in enumerate(network.ids)}
    for link in project.links.values():
        assert tier[row[link.source]] < tier[row[link.target]]
    places = tier_places(project, project.entities.keys())
    for id, entity in project.entities.items():
        assert bool(tier[row[id]] == 0) is isinstance(entity, Jurisdiction)
        if tier[row[id]] == 0:
            assert places[id][0] <= min(x for other, (x, _) in places.items() if tier[row[other]])


@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40),
)
def test_loops_are_broken_by_turning_links_round(count: int, drawn: list[tuple[int, int]]) -> None:
    ends = np.array([(a % count, b % count) for a, b in drawn if a % count != b % count])
    ends = ends.reshape(-1, 2).astype(np.intp)
    forward = without_loops(count, ends)
    assert np.array_equal(np.sort(forward, axis=1), np.sort(ends, axis=1))
    tier = tiers_of(count, forward)
    assert (tier[forward[:, 0]] < tier[forward[:, 1]]).all()
    # Where nothing runs in a circle, nothing is turned: tiers by the plain definition exist.
    if _can_be_sorted(count, ends.tolist()):
        assert np.array_equal(forward, ends)


def _can_be_sorted(count: int, ends: list[list[int]]) -> bool:
    left = set(range(count))
    while free := [n for n in left if not any(b == n and a in left for a, b in ends)]:
        left -= set(free)
    return not left


def test_a_ring_loses_one_link() -> None:
    ends = np.array([(n, (n + 1) % 7) for n in range(7)], dtype=np.intp)
    assert (without_loops(7, ends) != ends).any(axis=1).sum() == 1


# Crossings -----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40), max_size=60))
def test_inversions_are_counted(values: list[int]) -> None:
    naive = sum(a > b for a, b in itertools.combinations(values, 2))
    assert inversions(np.array(values, dtype=np.intp)) == naive


def test_crossings_are_those_of_straight_lines() -> None:
    project = random_map(120, loops=False, seed=5)
    network = network_of(project)
    pieces = pieces_of(tier_of_each(network), network.ends)
    place = np.random.default_rng(1).permutation(pieces.size)
    place = np.argsort(np.argsort(place))
    by_tier: dict[int, list[tuple[int, int]]] = {}
    for a, b in pieces.ends.tolist():
        assert pieces.tier[b] == pieces.tier[a] + 1
        by_tier.setdefault(int(pieces.tier[a]), []).append((int(place[a]), int(place[b])))
    naive = sum(
        (a - c) * (b - d) < 0
        for found in by_tier.values()
        for (a, b), (c, d) in itertools.combinations(found, 2)
    )
    assert crossings(pieces, place) == naive
    assert crossings(pieces, best_order(pieces, Quiet())) < naive / 2


def test_what_can_be_drawn_without_crossings_is() -> None:
    """A tree: every item of a tier feeds two of the next."""
    ends = np.array([(n, child) for n in range(63) for child in (2 * n + 1, 2 * n + 2)])
    tier = np.floor(np.log2(np.arange(127) + 1)).astype(np.intp)
    mixed = np.random.default_rng(3).permutation(127)
    relabeled = np.empty_like(tier)
    relabeled[mixed] = tier
    pieces = pieces_of(relabeled, mixed[ends])
    assert crossings(pieces, best_order(pieces, Quiet())) == 0


# Jurisdictions, owners, newcomers ------------------------------------------------------------


def test_bands_hold_what_is_at_home_there() -> None:
    project = project_of(
        [
            Jurisdiction(id="cn", code="CN"),
            Jurisdiction(id="us", code="US"),
            *(Company(id=id) for id in ("a", "b", "c")),
            Plant(id="works"),
        ],
        [
            Located(id="1", source="cn", target="a", role=LocationRole.INCORPORATED),
            Located(id="2", source="us", target="b", role=LocationRole.INCORPORATED),
            Located(id="3", source="cn", target="b", role=LocationRole.PRINCIPAL),
            Owns(id="4", source="a", target="c", share=0.9),
            Operates(id="5", source="b", target="works"),
        ],
    )
    expected = {"cn": "cn", "us": "us", "a": "cn", "b": "us", "c": "cn", "works": "us"}
    assert homes(project) == expected
    assert homes(project, {"b": {"CN": 0.8, "US": 0.2}})["b"] == "cn"
    places = arranged(project, Order(Arrangement.JURISDICTION, nowhere(project)), Quiet())
    heights = {
        code: [places[id][1] for id in expected if expected[id] == code] for code in expected
    }
    assert min(heights["cn"]) > max(heights["us"]) or max(heights["cn"]) < min(heights["us"])


def test_owners_stand_above_what_they_own() -> None:
    project = random_map(300, loops=False, seed=6)
    places = arranged(project, Order(Arrangement.OWNERSHIP, nowhere(project)), Quiet())
    owning = [x for x in project.links.values() if isinstance(x, Owns | Operates)]
    assert owning
    for link in owning:
        assert places[link.source][1] + CARD_HEIGHT <= places[link.target][1]


def test_new_items_stand_next_to_their_neighbors() -> None:
    known: list[AnyEntity] = [Company(id="a"), Plant(id="works"), Company(id="far")]
    project = project_of(
        [*known, Company(id="between"), Company(id="alone")],
        [
            Supplies(id="1", source="a", target="between"),
            Supplies(id="2", source="between", target="works"),
        ],
    )
    placed = {"a": (0.0, 0.0), "works": (900.0, 60.0), "far": (5000.0, 5000.0)}
    found = free_places(project, project.entities.keys(), placed)
    assert found.keys() == {"between", "alone"}
    assert found["between"] == (450.0, 30.0)
    assert overlapping([*placed.values(), *found.values()]) == []


@given(st.integers(1, 60), st.integers(0, 60))
@settings(max_examples=30)
def test_new_items_never_cover_others(new: int, old: int) -> None:
    project = star(new + old)
    ids = list(project.entities)
    placed = {id: (230.0 * (n % 7), 90.0 * (n // 7)) for n, id in enumerate(ids[:old])}
    found = free_places(project, ids, placed)
    assert found.keys() == set(ids[old:])
    assert overlapping([*placed.values(), *found.values()]) == []
