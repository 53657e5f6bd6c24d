"""File > Export report: asked, made in the background, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from window_parts import answers

from depmap_gui.gui.dialogs.report_options import ReportOptionsDialog
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.gui.report.paper import Paper
from depmap_gui.session.report_values import ReportPart


def asked(window: MainWindow) -> ReportOptionsDialog:
    """The dialog that the action opens."""
    window.actions_table["file.export_report"].trigger()
    return next(d for d in window.findChildren(ReportOptionsDialog) if d.isVisible())


def test_a_report_is_written_in_the_background(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answers(open_map).save_path = tmp_path / "out.pdf"
    dialog = asked(open_map)
    dialog.export.click()
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert answers(open_map).asked[-1] == "REPORT small report.pdf"
    assert answers(open_map).told == []
    assert open_map.status.told.text() == "Wrote out.pdf"


def test_turning_back_writes_nothing(open_map: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    answers(open_map).save_path = tmp_path / "out.pdf"
    asked(open_map).reject()
    assert not open_map.tasks.is_busy
    assert not list(tmp_path.glob("*.pdf"))


def test_a_report_that_cannot_be_written_says_so(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answers(open_map).save_path = tmp_path / "no such folder" / "out.pdf"
    asked(open_map).export.click()
    qtbot.waitUntil(lambda: bool(answers(open_map).told), timeout=30_000)
    assert "The report was not written" in answers(open_map).told[0]


def test_a_canceled_report_leaves_the_older_file(
    open_map: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    path.write_bytes(b"older")
    answers(open_map).save_path = path
    asked(open_map).export.click()
    open_map.tasks.cancel_all()
    qtbot.waitUntil(lambda: not open_map.tasks.is_busy, timeout=30_000)
    assert path.read_bytes() == b"older"
    assert [each.name for each in tmp_path.glob("out*")] == ["out.pdf"]
    assert open_map.status.told.text() == "The report was not written"


@pytest.fixture
def dialog(qtbot: QtBot) -> ReportOptionsDialog:
    plants = [(f"p{number}", f"Plant {number}") for number in range(30)]
    made = ReportOptionsDialog(plants, Paper.LETTER)
    qtbot.addWidget(made)
    made.show()
    return made


def test_those_most_at_risk_are_the_usual(dialog: ReportOptionsDialog) -> None:
    assert dialog.paper is Paper.LETTER
    assert dialog.chosen_plants == ()
    assert dialog.chosen_parts == frozenset(ReportPart)
    assert dialog.most_at_risk.text().replace("&", "") == "The 5 most at risk, of 30"
    assert not dialog.list.isVisible()


def test_plants_are_found_and_ticked(dialog: ReportOptionsDialog) -> None:
    dialog.these.click()
    assert dialog.list.isVisible()
    assert not dialog.export.isEnabled()
    dialog.search.setText("plant 27")
    shown = [row for row in range(30) if not dialog.list.item(row).isHidden()]
    assert shown == [27]
    dialog.list.item(27).setCheckState(Qt.CheckState.Checked)
    dialog.search.clear()
    dialog.list.item(3).setCheckState(Qt.CheckState.Checked)
    assert dialog.chosen_plants == ("p3", "p27")
    assert dialog.export.isEnabled()
    dialog.parts[ReportPart.SOURCES].click()
    dialog.paper_choice.setCurrentIndex(0)
    assert dialog.chosen_parts == frozenset(ReportPart) - {ReportPart.SOURCES}
    assert dialog.paper is Paper.A4


def test_one_plant_leaves_nothing_to_choose(qtbot: QtBot) -> None:
    made = ReportOptionsDialog([("p", "Works")], Paper.A4)
    qtbot.addWidget(made)
    made.show()
    assert made.chosen_plants == ()
    assert not made.most_at_risk.isVisible()
    assert "Plants" not in [each.text() for each in made.findChildren(QLabel) if each.isVisible()]
