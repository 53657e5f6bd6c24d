"""Foreign entities of concern as the Department of Energy reads them: 25% of seats, votes or
equity with covered governments, a home in a covered nation, or control by contract.

Each metric is summed alone. A holding of half or more by any metric makes holder and held one, so
what is held of the holder is held of it; below half the shares of a chain are multiplied.
"""

from __future__ import annotations

from dataclasses import dataclass

from depmap_gui.domain.in_force import located_role
from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import AnyEntity, Company, Jurisdiction, Located, Operates
from depmap_gui.rules.attribution import Block, Bound, Holdings
from depmap_gui.rules.contract_rights import control_by_contract
from depmap_gui.rules.influence import licenses_reaching
from depmap_gui.rules.majority import is_wholly_documented
from depmap_gui.rules.own_facts import NATIONS, TERRITORIES, covered
from depmap_gui.rules.pack import Comparison, TestRule
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    Declared,
    LicenseControl,
    LimbResult,
    Measure,
    Reason,
    Verdict,
)
from depmap_gui.rules.setting import Setting, percent, percent_range, sentence
from depmap_gui.rules.standing_words import in_brackets
from depmap_gui.rules.status import declared_answer, declared_reason
from depmap_gui.rules.testing import EntityFindings
from depmap_gui.rules.thresholds import IN_WORDS, verdict
from depmap_gui.rules.tiers import METRICS, NO_PART, Held, Tiers, shares_of

FEOC = "feoc"
GOVERNMENT = "covered-government"
"""Declared of a company or person that counts as a covered government, or does not."""
MERGE = "tier.merge"
JURISDICTION = "feoc.jurisdiction"
CONTRACT = "feoc.contract"
HOME = "feoc.home"
UNDISCLOSED = "feoc.undisclosed"
SEATS_UNSTATED = "feoc.unstated-seats"
LIMBS = (JURISDICTION, *(f"{FEOC}.{metric.value}" for metric in METRICS), CONTRACT)


@dataclass(frozen=True)
class _Law:
    """Everything that is known before the companies are answered one by one."""

    setting: Setting
    holdings: Holdings
    tiers: tuple[Tiers, Tiers, Tiers]
    homes: dict[str, tuple[Answer, tuple[Reason, ...], tuple[str, ...]]]
    declared: dict[str, Declared]

    def held(self, company: str, metric: Held) -> Measure | None:
        """What covered governments hold by a metric; None where no holder is on the map."""
        if company not in self.holdings.into:
            return None
        place = METRICS.index(metric)
        low, mode, high = (tier.part.get(company, NO_PART)[place] for tier in self.tiers)
        return Measure(low=low, mode=mode, high=max(low, mode, high))


def foreign_entities_of_concern(setting: Setting) -> EntityFindings:
    """Who is a foreign entity of concern, and which contracts give such an entity control."""
    holdings = Holdings(setting.map)
    companies = setting.map.project.of_kind(Company)
    homes = {company.id: _home(setting, company) for company in companies}
    certain, possible = _governments(setting, homes)
    merge = setting.number(MERGE) or 1.0
    law = _Law(
        setting=setting,
        holdings=holdings,
        tiers=(
            Tiers(holdings, certain, Bound.LOW, merge),
            Tiers(holdings, certain, Bound.MODE, merge),
            Tiers(holdings, possible, Bound.HIGH, merge),
        ),
        homes=homes,
        declared={
            company.id: stated
            for company in companies
            if (stated := declared_answer(company, FEOC)) is not None
        },
    )
    limbs = {company.id: _own_limbs(law, company.id) for company in companies}
    answers = {id: _answer(law, id, found) for id, found in limbs.items()}
    licenses = control_by_contract(setting, answers, "a foreign entity of concern")
    statuses = {}
    for id, found in limbs.items():
        found[CONTRACT] = _contract(law, id, licenses)
        statuses[id] = _status(law, id, found)
    return EntityFindings(statuses=statuses, licenses=licenses)


