"""Edits as plain values and back, for the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from depmap_gui.domain.edits import Add, Batch, Edit, Place, Remove, SetField, SetHeader
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import entity_from_plain, from_plain, link_from_plain, to_plain
from depmap_gui.domain.records import Record, Scenario, Source
from depmap_gui.domain.views import View


def edit_to_plain(edit: Edit) -> dict[str, Any]:
    """The edit as dicts, lists, texts and numbers."""
    match edit:
        case Add(record, rank):
            section = record.section.value
            return {"do": "add", "section": section, "record": to_plain(record), "rank": rank}
        case Remove(section, id, leave_links):
            return {"do": "remove", "section": section.value, "id": id, "leave": leave_links}
        case SetField(section, id, field, value):
            plain = msgspec.to_builtins(value)
            return {"do": "set", "section": section.value, "id": id, "field": field, "value": plain}
        case SetHeader(field, value):
            return {"do": "header", "field": field, "value": msgspec.to_builtins(value)}
        case Place(view, positions):
            return {"do": "place", "view": view, "positions": dict(positions)}
        case Batch(label, edits):
            return {"do": "batch", "label": label, "edits": [edit_to_plain(part) for part in edits]}


def edit_from_plain(plain: Mapping[str, Any]) -> Edit:
    """The edit that :func:`edit_to_plain` took apart.

    Raises msgspec.ValidationError, KeyError, TypeError or ValueError for anything else.
    """
    match plain["do"]:
        case "add":
            return Add(_record(Section(plain["section"]), plain["record"]), plain["rank"])
        case "remove":
            return Remove(Section(plain["section"]), plain["id"], plain["leave"])
        case "set":
            section = Section(plain["section"])
            return SetField(section, plain["id"], plain["field"], plain["value"])
        case "header":
            return SetHeader(plain["field"], plain["value"])
        case "place":
            positions = {id: tuple(at) if at else None for id, at in plain["positions"].items()}
            return Place(plain["view"], positions)
        case "batch":
            return Batch(plain["label"], tuple(edit_from_plain(part) for part in plain["edits"]))
        case other:
            raise ValueError(f"There is no edit '{other}'.")


def _record(section: Section, plain: Mapping[str, Any]) -> Record:
    match section:
        case Section.ENTITIES:
            return entity_from_plain(plain)
        case Section.LINKS:
            return link_from_plain(plain)
        case Section.SOURCES:
            return from_plain(plain, Source)
        case Section.SCENARIOS:
            return from_plain(plain, Scenario)
        case Section.VIEWS:
            return from_plain(plain, View)
