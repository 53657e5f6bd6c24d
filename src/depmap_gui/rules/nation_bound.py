"""Companies bound to named countries: at home there, or controlled by those that are."""

from __future__ import annotations

from depmap_gui.domain.in_force import located_role
from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.records import Company, Jurisdiction, Located
from depmap_gui.rules.attribution import Holdings, Metric
from depmap_gui.rules.majority import Majority, Marked, is_wholly_documented, spread
from depmap_gui.rules.outcomes import BY_ANSWER
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Answer, CompanyStatus, Declared, LimbResult, Reason, Verdict
from depmap_gui.rules.setting import Setting, percent, percent_range, sentence
from depmap_gui.rules.status import block_range, declared_answer, declared_reason
from depmap_gui.rules.testing import EntityFindings
from depmap_gui.rules.thresholds import IN_WORDS, verdict

ADVERSARY = "adversary"
INVESTOR = "investor"
COUNTRIES = "countries"
POINTS = ("home", "minority", "undisclosed")
"""Ends of the ids of the points of fact beside an answer."""

_ROLES = {
    LocationRole.INCORPORATED: "is organized in",
    LocationRole.PRINCIPAL: "is run from",
    LocationRole.CITIZEN: "is a citizen of",
}
_Homes = dict[str, tuple[Answer, tuple[Reason, ...]]]


def foreign_adversaries(setting: Setting) -> EntityFindings:
    """Who is owned by, controlled by or subject to the jurisdiction of a named country."""
    return _findings(setting, ADVERSARY)


def investors(setting: Setting) -> EntityFindings:
    """Which companies are of a named country, or held in the majority by such."""
    return _findings(setting, INVESTOR)


def _findings(setting: Setting, question: str) -> EntityFindings:
    companies = setting.map.project.of_kind(Company)
    homes = {company.id: _home(setting, company) for company in companies}
    declared = {
        c.id: stated for c in companies if (stated := declared_answer(c, question)) is not None
    }
    given = {id: answer for id, (answer, _) in homes.items()}
    for place in setting.map.project.of_kind(Jurisdiction):
        given[place.id] = Answer.YES if place.code in _countries(setting) else Answer.NO
    given |= {id: stated.answer for id, stated in declared.items()}
    rule = setting.pack.tests[f"{question}.control"]
    asked = Majority(
        metrics=(Metric.VALUE, Metric.VOTES),
        threshold=setting.number(rule.parameter) or 1.0,
        comparison=rule.comparison or Comparison.MORE_THAN,
    )
    marked = spread(
        Holdings(setting.map),
        asked,
        (id for id, answer in given.items() if answer is Answer.YES),
        (id for id, answer in given.items() if answer is Answer.UNKNOWN),
        declared.keys(),
    )
    statuses = {
        company.id: _status(setting, question, marked, homes, declared, company.id)
        for company in companies
    }
    return EntityFindings(statuses=statuses, licenses={})


def _countries(setting: Setting) -> tuple[str, ...]:
    found = setting.value(COUNTRIES)
    return () if found is None else found.words


def _home(setting: Setting, company: Company) -> tuple[Answer, tuple[Reason, ...]]:
    """By place of organization, headquarters or, of a person, citizenship; unknown without."""
    countries = _countries(setting)
    reasons, placed = [], False
    for link in setting.map.into(Located, company.id):
        place = setting.map.entities[link.source]
        verb = _ROLES.get(located_role(link, company))
        if verb is None or not isinstance(place, Jurisdiction):
            continue
        placed = True
        if place.code in countries:
            verb = "is the government of" if company.form is LegalForm.GOVERNMENT else verb
            text = f"{setting.name(company.id)} {verb} {setting.name(place.id)}"
            reasons.append(
                Reason(
                    text=sentence(text),
                    citation=setting.citation(COUNTRIES),
                    where=(link.id, place.id),
                    sources=link.sources,
                )
            )
    if placed:
        return (Answer.YES if reasons else Answer.NO), tuple(reasons)
    text = sentence(f"The map gives {setting.name(company.id)} no home")
    return Answer.UNKNOWN, (Reason(text=text, where=(company.id,)),)


def _status(
    setting: Setting,
    question: str,
    marked: Marked,
    homes: _Homes,
    declared: dict[str, Declared],
    company: str,
) -> CompanyStatus:
    answer, reasons = homes[company]
    at_home = LimbResult(
        id=f"{question}.home",
        verdict=BY_ANSWER[answer],
        because=reasons,
        open=(f"{question}.home",) if answer is Answer.UNKNOWN else (),
    )
    owned = _owned(setting, question, marked, company)
    verdicts = (at_home.verdict, owned.verdict)
    computed = Answer.NO
    if Verdict.FAIL in verdicts:
        computed = Answer.YES
    elif Verdict.UNCERTAIN in verdicts:
        computed = Answer.UNKNOWN
    told = [*at_home.because, *owned.because]
    stated = declared.get(company)
    if stated is not None:
        stated = Declared(answer=stated.answer, source=stated.source, computed=computed)
        told.insert(0, declared_reason(setting, company, question, stated))
    if not told:
        listed = ", ".join(_countries(setting))
        text = f"Nothing on the map binds {setting.name(company)} to {listed or 'any country'}"
        told.append(Reason(text=sentence(text), where=(company,)))
    final = computed if stated is None else stated.answer
    points = (*at_home.open, *owned.open)
    return CompanyStatus(
        company=company,
        pack=setting.pack.id,
        answers={question: final},
        open=points if stated is None and final is not Answer.YES else (),
        reasons=tuple(told),
        declared={} if stated is None else {question: stated},
        limbs={limb.id: limb for limb in (at_home, owned)},
        bars=False,
    )


def _owned(setting: Setting, question: str, marked: Marked, company: str) -> LimbResult:
    id = f"{question}.control"
    rule = setting.pack.tests[id]
    held = marked.most(company)
    silent = []
    if not is_wholly_documented(setting, marked.holdings, company):
        silent.append(f"{question}.undisclosed")
    if held is None or held.high <= 0.0:
        return LimbResult(
            id=id, verdict=Verdict.PASS, measure=held, citation=rule.citation, open=tuple(silent)
        )
    found = verdict(held.low, held.high, marked.asked.comparison, marked.asked.threshold)
    if found is not Verdict.FAIL:
        silent.append(f"{question}.minority")
    blocks = marked.blocks(company)
    named = ", ".join(f"{setting.name(block.holder)} {block_range(block)}" for block in blocks)
    text = f"Holders of the countries named have {percent_range(held.low, held.high)} of "
    text += f"{setting.name(company)} ({named}); {IN_WORDS[marked.asked.comparison]} "
    text += f"{percent(marked.asked.threshold)} by votes or value is control"
    reason = Reason(
        text=sentence(text),
        citation=rule.citation,
        where=tuple(id for block in blocks for id in (block.link, block.holder)),
        sources=tuple(source for block in blocks for source in block.sources),
    )
    return LimbResult(
        id=id,
        verdict=found,
        measure=held,
        threshold=marked.asked.threshold,
        comparison=marked.asked.comparison.value,
        citation=rule.citation,
        because=(reason,),
        open=tuple(silent),
    )
