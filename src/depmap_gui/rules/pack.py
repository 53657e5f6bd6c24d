"""A rule pack as typed values: what one law says, and from when to when.

The loader (`loader.py`) builds these from a folder of TOML files; nothing here reads a file.
Shares are in 0..1, money in the pack's currency, days are `datetime.date`; an end day belongs
to the period it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from depmap_gui.rules.safe_harbor import ContractExclusion, CostTable, RecaptureRule


class Standing(StrEnum):
    """What force a value has in its period."""

    ENACTED = "enacted"
    INTERIM = "interim"
    PROPOSED = "proposed"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class Certainty(StrEnum):
    """How sure the pack's author is of a value."""

    STATUTE = "statute text"
    OFFICIAL = "official page"
    SECONDARY = "secondary source"
    DERIVED = "derived"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"


class Comparison(StrEnum):
    """How a measure must stand to the threshold for a test to FAIL: the law's own boundary."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    LESS_THAN = "<"
    AT_MOST = "<="


class DecidingDate(StrEnum):
    """The day whose law governs a product."""

    SALE = "sale"
    PRODUCTION = "production"
    CONSTRUCTION_START = "construction_start"
    IN_SERVICE = "in_service"
    ACQUIRED = "acquired"


class DecidedBy(StrEnum):
    """Where the answer to a license flag is read."""

    ANSWER = "answer"
    DURATION = "duration"
    DATE = "date"


class Handling(StrEnum):
    """What is done with an open question that nobody has settled."""

    DEFAULT = "default"
    INTERVAL = "interval"


Value: TypeAlias = float | bool | str | date | tuple[str, ...]


class DatedValue(Struct, frozen=True, kw_only=True):
    """One value of a parameter with the days it holds and the law it comes from."""

    value: Value
    starts: date
    ends: date | None = None
    citation: str
    standing: Standing
    certainty: Certainty
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies in the period of this value, both ends included."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    @property
    def number(self) -> float:
        """The value as a number. TypeError for text, lists and switches."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise TypeError(f"{self.value!r} is not a number ({self.citation})")
        return float(self.value)

    @property
    def day(self) -> date:
        """The value as a day. TypeError for anything else."""
        if not isinstance(self.value, date):
            raise TypeError(f"{self.value!r} is not a date ({self.citation})")
        return self.value

    @property
    def words(self) -> tuple[str, ...]:
        """The value as a tuple of words. TypeError for anything else."""
        if not isinstance(self.value, tuple):
            raise TypeError(f"{self.value!r} is not a list ({self.citation})")
        return self.value


class Parameter(Struct, frozen=True, kw_only=True):
    """A quantity of the law by date. `continuous` says that its periods leave no gap."""

    id: str
    title: str
    unit: str
    continuous: bool = True
    values: tuple[DatedValue, ...]
    note: str = ""

    def on(self, day: date) -> DatedValue | None:
        """The value that holds on `day`; None where the parameter has none then."""
        return next((value for value in self.values if value.holds_on(day)), None)


class ListedPerson(Struct, frozen=True, kw_only=True):
    """A person named on a government list, with the day it came on and the last day it was on.

    `policy` is how licenses for it are decided, where that is not as for the rest of the list.
    `doubt` names the open question on which the entry hangs, if any.
    """

    name: str
    aliases: tuple[str, ...] = ()
    on: date
    off: date | None = None
    policy: str = ""
    citation: str
    certainty: Certainty
    note: str = ""
    doubt: str | None = None

    def listed_on(self, day: date) -> bool:
        """Whether the person is on the list on `day`."""
        return self.on <= day and (self.off is None or day <= self.off)


class GovernmentList(Struct, frozen=True, kw_only=True):
    """A government list. `decides` names the answer that membership settles, if any."""

    id: str
    title: str
    decides: str | None = None
    citation: str
    certainty: Certainty
    persons: tuple[ListedPerson, ...] = ()
    note: str = ""


class Leg(Struct, frozen=True, kw_only=True):
    """A part of a credit that is earned by passing one test; `rate` is a parameter id."""

    test: str
    rate: str


class CreditRule(Struct, frozen=True, kw_only=True):
    """A tax credit that a product may claim; rate, phase-out and threshold are parameter ids.

    A credit with `legs` is worth the rates of those whose test passes; `rate` is then the most.
    A credit with `once_on` is given once, for the tax year in which that day lies; without, for
    the units of every year.
    """

    id: str
    title: str
    family: str
    unit: str
    rate: str
    phase_out: str
    deciding_date: DecidingDate
    once_on: DecidingDate | None = None
    material_threshold: str | None = None
    cost_categories: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    exclusion: str | None = None
    recapture: str | None = None
    cap: str = ""
    citation: str
    certainty: Certainty
    note: str = ""


class TradedReading(Struct, frozen=True, kw_only=True):
    """How a test reads for a publicly traded company."""

    parameter: str
    comparison: Comparison
    citation: str


class TestRule(Struct, frozen=True, kw_only=True):
    """A test of a credit: what is measured, how it is compared, and in plain words why.

    One that does not decide lowers what a credit is worth when it fails, and denies nothing.
    `alternative_to` names the test in whose place this one may be passed: one is enough.
    """

    __test__ = False

    id: str
    title: str
    method: str
    alternative_to: str | None = None
    measures: str
    on: str
    unit: str
    comparison: Comparison | None = None
    parameter: str | None = None
    traded: TradedReading | None = None
    starts: date
    ends: date | None = None
    decides: bool = True
    citation: str
    certainty: Certainty
    why: str
    cure: str
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the test applies to a tax year that ends on `day`."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class CheckRule(Struct, frozen=True, kw_only=True):
    """Tests that a law asks of plants or products for themselves, whatever credit they claim.

    `of` names what is checked (`methods.SUBJECTS`); `standing` is the force of the law.
    """

    id: str
    title: str
    of: str
    tests: tuple[str, ...]
    standing: Standing
    citation: str
    certainty: Certainty
    note: str = ""


