"""Check: each live figure beside the program's own value, and the difference."""

from __future__ import annotations

from depmap_gui.exchange.sheets.book import (
    BAD,
    GOOD,
    Book,
    Cell,
    Checked,
    Look,
    Number,
    Value,
    put,
    put_formula,
)
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.link_tables import LINK_SHEETS
from depmap_gui.exchange.sheets.tables import ORDER, Column, Table, write_table

CHECK = "Check"
TOLERANCE = "1E-9"
OVERALL = Cell(CHECK, 2, 3)
"""The cell that says whether all figures agree."""


def write_check(book: Book) -> None:
    """Write the sheet over all figures that the other sheets asked to check."""
    sheet = book.add_sheet(CHECK)
    book.heading(
        sheet,
        CHECK,
        "Live figures beside the program's own. After a change of an input the two differ: that is "
        "its effect.",
    )
    columns = (
        Column("number", "No.", number=Number.WHOLE, width=6),
        Column("what", "Figure", number=Number.TEXT, width=60, wrap=True),
        Column("live", "Live", Look.LINK, width=18),
        Column("own", "The program's own", width=18),
        Column("difference", "Difference", Look.CALC, Number.TINY, width=14),
    )
    table = Table(CHECK, "t_check", columns, len(book.checks), top=4)
    rows: list[dict[str, Value]] = [
        {"number": number, "what": each.what} for number, each in enumerate(book.checks, 1)
    ]
    write_table(book, sheet, table, rows, freeze=2)
    for index, each in enumerate(book.checks):
        _write_row(book, table, index, each)
    differences = table.range("difference")
    bold = book.format(bold=True)
    sheet.write_string(OVERALL.row, 1, f"All figures agree within {TOLERANCE}", bold)
    overall = f'=IF(SUMPRODUCT(--({differences}>{TOLERANCE}))=0,"OK","DIFFERS")'
    style = book.format(bold=True, bottom=1)
    put_formula(sheet, (OVERALL.row, OVERALL.column), overall, "OK", style)
    for word, color in (("OK", GOOD), ("DIFFERS", BAD)):
        sheet.conditional_format(
            OVERALL.row, OVERALL.column, OVERALL.row, OVERALL.column,
            {"type": "cell", "criteria": "==", "value": f'"{word}"',
             "format": book.file.add_format({"font_color": color})},
        )  # fmt: skip
    book.file.define_name("Check_result", f"={OVERALL}")
    sheet.print_area(0, 0, table.last, len(columns) - 1)


def check_order(book: Book, layout: Layout) -> None:
    """Have Check tell whether the links of a large map were sorted.

    There formulas add up links cell by cell, because to search for each would take minutes.
    """
    for key, name, _ in LINK_SHEETS:
        if layout[key].count and not layout.live_ends:
            numbers = layout[key].range(ORDER)
            moved = f"SUMPRODUCT(--({numbers}<>ROW({numbers})-{layout[key].first}))"
            what = f"{name}: rows that were sorted away from their place (column No.)"
            book.check(what, moved, 0, Number.COUNT)


def _write_row(book: Book, table: Table, index: int, each: Checked) -> None:
    sheet = book.file.get_worksheet_by_name(CHECK)
    assert sheet is not None
    live, own, difference = (table.cell(key, index) for key in ("live", "own", "difference"))
    value: str | float | None = each.value
    put_formula(
        sheet, (live.row, live.column), f"={each.cell}", value, book.look(Look.LINK, each.number)
    )
    put(sheet, own.row, own.column, value, book.look(Look.FIXED, each.number))
    # Of its own row, not of that address: the table may be sorted.
    a, b = (cell.here.replace(f"${cell.row + 1}", str(cell.row + 1)) for cell in (live, own))
    formula = (
        f'=IF(AND(ISNUMBER({a}),ISNUMBER({b})),ABS({a}-{b})/MAX(1,ABS({b})),IF({a}&""={b}&"",0,1))'
    )
    put_formula(
        sheet, (difference.row, difference.column), formula, 0.0,
        book.look(Look.CALC, Number.TINY),
    )  # fmt: skip
