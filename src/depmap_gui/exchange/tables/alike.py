"""Names that are the same but for their form, and names that nearly are.

Two levels. :func:`same_key` folds what never tells two parties apart: case, accents, punctuation,
and the spelling of the legal form ('Co., Ltd.' and 'Company Limited'). What goes beyond - a legal
form that one lacks, a letter or two that differ, words in another order - is only ever proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

from depmap_gui.analysis.near_names import near
from depmap_gui.exchange.tables.words import folded, value_words

MOST_PER_KEY = 40


class Likeness(msgspec.Struct, frozen=True):
    """How alike two names are (0..1) and why that is said."""

    first: str
    second: str
    score: float
    reason: str


@cache
def _forms() -> Mapping[tuple[str, ...], str]:
    """The one spelling of each legal form by the words of its spellings."""
    return MappingProxyType(
        {
            tuple(folded(spelling).split()): form
            for form, spellings in value_words()["legal_forms"].items()
            for spelling in spellings
        }
    )


_LONGEST_FORM = 4


@lru_cache(maxsize=131_072)
def parted(name: str) -> tuple[str, str]:
    """The name folded without its legal form, and that form, both possibly empty."""
    words = folded(name).replace(" and ", " ").split()
    for count in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        form = _forms().get(tuple(words[-count:]))
        if form is not None:
            return " ".join(words[:-count]), form
    joined = " ".join(words)
    for ending, form in _cjk_endings():
        if joined.endswith(ending) and len(joined) > len(ending):
            return joined[: -len(ending)].rstrip(), form
    return joined, ""


@cache
def _cjk_endings() -> tuple[tuple[str, str], ...]:
    """Legal forms that are written without a blank before them, longest first."""
    found = [(" ".join(k), form) for k, form in _forms().items() if not "".join(k).isascii()]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=131_072)
def same_key(name: str) -> str:
    """What two spellings of one name share; different for names that may be different parties."""
    core, form = parted(name)
    return f"{core}|{form}" if form else core or name.strip()


def alike(names: Collection[str], known: Collection[str] = ()) -> list[Likeness]:
    """Pairs of names that may be one party: among ``names``, and of one of them with ``known``.

    Names with the same :func:`same_key` are not told: they are taken as one anyway. The first of
    a pair is the known one, or the one that came first. Runs in time near linear in their number.
    """
    first_of: dict[str, str] = {}
    known_keys = set()
    for name in known:
        first_of.setdefault(same_key(name), name)
        known_keys.add(same_key(name))
    for name in names:
        first_of.setdefault(same_key(name), name)
    order = {key: rank for rank, key in enumerate(first_of)}
    found: dict[tuple[str, str], Likeness] = {}
    for left, right, score, reason in _candidates(list(first_of)):
        if left in known_keys and right in known_keys:
            continue
        pair = (left, right) if order[left] < order[right] else (right, left)
        better = found.get(pair)
        if better is None or score > better.score:
            found[pair] = Likeness(first_of[pair[0]], first_of[pair[1]], score, reason)
    return sorted(found.values(), key=lambda like: (-like.score, like.first, like.second))


def _candidates(keys: list[str]) -> Iterator[tuple[str, str, float, str]]:
    cores: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        cores[key.partition("|")[0]].append(key)
    for same in cores.values():
        for left, right in _pairs(same):
            lacks = "|" not in left or "|" not in right
            yield (
                left,
                right,
                0.95 if lacks else 0.8,
                "one has a legal form, the other none" if lacks else "only the legal form differs",
            )
    by_words: dict[str, list[str]] = defaultdict(list)
    for core in cores:
        by_words["".join(sorted(core.split()))].append(core)
    for group in by_words.values():
        for one, other in _pairs(group):
            yield cores[one][0], cores[other][0], 0.9, "the same words in another order"
    closed: dict[str, list[str]] = defaultdict(list)
    for core in cores:
        closed[core.replace(" ", "")].append(core)
    for group in closed.values():
        for one, other in _pairs(group):
            yield cores[one][0], cores[other][0], 0.93, "only blanks or hyphens differ"
    for one, other, apart in near(list(closed)):
        left, right = closed[one][0], closed[other][0]
        if not _differ_in_number(left, right):
            score = 1 - apart / max(len(one), len(other))
            yield (
                cores[left][0],
                cores[right][0],
                round(0.9 * score, 3),
                "a small typing difference",
            )


def _pairs(group: list[str]) -> Iterator[tuple[str, str]]:
    head = group[:MOST_PER_KEY]
    return ((one, other) for i, one in enumerate(head) for other in head[i + 1 :])


def _differ_in_number(left: str, right: str) -> bool:
    """Whether names tell plants or lines apart by a number ('Works 2', 'Works 3')."""
    return _digits(left) != _digits(right)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def distance(left: str, right: str, most: int) -> int:
    """Letters to change, add, drop or swap with their neighbor; ``most + 1`` where it is more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, previous = previous, row
    return min(previous[-1], most + 1)


def closest(word: str, known: Iterable[str], most: int = 2) -> str | None:
    """The known word that differs least, by at most ``most`` letters and a third of its length."""
    best, best_distance = None, most + 1
    for candidate in known:
        if len(candidate) >= 4 and (gap := distance(word, candidate, best_distance - 1)) < (
            best_distance
        ):
            best, best_distance = candidate, gap
    return best if best and best_distance * 3 <= len(word) else None
