"""What a person typed or pasted, read as a value: figures, ranges, dates, yes or no.

Every reader takes text and returns the value, ``None`` for unknown (empty or '?'), and raises
:class:`NotUnderstood` with a sentence that says what was expected. The way out is in
:mod:`depmap_gui.gui.numbers`.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec
from PySide6.QtCore import QDate, QLocale

from depmap_gui.domain.fields import Unit
from depmap_gui.domain.quantity import Quantity
from depmap_gui.gui.numbers import CURRENCY_SIGNS, typed_point, western


class NotUnderstood(ValueError):
    """Text that is not a value of its field; the message is a sentence for the person."""


UNKNOWN_WORDS = frozenset({"", "?", "unknown", "n/a", "na", "n.a.", "null", "none", "nan"})
_YES = frozenset({"yes", "y", "true", "1", "x", "✓"})
_NO = frozenset({"no", "n", "false", "0"})
_PERCENT_SIGNS = "%％٪"
_GROUPING = re.compile(r"(?<=\d)[\s'’_\u00a0\u202f](?=\d)")
_SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "millions": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "billions": 9,
    "t": 12,
    "tn": 12,
    "trillion": 12,
    "trillions": 12,
}
_MONTHS = {"month": 1, "months": 1, "mo": 1, "year": 12, "years": 12, "yr": 12, "y": 12}
_NUMBER = r"[+\-\u2212]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+\-]?\d{1,3})?"
_ONE = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<suffix>[%％٪]|[^\W\d_]+)?\s*")
_BETWEEN = re.compile(r"\s*(?:\.\.\.?|…|[-\u2010-\u2015\u2212~/;]|\bto\b|\bbis\b)\s*")
_MODE_FIRST = re.compile(r"(?P<mode>[^()]+)\((?P<range>[^()]+)\)")
_WITH_LIKELY = re.compile(r"(?P<range>.+?),?\s*likely\s+(?P<mode>.+)")
_EXPECTED = {
    Unit.SHARE: "a share such as 62%, 0.62 or 50–65%",
    Unit.MONEY: "an amount such as 412M, 1.2 million or 10–15M",
    Unit.PRICE: "an amount such as 35.50",
    Unit.UNITS: "a number such as 20,000,000 or 20M",
    Unit.MONTHS: "a number of months such as 18, or '2 years'",
    Unit.NONE: "a number",
}


class _Part(msgspec.Struct, frozen=True):
    """One number of a quantity as it was typed, with what stood behind it."""

    number: Decimal
    suffix: str


def is_unknown(text: str) -> bool:
    """Whether the text says that the value is not known."""
    return text.strip().casefold() in UNKNOWN_WORDS


# Quantities -------------------------------------------------------------------------------


def read_quantity(
    text: str, unit: Unit = Unit.NONE, currency: str = "", locale: QLocale | None = None
) -> Quantity | None:
    """A number, or ``(low, mode, high)`` from '50–65%', '50–60–65%', '60% (50–65%)',
    '[0.5, 0.6, 0.65]'. Of two numbers the mode is the middle.

    A share up to 1 is a share ('0.62'), above 1 a percentage ('62'); a percent sign decides.
    """
    if is_unknown(text):
        return None
    home = locale or QLocale()
    plain = _plain(text, unit, currency)
    parts = _bracketed(plain, unit, home)
    if parts is None:
        parts = _spread_suffix(_parts(plain, unit, home), unit)
    values = _values(parts, unit, text)
    match values:
        case [one]:
            return one
        case [one, other]:
            low, high = min(one, other), max(one, other)
            return (low, _middle(low, high), high)
        case [low, likely, high] if low <= likely <= high:
            return (low, likely, high)
        case [_, _, _]:
            raise NotUnderstood(
                f"'{text.strip()}' is out of order: give the lowest, the likely and the "
                "highest figure."
            )
        case _:
            raise _not_understood(text, unit)


def _middle(low: float, high: float) -> float:
    """Half way, rounded like a decimal so that 50–65% gives 57.5% and not 57.49999%."""
    return float((Decimal(repr(low)) + Decimal(repr(high))) / 2)


def read_number(
    text: str, unit: Unit = Unit.NONE, currency: str = "", locale: QLocale | None = None
) -> float | None:
    """One number, where a range is not wanted."""
    value = read_quantity(text, unit, currency, locale)
    if isinstance(value, tuple):
        raise NotUnderstood(f"'{text.strip()}' is a range; one number is wanted here.")
    return value


def read_integer(text: str, locale: QLocale | None = None) -> int | None:
    """A whole number."""
    value = read_number(text, Unit.NONE, "", locale)
    if value is None:
        return None
    if not value.is_integer():
        raise NotUnderstood(f"'{text.strip()}' is not a whole number.")
    return int(value)


def _not_understood(text: str, unit: Unit) -> NotUnderstood:
    shown = text.strip()
    if shown in {"-", "–", "—"}:
        return NotUnderstood(
            f"'{shown}' may mean zero or unknown: type 0 for none, or ? for unknown."
        )
    return NotUnderstood(f"'{shown}' is not {_EXPECTED[unit]}. Type ? for unknown.")


def _plain(text: str, unit: Unit, currency: str) -> str:
    """The text with Western digits, and without currency signs and grouping spaces."""
    plain = western(text).strip()
    if unit in (Unit.MONEY, Unit.PRICE):
        plain = _without_currency(plain, currency, text)
    plain = _GROUPING.sub("", plain)
    return re.sub(r"[\s\u00a0\u202f]+", " ", plain).strip()


def _without_currency(plain: str, currency: str, text: str) -> str:
    own = currency.upper()
    for code in re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", plain):
        if code != own and (code in CURRENCY_SIGNS or code in {"CHF", "CAD", "AUD", "SEK"}):
            raise NotUnderstood(
                f"'{text.strip()}' is in {code}, the project in {own}: convert it first."
            )
    if own:
        plain = re.sub(rf"(?<![A-Za-z]){re.escape(own)}(?![A-Za-z])", "", plain)
    for code, sign in sorted(CURRENCY_SIGNS.items(), key=lambda item: -len(item[1])):
        if sign in plain:
            if code != own and not _may_mean(sign, own):
                raise NotUnderstood(
                    f"'{text.strip()}' is in {code}, the project in {own}: convert it first."
                )
            plain = plain.replace(sign, "")
    return plain


_DOLLARS = frozenset({"", "USD", "CAD", "AUD", "SGD", "HKD", "NZD", "TWD", "MXN"})


def _may_mean(sign: str, currency: str) -> bool:
    """Whether people write the currency with a sign that is another's first of all."""
    return (sign == "$" and currency in _DOLLARS) or (sign == "¥" and currency == "CNY")


