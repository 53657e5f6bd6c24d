"""Which companies are foreign-influenced entities, limb by limb.

Only holdings, debt and rights of specified foreign entities count; a foreign-influenced owner
makes nobody foreign-influenced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from depmap_gui.domain.quantity import high, low, mode
from depmap_gui.domain.records import Company, Lends, License, Operates, Uses
from depmap_gui.rules.attribution import (
    Block,
    Bound,
    Counts,
    Metric,
    Reach,
    every_block,
)
from depmap_gui.rules.license_control import EFFECTIVE_CONTROL
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.payments import payment_doubt
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
from depmap_gui.rules.setting import SAME, Setting, percent, percent_range, sentence
from depmap_gui.rules.status import (
    NOTHING,
    SFE,
    SfeFindings,
    block_range,
    counted_blocks,
    declared_answer,
    declared_reason,
    is_traded,
    reach,
    reporting,
    sfe_limb,
)
from depmap_gui.rules.thresholds import verdict

FIE = "fie"
SINGLE, AGGREGATE, DEBT, OFFICER = "fie.single", "fie.aggregate", "fie.debt", "fie.officer"
CONTROL = "fie.effective_control"
UNDISCLOSED = "fie.undisclosed"
PARENT = "fie.traded-parent"
GROUP = "single-owner-group"
MEASURE = "ownership-measure"
_WHOLE = 1.0 - 1e-9


class _Boundary(Struct, frozen=True):
    """What a limb asks on the map's day; no threshold where the law has none then."""

    threshold: float
    comparison: Comparison
    citation: str


_Boundaries = Mapping[tuple[str, bool], _Boundary | None]
"""By limb, and whether the readings for traded companies govern."""


class _Owned(Struct, frozen=True):
    """One company under the test, with the readings that apply to it."""

    setting: Setting
    found: SfeFindings
    boundaries: _Boundaries
    company: str
    name: str
    public: bool
    metrics: tuple[Metric, ...]

    @property
    def counts(self) -> Counts:
        return reporting if self.public else every_block

    def boundary(self, limb: str) -> _Boundary | None:
        """What the limb asks; None where the law has no threshold that day."""
        return self.boundaries[limb, self.public]

    def citation(self, limb: str) -> str:
        """The law of the limb, whoever is asked."""
        return self.setting.pack.tests[limb].citation


def company_statuses(
    setting: Setting, found: SfeFindings, licenses: Mapping[str, LicenseControl]
) -> dict[str, CompanyStatus]:
    """The `sfe` and `fie` answers of every company on the map, with reasons and open limbs."""
    companies = setting.map.project.of_kind(Company)
    traded = {company.id for company in companies if company.traded}
    parents = reach(setting, found.holdings, traded, Bound.LOW)
    boundaries = _boundaries(setting)
    by_value = setting.reads(MEASURE, "value")
    statuses = {}
    for company in companies:
        owned = _Owned(
            setting,
            found,
            boundaries,
            company=company.id,
            name=setting.name(company.id),
            public=public_rules_apply(setting, parents, company.id),
            metrics=(Metric.VALUE,) if by_value else found.holdings.metrics(company.id),
        )
        statuses[company.id] = _status(owned, licenses, company)
    return statuses


def _boundaries(setting: Setting) -> _Boundaries:
    boundaries: dict[tuple[str, bool], _Boundary | None] = {}
    for limb in (SINGLE, AGGREGATE, DEBT, OFFICER):
        rule = setting.pack.tests[limb]
        for public in (False, True):
            reading = rule.traded if public and rule.traded else rule
            threshold, comparison = setting.number(reading.parameter), reading.comparison
            boundaries[limb, public] = None
            if threshold is not None and comparison is not None:
                boundaries[limb, public] = _Boundary(threshold, comparison, reading.citation)
    return boundaries


def public_rules_apply(setting: Setting, parents: Reach, company: str) -> bool:
    """Whether the readings for traded companies govern: traded itself, or at least 80% owned by
    a traded company."""
    if is_traded(setting, company):
        return True
    if not parents.persons:
        return False
    least = setting.number(PARENT)
    owned = parents.each(company, Metric.VALUE).values()
    return least is not None and any(share >= least - SAME for share in owned)


