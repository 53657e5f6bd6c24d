"""The words of heads and cells (``resources/tables``), folded for comparison."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from depmap_gui.resources import resource

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^\w%$€£¥]+|_+")
# Letters that decompose into nothing but are written as these where a keyboard lacks them.
_SPELLED = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
)


# What directs writing or forbids a break, and is seen by nobody; joiners within words stay.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def without_marks(text: str) -> str:
    """The text without marks that are not seen: directions of writing, zero-width blanks."""
    return text if text.isascii() else _UNSEEN.sub("", text)


@lru_cache(maxsize=131_072)
def folded(text: str) -> str:
    """The text in lower case without accents, punctuation and doubled blanks, for comparing."""
    if text.isascii():
        return " ".join(_NOT_WORD.sub(" ", text.lower()).split())
    text = _UNSEEN.sub("", text)
    text = unicodedata.normalize("NFKD", text.casefold().translate(_SPELLED))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    # Korean falls apart into single letters above; put it together again.
    text = unicodedata.normalize("NFC", text)
    return " ".join(_NOT_WORD.sub(" ", text).split())


@lru_cache(maxsize=16_384)
def head_words(text: str) -> str:
    """A head of a column folded, with words that are only told apart by capitals parted."""
    return folded(_CAMEL.sub(" ", text))


@cache
def column_words() -> Mapping[str, Mapping[str, str]]:
    """For ``roles``, ``attributes`` and ``fields``: what each folded phrase means."""
    return MappingProxyType(
        {
            section: MappingProxyType(
                {folded(word): name for name, words in meanings.items() for word in words}
            )
            for section, meanings in _read("column_words.toml").items()
        }
    )


@cache
def value_words() -> Mapping[str, Any]:
    """The words of cells as the file has them."""
    return MappingProxyType(_read("value_words.toml"))


@cache
def word_set(name: str) -> frozenset[str]:
    """One list of words of cells, folded (``unknown``, ``totals``, ``yes`` ...).

    Words that are nothing but punctuation stay as they are.
    """
    return frozenset(folded(word) or word for word in value_words()[name])


@cache
def choice_words(name: str) -> Mapping[str, str]:
    """What each folded word of a field with fixed values means."""
    return MappingProxyType(
        {
            folded(word): value
            for value, words in value_words()["choices"].get(name, {}).items()
            for word in words
        }
    )


LONGEST_UNKNOWN = 24
"""No word for unknown has more letters, punctuation around it included."""


@lru_cache(maxsize=65_536)
def is_unknown(text: str) -> bool:
    """Whether the text says that nothing is known: empty, a dash, n/a, TBD."""
    if len(text) > LONGEST_UNKNOWN:
        text = text.strip()
        if len(text) > LONGEST_UNKNOWN:
            return False
    bare = text.strip().lower()
    return not bare or bare in word_set("unknown") or folded(bare) in word_set("unknown")


@lru_cache(maxsize=65_536)
def is_total(text: str) -> bool:
    """Whether the text names a row that adds others up."""
    plain = folded(text)
    return plain in word_set("totals") or plain.startswith(("world total", "grand total"))


@lru_cache(maxsize=65_536)
def is_others(text: str) -> bool:
    """Whether the text stands for all that are not listed."""
    return folded(text) in word_set("others") or (
        "(" in text and folded(text.partition("(")[0]) in word_set("others") - {""}
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("tables", name).read_text(encoding="utf-8"))
