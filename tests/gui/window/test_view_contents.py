"""What a view holds, driven by actions: notes, frames, bends, kinds shown, viewports, outline."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_parts import small_project, wait_scored

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Frame, Group, Note, Tint, View
from depmap_gui.gui.action_menus import (
    ON_BOXES,
    ON_LINKS,
    ON_PAGE,
    ON_PLANT,
    ON_SELECTION,
    what_is_selected,
)
from depmap_gui.gui.canvas.inline import LineEditor, TextEditor
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.outline_model import DIMMED, GROUP, ID
from depmap_gui.gui.render import render_bytes
from depmap_gui.project.file import parse_project, project_bytes, read_project
from depmap_gui.session.clipboard import read_clip

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def content(window: MainWindow) -> bytes:
    return project_bytes(window.editor.project)


def run(window: MainWindow, id: str) -> None:
    action = window.actions_table[id]
    assert action.isEnabled(), id
    action.trigger()


def press(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
    window.activateWindow()
    QApplication.processEvents()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, keys)


def type_in(window: MainWindow, words: str) -> None:
    panel = window.canvas.open_editor
    if isinstance(panel, TextEditor):
        panel.setPlainText(words)
    else:
        assert isinstance(panel, LineEditor)
        panel.setText(words)
    panel.close_with(keep=True)


@pytest.fixture
def still(open_map: MainWindow) -> MainWindow:
    """The map, without animation."""
    open_map.canvas.animates = False
    open_map.canvas.repaint()
    return open_map


# Notes, frames and bends by actions and keys ------------------------------------------------


def test_notes_frames_and_bends_by_keys_and_all_undone(still: MainWindow) -> None:
    before, editor = content(still), still.editor
    press(still, Qt.Key.Key_T)
    type_in(still, "Ask counsel")
    run(still, f"arrange.tint.{Tint.PURPLE}")
    editor.select(("cellco", "maker"))
    press(still, Qt.Key.Key_F)
    type_in(still, "Phase 2")
    editor.select(("l9",))
    press(still, Qt.Key.Key_B)
    press(still, Qt.Key.Key_Down, CONTROL)
    (note,) = editor.view.notes
    (frame,) = editor.view.frames
    assert (note.text, note.tint) == ("Ask counsel", Tint.PURPLE)
    assert frame.title == "Phase 2"
    assert list(editor.view.bends) == ["l9"]
    press(still, Qt.Key.Key_B, SHIFT)
    assert editor.view.bends == {}
    steps, after = editor.history.count(), content(still)
    labels = [editor.history.text(n) for n in range(steps)]
    assert labels == [
        "Add note “Ask counsel”",
        "Color note “Ask counsel” purple",
        "Add frame Phase 2",
        "Bend Powder & Sons → Works",
        "Bend Powder & Sons → Works",
        "Straighten Powder & Sons → Works",
    ]
    for _ in range(steps):
        editor.history.undo()
    assert content(still) == before
    for _ in range(steps):
        editor.history.redo()
    assert content(still) == after


def test_context_menus_fit_what_is_selected(still: MainWindow) -> None:
    editor = still.editor
    assert what_is_selected(editor) == ON_PAGE
    editor.select(("works",))
    assert what_is_selected(editor) == ON_PLANT
    editor.select(("maker",))
    assert what_is_selected(editor) == ON_SELECTION
    editor.select(("l9",))
    assert what_is_selected(editor) == ON_LINKS
    assert still.actions_table["arrange.bend"].isEnabled()
    assert not still.actions_table["arrange.straighten"].isEnabled()
    run(still, "insert.note")
    still.canvas.close_editor()
    assert what_is_selected(editor) == ON_BOXES
    assert still.actions_table[f"arrange.tint.{Tint.AMBER}"].isChecked()
    assert still.actions_table["edit.copy"].isEnabled()
    assert not still.actions_table["arrange.pin"].isEnabled()
    known = set(still.actions_table.specs)
    menus = (ON_PAGE, ON_PLANT, ON_SELECTION, ON_LINKS, ON_BOXES)
    assert {id for ids in menus for id in ids if id} <= known


def test_the_toolbar_draws_by_the_next_drag(still: MainWindow) -> None:
    still.toolbar.boxes.buttons["frame"].click()
    canvas = still.canvas
    assert canvas.mode == "draw"
    send(still, QEvent.Type.MouseButtonPress, QPointF(40, 420))
    send(still, QEvent.Type.MouseMove, QPointF(300, 560))
    send(still, QEvent.Type.MouseButtonRelease, QPointF(300, 560))
    assert len(still.editor.view.frames) == 1
    canvas.close_editor()
    still.editor.select(("works",))
    still.toolbar.boxes.buttons["frame"].click()
    assert len(still.editor.view.frames) == 2
    assert canvas.mode == "select"
    canvas.close_editor()


def send(window: MainWindow, kind: QEvent.Type, point: QPointF) -> None:
    canvas = window.canvas
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    where = QPointF(canvas.mapToGlobal(QPoint(0, 0))) + point
    QApplication.sendEvent(canvas, QMouseEvent(kind, point, where, left, held, PLAIN))


def test_a_note_is_renamed_by_f2_and_counts_in_no_score(still: MainWindow, qtbot: QtBot) -> None:
    assessment = still.editor.assessment
    run(still, "insert.note")
    type_in(still, "First")
    run(still, "edit.rename")
    type_in(still, "Second")
    assert still.editor.view.notes[0].text == "Second"
    assert still.editor.assessment is assessment
    assert still.editor.is_fresh


def test_boxes_belong_to_their_view(still: MainWindow) -> None:
    run(still, "insert.note")
    type_in(still, "Only here")
    (id,) = still.editor.boxes
    run(still, "view.views.new")
    assert still.editor.boxes == ()
    assert still.canvas.scene.boxes == []
    run(still, "view.views.next")
    assert id in still.canvas.scene.box_index
    run(still, "view.views.duplicate")
    assert still.editor.view.notes[0].text == "Only here"


# Copy and paste -----------------------------------------------------------------------------


def test_copying_a_group_copies_the_group_with_bends_notes_and_frames(still: MainWindow) -> None:
    editor = still.editor
    editor.select(("cellco", "deal"))
    run(still, "arrange.group")
    type_in(still, "Technology")
    still.canvas.store_bends("l6", ((480.0, -60.0),), None)
    editor.select(("cellco", "deal"))
    run(still, "insert.frame")
    type_in(still, "Phase 2")
    (frame,) = editor.view.frames
    editor.select(("cellco", "deal", frame.id))
    run(still, "edit.duplicate")
    groups = editor.view.groups
    assert [group.name for group in groups] == ["Technology", "Technology 2"]
    assert set(groups[1].members) == set(editor.selection)
    assert len({*groups[0].members, *groups[1].members}) == 4
    copy = editor.view.frames[1]
    assert (copy.title, copy.id != frame.id) == ("Phase 2", True)
    assert editor.boxes == (copy.id,)
    (link,) = [id for id in editor.view.bends if id != "l6"]
    places = editor.view.positions
    made = next(id for id in editor.selection if editor.project.entities[id].kind == "company")
    by = (places[made][0] - places["cellco"][0], places[made][1] - places["cellco"][1])
    assert editor.view.bends[link] == ((round(480.0 + by[0], 1), round(-60.0 + by[1], 1)),)
    assert copy.rect[:2] == pytest.approx((frame.rect[0] + by[0], frame.rect[1] + by[1]), abs=0.11)
    assert editor.history.undoText() == "Duplicate 2 items and 2 links"


def test_a_part_of_a_group_copies_no_group(still: MainWindow) -> None:
    still.editor.select(("cellco", "deal"))
    run(still, "arrange.group")
    still.canvas.close_editor()
    still.editor.select(("deal",))
    run(still, "edit.duplicate")
    assert len(still.editor.view.groups) == 1


def test_notes_alone_are_cut_and_pasted_as_one_step(still: MainWindow) -> None:
    run(still, "insert.note")
    type_in(still, "Ask\ncounsel")
    before = content(still)
    run(still, "edit.cut")
    assert still.editor.view.notes == ()
    assert still.editor.history.undoText() == "Cut note “Ask counsel”"
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "Ask\ncounsel"
    clip = read_clip(bytes(clipboard.mimeData().data("application/x-depmap-items+json").data()))
    assert clip.items == ()
    run(still, "edit.paste")
    run(still, "edit.paste")
    first, second = still.editor.view.notes
    assert (first.text, second.text) == ("Ask\ncounsel", "Ask\ncounsel")
    assert first.id != second.id
    assert still.editor.history.undoText() == "Paste note “Ask counsel”"
    for _ in range(3):
        still.editor.history.undo()
    assert content(still) == before


def test_adding_and_naming_is_one_step_and_naming_later_another(still: MainWindow) -> None:
    before, history = content(still), still.editor.history
    run(still, "insert.plant")
    type_in(still, "Marshall")
    assert [history.text(n) for n in range(history.count())] == ["Add plant Marshall"]
    after = content(still)
    run(still, "edit.rename")
    type_in(still, "Marshall II")
    assert history.undoText() == "Rename Marshall to Marshall II"
    history.undo()
    assert content(still) == after
    history.undo()
    assert content(still) == before
    history.redo()
    assert content(still) == after
    # A name that is given up leaves the item as it was added.
    run(still, "insert.plant")
    panel = still.canvas.open_editor
    assert isinstance(panel, LineEditor)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert history.undoText() == "Add plant New plant"
    run(still, "edit.rename")
    type_in(still, "Later")
    assert history.undoText() == "Rename New plant to Later"


# Kinds shown --------------------------------------------------------------------------------


def kinds(window: MainWindow) -> dict[str, bool | None]:
    return {choice.text: choice.is_checked for choice in window.choices["kinds"]()}


def choose(window: MainWindow, start: str) -> None:
    found = [choice for choice in window.choices["kinds"]() if choice.text.startswith(start)]
    assert len(found) == 1, start
    found[0].run()


def test_kinds_are_hidden_and_shown_with_their_numbers(still: MainWindow) -> None:
    before, scene = content(still), still.canvas.scene
    assert kinds(still)["Companies · 4"] is True
    assert kinds(still)["Supply links · 2"] is True
    assert not any(text.startswith(("Notes", "Loan", "Show all")) for text in kinds(still))
    assert still.canvas.kinds.text() == ""
    choose(still, "Materials")
    choose(still, "Supply links")
    scene = still.canvas.scene
    assert "anode" not in scene.index
    assert "anode" in still.editor.project.entities
    assert {"l9", "l10"}.isdisjoint(scene.link_index)
    assert still.editor.view.hidden == ("material", "supplies")
    assert still.canvas.kinds.text() == "3 hidden"
    assert "1 item, 2 links hidden" in still.canvas.kinds.toolTip()
    assert kinds(still)["Show all · 1 item, 2 links hidden"] is None
    assert still.editor.history.undoText() == "Hide supply links on Map"
    choose(still, "Materials")
    assert "anode" in still.canvas.scene.index
    choose(still, "Show all")
    assert still.editor.view.hidden == ()
    for _ in range(still.editor.history.count()):
        still.editor.history.undo()
    assert content(still) == before


def test_location_links_are_shown_again_where_they_are_off_by_default(still: MainWindow) -> None:
    run(still, "view.locations")
    assert kinds(still)["Location links · 4"] is False
    choose(still, "Location links")
    assert still.canvas.shows_locations
    assert still.editor.history.count() == 0
    choose(still, "Location links")
    assert still.editor.view.hidden == (LinkKind.LOCATED,)
    choose(still, "Location links")
    assert still.editor.view.hidden == ()
    assert any(link.kind is LinkKind.LOCATED for link in still.canvas.scene.links)


def test_the_button_over_the_map_opens_the_kinds(still: MainWindow) -> None:
    button = still.canvas.kinds
    assert button.isVisible()
    button.click()
    menu = button.menu_of_kinds
    assert menu.isVisible()
    texts = [action.text() for action in menu.actions()]
    assert texts == list(kinds(still))
    menu.actions()[0].trigger()
    menu.close()
    assert still.editor.view.hidden == ("plant",)
    assert button.geometry().right() <= still.canvas.width() - 8


def test_notes_and_frames_are_hidden_by_kind(still: MainWindow) -> None:
    run(still, "insert.note")
    type_in(still, "For us only")
    choose(still, "Notes")
    assert still.canvas.scene.boxes == []
    assert still.canvas.kinds.text() == "1 hidden"
    assert b"For us only" not in render_bytes(still.editor.project, None, "svg")
    choose(still, "Notes")
    assert b"For us only" in render_bytes(still.editor.project, None, "svg")


# The outline --------------------------------------------------------------------------------


def rows(window: MainWindow) -> dict[str, list[str]]:
    model = window.outline._model
    found = {}
    for number in range(model.rowCount()):
        branch = model.index(number, 0)
        names = [model.index(n, 0, branch).data() for n in range(model.rowCount(branch))]
        found[str(branch.data())] = names
    return found


def test_the_outline_shows_groups_notes_and_frames(still: MainWindow, qtbot: QtBot) -> None:
    assert "Groups" not in rows(still)
    still.editor.select(("cellco", "deal"))
    run(still, "arrange.group")
    type_in(still, "Technology")
    run(still, "insert.frame")
    type_in(still, "Phase 2")
    still.editor.select(())
    run(still, "insert.note")
    type_in(still, "Ask\ncounsel")
    qtbot.waitUntil(lambda: "Notes and frames" in rows(still))
    found = rows(still)
    assert found["Groups"] == ["Technology"]
    assert found["Notes and frames"] == ["Ask", "Phase 2"]
    model = still.outline._model
    assert model.index_of("cellco").data(GROUP) == "Technology"
    assert "in the group Technology" in str(
        model.index_of("cellco").data(Qt.ItemDataRole.AccessibleTextRole)
    )
    tree = still.outline.tree
    (group,) = still.editor.view.groups
    tree.setCurrentIndex(model.index_of(group.id))
    assert set(still.editor.selection) == {"cellco", "deal"}
    note = still.editor.view.notes[0].id
    tree.setCurrentIndex(model.index_of(note))
    assert (still.editor.selection, still.editor.boxes) == ((), (note,))
    selected = [index.data(ID) for index in tree.selectionModel().selectedIndexes()]
    assert selected == [note]


def test_hidden_items_are_dimmed_in_the_outline_and_shown_again(
    still: MainWindow, qtbot: QtBot
) -> None:
    still.editor.select(("anode",))
    run(still, "view.hide")
    model = still.outline._model
    qtbot.waitUntil(lambda: bool(model.index_of("anode").data(DIMMED)))
    assert not model.index_of("works").data(DIMMED)
    still.editor.select(("anode",))
    assert "anode" not in still.canvas.scene.index
    run(still, "view.show_here")
    assert "anode" in still.canvas.scene.index
    assert still.editor.history.undoText() == "Show Anode graphite on Map"
    assert not still.actions_table["view.show_here"].isEnabled()
    choose(still, "Companies")
    still.editor.select(("cellco",))
    run(still, "view.show_here")
    assert still.editor.view.hidden == ()
    assert {"cellco", "maker"} <= still.canvas.scene.index.keys()


# Layouts ------------------------------------------------------------------------------------


def test_a_layout_takes_frames_along_and_straightens_what_it_moves(
    still: MainWindow, qtbot: QtBot
) -> None:
    before = content(still)
    editor, canvas = still.editor, still.canvas
    editor.select(("cellco", "deal"))
    run(still, "insert.frame")
    canvas.close_editor()
    canvas.store_bends("l6", ((480.0, -60.0),), None)
    canvas.add_box(Note, (320.0, 0.0, 2000.0, 900.0), (0.0, 0.0))
    canvas.close_editor()
    steps = editor.history.count()
    run(still, "arrange.tier")
    qtbot.waitUntil(lambda: editor.history.count() > steps, timeout=20_000)
    assert editor.history.count() == steps + 1
    scene = canvas.scene
    left, top, width, height = editor.view.frames[0].rect
    for id in ("cellco", "deal"):
        x, y = canvas.places()[id]
        assert left < x < left + width
        assert top < y < top + height
    assert editor.view.bends == {}
    note = scene.box_rects[scene.box_index[editor.view.notes[0].id]].tolist()
    assert not len(scene.items_in((note[0], note[1], note[2], note[3])))
    for _ in range(steps + 1):
        editor.history.undo()
    assert content(still) == before


# Pictures -----------------------------------------------------------------------------------


def with_view(**fields: object) -> Project:
    project = small_project()
    view = msgspec.structs.replace(project.views["v1"], **fields)
    return msgspec.structs.replace(project, views={"v1": view})


def test_pictures_show_notes_frames_and_bends() -> None:
    plain = with_view()
    note = Note(id="n", text="Zebra crossing", rect=(0.0, 700.0, 160.0, 80.0))
    frame = Frame(id="f", title="Giraffe house", rect=(-150.0, -80.0, 500.0, 600.0))
    drawn = with_view(notes=(note,), frames=(frame,))
    svg = render_bytes(drawn, None, "svg")
    assert b"Zebra crossing" in svg
    assert b"Giraffe house" in svg
    assert (
        QImage.fromData(render_bytes(drawn, None)).height()
        > QImage.fromData(render_bytes(plain, None)).height()
    ), "the note lies below all cards"
    assert render_bytes(drawn, None, "pdf").startswith(b"%PDF")
    bent = with_view(bends={"l9": ((800.0, 900.0),)})
    for form in ("png", "svg"):
        assert render_bytes(bent, None, form) != render_bytes(plain, None, form)
    assert (
        QImage.fromData(render_bytes(bent, None)).height()
        > QImage.fromData(render_bytes(plain, None)).height()
    ), "the bend lies below all cards"


def test_the_minimap_shows_frames(still: MainWindow) -> None:
    minimap, canvas = still.canvas.minimap, still.canvas
    canvas.add_box(Frame, (2000.0, 0.0, 500.0, 300.0), (0.0, 0.0))
    canvas.close_editor()
    still.editor.select(())
    canvas.actual_size()
    assert minimap.needs_showing(canvas.camera.visible(*canvas.extent()))
    with_it = minimap.grab().toImage()
    choose(still, "Frames")
    assert minimap.grab().toImage() != with_it


# Where one looked ---------------------------------------------------------------------------


def test_looking_changes_no_bytes(still: MainWindow, saved: Path) -> None:
    before = saved.read_bytes()
    still.canvas.zoom_in()
    assert not still.editor.is_modified
    run(still, "file.save")
    assert saved.read_bytes() == before


def test_a_change_saves_where_one_looks_and_opening_returns_there(
    still: MainWindow, saved: Path, qtbot: QtBot
) -> None:
    canvas, editor = still.canvas, still.editor
    editor.select(("works",))
    canvas.nudge(8.0, 0.0)
    for _ in range(4):
        canvas.zoom_in()
    canvas.look(canvas.camera.panned(-200.0, 60.0))
    camera, revision = canvas.camera, editor.project.revision
    run(still, "file.save")
    assert not editor.is_modified
    assert editor.project.revision == revision
    assert editor.view.viewport is None, "looking is no change of the map"
    first = saved.read_bytes()
    viewport = read_project(saved).views["v1"].viewport
    assert viewport is not None
    assert viewport[2] == pytest.approx(canvas.width() / camera.zoom, abs=0.1)
    canvas.zoom_out()
    run(still, "file.save")
    assert saved.read_bytes() == first, "nothing has changed since"
    assert still.open_path(saved)
    wait_scored(still, qtbot)
    canvas.repaint()
    assert canvas.camera.zoom == pytest.approx(camera.zoom, rel=0.001)
    assert canvas.camera.left == pytest.approx(camera.left, abs=1.0)
    assert canvas.camera.top == pytest.approx(camera.top, abs=1.0)
    run(still, "file.save")
    assert saved.read_bytes() == first
    # After a change, with the eye left where it was, only the change is written.
    editor.select(("works",))
    canvas.nudge(8.0, 0.0)
    run(still, "file.save")
    assert read_project(saved).views["v1"].viewport == viewport
    # The whole map in sight is what a map opens with: no viewport then.
    canvas.nudge(8.0, 0.0)
    run(still, "view.fit")
    run(still, "file.save")
    assert read_project(saved).views["v1"].viewport is None


def test_undoing_to_what_was_opened_saves_the_same_bytes(still: MainWindow, saved: Path) -> None:
    before = saved.read_bytes()
    still.editor.select(("works",))
    still.canvas.nudge(8.0, 0.0)
    still.canvas.zoom_in()
    still.editor.history.undo()
    assert not still.editor.is_modified
    run(still, "file.save")
    assert saved.read_bytes() == before


def test_each_view_returns_to_where_it_was_looked_at(still: MainWindow, saved: Path) -> None:
    canvas = still.canvas
    run(still, "view.views.new")
    canvas.zoom_in()
    canvas.zoom_in()
    second, zoom = still.editor.view.id, canvas.camera.zoom
    still.view_tabs.setCurrentIndex(0)
    assert canvas.camera.zoom != zoom
    run(still, "file.save")
    views = read_project(saved).views
    assert views["v1"].viewport is None
    assert views[second].viewport is not None
    still.open_path(saved)
    canvas.repaint()
    still.editor.show_view(second)
    assert canvas.camera.zoom == pytest.approx(zoom, rel=0.001)


@pytest.mark.parametrize(
    "viewport", [(0.0, 0.0, 0.0, 0.0), (0.0, 0.0, -5.0, 5.0), (9e6, 9e6, 100.0, 100.0)]
)
def test_a_viewport_that_shows_nothing_is_passed_over(
    window: MainWindow, tmp_path: Path, viewport: tuple[float, float, float, float]
) -> None:
    path = tmp_path / "odd.depmap"
    path.write_bytes(project_bytes(with_view(viewport=viewport)))
    window.open_path(path)
    window.canvas.animates = False
    window.canvas.repaint()
    seen = window.canvas.camera.visible(*window.canvas.extent())
    assert len(window.canvas.scene.items_in(seen)) == 9


# Views and files ----------------------------------------------------------------------------


def test_all_that_a_view_holds_is_kept_by_saving(still: MainWindow, saved: Path) -> None:
    editor = still.editor
    run(still, "view.views.new")
    editor.select(("works",))
    run(still, "arrange.pin")
    editor.select(("cn", "l9"))
    run(still, "view.hide")
    editor.color(editor.color_by, "US")
    run(still, "insert.note")
    type_in(still, "Here")
    still.canvas.store_bends("l10", ((500.0, 400.0),), None)
    run(still, "file.save")
    views = read_project(saved).views
    second = next(view for id, view in views.items() if id != "v1")
    first = views["v1"]
    assert second.pinned == ("works",)
    assert second.hidden == ("cn", "l9")
    assert second.color_by == "ip:US"
    assert second.notes[0].text == "Here"
    assert second.bends == {"l10": ((500.0, 400.0),)}
    assert (first.pinned, first.hidden, first.notes, first.bends) == ((), (), (), {})


def test_a_view_of_everything_survives_copies_of_the_file() -> None:
    view = View(
        id="v1",
        groups=(Group(id="g", members=("cellco",)),),
        notes=(Note(id="n", text="x", rect=(0.0, 0.0, 80.0, 50.0)),),
        frames=(Frame(id="f", rect=(0.0, 0.0, 80.0, 50.0)),),
        bends={"l9": ((1.0, 2.0),)},
    )
    project = msgspec.structs.replace(small_project(), views={"v1": view})
    assert parse_project(project_bytes(project)).views["v1"] == view
