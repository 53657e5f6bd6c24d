"""What can be done about an agreement that gives effective control.

The flags and exceptions of the packs say what raises a flag and so what undoes it. A flag decided
by the date of the agreement cannot be amended away; an amendment itself modifies the agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from depmap_gui.analysis.repair_case import RepairCase
from depmap_gui.analysis.repair_results import Move, MoveKind
from depmap_gui.domain.kinds import AgreementType
from depmap_gui.domain.records import License, Licenses, Operates, Uses
from depmap_gui.rules.calendar import years_after
from depmap_gui.rules.contract_rights import KEPT
from depmap_gui.rules.influence import licenses_reaching
from depmap_gui.rules.license_control import sale_without_reversion
from depmap_gui.rules.methods import EXCEPTION_METHODS
from depmap_gui.rules.pack import Flag, RulePack
from depmap_gui.rules.results import Answer, FlagResult, LicenseControl, Verdict
from depmap_gui.rules.setting import Setting

_BLOCKING = (Verdict.FAIL, Verdict.UNCERTAIN)
Amendment = dict[str, Any]
"""New values of a license's fields; ``terms`` holds only those that change."""


def agreement_moves(case: RepairCase) -> Iterator[Move]:
    """Amending, buying out and making anew every agreement of the plant or its taxpayer that
    gives, or may give, effective control."""
    for id in _agreements(case):
        agreement = case.project.entities[id]
        assert isinstance(agreement, License)
        controls = [
            (pack, control)
            for pack in case.packs
            if (control := case.law.licenses.get(pack.id, {}).get(id)) is not None
            and control.verdict in _BLOCKING
        ]
        if not controls:
            continue
        if (amending := _amending(case, agreement, controls)) is not None:
            yield amending
        if _may_be_bought(agreement, [pack for pack, _ in controls]):
            sets = {"sale": True, "reverts": False}
            yield _move(case, MoveKind.BUY_OUT, agreement, sets=sets, where=(id,))
        yield _move(
            case, MoveKind.RELICENSE, agreement, where=(id, *_tainted_links(case, agreement))
        )


def _agreements(case: RepairCase) -> list[str]:
    """Agreements of the plant, its taxpayer, the taxpayer's other plants, and all others that
    bear on a test in the way."""
    users = [case.plant.id]
    if case.taxpayer is not None:
        users.append(case.taxpayer.id)
        users += [link.target for link in case.map.out_of(Operates, case.taxpayer.id)]
    found = licenses_reaching(_setting(case, case.packs[0]), dict.fromkeys(users))
    told = [
        id
        for key, blocked in case.blocked()
        for test in case.credits[key].tests
        if test.id == blocked
        for reason in test.because
        for id in reason.where
        if isinstance(case.project.entities.get(id), License)
    ]
    return list(dict.fromkeys((*found, *told)))


def _setting(case: RepairCase, pack: RulePack) -> Setting:
    header = case.project.header
    return Setting(case.map, pack, header.year, header.readings)


def _move(case: RepairCase, kind: MoveKind, agreement: License, **facts: Any) -> Move:
    id = f"{kind.value}:{agreement.id}"
    return Move(
        id=id,
        kind=kind,
        record=agreement.id,
        group=f"agreement:{agreement.id}",
        title=case.project.name(agreement.id),
        extra=case.rules.prices.get(id),
        **facts,
    )


def _may_be_bought(agreement: License, packs: list[RulePack]) -> bool:
    """Whether some pack excepts an outright purchase of what is licensed."""
    return agreement.type is AgreementType.LICENSE and any(
        EXCEPTION_METHODS[exception.method] is sale_without_reversion
        for pack in packs
        for exception in pack.exceptions.values()
    )


def _tainted_links(case: RepairCase, agreement: License) -> list[str]:
    """Who is no longer to be a party: licensors that are or may be barred, and sub-licenses that
    bring such technology in."""
    found = [
        link.id
        for link in case.map.into(Licenses, agreement.id)
        if case.prohibited(link.source) is not Answer.NO
    ]
    for use in case.map.into(Uses, agreement.id):
        above, waiting = {use.source}, [use.source]
        while waiting:
            for link in case.map.into(Uses, waiting.pop()):
                if link.source not in above:
                    above.add(link.source)
                    waiting.append(link.source)
        licensors = (link.source for id in above for link in case.map.into(Licenses, id))
        if any(case.prohibited(licensor) is not Answer.NO for licensor in licensors):
            found.append(use.id)
    return found


# Amendments -----------------------------------------------------------------------------------


def _amending(
    case: RepairCase, agreement: License, controls: list[tuple[RulePack, LicenseControl]]
) -> Move | None:
    """Amending every point that raises a flag; None where some point cannot be amended."""
    sets: Amendment = {}
    terms = dict(agreement.terms)
    flags: list[Flag] = []
    for pack, control in controls:
        setting = _setting(case, pack)
        for raised in control.flags:
            if not _is_raised(raised):
                continue
            flag = pack.flags[raised.flag]
            undo = AMENDMENTS.get(flag.method)
            values = None if undo is None else undo(setting, agreement, flag)
            if values is None:
                return None
            terms |= values.pop("terms", {})
            sets |= values
            flags.append(flag)
    if not flags:
        return None
    if terms != agreement.terms:
        sets["terms"] = terms
    first = date(case.project.header.year, 1, 1)
    day = first if agreement.signed is None else max(first, agreement.signed)
    sets["modified"] = day.isoformat()
    return _move(
        case,
        MoveKind.AMEND,
        agreement,
        sets=sets,
        flags=tuple(dict.fromkeys(flag.title for flag in flags)),
        cures=tuple(dict.fromkeys(flag.cure for flag in flags)),
        where=(agreement.id,),
    )


def _is_raised(flag: FlagResult) -> bool:
    return flag.answer is Answer.YES or (flag.answer is Answer.UNKNOWN and not flag.silent)


def _strike(_setting: Setting, _agreement: License, flag: Flag) -> Amendment | None:
    return {"terms": {flag.term: False}} if flag.term else None


def _keep(_setting: Setting, _agreement: License, flag: Flag) -> Amendment | None:
    return {"terms": {flag.term: True}} if flag.term else None


def _shorten_services(setting: Setting, _agreement: License, flag: Flag) -> Amendment | None:
    months = setting.number(flag.parameter)
    return None if months is None else {"service_months": months}


def _end_royalties(setting: Setting, agreement: License, flag: Flag) -> Amendment | None:
    years = setting.number(flag.parameter)
    if years is None or agreement.signed is None:
        return None
    return {"last_royalty": years_after(agreement.signed, int(years)).isoformat()}


AMENDMENTS: dict[str, Callable[[Setting, License, Flag], Amendment | None]] = {
    "term-answer": _strike,
    "royalty-term": _end_royalties,
    "service-months": _shorten_services,
    KEPT: _keep,
}
"""What an amendment sets so that a flag no longer holds, by the name of how it is decided."""
