"""A scenario played out: the base project with the scenario's changes made."""

from __future__ import annotations

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
from depmap_gui.domain.records import AnyEntity, AnyLink, ScenarioChange


class ScenarioError(Exception):
    """A scenario that does not exist or does not fit the base map; says which and why."""


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
    entities, links = dict(project.entities), dict(project.links)
    faults = []
    for change in record.changes:
        try:
            _make(change, entities, links)
        except (ScenarioError, msgspec.ValidationError) as fault:
            faults.append(f"Scenario '{record.name or record.id}': {fault}")
    if faults:
        raise ScenarioError("\n".join(faults))
    return msgspec.structs.replace(project, entities=entities, links=links)


def _make(
    change: ScenarioChange, entities: dict[str, AnyEntity], links: dict[str, AnyLink]
) -> None:
    if change.add is not None:
        _add(change.add, entities, links)
    elif change.remove is not None:
        _remove(change.remove, entities, links)
    elif change.set is not None and change.field:
        _set(change.set, change.field, change.value, entities, links)
    else:
        raise ScenarioError("a change must set a field, add a record or remove one.")


def _add(plain: dict[str, Any], entities: dict[str, AnyEntity], links: dict[str, AnyLink]) -> None:
    id = plain.get("id")
    if id in entities or id in links:
        raise ScenarioError(f"'{id}' cannot be added: the map already has it.")
    if is_link_kind(plain.get("kind")):
        link = link_from_plain(plain)
        links[link.id] = link
    else:
        entity = entity_from_plain(plain)
        entities[entity.id] = entity


def _remove(id: str, entities: dict[str, AnyEntity], links: dict[str, AnyLink]) -> None:
    if links.pop(id, None) is not None:
        return
    if entities.pop(id, None) is None:
        raise ScenarioError(f"'{id}' cannot be removed: the map does not have it.")
    for link in [link for link in links.values() if id in (link.source, link.target)]:
        del links[link.id]


def _set(
    id: str,
    field: str,
    value: Any,
    entities: dict[str, AnyEntity],
    links: dict[str, AnyLink],
) -> None:
    record = entities.get(id) or links.get(id)
    if record is None:
        raise ScenarioError(f"'{field}' of '{id}' cannot be set: the map does not have it.")
    if field not in record.__struct_fields__ or field in ("id", "extra"):
        raise ScenarioError(f"'{field}' is not a field of '{id}' ({record.kind}).")
    changed = from_plain(to_plain(record) | {field: value}, type(record))
    if id in entities:
        entities[id] = changed  # type: ignore[assignment]  # same class as before
    else:
        links[id] = changed  # type: ignore[assignment]  # same class as before
