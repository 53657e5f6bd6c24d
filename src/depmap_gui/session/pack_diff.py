"""What changed between two versions of a rule pack, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any

import msgspec

from depmap_gui.rules.listings import plain_name
from depmap_gui.rules.pack import DatedValue, GovernmentList, ListedPerson, Parameter, RulePack

NOTHING = "none"
_WORDING = frozenset(
    ("title", "question", "note", "why", "cure", "settle", "measures", "text", "citation")
)
_DAY = timedelta(days=1)


class PackChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change: the part of the pack (``parameters``, ``lists``...), the id, a sentence.

    ``wording`` marks a change of words or citations only, on which no verdict rests.
    """

    part: str
    id: str
    text: str
    wording: bool = False


def pack_changes(before: RulePack, after: RulePack) -> tuple[PackChange, ...]:
    """Everything that differs, part by part; empty where the packs say the same."""
    return (
        *_identity(before, after),
        *_by_id("parameters", before.parameters, after.parameters, _parameter),
        *_by_id("lists", before.lists, after.lists, _list),
        *_others(before, after),
    )


_Details = Callable[[Any, Any], Iterable[tuple[str, bool]]]


def _identity(before: RulePack, after: RulePack) -> Iterator[PackChange]:
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and isinstance(old, str | date):
            words = name in ("note", "status", "title", "author", "law", "version", "dated")
            text = f"The pack's {name.replace('_', ' ')}: {_said(old)} → {_said(new)}."
            yield PackChange(part="pack", id=name, text=text, wording=words)


def _others(before: RulePack, after: RulePack) -> Iterator[PackChange]:
    """Every other table of records by id, whatever tables packs have."""
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if name not in ("parameters", "lists") and isinstance(old, dict):
            yield from _by_id(name, old, new, _fields)


def _by_id(
    part: str, before: Mapping[str, Any], after: Mapping[str, Any], details: _Details
) -> Iterator[PackChange]:
    one = _ONE.get(part, part.removesuffix("s"))
    for id in (*before, *(id for id in after if id not in before)):
        old, new = before.get(id), after.get(id)
        if new is None:
            text = f"The {one} '{id}' ({_title(old)}) is gone."
            yield PackChange(part=part, id=id, text=text)
        elif old is None:
            text = f"There is a new {one} '{id}' ({_title(new)})."
            yield PackChange(part=part, id=id, text=text)
        elif old != new:
            for text, wording in details(old, new):
                sentence = f"{one.capitalize()} '{id}' ({_title(new)}): {text}."
                yield PackChange(part=part, id=id, text=sentence, wording=wording)


_ONE = {"duties": "duty"}


def _title(record: Any) -> str:
    return str(getattr(record, "title", "") or getattr(record, "id", ""))


# Records in general -----------------------------------------------------------------------


def _fields(before: Any, after: Any) -> Iterator[tuple[str, bool]]:
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            wording = name in _WORDING
            if isinstance(old, str) and isinstance(new, str) and len(old) + len(new) > 160:
                yield f"{_words(name)} is worded anew: “{new}”", wording
            else:
                yield f"{_words(name)}: {_said(old)} → {_said(new)}", wording


def _words(name: str) -> str:
    return {"starts": "first day", "ends": "last day"}.get(name, name.replace("_", " "))


def _said(value: Any) -> str:
    match value:
        case None | "" | ():
            return NOTHING
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case float() | int():
            return f"{value:g}" if abs(value) < 1e6 else f"{value:,.10g}"
        case tuple():
            return ", ".join(map(_said, value))
        case dict():
            return ", ".join(f"{key}: {_said(each)}" for key, each in value.items())
        case msgspec.Struct() if hasattr(value, "id") and hasattr(value, "text"):
            return f"{value.id} (“{value.text}”)"
        case msgspec.Struct():
            return ", ".join(
                f"{_words(name)} {_said(getattr(value, name))}"
                for name in value.__struct_fields__
                if getattr(value, name) not in (None, "", ())
            )
        case _:
            return str(value)


def value_words(value: DatedValue | None, unit: str) -> str:
    """A parameter's value for people: a share as a percentage, other figures with their unit."""
    if value is None:
        return "no value"
    found = value.value
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if is_number and unit == "share":
        return f"{round(value.number * 100, 6):g}%"
    said = _said(found)
    return f"{said} {unit}" if is_number and unit else said


