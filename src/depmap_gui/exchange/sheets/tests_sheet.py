"""Tests: every test of every credit, and what it comes to; the status of Summary counts these."""

from __future__ import annotations

from dataclasses import dataclass

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.sheets.book import Book, Look, Number, Value, put_formula
from depmap_gui.exchange.sheets.cases import Case, Claim, ratio_test
from depmap_gui.exchange.sheets.entity_tables import status_questions
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.material_sheet import Lines
from depmap_gui.exchange.sheets.rules_sheet import rule_value
from depmap_gui.exchange.sheets.tables import Column, Row, write_table
from depmap_gui.exchange.sheets.verdicts import VERDICTS
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.results import TestResult, Verdict

TESTS = "Tests"


@dataclass(frozen=True)
class Tested:
    """One row: a test of a credit, in force in the year or not (then it has no result)."""

    case: Case
    claim: Claim
    rule: TestRule
    result: TestResult | None
    ratio_row: int | None

    @property
    def is_ratio(self) -> bool:
        """Whether the test measures the cost ratio."""
        return self.rule.id == ratio_test(self.claim.pack, self.claim.rule)


def tested(cases: list[Case], lines: list[Lines]) -> list[Tested]:
    """All rows of Tests."""
    ratio_rows = {each.case.number: row for row, each in enumerate(lines)}
    return [
        Tested(
            case,
            case.claim,
            case.claim.pack.tests[id],
            next((test for test in case.claim.result.tests if test.id == id), None),
            ratio_rows.get(case.number),
        )
        for case in cases
        if case.claim is not None
        for id in case.claim.rule.tests
    ]


