"""The map as screen readers and voice control have it: a list with a child for every card, note
and link, each with its name, state and place, which can be pressed.

Children are made when they are asked for, and only where some such program asks at all. Qt keeps
what it was given for as long as the program runs, so a child stays when its item goes; it is then
no longer valid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QSize
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.editor import Editor

Interface = Any
"""What Qt is given where it may be given nothing: its stubs know no nothing."""
PRESS = "Press"
"""The action of a child: it becomes what is selected. The name is the one Qt's bridges know."""


class HeardMap(Protocol):
    """What is asked of the canvas."""

    scene: Scene
    camera: Camera
    editor: Editor

    def words_for(self, id: str) -> str:
        """An item or link in words."""

    def selected(self) -> tuple[str, ...]:
        """Ids of what is selected and shown."""

    def hasFocus(self) -> bool:
        """Qt: whether keys come here."""

    def mapToGlobal(self, at: QPoint) -> QPoint:
        """Qt: the place on the screen of a place on the map."""


def heard_ids(scene: Scene) -> Sequence[str]:
    """What a map has children for, in their order: cards, notes and frames, links."""
    return [*scene.ids, *scene.box_index, *scene.link_index]


def place_of(canvas: HeardMap, id: str) -> QRect:
    """Where a card or the middle of a link stands on the screen; empty for what is not shown."""
    scene, camera = canvas.scene, canvas.camera
    if id in scene.index:
        middle, half = scene.centers[scene.index[id]], HALF
    elif id in scene.link_index:
        row = scene.link_index[id]
        middle, half = (scene.start[row] + scene.end[row]) / 2, HALF / 4
    else:
        return QRect()
    left, top = camera.to_widget((float(middle[0] - half[0]), float(middle[1] - half[1])))
    size = QSize(round(2 * half[0] * camera.zoom), round(2 * half[1] * camera.zoom))
    return QRect(canvas.mapToGlobal(QPointF(left, top).toPoint()), size)


class HeardMapWidget(QAccessibleWidget):
    """The canvas, with what is on it as children."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas, QAccessible.Role.List)
        self._canvas: HeardMap = canvas  # type: ignore[assignment]  # install() names its class
        self._made: dict[str, HeardItem] = {}

    def childCount(self) -> int:
        """Qt: how many cards, notes and links there are."""
        scene = self._canvas.scene
        return len(scene.ids) + len(scene.box_index) + len(scene.link_index)

    def child(self, index: int) -> Interface:
        """Qt: the child of that number."""
        if not 0 <= index < self.childCount():
            return None
        return self.item(heard_ids(self._canvas.scene)[index])

    def item(self, id: str) -> HeardItem:
        """The child for a card, note or link."""
        found = self._made.get(id)
        if found is None:
            found = self._made[id] = HeardItem(self._canvas, id)
            QAccessible.registerAccessibleInterface(found)
        return found

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Qt: the number of a child; -1 where it is none."""
        ids = heard_ids(self._canvas.scene)
        return ids.index(child.id) if isinstance(child, HeardItem) and child.id in ids else -1

    def childAt(self, x: int, y: int) -> Interface:
        """Qt: the card at a place on the screen."""
        canvas = self._canvas
        corner = canvas.mapToGlobal(QPoint(0, 0))
        found = canvas.scene.item_at(canvas.camera.to_map(x - corner.x(), y - corner.y()))
        return self.item(found) if found is not None else None

    def focusChild(self) -> Interface:
        """Qt: the card that keys go to."""
        chosen = self._canvas.selected()
        return self.item(chosen[-1]) if chosen and self._canvas.hasFocus() else None


class HeardItem(QAccessibleInterface):
    """One card, note or link."""

    def __init__(self, canvas: HeardMap, id: str) -> None:
        super().__init__()
        self._canvas = canvas
        self.id = id
        self._actions = _Pressing(self._select)

    def isValid(self) -> bool:
        """Qt: whether it is still shown."""
        scene = self._canvas.scene
        return self.id in scene.index or self.id in scene.box_index or self.id in scene.link_index

    def object(self) -> Interface:
        """Qt: none stands behind it."""
        return None

    def window(self) -> Interface:
        """Qt: the window it is in."""
        return self.parent().window()

    def text(self, what: QAccessible.Text) -> str:
        """Qt: all that the card or link says is its name, as one hears nothing else of it."""
        return self._canvas.words_for(self.id) if what is QAccessible.Text.Name else ""

    def setText(self, what: QAccessible.Text, text: str) -> None:
        """Qt: names are given by editing, not here."""

    def role(self) -> QAccessible.Role:
        """Qt: an entry of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Qt: whether it is selected, has the keyboard, or is out of sight."""
        canvas, found = self._canvas, QAccessible.State()
        chosen = canvas.selected()
        found.focusable = found.selectable = found.multiSelectable = True
        found.selected = self.id in chosen
        found.focused = canvas.hasFocus() and bool(chosen) and chosen[-1] == self.id
        found.offscreen = not self.rect().intersects(self.parent().rect())
        found.invalid = not self.isValid()
        return found

    def rect(self) -> QRect:
        """Qt: where it stands on the screen."""
        return place_of(self._canvas, self.id)

    def parent(self) -> QAccessibleInterface:
        """Qt: the map."""
        return QAccessible.queryAccessibleInterface(self._canvas)  # type: ignore[arg-type]  # see install()

    def childCount(self) -> int:
        """Qt: none."""
        return 0

    def child(self, _index: int) -> Interface:
        """Qt: none."""
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        """Qt: none."""
        return -1

    def childAt(self, _x: int, _y: int) -> Interface:
        """Qt: none."""
        return None

    def actionInterface(self) -> QAccessibleActionInterface:
        """Qt: it can be pressed."""
        return self._actions

    def _select(self) -> None:
        if self.isValid():
            self._canvas.editor.select((self.id,))


class _Pressing(QAccessibleActionInterface):
    """One action, which selects."""

    def __init__(self, press: Callable[[], None]) -> None:
        super().__init__()
        self._press = press

    def actionNames(self) -> list[str]:
        """Qt: what can be done."""
        return [PRESS]

    def doAction(self, name: str) -> None:
        """Qt: do it."""
        if name == PRESS:
            self._press()

    def keyBindingsForAction(self, _name: str) -> list[str]:
        """Qt: no keys of its own."""
        return []


_INSTALLED: list[type[QWidget]] = []


def install(kind: type[QWidget]) -> None:
    """Have widgets of this class heard as maps, from now on."""
    if not _INSTALLED:
        QAccessible.installFactory(_made_for)
    if kind not in _INSTALLED:
        _INSTALLED.append(kind)


def _made_for(_name: str, widget: QObject) -> QAccessibleInterface | None:
    if isinstance(widget, QWidget) and type(widget) in _INSTALLED:
        return HeardMapWidget(widget)
    return None


def tell_focus(canvas: HeardMap, widget: QWidget) -> None:
    """Have whoever listens say what is selected now."""
    chosen = canvas.selected()
    if not QAccessible.isActive() or not chosen:
        return
    child = heard_ids(canvas.scene).index(chosen[-1])
    kinds = [QAccessible.Event.Selection]
    if widget.hasFocus():
        kinds.append(QAccessible.Event.Focus)
    for kind in kinds:
        event = QAccessibleEvent(widget, kind)
        event.setChild(child)
        QAccessible.updateAccessibility(event)
