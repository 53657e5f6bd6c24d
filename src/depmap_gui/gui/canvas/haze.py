"""Thousands of links at once: where they run close together the map grows darker.

Drawing each as a line would cost more than a frame and show no more: each link is sampled along
its way and the samples are counted in small cells. What carries the exposure tints its cells.
Cells and samples lie where they lie on the map, so a part drawn alone fits to what is there.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.scene import Rect, Scene
from depmap_gui.gui.theme import Theme, mix

CELL_PIXELS = 7.0
_MOST_SAMPLES = 60_000
_ENOUGH = 4_000
_GOLDEN = 0.6180339887
_DENSEST = 0.5
_STEEPEST = 0.22
_AT_MEAN = 0.9
# Smoothing reaches two cells, stretching the picture one more.
_BEYOND = 4
_ROUNDS = 2
_SHADES = 16
_DEPTHS = 256
_DEEPEST = 6.0

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint32]


class Grain(NamedTuple):
    """How finely a haze is sampled (cells from sample to sample), and how fast it darkens."""

    step: float = 1.0
    rate: float = _STEEPEST


def grain_of(scene: Scene, rows: Ints, zoom: float, seen: Rect) -> Grain:
    """The grain at which the links of these rows, all that are hazed in ``seen``, show best."""
    unit = zoom / CELL_PIXELS
    some = rows[:: max(1, len(rows) // _ENOUGH)]
    off = (scene.end[some] - scene.start[some]) * unit
    # A link that only crosses counts with no more than what it can cross.
    most = np.hypot(seen[2] - seen[0], seen[3] - seen[1]) * unit
    length = np.minimum(np.hypot(off[:, 0], off[:, 1]), most)
    total = float(length.sum()) * len(rows) / max(1, len(some))
    cells = max(1.0, (seen[2] - seen[0]) * (seen[3] - seen[1]) * unit * unit)
    rate = min(_STEEPEST, _AT_MEAN * cells / max(total, 1.0))
    return Grain(max(1.0, total / _MOST_SAMPLES), rate)


def paint_haze(
    painter: QPainter,
    scene: Scene,
    rows: Ints,
    theme: Theme,
    zoom: float,
    seen: Rect,
    grain: Grain,
    ink: str | None = None,
) -> None:
    """Draw the links of these rows as a haze over ``seen``, on a painter in map units.

    All in one ``ink``, or in those of the theme for links that carry the exposure and others.
    """
    span = CELL_PIXELS / zoom
    left, top = (int(np.floor(edge / span)) - _BEYOND for edge in seen[:2])
    right, bottom = (int(np.ceil(edge / span)) + _BEYOND for edge in seen[2:])
    columns, lines = right - left, bottom - top
    pieces = np.empty((4, len(rows)))
    for side, (places, axis, origin) in enumerate(
        ((scene.start, 0, left), (scene.start, 1, top), (scene.end, 0, left), (scene.end, 1, top))
    ):
        pieces[side] = places[rows, axis] / span - origin
    exposed = scene.exposed[rows]
    counts = counted(pieces.T, columns, lines, grain.step, rows, exposed)
    cool, warm = ink or mix(theme.link, theme.canvas, 0.1), ink or theme.exposure_high
    picture = _tinted(smoothed(counts[0]), smoothed(counts[1]), _inks(cool, warm), grain.rate)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(
        QRectF(left * span, top * span, columns * span, lines * span),
        picture,
        QRectF(0, 0, columns, lines),
    )


def counted(
    pieces: Floats, columns: int, lines: int, step: float, numbers: Ints, marked: Bools
) -> Singles:
    """How much of the pieces (x1, y1, x2, y2), in cells, runs through each cell.

    All of them and the ``marked`` ones: (2, lines, columns). Pieces are sampled every ``step``
    cells, each from a beginning of its own that follows from its number: else the samples of
    many would line up in stripes.
    """
    enters, leaves = geometry.clipped(pieces, (0.0, 0.0, float(columns), float(lines)))
    x, y, x2, y2 = pieces.T
    right, down = x2 - x, y2 - y
    length = np.maximum(np.hypot(right, down), 1e-9)
    offset = (numbers * _GOLDEN) % 1.0
    per_piece = length / step
    first = np.ceil(np.maximum(enters, 0.0) * per_piece - offset)
    last = np.floor(leaves * per_piece - offset)
    counts = np.maximum(0, last - first + 1).astype(np.intp)
    total = int(counts.sum())
    # Sample n of a piece lies at its start + (first + offset + n) * apart; n counts on.
    begins = np.cumsum(counts) - counts
    found = np.zeros((2, lines, columns), dtype=np.float32)
    if not total:
        return found
    number = np.arange(total, dtype=np.float32)
    cells = np.zeros(total, dtype=np.int64)
    for start, along, size, weight in ((x, right, columns, 1), (y, down, lines, columns)):
        apart = along / per_piece
        base = (start + apart * (first + offset - begins)).astype(np.float32)
        at = np.repeat(base, counts)
        at += np.repeat(apart.astype(np.float32), counts) * number
        cells += np.clip(at, 0, size - 1).astype(np.int32) * weight
    shape = (lines, columns)
    found[0] = np.bincount(cells, minlength=lines * columns).reshape(shape) * step
    if marked.any():
        hot = cells[np.repeat(marked, counts)]
        found[1] = np.bincount(hot, minlength=lines * columns).reshape(shape) * step
    return found


def smoothed(counts: Singles) -> Singles:
    """The counts, each spread over its neighbors, so that samples do not show as grain."""
    if not counts.any():
        return counts
    for _ in range(_ROUNDS):
        across = counts.copy()
        across[:, 1:-1] = 0.25 * (counts[:, :-2] + counts[:, 2:]) + 0.5 * counts[:, 1:-1]
        counts = across.copy()
        counts[1:-1] = 0.25 * (across[:-2] + across[2:]) + 0.5 * across[1:-1]
    return counts


def _tinted(total: Singles, hot: Singles, inks: Words, rate: float) -> QImage:
    """The counts as a picture: denser is more opaque, and warmer the more of it is ``hot``."""
    depth = np.minimum(total * (rate * (_DEPTHS - 1) / _DEEPEST), _DEPTHS - 1).astype(np.intp)
    if hot.any():
        share = np.minimum(hot / np.maximum(total, 1e-6), 1.0)
        depth += np.rint(share * (_SHADES - 1)).astype(np.intp) * _DEPTHS
    pixels = inks[depth]
    height, width = total.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, height, width * 4, form).copy()


@functools.lru_cache(maxsize=4)
def _inks(cool: str, warm: str) -> Words:
    """A pixel's premultiplied word for each shade from cool to warm and each depth."""
    depth = np.arange(_DEPTHS) * (_DEEPEST / (_DEPTHS - 1))
    opaque = _DENSEST * (1.0 - np.exp(-depth))
    share = np.linspace(0.0, 1.0, _SHADES)[:, None, None]
    shade = _channels(cool) + (_channels(warm) - _channels(cool)) * share
    red, green, blue = np.rint(shade * opaque[:, None]).astype(np.uint32).transpose(2, 0, 1)
    alpha = np.rint(opaque * 255.0).astype(np.uint32)
    return ((alpha << 24) | (red << 16) | (green << 8) | blue).ravel()


def _channels(token: str) -> Floats:
    made = QColor(token)
    return np.array([made.red(), made.green(), made.blue()], dtype=np.float64)
