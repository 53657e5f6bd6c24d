"""The shipped JSON Schema is today's, says what the table of fields says, and fits real files."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from every_field import every_field

from depmap_gui.domain.fields import fields_of
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Source
from depmap_gui.project.file import project_bytes
from depmap_gui.project.schema import FILE_NAME, schema, schema_bytes
from depmap_gui.resources import resource

EXAMPLE = json.loads((Path(__file__).parent / "small_example.depmap").read_bytes())
SCHEMA = schema()
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def fits(value: Any, rule: dict[str, Any]) -> bool:
    """Whether a value obeys the part of JSON Schema that the schema makes use of."""
    if "$ref" in rule:
        rule = {**SCHEMA["$defs"][rule["$ref"].rsplit("/", 1)[1]], **rule}
        return fits(value, {key: part for key, part in rule.items() if key != "$ref"})
    tests = [
        "const" not in rule or value == rule["const"],
        "enum" not in rule or value in rule["enum"],
        "anyOf" not in rule or any(fits(value, part) for part in rule["anyOf"]),
        "oneOf" not in rule or sum(fits(value, part) for part in rule["oneOf"]) == 1,
        "type" not in rule or has_type(value, rule["type"]),
    ]
    return all(tests) and fits_within(value, rule)


def has_type(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def fits_within(value: Any, rule: dict[str, Any]) -> bool:
    match value:
        case dict():
            known = rule.get("properties", {})
            rest = rule.get("additionalProperties", {})
            inner = [(value[key], known.get(key, rest)) for key in value]
            return value.keys() >= set(rule.get("required", ())) and all(
                fits(item, part) for item, part in inner if isinstance(part, dict)
            )
        case list():
            parts = rule.get("prefixItems", [])
            items = rule.get("items") or {}
            long_enough = rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", 1e9)
            rules = [*parts, *([items] * (len(value) - len(parts)))]
            return long_enough and all(map(fits, value, rules))
        case str() if rule.get("format") == "date":
            return bool(date.fromisoformat(value))
        case int() | float() if not isinstance(value, bool):
            return rule.get("minimum", value) <= value <= rule.get("maximum", value)
        case _:
            return True


def test_the_shipped_schema_is_what_the_fields_say() -> None:
    shipped = resource(FILE_NAME).read_bytes()
    again = "write it again: python -m depmap_gui.project.schema resources"
    assert shipped == schema_bytes(), again


@pytest.mark.parametrize("cls", [*ENTITY_CLASSES.values(), *LINK_CLASSES.values(), Source])
def test_every_field_is_in_the_schema_with_its_words(cls: Any) -> None:
    part = SCHEMA["$defs"][cls.__name__]
    for field in fields_of(cls):
        described = part["properties"][field.name]
        assert (described["title"], described["description"]) == (field.label, field.help)
    assert "extra" not in part["properties"]
    assert "id" in part["required"]


def test_files_fit_the_schema() -> None:
    assert fits(EXAMPLE, SCHEMA)
    assert fits(json.loads(project_bytes(every_field())), SCHEMA)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), 2),
        (("year",), "2026"),
        (("basis",), "vibes"),
        (("entities", 5, "own_ip"), 1.5),
        (("entities", 5, "own_ip"), [0.1, 0.2]),
        (("entities", 5, "own_ip"), [0.1, 0.2, 30]),
        (("entities", 0, "kind"), "country"),
        (("entities", 0, "id"), 7),
        (("links", 0, "role"), "branch"),
        (("links", 0, "source"), None),
    ],
)
def test_what_is_wrong_does_not_fit_the_schema(place: tuple[Any, ...], value: object) -> None:
    wrong = json.loads(json.dumps(EXAMPLE))
    *way, last = place
    inner = wrong
    for step in way:
        inner = inner[step]
    inner[last] = value
    assert not fits(wrong, SCHEMA)
