"""Whether a license or contract gives a specified foreign entity effective control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from depmap_gui.domain.kinds import AgreementType
from depmap_gui.domain.quantity import high, low
from depmap_gui.domain.records import License, Licenses, Uses
from depmap_gui.rules.calendar import years_after
from depmap_gui.rules.pack import Flag
from depmap_gui.rules.results import Answer, FlagResult, LicenseControl, Reason, Verdict
from depmap_gui.rules.setting import SAME, Setting, sentence
from depmap_gui.rules.status import SfeFindings

EFFECTIVE_CONTROL = "effective_control"
SUB_LICENSE = "sub-license"
COUNTERPARTY = "counterparty"
Decision = tuple[Answer, bool, str]
"""Answer, whether an unknown comes from silence, and the sentence that says why."""


def control_of_licenses(setting: Setting, found: SfeFindings) -> dict[str, LicenseControl]:
    """The control that each license or contract on the map gives, by license id."""
    return {
        agreement.id: license_control(setting, found, agreement)
        for agreement in setting.map.project.of_kind(License)
    }


def license_control(setting: Setting, found: SfeFindings, agreement: License) -> LicenseControl:
    """The verdict on one license: fail if a specified foreign entity has a listed right."""
    who, named = _counterparty(setting, found, agreement)
    if reason := _out_of_force(setting, agreement):
        return _passed(setting, agreement, who, (reason,))
    if who is Answer.NO:
        return _passed(setting, agreement, who, named)
    flags = tuple(
        _flag(setting, agreement, flag)
        for flag in setting.pack.flags.values()
        if flag.in_force(setting.map.as_of)
    )
    excepted, exception, reason = _exception(setting, agreement)
    if excepted is Answer.YES:
        return LicenseControl(
            license=agreement.id,
            pack=setting.pack.id,
            verdict=Verdict.PASS,
            counterparty=who,
            flags=flags,
            exception=exception,
            because=(reason,) if reason else (),
        )
    verdict, silent = _verdict(who, bool(setting.map.into(Licenses, agreement.id)), flags)
    if excepted is Answer.UNKNOWN and verdict is not Verdict.PASS:
        verdict, silent = Verdict.UNKNOWN, (*silent, exception or "")
    raised = [flag.because for flag in flags if flag.answer is not Answer.NO and not flag.silent]
    if not raised and verdict is Verdict.PASS:
        raised = [_clean(setting, agreement)]
    stated = (reason,) if reason else ()
    unmodified = () if verdict is Verdict.FAIL else _unmodified(setting, agreement, flags)
    because = (*named, *stated, *raised, *unmodified, *_silence(setting, agreement, flags))
    return LicenseControl(
        license=agreement.id,
        pack=setting.pack.id,
        verdict=verdict,
        counterparty=who,
        flags=flags,
        because=because,
        open=silent,
    )


def _verdict(
    who: Answer, on_map: bool, flags: tuple[FlagResult, ...]
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict over all flags, any one of which is enough, and the silent points."""
    silent = tuple(flag.flag for flag in flags if flag.answer is Answer.UNKNOWN and flag.silent)
    raised = any(flag.answer is Answer.YES for flag in flags)
    straddling = any(flag.answer is Answer.UNKNOWN and not flag.silent for flag in flags)
    if raised and who is Answer.YES:
        return Verdict.FAIL, ()
    if (raised or straddling or silent) and not on_map:
        return Verdict.UNKNOWN, (COUNTERPARTY, *silent)
    if raised or straddling:
        return Verdict.UNCERTAIN, silent
    return (Verdict.UNKNOWN, silent) if silent else (Verdict.PASS, ())


def _passed(
    setting: Setting, agreement: License, who: Answer, because: tuple[Reason, ...]
) -> LicenseControl:
    """An agreement that no flag is asked of."""
    return LicenseControl(
        license=agreement.id,
        pack=setting.pack.id,
        verdict=Verdict.PASS,
        counterparty=who,
        because=because,
    )


def _counterparty(
    setting: Setting, found: SfeFindings, agreement: License
) -> tuple[Answer, tuple[Reason, ...]]:
    """Whether a licensor is a specified foreign entity, and why.

    Technology that comes through a sub-license counts only where the reading of the law says so.
    """
    links = list(setting.map.into(Licenses, agreement.id))
    counted = setting.reads(SUB_LICENSE, "counted")
    above = _above(setting, agreement.id)
    upstream = [link for id in above for link in setting.map.into(Licenses, id)]
    reasons = []
    answers = []
    for link in (*links, *upstream):
        own = link in links
        answer = found.answer(link.source)
        if own or counted:
            answers.append(answer)
        if answer is Answer.NO and not own:
            continue
        role = "licensor" if own else "licensor of technology sub-licensed"
        ending = "" if own or counted else "; it is no party to this agreement and does not count"
        reasons.append(
            Reason(
                text=f"{setting.name(link.source)}, {role} of {setting.name(agreement.id)}, "
                f"{_IS[answer]} a specified foreign entity{ending}.",
                citation=_citation(setting),
                where=(link.id, link.source),
                sources=link.sources,
            )
        )
    if not links:
        text = sentence(f"The map names no licensor of {setting.name(agreement.id)}")
        reasons.insert(0, Reason(text=text, citation=_citation(setting), where=(agreement.id,)))
        return (Answer.YES if Answer.YES in answers else Answer.UNKNOWN), tuple(reasons)
    for answer in (Answer.YES, Answer.UNKNOWN):
        if answer in answers:
            return answer, tuple(reasons)
    return Answer.NO, tuple(reasons)


