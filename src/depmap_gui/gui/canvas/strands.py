"""Many lines at once: each is laid down as hair lines side by side, all of a color in one call.

Drawn smoothly, Qt's hair lines cost a third to a tenth of what its broader ones do. They are
handed over band by band down the screen, so that the memory they touch stays near.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.bulk import draw_lines
from depmap_gui.gui.theme import color

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_BAND_PIXELS = 48.0
_MOST_BANDS = 256
# How far apart hair lines lie that together look like one broader line, in device pixels.
_APART = 0.7
_THIN = 1.35


class Lines(NamedTuple):
    """Straight pieces (n, 4) in map units; ``widths`` (n) in device pixels; ``inks`` (n) rows of
    a list of colors."""

    pieces: Floats
    widths: Floats
    inks: Ints


def draw(
    painter: QPainter,
    lines: Lines,
    colors: list[str],
    unit: float,
    rough: Collection[int] = (),
) -> None:
    """Draw the lines, on a painter in map units of ``unit`` device pixels each.

    The ``rough`` inks are so faint that nobody sees whether their lines are smooth.
    """
    pieces, inks = _split(lines, unit)
    if not len(pieces):
        return
    height = pieces[:, 1] * (unit / _BAND_PIXELS)
    # Numbers this short are sorted in one go.
    keys = np.clip(height - height.min(), 0, _MOST_BANDS - 1).astype(np.uint16)
    keys += inks.astype(np.uint16) * _MOST_BANDS
    order = np.argsort(keys, kind="stable")
    pieces, inks = pieces[order], inks[order]
    cuts = np.flatnonzero(np.diff(inks)) + 1
    for group, ink in zip(np.split(pieces, cuts), inks[np.r_[0, cuts]].tolist(), strict=True):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, ink not in rough)
        pen = QPen(color(colors[ink]), 0.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        draw_lines(painter, group)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def joined(parts: list[Lines]) -> Lines:
    """All of them as one."""
    pieces, widths, inks = zip(*parts, strict=True)
    return Lines(np.concatenate(pieces), np.concatenate(widths), np.concatenate(inks))


def _split(lines: Lines, unit: float) -> tuple[Floats, Ints]:
    """Lines of a hair's breadth in place of broader ones, and their inks."""
    broad = np.flatnonzero(lines.widths > _THIN)
    if not len(broad):
        return lines.pieces, lines.inks
    counts = np.ones(len(lines.widths), dtype=np.intp)
    counts[broad] = np.ceil((lines.widths[broad] - 1.0) / _APART).astype(np.intp) + 1
    of = np.repeat(np.arange(len(counts)), counts)
    pieces = lines.pieces[of]
    many = np.flatnonzero(counts[of] > 1)
    whose = of[many]
    strand = many - (np.cumsum(counts) - counts)[whose]
    spread = (lines.widths[whose] - 1.0) / unit
    pieces[many] = geometry.beside(pieces[many], spread * (strand / (counts[whose] - 1) - 0.5))
    return pieces, lines.inks[of]


def heads(
    tips: Floats,
    away: Floats,
    long: Floats,
    wide: Floats,
    diamonds: npt.NDArray[np.bool_],
    unit: float,
) -> Floats:
    """Arrow heads and diamonds as lines (n * k, 4): ``k`` hair lines side by side for each.

    ``tips`` (n, 2) are where they point to, ``away`` (n, 2) the directions back from there (of
    length 1), ``long`` and ``wide`` (n) the length and half the width in map units.
    """
    count = max(3, int(np.ceil(2.0 * float(wide.max(initial=0.0)) * unit / _APART)))
    share = np.linspace(-1.0, 1.0, count)
    # The outermost lines lie half their breadth within.
    inner = np.maximum(0.0, wide - 0.5 / unit)[:, None] * share
    near = long[:, None] * np.abs(share)
    far = np.where(diamonds[:, None], long[:, None] * (2.0 - np.abs(share)), long[:, None])
    aside = np.stack((-away[:, 1], away[:, 0]), axis=1)
    base = tips[:, None] + aside[:, None] * inner[..., None]
    rows = np.concatenate(
        (base + away[:, None] * near[..., None], base + away[:, None] * far[..., None]), axis=2
    )
    return rows.reshape(-1, 4)
