"""The map outline: every item by kind, with the figure the map is colored by, and a filter."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.kinds import Section
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.outline_model import ID, OutlineDelegate, OutlineModel
from depmap_gui.gui.theme import Theme

MOST_RUNS = 1000
"""How many separate stretches of rows are marked: Qt compares each with every other."""


class OutlinePanel(QWidget):
    """Items by kind. A click selects, a double click brings into sight, typing filters."""

    palette_requested = Signal()

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._is_following = self._is_choosing = False
        self._model = OutlineModel(editor, self)
        self.search = _Search()
        self.tree = self._make_tree(theme)
        self._empty = QLabel()
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(14, 10, 14, 10)
        self._palette = QToolButton()
        self._lay_out()
        self.set_theme(theme)
        self._refill = QTimer(self, singleShot=True, interval=0)
        self._refill.timeout.connect(self._fill)
        self._connect()
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._delegate.set_theme(theme)
        self._palette.setIcon(icon("command", theme, theme.muted))
        self._leading.setIcon(icon("search", theme, theme.muted))
        self.tree.viewport().update()

    def start_finding(self) -> None:
        """Put the cursor into the filter."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _make_tree(self, theme: Theme) -> QTreeView:
        tree = QTreeView()
        tree.setAccessibleName("Items of the map")
        tree.setModel(self._model)
        tree.setHeaderHidden(True)
        tree.setIndentation(0)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setExpandsOnDoubleClick(False)
        tree.setMouseTracking(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._delegate = OutlineDelegate(theme, tree)
        tree.setItemDelegate(self._delegate)
        return tree

    def _lay_out(self) -> None:
        heading = QLabel("Map outline")
        heading.setProperty("role", "heading")
        self.search.setPlaceholderText("Find an item")
        self.search.setAccessibleName("Filter the outline")
        self.search.setToolTip("Type to filter; Enter goes to the first match; Esc clears")
        self.search.setClearButtonEnabled(True)
        self._leading = self.search.addAction(
            icon("search", self._delegate.theme), QLineEdit.ActionPosition.LeadingPosition
        )
        self._palette.setAccessibleName("Find or run a command")
        self._palette.setToolTip("Find or run a command (Ctrl+K)")
        self._palette.clicked.connect(self.palette_requested)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.search, 1)
        row.addWidget(self._palette)
        head = QVBoxLayout()
        head.setContentsMargins(12, 10, 8, 8)
        head.setSpacing(8)
        head.addWidget(heading)
        head.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._empty)
        layout.addWidget(self.tree, 1)

    def _connect(self) -> None:
        editor = self._editor
        for signal in (editor.opened, editor.view_changed):
            signal.connect(self._fill)
        editor.changed.connect(self._on_changed)
        editor.selection_changed.connect(self._follow)
        # Figures are asked for as they are drawn: to tell of each that it is another costs more.
        for signal in (editor.assessed, editor.coloring_changed, editor.freshness_changed):
            signal.connect(lambda *_: self.tree.viewport().update())
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._go_to_first)
        self.search.downPressed.connect(self._enter_list)
        self.tree.selectionModel().selectionChanged.connect(self._on_selected)
        self.tree.doubleClicked.connect(self._go_to)
        self.tree.activated.connect(self._go_to)

    def _on_changed(self, change: ChangeSet) -> None:
        came_or_went = change.added | change.removed
        others = any(section is Section.ENTITIES for section, _ in came_or_went)
        changed = [id for section, id in change.updated if section is Section.ENTITIES]
        is_older = self._refill.isActive() or self._model.is_outdated()
        if others or is_older or not self._model.renew(changed):
            self._refill.start()

    def _fill(self) -> None:
        self._refill.stop()
        self._is_following = True
        self._model.fill(self.search.text().strip())
        self._expand()
        self._is_following = False
        self._tell_empty()
        self._follow()

    def _expand(self) -> None:
        """Open every branch; to expand all would ask each row for what it has below it."""
        for row in range(self._model.rowCount()):
            self.tree.expand(self._model.index(row, 0))

    def _tell_empty(self) -> None:
        is_empty = self._model.rowCount() == 0
        words = self.search.text().strip()
        self._empty.setText(
            f"No item is called “{words}”."
            if words
            else "Nothing on the map yet. Drag a kind from the toolbar onto the map, or press "
            "P, C, L, M or J there."
        )
        self._empty.setVisible(is_empty)

    def _follow(self) -> None:
        """Show the editor's selection: of very many scattered rows only the first."""
        self._is_following = True
        chosen = (*self._editor.selection, *self._editor.boxes)
        selection = QItemSelection()
        for first, last in self._model.runs_of(chosen)[:MOST_RUNS]:
            selection.select(first, last)
        self.tree.selectionModel().select(
            selection, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        if chosen and not self._is_choosing:
            shown = (self._model.index_of(id) for id in chosen)
            if (lead := next((index for index in shown if index.isValid()), None)) is not None:
                self.tree.scrollTo(lead)
        self._is_following = False

    def _on_selected(self) -> None:
        if self._is_following:
            return
        ids = [index.data(ID) for index in self.tree.selectionModel().selectedIndexes()]
        # What a click chose stays where it was clicked: the list does not scroll to it.
        self._is_choosing = True
        self._editor.select(each for id in ids if id for each in self._model.meant(id))
        self._is_choosing = False

    def _go_to(self, index: QModelIndex) -> None:
        id = index.data(ID)
        if id:
            self._editor.reveal(self._model.meant(id))
        else:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _go_to_first(self) -> None:
        kind = self._model.index(0, 0)
        if kind.isValid():
            self._go_to(self._model.index(0, 0, kind))

    def _enter_list(self) -> None:
        kind = self._model.index(0, 0)
        self.tree.setFocus(Qt.FocusReason.TabFocusReason)
        if kind.isValid():
            self.tree.setCurrentIndex(self._model.index(0, 0, kind))


class _Search(QLineEdit):
    """A filter from which Down leads into the list and Esc clears."""

    downPressed = Signal()  # noqa: N815 - spelled as Qt spells returnPressed beside it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        match event.key():
            case Qt.Key.Key_Down:
                self.downPressed.emit()
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case _:
                super().keyPressEvent(event)
