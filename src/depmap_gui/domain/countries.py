"""The countries of ISO 3166-1 and the EU: codes and English names (``resources/countries.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from depmap_gui.resources import resource


@cache
def countries() -> Mapping[str, str]:
    """English name by two-letter code, in the order of the codes."""
    text = resource("countries.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(lines)})


def code_of(name: str) -> str | None:
    """The code of a country by its code in any case or its English name; None if it is neither."""
    if name.upper() in countries():
        return name.upper()
    return _codes_by_name().get(name.casefold())


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in countries().items()}
