"""A form for records of one kind (or several), built from the table of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from depmap_gui.domain.fields import Field, FieldType
from depmap_gui.gui.panels.field_editors import FieldEditor
from depmap_gui.gui.panels.field_words import shared_fields, unit_words
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.parts import recolor_icons
from depmap_gui.gui.theme import Theme

EditorClasses = Mapping[FieldType, type[FieldEditor]]
Commit = Callable[[Field, Sequence[Any], Change], str]
LABEL_WIDTH = 104
"""Room for what a field is called, at the usual size of text."""


_FIRST = ("name", "title", "source", "target")
_LATE = ("valid_from", "valid_to", "tags", "notes", "sources")


def as_filled_in(fields: Sequence[Field]) -> list[Field]:
    """What it is called or joins first, then its own facts; dates, remarks and sources last."""
    first = [field for field in fields if field.name in _FIRST]
    late = sorted(
        (field for field in fields if field.name in _LATE),
        key=lambda field: _LATE.index(field.name),
    )
    return [*first, *(field for field in fields if field not in (*first, *late)), *late]


class RecordForm(QWidget):
    """Every field of the given record classes, each with its editor.

    ``commit`` makes a change and returns the sentence of a refusal, or the empty text.
    """

    def __init__(
        self,
        classes: tuple[type[msgspec.Struct], ...],
        desk: Desk,
        editors: EditorClasses,
        commit: Commit | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.records: tuple[Any, ...] = ()
        self._commit = commit or desk.commit
        self.editors: dict[str, FieldEditor] = {}
        self._captions: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self._grid = grid
        grid.setColumnStretch(1, 1)
        for field in as_filled_in(shared_fields(classes)):
            self._add_row(grid, field, editors[field.type])
        self._size_captions()

    def _add_row(self, grid: QGridLayout, field: Field, made: type[FieldEditor]) -> None:
        editor = made(field, self.desk, self)
        editor.committed.connect(lambda change, f=field: self._on_committed(f, change))
        self.editors[field.name] = editor
        caption = QLabel()
        self._captions[field.name] = caption
        caption.setProperty("role", "muted")
        caption.setWordWrap(True)
        caption.setToolTip(field.help)
        caption.setBuddy(editor)
        row = grid.rowCount()
        if editor.is_wide:
            grid.addWidget(caption, row, 0, 1, 2)
            grid.addWidget(editor, row + 1, 0, 1, 2)
        else:
            caption.setContentsMargins(0, 6, 0, 0)
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(editor, row, 1)

    def show_records(self, records: Sequence[Any]) -> None:
        """Show these records; what is being typed stays."""
        self.records = tuple(records)
        for name, caption in self._captions.items():
            field = self.editors[name].field
            unit = unit_words(field, self.desk.editor.project.header.currency)
            caption.setText(f"{field.label} ({unit})" if unit else field.label)
        for name, editor in self.editors.items():
            editor.show_values([getattr(record, name) for record in records], self.records)

    def flush(self) -> list[str]:
        """Commit all that has been typed; the sentences of what was not understood."""
        faults = []
        for editor in self.editors.values():
            if not editor.flush():
                faults.append(f"{editor.field.label}: {editor.fault}")
                editor.abandon()
        return faults

    def _size_captions(self) -> None:
        """All captions beside an editor are as wide, so that the editors stand in a column."""
        width = self.desk.theme.sized(LABEL_WIDTH)
        self._grid.setColumnMinimumWidth(0, width)
        for name, caption in self._captions.items():
            if not self.editors[name].is_wide:
                caption.setFixedWidth(width)

    def set_theme(self, theme: Theme) -> None:
        """Dress what the style sheet does not reach."""
        self._size_captions()
        for editor in self.editors.values():
            editor.set_theme(theme)
        recolor_icons(self, theme)

    def _on_committed(self, field: Field, change: Change) -> None:
        refusal = self._commit(field, self.records, change)
        if refusal:
            editor = self.editors[field.name]
            editor.show_values(editor.values, editor.records)
            editor.show_fault(refusal)
