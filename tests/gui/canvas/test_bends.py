"""Bends of links by mouse and keys, and how a bent link runs, is hit and drawn."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from canvas_parts import Mouse, small_map
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from depmap_gui.domain.views import Group
from depmap_gui.gui.canvas.bends import BentLines, path_of, way_of
from depmap_gui.gui.canvas.connectors import paint_link, paint_links
from depmap_gui.gui.canvas.geometry import distance_to_segments
from depmap_gui.gui.canvas.inline import LineEditor
from depmap_gui.gui.canvas.labels import Labels, label_middle
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.theme import LIGHT
from depmap_gui.project.file import project_bytes

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def at(canvas: MapCanvas, x: float, y: float) -> QPointF:
    return QPointF(*canvas.camera.to_widget((x, y)))


def on_link(canvas: MapCanvas, id: str, share: float = 0.5) -> QPointF:
    x, y = canvas.scene.along(np.array([canvas.scene.link_index[id]]), share)[0].tolist()
    return at(canvas, x, y)


def bends(canvas: MapCanvas) -> dict[str, tuple[tuple[float, float], ...]]:
    return dict(canvas.editor.view.bends)


def content(canvas: MapCanvas) -> bytes:
    return project_bytes(canvas.editor.project)


def bent(points: tuple[tuple[float, float], ...], id: str = "l2") -> Scene:
    project = small_map()
    view = msgspec.structs.replace(project.views["v"], bends={id: points})
    return Scene(project, view)


def test_a_drag_of_the_line_bends_it_and_esc_does_not(canvas: MapCanvas, mouse: Mouse) -> None:
    before = content(canvas)
    start, end = on_link(canvas, "l2", 0.4), at(canvas, 620, -200)
    mouse.press(start)
    mouse.move(end, keys=ALT)
    assert canvas.scene.bends
    QTest.keyClick(canvas, Key.Key_Escape)
    mouse.release(end)
    assert not canvas.scene.bends
    assert not canvas.scene.ways
    assert content(canvas) == before
    mouse.drag(start, end, keys=ALT)
    assert bends(canvas) == {"l2": (pytest.approx((620.0, -200.0), abs=1.5),)}
    assert canvas.editor.history.undoText() == "Bend Maker Inc. → Works"
    assert canvas.editor.selection == ("l2",)
    # Another drag, nearer the source, is a bend before the first.
    mouse.drag(on_link(canvas, "l2", 0.3), at(canvas, 480, -150), keys=ALT)
    (first, second) = bends(canvas)["l2"]
    assert first == pytest.approx((480.0, -150.0), abs=1.5)
    assert second == pytest.approx((620.0, -200.0), abs=1.5)
    canvas.editor.history.undo()
    canvas.editor.history.undo()
    assert content(canvas) == before


def test_a_bend_is_dragged_deleted_and_double_clicked(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_bends("l2", ((500.0, -100.0), (700.0, -100.0)), None)
    mouse.click(on_link(canvas, "l2", 0.5))
    mouse.drag(at(canvas, 500, -100), at(canvas, 520, -160), keys=ALT)
    assert bends(canvas)["l2"] == (pytest.approx((520.0, -160.0), abs=0.5), (700.0, -100.0))
    # The bend under the hand is what Delete and the arrow keys are about.
    QTest.keyClick(canvas, Key.Key_Right, CONTROL)
    assert bends(canvas)["l2"][0] == pytest.approx((528.0, -160.0), abs=0.5)
    QTest.keyClick(canvas, Key.Key_Delete)
    assert bends(canvas)["l2"] == ((700.0, -100.0),)
    assert "l2" in canvas.editor.project.links
    assert canvas.editor.history.undoText().startswith("Take a bend off Maker Inc.")
    mouse.send(QEvent.Type.MouseButtonDblClick, at(canvas, 700, -100))
    assert bends(canvas) == {}
    QTest.keyClick(canvas, Key.Key_Delete)
    assert "l2" not in canvas.editor.project.links, "without a bend, the link itself"


def test_a_click_elsewhere_forgets_the_bend(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_bends("l2", ((600.0, -100.0),), None)
    mouse.click(at(canvas, 600, -100))
    assert canvas.active_bend == 0
    assert canvas.give_up()
    assert canvas.active_bend is None
    assert canvas.editor.selection == ("l2",), "Esc lets go of the bend first"
    mouse.click(at(canvas, 600, -100))
    mouse.click(mouse.at("works"))
    assert canvas.active_bend is None


def test_a_double_click_bends_beside_the_label_and_types_on_it(
    canvas: MapCanvas, mouse: Mouse
) -> None:
    middle = label_middle(canvas.scene, canvas.scene.link_index["l5"])
    mouse.send(QEvent.Type.MouseButtonDblClick, at(canvas, middle.x(), middle.y()))
    assert isinstance(canvas.open_editor, LineEditor)
    canvas.close_editor()
    canvas.store_bends("l5", ((160.0, 75.0),), None)
    mouse.send(QEvent.Type.MouseButtonDblClick, on_link(canvas, "l5", 0.15))
    assert len(bends(canvas)["l5"]) == 2
    assert canvas.open_editor is None
    # What operates has no figure to type: a double click anywhere on it bends it.
    mouse.send(QEvent.Type.MouseButtonDblClick, on_link(canvas, "l2"))
    assert len(bends(canvas)["l2"]) == 1


def test_bending_by_keys_alone(canvas: MapCanvas) -> None:
    canvas.editor.select(("l2",))
    canvas.add_bend()
    assert canvas.active_bend == 0
    ((x, y),) = bends(canvas)["l2"]
    canvas.setFocus()
    for _ in range(3):
        QTest.keyClick(canvas, Key.Key_Down, CONTROL)
    assert bends(canvas)["l2"] == ((x, y + 24.0),)
    canvas.straighten()
    assert bends(canvas) == {}
    assert canvas.editor.history.undoText() == "Straighten Maker Inc. → Works"
    told: list[str] = []
    canvas.told.connect(told.append)
    canvas.straighten()
    canvas.editor.select(())
    canvas.add_bend()
    assert told == ["None of the selected links has bends.", "Select one link to bend it."]


def test_a_bend_snaps_level_with_its_neighbors(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_bends("l2", ((500.0, -150.0), (700.0, -100.0)), None)
    mouse.drag(at(canvas, 700, -100), at(canvas, 720, -147))
    assert bends(canvas)["l2"][1] == pytest.approx((720.0, -150.0), abs=1.0)
    assert canvas.guides == []


def test_removing_a_link_and_undo(canvas: MapCanvas) -> None:
    canvas.store_bends("l2", ((600.0, -100.0),), None)
    before = content(canvas)
    canvas.editor.remove(("l2",))
    assert bends(canvas) == {}
    canvas.editor.history.undo()
    assert content(canvas) == before
    assert canvas.scene.bends


def test_a_link_leaves_the_side_that_faces_its_bend() -> None:
    source, target = np.array([0.0, 0.0]), np.array([600.0, 0.0])
    level = way_of(source, target, np.array([[300.0, 10.0]]))
    # To the right, level with the point, as long as that is beside the card.
    assert level.corners.tolist() == [[HALF[0], 10.0], [300.0, 10.0], [600.0 - HALF[0], 10.0]]
    over = way_of(source, target, np.array([[20.0, -200.0], [600.0, -200.0]]))
    assert over.corners[0].tolist() == [20.0, -HALF[1]]
    assert over.corners[-1].tolist() == [600.0, -HALF[1]]
    assert over.arrival() == pytest.approx(-90.0)
    assert level.arrival() == pytest.approx(180.0)


def test_the_way_is_cut_into_as_many_pieces_as_are_asked_for() -> None:
    points = np.array([[200.0, -100.0], [300.0, 100.0], [400.0, -100.0]])
    way = way_of(np.zeros(2), np.array([600.0, 0.0]), points)
    for count in (1, 2, 4, 7, 12, 20, 40):
        pieces = way.cut(count)
        assert pieces.shape == (count, 4)
        assert pieces[0, :2].tolist() == way.corners[0].tolist()
        assert pieces[-1, 2:].tolist() == way.corners[-1].tolist()
        assert np.array_equal(pieces[1:, :2], pieces[:-1, 2:]), "each begins where one ends"
    path = path_of(way)
    assert path.length() == pytest.approx(
        np.hypot(*(way.line[1:] - way.line[:-1]).T).sum(), rel=0.01
    )
    x, y = way.at(0.5)
    middle = path.pointAtPercent(0.5)
    assert (x, y) == pytest.approx((middle.x(), middle.y()), abs=3.0)


def test_a_bent_link_is_hit_where_it_runs_and_nowhere_else() -> None:
    scene = bent(((450.0, -300.0), (800.0, -300.0)))
    assert scene.link_at((600.0, -300.0), 4.0) == "l2"
    straight = Scene(small_map(), small_map().views["v"])
    x, y = straight.along(np.array([straight.link_index["l2"]]), 0.5)[0].tolist()
    assert straight.link_at((x, y), 4.0) == "l2"
    assert scene.link_at((x, y), 4.0) is None
    assert [scene.links[row].id for row in scene.links_crossing((590, -310, 610, -290))] == ["l2"]
    reach = scene.reach[scene.link_index["l2"]]
    assert reach[1] == -300.0
    assert scene.with_links((0.0, 0.0, 1.0, 1.0))[1] <= -300.0


def test_labels_stand_on_the_bent_line() -> None:
    scene = bent(((700.0, 420.0),), "l4")
    row = scene.link_index["l4"]
    labels = [label for label in Labels(scene).within((-999, -999, 1999, 1999)) if label.row == row]
    assert labels
    left, top, width, height = labels[0].rect
    middle = (left + width / 2, top + height / 2)
    assert scene.ways[row].nearest(middle)[1] < 15.0


def test_bends_of_what_is_folded_or_gone_are_left_alone() -> None:
    project = small_map()
    view = msgspec.structs.replace(
        project.views["v"],
        bends={"l2": ((600.0, -100.0),), "gone": ((1.0, 1.0),), "l5": ()},
        groups=(Group(id="g", members=("maker", "cellco"), collapsed=True),),
    )
    assert Scene(project, view).bends == {}
    assert len(Scene(project, msgspec.structs.replace(view, groups=())).bends) == 1


@pytest.mark.parametrize("points", [((600.0, 0.0),), ((300.0, 0.0),), ((300.0, 0.0),) * 40])
def test_odd_bends_can_be_drawn(points: tuple[tuple[float, float], ...]) -> None:
    scene = bent(points)
    image = QImage(800, 600, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    for row in range(len(scene.links)):
        paint_link(painter, scene, row, LIGHT, selected=True)
    rows = np.arange(len(scene.links))
    for zoom in (0.05, 0.5, 1.0):
        paint_links(painter, scene, rows, LIGHT, zoom, (-500.0, -500.0, 2000.0, 2000.0))
    painter.end()
    assert np.isfinite(scene.pieces(rows, 20)).all()


def test_a_moved_card_pulls_its_end_of_the_line(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_bends("l2", ((600.0, -200.0),), None)
    start = mouse.at("works")
    mouse.drag(start, start + QPointF(0, 60) * canvas.camera.zoom, keys=ALT)
    assert bends(canvas)["l2"] == ((600.0, -200.0),)
    row = canvas.scene.link_index["l2"]
    assert canvas.scene.ways[row].corners[-1, 1] > 0.0


def test_many_bent_links_are_hit_as_each_by_itself() -> None:
    """The nearest of all pieces of all rounded lines, found among them at once."""
    chance = np.random.default_rng(5)
    ways = {
        row: way_of(*chance.uniform(-4000, 4000, (2, 2)), chance.uniform(-4000, 4000, (3, 2)))
        for row in range(0, 400, 2)
    }
    lines = BentLines(ways)
    assert set(lines.rows.tolist()) == set(ways)
    hits = 0
    for point in chance.uniform(-4000, 4000, (300, 2)).tolist():
        off = {
            row: float(distance_to_segments(tuple(point), way.pieces()).min())
            for row, way in ways.items()
        }
        best = min(off, key=off.__getitem__)
        found = lines.nearest(tuple(point), 12.0)
        if off[best] > 12.0:
            assert found is None
        else:
            hits += 1
            assert found == (best, pytest.approx(off[best]))
    assert 20 < hits < 280


def test_a_bend_that_is_dragged_is_hit_where_it_is_now() -> None:
    scene = bent(((620.0, -200.0),))
    assert scene.link_at((620.0, -200.0), 8.0) == "l2"
    row = scene.link_index["l2"]
    scene.bend(row, np.array([[620.0, 900.0]]))
    assert scene.link_at((620.0, -200.0), 8.0) is None
    assert scene.link_at((620.0, 894.0), 8.0) == "l2"
    scene.bend(row, np.zeros((0, 2)))
    assert scene.link_at((620.0, 894.0), 8.0) is None
