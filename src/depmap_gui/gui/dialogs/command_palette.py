"""The command palette: every action and every item of the map, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.gui.theme import BASE_POINTS, Theme

Index = QModelIndex | QPersistentModelIndex
_MOST_SHOWN = 60
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what it is called, what it is, and what choosing it does."""

    text: str
    note: str
    run: Callable[[], object]
    keys: str = ""
    icon: QIcon | None = None
    is_item: bool = False


def match(letters: str, text: str) -> float | None:
    """How well the letters fit the text, higher is better; None where they do not.

    All words typed must occur; a word's beginning counts more than its middle. Letters that
    occur only scattered, but in order, fit least.
    """
    wanted, found = letters.casefold().split(), text.casefold()
    if not wanted:
        return 0.0
    total = 0.0
    for word in wanted:
        at = found.find(word)
        if at < 0:
            total = -1.0
            break
        starts_word = at == 0 or not found[at - 1].isalnum()
        total += (3.0 if at == 0 else 2.0 if starts_word else 1.0) + len(word) / len(found)
    if total >= 0:
        return total
    rest = iter(found)
    if all(letter in rest for letter in "".join(wanted)):
        return 0.2 * len("".join(wanted)) / len(found)
    return None


def best(letters: str, entries: Sequence[Entry], most: int = _MOST_SHOWN) -> list[Entry]:
    """The entries that fit, best first; without letters the actions in their order."""
    if not letters.strip():
        return [entry for entry in entries if not entry.is_item][:most]
    scored = [
        (fit, -place, entry)
        for place, entry in enumerate(entries)
        if (fit := match(letters, entry.text)) is not None
    ]
    scored.sort(key=lambda row: row[:2], reverse=True)
    return [entry for _, _, entry in scored[:most]]


class CommandPalette(QDialog):
    """A line to type in and what fits it below; Enter does the chosen entry."""

    def __init__(self, entries: Sequence[Entry], theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("commandPalette")
        self.setAccessibleName("Find or run a command")
        self._entries = entries
        self.input = QLineEdit()
        self.input.setPlaceholderText("Find an item or run a command")
        self.input.setAccessibleName("Find an item or run a command")
        self.input.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("What fits")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_EntryDelegate(theme, self.list))
        self._none = QLabel("Nothing fits. Try fewer letters.")
        self._none.setProperty("role", "muted")
        self._none.setContentsMargins(12, 8, 12, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.input)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._none)
        # While nothing fits, the message stands right below the line.
        layout.addStretch(0)
        self.setStyleSheet(
            f"#commandPalette {{ background: {theme.raised}; "
            f"border: 1px solid {theme.line_strong}; }}"
            f"QListWidget {{ background: {theme.raised}; }}"
        )
        self.input.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._run)
        self._fill("")

    def open_over(self, window: QWidget) -> None:
        """Show it at the upper middle of the window, within its bounds."""
        grown = max(1.0, self.font().pointSizeF() / BASE_POINTS)
        width = min(round(640 * grown), window.width() - 40)
        height = min(round(460 * grown), window.height() - 80)
        corner = window.mapToGlobal(window.rect().topLeft())
        left = corner.x() + (window.width() - width) // 2
        self.setGeometry(QRect(left, corner.y() + min(90, window.height() // 8), width, height))
        self.show()
        self.input.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: keys in the line that belong to the list."""
        if watched is self.input and isinstance(event, QKeyEvent) and self._take(event):
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress:
            return False
        count, row = self.list.count(), self.list.currentRow()
        match event.key():
            case Qt.Key.Key_Down if count:
                self.list.setCurrentRow((row + 1) % count)
            case Qt.Key.Key_Up if count:
                self.list.setCurrentRow((row - 1) % count)
            case Qt.Key.Key_PageDown if count:
                self.list.setCurrentRow(min(count - 1, row + 8))
            case Qt.Key.Key_PageUp if count:
                self.list.setCurrentRow(max(0, row - 8))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run(self.list.currentItem())
            case _:
                return False
        return True

    def _fill(self, letters: str) -> None:
        self.list.clear()
        for entry in best(letters, self._entries):
            item = QListWidgetItem(entry.text)
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.text}, {entry.note}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        is_empty = self.list.count() == 0
        self.list.setHidden(is_empty)
        self._none.setVisible(is_empty)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        entry: Entry = item.data(_ENTRY)
        self.accept()
        entry.run()


class _EntryDelegate(QStyledItemDelegate):
    """Icon and name at the left; what it is, and its keys, at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: one line with air."""
        return QSize(200, option.fontMetrics.height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one entry."""
        entry: Entry = index.data(_ENTRY)
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_tint))
            painter.drawRoundedRect(option.rect, 6, 6)
        rect = option.rect.adjusted(10, 0, -10, 0)
        if entry.icon is not None:
            entry.icon.paint(painter, QRect(rect.left(), rect.center().y() - 8, 17, 17))
        metrics = painter.fontMetrics()
        side = "   ".join(part for part in (entry.note, entry.keys) if part)
        right = min(metrics.horizontalAdvance(side) + 6, rect.width() // 2)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted))
        side = metrics.elidedText(side, Qt.TextElideMode.ElideRight, right)
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, side)
        painter.setPen(QColor(theme.text))
        words = rect.adjusted(28, 0, -right - 16, 0)
        text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, middle, text)
        painter.restore()
