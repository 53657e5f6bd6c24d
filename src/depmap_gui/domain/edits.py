"""Edits: every change to a project as plain values, each with an exact inverse.

:meth:`depmap_gui.domain.document.Document.apply` is the one door through which they pass. The
builders below put together what a person means by one act (removing an item takes its links).
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterable, Mapping
from typing import Any

import msgspec

from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Record
from depmap_gui.domain.views import Point


class EditError(Exception):
    """An edit that cannot be made; the document is as it was before."""


class Add(msgspec.Struct, frozen=True, tag=True):
    """Put a new record into its section; ``rank`` is its old place when it comes back."""

    record: Record
    rank: int | None = None


class Remove(msgspec.Struct, frozen=True, tag=True):
    """Take a record out. An entity must have no links any more.

    ``leave_links`` is for undoing an addition: links ended there before the item was added.
    """

    section: Section
    id: str
    leave_links: bool = False


class SetField(msgspec.Struct, frozen=True, tag=True):
    """Give one field of one record a new value (typed as the field declares)."""

    section: Section
    id: str
    field: str
    value: Any


class SetHeader(msgspec.Struct, frozen=True, tag=True):
    """Give one field of the project's header a new value."""

    field: str
    value: Any


class Place(msgspec.Struct, frozen=True, tag=True):
    """Move items on one view; ``None`` takes an item's position away."""

    view: str
    positions: Mapping[str, Point | None]


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Several edits made together or not at all; ``label`` is the sentence of the history."""

    label: str
    edits: tuple[Edit, ...]


Edit = Add | Remove | SetField | SetHeader | Place | Batch


def weight(edit: Edit) -> int:
    """How many records and positions an edit touches at most."""
    match edit:
        case Batch(_, edits):
            return sum(map(weight, edits))
        case Place(_, positions):
            return len(positions)
        case SetField(Section.SCENARIOS, _, "changes", changes):
            return max(1, len(changes))
        case _:
            return 1


def removal(project: Project, ids: Iterable[str]) -> Batch:
    """Take entities and links out, with the links and positions that hang on them."""
    doomed = dict.fromkeys(ids)
    entities = {id for id in doomed if id in project.entities}
    links = [
        link.id
        for link in project.links.values()
        if link.id in doomed or link.source in entities or link.target in entities
    ]
    edits: list[Edit] = [Remove(Section.LINKS, id) for id in links]
    gone = {*entities, *links}
    edits += [edit for view in project.views for edit in leave_view(project, view, gone)]
    edits += [Remove(Section.ENTITIES, id) for id in doomed if id in entities]
    return Batch(_removal_label(project, list(doomed), len(links)), tuple(edits))


def leave_view(project: Project, view: str, gone: set[str]) -> list[Edit]:
    """What takes items and links off one view: positions, pins, places in groups, bends."""
    shown = project.views[view]
    groups = tuple(
        msgspec.structs.replace(g, members=kept)
        for g in shown.groups
        if (kept := tuple(m for m in g.members if m not in gone)) or not g.members
    )
    left = gone | ({g.id for g in shown.groups} - {g.id for g in groups})
    edits: list[Edit] = []
    placed: dict[str, Point | None] = {id: None for id in shown.positions if id in left}
    if placed:
        edits.append(Place(view, placed))
    for field in ("pinned", "hidden"):
        kept = tuple(id for id in getattr(shown, field) if id not in left)
        if kept != getattr(shown, field):
            edits.append(SetField(Section.VIEWS, view, field, kept))
    bends = {id: points for id, points in shown.bends.items() if id not in gone}
    if len(bends) < len(shown.bends):
        edits.append(SetField(Section.VIEWS, view, "bends", bends))
    if groups != shown.groups:
        edits.append(SetField(Section.VIEWS, view, "groups", groups))
    return edits


def _removal_label(project: Project, ids: list[str], links: int) -> str:
    if len(ids) == 1:
        return f"Remove {project.name(ids[0])}"
    entities = sum(id in project.entities for id in ids)
    return f"Remove {entities} items and {links} links" if entities else f"Remove {links} links"


_PREFIXES: dict[str, str] = {
    EntityKind.PLANT: "plant",
    EntityKind.COMPANY: "co",
    EntityKind.LICENSE: "lic",
    EntityKind.MATERIAL: "mat",
    EntityKind.JURISDICTION: "jur",
    **dict.fromkeys(LinkKind, "l"),
    Section.SOURCES: "s",
    Section.SCENARIOS: "sc",
    Section.VIEWS: "v",
}


def new_id(project: Project, what: EntityKind | LinkKind | Section) -> str:
    """An id that the project has never had: random, so that none is ever used again."""
    prefix = _PREFIXES[what]
    taken: list[Container[str]] = [project.entities, project.links]
    if isinstance(what, Section):
        taken.append(project.section(what))
    while any((id := f"{prefix}-{secrets.token_hex(4)}") in ids for ids in taken):
        continue
    return id
