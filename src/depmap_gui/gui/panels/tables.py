"""The tables: every item and link of the map by kind, edited like a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import chain

from PySide6.QtCore import (
    QByteArray,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.edits import new_id
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import ENTITY_CLASSES
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_words import KIND_WORDS
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import icon_button, label, recolor_icons
from depmap_gui.gui.panels.scores import UPDATING
from depmap_gui.gui.panels.tables_columns import RECORD_CLASSES, Kind
from depmap_gui.gui.panels.tables_header import Heading
from depmap_gui.gui.panels.tables_model import RecordTable
from depmap_gui.gui.panels.tables_new_link import NewLinkBar
from depmap_gui.gui.panels.tables_totals import TotalsRow
from depmap_gui.gui.panels.tables_view import TableView
from depmap_gui.gui.theme import Theme

KINDS: tuple[Kind, ...] = (*EntityKind, *LinkKind)
FILTER_DELAY_MS = 120
MOST_SELECTED = 2000
"""How many rows take on a selection made elsewhere."""
NEW_ITEM_STEP = 110.0


_TIGHT_TABS = "QTabBar::tab { padding: 6px 7px 5px 7px; margin: 0 1px; }"


class TablesPanel(QWidget):
    """A tab for each kind of item and link, all over the same facts.

    ``told`` carries sentences about what could not be done. ``heading_changed`` gives the state
    of a heading under the name by which ``recall`` is asked for it.
    """

    told = Signal(str)
    heading_changed = Signal(str, object)
    table_pasted = Signal(str)
    """Copied rows that fit no cells of the table in sight."""

    def __init__(
        self,
        editor: Editor,
        theme: Theme,
        recall: Callable[[str], QByteArray] = lambda _name: QByteArray(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = Desk(editor, theme)
        self._recall = recall
        self.setAccessibleName("Tables")
        self._views: dict[Kind, TableView] = {}
        self._pages: dict[Kind, QWidget] = {}
        self._headings: dict[Kind, Heading] = {}
        self._is_selecting = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top())
        self.new_link = NewLinkBar(self.desk)
        self.new_link.hide()
        column.addWidget(self.new_link)
        self._stack = QStackedWidget(self)
        column.addWidget(self._stack, 1)
        self.note = label("", "warn")
        self.note.setContentsMargins(12, 4, 12, 6)
        self.note.hide()
        column.addWidget(self.note)
        self._filter_delay = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._filter_delay.timeout.connect(self._narrow)
        editor.opened.connect(self._on_opened)
        editor.changed.connect(self._on_changed)
        editor.assessed.connect(self._on_figures)
        editor.coloring_changed.connect(self._on_figures)
        editor.freshness_changed.connect(self._on_freshness)
        editor.selection_changed.connect(self._on_selection)
        self._on_opened()
        self._on_freshness(editor.is_fresh)

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 10, 4)
        row.setSpacing(6)
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setAccessibleName("Kinds of items and links")
        for kind in KINDS:
            self.tabs.addTab(KIND_WORDS[kind][1])
        self.tabs.setStyleSheet(_TIGHT_TABS)
        self.tabs.currentChanged.connect(self._on_tab)
        row.addWidget(self.tabs, 1)
        self.stale_note = label(UPDATING, "warn", wrap=False)
        row.addWidget(self.stale_note)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName("Filter rows")
        self.filter.setClearButtonEnabled(True)
        self._size_filter()
        self.filter.textChanged.connect(self._on_filter)
        row.addWidget(self.filter)
        theme = self.desk.theme
        row.addWidget(icon_button("plus", theme, "Add a row", self.add_row))
        row.addWidget(icon_button("trash", theme, "Remove the selected rows", self.remove_rows))
        return row

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        grown = theme.text_scale / self.desk.theme.text_scale
        self.desk.theme = theme
        for heading in self._headings.values():
            heading.grow(grown)
        self._size_filter()
        recolor_icons(self, theme)
        for view in self._views.values():
            view.table.set_theme()

    def _size_filter(self) -> None:
        self.filter.setFixedWidth(self.desk.theme.sized(150))

    def restore_headings(self) -> None:
        """Show every column of every table where it first stood."""
        for heading in self._headings.values():
            heading.reset()

    # Tabs ------------------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """The kind whose table is in sight."""
        return KINDS[self.tabs.currentIndex()]

    @property
    def view(self) -> TableView:
        """The table in sight."""
        return self.view_of(self.kind)

    def view_of(self, kind: Kind) -> TableView:
        """The table of a kind: built when first needed, then kept."""
        view = self._views.get(kind)
        if view is None:
            view = TableView(RecordTable(kind, self.desk, self))
            view.setAccessibleName(KIND_WORDS[kind][1])
            view.table.told.connect(self.tell)
            view.told.connect(self.tell)
            view.table_pasted.connect(self.table_pasted)
            view.removal_requested.connect(self.remove_rows)
            view.selectionModel().selectionChanged.connect(self._on_rows)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._open_menu, view))
            self._views[kind] = view
            self._pages[kind] = self._page(view)
            self._stack.addWidget(self._pages[kind])
        return view

    def _page(self, view: TableView) -> QWidget:
        """The table with its totals below and a heading that is remembered."""
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(view, 1)
        column.addWidget(TotalsRow(view))
        # A program with other columns must not read the places of these.
        name = f"{view.table.kind.value}/{len(view.table.columns)}"
        header = view.horizontalHeader()
        heading = Heading(view)
        header.restoreState(self._recall(name))
        heading.changed.connect(lambda: self.heading_changed.emit(name, header.saveState()))
        self._headings[view.table.kind] = heading
        return page

    def _open_menu(self, view: TableView, at: QPoint) -> None:
        menu = self.cell_menu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.viewport().mapToGlobal(at))

    def cell_menu(self, view: TableView) -> QMenu:
        """What can be done with the selected cells."""
        menu = QMenu(view)
        for text, keys, run in (
            ("&Copy", QKeySequence(QKeySequence.StandardKey.Copy), view.copy),
            ("&Paste", QKeySequence(QKeySequence.StandardKey.Paste), view.paste),
            ("Fill &down", QKeySequence("Ctrl+D"), view.fill_down),
            ("Make &unknown", QKeySequence("Del"), view.clear_cells),
            ("&Remove rows", QKeySequence("Ctrl+-"), self.remove_rows),
        ):
            # The keys are told here and heard by the table itself.
            entry = menu.addAction(
                f"{text}\t{keys.toString(QKeySequence.SequenceFormat.NativeText)}"
            )
            entry.triggered.connect(lambda _checked=False, run=run: run())
        menu.addSeparator()
        menu.addMenu(self._headings[view.table.kind].columns_menu(menu))
        return menu

    def show_kind(self, kind: Kind) -> None:
        """Bring the table of a kind into sight."""
        self.tabs.setCurrentIndex(KINDS.index(kind))

    @Slot(int)
    def _on_tab(self, _at: int) -> None:
        view = self.view
        self._stack.setCurrentWidget(self._pages[view.table.kind])
        self.new_link.hide()
        self.tell("")
        view.table.catch_up(self.filter.text())
        self._mark(self.desk.editor.selection[:MOST_SELECTED])

    def _count(self) -> None:
        """Say on each tab how many there are."""
        project = self.desk.editor.project
        counts = Counter(map(type, chain(project.entities.values(), project.links.values())))
        for at, kind in enumerate(KINDS):
            count = counts[RECORD_CLASSES[kind]]
            words = KIND_WORDS[kind][1]
            text = f"{words} {count}" if count else words
            if text != self.tabs.tabText(at):
                self.tabs.setTabText(at, text)

    # Following the editor --------------------------------------------------------------------

    @Slot()
    def _on_opened(self) -> None:
        for view in self._views.values():
            view.table.rest()
        self.view.table.catch_up(self.filter.text())
        self._count()
        self._stack.setCurrentWidget(self._pages[self.view.table.kind])
        self._on_figures()
        self.tell("")

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        if change.concerns == {Concern.LAYOUT}:
            return
        for view in self._views.values():
            if view is self.view:
                view.table.follow(change)
            else:
                # Read anew when it comes into sight.
                view.table.rest()
        if Concern.STRUCTURE in change.concerns:
            self._count()
            self._mark(self.desk.editor.selection[:MOST_SELECTED])

    @Slot()
    def _on_figures(self) -> None:
        self.view.table.take_figures()
        self.view.table.redraw()
        for view in self._views.values():
            if view is not self.view:
                view.table.rest()

    @Slot(bool)
    def _on_freshness(self, is_fresh: bool) -> None:
        self.stale_note.setVisible(not is_fresh)
        self.view.viewport().update()

    @Slot()
    def _on_selection(self) -> None:
        """Mark the rows of what is selected elsewhere, and bring their table into sight."""
        if self._is_selecting:
            return
        editor = self.desk.editor
        project = editor.project
        kinds = [
            (project.entities.get(id) or project.links[id]).kind
            for id in editor.selection[:MOST_SELECTED]
        ]
        if kinds and self.kind not in kinds:
            self.show_kind(kinds[0])
        self._mark(editor.selection[:MOST_SELECTED])

    def _mark(self, ids: tuple[str, ...]) -> None:
        view = self.view
        table = view.table
        marked = QItemSelection()
        last = table.columnCount() - 1
        rows = [row for id in ids if (row := table.row_of(id)) is not None]
        for row in rows:
            marked.select(table.index(row, 0), table.index(row, last))
        self._is_selecting = True
        try:
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect
            view.selectionModel().select(marked, mode)
            if rows:
                current = table.index(rows[0], 0)
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                view.selectionModel().setCurrentIndex(current, flag)
                view.scrollTo(current)
        finally:
            self._is_selecting = False

    @Slot()
    def _on_rows(self) -> None:
        """Select on the map what is selected in the table."""
        if self._is_selecting or self.sender() is not self.view.selectionModel():
            return
        self._is_selecting = True
        try:
            self.desk.editor.select([self.view.table.ids[row] for row in self.view.rows()])
        finally:
            self._is_selecting = False

    # Acting ----------------------------------------------------------------------------------

    @Slot(str)
    def tell(self, sentence: str) -> None:
        """Say below the table what could not be done; the empty text says nothing."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        if sentence:
            self.told.emit(sentence)

    @Slot(str)
    def _on_filter(self, _text: str) -> None:
        self._filter_delay.start()

    @Slot()
    def _narrow(self) -> None:
        self.view.table.narrow(self.filter.text())
        self._mark(self.desk.editor.selection[:MOST_SELECTED])

    def add_row(self) -> None:
        """A new item, its name ready to be typed; for links, ask for the two ends first."""
        kind = self.kind
        if isinstance(kind, LinkKind):
            self.new_link.ask(kind)
            return
        editor = self.desk.editor
        self.filter.clear()
        self._narrow()
        name = f"New {KIND_WORDS[kind][0].lower()}"
        entity = ENTITY_CLASSES[kind](id=new_id(editor.project, kind), name=name)
        if editor.add(entity, self._free_place()):
            row = self.view.table.row_of(entity.id)
            if row is not None:
                cell = self.view.table.index(row, 0)
                self.view.setCurrentIndex(cell)
                self.view.open_cell(cell)

    def _free_place(self) -> tuple[float, float]:
        """Below everything on the current view."""
        places = self.desk.editor.view.positions.values()
        if not places:
            return (0.0, 0.0)
        return (min(x for x, _ in places), max(y for _, y in places) + NEW_ITEM_STEP)

    @Slot()
    def remove_rows(self) -> None:
        """Take the selected rows' records out, with the links that hang on them."""
        table = self.view.table
        ids = [table.ids[row] for row in self.view.rows()]
        if ids:
            self.desk.editor.remove(ids)
        else:
            self.tell("Select the rows to remove first.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F goes to the filter."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_F:
            self.filter.setFocus()
            self.filter.selectAll()
        else:
            super().keyPressEvent(event)
