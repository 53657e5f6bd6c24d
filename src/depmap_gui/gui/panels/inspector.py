"""The inspector: every field of what is selected, or of the project where nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.fields import FieldType
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.field_editors import FieldEditor, LongTextEditor, TypedEditor
from depmap_gui.gui.panels.field_editors_choice import (
    CreditPicker,
    DateEditor,
    EntityEditor,
    FlagEditor,
    PickEditor,
    ProductPicker,
)
from depmap_gui.gui.panels.field_editors_law import (
    DeclaredEditor,
    ListsEditor,
    ReadingsEditor,
    TermsEditor,
)
from depmap_gui.gui.panels.field_editors_products import ProductsEditor
from depmap_gui.gui.panels.field_editors_quantity import QuantityEditor
from depmap_gui.gui.panels.field_editors_sources import SourcesEditor
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.inspector_form import RecordForm
from depmap_gui.gui.panels.parts import Scroll
from depmap_gui.gui.theme import Theme

EDITORS: Mapping[FieldType, type[FieldEditor]] = {
    FieldType.TEXT: TypedEditor,
    FieldType.LONG_TEXT: LongTextEditor,
    FieldType.QUANTITY: QuantityEditor,
    FieldType.INTEGER: TypedEditor,
    FieldType.FLAG: FlagEditor,
    FieldType.DATE: DateEditor,
    FieldType.CHOICE: PickEditor,
    FieldType.WORDS: TypedEditor,
    FieldType.SOURCES: SourcesEditor,
    FieldType.ENTITY: EntityEditor,
    FieldType.PRODUCT: ProductPicker,
    FieldType.PRODUCTS: ProductsEditor,
    FieldType.CREDIT: CreditPicker,
    FieldType.LISTS: ListsEditor,
    FieldType.TERMS: TermsEditor,
    FieldType.DECLARED: DeclaredEditor,
    FieldType.STRUCTURE: ReadingsEditor,
}
"""How each type of field is edited: the one table between the fields and the controls."""

HINT = "Type ? where something is not known: unknown is never taken for zero."
Classes = tuple[type[msgspec.Struct], ...]


class InspectorPanel(QWidget):
    """Edits the selected items and links, one or many; the project's header where none is."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(editor, theme)
        self.setAccessibleName("Properties")
        self._forms: dict[Classes, RecordForm] = {}
        self._is_behind = False
        self.form: RecordForm | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = Scroll(self)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(12, 12, 12, 12)
        self._body.setSpacing(10)
        self._body.addStretch(1)
        self._scroll.setWidget(body)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._hint_strip())
        editor.opened.connect(self._on_opened)
        editor.selection_changed.connect(self._on_selection)
        editor.changed.connect(self._on_changed)
        editor.assessed.connect(self._on_assessed)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]  # widgets need an application
        self._show_selection()

    def _hint_strip(self) -> QFrame:
        """Two lines at the bottom that say what the field with the keyboard is about."""
        strip = QFrame(self)
        strip.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(strip)
        column.setContentsMargins(12, 6, 12, 8)
        self.hint = QLabel(HINT)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._keep_two_lines()
        column.addWidget(self.hint)
        return strip

    def _keep_two_lines(self) -> None:
        self.hint.ensurePolished()
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing() + 2)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.desk.theme = theme
        self._keep_two_lines()
        for form in self._forms.values():
            form.set_theme(theme)

    # What is shown ---------------------------------------------------------------------------

    def records(self) -> tuple[Any, ...]:
        """The selected records as they are now; the project's header where none is selected."""
        project = self.desk.editor.project
        chosen: list[Any] = []
        for id in self.desk.editor.selection:
            record = project.entities.get(id) or project.links.get(id)
            if record is not None:
                chosen.append(record)
        return tuple(chosen) or (project.header,)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: it comes into sight; what happened meanwhile is shown."""
        super().showEvent(event)
        if self._is_behind:
            self._show_selection()

    def _show_selection(self) -> None:
        """Fill the form; of a panel that another covers, when it next comes into sight."""
        self._is_behind = not self.isVisible() and self.window().isVisible()
        if self._is_behind:
            return
        records = self.records()
        form = self._form_for(tuple(dict.fromkeys(type(record) for record in records)))
        form.show_records(records)
        if self.form is not form:
            if self.form is not None:
                self.form.hide()
            self.form = form
            self.hint.setText(HINT)
            form.show()

    def _form_for(self, classes: Classes) -> RecordForm:
        """The form for records of these classes: built when first needed, then kept."""
        form = self._forms.get(classes)
        if form is None:
            form = RecordForm(classes, self.desk, EDITORS)
            form.hide()
            self._forms[classes] = form
            self._body.insertWidget(self._body.count() - 1, form)
        return form

    def focus_field(self, name: str) -> bool:
        """Put the keyboard into a field of what is selected; False where it has no such field."""
        if self.form is None or name not in self.form.editors:
            return False
        editor = self.form.editors[name]
        self._scroll.ensureWidgetVisible(editor)
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    # Following the editor --------------------------------------------------------------------

    @Slot()
    def _on_opened(self) -> None:
        """Another project: nothing typed for the old one may reach the new."""
        for form in self._forms.values():
            for editor in form.editors.values():
                editor.abandon()

    @Slot()
    def _on_selection(self) -> None:
        """Commit what was typed to what it was typed for, then show the new selection."""
        if self.form is not None:
            form = self.form
            alive = self._still_there(form.records)
            if alive:
                for fault in form.flush():
                    self.desk.editor.refused.emit(f"{fault} The old value was kept.")
            else:
                for editor in form.editors.values():
                    editor.abandon()
        self._show_selection()
        self._scroll.verticalScrollBar().setValue(0)

    def _still_there(self, records: tuple[Any, ...]) -> bool:
        project = self.desk.editor.project
        return all(
            not hasattr(record, "id") or record.id in project.entities or record.id in project.links
            for record in records
        )

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        if change.concerns == {Concern.LAYOUT}:
            return
        self._show_selection()

    @Slot()
    def _on_assessed(self) -> None:
        """New scores change no field; only the questions that come from the law are asked anew."""
        if self.form is None:
            return
        for editor in self.form.editors.values():
            if editor.field.type is FieldType.DECLARED:
                editor.refresh()

    @Slot(QWidget, QWidget)
    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        widget = new
        while widget is not None and not isinstance(widget, FieldEditor):
            widget = widget.parentWidget()
        if isinstance(widget, FieldEditor) and self.isAncestorOf(widget):
            self.hint.setText(f"{widget.field.label}: {widget.field.help}")
