"""The links as tables: what the analyst entered, and beside it what the formulas make of it."""

from __future__ import annotations

from collections.abc import Callable

from depmap_gui.domain.kinds import LINK_ENDS, EntityKind, LinkKind, LocationRole
from depmap_gui.domain.records import (
    LINK_CLASSES,
    AnyLink,
    Licenses,
    Located,
    Operates,
    Owns,
    Uses,
)
from depmap_gui.exchange.sheets.book import Book, Look, Number, Value
from depmap_gui.exchange.sheets.facts import LINK_TABLES, known, votes_of
from depmap_gui.exchange.sheets.layout import Layout
from depmap_gui.exchange.sheets.record_columns import field_columns, field_values
from depmap_gui.exchange.sheets.tables import ORDER, Column, Row, order_column, write_table

ENDS = ("source", "target")
"""The fields that say what a link joins."""
Formula = Callable[[Row], str]

LINK_SHEETS: tuple[tuple[str, str, str], ...] = (
    ("supply", "Supply", "What is delivered to whom, and what it costs."),
    ("ownership", "Ownership", "Who holds what share of which company."),
    ("debt", "Debt", "Who lends to whom, as a share of the borrower's debt."),
    (
        "use",
        "License use",
        "Who grants each license (licenses) and who works under it (uses).",
    ),
    ("locations", "Locations", "Where companies, plants and materials are."),
    ("operators", "Operators", "Who runs each plant: the taxpayer."),
)
"""Table key, sheet and explanation of each sheet of links."""

_NEW_ROWS = " A row added here counts once the workbook is applied to the map."
_FIXED_ENDS = (
    " The map is too large to look up names: to move an end of a link here and see what follows, "
    "apply the workbook to the map and export it again. Do not sort the rows: Check tells if they "
    "were."
)


def place_links(layout: Layout) -> None:
    """Place all link tables."""
    for key, sheet, _ in LINK_SHEETS:
        columns = link_columns(layout, key, LINK_TABLES[key])
        layout.place(key, sheet, columns, len(layout.facts.links[key]))


def link_columns(layout: Layout, key: str, kinds: tuple[LinkKind, ...]) -> list[Column]:
    """The columns of one link table: ids, ends, fields, what follows from them, and notes."""
    record = LINK_CLASSES[kinds[0]]
    columns = [Column("id", "Id", Look.FIXED, Number.TEXT, 10, hidden=True), order_column()]
    if len(kinds) > 1:
        words = tuple(str(kind) for kind in kinds)
        columns.append(
            Column("kind", "Kind", Look.INPUT, Number.TEXT, 11, choices=words,
                   help="uses: who works under the license; licenses: who grants it.")
        )  # fmt: skip
    columns += _end_columns(layout, kinds)
    columns += field_columns(record, leave_out=ENDS, but_last=True)
    columns += _DERIVED[key](layout)
    return columns + field_columns(record, only_last=True)


def link_rows(layout: Layout, key: str) -> list[dict[str, Value]]:
    """The values of one link table, those of formulas as the program computed them."""
    facts = layout.facts
    derive = _VALUES[key](layout)
    rows = []
    for number, link in enumerate(facts.links[key], 1):
        row = field_values(link, lambda id: facts.source_label.get(id, id))
        row |= {
            "id": link.id,
            ORDER: number,
            "kind": str(link.kind),
            "source": facts.end_label(link.source),
            "target": facts.end_label(link.target),
            "from_no": facts.number.get(link.source, 0),
            "to_no": facts.number.get(link.target, 0),
            "counts": int(facts.counts(link)),
        }
        rows.append(row | derive(link))
    return rows


def write_links(book: Book, layout: Layout) -> None:
    """Write the sheets of links."""
    for key, name, explained in LINK_SHEETS:
        sheet = book.add_sheet(name)
        note = _NEW_ROWS if layout.live_ends else _NEW_ROWS + _FIXED_ENDS
        book.heading(sheet, name, explained + note, column=2)
        frozen = layout[key].column("to_no") + 1
        write_table(book, sheet, layout[key], link_rows(layout, key), freeze=frozen)


