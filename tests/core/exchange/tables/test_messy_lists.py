"""Supplier lists as people really send them: what a careful person would read from each.

Every list says the same few things in another mess; the facts expected were written down by hand.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from table_files import bare_xlsx, xlsx_bytes

from depmap_gui.domain.document import Document
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.exchange.tables.grid import TableError
from depmap_gui.exchange.tables.planning import Chosen, plan_import
from depmap_gui.exchange.tables.proposing import propose
from depmap_gui.exchange.tables.reading import table_file
from depmap_gui.exchange.tables.records import Mapping, Preview, Severity

Costs = dict[str, object]


def taken(content: bytes, name: str = "list.csv", **rates: float) -> tuple[Project, Preview]:
    """The map that a file makes as it is proposed, every table of it; nothing may be in doubt."""
    file = table_file(name, content)
    proposal = propose(file)
    assert [table.doubts for table in proposal.tables] == [()] * len(proposal.tables)
    tables = tuple(table.mapping for table in proposal.tables)
    preview = plan_import(Project(), [Chosen(file, Mapping(tables=tables, rates=rates))])
    assert preview.edit is not None
    document = Document()
    document.apply(preview.edit)
    return document.snapshot(), preview


def supplies(project: Project) -> dict[tuple[str, str], object]:
    return {
        (project.name(link.source), project.name(link.target)): link.cost
        for link in project.links.values()
        if link.kind is LinkKind.SUPPLIES
    }


def shares(project: Project, kind: LinkKind = LinkKind.OWNS) -> dict[tuple[str, str], object]:
    return {
        (project.name(link.source), project.name(link.target)): link.share
        for link in project.links.values()
        if link.kind is kind
    }


def homes(project: Project) -> dict[str, str]:
    return {
        project.name(link.target): project.name(link.source)
        for link in project.links.values()
        if link.kind is LinkKind.LOCATED
    }


TWO = {("Acme", "Works"): 5.0, ("Beta", "Works"): 6.0}
HOMES = {"Acme": "China", "Beta": "Japan"}
HEAD = "Supplier,Country,Plant,Cost USD\n"
ACME, BETA = "Acme,China,Works,5\n", "Beta,Japan,Works,6\n"
PLAIN = HEAD + ACME + BETA

# fmt: off
SAME: dict[str, str | bytes] = {
    "plain": PLAIN,
    "title above": "Falcon - suppliers\nConfidential, as of 1 March\n\n" + PLAIN,
    "notes below": PLAIN + ",,,\n* State-owned,,,\n(1) formerly Gamma,,,\nNote: unaudited,,,\n",
    "footnote marks": HEAD + "Acme*,China,Works,5\nBeta†,Japan,Works,6\n",
    "totals": PLAIN + "Total,,,11\nGrand total,,,11\n",
    "header on each page": HEAD + ACME + HEAD + BETA + "Page 2 of 3,,,\n",
    "sections": HEAD + "Cathode,,,\n" + ACME + "Anode,,,\n" + BETA,
    "group named once": "Plant,Supplier,Country,Cost USD\nWorks,Acme,China,5\n,Beta,Japan,6\n",
    "blank columns": ("," + PLAIN.replace(",", ",,").replace("\n", "\n,"))[:-1],
    "turned": "Supplier,Acme,Beta\nCountry,China,Japan\nPlant,Works,Works\nCost USD,5,6\n",
    "bars": PLAIN.replace(",", "|"),
    "tabs in a csv": PLAIN.replace(",", "\t"),
    "semicolons and sep": "sep=;\n" + PLAIN.replace(",", ";").replace("\n", ";;;\n"),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode(),
    "utf-16 without a mark": PLAIN.replace(",", "\t").encode("utf-16-le"),
    "nul bytes": PLAIN.replace("Acme", "Acme\0"),
    "lines ended by returns": PLAIN.replace("\n", "\r"),
    "marks of direction": PLAIN.replace("Acme", "\u200fAcme\u200e").replace("Beta", "Be\u200bta"),
    "marks in countries": PLAIN.replace("Japan", "\u202aJapan\u202c").replace(",6", ",\u200e6"),
    "hard blanks": PLAIN.replace("Acme", "\u00a0Acme\u00a0").replace("Works", "\u00a0Works"),
    "broken lines in heads": '"Supplier\nname","Country\n(HQ)",Plant,"Cost\nUSD"\n' + ACME + BETA,
    "unclosed quote": HEAD + '"' + ACME + BETA,
    "full-width digits": PLAIN.replace("5", "５").replace("6", "６"),
    "in thousands": PLAIN.replace("USD", "USD '000").replace(",5", ",.005").replace(",6", ",.006"),
    "in k of euros": PLAIN.replace("USD", "KEUR").replace(",5", ",.005").replace(",6", ",.006"),
    "currency in a column": "Supplier,Country,Plant,Spend,Currency\n"
                            "Acme,China,Works,5,USD\nBeta,Japan,Works,6,usd\n",
    "units in a row": "Supplier,Country,Plant,Cost\n,,,USD\n" + ACME + BETA,
    "price of a ton": PLAIN.replace("USD", "(USD/t)"),
    "other columns": PLAIN.replace(",Plant", ",Foo,Plant").replace(",Works", ",Bar,Works"),
}
# fmt: on


@pytest.mark.parametrize("mess", SAME)
def test_one_list_in_many_messes(mess: str) -> None:
    content = SAME[mess]
    plain = content.encode() if isinstance(content, str) else content
    project, preview = taken(plain, EUR=1.0)
    found = supplies(project)
    assert found.keys() == TWO.keys()
    assert list(found.values()) == pytest.approx(list(TWO.values()))
    assert homes(project) == HOMES
    assert preview.rows.failed == 0


LANGUAGES = {
    "german": (
        "cp1252", [1_250_500.0, 12_000.0, 3_000.0], ["Austria", "South Korea", "United States"],
        "Lieferant;Land;Werk;Kosten (T€)", "Müller GmbH;Österreich;Werk Süd;1.250,5",
        "Teile AG;Südkorea;Werk Süd;12", "Los;Vereinigte Staaten;Werk Süd;3"),
    "french": ("cp1252", [1_250_500.0, 85_000.0], ["United States", "United Kingdom"],
        "Fournisseur;Pays;Usine;Coût annuel (k€)", "Métaux SA;États-Unis;Usine Nord;1 250,5",
        "Piles;Royaume-Uni;Usine Nord;85"),
    "spanish": ("utf-8", [1_000.0, 2_500.5], ["Germany", "Netherlands"],
        "Proveedor;País;Planta;Importe (EUR)", "Pilas SL;Alemania;Fábrica;1.000,00",
        "Celdas SA;Países Bajos;Fábrica;2.500,50"),
    "portuguese": ("cp1252", [1_000.0, 2_000.0], ["South Korea", "Germany"],
        "Fornecedor;País;Fábrica;Custo anual (EUR)", "Pilhas;Coreia do Sul;Fab;1.000,00",
        "Cabos;Alemanha;Fab;2.000,00"),
    "polish": ("cp1250", [1_000.5, 2_000.0], ["China", "Germany"],
        "Dostawca;Kraj;Zakład;Koszt (EUR)", "Baterie SA;Chiny;Zakład 1;1 000,50",
        "Części;Niemcy;Zakład 1;2 000"),
    "chinese": ("gb18030", [120_000.0, 50_000.0], ["China", "Japan"],
        "供应商,国家,工厂,金额(万欧元)", "甲公司,中国,一厂,１２", "乙公司,日本,一厂,5"),
    "japanese": ("shift_jis", [1_200.0, 300.0], ["Japan", "South Korea"],
        "仕入先,国,工場,購入額 (EUR)", '東洋電池,日本,第一工場,"1,200"',
        "韓国素材,韓国,第一工場,300"),
    "korean": ("euc_kr", [1_000.0, 2_000.0], ["South Korea", "China"],
        "공급업체,국가,공장,금액 (EUR)", "한국전지,대한민국,1공장,1000",
        "중국소재,중국,1공장,2000"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_many_languages_and_encodings(language: str) -> None:
    encoding, costs, countries, *lines = LANGUAGES[language]
    project, _ = taken("".join(f"{line}\n" for line in lines).encode(encoding), EUR=1.0)
    assert list(supplies(project).values()) == costs
    assert list(homes(project).values()) == countries


def test_amounts_in_their_own_words() -> None:
    cells = {
        "EUR 1,2 Mio.": 1.2e6 * 2, "$3.4bn": 3.4e9, "$500k": 5e5, "₹ 12,34,567": 12_345.67,
        "USD 1.5 million": 1.5e6, "US$ 2,000": 2_000.0, "~5": (4.5, 5.0, 5.5),
        "10-20": (10.0, 15.0, 20.0), "<4": (0.0, 2.0, 4.0), "n/a": None, "tbd": None, "-": None,
        "(500)": None, "600-": None, ">100": None,
    }  # fmt: skip
    lines = [f'S{number},China,Works,"{cell}"\n' for number, cell in enumerate(cells)]
    project, preview = taken((HEAD + "".join(lines)).encode(), EUR=2.0, INR=0.01)
    found = [None if cost is None else cost for cost in supplies(project).values()]
    for cost, expected in zip(found, cells.values(), strict=True):
        assert cost == (expected if expected is None else pytest.approx(expected))
    told = {problem.cell for problem in preview.problems if problem.severity is Severity.WARNING}
    assert told == {"D14", "D15", "D16"}


def test_a_currency_that_nobody_knows_is_no_amount() -> None:
    text = "Supplier,Country,Plant,Spend,Currency\nAcme,China,Works,5,CNY\nBeta,Japan,Works,6,ZZ9\n"
    project, preview = taken(text.encode())
    assert list(supplies(project).values()) == [None, None]
    told = [problem.message for problem in preview.problems if problem.code == "cell"]
    assert "it is in CNY, the map in USD" in told[0]
    assert "'ZZ9' is not one this program knows" in told[1]


OWNERS = {
    "Acme 49%/ Beta 51%": {"Acme": 0.49, "Beta": 0.51},
    "Acme (60%), Beta (40%)": {"Acme": 0.6, "Beta": 0.4},
    "60% Acme, 40% Beta": {"Acme": 0.6, "Beta": 0.4},
    "Acme and Beta (50/50)": {"Acme": 0.5, "Beta": 0.5},
    "50:50 JV of Acme and Beta": {"Acme": 0.5, "Beta": 0.5},
    "Acme 50 / Beta 50": {"Acme": 0.5, "Beta": 0.5},
    "Acme (50%) + Beta (50%)": {"Acme": 0.5, "Beta": 0.5},
    "Acme 10-15%; Beta 85-90%": {"Acme": (0.1, 0.125, 0.15), "Beta": (0.85, 0.875, 0.9)},
    "Acme": {"Acme": None},
}


@pytest.mark.parametrize("text", OWNERS)
def test_owners_written_as_text(text: str) -> None:
    project, _ = taken(f'Joint venture,Shareholders\nCellCo,"{text}"\n'.encode())
    found = {owner: share for (owner, owned), share in shares(project).items()}
    assert {owned for _, owned in shares(project)} == {"CellCo"}
    assert found.keys() == OWNERS[text].keys()
    for owner, share in OWNERS[text].items():
        assert found[owner] == (share if share is None else pytest.approx(share))


def test_owners_of_plants_in_a_column_of_shares() -> None:
    text = (
        "Plant,Country,Ownership\nWorks A,US,Acme 49%/ Beta 51%\nWorks B,US,Acme and Beta (50/50)\n"
        'Works C,US,100% Acme\nWorks D,US,"Acme (51 %), others"\n'
    )
    project, preview = taken(text.encode())
    ventures = {
        owned: share for (owner, owned), share in shares(project).items() if owner == "Acme"
    }
    # The same two partners with other shares are another company.
    assert sorted(ventures.values()) == [0.49, 0.5]
    operators = {
        project.name(link.target): project.name(link.source)
        for link in project.links.values()
        if link.kind is LinkKind.OPERATES
    }
    assert operators["Works C"] == "Acme" == operators["Works D"]
    assert operators["Works A"] != operators["Works B"]
    # What a map cannot hold is told and kept.
    (kept,) = [e for e in project.entities.values() if e.name == "Works D"]
    assert "51%" in kept.notes
    assert any(problem.code == "part of a plant" for problem in preview.problems)


TWO_TABLES = {
    "side by side": "Supplier,Country,Plant,Cost USD,,Owner,Company,Share\n"
    "Acme,China,Works,5,,State,Acme,60%\nBeta,Japan,Works,6,,Fund,Acme,40%\n",
    "one below the other": f"{PLAIN},,,\nOwner,Company,Share,\nState,Acme,60%,\nFund,Acme,40%,\n",
    "under a title": f"{PLAIN},,,\nHoldings,,,\n"
    "Owner,Company,Share,\nState,Acme,60%,\nFund,Acme,40%,\n",
}


@pytest.mark.parametrize("layout", TWO_TABLES)
def test_two_tables_of_one_sheet_are_read_apart(layout: str) -> None:
    project, preview = taken(TWO_TABLES[layout].encode())
    assert supplies(project) == TWO
    assert shares(project) == {("State", "Acme"): 0.6, ("Fund", "Acme"): 0.4}
    assert any("2 tables" in problem.message for problem in preview.problems)


def test_cells_of_a_turned_table_are_named_as_they_stand() -> None:
    text = "Supplier,Acme,Beta\nCountry,China,Nowhereland\nPlant,Works,Works\nCost USD,5,6\n"
    _, preview = taken(text.encode())
    (told,) = [problem for problem in preview.problems if problem.code == "cell"]
    assert told.cell == "C2"


def test_countries_by_column_are_shares_of_a_material() -> None:
    text = "Mineral,China,Australia,Chile,Other\nLithium,17%,46%,30%,7%\nCobalt,1%,tbc?,,96%\n"
    project, preview = taken(text.encode())
    assert shares(project, LinkKind.LOCATED) == {
        ("China", "Lithium"): 0.17, ("Australia", "Lithium"): 0.46, ("Chile", "Lithium"): 0.3,
        ("China", "Cobalt"): 0.01, ("Australia", "Cobalt"): None,
    }  # fmt: skip
    (told,) = [problem for problem in preview.problems if problem.code == "cell"]
    assert told.cell == "C3"


def test_countries_by_column_of_suppliers_are_asked_about() -> None:
    file = table_file("a.csv", b"Supplier,China,Japan,Chile\nAcme,60%,20%,20%\nBeta,,50%,50%\n")
    (table,) = propose(file).tables
    assert "3 columns are countries" in " ".join(table.doubts)


def test_units_of_each_row() -> None:
    text = "Company,Plant,Country,Capacity,Unit\nAcme,A,China,10,GWh\nBeta,B,Japan,500,MWh\n"
    project, _ = taken(text.encode())
    plants = [e for e in project.entities.values() if isinstance(e, Plant)]
    assert [plant.products[0].units for plant in plants] == [1e7, 5e5]


def test_a_company_broken_over_two_lines_is_one() -> None:
    project, _ = taken(f'{HEAD}"Acme\nInc.",China,Works,5\n"Beta\nGamma",Japan,Works,6\n'.encode())
    assert set(supplies(project)) == {("Acme Inc.", "Works"), ("Beta", "Works"), ("Gamma", "Works")}


HOSTILE = {
    "one endless line": (b"a,b,c " * (2**20), "line of more than"),
    "one endless cell": (b"a,b\n" + b"x" * (2**21), "characters"),
    "nothing but nul": (b"\0" * 1000, "is empty"),
    "a gif": (b"GIF89a" + bytes(100), "picture"),
    "html": (b"<html><table><tr><td>Supplier</td></tr></table></html>", "web page"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_text_is_refused_in_a_sentence(attack: str) -> None:
    content, why = HOSTILE[attack]
    with pytest.raises(TableError, match=why):
        table_file("list.csv", content)


FAR_CELLS = {
    "far corner": '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
    "tab before the place": '<c r="A1"><v>1</v></c><c\tr="XFD1048576"><v>1</v></c>',
    "style first": '<c r="A1"><v>1</v></c><c s="1" r="XFD1048576"><v>1</v></c>',
    "sign in the style": '<c r="A1"><v>1</v></c><c s=">" r="XFD1048576"><v>1</v></c>',
    "single quotes": "<c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c>",
    "blanks around": "<c r='A1'><v>1</v></c><c r = 'XFD1048576'><v>1</v></c>",
    "entity": "<c r='A1'><v>1</v></c><c r='&#88;FD1048576'><v>1</v></c>",
    "no quotes": "<c r='A1'><v>1</v></c><c r=XFD1048576><v>1</v></c>",
    "far row": '<c r="A1"><v>1</v></c></row><row r="4294967295"><c><v>2</v></c>',
    "wide far row": "<c r='A1'><v>1</v></c></row><row r='1048576'>" + "<c><v>1</v></c>" * 5_000,
}


@pytest.mark.parametrize("place", FAR_CELLS)
def test_a_cell_in_the_far_corner_is_seen_however_it_is_written(place: str) -> None:
    # Unseen, the reader would ask for hundreds of gigabytes and take the program down with it.
    with pytest.raises(TableError, match=r"span|written as no spreadsheet"):
        table_file("a.xlsx", bare_xlsx(f'<row r="1">{FAR_CELLS[place]}</row>'))


def test_error_cells_are_named_in_large_plain_sheets() -> None:
    rows: list[list[object]] = [["Supplier", "Country", "Plant", "Cost USD"]]
    rows += [[f"S{n}", "China", "Works", n] for n in range(1, 50)]
    content = xlsx_bytes({"Sheet1": rows})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part.endswith("sheet1.xml"):
                text = text.replace(
                    b'<c r="D20"><v>19</v></c>', b'<c r="D20" t="e"><v>#DIV/0!</v></c>'
                )
            new.writestr(part, text)
    _, preview = taken(out.getvalue(), "a.xlsx")
    assert [p.cell for p in preview.problems if p.code == "error cell"] == ["D20"]
