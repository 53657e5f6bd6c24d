"""Tokens, icons, words and what is painted: readable, never by color alone, nothing left over."""

from dataclasses import dataclass

import numpy as np
import pytest
from canvas_parts import Mouse, small_map
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.views import View
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.bulk import draw_lines, draw_rects
from depmap_gui.gui.canvas.camera import Camera, fitting
from depmap_gui.gui.canvas.captions import short_name
from depmap_gui.gui.canvas.cards import figure
from depmap_gui.gui.canvas.connectors import stroke
from depmap_gui.gui.canvas.haze import counted
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.legend import legend_of
from depmap_gui.gui.canvas.pixels import blocks, opaque
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.canvas.widget import MapCanvas
from depmap_gui.gui.coloring import Coloring, exposures
from depmap_gui.gui.icons import icon, icon_pixmap
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.theme import DARK, LIGHT, Theme, Tone, contrast, load_fonts, mix
from depmap_gui.resources import resource
from depmap_gui.session.session import Session, score

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    # WebAIM's published example: #777777 on white is 4.48 to 1.
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@THEMES
def test_all_words_are_readable(theme: Theme) -> None:
    inks = (
        theme.text,
        theme.muted,
        theme.accent_text,
        theme.eligible_text,
        theme.at_risk_text,
        theme.ineligible_text,
    )
    for ground in (theme.canvas, theme.panel, theme.raised, theme.accent_tint, theme.hover):
        for ink in inks:
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert all(contrast(theme.ink(tone), theme.raised) >= 4.5 for tone in Tone)


@THEMES
def test_label_inks_are_readable(theme: Theme) -> None:
    for kind in (LinkKind.OWNS, LinkKind.USES, LinkKind.LENDS):
        assert contrast(stroke(kind, theme).color, theme.raised) >= 4.5, kind


@THEMES
def test_marks_stand_out_from_their_ground(theme: Theme) -> None:
    for kind in EntityKind:
        assert contrast(theme.kind(kind), theme.kind_tint(kind)) >= 3.0, kind
    for tone in (Tone.GOOD, Tone.WARN, Tone.BAD):
        assert contrast("#FFFFFF", theme.fill(tone)) >= 3.0, tone
        assert contrast(theme.fill(tone), theme.canvas) >= 3.0, tone


@THEMES
def test_the_exposure_scale_goes_one_way(theme: Theme) -> None:
    off = [contrast(theme.exposure(step / 10), theme.canvas) for step in range(11)]
    assert off == sorted(off)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_each_status_has_an_icon_of_its_own(qapp: QApplication) -> None:
    assert len({tone.icon for tone in Tone}) == len(Tone)
    for tone in Tone:
        assert not icon(tone.icon, LIGHT).isNull()


def test_every_icon_draws_something(qapp: QApplication) -> None:
    for path in resource("icons").glob("*.svg"):
        image = icon_pixmap(path.stem, "#000000", 24, 2.0).toImage()
        drawn = sum(image.pixelColor(x, y).alpha() > 100 for x in range(48) for y in range(48))
        assert drawn > 8, path.name


def test_the_bundled_font_is_used(qapp: QApplication) -> None:
    assert "Inter" in load_fonts()


