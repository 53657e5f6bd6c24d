"""From a table to one edit: what is proposed, what every row makes, what a second import keeps."""

from datetime import date

import msgspec
import pytest
from table_files import csv_file, xlsx_bytes, xlsx_file

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import LinkKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Plant
from depmap_gui.exchange.tables.grid import TableError, TableFile
from depmap_gui.exchange.tables.ledger import cell_of
from depmap_gui.exchange.tables.mappings import best_fit, fit, mapping_bytes, mapping_from
from depmap_gui.exchange.tables.planning import Chosen, plan_import
from depmap_gui.exchange.tables.proposing import propose, propose_table
from depmap_gui.exchange.tables.reading import table_file
from depmap_gui.exchange.tables.records import (
    Choices,
    Counts,
    GonePolicy,
    Mapping,
    Outcome,
    Preview,
    Severity,
)

SUPPLIERS = [
    ["Supplier list of the works", "", "", "", "", ""],
    [],
    ["Supplier", "Country", "Plant", "Material", "Annual spend (USD k)", "IP share"],
    ["Maker Inc.", "USA", "Works", "Foil", 1200, "10-15%"],
    ["MAKER, INC", "United States", "Works", "Cans", 300.5, "n/a"],
    ["CellPower Co., Ltd.", "P.R. China", "Works", "Cells", 9000, "<5%"],
    ["Cellpower Co. Ltd", "中国", "Works", "Tabs", 12, ""],
    ["CelPower Company Limited", "China", "Works", "Glue", 1, ""],
    ["", "", "", "", "", ""],
    ["Total", "", "", "", 10513.5, ""],
    ["Note: figures of 2025", "", "", "", "", ""],
]


def imported(file: TableFile, project: Project | None = None, **choices: object) -> Preview:
    return plan_import(
        project or Project(), [Chosen(file, propose(file).mapping())], Choices(**choices)
    )


def applied(preview: Preview, project: Project | None = None) -> Project:
    document = Document(project)
    assert preview.edit is not None
    document.apply(preview.edit)
    return document.snapshot()


def links(project: Project, kind: LinkKind) -> list[tuple[str, str]]:
    return [
        (project.name(link.source), project.name(link.target))
        for link in project.links.values()
        if link.kind is kind
    ]


def test_a_supplier_list_under_a_title() -> None:
    file = xlsx_file(SUPPLIERS)
    (table,) = propose(file).tables
    assert table.is_confident
    assert table.header_row == 2
    assert [column.mapping.slots for column in table.columns] == [
        ("supplier.name",), ("supplier.principal",), ("plant.name",), ("supplies.item",),
        ("supplies.cost",), ("supplies.ip_share",),
    ]  # fmt: skip
    preview = imported(file)
    project = applied(preview)
    companies = [e.name for e in project.entities.values() if isinstance(e, Company)]
    assert companies == ["Maker Inc.", "CellPower Co., Ltd.", "CelPower Company Limited"]
    costs = {link.item: link.cost for link in project.links.values() if link.kind == "supplies"}
    assert costs == {"Foil": 1.2e6, "Cans": 300_500, "Cells": 9e6, "Tabs": 12_000, "Glue": 1_000}
    shares = {
        link.item: link.ip_share for link in project.links.values() if link.kind == "supplies"
    }
    assert shares["Foil"] == pytest.approx((0.10, 0.125, 0.15))
    assert shares["Cells"] == pytest.approx((0.0, 0.025, 0.05))
    assert shares["Cans"] is None
    codes = {
        project.entities[link.source].code
        for link in project.links.values()
        if link.kind == "located"
    }
    assert codes == {"US", "CN"}


def test_every_row_is_accounted_for() -> None:
    preview = imported(xlsx_file(SUPPLIERS))
    (table,) = preview.tables
    assert [fate.row for fate in table.fates] == list(range(len(SUPPLIERS)))
    assert preview.rows == Counts(added=5, skipped=6)
    reasons = {fate.row: fate.reason for fate in table.fates if fate.outcome is Outcome.SKIPPED}
    assert reasons == {
        0: "above the table", 1: "above the table", 2: "the header", 8: "blank",
        9: "a total", 10: "a note",
    }  # fmt: skip
    places = {p.cell for p in preview.problems if p.code == "skipped"}
    assert places == {"row 10", "row 11"}