def _status(
    owned: _Owned, licenses: Mapping[str, LicenseControl], company: Company
) -> CompanyStatus:
    setting, found = owned.setting, owned.found
    limbs = {SFE: sfe_limb(setting, found, company.id)}
    for limb in (_single(owned), _aggregate(owned), _debt(owned), _officer(owned)):
        limbs[limb.id] = _as_declared(setting, company, limb)
    limbs[CONTROL] = _payments(owned, licenses)
    influenced = [limb for id, limb in limbs.items() if id != SFE]
    computed = _any_limb(influenced)
    declared: dict[str, Declared] = {}
    answers = {SFE: found.answer(company.id), FIE: computed}
    if stated := found.declared.get(company.id):
        own = found.facts[company.id].answer
        declared[SFE] = msgspec.structs.replace(stated, computed=own)
    if stated := declared_answer(company, FIE):
        declared[FIE] = msgspec.structs.replace(stated, computed=computed)
        answers[FIE] = stated.answer
    settled = [] if FIE in declared else [point for limb in influenced for point in limb.open]
    telling = [limb for limb in influenced if limb.verdict in (Verdict.FAIL, Verdict.UNCERTAIN)]
    reasons = [*limbs[SFE].because, *(reason for limb in telling for reason in limb.because)]
    if FIE in declared:
        reasons.append(declared_reason(setting, company.id, FIE, declared[FIE]))
    return CompanyStatus(
        company=company.id,
        pack=setting.pack.id,
        answers=answers,
        open=tuple(dict.fromkeys([*limbs[SFE].open, *settled])),
        reasons=tuple(dict.fromkeys(reasons)) if len(reasons) > 1 else tuple(reasons),
        declared=declared,
        limbs=limbs,
    )


def _any_limb(limbs: Iterable[LimbResult]) -> Answer:
    verdicts = {limb.verdict for limb in limbs}
    if Verdict.FAIL in verdicts:
        return Answer.YES
    return Answer.UNKNOWN if Verdict.UNCERTAIN in verdicts else Answer.NO


_DECLARED_VERDICTS = {
    Answer.YES: Verdict.FAIL,
    Answer.NO: Verdict.PASS,
    Answer.UNKNOWN: Verdict.UNKNOWN,
}


def _as_declared(setting: Setting, company: Company, limb: LimbResult) -> LimbResult:
    """The limb as the analyst declares it, by its own id or by `fie`; else as computed."""
    if not company.declared:
        return limb
    for question in (limb.id, FIE):
        if stated := declared_answer(company, question):
            reason = declared_reason(setting, company.id, question, stated)
            return msgspec.structs.replace(
                limb,
                verdict=_DECLARED_VERDICTS[stated.answer],
                because=(reason, *limb.because),
                open=(),
            )
    return limb


def _no_holders(owned: _Owned, limb: str) -> LimbResult | None:
    """The limb for a company whose holders are not on the map, None where some are."""
    if owned.company in owned.found.holdings.into:
        return None
    text = sentence(f"The map shows no holder of {owned.name}")
    return _silent(owned, limb, text)


def _silent(owned: _Owned, limb: str, text: str) -> LimbResult:
    citation = owned.citation(limb)
    boundary = owned.boundary(limb)
    return LimbResult(
        id=limb,
        verdict=Verdict.UNKNOWN,
        threshold=None if boundary is None else boundary.threshold,
        comparison=None if boundary is None else boundary.comparison.value,
        citation=citation,
        because=(Reason(text=text, citation=citation, where=(owned.company,)),),
        open=(limb,),
    )


def _compared(
    owned: _Owned, limb: str, measure: Measure, because: tuple[Reason, ...], silent: tuple[str, ...]
) -> LimbResult:
    boundary = owned.boundary(limb)
    if boundary is None:
        return _silent(owned, limb, "The pack has no threshold for this day.")
    return LimbResult(
        id=limb,
        verdict=verdict(measure.low, measure.high, boundary.comparison, boundary.threshold),
        measure=measure,
        threshold=boundary.threshold,
        comparison=boundary.comparison.value,
        citation=boundary.citation,
        because=because,
        open=silent,
    )


def _undisclosed(owned: _Owned) -> tuple[str, ...]:
    return (UNDISCLOSED,) if owned.found.holdings.documented(owned.company) < _WHOLE else ()


def _single(owned: _Owned) -> LimbResult:
    """The greatest share of one specified foreign entity; related ones together where read so."""
    if silent := _no_holders(owned, SINGLE):
        return silent
    apart, together = _single_shares(owned)
    readings = owned.setting.readings(GROUP)
    used = [together if reading == "together" else apart for reading in readings]
    measure = Measure(
        low=min(each.low for each in used),
        mode=max(each.mode for each in used),
        high=max(each.high for each in used),
    )
    open_points = list(_undisclosed(owned))
    because = [_single_reason(owned, measure)]
    result = _compared(owned, SINGLE, measure, (), ())
    if together != apart and GROUP not in owned.setting.settled:
        other = _compared(owned, SINGLE, together, (), ())
        if other.verdict is not result.verdict or len(readings) > 1:
            question = owned.setting.pack.questions[GROUP]
            open_points.append(f"question.{GROUP}")
            because.append(
                Reason(
                    text=f"Related specified foreign entities together own "
                    f"{percent_range(together.low, together.high)}; whether they count as one "
                    f"owner is open ({question.title}).",
                    citation=question.citation,
                    where=(owned.company,),
                )
            )
    return msgspec.structs.replace(result, because=tuple(because), open=tuple(open_points))


