"""Two windows on two maps: apart in what they hold, alike in their colors."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_parts import small_project

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.app import Windows
from depmap_gui.project.file import write_project

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_two_windows_hold_two_maps_and_wear_one_theme(qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / "one.depmap", tmp_path / "two.depmap"]
    for path in paths:
        write_project(small_project(), path)
    windows = Windows()
    first = windows.open(paths[0])
    qtbot.addWidget(first)
    first.actions_table["file.new_window"].trigger()
    second = windows.foremost()
    assert second is not None
    assert second is not first
    qtbot.addWidget(second)
    second.open_path(paths[1])
    first.editor.apply(SetField(Section.ENTITIES, "works", "name", "Other"), "Rename")
    assert second.editor.project.entities["works"].name == "Works"
    assert first.editor.is_modified
    assert not second.editor.is_modified
    second.actions_table["view.theme.dark"].trigger()
    assert first.theme == second.theme
    assert first.theme.is_dark
    first.editor.history.setClean()
    first.close()
    assert second.isVisible()
    assert windows.foremost() is second
    second.actions_table["view.theme.system"].trigger()
    second.close()
    assert windows.foremost() is None