def test_spellings_are_merged_and_told_likenesses_only_proposed() -> None:
    preview = imported(xlsx_file(SUPPLIERS))
    assert {(m.name, m.spellings[1]) for m in preview.merged} == {
        ("Maker Inc.", "MAKER, INC"),
        ("CellPower Co., Ltd.", "Cellpower Co. Ltd"),
    }
    (pair,) = preview.alike
    assert (pair.first, pair.second) == ("CellPower Co., Ltd.", "CelPower Company Limited")
    chosen = imported(xlsx_file(SUPPLIERS), same=frozenset({pair.key}))
    project = applied(chosen)
    assert len([e for e in project.entities.values() if isinstance(e, Company)]) == 2
    assert ("CellPower Co., Ltd.", "Works") in links(project, LinkKind.SUPPLIES)


def test_one_undo_takes_it_all_back() -> None:
    document = Document()
    before = document.snapshot()
    preview = imported(xlsx_file(SUPPLIERS))
    inverse = document.apply(preview.edit)
    document.apply(inverse)
    after = document.snapshot()
    assert (after.entities, after.links, after.sources) == (
        before.entities, before.links, before.sources,
    )  # fmt: skip


def test_every_fact_names_its_file_and_cell() -> None:
    file = xlsx_file(SUPPLIERS)
    project = applied(imported(file, today="2026-11-22"))
    (source,) = project.sources.values()
    assert file.sha256 in source.note
    assert source.accessed == "2026-11-22"
    supply = next(
        link for link in project.links.values() if link.kind == "supplies" and link.item == "Cells"
    )
    assert supply.sources == (source.id,)
    assert cell_of(project, supply.id, "supplies.cost") == "list.xlsx, Sheet1!E6"


def test_the_same_file_again_changes_nothing() -> None:
    file = xlsx_file(SUPPLIERS)
    project = applied(imported(file))
    again = imported(file, project)
    assert again.edit is None
    assert again.rows == Counts(unchanged=5, skipped=6)


def newer() -> TableFile:
    rows = [list(row) for row in SUPPLIERS]
    rows[3][4] = 1500
    rows[5][4] = 9500
    del rows[7]
    rows.insert(7, ["New Corp", "Japan", "Works", "Ink", 7, ""])
    return xlsx_file(rows)


def supply(project: Project, item: str) -> object:
    supplies = [link for link in project.links.values() if link.kind == "supplies"]
    return next(link for link in supplies if link.item == item)


def test_a_newer_file_updates_and_keeps_what_a_hand_changed() -> None:
    document = Document(applied(imported(xlsx_file(SUPPLIERS))))
    foil = supply(document.snapshot(), "Foil")
    document.apply(SetField(Section.LINKS, foil.id, "cost", 1.0))
    document.apply(SetField(Section.LINKS, foil.id, "contract", date(2025, 1, 1)))
    project = document.snapshot()
    preview = imported(newer(), project)
    after = applied(preview, project)
    assert supply(after, "Foil").cost == 1.0
    assert supply(after, "Foil").contract == date(2025, 1, 1)
    assert supply(after, "Cells").cost == 9.5e6
    assert supply(after, "Ink").cost == 7_000
    assert [p.code for p in preview.problems if p.severity is Severity.WARNING] == ["hand edit"]
    assert {one.name for one in preview.gone} == {
        "CelPower Company Limited",
        "CelPower Company Limited → Works",
        "China → CelPower Company Limited",
    }
    over = applied(imported(newer(), project, replace_hand_edits=True), project)
    assert supply(over, "Foil").cost == 1.5e6


def test_what_is_gone_stays_goes_or_ends_as_asked() -> None:
    project = applied(imported(xlsx_file(SUPPLIERS)))
    name = "CelPower Company Limited"
    kept = applied(imported(newer(), project), project)
    assert (name, "Works") in links(kept, LinkKind.SUPPLIES)
    removed = applied(imported(newer(), project, gone=GonePolicy.REMOVE), project)
    assert name not in {entity.name for entity in removed.entities.values()}
    ended = applied(
        imported(newer(), project, gone=GonePolicy.END_DATE, gone_date="2026-06-30"), project
    )
    assert supply(ended, "Glue").valid_to == date(2026, 6, 30)
    assert supply(ended, "Cells").valid_to is None


