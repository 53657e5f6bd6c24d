"""Foreign influence on other days of the tax year than its last.

Status is tested on the last day of the year, yet the limbs of foreign influence say "during the
taxable year". Where a holding or debt ends within the year, the days on which it still stood are
asked too, and a limb that failed then is named or, if the question is read so, decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.records import Lends, Owns
from depmap_gui.rules.influence import AGGREGATE, DEBT, FIE, OFFICER, SINGLE
from depmap_gui.rules.own_facts import list_day
from depmap_gui.rules.results import Answer, CompanyStatus, LimbResult, Reason, Verdict
from depmap_gui.rules.setting import Setting

DAY = "status-day"
_LIMBS = (SINGLE, AGGREGATE, DEBT, OFFICER)
Statuses = dict[str, CompanyStatus]


def with_the_year(
    setting: Setting, statuses: Statuses, statuses_on: Callable[[Setting], Statuses]
) -> Statuses:
    """The statuses of the last day, with what was otherwise on earlier days of the year."""
    days = _days(setting)
    if not days:
        return statuses
    found = dict(statuses)
    for day in days:
        on_the_day = MapInForce(setting.map.project, day)
        there = Setting(
            on_the_day, setting.pack, setting.year, setting.settled, lists_on=list_day(setting)
        )
        earlier = statuses_on(there)
        for id, status in found.items():
            limbs = {
                limb: earlier[id].limbs[limb]
                for limb in _LIMBS
                if earlier[id].limbs[limb].verdict is Verdict.FAIL
                and status.limbs[limb].verdict is not Verdict.FAIL
                and f"question.{DAY}" not in status.limbs[limb].open
            }
            if limbs:
                found[id] = _changed(setting, status, limbs, day)
    return found


def _days(setting: Setting) -> list[date]:
    """The last days of holdings and debts that end within the year before the map's day."""
    starts, as_of = date(setting.year, 1, 1), setting.map.as_of
    return sorted(
        {
            link.valid_to
            for link in setting.map.project.links.values()
            if link.valid_to is not None
            and starts <= link.valid_to < as_of
            and isinstance(link, Owns | Lends)
        }
    )


def _changed(
    setting: Setting, status: CompanyStatus, failed: Mapping[str, LimbResult], day: date
) -> CompanyStatus:
    asked = setting.pack.questions[DAY]
    decides = setting.reads(DAY, "during")
    is_open = () if DAY in setting.settled else (f"question.{DAY}",)
    limbs = dict(status.limbs)
    reasons = list(status.reasons)
    for id, limb in failed.items():
        text = f"On {day} this limb failed; "
        if is_open:
            text += "whether that day counts, or the last of the year alone, is open "
            text += f"({asked.title})."
        else:
            counts = "counts" if decides else "does not count"
            text += f"that day {counts}, as the analyst has settled ({asked.title})."
        reason = Reason(
            text=text,
            citation=asked.citation,
            where=(status.company,),
        )
        own = limb if decides else limbs[id]
        limbs[id] = msgspec.structs.replace(
            own, because=(*own.because, reason), open=(*own.open, *is_open)
        )
        reasons += [*limb.because, reason] if decides else [reason]
    answers = dict(status.answers)
    if decides and FIE not in status.declared:
        answers[FIE] = Answer.YES
    return msgspec.structs.replace(
        status,
        answers=answers,
        limbs=limbs,
        reasons=tuple(dict.fromkeys(reasons)),
        open=tuple(dict.fromkeys((*status.open, *is_open))),
    )
