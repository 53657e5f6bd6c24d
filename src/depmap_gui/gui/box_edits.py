"""Edits of a view's notes, frames and bends: each gives the parts of one step of the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from depmap_gui.domain.edits import Edit, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import FARTHEST, Bends, Box, Frame, Note, Point, Rect, View

_LEAST = 1.0


def ids_taken(project: Project, view: View) -> set[str]:
    """The ids that a further note or frame of the view cannot have."""
    found = {"", *project.entities, *project.links}
    for each in project.views.values():
        found |= {box.id for box in each.boxes} | {group.id for group in each.groups}
    return found | {box.id for box in view.boxes} | {group.id for group in view.groups}


def with_boxes(view: View, boxes: Iterable[Box]) -> list[Edit]:
    """These notes and frames are on the view, in the place of those of the same ids."""
    given = {box.id: box for box in boxes}
    known = {box.id for box in view.boxes}
    further = [box for id, box in given.items() if id not in known]
    notes = [given.get(note.id, note) for note in view.notes]
    frames = [given.get(frame.id, frame) for frame in view.frames]
    notes += [box for box in further if isinstance(box, Note)]
    frames += [box for box in further if isinstance(box, Frame)]
    return _changes(view, {"notes": tuple(notes), "frames": tuple(frames)})


def without_boxes(view: View, ids: Collection[str]) -> list[Edit]:
    """These notes and frames are no longer on the view."""
    return _changes(
        view,
        {
            "notes": tuple(note for note in view.notes if note.id not in ids),
            "frames": tuple(frame for frame in view.frames if frame.id not in ids),
        },
    )


def with_rects(view: View, rects: Mapping[str, Rect]) -> list[Edit]:
    """These notes and frames stand elsewhere, or are of another size."""
    return with_boxes(
        view,
        [
            msgspec.structs.replace(box, rect=rects[box.id])
            for box in view.boxes
            if box.id in rects and box.rect != rects[box.id]
        ],
    )


def with_bends(view: View, bends: Mapping[str, Bends]) -> list[Edit]:
    """These links pass these points; those without any run as they will."""
    after = {**view.bends, **bends}
    kept = {id: points for id, points in after.items() if points}
    return _changes(view, {"bends": kept})


def rounded_rect(left: float, top: float, right: float, bottom: float) -> Rect:
    """The rectangle between two corners as a file holds it: to a tenth, and within its range."""
    left, right = sorted((_within(left), _within(right)))
    top, bottom = sorted((_within(top), _within(bottom)))
    return (left, top, max(_LEAST, round(right - left, 1)), max(_LEAST, round(bottom - top, 1)))


def rounded_points(points: Iterable[Point]) -> Bends:
    """Points as a file holds them."""
    return tuple((_within(x), _within(y)) for x, y in points)


def _within(value: float) -> float:
    return round(min(FARTHEST, max(-FARTHEST, float(value))), 1)


def _changes(view: View, fields: Mapping[str, object]) -> list[Edit]:
    return [
        SetField(Section.VIEWS, view.id, field, value)
        for field, value in fields.items()
        if value != getattr(view, field)
    ]
