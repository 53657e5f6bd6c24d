"""Which companies are specified foreign entities: by own facts, then down through control."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from depmap_gui.domain.records import Company
from depmap_gui.rules.attribution import Block, Bound, Holdings, Reach, every_block
from depmap_gui.rules.own_facts import OwnFacts, own_facts
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Answer, Declared, LimbResult, Measure, Reason, Verdict
from depmap_gui.rules.setting import Setting, percent, percent_range
from depmap_gui.rules.thresholds import IN_WORDS, fails

SFE = "sfe"
FLOOR = "attribution.corporation-floor"
CHAIN = "attribution-chain"


@dataclass(frozen=True)
class SfeFindings:
    """Who is a specified foreign entity, and what such entities own.

    `yes` are those the facts decide, `maybe` these and all that may be. `low` and `mode` reach
    from `yes`, `high` from `maybe`.
    """

    holdings: Holdings
    facts: dict[str, OwnFacts]
    declared: dict[str, Declared]
    yes: frozenset[str]
    maybe: frozenset[str]
    low: Reach
    mode: Reach
    high: Reach

    @property
    def reaches(self) -> tuple[Reach, Reach, Reach]:
        """What they own at the low end, on the documented facts and at the high end."""
        return self.low, self.mode, self.high

    @cached_property
    def touched(self) -> frozenset[str]:
        """Companies in which specified foreign entities have, or may have, a share."""
        return frozenset(
            block.owned
            for above in self.reaches
            for holder, part in above.part.items()
            if part > 0.0
            for block in self.holdings.out_of.get(holder, ())
        )

    def answer(self, id: str) -> Answer:
        """The status of a company, or of a jurisdiction as a holder."""
        if id in self.yes:
            return Answer.YES
        return Answer.UNKNOWN if id in self.maybe else Answer.NO


def declared_answer(company: Company, question: str) -> Declared | None:
    """What an analyst asserts of a company, None where nothing valid is asserted."""
    stated = company.declared.get(question) if company.declared else None
    if stated is None or stated not in set(Answer):
        return None
    return Declared(answer=Answer(stated), source=company.declared.get("source"))


def declared_reason(setting: Setting, company: str, question: str, stated: Declared) -> Reason:
    """The sentence that marks an answer as declared, with its source."""
    source = f" (source {stated.source})" if stated.source else " (no source given)"
    return Reason(
        text=f"The analyst declares {question} of {setting.name(company)}: "
        f"{stated.answer}{source}.",
        where=(company,),
        sources=(stated.source,) if stated.source else (),
    )


def specified_entities(setting: Setting) -> SfeFindings:
    """Finds all specified foreign entities of the map on its day."""
    holdings = Holdings(setting.map)
    facts = {id: own_facts(setting, entity) for id, entity in setting.map.entities.items()}
    declared = {
        company.id: stated
        for company in setting.map.project.of_kind(Company)
        if (stated := declared_answer(company, SFE)) is not None
    }
    given = {id: found.answer for id, found in facts.items()}
    given |= {id: stated.answer for id, stated in declared.items()}
    certain = {id for id, answer in given.items() if answer is Answer.YES}
    possible = {id for id, answer in given.items() if answer is not Answer.NO}
    fixed = {id for id, stated in declared.items() if stated.answer is not Answer.YES}
    low = _spread(setting, holdings, certain, fixed, Bound.LOW)
    high = _spread(setting, holdings, possible, fixed, Bound.HIGH)
    high.join(low.persons)
    return SfeFindings(
        holdings=holdings,
        facts=facts,
        declared=declared,
        yes=frozenset(low.persons),
        maybe=frozenset(high.persons),
        low=low,
        mode=reach(setting, holdings, low.persons, Bound.MODE),
        high=high,
    )


def reach(setting: Setting, holdings: Holdings, persons: Iterable[str], bound: Bound) -> Reach:
    """What `persons` own, by the attribution rules of the setting's law."""
    floor = setting.number(FLOOR)
    chained = setting.reads(CHAIN, "chained")
    return Reach(holdings, persons, bound, 0.0 if floor is None else floor, chained=chained)


def reporting(block: Block, bound: Bound) -> bool:
    """Counts only holders that must report; where that is not stated, only at the high end."""
    return block.reports is True or (bound is Bound.HIGH and block.reports is None)


def is_traded(setting: Setting, company: str) -> bool:
    """Whether the map says that the company is publicly traded."""
    entity = setting.map.entities.get(company)
    return isinstance(entity, Company) and entity.traded is True


