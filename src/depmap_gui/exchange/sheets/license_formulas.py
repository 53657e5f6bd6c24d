"""License use and technology: who grants a license, and what of it is whose, live.

O(l), the ownership of a license's technology, is its sub-licenses' by their shares, and for the
rest its licensors'. Only two parts of it are carried: the focus's and the unknown one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyLink, License, Licenses, Uses
from depmap_gui.exchange.sheets.attribution_values import is_solvable
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.facts import Facts, known, scale
from depmap_gui.exchange.sheets.layout import IP, Layout
from depmap_gui.exchange.sheets.received import at_target
from depmap_gui.exchange.sheets.tables import Column, Row

MOST_IN_MATRIX = 50
"""Licenses that a matrix formula solves together; above, chains of licenses are values."""


@dataclass(frozen=True)
class LicenseParts:
    """What the formulas of one license come to (see `license_parts`)."""

    sub_total: float
    silent_subs: int
    stated: float
    silent_licensors: int
    licensor_focus: float
    licensor_unknown: float

    @property
    def rest(self) -> float:
        """What no sub-license of stated share accounts for."""
        return max(0.0, 1.0 - self.sub_total)


_PRODUCTS = (
    ("part_focus", "Licensor's part, focus", ("part", "licensor_focus")),
    ("part_unknown", "Licensor's part, unknown", ("part", "licensor_unknown")),
    ("use_focus", "Share counted, focus", ("use_share", "focus")),
    ("use_unknown", "Share counted, unknown", ("use_share", "unknown")),
)
"""Column key, header and factors of what is summed over the links of a license or an item."""


def _product(one: str, other: str) -> Callable[[Row], str]:
    return lambda row: f"{row[one]}*{row[other]}"


def use_columns(layout: Layout) -> list[Column]:
    """The calculated columns of License use."""
    return [
        Column("use_share", "Share counted", Look.CALC, Number.SHARE, 10, formula=_use_share),
        _hidden("use_silent", "Use of unknown size", _silent("uses")),
        _hidden("stated", "Licensor's stated share", _licensor_stated),
        _hidden("licensor_silent", "Licensor without share", _silent("licenses")),
        Column("part", "Licensor's part", Look.CALC, Number.SHARE, 10,
               formula=lambda row: _licensor_part(layout, row)),
        Column("licensor_focus", "Focus part of the licensor", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _of_licensor(layout, row, "focus")),
        Column("licensor_unknown", "Unknown part of the licensor", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _of_licensor(layout, row, "unknown")),
        Column("focus", "Focus part of the technology", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _of_license(layout, row, "focus")),
        Column("unknown", "Unknown part of the technology", Look.LINK, Number.SHARE, 12,
               formula=lambda row: _of_license(layout, row, "unknown")),
        *(
            _hidden(key, header, _product(*factors))
            for key, header, factors in _PRODUCTS
        ),
    ]  # fmt: skip


def use_values(layout: Layout) -> Callable[[AnyLink], dict[str, Value]]:
    """The program's values for :func:`use_columns`, by link."""
    facts = layout.facts
    parts = {license.id: license_parts(facts, license.id) for license in _licenses(facts)}
    scores = facts.assessment.scores

    def values(link: AnyLink) -> dict[str, Value]:
        counts = facts.counts(link)
        share = known(getattr(link, "share", None))
        is_use = isinstance(link, Uses)
        row: dict[str, Value] = {
            "use_share": (share or 0.0) if counts and is_use else 0.0,
            "use_silent": int(counts and is_use and share is None),
            "stated": (share or 0.0) if counts and not is_use else 0.0,
            "licensor_silent": int(counts and not is_use and share is None),
            "part": _part(share, parts[link.target]) if counts and not is_use else 0.0,
        }
        vectors = scores.technology if is_use else scores.attribution
        found = facts.focus_and_unknown(vectors.get(link.source)) if counts else (0.0, 0.0)
        provider, other = ("", "licensor_") if is_use else ("licensor_", "")
        row |= {f"{provider}focus": found[0], f"{provider}unknown": found[1]}
        row |= {f"{other}focus": 0.0, f"{other}unknown": 0.0}
        for key, _, (one, by) in _PRODUCTS:
            first, second = row[one], row[by]
            assert isinstance(first, float)
            assert isinstance(second, float)
            row[key] = first * second
        return row

    return values


def _part(share: float | None, parts: LicenseParts) -> float:
    left = max(0.0, 1.0 - parts.stated) if parts.silent_licensors else 0.0
    whole = parts.stated + left
    given = left / parts.silent_licensors if share is None else share
    return given / whole if whole > 0 else 0.0


