"""The arithmetic of the cost ratio as formulas, beside the program's own values of each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from depmap_gui.exchange.sheets.book import Look, Number, Value, serial
from depmap_gui.exchange.sheets.cases import ratio_test
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.record_columns import HIGH, LOW
from depmap_gui.exchange.sheets.rules_sheet import begins_by, rule_value
from depmap_gui.exchange.sheets.tables import Column, Row
from depmap_gui.exchange.sheets.text import plain_line, quoted
from depmap_gui.exchange.sheets.verdicts import SAME, margin, verdict
from depmap_gui.rules.pack import Comparison, DecidingDate

if TYPE_CHECKING:
    from depmap_gui.exchange.sheets.makers import Makers
    from depmap_gui.exchange.sheets.material_sheet import Lines

ENDS = ("low", "mode", "high")
Formula = Callable[[Row], str]
TINY = 1e-12


def deciding_day_formula(layout: Layout, at: str, deciding: DecidingDate) -> str:
    """A formula: the day whose law governs a product, or empty text where it is not known.

    ``at`` gives the product's row on Products.
    """
    match deciding:
        case DecidingDate.SALE | DecidingDate.PRODUCTION:
            return "DATE(Year,12,31)"
        case DecidingDate.CONSTRUCTION_START | DecidingDate.IN_SERVICE:
            cell = layout.of("products", deciding.value, at)
            # A day before the first that a spreadsheet knows stands there as text.
            return f'IF(ISNUMBER({cell}),{cell},IF(IFERROR({cell},"")="","",1))'
        case DecidingDate.ACQUIRED:
            acquired = layout.of("products", "acquired", at)
            other = deciding_day_formula(layout, at, DecidingDate.IN_SERVICE)
            return f'IF(ISNUMBER({acquired}),{acquired},IF(IFERROR({acquired},"")="",{other},1))'


# ------------------------------------------------------------------------------ cost lines


def line_columns(layout: Layout, lines: list[Lines]) -> list[Column]:
    """The columns of the table of cost lines."""
    at = _Places(layout, lines)
    costs = [
        Column(f"cost{end}", f"Cost, {word}", Look.LINK, Number.MONEY, 13,
               formula=at.cost(end), each=True)
        for end, word in zip(ENDS, ("low", "likely", "high"), strict=True)
    ]  # fmt: skip
    parts = [
        Column(f"{side}{end}", f"{words}, ratio {word}", Look.CALC, Number.MONEY, 16,
               formula=_part(side, end))
        for end, word in zip(ENDS, ("low", "likely", "high"), strict=True)
        for side, words in (("clean", "Not prohibited"), ("tainted", "Prohibited"))
    ]  # fmt: skip
    return [
        Column("product", "Product", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("at", "Row on Supply", Look.LINK, Number.WHOLE, 8, hidden=True, formula=at.row,
               each=True),
        Column("item", "Item", Look.FIXED, Number.TEXT, 24, wrap=True),
        Column("supplier", "Supplier", Look.FIXED, Number.TEXT, 26, wrap=True),
        Column("left_out", "Left out by choice (1 = yes)", Look.INPUT, Number.WHOLE, 10,
               help="Items under old contracts may be left out of the ratio; the program does so "
               "where the ratio gains by it."),
        Column("included", "In the ratio", Look.LINK, Number.TEXT, 12, formula=at.included,
               each=True),
        *costs,
        Column("pfe_low", "Made by prohibited, at least", Look.CALC, Number.SHARE, 13,
               formula=at.made("low"), each=True),
        Column("pfe_high", "Made by prohibited, at most", Look.CALC, Number.SHARE, 13,
               formula=at.made("high"), each=True),
        *parts,
    ]  # fmt: skip


class _Places:
    """Formulas of cost lines that depend on which link or product a line belongs to."""

    def __init__(self, layout: Layout, lines: list[Lines]) -> None:
        self.layout = layout
        self.of = {index: each for each in lines for index in range(each.first, each.last + 1)}
        self.rows = {each.case.number: row for row, each in enumerate(lines)}

    def _link(self, row: Row) -> tuple[Lines, int | None]:
        """The row's lines and its row on Supply; None for the undocumented rest."""
        each = self.of[row.index]
        if row.index == each.last:
            return each, None
        return each, each.links[row.index - each.first][0]

    def row(self, row: Row) -> str:
        """Where the line's link stands on Supply; nothing for the undocumented rest."""
        _, supply_row = self._link(row)
        return "" if supply_row is None else self.layout.at("supply", supply_row + 1)

    def included(self, row: Row) -> str:
        """Whether the line belongs to the ratio: yes, no, or unknown without a category."""
        each, supply_row = self._link(row)
        if supply_row is None:
            return '"yes"'
        category, product, counts, to = (
            self.layout.of("supply", key, row["at"])
            for key in ("category", "product", "counts", "to_no")
        )
        plant = self.layout.facts.number[each.case.plant.id]
        chosen = [f'{category}="{word}"' for word in each.claim.rule.cost_categories]
        inside = f"OR({','.join(chosen)})" if chosen else "1=0"
        goes_in = (
            f"{counts}=1,{to}={plant},"
            f'OR({product}="",{product}={quoted(plain_line(each.product.id))})'
        )
        inside = f'IF({category}="","unknown",IF({inside},"yes","no"))'
        return f'IFERROR(IF(AND({row["left_out"]}<>1,{goes_in}),{inside},"no"),"no")'

    def cost(self, end: str) -> Formula:
        """The line's cost at one end, empty text where it is not known or not in the ratio."""

        def formula(row: Row) -> str:
            each, supply_row = self._link(row)
            if supply_row is None:
                return self._rest(each, end)
            likely = self.layout.of("supply", "cost", row["at"])
            key = {"low": "cost" + LOW, "mode": "cost", "high": "cost" + HIGH}[end]
            cell = self.layout.of("supply", key, row["at"])
            value = likely if end == "mode" else f"IF(ISNUMBER({cell}),{cell},{likely})"
            shown = f'OR({row["included"]}<>"no",{row["left_out"]}=1)'
            return f'IF(AND({shown},ISNUMBER({likely})),{value},"")'

        return formula

    def _rest(self, each: Lines, end: str) -> str:
        """What the product's stated cost exceeds its lines by."""
        at = self.layout["ratios"].cell("at", self.rows[each.case.number]).here
        stated = self.layout.of("products", "material_cost", at)
        suffix = {"low": LOW, "mode": "", "high": HIGH}[end]
        own = self.layout.of("products", "material_cost" + suffix, at)
        total = stated if end == "mode" else f"IF(ISNUMBER({own}),{own},{stated})"
        table = self.layout["lines"]
        if not each.links:
            documented = "0"
        else:
            other = {"low": "costhigh", "mode": "costmode", "high": "costlow"}[end]
            first, last = table.cell(other, each.first), table.cell(other, each.last - 1)
            documented = f"SUM({first.here}:{last.here})"
            if end == "high":
                yes_first = table.cell("included", each.first)
                yes_last = table.cell("included", each.last - 1)
                out_first = table.cell("left_out", each.first)
                out_last = table.cell("left_out", each.last - 1)
                documented = (
                    f'SUMIFS({first.here}:{last.here},{yes_first.here}:{yes_last.here},"yes")'
                    f"+SUMIFS({first.here}:{last.here},{out_first.here}:{out_last.here},1)"
                )
        return f"IF(ISNUMBER({stated}),MAX(0,{total}-({documented})),0)"

    def made(self, end: str) -> Formula:
        """The share of the line that prohibited entities made, at least or at most."""

        def formula(row: Row) -> str:
            each, supply_row = self._link(row)
            if supply_row is None:
                return "0" if end == "low" else "1"
            values = self.layout["makers"].range(f"{end}.{each.claim.pack.id}")
            before = makers_before(self.layout.facts)
            number = f"{self.layout.of('supply', 'from_no', row['at'])}-{before}"
            unknown = 0 if end == "low" else 1
            return f"IFERROR(INDEX({values},{number}),{unknown})"

        return formula


