"""Older project files brought to today's format, one version at a time.

Each step takes the decoded file of one version and gives that of the next, as plain values:
it knows the two formats and nothing of today's records, so that it never has to change again.
To add one: raise ``VERSION``, write the step, and put it at the end of ``STEPS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

Plain = dict[str, Any]


class Step(msgspec.Struct, frozen=True):
    """From one version to the next; ``moved`` names top-level lists that got another name."""

    upgrade: Callable[[Plain], Plain]
    moved: dict[str, str] = {}


def _from_draft(file: Plain) -> Plain:
    """Version 0, the draft before the first release: nodes, edges, and licence with a c."""
    moved = {_DRAFT_LISTS.get(key, key): value for key, value in file.items()}
    for key in ("entities", "links"):
        if isinstance(moved.get(key), list):
            moved[key] = [_license(record) for record in moved[key]]
    if isinstance(moved.get("scenarios"), list):
        moved["scenarios"] = [_license_added(scenario) for scenario in moved["scenarios"]]
    return moved


_DRAFT_LISTS = {"nodes": "entities", "edges": "links"}
_DRAFT_WORDS = {"licence": "license", "licences": "licenses"}


def _license(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    new = dict(record)
    for key in ("kind", "type"):
        if isinstance(new.get(key), str):
            new[key] = _DRAFT_WORDS.get(new[key], new[key])
    return new


def _license_added(scenario: Any) -> Any:
    if not isinstance(scenario, dict) or not isinstance(scenario.get("changes"), list):
        return scenario
    changes = [
        change | {"add": _license(change["add"])}
        if isinstance(change, dict) and "add" in change
        else change
        for change in scenario["changes"]
    ]
    return scenario | {"changes": changes}


STEPS: tuple[Step, ...] = (Step(_from_draft, _DRAFT_LISTS),)
"""``STEPS[n]`` leads from version n to version n + 1."""

VERSION = len(STEPS)
"""The version of the files that this program writes."""


def migrate(file: Plain, version: int) -> Plain:
    """The decoded file as today's version would have it; ``version`` is what it was written in."""
    for step in STEPS[version:]:
        file = step.upgrade(file)
    return file | {"version": VERSION}


def old_name(section: str, version: int) -> str:
    """What a top-level list of today is called in a file of an older version."""
    for step in reversed(STEPS[version:]):
        section = {new: old for old, new in step.moved.items()}.get(section, section)
    return section
