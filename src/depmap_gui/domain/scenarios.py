"""A scenario played out: the base project with the scenario's changes made.

:func:`play` is strict: a change that does not fit the base is an error. :func:`play_what_fits`
makes the changes that fit and names the others, for a window that must stay usable.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from depmap_gui.domain.plain import (
    entity_from_plain,
    from_plain,
    is_link_kind,
    link_from_plain,
    to_plain,
)
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Scenario, ScenarioChange

_ENDS = ("source", "target")


class ScenarioError(Exception):
    """A scenario that does not exist or does not fit the base map; says which and why."""


class Unfit(msgspec.Struct, frozen=True):
    """A change that cannot be made on the base as it is: its place among the changes, and why."""

    at: int
    why: str


class _Made(msgspec.Struct, frozen=True):
    """What a change gave: the record it met and the record that came of it."""

    change: ScenarioChange
    before: AnyEntity | AnyLink | None
    after: AnyEntity | AnyLink


_Kept = Mapping[tuple[str, str], _Made]


class Playing(msgspec.Struct, frozen=True):
    """A scenario played as far as it fits: the map that results, and what does not fit.

    ``otherwise`` names all that the map has otherwise than the base, or not at all. ``kept`` lets
    the next playing give the very same records where nothing changed.
    """

    project: Project
    unfit: tuple[Unfit, ...] = ()
    otherwise: frozenset[str] = frozenset()
    kept: _Kept = {}


def play(project: Project, scenario: str | None) -> Project:
    """The project with the scenario's changes made; the base itself for ``None``.

    Raises ScenarioError with a sentence for each change that cannot be made.
    """
    if scenario is None:
        return project
    record = project.scenarios.get(scenario)
    if record is None:
        known = ", ".join(project.scenarios) or "none"
        raise ScenarioError(f"There is no scenario '{scenario}' in this project (it has: {known}).")
    stage = _Stage(project, {})
    unfit = stage.make_all(record.changes, frozenset())
    if unfit:
        name = record.name or record.id
        raise ScenarioError("\n".join(f"Scenario '{name}': {each.why}" for each in unfit))
    return stage.project


def play_what_fits(
    project: Project, scenario: str | None, before: Playing | None = None
) -> Playing:
    """The project with all changes of the scenario made that fit it, and what does not fit.

    A link that would end at nothing does not fit either. A scenario that is not there is the base
    itself. ``before`` is an earlier playing, of which unchanged records are taken.
    """
    record = project.scenarios.get(scenario) if scenario is not None else None
    if record is None:
        return Playing(project)
    left: dict[int, Unfit] = {}
    kept = before.kept if before is not None else {}
    while True:
        stage = _Stage(project, kept)
        unfit = stage.make_all(record.changes, left.keys())
        dangling = list(_dangling(record, stage.project, left.keys()))
        if not dangling:
            found = sorted((*unfit, *left.values()), key=lambda each: each.at)
            otherwise = frozenset({id for id, _ in stage.made} | stage.out)
            return Playing(stage.project, tuple(found), otherwise, stage.made)
        left |= {each.at: each for each in dangling}


def _dangling(record: Scenario, played: Project, left: Container[int]) -> Iterator[Unfit]:
    """The changes by which a link ends at nothing."""
    for at, change in enumerate(record.changes):
        if change.add is not None and is_link_kind(change.add.get("kind")):
            id, ends = str(change.add.get("id")), {end: change.add.get(end) for end in _ENDS}
        elif change.set is not None and change.field in _ENDS:
            id, ends = change.set, {change.field: change.value}
        else:
            continue
        link = played.links.get(id)
        missing = [
            end
            for side, end in ends.items()
            if link is not None and getattr(link, side) == end and end not in played.entities
        ]
        if missing and at not in left:
            named = " and ".join(f"'{end}'" for end in missing)
            yield Unfit(at, f"a link it adds ends at {named}, which the map does not have.")


class _Stage:
    """The entities and links of a map while changes are made to them."""

    def __init__(self, project: Project, kept: _Kept) -> None:
        self._base = project
        self._entities = dict(project.entities)
        self._links = dict(project.links)
        self._kept = kept
        self.made: dict[tuple[str, str], _Made] = {}
        self.out: set[str] = set()
        self._gone: set[str] = set()

    @property
    def project(self) -> Project:
        """The map with what was made so far."""
        self._drop_links()
        return msgspec.structs.replace(self._base, entities=self._entities, links=self._links)

    def make_all(self, changes: Sequence[ScenarioChange], left: Container[int]) -> list[Unfit]:
        """Make the changes in turn, but for those ``left`` out; returns what cannot be made."""
        unfit = []
        for at, change in enumerate(changes):
            if at in left:
                continue
            try:
                self._make(change)
            except (ScenarioError, msgspec.ValidationError) as fault:
                unfit.append(Unfit(at, str(fault)))
        return unfit

    def _make(self, change: ScenarioChange) -> None:
        if change.remove is not None and change.add is None:
            self._remove(change.remove)
            return
        # Removed items take their links along once, not one by one: that looks at every link.
        self._drop_links()
        if change.add is not None:
            self._add(change, change.add)
        elif change.set is not None and change.field:
            self._set(change, change.set, change.field)
        else:
            raise ScenarioError("a change must set a field, add a record or remove one.")

    def _add(self, change: ScenarioChange, plain: dict[str, Any]) -> None:
        id = plain.get("id")
        if id in self._entities or id in self._links:
            raise ScenarioError(f"'{id}' cannot be added: the map already has it.")
        key = (str(id), "")
        record = self._known(key, change, None)
        if record is None:
            is_link = is_link_kind(plain.get("kind"))
            record = link_from_plain(plain) if is_link else entity_from_plain(plain)
        self._put(record)
        self.made[key] = _Made(change, None, record)

    def _set(self, change: ScenarioChange, id: str, field: str) -> None:
        before = self._entities.get(id) or self._links.get(id)
        if before is None:
            raise ScenarioError(f"'{field}' of '{id}' cannot be set: the map does not have it.")
        if field not in before.__struct_fields__ or field in ("id", "extra"):
            raise ScenarioError(f"'{field}' is not a field of '{id}' ({before.kind}).")
        key = (id, field)
        after = self._known(key, change, before)
        if after is None:
            after = from_plain(to_plain(before) | {field: change.value}, type(before))
        self._put(after)
        self.made[key] = _Made(change, before, after)

    def _known(
        self, key: tuple[str, str], change: ScenarioChange, before: AnyEntity | AnyLink | None
    ) -> AnyEntity | AnyLink | None:
        known = self._kept.get(key)
        if known is None or known.before is not before or known.change != change:
            return None
        return known.after

    def _put(self, record: AnyEntity | AnyLink) -> None:
        if is_link_kind(record.kind):
            self._links[record.id] = record  # type: ignore[assignment]  # its kind is a link's
        else:
            self._entities[record.id] = record  # type: ignore[assignment]  # an entity's

    def _remove(self, id: str) -> None:
        link = self._links.get(id)
        if link is not None and not self._gone.intersection((link.source, link.target)):
            del self._links[id]
            self.out.add(id)
        elif link is None and id in self._entities:
            del self._entities[id]
            self._gone.add(id)
            self.out.add(id)
        else:
            raise ScenarioError(f"'{id}' cannot be removed: the map does not have it.")

    def _drop_links(self) -> None:
        """Take out the links at removed items."""
        if not self._gone:
            return
        gone, links = self._gone, self._links
        hanging = [id for id, link in links.items() if link.source in gone or link.target in gone]
        for id in hanging:
            del links[id]
        self.out.update(hanging)
        self._gone = set()