def makers_before(facts: Facts) -> int:
    """How many numbers stand before the first row of the table of makers."""
    from depmap_gui.domain.kinds import EntityKind

    return facts.before(EntityKind.COMPANY)


def _part(side: str, end: str) -> Formula:
    """A line's cost on one side of the ratio, at one end of its interval.

    At the low end all that is open counts against the product, at the high end for it; a line
    that may not belong to the ratio counts only where it makes the interval wider.
    """

    def formula(row: Row) -> str:
        least = f'IF({row["included"]}="yes",N({row["costlow"]}),0)'
        most, likely = (
            f"IF({row['left_out']}=1,0,N({row[key]}))" for key in ("costhigh", "costmode")
        )
        low, high = row["pfe_low"], row["pfe_high"]
        match side, end:
            case "clean", "low":
                return f"{least}*(1-{high})"
            case "tainted", "low":
                return f"{most}*{high}"
            case "clean", "mode":
                return f"{likely}*(1-{low})"
            case "tainted", "mode":
                return f"{likely}*{low}"
            case "clean", _:
                return f"{most}*(1-{low})"
            case _:
                return f"{least}*{low}"

    return formula


def line_values(facts: Facts, lines: Lines, makers: Makers) -> list[dict[str, Value]]:
    """The program's values of the lines that are supply links."""
    told = {line.link: line for line in (*lines.ratio.lines, *lines.ratio.left_out)}
    left_out = {line.link for line in lines.ratio.left_out}
    rows: list[dict[str, Value]] = []
    for supply_row, link in lines.links:
        line = told.get(link.id)
        out = link.id in left_out
        included = str(line.included) if line is not None and not out else "no"
        costs = (None, None, None) if line is None else (line.low, line.mode, line.high)
        row = _sides(included, costs, makers.split(link.source), counts=not out)
        row |= {"supplier": facts.end_label(link.source), "left_out": 1 if out else None,
                "at": supply_row + 1}  # fmt: skip
        rows.append(row | _named(lines, link.item))
    return rows


