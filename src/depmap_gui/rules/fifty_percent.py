"""Companies bound because listed persons own half of them: blocked (OFAC), covered (BIS).

Ownership alone decides, never control, and a chain is followed all or nothing. Control without
half of the ownership gives a caution beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from depmap_gui.domain.quantity import bounds
from depmap_gui.domain.records import Company
from depmap_gui.rules.attribution import Bound, Holdings, Metric
from depmap_gui.rules.listings import likely_listings, person_named, plain_name
from depmap_gui.rules.majority import Majority, Marked, is_wholly_documented, spread
from depmap_gui.rules.pack import Certainty, Comparison, TestRule
from depmap_gui.rules.results import (
    Answer,
    CompanyStatus,
    Declared,
    LimbResult,
    Reason,
    Verdict,
)
from depmap_gui.rules.setting import Setting, percent, percent_range, sentence
from depmap_gui.rules.standing_words import in_brackets
from depmap_gui.rules.status import block_range, declared_answer, declared_reason
from depmap_gui.rules.testing import EntityFindings
from depmap_gui.rules.thresholds import IN_WORDS, verdict

BLOCKED = "blocked"
COVERED = "covered"
SWITCH = "affiliates-rule"
RETURNED = "affiliates-rule-after-suspension"
POLICY_ORDER = "policy-order"
POINTS = ("list", "control", "undisclosed")
"""Ends of the ids of the points of fact beside an answer."""
_VERDICTS = {Answer.YES: Verdict.FAIL, Answer.UNKNOWN: Verdict.UNCERTAIN, Answer.NO: Verdict.PASS}


@dataclass(frozen=True)
class _Law:
    """The question asked, whether owners count on the day, and who is listed and marked.

    `counts` is yes, no, or unknown where the readings of an open point differ; `said` are the
    reasons for it, told of companies that it decides.
    """

    setting: Setting
    question: str
    listed: dict[str, tuple[Reason, ...]]
    declared: dict[str, Declared]
    marked: Marked
    counts: Answer
    said: tuple[Reason, ...]
    open: tuple[str, ...]

    @property
    def test(self) -> str:
        return f"{self.question}.ownership"


def blocked_by_ownership(setting: Setting) -> EntityFindings:
    """Who is blocked: on the list of specially designated nationals, or half owned by such."""
    return _statuses(_law(setting, BLOCKED, Answer.YES, (), ()))


def covered_by_ownership(setting: Setting) -> EntityFindings:
    """Who is under the restrictions of a listed party: itself, or half owned by such where the
    rule for affiliates is in force on the day."""
    counts, said, silent = _affiliates_rule(setting)
    return _statuses(_law(setting, COVERED, counts, said, silent))


def _affiliates_rule(setting: Setting) -> tuple[Answer, tuple[Reason, ...], tuple[str, ...]]:
    """Whether owners count on the day, the reason where it is not simply yes, and what is open."""
    found = setting.value(SWITCH)
    day = setting.map.as_of
    if found is None:
        text = f"The rule for affiliates of listed parties is not yet in force on {day}."
        return Answer.NO, (Reason(text=text),), ()
    force = in_brackets(found.standing, found.certainty)
    if found.certainty is not Certainty.OPEN:
        if found.value == "in force":
            return Answer.YES, (), ()
        until = f" until {found.ends}" if found.ends else ""
        text = f"The rule for affiliates is {found.value} from {found.starts}{until}{force}."
        return Answer.NO, (Reason(text=text, citation=found.citation),), ()
    asked = setting.pack.questions[RETURNED]
    readings = setting.readings(RETURNED)
    words = {reading.id: reading.text for reading in asked.readings}
    read = " or ".join(words[id] for id in readings)
    text = f"Warning: whether the rule for affiliates is in force on {day} is not known"
    text = sentence(f"{text}{force}; read here: {read}")
    counts = {"in-force": Answer.YES, "suspended": Answer.NO}[readings[0]]
    if len(readings) > 1:
        counts = Answer.UNKNOWN
    reason = Reason(text=text, citation=found.citation)
    settled = RETURNED in setting.settled
    return counts, (reason,), () if settled else (f"question.{RETURNED}",)


def _law(
    setting: Setting,
    question: str,
    counts: Answer,
    said: tuple[Reason, ...],
    silent: tuple[str, ...],
) -> _Law:
    rule = setting.pack.tests[f"{question}.ownership"]
    companies = setting.map.project.of_kind(Company)
    listed = {c.id: reasons for c in companies if (reasons := _listed(setting, c, question))}
    declared = {
        c.id: stated for c in companies if (stated := declared_answer(c, question)) is not None
    }
    given = dict.fromkeys(listed, Answer.YES)
    given |= {id: stated.answer for id, stated in declared.items()}
    asked = Majority(
        metrics=(Metric.VALUE,),
        threshold=_threshold(setting, rule),
        comparison=rule.comparison or Comparison.AT_LEAST,
    )
    marked = spread(
        Holdings(setting.map),
        asked,
        (id for id, answer in given.items() if answer is Answer.YES),
        (id for id, answer in given.items() if answer is Answer.UNKNOWN),
        declared.keys(),
    )
    return _Law(setting, question, listed, declared, marked, counts, said, silent)


def _threshold(setting: Setting, rule: TestRule) -> float:
    """The share that marks; before the rule is law, the one it will begin with."""
    parameter = setting.pack.parameters[rule.parameter or ""]
    return (parameter.on(setting.map.as_of) or parameter.values[0]).number


def _listed(setting: Setting, company: Company, question: str) -> tuple[Reason, ...]:
    """Why a company is on a list that decides the question on the map's day."""
    reasons = []
    day = setting.map.as_of
    for id in company.lists:
        listing = setting.pack.lists.get(id)
        if listing is None or listing.decides != question:
            continue
        person = person_named(listing, company.name)
        text = f"{setting.name(company.id)} is on {listing.title}"
        if person is None:
            text = f"The map puts {setting.name(company.id)} on {listing.title}; the pack has no "
            text += "entry by that name, so its dates are not checked"
        elif person.listed_on(day):
            text += f" ({person.name}, since {person.on}), asked on {day}"
        else:
            continue
        reasons.append(
            Reason(
                text=sentence(text),
                citation=listing.citation if person is None else person.citation,
                where=(company.id,),
                sources=company.sources,
            )
        )
    return tuple(reasons)


