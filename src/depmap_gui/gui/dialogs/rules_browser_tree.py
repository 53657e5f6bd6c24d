"""The rows of a rule pack as a tree that can be searched, read by keyboard and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from depmap_gui.gui.dialogs.rules_browser_rows import Row
from depmap_gui.gui.icons import icon
from depmap_gui.gui.theme import Theme, Tone, color

HEADINGS = ("What", "Value", "When", "Status", "Certainty", "Citation")
_WHAT, _VALUE, _WHEN, _STATUS, _CERTAINTY, _CITATION = range(len(HEADINGS))
_ROW = Qt.ItemDataRole.UserRole
_WIDTHS = {_WHAT: 350, _VALUE: 150, _WHEN: 178, _STATUS: 92, _CERTAINTY: 132}


class RulesTree(QTreeWidget):
    """Sections, records and their parts; what is in force is bold and ticked."""

    row_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setAccessibleName("Contents of the rule pack")
        self.setHeaderLabels(HEADINGS)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(60)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.currentItemChanged.connect(self._on_current)

    def show_rows(self, sections: Sequence[Row]) -> None:
        """Show these sections; those that were open stay open, and the place stays."""
        opened = self._open_paths()
        current = self._path(self.currentItem())
        at = self.verticalScrollBar().value()
        self.clear()
        for section in sections:
            self.addTopLevelItem(self._item(section))
        for index in range(self.topLevelItemCount()):
            top = self.topLevelItem(index)
            if top is not None:
                self._restore(top, opened, current)
        if not opened and self.topLevelItemCount():
            first = self.topLevelItem(0)
            if first is not None:
                first.setExpanded(True)
        self.verticalScrollBar().setValue(at)

    def search(self, sought: str) -> int:
        """Show only what says all of the words sought, with what it stands in; how many do."""
        found = 0
        for index in range(self.topLevelItemCount()):
            top = self.topLevelItem(index)
            if top is not None:
                found += self._search(top, sought, whole=not sought)
        return found

    def copy(self) -> None:
        """Put the selected rows on the clipboard, cells apart by tabs."""
        lines = ["\t".join(HEADINGS)]
        lines += ["\t".join(row.cells()) for item in self.selectedItems() if (row := row_of(item))]
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def choose(self, words: str) -> bool:
        """Make the record of that name or text the current one; False where there is none."""
        pending = [self.topLevelItem(index) for index in range(self.topLevelItemCount())]
        while pending:
            item = pending.pop(0)
            if item is None:
                continue
            row = row_of(item)
            if row is not None and row.words == words:
                self.setCurrentItem(item)
                self.scrollToItem(item)
                return True
            pending += [item.child(index) for index in range(item.childCount())]
        return False

    def _item(self, row: Row) -> QTreeWidgetItem:
        item = QTreeWidgetItem(list(row.cells()))
        item.setData(0, _ROW, row)
        for column, text in enumerate(row.cells()):
            if text:
                item.setToolTip(column, text)
        self._dress(item, row)
        item.addChildren([self._item(child) for child in row.children])
        return item

    def _dress(self, item: QTreeWidgetItem, row: Row) -> None:
        """Say by icon, weight and words, never by color alone, how a row stands."""
        spoken = row.words
        if row.is_section or (row.in_force and not row.children) or row.value == "settled on":
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            for column in (_WHAT, _VALUE):
                item.setFont(column, bold)
        if row.in_force is True and not row.children:
            good = self.theme.ink(Tone.GOOD)
            item.setIcon(_WHAT, icon("check", self.theme, good, 14))
            spoken += ", in force"
        elif row.in_force is False:
            for column in range(len(HEADINGS)):
                item.setForeground(column, color(self.theme.muted))
            spoken += ", not in force"
        if (tone := row.tone) is not None:
            column = _STATUS if row.standing and row.standing != "enacted" else _CERTAINTY
            item.setIcon(column, icon(tone.icon, self.theme, self.theme.ink(tone), 14))
            item.setForeground(column, color(self.theme.ink(tone)))
        item.setData(_WHAT, Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _search(self, item: QTreeWidgetItem, sought: str, *, whole: bool) -> int:
        row = row_of(item)
        holds = whole or (row is not None and not row.is_section and row.holds(sought))
        children = [item.child(index) for index in range(item.childCount())]
        within = sum(
            self._search(child, sought, whole=holds) for child in children if child is not None
        )
        item.setHidden(not holds and not within)
        if sought:
            item.setExpanded(bool(within) and not holds)
        if row is None or row.is_section or whole:
            return within
        return within or int(holds)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        self.row_chosen.emit(None if item is None else row_of(item))

    def _open_paths(self) -> set[tuple[str, ...]]:
        found = set()
        pending = [self.topLevelItem(index) for index in range(self.topLevelItemCount())]
        while pending:
            item = pending.pop()
            if item is not None and item.isExpanded():
                found.add(self._path(item))
                pending += [item.child(index) for index in range(item.childCount())]
        return found

    def _path(self, item: QTreeWidgetItem | None) -> tuple[str, ...]:
        words: list[str] = []
        while item is not None:
            words.insert(0, item.text(0))
            item = item.parent()
        return tuple(words)

    def _restore(
        self, item: QTreeWidgetItem, opened: set[tuple[str, ...]], current: tuple[str, ...]
    ) -> None:
        path = self._path(item)
        if path == current:
            self.setCurrentItem(item)
        if path in opened:
            item.setExpanded(True)
        if path in opened or current[: len(path)] == path:
            for index in range(item.childCount()):
                child = item.child(index)
                if child is not None:
                    self._restore(child, opened, current)


def row_of(item: QTreeWidgetItem) -> Row | None:
    """The row that an item shows."""
    held = item.data(0, _ROW)
    return held if isinstance(held, Row) else None
