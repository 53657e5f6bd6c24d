"""What a hand does with the mouse in several steps: start, move, and end or cancel.

An act changes the document at most once, when it ends; canceled, it leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.views import Bends, Point
from depmap_gui.gui.box_edits import rounded_points, rounded_rect
from depmap_gui.gui.canvas.boxes import boxes_in, inside, is_note
from depmap_gui.gui.canvas.camera import Camera, Rect
from depmap_gui.gui.canvas.lining_up import card_lined_up, lined_up, standing, touching
from depmap_gui.gui.canvas.painter import LeftOut
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.snapping import in_sight

SNAP_PIXELS = 6.0
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Stage(Protocol):
    """What an act asks of the canvas it is played on."""

    scene: Scene
    camera: Camera
    without: LeftOut | None
    guides: list[tuple[float, float, float, float]]

    def look(self, camera: Camera) -> None:
        """Show another part of the map."""

    def extent(self) -> tuple[float, float]:
        """Width and height of what the map is shown on, in pixels."""

    def update(self) -> None:
        """Draw again soon."""

    def select(self, ids: Iterable[str]) -> None:
        """Make these the selection."""

    def selected(self) -> tuple[str, ...]:
        """The selection."""

    def store_positions(
        self,
        positions: Mapping[str, Point],
        rects: Mapping[str, Rect] = NOTHING,
        bends: Mapping[str, Bends] = NOTHING,
    ) -> None:
        """Move items, notes, frames and bends, as one step of the history."""

    def offer_link(self, source: str, target: str, at: QPointF) -> None:
        """Draw a link, after a question where several kinds fit."""

    def add_item(self, kind: EntityKind, at: Point) -> None:
        """Put a new item on the map and let its name be typed."""


class Act:
    """The common shape. Points are pixels of the widget; a free act does not snap to others."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.is_free = False

    def start(self, point: QPointF) -> None:
        """The button went down."""

    def move(self, point: QPointF) -> None:
        """The pointer moved."""

    def end(self) -> None:
        """The button came up where the act last moved to: do it."""

    def cancel(self) -> None:
        """Leave everything as it was before the start."""


class Pan(Act):
    """Moving the map under the eye."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def start(self, point: QPointF) -> None:
        """Take hold of the map."""
        self._from, self._camera = point, self.stage.camera

    def move(self, point: QPointF) -> None:
        """Bring the map along."""
        self.stage.look(self._camera.panned(point.x() - self._from.x(), point.y() - self._from.y()))

    def cancel(self) -> None:
        """Go back to where the map was."""
        self.stage.look(self._camera)


class RubberBand(Act):
    """Selecting what a rectangle touches."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, *, adds: bool) -> None:
        super().__init__(stage)
        self._adds = adds
        self.rect: Rect | None = None

    def start(self, point: QPointF) -> None:
        """Put down the first corner."""
        self._corner = self.stage.camera.to_map(point.x(), point.y())
        self._before = self.stage.selected()

    def move(self, point: QPointF) -> None:
        """Draw the rectangle to the pointer and select what it touches."""
        x, y = self.stage.camera.to_map(point.x(), point.y())
        left, right = sorted((self._corner[0], x))
        top, bottom = sorted((self._corner[1], y))
        self.rect = (left, top, right, bottom)
        scene = self.stage.scene
        touched = [scene.ids[row] for row in scene.items_in(self.rect).tolist()]
        touched += boxes_in(scene, self.rect)
        self.stage.select([*self._before, *touched] if self._adds else touched)
        self.stage.update()

    def end(self) -> None:
        """Keep what is selected; a mere click on nothing selects nothing."""
        if self.rect is None and not self._adds:
            self.stage.select(())
        self.rect = None
        self.stage.update()

    def cancel(self) -> None:
        """Select what was selected before."""
        self.rect = None
        self.stage.select(self._before)
        self.stage.update()


