"""The workbook recomputed by an office suite: no error cell, and the program's own figures.

An office suite shows the values stored in a file unless it is made to compute, so they are taken
out before it opens the workbook: what it then shows, it has computed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.kinds import Basis, LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
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
    Supplies,
    Uses,
)
from depmap_gui.exchange.sheets import layout
from depmap_gui.exchange.workbook import write_workbook
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import RulePack

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
SAME = 1e-9
_VALUE = re.compile(rb"(<c [^>]*>)(<f[^>]*>.*?</f>|<f[^>]*/>)<v>.*?</v>", re.DOTALL)
_TYPED = re.compile(rb'(<c [^>]*?) t="(?:str|b|e)"([^>]*>)(<f)')


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack(resource("rules", "us-obbba"))


def drawn(basis: Basis) -> Project:
    """Two plants: cross-holdings, a sub-license, two licensors, ranges, unknowns, a market."""
    cells = Product(
        id="cells",
        name="Cells",
        credit="45x/battery-cell",
        units=1e6,
        material_cost=(500, 520, 600),
    )
    modules = Product(id="modules", name="Modules", credit="45x/battery-module", units=2e6)
    store = Product(
        id="store", name="Store", credit="48e/storage", units=3e6,
        construction_start=date(2026, 3, 1), in_service=date(2027, 5, 1),
    )  # fmt: skip
    entities = [
        *(Jurisdiction(id=code.lower(), name=code, code=code) for code in ("CN", "US", "SE")),
        *(Company(id=id, name=id.title()) for id in ("maker", "cellco", "x", "y", "foil", "stray")),
        *(License(id=id, name=f"{id} license", signed=date(2023, 1, 1)) for id in ("deal", "base")),
        Plant(id="works", name="Works", own_ip=0.2, products=(cells, modules)),
        Plant(id="site", name="Site", own_ip=(0.3, 0.4, 0.5), products=(store,)),
        Plant(id="idle", name="Idle"),
        Material(id="ore", name="Ore"),
        Material(id="salt", name="Salt"),
    ]
    places = {"cellco": "cn", "x": "se", "maker": "us", "foil": "us", "y": "us"}
    links = [
        *(Located(id=f"h-{who}", source=at, target=who) for who, at in places.items()),
        Located(id="o1", source="cn", target="ore", role=LocationRole.ORIGIN, share=0.7),
        Located(id="o2", source="se", target="ore", share=0.2),
        Owns(id="w1", source="cellco", target="x", share=0.6),
        Owns(id="w2", source="x", target="foil", share=0.3, votes=0.55),
        Owns(id="w3", source="foil", target="x" if basis is Basis.ECONOMIC else "y", share=0.3),
        Owns(id="w4", source="y", target="maker", share=(0.1, 0.2, 0.3)),
        Owns(id="w5", source="se", target="y", share=0.1),
        Owns(id="w6", source="stray", target="y"),
        Operates(id="r1", source="maker", target="works"),
        Operates(id="r2", source="foil", target="site"),
        Licenses(id="g1", source="cellco", target="base"),
        Licenses(id="g2", source="maker", target="deal", share=0.6),
        Licenses(id="g3", source="foil", target="deal"),
        Uses(id="u1", source="base", target="deal", share=0.4),
        Uses(id="u2", source="deal", target="works", share=(0.5, 0.55, 0.6)),
        Uses(id="u3", source="base", target="site", share=0.7),
        Uses(id="u4", source="deal", target="site"),
        Uses(id="u5", source="deal", target="idle", share=0.5, valid_from=date(2028, 1, 1)),
        _supply("s1", "cellco", "works", 150.0, ip_share=0.1),
        _supply("s2", "foil", "works", (90.0, 100.0, 130.0), product="cells"),
        _supply("s3", "maker", "works", 200.0, ip_share=0.05),
        _supply("s4", "ore", "works", 30.0),
        _supply("s5", "foil", "ore", 10.0),
        _supply("s6", "cellco", "ore", 30.0),
        _supply("s7", "salt", "site", None),
        _supply("s8", "works", "site", 300.0),
        _supply("s9", "cellco", "works", 99.0, candidate=True),
        _supply("s10", "x", "site", 40.0),
    ]
    return Project(
        header=Header(title="Recomputed", year=2026, basis=basis),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
    )


def _supply(id: str, source: str, target: str, cost: Any, **fields: Any) -> Supplies:
    kind = SupplyCategory.MATERIAL
    return Supplies(
        id=id, source=source, target=target, item=f"Item {id}", category=kind, cost=cost, **fields
    )


def without_values(path: Path) -> None:
    """Take the stored value of every formula out of a workbook."""
    taken = 0
    inside = {}
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, count = _VALUE.subn(rb"\1\2", content)
                content = _TYPED.sub(rb"\1\2\3", content)
                taken += count
            inside[name] = content
    assert taken > 100, "the formulas' values were not found"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in inside.items():
            parts.writestr(name, content)


def recalculated(paths: list[Path], folder: Path) -> list[openpyxl.Workbook]:
    """The workbooks as the office suite computes them, in a profile of its own."""
    out = folder / "out"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    assert OFFICE is not None
    run = subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out),
         *map(str, paths)],
        capture_output=True, timeout=900, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return [openpyxl.load_workbook(out / path.name, data_only=True) for path in paths]


def errors(book: openpyxl.Workbook) -> list[str]:
    return [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.data_type == "e"
    ]  # fmt: skip


def differences(stored: Path, computed: openpyxl.Workbook) -> list[str]:
    """Formula cells whose stored value is not what the office suite computed."""
    live = openpyxl.load_workbook(stored)
    values = openpyxl.load_workbook(stored, data_only=True)
    found = []
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                own = values[sheet.title][cell.coordinate].value
                theirs = computed[sheet.title][cell.coordinate].value
                if not same(own, theirs):
                    found.append(f"{sheet.title}!{cell.coordinate}: {own!r} {theirs!r}")
    return found


def same(own: Any, theirs: Any) -> bool:
    if isinstance(own, int | float) and isinstance(theirs, int | float):
        return abs(own - theirs) <= SAME * max(1.0, abs(own))
    return (own or None) == (theirs or None)


def table(book: openpyxl.Workbook, sheet: str, first: int) -> list[dict[str, Any]]:
    """Rows under the header in row ``first``, by header, up to the first empty row."""
    rows = list(book[sheet].iter_rows(min_row=first, values_only=True))
    found = []
    for row in rows[1:]:
        if not any(value is not None for value in row):
            break
        # Workings to the right of a table may bear the same headers.
        found.append(dict(reversed(list(zip(map(str, rows[0]), row, strict=True)))))
    return found


def at(sheet: Any, header_row: int, header: str, id_column: int, id: str) -> Any:
    """The input cell under a header in the row of an id."""
    column = next(cell.column for cell in sheet[header_row] if cell.value == header)
    row = next(
        row for row in range(header_row + 1, sheet.max_row + 1)
        if sheet.cell(row, id_column).value == id
    )  # fmt: skip
    return sheet.cell(row, column)


Change = tuple[str, Callable[[openpyxl.Workbook], None], Callable[[Project], Project]]


def link(project: Project, id: str, **fields: Any) -> Project:
    changed = replace(project.links[id], **fields)
    return replace(project, links={**project.links, id: changed})


def entity(project: Project, id: str, **fields: Any) -> Project:
    changed = replace(project.entities[id], **fields)
    return replace(project, entities={**project.entities, id: changed})


def _set(sheet: str, header: str, id: str, value: Any) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        at(book[sheet], 4, header, 1, id).value = value

    return change


def _year(value: int) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book["Summary"]["B4"] = value

    return change


CHANGES: tuple[Change, ...] = (
    ("a cost", _set("Supply", "Cost", "s1", 400), lambda p: link(p, "s1", cost=400.0)),
    ("a cost not known", _set("Supply", "Cost", "s3", None), lambda p: link(p, "s3", cost=None)),
    ("a share", _set("License use", "IP share", "u3", 0.25), lambda p: link(p, "u3", share=0.25)),
    (
        "a share not known",
        _set("License use", "IP share", "u3", None),
        lambda p: link(p, "u3", share=None),
    ),
    ("own IP", _set("Plants", "Own IP", "works", 0.05), lambda p: entity(p, "works", own_ip=0.05)),
    (
        "who grants a license",
        _set("License use", "From", "g2", "Cellco"),
        lambda p: link(p, "g2", source="cellco"),
    ),
    (
        "a licensor's share",
        _set("License use", "IP share", "g2", 0.1),
        lambda p: link(p, "g2", share=0.1),
    ),
    ("the year", _year(2029), lambda p: replace(p, header=replace(p.header, year=2029))),
    ("a year of phase-out", _year(2031), lambda p: replace(p, header=replace(p.header, year=2031))),
    (
        "who supplies",
        _set("Supply", "From", "s4", "Cellco"),
        lambda p: link(p, "s4", source="cellco"),
    ),
    (
        "a candidate taken",
        _set("Supply", "Candidate only", "s9", None),
        lambda p: link(p, "s9", candidate=False),
    ),
    (
        "votes",
        _set("Ownership", "Votes", "w2", 0.45),
        lambda p: link(p, "w2", votes=0.45),
    ),
    ("equity", _set("Ownership", "Equity", "w1", 0.3), lambda p: link(p, "w1", share=0.3)),
    (
        "where a company is",
        _set("Locations", "From", "h-cellco", "SE"),
        lambda p: link(p, "h-cellco", source="se"),
    ),
)


TRIED = {
    Basis.CONTROL: tuple(name for name, _, _ in CHANGES),
    Basis.ECONOMIC: ("a share", "equity", "where a company is", "who grants a license"),
    Basis.DOMICILE: ("a cost", "own IP", "where a company is"),
}


IN_A_LARGE_MAP = ("a cost", "a cost not known", "a share", "own IP", "the year", "equity", "votes")
"""Changes that move no end of a link: those stay where they were in a large map."""


@pytest.mark.parametrize("basis", list(Basis))
def test_recomputed_figures_are_the_engines(tmp_path: Path, pack: RulePack, basis: Basis) -> None:
    recompute(tmp_path, pack, basis, TRIED[basis])


def test_the_formulas_of_a_large_map_compute_the_same(
    tmp_path: Path, pack: RulePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above a size formulas name single cells; here any map is above it."""
    monkeypatch.setattr(layout, "MOST_LOOKED_UP", 0)
    recompute(tmp_path, pack, Basis.CONTROL, IN_A_LARGE_MAP)