def test_owners_with_shares_in_one_cell() -> None:
    file = csv_file(
        'Joint venture;Shareholders\nBlueCells;Ford 49% / SK On 51%\nUltium;"GM 50%; LG 50%"\n'
    )
    project = applied(imported(file))
    shares = {
        (project.name(link.source), project.name(link.target)): link.share
        for link in project.links.values()
    }
    assert shares == {
        ("Ford", "BlueCells"): 0.49, ("SK On", "BlueCells"): 0.51,
        ("GM", "Ultium"): 0.5, ("LG", "Ultium"): 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "shares"), [(("49", "51"), [0.49, 0.51]), (("0.49", "0.51"), [0.49, 0.51])]
)
def test_percent_or_fraction_is_decided_for_the_column(
    cells: tuple[str, str], shares: list[float]
) -> None:
    file = csv_file(f"Owner,Company,Stake\nA Corp,X Corp,{cells[0]}\nB Corp,X Corp,{cells[1]}\n")
    project = applied(imported(file))
    assert [link.share for link in project.links.values()] == pytest.approx(shares)


def test_a_head_that_says_percent_over_fractions_is_asked_about() -> None:
    file = csv_file("Owner,Company,Stake %\nA Corp,X Corp,0.49\nB Corp,X Corp,0.51\n")
    (table,) = propose(file).tables
    assert [question.matter for question in table.questions] == ["percent"]
    assert not table.is_confident


def test_plants_with_several_companies_are_run_by_their_joint_venture() -> None:
    file = csv_file(
        "company_name,product,city,country,latitude\n"
        '"Ultium Cells (GM, LG)",Cells,Warren,United States,41\n'
        "Samsung / GM,Packs,New Carlisle,United States,41\nGM,Packs,Flint,United States,43\n"
    )
    project = applied(imported(file))
    assert links(project, LinkKind.OPERATES) == [
        ("Ultium Cells", "Ultium Cells (GM, LG), Warren"),
        ("Samsung / GM (joint venture)", "Samsung / GM, New Carlisle"),
        ("GM", "GM, Flint"),
    ]
    assert sorted(links(project, LinkKind.OWNS)) == [
        ("GM", "Samsung / GM (joint venture)"), ("GM", "Ultium Cells"), ("LG", "Ultium Cells"),
        ("Samsung", "Samsung / GM (joint venture)"),
    ]  # fmt: skip
    plant = next(e for e in project.entities.values() if e.name == "GM, Flint")
    assert isinstance(plant, Plant)
    assert [product.name for product in plant.products] == ["Packs"]


def test_countries_parts_in_a_material_are_of_the_worlds_total() -> None:
    file = csv_file(
        'Commodity,Country,Mine production (t)\nLithium,Chile,"44,000"\nLithium,China,33000\n'
        "Lithium,Other countries,3000\nLithium,World total (rounded),100000\n"
    )
    preview = imported(file)
    project = applied(preview)
    shares = {project.name(link.source): link.share for link in project.links.values()}
    assert shares == pytest.approx({"Chile": 0.44, "China": 0.33})
    assert preview.rows == Counts(added=2, skipped=3)


def test_only_the_latest_year_counts_unless_told_otherwise() -> None:
    file = csv_file(
        "commodity,year,country,share\nNickel,2023,Indonesia,0.5\nNickel,2024,Indonesia,0.6\n"
    )
    project = applied(imported(file))
    assert [link.share for link in project.links.values()] == [0.6]


def test_changed_columns_of_a_newer_release_are_found_again() -> None:
    old = csv_file("COMMODITY,COUNTRY,PROD_2023\nTin,Peru,10\nTin,China,30\n", "mcs2024.csv")
    new = csv_file(
        "COUNTRY,NOTE,COMMODITY,PROD_2024\nPeru,x,Tin,20\nChina,,Tin,20\n", "mcs2025.csv"
    )
    mapping = propose(old).mapping()
    found = fit(mapping, new)
    assert (found.score, found.missing, found.new) == (1.0, (), ("NOTE",))
    project = applied(plan_import(Project(), [Chosen(old, mapping)]))
    after = applied(plan_import(project, [Chosen(new, mapping)]), project)
    shares = {after.name(link.source): link.share for link in after.links.values()}
    assert shares == pytest.approx({"Peru": 0.5, "China": 0.5})


