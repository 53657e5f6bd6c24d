"""The rows of Summary: every product of every plant under every credit it claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Plant, Product
from depmap_gui.exchange.sheets.facts import Facts
from depmap_gui.rules.credits import deciding_day
from depmap_gui.rules.material import material_ratio
from depmap_gui.rules.methods import COST_METHODS
from depmap_gui.rules.pack import CreditRule, RulePack
from depmap_gui.rules.results import CreditResult, MaterialResult, Verdict
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.thresholds import verdict


@dataclass(frozen=True)
class Claim:
    """A credit that a product claims: the law's answer, and what its formulas look up.

    ``ratio`` is None where no test of the credit measures a cost ratio. ``day`` decides which
    threshold and phase-out hold; None where the map does not give it.
    """

    result: CreditResult
    pack: RulePack
    rule: CreditRule
    day: date | None
    threshold: float | None
    ratio: MaterialResult | None

    @property
    def ratio_verdict(self) -> Verdict:
        """How the cost ratio stands to the threshold; also where its test is not in force yet."""
        id = ratio_test(self.pack, self.rule)
        told = next((test for test in self.result.tests if test.id == id), None)
        if told is not None:
            return told.verdict
        parameter, ratio = self.rule.material_threshold, self.ratio
        if id is None or parameter is None or self.day is None or ratio is None:
            return Verdict.UNKNOWN
        if self.threshold is None:
            early = self.day < self.pack.parameters[parameter].values[0].starts
            return Verdict.PASS if early else Verdict.UNKNOWN
        comparison = self.pack.tests[id].comparison
        if ratio.low is None or ratio.high is None or comparison is None:
            return Verdict.UNKNOWN
        return verdict(ratio.low, ratio.high, comparison, self.threshold)


@dataclass(frozen=True)
class Case:
    """One row of Summary, numbered from 1. A plant without products has one row, without any."""

    number: int
    plant: Plant
    label: str
    product: Product | None = None
    product_row: int = 0
    claim: Claim | None = None

    @property
    def product_label(self) -> str:
        """What the product is called."""
        return "" if self.product is None else self.product.name or self.product.id


def cases_of(facts: Facts) -> list[Case]:
    """All rows of Summary, in the order of plants and products on the map."""
    results: dict[tuple[str, str], list[CreditResult]] = {}
    for result in facts.assessment.law.credits:
        if result.pack in facts.packs:
            results.setdefault((result.plant, result.product), []).append(result)
    settings = {
        id: Setting(facts.in_force, pack, facts.assessment.year, facts.project.header.readings)
        for id, pack in facts.packs.items()
    }
    found: list[Case] = []
    product_row = 0
    for plant in facts.by_kind[EntityKind.PLANT]:
        assert isinstance(plant, Plant)
        label = facts.label[plant.id]
        if not plant.products:
            found.append(Case(len(found) + 1, plant, label))
        for product in plant.products:
            claims: list[Claim | None] = [
                _claim(facts, settings[result.pack], plant, product, result)
                for result in results.get((plant.id, product.id), [])
            ]
            for each in claims or [None]:
                found.append(Case(len(found) + 1, plant, label, product, product_row, each))
            product_row += 1
    return found


def ratio_cases(cases: list[Case]) -> list[tuple[Case, Claim, MaterialResult]]:
    """The cases whose cost ratio is measured."""
    return [
        (case, case.claim, case.claim.ratio)
        for case in cases
        if case.claim is not None and case.claim.ratio is not None
    ]


def ratio_test(pack: RulePack, rule: CreditRule) -> str | None:
    """The id of the credit's test that measures the cost ratio; None where it has none."""
    return next((id for id in rule.tests if pack.tests[id].method in COST_METHODS), None)


def _claim(
    facts: Facts, setting: Setting, plant: Plant, product: Product, result: CreditResult
) -> Claim:
    pack = setting.pack
    rule = pack.credits[result.credit]
    day = deciding_day(setting, product, rule)
    ratio = result.material
    if ratio is None and ratio_test(pack, rule) is not None:
        statuses = facts.assessment.law.companies[pack.id]
        ratio = material_ratio(setting, statuses, plant, product, rule)
    parameter = rule.material_threshold
    threshold = None
    if parameter is not None and day is not None:
        threshold = pack.number(parameter, day)
    return Claim(result, pack, rule, day, threshold, ratio)
