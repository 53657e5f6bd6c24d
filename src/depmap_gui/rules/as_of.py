"""Who is on which list, and what every company is in law, on any one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.listings import person_named
from depmap_gui.rules.pack import Certainty, RulePack
from depmap_gui.rules.results import LawResult


class Listing(Struct, frozen=True, kw_only=True):
    """A list that the map puts a company on, and whether it stood there on the day.

    `person` is the list's own name for it, None where the pack has no entry by the company's name
    and takes the map's word. `decides` names the answer that the list settles, `doubt` the open
    question on which the entry hangs.
    """

    company: str
    pack: str
    list: str
    title: str
    decides: str | None
    listed: bool
    person: str | None
    since: date | None
    until: date | None
    certainty: Certainty
    citation: str
    note: str = ""
    doubt: str | None = None


def listings_on(project: Project, packs: Sequence[RulePack], day: date) -> tuple[Listing, ...]:
    """Every list that a company's `lists` field names, in the order of the map."""
    return tuple(
        _listing(company, pack, id, day)
        for company in project.of_kind(Company)
        for pack in packs
        for id in company.lists
        if id in pack.lists
    )


def _listing(company: Company, pack: RulePack, id: str, day: date) -> Listing:
    listing = pack.lists[id]
    person = person_named(listing, company.name)
    return Listing(
        company=company.id,
        pack=pack.id,
        list=id,
        title=listing.title,
        decides=listing.decides,
        listed=person is None or person.listed_on(day),
        person=None if person is None else person.name,
        since=None if person is None else person.on,
        until=None if person is None else person.off,
        certainty=listing.certainty if person is None else person.certainty,
        citation=listing.citation if person is None else person.citation,
        note="" if person is None else person.note,
        doubt=None if person is None else person.doubt,
    )


def law_on(project: Project, packs: Sequence[RulePack], day: date) -> LawResult:
    """The law as if the tax year ended on `day`: links in force then, lists as they stood then.

    The law itself may ask another day: of the first tax year it reads lists on the first day.
    """
    return evaluate(MapInForce(project, day), packs, day.year, lists_on=day)
