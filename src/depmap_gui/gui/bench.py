"""Frame times of the canvas on generated maps, beside a plain QGraphicsScene of the same map.

Both are measured in the same run, drawing in software without a display. Times are milliseconds:
the median, and the 95th percentile in brackets.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
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

from depmap_gui.analysis.context import Quiet
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Point, View
from depmap_gui.gui.canvas.acts import Move
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.arranging import tier_places
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.layout.layered import tiered
from depmap_gui.gui.layout.network import network_of
from depmap_gui.gui.offscreen import application
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import LIGHT, color, pixel_font
from depmap_gui.session.session import Session

WIDTH, HEIGHT = 1600, 1000
SIZES = (300, 1_000, 10_000)
_LINKS_PER_ITEM = 2
_CHEAP_ROUNDS = 40
_FEW = 5_000
_DEAR_ROUNDS = 7

Print = Callable[[str], None]


class Timing(NamedTuple):
    """Milliseconds of one kind of frame."""

    median: float
    p95: float


def canvas_benchmark(out: Print = print, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure both, size by size, and print a table with the ratio of the medians."""
    app = application()
    out(f"Canvas benchmark, {WIDTH} x {HEIGHT} pixels, software rendering, milliseconds")
    out("median (95th percentile); ratio = scene / canvas")
    for items in sizes:
        bare = map_of(items)
        out("")
        out(f"{len(bare.entities):,} items, {len(bare.links):,} links")
        out(f"  {'tier layout':18}{_shown(measure_layout(bare)):>20}")
        project = placed(bare)
        ours = measure_canvas(app, project)
        plain = measure_scene(app, project)
        out(f"  {'':18}{'canvas':>20}{'QGraphicsScene':>22}{'ratio':>9}")
        for what, timing in ours.items():
            other = plain.get(what)
            beside = f"{_shown(other):>22}{other.median / timing.median:>8.1f}x" if other else ""
            out(f"  {what:18}{_shown(timing):>20}{beside}")


def map_of(items: int) -> Project:
    """A generated map of about so many items and twice as many links."""
    wanted = _LINKS_PER_ITEM * items
    # The generator makes 19 items for 60 links; jurisdictions make up the rest.
    places = max(20, items - 19 * wanted // 60)
    return random_map(wanted, loops=False, seed=7, jurisdictions=places)


def measure_layout(project: Project) -> Timing:
    """The layout by tier, from the project to places."""
    rounds = _DEAR_ROUNDS if len(project.entities) < _FEW else 3
    return timed(lambda: tiered(network_of(project), Quiet()), rounds)


def placed(project: Project) -> Project:
    """The map with a view on which everything stands by tier."""
    view = View(id="bench", name="Map", positions=tier_places(project, project.entities.keys()))
    return msgspec.structs.replace(project, views={view.id: view})


def _shown(timing: Timing) -> str:
    return f"{timing.median:,.2f} ({timing.p95:,.2f})"


def timed(step: Callable[[], object], rounds: int) -> Timing:
    """Call the step so often, after once to warm up, and time each call."""
    step()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        step()
        taken.append((time.perf_counter() - began) * 1000.0)
    taken.sort()
    return Timing(statistics.median(taken), taken[min(rounds - 1, int(rounds * 0.95))])


def measure_canvas(app: QApplication, project: Project) -> Mapping[str, Timing]:
    """Frames of the program's own canvas."""
    tasks = Tasks()
    editor = Editor(tasks)
    canvas = MapCanvas(editor, LIGHT)
    canvas.animates = False
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    editor.open_session(Session(project))
    tasks.cancel_all()
    app.processEvents()
    canvas.show_locations(True)
    found = {"filling": timed(lambda: Scene(editor.project, editor.view), 3)}
    canvas.fit()
    found["whole map redraw"] = timed(lambda: _redrawn(canvas), _DEAR_ROUNDS)
    canvas.look(_middle(canvas))
    found["100% zoom redraw"] = timed(lambda: _redrawn(canvas), _DEAR_ROUNDS)
    found["pan step"] = timed(lambda: _panned(canvas), _CHEAP_ROUNDS)
    found["drag step"] = _dragged(canvas)
    point = canvas.camera.to_map(WIDTH / 2, HEIGHT / 2)
    found["hit test"] = timed(
        lambda: canvas.scene.item_at(point) or canvas.scene.link_at(point, 6.0), _CHEAP_ROUNDS
    )
    canvas.close()
    canvas.deleteLater()
    tasks.cancel_all()
    app.processEvents()
    return found


def _middle(canvas: MapCanvas) -> Camera:
    """At 100 %, on the item in the middle of the map's file."""
    x, y = canvas.scene.centers[len(canvas.scene.ids) // 2].tolist()
    return Camera(0.0, 0.0, 1.0).centered((x, y), WIDTH, HEIGHT)


def _redrawn(canvas: MapCanvas) -> None:
    canvas.redraw()
    canvas.repaint()


def _panned(canvas: MapCanvas) -> None:
    canvas.look(canvas.camera.panned(-7.0, -4.0))
    canvas.repaint()


def _dragged(canvas: MapCanvas) -> Timing:
    lead = canvas.scene.ids[len(canvas.scene.ids) // 2]
    canvas.look(_middle(canvas))
    act = Move(canvas, [lead], lead)
    at = canvas.point_of(lead)
    canvas.begin(act, at)
    steps = iter(range(1, _CHEAP_ROUNDS + 3))

    def step() -> None:
        act.move(at + QPointF(3.0 * next(steps), 2.0))
        canvas.repaint()

    found = timed(step, _CHEAP_ROUNDS)
    canvas.cancel_act()
    return found


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
    rounds = 3 if len(nodes) > 2_000 else _DEAR_ROUNDS
    found["whole map redraw"] = timed(lambda: _all_of(view), rounds)
    view.resetTransform()
    lead = nodes[list(nodes)[len(nodes) // 2]]
    view.centerOn(lead)
    found["100% zoom redraw"] = timed(lambda: _all_of(view), _DEAR_ROUNDS)
    bar_x, bar_y = view.horizontalScrollBar(), view.verticalScrollBar()

    def pan() -> None:
        bar_x.setValue(bar_x.value() + 7)
        bar_y.setValue(bar_y.value() + 4)
        app.processEvents()

    def drag() -> None:
        lead.moveBy(3.0, 0.0)
        app.processEvents()

    found["pan step"] = timed(pan, _CHEAP_ROUNDS)
    view.centerOn(lead)
    app.processEvents()
    found["drag step"] = timed(drag, _CHEAP_ROUNDS // 2)
    middle = view.mapToScene(WIDTH // 2, HEIGHT // 2)
    found["hit test"] = timed(lambda: scene.items(middle), _CHEAP_ROUNDS)
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
