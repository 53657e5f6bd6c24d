"""Handing many coordinates to Qt at once, without a Python object for each.

Qt's point is two doubles in a row, its line and rectangle four, so a block of numpy memory can
pose as an array of them. Where the binding does not allow that, the same call falls back to
ordinary objects.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

_wrap: Any
try:
    from shiboken6 import Shiboken

    _wrap = Shiboken.wrapInstance
except ImportError:
    _wrap = None

Floats = npt.NDArray[np.float64]


def draw_lines(painter: QPainter, ends: Floats, *, bulk: bool = True) -> None:
    """Draw lines given as rows (x1, y1, x2, y2), an array of shape (n, 4)."""
    rows = np.ascontiguousarray(ends, dtype=np.float64)
    if not len(rows):
        return
    if bulk and _wrap is not None:
        # The wrapper borrows the memory of `rows`, which outlives the call.
        painter.drawLines(_wrap(rows.ctypes.data, QLineF), len(rows))
    else:
        painter.drawLines([QLineF(*row) for row in rows.tolist()])


def draw_rects(painter: QPainter, rects: Floats, *, bulk: bool = True) -> None:
    """Draw rectangles given as rows (x, y, width, height), an array of shape (n, 4)."""
    rows = np.ascontiguousarray(rects, dtype=np.float64)
    if not len(rows):
        return
    if bulk and _wrap is not None:
        painter.drawRects(_wrap(rows.ctypes.data, QRectF), len(rows))
    else:
        painter.drawRects([QRectF(*row) for row in rows.tolist()])


def draw_points(painter: QPainter, points: Floats, *, bulk: bool = True) -> None:
    """Draw points given as rows (x, y), an array of shape (n, 2)."""
    rows = np.ascontiguousarray(points, dtype=np.float64)
    if not len(rows):
        return
    if bulk and _wrap is not None:
        # The wrapper borrows the memory of `rows`, which outlives the call.
        painter.drawPoints(_wrap(rows.ctypes.data, QPointF), len(rows))
    else:
        painter.drawPoints([QPointF(*row) for row in rows.tolist()])
