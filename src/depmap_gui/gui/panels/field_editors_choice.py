"""Editors in which one picks: yes / no / unknown, one of several, a product, a credit, a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QObject, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.fields import Field
from depmap_gui.domain.kinds import LINK_ENDS
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.field_editors import (
    VARIOUS,
    VARIOUS_TEXT,
    FieldEditor,
    TypedEditor,
    common,
)
from depmap_gui.gui.panels.field_words import choices_for
from depmap_gui.gui.panels.inspector_desk import Change, Desk
from depmap_gui.gui.panels.parts import icon_button
from depmap_gui.gui.theme import Theme

_SEGMENT = """
QPushButton[segment="true"] {{
    border: 1px solid {line}; border-radius: 5px; padding: 2px 8px; min-height: 18px;
    background: {panel}; color: {muted};
}}
QPushButton[segment="true"]:hover {{ background: {hover}; }}
QPushButton[segment="true"]:focus {{ border: 2px solid {accent}; padding: 1px 7px; }}
QPushButton[segment="true"]:checked {{
    background: {accent_tint}; color: {accent_text}; border-color: {accent}; font-weight: 600;
}}
"""


class ThreeWay(QWidget):
    """Yes, no or unknown, side by side; ``None`` answers stand for unknown."""

    answered = Signal(object)

    def __init__(self, theme: Theme, name: str, *, may_be_unknown: bool = True) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[bool | None, QPushButton] = {}
        answers: list[tuple[bool | None, str]] = [(True, "Yes"), (False, "No")]
        if may_be_unknown:
            answers.append((None, "Unknown"))
        for answer, words in answers:
            button = QPushButton(words)
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setAccessibleName(f"{name}: {words}")
            button.clicked.connect(lambda _checked=False, a=answer: self.answered.emit(a))
            self._group.addButton(button)
            self._buttons[answer] = button
            row.addWidget(button)
        row.addStretch(1)
        self.setFocusProxy(self._buttons[True])
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Dress the segments."""
        self.setStyleSheet(
            _SEGMENT.format(
                line=theme.line_strong,
                panel=theme.panel,
                muted=theme.muted,
                hover=theme.hover,
                accent=theme.accent,
                accent_tint=theme.accent_tint,
                accent_text=theme.accent_text,
            )
        )

    def button(self, answer: bool | None) -> QPushButton:
        """The button of an answer."""
        return self._buttons[answer]

    def show_answer(self, answer: Any) -> None:
        """Mark the answer; none of them where the records differ."""
        self._group.setExclusive(False)
        for key, button in self._buttons.items():
            button.setChecked(answer is key)
        self._group.setExclusive(True)


class FlagEditor(FieldEditor):
    """Yes, no and, where the field may be unknown, unknown."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.answers = ThreeWay(desk.theme, field.label, may_be_unknown=field.default is None)
        self.answers.answered.connect(self._on_answered)
        self.setFocusProxy(self.answers)
        self.hold(self.answers)

    def refresh(self) -> None:
        """Mark the answer that the records hold."""
        self.answers.show_answer(common(self.values))

    def set_theme(self, theme: Theme) -> None:
        """Dress the segments."""
        self.answers.set_theme(theme)

    @Slot(object)
    def _on_answered(self, answer: bool | None) -> None:
        self.refresh()
        self.commit(Change.to(answer))


class Picker(ChoiceBox):
    """A list to pick from; turning the wheel over it scrolls the panel, not the value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()


class PickEditor(FieldEditor):
    """One of several values; ``options`` says which, with the words for each."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.picker = Picker(self)
        self.setFocusProxy(self.picker)
        self.picker.setPlaceholderText(VARIOUS_TEXT)
        self.picker.activated.connect(self._on_picked)
        self.hold(self.picker)

    def options(self) -> list[tuple[Any, str]]:
        """Values with their words, in the order in which they are offered."""
        options: list[tuple[Any, str]] = []
        if self.field.default is None:
            options.append((None, numbers.UNKNOWN_TEXT))
        choices = choices_for(self.field, self.records, self.desk.editor.project)
        return options + [(choice, choice) for choice in choices]

    def refresh(self) -> None:
        """Offer the options and show the one that holds; a value not offered is shown as it is."""
        value = common(self.values)
        options = self.options()
        if value is not VARIOUS and all(option != value for option, _ in options):
            options.append((value, f"{value} (not in the list)"))
        offered = [(self.picker.itemData(i), self.picker.itemText(i)) for i in range(len(self))]
        if offered != options:
            self.picker.clear()
            for option, words in options:
                self.picker.addItem(words, option)
        at = -1
        if value is not VARIOUS:
            at = next(i for i, (option, _) in enumerate(options) if option == value)
        self.picker.setCurrentIndex(at)
        self.picker.setToolTip(self.picker.currentText() if at >= 0 else VARIOUS_TEXT)

    def __len__(self) -> int:
        return self.picker.count()

    @Slot(int)
    def _on_picked(self, at: int) -> None:
        value = self.picker.itemData(at)
        if any(value != old for old in self.values):
            self.commit(Change.to(value))


class ProductPicker(PickEditor):
    """The product of the target that a supply goes into."""

    def options(self) -> list[tuple[Any, str]]:
        """Every product, or one of those of the target that all the links share."""
        options: list[tuple[Any, str]] = [(None, "every product")]
        targets = {getattr(record, "target", "") for record in self.records}
        if len(targets) == 1:
            target = self.desk.editor.project.entities.get(targets.pop())
            if isinstance(target, Plant):
                options += [(made.id, made.name or made.id) for made in target.products]
        return options


class CreditPicker(PickEditor):
    """A credit of the project's rule packs."""

    def options(self) -> list[tuple[Any, str]]:
        """No credit, or one of the packs' own."""
        options: list[tuple[Any, str]] = [(None, "none")]
        for pack in self.desk.packs:
            options += [(id, credit.title) for id, credit in pack.credits.items()]
        return options


