"""Supply links: their weight among a target's inputs, and the technology that comes with them."""

from __future__ import annotations

from collections.abc import Callable

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyLink, Supplies
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.facts import known
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.received import at_target, received_values
from depmap_gui.exchange.sheets.tables import Column, Row


def supply_columns(layout: Layout) -> list[Column]:
    """The calculated columns of Supply."""
    return [
        Column("ip_counted", "IP share counted", Look.CALC, Number.SHARE, 10,
               formula=lambda row: _if_known(row, "ip_share")),
        _hidden("cost_counted", "Cost counted", lambda row: _if_known(row, "cost")),
        _hidden("costed", "Has a cost", lambda row:
                f"IF(AND({row['counts']}=1,{_given(row, 'cost')}),1,0)"),
        Column("weight", "Share of the target's inputs", Look.CALC, Number.SHARE, 11,
               formula=lambda row: _weight(layout, row)),
        Column("focus", "Focus part of who supplies", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _provider(layout, row, "focus")),
        Column("unknown", "Unknown part of who supplies", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _provider(layout, row, "unknown")),
        _hidden("input_unknown", "Unknown as an input",
                lambda row: _as_input(layout, row, "unknown", 1)),
        _hidden("input_focus", "Focus as an input",
                lambda row: _as_input(layout, row, "focus", 0)),
        _hidden("ip_focus", "Focus part of the IP share",
                lambda row: f"{row['ip_counted']}*{row['focus']}"),
        _hidden("ip_unknown", "Unknown part of the IP share",
                lambda row: f"{row['ip_counted']}*{row['unknown']}"),
    ]  # fmt: skip


def supply_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    """The program's values for :func:`supply_columns`, by link."""
    facts = layout.facts
    received = received_values(facts)
    attribution = facts.assessment.scores.attribution

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Supplies)
        if not facts.counts(link):
            return dict.fromkeys(_VALUES, 0.0)
        cost, ip = known(link.cost), known(link.ip_share) or 0.0
        focus, unknown = facts.focus_and_unknown(attribution.get(link.source))
        of_target = received[link.target]
        mean, count = of_target["mean"], of_target["supplies"]
        assert isinstance(mean, float)
        assert isinstance(count, float)
        part = (mean if cost is None else cost) / mean if mean > 0 else 1.0
        weight = part / count
        documented = cost is not None or not of_target["costed"]
        return {
            "ip_counted": ip,
            "cost_counted": cost or 0.0,
            "costed": int(cost is not None),
            "weight": weight,
            "focus": focus,
            "unknown": unknown,
            "input_unknown": weight * (unknown if documented else 1.0),
            "input_focus": weight * focus if documented else 0.0,
            "ip_focus": ip * focus,
            "ip_unknown": ip * unknown,
        }

    return values


_VALUES = (
    "ip_counted", "cost_counted", "costed", "weight", "focus", "unknown", "input_unknown",
    "input_focus", "ip_focus", "ip_unknown",
)  # fmt: skip


def _hidden(key: str, header: str, formula: Callable[[Row], str]) -> Column:
    return Column(key, header, Look.CALC, Number.GENERAL, 10, hidden=True, formula=formula)


def _given(row: Row, key: str) -> str:
    return f"IF(ISNUMBER({row[key]}),{row[key]}>=0,FALSE)"


def _if_known(row: Row, key: str) -> str:
    return f"IF(AND({row['counts']}=1,{_given(row, key)}),{row[key]},0)"


def _weight(layout: Layout, row: Row) -> str:
    mean, count = at_target(layout, row, "mean"), at_target(layout, row, "supplies")
    priced = f"IF({mean}>0,IF({row['costed']}=1,{row['cost_counted']},{mean})/{mean},1)"
    return f"IF({row['counts']}<>1,0,{priced}/{count})"


def _provider(layout: Layout, row: Row, key: str) -> str:
    attribution = layout["attribution"]
    before = layout.facts.before(EntityKind.COMPANY)
    return f"IF({row['counts']}<>1,0,INDEX({attribution.range(key)},{row['from_no']}-{before}))"


def _as_input(layout: Layout, row: Row, key: str, undocumented: int) -> str:
    """A part of the weight; of a supply without cost among costed ones nothing is documented."""
    documented = f"OR({row['costed']}=1,{at_target(layout, row, 'costed')}=0)"
    part = f"{row['weight']}*IF({documented},{row[key]},{undocumented})"
    return f"IF({row['counts']}<>1,0,{part})"
