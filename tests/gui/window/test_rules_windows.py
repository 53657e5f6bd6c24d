"""The rules in the window: packs browsed and chosen, own folders, names settled, years shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from window_parts import answers, wait_scored

from depmap_gui.domain.edits import SetField, SetHeader
from depmap_gui.domain.kinds import ANOTHER_COMPANY, Section
from depmap_gui.gui.dialogs.rules_browser import RulesBrowser
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.panels.timeline_rows import Line
from depmap_gui.gui.settings import ThemeChoice
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack

# The offscreen platform says so of every dialog and popup; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PACK = "us-obbba"


def trigger(window: MainWindow, id: str) -> None:
    """Do an action as a person does."""
    action = window.actions_table[id]
    assert action.isEnabled()
    action.trigger()
    QApplication.processEvents()


@pytest.fixture
def browser(open_map: MainWindow) -> RulesBrowser:
    trigger(open_map, "rules.browse")
    made = open_map.rules.browser
    assert made is not None
    return made


def words(browser: RulesBrowser) -> list[str]:
    """The rows of the tree that are not hidden, at any depth."""
    found = []
    pending = [browser.tree.topLevelItem(at) for at in range(browser.tree.topLevelItemCount())]
    while pending:
        item = pending.pop(0)
        if not item.isHidden():
            found.append(item.text(0))
            pending = [item.child(at) for at in range(item.childCount())] + pending
    return found


def fork(folder: Path) -> Path:
    made = Path(shutil.copytree(resource("rules", PACK), folder / PACK))
    identity = made / "pack.toml"
    text = identity.read_text("utf-8").replace('version = "', 'version = "forked-')
    identity.write_text(text, "utf-8")
    return made


# The browser ------------------------------------------------------------------------------


def test_it_opens_beside_the_map_on_the_packs_in_use(browser: RulesBrowser) -> None:
    assert browser.isVisible()
    assert not browser.isModal()
    assert browser.packs.current_id() == PACK
    pack = load_pack(resource("rules", PACK))
    assert browser.title.text() == pack.title
    assert pack.version in browser.identity.text()
    assert "ships with DepMap" in browser.identity.text()
    assert all(parameter.title in words(browser) for parameter in pack.parameters.values())
    assert all(question.question in words(browser) for question in pack.questions.values())


def test_it_opens_without_a_map_too(window: MainWindow) -> None:
    trigger(window, "rules.browse")
    assert window.rules.browser is not None
    assert window.rules.browser.packs.packs.count() >= 1
    assert not window.rules.browser.settle.isEnabled() or window.rules.browser.settle.isHidden()


def test_what_is_in_force_in_the_year_is_marked(
    browser: RulesBrowser, open_map: MainWindow, qtbot: QtBot
) -> None:
    def marked() -> str:
        assert browser.tree.choose("Threshold: 45X qualifying battery component")
        item = browser.tree.currentItem()
        held = [item.child(at) for at in range(item.childCount())]
        (one,) = [child for child in held if child.text(2) == "in force"]
        assert not one.icon(0).isNull()
        assert one.font(0).weight() > browser.tree.font().weight()
        return one.text(1)

    assert marked() == "60%"
    trigger(open_map, "analyze.year.2030")
    wait_scored(open_map, qtbot)
    assert marked() == "85%"


def test_everything_can_be_searched(browser: RulesBrowser) -> None:
    browser.look_for("CATL")
    found = words(browser)
    assert "Contemporary Amperex Technology Co., Limited" in found
    assert "Threshold: 45X qualifying battery component" not in found
    assert "found" in browser.found.text()
    browser.look_for("85% 7701(a)(52)(C)")
    assert "Threshold: 45X qualifying battery component" in words(browser)
    browser.look_for("no such words anywhere")
    assert words(browser) == []
    assert browser.found.text() == "0 found"
    browser.look_for("")
    assert len(words(browser)) > 100


def test_rows_can_be_copied(browser: RulesBrowser) -> None:
    assert browser.tree.choose("Threshold: 45X qualifying battery component")
    browser.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["What", "Value"]
    assert lines[1].split("\t")[1] == "60%"


def test_an_open_question_is_settled_and_taken_back(
    browser: RulesBrowser, open_map: MainWindow, qtbot: QtBot
) -> None:
    editor = open_map.editor
    asked = load_pack(resource("rules", PACK)).questions["covered-nation-territories"]
    assert browser.tree.choose(asked.question)
    assert browser.settle.isVisible()
    assert browser.settle.count() == 1 + len(asked.readings)
    browser.settle.setCurrentIndex(browser.settle.findData("excluded"))
    browser.settle.activated.emit(browser.settle.currentIndex())
    assert editor.project.header.readings == {asked.id: "excluded"}
    assert editor.history.undoText() == "Settle 'Hong Kong and Macau'"
    wait_scored(open_map, qtbot)
    # The row follows, also when the step is taken back.
    assert browser.tree.currentItem().text(1) == "settled"
    trigger(open_map, "edit.undo")
    assert editor.project.header.readings == {}
    assert browser.tree.currentItem().text(1).startswith("left open")


def test_packs_are_chosen_by_ticking_them(
    browser: RulesBrowser, open_map: MainWindow, qtbot: QtBot
) -> None:
    editor = open_map.editor
    browser.packs.tick("us-ofac-50", is_on=True)
    assert editor.project.header.packs == (PACK, "us-ofac-50")
    wait_scored(open_map, qtbot)
    assert {pack.id for pack in editor.assessment.packs} == {PACK, "us-ofac-50"}
    browser.packs.tick(PACK, is_on=False)
    assert editor.project.header.packs == ("us-ofac-50",)
    # The last one stays: a map without any would be tested by the usual ones.
    browser.packs.tick("us-ofac-50", is_on=False)
    assert editor.project.header.packs == ("us-ofac-50",)
    assert "at least one pack" in browser.found.text()
    trigger(open_map, "edit.undo")
    trigger(open_map, "edit.undo")
    assert editor.project.packs == (PACK,)


# Folders ----------------------------------------------------------------------------------


def test_a_folder_is_taken_in_kept_and_left_out(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    fork(tmp_path / "own")
    answers(open_map).folder = tmp_path / "own"
    trigger(open_map, "rules.add_folder")
    wait_scored(open_map, qtbot)
    assert open_map.settings.rules_folders == (tmp_path / "own",)
    (used,) = open_map.editor.assessment.packs
    assert used.version.startswith("forked-")
    browser = open_map.rules.browser
    assert browser is not None
    assert "in place of the shipped version" in browser.identity.text()
    browser.packs.folders.setCurrentRow(0)
    assert browser.packs.remove_button.isEnabled()
    browser.packs.remove_button.click()
    wait_scored(open_map, qtbot)
    assert open_map.settings.rules_folders == ()
    assert not open_map.editor.assessment.packs[0].version.startswith("forked-")


def test_a_faulty_pack_is_refused_and_the_rest_is_scored(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = fork(tmp_path / "own")
    answers(open_map).folder = tmp_path / "own"
    trigger(open_map, "rules.add_folder")
    wait_scored(open_map, qtbot)
    tests = folder / "tests.toml"
    sound = tests.read_text("utf-8")
    tests.write_text(sound.replace("citation = ", "quotation = ", 1), "utf-8")
    trigger(open_map, "rules.read_again")
    wait_scored(open_map, qtbot)
    editor = open_map.editor
    assert editor.assessment.packs == ()
    assert editor.assessment.scores.ip["works"]
    told = [finding.message for finding in open_map.problems.findings][:2]
    assert all("is refused" in message and "tests.toml, line " in message for message in told)
    browser = open_map.rules.browser
    assert browser is not None
    browser.packs.look_at(PACK)
    assert browser.title.text() == f"{PACK} cannot be used"
    assert "tests.toml, line " in browser.details.toPlainText()
    # Mended on disk and read again, it is in use.
    tests.write_text(sound, "utf-8")
    browser.packs.again_button.click()
    wait_scored(open_map, qtbot)
    assert len(editor.assessment.packs) == 1


def test_a_folder_that_is_gone_is_told(open_map: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    open_map.settings.rules_folders = (tmp_path / "gone",)
    trigger(open_map, "rules.read_again")
    wait_scored(open_map, qtbot)
    trigger(open_map, "rules.browse")
    browser = open_map.rules.browser
    assert browser is not None
    assert "does not exist" in browser.packs.folders.item(0).text()


# Names ------------------------------------------------------------------------------------


@pytest.fixture
def named(open_map: MainWindow, qtbot: QtBot) -> MainWindow:
    """The map with a company whose name is like one on two lists."""
    edit = SetField(Section.ENTITIES, "homeless", "name", "BYD Co., Ltd.")
    assert open_map.editor.apply(edit, "Rename")
    wait_scored(open_map, qtbot)
    return open_map


def test_a_name_is_accepted_or_refused_and_not_asked_again(named: MainWindow, qtbot: QtBot) -> None:
    editor = named.editor
    hints = [f for f in named.problems.findings if f.code == "name-match"]
    assert [hint.where for hint in hints] == [("homeless",), ("homeless",)]
    trigger(named, "rules.name_matches")
    dialog = named.rules.matches
    assert dialog is not None
    assert [match.match.list for match in dialog.matches] == ["ndaa-154b", "dod-1260h"]
    dialog.refuse_button.click()
    assert editor.project.entities["homeless"].declared == {"ndaa-154b": ANOTHER_COMPANY}
    assert "is not BYD Company, Limited" in editor.history.undoText()
    assert [match.match.list for match in dialog.matches] == ["dod-1260h"]
    dialog.accept_button.click()
    assert editor.project.entities["homeless"].lists == ("dod-1260h",)
    assert dialog.matches == ()
    assert not dialog.accept_button.isEnabled()
    wait_scored(named, qtbot)
    codes = {finding.code for finding in named.problems.findings}
    assert "name-match" not in codes
    assert "declared.no_source" not in codes
    # On the list from 2026-06-08: not yet on the first day of 2026, but on that of 2027.
    answer = editor.assessment.law.companies[PACK]["homeless"].answers["sfe"]
    assert answer == "unknown"
    editor.apply(SetHeader("year", 2027))
    wait_scored(named, qtbot)
    assert editor.assessment.law.companies[PACK]["homeless"].answers["sfe"] == "yes"
    for _ in range(3):
        trigger(named, "edit.undo")
    assert [match.match.list for match in dialog.matches] == ["ndaa-154b", "dod-1260h"]


def test_a_name_is_settled_among_the_company_s_properties(named: MainWindow, qtbot: QtBot) -> None:
    editor = named.editor
    editor.select(("homeless",))
    named.workspace.show_page(named.inspector)
    QApplication.processEvents()

    def button(text: str) -> QPushButton:
        found = [b for b in named.inspector.findChildren(QPushButton) if b.text() == text]
        assert found, text
        return found[0]

    button("Not the same").click()
    QApplication.processEvents()
    assert editor.project.entities["homeless"].declared == {"ndaa-154b": ANOTHER_COMPANY}
    button("Ask again").click()
    QApplication.processEvents()
    assert editor.project.entities["homeless"].declared == {}
    button("Accept").click()
    assert editor.project.entities["homeless"].lists == ("ndaa-154b",)


# Status and years -------------------------------------------------------------------------


def test_a_company_s_card_gives_each_law_s_answer(open_map: MainWindow, qtbot: QtBot) -> None:
    editor = open_map.editor
    editor.apply(SetHeader("packs", (PACK, "us-ofac-50")))
    wait_scored(open_map, qtbot)
    editor.select(("cellco",))
    open_map.workspace.show_page(open_map.scores)
    QApplication.processEvents()
    said = [part.text() for part in open_map.scores.findChildren(QLabel)]
    assert "Under each law, 2026" in said
    assert "Specified foreign entity: yes" in said
    assert "Blocked by ownership: no" in said


def lines(window: MainWindow) -> dict[str, Line]:
    return {line.words: line for line in window.timeline.model.lines}


def test_years_show_each_test_and_its_first_failing_year(
    open_map: MainWindow, qtbot: QtBot
) -> None:
    trigger(open_map, "rules.years")
    assert open_map.timeline.isVisible()
    qtbot.waitUntil(lambda: open_map.timeline.result is not None, timeout=20_000)
    model = open_map.timeline.model
    assert model.years == tuple(range(2026, 2036))
    product = lines(open_map)["Works, LFP cells"]
    assert product.is_product
    # The cathode's maker is 80% Chinese-owned, so its whole cost counts: 75% or more of 400M,
    # and 60% must be clean: the test of material fails from the first year on.
    material = next(line for line in model.lines if line.first == "2026" and not line.is_product)
    assert material.cells[0].is_first_failure
    assert [cell.is_first_failure for cell in material.cells].count(True) == 1
    row = model.lines.index(material)
    shown = model.data(model.index(row, 1), Qt.ItemDataRole.DisplayRole)
    assert shown == "fails, first"
    # Never color alone: each colored cell has an icon and a word.
    for column in range(1, 11):
        index = model.index(row, column)
        if model.data(index, Qt.ItemDataRole.BackgroundRole) is not None:
            assert model.data(index, Qt.ItemDataRole.DecorationRole) is not None
            assert model.data(index, Qt.ItemDataRole.DisplayRole)
            assert model.data(index, Qt.ItemDataRole.ToolTipRole)
    table = open_map.timeline.table
    table.setFocus()
    table.setCurrentIndex(model.index(row, 3))
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.currentIndex().column() == 4
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert open_map.editor.selection == ("works",)


def test_years_follow_the_map(open_map: MainWindow, qtbot: QtBot) -> None:
    trigger(open_map, "rules.years")
    timeline = open_map.timeline
    qtbot.waitUntil(lambda: timeline.result is not None, timeout=20_000)
    before = timeline.result
    open_map.editor.remove(("l6", "l7", "l9"))
    qtbot.waitUntil(
        lambda: timeline.result is not None and timeline.result is not before, timeout=20_000
    )
    assert any(line.first.startswith("not by") for line in timeline.model.lines)
    open_map.editor.select(("maker",))
    assert timeline.model.lines


# Looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_no_text_is_cut(browser: RulesBrowser, named: MainWindow, choice: ThemeChoice) -> None:
    named.actions_table[f"view.theme.{choice}"].trigger()
    trigger(named, "rules.name_matches")
    dialog = named.rules.matches
    assert dialog is not None
    assert browser.tree.choose(
        load_pack(resource("rules", PACK)).questions["covered-nation-territories"].question
    )
    QApplication.processEvents()
    for shown in (browser, dialog):
        for part in (*shown.findChildren(QLabel), *shown.findChildren(QPushButton)):
            if part.isVisible():
                assert part.width() >= part.minimumSizeHint().width(), part
                height = part.heightForWidth(part.width()) if part.hasHeightForWidth() else 0
                assert part.height() >= height, part
        assert not shown.grab().isNull()
