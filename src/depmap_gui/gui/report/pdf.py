"""The report as the bytes of a PDF. No display is needed, and any thread will do."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QSizeF
from PySide6.QtGui import QPageLayout, QPainter, QPdfWriter, QPen

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import View
from depmap_gui.gui.coloring import Coloring
from depmap_gui.gui.offscreen import application
from depmap_gui.gui.render import Sheet, laid_out, paint_into, untitled, view_coloring
from depmap_gui.gui.report.evidence import company_rows, evidence_rows, source_rows
from depmap_gui.gui.report.front import MapPicture, front
from depmap_gui.gui.report.paper import Paper
from depmap_gui.gui.report.pieces import text_lines
from depmap_gui.gui.report.plants import plant_rows
from depmap_gui.gui.report.rows import Placed, Row, paged
from depmap_gui.gui.report.typography import FOOT, UNIT, Run
from depmap_gui.gui.report.words import ReportWords
from depmap_gui.gui.theme import LIGHT, color
from depmap_gui.session.report import ReportOptions, packs_said, report_of
from depmap_gui.session.report_values import Report, ReportPart
from depmap_gui.session.session import ScoringRequest

_POINTS_IN_AN_INCH = 72.0


def viewed_jurisdiction(project: Project) -> str:
    """Whose shares the map's first view is colored by: the usual subject of a report."""
    return _viewed(project).jurisdiction


def _viewed(project: Project) -> Coloring:
    return view_coloring(next(iter(project.views.values()), View(id="report")))


_SIDE, _TOP, _BOTTOM, _FOOT_GAP = 54.0, 52.0, 40.0, 10.0
"""Margins in points; the foot stands in the bottom one and grows upward."""


def report_pdf(
    request: ScoringRequest,
    assessment: Assessment,
    options: ReportOptions,
    paper: Paper,
    dated: date,
    *,
    coloring: Coloring | None = None,
    context: Context | None = None,
) -> bytes:
    """The report of an assessed map as a PDF.

    The map is colored as given, else by the score of its first view. Raises ReportError where it
    cannot be made as asked, Canceled where ``context`` says so.
    """
    told = context or Quiet()
    application()
    report = report_of(
        request, assessment, ReportWords(), options, dated=dated, context=_First(told)
    )
    sheet = None
    if ReportPart.MAP in report.parts and request.project.entities:
        told.progress(0.7, "Drawing the map")
        seen = coloring or Coloring(_viewed(request.project).score, options.jurisdiction)
        sheet = untitled(laid_out(request.project, assessment, seen))
    return set_report(report, request.project, sheet, paper, told)


class _First:
    """A context for what is worked out before the pages are set."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def progress(self, fraction: float, what: str) -> None:
        """Hear of the progress. Raises Canceled as the whole's context does."""
        self._context.progress(0.7 * fraction, what)


def set_report(
    report: Report, project: Project, sheet: Sheet | None, paper: Paper, context: Context
) -> bytes:
    """The report on pages, with the map's picture where there is one."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(report.title)
    writer.setCreator("DepMap")
    writer.setResolution(round(_POINTS_IN_AN_INCH * UNIT))
    margins = QMarginsF(0, 0, 0, 0)
    writer.setPageLayout(QPageLayout(paper.page_size, QPageLayout.Orientation.Portrait, margins))
    page = _Page(report, QSizeF(writer.width(), writer.height()))
    context.progress(0.75, "Setting the pages")
    pages = paged(_rows(report, project, sheet, page.width), page.room)
    painter = QPainter(writer)
    try:
        for number, placed in enumerate(pages, start=1):
            context.progress(0.75 + 0.25 * (number - 1) / len(pages), f"Page {number}")
            if number > 1:
                writer.newPage()
            page.draw(painter, placed, number, len(pages))
    finally:
        # A painter must let go of its paper before that goes away, canceled or not.
        painter.end()
    buffer.close()
    context.progress(1.0, "Done")
    return bytes(content.data())


def _rows(report: Report, project: Project, sheet: Sheet | None, width: float) -> list[Row]:
    """Everything the report says, in order."""
    rows = front(report, width, None if sheet is None else _picture(sheet))
    if ReportPart.PLANTS in report.parts:
        rows += plant_rows(report, project, width)
    if ReportPart.COMPANIES in report.parts:
        rows += company_rows(report, project, width)
    if ReportPart.EVIDENCE in report.parts:
        rows += evidence_rows(report, width)
    if ReportPart.SOURCES in report.parts:
        rows += source_rows(report, width)
    return rows


def _picture(sheet: Sheet) -> MapPicture:
    return MapPicture(
        sheet.size.height() / sheet.size.width(),
        lambda painter, area: paint_into(painter, sheet, LIGHT, area),
    )


class _Page:
    """The frame of every page: margins, and the foot with the legal notice and the number."""

    def __init__(self, report: Report, size: QSizeF) -> None:
        self._size = size
        self.width = size.width() - 2 * _SIDE * UNIT
        words = f"{report.caution} Rule packs: {packs_said(report.packs)}."
        running = f"{report.title} · tax year {report.year} · {report.scenario}"
        self._notice = text_lines([Run(words, FOOT)], self.width * 0.84)
        self._running = text_lines([Run(running, FOOT)], self.width)[:1]
        self._foot = sum(line.height for line in self._notice)

    @property
    def room(self) -> float:
        """How high the rows of a page may be."""
        taken = (_TOP + _BOTTOM + _FOOT_GAP) * UNIT + self._foot
        return self._size.height() - taken

    def draw(self, painter: QPainter, rows: list[Placed], number: int, of: int) -> None:
        """Draw the rows of one page, and its head and foot."""
        left, top = _SIDE * UNIT, _TOP * UNIT
        for row, y, height in rows:
            row.draw(painter, QPointF(left, top + y), self.width, height)
        if number > 1:
            for line in self._running:
                line.draw(painter, QPointF(left, top - 20.0 * UNIT), self.width)
        y = self._size.height() - _BOTTOM * UNIT - self._foot
        painter.setPen(QPen(color(LIGHT.line_strong), 0.5 * UNIT))
        rule = y - 4.0 * UNIT
        painter.drawLine(QPointF(left, rule), QPointF(left + self.width, rule))
        words = [Run(f"Page {number} of {of}", FOOT.figures)]
        for line in text_lines(words, self.width, right=True):
            line.draw(painter, QPointF(left, y), self.width)
        for line in self._notice:
            line.draw(painter, QPointF(left, y), self.width)
            y += line.height
