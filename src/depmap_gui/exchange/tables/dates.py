"""Dates as people write them in tables; whether the day or the month comes first is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

from depmap_gui.exchange.tables.words import folded, is_unknown, value_words

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_DAY_ZERO = date(1899, 12, 30)
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:[T ].*)?")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_ONLY_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_NEW_CENTURY = 70


class DateRead(msgspec.Struct, frozen=True):
    """The date a cell says, or why it is none; both empty where nothing is known."""

    day: date | None = None
    fault: str = ""


def read_date(cell: object, day_first: bool | None) -> DateRead:
    """What a cell says as a date; ``day_first`` decides such as 3/4/2025."""
    match cell:
        case datetime():
            return DateRead(cell.date())
        case date():
            return DateRead(cell)
        case int() | float() if not isinstance(cell, bool):
            return _serial(float(cell))
        case str():
            return _text(cell, day_first)
        case _:
            return DateRead(fault="this is no date")


def day_comes_first(texts: Iterable[str]) -> tuple[bool | None, int]:
    """Whether the day comes before the month in a column, and how many cells leave it open.

    None where no cell decides it.
    """
    day_first = month_first = undecided = 0
    for text in texts:
        found = _NUMERIC.fullmatch(text.strip())
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if found[2] == "." or first > 12 >= second:
            day_first += 1
        elif second > 12 >= first:
            month_first += 1
        elif first != second:
            undecided += 1
    if not day_first and not month_first:
        return None, undecided
    return day_first >= month_first, 0 if not (day_first and month_first) else undecided


def _serial(number: float) -> DateRead:
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return DateRead(_DAY_ZERO + timedelta(days=int(number)))
    if number.is_integer() and _ONLY_YEAR.fullmatch(str(int(number))):
        return DateRead(fault=f"{int(number)} is a year, not a day")
    if number.is_integer() and _COMPACT.fullmatch(str(int(number))):
        return _text(str(int(number)), None)
    return DateRead(fault=f"{number:g} is not a date")


@lru_cache(maxsize=65_536)
def _text(text: str, day_first: bool | None) -> DateRead:
    plain = text.strip()
    if is_unknown(plain):
        return DateRead()
    if found := _ISO.fullmatch(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]), plain)
    if found := _COMPACT.fullmatch(plain):
        return _date(int(found[1] + found[2]), int(found[3]), int(found[4]), plain)
    if found := _NUMERIC.fullmatch(plain):
        return _numeric(found, day_first, plain)
    if _ONLY_YEAR.fullmatch(plain):
        return DateRead(fault=f"{plain} is a year, not a day")
    return _worded(plain)


def _numeric(found: re.Match[str], day_first: bool | None, text: str) -> DateRead:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if year < 100:
        year += 1900 if year >= _NEW_CENTURY else 2000
    if first > 12 or (found[2] == "." and second <= 12):
        return _date(year, second, first, text)
    if second > 12:
        return _date(year, first, second, text)
    if day_first is None and first != second:
        return DateRead(fault=f"'{text}' does not tell whether the day or the month comes first")
    return _date(year, second, first, text) if day_first else _date(year, first, second, text)


def _worded(text: str) -> DateRead:
    words = folded(text).split()
    month = next((_months()[word] for word in words if word in _months()), None)
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    years = [n for n in numbers if 1900 <= n <= 2200]
    days = [n for n in numbers if 1 <= n <= 31]
    if month is None or len(years) != 1:
        return DateRead(fault=f"'{text[:40]}' is not a date")
    if len(days) != 1:
        return DateRead(fault=f"'{text[:40]}' names a month, not a day")
    return _date(years[0], month, days[0], text)


def _date(year: int, month: int, day: int, text: str) -> DateRead:
    try:
        return DateRead(date(year, month, day))
    except ValueError:
        return DateRead(fault=f"'{text}' is not a day of the calendar")


@cache
def _months() -> Mapping[str, int]:
    return MappingProxyType(
        {
            folded(word): int(number)
            for number, words in value_words()["months"].items()
            for word in words
        }
    )
