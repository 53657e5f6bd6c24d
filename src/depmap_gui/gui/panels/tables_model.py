"""The records of one kind as a table: sorted, filtered, edited; formats only what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap

from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.edits import Batch, Edit
from depmap_gui.domain.fields import FieldType
from depmap_gui.domain.kinds import EntityKind, Section
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import LARGE
from depmap_gui.gui.numbers_typed import NotUnderstood
from depmap_gui.gui.panels.field_words import Names, copied_text, read_value, value_text
from depmap_gui.gui.panels.inspector_desk import Change, Desk, field_edits
from depmap_gui.gui.panels.parts import ToneMark
from depmap_gui.gui.panels.tables_columns import (
    LAST,
    RECORD_CLASSES,
    Cell,
    Column,
    FieldColumn,
    Figures,
    Kind,
    ScoreColumn,
    columns_of,
)
from depmap_gui.gui.theme import Theme, Tone, color

Index = QModelIndex | QPersistentModelIndex
_SEARCHED = frozenset(
    {FieldType.TEXT, FieldType.CHOICE, FieldType.WORDS, FieldType.ENTITY, FieldType.LONG_TEXT}
)
_ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RecordTable(QAbstractTableModel):
    """Rows are the project's records of one kind. ``told`` carries sentences for the person."""

    told = Signal(str)

    def __init__(self, kind: Kind, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.desk = desk
        self.section = Section.ENTITIES if isinstance(kind, EntityKind) else Section.LINKS
        self.columns: tuple[Column, ...] = columns_of(kind)
        self.names: Names = desk.names
        self.figures: Figures | None = None
        self._words = ""
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._searched: dict[str, tuple[Any, str]] = {}
        self._icons: dict[Tone, QIcon] = {}
        self._figures_font = numbers.tabular(QFont())
        self._searched_fields = [
            (column.field.name, column.field.type is FieldType.ENTITY)
            for column in self.columns
            if isinstance(column, FieldColumn) and column.field.type in _SEARCHED
        ]
        self.ids: list[str] = []
        self._row_of: dict[str, int] = {}
        self._is_resting = False
        self.take_figures()
        self.rebuild()

    # What there is ---------------------------------------------------------------------------

    def record(self, row: int) -> Any:
        """The record of a row."""
        return self.names.project.section(self.section)[self.ids[row]]

    def row_of(self, id: str) -> int | None:
        """The row of a record; None where it is filtered out or of another kind."""
        return self._row_of.get(id)

    def records(self) -> list[Any]:
        """All records of the kind, in file order."""
        made = RECORD_CLASSES[self.kind]
        records = self.names.project.section(self.section).values()
        return [record for record in records if type(record) is made]

    def rebuild(self) -> None:
        """Read the records anew; filter and sort them."""
        self._is_resting = False
        self.beginResetModel()
        if self.names.project.entities is not self.desk.editor.project.entities:
            self._searched.clear()
        self.names = self.desk.names
        if self.figures is not None:
            self.figures.names = self.names
        found = self._narrowed(self.records())
        if self._sorted_by is not None:
            found = self._in_order(found, *self._sorted_by)
        self.ids = [record.id for record in found]
        self._row_of = {id: row for row, id in enumerate(self.ids)}
        self.endResetModel()

    def _in_order(self, records: list[Any], column: int, order: Qt.SortOrder) -> list[Any]:
        keyed = [(self._sort_key(record, column), record) for record in records]
        known = [pair for pair in keyed if pair[0] != LAST]
        unknown = [record for key, record in keyed if key == LAST]
        known.sort(key=lambda pair: pair[0], reverse=order is Qt.SortOrder.DescendingOrder)
        return [record for _, record in known] + unknown

    def _sort_key(self, record: Any, column: int) -> tuple[int, Any]:
        match self.columns[column]:
            case FieldColumn() as shown:
                return shown.sort_key(record, self.names)
            case ScoreColumn() as scored:
                return scored.cell(record.id, self.figures).key if self.figures else LAST

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 brings back the order of the file."""
        self._sorted_by = (column, order) if column >= 0 else None
        self.rebuild()

    def narrow(self, text: str) -> None:
        """Show only the records that have all the words somewhere in their text."""
        self._words = text
        self.rebuild()

    def rest(self) -> None:
        """Follow nothing until :meth:`catch_up`: nobody sees this table."""
        self._is_resting = True

    def catch_up(self, text: str) -> None:
        """It comes into sight, to show what has all these words; read anew only where need be."""
        if self._is_resting:
            self.take_figures()
        if self._is_resting or text != self._words:
            self.narrow(text)

    def _narrowed(self, records: list[Any]) -> list[Any]:
        words = self._words.casefold().split()
        if not words:
            return records
        return [r for r in records if all(word in self._text_of(r) for word in words)]

    def _text_of(self, record: Any) -> str:
        """What the filter looks through: id, texts, choices, tags and the names of ends."""
        known = self._searched.get(record.id)
        if known is not None and known[0] is record:
            return known[1]
        said = [record.id]
        for name, is_end in self._searched_fields:
            value = getattr(record, name)
            if is_end:
                said.append(self.names.project.name(value))
            elif value:
                said.append(value if isinstance(value, str) else " ".join(value))
        text = " ".join(said).casefold()
        self._searched[record.id] = (record, text)
        return text

    # Following the editor --------------------------------------------------------------------

    def follow(self, change: ChangeSet) -> None:
        """Bring the rows in line with a change; only what changed is drawn anew."""
        ours = self.section
        came_or_went = {id for section, id in change.added | change.removed if section is ours}
        self.names = self.desk.names
        if self.figures is not None:
            self.figures.names = self.names
        if came_or_went:
            self.rebuild()
            return
        if self.section is Section.LINKS and any(
            section is Section.ENTITIES for section, _ in change.updated
        ):
            self._searched.clear()
            self.redraw()
            return
        touched = (self._row_of.get(id) for section, id in change.updated if section is ours)
        for first, last in _runs(sorted(row for row in touched if row is not None)):
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def take_figures(self) -> None:
        """Show the editor's latest assessment, looked at for its jurisdiction."""
        editor = self.desk.editor
        self.figures = (
            Figures(editor.assessment, self.names, editor.jurisdiction)
            if editor.assessment is not None
            else None
        )

    def redraw(self) -> None:
        """Have every cell that can be seen drawn anew."""
        if self.ids:
            last = self.index(len(self.ids) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def set_theme(self) -> None:
        """Draw icons and colors in the desk's theme."""
        self._icons.clear()
        self.redraw()

    # What Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """How many records pass the filter."""
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index | None = None) -> int:
        """Fields and scores."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles and what they mean; rows are counted."""
        if orientation is Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title(self.names, self.desk.editor.jurisdiction)
            case Qt.ItemDataRole.ToolTipRole:
                return column.help
            case Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN_RIGHT if column.is_number else _ALIGN_LEFT
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell as it is shown, edited, aligned or colored."""
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_RIGHT if column.is_number else _ALIGN_LEFT
        if role == Qt.ItemDataRole.FontRole:
            return self._figures_font if column.is_number else None
        if isinstance(column, FieldColumn):
            return self._field_role(self.record(index.row()), column, role)
        return self._score_role(self.ids[index.row()], column, role)

    def _field_role(self, record: Any, column: FieldColumn, role: int) -> Any:
        value = getattr(record, column.field.name)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                text = value_text(column.field, value, self.names, record)
                return text.replace("\n", " ")
            case Qt.ItemDataRole.EditRole:
                return copied_text(column.field, value, self.names, record)
            case Qt.ItemDataRole.ForegroundRole:
                return color(self.desk.theme.muted) if value is None else None
            case Qt.ItemDataRole.ToolTipRole:
                text = value_text(column.field, value, self.names, record)
                return text if len(text) > 24 else None
            case _:
                return None

    def _score_role(self, id: str, column: ScoreColumn, role: int) -> Any:
        shown = {
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.DecorationRole,
            Qt.ItemDataRole.ToolTipRole,
        }
        if role not in shown:
            return None
        cell = column.cell(id, self.figures) if self.figures is not None else Cell()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return cell.text
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(cell)
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(cell.tone) if cell.tone is not None else None
            case _:
                return cell.tip or None

    def _ink(self, cell: Cell) -> Any:
        theme: Theme = self.desk.theme
        if not self.desk.editor.is_fresh:
            return color(theme.muted, 0.55)
        if cell.tone is not None:
            return color(theme.ink(cell.tone))
        return color(theme.muted) if cell.key == LAST else None

    def _icon(self, tone: Tone) -> QIcon:
        if tone not in self._icons:
            self._icons[tone] = tone_picture(tone, self.desk.theme)
        return self._icons[tone]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Fields that are typed as text can be edited; scores cannot."""
        flags = super().flags(index)
        if index.isValid() and self.columns[index.column()].is_editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    # Changing --------------------------------------------------------------------------------

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Read what was typed and make the edit; tells why where it is not understood."""
        column = self.columns[index.column()]
        if role != Qt.ItemDataRole.EditRole or not isinstance(column, FieldColumn):
            return False
        record = self.record(index.row())
        try:
            typed = read_value(column.field, str(value), self.names, record)
        except NotUnderstood as fault:
            self.told.emit(str(fault))
            return False
        refusal = self.desk.commit(column.field, (record,), Change.to(typed))
        if refusal:
            self.told.emit(refusal)
        return not refusal

    def set_cells(self, cells: Iterable[tuple[int, int, str]], label: str) -> list[str]:
        """Put texts into many cells as one step; the sentences of those not understood."""
        edits: list[Edit] = []
        faults: list[str] = []
        done = 0
        for row, at, text in cells:
            column = self.columns[at]
            record = self.record(row)
            where = f"Row {row + 1}, {column.title(self.names, self.desk.editor.jurisdiction)}"
            if not isinstance(column, FieldColumn) or not column.is_editable:
                faults.append(f"{where}: this column cannot be typed into.")
                continue
            try:
                value = read_value(column.field, text, self.names, record)
            except NotUnderstood as fault:
                faults.append(f"{where}: {fault}")
                continue
            done += 1
            edits += field_edits(column.field, (record,), Change.to(value))
        if edits:
            words = label.format(count=f"{done} cells" if done != 1 else "1 cell")
            if len(edits) > LARGE:
                self.desk.editor.apply_large(Batch(words, tuple(edits)), words)
            elif refusal := self.desk.apply(Batch(words, tuple(edits)), words):
                faults.append(refusal)
        return faults

    def typed(self, row: int, at: int) -> str | None:
        """What one would type to get a cell's value; None where a column cannot be typed into."""
        column = self.columns[at]
        if not isinstance(column, FieldColumn) or not column.is_editable:
            return None
        record = self.record(row)
        return copied_text(column.field, getattr(record, column.field.name), self.names, record)

    def copied(self, rows: Sequence[int], columns: Sequence[int]) -> list[list[str]]:
        """The texts of a block of cells, its headings above; text is kept from being a formula."""
        jurisdiction = self.desk.editor.jurisdiction
        titles = [self.columns[at].title(self.names, jurisdiction) for at in columns]
        return [titles, *([self._copied_cell(row, at) for at in columns] for row in rows)]

    def _copied_cell(self, row: int, at: int) -> str:
        column = self.columns[at]
        if isinstance(column, ScoreColumn):
            return str(self._score_role(self.ids[row], column, Qt.ItemDataRole.DisplayRole))
        record = self.record(row)
        text = copied_text(column.field, getattr(record, column.field.name), self.names, record)
        is_text = column.field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.ENTITY)
        return f"'{text}" if is_text and text[:1] in ("=", "+", "-", "@") else text


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of rows, given in order, that follow one another."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def tone_picture(tone: Tone, theme: Theme, size: int = 14) -> QIcon:
    """The tone's mark as an icon for cells, sharp at twice the scale."""
    mark = ToneMark(tone, theme, size)
    size = mark.width()
    made = QIcon()
    for scale in (1, 2):
        pixmap = QPixmap(size * scale, size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        mark.draw(painter)
        painter.end()
        for looks in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Active):
            made.addPixmap(pixmap, looks)
    return made
