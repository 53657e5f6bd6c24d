"""Notes and frames on a scene: what lies at a point, what is inside a frame, how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from depmap_gui.domain.views import Box, Note, Point, Tint
from depmap_gui.gui.canvas.scene import HALF, Rect, Scene
from depmap_gui.gui.layout.boxes_after import TITLE_HEIGHT
from depmap_gui.gui.theme import Theme, color, mix, pixel_font

NOTE_SIZE = (200.0, 96.0)
FRAME_SIZE = (520.0, 340.0)
LEAST_SIZE = (72.0, 40.0)
HANDLE = 8.0
FREE_GAP = 12.0
_SPOTS = 41
_NOTE_PADDING = (14.0, 9.0)
_NOTE_PIXELS = 13
_NOTE_RADIUS = 8.0
_FRAME_RADIUS = 14.0
_SMALLEST_TITLE = 11.0
_LARGEST_TITLE = 48.0
_WRITES_FROM = 0.28
_BORDER_REACH = 5.0

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


class Side(NamedTuple):
    """Which edges of a box a hand has hold of: -1 left or top, 1 right or bottom, 0 neither."""

    across: int
    down: int


SIDES = tuple(Side(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if x or y)


# What is where ------------------------------------------------------------------------------


def is_note(scene: Scene, row: int) -> bool:
    """Whether the box of a row is a note; else it is a frame."""
    return isinstance(scene.boxes[row], Note)


def note_at(scene: Scene, point: Point) -> str | None:
    """Id of the topmost note at the point."""
    return next((id for id, row in _topmost(scene) if is_note(scene, row)
                 and _holds(scene.box_rects[row], point)), None)  # fmt: skip


def frame_at(scene: Scene, point: Point, zoom: float) -> str | None:
    """Id of the topmost frame whose title or border is at the point; its inside is free."""
    x, y = point
    reach = _BORDER_REACH / zoom
    for id, row in _topmost(scene):
        if is_note(scene, row):
            continue
        left, top, right, bottom = scene.box_rects[row].tolist()
        if not _holds((left - reach, top - reach, right + reach, bottom + reach), point):
            continue
        inner = (left + reach, top + reach, right - reach, bottom - reach)
        if y <= top + title_height(zoom) or not _holds(inner, (x, y)):
            return id
    return None


def boxes_in(scene: Scene, rect: Rect) -> list[str]:
    """Ids of the notes that a rectangle touches and of the frames it holds wholly."""
    left, top, right, bottom = rect
    found = []
    for id, row in scene.box_index.items():
        a, b, c, d = scene.box_rects[row].tolist()
        touches = a <= right and c >= left and b <= bottom and d >= top
        holds = a >= left and c <= right and b >= top and d <= bottom
        if touches if is_note(scene, row) else holds:
            found.append(id)
    return found


def inside(scene: Scene, row: int) -> tuple[Ints, list[int]]:
    """What a frame takes along: rows of the cards whose middle, and of the boxes that it holds."""
    left, top, right, bottom = rect = scene.box_rects[row]
    x, y = scene.centers[:, 0], scene.centers[:, 1]
    items = np.flatnonzero((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
    others = [
        other
        for other in scene.box_index.values()
        if other != row
        and not np.array_equal(scene.box_rects[other], rect)
        and _holds(rect, tuple(scene.box_rects[other, :2]))
        and _holds(rect, tuple(scene.box_rects[other, 2:]))
    ]
    return items, others


def corner(rect: Floats, side: Side) -> Point:
    """Where a box is taken hold of to change its size."""
    left, top, right, bottom = rect.tolist()
    return (
        (left + right) / 2 + side.across * (right - left) / 2,
        (top + bottom) / 2 + side.down * (bottom - top) / 2,
    )


def written_on(scene: Scene) -> Floats:
    """Rectangles (n, 4) on which something is written: notes, and the titles of frames."""
    found = scene.box_rects.copy()
    for row in range(len(found)):
        if not is_note(scene, row):
            found[row, 3] = found[row, 1] + TITLE_HEIGHT
    return found


def title_height(zoom: float) -> float:
    """The height of the strip that a frame's title stands in, in map units."""
    return _title_size(zoom) * TITLE_HEIGHT / 14.0


