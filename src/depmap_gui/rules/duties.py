"""Customs duty on what each supply link brings to a plant, layer by layer, and the landed cost.

The pack says which layers there are (`duties.toml`) and what each is from when to when. A layer
meets goods by destination, origin, tariff code and maker; where the map leaves one of these open,
the rate is an interval. The cost of a link is taken for its customs value, before duty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from depmap_gui.domain.kinds import LocationRole, SupplyCategory
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Company, Material, Plant, Supplies
from depmap_gui.rules.attribution import Bound, Holdings
from depmap_gui.rules.duty_layers import MAKER_CONTROL, Charge, Goods, Layers
from depmap_gui.rules.origins import Origins, maker_of, origins_of
from depmap_gui.rules.results import DutyLayer, DutyResult, LandedCost, Reason
from depmap_gui.rules.setting import SAME, Setting, percent, percent_range, sentence
from depmap_gui.rules.standing_words import in_brackets

UNIONS = "customs-union."
CODE = "duty.code"
ORIGIN = "duty.origin"
DESTINATION = "duty.destination"
BASE = "duty.base"


@dataclass(frozen=True)
class _Trade:
    """The map and the layers in force on its day."""

    setting: Setting
    layers: Layers

    @cached_property
    def names_makers(self) -> bool:
        """Whether any layer turns on who made the goods."""
        return any(rule.makers for rule in self.layers.rules)

    @cached_property
    def holdings(self) -> Holdings:
        return Holdings(self.setting.map)

    @cached_property
    def unions(self) -> dict[str, frozenset[str]]:
        """Members of each customs union by its code; a union is a member of itself."""
        return {
            id.removeprefix(UNIONS): frozenset((id.removeprefix(UNIONS), *found.words))
            for id, found in self.setting.on_the_day.items()
            if id.startswith(UNIONS) and found is not None
        }

    def areas(self, country: str) -> tuple[str, ...]:
        """The country and the customs union it belongs to."""
        unions = (union for union, members in self.unions.items() if country in members)
        return tuple(dict.fromkeys((country, *unions)))


def duties(setting: Setting) -> tuple[tuple[DutyResult, ...], tuple[LandedCost, ...]]:
    """The duty on each supply link into a plant, and what it adds to each plant's supplies."""
    if not setting.pack.duties:
        return (), ()
    trade = _Trade(setting, Layers(setting))
    plants = setting.map.project.of_kind(Plant)
    links = {plant.id: _goods_links(setting, plant.id) for plant in plants}
    used = _quota_units(trade, links)
    found = {
        plant: [_duty(trade, plant, link, used) for link in into] for plant, into in links.items()
    }
    every = tuple(result for results in found.values() for result in results)
    landed = tuple(_landed(setting, plant, results) for plant, results in found.items() if results)
    return every, landed


def _goods_links(setting: Setting, plant: str) -> list[Supplies]:
    return [
        link
        for link in setting.map.into(Supplies, plant)
        if link.category is not SupplyCategory.SERVICE
    ]


def _code(setting: Setting, link: Supplies) -> str | None:
    source = setting.map.entities[link.source]
    stated = link.hs or (source.hs if isinstance(source, Material) else None)
    return stated or None


def _maker_names(trade: _Trade, maker: Company) -> tuple[str, ...]:
    """The maker's name and those of the companies above it that hold its majority."""
    names, waiting, seen = [], [maker.id], set()
    control = trade.setting.number(MAKER_CONTROL) if trade.names_makers else None
    while waiting:
        id = waiting.pop()
        seen.add(id)
        names.append(trade.setting.name(id))
        waiting += [
            block.holder
            for block in trade.holdings.into.get(id, ())
            if control is not None
            and block.value[Bound.MODE] > control + SAME
            and block.holder not in seen
        ]
    return tuple(names)


def _quota_units(
    trade: _Trade, links: Mapping[str, Sequence[Supplies]]
) -> Mapping[str, tuple[float, bool]]:
    """For each layer with a quota: the units a year that the map brings under it, and whether
    all of them are stated."""
    limited = [rule for rule in trade.layers.rules if rule.quota is not None]
    used: dict[str, tuple[float, bool]] = {}
    if not limited:
        return used
    for plant, into in links.items():
        for link in into:
            goods = _goods(trade, plant, link)
            for rule in limited:
                if any(trade.layers.meets(rule, goods, origin) for origin in goods.origins):
                    units, stated = used.get(rule.id, (0.0, True))
                    more = 0.0 if link.units is None else mode(link.units)
                    used[rule.id] = (units + more, stated and link.units is not None)
    return used


