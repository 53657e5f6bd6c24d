"""Matches companies of a map with persons named on government lists.

A company is on a list when its `lists` field says so. A name that looks alike is offered to the
analyst and never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from msgspec import Struct

from depmap_gui.domain.kinds import ANOTHER_COMPANY
from depmap_gui.domain.records import Company
from depmap_gui.rules.name_matching import ListedNames, PersonMatch
from depmap_gui.rules.pack import GovernmentList, ListedPerson, RulePack

_FORMS = frozenset(
    ("co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "ltd", "plc")
)


class Offer(Struct, frozen=True, kw_only=True):
    """A likely match: the list and the person on it that a company's name resembles."""

    list: str
    person: ListedPerson


class NameMatch(Struct, frozen=True, kw_only=True):
    """A company of the map, by id, and the person on a list whose name is like its own."""

    company: str
    match: PersonMatch


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A name without case, punctuation and words for its legal form."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return " ".join(word for word in words if word not in _FORMS)


def person_named(listing: GovernmentList, name: str) -> ListedPerson | None:
    """The person of the list that a company on it is, by its name; None where none is like it.

    It bears the name or an alias, or, where nobody does, is the one whose name is most like it:
    the map already says that the company is on the list, and the dates are that person's.
    """
    if (person := _bearing(listing, name)) is not None:
        return person
    matches = _names_of(listing).like(name)
    alike = {match.person.name for match in matches if match.likeness is matches[0].likeness}
    return matches[0].person if len(alike) == 1 else None


def likely_listings(company: Company, pack: RulePack, on: date) -> tuple[Offer, ...]:
    """Lists that, on this day, name a person of the company's name and that it does not state."""
    offers = []
    for listing in pack.lists.values():
        person = _bearing(listing, company.name)
        if person and not _is_settled(company, listing.id) and person.listed_on(on):
            offers.append(Offer(list=listing.id, person=person))
    return tuple(offers)


def name_matches(
    companies: Iterable[Company], packs: Iterable[RulePack], year: int
) -> tuple[NameMatch, ...]:
    """Companies whose names are likely those of persons on lists in the year, to be looked at.

    What the map states or the analyst has declared about a company and a list is not asked
    again: `lists` holds those it is on, `declared` has the ids of those whose like-named person
    is another company. Of several persons on a list the one most alike is given.
    """
    names = _names_of_lists(tuple(listing for pack in packs for listing in pack.lists.values()))
    found = []
    for company in companies:
        asked: set[str] = set()
        for match in names.like(company.name):
            is_new = match.list not in asked and not _is_settled(company, match.list)
            if is_new and _listed_in(match.person, year):
                asked.add(match.list)
                found.append(NameMatch(company=company.id, match=match))
    return tuple(found)


def _bearing(listing: GovernmentList, name: str) -> ListedPerson | None:
    wanted = plain_name(name)
    for person in listing.persons:
        if wanted and wanted in (plain_name(known) for known in (person.name, *person.aliases)):
            return person
    return None


def _is_settled(company: Company, listing: str) -> bool:
    return listing in company.lists or company.declared.get(listing) == ANOTHER_COMPANY


def _listed_in(person: ListedPerson, year: int) -> bool:
    return person.on <= date(year, 12, 31) and (
        person.off is None or person.off >= date(year, 1, 1)
    )


@lru_cache(maxsize=64)
def _names_of(listing: GovernmentList) -> ListedNames:
    return ListedNames((listing,))


@lru_cache(maxsize=8)
def _names_of_lists(lists: tuple[GovernmentList, ...]) -> ListedNames:
    return ListedNames({listing.id: listing for listing in lists}.values())
