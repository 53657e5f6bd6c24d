"""The command ``status``: who is what in law, and on which lists, as of any day."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depmap_gui.cli.open_points import open_line
from depmap_gui.cli.rules import rules_folder_option
from depmap_gui.cli.score_trade import trade_json, trade_lines
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Plant
from depmap_gui.rules.as_of import Listing, law_on, listings_on
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CompanyStatus, LawResult
from depmap_gui.session.rules import user_folders
from depmap_gui.session.session import Session

if TYPE_CHECKING:
    # argparse gives this type no public name.
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]


def add_status(verbs: Verbs) -> None:
    """Put ``status`` into the parser."""
    help = "Print what every company is in law, and on which lists, as of a day."
    verb = verbs.add_parser("status", help=help, description=help)
    verb.set_defaults(command=status)
    verb.add_argument("file", type=Path, metavar="FILE", help="project file (.depmap)")
    verb.add_argument(
        "--on", type=_day, metavar="DATE", help="such as 2026-11-22; default: the year's last day"
    )
    verb.add_argument("--scenario", metavar="ID", help="scenario to play out")
    verb.add_argument(
        "--packs",
        type=lambda given: tuple(filter(None, given.split(","))),
        metavar="A,B",
        help="rule packs, instead of the project's",
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    rules_folder_option(verb)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as fault:
        message = f"a day such as 2026-11-22, not '{given}'"
        raise argparse.ArgumentTypeError(message) from fault


def status(options: argparse.Namespace) -> int:
    """Print the statuses, as a table or as one JSON object."""
    session = Session.open(options.file, user_folders(options.rules_folder))
    request = session.request(scenario=options.scenario, packs=options.packs)
    project, packs = request.project, request.packs
    day: date = options.on or last_day(project.header.year)
    law, listings = law_on(project, packs, day), listings_on(project, packs, day)
    if options.json:
        json.dump(status_json(project, law, listings), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(status_lines(project, law, listings, packs)))
    return 0


def status_json(project: Project, law: LawResult, listings: Sequence[Listing]) -> dict[str, Any]:
    """Statuses and lists as plain JSON values."""
    return {
        "title": project.header.title,
        "as_of": law.as_of.isoformat(),
        "companies": {
            company.id: {
                "status": {
                    pack: {
                        **{
                            question: a.value
                            for question, a in statuses[company.id].answers.items()
                        },
                        "open": list(statuses[company.id].open),
                    }
                    for pack, statuses in law.companies.items()
                    if company.id in statuses
                },
                "reasons": [
                    reason.text
                    for statuses in law.companies.values()
                    if company.id in statuses
                    for reason in statuses[company.id].reasons
                ],
                "lists": [_listing(each) for each in listings if each.company == company.id],
            }
            for company in project.of_kind(Company)
        },
        **_plants_json(project, law),
        "caution": law.caution,
    }


def _plants_json(project: Project, law: LawResult) -> dict[str, Any]:
    """Duties and other laws that are no credit, by plant; empty where no pack asks for them."""
    plants = {plant.id: trade_json(plant.id, law) for plant in project.of_kind(Plant)}
    asked = {id: plain for id, plain in plants.items() if plain}
    return {"plants": asked} if asked else {}


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "list": listing.list,
        "rule_pack": listing.pack,
        "listed": listing.listed,
        "name": listing.person,
        "since": None if listing.since is None else listing.since.isoformat(),
        "until": None if listing.until is None else listing.until.isoformat(),
        "certainty": listing.certainty.value,
        "citation": listing.citation,
        "doubt": listing.doubt,
    }


def status_lines(
    project: Project, law: LawResult, listings: Sequence[Listing], packs: Sequence[RulePack]
) -> list[str]:
    """A line a company with its answers, its lists, the reasons and what is open; then what is
    said of plants on that day, such as duties."""
    lines = [f"{project.header.title or 'Untitled map'}: as of {law.as_of}"]
    for company in project.of_kind(Company):
        answers = [
            f"{question} {answer}"
            for statuses in law.companies.values()
            if company.id in statuses
            for question, answer in statuses[company.id].answers.items()
        ]
        lines.append(f"  {company.name or company.id}: {', '.join(answers) or 'no answer'}")
        mine = [each for each in listings if each.company == company.id]
        lines += [f"    {line}" for each in mine for line in _listing_lines(each)]
        for statuses in law.companies.values():
            if company.id in statuses:
                lines += [f"    {line}" for line in _why_lines(statuses[company.id], packs)]
    for plant in project.of_kind(Plant):
        if said := list(trade_lines(plant.id, law, project, packs)):
            lines += ["", plant.name or plant.id, *said]
    return [*lines, "", law.caution]


def _why_lines(status: CompanyStatus, packs: Sequence[RulePack]) -> Iterator[str]:
    yield from (reason.text for reason in status.reasons)
    if status.open:
        yield open_line(status.open, status.pack, packs)


def _listing_lines(listing: Listing) -> Iterator[str]:
    period = ""
    if listing.listed:
        period = f", since {listing.since}" if listing.since else ""
        period += f" until {listing.until}" if listing.until else ""
    elif listing.since:
        until = f"until {listing.until}" if listing.until else "on"
        period = f" (the entry runs from {listing.since} {until})"
    doubt = "; whether the entry stands is open" if listing.doubt else ""
    told = "on" if listing.listed else "not on this day on"
    yield f"{told} {listing.title}{period} ({listing.certainty}{doubt})"