def _statuses(law: _Law) -> EntityFindings:
    policies = _policies(law) if POLICY_ORDER in law.setting.pack.parameters else {}
    statuses = {
        company.id: _status(law, company, policies)
        for company in law.setting.map.project.of_kind(Company)
    }
    return EntityFindings(statuses=statuses, licenses={})


def _status(law: _Law, company: Company, policies: dict[str, str]) -> CompanyStatus:
    by_list, owned, caution = _list_limb(law, company), _owned(law, company), _caution(law, company)
    limbs = {limb.id: limb for limb in (by_list, owned, caution)}
    answers = [_ANSWERS[by_list.verdict], _ANSWERS[owned.verdict]]
    computed = next((a for a in (Answer.YES, Answer.UNKNOWN) if a in answers), Answer.NO)
    stated = law.declared.get(company.id)
    answer = computed if stated is None else stated.answer
    reasons = [*by_list.because, *owned.because]
    if owned.verdict is not Verdict.FAIL:
        reasons += caution.because
    if answer is not Answer.NO and (governing := policies.get(company.id)):
        reasons.append(Reason(text=governing, where=(company.id,)))
    if stated is not None:
        stated = Declared(answer=stated.answer, source=stated.source, computed=computed)
        reasons.insert(0, declared_reason(law.setting, company.id, law.question, stated))
    if not reasons:
        text = f"Nothing on the map makes {law.setting.name(company.id)} {law.question}"
        reasons.append(Reason(text=sentence(text), where=(company.id,)))
    return CompanyStatus(
        company=company.id,
        pack=law.setting.pack.id,
        answers={law.question: answer},
        open=tuple(dict.fromkeys((*by_list.open, *owned.open))) if stated is None else (),
        reasons=tuple(reasons),
        declared={} if stated is None else {law.question: stated},
        limbs=limbs,
    )


_ANSWERS = {found: answer for answer, found in _VERDICTS.items()}


def _list_limb(law: _Law, company: Company) -> LimbResult:
    """On a list; a name that only looks alike is offered, and named as open."""
    setting, id = law.setting, f"{law.question}.list"
    if reasons := law.listed.get(company.id):
        return LimbResult(id=id, verdict=Verdict.FAIL, because=reasons)
    if plain_name(company.name) not in setting.listed_names:
        return LimbResult(id=id, verdict=Verdict.PASS)
    offers = [
        offer
        for offer in likely_listings(company, setting.pack, setting.map.as_of)
        if setting.pack.lists[offer.list].decides == law.question
    ]
    offered = tuple(
        Reason(
            text=f"{setting.name(company.id)} bears the name of {offer.person.name}, which is on "
            f"{setting.pack.lists[offer.list].title}; the map does not say that they are one.",
            citation=offer.person.citation,
            where=(company.id,),
        )
        for offer in offers
    )
    return LimbResult(id=id, verdict=Verdict.PASS, because=offered, open=(id,) if offers else ())


