"""Painting a scene: the ground, the links, their labels and the cards, only what is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from depmap_gui.gui.canvas.boxes import boxes_seen, paint_free_frames, paint_notes
from depmap_gui.gui.canvas.bulk import draw_rects
from depmap_gui.gui.canvas.camera import Camera
from depmap_gui.gui.canvas.card_pictures import CardPictures, look_of
from depmap_gui.gui.canvas.cards import MARGIN, Detail, detail_at, paint_card
from depmap_gui.gui.canvas.connectors import paint_link, paint_links
from depmap_gui.gui.canvas.focus import Focus
from depmap_gui.gui.canvas.frames import frames, paint_frames
from depmap_gui.gui.canvas.kept_lines import KeptLines
from depmap_gui.gui.canvas.labels import LABELS_FROM, LabelPictures, Labels, paint_labels
from depmap_gui.gui.canvas.lanes import Lane, paint_lanes
from depmap_gui.gui.canvas.pixels import blocks, dotted, opaque
from depmap_gui.gui.canvas.placement import COLUMN_OF, HEADINGS
from depmap_gui.gui.canvas.plans import Plan, planned
from depmap_gui.gui.canvas.scene import HALF, KINDS, Rect, Scene
from depmap_gui.gui.canvas.shock_marks import ShockMarks, paint_carrying
from depmap_gui.gui.layout.card_size import CARD_HEIGHT, CARD_WIDTH
from depmap_gui.gui.theme import Theme, Tone, color, mix, pixel_font

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

GRID = 24.0
_DIMMED = 0.74
_BLOCK_STEPS = 10
_MOST_WITH_HEADINGS = 200
_HEADING_GAP = 30.0


class LeftOut(NamedTuple):
    """Rows that are not drawn now because they are drawn elsewhere, such as what is dragged."""

    items: Bools
    links: Bools
    boxes: Bools


class Plans(NamedTuple):
    """How links are drawn: those that are lit, and those that a trace or a lens dims."""

    lit: Plan
    dimmed: Plan


class MapPainter:
    """Draws scenes in one theme; keeps the cards it has drawn.

    ``shock`` is what a shock does to the scene that is drawn next, ``focus`` what of it is not
    dimmed, ``lanes`` the bands behind it.
    """

    def __init__(
        self, theme: Theme, shock: ShockMarks | None = None, focus: Focus | None = None
    ) -> None:
        self.theme = theme
        self.shock = shock
        self.focus = focus
        self.lanes: tuple[Lane, ...] = ()
        self.cards = CardPictures(theme)
        self._lines, self._dimmed_lines = KeptLines(), KeptLines()
        self._labels = LabelPictures(theme)
        self._lacks_labels = False

    @property
    def is_rough(self) -> bool:
        """Whether anything was drawn in haste since drawing was begun anew."""
        return self.cards.is_rough or self._labels.is_rough or self._lacks_labels

    def begin(self) -> None:
        """A picture is drawn anew from here on."""
        self.cards.is_rough = self._labels.is_rough = self._lacks_labels = False

    def pictures(self, scene: Scene, labels: Labels, camera: Camera, on: QWidget) -> Iterator[None]:
        """Draw, one a step, the pictures of cards and words that a fine frame would lack."""
        area, scale = QRectF(on.rect()), on.devicePixelRatioF()
        seen = _map_rect(camera, area)
        if detail_at(camera.zoom) is not Detail.BLOCK:
            items = scene.items_in(_grown(seen, MARGIN))
            yield from self.cards.pictures(scene, camera.zoom, scale, items, self.shock)
        plan = self._planned(scene, scene.links_crossing(seen), camera.zoom, seen).lit
        if plan.is_labeled:
            shown = [label for label in labels.within(seen, camera.zoom) if plan.says(label.row)]
            yield
            yield from self._labels.pictures(scene, shown, camera.zoom, scale)

    def paint_ground(self, painter: QPainter, camera: Camera, area: QRectF) -> None:
        """Fill the area (in pixels) with the canvas color and its dots."""
        step = GRID * camera.zoom
        while step < 16.0:
            step *= 2.0
        if step > 200.0:
            painter.fillRect(area, color(self.theme.canvas))
            return
        first_x = (-camera.left * camera.zoom) % step
        first_y = (-camera.top * camera.zoom) % step
        left = first_x + np.floor((area.left() - first_x) / step) * step
        top = first_y + np.floor((area.top() - first_y) / step) * step
        x = np.arange(left, area.right() + step, step)
        y = np.arange(top, area.bottom() + step, step)
        theme = self.theme
        dotted(painter, area, theme.canvas, theme.dots, np.rint(x), np.rint(y))

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        labels: Labels | None,
        camera: Camera,
        area: QRectF,
        without: LeftOut | None = None,
        plans: Plans | None = None,
    ) -> Plans:
        """Draw what lies in the area (in pixels) on a painter whose unit is the pixel.

        Without ``labels`` none are drawn. Gives the plans it drew by: the ones given, for a part
        of a picture, or such as are best for the area.
        """
        seen = _map_rect(camera, area)
        if self.lanes:
            with _in_map_units(painter, camera):
                paint_lanes(painter, self.lanes, self.theme, camera.zoom, seen)
        self.paint_frames(painter, scene, camera, without, lifted=False)
        links = self._links_in(scene, seen, without)
        items = scene.items_in(_grown(seen, MARGIN))
        if without is not None:
            items = items[~without.items[items]]
        plans = plans or self._planned(scene, links, camera.zoom, seen)
        if (focus := self.focus) is not None:
            rest, unlit = items[~focus.items[items]], links[~focus.links[links]]
            self.paint_rows(
                painter, scene, camera, rest, unlit, seen, plans.dimmed, self._dimmed_lines
            )
            self.paint_notes(painter, scene, camera, without, lifted=False)
            painter.fillRect(area, color(self.theme.canvas, _DIMMED))
            items, links = items[focus.items[items]], links[focus.links[links]]
        self.paint_rows(painter, scene, camera, items, links, seen, plans.lit, self._lines)
        if labels is not None and plans.lit.is_labeled:
            is_hurried = self._lacks_labels = self.cards.is_hurried
            shown = labels.within(seen, camera.zoom, is_hurried=is_hurried)
            shown = [label for label in shown if plans.lit.says(label.row)]
            if without is not None:
                shown = [label for label in shown if not without.links[label.row]]
            if focus is not None:
                shown = [label for label in shown if focus.links[label.row]]
            self._labels.paint(painter, scene, shown, camera, is_hurried=is_hurried)
        if focus is None:
            self.paint_notes(painter, scene, camera, without, lifted=False)
        return plans

    def holds(
        self,
        plans: Plans,
        scene: Scene,
        camera: Camera,
        area: QRectF,
        without: LeftOut | None,
    ) -> bool:
        """Whether the area would be drawn by the same plans were it drawn anew."""
        seen = _map_rect(camera, area)
        links = self._links_in(scene, seen, without)
        anew = self._planned(scene, links, camera.zoom, seen)
        return all(
            old.is_labeled == new.is_labeled
            and (old.grain, old.slim) == (new.grain, new.slim)
            and np.array_equal(old.manners(links), new.manners(links))
            for old, new in zip(plans, anew, strict=True)
        )

    def _links_in(self, scene: Scene, seen: Rect, without: LeftOut | None) -> Ints:
        links = scene.links_crossing(seen)
        return links if without is None else links[~without.links[links]]

    def _planned(self, scene: Scene, links: Ints, zoom: float, seen: Rect) -> Plans:
        focus = self.focus
        if focus is None:
            plan = planned(scene, links, zoom, seen)
            return Plans(plan, plan)
        is_lit = focus.links[links]
        return Plans(
            planned(scene, links[is_lit], zoom, seen), planned(scene, links[~is_lit], zoom, seen)
        )

    def paint_frames(
        self,
        painter: QPainter,
        scene: Scene,
        camera: Camera,
        without: LeftOut | None,
        *,
        lifted: bool,
    ) -> None:
        """Draw frames, then those of groups: the ones that are ``lifted``, or all others.

        A group's frame is lifted with any of its items.
        """
        if scene.boxes:
            rows = _boxes(painter, scene, camera, without, lifted=lifted)
            with _in_map_units(painter, camera):
                paint_free_frames(painter, scene, rows, self.theme, camera.zoom)
        if not scene.groups:
            return
        shown = [
            frame
            for frame in frames(scene)
            if lifted is (without is not None and bool(without.items[list(frame.rows)].any()))
        ]
        with _in_map_units(painter, camera):
            paint_frames(painter, shown, self.theme, camera.zoom)

    def paint_notes(
        self,
        painter: QPainter,
        scene: Scene,
        camera: Camera,
        without: LeftOut | None,
        *,
        lifted: bool,
    ) -> None:
        """Draw the notes: those that are ``lifted``, or all others."""
        if scene.boxes:
            rows = _boxes(painter, scene, camera, without, lifted=lifted)
            with _in_map_units(painter, camera):
                paint_notes(painter, scene, rows, self.theme, camera.zoom)

    def paint_rows(
        self,
        painter: QPainter,
        scene: Scene,
        camera: Camera,
        items: Ints,
        links: Ints,
        seen: Rect,
        plan: Plan | None = None,
        kept: KeptLines | None = None,
    ) -> None:
        """Draw these cards and links, on a painter whose unit is the pixel."""
        with _in_map_units(painter, camera):
            self._paint_headings(painter, scene, camera)
            if self.shock is not None:
                carrying = links[self.shock.carrying[links]]
                paint_carrying(painter, scene, carrying, self.theme, camera.zoom, seen)
            paint_links(painter, scene, links, self.theme, camera.zoom, seen, plan, kept)
        if detail_at(camera.zoom) is Detail.BLOCK:
            self._paint_blocks(painter, scene, camera, items, seen)
            return
        self.cards.paint(painter, scene, camera, items, self.shock)

    def paint_vector(self, painter: QPainter, scene: Scene, labels: Labels, rect: Rect) -> None:
        """Draw everything in the rectangle in full, as lines and words, in map units."""
        boxes = boxes_seen(scene, rect)
        paint_free_frames(painter, scene, boxes, self.theme, 1.0)
        paint_frames(painter, frames(scene), self.theme, 1.0)
        self._paint_headings(painter, scene, Camera())
        for row in scene.links_in(rect).tolist():
            paint_link(painter, scene, row, self.theme)
        paint_labels(painter, scene, labels.within(rect), self.theme)
        for row in scene.items_in(rect).tolist():
            painter.save()
            x, y = scene.centers[row].tolist()
            painter.translate(x - HALF[0], y - HALF[1])
            paint_card(painter, look_of(scene, row, self.shock), self.theme, Detail.FULL)
            painter.restore()
        paint_notes(painter, scene, boxes, self.theme, 1.0)

    def _paint_blocks(
        self, painter: QPainter, scene: Scene, camera: Camera, items: Ints, seen: Rect
    ) -> None:
        """Cards from far away: one rectangle each."""
        low = scene.low[items]
        none = np.isnan(low)
        shades = np.round(np.nan_to_num(low) * _BLOCK_STEPS).astype(np.intp)
        keys = np.where(none, scene.kinds[items], len(KINDS) + shades)
        inks = [mix(self.theme.kind(kind), self.theme.canvas, 0.35) for kind in KINDS]
        inks += [
            mix(self.theme.exposure(step / _BLOCK_STEPS), self.theme.text, 0.08)
            for step in range(_BLOCK_STEPS + 1)
        ]
        tints = scene.tints[items]
        keys = np.where(tints >= 0, len(inks) + tints, keys)
        inks += [self.theme.fill(tone) for tone in Tone]
        words = np.array([opaque(ink) for ink in inks], dtype=np.uint32)[keys]
        corners = (scene.centers[items] - HALF - (camera.left, camera.top)) * camera.zoom
        left, top = camera.to_widget((seen[0], seen[1]))
        right, bottom = camera.to_widget((seen[2], seen[3]))
        area = QRectF(round(left), round(top), round(right - left), round(bottom - top))
        size = (CARD_WIDTH * camera.zoom, CARD_HEIGHT * camera.zoom)
        blocks(painter, area, corners, size, words)
        if self.shock is not None:
            rects = np.empty((len(items), 4))
            rects[:, :2] = np.round(corners)
            rects[:, 2:] = np.maximum(2.0, np.round(size))
            self._empty_blocks(painter, rects, self.shock.low[items])

    def _empty_blocks(
        self,
        painter: QPainter,
        rects: npt.NDArray[np.float64],
        lost: npt.NDArray[np.float64],
    ) -> None:
        """Leave of each block only a frame where it loses its output, from the right."""
        hit = lost > 0.0
        emptied = rects[hit]
        gone = np.round((emptied[:, 2] - 2.0) * lost[hit])
        emptied[:, 0] += emptied[:, 2] - 1.0 - gone
        emptied[:, 1] += 1.0
        emptied[:, 2] = gone
        emptied[:, 3] -= 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.theme.canvas))
        draw_rects(painter, emptied[(emptied[:, 2] > 0.0) & (emptied[:, 3] > 0.0)])

    def _paint_headings(self, painter: QPainter, scene: Scene, camera: Camera) -> None:
        if camera.zoom < LABELS_FROM or self.lanes:
            return
        painter.setFont(heading_font())
        painter.setPen(color(self.theme.muted))
        for x, y, words in headings(scene):
            painter.drawText(QPointF(x, y), words)


def heading_font() -> QFont:
    """The font of the words above a column of cards, in map units."""
    made = pixel_font(11, QFont.Weight.DemiBold)
    made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    return made


def headings(scene: Scene) -> list[tuple[float, float, str]]:
    """Words above each column, where the map keeps its kinds in columns: x, baseline y, words."""
    if not 3 < len(scene.ids) <= _MOST_WITH_HEADINGS:
        return []
    columns = np.array([COLUMN_OF[kind] for kind in KINDS])[scene.kinds]
    x, top = scene.centers[:, 0], float(scene.centers[:, 1].min()) - HALF[1]
    spans = []
    for column in np.unique(columns).tolist():
        of_column = x[columns == column]
        spans.append((float(of_column.min()), float(of_column.max()), column))
    spans.sort()
    narrow = all(right - left < CARD_WIDTH for left, right, _ in spans)
    apart = all(a[1] + CARD_WIDTH < b[0] for a, b in pairwise(spans))
    if not narrow or not apart or len(spans) < 2:
        return []
    return [
        (left - HALF[0], top - _HEADING_GAP, HEADINGS[column].upper()) for left, _, column in spans
    ]


class _in_map_units:  # noqa: N801 - reads as the `with` phrase that it is
    """While it holds, the painter's unit is the map's."""

    def __init__(self, painter: QPainter, camera: Camera) -> None:
        self._painter = painter
        self._camera = camera

    def __enter__(self) -> None:
        self._painter.save()
        self._painter.scale(self._camera.zoom, self._camera.zoom)
        self._painter.translate(-self._camera.left, -self._camera.top)

    def __exit__(self, *_fault: object) -> None:
        self._painter.restore()


def _boxes(
    painter: QPainter, scene: Scene, camera: Camera, without: LeftOut | None, *, lifted: bool
) -> list[int]:
    """Rows of the notes and frames in sight that are lifted, or of all others."""
    device = painter.device()
    rows = boxes_seen(scene, camera.visible(float(device.width()), float(device.height())))
    return [row for row in rows if lifted is (without is not None and bool(without.boxes[row]))]


def _map_rect(camera: Camera, area: QRectF) -> Rect:
    left, top = camera.to_map(area.left(), area.top())
    right, bottom = camera.to_map(area.right(), area.bottom())
    return (left, top, right, bottom)


def _grown(rect: Rect, by: float) -> Rect:
    return (rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by)
