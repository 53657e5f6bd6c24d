"""How links are drawn: curves with arrows when few are in sight, else hair lines, else a haze."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.canvas import geometry, strands
from depmap_gui.gui.canvas.bends import path_of
from depmap_gui.gui.canvas.haze import paint_haze
from depmap_gui.gui.canvas.kept_lines import KeptLines, Lay
from depmap_gui.gui.canvas.link_values import THICKEST
from depmap_gui.gui.canvas.plans import Manner, Plan, planned
from depmap_gui.gui.canvas.scene import LINK_KINDS, LOCATED, Rect, Scene
from depmap_gui.gui.canvas.strands import Inked, Laid, Lines
from depmap_gui.gui.theme import Theme, color, mix

_LONGEST_PATH = 2_400.0
_PIECES = 8
_FINE_PIECES = 20
_NEAR_ENOUGH = 0.45
_MOST_FINER = 1.8
_FADED = (5.0, 4.0)
# Pieces reach a little into one another, or the seams between them would show.
_OVERLAP = 0.4
_HAIR = 0.8
_ROUGH = frozenset({LOCATED * 4, LOCATED * 4 + 2})
_ARROW = 8.0
_DIAMOND = 6.0

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


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
    painter: QPainter,
    scene: Scene,
    rows: Ints,
    theme: Theme,
    zoom: float,
    seen: Rect,
    plan: Plan | None = None,
    kept: KeptLines | None = None,
) -> None:
    """Draw the links of these rows as planned, on a painter in map units.

    Without a plan, as finely as their number allows. Lines that were laid down for earlier frames
    are taken from what is ``kept``, and new ones kept there.
    """
    plan = plan or planned(scene, rows, zoom, seen)
    frame = _Frame(painter, scene, theme, zoom, seen, kept or KeptLines())
    manners = plan.manners(rows)
    # What is coarse lies under what is fine.
    for manner in sorted({plan.near, plan.far}, reverse=True):
        chosen = rows[manners == manner]
        if not len(chosen):
            continue
        match manner:
            case Manner.PATH:
                _paint_paths(frame, chosen)
            case Manner.CURVE:
                _paint_curves(frame, chosen, plan.slim)
            case Manner.HAIR:
                _paint_hairs(frame, chosen)
            case Manner.HAZE:
                paint_haze(painter, scene, chosen, theme, zoom, seen, plan.grain)


class _Frame(NamedTuple):
    """What is drawn on, of which scene, how, from where, and the lines of earlier frames."""

    painter: QPainter
    scene: Scene
    theme: Theme
    zoom: float
    seen: Rect
    kept: KeptLines

    @property
    def scale(self) -> float:
        """Device pixels in a pixel."""
        return self.painter.device().devicePixelRatioF()

    def lines(
        self, manner: Manner, size: tuple[float, float], rows: Ints, lay: Lay
    ) -> tuple[Inked, ...]:
        """The lines of these links that are in sight; new ones are laid down by ``lay``."""
        return self.kept.shown(self.scene, manner, size, rows, self.seen, lay)


def _paint_paths(frame: _Frame, rows: Ints) -> None:
    # A path is stroked and dashed over all its length, in sight or not.
    reach = frame.scene.reach[rows]
    span = (reach[:, 2:] - reach[:, :2]).sum(axis=1) * frame.zoom
    for row in rows[span <= _LONGEST_PATH].tolist():
        paint_link(frame.painter, frame.scene, row, frame.theme)
    _paint_curves(frame, rows[span > _LONGEST_PATH])


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


def _paint_curves(frame: _Frame, rows: Ints, slim: float = 1.0) -> None:
    """Curves with end marks, cut into straight pieces, all together: a tenth of what paths cost."""
    if not len(rows):
        return
    scene, unit, looks = frame.scene, frame.zoom * frame.scale, _looks(frame.theme)

    def lay(rows: Ints, window: Rect) -> Laid:
        return strands.laid(_curves(scene, rows, looks, unit, window, slim), unit)

    shown = frame.lines(Manner.CURVE, (unit, slim), rows, lay)
    strands.draw(frame.painter, shown, looks.colors)


def _curves(
    scene: Scene, rows: Ints, looks: _Looks, unit: float, window: Rect, slim: float
) -> Lines:
    """The curves of these links as lines with their end marks, as far as they are in the window."""
    keys = _keys(scene, rows)
    width, dash, gap = looks.width[keys], looks.dash[keys], looks.gap[keys]
    width = np.where(width > 0.0, width, scene.widths[rows])
    count = round(_FINE_PIECES * min(_MOST_FINER, max(1.0, unit)))
    pieces = scene.pieces(rows, count)
    of = np.repeat(np.arange(len(rows)), count)
    solid = (dash == 0.0)[of] & geometry.near(pieces, window)
    parts = [(geometry.lengthened(pieces[solid], _OVERLAP / unit), of[solid])]
    if len(dashed := np.flatnonzero(dash > 0.0)):
        broken = pieces.reshape(len(rows), -1, 4)[dashed].reshape(-1, 4)
        cut, owner = geometry.dashes(broken, count, dash[dashed], gap[dashed], window)
        shown = geometry.near(cut, window)
        parts.append((cut[shown], dashed[owner[shown]]))
    lines = [Lines(cut, width[who] * (slim * unit), keys[who], rows[who]) for cut, who in parts]
    lines.append(_ends(scene, rows, width, looks.mark[keys], window, unit))
    return strands.joined(lines)


class _Looks(NamedTuple):
    """How links look, by key: widths, dashes and gaps (0 for none) in map units."""

    width: Floats
    dash: Floats
    gap: Floats
    mark: npt.NDArray[np.object_]
    colors: Mapping[int, str]
    soft: Mapping[int, str]


def _keys(scene: Scene, rows: Ints) -> Ints:
    """A number for each look a link may have: by its kind, whether it is exposed, and faded."""
    return scene.link_kinds[rows] * 4 + scene.exposed[rows] * 2 + scene.faded[rows]


@functools.lru_cache(maxsize=8)
def _looks(theme: Theme) -> _Looks:
    many = 4 * len(LINK_KINDS)
    width, dash, gap = np.zeros(many), np.zeros(many), np.zeros(many)
    colors, soft, mark = {}, {}, np.empty(many, dtype=np.object_)
    for key in range(many):
        exposed, faded = bool(key & 2), bool(key & 1)
        style = stroke(LINK_KINDS[key // 4], theme, exposed=exposed)
        pattern = style.pattern or (_FADED if faded else (0.0, 0.0))
        dash[key], gap[key] = pattern[:2]
        width[key], mark[key] = style.width, style.end
        colors[key] = mix(style.color, theme.canvas, 0.55) if faded else style.color
        soft[key] = mix(style.color, theme.canvas, 0.1 if exposed else 0.35)
    return _Looks(width, dash, gap, mark, colors, soft)


def _ends(
    scene: Scene,
    rows: Ints,
    widths: Floats,
    marks: npt.NDArray[np.object_],
    window: Rect,
    unit: float,
) -> Lines:
    """The end marks of these links, where they are in the window."""
    end = scene.end[rows]
    beyond = 20.0
    inside = (end >= (window[0] - beyond, window[1] - beyond)) & (
        end <= (window[2] + beyond, window[3] + beyond)
    )
    chosen = np.flatnonzero(inside.all(axis=1) & (marks != EndMark.NONE))
    away = np.stack((scene.enters[rows], np.zeros(len(rows))), axis=1)
    away[scene.falls[rows]] = (0.0, -1.0)
    for number in np.flatnonzero(scene.bent[rows]).tolist():
        angle = math.radians(scene.arrival(int(rows[number])))
        away[number] = (math.cos(angle), math.sin(angle))
    width, is_diamond = widths[chosen], marks[chosen] == EndMark.DIAMOND
    long = np.where(is_diamond, _DIAMOND, _ARROW + width)
    wide = np.where(is_diamond, _DIAMOND * 0.75, _half_arrow(width))
    widest = max(_DIAMOND * 0.75, _half_arrow(THICKEST))
    made = strands.heads(end[chosen], away[chosen], long, wide, is_diamond, unit, widest)
    who = np.repeat(rows[chosen], len(made) // max(1, len(chosen)))
    return Lines(made, np.ones(len(made)), _keys(scene, who), who)


@overload
def _half_arrow(width: float) -> float: ...
@overload
def _half_arrow(width: Floats) -> Floats: ...
def _half_arrow(width: float | Floats) -> float | Floats:
    """How far an arrow head reaches to each side of a line of that width, in map units."""
    return _ARROW * 0.42 + width * 0.7


def _ink(scene: Scene, row: int, style: Stroke, theme: Theme) -> str:
    return mix(style.color, theme.canvas, 0.55) if scene.faded[row] else style.color


def curve(scene: Scene, row: int) -> QPainterPath:
    """The link's path in map units."""
    if row in scene.ways:
        return path_of(scene.ways[row])
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
    turns = bool(scene.falls[row]) or row in scene.ways
    if turns:
        painter.save()
        painter.translate(x, y)
        painter.rotate(scene.arrival(row))
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
        long, wide = _ARROW + width, _half_arrow(width)
        shape = QPolygonF(
            [QPointF(x, y), QPointF(x + away * long, y - wide), QPointF(x + away * long, y + wide)]
        )
    painter.drawPolygon(shape)
    if turns:
        painter.restore()


def _paint_hairs(frame: _Frame, rows: Ints) -> None:
    """Thin soft curves without end marks."""
    scene, scale = frame.scene, frame.scale
    unit = frame.zoom * scale
    count = _PIECES if frame.zoom < _NEAR_ENOUGH else _FINE_PIECES

    def lay(rows: Ints, window: Rect) -> Laid:
        pieces = scene.pieces(rows, count)
        inside = geometry.near(pieces, window)
        pieces = geometry.lengthened(pieces[inside], _OVERLAP / unit)
        who = np.repeat(rows, count)[inside]
        # Faded ones are as soft as all others.
        inks = _keys(scene, who) & ~1
        return strands.laid(Lines(pieces, np.full(len(pieces), _HAIR * scale), inks, who), unit)

    shown = frame.lines(Manner.HAIR, (unit, count), rows, lay)
    strands.draw(frame.painter, shown, _looks(frame.theme).soft, _ROUGH)
