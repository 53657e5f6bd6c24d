"""The ways to measure material assistance, each held against the threshold of the deciding day.

One that passes is enough: a taxpayer may use any method that it qualifies for. Each that the map
allows is shown, with what would turn its verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from depmap_gui.rules.certificates import UNCERTIFIED, CertifiedResult, certified_ratio
from depmap_gui.rules.cost_percentage import ListedItem, percentage_ratio
from depmap_gui.rules.credits import deciding_day
from depmap_gui.rules.flips import Part, later_failure, ratio_flips
from depmap_gui.rules.pack import Comparison, DatedValue, DecidingDate, TestRule
from depmap_gui.rules.results import CostLine, RatioMeasure, Reason, TestResult, Verdict
from depmap_gui.rules.setting import percent, percent_range
from depmap_gui.rules.testing import TestCase, case_reason, measured_result
from depmap_gui.rules.thresholds import IN_WORDS, verdict

_BY_SALE = (DecidingDate.SALE, DecidingDate.PRODUCTION)


def direct_cost_test(case: TestCase, rule: TestRule) -> TestResult:
    """The ratio by direct cost, items under old contracts left out where that helps."""
    if case.credit.material_threshold is None or case.material is None:
        return measured_result(rule, Verdict.UNKNOWN, (), (rule.id,))
    held = _threshold(case, rule)
    if isinstance(held, TestResult):
        return held
    material = case.material
    found = None
    if material.low is not None and material.high is not None:
        found = RatioMeasure(low=material.low, mode=material.mode, high=material.high)
    because = (*_of_election(case, rule), *material.because)
    return _compared(case, rule, held, found, because, material.open, _parts(material.lines))


def without_election_test(case: TestCase, rule: TestRule) -> TestResult | None:
    """The ratio by direct cost with items under old contracts counted, where there are some that
    the taxpayer may leave out."""
    material, held = case.material, _reached(case, rule)
    if held is None or material is None or material.unelected is None or not material.left_out:
        return None
    names = ", ".join(line.item or "an item" for line in material.left_out)
    text = f"With {names}, under contracts old enough to be left out, counted."
    lines = (*material.lines, *material.left_out)
    reason = case_reason(case, rule, text)
    return _compared(case, rule, held, material.unelected, (reason,), material.open, _parts(lines))


def cost_percentage_test(case: TestCase, rule: TestRule) -> TestResult | None:
    """The ratio by assigned percentages, where the product names a cost table."""
    held = _reached(case, rule)
    if held is None or not case.product.table:
        return None
    found = percentage_ratio(
        case.setting, case.found.statuses, case.plant, case.product, case.credit
    )
    if found is None:
        known = ", ".join(
            f"{table.id}/{column.id}"
            for table in case.setting.pack.tables.values()
            for column in table.columns
        )
        text = f"There is no cost table '{case.product.table}'. There are: {known}."
        return measured_result(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))
    parts = [_listed_part(item) for item in found.items]
    return _compared(case, rule, held, found.ratio, found.because, found.open, parts, "points")


def certified_test(case: TestCase, rule: TestRule) -> TestResult | None:
    """The ratio by supplier certificates, where a supplier certifies anything."""
    held = _reached(case, rule)
    if held is None or case.material is None:
        return None
    statuses = case.found.statuses
    found = certified_ratio(case.setting, statuses, case.product, case.material, rule.citation)
    if found is None:
        return None
    parts = _parts(found.lines)
    result = _compared(case, rule, held, found.ratio, found.because, found.open, parts)
    return _with_other_reading(case, rule, held, found, result)


def _with_other_reading(
    case: TestCase, rule: TestRule, held: DatedValue, found: CertifiedResult, result: TestResult
) -> TestResult:
    """Names the question of uncertified items where its other reading would turn the verdict."""
    strict, comparison = found.strict, rule.comparison
    if strict is None or comparison is None or UNCERTIFIED in case.setting.settled:
        return result
    if verdict(strict.low, strict.high, comparison, held.number) is result.verdict:
        return result
    asked = case.setting.pack.questions[UNCERTIFIED]
    text = "Counting items without a certificate as those of prohibited foreign entities, the "
    text += f"ratio is {percent_range(strict.low, strict.high)}; how they count is open "
    reason = case_reason(case, rule, f"{text}({asked.title}).", asked.citation)
    return msgspec.structs.replace(
        result,
        because=(*result.because, reason),
        open=(*result.open, f"question.{UNCERTIFIED}"),
    )


def _reached(case: TestCase, rule: TestRule) -> DatedValue | None:
    """The threshold that holds; None where none does, so that another way is not needed."""
    day = deciding_day(case.setting, case.product, case.credit)
    parameter = case.credit.material_threshold
    if day is None or parameter is None or rule.comparison is None:
        return None
    return case.setting.pack.value(parameter, day)


def _threshold(case: TestCase, rule: TestRule) -> DatedValue | TestResult:
    """The threshold that holds on the deciding day, or the result where none does."""
    day = deciding_day(case.setting, case.product, case.credit)
    parameter = case.credit.material_threshold
    if parameter is None or rule.comparison is None:
        return measured_result(rule, Verdict.UNKNOWN, (), (rule.id,))
    if day is None:
        text = "The map does not give the day that decides which threshold holds "
        text += f"({case.credit.deciding_date.value.replace('_', ' ')})."
        return measured_result(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))
    found = case.setting.pack.value(parameter, day)
    if found is not None:
        return found
    first = case.setting.pack.parameters[parameter].values[0].starts
    if day < first:
        text = f"The test does not reach {day}: its first threshold holds from {first}."
        return measured_result(rule, Verdict.PASS, (case_reason(case, rule, text),), ())
    text = f"The law has no threshold for {day}, because the credit has ended."
    return measured_result(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))


def _compared(
    case: TestCase,
    rule: TestRule,
    held: DatedValue,
    found: RatioMeasure | None,
    because: tuple[Reason, ...],
    open_points: tuple[str, ...],
    parts: Sequence[Part],
    unit: str = "",
) -> TestResult:
    """The ratio against the threshold; unknown where there is no ratio."""
    comparison, threshold = rule.comparison, held.number
    assert comparison is not None
    if found is None:
        silent = tuple(dict.fromkeys((rule.id, *open_points)))
        return measured_result(rule, Verdict.UNKNOWN, because, silent, (threshold, comparison))
    given = verdict(found.low, found.high, comparison, threshold)
    boundary = case_reason(
        case,
        rule,
        f"The test fails at a ratio of {IN_WORDS[comparison]} {percent(threshold)}.",
        held.citation,
    )
    return measured_result(
        rule,
        given,
        (boundary, *because),
        open_points,
        (threshold, comparison),
        (found.low, found.mode, found.high),
        _flips(case, held, found, given, comparison, parts, unit),
    )


def _flips(
    case: TestCase,
    held: DatedValue,
    found: RatioMeasure,
    given: Verdict,
    comparison: Comparison,
    parts: Sequence[Part],
    unit: str,
) -> tuple[Reason, ...]:
    currency = case.setting.map.project.header.currency

    def amount(weight: float) -> str:
        if unit:
            return f"{round(weight, 4):g} {unit}"
        return f"{weight:,.0f} {currency}" if weight >= 100 else f"{round(weight, 4):g} {currency}"

    flips = ratio_flips(parts, given, held.number, amount)
    parameter = case.setting.pack.parameters[case.credit.material_threshold or ""]
    if given is Verdict.PASS and case.credit.deciding_date in _BY_SALE:
        flips = (*flips, *later_failure(parameter, held, (found.low, found.high), comparison))
    return flips


def _of_election(case: TestCase, rule: TestRule) -> tuple[Reason, ...]:
    """What the choice about old contracts comes to, where the map shows any."""
    material = case.material
    if material is None or material.unelected is None:
        return ()
    exclusion = case.setting.pack.exclusions[case.credit.exclusion or ""]
    told = percent_range(material.unelected.low, material.unelected.high)
    if not material.left_out:
        text = f"{exclusion.title}: the taxpayer may leave out items under contracts old enough, "
        text += "but the ratio does not gain by it, so it is read without that choice."
        return (case_reason(case, rule, text, exclusion.citation),)
    names = ", ".join(line.item or "an item" for line in material.left_out)
    text = f"{exclusion.title}: the taxpayer may choose to leave out {names}, under contracts old "
    text += f"enough, and is read to do so; with them the ratio is {told}."
    where = tuple(line.link for line in material.left_out if line.link is not None)
    return (Reason(text=text, citation=exclusion.citation, where=where),)


def _parts(lines: Sequence[CostLine]) -> list[Part]:
    return [
        Part(
            name=line.item or "an item",
            where=() if line.link is None else (line.link,),
            weight=line.mode or 0.0,
            pfe_low=line.pfe_low,
            pfe_high=line.pfe_high,
        )
        for line in lines
    ]


def _listed_part(item: ListedItem) -> Part:
    return Part(
        name=item.name,
        where=item.links,
        weight=item.percent,
        pfe_low=item.pfe_low,
        pfe_high=item.pfe_high,
    )
