"""Supply links: their weight among a target's inputs, and the technology that comes with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyLink, Supplies
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts, known
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import Column, Row


@dataclass
class _Inputs:
    """Costs of the supplies of one target: their sum, how many state one, how many there are."""

    total: float = 0.0
    stated: int = 0
    count: int = 0

    def weight(self, cost: float | None) -> float:
        """A supply's share of the inputs; an unstated cost is taken at the mean of the rest."""
        if self.total <= 0:
            return 1.0 / self.count
        mean = self.total / self.stated
        return (mean if cost is None else cost) / (mean * self.count)


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
        _hidden("input_unknown", "Unknown as an input", lambda row: _input_unknown(layout, row)),
        _hidden("input_focus", "Focus as an input", lambda row: _input_focus(layout, row)),
    ]  # fmt: skip


def supply_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    """The program's values for :func:`supply_columns`, by link."""
    facts = layout.facts
    inputs = _inputs(facts)
    attribution = facts.assessment.scores.attribution

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Supplies)
        if not facts.counts(link):
            zero = ("ip_counted", "cost_counted", "costed", "weight", "focus", "unknown")
            return dict.fromkeys((*zero, "input_unknown", "input_focus"), 0.0)
        cost = known(link.cost)
        focus, unknown = facts.focus_and_unknown(attribution.get(link.source))
        of_target = inputs[link.target]
        weight = of_target.weight(cost)
        documented = cost is not None or of_target.stated == 0
        return {
            "ip_counted": known(link.ip_share) or 0.0,
            "cost_counted": cost or 0.0,
            "costed": int(cost is not None),
            "weight": weight,
            "focus": focus,
            "unknown": unknown,
            "input_unknown": weight * (unknown if documented else 1.0),
            "input_focus": weight * focus if documented else 0.0,
        }

    return values


def _inputs(facts: Facts) -> dict[str, _Inputs]:
    found: dict[str, _Inputs] = defaultdict(_Inputs)
    for link in facts.project.links.values():
        if isinstance(link, Supplies) and facts.counts(link):
            inputs = found[link.target]
            inputs.count += 1
            if (cost := known(link.cost)) is not None:
                inputs.total += cost
                inputs.stated += 1
    return found


def _hidden(key: str, header: str, formula: Callable[[Row], str]) -> Column:
    return Column(key, header, Look.CALC, Number.GENERAL, 10, hidden=True, formula=formula)


def _given(row: Row, key: str) -> str:
    return f"IF(ISNUMBER({row[key]}),{row[key]}>=0,FALSE)"


def _if_known(row: Row, key: str) -> str:
    return f"IF(AND({row['counts']}=1,{_given(row, key)}),{row[key]},0)"


def _sum(layout: Layout, row: Row, key: str) -> str:
    supply = layout["supply"]
    return f"SUMIFS({supply.range(key)},{supply.range('to_no')},{row['to_no']})"


def _weight(layout: Layout, row: Row) -> str:
    total, stated, count = (_sum(layout, row, key) for key in ("cost_counted", "costed", "counts"))
    mean = f"{total}/{stated}"
    priced = f"IF({row['costed']}=1,{row['cost_counted']},{mean})/({mean}*{count})"
    return f"IF({row['counts']}<>1,0,IF({total}>0,{priced},1/{count}))"


def _provider(layout: Layout, row: Row, key: str) -> str:
    attribution = layout["attribution"]
    before = layout.facts.before(EntityKind.COMPANY)
    return f"IF({row['counts']}<>1,0,INDEX({attribution.range(key)},{row['from_no']}-{before}))"


def _documented(layout: Layout, row: Row) -> str:
    return f"OR({row['costed']}=1,{_sum(layout, row, 'costed')}=0)"


def _input_unknown(layout: Layout, row: Row) -> str:
    return f"{row['weight']}*IF({_documented(layout, row)},{row['unknown']},1)"


def _input_focus(layout: Layout, row: Row) -> str:
    return f"{row['weight']}*IF({_documented(layout, row)},{row['focus']},0)"