def needed_height(text: str, width: float, theme: Theme) -> float:
    """How high a note of this width must be to show all of its text."""
    font = pixel_font(theme.map_pixels(_NOTE_PIXELS))
    lines = _lines(text, font, width - 2 * _NOTE_PADDING[0])
    return len(lines) * QFontMetricsF(font).lineSpacing() + 2 * _NOTE_PADDING[1]


def free_spot(scene: Scene, size: tuple[float, float], seen: Rect) -> Point:
    """The middle of a free place for a box of this size: in sight and near its middle if possible.

    Where there is none in sight, it is above the map.
    """
    gap = np.array(size) / 2 + FREE_GAP
    middle = np.array([(seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2])
    least, most = np.array(seen[:2]) + gap, np.array(seen[2:]) - gap
    along = [np.linspace(least[axis], most[axis], _SPOTS) for axis in (0, 1)]
    spots = np.stack(np.meshgrid(*along), axis=-1).reshape(-1, 2)
    spots = spots[(spots >= least).all(axis=1) & (spots <= most).all(axis=1)]
    cards = np.concatenate((scene.centers - HALF, scene.centers + HALF), axis=1)
    covered = np.zeros(len(spots), dtype=np.bool_)
    for rect in np.concatenate((cards[scene.items_in(seen)], written_on(scene))):
        covered |= ((spots > rect[:2] - gap) & (spots < rect[2:] + gap)).all(axis=1)
    free = spots[~covered]
    if len(free):
        away = np.abs(free - middle).sum(axis=1)
        x, y = free[int(away.argmin())].tolist()
        return (x, y)
    whole = scene.bounds()
    top = whole[1] - gap[1] if whole is not None else middle[1]
    return (float(middle[0]), float(top))


def called(box: Box) -> str:
    """What a note or frame is called in a sentence."""
    words = " ".join(box.words.split())
    if not isinstance(box, Note):
        return f"frame {words}" if words else "a frame"
    if not words:
        return "a note"
    return f"note “{words}”" if len(words) <= 32 else f"note “{words[:31].rstrip()}…”"


def _topmost(scene: Scene) -> list[tuple[str, int]]:
    return sorted(scene.box_index.items(), key=lambda each: -each[1])


def _holds(rect: Iterable[float], point: Iterable[float]) -> bool:
    left, top, right, bottom = rect
    x, y = point
    return bool(left <= x <= right and top <= y <= bottom)


# Drawing ------------------------------------------------------------------------------------


def tint(theme: Theme, name: Tint) -> str:
    """The theme's color for a tint."""
    match name:
        case Tint.GRAY:
            return theme.jurisdiction
        case Tint.BLUE:
            return theme.plant
        case Tint.GREEN:
            return theme.company
        case Tint.PURPLE:
            return theme.license
        case Tint.AMBER:
            return theme.material
        case Tint.RED:
            return theme.ineligible


def paint_free_frames(
    painter: QPainter, scene: Scene, rows: Iterable[int], theme: Theme, zoom: float
) -> None:
    """Draw the frames among these boxes, in map units; they lie behind all else."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row in rows:
        if not is_note(scene, row):
            _paint_frame(painter, scene.boxes[row], scene.box_rects[row], theme, zoom)


def paint_notes(
    painter: QPainter, scene: Scene, rows: Iterable[int], theme: Theme, zoom: float
) -> None:
    """Draw the notes among these boxes, in map units; they lie over all else."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row in rows:
        if is_note(scene, row):
            _paint_note(painter, scene.boxes[row], scene.box_rects[row], theme, zoom)


def boxes_seen(scene: Scene, seen: Rect) -> list[int]:
    """Rows of the boxes that touch the rectangle, in the order they are drawn."""
    left, top, right, bottom = scene.box_rects.T
    near = (left <= seen[2]) & (right >= seen[0]) & (top <= seen[3]) & (bottom >= seen[1])
    return [int(row) for row in np.flatnonzero(near)]


def _paint_frame(painter: QPainter, box: Box, rect: Floats, theme: Theme, zoom: float) -> None:
    left, top, right, bottom = rect.tolist()
    ink = tint(theme, box.tint)
    area = QRectF(left, top, right - left, bottom - top)
    painter.setPen(QPen(color(ink, 0.55), max(1.25, 1.25 / zoom)))
    painter.setBrush(color(ink, 0.10 if theme.is_dark else 0.06))
    painter.drawRoundedRect(area, _FRAME_RADIUS, _FRAME_RADIUS)
    size = _title_size(zoom)
    font = pixel_font(theme.map_pixels(size), QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    bar = QRectF(left + size, top + size * 0.62, size * 0.28, size * 1.05)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(ink))
    painter.drawRoundedRect(bar, size * 0.14, size * 0.14)
    line = QRectF(bar.right() + size * 0.5, bar.top() - size, right - left, bar.height() + 2 * size)
    line.setRight(right - size)
    if line.width() <= size:
        return
    words = " ".join(box.words.split()) or "Frame"
    painter.setFont(font)
    painter.setPen(color(theme.text if box.words.strip() else theme.muted))
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(
        line,
        align | Qt.TextFlag.TextSingleLine,
        metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width()),
    )