def _owned(law: _Law, company: Company) -> LimbResult:
    """Owned half or more by marked owners together, as far as owners count on the day."""
    rule = law.setting.pack.tests[law.test]
    held = law.marked.held(company.id, Metric.VALUE)
    asked = law.marked.asked
    silent = _undisclosed(law, company.id)
    if held is None or held.high <= 0.0:
        return LimbResult(
            id=law.test,
            verdict=Verdict.PASS,
            measure=held,
            threshold=asked.threshold,
            comparison=asked.comparison.value,
            citation=rule.citation,
            open=silent,
        )
    found = verdict(held.low, held.high, asked.comparison, asked.threshold)
    text = f"{_holders(law, company.id)}; {IN_WORDS[asked.comparison]} "
    text += f"{percent(asked.threshold)} together makes it {law.question}, in full"
    reasons = [
        Reason(
            text=sentence(text),
            citation=rule.citation,
            where=tuple(id for b in law.marked.blocks(company.id) for id in (b.link, b.holder)),
            sources=tuple(source for b in law.marked.blocks(company.id) for source in b.sources),
        )
    ]
    if found is not Verdict.PASS and law.said:
        reasons += law.said
        silent = (*silent, *law.open)
    if law.counts is Answer.NO:
        found = Verdict.PASS
    elif law.counts is Answer.UNKNOWN and found is Verdict.FAIL:
        found = Verdict.UNCERTAIN
    return LimbResult(
        id=law.test,
        verdict=found,
        measure=held,
        threshold=asked.threshold,
        comparison=asked.comparison.value,
        citation=rule.citation,
        because=tuple(reasons),
        open=() if found is Verdict.FAIL and not law.open else silent,
    )


def _holders(law: _Law, company: str) -> str:
    setting = law.setting
    held = law.marked.held(company, Metric.VALUE)
    assert held is not None
    named = []
    for block in law.marked.blocks(company):
        may = "" if law.marked.answer(block.holder) is Answer.YES else "perhaps "
        named.append(f"{may}{setting.name(block.holder)} {block_range(block)}")
    share = percent_range(held.low, held.high)
    who = f"{law.question.capitalize()} persons own"
    return f"{who} {share} of {setting.name(company)} ({', '.join(named)})"


def _undisclosed(law: _Law, company: str) -> tuple[str, ...]:
    whole = is_wholly_documented(law.setting, law.marked.holdings, company)
    return () if whole else (f"{law.question}.undisclosed",)


def _caution(law: _Law, company: Company) -> LimbResult:
    """Marked owners below half: the rule does not reach it; control by them calls for care."""
    id = f"{law.question}.control"
    blocks = law.marked.blocks(company.id)
    held = law.marked.held(company.id, Metric.VALUE)
    threshold = law.marked.asked.threshold
    if not blocks or held is None or held.low >= threshold:
        return LimbResult(id=id, verdict=Verdict.PASS)
    votes = sum(block.share(Metric.VOTES, Bound.HIGH) for block in blocks)
    seats = sum(bounds(block.seats)[2] for block in blocks if block.seats is not None)
    ways = []
    if votes >= threshold:
        ways.append(f"{percent(min(1.0, votes))} of the votes")
    if seats >= threshold:
        ways.append(f"{percent(min(1.0, seats))} of the seats")
    if any(block.appoints for block in blocks):
        ways.append("a right to appoint officers")
    by = f"they have {', '.join(ways)}" if ways else "they are among its owners"
    text = f"Caution: {_holders(law, company.id)}; {by}. Ownership below "
    text += f"{percent(threshold)} does not make it {law.question}; control is no part of the rule"
    limb = law.setting.pack.limbs[id]
    reason = Reason(text=sentence(text), where=(company.id,))
    settle = Reason(text=limb.settle, where=(company.id,))
    return LimbResult(
        id=id, verdict=Verdict.UNCERTAIN if ways else Verdict.PASS, because=(reason, settle)
    )


# The strictest owner -------------------------------------------------------------------------


def _policies(law: _Law) -> dict[str, str]:
    """For each company under the rule, the sentence that says whose restriction governs."""
    found = law.setting.value(POLICY_ORDER)
    order = () if found is None else found.words
    own = {id: _own_policy(law, id, order) for id in law.listed}
    governing = {id: (policy, id) for id, policy in own.items() if policy is not None}
    waiting = list(governing)
    while waiting:
        holder = waiting.pop()
        for block in law.marked.holdings.out_of.get(holder, ()):
            if block.owned not in law.marked.maybe:
                continue
            known = governing.get(block.owned)
            if known is None or governing[holder][0] < known[0]:
                governing[block.owned] = governing[holder]
                waiting.append(block.owned)
    return {
        id: sentence(
            f"The strictest owner governs: {law.setting.name(whose)}, whose licenses are decided "
            f"by {order[place]}"
            if whose != id
            else f"Licenses are decided by {order[place]}"
        )
        for id, (place, whose) in governing.items()
    }


def _own_policy(law: _Law, company: str, order: Iterable[str]) -> int | None:
    """How licenses for a listed company are decided: the strictest of its lists, as a place in
    the order from strict to lenient; None where the pack does not say."""
    setting = law.setting
    entity = setting.map.entities[company]
    assert isinstance(entity, Company)
    ranked = list(order)
    places = []
    for id in entity.lists:
        listing = setting.pack.lists.get(id)
        if listing is None or listing.decides != law.question:
            continue
        person = person_named(listing, entity.name)
        policy = person.policy if person is not None and person.policy else ""
        usual = setting.value(f"policy.{id}") if f"policy.{id}" in setting.on_the_day else None
        policy = policy or (str(usual.value) if usual is not None else "")
        if policy in ranked:
            places.append(ranked.index(policy))
    return min(places, default=None)
