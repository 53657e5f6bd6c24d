"""What the actions of the Arrange menu do: layouts, alignment, even distances, pins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.domain.edits import Batch, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point, Rect
from depmap_gui.gui.box_edits import with_bends, with_rects
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.aligning import Line, Spread, aligned, distributed
from depmap_gui.gui.layout.arranging import Arrangement, Order, arranged
from depmap_gui.gui.layout.boxes_after import boxes_after
from depmap_gui.gui.layout.standing import Standing, after_moving
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.view_edits import placing

_WORDS = {
    Arrangement.TIER: "by tier",
    Arrangement.JURISDICTION: "by jurisdiction",
    Arrangement.OWNERSHIP: "by ownership",
    Arrangement.ORGANIC: "organically",
}
_LINES = {
    Line.LEFT: "left edges",
    Line.CENTER: "centers in a column",
    Line.RIGHT: "right edges",
    Line.TOP: "top edges",
    Line.MIDDLE: "centers in a row",
    Line.BOTTOM: "bottom edges",
}


class Stage(Protocol):
    """What arranging asks of the canvas."""

    def places(self) -> Mapping[str, Point]:
        """The centers of all items on the view."""

    def shown_project(self) -> Project:
        """The map with one item in the place of each collapsed group."""

    def selected_items(self) -> list[str]:
        """The selected items on the view."""

    def selected_boxes(self) -> list[str]:
        """The selected notes and frames that are shown."""

    def fit(self) -> None:
        """Bring the whole map into sight."""

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring items into sight."""


