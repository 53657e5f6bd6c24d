"""Items under old contracts, which a taxpayer may choose to leave out of the cost ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from depmap_gui.domain.records import Product, Supplies
from depmap_gui.rules.cost_tables import table_of
from depmap_gui.rules.credits import deciding_day
from depmap_gui.rules.pack import CreditRule
from depmap_gui.rules.results import CostLine, Measure
from depmap_gui.rules.safe_harbor import ContractExclusion
from depmap_gui.rules.setting import SAME, Setting

ELECTION = "contract-election"


def may_be_left_out(
    setting: Setting, product: Product, credit: CreditRule, lines: Sequence[CostLine]
) -> frozenset[str]:
    """The supply links whose cost the taxpayer may leave out of the product's ratio."""
    links = setting.map.project.links
    drawn = [links[line.link] for line in lines if line.link is not None]
    supplies = [link for link in drawn if isinstance(link, Supplies)]
    return under_old_contracts(setting, product, credit, supplies)


def under_old_contracts(
    setting: Setting, product: Product, credit: CreditRule, supplies: Iterable[Supplies]
) -> frozenset[str]:
    """Those of the supplies that fall under the credit's exclusion of old contracts, by id."""
    rule = setting.pack.exclusions.get(credit.exclusion or "")
    if rule is None:
        return frozenset()
    signed_before = _day(setting, rule.signed_before)
    old = frozenset(
        link.id
        for link in supplies
        if signed_before is not None and link.contract is not None and link.contract < signed_before
    )
    return old if old and _in_time(setting, rule, product, credit) else frozenset()


def _in_time(
    setting: Setting, rule: ContractExclusion, product: Product, credit: CreditRule
) -> bool:
    """Whether the product is sold, begun and in service before the days that the rule names."""
    in_service_before = rule.in_service_before
    table = table_of(setting.pack, product.table)
    if table is not None and table[0].technology in rule.ending:
        in_service_before = rule.ending_before
    asked = (
        (rule.sold_before, deciding_day(setting, product, credit)),
        (rule.begun_before, product.construction_start),
        (in_service_before, product.in_service),
    )
    return all(_before(setting, limit, day) for limit, day in asked if limit is not None)


def _before(setting: Setting, limit: str, day: date | None) -> bool:
    last = _day(setting, limit)
    return day is not None and last is not None and day < last


def _day(setting: Setting, parameter: str) -> date | None:
    found = setting.value(parameter)
    return None if found is None else found.day


def election(
    setting: Setting,
    lines: Sequence[CostLine],
    old: frozenset[str],
    ratio: Callable[[Sequence[CostLine]], Measure | None],
) -> tuple[CostLine, ...]:
    """The lines that the taxpayer leaves out: those that it may, where the ratio gains by it.

    Read item by item, it leaves out those that a prohibited foreign entity makes or may make.
    """
    chosen = [line for line in lines if line.link in old]
    if setting.reads(ELECTION, "each"):
        chosen = [line for line in chosen if line.pfe_high > SAME]
    out = {line.link for line in chosen}
    before = ratio(lines)
    after = ratio([line for line in lines if line.link is None or line.link not in out])
    if not chosen or after is None:
        return ()
    gains = before is None or (after.low, after.high) > (before.low, before.high)
    return tuple(chosen) if gains else ()
