"""IP: whose technology each plant works with, its contributions and their sums, live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyLink, Plant, Supplies, Uses
from depmap_gui.exchange.sheets.attribution_sheet import focus_cells
from depmap_gui.exchange.sheets.book import Book, Cell, Look, Number, Value, put_formula
from depmap_gui.exchange.sheets.facts import Facts, known, scale
from depmap_gui.exchange.sheets.layout import IP, Layout
from depmap_gui.exchange.sheets.license_formulas import (
    has_sublicenses,
    is_live,
    sublicense_matrix,
    technology_rows,
    technology_table,
)
from depmap_gui.exchange.sheets.tables import Column, Row, write_table


@dataclass(frozen=True)
class Part:
    """One contribution to a plant's technology: the number of its link among those of its table
    (``use`` or ``supply``; empty: the plant's own), and its share with the parts of it."""

    plant: int
    what: str
    through: str
    table: str
    link: int
    values: tuple[float | None, float, float]


def place_ip(layout: Layout) -> None:
    """Place the table of plants, below it that of contributions, and below it the licenses'."""
    facts = layout.facts
    plants = layout.place_results(
        "ip", IP, _plant_columns(layout), len(facts.by_kind[EntityKind.PLANT])
    )
    parts = layout.place_results(
        "parts", IP, _part_columns(layout), _part_count(facts), top=plants.last + 5
    )
    technology_table(layout, parts.last + 5)


def write_ip(book: Book, layout: Layout) -> None:
    """Write the sheet's three tables."""
    sheet = book.add_sheet(IP)
    book.heading(
        sheet,
        "IP: whose technology",
        "Share of each plant's technology base that is the focus jurisdiction's: documented, and "
        "at most if all that is not known were too. The focus is set on Summary.",
    )
    facts = layout.facts
    values = [_plant_values(facts, plant) for plant in _plants(facts)]
    write_table(book, sheet, layout["ip"], values, filters=False)
    parts = _parts(layout)
    contributions = layout["parts"]
    book.heading(
        sheet,
        "Contributions",
        "What each plant's figure is made of; each line points to the table it comes from.",
        contributions.top - 3,
    )
    write_table(book, sheet, contributions, _part_values(layout, parts), filters=False)
    _write_part_formulas(book, layout, sheet, parts)
    technology = layout["technology"]
    note = "" if is_live(facts) else " Too many licenses for a matrix formula: values."
    book.heading(
        sheet,
        "Technology of licenses",
        "Whose technology is under each license: its licensors', except what is sub-licensed."
        + note,
        technology.top - 3,
    )
    write_table(book, sheet, technology, technology_rows(facts), filters=False)
    if has_sublicenses(facts) and is_live(facts):
        _write_sublicenses(book, layout, sheet)
    sheet.freeze_panes(0, 2)
    for plant in _plants(facts):
        index = facts.number[plant.id] - facts.before(EntityKind.PLANT) - 1
        label = facts.label[plant.id]
        documented, at_most = values[index]["documented"], values[index]["at_most"]
        assert isinstance(documented, float)
        assert isinstance(at_most, float)
        book.check(
            f"{label}: {facts.focus} IP, documented",
            layout["ip"].cell("documented", index),
            documented,
        )
        book.check(
            f"{label}: {facts.focus} IP, at most", layout["ip"].cell("at_most", index), at_most
        )


def _plants(facts: Facts) -> list[Plant]:
    return [each for each in facts.by_kind[EntityKind.PLANT] if isinstance(each, Plant)]


# ---------------------------------------------------------------------------------- plants


def _plant_columns(layout: Layout) -> list[Column]:
    sites, runs = _plants(layout.facts), _runs(layout.facts)
    attribution, before = layout["attribution"], layout.facts.before(EntityKind.COMPANY)

    def own(row: Row) -> str:
        cell = layout.of("plants", "own_ip", layout.at("plants", row.index + 1))
        return f'IF(ISNUMBER({cell}),IF({cell}>=0,{cell},""),"")'

    def sums(row: Row, use: str, supply: str) -> str:
        id, number = sites[row.index].id, row["number"]
        parts = (layout.sum_into("use", use, id, number),
                 layout.sum_into("supply", supply, id, number))  # fmt: skip
        return "".join(f"+{part}" for part in parts if part != "0")

    def total(row: Row) -> str:
        return f"N({row['own']}){sums(row, 'use_share', 'ip_counted')}"

    def part(row: Row, key: str) -> str:
        own = f"INDEX({attribution.range(key)},{row['number']}-{before})"
        others = sums(row, f"use_{key}", f"ip_{key}")
        return f"(N({row['own']})*{own}{others})/MAX(1,{row['total']})"

    return [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("number", "Number", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("own", "Own technology", Look.LINK, Number.SHARE, 12, formula=own, each=True),
        Column("total", "Stated shares, sum", Look.LINK, Number.SHARE, 12, formula=total,
               each=True),
        Column("documented", "Focus, documented", Look.LINK, Number.SHARE, 12,
               formula=lambda row: part(row, "focus"), each=True),
        Column("not_known", "Not known", Look.LINK, Number.SHARE, 12,
               formula=lambda row: f"{part(row, 'unknown')}+MAX(0,1-{row['total']})", each=True),
        Column("at_most", "Focus, at most", Look.CALC, Number.SHARE, 12,
               formula=lambda row: f"MIN(1,{row['documented']}+{row['not_known']})"),
        Column("parts", "Sum of the contributions below", Look.CALC, Number.SHARE, 12,
               formula=lambda row: f"SUM({layout['parts'].run('documented', *runs[row.index])})",
               each=True),
    ]  # fmt: skip


def _runs(facts: Facts) -> list[tuple[int, int]]:
    """First and last row of each plant's contributions: its own, then each link that may count."""
    runs = []
    first = 0
    for plant in _plants(facts):
        last = first + sum(_contributes(facts, link) for link in facts.into.get(plant.id, ()))
        runs.append((first, last))
        first = last + 1
    return runs


def _contributes(facts: Facts, link: AnyLink) -> bool:
    """Whether the link into a plant has a line among its contributions."""
    stated = isinstance(link, Supplies) and link.ip_share is not None
    return (stated or isinstance(link, Uses)) and facts.permitted(link)


def _plant_values(facts: Facts, plant: Plant) -> dict[str, Value]:
    focus, unknown = facts.focus_and_unknown(facts.assessment.scores.ip.get(plant.id))
    if facts.focus == facts.codes[-1]:
        unknown = focus
    return {
        "plant": facts.label[plant.id],
        "number": facts.number[plant.id],
        "own": known(plant.own_ip),
        "total": _total(facts, plant),
        "documented": focus,
        "not_known": unknown,
        "at_most": min(1.0, focus + unknown),
        "parts": focus,
    }


def _total(facts: Facts, plant: Plant) -> float:
    total = known(plant.own_ip) or 0.0
    for link in facts.into.get(plant.id, ()):
        if facts.counts(link):
            if isinstance(link, Uses):
                total += known(link.share) or 0.0
            elif isinstance(link, Supplies):
                total += known(link.ip_share) or 0.0
    return total


# --------------------------------------------------------------------------- contributions


def _part_columns(layout: Layout) -> list[Column]:
    plants = [plant for plant, (first, last) in enumerate(_runs(layout.facts))
              for _ in range(first, last + 1)]  # fmt: skip

    def counted(row: Row) -> str:
        return f"N({row['share']})/MAX(1,{layout['ip'].cell('total', plants[row.index]).here})"

    return [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("at", "Row on its sheet", Look.LINK, Number.WHOLE, 8, hidden=True),
        Column("what", "What", Look.FIXED, Number.TEXT, 12),
        Column("through", "Through", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("share", "Share stated", Look.LINK, Number.SHARE, 12),
        Column("focus", "Of which focus", Look.LINK, Number.SHARE, 12),
        Column("unknown", "Of which unknown", Look.LINK, Number.SHARE, 12),
        Column("counted", "Share counted", Look.CALC, Number.SHARE, 12, formula=counted,
               each=True),
        Column("documented", "Adds to documented", Look.CALC, Number.SHARE, 12,
               formula=lambda row: f"{row['counted']}*{row['focus']}"),
        Column("open", "Adds to not known", Look.CALC, Number.SHARE, 12,
               formula=lambda row: f"{row['counted']}*{row['unknown']}"),
    ]  # fmt: skip


def _part_count(facts: Facts) -> int:
    runs = _runs(facts)
    return runs[-1][1] + 1 if runs else 0


def _parts(layout: Layout) -> list[Part]:
    facts = layout.facts
    found: list[Part] = []
    rows = {
        link.id: row for key in ("use", "supply") for row, link in enumerate(facts.links[key], 1)
    }
    for plant in _plants(facts):
        number = facts.number[plant.id]
        attributed = facts.focus_and_unknown(facts.assessment.scores.attribution.get(plant.id))
        values = (known(plant.own_ip), *attributed)
        found.append(Part(number, "Own", facts.label[plant.id], "", 0, values))
        for link in facts.into.get(plant.id, ()):
            if not _contributes(facts, link):
                continue
            if isinstance(link, Uses):
                what, key, share, scores = (
                    "License", "use", link.share, facts.assessment.scores.technology
                )  # fmt: skip
            elif isinstance(link, Supplies):
                what, key, share, scores = (
                    "Supply", "supply", link.ip_share, facts.assessment.scores.attribution
                )  # fmt: skip
            else:
                continue
            counts = facts.counts(link)
            parts = facts.focus_and_unknown(scores.get(link.source)) if counts else (0.0, 0.0)
            values = (known(share) if counts else 0.0, *parts)
            through = facts.end_label(link.source)
            found.append(Part(number, what, through, key, rows[link.id], values))
    return found


def _part_values(layout: Layout, parts: list[Part]) -> list[dict[str, Value]]:
    facts = layout.facts
    totals = {facts.number[plant.id]: _total(facts, plant) for plant in _plants(facts)}
    rows: list[dict[str, Value]] = []
    for part in parts:
        share, focus, unknown = part.values
        counted = (share or 0.0) / scale(totals[part.plant])
        rows.append({
            "plant": facts.label[facts.entities[part.plant - 1].id],
            "at": part.link or None,
            "what": part.what,
            "through": part.through,
            "counted": counted,
            "documented": counted * focus,
            "open": counted * unknown,
        })  # fmt: skip
    return rows


def _write_part_formulas(book: Book, layout: Layout, sheet: Worksheet, parts: list[Part]) -> None:
    table = layout["parts"]
    style, number = book.look(Look.LINK, Number.SHARE), book.look(Look.LINK, Number.WHOLE)
    for index, part in enumerate(parts):
        at = table.cell("at", index)
        if part.table:
            found = f"={layout.at(part.table, part.link)}"
            put_formula(sheet, (at.row, at.column), found, part.link, number)
        keys = ("share", "focus", "unknown")
        formulas = _of_link(layout, part, at.here) if part.table else _of_plant(layout, part)
        for key, formula, value in zip(keys, formulas, part.values, strict=True):
            cell = table.cell(key, index)
            put_formula(sheet, (cell.row, cell.column), f"={formula}", value, style)


def _of_plant(layout: Layout, part: Part) -> Iterator[str]:
    """The plant's own share, and its operator's parts."""
    facts = layout.facts
    yield layout["ip"].cell("own", part.plant - facts.before(EntityKind.PLANT) - 1).here
    yield from map(str, focus_cells(layout, facts.entities[part.plant - 1].id))


def _of_link(layout: Layout, part: Part, at: str) -> Iterator[str]:
    """A link's share as long as it ends at the plant (empty: not known), and its source's parts."""
    key = "use_share" if part.table == "use" else "ip_counted"
    share = layout.of(part.table, key, at)
    if part.table == "use":
        share = f'IF({layout.of("use", "use_silent", at)}=1,"",{share})'
    yield f"IFERROR(IF({layout.of(part.table, 'to_no', at)}={part.plant},{share},0),0)"
    for side in ("focus", "unknown"):
        yield f"IFERROR({layout.of(part.table, side, at)},0)"


# ---------------------------------------------------------------------------- sub-licenses


def _write_sublicenses(book: Book, layout: Layout, sheet: Worksheet) -> None:
    """Solve the licenses together: O = S O + own, S the shares of sub-licenses."""
    facts, table, use = layout.facts, layout["technology"], layout["use"]
    matrix = sublicense_matrix(facts)
    count = len(matrix)
    start = table.column("unknown") + 3
    style = book.look(Look.LINK, Number.SHARE)
    sheet.write_string(
        table.top - 1, start, "I - S: each license (row) less what is sub-licensed (columns)",
        book.format(italic=True),
    )  # fmt: skip
    for row in range(count):
        number = table.cell("number", row).here
        total = table.cell("sub_total", row).here
        for column in range(count):
            other = table.cell("number", column).here
            one = int(row == column)
            formula = (
                f"={one}-SUMIFS({use.range('use_share')},{use.range('to_no')},{number},"
                f"{use.range('from_no')},{other})/MAX(1,{total})"
            )
            sheet.write_formula(
                table.first + row, start + column, formula, style, one - matrix[row][column]
            )
    corners = (
        Cell(table.sheet, table.first, start),
        Cell(table.sheet, table.first + count - 1, start + count - 1),
        table.cell("own_focus", 0),
        table.cell("own_unknown", count - 1),
    )
    left, right = (f"{a.here}:{b.here}" for a, b in (corners[:2], corners[2:]))
    # A table may not hold a formula over several cells: it stands beside, and is pointed at.
    solved = start + count + 2
    area = (table.first, solved, table.first + count - 1, solved + 1)
    calc = book.look(Look.CALC, Number.SHARE)
    formula = f"{{=MMULT(MINVERSE({left}),{right})}}"
    for row, values in enumerate(technology_rows(facts)):
        for offset, key in enumerate(("focus", "unknown")):
            value, at = values[key], Cell(table.sheet, table.first + row, solved + offset)
            assert isinstance(value, float)
            if (row, offset) == (0, 0):
                sheet.write_array_formula(*area, formula, calc, value)
            else:
                sheet.write_number(at.row, at.column, value, calc)
            shown = table.cell(key, row)
            sheet.write_formula(shown.row, shown.column, f"={at.here}", calc, value)
