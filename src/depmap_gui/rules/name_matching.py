"""Likely matches between the names of companies and names on government lists.

A match is a suggestion to a person, never a fact. Two names are likely one company's where every
telling word of each has its like in the other: in any order, with other legal forms, accents or
scripts, and with small slips in long words. Words for trades may be missing on one side; words
that differ on both sides, and two different places, speak for two companies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from anyascii import anyascii
from msgspec import Struct

from depmap_gui.rules.name_words import (
    CHINESE_ENDINGS,
    FILLERS,
    FORMS,
    PLACES,
    SAME_WORD,
    TRADES,
)
from depmap_gui.rules.pack import GovernmentList, ListedPerson

_ABBREVIATION = re.compile(r"\b(?:\w\.){2,}")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PARENTHESES = re.compile(r"[(\uff08\[]([^)\uff09\]]*)[)\uff09\]]")
_MOST_REMEMBERED = 100_000
_SHORTEST_ALONE = 3
_LONG_ENOUGH_ALONE = 5
"""Letters of the telling words where one name has several general words that the other lacks."""
_SLIPS = ((10, 2), (6, 1))
"""How many slips a word of at least so many letters may have, the longest first."""


class Likeness(IntEnum):
    """How alike two names are, the higher the more."""

    NONE = 0
    SLIP = 1
    SHORTER = 2
    TRANSCRIBED = 3
    SAME = 4

    @property
    def words(self) -> str:
        """How they are alike, for a sentence."""
        return {
            Likeness.NONE: "",
            Likeness.SLIP: "spelled almost alike",
            Likeness.SHORTER: "alike but for general words",
            Likeness.TRANSCRIBED: "alike in another script",
            Likeness.SAME: "the same name but for its form",
        }[self]


class PersonMatch(Struct, frozen=True, kw_only=True):
    """A person on a list whose name or alias, given as ``name``, is like a company's."""

    list: str
    person: ListedPerson
    name: str
    likeness: Likeness


class _Name(Struct, frozen=True):
    """A name taken apart: telling words, trades, places, all of them in one, and its Chinese."""

    telling: frozenset[str]
    trades: frozenset[str]
    places: frozenset[str]
    joined: str
    sound: str

    @property
    def is_empty(self) -> bool:
        return not self.joined and not self.sound


class ListedNames:
    """The names on some lists, kept so that those like a given name are found quickly."""

    def __init__(self, lists: Iterable[GovernmentList]) -> None:
        self._entries: list[tuple[str, ListedPerson, str, _Name]] = []
        self._by_key: dict[str, list[int]] = {}
        # A map is scored after every edit, and hardly any of its names change in between.
        self._answered: dict[str, tuple[PersonMatch, ...]] = {}
        for listing in lists:
            for person in listing.persons:
                for name in dict.fromkeys((person.name, *person.aliases)):
                    self._take(listing.id, person, name)

    def _take(self, list_id: str, person: ListedPerson, name: str) -> None:
        for taken_apart in _readings(name):
            place = len(self._entries)
            self._entries.append((list_id, person, name, taken_apart))
            for key in _keys(taken_apart):
                self._by_key.setdefault(key, []).append(place)

    def like(self, name: str) -> tuple[PersonMatch, ...]:
        """Persons whose names are likely this one: the best match of each, the best first."""
        if name not in self._answered:
            if len(self._answered) >= _MOST_REMEMBERED:
                self._answered.clear()
            self._answered[name] = self._search(name)
        return self._answered[name]

    def _search(self, name: str) -> tuple[PersonMatch, ...]:
        best: dict[tuple[str, str], PersonMatch] = {}
        for asked in _readings(name):
            places = {place for key in _keys(asked) for place in self._by_key.get(key, ())}
            for place in sorted(places):
                list_id, person, known, listed = self._entries[place]
                likeness = _likeness(asked, listed)
                key = (list_id, person.name)
                if likeness and (key not in best or best[key].likeness < likeness):
                    best[key] = PersonMatch(
                        list=list_id, person=person, name=known, likeness=likeness
                    )
        return tuple(sorted(best.values(), key=lambda match: -match.likeness))


def _readings(name: str) -> tuple[_Name, ...]:
    """The name as a whole, without what stands in parentheses, and what stands in them."""
    inside = _PARENTHESES.findall(name)
    found = [_apart(name)]
    if inside:
        found.append(_apart(_PARENTHESES.sub(" ", name)))
        found += [part for each in inside if (part := _apart(each)).telling or part.sound]
    return tuple(dict.fromkeys(each for each in found if not each.is_empty))


def _apart(name: str) -> _Name:
    chinese = "".join(_HAN.findall(name))
    sound = _sound(chinese) if chinese else ""
    latin = anyascii(_HAN.sub(" ", name)).casefold().replace("'", "").replace("`", "")
    latin = _ABBREVIATION.sub(lambda found: found.group().replace(".", "") + " ", latin)
    words = [
        SAME_WORD.get(word, word)
        for word in re.findall(r"[a-z0-9]+", latin)
        if word not in FORMS and word not in FILLERS
    ]
    kept = frozenset(words)
    return _Name(
        telling=kept - TRADES - PLACES,
        trades=kept & TRADES,
        places=kept & PLACES,
        joined="".join(words),
        sound=sound,
    )


