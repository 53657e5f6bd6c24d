"""Records as plain values (dicts, lists, strings, numbers) and back.

The project file, the journal, scenarios and the workbook's round trip all speak this form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Any, TypeVar

import msgspec

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Product,
    Scenario,
    ScenarioChange,
)
from depmap_gui.domain.views import Frame, Group, Note, View

T = TypeVar("T", bound=msgspec.Struct)

_NESTED: dict[type[msgspec.Struct], dict[str, type[msgspec.Struct]]] = {
    ENTITY_CLASSES[EntityKind.PLANT]: {"products": Product},
    Scenario: {"changes": ScenarioChange},
    View: {"groups": Group, "notes": Note, "frames": Frame},
}
_ENTITY_KINDS, _LINK_KINDS = frozenset(EntityKind), frozenset(LinkKind)
_LARGEST_EXACT = 2.0**53
DEEPEST = 60
"""Levels of nesting that a value of a project may have."""


def to_plain(record: msgspec.Struct) -> dict[str, Any]:
    """The record as a dict in field order (``id``, then ``kind``), unknown keys at the end.

    Defaults are left out; whole floats are integers.
    """
    built: dict[str, Any] = msgspec.to_builtins(record)
    return _written(built, type(record))


def _written(built: dict[str, Any], record: type[msgspec.Struct]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if "id" in built:
        plain["id"] = built["id"]
    nested = _NESTED.get(record, {})
    for name, value in built.items():
        if name in nested:
            plain[name] = [_written(item, nested[name]) for item in value]
        elif name not in ("id", "extra"):
            plain[name] = _whole(value)
    return plain | built["extra"] if "extra" in built else plain


def from_plain(plain: Mapping[str, Any], record: type[T]) -> T:
    """A record of the given class; keys it does not know go to its ``extra``.

    Raises msgspec.ValidationError with the place of the first value of a wrong type.
    """
    unknown = plain.keys() - _names(record)
    nested = _NESTED.get(record, {}).items()
    if not unknown and not nested:
        return msgspec.convert(plain, record)
    known = {key: value for key, value in plain.items() if key not in unknown}
    changes: dict[str, Any] = {}
    for name, part in nested:
        if isinstance(items := known.get(name), (list, tuple)):
            known[name] = ()
            changes[name] = tuple(_part(item, part, f"{name}[{i}]") for i, item in enumerate(items))
    converted = msgspec.convert(known, record)
    if unknown:
        changes["extra"] = {key: value for key, value in plain.items() if key in unknown}
    return msgspec.structs.replace(converted, **changes) if changes else converted


def _part(plain: Any, record: type[T], place: str) -> T:
    if not isinstance(plain, Mapping):
        raise msgspec.ValidationError(f"Expected `object`, got {plain!r} - at `$.{place}`")
    try:
        return from_plain(plain, record)
    except msgspec.ValidationError as fault:
        raise msgspec.ValidationError(f"{fault} (in `{place}`)") from None


def why_not_kept(value: Any, depth: int = 0) -> str | None:
    """Why a value (plain or a record) cannot be written to a file and read back, or None."""
    if depth > DEEPEST:
        return f"it is nested deeper than {DEEPEST} levels"
    match value:
        case str():
            if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value):
                return None
            return "it has half of a character (a lone surrogate)"
        case float():
            if math.isfinite(value):
                return None
            return "it has a number that is too large or no number at all"
        case msgspec.Struct():
            inner: Iterable[Any] = msgspec.structs.astuple(value)
        case dict():
            inner = chain(value, value.values())
        case list() | tuple():
            inner = value
        case _:
            return None
    for part in inner:
        # An import asks of some million parts, and most are empty or plain words.
        if not part or (type(part) is str and part.isascii()):
            continue
        if why := why_not_kept(part, depth + 1):
            return why
    return None


def entity_from_plain(plain: Mapping[str, Any]) -> AnyEntity:
    """An entity of the class its ``kind`` names. Raises msgspec.ValidationError."""
    return from_plain(plain, ENTITY_CLASSES[EntityKind(_kind(plain, EntityKind))])


def link_from_plain(plain: Mapping[str, Any]) -> AnyLink:
    """A link of the class its ``kind`` names. Raises msgspec.ValidationError."""
    return from_plain(plain, LINK_CLASSES[LinkKind(_kind(plain, LinkKind))])


def is_link_kind(kind: object) -> bool:
    """Whether the word names a kind of link."""
    return isinstance(kind, str) and kind in _LINK_KINDS


def _kind(plain: Mapping[str, Any], kinds: type[EntityKind | LinkKind]) -> str:
    kind = plain.get("kind")
    if isinstance(kind, str) and kind in (_LINK_KINDS if kinds is LinkKind else _ENTITY_KINDS):
        return kind
    allowed = ", ".join(kinds)
    raise msgspec.ValidationError(f"kind is {kind!r}, expected one of {allowed} - at `$.kind`")


@cache
def _names(record: type[msgspec.Struct]) -> frozenset[str]:
    names = {info.encode_name for info in msgspec.structs.fields(record)} - {"extra"}
    tag = record.__struct_config__.tag_field
    return frozenset(names | {tag}) if tag else frozenset(names)


def _whole(value: Any) -> Any:
    """The value with whole floats as integers."""
    match value:
        case float() if value.is_integer() and abs(value) < _LARGEST_EXACT:
            return int(value)
        case dict():
            return {key: _whole(item) for key, item in value.items()}
        case list() | tuple():
            return [_whole(item) for item in value]
        case _:
            return value