def _goods(trade: _Trade, plant: str, link: Supplies) -> Goods:
    sites = trade.setting.map.places(plant, LocationRole.SITE)
    destination = sites[0].code if sites and sites[0].code else None
    maker = maker_of(trade.setting, link)
    return Goods(
        destination=() if destination is None else trade.areas(destination),
        code=_code(trade.setting, link),
        maker=maker,
        maker_names=() if maker is None else _maker_names(trade, maker),
        origins=tuple(origins_of(trade.setting, link).shares),
        units=None if link.units is None else mode(link.units),
    )


def _duty(
    trade: _Trade, plant: str, link: Supplies, used: Mapping[str, tuple[float, bool]]
) -> DutyResult:
    setting = trade.setting
    goods = _goods(trade, plant, link)
    origins = origins_of(trade.setting, link)
    parts: list[tuple[float, list[Charge]]] = []
    open_points: list[str] = []
    if not goods.destination:
        open_points.append(DESTINATION)
        charge_of = {}
    else:
        charge_of = {
            code: _charges(trade, goods, code, used) for code in _asked(trade, origins, goods)
        }
        parts = [(share, charge_of[code]) for code, share in origins.shares.items()]
    rest = [charge_of[code] for code in charge_of if origins.unknown > SAME]
    if origins.unknown > SAME:
        open_points.append(ORIGIN)
    if goods.code is None:
        open_points.append(CODE)
    low, rate, high = _rate(parts, origins.unknown, rest, known=bool(goods.destination))
    open_points += [point for _, charges in parts for each in charges for point in each.open]
    cost = None if link.cost is None else mode(link.cost)
    return DutyResult(
        link=link.id,
        plant=plant,
        pack=setting.pack.id,
        item=link.item,
        origins=tuple(origins.shares),
        destination=goods.destination[0] if goods.destination else None,
        code=goods.code,
        maker=None if goods.maker is None else goods.maker.id,
        low=low,
        rate=rate,
        high=high,
        cost=cost,
        amount=None if cost is None or rate is None else cost * rate,
        layers=_layers(parts),
        because=_because(trade, plant, link, origins, parts),
        open=tuple(dict.fromkeys(open_points)),
    )


def _asked(trade: _Trade, origins: Origins, goods: Goods) -> Iterable[str]:
    """The origins to be asked about: those stated and, where some are unknown, all others."""
    if origins.unknown <= SAME:
        return origins.shares
    named = {code for rule in trade.layers.rules for code in (*rule.origins, *rule.not_origins)}
    return dict.fromkeys((*origins.shares, *sorted(named), goods.destination[0], ""))


def _charges(
    trade: _Trade, goods: Goods, origin: str, used: Mapping[str, tuple[float, bool]]
) -> list[Charge]:
    if origin and set(trade.areas(origin)) & set(goods.destination):
        return []
    charges = trade.layers.charges(goods, origin, used)
    if not any(each.is_base for each in charges):
        charges.append(Charge(rule=None, low=0.0, likely=None, high=None, open=(BASE,)))
    return charges


def _sum(charges: Sequence[Charge]) -> tuple[float, float | None, float | None]:
    """The rate over all layers: low, likely and high; None where a layer has no such figure."""
    likely = [each.likely for each in charges]
    high = [each.high for each in charges]
    return (
        sum(each.low for each in charges),
        None if None in likely else sum(each for each in likely if each is not None),
        None if None in high else sum(each for each in high if each is not None),
    )


def _rate(
    parts: Sequence[tuple[float, list[Charge]]],
    unknown: float,
    rest: Sequence[list[Charge]],
    *,
    known: bool,
) -> tuple[float | None, float | None, float | None]:
    """The rate over all origins; the part of unknown origin may bear the least or the most."""
    if not known:
        return None, None, None
    low = high = 0.0
    likely: float | None = 0.0
    bounded = True
    for share, charges in parts:
        least, usual, most = _sum(charges)
        low += share * least
        likely = None if likely is None or usual is None else likely + share * usual
        bounded = bounded and most is not None
        high += share * (most or 0.0)
    if unknown > SAME:
        likely = None
        sums = [_sum(charges) for charges in rest]
        low += unknown * min(least for least, _, _ in sums)
        bounded = bounded and all(most is not None for _, _, most in sums)
        high += unknown * max((most or 0.0 for _, _, most in sums), default=0.0)
    return low, likely, high if bounded else None