_IS = {Answer.YES: "is", Answer.UNKNOWN: "may be", Answer.NO: "is not"}


def _above(setting: Setting, agreement: str) -> list[str]:
    """Licenses whose technology is sub-licensed into this one, through any chain."""
    found: list[str] = []
    waiting = [agreement]
    while waiting:
        for link in setting.map.into(Uses, waiting.pop()):
            if link.source not in found and link.source != agreement:
                found.append(link.source)
                waiting.append(link.source)
    return found


def _citation(setting: Setting) -> str:
    return setting.pack.tests[EFFECTIVE_CONTROL].citation


def _out_of_force(setting: Setting, agreement: License) -> Reason | None:
    """Why the agreement does not bear on the year, None where it does."""
    if agreement.signed is not None and agreement.signed > setting.map.as_of:
        text = f"{setting.name(agreement.id)} is signed on {agreement.signed}, after the year."
    elif agreement.expires is not None and agreement.expires < date(setting.year - 1, 1, 1):
        text = f"{setting.name(agreement.id)} ended on {agreement.expires}, before the year before."
    else:
        return None
    return Reason(text=text, citation=_citation(setting), where=(agreement.id,))


def _flag(setting: Setting, agreement: License, flag: Flag) -> FlagResult:
    answer, silent, text = FLAG_METHODS[flag.method](setting, agreement, flag)
    reach = _applies(setting, agreement, flag)
    if reach is Answer.NO:
        answer, silent = Answer.NO, False
        text = f"This point is not asked of an agreement of the type {agreement.type}."
    elif reach is Answer.UNKNOWN and answer is not Answer.NO and not silent:
        answer = Answer.UNKNOWN
        text += f" Whether the point reaches an agreement of the type {agreement.type} that stands "
        text += "alone is open."
    return FlagResult(
        license=agreement.id,
        flag=flag.id,
        answer=answer,
        silent=silent,
        question=flag.question,
        because=Reason(
            text=f"{flag.title}: {text}",
            citation=flag.citation,
            where=(agreement.id,),
            sources=agreement.sources,
        ),
    )


def _applies(setting: Setting, agreement: License, flag: Flag) -> Answer:
    if agreement.type in flag.applies_to:
        return Answer.YES
    if agreement.type not in flag.may_apply_to:
        return Answer.NO
    return Answer.YES if _belongs_to_license(setting, agreement) else Answer.UNKNOWN


def _belongs_to_license(setting: Setting, contract: License) -> bool:
    """Whether the same counterparty licenses technology to the same user: a related contract."""
    parties = {link.source for link in setting.map.into(Licenses, contract.id)}
    for use in setting.map.out_of(Uses, contract.id):
        for other in setting.map.into(Uses, use.target):
            beside = setting.map.entities.get(other.source)
            if isinstance(beside, License) and beside.type is AgreementType.LICENSE:
                licensors = {link.source for link in setting.map.into(Licenses, beside.id)}
                if licensors & parties:
                    return True
    return False


def _exception(setting: Setting, agreement: License) -> tuple[Answer, str | None, Reason | None]:
    """Whether an exception takes the agreement out, which one, and why."""
    for exception in setting.pack.exceptions.values():
        answer, text = EXCEPTION_METHODS[exception.method](setting, agreement)
        if answer is not Answer.NO:
            reason = Reason(
                text=f"{exception.title}: {text}",
                citation=exception.citation,
                where=(agreement.id,),
                sources=agreement.sources,
            )
            return answer, exception.id, reason
        if text:
            reason = Reason(text=text, citation=exception.citation, where=(agreement.id,))
            return Answer.NO, None, reason
    return Answer.NO, None, None


def _clean(setting: Setting, agreement: License) -> Reason:
    text = sentence(f"No right or flag of the list holds for {setting.name(agreement.id)}")
    return Reason(text=text, citation=_citation(setting), where=(agreement.id,))