def license_parts(facts: Facts, license: str) -> LicenseParts:
    """Sub-license and licensor sums of one license, from the links that count."""
    subs, licensors = [], []
    for link in facts.into.get(license, ()):
        if facts.counts(link):
            if isinstance(link, Uses):
                subs.append(link)
            elif isinstance(link, Licenses):
                licensors.append(link)
    silent = sum(known(link.share) is None for link in licensors)
    stated = sum(known(link.share) or 0.0 for link in licensors)
    so_far = LicenseParts(0.0, 0, stated, silent, 0.0, 0.0)
    focus = unknown = 0.0
    for link in licensors:
        shares = facts.assessment.scores.attribution.get(link.source)
        part = _part(known(link.share), so_far)
        of_focus, of_unknown = facts.focus_and_unknown(shares)
        focus += part * of_focus
        unknown += part * of_unknown
    return LicenseParts(
        sub_total=sum(known(link.share) or 0.0 for link in subs),
        silent_subs=sum(known(link.share) is None for link in subs),
        stated=stated,
        silent_licensors=silent,
        licensor_focus=focus,
        licensor_unknown=unknown,
    )


# -------------------------------------------------------------- technology of licenses (IP)


def has_sublicenses(facts: Facts) -> bool:
    """Whether any license is granted under another, counted in this year or not."""
    licenses = {entity.id for entity in _licenses(facts)}
    return any(
        isinstance(link, Uses) and link.target in licenses and link.source in licenses
        for link in facts.project.links.values()
    )


def is_live(facts: Facts) -> bool:
    """Whether the technology of all licenses can be computed by formulas."""
    if not has_sublicenses(facts):
        return True
    return len(_licenses(facts)) <= MOST_IN_MATRIX and is_solvable(sublicense_matrix(facts))


_SUMMED = (
    ("sub_total", "From sub-licenses", Number.SHARE, "use_share"),
    ("silent_subs", "Sub-licenses of unknown size", Number.WHOLE, "use_silent"),
    ("licensor_sum", "Licensors' parts", Number.SHARE, "part"),
    ("licensor_focus", "Focus part of licensors", Number.SHARE, "part_focus"),
    ("licensor_unknown", "Unknown part of licensors", Number.SHARE, "part_unknown"),
)


def technology_columns(layout: Layout) -> list[Column]:
    """The columns of the table of licenses on the IP sheet."""
    licenses = _licenses(layout.facts)

    def sum_of(key: str) -> Callable[[Row], str]:
        return lambda row: layout.sum_into("use", key, licenses[row.index].id, row["number"])

    live = is_live(layout.facts)
    solved = has_sublicenses(layout.facts)
    direct = {"focus": _own_focus, "unknown": _own_unknown} if live and not solved else {}
    return [
        Column("license", "License", Look.FIXED, Number.TEXT, 34, wrap=True),
        Column("number", "Number", Look.FIXED, Number.WHOLE, 8, hidden=True),
        *(
            Column(key, header, Look.LINK, number, 12, formula=sum_of(of), each=True)
            for key, header, number, of in _SUMMED
        ),
        Column("own_focus", "Focus, without sub-licenses", Look.CALC, Number.SHARE, 12,
               formula=_own_focus),
        Column("own_unknown", "Unknown, without sub-licenses", Look.CALC, Number.SHARE, 12,
               formula=_own_unknown),
        Column("focus", "Focus part of the technology", Look.CALC, Number.SHARE, 12,
               formula=direct.get("focus")),
        Column("unknown", "Unknown part", Look.CALC, Number.SHARE, 12,
               formula=direct.get("unknown")),
    ]  # fmt: skip


def technology_rows(facts: Facts) -> list[dict[str, Value]]:
    """The program's values for :func:`technology_columns`."""
    rows: list[dict[str, Value]] = []
    for license in _licenses(facts):
        parts = license_parts(facts, license.id)
        licensed = parts.stated > 0 or parts.silent_licensors > 0
        sum_of_parts = _sum_of_parts(parts)
        closed = 0.0 if parts.silent_subs else parts.rest
        focus, unknown = facts.focus_and_unknown(facts.assessment.scores.technology.get(license.id))
        orphan = closed if not licensed or sum_of_parts == 0 else 0.0
        rows.append({
            "license": facts.label[license.id],
            "number": facts.number[license.id],
            "sub_total": parts.sub_total,
            "silent_subs": parts.silent_subs,
            "licensor_sum": sum_of_parts,
            "licensor_focus": parts.licensor_focus,
            "licensor_unknown": parts.licensor_unknown,
            "own_focus": closed * parts.licensor_focus,
            "own_unknown": closed * parts.licensor_unknown
            + orphan
            + (parts.rest if parts.silent_subs else 0.0),
            "focus": focus,
            "unknown": unknown,
        })  # fmt: skip
    return rows


