"""Where the keyboard goes: Tab in reading order, F6 from one part of the window to the next.

Qt's own order is that in which controls were made; those of panels that are filled anew would
come last, behind a table that keeps Tab for its cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

SAME_ROW = 10
"""How far apart the middles of two controls in one row may lie, in pixels."""


def reading_order(part: QWidget) -> list[QWidget]:
    """What Tab reaches in a part of the window (itself included), row by row."""
    found = [
        (each.mapTo(part, QPoint(0, 0)), each)
        for each in (part, *part.findChildren(QWidget))
        if _is_reached(each)
    ]
    found.sort(key=lambda entry: entry[0].y() + entry[1].height() / 2)
    rows: list[list[tuple[int, QWidget]]] = []
    middle_of_row = 0.0
    for at, widget in found:
        middle = at.y() + widget.height() / 2
        if not rows or middle - middle_of_row > SAME_ROW:
            rows.append([])
            middle_of_row = middle
        rows[-1].append((at.x(), widget))
    return [widget for row in rows for _, widget in sorted(row, key=lambda entry: entry[0])]


def _is_reached(widget: QWidget) -> bool:
    has_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return has_tab and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


class FocusOrder:
    """The order of one window, whose parts are given as one reads them."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        self._parts = tuple(parts)
        self._left: dict[QWidget, QWidget] = {}

    def step(self, *, forward: bool) -> bool:
        """Go to the next or previous control; False where there is none."""
        order = [widget for part in self._shown() for widget in reading_order(part)]
        if not order:
            return False
        now = QApplication.focusWidget()
        while now is not None and now not in order:
            now = now.parentWidget()
        by = 1 if forward else -1
        at = order.index(now) + by if now is not None else (0 if forward else -1)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        order[at % len(order)].setFocus(reason)
        return True

    def turn(self, by: int) -> None:
        """Go to the part that is ``by`` further on, to where one was in it last."""
        parts = [part for part in self._shown() if reading_order(part)]
        if not parts:
            return
        now = QApplication.focusWidget()
        here = next((n for n, part in enumerate(parts) if _holds(part, now)), None)
        if here is not None and now is not None:
            self._left[parts[here]] = now
        part = parts[(here + by) % len(parts)] if here is not None else parts[0]
        order = reading_order(part)
        last = self._left.get(part)
        goal = last if last is not None and last in order else order[0]
        goal.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if part.isVisible()]


def _holds(part: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))
