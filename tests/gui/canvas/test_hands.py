"""What mouse and keys do to the map: one step of the history each, or nothing."""

from collections.abc import Callable

import pytest
from canvas_parts import Mouse
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from depmap_gui.domain.kinds import EntityKind, LinkKind, LocationRole
from depmap_gui.domain.records import Located
from depmap_gui.gui.canvas.inline import LineEditor, NewItemEditor, TargetPicker
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def places(editor: Editor) -> dict[str, tuple[float, float]]:
    return dict(editor.view.positions)


def key(canvas: MapCanvas, which: Qt.Key, **more: Qt.KeyboardModifier) -> None:
    QTest.keyClick(canvas, which, more.get("modifier", Qt.KeyboardModifier.NoModifier))


def test_hit_test_finds_cards_links_and_nothing(canvas: MapCanvas) -> None:
    scene = canvas.scene
    assert scene.item_at((300.0, 0.0)) == "maker"
    assert scene.item_at((300.0 + 105.9, 35.9)) == "maker"
    assert scene.item_at((300.0 + 106.1, 0.0)) is None
    middle = scene.control[scene.link_index["l3"]].reshape(2, 2).mean(axis=0)
    assert scene.link_at((float(middle[0]), float(middle[1])), 6.0) == "l3"
    assert scene.link_at((300.0, -300.0), 6.0) is None


