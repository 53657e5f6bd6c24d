"""What rule packs say of a map in one tax year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.records import Company, Plant, Product, Supplies
from depmap_gui.rules.alternatives import combined, combining_reasons
from depmap_gui.rules.cautions import cautions
from depmap_gui.rules.credits import credit_value, one_time
from depmap_gui.rules.duties import duties
from depmap_gui.rules.material import material_ratio
from depmap_gui.rules.methods import (
    BY_OWNERS,
    CHECK_METHODS,
    COST_METHODS,
    ENTITY_STATUS,
    TEST_METHODS,
)
from depmap_gui.rules.pack import CreditRule, RulePack, TestRule
from depmap_gui.rules.plant_checks import plant_checks
from depmap_gui.rules.recapture import recapture_of
from depmap_gui.rules.results import (
    CheckResult,
    CompanyStatus,
    CreditResult,
    DutyResult,
    Eligibility,
    LandedCost,
    LawResult,
    LicenseControl,
    TestResult,
    Verdict,
)
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.testing import SCOPE, EntityFindings, TestCase
from depmap_gui.rules.vehicle_credit import value_by_legs


def evaluate(
    map_in_force: MapInForce,
    packs: Sequence[RulePack],
    year: int,
    settled: Mapping[str, str] | None = None,
    lists_on: date | None = None,
) -> LawResult:
    """Statuses, licenses and credits of the map for a tax year that ends on the map's day.

    `settled` overrides the readings of open questions that the project itself settles. Lists are
    read on `lists_on`; where it is not given, on the day that the law names for the year.
    """
    readings = map_in_force.project.header.readings if settled is None else settled
    settings = [Setting(map_in_force, pack, year, readings, lists_on) for pack in packs]
    parts = [_of_pack(setting) for setting in settings]
    return _together(map_in_force, year, settings, parts)


def evaluate_again(
    before: LawResult,
    map_in_force: MapInForce,
    packs: Sequence[RulePack],
    plants: Collection[str],
    near: MapInForce,
) -> LawResult:
    """The law after a change of what plants are supplied with, or of the plants themselves.

    The credits of `plants`, all that the change can reach, are computed anew, the others stand as
    `before`. `near` is a part of the map with all that these plants rest on. Packs of which more
    than that may have moved are asked about the whole map.
    """
    readings, year = map_in_force.project.header.readings, before.year
    settings = [Setting(map_in_force, pack, year, readings) for pack in packs]
    parts = [
        _of_plants(before, setting, plants, Setting(near, setting.pack, year, readings))
        if _stands_alone(setting)
        else _of_pack(setting)
        for setting in settings
    ]
    return _together(map_in_force, year, settings, parts)


class _PackLaw(Struct, frozen=True, kw_only=True):
    """What one pack says of a map."""

    statuses: dict[str, CompanyStatus]
    licenses: dict[str, LicenseControl]
    credits: Sequence[CreditResult]
    checks: Sequence[CheckResult] = ()
    duties: Sequence[DutyResult] = ()
    landed: Sequence[LandedCost] = ()


def _of_pack(setting: Setting) -> _PackLaw:
    found = _entities(setting)
    on_links, on_plants = duties(setting)
    return _PackLaw(
        statuses=found.statuses,
        licenses=found.licenses,
        credits=list(_credits(setting, found)),
        checks=list(plant_checks(setting, found, CHECK_METHODS)),
        duties=list(on_links),
        landed=list(on_plants),
    )


def _stands_alone(setting: Setting) -> bool:
    """Whether supplies and plants move nothing of a pack but the credits of the plants they reach:
    its statuses rest on owners, lenders and licenses, and it asks nothing of other plants."""
    pack = setting.pack
    by_owners = pack.entity_status in BY_OWNERS
    scoped = SCOPE in pack.questions and setting.reads(SCOPE, "taxpayer")
    return by_owners and not scoped and not pack.checks and not pack.duties


def _of_plants(
    before: LawResult, setting: Setting, plants: Collection[str], near: Setting
) -> _PackLaw:
    """The pack's law with the credits of some plants computed anew."""
    pack = setting.pack.id
    found = EntityFindings(statuses=before.companies[pack], licenses=before.licenses[pack])
    by_plant: dict[str, list[CreditResult]] = {}
    for credit in before.credits:
        if credit.pack == pack and credit.plant not in plants:
            by_plant.setdefault(credit.plant, []).append(credit)
    for credit in _credits(near, found, plants):
        by_plant.setdefault(credit.plant, []).append(credit)
    return _PackLaw(
        statuses=found.statuses,
        licenses=found.licenses,
        credits=[
            credit
            for plant in setting.map.project.of_kind(Plant)
            for credit in by_plant.get(plant.id, ())
        ],
    )


def _together(
    map: MapInForce, year: int, settings: Sequence[Setting], parts: Sequence[_PackLaw]
) -> LawResult:
    readings = settings[0].settled if settings else map.project.header.readings
    packs = [setting.pack for setting in settings]
    results = [credit for part in parts for credit in part.credits]
    told = (caution for setting in settings for caution in cautions(setting))
    return LawResult(
        year=year,
        as_of=map.as_of,
        packs=tuple(pack.id for pack in packs),
        companies={pack.id: part.statuses for pack, part in zip(packs, parts, strict=True)},
        licenses={pack.id: part.licenses for pack, part in zip(packs, parts, strict=True)},
        credits=tuple(results),
        checks=tuple(check for part in parts for check in part.checks),
        duties=tuple(duty for part in parts for duty in part.duties),
        landed=tuple(cost for part in parts for cost in part.landed),
        assumptions=(*_assumptions(map, packs, results, readings), *told),
    )


