"""Records as named texts and back, for formats whose attributes are texts.

A field that is text in the project file is itself; any other is written as JSON. Keys that this
version does not know stand together under ``extra``.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.plain import entity_from_plain, link_from_plain, to_plain
from depmap_gui.domain.project import Header
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    AnyEntity,
    AnyLink,
    Record,
)

EXTRA = "extra"


def texts_of(record: Record | Header) -> dict[str, str]:
    """The record as texts by field, ``id`` and ``kind`` first; what is not stated is left out."""
    texts: dict[str, str] = {}
    plain = to_plain(record)
    unknown = {key: plain.pop(key) for key in record.extra if key in plain}
    for name, value in plain.items():
        texts[name] = value if isinstance(value, str) else _json(value)
    if unknown:
        texts[EXTRA] = _json(unknown)
    return texts


def plain_of(texts: Mapping[str, str], record: type[msgspec.Struct]) -> dict[str, Any]:
    """The plain values that :func:`texts_of` wrote. Raises msgspec.DecodeError."""
    plain: dict[str, Any] = {}
    for name, text in texts.items():
        if name == EXTRA:
            unknown = msgspec.json.decode(text)
            if isinstance(unknown, dict):
                plain = unknown | plain
        elif name in ("id", "kind") or is_text(record, name):
            plain[name] = text
        else:
            plain[name] = msgspec.json.decode(text)
    return plain


def entity_of(texts: Mapping[str, str]) -> AnyEntity:
    """The entity that the texts say. Raises msgspec.ValidationError or DecodeError."""
    kind = texts.get("kind", "")
    if kind not in set(EntityKind):
        raise msgspec.ValidationError(f"its kind is '{kind}'")
    return entity_from_plain(plain_of(texts, ENTITY_CLASSES[EntityKind(kind)]))


def link_of(texts: Mapping[str, str]) -> AnyLink:
    """The link that the texts say. Raises msgspec.ValidationError or DecodeError."""
    kind = texts.get("kind", "")
    if kind not in set(LinkKind):
        raise msgspec.ValidationError(f"its kind is '{kind}'")
    return link_from_plain(plain_of(texts, LINK_CLASSES[LinkKind(kind)]))


def is_text(record: type[msgspec.Struct], name: str) -> bool:
    """Whether a field is a text in the project file, so that it needs no JSON."""
    return name in _text_fields(record)


@cache
def _text_fields(record: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(info.name for info in msgspec.structs.fields(record) if _is_text(info.type))


def _is_text(hint: Any) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return all(_is_text(part) for part in get_args(hint) if part is not type(None))
    if hasattr(hint, "__metadata__"):
        return _is_text(hint.__origin__)
    return isinstance(hint, type) and issubclass(hint, (str, date, Enum))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