def recompute(tmp_path: Path, pack: RulePack, basis: Basis, tried: tuple[str, ...]) -> None:
    project = drawn(basis)
    given = tmp_path / "given.xlsx"
    write_workbook(project, assess(project, packs=[pack]), [pack], given)
    paths = []
    changes = [each for each in CHANGES if each[0] in tried]
    for name, change, _ in changes:
        # openpyxl drops all stored values of the formulas when it saves.
        book = openpyxl.load_workbook(given)
        change(book)
        paths.append(tmp_path / f"{name}.xlsx")
        book.save(paths[-1])
    bare = tmp_path / "bare.xlsx"
    shutil.copy(given, bare)
    without_values(bare)
    unchanged, *books = recalculated([bare, *paths], tmp_path)
    assert errors(unchanged) == []
    assert differences(given, unchanged) == []
    assert unchanged["Check"]["D3"].value == "OK"
    checks = table(unchanged, "Check", 5)
    assert len(checks) > 20
    assert all(row["Difference"] <= SAME for row in checks), checks
    moved = 0
    for book, (name, _, change) in zip(books, changes, strict=True):
        assert errors(book) == [], name
        changed = change(project)
        compare(book, assess(changed, packs=[pack]), name)
        moved += book["Check"]["D3"].value == "DIFFERS"
    assert moved >= 0.6 * len(changes), "the changes hardly moved anything"


