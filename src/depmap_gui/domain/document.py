"""The one door: a project that is open for work, and the only way to change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    EditError,
    Place,
    Remove,
    SetField,
    SetHeader,
)
from depmap_gui.domain.kinds import LINK_ENDS, Section
from depmap_gui.domain.plain import why_not_kept
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyLink,
    Scenario,
    Source,
    View,
)


class Concern(Enum):
    """What a change is about, so that each listener redoes no more than it must."""

    STRUCTURE = "structure"
    VALUES = "values"
    LAYOUT = "layout"
    RULES = "rules"
    SCENARIOS = "scenarios"


class ChangeSet(msgspec.Struct, frozen=True):
    """What one applied edit changed: (section, id) pairs, what it concerns, and the edit itself."""

    revision: int
    added: frozenset[tuple[Section, str]] = frozenset()
    updated: frozenset[tuple[Section, str]] = frozenset()
    removed: frozenset[tuple[Section, str]] = frozenset()
    header: frozenset[str] = frozenset()
    concerns: frozenset[Concern] = frozenset()
    edit: Edit | None = None


Listener = Callable[[ChangeSet], None]
_CLASSES: tuple[type[msgspec.Struct], ...] = (
    *ENTITY_CLASSES.values(),
    *LINK_CLASSES.values(),
    Source,
    Scenario,
    View,
)
_RULE_FIELDS = frozenset({"year", "packs", "readings"})


class _Tally:
    """Collects what the parts of one edit changed."""

    def __init__(self) -> None:
        self.added: set[tuple[Section, str]] = set()
        self.updated: set[tuple[Section, str]] = set()
        self.removed: set[tuple[Section, str]] = set()
        self.header: set[str] = set()
        self.concerns: set[Concern] = set()

    def add(self, section: Section, id: str) -> None:
        """A record came in; one that left within the same edit has only changed."""
        if (section, id) in self.removed:
            self.removed.discard((section, id))
            self.updated.add((section, id))
        else:
            self.added.add((section, id))

    def remove(self, section: Section, id: str) -> None:
        """A record went out; of one that came within the same edit nothing is told."""
        self.updated.discard((section, id))
        if (section, id) in self.added:
            self.added.discard((section, id))
        else:
            self.removed.add((section, id))

    def change_set(self, revision: int, edit: Edit) -> ChangeSet:
        """The tally as a value."""
        return ChangeSet(
            revision,
            frozenset(self.added),
            frozenset(self.updated - self.added),
            frozenset(self.removed),
            frozenset(self.header),
            frozenset(self.concerns),
            edit,
        )


class Document:
    """A project that is open. Only :meth:`apply` changes it; listeners hear of each change."""

    def __init__(self, project: Project | None = None) -> None:
        start = project if project is not None else Project()
        self._header = start.header
        self._records: dict[Section, dict[str, Any]] = {
            section: dict(start.section(section)) for section in Section
        }
        self._ranks: dict[Section, dict[str, int]] = {
            section: {id: rank for rank, id in enumerate(records)}
            for section, records in self._records.items()
        }
        self._next_rank = {section: len(ranks) for section, ranks in self._ranks.items()}
        self._disordered: set[Section] = set()
        self._links_at: Counter[str] = Counter()
        for link in start.links.values():
            self._links_at.update((link.source, link.target))
        self._revision = start.revision
        self._snapshot: Project | None = None
        self._listeners: list[Listener] = []

    @property
    def revision(self) -> int:
        """Counts applied edits; results carry the revision they were computed from."""
        return self._revision

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each applied edit; the returned function stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def snapshot(self) -> Project:
        """The project as it stands now, frozen; the same object until the next edit."""
        if self._snapshot is None:
            for section in self._disordered:
                ranks = self._ranks[section]
                self._records[section] = dict(
                    sorted(self._records[section].items(), key=lambda item: ranks[item[0]])
                )
            self._disordered.clear()
            sections = {section.value: dict(self._records[section]) for section in Section}
            self._snapshot = Project(header=self._header, revision=self._revision, **sections)
        return self._snapshot

    def apply(self, edit: Edit) -> Edit:
        """Make the edit, all or nothing; returns the edit that undoes it.

        Raises EditError, with the document as it was, where any part cannot be made.
        """
        tally = _Tally()
        with self._all_or_nothing() as done:
            inverse = self._make(edit, tally, done)
        self._revision += 1
        self._snapshot = None
        change = tally.change_set(self._revision, edit)
        for listener in list(self._listeners):
            listener(change)
        return inverse

    @contextmanager
    def _all_or_nothing(self) -> Iterator[list[Edit]]:
        """Undo what was done so far, last first, when a part fails."""
        done: list[Edit] = []
        try:
            yield done
        except BaseException:
            for inverse in reversed(done):
                self._make(inverse, _Tally(), [])
            raise

    def _make(self, edit: Edit, tally: _Tally, done: list[Edit]) -> Edit:
        match edit:
            case Batch():
                inverses = [self._make(part, tally, done) for part in edit.edits]
                return Batch(edit.label, tuple(reversed(inverses)))
            case Add():
                inverse = self._add(edit, tally)
            case Remove():
                inverse = self._remove(edit, tally)
            case SetField():
                inverse = self._set_field(edit, tally)
            case SetHeader():
                inverse = self._set_header(edit, tally)
            case Place():
                inverse = self._place(edit, tally)
        done.append(inverse)
        return inverse

    def _add(self, edit: Add, tally: _Tally) -> Edit:
        record = edit.record
        if not isinstance(record, _CLASSES):
            raise EditError(f"A {type(record).__name__} is not a record of a project.")
        section, id = record.section, record.id
        self._require_free(section, id)
        if why := why_not_kept(record):
            raise EditError(f"'{id}' cannot be kept in a project: {why}.")
        # What comes back to its old place was there before, even if it ended at nothing.
        if isinstance(record, AnyLink) and edit.rank is None:
            self._require_ends(record)
        rank = edit.rank
        if rank is None:
            rank = self._next_rank[section]
            self._next_rank[section] += 1
        else:
            self._disordered.add(section)
        inverse = Remove(section, id, leave_links=self._links_at[id] > 0)
        self._put(record)
        self._ranks[section][id] = rank
        tally.add(section, id)
        tally.concerns.add(_concern(section, structure=True))
        return inverse

    def _require_free(self, section: Section, id: str) -> None:
        if not id:
            raise EditError("A record needs an id.")
        on_map = (Section.ENTITIES, Section.LINKS)
        for other in on_map if section in on_map else (section,):
            if id in self._records[other]:
                raise EditError(f"The id '{id}' is already taken; ids are unique in a project.")

    def _require_ends(self, link: AnyLink) -> None:
        ends = []
        for end in (link.source, link.target):
            entity = self._records[Section.ENTITIES].get(end)
            if entity is None:
                raise EditError(f"A link cannot end at '{end}': there is no such item on the map.")
            ends.append(entity)
        source, target = ends
        sources, targets = LINK_ENDS[link.kind]
        if source.kind not in sources or target.kind not in targets:
            raise EditError(
                f"'{link.kind}' cannot run from a {source.kind} ('{source.name}') "
                f"to a {target.kind} ('{target.name}')."
            )

    def _remove(self, edit: Remove, tally: _Tally) -> Edit:
        record = self._record(edit.section, edit.id)
        linked = edit.section is Section.ENTITIES and self._links_at[edit.id] > 0
        if linked and not edit.leave_links:
            raise EditError(f"'{edit.id}' cannot be removed: links still end there.")
        self._drop(record)
        rank = self._ranks[edit.section].pop(edit.id)
        tally.remove(edit.section, edit.id)
        tally.concerns.add(_concern(edit.section, structure=True))
        return Add(record, rank)

    def _set_field(self, edit: SetField, tally: _Tally) -> Edit:
        record = self._record(edit.section, edit.id)
        changed = _with_field(record, edit.field, edit.value, f"'{edit.id}'")
        moves_end = edit.section is Section.LINKS and edit.field in ("source", "target")
        if moves_end:
            self._require_ends(changed)
            tally.concerns.add(Concern.STRUCTURE)
        self._put(changed)
        tally.updated.add((edit.section, edit.id))
        tally.concerns.add(_concern(edit.section, structure=False))
        if moves_end:
            # The old end may be missing from the map, and must come back all the same.
            rank = self._ranks[edit.section][edit.id]
            return Batch("", (Remove(edit.section, edit.id), Add(record, rank)))
        return SetField(edit.section, edit.id, edit.field, getattr(record, edit.field))

    def _set_header(self, edit: SetHeader, tally: _Tally) -> Edit:
        before = getattr(self._header, edit.field, None)
        self._header = _with_field(self._header, edit.field, edit.value, "the project")
        tally.header.add(edit.field)
        tally.concerns.add(Concern.RULES if edit.field in _RULE_FIELDS else Concern.VALUES)
        return SetHeader(edit.field, before)

    def _place(self, edit: Place, tally: _Tally) -> Edit:
        view: View = self._record(Section.VIEWS, edit.view)
        if why := why_not_kept(edit.positions):
            raise EditError(f"Items cannot be placed there: {why}.")
        before: dict[str, Any] = {id: view.positions.get(id) for id in edit.positions}
        positions = dict(view.positions)
        for id, point in edit.positions.items():
            if point is None:
                positions.pop(id, None)
            else:
                positions[id] = (float(point[0]), float(point[1]))
        self._put(msgspec.structs.replace(view, positions=positions))
        tally.updated.add((Section.VIEWS, edit.view))
        tally.concerns.add(Concern.LAYOUT)
        return Place(edit.view, before)

    def _put(self, record: Any) -> None:
        """Hold a new record, or a changed one in the place of the old."""
        records = self._records[record.section]
        if record.section is Section.LINKS:
            if (before := records.get(record.id)) is not None:
                self._links_at.subtract((before.source, before.target))
            self._links_at.update((record.source, record.target))
        records[record.id] = record

    def _drop(self, record: Any) -> None:
        if record.section is Section.LINKS:
            self._links_at.subtract((record.source, record.target))
        del self._records[record.section][record.id]

    def _record(self, section: Section, id: str) -> Any:
        record = self._records[section].get(id)
        if record is None:
            raise EditError(f"There is no '{id}' among the project's {section}.")
        return record


def _with_field(record: Any, field: str, value: Any, whose: str) -> Any:
    if field in ("id", "extra") or field not in record.__struct_fields__:
        raise EditError(f"'{field}' is not a field of {whose}.")
    if why := why_not_kept(value):
        raise EditError(f"'{field}' of {whose} cannot be {value!r}: {why}.")
    try:
        typed = msgspec.convert(msgspec.to_builtins(value), _hints(record.__class__)[field])
    except msgspec.ValidationError as fault:
        raise EditError(f"'{field}' of {whose} cannot be {value!r}: {fault}.") from None
    return msgspec.structs.replace(record, **{field: typed})


@cache
def _hints(record: type[msgspec.Struct]) -> dict[str, Any]:
    return {info.name: info.type for info in msgspec.structs.fields(record)}


def _concern(section: Section, *, structure: bool) -> Concern:
    match section:
        case Section.ENTITIES | Section.LINKS:
            return Concern.STRUCTURE if structure else Concern.VALUES
        case Section.SOURCES:
            return Concern.VALUES
        case Section.SCENARIOS:
            return Concern.SCENARIOS
        case Section.VIEWS:
            return Concern.LAYOUT
