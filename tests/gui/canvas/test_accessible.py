"""The map as a screen reader has it: each card and link with name, place, state and action."""

import gc

import pytest
from canvas_parts import PLACES
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QAccessibleInterface
from pytestqt.qtbot import QtBot

from depmap_gui.gui.canvas.accessible import PRESS
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import LIGHT

NAME = QAccessible.Text.Name


@pytest.fixture
def heard(canvas: MapCanvas) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(canvas)


def children(heard: QAccessibleInterface) -> dict[str, QAccessibleInterface]:
    """The children by the first word of their names."""
    found = [heard.child(at) for at in range(heard.childCount())]
    return {child.text(NAME).split(",")[0]: child for child in found}


def test_every_card_and_link_is_a_child(canvas: MapCanvas, heard: QAccessibleInterface):
    assert heard.role() is QAccessible.Role.List
    assert heard.text(NAME) == "Map"
    assert heard.childCount() == len(canvas.scene.ids) + len(canvas.scene.links)
    for at in range(heard.childCount()):
        child = heard.child(at)
        assert heard.indexOfChild(child) == at
        assert child.parent().object() is canvas
        assert child.isValid()
        assert child.text(NAME)
        assert child.role() is QAccessible.Role.ListItem
        assert child.childCount() == 0
    assert heard.child(heard.childCount()) is None


def test_names_say_what_is_seen(heard: QAccessibleInterface):
    names = " | ".join(heard.child(at).text(NAME) for at in range(heard.childCount()))
    assert "Works, plant" in names
    assert "CellCo Ltd., company" in names
    assert "21%" in names


def test_children_stand_where_their_cards_do(canvas: MapCanvas, heard: QAccessibleInterface):
    at = canvas.camera.to_widget(PLACES["works"])
    middle = canvas.mapToGlobal(QPoint(round(at[0]), round(at[1])))
    works = children(heard)["Works"]
    assert works.rect().contains(middle)
    found = heard.childAt(middle.x(), middle.y())
    assert found is not None
    assert found.text(NAME) == works.text(NAME)


def test_state_follows_selection_and_keyboard(
    canvas: MapCanvas, editor: Editor, heard: QAccessibleInterface, qtbot: QtBot
):
    canvas.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    editor.select(["works", "deal"])
    by_name = children(heard)
    assert by_name["Works"].state().selected
    assert by_name["Cell license"].state().selected
    assert by_name["Cell license"].state().focused
    assert not by_name["Works"].state().focused
    assert not by_name["CellCo Ltd."].state().selected
    assert heard.focusChild().text(NAME) == by_name["Cell license"].text(NAME)


def test_pressing_a_child_selects_it(editor: Editor, heard: QAccessibleInterface):
    actions = children(heard)["Works"].actionInterface()
    assert actions.actionNames() == [PRESS]
    actions.doAction(PRESS)
    assert editor.selection == ("works",)


def test_what_is_selected_is_told(
    canvas: MapCanvas, editor: Editor, monkeypatch: pytest.MonkeyPatch
):
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: told.append((event.type(), event.child()))
    )
    editor.select(["works"])
    row = canvas.scene.ids.index("works")
    assert (QAccessible.Event.Selection, row) in told


def test_a_child_outlives_its_item_and_its_map(editor: Editor, qtbot: QtBot):
    for _ in range(10):
        canvas = MapCanvas(editor, LIGHT)
        canvas.show()
        heard = QAccessible.queryAccessibleInterface(canvas)
        works = children(heard)["Works"]
        editor.remove(["works"])
        assert not works.isValid()
        assert works.rect().isEmpty()
        assert works.text(NAME) is not None
        editor.history.undo()
        assert works.isValid()
        canvas.close()
        canvas.deleteLater()
        del heard, works, canvas
        qtbot.wait(1)
        gc.collect()