class DutyRule(Struct, frozen=True, kw_only=True):
    """One layer of customs duty: which goods it meets, and the parameter that is its rate.

    An empty tuple of destinations, origins, codes or makers meets all. `codes` are beginnings of
    tariff codes. Of the layers of one `family` the one that fits most closely is charged, without
    a family each that fits. A layer gives way where one of `yields_to` is charged. For
    `open_origins` (`*`: all that are not in `origins`) it is not known whether it is charged.
    From `quota` units a year on it is; makers with the declared status `waiver` do not pay it
    from the day `waiver_from` on.
    """

    id: str
    title: str
    destinations: tuple[str, ...]
    origins: tuple[str, ...] = ()
    not_origins: tuple[str, ...] = ()
    open_origins: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    family: str = ""
    rate: str
    yields_to: tuple[str, ...] = ()
    quota: str | None = None
    waiver: str | None = None
    waiver_from: date | None = None
    note: str = ""


class Limb(Struct, frozen=True, kw_only=True):
    """A point of fact on which a map may be silent, named beside an answer when it is."""

    id: str
    title: str
    settle: str


class Flag(Struct, frozen=True, kw_only=True):
    """A right or red flag of a license or contract, with the question to ask of it.

    `term` is the key of a license's `terms` for flags decided by answer; `parameter` is the limit
    of those decided by date or duration. `applies_to` and `may_apply_to` are license types.
    """

    id: str
    title: str
    question: str
    decided_by: DecidedBy
    method: str
    term: str | None = None
    parameter: str | None = None
    applies_to: tuple[str, ...] = ()
    may_apply_to: tuple[str, ...] = ()
    starts: date
    ends: date | None = None
    standing: Standing
    citation: str
    certainty: Certainty
    cure: str
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the flag is law on `day`."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class LicenseException(Struct, frozen=True, kw_only=True):
    """A kind of agreement that is no license in the eyes of the law, such as an outright sale."""

    id: str
    title: str
    question: str
    method: str
    citation: str
    certainty: Certainty
    note: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """One way to read an open point of law."""

    id: str
    text: str


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """A point of law with more than one reading, and what is done until somebody settles it."""

    id: str
    title: str
    question: str
    readings: tuple[Reading, ...]
    default: str
    handling: Handling
    bears_on: tuple[str, ...]
    citation: str
    certainty: Certainty
    note: str = ""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a pack was read from: a user's folder, or none for a pack that ships with DepMap.

    `instead_of` names the pack in whose place it stands ("the shipped version 1"); `lists` gives
    the folder of every list that was laid over the pack's own, by the list's id.
    """

    folder: str = ""
    instead_of: str = ""
    lists: dict[str, str] = {}

    @property
    def words(self) -> str:
        """A clause for people; empty for a pack as it ships."""
        said = []
        if self.folder:
            place = f"from {self.folder}"
            if self.instead_of:
                place += f" in place of {self.instead_of}"
            said.append(place)
        by_folder: dict[str, list[str]] = {}
        for id, folder in self.lists.items():
            by_folder.setdefault(folder, []).append(id)
        for folder, ids in by_folder.items():
            said.append(f"{'list' if len(ids) == 1 else 'lists'} {', '.join(ids)} from {folder}")
        return "; ".join(said)


class RulePack(Struct, frozen=True, kw_only=True):
    """One law as data. Dicts are keyed by id and keep the order of the files."""

    id: str
    title: str
    version: str
    dated: date
    author: str
    status: str
    law: str
    currency: str
    entity_status: str = ""
    license_control: str = ""
    note: str = ""
    parameters: dict[str, Parameter] = {}
    lists: dict[str, GovernmentList] = {}
    credits: dict[str, CreditRule] = {}
    tests: dict[str, TestRule] = {}
    limbs: dict[str, Limb] = {}
    flags: dict[str, Flag] = {}
    exceptions: dict[str, LicenseException] = {}
    questions: dict[str, OpenQuestion] = {}
    tables: dict[str, CostTable] = {}
    exclusions: dict[str, ContractExclusion] = {}
    recaptures: dict[str, RecaptureRule] = {}
    checks: dict[str, CheckRule] = {}
    duties: dict[str, DutyRule] = {}
    origin: Origin = Origin()

    def value(self, name: str, on: date) -> DatedValue | None:
        """The value of a parameter on a day; None where it has none. KeyError: no such id."""
        return self.parameters[name].on(on)

    def number(self, name: str, on: date) -> float | None:
        """The same as a plain number; None where the parameter has no value that day."""
        found = self.value(name, on)
        return None if found is None else found.number

    def readings(self, question: str, settled: Mapping[str, str]) -> tuple[str, ...]:
        """The readings of an open question to evaluate: the settled one, the default, or all."""
        asked = self.questions[question]
        chosen = settled.get(question)
        if chosen is not None and any(reading.id == chosen for reading in asked.readings):
            return (chosen,)
        if asked.handling is Handling.DEFAULT:
            return (asked.default,)
        return tuple(reading.id for reading in asked.readings)

    def title_of(self, point: str) -> str:
        """Plain words for an id that stands in an `open` list; the id itself where it has none."""
        tail = point.rpartition(".")[2]
        for titled in (
            self.tests.get(point),
            self.limbs.get(point),
            self.flags.get(tail),
            self.exceptions.get(tail),
            self.checks.get(point),
            self.duties.get(point),
            self.questions.get(point.removeprefix("question.")),
        ):
            if titled is not None:
                return titled.title
        return point