def _single_shares(owned: _Owned) -> tuple[Measure, Measure]:
    """The greatest share of one person, and of one group of related persons."""
    if owned.company not in owned.found.touched:
        return NOTHING, NOTHING
    apart: list[float] = []
    together: list[float] = []
    for above in owned.found.reaches:
        alone: list[float] = []
        joined: list[float] = []
        for metric in owned.metrics:
            each = above.each(owned.company, metric, owned.counts)
            if each:
                alone.extend(each.values())
                joined.extend(above.groups(owned.company, metric, owned.counts, each).values())
        apart.append(max(alone, default=0.0))
        together.append(max(joined, default=0.0))
    return _measure(apart), _measure(together)


def _measure(shares: Iterable[float]) -> Measure:
    """Shares at the low end, on the documented facts and at the high end, as an interval."""
    least, likely, most = shares
    return Measure(low=least, mode=likely, high=max(least, likely, most))


def _single_reason(owned: _Owned, measure: Measure) -> Reason:
    name, citation = owned.name, owned.citation(SINGLE)
    shares: dict[str, float] = {}
    if measure.high != 0:
        shares = owned.found.high.each(owned.company, owned.metrics[0], owned.counts)
    if not shares:
        text = f"No holder of {name} on the map is a specified foreign entity{_public(owned)}."
        return Reason(text=text, citation=citation, where=(owned.company,))
    person = max(sorted(shares), key=lambda holder: shares[holder])
    may = "" if person in owned.found.yes else ", whose status is unknown,"
    text = f"{owned.setting.name(person)}{may} owns {percent_range(measure.low, measure.high)} "
    text += f"of {name}, directly or by attribution{_public(owned)}."
    links = tuple(block.link for block in counted_blocks(owned.found, owned.company))
    return Reason(text=text, citation=citation, where=(person, *links))


def _public(owned: _Owned) -> str:
    return ", counting only holders that must report" if owned.public else ""


def _aggregate(owned: _Owned) -> LimbResult:
    """The share of all specified foreign entities together, no block counted twice."""
    if silent := _no_holders(owned, AGGREGATE):
        return silent

    measure = NOTHING
    if owned.company in owned.found.touched:
        metrics, counts = owned.metrics, owned.counts
        measure = _measure(
            max(above.aggregate(owned.company, metric, counts) for metric in metrics)
            for above in owned.found.reaches
        )
    return _compared(
        owned, AGGREGATE, measure, (_aggregate_reason(owned, measure),), _undisclosed(owned)
    )


def _aggregate_reason(owned: _Owned, measure: Measure) -> Reason:
    blocks = counted_blocks(owned.found, owned.company)
    holders = ", ".join(
        f"{owned.setting.name(block.holder)} {block_range(block)}" for block in blocks
    )
    text = f"Specified foreign entities together own {percent_range(measure.low, measure.high)} "
    text += f"of {owned.name}{_public(owned)}"
    return Reason(
        text=f"{text} ({holders})." if holders else sentence(text),
        citation=owned.citation(AGGREGATE),
        where=tuple(id for block in blocks for id in (block.link, block.holder)),
        sources=tuple(source for block in blocks for source in block.sources),
    )


def _debt(owned: _Owned) -> LimbResult:
    """The share of debt issued to specified foreign entities."""
    links = owned.setting.map.into(Lends, owned.company)
    if not links:
        text = sentence(f"The map shows no debt of {owned.name}")
        return _silent(owned, DEBT, text)
    stated = sum(low(link.share) for link in links if link.share is not None)
    least = likely = most = 0.0
    lenders = []
    for link in links:
        who = owned.found.answer(link.source)
        if who is Answer.NO:
            continue
        lenders.append(link)
        most += max(0.0, 1.0 - stated) if link.share is None else high(link.share)
        if who is Answer.YES and link.share is not None:
            least += low(link.share)
            likely += mode(link.share)
    measure = Measure(low=min(1.0, least), mode=min(1.0, likely), high=min(1.0, most))
    shown = sum(mode(link.share) for link in links if link.share is not None)
    text = f"Specified foreign entities hold {percent_range(measure.low, measure.high)} of the "
    text += f"debt of {owned.name}; the map shows lenders of {percent(min(1.0, shown))} of it."
    reason = Reason(
        text=text,
        citation=owned.citation(DEBT),
        where=tuple(id for link in lenders for id in (link.id, link.source)) or (owned.company,),
        sources=tuple(source for link in lenders for source in link.sources),
    )
    return _compared(owned, DEBT, measure, (reason,), (DEBT,) if shown < _WHOLE else ())


