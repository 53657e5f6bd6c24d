"""Which rows below a header are entries of the table, and why the others are none."""

from __future__ import annotations

from depmap_gui.exchange.tables.columns import shown
from depmap_gui.exchange.tables.grid import Cell
from depmap_gui.exchange.tables.headers import column_names, typical_fill, why_skipped
from depmap_gui.exchange.tables.mappings import Laid
from depmap_gui.exchange.tables.records import TableMapping
from depmap_gui.exchange.tables.words import folded, head_words


class Entries:
    """Tells the entries of a table from what else stands below its header."""

    def __init__(self, rows: list[list[Cell]], laid: Laid, mapping: TableMapping) -> None:
        body = laid.header.body
        self._rows = rows
        self._heads = laid.header.heads
        self._typical = typical_fill(rows[body : body + 400])
        self._filters = _filters(mapping, laid)
        self._seen: dict[int, int] = {}

    def why_not(self, index: int) -> str:
        """Why a row is no entry; empty where it is one."""
        row = self._rows[index]
        why = why_skipped(row, self._heads, self._typical)
        if not why and self._filters:
            why = _filtered(row, self._filters)
        if not why:
            # The hash alone is kept: of 50,000 rows the rows themselves would fill memory twice.
            first = self._seen.setdefault(hash(tuple(row)), index)
            if first != index and self._rows[first] == row:
                why = f"the same as row {first + 1}, cell by cell"
        return why


def _filters(mapping: TableMapping, laid: Laid) -> list[tuple[int, frozenset[str], str]]:
    names = [head_words(name) for name in column_names(laid.header.heads)]
    found = []
    for rule in mapping.filters:
        wanted = head_words(rule.header)
        if wanted in names:
            values = frozenset(folded(value) for value in rule.values)
            found.append((names.index(wanted), values, rule.header))
    return found


def _filtered(row: list[Cell], filters: list[tuple[int, frozenset[str], str]]) -> str:
    for index, values, head in filters:
        cell = row[index] if index < len(row) else None
        if folded(shown(cell)) not in values:
            return f"left out by the filter on '{head}'"
    return ""