# Parameters -------------------------------------------------------------------------------


def _parameter(before: Parameter, after: Parameter) -> Iterator[tuple[str, bool]]:
    """Stretches of days on which the value, its standing or its certainty differs."""
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name != "values":
            yield f"{name}: {_said(old)} → {_said(new)}", name in ("title", "note")
    for first, last, old, new in _stretches(before, after):
        yield from _value_change(first, last, old, new, before.unit, after.unit)


def _value_change(
    first: date,
    last: date | None,
    old: DatedValue | None,
    new: DatedValue | None,
    old_unit: str,
    new_unit: str,
) -> Iterator[tuple[str, bool]]:
    when = _period(first, last)
    if old is None or new is None or old.value != new.value:
        cited = f" ({new.citation})" if new is not None and new.citation else ""
        yield f"{when} {value_words(old, old_unit)} → {value_words(new, new_unit)}{cited}", False
    if old is None or new is None:
        return
    for name in ("standing", "certainty"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"{when} {name} {was.value} → {now.value}", False
    if old.citation != new.citation:
        yield f"{when} citation {old.citation} → {new.citation}", True
    if old.note != new.note:
        yield f"{when} note: {_said(old.note)} → {_said(new.note)}", True


def _period(first: date, last: date | None) -> str:
    if last is None:
        return f"from {first} on"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"in {first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    return f"{first} to {last}"


_Stretch = tuple[date, date | None, DatedValue | None, DatedValue | None]


def _stretches(before: Parameter, after: Parameter) -> list[_Stretch]:
    """Periods in which one value of each holds, where the two differ; neighbors are joined."""
    days = {value.starts for each in (before, after) for value in each.values}
    days |= {value.ends + _DAY for each in (before, after) for value in each.values if value.ends}
    ordered = sorted(days)
    found: list[_Stretch] = []
    for first, following in zip(ordered, [*ordered[1:], None], strict=True):
        old, new = before.on(first), after.on(first)
        if _content(old) == _content(new):
            continue
        last = None if following is None else following - _DAY
        previous = found[-1] if found else None
        if (
            previous is not None
            and previous[1] == first - _DAY
            and (_content(previous[2]), _content(previous[3])) == (_content(old), _content(new))
        ):
            found[-1] = (previous[0], last, old, new)
        else:
            found.append((first, last, old, new))
    return found


def _content(value: DatedValue | None) -> Any:
    """What a value says, its days apart."""
    if value is None:
        return None
    return (value.value, value.standing, value.certainty, value.citation, value.note)


# Lists ------------------------------------------------------------------------------------


def _list(before: GovernmentList, after: GovernmentList) -> Iterator[tuple[str, bool]]:
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name != "persons":
            yield f"{_words(name)}: {_said(old)} → {_said(new)}", name in _WORDING
    left = list(after.persons)
    for person in before.persons:
        same = next((each for each in left if _is_same(person, each)), None)
        if same is None:
            yield f"{person.name} is no longer named ({_listed(person)})", False
        else:
            left.remove(same)
            yield from _person(person, same)
    for person in left:
        yield f"{person.name} is named anew ({_listed(person)})", False


def _is_same(person: ListedPerson, other: ListedPerson) -> bool:
    return plain_name(person.name) == plain_name(other.name)


def _person(before: ListedPerson, after: ListedPerson) -> Iterator[tuple[str, bool]]:
    who = after.name
    if before.on != after.on:
        yield f"{who} is on it from {after.on}, not from {before.on}", False
    if before.off != after.off:
        if after.off is None:
            yield f"{who} stays on it; the last day was {before.off}", False
        elif before.off is None:
            yield f"{who} comes off it; the last day is {after.off}", False
        else:
            yield f"{who} is on it until {after.off}, not until {before.off}", False
    if set(before.aliases) != set(after.aliases):
        yield f"{who} is also known as {_said(after.aliases)}, not {_said(before.aliases)}", False
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and name not in ("on", "off", "aliases"):
            wording = name in ("name", "citation", "certainty", "note")
            yield f"{_words(name)} of {before.name}: {_said(old)} → {_said(new)}", wording


def _listed(person: ListedPerson) -> str:
    until = f" to {person.off}" if person.off else " on"
    return f"from {person.on}{until}"
