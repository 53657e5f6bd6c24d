"""Attribution: whose every company, plant and material is, over all jurisdictions.

Under `domicile` all is live. Under `economic` the companies are solved by one matrix formula, as
long as there are few enough of them. Under `control` votes are live and who holds whom is as it
was drawn; companies in loops of holdings are values, because formulas cannot go round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from depmap_gui.domain.kinds import Basis, EntityKind
from depmap_gui.domain.records import AnyEntity, Company, Material, Owns, Plant
from depmap_gui.exchange.sheets.attribution_values import AttributionValues, economic_matrix
from depmap_gui.exchange.sheets.book import Book, Cell, Look, Number, Value, put, put_formula
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.exchange.sheets.layout import ATTRIBUTION, NOWHERE, Layout
from depmap_gui.exchange.sheets.tables import ORDER, Column, Row, write_table

ATTRIBUTED = (EntityKind.COMPANY, EntityKind.PLANT, EntityKind.MATERIAL)
_GAP = 2


def attributed(facts: Facts) -> list[AnyEntity]:
    """The rows of Attribution, in the order of their numbers."""
    return [entity for kind in ATTRIBUTED for entity in facts.by_kind[kind]]


def place_attribution(layout: Layout) -> None:
    """Place the table of attributions."""
    facts = layout.facts
    shares = [
        Column(f"c{number}", label, Look.CALC, Number.SHARE, max(8.0, min(18.0, len(label) + 3)))
        for number, label in enumerate(facts.code_labels, 1)
    ]
    last = len(facts.codes)
    columns = [
        Column("name", "Item", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("id", "Record id", Look.FIXED, Number.TEXT, 10, hidden=True),
        Column("kind", "Kind", Look.FIXED, Number.TEXT, 11),
        Column("number", "Number", Look.FIXED, Number.WHOLE, 8, hidden=True),
        Column("home", "Column of its home (or operator)", Look.LINK, Number.WHOLE, 9,
               hidden=True, formula=lambda row: _home_or_operator(layout, row), each=True),
        Column("held", "Held by holders drawn", Look.LINK, Number.SHARE, 11,
               formula=lambda row: _held(layout, row), each=True),
        Column("silent", "Holdings of unknown size", Look.LINK, Number.WHOLE, 10,
               formula=lambda row: _silent(layout, row), each=True),
        Column("live", "How it is computed", Look.FIXED, Number.TEXT, 30, wrap=True),
        *shares,
        Column("focus", "Focus part", Look.CALC, Number.SHARE, 10,
               formula=lambda row: f"INDEX({row['c1']}:{row[f'c{last}']},1,Focus_column)"),
        Column("unknown", "Unknown part", Look.CALC, Number.SHARE, 10,
               formula=lambda row: row[f"c{last}"]),
    ]  # fmt: skip
    layout.place_results("attribution", ATTRIBUTION, columns, len(attributed(facts)))


def _home_or_operator(layout: Layout, row: Row) -> str:
    """A company's home as a column number; of a plant, its operator's number (0: none)."""
    match layout.attributed.entities[row.index]:
        case Company(id=id):
            home, business = (
                _first(layout, "locations", key, "place", (id, row["number"]))
                for key in ("home", "business")
            )
            return f"IFERROR({home},IFERROR({business},{len(layout.facts.codes)}))"
        case Plant(id=id):
            runs = _first(layout, "operators", "runs", "from_no", (id, row["number"]))
            return f"IFERROR({runs},0)"
        case _:
            return ""


def _first(layout: Layout, table: str, key: str, column: str, of: tuple[str, str]) -> str:
    """A formula part: a column in the first row whose ``key`` is the number of an item, given with
    its id. Where several links may be the first, it is the one that was written first, however
    the rows stand."""
    id, number = of
    wanted = layout[table].range(key)
    if len(layout.facts.rows_into[table].get(id, ())) < 2 or not layout.live_ends:
        return layout.of(table, column, f"MATCH({number},{wanted},0)")
    written = layout[table].range(ORDER)
    first = f"SUMPRODUCT(MIN({written}+{NOWHERE}*({wanted}<>{number})))"
    return layout.of(table, column, f"MATCH({first},{written},0)")


def _held(layout: Layout, row: Row) -> str:
    """What the holders of a company hold of it; of a material, what its origins add up to."""
    match layout.attributed.entities[row.index]:
        case Company(id=id):
            return layout.sum_into("ownership", _counted_key(layout), id, row["number"])
        case Material():
            places = layout["locations"]
            return (
                f"SUMIFS({places.range('origin_share')},{places.range('origin')},{row['number']})"
            )
        case _:
            return ""


def _silent(layout: Layout, row: Row) -> str:
    match layout.attributed.entities[row.index]:
        case Company(id=id):
            return layout.sum_into("ownership", "silent", id, row["number"])
        case _:
            return ""


def _counted_key(layout: Layout) -> str:
    by_votes = layout.facts.assessment.basis is Basis.CONTROL
    return "votes_counted" if by_votes else "equity_counted"


# -------------------------------------------------------------------------------- writing


@dataclass
class _Pen:
    """What writing the sheet needs at every step."""

    book: Book
    sheet: Worksheet
    layout: Layout
    values: AttributionValues

    @property
    def facts(self) -> Facts:
        return self.layout.facts

    @property
    def codes(self) -> int:
        """How many jurisdictions there are, `unknown` included."""
        return len(self.facts.codes)

    def address(self, index: int, key: str) -> str:
        """A cell of the table on this sheet."""
        return self.layout["attribution"].cell(key, index).here

    def write(self, index: int, code: int, formula: str | None) -> None:
        """Write a share of the table: by formula, or the program's value where there is none."""
        table = self.layout["attribution"]
        at = (table.first + index, table.column(f"c{code}"))
        value = self.values.shares[index][code - 1]
        style = self.book.look(Look.CALC, Number.SHARE)
        if formula is None:
            put(self.sheet, *at, value, style)
        else:
            put_formula(self.sheet, at, f"={formula}", value, style)


