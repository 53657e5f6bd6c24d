"""The table's actions as Qt's objects, living as long as their window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence

from depmap_gui.gui.action_specs import ActionSpec, Scope, State, tool_tip
from depmap_gui.gui.actions import ACTIONS


class Actions(QObject):
    """The table's actions as Qt's, living as long as their window."""

    def __init__(self, parent: QObject, icon: Callable[[str], QIcon]) -> None:
        super().__init__(parent)
        self.specs = {spec.id: spec for spec in ACTIONS}
        self._icon = icon
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.id: self._make(spec) for spec in ACTIONS}

    def __getitem__(self, id: str) -> QAction:
        """The action of that id."""
        return self._actions[id]

    def bind(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Say what each action does. Raises KeyError where table and handlers differ."""
        if differing := handlers.keys() ^ self._actions.keys():
            raise KeyError(f"Actions without a handler, or the reverse: {sorted(differing)}")
        for id, run in handlers.items():
            self._actions[id].triggered.connect(lambda _checked=False, run=run: run())

    def update(self, state: State) -> None:
        """Enable what can be done now and check what is in effect."""
        for id, spec in self.specs.items():
            action = self._actions[id]
            action.setEnabled(spec.needs <= state.met)
            if spec.is_checkable:
                action.setChecked(id in state.checked)

    def refresh_icons(self) -> None:
        """Take the icons anew, after a change of theme."""
        for id, spec in self.specs.items():
            if spec.icon:
                self._actions[id].setIcon(self._icon(spec.icon))

    def of_scope(self, scope: Scope) -> Iterable[QAction]:
        """The actions whose keys are heard there."""
        return (self._actions[id] for id, spec in self.specs.items() if spec.scope is scope)

    def say_history(self, undo: str, redo: str) -> None:
        """Have Undo and Redo say what they would take back or make again."""
        for id, words in (("edit.undo", undo), ("edit.redo", redo)):
            text = self.specs[id].text
            self._actions[id].setText(f"{text} {words.replace('&', '&&')}" if words else text)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        if spec.scope is Scope.MAP:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if spec.icon:
            action.setIcon(self._icon(spec.icon))
        action.setToolTip(tool_tip(spec))
        action.setCheckable(spec.is_checkable)
        # In a menu the mark of a checked action stands where its icon would hide it.
        action.setIconVisibleInMenu(not spec.is_checkable)
        if spec.group:
            self._group(spec.group).addAction(action)
        return action

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            group = QActionGroup(self)
            # None of them is checked where a project's year, say, is not among those offered.
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
            self._groups[name] = group
        return self._groups[name]
