"""What is done with scenarios as wholes: made, copied, deleted, adopted, a change taken out.

Each gives an edit of the base project, one step of the history.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    Remove,
    SetField,
    leave_view,
    new_id,
)
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import (
    entity_from_plain,
    is_link_kind,
    link_from_plain,
    to_plain,
)
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Scenario, ScenarioChange
from depmap_gui.domain.scenario_edits import Item, added_ids, fields_set, id_of, is_link
from depmap_gui.domain.scenarios import Playing, play_what_fits


def called(scenario: Scenario) -> str:
    """What to call a scenario in a sentence."""
    return scenario.name or scenario.id


def free_name(project: Project, wanted: str) -> str:
    """The name, with a number where a scenario of the project has it already."""
    taken = {called(each).casefold() for each in project.scenarios.values()}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)


def new_scenario(
    project: Project, name: str, changes: Iterable[ScenarioChange] = (), notes: str = ""
) -> Scenario:
    """A scenario that the project does not have yet, under a free name."""
    wanted = free_name(project, name.strip() or "New scenario")
    id = new_id(project, Section.SCENARIOS)
    return Scenario(id=id, name=wanted, notes=notes, changes=tuple(changes))


def copy_of(project: Project, scenario: Scenario) -> Scenario:
    """A scenario that begins as another one stands."""
    name = free_name(project, f"{called(scenario)} copy")
    return msgspec.structs.replace(
        scenario, id=new_id(project, Section.SCENARIOS), name=name, extra={}
    )


def deletion(project: Project, scenario: str) -> Batch:
    """Take a scenario away, and the places of what only it has on the map."""
    record = project.scenarios[scenario]
    gone = added_ids(record) - _held(project, scenario)
    edits = (*_leave_views(project, gone), Remove(Section.SCENARIOS, scenario))
    return Batch(f"Delete scenario {called(record)}", edits)


def taking_out(project: Project, scenario: str, places: Iterable[int]) -> Batch:
    """Take changes, by their places, out of a scenario, with what in it rests on them.

    With an item that the scenario adds go the links it adds there; a link that it moved to the
    item goes back to where the base has it.
    """
    record = project.scenarios[scenario]
    playing = play_what_fits(project, scenario)
    unfit = {each.at for each in playing.unfit}
    doomed: set[int] = set()
    for at in places:
        change = record.changes[at]
        if at in unfit or change.set is not None:
            doomed.add(at)
        else:
            doomed.update(_resting_on(record.changes, id_of(change)))
    return without(project, scenario, doomed)


def without(project: Project, scenario: str, doomed: Container[int]) -> Batch:
    """Take changes, by their places, out of a scenario; all others stay as they are."""
    record = project.scenarios[scenario]
    kept = tuple(each for place, each in enumerate(record.changes) if place not in doomed)
    left = msgspec.structs.replace(record, changes=kept)
    gone = added_ids(record) - added_ids(left) - _held(project, scenario)
    edits = (
        *_leave_views(project, gone),
        SetField(Section.SCENARIOS, scenario, "changes", kept),
    )
    number = len(record.changes) - len(kept)
    what = "a change" if number == 1 else f"{number:,} changes"
    return Batch(f"Take {what} out of {called(record)}", edits)


def _resting_on(changes: Sequence[ScenarioChange], id: str) -> Iterator[int]:
    """The places of an item's changes and of those that need it on the map."""
    gone = {id}
    for change in changes:
        plain = change.add or {}
        ends = (plain.get("source"), plain.get("target"))
        if is_link_kind(plain.get("kind")) and id in ends:
            gone.add(id_of(change))
    for at, change in enumerate(changes):
        moves_there = change.field in ("source", "target") and change.value == id
        if id_of(change) in gone or moves_there:
            yield at


def _held(project: Project, scenario: str) -> set[str]:
    others = (each for each in project.scenarios.values() if each.id != scenario)
    return {*project.entities, *project.links}.union(*map(added_ids, others))


def _leave_views(project: Project, gone: Collection[str]) -> list[Edit]:
    found = set(gone)
    return [edit for view in project.views for edit in leave_view(project, view, found)]


