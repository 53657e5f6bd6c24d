"""Any field's value in words and back, as the table of fields says: one place for all panels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QLocale

from depmap_gui.domain.fields import Field, FieldType, Unit, fields_of
from depmap_gui.domain.kinds import ROLES_BY_TARGET, EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import within
from depmap_gui.domain.records import Located, Plant, Product, Supplies
from depmap_gui.gui import numbers, numbers_typed
from depmap_gui.gui.numbers_typed import NotUnderstood
from depmap_gui.rules.pack import RulePack

KIND_WORDS: Mapping[str, tuple[str, str]] = {
    EntityKind.PLANT: ("Plant", "Plants"),
    EntityKind.COMPANY: ("Company", "Companies"),
    EntityKind.LICENSE: ("License", "Licenses"),
    EntityKind.MATERIAL: ("Material", "Materials"),
    EntityKind.JURISDICTION: ("Jurisdiction", "Jurisdictions"),
    LinkKind.LOCATED: ("Location", "Locations"),
    LinkKind.OWNS: ("Holding", "Holdings"),
    LinkKind.LENDS: ("Loan", "Loans"),
    LinkKind.OPERATES: ("Operation", "Operations"),
    LinkKind.SUPPLIES: ("Supply", "Supplies"),
    LinkKind.LICENSES: ("Licensor", "Licensors"),
    LinkKind.USES: ("License use", "Uses"),
}
"""What one and several of each kind are called."""

STATUS_WORDS: Mapping[str, str] = {
    "sfe": "Specified foreign entity",
    "fie": "Foreign-influenced entity",
    "blocked": "Blocked by ownership",
    "covered": "Covered by export restrictions",
    "feoc": "Foreign entity of concern",
    "adversary": "Of a country named (connected vehicles)",
    "investor": "Of a country named (investment)",
}
"""What the entity statuses of the packs are called; other ids stand for themselves."""


class Names(msgspec.Struct, frozen=True):
    """What words are taken from: the project, its rule packs, and the reader's locale."""

    project: Project
    packs: tuple[RulePack, ...] = ()
    locale: QLocale | None = None

    @property
    def currency(self) -> str:
        """The currency that all money of the project is in."""
        return self.project.header.currency

    def source(self, id: str) -> str:
        """What to call a source."""
        source = self.project.sources.get(id)
        return (source.title if source is not None else "") or id

    def credit(self, id: str) -> str:
        """The title of a credit of the packs; the id itself where none has it."""
        found = next((pack.credits[id] for pack in self.packs if id in pack.credits), None)
        return found.title if found is not None else id

    def list_title(self, id: str) -> str:
        """The title of a government list of the packs; the id itself where none has it."""
        found = next((pack.lists[id] for pack in self.packs if id in pack.lists), None)
        return found.title if found is not None else id


def status_words(id: str) -> str:
    """What to call an entity status."""
    return STATUS_WORDS.get(id, id.upper())


def record_words(project: Project, record: Any) -> str:
    """What to call a record in the history: its name, a link's item, or its two ends."""
    if isinstance(record, Supplies) and record.item:
        return record.item
    named = getattr(record, "name", "") or getattr(record, "title", "")
    return named or project.name(record.id)


def counted(kinds: Sequence[str]) -> str:
    """How many of what: '3 companies', '2 items', '17 items and 25 links'."""
    counts = Counter(kinds)
    if len(counts) == 1:
        singular, plural = KIND_WORDS[kinds[0]]
        return _so_many(len(kinds), singular.lower(), plural.lower())
    items = sum(counts[kind] for kind in EntityKind)
    links = len(kinds) - items
    said = [_so_many(items, "item", "items")] if items else []
    said += [_so_many(links, "link", "links")] if links else []
    return " and ".join(said)


def _so_many(count: int, one: str, several: str) -> str:
    return f"{numbers.count(count)} {one if count == 1 else several}"


# To words ---------------------------------------------------------------------------------


def value_text(field: Field, value: Any, names: Names, record: Any = None) -> str:
    """The value as a reader sees it; unknown is said wherever a value could be unknown."""
    if value is None and field.type in (FieldType.QUANTITY, FieldType.INTEGER, FieldType.DATE):
        return field.absent
    match field.type:
        case FieldType.QUANTITY:
            return numbers.quantity(value, field.unit, names.currency, locale=names.locale)
        case FieldType.DATE:
            return numbers.day(value, names.locale)
        case FieldType.FLAG:
            return numbers.UNKNOWN_TEXT if value is None else ("yes" if value else "no")
        case FieldType.SOURCES:
            return ", ".join(names.source(id) for id in value or ())
        case FieldType.LISTS:
            return ", ".join(names.list_title(id) for id in value or ())
        case FieldType.CREDIT:
            return names.credit(value) if value else "none"
        case FieldType.ENTITY:
            return names.project.name(value)
        case FieldType.PRODUCT:
            return product_words(names.project, record, value)
        case _:
            return _plain_text(field, value)