def test_items_by_key_and_links_that_name_the_keys() -> None:
    nodes = csv_file("id,name,country\nt,TSMC,TW\na,ASML,NL\nr,Arm,GB\n", "nodes.csv")
    edges = csv_file(
        "source,target,relation\na,t,supplies-equipment\nt,a,supplied by\nr,t,licenses-ip\n"
        "a,t,befriends\n",
        "edges.csv",
    )
    preview = plan_import(
        Project(),
        [Chosen(edges, propose(edges).mapping()), Chosen(nodes, propose(nodes).mapping())],
    )
    project = applied(preview)
    supplies = [link for link in project.links.values() if link.kind == "supplies"]
    assert links(project, LinkKind.SUPPLIES) == [("ASML", "TSMC"), ("ASML", "TSMC")]
    assert supplies[0].category == "equipment"
    assert links(project, LinkKind.USES) == [("Arm → TSMC license", "TSMC")]
    failed = [problem for problem in preview.problems if problem.severity is Severity.ERROR]
    assert [(problem.cell, "befriends" in problem.message) for problem in failed] == [
        ("row 5", True)
    ]
    assert preview.rows.failed == 1


def test_a_renamed_item_keeps_its_place_by_its_key() -> None:
    old = csv_file("Vendor ID,Supplier,Country\n7,Old Name Inc.,US\n8,Other Inc.,US\n")
    new = csv_file("Vendor ID,Supplier,Country\n7,New Name Inc.,US\n8,Other Inc.,US\n")
    project = applied(imported(old))
    preview = imported(new, project)
    after = applied(preview, project)
    assert [e.name for e in after.of_kind(Company)] == ["New Name Inc.", "Other Inc."]
    assert preview.records["company"] == Counts(changed=1, unchanged=1)


def test_money_in_another_currency_needs_a_rate() -> None:
    file = csv_file("Supplier;Plant;Cost\nA Inc.;Works;1.000,50 €\n")
    mapping = propose(file).mapping()
    preview = plan_import(Project(), [Chosen(file, mapping)])
    assert "no rate was given" in next(p.message for p in preview.problems if p.code == "cell")
    rated = msgspec.structs.replace(mapping, rates={"EUR": 1.1})
    project = applied(plan_import(Project(), [Chosen(file, rated)]))
    assert [link.cost for link in project.links.values()] == pytest.approx([1100.55])


def test_dates_that_may_be_either_are_asked_about() -> None:
    file = csv_file("Licensor,Licensee,Date signed\nA Inc.,B Inc.,03/04/2024\n")
    (table,) = propose(file).tables
    assert [question.matter for question in table.questions] == ["day_first"]
    assert not table.is_confident


def test_heads_over_two_rows_merged_cells_and_doubled_heads() -> None:
    import io

    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "Supplier")
        sheet.merge_range(0, 2, 0, 3, "Plant")
        sheet.write_row(1, 0, ["Name", "Country", "Name", "Country"])
        sheet.merge_range(2, 0, 3, 0, "Maker Inc.")
        sheet.write_row(2, 1, ["US", "Works", "DE"])
        sheet.write_row(3, 1, ["US", "Mill", "FR"])
    project = applied(imported(table_file("a.xlsx", out.getvalue())))
    assert sorted(links(project, LinkKind.SUPPLIES)) == [
        ("Maker Inc.", "Mill"), ("Maker Inc.", "Works"),
    ]  # fmt: skip
    assert ("France", "Mill") in links(project, LinkKind.LOCATED)


def test_names_that_look_like_formulas_stay_names() -> None:
    file = csv_file("Supplier,Country,Plant\n=cmd|' /C calc'!A0,US,Works\n+Plus AG,CH,Works\n")
    project = applied(imported(file))
    assert [e.name for e in project.of_kind(Company)] == ["=cmd|' /C calc'!A0", "+Plus AG"]


def test_a_company_called_total_is_no_total() -> None:
    file = csv_file("Supplier,Country,Plant,Item\nTotal,France,Works,Oil\nShell,UK,Works,Gas\n")
    assert imported(file).rows == Counts(added=2, skipped=1)