def write_attribution(book: Book, layout: Layout) -> None:
    """Write the sheet: the table, and beside it what its formulas need in between."""
    facts, table = layout.facts, layout["attribution"]
    sheet = book.add_sheet(ATTRIBUTION)
    basis = facts.assessment.basis
    book.heading(
        sheet,
        "Attribution",
        f"Whose each company, plant and material is, under the basis '{basis}'. Each row sums to "
        "100%; 'unknown' is a jurisdiction of its own.",
    )
    values = layout.attributed
    rows = [_row(layout, values, index) for index in range(len(values.entities))]
    # Formulas find rows here by their place: no buttons invite to sort them.
    write_table(book, sheet, table, rows, freeze=3, filters=False)
    pen = _Pen(book, sheet, layout, values)
    companies = facts.by_kind[EntityKind.COMPANY]
    for index in range(len(companies), len(values.entities)):
        _write_other(pen, index)
    match basis:
        case Basis.DOMICILE:
            for index in range(len(companies)):
                for code in range(1, pen.codes + 1):
                    pen.write(index, code, _at_home(pen, index, code))
        case Basis.ECONOMIC:
            _write_economic(pen, len(companies))
        case Basis.CONTROL:
            _write_control(pen, companies)
    last = table.column("unknown")
    sheet.print_area(0, 0, table.last, last)


def _row(layout: Layout, values: AttributionValues, index: int) -> dict[str, Value]:
    facts, entity = layout.facts, values.entities[index]
    shares = values.shares[index]
    row: dict[str, Value] = {
        "name": facts.label[entity.id],
        "id": entity.id,
        "kind": str(entity.kind),
        "number": facts.number[entity.id],
        "home": values.home[index],
        "held": values.held[index],
        "silent": values.silent[index],
        "live": values.how[index],
        "focus": shares[facts.codes.index(facts.focus)],
        "unknown": shares[-1],
    }
    return row | {f"c{code}": share for code, share in enumerate(shares, 1)}


def _at_home(pen: _Pen, index: int, code: int) -> str:
    return f"IF({pen.address(index, 'home')}={code},1,0)"


