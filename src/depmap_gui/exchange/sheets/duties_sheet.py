"""Duties: what customs take on each delivery into a plant, and on all of them; live in the costs.

Which layers of duty meet the goods is the program's reasoning: the rates are inputs here, for the
year exported. What they come to follows the costs on Supply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from depmap_gui.domain.kinds import SupplyCategory
from depmap_gui.domain.records import Supplies
from depmap_gui.exchange.sheets.book import BAD, Book, Cell, Look, Number, Value, put_formula
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.tables import A3, Column, Row, write_table
from depmap_gui.rules.results import DutyLayer, DutyResult, LandedCost

DUTIES = "Duties"
_OTHER_YEAR = Cell(DUTIES, 2, 0)
_ENDS = (("low", "at least"), ("rate", "likely"), ("high", "at most"))
_ABOUT = (
    "Customs duty on what each plant buys. A delivery's cost is taken for its customs value, "
    "before duty. Rates are the program's reading of the tariff for the year exported; an empty "
    "rate is not known."
)


def has_duties(facts: Facts) -> bool:
    """Whether a pack in use charges duties on any delivery."""
    return bool(facts.assessment.law.duties)


def place_duties(layout: Layout) -> None:
    """Place the table of plants and below it that of deliveries, where there are duties."""
    if not has_duties(layout.facts):
        return
    law = layout.facts.assessment.law
    landed = layout.place("landed", DUTIES, _landed_columns(layout), len(law.landed))
    layout.place("duties", DUTIES, _duty_columns(layout), len(law.duties), top=landed.last + 5)


def write_duties(book: Book, layout: Layout) -> None:
    """Write the sheet, where there are duties."""
    facts = layout.facts
    if not has_duties(facts):
        return
    law, duties = facts.assessment.law, layout["duties"]
    sheet = book.add_sheet(DUTIES)
    book.heading(sheet, DUTIES, _ABOUT)
    year = facts.assessment.year
    words = f'=IF(Year={year},"","The rates are those of {year}: export again for another year.")'
    at = (_OTHER_YEAR.row, _OTHER_YEAR.column)
    put_formula(sheet, at, words, "", book.format(bold=True, font_color=BAD))
    rows = [_landed_row(facts, each) for each in law.landed]
    write_table(book, sheet, layout["landed"], rows, filters=False)
    about = "The duty on each delivery; change a rate to see what it costs."
    book.heading(sheet, "Deliveries", about, duties.top - 3)
    places = {link.id: row for row, link in enumerate(facts.links["supply"], 1)}
    write_table(book, sheet, duties, [_duty_row(facts, each, places) for each in law.duties])
    sheet.freeze_panes(0, 2)
    sheet.set_paper(A3)
    for index, each in enumerate(law.landed):
        plant = facts.end_label(each.plant)
        figures = (("duty", each.duty, Number.MONEY), ("high", each.high, Number.MONEY),
                   ("share", each.share, Number.SHARE))  # fmt: skip
        for key, value, number in figures:
            words = {"duty": "duty a year", "high": "duty, at most"}.get(key, "duty, share")
            book.check(f"{plant}: {words}", layout["landed"].cell(key, index), value, number)


# -------------------------------------------------------------------------------- plants


def _landed_columns(layout: Layout) -> list[Column]:
    def total(key: str, row: Row, *conditions: str) -> str:
        duties = layout["duties"]
        wanted = ",".join((duties.range("of"), str(row.index + 1), *conditions))
        return f"SUMIFS({duties.range(key)},{wanted})"

    def rated(row: Row) -> str:
        return total("cost", row, layout["duties"].range("rated"), "1")

    def bounded(end: str, row: Row) -> str:
        duties = layout["duties"]
        costed = f'{duties.range("of")},{row.index + 1},{duties.range("cost")},">=0"'
        unbound = f'COUNTIFS({costed})-COUNTIFS({costed},{duties.range(end)},">=0")'
        return f'IF({unbound}>0,"",{total(f"amount_{end}", row)})'

    money = Number.MONEY
    return [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("of", "Number", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("pack", "Rule pack", Look.FIXED, Number.TEXT, 26),
        Column("cost", "Cost of deliveries", Look.CALC, money, 24, each=True,
               formula=lambda row: total("cost", row)),
        Column("rated", "Of which at a known rate", Look.CALC, money, 16, each=True,
               formula=rated),
        Column("duty", "Duty on these a year", Look.CALC, money, 14, each=True,
               formula=lambda row: total("amount_rate", row)),
        Column("low", "Duty on all, at least", Look.CALC, money, 14, each=True,
               formula=partial(bounded, "low")),
        Column("high", "Duty on all, at most", Look.CALC, money, 14, each=True,
               formula=partial(bounded, "high")),
        Column("share", "Duty, share of landed cost", Look.CALC, Number.SHARE, 14,
               formula=_share_of_landed),
        Column("currency", "In", Look.FIXED, Number.TEXT, 14),
    ]  # fmt: skip


def _share_of_landed(row: Row) -> str:
    landed = f"{row['rated']}+{row['duty']}"
    return f'IF({landed}>0,{row["duty"]}/({landed}),"")'


def _landed_row(facts: Facts, found: LandedCost) -> dict[str, Value]:
    return {
        "plant": facts.end_label(found.plant),
        "of": facts.assessment.law.landed.index(found) + 1,
        "pack": found.pack,
        "cost": found.cost,
        "rated": found.rated_cost,
        "duty": found.duty,
        "low": found.low,
        "high": found.high,
        "share": found.share,
        "currency": facts.project.header.currency,
    }


# ----------------------------------------------------------------------------- deliveries


def _duty_columns(layout: Layout) -> list[Column]:
    facts = layout.facts
    rows = {link.id: row for row, link in enumerate(facts.links["supply"], 1)}
    duties = facts.assessment.law.duties

    def cost(row: Row) -> str:
        counts, to, category, cost = (
            layout.of("supply", key, row["at"]) for key in ("counts", "to_no", "category", "cost")
        )
        plant = facts.number[duties[row.index].plant]
        goods = f'{counts}=1,{to}={plant},{category}<>"{SupplyCategory.SERVICE}",ISNUMBER({cost})'
        return f'IFERROR(IF(AND({goods}),{cost},""),"")'

    def amount(end: str) -> Callable[[Row], str]:
        return lambda row: (
            f'IF(AND(ISNUMBER({row["cost"]}),ISNUMBER({row[end]})),{row["cost"]}*{row[end]},"")'
        )

    return [
        Column("plant", "Plant", Look.FIXED, Number.TEXT, 30, wrap=True),
        Column("at", "Row on Supply", Look.LINK, Number.WHOLE, 8, hidden=True, each=True,
               formula=lambda row: layout.at("supply", rows[duties[row.index].link])),
        Column("supplier", "Supplier", Look.FIXED, Number.TEXT, 26, wrap=True),
        Column("item", "Item", Look.FIXED, Number.TEXT, 24, wrap=True),
        Column("from_to", "From, to", Look.FIXED, Number.TEXT, 16, wrap=True),
        Column("code", "Tariff code", Look.FIXED, Number.TEXT, 14),
        *(
            Column(end, f"Rate, {words}", Look.INPUT, Number.SHARE, 14,
                   help="The program's reading of the tariff. Empty: not known.")
            for end, words in _ENDS
        ),
        Column("cost", "Cost", Look.LINK, Number.MONEY, 14, formula=cost, each=True),
        *(
            Column(f"amount_{end}", f"Duty a year, {words}", Look.CALC, Number.MONEY, 14,
                   formula=amount(end))
            for end, words in _ENDS
        ),
        Column("rated", "Rate known (1 = yes)", Look.CALC, Number.WHOLE, 10,
               formula=lambda row: f"IF(ISNUMBER({row['amount_rate']}),1,0)"),
        Column("layers", "Layers of duty", Look.FIXED, Number.TEXT, 56, wrap=True),
        Column("open", "Open points", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("citation", "Citation", Look.FIXED, Number.TEXT, 50, wrap=True),
        Column("of", "Row of its plant", Look.FIXED, Number.WHOLE, 8, hidden=True),
    ]  # fmt: skip


def _duty_row(facts: Facts, found: DutyResult, places: Mapping[str, int]) -> dict[str, Value]:
    link = facts.project.links[found.link]
    assert isinstance(link, Supplies)
    law, pack = facts.assessment.law, facts.packs.get(found.pack)
    of = next(
        number
        for number, each in enumerate(law.landed, 1)
        if (each.plant, each.pack) == (found.plant, found.pack)
    )
    ends = {"low": found.low, "rate": found.rate, "high": found.high}
    amounts: dict[str, Value] = {
        f"amount_{end}": None if found.cost is None or rate is None else found.cost * rate
        for end, rate in ends.items()
    }
    came = ", ".join(found.origins) or "not known"
    return {
        "plant": facts.end_label(found.plant),
        "at": places[found.link],
        "supplier": facts.end_label(link.source),
        "item": found.item,
        "from_to": f"{came} to {found.destination or 'not known'}",
        "code": found.code,
        **ends,
        "cost": found.cost,
        **amounts,
        "rated": int(amounts["amount_rate"] is not None),
        "layers": "; ".join(map(_layer_words, found.layers)),
        "open": "; ".join(pack.title_of(point) if pack else point for point in found.open),
        "citation": "; ".join(dict.fromkeys(layer.citation for layer in found.layers)),
        "of": of,
    }


def _layer_words(layer: DutyLayer) -> str:
    """A layer with its rate, and its standing where that is not simply enacted."""
    rate = f"{layer.low * 100:.4g}%"
    if layer.high > layer.low:
        rate += f" to {layer.high * 100:.4g}%"
    standing = "" if layer.standing == "enacted" else f" ({layer.standing})"
    return f"{layer.title}: {rate}{standing}"
