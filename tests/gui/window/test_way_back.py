"""The way back to eligible, through the window's own doors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from window_parts import small_project, wait_scored

from depmap_gui.analysis.repair_results import Ending, RepairResult
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import LocationRole, Section, SupplyCategory
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Located, Plant, Supplies
from depmap_gui.gui.action_menus import what_is_selected
from depmap_gui.gui.dialogs.repair import RepairWindow
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.parts import Card, ClickRow
from depmap_gui.gui.settings import THEME, ThemeChoice
from depmap_gui.project.file import write_project
from depmap_gui.rules.results import Eligibility

# The offscreen platform says so of every dialog; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SWAP = "swap:l9:other"


def with_candidate() -> Project:
    """The small map; its cathode, of a Chinese-held maker, could come from a Korean one."""
    project = small_project()
    maker = Company(id="rival", name="Rival Co.")
    links = [
        Located(id="home", source="us", target="rival", role=LocationRole.INCORPORATED),
        Supplies(id="other", source="rival", target="works", item="Cathode", cost=3.3e8,
                 category=SupplyCategory.MATERIAL, candidate=True),
    ]  # fmt: skip
    return replace(
        project,
        entities=dict(project.entities) | {maker.id: maker},
        links=dict(project.links) | {link.id: link for link in links},
    )


Opener = Callable[[Project], RepairWindow]


@pytest.fixture
def asked(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Opener:
    """Opens a map and asks for the way back of its plant."""

    def show(project: Project) -> RepairWindow:
        path = tmp_path / "map.depmap"
        write_project(project, path)
        assert window.open_path(path)
        wait_scored(window, qtbot)
        window.actions_table["analyze.repair"].trigger()
        shown = window.repair.shown
        assert shown is not None
        wait_found(shown, qtbot)
        return shown

    return show


def wait_found(shown: RepairWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not shown.inquiry.is_looking, timeout=20_000)
    # New cards come into sight when their turn comes.
    qtbot.waitUntil(lambda: bool(texts(shown)), timeout=20_000)


def result(shown: RepairWindow) -> RepairResult:
    assert isinstance(shown.inquiry.value, RepairResult)
    return shown.inquiry.value


def texts(shown: RepairWindow) -> list[str]:
    cards = shown.answer.widget().findChildren(QLabel)
    return [each.text() for each in cards if each.isVisibleTo(shown)]


def cards(shown: RepairWindow) -> list[Card]:
    return [each for each in shown.answer.widget().findChildren(Card) if each.isVisibleTo(shown)]


def test_the_ways_are_shown_and_lead_to_the_map(asked: Opener, window: MainWindow) -> None:
    shown = asked(with_candidate())
    assert [made.move.id for made in result(shown).ways[0].moves] == [SWAP]
    told = texts(shown)
    assert "$30M more a year" in told
    assert "Buy Cathode from Rival Co. instead of Powder & Sons." in told
    (row,) = [
        each
        for each in shown.answer.widget().findChildren(ClickRow)
        if "Rival Co." in each.accessibleName()
    ]
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert window.editor.selection == ("l9",)


def test_a_way_becomes_a_scenario_that_one_looks_at_in_one_step(
    asked: Opener, window: MainWindow, qtbot: QtBot
) -> None:
    shown = asked(with_candidate())
    steps = window.editor.history.count()
    (keep, *_) = [
        each
        for each in shown.answer.widget().findChildren(QPushButton)
        if each.text().startswith("Save as scenario")
    ]
    qtbot.waitUntil(shown.isActiveWindow)
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.isActiveWindow)
    editor = window.editor
    assert editor.history.count() == steps + 1
    assert editor.scenario is not None
    assert editor.base.scenarios[editor.scenario].name == "Way back 2026, Works: swap Cathode"
    wait_scored(window, qtbot)
    assert editor.assessment is not None
    assert {c.status for c in editor.assessment.law.credits} == {Eligibility.ELIGIBLE}
    # A second way kept from the same answer does not stand on the first.
    other = asked_again(shown)
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    second = editor.base.scenarios[editor.scenario]
    assert all(change.set != "other" for change in second.changes)
    editor.history.undo()
    editor.history.undo()
    assert not editor.base.scenarios


def asked_again(shown: RepairWindow) -> QPushButton:
    found = [
        each
        for each in shown.answer.widget().findChildren(QPushButton)
        if each.accessibleName().startswith("Save Alternative 1")
    ]
    return found[0]


def test_a_move_is_forbidden_and_priced_by_keys(asked: Opener, qtbot: QtBot) -> None:
    shown = asked(with_candidate())
    row = shown.tree.row_of(SWAP)
    assert row is not None
    shown.tree.setCurrentItem(row)
    shown.tree.setFocus()
    QTest.keyClick(shown.tree, Qt.Key.Key_Space)
    assert shown.tree.wishes.forbidden == {SWAP}
    assert "changed since" in shown.note.text()
    priced = shown.tree.row_of("re-source:l9")
    assert priced is not None
    shown.tree.edit_price(priced)
    editor = shown.tree.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "5M")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(shown.tree.wishes.prices))
    assert dict(shown.tree.wishes.prices) == {"re-source:l9": 5_000_000.0}
    assert priced.text(1) == "$5M (stated)"
    QTest.mouseClick(shown.again, Qt.MouseButton.LeftButton)
    wait_found(shown, qtbot)
    assert SWAP in result(shown).forbidden
    (first, *_) = result(shown).ways
    assert [made.move.id for made in first.moves] == ["re-source:l9"]
    assert first.moves[0].priced
    # What is forbidden stays on the list, to be allowed again.
    again = shown.tree.row_of(SWAP)
    assert again is not None
    assert again.checkState(0) is Qt.CheckState.Unchecked


def test_a_price_that_cannot_be_read_is_told_and_dropped(asked: Opener) -> None:
    shown = asked(with_candidate())
    row = shown.tree.row_of("re-source:l9")
    assert row is not None
    row.setText(1, "plenty")
    assert "plenty" in shown.note.text()
    assert (shown.tree.wishes.prices, row.text(1)) == ((), "no price")


def test_where_none_exists_it_says_why(asked: Opener, qtbot: QtBot) -> None:
    shown = asked(with_candidate())
    for kind in ("swap", "re-source"):
        row = shown.tree.row_of(kind)
        assert row is not None
        row.setCheckState(0, Qt.CheckState.Unchecked)
    shown.look()
    wait_found(shown, qtbot)
    assert result(shown).ending is Ending.NONE_EXISTS
    assert "No move may be made" in texts(shown)
    assert any("does not pass with any choice" in text for text in texts(shown))


def test_an_eligible_plant_and_a_map_without_credits_say_so(
    asked: Opener, window: MainWindow, qtbot: QtBot
) -> None:
    project = with_candidate()
    links = dict(project.links)
    del links["l8"]
    shown = asked(replace(project, links=links))
    assert result(shown).ending is Ending.ELIGIBLE
    assert "2026: already eligible" in texts(shown)
    works = window.editor.project.entities["works"]
    assert isinstance(works, Plant)
    window.editor.apply(SetField(Section.ENTITIES, "works", "products", ()), "No products")
    wait_scored(window, qtbot)
    window.actions_table["analyze.repair"].trigger()
    qtbot.waitUntil(lambda: bool(texts(shown)))
    assert "claims a credit" in texts(shown)[0]
    assert not shown.again.isEnabled()


def test_the_map_changes_and_the_answer_is_marked_as_stale(
    asked: Opener, window: MainWindow, qtbot: QtBot
) -> None:
    shown = asked(with_candidate())
    assert not shown.note.isVisible()
    window.editor.apply(SetField(Section.LINKS, "other", "cost", 4e8), "Dearer")
    assert "changed since" in shown.note.text()
    wait_scored(window, qtbot)
    QTest.mouseClick(shown.again, Qt.MouseButton.LeftButton)
    wait_found(shown, qtbot)
    assert result(shown).ways[0].cost == 1e8


def test_the_score_card_and_the_plants_menu_lead_here(
    asked: Opener, window: MainWindow, qtbot: QtBot
) -> None:
    shown = asked(with_candidate())
    shown.close()
    window.editor.select(("works",))
    assert "analyze.repair" in what_is_selected(window.editor)
    window.editor.select(("maker",))
    assert "analyze.repair" not in what_is_selected(window.editor)
    window.editor.select(("works",))
    window.workspace.show_page(window.scores)
    qtbot.waitUntil(lambda: bool(ways_in(window)))
    (link,) = ways_in(window)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert shown.isVisible()
    assert shown.asked.product == "cells"
    wait_found(shown, qtbot)
    assert result(shown).product == "cells"


def ways_in(window: MainWindow) -> list[QPushButton]:
    buttons = window.scores.findChildren(QPushButton)
    return [each for each in buttons if each.text() == "Way back…" and each.isVisible()]


def test_another_theme_is_worn(asked: Opener, window: MainWindow, qtbot: QtBot) -> None:
    shown = asked(with_candidate())
    before = cards(shown)
    window.settings.choose(THEME, ThemeChoice.DARK)
    window.take_settings()
    assert shown._theme is window.theme
    qtbot.waitUntil(lambda: bool(cards(shown)) and cards(shown) != before)
