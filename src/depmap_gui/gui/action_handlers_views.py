"""What the actions on views do: new, duplicate, rename, delete, next; hide here, show all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from depmap_gui.domain.edits import Add, Batch, Edit, Remove, SetField, new_id
from depmap_gui.domain.kinds import LinkKind, Section
from depmap_gui.domain.views import Point, View
from depmap_gui.gui.action_handlers_boxes import Drawing, box_handlers
from depmap_gui.gui.action_specs import Choice
from depmap_gui.gui.canvas.boxes import called
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.kinds_shown import KIND_NAMES, is_hidden, kind_choices
from depmap_gui.gui.view_edits import placing


class Stage(Drawing, Protocol):
    """What views ask of the canvas."""

    shows_locations: bool

    def show_locations(self, shown: bool) -> None:
        """Draw the links from jurisdictions, or leave them out."""

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
            "view.show_here": self.show_here,
            "view.show_all": self.show_all,
            **box_handlers(self._stage),
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
        chosen = (*editor.selection, *editor.boxes)
        hidden = editor.view.hidden
        further = tuple(id for id in chosen if id not in hidden)
        if not further:
            self.told.emit("Select what to hide on this view first.")
            return
        names = {box.id: called(box) for box in editor.view.boxes}
        first = names.get(further[0]) or editor.project.name(further[0])
        whose = first if len(further) == 1 else f"{len(further)} items"
        if self._set_hidden(
            (*hidden, *further), f"Hide {whose} on {editor.view.name or 'the view'}"
        ):
            editor.select(())
            self.told.emit(f"Hid {whose} on this view only; scores still count it all.")

    def show_here(self) -> None:
        """Show the selected items and links on this view again; with them all of a hidden kind."""
        editor, view = self._editor, self._editor.view
        project = editor.project
        chosen = [id for id in editor.selection if is_hidden(project, view, id)]
        if not chosen:
            self.told.emit("Everything that is selected is shown on this view.")
            return
        records = [project.entities.get(id) or project.links[id] for id in chosen]
        kinds = {record.kind.value for record in records} & set(view.hidden)
        kept = tuple(word for word in view.hidden if word not in kinds and word not in chosen)
        whose = project.name(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} items"
        if self._set_hidden(kept, f"Show {whose} on {view.name or 'the view'}"):
            editor.reveal(chosen)
            if kinds:
                names = " and ".join(KIND_NAMES[kind].lower() for kind in sorted(kinds))
                self.told.emit(f"All {names} are shown on this view again.")

    def kinds(self) -> list[Choice]:
        """The kinds of items and links, each to be shown or hidden on this view."""
        return kind_choices(
            self._editor.project,
            self._editor.view,
            shows_locations=self._stage.shows_locations,
            toggle=self.toggle_kind,
            show_all=self.show_all,
        )

    def toggle_kind(self, kind: str) -> None:
        """Hide all of a kind on this view, or show them again."""
        view, stage = self._editor.view, self._stage
        name = KIND_NAMES[kind].lower()
        where = view.name or "the view"
        if kind in view.hidden:
            self._set_hidden(tuple(w for w in view.hidden if w != kind), f"Show {name} on {where}")
        elif kind == LinkKind.LOCATED and not stage.shows_locations:
            stage.show_locations(True)
        else:
            self._set_hidden((*view.hidden, kind), f"Hide {name} on {where}")
        if kind == LinkKind.LOCATED and kind not in self._editor.view.hidden:
            stage.show_locations(True)

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