def _spread(
    setting: Setting,
    holdings: Holdings,
    seeds: AbstractSet[str],
    fixed: AbstractSet[str],
    bound: Bound,
) -> Reach:
    """What the seeds and all that they control, through any chain, own.

    For a traded company only reporting holders count, and of these only the seeds: persons that
    are foreign by themselves, not those merely controlled. So it is asked once, before any other
    person joins; the others are asked again whenever the part of one of their holders changed.
    """
    above = reach(setting, holdings, seeds, bound)
    asked: Iterable[str] = holdings.into
    while found := [
        company
        for company in asked
        if company not in above.persons
        and company not in fixed
        and _controlled(setting, above, company)
    ]:
        changed = above.join(found)
        below = {block.owned for holder in changed for block in holdings.out_of.get(holder, ())}
        asked = [company for company in below if not is_traded(setting, company)]
    return above


def _control_rule(setting: Setting, company: str) -> tuple[float | None, Comparison, str]:
    """Threshold, comparison and citation of control over the company."""
    rule = setting.pack.tests[SFE]
    reading = rule.traded if rule.traded and is_traded(setting, company) else rule
    comparison = reading.comparison or Comparison.MORE_THAN
    return setting.number(reading.parameter), comparison, reading.citation


def _controlled(setting: Setting, from_above: Reach, company: str) -> bool:
    threshold, comparison, _ = _control_rule(setting, company)
    if threshold is None:
        return False
    counts = reporting if is_traded(setting, company) else every_block
    return any(
        fails(from_above.aggregate(company, metric, counts), comparison, threshold)
        for metric in from_above.holdings.metrics(company)
    )


def sfe_limb(setting: Setting, found: SfeFindings, company: str) -> LimbResult:
    """The `sfe` answer of one company as a limb: verdict, controlling share, reasons."""
    threshold, comparison, citation = _control_rule(setting, company)
    own = found.facts[company]
    answer = found.answer(company)
    measure = control_share(setting, found, company)
    reasons = list(own.reasons)
    if stated := found.declared.get(company):
        reasons = [declared_reason(setting, company, SFE, stated), *reasons]
    silent = list(own.open)
    if measure is not None and measure.high > 0 and threshold is not None:
        boundary = f"{IN_WORDS[comparison]} {percent(threshold)}"
        reasons.append(_control_reason(setting, found, company, measure, boundary, citation))
    if not reasons:
        text = f"Nothing on the map makes {setting.name(company)} a specified foreign entity."
        reasons.append(Reason(text=text, citation=setting.pack.tests[SFE].citation))
    return LimbResult(
        id=SFE,
        verdict=_VERDICTS[answer],
        measure=measure,
        threshold=threshold,
        comparison=comparison.value,
        citation=setting.pack.tests[SFE].citation,
        because=tuple(reasons),
        open=tuple(silent),
    )


_VERDICTS = {
    Answer.YES: Verdict.FAIL,
    Answer.UNKNOWN: Verdict.UNCERTAIN,
    Answer.NO: Verdict.PASS,
}


NOTHING = Measure(low=0.0, mode=0.0, high=0.0)
"""The share of specified foreign entities in a company of which they own nothing."""


def control_share(setting: Setting, found: SfeFindings, company: str) -> Measure | None:
    """The share that specified foreign entities have in a company, by votes or value, whichever
    is greater; None where no holder is on the map."""
    if company not in found.holdings.into:
        return None
    if company not in found.touched:
        return NOTHING
    counts = reporting if is_traded(setting, company) else every_block
    metrics = found.holdings.metrics(company)
    shares = [
        max(above.aggregate(company, metric, counts) for metric in metrics)
        for above in found.reaches
    ]
    return Measure(low=shares[0], mode=shares[1], high=max(shares))


def _control_reason(
    setting: Setting,
    found: SfeFindings,
    company: str,
    measure: Measure,
    boundary: str,
    citation: str,
) -> Reason:
    blocks = counted_blocks(found, company)
    holders = ", ".join(f"{setting.name(block.holder)} {block_range(block)}" for block in blocks)
    sure = "" if measure.low == measure.high else "may "
    return Reason(
        text=f"Specified foreign entities {sure}have "
        f"{percent_range(measure.low, measure.high)} of {setting.name(company)} ({holders}); "
        f"{boundary} by votes or value is control.",
        citation=citation,
        where=tuple(id for block in blocks for id in (block.link, block.holder)),
        sources=tuple(source for block in blocks for source in block.sources),
    )


def counted_blocks(found: SfeFindings, company: str) -> list[Block]:
    """The holdings in a company that are, or may be, those of specified foreign entities."""
    if company not in found.touched:
        return []
    part = found.high.part
    blocks = found.holdings.into[company]
    return [block for block in blocks if part.get(block.holder, 0.0) > 0.0]


def block_range(block: Block) -> str:
    """A holding's share in words, votes beside it where they differ."""
    value = percent_range(block.value[0], block.value[2]) if block.stated else "unstated share"
    if block.votes == block.value:
        return value
    return f"{value}, {percent_range(block.votes[0], block.votes[2])} of votes"
