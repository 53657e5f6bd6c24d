"""What if: the scenarios of the map, and what the one that is shown changes.

The list on the left chooses what the whole window shows and edits: the base map or a scenario.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Scenario
from depmap_gui.domain.scenario_acts import called, free_name
from depmap_gui.domain.scenario_words import changes_told, count_words
from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.parts import label
from depmap_gui.gui.panels.scenario_model import ChangeRows
from depmap_gui.gui.theme import Theme

_ID = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 30
_BASE = "Base map"
_ON_LIST = ("new", "duplicate", "rename", "delete")
_ON_CHANGES = ("take_out", "adopt")
_NO_SCENARIO = (
    "This is the base map. Choose a scenario on the left, or make one: what you edit then is kept "
    "as its difference, and the base map stays as it is."
)
_NO_CHANGE = (
    "This scenario changes nothing yet. Edit anything, on the map, in the tables or the "
    "properties: each edit becomes a change listed here."
)


class _Names(QListWidget):
    """The base map and its scenarios, whose names can be typed."""

    def type_name(self) -> None:
        """Let the current one's name be typed, unless one is being typed already."""
        if self.state() != QAbstractItemView.State.EditingState:
            self.editItem(self.currentItem())


class ScenarioPanel(QWidget):
    """Scenarios on the left, the changes of the chosen one on the right."""

    def __init__(
        self, editor: Editor, actions: Actions, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor, self._actions, self._theme = editor, actions, theme
        self._is_filling = False
        self._names: list[tuple[str, str]] = []
        self.list = _Names()
        self.list.setAccessibleName("Base map and scenarios: what is shown and edited")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.head = label("", "section", wrap=False)
        self.notes = QLineEdit()
        self.notes.setAccessibleName("Notes of the scenario")
        self.notes.setPlaceholderText("What does this scenario ask, and what does it assume?")
        self.hint = label("", "muted")
        self.model = ChangeRows(theme, self)
        self.changes = _Changes()
        self.changes.setModel(self.model)
        self.changes.setAccessibleName("Changes of the scenario")
        self.show_on_map = QPushButton("&Show on the map")
        self.show_on_map.setToolTip("Bring the changed item into sight (Enter)")
        self.buttons = {
            name: self._button(f"analyze.scenario.{name}") for name in (*_ON_LIST, *_ON_CHANGES)
        }
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.model.set_theme(theme)
        self._names = []
        self.refresh()
        for name, button in self.buttons.items():
            spec = self._actions.specs[f"analyze.scenario.{name}"]
            button.setIcon(icon(spec.icon, theme, theme.muted, 14))

    # What the actions ask ------------------------------------------------------------------

    def rename_current(self) -> None:
        """Let another name be typed for the chosen scenario."""
        if self.list.currentRow() > 0:
            self.list.setFocus()
            self.list.type_name()

    def take_keys(self) -> None:
        """Have the keys: at the changes, or at the scenarios where there is none."""
        (self.changes if self.model.rowCount() else self.list).setFocus()

    def chosen_changes(self) -> tuple[int, ...]:
        """The places of the changes chosen in the list."""
        rows = sorted(index.row() for index in self.changes.selectionModel().selectedRows())
        return tuple(self.model.changes[row].at for row in rows)

    def step(self, by: int) -> None:
        """Go to the next change on the map, or with -1 to the one before, round and round."""
        count = self.model.rowCount()
        if not count:
            return
        current = self.changes.currentIndex()
        # A list that has the keys has a current row, be it chosen or not.
        is_chosen = self.changes.selectionModel().isSelected(current)
        start = current.row() if is_chosen else (-1 if by > 0 else 0)
        index = self.model.index((start + by) % count)
        self.changes.setCurrentIndex(index)
        self._reveal(index)

    # What is shown -------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Show the scenarios and changes as they are now; the changes only where they are seen."""
        editor = self._editor
        base, scenario = editor.base, editor.scenario
        record = base.scenarios.get(scenario or "")
        self._fill_list(list(base.scenarios.values()), scenario)
        self.head.setText(_BASE if record is None else called(record))
        if not self.notes.hasFocus() or record is None:
            self.notes.setText(record.notes if record is not None else "")
            self.notes.setCursorPosition(0)
        if self.isVisible() or record is None:
            told = changes_told(base, record.id, editor.playing) if record is not None else ()
            self.model.fill(told)
            self.changes.setVisible(bool(told))
            self.hint.setVisible(not told)
        self.hint.setText(_NO_SCENARIO if record is None else _NO_CHANGE)
        acts = [self.buttons[name] for name in _ON_CHANGES]
        for widget in (self.notes, self.show_on_map, *acts):
            widget.setVisible(record is not None)
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the panel comes into sight, perhaps with other changes than when it left."""
        super().showEvent(event)
        self.refresh()

    def _fill_list(self, scenarios: list[Scenario], current: str | None) -> None:
        wanted = [("", _BASE), *((each.id, called(each)) for each in scenarios)]
        self._is_filling = True
        if wanted != self._names:
            self._names = wanted
            self.list.clear()
            for id, name in wanted:
                item = QListWidgetItem(name)
                item.setData(_ID, id)
                # Room for the line in which a name is typed.
                item.setSizeHint(QSize(0, self._theme.sized(_ROW_HEIGHT)))
                if id:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                self.list.addItem(item)
        for row, each in enumerate(scenarios, start=1):
            words = f"{called(each)}: {count_words(len(each.changes))}"
            self.list.item(row).setToolTip(f"{words}\n{each.notes}".rstrip())
        ids = [id for id, _ in wanted]
        self.list.setCurrentRow(ids.index(current or ""))
        self._is_filling = False

    def _enable(self) -> None:
        chosen = [self.model.changes[row] for row in self._rows()]
        self.show_on_map.setEnabled(any(self._shown(each.id) for each in chosen))
        self.buttons["take_out"].setEnabled(bool(chosen))

    def _rows(self) -> list[int]:
        return [index.row() for index in self.changes.selectionModel().selectedRows()]

    def _shown(self, id: str) -> bool:
        project = self._editor.project
        return id in project.entities or id in project.links

    # What is done --------------------------------------------------------------------------

    def _connect(self) -> None:
        editor = self._editor
        for signal in (editor.opened, editor.changed, editor.scenario_changed):
            signal.connect(self.refresh)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemChanged.connect(self._rename)
        self.notes.editingFinished.connect(self._take_notes)
        self.changes.selectionModel().selectionChanged.connect(self._enable)
        self.model.modelReset.connect(self._enable)
        self.changes.activated.connect(self._reveal)
        self.changes.delete_pressed.connect(self._actions["analyze.scenario.take_out"].trigger)
        self.show_on_map.clicked.connect(lambda: self._reveal(self.changes.currentIndex()))

    @Slot()
    def _choose(self) -> None:
        if self.list.currentRow() >= 0 and not self._is_filling:
            self._editor.set_scenario(self.list.currentItem().data(_ID) or None)

    def _rename(self, item: QListWidgetItem) -> None:
        id, name = item.data(_ID), item.text().strip()
        record = self._editor.base.scenarios.get(id)
        if self._is_filling or record is None or name == called(record):
            return
        self._names = []
        if name:
            words = free_name(self._editor.base, name)
            edit = SetField(Section.SCENARIOS, id, "name", words)
            self._editor.apply(edit, f"Rename scenario {called(record)} to {words}")
        self.refresh()

    def _take_notes(self) -> None:
        record = self._editor.base.scenarios.get(self._editor.scenario or "")
        if record is not None and self.notes.text() != record.notes:
            edit = SetField(Section.SCENARIOS, record.id, "notes", self.notes.text())
            self._editor.apply(edit, f"Notes of scenario {called(record)}")

    def _reveal(self, index: QModelIndex) -> None:
        if index.isValid() and self._shown(id := self.model.changes[index.row()].id):
            self._editor.reveal((id,))

    # Laying out ----------------------------------------------------------------------------

    def _button(self, id: str) -> QPushButton:
        action, spec = self._actions[id], self._actions.specs[id]
        made = QPushButton(spec.text)
        made.setToolTip(action.toolTip())
        made.setAccessibleName(spec.plain_text.rstrip("…"))
        made.setEnabled(action.isEnabled())
        made.clicked.connect(action.trigger)
        if id != "analyze.scenario.take_out":
            action.enabledChanged.connect(made.setEnabled)
        return made

    def _lay_out(self) -> None:
        short = {
            "new": "&New",
            "duplicate": "D&uplicate",
            "rename": "&Rename…",
            "delete": "De&lete",
        }
        below = QHBoxLayout()
        for name in _ON_LIST:
            self.buttons[name].setText(short[name])
            below.addWidget(self.buttons[name])
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.list, 1)
        left.addLayout(below)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        acts = QHBoxLayout()
        acts.addWidget(self.show_on_map)
        acts.addWidget(self.buttons["take_out"])
        acts.addStretch(1)
        acts.addWidget(self.buttons["adopt"])
        right = QVBoxLayout()
        right.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self.head)
        top.addWidget(self.notes, 1)
        right.addLayout(top)
        right.addWidget(self.hint)
        right.addWidget(self.changes, 1)
        right.addStretch(0)
        right.addLayout(acts)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(side, 2)
        row.addLayout(right, 5)
        self.setTabOrder(self.list, self.notes)


class _Changes(QListView):
    """A list of changes in which Delete takes out and Enter shows."""

    delete_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key was pressed."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
