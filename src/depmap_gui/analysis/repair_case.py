"""A plant that is to be brought back to eligible: what the law says of it, and of it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from depmap_gui.analysis.law_samples import credits_of, judge
from depmap_gui.analysis.repair_play import Made, changes_of, played
from depmap_gui.analysis.repair_results import RepairError, RepairRules
from depmap_gui.analysis.uncertainty_results import ProductKey
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Plant
from depmap_gui.rules.alternatives import combined
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.pack import CreditRule, RulePack
from depmap_gui.rules.results import Answer, CreditResult, LawResult, Verdict

Blocked = tuple[ProductKey, str]
"""A product and the id of a test (of a group of ways: of its first) that stands in its way."""


@dataclass(frozen=True)
class RepairCase:
    """One plant's credits under the packs that know them, today and after moves.

    ``project`` is the map asked about, its scenario played out and its year as asked.
    """

    project: Project
    packs: tuple[RulePack, ...]
    plant: Plant
    product: str | None
    rules: RepairRules
    law: LawResult
    _known: dict[tuple[tuple[str, int], ...], dict[ProductKey, CreditResult]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def map(self) -> MapInForce:
        """The map on the day that the law is asked of."""
        return self._map

    @cached_property
    def _map(self) -> MapInForce:
        return MapInForce(self.project, last_day(self.project.header.year))

    @cached_property
    def credits(self) -> dict[ProductKey, CreditResult]:
        """The credits in question, as the law sees them today."""
        return self._asked(self.law)

    @cached_property
    def by_id(self) -> dict[str, RulePack]:
        """The packs by their ids."""
        return {pack.id: pack for pack in self.packs}

    @cached_property
    def taxpayer(self) -> Company | None:
        """Who runs the plant."""
        return self.map.operator(self.plant.id)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """The questions about companies that the packs ask."""
        asked = (
            question
            for companies in self.law.companies.values()
            for status in companies.values()
            for question in status.answers
        )
        return tuple(dict.fromkeys(asked))

    def credit_rule(self, key: ProductKey) -> CreditRule:
        """What the pack says of the product's credit."""
        return self.by_id[key[2]].credits[self.credits[key].credit]

    def method(self, key: ProductKey, test: str) -> str:
        """How a test of the product is measured."""
        return self.by_id[key[2]].tests[test].method

    def _asked(self, law: LawResult) -> dict[ProductKey, CreditResult]:
        return {
            key: credit
            for key, credit in credits_of(law).items()
            if key[0] == self.plant.id and self.product in (None, key[1])
        }

    def prohibited(self, company: str) -> Answer:
        """Whether any of the packs bars, or may bar, the company."""
        given = {
            status.prohibited
            for companies in self.law.companies.values()
            if (status := companies.get(company)) is not None
        }
        for answer in (Answer.YES, Answer.UNKNOWN):
            if answer in given:
                return answer
        return Answer.NO

    # After moves ------------------------------------------------------------------------------

    def after(self, made: Iterable[Made]) -> dict[ProductKey, CreditResult]:
        """The credits once the moves are made, as the law sees them then."""
        chosen = sorted(made, key=lambda each: each.move.id)
        key = tuple((each.move.id, each.steps) for each in chosen)
        if key not in self._known:
            if not chosen:
                self._known[key] = self.credits
            else:
                changed = played(self.project, changes_of(self.project, chosen, self.answers))
                self._known[key] = self._asked(judge(changed, self.packs))
        return self._known[key]

    @property
    def judged(self) -> int:
        """How many sets of moves have been judged."""
        return len(self._known)

    def blocked(self, made: Iterable[Made] = ()) -> tuple[Blocked, ...]:
        """What stands in the way once the moves are made."""
        return tuple(
            (key, test)
            for key, credit in self.after(made).items()
            for test in self.blocked_tests(key, credit)
        )

    def blocked_tests(self, key: ProductKey, credit: CreditResult) -> list[str]:
        """The tests of one product that fail or straddle. Silence blocks nothing, unless moves
        would make the ratio unknown that was known before."""
        before = combined(self.credits[key].tests)
        found = []
        for id, verdict in combined(credit.tests).items():
            silenced = (
                verdict is Verdict.UNKNOWN
                and self.method(key, id) in COST_METHODS
                and before.get(id) is not Verdict.UNKNOWN
            )
            if verdict in (Verdict.FAIL, Verdict.UNCERTAIN) or silenced:
                found.append(id)
        return found


def case_of(
    project: Project,
    packs: Sequence[RulePack],
    plant: str,
    product: str | None,
    rules: RepairRules,
) -> RepairCase:
    """The plant's case. Raises RepairError where the map has no such plant or no credit of it."""
    entity = project.entities.get(plant)
    if not isinstance(entity, Plant):
        known = ", ".join(each.id for each in project.of_kind(Plant)) or "none"
        raise RepairError(f"There is no plant '{plant}' on the map (it has: {known}).")
    if product is not None and all(each.id != product for each in entity.products):
        known = ", ".join(each.id for each in entity.products) or "none"
        raise RepairError(f"{entity.name or plant} has no product '{product}' (it has: {known}).")
    claimed = {
        each.credit for each in entity.products if each.credit and product in (None, each.id)
    }
    knowing = tuple(pack for pack in packs if claimed & pack.credits.keys())
    if not knowing:
        named = ", ".join(pack.id for pack in packs) or "none"
        raise RepairError(
            f"{entity.name or plant} claims no credit that a rule pack in use knows ({named}), so "
            "there is nothing to bring back. Give a product its credit first."
        )
    law = judge(project, knowing)
    return RepairCase(project, knowing, entity, product, rules, law)