def _bracketed(plain: str, unit: Unit, locale: QLocale) -> list[_Part] | None:
    """Parts of '[0.5, 0.6, 0.65]' as project files write it; None for anything else."""
    if not (plain.startswith("[") and plain.endswith("]")):
        return None
    try:
        numbers = json.loads(plain, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError:
        pieces = [piece.strip() for piece in plain[1:-1].split(";")]
        return [_part(piece, unit, locale, plain) for piece in pieces]
    if not all(isinstance(number, Decimal) for number in numbers):
        raise _not_understood(plain, unit)
    # A file holds shares as they are, never as percentages.
    return [_Part(number, "=" if unit is Unit.SHARE else "") for number in numbers]


def _parts(plain: str, unit: Unit, locale: QLocale) -> list[_Part]:
    for pattern in (_MODE_FIRST, _WITH_LIKELY):
        if (found := pattern.fullmatch(plain)) is not None:
            ends = _sequence(found["range"].strip(), unit, locale, plain)
            likely = _part(found["mode"].strip(), unit, locale, plain)
            return [ends[0], likely, ends[-1]] if len(ends) == 2 else []
    return _sequence(plain, unit, locale, plain)


def _sequence(plain: str, unit: Unit, locale: QLocale, whole: str) -> list[_Part]:
    """Numbers with dashes, slashes or 'to' between them."""
    parts: list[_Part] = []
    at = 0
    while at < len(plain):
        if parts:
            between = _BETWEEN.match(plain, at)
            if between is None:
                raise _not_understood(whole, unit)
            at = between.end()
        one = _ONE.match(plain, at)
        if one is None or (one["suffix"] or "").casefold() == "to":
            one = re.compile(rf"\s*(?P<number>{_NUMBER})(?P<suffix>)").match(plain, at)
        if one is None:
            raise _not_understood(whole, unit)
        parts.append(_part(one[0].strip(), unit, locale, whole))
        at = one.end()
    return parts


def _part(piece: str, unit: Unit, locale: QLocale, whole: str) -> _Part:
    found = _ONE.fullmatch(piece)
    if found is None:
        raise _not_understood(whole, unit)
    suffix = (found["suffix"] or "").casefold()
    return _Part(_decimal(found["number"], unit, locale, whole), suffix)


def _decimal(text: str, unit: Unit, locale: QLocale, whole: str) -> Decimal:
    """A number in the locale's way of writing; where only one way is possible, in that one."""
    text = text.replace("\N{MINUS SIGN}", "-")
    point, group = (",", ".") if typed_point(locale) == "," else (".", ",")
    if "." in text and "," in text:
        point = max(".", ",", key=text.rfind)
        group = "," if point == "." else "."
    elif group in text and not _is_grouped(text, group):
        point, group = group, point
    try:
        return Decimal(text.replace(group, "").replace(point, "."))
    except InvalidOperation:
        raise _not_understood(whole, unit) from None


def _is_grouped(text: str, group: str) -> bool:
    """Whether the sign can only part thousands: '1,234' and in India '12,34,567', but not '0,62'
    or '12,5'."""
    sign = re.escape(group)
    pattern = rf"[+-]?[1-9]\d{{0,2}}({sign}\d{{2,3}})*{sign}\d{{3}}"
    return re.fullmatch(pattern, text) is not None


def _spread_suffix(parts: list[_Part], unit: Unit) -> list[_Part]:
    """In '10–15 %' and '1.2–1.5M' the last suffix holds for all numbers that have none."""
    if not parts or not parts[-1].suffix or unit is Unit.MONTHS:
        return parts
    return [part if part.suffix else _Part(part.number, parts[-1].suffix) for part in parts]


def _values(parts: list[_Part], unit: Unit, text: str) -> list[float]:
    if unit is Unit.SHARE:
        bare = [part for part in parts if not part.suffix]
        as_percent = any(part.number > 1 for part in bare)
        return [_share(part, as_percent, text) for part in parts]
    return [_scaled(part, unit, text) for part in parts]


def _share(part: _Part, as_percent: bool, text: str) -> float:
    if part.suffix in _PERCENT_SIGNS and part.suffix:
        return float(part.number / 100)
    if part.suffix not in ("", "="):
        raise _not_understood(text, Unit.SHARE)
    return float(part.number / 100 if as_percent and not part.suffix else part.number)


def _scaled(part: _Part, unit: Unit, text: str) -> float:
    factor = Decimal(1)
    if part.suffix:
        months = _MONTHS.get(part.suffix) if unit is Unit.MONTHS else None
        power = _SCALES.get(part.suffix) if unit is not Unit.MONTHS else None
        if months is None and power is None:
            raise _not_understood(text, unit)
        factor = Decimal(months) if months is not None else Decimal(10) ** (power or 0)
    value = float(part.number * factor)
    if not math.isfinite(value):
        raise NotUnderstood(f"'{text.strip()}' is too large a number.")
    return value


# Dates, flags, words ----------------------------------------------------------------------


def read_date(text: str, locale: QLocale | None = None) -> date | None:
    """A day: ISO (2023-02-13), the locale's short form, or with the month in letters."""
    if is_unknown(text):
        return None
    plain = " ".join(western(text).split())
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", plain)
    if iso is not None:
        return _calendar_day(*map(int, iso.groups()), text=text)
    home = locale or QLocale()
    short = home.dateFormat(QLocale.FormatType.ShortFormat)
    with_century = re.sub(r"y+", "yyyy", short)
    for reading in (home, QLocale.c()):
        for pattern in (with_century, "MMM d, yyyy", "d MMM yyyy", "MMMM d, yyyy", "d MMMM yyyy"):
            found = reading.toDate(plain, pattern)
            if found.isValid() and found.year() >= 1000:
                return _python_day(found)
    raise NotUnderstood(f"'{text.strip()}' is not a day. Write it as 2023-02-13, or ? for unknown.")


def _python_day(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _calendar_day(year: int, month: int, day: int, *, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotUnderstood(f"'{text.strip()}' is not a day of the calendar.") from None


def read_flag(text: str) -> bool | None:
    """Yes, no or unknown, in the usual spellings."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if is_unknown(text):
        return None
    raise NotUnderstood(f"'{text.strip()}' is neither yes nor no. Type yes, no or ?.")


def read_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """One of the choices, whatever its case."""
    if is_unknown(text) and "none" not in choices:
        return None
    word = text.strip().casefold()
    for choice in choices:
        if choice.casefold() == word:
            return choice
    raise NotUnderstood(f"'{text.strip()}' is none of: {', '.join(choices)}.")


def read_words(text: str) -> tuple[str, ...]:
    """Words between commas, semicolons or line ends, each once, in their order."""
    words = (word.strip() for word in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(word for word in words if word))
