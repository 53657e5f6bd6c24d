"""How links are drawn: curves with arrows when few are in sight, else hair lines, else a haze."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.bulk import draw_lines
from depmap_gui.gui.canvas.haze import paint_haze
from depmap_gui.gui.canvas.scene import LINK_KINDS, Rect, Scene
from depmap_gui.gui.theme import Theme, color, mix

MOST_PATHS = 40
MOST_CURVES = 200
MOST_BENT = 450
MOST_LINES = 700
_MOST_PASSING = 150
_LONGEST_PATH = 2_400.0
_PIECES = 8
_FINE_PIECES = 20
_FADED = (5.0, 4.0)
# Pieces reach a little into one another, or the seams between them would show.
_OVERLAP = 0.4
_ARROW = 8.0
_DIAMOND = 6.0

Ints = npt.NDArray[np.intp]


class EndMark(Enum):
    """What stands where a link arrives."""

    NONE = "none"
    ARROW = "arrow"
    DIAMOND = "diamond"


class Stroke(NamedTuple):
    """The line of one kind of link: dash and gap in map units, width 0 where cost decides it."""

    color: str
    pattern: tuple[float, ...]
    width: float
    end: EndMark


def stroke(kind: LinkKind, theme: Theme, *, exposed: bool = False) -> Stroke:
    """How a kind of link is drawn; ``exposed`` ones carry what the map is colored by."""
    hot = theme.exposure_high
    match kind:
        case LinkKind.SUPPLIES:
            return Stroke(hot if exposed else theme.link, (), 0.0, EndMark.ARROW)
        case LinkKind.LICENSES | LinkKind.USES:
            return Stroke(hot if exposed else theme.license, (8.0, 5.0), 2.0, EndMark.ARROW)
        case LinkKind.OWNS | LinkKind.OPERATES:
            return Stroke(theme.plant, (), 1.6, EndMark.DIAMOND)
        case LinkKind.LENDS:
            return Stroke(theme.jurisdiction, (14.0, 4.0), 1.4, EndMark.ARROW)
        case LinkKind.LOCATED:
            return Stroke(theme.line_strong, (1.6, 4.4), 1.6, EndMark.NONE)


def paint_links(
    painter: QPainter, scene: Scene, rows: Ints, theme: Theme, zoom: float, seen: Rect
) -> None:
    """Draw the links of these rows, as finely as their number allows, on a painter in map units.

    Unless they are few, those that merely pass through ``seen`` are drawn as hair lines or a haze.
    """
    if len(rows) <= MOST_PATHS:
        # A path is stroked and dashed over all its length, in sight or not.
        span = (scene.reach[rows, 2:] - scene.reach[rows, :2]).sum(axis=1) * zoom
        for row in rows[span <= _LONGEST_PATH].tolist():
            paint_link(painter, scene, row, theme)
        _paint_curves(painter, scene, rows[span > _LONGEST_PATH], theme, seen)
        return
    near = np.zeros(len(scene.ids), dtype=np.bool_)
    near[scene.items_in(seen)] = True
    ends_here = near[scene.sources[rows]] | near[scene.targets[rows]]
    passing, here = rows[~ends_here], rows[ends_here]
    if len(passing) > _MOST_PASSING:
        paint_haze(painter, scene, passing, theme, zoom, seen)
    else:
        _paint_many(painter, scene, passing, theme, zoom, seen)
    if len(here) <= MOST_CURVES and zoom >= 0.2:
        _paint_curves(painter, scene, here, theme, seen)
    else:
        _paint_many(painter, scene, here, theme, zoom, seen)


def paint_link(
    painter: QPainter, scene: Scene, row: int, theme: Theme, *, selected: bool = False
) -> None:
    """Draw one link as a curve with its end mark; a selected one stands on a halo."""
    kind = LINK_KINDS[scene.link_kinds[row]]
    style = stroke(kind, theme, exposed=bool(scene.exposed[row]))
    width = style.width or float(scene.widths[row])
    path = curve(scene, row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if selected:
        halo = QPen(color(theme.accent, 0.35), width + 6.0)
        halo.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(halo)
        painter.drawPath(path)
    ink = _ink(scene, row, style, theme)
    pen = QPen(color(ink), width)
    pattern = style.pattern or (_FADED if scene.faded[row] else ())
    if pattern:
        pen.setDashPattern([part / width for part in pattern])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(path)
    _paint_end(painter, scene, row, ink, width, style)


def _paint_curves(painter: QPainter, scene: Scene, rows: Ints, theme: Theme, seen: Rect) -> None:
    """Curves cut into straight pieces, one call for each look: a quarter of the cost of paths."""
    looks: dict[tuple[str, tuple[float, ...], float], list[int]] = {}
    ends = []
    end = scene.end[rows]
    shown = (end >= (seen[0] - 20.0, seen[1] - 20.0)) & (end <= (seen[2] + 20.0, seen[3] + 20.0))
    for row, shows_end in zip(rows.tolist(), np.all(shown, axis=1).tolist(), strict=True):
        style = stroke(LINK_KINDS[scene.link_kinds[row]], theme, exposed=bool(scene.exposed[row]))
        pattern = style.pattern or (_FADED if scene.faded[row] else ())
        width = style.width or round(float(scene.widths[row]) * 4) / 4
        ink = _ink(scene, row, style, theme)
        looks.setdefault((ink, pattern, width), []).append(row)
        if shows_end:
            ends.append((row, ink, width, style))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (ink, pattern, width), group in looks.items():
        pen = QPen(color(ink), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        chosen = np.array(group, dtype=np.intp)
        pieces = geometry.flattened(
            scene.start[chosen], scene.control[chosen], scene.end[chosen], _FINE_PIECES
        )
        if pattern:
            pieces = geometry.dashes(pieces, _FINE_PIECES, pattern[0], pattern[1], seen)
        else:
            pieces = geometry.lengthened(pieces, _OVERLAP)
        draw_lines(painter, _touching(pieces, seen))
    for row, ink, width, style in ends:
        _paint_end(painter, scene, row, ink, width, style)


def _touching(pieces: npt.NDArray[np.float64], seen: Rect) -> npt.NDArray[np.float64]:
    """The pieces that come near the rectangle."""
    return pieces[geometry.near(pieces, seen)]


def _ink(scene: Scene, row: int, style: Stroke, theme: Theme) -> str:
    return mix(style.color, theme.canvas, 0.55) if scene.faded[row] else style.color


def curve(scene: Scene, row: int) -> QPainterPath:
    """The link's path in map units."""
    start, end, bend = scene.start[row], scene.end[row], scene.control[row]
    path = QPainterPath(QPointF(start[0], start[1]))
    path.cubicTo(bend[0], bend[1], bend[2], bend[3], end[0], end[1])
    return path


