"""A histogram of samples, with its percentiles marked on a box below the bars."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from depmap_gui.analysis.uncertainty_results import Distribution
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.uncertainty_words import SAME, spread_text
from depmap_gui.gui.theme import Theme, color

BARS_HEIGHT = 92
BOX_HEIGHT = 22
_GAP = 4


class Histogram(QWidget):
    """How samples of a share are spread.

    ``filled`` is painted as bars, ``outlined`` (where it differs) as a line over them; both as
    densities on one scale. Below: a line from the 5th to the 95th percentile, a box from the
    25th to the 75th, a stroke at the median and a diamond at the mean. A ``threshold`` is a line
    through the bars, in sight wherever the samples lie.
    """

    def __init__(
        self,
        filled: Distribution,
        outlined: Distribution,
        theme: Theme,
        threshold: float | None = None,
    ) -> None:
        super().__init__()
        self.threshold = threshold
        self.filled, self.outlined, self._theme = filled, outlined, theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self.setFont(numbers.tabular(self.font()))
        self.setAccessibleName("Histogram of the samples")
        told = spread_text(filled)
        if threshold is not None:
            told += f" The threshold is {numbers.percent(threshold)}."
        self.setAccessibleDescription(told)
        shown = () if threshold is None else (threshold,)
        self.least = min(filled.least, outlined.least, *shown)
        self.most = max(filled.most, outlined.most, *shown)

    @property
    def draws_outline(self) -> bool:
        """Whether the documented shares are spread otherwise than the possible ones."""
        filled, outlined = self.filled, self.outlined
        return (filled.edges, filled.counts) != (outlined.edges, outlined.counts)

    def sizeHint(self) -> QSize:
        """As high as bars, box and the words of the axis."""
        return QSize(260, BARS_HEIGHT + BOX_HEIGHT + self.fontMetrics().height() + 2 * _GAP)

    def minimumSizeHint(self) -> QSize:
        """As :meth:`sizeHint`, and narrower."""
        return QSize(160, self.sizeHint().height())

    def bin_at(self, x: float) -> int | None:
        """The bar at a horizontal place; None beside the bars."""
        edges = self.filled.edges
        share = self.least + (x - 1) / max(self.width() - 2, 1) * (self.most - self.least)
        if len(edges) < 2 or not edges[0] <= share <= edges[-1]:
            return None
        return min(bisect_right(edges, share) - 1, len(self.filled.counts) - 1)

    def bin_text(self, at: int) -> str:
        """A bar in words: '72–74%: 312 of 10,000 samples'."""
        low, high = self.filled.edges[at], self.filled.edges[at + 1]
        total = sum(self.filled.counts)
        count = numbers.count(self.filled.counts[at])
        span = numbers.percent_range(low, high)
        return f"{span}: {count} of {numbers.count(total)} samples"

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what the bar under the mouse counts."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            at = self.bin_at(event.pos().x())
            words = "" if at is None else self.bin_text(at)
            QToolTip.showText(event.globalPos(), words or self.accessibleDescription(), self)
            return True
        return super().event(event)

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars, outline, box and axis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        peak = max(_peak(self.filled), _peak(self.outlined) if self.draws_outline else 0.0)
        self._draw_bars(painter, peak)
        if self.draws_outline:
            self._draw_outline(painter, peak)
        painter.setPen(QPen(color(self._theme.line_strong), 1))
        painter.drawLine(QPointF(0, BARS_HEIGHT + 0.5), QPointF(self.width(), BARS_HEIGHT + 0.5))
        self._draw_box(painter)
        self._draw_threshold(painter)
        self._draw_axis(painter)
        painter.end()

    def across(self, share: float) -> float:
        """Where a share lies across the widget; in the middle where all are one."""
        span = self.most - self.least
        if span < SAME:
            return self.width() / 2
        return 1 + (share - self.least) / span * (self.width() - 2)

    def _draw_bars(self, painter: QPainter, peak: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.accent, 0.55 if self._theme.is_dark else 0.40))
        edges = self.filled.edges
        if edges[-1] - edges[0] < SAME:
            painter.drawRect(QRectF(self.across(edges[0]) - 2, 4, 4, BARS_HEIGHT - 4))
            return
        for at, density in enumerate(_densities(self.filled)):
            left, right = self.across(edges[at]), self.across(edges[at + 1])
            height = density / peak * (BARS_HEIGHT - 4)
            inset = 0.5 if right - left > 3 else 0.0
            painter.drawRect(
                QRectF(left + inset, BARS_HEIGHT - height, right - left - 2 * inset, height)
            )

    def _draw_outline(self, painter: QPainter, peak: float) -> None:
        pen = QPen(color(self._theme.text), 1.4)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edges = self.outlined.edges
        if edges[-1] - edges[0] < SAME:
            x = self.across(edges[0])
            painter.drawLine(QPointF(x, 4), QPointF(x, BARS_HEIGHT))
            return
        steps = [QPointF(self.across(edges[0]), BARS_HEIGHT)]
        for at, density in enumerate(_densities(self.outlined)):
            top = BARS_HEIGHT - density / peak * (BARS_HEIGHT - 4)
            steps += [
                QPointF(self.across(edges[at]), top),
                QPointF(self.across(edges[at + 1]), top),
            ]
        steps.append(QPointF(self.across(edges[-1]), BARS_HEIGHT))
        painter.drawPolyline(QPolygonF(steps))

    def _draw_box(self, painter: QPainter) -> None:
        spread, middle = self.filled, BARS_HEIGHT + _GAP + BOX_HEIGHT / 2
        painter.setPen(QPen(color(self._theme.muted), 1.5))
        painter.drawLine(
            QPointF(self.across(spread.p5), middle), QPointF(self.across(spread.p95), middle)
        )
        for end in (spread.p5, spread.p95):
            painter.drawLine(
                QPointF(self.across(end), middle - 4), QPointF(self.across(end), middle + 4)
            )
        left, right = self.across(spread.p25), self.across(spread.p75)
        painter.setBrush(color(self._theme.accent_tint))
        painter.setPen(QPen(color(self._theme.accent_text), 1.5))
        painter.drawRect(QRectF(left, middle - 6, max(right - left, 2.0), 12))
        median = self.across(spread.p50)
        painter.setPen(QPen(color(self._theme.text), 2))
        painter.drawLine(QPointF(median, middle - 8), QPointF(median, middle + 8))
        mean = self.across(spread.mean)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.text))
        diamond = [(0, -4), (4, 0), (0, 4), (-4, 0)]
        painter.drawPolygon(QPolygonF([QPointF(mean + x, middle + y) for x, y in diamond]))

    def _draw_threshold(self, painter: QPainter) -> None:
        if self.threshold is None:
            return
        # A line of a pixel and a half must not lie half outside at either end.
        x = min(max(self.across(self.threshold), 1.0), self.width() - 1.0)
        pen = QPen(color(self._theme.ineligible_text), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 0), QPointF(x, BARS_HEIGHT + BOX_HEIGHT + _GAP))

    def _draw_axis(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        painter.setPen(color(self._theme.muted))
        top = BARS_HEIGHT + BOX_HEIGHT + 2 * _GAP
        room = QRectF(0, top, self.width(), QFontMetrics(self.font()).height())
        if self.most - self.least < SAME:
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, numbers.percent(self.least))
            return
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, numbers.percent(self.least))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, numbers.percent(self.most))


def _densities(spread: Distribution) -> list[float]:
    """Samples a unit of width, as a share of all samples, for each bin."""
    total = max(sum(spread.counts), 1)
    return [
        count / total / (high - low)
        for count, low, high in zip(spread.counts, spread.edges[:-1], spread.edges[1:], strict=True)
    ]


def _peak(spread: Distribution) -> float:
    if spread.edges[-1] - spread.edges[0] < SAME:
        return 1e-12
    return max(_densities(spread), default=0.0) or 1e-12
