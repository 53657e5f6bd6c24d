"""Rules: the packs' dated values with their citations; formulas look thresholds up here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from depmap_gui.exchange.sheets.book import Book, Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, write_table
from depmap_gui.rules.pack import DatedValue, RulePack

RULES = "Rules"


def place_rules(layout: Layout) -> None:
    """Place the table of dated values."""
    columns = [
        Column("pack", "Rule pack", Look.FIXED, Number.TEXT, 13),
        Column("id", "Parameter", Look.FIXED, Number.TEXT, 26),
        Column("title", "What it is", Look.FIXED, Number.TEXT, 40, wrap=True),
        Column("starts", "From", Look.INPUT, Number.DATE, 12),
        Column("ends", "To", Look.INPUT, Number.DATE, 12),
        Column("number", "Value", Look.INPUT, Number.GENERAL, 10),
        Column("words", "Value, in words", Look.FIXED, Number.TEXT, 18, wrap=True),
        Column("unit", "Unit", Look.FIXED, Number.TEXT, 16, wrap=True),
        Column("standing", "Standing", Look.FIXED, Number.TEXT, 11),
        Column("certainty", "Certainty", Look.FIXED, Number.TEXT, 16),
        Column("citation", "Citation", Look.FIXED, Number.TEXT, 44, wrap=True),
        Column("note", "Note", Look.FIXED, Number.TEXT, 50, wrap=True),
    ]
    layout.place("rules", RULES, columns, len(rule_rows(layout.facts)))


def write_rules(book: Book, layout: Layout) -> None:
    """Write the sheet."""
    sheet = book.add_sheet(RULES)
    facts = layout.facts
    packs = "; ".join(
        f"{pack.title} {pack.version} of {pack.dated}{_place(pack)}"
        for pack in facts.packs.values()
    )
    book.heading(
        sheet,
        RULES,
        f"The law by date, as data. {packs or 'No rule pack is in use'}. A value holds on both of "
        "its days; without 'to' it runs on.",
    )
    write_table(book, sheet, layout["rules"], rule_rows(facts), freeze=3)


def law_print(rows: Iterable[Mapping[str, Value]]) -> str:
    """A fingerprint of the dated values, to see whether somebody changed them in a workbook."""
    digest = hashlib.sha256()
    for row in rows:
        for key in LAW_KEYS:
            value = row.get(key)
            told = f"{value:.12g}" if isinstance(value, float | int) else str(value or "")
            digest.update(told.encode() + b"\0")
    return digest.hexdigest()[:16]


LAW_KEYS = ("pack", "id", "starts", "ends", "number")
"""What of a dated value the formulas look up, and what names it."""


def _place(pack: RulePack) -> str:
    """Where a pack is from, where it is not the one that ships with DepMap."""
    return f" ({pack.origin.words})" if pack.origin.words else ""


def rule_value(layout: Layout, pack: str, parameter: str, day: str) -> str:
    """A formula part: the parameter's number on a day, or empty text where it has none."""
    starts, ends, number = (_run(layout, pack, parameter, key) for key in _LOOKED_UP)
    holds = f'({starts}<={day})*((({ends}="")+({ends}>={day}))>0)'
    return f'IF(SUMPRODUCT({holds})=0,"",SUMPRODUCT({holds}*{number}))'


def first_day(layout: Layout, pack: str, parameter: str) -> str:
    """The cell with the first day on which the parameter has a value."""
    return _run(layout, pack, parameter, "starts").split(":")[0]


_LOOKED_UP = ("starts", "ends", "number")


def _run(layout: Layout, pack: str, parameter: str, key: str) -> str:
    first, last = layout.facts.rule_runs[pack, parameter]
    rules = layout["rules"]
    return f"{rules.cell(key, first)}:{rules.cell(key, last).here}"


def rule_rows(facts: Facts) -> list[dict[str, Value]]:
    """The dated values of all packs, by column key."""
    return [
        {
            "pack": pack.id,
            "id": parameter.id,
            "title": parameter.title,
            "starts": value.starts,
            "ends": value.ends,
            "number": _number(value),
            "words": _words(value),
            "unit": parameter.unit,
            "standing": str(value.standing),
            "certainty": str(value.certainty),
            "citation": value.citation,
            "note": " ".join(part for part in (parameter.note, value.note) if part),
        }
        for pack in facts.packs.values()
        for parameter in pack.parameters.values()
        for value in parameter.values
    ]


def _number(value: DatedValue) -> float | None:
    found = value.value
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _words(value: DatedValue) -> str:
    match value.value:
        case bool():
            return "yes" if value.value else "no"
        case tuple():
            return ", ".join(value.value)
        case date():
            return value.value.isoformat()
        case str():
            return value.value
        case _:
            return ""
