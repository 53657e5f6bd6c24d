"""The one door: a project that is open for work, and the only way to change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, overload

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
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, AnyLink, Scenario, Source
from depmap_gui.domain.views import View


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
_REPORTED = 500
"""Parts of a prepared edit between two reports."""


class _State(NamedTuple):
    """All that a document holds, to be set beside another or put in its place."""

    project: Project
    ranks: dict[Section, dict[str, int]]
    next_rank: dict[Section, int]
    links_at: Counter[str]

    def holds_same(self, other: _State) -> bool:
        """Whether both hold the same, in the same order. What is one object is not looked into."""
        mine, others = self.project, other.project
        return (
            mine.header == others.header
            and all(mine.section(each) == others.section(each) for each in Section)
            and self.ranks == other.ranks
        )


class Prepared(msgspec.Struct, frozen=True):
    """An edit made beside the document (see :class:`Preparation`), ready to be put in its place.

    Applying it takes milliseconds however large it is, and so does undoing it. ``again`` is the
    edit once more, after an undo: it puts records back into the places they had.
    """

    edit: Edit
    inverse: Edit
    again: Edit
    change: ChangeSet
    before: _State
    after: _State

    def turned(self) -> Prepared:
        """The same the other way round: what undoes it."""
        change = msgspec.structs.replace(
            self.change, added=self.change.removed, removed=self.change.added, edit=self.inverse
        )
        return Prepared(self.inverse, self.again, self.inverse, change, self.after, self.before)


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
        ends = chain.from_iterable((link.source, link.target) for link in start.links.values())
        self._links_at: Counter[str] = Counter(ends)
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

    def copy(self) -> Document:
        """A document of its own that holds the same; nobody listens to it."""
        copy = Document.__new__(Document)
        copy._hold(self._state())
        copy._next_rank = dict(self._next_rank)
        copy._revision = self._revision
        copy._snapshot = self._snapshot
        copy._listeners = []
        return copy

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

    @overload
    def apply(self, edit: Edit) -> Edit: ...

    @overload
    def apply(self, edit: Prepared) -> Edit | Prepared: ...

    def apply(self, edit: Edit | Prepared) -> Edit | Prepared:
        """Make the edit, all or nothing; returns what undoes it.

        Raises EditError, with the document as it was, where any part cannot be made. What was
        prepared on another state than the document's is made part by part, like any edit.
        """
        if isinstance(edit, Prepared):
            if self._state().holds_same(edit.before):
                return self._swap(edit)
            edit = edit.edit
        tally = _Tally()
        with self._all_or_nothing() as done:
            inverse = self._make(edit, tally, done)
        self._revision += 1
        self._snapshot = None
        self._announce(tally.change_set(self._revision, edit))
        return inverse

    def _swap(self, prepared: Prepared) -> Prepared:
        after = prepared.after
        self._revision += 1
        self._hold(after)
        # A rank that was ever given is not given again: the journal's edits are made without.
        for section, rank in after.next_rank.items():
            self._next_rank[section] = max(rank, self._next_rank[section])
        self._snapshot = msgspec.structs.replace(after.project, revision=self._revision)
        self._announce(msgspec.structs.replace(prepared.change, revision=self._revision))
        return prepared.turned()

    def _announce(self, change: ChangeSet) -> None:
        for listener in list(self._listeners):
            listener(change)

    def _state(self) -> _State:
        """What the document holds now; ranks and counts are the very objects, not copies."""
        return _State(self.snapshot(), self._ranks, self._next_rank, self._links_at)

    def _hold(self, state: _State) -> None:
        """Hold what a state holds, in containers of its own."""
        project = state.project
        self._header = project.header
        self._records = {section: dict(project.section(section)) for section in Section}
        self._ranks = {section: dict(ranks) for section, ranks in state.ranks.items()}
        self._disordered = set()
        self._links_at = state.links_at.copy()

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

    def _again(self, made: Edit) -> Edit:
        """What makes a single edit, just made, once more after it was undone."""
        if isinstance(made, Add):
            record = made.record
            return Add(record, self._ranks[record.section][record.id])
        return made

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


class Preparation:
    """An edit on its way: made on a copy of a document, on any thread, in as many parts as needed.

    The document itself is only read here, by the constructor; applying :meth:`prepared` puts the
    copy in its place, if nothing else changed it meanwhile.
    """

    def __init__(self, document: Document) -> None:
        self._document = document.copy()
        self._before = document.copy()._state()
        self._tally = _Tally()
        self._made: list[Edit] = []
        self._again: list[Edit] = []
        self._inverses: list[Edit] = []

    @property
    def project(self) -> Project:
        """The map with what was made so far."""
        return self._document.snapshot()

    def make(self, edit: Edit, report: Callable[[float], None] = lambda _fraction: None) -> None:
        """Make one more part; ``report`` is told how far it is (0..1) and may raise to stop it.

        Raises EditError where it cannot be made: nothing of the preparation is of use then.
        """
        document = self._document
        parts = list(_leaves(edit))
        for number, part in enumerate(parts):
            if number % _REPORTED == 0:
                report(number / len(parts))
            self._inverses.append(document._make(part, self._tally, []))
            self._again.append(document._again(part))
        self._made += parts
        document._snapshot = None

    def prepared(self, label: str) -> Prepared:
        """All of it as one edit."""
        edit = Batch(label, tuple(self._made))
        document = self._document
        return Prepared(
            edit,
            Batch(label, tuple(reversed(self._inverses))),
            Batch(label, tuple(self._again)),
            self._tally.change_set(document.revision + 1, edit),
            self._before,
            document._state(),
        )


def _leaves(edit: Edit) -> Iterator[Edit]:
    """The single edits that an edit consists of, in order."""
    if isinstance(edit, Batch):
        for part in edit.edits:
            yield from _leaves(part)
    else:
        yield edit


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