def _plain_text(field: Field, value: Any) -> str:
    match field.type:
        case FieldType.WORDS:
            return ", ".join(value or ())
        case FieldType.PRODUCTS:
            return ", ".join(product.name or product.id for product in value)
        case FieldType.TERMS | FieldType.DECLARED | FieldType.STRUCTURE:
            return ", ".join(f"{key}: {_answer(item)}" for key, item in (value or {}).items())
        case _:
            return str(value) if value is not None else numbers.UNKNOWN_TEXT


def _answer(value: Any) -> str:
    return {True: "yes", False: "no", None: numbers.UNKNOWN_TEXT}.get(value, str(value))


def product_words(project: Project, record: Any, id: str | None) -> str:
    """What to call the product that a supply goes into."""
    if id is None:
        return "every product"
    target = project.entities.get(getattr(record, "target", ""))
    products = target.products if isinstance(target, Plant) else ()
    return next((product.name or product.id for product in products if product.id == id), id)


def copied_text(field: Field, value: Any, names: Names, record: Any = None) -> str:
    """The value as text for the clipboard: exact, so that pasting it back changes nothing."""
    match field.type:
        case FieldType.QUANTITY:
            text = numbers.quantity_to_edit(value, field.unit, names.locale)
            return text or numbers.UNKNOWN_TEXT
        case FieldType.DATE:
            return value.isoformat() if value is not None else numbers.UNKNOWN_TEXT
        case FieldType.SOURCES | FieldType.LISTS | FieldType.WORDS:
            return ", ".join(value or ())
        case FieldType.CREDIT | FieldType.PRODUCT:
            return value or ""
        case _:
            return value_text(field, value, names, record)


# From words -------------------------------------------------------------------------------

TYPED_IN_CELLS = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.QUANTITY,
        FieldType.INTEGER,
        FieldType.FLAG,
        FieldType.DATE,
        FieldType.CHOICE,
        FieldType.WORDS,
        FieldType.SOURCES,
        FieldType.LISTS,
        FieldType.ENTITY,
        FieldType.PRODUCT,
        FieldType.CREDIT,
    }
)
"""Types of fields whose values can be typed as one line of text."""


def read_value(field: Field, text: str, names: Names, record: Any = None) -> Any:
    """The typed value of what was typed or pasted. Raises NotUnderstood with a sentence."""
    value = _read(field, text, names, record)
    if value is None and field.default is not None:
        if field.type is FieldType.FLAG:
            raise NotUnderstood(f"{field.label} is either yes or no.")
        return field.default
    return value


def _read(field: Field, text: str, names: Names, record: Any) -> Any:
    match field.type:
        case FieldType.QUANTITY:
            return numbers_typed.read_quantity(text, field.unit, names.currency, names.locale)
        case FieldType.INTEGER:
            return numbers_typed.read_integer(text, names.locale)
        case FieldType.DATE:
            return numbers_typed.read_date(text, names.locale)
        case FieldType.FLAG:
            return numbers_typed.read_flag(text)
        case FieldType.CHOICE:
            return numbers_typed.read_choice(text, field.choices)
        case FieldType.WORDS:
            return numbers_typed.read_words(text)
        case FieldType.SOURCES:
            known = {id: source.title for id, source in names.project.sources.items()}
            return tuple(_known(word, known, "source") for word in numbers_typed.read_words(text))
        case FieldType.LISTS:
            return _read_lists(text, names)
        case FieldType.ENTITY:
            word, project = text.strip(), names.project
            return word if word in project.entities else _only(project.called(word), word, "item")
        case FieldType.PRODUCT:
            return _read_product(text, names, record)
        case FieldType.CREDIT:
            credits = {id: c.title for pack in names.packs for id, c in pack.credits.items()}
            absent = numbers_typed.is_unknown(text)
            return None if absent else _known(text.strip(), credits, "credit")
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return _read_text(field, text)
        case _:
            raise NotUnderstood(f"{field.label} is edited in the inspector, not as text.")


def _read_text(field: Field, text: str) -> str | None:
    kept = text.strip() if field.type is FieldType.TEXT else text
    if field.default is None and not field.required:
        return None if numbers_typed.is_unknown(kept) else kept
    return kept


def _read_lists(text: str, names: Names) -> tuple[str, ...]:
    titles = {id: found.title for pack in names.packs for id, found in pack.lists.items()}
    return tuple(_known(word, titles, "list") for word in numbers_typed.read_words(text))


