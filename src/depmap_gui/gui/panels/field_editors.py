"""Controls that edit one field each: what all have in common, and those that are typed into.

An editor shows one value (or the values of several records) and tells of a change when it is
complete: on Return, on leaving the field, on a click. What is being typed is never overwritten;
text that is not understood stays, with a sentence below it. Esc brings the old value back.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.fields import Field
from depmap_gui.gui.numbers_typed import NotUnderstood
from depmap_gui.gui.panels.field_words import copied_text, range_fault, read_value
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.parts import restyle
from depmap_gui.gui.theme import Theme

VARIOUS_TEXT = "various"


class Various(Enum):
    """Stands for the value of several records that differ."""

    VARIOUS = "various"


VARIOUS = Various.VARIOUS


def common(values: Sequence[Any]) -> Any:
    """The value that all records share, VARIOUS where they differ, None where there are none."""
    if not values:
        return None
    return values[0] if all(value == values[0] for value in values[1:]) else VARIOUS


class FieldEditor(QWidget):
    """One field's control. ``committed`` carries a Change; ``is_wide`` asks for a full row."""

    committed = Signal(object)
    is_wide = False

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.desk = desk
        self.records: tuple[Any, ...] = ()
        self.values: tuple[Any, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._fault = QLabel(self)
        self._fault.setProperty("role", "bad")
        self._fault.setWordWrap(True)
        self._fault.setAccessibleName(f"{field.label}: problem")
        self._fault.hide()
        self._column.addWidget(self._fault)
        self.setToolTip(field.help)

    def hold(self, control: QWidget, *, named: bool = True) -> None:
        """Put a control above the line for faults."""
        self._column.insertWidget(self._column.count() - 1, control)
        if named:
            self.introduce(control)

    def introduce(self, control: QWidget, what: str = "") -> None:
        """Give a control the field's name and help for those who do not see it."""
        control.setAccessibleName(f"{self.field.label} {what}".strip())
        control.setAccessibleDescription(self.field.help)

    def show_values(self, values: Sequence[Any], records: Sequence[Any]) -> None:
        """Show what the records hold; what is being typed stays."""
        self.values, self.records = tuple(values), tuple(records)
        self.refresh()

    def refresh(self) -> None:
        """Bring the controls in line with :attr:`values`."""
        raise NotImplementedError

    def flush(self) -> bool:
        """Commit what has been typed; False, with a fault shown, where it is not understood."""
        return True

    def abandon(self) -> None:
        """Give up what has been typed."""

    def set_theme(self, theme: Theme) -> None:
        """Repaint what the style sheet does not reach."""

    @property
    def fault(self) -> str:
        """The sentence below the control; empty where all is well."""
        return self._fault.text() if not self._fault.isHidden() else ""

    def show_fault(self, sentence: str, *, refused: bool = True) -> None:
        """Say what is wrong, or with an empty sentence that nothing is."""
        self._fault.setProperty("role", "bad" if refused else "warn")
        restyle(self._fault)
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        self.mark_fault(bool(sentence) and refused)

    def mark_fault(self, is_faulty: bool) -> None:
        """Show on the control itself that its value was refused."""

    def commit(self, change: Change) -> None:
        """Tell of a complete change."""
        self.committed.emit(change)


class Line(QLineEdit):
    """A line edit that tells of Esc, by which typing is given up."""

    abandoned = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up only what was typed; otherwise it is left to the window."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.abandoned.emit()
            return
        super().keyPressEvent(event)


class TypedEditor(FieldEditor):
    """A value typed as one line of text, read as the field's type says."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.line = Line(self)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._on_finished)
        self.line.abandoned.connect(self.abandon)
        self.row = QHBoxLayout()
        self.row.setSpacing(6)
        self.row.addWidget(self.line, 1)
        self._column.insertLayout(0, self.row)
        self.introduce(self.line)

    @property
    def is_typing(self) -> bool:
        """Whether there is text that has not been committed."""
        return self.line.isModified()

    def refresh(self) -> None:
        """Show the value, unless something is being typed."""
        if self.is_typing:
            return
        value = common(self.values)
        various = value is VARIOUS
        self.line.setPlaceholderText(VARIOUS_TEXT if various else self.empty_text())
        text = "" if various else self.text_of(value)
        if self.line.text() != text:
            self.line.setText(text)
            self.line.setCursorPosition(0)
        self.line.setModified(False)
        fault = "" if various else range_fault(self.field, value)
        self.show_fault(fault, refused=False)

    def empty_text(self) -> str:
        """What stands in the empty field."""
        return self.field.absent if self.field.default is None else ""

    def text_of(self, value: Any) -> str:
        """The value as text to edit."""
        if value is None:
            return ""
        return copied_text(self.field, value, self.desk.names, self.records[0])

    def read(self, text: str) -> Any:
        """The value of what was typed. Raises NotUnderstood."""
        return read_value(self.field, text, self.desk.names, self.records[0])

    def flush(self) -> bool:
        """Commit the text if it was changed."""
        if not self.is_typing or not self.records:
            return True
        try:
            value = self.read(self.line.text())
        except NotUnderstood as fault:
            self.show_fault(str(fault))
            return False
        self.line.setModified(False)
        self.show_fault("")
        if all(value == old for old in self.values):
            self.refresh()
        else:
            self.commit(Change.to(value))
        return True

    @Slot()
    def abandon(self) -> None:
        """Bring the old value back."""
        self.line.setModified(False)
        self.show_fault("")
        self.refresh()

    def mark_fault(self, is_faulty: bool) -> None:
        """Frame the line in the color of faults."""
        if bool(self.line.property("fault")) != is_faulty:
            self.line.setProperty("fault", is_faulty)
            restyle(self.line)

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        self.show_fault("")

    @Slot()
    def _on_finished(self) -> None:
        self.flush()


class LongTextEditor(FieldEditor):
    """Text of several lines; committed on leaving it, or by Ctrl+Return."""

    is_wide = True

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.text = QPlainTextEdit(self)
        self.setFocusProxy(self.text)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 4 + 14)
        self.text.installEventFilter(self)
        self.hold(self.text)

    def refresh(self) -> None:
        """Show the text, unless some is being typed."""
        if self.text.document().isModified():
            return
        value = common(self.values)
        various = value is VARIOUS
        self.text.setPlaceholderText(VARIOUS_TEXT if various else "")
        shown = "" if various else (value or "")
        if self.text.toPlainText() != shown:
            self.text.setPlainText(shown)
        self.text.document().setModified(False)

    def flush(self) -> bool:
        """Commit the text if it was changed."""
        document = self.text.document()
        if document.isModified() and self.records:
            document.setModified(False)
            value = self.text.toPlainText()
            if any(value != old for old in self.values):
                self.commit(Change.to(value))
        return True

    def abandon(self) -> None:
        """Bring the old text back."""
        self.text.document().setModified(False)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the text commits it, Ctrl+Return too; Esc gives it up."""
        if event.type() is QEvent.Type.FocusOut:
            self.flush()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return self.flush()
            if event.key() == Qt.Key.Key_Escape and self.text.document().isModified():
                self.abandon()
                return True
        return super().eventFilter(watched, event)
