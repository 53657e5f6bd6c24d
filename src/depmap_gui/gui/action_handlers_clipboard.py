"""What copy, cut, paste and duplicate do on the map, within a window and between windows."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from depmap_gui.domain.edits import Batch, Edit, SetField, removal
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.views import Point
from depmap_gui.gui.box_edits import ids_taken, without_boxes
from depmap_gui.gui.canvas.boxes import called
from depmap_gui.gui.canvas.captions import Captions
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.taken import CARD, Part, Taken
from depmap_gui.gui.panels.tables_clipboard import holds_table, to_clipboard
from depmap_gui.gui.view_edits import placing
from depmap_gui.session.clip_view import arrived, box_ids
from depmap_gui.session.clipboard import (
    Clip,
    ClipboardError,
    Pasting,
    clip_bytes,
    pasting,
    read_clip,
    taken,
)

ITEMS_MIME = "application/x-depmap-items+json"
_ASIDE = 32.0


class Stage(Protocol):
    """What copying and pasting ask of the canvas."""

    def places(self) -> Mapping[str, Point]:
        """The centers of all items on the view."""

    def pointed_at(self) -> Point:
        """The place under the pointer, or the middle of what is in sight."""


class ClipboardActions(QObject):
    """Copies and pastes items of the open map. ``told`` says what came of it.

    ``table_pasted`` carries cells of a spreadsheet that were pasted on the map.
    """

    told = Signal(str)
    table_pasted = Signal(str)

    def __init__(self, editor: Editor, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._stage = stage
        self._origin = secrets.token_hex(8)
        self._moved = ""
        editor.opened.connect(self._on_opened)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "edit.copy": self.copy,
            "edit.cut": self.cut,
            "edit.paste": self.paste,
            "edit.duplicate": self.duplicate,
        }

    @Slot()
    def _on_opened(self) -> None:
        self._origin = secrets.token_hex(8)

    def copy(self) -> None:
        """Put the selected items and the links among them on the clipboard."""
        if (clip := self._taken(is_cut=False)) is not None and self._carry(clip):
            self.told.emit(f"Copied {_contents(clip)}.")

    def cut(self) -> None:
        """Put the selected items on the clipboard and take them off the map, as one step."""
        clip = self._taken(is_cut=True)
        if clip is None or not self._carry(clip):
            return
        editor = self._editor
        edit = removal(editor.project, editor.selection)
        words = edit.label.replace("Remove", "Cut", 1) if clip.items else f"Cut {_contents(clip)}"
        edits = (*without_boxes(editor.view, editor.boxes), *edit.edits)
        editor.apply(Batch(words, edits), words)

    def paste(self) -> None:
        """Put what is on the clipboard on the map, near the pointer, as one step."""
        # It is none where nothing was ever copied, whatever the binding says.
        carried: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if carried is None or not carried.hasFormat(ITEMS_MIME):
            if carried is not None and holds_table(carried.text()):
                self.table_pasted.emit(carried.text())
                return
            self.told.emit(
                "There are no items on the clipboard. Select some on a map, or some rows of a "
                "spreadsheet, and copy them first."
            )
            return
        try:
            clip = read_clip(bytes(carried.data(ITEMS_MIME).data()))
        except ClipboardError as fault:
            self.told.emit(f"{fault} Nothing was pasted; copy the items again.")
            return
        self._put(clip, "Paste", self._stage.pointed_at())

    def duplicate(self) -> None:
        """Put a copy of the selected items beside them, as one step."""
        clip = self._taken(is_cut=False)
        if clip is None:
            return
        x, y = _middle(_stood(clip))
        self._put(clip, "Duplicate", (x + _ASIDE, y + _ASIDE))

    def _taken(self, *, is_cut: bool) -> Clip | None:
        editor = self._editor
        chosen = [id for id in editor.selection if id in editor.project.entities]
        if not chosen and not editor.boxes:
            self.told.emit("Select the items to copy first; links come with their two ends.")
            return None
        places = {**editor.view.positions, **self._stage.places()}
        token = secrets.token_hex(8)
        return taken(
            editor.project,
            chosen,
            places,
            origin=self._origin,
            token=token,
            is_cut=is_cut,
            view=editor.view,
            boxes=editor.boxes,
        )

    def _carry(self, clip: Clip) -> bool:
        try:
            content = clip_bytes(clip)
        except ValueError as fault:
            self.told.emit(f"These items cannot be copied: a value fits no file ({fault}).")
            return False
        carried = QMimeData()
        carried.setData(ITEMS_MIME, content)
        carried.setText(self._table(clip))
        QGuiApplication.clipboard().setMimeData(carried)
        return True

    def _table(self, clip: Clip) -> str:
        """The items and the links among them as a table, for a spreadsheet or a letter."""
        project = self._editor.project
        captions = Captions(project, last_day(project.header.year))
        if not clip.items:
            return "\n\n".join(box.words for box in clip.view.boxes)
        rows = [["Kind", "Name", "Details", "Notes"]]
        for id in clip.items:
            entity = project.entities[id]
            rows.append([entity.kind, project.name(id), captions.context(entity), entity.notes])
        links = [
            link
            for link in clip.project.links.values()
            if link.source in clip.items and link.target in clip.items
        ]
        if links:
            rows += [[], ["Link", "From", "To", "Details"]]
        for link in links:
            ends = project.name(link.source), project.name(link.target)
            rows.append([link.kind, *ends, captions.link(link)])
        return to_clipboard([[_as_text(cell) for cell in row] for row in rows])

    # Putting -------------------------------------------------------------------------------

    def _put(self, clip: Clip, verb: str, at: Point) -> None:
        editor = self._editor
        is_same = clip.origin == self._origin
        moves = is_same and clip.is_cut and clip.token != self._moved
        made = pasting(editor.project, clip, is_same=is_same, moves=moves)
        if not made.new_ids and not clip.view.boxes:
            self.told.emit(f"{_already(editor, made)} A map has each country once.")
            editor.select(made.met)
            return
        words = self._words(clip, made)
        label = f"{verb} {words}"
        right, down, placed = self._placed(clip, made, at)
        changes = arrived(
            editor.view,
            clip.view,
            taken={*ids_taken(editor.project, editor.view), *made.new_ids.values()},
            new_ids=made.new_ids,
            new_links=made.new_links,
            by=(right, down),
        )
        edits: list[Edit] = [*made.additions, *placed]
        for field, value in changes.items():
            edits.append(SetField(Section.VIEWS, editor.view.id, field, value))
        boxes = box_ids(changes, editor.view)
        if editor.apply(Batch(label, tuple(edits)), label):
            self._moved = clip.token if moves else self._moved
            editor.reveal((*made.new_ids.values(), *boxes))
            remarks = [*([_already(editor, made)] if made.met else []), *made.remarks]
            done = "Pasted" if verb == "Paste" else "Duplicated"
            self.told.emit(" ".join([f"{done} {words}.", *remarks]))

    def _words(self, clip: Clip, made: Pasting) -> str:
        if not made.new_ids:
            return _contents(clip)
        if len(made.new_ids) == 1:
            return clip.project.name(next(iter(made.new_ids)))
        items = _count(len(made.new_ids), "item")
        links = len(made.new_links)
        return f"{items} and {_count(links, 'link')}" if links else items

    def _placed(self, clip: Clip, made: Pasting, at: Point) -> tuple[float, float, list[Edit]]:
        """How far what is pasted is shifted, and the edits that place its items.

        They stand as they stood to one another, around the point, clear of all cards and notes;
        on the frame that the point lies on where it has room for them, else on none.
        """
        stand, view = self._stage.places(), self._editor.view
        wanted = {id: clip.places[id] for id in made.new_ids if id in clip.places}
        x, y = _middle(_stood(clip))
        parts: list[Part] = [((px - x + at[0], py - y + at[1]), CARD) for px, py in wanted.values()]
        for box in clip.view.boxes:
            left, top, width, height = box.rect
            middle = (left + width / 2 - x + at[0], top + height / 2 - y + at[1])
            parts.append((middle, (width, height)))
        taken = Taken(stand.values(), view.boxes)
        right, down = taken.step_for(parts, taken.home_of(at))
        by = (round(at[0] - x + right, 1), round(at[1] - y + down, 1))
        moved = {
            made.new_ids[id]: (round(px + by[0], 1), round(py + by[1], 1))
            for id, (px, py) in wanted.items()
        }
        return *by, placing(self._editor, stand, moved)


def _stood(clip: Clip) -> list[Point]:
    """Where what is carried stood: the middles of its items, the corners of its boxes."""
    found = list(clip.places.values())
    for box in clip.view.boxes:
        left, top, width, height = box.rect
        found += [(left, top), (left + width, top + height)]
    return found


def _contents(clip: Clip) -> str:
    """What is carried, counted."""
    boxes = clip.view.boxes
    if not clip.items:
        return called(boxes[0]) if len(boxes) == 1 else f"{len(boxes)} notes or frames"
    items = _count(len(clip.items), "item")
    return f"{items} and {_count(len(boxes), 'note or frame')}" if boxes else items


def _middle(points: list[Point]) -> Point:
    """The middle of the rectangle around some points; the origin where there are none."""
    if not points:
        return (0.0, 0.0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)


def _already(editor: Editor, made: Pasting) -> str:
    names = " and ".join(editor.project.name(id) for id in dict.fromkeys(made.met))
    return f"{names} {'are' if len(made.met) > 1 else 'is'} on this map already."


def _count(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {word}s"


def _as_text(cell: str) -> str:
    """The cell, guarded where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
