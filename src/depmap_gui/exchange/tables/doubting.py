"""What keeps a proposal from being imported unseen, and names composed where a table has none."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from depmap_gui.exchange.tables.deciding import BLOCKING
from depmap_gui.exchange.tables.grid import Sheet
from depmap_gui.exchange.tables.places import country_code
from depmap_gui.exchange.tables.records import (
    ColumnProposal,
    Question,
    RowFilter,
    TableMapping,
)
from depmap_gui.exchange.tables.slots import Reads, Role, slot
from depmap_gui.exchange.tables.templates import Template
from depmap_gui.exchange.tables.words import head_words

LEAST_SURE = 0.6
_YEAR_HEADS = frozenset({"year", "jahr", "annee", "ano", "anno", "年", "年份", "연도"})
LEAST_COUNTRIES = 3
_SITES = ("city", "town", "site", "location", "county", "state", "province", "region")


def with_patterns(mapping: TableMapping, columns: Sequence[ColumnProposal]) -> TableMapping:
    """The mapping with a name for what has none: plants by operator and place."""
    filled = {id for column in columns for id in column.mapping.slots}
    patterns = dict(mapping.patterns)
    if mapping.template == Template.PLANTS and "plant.name" not in filled:
        operator = _head_of(columns, "operator.name") or _head_of(columns, "owner.name")
        place = next(
            (
                c.mapping.header
                for site in _SITES
                for c in columns
                if head_words(c.mapping.header) == site and c.filled
            ),
            None,
        )
        parts = [part for part in (operator, place) if part]
        if parts:
            patterns["plant.name"] = ", ".join(f"{{{part}}}" for part in parts)
    filters = mapping.filters
    if mapping.template == Template.ORIGINS:
        filters = _latest_year(columns)
    if mapping.template == Template.ORIGINS and "material.name" in filled:
        stage = next(
            (
                c.mapping.header
                for c in columns
                if head_words(c.mapping.header) in ("stage", "type", "form") and c.filled
            ),
            None,
        )
        material = _head_of(columns, "material.name")
        if stage and material:
            patterns["material.name"] = f"{{{material}}}, {{{stage}}}"
    return msgspec.structs.replace(mapping, patterns=patterns, filters=filters)


def _latest_year(columns: Sequence[ColumnProposal]) -> tuple[RowFilter, ...]:
    """Only the latest year, where a column of years would give each country several shares."""
    for column in columns:
        if head_words(column.mapping.header) in _YEAR_HEADS and column.samples:
            years = [sample for sample in column.samples if sample.isdigit()]
            if len(years) > 1:
                return (RowFilter(header=column.mapping.header, values=(max(years),)),)
    return ()


def _head_of(columns: Sequence[ColumnProposal], slot_id: str) -> str | None:
    return next(
        (c.mapping.header for c in columns if slot_id in c.mapping.slots and c.mapping.header),
        None,
    )


def doubts_of(
    sheet: Sheet,
    template: Template,
    mapping: TableMapping,
    columns: Sequence[ColumnProposal],
    questions: Sequence[Question],
) -> tuple[str, ...]:
    """Why a person should look before this is imported; empty where it is plain enough."""
    found: list[str] = []
    filled = {id: c.confidence for c in columns for id in c.mapping.slots}
    filled |= dict.fromkeys((*mapping.patterns, *mapping.constants), 1.0)
    if sheet.hidden:
        found.append("The sheet is hidden; name it to have it imported.")
    names = {id: surety for id, surety in filled.items() if id.endswith(".name")}
    if not names:
        found.append("No column was recognized as a name: say which column names what.")
    elif max(names.values()) < LEAST_SURE:
        found.append("What the names are is not clear from the heads: say which column names what.")
    found += _missing(template, filled)
    unread = [c.mapping.header for c in columns if not c.mapping.slots and c.filled]
    places = [head for head in unread if country_code(head)]
    if len(places) >= LEAST_COUNTRIES:
        found.append(
            f"{len(places)} columns are countries ({', '.join(places[:4])} ...), and nothing says "
            "what their figures are shares of: leave them out, or give a table of materials."
        )
    found += [question.message for question in questions if question.matter in BLOCKING]
    return tuple(found)


def _missing(template: Template, filled: dict[str, float]) -> list[str]:
    """The ends that links of this shape would need and no column gives."""

    def has(role: Role) -> bool:
        return f"{role}.name" in filled or f"{role}.key" in filled

    match template:
        case Template.SUPPLIERS:
            supplied = [id for id in filled if id.startswith("supplies.")]
            if supplied and has(Role.SUPPLIER) and not (has(Role.BUYER) or has(Role.PLANT)):
                return ["No column says whom they supply: name the buyer (constant buyer.name)."]
        case Template.OWNERSHIP:
            if has(Role.OWNER) and not has(Role.OWNED):
                return ["No column says what is owned: name it (constant owned.name)."]
            if has(Role.OWNED) and not has(Role.OWNER):
                return ["No column says who the owners are: say which column names them."]
        case Template.LICENSES if not (has(Role.LICENSOR) or has(Role.LICENSEE)):
            return ["No column says who grants the licenses or who uses them."]
        case Template.ORIGINS:
            if not has(Role.MATERIAL):
                return ["No column names the material: name it (constant material.name)."]
        case Template.EDGES if not (has(Role.FROM) and has(Role.TO)):
            return ["Only one end of the links is named."]
        case Template.GENERAL if not _is_plain_list(filled):
            return ["Nothing says what the rows are: say which column names what."]
        case _:
            pass
    return []


def _is_plain_list(filled: dict[str, float]) -> bool:
    """Whether a list of names is plainly one of companies: it tells a country of each."""
    return any((found := slot(id)) is not None and found.reads is Reads.COUNTRY for id in filled)
