"""The map by keyboard: which key does what, and where the arrow keys lead."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from depmap_gui.gui.canvas.scene import Scene

NUDGE = 8.0

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class KeyedMap(Protocol):
    """What the keys ask of the canvas."""

    scene: Scene

    def selected_items(self) -> list[str]:
        """The selected cards."""

    def go_to(self, id: str) -> None:
        """Select one card and bring it into sight."""

    def nudge(self, right: float, down: float) -> None:
        """Move the selected cards a little."""

    def rename_selected(self) -> None:
        """Type another name on the card."""

    def remove_selected(self) -> None:
        """Take the selection off the map."""

    def select_all(self) -> None:
        """Select every card and link."""

    def connect_selected(self) -> None:
        """Choose the other end of a link from a list."""

    def inspect(self) -> None:
        """Go to the selection's properties."""

    def give_up(self) -> bool:
        """Cancel what is under way; whether there was anything."""

    def zoom_in(self) -> None:
        """Larger."""

    def zoom_out(self) -> None:
        """Smaller."""


def press(keyed: KeyedMap, event: QKeyEvent) -> bool:
    """Do what the key says; whether it says anything here."""
    has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    key = Qt.Key(event.key())
    if key in _ARROWS:
        return _arrow(keyed, _ARROWS[key], nudges=has_control)
    match key:
        case Qt.Key.Key_F2:
            keyed.rename_selected()
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            keyed.remove_selected()
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            keyed.inspect()
        case Qt.Key.Key_Escape:
            return keyed.give_up()
        case Qt.Key.Key_A if has_control:
            keyed.select_all()
        case Qt.Key.Key_K if not has_control:
            keyed.connect_selected()
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            keyed.zoom_in()
        case Qt.Key.Key_Minus:
            keyed.zoom_out()
        case _:
            return False
    return True


def _arrow(keyed: KeyedMap, toward: tuple[float, float], *, nudges: bool) -> bool:
    chosen = keyed.selected_items()
    if nudges:
        if chosen:
            keyed.nudge(toward[0] * NUDGE, toward[1] * NUDGE)
        return bool(chosen)
    if not keyed.scene.ids:
        return False
    found = neighbor(keyed.scene, chosen[-1], toward) if chosen else reading_order(keyed.scene)[0]
    if found is not None:
        keyed.go_to(found)
    return True


def neighbor(scene: Scene, id: str, toward: tuple[float, float]) -> str | None:
    """The next card in a direction: near, and not far off to the side."""
    row = scene.index[id]
    off = scene.centers - scene.centers[row]
    ahead = off[:, 0] * toward[0] + off[:, 1] * toward[1]
    aside = np.abs(off[:, 0] * toward[1]) + np.abs(off[:, 1] * toward[0])
    cost = np.where(ahead > 1.0, ahead + 2.0 * aside, math.inf)
    cost[row] = math.inf
    best = int(cost.argmin())
    return scene.ids[best] if math.isfinite(cost[best]) else None


def reading_order(scene: Scene) -> list[str]:
    """All cards, column by column from left to right, each from top to bottom."""
    columns = np.round(scene.centers[:, 0] / 60.0)
    order = np.lexsort((scene.centers[:, 1], columns))
    return [scene.ids[row] for row in order.tolist()]


def next_in_order(scene: Scene, chosen: list[str], step: int) -> str | None:
    """The card after (or before) the selected one; None past either end."""
    order = reading_order(scene)
    if not order:
        return None
    if not chosen:
        return order[0 if step > 0 else -1]
    place = order.index(chosen[-1]) + step
    return order[place] if 0 <= place < len(order) else None