def _layers(parts: Sequence[tuple[float, list[Charge]]]) -> tuple[DutyLayer, ...]:
    """The layers that make the rate, each weighted by the share of the goods it meets."""
    by_rule: dict[str, list[tuple[float, Charge]]] = defaultdict(list)
    for share, charges in parts:
        for charge in charges:
            if charge.rule is not None:
                by_rule[charge.rule.id].append((share, charge))
    layers = []
    for found in by_rule.values():
        rule, value = found[0][1].rule, found[0][1].value
        assert rule is not None
        assert value is not None
        likely = [(share, each.likely) for share, each in found]
        layers.append(
            DutyLayer(
                duty=rule.id,
                title=rule.title,
                low=sum(share * each.low for share, each in found),
                likely=None
                if any(each is None for _, each in likely)
                else sum(share * (each or 0.0) for share, each in likely),
                high=sum(share * (each.high or 0.0) for share, each in found),
                standing=value.standing.value,
                certainty=value.certainty.value,
                citation=value.citation,
                note=" ".join(
                    sentence(said) for said in (found[0][1].said, value.note, rule.note) if said
                ),
            )
        )
    return tuple(layers)


def _because(
    trade: _Trade,
    plant: str,
    link: Supplies,
    origins: Origins,
    parts: Sequence[tuple[float, list[Charge]]],
) -> tuple[Reason, ...]:
    name = trade.setting.name(plant)
    reasons = [Reason(text=sentence(origins.text[:1].upper() + origins.text[1:]), where=(link.id,))]
    if not trade.setting.map.places(plant, LocationRole.SITE):
        reasons.append(Reason(text=sentence(f"The map does not say where {name} stands")))
    if _code(trade.setting, link) is None:
        text = "The delivery has no tariff code, so only layers on all goods are known."
        reasons.append(Reason(text=text, where=(link.id,)))
    for share, charges in parts:
        if not charges:
            text = "Goods from the same customs territory pay no customs duty."
            reasons.append(Reason(text=text, where=(link.id,)))
        for charge in charges:
            if charge.rule is None:
                text = "The pack has no ordinary duty for this code here, so the whole is unknown."
                reasons.append(Reason(text=text, where=(link.id,)))
                continue
            assert charge.value is not None
            part = "" if share >= 1.0 - SAME else f" on {percent(share)} of it"
            force = in_brackets(charge.value.standing, charge.value.certainty)
            rate = percent_range(charge.low, charge.high or 0.0)
            said = f"; {charge.said}" if charge.said else ""
            text = sentence(f"{charge.rule.title}: {rate}{part}{force}{said}")
            reasons.append(Reason(text=text, citation=charge.value.citation, where=(link.id,)))
    return tuple(reasons)


def _landed(setting: Setting, plant: str, results: Sequence[DutyResult]) -> LandedCost:
    priced = [result for result in results if result.cost is not None]
    rated = [result for result in priced if result.rate is not None]
    cost = sum(result.cost or 0.0 for result in priced)
    rated_cost = sum(result.cost or 0.0 for result in rated)
    duty = sum(result.amount or 0.0 for result in rated)
    ends = [
        (
            None if r.low is None else r.low * (r.cost or 0.0),
            None if r.high is None else r.high * (r.cost or 0.0),
        )
        for r in priced
    ]
    return LandedCost(
        plant=plant,
        pack=setting.pack.id,
        cost=cost,
        rated_cost=rated_cost,
        duty=duty,
        low=None if any(low is None for low, _ in ends) else sum(low or 0.0 for low, _ in ends),
        high=None if any(high is None for _, high in ends) else sum(h or 0.0 for _, h in ends),
        share=duty / (rated_cost + duty) if rated_cost + duty > 0.0 else None,
        unpriced=tuple(result.link for result in results if result.cost is None),
        unrated=tuple(result.link for result in priced if result.rate is None),
    )