class Move(Act):
    """Dragging cards, notes and frames; the document hears of it once, when they are let go.

    What stands on a frame goes along with it, and so do the bends of links between cards that go.
    While the act is free, a frame goes alone.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, stage: Stage, ids: Iterable[str], lead: str) -> None:
        super().__init__(stage)
        scene, chosen = stage.scene, set(ids)
        own = {scene.index[id] for id in chosen if id in scene.index}
        own_boxes = {scene.box_index[id] for id in chosen if id in scene.box_index}
        held, held_boxes = standing_on(scene, own_boxes)
        self.rows = np.array(sorted(own | held), dtype=np.intp)
        self.boxes = np.array(sorted(own_boxes | held_boxes), dtype=np.intp)
        self._stays = np.array([row not in own for row in self.rows.tolist()], dtype=np.bool_)
        self._stays_box = np.array(
            [row not in own_boxes for row in self.boxes.tolist()], dtype=np.bool_
        )
        self._lead = lead

    def start(self, point: QPointF) -> None:
        """Lift the cards, and the links that hang on them, off the map."""
        scene = self.stage.scene
        self._from = self.stage.camera.to_map(point.x(), point.y())
        self._before = scene.centers[self.rows].copy()
        self._boxes_before = scene.box_rects[self.boxes].copy()
        self._lead_before = self._lead_place()
        self.links = scene.links_at(self.rows.tolist())
        lifted = self._lifted = _marked(len(scene.ids), self.rows)
        self._bends = {
            row: scene.bends[row].copy()
            for row in self.links[scene.bent[self.links]].tolist()
            if lifted[scene.sources[row]] and lifted[scene.targets[row]]
        }
        self._lifted_boxes = _marked(len(scene.boxes), self.boxes)
        links = _marked(len(scene.links), self.links)
        self.stage.without = LeftOut(self._lifted, links, self._lifted_boxes)
        self._others = scene.centers[~self._lifted]
        self.stage.update()

    def move(self, point: QPointF) -> None:
        """Bring the cards to the pointer, in line with others that are nearly so."""
        x, y = self.stage.camera.to_map(point.x(), point.y())
        by = np.array([x - self._from[0], y - self._from[1]])
        self.stage.guides = []
        if not self.is_free:
            by += self._snap(self._lead_before + np.resize(by, len(self._lead_before)))
        self._put(by)

    def end(self) -> None:
        """Let go: one step of the history."""
        scene = self.stage.scene
        self._lay_down()
        gone = np.abs(scene.centers[self.rows] - self._before).max(axis=1, initial=0.0) > 0.01
        boxes_off = np.abs(scene.box_rects[self.boxes] - self._boxes_before)
        boxes_gone = boxes_off.max(axis=1, initial=0.0) > 0.01
        if not (gone.any() or boxes_gone.any()):
            return
        places = {}
        for row in self.rows[gone].tolist():
            x, y = np.round(scene.centers[row], 1).tolist()
            places[scene.ids[row]] = (x, y)
        rects = {
            scene.boxes[row].id: rounded_rect(*scene.box_rects[row].tolist())
            for row in self.boxes[boxes_gone].tolist()
        }
        bends = {
            scene.links[row].id: rounded_points(scene.bends[row].tolist())
            for row, before in self._bends.items()
            if not np.array_equal(scene.bends[row], before)
        }
        self.stage.store_positions(places, rects, bends)

    def shift(self, right: float, down: float) -> None:
        """Move everything by so much, at once."""
        self.start(QPointF())
        self._put(np.array([right, down]))
        self.end()

    def cancel(self) -> None:
        """Put the cards back."""
        self._put(np.zeros(2))
        self._lay_down()

    def _put(self, by: npt.NDArray[np.float64]) -> None:
        """Move everything by so much from where it stood."""
        scene = self.stage.scene
        goes = ~self._stays if self.is_free else np.ones(len(self.rows), dtype=np.bool_)
        goes_box = ~self._stays_box if self.is_free else np.ones(len(self.boxes), dtype=np.bool_)
        scene.centers[self.rows] = self._before + goes[:, None] * by
        scene.box_rects[self.boxes] = self._boxes_before + goes_box[:, None] * np.tile(by, 2)
        if self._bends:
            going = _marked(len(scene.ids), self.rows[goes])
            for row, points in self._bends.items():
                both = going[scene.sources[row]] and going[scene.targets[row]]
                scene.bends[row] = points + by if both else points
        scene.reroute(self.links)
        self.stage.update()

    def _lay_down(self) -> None:
        self.stage.without = None
        self.stage.guides = []
        self.stage.update()

    def _lead_place(self) -> npt.NDArray[np.float64]:
        """The center of the card under the hand, or the rectangle of the note or frame."""
        scene = self.stage.scene
        if self._lead in scene.index:
            return scene.centers[scene.index[self._lead]].copy()
        return scene.box_rects[scene.box_index[self._lead]].copy()

    def _snap(self, place: npt.NDArray[np.float64]) -> tuple[float, float]:
        """How far to shift so that what is under the hand lines up with something near."""
        # What the hand lines up with is in sight: the map may have been moved since the start.
        camera = self.stage.camera
        seen, reach = camera.visible(*self.stage.extent()), SNAP_PIXELS / camera.zoom
        if len(place) == 2:
            boxes = self.stage.scene.box_rects[~self._lifted_boxes]
            cards = in_sight(self._others, seen)
            snap = card_lined_up(place, cards, touching(boxes, seen), reach)
        else:
            others = standing(self.stage.scene, seen, self._lifted, self._lifted_boxes)
            snap = lined_up(place, others, reach)
        self.stage.guides += snap.guides
        return snap.shift


def standing_on(scene: Scene, boxes: Iterable[int]) -> tuple[set[int], set[int]]:
    """Rows of the cards, and of the boxes, that stand on the frames among these boxes."""
    items: set[int] = set()
    further: set[int] = set()
    for row in boxes:
        if not is_note(scene, row):
            on_it, others = inside(scene, row)
            items.update(on_it.tolist())
            further.update(others)
    return items, further


def _marked(length: int, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    made = np.zeros(length, dtype=np.bool_)
    made[rows] = True
    return made


class Link(Act):
    """Drawing a link from one card to another; ``backward`` starts at the end that depends."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, origin: str, *, backward: bool = False) -> None:
        super().__init__(stage)
        self.origin = origin
        self.backward = backward
        self.at: Point = (0.0, 0.0)
        self.target: str | None = None

    def start(self, point: QPointF) -> None:
        """Begin at the port."""
        self.move(point)

    def move(self, point: QPointF) -> None:
        """Draw the line to the pointer; a card under it is the other end."""
        self._point = point
        self.at = self.stage.camera.to_map(point.x(), point.y())
        found = self.stage.scene.item_at(self.at)
        self.target = found if found != self.origin else None
        self.stage.update()

    def end(self) -> None:
        """Offer the links that the two ends allow; let go over nothing, nothing happens."""
        if self.target is not None:
            ends = (self.origin, self.target)
            source, target = reversed(ends) if self.backward else ends
            self.stage.offer_link(source, target, self._point)
        self.stage.update()

    def cancel(self) -> None:
        """Draw no link."""
        self.target = None
        self.stage.update()

    def port(self) -> Point:
        """Where the line begins: the middle of the card's side."""
        center = self.stage.scene.centers[self.stage.scene.index[self.origin]]
        side = -1.0 if self.backward else 1.0
        return (float(center[0] + side * HALF[0]), float(center[1]))


class Placing(Act):
    """A new item that follows the pointer until a click sets it down."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, kind: EntityKind) -> None:
        super().__init__(stage)
        self.kind = kind
        self.at: Point | None = None

    def start(self, point: QPointF) -> None:
        """Show where it would stand."""
        self.move(point)

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        self.at = self.stage.camera.to_map(point.x(), point.y())
        self.stage.update()

    def end(self) -> None:
        """Set the item down."""
        if self.at is not None:
            self.stage.add_item(self.kind, self.at)
        self.stage.update()

    def cancel(self) -> None:
        """Add nothing."""
        self.at = None
        self.stage.update()


def cursor_for(act: Act | None) -> QCursor:
    """The pointer's shape while the act goes on."""
    return QCursor(act.cursor if act is not None else Qt.CursorShape.ArrowCursor)
