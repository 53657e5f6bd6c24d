"""The material assistance cost ratio by direct cost: cost lines, who made them, and the ratio.

Each line's cost is split into what is surely made by prohibited foreign entities, what surely is
not, and what is open; the ratio's interval takes every open part either way. Items under old
contracts are left out where the taxpayer may choose so and the ratio gains by it. Certificates
and cost tables are other methods (`certificates.py`, `cost_percentage.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import frexp, ldexp

from depmap_gui.domain.in_force import located_role
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.quantity import bounds, low, mode
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Material,
    Operates,
    Plant,
    Product,
    Supplies,
)
from depmap_gui.rules.contracts import election, may_be_left_out
from depmap_gui.rules.cost_tables import plain_words
from depmap_gui.rules.own_facts import covered
from depmap_gui.rules.pack import CreditRule
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    CostLine,
    MaterialResult,
    Measure,
    RatioMeasure,
    Reason,
)
from depmap_gui.rules.setting import SAME, Setting, sentence

ORIGIN = "market-origin"
COST_UNKNOWN = "macr.cost"
MAKER_UNKNOWN = "macr.maker"
CATEGORY_UNKNOWN = "macr.category"
UNDOCUMENTED = "undocumented"


@dataclass(frozen=True)
class Made:
    """Who made an item: the share made by prohibited foreign entities, at least and at most."""

    least: float
    most: float
    maker: str | None
    text: str
    where: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        if self.least >= 1.0 - SAME:
            return Answer.YES
        return Answer.NO if self.most <= SAME else Answer.UNKNOWN


def material_ratio(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    plant: Plant,
    product: Product,
    credit: CreditRule,
) -> MaterialResult:
    """The cost lines of a product and the share of its direct material cost that no prohibited
    foreign entity made, as an interval; None where no cost is known."""
    lines = cost_lines(setting, statuses, plant, product, credit)
    total_known = product.material_cost is not None
    measure = cost_ratio(lines, total_known=total_known)
    counted = lines
    left_out: tuple[CostLine, ...] = ()
    unelected: RatioMeasure | None = None
    if old := may_be_left_out(setting, product, credit, lines):
        unelected = _with_mode(measure, lines)
        left_out = election(
            setting, lines, old, lambda rest: cost_ratio(rest, total_known=total_known)
        )
        if left_out:
            chosen = {line.link for line in left_out}
            counted = [line for line in lines if line.link is None or line.link not in chosen]
            measure = cost_ratio(counted, total_known=total_known)
    found = _with_mode(measure, counted)
    return MaterialResult(
        plant=plant.id,
        product=product.id,
        lines=tuple(counted),
        low=None if found is None else found.low,
        mode=None if found is None else found.mode,
        high=None if found is None else found.high,
        because=_reasons(setting, plant, product, counted, measure),
        open=open_points(counted),
        left_out=left_out,
        unelected=unelected,
    )


def cost_lines(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    plant: Plant,
    product: Product,
    credit: CreditRule,
) -> list[CostLine]:
    """Every supply link that belongs, or may belong, to the product's direct material cost, and
    what its stated cost exceeds them by."""
    lines = [
        _line(setting, statuses, link, included)
        for link in setting.map.into(Supplies, plant.id)
        if link.product in (None, product.id)
        and (included := _included(link, credit)) is not Answer.NO
    ]
    if (rest := _undocumented(setting, plant, product, lines)) is not None:
        lines.append(rest)
    return lines


def _with_mode(measure: Measure | None, lines: Sequence[CostLine]) -> RatioMeasure | None:
    """The ratio; its likely figure only where nothing on the lines is open."""
    if measure is None:
        return None
    mode = None if has_open_part(lines) else measure.mode
    return RatioMeasure(low=measure.low, mode=mode, high=measure.high)


def _included(link: Supplies, credit: CreditRule) -> Answer:
    if link.category is None:
        return Answer.UNKNOWN
    return Answer.YES if link.category in credit.cost_categories else Answer.NO


def _line(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    link: Supplies,
    included: Answer,
) -> CostLine:
    made = made_by(setting, statuses, link.source, link.item)
    least, likely, most = (None, None, None) if link.cost is None else bounds(link.cost)
    text = f"{link.item or 'An item'} from {setting.name(link.source)}: {made.text}"
    if link.cost is None:
        text += " Its cost is unknown."
    if included is Answer.UNKNOWN:
        text += " Its category is unknown, so it may or may not belong to the ratio."
    return CostLine(
        link=link.id,
        item=link.item,
        category=link.category,
        supplier=link.source,
        maker=made.maker,
        low=least,
        mode=likely,
        high=most,
        included=included,
        pfe=made.answer,
        pfe_low=made.least,
        pfe_high=made.most,
        because=Reason(
            text=text,
            where=(link.id, link.source, *made.where),
            sources=link.sources,
        ),
    )


def made_by(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    supplier: str,
    item: str = "",
    seen: frozenset[str] = frozenset(),
) -> Made:
    """Who makes what a supplier delivers: a plant's operator, a market's own suppliers, those
    from whom a company gets the item that it merely sells on."""
    match setting.map.entities[supplier]:
        case Company():
            if bought := _sold_on(setting, supplier, item, seen):
                return _resold(setting, statuses, supplier, bought, seen | {supplier})
            return _made_by_company(setting, statuses, supplier)
        case Plant():
            operator = setting.map.operator(supplier)
            if operator is None:
                return Made(0.0, 1.0, None, "the plant has no operator, its maker is unknown.")
            return _made_by_company(setting, statuses, operator.id)
        case Material():
            return _market(setting, statuses, supplier, item, seen | {supplier})
        case _:
            return Made(0.0, 1.0, None, "its maker is unknown.")


_SHARES = {Answer.YES: (1.0, 1.0), Answer.NO: (0.0, 0.0), Answer.UNKNOWN: (0.0, 1.0)}


def _made_by_company(setting: Setting, statuses: Mapping[str, CompanyStatus], company: str) -> Made:
    answer = statuses[company].prohibited
    words = {
        Answer.YES: "is a prohibited foreign entity.",
        Answer.NO: "is not known to be a prohibited foreign entity.",
        Answer.UNKNOWN: "may be a prohibited foreign entity.",
    }
    text = f"its maker {setting.name(company)} {words[answer]}"
    return Made(*_SHARES[answer], company, text, (company,))


def _sold_on(setting: Setting, company: str, item: str, seen: frozenset[str]) -> list[Supplies]:
    """The deliveries of an item to a company that sells it on: one that operates no plant, and
    gets what it delivers under the same name."""
    wanted = plain_words(item)
    if not wanted or setting.map.out_of(Operates, company):
        return []
    return [
        link
        for link in setting.map.into(Supplies, company)
        if plain_words(link.item) == wanted and link.source not in seen | {company}
    ]


def _resold(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    reseller: str,
    bought: Sequence[Supplies],
    seen: frozenset[str],
) -> Made:
    """An item looked through to its makers: by their costs, or where these are not all known,
    from the least to the most that any of them may give."""
    parts = [made_by(setting, statuses, link.source, link.item, seen) for link in bought]
    name = setting.name(reseller)
    where = tuple(dict.fromkeys(id for link in bought for id in (link.id, link.source)))
    if len(parts) == 1:
        text = f"{name} sells it on; {parts[0].text}"
        return Made(parts[0].least, parts[0].most, parts[0].maker, text, (reseller, *where))
    costs = [mode(link.cost) for link in bought if link.cost is not None]
    total = sum(costs)
    if len(costs) == len(parts) and total > 0:
        least = sum(cost / total * part.least for cost, part in zip(costs, parts, strict=True))
        most = sum(cost / total * part.most for cost, part in zip(costs, parts, strict=True))
        how = "in the proportion of what they cost it"
    else:
        least, most = min(part.least for part in parts), max(part.most for part in parts)
        how = "in what proportion is not known"
    makers = " ".join(part.text for part in parts)
    text = f"{name} sells it on from {len(parts)} makers, {how}: {makers}"
    return Made(least, most, None, text, (reseller, *where))


def _market(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    material: str,
    item: str,
    seen: frozenset[str],
) -> Made:
    """A material bought on a market: split among its own suppliers where all their costs are
    known, else of unknown maker."""
    links = [link for link in setting.map.into(Supplies, material) if link.source not in seen]
    costs = [mode(link.cost) for link in links if link.cost is not None]
    total = sum(costs)
    if links and len(costs) == len(links) and total > 0:
        parts = [made_by(setting, statuses, link.source, link.item or item, seen) for link in links]
        least = sum(cost / total * part.least for cost, part in zip(costs, parts, strict=True))
        most = sum(cost / total * part.most for cost, part in zip(costs, parts, strict=True))
        return Made(least, most, None, "the market's makers are on the map, by their costs.")
    least = 0.0
    text = "only its market is known, its maker is unknown."
    if setting.reads(ORIGIN, "origin-decides"):
        least = min(1.0, _covered_origin(setting, material))
        text = "its maker is unknown; what comes from covered nations counts as theirs."
    return Made(least, 1.0, None, text)


def _covered_origin(setting: Setting, material: str) -> float:
    share = 0.0
    entity = setting.map.entities[material]
    for link in setting.map.into(Located, material):
        place = setting.map.entities[link.source]
        at_origin = located_role(link, entity) is LocationRole.ORIGIN
        if at_origin and isinstance(place, Jurisdiction) and link.share is not None:
            share += low(link.share) if covered(setting, place.code) is Answer.YES else 0.0
    return share


def _undocumented(
    setting: Setting, plant: Plant, product: Product, lines: Sequence[CostLine]
) -> CostLine | None:
    """What the product's stated material cost exceeds its lines by, None where it does not."""
    if product.material_cost is None:
        return None
    total = bounds(product.material_cost)
    least = sum(line.low or 0.0 for line in lines if line.included is Answer.YES)
    likely = sum(line.mode or 0.0 for line in lines)
    most = sum(line.high or 0.0 for line in lines)
    rest = (max(0.0, total[0] - most), max(0.0, total[1] - likely), max(0.0, total[2] - least))
    if rest[2] <= SAME * max(1.0, total[2]):
        return None
    text = f"{setting.name(plant.id)} states a material cost of {product.name or product.id} "
    text += "above what its supply links document; the rest has no known maker."
    return CostLine(
        link=None,
        item=UNDOCUMENTED,
        category=None,
        supplier=None,
        maker=None,
        low=rest[0],
        mode=rest[1],
        high=rest[2],
        included=Answer.YES,
        pfe=Answer.UNKNOWN,
        pfe_low=0.0,
        pfe_high=1.0,
        because=Reason(text=text, where=(plant.id,), sources=plant.sources),
    )


