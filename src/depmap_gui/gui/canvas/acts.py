"""What a hand does with the mouse in several steps: start, move, and end or cancel.

An act changes the document at most once, when it ends; canceled, it leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Point
from depmap_gui.gui.canvas.camera import Camera, Rect
from depmap_gui.gui.canvas.painter import LeftOut
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.snapping import in_sight, snapped

SNAP_PIXELS = 6.0


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

    def store_positions(self, positions: dict[str, Point]) -> None:
        """Move items, as one step of the history."""

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
    """Dragging cards; the document hears of it once, when they are let go."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, stage: Stage, ids: Iterable[str], lead: str) -> None:
        super().__init__(stage)
        scene = stage.scene
        self.rows = np.array(
            sorted(scene.index[id] for id in ids if id in scene.index), dtype=np.intp
        )
        self._lead = scene.index[lead]

    def start(self, point: QPointF) -> None:
        """Lift the cards, and the links that hang on them, off the map."""
        scene = self.stage.scene
        self._from = self.stage.camera.to_map(point.x(), point.y())
        self._before = scene.centers[self.rows].copy()
        self._lead_before = scene.centers[self._lead].copy()
        self.links = scene.links_at(self.rows.tolist())
        items = np.zeros(len(scene.ids), dtype=np.bool_)
        items[self.rows] = True
        links = np.zeros(len(scene.links), dtype=np.bool_)
        links[self.links] = True
        self.stage.without = LeftOut(items, links)
        self._others = scene.centers[~items]
        self.stage.update()

    def move(self, point: QPointF) -> None:
        """Bring the cards to the pointer, in line with others that are nearly so."""
        x, y = self.stage.camera.to_map(point.x(), point.y())
        by = np.array([x - self._from[0], y - self._from[1]])
        self.stage.guides = []
        if not self.is_free:
            by += self._snap(self._lead_before + by)
        self._put(self._before + by)

    def end(self) -> None:
        """Let go: one step of the history."""
        scene = self.stage.scene
        self._lay_down()
        moved = scene.centers[self.rows]
        if np.abs(moved - self._before).max(initial=0.0) > 0.01:
            ids = [scene.ids[row] for row in self.rows.tolist()]
            places = np.round(moved, 1).tolist()
            self.stage.store_positions(
                {id: (place[0], place[1]) for id, place in zip(ids, places, strict=True)}
            )

    def cancel(self) -> None:
        """Put the cards back."""
        self._put(self._before)
        self._lay_down()

    def _put(self, centers: npt.NDArray[np.float64]) -> None:
        scene = self.stage.scene
        scene.centers[self.rows] = centers
        scene.reroute(self.links)
        self.stage.update()

    def _lay_down(self) -> None:
        self.stage.without = None
        self.stage.guides = []
        self.stage.update()

    def _snap(self, center: npt.NDArray[np.float64]) -> tuple[float, float]:
        """How far to shift so that the card under the hand lines up with a near one."""
        # What the hand lines up with is in sight: the map may have been moved since the start.
        camera = self.stage.camera
        others = in_sight(self._others, camera.visible(*self.stage.extent()))
        snap = snapped(center, others, SNAP_PIXELS / camera.zoom)
        self.stage.guides += snap.guides
        return snap.shift


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
