"""Control of production by contract: rights that the counterparty has, and rights that the
producer must keep to be on the safe side.

A contract that expressly keeps every right of the safe harbor gives no control. One that gives the
counterparty a listed right does. Between the two the facts decide, so the answer is uncertain.
"""

from __future__ import annotations

from collections.abc import Mapping

from depmap_gui.domain.records import License, Licenses
from depmap_gui.rules.license_control import FLAG_METHODS as TERM_METHODS
from depmap_gui.rules.license_control import Decision
from depmap_gui.rules.pack import Flag
from depmap_gui.rules.results import Answer, FlagResult, LicenseControl, Reason, Verdict
from depmap_gui.rules.setting import Setting, sentence
from depmap_gui.rules.standing_words import in_brackets

KEPT = "right-kept"
SAFE_HARBOR = "safe-harbor"


def right_kept(_setting: Setting, agreement: License, flag: Flag) -> Decision:
    """By the license's own term: whether the contract expressly keeps the right. The flag holds
    where it does not."""
    kept = agreement.terms.get(flag.term or "")
    if kept is None:
        return Answer.UNKNOWN, True, "the map does not say."
    if kept:
        return Answer.NO, False, "the contract expressly keeps this right."
    return Answer.YES, False, "the contract does not keep this right."


FLAG_METHODS = {**TERM_METHODS, KEPT: right_kept}
"""How a flag may be decided, by the name that packs use."""


def control_by_contract(
    setting: Setting, answers: Mapping[str, Answer], what: str
) -> dict[str, LicenseControl]:
    """The control that each license or contract on the map gives, by its id.

    `answers` says which companies count as counterparties, who are then called `what`.
    """
    return {
        agreement.id: _control(setting, answers, what, agreement)
        for agreement in setting.map.project.of_kind(License)
    }


def _control(
    setting: Setting, answers: Mapping[str, Answer], what: str, agreement: License
) -> LicenseControl:
    links = setting.map.into(Licenses, agreement.id)
    given = [answers.get(link.source, Answer.UNKNOWN) for link in links]
    who = next((each for each in (Answer.YES, Answer.UNKNOWN) if each in given), Answer.NO)
    if not links:
        who = Answer.UNKNOWN
    flags = tuple(
        _flag(setting, agreement, flag)
        for flag in setting.pack.flags.values()
        if flag.in_force(setting.map.as_of)
    )
    named = tuple(
        Reason(
            text=f"{setting.name(link.source)}, counterparty of {setting.name(agreement.id)}, "
            f"{_IS[answer]} {what}.",
            where=(link.id, link.source),
            sources=link.sources,
        )
        for link, answer in zip(links, given, strict=True)
        if answer is not Answer.NO
    )
    found, safe = _verdict(setting, who, flags)
    told = [flag.because for flag in flags if flag.answer is not Answer.NO and not flag.silent]
    if safe:
        text = f"{setting.name(agreement.id)} expressly keeps every right of the safe harbor"
        told = [Reason(text=sentence(text), where=(agreement.id,))]
    silent = tuple(f.flag for f in flags if f.silent)
    if silent and found is not Verdict.PASS:
        titles = ", ".join(setting.pack.flags[id].title for id in silent)
        text = sentence(f"The map says nothing of {setting.name(agreement.id)} on: {titles}")
        told.append(Reason(text=text, where=(agreement.id,)))
    return LicenseControl(
        license=agreement.id,
        pack=setting.pack.id,
        verdict=found,
        counterparty=who,
        flags=flags,
        exception=SAFE_HARBOR if safe else None,
        because=() if who is Answer.NO else (*named, *told),
        open=silent if found in (Verdict.UNKNOWN, Verdict.UNCERTAIN) else (),
    )


_IS = {Answer.YES: "is", Answer.UNKNOWN: "may be"}


def _verdict(setting: Setting, who: Answer, flags: tuple[FlagResult, ...]) -> tuple[Verdict, bool]:
    """The verdict, and whether it rests on the safe harbor."""
    if who is Answer.NO:
        return Verdict.PASS, False
    harbor = [flag for flag in flags if setting.pack.flags[flag.flag].method == KEPT]
    rights = [flag for flag in flags if setting.pack.flags[flag.flag].method != KEPT]
    if harbor and all(flag.answer is Answer.NO for flag in harbor):
        return Verdict.PASS, True
    if any(flag.answer is Answer.YES for flag in rights):
        return (Verdict.FAIL if who is Answer.YES else Verdict.UNCERTAIN), False
    if any(flag.answer is Answer.YES for flag in harbor):
        return Verdict.UNCERTAIN, False
    return Verdict.UNKNOWN, False


def _flag(setting: Setting, agreement: License, flag: Flag) -> FlagResult:
    answer, silent, text = FLAG_METHODS[flag.method](setting, agreement, flag)
    if agreement.type not in (*flag.applies_to, *flag.may_apply_to):
        answer, silent = Answer.NO, False
        text = f"This point is not asked of an agreement of the type {agreement.type}."
    return FlagResult(
        license=agreement.id,
        flag=flag.id,
        answer=answer,
        silent=silent,
        question=flag.question,
        because=Reason(
            text=f"{flag.title}: {text.removesuffix('.')}"
            f"{in_brackets(flag.standing, flag.certainty)}.",
            citation=flag.citation,
            where=(agreement.id,),
            sources=agreement.sources,
        ),
    )
