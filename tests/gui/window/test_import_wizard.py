"""Importing tables through the window's own doors: file, drop, paste; sheets, columns, review."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from window_parts import answers

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.records import Company, Material, Owns, Plant, Supplies
from depmap_gui.exchange.tables.slots import Role
from depmap_gui.gui.action_handlers_import import mappings_folder
from depmap_gui.gui.dialogs.import_wizard import COLUMNS, REVIEW, SHEETS, ImportWizard
from depmap_gui.gui.main_window import MainWindow
from depmap_gui.session.importing import GonePolicy, Outcome, load_mapping, slots

# The offscreen platform says so of every dialog; a real one supports them.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SUPPLIERS = """Supplier,Country,Buyer,Item,Cost (USD)
Alpha Cells,China,Works,Cells,1000000
Beta Foil,Korea,Works,Foil,2500000
Gamma,Atlantis,Works,Lids,300000
Total,,,,3800000
"""


@pytest.fixture(autouse=True)
def no_mappings() -> None:
    """Nothing is remembered from one test to the next."""
    folder = mappings_folder()
    for path in folder.glob("*.json") if folder.is_dir() else ():
        path.unlink()


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not until():
        assert time.monotonic() < end, "it never came"
        QApplication.processEvents()
        time.sleep(0.01)


def settled(window: MainWindow) -> ImportWizard:
    """The wizard once it has read what it was given."""
    wizard = window.imports.wizard
    assert wizard is not None
    wait(lambda: not wizard.is_busy)
    return wizard


def opened(window: MainWindow, path: Path) -> ImportWizard:
    """The wizard on a file chosen through the action."""
    answers(window).open_path = path
    window.actions_table["file.import"].trigger()
    return settled(window)


def to_review(wizard: ImportWizard) -> None:
    """Press Next until the review is there."""
    while wizard.step != REVIEW:
        QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    wait(lambda: not wizard.is_busy)


def import_now(window: MainWindow, wizard: ImportWizard) -> None:
    """Press Import and wait until it is done."""
    assert wizard.import_button.isEnabled()
    QTest.mouseClick(wizard.import_button, Qt.MouseButton.LeftButton)
    wait(lambda: window.imports.wizard is None)


def csv(tmp_path: Path, text: str = SUPPLIERS, name: str = "suppliers.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def names(window: MainWindow, kind: type) -> set[str]:
    project = window.editor.project
    return {each.name for each in project.entities.values() if type(each) is kind}


def test_a_file_becomes_one_step_on_a_new_map(window: MainWindow, tmp_path: Path) -> None:
    assert not window.files.is_open
    wizard = opened(window, csv(tmp_path))
    assert wizard.step == SHEETS
    to_review(wizard)
    rows = wizard.review.preview.rows
    # Three entries; the header and the total are skipped, and said to be.
    assert (rows.added, rows.skipped, rows.failed) == (3, 2, 0)
    import_now(window, wizard)
    assert window.files.is_open
    assert names(window, Plant) == {"Works"}
    assert names(window, Company) == {"Alpha Cells", "Beta Foil", "Gamma"}
    costs = {
        window.editor.project.name(link.source): link.cost
        for link in window.editor.project.links.values()
        if isinstance(link, Supplies)
    }
    assert costs == {"Alpha Cells": 1e6, "Beta Foil": 2.5e6, "Gamma": 3e5}
    # Every new item stands somewhere of its own, and one undo takes all of it back.
    places = window.editor.view.positions
    assert set(places) == set(window.editor.project.entities)
    assert len(set(places.values())) == len(places)
    assert window.editor.history.count() == 1
    assert window.editor.history.undoText().startswith("Import suppliers.csv")
    assert "suppliers.csv" in window.status.told.text()
    assert "2 rows skipped" in window.status.told.text()
    window.actions_table["edit.undo"].trigger()
    assert not window.editor.project.entities


def test_what_is_wrong_is_told_with_its_cell(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path))
    to_review(wizard)
    model = wizard.review.problems
    lines = [model.line(row) for row in range(model.rowCount())]
    at = next(n for n, line in enumerate(lines) if "Atlantis" in line.words[2])
    assert lines[at].cell == "B4"
    wizard.review.problem_table.selectRow(at)
    current = wizard.review.cells.currentIndex()
    assert (current.row(), current.column()) == (3, 1)
    assert wizard.review.place.text() == "suppliers, B4"
    wizard.review.search.setText("atlantis")
    assert model.rowCount() == 1


def test_rows_are_filtered_by_their_fate(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path))
    to_review(wizard)
    review = wizard.review
    assert review.fates.rowCount() == 5
    QTest.mouseClick(review.counts[Outcome.ADDED], Qt.MouseButton.LeftButton)
    words = [review.fates.line(row).words for row in range(review.fates.rowCount())]
    assert [each[3] for each in words] == ["the header", "a total"]
    assert words[1][2].startswith("Total")


def test_it_is_added_to_the_open_map(open_map: MainWindow, tmp_path: Path) -> None:
    before = dict(open_map.editor.view.positions)
    text = SUPPLIERS.replace("Alpha Cells", "CellCo Ltd.")
    wizard = opened(open_map, csv(tmp_path, text))
    to_review(wizard)
    import_now(open_map, wizard)
    # The plant and the company that the map has already are linked, not made again.
    assert sum(name == "CellCo Ltd." for name in map_names(open_map)) == 1
    assert sum(name == "Works" for name in map_names(open_map)) == 1
    after = open_map.editor.view.positions
    assert {id: after[id] for id in before} == before
    assert set(open_map.editor.selection) == set(after) - set(before)


def map_names(window: MainWindow) -> list[str]:
    return [entity.name for entity in window.editor.project.entities.values()]


def test_a_column_is_matched_by_hand(window: MainWindow, tmp_path: Path) -> None:
    text = "Zulieferant XY,Q7\nAlpha,41.5\nBeta,12\n"
    wizard = opened(window, csv(tmp_path, text))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    assert page.doubts.text()
    page.template.setCurrentIndex(page.template.findData("ownership"))
    page.template.activated.emit(page.template.currentIndex())
    wait(lambda: not wizard.is_busy)
    for column, id in ((0, "owner.name"), (1, "owns.share")):
        letters = slots()[id].label
        page.choose(column)
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_Return)
        picker = page.picker
        QTest.keyClicks(picker.input, letters)
        QTest.keyClick(picker.input, Qt.Key.Key_Return)
    line = page.every_row.lines["owned.name"]
    line.setText("Joint Works")
    line.editingFinished.emit()
    assert not page.doubts.text()
    # 41.5 can only be percent; the reading says so and may be changed.
    assert page.form.choices["percent"].currentText() == "Percent: 41.5 is 41.5%"
    to_review(wizard)
    import_now(window, wizard)
    project = window.editor.project
    shares = {
        project.name(link.source): link.share
        for link in project.links.values()
        if isinstance(link, Owns)
    }
    assert shares == {"Alpha": pytest.approx(0.415), "Beta": pytest.approx(0.12)}
    assert "Joint Works" in map_names(window)


def test_a_reading_is_asked_and_answered(window: MainWindow, tmp_path: Path) -> None:
    text = "Owner,Owned company,Share %\nAlpha,Joint,0.4\nBeta,Joint,0.6\n"
    wizard = opened(window, csv(tmp_path, text))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    assert page.head.text() == "Share %"
    assert "says percent" in page.doubts.text()
    answer = next(
        each for each in page.form.findChildren(QPushButton) if each.text().startswith("Percent")
    )
    QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert "says percent" not in page.doubts.text()
    to_review(wizard)
    import_now(window, wizard)
    shares = sorted(x.share for x in window.editor.project.links.values() if isinstance(x, Owns))
    assert shares == pytest.approx([0.004, 0.006])


def test_a_range_and_a_header_are_chosen_on_the_grid(window: MainWindow, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    for row in (
        ["Old list"], ["Supplier", "Country", "Buyer"], ["Gone", "China", "Works"], [],
        ["Supplier", "Country", "Buyer"], ["Alpha", "China", "Works"], ["Beta", "Japan", "Works"],
    ):  # fmt: skip
        sheet.append(row)
    hidden = book.create_sheet("Secret")
    hidden.append(["Supplier", "Country", "Buyer"])
    hidden.append(["Hush", "China", "Works"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "two lists.xlsx"
    book.save(path)
    wizard = opened(window, path)
    page = wizard.sheets
    # The hidden sheet is told, and left out until it is checked.
    assert [page.list.item(n).checkState() for n in range(2)] == [
        Qt.CheckState.Checked, Qt.CheckState.Unchecked,
    ]  # fmt: skip
    assert "Secret" in page.told.text()
    model = page.view.grid
    chosen = QItemSelection(model.index(4, 0), model.index(6, 2))
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    page.view.selectionModel().select(chosen, flag)
    assert page.use_selection.text() == "&Only A5:C7"
    QTest.mouseClick(page.use_selection, Qt.MouseButton.LeftButton)
    wait(lambda: not wizard.is_busy)
    assert page.header_row.value() == 5
    to_review(wizard)
    import_now(window, wizard)
    assert names(window, Company) == {"Alpha", "Beta"}


def test_a_wrong_delimiter_and_encoding_are_mended(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Supplier;Country;Buyer\nŠkoda;Česko;Works\n".encode("cp1250"))
    wizard = opened(window, path)
    page = wizard.sheets
    page.encoding.setCurrentIndex(page.encoding.findData("cp1250"))
    page.encoding.activated.emit(page.encoding.currentIndex())
    wait(lambda: not wizard.is_busy)
    assert page.view.grid.index(1, 0).data() == "Škoda"
    to_review(wizard)
    import_now(window, wizard)
    assert names(window, Company) == {"Škoda"}


def test_look_alikes_are_decided(window: MainWindow, tmp_path: Path) -> None:
    text = (
        "Supplier,Country,Buyer\nDai Nippon Printing,Japan,Works\n"
        "Dai Nippon Printing Co.,Japan,Works\n"
    )
    wizard = opened(window, csv(tmp_path, text))
    to_review(wizard)
    review = wizard.review
    assert review.alike.rowCount() == 1
    assert not review.alike.same
    mark = review.alike.index(0, 0)
    assert review.alike.setData(mark, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    wait(lambda: not wizard.is_busy)
    import_now(window, wizard)
    assert len(names(window, Company)) == 1


def test_a_newer_file_asks_about_what_is_gone(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path, name="suppliers 2024.csv"))
    to_review(wizard)
    import_now(window, wizard)
    newer = SUPPLIERS.replace("Beta Foil,Korea,Works,Foil,2500000\n", "").replace("1000000", "9")
    wizard = opened(window, csv(tmp_path, newer, "suppliers 2025.csv"))
    # How the first file was read is known again.
    assert "saved mapping" in wizard.columns.recognized.text()
    to_review(wizard)
    review = wizard.review
    assert review.preview.rows.changed == 1
    assert any(
        "Beta Foil" in review.gone_list.item(n).text() for n in range(review.gone_list.count())
    )
    QTest.mouseClick(review.policies[GonePolicy.REMOVE], Qt.MouseButton.LeftButton)
    wait(lambda: not wizard.is_busy)
    assert review.choices.gone is GonePolicy.REMOVE
    import_now(window, wizard)
    assert "Beta Foil" not in names(window, Company)
    kinds = [link.kind for link in window.editor.project.links.values()]
    assert kinds.count(LinkKind.SUPPLIES) == 2
    assert window.editor.history.count() == 2


def test_leaving_keeps_the_map_and_the_matching(open_map: MainWindow, tmp_path: Path) -> None:
    before = open_map.editor.project
    path = csv(tmp_path)
    wizard = opened(open_map, path)
    wizard.columns.choose(3)
    wizard.columns._fill(None)
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    wait(lambda: open_map.imports.wizard is None)
    assert open_map.editor.project is before
    wizard = opened(open_map, path)
    assert wizard.plan.of("suppliers").table.columns[3].mapping.slots == ()
    assert "as you left" in wizard.columns.recognized.text()
    wizard.reject()


def test_a_mapping_is_saved_and_loaded(window: MainWindow, tmp_path: Path) -> None:
    path = csv(tmp_path)
    wizard = opened(window, path)
    wizard.columns.choose(3)
    wizard.columns._fill("supplies.notes")
    kept = tmp_path / "mine.json"
    answers(window).save_path = kept
    wizard.columns.save_asked.emit()
    columns = load_mapping(kept).tables[0].columns
    assert columns[3].slots == ("supplies.notes",)
    wizard.columns._fill(None)
    answers(window).open_path = kept
    wizard.columns.load_asked.emit()
    wait(lambda: not wizard.is_busy)
    assert wizard.plan.of("suppliers").table.columns[3].mapping.slots == ("supplies.notes",)
    assert "mine.json" in wizard.columns.recognized.text()
    (tmp_path / "other.json").write_text("{}")
    answers(window).open_path = tmp_path / "other.json"
    wizard.columns.load_asked.emit()
    wait(lambda: not wizard.is_busy)
    assert "other.json is not a mapping" in wizard.fault.text()
    wizard.reject()


def test_a_file_that_is_none_is_told(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 cut short")
    wizard = opened(window, path)
    assert "broken.xlsx" in wizard.fault.text()
    assert wizard.plan is None
    assert not wizard.next.isEnabled()
    wizard.reject()
    assert not window.files.is_open


def test_cells_pasted_on_the_map_start_the_wizard(open_map: MainWindow) -> None:
    QGuiApplication.clipboard().setText("Supplier\tCountry\tBuyer\nAlpha\tChina\tWorks\n")
    open_map.actions_table["edit.paste"].trigger()
    wizard = settled(open_map)
    to_review(wizard)
    import_now(open_map, wizard)
    assert "Alpha" in names(open_map, Company)
    # Words that are no table start nothing.
    QGuiApplication.clipboard().setText("just some words")
    open_map.actions_table["edit.paste"].trigger()
    assert open_map.imports.wizard is None


def test_a_table_dropped_on_the_window_is_imported(window: MainWindow, tmp_path: Path) -> None:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(csv(tmp_path)))])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, carried,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    assert event.isAccepted()
    wizard = settled(window)
    assert wizard.step == SHEETS
    assert wizard.windowTitle() == "Import suppliers.csv"
    wizard.reject()


def test_the_start_page_offers_it(window: MainWindow, tmp_path: Path) -> None:
    answers(window).open_path = csv(tmp_path)
    QTest.mouseClick(window.start_page.import_card, Qt.MouseButton.LeftButton)
    settled(window).reject()


def test_an_amount_in_another_currency_needs_a_rate(window: MainWindow, tmp_path: Path) -> None:
    text = "Supplier,Buyer,Item,Cost\nAlpha,Works,Cells,EUR 100\n"
    wizard = opened(window, csv(tmp_path, text))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert wizard.step == COLUMNS
    line = wizard.columns.every_row.rates["EUR"]
    line.setText("1.08")
    line.editingFinished.emit()
    assert wizard.plan.rates == {"EUR": 1.08}
    to_review(wizard)
    import_now(window, wizard)
    links = window.editor.project.links.values()
    assert [x.cost for x in links if isinstance(x, Supplies)] == pytest.approx([108.0])


def test_a_stopped_job_leaves_the_dialog_usable(window: MainWindow, tmp_path: Path) -> None:
    lines = "".join(f"S{n},China,Works,Item,{n + 1}\n" for n in range(4000))
    wizard = opened(window, csv(tmp_path, SUPPLIERS.splitlines(keepends=True)[0] + lines))
    wizard._go(REVIEW)
    assert wizard.is_busy
    assert not wizard.import_button.isEnabled()
    QTest.mouseClick(wizard.strip.stop, Qt.MouseButton.LeftButton)
    wait(lambda: not wizard.is_busy)
    assert "nothing was changed" in wizard.fault.text()
    QTest.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.step == COLUMNS
    to_review(wizard)
    assert wizard.review.preview.rows.added == 4000
    wizard.reject()


def test_what_a_row_makes_is_said_and_what_its_ends_are_is_chosen(
    window: MainWindow, tmp_path: Path
) -> None:
    wizard = opened(window, csv(tmp_path))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    told = [each.text() for each in page.roles.findChildren(QLabel) if not each.isHidden()]
    assert "Supplier  —  supplies  →  Buyer" in told or "Supplier  —  supplies  →  Plant" in told
    choice = page.roles.kinds[Role.SUPPLIER]
    choice.setCurrentIndex(choice.findData("material"))
    choice.activated.emit(choice.currentIndex())
    assert wizard.plan.of("suppliers").table.mapping.kinds == {"supplier": "material"}
    to_review(wizard)
    import_now(window, wizard)
    assert names(window, Company) == set()
    assert names(window, Material) == {"Alpha Cells", "Beta Foil", "Gamma"}


def test_only_rows_of_chosen_values_are_taken(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    page.choose(3)
    QTest.mouseClick(page.only, Qt.MouseButton.LeftButton)
    dialog = page.filter
    dialog.search.setText("foil")
    shown = [
        dialog.list.item(at)
        for at in range(dialog.list.count())
        if not dialog.list.item(at).isHidden()
    ]
    assert len(shown) == 1
    shown[0].setCheckState(Qt.CheckState.Unchecked)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert any("are taken" in each.text() for each in page.every_row.findChildren(QLabel))
    to_review(wizard)
    import_now(window, wizard)
    assert "Beta Foil" not in names(window, Company)
    assert "Alpha Cells" in names(window, Company)


def test_counts_follow_the_columns_while_one_matches_them(
    window: MainWindow, tmp_path: Path
) -> None:
    wizard = opened(window, csv(tmp_path))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    wait(lambda: "3 added" in wizard.counts.text())
    assert wizard.counts.text().startswith("5 rows: 3 added, 2 skipped")
    assert not wizard.is_busy
    # Without a name no row says whom it is about.
    wizard.columns.choose(0)
    wizard.columns._fill(None)
    assert wizard.counts.text() == ""
    wait(lambda: bool(wizard.counts.text()))
    assert "3 added" in wizard.counts.text() or "failed" in wizard.counts.text()
    wizard.reject()


def test_one_column_may_say_two_things(window: MainWindow, tmp_path: Path) -> None:
    wizard = opened(window, csv(tmp_path))
    QTest.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    page = wizard.columns
    page.choose(3)
    QTest.mouseClick(page.also, Qt.MouseButton.LeftButton)
    picker = page.picker
    QTest.keyClicks(picker.input, slots()["supplier.notes"].label)
    QTest.keyClick(picker.input, Qt.Key.Key_Return)
    mapped = wizard.plan.of("suppliers").table.columns[3].mapping.slots
    assert mapped == ("supplies.item", "supplier.notes")
    wizard.reject()