def _paint_note(painter: QPainter, box: Box, rect: Floats, theme: Theme, zoom: float) -> None:
    left, top, right, bottom = rect.tolist()
    ink = tint(theme, box.tint)
    area = QRectF(left, top, right - left, bottom - top)
    painter.setPen(QPen(color(mix(theme.raised, ink, 0.55)), max(1.0, 1.0 / zoom)))
    painter.setBrush(color(mix(theme.raised, ink, 0.22 if theme.is_dark else 0.14)))
    painter.drawRoundedRect(area, _NOTE_RADIUS, _NOTE_RADIUS)
    if zoom < _WRITES_FROM:
        return
    font = pixel_font(theme.map_pixels(_NOTE_PIXELS))
    metrics = QFontMetricsF(font)
    width = area.width() - 2 * _NOTE_PADDING[0]
    lines = _lines(box.words or "Note", font, width)
    room = max(1, int((area.height() - _NOTE_PADDING[1]) / metrics.lineSpacing()))
    if len(lines) > room:
        lines[room - 1] = metrics.elidedText(
            f"{lines[room - 1]} …", Qt.TextElideMode.ElideRight, width
        )
    painter.setFont(font)
    painter.setPen(color(theme.text if box.words.strip() else theme.muted))
    baseline = top + _NOTE_PADDING[1] + metrics.ascent()
    for line in lines[:room]:
        painter.drawText(QPointF(left + _NOTE_PADDING[0], baseline), line)
        baseline += metrics.lineSpacing()


def paint_handles(painter: QPainter, rect: Floats, theme: Theme, zoom: float) -> None:
    """The eight squares by which the size of a selected box is changed, in map units."""
    size = HANDLE / zoom
    painter.setPen(QPen(color(theme.accent_text if theme.is_dark else theme.accent), 1.5 / zoom))
    painter.setBrush(color(theme.raised))
    for side in SIDES:
        x, y = corner(rect, side)
        painter.drawRect(QRectF(x - size / 2, y - size / 2, size, size))


def paint_box_ring(painter: QPainter, rect: Floats, theme: Theme, zoom: float) -> None:
    """The ring around a selected box, in map units."""
    left, top, right, bottom = rect.tolist()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ink = color(theme.accent_text if theme.is_dark else theme.accent)
    painter.setPen(QPen(ink, max(2.0, 2.0 / zoom)))
    ring = QRectF(left, top, right - left, bottom - top).adjusted(-2, -2, 2, 2)
    painter.drawRoundedRect(ring, _NOTE_RADIUS + 2, _NOTE_RADIUS + 2)


def _lines(text: str, font: QFont, width: float) -> list[str]:
    """The text broken into lines no wider than this."""
    found: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        before = len(found)
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(8.0, width))
            start = line.textStart()
            found.append(paragraph[start : start + line.textLength()].rstrip())
        layout.endLayout()
        if len(found) == before:
            found.append("")
    return found


def _title_size(zoom: float) -> float:
    """The height of a title's letters in map units: it is read at any zoom."""
    return min(_LARGEST_TITLE, max(14.0, _SMALLEST_TITLE / zoom))