def test_figures_never_show_unknown_as_zero() -> None:
    assert figure(0.0, 1.0) == "unknown"
    assert figure(0.62, 0.76) == "62–76%"
    assert figure(0.5, 0.5) == "50%"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Maker Motor Co., Ltd.", "Maker Motor"),
        ("Cell Technology Group", "Cell Technology"),
        ("Inc.", "Inc."),
        ("Corporation Street Bakery", "Corporation Street Bakery"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_context_lines_place_each_item(canvas: MapCanvas) -> None:
    scene = canvas.scene
    lines = {id: scene.context(row) for id, row in scene.index.items()}
    assert lines == {
        "cn": "CN",
        "maker": "operator",
        "cellco": "CN · licensor",
        "deal": "CellCo → Maker",
        "works": "Maker · Cells",
        "second": "no operator yet · no product yet",
    }
    labels = {id: scene.label(row) for id, row in scene.link_index.items()}
    assert labels["l4"] == "IP 50–65%"
    assert labels["l5"] == "21%"


def test_exposures_are_those_of_the_assessment() -> None:
    project = small_map()
    assessment = score(Session(project).request())
    order = list(project.entities)
    low, high = exposures(list(project.entities.values()), assessment, Coloring(Score.IP, "CN"))
    works = assessment.scores.ip["works"]
    assert low[order.index("works")] == works["CN"] == pytest.approx(0.6)
    assert high[order.index("works")] == pytest.approx(0.6 + works["unknown"])
    assert low[order.index("cellco")] == 1.0
    assert np.isnan(low[order.index("cn")])
    assert np.isnan(
        exposures(list(project.entities.values()), None, Coloring(Score.IP, "CN"))[0]
    ).all()


def test_the_legend_shows_only_what_is_on_the_map(canvas: MapCanvas) -> None:
    shown = legend_of(canvas.scene, Coloring(Score.IP, "CN"))
    assert shown.title == "Color: China · IP share"
    assert [word for word, _ in shown.lines] == ["license", "ownership", "located in"]


def test_no_label_lies_on_a_card_or_another_label(qapp: QApplication) -> None:
    scene = Scene(random_map(300, loops=False, seed=3), View(id="v"))
    placed = Labels(scene).within((-1e5, -1e5, 1e4, 1e4))
    assert len(placed) > 20
    boxes = [label.rect for label in placed]
    for number, (left, top, width, height) in enumerate(boxes):
        off = np.abs(scene.centers - (left + width / 2, top + height / 2))
        free = (off[:, 0] >= (CARD_WIDTH + width) / 2) | (off[:, 1] >= (CARD_HEIGHT + height) / 2)
        assert free.all()
        for other in boxes[number + 1 :]:
            apart = (
                other[0] >= left + width
                or other[0] + other[2] <= left
                or other[1] >= top + height
                or other[1] + other[3] <= top
            )
            assert apart


def test_cards_without_a_place_get_free_ones_and_keep_them(canvas: MapCanvas) -> None:
    project = random_map(200, loops=False, seed=1)
    scene = Scene(project, View(id="v"))
    off = np.abs(scene.centers[:, None] - scene.centers[None])
    near = (off[..., 0] < CARD_WIDTH) & (off[..., 1] < CARD_HEIGHT)
    assert near.sum() == len(scene.ids)
    first = scene.ids[0]
    placed = View(id="v", positions={first: (-5000.0, -5000.0)})
    moved = Scene(project, placed, assumed=scene.assumed)
    assert np.array_equal(moved.centers[1:], scene.centers[1:])


def test_links_never_share_a_port(canvas: MapCanvas) -> None:
    scene = Scene(random_map(120, loops=True, seed=2, jurisdictions=3), View(id="v"))
    ends = np.concatenate((scene.start, scene.end)).round(6)
    assert len(np.unique(ends, axis=0)) == len(ends)


def test_clipping_agrees_with_sampling() -> None:
    draw = np.random.default_rng(5)
    rows = draw.uniform(-20, 30, (300, 4))
    enters, leaves = geometry.clipped(rows, (0.0, 0.0, 10.0, 10.0))
    t = np.linspace(0, 1, 4001)[:, None]
    x = rows[:, 0] + (rows[:, 2] - rows[:, 0]) * t
    y = rows[:, 1] + (rows[:, 3] - rows[:, 1]) * t
    inside = (x >= 0) & (x <= 10) & (y >= 0) & (y <= 10)
    for row in range(len(rows)):
        if inside[:, row].any():
            hits = t[inside[:, row], 0]
            assert enters[row] == pytest.approx(hits[0], abs=3e-4)
            assert leaves[row] == pytest.approx(hits[-1], abs=3e-4)
        else:
            assert leaves[row] - enters[row] < 3e-4


def test_dashes_cover_their_part_of_the_curve() -> None:
    straight = np.array([[0.0, 0.0, 50.0, 0.0], [50.0, 0.0, 100.0, 0.0]])
    cut, _ = geometry.dashes(straight, 2, 6.0, 4.0, (0.0, -5.0, 100.0, 5.0))
    assert cut[:, 0].tolist() == pytest.approx([10.0 * n for n in range(10)])
    assert (cut[:, 2] - cut[:, 0]).tolist() == pytest.approx([6.0] * 10)
    # Only the half in sight is cut, at the same places.
    half, _ = geometry.dashes(straight, 2, 6.0, 4.0, (70.0, -5.0, 100.0, 5.0))
    assert half[:, 0].tolist() == pytest.approx([10.0 * n for n in range(5, 10)])
    # Two curves with dashes of their own, told apart.
    both = np.concatenate((straight, straight + np.array([0.0, 3.0] * 2)))
    cut, of = geometry.dashes(both, 2, np.array([6.0, 20.0]), np.array([4.0, 5.0]), (0, -5, 100, 5))
    assert of.tolist() == [0] * 10 + [1] * 4
    assert cut[10:, 0].tolist() == pytest.approx([0.0, 25.0, 50.0, 75.0])
    assert (cut[10:, 2] - cut[10:, 0]).tolist() == pytest.approx([20.0] * 4)


def test_a_haze_counts_the_length_in_each_cell() -> None:
    pieces = np.array([[0.0, 0.5, 10.0, 0.5], [2.5, -4.0, 2.5, 4.0]])
    found, marked = counted(pieces, 10, 4, 0.25, np.array([0, 1]), np.array([False, True]))
    assert found[0].sum() == pytest.approx(11.0, abs=0.5)
    assert found[1:, 2].tolist() == pytest.approx([1.0, 1.0, 1.0], abs=0.25)
    assert found[1:, 3:].sum() == 0.0
    assert marked.sum() == pytest.approx(4.0, abs=0.5)


def test_part_of_a_haze_counts_as_the_whole_does() -> None:
    draw = np.random.default_rng(3)
    pieces, numbers = draw.uniform(-10, 50, (200, 4)), np.arange(200)
    whole, _ = counted(pieces, 40, 30, 3.0, numbers, numbers < 0)
    some = numbers[::-1][50:]
    moved = pieces[some] - (12.0, 9.0, 12.0, 9.0)
    part, _ = counted(moved, 15, 8, 3.0, some, some < 0)
    left_out, _ = counted(pieces[150:], 40, 30, 3.0, numbers[150:], numbers[150:] < 0)
    assert whole.sum() > 0
    assert (whole - left_out)[9:17, 12:27] == pytest.approx(part)


@pytest.mark.parametrize("shape", ["lines", "rects"])
def test_bulk_and_plain_drawing_agree(qapp: QApplication, shape: str) -> None:
    rows = np.random.default_rng(2).uniform(0, 90, (40, 4))
    pictures = []
    for bulk in (True, False):
        image = QImage(200, 200, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        (draw_lines if shape == "lines" else draw_rects)(painter, rows, bulk=bulk)
        painter.end()
        pictures.append(image)
    assert pictures[0] == pictures[1]


def test_a_panned_picture_equals_one_drawn_anew(canvas: MapCanvas) -> None:
    canvas.shows_legend = False
    for right, down in ((-90, 40), (33, -7), (5, 0), (0, 61)):
        canvas.look(canvas.camera.panned(right, down))
        canvas.repaint()
    shifted = canvas.grab().toImage()
    canvas.redraw()
    anew = canvas.grab().toImage()
    assert difference(shifted, anew) < 0.001


def difference(first: QImage, second: QImage) -> float:
    """Share of pixels that differ visibly."""
    form = QImage.Format.Format_RGB32
    planes = [
        np.frombuffer(image.convertToFormat(form).constBits(), np.uint8).astype(int)
        for image in (first, second)
    ]
    return float((np.abs(planes[0] - planes[1]) > 40).mean())


def test_what_is_dragged_looks_as_it_will_when_let_go(canvas: MapCanvas, mouse: Mouse) -> None:
    canvas.shows_legend = False
    start = mouse.at("works")
    mouse.press(start)
    for step in range(1, 6):
        mouse.move(start + (mouse.at("second") - start) * 0.05 * step)
    mouse.release(start + (mouse.at("second") - start) * 0.25)
    settled = canvas.grab().toImage()
    canvas.redraw()
    assert difference(settled, canvas.grab().toImage()) < 0.001


@THEMES
def test_every_zoom_paints_every_card(canvas: MapCanvas, theme: Theme) -> None:
    canvas.set_theme(theme)
    canvas.shows_legend = False
    for zoom in (2.0, 1.0, 0.6, 0.4, 0.2, 0.08):
        for id in canvas.scene.ids:
            row = canvas.scene.index[id]
            x, y = canvas.scene.centers[row].tolist()
            canvas.look(Camera(0.0, 0.0, zoom).centered((x, y), 1000, 700))
            image = canvas.grab(QRectF(495, 345, 10, 10).toRect()).toImage()
            colors = {image.pixelColor(i, j).name().upper() for i in range(10) for j in range(10)}
            assert colors != {theme.canvas}, (zoom, id)


def test_the_empty_map_says_what_to_do(canvas: MapCanvas) -> None:
    canvas.editor.remove(tuple(canvas.editor.project.entities))
    image = canvas.grab().toImage()
    middle = [
        image.pixelColor(x, y).name().upper() for x in range(300, 700) for y in range(250, 420)
    ]
    assert sum(name != LIGHT.canvas for name in middle) > 1500


def test_the_map_is_described_in_words(canvas: MapCanvas) -> None:
    assert canvas.accessibleName() == "Map"
    canvas.editor.select(("works",))
    assert canvas.accessibleDescription().startswith("6 items, 5 links. Selected: Works, plant")


@dataclass
class Seen:
    width: float
    height: float


@pytest.mark.parametrize("seen", [Seen(800, 600), Seen(300, 1200)])
def test_fitting_shows_the_whole_rectangle(seen: Seen) -> None:
    rect = (-500.0, 20.0, 1500.0, 700.0)
    camera = fitting(rect, seen.width, seen.height)
    left, top = camera.to_widget((rect[0], rect[1]))
    right, bottom = camera.to_widget((rect[2], rect[3]))
    assert left >= 0
    assert top >= 0
    assert right <= seen.width
    assert bottom <= seen.height
    assert (left + right) / 2 == pytest.approx(seen.width / 2)


def test_a_flight_ends_where_it_is_meant_to() -> None:
    start, goal = Camera(0.0, 0.0, 0.5), Camera(300.0, -80.0, 2.0)
    assert start.toward(goal, 1.0) == pytest.approx(goal)
    assert start.toward(goal, 0.0) == pytest.approx(start)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_blocks_are_the_rectangles_asked_for(qapp: QApplication, scale: float) -> None:
    """Against plain rectangles drawn one by one."""
    corners = np.array([[3.0, 4.0], [5.0, 9.0], [-4.0, 20.0], [37.0, 27.0], [90.0, 5.0]])
    words = np.array(
        [opaque(ink) for ink in ("#FF0000", "#00FF00", "#0000FF", "#FFFF00", "#000000")]
    )
    images = []
    for bulk in (True, False):
        image = QImage(round(40 * scale), round(30 * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(0xFFFFFFFF)
        painter = QPainter(image)
        if bulk:
            blocks(painter, QRectF(0, 0, 40, 30), corners, (8.0, 3.0), words.astype(np.uint32))
        else:
            for (x, y), word in zip(corners.tolist(), words.tolist(), strict=True):
                painter.fillRect(QRectF(x, y, 8.0, 3.0), QColor.fromRgba(word))
        painter.end()
        images.append(image)
    assert images[0] == images[1]
