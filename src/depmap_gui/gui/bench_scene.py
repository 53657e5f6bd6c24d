"""The same map as a plain QGraphicsScene, with an item for each card, name and link.

The benchmark of the canvas measures it in the same run, as a yardstick.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point
from depmap_gui.gui.bench_timing import CHEAP_ROUNDS, DEAR_ROUNDS, HEIGHT, WIDTH, Timing, timed
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.theme import LIGHT, color, pixel_font

_MANY = 2_000
_FEW_ROUNDS = 3


def measure_scene(app: QApplication, project: Project) -> Mapping[str, Timing]:
    """Frames of a plain scene with an item for each node, its name, and each link."""
    places = _places(project)
    scenes: list[tuple[QGraphicsScene, dict[str, QGraphicsItem]]] = []
    found = {"filling": timed(lambda: scenes.append(_filled(project, places)), 1)}
    scene, nodes = scenes[-1]
    scenes[:-1] = []
    view = QGraphicsView(scene)
    view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.resize(WIDTH, HEIGHT)
    view.show()
    app.processEvents()
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    rounds = _FEW_ROUNDS if len(nodes) > _MANY else DEAR_ROUNDS
    found["whole map redraw"] = timed(lambda: _all_of(view), rounds)
    view.resetTransform()
    lead = nodes[list(nodes)[len(nodes) // 2]]
    view.centerOn(lead)
    found["100% zoom redraw"] = timed(lambda: _all_of(view), DEAR_ROUNDS)
    bar_x, bar_y = view.horizontalScrollBar(), view.verticalScrollBar()

    def pan() -> None:
        bar_x.setValue(bar_x.value() + 7)
        bar_y.setValue(bar_y.value() + 4)
        app.processEvents()

    def drag() -> None:
        lead.moveBy(3.0, 0.0)
        app.processEvents()

    found["pan step"] = timed(pan, CHEAP_ROUNDS)
    view.centerOn(lead)
    app.processEvents()
    found["drag step"] = timed(drag, CHEAP_ROUNDS // 2)
    middle = view.mapToScene(WIDTH // 2, HEIGHT // 2)
    found["hit test"] = timed(lambda: scene.items(middle), CHEAP_ROUNDS)
    view.close()
    return found


def _places(project: Project) -> Mapping[str, Point]:
    return next(iter(project.views.values())).positions


def _all_of(view: QGraphicsView) -> None:
    """Draw all that the view shows, as a repaint of its whole viewport does."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.render(painter, QRectF(0, 0, WIDTH, HEIGHT), view.viewport().rect())
    painter.end()


class _Node(QGraphicsRectItem):
    """A card of the plain scene, with its name, that takes its links along."""

    def __init__(self, name: str) -> None:
        super().__init__(0, 0, CARD_WIDTH, CARD_HEIGHT)
        self.setBrush(QBrush(color(LIGHT.raised)))
        self.setPen(QPen(color(LIGHT.line_strong)))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges)
        words = QGraphicsSimpleTextItem(name, self)
        words.setFont(pixel_font(13))
        words.setPos(12, 14)
        self.links: list[tuple[QGraphicsLineItem, bool]] = []

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        """Qt: the card moved."""
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            end = self.pos() + QPointF(CARD_WIDTH / 2, CARD_HEIGHT / 2)
            for item, starts in self.links:
                line = item.line()
                if starts:
                    line.setP1(end)
                else:
                    line.setP2(end)
                item.setLine(line)
        return super().itemChange(change, value)


def _filled(
    project: Project, places: Mapping[str, Point]
) -> tuple[QGraphicsScene, dict[str, QGraphicsItem]]:
    scene = QGraphicsScene()
    nodes: dict[str, _Node] = {}
    for id, entity in project.entities.items():
        node = nodes[id] = _Node(entity.name)
        x, y = places[id]
        node.setPos(x - CARD_WIDTH / 2, y - CARD_HEIGHT / 2)
        scene.addItem(node)
    pen = QPen(color(LIGHT.link), 1.0)
    for link in project.links.values():
        line = QGraphicsLineItem(*places[link.source], *places[link.target])
        line.setPen(pen)
        line.setZValue(-1)
        scene.addItem(line)
        nodes[link.source].links.append((line, True))
        nodes[link.target].links.append((line, False))
    return scene, dict(nodes)