def place_tests(layout: Layout, rows: list[Tested]) -> None:
    """Place the table of tests."""
    columns = [
        Column("product", "Product", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("case", "Summary row", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("credit", "Credit", Look.FIXED, Number.TEXT, 18, wrap=True),
        Column("test", "Test", Look.FIXED, Number.TEXT, 22, wrap=True),
        Column("id", "Test id", Look.FIXED, Number.TEXT, 15),
        Column("starts", "In force from", Look.INPUT, Number.DATE, 12),
        Column("ends", "To", Look.INPUT, Number.DATE, 12),
        Column("in_force", "In force (1 = yes)", Look.CALC, Number.WHOLE, 9, formula=_in_force),
        Column("low", "Measure, low", Look.FIXED, Number.SHARE, 10),
        Column("mode", "likely", Look.FIXED, Number.SHARE, 10),
        Column("high", "high", Look.FIXED, Number.SHARE, 10),
        Column("fails_if", "Fails if", Look.FIXED, Number.TEXT, 8),
        Column("threshold", "Threshold", Look.FIXED, Number.SHARE, 10),
        Column("margin", "Margin", Look.CALC, Number.SHARE, 10),
        Column("verdict", "Verdict", Look.INPUT, Number.TEXT, 12, choices=VERDICTS,
               help="The program's verdict. Change it to see what follows for the status."),
        Column("is_ratio", "Cost ratio", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("open", "Open points", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("because", "Because", Look.FIXED, Number.TEXT, 60, wrap=True),
        Column("cure", "What would cure it", Look.FIXED, Number.TEXT, 44, wrap=True),
        Column("citation", "Citation", Look.FIXED, Number.TEXT, 34, wrap=True),
    ]  # fmt: skip
    layout.place("tests", TESTS, columns, len(rows))


def write_tests(book: Book, layout: Layout, rows: list[Tested]) -> None:
    """Write the sheet: values of the law's reasoning, formulas where a figure decides."""
    sheet = book.add_sheet(TESTS)
    book.heading(
        sheet,
        TESTS,
        "Every test of every credit. Verdicts in blue come from the program's reasoning about "
        "statuses and contracts; those in black or green follow the workbook's own figures.",
    )
    table = layout["tests"]
    write_table(book, sheet, table, [_values(each) for each in rows], freeze=4)
    for index, each in enumerate(rows):
        for key, (formula, value, look, number) in _formulas(layout, each, index).items():
            cell = table.cell(key, index)
            put_formula(
                sheet, (cell.row, cell.column), f"={formula}", value, book.look(look, number)
            )


def count_of(layout: Layout, case: Case, *conditions: tuple[str, str]) -> str:
    """A formula part: how many tests in force of a case meet the conditions."""
    tests = layout["tests"]
    terms = [("case", str(case.number)), ("in_force", "1"), *conditions]
    return f"COUNTIFS({','.join(f'{tests.range(key)},{wanted}' for key, wanted in terms)})"


def _in_force(row: Row) -> str:
    starts, ends = row["starts"], row["ends"]
    last = "DATE(Year,12,31)"
    return f'IF(AND(ISNUMBER({starts}),{starts}<={last},OR({ends}="",{ends}>={last})),1,0)'


def _values(each: Tested) -> dict[str, Value]:
    result, rule = each.result, each.rule
    open_points = result.open if result else ()
    because = [reason.text for reason in result.because] if result else ["Not in force."]
    return {
        "product": f"{each.case.label}: {each.case.product_label}",
        "case": each.case.number,
        "credit": each.claim.rule.title,
        "test": rule.title,
        "id": rule.id,
        "starts": rule.starts,
        "ends": rule.ends,
        "in_force": int(result is not None),
        "low": result.low if result else None,
        "mode": result.mode if result else None,
        "high": result.high if result else None,
        "fails_if": (result.comparison if result else None) or "",
        "threshold": result.threshold if result else None,
        "margin": result.margin if result else None,
        "verdict": str(result.verdict if result else Verdict.UNKNOWN),
        "is_ratio": int(each.is_ratio),
        "open": "; ".join(each.claim.pack.title_of(point) for point in open_points),
        "because": " ".join(because),
        "cure": rule.cure,
        "citation": rule.citation,
    }


Written = dict[str, tuple[str, float | str | None, Look, Number]]


def _formulas(layout: Layout, each: Tested, index: int) -> Written:
    """The cells of one row that formulas fill, with the program's values."""
    row = Row(layout["tests"], index)
    found: Written = {}
    if each.ratio_row is not None and each.is_ratio:
        ratios = layout["ratios"]
        ratio, claim = each.claim.ratio, each.claim
        values: dict[str, float | str | None] = {
            "low": ratio.low if ratio else None,
            "mode": ratio.mode if ratio else None,
            "high": ratio.high if ratio else None,
            "threshold": claim.threshold,
            "verdict": str(claim.ratio_verdict),
        }
        bounded = ratio is not None and ratio.low is not None and claim.threshold is not None
        assert ratio is not None
        values["margin"] = (ratio.low or 0.0) - (claim.threshold or 0.0) if bounded else None
        for key, value in values.items():
            number = Number.TEXT if key == "verdict" else Number.SHARE
            found[key] = (str(ratios.cell(key, each.ratio_row)), value, Look.LINK, number)
        return found
    looked_up = _threshold(layout, each)
    if looked_up is not None and each.result is not None:
        threshold = each.result.threshold
        found["threshold"] = (looked_up, threshold, Look.LINK, Number.SHARE)
    if each.result is not None and each.result.margin is not None:
        upward = (each.result.comparison or "").startswith(">")
        ends = ("threshold", "high") if upward else ("low", "threshold")
        formula = f"{row[ends[0]]}-{row[ends[1]]}"
        found["margin"] = (formula, each.result.margin, Look.CALC, Number.SHARE)
    status = _status_cell(layout, each)
    if status is not None and each.result is not None:
        formula = f'IF({status}="yes","fail",IF({status}="no","pass","uncertain"))'
        found["verdict"] = (formula, str(each.result.verdict), Look.LINK, Number.TEXT)
    return found


def _threshold(layout: Layout, each: Tested) -> str | None:
    """The look-up of a threshold where the test's own parameter is what decided."""
    parameter, result = each.rule.parameter, each.result
    if parameter is None or result is None or result.threshold is None:
        return None
    day = layout.facts.day
    if each.claim.pack.number(parameter, day) != result.threshold:
        return None
    return rule_value(layout, each.claim.pack.id, parameter, "DATE(Year,12,31)")


_BY_ANSWER = {"yes": Verdict.FAIL, "no": Verdict.PASS, "unknown": Verdict.UNCERTAIN}


def _status_cell(layout: Layout, each: Tested) -> str | None:
    """The taxpayer's status cell, where the test is exactly that status."""
    facts: Facts = layout.facts
    taxpayer, pack = each.claim.result.taxpayer, each.claim.pack.id
    asked = dict(status_questions(facts)).get(pack, [])
    if taxpayer is None or each.rule.id not in asked or each.result is None:
        return None
    status = facts.assessment.law.companies[pack].get(taxpayer)
    answer = status.answers.get(each.rule.id) if status else None
    if answer is None or _BY_ANSWER[str(answer)] is not each.result.verdict:
        return None
    index = facts.number[taxpayer] - facts.before(EntityKind.COMPANY) - 1
    return str(layout["companies"].cell(f"status.{pack}.{each.rule.id}", index))
