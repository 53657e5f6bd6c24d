"""Mouse acts on notes, frames and bends: drawing a box, changing its size, bending a link."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, Qt

from depmap_gui.domain.views import Bends, Frame, Note, Point, Rect
from depmap_gui.gui.box_edits import rounded_points, rounded_rect
from depmap_gui.gui.canvas.acts import SNAP_PIXELS, Act, Stage
from depmap_gui.gui.canvas.boxes import LEAST_SIZE, Side
from depmap_gui.gui.canvas.lining_up import lined_up, standing
from depmap_gui.gui.canvas.painter import LeftOut

_CURSORS = {
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


class BoxStage(Stage, Protocol):
    """What these acts ask of the canvas, besides what all acts do."""

    def add_box(self, what: type[Note | Frame], rect: Rect | None, at: Point) -> None:
        """Put a new note or frame on the view, of the usual size where none was drawn."""

    def store_rect(self, id: str, rect: Rect) -> None:
        """Give a note or frame another size, as one step of the history."""

    def store_bends(self, id: str, points: Bends, active: int) -> None:
        """Have a link pass these points, as one step of the history."""


class DrawBox(Act):
    """Drawing a note or frame from corner to corner; a mere click gives the usual size."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: BoxStage, what: type[Note | Frame]) -> None:
        super().__init__(stage)
        self._stage = stage
        self.what = what
        self.rect: tuple[float, float, float, float] | None = None

    def start(self, point: QPointF) -> None:
        """Put down the first corner."""
        self._corner = self.stage.camera.to_map(point.x(), point.y())

    def move(self, point: QPointF) -> None:
        """Draw the box to the pointer."""
        x, y = self.stage.camera.to_map(point.x(), point.y())
        left, right = sorted((self._corner[0], x))
        top, bottom = sorted((self._corner[1], y))
        self.rect = (left, top, right, bottom)
        self.stage.update()

    def end(self) -> None:
        """Let the box be there."""
        rect, self.rect = self.rect, None
        large = rect is not None and (
            rect[2] - rect[0] >= LEAST_SIZE[0] / 2 and rect[3] - rect[1] >= LEAST_SIZE[1] / 2
        )
        drawn = rounded_rect(*rect) if rect is not None and large else None
        self._stage.add_box(self.what, drawn, self._corner)

    def cancel(self) -> None:
        """Draw nothing."""
        self.rect = None
        self.stage.update()


class Resize(Act):
    """Dragging an edge or corner of a note or frame."""

    def __init__(self, stage: BoxStage, id: str, side: Side) -> None:
        super().__init__(stage)
        self._stage = stage
        self._id, self._side = id, side
        self._row = stage.scene.box_index[id]
        self.cursor = cursor_of(side)

    def start(self, point: QPointF) -> None:
        """Take hold of the edge."""
        scene = self.stage.scene
        self._from = self.stage.camera.to_map(point.x(), point.y())
        self._before = scene.box_rects[self._row].copy()
        boxes = np.zeros(len(scene.boxes), dtype=np.bool_)
        boxes[self._row] = True
        self._lifted = boxes
        none = np.zeros(len(scene.ids), dtype=np.bool_)
        self.stage.without = LeftOut(none, np.zeros(len(scene.links), dtype=np.bool_), boxes)
        self.stage.update()

    def move(self, point: QPointF) -> None:
        """Bring the edge to the pointer, in line with others that are nearly so."""
        camera, scene = self.stage.camera, self.stage.scene
        x, y = camera.to_map(point.x(), point.y())
        rect = self._dragged((x - self._from[0], y - self._from[1]), self._before)
        self.stage.guides = []
        if not self.is_free:
            others = standing(scene, camera.visible(*self.stage.extent()), None, self._lifted)
            snap = lined_up(rect, others, SNAP_PIXELS / camera.zoom, self._side, middles=False)
            rect = self._dragged(snap.shift, rect)
            self.stage.guides = snap.guides
        scene.box_rects[self._row] = rect
        self.stage.update()

    def end(self) -> None:
        """Let go: one step of the history."""
        rect = self.stage.scene.box_rects[self._row].copy()
        self._lay_down()
        if np.abs(rect - self._before).max() > 0.01:
            self._stage.store_rect(self._id, rounded_rect(*rect.tolist()))

    def cancel(self) -> None:
        """Leave it as large as it was."""
        self.stage.scene.box_rects[self._row] = self._before
        self._lay_down()

    def _dragged(self, by: tuple[float, float], rect: np.ndarray) -> np.ndarray:
        """The rectangle with the held edges moved, never smaller than can be worked with."""
        made = rect.copy()
        for axis, side in enumerate(self._side):
            if side < 0:
                made[axis] = min(made[axis] + by[axis], made[axis + 2] - LEAST_SIZE[axis])
            elif side > 0:
                made[axis + 2] = max(made[axis + 2] + by[axis], made[axis] + LEAST_SIZE[axis])
        return made

    def _lay_down(self) -> None:
        self.stage.without = None
        self.stage.guides = []
        self.stage.update()


