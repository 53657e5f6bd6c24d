"""What differs between two projects, as plain values, and as one edit that makes the difference.

Two projects are compared record by record and field by field, by id. Each difference stands for
itself, so that each can be accepted or declined for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import msgspec

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    EditError,
    Remove,
    SetField,
    SetHeader,
    removal,
)
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.plain import (
    entity_from_plain,
    from_plain,
    is_link_kind,
    link_from_plain,
    to_plain,
)
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant, Product, Record, Scenario, Source
from depmap_gui.domain.views import View

PRODUCTS = "products"


class Change(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: a record (or product) added or removed, or one field changed.

    ``section`` is None for the project's header. ``old`` and ``new`` are plain values: the field's,
    or the whole record's where one is added or removed. ``product`` names a product of a plant.
    """

    change: Change
    section: Section | None = None
    id: str = ""
    kind: str = ""
    product: str = ""
    field: str = ""
    old: Any = None
    new: Any = None

    @property
    def place(self) -> tuple[Section | None, str, str, str]:
        """What it is about: no two differences of a comparison have the same."""
        return self.section, self.id, self.product, self.field


class Refusal(msgspec.Struct, frozen=True):
    """A difference that cannot be made on the map as it is, and why."""

    difference: Difference
    why: str


def differences(before: Project, after: Project) -> tuple[Difference, ...]:
    """What one must do to ``before`` to get ``after``: header, then each list of records.

    The order in which records stand is no difference.
    """
    found = list(_fields(before.header, after.header, None, ""))
    for section in Section:
        found += _records(section, before.section(section), after.section(section))
    return tuple(found)


def reordered(before: Project, after: Project) -> tuple[Section, ...]:
    """The lists whose common records stand in another order."""
    found = []
    for section in Section:
        old, new = before.section(section), after.section(section)
        if [id for id in old if id in new] != [id for id in new if id in old]:
            found.append(section)
    return tuple(found)


def _records(
    section: Section, before: Mapping[str, Record], after: Mapping[str, Record]
) -> Iterator[Difference]:
    for id, old in before.items():
        new = after.get(id)
        if new is old:
            continue
        if new is None or type(new) is not type(old):
            yield _whole(Change.REMOVED, section, old)
        elif new != old:
            yield from _fields(old, new, section, id)
    for id, new in after.items():
        known = before.get(id)
        if known is None or type(new) is not type(known):
            yield _whole(Change.ADDED, section, new)


def _whole(change: Change, section: Section, record: Record) -> Difference:
    plain = to_plain(record)
    return Difference(
        change=change,
        section=section,
        id=record.id,
        kind=_kind(record),
        old=plain if change is Change.REMOVED else None,
        new=plain if change is Change.ADDED else None,
    )


def _kind(record: object) -> str:
    return str(getattr(record, "kind", ""))


def _fields(
    old: msgspec.Struct, new: msgspec.Struct, section: Section | None, id: str, product: str = ""
) -> Iterator[Difference]:
    before, after = to_plain(old), to_plain(new)
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was == now and (name in before) == (name in after):
            continue
        if name == PRODUCTS and isinstance(old, Plant) and isinstance(new, Plant):
            yield from _products(old, new)
            continue
        yield Difference(
            change=Change.CHANGED,
            section=section,
            id=id,
            kind=_kind(old),
            product=product,
            field=name,
            old=was,
            new=now,
        )


def _products(old: Plant, new: Plant) -> Iterator[Difference]:
    before = {product.id: product for product in old.products}
    after = {product.id: product for product in new.products}
    about = Difference(
        change=Change.CHANGED, section=Section.ENTITIES, id=old.id, kind=_kind(old), field=PRODUCTS
    )
    for id, product in before.items():
        if id not in after:
            yield msgspec.structs.replace(
                about, change=Change.REMOVED, product=id, old=to_plain(product)
            )
        elif after[id] != product:
            for each in _fields(product, after[id], Section.ENTITIES, old.id, id):
                yield msgspec.structs.replace(each, kind=about.kind)
    for id, product in after.items():
        if id not in before:
            yield msgspec.structs.replace(
                about, change=Change.ADDED, product=id, new=to_plain(product)
            )


# ------------------------------------------------------------------------- as one edit


