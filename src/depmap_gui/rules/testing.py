"""Turns what was found about a product and its taxpayer into the tests of a credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from depmap_gui.domain.records import Company, License, Operates, Plant, Product, Uses
from depmap_gui.rules.during_year import with_the_year
from depmap_gui.rules.influence import company_statuses, licenses_reaching
from depmap_gui.rules.license_control import control_of_licenses
from depmap_gui.rules.pack import Comparison, CreditRule, TestRule
from depmap_gui.rules.payments import payment_doubt
from depmap_gui.rules.related import RelatedPersons
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    LicenseControl,
    MaterialResult,
    Reason,
    TestResult,
    Verdict,
)
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.status import (
    SFE,
    declared_answer,
    declared_reason,
    specified_entities,
)
from depmap_gui.rules.thresholds import margin, verdict

SCOPE = "control-denial-scope"
RELATED = "effective_control.related"


class EntityFindings(msgspec.Struct, frozen=True, kw_only=True):
    """The statuses of all companies, the control that each license gives, and who is related.

    `loose` are agreements that may give control and are drawn to no plant, by the companies that
    they are drawn to.
    """

    statuses: dict[str, CompanyStatus]
    licenses: dict[str, LicenseControl]
    related: RelatedPersons | None = None
    loose: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class TestCase:
    """One product under one credit, with everything that its tests may ask."""

    __test__ = False

    setting: Setting
    plant: Plant
    product: Product
    credit: CreditRule
    taxpayer: Company | None
    found: EntityFindings
    material: MaterialResult | None


def specified_and_influenced(setting: Setting) -> EntityFindings:
    """Prohibited foreign entities of section 7701(a)(51): specified ones, then control by
    license, then foreign-influenced ones."""
    found = _on_the_day(setting)
    return EntityFindings(
        statuses=with_the_year(setting, found.statuses, lambda day: _on_the_day(day).statuses),
        licenses=found.licenses,
        related=found.related,
        loose=found.loose,
    )


def _on_the_day(setting: Setting) -> EntityFindings:
    specified = specified_entities(setting)
    licenses = control_of_licenses(setting, specified)
    return EntityFindings(
        statuses=company_statuses(setting, specified, licenses),
        licenses=licenses,
        related=RelatedPersons(setting, specified.holdings),
        loose=_loose(setting, licenses),
    )


def _loose(setting: Setting, licenses: Mapping[str, LicenseControl]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, control in licenses.items():
        if control.verdict is Verdict.PASS:
            continue
        users = [setting.map.entities[link.target] for link in setting.map.out_of(Uses, id)]
        if any(isinstance(user, Plant) for user in users):
            continue
        for user in users:
            if isinstance(user, Company):
                found[user.id] = (*found.get(user.id, ()), id)
    return found


def entity_limb(case: TestCase, rule: TestRule) -> TestResult:
    """A limb of the taxpayer's entity status, under the test's own id."""
    if case.taxpayer is None:
        return _no_taxpayer(case, rule)
    limb = case.found.statuses[case.taxpayer.id].limbs[rule.id]
    boundary = (limb.threshold, None if limb.comparison is None else Comparison(limb.comparison))
    measure = None
    if limb.measure is not None and limb.threshold is not None and boundary[1] is not None:
        least, most = limb.measure.low, limb.measure.high
        # Where a list, a place or a declaration decided, the share held is not what was tested.
        shown = rule.id != SFE or verdict(least, most, boundary[1], limb.threshold) is limb.verdict
        measure = (least, limb.measure.mode, most) if shown else None
    return measured_result(rule, limb.verdict, limb.because, limb.open, boundary, measure)


def license_control_test(case: TestCase, rule: TestRule) -> TestResult:
    """Effective control through any license or contract under which the product is made, and
    whether one of a related person may reach it."""
    if case.taxpayer and (stated := declared_answer(case.taxpayer, rule.id)):
        reason = declared_reason(case.setting, case.taxpayer.id, rule.id, stated)
        declared = {"yes": Verdict.FAIL, "no": Verdict.PASS}.get(stated.answer, Verdict.UNKNOWN)
        return measured_result(rule, declared, (reason,), ())
    return _with_related(case, rule, _by_own_agreements(case, rule))


def _by_own_agreements(case: TestCase, rule: TestRule) -> TestResult:
    """The test over the agreements that the map draws to what is made."""
    used = [case.found.licenses[id] for id in licenses_of_product(case)]
    if not used:
        text = "The map shows no license or contract under which "
        text += f"{case.setting.name(case.plant.id)} produces."
        reason = Reason(text=text, citation=rule.citation, where=(case.plant.id,))
        return measured_result(rule, Verdict.PASS, (reason,), ())
    worst = next(
        each
        for each in (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN, Verdict.PASS)
        if any(agreement.verdict is each for agreement in used)
    )
    telling = [agreement for agreement in used if agreement.verdict is worst]
    because = [reason for agreement in telling for reason in agreement.because]
    open_points = [f"{rule.id}.{point}" for agreement in telling for point in agreement.open]
    if worst is not Verdict.PASS and (doubt := payment_doubt(case.setting, telling)):
        because.append(doubt.because)
        open_points.append(f"question.{doubt.question}")
        if doubt.clears:
            worst = Verdict.PASS
            open_points = [f"question.{doubt.question}"]
    return measured_result(rule, worst, tuple(because), tuple(dict.fromkeys(open_points)))


def licenses_of_product(case: TestCase) -> list[str]:
    """Licenses of the plant and its operator; where the denial is read to reach the whole taxpayer,
    those of all its plants, of the persons surely related to it, and of their plants."""
    users = [case.plant.id]
    if case.taxpayer is not None:
        users.append(case.taxpayer.id)
        if case.setting.reads(SCOPE, "taxpayer"):
            related = _related_to(case)
            sure = (id for id, answer in related.items() if answer is Answer.YES)
            for company in (case.taxpayer.id, *sure):
                operated = case.setting.map.out_of(Operates, company)
                users.extend((company, *(link.target for link in operated)))
    return licenses_reaching(case.setting, dict.fromkeys(users))


def _related_to(case: TestCase) -> dict[str, Answer]:
    """Who is, or may be, related to the taxpayer; nobody where the map shows no such thing."""
    if case.taxpayer is None or case.found.related is None:
        return {}
    return case.found.related.to(case.taxpayer.id)


def _with_related(case: TestCase, rule: TestRule, own: TestResult) -> TestResult:
    """The result, open where an agreement of a related person may reach what is made.

    The taxpayer includes related persons. An agreement that the map draws to one of them as a
    company, and to no plant, may cover the taxpayer's production or not: the map does not say.
    """
    if not case.found.loose or own.verdict not in (Verdict.PASS, Verdict.UNKNOWN):
        return own
    mine = set(licenses_of_product(case))
    because = []
    for company, answer in _related_to(case).items():
        for id in case.found.loose.get(company, ()):
            doubt = payment_doubt(case.setting, [case.found.licenses[id]])
            if id not in mine and (doubt is None or not doubt.clears):
                because.append(_of_related(case, rule, company, answer, id))
    if not because:
        return own
    return msgspec.structs.replace(
        own,
        verdict=Verdict.UNKNOWN,
        because=(*own.because, *because),
        open=tuple(dict.fromkeys((*own.open, RELATED))),
    )


def _of_related(
    case: TestCase, rule: TestRule, company: str, answer: Answer, license: str
) -> Reason:
    name, entities = case.setting.name, case.setting.map.entities
    agreement = entities[license]
    sources = agreement.sources if isinstance(agreement, License) else ()
    word = "is" if answer is Answer.YES else "may be"
    text = f"{name(company)}, which {word} related to the taxpayer, produces under "
    text += f"{name(license)}, which gives or may give effective control; the map draws it to no "
    text += f"plant, so whether it reaches {name(case.plant.id)} is open."
    return Reason(text=text, citation=rule.citation, where=(license, company), sources=sources)


def case_reason(case: TestCase, rule: TestRule, text: str, citation: str = "") -> Reason:
    """A sentence about the plant under test, citing the rule where it has no law of its own."""
    return Reason(text=text, citation=citation or rule.citation, where=(case.plant.id,))


def _no_taxpayer(case: TestCase, rule: TestRule) -> TestResult:
    text = f"{case.setting.name(case.plant.id)} has no operator on the map, so there is no "
    text += "taxpayer to test. Draw an operator to settle it."
    return measured_result(rule, Verdict.UNKNOWN, (case_reason(case, rule, text),), (rule.id,))


Boundary = tuple[float | None, Comparison | None]
_UNBOUND: Boundary = (None, None)


def measured_result(
    rule: TestRule,
    given: Verdict,
    because: tuple[Reason, ...],
    silent: tuple[str, ...],
    boundary: Boundary = _UNBOUND,
    measure: tuple[float, float | None, float] | None = None,
    flips: tuple[Reason, ...] = (),
) -> TestResult:
    """The rule's result; `measure` is low, mode and high, and comes only with a full boundary."""
    low, mode, high = (None, None, None) if measure is None else measure
    threshold, comparison = boundary
    distance = None
    if low is not None and high is not None and threshold is not None and comparison is not None:
        distance = margin(low, high, comparison, threshold)
    return TestResult(
        id=rule.id,
        title=rule.title,
        verdict=given,
        low=low,
        mode=mode,
        high=high,
        threshold=threshold,
        comparison=None if comparison is None else comparison.value,
        unit=rule.unit,
        margin=distance,
        because=because,
        citation=rule.citation,
        why=rule.why,
        cure=rule.cure,
        open=silent,
        decides=rule.decides,
        alternative_to=rule.alternative_to,
        flips=flips,
    )
