"""Scenarios side by side as a block of cells for a spreadsheet: one quantity a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.scenario_figures import SHARES, Cell, Difference, Figure, Outcome
from depmap_gui.domain.fields import Unit
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.comparison_words import DOES_NOT_FIT, Words, status_state
from depmap_gui.session.scenario_comparison import Row

_REPORTED = 500
"""Lines between two reports."""


def copied(
    words: Words, rows: Sequence[Row], versions: Sequence[int], context: Context
) -> list[list[str]]:
    """The rows as a block for a spreadsheet: one quantity a line, headings first.

    Each version has a column for the lower end (or the only value, or the word) and one for the
    upper, and beside the base's what either is less the base's. Text is kept from being a formula.
    Raises Canceled where ``context`` says so.
    """
    heads = ["Plant or company", "Product and credit", "Figure"]
    for number in versions:
        name = words.comparison.versions[number].name
        heads += [name, f"{name}, at most"]
        if number:
            heads += [f"{name}, less base", f"{name}, at most, less base"]
    block = [[_as_text(head) for head in heads]]
    for number, row in enumerate(rows):
        if number % _REPORTED == 0:
            context.progress(number / len(rows), f"{numbers.count(number)} lines")
        product = words.product(row.place) if row.place.product else ""
        about = [words.owner(row.place), product]
        for title, cells in _lines(words, row, versions):
            block.append([*map(_as_text, (*about, title)), *cells])
    return block


def _lines(words: Words, row: Row, versions: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    title = words.title(row.place)
    if row.place.figure is Figure.TEST:
        yield f"{title}: verdict", _texts(row, versions)
        yield f"{title}: measure", _figures(row, versions, ("low", "high"))
        yield f"{title}: margin", _figures(row, versions, ("margin", ""))
    elif row.place.figure in (Figure.STATUS, Figure.ANSWER):
        yield title, _texts(row, versions)
    elif row.place.figure is Figure.OPEN:
        yield title, _counts(row, versions)
    else:
        yield title, _figures(row, versions, ("low", "high"))


def _texts(row: Row, versions: Sequence[int]) -> list[str]:
    found: list[str] = []
    for number in versions:
        cell = row.cells[number]
        text = _instead(cell)
        if cell is not None and not text:
            is_status = row.place.figure is Figure.STATUS
            text = status_state(cell).word if is_status else cell.word
        found += [_as_text(text), ""] + (["", ""] if number else [])
    return found


def _counts(row: Row, versions: Sequence[int]) -> list[str]:
    found: list[str] = []
    for number in versions:
        cell, told = row.cells[number], row.differences[number]
        count = _instead(cell) or str(len(cell.points) if cell is not None else "")
        less = ""
        if told is not None and told.outcome in (Outcome.SAME, Outcome.CHANGED):
            less = str(len(told.opened) - len(told.settled))
        found += [count, ""] + ([less, ""] if number else [])
    return found


def _figures(row: Row, versions: Sequence[int], ends: tuple[str, str]) -> list[str]:
    """Both ends of each version's figure, and less the base's; the name of an end may be empty."""
    figure, found = row.place.figure, []
    for number in versions:
        cell, told = row.cells[number], row.differences[number]
        instead = _instead(cell)
        unit = cell.unit if cell is not None else ""
        texts = [instead, ""] if instead else [_exact(cell, end, figure, unit) for end in ends]
        found += texts
        if number:
            found += [_exact(told, end, figure, unit, less=True) for end in ends]
    return found


def _instead(cell: Cell | None) -> str:
    if cell is None:
        return DOES_NOT_FIT
    return "" if cell.absence is None else cell.absence.value


def _exact(
    holder: Cell | Difference | None, end: str, figure: Figure, unit: str, *, less: bool = False
) -> str:
    if holder is None or not end:
        return ""
    value: float | None = getattr(holder, end)
    if value is None:
        is_unknown = not less and end != "margin"
        return numbers.UNKNOWN_TEXT if is_unknown else ""
    is_share = figure in SHARES or figure is Figure.RISK
    is_share = is_share or (figure is Figure.TEST and unit in ("share", ""))
    return numbers.quantity_to_edit(round(value, 12), Unit.SHARE if is_share else Unit.NONE)


def _as_text(cell: str) -> str:
    """The cell, guarded where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
