"""Arranging in the window: one step, around pins, seen to happen, undone whole."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from canvas_parts import PLACES, small_map
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.edits import Add, Batch, Place, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Plant
from depmap_gui.domain.views import Point, View
from depmap_gui.gui.action_handlers_layout import LayoutActions
from depmap_gui.gui.canvas.acts import Pan
from depmap_gui.gui.canvas.first_layout import MOST_AT_ONCE
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.aligning import Line, Spread
from depmap_gui.gui.layout.arranging import Arrangement, tier_places
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.render import render_bytes
from depmap_gui.session.session import Session


@pytest.fixture
def layouts(editor: Editor, canvas: MapCanvas) -> LayoutActions:
    return LayoutActions(editor, canvas, canvas)


def wait(qtbot: QtBot, editor: Editor) -> None:
    qtbot.waitUntil(lambda: not editor.tasks.is_busy, timeout=20_000)


def apart(places: dict[str, Point]) -> bool:
    centers = np.array(list(places.values()))
    off = np.abs(centers[:, None] - centers[None])
    return int(((off[..., 0] < CARD_WIDTH) & (off[..., 1] < CARD_HEIGHT)).sum()) == len(centers)


@pytest.mark.parametrize("how", list(Arrangement))
def test_arranging_is_one_step_and_is_undone_whole(
    qtbot: QtBot, editor: Editor, canvas: MapCanvas, layouts: LayoutActions, how: Arrangement
) -> None:
    layouts.arrange(how)
    wait(qtbot, editor)
    assert editor.history.count() == 1
    assert editor.history.undoText().startswith("Arrange the map ")
    after = dict(editor.view.positions)
    assert after != PLACES
    assert apart(after)
    assert canvas.places() == after
    editor.history.undo()
    assert editor.view.positions == PLACES
    editor.history.redo()
    assert editor.view.positions == after


def test_pinned_items_stay_and_wear_a_mark(
    qtbot: QtBot, editor: Editor, canvas: MapCanvas, layouts: LayoutActions
) -> None:
    bare = canvas.grab().toImage()
    editor.select(("works",))
    chosen = canvas.grab().toImage()
    layouts.pin()
    assert editor.view.pinned == ("works",)
    assert canvas.grab().toImage() != chosen != bare
    assert canvas.words_for("works").endswith("pinned")
    layouts.arrange(Arrangement.TIER)
    wait(qtbot, editor)
    assert editor.view.positions["works"] == PLACES["works"]
    assert editor.view.positions["deal"] != PLACES["deal"]
    assert apart(dict(editor.view.positions))
    layouts.pin()
    assert editor.view.pinned == ()
    editor.history.undo()
    layouts.unpin_all()
    assert editor.view.pinned == ()
    assert editor.history.undoText() == "Unpin all items"


def test_only_the_selection_is_arranged(
    qtbot: QtBot, editor: Editor, layouts: LayoutActions
) -> None:
    editor.select(("maker", "works", "l2"))
    layouts.arrange_selection(Arrangement.ORGANIC)
    wait(qtbot, editor)
    moved = {id for id, place in editor.view.positions.items() if PLACES[id] != place}
    assert moved <= {"maker", "works"}
    assert apart(dict(editor.view.positions))


def test_a_map_that_changed_meanwhile_is_left_alone(
    qtbot: QtBot, editor: Editor, layouts: LayoutActions
) -> None:
    told: list[str] = []
    layouts.told.connect(told.append)
    layouts.arrange(Arrangement.TIER)
    editor.apply(SetField(Section.ENTITIES, "works", "name", "Other works"), "Rename")
    wait(qtbot, editor)
    assert editor.view.positions == PLACES
    assert told == ["The map changed while it was being arranged; nothing was moved."]


def test_a_canceled_arrangement_moves_nothing(
    qtbot: QtBot, editor: Editor, layouts: LayoutActions
) -> None:
    told: list[str] = []
    layouts.told.connect(told.append)
    editor.tasks.started.connect(lambda task: task.cancel())
    layouts.arrange(Arrangement.TIER)
    wait(qtbot, editor)
    assert editor.view.positions == PLACES
    assert told == ["Arranging was stopped; nothing was moved."]


def test_lines_and_distances(editor: Editor, canvas: MapCanvas, layouts: LayoutActions) -> None:
    editor.select(("maker", "deal", "second"))
    layouts.align(Line.TOP)
    places = canvas.places()
    assert {places[id][1] for id in ("maker", "deal", "second")} == {0.0}
    layouts.distribute(Spread.DOWN)
    assert apart(canvas.places())
    assert editor.history.count() == 2
    layouts.align(Line.LEFT)
    assert len({canvas.places()[id][0] for id in ("maker", "deal", "second")}) == 1


def test_cards_glide_and_can_be_stopped(editor: Editor, canvas: MapCanvas) -> None:
    canvas.animates = True
    before = canvas.scene.centers.copy()
    there = {id: (2.0 * x, 9.0 * y) for id, (x, y) in PLACES.items()}
    editor.apply(Place("v", there), "Move")
    assert np.array_equal(canvas.scene.centers, before)
    canvas.fit()
    canvas.land()
    canvas.begin(Pan(canvas), QPointF(5, 5))
    assert canvas.places() == there
    canvas.cancel_act()
    # What was brought into sight is where the cards were going.
    inside = canvas.scene.items_in(canvas.camera.visible(canvas.width(), canvas.height()))
    assert len(inside) == len(there)
    assert canvas.camera.zoom < 0.6


def test_a_small_step_is_made_at_once(editor: Editor, canvas: MapCanvas) -> None:
    canvas.animates = True
    editor.select(("works",))
    canvas.nudge(8.0, 0.0)
    row = canvas.scene.index["works"]
    assert canvas.scene.centers[row].tolist() == [PLACES["works"][0] + 8.0, PLACES["works"][1]]


def test_a_map_without_places_is_laid_out_by_tier(
    qtbot: QtBot, qapp: QApplication, editor: Editor, canvas: MapCanvas
) -> None:
    bare = msgspec.structs.replace(small_map(), views={"v": View(id="v", name="Map")})
    editor.open_session(Session(bare))
    assert canvas.places() == tier_places(bare, bare.entities.keys())
    assert editor.view.positions == {}
    large = random_map(3 * MOST_AT_ONCE, loops=False, seed=2)
    editor.open_session(Session(large))
    assert apart(canvas.places())
    wait(qtbot, editor)
    assert canvas.places() == tier_places(large, large.entities.keys())
    assert not editor.is_modified


def test_many_items_brought_in_find_their_places_beside_the_map(
    qtbot: QtBot, editor: Editor, canvas: MapCanvas
) -> None:
    more = random_map(3 * MOST_AT_ONCE, loops=False, seed=2)
    links = (msgspec.structs.replace(link, id=f"new {link.id}") for link in more.links.values())
    records = (*more.entities.values(), *links)
    assert editor.apply(Batch("Import", tuple(Add(record) for record in records)))
    # They stand in a block at first, while better places are looked for.
    waiting = canvas.places()
    assert waiting.keys() == editor.project.entities.keys()
    assert apart(waiting)
    camera = canvas.camera
    wait(qtbot, editor)
    found = canvas.places()
    assert apart(found)
    assert {id: found[id] for id in PLACES} == PLACES
    lowest = max(y for _, y in PLACES.values())
    assert min(found[id][1] for id in more.entities) > lowest + CARD_HEIGHT
    tiers = tier_places(editor.project, more.entities.keys())
    steps = {
        (round(found[id][0] - x, 3), round(found[id][1] - y, 3)) for id, (x, y) in tiers.items()
    }
    assert len(steps) == 1
    # Who is at work looks where they looked, and nothing was stored.
    assert canvas.camera == camera
    assert editor.view.positions == PLACES
    editor.history.undo()
    assert canvas.places() == PLACES


def test_what_is_brought_in_while_places_are_looked_for_gets_one_too(
    qtbot: QtBot, editor: Editor, canvas: MapCanvas
) -> None:
    more = random_map(3 * MOST_AT_ONCE, loops=False, seed=2)
    batch = [tuple(Add(entity) for entity in more.entities.values())]
    others = tuple(Plant(id=f"other{n}", name=f"Other {n}") for n in range(MOST_AT_ONCE + 1))
    batch.append(tuple(Add(plant) for plant in others))
    for number, edits in enumerate(batch):
        assert editor.apply(Batch(f"Import {number}", edits))
    wait(qtbot, editor)
    found = canvas.places()
    assert found.keys() == editor.project.entities.keys()
    assert apart(found)


def test_a_picture_of_a_map_without_places_is_by_tier(tmp_path: Path) -> None:
    project = small_map()
    bare = msgspec.structs.replace(project, views={})
    tiers = View(id="v", positions=tier_places(bare, bare.entities.keys()))
    placed = msgspec.structs.replace(project, views={"v": tiers})
    assert render_bytes(bare, None, "svg") == render_bytes(placed, None, "svg")
