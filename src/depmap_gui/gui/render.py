"""The map as a picture: PNG for slides, SVG and PDF with real lines and words for print.

Nothing here needs a display, and nothing is written to disk: whoever asks gets the bytes.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import QFont, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator

from depmap_gui.analysis.results import Assessment, Score
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.domain.views import View
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.labels import Labels
from depmap_gui.gui.canvas.legend import Legend, legend_of, legend_size, paint_legend
from depmap_gui.gui.canvas.painter import MapPainter, Plans
from depmap_gui.gui.canvas.plans import thorough
from depmap_gui.gui.canvas.scene import Rect, Scene
from depmap_gui.gui.coloring import Coloring
from depmap_gui.gui.offscreen import application
from depmap_gui.gui.theme import DARK, LIGHT, Theme, color, pixel_font

CAUTION = "An aid to analysis, not legal advice."
PICTURE_SCALE = 2.0
_FULL_DETAIL_FROM = 0.7
MOST_PIXELS = 24_000_000
_PIXELS_OF_A_PAGE = 4_000_000
_MOST_DRAWN = 600
"""Items up to which a map is drawn on a page as lines and words; more would be a blot of them."""
_MARGIN = 32.0
_HEAD = 74.0
_LEAST_WIDTH = 990.0
_MOST_LOCATED = 120
_MOST_LINES = 20_000
# Title and legend grow with maps wider than this, so that they are read at the same glance.
_USUAL_WIDTH = 2400.0
_POINTS_PER_PIXEL = 0.75
_FAMILY = re.compile(rb'font-family="[^"]*"')
_FAMILIES = b"font-family=\"Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\""


class Form(StrEnum):
    """The formats a picture can be had in."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class Sheet(NamedTuple):
    """A picture laid out: what is drawn and where, in pixels at 100 %.

    Title, legend and caution are drawn ``frame`` times as large as on a small map; 0 for none.
    """

    scene: Scene
    labels: Labels
    legend: Legend
    title: str
    subtitle: str
    caution: str
    size: QSizeF
    map_rect: Rect
    map_at: QPointF
    frame: float


def render_bytes(
    project: Project,
    assessment: Assessment | None,
    form: str = Form.PNG,
    theme: Theme | None = None,
    *,
    dark: bool = False,
    coloring: Coloring | None = None,
) -> bytes:
    """The map with title, legend and caution as a file's content.

    ``form`` is ``png``, ``svg`` or ``pdf`` (else ValueError); ``theme`` wins over ``dark``. The
    coloring is the first view's own, or the share of China in technology, where none is given.
    """
    chosen = Form(form)
    application()
    look = theme or (DARK if dark else LIGHT)
    sheet = laid_out(project, assessment, coloring)
    match chosen:
        case Form.PNG:
            return _png(sheet, look)
        case Form.SVG:
            return _svg(sheet, look)
        case Form.PDF:
            return _pdf(sheet, look)


def map_alone(project: Project, assessment: Assessment | None, theme: Theme) -> bytes:
    """The map as PNG without title, legend and caution, for where all of them are too small."""
    application()
    sheet = laid_out(project, assessment)
    left, top, right, bottom = sheet.map_rect
    size = QSizeF(right - left, bottom - top)
    return _png(sheet._replace(size=size, map_at=QPointF(0.0, 0.0), frame=0.0), theme)


