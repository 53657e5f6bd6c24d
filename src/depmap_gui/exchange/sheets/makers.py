"""Who made what is bought: the share made by prohibited entities, at least and at most, live.

Companies follow their status on Companies, but for those that resell what others made: there the
program's value stands. Plants follow their operator; a material is split among its own suppliers
where all of them state a cost, and is otherwise of unknown maker.
"""

from __future__ import annotations

from collections import defaultdict

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Company, Material, Plant, Supplies
from depmap_gui.exchange.sheets.attribution_values import MOST_HOLDERS
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.layout import MATERIAL, Layout
from depmap_gui.exchange.sheets.tables import Column, Row
from depmap_gui.rules.results import Answer, MaterialResult

_SPLIT = {Answer.YES: (1.0, 1.0), Answer.NO: (0.0, 0.0), Answer.UNKNOWN: (0.0, 1.0)}
Split = tuple[float, float]


class Makers:
    """The program's split of every company, plant and material under one pack."""

    def __init__(self, layout: Layout, pack: str, ratios: list[MaterialResult]) -> None:
        facts = self.facts = layout.facts
        self.pack = pack
        self.supplies: dict[str, list[tuple[int, Supplies]]] = defaultdict(list)
        for row, link in enumerate(facts.links["supply"]):
            if isinstance(link, Supplies) and facts.permitted(link):
                self.supplies[link.target].append((row, link))
        self._told = {
            line.supplier: (line.pfe_low, line.pfe_high)
            for ratio in ratios
            for line in ratio.lines
            if line.supplier is not None
        }
        values = layout.attributed
        self.operator = {
            entity.id: values.home[index]
            for index, entity in enumerate(values.entities)
            if isinstance(entity, Plant)
        }

    def split(self, id: str) -> Split:
        """At least and at most how much of what an entity delivers prohibited entities made."""
        if id in self._told:
            return self._told[id]
        match self.facts.project.entities[id]:
            case Company():
                return self._of_company(id)
            case Plant():
                number = self.operator[id]
                operator = self.facts.entities[number - 1].id if number else None
                return (0.0, 1.0) if operator is None else self._of_company(operator)
            case _:
                return self._of_market(id) if self.is_live(id) else (0.0, 1.0)

    def resells(self, company: str) -> bool:
        """Whether the law looks through a company to who made what it delivers."""
        return self.split(company) != self._of_company(company)

    def answer(self, company: str) -> str:
        """A company's own answer, whatever it delivers."""
        low, high = self._of_company(company)
        return "yes" if low >= 1 else "no" if high <= 0 else "unknown"

    def is_live(self, material: str) -> bool:
        """Whether formulas can split a material: its suppliers are few and no materials."""
        links = self.supplies.get(material, [])
        sources = [self.facts.project.entities[link.source] for _, link in links]
        return len(links) <= MOST_HOLDERS and not any(isinstance(s, Material) for s in sources)

    def base(self, material: str) -> float:
        """The least share of a market whose makers are not on the map."""
        return 0.0 if self._splits(material) else self.split(material)[0]

    def _of_company(self, id: str) -> Split:
        status = self.facts.assessment.law.companies.get(self.pack, {}).get(id)
        return _SPLIT[status.prohibited if status else Answer.UNKNOWN]

    def _counted(self, material: str) -> list[Supplies]:
        return [link for _, link in self.supplies.get(material, []) if self.facts.counts(link)]

    def _splits(self, material: str) -> bool:
        links = self._counted(material)
        costs = [mode(link.cost) for link in links if link.cost is not None]
        return bool(links) and len(costs) == len(links) and sum(costs) > 0

    def _of_market(self, material: str) -> Split:
        if not self._splits(material):
            return 0.0, 1.0
        links = self._counted(material)
        costs = [mode(link.cost) for link in links if link.cost is not None]
        parts = [self.split(link.source) for link in links]
        total = sum(costs)
        least, most = (
            sum(cost * part[end] for cost, part in zip(costs, parts, strict=True)) / total
            for end in (0, 1)
        )
        return least, most