def _write_other(pen: _Pen, index: int) -> None:
    """A plant's row is its operator's; a material's are its origins, the rest unknown."""
    entity = pen.values.entities[index]
    for code in range(1, pen.codes + 1):
        if entity.kind is EntityKind.PLANT:
            operator = pen.address(index, "home")
            before = pen.facts.before(EntityKind.COMPANY)
            column = _companies_range(pen, code)
            nobody = 1 if code == pen.codes else 0
            formula = f"IF({operator}=0,{nobody},INDEX({column},{operator}-{before}))"
            pen.write(index, code, formula if column else str(nobody))
        else:
            total = pen.address(index, "held")
            rest = f"+MAX(0,1-{total})" if code == pen.codes else ""
            pen.write(index, code, f"{_origin(pen, index, code)}/MAX(1,{total}){rest}")


def _origin(pen: _Pen, index: int, code: int) -> str:
    """What of a material comes from one jurisdiction."""
    places, material = pen.layout["locations"], pen.values.entities[index].id
    if pen.layout.live_ends:
        share, of = places.range("origin_share"), places.range("origin")
        number = pen.address(index, "number")
        return f"SUMIFS({share},{of},{number},{places.range('place')},{code})"
    links = pen.facts.links["locations"]
    rows = [row for row in pen.facts.rows_into["locations"].get(material, ())
            if pen.facts.place(links[row].source) == code]  # fmt: skip
    return pen.layout.sum_rows(places, "origin_share", rows)


def _companies_range(pen: _Pen, code: int) -> str:
    count = len(pen.facts.by_kind[EntityKind.COMPANY])
    if count == 0:
        return ""
    first, last = (pen.address(index, f"c{code}") for index in (0, count - 1))
    return f"{first}:{last}"


# ------------------------------------------------------------------------------- economic


def _write_economic(pen: _Pen, count: int) -> None:
    if not pen.values.solvable:
        for index in range(count):
            for code in range(1, pen.codes + 1):
                pen.write(index, code, None)
        return
    if count == 0:
        return
    table = pen.layout["attribution"]
    start = table.column("unknown") + _GAP + 1
    weights = _block(pen, start, "I - W: each company (row) less what others (columns) hold")
    constants = _block(pen, start + count + _GAP, "Own part and jurisdictions' holdings")
    matrix = economic_matrix(pen.facts)
    style = pen.book.look(Look.LINK, Number.SHARE)
    for row in range(count):
        for column in range(count):
            formula, one = _holding(pen, row, column), float(row == column)
            at = (table.first + row, weights + column)
            put_formula(pen.sheet, at, f"={formula}", one - matrix.weights[row][column], style)
        for code in range(1, pen.codes + 1):
            at = (table.first + row, constants + code - 1)
            value = matrix.constants[row][code - 1]
            put_formula(pen.sheet, at, f"={_constant(pen, row, code)}", value, style)
    _write_solution(pen, count, weights, constants)


def _block(pen: _Pen, column: int, title: str) -> int:
    """Title a block of workings that begins in a column, and return the column."""
    top = pen.layout["attribution"].top
    pen.sheet.write_string(top - 1, column, title, pen.book.format(italic=True))
    return column


def _holding(pen: _Pen, row: int, column: int) -> str:
    owns = pen.layout["ownership"]
    share = (
        f"SUMIFS({owns.range('equity_counted')},{owns.range('to_no')},{pen.address(row, 'number')},"
        f"{owns.range('from_no')},{pen.address(column, 'number')})"
    )
    return f"{1 if row == column else 0}-{share}/MAX(1,{pen.address(row, 'held')})"


def _constant(pen: _Pen, row: int, code: int) -> str:
    """The part of a company that is nobody's on the map (home, or unknown where a holding is of
    unknown size), and what jurisdictions themselves hold of it."""
    owns = pen.layout["ownership"]
    held, silent = pen.address(row, "held"), pen.address(row, "silent")
    direct = (
        f"SUMIFS({owns.range('equity_counted')},{owns.range('to_no')},{pen.address(row, 'number')},"
        f"{owns.range('place')},{code})/MAX(1,{held})"
    )
    unknown = 1 if code == pen.codes else 0
    rest = f"MAX(0,1-{held})*IF({silent}>0,{unknown},{_at_home(pen, row, code)})"
    return f"{rest}+{direct}"


