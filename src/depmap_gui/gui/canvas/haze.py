"""Thousands of links at once: where they run close together the map grows darker.

Drawing each as a line would cost more than a frame and show no more: each link is sampled along
its way and the samples are counted in small cells. What carries the exposure tints its cells.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.scene import Rect, Scene
from depmap_gui.gui.theme import Theme, mix

CELL_PIXELS = 5.0
_MOST_SAMPLES = 100_000
_GOLDEN = 0.6180339887
_DENSEST = 0.5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def paint_haze(
    painter: QPainter, scene: Scene, rows: Ints, theme: Theme, zoom: float, seen: Rect
) -> None:
    """Draw the links of these rows as a haze over ``seen``, on a painter in map units."""
    columns = max(1, int(np.ceil((seen[2] - seen[0]) * zoom / CELL_PIXELS)))
    lines = max(1, int(np.ceil((seen[3] - seen[1]) * zoom / CELL_PIXELS)))
    pieces = np.concatenate((scene.start[rows], scene.end[rows]), axis=1)
    pieces -= (seen[0], seen[1], seen[0], seen[1])
    pieces *= zoom / CELL_PIXELS
    calm = counted(pieces[~scene.exposed[rows]], columns, lines)
    hot = counted(pieces[scene.exposed[rows]], columns, lines)
    picture = _tinted(smoothed(calm), smoothed(hot), theme)
    span = CELL_PIXELS / zoom
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(
        QRectF(seen[0], seen[1], columns * span, lines * span),
        picture,
        QRectF(0, 0, columns, lines),
    )


def counted(pieces: Floats, columns: int, lines: int) -> Floats:
    """How much of the pieces (x1, y1, x2, y2), in cells, runs through each of (lines, columns)."""
    enters, leaves = geometry.clipped(pieces, (0.0, 0.0, float(columns), float(lines)))
    kept = enters < leaves
    pieces, enters, leaves = pieces[kept], enters[kept], leaves[kept]
    if not len(pieces):
        return np.zeros((lines, columns))
    along = pieces[:, 2:] - pieces[:, :2]
    length = np.hypot(along[:, 0], along[:, 1]) * (leaves - enters)
    step = max(1.0, float(length.sum()) / _MOST_SAMPLES)
    counts = np.maximum(1, (length / step).astype(np.intp))
    # Each link starts its samples elsewhere, or the samples of many would line up in stripes.
    offset = (np.arange(len(pieces)) * _GOLDEN) % 1.0
    apart = along * ((leaves - enters) / counts)[:, None]
    first = pieces[:, :2] + along * enters[:, None] + apart * offset[:, None]
    # Sample n of a link lies at first + n * apart; n counts on through all links.
    begins = np.cumsum(counts) - counts
    first -= apart * begins[:, None]
    number = np.arange(int(counts.sum()), dtype=np.float32)
    x = np.repeat(first[:, 0], counts) + np.repeat(apart[:, 0], counts) * number
    y = np.repeat(first[:, 1], counts) + np.repeat(apart[:, 1], counts) * number
    cell = np.clip(y, 0, lines - 1).astype(np.int32) * columns
    cell += np.clip(x, 0, columns - 1).astype(np.int32)
    found = np.bincount(cell, minlength=lines * columns).reshape(lines, columns) * step
    return np.asarray(found, dtype=np.float64)


def smoothed(counts: Floats) -> Floats:
    """The counts, each spread over its neighbors, so that samples do not show as grain."""
    across = counts.copy()
    across[:, 1:-1] = 0.25 * counts[:, :-2] + 0.5 * counts[:, 1:-1] + 0.25 * counts[:, 2:]
    down = across.copy()
    down[1:-1] = 0.25 * across[:-2] + 0.5 * across[1:-1] + 0.25 * across[2:]
    return down


def _channels(token: str) -> npt.NDArray[np.float32]:
    made = QColor(token)
    return np.array([made.red(), made.green(), made.blue()], dtype=np.float32)


def _tinted(calm: Floats, hot: Floats, theme: Theme) -> QImage:
    """The counts as a picture: denser is more opaque, and redder the more of it is exposed."""
    total = (calm + hot).astype(np.float32)
    opaque = _DENSEST * (1.0 - np.exp(-0.22 * total))
    share = (hot.astype(np.float32) / np.maximum(total, 1e-6))[..., None]
    cool, warm = _channels(mix(theme.link, theme.canvas, 0.1)), _channels(theme.exposure_high)
    shade = cool + (warm - cool) * share
    pixels = np.empty((*total.shape, 4), dtype=np.uint8)
    # Premultiplied, in the byte order of a 32-bit word: blue, green, red, alpha.
    pixels[..., :3] = (shade * opaque[..., None])[..., ::-1]
    pixels[..., 3] = opaque * 255.0
    height, width = total.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, height, width * 4, form).copy()