class DateEditor(TypedEditor):
    """A day, typed or picked from a calendar; empty is unknown."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self.button = icon_button(
            "calendar", desk.theme, f"Pick {field.label} from a calendar", self.open_calendar
        )
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.row.addWidget(self.button)
        self.line.installEventFilter(self)

    def text_of(self, value: Any) -> str:
        """The day as it is written everywhere; typed, any usual way is understood."""
        return numbers.day(value) if isinstance(value, date) else ""

    def refresh(self) -> None:
        """Show the day, and as ISO writes it as the tooltip."""
        super().refresh()
        value = common(self.values)
        self.line.setToolTip(value.isoformat() if isinstance(value, date) else self.field.help)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Down opens the calendar, as in other date fields."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            if alt and event.key() == Qt.Key.Key_Down:
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def open_calendar(self) -> None:
        """Show a calendar below the field."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(popup)
        column.setContentsMargins(4, 4, 4, 4)
        calendar = QCalendarWidget(popup)
        calendar.setAccessibleName(f"{self.field.label} calendar")
        for name, arrow in (("prev", "chevron-left"), ("next", "chevron-right")):
            # Qt's own arrows are black in either theme.
            turn = calendar.findChild(QToolButton, f"qt_calendar_{name}month")
            assert isinstance(turn, QToolButton)
            turn.setIcon(icon(arrow, self.desk.theme))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            # Qt's own red means danger here.
            calendar.setWeekdayTextFormat(day, QTextCharFormat())
        value = common(self.values)
        if isinstance(value, date):
            calendar.setSelectedDate(QDate(value.year, value.month, value.day))
        column.addWidget(calendar)

        def picked(day: QDate) -> None:
            popup.close()
            self.take(date(day.year(), day.month(), day.day()))

        calendar.activated.connect(picked)
        calendar.clicked.connect(picked)
        popup.move(self.mapToGlobal(self.rect().bottomLeft()))
        popup.show()
        calendar.setFocus()

    def take(self, day: date) -> None:
        """Commit a day that was picked."""
        self.line.setModified(False)
        if any(day != old for old in self.values):
            self.commit(Change.to(day))


class EntityEditor(TypedEditor):
    """An end of a link, typed by name; names are completed from the items that may stand there."""

    def __init__(self, field: Field, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(field, desk, parent)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_completed)
        self.line.setCompleter(completer)
        self.row.addWidget(
            icon_button("select", desk.theme, f"Go to the item at '{field.label}'", self._jump)
        )
        self.line.textEdited.connect(self._offer)

    def text_of(self, value: Any) -> str:
        """The name of the item, with its id where others share it."""
        return self._words(value)

    def read(self, text: str) -> Any:
        """The id of the item that goes by the text. Raises NotUnderstood."""
        for id in self._permitted():
            if self._words(id) == text.strip():
                return id
        return super().read(text)

    def _words(self, id: str) -> str:
        project = self.desk.editor.project
        return project.name(id)

    def _permitted(self) -> list[str]:
        """Items of the kinds that may stand at this end of all the links."""
        ends = 0 if self.field.name == "source" else 1
        kinds: Sequence[Any] = [LINK_ENDS[record.kind][ends] for record in self.records]
        project = self.desk.editor.project
        return [id for id, e in project.entities.items() if all(e.kind in k for k in kinds)]

    @Slot(str)
    def _offer(self, _text: str) -> None:
        if not self._names.rowCount():
            self._names.setStringList(sorted({self._words(id) for id in self._permitted()}))

    @Slot(str)
    def _on_completed(self, text: str) -> None:
        self.line.setText(text)
        self.line.setModified(True)
        self.flush()

    def refresh(self) -> None:
        """Show the item's name; what is offered is gathered anew when typing begins."""
        if not self.is_typing:
            self._names.setStringList([])
        super().refresh()

    def _jump(self) -> None:
        value = common(self.values)
        if isinstance(value, str):
            self.desk.editor.reveal((value,))
