"""Scores, Why, links and sources: what they say of a small scored map, and when it is stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.results import UNKNOWN, Score
from depmap_gui.domain.edits import SetField, SetHeader
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.coloring import badges
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.links import LinksPanel
from depmap_gui.gui.panels.parts import ClickRow, Elided
from depmap_gui.gui.panels.score_words import MARKET_HELP, SCORE_HELP, SCORE_TITLES, measure_text
from depmap_gui.gui.panels.scores import UPDATING, ScoresPanel
from depmap_gui.gui.panels.sources import SourcesPanel
from depmap_gui.gui.panels.why import WhyPanel
from depmap_gui.gui.theme import DARK, LIGHT, Tone
from depmap_gui.rules.results import Verdict

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]


def shown(panel: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(panel)
    panel.resize(360, 900)
    panel.show()
    qtbot.waitExposed(panel)


@pytest.fixture
def scores(editor: Editor, qtbot: QtBot) -> ScoresPanel:
    panel = ScoresPanel(editor, LIGHT)
    shown(panel, qtbot)
    return panel


@pytest.fixture
def why(editor: Editor, qtbot: QtBot) -> WhyPanel:
    panel = WhyPanel(editor, LIGHT)
    shown(panel, qtbot)
    return panel


def words(panel: QWidget) -> str:
    QApplication.processEvents()  # what is new in a layout is shown by an event
    return "\n".join(
        label.whole if isinstance(label, Elided) else label.text()
        for label in panel.findChildren(QLabel)
        if not label.isHidden()
    )


def test_a_plants_scores_are_shown(editor: Editor, scores: ScoresPanel, qtbot: QtBot) -> None:
    editor.select(["works"])
    said = words(scores)
    assert "Chinese-IP share" in said
    assert "60%" in said
    assert "up to 70% if undocumented IP is Chinese" in said
    assert "United States" in said
    credit = editor.assessment.law.credits[0]
    assert credit.status.value in said.lower()
    for test in credit.tests:
        assert test.title.lower() in said.lower()
    assert "$700M a year before any risk" in said
    assert f"{len(credit.open)} open" in said
    assert "not legal advice" in said
    qtbot.waitUntil(lambda: "Cell license" in words(scores), timeout=20_000)


def test_every_score_and_test_is_explained_where_it_is_shown(
    editor: Editor, scores: ScoresPanel
) -> None:
    """By a tooltip with its definition, which screen readers are given too."""
    editor.select(["works"])
    explained = {
        each.accessibleName(): each.toolTip()
        for each in scores.findChildren(QWidget)
        if each.toolTip() and each.accessibleDescription()
    }
    for score in (
        Score.EMBEDDED_IP,
        Score.MADE_IN,
        Score.MADE_BY,
        Score.MADE_IN_FIRST_TIER,
        Score.MADE_BY_FIRST_TIER,
        Score.OWNERSHIP,
    ):
        assert SCORE_HELP[score] in explained[f"Why is {SCORE_TITLES[score]} what it is?"]
    for test in editor.assessment.law.credits[0].tests:
        tips = [tip for name, tip in explained.items() if name.startswith(f"{test.title}: ")]
        assert tips, test.title
        assert all(test.why in tip for tip in tips)
    headings = {each.text(): each.toolTip() for each in scores.findChildren(QLabel)}
    assert headings["Chinese-IP share"] == SCORE_HELP[Score.IP]
    assert headings["Concentration (HHI, 0 to 10,000)"] == MARKET_HELP


def test_the_jurisdiction_may_be_another(editor: Editor, scores: ScoresPanel) -> None:
    editor.select(["works"])
    editor.color(Score.IP, "US")
    said = words(scores)
    assert "US-IP share" in said
    assert "30%" in said


def test_stale_figures_are_dimmed_until_the_new_ones_are_there(
    editor: Editor, scores: ScoresPanel, scored: Wait
) -> None:
    editor.select(["works"])
    assert not scores.veil.isVisible()
    editor.apply(SetField(Section.LINKS, "l7", "share", 0.2))
    assert scores.veil.isVisible()
    assert scores.stale_note.isVisible()
    assert scores.stale_note.text() == UPDATING
    scored()
    assert not scores.veil.isVisible()
    assert "20%" in words(scores)
    assert "60%" not in words(scores).split("Battery")[0]


def test_a_failed_scoring_is_told_and_shows_no_figures(editor: Editor, scores: ScoresPanel) -> None:
    editor.select(["works"])
    editor.scoring_failed.emit("The rule pack is broken.")
    assert "The rule pack is broken." in words(scores)
    assert "60%" not in words(scores)


def test_companies_licenses_and_the_rest_have_their_cards(
    editor: Editor, scores: ScoresPanel
) -> None:
    editor.select(["cellco"])
    said = words(scores)
    assert "Specified foreign entity: yes" in said
    assert "China" in said
    editor.select(["deal"])
    said = words(scores)
    assert "100%" in said
    assert "Effective control" in said
    assert "Sourcing" in said
    editor.select(["graphite"])
    assert "Undocumented" in words(scores)
    editor.select(["cn"])
    assert "Plants by IP share of China" in words(scores)
    editor.select(["l7"])
    assert "select one of its ends" in words(scores)
    editor.select([])
    said = words(scores)
    assert "$700M" in said
    assert "Works" in said


def test_a_declared_status_is_shown_as_declared(
    editor: Editor, scores: ScoresPanel, scored: Wait
) -> None:
    declared = {"sfe": "no", "source": "s1"}
    editor.apply(SetField(Section.ENTITIES, "cellco", "declared", declared))
    scored()
    editor.select(["cellco"])
    said = words(scores)
    assert "declared by the analyst" in said
    assert "Annual report" in said


def test_reasons_open_by_keyboard(editor: Editor, scores: ScoresPanel) -> None:
    editor.select(["works"])
    toggle = next(t for t in scores.findChildren(QToolButton) if "Reasons:" in t.accessibleName())
    citation = editor.assessment.law.credits[0].tests[0].citation
    toggle.setFocus()
    QTest.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()
    QApplication.processEvents()
    visible = [label.text() for label in scores.findChildren(QLabel) if label.isVisible()]
    assert any(citation in text for text in visible)


def test_a_theme_change_keeps_the_cards(editor: Editor, scores: ScoresPanel) -> None:
    editor.select(["works"])
    before = words(scores)
    scores.set_theme(DARK)
    assert words(scores).splitlines()[0] == before.splitlines()[0]


@pytest.mark.parametrize(
    ("verdict", "low", "high", "comparison", "expected"),
    [
        (Verdict.PASS, 0.0, 0.0, ">=", "0% < 25%"),
        (Verdict.FAIL, 0.3, 0.3, ">=", "30% ≥ 25%"),
        (Verdict.UNCERTAIN, 0.2, 0.3, ">=", "20–30% vs 25%"),
        (Verdict.UNKNOWN, None, None, ">=", "not documented"),
        (Verdict.PASS, 0.25, 0.25, "<", "25% ≥ 25%"),
    ],
)
def test_measures_stand_against_their_threshold(
    verdict: Verdict, low: float | None, high: float | None, comparison: str, expected: str
) -> None:
    assert measure_text(verdict, low, high, 0.25, comparison) == expected


# Why ----------------------------------------------------------------------------------------


def test_the_parts_sum_to_the_score(editor: Editor, why: WhyPanel, qtbot: QtBot) -> None:
    editor.select(["works"])
    for at in range(why.score.count()):
        why.show_score(why.score.itemData(at))
        score = why.chosen
        assert score is not None
        vector = editor.assessment.scores.vectors(score)["works"]
        for code in ("CN", UNKNOWN):
            why.place.setCurrentIndex(why.place.findData(code))
            why._show_tree(None)
            why.refresh()
            qtbot.waitUntil(lambda: why.tree_of_figures is not None, timeout=20_000)
            tree = why.tree_of_figures
            assert tree is not None
            assert tree.amount == pytest.approx(vector.get(code, 0.0), abs=1e-9)
            assert sum(part.amount for part in tree.parts) == pytest.approx(tree.amount, abs=1e-9)
            assert why.total.text().startswith("Sum")


def test_a_row_leads_to_its_link_and_sources(editor: Editor, why: WhyPanel, qtbot: QtBot) -> None:
    editor.select(["works"])
    why.show_score(Score.IP)
    qtbot.waitUntil(lambda: why.tree.topLevelItemCount() == 1, timeout=20_000)
    with qtbot.waitSignal(why.highlight_requested) as lit:
        why.tree.setCurrentItem(why.tree.topLevelItem(0))
    assert "l7" in lit.args[0]
    assert "Annual report" in words(why)
    with qtbot.waitSignal(editor.reveal_requested):
        why.tree.setFocus()
        why.tree.itemActivated.emit(why.tree.topLevelItem(0), 0)
    assert editor.selection == ("l7",)
    assert why.entity == "works"


def test_the_scores_panel_asks_why(editor: Editor, scores: ScoresPanel, qtbot: QtBot) -> None:
    editor.select(["works"])
    button = next(b for b in scores.findChildren(QPushButton) if b.text() == "Why?")
    with qtbot.waitSignals([scores.score_asked, scores.why_requested]):
        button.click()


def test_an_index_is_taken_apart_in_points(
    editor: Editor, scores: ScoresPanel, why: WhyPanel, qtbot: QtBot
) -> None:
    editor.select(("works",))
    scores.score_asked.connect(why.show_score)
    scores.ask("works", Market.SUPPLIERS)
    qtbot.waitUntil(lambda: why.tree.topLevelItemCount() == 2, timeout=20_000)
    assert why.chosen is Market.SUPPLIERS
    assert not why.place.isEnabled()
    # 40% and 60% of the cost: 1,600 and 3,600 points.
    assert why.tree_of_figures is not None
    assert why.tree_of_figures.amount == pytest.approx(5_200)
    assert why.total.text().startswith("Sum of 2 parts: 5,200")
    why.score.setCurrentIndex(0)
    why.refresh()
    qtbot.waitUntil(lambda: "%" in why.total.text(), timeout=20_000)
    assert why.place.isEnabled()


def test_an_item_without_scores_says_so(editor: Editor, why: WhyPanel) -> None:
    editor.select(["us"])
    editor.select([])
    assert why.tree.topLevelItemCount() <= 1
    why.entity = ""
    why.refresh()
    assert "Select an item" in words(why)


# Links and sources --------------------------------------------------------------------------


@pytest.fixture
def links(editor: Editor, qtbot: QtBot) -> LinksPanel:
    panel = LinksPanel(editor, LIGHT)
    shown(panel, qtbot)
    return panel


def test_links_are_listed_selected_added_and_removed(editor: Editor, links: LinksPanel) -> None:
    editor.select(["works"])
    said = words(links)
    for heading in ("Located in  1", "Operated by  1", "Supplied by  2", "Uses  1"):
        assert heading in said
    assert "ip share 60%" in said.lower()
    row = next(r for r in links.findChildren(ClickRow) if "Cell license" in r.accessibleName())
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert editor.selection == ("l7",)
    assert "Cell license" in words(links)
    editor.select(["works"])
    assert links.adder is not None
    links.adder.way.setCurrentIndex(links.adder.way.findText("Supplied by"))
    QTest.keyClicks(links.adder.line, "nobody")
    QTest.keyClick(links.adder.line, Qt.Key.Key_Return)
    assert "No item called 'nobody'" in links.adder.fault.text()
    links.adder.line.clear()
    QTest.keyClicks(links.adder.line, "maker inc.")
    QTest.keyClick(links.adder.line, Qt.Key.Key_Return)
    (id,) = editor.selection
    assert (editor.project.links[id].source, editor.project.links[id].target) == ("maker", "works")
    editor.select(["works"])
    QApplication.processEvents()
    remove = [
        button
        for button in links.findChildren(QToolButton)
        if button.accessibleName() == "Remove the link with Maker Inc." and button.isVisible()
    ]
    remove[-1].click()
    assert id not in editor.project.links or "l5" not in editor.project.links


def test_sources_are_listed_filtered_added_and_removed(editor: Editor, qtbot: QtBot) -> None:
    panel = SourcesPanel(editor, LIGHT)
    shown(panel, qtbot)
    editor.select(["l7"])
    assert list(panel.of_selection.rows) == ["s1"]
    assert list(panel.rows) == ["s1", "s2"]
    panel.filter.setText("press")
    assert list(panel.rows) == ["s2"]
    panel.new_button.click()
    (new,) = set(editor.project.sources) - {"s1", "s2"}
    assert panel.rows[new].form is not None
    panel.remove("s1")
    assert "s1" not in editor.project.sources
    assert editor.project.links["l7"].sources == ()
    editor.history.undo()
    assert editor.project.links["l7"].sources == ("s1",)


def test_an_ended_credit_is_said_to_have_ended_whatever_its_tests_say(
    editor: Editor, scores: ScoresPanel, scored: Wait
) -> None:
    editor.apply(SetHeader("year", 2034))  # 26 USC 45X(b)(3): the phase-out is 0 after 2032
    scored()
    credit = editor.assessment.law.credits[0]
    assert credit.phase_out == 0.0
    status = credit.status.value
    editor.select(["works"])
    said = words(scores)
    assert "Ended" in said
    assert "no credit left for this year" in said
    assert status not in said.lower()
    editor.select([])
    assert "1 ended" in words(scores)
    badge = badges(editor.assessment)["works"]
    assert (badge.tone, badge.word) == (Tone.ENDED, "ended")
