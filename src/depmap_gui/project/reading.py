"""The decoded text of a project file made into records, with all faults told at once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from depmap_gui.domain.fields import FieldType, field_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.plain import from_plain, why_not_kept
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    Plant,
    Product,
    Scenario,
    ScenarioChange,
    Source,
)
from depmap_gui.domain.views import FARTHEST, Frame, Group, Note, Tint, View
from depmap_gui.project.faults import FileFault

STAMP = ("format", "version")

_CLASS_OF_KIND: dict[Section, Mapping[str, type[msgspec.Struct]]] = {
    Section.ENTITIES: {kind.value: cls for kind, cls in ENTITY_CLASSES.items()},
    Section.LINKS: {kind.value: cls for kind, cls in LINK_CLASSES.items()},
}
_CLASS: dict[Section, type[msgspec.Struct]] = {
    Section.SOURCES: Source,
    Section.SCENARIOS: Scenario,
    Section.VIEWS: View,
}
_PARTS: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (Plant, "products"): Product,
    (Scenario, "changes"): ScenarioChange,
    (View, "groups"): Group,
    (View, "notes"): Note,
    (View, "frames"): Frame,
}
_WANTED = {
    FieldType.TEXT: "a text in quotes",
    FieldType.LONG_TEXT: "a text in quotes",
    FieldType.QUANTITY: "a number, or three numbers [low, mode, high]",
    FieldType.INTEGER: "a whole number",
    FieldType.FLAG: "true or false",
    FieldType.DATE: 'a day such as "2026-05-31"',
    FieldType.WORDS: "a list of texts",
    FieldType.SOURCES: "a list of source ids",
    FieldType.ENTITY: "the id of an item, a text in quotes",
    FieldType.PRODUCT: "the id of a product, a text in quotes",
    FieldType.PRODUCTS: "a list of products",
    FieldType.CREDIT: "the id of a credit, a text in quotes",
    FieldType.LISTS: "a list of texts",
    FieldType.TERMS: "terms in braces, each true, false or null",
    FieldType.DECLARED: "texts in braces, each with its name",
    FieldType.STRUCTURE: "texts in braces, each with its name",
}
_WANTED_ELSEWHERE = {
    "id": "a text in quotes",
    "changes": "a list of changes",
    "groups": "a list of groups",
    "positions": "positions in braces, each id with [x, y]",
    "pinned": "a list of ids",
    "hidden": "a list of kinds or ids",
    "members": "a list of ids",
    "viewport": "four numbers",
    "notes": "a list of notes",
    "frames": "a list of frames",
    "rect": f"four numbers [left, top, width, height], none beyond {FARTHEST:,.0f}, the last two "
    "above zero,",
    "bends": f"points in braces, each link id with a list of [x, y], none beyond {FARTHEST:,.0f},",
    "tint": f"one of {', '.join(Tint)}",
    "collapsed": "true or false",
    "add": "a record in braces",
}


def quick_project(file: dict[str, Any]) -> Project:
    """The project of a decoded file of today's version.

    Raises msgspec.ValidationError, KeyError or TypeError at the first fault.
    """
    header = {key: value for key, value in file.items() if key not in STAMP and key not in _LISTS}
    if why_not_kept(header):
        raise msgspec.ValidationError("a value that cannot be kept")
    sections = {
        section: _quick_section(section, file.get(section.value, [])) for section in Section
    }
    if sections[Section.ENTITIES].keys() & sections[Section.LINKS].keys():
        raise msgspec.ValidationError("an id that is used twice")
    return _assembled(from_plain(header, Header), sections)


def _quick_section(section: Section, items: list[dict[str, Any]]) -> dict[str, Any]:
    if not isinstance(items, list):
        raise msgspec.ValidationError("not a list")
    records: dict[str, Any] = {}
    for plain in items:
        cls = _class_of(section, plain["kind"] if section in _MAP else "")
        record: Any = from_plain(plain, cls)
        records[record.id] = record
        if (record.extra or section not in _MAP) and why_not_kept(plain):
            raise msgspec.ValidationError("a value that cannot be kept")
    if len(records) != len(items) or "" in records:
        raise msgspec.ValidationError("an id that is missing or used twice")
    return records


def _assembled(header: Header, sections: dict[Section, dict[str, Any]]) -> Project:
    return Project(
        header=header,
        entities=sections[Section.ENTITIES],
        links=sections[Section.LINKS],
        sources=sections[Section.SOURCES],
        scenarios=sections[Section.SCENARIOS],
        views=sections[Section.VIEWS],
    )


_LISTS = frozenset(section.value for section in Section)
_MAP = (Section.ENTITIES, Section.LINKS)


def _class_of(section: Section, kind: str) -> type[msgspec.Struct]:
    return _CLASS_OF_KIND[section][kind] if section in _MAP else _CLASS[section]


class PatientReader:
    """Reads record by record and field by field, and collects the faults on its way."""

    def __init__(self, lines: Mapping[str, int], record_lines: Mapping[str, list[int]]) -> None:
        self._lines = lines
        self._record_lines = record_lines
        self._taken: dict[str, dict[str, str]] = {}
        self.faults: list[FileFault] = []

    def project(self, file: dict[str, Any]) -> Project:
        """The project as far as it can be read; it is whole only if ``faults`` stays empty."""
        plain = {
            key: value for key, value in file.items() if key not in STAMP and key not in _LISTS
        }
        header = self._header(plain)
        return _assembled(header, {section: self._section(section, file) for section in Section})

    def _header(self, plain: dict[str, Any]) -> Header:
        kept = {}
        for key, value in plain.items():
            why = _why_wrong(Header, key, value)
            if why is not None:
                self.faults.append(FileFault(self._lines.get(key), key, why))
            elif value is not None or key not in Header.__struct_fields__:
                kept[key] = value
        return from_plain(kept, Header)

    def _section(self, section: Section, file: dict[str, Any]) -> dict[str, Any]:
        items = file.get(section.value, [])
        if not isinstance(items, list):
            line = self._lines.get(section.value)
            message = f"This must be a list in square brackets, and is {_shown(items)}."
            self.faults.append(FileFault(line, section.value, message))
            return {}
        records: dict[str, Any] = {}
        lines = self._record_lines.get(section.value, [])
        for index, plain in enumerate(items):
            line = lines[index] if index < len(lines) else self._lines.get(section.value)
            record = self._record(section, plain, line, f"{section.value}[{index}]")
            if record is not None:
                records[record.id] = record
        return records

    def _record(self, section: Section, plain: Any, line: int | None, place: str) -> Any:
        """One record, or None after its faults were noted."""
        if not isinstance(plain, dict):
            message = f"A record in braces is needed here, and this is {_shown(plain)}."
            self.faults.append(FileFault(line, place, message))
            return None
        id = plain.get("id")
        kind = plain.get("kind")
        called = kind if section in _MAP and isinstance(kind, str) else section.value
        whose = f"{called} '{id}'" if isinstance(id, str) and id else place
        found = len(self.faults)
        self._check_id(section, id, line, whose)
        if section in _MAP and (not isinstance(kind, str) or kind not in _CLASS_OF_KIND[section]):
            kinds = ", ".join(EntityKind if section is Section.ENTITIES else LinkKind)
            said = "has no kind" if kind is None else f"is of the unknown kind {_shown(kind)}"
            message = f"The record {said}. It must be one of {kinds}."
            self.faults.append(FileFault(line, f"{whose}, kind", message))
            return None
        cls = _class_of(section, str(kind))
        kept = self._fields(plain, cls, line, whose)
        return from_plain(kept, cls) if len(self.faults) == found else None

    def _check_id(self, section: Section, id: Any, line: int | None, whose: str) -> None:
        if not isinstance(id, str) or not id:
            said = "has no id" if id is None else f"has the id {_shown(id)}"
            message = f"The record {said}. Give it an id, a text in quotes that no other has."
            self.faults.append(FileFault(line, whose, message))
            return
        if why := why_not_kept(id):
            self.faults.append(FileFault(line, whose, f"The id cannot be read: {why}."))
            return
        taken = self._taken.setdefault("map" if section in _MAP else section.value, {})
        if id in taken:
            message = f"The id '{id}' is used twice, first on {taken[id]}. Give one another id."
            self.faults.append(FileFault(line, whose, message))
        else:
            taken[id] = f"line {line}"

    def _fields(
        self, plain: dict[str, Any], cls: type[msgspec.Struct], line: int | None, whose: str
    ) -> dict[str, Any]:
        """The fields that can be kept; null counts as absent. Notes a fault for each other."""
        kept: dict[str, Any] = {}
        hints = _hints(cls)
        for name in _required(cls):
            if name not in plain and name != "id":
                wanted = _wanted(cls, name)
                message = f"'{name}' is missing; {wanted} is needed."
                self.faults.append(FileFault(line, whose, message))
        for name, value in plain.items():
            if value is None and name in hints and name not in _required(cls):
                continue
            part = _PARTS.get((cls, name))
            if part is not None and isinstance(value, list):
                kept[name] = [
                    self._part(item, part, line, f"{whose}, {name}[{index}]")
                    for index, item in enumerate(value)
                ]
            elif name == "id" and cls not in _PARTS.values():
                kept[name] = value
            elif (why := _why_wrong(cls, name, value)) is not None:
                self.faults.append(FileFault(line, f"{whose}, {name}", why))
            else:
                kept[name] = value
        return kept

    def _part(
        self, item: Any, cls: type[msgspec.Struct], line: int | None, whose: str
    ) -> dict[str, Any]:
        if isinstance(item, dict):
            if "id" in _required(cls) and "id" not in item:
                message = "The record has no id. Give it one, a text in quotes."
                self.faults.append(FileFault(line, whose, message))
            return self._fields(item, cls, line, whose)
        message = f"A record in braces is needed here, and this is {_shown(item)}."
        self.faults.append(FileFault(line, whose, message))
        return {}


def _why_wrong(cls: type[msgspec.Struct], name: str, value: Any) -> str | None:
    """The sentence for a value that its field cannot hold; None where it can."""
    why = why_not_kept(value)
    if why is not None:
        return f"The value cannot be read: {why}."
    hint = _hints(cls).get(name)
    if hint is None or (value is None and name not in _required(cls)):
        return None
    try:
        msgspec.convert(value, hint)
    except (msgspec.ValidationError, OverflowError):
        return f"{_shown(value)} will not do here; {_wanted(cls, name)} is needed."
    return None


@cache
def _hints(cls: type[msgspec.Struct]) -> dict[str, Any]:
    return {info.name: info.type for info in msgspec.structs.fields(cls) if info.name != "extra"}


@cache
def _required(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(info.name for info in msgspec.structs.fields(cls) if info.required)


def _wanted(cls: type[msgspec.Struct], name: str) -> str:
    field = field_of(cls, name)
    if field is None:
        return _WANTED_ELSEWHERE.get(name, "a text in quotes")
    if field.choices:
        return "one of " + ", ".join(field.choices)
    if field.type is FieldType.INTEGER and field.least is not None and field.most is not None:
        return f"a whole number from {field.least} to {field.most}"
    return _WANTED[field.type]


def _shown(value: Any) -> str:
    """A value as it may stand in a sentence, cut where it is long."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Enum():
            return str(value)
        case _:
            try:
                text = str(msgspec.json.encode(value), "utf-8")
            except (UnicodeEncodeError, RecursionError, OverflowError):
                text = ascii(value)
            return text if len(text) <= 60 else text[:57] + "..."
