"""The heading of a table: which columns are shown, where they stand and how wide they are."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from depmap_gui.gui.panels.tables_view import TableView


class Heading(QObject):
    """Lets a person choose a table's columns. ``changed`` asks that the choice be remembered."""

    changed = Signal()

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view
        header = view.horizontalHeader()
        self._first = header.saveState()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open)
        header.sectionMoved.connect(self.changed)
        header.sectionResized.connect(self.changed)

    def columns_menu(self, parent: QWidget) -> QMenu:
        """A menu with every column, checked where it is shown."""
        menu = QMenu("C&olumns", parent)
        table = self._view.table
        jurisdiction = table.desk.editor.jurisdiction
        for at, column in enumerate(table.columns):
            entry = menu.addAction(column.title(table.names, jurisdiction).replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(not self._view.isColumnHidden(at))
            # The first column names the row: without it nobody could tell what stands there.
            entry.setEnabled(at > 0)
            entry.setToolTip(column.help)
            entry.toggled.connect(lambda shown, at=at: self.show_column(at, shown=shown))
        menu.addSeparator()
        menu.addAction("&All columns, as they came").triggered.connect(self.reset)
        return menu

    def show_column(self, at: int, *, shown: bool) -> None:
        """Show or hide a column; that is remembered."""
        self._view.setColumnHidden(at, not shown)
        self.changed.emit()

    def grow(self, factor: float) -> None:
        """Make every column wider or narrower, as its words have grown."""
        if factor != 1.0:
            header = self._view.horizontalHeader()
            for at in range(header.count()):
                header.resizeSection(at, round(header.sectionSize(at) * factor))

    @Slot()
    def reset(self) -> None:
        """Show every column where it first stood."""
        self._view.horizontalHeader().restoreState(self._first)
        self.changed.emit()

    @Slot(QPoint)
    def _open(self, at: QPoint) -> None:
        menu = self.columns_menu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.horizontalHeader().mapToGlobal(at))
