"""What the rows of a table come to: a line below it, column under column.

Money and counts are summed, shares are averaged; what is unknown is counted beside the figure and
never taken for zero. With several rows selected it is they that are summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QWidget

from depmap_gui.domain.fields import Field, FieldType, Unit
from depmap_gui.domain.quantity import Quantity, bounds
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.field_words import Names
from depmap_gui.gui.panels.tables_columns import Column, FieldColumn
from depmap_gui.gui.panels.tables_view import TableView
from depmap_gui.gui.slices import Slices
from depmap_gui.gui.theme import color

DELAY_MS = 80
MANY_ROWS = 2_000
"""Rows from which on the window is heard between two columns."""
SUMMED = frozenset({Unit.MONEY, Unit.UNITS})
AVERAGED = frozenset({Unit.SHARE})
_PADDING = 8


class Total(msgspec.Struct, frozen=True):
    """What one column comes to: as short as a cell, and as a sentence."""

    text: str
    sentence: str


def is_added_up(field: Field) -> bool:
    """Whether a sum or mean of the field makes sense."""
    return field.type is FieldType.QUANTITY and field.unit in SUMMED | AVERAGED


def total_of(field: Field, records: Sequence[Any], names: Names) -> Total | None:
    """The sum or mean of a column over the records; None where neither makes sense.

    A range adds up to a range: lows, modes and highs each.
    """
    if not is_added_up(field):
        return None
    given = [getattr(record, field.name) for record in records]
    known: list[Quantity] = [value for value in given if value is not None]
    if not known:
        return None
    is_sum = field.unit in SUMMED
    parts = 1 if is_sum else len(known)
    ends = [sum(each) / parts for each in zip(*map(bounds, known), strict=True)]
    figure = numbers.quantity(
        (ends[0], ends[1], ends[2]), field.unit, names.currency, locale=names.locale
    )
    unknown = len(given) - len(known)
    sign, words = ("Σ", "Sum") if is_sum else ("⌀", "Mean")
    beside = f" + {unknown} {field.absent}" if unknown else ""
    apart = f"; {unknown} {field.absent}, not counted" if unknown else ""
    return Total(f"{sign} {figure}{beside}", f"{words} of {len(known)}: {figure}{apart}")


class TotalsRow(QWidget):
    """The line below a table, its figures under their columns."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view
        self.totals: dict[int, Total] = {}
        self.setAccessibleName("Totals")
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._add_up)
        self._slices = Slices(self)
        table, header = view.table, view.horizontalHeader()
        for signal in (table.modelReset, table.dataChanged, table.headerDataChanged):
            signal.connect(self._later)
        view.selectionModel().selectionChanged.connect(self._later)
        for moved in (header.sectionResized, header.sectionMoved, header.geometriesChanged):
            moved.connect(self._redraw)
        view.horizontalScrollBar().valueChanged.connect(self._redraw)
        self._later()

    @Slot()
    def _later(self) -> None:
        # What was begun is about other rows.
        self._slices.drop()
        self._delay.start()

    @Slot()
    def _add_up(self) -> None:
        """Add up what is seen, column by column; the rest when it comes into sight."""
        if self.isVisible():
            self._slices.start(self._steps())

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the table comes into sight."""
        super().showEvent(event)
        self._later()

    @Slot()
    def _redraw(self) -> None:
        self.update()

    @Slot()
    def refresh(self) -> None:
        """Add up anew, at once."""
        self._slices.start(self._steps())
        self._slices.finish()

    def _steps(self) -> Iterator[None]:
        """One column with each step; the old figures stand until all are there."""
        table = self._view.table
        rows = self._view.rows()
        chosen = rows if len(rows) > 1 else range(len(table.ids))
        records = [table.record(row) for row in chosen]
        totals: dict[int, Total] = {}
        for at, column in enumerate(table.columns):
            if isinstance(column, FieldColumn) and is_added_up(column.field):
                if len(records) > MANY_ROWS:
                    yield
                total = total_of(column.field, records, table.names)
                if total is not None:
                    totals[at] = total
        totals[0] = self._counted(len(rows), len(table.ids))
        self.totals = totals
        said = [
            f"{self._title(table.columns[at])}: {total.sentence}"
            for at, total in self.totals.items()
            if at
        ]
        self.setAccessibleDescription(". ".join([self.totals[0].sentence, *said]))
        self.update()

    def _counted(self, selected: int, shown: int) -> Total:
        rows = "1 row" if shown == 1 else f"{numbers.count(shown)} rows"
        text = f"{numbers.count(selected)} of {rows}" if selected > 1 else rows
        return Total(text, f"{text} selected" if selected > 1 else rows)

    def _title(self, column: Column) -> str:
        table = self._view.table
        return column.title(table.names, table.desk.editor.jurisdiction)

    # Drawing ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(200, QFontMetrics(self.font()).height() + 12)

    minimumSizeHint = sizeHint

    def _place(self, at: int) -> QRect:
        header = self._view.horizontalHeader()
        left = header.sectionViewportPosition(at)
        return QRect(left, 0, header.sectionSize(at), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw each figure under its column."""
        painter = QPainter(self)
        theme = self._view.table.desk.theme
        painter.setPen(color(theme.line))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setFont(numbers.tabular(self.font()))
        metrics = painter.fontMetrics()
        for at, total in self.totals.items():
            if self._view.isColumnHidden(at):
                continue
            place = self._place(at).adjusted(_PADDING, 1, -_PADDING, 0)
            painter.setPen(color(theme.muted if at == 0 else theme.text))
            right = self._view.table.columns[at].is_number
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            text = metrics.elidedText(total.text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)

    def event(self, event: QEvent) -> bool:
        """Tell the whole figure where the pointer rests."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            under = [
                total.sentence
                for at, total in self.totals.items()
                if self._place(at).contains(event.pos())
            ]
            QToolTip.showText(event.globalPos(), under[0] if under else "", self)
            return True
        return super().event(event)
