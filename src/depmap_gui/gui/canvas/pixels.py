"""Many small rectangles written straight into a picture: a fraction of what drawing them costs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

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
    scale = painter.device().devicePixelRatioF()
    width, height = _size(area, scale)
    made = np.full((height, width), opaque(ground), dtype=np.uint32)
    columns = np.round((x - area.left()) * scale).astype(np.intp)
    lines = np.round((y - area.top()) * scale).astype(np.intp)
    for right in range(max(1, round(scale))):
        for down in range(max(1, round(scale))):
            across, below = columns + right, lines + down
            across = across[(across >= 0) & (across < width)]
            below = below[(below >= 0) & (below < height)]
            made[np.ix_(below, across)] = opaque(dots)
    _draw(painter, area, made, scale, QImage.Format.Format_RGB32)


def blocks(
    painter: QPainter, area: QRectF, corners: Floats, size: tuple[float, float], words: Words
) -> None:
    """Rectangles of one size in the colors of ``words``; of two that overlap both may show.

    ``corners`` (n, 2) are their upper left corners in pixels of the painter.
    """
    scale = painter.device().devicePixelRatioF()
    wide, tall = (max(2, round(side * scale)) for side in size)
    width, height = _size(area, scale)
    left = np.round((corners[:, 0] - area.left()) * scale).astype(np.intp) + wide
    top = np.round((corners[:, 1] - area.top()) * scale).astype(np.intp) + tall
    # A border as wide as a rectangle takes what sticks out.
    row = width + 2 * wide
    inside = (left >= 0) & (left <= width + wide) & (top >= 0) & (top <= height + tall)
    first, words = (top * row + left)[inside], words[inside]
    made = np.zeros((height + 2 * tall + 1, row), dtype=np.uint32)
    flat = made.reshape(-1)
    for down in range(tall):
        for right in range(wide):
            flat[first + (down * row + right)] = words
    bordered = area.adjusted(-wide / scale, -tall / scale, 0.0, 0.0)
    _draw(painter, bordered, made, scale, QImage.Format.Format_ARGB32_Premultiplied)


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
