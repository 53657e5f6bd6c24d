"""Words on links: each at the best free spot along its curve, or left out, never drawn over.

What matters most is placed first. Words are never smaller on screen than can be read: from
farther away they are larger on the map, so that fewer find room, and from afar there are none.
Places are found tile by tile when a tile first comes into sight, once for each size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.canvas.boxes import written_on
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.connectors import stroke
from depmap_gui.gui.canvas.scene import CARRYING, HALF, LINK_KINDS, LOCATED, Rect, Scene
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.theme import Theme, color, mix, pixel_font

_SIZES = ((0.85, 11), (0.75, 13), (0.65, 15), (0.55, 17), (0.48, 20), (0.43, 22))
"""From which zoom on words are drawn at which height, in map units: never below 9 pixels."""
LABELS_FROM = _SIZES[-1][0]
_USUAL = _SIZES[0][1]
_LINE = 18.0 / _USUAL
_PADDING = 7.0 / _USUAL
_LONGEST = 20.0
_TILE = 150.0
_CELL = 4.0
_APART = 2.0
_EDGE = 2.0
_MOST_KEPT = 1_500
_SPOTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
_NEAR_SOURCE = (0.3, 0.22, 0.4, 0.5, 0.6, 0.7, 0.78)
_NEAR_TARGET = tuple(1.0 - spot for spot in _NEAR_SOURCE)
_FAN = 4
"""From how many links on that meet at a card their labels stand where they are still apart."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class Label(NamedTuple):
    """Words with their place: left, top, width and height in map units; ``size`` is the font's."""

    row: int
    words: str
    rect: tuple[float, float, float, float]
    size: int


def size_at(zoom: float) -> int | None:
    """The height of a link's words in map units at the zoom; None where there are none."""
    return next((size for least, size in _SIZES if zoom >= least), None)


