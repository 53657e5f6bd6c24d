"""Summary: one row for each plant and product, live, and where everything else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import wrap

from xlsxwriter.worksheet import Worksheet

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.exchange.sheets.book import (
    ACCENT,
    BAD,
    GOOD,
    MUTED_FONT,
    OPEN,
    WARN,
    Book,
    Cell,
    Look,
    Number,
    Value,
    put,
    put_formula,
)
from depmap_gui.exchange.sheets.cases import Case, Claim
from depmap_gui.exchange.sheets.check_sheet import OVERALL
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import INDEX, SUMMARY, Layout
from depmap_gui.exchange.sheets.ratio_formulas import deciding_day_formula
from depmap_gui.exchange.sheets.rules_sheet import rule_value
from depmap_gui.exchange.sheets.summary_parts import write_chart, write_notes, write_picture
from depmap_gui.exchange.sheets.tables import (
    A3,
    LINE_HEIGHT,
    MOST_LINES,
    Column,
    Row,
    write_table,
)
from depmap_gui.exchange.sheets.tests_sheet import count_of
from depmap_gui.exchange.sheets.text import plain_line
from depmap_gui.rules.pack import DecidingDate
from depmap_gui.rules.results import Eligibility, OneTime

SAMPLED_RISK = "Risk as sampled"
"""Header of the hidden column that keeps the risks that the program sampled."""
YEAR, FOCUS = Cell(SUMMARY, 3, 1), Cell(SUMMARY, 4, 1)
FOCUS_COLUMN = Cell(INDEX, 0, 7)
"""Which column of vectors the focus is: a step that nobody needs to see, on the hidden Index."""
_FACTS_TOP, _TABLE_TOP = 3, 14
_FACTS_LAST = 7
EVERY_YEAR = "every year"
FIRST_OF_SPREADSHEETS = 1900
"""The year of which spreadsheets disagree what its days are; there are none before."""


def place_summary(
    layout: Layout,
    cases: list[Case],
    ratio_rows: dict[int, int],
    test_rows: dict[int, tuple[int, int]],
) -> None:
    """Place the table of plants and products. By case number, ``ratio_rows`` gives a case's row of
    ratios, ``test_rows`` its rows on Tests."""

    def status(row: Row) -> str:
        case = cases[row.index]
        if case.claim is None or case.number not in test_rows:
            return '""' if case.claim is None else '"eligible"'
        return _status(layout, case.number, test_rows[case.number])

    def of(make: Callable[[Layout, Case], str]) -> Callable[[Row], str]:
        return lambda row: make(layout, cases[row.index])

    def ratio(key: str) -> Callable[[Row], str]:
        def formula(row: Row) -> str:
            number = cases[row.index].number
            if number not in ratio_rows:
                return '""'
            return str(layout["ratios"].cell(key, ratio_rows[number]))

        return formula

    share, money = Number.SHARE, Number.MONEY
    columns = [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("product", "Product", Look.FIXED, Number.TEXT, 20, wrap=True),
        Column("credit", "Credit", Look.FIXED, Number.TEXT, 16, wrap=True),
        Column("documented", "IP, documented", Look.LINK, share, 12, formula=of(_ip("documented"))),
        Column("at_most", "IP, at most", Look.LINK, share, 10, formula=of(_ip("at_most"))),
        Column("inputs", "Inputs, documented", Look.LINK, share, 12, formula=of(_inputs)),
        Column("inputs_most", "Inputs, at most", Look.LINK, share, 10, formula=of(_inputs_most)),
        Column("low", "Cost ratio, low", Look.LINK, share, 10, formula=ratio("low")),
        Column("high", "Cost ratio, high", Look.LINK, share, 10, formula=ratio("high")),
        Column("threshold", "Threshold", Look.LINK, share, 10, formula=ratio("threshold")),
        Column("margin", "Margin", Look.LINK, share, 9, formula=ratio("margin")),
        Column("verdict", "Material assistance", Look.LINK, Number.TEXT, 12,
               formula=ratio("verdict")),
        Column("status", "Status", Look.LINK, Number.TEXT, 13, formula=status),
        Column("open", "Open points", Look.FIXED, Number.TEXT, 56, wrap=True),
        Column("units", "Units a year", Look.LINK, Number.COUNT, 13, formula=of(_units)),
        Column("rate", "Rate", Look.LINK, Number.GENERAL, 8, formula=of(_rate)),
        Column("phase_out", "Phase-out", Look.LINK, share, 9, formula=of(_phase_out)),
        Column("credit_a_year", "Credit a year", Look.CALC, money, 15, formula=_annual),
        Column("given", "Credit given", Look.LINK, Number.TEXT, 14, formula=of(_given), wrap=True),
        Column("risk", "Risk", Look.INPUT, share, 9, share=True,
               help="How likely a test fails, from samples of what the map leaves uncertain."),
        Column("at_risk", "Money at risk", Look.CALC, money, 15, formula=_at_risk),
        Column("currency", "In", Look.FIXED, Number.TEXT, 6),
        Column("sampled", SAMPLED_RISK, Look.FIXED, share, 6, hidden=True),
        Column("case", "Row as written", Look.FIXED, Number.WHOLE, 6, hidden=True),
    ]  # fmt: skip
    each = [replace(column, each=column.formula is not None) for column in columns]
    layout.place_results("summary", SUMMARY, each, len(cases), top=_TABLE_TOP)


def define_names(book: Book, layout: Layout) -> None:
    """Names for what a person would cite, and for what drives the model."""
    define = book.file.define_name
    define("Year", f"={YEAR}")
    define("Focus", f"={FOCUS}")
    define("Focus_column", f"={FOCUS_COLUMN}")
    ratios, summary = layout["ratios"], layout["summary"]
    define("MACR_threshold", f"={ratios.range('threshold')}")
    define("MACR_low", f"={ratios.range('low')}")
    define("MACR_high", f"={ratios.range('high')}")
    define("IP_documented", f"={summary.range('documented')}")
    define("IP_at_most", f"={summary.range('at_most')}")
    define("Status", f"={summary.range('status')}")
    define("Annual_credit", f"={summary.range('credit_a_year')}")
    define("Money_at_risk", f"={summary.range('at_risk')}")


def write_summary(
    book: Book,
    layout: Layout,
    sheet: Worksheet,
    cases: list[Case],
    sheets: list[str],
    picture: bytes | None,
) -> None:
    """Write the sheet; ``sheets`` are the names for the Contents block."""
    facts = layout.facts
    title = plain_line(facts.assessment.title) or "Untitled map"
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, title, book.format(bold=True, font_size=18, font_color=ACCENT))
    sheet.write_string(
        1, 0, facts.assessment.law.caution
        + " Figures in blue are inputs: change them and everything that follows moves.",
        book.format(font_color=MUTED_FONT, italic=True),
    )  # fmt: skip
    _write_facts(book, layout, sheet)
    _write_contents(book, sheet, sheets)
    table = layout["summary"]
    rows = [_values(facts, case) for case in cases]
    write_table(book, sheet, table, rows)
    sheet.set_paper(A3)
    if not cases:
        sheet.write_string(table.first, 0, "No plant is on the map.", book.format(italic=True))
    _color_words(book, sheet, layout)
    _check(book, layout, cases, rows)
    below = table.last + 2
    below = write_notes(book, sheet, layout, below)
    below = write_chart(book, sheet, layout, below)
    write_picture(book, sheet, picture, below)


def _write_facts(book: Book, layout: Layout, sheet: Worksheet) -> None:
    """Year and focus, which drive the model; basis, scenario, packs, check."""
    facts = layout.facts
    assessment = facts.assessment
    label, usual = book.format(bold=True), book.format(align="left", text_wrap=True)
    entry = book.format(
        bold=True, font_color="#0000FF", bg_color="#FFFBE3", align="left", border=1,
        border_color="#D5DAE3",
    )  # fmt: skip
    packs = "; ".join(f"{pack.title}, {pack.words}"
                      for pack in assessment.packs) or "none"  # fmt: skip
    scenario = facts.project.scenarios.get(assessment.scenario or "")
    shown = "base map" if scenario is None else scenario.name or scenario.id
    texts = (
        ("Basis of attribution", f"{assessment.basis} (as exported)"),
        ("Scenario", shown),
        ("Money in", facts.project.header.currency),
        ("Rule packs", packs),
        ("Settled questions", _settled(facts)),
    )
    sheet.write_string(YEAR.row, 0, "Tax year", label)
    sheet.write_number(YEAR.row, YEAR.column, assessment.year, entry)
    sheet.data_validation(YEAR.row, YEAR.column, YEAR.row, YEAR.column, {
        "validate": "integer", "criteria": "between", "minimum": 1900, "maximum": 9999,
        "input_title": "Tax year", "input_message": "Thresholds, phase-out, and which links and "
        "tests are in force follow. Statuses of companies stay as computed for the year exported.",
    })  # fmt: skip
    sheet.write_string(FOCUS.row, 0, "Focus jurisdiction", label)
    put(sheet, FOCUS.row, FOCUS.column, facts.code_labels[facts.codes.index(facts.focus)], entry)
    codes = _code_headers(layout)
    sheet.data_validation(
        FOCUS.row, FOCUS.column, FOCUS.row, FOCUS.column, {"validate": "list", "source": codes}
    )
    for row, (name, text) in enumerate(texts, FOCUS.row + 1):
        sheet.write_string(row, 0, name, label)
        words = plain_line(text)
        if words:
            sheet.merge_range(row, 1, row, _FACTS_LAST, "", usual)
        put(sheet, row, 1, words, usual)
        sheet.set_row(row, LINE_HEIGHT * min(MOST_LINES, max(1, len(wrap(words, 95)))) + 2)
    row = FOCUS.row + 1 + len(texts)
    sheet.write_string(row, 0, "Check against the program", label)
    put_formula(sheet, (row, 1), f"={OVERALL}", "OK", book.format(bold=True, font_color=GOOD))


def write_focus_column(book: Book, layout: Layout) -> None:
    """Write, on the Index, which column of vectors the focus is."""
    facts = layout.facts
    sheet = book.file.get_worksheet_by_name(INDEX)
    assert sheet is not None
    sheet.write_string(FOCUS_COLUMN.row, FOCUS_COLUMN.column - 1, "Focus, column")
    headers = _code_headers(layout)[1:]
    formula = f"=IFERROR(MATCH(TRUE,INDEX({headers}=Focus,0),0),{len(facts.codes)})"
    column = facts.codes.index(facts.focus) + 1
    at = (FOCUS_COLUMN.row, FOCUS_COLUMN.column)
    put_formula(sheet, at, formula, column, book.look(Look.LINK))


def _settled(facts: Facts) -> str:
    """The points of law that the analyst settled, in words."""
    parts = []
    for pack in facts.packs.values():
        for question, reading in facts.project.header.readings.items():
            asked = pack.questions.get(question)
            if asked is not None:
                texts = [each.text for each in asked.readings if each.id == reading]
                parts.append(f"{asked.title}: {texts[0] if texts else reading}")
    return "; ".join(parts) or "none: see Assumptions for how each open point is read"


def _code_headers(layout: Layout) -> str:
    table = layout["attribution"]
    first = Cell(table.sheet, table.top, table.column("c1"))
    last = Cell(table.sheet, table.top, table.column(f"c{len(layout.facts.codes)}"))
    return f"={first}:{last.here}"


def _write_contents(book: Book, sheet: Worksheet, sheets: list[str]) -> None:
    link = book.format(font_color=ACCENT, underline=1)
    sheet.write_string(_FACTS_TOP - 1, 9, "Contents", book.format(bold=True, font_color=ACCENT))
    rows = -(-len(sheets) // 3)
    for place, name in enumerate(sheets):
        row, column = _FACTS_TOP + place % rows, (9, 11, 13)[place // rows]
        sheet.write_url(row, column, f"internal:'{name}'!A1", link, name)


# -------------------------------------------------------------------------------- formulas


def _ip(key: str) -> Callable[[Layout, Case], str]:
    def formula(layout: Layout, case: Case) -> str:
        row = layout.facts.number[case.plant.id] - layout.facts.before(EntityKind.PLANT) - 1
        return str(layout["ip"].cell(key, row))

    return formula


def _supplied(layout: Layout, case: Case, key: str) -> str:
    number = layout.facts.number[case.plant.id]
    return layout.sum_into("supply", key, case.plant.id, str(number))


def _inputs(layout: Layout, case: Case) -> str:
    return f'IF({_supplies(layout, case)}=0,"",{_supplied(layout, case, "input_focus")})'


def _inputs_most(layout: Layout, case: Case) -> str:
    focus, unknown = (_supplied(layout, case, key) for key in ("input_focus", "input_unknown"))
    return f'IF({_supplies(layout, case)}=0,"",MIN(1,{focus}+{unknown}))'


def _supplies(layout: Layout, case: Case) -> str:
    """Where the number of supplies into the case's plant stands."""
    return str(layout["index"].cell("supplies", layout.facts.number[case.plant.id] - 1))


