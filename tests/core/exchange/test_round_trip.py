"""A workbook read back: unchanged it says nothing new; edited, it says what and where."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_workbook import nasty, project, works, written

from depmap_gui.domain.differences import Change
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Plant,
    Source,
    Supplies,
)
from depmap_gui.exchange.tables.grid import TableError
from depmap_gui.project.file import project_bytes
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.round_trip import Comparison, compare_workbook, edit_of_chosen

sys.path.insert(0, str(Path(__file__).parents[1] / "project"))
from every_field import every_field  # stands beside the tests of the project file

HEADER = 4


def after_all(before: Project, edit: Batch) -> Project:
    """The project once the edit is made."""
    document = Document(before)
    document.apply(edit)
    return document.snapshot()


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack(resource("rules", "us-obbba"))


class Book:
    """A workbook written from a project, to be edited by hand and read back."""

    def __init__(self, base: Project, pack: RulePack, path: Path) -> None:
        written(base, pack, path)
        self.base = base
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def cell(self, sheet: str, id: str, header: str) -> Any:
        table = self.book[sheet]
        column = next(cell.column for cell in table[HEADER] if cell.value == header)
        return table.cell(self.row(sheet, id), column)

    def row(self, sheet: str, id: str) -> int:
        table = self.book[sheet]
        return next(row for row in range(HEADER + 1, table.max_row + 1)
                    if table.cell(row, 1).value == id)  # fmt: skip

    def add(self, sheet: str, **values: Any) -> int:
        """A row below the table, by header with spaces for underscores."""
        table = self.book[sheet]
        row = table.max_row + 1
        for header, value in values.items():
            column = next(
                cell.column for cell in table[HEADER] if cell.value == header.replace("_", " ")
            )
            table.cell(row, column).value = value
        return row

    def read(self) -> Comparison:
        self.book.save(self.path)
        return compare_workbook(self.base, self.path)


@pytest.fixture
def book(tmp_path: Path, pack: RulePack) -> Book:
    return Book(works(), pack, tmp_path / "w.xlsx")


def told(comparison: Comparison) -> list[str]:
    return [each.words for each in comparison.told]


@pytest.mark.parametrize("base", [works(), nasty(), every_field(), Project()])
def test_unchanged_it_says_nothing_new(base: Project, tmp_path: Path, pack: RulePack) -> None:
    written(base, pack, tmp_path / "w.xlsx")
    found = compare_workbook(base, tmp_path / "w.xlsx")
    assert found.is_same, told(found)
    assert found.notices == ()
    assert found.after == base


def test_unchanged_it_gives_the_same_file(tmp_path: Path, pack: RulePack) -> None:
    base = works()
    written(base, pack, tmp_path / "w.xlsx")
    found = compare_workbook(base, tmp_path / "w.xlsx")
    edit, _ = edit_of_chosen(base, found.told, "w.xlsx")
    assert project_bytes(after_all(base, edit)) == project_bytes(base)


def test_typed_values_become_fields(book: Book) -> None:
    book.cell("Plants", "works", "Own IP").value = 0.35
    book.cell("Supply", "s1x", "Cost").value = 110
    book.cell("Supply", "s2x", "Cost").value = "310"
    book.cell("Supply", "s2x", "Cost, low").value = 290
    book.cell("Supply", "s3x", "IP share").value = "12.5%"
    book.cell("License use", "d1", "IP share, low").value = None
    book.cell("License use", "d1", "IP share, high").value = None
    book.cell("Supply", "s3x", "Candidate only").value = "Yes"
    book.cell("Supply", "s3x", "Contract").value = date(2026, 2, 3)
    book.cell("Supply", "s3x", "Valid from").value = "2027-01-01"
    book.cell("Companies", "maker", "Legal form").value = "Partnership"
    book.cell("Companies", "maker", "Tags").value = "big, US"
    book.cell("Companies", "cellco", "Name").value = "=CellCo"
    book.cell("Companies", "cellco", "Name").data_type = "s"
    book.cell("Licenses", "deal", "Terms").value = "sourcing: yes; operation: unknown"
    book.cell("Jurisdictions", "us", "Code").value = 12
    found = book.read()
    after = found.after
    assert found.problems == ()
    assert after.entities["works"].own_ip == 0.35
    supply = after.links
    assert supply["s1x"].cost == (80.0, 110.0, 130.0)
    assert supply["s2x"].cost == (290.0, 310.0, 310.0)
    assert supply["s3x"].ip_share == 0.125
    assert supply["s3x"].candidate is True
    assert (supply["s3x"].contract, supply["s3x"].valid_from) == (
        date(2026, 2, 3), date(2027, 1, 1)
    )  # fmt: skip
    assert supply["d1"].share == 0.6
    assert after.entities["maker"].form == "partnership"
    assert after.entities["maker"].tags == ("big", "US")
    assert after.entities["cellco"].name == "=CellCo"
    assert after.entities["deal"].terms == {"sourcing": True, "operation": None}
    assert after.entities["us"].code == "12"
    cells = {(each.difference.id, each.difference.field): each.cell for each in found.told}
    at = book.cell("Supply", "s1x", "Cost").coordinate
    assert cells["s1x", "cost"] == f"Supply!{at}"
    assert len(found.told) == 13


@pytest.mark.parametrize(
    ("sheet", "id", "header", "value", "why"),
    [
        ("Supply", "s1x", "Cost", "about 100", "holds the text 'about 100', where a number"),
        ("Supply", "s1x", "Cost", "1.234,5", "holds the text '1.234,5', where a number"),
        ("Supply", "s1x", "Cost", -5, "never below 0"),
        ("Supply", "s1x", "Cost", 500, "does not lie between its low 80 and its high 130"),
        ("Plants", "works", "Own IP", 30, "would be 3000%"),
        ("Supply", "s1x", "Contract", "soon", "where a date belongs; write it as 2026-12-31"),
        ("Supply", "s1x", "Category", "stuff", "it can be: material, component"),
        ("Supply", "s1x", "Candidate only", "perhaps", "write yes or no"),
        ("Supply", "s1x", "From", "Nobody Ltd", "no item is called so"),
        ("Supply", "s1x", "From", "China", "is a jurisdiction; here belongs a company"),
        ("Supply", "s1x", "Product", "modules", "no product of 'Works' (it has: cells)"),
        ("Companies", "maker", "Sources", "A rumor", "no reference on Sources"),
        ("Licenses", "deal", "Terms", "sourcing", "write it as name: yes"),
    ],
)
def test_what_is_no_value_is_told_with_its_cell(
    book: Book, sheet: str, id: str, header: str, value: Any, why: str
) -> None:
    cell = book.cell(sheet, id, header)
    cell.value = value
    found = book.read()
    assert found.told == ()
    (problem,) = found.problems
    assert problem.startswith(f"{sheet}!{cell.coordinate} ")
    assert why in problem
    assert found.after == book.base


def test_rows_come_and_go(book: Book) -> None:
    book.add("Companies", Name="New Co", Own_IP=0.5)
    row = book.add("Supply", From="New Co", To="Works", Item="Paste", Cost=12.5)
    book.add("Locations", From="US", To="New Co")
    book.book["Supply"].delete_rows(book.row("Supply", "s2x"))
    row -= 1
    found = book.read()
    assert found.problems == ()
    assert told(found) == [
        "Added company 'New Co' with 1 field.",
        "Removed supply Maker Inc. → Works (Cans).",
        "Added location United States → New Co.",
        "Added supply New Co → Works (Paste) with 2 fields.",
    ] or sorted(told(found)) == sorted([
        "Added company 'New Co' with 1 field.",
        "Removed supply Maker Inc. → Works (Cans).",
        "Added location United States → New Co.",
        "Added supply New Co → Works (Paste) with 2 fields.",
    ])  # fmt: skip
    assert f"Supply!{row}" in {each.cell for each in found.told}
    edit, refused = edit_of_chosen(book.base, found.told, "w.xlsx")
    assert refused == ()
    assert edit.label == "Apply 4 changes from w.xlsx"
    assert after_all(book.base, edit).links.keys() == found.after.links.keys()


def test_ids_copied_by_filling_down_make_new_records(book: Book) -> None:
    table = book.book["Supply"]
    copied = book.row("Supply", "s1x")
    row = table.max_row + 1
    for column in range(1, table.max_column + 1):
        table.cell(row, column).value = table.cell(copied, column).value
    book.cell("Supply", "s1x", "Item")
    item = next(cell.column for cell in table[HEADER] if cell.value == "Item")
    table.cell(row, item).value = "Thicker foil"
    found = book.read()
    assert told(found) == ["Added supply Child of CellCo → Works (Thicker foil) with 3 fields."]
    assert f"Supply!{row} bears the hidden id of another row" in found.notices[0]
    new = found.told[0].difference.id
    assert new not in book.base.links
    assert found.after.links["s1x"] == book.base.links["s1x"]


def test_many_copied_rows_are_told_of_together(book: Book) -> None:
    table = book.book["Supply"]
    copied = [cell.value for cell in table[book.row("Supply", "s1x")]]
    for _ in range(40):
        row = table.max_row + 1
        for column, value in enumerate(copied, 1):
            table.cell(row, column).value = value
    found = book.read()
    assert len(found.told) == 40
    assert len(found.notices) == 6
    assert found.notices[-1] == f"So do 35 more rows, the last of them Supply!{table.max_row}."


def test_a_copied_source_leaves_the_first_as_it_was(book: Book) -> None:
    table = book.book["Sources"]
    row = table.max_row + 1
    for cell in list(table[book.row("Sources", "s1")]):
        table.cell(row, cell.column).value = cell.value
    title = next(cell.column for cell in table[HEADER] if cell.value == "Title")
    table.cell(row, title).value = "Another"
    found = book.read()
    assert told(found) == ["Added source 'Another' with 1 field."]
    assert found.after.sources["s1"] == book.base.sources["s1"]


def test_an_error_value_takes_nothing_away(book: Book) -> None:
    for sheet, id, header in (("Supply", "s2x", "Cost"), ("Supply", "s3x", "From")):
        cell = book.cell(sheet, id, header)
        cell.value, cell.data_type = "#REF!", "e"
    found = book.read()
    assert told(found) == []
    assert len(found.problems) == 2
    assert all("holds an error such as #REF!" in each for each in found.problems)


@pytest.mark.parametrize("name", ["#REF!", "#N/A", "Err:508"])
def test_a_name_like_an_error_is_a_name(tmp_path: Path, pack: RulePack, name: str) -> None:
    base = works()
    entities = {**base.entities, "maker": replace(base.entities["maker"], name=name)}
    base = replace(base, entities=entities)
    written(base, pack, tmp_path / "w.xlsx")
    found = compare_workbook(base, tmp_path / "w.xlsx")
    assert found.is_same, (told(found), found.problems)


def test_rows_sorted_and_columns_moved_are_no_difference(book: Book) -> None:
    table = book.book["Supply"]
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=HEADER)]
    body = [rows[0], *reversed(rows[1:])]
    turned = [list(reversed(row)) for row in body]
    for y, row in enumerate(turned, HEADER):
        for x, value in enumerate(row, 1):
            table.cell(y, x).value = value
    found = book.read()
    assert found.is_same, told(found)


def test_sheets_and_columns_that_are_gone_take_nothing_away(book: Book) -> None:
    book.book["Locations"].title = "Where they are"
    del book.book["Ownership"]
    table = book.book["Supply"]
    cost = next(cell.column for cell in table[HEADER] if cell.value == "Cost")
    table.cell(HEADER, cost).value = "Price paid"
    places = next(cell.column for cell in book.book["Plants"][HEADER] if cell.value == "Id")
    book.book["Plants"].cell(HEADER, places).value = None
    found = book.read()
    assert found.told == ()
    text = "\n".join(found.notices)
    assert "The sheet 'Locations' is called 'Where they are' now; it is read." in text
    assert "The sheet 'Ownership' is not in the workbook" in text
    assert "Supply has no column 'Cost' any more" in text
    assert "Plants has no column 'Id' any more" in text


def test_a_renamed_item_keeps_its_links(book: Book) -> None:
    book.cell("Companies", "child", "Name").value = "Foil Works"
    book.cell("Supply", "s1x", "From").value = "Foil Works"
    found = book.read()
    assert told(found) == ["Foil Works: name changed from 'Child of CellCo' to 'Foil Works'."]


def test_an_end_may_be_named_by_its_country(book: Book) -> None:
    book.cell("Locations", "a2", "From").value = "cn"
    found = book.read()
    assert told(found) == [
        "The location China → Maker Inc.: from changed from 'United States' to 'China'."
    ]


def test_products_are_read_by_plant(book: Book) -> None:
    products = book.book["Products"]
    units = next(cell.column for cell in products[HEADER] if cell.value == "Units a year")
    products.cell(HEADER + 1, units).value = 5
    book.add("Products", Plant="Works", Name="Modules", Units_a_year=7)
    found = book.read()
    assert [(each.difference.change, each.difference.product) for each in found.told] == [
        (Change.CHANGED, "cells"), (Change.ADDED, "modules"),
    ]  # fmt: skip
    plant = found.after.entities["works"]
    assert isinstance(plant, Plant)
    assert [(each.id, each.units) for each in plant.products] == [("cells", 5), ("modules", 7)]


def test_a_formula_in_an_input_cell_is_its_value(book: Book, tmp_path: Path) -> None:
    """What a spreadsheet computed is taken; one that was never computed is told, not emptied."""
    book.cell("Supply", "s1x", "Cost").value = "=50+60"
    found = book.read()
    assert found.told == ()
    assert "is a formula that was never computed" in found.problems[0]


def test_what_is_no_fact_of_the_map_is_told(book: Book) -> None:
    rules = book.book["Rules"]
    value = next(cell.column for cell in rules[HEADER] if cell.value == "Value")
    row = next(row for row in range(HEADER + 1, rules.max_row)
               if isinstance(rules.cell(row, value).value, int | float))  # fmt: skip
    rules.cell(row, value).value = 0.123
    book.cell("Companies", "maker", "SFE (us-obbba)").value = "yes"
    book.book["Summary"]["B4"].value = 2028
    tests = book.book["Tests"]
    verdict = next(cell.column for cell in tests[HEADER] if cell.value == "Verdict")
    row = next(row for row in range(HEADER + 1, tests.max_row)
               if tests.cell(row, verdict).data_type == "s")  # fmt: skip
    tests.cell(row, verdict).value = "fail"
    found = book.read()
    assert told(found) == ["The project: year changed from 2026 to 2028."]
    assert found.told[0].cell == "Summary!B4"
    assert any("the law is not taken from a workbook" in each for each in found.notices)
    assert any("A status was changed on Companies (row 5)" in each for each in found.notices)
    assert f"A verdict was changed on Tests (row {row})" in "".join(found.notices)


def test_a_map_that_moved_on_is_told(book: Book) -> None:
    changed = replace(
        book.base,
        entities={**book.base.entities, "maker": Company(id="maker", name="Maker Corp.")},
    )
    found = compare_workbook(changed, book.path)
    assert "The map has changed since this workbook was written" in found.notices[0]


def test_any_other_spreadsheet_is_refused_with_a_sentence(tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.active["A1"] = "Supplier"
    other.save(tmp_path / "other.xlsx")
    with pytest.raises(TableError, match="is not a workbook that DepMap wrote"):
        compare_workbook(works(), tmp_path / "other.xlsx")


def test_a_source_with_commas_is_found(tmp_path: Path, pack: RulePack) -> None:
    base = replace(
        works(),
        sources={
            "a": Source(id="a", title="Report, part 1, annex"),
            "b": Source(id="b", title="Letter"),
        },
    )
    book = Book(base, pack, tmp_path / "w.xlsx")
    book.cell("Companies", "maker", "Sources").value = "Letter, Report, part 1, annex"
    found = book.read()
    assert found.problems == ()
    assert found.after.entities["maker"].sources == ("b", "a")


TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
NUMBERS = st.floats(0, 1) | st.just(1 / 3) | st.just(0.1 + 0.2)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXT, TEXT, TEXT, NUMBERS, st.floats(0, 1e12))
def test_any_text_and_number_comes_back(
    tmp_path: Path, pack: RulePack, name: str, note: str, item: str, share: float, cost: float
) -> None:
    base = project(
        [
            Jurisdiction(id="j", name=name, code="CN"),
            Company(id="c", name=note, notes=name, tags=(item,), own_ip=share),
            Plant(id="p", name=item),
        ],
        [
            Located(id="l", source="j", target="c", role=LocationRole.PRINCIPAL),
            Supplies(id="s", source="c", target="p", item=item, notes=note, cost=(0.0, cost, cost)),
        ],
        sources={"x": Source(id="x", title=name, note=note)},
    )
    written(base, pack, tmp_path / "w.xlsx")
    found = compare_workbook(base, tmp_path / "w.xlsx")
    assert found.is_same, (told(found), found.problems)
    assert found.after == base
