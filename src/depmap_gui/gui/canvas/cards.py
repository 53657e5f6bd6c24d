"""A card: how one item looks on the map, with more or fewer details as one zooms.

:func:`paint_card` draws it at the origin in map units; :class:`Sprites` keeps drawn cards as
pictures at the zoom in use, because most frames show the same cards again.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.canvas.shock_card import (
    MOST_DIMMED,
    CardShock,
    paint_loss,
    paint_loss_tag,
)
from depmap_gui.gui.icons import paint_icon
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.theme import Theme, Tone, color, mix, pixel_font

MARGIN = 14.0
RADIUS = 8.0
PAD = 12.0
TILE = 30.0
TEXT_LEFT = PAD + TILE + 9.0
TEXT_WIDTH = CARD_WIDTH - TEXT_LEFT - 7.0
BAR_TOP = CARD_HEIGHT - 17.0
BAR_HEIGHT = 6.0
FIGURE_WIDTH = 50.0
SMALLEST_NAME = 10.5
_CLOSER = 0.88
_STEPS = 64
_KEPT_PIXELS = 24_000_000

_NO_PEN = QPen(Qt.PenStyle.NoPen)
_HOLLOW = (Tone.UNKNOWN, Tone.ENDED)
"""Badges that are a ring with a mark: no verdict stands behind them."""


class Detail(IntEnum):
    """How much of a card is drawn; each level has all that the one before has."""

    BLOCK = 0
    PLAIN = 1
    NAME = 2
    FULL = 3


def detail_at(zoom: float) -> Detail:
    """What can still be told apart at the zoom."""
    if zoom >= 0.68:
        return Detail.FULL
    if zoom >= 0.3:
        return Detail.NAME
    return Detail.PLAIN if zoom >= 0.11 else Detail.BLOCK


class CardLook(NamedTuple):
    """All that a card shows. ``low`` and ``high`` are NaN where there is no figure.

    ``shock`` is what it loses in the shock that is on, if anything. The card of a collapsed
    group looks like a stack; one that ``is_tinted`` wears the color of its status.
    """

    kind: EntityKind
    name: str
    context: str
    low: float
    high: float
    tone: Tone | None
    shock: CardShock | None = None
    is_group: bool = False
    is_tinted: bool = False

    @property
    def dimmed(self) -> float:
        """How far the card is dimmed, 0..1: by what it is sure to lose."""
        return self.shock.low if self.shock is not None else 0.0

    @property
    def has_figure(self) -> bool:
        """Whether there is an exposure to show."""
        return not math.isnan(self.low)


def paint_card(
    painter: QPainter, look: CardLook, theme: Theme, detail: Detail, zoom: float = 1.0
) -> None:
    """Draw the card with its top left corner at the origin, in map units."""
    _paint_ground(painter, look, theme, detail, zoom)
    _paint_facts(painter, look, theme, detail, zoom)


def _paint_ground(
    painter: QPainter, look: CardLook, theme: Theme, detail: Detail, zoom: float
) -> None:
    """What many cards have in common: the frame, and what tells their kind."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.is_group:
        _paint_stack(painter, theme, zoom)
    _paint_frame(painter, theme, detail, zoom, look.tone if look.is_tinted else None)
    if look.shock is not None:
        paint_loss(painter, look.shock, theme, RADIUS, is_far=detail <= Detail.PLAIN)
    painter.setOpacity(1.0 - MOST_DIMMED * look.dimmed)
    if detail is Detail.FULL:
        _paint_tile(painter, look, theme)
    else:
        _paint_stripe(painter, look.kind, theme)
    painter.setOpacity(1.0)


