"""What a view of the map holds: where items stand, what is hidden, and what else is drawn there.

Coordinates are those of the map: x to the right, y down, one unit a pixel at 100 %.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import msgspec

from depmap_gui.domain.fields import FieldType, about
from depmap_gui.domain.kinds import Section

FARTHEST = 10_000_000.0
"""How far from the middle of the map, and how long, anything drawn by hand may be."""

Words = tuple[str, ...]
Point = tuple[float, float]
_Place = Annotated[float, msgspec.Meta(ge=-FARTHEST, le=FARTHEST)]
_Length = Annotated[float, msgspec.Meta(gt=0.0, le=FARTHEST)]
Rect = tuple[_Place, _Place, _Length, _Length]
"""Left, top, width and height."""
Bends = tuple[tuple[_Place, _Place], ...]
"""The points that a link passes on its way, from its source on."""


class Tint(StrEnum):
    """The color of a note or frame; what it looks like is the theme's to say."""

    GRAY = "gray"
    BLUE = "blue"
    GREEN = "green"
    PURPLE = "purple"
    AMBER = "amber"
    RED = "red"


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Items kept together on one view."""

    id: str
    name: str = ""
    members: Words = ()
    collapsed: bool = False
    extra: dict[str, Any] = {}


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A box with words of one's own, over the map."""

    id: str
    text: str = ""
    rect: Rect
    tint: Tint = Tint.AMBER
    extra: dict[str, Any] = {}

    @property
    def words(self) -> str:
        """What is written on it."""
        return self.text


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A titled rectangle behind the items, such as "Phase 2"; what stands on it is inside."""

    id: str
    title: str = ""
    rect: Rect
    tint: Tint = Tint.GRAY
    extra: dict[str, Any] = {}

    @property
    def words(self) -> str:
        """What is written on it."""
        return self.title


Box = Note | Frame


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to look at the map: what is shown, and where.

    ``hidden`` names kinds of items and links, single ids, and :data:`NOTES` or :data:`FRAMES`.
    ``bends`` has the points a link passes, by its id; ``viewport`` is the part last looked at.
    """

    section: ClassVar[Section] = Section.VIEWS

    id: str
    name: Annotated[str, about(FieldType.TEXT, "Name", "What the view is called.")] = ""
    positions: dict[str, Point] = {}
    pinned: Words = ()
    groups: tuple[Group, ...] = ()
    color_by: Annotated[
        str, about(FieldType.TEXT, "Color by", "The score the items are colored by.")
    ] = ""
    hidden: Words = ()
    notes: tuple[Note, ...] = ()
    frames: tuple[Frame, ...] = ()
    bends: dict[str, Bends] = {}
    viewport: tuple[float, float, float, float] | None = None
    extra: dict[str, Any] = {}

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Frames and notes, as they lie over one another."""
        return (*self.frames, *self.notes)


NOTES, FRAMES = "note", "frame"
"""How a view's ``hidden`` names all notes, and all frames."""


def new_box_id(taken: Collection[str], what: type[Note | Frame]) -> str:
    """An id for a new note or frame that is none of these."""
    prefix = "n" if what is Note else "f"
    while (id := f"{prefix}-{secrets.token_hex(4)}") in taken:
        continue
    return id


def shows_box(view: View, box: Box) -> bool:
    """Whether the view shows the note or frame."""
    kind = NOTES if isinstance(box, Note) else FRAMES
    return kind not in view.hidden and box.id not in view.hidden
