"""Scenarios: each scenario's figures beside the base map's, as the program computed them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from depmap_gui.analysis.results import Assessment, exposure
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.exchange.sheets.book import Book, Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, write_table
from depmap_gui.exchange.sheets.text import column_word, labels

SCENARIOS = "Scenarios"
BASE = "Base"
_ABOUT = (
    "Each scenario beside the base map, for the year and basis of this workbook. Values, not "
    "formulas: a scenario changes links and items, which no formula can follow."
)
_NONE = " The map has no scenario."

# fmt: off
_FIGURES: tuple[tuple[str, str, Number, float], ...] = (
    ("documented", "IP, documented",      Number.SHARE, 16),
    ("at_most",    "IP, at most",         Number.SHARE, 16),
    ("inputs",     "Inputs, documented",  Number.SHARE, 16),
    ("low",        "Cost ratio, low",     Number.SHARE, 16),
    ("high",       "Cost ratio, high",    Number.SHARE, 16),
    ("status",     "Status",              Number.TEXT,  16),
    ("credit",     "Credit a year",       Number.MONEY, 16),
)
# fmt: on


class Played(msgspec.Struct, frozen=True):
    """One map with its assessment: the base, or a scenario played on it.

    ``assessment`` is None for a scenario that does not fit the map; ``fault`` says why.
    """

    name: str
    project: Project
    assessment: Assessment | None
    fault: str = ""


Key = tuple[str, str, str]
"""Plant, product and credit; empty where a plant makes nothing or claims none."""


def place_scenarios(layout: Layout, played: Sequence[Played]) -> None:
    """Place the table: a row a plant and product, and a column a figure and map."""
    names = _names(played)
    figures = [
        Column(f"{key}.{number}", f"{header}: {name}", Look.FIXED, form, width)
        for key, header, form, width in _FIGURES
        for number, name in enumerate(names)
    ]
    columns = [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("product", "Product", Look.FIXED, Number.TEXT, 22, wrap=True),
        Column("claimed", "Credit", Look.FIXED, Number.TEXT, 20, wrap=True),
        *figures,
    ]
    layout.place("scenarios", SCENARIOS, columns, len(_keys(layout.facts, played)))


def write_scenarios(book: Book, layout: Layout, played: Sequence[Played]) -> None:
    """Write the sheet."""
    sheet = book.add_sheet(SCENARIOS)
    faults = [f" {each.name}: {each.fault}" for each in played if each.fault]
    about = _ABOUT + ("".join(faults) if len(played) > 1 else _NONE)
    book.heading(sheet, SCENARIOS, about)
    rows = _rows(layout.facts, played)
    write_table(book, sheet, layout["scenarios"], rows, freeze=3)


def _names(played: Sequence[Played]) -> list[str]:
    """What the columns call each map: never the same twice."""
    told = labels((str(number), column_word(each.name)) for number, each in enumerate(played))
    return list(told.values())


def _keys(facts: Facts, played: Sequence[Played]) -> list[Key]:
    """The rows: every product of every plant on any of the maps, under every credit it claims."""
    found: dict[Key, None] = {}
    for each in played:
        for plant in each.project.entities.values():
            if not isinstance(plant, Plant):
                continue
            if not plant.products:
                found.setdefault((plant.id, "", ""))
            for product in plant.products:
                found.setdefault((plant.id, product.id, product.credit or ""))
    order = {plant.id: n for n, plant in enumerate(facts.by_kind[EntityKind.PLANT])}
    return sorted(found, key=lambda key: order.get(key[0], len(order)))


def _rows(facts: Facts, played: Sequence[Played]) -> list[dict[str, Value]]:
    figures = [_figures(facts, each) for each in played]
    rows = []
    for key in _keys(facts, played):
        plant, product, credit = key
        row: dict[str, Value] = {
            "plant": _plant_name(played, plant),
            "product": _product_name(played, plant, product),
            "claimed": _credit_title(facts, credit),
        }
        for number, of_map in enumerate(figures):
            row |= {f"{name}.{number}": value for name, value in of_map.get(key, {}).items()}
        rows.append(row)
    return rows


def _figures(facts: Facts, played: Played) -> dict[Key, dict[str, Value]]:
    """The figures of one map; a row that it does not have is left empty."""
    found: dict[Key, dict[str, Value]] = {}
    if played.assessment is None:
        return found
    scores, law = played.assessment.scores, played.assessment.law
    results = {(each.plant, each.product, each.credit): each for each in law.credits}
    for key in _keys(facts, [played]):
        plant = key[0]
        technology = exposure(scores.ip.get(plant, {}), facts.focus)
        row: dict[str, Value] = {"documented": technology.low, "at_most": technology.high}
        if (made := scores.made_by_first_tier.get(plant)) is not None:
            row["inputs"] = made.get(facts.focus, 0.0)
        if (result := results.get(key)) is not None:
            row |= {"status": str(result.status), "credit": result.annual_credit}
            if result.material is not None:
                row |= {"low": result.material.low, "high": result.material.high}
        found[key] = row
    return found


def _plant_name(played: Sequence[Played], id: str) -> str:
    return next(each.project.name(id) for each in played if id in each.project.entities)


def _product_name(played: Sequence[Played], plant: str, id: str) -> str:
    for each in played:
        found = each.project.entities.get(plant)
        if isinstance(found, Plant):
            for product in found.products:
                if product.id == id:
                    return product.name or product.id
    return ""


def _credit_title(facts: Facts, id: str) -> str:
    for pack in facts.packs.values():
        if id in pack.credits:
            return pack.credits[id].title
    return id or "none claimed"
