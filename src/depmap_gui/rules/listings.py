"""Matches companies of a map with persons named on government lists.

A company is on a list when its `lists` field says so. A name that looks alike is offered to the
analyst and never assumed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from msgspec import Struct

from depmap_gui.domain.records import Company
from depmap_gui.rules.pack import GovernmentList, ListedPerson, RulePack

_FORMS = frozenset(
    ("co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "ltd", "plc")
)


class Offer(Struct, frozen=True, kw_only=True):
    """A likely match: the list and the person on it that a company's name resembles."""

    list: str
    person: ListedPerson


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A name without case, punctuation and words for its legal form."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return " ".join(word for word in words if word not in _FORMS)


def person_named(listing: GovernmentList, name: str) -> ListedPerson | None:
    """The person of the list that bears this name or alias, None where there is none."""
    wanted = plain_name(name)
    for person in listing.persons:
        if wanted and wanted in (plain_name(known) for known in (person.name, *person.aliases)):
            return person
    return None


def likely_listings(company: Company, pack: RulePack, on: date) -> tuple[Offer, ...]:
    """Lists that, on this day, name a person of the company's name and that it does not state."""
    offers = []
    for listing in pack.lists.values():
        person = person_named(listing, company.name)
        if person and listing.id not in company.lists and person.listed_on(on):
            offers.append(Offer(list=listing.id, person=person))
    return tuple(offers)
