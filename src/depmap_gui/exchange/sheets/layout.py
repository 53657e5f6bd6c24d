"""Where everything in the workbook stands: all tables placed before a cell is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from depmap_gui.exchange.sheets.book import Cell
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.tables import HEADING_ROWS, Column, Table, plain

LIVE_ENDS = 2_000
"""Above this many entities the ends of links are numbers written once, not looked up by name: a
lookup for each end of each link would take a spreadsheet minutes."""

SUMMARY, INDEX, ATTRIBUTION, IP, MATERIAL = (
    "Summary",
    "Index",
    "Attribution",
    "IP",
    "Material assistance",
)


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
        return len(self.facts.entities) <= LIVE_ENDS

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