def sublicense_matrix(facts: Facts) -> list[list[float]]:
    """Share of each license (row) that is granted under each other (column), scaled to 1."""
    licenses = _licenses(facts)
    place = {license.id: number for number, license in enumerate(licenses)}
    matrix = [[0.0] * len(licenses) for _ in licenses]
    for link in facts.project.links.values():
        if isinstance(link, Uses) and facts.counts(link) and link.target in place:
            matrix[place[link.target]][place[link.source]] += known(link.share) or 0.0
    return [[share / scale(sum(row)) for share in row] for row in matrix]


def technology_table(layout: Layout, top: int) -> None:
    """Place the table of licenses on the IP sheet, its header in row ``top``."""
    layout.place_results(
        "technology",
        IP,
        technology_columns(layout),
        len(_licenses(layout.facts)),
        top=top,
    )


def _sum_of_parts(parts: LicenseParts) -> float:
    if parts.stated <= 0 and not parts.silent_licensors:
        return 0.0
    left = max(0.0, 1.0 - parts.stated) if parts.silent_licensors else 0.0
    return 1.0 if parts.stated + left > 0 else 0.0


def _licenses(facts: Facts) -> list[License]:
    return [each for each in facts.by_kind[EntityKind.LICENSE] if isinstance(each, License)]


# -------------------------------------------------------------------------------- formulas


def _hidden(key: str, header: str, formula: Callable[[Row], str]) -> Column:
    return Column(key, header, Look.CALC, Number.GENERAL, 10, hidden=True, formula=formula)


def _given(row: Row) -> str:
    return f"IF(ISNUMBER({row['share']}),{row['share']}>=0,FALSE)"


def _use_share(row: Row) -> str:
    kind, counts = row["kind"], row["counts"]
    return f'IF(AND({kind}="uses",{counts}=1,{_given(row)}),{row["share"]},0)'


def _licensor_stated(row: Row) -> str:
    kind, counts = row["kind"], row["counts"]
    return f'IF(AND({kind}="licenses",{counts}=1,{_given(row)}),{row["share"]},0)'


def _silent(kind: str) -> Callable[[Row], str]:
    return lambda row: f'IF(AND({row["kind"]}="{kind}",{row["counts"]}=1,NOT({_given(row)})),1,0)'


def _licensor_part(layout: Layout, row: Row) -> str:
    stated, silent = at_target(layout, row, "stated"), at_target(layout, row, "silent")
    left = f"MAX(0,1-{stated})"
    part = (
        f"IF({row['licensor_silent']}=1,{left}/{silent},{row['stated']})"
        f"/({stated}+IF({silent}>0,{left},0))"
    )
    return f'IF(AND({row["kind"]}="licenses",{row["counts"]}=1),IFERROR({part},0),0)'


def _of_licensor(layout: Layout, row: Row, key: str) -> str:
    """The focus's (or unknown) part of who grants a license."""
    values = layout["attribution"].range(key)
    place = f"{row['from_no']}-{layout.facts.before(EntityKind.COMPANY)}"
    wanted = f'AND({row["kind"]}="licenses",{row["counts"]}=1)'
    return f"IF({wanted},INDEX({values},{place}),0)"


def _of_license(layout: Layout, row: Row, key: str) -> str:
    """The focus's (or unknown) part of the technology under a license that is used."""
    values = layout["technology"].range(key)
    place = f"{row['from_no']}-{layout.facts.before(EntityKind.LICENSE)}"
    wanted = f'AND({row["kind"]}="uses",{row["counts"]}=1)'
    return f"IF({wanted},INDEX({values},{place}),0)"


def _closed(row: Row) -> str:
    return f"IF({row['silent_subs']}>0,0,MAX(0,1-{row['sub_total']}))"


def _own_focus(row: Row) -> str:
    return f"{_closed(row)}*{row['licensor_focus']}"


def _own_unknown(row: Row) -> str:
    return (
        f"{_closed(row)}*({row['licensor_unknown']}+IF({row['licensor_sum']}>0,0,1))"
        f"+IF({row['silent_subs']}>0,MAX(0,1-{row['sub_total']}),0)"
    )
