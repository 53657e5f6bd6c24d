"""Finds the cost table, column and line that a map names, however it spells them."""

from __future__ import annotations

import re
from functools import lru_cache

from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.safe_harbor import CostTable, TableColumn, TableLine


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """Words without case and punctuation: `Battery pack/module` and `battery-pack module` agree."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def table_of(pack: RulePack, name: str | None) -> tuple[CostTable, TableColumn] | None:
    """The table and column called `name` (`storage/grid`), None where there is none.

    A table with a single column may be called by its own name alone.
    """
    if not name:
        return None
    wanted = plain_words(name)
    for table in pack.tables.values():
        for own in (table.id, table.title, *table.aliases):
            if len(table.columns) == 1 and plain_words(own) == wanted:
                return table, table.columns[0]
            for column in table.columns:
                for kind in (column.id, column.title, *column.aliases):
                    if plain_words(f"{own} {kind}") == wanted:
                        return table, column
    return None


def lines_called(table: CostTable, name: str, item: str) -> tuple[TableLine, ...]:
    """The lines that a supply called `name` stands for; all of a product's where it names one.

    Where several products have a line of that name, `item` may say which is meant.
    """
    wanted, told = plain_words(name), plain_words(item)
    whole = tuple(line for line in table.lines if wanted in _product_names(table, line.product))
    if whole:
        return whole
    found = tuple(line for line in table.lines if wanted in _line_names(table, line))
    if len(found) > 1:
        meant = tuple(
            line
            for line in found
            if any(f" {name} " in f" {told} " for name in _product_names(table, line.product))
        )
        return meant or found
    return found


def _product_names(table: CostTable, product: str) -> tuple[str, ...]:
    return plain_words(product), plain_words(table.products[product])


def _line_names(table: CostTable, line: TableLine) -> tuple[str, ...]:
    own = [plain_words(name) for name in (line.id, line.title, *line.aliases)]
    products = _product_names(table, line.product)
    return (*own, *(f"{product} {name}" for product in products for name in own))
