"""The legend: what the colors, hatches, lines and badges on this very map mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui.canvas.cards import paint_badge, paint_exposure_bar
from depmap_gui.gui.canvas.connectors import EndMark, stroke
from depmap_gui.gui.canvas.scene import LINK_KINDS, Scene
from depmap_gui.gui.coloring import SCORE_WORDS, Coloring
from depmap_gui.gui.lenses import LENSES
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.theme import Theme, Tone, color, pixel_font

_WIDE = 624.0
_WIDE_BY_STATUS = 676.0
_TALL = 320.0
_PAD = 12.0
_ROW = 19.0
_BAR = 120.0

_LINK_WORDS = {
    LinkKind.SUPPLIES: "supply",
    LinkKind.USES: "license",
    LinkKind.LICENSES: "license",
    LinkKind.OWNS: "ownership",
    LinkKind.OPERATES: "ownership",
    LinkKind.LENDS: "debt",
    LinkKind.LOCATED: "located in",
}
_TONE_WORDS = {
    Tone.GOOD: "eligible, not prohibited",
    Tone.WARN: "at risk, uncertain",
    Tone.BAD: "ineligible, prohibited",
    Tone.UNKNOWN: "not determined",
    Tone.ENDED: "credit ended",
}


class Legend(NamedTuple):
    """What is shown on the map, and so needs explaining; drawn ``scale`` times as large.

    One that ``is_tall`` is half as wide, for where a map leaves more room beside than below it.
    """

    title: str
    has_figures: bool
    has_undocumented: bool
    lines: tuple[tuple[str, LinkKind], ...]
    tones: tuple[Tone, ...]
    by_status: bool = False
    scale: float = 1.0
    is_tall: bool = False

    @property
    def width(self) -> float:
        """How wide it is, before it is scaled."""
        wide = _WIDE_BY_STATUS if self.by_status else _WIDE
        return _TALL if self.is_tall else wide

    @property
    def tone_columns(self) -> int:
        """How many statuses stand side by side."""
        if self.is_tall:
            return 1 if self.by_status else 2
        return 4

    @property
    def line_columns(self) -> int:
        """How many kinds of links stand side by side."""
        return 2 if self.is_tall else max(5, len(self.lines) + self.has_undocumented)


def legend_of(scene: Scene, coloring: Coloring, scale: float = 1.0) -> Legend:
    """The legend of a scene: only what occurs on it."""
    lines: dict[str, LinkKind] = {}
    for row in np.unique(scene.link_kinds).tolist():
        lines.setdefault(_LINK_WORDS[LINK_KINDS[row]], LINK_KINDS[row])
    order = list(dict.fromkeys(_LINK_WORDS.values()))
    tones = tuple(Tone)
    shown = {tones[place] for place in np.unique(scene.statuses).tolist() if place >= 0}
    with np.errstate(invalid="ignore"):
        undocumented = bool(np.any(scene.high - scene.low > 0.005))
    look = LENSES[scene.lens] if scene.lens else None
    by_status = look is not None and look.by_status
    place = _place_name(scene, coloring.jurisdiction)
    said = f"{place} · {SCORE_WORDS[coloring.score]}"
    said = f"Cards by status · Bars: {said}" if by_status else f"Color: {said}"
    return Legend(
        title=f"{look.name} lens · {said}" if look else said,
        has_figures=bool(np.any(~np.isnan(scene.low))),
        has_undocumented=undocumented,
        lines=tuple((word, lines[word]) for word in order if word in lines),
        tones=tuple(tone for tone in Tone if tone in shown),
        by_status=by_status,
        scale=scale,
    )


def _place_name(scene: Scene, code: str) -> str:
    for entity in scene.project.of_kind(Jurisdiction):
        if code in (entity.code, entity.id):
            return entity.name or code
    return code


def legend_size(legend: Legend) -> QSizeF:
    """How much room the legend takes; empty where nothing needs explaining."""
    rows = _line_rows(legend) + _tone_rows(legend)
    if not rows and not legend.has_figures:
        return QSizeF()
    return QSizeF(legend.width, _head(legend) + rows * _ROW + 8.0) * legend.scale


def can_be_tall(legend: Legend) -> bool:
    """Whether the title of the legend is short enough for the narrow shape."""
    title = QFontMetricsF(_title_font()).horizontalAdvance(legend.title)
    return title <= _TALL - 2 * _PAD or not legend.has_figures


def _title_font() -> QFont:
    return pixel_font(11, QFont.Weight.DemiBold)


def _head(legend: Legend) -> float:
    if not legend.has_figures:
        return 8.0
    return 52.0 if legend.is_tall else 34.0


def _line_rows(legend: Legend) -> int:
    hatched = legend.has_undocumented and not legend.is_tall
    return -(-(len(legend.lines) + hatched) // legend.line_columns)


def _tone_rows(legend: Legend) -> int:
    return -(-len(legend.tones) // legend.tone_columns)


def paint_legend(painter: QPainter, legend: Legend, theme: Theme, corner: QPointF) -> None:
    """Draw the legend with its top left corner at ``corner``, in pixels."""
    size = legend_size(legend)
    if size.isEmpty():
        return
    painter.save()
    painter.translate(corner)
    painter.scale(legend.scale, legend.scale)
    size /= legend.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color(theme.line_strong if theme.is_dark else theme.line), 1.0))
    painter.setBrush(color(theme.raised))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 8, 8)
    top = _head(legend)
    if legend.has_figures:
        _paint_scale(painter, legend, theme)
    top = _paint_lines(painter, legend, theme, top)
    _paint_tones(painter, legend, theme, top)
    painter.restore()


def _paint_scale(painter: QPainter, legend: Legend, theme: Theme) -> None:
    bar = QRectF(legend.width - _PAD - 38 - _BAR, 14, _BAR, 7)
    room = bar.left() - 34 - _PAD
    if legend.is_tall:
        bar = QRectF(_PAD + 26, 35, 96, 7)
        room = legend.width - 2 * _PAD
    painter.setFont(_title_font())
    painter.setPen(color(theme.text))
    metrics = QFontMetricsF(_title_font())
    words = metrics.elidedText(legend.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(_PAD, 22), words)
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        ramp.setColorAt(share, color(theme.exposure(share)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ramp)
    painter.drawRoundedRect(bar, 3.5, 3.5)
    painter.setFont(pixel_font(10, tabular=True))
    painter.setPen(color(theme.muted))
    before = QRectF(bar.left() - 36, bar.top() - 4, 31, 15)
    after = QRectF(bar.right() + 6, bar.top() - 4, 40, 15)
    painter.drawText(before, Qt.AlignmentFlag.AlignRight, percent(0.0))
    painter.drawText(after, Qt.AlignmentFlag.AlignLeft, percent(1.0))


def _paint_lines(painter: QPainter, legend: Legend, theme: Theme, top: float) -> float:
    step = (legend.width - 2 * _PAD) / legend.line_columns
    painter.setFont(pixel_font(11))
    for number, (word, kind) in enumerate(legend.lines):
        line, column = divmod(number, legend.line_columns)
        left, middle = _PAD + column * step, top + line * _ROW + _ROW / 2
        _paint_stroke(painter, kind, theme, left, middle)
        painter.setPen(color(theme.muted))
        painter.drawText(QPointF(left + 31, middle + 4), word)
    if legend.has_undocumented:
        line, column = divmod(len(legend.lines), legend.line_columns)
        left, middle = _PAD + column * step, top + line * _ROW + _ROW / 2
        if legend.is_tall:
            left, middle = legend.width / 2 + 26, 38.5
        paint_exposure_bar(painter, 0.0, 1.0, theme, QRectF(left, middle - 3.5, 24, 7))
        painter.setFont(pixel_font(11))
        painter.setPen(color(theme.muted))
        painter.drawText(QPointF(left + 31, middle + 4), "undocumented")
    return top + _line_rows(legend) * _ROW


def _paint_stroke(
    painter: QPainter, kind: LinkKind, theme: Theme, left: float, middle: float
) -> None:
    """A short piece of a link of the kind, 24 pixels long."""
    style = stroke(kind, theme)
    pen = QPen(color(style.color), style.width or 1.8)
    if style.pattern:
        pen.setDashPattern([part / pen.widthF() for part in style.pattern])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(left, middle), QPointF(left + 24, middle))
    if style.end is EndMark.DIAMOND:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(style.color))
        painter.drawPolygon(
            [
                QPointF(left + 16, middle),
                QPointF(left + 21, middle - 4),
                QPointF(left + 26, middle),
                QPointF(left + 21, middle + 4),
            ]
        )


def _paint_tones(painter: QPainter, legend: Legend, theme: Theme, top: float) -> None:
    step = (legend.width - 2 * _PAD) / legend.tone_columns
    for number, tone in enumerate(legend.tones):
        line, column = divmod(number, legend.tone_columns)
        left, middle = _PAD + column * step, top + line * _ROW + _ROW / 2
        if legend.by_status:
            painter.setPen(QPen(color(theme.fill(tone)), 1.0))
            painter.setBrush(color(theme.status_ground(tone)))
            painter.drawRoundedRect(QRectF(left + 4, middle - 7.5, 32, 15), 4, 4)
            left += 22.0
        paint_badge(painter, tone, theme, QPointF(left + 8, middle), 7.0, ground=theme.raised)
        painter.setFont(pixel_font(11))
        painter.setPen(color(theme.muted))
        painter.drawText(QPointF(left + 21, middle + 4), _TONE_WORDS[tone])
