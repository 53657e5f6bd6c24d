"""What a shock does to a scene, row by row, and how the links that carry it are drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.bulk import draw_lines
from depmap_gui.gui.canvas.connectors import curve
from depmap_gui.gui.canvas.haze import grain_of, paint_haze
from depmap_gui.gui.canvas.plans import MOST_PATHS
from depmap_gui.gui.canvas.scene import Bools, Floats, Ints, Rect, Scene
from depmap_gui.gui.canvas.shock_card import CardShock, loss_words
from depmap_gui.gui.numbers import percent
from depmap_gui.gui.shocks import ShockView
from depmap_gui.gui.theme import Theme, color, mix

_HALO = 8.0
_PIECES = 12
_MOST_BANDS = 200


class ShockMarks:
    """Losses by the rows of one scene: ``low`` and ``high`` (n), 0..1; ``carrying`` (m).

    ``count`` is how many items are hit; jurisdictions make nothing and are none of them.
    """

    def __init__(
        self, low: Floats, high: Floats, carrying: Bools, count: int, words: Mapping[int, str]
    ) -> None:
        self.low = low
        self.high = high
        self.carrying = carrying
        self.count = count
        self._words = words

    def of(self, row: int) -> CardShock | None:
        """What the card of a row loses; None where it is not hit."""
        low, high = float(self.low[row]), float(self.high[row])
        found = CardShock(low, high, self._words.get(row) or loss_words(low, high))
        return found if found.is_hit else None


def marks_of(scene: Scene, view: ShockView | None) -> ShockMarks | None:
    """What a shock does to the scene; None while nothing is known of one."""
    if view is None or view.result is None:
        return None
    low, high = np.zeros(len(scene.ids)), np.zeros(len(scene.ids))
    words: dict[int, str] = {}
    for id, left in view.result.available.items():
        row = scene.index.get(scene.fold.shown(id))
        if row is not None:
            # The card of a group shows the greatest loss among its items.
            low[row] = max(low[row], 1.0 - left.high)
            high[row] = max(high[row], 1.0 - left.low)
    for outage in view.result.outages:
        row = scene.index.get(outage.entity)
        if row is None:
            continue
        part = "" if outage.fraction == 1.0 else f" {percent(outage.fraction)}"
        if isinstance(scene.entities[row], Jurisdiction):
            words[row] = f"off{part}"
            low[row] = high[row] = outage.fraction if outage.channels else 0.0
        elif outage.fraction == 1.0:
            words[row] = "off"
    lines = set(map(scene.fold.shown, view.result.carrying))
    carrying = np.array([link.id in lines for link in scene.links], dtype=np.bool_)
    return ShockMarks(low, high, carrying, len(view.result.available), words)


def paint_carrying(
    painter: QPainter, scene: Scene, rows: Ints, theme: Theme, zoom: float, seen: Rect
) -> None:
    """Broad bands under the links of these rows: they carry a loss. In map units."""
    if not len(rows):
        return
    if len(rows) > _MOST_BANDS:
        grain = grain_of(scene, rows, zoom, seen)
        paint_haze(painter, scene, rows, theme, zoom, seen, grain, ink=theme.ineligible)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    broad = max(_HALO + 2.0, 5.0 / zoom)
    band = QPen(color(mix(theme.canvas, theme.ineligible, 0.34)), broad)
    band.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(band)
    if len(rows) <= MOST_PATHS:
        for row in rows.tolist():
            painter.drawPath(curve(scene, row))
        return
    pieces = scene.pieces(rows, _PIECES)
    pieces = pieces[geometry.near(pieces, seen)]
    draw_lines(painter, geometry.lengthened(pieces, broad * 0.1))