def edit_of(
    before: Project, chosen: Iterable[Difference], label: str
) -> tuple[Batch, tuple[Refusal, ...]]:
    """The chosen differences as one edit of ``before``, and those that cannot be made.

    What an accepted difference rests on must be accepted too (a link's new end): else it is
    refused, with the reason. Removing an item takes the links that still hang on it.
    """
    document = Document(before)
    edits: list[Edit] = []
    refused: list[Refusal] = []
    waiting = sorted(chosen, key=_rank)
    removed = [each.id for each in waiting if _removes_item(each)]
    for about, make in _edits(before, waiting):
        try:
            edit = make()
            document.apply(edit)
            edits.append(edit)
        except (EditError, msgspec.ValidationError) as fault:
            refused += [Refusal(each, str(fault)) for each in about]
    if removed:
        taking = removal(document.snapshot(), removed)
        document.apply(taking)
        edits.append(taking)
    return Batch(label, tuple(edits)), tuple(refused)


_SECTION_ORDER = (None, Section.SOURCES, Section.ENTITIES, Section.LINKS, Section.SCENARIOS,
                  Section.VIEWS)  # fmt: skip


def _rank(difference: Difference) -> tuple[int, int]:
    """Links and other records leave first, then all else comes, items before links."""
    leaves = difference.change is Change.REMOVED and not difference.product
    return (0 if leaves else 1), _SECTION_ORDER.index(difference.section)


def _removes_item(difference: Difference) -> bool:
    whole = difference.change is Change.REMOVED and not difference.product
    return whole and difference.section is Section.ENTITIES


_Waiting = tuple[Sequence[Difference], Callable[[], Edit]]


def _edits(before: Project, chosen: Iterable[Difference]) -> Iterator[_Waiting]:
    """Each edit with the differences it makes; what changes a plant's products is one edit."""
    products: dict[str, list[Difference]] = {}
    for each in chosen:
        if each.product:
            products.setdefault(each.id, []).append(each)
        elif not _removes_item(each):
            yield (each,), partial(_edit, before, each)
    for plant, those in products.items():
        yield those, partial(_products_edit, before, plant, those)


def _edit(before: Project, difference: Difference) -> Edit:
    section, id = difference.section, difference.id
    if section is None:
        return SetHeader(difference.field, _given(difference, before.header))
    match difference.change:
        case Change.ADDED:
            return Add(_record(difference))
        case Change.REMOVED:
            return Remove(section, id)
        case Change.CHANGED:
            record = before.section(section).get(id)
            return SetField(section, id, difference.field, _given(difference, record))


def _given(difference: Difference, record: msgspec.Struct | None) -> Any:
    """The new value, or the field's default where it was taken away."""
    if difference.new is not None and isinstance(record, View):
        # Notes, frames and groups may have keys that this version does not know.
        plain = to_plain(record) | {difference.field: difference.new}
        return getattr(from_plain(plain, View), difference.field, difference.new)
    if difference.new is not None or record is None:
        return difference.new
    for info in msgspec.structs.fields(type(record)):
        if info.name == difference.field:
            if info.default is not msgspec.NODEFAULT:
                return info.default
            if info.default_factory is not msgspec.NODEFAULT:
                return info.default_factory()
    return None


def _record(difference: Difference) -> Record:
    plain: dict[str, Any] = difference.new
    match difference.section:
        case Section.SOURCES:
            return from_plain(plain, Source)
        case Section.SCENARIOS:
            return from_plain(plain, Scenario)
        case Section.VIEWS:
            return from_plain(plain, View)
        case _:
            is_link = is_link_kind(plain.get("kind"))
            return link_from_plain(plain) if is_link else entity_from_plain(plain)


def _products_edit(before: Project, plant: str, chosen: Sequence[Difference]) -> Edit:
    found = before.entities.get(plant)
    if not isinstance(found, Plant):
        raise msgspec.ValidationError(f"The plant '{plant}' is not on the map.")
    products = {product.id: product for product in found.products}
    for each in chosen:
        match each.change:
            case Change.ADDED:
                products[each.product] = from_plain(each.new, Product)
            case Change.REMOVED:
                products.pop(each.product, None)
            case Change.CHANGED if each.product in products:
                plain = to_plain(products[each.product]) | {each.field: each.new}
                known = {key: value for key, value in plain.items() if value is not None}
                products[each.product] = from_plain(known, Product)
            case Change.CHANGED:
                raise msgspec.ValidationError(f"The plant has no product '{each.product}'.")
    return SetField(Section.ENTITIES, plant, PRODUCTS, tuple(products.values()))


def count_words(found: Sequence[Difference]) -> str:
    """How many differences there are, in words: `2 added, 1 changed`."""
    parts = []
    for change in Change:
        number = sum(each.change is change for each in found)
        if number:
            parts.append(f"{number:,} {change}")
    return ", ".join(parts) or "no differences"
