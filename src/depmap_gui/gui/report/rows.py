"""Rows of cells, and how they come onto pages: nothing is clipped, no heading stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from depmap_gui.gui.report.pieces import Piece
from depmap_gui.gui.report.typography import UNIT
from depmap_gui.gui.theme import color

COMPANIONS = 2
"""Rows that stay below a heading on its page."""
_SPLIT_FROM = 0.4
"""The share of a page from which on a row is parted instead of moved to the next page."""


class Cell(NamedTuple):
    """Pieces below one another, at a place of the row and in a width."""

    x: float
    width: float
    pieces: Sequence[Piece]

    @property
    def height(self) -> float:
        """How much room the pieces take."""
        return sum(piece.height for piece in self.pieces)


@dataclass(frozen=True)
class Row:
    """Cells beside one another, which stay on one page where they can.

    One that is ``glued`` is a heading: it stays with the rows after it. ``head`` is repeated
    where the row begins a page. A row that ``fits`` is drawn as high as the page has room, from
    ``least`` to ``most``.
    """

    cells: tuple[Cell, ...] = ()
    above: float = 0.0
    below: float = 0.0
    rule: str = ""
    ground: str = ""
    glued: bool = False
    head: Row | None = None
    least: float = 0.0
    most: float = 0.0
    fits: Callable[[QPainter, QRectF], None] | None = None

    @property
    def height(self) -> float:
        """How much room it takes; of one that fits, the least."""
        if self.fits is not None:
            return self.least
        return self.above + max((cell.height for cell in self.cells), default=0.0) + self.below

    def draw(self, painter: QPainter, at: QPointF, width: float, height: float) -> None:
        """Draw ground, rule and cells."""
        if self.fits is not None:
            self.fits(painter, QRectF(at.x(), at.y(), width, height))
            return
        if self.ground:
            painter.fillRect(QRectF(at.x(), at.y(), width, height), color(self.ground))
        if self.rule:
            painter.setPen(QPen(color(self.rule), 0.5 * UNIT))
            painter.drawLine(at, at + QPointF(width, 0.0))
        for cell in self.cells:
            y = at.y() + self.above
            for piece in cell.pieces:
                piece.draw(painter, QPointF(at.x() + cell.x, y), cell.width)
                y += piece.height

    def parted(self, room: float) -> tuple[Row, Row] | None:
        """The row in two, the first no higher than ``room``; None where nothing of it fits."""
        inside = room - self.above - self.below
        first, rest = [], []
        for cell in self.cells:
            taken, used = 0, 0.0
            for piece in cell.pieces:
                if used + piece.height > inside:
                    break
                used += piece.height
                taken += 1
            first.append(cell._replace(pieces=cell.pieces[:taken]))
            rest.append(cell._replace(pieces=cell.pieces[taken:]))
        if not any(cell.pieces for cell in first):
            return None
        return replace(self, cells=tuple(first)), replace(self, cells=tuple(rest), rule="")


class Placed(NamedTuple):
    """A row on its page."""

    row: Row
    top: float
    height: float


def paged(rows: Sequence[Row], room: float) -> list[list[Placed]]:
    """The rows on pages that are ``room`` high."""
    book = _Pages(room)
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        needed = _needed(row, waiting, room)
        if not book.is_empty and book.left < needed and not _is_parted(row, room):
            book.turn()
        book.begin(row)
        if row.fits is not None:
            book.place(row, min(row.most, book.left))
        elif row.height <= book.left:
            book.place(row, row.height)
        else:
            waiting[:0] = _in_parts(row, book)
    return [page for page in book.pages if page]


def _needed(row: Row, after: Sequence[Row], room: float) -> float:
    """How much room must be left for the row to begin here: with the rows that stay below it."""
    if not row.glued:
        return row.height
    needed, companions = row.height, 0
    for other in after:
        if needed + other.height > room:
            break
        needed += other.height
        companions += not other.glued
        if companions == COMPANIONS or other.fits is not None:
            break
    return needed


def _is_parted(row: Row, room: float) -> bool:
    """Whether a row is so high that it is parted where the page ends."""
    return row.fits is None and not row.glued and row.height > _SPLIT_FROM * room


def _in_parts(row: Row, book: _Pages) -> list[Row]:
    """Place as much of a high row as the page has room for; gives the rest."""
    parts = row.parted(book.left)
    if parts is None:
        if book.is_empty:
            # Not even one line fits an empty page: it is placed as it is rather than never.
            book.place(row, row.height)
            return []
        book.turn()
        return [row]
    book.place(parts[0], parts[0].height)
    book.turn()
    return [parts[1]]


class _Pages:
    """Pages that are being filled. Repeated heads do not count as something on a page."""

    def __init__(self, room: float) -> None:
        self._room = room
        self._at = 0.0
        self.is_empty = True
        self.pages: list[list[Placed]] = [[]]

    @property
    def left(self) -> float:
        """The room that is left on this page."""
        return self._room - self._at

    def turn(self) -> None:
        """Go on with a new page."""
        self.pages.append([])
        self._at = 0.0
        self.is_empty = True

    def begin(self, row: Row) -> None:
        """Repeat the head of a table that goes on here."""
        if self.is_empty and row.head is not None and not self.pages[-1]:
            self.place(row.head, row.head.height)
            self.is_empty = True

    def place(self, row: Row, height: float) -> None:
        """Put the row below the others."""
        if self._at == 0.0 and row.glued and len(self.pages) > 1:
            # What keeps a heading off the rows before it would leave a hole at the top of a page.
            height -= row.above
            row = replace(row, above=0.0)
        self.pages[-1].append(Placed(row, self._at, height))
        self._at += height
        self.is_empty = False
