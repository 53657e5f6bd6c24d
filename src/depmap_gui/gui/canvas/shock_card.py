"""How a card shows that it stops in a shock: the lost part is hatched, and a tag says how much.

Both are drawn in map units on a card whose top left corner is the origin.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.numbers import DASH, percent
from depmap_gui.gui.theme import Theme, color, mix, pixel_font

MOST_DIMMED = 0.65
_LEAST = 0.0005
_ALL = 1.0 - _LEAST
_STEP = 9.0
_TAG_LEFT = 9.0
_HIGHEST_TAG = 13.0
_SMALLEST_WORDS = 9.0


class CardShock(NamedTuple):
    """What a card loses: the share that is sure to be lost, and that with what is unknown."""

    low: float
    high: float
    words: str

    @property
    def is_hit(self) -> bool:
        """Whether there is a loss to show."""
        return self.high >= _LEAST or bool(self.words)

    def coarse(self) -> CardShock:
        """The same without words, in steps that can be told apart from far away."""
        return CardShock(round(self.low * 16) / 16, round(self.high * 16) / 16, "")


def loss_words(low: float, high: float) -> str:
    """A loss in a word or two: 'stops', '−40%', '−40–60%', 'may stop'; empty for none."""
    if high < _LEAST:
        return ""
    if low >= _ALL:
        return "stops"
    if low < _LEAST:
        return "may stop" if high >= _ALL else f"up to −{_whole(high)}"
    if round(low * 100) == round(high * 100):
        return f"−{_whole(low)}"
    return f"−{round(low * 100)}{DASH}{_whole(high)}"


def _whole(share: float) -> str:
    return percent(share if share < 0.01 else round(share, 2))


def paint_loss(
    painter: QPainter, shock: CardShock, theme: Theme, radius: float, *, is_far: bool = False
) -> None:
    """Dim the card's ground by what is lost, and hatch the lost part from the right.

    What is lost for sure has close strokes, what may be lost too has wide broken ones.
    """
    frame = QRectF(1.0, 1.0, CARD_WIDTH - 2, CARD_HEIGHT - 2)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(mix(theme.raised, theme.canvas, shock.low)))
    painter.drawRoundedRect(frame, radius - 1, radius - 1)
    # Seen from afar there are no words to keep readable, and thin strokes would drown.
    ink = mix(theme.raised, theme.muted, 0.7 if is_far else 0.34)
    bold = 3.0 if is_far else 1.0
    sure = frame.width() * shock.low
    perhaps = frame.width() * (shock.high - shock.low)
    right = frame.right()
    _hatch(
        painter,
        QRectF(right - sure, 1.0, sure, frame.height()),
        QPen(color(ink), 1.6 * bold),
        _STEP * bold,
    )
    broken = QPen(color(ink), 1.4 * bold)
    broken.setDashPattern([4.0, 4.0])
    rest = QRectF(right - sure - perhaps, 1.0, perhaps, frame.height())
    _hatch(painter, rest, broken, 2.0 * _STEP * bold)
    painter.restore()


def _hatch(painter: QPainter, rect: QRectF, pen: QPen, step: float) -> None:
    if rect.width() < 1.0:
        return
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(pen)
    at = rect.left() - rect.height()
    at -= at % step
    while at < rect.right():
        painter.drawLine(QPointF(at, rect.bottom()), QPointF(at + rect.height(), rect.top()))
        at += step
    painter.restore()


def paint_loss_tag(
    painter: QPainter, shock: CardShock, theme: Theme, pixels: float, zoom: float = 1.0
) -> None:
    """A tag on the upper edge with a switched-off sign and words of ``pixels`` height."""
    if not shock.words:
        return
    size = max(pixels, min(_SMALLEST_WORDS / zoom, 20.0))
    words_font = pixel_font(round(size), QFont.Weight.DemiBold, tabular=True)
    metrics = QFontMetricsF(words_font)
    height = size * 1.6
    sign = size * 0.86
    width = min(metrics.horizontalAdvance(shock.words) + sign + size * 1.5, CARD_WIDTH - 32)
    top = max(-height / 2, -_HIGHEST_TAG)
    tag = QRectF(_TAG_LEFT, top, width, height)
    ink = theme.ineligible_text
    painter.save()
    painter.setPen(QPen(color(ink), 1.3))
    painter.setBrush(color(theme.raised))
    painter.drawRoundedRect(tag, height / 2, height / 2)
    middle = QPointF(tag.left() + size * 0.5 + sign / 2, tag.center().y())
    painter.setPen(QPen(color(ink), max(1.4, size * 0.13)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, sign / 2, sign / 2)
    arm = sign * 0.34
    painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
    painter.setPen(color(ink))
    painter.setFont(words_font)
    left = middle.x() + sign / 2 + size * 0.3
    room = QRectF(left, tag.top(), tag.right() - left - size * 0.3, height)
    align = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    words = metrics.elidedText(shock.words, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, align, words)
    painter.restore()
