"""The uncertainty panel: bounds, samples, tornado, missing facts, and when they are stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.analysis.uncertainty_results import (
    Distribution,
    Place,
    ScoreQuestion,
    ScoreSamples,
    TestQuestion,
    Tornado,
    TornadoBar,
    UncertainQuantity,
    UncertaintyError,
)
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.parts import ClickRow, Elided
from depmap_gui.gui.panels.scores import ScoresPanel
from depmap_gui.gui.panels.uncertainty import NOTHING_SELECTED, UncertaintyPanel
from depmap_gui.gui.panels.uncertainty_cards import NOTHING_UNCERTAIN
from depmap_gui.gui.panels.uncertainty_histogram import Histogram
from depmap_gui.gui.panels.uncertainty_samples import STALE
from depmap_gui.gui.panels.uncertainty_tornado import BarRow, SwingBar, scale_of
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import DARK, LIGHT, apply_theme
from depmap_gui.gui.uncertainty import CANCELED, Figure, Inquiry, find_facts
from depmap_gui.resources import sample
from depmap_gui.rules.results import Verdict
from depmap_gui.session.session import ScoringRequest, Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Wait = Callable[[], None]
PATIENCE = 20_000


@pytest.fixture
def panel(editor: Editor, qtbot: QtBot) -> UncertaintyPanel:
    return shown_panel(editor, qtbot)


def shown_panel(editor: Editor, qtbot: QtBot, width: int = 400) -> UncertaintyPanel:
    made = UncertaintyPanel(editor, LIGHT)
    qtbot.addWidget(made)
    made.resize(width, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def ford(qapp: QApplication, qtbot: QtBot) -> Iterator[Editor]:
    """The sample of the Marshall plant, open and scored."""
    apply_theme(qapp, LIGHT)
    tasks = Tasks()
    made = Editor(tasks)
    made.open_session(Session.open(sample("ford-catl-marshall")))
    qtbot.waitUntil(lambda: made.is_fresh, timeout=PATIENCE)
    yield made
    made.close()
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=PATIENCE)
    # A panel may have started another meanwhile.
    tasks.cancel_all()


def found(panel: UncertaintyPanel, qtbot: QtBot) -> None:
    """Wait until bounds, tornado and missing facts belong to the map as it stands."""
    qtbot.waitUntil(lambda: panel.figure.is_fresh and panel.facts.is_fresh, timeout=PATIENCE)


def drawn(panel: UncertaintyPanel, qtbot: QtBot, samples: int = 500, seed: int = 7) -> None:
    panel.samples_card.samples.setValue(samples)
    panel.samples_card.seed.setValue(seed)
    QTest.mouseClick(panel.samples_card.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.drawn.is_fresh, timeout=PATIENCE)


def ask(panel: UncertaintyPanel, title: str) -> None:
    """Choose a figure as a person does."""
    at = panel.question.findText(title)
    assert at >= 0, [panel.question.itemText(each) for each in range(panel.question.count())]
    panel.question.setCurrentIndex(at)
    panel.question.activated.emit(at)


def words(panel: QWidget) -> str:
    QApplication.processEvents()  # what is new in a layout is shown by an event
    return "\n".join(
        each.whole if isinstance(each, Elided) else each.text()
        for each in panel.findChildren(QLabel)
        if each.isVisibleTo(panel)
    )


def rows(part: QWidget) -> list[ClickRow]:
    return [row for row in part.findChildren(ClickRow) if row.focusPolicy() != Qt.NoFocus]


# Bounds -------------------------------------------------------------------------------------


def test_a_share_is_shown_with_its_bounds_and_what_makes_them(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    # The license gives 50 to 65%, likely 60%; 30% is the plant's own, the rest is unknown. At
    # 50% the unknown is 20%, and may all be Chinese: so at most 70% whatever the license gives.
    editor.select(["works"])
    found(panel, qtbot)
    said = words(panel)
    assert "60%" in said
    assert "50–70% is possible" in said
    assert "Exact" in said
    (driver, *_) = rows(panel.figure_part)
    QTest.keyClick(driver, Qt.Key.Key_Return)
    assert editor.selection == ("l7",)
    assert panel.entity == "works", "a click on what makes it leaves the question alone"


def test_with_nothing_selected_it_says_what_to_do(panel: UncertaintyPanel) -> None:
    assert NOTHING_SELECTED in words(panel)
    assert not panel.samples_card.isVisibleTo(panel)


def test_a_certain_figure_says_that_nothing_is_uncertain(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    editor.select(["cellco"])
    ask(panel, "Attribution")
    found(panel, qtbot)
    said = words(panel)
    assert NOTHING_UNCERTAIN in said
    assert "What to find out next" not in said


def test_questions_are_the_scores_of_an_item_and_the_tests_of_its_products(
    editor: Editor, panel: UncertaintyPanel
) -> None:
    editor.select(["works"])
    titles = [panel.question.itemText(at) for at in range(panel.question.count())]
    tests = [test for credit in editor.assessment.law.credits for test in credit.tests]
    assert {f"LFP cells: {test.title}" for test in tests} <= set(titles)
    assert "IP share" in titles
    assert isinstance(panel.chosen_question, ScoreQuestion)
    assert panel.chosen_question.jurisdiction == editor.jurisdiction
    ask(panel, f"LFP cells: {tests[0].title}")
    assert isinstance(panel.chosen_question, TestQuestion)
    assert not panel.place.isVisibleTo(panel), "a test has no jurisdiction to choose"


# Samples ------------------------------------------------------------------------------------


def test_samples_are_listed_with_the_percentiles_that_were_drawn(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    drawn(panel, qtbot)
    value = panel.drawn.value
    assert isinstance(value, ScoreSamples)
    assert (value.samples, value.seed) == (500, 7)
    # The mean of a triangle is the mean of its corners, here (50 + 60 + 65) / 3 %.
    documented = value.figures["works"].documented
    assert documented.mean == pytest.approx(0.5833, abs=0.01)
    said = words(panel.samples_card)
    for share in (documented.p5, documented.p50, documented.p95):
        assert f"{round(100 * share, 1):g}%" in said
    (picture,) = panel.samples_card.findChildren(Histogram)
    assert picture.draws_outline
    assert "nine in ten within" in picture.accessibleDescription()


def test_samples_of_another_map_are_dimmed_until_they_are_drawn_again(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot, scored: Wait
) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    drawn(panel, qtbot)
    before = panel.drawn.value
    editor.apply(SetField(Section.LINKS, "l7", "share", (0.2, 0.3, 0.35)))
    scored()
    assert panel.drawn.is_stale
    assert panel.drawn.value is before
    assert STALE in words(panel.samples_card)
    assert panel.samples_card.veil.isVisibleTo(panel)
    assert panel.samples_card.run.text().replace("&", "") == "Run again"
    drawn(panel, qtbot)
    assert STALE not in words(panel.samples_card)
    assert not panel.samples_card.veil.isVisibleTo(panel)
    value = panel.drawn.value
    assert isinstance(value, ScoreSamples)
    assert value.figures["works"].documented.mean == pytest.approx(0.2833, abs=0.01)


def test_the_risk_to_a_credit_is_told_with_its_money_and_what_was_left_out(
    ford: Editor, qtbot: QtBot
) -> None:
    panel = shown_panel(ford, qtbot)
    ford.select(["marshall"])
    ask(panel, "LFP cells: Material assistance by direct cost")
    found(panel, qtbot)
    drawn(panel, qtbot, samples=2000)
    said = words(panel.samples_card)
    risk = panel.drawn.value["marshall", "cells", "us-obbba"]
    assert 0.0 < risk.risk < 1.0
    assert f"{round(100 * risk.risk, 1):g}%" in said
    assert "$700M" in said
    assert risk.at_risk == pytest.approx(risk.risk * 700e6)
    assert "Left out: the map is silent on Foreign debt" in said
    assert "the law says: uncertain" in said
    (picture,) = panel.samples_card.findChildren(Histogram)
    assert picture.threshold == 0.6
    assert picture.least <= 0.6 <= picture.most
    assert "The threshold is 60%." in picture.accessibleDescription()
    assert "Threshold: the test fails at less than 60%" in said


def test_a_bar_of_the_histogram_says_what_it_counts(qtbot: QtBot) -> None:
    spread = Distribution(
        mean=0.5,
        least=0.0,
        p5=0.1,
        p25=0.3,
        p50=0.5,
        p75=0.7,
        p95=0.9,
        most=1.0,
        edges=(0.0, 0.5, 1.0),
        counts=(1200, 800),
    )
    picture = Histogram(spread, spread, LIGHT)
    qtbot.addWidget(picture)
    picture.resize(202, 140)
    assert not picture.draws_outline
    assert picture.bin_at(20) == 0
    assert picture.bin_at(190) == 1
    assert picture.bin_text(0) == "0–50%: 1,200 of 2,000 samples"
    assert picture.across(0.5) == pytest.approx(101)
    picture.show()
    at = QPoint(20, 20)
    QApplication.sendEvent(
        picture, QHelpEvent(QHelpEvent.Type.ToolTip, at, picture.mapToGlobal(at))
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_one_value_alone_is_painted(qtbot: QtBot, theme: object) -> None:
    one = Distribution(
        mean=0.4,
        least=0.4,
        p5=0.4,
        p25=0.4,
        p50=0.4,
        p75=0.4,
        p95=0.4,
        most=0.4,
        edges=(0.4, 0.4),
        counts=(50,),
    )
    picture = Histogram(one, one, theme)
    qtbot.addWidget(picture)
    picture.resize(200, 140)
    drawn = picture.grab().toImage()
    middle, side = drawn.pixelColor(100, 60), drawn.pixelColor(20, 60)
    assert middle != side, "a stroke stands where all samples are"
    assert picture.accessibleDescription() == "All samples agree on 40%."


# Tornado and missing facts ------------------------------------------------------------------


def test_a_bar_of_the_tornado_leads_to_its_record(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    (bar,) = panel.tornado_part.findChildren(BarRow)
    assert "50% at its low, 65% at its high" in bar.accessibleName()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert editor.selection == ("l7",)


def test_a_change_of_verdict_is_said_in_words(qtbot: QtBot) -> None:
    quantity = UncertainQuantity(
        place=Place("l1", "cost"), label="Cost", unit="money a year", low=1e6, mode=2e6, high=3e6
    )
    bar = TornadoBar(
        quantity=quantity,
        at_low=0.7,
        at_high=0.5,
        swing=0.2,
        verdict_at_low=Verdict.PASS,
        verdict_at_high=Verdict.FAIL,
        changes_verdict=True,
    )
    question = TestQuestion("p", "c", "us-obbba", "macr")
    tornado = Tornado(
        question=question, title="", figure=0.62, bars=(bar,), without_effect=0, threshold=0.6
    )
    scale = scale_of(tornado, "share", lambda text: 8 * len(text))
    assert (scale.least, scale.most, scale.threshold) == (0.5, 0.7, 0.6)
    row = BarRow(bar, scale, "USD", LIGHT, None)
    qtbot.addWidget(row)
    row.resize(300, 120)
    said = words(row)
    assert "passes at its low" in said
    assert "fails at its high" in said
    assert "the verdict changes" in row.accessibleName()
    assert "$2M ($1M–$3M)" in said
    (swing,) = row.findChildren(SwingBar)
    assert swing.across(0.5) < swing.across(0.62) < swing.across(0.7)


def test_a_threshold_far_away_does_not_squeeze_the_bars() -> None:
    quantity = UncertainQuantity(
        place=Place("l1", "cost"), label="Cost", unit="", low=1.0, mode=2.0, high=3.0
    )
    bar = TornadoBar(quantity=quantity, at_low=0.10, at_high=0.12, swing=0.02)
    tornado = Tornado(
        question=ScoreQuestion("p"),
        title="",
        figure=0.11,
        bars=(bar,),
        without_effect=0,
        threshold=0.9,
    )
    scale = scale_of(tornado, "share", len)
    assert scale.threshold is None
    assert (scale.least, scale.most) == (0.10, 0.12)


def test_a_missing_fact_opens_the_property_that_holds_it(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    sheet, field = QSignalSpy(panel.inspect_requested), QSignalSpy(panel.field_asked)
    facts = panel.facts.value.facts
    at = next(number for number, fact in enumerate(facts) if fact.place.record == "l7")
    row = rows(panel.facts_part)[at]
    assert facts[at].sentence in row.accessibleName()
    assert "Narrows the range" in words(row)
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert editor.selection == ("l7",)
    assert sheet.count() == 1
    assert field.at(0) == ["share"]


def test_long_lists_are_cut_and_shown_whole_when_asked(ford: Editor, qtbot: QtBot) -> None:
    panel = shown_panel(ford, qtbot)
    ford.select(["marshall"])
    ask(panel, "LFP cells: Effective control by contract")
    found(panel, qtbot)
    every = len(panel.facts.value.facts)
    assert every > 8
    assert len(rows(panel.facts_part)) == 8
    (more,) = [
        button
        for button in panel.facts_part.findChildren(QWidget)
        if button.accessibleName() == f"Show {every - 8} more"
    ]
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert len([row for row in rows(panel.facts_part) if row.isVisibleTo(panel)]) == every


# In the background --------------------------------------------------------------------------


def test_the_jurisdiction_follows_the_coloring(
    editor: Editor, panel: UncertaintyPanel, qtbot: QtBot
) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    editor.color(Score.IP, "US")
    assert panel.chosen_question == ScoreQuestion("works", Score.IP, "US")
    found(panel, qtbot)
    value = panel.figure.value
    assert isinstance(value, Figure)
    assert value.interval.mode == pytest.approx(0.3)


def test_what_comes_late_is_dropped(editor: Editor, qtbot: QtBot) -> None:
    answers = iter(["first", "second"])

    def job(_request: ScoringRequest, _key: object, _known: Assessment, _told: Context) -> str:
        return next(answers)

    inquiry = Inquiry("Test", job, editor.tasks, editor.request)
    inquiry.ask("a", editor.assessment)
    inquiry.age()
    qtbot.waitUntil(lambda: not editor.tasks.is_busy, timeout=PATIENCE)
    assert inquiry.value is None
    inquiry.ask("a", editor.assessment)
    qtbot.waitUntil(lambda: inquiry.is_fresh, timeout=PATIENCE)
    assert inquiry.value in ("first", "second")
    inquiry.age()
    assert inquiry.is_stale
    assert inquiry.value is not None
    inquiry.ask("b", editor.assessment)
    assert inquiry.value is None, "what was found for another question is not shown"
    inquiry.cancel()
    assert inquiry.fault == CANCELED


def test_what_cannot_be_asked_says_why(editor: Editor, qtbot: QtBot) -> None:
    def job(_request: ScoringRequest, _key: object, _known: Assessment, _told: Context) -> str:
        raise UncertaintyError("There is no such share on this map.")

    inquiry = Inquiry("Test", job, editor.tasks, editor.request)
    inquiry.ask("a", editor.assessment)
    qtbot.waitUntil(lambda: bool(inquiry.fault), timeout=PATIENCE)
    assert inquiry.fault == "There is no such share on this map."
    assert not inquiry.is_looking


def test_the_same_facts_as_on_the_command_line(editor: Editor, panel, qtbot: QtBot) -> None:
    editor.select(["works"])
    found(panel, qtbot)

    class Quiet:
        def progress(self, fraction: float, what: str) -> None:
            """Nobody is waiting."""

    question = ScoreQuestion("works", Score.IP, "CN")
    assert panel.facts.value == find_facts(editor.request(), question, editor.assessment, Quiet())


def test_no_text_is_wider_than_the_narrowest_panel(ford: Editor, qtbot: QtBot) -> None:
    panel = shown_panel(ford, qtbot, width=260)
    ford.select(["marshall"])
    for title in ("IP share", "LFP cells: Material assistance by direct cost"):
        ask(panel, title)
        found(panel, qtbot)
        drawn(panel, qtbot)
        QApplication.processEvents()
        assert panel.width() == 260, "no part asks for more room"
        for part in (panel.figure_part, panel.samples_card, panel.tornado_part, panel.facts_part):
            right = part.mapTo(panel, part.rect().topRight()).x()
            assert right < 260, title


def test_the_theme_may_change(editor: Editor, panel: UncertaintyPanel, qtbot: QtBot) -> None:
    editor.select(["works"])
    found(panel, qtbot)
    drawn(panel, qtbot)
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light


# Scores -------------------------------------------------------------------------------------


def test_scores_say_how_far_quantities_move_them(
    editor: Editor, qtbot: QtBot, scored: Wait
) -> None:
    panel = ScoresPanel(editor, LIGHT)
    qtbot.addWidget(panel)
    panel.resize(400, 900)
    panel.show()
    qtbot.waitExposed(panel)
    editor.select(["works"])
    qtbot.waitUntil(lambda: "(50–70%)" in words(panel), timeout=PATIENCE)
    editor.apply(SetField(Section.LINKS, "l7", "share", 0.6))
    scored()
    qtbot.waitUntil(lambda: panel.bounds.is_fresh, timeout=PATIENCE)
    said = words(panel)
    assert "(50–70%)" not in said
    assert "up to 70% if undocumented IP is Chinese" in said
