"""Material assistance: cost lines, who made them, the ratio, its threshold and verdict, live."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Product, Supplies
from depmap_gui.exchange.sheets.book import Book, Look, Number, put_formula
from depmap_gui.exchange.sheets.cases import Case, Claim, ratio_cases, ratio_test
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import MATERIAL, Layout
from depmap_gui.exchange.sheets.makers import (
    Makers,
    maker_formulas,
    maker_rows,
    place_makers,
)
from depmap_gui.exchange.sheets.ratio_formulas import (
    line_columns,
    line_values,
    ratio_columns,
    ratio_values,
    rest_values,
)
from depmap_gui.exchange.sheets.tables import A3, write_table
from depmap_gui.rules.results import MaterialResult

NOTE = (
    "Share of direct material cost that no prohibited foreign entity made, by direct cost. What "
    "is open (an unknown maker, an uncertain cost) is taken either way: low and high."
)


@dataclass(frozen=True)
class Lines:
    """The cost lines of one product: its supply links (row on Supply, link), then the rest.

    ``first`` is the index of the first line in the table of lines; the undocumented rest stands
    last, at ``first + len(links)``.
    """

    case: Case
    claim: Claim
    ratio: MaterialResult
    first: int
    links: tuple[tuple[int, Supplies], ...]

    @property
    def last(self) -> int:
        """The index of the undocumented rest."""
        return self.first + len(self.links)

    @property
    def product(self) -> Product:
        """The product; only products have claims."""
        assert self.case.product is not None
        return self.case.product


def lines_of(facts: Facts, cases: list[Case]) -> list[Lines]:
    """The lines of all products whose ratio is measured: every supply link into their plant."""
    into: dict[str, list[tuple[int, Supplies]]] = defaultdict(list)
    for row, link in enumerate(facts.links["supply"]):
        if isinstance(link, Supplies) and facts.permitted(link):
            into[link.target].append((row, link))
    found: list[Lines] = []
    first = 0
    for case, claim, ratio in ratio_cases(cases):
        links = tuple(into[case.plant.id])
        found.append(Lines(case, claim, ratio, first, links))
        first = found[-1].last + 1
    return found


def place_material(layout: Layout, cases: list[Case]) -> tuple[list[Lines], list[Makers]]:
    """Place the sheet's three tables: ratios, cost lines, makers."""
    facts = layout.facts
    lines = lines_of(facts, cases)
    packs = dict.fromkeys(each.claim.pack.id for each in lines)
    makers = [
        Makers(layout, pack, [each.ratio for each in lines if each.claim.pack.id == pack])
        for pack in packs
    ]
    count = lines[-1].last + 1 if lines else 0
    ratios = layout.place_results("ratios", MATERIAL, ratio_columns(layout, lines), len(lines))
    placed = layout.place_results(
        "lines", MATERIAL, line_columns(layout, lines), count, top=ratios.last + 5
    )
    place_makers(layout, makers, placed.last + 5)
    return lines, makers


def write_material(book: Book, layout: Layout, lines: list[Lines], makers: list[Makers]) -> None:
    """Write the sheet."""
    facts = layout.facts
    sheet = book.add_sheet(MATERIAL)
    book.heading(sheet, "Material assistance", NOTE)
    if not lines:
        sheet.write_string(2, 0, "No product on the map claims a credit whose cost ratio is "
                           "tested.", book.format(italic=True))  # fmt: skip
    values = [ratio_values(each) for each in lines]
    write_table(book, sheet, layout["ratios"], values, filters=False)
    table = layout["lines"]
    book.heading(sheet, "Cost lines", "What goes into each product, and who made it. Costs come "
                 "from Supply; the rest is what the product's stated cost exceeds them by.",
                 table.top - 3)  # fmt: skip
    rows = [
        row
        for each in lines
        for row in (*line_values(facts, each, _of_pack(makers, each)), rest_values(each))
    ]
    write_table(book, sheet, table, rows, filters=False)
    _write_makers(book, layout, sheet, makers)
    sheet.freeze_panes(0, 2)
    sheet.set_paper(A3)
    for index, each in enumerate(lines):
        _check(book, layout, each, index)


def _of_pack(makers: list[Makers], lines: Lines) -> Makers:
    return next(each for each in makers if each.pack == lines.claim.pack.id)


def _write_makers(book: Book, layout: Layout, sheet: Worksheet, makers: list[Makers]) -> None:
    table = layout["makers"]
    book.heading(sheet, "Makers", "Who is a prohibited foreign entity follows Companies; a plant "
                 "follows its operator, a material its suppliers where they all state costs.",
                 table.top - 3)  # fmt: skip
    rows = maker_rows(layout, makers)
    write_table(book, sheet, table, rows, filters=False)
    whole = book.look(Look.LINK, Number.WHOLE)
    for index in range(len(layout.facts.by_kind[EntityKind.COMPANY]) if makers else 0):
        cell = table.cell("at", index)
        found = f"={layout.at('companies', index + 1)}"
        put_formula(sheet, (cell.row, cell.column), found, index + 1, whole)
    for index, row in enumerate(rows):
        for each in makers:
            for key, formula in maker_formulas(layout, each, index).items():
                if formula is None:
                    continue
                cell, value = table.cell(key, index), row[key]
                share = not key.startswith("answer")
                look = Look.CALC if share else Look.LINK
                style = book.look(look, Number.SHARE if share else Number.TEXT)
                assert value is None or isinstance(value, str | float | int)
                put_formula(sheet, (cell.row, cell.column), f"={formula}", value, style)


def _check(book: Book, layout: Layout, lines: Lines, index: int) -> None:
    table, told = layout["ratios"], lines.claim.result.tests
    what = f"{lines.case.label}, {lines.case.product_label}"
    for key, words in (("low", "ratio, low"), ("mode", "ratio, likely"), ("high", "ratio, high")):
        value = getattr(lines.ratio, key)
        book.check(f"{what}: {words}", table.cell(key, index), value)
    if any(test.id == ratio_test(lines.claim.pack, lines.claim.rule) for test in told):
        book.check(f"{what}: threshold", table.cell("threshold", index), lines.claim.threshold)
        verdict = str(lines.claim.ratio_verdict)
        book.check(f"{what}: verdict", table.cell("verdict", index), verdict, Number.TEXT)
