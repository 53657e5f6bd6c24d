"""Words on links: each at the best free spot along its curve, or left out, never drawn over.

Places are found tile by tile when a tile first comes into sight; labels grow and shrink with the
map, so a place holds at every zoom.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap

from depmap_gui.domain.kinds import LinkKind
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.connectors import stroke
from depmap_gui.gui.canvas.scene import HALF, LINK_KINDS, LOCATED, Rect, Scene
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.theme import Theme, color, mix, pixel_font

LABEL_HEIGHT = 18.0
LONGEST = 220.0
_PADDING = 7.0
_TILE = 2400.0
_MOST_KEPT = 1_500
_SPOTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
_NEAR_SOURCE = (0.3, 0.22, 0.4, 0.5, 0.6, 0.7, 0.78)
_NEAR_TARGET = tuple(1.0 - spot for spot in _NEAR_SOURCE)
_FAN = 4
"""From how many links on that meet at a card their labels stand where they are still apart."""

Floats = npt.NDArray[np.float64]


class Label(NamedTuple):
    """Words with their place: left, top, width and height in map units."""

    row: int
    words: str
    rect: tuple[float, float, float, float]


class Labels:
    """The labels of one scene as it stands; made anew when the scene is."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._revision = -1
        self._tiles: dict[tuple[int, int], list[Label]] = {}
        self._middles: Floats = np.zeros((0, 2))
        self._metrics: QFontMetricsF | None = None

    def within(self, rect: Rect) -> list[Label]:
        """The labels that may be seen in the rectangle."""
        scene = self._scene
        if self._revision != scene.revision:
            self._revision = scene.revision
            self._tiles.clear()
            self._middles = geometry.points_at(scene.start, scene.control, scene.end, 0.5)
        left, top = int(rect[0] // _TILE), int(rect[1] // _TILE)
        right, bottom = int(rect[2] // _TILE), int(rect[3] // _TILE)
        found: list[Label] = []
        for column in range(left, right + 1):
            for line in range(top, bottom + 1):
                tile = self._tiles.get((column, line))
                if tile is None:
                    tile = self._tiles[column, line] = self._placed(column, line)
                found += tile
        return [
            label
            for label in found
            if label.rect[0] <= rect[2]
            and label.rect[1] <= rect[3]
            and label.rect[0] + label.rect[2] >= rect[0]
            and label.rect[1] + label.rect[3] >= rect[1]
        ]

    def _placed(self, column: int, line: int) -> list[Label]:
        scene = self._scene
        x, y = self._middles[:, 0] // _TILE, self._middles[:, 1] // _TILE
        said = (scene.link_kinds != LOCATED) | (scene.lens is Lens.OWNERSHIP)
        rows = np.flatnonzero((x == column) & (y == line) & said)
        if not len(rows):
            return []
        edge = (column * _TILE, line * _TILE, (column + 1) * _TILE, (line + 1) * _TILE)
        cards = scene.centers[scene.items_in(edge)]
        taken = _Taken(cards, len(rows), edge)
        # What carries the exposure, and what costs most, is placed first.
        order = np.lexsort((rows, -scene.widths[rows], ~scene.exposed[rows]))
        chosen = rows[order]
        along = self._along(chosen)
        spots = np.stack(
            [
                geometry.points_at(
                    scene.start[chosen], scene.control[chosen], scene.end[chosen], t[:, None]
                )
                for t in along.T
            ],
            axis=1,
        )
        return [
            label
            for number, row in enumerate(chosen.tolist())
            if (label := self._place(row, spots[number], taken)) is not None
        ]

    def _along(self, rows: npt.NDArray[np.intp]) -> Floats:
        """Where along each link to look for a place, in order: rows x spots, 0 at its source."""
        scene = self._scene
        entering = np.bincount(scene.targets, minlength=len(scene.centers))[scene.targets[rows]]
        leaving = np.bincount(scene.sources, minlength=len(scene.centers))[scene.sources[rows]]
        along = np.tile(_SPOTS, (len(rows), 1))
        along[(leaving >= _FAN) & (leaving > entering)] = _NEAR_TARGET
        along[(entering >= _FAN) & (entering >= leaving)] = _NEAR_SOURCE
        return along

    def _place(self, row: int, spots: Floats, taken: _Taken) -> Label | None:
        words = self._scene.label(row)
        if not words:
            return None
        metrics = self._metrics or QFontMetricsF(label_font())
        self._metrics = metrics
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, LONGEST)
        width = metrics.horizontalAdvance(words) + 2 * _PADDING
        rects = np.empty((len(spots), 4))
        rects[:, :2] = spots - (width / 2, LABEL_HEIGHT / 2)
        rects[:, 2:] = rects[:, :2] + (width, LABEL_HEIGHT)
        spot = taken.take(rects)
        if spot < 0:
            return None
        x, y = spots[spot].tolist()
        return Label(row, words, (x - width / 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT))


class _Taken:
    """Rectangles in use: cards first, then each label as it is placed.

    Only what lies within ``edge`` is free: beyond it other tiles place their labels.
    """

    def __init__(self, cards: Floats, most: int, edge: Rect) -> None:
        self._edge = edge
        self._rects = np.empty((len(cards) + most, 4))
        self._count = len(cards)
        self._rects[: self._count, :2] = cards - HALF - 2
        self._rects[: self._count, 2:] = cards + HALF + 2

    def take(self, rects: Floats) -> int:
        """Which of some places (left, top, right, bottom) is the first free one, else -1.

        It no longer is.
        """
        edge, used = self._edge, self._rects[: self._count]
        inside = (rects[:, :2] >= edge[:2]).all(axis=1) & (rects[:, 2:] <= edge[2:]).all(axis=1)
        left, top, right, bottom = (rects[:, side, None] for side in range(4))
        met = (used[:, 0] < right + 2) & (used[:, 2] > left - 2)
        met &= (used[:, 1] < bottom + 2) & (used[:, 3] > top - 2)
        free = np.flatnonzero(inside & ~met.any(axis=1))
        if not len(free):
            return -1
        self._rects[self._count] = rects[free[0]]
        self._count += 1
        return int(free[0])


def label_font() -> QFont:
    """The font of link labels, in map units."""
    return pixel_font(11, QFont.Weight.Medium, tabular=True)


def paint_labels(painter: QPainter, scene: Scene, labels: list[Label], theme: Theme) -> None:
    """Draw the labels as pills in the color of their links."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(label_font())
    edge = QPen(color(theme.line_strong if theme.is_dark else theme.line), 1.0)
    for label in labels:
        rect = QRectF(*label.rect)
        painter.setPen(edge)
        painter.setBrush(color(theme.raised))
        painter.drawRoundedRect(rect, LABEL_HEIGHT / 2, LABEL_HEIGHT / 2)
        painter.setPen(color(label_ink(scene, label.row, theme)))
        painter.drawText(
            QRectF(
                rect.left() + _PADDING - 2,
                rect.top(),
                rect.width() - 2 * _PADDING + 4,
                rect.height(),
            ),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine,
            label.words,
        )


class LabelPictures:
    """Labels as pictures at the zoom in use, drawn once for all frames."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[str, str, float], QPixmap] = {}
        self._unit = (0.0, 0.0)

    def paint(self, painter: QPainter, scene: Scene, labels: list[Label], camera: Camera) -> None:
        """Draw the labels on a painter whose unit is the pixel."""
        scale = painter.device().devicePixelRatioF()
        unit = camera.zoom * scale
        if self._unit != (camera.zoom, scale) or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
            self._unit = (camera.zoom, scale)
        for label in labels:
            left, top = label.rect[0] - 1.0, label.rect[1] - 1.0
            x, y = round((left - camera.left) * unit), round((top - camera.top) * unit)
            key = (label.words, label_ink(scene, label.row, self._theme), label.rect[2])
            picture = self._kept.get(key)
            if picture is None:
                picture = self._kept[key] = self._drawn(scene, label, unit, scale)
            painter.drawPixmap(QPointF(x / scale, y / scale), picture)

    def _drawn(self, scene: Scene, label: Label, unit: float, scale: float) -> QPixmap:
        width, height = label.rect[2] + 2.0, label.rect[3] + 2.0
        made = QPixmap(math.ceil(width * unit), math.ceil(height * unit))
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.scale(unit, unit)
        at_origin = label._replace(rect=(1.0, 1.0, label.rect[2], label.rect[3]))
        paint_labels(painter, scene, [at_origin], self._theme)
        painter.end()
        made.setDevicePixelRatio(scale)
        return made


def label_ink(scene: Scene, row: int, theme: Theme) -> str:
    """The color of a label's words: its link's, where that can be read."""
    kind = LINK_KINDS[scene.link_kinds[row]]
    if scene.exposed[row]:
        return theme.ineligible_text
    ink = theme.muted if kind is LinkKind.SUPPLIES else stroke(kind, theme).color
    return mix(ink, theme.muted, 0.6) if scene.faded[row] else ink


def label_middle(scene: Scene, row: int) -> QPointF:
    """The middle of a link, where its label is looked for first."""
    rows = np.array([row])
    middle = geometry.points_at(scene.start[rows], scene.control[rows], scene.end[rows], 0.5)[0]
    return QPointF(float(middle[0]), float(middle[1]))
