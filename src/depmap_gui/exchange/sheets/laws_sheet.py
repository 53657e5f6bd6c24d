"""Other laws: what the packs ask of plants and products beside their credits, as values."""

from __future__ import annotations

from collections.abc import Iterator

from depmap_gui.domain.records import Plant
from depmap_gui.exchange.sheets.book import Book, Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, write_table
from depmap_gui.rules.results import CheckResult, TestResult

OTHER_LAWS = "Other laws"


def has_other_laws(facts: Facts) -> bool:
    """Whether a pack in use asks anything beside credits."""
    return bool(facts.assessment.law.checks)


def place_other_laws(layout: Layout) -> None:
    """Place the table, where there is anything to tell: a row for each test of each law."""
    if not has_other_laws(layout.facts):
        return
    share = Number.SHARE
    columns = [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("product", "Product", Look.FIXED, Number.TEXT, 22, wrap=True),
        Column("law", "Law", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("pack", "Rule pack", Look.FIXED, Number.TEXT, 20),
        Column("standing", "Standing", Look.FIXED, Number.TEXT, 11),
        Column("outcome", "Outcome", Look.FIXED, Number.TEXT, 14),
        Column("test", "Test", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("verdict", "Verdict", Look.FIXED, Number.TEXT, 11),
        Column("low", "Measure, low", Look.FIXED, share, 10),
        Column("high", "Measure, high", Look.FIXED, share, 10),
        Column("threshold", "Threshold", Look.FIXED, share, 10),
        Column("open", "Open points", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("because", "Because", Look.FIXED, Number.TEXT, 60, wrap=True),
        Column("citation", "Citation", Look.FIXED, Number.TEXT, 40, wrap=True),
    ]
    layout.place("other_laws", OTHER_LAWS, columns, len(list(_rows(layout.facts))))


def write_other_laws(book: Book, layout: Layout) -> None:
    """Write the sheet, where there is anything to tell."""
    facts = layout.facts
    if not has_other_laws(facts):
        return
    sheet = book.add_sheet(OTHER_LAWS)
    about = (
        f"Laws that are no credit, as the program read them for {facts.assessment.year}. Values, "
        "not formulas: export again after a change. What is only proposed bars nothing yet."
    )
    book.heading(sheet, OTHER_LAWS, about)
    write_table(book, sheet, layout["other_laws"], list(_rows(facts)), freeze=2)


def _rows(facts: Facts) -> Iterator[dict[str, Value]]:
    for check in facts.assessment.law.checks:
        shared: dict[str, Value] = {
            "plant": facts.end_label(check.plant),
            "product": _product(facts, check),
            "law": check.title,
            "pack": check.pack,
            "standing": check.standing,
            "outcome": str(check.outcome),
        }
        for test in check.tests or (None,):
            yield shared | _of_test(facts, check, test)


def _of_test(facts: Facts, check: CheckResult, test: TestResult | None) -> dict[str, Value]:
    pack, told = facts.packs.get(check.pack), check if test is None else test
    row: dict[str, Value] = {
        "open": "; ".join(pack.title_of(point) if pack else point for point in told.open),
        "citation": told.citation or check.citation,
    }
    if test is None:
        return row
    return row | {
        "test": test.title,
        "verdict": str(test.verdict),
        "low": test.low,
        "high": test.high,
        "threshold": test.threshold,
        "because": " ".join(reason.text for reason in test.because),
    }


def _product(facts: Facts, check: CheckResult) -> str:
    plant = facts.project.entities.get(check.plant)
    products = plant.products if isinstance(plant, Plant) else ()
    return next((each.name or each.id for each in products if each.id == check.product), "")
