"""Edits made while a scenario is looked at, recorded in the scenario.

An edit of the played map becomes one of the base project: what it does to entities and links goes
into the scenario's ``changes``, all else (views, sources, header, scenarios) to the base as it
is. The changes stay the least that makes the played map out of the base: a field set twice is one
change, a field set back is none, what was added and removed again leaves nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, Batch, Edit, EditError, Place, Remove, SetField
from depmap_gui.domain.kept_views import with_kept
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import is_link_kind, to_plain
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Scenario, ScenarioChange
from depmap_gui.domain.scenarios import Playing, play_what_fits

ON_MAP = (Section.ENTITIES, Section.LINKS)
_ADD_ITEM, _SET, _REMOVE_LINK, _REMOVE_ITEM, _ADD_AGAIN, _ADD_LINK = range(6)
"""The order in which changes are kept, so that each finds on the map what it needs."""

Item = AnyEntity | AnyLink


def id_of(change: ScenarioChange) -> str:
    """Whose change it is; empty where it names nothing."""
    if change.add is not None:
        return str(change.add.get("id", ""))
    return change.remove or change.set or ""


def added_ids(scenario: Scenario) -> set[str]:
    """The entities and links that a scenario adds."""
    return {id_of(change) for change in scenario.changes if change.add is not None}


def changes_of(base: Project, edit: Edit) -> tuple[ScenarioChange, ...]:
    """An edit of the base's entities and links as the changes of a scenario, the fewest possible.

    Parts about anything else are left out. Raises EditError where the edit cannot be made.
    """
    document = Document(base)
    document.apply(edit)
    return recorded_changes(base, (), frozenset(), document.snapshot(), touched_by(edit))


def recorded(base: Project, scenario: str, playing: Playing, edit: Edit, after: Project) -> Edit:
    """The edit of the base project that records an edit of the played map in the scenario.

    ``playing`` is the scenario played on the base; ``after`` has the entities and links once
    ``edit`` is made there. An edit that touches none of these is returned as it is. Raises
    EditError where the rest of it cannot be made, or takes away the very scenario.
    """
    touched = touched_by(edit)
    if not touched:
        return edit
    label = edit.label if isinstance(edit, Batch) else ""
    passing = [part for part in parts_of(edit) if not is_on_map(part)]
    rest = _made_on_the_rest(base, passing)
    record = rest.scenarios.get(scenario)
    if record is None:
        raise EditError("A scenario cannot be removed by an edit that is made in it.")
    unfit = frozenset(each.at for each in playing.unfit)
    changes = recorded_changes(base, record.changes, unfit, after, touched)
    gone = {id for id in touched if _item(after, id) is None}
    if staying := gone and gone & _held_elsewhere(base, scenario):
        passing = _keeping_places(passing, base, rest, staying)
    return Batch(label, (*passing, SetField(Section.SCENARIOS, scenario, "changes", changes)))


def _made_on_the_rest(base: Project, passing: Sequence[Edit]) -> Project:
    """Everything but entities and links, once these edits are made. Raises EditError."""
    if not passing:
        return base
    rest = Document(msgspec.structs.replace(base, entities={}, links={}))
    rest.apply(Batch("", tuple(passing)))
    return rest.snapshot()


def touched_by(edit: Edit) -> dict[str, None]:
    """The entities and links that an edit adds, removes or sets a field of, in order."""
    found: dict[str, None] = {}
    for part in parts_of(edit):
        match part:
            case Add(record) if record.section in ON_MAP:
                found[record.id] = None
            case Remove(section, id) | SetField(section, id) if section in ON_MAP:
                found[id] = None
            case _:
                pass
    return found


def scenario_of(edit: Edit) -> str | None:
    """The scenario that an edit of the base project makes, removes or changes; None for none."""
    changed: str | None = None
    for part in parts_of(edit):
        match part:
            case Add(Scenario(id=id)) | Remove(Section.SCENARIOS, id):
                return id
            case SetField(Section.SCENARIOS, id, "changes") if changed is None:
                changed = id
            case _:
                pass
    return changed


def parts_of(edit: Edit) -> Iterator[Edit]:
    """The single edits that an edit consists of, in order."""
    if isinstance(edit, Batch):
        for part in edit.edits:
            yield from parts_of(part)
    else:
        yield edit


def is_on_map(part: Edit) -> bool:
    """Whether a single edit is about an entity or a link."""
    match part:
        case Add(record):
            return record.section in ON_MAP
        case Remove(section) | SetField(section):
            return section in ON_MAP
        case _:
            return False


def _item(project: Project, id: str) -> Item | None:
    return project.entities.get(id) or project.links.get(id)


def _held_elsewhere(base: Project, scenario: str) -> set[str]:
    """What the base or another scenario has on the map: its places are still wanted."""
    others = (each for each in base.scenarios.values() if each.id != scenario)
    return {*base.entities, *base.links}.union(*map(added_ids, others))


def _keeping_places(
    passing: Sequence[Edit], before: Project, after: Project, staying: Container[str]
) -> list[Edit]:
    """The edits of views, but that they keep the places of what leaves the scenario only."""
    kept: list[Edit] = []
    views: dict[str, None] = {}
    for part in passing:
        match part:
            case Place(view) | SetField(Section.VIEWS, view) if (
                view in before.views and view in after.views
            ):
                views[view] = None
            case _:
                kept.append(part)
    for view in views:
        kept += with_kept(before.views[view], after.views[view], staying)
    return kept


# ------------------------------------------------------------------------- the changes


def recorded_changes(
    base: Project,
    changes: Sequence[ScenarioChange],
    unfit: Container[int],
    after: Project,
    touched: Iterable[str],
) -> tuple[ScenarioChange, ...]:
    """The changes that make ``after`` out of the base.

    Those of items that were not ``touched`` stay as they are, and so do the ``unfit`` ones (by
    place) as long as they do not fit.
    """
    known: dict[str, list[ScenarioChange]] = {}
    left: list[ScenarioChange] = []
    for at, change in enumerate(changes):
        if at in unfit:
            left.append(change)
        else:
            known.setdefault(id_of(change), []).append(change)
    anew = dict.fromkeys(touched)
    anew |= {id: None for id, those in known.items() if not _is_plain(those, _item(base, id))}
    was_out = {id for id in known if id in base.entities and _item_leaves(known[id])}
    out = {id for id in was_out if id not in anew} | {
        id for id in anew if id in base.entities and _must_leave(base.entities[id], after)
    }
    if out ^ was_out:
        # Links leave and come back with their ends, and need a change of their own or none.
        moved = out ^ was_out
        ends = ((link.id, link.source, link.target) for link in base.links.values())
        anew |= {id: None for id, source, target in ends if source in moved or target in moved}
    phases: list[list[ScenarioChange]] = [[] for _ in range(_ADD_LINK + 1)]
    for id in dict.fromkeys((*known, *anew)):
        those = known.get(id, [])
        found = _derived(base, after, id, those, out) if id in anew else _as_they_are(base, those)
        for phase, change in found:
            phases[phase].append(change)
    made = tuple(change for phase in phases for change in phase)
    return (*made, *_still_unfit(base, made, left)) if left else made


def _is_plain(changes: Sequence[ScenarioChange], item: Item | None) -> bool:
    """Whether the changes of one item are of the least form: one addition, one removal, or sets."""
    if item is None:
        return len(changes) == 1 and changes[0].add is not None
    if len(changes) == 1 and changes[0].remove is not None:
        return True
    fields = [change.field for change in changes if change.set is not None]
    return len(fields) == len(changes) and len(set(fields)) == len(fields)


def _item_leaves(changes: Iterable[ScenarioChange]) -> bool:
    return any(change.remove is not None for change in changes)


def _must_leave(item: AnyEntity, after: Project) -> bool:
    now = after.entities.get(item.id)
    return now is None or fields_set(item, now) is None


def _as_they_are(
    base: Project, changes: Iterable[ScenarioChange]
) -> Iterator[tuple[int, ScenarioChange]]:
    for change in changes:
        if change.add is not None:
            phase = _ADD_LINK if is_link_kind(change.add.get("kind")) else _ADD_ITEM
        elif change.remove is not None:
            phase = _REMOVE_LINK if change.remove in base.links else _REMOVE_ITEM
        else:
            phase = _SET
        yield phase, change


def _derived(
    base: Project,
    after: Project,
    id: str,
    changes: Sequence[ScenarioChange],
    out: Container[str],
) -> Iterator[tuple[int, ScenarioChange]]:
    """The changes that make one item of the base what it is afterwards, with their phases."""
    old, new = _item(base, id), _item(after, id)
    values = None
    if old is not None and new is not None and not (is_link(new) and _ends_at(new, out)):
        values = fields_set(old, new)
    if values is not None:
        sets = {change.field: change for change in changes if change.set is not None}
        for field, value in values.items():
            known = sets.get(field) or ScenarioChange(set=id, field=field)
            yield _SET, known if known.value == value else _replaced(known, value=value)
        return
    if old is not None and not (is_link(old) and _ends_at(old, out)):
        phase = _REMOVE_LINK if is_link(old) else _REMOVE_ITEM
        known_removals = [change for change in changes if change.remove is not None]
        yield phase, known_removals[0] if known_removals else ScenarioChange(remove=id)
    if new is not None:
        plain = to_plain(new)
        additions = [change for change in changes if change.add is not None]
        known = additions[0] if additions else ScenarioChange()
        again = _ADD_ITEM if old is None else _ADD_AGAIN
        phase = _ADD_LINK if is_link(new) else again
        yield phase, known if known.add == plain else _replaced(known, add=plain)


def _replaced(change: ScenarioChange, **parts: Any) -> ScenarioChange:
    made: ScenarioChange = msgspec.structs.replace(change, **parts)
    return made


def is_link(item: Item) -> bool:
    """Whether it is a link."""
    return item.section is Section.LINKS


def _ends_at(item: Item, ids: Container[str]) -> bool:
    return getattr(item, "source", None) in ids or getattr(item, "target", None) in ids


def fields_set(old: Item, new: Item) -> dict[str, Any] | None:
    """The fields in which two records of one id differ, with the new plain values.

    None where no setting of fields makes the one out of the other.
    """
    if type(old) is not type(new):
        return None
    if old is new:
        return {}
    before, now = to_plain(old), to_plain(new)
    names = [name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name)]
    if not set(names) <= set(new.__struct_fields__) - {"id", "extra"}:
        return None
    return {name: now[name] if name in now else _plain_default(new, name) for name in names}


def _plain_default(record: Item, field: str) -> Any:
    """A default, which :func:`to_plain` leaves out, as a plain value."""
    value = msgspec.to_builtins(getattr(record, field))
    return list(value) if isinstance(value, tuple) else value


def _still_unfit(
    base: Project, made: tuple[ScenarioChange, ...], left: Sequence[ScenarioChange]
) -> Sequence[ScenarioChange]:
    """Of the changes that did not fit, those that do not fit after the others either."""
    trial = Scenario(id="trial", changes=(*made, *left))
    scenarios: Mapping[str, Scenario] = {"trial": trial}
    played = play_what_fits(msgspec.structs.replace(base, scenarios=scenarios), "trial")
    return [left[each.at - len(made)] for each in played.unfit if each.at >= len(made)]
