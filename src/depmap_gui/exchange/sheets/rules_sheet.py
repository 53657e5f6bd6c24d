"""Rules: the packs' dated values with their citations; formulas look thresholds up here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from depmap_gui.exchange.sheets.book import Book, Look, Number, Value, serial
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, Row, write_table
from depmap_gui.rules.pack import DatedValue, RulePack

RULES = "Rules"


def place_rules(layout: Layout) -> None:
    """Place the table of dated values."""
    columns = [
        Column("pack", "Rule pack", Look.FIXED, Number.TEXT, 13),
        Column("key", "Parameter, number", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("id", "Parameter", Look.FIXED, Number.TEXT, 26),
        Column("title", "What it is", Look.FIXED, Number.TEXT, 40, wrap=True),
        Column("starts", "From", Look.INPUT, Number.DATE, 12),
        Column("ends", "To", Look.INPUT, Number.DATE, 12),
        Column("until", "Last day", Look.CALC, Number.WHOLE, 8, hidden=True, formula=_until),
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
    write_table(book, sheet, layout["rules"], rule_rows(facts), freeze=4)


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
    rules, key = layout["rules"], layout.facts.parameter_keys[pack, parameter]
    holds = (
        f'{rules.range("key")},{key},{rules.range("starts")},"<="&{day},'
        f'{rules.range("until")},">="&{day}'
    )
    return f'IF(COUNTIFS({holds})=0,"",SUMIFS({rules.range("number")},{holds}))'


def begins_by(layout: Layout, pack: str, parameter: str, day: str) -> str:
    """A condition: some value of the parameter has begun by a day."""
    rules, key = layout["rules"], layout.facts.parameter_keys[pack, parameter]
    return f'COUNTIFS({rules.range("key")},{key},{rules.range("starts")},"<="&{day})>0'


def _until(row: Row) -> str:
    """The last day of a value; one without end holds to the last day that spreadsheets know."""
    return f"IF(ISNUMBER({row['ends']}),{row['ends']},{LAST_SERIAL})"


LAST_SERIAL = 2_958_465
"""The last day of the year 9999, as spreadsheets count days."""


def rule_rows(facts: Facts) -> list[dict[str, Value]]:
    """The dated values of all packs, by column key."""
    return [
        {
            "pack": pack.id,
            "key": facts.parameter_keys[pack.id, parameter.id],
            "until": LAST_SERIAL if value.ends is None else serial(value.ends),
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
