"""Workbooks of varied maps: nothing to repair, nothing lost, whatever was drawn."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from varied_maps import varied_map
from workbook_oracle import Parts, complaints

from depmap_gui.analysis.assess import assess
from depmap_gui.domain.document import Document
from depmap_gui.domain.kinds import SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.quantity import Quantity
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Supplies,
    Uses,
)
from depmap_gui.exchange.workbook import write_workbook
from depmap_gui.project.file import write_project
from depmap_gui.resources import resource
from depmap_gui.rules.loader import load_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.session.round_trip import compare_workbook, edit_of_chosen

SEEDS = range(12)
PACKS = ("us-obbba", "tariffs", "us-connected-vehicles", "us-doe-feoc")
INPUT_TABLES = (
    "t_supply", "t_ownership", "t_debt", "t_use", "t_locations", "t_operators", "t_plants",
    "t_products", "t_companies", "t_licenses", "t_materials", "t_jurisdictions", "t_sources",
)  # fmt: skip


@cache
def packs(seed: int) -> tuple[RulePack, ...]:
    """One pack for even seeds, several for odd ones."""
    wanted = PACKS if seed % 2 else PACKS[:1]
    return tuple(load_pack(resource("rules", id)) for id in wanted)


def exported(seed: int, path: Path) -> Project:
    """A varied map, with its workbook at ``path``."""
    drawn = varied_map(seed, tuple(pack.id for pack in packs(seed)))
    write_workbook(drawn, assess(drawn, packs=packs(seed)), packs(seed), path)
    return drawn


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_drawn_nothing_has_to_be_repaired_or_is_lost(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    drawn = exported(seed, path)
    assert complaints(Parts(path)) == []
    found = compare_workbook(drawn, path)
    assert found.is_same, ([each.words for each in found.told], found.problems)
    assert found.notices == ()
    write_project(drawn, tmp_path / "before.depmap")
    write_project(found.after, tmp_path / "after.depmap")
    assert (tmp_path / "after.depmap").read_bytes() == (tmp_path / "before.depmap").read_bytes()


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_rows_in_any_order_are_no_difference(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    drawn = exported(seed, path)
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for table in sheet.tables.values():
            if table.name in INPUT_TABLES:
                rows = list(sheet[table.ref])[1:]
                said = [[(cell.value, cell.data_type) for cell in row] for row in rows]
                random.Random(seed).shuffle(said)
                for row, values in zip(rows, said, strict=True):
                    for cell, (value, kind) in zip(row, values, strict=True):
                        cell.value, cell.data_type = value, kind
    book.save(path)
    found = compare_workbook(drawn, path)
    assert found.is_same, ([each.words for each in found.told], found.problems)
    assert found.after == drawn


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_what_differs_is_found_and_applied_in_one_step(seed: int, tmp_path: Path) -> None:
    """The workbook of an edited map, applied to the map as it was, gives the edited one."""
    base = varied_map(seed)
    wanted = edited(base)
    path = tmp_path / "w.xlsx"
    write_workbook(wanted, assess(wanted, packs=packs(0)), packs(0), path)
    found = compare_workbook(base, path)
    edit, refused = edit_of_chosen(base, found.told, "w.xlsx")
    assert (refused, found.problems) == ((), ())
    document = Document(base)
    back = document.apply(edit)
    now = document.snapshot()
    assert (now.entities, now.links, now.sources) == (wanted.entities, wanted.links, wanted.sources)
    document.apply(back)
    assert document.snapshot().links == base.links


def edited(base: Project) -> Project:
    """Every third link gone, costs and shares halved, notes written, own technology unknown."""
    links = {}
    for number, (id, link) in enumerate(base.links.items()):
        if number % 3 == 0:
            continue
        changes: dict[str, Any] = {"notes": f"=note {number}", "valid_to": None}
        if isinstance(link, Supplies):
            changes |= {"cost": halved(link.cost), "candidate": not link.candidate}
        elif isinstance(link, Owns | Uses):
            changes["share"] = halved(link.share)
        links[id] = replace(link, **changes)
    entities = {
        id: replace(each, own_ip=None, notes="seen") if isinstance(each, Plant) else each
        for id, each in base.entities.items()
    }
    return replace(base, links=links, entities=entities)


def halved(quantity: Quantity | None) -> Quantity | None:
    if isinstance(quantity, tuple):
        low, mode, high = quantity
        return (low / 2, mode / 2, high / 2)
    return None if quantity is None else quantity / 2


def test_laws_beside_credits_and_duties_have_sheets_of_their_own(tmp_path: Path) -> None:
    """A plant in Germany with a supplier's batteries, and a vehicle plant in the United States."""
    vehicle = Product(id="car", name="Car", credit="30d/vehicle", model_year=2027)
    records = [
        Jurisdiction(id="de", name="Germany", code="DE"),
        Jurisdiction(id="us", name="United States", code="US"),
        Jurisdiction(id="cn", name="China", code="CN"),
        Company(id="maker", name="Maker"),
        Plant(id="werk", name="Werk", products=(Product(id="cells", name="Cells"),)),
        Plant(id="works", name="Works", products=(vehicle,)),
    ]
    links = [
        Located(id="l1", source="de", target="werk"),
        Located(id="l2", source="us", target="works"),
        Located(id="l3", source="cn", target="maker"),
        Operates(id="l4", source="maker", target="werk"),
        Operates(id="l5", source="maker", target="works"),
        Supplies(id="l6", source="maker", target="works", item="Packs", hs="8507.60.0010",
                 category=SupplyCategory.COMPONENT, cost=1000.0),
    ]  # fmt: skip
    drawn = Project(
        header=Header(year=2026),
        entities={each.id: each for each in records},
        links={each.id: each for each in links},
    )
    names = ("us-obbba", "us-30d", "us-connected-vehicles", "eu-iaa", "tariffs")
    asked = tuple(load_pack(resource("rules", id)) for id in names)
    found = assess(drawn, packs=asked)
    path = tmp_path / "w.xlsx"
    write_workbook(drawn, found, asked, path)
    assert complaints(Parts(path)) == []
    book = openpyxl.load_workbook(path, data_only=True)
    laws = [[cell.value for cell in row] for row in book["Other laws"]["A5:H60"]]
    told = {(row[0], row[2], row[6], row[7]) for row in laws if row[0]}
    assert told == {
        (drawn.name(each.plant), each.title, test.title, str(test.verdict))
        for each in found.law.checks
        for test in each.tests
    }
    assert len(told) > 3
    (duty,) = found.law.duties
    (landed,) = found.law.landed
    assert duty.rate is not None
    assert duty.rate > 0.25
    sheet = book["Duties"]
    said = {cell.value: sheet.cell(5, cell.column).value for cell in sheet[4]}
    assert said["Duty on these a year"] == pytest.approx(1000.0 * duty.rate)
    assert said["Duty, share of landed cost"] == pytest.approx(landed.share)