def test_a_list_of_nobody_knows_what_is_not_imported_unseen() -> None:
    (table,) = propose(csv_file("code,title,description\na,b,c\nd,e,f\n")).tables
    assert not table.is_confident


def test_hidden_sheets_wait_to_be_named() -> None:
    import io

    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Shown").write_row(0, 0, ["x"])
        sheet = book.add_worksheet("Secret")
        sheet.hide()
        for row, cells in enumerate([["Supplier", "Country"], ["A Inc.", "US"]]):
            sheet.write_row(row, 0, cells)
    tables = {table.sheet: table for table in propose(table_file("a.xlsx", out.getvalue())).tables}
    assert any("hidden" in doubt for doubt in tables["Secret"].doubts)


def test_a_range_and_a_header_that_someone_chose() -> None:
    rows = [
        ["junk", "", ""],
        ["", "x", "y"],
        ["", "Supplier", "Country"],
        ["", "A Inc.", "US"],
        ["", "B Inc.", "US"],
        ["", "C Inc.", "US"],
    ]
    file = xlsx_file(rows)
    table = propose_table(file, file.sheets[0], range="B3:C5", header_row=3)
    preview = plan_import(Project(), [Chosen(file, Mapping(tables=(table.mapping,)))])
    assert preview.rows == Counts(added=2, skipped=4)


def test_a_mapping_goes_to_a_file_and_back() -> None:
    file = xlsx_file(SUPPLIERS)
    mapping = propose(file).mapping()
    assert mapping_from(mapping_bytes(mapping), "m.json") == mapping
    other = Mapping(tables=propose(csv_file("Owner,Company,Share\nA,B,1\n")).mapping().tables)
    best = best_fit([other, mapping], xlsx_file([*SUPPLIERS[2:5]]))
    assert best is not None
    assert best.mapping == mapping


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "no JSON"),
        (b"[]", "'depmap_mapping' is missing"),
        (b'{"depmap_mapping": 99}', "newer DepMap"),
        (b'{"depmap_mapping": 1, "tables": 3}', "not a sound mapping"),
        (b'{"depmap_mapping": 1, "tabels": []}', "not a sound mapping"),
        (
            b'{"depmap_mapping": 1, "tables": [{"columns": [{"header": "a", "slots": ["x.y"]}]}]}',
            "names what no import can fill: x.y",
        ),
    ],
)
def test_a_broken_mapping_has_its_sentence(content: bytes, told: str) -> None:
    with pytest.raises(TableError, match=r"m\.json") as fault:
        mapping_from(content, "m.json")
    assert told in str(fault.value)


def test_two_sheets_are_two_tables_with_a_source_each() -> None:
    content = xlsx_bytes(
        {
            "Suppliers": [["Supplier", "Plant"], ["A Inc.", "Works"]],
            "Owners": [["Owner", "Company", "Share"], ["B Inc.", "A Inc.", 0.4]],
        }
    )
    project = applied(imported(table_file("a.xlsx", content)))
    assert [source.title for source in project.sources.values()] == [
        "a.xlsx, Suppliers", "a.xlsx, Owners",
    ]  # fmt: skip
    assert len(project.of_kind(Company)) == 2


def test_a_newer_release_is_known_though_its_mapping_got_a_name_meanwhile() -> None:
    old = csv_file("Supplier,Country,Plant\nA,US,Works\nB,JP,Works\n", "list_2024.csv")
    first = propose(old).mapping()
    project = applied(plan_import(Project(), [Chosen(old, first)]))
    newer = csv_file("Supplier,Country,Plant\nA,US,Works\n", "list_2025.csv")
    named = msgspec.structs.replace(first, name="my list")
    preview = plan_import(project, [Chosen(newer, named)])
    assert {one.name for one in preview.gone} == {"B", "B → Works", "Japan → B"}


def test_a_saved_mapping_says_only_what_was_decided() -> None:
    file = csv_file("Supplier,Country,Plant,Spend (USD k)\nA,US,Works,5\n,JP,Works,6\n")
    mapping = propose(file).mapping()
    content = mapping_bytes(mapping)
    assert mapping_from(content, "m.json") == mapping
    assert content.count(b'"reading"') == 1
    assert b'"multiplier": 1000.0' in content