def maker_columns(makers: list[Makers]) -> list[Column]:
    """The columns of the table of makers: per pack the answer and the split."""
    columns = [
        Column("name", "Maker", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("at", "Row on Companies", Look.LINK, Number.WHOLE, 8, hidden=True),
        Column("kind", "Kind", Look.FIXED, Number.TEXT, 14),
    ]
    for each in makers:
        pack = each.pack
        columns += [
            Column(f"answer.{pack}", f"Prohibited ({pack})", Look.LINK, Number.TEXT, 12),
            Column(f"low.{pack}", f"Made by prohibited, at least ({pack})", Look.CALC,
                   Number.SHARE, 17),
            Column(f"high.{pack}", f"Made by prohibited, at most ({pack})", Look.CALC,
                   Number.SHARE, 17),
            Column(f"how.{pack}", f"How it is computed ({pack})", Look.FIXED, Number.TEXT, 13),
        ]  # fmt: skip
    return columns


def place_makers(layout: Layout, makers: list[Makers], top: int) -> None:
    """Place the table, its header in row ``top``; its rows are those of Attribution."""
    count = layout["attribution"].count
    layout.place("makers", MATERIAL, maker_columns(makers), count, top=top)


def maker_rows(layout: Layout, makers: list[Makers]) -> list[dict[str, Value]]:
    """Names, kinds and the program's values of all makers."""
    facts = layout.facts
    rows: list[dict[str, Value]] = []
    for kind in (EntityKind.COMPANY, EntityKind.PLANT, EntityKind.MATERIAL):
        for number, entity in enumerate(facts.by_kind[kind], 1):
            row: dict[str, Value] = {
                "name": facts.label[entity.id],
                "at": number if kind is EntityKind.COMPANY else None,
                "kind": str(kind),
            }
            for each in makers:
                low, high = each.split(entity.id)
                is_company = kind is EntityKind.COMPANY
                live = not each.resells(entity.id) if is_company else True
                if kind is EntityKind.MATERIAL:
                    live = each.is_live(entity.id)
                row |= {
                    f"answer.{each.pack}": each.answer(entity.id) if is_company else "",
                    f"low.{each.pack}": low,
                    f"high.{each.pack}": high,
                    f"how.{each.pack}": "live" if live else "value",
                }
            rows.append(row)
    return rows


def maker_formulas(layout: Layout, each: Makers, index: int) -> dict[str, str | None]:
    """The formulas of one row under one pack, by column key; None where it is a value."""
    facts = layout.facts
    entity = facts.entities[facts.before(EntityKind.COMPANY) + index]
    answer, low, high = f"answer.{each.pack}", f"low.{each.pack}", f"high.{each.pack}"
    row = Row(layout["makers"], index)
    match entity:
        case Company():
            cell = layout.of("companies", f"prohibited.{each.pack}", row["at"])
            asked = f'IFERROR({cell},"unknown")' if each.pack in facts.barring else None
            if each.resells(entity.id):
                return {answer: asked, low: None, high: None}
            return {
                answer: asked,
                low: f'IF({row[answer]}="yes",1,0)',
                high: f'IF({row[answer]}="no",0,1)',
            }
        case Plant():
            return {low: _of_operator(layout, low, index), high: _of_operator(layout, high, index)}
        case _:
            if not each.is_live(entity.id):
                return {low: None, high: None}
            base = each.base(entity.id)
            return {
                low: _of_market(layout, each, entity.id, low, repr(base)),
                high: _of_market(layout, each, entity.id, high, "1"),
            }


def _of_operator(layout: Layout, key: str, index: int) -> str:
    operator = layout["attribution"].cell("home", index)
    nobody = 0 if key.startswith("low") else 1
    if not layout.facts.by_kind[EntityKind.COMPANY]:
        return str(nobody)
    values = layout["makers"].range(key)
    first, last = (
        values.rpartition(":")[0],
        layout["makers"].cell(key, len(layout.facts.by_kind[EntityKind.COMPANY]) - 1),
    )
    before = layout.facts.before(EntityKind.COMPANY)
    return f"IF({operator}=0,{nobody},INDEX({first}:{last.here},{operator}-{before}))"


def _of_market(layout: Layout, each: Makers, material: str, key: str, base: str) -> str:
    supply, makers, facts = layout["supply"], layout["makers"], layout.facts
    links = each.supplies.get(material, [])
    if not links:
        return base
    before = facts.before(EntityKind.COMPANY)
    number = facts.number[material]
    parts = []
    for source in dict.fromkeys(link.source for _, link in links):
        of_source = [row for row, link in links if link.source == source]
        cost = layout.sum_rows(supply, "cost_counted", of_source)
        if layout.live_ends:
            costs, to, come = (supply.range(k) for k in ("cost_counted", "to_no", "from_no"))
            cost = f"SUMIFS({costs},{to},{number},{come},{facts.number[source]})"
        split = makers.cell(key, facts.number[source] - before - 1).here
        parts.append(f"{cost}*{split}")
    index = layout["index"]
    n, c, t = (str(index.cell(k, number - 1)) for k in ("supplies", "costed", "cost"))
    return f"IF(AND({n}>0,{c}={n},{t}>0),({'+'.join(parts)})/{t},{base})"