def _status(layout: Layout, case: int, rows: tuple[int, int]) -> str:
    fail, uncertain, unknown, passed = (
        count_of(layout, case, rows, ("told", f'"{word}"'))
        for word in ("fail", "uncertain", "unknown", "pass")
    )
    untold = count_of(layout, case, rows, ("told", '"unknown"'), ("is_ratio", "1"))
    return (
        f'IF({fail}>0,"ineligible",IF({uncertain}>0,"at risk",'
        f'IF(OR({untold}>0,AND({unknown}>0,{passed}=0)),"undetermined","eligible")))'
    )


def _at(layout: Layout, case: Case) -> str:
    """The case's row on Products."""
    return layout.at("products", case.product_row + 1)


def _units(layout: Layout, case: Case) -> str:
    if case.claim is None:
        return '""'
    cell = layout.of("products", "units", _at(layout, case))
    return f'IF(ISNUMBER({cell}),{cell},"")'


def _rate(layout: Layout, case: Case) -> str:
    if case.claim is None:
        return '""'
    return rule_value(layout, case.claim.pack.id, case.claim.rule.rate, "DATE(Year,12,31)")


def _phase_out(layout: Layout, case: Case) -> str:
    if case.claim is None:
        return '""'
    rule = case.claim.rule
    day = deciding_day_formula(layout, _at(layout, case), rule.deciding_date)
    looked_up = rule_value(layout, case.claim.pack.id, rule.phase_out, f"({day})")
    if rule.deciding_date in {DecidingDate.SALE, DecidingDate.PRODUCTION}:
        return looked_up
    return f'IF({day}="","",{looked_up})'


