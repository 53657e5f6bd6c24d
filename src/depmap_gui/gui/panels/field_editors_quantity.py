"""The editor of quantities: one number, or low, likely and high where the analyst is unsure."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QToolButton, QWidget

from depmap_gui.domain.fields import Field, Unit
from depmap_gui.domain.quantity import Quantity, bounds, mode
from depmap_gui.gui import numbers, numbers_typed
from depmap_gui.gui.numbers_typed import NotUnderstood
from depmap_gui.gui.panels.field_editors import VARIOUS, Line, TypedEditor, common
from depmap_gui.gui.panels.field_words import range_fault, takes_range
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.parts import restyle
from depmap_gui.gui.theme import Theme

_ENDS = ("Low", "Likely", "High")


class QuantityEditor(TypedEditor):
    """A number as one line, a range as three; '50–65%' may also be typed into the one line."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.line.setFont(numbers.tabular(self.line.font()))
        self.toggle = QToolButton(self)
        self.toggle.setText("±")
        self.toggle.setCheckable(True)
        self._size_toggle(desk.theme)
        self.toggle.setToolTip("Uncertain: give a low, a likely and a high figure")
        self.introduce(self.toggle, "uncertain")
        self.toggle.clicked.connect(self._on_toggled)
        # With a range below it stands alone in its row, above the ends of the lines.
        self.row.insertWidget(1, self.toggle, 0, Qt.AlignmentFlag.AlignRight)
        self.range = QWidget(self)
        self.ends = tuple(Line(self.range) for _ in _ENDS)
        self._lay_out_ends()
        self._column.insertWidget(1, self.range)
        self.range.hide()
        self._takes_range = True

    def _size_toggle(self, theme: Theme) -> None:
        self.toggle.setFixedSize(QSize(theme.sized(30), theme.sized(28)))
        points = round(12 * theme.text_scale, 1)
        self.toggle.setStyleSheet(f"QToolButton {{ padding: 0; font-size: {points}pt; }}")

    def _lay_out_ends(self) -> None:
        grid = QGridLayout(self.range)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setHorizontalSpacing(8)
        for row, (name, line) in enumerate(zip(_ENDS, self.ends, strict=True)):
            caption = QLabel(name)
            caption.setProperty("role", "muted")
            grid.addWidget(caption, row, 0)
            grid.addWidget(line, row, 1)
            line.setFont(numbers.tabular(line.font()))
            self.introduce(line, name.lower())
            line.textEdited.connect(self._on_edited)
            line.returnPressed.connect(self._on_return)
            line.abandoned.connect(self.abandon)
            line.installEventFilter(self)

    # Showing -------------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether the line or one of the three has text that has not been committed."""
        return self.line.isModified() or any(end.isModified() for end in self.ends)

    def refresh(self) -> None:
        """Show one line for a number, three for a range."""
        if self.is_typing:
            return
        self._takes_range = all(
            not self.records or takes_range(type(record), self.field) for record in self.records
        )
        self.toggle.setVisible(self._takes_range)
        value = common(self.values)
        is_range = isinstance(value, tuple)
        self._show_range(is_range)
        if is_range:
            for line, number in zip(self.ends, bounds(value), strict=True):
                line.setText(self._exact(number))
                line.setCursorPosition(0)
                line.setModified(False)
            self.show_fault(range_fault(self.field, value), refused=False)
        else:
            super().refresh()

    def text_of(self, value: Any) -> str:
        """The exact number, thousands parted."""
        return self._exact(value)

    def _exact(self, value: Quantity | None) -> str:
        grouped = self.field.unit in (Unit.MONEY, Unit.PRICE, Unit.UNITS)
        return numbers.quantity_to_edit(value, self.field.unit, grouped=grouped)

    def _show_range(self, shown: bool) -> None:
        self.range.setVisible(shown)
        self.line.setVisible(not shown)
        self.toggle.setChecked(shown)
        self.setFocusProxy(self.ends[0] if shown else self.line)

    def set_theme(self, theme: Theme) -> None:
        """Wear another size of text; the style sheet does the rest."""
        self._size_toggle(theme)

    def read(self, text: str) -> Quantity | None:
        """The number or range of the text. Raises NotUnderstood."""
        currency = self.desk.editor.project.header.currency
        if self._takes_range:
            return numbers_typed.read_quantity(text, self.field.unit, currency)
        return numbers_typed.read_number(text, self.field.unit, currency)

    # Changing ------------------------------------------------------------------------------

    @Slot()
    def _on_toggled(self) -> None:
        """To a range: open the three lines. To a number: keep the likely figure."""
        value = common(self.values)
        if self.toggle.isChecked():
            self.line.setModified(False)
            self._show_range(True)
            for line in self.ends:
                line.setText("" if value is VARIOUS else self._exact(value))
                line.setModified(False)
            self.ends[0].setFocus()
            self.ends[0].selectAll()
            return
        for line in self.ends:
            line.setModified(False)
        self.show_fault("")
        if isinstance(value, tuple):
            self.commit(Change.to(mode(value)))
        else:
            self._show_range(False)
            self.refresh()

    def flush(self) -> bool:
        """Commit the number, or the range as a whole."""
        if not any(end.isModified() for end in self.ends):
            return super().flush()
        if not self.records:
            return True
        try:
            value = self._read_ends()
        except NotUnderstood as fault:
            self.show_fault(str(fault))
            return False
        for end in self.ends:
            end.setModified(False)
        self.show_fault("")
        if all(value == old for old in self.values):
            self.refresh()
        else:
            self.commit(Change.to(value))
        return True

    def _read_ends(self) -> Quantity | None:
        currency = self.desk.editor.project.header.currency
        texts = [end.text() for end in self.ends]
        given = [numbers_typed.read_number(t, self.field.unit, currency) for t in texts]
        low, likely, high = given
        if low is None and likely is None and high is None:
            return None
        if low is None or likely is None or high is None:
            raise NotUnderstood("A range needs all three: low, likely and high.")
        if not low <= likely <= high:
            raise NotUnderstood("Low, likely and high must be in this order.")
        return (low, likely, high)

    def abandon(self) -> None:
        """Bring the old value back."""
        for end in self.ends:
            end.setModified(False)
        super().abandon()

    def mark_fault(self, is_faulty: bool) -> None:
        """Frame what is typed into."""
        super().mark_fault(is_faulty)
        for end in self.ends:
            if bool(end.property("fault")) != is_faulty:
                end.setProperty("fault", is_faulty)
                restyle(end)

    @Slot()
    def _on_return(self) -> None:
        self.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The range is complete when the keyboard leaves all three lines."""
        if event.type() is QEvent.Type.FocusOut and watched in self.ends:
            reason = event.reason()  # type: ignore[attr-defined]  # a QFocusEvent by its type
            if reason is not Qt.FocusReason.PopupFocusReason:
                QTimer.singleShot(0, self, self._on_left)
        return super().eventFilter(watched, event)

    @Slot()
    def _on_left(self) -> None:
        if QApplication.focusWidget() not in self.ends:
            self.flush()
