"""Tests: every test of every credit, and what it comes to; the status of Summary counts these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.sheets.book import (
    Book,
    Look,
    Number,
    Value,
    put_formula,
    sheet_name,
)
from depmap_gui.exchange.sheets.cases import Case, Claim, ratio_test
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.material_sheet import Lines
from depmap_gui.exchange.sheets.rules_sheet import rule_value
from depmap_gui.exchange.sheets.tables import Column, Row, write_table
from depmap_gui.exchange.sheets.verdicts import VERDICTS
from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.results import TestResult, Verdict

TESTS = "Tests"
STATED_VERDICT = "Verdict as computed"
"""Header of the hidden column that keeps the program's own verdicts, where these can be changed."""


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


def tested(cases: list[Case], lines: list[Lines], day: date) -> list[Tested]:
    """All rows of Tests on the day; a test in force that is not asked of a product has none."""
    ratio_rows = {each.case.number: row for row, each in enumerate(lines)}
    rows = [
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
    return [each for each in rows if each.result is not None or not each.rule.in_force(day)]


def place_tests(layout: Layout, rows: list[Tested]) -> None:
    """Place the table of tests."""
    columns = [
        Column("product", "Product", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("case", "Summary row", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("group", "Way to pass, number", Look.FIXED, Number.WHOLE, 8, hidden=True),
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
        Column("told", "Counts as", Look.CALC, Number.TEXT, 12,
               formula=_counts_as(layout, ways_to_pass(rows)), each=True,
               help="Of several ways to pass one that passes is enough; it stands in the row of "
               "the first."),
        Column("stated", STATED_VERDICT, Look.FIXED, Number.TEXT, 12, hidden=True),
        Column("is_ratio", "Cost ratio", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("open", "Open points", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("because", "Because", Look.FIXED, Number.TEXT, 60, wrap=True),
        Column("cure", "What would cure it", Look.FIXED, Number.TEXT, 44, wrap=True),
        Column("citation", "Citation", Look.FIXED, Number.TEXT, 34, wrap=True),
    ]  # fmt: skip
    layout.place_results("tests", TESTS, columns, len(rows))


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
    ways_of = ways_to_pass(rows)
    groups = {way: number for number, ways in enumerate(ways_of, 1) for way in ways}
    formulas = [_formulas(layout, each, index) for index, each in enumerate(rows)]
    values = [
        _values(each) | {"told": _counts_as_value(rows, ways), "group": groups.get(index)}
        for index, (each, ways) in enumerate(zip(rows, ways_of, strict=True))
    ]
    for row, written in zip(values, formulas, strict=True):
        row["stated"] = None if "verdict" in written else row["verdict"]
    write_table(book, sheet, table, values, freeze=5)
    for index, written in enumerate(formulas):
        for key, (formula, value, look, number) in written.items():
            cell = table.cell(key, index)
            put_formula(
                sheet, (cell.row, cell.column), f"={formula}", value, book.look(look, number)
            )


def count_of(layout: Layout, case: int, rows: tuple[int, int], *conditions: tuple[str, str]) -> str:
    """A formula part: how many tests in force of a case meet conditions.

    In a large map only the case's own rows, which are given, are looked at.
    """
    tests = layout["tests"]
    terms = (("in_force", "1"), *conditions)
    if layout.live_ends:
        terms = (("case", str(case)), *terms)
        counted = ",".join(f"{tests.range(key)},{wanted}" for key, wanted in terms)
    else:
        sheet = sheet_name(TESTS)
        counted = ",".join(f"{sheet}!{tests.run(key, *rows)},{wanted}" for key, wanted in terms)
    return f"COUNTIFS({counted})"


def rows_of_cases(rows: list[Tested]) -> dict[int, tuple[int, int]]:
    """First and last row on Tests of each case that has any, by the case's number."""
    found: dict[int, tuple[int, int]] = {}
    for row, each in enumerate(rows):
        number = each.case.number
        found[number] = (found[number][0] if number in found else row, row)
    return found


def ways_to_pass(rows: list[Tested]) -> list[list[int]]:
    """For each row the rows of all ways to pass its test; none where another row stands for them,
    or where the test does not decide."""
    by_case: dict[int, list[int]] = {}
    for index, each in enumerate(rows):
        by_case.setdefault(each.case.number, []).append(index)
    found: list[list[int]] = [[] for _ in rows]
    for same in by_case.values():
        first = {rows[index].rule.id: index for index in same}
        for index in same:
            rule = rows[index].rule
            if rule.decides:
                found[first.get(rule.alternative_to or rule.id, index)].append(index)
    return found


def _counts_as(layout: Layout, ways: list[list[int]]) -> Callable[[Row], str]:
    """What a test, or all the ways to pass it, come to for the credit."""

    def formula(row: Row) -> str:
        mine = [Row(row.table, way) for way in (ways[row.index] if ways else ())]
        if not mine:
            return '""'
        if len(mine) == 1:
            return row["verdict"]
        told = '"unknown"'
        for word in ("fail", "uncertain", "pass"):
            told = f'IF({any_way(row, mine, word)},"{word}",{told})'
        return told

    def any_way(row: Row, mine: list[Row], word: str) -> str:
        if not layout.live_ends:
            each = (f'AND({way["in_force"]}=1,{way["verdict"]}="{word}")' for way in mine)
            return f"OR({','.join(each)})"
        tests = layout["tests"]
        same = ",".join(f"{tests.range(key)},{row[key]}" for key in ("case", "group"))
        meets = f'{tests.range("in_force")},1,{tests.range("verdict")},"{word}"'
        return f"COUNTIFS({same},{meets})>0"

    return formula


def _counts_as_value(rows: list[Tested], ways: list[int]) -> str:
    """The program's own answer to the same."""
    results = [result for way in ways if (result := rows[way].result) is not None]
    if not results:
        return str(Verdict.UNKNOWN) if ways else ""
    return str(next(iter(combined(results).values())))


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
    asked = facts.questions.get(pack, [])
    if taxpayer is None or each.rule.id not in asked or each.result is None:
        return None
    status = facts.assessment.law.companies[pack].get(taxpayer)
    answer = status.answers.get(each.rule.id) if status else None
    if answer is None or _BY_ANSWER[str(answer)] is not each.result.verdict:
        return None
    at = layout.at("companies", facts.number[taxpayer] - facts.before(EntityKind.COMPANY))
    return layout.of("companies", f"status.{pack}.{each.rule.id}", at)