def _end_columns(layout: Layout, kinds: tuple[LinkKind, ...]) -> list[Column]:
    columns = []
    for key, header, number, end in (
        ("source", "From", "from_no", 0),
        ("target", "To", "to_no", 1),
    ):
        allowed = {kind for link in kinds for kind in LINK_ENDS[link][end]}
        runs = layout.facts.kind_range(allowed)
        listed = layout.labels_between(runs)
        help = "Who provides." if end == 0 else "Who depends."
        columns += [
            Column(key, header, Look.INPUT, Number.TEXT, 30, wrap=True, choices=listed, help=help),
            Column(number, f"{header}, number", Look.LINK, Number.WHOLE, 9, hidden=True,
                   formula=_lookup(layout, key) if layout.live_ends else None),
        ]  # fmt: skip
    return columns


def _lookup(layout: Layout, end: str) -> Formula:
    names = layout["index"].range("label")

    def formula(row: Row) -> str:
        cell = row[end]
        return f'IF({cell}="",0,IFERROR(MATCH(TRUE,INDEX({names}={cell},0),0),0))'

    return formula


def _counts(layout: Layout, *kinds: LinkKind) -> Formula:
    """1 where a link is in force on the last day of the year between ends of permitted kinds."""

    def formula(row: Row) -> str:
        cases = []
        for kind in kinds:
            sources, targets = (layout.facts.kind_range(ends) for ends in LINK_ENDS[kind])
            ends = (
                layout.within(row["from_no"], sources) + "," + layout.within(row["to_no"], targets)
            )
            cases.append(f'AND({row["kind"]}="{kind}",{ends})' if len(kinds) > 1 else ends)
        joined = f"OR({','.join(cases)})" if len(cases) > 1 else cases[0]
        started, ended = row["valid_from"], row["valid_to"]
        dated = (
            f'OR({started}="",N({started})<=DATE(Year,12,31)),'
            f'OR({ended}="",N({ended})>=DATE(Year,12,31))'
        )
        wanted = f',{row["candidate"]}<>"yes"' if kinds == (LinkKind.SUPPLIES,) else ""
        return f"IF(AND({joined},{dated}{wanted}),1,0)"

    return formula


def _counts_column(layout: Layout, *kinds: LinkKind) -> Column:
    return Column("counts", "Counts (1 = yes)", Look.CALC, Number.WHOLE, 9,
                  formula=_counts(layout, *kinds))  # fmt: skip


def _hidden(key: str, header: str, formula: Formula, *, link: bool = False) -> Column:
    look = Look.LINK if link else Look.CALC
    return Column(key, header, look, Number.GENERAL, 10, hidden=True, formula=formula)


def stated(cell: str) -> str:
    """A condition: the cell holds a number that can be reckoned with; an empty one does not."""
    return f"IF(ISNUMBER({cell}),{cell}>=0,FALSE)"


def _if_known(row: Row, key: str) -> str:
    return f"IF(AND({row['counts']}=1,{stated(row[key])}),{row[key]},0)"


def _silent(row: Row, key: str, counted: str) -> str:
    return f"IF(AND({counted}=1,NOT({stated(row[key])})),1,0)"


# ------------------------------------------------------------------------------ ownership


def _ownership_columns(layout: Layout) -> list[Column]:
    index = layout["index"]

    def votes(row: Row) -> str:
        cell = f'IF({row["votes"]}="",{row["share"]},{row["votes"]})'
        given = f'IF({row["votes"]}="",{stated(row["share"])},{stated(row["votes"])})'
        return f"IF(AND({row['counts']}=1,{given}),{cell},0)"

    return [
        _counts_column(layout, LinkKind.OWNS),
        Column("equity_counted", "Equity counted", Look.CALC, Number.SHARE, 10,
               formula=lambda row: _if_known(row, "share")),
        Column("votes_counted", "Votes counted", Look.CALC, Number.SHARE, 10, formula=votes),
        _hidden("silent", "Size not known", lambda row: _silent(row, "share", row["counts"])),
        _hidden("place", "Holder's jurisdiction", link=True, formula=lambda row:
                f"IF({row['from_no']}=0,0,INDEX({index.range('place')},{row['from_no']}))"),
    ]  # fmt: skip


def _ownership_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    facts = layout.facts

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Owns)
        counts = facts.counts(link)
        return {
            "equity_counted": (known(link.share) or 0.0) if counts else 0.0,
            "votes_counted": (known(votes_of(link)) or 0.0) if counts else 0.0,
            "silent": int(counts and known(link.share) is None),
            "place": facts.place(link.source),
        }

    return values


