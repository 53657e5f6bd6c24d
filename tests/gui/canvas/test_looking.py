"""Lanes, snapping, flights and the overview's picture: what they are computed to be."""

from __future__ import annotations

import numpy as np
import pytest
from canvas_parts import Mouse
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from depmap_gui.analysis.context import Quiet
from depmap_gui.analysis.reach import Direction
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Jurisdiction, Owns
from depmap_gui.domain.views import View
from depmap_gui.gui.canvas.camera import Camera, flight_ms
from depmap_gui.gui.canvas.lanes import boundaries, grouped, lanes_of, owners, title
from depmap_gui.gui.canvas.lining_up import card_lined_up
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.snapping import in_sight, snapped
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.layout.arranging import Arrangement, Order, arranged
from depmap_gui.gui.sight import LaneBy

WIDE, TALL = (2 * HALF).tolist()

# Lanes -----------------------------------------------------------------------------------------


def test_boundaries_leave_the_fewest_on_the_wrong_side() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        place = np.sort(rng.integers(0, 2, 12))
        along = place * 10.0 + rng.normal(0.0, 6.0, 12)
        (cut,) = boundaries(along, place, 2)

        def wrong(at: float, along: np.ndarray = along, place: np.ndarray = place) -> int:
            return int(((along > at) & (place == 0)).sum() + ((along < at) & (place == 1)).sum())

        tried = np.concatenate((along - 1e-6, along + 1e-6))
        assert wrong(cut) == min(wrong(float(at)) for at in tried)


def test_lanes_match_the_arrangement() -> None:
    project = random_map(150, loops=False, seed=5, jurisdictions=5)
    for by, how in (
        (LaneBy.TIER, Arrangement.TIER),
        (LaneBy.JURISDICTION, Arrangement.JURISDICTION),
    ):
        places = arranged(project, Order(how, dict.fromkeys(project.entities, (0.0, 0.0))), Quiet())
        scene = Scene(project, View(id="v", positions=places))
        names = grouped(scene, by)
        lanes = lanes_of(scene, names, by)
        assert sum(lane.own for lane in lanes) == len(scene.ids)
        assert [lane.name for lane in lanes if lane.astray] == []
        for lane in lanes:
            rows = [row for row, name in enumerate(names) if name == lane.name]
            inside = scene.items_in(lane.rect)
            assert set(rows) <= set(inside.tolist())


def test_a_card_dragged_to_another_lane_is_astray_and_nothing_else(
    canvas: MapCanvas, mouse: Mouse
) -> None:
    editor = canvas.editor
    canvas.editor.sight.show_lanes(LaneBy.TIER)
    canvas.repaint()
    before = canvas._painter.lanes
    assert len(before) > 2
    assert not any(lane.astray for lane in before)
    facts = (editor.project.entities, editor.project.links)
    mouse.drag(mouse.at("maker"), mouse.at("works") + QPointF(0, 60 * canvas.camera.zoom))
    canvas.repaint()
    assert sum(lane.astray for lane in canvas._painter.lanes) >= 1
    assert any("elsewhere" in title(lane) for lane in canvas._painter.lanes)
    assert (editor.project.entities, editor.project.links) == facts
    canvas.editor.sight.show_lanes(None)
    canvas.repaint()
    assert canvas._painter.lanes == ()


def test_owners_are_those_at_the_top() -> None:
    companies = [Company(id=id, name=id.upper()) for id in "abcdxy"]
    links = [
        Owns(id="ab", source="a", target="b", share=0.6),
        Owns(id="cb", source="c", target="b", share=0.4),
        Owns(id="bd", source="b", target="d"),
        Owns(id="xy", source="x", target="y", share=0.5),
        Owns(id="yx", source="y", target="x", share=0.5),
    ]
    project = Project(
        entities={each.id: each for each in (*companies, Jurisdiction(id="j"))},
        links={each.id: each for each in links},
    )
    found = owners(project)
    assert {id: found[id] for id in "abcd"} == {"a": "a", "b": "a", "c": "c", "d": "a"}
    assert {found["x"], found["y"]} <= {"x", "y"}
    assert "j" not in found


# Snapping --------------------------------------------------------------------------------------


def test_centers_come_in_line() -> None:
    snap = snapped(np.array([103.0, 400.0]), np.array([[100.0, 0.0], [100.0, 900.0]]), 6.0)
    assert snap.shift == (-3.0, 0.0)
    assert snap.guides == [(100.0, 0.0, 100.0, 400.0)], "from the nearer of the two"


def test_edges_meet() -> None:
    other = np.array([[0.0, 0.0]])
    snap = snapped(np.array([WIDE + 4.0, TALL + 60.0]), other, 6.0)
    assert snap.shift == (-4.0, 0.0)
    assert [guide[0] for guide in snap.guides] == [WIDE / 2]


