"""Many lines at once: each is laid down as hair lines side by side, all of a color in one call.

Drawn smoothly, Qt's hair lines cost a third to a tenth of what its broader ones do. They are
handed over band by band down the screen, so that the memory they touch stays near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    a list of colors; ``owners`` (n) the rows of the links they are of."""

    pieces: Floats
    widths: Floats
    inks: Ints
    owners: Ints


class Laid(NamedTuple):
    """Hair lines (n, 4) in map units with their inks and owners, in the order to draw them in."""

    pieces: Floats
    inks: Ints
    owners: Ints

    def some(self, rows: Ints) -> Laid:
        """Those of these rows, in their order."""
        pieces, inks, owners = self
        return Laid(pieces.take(rows, axis=0), inks.take(rows), owners.take(rows))


class Inked(NamedTuple):
    """Hair lines (n, 4) in map units of one ink."""

    ink: int
    pieces: Floats


NONE_LAID = Laid(np.zeros((0, 4)), np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))


def laid(lines: Lines, unit: float) -> Laid:
    """The lines as hair lines side by side, for a painter of ``unit`` device pixels a map unit."""
    pieces, of = _split(lines, unit)
    return _ordered(Laid(pieces, lines.inks[of], lines.owners[of]), unit)


def merged(first: Laid, second: Laid, unit: float) -> Laid:
    """All hair lines of both."""
    if not len(first.pieces):
        return second
    parts = (np.concatenate(both) for both in zip(first, second, strict=True))
    return _ordered(Laid(*parts), unit)


def _ordered(lines: Laid, unit: float) -> Laid:
    """The hair lines ink by ink, and those of an ink band by band down the screen."""
    if not len(lines.pieces):
        return lines
    height = lines.pieces[:, 1] * (unit / _BAND_PIXELS)
    # Numbers this short are sorted in one go.
    keys = np.clip(height - height.min(), 0, _MOST_BANDS - 1).astype(np.uint16)
    keys += lines.inks.astype(np.uint16) * _MOST_BANDS
    order = np.argsort(keys, kind="stable")
    return lines.some(order)


def by_ink(lines: Laid) -> tuple[Inked, ...]:
    """The hair lines, those of each ink together."""
    if not len(lines.pieces):
        return ()
    cuts = np.flatnonzero(np.diff(lines.inks)) + 1
    inks = lines.inks[np.r_[0, cuts]].tolist()
    return tuple(map(Inked, inks, np.split(lines.pieces, cuts)))


def draw(
    painter: QPainter,
    groups: Iterable[Inked],
    colors: Mapping[int, str],
    rough: Collection[int] = (),
) -> None:
    """Draw the hair lines, on a painter in map units.

    The ``rough`` inks are so faint that nobody sees whether their lines are smooth.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ink, pieces in groups:
        painter.setPen(QPen(color(colors[ink]), 0.0, c=Qt.PenCapStyle.FlatCap))
        if ink in rough:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            draw_lines(painter, pieces)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        else:
            draw_lines(painter, pieces)


def joined(parts: list[Lines]) -> Lines:
    """All of them as one."""
    return Lines(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _split(lines: Lines, unit: float) -> tuple[Floats, Ints]:
    """Lines of a hair's breadth in place of broader ones, and which line each stands for."""
    broad = np.flatnonzero(lines.widths > _THIN)
    if not len(broad):
        return lines.pieces, np.arange(len(lines.pieces))
    counts = np.ones(len(lines.widths), dtype=np.intp)
    counts[broad] = np.ceil((lines.widths[broad] - 1.0) / _APART).astype(np.intp) + 1
    of = np.repeat(np.arange(len(counts)), counts)
    pieces = lines.pieces[of]
    many = np.flatnonzero(counts[of] > 1)
    whose = of[many]
    strand = many - (np.cumsum(counts) - counts)[whose]
    spread = (lines.widths[whose] - 1.0) / unit
    pieces[many] = geometry.beside(pieces[many], spread * (strand / (counts[whose] - 1) - 0.5))
    return pieces, of


def heads(
    tips: Floats,
    away: Floats,
    long: Floats,
    wide: Floats,
    diamonds: npt.NDArray[np.bool_],
    unit: float,
    widest: float,
) -> Floats:
    """Arrow heads and diamonds as lines (n * k, 4): ``k`` hair lines side by side for each.

    ``tips`` (n, 2) are where they point to, ``away`` (n, 2) the directions back from there (of
    length 1), ``long`` and ``wide`` (n) the length and half the width in map units, at most
    ``widest``.
    """
    count = max(3, int(np.ceil(2.0 * widest * unit / _APART)))
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
