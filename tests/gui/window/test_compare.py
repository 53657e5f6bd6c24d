"""Applying a workbook and comparing versions, through the window's own doors."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from depmap_gui.domain.differences import Change
from depmap_gui.domain.edits import Add, Batch
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Operates, Plant
from depmap_gui.gui.dialogs.compare import CompareWindow
from depmap_gui.gui.dialogs.differences import ReviewDialog
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.project.file import write_project
from depmap_gui.session.export import export_workbook
from depmap_gui.session.session import Session, score

# The offscreen platform says so of every dialog; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def base() -> Project:
    entities = [
        Company(id="maker", name="Maker"),
        Company(id="old", name="Old Co"),
        Plant(id="works", name="Works", own_ip=0.3),
    ]
    return Project(
        entities={each.id: each for each in entities},
        links={"o": Operates(id="o", source="maker", target="works")},
    )


def later() -> Project:
    before = base()
    entities = {id: each for id, each in before.entities.items() if id != "old"}
    entities["works"] = replace(before.entities["works"], own_ip=0.4)
    entities["new"] = Company(id="new", name="New Co")
    return replace(before, entities=entities)


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not until():
        assert time.monotonic() < end, "it never came"
        QApplication.processEvents()
        time.sleep(0.01)


def open_base(window: MainWindow, path: Path) -> None:
    write_project(base(), path)
    assert window.open_path(path)


def test_two_versions_are_shown_as_one_map(window: MainWindow, tmp_path: Path) -> None:
    open_base(window, tmp_path / "a.depmap")
    write_project(later(), tmp_path / "b.depmap")
    window.compare.compare_path(tmp_path / "b.depmap")
    wait(lambda: window.compare.shown is not None)
    shown = window.compare.shown
    assert isinstance(shown, CompareWindow)
    # What differs is told from the other file to the map that is open.
    assert dict(shown.map.marks) == {
        "works": Change.CHANGED, "new": Change.REMOVED, "old": Change.ADDED,
    }  # fmt: skip
    assert {"new", "old", "works"} <= set(shown.map.scene.ids)
    rows = [row.words for row in shown.list.model.rows]
    assert "Works: own IP changed from 40% to 30%." in rows
    before = shown.map.camera
    shown.list.table.selectRow(rows.index("Works: own IP changed from 40% to 30%."))
    assert shown.map.camera != before
    assert not shown.map.grab().isNull()
    shown.list.search.setText("removed")
    assert shown.list.table.model().rowCount() == 1
    assert window.editor.history.count() == 0
    shown.close()


def test_an_edited_workbook_is_reviewed_and_becomes_one_step(
    window: MainWindow, tmp_path: Path
) -> None:
    open_base(window, tmp_path / "a.depmap")
    request = Session(base()).request()
    export_workbook(request, score(request), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    header = {cell.value: cell.column for cell in book["Plants"][4]}
    book["Plants"].cell(5, header["Own IP"]).value = 0.45
    book["Plants"].cell(5, header["Bought in"]).value = "much"
    book["Companies"].cell(5, 3).value = "Maker Inc."
    book.save(tmp_path / "a.xlsx")
    window.compare.apply_path(tmp_path / "a.xlsx")
    wait(lambda: window.compare.shown is not None)
    shown = window.compare.shown
    assert isinstance(shown, ReviewDialog)
    model = shown.list.model
    words = [row.words for row in model.rows]
    assert "holds the text 'much', where a number belongs" in words[0]
    assert model.rows[0].told is None
    name = words.index("Maker Inc.: name changed from 'Maker' to 'Maker Inc.'.")
    assert shown.apply_button.text() == "&Apply 2 changes"
    model.setData(
        model.index(name, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole
    )
    assert shown.apply_button.text() == "&Apply 1 change"
    shown.apply_button.click()
    assert window.editor.project.entities["works"].own_ip == 0.45
    assert window.editor.project.entities["maker"].name == "Maker"
    assert window.editor.history.undoText() == "Apply 1 change from a.xlsx"
    window.editor.history.undo()
    assert window.editor.project.entities["works"].own_ip == 0.3


def test_differences_are_narrowed_and_declined_by_kind(window: MainWindow, tmp_path: Path) -> None:
    open_base(window, tmp_path / "a.depmap")
    write_project(later(), tmp_path / "b.depmap")
    window.compare.apply_path(tmp_path / "b.depmap")
    wait(lambda: window.compare.shown is not None)
    shown = window.compare.shown
    assert isinstance(shown, ReviewDialog)
    assert [toggle.text() for toggle in shown.list.changes.values()] == [
        "+ added  1", "− removed  1", "~ changed  1",
    ]  # fmt: skip
    model = shown.list.model
    # Only what is in sight is declined: here what was removed.
    for change in ("+ added", "~ changed"):
        shown.list.changes[change].click()
    assert model.rowCount() == 1
    shown.list.table.setFocus()
    shown.list.table.selectRow(0)
    QTest.keyClick(shown.list.table, Qt.Key.Key_Space)
    assert shown.apply_button.text() == "&Apply 2 changes"
    shown.list.changes["+ added"].click()
    kinds = shown.list.kinds
    assert [kinds.itemText(at) for at in range(kinds.count())] == [
        "Everything  3", "Companies  2", "Plants  1",
    ]  # fmt: skip
    kinds.setCurrentIndex(2)
    assert model.rowCount() == 0
    shown.apply_button.click()
    entities = window.editor.project.entities
    assert {"maker", "old", "new", "works"} == set(entities)
    assert entities["works"].own_ip == 0.4


def test_a_large_edit_is_made_beside_the_map(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_base(window, tmp_path / "a.depmap")
    editor = window.editor
    monkeypatch.setattr("depmap_gui.gui.editor.LARGE", 0)
    made: list[bool] = []
    edit = Batch("Add two", tuple(Add(Company(id=id, name=id)) for id in ("x", "y")))
    editor.apply_large(edit, "Add two", lambda: made.append(True))
    assert "x" not in editor.project.entities
    wait(lambda: bool(made))
    assert {"x", "y"} <= set(editor.project.entities)
    assert editor.history.undoText() == "Add two"
    editor.history.undo()
    assert editor.project == replace(base(), revision=editor.project.revision)
    editor.history.redo()
    assert {"x", "y"} <= set(editor.project.entities)
    # One that cannot be made says why, and changes nothing.
    told: list[str] = []
    editor.refused.connect(told.append)
    before = editor.project
    editor.apply_large(edit, "Add two again")
    wait(lambda: bool(told))
    assert "already taken" in told[0]
    assert editor.project is before
