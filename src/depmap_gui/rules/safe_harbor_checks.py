"""Checks that cost tables, old contracts, recapture and alternatives fit the rest of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from depmap_gui.rules.contracts import ELECTION
from depmap_gui.rules.faults import Path
from depmap_gui.rules.methods import ValueKind
from depmap_gui.rules.own_facts import STANDS
from depmap_gui.rules.pack import CreditRule, GovernmentList, RulePack, TestRule

CREDITS = "credits.toml"


class Checks(Protocol):
    """What the checks of a pack offer to one another."""

    pack: RulePack

    def fault(self, file: str, path: Path, message: str) -> None:
        """Note a fault."""

    def known(self, file: str, path: Path, name: str | None, names: Iterable[str]) -> bool:
        """Fault a name that is none of `names`."""

    def parameter(self, file: str, path: Path, name: str | None, kind: ValueKind, who: str) -> None:
        """Fault a parameter that does not exist or is of another kind."""

    def order(self, file: str, path: Path, starts: date, ends: date | None) -> None:
        """Fault a period that ends before it starts."""


def check_credit(check: Checks, place: int, credit: CreditRule) -> None:
    """The exclusion and recapture that a credit names."""
    for key, names in (("exclusion", check.pack.exclusions), ("recapture", check.pack.recaptures)):
        check.known(CREDITS, ("credit", place, key), getattr(credit, key), names)


def check_alternative(check: Checks, place: int, test: TestRule) -> None:
    """A test may stand for another that is there and stands for none itself."""
    path: Path = ("test", place, "alternative_to")
    other = check.pack.tests.get(test.alternative_to or "")
    check.known("tests.toml", path, test.alternative_to, check.pack.tests)
    if other is not None and (other.alternative_to is not None or other is test):
        message = f"test '{test.id}' stands for '{other.id}', which stands for another itself."
        check.fault("tests.toml", path, message)


def check_doubts(check: Checks, place: int, listing: GovernmentList) -> None:
    """The open question on which an entry of a list hangs."""
    for row, person in enumerate(listing.persons):
        path: Path = ("list", place, "persons", row, "doubt")
        if person.doubt is None:
            continue
        if check.known("lists.toml", path, person.doubt, check.pack.questions):
            asked = check.pack.questions[person.doubt]
            if STANDS not in {reading.id for reading in asked.readings}:
                message = f"The question '{asked.id}' has no reading '{STANDS}', by which "
                check.fault("lists.toml", path, message + f"{person.name} would be on the list.")


def check_safe_harbors(check: Checks) -> None:
    """Cost tables, rules for old contracts, rules of recapture."""
    for place, table in enumerate(check.pack.tables.values()):
        check.order("tables.toml", ("table", place), table.starts, table.ends)
    for place, rule in enumerate(check.pack.exclusions.values()):
        who = f"exclusion '{rule.id}' refers to"
        days = ("signed_before", "sold_before", "begun_before", "in_service_before")
        for key in (*days, "ending_before"):
            path: Path = ("exclusion", place, key)
            check.parameter(CREDITS, path, getattr(rule, key), "day", who)
        if ELECTION not in check.pack.questions:
            message = f"exclusion '{rule.id}' needs the question '{ELECTION}', which this pack "
            check.fault(CREDITS, ("exclusion", place), message + "does not have.")
        if bool(rule.ending) != (rule.ending_before is not None):
            message = f"exclusion '{rule.id}' needs both 'ending' and 'ending_before', or neither."
            check.fault(CREDITS, ("exclusion", place), message)
        technologies = {table.technology for table in check.pack.tables.values()}
        for word in rule.ending:
            check.known(CREDITS, ("exclusion", place, "ending"), word, technologies)
    for place, back in enumerate(check.pack.recaptures.values()):
        who = f"recapture '{back.id}' refers to"
        kinds: tuple[tuple[str, ValueKind], ...] = (
            ("years", "number"),
            ("share", "number"),
            ("tax_years_after", "day"),
        )
        for key, kind in kinds:
            path = ("recapture", place, key)
            check.parameter(CREDITS, path, getattr(back, key), kind, who)
