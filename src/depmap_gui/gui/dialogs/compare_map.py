"""A map to look at, not to work on: two versions in one picture, panned, zoomed and flown over."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.differences import Change
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import View
from depmap_gui.gui.canvas.camera import Camera, fitting
from depmap_gui.gui.canvas.change_marks import middle, paint_changed_items, paint_changed_links
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.overlay import to_map_units
from depmap_gui.gui.canvas.painter import MapPainter
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.theme import Theme

_STEP = 1.25
_PAN = 60.0
_NEAR = 0.8
_MOST_LOCATED = 120


class CompareMap(QWidget):
    """Shows a project with marks on what differs. Drag to move it, turn the wheel to zoom."""

    def __init__(
        self,
        project: Project,
        marks: Mapping[str, Change],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        view = next(iter(project.views.values()), View(id="compared", name="Map"))
        located = sum(link.kind == "located" for link in project.links.values())
        self.scene = Scene(project, view, shows_locations=located <= _MOST_LOCATED)
        self.marks = marks
        self.theme = theme
        self.camera = Camera()
        self._labels = Labels(self.scene)
        self._painter = MapPainter(theme)
        self._wants_fit = True
        self._dragged: QPointF | None = None
        self.setMinimumSize(280, 240)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Both maps in one")
        self.setAccessibleDescription("What was added, removed and changed is framed.")

    def fit(self) -> None:
        """Show the whole map."""
        rect = self.scene.bounds()
        if rect is not None:
            self.camera = fitting(rect, self.width(), self.height())
        self.update()

    def show_id(self, id: str) -> bool:
        """Bring an item or link into the middle; whether the map shows it."""
        at = middle(self.scene, id)
        if at is None:
            return False
        near = self.camera._replace(zoom=max(self.camera.zoom, _NEAR))
        self.camera = near.centered((at.x(), at.y()), self.width(), self.height())
        self._wants_fit = False
        self.update()
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: draw the map and the marks."""
        painter = QPainter(self)
        camera = self.camera.snapped(self.devicePixelRatioF())
        area = QRectF(self.rect())
        self._painter.paint_ground(painter, camera, area)
        shown = (self.scene, self.marks, self.theme, camera.zoom)
        painter.save()
        to_map_units(painter, camera)
        paint_changed_links(painter, *shown)
        painter.restore()
        self._painter.paint(painter, self.scene, self._labels, camera, area)
        painter.save()
        to_map_units(painter, camera)
        paint_changed_items(painter, *shown)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the widget got another size."""
        super().resizeEvent(event)
        if self._wants_fit:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom at the pointer."""
        at, turns = event.position(), event.angleDelta().y() / 120.0
        self._look(self.camera.zoomed(_STEP**turns, at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: take hold of the map."""
        self._dragged = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: move the map along."""
        if self._dragged is None:
            return
        by = event.position() - self._dragged
        self._dragged = event.position()
        self._look(self.camera.panned(by.x(), by.y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Qt: let go of the map."""
        self._dragged = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move the map, plus and minus zoom, 0 shows all of it."""
        middle_x, middle_y = self.width() / 2, self.height() / 2
        match event.key():
            case Qt.Key.Key_Left:
                self._look(self.camera.panned(_PAN, 0))
            case Qt.Key.Key_Right:
                self._look(self.camera.panned(-_PAN, 0))
            case Qt.Key.Key_Up:
                self._look(self.camera.panned(0, _PAN))
            case Qt.Key.Key_Down:
                self._look(self.camera.panned(0, -_PAN))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._look(self.camera.zoomed(_STEP, middle_x, middle_y))
            case Qt.Key.Key_Minus:
                self._look(self.camera.zoomed(1 / _STEP, middle_x, middle_y))
            case Qt.Key.Key_0:
                self.fit()
            case _:
                super().keyPressEvent(event)

    def _look(self, camera: Camera) -> None:
        self.camera = camera
        self._wants_fit = False
        self.update()