def _silence(
    setting: Setting, agreement: License, flags: tuple[FlagResult, ...]
) -> tuple[Reason, ...]:
    silent = [setting.pack.flags[flag.flag].title for flag in flags if flag.silent]
    if not silent:
        return ()
    text = sentence(f"The map says nothing of {setting.name(agreement.id)} on: {', '.join(silent)}")
    return (Reason(text=text, citation=_citation(setting), where=(agreement.id,)),)


def _unmodified(
    setting: Setting, agreement: License, flags: tuple[FlagResult, ...]
) -> tuple[Reason, ...]:
    """That the agreement is read as never modified, since the map records no modification."""
    if agreement.modified is not None or agreement.signed is None:
        return ()
    return tuple(
        flag.because
        for flag in flags
        if (rule := setting.pack.flags[flag.flag]).method == "agreement-date"
        and flag.answer is Answer.NO
        and _applies(setting, agreement, rule) is not Answer.NO
    )


def term_answer(_setting: Setting, agreement: License, flag: Flag) -> Decision:
    """By the license's own term: true, false, or not stated."""
    stated = agreement.terms.get(flag.term or "")
    if stated is None:
        return Answer.UNKNOWN, True, "the map does not say."
    if stated:
        return Answer.YES, False, "the agreement gives the counterparty this right."
    return Answer.NO, False, "the agreement does not give this right."


def royalty_term(setting: Setting, agreement: License, flag: Flag) -> Decision:
    """By the last day on which a royalty can fall due, against the years allowed."""
    years = setting.number(flag.parameter)
    last = agreement.last_royalty
    if last is None and agreement.royalty is not None and high(agreement.royalty) <= 0:
        return Answer.NO, False, "no royalty is paid."
    ends = agreement.expires if last is None else last
    if agreement.signed is None or ends is None or years is None:
        return Answer.UNKNOWN, True, "the map lacks the day of signing or of the last royalty."
    allowed = years_after(agreement.signed, int(years))
    if ends <= allowed:
        return Answer.NO, False, f"royalties end by {ends}; {years:g} years end on {allowed}."
    if last is None:
        return Answer.UNKNOWN, True, "the agreement outlasts the term; the last royalty is unknown."
    return Answer.YES, False, f"royalties may fall due until {last}, after {allowed}."


def service_months(setting: Setting, agreement: License, flag: Flag) -> Decision:
    """By the longest services period that can be required, against the months allowed."""
    allowed = setting.number(flag.parameter)
    months = agreement.service_months
    if months is None or allowed is None:
        return Answer.UNKNOWN, True, "the map gives no services period."
    least, most = low(months), high(months)
    span = f"{least:g}" if most - least <= SAME else f"{least:g} to {most:g}"
    text = f"services can be required for {span} months; {allowed:g} are allowed."
    if least > allowed + SAME:
        return Answer.YES, False, text
    return (Answer.UNKNOWN if most > allowed + SAME else Answer.NO), False, text


def agreement_date(setting: Setting, agreement: License, flag: Flag) -> Decision:
    """By the day of signing or of the latest modification, against the first day that counts."""
    found = setting.pack.value(flag.parameter or "", setting.map.as_of)
    days = [day for day in (agreement.signed, agreement.modified) if day is not None]
    days = [day for day in days if day <= setting.map.as_of]
    if found is None:
        return Answer.NO, False, "no date bars agreements in this year."
    if late := [day for day in days if day >= found.day]:
        deed = "signed" if agreement.signed in late else "modified"
        return Answer.YES, False, f"{deed} on {late[0]}, on or after {found.day}."
    if agreement.signed is None:
        return Answer.UNKNOWN, True, "the map does not say when it was signed."
    return (
        Answer.NO,
        False,
        (f"signed on {agreement.signed}; the map shows no modification on or after {found.day}."),
    )


def sale_without_reversion(setting: Setting, agreement: License) -> tuple[Answer, str]:
    """An outright sale that does not return to the seller; a text beside no means it reverts."""
    if agreement.sale is not True:
        return Answer.NO, ""
    name = setting.name(agreement.id)
    match agreement.reverts:
        case False:
            return Answer.YES, f"{name} is an outright purchase that does not revert to the seller."
        case True:
            return Answer.NO, f"{name} is a purchase that reverts to the seller, hence no sale."
        case _:
            return Answer.UNKNOWN, f"the map does not say whether {name} reverts to the seller."


FLAG_METHODS: dict[str, Callable[[Setting, License, Flag], Decision]] = {
    "term-answer": term_answer,
    "royalty-term": royalty_term,
    "service-months": service_months,
    "agreement-date": agreement_date,
}
"""How a flag may be decided, by the name that packs use."""

EXCEPTION_METHODS: dict[str, Callable[[Setting, License], tuple[Answer, str]]] = {
    "sale-without-reversion": sale_without_reversion,
}
"""How an exception may be decided, by the name that packs use."""
