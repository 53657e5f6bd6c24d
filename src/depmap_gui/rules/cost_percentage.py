"""The cost ratio by assigned percentages: listed items, and those of prohibited entities.

The total is that of the listed items that are present; each supply says by its `line` for which
it stands. Nothing has to be known of what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

from msgspec import Struct

from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Plant, Product, Supplies
from depmap_gui.rules.contracts import ELECTION, under_old_contracts
from depmap_gui.rules.cost_tables import lines_called, table_of
from depmap_gui.rules.material import Made, made_by
from depmap_gui.rules.pack import CreditRule
from depmap_gui.rules.results import CompanyStatus, RatioMeasure, Reason
from depmap_gui.rules.safe_harbor import CostTable, TableColumn, TableLine
from depmap_gui.rules.setting import SAME, Setting, percent_range

PRODUCTION = "production-line"
CONTRACTS = "contract-percentages"
LEFT_OUT = "left-out"
LINE_UNKNOWN = "macr.line"
MAKER_UNKNOWN = "macr.maker"


class ListedItem(Struct, frozen=True, kw_only=True, gc=False):
    """One listed item that is present: its percentage, and the part of it made by prohibited
    foreign entities at least and at most. `links` are the supplies that stand for it."""

    name: str
    percent: float
    pfe_low: float
    pfe_high: float
    links: tuple[str, ...]
    because: Reason
    asks: bool = False


class PercentageResult(Struct, frozen=True, kw_only=True):
    """The listed items of a product that count, and its ratio; None where none is present.

    `left_out` are items under old contracts that the taxpayer may choose to leave out; where it is
    open whether it may by this method, they count among `items` too.
    """

    items: tuple[ListedItem, ...]
    total: float
    ratio: RatioMeasure | None
    because: tuple[Reason, ...]
    open: tuple[str, ...]
    left_out: tuple[ListedItem, ...] = ()


def percentage_ratio(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    plant: Plant,
    product: Product,
    credit: CreditRule | None = None,
) -> PercentageResult | None:
    """The product's ratio by its cost table; None where it names no table that the pack has.

    Without the `credit` that it claims no items under old contracts are left out.
    """
    found = table_of(setting.pack, product.table)
    if found is None:
        return None
    table, column = found
    old = _old(setting, plant, product, credit)
    items, strays = _present(setting, statuses, plant, product, table, column)
    out = _elected(setting, items, old)
    rest: list[ListedItem] = []
    if out:
        rest, _ = _present(setting, statuses, plant, product, table, column, _names(out))
    counted = _ratio(items) if items else None
    gains = _gains(counted, _ratio(rest) if rest else None)
    readings = setting.readings(CONTRACTS) if gains else ()
    if not gains:
        out = []
    elif readings == (LEFT_OUT,):
        items, counted = rest, gains
    elif LEFT_OUT in readings:
        counted = _either(counted, gains)
    total = fsum(item.percent for item in items)
    open_points = []
    if any(not item.asks and item.pfe_high - item.pfe_low > SAME for item in items):
        open_points.append(MAKER_UNKNOWN)
    if any(item.asks for item in items):
        open_points.append(f"question.{PRODUCTION}")
    if strays or not items:
        open_points.append(LINE_UNKNOWN)
    if len(readings) > 1:
        open_points.append(f"question.{CONTRACTS}")
    text = f"By the table '{table.title}', column '{column.title}', the listed items present add "
    text += f"up to {round(total, 4):g}."
    if not items:
        text = "No supply says for which line of the cost table it stands."
    reason = Reason(text=text, citation=table.citation, where=(plant.id,))
    return PercentageResult(
        items=tuple(items),
        total=total,
        ratio=counted,
        because=(
            reason,
            *(_of_old(setting, plant, out, readings, gains) if gains else ()),
            *(item.because for item in items),
            *strays,
        ),
        open=tuple(open_points),
        left_out=tuple(out) if LEFT_OUT in readings else (),
    )


def _old(
    setting: Setting, plant: Plant, product: Product, credit: CreditRule | None
) -> frozenset[str]:
    """The supplies under old contracts, where the law and the pack say what becomes of them."""
    if credit is None or CONTRACTS not in setting.pack.questions:
        return frozenset()
    supplies = [
        link for link in setting.map.into(Supplies, plant.id) if link.product in (None, product.id)
    ]
    return under_old_contracts(setting, product, credit, supplies)


def _elected(
    setting: Setting, items: Sequence[ListedItem], old: frozenset[str]
) -> list[ListedItem]:
    """The items that the taxpayer would leave out: those of which every supply is under an old
    contract; item by item, those that a prohibited foreign entity makes or may make."""
    out = [item for item in items if item.links and old.issuperset(item.links)]
    if out and setting.reads(ELECTION, "each"):
        out = [item for item in out if item.pfe_high > SAME]
    return out


def _names(items: Sequence[ListedItem]) -> frozenset[str]:
    return frozenset(item.name for item in items)


def _gains(counted: RatioMeasure | None, rest: RatioMeasure | None) -> RatioMeasure | None:
    """The ratio of the rest where the taxpayer gains by it."""
    if counted is None or rest is None or (rest.low, rest.high) <= (counted.low, counted.high):
        return None
    return rest


def _either(one: RatioMeasure | None, other: RatioMeasure) -> RatioMeasure:
    """The ratio where two ways to count it are open."""
    assert one is not None
    return RatioMeasure(low=min(one.low, other.low), mode=None, high=max(one.high, other.high))


def _of_old(
    setting: Setting,
    plant: Plant,
    out: Sequence[ListedItem],
    readings: Sequence[str],
    rest: RatioMeasure,
) -> tuple[Reason, ...]:
    asked = setting.pack.questions[CONTRACTS]
    names = ", ".join(item.name for item in out)
    told = percent_range(rest.low, rest.high)
    text = f"{names}: under contracts old enough to be left out; without, the ratio is {told}. "
    if len(readings) > 1:
        text += f"Whether that may be done by this method is open ({asked.title})."
    elif LEFT_OUT in readings:
        text += "The taxpayer is read to leave them out."
    else:
        text += "They are read to count by this method."
    where = tuple(dict.fromkeys((plant.id, *(id for item in out for id in item.links))))
    return (Reason(text=text, citation=asked.citation, where=where),)


def _ratio(items: Sequence[ListedItem]) -> RatioMeasure:
    total = fsum(item.percent for item in items)
    most = fsum(item.percent * item.pfe_high for item in items)
    least = fsum(item.percent * item.pfe_low for item in items)
    low, high = (total - most) / total, (total - least) / total
    return RatioMeasure(low=low, mode=high if high - low <= SAME else None, high=high)


def _present(
    setting: Setting,
    statuses: Mapping[str, CompanyStatus],
    plant: Plant,
    product: Product,
    table: CostTable,
    column: TableColumn,
    without: frozenset[str] = frozenset(),
) -> tuple[list[ListedItem], list[Reason]]:
    """The items present but those left out by name, in the order of the table, and what to say of
    lines it does not have."""
    drawn = [
        (link, lines_called(table, link.line, link.item))
        for link in setting.map.into(Supplies, plant.id)
        if link.line and link.product in (None, product.id)
    ]
    supplied: dict[tuple[str, str], list[Supplies]] = {}
    strays: list[Reason] = []
    for link, lines in _one_each(drawn):
        for line in lines:
            supplied.setdefault((line.product, line.id), []).append(link)
        if not lines:
            text = f"The table '{table.title}' has no line '{link.line}', which "
            text += f"{link.item or 'a supply'} from {setting.name(link.source)} names."
            strays.append(Reason(text=text, where=(link.id,), sources=link.sources))
    made: dict[str, Made] = {}
    items: list[ListedItem] = []
    unmarked: list[TableLine] = []
    for line in table.lines:
        percent = line.percent.get(column.id)
        links = supplied.get((line.product, line.id), [])
        if percent is None:
            continue
        if links:
            for link in links:
                if link.id not in made:
                    made[link.id] = made_by(setting, statuses, link.source, link.item)
            items.append(_item(setting, table, line, percent, links, made))
        elif line.production:
            unmarked.append(line)
    for line in unmarked:
        components = [item for item in items if item.name.startswith(f"{line.product}/")]
        if components:
            counted = [item for item in components if item.name not in without]
            items.append(_unmarked_production(setting, table, line, column, counted))
    return [item for item in items if item.name not in without], strays


def _one_each(
    drawn: Sequence[tuple[Supplies, tuple[TableLine, ...]]],
) -> list[tuple[Supplies, tuple[TableLine, ...]]]:
    """The supplies with their lines. Where as many supplies bear one name as products have a line
    of that name, each stands for one, in the order in which they are drawn and listed."""
    named: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for link, lines in drawn:
        if len({line.product for line in lines}) > 1:
            named.setdefault(_ids(lines), []).append(link.id)
    found = []
    for link, lines in drawn:
        same = named.get(_ids(lines), [])
        if len(same) == len(lines) > 1:
            number = same.index(link.id)
            found.append((link, lines[number : number + 1]))
        else:
            found.append((link, lines))
    return found


def _ids(lines: tuple[TableLine, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((line.product, line.id) for line in lines)


def _item(
    setting: Setting,
    table: CostTable,
    line: TableLine,
    percent: float,
    links: list[Supplies],
    made: Mapping[str, Made],
) -> ListedItem:
    """A line that supplies stand for: split by their costs, or open where a cost is unknown."""
    parts = [made[link.id] for link in links]
    costs = [mode(link.cost) for link in links if link.cost is not None]
    total = fsum(costs)
    if len(costs) == len(links) and total > 0:
        weights = [cost / total for cost in costs]
        least = fsum(weight * part.least for weight, part in zip(weights, parts, strict=True))
        most = fsum(weight * part.most for weight, part in zip(weights, parts, strict=True))
    else:
        least, most = min(part.least for part in parts), max(part.most for part in parts)
    makers = "; ".join(
        f"from {setting.name(link.source)}: {part.text}"
        for link, part in zip(links, parts, strict=True)
    )
    title = f"{table.products[line.product]}, {line.title.lower()}"
    return ListedItem(
        name=f"{line.product}/{line.id}",
        percent=percent,
        pfe_low=least,
        pfe_high=most,
        links=tuple(link.id for link in links),
        because=Reason(
            text=f"{title} ({percent:g}), {makers}",
            where=tuple(id for link in links for id in (link.id, link.source)),
            sources=tuple(source for link in links for source in link.sources),
        ),
    )


def _unmarked_production(
    setting: Setting,
    table: CostTable,
    line: TableLine,
    column: TableColumn,
    components: list[ListedItem],
) -> ListedItem:
    """The making of a product whose components are drawn one by one: the taxpayer's own, unless
    a component of a prohibited foreign entity taints it."""
    readings = setting.readings(PRODUCTION)
    tainted = float(any(item.pfe_high > SAME for item in components))
    surely = float(any(item.pfe_low > SAME for item in components))
    least = surely if readings == ("component",) else 0.0
    most = tainted if "component" in readings else 0.0
    percent = line.percent[column.id]
    title = f"{table.products[line.product]}, production ({percent:g})"
    asked = setting.pack.questions[PRODUCTION]
    text = f"{title}: no supply stands for it, so it is the maker's own."
    asks = most - least > SAME and len(readings) > 1
    if asks:
        text = f"{title}: no supply stands for it, and a component is, or may be, made by a "
        text += f"prohibited foreign entity; whether that taints it is open ({asked.title})."
    elif most > SAME:
        text = f"{title}: a component of a prohibited foreign entity taints it."
    return ListedItem(
        name=f"{line.product}/{line.id}",
        percent=percent,
        pfe_low=least,
        pfe_high=most,
        links=(),
        because=Reason(text=text, citation=asked.citation),
        asks=asks,
    )
