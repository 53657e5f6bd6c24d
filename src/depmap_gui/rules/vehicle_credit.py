"""The clean vehicle credit: two value-share legs, bars on foreign entities of concern, its end.

Shares are read from the supplies that go straight into the vehicle plant; the bars look through
the whole chain above it. The day that decides is the day the vehicle is placed in service, or the
last of the year where the map gives none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from depmap_gui.domain.quantity import bounds
from depmap_gui.domain.records import Material, Supplies
from depmap_gui.rules.covered_government import FEOC
from depmap_gui.rules.credits import CreditValue
from depmap_gui.rules.origins import maker_of, origins_of
from depmap_gui.rules.outcomes import (
    BY_ANSWER,
    compared,
    comparison_of,
    declared_result,
    result_of,
)
from depmap_gui.rules.own_facts import covered
from depmap_gui.rules.pack import CreditRule, TestRule
from depmap_gui.rules.results import Answer, Measure, Reason, TestResult, Verdict
from depmap_gui.rules.setting import SAME, Setting, percent, percent_range, sentence
from depmap_gui.rules.testing import TestCase, case_reason
from depmap_gui.rules.thresholds import IN_WORDS, verdict


def categories_parameter(rule: TestRule) -> str:
    """The parameter with the categories of supply that the rule looks at."""
    return f"{rule.id}.categories"


def places_parameter(rule: TestRule) -> str:
    """The parameter with the countries whose goods count towards a value share."""
    return f"{rule.id}.places"


def first_day_parameter(rule: TestRule) -> str:
    """The parameter with the first day of vehicles that a bar reaches."""
    return f"{rule.id}.first-day"


def service_day(case: TestCase) -> date:
    """The day on which the vehicle is placed in service."""
    return case.product.in_service or case.setting.map.as_of


def acquired_in_time(case: TestCase, rule: TestRule) -> TestResult:
    """Whether the vehicle was acquired while there was a credit."""
    name, end = case.product.name or case.product.id, case.credit.phase_out
    day = case.product.acquired or case.product.in_service
    setting = case.setting
    if day is not None:
        share = setting.pack.number(end, day)
        text = f"{name} was acquired on {day}, when there was {'a' if share else 'no'} credit."
        found = Verdict.PASS if share else Verdict.FAIL
        return result_of(rule, found, (case_reason(case, rule, text),))
    ends = [setting.pack.number(end, date(setting.year, 1, 1)), setting.number(end)]
    if all(ends):
        text = f"Vehicles acquired in {setting.year} have the credit."
        return result_of(rule, Verdict.PASS, (case_reason(case, rule, text),))
    if not any(ends):
        text = f"There is no credit for vehicles acquired in {setting.year}."
        return result_of(rule, Verdict.FAIL, (case_reason(case, rule, text),))
    text = f"The credit ended within {setting.year}, and the map does not say when {name} was "
    text += "acquired."
    return result_of(rule, Verdict.UNCERTAIN, (case_reason(case, rule, text),), (rule.id,))


# Value shares --------------------------------------------------------------------------------


def value_share(case: TestCase, rule: TestRule) -> TestResult:
    """The share by cost of the supplies of a leg that come from the countries that count."""
    if stated := declared_result(case.setting, case.taxpayer, rule, good=Answer.YES):
        return stated
    threshold = case.setting.pack.number(rule.parameter or "", service_day(case))
    if threshold is None:
        text = f"The law has no share for vehicles placed in service on {service_day(case)}."
        return result_of(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))
    links = [link for link in _into_product(case) if link.category in _categories(case, rule)]
    share = _share_from(case.setting, links, _words(case.setting, places_parameter(rule)))
    if share is None:
        text = "The map does not give the costs of these supplies, so no share can be computed."
        return result_of(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))
    comparison = comparison_of(rule)
    found = verdict(share.low, share.high, comparison, threshold)
    text = f"{percent_range(share.low, share.high)} by cost comes from countries that count; the "
    text += f"leg is lost at {IN_WORDS[comparison]} {percent(threshold)}. Counted are the supplies "
    text += "that go straight into the plant; what was recycled in North America is not on the map."
    return compared(rule, found, (case_reason(case, rule, text),), share, threshold)


def _share_from(
    setting: Setting, links: Iterable[Supplies], places: tuple[str, ...]
) -> Measure | None:
    """The share of the cost that comes from these places; None where no cost, or not every cost,
    is known."""
    counted = [0.0, 0.0, 0.0]
    others = [0.0, 0.0, 0.0]
    for link in links:
        if link.cost is None:
            return None
        least, likely, most = bounds(link.cost)
        origins = origins_of(setting, link)
        there = min(1.0, sum(share for code, share in origins.shares.items() if code in places))
        ends = (there, there, min(1.0, there + origins.unknown))
        for place, cost in enumerate((least, likely, most)):
            counted[place] += cost * ends[place]
        for place, cost in enumerate((most, likely, least)):
            others[place] += cost * (1.0 - ends[place])
    if counted[2] + others[0] <= SAME:
        return None
    low, mode, high = (
        mine / (mine + rest) if mine + rest > 0.0 else 0.0
        for mine, rest in zip(counted, others, strict=True)
    )
    return Measure(low=low, mode=mode, high=high)


def any_leg(case: TestCase, rule: TestRule) -> TestResult:
    """Whether at least one leg of the credit is earned: with none there is no credit."""
    legs = [value_share(case, case.setting.pack.tests[leg.test]) for leg in case.credit.legs]
    best = next(
        each
        for each in (Verdict.PASS, Verdict.UNCERTAIN, Verdict.UNKNOWN, Verdict.FAIL)
        if any(leg.verdict is each for leg in legs)
    )
    listed = ", ".join(f"{leg.title} ({leg.verdict.value})" for leg in legs)
    text = f"One leg is enough for its part of the credit: {listed}"
    silent = (rule.id,) if best is Verdict.UNKNOWN else ()
    return result_of(rule, best, (case_reason(case, rule, sentence(text)),), silent)


def value_by_legs(
    setting: Setting, credit: CreditRule, tests: Iterable[TestResult], value: CreditValue
) -> CreditValue:
    """The value with the rates of the legs that pass; the value as it is without legs."""
    if not credit.legs:
        return value
    verdicts = {test.id: test.verdict for test in tests}
    rates = []
    for leg in credit.legs:
        match verdicts.get(leg.test):
            case Verdict.PASS:
                rates.append(setting.number(leg.rate))
            case Verdict.FAIL:
                rates.append(0.0)
            case _:
                rates.append(None)
    rate = None if None in rates else sum(each for each in rates if each is not None)
    annual = 0.0 if rate == 0.0 and value.units is not None else None
    if rate is not None and value.units is not None and value.phase_out is not None:
        annual = value.units * rate * value.phase_out
    return CreditValue(
        units=value.units, rate=rate, phase_out=value.phase_out, annual_credit=annual
    )


# Foreign entities of concern -------------------------------------------------------------------


class _Maker(Struct, frozen=True):
    """Whether what a link brings is made by an entity of concern, and why."""

    answer: Answer
    reason: Reason


def no_entity_of_concern(case: TestCase, rule: TestRule) -> TestResult:
    """Whether anything of the rule's categories, through the whole chain, is made by a foreign
    entity of concern or in a covered nation."""
    first = case.setting.value(first_day_parameter(rule))
    day = service_day(case)
    if first is None or day < first.day:
        since = "" if first is None else f", which reaches vehicles from {first.day} on"
        text = f"Placed in service on {day}, before the bar{since}."
        return result_of(rule, Verdict.PASS, (case_reason(case, rule, text),))
    if stated := declared_result(case.setting, case.taxpayer, rule, good=Answer.NO):
        return stated
    links = [link for link in _chain(case) if link.category in _categories(case, rule)]
    if not links:
        text = "The map shows no such supplies in the chain of the vehicle."
        return result_of(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))
    made = [_made(case, link) for link in links]
    answers = [each.answer for each in made]
    worst = next((a for a in (Answer.YES, Answer.UNKNOWN) if a in answers), Answer.NO)
    told = tuple(each.reason for each in made if each.answer is worst)
    return result_of(rule, BY_ANSWER[worst], told)


def _made(case: TestCase, link: Supplies) -> _Maker:
    """By the maker's status and by where it is made: production in a covered nation is subject
    to its jurisdiction."""
    setting = case.setting
    origins = origins_of(setting, link)
    maker = maker_of(setting, link)
    status = Answer.UNKNOWN
    if maker is not None:
        status = case.found.statuses[maker.id].answers[FEOC]
    elif isinstance(setting.map.entities[link.source], Material):
        status = Answer.NO if not origins.unknown > SAME else Answer.UNKNOWN
    where = [covered(setting, code) for code, share in origins.shares.items() if share > SAME]
    answer = next((a for a in (Answer.YES, Answer.UNKNOWN) if a in (status, *where)), Answer.NO)
    item = link.item or "An item"
    name = setting.name(link.source) if maker is None else maker.name or maker.id
    words = {Answer.YES: "is", Answer.UNKNOWN: "may be", Answer.NO: "is not"}[answer]
    text = f"{item} from {name} {words} made by a foreign entity of concern or in a covered nation"
    return _Maker(
        answer,
        Reason(text=sentence(text), where=(link.id, link.source), sources=link.sources),
    )


def _into_product(case: TestCase) -> list[Supplies]:
    return [
        link
        for link in case.setting.map.into(Supplies, case.plant.id)
        if link.product in (None, case.product.id)
    ]


def _chain(case: TestCase) -> list[Supplies]:
    """Every supply link above the product, each once."""
    found: dict[str, Supplies] = {}
    waiting = _into_product(case)
    while waiting:
        link = waiting.pop()
        if link.id not in found:
            found[link.id] = link
            waiting.extend(case.setting.map.into(Supplies, link.source))
    return list(found.values())


def _categories(case: TestCase, rule: TestRule) -> tuple[str, ...]:
    return _words(case.setting, categories_parameter(rule))


def _words(setting: Setting, parameter: str) -> tuple[str, ...]:
    found = setting.value(parameter)
    return () if found is None else found.words
