"""Laws that are no credit, asked of plants or of what they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.records import Company, Plant, Product
from depmap_gui.rules.attribution import Bound, Holdings
from depmap_gui.rules.pack import CheckRule, TestRule
from depmap_gui.rules.results import Answer, CheckResult, Measure, Outcome, TestResult, Verdict
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.testing import EntityFindings
from depmap_gui.rules.tiers import NEVER_ONE, NO_PART, Tiers

VEHICLE_CREDITS = "vehicle-credits"
MEMBERS = "member-states"


@dataclass(frozen=True)
class Ownership:
    """Who holds what, found once for all plants, when a test first asks."""

    setting: Setting
    found: EntityFindings

    @cached_property
    def holdings(self) -> Holdings:
        """The holdings of the map."""
        return Holdings(self.setting.map)

    @cached_property
    def _ends(self) -> tuple[Tiers, Tiers, Tiers]:
        answers = {
            id: next(iter(status.answers.values())) for id, status in self.found.statuses.items()
        }
        sure = frozenset(id for id, answer in answers.items() if answer is Answer.YES)
        maybe = frozenset(id for id, answer in answers.items() if answer is not Answer.NO)
        return (
            Tiers(self.holdings, sure, Bound.LOW, NEVER_ONE),
            Tiers(self.holdings, sure, Bound.MODE, NEVER_ONE),
            Tiers(self.holdings, maybe, Bound.HIGH, NEVER_ONE),
        )

    def share(self, company: str) -> Measure:
        """The equity that companies whose status is yes hold in this one, chains in proportion;
        at the high end also those whose status is unknown."""
        low, mode, high = (end.part.get(company, NO_PART)[0] for end in self._ends)
        return Measure(low=low, mode=mode, high=max(low, mode, high))


@dataclass(frozen=True)
class CheckCase:
    """One plant, or one product of it, with everything that the tests of a check may ask."""

    setting: Setting
    plant: Plant
    product: Product | None
    operator: Company | None
    found: EntityFindings
    ownership: Ownership


CheckMethod = Callable[[CheckCase, TestRule], TestResult]
Subject = tuple[Plant, Product | None]


def vehicles(setting: Setting) -> Iterable[Subject]:
    """Products that the map shows to be vehicles: by model year, weight or credit."""
    found = setting.value(VEHICLE_CREDITS)
    credits = () if found is None else found.words
    for plant in setting.map.project.of_kind(Plant):
        for product in plant.products:
            told = product.model_year is not None or product.weight is not None
            if told or product.credit in credits:
                yield plant, product


def plants_in_members(setting: Setting) -> Iterable[Subject]:
    """Plants that stand in one of the member states."""
    found = setting.value(MEMBERS)
    members = () if found is None else found.words
    for plant in setting.map.project.of_kind(Plant):
        sites = setting.map.places(plant.id, LocationRole.SITE)
        if any(place.code in members for place in sites):
            yield plant, None


SUBJECTS: dict[str, Callable[[Setting], Iterable[Subject]]] = {
    "vehicles": vehicles,
    "plants-in-member-states": plants_in_members,
}
"""What a check may be asked of, by the name that packs use."""


def plant_checks(
    setting: Setting, found: EntityFindings, methods: Mapping[str, CheckMethod]
) -> Iterable[CheckResult]:
    """The result of every check of the pack on every plant or product that it is asked of."""
    ownership = Ownership(setting, found)
    for check in setting.pack.checks.values():
        rules = [
            rule
            for id in check.tests
            if (rule := setting.pack.tests[id]).in_force(setting.map.as_of)
        ]
        for plant, product in SUBJECTS[check.of](setting) if rules else ():
            operator = setting.map.operator(plant.id)
            case = CheckCase(setting, plant, product, operator, found, ownership)
            tests = tuple(methods[rule.method](case, rule) for rule in rules)
            yield _result(setting, check, case, tests)


def _result(
    setting: Setting, check: CheckRule, case: CheckCase, tests: tuple[TestResult, ...]
) -> CheckResult:
    return CheckResult(
        check=check.id,
        title=check.title,
        pack=setting.pack.id,
        plant=case.plant.id,
        product=None if case.product is None else case.product.id,
        standing=check.standing.value,
        outcome=outcome(tests),
        tests=tests,
        open=tuple(dict.fromkeys(point for test in tests for point in test.open)),
        citation=check.citation,
    )


def outcome(tests: Sequence[TestResult]) -> Outcome:
    """How a plant or product stands: silence decides nothing where something was tested."""
    verdicts = [test.verdict for test in tests if test.decides]
    if Verdict.FAIL in verdicts:
        return Outcome.BARRED
    if Verdict.UNCERTAIN in verdicts:
        return Outcome.AT_RISK
    if verdicts and all(each is Verdict.UNKNOWN for each in verdicts):
        return Outcome.UNDETERMINED
    return Outcome.CLEAR
