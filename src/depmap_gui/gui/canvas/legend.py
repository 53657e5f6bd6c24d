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

WIDTH = 560.0
_PAD = 12.0
_ROW = 19.0
_LINE_COLUMNS = 5
_TONE_COLUMNS = 2

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
    Tone.UNKNOWN: "not determined, ended",
}


class Legend(NamedTuple):
    """What is shown on the map, and so needs explaining; drawn ``scale`` times as large."""

    title: str
    has_figures: bool
    has_undocumented: bool
    lines: tuple[tuple[str, LinkKind], ...]
    tones: tuple[Tone, ...]
    by_status: bool = False
    scale: float = 1.0


def legend_of(scene: Scene, coloring: Coloring, scale: float = 1.0) -> Legend:
    """The legend of a scene: only what occurs on it."""
    lines: dict[str, LinkKind] = {}
    for row in np.unique(scene.link_kinds).tolist():
        lines.setdefault(_LINK_WORDS[LINK_KINDS[row]], LINK_KINDS[row])
    order = list(dict.fromkeys(_LINK_WORDS.values()))
    shown = {scene.badges[id].tone for id in scene.index.keys() & scene.badges.keys()}
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
    return QSizeF(WIDTH, _head(legend) + rows * _ROW + 8.0) * legend.scale


def _head(legend: Legend) -> float:
    return 34.0 if legend.has_figures else 8.0


def _line_rows(legend: Legend) -> int:
    return -(-(len(legend.lines) + legend.has_undocumented) // _LINE_COLUMNS)


def _tone_rows(legend: Legend) -> int:
    return -(-len(legend.tones) // _TONE_COLUMNS)


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
    bar = QRectF(WIDTH - _PAD - 38 - 120, 14, 120, 7)
    title_font = pixel_font(11, QFont.Weight.DemiBold)
    painter.setFont(title_font)
    painter.setPen(color(theme.text))
    words = QFontMetricsF(title_font).elidedText(
        legend.title, Qt.TextElideMode.ElideRight, bar.left() - 34 - _PAD
    )
    painter.drawText(QPointF(_PAD, 22), words)
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        ramp.setColorAt(share, color(theme.exposure(share)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ramp)
    painter.drawRoundedRect(bar, 3.5, 3.5)
    painter.setFont(pixel_font(10, tabular=True))
    painter.setPen(color(theme.muted))
    painter.drawText(QRectF(bar.left() - 36, 10, 30, 15), Qt.AlignmentFlag.AlignRight, percent(0.0))
    painter.drawText(QRectF(bar.right() + 6, 10, 36, 15), Qt.AlignmentFlag.AlignLeft, percent(1.0))


def _paint_lines(painter: QPainter, legend: Legend, theme: Theme, top: float) -> float:
    step = (WIDTH - 2 * _PAD) / _LINE_COLUMNS
    painter.setFont(pixel_font(11))
    for number, (word, kind) in enumerate(legend.lines):
        line, column = divmod(number, _LINE_COLUMNS)
        left, middle = _PAD + column * step, top + line * _ROW + _ROW / 2
        _paint_stroke(painter, kind, theme, left, middle)
        painter.setPen(color(theme.muted))
        painter.drawText(QPointF(left + 31, middle + 4), word)
    if legend.has_undocumented:
        line, column = divmod(len(legend.lines), _LINE_COLUMNS)
        left, middle = _PAD + column * step, top + line * _ROW + _ROW / 2
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
    step = (WIDTH - 2 * _PAD) / _TONE_COLUMNS
    for number, tone in enumerate(legend.tones):
        line, column = divmod(number, _TONE_COLUMNS)
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
