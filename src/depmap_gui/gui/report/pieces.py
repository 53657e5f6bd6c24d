"""What stands in the cells of a page: lines of words, bars with hatching, marks.

A piece knows its height and draws itself into a width; all measures are device units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from depmap_gui.gui.icons import paint_icon
from depmap_gui.gui.report.typography import UNIT, Run, face
from depmap_gui.gui.theme import LIGHT, color, mix

_MARK_GAP = 4.0


class Piece(Protocol):
    """Something that stands in a cell."""

    @property
    def height(self) -> float:
        """How much room it takes downward."""

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw it with its top left corner there."""


class Mark(NamedTuple):
    """An icon before a line, which says without color what the color says."""

    icon: str
    color: str
    points: float = 8.5

    def draw(self, painter: QPainter, at: QPointF, height: float) -> None:
        """Draw the icon in the middle of a line of that height."""
        side = self.points * UNIT
        top = at.y() + (height - side) / 2
        paint_icon(painter, self.icon, self.color, QRectF(at.x(), top, side, side))


@dataclass(frozen=True)
class Line:
    """One line of words, laid out. The layout is kept for the line, which lives in it."""

    layout: QTextLayout
    line: QTextLine
    height: float
    indent: float = 0.0
    mark: Mark | None = None
    right: bool = False

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the words, and before the first line of a text its mark."""
        if self.mark is not None:
            free = width - self.indent - self.line.naturalTextWidth() if self.right else 0.0
            self.mark.draw(painter, at + QPointF(max(0.0, free), 0.0), self.height)
        rise = (self.height - self.line.height()) / 2 - self.line.y()
        self.line.draw(painter, at + QPointF(self.indent, rise))


@dataclass(frozen=True)
class Gap:
    """Nothing, of some height."""

    height: float

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Leave it free."""


def text_lines(
    runs: Sequence[Run], width: float, *, mark: Mark | None = None, right: bool = False
) -> list[Piece]:
    """The words as lines no wider than ``width``; a word that is longer is parted."""
    indent = 0.0 if mark is None else (mark.points + _MARK_GAP) * UNIT
    layout = QTextLayout("".join(run.text for run in runs), face(runs[0].style))
    option = QTextOption(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    layout.setTextOption(option)
    layout.setFormats(_formats(runs))
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(UNIT, width - indent))
        line.setPosition(QPointF(0.0, 0.0))
        lines.append(line)
    layout.endLayout()
    leading = max(run.style.leading for run in runs) * UNIT
    return [
        Line(layout, line, leading, indent, mark if number == 0 else None, right)
        for number, line in enumerate(lines)
    ]


def _formats(runs: Sequence[Run]) -> list[QTextLayout.FormatRange]:
    ranges, start = [], 0
    for run in runs:
        found = QTextLayout.FormatRange()
        # Qt counts in units of UTF-16.
        found.start, found.length = start, len(run.text.encode("utf-16-le")) // 2
        form = QTextCharFormat()
        form.setFont(face(run.style))
        form.setForeground(color(run.style.color))
        found.format = form
        ranges.append(found)
        start += found.length
    return ranges


# Bars -------------------------------------------------------------------------------------


class Part(NamedTuple):
    """One part of a bar; the undocumented part is hatched instead of filled."""

    share: float
    color: str
    is_hatched: bool = False


