"""Differences between two projects as plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec

from depmap_gui.domain.differences import PRODUCTS, Change, Difference
from depmap_gui.domain.fields import Field, FieldType, field_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Plant, Product, Scenario, Source
from depmap_gui.domain.views import View

_LONGEST = 120
_KINDS = {
    LinkKind.SUPPLIES: "supply",
    LinkKind.OWNS: "holding",
    LinkKind.LENDS: "loan",
    LinkKind.OPERATES: "operator",
    LinkKind.LICENSES: "licensor",
    LinkKind.USES: "license use",
    LinkKind.LOCATED: "location",
}
_NOUNS = {Section.SOURCES: "source", Section.SCENARIOS: "scenario", Section.VIEWS: "view"}


def sentence(difference: Difference, before: Project, after: Project, links: int = 0) -> str:
    """What differs, as one sentence: `Works: own IP changed from 30% to 35%.`

    ``links`` is how many links a removed item takes along.
    """
    about = _about(difference, before, after)
    match difference.change:
        case Change.ADDED:
            return f"Added {about}{_details(difference.new)}."
        case Change.REMOVED:
            return f"Removed {about}{_taken_along(difference, links)}."
        case Change.CHANGED:
            return f"{about}: {changed_words(difference, before, after)}."


def changed_words(difference: Difference, before: Project, after: Project) -> str:
    """What became of one field: `own IP changed from 30% to 35%`."""
    if difference.section is Section.VIEWS:
        return _view_words(difference)
    if difference.field == "changes":
        return f"changes {len(difference.old or ())} before, {len(difference.new or ())} now"
    field = field_of_difference(difference)
    label = _in_a_sentence(field.label if field else difference.field)
    was, now = (
        value_words(value, field, project)
        for value, project in ((difference.old, before), (difference.new, after))
    )
    if difference.old is None:
        return f"{label} set to {now}"
    if difference.new is None:
        return f"{label} taken away (it was {was})"
    return f"{label} changed from {was} to {now}"


def value_words(value: Any, field: Field | None, project: Project) -> str:
    """A plain value as a reader would write it."""
    if value is None or value in ("", [], {}):
        return "nothing"
    match field.type if field else None:
        case FieldType.QUANTITY if field is not None:
            return _quantity_words(value, field)
        case FieldType.FLAG:
            return "yes" if value else "no"
        case FieldType.ENTITY:
            return _quoted(project.name(str(value)))
        case FieldType.SOURCES:
            titles = [_title(project, str(id)) for id in value]
            return _quoted(", ".join(titles))
        case _ if isinstance(value, bool):
            return "yes" if value else "no"
        case _ if isinstance(value, int | float | date):
            return str(value)
        case _ if isinstance(value, Mapping):
            return _quoted("; ".join(f"{key}: {_answer(item)}" for key, item in value.items()))
        case _ if isinstance(value, list | tuple):
            return _quoted(", ".join(map(str, value)))
        case _:
            return _quoted(str(value))


def field_of_difference(difference: Difference) -> Field | None:
    """The declared field that a difference changes; None for one this version does not know."""
    owner = _class(difference)
    return None if owner is None else _field(owner, difference.field)


@cache
def _field(owner: type[msgspec.Struct], name: str) -> Field | None:
    return field_of(owner, name)


def _class(difference: Difference) -> type[msgspec.Struct] | None:
    if difference.product and difference.field != PRODUCTS:
        return Product
    match difference.section:
        case None:
            return Header
        case Section.SOURCES:
            return Source
        case Section.SCENARIOS:
            return Scenario
        case Section.VIEWS:
            return View
        case Section.ENTITIES:
            return ENTITY_CLASSES.get(EntityKind(difference.kind))
        case Section.LINKS:
            return LINK_CLASSES.get(LinkKind(difference.kind))


def _about(difference: Difference, before: Project, after: Project) -> str:
    id, section = difference.id, difference.section
    if section is None:
        return "The project"
    whole = difference.change is not Change.CHANGED
    project = after if difference.change is not Change.REMOVED else before
    if section in _NOUNS:
        plain = difference.new or difference.old
        record = project.section(section).get(id)
        name = getattr(record, "title", "") or getattr(record, "name", "")
        if not name and isinstance(plain, dict):
            name = plain.get("title") or plain.get("name") or ""
        return f"{'' if whole else 'The '}{_NOUNS[section]} {_quoted(name or id)}"
    if section is Section.LINKS:
        kind = _KINDS[LinkKind(difference.kind)]
        item = _item(difference, project)
        return f"{'' if whole else 'The '}{kind} {project.name(id)}{item}"
    name = _quoted(project.name(id))
    if difference.product:
        whole = difference.field == PRODUCTS
        product = _quoted(_product_name(project, id, difference.product))
        return f"{'' if whole else 'The '}product {product} of {name}"
    return f"{difference.kind} {name}" if whole else name.strip("'")


def _item(difference: Difference, project: Project) -> str:
    link = project.links.get(difference.id)
    item = getattr(link, "item", "")
    return f" ({_short(item)})" if item else ""


def _product_name(project: Project, plant: str, product: str) -> str:
    found = project.entities.get(plant)
    if isinstance(found, Plant):
        for each in found.products:
            if each.id == product:
                return each.name or product
    return product


def _details(plain: Any) -> str:
    """Nothing more than the number of fields it brings, so that the line stays short."""
    known = [key for key in plain if key not in ("id", "kind", "name", "source", "target", "title")]
    return f" with {len(known)} {'field' if len(known) == 1 else 'fields'}" if known else ""


def _taken_along(difference: Difference, links: int) -> str:
    if difference.section is not Section.ENTITIES or not links:
        return ""
    return f" with its {links} {'link' if links == 1 else 'links'}"


def _view_words(difference: Difference) -> str:
    """A layout in a few words: what moved, not where to."""
    match difference.field:
        case "positions":
            return _counted(difference, "item", ("moved", "placed", "taken off"))
        case "bends":
            return _counted(difference, "link", ("bent otherwise", "bent", "straightened"))
        case "notes" | "frames" | "groups" as several:
            return _counted(difference, several[:-1], ("changed", "added", "removed"))
        case "viewport":
            return "what was last looked at changed"
        case field:
            return f"{field.replace('_', ' ')} changed"


def _counted(difference: Difference, noun: str, words: tuple[str, str, str]) -> str:
    """How many of something are otherwise, new and gone, each with its word."""
    was, now = _by_id(difference.old), _by_id(difference.new)
    counts = (
        sum(id in was and was[id] != value for id, value in now.items()),
        sum(id not in was for id in now),
        sum(id not in now for id in was),
    )
    found = [
        f"{number:,} {noun}{'' if number == 1 else 's'} {word}"
        for word, number in zip(words, counts, strict=True)
        if number
    ]
    return ", ".join(found) or f"order of the {noun}s changed"


def _by_id(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list):
        return {str(part.get("id")): part for part in value}
    return value or {}


def _quantity_words(value: Any, field: Field) -> str:
    if isinstance(value, list | tuple):
        low, mode, high = (_number_words(part, field) for part in value)
        return f"{mode} ({low} to {high})"
    return _number_words(value, field)


def _number_words(value: Any, field: Field) -> str:
    if not isinstance(value, int | float):
        return str(value)
    if field.is_share:
        return f"{round(value * 100, 6):.10g}%"
    return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:,.0f}"


def _title(project: Project, id: str) -> str:
    source = project.sources.get(id)
    return source.title if source is not None and source.title else id


def _answer(value: object) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case None:
            return "unknown"
        case _:
            return str(value)


def _in_a_sentence(label: str) -> str:
    """A label inside a sentence: `Own IP` is `own IP`, `IP share` stays."""
    second = label[1:2]
    return label[:1].lower() + label[1:] if second.islower() or second == " " else label


def _quoted(text: str) -> str:
    return f"'{_short(text)}'"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
