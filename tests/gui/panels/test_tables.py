"""The tables: edit, sort, filter, copy, paste, add and remove, and follow the selection."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QByteArray, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from depmap_gui.domain.edits import Batch, SetField, SetHeader
from depmap_gui.domain.fields import fields_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Company
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.tables import KINDS, TablesPanel
from depmap_gui.gui.panels.tables_clipboard import from_clipboard, placed, to_clipboard
from depmap_gui.gui.panels.tables_columns import FieldColumn
from depmap_gui.gui.panels.tables_model import RecordTable
from depmap_gui.gui.panels.tables_totals import TotalsRow
from depmap_gui.gui.theme import LIGHT
from depmap_gui.session.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def tables(editor: Editor, qtbot: QtBot) -> TablesPanel:
    panel = TablesPanel(editor, LIGHT)
    qtbot.addWidget(panel)
    panel.resize(1100, 320)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def at(tables: TablesPanel, id: str, name: str) -> tuple[int, int]:
    table = tables.view.table
    row = table.row_of(id)
    assert row is not None
    names = [c.field.name if isinstance(c, FieldColumn) else c.name for c in table.columns]
    return row, names.index(name)


def text(tables: TablesPanel, id: str, name: str) -> str:
    return str(tables.view.table.index(*at(tables, id, name)).data())


def go(tables: TablesPanel, id: str, name: str) -> None:
    tables.view.setCurrentIndex(tables.view.table.index(*at(tables, id, name)))


def test_every_kind_has_a_table_with_all_its_fields(editor: Editor, tables: TablesPanel) -> None:
    for kind in KINDS:
        tables.show_kind(kind)
        record = {**ENTITY_CLASSES, **LINK_CLASSES}[kind]
        shown = [c.field for c in tables.view.table.columns if isinstance(c, FieldColumn)]
        assert sorted(f.name for f in shown) == sorted(f.name for f in fields_of(record))
        expected = [
            r.id
            for r in (*editor.project.entities.values(), *editor.project.links.values())
            if r.kind == kind
        ]
        assert tables.view.table.ids == expected


def test_the_plants_table_shows_scores_and_status(editor: Editor, tables: TablesPanel) -> None:
    assert text(tables, "works", "ip") == "60%"
    assert text(tables, "works", "ip_most") == "70%"
    credit = editor.assessment.law.credits[0]
    assert text(tables, "works", "status").lower() == credit.status.value
    assert text(tables, "works", "credit") == "Battery cell"
    assert text(tables, "works", "bought_in") == "unknown"


def test_an_ended_credit_is_no_longer_at_risk(
    editor: Editor, tables: TablesPanel, scored: Callable[[], None]
) -> None:
    editor.apply(SetHeader("year", 2034))
    scored()
    assert editor.assessment.law.credits[0].phase_out == 0.0
    assert text(tables, "works", "status") == "Ended"


def test_figures_without_a_scored_map_are_unknown(editor: Editor, tables: TablesPanel) -> None:
    editor.assessment = None
    tables.view.table.take_figures()
    assert text(tables, "works", "ip") == "unknown"
    assert text(tables, "works", "annual") == "unknown"


def test_enter_on_a_figure_that_is_computed_opens_nothing(tables: TablesPanel) -> None:
    """Qt would warn of an editor it cannot open, which fails the test."""
    tables.show_kind(EntityKind.PLANT)
    go(tables, "works", "ip")
    QTest.keyClick(tables.view, Qt.Key.Key_Return)
    assert tables.view.findChild(QLineEdit) is None


def test_a_cell_is_edited_by_keys_and_undone(
    editor: Editor, tables: TablesPanel, qtbot: QtBot
) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    go(tables, "l10", "cost")
    tables.view.setFocus()
    QTest.keyClicks(tables.view, "5")
    line = tables.view.findChild(QLineEdit)
    QTest.keyClicks(line, "0M")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.project.links["l10"].cost == 5.0e7)
    assert text(tables, "l10", "cost") == "$50M"
    editor.history.undo()
    assert text(tables, "l10", "cost") == "$40M"


def test_what_is_not_understood_keeps_the_old_value(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    index = tables.view.table.index(*at(tables, "l10", "cost"))
    assert not tables.view.table.setData(index, "much")
    assert "not an amount" in tables.note.text()
    assert tables.note.isVisible()
    assert editor.history.count() == 0


def test_copy_has_headings_and_pastes_back_unchanged(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    before = editor.project.links
    tables.view.selectAll()
    tables.view.copy()
    copied = QApplication.clipboard().text()
    lines = copied.splitlines()
    assert lines[0].split("\t")[:3] == ["From", "To", "Item"]
    assert len(lines) == 1 + tables.view.table.rowCount()
    assert "unknown" in lines[1]
    tables.view.paste()
    assert tables.note.text() == ""
    assert editor.project.links == before
    assert editor.history.count() == 0


def test_a_block_is_pasted_as_one_step_and_faults_are_told(
    editor: Editor, tables: TablesPanel
) -> None:
    tables.show_kind(EntityKind.COMPANY)
    go(tables, "maker", "own_ip")
    QApplication.clipboard().setText("40%\t?\r\n25–35%\tnonsense\r\n")
    tables.view.paste()
    project = editor.project
    assert project.entities["maker"].own_ip == 0.4
    assert project.entities["parent"].own_ip == (0.25, 0.3, 0.35)
    assert project.entities["parent"].bought_in is None
    assert "1 of 4 cells kept" in tables.note.text()
    assert "Row 2, Bought in" in tables.note.text()
    assert editor.history.count() == 1
    assert editor.history.undoText() == "Paste 3 cells into companies"
    editor.history.undo()
    assert editor.project.entities["maker"].own_ip is None


def test_one_text_fills_all_selected_cells(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(EntityKind.COMPANY)
    row, column = at(tables, "maker", "traded")
    table = tables.view.table
    selection = tables.view.selectionModel()
    for step in range(3):
        selection.select(table.index(row + step, column), selection.SelectionFlag.Select)
    QApplication.clipboard().setText("yes")
    tables.view.paste()
    companies = [e for e in editor.project.entities.values() if isinstance(e, Company)]
    assert [company.traded for company in companies] == [True, True, True]


def test_delete_makes_cells_unknown_and_keeps_names(editor: Editor, tables: TablesPanel) -> None:
    tables.view.selectRow(0)
    tables.view.setFocus()
    QTest.keyClick(tables.view, Qt.Key.Key_Delete)
    works = editor.project.entities["works"]
    assert works.own_ip is None
    assert works.name == "Works"


def test_sorting_leaves_what_is_unknown_at_the_end(editor: Editor, tables: TablesPanel) -> None:
    editor.apply(SetField(Section.ENTITIES, "parent", "own_ip", 0.5))
    editor.apply(SetField(Section.ENTITIES, "cellco", "own_ip", (0.1, 0.2, 0.9)))
    tables.show_kind(EntityKind.COMPANY)
    table = tables.view.table
    _, column = at(tables, "maker", "own_ip")
    table.sort(column, Qt.SortOrder.AscendingOrder)
    assert table.ids == ["cellco", "parent", "maker"]
    table.sort(column, Qt.SortOrder.DescendingOrder)
    assert table.ids == ["parent", "cellco", "maker"]
    table.sort(-1)
    assert table.ids == ["maker", "parent", "cellco"]


def test_the_filter_narrows_by_any_words(tables: TablesPanel, qtbot: QtBot) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    tables.filter.setText("cathode cellco")
    qtbot.waitUntil(lambda: tables.view.table.ids == ["l11"])
    tables.filter.setText("nothing like it")
    qtbot.waitUntil(lambda: tables.view.table.ids == [])
    tables.filter.clear()
    qtbot.waitUntil(lambda: tables.view.table.ids == ["l10", "l11"])


def test_the_selection_goes_both_ways(editor: Editor, tables: TablesPanel) -> None:
    editor.select(["l11"])
    assert tables.kind is LinkKind.SUPPLIES
    assert tables.view.rows() == [1]
    tables.view.selectRow(0)
    assert editor.selection == ("l10",)
    tables.show_kind(EntityKind.COMPANY)
    assert tables.kind is EntityKind.COMPANY
    assert editor.selection == ("l10",)


def test_rows_are_added_and_removed(editor: Editor, tables: TablesPanel, qtbot: QtBot) -> None:
    tables.show_kind(EntityKind.COMPANY)
    tables.add_row()
    (new,) = editor.selection
    assert editor.project.entities[new].kind is EntityKind.COMPANY
    assert tables.view.rows() == [3]
    line = tables.view.findChild(QLineEdit)
    QTest.keySequence(line, "Ctrl+A")
    QTest.keyClicks(line, "Fresh Co.")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor.project.entities[new].name == "Fresh Co.")
    QTest.keyClick(tables.view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert new not in editor.project.entities
    editor.history.undo()
    assert new in editor.project.entities


def test_a_link_is_added_by_the_names_of_its_ends(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(LinkKind.OWNS)
    tables.add_row()
    source, target = tables.new_link.ends
    QTest.keyClicks(source, "china")
    QTest.keyClicks(target, "works")
    QTest.keyClick(target, Qt.Key.Key_Return)
    assert "no such item" in tables.new_link.fault.text()
    target.clear()
    QTest.keyClicks(target, "parent corp.")
    QTest.keyClick(target, Qt.Key.Key_Return)
    (id,) = editor.selection
    made = editor.project.links[id]
    assert (made.kind, made.source, made.target) == (LinkKind.OWNS, "cn", "parent")


def test_figures_say_when_they_are_being_updated(
    editor: Editor, tables: TablesPanel, scored: Callable[[], None]
) -> None:
    assert not tables.stale_note.isVisible()
    editor.apply(SetField(Section.ENTITIES, "works", "own_ip", 0.4))
    assert tables.stale_note.isVisible()
    scored()
    assert not tables.stale_note.isVisible()
    assert text(tables, "works", "ip_most") == "60%"


def test_text_that_looks_like_a_formula_stays_text(editor: Editor, tables: TablesPanel) -> None:
    editor.apply(SetField(Section.ENTITIES, "works", "name", "=1+1"))
    tables.view.selectRow(0)
    tables.view.copy()
    assert "'=1+1" in QApplication.clipboard().text()
    tables.view.paste()
    assert editor.project.entities["works"].name == "=1+1"


def test_the_clipboard_keeps_quotes_tabs_and_line_ends() -> None:
    block = [['say "no"', "two\nlines", "a\tb"], ["", "x", "寧德"]]
    assert from_clipboard(to_clipboard(block)) == block
    pasted = placed([["A"], ["1"], ["2"]], [(4, 1)], ["Z", "A"], rows=6)
    assert pasted.cells == ((4, 1, "1"), (5, 1, "2"))
    assert placed([["1", "2"]], [(5, 1)], ["Z", "A"], rows=6).left_out == 1


def test_thirty_thousand_rows_open_sort_and_filter(editor: Editor, qtbot: QtBot) -> None:
    names = {f"c{n}": f"Company {n * 7919 % 30_000}" for n in range(30_000)}
    many = {id: Company(id=id, name=name) for id, name in names.items()}
    project = msgspec.structs.replace(editor.project, entities=many, links={}, views={})
    editor.open_session(Session(project))
    editor._cancel_scoring()
    table = RecordTable(EntityKind.COMPANY, Desk(editor, LIGHT))
    table.rebuild()
    table.sort(0)
    table.narrow("company 29")
    assert table.rowCount() == sum("29" in f"{id} {name}" for id, name in names.items())


# Filling down, totals, columns --------------------------------------------------------------


def choose(tables: TablesPanel, cells: list[tuple[int, int]]) -> None:
    view = tables.view
    view.clearSelection()
    flag = QItemSelectionModel.SelectionFlag.Select
    for row, column in cells:
        view.selectionModel().select(view.table.index(row, column), flag)


def test_ctrl_d_repeats_the_uppermost_cell_as_one_step(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    first, column = at(tables, "l10", "cost")
    second, _ = at(tables, "l11", "cost")
    choose(tables, [(first, column), (second, column)])
    before = editor.history.index()
    QTest.keyClick(tables.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert [editor.project.links[id].cost for id in ("l10", "l11")] == [4.0e7, 4.0e7]
    assert editor.history.index() == before + 1


def test_ctrl_d_in_one_cell_takes_what_stands_above(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    go(tables, "l11", "cost")
    QTest.keyClick(tables.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert editor.project.links["l11"].cost == 4.0e7


def test_a_computed_figure_cannot_be_filled_down(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(EntityKind.COMPANY)
    go(tables, "maker", "attribution")
    before = editor.history.index()
    QTest.keyClick(tables.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert "Select the cells to fill" in tables.note.text()
    assert editor.history.index() == before


def totals(tables: TablesPanel) -> TotalsRow:
    row = tables.view.parentWidget().findChild(TotalsRow)
    assert row is not None
    row.refresh()
    return row


def test_totals_sum_money_average_shares_and_count_what_is_unknown(
    editor: Editor, tables: TablesPanel
) -> None:
    tables.show_kind(LinkKind.SUPPLIES)
    _, cost = at(tables, "l10", "cost")
    _, share = at(tables, "l10", "ip_share")
    row = totals(tables)
    assert row.totals[0].text == "2 rows"
    assert row.totals[cost].text == "Σ $100M"
    assert share not in row.totals
    editor.apply(SetField(Section.LINKS, "l10", "cost", (30e6, 40e6, 60e6)))
    editor.apply(SetField(Section.LINKS, "l11", "ip_share", 0.25))
    row = totals(tables)
    assert row.totals[cost].text == "Σ $100M ($90M–$120M)"
    assert row.totals[share].text == "⌀ 25% + 1 unknown"
    assert "1 unknown, not counted" in row.accessibleDescription()


def test_totals_are_of_the_selected_rows_where_several_are(
    editor: Editor, tables: TablesPanel
) -> None:
    tables.show_kind(EntityKind.COMPANY)
    choose(tables, [(0, 0), (1, 0)])
    assert totals(tables).totals[0].text == "2 of 3 rows"


def test_a_hidden_column_is_remembered_and_comes_back(editor: Editor, qtbot: QtBot) -> None:
    kept: dict[str, QByteArray] = {}

    def panel() -> TablesPanel:
        made = TablesPanel(editor, LIGHT, lambda name: kept.get(name, QByteArray()))
        qtbot.addWidget(made)
        made.heading_changed.connect(kept.__setitem__)
        return made

    first = panel()
    columns = first.cell_menu(first.view).findChild(QMenu)
    assert columns is not None
    entries = columns.actions()
    assert not entries[0].isEnabled()
    entries[2].trigger()
    assert first.view.isColumnHidden(2)
    again = panel()
    assert again.view.isColumnHidden(2)
    back = again.cell_menu(again.view).findChild(QMenu)
    assert back is not None
    back.actions()[-1].trigger()
    assert not again.view.isColumnHidden(2)


def test_rows_that_find_no_cells_are_handed_on(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(EntityKind.COMPANY)
    before = editor.project
    handed: list[str] = []
    tables.table_pasted.connect(handed.append)
    go(tables, tables.view.table.ids[-1], "name")
    rows = "Supplier\tCountry\nAlpha\tChina\nBeta\tJapan\n"
    QApplication.clipboard().setText(rows)
    tables.view.paste()
    assert handed == [rows]
    assert editor.project is before


def test_hidden_columns_are_neither_copied_nor_pasted_into(
    editor: Editor, tables: TablesPanel
) -> None:
    tables.show_kind(EntityKind.COMPANY)
    table = tables.view.table
    id = table.ids[0]
    row, name = at(tables, id, "name")
    shown = tables.view.columns_in_sight()
    hidden, last = shown[shown.index(name) + 1 :][:2]
    tables.view.setColumnHidden(hidden, True)
    go(tables, id, "name")
    told: list[str] = []
    tables.view.told.connect(told.append)
    before = table.index(row, hidden).data()
    QApplication.clipboard().setText(f"Renamed\t{table.index(row, last).data()}")
    tables.view.paste()
    assert editor.project.entities[id].name == "Renamed"
    assert table.index(row, hidden).data() == before
    tables.view.selectRow(row)
    tables.view.copy()
    headings = QApplication.clipboard().text().splitlines()[0].split("\t")
    assert table.headerData(hidden, Qt.Orientation.Horizontal) not in headings


# Doing no more than need be -----------------------------------------------------------------


def test_only_the_rows_that_changed_are_told_of(editor: Editor, tables: TablesPanel) -> None:
    tables.show_kind(EntityKind.COMPANY)
    table = tables.view.table
    told: list[tuple[int, int]] = []
    resets: list[bool] = []
    table.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    table.modelReset.connect(lambda: resets.append(True))
    rows = [table.row_of(id) for id in ("maker", "parent")]
    names = [SetField(Section.ENTITIES, id, "name", f"New {id}") for id in ("maker", "parent")]
    editor._cancel_scoring()
    editor.apply(Batch("Names", tuple(names)), "Names")
    assert told == [(min(rows), max(rows))] == [(0, 1)]
    assert not resets
    assert table.index(rows[0], 0).data() == "New maker"


def test_a_table_out_of_sight_follows_when_it_comes_into_sight(
    editor: Editor, tables: TablesPanel
) -> None:
    tables.show_kind(EntityKind.COMPANY)
    hidden = tables.view.table
    tables.show_kind(EntityKind.MATERIAL)
    heard: list[str] = []
    hidden.dataChanged.connect(lambda *_: heard.append("told"))
    hidden.modelReset.connect(lambda: heard.append("reset"))
    editor.apply(SetField(Section.ENTITIES, "maker", "name", "Renamed"), "Rename")
    editor.remove(["parent"])
    assert heard == []
    tables.show_kind(EntityKind.COMPANY)
    assert heard == ["reset"]
    assert hidden.index(hidden.row_of("maker"), 0).data() == "Renamed"
    assert hidden.row_of("parent") is None
    tables.show_kind(EntityKind.MATERIAL)
    tables.show_kind(EntityKind.COMPANY)
    assert heard == ["reset"]