class Bend(Act):
    """Dragging a bend of a link: one that is there (``corner``), or a new one before it."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, stage: BoxStage, id: str, corner: int, *, is_new: bool) -> None:
        super().__init__(stage)
        self._stage = stage
        self._id, self.corner, self._is_new = id, corner, is_new
        self._row = stage.scene.link_index[id]

    def start(self, point: QPointF) -> None:
        """Take hold of the link."""
        scene = self.stage.scene
        self._before = scene.bends.get(self._row, np.zeros((0, 2))).copy()
        at = self.stage.camera.to_map(point.x(), point.y())
        self._points = self._before.copy()
        if self._is_new:
            self._points = np.insert(self._points, self.corner, at, axis=0)
        links = np.zeros(len(scene.links), dtype=np.bool_)
        links[self._row] = True
        none = np.zeros(len(scene.ids), dtype=np.bool_)
        self.stage.without = LeftOut(none, links, np.zeros(len(scene.boxes), dtype=np.bool_))
        self.stage.update()

    def move(self, point: QPointF) -> None:
        """Bring the bend to the pointer, level with its neighbors where it nearly is."""
        at = np.array(self.stage.camera.to_map(point.x(), point.y()))
        self.stage.guides = []
        if not self.is_free:
            at += self._snap(at)
        self._points[self.corner] = at
        self.stage.scene.bend(self._row, self._points.copy())
        self.stage.update()

    def end(self) -> None:
        """Let go: one step of the history."""
        self._lay_down()
        if not np.array_equal(self._points, self._before):
            points = rounded_points(self._points.tolist())
            self._stage.store_bends(self._id, points, self.corner)

    def cancel(self) -> None:
        """Let the link run as it did."""
        self.stage.scene.bend(self._row, self._before)
        self._lay_down()

    def _snap(self, at: np.ndarray) -> tuple[float, float]:
        scene, camera = self.stage.scene, self.stage.camera
        ends = scene.centers[[scene.sources[self._row], scene.targets[self._row]]]
        stops = np.concatenate((ends[:1], self._points, ends[1:]))
        beside = stops[[self.corner, self.corner + 2]]
        others = np.concatenate((beside, beside), axis=1)
        rect = np.concatenate((at, at))
        snap = lined_up(rect, others, SNAP_PIXELS / camera.zoom, middles=False)
        self.stage.guides = snap.guides
        return snap.shift

    def _lay_down(self) -> None:
        self.stage.without = None
        self.stage.guides = []
        self.stage.update()


def cursor_of(side: Side) -> Qt.CursorShape:
    """The pointer's shape over an edge or corner."""
    across, down = side
    return _CURSORS.get((across, down)) or _CURSORS[-across, -down]