def rest_values(lines: Lines) -> dict[str, Value]:
    """The program's values of the undocumented rest."""
    rest = next((line for line in lines.ratio.lines if line.link is None), None)
    costs = (0.0, 0.0, 0.0) if rest is None else (rest.low, rest.mode, rest.high)
    return _sides("yes", costs, (0.0, 1.0)) | _named(lines, "undocumented rest")


def _named(lines: Lines, item: str) -> dict[str, Value]:
    """What says which product and item a line is of."""
    return {"product": _product_label(lines), "item": item}


def _product_label(lines: Lines) -> str:
    return f"{lines.case.label}: {lines.case.product_label}"


def _sides(
    included: str,
    costs: tuple[float | None, ...],
    split: tuple[float, float],
    *,
    counts: bool = True,
) -> dict[str, Value]:
    low, likely, high = (cost or 0.0 if counts else 0.0 for cost in costs)
    least = low if included == "yes" else 0.0
    row: dict[str, Value] = {
        "included": included,
        "pfe_low": split[0],
        "pfe_high": split[1],
        "cleanlow": least * (1 - split[1]),
        "taintedlow": high * split[1],
        "cleanmode": likely * (1 - split[0]),
        "taintedmode": likely * split[0],
        "cleanhigh": high * (1 - split[0]),
        "taintedhigh": least * split[0],
    }
    return row | {f"cost{end}": cost for end, cost in zip(ENDS, costs, strict=True)}


# ---------------------------------------------------------------------------------- ratios


