"""What was read into a map that is there already, as one edit that claims no more than it must.

What the map has under the same id, kind and name is the same; its empty fields are filled, and
where the two differ the map's word stands and the difference is told.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from depmap_gui.domain.edits import Add, Batch, Edit, Place, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Jurisdiction, Located, Source
from depmap_gui.domain.views import Point
from depmap_gui.exchange.formats.results import LeftOut, Reading

_GAP = 400.0
"""Between what the map has and what comes beside it, in units of the map."""

_IDENTITY = ("id", "kind", "source", "target", "extra")


class Joined(msgspec.Struct, frozen=True):
    """An edit that takes a file in; None where the map says all of it already."""

    edit: Batch | None
    added: dict[str, int]
    filled: int
    unchanged: int
    left_out: tuple[LeftOut, ...]


def joined(project: Project, reading: Reading) -> Joined:
    """The edit that brings what was read into the map."""
    return _Joining(project, reading).run()


class _Joining:
    def __init__(self, project: Project, reading: Reading) -> None:
        self._project, self._reading = project, reading
        self._edits: list[Edit] = []
        self._added: Counter[str] = Counter()
        self._filled = self._unchanged = 0
        self._left_out: list[LeftOut] = []
        self._ids: dict[str, str] = {}
        self._taken = set(project.entities) | set(project.links)
        self._new: set[str] = set()

    def run(self) -> Joined:
        read, project = self._reading.project, self._project
        sources = {id: self._source(source) for id, source in read.sources.items()}
        places = {entity.code: entity.id for entity in project.of_kind(Jurisdiction) if entity.code}
        for entity in read.entities.values():
            self._entity(_resourced(entity, sources), places)
        located = {
            (link.source, link.target, link.role)
            for link in project.links.values()
            if isinstance(link, Located)
        }
        for link in read.links.values():
            self._link(_resourced(link, sources), located)
        self._scenarios()
        self._views()
        label = f"Import {self._reading.name}"
        return Joined(
            Batch(label, tuple(self._edits)) if self._edits else None,
            dict(self._added),
            self._filled,
            self._unchanged,
            tuple(self._left_out),
        )

    def _source(self, source: Source) -> str:
        """The id under which the map has or gets a source."""
        have = self._project.sources
        id, number = source.id, 2
        while id in have and msgspec.structs.replace(have[id], id=source.id) != source:
            id = f"{source.id}-{number}"
            number += 1
        if id not in have:
            self._edits.append(Add(msgspec.structs.replace(source, id=id)))
            self._added["source"] += 1
        return id

    def _entity(self, entity: AnyEntity, places: dict[str, str]) -> None:
        if isinstance(entity, Jurisdiction) and entity.code in places:
            self._ids[entity.id] = places[entity.code]
            self._unchanged += 1
            return
        there = self._project.entities.get(entity.id)
        if there is not None and self._is_same(there, entity):
            self._ids[entity.id] = entity.id
            self._fill(Section.ENTITIES, there, entity)
            return
        id = self._free(entity.id)
        self._ids[entity.id] = id
        self._new.add(entity.id)
        self._add(msgspec.structs.replace(entity, id=id))

    def _is_same(self, there: AnyEntity, entity: AnyEntity) -> bool:
        if there.kind is not entity.kind:
            return False
        return self._reading.has_lasting_ids or there.name == entity.name

    def _link(self, link: AnyLink, located: set[tuple[str, str, Any]]) -> None:
        ends = {"source": self._ids[link.source], "target": self._ids[link.target]}
        link = msgspec.structs.replace(link, **ends)
        if isinstance(link, Located):
            key = (link.source, link.target, link.role)
            if key in located:
                self._unchanged += 1
                return
            located.add(key)
        there = self._project.links.get(link.id)
        is_same = (
            there is not None
            and there.kind is link.kind
            and (there.source, there.target) == (link.source, link.target)
        )
        if there is not None and is_same:
            self._fill(Section.LINKS, there, link)
            return
        self._add(msgspec.structs.replace(link, id=self._free(link.id)))

    def _fill(
        self, section: Section, there: AnyEntity | AnyLink, read: AnyEntity | AnyLink
    ) -> None:
        """Fill what the map leaves open; tell where it says otherwise."""
        filled = False
        for info in msgspec.structs.fields(read):
            name = info.name
            have, given = getattr(there, name), getattr(read, name)
            if name in _IDENTITY or given == have or given == _default(info):
                continue
            if name == "name" and given == read.id:
                continue  # the file knows no name, and called it by its id
            is_open = have == _default(info) or (name == "name" and have == there.id)
            if name in ("sources", "tags"):
                given = tuple(dict.fromkeys((*have, *given)))
                is_open = True
            elif name == "notes":
                given = "\n".join(dict.fromkeys((*have.splitlines(), *given.splitlines())))
                is_open = True
            if not is_open:
                told = f"{name} of {self._project.name(there.id)}"
                self._left_out.append(LeftOut(told, "the map says otherwise, and keeps its word"))
            elif given != have:
                self._edits.append(SetField(section, there.id, name, given))
                filled = True
        self._filled += filled
        self._unchanged += not filled

    def _add(self, record: AnyEntity | AnyLink) -> None:
        self._edits.append(Add(record))
        self._added[str(record.kind)] += 1

    def _free(self, wanted: str) -> str:
        id, number = wanted, 2
        while id in self._taken:
            id = f"{wanted}-{number}"
            number += 1
        self._taken.add(id)
        return id

    def _scenarios(self) -> None:
        read = self._reading.project.scenarios
        if read:
            self._left_out.append(
                LeftOut(
                    f"{len(read)} scenarios", "they belong to their own map; open that to use them"
                )
            )

    def _views(self) -> None:
        """Put what is new where the file has it, beside what the map shows already."""
        view = next(iter(self._reading.project.views.values()), None)
        if view is None:
            return
        fresh = {self._ids[id]: at for id, at in view.positions.items() if id in self._new}
        shown = next(iter(self._project.views.values()), None)
        if shown is None:
            if not self._project.entities and fresh:
                self._edits.append(Add(msgspec.structs.replace(view, positions=fresh)))
            return
        self._edits += [Place(shown.id, _beside(shown.positions, fresh))] if fresh else []


def _beside(there: dict[str, Point], fresh: dict[str, Point]) -> dict[str, Point | None]:
    if not there:
        return dict(fresh)
    right = max(x for x, _ in there.values()) + _GAP
    top = min(y for _, y in there.values())
    left_of_fresh = min(x for x, _ in fresh.values())
    top_of_fresh = min(y for _, y in fresh.values())
    return {id: (x - left_of_fresh + right, y - top_of_fresh + top) for id, (x, y) in fresh.items()}


def _resourced(record: Any, sources: dict[str, str]) -> Any:
    """The record with its sources under the ids that the map has for them."""
    renamed = tuple(sources.get(id, id) for id in record.sources)
    if renamed == record.sources:
        return record
    return msgspec.structs.replace(record, sources=renamed)


def _default(info: msgspec.structs.FieldInfo) -> Any:
    if info.default is not msgspec.NODEFAULT:
        return info.default
    return info.default_factory() if info.default_factory is not msgspec.NODEFAULT else None
