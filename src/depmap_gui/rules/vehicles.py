"""Bars on vehicles with software, hardware or a maker of named countries, by model year."""

from __future__ import annotations

from depmap_gui.domain.quantity import high, low
from depmap_gui.domain.records import Supplies
from depmap_gui.rules.nation_bound import ADVERSARY
from depmap_gui.rules.origins import maker_of
from depmap_gui.rules.outcomes import BY_ANSWER, result_of
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.plant_checks import CheckCase
from depmap_gui.rules.results import Answer, Reason, TestResult, Verdict
from depmap_gui.rules.setting import Setting, sentence

WEIGHT_LIMIT = "weight-limit"
WEIGHT = "vehicle.weight"
MODEL_YEAR = "vehicle.model-year"


def lines_parameter(rule: TestRule) -> str:
    """The parameter with the words of a supply link's line that the rule reaches."""
    return f"{rule.id}.lines"


def barred_supplies(case: CheckCase, rule: TestRule) -> TestResult:
    """Whether the vehicle has something of the rule's lines that a barred company supplies."""
    if (early := _not_reached(case, rule)) is not None:
        return early
    setting = case.setting
    found = setting.value(lines_parameter(rule))
    lines = () if found is None else found.words
    assert case.product is not None
    links = [
        link
        for link in setting.map.into(Supplies, case.plant.id)
        if link.line in lines and link.product in (None, case.product.id)
    ]
    if not links:
        text = f"The map shows nothing of the lines {', '.join(lines)} going into the vehicle"
        reason = Reason(text=sentence(text), where=(case.plant.id,))
        return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))
    answers = [_supplier(case, link) for link in links]
    reasons = tuple(
        Reason(
            text=f"{link.item or link.line} comes from {setting.name(link.source)}, which "
            f"{_WORDS[answer]} of a country named.",
            citation=rule.citation,
            where=(link.id, link.source),
            sources=link.sources,
        )
        for link, answer in zip(links, answers, strict=True)
    )
    worst = next((a for a in (Answer.YES, Answer.UNKNOWN) if a in answers), Answer.NO)
    return _weighed(case, rule, worst, reasons)


def barred_maker(case: CheckCase, rule: TestRule) -> TestResult:
    """Whether the maker of the vehicle is of a named country."""
    if (early := _not_reached(case, rule)) is not None:
        return early
    if case.operator is None:
        text = sentence(f"{case.setting.name(case.plant.id)} has no operator on the map")
        reason = Reason(text=text, where=(case.plant.id,))
        return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))
    status = case.found.statuses[case.operator.id]
    answer = status.answers[ADVERSARY]
    return _weighed(case, rule, answer, status.reasons)


_WORDS = {Answer.YES: "is", Answer.UNKNOWN: "may be", Answer.NO: "is not known to be"}


def _supplier(case: CheckCase, link: Supplies) -> Answer:
    maker = maker_of(case.setting, link)
    if maker is None:
        return Answer.UNKNOWN
    return case.found.statuses[maker.id].answers[ADVERSARY]


def _weighed(
    case: CheckCase, rule: TestRule, answer: Answer, reasons: tuple[Reason, ...]
) -> TestResult:
    """The verdict; of a vehicle whose weight is unknown a bar is uncertain."""
    found = BY_ANSWER[answer]
    if found is Verdict.PASS or _is_light(case) is Answer.YES:
        return result_of(rule, found, reasons)
    text = "The map does not say for sure that the vehicle is within the weight of the rule."
    told = (*reasons, Reason(text=text, where=(case.plant.id,)))
    return result_of(rule, Verdict.UNCERTAIN, told, (WEIGHT,))


def _is_light(case: CheckCase) -> Answer:
    limit = case.setting.number(WEIGHT_LIMIT)
    weight = None if case.product is None else case.product.weight
    if limit is None or weight is None:
        return Answer.UNKNOWN
    if low(weight) > limit:
        return Answer.NO
    return Answer.YES if high(weight) <= limit else Answer.UNKNOWN


def _not_reached(case: CheckCase, rule: TestRule) -> TestResult | None:
    """A pass where the vehicle is too heavy or its model year too early, unknown where the map
    does not give the year; None where the rule reaches it."""
    if _is_light(case) is Answer.NO:
        limit = case.setting.number(WEIGHT_LIMIT)
        text = f"The vehicle weighs more than {limit:,.0f} lb, beyond the rule."
        return result_of(rule, Verdict.PASS, (Reason(text=text, where=(case.plant.id,)),))
    first = _first_model_year(case.setting, rule)
    assert case.product is not None
    year = case.product.model_year
    if year is None:
        return _without_model_year(case, rule)
    if year < first:
        text = f"Model year {year} is before {first:.0f}, the first that the rule reaches."
        return result_of(rule, Verdict.PASS, (Reason(text=text, where=(case.plant.id,)),))
    return None


def _first_model_year(setting: Setting, rule: TestRule) -> float:
    return setting.number(rule.parameter) or float("inf")


def _without_model_year(case: CheckCase, rule: TestRule) -> TestResult | None:
    """Goods without a model year are reached from a day of their own, where the rule has one."""
    day = case.setting.on_the_day.get(f"{rule.id}.first-day")
    if day is not None and case.setting.map.as_of < day.day:
        text = f"Without a model year the rule reaches it from {day.day} on."
        return result_of(rule, Verdict.PASS, (Reason(text=text, where=(case.plant.id,)),))
    if day is not None:
        return None
    text = "The map gives the vehicle no model year, on which the rule turns."
    reason = Reason(text=text, where=(case.plant.id,))
    return result_of(rule, Verdict.UNKNOWN, (reason,), (MODEL_YEAR,))
