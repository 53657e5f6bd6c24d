"""The tree of scenarios side by side: figures at the left of a cell, differences at its right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from depmap_gui.gui.dialogs.scenario_comparison_model import (
    CHANGE_INK_ROLE,
    CHANGE_ROLE,
    ComparisonModel,
)
from depmap_gui.gui.numbers import tabular
from depmap_gui.gui.theme import BASE_POINTS
from depmap_gui.session.scenario_comparison import Row

_NAME_WIDTH, _VERSION_WIDTH = 320, 250
_GAP, _EDGE = 14, 8
_MOST_NAMES = 0.42
"""The part of the width that the names may take."""
_MOST_OPEN = 400
"""Lines up to which all of them are in sight at first; of a larger map only its plants are."""


class ComparisonTree(QTreeView):
    """Lines that the arrow keys reach; Enter asks for the plant on the map, Ctrl+C copies."""

    go_asked = Signal(QModelIndex)
    copy_asked = Signal()

    def __init__(self, model: ComparisonModel) -> None:
        super().__init__()
        self._comparison = model
        self.setModel(model)
        self.setAccessibleName("Figures of every scenario")
        self.setItemDelegate(_Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(False)
        self.setTabKeyNavigation(False)
        self.setFont(tabular(QFont()))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.header()
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(90)
        self.doubleClicked.connect(self.go_asked)

    def refill(self, fill: Callable[[], object]) -> None:
        """Show what ``fill`` puts into the model, and stay where one was as far as it is there."""
        model, before = self._comparison, [each.scenario for each in self._comparison.versions]
        headings = list(model.headings())
        closed = {model.key(index) for index in headings if not self.isExpanded(index)}
        here = self.currentIndex()
        place, column = (model.key(here), here.column()) if here.isValid() else (None, 0)
        at = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        fill()
        is_short = len(model.nodes) <= _MOST_OPEN
        known = bool(headings)
        for index in model.headings():
            self.setExpanded(index, model.key(index) not in closed if known else is_short)
        if before != [each.scenario for each in model.versions]:
            self.fit()
        if place is not None and (line := model.line_of(place)).isValid():
            self.setCurrentIndex(line.siblingAtColumn(column))
        self.verticalScrollBar().setValue(at[0])
        self.horizontalScrollBar().setValue(at[1])

    def fit(self) -> None:
        """Give the columns the widths their cells take, within reason."""
        grown = max(1.0, self.font().pointSizeF() / BASE_POINTS)
        columns = self._comparison.columnCount()
        for column in range(columns):
            designed = _VERSION_WIDTH if column else _NAME_WIDTH
            wanted = self._wanted(column) if len(self._comparison.nodes) <= _MOST_OPEN else 0
            most = round(designed * grown * 1.5)
            if column == 0:
                # Names leave room for figures, on a narrow screen too.
                most = max(round(designed * 0.6), min(most, round(self.width() * _MOST_NAMES)))
            self.setColumnWidth(column, min(max(round(designed * 0.7), wanted), most))

    def _wanted(self, column: int) -> int:
        return max(self.sizeHintForColumn(column), self.header().sectionSizeHint(column)) + _EDGE

    def rows(self) -> list[Row]:
        """The rows of the selected cells in their order, with all below a heading; all of them
        where one cell at most is selected."""
        chosen = self.selectionModel().selectedIndexes()
        if len(chosen) < 2:
            return list(self._comparison.all_rows())
        wanted = {
            row.place for index in chosen for row in self._comparison.rows_under(index)
        }  # fmt: skip
        return [row for row in self._comparison.all_rows() if row.place in wanted]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_asked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Cells(QStyledItemDelegate):
    """Draws what a cell says at its left, and how it differs from the base at its right."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: what the style draws of a cell; the room of the difference is kept free."""
        super().initStyleOption(option, index)
        change = index.data(CHANGE_ROLE)
        # Asked for its size, a cell has no room yet, and wants all of its words.
        if change and option.rect.width() > 0:
            shown = QFontMetrics(option.font)
            free = option.rect.width() - shown.horizontalAdvance(change) - _GAP - _EDGE
            if not option.icon.isNull():
                free -= option.decorationSize.width() + _EDGE
            option.text = shown.elidedText(
                option.text, Qt.TextElideMode.ElideRight, max(0, free - _EDGE)
            )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Qt: draw one cell."""
        super().paint(painter, option, index)
        change = index.data(CHANGE_ROLE)
        if not change:
            return
        dressed = QStyleOptionViewItem(option)
        self.initStyleOption(dressed, index)
        painter.save()
        painter.setFont(dressed.font)
        painter.setPen(index.data(CHANGE_INK_ROLE))
        room: QRect = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        words = QFontMetrics(dressed.font).elidedText(
            change, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Qt: room for both."""
        hint = super().sizeHint(option, index)
        change = index.data(CHANGE_ROLE)
        if change:
            dressed = QStyleOptionViewItem(option)
            super().initStyleOption(dressed, index)
            wide = QFontMetrics(dressed.font).horizontalAdvance(change)
            hint.setWidth(hint.width() + wide + _GAP + _EDGE)
        return hint
