"""Scenarios side by side as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from depmap_gui.analysis.scenario_figures import (
    SHARES,
    Cell,
    Difference,
    Figure,
    Outcome,
    Place,
)
from depmap_gui.cli.open_points import open_line
from depmap_gui.rules.results import Verdict
from depmap_gui.session.scenario_comparison import Row, ScenarioComparison, Version

_LONGEST_HEAD = 30
_SIGNS = {Verdict.FAIL: "FAIL", Verdict.UNKNOWN: "open"}
# fmt: off
_TITLES = {
    Figure.IP:                 "IP",
    Figure.EMBEDDED_IP:        "embedded IP",
    Figure.MADE_IN_FIRST_TIER: "inputs made in, first tier",
    Figure.MADE_BY_FIRST_TIER: "inputs made by, first tier",
    Figure.MADE_IN:            "inputs made in",
    Figure.MADE_BY:            "inputs made by",
    Figure.OWNERSHIP:          "ownership",
    Figure.HHI_IP:             "concentration of IP",
    Figure.HHI_MADE_IN:        "concentration of inputs made in",
    Figure.HHI_MADE_BY:        "concentration of inputs made by",
    Figure.HHI_SUPPLIERS:      "concentration of suppliers",
    Figure.STATUS:             "credit",
    Figure.ANNUAL_CREDIT:      "worth before any risk",
    Figure.RISK:               "risk of losing it",
    Figure.AT_RISK:            "money at risk",
    Figure.OPEN:               "open points",
}
# fmt: on
_LEGEND = (
    "'=' is as in the base map. In brackets: how far a figure is from the base's; of an interval, "
    "how far its lower and its upper end are."
)


def comparison_lines(found: ScenarioComparison) -> list[str]:
    """What each scenario changes, then every figure with a column a version, then the caution."""
    title = found.title or "Untitled map"
    lines = [f"{title}: tax year {found.year}, basis {found.basis}, shares of {found.jurisdiction}"]
    lines += [f"Rule pack {pack.id} ({pack.title}), {pack.words}" for pack in found.packs_used]
    if found.samples is not None:
        lines.append(f"Risks from {found.samples:,} samples")
    for version in found.versions[1:]:
        lines += ["", *_version_lines(version)]
    if len(found.versions) == 1:
        lines += ["", "No scenario is compared; add one to the map, or name those it has."]
    shown = [number for number, version in enumerate(found.versions) if not version.fault]
    is_company = [bool(row.place.company) for row in found.rows]
    plants = [row for row, other in zip(found.rows, is_company, strict=True) if not other]
    companies = [row for row, other in zip(found.rows, is_company, strict=True) if other]
    for plant, rows in groupby(plants, key=lambda row: row.place.plant):
        lines += ["", *_plant_lines(found.names[plant], list(rows), found, shown)]
    if companies:
        lines += ["", "Companies whose status changes"]
        lines += _table([_heads(found, shown), *(_line(row, found, shown) for row in companies)])
    return [*lines, "", _LEGEND, "", found.caution]


def _version_lines(version: Version) -> Iterator[str]:
    yield f"{version.name} [{version.scenario}]"
    if version.fault:
        yield "  does not fit the map and is not compared:"
        yield from (f"  {line}" for line in version.fault.splitlines())
    elif not version.changes:
        yield "  changes nothing"
    yield from (f"  {change}" for change in version.changes)


def _plant_lines(
    name: str, rows: Sequence[Row], found: ScenarioComparison, shown: Sequence[int]
) -> Iterator[str]:
    yield name
    lines = [_heads(found, shown)]
    claim = ("", "", "")
    notes: list[tuple[int, str]] = []
    for row in rows:
        if row.place.claim != claim:
            claim = row.place.claim
            lines.append((f"  {_product(row.place, found)}", *("" for _ in shown)))
        lines.append(_line(row, found, shown))
        notes += [(len(lines), note) for note in _open_notes(row, found, shown)]
    written = _table(lines)
    for after, note in reversed(notes):
        written.insert(after, note)
    yield from written


def _product(place: Place, found: ScenarioComparison) -> str:
    return f"{found.products[place.plant, place.product]} ({place.credit})"


def _heads(found: ScenarioComparison, shown: Sequence[int]) -> tuple[str, ...]:
    return ("", *(_cut(found.versions[number].name) for number in shown))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_HEAD else name[: _LONGEST_HEAD - 1].rstrip() + "…"


def _line(row: Row, found: ScenarioComparison, shown: Sequence[int]) -> tuple[str, ...]:
    indent = "    " if row.place.product else "  "
    threshold = _common_threshold(row)
    head = indent + _title(row.place, found)
    if threshold is not None:
        head += f" (fails if {threshold})"
    cells = (
        _words(row.place.figure, row.cells[number], row.differences[number], threshold is None)
        for number in shown
    )
    return (head, *cells)


def _title(place: Place, found: ScenarioComparison) -> str:
    match place.figure:
        case Figure.TEST:
            return _rule_title(place.pack, place.part, found)
        case Figure.ANSWER:
            return f"{found.names[place.company]}, {place.part} ({place.pack})"
        case Figure.IP | Figure.EMBEDDED_IP:
            return f"{found.jurisdiction} {_TITLES[place.figure]}"
        case figure if figure in SHARES:
            return f"{_TITLES[figure]}, {found.jurisdiction}"
        case figure:
            return _TITLES[figure]


def _rule_title(pack: str, id: str, found: ScenarioComparison) -> str:
    rules = next((each for each in found.packs if each.id == pack), None)
    return id if rules is None else rules.title_of(id)


def _common_threshold(row: Row) -> str | None:
    """The threshold in words where all versions that ask the test have the same one."""
    words = {_threshold(cell) for cell in row.cells if cell is not None and cell.absence is None}
    return words.pop() if len(words) == 1 else None


def _threshold(cell: Cell) -> str | None:
    if cell.threshold is None:
        return None
    return f"{cell.comparison} {_figure(cell.threshold, cell.unit)}"


def _words(
    figure: Figure, cell: Cell | None, found: Difference | None, names_threshold: bool
) -> str:
    if cell is None:
        return ""
    if cell.absence is not None:
        return cell.absence.value
    if found is not None and found.outcome is Outcome.SAME:
        return "="
    beside = _beside(figure, cell, found)
    if figure is Figure.TEST:
        return _test_words(cell, beside, names_threshold)
    return _said(figure, cell) + beside


def _said(figure: Figure, cell: Cell) -> str:
    match figure:
        case Figure.STATUS:
            return "ENDED" if cell.phase_out == 0.0 else cell.word.upper()
        case Figure.ANSWER:
            return cell.word
        case Figure.OPEN:
            return str(len(cell.points)) if cell.points else "none"
        case Figure.ANNUAL_CREDIT | Figure.AT_RISK:
            per = "a year" if cell.one_time is None else f"({cell.one_time.words})"
            return "unknown" if cell.low is None else f"{cell.low:,.0f} {cell.unit} {per}"
        case _:
            return _interval(cell, _unit(figure, cell))


def _test_words(cell: Cell, beside: str, names_threshold: bool) -> str:
    """Verdict, measure with its difference, threshold where the line does not name it, margin."""
    words = _SIGNS.get(Verdict(cell.word), cell.word)
    if cell.low is not None and cell.high is not None:
        words += f" {_interval(cell, _unit(Figure.TEST, cell))}"
    words += beside
    threshold = _threshold(cell) if names_threshold else None
    if threshold is not None:
        words += f" (fails if {threshold})"
    if cell.margin is not None:
        words += f", margin {_change(cell.margin, _unit(Figure.TEST, cell))}"
    return words


def _unit(figure: Figure, cell: Cell) -> str:
    match figure:
        case Figure.TEST:
            return cell.unit or "share"
        case Figure.ANNUAL_CREDIT | Figure.AT_RISK:
            return cell.unit
        case Figure.HHI_IP | Figure.HHI_MADE_IN | Figure.HHI_MADE_BY | Figure.HHI_SUPPLIERS:
            return "index"
        case _:
            return "share"


def _interval(cell: Cell, unit: str) -> str:
    if cell.low is None or cell.high is None:
        return "unknown"
    low, high = _figure(cell.low, unit), _figure(cell.high, unit)
    return low if low == high else f"{low} to {high}"


def _figure(value: float, unit: str) -> str:
    match unit:
        case "share" | "":
            return f"{value:.1%}"
        case "index":
            return f"{value:,.0f}"
        case _:
            return f"{value:,.10g} {unit}"


def _beside(figure: Figure, cell: Cell, found: Difference | None) -> str:
    """How far it is from the base, in brackets; empty for words, which tell it themselves."""
    if found is None or figure in (Figure.STATUS, Figure.ANSWER):
        return ""
    match found.outcome:
        case Outcome.ADDED:
            return " (not in the base map)"
        case Outcome.UNKNOWN:
            # Where both are unknown the cell has said so.
            return "" if cell.low is None else " (difference unknown)"
        case _:
            pass
    if figure is Figure.OPEN:
        told = ((len(found.opened), "opened"), (len(found.settled), "settled"))
        return f" ({', '.join(f'{number} {word}' for number, word in told if number)})"
    return _moved(found, _unit(figure, cell))


def _moved(found: Difference, unit: str) -> str:
    if found.low is None or found.high is None or found.low == found.high == 0.0:
        return ""
    low, high = _changed(found.low, unit), _changed(found.high, unit)
    both = low if low == high else f"{low}, {high}"
    return f" ({both}{_of(unit)})"


def _change(value: float, unit: str) -> str:
    return _changed(value, unit) + _of(unit)


def _changed(value: float, unit: str) -> str:
    return f"{value * 100:+.1f}" if unit == "share" else f"{value:+,.0f}"


def _of(unit: str) -> str:
    match unit:
        case "share":
            return " pts"
        case "index":
            return ""
        case _:
            return f" {unit}"


def _open_notes(row: Row, found: ScenarioComparison, shown: Sequence[int]) -> Iterator[str]:
    """What a version settles or opens, below the line that counts it."""
    if row.place.figure is not Figure.OPEN:
        return
    base = row.cells[0]
    if base is not None and base.points:
        yield f"      {open_line(base.points, row.place.pack, found.packs)}"
    for number in shown:
        told = row.differences[number]
        if told is None:
            continue
        for word, points in (("opens", told.opened), ("settles", told.settled)):
            if points:
                words = open_line(points, row.place.pack, found.packs).removeprefix("open: ")
                yield f"      {found.versions[number].name} {word}: {words}"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with their columns lined up."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