def _given(layout: Layout, case: Case) -> str:
    """How often the amount is given: every year, or once and when."""
    if case.claim is None:
        return '""'
    if case.claim.rule.once_on is None:
        return f'"{EVERY_YEAR}"'
    day = deciding_day_formula(layout, _at(layout, case), case.claim.rule.once_on)
    unknown = OneTime(year=None).words
    once = OneTime(year=0).words.removesuffix("0")
    known = f"AND(ISNUMBER({day}),N({day})>=DATE({FIRST_OF_SPREADSHEETS + 1},1,1))"
    return f'IF({known},"{once}"&YEAR({day}),"{unknown}")'


def _at_risk(row: Row) -> str:
    risk, credit = row["risk"], row["credit_a_year"]
    return f'IF(OR({risk}="",{credit}=""),"",{risk}*{credit})'


def _annual(row: Row) -> str:
    cells = [row[key] for key in ("units", "rate", "phase_out")]
    missing = ",".join(f'{cell}=""' for cell in cells)
    return f'IF(OR({missing}),"",{"*".join(cells)})'


# ---------------------------------------------------------------------------------- values


def _values(facts: Facts, case: Case) -> dict[str, Value]:
    scores = facts.assessment.scores
    focus, unknown = facts.focus_and_unknown(scores.ip.get(case.plant.id))
    most = focus if facts.focus == UNKNOWN else min(1.0, focus + unknown)
    made_by = scores.made_by_first_tier.get(case.plant.id)
    row: dict[str, Value] = {
        "plant": case.label,
        "product": case.product_label,
        "case": case.number,
        "documented": focus,
        "at_most": most,
    }
    if made_by is not None:
        made, not_known = facts.focus_and_unknown(made_by)
        row |= {"inputs": made, "inputs_most": min(1.0, made + not_known)}
    if case.claim is None:
        claimed = case.product.credit if case.product else None
        return row | {"credit": claimed or "none claimed"}
    row |= _claim_values(case.claim)
    result = case.claim.result
    sampled = facts.risks.get((result.plant, result.product, result.pack))
    if sampled is not None:
        row |= {"risk": sampled.risk, "at_risk": sampled.at_risk, "sampled": sampled.risk}
    return row


