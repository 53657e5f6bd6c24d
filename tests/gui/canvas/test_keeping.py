"""What is kept between frames never shows: it looks as if everything were drawn anew."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.views import View
from depmap_gui.gui.bench import placed
from depmap_gui.gui.canvas import strands
from depmap_gui.gui.canvas.camera import Camera, fitting
from depmap_gui.gui.canvas.labels import Labels, size_at
from depmap_gui.gui.canvas.lanes import Lane, paint_titles
from depmap_gui.gui.canvas.layer import Layer, Shown
from depmap_gui.gui.canvas.painter import LeftOut, MapPainter, Plans
from depmap_gui.gui.canvas.pixels import dotted
from depmap_gui.gui.canvas.plans import Manner, planned
from depmap_gui.gui.canvas.scene import LOCATED, Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.tasks import Tasks
from depmap_gui.gui.theme import DARK, LIGHT, Theme
from depmap_gui.session.session import Session

SIZE = QSize(500, 320)


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A map with several hundred links, more than are drawn as fine lines at once."""
    return Scene(random_map(900, loops=True, seed=4, jurisdictions=60), View(id="v"))


def picture(layer: Layer) -> QImage:
    """What the layer puts onto a widget."""
    made = QImage(SIZE, QImage.Format.Format_RGB32)
    made.fill(0xFF00FF)
    painter = QPainter(made)
    layer.put(painter)
    painter.end()
    return made


def difference(first: QImage, second: QImage) -> float:
    """Share of pixels that differ visibly."""
    planes = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (first, second)]
    return float((np.abs(planes[0] - planes[1]) > 24).mean())


def shown(scene: Scene, painter: MapPainter) -> Shown:
    return Shown(painter, scene, Labels(scene), None, "as it is")


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.15, 0.06])
def test_a_panned_picture_is_the_one_that_is_drawn_anew(
    qapp: QApplication, scene: Scene, zoom: float, scale: float
) -> None:
    bounds = scene.bounds()
    assert bounds is not None
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    camera = Camera(0.0, 0.0, zoom).centered(middle, 500, 320).snapped(scale)
    panned, painter = Layer(), MapPainter(LIGHT)
    what = shown(scene, painter)
    panned.refresh(what, camera, SIZE, scale)
    for right, down in ((-40, 6), (-90, 0), (7, -33), (0, -120), (160, 40), (20, 60)):
        camera = camera.panned(right, down).snapped(scale)
        panned.refresh(what, camera, SIZE, scale)
    if not panned.settle(what, camera):
        # Links that came into sight are drawn as finely as the others once the eye rests.
        panned.refresh(what, camera, SIZE, scale)
    anew = Layer()
    anew.refresh(shown(scene, MapPainter(LIGHT)), camera, SIZE, scale)
    assert difference(picture(panned), picture(anew)) < 0.002