# ------------------------------------------------------------------------- adopting


def adoption(project: Project, scenario: str) -> Batch:
    """Make what a scenario shows the base map; the scenario itself is used up.

    What of it does not fit is left out. From the other scenarios goes what has come to be so in
    the base as well.
    """
    record = project.scenarios[scenario]
    playing: Playing = play_what_fits(project, scenario)
    after = playing.project
    edits = list(_edits_between(project, after))
    gone = {id for id in (*project.entities, *project.links) if _item(after, id) is None}
    edits += _leave_views(project, gone - _held_by_others(project, scenario))
    for other in project.scenarios.values():
        if other.id != scenario:
            changes = tuple(_on_new_base(other.changes, project, after))
            if changes != other.changes:
                edits.append(SetField(Section.SCENARIOS, other.id, "changes", changes))
    edits.append(Remove(Section.SCENARIOS, scenario))
    return Batch(f"Make scenario {called(record)} the base map", tuple(edits))


def _held_by_others(project: Project, scenario: str) -> set[str]:
    others = (each for each in project.scenarios.values() if each.id != scenario)
    return set[str]().union(*map(added_ids, others))


def _edits_between(base: Project, after: Project) -> Iterator[Edit]:
    """What makes the entities and links of ``after`` out of the base's, in a possible order."""
    items = _changed(base.entities.values(), after)
    swapped = {id for id, (_, new, values) in items.items() if new is None or values is None}
    links = _changed(base.links.values(), after)
    for link in after.links.values():
        # A link at an item that becomes another kind of thing comes anew with it.
        if link.id in base.links and swapped.intersection((link.source, link.target)):
            links[link.id] = (base.links[link.id], link, None)
    for id, (_, new, values) in links.items():
        if new is None or values is None:
            yield Remove(Section.LINKS, id)
    yield from (Add(item) for id, item in after.entities.items() if id not in base.entities)
    for id, (_, new, values) in (*items.items(), *links.items()):
        for field in values or {}:
            section = Section.LINKS if id in links else Section.ENTITIES
            yield SetField(section, id, field, getattr(new, field))
    for id, (_, new, values) in items.items():
        if new is None or values is None:
            yield Remove(Section.ENTITIES, id)
            if new is not None:
                yield Add(new)
    for id, link in after.links.items():
        if id not in base.links or (id in links and links[id][2] is None):
            yield Add(link)


_Fate = tuple[Item, Item | None, dict[str, Any] | None]


def _changed(items: Iterable[Item], after: Project) -> dict[str, _Fate]:
    """What becomes of the items that change: the record afterwards and the fields set.

    The fields are None where the record must be taken out: it is gone or of another kind.
    """
    found: dict[str, _Fate] = {}
    for old in items:
        new = _item(after, old.id)
        if new is not old:
            found[old.id] = (old, new, None if new is None else fields_set(old, new))
    return found


def _item(project: Project, id: str) -> Item | None:
    return project.entities.get(id) or project.links.get(id)


def _on_new_base(
    changes: Iterable[ScenarioChange], base: Project, after: Project
) -> Iterator[ScenarioChange]:
    """The changes of another scenario, without what the new base has already."""
    for change in changes:
        id = id_of(change)
        old, new = _item(base, id), _item(after, id)
        if change.remove is not None and old is not None and new is None:
            continue
        if change.set is not None and new is not None and new is not old:
            value = to_plain(new).get(change.field or "")
            if value == change.value and value is not None:
                continue
        if change.add is not None and old is None and new is not None:
            yield from _sets_instead(change, new)
            continue
        yield change


def _sets_instead(change: ScenarioChange, new: Item) -> Iterator[ScenarioChange]:
    """What is left of an addition where the new base has the item: the fields that differ."""
    plain = change.add or {}
    try:
        wanted = link_from_plain(plain) if is_link(new) else entity_from_plain(plain)
    except msgspec.ValidationError:
        yield change
        return
    values = fields_set(new, wanted)
    if values is None:
        yield change
        return
    for field, value in values.items():
        yield ScenarioChange(set=id_of(change), field=field, value=value)
