"""A tornado: for each uncertain quantity a bar from the figure at its low to that at its high."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from depmap_gui.analysis.uncertainty_results import Tornado, TornadoBar
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.parts import ClickRow, label, tone_icon
from depmap_gui.gui.panels.score_words import VERDICT_TONES, VERDICT_WORDS
from depmap_gui.gui.panels.scores_parts import ROLE_OF_TONE
from depmap_gui.gui.panels.uncertainty_words import SAME, figure_text, quantity_text
from depmap_gui.gui.theme import Theme, color
from depmap_gui.rules.results import Verdict

_BAR = 12
_GAP = 6


class Scale(msgspec.Struct, frozen=True):
    """What all bars of a tornado share: the axis, the figure, the threshold, the unit, and the
    room that the longest figure needs beside a bar, in pixels."""

    least: float
    most: float
    figure: float | None
    threshold: float | None
    unit: str
    room: int

    def part(self, value: float) -> float:
        """Where a value lies on the axis, 0..1."""
        span = self.most - self.least
        return 0.5 if span < SAME else (value - self.least) / span


def scale_of(tornado: Tornado, unit: str, width_of: Callable[[str], int]) -> Scale:
    """The axis that fits all bars of a tornado; the threshold where it is near."""
    ends = [end for bar in tornado.bars for end in (bar.at_low, bar.at_high) if end is not None]
    if tornado.figure is not None:
        ends.append(tornado.figure)
    least, most = min(ends, default=0.0), max(ends, default=1.0)
    threshold, span = tornado.threshold, most - least
    if threshold is not None and not least - span <= threshold <= most + span:
        threshold = None
    if threshold is not None:
        least, most = min(least, threshold), max(most, threshold)
    room = max((width_of(figure_text(end, unit)) for end in ends), default=0)
    return Scale(least, most, tornado.figure, threshold, unit, room + _GAP)


class SwingBar(QWidget):
    """One bar: hatched toward the quantity's low, filled toward its high, a figure at each end."""

    def __init__(self, bar: TornadoBar, scale: Scale, theme: Theme) -> None:
        super().__init__()
        self._bar, self._scale, self._theme = bar, scale, theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(2 * scale.room + 40)
        self.setFont(numbers.tabular(self.font()))

    def sizeHint(self) -> QSize:
        """As high as the figures at its ends."""
        return QSize(220, max(self.fontMetrics().height(), _BAR) + 4)

    def across(self, value: float) -> float:
        """Where a value lies across the widget."""
        room = self._scale.room
        return room + self._scale.part(value) * (self.width() - 2 * room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axis, bar, figure and threshold."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_marks(painter)
        bar, scale = self._bar, self._scale
        middle = scale.figure
        for end, is_low in ((bar.at_low, True), (bar.at_high, False)):
            if end is None:
                continue
            start = middle if middle is not None else end
            left, right = sorted((self.across(start), self.across(end)))
            room = QRectF(left, (self.height() - _BAR) / 2, max(right - left, 2.0), _BAR)
            ink = color(self._theme.accent_text)
            painter.setPen(QPen(ink, 1))
            painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern) if is_low else QBrush(ink))
            painter.drawRect(room)
        self._draw_figures(painter)
        painter.end()

    def _draw_marks(self, painter: QPainter) -> None:
        for value, pen in (
            (self._scale.figure, QPen(color(self._theme.muted), 1)),
            (
                self._scale.threshold,
                QPen(color(self._theme.text), 1.5, Qt.PenStyle.DashLine),
            ),
        ):
            if value is not None:
                painter.setPen(pen)
                x = self.across(value)
                painter.drawLine(QLineF(x, 0, x, self.height()))

    def _draw_figures(self, painter: QPainter) -> None:
        """The lesser figure at the left of the bar, the greater at its right."""
        painter.setPen(color(self._theme.text))
        painter.setFont(self.font())
        ends = sorted(end for end in (self._bar.at_low, self._bar.at_high) if end is not None)
        if not ends:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "nothing measured")
            return
        known = [*ends, *([self._scale.figure] if self._scale.figure is not None else [])]
        left, right = self.across(min(known)), self.across(max(known))
        center, unit = Qt.AlignmentFlag.AlignVCenter, self._scale.unit
        before = QRectF(0, 0, left - _GAP, self.height())
        painter.drawText(before, center | Qt.AlignmentFlag.AlignRight, figure_text(ends[0], unit))
        after = QRectF(right + _GAP, 0, self.width() - right - _GAP, self.height())
        painter.drawText(after, center | Qt.AlignmentFlag.AlignLeft, figure_text(ends[-1], unit))


class BarRow(ClickRow):
    """A quantity with its range, its bar, and below it the verdicts at its ends."""

    def __init__(
        self,
        bar: TornadoBar,
        scale: Scale,
        currency: str,
        theme: Theme,
        act: Callable[[], object] | None,
    ) -> None:
        self.said = bar_text(bar, scale, currency)
        super().__init__(act, self.said)
        self.setToolTip(f"{self.said}\nClick to show it on the map.")
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(label(bar.quantity.label))
        lines.addWidget(label(quantity_text(bar.quantity, currency), "muted", figures=True))
        lines.addWidget(SwingBar(bar, scale, theme))
        if bar.verdict_at_low is not None and bar.verdict_at_high is not None:
            lines.addWidget(_verdicts(bar, bar.verdict_at_low, bar.verdict_at_high, theme))
        self.row.addLayout(lines, 1)


def _verdicts(bar: TornadoBar, low: Verdict, high: Verdict, theme: Theme) -> QWidget:
    """'uncertain at its low, passes at its high', with the icons of the verdicts."""
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    if not bar.changes_verdict:
        column.addWidget(label(f"Verdict unchanged: {VERDICT_WORDS[low]}", "muted"))
        return line
    for verdict, where in ((low, "low"), (high, "high")):
        tone = VERDICT_TONES[verdict]
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(tone_icon(tone, theme, 14))
        said: QLabel = label(f"{VERDICT_WORDS[verdict]} at its {where}", ROLE_OF_TONE[tone])
        row.addWidget(said, 1)
        column.addLayout(row)
    return line


def bar_text(bar: TornadoBar, scale: Scale, currency: str) -> str:
    """A bar in words: the quantity, and the figure at its low and its high."""
    words = (
        f"{bar.quantity.label}, {quantity_text(bar.quantity, currency)}: "
        f"{figure_text(bar.at_low, scale.unit)} at its low, "
        f"{figure_text(bar.at_high, scale.unit)} at its high"
    )
    if bar.changes_verdict and bar.verdict_at_low is not None and bar.verdict_at_high is not None:
        low, high = VERDICT_WORDS[bar.verdict_at_low], VERDICT_WORDS[bar.verdict_at_high]
        words += f"; the verdict changes: {low} at its low, {high} at its high"
    return f"{words}."


def legend(tornado: Tornado, scale: Scale) -> Sequence[str]:
    """What the marks of a tornado mean, in sentences."""
    told = ["Hatched toward its low, filled toward its high; all others at their likely value."]
    if tornado.figure is not None:
        told.append(f"Line: the figure now, {figure_text(tornado.figure, scale.unit)}.")
    if tornado.threshold is not None:
        where = "Dashed: the threshold" if scale.threshold is not None else "Threshold"
        told.append(f"{where}, {figure_text(tornado.threshold, scale.unit)}.")
    return told