# ------------------------------------------------------------------------------ locations


def _location_columns(layout: Layout) -> list[Column]:
    index, facts = layout["index"], layout.facts
    companies = facts.kind_range({EntityKind.COMPANY})
    plants = facts.kind_range({EntityKind.PLANT})

    def role(row: Row) -> str:
        usual = (
            f'IF({layout.within(row["to_no"], companies)},"incorporated",'
            f'IF({layout.within(row["to_no"], plants)},"site","origin"))'
        )
        return f'IF({row["role"]}="",{usual},{row["role"]})'

    def target_if(word: str) -> Formula:
        return lambda row: (
            f'IF(AND({row["counts"]}=1,{row["role_used"]}="{word}"),{row["to_no"]},0)'
        )

    return [
        _counts_column(layout, LinkKind.LOCATED),
        Column("role_used", "Role that counts", Look.CALC, Number.TEXT, 13, formula=role,
               blank="origin"),
        _hidden("place", "Jurisdiction's column", link=True, formula=lambda row:
                f"IF({row['from_no']}=0,0,INDEX({index.range('place')},{row['from_no']}))"),
        _hidden("home", "Incorporates", target_if("incorporated")),
        _hidden("business", "Principal place of", target_if("principal")),
        _hidden("origin", "Origin of", target_if("origin")),
        _hidden("origin_share", "Origin counted", lambda row: _if_known(row, "share")),
    ]  # fmt: skip


def _location_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    facts = layout.facts

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Located)
        role, counts = facts.role(link), facts.counts(link)
        target = facts.number.get(link.target, 0) if counts else 0
        return {
            "role_used": str(role),
            "place": facts.place(link.source),
            "home": target if role == LocationRole.INCORPORATED else 0,
            "business": target if role == LocationRole.PRINCIPAL else 0,
            "origin": target if role == LocationRole.ORIGIN else 0,
            "origin_share": (known(link.share) or 0.0) if counts else 0.0,
        }

    return values


# ------------------------------------------------------------------------------ operators


def _operator_columns(layout: Layout) -> list[Column]:
    return [
        _counts_column(layout, LinkKind.OPERATES),
        _hidden("runs", "Runs", lambda row: f"IF({row['counts']}=1,{row['to_no']},0)"),
    ]


def _operator_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    facts = layout.facts

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Operates)
        return {"runs": facts.number[link.target] if facts.counts(link) else 0}

    return values


# ------------------------------------------------------------------------------- debt


def _debt_columns(layout: Layout) -> list[Column]:
    return [_counts_column(layout, LinkKind.LENDS)]


def _debt_values(_layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    return lambda _link: {}


# ----------------------------------------------------------------------------- license use


def _use_columns(layout: Layout) -> list[Column]:
    from depmap_gui.exchange.sheets.license_formulas import use_columns

    return [_counts_column(layout, LinkKind.USES, LinkKind.LICENSES), *use_columns(layout)]


def _use_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    from depmap_gui.exchange.sheets.license_formulas import use_values

    derive = use_values(layout)

    def values(link: AnyLink) -> dict[str, Value]:
        assert isinstance(link, Uses | Licenses)
        return derive(link)

    return values


# -------------------------------------------------------------------------------- supply


def _supply_columns(layout: Layout) -> list[Column]:
    from depmap_gui.exchange.sheets.supply_formulas import supply_columns

    return [_counts_column(layout, LinkKind.SUPPLIES), *supply_columns(layout)]


def _supply_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    from depmap_gui.exchange.sheets.supply_formulas import supply_values

    return supply_values(layout)


_DERIVED: dict[str, Callable[[Layout], list[Column]]] = {
    "supply": _supply_columns,
    "ownership": _ownership_columns,
    "debt": _debt_columns,
    "use": _use_columns,
    "locations": _location_columns,
    "operators": _operator_columns,
}
_VALUES: dict[str, Callable[[Layout], Callable[[AnyLink], dict[str, Value]]]] = {
    "supply": _supply_values,
    "ownership": _ownership_values,
    "debt": _debt_values,
    "use": _use_values,
    "locations": _location_values,
    "operators": _operator_values,
}
