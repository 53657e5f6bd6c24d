"""Paragraphs, headings and tables as rows, on the grid of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from depmap_gui.gui.report.pieces import Mark, Piece, text_lines
from depmap_gui.gui.report.rows import Cell, Row
from depmap_gui.gui.report.typography import (
    BODY,
    HEAD,
    HEADING,
    MUTED,
    SMALL,
    SUBHEADING,
    UNIT,
    Run,
    Style,
)
from depmap_gui.gui.theme import LIGHT
from depmap_gui.session.report_values import Said

_GUTTER = 8.0
NO_BREAK = "\N{NO-BREAK SPACE}"


class Column(NamedTuple):
    """A column of a table: its head, and its share of the width."""

    head: str
    share: float
    right: bool = False


class Grid(NamedTuple):
    """Columns at their places, in device units."""

    columns: tuple[Column, ...]
    places: tuple[tuple[float, float], ...]

    def row(self, cells: Sequence[Sequence[Piece]], head: Row | None = None) -> Row:
        """A row of a table, below a thin rule."""
        placed = tuple(
            Cell(x, width, pieces) for (x, width), pieces in zip(self.places, cells, strict=True)
        )
        return Row(placed, 4.0 * UNIT, 4.0 * UNIT, rule=LIGHT.line, head=head)

    def head(self) -> Row:
        """The row that names the columns."""
        placed = tuple(
            Cell(x, width, text_lines([Run(column.head, HEAD)], width, right=column.right))
            for column, (x, width) in zip(self.columns, self.places, strict=True)
            if column.head
        )
        return Row(placed, 3.0 * UNIT, 3.0 * UNIT, glued=True)

    def lines(self, number: int, *runs: Run, mark: Mark | None = None) -> list[Piece]:
        """Words laid out for a column."""
        width, right = self.places[number][1], self.columns[number].right
        return text_lines(runs, width, mark=mark, right=right)


def grid(width: float, columns: Sequence[Column], start: float = 0.0) -> Grid:
    """Columns side by side over ``width``, from ``start``, with gutters between them."""
    gutter = _GUTTER * UNIT
    free = width - gutter * (len(columns) - 1)
    total = sum(column.share for column in columns)
    places, x = [], start
    for column in columns:
        across = free * column.share / total
        places.append((x, across))
        x += across + gutter
    return Grid(tuple(columns), tuple(places))


def paragraph(
    width: float,
    *runs: Run,
    above: float = 0.0,
    below: float = 4.0,
    x: float = 0.0,
    mark: Mark | None = None,
    glued: bool = False,
) -> Row:
    """Words over the width, from ``x``; ``glued`` where they lead into what follows."""
    lines = text_lines(runs, width - x, mark=mark)
    return Row((Cell(x, width - x, lines),), above * UNIT, below * UNIT, glued=glued)


def heading(width: float, text: str, *, style: Style = HEADING, above: float = 18.0) -> Row:
    """A heading, which stays with what follows."""
    lines = text_lines([Run(text, style)], width)
    return Row((Cell(0.0, width, lines),), above * UNIT, 4.0 * UNIT, glued=True)


def subheading(width: float, text: str, above: float = 10.0) -> Row:
    """A heading within a section."""
    return heading(width, text, style=SUBHEADING, above=above)


def label_row(width: float, text: str, above: float = 8.0) -> Row:
    """A small heading over a list or table."""
    return heading(width, text, style=SMALL.strong, above=above)


def bullets(width: float, sentences: Iterable[str], style: Style = BODY) -> list[Row]:
    """Sentences below one another, each behind a dot."""
    dot, indent = Run("•", style.colored(LIGHT.accent)), 10.0 * UNIT
    return [
        Row(
            (
                Cell(0.0, indent, text_lines([dot], indent)),
                Cell(indent, width - indent, text_lines([Run(each, style)], width - indent)),
            ),
            0.0,
            3.0 * UNIT,
        )
        for each in sentences
    ]


def said_runs(said: Said, style: Style = SMALL) -> list[Run]:
    """A sentence with what it rests on: the law it cites, the sources by number."""
    runs = [Run(said.text, style)]
    if said.citation:
        runs.append(Run(f" {said.citation}.", style.colored(LIGHT.muted)))
    if said.sources:
        runs.append(Run(cited(said.sources), style.colored(LIGHT.accent_text)))
    return runs


def cited(numbers: Sequence[int]) -> str:
    """The numbers of sources behind a fact: ' [1, 4]'."""
    return f" [{f',{NO_BREAK}'.join(map(str, numbers))}]" if numbers else ""


def note(width: float, text: str, above: float = 2.0) -> list[Row]:
    """A muted line below a table; none where there is nothing to say."""
    return [paragraph(width, Run(text, MUTED), above=above)] if text else []