def _read_product(text: str, names: Names, record: Any) -> str | None:
    word = text.strip()
    if numbers_typed.is_unknown(word) or word.casefold() == "every product":
        return None
    target = names.project.entities.get(getattr(record, "target", ""))
    products = target.products if isinstance(target, Plant) else ()
    return _known(word, {product.id: product.name for product in products}, "product")


def _known(word: str, titles: Mapping[str, str], what: str) -> str:
    """The id that the word is, or that goes by that title and no other does."""
    if word in titles:
        return word
    found = [id for id, title in titles.items() if title.casefold() == word.casefold()]
    return _only(found, word, what)


def _only(found: Sequence[str], word: str, what: str) -> str:
    """The one id that was found for the word. Raises NotUnderstood where it is not one."""
    if len(found) == 1:
        return found[0]
    if found:
        raise NotUnderstood(f"Several are called '{word}'; type the id: {', '.join(found)}.")
    raise NotUnderstood(f"There is no {what} called '{word}'.")


# What is asked of a value -----------------------------------------------------------------


def range_fault(field: Field, value: Any, locale: QLocale | None = None) -> str:
    """A sentence where a quantity lies outside its field's range; empty where all is well."""
    if value is None or field.type not in (FieldType.QUANTITY, FieldType.INTEGER):
        return ""
    if within(value, field.least, field.most):
        return ""
    ends = [_end(field, end, locale) for end in (field.least, field.most)]
    allowed = f"between {ends[0]} and {ends[1]}" if all(ends) else f"at least {ends[0]}"
    return f"{field.label} should be {allowed}. Kept as typed, and listed among the problems."


def _end(field: Field, value: float | None, locale: QLocale | None) -> str:
    if value is None:
        return ""
    return numbers.percent(value, locale) if field.is_share else f"{value:g}"


def unit_words(field: Field, currency: str) -> str:
    """The unit that stands beside the label; shares carry their percent sign themselves."""
    match field.unit:
        case Unit.MONEY:
            return f"{currency} a year"
        case Unit.PRICE:
            return f"{currency} a unit"
        case Unit.MONTHS:
            return "months"
        case Unit.SHARE | Unit.UNITS | Unit.NONE:
            return ""


def choices_for(field: Field, records: Iterable[Any], project: Project) -> tuple[str, ...]:
    """The choices that make sense for the records: a location's role depends on what is located."""
    kinds = set()
    for record in records:
        if not isinstance(record, Located) or field.name != "role":
            return field.choices
        target = project.entities.get(record.target)
        if target is not None:
            kinds.add(target.kind)
    if len(kinds) != 1:
        return field.choices
    allowed = set(ROLES_BY_TARGET.get(kinds.pop(), ()))
    return tuple(choice for choice in field.choices if choice in allowed) or field.choices


def takes_range(record_class: type[msgspec.Struct], field: Field) -> bool:
    """Whether the field holds a range of three numbers and not only one."""
    hint = next(f.type for f in msgspec.structs.fields(record_class) if f.name == field.name)
    try:
        msgspec.convert([0.0, 0.5, 1.0], hint)
    except msgspec.ValidationError:
        return False
    return True


def shared_fields(classes: Iterable[type[msgspec.Struct]]) -> tuple[Field, ...]:
    """The fields that all of the classes declare alike, in the order of the first."""
    first, *others = [fields_of(record_class) for record_class in classes]
    return tuple(field for field in first if all(field in fields for fields in others))


def edit_label(field: Field, value: Any, names: Names, records: Sequence[Any]) -> str:
    """The sentence of the history: 'Set cost of LFP cathode to $412M'."""
    if len(records) == 1:
        whose = record_words(names.project, records[0])
    else:
        whose = counted([record.kind for record in records])
    match field.type:
        case FieldType.TEXT if field.name == "name":
            return f"Rename {whose or records[0].id} to {value}"
        case FieldType.LONG_TEXT | FieldType.SOURCES | FieldType.TERMS | FieldType.PRODUCTS:
            return f"Change {in_sentence(field.label)} of {whose}"
        case FieldType.STRUCTURE | FieldType.DECLARED | FieldType.LISTS | FieldType.WORDS:
            return f"Change {in_sentence(field.label)} of {whose}"
        case _:
            words = value_text(field, value, names, records[0]) or "nothing"
            return f"Set {in_sentence(field.label)} of {whose} to {words}"


def in_sentence(label: str) -> str:
    """The label inside a sentence; abbreviations keep their capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def new_product(existing: Sequence[Product]) -> Product:
    """A further product, with an id that no other product of the plant has."""
    taken = {product.id for product in existing}
    number = len(existing) + 1
    while f"product-{number}" in taken:
        number += 1
    return Product(id=f"product-{number}", name=f"Product {number}")