class NotingPainter(MapPainter):
    """Notes the plans it is given."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.asked: list[Plans | None] = []

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        labels: Labels | None,
        camera: Camera,
        area: QRectF,
        without: LeftOut | None = None,
        plans: Plans | None = None,
    ) -> Plans:
        self.asked.append(plans)
        return super().paint(painter, scene, labels, camera, area, without, plans)


def test_strips_are_drawn_by_the_plan_of_the_whole(qapp: QApplication, scene: Scene) -> None:
    bounds = scene.bounds()
    assert bounds is not None
    camera = fitting(bounds, 500, 320)
    layer, painter = Layer(), NotingPainter(LIGHT)
    asked = painter.asked
    layer.refresh(shown(scene, painter), camera, SIZE, 1.0)
    layer.refresh(shown(scene, painter), camera.panned(-30, -20), SIZE, 1.0)
    assert asked[0] is None
    assert len(asked) == 3
    assert asked[1] is not None
    assert asked[1] is asked[2]
    assert asked[1].lit.near is Manner.HAIR


@pytest.fixture
def large(qtbot: QtBot) -> Iterator[MapCanvas]:
    """A larger map at 100 %."""
    tasks = Tasks()
    editor = Editor(tasks)
    editor.open_session(Session(placed(random_map(300, loops=False, seed=6, jurisdictions=8))))
    canvas = MapCanvas(editor, LIGHT)
    canvas.animates = False
    qtbot.addWidget(canvas)
    canvas.resize(700, 500)
    with qtbot.waitExposed(canvas):
        canvas.show()
    tasks.cancel_all()
    canvas.shows_legend = canvas.shows_minimap = False
    canvas.repaint()
    x, y = canvas.scene.centers[len(canvas.scene.ids) // 2].tolist()
    canvas.look(Camera(0.0, 0.0, 1.0).centered((x, y), 700, 500))
    settle(canvas)
    yield canvas
    editor.close()
    tasks.cancel_all()


def settle(canvas: MapCanvas) -> QImage:
    """The map once the eye rests on it."""
    canvas.repaint()
    canvas.rest()
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def anew(canvas: MapCanvas) -> QImage:
    """The map as it is without anything kept."""
    canvas._painter = MapPainter(canvas.theme, canvas._painter.shock, canvas._painter.focus)
    canvas.redraw()
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_cards_that_stood_in_while_zooming_give_way_to_crisp_ones(large: MapCanvas) -> None:
    for _ in range(3):
        large.look(large.camera.zoomed(0.9, 350, 250))
        large.repaint()
    assert large._painter.is_rough
    assert difference(settle(large), anew(large)) < 0.001
    assert not large._painter.is_rough


def test_an_edit_is_seen_at_once(large: MapCanvas) -> None:
    seen = large.camera.visible(700, 500)
    rows = large.scene.items_in(seen, wholly=True)
    before = settle(large)
    id = large.scene.ids[int(rows[0])]
    edit = SetField(Section.ENTITIES, id, "name", "Quite another name")
    assert large.editor.apply(edit, "Rename")
    large.repaint()
    after = settle(large)
    assert difference(before, after) > 0.0
    assert difference(after, anew(large)) < 0.001


def test_another_theme_leaves_nothing_of_the_old_one(large: MapCanvas) -> None:
    light = settle(large)
    large.set_theme(DARK)
    dark = settle(large)
    assert difference(light, dark) > 0.5
    assert difference(dark, anew(large)) < 0.001
    large.set_theme(LIGHT)
    assert difference(settle(large), light) < 0.001


@pytest.mark.parametrize("zoom", [1.3, 0.85, 0.7, 0.6, 0.5, 0.43])
def test_labels_can_be_read_and_lie_apart_at_every_zoom(
    qapp: QApplication, scene: Scene, zoom: float
) -> None:
    found = Labels(scene).within((-1e5, -1e5, 1e5, 1e5), zoom)
    assert len(found) > 10
    assert all(label.size * zoom >= 9.0 for label in found)
    rects = np.array([label.rect for label in found])
    left, top, right, bottom = *rects[:, :2].T, *(rects[:, :2] + rects[:, 2:]).T
    meet = (left[:, None] < right) & (right[:, None] > left)
    meet &= (top[:, None] < bottom) & (bottom[:, None] > top)
    assert meet.sum() == len(found)
    off = np.abs(scene.centers[None] - (rects[:, :2] + rects[:, 2:] / 2)[:, None])
    clear = off >= (rects[:, None, 2:] + (CARD_WIDTH, CARD_HEIGHT)) / 2
    assert clear.any(axis=2).all()


def test_the_dearer_of_two_colliding_labels_is_kept(qapp: QApplication, scene: Scene) -> None:
    near = {label.row for label in Labels(scene).within((-1e5, -1e5, 1e5, 1e5), 1.0)}
    far = {label.row for label in Labels(scene).within((-1e5, -1e5, 1e5, 1e5), 0.43)}
    assert len(far) < len(near)
    assert scene.widths[sorted(far)].mean() >= scene.widths[sorted(near)].mean()


def test_from_afar_links_say_nothing(qapp: QApplication, scene: Scene) -> None:
    assert size_at(0.42) is None
    assert Labels(scene).within((-1e5, -1e5, 1e5, 1e5), 0.42) == []


@pytest.mark.parametrize("width", [1.0, 1.3, 1.6, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("slope", [0.0, 0.4, 3.0])
def test_hair_lines_side_by_side_are_as_broad_as_the_line_they_stand_for(
    qapp: QApplication, width: float, slope: float
) -> None:
    """Against one line drawn by Qt: about as much ink, at the same place."""
    inks, middles = [], []
    line = np.array([[40.0, 50.0, 160.0, 50.0 + 120.0 * slope]])
    for ours in (True, False):
        image = QImage(200, 460, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ours:
            made = strands.Lines(line, np.array([width]), np.array([0]), np.array([0]))
            strands.draw(painter, strands.by_ink(strands.laid(made, 1.0)), {0: "#000000"})
        else:
            painter.setPen(QPen(QColor("#000000"), width, c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(QLineF(*line[0]))
        painter.end()
        words = np.frombuffer(image.constBits(), np.uint8).reshape(460, 200, 4)[:, 60:140, 0]
        dark = 1.0 - words / 255.0
        inks.append(dark.sum())
        middles.append((dark * np.arange(460)[:, None]).sum() / dark.sum())
    assert inks[0] == pytest.approx(inks[1], rel=0.3)
    assert middles[0] == pytest.approx(middles[1], abs=0.6)


def test_links_that_only_pass_by_are_drawn_softly_and_say_nothing(
    qapp: QApplication, scene: Scene
) -> None:
    x, y = scene.centers[len(scene.ids) // 2].tolist()
    seen = (x - 700.0, y - 450.0, x + 700.0, y + 450.0)
    rows = scene.links_crossing(seen)
    plan = planned(scene, rows, 1.0, seen)
    assert plan.near is Manner.CURVE
    cards = set(scene.items_in(seen).tolist())
    for row, manner in zip(rows.tolist(), plan.manners(rows).tolist(), strict=True):
        ends_here = int(scene.sources[row]) in cards or int(scene.targets[row]) in cards
        assert plan.says(row) is ends_here
        if ends_here:
            assert manner == Manner.CURVE
        elif scene.link_kinds[row] == LOCATED:
            assert manner == Manner.NOT
        else:
            assert manner == plan.far > Manner.CURVE


def test_dots_are_where_the_grid_is(qapp: QApplication) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    dotted(
        painter, QRectF(0, 0, 60, 40), "#FFFFFF", "#FF0000", np.array([3.0, 27.0]), np.array([5])
    )
    painter.end()
    red = {
        (x, y) for x in range(60) for y in range(40) if image.pixelColor(x, y).name() == "#ff0000"
    }
    assert red == {(3, 5), (27, 5)}


def test_titles_of_lanes_never_meet(qapp: QApplication) -> None:
    """As many lanes as there is no room for: the largest are told, each whole or nearly so."""
    lanes = tuple(
        Lane(f"Jurisdiction {n}", (0.0, 12.0 * n, 400.0, 12.0 * n + 300.0), n, 0) for n in range(12)
    )
    image = QImage(400, 500, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_titles(painter, lanes, LIGHT, Camera(0.0, 0.0, 1.0), QRectF(0, 0, 400, 500))
    painter.end()
    column = [image.pixelColor(30, y).name() != "#000000" for y in range(500)]
    pills = [len(list(run)) for is_pill, run in groupby(column) if is_pill]
    assert 5 <= len(pills) <= 7
    assert all(19 <= tall <= 22 for tall in pills)