def laid_out(
    project: Project, assessment: Assessment | None, coloring: Coloring | None = None
) -> Sheet:
    """Place title, map and legend on a sheet just large enough for them."""
    view = next(iter(project.views.values()), View(id="picture", name="Map"))
    colors = coloring or view_coloring(view)
    located = sum(link.kind == "located" for link in project.links.values())
    scene = Scene(project, view, shows_locations=located <= _MOST_LOCATED)
    scene.color(assessment, colors)
    legend = legend_of(scene, colors)
    rect = scene.bounds() or (0.0, 0.0, 400.0, 200.0)
    rect = scene.with_links(rect)
    rect = (rect[0] - 12.0, rect[1] - 52.0, rect[2] + 20.0, rect[3] + 16.0)
    across, down = rect[2] - rect[0], rect[3] - rect[1]
    frame = max(1.0, across / _USUAL_WIDTH)
    width = max(_LEAST_WIDTH, across + 2 * _MARGIN * frame)
    foot = max(legend_size(legend).height(), 20.0) + 16.0
    height = down + (_MARGIN + _HEAD + foot + _MARGIN) * frame
    return Sheet(
        scene=scene,
        labels=Labels(scene),
        legend=legend,
        title=project.header.title or "Dependency map",
        subtitle=_subtitle(project, assessment, colors),
        caution=assessment.law.caution if assessment else CAUTION,
        size=QSizeF(width, height),
        map_rect=rect,
        map_at=QPointF((width - across) / 2, (_MARGIN + _HEAD) * frame),
        frame=frame,
    )


def view_coloring(view: View) -> Coloring:
    """What the view is colored by, stored as ``score:jurisdiction``."""
    name, _, code = view.color_by.partition(":")
    score = Score(name) if name in set(Score) else Score.IP
    return Coloring(score, code or "CN")


def _subtitle(project: Project, assessment: Assessment | None, coloring: Coloring) -> str:
    header = project.header
    year = assessment.year if assessment else header.year
    basis = assessment.basis if assessment else header.basis
    scenario = assessment.scenario if assessment else None
    named = project.scenarios.get(scenario) if scenario else None
    case = (named.name or named.id) if named else "Base case"
    place = next(
        (
            place.name
            for place in project.of_kind(Jurisdiction)
            if coloring.jurisdiction in (place.code, place.id)
        ),
        coloring.jurisdiction,
    )
    return f"Tax year {year} · {basis} basis · {case} · colored by {place}"


def untitled(sheet: Sheet) -> Sheet:
    """The sheet without its title, for a page that has one of its own."""
    head = _HEAD * sheet.frame
    size = QSizeF(sheet.size.width(), sheet.size.height() - head)
    return sheet._replace(title="", size=size, map_at=sheet.map_at - QPointF(0.0, head))


def paint_into(painter: QPainter, sheet: Sheet, theme: Theme, area: QRectF) -> None:
    """Draw the sheet into an area of its proportions: lines and words, or pixels of a large map."""
    painter.save()
    if len(sheet.scene.ids) > _MOST_DRAWN:
        scale = min(PICTURE_SCALE, (_PIXELS_OF_A_PAGE / _pixels(sheet)) ** 0.5)
        painter.drawImage(area, _image(sheet, theme, scale))
    else:
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.translate(area.topLeft())
        painter.scale(area.width() / sheet.size.width(), area.height() / sheet.size.height())
        _paint_sheet(painter, sheet, theme)
    painter.restore()


def _png(sheet: Sheet, theme: Theme) -> bytes:
    image = _image(sheet, theme, min(PICTURE_SCALE, (MOST_PIXELS / _pixels(sheet)) ** 0.5))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise ValueError("The picture could not be encoded as PNG; SVG and PDF have no size limit.")
    buffer.close()
    return bytes(content.data())


def _pixels(sheet: Sheet) -> float:
    """How many pixels the sheet has at 100 %."""
    return sheet.size.width() * sheet.size.height()


