"""The import wizard on lists that are not one plain table: blank cells, turned tables, parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from test_import_wizard import csv, import_now, opened, settled, to_review

from depmap_gui.domain.records import Supplies
from depmap_gui.gui.action_handlers_import import mappings_folder
from depmap_gui.gui.dialogs.import_wizard import COLUMNS, ImportWizard
from depmap_gui.gui.dialogs.import_wizard_grid import SheetView
from depmap_gui.gui.dialogs.import_wizard_parts import told
from depmap_gui.gui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GROUPS = "Plant,Supplier,Country,Cost USD\nWorks,Acme,China,5\n,Beta,Japan,6\n"
TURNED = "Supplier,Acme,Beta\nCountry,China,Nowhereland\nPlant,Works,Works\nCost USD,5,6\n"
UNROLLED = "Mineral,China,Australia,Chile,Other\nLithium,17%,46%,30%,7%\nCobalt,1%,tbc?,,96%\n"
PARTS = """Supplier,Country,Plant
Acme,China,Works
Beta,Japan,Works

Owner,Owned company,Share %
State,Acme,60%
Fund,Acme,about half or so
"""


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """No test finds the mapping that another has left."""
    folder = mappings_folder()
    for path in folder.glob("*.json") if folder.is_dir() else ():
        path.unlink()


def links(window: MainWindow) -> set[tuple[str, str]]:
    project = window.editor.project
    return {
        (project.name(link.source), project.name(link.target))
        for link in project.links.values()
        if isinstance(link, Supplies)
    }


def choose_blank(wizard: ImportWizard, value: bool) -> None:
    choice = wizard.columns.form.choices["fill_down"]
    at = choice.findData(value)
    choice.setCurrentIndex(at)
    choice.activated.emit(at)


def told_at(wizard: ImportWizard, words: str) -> tuple[str, tuple[int, int]]:
    """What place a problem names, and the cell that is current once one goes there."""
    review = wizard.review
    lines = [review.problems.line(row) for row in range(review.problems.rowCount())]
    at = next(n for n, line in enumerate(lines) if line is not None and words in line.words[2])
    review.problem_table.selectRow(at)
    current = review.cells.currentIndex()
    return lines[at].cell, (current.row(), current.column())


def words_at(view: SheetView, row: int, column: int) -> str:
    return str(view.grid.index(row, column).data())


@pytest.mark.parametrize(("answer", "served"), [("As above", True), ("Nothing", False)])
def test_what_a_blank_cell_means_is_asked(
    window: MainWindow, tmp_path: Path, answer: str, served: bool
) -> None:
    wizard = opened(window, csv(tmp_path, GROUPS))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    assert page.head.text() == "Plant"
    assert "fill_down" not in page.form.choices
    buttons = page.form.findChildren(QPushButton)
    QTest.mouseClick(
        next(each for each in buttons if each.text() == answer), Qt.MouseButton.LeftButton
    )
    assert page.form.choices["fill_down"].currentData() is served
    to_review(wizard)
    import_now(window, wizard)
    assert (("Beta", "Works") in links(window)) is served
    assert ("Acme", "Works") in links(window)


def test_what_a_blank_cell_means_is_set_by_hand(window: MainWindow, tmp_path: Path) -> None:
    text = "Supplier,Plant,Cost USD\nAcme,Works,5\nBeta,,6\nGamma,Mill,7\n"
    wizard = opened(window, csv(tmp_path, text))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    page.choose(1)
    assert page.form.choices["fill_down"].currentData() is False
    choose_blank(wizard, True)
    assert page.column is not None
    assert page.column.mapping.reading.fill_down
    # It stays so when the column is taken for something else.
    page._fill("buyer.name")
    page.choose(1)
    assert page.form.choices["fill_down"].currentData() is True
    to_review(wizard)
    import_now(window, wizard)
    assert links(window) == {("Acme", "Works"), ("Beta", "Works"), ("Gamma", "Mill")}


def test_a_turned_table_is_shown_as_the_file_has_it(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path, TURNED))
    view = wizard.sheets.view
    assert (words_at(view, 0, 2), words_at(view, 3, 0)) == ("Beta", "Cost USD")
    assert not wizard.sheets.header_row.isEnabled()
    to_review(wizard)
    assert told_at(wizard, "Nowhereland") == ("C2", (1, 2))
    assert words_at(wizard.review.cells, 1, 2) == "Nowhereland"
    fates = wizard.review.fates
    rows = [fates.line(row) for row in range(fates.rowCount())]
    beta = next(line for line in rows if line is not None and "Beta" in line.words[2])
    assert (beta.words[1], beta.cell) == ("C1", "C1")


def test_an_unrolled_cell_is_named_as_the_file_has_it(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path, UNROLLED))
    to_review(wizard)
    assert told_at(wizard, "tbc?") == ("C3", (2, 2))
    fates = wizard.review.fates
    rows = [fates.line(row) for row in range(fates.rowCount())]
    chile = next(line for line in rows if line is not None and "Chile" in line.words[2])
    assert chile.words[1] == "D2"


def test_a_part_of_a_sheet_keeps_its_places(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path, PARTS, "two.csv"))
    assert [each.table.sheet for each in wizard.plan.tables] == ["two", "two, table 2"]
    to_review(wizard)
    assert told_at(wizard, "about half") == ("C7", (6, 2))
    # The first table stands above it, where the file has it.
    assert words_at(wizard.review.cells, 1, 0) == "Acme"


def test_a_range_of_a_turned_table_is_of_the_files_own_cells(
    window: MainWindow, tmp_path: Path
) -> None:
    wizard = opened(window, csv(tmp_path, TURNED))
    wizard.sheets._ask("A1:C4", 1, 1)
    # Read as it stands: the first row is the header, and three entries lie below.
    settled(window)
    assert wizard.plan is not None
    table = wizard.plan.tables[0].table
    assert [column.mapping.header for column in table.columns] == ["Supplier", "Acme", "Beta"]
    assert wizard.sheets.header_row.isEnabled()


def test_figures_are_written_as_the_locale_does(window: MainWindow, tmp_path: Path) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        text = "Owner,Owned company,Share\nAlpha,Joint,12.5\nBeta,Joint,87.5\n"
        wizard = opened(window, csv(tmp_path, text))
        wizard._go(COLUMNS)
        page = wizard.columns
        page.choose(2)
        choice = page.form.choices["percent"]
        assert choice.itemText(1).endswith("is 12,5\N{NO-BREAK SPACE}%")
        assert choice.itemText(2).endswith("is 1.250\N{NO-BREAK SPACE}%")
        assert str(page.model.index(0, 3).data()).endswith("\N{NO-BREAK SPACE}%")
    finally:
        QLocale.setDefault(before)


def test_what_is_quoted_from_the_file_stays() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        words = "1,234 cells of 'Cost 5,000' (12.5%) were read as the file's own."
        assert told(words) == (
            "1.234 cells of 'Cost 5,000' (12,5\N{NO-BREAK SPACE}%) were read as the file's own."
        )
    finally:
        QLocale.setDefault(before)
