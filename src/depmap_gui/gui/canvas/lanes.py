"""Lanes: titled bands behind the cards, by tier, jurisdiction or owner.

They follow from where the cards stand and move none. Where cards of several lanes are mixed, each
boundary lies where it leaves the fewest cards on the wrong side; those are counted as astray.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Licenses, Operates, Owns
from depmap_gui.gui.canvas.camera import Camera, Rect
from depmap_gui.gui.canvas.scene import HALF, Floats, Ints, Scene
from depmap_gui.gui.layout.bands import Attribution, homes
from depmap_gui.gui.layout.layered import tier_of_each
from depmap_gui.gui.layout.network import network_of
from depmap_gui.gui.sight import LaneBy
from depmap_gui.gui.theme import Theme, color, mix, pixel_font

MOST_LANES = 24
_MARGIN = 28.0
_LEAST_SHOWN = 30.0
_LEAST_LETTERS = 5
_LONGEST_CHAIN = 50
_NONE = {LaneBy.JURISDICTION: "No jurisdiction", LaneBy.OWNER: "No owner"}
_OTHERS = "Others"


class Lane(NamedTuple):
    """A band in map units, infinite where it has no end.

    ``own`` is how many cards belong to it, ``astray`` how many of these stand elsewhere.
    """

    name: str
    rect: Rect
    own: int
    astray: int


def grouped(scene: Scene, by: LaneBy, attribution: Attribution | None = None) -> list[str]:
    """The name of the lane that each card belongs to, in the order of the scene's rows."""
    match by:
        case LaneBy.TIER:
            network = network_of(scene.project, scene.ids)
            tier = dict(zip(network.ids, tier_of_each(network).tolist(), strict=True))
            return [f"Tier {tier[id] + 1}" for id in scene.ids]
        case LaneBy.JURISDICTION:
            of = homes(scene.project, attribution)
        case LaneBy.OWNER:
            of = owners(scene.project)
    found = [scene.project.name(of[id]) if id in of else _NONE[by] for id in scene.ids]
    sizes = Counter(found).most_common()
    kept = {name for name, _ in sizes[: MOST_LANES - 1]} if len(sizes) > MOST_LANES else set(found)
    return [name if name in kept else _OTHERS for name in found]


def owners(project: Project) -> dict[str, str]:
    """The company (id) at the top of who owns most of each company, operates or licenses, by id.

    What nobody is stated to own is its own owner, where it is a company; other items whose owner
    is not stated are left out. Owners that own one another stand for themselves.
    """
    on_day = MapInForce(project, last_day(project.header.year))
    found: dict[str, str] = {}
    for id in project.entities:
        here, passed = id, {id}
        while len(passed) <= _LONGEST_CHAIN and (above := _next_above(on_day, here)) is not None:
            if above in passed:
                break
            passed.add(above)
            here = above
        is_company = project.entities[here].kind == "company"
        if is_company:
            found[id] = here
    return found


def _next_above(on_day: MapInForce, id: str) -> str | None:
    """Who owns most of the item; failing that, who operates it or grants it."""
    holdings = on_day.into(Owns, id)
    stated = [(_held(link), link.source) for link in holdings]
    if stated:
        return max(stated, key=lambda holding: holding[0])[1]
    others = [*on_day.into(Operates, id), *on_day.into(Licenses, id)]
    return others[0].source if others else None


def _held(link: Owns) -> float:
    """The votes held, or the share; one that is not stated comes after all that are."""
    known = link.votes if link.votes is not None else link.share
    return -1.0 if known is None else float(mode(known))


def lanes_of(scene: Scene, names: list[str], by: LaneBy) -> tuple[Lane, ...]:
    """The lanes of these groups: columns for tiers and owners, rows for jurisdictions.

    Groups that stand in boxes of their own, but not in one stack, have these boxes as lanes.
    """
    labels, group = np.unique(np.array(names), return_inverse=True)
    if len(labels) < 2:
        return ()
    axis = 1 if by is LaneBy.JURISDICTION else 0
    boxes = _boxes(scene.centers, group, len(labels))
    if not _apart(boxes[:, [axis, axis + 2]]) and _disjoint(boxes):
        grown = boxes + np.array([-_MARGIN, -_MARGIN, _MARGIN, _MARGIN])
        counts = np.bincount(group).tolist()
        return tuple(
            Lane(str(name), (box[0], box[1], box[2], box[3]), count, 0)
            for name, box, count in zip(labels, grown.tolist(), counts, strict=True)
        )
    return _stacked(scene.centers[:, axis], group, [str(name) for name in labels], axis)


def _boxes(centers: Floats, group: Ints, count: int) -> Floats:
    """Left, top, right and bottom (count, 4) of the cards of each group."""
    boxes = np.empty((count, 4))
    boxes[:, :2], boxes[:, 2:] = math.inf, -math.inf
    np.minimum.at(boxes[:, :2], group, centers - HALF)
    np.maximum.at(boxes[:, 2:], group, centers + HALF)
    return boxes


def _apart(spans: Floats) -> bool:
    """Whether none of the spans (g, 2) reaches into another."""
    ordered = spans[np.argsort(spans[:, 0])]
    return bool((ordered[1:, 0] >= ordered[:-1, 1]).all())


