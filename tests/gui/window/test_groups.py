"""Groups by keys and mouse: framed, moved, collapsed, summed, undone to the same bytes."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_parts import small_project, wait_scored

from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Supplies
from depmap_gui.domain.views import Group, View
from depmap_gui.gui.canvas.frames import frames
from depmap_gui.gui.canvas.inline import LineEditor
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.render import render_bytes
from depmap_gui.project.file import parse_project, project_bytes

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def press(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
    window.activateWindow()
    QApplication.processEvents()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, keys)


def content(window: MainWindow) -> bytes:
    return project_bytes(window.editor.project)


def name_it(window: MainWindow, name: str) -> None:
    line = window.canvas.open_editor
    assert isinstance(line, LineEditor)
    line.setText(name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def group(window: MainWindow, *ids: str, name: str = "Upstream") -> str:
    window.editor.select(ids)
    press(window, Qt.Key.Key_G, CONTROL)
    name_it(window, name)
    return window.editor.view.groups[-1].id


def send(window: MainWindow, kind: QEvent.Type, point: QPointF) -> None:
    canvas = window.canvas
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    where = QPointF(canvas.mapToGlobal(QPoint(0, 0))) + point
    QApplication.sendEvent(canvas, QMouseEvent(kind, point, where, left, held, PLAIN))


def title_of(window: MainWindow) -> QPointF:
    (frame,) = frames(window.canvas.scene)
    left, top, _, bottom = frame.title_rect(window.canvas.camera.zoom)
    return QPointF(*window.canvas.camera.to_widget((left + 20.0, (top + bottom) / 2)))


@pytest.fixture
def still(open_map: MainWindow) -> MainWindow:
    """The map, without animation."""
    open_map.canvas.animates = False
    return open_map


def test_group_name_collapse_expand_ungroup_and_all_undone(still: MainWindow) -> None:
    before = content(still)
    made = group(still, "cellco", "powder", "deal")
    (only,) = still.editor.view.groups
    assert (only.name, only.members, only.collapsed) == (
        "Upstream",
        ("cellco", "powder", "deal"),
        False,
    )
    press(still, Qt.Key.Key_G)
    scene = still.canvas.scene
    assert made in scene.index
    assert not {"cellco", "powder", "deal"} & scene.index.keys()
    assert still.canvas.selected_items() == [made]
    assert "group of 3" in still.canvas.words_for(made)
    press(still, Qt.Key.Key_G)
    assert {"cellco", "powder", "deal"} <= still.canvas.scene.index.keys()
    press(still, Qt.Key.Key_G, CONTROL | SHIFT)
    assert still.editor.view.groups == ()
    assert still.editor.history.count() == 4
    assert still.editor.history.text(0) == "Group Upstream"
    after = content(still)
    history = still.editor.history
    for _ in range(4):
        history.undo()
    assert content(still) == before
    for _ in range(4):
        history.redo()
    assert content(still) == after


def test_a_collapsed_group_sums_its_links_and_shows_the_range_over_its_plants(
    still: MainWindow, qtbot: QtBot
) -> None:
    unknown = Supplies(id="l11", source="powder", target="anode", item="?")
    more = Supplies(id="l12", source="anode", target="works", cost=5e7)
    project = still.editor.project
    links = {**project.links, "l11": unknown, "l12": more}
    view = View(id="v1", groups=(Group(id="g", members=("powder", "anode"), collapsed=True),))
    scene = Scene(msgspec.structs.replace(project, links=links), view)
    # powder -> works 3e8, anode -> works 1e8 and 5e7: one line of 450 million to the plant.
    (line,) = [link for link in scene.links if link.kind == "supplies"]
    assert isinstance(line, Supplies)
    assert (line.source, line.target, line.cost) == ("g", "works", 4.5e8)
    assert scene.fold.meant(line.id) == ("l9", "l10", "l12")
    words = scene.label(scene.link_index[line.id])
    assert words.startswith("3 links · ")
    assert "450" in words
    assert "unknown" not in words
    unpriced = msgspec.structs.replace(more, cost=None)
    other = Scene(msgspec.structs.replace(project, links={**links, "l12": unpriced}), view)
    assert other.label(other.link_index[line.id]).endswith("+ unknown")
    # A link that stands alone stays itself.
    assert "l8" in scene.link_index
    assert scene.links[scene.link_index["l8"]].target == "g"
    wait_scored(still, qtbot)
    row = still.canvas.scene.index["works"]
    low, high = still.canvas.scene.low[row], still.canvas.scene.high[row]
    made = group(still, "works", "powder")
    press(still, Qt.Key.Key_G)
    scene = still.canvas.scene
    assert (scene.low[scene.index[made]], scene.high[scene.index[made]]) == (low, high)
    assert scene.badges[made] == scene.badges["works"]


def test_a_frame_moves_its_items_and_a_double_click_folds_it(still: MainWindow) -> None:
    group(still, "cellco", "deal")
    before = dict(still.editor.view.positions)
    start = title_of(still)
    send(still, QEvent.Type.MouseButtonPress, start)
    assert set(still.editor.selection) == {"cellco", "deal"}
    for share in (0.5, 1.0):
        send(still, QEvent.Type.MouseMove, start + QPointF(-60.0, -150.0) * share)
    send(still, QEvent.Type.MouseButtonRelease, start + QPointF(-60.0, -150.0))
    after = still.editor.view.positions
    shifts = {(round(after[id][0] - before[id][0]), round(after[id][1] - before[id][1]))
              for id in ("cellco", "deal")}  # fmt: skip
    assert len(shifts) == 1
    assert shifts != {(0, 0)}
    assert still.editor.history.undoText() == "Move 2 items"
    send(still, QEvent.Type.MouseButtonDblClick, title_of(still))
    (made,) = still.editor.view.groups
    assert made.collapsed
    assert still.editor.history.undoText() == "Collapse Upstream"
    send(still, QEvent.Type.MouseButtonDblClick, still.canvas.point_of(made.id))
    assert not still.editor.view.groups[0].collapsed
    assert {id: still.editor.view.positions[id] for id in after} == after


def test_a_moved_card_takes_its_items_along_when_it_opens(still: MainWindow) -> None:
    made = group(still, "cellco", "deal")
    before = still.editor.view.positions
    press(still, Qt.Key.Key_G)
    place = still.canvas.places()[made]
    still.canvas.nudge(40.0, 8.0)
    assert still.canvas.places()[made] == (place[0] + 40.0, place[1] + 8.0)
    press(still, Qt.Key.Key_G)
    after = still.editor.view.positions
    assert made not in after
    for id in ("cellco", "deal"):
        assert after[id] == (before[id][0] + 40.0, before[id][1] + 8.0)


def test_deleting_a_collapsed_group_takes_its_items_and_leaves_no_trace(still: MainWindow) -> None:
    made = group(still, "anode", "powder")
    press(still, Qt.Key.Key_G)
    before = content(still)
    press(still, Qt.Key.Key_Delete)
    project = still.editor.project
    assert not {"anode", "powder"} & project.entities.keys()
    assert still.editor.view.groups == ()
    assert made.encode() not in content(still)
    still.editor.history.undo()
    assert content(still) == before


def test_a_link_to_a_collapsed_group_is_refused_with_a_sentence(still: MainWindow) -> None:
    made = group(still, "anode", "powder")
    press(still, Qt.Key.Key_G)
    said: list[str] = []
    still.canvas.told.connect(said.append)
    still.canvas.offer_link("maker", made, QPointF(0, 0))
    press(still, Qt.Key.Key_K)
    assert said == ["A link joins single items: expand the group first (G)."] * 2


HOSTILE = (
    Group(id="works", members=("cellco", "deal"), collapsed=True),
    Group(id="a", members=("gone", "cellco", "cellco"), collapsed=True),
    Group(id="a", members=("deal",), collapsed=True),
    Group(id="b", members=("cellco", "anode"), collapsed=True),
    Group(id="c", members=("gone",), collapsed=True),
    Group(id="d"),
)


def test_odd_groups_of_a_file_are_shown_as_far_as_they_make_sense() -> None:
    project = small_project()
    view = msgspec.structs.replace(project.views["v1"], groups=HOSTILE)
    read = parse_project(project_bytes(msgspec.structs.replace(project, views={"v1": view})))
    assert read.views["v1"].groups == HOSTILE
    scene = Scene(read, read.views["v1"])
    assert {"a", "b"} <= scene.index.keys()
    assert "cellco" not in scene.index
    assert "works" in scene.index
    assert "deal" in scene.index
    assert len(scene.index) == len(scene.ids) == len(read.entities)


@pytest.mark.parametrize("collapsed", [False, True])
def test_pictures_show_groups(collapsed: bool) -> None:
    project = small_project()

    def drawn(groups: tuple[Group, ...], form: str) -> bytes:
        view = msgspec.structs.replace(project.views["v1"], groups=groups)
        shown: Project = msgspec.structs.replace(project, views={"v1": view})
        return render_bytes(shown, None, form)

    named = Group(id="g", name="Zebra club", members=("cellco", "deal"), collapsed=collapsed)
    assert b"Zebra club" in drawn((named,), "svg")
    assert b"Zebra club" not in drawn((), "svg")
    assert QImage.fromData(drawn((named,), "png")) != QImage.fromData(drawn((), "png"))


def test_grouping_items_of_a_group_takes_them_out_of_it(still: MainWindow) -> None:
    first = group(still, "cellco", "deal", name="First")
    second = group(still, "deal", "anode", name="Second")
    found = {g.id: g.members for g in still.editor.view.groups}
    assert found == {first: ("cellco",), second: ("deal", "anode")}
    assert still.editor.project.section(Section.VIEWS)["v1"] == still.editor.view


def test_a_card_stands_clear_and_its_items_return_where_they_were(still: MainWindow) -> None:
    # The middle of these two is where another card stands.
    made = group(still, "maker", "homeless")
    before = dict(still.editor.view.positions)
    press(still, Qt.Key.Key_G)
    places = still.canvas.places()
    x, y = places.pop(made)
    assert all(
        abs(x - other[0]) >= CARD_WIDTH or abs(y - other[1]) >= CARD_HEIGHT
        for other in places.values()
    )
    press(still, Qt.Key.Key_G)
    assert dict(still.editor.view.positions) == before


def test_a_shock_shows_on_the_card_of_a_group(still: MainWindow, qtbot: QtBot) -> None:
    made = group(still, "works", "anode")
    press(still, Qt.Key.Key_G)
    still.editor.switch_off(("powder",))
    marks = still.canvas._painter
    qtbot.waitUntil(lambda: marks.shock is not None, timeout=20_000)
    assert marks.shock is not None
    lost = marks.shock.of(still.canvas.scene.index[made])
    assert lost is not None
    assert lost.high > 0.0