def _paint_end(
    painter: QPainter, scene: Scene, row: int, ink: str, width: float, style: Stroke
) -> None:
    """An arrow head where a link arrives, or the diamond of ownership at the owned end."""
    if style.end is EndMark.NONE:
        return
    x, y = scene.end[row].tolist()
    away = float(scene.enters[row])
    if scene.falls[row]:
        painter.save()
        painter.translate(x, y)
        painter.rotate(-90.0)
        x, y, away = 0.0, 0.0, 1.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(ink))
    if style.end is EndMark.DIAMOND:
        d = _DIAMOND
        shape = QPolygonF(
            [
                QPointF(x, y),
                QPointF(x + away * d, y - d * 0.75),
                QPointF(x + away * 2 * d, y),
                QPointF(x + away * d, y + d * 0.75),
            ]
        )
    else:
        long, wide = _ARROW + width, _ARROW * 0.42 + width * 0.7
        shape = QPolygonF(
            [QPointF(x, y), QPointF(x + away * long, y - wide), QPointF(x + away * long, y + wide)]
        )
    painter.drawPolygon(shape)
    if scene.falls[row]:
        painter.restore()


def _paint_many(
    painter: QPainter, scene: Scene, rows: Ints, theme: Theme, zoom: float, seen: Rect
) -> None:
    """Hair lines, one call for each color, bent where there are not too many; else a haze."""
    if len(rows) > MOST_LINES:
        paint_haze(painter, scene, rows, theme, zoom, seen)
        return
    bent = len(rows) <= MOST_BENT
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bent)
    for kind_row, kind in enumerate(LINK_KINDS):
        of_kind = rows[scene.link_kinds[rows] == kind_row]
        for exposed in (False, True):
            chosen = of_kind[scene.exposed[of_kind] == exposed]
            if not len(chosen):
                continue
            style = stroke(kind, theme, exposed=exposed)
            soft = mix(style.color, theme.canvas, 0.1 if exposed else 0.35)
            pen = QPen(color(soft), 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            pieces = _pieces(scene, chosen, bent=bent)
            draw_lines(painter, _touching(pieces, seen))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _pieces(scene: Scene, rows: Ints, *, bent: bool) -> npt.NDArray[np.float64]:
    if bent:
        return geometry.flattened(scene.start[rows], scene.control[rows], scene.end[rows], _PIECES)
    return np.concatenate((scene.start[rows], scene.end[rows]), axis=1)
