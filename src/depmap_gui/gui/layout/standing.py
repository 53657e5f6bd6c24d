"""Cards, notes and frames as things that are moved: what a frame takes along, where all end up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Bends, Frame, Point, Rect, View
from depmap_gui.gui.layout.aligning import card_rect


class Standing(NamedTuple):
    """Where the cards (their centers) and the notes and frames (their rectangles) stand."""

    places: Mapping[str, Point]
    view: View

    def things(self, cards: Collection[str], boxes: Collection[str]) -> dict[str, Rect]:
        """The rectangles of what is to be lined up: these cards, notes and frames.

        What stands on one of these frames goes along with it and is no thing of its own; where
        that leaves a single thing, all that stands on it is meant instead.
        """
        rects = {id: card_rect(self.places[id]) for id in cards if id in self.places}
        rects |= {box.id: box.rect for box in self.view.boxes if box.id in boxes}
        chosen = [box for box in self.view.frames if box.id in boxes]
        along = {id for frame in chosen for id in self.on(frame)}
        outer = {id: rect for id, rect in rects.items() if id not in along}
        if len(outer) > 1 or not chosen:
            return outer
        return {id: rect for id, rect in rects.items() if id in along}

    def on(self, frame: Frame) -> set[str]:
        """What stands on a frame: cards by their middle, notes and frames by all of them."""
        left, top, width, height = frame.rect
        right, bottom = left + width, top + height
        found = {
            id for id, (x, y) in self.places.items() if left <= x <= right and top <= y <= bottom
        }
        for box in self.view.boxes:
            a, b, w, h = box.rect
            is_within = a >= left and b >= top and a + w <= right and b + h <= bottom
            if is_within and box.rect != frame.rect:
                found.add(box.id)
        return found


class Moved(NamedTuple):
    """New centers of cards, rectangles of notes and frames, and bends of links between both."""

    places: dict[str, Point]
    rects: dict[str, Rect]
    bends: dict[str, Bends]


def after_moving(standing: Standing, by: Mapping[str, Point], project: Project) -> Moved:
    """Where everything is when each thing has moved so far (right, down), frames with theirs.

    Links keep their bends where both ends have moved alike.
    """
    view = standing.view
    steps: dict[str, Point] = {}
    for frame in view.frames:
        if frame.id in by:
            steps |= dict.fromkeys(standing.on(frame), by[frame.id])
    steps |= by
    places = {
        id: _shifted(point, steps[id]) for id, point in standing.places.items() if id in steps
    }
    rects = {
        box.id: (*_shifted(box.rect[:2], steps[box.id]), *box.rect[2:])
        for box in view.boxes
        if box.id in steps
    }
    bends = {}
    for id, points in view.bends.items():
        link = project.links.get(id)
        step = steps.get(link.source) if link is not None else None
        if link is not None and step is not None and step == steps.get(link.target):
            bends[id] = tuple(_shifted(point, step) for point in points)
    return Moved(places, rects, bends)


def _shifted(point: Point, by: Point) -> Point:
    return (round(point[0] + by[0], 1), round(point[1] + by[1], 1))