def _governments(
    setting: Setting, homes: dict[str, tuple[Answer, tuple[Reason, ...], tuple[str, ...]]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Covered governments on the map: those that are, and these with those that may be."""
    given = {id: _government(setting, entity, homes) for id, entity in setting.map.entities.items()}
    certain = {id for id, answer in given.items() if answer is Answer.YES}
    possible = {id for id, answer in given.items() if answer is not Answer.NO}
    return frozenset(certain), frozenset(possible)


def _government(
    setting: Setting,
    entity: AnyEntity,
    homes: dict[str, tuple[Answer, tuple[Reason, ...], tuple[str, ...]]],
) -> Answer:
    match entity:
        case Jurisdiction():
            return covered(setting, entity.code)
        case Company() if stated := declared_answer(entity, GOVERNMENT):
            return stated.answer
        case Company(form=LegalForm.GOVERNMENT):
            return homes[entity.id][0]
        case _:
            return Answer.NO


def _home(setting: Setting, company: Company) -> tuple[Answer, tuple[Reason, ...], tuple[str, ...]]:
    """Organized, domiciled or headquartered in a covered nation; a person is under no nation."""
    name = setting.name(company.id)
    if company.form is LegalForm.PERSON:
        return Answer.NO, (), ()
    verbs = {
        LocationRole.INCORPORATED: "is organized in",
        LocationRole.PRINCIPAL: "has its headquarters in",
    }
    if company.form is LegalForm.GOVERNMENT:
        verbs[LocationRole.INCORPORATED] = "is a government body of"
    answers, reasons = [], []
    for link in setting.map.into(Located, company.id):
        place = setting.map.entities[link.source]
        verb = verbs.get(located_role(link, company))
        if verb is None or not isinstance(place, Jurisdiction):
            continue
        answer = covered(setting, place.code)
        answers.append(answer)
        if answer is Answer.NO:
            continue
        ending, cited = "a covered nation", setting.citation(NATIONS)
        if answer is Answer.UNKNOWN:
            asked = setting.pack.questions[TERRITORIES]
            ending, cited = f"which may be one ({asked.title} is open)", asked.citation
        ending += in_brackets(None, setting.pack.tests[JURISDICTION].certainty)
        text = sentence(f"{name} {verb} {setting.name(place.id)}, {ending}")
        where = (link.id, place.id)
        reasons.append(Reason(text=text, citation=cited, where=where, sources=link.sources))
    if not answers:
        text = f"The map gives {name} no place of organization and no headquarters"
        reason = Reason(text=sentence(text), where=(company.id,))
        return Answer.UNKNOWN, (reason,), (HOME,)
    answer = next((each for each in (Answer.YES, Answer.UNKNOWN) if each in answers), Answer.NO)
    return answer, tuple(reasons), ()


_VERDICTS = {Answer.YES: Verdict.FAIL, Answer.UNKNOWN: Verdict.UNCERTAIN, Answer.NO: Verdict.PASS}


def _own_limbs(law: _Law, company: str) -> dict[str, LimbResult]:
    """Every limb but the contracts, which ask for the answers of other companies first."""
    answer, reasons, silent = law.homes[company]
    limbs = {
        JURISDICTION: LimbResult(
            id=JURISDICTION,
            verdict=_VERDICTS[answer],
            citation=law.setting.pack.tests[JURISDICTION].citation,
            because=reasons,
            open=silent,
        )
    }
    for metric in METRICS:
        limbs[f"{FEOC}.{metric.value}"] = _held_limb(law, company, metric)
    return limbs


def _held_limb(law: _Law, company: str, metric: Held) -> LimbResult:
    id = f"{FEOC}.{metric.value}"
    rule = law.setting.pack.tests[id]
    threshold = law.setting.number(rule.parameter)
    comparison = rule.comparison or Comparison.AT_LEAST
    held = law.held(company, metric)
    silent = []
    whole = is_wholly_documented(law.setting, law.holdings, company)
    if metric is Held.EQUITY and not whole:
        silent.append(UNDISCLOSED)
    blocks = [b for b in law.holdings.into.get(company, ()) if _reaches(law, b.holder)]
    if metric is Held.SEATS and any(block.seats is None for block in blocks):
        silent.append(SEATS_UNSTATED)
    if held is None or threshold is None:
        return LimbResult(id=id, verdict=Verdict.PASS, open=tuple(silent))
    found = verdict(held.low, held.high, comparison, threshold)
    reasons = []
    if held.high > 0.0:
        named = ", ".join(
            f"{law.setting.name(block.holder)} {_block_words(block, metric)}" for block in blocks
        )
        text = f"Covered governments hold {percent_range(held.low, held.high)} of the "
        text += f"{metric.value} of {law.setting.name(company)} (through {named}); "
        text += f"{IN_WORDS[comparison]} {percent(threshold)} is control"
        text += _doubt(law, rule, blocks)
        reasons.append(
            Reason(
                text=sentence(text),
                citation=rule.citation,
                where=tuple(id for block in blocks for id in (block.link, block.holder)),
                sources=tuple(source for block in blocks for source in block.sources),
            )
        )
    return LimbResult(
        id=id,
        verdict=found,
        measure=held,
        threshold=threshold,
        comparison=comparison.value,
        citation=rule.citation,
        because=tuple(reasons),
        open=() if found is Verdict.FAIL else tuple(silent),
    )


def _doubt(law: _Law, rule: TestRule, blocks: list[Block]) -> str:
    """How sure the rule is: less so where the holding runs through tiers."""
    merge = law.setting.value(MERGE)
    tiered = any(block.holder not in law.tiers[Bound.HIGH].owners for block in blocks)
    certainty = merge.certainty if tiered and merge is not None else rule.certainty
    return in_brackets(None, certainty)


def _reaches(law: _Law, holder: str) -> bool:
    high = law.tiers[Bound.HIGH]
    return holder in high.owners or holder in high.part


def _block_words(block: Block, metric: Held) -> str:
    if metric is Held.SEATS and block.seats is None:
        return "not stated"
    if metric is not Held.SEATS and not block.stated:
        return "not stated"
    place = METRICS.index(metric)
    return percent_range(shares_of(block, Bound.LOW)[place], shares_of(block, Bound.HIGH)[place])


def _answer(law: _Law, company: str, limbs: dict[str, LimbResult]) -> Answer:
    if (stated := law.declared.get(company)) is not None:
        return stated.answer
    return _computed(limbs)


def _computed(limbs: dict[str, LimbResult]) -> Answer:
    verdicts = [limb.verdict for limb in limbs.values()]
    if Verdict.FAIL in verdicts:
        return Answer.YES
    return Answer.UNKNOWN if Verdict.UNCERTAIN in verdicts else Answer.NO


def _contract(law: _Law, company: str, licenses: dict[str, LicenseControl]) -> LimbResult:
    """Whether a contract of the company, or of a plant it runs, gives an entity of concern
    effective control of production."""
    users = [company, *(link.target for link in law.setting.map.out_of(Operates, company))]
    used = [licenses[id] for id in licenses_reaching(law.setting, users)]
    worst = next(
        (
            each
            for each in (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN)
            if any(contract.verdict is each for contract in used)
        ),
        Verdict.PASS,
    )
    telling = [contract for contract in used if contract.verdict is worst]
    return LimbResult(
        id=CONTRACT,
        verdict=worst,
        citation=law.setting.pack.tests[CONTRACT].citation,
        because=tuple(reason for contract in telling for reason in contract.because),
        open=(CONTRACT,) if worst in (Verdict.UNKNOWN, Verdict.UNCERTAIN) else (),
    )


def _status(law: _Law, company: str, limbs: dict[str, LimbResult]) -> CompanyStatus:
    computed = _computed(limbs)
    stated = law.declared.get(company)
    reasons = [reason for limb in limbs.values() for reason in limb.because]
    if stated is not None:
        stated = Declared(answer=stated.answer, source=stated.source, computed=computed)
        reasons.insert(0, declared_reason(law.setting, company, FEOC, stated))
    if not reasons:
        text = f"Nothing on the map makes {law.setting.name(company)} a foreign entity of concern"
        reasons.append(Reason(text=sentence(text), where=(company,)))
    answer = computed if stated is None else stated.answer
    points = [point for limb in limbs.values() for point in limb.open]
    return CompanyStatus(
        company=company,
        pack=law.setting.pack.id,
        answers={FEOC: answer},
        open=tuple(dict.fromkeys(points)) if stated is None and answer is not Answer.YES else (),
        reasons=tuple(reasons),
        declared={} if stated is None else {FEOC: stated},
        limbs=limbs,
    )