def test_a_click_selects_and_a_click_on_nothing_clears(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.click(mouse.at("works"))
    assert canvas.editor.selection == ("works",)
    mouse.click(mouse.at("maker"), keys=SHIFT)
    assert canvas.editor.selection == ("works", "maker")
    mouse.click(QPointF(5, 5))
    assert canvas.editor.selection == ()


def test_a_drag_is_one_edit_and_undo_restores(canvas: MapCanvas, mouse: Mouse) -> None:
    editor, start = canvas.editor, mouse.at("works")
    before, revision = places(editor), editor.project.revision
    mouse.drag(start, start + QPointF(37, 61) * canvas.camera.zoom, keys=ALT)
    assert editor.project.revision == revision + 1
    assert editor.view.positions["works"] == pytest.approx((937.0, 61.0), abs=0.2)
    assert editor.history.undoText() == "Move Works"
    editor.history.undo()
    assert places(editor) == before
    assert canvas.scene.centers[canvas.scene.index["works"]].tolist() == [900.0, 0.0]


def test_the_document_hears_nothing_before_the_release(canvas: MapCanvas, mouse: Mouse) -> None:
    revision, start = canvas.editor.project.revision, mouse.at("works")
    mouse.press(start)
    for step in range(1, 30):
        mouse.move(start + QPointF(step * 4, step * 3))
        canvas.repaint()
    assert canvas.editor.project.revision == revision
    mouse.release(start + QPointF(120, 90))
    assert canvas.editor.project.revision == revision + 1


def test_esc_cancels_a_drag(canvas: MapCanvas, mouse: Mouse) -> None:
    revision, start = canvas.editor.project.revision, mouse.at("works")
    mouse.press(start)
    mouse.move(start + QPointF(80, 80))
    assert canvas.scene.centers[canvas.scene.index["works"]].tolist() != [900.0, 0.0]
    key(canvas, Key.Key_Escape)
    mouse.release(start + QPointF(80, 80))
    assert canvas.editor.project.revision == revision
    assert canvas.scene.centers[canvas.scene.index["works"]].tolist() == [900.0, 0.0]
    assert canvas.without is None


def test_several_selected_cards_move_together(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.editor.select(("works", "second"))
    start = mouse.at("works")
    mouse.drag(start, start + QPointF(50, -40) * canvas.camera.zoom, keys=ALT)
    moved = canvas.editor.view.positions
    assert moved["works"] == pytest.approx((950.0, -40.0), abs=0.2)
    assert moved["second"] == pytest.approx((950.0, 110.0), abs=0.2)
    assert canvas.editor.history.undoText() == "Move 2 items"


def test_a_dragged_card_snaps_in_line_with_another(canvas: MapCanvas, mouse: Mouse) -> None:
    start = mouse.at("deal")
    mouse.drag(start, start + QPointF(20, -147) * canvas.camera.zoom)
    assert canvas.editor.view.positions["deal"][1] == 0.0


def test_rubber_band_selects_what_it_touches(canvas: MapCanvas, mouse: Mouse) -> None:
    zoom = canvas.camera.zoom
    corner = mouse.at("works") + QPointF(-130, -60) * zoom
    mouse.drag(corner, mouse.at("second") + QPointF(0, 0))
    assert set(canvas.editor.selection) == {"works", "second"}


def test_esc_takes_a_rubber_band_back(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.editor.select(("maker",))
    mouse.press(QPointF(5, 5))
    mouse.move(QPointF(990, 690))
    assert len(canvas.editor.selection) == 6
    key(canvas, Key.Key_Escape)
    assert canvas.editor.selection == ("maker",)


def test_a_link_drawn_from_a_port_takes_the_only_kind(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.move(mouse.at("deal"))
    mouse.drag(mouse.port("deal", 1), mouse.at("second"))
    (id,) = canvas.editor.selection
    link = canvas.editor.project.links[id]
    assert (link.kind, link.source, link.target) == (LinkKind.USES, "deal", "second")
    assert canvas.editor.history.undoText().startswith("Link Cell license → Second works")


def test_a_link_drawn_backward_depends_on_what_it_ends_at(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.move(mouse.at("second"))
    mouse.drag(mouse.port("second", -1), mouse.at("cn"))
    (id,) = canvas.editor.selection
    link = canvas.editor.project.links[id]
    assert isinstance(link, Located)
    assert (link.source, link.target, link.role) == ("cn", "second", LocationRole.SITE)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_where_several_kinds_fit_a_menu_offers_them(canvas: MapCanvas, mouse: Mouse) -> None:
    links = len(canvas.editor.project.links)
    mouse.move(mouse.at("cellco"))
    mouse.drag(mouse.port("cellco", 1), mouse.at("second"))
    assert len(canvas.editor.project.links) == links
    menu = canvas.link_menu
    assert menu is not None
    offered = [action.data() for action in menu.actions()]
    assert offered == [LinkKind.OPERATES, LinkKind.SUPPLIES]
    menu.actions()[1].trigger()
    menu.close()
    assert canvas.editor.project.links[canvas.editor.selection[0]].kind is LinkKind.SUPPLIES


def test_a_link_let_go_over_nothing_is_no_link(canvas: MapCanvas, mouse: Mouse) -> None:
    revision = canvas.editor.project.revision
    mouse.move(mouse.at("deal"))
    mouse.drag(mouse.port("deal", 1), QPointF(500, 20))
    assert canvas.editor.project.revision == revision


def test_what_may_not_be_linked_is_told(canvas: MapCanvas, mouse: Mouse) -> None:
    told: list[str] = []
    canvas.told.connect(told.append)
    mouse.move(mouse.at("cn"))
    mouse.drag(mouse.port("cn", 1), mouse.at("deal"))
    assert told == ["No kind of link may join China and Cell license."]


def test_connect_mode_links_from_anywhere_on_a_card(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.start_connecting()
    assert canvas.mode == "connect"
    mouse.drag(mouse.at("deal"), mouse.at("second"))
    assert canvas.editor.project.links[canvas.editor.selection[0]].kind is LinkKind.USES
    assert canvas.mode == "select"


def test_placing_sets_an_item_down_where_one_clicks(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.start_placing(EntityKind.MATERIAL)
    point = QPointF(480, 620)
    mouse.move(point)
    mouse.click(point)
    (id,) = canvas.editor.selection
    assert canvas.editor.project.entities[id].kind is EntityKind.MATERIAL
    wanted = canvas.camera.to_map(point.x(), point.y())
    assert canvas.editor.view.positions[id] == pytest.approx(wanted, abs=0.1)
    assert isinstance(canvas.open_editor, LineEditor)
    canvas.open_editor.setText("Graphite")
    QTest.keyClick(canvas.open_editor, Key.Key_Return)
    assert canvas.editor.project.entities[id].name == "Graphite"


def test_esc_gives_up_placing(canvas: MapCanvas, mouse: Mouse) -> None:
    revision = canvas.editor.project.revision
    canvas.start_placing(EntityKind.PLANT)
    mouse.move(QPointF(480, 620))
    key(canvas, Key.Key_Escape)
    mouse.click(QPointF(480, 620))
    assert canvas.editor.project.revision == revision
    assert canvas.mode == "select"


def test_a_kind_dropped_from_the_toolbar_becomes_an_item(canvas: MapCanvas) -> None:
    parcel = QMimeData()
    parcel.setData("application/x-depmap-kind", b"plant")
    point, copy = QPointF(480, 620), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(point.toPoint(), copy, parcel, left, none)
    QApplication.sendEvent(canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(canvas, QDropEvent(point, copy, parcel, left, none))
    assert canvas.editor.project.entities[canvas.editor.selection[0]].kind is EntityKind.PLANT


def test_double_click_on_nothing_types_a_new_item(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.send(QEvent.Type.MouseButtonDblClick, QPointF(480, 620))
    panel = canvas.open_editor
    assert isinstance(panel, NewItemEditor)
    panel.name.setText("Lead Equipment")
    QTest.keyClick(panel.name, Key.Key_Return)
    added = canvas.editor.project.entities[canvas.editor.selection[0]]
    assert (added.kind, added.name) == (EntityKind.COMPANY, "Lead Equipment")
    assert canvas.editor.history.undoText() == "Add company Lead Equipment"
    assert canvas.open_editor is None


@pytest.mark.parametrize("way", ["F2", "double-click"])
def test_renaming_on_the_card(canvas: MapCanvas, mouse: Mouse, way: str) -> None:
    if way == "F2":
        canvas.editor.select(("works",))
        key(canvas, Key.Key_F2)
    else:
        mouse.send(QEvent.Type.MouseButtonDblClick, mouse.at("works"))
    line = canvas.open_editor
    assert isinstance(line, LineEditor)
    assert line.text() == "Works"
    line.setText("Marshall")
    QTest.keyClick(line, Key.Key_Return)
    assert canvas.editor.project.entities["works"].name == "Marshall"
    assert canvas.editor.history.undoText() == "Rename Works to Marshall"


def test_esc_keeps_the_old_name(canvas: MapCanvas) -> None:
    canvas.editor.select(("works",))
    key(canvas, Key.Key_F2)
    line = canvas.open_editor
    assert isinstance(line, LineEditor)
    line.setText("Marshall")
    QTest.keyClick(line, Key.Key_Escape)
    assert canvas.editor.project.entities["works"].name == "Works"
    assert canvas.open_editor is None


def test_a_share_is_typed_on_the_link(canvas: MapCanvas) -> None:
    canvas.editor.select(("l5",))
    key(canvas, Key.Key_F2)
    line = canvas.open_editor
    assert isinstance(line, LineEditor)
    line.setText("25–35%")
    QTest.keyClick(line, Key.Key_Return)
    assert canvas.editor.project.links["l5"].share == pytest.approx((0.25, 0.3, 0.35))


def test_a_share_that_is_none_is_told_and_changes_nothing(canvas: MapCanvas) -> None:
    told: list[str] = []
    canvas.told.connect(told.append)
    canvas.editor.select(("l5",))
    key(canvas, Key.Key_F2)
    assert isinstance(canvas.open_editor, LineEditor)
    canvas.open_editor.setText("a lot")
    QTest.keyClick(canvas.open_editor, Key.Key_Return)
    assert canvas.editor.project.links["l5"].share == 0.21
    assert len(told) == 1
    assert "a lot" in told[0]


def test_delete_removes_the_selection_with_its_links(canvas: MapCanvas) -> None:
    canvas.editor.select(("deal",))
    key(canvas, Key.Key_Delete)
    assert "deal" not in canvas.editor.project.entities
    assert {"l3", "l4"}.isdisjoint(canvas.editor.project.links)
    assert "deal" not in canvas.scene.index


def test_arrows_go_from_card_to_card(canvas: MapCanvas) -> None:
    canvas.editor.select(("cn",))
    steps: list[tuple[Qt.Key, str]] = [
        (Key.Key_Right, "maker"),
        (Key.Key_Down, "cellco"),
        (Key.Key_Right, "deal"),
        (Key.Key_Right, "second"),
        (Key.Key_Up, "works"),
    ]
    for which, expected in steps:
        key(canvas, which)
        assert canvas.editor.selection == (expected,)


def test_tab_goes_through_all_cards_and_then_on(canvas: MapCanvas) -> None:
    canvas.setFocus()
    seen = []
    for _ in range(6):
        key(canvas, Key.Key_Tab)
        seen += canvas.editor.selection
    assert seen == ["cn", "maker", "cellco", "deal", "works", "second"]
    key(canvas, Key.Key_Tab)
    assert canvas.editor.selection == ("second",)


def test_control_and_arrows_nudge(canvas: MapCanvas) -> None:
    canvas.editor.select(("works",))
    key(canvas, Key.Key_Right, modifier=Qt.KeyboardModifier.ControlModifier)
    assert canvas.editor.view.positions["works"] == (908.0, 0.0)


def test_linking_by_keyboard(canvas: MapCanvas) -> None:
    canvas.editor.select(("deal",))
    key(canvas, Key.Key_K)
    panel = canvas.open_editor
    assert isinstance(panel, TargetPicker)
    QTest.keyClicks(panel.filter, "seco")
    assert panel.list.count() == 1
    QTest.keyClick(panel.filter, Key.Key_Return)
    link = canvas.editor.project.links[canvas.editor.selection[0]]
    assert (link.kind, link.source, link.target) == (LinkKind.USES, "deal", "second")


def test_enter_asks_for_the_properties(canvas: MapCanvas) -> None:
    asked: list[bool] = []
    canvas.inspect_requested.connect(lambda: asked.append(True))
    key(canvas, Key.Key_Return)
    assert asked == []
    canvas.editor.select(("works",))
    key(canvas, Key.Key_Return)
    assert asked == [True]


@pytest.mark.parametrize("turn", [120, -120, 360])
def test_the_wheel_zooms_at_the_pointer(canvas: MapCanvas, turn: int) -> None:
    point = QPointF(700, 200)
    before, zoom = canvas.camera.to_map(point.x(), point.y()), canvas.camera.zoom
    event = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    assert (canvas.camera.zoom > zoom) == (turn > 0)
    # The map lies on whole pixels, so the point may be off by half of one.
    assert canvas.camera.to_map(point.x(), point.y()) == pytest.approx(
        before, abs=0.51 / canvas.camera.zoom
    )


def test_the_wheel_alone_moves_the_map(canvas: MapCanvas) -> None:
    point, top = QPointF(700, 200), canvas.camera.top
    event = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    assert (canvas.camera.top - top) * canvas.camera.zoom == pytest.approx(60, abs=0.6)


@pytest.mark.parametrize("way", ["middle", "space"])
def test_panning_takes_the_map_along(canvas: MapCanvas, mouse: Mouse, way: str) -> None:
    before, revision = mouse.at("works"), canvas.editor.project.revision
    button = Qt.MouseButton.MiddleButton if way == "middle" else Qt.MouseButton.LeftButton
    if way == "space":
        QTest.keyPress(canvas, Key.Key_Space)
    mouse.drag(before, before + QPointF(-140, 60), button=button)
    if way == "space":
        QTest.keyRelease(canvas, Key.Key_Space)
    after = mouse.at("works")
    assert (after.x(), after.y()) == pytest.approx((before.x() - 140, before.y() + 60), abs=0.6)
    assert canvas.editor.project.revision == revision


def test_reveal_brings_what_is_asked_for_into_sight(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera._replace(left=20_000.0, top=9_000.0, zoom=1.0))
    canvas.editor.reveal(("second",))
    point = canvas.point_of("second")
    assert canvas.rect().contains(point.toPoint())
    assert canvas.editor.selection == ("second",)


def test_fit_shows_all_cards(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera._replace(left=20_000.0))
    canvas.fit()
    for id in canvas.scene.ids:
        assert canvas.rect().contains(canvas.point_of(id).toPoint()), id


def test_the_context_menu_is_asked_for_with_what_is_under_it(
    canvas: MapCanvas, mouse: Mouse
) -> None:
    asked: list[tuple[object, tuple[str, ...]]] = []
    canvas.context_menu_requested.connect(lambda where, ids: asked.append((where, ids)))
    point = mouse.at("maker").toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, canvas.mapToGlobal(point))
    QApplication.sendEvent(canvas, event)
    assert [ids for _, ids in asked] == [("maker",)]


Acting = Callable[[MapCanvas], None]


@pytest.mark.parametrize(
    "act",
    [
        lambda canvas: canvas.rename_selected(),
        lambda canvas: canvas.remove_selected(),
        lambda canvas: canvas.connect_selected(),
        lambda canvas: canvas.nudge(1, 1),
        lambda canvas: canvas.fit(),
        lambda canvas: canvas.reveal(("gone",)),
        lambda canvas: canvas.highlight(("gone",)),
        lambda canvas: canvas.inspect(),
        lambda canvas: canvas.start_connecting(),
    ],
)
def test_nothing_breaks_on_an_empty_map(canvas: MapCanvas, act: Acting) -> None:
    canvas.editor.remove(tuple(canvas.editor.project.entities))
    act(canvas)
    canvas.repaint()
    assert canvas.editor.project.entities == {}