def _disjoint(boxes: Floats) -> bool:
    """Whether no two of the boxes overlap."""
    left, top, right, bottom = (boxes[:, side] for side in range(4))
    meet = (left[:, None] < right) & (right[:, None] > left)
    meet &= (top[:, None] < bottom) & (bottom[:, None] > top)
    return int(meet.sum()) == len(boxes)


def _stacked(along: Floats, group: Ints, labels: list[str], axis: int) -> tuple[Lane, ...]:
    """Bands one after the other along an axis, in the order of their cards' medians."""
    medians = np.array([np.median(along[group == number]) for number in range(len(labels))])
    order = np.argsort(medians, kind="stable")
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    place = rank[group]
    cuts = boundaries(along, place, len(labels))
    half = float(HALF[axis]) + _MARGIN
    edges = [float(along.min()) - half, *cuts, float(along.max()) + half]
    inside = np.searchsorted(np.array(cuts), along, side="right") == place
    made = []
    for number, label in enumerate(order.tolist()):
        low, high = edges[number], edges[number + 1]
        rect = (low, -math.inf, high, math.inf) if axis == 0 else (-math.inf, low, math.inf, high)
        own = place == number
        made.append(Lane(labels[label], rect, int(own.sum()), int((own & ~inside).sum())))
    return tuple(made)


def boundaries(along: Floats, place: Ints, count: int) -> list[float]:
    """The ``count - 1`` places that part the ranks of ``place`` (n) best, none before another."""
    order = np.argsort(along, kind="stable")
    sorted_along, sorted_place = along[order], place[order]
    found: list[float] = []
    for number in range(count - 1):
        after = sorted_place > number
        wrong_left = np.concatenate(([0], np.cumsum(after)))
        wrong_right = np.concatenate((np.cumsum(~after[::-1])[::-1], [0]))
        wrong = wrong_left + wrong_right
        best = np.flatnonzero(wrong == wrong.min())
        cut = int(best[len(best) // 2])
        low = sorted_along[max(0, cut - 1)]
        high = sorted_along[min(len(along) - 1, cut)]
        found.append(max(float(low + high) / 2, found[-1] if found else -math.inf))
    return found


# Painting --------------------------------------------------------------------------------------


def paint_lanes(
    painter: QPainter, lanes: tuple[Lane, ...], theme: Theme, zoom: float, seen: Rect
) -> None:
    """Draw the bands themselves, in map units: every other one tinted, a thin line between."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    tint = color(mix(theme.canvas, theme.text, 0.035))
    for number, lane in enumerate(lanes):
        rect = _within(lane.rect, seen)
        if rect.width() <= 0 or rect.height() <= 0:
            continue
        if number % 2 == 0:
            painter.fillRect(rect, tint)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color(theme.line_strong), 1.0 / zoom))
        painter.drawRect(rect.adjusted(0, 0, -1.0 / zoom, -1.0 / zoom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _within(rect: Rect, seen: Rect) -> QRectF:
    # A little beyond what is seen, so that the edges of endless bands are not.
    by = max(seen[2] - seen[0], seen[3] - seen[1]) * 0.1
    left, top = max(rect[0], seen[0] - by), max(rect[1], seen[1] - by)
    right, bottom = min(rect[2], seen[2] + by), min(rect[3], seen[3] + by)
    return QRectF(left, top, right - left, bottom - top)


def paint_titles(
    painter: QPainter,
    lanes: tuple[Lane, ...],
    theme: Theme,
    camera: Camera,
    area: QRectF,
) -> None:
    """Draw each lane's title at the edge of the area (in pixels) where the lane enters it."""
    font = pixel_font(theme.map_pixels(11), QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    taken: list[QRectF] = []
    # Of two titles that would meet, that of the larger lane stays.
    for lane in sorted(lanes, key=lambda lane: -lane.own):
        left, top = camera.to_widget((lane.rect[0], lane.rect[1]))
        right, bottom = camera.to_widget((lane.rect[2], lane.rect[3]))
        left, top = max(left, area.left()), max(top, area.top())
        right, bottom = min(right, area.right()), min(bottom, area.bottom())
        if right - left < _LEAST_SHOWN or bottom - top < metrics.height() + 6:
            continue
        whole = title(lane)
        words = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, right - left - 24)
        pill = QRectF(left + 6, top + 4, metrics.horizontalAdvance(words) + 14, 20)
        is_cut_short = words != whole and len(words) < _LEAST_LETTERS
        if is_cut_short or any(pill.intersects(other) for other in taken):
            continue
        taken.append(pill.adjusted(-2, -2, 2, 2))
        painter.setPen(QPen(color(theme.line), 1.0))
        painter.setBrush(color(theme.raised, 0.92))
        painter.drawRoundedRect(pill, 5, 5)
        painter.setPen(color(theme.muted))
        base = pill.top() + (20 + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(pill.left() + 7, base), words)


def title(lane: Lane) -> str:
    """What stands over a lane: its name, how many are its own, and how many stand elsewhere."""
    words = f"{lane.name} · {lane.own}"
    return f"{words} ({lane.astray} elsewhere)" if lane.astray else words
