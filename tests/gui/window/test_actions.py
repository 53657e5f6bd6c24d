"""The action table: whole and consistent; what is enabled, and what keys and menus do."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.action_menus import shortcut_groups
from depmap_gui.gui.action_specs import ActionSpec, Menu, Need, Scope, tool_tip
from depmap_gui.gui.actions import ACTIONS
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.resources import resource

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
IDS = [spec.id for spec in ACTIONS]


def test_ids_are_unique() -> None:
    assert [id for id, times in Counter(IDS).items() if times > 1] == []


def test_no_two_actions_have_the_same_keys() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_single_letters_are_heard_on_the_map_only() -> None:
    lone = [s.id for s in ACTIONS if any(len(k) == 1 for k in s.keys) and s.scope is Scope.WINDOW]
    assert lone == []


@pytest.mark.parametrize("spec", ACTIONS, ids=IDS)
def test_each_action_says_what_it_does(spec: ActionSpec) -> None:
    assert spec.plain_text
    assert spec.tip
    assert spec.tip in tool_tip(spec)
    if spec.icon:
        assert resource("icons", f"{spec.icon}.svg").is_file()


def test_access_keys_do_not_clash_within_a_menu() -> None:
    for menu in Menu:
        marks = Counter(
            spec.text[spec.text.index("&") + 1].lower()
            for spec in ACTIONS
            if spec.menu is menu and not spec.submenu and "&" in spec.text
        )
        assert [mark for mark, times in marks.items() if times > 1] == [], menu


def test_nothing_that_needs_a_map_is_enabled_without_one(window: MainWindow) -> None:
    wrong = [
        spec.id
        for spec in ACTIONS
        if Need.PROJECT in spec.needs and window.actions_table[spec.id].isEnabled()
    ]
    assert wrong == []


def test_what_is_enabled_follows_selection_and_history(open_map: MainWindow) -> None:
    table, editor = open_map.actions_table, open_map.editor
    assert not table["edit.delete"].isEnabled()
    assert not table["edit.undo"].isEnabled()
    editor.select(("homeless",))
    assert table["edit.delete"].isEnabled()
    assert table["edit.rename"].isEnabled()
    table["edit.delete"].trigger()
    assert "homeless" not in editor.project.entities
    assert not table["edit.delete"].isEnabled()
    assert table["edit.undo"].isEnabled()
    assert "Nowhere Holdings" in table["edit.undo"].text()
    table["edit.undo"].trigger()
    assert "homeless" in editor.project.entities
    table["edit.redo"].trigger()
    assert "homeless" not in editor.project.entities


@pytest.mark.parametrize("kind", EntityKind)
def test_each_kind_is_added_by_its_action(open_map: MainWindow, kind: EntityKind) -> None:
    before = set(open_map.editor.project.entities)
    open_map.actions_table[f"insert.{kind}"].trigger()
    added = set(open_map.editor.project.entities) - before
    assert [open_map.editor.project.entities[id].kind for id in added] == [kind]
    assert open_map.editor.selection == tuple(added)


def test_letters_add_items_only_with_the_map_in_focus(open_map: MainWindow, qtbot: QtBot) -> None:
    open_map.activateWindow()
    count = len(open_map.editor.project.entities)
    open_map.outline.start_finding()
    qtbot.keyClicks(open_map.outline.search, "pcm")
    assert len(open_map.editor.project.entities) == count
    assert open_map.outline.search.text() == "pcm"
    open_map.canvas.setFocus()
    qtbot.keyClicks(open_map.canvas, "p")
    assert len(open_map.editor.project.entities) == count + 1


def test_every_menu_entry_comes_from_the_table(open_map: MainWindow) -> None:
    shown = {
        action.objectName()
        for menu in open_map.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.objectName() and not action.menu()
    }
    assert shown == set(IDS)


def test_the_shortcut_sheet_lists_every_key() -> None:
    listed = {keys for rows in shortcut_groups(()).values() for _, keys in rows}
    native = QKeySequence.SequenceFormat.NativeText
    for spec in ACTIONS:
        for key in spec.keys:
            words = QKeySequence(key).toString(native)
            assert any(words in line.split(" or ") for line in listed), spec.id
