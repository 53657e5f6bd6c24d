"""What the canvas does to notes, frames and the bends of links, always through the editor."""

from __future__ import annotations

from functools import partial

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QRect, Slot
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.edits import Add, Batch, Edit
from depmap_gui.domain.views import Bends, Box, Frame, Note, Point, Rect, Tint, new_box_id
from depmap_gui.gui.box_edits import (
    ids_taken,
    rounded_points,
    rounded_rect,
    with_bends,
    with_boxes,
    with_rects,
)
from depmap_gui.gui.canvas.acts import Act
from depmap_gui.gui.canvas.box_acts import Bend, Resize
from depmap_gui.gui.canvas.boxes import (
    FRAME_SIZE,
    HANDLE,
    NOTE_SIZE,
    SIDES,
    Side,
    called,
    corner,
    frame_at,
    free_spot,
    needed_height,
    title_height,
)
from depmap_gui.gui.canvas.editing import MapEditing
from depmap_gui.gui.canvas.inline import LineEditor, TextEditor
from depmap_gui.gui.canvas.labels import Labels, label_middle
from depmap_gui.gui.canvas.linking import figure_field
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.boxes_after import around
from depmap_gui.gui.theme import Theme

LINK_REACH = 6.0
_BEND_REACH = 8.0
_LABEL_REACH = 26.0
_LEAST_EDITOR = (190, 76)


