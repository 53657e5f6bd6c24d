"""The workbook's structure: formulas with the program's values beside them, and text as text."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.context import Canceled
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.kinds import Basis, LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Product,
    Scenario,
    ScenarioChange,
    Source,
    Supplies,
    Uses,
)
from depmap_gui.exchange.sheets.facts import HEADERS_OF_ATTRIBUTION, Facts
from depmap_gui.exchange.sheets.text import MOST_UNITS, cell_text, labels
from depmap_gui.exchange.workbook import write_workbook
from depmap_gui.exchange.workbook_bench import time_workbook
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.export import export_workbook
from depmap_gui.session.session import Session, score

SHEETS = [
    "Summary", "Plants", "Products", "Companies", "Licenses", "Materials", "Jurisdictions",
    "Supply", "Ownership", "Debt", "License use", "Locations", "Operators", "Attribution", "IP",
    "Material assistance", "Tests", "Rules", "Scenarios", "Sources", "Assumptions", "Problems",
    "Check",
    "Index",
]  # fmt: skip
NASTY = (
    "=1+1", "@x", "+cmd", "-5", "http://x.example/a", "mailto:a@b", "123", "TRUE", "'quoted",
    'a "b"', "What*?~", "{=A1}", "中文 😀", "tab\there", "bell\x07", "_x0041_", " lead", "same",
    "same", "SAME", "", "L" * 40_000, "internal:Summary!A1", "\ufffe\ud800",
)  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack(resource("rules", "us-obbba"))


def project(
    entities: list[AnyEntity], links: list[AnyLink], basis: Basis = Basis.CONTROL, **kwargs: Any
) -> Project:
    header = Header(title=kwargs.pop("title", "A map"), year=2026, basis=basis)
    return Project(
        header=header,
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
        **kwargs,
    )


def works(basis: Basis = Basis.CONTROL) -> Project:
    """A plant with a license from CN, an input from CN, an uncertain one, and one unknown."""
    cells = Product(id="cells", name="Cells", credit="45x/battery-cell", units=1_000_000.0)
    return project(
        [
            Jurisdiction(id="cn", name="China", code="CN"),
            Jurisdiction(id="us", name="United States", code="US"),
            Company(id="maker", name="Maker Inc.", declared={"sfe": "no", "source": "s1"}),
            Company(id="cellco", name="CellCo"),
            Company(id="child", name="Child of CellCo"),
            License(id="deal", name="Cell license", signed=date(2023, 2, 13)),
            Plant(id="works", name="Works", own_ip=0.3, products=(cells,)),
            Material(id="graphite", name="Graphite"),
        ],
        [
            Located(id="a1", source="cn", target="cellco", role=LocationRole.INCORPORATED),
            Located(id="a2", source="us", target="maker"),
            Located(id="a3", source="us", target="child"),
            Located(id="a4", source="cn", target="graphite", share=0.7),
            Owns(id="o1", source="cellco", target="child", share=0.6),
            Operates(id="b1", source="maker", target="works"),
            Licenses(id="c1", source="cellco", target="deal"),
            Uses(id="d1", source="deal", target="works", share=(0.5, 0.6, 0.65)),
            Supplies(id="s1x", source="child", target="works", item="Foil",
                     category=SupplyCategory.MATERIAL, cost=(80.0, 100.0, 130.0)),
            Supplies(id="s2x", source="maker", target="works", item="Cans",
                     category=SupplyCategory.COMPONENT, cost=300.0, ip_share=0.05),
            Supplies(id="s3x", source="graphite", target="works", item="Graphite",
                     category=SupplyCategory.MATERIAL, cost=40.0),
        ],
        basis,
        sources={"s1": Source(id="s1", title="=A source", url="http://x.example")},
    )  # fmt: skip


def assessed(given: Project, pack: RulePack) -> Assessment:
    return assess(given, packs=[pack])


def written(given: Project, pack: RulePack, path: Path, **kwargs: Any) -> Assessment:
    found = assessed(given, pack)
    write_workbook(given, found, [pack], path, **kwargs)
    return found


def formulas(book: openpyxl.Workbook) -> Iterator[tuple[str, str, str]]:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, ArrayFormula):
                    yield sheet.title, cell.coordinate, str(cell.value.text)
                elif cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(cell.value)


def table(book: openpyxl.Workbook, sheet: str, name: str) -> list[dict[str, Any]]:
    """The rows of an Excel table as dicts by header."""
    rows = [[cell.value for cell in row] for row in book[sheet][book[sheet].tables[name].ref]]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_sheets_are_those_of_a_hand_over(tmp_path: Path, pack: RulePack) -> None:
    written(works(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert book.sheetnames == SHEETS
    assert book["Index"].sheet_state == "hidden"
    assert {"Year", "Focus", "MACR_threshold", "Status", "Annual_credit"} <= set(book.defined_names)
    links = [
        link.location for row in book["Summary"]["J1:N14"] for cell in row
        if (link := cell.hyperlink) is not None
    ]  # fmt: skip
    targets = {str(link).split("!")[0].strip("'") for link in links}
    assert targets == set(SHEETS) - {"Summary", "Index"}
    assert len(book["Summary"]._charts) == 1
    assert "not legal advice" in str(book["Summary"]["A2"].value)
    assert book.properties.title == "A map"


@pytest.mark.parametrize("basis", list(Basis))
def test_values_beside_the_formulas_are_the_engines(
    tmp_path: Path, pack: RulePack, basis: Basis
) -> None:
    found = written(works(basis), pack, tmp_path / "w.xlsx")
    values = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    live = openpyxl.load_workbook(tmp_path / "w.xlsx")
    summary, credit = table(values, "Summary", "t_summary")[0], found.law.credits[0]
    ip = found.scores.ip["works"]
    assert summary["IP, documented"] == pytest.approx(ip["CN"], abs=1e-12)
    assert summary["IP, at most"] == pytest.approx(ip["CN"] + ip["unknown"], abs=1e-12)
    assert credit.material is not None
    assert summary["Cost ratio, low"] == pytest.approx(credit.material.low, abs=1e-12)
    assert summary["Cost ratio, high"] == pytest.approx(credit.material.high, abs=1e-12)
    assert summary["Threshold"] == 0.60
    assert summary["Status"] == str(credit.status)
    assert summary["Credit a year"] == credit.annual_credit == 35_000_000.0
    for header in ("IP, documented", "Cost ratio, low", "Threshold", "Status", "Credit a year"):
        assert str(table(live, "Summary", "t_summary")[0][header]).startswith("="), header
    attributed = {row["Item"]: row for row in table(values, "Attribution", "t_attribution")}
    for id, name in (("child", "Child of CellCo"), ("graphite", "Graphite"), ("works", "Works")):
        for code in ("CN", "US", "unknown"):
            share = found.scores.attribution[id].get(code, 0.0)
            assert attributed[name][code] == pytest.approx(share, abs=1e-12), (id, code)


def test_nothing_newer_than_excel_2016_and_no_text_became_a_formula(
    tmp_path: Path, pack: RulePack
) -> None:
    written(nasty(), pack, tmp_path / "w.xlsx")
    used = set()
    for sheet, at, formula in formulas(openpyxl.load_workbook(tmp_path / "w.xlsx")):
        outside_text = re.sub(r'"[^"]*"', "", formula)
        used |= set(re.findall(r"([A-Z][A-Z0-9.]*)\(", outside_text))
        assert len(formula) < 8_192, (sheet, at)
    assert used <= {
        "ABS", "AND", "COUNTIFS", "DATE", "IF", "IFERROR", "INDEX", "ISNUMBER", "MATCH", "MAX",
        "MIN", "MINVERSE", "MMULT", "N", "NOT", "OR", "SUM", "SUMIFS", "SUMPRODUCT", "YEAR",
    }  # fmt: skip


def nasty() -> Project:
    """Every kind of record under names that a spreadsheet would like to read as something else."""
    entities: list[AnyEntity] = [Jurisdiction(id="cn", name="=CN()", code="CN")]
    links: list[AnyLink] = []
    for number, name in enumerate(NASTY):
        product = Product(id=f"={number}", name=name, credit="45x/battery-cell")
        entities += [
            Company(id=f"=c{number}", name=name, notes=name, tags=(name,)),
            Plant(id=f"+p{number}", name=name, products=(product,)),
        ]
        links += [
            Operates(id=f"@o{number}", source=f"=c{number}", target=f"+p{number}", notes=name),
            Supplies(id=f"-s{number}", source=f"=c{number}", target=f"+p{number}", item=name,
                     cost=5.0, category=SupplyCategory.MATERIAL),
        ]  # fmt: skip
    sources = {"s": Source(id="s", title="=HYPERLINK()", url="http://x.example", note="@")}
    return project(entities, links, title="=1+1 & co", sources=sources)


def test_names_stay_the_text_they_were(tmp_path: Path, pack: RulePack) -> None:
    written(nasty(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    companies = book["Companies"]
    names = [companies.cell(row, 3) for row in range(5, 5 + len(NASTY))]
    for cell, name in zip(names, NASTY, strict=True):
        assert cell.data_type in {"s", "inlineStr"} or (name == "" and cell.value is None)
        assert cell.hyperlink is None
        # A control character is kept by its escape, which openpyxl leaves as it is.
        assert (cell.value or "") == cell_text(name).replace("\x07", "_x0007_")
    ids = [companies.cell(row, 1).value for row in range(5, 5 + len(NASTY))]
    assert ids == [f"=c{number}" for number in range(len(NASTY))]
    assert companies.column_dimensions["A"].hidden
    supply = table(book, "Supply", "t_supply")
    assert [row["Item"] for row in supply][:5] == list(NASTY[:5])
    assert len({row["From"].casefold() for row in supply}) == len(NASTY)


def test_tables_have_unique_headers_and_no_hole(tmp_path: Path, pack: RulePack) -> None:
    for number, given in enumerate((works(), nasty(), Project())):
        written(given, pack, tmp_path / f"{number}.xlsx")
        book = openpyxl.load_workbook(tmp_path / f"{number}.xlsx")
        names = [name for sheet in book for name in sheet.tables]
        assert len(names) == len(set(names))
        for sheet in book:
            for name, each in ((each.name, each) for each in sheet.tables.values()):
                headers = [column.name for column in each.tableColumns]
                written_headers = [cell.value for cell in sheet[each.ref][0]]
                assert headers == written_headers, name
                assert len({header.casefold() for header in headers}) == len(headers), name
                assert len(sheet[each.ref]) >= 2, name


def test_choices_and_shares_are_validated(tmp_path: Path, pack: RulePack) -> None:
    written(works(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    rules = book["License use"].data_validations.dataValidation
    assert any(rule.type == "decimal" and rule.formula2 == "1" for rule in rules)
    assert any(rule.type == "list" and "Index!" in str(rule.formula1) for rule in rules)
    supply = book["Supply"].data_validations.dataValidation
    assert any('"material,component' in str(rule.formula1) for rule in supply)
    assert book["Supply"].freeze_panes is not None


def test_an_unknown_is_an_empty_cell(tmp_path: Path, pack: RulePack) -> None:
    given = works()
    links = dict(given.links)
    links["s3x"] = msgspec.structs.replace(links["s3x"], cost=None)
    written(msgspec.structs.replace(given, links=links), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    rows = {row["Item"]: row for row in table(book, "Supply", "t_supply")}
    assert rows["Graphite"]["Cost"] is None
    assert rows["Foil"]["Cost"], rows["Foil"]["Cost, low"] == (100.0, 80.0)
    assert rows["Cans"]["Cost, low"] is None


def test_an_empty_project_makes_a_whole_workbook(tmp_path: Path, pack: RulePack) -> None:
    written(Project(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    assert book.sheetnames == SHEETS
    assert book["Summary"]["A1"].value == "Untitled map"
    assert "No plant" in str(book["Summary"]["A16"].value)


def test_without_packs_there_is_no_credit(tmp_path: Path) -> None:
    given = works()
    write_workbook(given, assess(given, packs=[]), [], tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    row = table(book, "Summary", "t_summary")[0]
    assert (row["Credit"], row["Status"]) == ("45x/battery-cell", None)


def test_declared_statuses_and_open_points_are_told(tmp_path: Path, pack: RulePack) -> None:
    written(works(), pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    companies = {row["Name"]: row for row in table(book, "Companies", "t_companies")}
    assert companies["Maker Inc."]["SFE (us-obbba)"] == "no"
    told = companies["Maker Inc."]["How it is known (us-obbba)"]
    assert "Declared, not computed: sfe no (source: =A source)" in told
    assert companies["CellCo"]["SFE (us-obbba)"] == "yes"
    assert re.match(r"\d+ open: ", table(book, "Summary", "t_summary")[0]["Open points"])


def test_the_map_is_on_summary_where_it_is_given(tmp_path: Path, pack: RulePack) -> None:
    written(works(), pack, tmp_path / "w.xlsx", picture=png(40, 20))
    with zipfile.ZipFile(tmp_path / "w.xlsx") as parts:
        media = [name for name in parts.namelist() if name.startswith("xl/media/")]
        assert [parts.read(name) for name in media] == [png(40, 20)]


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\x00" + b"\xff" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def test_a_canceled_export_leaves_no_file(tmp_path: Path, pack: RulePack) -> None:
    class Stop:
        def progress(self, fraction: float, what: str) -> None:
            if fraction > 0.5:
                raise Canceled

    given = works()
    with pytest.raises(Canceled):
        write_workbook(given, assessed(given, pack), [pack], tmp_path / "w.xlsx", context=Stop())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_oserror(tmp_path: Path, pack: RulePack) -> None:
    given = works()
    with pytest.raises(OSError, match="no-such"):
        write_workbook(given, assessed(given, pack), [pack], tmp_path / "no-such" / "w.xlsx")


def test_the_basis_says_which_rows_are_values(tmp_path: Path, pack: RulePack) -> None:
    loop: list[AnyLink] = [
        Owns(id="x1", source="cellco", target="child", share=0.4),
        Owns(id="x2", source="child", target="cellco", share=0.4),
    ]
    given = works()
    links = {each.id: each for each in (*given.links.values(), *loop)}
    written(msgspec.structs.replace(given, links=links), pack, tmp_path / "w.xlsx")
    rows = table(openpyxl.load_workbook(tmp_path / "w.xlsx"), "Attribution", "t_attribution")
    how = {row["Item"]: row["How it is computed"] for row in rows}
    assert how["Maker Inc."] == "live"
    assert how["CellCo"].startswith("value: the company is in a loop")


def test_labels_are_never_empty_and_never_twice() -> None:
    found = labels([("a", "x"), ("b", "X"), ("c", ""), ("d", ""), ("e", "x (2)"), ("f", " x ")])
    assert len({label.casefold() for label in found.values()}) == 6
    assert all(found.values())


def test_a_country_may_be_called_like_a_column(tmp_path: Path, pack: RulePack) -> None:
    codes = ("ID", "KIND", "Item", "unknown", "Unknown", "id")
    places = [Jurisdiction(id=f"j{n}", name=code, code=code) for n, code in enumerate(codes)]
    written(project([*places, Company(id="c")], []), pack, tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Attribution"]
    (found,) = sheet.tables.values()
    headers = [column.name.casefold() for column in found.tableColumns]
    assert len(set(headers)) == len(headers)
    fixed = {word.casefold() for word in HEADERS_OF_ATTRIBUTION}
    assert fixed <= set(headers)


def test_no_formula_over_several_cells_lies_in_a_table(tmp_path: Path, pack: RulePack) -> None:
    given = works(Basis.ECONOMIC)
    above = License(id="above", name="Above")
    sub = Uses(id="d9", source="above", target="deal", share=0.4)
    entities, links = {**given.entities, "above": above}, {**given.links, "d9": sub}
    changed = msgspec.structs.replace(given, entities=entities, links=links)
    written(changed, pack, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    arrays = [
        (sheet.title, cell.value.ref)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, ArrayFormula)
    ]
    assert sorted(title for title, _ in arrays) == ["Attribution", "IP"]
    for title, area in arrays:
        taken = {cell.coordinate for row in book[title][area] for cell in row}
        for each in book[title].tables.values():
            inside = {cell.coordinate for row in book[title][each.ref] for cell in row}
            assert not taken & inside, (title, each.name)


def test_text_is_cut_where_a_cell_ends() -> None:
    assert cell_text("a" * MOST_UNITS) == "a" * MOST_UNITS
    assert len(cell_text("a" * (MOST_UNITS + 1))) == MOST_UNITS
    cut = cell_text("😀" * MOST_UNITS)
    assert len(cut.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert cut.endswith("more]")


def test_numbers_of_kinds_run_together(pack: RulePack) -> None:
    given = works()
    facts = Facts(given, assessed(given, pack), [pack])
    assert sorted(facts.number.values()) == list(range(1, len(given.entities) + 1))
    assert facts.codes == ["CN", "US", "unknown"]
    assert facts.focus == "CN"


def test_scenarios_stand_beside_the_base(tmp_path: Path, pack: RulePack) -> None:
    changes = (ScenarioChange(set="works", field="own_ip", value=0.1),
               ScenarioChange(set="d1", field="share", value=0.2))  # fmt: skip
    scenarios = {
        "less": Scenario(id="less", name="Less license", changes=changes),
        "odd": Scenario(id="odd", changes=(ScenarioChange(remove="nothing"),)),
    }
    base = msgspec.structs.replace(works(), scenarios=scenarios)
    session = Session(base)
    request = session.request()
    export_workbook(request, score(request), tmp_path / "w.xlsx")
    row = table(openpyxl.load_workbook(tmp_path / "w.xlsx"), "Scenarios", "t_scenarios")[0]
    for scenario, name in ((None, "Base"), ("less", "Less license")):
        found = score(session.request(scenario=scenario))
        ip = found.scores.ip["works"]
        assert row[f"IP, documented: {name}"] == pytest.approx(ip["CN"])
        assert row[f"IP, at most: {name}"] == pytest.approx(ip["CN"] + ip["unknown"])
        assert row[f"Status: {name}"] == str(found.law.credits[0].status)
    assert row["IP, documented: Base"] != row["IP, documented: Less license"]
    assert row["IP, documented: odd"] is None
    about = openpyxl.load_workbook(tmp_path / "w.xlsx")["Scenarios"]["A2"].value
    assert "'nothing' cannot be removed" in str(about)


def test_the_benchmark_writes_the_same_cells_bare(tmp_path: Path, pack: RulePack) -> None:
    given = works()
    timing = time_workbook(given, assessed(given, pack), [pack], tmp_path, held=lambda: 7)
    books = [openpyxl.load_workbook(tmp_path / name) for name in ("own.xlsx", "bare.xlsx")]
    own, bare = (
        sorted(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
               if cell.value is not None and not isinstance(cell.value, ArrayFormula))
        for book in books
    )  # fmt: skip
    assert set(bare) <= set(own)
    assert timing.cells > len(bare) > 500
    assert timing.held == 7


def test_an_export_says_how_far_it_is(tmp_path: Path, pack: RulePack) -> None:
    heard: list[float] = []

    class Ear:
        def progress(self, fraction: float, what: str) -> None:
            heard.append(fraction)

    given = works()
    write_workbook(given, assessed(given, pack), [pack], tmp_path / "w.xlsx", context=Ear())
    assert heard == sorted(heard)
    assert len(heard) > 100
    assert 0.0 <= heard[0] < heard[-1] < 1.0