def _sound(chinese: str) -> str:
    """How the telling beginning of a Chinese name sounds, simplified or traditional."""
    kept = chinese
    shortened = True
    while shortened:
        shortened = False
        for ending in CHINESE_ENDINGS:
            if kept.endswith(ending) and len(kept) - len(ending) >= 2:
                kept = kept.removesuffix(ending)
                shortened = True
    return re.sub(r"[^a-z]", "", anyascii(kept).casefold())


def _keys(name: _Name) -> Iterator[str]:
    """What names that are alike have in common, at least one of them."""
    if name.joined:
        yield name.joined
    if name.sound:
        yield name.sound
    for word in name.telling:
        yield word
        if _allowed_slips(word):
            yield from (f"~{word[:at]}{word[at + 1 :]}" for at in range(len(word)))
            yield f"~{word}"
    if name.telling and not name.sound:
        yield "".join(sorted(name.telling | name.places))


def _likeness(asked: _Name, listed: _Name) -> Likeness:
    if asked.sound and listed.sound and _same_sound(asked.sound, listed.sound):
        return Likeness.SAME if not asked.joined or not listed.joined else Likeness.TRANSCRIBED
    for chinese, latin in ((asked, listed), (listed, asked)):
        if chinese.sound and not latin.sound and _sounds_like(chinese.sound, latin):
            return Likeness.TRANSCRIBED
    if not asked.joined or not listed.joined:
        return Likeness.NONE
    if asked.joined == listed.joined and len(asked.joined) >= _SHORTEST_ALONE:
        return Likeness.SAME
    return _of_words(asked, listed)


def _same_sound(one: str, other: str) -> bool:
    return one == other and len(one) >= 4


def _sounds_like(sound: str, latin: _Name) -> bool:
    """Whether a Chinese name sounds like the telling words, with or without the place."""
    if len(sound) < 5 or not latin.telling:
        return False
    for words in (latin.telling, latin.telling | latin.places):
        if len(sound) == sum(map(len, words)) and all(word in sound for word in words):
            return True
    return False


def _of_words(asked: _Name, listed: _Name) -> Likeness:
    if not asked.telling or not listed.telling:
        return _all_general(asked, listed)
    if asked.places and listed.places and not asked.places & listed.places:
        return Likeness.NONE
    if asked.trades - listed.trades and listed.trades - asked.trades:
        return Likeness.NONE
    slips = _slips(asked.telling, listed.telling)
    if slips is None:
        return Likeness.NONE
    is_one_word = len(listed.telling) == 1 and not listed.trades
    if is_one_word and asked.trades:
        # "Envision Solar" is hardly the company that is called "Envision" for short.
        return Likeness.NONE
    same_rest = asked.trades == listed.trades and asked.places == listed.places
    if slips:
        # One word with a slip in it is often another company; two that agree seldom are.
        enough = len(listed.telling) > 1 or bool(asked.trades & listed.trades)
        return Likeness.SLIP if enough or (same_rest and _is_long(listed)) else Likeness.NONE
    if same_rest:
        return Likeness.SAME
    shortest = min(sum(map(len, each.telling)) for each in (asked, listed))
    missing = len(asked.trades ^ listed.trades)
    letters = _SHORTEST_ALONE if missing < 2 else _LONG_ENOUGH_ALONE
    return Likeness.SHORTER if shortest >= letters else Likeness.NONE


def _all_general(asked: _Name, listed: _Name) -> Likeness:
    """Names made only of trades and places are alike where all of these are the same."""
    same = (asked.telling, asked.trades, asked.places) == (
        listed.telling,
        listed.trades,
        listed.places,
    )
    return Likeness.SAME if same and len(asked.trades | asked.places) > 1 else Likeness.NONE


def _is_long(name: _Name) -> bool:
    return max(map(len, name.telling)) >= 8


def _slips(asked: frozenset[str], listed: frozenset[str]) -> int | None:
    """Slips between two sets of telling words; None where a word has no like in the other."""
    left, right = asked - listed, set(listed - asked)
    if len(left) != len(right):
        return None
    slips = 0
    for word in sorted(left):
        near = sorted((distance(word, other), other) for other in right)
        if not near or not 0 < near[0][0] <= _allowed_slips(min(word, near[0][1], key=len)):
            return None
        slips += near[0][0]
        right.remove(near[0][1])
    return slips


def _allowed_slips(word: str) -> int:
    if any(letter.isdigit() for letter in word):
        return 0
    return next((slips for length, slips in _SLIPS if len(word) >= length), 0)


def distance(one: str, other: str) -> int:
    """Letters to add, drop, replace or swap with a neighbor to make one word the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        current = [i]
        for j, facing in enumerate(other, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]