def _officer(owned: _Owned) -> LimbResult:
    """Whether a specified foreign entity may appoint a covered officer."""
    if silent := _no_holders(owned, OFFICER):
        return silent
    blocks = owned.found.holdings.into[owned.company]
    verdicts = {block.link: _appointment(owned, block) for block in blocks}
    ranked = (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN)
    result = next((each for each in ranked if each in verdicts.values()), Verdict.PASS)
    name = owned.name
    partly = owned.found.holdings.documented(owned.company) < _WHOLE
    if result is Verdict.PASS and partly and all(block.appoints is None for block in blocks):
        text = sentence(f"The map does not say who may appoint officers of {name}")
        return _silent(owned, OFFICER, text)
    telling = [block for block in blocks if verdicts[block.link] is result]
    texts = {
        Verdict.FAIL: "may appoint a covered officer",
        Verdict.UNCERTAIN: "may have the right to appoint a covered officer",
        Verdict.UNKNOWN: "holds a share, and the map does not say whether it may appoint officers",
    }
    if result is Verdict.PASS:
        text = sentence(
            f"No specified foreign entity on the map may appoint a covered officer of {name}"
        )
    else:
        holders = ", ".join(owned.setting.name(block.holder) for block in telling)
        text = f"{holders} {texts[result]} ({name})."
    citation = owned.citation(OFFICER)
    reason = Reason(
        text=text,
        citation=citation,
        where=tuple(id for block in telling for id in (block.link, block.holder)),
        sources=tuple(source for block in telling for source in block.sources),
    )
    open_points = (OFFICER,) if result is Verdict.UNKNOWN else ()
    return LimbResult(
        id=OFFICER, verdict=result, citation=citation, because=(reason,), open=open_points
    )


def _appointment(owned: _Owned, block: Block) -> Verdict:
    who = owned.found.answer(block.holder)
    if who is Answer.NO or block.appoints is False:
        return Verdict.PASS
    if block.appoints:
        return Verdict.FAIL if who is Answer.YES else Verdict.UNCERTAIN
    # A share of the seats shows directors of the holder's, not that it has a right to them.
    has_seats = block.seats is not None and high(block.seats) > 0
    return Verdict.UNCERTAIN if has_seats else Verdict.UNKNOWN


def _payments(owned: _Owned, licenses: Mapping[str, LicenseControl]) -> LimbResult:
    """Payments under an agreement that gives a specified foreign entity effective control."""
    citation = owned.setting.pack.tests[EFFECTIVE_CONTROL].citation
    used = [licenses[id] for id in licenses_of(owned.setting, owned.company)]
    if not used:
        return LimbResult(id=CONTROL, verdict=Verdict.PASS, citation=citation)
    ranked = (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN)
    result = next(
        (each for each in ranked if any(agreement.verdict is each for agreement in used)),
        Verdict.PASS,
    )
    if result is Verdict.PASS:
        return LimbResult(id=CONTROL, verdict=result, citation=citation)
    telling = [agreement for agreement in used if agreement.verdict is result]
    because = [reason for agreement in telling for reason in agreement.because]
    open_points = [CONTROL] if result is Verdict.UNKNOWN else []
    if doubt := payment_doubt(owned.setting, telling):
        because.append(doubt.because)
        open_points.append(f"question.{doubt.question}")
        result = Verdict.PASS if doubt.clears else result
    return LimbResult(
        id=CONTROL,
        verdict=result,
        citation=citation,
        because=tuple(because),
        open=tuple(open_points),
    )


def licenses_of(setting: Setting, company: str) -> list[str]:
    """Licenses and contracts under which the company or a plant that it operates produces."""
    users = [company, *(link.target for link in setting.map.out_of(Operates, company))]
    return licenses_reaching(setting, users)


def licenses_reaching(setting: Setting, users: Iterable[str]) -> list[str]:
    """Licenses used by any of these plants or companies, each once."""
    found = [
        link.source
        for user in users
        for link in setting.map.into(Uses, user)
        if isinstance(setting.map.entities[link.source], License)
    ]
    return list(dict.fromkeys(found))
