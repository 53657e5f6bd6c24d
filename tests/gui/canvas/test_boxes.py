"""Notes and frames by mouse and keys: one step of the history each, or nothing."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from canvas_parts import Mouse, small_map
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from depmap_gui.domain.views import Frame, Note, Tint, View
from depmap_gui.gui.canvas.boxes import boxes_in, called, free_spot, inside
from depmap_gui.gui.canvas.inline import LineEditor, TextEditor
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.project.file import project_bytes
from depmap_gui.session.session import Session

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
NOTE = Note(id="n", text="Ask counsel", rect=(500.0, 300.0, 160.0, 80.0))
# It holds maker and cellco, and nothing else.
FRAME = Frame(id="f", title="Phase 2", rect=(160.0, -90.0, 280.0, 320.0))


@pytest.fixture
def editor(editor: Editor) -> Editor:
    """The small map with a note and a frame."""
    project = small_map()
    view = msgspec.structs.replace(project.views["v"], notes=(NOTE,), frames=(FRAME,))
    editor.open_session(Session(msgspec.structs.replace(project, views={"v": view})))
    return editor


def at(canvas: MapCanvas, x: float, y: float) -> QPointF:
    return QPointF(*canvas.camera.to_widget((x, y)))


def note(canvas: MapCanvas) -> Note:
    return canvas.editor.view.notes[0]


def frame(canvas: MapCanvas) -> Frame:
    return canvas.editor.view.frames[0]


def content(canvas: MapCanvas) -> bytes:
    return project_bytes(canvas.editor.project)


def label(canvas: MapCanvas) -> str:
    return canvas.editor.history.undoText()


def test_a_click_selects_a_note_and_a_frame_by_its_title(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.click(at(canvas, 580, 340))
    assert (canvas.editor.selection, canvas.editor.boxes) == ((), ("n",))
    assert canvas.words_for("n") == "Note: Ask counsel"
    mouse.click(at(canvas, 300, -80))
    assert canvas.editor.boxes == ("f",)
    assert canvas.words_for("f") == "Frame: Phase 2"
    # Its inside is as free as the page, and the cards on it are their own.
    mouse.click(at(canvas, 180, 75))
    assert canvas.editor.boxes == ()
    mouse.click(mouse.at("maker"))
    assert (canvas.editor.selection, canvas.editor.boxes) == (("maker",), ())
    mouse.click(at(canvas, 580, 340), keys=SHIFT)
    assert (canvas.editor.selection, canvas.editor.boxes) == (("maker",), ("n",))


def test_a_note_lies_over_cards_and_is_hit_first(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_rect("n", (550.0, 110.0, 100.0, 60.0))
    mouse.click(mouse.at("deal"))
    assert canvas.editor.boxes == ("n",)


def test_dragging_a_note_is_one_step_and_esc_leaves_no_trace(
    canvas: MapCanvas, mouse: Mouse
) -> None:
    before = content(canvas)
    start = at(canvas, 580, 340)
    mouse.press(start)
    mouse.move(start + QPointF(30, 30), keys=ALT)
    assert canvas.scene.box_rects[canvas.scene.box_index["n"], 0] != 500.0
    QTest.keyClick(canvas, Key.Key_Escape)
    assert canvas.scene.box_rects[canvas.scene.box_index["n"]].tolist() == [500, 300, 660, 380]
    assert canvas.without is None
    assert content(canvas) == before
    mouse.release(start)
    mouse.drag(start, start + QPointF(40, 20) * canvas.camera.zoom, keys=ALT)
    assert note(canvas).rect == pytest.approx((540.0, 320.0, 160.0, 80.0), abs=0.2)
    assert label(canvas) == "Move note “Ask counsel”"
    assert canvas.editor.history.count() == 1
    canvas.editor.history.undo()
    assert content(canvas) == before


def test_a_note_snaps_to_the_edge_of_a_card(canvas: MapCanvas, mouse: Mouse) -> None:
    # The card of deal begins at 600 - 106 = 494: six units left of the note.
    start = at(canvas, 580, 340)
    by = QPointF(-3, 200) * canvas.camera.zoom
    mouse.drag(start, start + by)
    left, _, _, _ = note(canvas).rect
    assert left == pytest.approx(494.0)


def test_a_frame_takes_along_what_stands_on_it(canvas: MapCanvas, mouse: Mouse) -> None:
    before, stood = content(canvas), dict(canvas.editor.view.positions)
    start = at(canvas, 300, -80)
    by = QPointF(-60, 90) * canvas.camera.zoom
    mouse.press(start)
    mouse.move(start + by / 2, keys=ALT)
    # While Alt is held it goes alone; let go, its cards are where it is.
    assert canvas.places()["maker"] == stood["maker"]
    mouse.move(start + by)
    assert canvas.places()["maker"] != stood["maker"]
    mouse.release(start + by)
    places = canvas.editor.view.positions
    shifts = {id: np.subtract(places[id], stood[id]).round(1).tolist() for id in stood}
    moved = np.subtract(frame(canvas).rect[:2], FRAME.rect[:2]).round(1).tolist()
    assert shifts["maker"] == shifts["cellco"] == moved != [0.0, 0.0]
    assert shifts["works"] == shifts["cn"] == [0.0, 0.0]
    assert label(canvas) == "Move frame Phase 2 and what stands on it"
    canvas.editor.history.undo()
    assert content(canvas) == before


def test_a_frame_moves_alone_with_alt(canvas: MapCanvas, mouse: Mouse) -> None:
    start = at(canvas, 300, -80)
    stood = dict(canvas.editor.view.positions)
    mouse.press(start)
    mouse.move(start + QPointF(20, 20), keys=ALT)
    mouse.send(QEvent.Type.MouseMove, start + QPointF(40, 40), keys=ALT)
    mouse.release(start + QPointF(40, 40), keys=ALT)
    assert dict(canvas.editor.view.positions) == stood
    assert frame(canvas).rect != FRAME.rect
    assert label(canvas) == "Move frame Phase 2"


def test_bends_between_cards_that_move_go_along(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.store_bends("l5", ((300.0, 75.0),), None)
    canvas.store_bends("l2", ((600.0, 75.0),), None)
    canvas.editor.select(("f",))
    canvas.nudge(10.0, 20.0)
    assert canvas.editor.view.bends == {"l5": ((310.0, 95.0),), "l2": ((600.0, 75.0),)}
    assert canvas.editor.view.positions["maker"] == (310.0, 20.0)
    assert frame(canvas).rect == (170.0, -70.0, 280.0, 320.0)


@pytest.mark.parametrize(
    ("grip", "by", "rect"),
    [
        ((660.0, 380.0), (20.0, 30.0), (500.0, 300.0, 180.0, 110.0)),
        ((500.0, 340.0), (-25.0, 99.0), (475.0, 300.0, 185.0, 80.0)),
        ((580.0, 300.0), (99.0, -12.0), (500.0, 288.0, 160.0, 92.0)),
        # Never smaller than can be worked with.
        ((500.0, 300.0), (500.0, 500.0), (588.0, 340.0, 72.0, 40.0)),
    ],
)
def test_dragging_a_handle_changes_the_size(
    canvas: MapCanvas,
    mouse: Mouse,
    grip: tuple[float, float],
    by: tuple[float, float],
    rect: tuple[float, float, float, float],
) -> None:
    before = content(canvas)
    mouse.click(at(canvas, 580, 340))
    start, end = at(canvas, *grip), at(canvas, grip[0] + by[0], grip[1] + by[1])
    mouse.press(start)
    mouse.move(end, keys=ALT)
    QTest.keyClick(canvas, Key.Key_Escape)
    mouse.release(end)
    assert content(canvas) == before
    mouse.drag(start, end, keys=ALT)
    assert note(canvas).rect == pytest.approx(rect, abs=0.3)
    assert label(canvas) == "Resize note “Ask counsel”"
    canvas.editor.history.undo()
    assert content(canvas) == before


def test_a_handle_shows_its_cursor(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.click(at(canvas, 580, 340))
    mouse.move(at(canvas, 660, 380), button=Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() is Qt.CursorShape.SizeFDiagCursor
    mouse.move(at(canvas, 660, 340), button=Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() is Qt.CursorShape.SizeHorCursor
    mouse.move(at(canvas, 580, 500), button=Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_double_click_writes_on_a_note_and_it_grows(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.send(QEvent.Type.MouseButtonDblClick, at(canvas, 580, 340))
    panel = canvas.open_editor
    assert isinstance(panel, TextEditor)
    assert panel.toPlainText() == "Ask counsel"
    panel.setPlainText("word " * 60)
    QTest.keyClick(panel, Key.Key_Return)
    assert canvas.open_editor is panel, "Enter begins a new line"
    QTest.keyClick(panel, Key.Key_Return, CONTROL)
    assert canvas.open_editor is None
    assert note(canvas).text.strip().startswith("word word")
    assert note(canvas).rect[:3] == NOTE.rect[:3]
    assert note(canvas).rect[3] > NOTE.rect[3] * 2
    assert label(canvas).startswith("Write on note “word")
    mouse.send(QEvent.Type.MouseButtonDblClick, at(canvas, 580, 340))
    panel = canvas.open_editor
    assert isinstance(panel, TextEditor)
    panel.setPlainText("other")
    QTest.keyClick(panel, Key.Key_Escape)
    assert canvas.editor.history.count() == 1


def test_a_double_click_titles_a_frame(canvas: MapCanvas, mouse: Mouse) -> None:
    mouse.send(QEvent.Type.MouseButtonDblClick, at(canvas, 300, -80))
    line = canvas.open_editor
    assert isinstance(line, LineEditor)
    line.setText("Upstream")
    QTest.keyClick(line, Key.Key_Return)
    assert frame(canvas).title == "Upstream"
    assert label(canvas) == "Title frame Upstream"


def test_drawing_by_mouse_and_a_mere_click(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.start_drawing(Frame)
    assert canvas.cursor().shape() is Qt.CursorShape.CrossCursor
    start, end = at(canvas, 780, -120), at(canvas, 1020, 240)
    mouse.press(start)
    mouse.move(end)
    QTest.keyClick(canvas, Key.Key_Escape)
    mouse.release(end)
    assert len(canvas.editor.view.frames) == 1
    canvas.start_drawing(Frame)
    mouse.drag(start, end)
    made = canvas.editor.view.frames[1]
    assert made.rect == pytest.approx((780.0, -120.0, 240.0, 360.0), abs=1.5)
    assert canvas.mode == "select"
    assert isinstance(canvas.open_editor, LineEditor)
    canvas.close_editor()
    canvas.start_drawing(Note)
    mouse.click(at(canvas, 600, -100))
    left, top, width, height = canvas.editor.view.notes[1].rect
    assert (width, height) == (200.0, 96.0)
    assert (left + width / 2, top + height / 2) == pytest.approx((600.0, -100.0), abs=1.5)


def test_a_frame_is_put_around_what_is_selected(canvas: MapCanvas) -> None:
    canvas.editor.select(("works", "second"))
    canvas.add_frame()
    made = canvas.editor.view.frames[1]
    items, boxes = inside(canvas.scene, canvas.scene.box_index[made.id])
    assert [canvas.scene.ids[row] for row in items] == ["works", "second"]
    assert boxes == []
    assert canvas.editor.boxes == (made.id,)


def test_a_new_note_covers_no_card(canvas: MapCanvas) -> None:
    canvas.add_note()
    scene = canvas.scene
    left, top, right, bottom = scene.box_rects[scene.box_index[canvas.editor.boxes[0]]]
    assert not len(scene.items_in((left, top, right, bottom)))
    seen = canvas.camera.visible(canvas.width(), canvas.height())
    assert seen[0] <= left
    assert right <= seen[2]
    # Where everything in sight is taken, it stands above the map.
    bounds = scene.bounds()
    assert bounds is not None
    assert free_spot(scene, (9e3, 9e3), seen)[1] < bounds[1]


def test_a_note_from_the_menu_stands_where_the_menu_was_opened(
    canvas: MapCanvas, mouse: Mouse
) -> None:
    where = at(canvas, 600, -150).toPoint()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, where, canvas.mapToGlobal(where))
    QApplication.sendEvent(canvas, event)
    canvas.add_note()
    left, top, width, height = canvas.editor.view.notes[1].rect
    assert (left + width / 2, top + height / 2) == pytest.approx((600.0, -150.0), abs=1.5)
    canvas.close_editor()
    QApplication.sendEvent(canvas, event)
    mouse.move(QPointF(5, 5), button=Qt.MouseButton.NoButton)
    canvas.add_note()
    assert canvas.editor.view.notes[2].rect != canvas.editor.view.notes[1].rect


def test_a_band_takes_notes_it_touches_and_frames_it_holds(canvas: MapCanvas, mouse: Mouse) -> None:
    scene = canvas.scene
    assert boxes_in(scene, (600.0, 350.0, 700.0, 500.0)) == ["n"]
    assert boxes_in(scene, (150.0, -80.0, 700.0, 500.0)) == ["n"]
    assert boxes_in(scene, (150.0, -100.0, 700.0, 500.0)) == ["f", "n"]
    mouse.drag(at(canvas, 480, 290), at(canvas, 700, 420))
    assert canvas.editor.boxes == ("n",)


def test_delete_takes_boxes_and_items_as_one_step(canvas: MapCanvas, mouse: Mouse) -> None:
    before = content(canvas)
    mouse.click(at(canvas, 580, 340))
    QTest.keyClick(canvas, Key.Key_Delete)
    assert canvas.editor.view.notes == ()
    assert canvas.editor.boxes == ()
    assert label(canvas) == "Delete note “Ask counsel”"
    canvas.editor.history.undo()
    canvas.editor.select(("maker", "n", "f"))
    QTest.keyClick(canvas, Key.Key_Delete)
    assert canvas.editor.view.boxes == ()
    assert "maker" not in canvas.editor.project.entities
    assert label(canvas) == "Remove Maker Inc. and 2 notes or frames"
    canvas.editor.history.undo()
    assert content(canvas) == before


def test_tints_are_chosen_for_all_selected(canvas: MapCanvas) -> None:
    canvas.editor.select(("n", "f"))
    canvas.tint_boxes(Tint.GREEN)
    assert (note(canvas).tint, frame(canvas).tint) == (Tint.GREEN, Tint.GREEN)
    assert label(canvas) == "Color 2 notes and frames green"
    canvas.tint_boxes(Tint.GREEN)
    assert canvas.editor.history.count() == 1


def test_tab_and_arrows_lead_to_notes_and_frames(canvas: MapCanvas) -> None:
    canvas.setFocus()
    met = []
    canvas.editor.select(())
    for _ in range(8):
        QTest.keyClick(canvas, Key.Key_Tab)
        met.append((*canvas.editor.selection, *canvas.editor.boxes)[0])
    assert sorted(met) == ["cellco", "cn", "deal", "f", "maker", "n", "second", "works"]
    canvas.editor.select(("deal",))
    QTest.keyClick(canvas, Key.Key_Down)
    assert canvas.editor.boxes == ("n",)
    QTest.keyClick(canvas, Key.Key_Up)
    assert canvas.editor.selection == ("deal",)
    canvas.editor.select(("n",))
    QTest.keyClick(canvas, Key.Key_Right, CONTROL)
    assert note(canvas).rect[0] == 508.0
    QTest.keyClick(canvas, Key.Key_F2)
    assert isinstance(canvas.open_editor, TextEditor)
    canvas.close_editor()


def test_select_all_and_moving_everything(canvas: MapCanvas) -> None:
    canvas.select_all()
    assert canvas.editor.boxes == ("f", "n")
    canvas.nudge(5.0, 5.0)
    assert canvas.editor.history.count() == 1
    assert note(canvas).rect[:2] == (505.0, 305.0)
    assert frame(canvas).rect[:2] == (165.0, -85.0)
    assert canvas.editor.view.positions["maker"] == (305.0, 5.0), "on the frame, and moved once"


def test_hidden_and_odd_boxes_of_a_file(qapp: QApplication) -> None:
    project = small_map()
    odd = (
        msgspec.structs.replace(NOTE, id="maker"),
        msgspec.structs.replace(NOTE, id=""),
        NOTE,
        NOTE,
        msgspec.structs.replace(NOTE, id="tiny", rect=(0.0, 0.0, 0.001, 0.001)),
        msgspec.structs.replace(NOTE, id="vast", rect=(-1e7, -1e7, 1e7, 1e7)),
    )
    view = msgspec.structs.replace(project.views["v"], notes=odd, frames=(FRAME,))
    scene = Scene(project, view)
    assert len(scene.boxes) == 7, "all are drawn"
    assert sorted(scene.box_index) == ["f", "n", "tiny", "vast"]
    hidden = Scene(project, msgspec.structs.replace(view, hidden=("note", "f")))
    assert hidden.boxes == []
    assert hidden.bounds() == Scene(project, View(id="v", positions=view.positions)).bounds()


def test_bounds_hold_boxes_and_boxes_have_names() -> None:
    project = small_map()
    far = msgspec.structs.replace(NOTE, rect=(5_000.0, 0.0, 100.0, 50.0))
    view = msgspec.structs.replace(project.views["v"], notes=(far,))
    bounds = Scene(project, view).bounds()
    assert bounds is not None
    assert bounds[2] == 5_100.0
    assert called(NOTE) == "note “Ask counsel”"
    assert called(msgspec.structs.replace(NOTE, text="")) == "a note"
    assert called(msgspec.structs.replace(NOTE, text="a\nb " * 30)).endswith("…”")
    assert called(FRAME) == "frame Phase 2"
    assert called(msgspec.structs.replace(FRAME, title="")) == "a frame"
