"""One cell to one value, as its slot and its column's reading say; faults in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.quantity import Quantity, high, low
from depmap_gui.exchange.tables.amounts import NumberRead, read_number, scaled, unit_size
from depmap_gui.exchange.tables.columns import shown
from depmap_gui.exchange.tables.dates import read_date
from depmap_gui.exchange.tables.grid import Cell
from depmap_gui.exchange.tables.parties import parties
from depmap_gui.exchange.tables.places import read_places
from depmap_gui.exchange.tables.records import ValueReading
from depmap_gui.exchange.tables.slots import Reads, Slot
from depmap_gui.exchange.tables.words import (
    choice_words,
    folded,
    is_others,
    is_unknown,
    without_marks,
    word_set,
)

LONGEST_NAME = 300
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Value(msgspec.Struct, frozen=True):
    """What a cell says: a value (None: nothing known), a fault, or a remark on how it was read."""

    value: Any = None
    fault: str = ""
    remark: str = ""


NOTHING = Value()
Reader = Callable[[Cell], Value]


class Money(msgspec.Struct, frozen=True):
    """What money is read into: the project's currency, and rates from others to it."""

    currency: str
    rates: Mapping[str, float]


def reader(
    slot: Slot, reading: ValueReading, money: Money, seen: dict[str, Value] | None = None
) -> Reader:
    """The function that reads the cells of a column; equal texts are read once.

    What was read is kept in ``seen``, where whoever is in a hurry may look first.
    """
    read = _reader(slot, reading, money)
    seen = {} if seen is None else seen

    def once(cell: Cell) -> Value:
        if not isinstance(cell, str):
            return NOTHING if cell is None else read(cell)
        found = seen.get(cell)
        if found is None:
            found = seen[cell] = read(cell)
        return found

    return once