def test_distances_become_even() -> None:
    step = WIDE + 90.0
    row = np.array([[0.0, 0.0], [step, 0.0]])
    beyond = snapped(np.array([2 * step + 5.0, 2.0]), row, 6.0)
    assert beyond.shift == (-5.0, -2.0)
    gaps = sorted(abs(x2 - x1) for x1, y1, x2, y2 in beyond.guides if y1 == y2)
    assert gaps.count(90.0) == 2
    between = snapped(np.array([step / 2 * 2 + 5.0, 30.0]), row * (2.0, 1.0), 6.0)
    assert between.shift[0] == -5.0
    crowded = snapped(np.array([25.0, 30.0]), np.array([[0.0, 0.0], [50.0, 0.0]]), 1.0)
    assert crowded.shift == (0.0, 0.0), "cards that would overlap are no row"


def test_far_off_nothing_snaps_and_nothing_is_in_line() -> None:
    assert snapped(np.array([50.0, 50.0]), np.zeros((0, 2)), 6.0) == ((0.0, 0.0), [], ())
    assert snapped(np.array([5_000.0, 777.0]), np.array([[0.0, 0.0]]), 6.0) == ((0.0, 0.0), [], ())


def test_only_cards_in_sight_are_snapped_to() -> None:
    others = np.array([[0.0, 0.0], [WIDE * 0.6 + 100.0, 50.0], [50.0, 100.0 + TALL]])
    assert in_sight(others, (0.0, 0.0, 100.0, 100.0)).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("keys", "snaps"),
    [(Qt.KeyboardModifier.NoModifier, True), (Qt.KeyboardModifier.AltModifier, False)],
)
def test_alt_lets_a_card_lie_anywhere(
    canvas: MapCanvas, mouse: Mouse, keys: Qt.KeyboardModifier, snaps: bool
) -> None:
    zoom = canvas.camera.zoom
    start = mouse.at("maker")
    x, y = canvas.scene.centers[canvas.scene.index["deal"]].tolist()
    goal = QPointF(*canvas.camera.to_widget((x + 3.0 / zoom, y + 240.0)))
    mouse.press(start)
    mouse.move((start + goal) / 2, keys=keys)
    mouse.move(goal, keys=keys)
    assert bool(canvas.guides) is snaps
    canvas.act.end()
    canvas.act = None
    assert not canvas.guides
    moved = canvas.editor.view.positions["maker"][0]
    assert (abs(moved - x) < 0.1) is snaps


# Flights and dimming ---------------------------------------------------------------------------


def test_longer_flights_take_longer_but_not_long() -> None:
    here = Camera(0.0, 0.0, 1.0)
    times = [flight_ms(here, here.panned(-far, 0.0), 1000, 700) for far in (0, 200, 2_000, 90_000)]
    assert times == sorted(times)
    assert times[0] < times[1] < times[2] <= times[3] <= 600
    assert flight_ms(here, here.zoomed(0.1, 500, 350), 1000, 700) > times[0]


def test_what_is_not_traced_is_dimmed(canvas: MapCanvas) -> None:
    editor, card = canvas.editor, canvas.point_of("second")
    shown = canvas.point_of("works")

    def spread(point: QPointF) -> int:
        """How much of the card's picture differs from the ground, as the darkest of it."""
        picture = canvas.grab().toImage()
        x, y = round(point.x()), round(point.y())
        wide, tall = round(HALF[0] * canvas.camera.zoom), round(HALF[1] * canvas.camera.zoom)
        return min(
            QColor(picture.pixel(x + dx, y + dy)).lightness()
            for dx in range(-wide, wide - 16)
            for dy in range(-tall + 16, tall)
        )

    before = spread(card), spread(shown)
    editor.select(("works",))
    editor.sight.start_trace(("works",), Direction.UPSTREAM)
    editor.select(())
    assert spread(card) > before[0] + 40
    assert spread(shown) <= before[1] + 5
    editor.sight.end_trace()
    assert (spread(card), spread(shown)) == before


def test_a_card_lines_up_with_the_nearer_of_cards_and_boxes() -> None:
    card, cards = np.array([503.0, 300.0]), np.array([[500.0, 0.0]])
    left, top = card - (WIDE / 2, TALL / 2)
    # A note whose left edge is 1 right of the card's, a frame whose top is 4 above its top.
    note = np.array([[left + 1.0, 900.0, left + 901.0, 980.0]])
    frame = np.array([[2000.0, top - 4.0, 2500.0, 4000.0]])
    alone = card_lined_up(card, cards, np.zeros((0, 4)), 6.0)
    assert alone == snapped(card, cards, 6.0)
    beside = card_lined_up(card, cards, note, 6.0)
    assert beside.shift == (1.0, 0.0)
    assert beside.guides == [(left + 1.0, top, left + 1.0, 980.0)]
    both = card_lined_up(card, cards, frame, 6.0)
    assert both.shift == (-3.0, -4.0)
    across, down = (guide for guide in both.guides)
    assert across[0] == across[2] == 500.0
    assert down[1] == down[3] == top - 4.0
