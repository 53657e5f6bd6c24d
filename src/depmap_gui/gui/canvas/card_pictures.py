"""Cards as they were drawn lately, row by row; in haste, cards of another size stand in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.cards import MARGIN, CardLook, Sprites
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.canvas.shock_marks import ShockMarks
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.theme import Theme

Ints = npt.NDArray[np.intp]

_KEPT_PIXELS = 24_000_000
_MOST_STRETCHED = 1.9
"""How many times larger or smaller a picture is drawn at most, for it to stand in."""


class CardPictures:
    """Draws the cards of a scene in one theme, each from a picture.

    ``is_hurried`` says that a frame had better be fast than fine, as while one zooms: a card may
    then be a stretched picture of another size. ``is_rough`` tells that one was.
    """

    def __init__(self, theme: Theme) -> None:
        self.is_hurried = False
        self.is_rough = False
        self._sprites = Sprites(theme)
        self._pictures: dict[int, QPixmap] = {}
        self._zoom = 1.0
        self._older: dict[int, QPixmap] = {}
        self._older_zoom = 1.0
        self._is_fine = True
        self._state: object = None

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        camera: Camera,
        items: Ints,
        shock: ShockMarks | None,
    ) -> None:
        """Draw the cards of these rows, on a painter whose unit is the pixel."""
        scale = painter.device().devicePixelRatioF()
        unit = camera.zoom * scale
        shift = (-camera.left - HALF[0] - MARGIN, -camera.top - HALF[1] - MARGIN)
        corners = np.round((scene.centers[items] + shift) * unit) / scale
        self._look_after(scene, shock, camera.zoom, scale)
        self._is_fine |= not self.is_hurried
        kept, older = self._pictures, self._older if self.is_hurried else {}
        grown = camera.zoom / self._older_zoom
        if older and not 1.0 / _MOST_STRETCHED <= grown <= _MOST_STRETCHED:
            older = {}
        for row, (x, y) in zip(items.tolist(), corners.tolist(), strict=True):
            picture = kept.get(row)
            if picture is None and (other := older.get(row)) is not None:
                self.is_rough, self._is_fine = True, False
                size = other.deviceIndependentSize() * grown
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                target = QRectF(x, y, size.width(), size.height())
                painter.drawPixmap(target, other, QRectF(other.rect()))
                continue
            if picture is None:
                look = look_of(scene, row, shock)
                if older:
                    # New in sight: what it says can wait as well.
                    self.is_rough, self._is_fine = True, False
                    picture = self._sprites.ground(look, camera.zoom, scale)
                else:
                    picture = kept[row] = self._sprites.get(look, camera.zoom, scale)
            painter.drawPixmap(QPointF(x, y), picture)

    def pictures(
        self, scene: Scene, zoom: float, scale: float, items: Ints, shock: ShockMarks | None
    ) -> Iterator[None]:
        """Draw, one a step, the cards of these rows that are not kept at this zoom."""
        self._look_after(scene, shock, zoom, scale)
        kept = self._pictures
        for row in items.tolist():
            if row not in kept:
                kept[row] = self._sprites.get(look_of(scene, row, shock), zoom, scale)
                yield

    def _look_after(
        self, scene: Scene, shock: ShockMarks | None, zoom: float, scale: float
    ) -> None:
        """Let go of pictures of what looks otherwise now; keep those of another size for a time."""
        state = (scene.serial, scene.looks, shock, scale)
        if state != self._state:
            self._pictures, self._older, self._state, self._zoom = {}, {}, state, zoom
        elif zoom != self._zoom:
            # A frame drawn in haste has few of its own: the last fine one stands in for more.
            if self._is_fine:
                self._older, self._older_zoom = self._pictures, self._zoom
            self._pictures, self._zoom, self._is_fine = {}, zoom, True
        most = _KEPT_PIXELS / max(1.0, CARD_WIDTH * CARD_HEIGHT * (zoom * scale) ** 2)
        if len(self._pictures) > most:
            self._pictures = {}


def look_of(scene: Scene, row: int, shock: ShockMarks | None = None) -> CardLook:
    """All that the card of a row shows, in a shock where one is on."""
    badge = scene.badges.get(scene.ids[row])
    return CardLook(
        scene.entities[row].kind,
        scene.name(row),
        scene.context(row),
        float(scene.low[row]),
        float(scene.high[row]),
        badge.tone if badge else None,
        shock.of(row) if shock is not None else None,
        is_group=scene.ids[row] in scene.fold.inner,
        is_tinted=bool(scene.tints[row] >= 0),
    )
