"""What the head of a column says of the bare numbers below: magnitude, currency, unit, percent."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

from depmap_gui.exchange.tables.amounts import (
    currencies,
    magnitudes,
    physical_units,
    words_around,
)

_BRACKETED = re.compile(r"[(\[]([^)\]]*)[)\]]")
_THOUSANDS = re.compile(
    r"['`´\u2018\u2019]\s?000s?\b|\b000s?\b|[x×*]\s?1[.,\u2019']?000\b|\bin 1[.,]000\b"
    r"|\b1[.,]?000\s(?=usd|eur|gbp|us\$|[$€£])"
)
_PER = re.compile(r"(?:/|\bper\b|\bpro\b)\s*(?:t|kg|kwh|ton(?:ne)?s?|year|yr|unit|a|month)\b")
_TOKEN = re.compile(r"[a-z]{0,3}[$€£¥₩₹₽][a-z]{0,3}|[^\W\d_]+\.?")
_SHORT = {"k": 1e3, "t": 1e3, "m": 1e6, "mm": 1e6, "b": 1e9}
"""Letters that are a magnitude only beside a currency."""

_OUTSIDE = frozenset({"mille", "mil", "m", "k", "b", "mm", "cr"})
"""Magnitudes that are words of another kind where no currency stands beside them."""

_NO_UNIT = frozenset({"units", "sets", "a", "g", "t"})


class HeadHints(msgspec.Struct, frozen=True):
    """What the head of a column says of bare numbers below it."""

    multiplier: float = 1.0
    currency: str | None = None
    unit: str | None = None
    percent: bool = False


@lru_cache(maxsize=4_096)
def head_hints(head: str) -> HeadHints:
    """What a head such as 'Spend (USD million)' or 'Capacity [GWh]' says of its numbers."""
    text = unicodedata.normalize("NFKC", head).lower()
    spelled = _PER.sub(" ", _THOUSANDS.sub(" thousand ", text))
    bracketed = " ".join(_BRACKETED.findall(spelled))
    currency: str | None = None
    multiplier = 1.0
    waiting: list[str] = []
    for token, is_bracketed in _tokens(spelled, bracketed):
        size, code = _size_and_currency(token)
        currency = currency or code
        if size == 1.0 and token in _OUTSIDE | set(_SHORT):
            waiting.append(token)
            if is_bracketed and token in magnitudes() and multiplier == 1.0:
                multiplier = magnitudes()[token]
        elif multiplier == 1.0:
            multiplier = size
    if multiplier == 1.0 and currency is not None and waiting:
        multiplier = _SHORT.get(waiting[0]) or magnitudes().get(waiting[0], 1.0)
    percent = "%" in text or any(
        token in ("percent", "pct") for token, _ in _tokens(spelled, bracketed)
    )
    return HeadHints(multiplier, currency, _unit(text), percent)


def _tokens(text: str, bracketed: str) -> list[tuple[str, bool]]:
    """The words of a head that may count, and whether they stand in brackets."""
    inside = [(word.rstrip("."), True) for word in _TOKEN.findall(bracketed)]
    outside = [(word.rstrip("."), False) for word in _TOKEN.findall(_BRACKETED.sub(" ", text))]
    # The first word says what the column is about: 'm' or 'Mil' there is a name.
    return inside + outside[1:]


def _size_and_currency(token: str) -> tuple[float, str | None]:
    """The magnitude (1: none) and currency (None: none) that one word of a head says."""
    if token in currencies():
        return 1.0, currencies()[token]
    for cut in range(1, len(token)):
        for short, word in ((token[:cut], token[cut:]), (token[cut:], token[:cut])):
            size = _SHORT.get(short) or (magnitudes().get(short) if len(short) > 1 else None)
            if size and word in currencies() and (len(word) == 3 or not word.isalpha()):
                return size, currencies()[word]
    if not token.isascii():
        size, code = 1.0, None
        for part in words_around(token):
            code = code or currencies().get(part)
            size *= magnitudes().get(part, 1.0) if part not in currencies() else 1.0
        return size, code
    if token in magnitudes() and token not in _OUTSIDE and token not in physical_units():
        return magnitudes()[token], None
    return 1.0, None


def _unit(head: str) -> str | None:
    """The physical unit that a head names, in brackets or at its end."""
    bracketed = _BRACKETED.findall(head)
    words = [word for part in bracketed for word in words_around(part)]
    if not bracketed:
        words = [word for word in re.split(r"[,/_\s-]", head)[-3:] if len(word) > 1]
    for word in words:
        if word in physical_units() and word not in _NO_UNIT:
            return word
    return next((word for word in words if word in ("t", "g") and bracketed), None)
