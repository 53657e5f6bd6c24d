"""Items taken from one map and put into the same or another: what is carried, what comes of it.

What is carried is a small project file: the chosen items, every link that ends at one of them,
the sources they cite and where they stood. It is read with all the checks of a project file.

A copy keeps what it depends on (links that arrive at it), and none of what depends on it: those
links would count a delivery twice and change other items' scores. What was cut out keeps both,
once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from depmap_gui.domain.edits import Add, new_id
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Company, Jurisdiction, Source
from depmap_gui.domain.views import Point, View
from depmap_gui.project.faults import ProjectFileError
from depmap_gui.project.file import parse_project, project_bytes
from depmap_gui.session.clip_view import carried_view

_KEY = "clipboard"
_VIEW = "places"


class ClipboardError(Exception):
    """What is on the clipboard cannot be pasted; the sentence says why."""


class Clip(msgspec.Struct, frozen=True):
    """What is carried. ``origin`` names the open map it came from, ``token`` this very copy.

    ``project`` also holds the countries that its links lead to; only ``items`` are to be pasted.
    """

    project: Project
    items: tuple[str, ...]
    origin: str
    token: str
    is_cut: bool = False

    @property
    def view(self) -> View:
        """What the view held of the items: places, groups and bends; and the notes and frames."""
        return self.project.views.get(_VIEW) or View(id=_VIEW)

    @property
    def places(self) -> Mapping[str, Point]:
        """Where the items stood."""
        return self.view.positions


class Pasting(msgspec.Struct, frozen=True):
    """What pasting does: the records to add in order, the new id of each item, and remarks.

    ``new_links`` lead from the carried links to the ids of the new ones. ``met`` are items of the
    map that stand for carried ones: a map has each country once.
    """

    additions: tuple[Add, ...]
    new_ids: Mapping[str, str]
    new_links: Mapping[str, str]
    met: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class _Stamp(msgspec.Struct, frozen=True):
    """What a carried project says of itself in its header."""

    items: tuple[str, ...]
    origin: str
    token: str
    cut: bool = False


def taken(
    project: Project,
    items: Collection[str],
    places: Mapping[str, Point],
    *,
    origin: str,
    token: str,
    is_cut: bool = False,
    view: View | None = None,
    boxes: Collection[str] = (),
) -> Clip:
    """The chosen items as they are carried, with what the view holds of them.

    ``boxes`` are notes and frames of the view. Ids that are no items are left out.
    """
    chosen = {id: entity for id, entity in project.entities.items() if id in set(items)}
    links = {
        link.id: link
        for link in project.links.values()
        if link.source in chosen or link.target in chosen
    }
    ends = {end for link in links.values() for end in (link.source, link.target)}
    countries = {
        place.id: place
        for place in project.of_kind(Jurisdiction)
        if place.id in ends and place.id not in chosen
    }
    records = [*chosen.values(), *links.values()]
    cited = {id for record in records for id in cited_by(record)}
    carried = Project(
        header=Header(title=project.header.title, currency=project.header.currency),
        entities={**chosen, **countries},
        links=links,
        sources={id: source for id, source in project.sources.items() if id in cited},
        views={_VIEW: carried_view(_VIEW, view or View(id=_VIEW), places, chosen, links, boxes)},
    )
    return Clip(carried, tuple(chosen), origin, token, is_cut)


def clip_bytes(clip: Clip) -> bytes:
    """The clip as a project file. Raises ValueError for a value that no file can hold."""
    stamp = _Stamp(clip.items, clip.origin, clip.token, clip.is_cut)
    extra = {_KEY: msgspec.to_builtins(stamp)}
    header = msgspec.structs.replace(clip.project.header, extra=extra)
    return project_bytes(msgspec.structs.replace(clip.project, header=header))


def read_clip(content: bytes) -> Clip:
    """The clip of some bytes. Raises ClipboardError with a sentence for anything else."""
    try:
        project = parse_project(content)
    except ProjectFileError as refusal:
        fault = refusal.faults[0]
        raise ClipboardError(f"What is on the clipboard cannot be read: {fault}") from None
    try:
        stamp = msgspec.convert(project.header.extra.get(_KEY), _Stamp)
    except msgspec.ValidationError:
        raise ClipboardError("What is on the clipboard does not say which items it has.") from None
    if missing := [id for id in stamp.items if id not in project.entities]:
        raise ClipboardError(f"What is on the clipboard lacks the item '{missing[0]}' it names.")
    clip = Clip(project, stamp.items, stamp.origin, stamp.token, stamp.cut)
    if len(set(stamp.items)) != len(stamp.items) or not (stamp.items or clip.view.boxes):
        raise ClipboardError("What is on the clipboard names no items, or one of them twice.")
    return clip


def pasting(project: Project, clip: Clip, *, is_same: bool, moves: bool) -> Pasting:
    """What pasting the clip into the project adds, each record under a new id.

    ``is_same``: it was taken from this open map, so that ids mean the same items. ``moves``: what
    was cut out is put back for the first time, and keeps the links to what depends on it.
    """
    new = _NewIds(project)
    ends, met = _ends(project, clip, new, is_same=is_same)
    added = {id: ends[id] for id in clip.items if id not in met}
    sources = _Sources(project, clip.project.sources, new)
    additions = [
        Add(_renewed(clip.project.entities[id], {"id": fresh}, sources))
        for id, fresh in added.items()
    ]
    links, new_links, lost = [], {}, 0
    for link in clip.project.links.values():
        source, target = ends.get(link.source), ends.get(link.target)
        leaves = link.source in added and link.target not in added
        if not {link.source, link.target} & added.keys() or (leaves and not moves):
            continue
        if source is None or target is None:
            lost += 1
            continue
        new_links[link.id] = new.of(link.kind)
        fresh = {"id": new_links[link.id], "source": source, "target": target}
        links.append(Add(_renewed(link, fresh, sources)))
    return Pasting(
        (*map(Add, sources.new), *additions, *links),
        added,
        new_links,
        tuple(ends[id] for id in met),
        tuple(_remarks(project, clip, lost, len(sources.new))),
    )


def _remarks(project: Project, clip: Clip, lost: int, sources: int) -> list[str]:
    made = []
    if sources:
        made.append("1 source came along." if sources == 1 else f"{sources} sources came along.")
    if lost:
        some = "1 link leads" if lost == 1 else f"{lost} links lead"
        made.append(f"{some} to what is not on this map, and stayed behind.")
    theirs, ours = clip.project.header.currency, project.header.currency
    if theirs != ours:
        made.append(f"Amounts are as they were: in {theirs}, and this map is in {ours}.")
    return made


class _NewIds:
    """Ids that the project has never had, none given twice."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._given: set[str] = set()

    def of(self, what: EntityKind | LinkKind | Section) -> str:
        """A further one."""
        while (id := new_id(self._project, what)) in self._given:
            continue
        self._given.add(id)
        return id