def clean(text: str) -> str:
    """The text on one line without what no file can hold."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_CONTROL.sub(" ", without_marks(text)).split())


def _reader(slot: Slot, reading: ValueReading, money: Money) -> Reader:
    match slot.reads:
        case Reads.NAME:
            return lambda cell: _names(cell, reading)
        case Reads.COUNTRY:
            return _country
        case Reads.SHARE:
            return lambda cell: _share(cell, reading)
        case Reads.MONEY:
            return lambda cell: _money(cell, reading, money)
        case Reads.NUMBER | Reads.OUTPUT:
            return lambda cell: _number(cell, reading)
        case Reads.DATE:
            return lambda cell: _date(cell, reading.day_first)
        case Reads.FLAG:
            return _flag
        case Reads.CHOICE:
            return lambda cell: _choice(cell, slot)
        case Reads.KIND:
            return _kind
        case Reads.WORDS:
            return _words
        case Reads.KEY | Reads.TEXT | Reads.NOTE | Reads.RELATION:
            return _text


def _names(cell: Cell, reading: ValueReading) -> Value:
    text = shown(cell)
    text = _CONTROL.sub(" ", without_marks(text)) if "\n" in text else clean(text)
    found = parties(text, reading.separator, reading.decimal)
    if not found:
        return NOTHING
    if any(len(party.name) > LONGEST_NAME for party in found):
        return Value(fault=f"a name of more than {LONGEST_NAME} characters is not taken")
    named = [(clean(party.name).rstrip("*†‡§ ") or clean(party.name), party) for party in found]
    return Value(
        tuple(
            party if name == party.name else msgspec.structs.replace(party, name=name)
            for name, party in named
        )
    )


def _country(cell: Cell) -> Value:
    text = clean(shown(cell))
    if is_unknown(text):
        return NOTHING
    if is_others(text):
        return Value(remark="others")
    read = read_places(text)
    if read.codes:
        return Value(read.codes)
    return Value(fault=f"'{text[:60]}' is not a country this program knows")


def _number_read(cell: Cell, reading: ValueReading) -> NumberRead:
    match cell:
        case bool():
            return NumberRead(fault="yes or no is not a number")
        case int() | float():
            return NumberRead(quantity=float(cell))
        case str():
            return read_number(cell, reading.decimal)
        case _:
            return NumberRead(fault=f"'{shown(cell)}' is a date, not a number")


def _share(cell: Cell, reading: ValueReading) -> Value:
    read = _number_read(cell, reading)
    if read.fault or read.quantity is None:
        return Value(fault=read.fault)
    if read.open_end:
        ends = _as_share(read.quantity, read, reading)
        if 0 <= low(ends) <= 1:
            return Value((low(ends), (low(ends) + 1) / 2, 1.0), remark="band")
    share = _as_share(read.quantity, read, reading)
    if low(share) < 0 or high(share) > 1 + 1e-9:
        return Value(fault=f"'{shown(cell)[:40]}' is no share between 0 and 100%")
    return Value(share, remark="band" if read.was_band else "")


def _as_share(quantity: Quantity, read: NumberRead, reading: ValueReading) -> Quantity:
    if read.is_percent or not reading.percent:
        return quantity
    return scaled(quantity, 0.01)


def _money(cell: Cell, reading: ValueReading, money: Money) -> Value:
    read = _number_read(cell, reading)
    if read.fault or read.quantity is None:
        return Value(fault=read.fault)
    if read.open_end:
        return Value(fault=f"'{shown(cell)[:40]}' gives only a least amount")
    if read.is_percent:
        return Value(fault=f"'{shown(cell)[:40]}' is a percentage, not an amount of money")
    if low(read.quantity) < 0:
        return Value(fault=f"'{shown(cell)[:40]}' is negative")
    amount = scaled(read.quantity, _multiplier(cell, reading))
    currency = read.currency or reading.currency or money.currency
    remark = "band" if read.was_band else ""
    if currency == money.currency:
        return Value(amount, remark=remark)
    rate = money.rates.get(currency)
    if rate is None:
        return Value(
            fault=f"it is in {currency}, the map in {money.currency}, and no rate was given"
        )
    return Value(scaled(amount, rate), remark=remark)


def _multiplier(cell: Cell, reading: ValueReading) -> float:
    """What a bare number is multiplied by; a text that names its own magnitude is not bare."""
    if reading.multiplier == 1 or not isinstance(cell, str):
        return reading.multiplier
    return 1.0 if any(letter.isalpha() for letter in cell) else reading.multiplier


def _number(cell: Cell, reading: ValueReading) -> Value:
    read = _number_read(cell, reading)
    if read.fault or read.quantity is None:
        return Value(fault=read.fault)
    if read.open_end:
        return Value(fault=f"'{shown(cell)[:40]}' gives only a least amount")
    if low(read.quantity) < 0:
        return Value(fault=f"'{shown(cell)[:40]}' is negative")
    amount = scaled(read.quantity, _multiplier(cell, reading))
    if read.unit is None and reading.unit and (size := unit_size(reading.unit)):
        amount = scaled(amount, size[1])
    return Value(amount, remark="band" if read.was_band else "")


def _date(cell: Cell, day_first: bool | None) -> Value:
    read = read_date(cell, day_first)
    day: date | None = read.day
    return Value(day, fault=read.fault)


def _flag(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return Value(cell)
    text = shown(cell)
    plain = folded(text) or text.strip()
    if plain in word_set("yes"):
        return Value(True)
    if plain in word_set("no"):
        return Value(False)
    return NOTHING if is_unknown(text) else Value(fault=f"'{text[:40]}' is neither yes nor no")


def _choice(cell: Cell, slot: Slot) -> Value:
    text = shown(cell)
    if is_unknown(text):
        return NOTHING
    plain = folded(text)
    if plain in slot.choices:
        return Value(plain)
    found = choice_words(slot.field).get(plain)
    if found in slot.choices:
        return Value(found)
    allowed = ", ".join(slot.choices)
    return Value(fault=f"'{text[:40]}' is none of {allowed}")


def _kind(cell: Cell) -> Value:
    text = shown(cell)
    if is_unknown(text):
        return NOTHING
    plain = folded(text)
    found = choice_words("kind").get(plain, plain)
    if found in set(EntityKind):
        return Value(EntityKind(found))
    return Value(fault=f"'{text[:40]}' is no kind of item")


def _words(cell: Cell) -> Value:
    text = shown(cell)
    if is_unknown(text):
        return NOTHING
    words = (clean(word) for word in re.split(r"[;|\n]", text))
    return Value(tuple(dict.fromkeys(word for word in words if word)))


def _text(cell: Cell) -> Value:
    text = clean(shown(cell))
    # No word for unknown is longer; most texts are.
    return NOTHING if len(text) < 20 and is_unknown(text) else Value(text)
