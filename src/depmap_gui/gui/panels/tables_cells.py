"""How cells of the tables are edited: a list to pick from where the field has one, else a line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from depmap_gui.domain.fields import FieldType
from depmap_gui.domain.kinds import LINK_ENDS
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.panels.field_words import choices_for
from depmap_gui.gui.panels.tables_columns import FieldColumn
from depmap_gui.gui.panels.tables_model import RecordTable

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Edits cells by the type of their field."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A picker or a line, named after its column."""
        table = index.model()
        assert isinstance(table, RecordTable)
        column = table.columns[index.column()]
        assert isinstance(column, FieldColumn)  # the table's flags let no other be edited
        record = table.record(index.row())
        made: QWidget
        options = pickable(table, column, record)
        if options is not None:
            made = ChoiceBox(parent)
            for text in options:
                made.addItem(text)
            made.activated.connect(lambda _at, e=made: self._picked(e))
        else:
            made = QLineEdit(parent)
            if (names := _completions(table, column, record)) is not None:
                completer = QCompleter(names, made)
                completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                made.setCompleter(completer)
        made.setAccessibleName(column.field.label)
        made.setToolTip(column.field.help)
        return made

    def _picked(self, picker: QWidget) -> None:
        self.commitData.emit(picker)
        self.closeEditor.emit(picker)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The exact value as text; unknown is an empty line."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            shown = str(index.data(Qt.ItemDataRole.DisplayRole))
            editor.setCurrentIndex(editor.findText(shown))
        elif isinstance(editor, QLineEdit):
            editor.setText("" if text == numbers.UNKNOWN_TEXT else text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand what was typed or picked to the table, if it is other than before."""
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        before = str(index.data(Qt.ItemDataRole.DisplayRole))
        if isinstance(editor, QLineEdit):
            text, before = editor.text(), str(index.data(Qt.ItemDataRole.EditRole) or "")
            before = "" if before == numbers.UNKNOWN_TEXT else before
        if text != before:
            model.setData(index, text, Qt.ItemDataRole.EditRole)


def pickable(table: RecordTable, column: FieldColumn, record: Any) -> list[str] | None:
    """The texts to pick from, where the field has a fixed set; None where it is typed."""
    field = column.field
    unknown = [numbers.UNKNOWN_TEXT] if field.default is None else []
    match field.type:
        case FieldType.CHOICE:
            return unknown + list(choices_for(field, (record,), table.names.project))
        case FieldType.FLAG:
            return ["yes", "no", *unknown]
        case FieldType.PRODUCT:
            target = table.names.project.entities.get(record.target)
            products = target.products if isinstance(target, Plant) else ()
            return ["every product", *(product.name or product.id for product in products)]
        case _:
            return None


def _completions(table: RecordTable, column: FieldColumn, record: Any) -> list[str] | None:
    if column.field.type is not FieldType.ENTITY:
        return None
    allowed = LINK_ENDS[record.kind][0 if column.field.name == "source" else 1]
    entities = table.names.project.entities.values()
    return sorted({e.name or e.id for e in entities if e.kind in allowed})