class LayoutActions(QObject):
    """Arranges the open map; each act is one step of the history. ``told`` says what came of it."""

    told = Signal(str)

    def __init__(self, editor: Editor, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._stage = stage
        self._task: Task | None = None
        self._laid_out: Project | None = None
        self._label = ""
        self._among: tuple[str, ...] | None = None
        editor.opened.connect(self._forget)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            **{f"arrange.{how}": partial(self.arrange, how) for how in Arrangement},
            **{
                f"arrange.selection.{how}": partial(self.arrange_selection, how)
                for how in Arrangement
            },
            **{f"arrange.align.{line}": partial(self.align, line) for line in Line},
            **{f"arrange.distribute.{way}": partial(self.distribute, way) for way in Spread},
            "arrange.pin": self.pin,
            "arrange.unpin_all": self.unpin_all,
        }

    # Layouts -------------------------------------------------------------------------------

    def arrange(self, how: Arrangement) -> None:
        """Lay out everything on the view in the background; pinned items stay."""
        self._start(how, None)

    def arrange_selection(self, how: Arrangement) -> None:
        """Lay out the selected items where they are, clear of all others."""
        self._start(how, tuple(self._stage.selected_items()))

    def _start(self, how: Arrangement, among: tuple[str, ...] | None) -> None:
        self._forget()
        editor = self._editor
        project, assessment = self._stage.shown_project(), editor.assessment
        order = Order(
            how,
            dict(self._stage.places()),
            editor.view.pinned,
            among,
            assessment.scores.attribution if assessment is not None else None,
        )
        what = "the map" if among is None else f"{len(among)} items"
        self._label, self._among = f"Arrange {what} {_WORDS[how]}", among
        self._laid_out = editor.project

        def job(context: Context) -> dict[str, Point]:
            return arranged(project, order, context)

        self._task = editor.tasks.start(self._label, job)
        self._task.finished.connect(self._on_arranged)
        self._task.failed.connect(self._on_failed)
        self._task.canceled.connect(self._on_canceled)

    @Slot(object)
    def _on_arranged(self, places: object) -> None:
        if self.sender() is not self._task or not isinstance(places, dict):
            return
        self._task = None
        if self._laid_out is not self._editor.project:
            self.told.emit("The map changed while it was being arranged; nothing was moved.")
            return
        if not self._place(places, self._label, is_layout=True):
            self.told.emit("Everything stands there already.")
        if self._among is None:
            self._stage.fit()
        else:
            self._stage.reveal(self._among)

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self.told.emit(f"The map could not be arranged: {fault}. Nothing was moved.")

    @Slot()
    def _on_canceled(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.told.emit("Arranging was stopped; nothing was moved.")

    @Slot()
    def _forget(self) -> None:
        """Want nothing more of what is being arranged."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    # Lines and distances -------------------------------------------------------------------

    def align(self, line: Line) -> None:
        """Bring the selected items, notes and frames onto one line."""
        things = self._selected_things()
        if len(things) > 1:
            by = aligned(things, line, self._editor.view.pinned)
            self._shift(by, f"Align {_LINES[line]} of {self._counted(things)}")

    def distribute(self, way: Spread) -> None:
        """Set the selected items, notes and frames at even distances."""
        things = self._selected_things()
        if len(things) > 2:
            by = distributed(things, way, self._editor.view.pinned)
            self._shift(by, f"Distribute {self._counted(things)} {way}")

    def _standing(self) -> Standing:
        return Standing(self._stage.places(), self._editor.view)

    def _selected_things(self) -> dict[str, Rect]:
        cards, boxes = self._stage.selected_items(), self._stage.selected_boxes()
        return self._standing().things(cards, boxes)

    def _counted(self, things: Collection[str]) -> str:
        boxes = {box.id for box in self._editor.view.boxes}.intersection(things)
        if len(boxes) == len(things):
            return f"{len(things)} notes or frames"
        return f"{len(things)} items, notes and frames" if boxes else f"{len(things)} items"

    def _shift(self, by: Mapping[str, Point], label: str) -> None:
        """Move cards, notes and frames by so much, as one step."""
        editor, standing = self._editor, self._standing()
        made = after_moving(standing, by, editor.project)
        edits = with_rects(editor.view, made.rects) + with_bends(editor.view, made.bends)
        edits = placing(editor, standing.places, made.places) + edits
        if by and edits:
            editor.apply(Batch(label, tuple(edits)), label)
        else:
            self.told.emit("Everything stands there already.")

    # Pins ----------------------------------------------------------------------------------

    def pin(self) -> None:
        """Pin the selected items where they stand; where all are pinned, let them go."""
        items = self._stage.selected_items()
        pinned = self._editor.view.pinned
        if not items:
            return
        name = self._stage.shown_project().name(items[0])
        whose = name if len(items) == 1 else f"{len(items)} items"
        if set(items) <= set(pinned):
            kept = tuple(id for id in pinned if id not in set(items))
            self._set_pins(kept, f"Unpin {whose}")
        else:
            self._set_pins((*pinned, *(id for id in items if id not in pinned)), f"Pin {whose}")

    def unpin_all(self) -> None:
        """Let every pinned item go."""
        if self._editor.view.pinned:
            self._set_pins((), "Unpin all items")

    def _set_pins(self, pinned: Collection[str], label: str) -> None:
        view = self._editor.view
        edits = placing(self._editor, self._stage.places(), {})
        edits.append(SetField(Section.VIEWS, view.id, "pinned", tuple(pinned)))
        self._editor.apply(Batch(label, tuple(edits)), label)

    # The one edit --------------------------------------------------------------------------

    def _place(self, moved: Mapping[str, Point], label: str, *, is_layout: bool = False) -> bool:
        """Move items as one step; whether any moves.

        A layout takes frames along, and straightens the bent links of what it moves.
        """
        stored = self._editor.view.positions
        changed = {id: point for id, point in moved.items() if stored.get(id) != point}
        if not changed:
            return False
        edits = placing(self._editor, self._stage.places(), changed)
        if is_layout:
            places = self._stage.places()
            rects = boxes_after(self._editor.view, places, {**places, **changed})
            edits += with_rects(self._editor.view, rects)
            edits += with_bends(self._editor.view, dict.fromkeys(self._bent_at(changed), ()))
        return self._editor.apply(Batch(label, tuple(edits)), label)

    def _bent_at(self, moved: Collection[str]) -> list[str]:
        """The bent links that end at any of the items: their bends lead astray once those move."""
        links = self._editor.project.links
        return [
            id
            for id in self._editor.view.bends
            if (link := links.get(id)) and {link.source, link.target} & set(moved)
        ]