def cost_ratio(lines: Sequence[CostLine], *, total_known: bool) -> Measure | None:
    """The ratio's interval; `mode` reads what is open as not made by a prohibited entity.

    A line without a cost may cost anything, unless the product's total cost is stated: then it
    is part of the undocumented rest.
    """
    known = [line for line in lines if line.high is not None]
    unpriced = [] if total_known else [line for line in lines if line.high is None]
    clean = [0.0, 0.0, 0.0]
    tainted = [0.0, 0.0, 0.0]
    unit = _unit(known)
    for line in known:
        least = (line.low or 0.0) * unit if line.included is Answer.YES else 0.0
        likely, most = (line.mode or 0.0) * unit, (line.high or 0.0) * unit
        open_part = line.pfe_high - line.pfe_low
        clean[0] += least * (1.0 - line.pfe_high)
        tainted[0] += most * (line.pfe_low + open_part)
        clean[1] += likely * (1.0 - line.pfe_low)
        tainted[1] += likely * line.pfe_low
        clean[2] += most * (1.0 - line.pfe_high + open_part)
        tainted[2] += least * line.pfe_low
    if max((line.high or 0.0 for line in known), default=0.0) <= 0.0:
        return None
    ends = [
        share / (share + against) if share + against > 0.0 else None
        for share, against in zip(clean, tainted, strict=True)
    ]
    least_ratio = 0.0 if any(line.pfe_high > SAME for line in unpriced) else ends[0]
    most_ratio = 1.0 if any(line.pfe_low < 1.0 - SAME for line in unpriced) else ends[2]
    least_ratio = 0.0 if least_ratio is None else least_ratio
    most_ratio = 1.0 if most_ratio is None else most_ratio
    if unpriced and least_ratio <= SAME and most_ratio >= 1.0 - SAME:
        return None
    likely_ratio = least_ratio if ends[1] is None else ends[1]
    return Measure(low=least_ratio, mode=likely_ratio, high=most_ratio)


