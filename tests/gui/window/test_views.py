"""Several views of one map: each with its own places, items, coloring; all of it undoable."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from window_parts import answers

from depmap_gui.analysis.results import Score
from depmap_gui.gui.dialogs.questions import Unsaved
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.project.file import project_bytes


def content(window: MainWindow) -> bytes:
    return project_bytes(window.editor.project)


def run(window: MainWindow, id: str) -> None:
    action = window.actions_table[id]
    assert action.isEnabled(), id
    action.trigger()


def names(window: MainWindow) -> list[str]:
    tabs = window.view_tabs
    return [tabs.tabText(n) for n in range(tabs.count())]


@pytest.fixture
def still(open_map: MainWindow) -> MainWindow:
    """The map, without animation."""
    open_map.canvas.animates = False
    return open_map


def test_each_view_has_its_own_places_items_and_coloring(still: MainWindow) -> None:
    editor, canvas = still.editor, still.canvas
    before = content(still)
    assert still.view_tabs.isHidden()
    run(still, "view.views.new")
    assert names(still) == ["Map", "View 2"]
    assert still.view_tabs.isVisible()
    second = editor.view.id
    assert second != "v1"
    assert canvas.places() == dict(editor.project.views["v1"].positions)
    editor.select(("works",))
    canvas.nudge(50.0, 0.0)
    editor.select(("cn", "l9"))
    run(still, "view.hide")
    assert "cn" not in canvas.scene.index
    assert "l9" not in canvas.scene.link_index
    assert "cn" in editor.project.entities
    assert "l9" in editor.project.links
    editor.color(Score.ATTRIBUTION, "US")
    still.view_tabs.setCurrentIndex(0)
    assert editor.view.id == "v1"
    assert "cn" in canvas.scene.index
    assert (editor.color_by, editor.jurisdiction) == (Score.IP, "CN")
    assert canvas.places()["works"] == (960.0, 120.0)
    run(still, "view.views.next")
    assert editor.view.id == second
    assert editor.color_by is Score.ATTRIBUTION
    assert canvas.places()["works"] == (1010.0, 120.0)
    after = content(still)
    steps = editor.history.count()
    assert steps == 4
    still.view_tabs.setCurrentIndex(0)
    editor.history.undo()
    assert editor.view.id == second, "what is undone is seen"
    for _ in range(steps - 1):
        editor.history.undo()
    assert content(still) == before
    assert editor.view.id == "v1"
    for _ in range(steps):
        editor.history.redo()
    assert content(still) == after


def test_show_all_brings_back_what_was_hidden(still: MainWindow) -> None:
    assert not still.actions_table["view.show_all"].isEnabled()
    still.editor.select(("works",))
    still.activateWindow()
    QApplication.processEvents()
    still.canvas.setFocus()
    QTest.keyClick(still.canvas, Qt.Key.Key_H)
    assert "works" not in still.canvas.scene.index
    assert still.editor.selection == ()
    QTest.keyClick(still.canvas, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    assert "works" in still.canvas.scene.index
    assert still.editor.view.hidden == ()


def test_duplicate_rename_delete(still: MainWindow, tmp_path: Path) -> None:
    editor = still.editor
    editor.select(("powder",))
    run(still, "view.hide")
    run(still, "view.views.duplicate")
    assert editor.view.hidden == ("powder",)
    assert names(still) == ["Map", "Map copy"]
    run(still, "view.views.rename")
    line = still.view_tabs.findChild(QLineEdit)
    assert line is not None
    line.setText("Board & bank")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert editor.view.name == "Board & bank"
    assert editor.history.undoText() == "Rename view Map copy to Board & bank"
    path = tmp_path / "views.depmap"
    editor.save_as(path)
    saved = path.read_bytes()
    run(still, "view.views.delete")
    assert names(still) == ["Map"]
    assert editor.view.id == "v1"
    assert still.view_tabs.isHidden()
    assert not still.actions_table["view.views.delete"].isEnabled()
    editor.history.undo()
    assert content(still) == saved
    answers(still).on_unsaved = Unsaved.DISCARD
    assert still.open_path(path)
    assert [view.name for view in editor.project.views.values()] == ["Map", "Board & bank"]


def test_a_drag_on_a_view_with_hidden_items_builds_nothing_anew(still: MainWindow) -> None:
    still.editor.select(("powder",))
    run(still, "view.hide")
    scene = still.canvas.scene
    still.editor.select(("works",))
    still.canvas.nudge(8.0, 0.0)
    assert still.canvas.scene is scene
