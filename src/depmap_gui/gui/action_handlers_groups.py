"""What the actions on groups do: group, ungroup, collapse and expand, rename."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from depmap_gui.domain.edits import Batch
from depmap_gui.domain.views import Group, Point
from depmap_gui.gui.canvas.group_edits import grouped, groups_of, toggled, ungrouped
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.view_edits import placing


class Stage(Protocol):
    """What grouping asks of the canvas."""

    def places(self) -> Mapping[str, Point]:
        """The centers of all cards on the view."""

    def begin_with(self, id: str) -> None:
        """What was just made is being named, as one step with making it."""

    def name_group(self, id: str) -> None:
        """Let the group's name be typed where it stands."""


class GroupActions(QObject):
    """Works on the current view's groups. ``told`` says what came of it."""

    told = Signal(str)

    def __init__(self, editor: Editor, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._stage = stage

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "arrange.group": self.group,
            "arrange.ungroup": self.ungroup,
            "arrange.collapse": self.toggle,
            "arrange.rename_group": self.rename,
        }

    def group(self) -> None:
        """Put a frame around the selected items and let its name be typed."""
        editor = self._editor
        chosen = [id for id in editor.selection if id in editor.project.entities]
        if len(chosen) < 2:
            self.told.emit("Select two or more items to group.")
            return
        places = self._stage.places()
        assumed = placing(editor, places, {})
        made, edits = grouped(editor.project, editor.view, chosen, places)
        if assumed:
            edits = [edit for edit in edits if edit != assumed[0]]
        label = f"Group {len(chosen)} items"
        if editor.apply(Batch(label, (*assumed, *edits)), label):
            self._stage.name_group(made.id)
            self._stage.begin_with(made.id)

    def ungroup(self) -> None:
        """Take away the groups that selected items are in; the items stay."""
        editor = self._editor
        found = self._groups()
        if found:
            label = f"Ungroup {_named(found)}"
            ids = {group.id for group in found}
            edits = ungrouped(editor.view, ids, self._stage.places())
            editor.apply(Batch(label, tuple(edits)), label)

    def toggle(self) -> None:
        """Collapse the groups that selected items are in; expand them where all are collapsed."""
        found = self._groups()
        if found:
            self._fold(found, collapsed=not all(group.collapsed for group in found))

    def toggle_one(self, id: str) -> None:
        """Collapse one group, or expand it."""
        found = [group for group in self._editor.view.groups if group.id == id]
        if found:
            self._fold(found, collapsed=not found[0].collapsed)

    def rename(self) -> None:
        """Let another name be typed on the group."""
        found = self._groups()
        if found:
            self._stage.name_group(found[0].id)

    def _fold(self, groups: list[Group], *, collapsed: bool) -> None:
        editor = self._editor
        label = f"{'Collapse' if collapsed else 'Expand'} {_named(groups)}"
        places = self._stage.places()
        edits = placing(editor, places, {})
        ids = {group.id for group in groups}
        edits += toggled(editor.view, ids, places, collapsed=collapsed)
        editor.apply(Batch(label, tuple(edits)), label)

    def _groups(self) -> list[Group]:
        found = groups_of(self._editor.view, self._editor.selection)
        if not found:
            self.told.emit("Select an item of a group first.")
        return found


def _named(groups: list[Group]) -> str:
    return (groups[0].name or "a group") if len(groups) == 1 else f"{len(groups)} groups"