class BoxEditing(MapEditing):
    """The part of the canvas that writes, frames and bends.

    ``active_bend`` is the bend of the selected link that Delete and the arrow keys are about,
    ``menu_at`` where the page's menu was opened last, until the pointer moves on.
    """

    _labels: Labels

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(editor, theme, parent)
        self.active_bend: int | None = None
        self.menu_at: Point | None = None
        editor.selection_changed.connect(self._forget_bend)

    @Slot()
    def _forget_bend(self) -> None:
        self.active_bend = None

    # Notes and frames ----------------------------------------------------------------------

    def add_note(self) -> None:
        """Put a note where the menu was opened, or at a free place; let it be written on."""
        seen = self.camera.visible(self.width(), self.height())
        at, self.menu_at = self.menu_at, None
        self.add_box(Note, None, at or free_spot(self.scene, NOTE_SIZE, seen))

    def add_frame(self) -> None:
        """Put a frame around the selected items; without any, one of the usual size in sight."""
        ids = self.selected_items()
        rows = [self.scene.index[id] for id in ids]
        if not rows:
            at, self.menu_at = self.menu_at, None
            self.add_box(Frame, None, at or self._middle_in_sight())
            return
        centers = [(x, y) for x, y in self.scene.centers[rows].tolist()]
        self.add_box(Frame, around(centers), centers[0])

    def add_box(self, what: type[Note | Frame], rect: Rect | None, at: Point) -> None:
        """Put a new note or frame on the view, around ``at`` where none was drawn."""
        wide, high = NOTE_SIZE if what is Note else FRAME_SIZE
        x, y = at
        place = rect or rounded_rect(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        id = new_box_id(ids_taken(self.editor.project, self.editor.view), what)
        box: Box = Note(id=id, rect=place) if what is Note else Frame(id=id, rect=place)
        if self._store("Add a note" if what is Note else "Add a frame", [box]):
            self.select((id,))
            self.write_on(id)
            self.begin_with(id)

    def write_on(self, id: str) -> None:
        """Let a note's text, or a frame's title, be typed where it stands."""
        box = self._box(id)
        if box is None or id not in self.scene.box_index:
            return
        self.clear_desk()
        rect = self._box_editor_rect(id)
        line: LineEditor | TextEditor
        if isinstance(box, Note):
            line = TextEditor(box.text, "Text of the note", rect, self)
        else:
            line = LineEditor(box.title, f"Title of the frame {box.title}".rstrip(), rect, self)
            line.setPlaceholderText("Title of the frame")
        line.committed.connect(partial(self._take_words, id))
        line.closed.connect(self._on_editor_closed)
        self.open_editor = line

    def tint_boxes(self, tint: Tint) -> None:
        """Give the selected notes and frames another color."""
        boxes = [box for id in self.editor.boxes if (box := self._box(id)) and box.tint is not tint]
        whose = called(boxes[0]) if len(boxes) == 1 else f"{len(boxes)} notes and frames"
        self._store(
            f"Color {whose} {tint}", [msgspec.structs.replace(box, tint=tint) for box in boxes]
        )

    def store_rect(self, id: str, rect: Rect) -> None:
        """Give a note or frame another size, as one step of the history."""
        box = self._box(id)
        if box is not None:
            self._apply(f"Resize {called(box)}", with_rects(self.editor.view, {id: rect}))

    def type_name(self, id: str) -> None:
        """Type another name on a card, or what stands on a note or frame."""
        if id in self.scene.box_index:
            self.write_on(id)
        else:
            super().type_name(id)

    def _take_words(self, id: str, words: str) -> None:
        box = self._box(id)
        if box is None or words == box.words:
            return
        if isinstance(box, Note):
            left, top, width, height = box.rect
            high = max(height, round(needed_height(words, width, self.theme), 1))
            made: Box = msgspec.structs.replace(box, text=words, rect=(left, top, width, high))
            label = f"Write on {called(made)}"
        else:
            made = msgspec.structs.replace(box, title=words)
            label = f"Title {called(made)}"
        is_new = self.completes(id)
        self._store(f"Add {called(made)}" if is_new else label, [made], completes=is_new)

    def _box(self, id: str) -> Box | None:
        return next((box for box in self.editor.view.boxes if box.id == id), None)

    def _box_editor_rect(self, id: str) -> QRect:
        left, top, right, bottom = self.scene.box_rects[self.scene.box_index[id]].tolist()
        zoom = self.camera.zoom
        x, y = self.camera.to_widget((left, top))
        width = max(_LEAST_EDITOR[0], round((right - left) * zoom))
        height = max(_LEAST_EDITOR[1], round((bottom - top) * zoom))
        if not isinstance(self.scene.boxes[self.scene.box_index[id]], Note):
            width, height = min(width, 360), max(30, round(title_height(zoom) * zoom))
        x = max(4, min(round(x), self.width() - width - 4))
        y = max(4, min(round(y), self.height() - height - 4))
        return QRect(x, y, width, height)

    def _middle_in_sight(self) -> Point:
        return self.camera.to_map(self.width() / 2, self.height() / 2)

    def _store(self, label: str, boxes: list[Box], *, completes: bool = False) -> bool:
        return self._apply(label, with_boxes(self.editor.view, boxes), completes=completes)

    def _apply(self, label: str, edits: list[Edit], *, completes: bool = False) -> bool:
        """Make these edits of the view as one step; a view that was not kept so far is."""
        editor = self.editor
        if not edits:
            return False
        if editor.view.id not in editor.project.views:
            edits = [Add(editor.view), *edits]
        return editor.apply(Batch(label, tuple(edits)), label, completes=completes)

    # Bends ---------------------------------------------------------------------------------

    def bent_link(self) -> str | None:
        """The one selected link that can be bent: one of the map itself, no sum of several."""
        chosen = self.editor.selection
        if len(chosen) != 1 or self.editor.boxes or chosen[0] not in self.scene.link_index:
            return None
        link = self.scene.links[self.scene.link_index[chosen[0]]]
        is_folded = {link.source, link.target} & self.scene.fold.inner.keys()
        return None if is_folded else chosen[0]

    def bends_of(self, id: str) -> list[Point]:
        """The points that a shown link passes."""
        found = self.scene.bends.get(self.scene.link_index[id])
        return [] if found is None else [(float(x), float(y)) for x, y in found.tolist()]

    def add_bend(self) -> None:
        """Give the selected link a bend in its middle, to be moved by mouse or arrow keys."""
        id = self.bent_link()
        if id is None:
            self.told.emit("Select one link to bend it.")
            return
        middle = label_middle(self.scene, self.scene.link_index[id])
        self.bend_at(id, (middle.x(), middle.y()))

    def bend_at(self, id: str, at: Point) -> None:
        """Give a link a bend at a point that it passes."""
        points = self.bends_of(id)
        place = self._part_at(id, at)
        points.insert(place, at)
        self.store_bends(id, rounded_points(points), place)

    def straighten(self) -> None:
        """Take all bends of the selected links away."""
        view = self.editor.view
        bent = [id for id in self.editor.selection if view.bends.get(id)]
        if not bent:
            self.told.emit("None of the selected links has bends.")
            return
        whose = self.editor.project.name(bent[0]) if len(bent) == 1 else f"{len(bent)} links"
        self.active_bend = None
        self._apply(f"Straighten {whose}", with_bends(view, dict.fromkeys(bent, ())))

    def remove_bend(self, id: str, place: int) -> None:
        """Take one bend of a link away."""
        points = self.bends_of(id)
        if place < len(points):
            del points[place]
            self.store_bends(id, rounded_points(points), None)

    def store_bends(self, id: str, points: Bends, active: int | None) -> None:
        """Have a link pass these points, as one step of the history."""
        before = self.editor.view.bends.get(id, ())
        verb = "Bend" if len(points) >= len(before) else "Take a bend off"
        self.select((id,))
        label = f"{verb} {self.editor.project.name(id)}"
        self._apply(label, with_bends(self.editor.view, {id: points}))
        self.active_bend = active
        self.update()

    def remove_selected(self) -> None:
        """Take the active bend away; without one, the selection."""
        link, place = self.bent_link(), self.active_bend
        if link is not None and place is not None and place < len(self.bends_of(link)):
            self.remove_bend(link, place)
        else:
            super().remove_selected()

    def nudge(self, right: float, down: float) -> None:
        """Move the active bend a little; without one, the selection."""
        link, place = self.bent_link(), self.active_bend
        if link is None or place is None or place >= len(points := self.bends_of(link)):
            super().nudge(right, down)
            return
        points[place] = (points[place][0] + right, points[place][1] + down)
        self.store_bends(link, rounded_points(points), place)

    def is_on_label(self, id: str, at: Point) -> bool:
        """Whether a point of a link is where its figure stands, or would stand."""
        link = self.editor.project.links[id]
        if figure_field(link) is None:
            return False
        row, scene = self.scene.link_index[id], self.scene
        left, top, right, bottom = scene.reach[row].tolist()
        for label in self._labels.within((left, top, right, bottom), self.camera.zoom):
            if label.row == row:
                x, y, width, height = label.rect
                return x - 4 <= at[0] <= x + width + 4 and y - 4 <= at[1] <= y + height + 4
        middle = label_middle(scene, row)
        reach = _LABEL_REACH / self.camera.zoom
        return abs(at[0] - middle.x()) <= reach and abs(at[1] - middle.y()) <= reach

    @property
    def can_nudge(self) -> bool:
        """Whether anything is selected that arrow keys can move."""
        return bool(self.selected_items() or self.selected_boxes()) or self.active_bend is not None

    def open_link(self, link: str, at: Point) -> None:
        """Type the figure where its label is or would be; elsewhere on the link, bend it."""
        if self.bent_link() is None or self.is_on_label(link, at):
            self.edit_label(link)
        else:
            self.bend_at(link, at)

    def link_or_frame_at(self, at: Point) -> str | None:
        """The link at the point, else the frame whose title or border is there."""
        link = self.scene.link_at(at, LINK_REACH / self.camera.zoom)
        return link or frame_at(self.scene, at, self.camera.zoom)

    def _part_at(self, id: str, at: Point) -> int:
        """Before which bend a new one at this point would stand."""
        way = self.scene.ways.get(self.scene.link_index[id])
        return way.nearest(at)[0] if way is not None else 0

    # Handles -------------------------------------------------------------------------------

    def lone_box(self) -> str | None:
        """The note or frame that alone is selected, and shown."""
        boxes = self.editor.boxes
        is_alone = len(boxes) == 1 and not self.editor.selection
        return boxes[0] if is_alone and boxes[0] in self.scene.box_index else None

    def grip_at(self, point: QPointF) -> Act | None:
        """What a press on a handle begins: another size for a box, another place for a bend."""
        if (box := self.lone_box()) is not None:
            side = self._side_at(box, point)
            return Resize(self, box, side) if side is not None else None
        link = self.bent_link()
        place = self.bend_under(point)
        if link is not None and place is not None:
            return Bend(self, link, place, is_new=False)
        return None

    def bend_under(self, point: QPointF) -> int | None:
        """Which bend of the selected link is under the pointer."""
        link = self.bent_link()
        if link is None:
            return None
        for place, bend in enumerate(self.bends_of(link)):
            x, y = self.camera.to_widget(bend)
            if np.hypot(point.x() - x, point.y() - y) <= _BEND_REACH:
                return place
        return None

    def pull(self, id: str, point: QPointF) -> Act | None:
        """What a drag of a link's body begins: a new bend there."""
        if id != self.bent_link():
            return None
        at = self.camera.to_map(point.x(), point.y())
        return Bend(self, id, self._part_at(id, at), is_new=True)

    def _side_at(self, id: str, point: QPointF) -> Side | None:
        rect = self.scene.box_rects[self.scene.box_index[id]]
        for side in SIDES:
            x, y = self.camera.to_widget(corner(rect, side))
            if max(abs(point.x() - x), abs(point.y() - y)) <= HANDLE:
                return side
        return None
