"""What if: scenarios are made, shown and edited through the window's own doors."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from window_parts import wait_scored

from depmap_gui.analysis.results import Score
from depmap_gui.domain.differences import Change
from depmap_gui.domain.edits import Add, Batch, Edit, Place, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Owns, Plant, ScenarioChange, Supplies
from depmap_gui.domain.scenarios import ScenarioError, play
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.explanation import Explainer, Question
from depmap_gui.project.file import project_bytes, read_project
from depmap_gui.project.journal import recover
from depmap_gui.session.session import Session

NEW, CHANGES = "analyze.scenario.new", "analyze.scenario.changes"


def act(window: MainWindow, id: str) -> None:
    assert window.actions_table[id].isEnabled()
    window.actions_table[id].trigger()


def on_map(project: Project) -> tuple[dict[str, object], dict[str, object]]:
    return dict(project.entities), dict(project.links)


def changes(window: MainWindow) -> tuple[ScenarioChange, ...]:
    editor = window.editor
    return editor.base.scenarios[editor.scenario or ""].changes


@pytest.fixture
def what_if(open_map: MainWindow) -> MainWindow:
    """A window on the small map that edits a new scenario."""
    act(open_map, NEW)
    return open_map


def test_a_scenario_is_made_named_and_shown(open_map: MainWindow, qtbot: QtBot) -> None:
    lens = open_map.toolbar.lens.scenario
    assert lens.isVisible()
    assert [lens.itemText(row) for row in range(lens.count())] == ["Base map", "New scenario…"]
    lens.picked.emit(lens.itemData(1))
    assert open_map.editor.scenario is not None
    assert open_map.what_if.isVisible()
    line = open_map.what_if.list.findChild(QLineEdit)
    assert line is not None
    line.setText("No license")
    QTest.keyClick(line, Qt.Key.Key_Return)
    # What was typed is taken over with the next turn of events.
    QApplication.processEvents()
    assert [each.name for each in open_map.editor.base.scenarios.values()] == ["No license"]
    assert lens.currentText() == "No license"
    banner = open_map.canvas.scenario_banner
    assert banner.isVisible()
    assert banner.words.accessibleName().startswith("What if: No license. 0 changes")
    wait_scored(open_map, qtbot)


def test_edits_are_the_scenarios_and_the_base_stays(what_if: MainWindow, qtbot: QtBot) -> None:
    editor, before = what_if.editor, what_if.editor.base
    editor.select(["deal"])
    act(what_if, "edit.delete")
    editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.9), "Set own IP")
    assert on_map(editor.base) == on_map(before)
    assert changes(what_if) == (
        ScenarioChange(set="works", field="own_ip", value=0.9),
        ScenarioChange(remove="deal"),
    )
    assert editor.history.undoText() == "Set own IP (in New scenario)"
    wait_scored(what_if, qtbot)
    assert editor.assessment is not None
    assert editor.assessment.scenario == editor.scenario
    assert "deal" not in what_if.canvas.scene.index
    act(what_if, "analyze.scenario.base")
    assert "deal" in what_if.canvas.scene.index
    assert editor.project is editor.base
    assert not what_if.canvas.scenario_banner.isVisible()
    wait_scored(what_if, qtbot)
    assert editor.assessment.scenario is None


def test_undo_comes_back_to_the_scenario(what_if: MainWindow) -> None:
    editor = what_if.editor
    scenario, empty = editor.scenario, project_bytes(editor.base)
    editor.apply(SetField(Section.ENTITIES, "works", "name", "Other"), "Rename")
    act(what_if, "analyze.scenario.base")
    act(what_if, "edit.undo")
    assert editor.scenario == scenario
    assert project_bytes(editor.base) == empty
    act(what_if, "edit.redo")
    assert editor.project.entities["works"].name == "Other"
    assert editor.base.entities["works"].name == "Works"


def test_a_removed_item_keeps_its_place_on_the_base_map(what_if: MainWindow) -> None:
    editor = what_if.editor
    views = editor.base.views
    editor.remove(["deal", "works"])
    assert editor.base.views == views
    ghosts = what_if.canvas.what_if.ghosts
    assert {name for name, _ in ghosts.values()} == {"Cell license", "Works"}


def test_the_map_marks_what_is_otherwise(what_if: MainWindow) -> None:
    editor = what_if.editor
    editor.add(Company(id="fresh", name="Fresh"), (0.0, 700.0))
    editor.connect_items(Supplies(id="way", source="fresh", target="works", cost=1.0))
    editor.apply(SetField(Section.LINKS, "l9", "cost", 5.0), "Cost")
    marks = what_if.canvas.what_if.marks
    assert marks == {"fresh": Change.ADDED, "way": Change.ADDED, "l9": Change.CHANGED}
    assert what_if.canvas.scenario_banner.words.accessibleName().startswith(
        "What if: New scenario. 3 changes"
    )
    picture = what_if.canvas.grab().toImage()
    editor.set_scenario(None)
    assert what_if.canvas.what_if is None
    assert what_if.canvas.grab().toImage() != picture


def test_asking_for_the_changes_brings_the_keys_to_them(what_if: MainWindow, qtbot: QtBot) -> None:
    panel = what_if.what_if
    what_if.canvas.setFocus()
    act(what_if, CHANGES)
    assert panel.list.hasFocus()  # There is no change to go to yet.
    what_if.editor.apply(SetField(Section.LINKS, "l9", "cost", 5.0), "Cost")
    what_if.canvas.setFocus()
    act(what_if, CHANGES)
    assert panel.changes.hasFocus()
    QTest.keyClick(panel.changes, Qt.Key.Key_Return)
    assert what_if.editor.selection == ("l9",)


def test_the_mark_of_a_link_leaves_cards_and_labels_readable(what_if: MainWindow) -> None:
    """The band goes along behind a card that lies on its way, as the link does."""
    editor, canvas = what_if.editor, what_if.canvas
    editor.add(Company(id="left", name="Left"), (0.0, 2000.0))
    editor.add(Company(id="between", name="Between"), (300.0, 2000.0))
    editor.add(Company(id="right", name="Right"), (700.0, 2000.0))
    editor.connect_items(Owns(id="way", source="left", target="right", share=0.5))
    editor.select([])
    canvas.animates = False
    canvas.reveal(("left", "right"))
    canvas.rest()
    marked = canvas.grab().toImage()
    assert canvas.what_if is not None
    marks = dict(canvas.what_if.marks)
    assert marks.pop("way") is Change.ADDED
    canvas.what_if = replace(canvas.what_if, marks=marks)
    bare = canvas.grab().toImage()
    assert marked != bare
    half = QPointF(60.0, 20.0)
    (label,) = [
        label
        for label in canvas._labels.within((0.0, 1900.0, 700.0, 2100.0), canvas.camera.zoom)
        if label.row == canvas.scene.link_index["way"]
    ]
    left, top, width, height = label.rect
    for middle, room in (
        (QPointF(300.0, 2000.0), half),
        (QPointF(left + width / 2, top + height / 2), QPointF(width / 2 - 3, height / 2 - 3)),
    ):
        first, last = middle - room, middle + room
        corner = QPointF(*canvas.camera.to_widget((first.x(), first.y()))).toPoint()
        end = QPointF(*canvas.camera.to_widget((last.x(), last.y()))).toPoint()
        area = QRect(corner, end)
        assert area.width() > 10
        assert marked.copy(area) == bare.copy(area)


ACTS: list[tuple[str, Edit]] = [
    ("a field", SetField(Section.ENTITIES, "works", "own_ip", (0.1, 0.2, 0.3))),
    ("an item", Batch("", (Add(Company(id="n")), Place("v1", {"n": (1.0, 2.0)})))),
    ("a moved link", SetField(Section.LINKS, "l9", "source", "homeless")),
]


@pytest.mark.parametrize(("name", "edit"), ACTS, ids=[name for name, _ in ACTS])
def test_it_shows_what_the_same_edit_makes_of_the_base(
    open_map: MainWindow, name: str, edit: Edit
) -> None:
    editor = open_map.editor
    assert editor.apply(edit, name)
    direct = on_map(editor.project)
    editor.history.undo()
    act(open_map, NEW)
    assert editor.apply(edit, name)
    assert on_map(editor.project) == direct
    assert on_map(play(editor.base, editor.scenario)) == direct


def test_items_are_copied_pasted_and_duplicated_in_it(what_if: MainWindow) -> None:
    editor, base = what_if.editor, what_if.editor.base
    editor.select(["powder"])
    act(what_if, "edit.duplicate")
    act(what_if, "edit.copy")
    act(what_if, "edit.paste")
    assert on_map(editor.base) == on_map(base)
    new = [id for id in editor.project.entities if id not in base.entities]
    assert len(new) == 2
    assert all(id in editor.base.views["v1"].positions for id in new)
    # What the scenario adds has its place on the view, which is no fault of the base map.
    assert {each.add["id"] for each in changes(what_if) if each.add} >= set(new)


def test_a_large_edit_is_recorded_too(what_if: MainWindow, qtbot: QtBot) -> None:
    editor, base = what_if.editor, what_if.editor.base
    many = tuple(Add(Company(id=f"c{number}", name="C")) for number in range(2_500))
    before = project_bytes(base)
    editor.apply_large(Batch("Many", many), "Add many")
    qtbot.waitUntil(lambda: len(editor.project.entities) > 2_500, timeout=60_000)
    assert on_map(editor.base) == on_map(base)
    assert len(changes(what_if)) == 2_500
    assert editor.history.undoText() == "Add many (in New scenario)"
    editor.history.undo()
    assert project_bytes(editor.base) == before


def test_changes_are_told_shown_and_taken_out(what_if: MainWindow) -> None:
    editor, panel = what_if.editor, what_if.what_if
    editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.35), "Set")
    editor.add(Company(id="fresh", name="Fresh"), (0.0, 700.0))
    editor.connect_items(Supplies(id="way", source="fresh", target="works", cost=1.0))
    act(what_if, CHANGES)
    told = [panel.model.data(panel.model.index(row)) for row in range(panel.model.rowCount())]
    assert told[1] == "Works: own IP changed from 30% to 35%."
    assert told[0].startswith("Added company 'Fresh'")
    act(what_if, "analyze.scenario.next_change")
    assert editor.selection == ("fresh",)
    # What rests on the added item goes with it.
    QTest.keyClick(panel.changes, Qt.Key.Key_Delete)
    assert changes(what_if) == (ScenarioChange(set="works", field="own_ip", value=0.35),)
    assert "fresh" not in editor.base.views["v1"].positions
    act(what_if, "edit.undo")
    assert "fresh" in editor.base.views["v1"].positions


def test_a_scenario_becomes_the_base_map_in_one_step(what_if: MainWindow) -> None:
    editor = what_if.editor
    editor.remove(["deal"])
    editor.add(Company(id="fresh", name="Fresh"), (0.0, 700.0))
    played, before = on_map(editor.project), project_bytes(editor.base)
    act(what_if, "analyze.scenario.adopt")
    assert on_map(editor.base) == played
    assert editor.scenario is None
    assert not editor.base.scenarios
    assert "deal" not in editor.base.views["v1"].positions
    act(what_if, "edit.undo")
    assert project_bytes(editor.base) == before
    assert on_map(editor.project) == played


def test_scenarios_are_duplicated_renamed_annotated_and_deleted(what_if: MainWindow) -> None:
    editor, panel = what_if.editor, what_if.what_if
    editor.remove(["deal"])
    act(what_if, "analyze.scenario.duplicate")
    names = [each.name for each in editor.base.scenarios.values()]
    assert names == ["New scenario", "New scenario copy"]
    assert editor.project.entities.keys() == editor.base.entities.keys() - {"deal"}
    panel.notes.setText("Why not?")
    panel.notes.editingFinished.emit()
    assert editor.base.scenarios[editor.scenario or ""].notes == "Why not?"
    act(what_if, "analyze.scenario.next")
    assert editor.scenario is None
    act(what_if, "analyze.scenario.next")
    act(what_if, "analyze.scenario.delete")
    assert [each.name for each in editor.base.scenarios.values()] == ["New scenario copy"]
    assert editor.scenario is None
    act(what_if, "edit.undo")
    assert editor.base.scenarios[editor.scenario or ""].name == "New scenario"


def test_a_scenario_that_no_longer_fits_is_played_as_far_as_it_does(
    what_if: MainWindow, qtbot: QtBot
) -> None:
    editor, panel = what_if.editor, what_if.what_if
    scenario = editor.scenario
    editor.apply(SetField(Section.ENTITIES, "powder", "name", "Powder"), "Set")
    editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.5), "Set")
    editor.set_scenario(None)
    editor.remove(["powder"])
    editor.set_scenario(scenario)
    works = editor.project.entities["works"]
    assert isinstance(works, Plant)
    assert works.own_ip == 0.5
    wait_scored(what_if, qtbot)
    broken = [
        (row, each)
        for row, each in enumerate(what_if.problems.findings)
        if each.code == "scenario.broken"
    ]
    assert len(broken) == 1
    assert "'name' of 'powder' cannot be set" in broken[0][1].message
    banner = what_if.canvas.scenario_banner
    assert "1 does not fit" in banner.words.accessibleName()
    # The name gives way to it, however long.
    assert editor.apply(SetField(Section.SCENARIOS, scenario, "name", "A long name " * 20), "Name")
    assert banner.note.isVisible()
    assert "1 does not fit" in banner.note.text()
    assert "Left out" in panel.model.data(panel.model.index(0))
    with pytest.raises(ScenarioError, match="powder"):
        Session(editor.base).request(scenario=scenario)
    assert what_if.problems.mend(broken[0][0])
    assert changes(what_if) == (ScenarioChange(set="works", field="own_ip", value=0.5),)
    wait_scored(what_if, qtbot)
    assert not [each for each in what_if.problems.findings if each.code == "scenario.broken"]


def test_places_of_what_a_scenario_adds_are_no_problem_of_the_base(
    what_if: MainWindow, qtbot: QtBot
) -> None:
    editor = what_if.editor
    editor.add(Company(id="fresh", name="Fresh"), (0.0, 700.0))
    editor.remove(["deal"])
    for scenario in (editor.scenario, None):
        editor.set_scenario(scenario)
        wait_scored(what_if, qtbot)
        assert not [each for each in what_if.problems.findings if each.code == "view.unknown"]


def test_a_cell_of_a_table_is_filled_in_it(what_if: MainWindow) -> None:
    editor = what_if.editor
    act(what_if, CHANGES)
    what_if.workspace.show_page(what_if.tables)
    model = what_if.tables.view.model()
    row = next(
        row
        for row in range(model.rowCount())
        if model.index(row, 0).data() == editor.project.entities["works"].name
    )
    assert model.setData(model.index(row, 0), "Works two")
    assert changes(what_if) == (ScenarioChange(set="works", field="name", value="Works two"),)


def test_it_is_saved_and_a_crash_loses_nothing(
    what_if: MainWindow, saved: Path, tmp_path: Path
) -> None:
    editor = what_if.editor
    editor.remove(["deal"])
    editor.add(Company(id="fresh", name="Fresh"), (0.0, 700.0))
    (journal,) = (tmp_path / "recovery").glob("*.journal")
    assert project_bytes(recover(journal).project) == project_bytes(editor.base)
    act(what_if, "file.save")
    assert read_project(saved).scenarios == editor.base.scenarios


def test_why_is_answered_of_the_scenario(what_if: MainWindow, qtbot: QtBot) -> None:
    editor = what_if.editor
    editor.apply(SetField(Section.LINKS, "l7", "share", 0.1), "Set")
    wait_scored(what_if, qtbot)
    assert editor.assessment is not None
    assert editor.assessment.scores.ip["works"]["CN"] == pytest.approx(0.1)
    explainer = Explainer(editor, what_if)
    with qtbot.waitSignal(explainer.answered, timeout=20_000) as told:
        explainer.ask(Question("works", Score.IP, "CN"))
    tree = told.args[0].tree
    assert tree.amount == pytest.approx(0.1)


def test_every_part_of_the_window_follows_the_choice(what_if: MainWindow, qtbot: QtBot) -> None:
    """Outline, tables, properties and the picture show the map with the scenario played."""
    editor, window = what_if.editor, what_if
    editor.apply(SetField(Section.ENTITIES, "works", "name", "Works of another"), "Rename")
    editor.remove(["homeless"])
    window.workspace.show_page(window.tables)
    for scenario, name, has in (
        (editor.scenario, "Works of another", False),
        (None, "Works", True),
    ):
        editor.set_scenario(scenario)
        wait_scored(window, qtbot)
        # Whatever waits for its turn has had it.
        qtbot.waitUntil(lambda wanted=name: wanted in outlined(window), timeout=5_000)
        assert ("Nowhere Holdings" in outlined(window)) is has
        editor.select(["works"])
        assert window.canvas.scene.entities[window.canvas.scene.index["works"]].name == name
        assert ("homeless" in window.canvas.scene.index) is has
        plants = window.tables.view.model()
        assert name in [plants.index(row, 0).data() for row in range(plants.rowCount())]


def outlined(window: MainWindow) -> set[str]:
    """The names that the outline lists."""
    model = window.outline.tree.model()
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    return {
        str(model.index(row, 0, group).data())
        for group in groups
        for row in range(model.rowCount(group))
    }
