"""The JSON Schema of a project file, generated from the table of fields.

It ships as ``resources/depmap.schema.json`` for editors and for programs that write projects. To
write it again after a field has changed: ``python -m depmap_gui.project.schema resources``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from depmap_gui.domain.fields import Unit, fields_of
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Header
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    Product,
    Scenario,
    ScenarioChange,
    Source,
)
from depmap_gui.domain.views import Frame, Group, Note, View
from depmap_gui.project.atomic import write_bytes_atomically
from depmap_gui.project.file import FORMAT
from depmap_gui.project.migrations import VERSION

FILE_NAME = "depmap.schema.json"

_ENTITIES = tuple(ENTITY_CLASSES.values())
_LINKS = tuple(LINK_CLASSES.values())
_RECORDS: tuple[type[msgspec.Struct], ...] = (
    *_ENTITIES,
    *_LINKS,
    Source,
    Scenario,
    View,
    Product,
    ScenarioChange,
    Group,
    Note,
    Frame,
)
_REFERENCE = "#/$defs/{name}"


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12). Unknown keys are permitted: they are kept when saving."""
    _, found = msgspec.json.schema_components((*_RECORDS, Header), ref_template=_REFERENCE)
    definitions = {cls.__name__: _described(found[cls.__name__], cls) for cls in _RECORDS}
    header = _described(found["Header"], Header)["properties"]
    items: dict[Section, dict[str, Any]] = {
        Section.ENTITIES: {"oneOf": [_reference(cls) for cls in _ENTITIES]},
        Section.LINKS: {"oneOf": [_reference(cls) for cls in _LINKS]},
        Section.SOURCES: _reference(Source),
        Section.SCENARIOS: _reference(Scenario),
        Section.VIEWS: _reference(View),
    }
    lists = {
        section.value: {"type": "array", "items": items[section], "default": []}
        for section in Section
    }
    # Choices are classes of their own to msgspec; they stand beside the records.
    choices = {name: found[name] for name in sorted(found.keys() - definitions.keys() - {"Header"})}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "DepMap project",
        "description": "Who a plant depends on: entities and links, each naming its sources.",
        "type": "object",
        "required": ["format", "version"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            **header,
            **lists,
        },
        "$defs": definitions | choices,
    }


def schema_bytes() -> bytes:
    """The schema as the shipped file has it."""
    return (json.dumps(schema(), indent=2, ensure_ascii=False) + "\n").encode()


def _reference(cls: type[msgspec.Struct]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(name=cls.__name__)}


def _described(component: dict[str, Any], cls: type[msgspec.Struct]) -> dict[str, Any]:
    """A record's part of the schema with the units and ranges of its fields."""
    properties = {name: part for name, part in component["properties"].items() if name != "extra"}
    for field in fields_of(cls):
        part = properties[field.name]
        if field.unit is not Unit.NONE:
            part["x-unit"] = field.unit.value
            _limit(part, field.least, field.most)
    described = {key: value for key, value in component.items() if key != "properties"}
    return described | {"properties": properties}


def _limit(part: dict[str, Any], least: float | None, most: float | None) -> None:
    """Put the range of a quantity on each number it is made of."""
    inner = [*part.get("anyOf", ()), *part.get("prefixItems", ())]
    for piece in inner:
        _limit(piece, least, most)
    if part.get("type") == "number":
        limits = {"minimum": least, "maximum": most}
        part.update({key: limit for key, limit in limits.items() if limit is not None})


if __name__ == "__main__":
    write_bytes_atomically(Path(sys.argv[1]) / FILE_NAME, schema_bytes())