def _image(sheet: Sheet, theme: Theme, scale: float) -> QImage:
    """The sheet as pixels, ``scale`` times as large as at 100 %."""
    size = QSize(round(sheet.size.width() * scale), round(sheet.size.height() * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(color(theme.canvas))
    painter = QPainter(image)
    if scale >= _FULL_DETAIL_FROM:
        painter.scale(scale, scale)
        _paint_sheet(painter, sheet, theme)
    else:
        _paint_from_afar(painter, sheet, theme, scale, QRectF(image.rect()))
    painter.end()
    return image


def _paint_from_afar(
    painter: QPainter, sheet: Sheet, theme: Theme, scale: float, area: QRectF
) -> None:
    """The sheet of a map so large that its cards are drawn as the canvas shows them from afar."""
    camera = Camera(
        sheet.map_rect[0] - sheet.map_at.x(), sheet.map_rect[1] - sheet.map_at.y(), scale
    )
    # Lines beyond number would be a blot: of so many, how close they run tells more.
    plan = thorough(sheet.scene) if len(sheet.scene.links) <= _MOST_LINES else None
    plans = Plans(plan, plan) if plan is not None else None
    painter.setClipRect(area)
    MapPainter(theme).paint(painter, sheet.scene, sheet.labels, camera, area, plans=plans)
    painter.resetTransform()
    painter.scale(scale, scale)
    _paint_frame(painter, sheet, theme)


def _svg(sheet: Sheet, theme: Theme) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(sheet.size.toSize())
    generator.setViewBox(QRectF(QPointF(0, 0), sheet.size))
    generator.setTitle(sheet.title)
    generator.setDescription(f"{sheet.subtitle}. {sheet.caution}")
    painter = QPainter(generator)
    _paint_sheet(painter, sheet, theme)
    painter.end()
    buffer.close()
    # A reader without the bundled font gets a plain one like it, in the weight that is asked for.
    return _FAMILY.sub(_FAMILIES, bytes(content.data()))


def _pdf(sheet: Sheet, theme: Theme) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(sheet.title)
    writer.setCreator("DepMap")
    writer.setResolution(300)
    points = sheet.size * _POINTS_PER_PIXEL
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, sheet.title))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.scale(writer.width() / sheet.size.width(), writer.height() / sheet.size.height())
    _paint_sheet(painter, sheet, theme)
    painter.end()
    buffer.close()
    return bytes(content.data())


def _paint_sheet(painter: QPainter, sheet: Sheet, theme: Theme) -> None:
    """Ground, map, title, legend and caution, in pixels at 100 %."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(0, 0), sheet.size), color(theme.canvas))
    painter.save()
    painter.translate(sheet.map_at)
    painter.translate(-sheet.map_rect[0], -sheet.map_rect[1])
    MapPainter(theme).paint_vector(painter, sheet.scene, sheet.labels, sheet.map_rect)
    painter.restore()
    _paint_frame(painter, sheet, theme)


def _paint_frame(painter: QPainter, sheet: Sheet, theme: Theme) -> None:
    """Title above the map, legend and caution below it."""
    if not sheet.frame:
        return
    painter.scale(sheet.frame, sheet.frame)
    size = sheet.size / sheet.frame
    if sheet.title:
        _paint_title(painter, sheet, theme, size.width())
    bottom = size.height() - _MARGIN
    legend = legend_size(sheet.legend)
    paint_legend(painter, sheet.legend, theme, QPointF(_MARGIN, bottom - legend.height()))
    painter.setFont(pixel_font(11))
    painter.setPen(color(theme.muted))
    words = f"{sheet.caution} Made with DepMap."
    width = painter.fontMetrics().horizontalAdvance(words)
    painter.drawText(QPointF(size.width() - _MARGIN - width, bottom - 4), words)


def _paint_title(painter: QPainter, sheet: Sheet, theme: Theme, width: float) -> None:
    title_font = pixel_font(22, QFont.Weight.Bold)
    painter.setFont(title_font)
    painter.setPen(color(theme.text))
    painter.drawText(QPointF(_MARGIN, _MARGIN + 22), sheet.title)
    painter.setFont(pixel_font(13))
    painter.setPen(color(theme.muted))
    painter.drawText(QPointF(_MARGIN, _MARGIN + 44), sheet.subtitle)
    painter.setPen(QPen(color(theme.line), 1.0))
    painter.drawLine(QPointF(_MARGIN, _MARGIN + 60), QPointF(width - _MARGIN, _MARGIN + 60))
