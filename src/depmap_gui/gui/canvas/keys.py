"""The map by keyboard: which key does what, and where the arrow keys lead."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from depmap_gui.gui.canvas.boxes import written_on
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

    def selected_boxes(self) -> list[str]:
        """The selected notes and frames."""

    @property
    def can_nudge(self) -> bool:
        """Whether anything is selected that arrow keys can move."""

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
    if nudges:
        can_nudge = keyed.can_nudge
        if can_nudge:
            keyed.nudge(toward[0] * NUDGE, toward[1] * NUDGE)
        return can_nudge
    order = reading_order(keyed.scene)
    if not order:
        return False
    chosen = [*keyed.selected_items(), *keyed.selected_boxes()]
    found = neighbor(keyed.scene, chosen[-1], toward) if chosen else order[0]
    if found is not None:
        keyed.go_to(found)
    return True


def neighbor(scene: Scene, id: str, toward: tuple[float, float]) -> str | None:
    """The next card, note or frame in a direction: near, and not far off to the side."""
    ids, places = _stops(scene)
    row = ids.index(id)
    off = places - places[row]
    ahead = off[:, 0] * toward[0] + off[:, 1] * toward[1]
    aside = np.abs(off[:, 0] * toward[1]) + np.abs(off[:, 1] * toward[0])
    cost = np.where(ahead > 1.0, ahead + 2.0 * aside, math.inf)
    cost[row] = math.inf
    best = int(cost.argmin())
    return ids[best] if math.isfinite(cost[best]) else None


def reading_order(scene: Scene) -> list[str]:
    """All cards, notes and frames by column from left to right, each from top to bottom."""
    ids, places = _stops(scene)
    columns = np.round(places[:, 0] / 60.0)
    order = np.lexsort((places[:, 1], columns))
    return [ids[row] for row in order.tolist()]


def _stops(scene: Scene) -> tuple[list[str], npt.NDArray[np.float64]]:
    """What the keys lead to, and where: the middle of cards and notes, the titles of frames."""
    if not scene.box_index:
        return scene.ids, scene.centers
    rows = list(scene.box_index.values())
    rects = written_on(scene)[rows]
    middles = (rects[:, :2] + rects[:, 2:]) / 2
    return [*scene.ids, *scene.box_index], np.concatenate((scene.centers, middles))


def next_in_order(scene: Scene, chosen: list[str], step: int) -> str | None:
    """The card after (or before) the selected one; None past either end."""
    order = reading_order(scene)
    if not order:
        return None
    if not chosen:
        return order[0 if step > 0 else -1]
    place = order.index(chosen[-1]) + step
    return order[place] if 0 <= place < len(order) else None