def compare(book: openpyxl.Workbook, found: Assessment, name: str) -> None:
    """Summary's figures against the engine's on the project with the same change.

    A status that the law reaches by reasoning does not move with an input cell, so cost ratios
    are compared where the companies' statuses did not change.
    """
    rows = {(row["Plant"], row["Product"]): row for row in table(book, "Summary", 15)}
    for plant in ("works", "site", "idle"):
        shares = found.scores.ip[plant]
        row = next(row for (label, _), row in rows.items() if label == plant.title())
        low, open_part = shares.get("CN", 0.0), shares.get("unknown", 0.0)
        assert row["IP, documented"] == pytest.approx(low, abs=SAME), (name, plant)
        assert row["IP, at most"] == pytest.approx(low + open_part, abs=SAME), (name, plant)
        inputs = found.scores.made_by_first_tier.get(plant)
        if inputs is not None:
            expected = inputs.get("CN", 0.0)
            assert row["Inputs, documented"] == pytest.approx(expected, abs=SAME), (name, plant)
    attributed = {row["Item"]: row for row in table(book, "Attribution", 4)}
    for id in ("maker", "foil", "x", "works", "ore"):
        share = found.scores.attribution[id].get("CN", 0.0)
        assert attributed[id.title()]["CN"] == pytest.approx(share, abs=SAME), (name, id)
    statuses = {row["Name"]: row["Prohibited (us-obbba)"] for row in table(book, "Companies", 4)}
    now = {id: str(each.prohibited) for id, each in found.law.companies["us-obbba"].items()}
    kept = all(statuses[id.title()] == answer for id, answer in now.items())
    for credit in found.law.credits:
        row = rows[credit.plant.title(), credit.product.title()]
        assert same(credit.annual_credit, row["Credit a year"]), (name, credit.product)
        assert same(credit.phase_out, row["Phase-out"]), (name, credit.product)
        once = "one-time credit, 2027" if credit.product == "store" else "every year"
        assert row["Credit given"] == once, (name, credit.product)
        assert credit.material is not None
        if not kept:
            continue
        assert same(credit.material.low, row["Cost ratio, low"]), (name, credit.product)
        assert same(credit.material.high, row["Cost ratio, high"]), (name, credit.product)
        test = next(test for test in credit.tests if test.id == "macr")
        assert same(test.threshold, row["Threshold"]), (name, credit.product)
        assert row["Material assistance"] == test.verdict, (name, credit.product)


def test_a_flipped_status_moves_the_ratio(tmp_path: Path, pack: RulePack) -> None:
    project = drawn(Basis.CONTROL)
    given, flipped = tmp_path / "given.xlsx", tmp_path / "flipped.xlsx"
    write_workbook(project, assess(project, packs=[pack]), [pack], given)
    book = openpyxl.load_workbook(given)
    for question in ("SFE", "FIE"):
        at(book["Companies"], 4, f"{question} (us-obbba)", 1, "maker").value = "yes"
    book.save(flipped)
    (after,) = recalculated([flipped], tmp_path)
    declared = entity(project, "maker", declared={"sfe": "yes", "fie": "yes"})
    found = assess(declared, packs=[pack])
    assert errors(after) == []
    cells = next(each for each in found.law.credits if each.product == "cells")
    row = next(row for row in table(after, "Summary", 15) if row["Product"] == "Cells")
    assert cells.material is not None
    assert row["Cost ratio, low"] == pytest.approx(cells.material.low, abs=SAME)
    assert row["Status"] == str(cells.status) == "ineligible"
