"""The views of a map as tabs above it; with one view there is nothing to choose."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTabBar, QVBoxLayout, QWidget

from depmap_gui.gui.editor import Editor


class ViewTabs(QTabBar):
    """One tab a view, in the order of the file; ``name_typed`` carries a view's new name."""

    name_typed = Signal(str, str)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._line: _NameLine | None = None
        self.setAccessibleName("Views of the map")
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setToolTip("Each view shows the same map with its own places, items and coloring")
        self.currentChanged.connect(self._on_chosen)
        self.tabBarDoubleClicked.connect(self._on_double_click)
        for signal in (editor.opened, editor.view_changed):
            signal.connect(self.refresh)
        editor.changed.connect(lambda _change: self.refresh())
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the views as they are called now."""
        shown = [(id, view.name or "View") for id, view in self._editor.project.views.items()]
        if shown != [(self.tabData(n), self.tabText(n)) for n in range(self.count())]:
            self.blockSignals(True)
            while self.count():
                self.removeTab(0)
            for id, name in shown:
                self.setTabData(self.addTab(name.replace("&", "&&")), id)
            self.blockSignals(False)
        ids = [id for id, _ in shown]
        current = self._editor.view.id
        if current in ids and self.currentIndex() != ids.index(current):
            self.blockSignals(True)
            self.setCurrentIndex(ids.index(current))
            self.blockSignals(False)
        self.setVisible(len(shown) > 1 or self._line is not None)

    def rename_current(self) -> None:
        """Let another name be typed on the current view's tab."""
        index = self.currentIndex()
        if index < 0:
            return
        self.setVisible(True)
        id = str(self.tabData(index))
        view = self._editor.project.views[id]
        line = self._line = _NameLine(view.name, self)
        line.typed.connect(lambda name: self.name_typed.emit(id, name))
        line.closed.connect(self._on_closed)
        rect = self.tabRect(index)
        line.setGeometry(rect.left(), rect.top(), max(160, rect.width()), rect.height())
        line.show()
        line.selectAll()
        line.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _on_closed(self) -> None:
        self._line = None
        self.refresh()

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        if index >= 0:
            self._editor.show_view(str(self.tabData(index)))

    @Slot(int)
    def _on_double_click(self, index: int) -> None:
        if index >= 0:
            self.rename_current()


class ViewSheet(QWidget):
    """The tabs with the map below them."""

    def __init__(self, tabs: ViewTabs, canvas: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(tabs)
        layout.addWidget(canvas, 1)


class _NameLine(QLineEdit):
    """A name typed on a tab: Enter or leaving it keeps it, Esc does not."""

    typed = Signal(str)
    closed = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.setAccessibleName(f"Name of the view {name}")
        self._is_open = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Esc drops; everything else is typing."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._close(keep=True)
            case Qt.Key.Key_Escape:
                self._close(keep=False)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere keeps what was typed."""
        super().focusOutEvent(event)
        self._close(keep=True)

    def _close(self, *, keep: bool) -> None:
        if not self._is_open:
            return
        self._is_open = False
        self.hide()
        if keep and self.text().strip():
            self.typed.emit(self.text().strip())
        self.closed.emit()
        self.deleteLater()