def _write_solution(pen: _Pen, count: int, weights: int, constants: int) -> None:
    """Solve beside the table, which may not hold a formula over several cells, and point at it."""
    table = pen.layout["attribution"]
    first, last = table.first, table.first + count - 1
    left = _area(first, weights, last, weights + count - 1)
    right = _area(first, constants, last, constants + pen.codes - 1)
    start = _block(pen, constants + pen.codes + _GAP, "Solved: inverse of I - W times the rest")
    area = (first, start, last, start + pen.codes - 1)
    style = pen.book.look(Look.CALC, Number.SHARE)
    formula = f"{{=MMULT(MINVERSE({left}),{right})}}"
    pen.sheet.write_array_formula(*area, formula, style, pen.values.shares[0][0])
    for row in range(count):
        for code in range(pen.codes):
            at = (first + row, start + code)
            if at != area[:2]:
                pen.sheet.write_number(*at, pen.values.shares[row][code], style)
            pen.write(row, code + 1, xl_rowcol_to_cell(*at, row_abs=True, col_abs=True))


def _area(first: int, left: int, last: int, right: int) -> str:
    return f"${xl_col_to_name(left)}${first + 1}:${xl_col_to_name(right)}${last + 1}"


# -------------------------------------------------------------------------------- control


def _write_control(pen: _Pen, companies: list[AnyEntity]) -> None:
    table = pen.layout["attribution"]
    start = table.column("unknown") + _GAP + 1
    _block(pen, start, "Votes that holders attributed wholly to each jurisdiction have")
    for code, label in enumerate(pen.facts.code_labels):
        pen.sheet.write_string(table.top, start + code, label, pen.book.format(bold=True))
    for index, company in enumerate(companies):
        holdings = pen.values.holdings.get(company.id, [])
        votes = pen.values.votes(index) if holdings else []
        for code in range(1, pen.codes + 1):
            if not pen.values.is_live[index]:
                pen.write(index, code, None)
            elif not holdings:
                pen.write(index, code, _at_home(pen, index, code))
            else:
                _write_votes(pen, (index, code), start, holdings, votes[code - 1])


def _write_votes(
    pen: _Pen,
    at: tuple[int, int],
    start: int,
    holdings: Iterable[tuple[int, Owns]],
    votes_value: float,
) -> None:
    index, code = at
    table, owns = pen.layout["attribution"], pen.layout["ownership"]
    row = table.first + index
    parts = []
    for source in dict.fromkeys(link.source for _, link in holdings):
        holder = pen.facts.number[source] - pen.facts.before(EntityKind.COMPANY) - 1
        if holder < 0 and pen.facts.place(source) != code:
            continue
        votes = pen.layout.sum_rows(
            owns, "votes_counted", [place for place, link in holdings if link.source == source]
        )
        if pen.layout.live_ends:
            counted, to, come = (owns.range(key) for key in ("votes_counted", "to_no", "from_no"))
            mine = pen.address(index, "number")
            votes = f"SUMIFS({counted},{to},{mine},{come},{pen.facts.number[source]})"
        parts.append(f"{votes}*{pen.address(holder, f'c{code}')}" if holder >= 0 else votes)
    total = pen.address(index, "held")
    formula = f"=({'+'.join(parts) or '0'})/MAX(1,{total})"
    style = pen.book.look(Look.LINK, Number.SHARE)
    put_formula(pen.sheet, (row, start + code - 1), formula, votes_value, style)
    here = xl_rowcol_to_cell(row, start + code - 1, row_abs=True, col_abs=True)
    all_votes = _area(row, start, row, start + pen.codes - 1)
    home = _at_home(pen, index, code)
    majority = "0.5+1E-12"
    pen.write(index, code, f"IF({here}>{majority},1,IF(MAX({all_votes})>{majority},0,{home}))")


def focus_cells(layout: Layout, entity: str) -> tuple[Cell, Cell]:
    """Where a company's, plant's or material's focus part and unknown part stand."""
    index = layout.facts.number[entity] - layout.facts.before(EntityKind.COMPANY) - 1
    table = layout["attribution"]
    return table.cell("focus", index), table.cell("unknown", index)