def _paint_facts(
    painter: QPainter, look: CardLook, theme: Theme, detail: Detail, zoom: float
) -> None:
    """What a card says of its own item."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(1.0 - MOST_DIMMED * look.dimmed)
    match detail:
        case Detail.FULL:
            _paint_bar(painter, look, theme, QRectF(*_bar_rect(look)))
            painter.setOpacity(1.0)
            _paint_words(painter, look, theme)
            _paint_figure(painter, look, theme)
        case Detail.NAME:
            _paint_bar(painter, look, theme, QRectF(16, CARD_HEIGHT - 16, CARD_WIDTH - 28, 9))
            painter.setOpacity(1.0)
            _paint_name_only(painter, look, theme, zoom)
        case _:
            _paint_bar(painter, look, theme, QRectF(30, CARD_HEIGHT - 34, CARD_WIDTH - 46, 20))
            painter.setOpacity(1.0)
    if look.tone is not None:
        paint_card_badge(painter, look.tone, theme, detail)
    if look.shock is not None and detail >= Detail.NAME:
        paint_loss_tag(painter, look.shock, theme, 11.0 if detail is Detail.FULL else 15.0, zoom)


def paint_card_badge(painter: QPainter, tone: Tone, theme: Theme, detail: Detail) -> None:
    """The badge on the corner of a card that stands at the origin."""
    radius = 10.0 if detail is Detail.FULL else 12.0 if detail is Detail.NAME else 18.0
    paint_badge(painter, tone, theme, QPointF(CARD_WIDTH - 5, 5), radius, ground=theme.canvas)


def _paint_frame(
    painter: QPainter, theme: Theme, detail: Detail, zoom: float, tint: Tone | None
) -> None:
    frame = QRectF(0.5, 0.5, CARD_WIDTH - 1, CARD_HEIGHT - 1)
    is_full = detail is Detail.FULL
    if is_full:
        painter.setPen(_NO_PEN)
        for spread, alpha in ((2.5, 0.02), (1.5, 0.03), (0.5, 0.04)):
            painter.setBrush(color(theme.shadow, alpha * (3.0 if theme.is_dark else 1.0)))
            grown = frame.adjusted(-spread, -spread + 1.5, spread, spread + 1.5)
            painter.drawRoundedRect(grown, RADIUS + spread, RADIUS + spread)
    edge = theme.line if is_full and not theme.is_dark else theme.line_strong
    edge = edge if tint is None else theme.fill(tint)
    painter.setPen(QPen(color(edge), max(1.0, 0.9 / zoom)))
    painter.setBrush(color(theme.raised if tint is None else theme.status_ground(tint)))
    painter.drawRoundedRect(frame, RADIUS, RADIUS)


def _paint_stripe(painter: QPainter, kind: EntityKind, theme: Theme) -> None:
    painter.setPen(_NO_PEN)
    painter.setBrush(color(theme.kind(kind)))
    painter.drawRoundedRect(QRectF(0.5, 0.5, 9, CARD_HEIGHT - 1), 4, 4)


def _paint_stack(painter: QPainter, theme: Theme, zoom: float) -> None:
    """Two more cards that show from behind."""
    painter.setPen(QPen(color(theme.line_strong), max(1.0, 0.9 / zoom)))
    painter.setBrush(color(mix(theme.raised, theme.canvas, 0.5)))
    for behind in (8.0, 4.0):
        rect = QRectF(0.5 + behind, 0.5 + behind, CARD_WIDTH - 1 - 2 * behind, CARD_HEIGHT - 1)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)


def _paint_tile(painter: QPainter, look: CardLook, theme: Theme) -> None:
    kind = look.kind
    painter.setPen(_NO_PEN)
    painter.setBrush(color(theme.kind_tint(kind)))
    top = PAD if kind is not EntityKind.JURISDICTION else (CARD_HEIGHT - TILE) / 2
    painter.drawRoundedRect(QRectF(PAD, top, TILE, TILE), 7, 7)
    inner = QRectF(PAD + 6, top + 6, TILE - 12, TILE - 12)
    paint_icon(painter, "layers" if look.is_group else kind.value, theme.kind(kind), inner)


def _paint_words(painter: QPainter, look: CardLook, theme: Theme) -> None:
    down = 9.0 if look.kind is EntityKind.JURISDICTION else 0.0
    room = TEXT_WIDTH - (4 if look.tone else 0)
    name_font = pixel_font(theme.map_pixels(13), QFont.Weight.DemiBold)
    if QFontMetricsF(name_font).horizontalAdvance(look.name) > room:
        name_font = pixel_font(theme.map_pixels(12), QFont.Weight.DemiBold)
    painter.setFont(name_font)
    painter.setPen(color(mix(theme.text, theme.muted, look.dimmed)))
    painter.drawText(QPointF(TEXT_LEFT, 25 + down), _elided(look.name, name_font, room))
    context_font = pixel_font(theme.map_pixels(11))
    painter.setFont(context_font)
    painter.setPen(color(theme.muted))
    painter.drawText(QPointF(TEXT_LEFT, 41 + down), _elided(look.context, context_font, TEXT_WIDTH))


def _paint_name_only(painter: QPainter, look: CardLook, theme: Theme, zoom: float) -> None:
    size = max(theme.map_pixels(15), round(SMALLEST_NAME * theme.map_scale / zoom))
    name_font = pixel_font(size, QFont.Weight.DemiBold)
    if QFontMetricsF(name_font).horizontalAdvance(look.name) > CARD_WIDTH - 30:
        # Rather somewhat smaller than cut off.
        name_font = pixel_font(round(size * _CLOSER), QFont.Weight.DemiBold)
    painter.setFont(name_font)
    painter.setPen(color(mix(theme.text, theme.muted, look.dimmed)))
    words = _elided(look.name, name_font, CARD_WIDTH - 26)
    below = 0.0 if not look.has_figure else 14.0
    above = 4.0 if look.shock is None else 14.0
    painter.drawText(
        QRectF(18, above, CARD_WIDTH - 28, CARD_HEIGHT - 4 - above - below),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
        words,
    )


def _elided(words: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, width)


def _bar_rect(look: CardLook) -> tuple[float, float, float, float]:
    width = CARD_WIDTH - 2 * PAD - (FIGURE_WIDTH if look.has_figure else 0)
    return (PAD, BAR_TOP, width, BAR_HEIGHT)


def _paint_bar(painter: QPainter, look: CardLook, theme: Theme, rect: QRectF) -> None:
    if look.has_figure:
        paint_exposure_bar(painter, look.low, look.high, theme, rect)


def paint_exposure_bar(
    painter: QPainter, low: float, high: float, theme: Theme, rect: QRectF
) -> None:
    """A bar over 0..1: filled up to ``low`` (documented), hatched on to ``high``."""
    round_off = rect.height() / 2
    painter.save()
    painter.setPen(_NO_PEN)
    painter.setBrush(color(theme.exposure_low))
    painter.drawRoundedRect(rect, round_off, round_off)
    filled = rect.width() * min(1.0, max(0.0, low))
    upto = rect.width() * min(1.0, max(0.0, high))
    if upto - filled > 0.5:
        _paint_hatch(
            painter, QRectF(rect.left() + filled, rect.top(), upto - filled, rect.height()), theme
        )
    if filled > 0.3:
        painter.setBrush(color(theme.exposure(0.5 + 0.5 * low)))
        painter.drawRoundedRect(
            QRectF(rect.left(), rect.top(), max(filled, rect.height() * 0.6), rect.height()),
            round_off,
            round_off,
        )
    painter.restore()


def _paint_hatch(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Slanted stripes: what is not documented."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, color(mix(theme.exposure_low, theme.exposure_mid, 0.25)))
    step = max(4.0, rect.height() * 0.75)
    painter.setPen(QPen(color(theme.exposure_mid), step * 0.42))
    at = rect.left() - rect.height()
    while at < rect.right() + rect.height():
        painter.drawLine(
            QPointF(at, rect.bottom() + 1), QPointF(at + rect.height() + 2, rect.top() - 1)
        )
        at += step
    painter.restore()


def _paint_figure(painter: QPainter, look: CardLook, theme: Theme) -> None:
    if not look.has_figure:
        return
    figure_font = pixel_font(theme.map_pixels(10), QFont.Weight.Medium, tabular=True)
    painter.setFont(figure_font)
    painter.setPen(color(theme.muted))
    rect = QRectF(CARD_WIDTH - PAD - FIGURE_WIDTH, BAR_TOP - 6, FIGURE_WIDTH, BAR_HEIGHT + 12)
    painter.drawText(
        rect,
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        figure(look.low, look.high),
    )


def figure(low: float, high: float) -> str:
    """An exposure in whole percent: '62–76%', '62%', or 'unknown' where nothing is documented."""
    if low < 0.005 and high > 0.995:
        return "unknown"
    least, most = round(low * 100), round(high * 100)
    return percent(least / 100) if least == most else f"{least}–{percent(most / 100)}"


def paint_badge(
    painter: QPainter, tone: Tone, theme: Theme, middle: QPointF, radius: float, *, ground: str
) -> None:
    """A status: circle, triangle, octagon or one of two rings, each with its own mark."""
    painter.save()
    painter.translate(middle)
    painter.setPen(QPen(color(ground), radius * 0.36))
    shape = _badge_shape(tone, radius)
    is_hollow = tone in _HOLLOW
    painter.setBrush(color(theme.raised if is_hollow else theme.fill(tone)))
    painter.drawPolygon(shape)
    if is_hollow:
        painter.setPen(QPen(color(theme.muted), radius * 0.16))
        painter.drawPolygon(_circle(radius * 0.86))
    else:
        painter.setPen(_NO_PEN)
        painter.drawPolygon(shape)
    _paint_mark(painter, tone, theme, radius)
    painter.restore()


def _badge_shape(tone: Tone, radius: float) -> QPolygonF:
    match tone:
        case Tone.WARN:
            return _corners(3, radius * 1.2, -90.0, QPointF(0, radius * 0.16))
        case Tone.BAD:
            return _corners(8, radius * 1.04, 22.5, QPointF())
        case _:
            return _circle(radius)


def _circle(radius: float) -> QPolygonF:
    return _corners(40, radius, 0.0, QPointF())


def _corners(count: int, radius: float, first: float, middle: QPointF) -> QPolygonF:
    angles = [math.radians(first + 360.0 * number / count) for number in range(count)]
    return QPolygonF([middle + QPointF(radius * math.cos(a), radius * math.sin(a)) for a in angles])


def _paint_mark(painter: QPainter, tone: Tone, theme: Theme, radius: float) -> None:
    ink = theme.muted if tone in _HOLLOW else "#FFFFFF"
    r = radius
    pen = QPen(color(ink), r * 0.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match tone:
        case Tone.GOOD:
            painter.drawPolyline(
                QPolygonF(
                    [
                        QPointF(-0.42 * r, 0.04 * r),
                        QPointF(-0.1 * r, 0.36 * r),
                        QPointF(0.44 * r, -0.32 * r),
                    ]
                )
            )
        case Tone.BAD:
            painter.drawLine(QPointF(-0.34 * r, -0.34 * r), QPointF(0.34 * r, 0.34 * r))
            painter.drawLine(QPointF(-0.34 * r, 0.34 * r), QPointF(0.34 * r, -0.34 * r))
        case Tone.WARN:
            painter.drawLine(QPointF(0, -0.38 * r), QPointF(0, 0.16 * r))
            painter.drawPoint(QPointF(0, 0.5 * r))
        case Tone.UNKNOWN:
            painter.setFont(pixel_font(max(1, round(r * 1.25)), QFont.Weight.Bold))
            rect = QRectF(-r, -r, 2 * r, 2 * r)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "?")
        case Tone.ENDED:
            painter.setPen(_NO_PEN)
            painter.setBrush(color(ink))
            painter.drawRoundedRect(
                QRectF(-0.36 * r, -0.36 * r, 0.72 * r, 0.72 * r), 0.1 * r, 0.1 * r
            )


class Sprites:
    """Cards as pictures, kept by all that they show; the least used go first."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._pixels = 0
        self._grounds: dict[tuple[EntityKind, bool, Tone | None], QPixmap] = {}
        self._grounds_at = (0.0, 0.0)

    def get(self, look: CardLook, zoom: float, scale: float) -> QPixmap:
        """The card at the zoom, with ``MARGIN`` around it, for a screen of that scale."""
        detail = detail_at(zoom)
        if detail <= Detail.PLAIN:
            look = _without_words(look)
        figures = (_step(look.low), _step(look.high))
        key = (*look[:3], *figures, *look[5:], zoom, scale)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._drawn(look, zoom, scale, detail)
            self._pixels += found.width() * found.height()
            while self._pixels > _KEPT_PIXELS and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._pixels -= gone.width() * gone.height()
        else:
            self._kept.move_to_end(key)
        return found

    def _drawn(self, look: CardLook, zoom: float, scale: float, detail: Detail) -> QPixmap:
        if look.shock is not None:
            return _picture(
                None, zoom, scale, lambda p: paint_card(p, look, self._theme, detail, zoom)
            )
        ground = self.ground(look, zoom, scale)
        return _picture(
            ground, zoom, scale, lambda p: _paint_facts(p, look, self._theme, detail, zoom)
        )

    def ground(self, look: CardLook, zoom: float, scale: float) -> QPixmap:
        """The picture of such a card that says nothing yet, and tells no loss."""
        detail, look = detail_at(zoom), look._replace(shock=None)
        if self._grounds_at != (zoom, scale):
            self._grounds_at = (zoom, scale)
            self._grounds.clear()
        key = (look.kind, look.is_group, look.tone if look.is_tinted else None)
        found = self._grounds.get(key)
        if found is None:
            found = self._grounds[key] = _picture(
                None, zoom, scale, lambda p: _paint_ground(p, look, self._theme, detail, zoom)
            )
        return found


def _picture(
    ground: QPixmap | None, zoom: float, scale: float, paint: Callable[[QPainter], None]
) -> QPixmap:
    """A card painted on a copy of the ground, or on nothing, with ``MARGIN`` around it."""
    factor = zoom * scale
    if ground is not None:
        pixmap = ground.copy()
        pixmap.setDevicePixelRatio(1.0)
    else:
        width = math.ceil((CARD_WIDTH + 2 * MARGIN) * factor)
        height = math.ceil((CARD_HEIGHT + 2 * MARGIN) * factor)
        pixmap = QPixmap(width, height)
        pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(factor, factor)
    painter.translate(MARGIN, MARGIN)
    paint(painter)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _without_words(look: CardLook) -> CardLook:
    """What is left of a card when its words are too small to read, in coarser steps."""
    shock = look.shock.coarse() if look.shock is not None else None
    low, high = _coarse(look.low), _coarse(look.high)
    return look._replace(name="", context="", low=low, high=high, shock=shock)


def _coarse(share: float) -> float:
    return share if math.isnan(share) else round(share * 16) / 16


def _step(share: float) -> int:
    return -1 if math.isnan(share) else round(share * _STEPS)
