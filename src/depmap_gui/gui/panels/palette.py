"""The palette of kinds: a click puts an item where there is room, a drag where it is dropped.

A click with Shift held asks for a place on the map to be clicked.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.icons import icon, icon_pixmap
from depmap_gui.gui.theme import Theme

KIND_MIME = "application/x-depmap-kind"


class KindPalette(QWidget):
    """One button a kind; ``place_asked`` tells of a kind whose place is to be clicked."""

    place_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {kind: _KindButton(kind, theme) for kind in EntityKind}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for button in self.buttons.values():
            button.place_asked.connect(self.place_asked)
            layout.addWidget(button)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        for button in self.buttons.values():
            button.set_theme(theme)

    def follow(self, actions: dict[EntityKind, QAction]) -> None:
        """Do, and say, what these actions do."""
        for kind, action in actions.items():
            self.buttons[kind].follow(action)

    def set_words(self, shown: bool) -> None:
        """Show the kinds' names beside their icons, or the icons alone."""
        for button in self.buttons.values():
            button.setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonTextBesideIcon
                if shown
                else Qt.ToolButtonStyle.ToolButtonIconOnly
            )
        self.updateGeometry()


class _KindButton(QToolButton):
    """A button that can also be dragged onto the map."""

    place_asked = Signal(object)

    def __init__(self, kind: EntityKind, theme: Theme) -> None:
        super().__init__()
        self._kind = kind
        self._pressed_at: QPoint | None = None
        self._action: QAction | None = None
        self.setText(kind.value.capitalize())
        self.setAccessibleName(f"Add a {kind.value}")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size = theme.icon_size()
        self.setIcon(icon(self._kind.value, theme, theme.kind(self._kind), size))
        self.setIconSize(QSize(size, size))

    def follow(self, action: QAction) -> None:
        """Trigger the action when clicked; be enabled when it is."""
        self._action = action
        self.setToolTip(f"{action.toolTip()}\nShift+click: choose the place on the map")
        self.setEnabled(action.isEnabled())
        self.clicked.connect(self._on_clicked)
        action.enabledChanged.connect(self.setEnabled)

    @Slot()
    def _on_clicked(self) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.place_asked.emit(self._kind)
        elif self._action is not None:
            self._action.trigger()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: a mouse button went down; a drag may begin here."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the mouse moved; far enough, it drags the kind."""
        start = self._pressed_at
        if start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        way = event.position().toPoint() - start
        if way.manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        self.setDown(False)
        carried = QMimeData()
        carried.setData(KIND_MIME, self._kind.value.encode())
        drag = QDrag(self)
        drag.setMimeData(carried)
        picture = icon_pixmap(
            self._kind.value, self._theme.kind(self._kind), 32, self.devicePixelRatioF()
        )
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(16, 16))
        drag.exec(Qt.DropAction.CopyAction)