@dataclass(frozen=True)
class Bar:
    """A whole as parts beside one another, with an outline that shows where it ends."""

    parts: tuple[Part, ...]
    points: float = 7.0
    room: float = 10.5

    @property
    def height(self) -> float:
        """How much room it takes downward."""
        return self.room * UNIT

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the parts from the left."""
        tall = self.points * UNIT
        top = at.y() + (self.height - tall) / 2
        left = at.x()
        for part in self.parts:
            across = width * part.share
            fill(painter, QRectF(left, top, across, tall), part)
            left += across
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color(LIGHT.line_strong), 0.5 * UNIT))
        painter.drawRect(QRectF(at.x(), top, width, tall))


def fill(painter: QPainter, area: QRectF, part: Part) -> None:
    """Fill an area as a part of a bar is: plainly, or hatched with lines."""
    if area.width() <= 0.0:
        return
    if not part.is_hatched:
        painter.fillRect(area, color(part.color))
        return
    painter.fillRect(area, color(LIGHT.panel))
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color(part.color), 0.7 * UNIT))
    step, tall = 3.2 * UNIT, area.height()
    count = int((area.width() + tall) / step) + 1
    starts = [area.left() - tall + number * step for number in range(count + 1)]
    painter.drawLines([QLineF(x, area.bottom(), x + tall, area.top()) for x in starts])
    painter.restore()


class Entry(NamedTuple):
    """One entry of a bar's legend, in the order of its parts."""

    part: Part
    runs: tuple[Run, ...]


_SWATCH, _BETWEEN = 6.0, 9.0


def legend_lines(entries: Sequence[Entry], width: float) -> list[Piece]:
    """The entries one after another, each behind a swatch, wrapped to the width."""
    lines: list[list[tuple[float, Part, Line]]] = [[]]
    x = 0.0
    for entry in entries:
        around = (_SWATCH + 3.0) * UNIT
        laid = [line for line in text_lines(entry.runs, width - around) if isinstance(line, Line)]
        across = around + max(line.line.naturalTextWidth() for line in laid)
        if x > 0.0 and x + across > width:
            lines.append([])
            x = 0.0
        lines[-1].append((x, entry.part, laid[0]))
        x += across + _BETWEEN * UNIT
        for line in laid[1:]:
            lines.append([(0.0, Part(0.0, ""), line)])
            x = width
    return [LegendLine(tuple(line)) for line in lines if line]


@dataclass(frozen=True)
class LegendLine:
    """One line of a legend: swatches with their words."""

    entries: tuple[tuple[float, Part, Line], ...]

    @property
    def height(self) -> float:
        """How much room it takes downward."""
        return max(line.height for _, _, line in self.entries)

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw each swatch and its words."""
        side = _SWATCH * UNIT
        for x, part, line in self.entries:
            corner = at + QPointF(x, (self.height - side) / 2)
            if part.color:
                area = QRectF(corner.x(), corner.y(), side, side)
                fill(painter, area, part)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(color(LIGHT.line_strong), 0.4 * UNIT))
                painter.drawRect(area)
            line.draw(painter, at + QPointF(x + (_SWATCH + 3.0) * UNIT, 0.0), width)


# Years ------------------------------------------------------------------------------------


class YearMark(NamedTuple):
    """How a credit stands in one year: a mark, its word, both in a color."""

    year: Run
    mark: Mark
    word: Run


@dataclass(frozen=True)
class YearStrip:
    """The years beside one another, each with its mark and word."""

    years: tuple[YearMark, ...]
    height: float = 34.0 * UNIT

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw a field for each year."""
        across = width / len(self.years)
        for number, year in enumerate(self.years):
            area = QRectF(at.x() + number * across, at.y(), across - 1.5 * UNIT, self.height)
            painter.fillRect(area, color(mix(LIGHT.panel, year.mark.color, 0.09)))
            self._centered(painter, year.year, area, 2.0)
            side = year.mark.points * UNIT
            corner = QPointF(area.center().x() - side / 2, area.top() + 11.5 * UNIT)
            year.mark.draw(painter, corner, side)
            self._centered(painter, year.word, area, 23.5)

    @staticmethod
    def _centered(painter: QPainter, run: Run, area: QRectF, top: float) -> None:
        for line in text_lines([run], area.width() * 2)[:1]:
            assert isinstance(line, Line)
            left = area.center().x() - line.line.naturalTextWidth() / 2
            line.draw(painter, QPointF(left, area.top() + top * UNIT), area.width())
