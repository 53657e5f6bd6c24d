"""Conditions on investors from named countries, asked of plants: what the map shows is tested."""

from __future__ import annotations

from depmap_gui.domain.in_force import located_role
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.records import Jurisdiction, Licenses, Located
from depmap_gui.rules.attribution import Bound
from depmap_gui.rules.influence import licenses_reaching
from depmap_gui.rules.nation_bound import INVESTOR
from depmap_gui.rules.outcomes import compared, comparison_of, declared_result, result_of
from depmap_gui.rules.pack import TestRule
from depmap_gui.rules.plant_checks import MEMBERS, CheckCase
from depmap_gui.rules.results import Answer, Measure, Reason, TestResult, Verdict
from depmap_gui.rules.setting import Setting, percent, percent_range, sentence
from depmap_gui.rules.thresholds import IN_WORDS, verdict

_WHOLE = 1.0 - 1e-9


def investor_share(case: CheckCase, rule: TestRule) -> TestResult:
    """The share of the operator's value that investors of the countries hold, through any chain."""
    if case.operator is None:
        return _no_operator(case, rule)
    share = _held(case)
    threshold = case.setting.number(rule.parameter)
    if share.high <= 0.0 or threshold is None:
        return _no_investor(case, rule)
    comparison = comparison_of(rule)
    text = f"Investors of the countries named hold {percent_range(share.low, share.high)} of "
    text += f"{case.setting.name(case.operator.id)}; {IN_WORDS[comparison]} {percent(threshold)} "
    text += "would not be allowed"
    reason = Reason(text=sentence(text), citation=rule.citation, where=(case.operator.id,))
    found = verdict(share.low, share.high, comparison, threshold)
    return compared(rule, found, (reason,), share, threshold)


def local_partner(case: CheckCase, rule: TestRule) -> TestResult:
    """A joint venture: a holder at home in a member state beside the investor."""
    if case.operator is None:
        return _no_operator(case, rule)
    if _held(case).high <= 0.0:
        return _no_investor(case, rule)
    holdings = case.ownership.holdings
    blocks = holdings.into.get(case.operator.id, [])
    local = [b for b in blocks if _is_local(case.setting, b.holder) and b.value[Bound.HIGH] > 0.0]
    # A local company that the investor holds the majority of is no partner but the investor.
    whose = {b.holder: _investor(case, b.holder) for b in local}
    local = [block for block in local if whose[block.holder] is not Answer.YES]
    name = case.setting.name(case.operator.id)
    if local and all(whose[block.holder] is Answer.UNKNOWN for block in local):
        reason = Reason(text=sentence(f"The partners of {name} may be the investor's own"))
        return result_of(rule, Verdict.UNCERTAIN, (reason,))
    if local:
        partners = ", ".join(case.setting.name(block.holder) for block in local)
        reason = Reason(text=sentence(f"{name} has a partner of a member state: {partners}"))
        return result_of(rule, Verdict.PASS, (reason,))
    if holdings.documented(case.operator.id) < _WHOLE:
        reason = Reason(text=sentence(f"The map does not show all holders of {name}"))
        return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))
    reason = Reason(text=sentence(f"No holder of {name} is at home in a member state"))
    return result_of(rule, Verdict.FAIL, (reason,))


def licensed_technology(case: CheckCase, rule: TestRule) -> TestResult:
    """A license by which the investor's technology is used in the plant."""
    if case.operator is None:
        return _no_operator(case, rule)
    if _held(case).high <= 0.0:
        return _no_investor(case, rule)
    setting = case.setting
    for license in licenses_reaching(setting, (case.plant.id, case.operator.id)):
        for link in setting.map.into(Licenses, license):
            status = case.found.statuses.get(link.source)
            if status is not None and status.answers[INVESTOR] is Answer.YES:
                text = f"{setting.name(link.source)} licenses technology to it by "
                text += setting.name(license)
                reason = Reason(text=sentence(text), where=(link.id, license), sources=link.sources)
                return result_of(rule, Verdict.PASS, (reason,))
    text = f"The map shows no license of an investor to {setting.name(case.plant.id)}"
    reason = Reason(text=sentence(text), where=(case.plant.id,))
    return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))


def declared_only(case: CheckCase, rule: TestRule) -> TestResult:
    """What no map shows: open until the analyst declares it of the operator."""
    stated = declared_result(case.setting, case.operator, rule, good=Answer.YES)
    if stated is not None:
        return stated
    if case.operator is not None and _held(case).high <= 0.0:
        return _no_investor(case, rule)
    text = "The map cannot show it; declare it of the operator with its source."
    return result_of(rule, Verdict.UNKNOWN, (Reason(text=text),), (rule.id,))


def _held(case: CheckCase) -> Measure:
    """The share of the operator that investors hold; all of it where it is one itself."""
    assert case.operator is not None
    if _at_home(case):
        return Measure(low=1.0, mode=1.0, high=1.0)
    return case.ownership.share(case.operator.id)


def _investor(case: CheckCase, holder: str) -> Answer:
    status = case.found.statuses.get(holder)
    return Answer.NO if status is None else status.answers[INVESTOR]


def _at_home(case: CheckCase) -> bool:
    assert case.operator is not None
    limb = case.found.statuses[case.operator.id].limbs[f"{INVESTOR}.home"]
    return limb.verdict is Verdict.FAIL


def _is_local(setting: Setting, holder: str) -> bool:
    """Whether a holder is a member state or at home in one."""
    found = setting.value(MEMBERS)
    members = () if found is None else found.words
    entity = setting.map.entities[holder]
    if isinstance(entity, Jurisdiction):
        return entity.code in members
    for link in setting.map.into(Located, holder):
        place = setting.map.entities[link.source]
        role = located_role(link, entity)
        at_home = role in (LocationRole.INCORPORATED, LocationRole.CITIZEN)
        if at_home and isinstance(place, Jurisdiction) and place.code in members:
            return True
    return False


def _no_operator(case: CheckCase, rule: TestRule) -> TestResult:
    text = sentence(f"{case.setting.name(case.plant.id)} has no operator on the map")
    reason = Reason(text=text, where=(case.plant.id,))
    return result_of(rule, Verdict.UNKNOWN, (reason,), (rule.id,))


def _no_investor(case: CheckCase, rule: TestRule) -> TestResult:
    text = "No investor of the countries named has a share, as far as the map shows."
    return result_of(rule, Verdict.PASS, (Reason(text=text, where=(case.plant.id,)),))
