"""Numbers as people write them in tables: marks, magnitudes, currencies, units, percent, bands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

from depmap_gui.domain.quantity import Quantity
from depmap_gui.exchange.tables.words import folded, is_unknown, value_words, word_set

ABOUT_WIDTH = 0.1
"""'About 30' is read as 30, give or take this part of it."""


class NumberRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell says: a quantity, or why it is none.

    ``is_percent``: the text had a percent sign (the quantity is already divided by 100).
    ``unit`` is the base unit the quantity is in, such as ``kWh``. ``open_end``: only a least value
    was given. ``fault`` is empty where the cell was read.
    """

    quantity: Quantity | None = None
    is_percent: bool = False
    currency: str | None = None
    unit: str | None = None
    was_band: bool = False
    open_end: bool = False
    fault: str = ""


UNKNOWN = NumberRead()

_DIGITS = r"\d(?:[\d.,'’\u00a0\u202f ]*\d)?(?:[eE][+-]?\d{1,3})?"
_NUMBER = re.compile(
    rf"(?P<before>[^\d.,+\-(]*)(?P<open>\()?\s*(?P<sign>[+-]?)\s*(?P<cur>[$€£¥₩₹]?)\s*"
    rf"(?P<digits>\.?{_DIGITS})\s*(?P<close>\))?(?P<after>.*)",
    re.DOTALL,
)
_MINUS_BEHIND = re.compile(r"(\d[\d.,' ]*)-")
_FRACTION = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_BARE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_BAND = re.compile(
    r"(?P<low>.*\d[^-–—~]*?)\s*(?:-|–|—|~|～|\bto\b|\bbis\b|\bund\b|\band\b|\ba\b|\bà\b|\bal\b|至|到)\s*"
    r"(?P<high>[^-–—~]*\d.*)",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = str.maketrans({"−": "-", "‒": "-", "％": "%", "，": ",", "．": ".", "\u00a0": " "})
_FULL_WIDTH = str.maketrans({chr(0xFF10 + i): str(i) for i in range(10)})
_PER_YEAR = re.compile(
    r"\s*(?:/|per|pro|par|por|p\.?)\s*(?:a|y|yr|year|annum|jahr|an|ano|año|anno|年)\.?$|\s*年$",
    re.IGNORECASE,
)
_LESS, _MORE, _ABOUT = "<≤", ">≥", "~≈±"
_COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+")
_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+")


@lru_cache(maxsize=65_536)
def read_number(text: str, decimal: str | None = None) -> NumberRead:
    """What a text says as a number or band; ``decimal`` is the column's decimal mark."""
    if _BARE.fullmatch(text) and (decimal != "," or "." not in text):
        return NumberRead(quantity=float(text))
    if is_unknown(text):
        return UNKNOWN
    plain = text.strip().translate(_SIGNS).translate(_FULL_WIDTH)
    bound, plain = _bound(plain)
    if (band := _band(plain, decimal)) is not None:
        return band
    read = _single(plain, decimal)
    if read.fault and (other := _otherwise(plain, decimal)) is not None:
        read = other
    if read.fault or not isinstance(read.quantity, float):
        return read
    value = read.quantity
    match bound:
        case "about":
            ends = sorted((value * (1 - ABOUT_WIDTH), value * (1 + ABOUT_WIDTH)))
            return msgspec.structs.replace(read, quantity=(ends[0], value, ends[1]), was_band=True)
        case "at most" if value >= 0:
            return msgspec.structs.replace(read, quantity=(0.0, value / 2, value), was_band=True)
        case "at least" if read.is_percent and 0 <= value <= 1:
            return msgspec.structs.replace(
                read, quantity=(value, (value + 1) / 2, 1.0), was_band=True
            )
        case "at least":
            return msgspec.structs.replace(read, open_end=True)
        case _:
            return read


def _otherwise(text: str, decimal: str | None) -> NumberRead | None:
    """What a text says that the column's decimal mark does not fit but another plainly does
    ('1,2 Mio.' among points), or that is a fraction ('1/3'); None where neither."""
    if found := _FRACTION.fullmatch(text.strip()):
        part, whole = int(found[1]), int(found[2])
        return NumberRead(quantity=part / whole) if 0 < part < whole <= 12 else None
    marks = re.findall(r"\d[.,](?=\d)", text)
    if decimal is None or len(marks) != 1:
        return None
    read = _single(text, "," if decimal == "." else ".")
    return None if read.fault else read


def decimal_mark(texts: Iterable[str]) -> tuple[str | None, bool]:
    """The decimal mark that a column's texts show, and whether that is left open by them.

    None where nothing depends on it. Open: only such as ``1.234``, which may be either.
    """
    comma = point = comma_groups = point_groups = 0
    for text in texts:
        for found in re.findall(r"\d[\d.,]*\d", text):
            if "," in found and "." in found:
                if found.rindex(",") > found.rindex("."):
                    comma += 1
                else:
                    point += 1
            elif "," in found:
                if not _COMMA_GROUPS.fullmatch(found):
                    comma += 1
                elif found.count(",") > 1 or found.startswith("0"):
                    point += not found.startswith("0")
                    comma += found.startswith("0")
                else:
                    comma_groups += 1
            elif "." in found:
                if not _POINT_GROUPS.fullmatch(found) or found.startswith("0"):
                    point += 1
                elif found.count(".") > 1:
                    comma += 1
                else:
                    point_groups += 1
    if comma or point:
        return ("," if comma > point else "."), False
    if point_groups:
        return ".", True
    return ("." if comma_groups else None), False


def _bound(text: str) -> tuple[str, str]:
    """What is said of the number before or behind it, and the text without that."""
    if text[:1] in _LESS:
        return "at most", text.lstrip("<≤= ")
    if text[:1] in _MORE:
        return "at least", text.lstrip(">≥= ")
    if text[:1] in _ABOUT and "~" not in text[1:]:
        return "about", text.lstrip("~≈± ")
    lower = folded(re.split(r"[\d$€£¥]", text, maxsplit=1)[0])
    for name, bound in (("at_most", "at most"), ("at_least", "at least"), ("about", "about")):
        if lower and any(lower == word for word in word_set(name)):
            return bound, text[_first_number(text) :]
    for name, bound in (("at_most", "at most"), ("at_least", "at least")):
        for word in word_set(name):
            if not word.isascii() and text.endswith(word):
                return bound, text.removesuffix(word)
    if re.search(r"\d\s*[%\w]*\s*\+$", text):
        return "at least", text.rstrip("+ ")
    return "", text


def _first_number(text: str) -> int:
    found = re.search(r"[\d$€£¥]", text)
    return found.start() if found else 0


def _band(text: str, decimal: str | None) -> NumberRead | None:
    found = _BAND.fullmatch(text)
    if found is None or re.fullmatch(r"\s*\d{4}-\d{1,2}(-\d{1,2})?\s*", text):
        return None
    low, high = _single(found["low"], decimal), _single(found["high"], decimal)
    if low.fault or high.fault or low.quantity is None or high.quantity is None:
        return None
    low_value, high_value = _plain(low), _plain(high)
    # '10-15%' and '100-200 M USD' say once what holds for both ends.
    scale = _scale(found["high"], decimal)
    if scale != 1 and _scale(found["low"], decimal) == 1:
        low_value *= scale
    if low_value > high_value:
        return NumberRead(fault=f"'{text}' is a band whose ends are the wrong way round")
    return NumberRead(
        quantity=(low_value, (low_value + high_value) / 2, high_value),
        is_percent=low.is_percent or high.is_percent,
        currency=high.currency or low.currency,
        unit=high.unit or low.unit,
        was_band=True,
    )


def _plain(read: NumberRead) -> float:
    assert isinstance(read.quantity, float)
    return read.quantity


@lru_cache(maxsize=4_096)
def _scale(text: str, decimal: str | None) -> float:
    """What the words around the number multiply it by."""
    found = _NUMBER.fullmatch(text.strip())
    read = _single(text, decimal)
    if found is None or not isinstance(read.quantity, float):
        return 1.0
    bare = _value(found["digits"], decimal)
    return read.quantity / bare if bare else 1.0


def _single(text: str, decimal: str | None) -> NumberRead:
    text = text.strip()
    if found := _MINUS_BEHIND.fullmatch(text):
        # Bookkeeping programs write the sign behind the number.
        text = f"-{found[1]}"
    found = _NUMBER.fullmatch(text)
    if found is None:
        return NumberRead(fault=f"'{_short(text)}' is not a number")
    value = _value(found["digits"], decimal)
    if value is None:
        return NumberRead(fault=f"'{_short(text)}' is not a number")
    if found["sign"] == "-" or (found["open"] and found["close"]):
        value = -value
    if any(letter.isdigit() for letter in found["before"] + found["after"]) and not re.fullmatch(
        r"\D*m2\D*", found["after"]
    ):
        return NumberRead(fault=f"'{_short(text)}' is not one number")
    around = _around(found["before"] + found["cur"], found["after"])
    if around is None:
        return NumberRead(fault=f"'{_short(text)}' is not a number")
    scale, is_percent, currency, unit = around
    return NumberRead(quantity=value * scale, is_percent=is_percent, currency=currency, unit=unit)


def _value(digits: str, decimal: str | None) -> float | None:
    plain = re.sub(r"['’\u00a0\u202f ]", "", digits)
    mark = decimal
    if mark is None:
        mark = decimal_mark([plain])[0] or "."
    if mark == ",":
        plain = plain.replace(".", "").replace(",", ".")
    else:
        if "," in plain and not re.fullmatch(r"\d{1,3}(,\d{2,3})*(\.\d+)?([eE].*)?", plain):
            return None
        plain = plain.replace(",", "")
    if plain.count(".") > 1:
        if not _POINT_GROUPS.fullmatch(plain):
            return None
        plain = plain.replace(".", "")
    value = float(plain)
    return value if abs(value) < 1e30 else None


@lru_cache(maxsize=8_192)
def _around(before: str, after: str) -> tuple[float, bool, str | None, str | None] | None:
    """Scale, percent, currency and unit that the words around a number say; None: other words."""
    scale, is_percent = 1.0, False
    currency: str | None = None
    unit: str | None = None
    after = _PER_YEAR.sub("", after.strip())
    for part in (before, after):
        for word in words_around(part):
            if word == "%" or word in ("percent", "pct", "prozent", "percento"):
                is_percent, scale = True, scale / 100
            elif word in currencies():
                currency = currencies()[word]
            elif (physical := physical_units().get(word)) is not None and (
                part is after and word not in magnitudes()
            ):
                unit, scale = physical[0], scale * physical[1]
            elif word in magnitudes():
                scale *= magnitudes()[word]
            elif word not in ("of", "a", "approx", "equity", "p", "pa", "y", "yr", "year"):
                return None
    return scale, is_percent, currency, unit


def words_around(text: str) -> list[str]:
    """The words around a number, known phrases of several words kept together."""
    lower = text.strip().lower().strip("()[]/ ")
    if not lower:
        return []
    known = (currencies(), magnitudes(), physical_units())
    if any(lower in words for words in known):
        return [lower]
    found = re.findall(r"%|[a-z]{0,3}[$€£¥₩₹₽₺฿₫]|m²|[^\W\d_]+2?\.?|[/]", lower)
    words = []
    for word in found:
        bare = word if word in currencies() else word.rstrip(".")
        if bare == "/":
            continue
        if any(bare in words_of for words_of in known):
            words.append(bare)
        elif bare[-1:] in "$€£¥" and len(bare) > 1:
            # German bookkeepers write T€ for thousands of euros.
            words += ["k" if bare[:-1] == "t" else bare[:-1], bare[-1]]
        elif not bare.isascii():
            words += _taken_apart(bare)
        else:
            words.append(bare)
    return words


def _taken_apart(text: str) -> list[str]:
    """Chinese and its kin write magnitude and currency without blanks: 亿元 is 亿 and 元."""
    known = (*magnitudes(), *currencies(), *physical_units())
    for word in sorted(known, key=len, reverse=True):
        if not word.isascii() and text.startswith(word) and len(word) < len(text):
            return [word, *_taken_apart(text[len(word) :])]
    return [text]


@cache
def magnitudes() -> Mapping[str, float]:
    """How much each word for a magnitude multiplies by."""
    return MappingProxyType(
        {
            word.rstrip("."): float(size)
            for size, words in value_words()["magnitudes"].items()
            for word in words
        }
    )


@cache
def currencies() -> Mapping[str, str]:
    """The three letters of each word or sign for a currency."""
    return MappingProxyType(
        {w: code for code, words in value_words()["currencies"].items() for w in words}
    )


@cache
def physical_units() -> Mapping[str, tuple[str, float]]:
    """The base unit of each unit, and how many of it one is."""
    return MappingProxyType(
        {
            word: (base, float(size))
            for base, words in value_words()["units"].items()
            for word, size in words.items()
        }
    )


def unit_size(unit: str) -> tuple[str, float] | None:
    """The base unit of a unit and how many of it one is: ``GWh`` is 1,000,000 kWh."""
    return physical_units().get(unit.strip().lower())


def currency_code(text: str) -> str | None:
    """The three letters of a currency as tables write it ('€', 'rmb', 'US$'), or None."""
    plain = text.strip()
    known = currencies().get(plain.lower())
    return known or (
        plain
        if plain.isascii() and plain.isalpha() and plain.isupper() and len(plain) == 3
        else None
    )


def scaled(quantity: Quantity, factor: float) -> Quantity:
    """The quantity times a factor."""
    if isinstance(quantity, tuple):
        low, mode, high = quantity
        return (low * factor, mode * factor, high * factor)
    return quantity * factor


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