class Labels:
    """The labels of one scene as it stands; made anew when the scene is.

    ``magnified`` is how much larger words are than usual.
    """

    def __init__(self, scene: Scene, magnified: float = 1.0) -> None:
        self._scene = scene
        self._magnified = magnified
        self._stands: tuple[int, int] = (-1, -1)
        self._tiles: dict[tuple[int, int, int], list[Label]] = {}
        self._middles: Floats = np.zeros((0, 2))
        self._metrics: dict[int, QFontMetricsF] = {}

    def within(self, rect: Rect, zoom: float = 1.0, *, is_hurried: bool = False) -> list[Label]:
        """The labels that may be seen in the rectangle at the zoom.

        In haste, only those that have a place already.
        """
        scene, size = self._scene, size_at(zoom)
        if size is None:
            return []
        stands = (scene.revision, scene.looks)
        if self._stands != stands:
            self._stands = stands
            self._tiles.clear()
            self._middles = scene.along(np.arange(len(scene.links)), 0.5)
        size = round(size * self._magnified)
        span = _TILE * size
        left, top = int(rect[0] // span), int(rect[1] // span)
        right, bottom = int(rect[2] // span), int(rect[3] // span)
        found: list[Label] = []
        for column in range(left, right + 1):
            for line in range(top, bottom + 1):
                tile = self._tiles.get((size, column, line))
                if tile is None and is_hurried:
                    continue
                if tile is None:
                    tile = self._tiles[size, column, line] = self._placed(column, line, size)
                found += tile
        return [
            label
            for label in found
            if label.rect[0] <= rect[2]
            and label.rect[1] <= rect[3]
            and label.rect[0] + label.rect[2] >= rect[0]
            and label.rect[1] + label.rect[3] >= rect[1]
        ]

    def _placed(self, column: int, line: int, size: int) -> list[Label]:
        scene, span = self._scene, _TILE * size
        x, y = self._middles[:, 0] // span, self._middles[:, 1] // span
        said = (scene.link_kinds != LOCATED) | (scene.lens is Lens.OWNERSHIP)
        rows = np.flatnonzero((x == column) & (y == line) & said)
        if not len(rows):
            return []
        edge = (column * span, line * span, (column + 1) * span, (line + 1) * span)
        taken = _Taken(edge)
        cards = scene.centers[scene.items_in(edge)]
        for left, top, right, bottom in (
            *np.concatenate((cards - HALF, cards + HALF), axis=1).tolist(),
            *written_on(scene).tolist(),
        ):
            taken.fill(left - _APART, top - _APART, right + _APART, bottom + _APART)
        chosen = rows[self._order(rows)]
        spots = np.stack([scene.along(chosen, t[:, None]) for t in self._along(chosen).T], axis=1)
        places = zip(chosen.tolist(), spots.tolist(), strict=True)
        labels = (self._place(row, around, taken, size) for row, around in places)
        return [label for label in labels if label is not None]

    def _order(self, rows: Ints) -> Ints:
        """What carries most of the exposure, and then what costs most, is placed first."""
        scene = self._scene
        carried = np.nan_to_num(scene.low[scene.sources[rows]])
        carried = np.where(np.isin(scene.link_kinds[rows], CARRYING), carried, 0.0)
        return np.lexsort((rows, -scene.widths[rows], -np.round(carried, 1)))

    def _along(self, rows: Ints) -> Floats:
        """Where along each link to look for a place, in order: rows x spots, 0 at its source."""
        scene = self._scene
        entering = np.bincount(scene.targets, minlength=len(scene.centers))[scene.targets[rows]]
        leaving = np.bincount(scene.sources, minlength=len(scene.centers))[scene.sources[rows]]
        along = np.tile(_SPOTS, (len(rows), 1))
        along[(leaving >= _FAN) & (leaving > entering)] = _NEAR_TARGET
        along[(entering >= _FAN) & (entering >= leaving)] = _NEAR_SOURCE
        return along

    def _place(self, row: int, spots: list[list[float]], taken: _Taken, size: int) -> Label | None:
        words = self._scene.label(row)
        if not words:
            return None
        metrics = self._metrics.get(size)
        if metrics is None:
            metrics = self._metrics[size] = QFontMetricsF(label_font(size))
        width = metrics.horizontalAdvance(words)
        if width > _LONGEST * size:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, _LONGEST * size)
            width = metrics.horizontalAdvance(words)
        width += 2 * _PADDING * size
        height = _LINE * size
        for x, y in spots:
            left, top = x - width / 2, y - height / 2
            if taken.take(left, top, left + width, top + height):
                return Label(row, words, (left, top, width, height), size)
        return None


class _Taken:
    """What is in use of a tile, in small cells: cards and titles first, then label by label.

    Only what lies within ``edge`` is free: beyond it other tiles place their labels.
    """

    def __init__(self, edge: Rect) -> None:
        self._edge = edge
        across, down = (math.ceil((edge[n + 2] - edge[n]) / _CELL) for n in (0, 1))
        self._used = np.zeros((down, across), dtype=np.bool_)

    def fill(self, left: float, top: float, right: float, bottom: float) -> None:
        """Let nothing else stand there."""
        lines, columns = self._cells(left, top, right, bottom)
        self._used[lines, columns] = True

    def take(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether the place is free, with some distance to what is there; it no longer is."""
        edge = self._edge
        if left < edge[0] or top < edge[1] or right > edge[2] or bottom > edge[3]:
            return False
        lines, columns = self._cells(left, top, right, bottom)
        if self._used[lines, columns].any():
            return False
        self._used[lines, columns] = True
        return True

    def _cells(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """All cells that the rectangle touches."""
        edge = self._edge
        return (
            slice(
                max(0, int((top - edge[1]) / _CELL)), max(0, math.ceil((bottom - edge[1]) / _CELL))
            ),
            slice(
                max(0, int((left - edge[0]) / _CELL)), max(0, math.ceil((right - edge[0]) / _CELL))
            ),
        )


def label_font(size: int = _USUAL) -> QFont:
    """The font of link labels, in map units."""
    return pixel_font(size, QFont.Weight.Medium, tabular=True)


def paint_labels(painter: QPainter, scene: Scene, labels: list[Label], theme: Theme) -> None:
    """Draw the labels as pills in the color of their links."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge, size = color(theme.line_strong if theme.is_dark else theme.line), 0
    for label in labels:
        if label.size != size:
            size = label.size
            painter.setFont(label_font(size))
        rect = QRectF(*label.rect)
        painter.setPen(QPen(edge, size / _USUAL))
        painter.setBrush(color(theme.raised))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(color(label_ink(scene, label.row, theme)))
        inner = (_PADDING - 2.0 / _USUAL) * size
        painter.drawText(
            rect.adjusted(inner, 0.0, -inner, 0.0),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine,
            label.words,
        )


class LabelPictures:
    """Labels as pictures at the zoom in use, drawn once for all frames.

    ``is_rough`` tells that some were drawn in haste.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[str, str, float], QPixmap] = {}
        self._unit = (0.0, 0.0)
        self._older: dict[tuple[str, str, float], QPixmap] = {}
        self._is_fine = True
        self.is_rough = False

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        labels: list[Label],
        camera: Camera,
        *,
        is_hurried: bool = False,
    ) -> None:
        """Draw the labels on a painter whose unit is the pixel.

        In haste, those that were drawn at another zoom are stretched, and new ones left out.
        """
        scale = painter.device().devicePixelRatioF()
        unit = camera.zoom * scale
        self._look_after(camera.zoom, scale)
        self._is_fine |= not is_hurried
        for label in labels:
            left, top = label.rect[0] - _EDGE, label.rect[1] - _EDGE
            x, y = round((left - camera.left) * unit), round((top - camera.top) * unit)
            key = self._key(scene, label)
            picture = self._kept.get(key)
            if picture is None and is_hurried and self._older:
                self.is_rough, self._is_fine = True, False
                if (other := self._older.get(key)) is not None:
                    width, height = label.rect[2] + 2 * _EDGE, label.rect[3] + 2 * _EDGE
                    target = QRectF(x / scale, y / scale, width * camera.zoom, height * camera.zoom)
                    painter.drawPixmap(target, other, QRectF(other.rect()))
                continue
            if picture is None:
                picture = self._kept[key] = self._drawn(scene, label, unit, scale)
            painter.drawPixmap(QPointF(x / scale, y / scale), picture)

    def pictures(
        self, scene: Scene, labels: list[Label], zoom: float, scale: float
    ) -> Iterator[None]:
        """Draw, one a step, those of the labels that are not kept at this zoom."""
        self._look_after(zoom, scale)
        kept = self._kept
        for label in labels:
            if (key := self._key(scene, label)) not in kept:
                kept[key] = self._drawn(scene, label, zoom * scale, scale)
                yield

    def _key(self, scene: Scene, label: Label) -> tuple[str, str, float]:
        return (label.words, label_ink(scene, label.row, self._theme), label.rect[2])

    def _look_after(self, zoom: float, scale: float) -> None:
        """Begin anew at another zoom, or where too many are kept."""
        if self._unit != (zoom, scale) or len(self._kept) > _MOST_KEPT:
            # What was drawn in haste has few of its own: the last fine ones stand in for more.
            if self._is_fine:
                self._older = self._kept
            self._kept, self._is_fine = {}, True
            self._unit = (zoom, scale)

    def _drawn(self, scene: Scene, label: Label, unit: float, scale: float) -> QPixmap:
        width, height = label.rect[2] + 2 * _EDGE, label.rect[3] + 2 * _EDGE
        made = QPixmap(math.ceil(width * unit), math.ceil(height * unit))
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.scale(unit, unit)
        at_origin = label._replace(rect=(_EDGE, _EDGE, label.rect[2], label.rect[3]))
        paint_labels(painter, scene, [at_origin], self._theme)
        painter.end()
        made.setDevicePixelRatio(scale)
        return made


def label_ink(scene: Scene, row: int, theme: Theme) -> str:
    """The color of a label's words: its link's, where that can be read."""
    kind = LINK_KINDS[scene.link_kinds[row]]
    if scene.exposed[row]:
        return theme.ineligible_text
    is_gray = kind in (LinkKind.SUPPLIES, LinkKind.LOCATED)
    ink = theme.muted if is_gray else stroke(kind, theme).color
    return mix(ink, theme.muted, 0.6) if scene.faded[row] else ink


def label_middle(scene: Scene, row: int) -> QPointF:
    """The middle of a link, where its label is looked for first."""
    middle = scene.along(np.array([row]), 0.5)[0]
    return QPointF(float(middle[0]), float(middle[1]))