def _ends(
    project: Project, clip: Clip, new: _NewIds, *, is_same: bool
) -> tuple[dict[str, str], list[str]]:
    """The id on the map for each end of a carried link, and the items that are there already."""
    by_code = {place.code: place.id for place in project.of_kind(Jurisdiction) if place.code}
    found: dict[str, str] = {}
    met = []
    for id in clip.items:
        entity = clip.project.entities[id]
        if isinstance(entity, Jurisdiction) and entity.code in by_code:
            found[id] = by_code[entity.code]
            met.append(id)
        else:
            found[id] = new.of(entity.kind)
    for link in clip.project.links.values():
        for id in (link.source, link.target):
            outside = clip.project.entities.get(id)
            if id in found:
                continue
            if isinstance(outside, Jurisdiction) and outside.code in by_code:
                found[id] = by_code[outside.code]
            elif is_same and id in project.entities:
                found[id] = id
    return found, met


class _Sources:
    """What a cited source is called on the map: the one there that says the same, or a new one."""

    def __init__(self, project: Project, carried: Mapping[str, Source], new: _NewIds) -> None:
        self._known = {_content(source): id for id, source in project.sources.items()}
        self._taken = set(project.sources)
        self._carried = carried
        self._fresh = new.of
        self.new: list[Source] = []

    def __call__(self, id: str) -> str | None:
        """The id on the map; None where nothing was carried under that id."""
        source = self._carried.get(id)
        if source is None:
            return None
        content = _content(source)
        if content not in self._known:
            kept = id if id not in self._taken else self._fresh(Section.SOURCES)
            self.new.append(msgspec.structs.replace(source, id=kept))
            self._taken.add(kept)
            self._known[content] = kept
        return self._known[content]


def _content(source: Source) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(source, id=""), order="sorted")


def cited_by(record: AnyEntity | AnyLink) -> list[str]:
    """Ids of the sources that a record names."""
    declared = record.declared.get("source") if isinstance(record, Company) else None
    return [*record.sources, *([declared] if declared else [])]


def _renewed(
    record: Any, changes: dict[str, str], source: Callable[[str], str | None]
) -> AnyEntity | AnyLink:
    """The record under a new id, citing the map's sources."""
    cited = tuple(known for id in record.sources if (known := source(id)) is not None)
    further: dict[str, Any] = {"sources": cited}
    if isinstance(record, Company) and (named := record.declared.get("source")):
        known = source(named)
        kept = {key: value for key, value in record.declared.items() if key != "source"}
        further["declared"] = {**kept, "source": known} if known is not None else kept
    made: AnyEntity | AnyLink = msgspec.structs.replace(record, **changes, **further)
    return made
