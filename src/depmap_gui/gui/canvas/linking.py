"""Which links two items allow, and a new link of a kind."""

from __future__ import annotations

from typing import NamedTuple

from depmap_gui.domain.edits import new_id
from depmap_gui.domain.fields import Field, field_of
from depmap_gui.domain.kinds import ROLES_BY_TARGET, LinkKind, permitted_links
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    LINK_CLASSES,
    AnyLink,
    Lends,
    Licenses,
    Located,
    Owns,
    Supplies,
    Uses,
)

WORDS = {
    LinkKind.LOCATED: "is home or site of",
    LinkKind.OWNS: "owns a share of",
    LinkKind.LENDS: "lends to",
    LinkKind.OPERATES: "operates",
    LinkKind.SUPPLIES: "supplies",
    LinkKind.LICENSES: "grants technology under",
    LinkKind.USES: "is used by",
}
"""Each kind of link as the verb between its two ends."""


class Offer(NamedTuple):
    """A link that could be drawn."""

    kind: LinkKind
    source: str
    target: str


def offers(project: Project, source: str, target: str) -> list[Offer]:
    """The links that may run between two items, most likely first; the wanted direction leads.

    Only where none may run from ``source`` to ``target`` are those the other way offered.
    """
    if source == target:
        return []
    ends = project.entities[source].kind, project.entities[target].kind
    forward = [Offer(kind, source, target) for kind in permitted_links(*ends)]
    if forward:
        return forward
    return [Offer(kind, target, source) for kind in permitted_links(ends[1], ends[0])]


def new_first(project: Project, found: list[Offer]) -> list[Offer]:
    """The offers with those last that say what a link between the two ends says already."""
    if len(found) < 2:
        return found
    ends = {found[0].source, found[0].target}
    drawn = {link.kind for link in project.links.values() if {link.source, link.target} == ends}
    return sorted(found, key=lambda offer: offer.kind in drawn)


def sentence(project: Project, offer: Offer) -> str:
    """The offer in words: 'Maker Inc. operates Works'."""
    return f"{project.name(offer.source)} {WORDS[offer.kind]} {project.name(offer.target)}"


def new_link(project: Project, offer: Offer) -> AnyLink:
    """A link as offered, with a new id and the usual role where it has one."""
    id = new_id(project, offer.kind)
    if offer.kind is LinkKind.LOCATED:
        role = ROLES_BY_TARGET[project.entities[offer.target].kind][0]
        return Located(id=id, source=offer.source, target=offer.target, role=role)
    return LINK_CLASSES[offer.kind](id=id, source=offer.source, target=offer.target)


def figure_field(link: AnyLink) -> Field | None:
    """The figure that is typed on the link itself; None where it has none worth typing."""
    match link:
        case Supplies():
            return field_of(Supplies, "cost")
        case Owns() | Lends() | Licenses() | Uses():
            return field_of(type(link), "share")
        case _:
            return None
