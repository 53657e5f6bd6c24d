"""What a column may be about: by the words of its head and by its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from depmap_gui.exchange.tables.amounts import read_number
from depmap_gui.exchange.tables.dates import read_date
from depmap_gui.exchange.tables.grid import Cell
from depmap_gui.exchange.tables.places import read_places
from depmap_gui.exchange.tables.words import (
    column_words,
    folded,
    head_words,
    is_unknown,
    word_set,
)

DISTINCT_SAMPLE = 400
SAMPLES_SHOWN = 4

_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]|（[^）]*）")
# fmt: off
_FILLERS = frozenset((
    "of", "the", "de", "la", "du", "des", "der", "die", "das", "del", "di", "do", "da", "el", "le",
    "les", "our", "your", "its", "their", "main", "primary", "current", "total", "est",
    "estimated", "in", "for", "and", "usd", "eur",
))
# fmt: on


class Meaning(msgspec.Struct, frozen=True):
    """One thing a head may say: of which role, which attribute of it, or which fact.

    ``role`` alone is that role's name. ``surety`` is 0..1: how much of the head it explains.
    """

    role: str | None = None
    attribute: str | None = None
    field: str | None = None
    surety: float = 0.0


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What the cells of a column are: shares are of its distinct filled cells, 0..1."""

    filled: int
    distinct: int
    countries: float
    numbers: float
    dates: float
    texts: float
    flags: float
    samples: tuple[str, ...]
    values: tuple[Cell, ...]

    @property
    def is_key_like(self) -> bool:
        """Whether nearly every row has a value of its own."""
        return self.filled > 0 and self.distinct >= 0.95 * self.filled


@lru_cache(maxsize=16_384)
def meanings(head: str) -> tuple[Meaning, ...]:
    """What a head may say, the surest first; empty where no known word is in it."""
    words = [w for w in head_words(_BRACKETS.sub(" ", head)).split() if w not in "%$€£"]
    whole = [w for w in words if not w.isdigit()] or words
    lean = [w for w in whole if w not in _FILLERS] or whole
    found: list[Meaning] = []
    for tried, surety in ((whole, 0.95), (lean, 0.92)):
        found += _exact(" ".join(tried), surety)
        found += _composed(tried, surety - 0.03)
    if not found:
        found += _partly(lean)
    if not found and "%" in head:
        found.append(Meaning(field="share", surety=0.6))
    best: dict[tuple[str | None, ...], Meaning] = {}
    for meaning in found:
        key = (meaning.role, meaning.attribute, meaning.field)
        if key not in best or best[key].surety < meaning.surety:
            best[key] = meaning
    return tuple(sorted(best.values(), key=lambda meaning: -meaning.surety))


def _exact(phrase: str, surety: float) -> Iterator[Meaning]:
    words = column_words()
    if phrase in words["fields"]:
        yield Meaning(field=words["fields"][phrase], surety=surety)
    if phrase in words["attributes"]:
        yield Meaning(attribute=words["attributes"][phrase], surety=surety)
    if phrase in words["roles"]:
        yield Meaning(role=words["roles"][phrase], surety=surety)


def _composed(words: Sequence[str], surety: float) -> Iterator[Meaning]:
    """A role and what is said of it, in either order: 'supplier country', 'name of the plant'."""
    known = column_words()
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        for role, other in ((left, right), (right, left)):
            if role not in known["roles"]:
                continue
            if other in known["attributes"]:
                yield Meaning(known["roles"][role], known["attributes"][other], None, surety)
            elif other in known["fields"]:
                yield Meaning(known["roles"][role], None, known["fields"][other], surety - 0.02)
            elif other in known["roles"] and role == left:
                yield Meaning(known["roles"][role], None, None, surety - 0.1)


def _partly(words: Sequence[str]) -> Iterator[Meaning]:
    """The longest known phrase at either end of a head."""
    for length in range(len(words) - 1, 0, -1):
        found: list[Meaning] = []
        for start in (0, len(words) - length):
            phrase = " ".join(words[start : start + length])
            if len(phrase) > 2:
                found += _exact(phrase, round(0.45 + 0.3 * length / len(words), 2))
        # 'Senator name' is a name, but of nobody a map knows.
        # A role counts where it is what the head is about, at its end.
        at_end = {m.role for m in _exact(" ".join(words[-length:]), 1.0)}
        found = [
            meaning
            for meaning in found
            if meaning.attribute not in ("name", "key")
            and (meaning.role is None or meaning.role in at_end)
        ]
        if found:
            yield from found
            return


def profile(cells: Sequence[Cell]) -> Profile:
    """What the cells of one column are."""
    filled = 0
    distinct: dict[Cell, None] = {}
    for cell in cells:
        if cell is None or (isinstance(cell, str) and is_unknown(cell)):
            continue
        filled += 1
        distinct[cell] = None
    values = list(distinct)[:DISTINCT_SAMPLE]
    count = max(len(values), 1)
    texts = [value for value in values if isinstance(value, str)]
    return Profile(
        filled=filled,
        distinct=len(distinct),
        countries=sum(map(_is_country, texts)) / count,
        numbers=sum(map(_is_amount, values)) / count,
        dates=sum(map(_is_date, values)) / count,
        texts=len(texts) / count,
        flags=sum(is_flag(value) for value in values) / count,
        samples=tuple(shown(value) for value in values[:SAMPLES_SHOWN]),
        values=tuple(values),
    )


def shown(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates as ISO writes them."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case date():
            return cell.isoformat().removesuffix("T00:00:00")
        case _:
            return str(cell)


def is_flag(cell: Cell) -> bool:
    """Whether a cell says yes or no."""
    if isinstance(cell, str):
        plain = folded(cell) or cell.strip()
        return plain in word_set("yes") or plain in word_set("no")
    return isinstance(cell, bool)


def _is_country(text: str) -> bool:
    plain = text.strip()
    # Two small letters are a word more often than a country.
    is_word = len(plain) > 2 or plain.isupper() or not plain.isascii()
    return is_word and bool(read_places(plain).codes)


def _is_amount(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return True
    return isinstance(cell, str) and read_number(cell).quantity is not None


def _is_date(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    return isinstance(cell, str) and read_date(cell, True).day is not None
