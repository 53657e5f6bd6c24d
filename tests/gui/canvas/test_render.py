"""Pictures of the map: each format opens, shows the map, and carries its words."""

import re

import numpy as np
import pytest
from canvas_parts import PLACES, small_map
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.project import Project
from depmap_gui.gui.canvas.plans import Manner, thorough
from depmap_gui.gui.render import MOST_PIXELS, laid_out, map_alone, render_bytes
from depmap_gui.gui.theme import DARK, LIGHT, Theme
from depmap_gui.session.session import Session, score


@pytest.fixture(scope="module")
def project() -> Project:
    return small_map()


@pytest.fixture(scope="module")
def assessment(project: Project) -> Assessment:
    return score(Session(project).request())


def ground_share(image: QImage, theme: Theme) -> float:
    """How much of the picture, looked at every 4 pixels, is bare canvas."""
    step = range(0, image.width(), 4), range(0, image.height(), 4)
    seen = [image.pixelColor(x, y).name().upper() for x in step[0] for y in step[1]]
    return seen.count(theme.canvas) / len(seen)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_png_is_twice_the_sheet_and_shows_the_cards(
    qapp: QApplication, project: Project, assessment: Assessment, theme: Theme
) -> None:
    content = render_bytes(project, assessment, theme=theme)
    image = QImage.fromData(content, "PNG")
    sheet = laid_out(project, assessment)
    assert image.width() == round(sheet.size.width() * 2)
    assert image.height() == round(sheet.size.height() * 2)
    assert 0.3 < ground_share(image, theme) < 0.95
    x, y = PLACES["works"]
    shift_x = sheet.map_at.x() - sheet.map_rect[0]
    shift_y = sheet.map_at.y() - sheet.map_rect[1]
    # The upper right of a card, left of its badge, is bare card.
    on_card = image.pixelColor(round((x + 80 + shift_x) * 2), round((y - 30 + shift_y) * 2))
    assert on_card.name().upper() == theme.raised


def test_the_map_alone_has_neither_title_nor_legend(
    qapp: QApplication, project: Project, assessment: Assessment
) -> None:
    sheet = laid_out(project, assessment)
    left, top, right, bottom = sheet.map_rect
    alone = QImage.fromData(map_alone(project, assessment, LIGHT), "PNG")
    assert (alone.width(), alone.height()) == (round((right - left) * 2), round((bottom - top) * 2))
    assert 0.3 < ground_share(alone, LIGHT) < 0.95
    x, y = PLACES["works"]
    on_card = alone.pixelColor(round((x + 80 - left) * 2), round((y - 30 - top) * 2))
    assert on_card.name().upper() == LIGHT.raised


def test_svg_carries_title_names_and_caution_as_text(
    qapp: QApplication, project: Project, assessment: Assessment
) -> None:
    content = render_bytes(project, assessment, "svg").decode("utf-8")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", content)
    for expected in ("Small example", "Maker Inc.", "CellCo Ltd.", "Cell license", "21%"):
        assert expected in words, expected
    assert any("2026" in word and "control basis" in word for word in words)
    assert any("not legal advice" in word for word in words)
    assert QSvgRenderer(QByteArray(content.encode())).isValid()


def test_pdf_is_one_page_with_embedded_type(
    qapp: QApplication, project: Project, assessment: Assessment
) -> None:
    content = render_bytes(project, assessment, "pdf")
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert re.search(rb"/Count 1\b", content)
    assert b"/Font" in content
    # A map painted as one big image would not be a drawing.
    assert b"/Subtype /Image" not in content


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_an_empty_unscored_project_has_a_picture_too(qapp: QApplication, form: str) -> None:
    assert len(render_bytes(Project(), None, form)) > 500


def test_dark_and_light_differ(
    qapp: QApplication, project: Project, assessment: Assessment
) -> None:
    assert LIGHT.canvas.lower() in render_bytes(project, assessment, "svg").decode().lower()
    dark = render_bytes(project, assessment, "svg", dark=True).decode().lower()
    assert DARK.canvas.lower() in dark
    assert LIGHT.canvas.lower() not in dark


def test_another_format_is_refused(qapp: QApplication, project: Project) -> None:
    with pytest.raises(ValueError, match="bmp"):
        render_bytes(project, None, "bmp")


def test_a_large_map_stays_within_the_pixels_that_a_picture_may_have(qapp: QApplication) -> None:
    project = random_map(2_600, loops=False, seed=4)
    image = QImage.fromData(render_bytes(project, None, "png"), "PNG")
    assert 0.5 * MOST_PIXELS < image.width() * image.height() <= 1.001 * MOST_PIXELS
    sheet = laid_out(project, None)
    assert sheet.frame > 1.0
    scale = image.width() / sheet.size.width()
    shift_x = sheet.map_at.x() - sheet.map_rect[0]
    shift_y = sheet.map_at.y() - sheet.map_rect[1]
    for x, y in sheet.scene.centers[::97].tolist():
        middle = image.pixelColor(round((x + shift_x) * scale), round((y + shift_y) * scale))
        assert middle.name().upper() != LIGHT.canvas, (x, y)


def test_a_large_picture_takes_its_time_for_every_line(qapp: QApplication) -> None:
    """Where the window shows a haze of so many links, the picture shows lines."""
    project = random_map(2_000, loops=False, seed=3, jurisdictions=40)
    sheet = laid_out(project, None)
    plan = thorough(sheet.scene)
    rows = np.arange(len(sheet.scene.links))
    assert set(plan.manners(rows).tolist()) == {Manner.HAIR}
    image = QImage.fromData(render_bytes(project, None))
    ownership = QColor(LIGHT.plant)
    words = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
    pixels = words.reshape(image.height(), image.width(), 4)[..., :3].astype(int)
    blue, red = pixels[..., 0], pixels[..., 2]
    # A haze is gray: only lines of ownership are as blue as this.
    assert (blue - red > (ownership.blue() - ownership.red()) * 0.4).mean() > 0.002
