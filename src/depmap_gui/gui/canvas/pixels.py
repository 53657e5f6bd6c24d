"""Many small rectangles written straight into a picture: a fraction of what drawing them costs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from depmap_gui.gui.canvas.bulk import draw_points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint32]


def opaque(token: str) -> int:
    """A color as the 32-bit word of a picture's pixel, wholly opaque."""
    return int(QColor(token).rgb()) | 0xFF000000


def dotted(painter: QPainter, area: QRectF, ground: str, dots: str, x: Floats, y: Floats) -> None:
    """Fill the area with a color, and a dot of a pixel at each of the columns x and lines y.

    All in pixels of the painter, whose unit is the pixel; a dot is as large on any screen.
    """
    painter.fillRect(area, QColor(ground))
    scale = painter.device().devicePixelRatioF()
    # Each of the screen's pixels that a dot covers is drawn as a point of its own.
    within = (np.arange(max(1, round(scale))) + 0.5) / scale
    columns = (np.round(x * scale)[:, None] / scale + within).ravel()
    lines = (np.round(y * scale)[:, None] / scale + within).ravel()
    points = np.empty((len(lines), len(columns), 2))
    points[:, :, 0] = columns
    points[:, :, 1] = lines[:, None]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(dots), 0.0))
    draw_points(painter, points.reshape(-1, 2))


def blocks(
    painter: QPainter, area: QRectF, corners: Floats, size: tuple[float, float], words: Words
) -> None:
    """Rectangles of one size in the colors of ``words``; of two that overlap both may show.

    ``corners`` (n, 2) are their upper left corners in pixels of the painter.
    """
    scale = painter.device().devicePixelRatioF()
    wide, tall = (max(2, round(side * scale)) for side in size)
    width, height = _size(area, scale)
    left = np.round(corners[:, 0] * scale).astype(np.intp) - round(area.left() * scale) + wide
    top = np.round(corners[:, 1] * scale).astype(np.intp) - round(area.top() * scale) + tall
    inside = (left > 0) & (left < width + wide) & (top > 0) & (top < height + tall)
    left, top, words = left[inside], top[inside], words[inside]
    if not len(words):
        return
    # Only the part that has any is made, with a border that takes what sticks out.
    first, last = int(top.min()), int(top.max())
    row = width + 2 * wide
    made = np.zeros((last - first + tall, row), dtype=np.uint32)
    # Pixels that follow one another are written as one.
    run = np.dtype((np.void, wide * 4))
    runs = np.ndarray((made.size - wide + 1,), dtype=run, buffer=made, strides=(4,))
    filled = np.repeat(words, wide).view(run)
    at = (top - first) * row + left
    for down in range(tall):
        runs[at + down * row] = filled
    seen = QRectF(
        area.left() - wide / scale, area.top() + (first - tall) / scale, row, len(made) / scale
    )
    _draw(painter, seen, made, scale, QImage.Format.Format_ARGB32_Premultiplied)


def _size(area: QRectF, scale: float) -> tuple[int, int]:
    return (int(np.ceil(area.width() * scale)), int(np.ceil(area.height() * scale)))


def _draw(
    painter: QPainter, area: QRectF, pixels: Words, scale: float, form: QImage.Format
) -> None:
    """Put the picture, of the screen's own pixels, onto the area."""
    height, width = pixels.shape
    if not width or not height:
        return
    # The picture borrows the memory of `pixels`, which outlives the call.
    picture = QImage(pixels.data, width, height, width * 4, form)
    picture.setDevicePixelRatio(scale)
    painter.drawImage(QPointF(area.left(), area.top()), picture)
