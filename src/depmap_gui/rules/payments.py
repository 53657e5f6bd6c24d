"""Whether a payment under an agreement counts: points of law on which the text is open.

An entity is foreign-influenced by payments of the previous year under an agreement that gives a
specified foreign entity effective control. A map shows agreements, not payments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from depmap_gui.domain.quantity import high
from depmap_gui.domain.records import License
from depmap_gui.rules.results import LicenseControl, Reason
from depmap_gui.rules.setting import Setting

PREVIOUS_YEAR = "payments-previous-year"
BEFORE_ENACTMENT = "payments-before-enactment"
FREE = "free-license"
ENACTED = "payments.first-day"


class PaymentDoubt(Struct, frozen=True, kw_only=True, gc=False):
    """Why nothing paid under the agreements may count. ``clears``: read so that it does not."""

    question: str
    clears: bool
    because: Reason


def payment_doubt(setting: Setting, agreements: Sequence[LicenseControl]) -> PaymentDoubt | None:
    """The first open question that bears on all of these agreements, one that clears them before
    one that does not; None where payments count in every reading."""
    found = []
    for control in agreements:
        agreement = setting.map.entities[control.license]
        if not isinstance(agreement, License):
            return None
        found.append(agreement)
    if not found:
        return None
    doubts = (
        _made_this_year(setting, found),
        _ended_before_enactment(setting, found),
        _free(setting, found),
    )
    told = [doubt for doubt in doubts if doubt is not None]
    return next((doubt for doubt in told if doubt.clears), told[0] if told else None)


def _made_this_year(setting: Setting, agreements: Sequence[License]) -> PaymentDoubt | None:
    year = setting.year
    if not all(each.signed is not None and each.signed.year >= year for each in agreements):
        return None
    text = f"The agreement is made only in {year}, so nothing was paid under it in {year - 1}; the "
    text += "statute asks for a payment in the previous year."
    return _doubt(setting, PREVIOUS_YEAR, "as-written", text, agreements)


def _ended_before_enactment(setting: Setting, agreements: Sequence[License]) -> PaymentDoubt | None:
    enacted = setting.value(ENACTED)
    if enacted is None or enacted.day < date(setting.year - 1, 1, 1):
        return None
    if not all(each.expires is not None and each.expires < enacted.day for each in agreements):
        return None
    text = f"The agreement ended before {enacted.day}, when the law was enacted; whether payments "
    text += "before that day count is open."
    return _doubt(setting, BEFORE_ENACTMENT, "not-counted", text, agreements)


def _free(setting: Setting, agreements: Sequence[License]) -> PaymentDoubt | None:
    if not all(each.royalty is not None and high(each.royalty) <= 0.0 for each in agreements):
        return None
    text = "No royalty is paid under the agreement; whether a free agreement involves a payment, "
    text += "for services or otherwise, is open."
    return _doubt(setting, FREE, "no-payment", text, agreements)


def _doubt(
    setting: Setting, question: str, clearing: str, text: str, agreements: Sequence[License]
) -> PaymentDoubt:
    return PaymentDoubt(
        question=question,
        clears=setting.reads(question, clearing),
        because=Reason(
            text=text,
            citation=setting.pack.questions[question].citation,
            where=tuple(each.id for each in agreements),
        ),
    )
