"""The table of fields: what each kind of record holds, declared once on the record itself.

A record's annotation carries an ``about(...)``; :func:`fields_of` reads it back as
:class:`Field`. The inspector, tables, workbook, import, checks and the JSON Schema all read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec


class FieldType(Enum):
    """How a field is shown, edited and checked."""

    TEXT = "text"
    LONG_TEXT = "long text"
    QUANTITY = "quantity"
    INTEGER = "integer"
    FLAG = "flag"
    DATE = "date"
    CHOICE = "choice"
    WORDS = "words"
    SOURCES = "sources"
    ENTITY = "entity"
    PRODUCT = "product"
    PRODUCTS = "products"
    CREDIT = "credit"
    LISTS = "lists"
    TERMS = "terms"
    DECLARED = "declared"
    STRUCTURE = "structure"


class Unit(StrEnum):
    """What a quantity counts."""

    SHARE = "share"
    MONEY = "money a year"
    PRICE = "money a unit"
    UNITS = "units a year"
    MONTHS = "months"
    NONE = ""


class Field(msgspec.Struct, frozen=True):
    """One field of one kind of record. ``absent`` is what it means that no value is given."""

    name: str
    type: FieldType
    label: str
    help: str
    unit: Unit = Unit.NONE
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    absent: str = "unknown"
    default: Any = None
    required: bool = False

    @property
    def is_share(self) -> bool:
        """Whether the field is a share in 0..1, shown as a percentage."""
        return self.unit is Unit.SHARE


def about(
    type: FieldType,
    label: str,
    help: str,
    *,
    unit: Unit = Unit.NONE,
    least: float | None = None,
    most: float | None = None,
    choices: Iterable[str] = (),
    absent: str = "unknown",
) -> msgspec.Meta:
    """Declare a field beside its annotation: ``own_ip: Annotated[..., about(...)]``.

    A whole number outside its range cannot be stored at all; a quantity can, and is a finding.
    """
    described = {
        "type": type,
        "unit": unit,
        "least": least,
        "most": most,
        "choices": tuple(str(choice) for choice in choices),
        "absent": absent,
    }
    if type is FieldType.INTEGER:
        return msgspec.Meta(title=label, description=help, extra=described, ge=least, le=most)
    return msgspec.Meta(title=label, description=help, extra=described)


def about_share(label: str, help: str, *, absent: str = "unknown") -> msgspec.Meta:
    """Declare a share: a quantity in 0..1."""
    return about(
        FieldType.QUANTITY, label, help, unit=Unit.SHARE, least=0.0, most=1.0, absent=absent
    )


def about_amount(label: str, help: str, unit: Unit = Unit.NONE) -> msgspec.Meta:
    """Declare a quantity that is never below zero."""
    return about(FieldType.QUANTITY, label, help, unit=unit, least=0.0)


def about_money(label: str, help: str, unit: Unit = Unit.MONEY) -> msgspec.Meta:
    """Declare an amount of money in the project's currency."""
    return about_amount(label, help, unit)


@cache
def fields_of(record: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The declared fields of a record class, in file order; undeclared ones are left out."""
    hints = get_type_hints(record, include_extras=True)
    found = []
    for info in msgspec.structs.fields(record):
        meta = _meta_of(hints[info.name])
        if meta is None:
            continue
        found.append(
            Field(
                name=info.name,
                label=meta.title or info.name,
                help=meta.description or "",
                default=_default_of(info),
                required=info.required,
                **(meta.extra or {}),
            )
        )
    return tuple(found)


def field_of(record: type[msgspec.Struct], name: str) -> Field | None:
    """The field of that name, or ``None``."""
    return next((field for field in fields_of(record) if field.name == name), None)


def _meta_of(hint: Any) -> msgspec.Meta | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((arg for arg in get_args(hint)[1:] if isinstance(arg, msgspec.Meta)), None)


def _default_of(info: msgspec.structs.FieldInfo) -> Any:
    if info.default is not msgspec.NODEFAULT:
        return info.default
    if info.default_factory is not msgspec.NODEFAULT:
        return info.default_factory()
    return None
