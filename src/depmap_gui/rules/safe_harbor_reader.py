"""Reads what a pack says of cost tables, old contracts and recapture."""

from __future__ import annotations

from depmap_gui.rules.record_reader import TableReader
from depmap_gui.rules.safe_harbor import (
    ContractExclusion,
    CostTable,
    RecaptureRule,
    TableColumn,
    TableLine,
)

WHOLE = 100.0
ROUNDING = 0.05
"""Percentages are published with one decimal: a column may miss 100 by its last digit's half."""


def cost_table(table: TableReader) -> CostTable:
    """One `[[table]]` of tables.toml; a column that does not add up to 100 is a fault."""
    columns = []
    for row in table.tables("columns", required=True):
        column = TableColumn(
            id=row.text("id"), title=row.text("title"), aliases=row.words("aliases")
        )
        columns.append(column)
        row.finish()
    products = {}
    for row in table.tables("products", required=True):
        products[row.text("id")] = row.text("title")
        row.finish()
    lines: list[TableLine] = []
    for row in table.tables("lines", required=True):
        line = _line(row, products, columns)
        if any((line.product, line.id) == (other.product, other.id) for other in lines):
            row.fault("id", f"There are two lines '{line.id}' of the product '{line.product}'.")
        lines.append(line)
    for column in columns:
        total = sum(line.percent.get(column.id, 0.0) for line in lines)
        if abs(total - WHOLE) > ROUNDING:
            message = f"The column '{column.id}' of {table.label} adds up to {total:g}, not to 100."
            table.fault("lines", message)
    return CostTable(
        id=table.text("id"),
        title=table.text("title"),
        technology=table.text("technology"),
        aliases=table.words("aliases"),
        columns=tuple(columns),
        products=products,
        lines=tuple(lines),
        starts=table.day("from"),
        ends=table.optional_day("to"),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )


def _line(row: TableReader, products: dict[str, str], columns: list[TableColumn]) -> TableLine:
    line = TableLine(
        product=row.text("product"),
        id=row.text("id"),
        title=row.text("title"),
        aliases=row.words("aliases"),
        production=row.flag("production", default=False),
        percent=row.numbers("percent"),
    )
    row.finish()
    if line.product not in products:
        row.fault("product", f"{row.label} names the product '{line.product}', which is not there.")
    known = {column.id for column in columns}
    for column in line.percent:
        if column not in known:
            row.fault("percent", f"{row.label} has a figure for '{column}', which is no column.")
    return line


def contract_exclusion(table: TableReader) -> ContractExclusion:
    """One `[[exclusion]]` of credits.toml."""
    return ContractExclusion(
        id=table.text("id"),
        title=table.text("title"),
        signed_before=table.text("signed_before"),
        sold_before=table.optional_text("sold_before"),
        begun_before=table.optional_text("begun_before"),
        in_service_before=table.optional_text("in_service_before"),
        ending=table.words("ending"),
        ending_before=table.optional_text("ending_before"),
        citation=table.citation(),
        certainty=table.certainty(),
        note=table.text("note", default=""),
    )


def recapture_rule(table: TableReader) -> RecaptureRule:
    """One `[[recapture]]` of credits.toml."""
    return RecaptureRule(
        id=table.text("id"),
        title=table.text("title"),
        years=table.text("years"),
        share=table.text("share"),
        tax_years_after=table.text("tax_years_after"),
        citation=table.citation(),
        certainty=table.certainty(),
        why=table.text("why"),
        cure=table.text("cure"),
        note=table.text("note", default=""),
    )