def _entities(setting: Setting) -> EntityFindings:
    method = ENTITY_STATUS.get(setting.pack.entity_status)
    return EntityFindings(statuses={}, licenses={}) if method is None else method(setting)


def _credits(
    setting: Setting, found: EntityFindings, plants: Collection[str] | None = None
) -> Iterable[CreditResult]:
    """The credits of all plants, or of those named."""
    asked: dict[str, tuple[TestRule, ...]] = {}
    for plant in setting.map.project.of_kind(Plant):
        if plants is not None and plant.id not in plants:
            continue
        for product in plant.products:
            credit = setting.pack.credits.get(product.credit or "")
            if credit is None:
                continue
            if credit.id not in asked:
                rules = (setting.pack.tests[id] for id in credit.tests)
                asked[credit.id] = tuple(r for r in rules if r.in_force(setting.map.as_of))
            yield _credit(setting, found, plant, product, credit, asked[credit.id])


def _credit(
    setting: Setting,
    found: EntityFindings,
    plant: Plant,
    product: Product,
    credit: CreditRule,
    rules: Sequence[TestRule],
) -> CreditResult:
    """The product's result; `rules` are the credit's tests that are in force on the day."""
    ratios = {rule.id for rule in rules if rule.method in COST_METHODS}
    taxpayer = setting.map.operator(plant.id)
    case = TestCase(
        setting=setting,
        plant=plant,
        product=product,
        credit=credit,
        taxpayer=taxpayer,
        found=found,
        material=material_ratio(setting, found.statuses, plant, product, credit)
        if ratios
        else None,
    )
    asked = (TEST_METHODS[rule.method](case, rule) for rule in rules)
    tests = tuple(result for result in asked if result is not None)
    value = value_by_legs(setting, credit, tests, credit_value(setting, product, credit))
    given, amount = one_time(setting, product, credit), value.annual_credit
    return CreditResult(
        plant=plant.id,
        product=product.id,
        pack=setting.pack.id,
        credit=credit.id,
        taxpayer=None if taxpayer is None else taxpayer.id,
        status=eligibility(tests, ratios),
        open=tuple(dict.fromkeys(point for test in tests for point in test.open)),
        tests=tests,
        units=value.units,
        unit=credit.unit,
        rate=value.rate,
        phase_out=value.phase_out,
        annual_credit=amount,
        currency=setting.pack.currency,
        citation=credit.citation,
        material=case.material,
        because=combining_reasons(tests),
        recapture=None if credit.recapture is None else recapture_of(case, amount),
        one_time=given,
        in_year=amount if given is None else given.part_in(setting.year, amount),
    )


def eligibility(tests: Sequence[TestResult], ratios: Iterable[str]) -> Eligibility:
    """A product's status from its tests; `ratios` are the ids of those on its cost ratio.

    A credit on which no test is in force that year is eligible: the law asks nothing of it. Of
    tests that may stand for one another one that passes is enough (`alternatives.combined`).
    """
    verdicts = combined(tests)
    found = verdicts.values()
    if Verdict.FAIL in found:
        return Eligibility.INELIGIBLE
    if Verdict.UNCERTAIN in found:
        return Eligibility.AT_RISK
    ratio_ids = set(ratios)
    untold = any(id in ratio_ids and each is Verdict.UNKNOWN for id, each in verdicts.items())
    if untold or (verdicts and all(each is Verdict.UNKNOWN for each in found)):
        return Eligibility.UNDETERMINED
    return Eligibility.ELIGIBLE


def _assumptions(
    map: MapInForce,
    packs: Sequence[RulePack],
    results: Sequence[CreditResult],
    readings: Mapping[str, str],
) -> Iterable[str]:
    known = {credit for pack in packs for credit in pack.credits}
    for plant in map.project.of_kind(Plant):
        for product in plant.products:
            if product.credit and product.credit not in known:
                named = product.name or product.id
                yield (
                    f"{map.project.name(plant.id)}, {named}: no rule pack in use knows the credit "
                    f"'{product.credit}', so it is not tested."
                )
        several = sum(product.credit is not None for product in plant.products) > 1
        if several and any(link.product is None for link in map.into(Supplies, plant.id)):
            yield (
                f"{map.project.name(plant.id)}: supplies that name no product count in full for "
                "each of its products."
            )
    for pack in packs:
        mine = [credit for credit in results if credit.pack == pack.id]
        if any(not credit.tests for credit in mine):
            yield f"{pack.title}: some credits are asked no test in {map.as_of.year}."
        if mine and map.project.header.currency != pack.currency:
            yield (
                f"{pack.title}: credits are in {pack.currency}, the map's money in "
                f"{map.project.header.currency}; neither is converted."
            )
        for question in pack.questions.values():
            chosen = readings.get(question.id)
            reading = next((each for each in question.readings if each.id == chosen), None)
            if reading is not None:
                yield f"{pack.title}: settled by the analyst: {question.title}: {reading.text}"
            elif chosen is not None:
                offered = ", ".join(each.id for each in question.readings)
                yield (
                    f"{pack.title}: the map settles '{question.id}' on '{chosen}', which is none "
                    f"of its readings ({offered}), so it is taken as not settled."
                )
    for unasked in sorted(readings.keys() - {id for pack in packs for id in pack.questions}):
        yield f"The map settles '{unasked}', which no rule pack in use asks."
    companies = map.project.of_kind(Company)
    if any(company.traded is None for company in companies):
        yield "Companies that the map does not call publicly traded are read as private."
