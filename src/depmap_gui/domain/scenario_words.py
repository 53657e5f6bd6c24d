"""The changes of a scenario as sentences."""

from __future__ import annotations

import msgspec

from depmap_gui.domain.difference_words import sentence
from depmap_gui.domain.differences import Change, Difference, differences
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import is_link_kind, to_plain
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, ScenarioChange
from depmap_gui.domain.scenario_edits import id_of
from depmap_gui.domain.scenarios import Playing


class ChangeTold(msgspec.Struct, frozen=True):
    """One change of a scenario as it is told of.

    ``at`` is its place among the changes, ``what`` becomes of the item ``id`` of the map;
    ``unfit`` says why it cannot be made, empty where it is made.
    """

    at: int
    id: str
    what: Change
    words: str
    unfit: str = ""


def changes_told(base: Project, scenario: str, playing: Playing) -> tuple[ChangeTold, ...]:
    """The changes of a scenario in words, in their order."""
    unfit = {each.at: each.why for each in playing.unfit}
    return tuple(
        _told(at, change, base, playing.project, unfit.get(at, ""))
        for at, change in enumerate(base.scenarios[scenario].changes)
    )


def count_words(number: int) -> str:
    """How many changes, in words."""
    return f"{number:,} {'change' if number == 1 else 'changes'}"


def _told(
    at: int, change: ScenarioChange, base: Project, played: Project, unfit: str
) -> ChangeTold:
    id = id_of(change)
    if change.add is not None:
        words = _added(id, change, base, played)
        return ChangeTold(at, id, Change.ADDED, words, unfit)
    if change.remove is not None:
        return ChangeTold(at, id, Change.REMOVED, _removed(id, base, played), unfit)
    return ChangeTold(at, id, Change.CHANGED, _set(id, change, base, played), unfit)


def _added(id: str, change: ScenarioChange, base: Project, played: Project) -> str:
    plain = change.add or {}
    record = _record(played, id)
    if record is None:
        what = "link" if is_link_kind(plain.get("kind")) else "item"
        return f"Added {what} '{plain.get('name') or id}'."
    found = Difference(
        change=Change.ADDED, section=record.section, id=id, kind=record.kind, new=plain
    )
    return sentence(found, base, played)


def _removed(id: str, base: Project, played: Project) -> str:
    record = _record(base, id)
    if record is None:
        return f"Removed '{id}'."
    hanging = sum(
        id in (link.source, link.target) and link.id not in played.links
        for link in base.links.values()
    )
    found = Difference(
        change=Change.REMOVED,
        section=record.section,
        id=id,
        kind=record.kind,
        old=to_plain(record),
    )
    return sentence(found, base, played, hanging)


def _set(id: str, change: ScenarioChange, base: Project, played: Project) -> str:
    old, new = _record(base, id), _record(played, id)
    field = change.field or ""
    if old is None or new is None or type(old) is not type(new):
        return f"{_name(id, base, played)}: {field.replace('_', ' ')} set."
    found = [
        each
        for each in differences(_alone(old), _alone(new))
        if each.field == field or (each.product and field == "products")
    ]
    if not found:
        return f"{_name(id, base, played)}: {field} is as on the base map."
    return " ".join(sentence(each, base, played) for each in found)


def _alone(record: AnyEntity | AnyLink) -> Project:
    """The record as a map of its own, to be compared with another state of it."""
    if record.section is Section.LINKS:
        return Project(links={record.id: record})  # type: ignore[dict-item]  # its section's
    return Project(entities={record.id: record})  # type: ignore[dict-item]  # its section's


def _record(project: Project, id: str) -> AnyEntity | AnyLink | None:
    return project.entities.get(id) or project.links.get(id)


def _name(id: str, base: Project, played: Project) -> str:
    return (played if _record(played, id) is not None else base).name(id) or "A change"