def _claim_values(claim: Claim) -> dict[str, Value]:
    result, ratio = claim.result, claim.ratio
    bounded = ratio is not None and ratio.low is not None and claim.threshold is not None
    titles = "; ".join(claim.pack.title_of(point) for point in result.open)
    return {
        "credit": claim.rule.title,
        "low": ratio.low if ratio else None,
        "high": ratio.high if ratio else None,
        "threshold": claim.threshold if ratio else None,
        "margin": (ratio.low or 0.0) - (claim.threshold or 0.0) if bounded and ratio else None,
        "verdict": str(claim.ratio_verdict) if ratio else None,
        "status": str(result.status),
        "open": f"{len(result.open)} open: {titles}" if result.open else "none",
        "units": result.units,
        "rate": result.rate,
        "phase_out": result.phase_out,
        "credit_a_year": result.annual_credit,
        "given": _given_words(result.one_time),
        "currency": result.currency,
    }


def _given_words(given: OneTime | None) -> str:
    """What the formula of `_given` says; years that a spreadsheet does not know are unknown."""
    if given is None:
        return EVERY_YEAR
    known = given.year is not None and given.year > FIRST_OF_SPREADSHEETS
    return (given if known else OneTime(year=None)).words


def _check(book: Book, layout: Layout, cases: list[Case], rows: list[dict[str, Value]]) -> None:
    table = layout["summary"]
    for case, row in zip(cases, rows, strict=True):
        what = f"{case.label}, {case.product_label}" if case.product else case.label
        figures = [("inputs", "inputs made by the focus", Number.SHARE),
                   ("inputs_most", "inputs, at most", Number.SHARE)]  # fmt: skip
        if case.claim is not None:
            figures += [
                ("status", "status", Number.TEXT),
                ("phase_out", "phase-out", Number.SHARE),
                ("credit_a_year", "credit a year", Number.MONEY),
                ("at_risk", "money at risk", Number.MONEY),
            ]
        for key, words, number in figures:
            value = row.get(key)
            assert value is None or isinstance(value, str | float | int)
            found = f"MATCH({case.number},{table.range('case')},0)"
            book.check(f"{what}: {words}", f"INDEX({table.range(key)},{found})", value, number)


# ------------------------------------------------------------------------- below the table


_COLORS = {
    Eligibility.ELIGIBLE: GOOD,
    Eligibility.AT_RISK: WARN,
    Eligibility.INELIGIBLE: BAD,
    Eligibility.UNDETERMINED: OPEN,
    "pass": GOOD,
    "uncertain": WARN,
    "fail": BAD,
    "unknown": OPEN,
}


def _color_words(book: Book, sheet: Worksheet, layout: Layout) -> None:
    table = layout["summary"]
    for key in ("status", "verdict"):
        column = table.column(key)
        for word, color in _COLORS.items():
            style = book.file.add_format({"font_color": color, "bold": True})
            sheet.conditional_format(
                table.first, column, table.last, column,
                {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style},
            )  # fmt: skip
