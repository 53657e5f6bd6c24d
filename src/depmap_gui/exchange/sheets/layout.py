"""Where everything in the workbook stands: all tables placed before a cell is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from depmap_gui.exchange.sheets.attribution_values import AttributionValues
from depmap_gui.exchange.sheets.book import Cell, sheet_name
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.tables import HEADING_ROWS, ORDER, Column, Table, plain
from depmap_gui.exchange.workbook_fault import WorkbookError

MOST_LOOKED_UP = 4_000_000
"""Entities times links up to which the ends of links are looked up by name; above, they are
numbers written once: looking up each end of each link would take a spreadsheet minutes."""

LONGEST_SUM = 4_000
"""Characters of a sum of single cells; a cell holds twice as many."""

SUMMARY, INDEX, ATTRIBUTION, IP, MATERIAL = (
    "Summary",
    "Index",
    "Attribution",
    "IP",
    "Material assistance",
)


NOWHERE = 2_000_000
"""The place of a row that is gone: beyond every sheet, so that nothing is found there."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 5_000
"""Rows that a sheet holds, and columns of a table: beside the widest one stand its workings."""


@dataclass
class Layout:
    """The placed tables by key, and the cells that have names of their own."""

    facts: Facts
    tables: dict[str, Table] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Table:
        return self.tables[key]

    def place(
        self, key: str, sheet: str, columns: list[Column], count: int, *, top: int | None = None
    ) -> Table:
        """Place a table on a sheet; below the sheet's title where ``top`` is not given."""
        top = HEADING_ROWS if top is None else top
        if top + count >= MOST_ROWS or len(columns) > MOST_COLUMNS:
            raise WorkbookError(
                f"The map is too large for a workbook: the sheet '{sheet}' would need "
                f"{top + count + 1:,} rows and {len(columns):,} columns. A sheet holds "
                f"{MOST_ROWS:,} rows, and {MOST_COLUMNS:,} columns are what can be used. Export a "
                "part of the map."
            )
        placed = Table(sheet, "t_" + key, tuple(columns), count, top)
        self.tables[key] = placed
        return placed

    def place_results(
        self, key: str, sheet: str, columns: list[Column], count: int, *, top: int | None = None
    ) -> Table:
        """Place a table of results, which has formulas only where there is something to say."""
        return self.place(key, sheet, columns if count else plain(columns), count, top=top)

    @property
    def live_ends(self) -> bool:
        """Whether the ends of links are looked up by what their cells say."""
        facts = self.facts
        return len(facts.entities) * len(facts.project.links) <= MOST_LOOKED_UP

    @cached_property
    def attributed(self) -> AttributionValues:
        """What the program says of each row of Attribution."""
        return AttributionValues.of(self.facts)

    def at(self, key: str, number: int) -> str:
        """A formula part: in which row of a table (from 1) the row written as that number stands.

        Where nobody sorted the table, that is seen at a glance and takes no search.
        """
        numbers = self[key].range(ORDER)
        found = f"IFERROR(MATCH({number},{numbers},0),{NOWHERE})"
        return f"IF(IFERROR(INDEX({numbers},{number}),0)={number},{number},{found})"

    def of(self, key: str, column: str, place: str) -> str:
        """A formula part: a column of a table in the row whose place a cell (or part) gives."""
        return f"INDEX({self[key].range(column)},{place})"

    def sum_into(self, key: str, column: str, target: str, number: str) -> str:
        """A formula part: a column of a table of links, summed over those into an entity.

        ``number`` is where the entity's number stands. Where ends are looked up, the links are
        found by it; else the formula names their cells, and takes no longer in a large workbook.
        """
        table = self[key]
        if not self.live_ends:
            direct = self.sum_rows(table, column, self.facts.rows_into[key].get(target, ()))
            if len(direct) <= LONGEST_SUM:
                return direct
        return f"SUMIFS({table.range(column)},{table.range('to_no')},{number})"

    @staticmethod
    def sum_rows(table: Table, column: str, rows: Sequence[int]) -> str:
        """A formula part: the sum of a column over these rows, given in ascending order."""
        sheet = sheet_name(table.sheet)
        runs: list[list[int]] = []
        for row in rows:
            if runs and runs[-1][1] == row - 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        cells = [
            str(table.cell(column, first))
            if first == last
            else f"{sheet}!{table.run(column, first, last)}"
            for first, last in runs
        ]
        if not cells:
            return "0"
        if len(rows) == 1:
            return cells[0]
        # A function takes no more than 255 arguments.
        sums = [f"SUM({','.join(cells[at : at + 250])})" for at in range(0, len(cells), 250)]
        return "+".join(sums) if len(sums) == 1 else f"({'+'.join(sums)})"

    def within(self, cell: str, runs: list[tuple[int, int]]) -> str:
        """A condition: the number in a cell lies in one of the runs."""
        if not runs:
            return "1=0"
        parts = [f"AND({cell}>={first},{cell}<={last})" for first, last in runs]
        return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"

    def labels_between(self, runs: list[tuple[int, int]]) -> str | None:
        """The range of Index that lists the labels of these numbers, for a list to choose from."""
        if not runs:
            return None
        index = self["index"]
        first = index.cell("label", runs[0][0] - 1)
        last = index.cell("label", runs[-1][1] - 1)
        return f"={first}:{last.here}"
