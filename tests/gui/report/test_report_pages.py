"""Rows come onto pages whole, headings keep company, and no word leaves its cell."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Plant
from depmap_gui.gui.report.evidence import company_rows, evidence_rows, source_rows
from depmap_gui.gui.report.front import MapPicture, front
from depmap_gui.gui.report.pieces import Gap, LegendLine, Line, text_lines
from depmap_gui.gui.report.plants import plant_rows, share_entries
from depmap_gui.gui.report.rows import Cell, Row, paged
from depmap_gui.gui.report.typography import BODY, SMALL, UNIT, Run, face
from depmap_gui.gui.report.words import ReportWords
from depmap_gui.resources import samples
from depmap_gui.session.report import report_of
from depmap_gui.session.session import Session, score

WIDTH = 480.0 * UNIT


def high(height: float, **how: object) -> Row:
    """A row of a height."""
    return Row((Cell(0.0, 10.0, [Gap(height)]),), **how)  # type: ignore[arg-type]  # a test's own fields


def undrawn(_painter: QPainter, _area: QRectF) -> None:
    """Draw nothing."""


def test_rows_fill_a_page_and_go_on_with_the_next() -> None:
    pages = paged([high(40.0) for _ in range(5)], 100.0)
    assert [[placed.top for placed in page] for page in pages] == [[0, 40], [0, 40], [0]]


def test_a_heading_keeps_two_rows_below_it() -> None:
    heading = high(10.0, glued=True)
    pages = paged([high(60.0), heading, high(20.0), high(20.0)], 100.0)
    assert [len(page) for page in pages] == [1, 3]
    assert pages[1][0].row == heading
    # With room for both it stays.
    assert len(paged([high(50.0), heading, high(20.0), high(20.0)], 100.0)) == 1


def test_headings_in_a_row_move_together() -> None:
    first, second = high(10.0, glued=True), high(10.0, glued=True)
    pages = paged([high(50.0), first, second, high(20.0), high(20.0)], 100.0)
    assert [placed.row for placed in pages[1][:2]] == [first, second]


def test_the_head_of_a_table_is_repeated() -> None:
    head = high(10.0, glued=True)
    rows = [head, *(high(30.0, head=head) for _ in range(5))]
    pages = paged(rows, 100.0)
    assert [page[0].row for page in pages] == [head, head]
    assert sum(not placed.row.glued for page in pages for placed in page) == 5


def test_a_row_higher_than_a_page_is_parted_and_loses_nothing() -> None:
    pieces = [Gap(10.0) for _ in range(25)]
    row = Row((Cell(0.0, 10.0, pieces), Cell(20.0, 10.0, pieces[:3])))
    pages = paged([high(35.0), row], 100.0)
    assert len(pages) == 3
    parts = [placed.row for page in pages for placed in page][1:]
    assert sum(len(part.cells[0].pieces) for part in parts) == 25
    assert sum(len(part.cells[1].pieces) for part in parts) == 3
    assert all(placed.top + placed.height <= 100.0 for page in pages for placed in page)


def test_a_picture_takes_the_room_that_is_left() -> None:
    picture = Row(fits=undrawn, least=50.0, most=90.0)
    assert paged([high(40.0), picture], 100.0)[0][1].height == 60.0
    assert paged([high(60.0), picture], 100.0)[1][0].height == 90.0


def long_names(project: Project) -> Project:
    """The map with names beyond reason, and a script that the font has not."""
    entities = dict(project.entities)
    words = (
        "Aktiengesellschaft für Zellchemie und Kathodenwerkstoffe mit beschränkter Haftung, Werk"
    )
    for number, each in enumerate(project.entities.values()):
        name = ("W" * 80, f"{words} {number}", "宁德时代新能源科技股份有限公司" * 3)[number % 3]
        changed = msgspec.structs.replace(each, name=name)
        if isinstance(changed, Plant):
            made = (msgspec.structs.replace(one, name="Q" * 90) for one in changed.products)
            changed = msgspec.structs.replace(changed, products=tuple(made))
        entities[each.id] = changed
    header = msgspec.structs.replace(project.header, title=f"{words} {'Z' * 100}")
    return msgspec.structs.replace(project, entities=entities, header=header)


@pytest.mark.parametrize("name", ["ford", "t1"])
@pytest.mark.parametrize("is_long", [False, True])
def test_no_word_leaves_its_cell_and_no_cell_overlaps_another(
    qapp: QApplication, name: str, is_long: bool
) -> None:
    path = next(path for path in samples() if name in path.stem)
    project = Session.open(path).document.snapshot()
    if is_long:
        project = long_names(project)
    request = Session(project).request()
    report = report_of(request, score(request), ReportWords(), dated=date(2026, 11, 22))
    picture = MapPicture(0.6, undrawn)
    rows = [
        *front(report, WIDTH, picture),
        *plant_rows(report, project, WIDTH),
        *company_rows(report, project, WIDTH),
        *evidence_rows(report, WIDTH),
        *source_rows(report, WIDTH),
    ]
    counted = 0
    for row in rows:
        right = 0.0
        for cell in row.cells:
            assert cell.x >= right - 1.0
            right = cell.x + cell.width
            assert right <= WIDTH + 1.0
            for piece in cell.pieces:
                counted += 1
                match piece:
                    case Line():
                        used = piece.indent + piece.line.naturalTextWidth()
                        assert used <= cell.width + 1.0
                    case LegendLine():
                        x, _, line = piece.entries[-1]
                        assert x + 9.0 * UNIT + line.line.naturalTextWidth() <= cell.width + 1.0
                    case _:
                        pass
    assert counted > 100
    room = 700.0 * UNIT
    for page in paged(rows, room):
        bottom = 0.0
        for placed in page:
            assert placed.top >= bottom - 0.01
            bottom = placed.top + placed.height
        assert bottom <= room + 0.01


def test_figures_of_a_column_are_of_one_width_and_others_are_not(qapp: QApplication) -> None:
    figures, usual = (QFontMetricsF(face(style)) for style in (SMALL.figures, SMALL))
    widths = {round(figures.horizontalAdvance(digit), 3) for digit in "0123456789"}
    assert len(widths) == 1
    assert usual.horizontalAdvance("1") < usual.horizontalAdvance("0")


def test_runs_of_letters_beyond_the_plane_keep_their_places(qapp: QApplication) -> None:
    (line,) = text_lines([Run("𝔄𝔅 ", BODY), Run("bold", BODY.strong)], WIDTH)
    assert isinstance(line, Line)
    ranges = line.layout.formats()
    assert [(found.start, found.length) for found in ranges] == [(0, 5), (5, 4)]


def test_a_bar_is_the_whole_and_what_is_undocumented_comes_last_and_hatched(
    qapp: QApplication,
) -> None:
    shares = {"US": 0.3, "unknown": 0.2, "CN": 0.1, **{f"X{n}": 0.08 for n in range(5)}}
    entries = share_entries(shares, "CN", Project(entities={"a": Company(id="a")}))
    assert sum(entry.part.share for entry in entries) == pytest.approx(1.0)
    assert [entry.part.is_hatched for entry in entries] == [False] * 6 + [True]
    assert entries[0].runs[0].text == "CN "
    assert entries[-1].runs[0].text == "undocumented "
    assert entries[-2].runs[0].text == "2 others "


def test_lines_stand_where_they_are_put(qapp: QApplication) -> None:
    lines = text_lines([Run("word " * 60, BODY)], WIDTH / 4)
    assert len(lines) > 5
    assert all(line.height == BODY.leading * UNIT for line in lines)
    assert all(isinstance(line, Line) and line.line.position() == QPointF() for line in lines)
