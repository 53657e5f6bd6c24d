"""Scenarios side by side, through the window's own doors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from window_parts import small_project, wait_scored

from depmap_gui.analysis.results import Score
from depmap_gui.domain.edits import Add, Remove, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Scenario, ScenarioChange
from depmap_gui.gui.dialogs.scenario_comparison import ScenarioComparisonWindow
from depmap_gui.gui.dialogs.scenario_comparison_model import CHANGE_ROLE
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.parts import Card, ClickRow
from depmap_gui.project.file import write_project

# The offscreen platform says so of every dialog; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LICENSE = Scenario(
    id="less",
    name="A smaller license",
    changes=(ScenarioChange(set="l7", field="share", value=0.4),),
)
SECOND = Scenario(
    id="second",
    name="=A second works",
    changes=(
        ScenarioChange(add={"id": "works2", "kind": "plant", "name": "New works", "own_ip": 1.0}),
    ),
)
BROKEN = Scenario(id="broken", name="Broken", changes=(ScenarioChange(remove="nothing"),))


def with_scenarios(*scenarios: Scenario) -> Project:
    return replace(small_project(), scenarios={each.id: each for each in scenarios})


@pytest.fixture
def compared(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> Callable[..., ScenarioComparisonWindow]:
    """Opens a map with these scenarios and sets them side by side."""

    def show(*scenarios: Scenario) -> ScenarioComparisonWindow:
        path = tmp_path / "map.depmap"
        write_project(with_scenarios(*scenarios), path)
        assert window.open_path(path)
        wait_scored(window, qtbot)
        window.actions_table["analyze.compare_scenarios"].trigger()
        shown = window.comparison.shown
        assert shown is not None
        wait_compared(shown, qtbot)
        return shown

    return show


def wait_compared(shown: ScenarioComparisonWindow, qtbot: QtBot) -> None:
    """Wait until the comparison belongs to the map as it stands."""
    qtbot.waitUntil(lambda: shown.comparison is not None and shown._is_answered(), timeout=20_000)
    qtbot.waitUntil(lambda: not shown.is_working, timeout=20_000)


def line(shown: ScenarioComparisonWindow, title: str, column: int = 0) -> QModelIndex:
    """The cell of the first line of that title."""
    number = next(n for n, node in enumerate(shown.model.nodes) if node.title == title)
    index = shown.model.createIndex(shown.model.nodes[number].at, 0, number)
    return index.siblingAtColumn(column)


def texts(shown: ScenarioComparisonWindow, title: str) -> list[tuple[str, str]]:
    """What each version's cell says, and how it differs from the base's."""
    columns = range(1, shown.model.columnCount())
    cells = [line(shown, title, column) for column in columns]
    return [(cell.data(), cell.data(CHANGE_ROLE)) for cell in cells]


def test_figures_stand_beside_the_base_map(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(LICENSE)
    assert [shown.model.headerData(n, Qt.Orientation.Horizontal) for n in range(3)] == [
        "Plant, product and figure", "Base", "A smaller license",
    ]  # fmt: skip
    # 0.6 by license and 0.3 its own; then 0.4 by license.
    assert texts(shown, "Chinese-IP share") == [
        ("60–70%", ""),
        ("40–70%", "▼ −20, ±0\N{NO-BREAK SPACE}pts"),
    ]
    assert texts(shown, "Inputs made in, first tier: China")[1][1] == "="
    # Three quarters of its materials are made by a company that is 80% Chinese.
    assert texts(shown, "LFP cells · Battery cell")[0][0] == "ineligible"
    assert "Tax year 2026" in shown.heading.text()
    assert "IP share changed from 60% to 40%" in shown.details.toPlainText()


def test_a_cell_tells_its_whole_story_below(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(LICENSE)
    shown.tree.setCurrentIndex(line(shown, "Chinese-IP share", 2))
    told = shown.details.toPlainText()
    assert "Chinese-IP share: 40–70%" in told
    assert "Base: 60–70%" in told
    assert "documented" in told
    spoken = line(shown, "Chinese-IP share", 2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("A smaller license: 40–70%, ▼")


def test_what_only_a_scenario_has_is_told(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(LICENSE, SECOND)
    at = next(n for n, node in enumerate(shown.model.nodes) if node.owner == "works2")
    row = next(each for each in shown.model.nodes[at:] if each.row is not None).row
    assert row is not None
    assert shown.model.words is not None
    assert [shown.model.words.shown(row, n).text for n in range(3)] == [
        "not in this map", "not in this map", "unknown",
    ]  # fmt: skip


def test_a_scenario_that_does_not_fit_is_told_of_and_the_others_compared(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(BROKEN, LICENSE)
    assert "“Broken” does not fit the map" in shown.note.text()
    assert not shown.note.isHidden()
    assert "'nothing' cannot be removed" in shown.details.toPlainText()
    assert texts(shown, "Works")[1] == ("does not fit", "")
    assert texts(shown, "Chinese-IP share")[2][0] == "40–70%"


def test_the_map_is_followed(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    assert window.editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.4), "Own more")
    assert "has changed" in shown.note.text()
    assert not shown.tree.isEnabled()
    wait_compared(shown, qtbot)
    assert shown.note.isHidden()
    assert shown.tree.isEnabled()
    assert [text for text, _ in texts(shown, "Chinese-IP share")] == ["60%", "40–60%"]
    # Another scenario is another column; its removal takes it away again.
    assert window.editor.apply(Add(SECOND), "Another")
    wait_compared(shown, qtbot)
    assert shown.model.columnCount() == 4
    assert window.editor.apply(Remove(Section.SCENARIOS, "less"), "One less")
    wait_compared(shown, qtbot)
    assert [each.scenario for each in shown.model.versions] == [None, "second"]
    window.editor.color(Score.IP, "US")
    wait_compared(shown, qtbot)
    assert texts(shown, "US-IP share")[0][0] == "40%"


def test_moving_a_card_compares_nothing_anew(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow
) -> None:
    shown = compared(LICENSE)
    before = shown.comparison
    window.editor.select(("works",))
    window.actions_table["arrange.pin"].trigger()
    assert window.editor.is_modified
    assert shown.comparison is before
    assert shown.note.isHidden()
    assert shown.tree.isEnabled()


def test_a_line_leads_to_its_plant_under_its_scenario(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE, BROKEN)
    qtbot.waitUntil(shown.isActiveWindow)
    shown.tree.setCurrentIndex(line(shown, "Chinese-IP share", 2))
    QTest.keyClick(shown.tree, Qt.Key.Key_Return)
    assert window.editor.session.scenario == "less"
    assert window.editor.selection == ("works",)
    qtbot.waitUntil(window.isActiveWindow)
    told: list[str] = []
    shown.told.connect(told.append)
    shown.tree.setCurrentIndex(line(shown, "Chinese-IP share", 3))
    shown.show_button.click()
    assert told == ["Broken does not fit the map and cannot be shown."]
    assert window.editor.session.scenario == "less"
    shown.tree.setCurrentIndex(line(shown, "Chinese-IP share", 1))
    shown.show_button.click()
    assert window.editor.session.scenario is None


def test_looking_at_a_scenario_compares_nothing_anew(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    before = shown.comparison
    window.editor.set_scenario("less")
    wait_scored(window, qtbot)
    QApplication.processEvents()
    assert shown.comparison is before
    assert shown.note.isHidden()


def test_an_edit_in_a_scenario_moves_its_column_alone(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    window.editor.set_scenario("less")
    assert window.editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.5), "Own more")
    wait_compared(shown, qtbot)
    assert [text for text, _ in texts(shown, "Chinese-IP share")] == ["60–70%", "40–50%"]


def test_scenarios_and_figures_are_chosen(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(LICENSE, SECOND)
    choose(shown.choices.scenarios, "A smaller license")
    assert shown.tree.isColumnHidden(2)
    assert not shown.tree.isColumnHidden(3)
    choose(shown.choices.figures, "Concentration")
    choose(shown.choices.figures, "Tests of the credits")
    titles = {node.title for node in shown.model.nodes}
    assert not any("HHI" in title or "Specified" in title for title in titles)
    assert "Chinese-IP share" in titles
    # The smaller license is out of sight, so nothing of the first works differs.
    shown.choices.only_changed.setChecked(True)
    assert {node.owner for node in shown.model.nodes} == {"works2"}
    choose(shown.choices.scenarios, "A smaller license")
    assert {node.owner for node in shown.model.nodes} == {"works", "works2"}


def choose(button: object, words: str) -> None:
    """Check, or uncheck, one line of a button's menu."""
    menu = button.menu()  # type: ignore[attr-defined]  # every button of this window has one
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_where_nothing_differs_it_says_so(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(replace(LICENSE, changes=()))
    assert "It changes nothing." in shown.details.toPlainText()
    shown.choices.only_changed.setChecked(True)
    assert shown.pages.currentIndex() == 1
    assert shown.message.text().startswith("No figure differs")
    shown.choices.only_changed.setChecked(False)
    assert shown.pages.currentIndex() == 0


def test_a_map_without_scenarios_says_how_to_make_one(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared()
    assert shown.message.text().startswith("This map has no scenario yet.")
    assert not shown.make_one.isHidden()
    assert not shown.copy_button.isEnabled()
    shown.make_one.click()
    assert len(window.editor.base.scenarios) == 1
    wait_compared(shown, qtbot)
    assert len(shown.model.versions) == 2
    assert "It changes nothing." in shown.details.toPlainText()
    assert shown.pages.currentIndex() == 0
    assert shown.copy_button.isEnabled()


def test_the_table_is_copied_with_headings(
    compared: Callable[..., ScenarioComparisonWindow],
) -> None:
    shown = compared(LICENSE, SECOND)
    shown.copy_button.click()
    lines = [row.split("\t") for row in QGuiApplication.clipboard().text().splitlines()]
    heads, *rows = lines
    assert heads[:7] == [
        "Plant or company", "Product and credit", "Figure", "Base", "Base, at most",
        "A smaller license", "A smaller license, at most",
    ]  # fmt: skip
    # A name that begins like a formula stays text.
    assert "'=A second works" in heads
    assert {len(row) for row in rows} == {len(heads)}
    ip = next(row for row in rows if row[2] == "Chinese-IP share")
    assert ip[3:9] == ["60%", "70%", "40%", "70%", "-20%", "0%"]
    macr = [row for row in rows if row[2].startswith("Material assistance by direct cost")]
    assert [row[2].rpartition(": ")[2] for row in macr] == ["verdict", "measure", "margin"]
    shown.tree.setFocus()
    shown.tree.setCurrentIndex(line(shown, "Chinese-IP share", 1))
    other = line(shown, "Embedded IP, suppliers included: China", 1)
    shown.tree.selectionModel().select(other, shown.tree.selectionModel().SelectionFlag.Select)
    QTest.keyClick(shown.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3


def test_risks_are_shown_where_they_are_asked_for(
    compared: Callable[..., ScenarioComparisonWindow], qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    assert not any(node.title == "Money at risk" for node in shown.model.nodes)
    shown.choices.sampled.setChecked(True)
    assert shown.is_working
    qtbot.waitUntil(lambda: not shown.is_working, timeout=60_000)
    assert any(node.title == "Money at risk" for node in shown.model.nodes)
    assert "1,000 samples" in shown.heading.text()


def test_it_can_be_canceled_and_asked_again(
    compared: Callable[..., ScenarioComparisonWindow], qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    shown.choices.sampled.setChecked(True)
    assert not shown.cancel.isHidden()
    assert not shown.progress.isHidden()
    shown.cancel.click()
    qtbot.waitUntil(lambda: not shown.is_working, timeout=20_000)
    assert shown.note.text() == "The comparison was canceled."
    assert shown.cancel.isHidden()
    assert not shown.again.isHidden()
    shown.choices.sampled.setChecked(False)
    wait_compared(shown, qtbot)
    assert shown.again.isHidden()
    assert texts(shown, "Chinese-IP share")[1][0] == "40–70%"


def test_it_goes_with_its_map(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow
) -> None:
    shown = compared(LICENSE)
    window.actions_table["file.close"].trigger()
    assert not shown.isVisible()
    assert shown.comparison is None
    assert not window.actions_table["analyze.compare_scenarios"].isEnabled()


def test_one_stays_where_one_was(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    shown.tree.setCurrentIndex(line(shown, "Concentration of suppliers (HHI)", 2))
    product = line(shown, "LFP cells · Battery cell")
    shown.tree.collapse(product)
    assert window.editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.4), "Own more")
    wait_compared(shown, qtbot)
    here = shown.tree.currentIndex()
    assert (shown.model.node_at(here).title, here.column()) == (
        "Concentration of suppliers (HHI)", 2,
    )  # fmt: skip
    assert not shown.tree.isExpanded(line(shown, "LFP cells · Battery cell"))
    assert shown.tree.isExpanded(line(shown, "Works"))


# In the scores panel -------------------------------------------------------------------------


def beside(window: MainWindow) -> dict[str, str]:
    """What the plant's card says of the chosen scenario: what each line is called, and says."""
    cards = [card for card in window.scores.findChildren(Card) if card.isVisible()]
    found = [
        card
        for card in cards
        if any("beside the base map" in each.text() for each in card.findChildren(QLabel))
    ]
    if not found:
        return {}
    lines = [row.accessibleName() for row in found[0].findChildren(ClickRow)]
    return dict(line.split(": ", 1) for line in lines)


def test_a_plant_says_what_the_chosen_scenario_changes(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "map.depmap"
    write_project(with_scenarios(LICENSE, replace(LICENSE, id="none", changes=())), path)
    assert window.open_path(path)
    wait_scored(window, qtbot)
    window.workspace.show_page(window.scores)
    window.editor.select(("works",))
    assert beside(window) == {}
    window.editor.set_scenario("less")
    qtbot.waitUntil(lambda: bool(beside(window)), timeout=20_000)
    told = beside(window)
    assert told["Chinese-IP share"] == "40–70%, ▼ −20, ±0\N{NO-BREAK SPACE}pts"
    assert not any("Inputs" in title for title in told)
    window.editor.set_scenario("none")
    words = "No figure of this plant is another in this scenario."
    qtbot.waitUntil(
        lambda: any(each.text() == words for each in window.scores.findChildren(QLabel)),
        timeout=20_000,
    )
    window.editor.set_scenario(None)
    wait_scored(window, qtbot)
    assert beside(window) == {}


def test_the_keys_stay_with_the_figures_while_they_are_compared_anew(
    compared: Callable[..., ScenarioComparisonWindow], window: MainWindow, qtbot: QtBot
) -> None:
    shown = compared(LICENSE)
    shown.activateWindow()
    shown.tree.setFocus()
    qtbot.waitUntil(shown.tree.hasFocus)
    assert window.editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.4), "Own more")
    wait_compared(shown, qtbot)
    assert shown.tree.isEnabled()
    assert shown.tree.hasFocus()
