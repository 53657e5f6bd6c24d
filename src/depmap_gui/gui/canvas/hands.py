"""Mouse, wheel, touch and keys on the canvas: which act a press begins, and how it goes on."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Frame, Note
from depmap_gui.gui.canvas import keys
from depmap_gui.gui.canvas.acts import Act, Link, Move, Pan, Placing, RubberBand, cursor_for
from depmap_gui.gui.canvas.box_acts import Bend, DrawBox
from depmap_gui.gui.canvas.box_editing import LINK_REACH, BoxEditing
from depmap_gui.gui.canvas.boxes import frame_at as free_frame_at
from depmap_gui.gui.canvas.boxes import note_at
from depmap_gui.gui.canvas.frames import frame_at
from depmap_gui.gui.canvas.overlay import PORT_RADIUS, ports
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme

KIND_MIME = "application/x-depmap-kind"
_PORT_REACH = 9.0
_SHOWS_PORTS_FROM = 0.3


class Mode(StrEnum):
    """What a press of the left button on a card begins."""

    SELECT = "select"
    CONNECT = "connect"
    PLACE = "place"
    DRAW = "draw"


class Hands(BoxEditing):
    """The part of the canvas that takes what hands do and turns it into acts.

    ``context_menu_requested`` carries the global position and the ids under the pointer;
    ``mode_changed`` tells which :class:`Mode` holds now; ``fold_requested`` asks for a group to be
    collapsed or expanded.
    """

    context_menu_requested = Signal(object, object)
    mode_changed = Signal(str)
    fold_requested = Signal(str)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(editor, theme, parent)
        self.mode = Mode.SELECT
        self.port_side = 0
        self._drawn: type[Note | Frame] = Note
        self._grip: Act | None = None
        self._pressed_at: QPointF | None = None
        self._pressed_on: str | None = None
        self._holds_space = False
        self.wheel_zooms = False
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # Modes ---------------------------------------------------------------------------------

    def start_connecting(self) -> None:
        """Choose what to link the selected card with; without one, a press begins a link."""
        self.cancel_act()
        self.setFocus()
        chosen = self.selected_items()
        if len(chosen) == 1:
            self.pick_target(chosen[0])
        else:
            self._set_mode(Mode.CONNECT)

    def start_placing(self, kind: EntityKind) -> None:
        """Have the next click set down a new item of the kind."""
        self.cancel_act()
        self._set_mode(Mode.PLACE)
        self.act = Placing(self, kind)
        self.setFocus()
        self.setCursor(cursor_for(self.act))

    def draw_or_surround(self, what: type[Note | Frame]) -> None:
        """Put a frame around the selected items; else have the next drag draw a note or frame."""
        if what is Frame and self.selected_items():
            self.add_frame()
            return
        self.start_drawing(what)
        noun = "note" if what is Note else "frame"
        self.told.emit(f"Drag on the map to draw the {noun}; a click gives the usual size.")

    def start_drawing(self, what: type[Note | Frame]) -> None:
        """Have the next drag draw a note or frame; a click puts one of the usual size there."""
        self.cancel_act()
        self._drawn = what
        self._set_mode(Mode.DRAW)
        self.setFocus()

    def start_selecting(self) -> None:
        """Back to selecting and moving."""
        self.cancel_act()
        self._set_mode(Mode.SELECT)

    def _set_mode(self, mode: Mode) -> None:
        if mode is not self.mode:
            self.mode = mode
            self.mode_changed.emit(mode.value)
        crosses = mode in (Mode.CONNECT, Mode.DRAW)
        self.setCursor(Qt.CursorShape.CrossCursor if crosses else Qt.CursorShape.ArrowCursor)
        self.update()

    # Acts ----------------------------------------------------------------------------------

    def begin(self, act: Act, point: QPointF) -> None:
        """Let an act start."""
        self.act = act
        act.start(point)
        self.setCursor(cursor_for(act))

    def cancel_act(self) -> None:
        """Let what is under way leave no trace."""
        act, self.act = self.act, None
        self._pressed_at = self._grip = None
        if act is not None:
            act.cancel()
            is_done = isinstance(act, Placing | DrawBox)
            self._set_mode(Mode.SELECT if is_done else self.mode)

    def give_up(self) -> bool:
        """Esc: end the act, else the mode, else the lit path, else the selection."""
        if self.act is not None:
            self.cancel_act()
        elif self.mode is not Mode.SELECT:
            self._set_mode(Mode.SELECT)
        elif self.lit:
            self.lit = frozenset()
            self.update()
        elif self.active_bend is not None:
            self.active_bend = None
            self.update()
        elif self.selected():
            self.select(())
        else:
            return False
        return True

    # Mouse ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: begin an act, or get ready for one."""
        point = event.position()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.close_editor()
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._holds_space
        ):
            if not isinstance(self.act, Placing):
                self.cancel_act()
                self.begin(Pan(self), point)
            return
        if event.button() != Qt.MouseButton.LeftButton or self.act is not None:
            return
        adds = bool(
            event.modifiers()
            & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        )
        self._press(point, adds=adds)

    def _press(self, point: QPointF, *, adds: bool) -> None:
        at = self.camera.to_map(point.x(), point.y())
        if self.mode is Mode.DRAW:
            self._pressed_at = point
            self.begin(DrawBox(self, self._drawn), point)
            return
        if not adds and (grip := self.grip_at(point)) is not None:
            self._pressed_at, self._grip = point, grip
            self.active_bend = grip.corner if isinstance(grip, Bend) else None
            self.update()
            return
        holder, side = self._port_at(point)
        if holder is not None:
            self.begin(Link(self, holder, backward=side < 0), point)
            return
        item = note_at(self.scene, at) or self.scene.item_at(at)
        if item in self.scene.index and self.mode is Mode.CONNECT:
            self.begin(Link(self, item), point)
            return
        frame = frame_at(self.scene, at, self.camera.zoom) if item is None else None
        found = item or self.link_or_frame_at(at)
        self._pressed_at = point
        self._pressed_on = found
        self.active_bend = None
        chosen = self.selected()
        if frame is not None:
            inner = [self.scene.ids[row] for row in frame.rows]
            self._pressed_on = inner[0]
            self.select([*chosen, *inner] if adds else inner)
        elif found is None:
            self.begin(RubberBand(self, adds=adds), point)
        elif adds:
            self.select(
                [id for id in chosen if id != found] if found in chosen else [*chosen, found]
            )
        elif found not in chosen:
            self.select((found,))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: go on with the act, or show what is under the pointer."""
        point = event.position()
        self.menu_at = None
        if self.act is None:
            self._maybe_drag(point)
        if self.act is None:
            self._hover(point)
        elif isinstance(self.act, RubberBand | DrawBox) and not self._is_far(point):
            return
        else:
            self.act.is_free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.act.move(point)

    def _maybe_drag(self, point: QPointF) -> None:
        """Start moving once the pointer has clearly left where it was pressed."""
        lead, start = self._pressed_on, self._pressed_at
        if start is None or not self._is_far(point):
            return
        scene = self.scene
        if self._grip is not None:
            self.begin(self._grip, start)
        elif lead is not None and lead in scene.link_index:
            if (pull := self.pull(lead, start)) is not None:
                self.begin(pull, start)
        elif lead is not None and (lead in scene.index or lead in scene.box_index):
            ids = [*self.selected_items(), *self.selected_boxes()]
            self.begin(Move(self, ids if lead in ids else [lead], lead), start)

    def _is_far(self, point: QPointF) -> bool:
        if self._pressed_at is None:
            return True
        gone = (point - self._pressed_at).manhattanLength()
        return gone >= QApplication.startDragDistance() / 2

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: end the act."""
        act = self.act
        self._grip = None
        if act is None:
            self._pressed_at = None
            return
        waits = isinstance(act, RubberBand | DrawBox)
        if not waits or self._is_far(event.position()):
            act.move(event.position())
        self._pressed_at = None
        self.act = None
        act.end()
        has_linked = isinstance(act, Link) and act.target is not None
        is_done = has_linked or isinstance(act, Placing | DrawBox)
        self._set_mode(Mode.SELECT if is_done else self.mode)
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: name a card, or add one where there is none."""
        if event.button() == Qt.MouseButton.MiddleButton or self._holds_space:
            # Taking hold of the map twice in quick succession.
            self.mousePressEvent(event)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.cancel_act()
        at = self.camera.to_map(event.position().x(), event.position().y())
        item = note_at(self.scene, at) or self.scene.item_at(at)
        bend = self.bend_under(event.position())
        if bend is not None and (bent := self.bent_link()) is not None:
            self.remove_bend(bent, bend)
        elif item is not None and item in self.scene.fold.inner:
            self.fold_requested.emit(item)
        elif item is not None:
            self.select((item,))
            self.type_name(item)
        elif (frame := frame_at(self.scene, at, self.camera.zoom)) is not None:
            self.fold_requested.emit(frame.id)
        elif link := self.scene.link_at(at, LINK_REACH / self.camera.zoom):
            self.select((link,))
            self.open_link(link, at)
        elif (box := free_frame_at(self.scene, at, self.camera.zoom)) is not None:
            self.select((box,))
            self.write_on(box)
        else:
            self.open_new_item(event.position())

    def _show_grip(self, point: QPointF) -> None:
        """Have the pointer say what a press would take hold of."""
        if self.mode is Mode.SELECT and not self._holds_space:
            grip = self.grip_at(point)
            shape = grip.cursor if grip is not None else Qt.CursorShape.ArrowCursor
            if self.cursor().shape() is not shape:
                self.setCursor(shape)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: the pointer is elsewhere."""
        super().leaveEvent(event)
        self.hovered, self.port_side = None, 0
        self.update()

    def _hover(self, point: QPointF) -> None:
        holder, side = self._port_at(point)
        at = self.camera.to_map(point.x(), point.y())
        found = holder or (self.scene.item_at(at) if note_at(self.scene, at) is None else None)
        self._show_grip(point)
        if (found, side) != (self.hovered, self.port_side):
            self.hovered, self.port_side = found, side
            self.update()

    def port_holder(self) -> str | None:
        """The card whose handles are shown: the one under the pointer, else the selected one."""
        if self.camera.zoom < _SHOWS_PORTS_FROM:
            return None
        if self.hovered is not None and self.hovered in self.scene.index:
            return self.hovered
        chosen = self.selected_items()
        return chosen[0] if len(chosen) == 1 else None

    def _port_at(self, point: QPointF) -> tuple[str | None, int]:
        """The card and side of the handle under the pointer, if it is shown."""
        holder = self.port_holder()
        if holder is None:
            return None, 0
        reach = max(_PORT_REACH, PORT_RADIUS * self.camera.zoom + 2.0)
        for side, port in ports(self.scene, holder):
            x, y = self.camera.to_widget(port)
            if abs(point.x() - x) <= reach and abs(point.y() - y) <= reach:
                return holder, side
        return None, 0

    # Menu and hints ------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: ask for a menu on what is under the pointer, or on the selection from the keys."""
        self.cancel_act()
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            chosen = self.selected_items()
            if chosen:
                at = self.point_of(chosen[0])
                where = self.mapToGlobal(QPoint(round(at.x()), round(at.y())))
        else:
            x, y = event.pos().x(), event.pos().y()
            at_map = self.menu_at = self.camera.to_map(x, y)
            found = note_at(self.scene, at_map) or self.scene.item_at(at_map)
            found = found or self.link_or_frame_at(at_map)
            if found is None:
                self.select(())
            elif found not in self.selected():
                self.select((found,))
        self.context_menu_requested.emit(where, self.editor.selection)

    def event(self, event: QEvent) -> bool:
        """Qt: tooltips, pinching, and Tab from card to card."""
        match event:
            case QHelpEvent() if event.type() == QEvent.Type.ToolTip:
                self._show_tip(event)
                return True
            case QNativeGestureEvent():
                if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                    at = event.position()
                    self.look(self.camera.zoomed(1.0 + event.value(), at.x(), at.y()))
                    return True
            case QKeyEvent() if event.type() == QEvent.Type.KeyPress:
                step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
                chosen = [*self.selected_items(), *self.selected_boxes()]
                found = keys.next_in_order(self.scene, chosen, step) if step else None
                if found is not None:
                    self.go_to(found)
                    return True
            case _:
                pass
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        at = self.camera.to_map(event.pos().x(), event.pos().y())
        item = note_at(self.scene, at) or self.scene.item_at(at)
        found = item or self.link_or_frame_at(at)
        if item is None and (frame := frame_at(self.scene, at, self.camera.zoom)) is not None:
            words = "Drag to move the group; double-click to collapse it"
            QToolTip.showText(event.globalPos(), f"{frame.title}\n{words}", self)
        elif found is None:
            QToolTip.hideText()
        else:
            words = self.words_for(found).replace("; ", "\n")
            if found in self.scene.link_index:
                words += "\nDrag it to bend it; double-click its label to type the figure"
            QToolTip.showText(event.globalPos(), words, self)

    def go_to(self, id: str) -> None:
        """Select one card and bring it into sight."""
        self.select((id,))
        self.reveal((id,))

    def reveal(self, ids: tuple[str, ...]) -> None:
        """Bring items into sight."""
        raise NotImplementedError

    # Wheel and keys ------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: move the map, or zoom at the pointer; with Ctrl, the other of the two."""
        turned, moved = event.angleDelta(), event.pixelDelta()
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if has_control is not self.wheel_zooms:
            at = event.position()
            self.look(self.camera.zoomed(1.0015 ** turned.y(), at.x(), at.y()))
        else:
            by = moved if not moved.isNull() else turned / 2
            sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            right, down = (by.y(), by.x()) if sideways and not by.x() else (by.x(), by.y())
            self.look(self.camera.panned(float(right), float(down)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key of the map's own."""
        if event.key() == Qt.Key.Key_Space and self.act is None:
            if not event.isAutoRepeat():
                self._holds_space = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
            return
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Qt: the space bar no longer holds the map."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._holds_space = False
            self._set_mode(self.mode)
            return
        super().keyReleaseEvent(event)

    def zoom_in(self) -> None:
        """Show the map larger."""
        raise NotImplementedError

    def zoom_out(self) -> None:
        """Show the map smaller."""
        raise NotImplementedError

    # Kinds dragged from the toolbar --------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: a kind comes in over the map."""
        kind = _kind_of(event)
        if kind is not None:
            self.cancel_act()
            self.begin(Placing(self, kind), event.position())
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt: it moves over the map."""
        if self.act is not None:
            self.act.move(event.position())
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Qt: it leaves again."""
        self.cancel_act()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: it is let go: a new item."""
        act, self.act = self.act, None
        if isinstance(act, Placing):
            act.move(event.position())
            act.end()
            self._set_mode(Mode.SELECT)
            event.acceptProposedAction()


def _kind_of(event: QDropEvent) -> EntityKind | None:
    word = bytes(event.mimeData().data(KIND_MIME).data()).decode("ascii", "replace")
    return EntityKind(word) if word in set(EntityKind) else None
