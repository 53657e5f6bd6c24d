"""Small editors that open on the map itself: a name, a new item, the other end of a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme

_ID = Qt.ItemDataRole.UserRole


class LineEditor(QLineEdit):
    """One line of text on the map; Enter or leaving it keeps the text, Esc does not."""

    committed = Signal(str)
    closed = Signal()

    def __init__(self, text: str, name: str, rect: QRect, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._is_open = True
        self.setAccessibleName(name)
        self.setGeometry(rect)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Esc drops; everything else is typing."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self.close_with(keep=True)
            case Qt.Key.Key_Escape:
                self.close_with(keep=False)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere keeps what was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_with(keep=True)

    def close_with(self, *, keep: bool) -> None:
        """Close the line, once."""
        if self._is_open:
            self._is_open = False
            _close(self, self.text().strip(), keep=keep)


class TextEditor(QPlainTextEdit):
    """Several lines of text on the map; Ctrl+Enter, Tab or leaving it keeps them, Esc does not."""

    committed = Signal(str)
    closed = Signal()

    def __init__(self, text: str, name: str, rect: QRect, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._is_open = True
        self.setAccessibleName(name)
        self.setPlaceholderText("Write a note. Ctrl+Enter keeps it, Esc does not.")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabChangesFocus(True)
        self.setGeometry(rect)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter and Tab keep, Esc drops; everything else is typing."""
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if has_control:
                self.close_with(keep=True)
            case Qt.Key.Key_Tab:
                self.close_with(keep=True)
            case Qt.Key.Key_Escape:
                self.close_with(keep=False)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere keeps what was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_with(keep=True)

    def close_with(self, *, keep: bool) -> None:
        """Close the editor, once."""
        if self._is_open:
            self._is_open = False
            _close(self, self.toPlainText().rstrip(), keep=keep)


def _close(editor: LineEditor | TextEditor, text: str, *, keep: bool) -> None:
    _give_focus_back(editor)
    editor.hide()
    if keep:
        editor.committed.emit(text)
    editor.closed.emit()
    editor.deleteLater()


class _Panel(QFrame):
    """A small raised panel on the map that closes on Esc."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAutoFillBackground(True)
        self.theme = theme
        self._is_open = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the keys of the fields inside."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.finish()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        """Take what is entered."""

    def finish(self) -> None:
        """Close the panel, once."""
        if self._is_open:
            self._is_open = False
            _give_focus_back(self)
            self.hide()
            self.closed.emit()
            self.deleteLater()

    def put(self, x: int, y: int) -> None:
        """Open near the point, wholly within the widget."""
        self.adjustSize()
        parent = self.parentWidget()
        around = parent.rect() if parent is not None else self.rect()
        left = max(8, min(x, around.width() - self.width() - 8))
        top = max(8, min(y, around.height() - self.height() - 8))
        self.move(left, top)
        self.show()
        self.raise_()


def _give_focus_back(editor: QWidget) -> None:
    """Return the keys to the map, unless they have already gone elsewhere."""
    inside = QApplication.focusWidget()
    parent = editor.parentWidget()
    if (
        parent is not None
        and inside is not None
        and (inside is editor or editor.isAncestorOf(inside))
    ):
        parent.setFocus(Qt.FocusReason.OtherFocusReason)


class NewItemEditor(_Panel):
    """Type a name, choose a kind: a new item."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, kind: EntityKind, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name of the new item")
        self.name.setAccessibleName("Name of the new item")
        self.name.setMinimumWidth(190)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of the new item")
        for each in EntityKind:
            self.kind.addItem(icon(each.value, theme, theme.kind(each), 16), each.title(), each)
        self.kind.setCurrentIndex(list(EntityKind).index(kind))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.addWidget(self.name)
        row.addWidget(self.kind)
        self.name.installEventFilter(self)
        self.kind.installEventFilter(self)

    def open_at(self, x: int, y: int) -> None:
        """Show it, ready to type."""
        self.put(x, y)
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)

    def accept(self) -> None:
        """Tell the name and the kind; without a name there is no item."""
        name = self.name.text().strip()
        if name:
            self.chosen.emit(name, EntityKind(self.kind.currentData()))
        self.finish()


class TargetPicker(_Panel):
    """Type some letters, choose an item: the other end of a link."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        items: Sequence[tuple[str, str, EntityKind]],
        parent: QWidget,
    ) -> None:
        super().__init__(theme, parent)
        self._items = items
        heading = QLabel(title)
        heading.setProperty("role", "section")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Type a name")
        self.filter.setAccessibleName(f"{title}: type a name")
        self.list = QListWidget()
        self.list.setAccessibleName("Items that can be linked")
        self.list.setMinimumSize(280, 220)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        for part in (heading, self.filter, self.list):
            column.addWidget(part)
        self.filter.textChanged.connect(self._show_matching)
        self.list.itemActivated.connect(self._on_activated)
        self.filter.installEventFilter(self)
        self.list.installEventFilter(self)
        self._show_matching("")

    def open_at(self, x: int, y: int) -> None:
        """Show it, ready to type."""
        self.put(x, y)
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def accept(self) -> None:
        """Tell the item that stands out in the list."""
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(_ID))
        self.finish()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move through the list while one types."""
        if (
            watched is self.filter
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        ):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = min(self.list.count() - 1, max(0, self.list.currentRow() + step))
            self.list.setCurrentRow(row)
            return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _show_matching(self, letters: str) -> None:
        wanted = letters.casefold()
        self.list.clear()
        found = [item for item in self._items if wanted in item[1].casefold()]
        found.sort(key=lambda item: not item[1].casefold().startswith(wanted))
        for id, name, kind in found[:200]:
            row = QListWidgetItem(icon(kind.value, self.theme, self.theme.kind(kind), 16), name)
            row.setData(_ID, id)
            self.list.addItem(row)
        self.list.setCurrentRow(0)

    @Slot(QListWidgetItem)
    def _on_activated(self, _item: QListWidgetItem) -> None:
        self.accept()
