"""Checks of single records: quantities, dates, codes, sources, products, views."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from datetime import date
from functools import cache

import msgspec

from depmap_gui.domain.checks_scenarios import held_on_map
from depmap_gui.domain.countries import code_of, countries
from depmap_gui.domain.edits import Batch, Edit, SetField, SetHeader, leave_view
from depmap_gui.domain.fields import Field, FieldType, fields_of
from depmap_gui.domain.findings import Finding, Mend, Severity, listed, percent
from depmap_gui.domain.kinds import ANOTHER_COMPANY, Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.quantity import Quantity, bounds, is_ordered, within
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    License,
    Plant,
    Product,
    Source,
)
from depmap_gui.domain.views import View, new_box_id

_CURRENCY = re.compile(r"[A-Z]{3}")
_GRADE = re.compile(r"[A-F][1-6]")
_MOST_AS_PERCENT = 100.0


def record_findings(project: Project, base: Project) -> Iterator[Finding]:
    """What is wrong within single records, and in what they name of the rest of the project.

    ``base`` is the map that a scenario was played on, to give the project; else the project.
    """
    yield from _header(project.header)
    for entity in project.entities.values():
        for field in _misfits(entity):
            yield _misfit(project, entity, field)
        if entity.sources:
            yield from _sources(project, entity)
        yield from _entity(project, entity)
    for link in project.links.values():
        for field in _misfits(link):
            yield _misfit(project, link, field)
        if link.sources:
            yield from _sources(project, link)
        if link.valid_from is not None and link.valid_to is not None:
            yield from _in_order(project, link, "valid_from", "valid_to")
    yield from _codes(project)
    for source in project.sources.values():
        yield from _grade(source)
    held = held_on_map(base)
    for view in project.views.values():
        yield from _view(project, view, held)


def _header(header: Header) -> Iterator[Finding]:
    if not _CURRENCY.fullmatch(header.currency):
        yield Finding(
            severity=Severity.WARNING,
            code="header.currency",
            where=(),
            field="currency",
            message=(
                f"The project's currency is '{header.currency}'. Three capital letters such as "
                "USD are needed to read its money. Correct it in the project's properties."
            ),
        )
    share = header.bought_in
    if share is not None and not 0.0 <= share <= 1.0:
        yield Finding(
            severity=Severity.ERROR,
            code="quantity.range",
            where=(),
            field="bought_in",
            message=(
                f"The project's default bought-in share is {percent(share)}. It lies between 0% "
                "and 100%; embedded shares would come out wrong. Correct it."
            ),
            mend=Mend("Go back to the usual default", SetHeader("bought_in", None)),
        )


def _entity(project: Project, entity: AnyEntity) -> Iterator[Finding]:
    if not entity.name:
        yield Finding(
            severity=Severity.HINT,
            code="entity.no_name",
            where=(entity.id,),
            field="name",
            message=f"The {entity.kind} '{entity.id}' has no name. Give it one that readers know.",
        )
    match entity:
        case Plant():
            yield from _products(project, entity)
        case Company(declared=declared) if declared:
            yield from _declared(project, entity)
        case License():
            yield from _in_order(project, entity, "signed", "modified")
            yield from _in_order(project, entity, "signed", "expires")
            yield from _in_order(project, entity, "signed", "last_royalty")


@cache
def _quantity_fields(record: type[msgspec.Struct]) -> tuple[Field, ...]:
    return tuple(field for field in fields_of(record) if field.type is FieldType.QUANTITY)


def _misfits(record: AnyEntity | AnyLink) -> list[Field]:
    """The fields of a record whose quantity cannot be."""
    return [
        field
        for field in _quantity_fields(type(record))
        if (value := getattr(record, field.name)) is not None and not _fits(value, field)
    ]


def _misfit(project: Project, record: AnyEntity | AnyLink, field: Field) -> Finding:
    value = getattr(record, field.name)
    whose = f"{field.label} of {project.name(record.id)}"
    code, message, better = _what_is_wrong(value, field, whose)
    edit = SetField(record.section, record.id, field.name, better)
    return Finding(
        severity=Severity.ERROR,
        code=code,
        where=(record.id,),
        field=field.name,
        message=message,
        mend=Mend(f"Make it {_figure(better, field)}", edit) if better is not None else None,
    )


def _fits(value: Quantity, field: Field) -> bool:
    if isinstance(value, tuple):
        return is_ordered(value) and within(value, field.least, field.most)
    # Most quantities are single numbers: those are told at a glance.
    least = -math.inf if field.least is None else field.least
    return least <= value < math.inf and (field.most is None or value <= field.most)


def _what_is_wrong(value: Quantity, field: Field, whose: str) -> tuple[str, str, Quantity | None]:
    """Code, message and a better value (if one is likely) of a quantity that cannot be."""
    if not is_ordered(value):
        better = tuple(sorted(bounds(value))) if all(map(math.isfinite, bounds(value))) else None
        message = (
            f"{whose} is {_figure(value, field)}: low, mode and high must rise in that order. "
            "Intervals and sampling cannot read it. Put them in order."
        )
        return "quantity.order", message, better  # type: ignore[return-value]  # three bounds
    if not field.is_share:
        message = f"{whose} is {_figure(value, field)}, and cannot be below zero. Correct it."
        return "quantity.range", message, None
    message = (
        f"{whose} is {_figure(value, field)}. A share lies between 0% and 100%: scores that read "
        "it would be wrong. Correct it; 60% is written 0.6 in the file."
    )
    return "quantity.range", message, _read_as_percent(value)


def _read_as_percent(value: Quantity) -> Quantity | None:
    least, middle, most = bounds(value)
    if least < 0.0 or most > _MOST_AS_PERCENT:
        return None
    return (least / 100, middle / 100, most / 100) if isinstance(value, tuple) else middle / 100


def _figure(value: Quantity, field: Field) -> str:
    words = [percent(x) if field.is_share else f"{x:,.12g}" for x in bounds(value)]
    return f"[{', '.join(words)}]" if isinstance(value, tuple) else words[0]


def _sources(project: Project, record: AnyEntity | AnyLink) -> Iterator[Finding]:
    unknown = [id for id in record.sources if id not in project.sources]
    if unknown:
        kept = tuple(id for id in record.sources if id in project.sources)
        yield Finding(
            severity=Severity.WARNING,
            code="source.unknown",
            where=(record.id,),
            field="sources",
            message=(
                f"{project.name(record.id)} rests on {_quoted(unknown)}, which "
                f"{'is' if len(unknown) == 1 else 'are'} not among the project's sources. A "
                "reader cannot look it up. Add the source, or take it off."
            ),
            mend=Mend("Take it off", SetField(record.section, record.id, "sources", kept)),
        )


def _declared(project: Project, company: Company) -> Iterator[Finding]:
    name = project.name(company.id)
    source = company.declared.get("source")
    # That a company is not its namesake on a list overrides nothing that the map shows.
    statuses = {what: said for what, said in company.declared.items() if said != ANOTHER_COMPANY}
    if not statuses:
        return
    if not source:
        said = listed(f"{what}: {value}" for what, value in statuses.items())
        yield Finding(
            severity=Severity.WARNING,
            code="declared.no_source",
            where=(company.id,),
            field="declared",
            message=(
                f"A status of {name} is declared ({said}) without a source. It overrides what the "
                "map shows, and nobody can check it. Name the source."
            ),
        )
    elif source not in project.sources:
        yield Finding(
            severity=Severity.WARNING,
            code="source.unknown",
            where=(company.id,),
            field="declared",
            message=(
                f"The declared status of {name} rests on '{source}', which is not among the "
                "project's sources. Add the source, or name another."
            ),
        )


def _products(project: Project, plant: Plant) -> Iterator[Finding]:
    name = project.name(plant.id)
    for id, number in Counter(product.id for product in plant.products).items():
        if number > 1 or not id:
            yield Finding(
                severity=Severity.ERROR,
                code="product.duplicate",
                where=(plant.id,),
                field="products",
                message=(
                    f"{name} has {number} products with the id '{id}'. Supplies could not say "
                    "which they go into. Give each an id of its own."
                ),
            )
    for product in plant.products:
        called = f"{product.name or product.id} of {name}"
        for field in _quantity_fields(Product):
            value = getattr(product, field.name)
            if value is None or _fits(value, field):
                continue
            code, message, _ = _what_is_wrong(value, field, f"{field.label} of {called}")
            yield Finding(
                severity=Severity.ERROR,
                code=code,
                where=(plant.id,),
                field="products",
                message=message,
            )
        if _after(product.construction_start, product.in_service):
            yield Finding(
                severity=Severity.WARNING,
                code="dates.order",
                where=(plant.id,),
                field="products",
                message=(
                    f"{called} was placed in service on {product.in_service}, before its "
                    f"construction began on {product.construction_start}. Which law applies hangs "
                    "on these dates. Correct one."
                ),
            )


def _in_order(
    project: Project, record: License | AnyLink, first: str, second: str
) -> Iterator[Finding]:
    before, after = getattr(record, first), getattr(record, second)
    if _after(before, after):
        labels = {field.name: field.label for field in fields_of(type(record))}
        name, section = project.name(record.id), record.section
        swapped: tuple[Edit, ...] = (
            SetField(section, record.id, first, after),
            SetField(section, record.id, second, before),
        )
        yield Finding(
            severity=Severity.WARNING,
            code="dates.order",
            where=(record.id,),
            field=second,
            message=(
                f"'{labels[first]}' of {name} is {before}, after its "
                f"'{labels[second]}', {after}. What counts on a day hangs on these dates. "
                "Correct one."
            ),
            mend=Mend("Swap the two dates", Batch(f"Swap dates of {name}", swapped)),
        )


def _after(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first > second


def _codes(project: Project) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for place in project.of_kind(Jurisdiction):
        if place.code not in countries():
            yield _unknown_code(project, place)
        if place.code and place.code in first:
            yield Finding(
                severity=Severity.ERROR,
                code="jurisdiction.duplicate",
                where=(first[place.code], place.id),
                field="code",
                message=(
                    f"{project.name(first[place.code])} and {project.name(place.id)} both have "
                    f"the code {place.code}. One country would be shown as two. Correct a code, "
                    "or join the two."
                ),
            )
        first.setdefault(place.code, place.id)


def _unknown_code(project: Project, place: Jurisdiction) -> Finding:
    likely = code_of(place.code) or code_of(place.name)
    said = f"has the code '{place.code}'" if place.code else "has no code"
    edit = SetField(Section.ENTITIES, place.id, "code", likely)
    return Finding(
        severity=Severity.ERROR if place.code else Severity.WARNING,
        code="jurisdiction.code",
        where=(place.id,),
        field="code",
        message=(
            f"{project.name(place.id)} {said}. Laws name countries by the two letters of "
            "ISO 3166-1 (or EU), so none would recognize it. Set the code."
        ),
        mend=Mend(f"Set the code to {likely}", edit) if likely else None,
    )


def _grade(source: Source) -> Iterator[Finding]:
    if source.grade and not _GRADE.fullmatch(source.grade):
        yield Finding(
            severity=Severity.HINT,
            code="source.grade",
            where=(source.id,),
            field="grade",
            message=(
                f"The source {source.title or source.id} is graded '{source.grade}'. A grade is a "
                "letter A to F and a figure 1 to 6, such as B2. Correct it, or leave it empty."
            ),
        )


def _view(project: Project, view: View, held: Container[str]) -> Iterator[Finding]:
    cards = {group.id for group in view.groups}
    named = [*view.positions, *view.pinned, *(id for group in view.groups for id in group.members)]
    named = [id for id in named if id not in project.entities and id not in cards]
    named += [id for id in view.bends if id not in project.links]
    # What another scenario, or the base of this one, has on the map keeps its place.
    unknown = [id for id in dict.fromkeys(named) if id not in held]
    if unknown:
        edits = tuple(leave_view(project, view.id, set(unknown)))
        yield Finding(
            severity=Severity.HINT,
            code="view.unknown",
            where=(view.id,),
            message=(
                f"The view {view.name or view.id} places {_quoted(unknown)}, not on the map. It "
                "does no harm; the places can be forgotten."
            ),
            mend=Mend("Forget the places", Batch("Forget places of missing items", edits)),
        )
    if view.notes or view.frames:
        yield from _boxes(project, view)


def _boxes(project: Project, view: View) -> Iterator[Finding]:
    """Notes and frames whose ids something else has already."""
    taken = _ids_beside(project, view)
    twice: list[str] = []
    for box in view.boxes:
        (twice.append if box.id in taken else taken.add)(box.id)
    if twice:
        yield Finding(
            severity=Severity.WARNING,
            code="view.id_taken",
            where=(view.id,),
            message=(
                f"On the view {view.name or view.id} the ids of notes or frames are taken already: "
                f"{_quoted(dict.fromkeys(twice))}. They are drawn, and cannot be selected. Give "
                "each an id of its own."
            ),
            mend=Mend("Give them ids of their own", _with_own_ids(project, view)),
        )


def _ids_beside(project: Project, view: View) -> set[str]:
    """The ids that no note or frame can have: a selection would not tell them apart."""
    return {"", *project.entities, *project.links, *(group.id for group in view.groups)}


def _with_own_ids(project: Project, view: View) -> Batch:
    """Every note and frame whose id is taken gets a new one; frames come first."""
    taken = _ids_beside(project, view)
    known = {*taken, *(box.id for box in view.boxes)}
    edits: list[Edit] = []
    for field, boxes in (("frames", view.frames), ("notes", view.notes)):
        made = []
        for box in boxes:
            id = new_box_id(known, type(box)) if box.id in taken else box.id
            taken.add(id)
            known.add(id)
            made.append(msgspec.structs.replace(box, id=id))
        if tuple(made) != boxes:
            edits.append(SetField(Section.VIEWS, view.id, field, tuple(made)))
    return Batch("Give notes and frames ids of their own", tuple(edits))


def _quoted(ids: Iterable[str]) -> str:
    return listed(f"'{id}'" for id in ids)
