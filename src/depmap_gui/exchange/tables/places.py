"""Countries by code, name and spelling in several languages."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

from depmap_gui.domain.countries import countries
from depmap_gui.exchange.tables.alike import closest
from depmap_gui.exchange.tables.words import folded
from depmap_gui.resources import resource

_SEPARATORS = re.compile(r"\s*[;|/\n]\s*|\s+(?:and|und|et|y|e|&)\s+")
_TAIL = re.compile(r"(?:,|\(|\s[-–—]\s)\s*([^,()]+?)\)?\s*$")
_HEAD = re.compile(r"^\s*([^,(]+?)\s*(?:,|\(|\s[-–—]\s)")


class PlaceRead(msgspec.Struct, frozen=True):
    """The countries that a cell names (codes); ``unread`` is the text where it names none."""

    codes: tuple[str, ...] = ()
    unread: str = ""


@cache
def _names() -> Mapping[str, str]:
    known = {folded(name): code for code, name in countries().items()}
    known |= {code.lower(): code for code in countries()}
    text = resource("country_names.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        known.setdefault(folded(row["name"]), row["code"])
    return MappingProxyType(known)


@lru_cache(maxsize=65_536)
def country_code(text: str) -> str | None:
    """The code of one country as its name or code is written anywhere, or None."""
    plain = folded(text)
    if not plain:
        return None
    known = _names()
    return known.get(plain) or known.get(plain.removeprefix("the "))


@lru_cache(maxsize=65_536)
def read_places(text: str) -> PlaceRead:
    """The countries of a cell: one, several, or the country at the end or start of an address."""
    if (code := country_code(text)) is not None:
        return PlaceRead((code,))
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    if len(parts) < 2:
        parts = [part for part in text.split(",") if part.strip()]
    codes = [country_code(part) for part in parts]
    if len(parts) > 1 and all(codes):
        return PlaceRead(tuple(dict.fromkeys(code for code in codes if code)))
    for pattern in (_TAIL, _HEAD):
        found = pattern.search(text)
        if found and len(found[1]) > 1 and (code := country_code(found[1])) is not None:
            return PlaceRead((code,))
    return PlaceRead(unread=text)


def likely_country(text: str) -> str:
    """The country that a misspelled text may mean, or nothing. Slow: for what is told only."""
    near = closest(folded(text), _names())
    return countries()[_names()[near]] if near and len(near) > 3 else ""
