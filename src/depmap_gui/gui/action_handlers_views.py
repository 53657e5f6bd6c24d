"""What the actions on views do: new, duplicate, rename, delete, next; hide here, show all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from depmap_gui.domain.edits import Add, Batch, Edit, Remove, SetField, new_id
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.records import Point, View
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.view_edits import placing


class Stage(Protocol):
    """What views ask of the canvas."""

    def places(self) -> Mapping[str, Point]:
        """The centers of all cards on the view."""


class Namer(Protocol):
    """What views ask of the tabs."""

    def rename_current(self) -> None:
        """Let another name be typed on the current view's tab."""


class ViewActions(QObject):
    """Works on the views of the open map. ``told`` says what came of it."""

    told = Signal(str)

    def __init__(
        self, editor: Editor, stage: Stage, tabs: Namer, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._stage = stage
        self._tabs = tabs

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "view.views.new": self.new,
            "view.views.duplicate": self.duplicate,
            "view.views.rename": self._tabs.rename_current,
            "view.views.delete": self.delete,
            "view.views.next": self.next,
            "view.hide": self.hide,
            "view.show_all": self.show_all,
        }

    def new(self) -> None:
        """Add a view on which everything is shown, at the same places for a start."""
        view = self._stored()
        made = View(
            id=new_id(self._editor.project, Section.VIEWS),
            name=self._free_name("View"),
            positions={
                id: point
                for id, point in view.positions.items()
                if id in self._editor.project.entities
            },
            color_by=view.color_by,
        )
        self._add(made, f"New view {made.name}")

    def duplicate(self) -> None:
        """Add a view that is the same as the current one in all things."""
        view = self._stored()
        name = self._free_name(f"{view.name or 'View'} copy")
        id = new_id(self._editor.project, Section.VIEWS)
        made = msgspec.structs.replace(view, id=id, name=name)
        self._add(made, f"Duplicate view {view.name}".rstrip())

    def delete(self) -> None:
        """Take the current view away; the items stay on the map."""
        editor = self._editor
        if len(editor.project.views) < 2:
            self.told.emit("A map keeps at least one view.")
            return
        view = editor.view
        editor.apply(Remove(Section.VIEWS, view.id), f"Delete view {view.name}".rstrip())

    def next(self) -> None:
        """Look at the next view, after the last one at the first."""
        ids = list(self._editor.project.views)
        if len(ids) > 1:
            here = ids.index(self._editor.view.id)
            self._editor.show_view(ids[(here + 1) % len(ids)])

    def rename(self, id: str, name: str) -> None:
        """Call a view otherwise."""
        view = self._editor.project.views.get(id)
        if view is not None and name != view.name:
            label = f"Rename view {view.name} to {name}"
            self._editor.apply(SetField(Section.VIEWS, id, "name", name), label)

    def hide(self) -> None:
        """Show the selected items and links no longer on this view; they stay on the map."""
        editor = self._editor
        chosen = editor.selection
        hidden = editor.view.hidden
        further = tuple(id for id in chosen if id not in hidden)
        if not further:
            self.told.emit("Select what to hide on this view first.")
            return
        whose = editor.project.name(further[0]) if len(further) == 1 else f"{len(further)} items"
        if self._set_hidden(
            (*hidden, *further), f"Hide {whose} on {editor.view.name or 'the view'}"
        ):
            editor.select(())
            self.told.emit(f"Hid {whose} on this view only; scores still count it all.")

    def show_all(self) -> None:
        """Show everything on this view again."""
        view = self._editor.view
        if view.hidden:
            self._set_hidden((), f"Show all on {view.name or 'the view'}")

    def _set_hidden(self, hidden: tuple[str, ...], label: str) -> bool:
        editor = self._editor
        edits = placing(editor, self._stage.places(), {})
        edits.append(SetField(Section.VIEWS, editor.view.id, "hidden", hidden))
        return editor.apply(Batch(label, tuple(edits)), label)

    def _stored(self) -> View:
        """The current view with the places that were only assumed."""
        view = self._editor.view
        return msgspec.structs.replace(view, positions={**self._stage.places(), **view.positions})

    def _add(self, made: View, label: str) -> None:
        editor = self._editor
        edits: list[Edit] = placing(editor, self._stage.places(), {})
        edits.append(Add(made))
        if editor.apply(Batch(label, tuple(edits)), label):
            editor.show_view(made.id)

    def _free_name(self, wanted: str) -> str:
        taken = {view.name for view in self._editor.project.views.values()}
        if wanted not in taken and wanted != "View":
            return wanted
        return next(
            name for n in range(2, len(taken) + 3) if (name := f"{wanted} {n}") not in taken
        )
