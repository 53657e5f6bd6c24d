"""Figures as a reader sees them, in the reader's locale: percent, money, ranges, dates.

Unknown is always said ('unknown'), never shown as 0 or left blank. The way back, from what a
person types to a value, is in :mod:`depmap_gui.gui.numbers_typed`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QFont

from depmap_gui.domain.fields import Unit
from depmap_gui.domain.quantity import Quantity, bounds, is_uncertain, mode

UNKNOWN_TEXT = "unknown"
NO_BREAK = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"

CURRENCY_SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "CN¥",
    "JPY": "¥",
    "KRW": "₩",
    "INR": "₹",
}
_STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
# Languages that write "62 %" with a space, as their style guides ask.
_SPACED_PERCENT = frozenset(
    {
        QLocale.Language.German,
        QLocale.Language.French,
        QLocale.Language.Spanish,
        QLocale.Language.Swedish,
        QLocale.Language.Finnish,
        QLocale.Language.NorwegianBokmal,
        QLocale.Language.Danish,
        QLocale.Language.Czech,
        QLocale.Language.Slovak,
        QLocale.Language.Russian,
        QLocale.Language.Ukrainian,
    }
)


def settle_locale(name: str = "") -> None:
    """Write and read figures as the locale of that name does ('de_DE'), else as the system's.

    Where the system names no language at all (locale "C") it is done the American way: the
    system's own way of writing money ("300M $") is nobody's.
    """
    home = QLocale(name) if name else QLocale.system()
    if home.language() is QLocale.Language.C:
        home = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    QLocale.setDefault(home)


def tabular(font: QFont) -> QFont:
    """The font with figures of one width, so that columns of numbers line up."""
    figures = QFont(font)
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures


# Shares -----------------------------------------------------------------------------------


def percent(share: float | None, locale: QLocale | None = None) -> str:
    """A share in 0..1 as a percentage with at most one decimal.

    What is not quite nothing or not quite all says so: '<0.1%', '>99.9%'.
    """
    if share is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    value = 100.0 * share
    if 0.0 < value < 0.05:
        return "<" + _with_percent(_rounded(0.1, 1, home), home)
    if 99.95 <= value < 100.0:
        return ">" + _with_percent(_rounded(99.9, 1, home), home)
    return _with_percent(_rounded(value, 1, home), home)


def percent_range(low: float | None, high: float | None, locale: QLocale | None = None) -> str:
    """Two shares as one range, '50–65%'; a single figure where they read alike."""
    if low is None or high is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    least, most = percent(low, home), percent(high, home)
    if least == most:
        return most
    if least.startswith("<") or most.startswith(">"):
        return f"{least} {DASH} {most}"
    return f"{_rounded(100.0 * low, 1, home)}{DASH}{most}"


def points(share: float, locale: QLocale | None = None) -> str:
    """A difference of shares, signed, in percentage points: '+4.2 pts'."""
    home = locale or QLocale()
    sign = "+" if share >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{_rounded(abs(100.0 * share), 1, home)}{NO_BREAK}pts"


# Money and counts -------------------------------------------------------------------------


def money(
    amount: float | None, currency: str, *, short: bool = True, locale: QLocale | None = None
) -> str:
    """An amount of money: '$412M' when short, else '$412,000,000'."""
    if amount is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    sign = CURRENCY_SIGNS.get(currency.upper())
    scale, suffix = _step(amount) if short else (1.0, "")
    decimals = _decimals(amount / scale) if short else (0 if float(amount).is_integer() else 2)
    number = round(amount / scale, decimals)
    size = abs(number)
    text = (_rounded(size, decimals, home) if short else _fixed(size, decimals, home)) + suffix
    minus = "\N{MINUS SIGN}" if number < 0 else ""
    if sign is None:
        return f"{currency.upper()}{NO_BREAK}{minus}{text}" if currency else minus + text
    if home.toCurrencyString(1.0, sign, 0).startswith(sign):
        return f"{minus}{sign}{text}"
    return f"{minus}{text}{NO_BREAK}{sign}"


def count(value: float | None, *, short: bool = False, locale: QLocale | None = None) -> str:
    """A plain number with group separators: '20,000,000', or '20M' when short."""
    if value is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    if short:
        scale, suffix = _step(value)
        return _rounded(value / scale, _decimals(value / scale), home) + suffix
    return _rounded(value, 0 if float(value).is_integer() else 4, home)


def index(value: float | None, locale: QLocale | None = None) -> str:
    """A concentration index, 0..10,000, as antitrust economists print it."""
    return UNKNOWN_TEXT if value is None else _rounded(value, 0, locale or QLocale())


_IN_SENTENCES = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%)?(?![\w.,]*\d)")


def in_locale(sentence: str, locale: QLocale | None = None) -> str:
    """A sentence of the computations with its percentages and grouped numbers as the reader's
    locale writes them; years, sections and other plain numbers stay."""
    home = locale or QLocale()

    def rewritten(found: re.Match[str]) -> str:
        whole, rest, sign = found.groups()
        if not sign and "," not in whole:
            return found[0]
        number = float(whole.replace(",", "") + (rest or ""))
        text = _fixed(number, len(rest) - 1 if rest else 0, home)
        return _with_percent(text, home) if sign else text

    return _IN_SENTENCES.sub(rewritten, sentence)


# Quantities -------------------------------------------------------------------------------


def quantity(
    value: Quantity | None,
    unit: Unit = Unit.NONE,
    currency: str = "",
    *,
    short: bool = True,
    locale: QLocale | None = None,
) -> str:
    """A quantity as it reads: '60%', and where unsure its mode and range: '60% (50–65%)'."""
    if value is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    middle = _number(mode(value), unit, currency, short, home)
    if not is_uncertain(value):
        return middle
    low, _, high = bounds(value)
    if unit is Unit.SHARE:
        return f"{middle} ({percent_range(low, high, home)})"
    least, most = (_number(end, unit, currency, short, home) for end in (low, high))
    return f"{middle} ({least}{DASH}{most})"


def _number(value: float, unit: Unit, currency: str, short: bool, locale: QLocale) -> str:
    match unit:
        case Unit.SHARE:
            return percent(value, locale)
        case Unit.MONEY:
            return money(value, currency, short=short, locale=locale)
        case Unit.PRICE:
            return money(value, currency, short=False, locale=locale)
        case Unit.MONTHS:
            return f"{count(value, locale=locale)} months"
        case Unit.UNITS | Unit.NONE:
            return count(value, short=short and abs(value) >= 1e6, locale=locale)


def quantity_to_edit(
    value: Quantity | None,
    unit: Unit = Unit.NONE,
    locale: QLocale | None = None,
    *,
    grouped: bool = False,
) -> str:
    """A quantity as text to edit: exact, so that reading it back gives the same value.

    A range has its three numbers: '50% – 60% – 65%'. Unknown is the empty text. ``grouped``
    parts the thousands: '412,000,000'.
    """
    if value is None:
        return ""
    home = locale or QLocale()
    numbers = bounds(value) if isinstance(value, tuple) else (value,)
    return f" {DASH} ".join(_exact(number, unit, home, grouped) for number in numbers)


# Dates ------------------------------------------------------------------------------------


def day(value: date | None, locale: QLocale | None = None) -> str:
    """A date with the month in letters, in the order of the locale: 'Feb 13, 2023'."""
    if value is None:
        return UNKNOWN_TEXT
    home = locale or QLocale()
    order = home.dateFormat(QLocale.FormatType.ShortFormat).strip()
    if order.startswith("M"):
        pattern = "MMM d, yyyy"
    elif order.startswith("d"):
        pattern = "d MMM yyyy"
    else:
        pattern = "yyyy-MM-dd"
    return home.toString(QDate(value.year, value.month, value.day), pattern)


# Digits -----------------------------------------------------------------------------------


def _rounded(value: float, decimals: int, locale: QLocale) -> str:
    """Rounded, grouped, and without decimals that say nothing."""
    shown = round(value, decimals) + 0.0  # + 0.0 makes -0.0 a plain zero
    if shown.is_integer():
        return locale.toString(shown, "f", 0)
    text = locale.toString(shown, "f", decimals)
    zero = locale.zeroDigit()
    return text.rstrip(zero).rstrip(locale.decimalPoint())


def _fixed(value: float, decimals: int, locale: QLocale) -> str:
    return locale.toString(round(value, decimals) + 0.0, "f", decimals)


def _with_percent(number: str, locale: QLocale) -> str:
    space = NO_BREAK if locale.language() in _SPACED_PERCENT else ""
    return f"{number}{space}{locale.percent()}"


def _step(amount: float) -> tuple[float, str]:
    """The scale at which the amount reads best; 999,950 and more is already a million."""
    for scale, suffix in _STEPS:
        if abs(amount) >= scale * 0.99995:
            return scale, suffix
    return 1.0, ""


def _decimals(scaled: float) -> int:
    """Three figures are enough to compare by."""
    size = abs(scaled)
    return 0 if size >= 100 else 1 if size >= 10 else 2


def _exact(value: float, unit: Unit, locale: QLocale, grouped: bool) -> str:
    number = Decimal(repr(float(value)))
    percent_sign = ""
    if unit is Unit.SHARE:
        number, percent_sign = number * 100, "%"
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, rest = text.partition(".")
    point = typed_point(locale)
    if grouped and abs(number) < _LARGEST_GROUPED:
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        whole = sign + western(locale.toString(int(digits)))
    return whole + (point + rest if rest else "") + percent_sign


_LARGEST_GROUPED = 10**15
"""What is larger is written without groups: Qt's whole numbers end not far above."""

_SIGNS = str.maketrans({"\u066b": ".", "\u066c": ",", **dict.fromkeys("\u061c\u200e\u200f")})
"""The Arabic decimal and thousands signs, and marks of direction, which nobody sees."""


def western(text: str) -> str:
    """The text with the digits and signs of Western figures: '1,234.5' for '١٬٢٣٤٫٥'."""
    return "".join(_western(char) for char in text.translate(_SIGNS))


def _western(char: str) -> str:
    return str(unicodedata.decimal(char)) if unicodedata.decimal(char, None) is not None else char


def typed_point(locale: QLocale) -> str:
    """The decimal sign people type: the locale's where it is a comma, a point everywhere else."""
    return "," if locale.decimalPoint() == "," else "."
