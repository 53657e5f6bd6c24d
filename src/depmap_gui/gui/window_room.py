"""Room for the map in a narrow window: which side panels fold, and the strip that unfolds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
)

from depmap_gui.gui.icons import paint_icon

MOST_OF_WIDTH = 0.5
"""What the panels at the sides may take of the window together: the map has the rest."""
MOST_OF_HEIGHT = 0.4
"""What the panel below may take of the height that it shares with the map."""
STRIP = 28
"""Width of the strip that stands for a folded panel, at the usual size of text."""
_ARROW = 16
_AIR = 8


def side_widths(
    whole: float,
    wanted: Mapping[str, float],
    least: Mapping[str, float],
    strip: float,
    asked: Sequence[str] = (),
) -> dict[str, float]:
    """The width of each panel that is ``wanted``: what it wants where there is room, 0 folded.

    Where all would leave the map less than half of the ``whole``, they shrink down to their
    ``least`` widths; where even those are too much, panels fold to strips. One that was
    ``asked`` for folds last: the latest asked stands first, and is shown even if it alone is
    too wide.
    """
    room = whole * MOST_OF_WIDTH
    order = [name for name in asked if name in wanted]
    order += [name for name in reversed(list(wanted)) if name not in order]
    shown: list[str] = []
    for name in order:
        strips = strip * (len(wanted) - len(shown) - 1)
        needed = sum(least[each] for each in (*shown, name)) + strips
        if needed <= room or (not shown and name in asked):
            shown.append(name)
    folded = {name: 0.0 for name in wanted if name not in shown}
    room -= strip * len(folded)
    spare = room - sum(least[name] for name in shown)
    asked_more = {name: max(0.0, wanted[name] - least[name]) for name in shown}
    share = min(1.0, max(0.0, spare) / total) if (total := sum(asked_more.values())) else 1.0
    return folded | {name: least[name] + asked_more[name] * share for name in shown}


def height_below(whole: float, wanted: float, least: float, *, is_asked: bool) -> float:
    """The height of the panel below the map: what it wants, or what leaves the map its share.

    0 where it is to fold to its tabs: where its least is too much, unless it was asked for.
    """
    room = whole * MOST_OF_HEIGHT
    if room < least:
        return least if is_asked else 0.0
    return min(max(wanted, least), room)


class Strip(QToolButton):
    """A narrow strip at the window's side with a panel's name; a click unfolds the panel."""

    def __init__(self, title: str, *, is_right: bool) -> None:
        super().__init__()
        self._arrow = "chevron-left" if is_right else "chevron-right"
        self.setText(title)
        self.setProperty("role", "strip")
        self.setAccessibleName(f"Show {title}")
        self.setToolTip(f"Show {title}. It is folded to leave the map room in a narrow window.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Qt: as wide as a line of text is high, with some air."""
        metrics = self.fontMetrics()
        return QSize(
            max(STRIP, metrics.height() + 12),
            metrics.horizontalAdvance(self.text()) + _ARROW + 4 * _AIR,
        )

    def minimumSizeHint(self) -> QSize:
        """Qt: the name may be cut, the arrow not."""
        return QSize(self.sizeHint().width(), _ARROW + 2 * _AIR)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: an arrow on top, below it the name, read from bottom to top."""
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().buttonText().color()
        arrow = QRectF((self.width() - _ARROW) / 2, _AIR, _ARROW, _ARROW)
        paint_icon(painter, self._arrow, ink.name(), arrow)
        length = self.height() - _ARROW - 3 * _AIR
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, length)
        painter.setPen(ink)
        painter.translate(0.0, self.height() - _AIR)
        painter.rotate(-90.0)
        at_top = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0.0, 0.0, length, float(self.width())), at_top, words)
