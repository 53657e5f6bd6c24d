"""What each item receives in all: sums over the links that end at it, on the hidden Index.

Each link's weight and part are shares of these; summed once for each item, not once for each link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind
from depmap_gui.domain.records import Licenses, Supplies
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts, known
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, Row

Formula = Callable[[Row], str]

_SUMS: tuple[tuple[str, str, str, str, LinkKind], ...] = (
    ("cost", "Costs of supplies", "supply", "cost_counted", LinkKind.SUPPLIES),
    ("costed", "Supplies with a cost", "supply", "costed", LinkKind.SUPPLIES),
    ("supplies", "Supplies", "supply", "counts", LinkKind.SUPPLIES),
    ("stated", "Licensors' stated shares", "use", "stated", LinkKind.LICENSES),
    ("silent", "Licensors without share", "use", "licensor_silent", LinkKind.LICENSES),
)
"""Column key and header, table and column of links that is summed, and the links' kind."""


def received_columns(layout: Layout) -> list[Column]:
    """The columns of sums, and the mean cost of the supplies that state one."""

    def sums(table: str, column: str, kind: LinkKind) -> Formula:
        targets = LINK_ENDS[kind][1]

        def formula(row: Row) -> str:
            entity = layout.facts.entities[row.index] if layout.facts.entities else None
            if entity is None or not _receives(layout, entity.id, entity.kind, targets, table):
                return ""
            return layout.sum_into(table, column, entity.id, row["number"])

        return formula

    def mean(row: Row) -> str:
        return f"IF({row['costed']}>0,{row['cost']}/{row['costed']},0)"

    columns = [
        Column(key, header, Look.LINK, Number.GENERAL, formula=sums(table, column, kind), each=True)
        for key, header, table, column, kind in _SUMS
    ]
    columns.append(Column("mean", "Mean cost of those", Look.CALC, Number.GENERAL, formula=mean))
    return columns


def _receives(
    layout: Layout, id: str, kind: EntityKind, targets: frozenset[EntityKind], table: str
) -> bool:
    """Whether links of the table may end at the item: where ends are fixed, whether any does."""
    return kind in targets and (layout.live_ends or id in layout.facts.rows_into[table])


def received_values(facts: Facts) -> dict[str, dict[str, Value]]:
    """The program's values of the sums, by entity; nothing of those that receive nothing."""
    found: dict[str, dict[str, float]] = defaultdict(
        lambda: dict.fromkeys((*(key for key, *_ in _SUMS), "mean"), 0.0)
    )
    for link in (*facts.links["supply"], *facts.links["use"]):
        if not facts.counts(link):
            continue
        if isinstance(link, Supplies):
            row, cost = found[link.target], known(link.cost)
            row["supplies"] += 1
            row["costed"] += cost is not None
            row["cost"] += cost or 0.0
        elif isinstance(link, Licenses):
            row, share = found[link.target], known(link.share)
            row["stated"] += share or 0.0
            row["silent"] += share is None
    values: dict[str, dict[str, Value]] = {}
    for entity in facts.entities:
        row = found[entity.id]
        row["mean"] = row["cost"] / row["costed"] if row["costed"] else 0.0
        values[entity.id] = dict(row)
    return values


def at_target(layout: Layout, row: Row, key: str) -> str:
    """A formula part: a sum of what a link's target receives; only where the link counts."""
    return f"INDEX({layout['index'].range(key)},{row['to_no']})"
