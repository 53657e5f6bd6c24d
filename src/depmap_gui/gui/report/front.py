"""The front of the report: what was asked, the key findings, a line for each credit, the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from depmap_gui.analysis.results import Range
from depmap_gui.gui import numbers
from depmap_gui.gui.actions import BASIS_NAMES, BASIS_TIPS
from depmap_gui.gui.credit_states import state_of
from depmap_gui.gui.report.pieces import Bar, Part, Piece
from depmap_gui.gui.report.rows import Cell, Row
from depmap_gui.gui.report.states import state_runs
from depmap_gui.gui.report.tables import (
    Column,
    Grid,
    bullets,
    grid,
    heading,
    label_row,
    note,
    paragraph,
)
from depmap_gui.gui.report.typography import (
    BODY,
    MUTED,
    SMALL,
    TITLE,
    UNIT,
    Run,
)
from depmap_gui.gui.theme import LIGHT, color
from depmap_gui.session.report_values import Report, SummaryLine

_MOST_PACKS = 2
"""Rule packs up to which each is told with its title, which stand with the verdicts anyway."""
_LEAST_MAP = 0.58
"""How much smaller than the text is wide the map may be drawn to stand on the first page."""


class MapPicture(NamedTuple):
    """The map to be drawn: how high it is for a width of 1, and what draws it into a field."""

    aspect: float
    draw: Callable[[QPainter, QRectF], None]


def front(report: Report, width: float, picture: MapPicture | None) -> list[Row]:
    """Title, facts, key findings, the table of credits and the map."""
    rows = [
        paragraph(width, Run("Dependency map report", MUTED.strong), below=2.0),
        paragraph(width, Run(report.title, TITLE), below=6.0),
        *_facts(report, width),
        heading(width, "Key findings", above=12.0),
        *bullets(width, report.findings),
        heading(width, "Plants and credits", above=12.0),
        *_summary(report, width),
    ]
    if picture is not None:
        rows += [
            label_row(width, _map_title(report), above=12.0),
            _map_row(picture, width),
        ]
    return rows


def _facts(report: Report, width: float) -> list[Row]:
    """What was asked, of which map, on which day, by which law."""
    packs = [f"{pack.title} ({pack.id}), {pack.words}" for pack in report.packs]
    if len(packs) > _MOST_PACKS:
        packs = [f"{pack.id}, {pack.words}" for pack in report.packs]
    law = "; ".join(packs) or "none: no credit is tested"
    basis = f"{BASIS_NAMES[report.basis]}. {BASIS_TIPS[report.basis]}."
    two = grid(width, (Column("", 18), Column("", 37), Column("", 10), Column("", 35)))
    start = two.places[1][0]
    one = Grid(two.columns[:2], (two.places[0], (start, width - start)))
    return [
        _fact(two, "Date of this report", numbers.day(report.dated), "Scenario", report.scenario),
        _fact(two, "Tax year", str(report.year), "Money in", report.currency),
        _fact(one, "Basis", basis),
        _fact(one, "Rule packs" if len(packs) > 1 else "Rule pack", law),
    ]


def _fact(columns: Grid, *words: str) -> Row:
    """Labels and what they say, in turn."""
    cells = [
        columns.lines(number, Run(said, SMALL if number % 2 else MUTED))
        for number, said in enumerate(words)
    ]
    return Row(columns.row(cells).cells, 1.0 * UNIT, 1.0 * UNIT)


# The table of credits ---------------------------------------------------------------------


def _summary(report: Report, width: float) -> list[Row]:
    if not report.lines:
        words = "There is no plant on this map. Add one with its products, and state their credits."
        return [paragraph(width, Run(words, BODY))]
    columns = grid(
        width,
        (
            Column("Plant", 25),
            Column("Product and credit", 27),
            Column("Verdict", 18),
            Column(report.ip_title, 22),
            Column("Credit", 13, right=True),
            Column("At risk", 13, right=True),
        ),
    )
    head = columns.head()
    rows = [head]
    rows += [columns.row(_summary_cells(line, columns), head) for line in report.lines]
    said = [
        report.lines_left_out,
        "Shares: at the likely value of each uncertain quantity; what is hatched is undocumented.",
    ]
    if any(line.open for line in report.lines):
        said.append("Open: points on which the map is silent; they decide no verdict.")
    if report.samples:
        samples = numbers.count(report.samples)
        said.append(
            f"At risk: the credit times the share of {samples} samples, of what the map leaves "
            "uncertain, in which a test fails."
        )
    else:
        said.append("Money at risk was not sampled for this report.")
    return [*rows, *note(width, " ".join(filter(None, said)))]


def _summary_cells(line: SummaryLine, columns: Grid) -> list[list[Piece]]:
    plant = columns.lines(0, Run(line.name, SMALL.strong))
    share = share_cell(line.share, columns, 3)
    if line.status is None:
        said = columns.lines(1, Run("claims no credit that the rule packs know", MUTED))
        return [plant, said, [], share, [], []]
    run, mark = state_runs(state_of(line.status, line.phase_out), SMALL)
    worth = numbers.money(line.annual_credit, line.currency)
    per: list[Piece] = []
    if line.annual_credit is not None:
        per = columns.lines(4, Run(line.per, MUTED))
    at_risk = numbers.money(line.at_risk, line.currency) if line.risk is not None else "not sampled"
    style = MUTED if line.risk is None else SMALL.figures
    chance: list[Piece] = []
    if line.risk is not None:
        chance = columns.lines(5, Run(f"{numbers.percent(line.risk)} likely", MUTED.figures))
    return [
        plant,
        [
            *columns.lines(1, Run(line.product, SMALL)),
            *columns.lines(1, Run(line.credit, MUTED)),
        ],
        [*columns.lines(2, run, mark=mark), *_open_line(line, columns)],
        share,
        [*columns.lines(4, Run(worth, SMALL.figures)), *per],
        [*columns.lines(5, Run(at_risk, style)), *chance],
    ]


def _open_line(line: SummaryLine, columns: Grid) -> list[Piece]:
    """How many points are open beside a verdict: silence is neither a pass nor a fail."""
    return columns.lines(2, Run(f"{line.open} open", MUTED)) if line.open else []


def share_cell(share: Range | None, columns: Grid, number: int) -> list[Piece]:
    """A jurisdiction's share as words and as a bar; what is undocumented is hatched."""
    if share is None or (share.low == 0.0 and share.high > 1.0 - 1e-9):
        whole = Bar((Part(1.0, LIGHT.unknown, is_hatched=True),))
        return [*columns.lines(number, Run(numbers.UNKNOWN_TEXT, MUTED)), whole]
    lines = columns.lines(number, Run(f"{numbers.percent(share.low)} documented", SMALL.figures))
    if share.high - share.low > 1e-9:
        most = f"{numbers.percent(share.high)} at most"
        lines += columns.lines(number, Run(most, MUTED.figures))
    rest = Part(share.high - share.low, LIGHT.unknown, is_hatched=True)
    bar = Bar((Part(share.low, LIGHT.exposure_high), rest))
    return [*lines, bar]


# The map ----------------------------------------------------------------------------------


def _map_title(report: Report) -> str:
    return f"The map · tax year {report.year} · {report.scenario}"


def _map_row(picture: MapPicture, width: float) -> Row:
    def draw(painter: QPainter, room: QRectF) -> None:
        across = min(room.width(), room.height() / picture.aspect)
        down = across * picture.aspect
        area = QRectF(room.x() + (room.width() - across) / 2, room.y(), across, down)
        picture.draw(painter, area)
        painter.setPen(QPen(color(LIGHT.line), 0.5 * UNIT))
        painter.drawRect(area)

    most = width * picture.aspect
    return Row((Cell(0.0, width, ()),), fits=draw, least=most * _LEAST_MAP, most=most)
