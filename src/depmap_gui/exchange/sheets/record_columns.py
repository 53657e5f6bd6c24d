"""Records as table rows: columns come from the table of fields, never from a list kept here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from depmap_gui.domain.fields import Field, FieldType, Unit, fields_of
from depmap_gui.domain.quantity import bounds
from depmap_gui.domain.records import Product
from depmap_gui.exchange.sheets.book import Look, Number, Value
from depmap_gui.exchange.sheets.tables import YES_NO, Column

LOW, HIGH = ".low", ".high"
_APART = frozenset({FieldType.PRODUCTS, FieldType.STRUCTURE})
_LAST = ("notes", "tags", "sources")
"""Long or bookkeeping fields stand at the right, after what is computed with."""

Words = Callable[[str], str]


def field_columns(
    record: type[msgspec.Struct],
    *,
    leave_out: Sequence[str] = (),
    only_last: bool = False,
    but_last: bool = False,
) -> list[Column]:
    """The input columns of a record class.

    A quantity has its mode in the main column and low and high beside it. Products have a table
    of their own. ``only_last`` and ``but_last`` select the notes, tags and sources or the rest.
    """
    columns: list[Column] = []
    for field in fields_of(record):
        if field.type in _APART or field.name in leave_out:
            continue
        is_last = field.name in _LAST
        if (only_last and not is_last) or (but_last and is_last):
            continue
        columns += _columns_of(field)
    return columns


def field_values(record: msgspec.Struct, name_of_source: Words) -> dict[str, Value]:
    """A record's values by column key; ``name_of_source`` turns a source id into a reference."""
    values: dict[str, Value] = {}
    for field in fields_of(type(record)):
        if field.type in _APART:
            continue
        found = getattr(record, field.name)
        if field.type is FieldType.QUANTITY:
            values |= quantity_values(field.name, found)
        elif field.type is FieldType.SOURCES:
            values[field.name] = ", ".join(name_of_source(id) for id in found)
        else:
            values[field.name] = _plain(found)
    return values


def quantity_values(name: str, quantity: Any) -> dict[str, Value]:
    """Mode in the main column; low and high only where the analyst gave a range."""
    if quantity is None:
        return {name: None}
    low, mode, high = bounds(quantity)
    if isinstance(quantity, tuple):
        return {name: mode, name + LOW: low, name + HIGH: high}
    return {name: mode}


def product_columns() -> list[Column]:
    """The input columns of a plant's products."""
    return field_columns(Product, leave_out=("id",))


def number_of(field: Field) -> Number:
    """The number format that goes with a field's unit."""
    match field.unit:
        case Unit.SHARE:
            return Number.SHARE
        case Unit.MONEY:
            return Number.MONEY
        case Unit.PRICE:
            return Number.PRICE
        case Unit.UNITS:
            return Number.COUNT
        case Unit.MONTHS | Unit.NONE:
            return Number.GENERAL


def _columns_of(field: Field) -> list[Column]:
    match field.type:
        case FieldType.QUANTITY:
            return _quantity_columns(field)
        case FieldType.DATE:
            return [_input(field, Number.DATE, 12.0)]
        case FieldType.FLAG:
            return [_input(field, Number.TEXT, 11.0, choices=YES_NO)]
        case FieldType.CHOICE:
            return [_input(field, Number.TEXT, 13.0, choices=field.choices)]
        case FieldType.INTEGER:
            return [_input(field, Number.WHOLE, 10.0)]
        case FieldType.LONG_TEXT:
            return [_input(field, Number.TEXT, 50.0, wrap=True)]
        case FieldType.TERMS | FieldType.DECLARED:
            return [_input(field, Number.TEXT, 34.0, wrap=True)]
        case FieldType.CREDIT:
            return [_input(field, Number.TEXT, 24.0)]
        case FieldType.SOURCES:
            return [_input(field, Number.TEXT, 34.0, wrap=True)]
        case _:
            width = 30.0 if field.name in {"name", "item", "title"} else 16.0
            return [_input(field, Number.TEXT, width, wrap=True)]


def _quantity_columns(field: Field) -> list[Column]:
    number = number_of(field)
    wide = 15.0 if field.unit in {Unit.MONEY, Unit.UNITS} else 12.0
    share = field.is_share
    return [
        _input(field, number, wide, share=share),
        Column(
            field.name + LOW, f"{field.label}, low", Look.INPUT, number, wide, share=share,
            help="Empty where the figure beside it is certain.",
        ),
        Column(
            field.name + HIGH, f"{field.label}, high", Look.INPUT, number, wide, share=share,
            help="Empty where the figure beside it is certain.",
        ),
    ]  # fmt: skip


def _input(
    field: Field,
    number: Number,
    width: float,
    *,
    wrap: bool = False,
    choices: Sequence[str] | None = None,
    share: bool = False,
) -> Column:
    return Column(
        field.name,
        field.label,
        Look.INPUT,
        number,
        width,
        wrap=wrap,
        choices=choices,
        share=share,
        help=field.help,
    )


def _plain(value: Any) -> Value:
    match value:
        case None | bool() | str() | int() | float() | date():
            return None if value is None else value if isinstance(value, bool) else _word(value)
        case Mapping():
            return "; ".join(f"{key}: {_answer(item)}" for key, item in value.items())
        case tuple() | list():
            return ", ".join(str(item) for item in value)
        case _:
            return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


def _word(value: str | float | date) -> Value:
    return str(value) if isinstance(value, str) else value


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