def _unit(lines: Sequence[CostLine]) -> float:
    """What to count costs in so that no sum of them can overflow: 1 but for absurd ones."""
    _, exponent = frexp(max((line.high or 0.0 for line in lines), default=0.0))
    return ldexp(1.0, min(0, 900 - exponent))


def has_open_part(lines: Sequence[CostLine]) -> bool:
    return any(
        line.high is None or line.included is Answer.UNKNOWN or line.pfe_high - line.pfe_low > SAME
        for line in lines
    )


def open_points(lines: Sequence[CostLine]) -> tuple[str, ...]:
    points = []
    if any(line.high is None for line in lines):
        points.append(COST_UNKNOWN)
    if any(line.included is Answer.UNKNOWN for line in lines):
        points.append(CATEGORY_UNKNOWN)
    if any(line.pfe is Answer.UNKNOWN for line in lines):
        points.append(MAKER_UNKNOWN)
    return tuple(points)


def _reasons(
    setting: Setting,
    plant: Plant,
    product: Product,
    lines: Sequence[CostLine],
    measure: Measure | None,
) -> tuple[Reason, ...]:
    if not lines:
        text = "The map shows no material or component that goes into "
        text += f"{product.name or product.id} of {setting.name(plant.id)}"
        return (Reason(text=sentence(text), where=(plant.id,)),)
    reasons = tuple(line.because for line in lines)
    if measure is None:
        text = "The ratio cannot be computed: the costs that the map gives do not bound it."
        return (Reason(text=text, where=(plant.id,)), *reasons)
    return reasons