def ratio_columns(layout: Layout, lines: list[Lines]) -> list[Column]:
    """The columns of the table of ratios."""

    def of(make: Callable[[Layout, Lines, Row], str]) -> Formula:
        return lambda row: make(layout, lines[row.index], row)

    sums = [
        Column(f"{side}{end}", f"{words}, ratio {word}", Look.CALC, Number.MONEY, 16,
               formula=of(_summed(f"{side}{end}")), each=True)
        for end, word in zip(ENDS, ("low", "likely", "high"), strict=True)
        for side, words in (("clean", "Not prohibited"), ("tainted", "Prohibited"))
    ]  # fmt: skip
    return [
        Column("product", "Product", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("at", "Row on Products", Look.LINK, Number.WHOLE, 8, hidden=True, formula=of(_at),
               each=True),
        Column("credit", "Credit", Look.FIXED, Number.TEXT, 18, wrap=True),
        Column("day", "Day that decides", Look.LINK, Number.DATE, 12, formula=of(_day), each=True),
        Column("threshold", "Threshold", Look.LINK, Number.SHARE, 12, formula=of(_threshold),
               each=True),
        Column("low", "Ratio, low", Look.CALC, Number.SHARE, 13, formula=of(_low), each=True),
        Column("mode", "Ratio, likely", Look.CALC, Number.SHARE, 13, formula=of(_mode), each=True),
        Column("high", "Ratio, high", Look.CALC, Number.SHARE, 13, formula=of(_high), each=True),
        Column("margin", "Margin", Look.CALC, Number.SHARE, 13, formula=of(_margin), each=True),
        Column("verdict", "Verdict", Look.CALC, Number.TEXT, 13, formula=of(_verdict), each=True),
        Column("known", "Costs known, sum", Look.CALC, Number.MONEY, 13,
               formula=of(_summed("costhigh")), each=True),
        Column("unpriced_low", "Without cost, may lower", Look.CALC, Number.WHOLE, 13,
               formula=of(_unpriced("low")), each=True),
        Column("unpriced_high", "Without cost, may raise", Look.CALC, Number.WHOLE, 13,
               formula=of(_unpriced("high")), each=True),
        Column("open", "Open lines", Look.CALC, Number.WHOLE, 13, formula=of(_open), each=True),
        *sums,
    ]  # fmt: skip


def ratio_values(lines: Lines) -> dict[str, Value]:
    """The program's values of one row of ratios."""
    ratio, claim = lines.ratio, lines.claim
    threshold = claim.threshold
    bounded = ratio.low is not None and threshold is not None
    unpriced = [line for line in ratio.lines if line.high is None]
    if lines.product.material_cost is not None:
        unpriced = []
    sides = _ratio_sides(lines)
    row: dict[str, Value] = {
        "product": _product_label(lines),
        "at": lines.case.product_row + 1,
        "credit": claim.rule.title,
        "day": None if claim.day is None else serial(claim.day),
        "threshold": threshold,
        "low": ratio.low,
        "mode": ratio.mode,
        "high": ratio.high,
        "margin": (ratio.low or 0.0) - (threshold or 0.0) if bounded else None,
        "verdict": str(claim.ratio_verdict),
        "known": sum(line.high or 0.0 for line in (*ratio.lines, *ratio.left_out)),
        "unpriced_low": sum(line.pfe_high > TINY for line in unpriced),
        "unpriced_high": sum(line.pfe_low < 1 - TINY for line in unpriced),
        "open": sum(
            line.high is None or line.included == "unknown" or (line.pfe_high - line.pfe_low > TINY)
            for line in ratio.lines
        ),
    }
    return row | sides


def _ratio_sides(lines: Lines) -> dict[str, Value]:
    total: dict[str, float] = {}
    for line in lines.ratio.lines:
        costs = (line.low, line.mode, line.high)
        for key, value in _sides(str(line.included), costs, (line.pfe_low, line.pfe_high)).items():
            if key.startswith(("clean", "tainted")):
                assert isinstance(value, float)
                total[key] = total.get(key, 0.0) + value
    sides: dict[str, Value] = {}
    for side in ("clean", "tainted"):
        sides |= {f"{side}{end}": total.get(f"{side}{end}", 0.0) for end in ENDS}
    return sides


def _range(layout: Layout, lines: Lines, key: str) -> str:
    table = layout["lines"]
    first, last = table.cell(key, lines.first), table.cell(key, lines.last)
    return f"{first.here}:{last.here}"


def _summed(key: str) -> Callable[[Layout, Lines, Row], str]:
    return lambda layout, lines, _row: f"SUM({_range(layout, lines, key)})"


def _at(layout: Layout, lines: Lines, _row: Row) -> str:
    return layout.at("products", lines.case.product_row + 1)


def _day(layout: Layout, lines: Lines, row: Row) -> str:
    return deciding_day_formula(layout, row["at"], lines.claim.rule.deciding_date)


def _threshold(layout: Layout, lines: Lines, row: Row) -> str:
    parameter = lines.claim.rule.material_threshold
    if parameter is None:
        return '""'
    looked_up = rule_value(layout, lines.claim.pack.id, parameter, row["day"])
    return f'IF({row["day"]}="","",{looked_up})'


def _unpriced(end: str) -> Callable[[Layout, Lines, Row], str]:
    """Lines without a cost that could push the ratio to one end; none where the total is known."""

    def formula(layout: Layout, lines: Lines, row: Row) -> str:
        stated = layout.of("products", "material_cost", row["at"])
        costs, included = (_range(layout, lines, key) for key in ("costmode", "included"))
        split = _range(layout, lines, "pfe_high" if end == "low" else "pfe_low")
        pushes = f"({split}>{SAME})" if end == "low" else f"({split}<1-{SAME})"
        count = f'SUMPRODUCT(({included}<>"no")*({costs}="")*{pushes})'
        return f"IF(ISNUMBER({stated}),0,{count})"

    return formula


def _open(layout: Layout, lines: Lines, _row: Row) -> str:
    costs, included, low, high = (
        _range(layout, lines, key) for key in ("costmode", "included", "pfe_low", "pfe_high")
    )
    highest = _range(layout, lines, "costhigh")
    rest = layout["lines"].cell("costhigh", lines.last).here
    # An undocumented rest of nothing is no line at all.
    return (
        f'SUMPRODUCT(({included}<>"no")*((({costs}="")+({included}="unknown")'
        f"+({high}-{low}>{SAME}))>0))-IF(N({rest})<={SAME}*MAX(1,SUM({highest})),1,0)"
    )


def _raw(row: Row, end: str) -> str:
    clean, tainted = row[f"clean{end}"], row[f"tainted{end}"]
    worst = 0 if end == "low" else 1
    pushed = row[f"unpriced_{end}"]
    share = f"IF({clean}+{tainted}>0,{clean}/({clean}+{tainted}),{worst})"
    return f"IF({pushed}>0,{worst},{share})"


def _bounded(row: Row) -> str:
    anywhere = (
        f"AND({row['unpriced_low']}+{row['unpriced_high']}>0,{_raw(row, 'low')}<={SAME},"
        f"{_raw(row, 'high')}>=1-{SAME})"
    )
    return f"AND({row['known']}>0,NOT({anywhere}))"


def _low(_layout: Layout, _lines: Lines, row: Row) -> str:
    return f'IF({_bounded(row)},{_raw(row, "low")},"")'


def _high(_layout: Layout, _lines: Lines, row: Row) -> str:
    return f'IF({_bounded(row)},{_raw(row, "high")},"")'


def _mode(_layout: Layout, _lines: Lines, row: Row) -> str:
    clean, tainted = row["cleanmode"], row["taintedmode"]
    share = f"IF({clean}+{tainted}>0,{clean}/({clean}+{tainted}),{row['low']})"
    return f'IF(OR({row["low"]}="",{row["open"]}>0),"",{share})'


def _comparison(lines: Lines) -> Comparison:
    id = ratio_test(lines.claim.pack, lines.claim.rule)
    found = lines.claim.pack.tests[id].comparison if id else None
    return found or Comparison.LESS_THAN


def _margin(_layout: Layout, lines: Lines, row: Row) -> str:
    distance = margin(row["low"], row["high"], _comparison(lines), row["threshold"])
    return f'IF(OR({row["low"]}="",{row["threshold"]}=""),"",{distance})'


def _verdict(layout: Layout, lines: Lines, row: Row) -> str:
    parameter = lines.claim.rule.material_threshold
    if parameter is None:
        return '"unknown"'
    told = verdict(row["low"], row["high"], _comparison(lines), row["threshold"])
    begun = begins_by(layout, lines.claim.pack.id, parameter, row["day"])
    early = f'IF({begun},"unknown","pass")'
    return (
        f'IF({row["day"]}="","unknown",IF({row["threshold"]}="",{early},'
        f'IF({row["low"]}="","unknown",{told})))'
    )
