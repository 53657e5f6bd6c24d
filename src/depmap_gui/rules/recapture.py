"""Credits that may have to be paid back: payments that give effective control, within years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from depmap_gui.domain.records import License
from depmap_gui.rules.calendar import years_after
from depmap_gui.rules.results import LicenseControl, Reason, RecaptureResult, Verdict
from depmap_gui.rules.safe_harbor import RecaptureRule
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.testing import TestCase, licenses_of_product

SERVICE_DAY = "service_deadline.dates"


def recapture_window(
    setting: Setting, rule: RecaptureRule, in_service: date
) -> tuple[date, date] | None:
    """First and last day on which a payment takes the credit back; None where none can.

    The credit is of the calendar tax year in which the property is placed in service.
    """
    years, after = setting.number(rule.years), setting.value(rule.tax_years_after)
    if years is None or after is None or date(in_service.year, 1, 1) <= after.day:
        return None
    return in_service, years_after(in_service, int(years))


def recapture_of(case: TestCase, credit: float | None) -> RecaptureResult | None:
    """Whether the product's credit may have to be paid back, as the map stands on its day.

    `credit` is the credit allowed, None where it is unknown. None where the law takes nothing
    back: no such rule, a credit too early for it, or years that have passed.
    """
    setting = case.setting
    rule = setting.pack.recaptures.get(case.credit.recapture or "")
    if rule is None:
        return None
    share = setting.number(rule.share)
    amount = None if credit is None or share is None else credit * share
    served = case.product.in_service
    if served is None:
        text = "The map gives no day in service, so the years of recapture are unknown."
        reason = Reason(text=text, citation=rule.citation, where=(case.plant.id,))
        return _result(case, rule, Verdict.UNKNOWN, None, amount, (reason,), (SERVICE_DAY,))
    window = recapture_window(setting, rule, served)
    if window is None or window[1] < setting.map.as_of.replace(month=1, day=1):
        return None
    found = [case.found.licenses[id] for id in licenses_of_product(case)]
    paying = [each for each in found if may_pay_within(setting, each, window)]
    ranked = (Verdict.FAIL, Verdict.UNCERTAIN, Verdict.UNKNOWN)
    verdict = next((v for v in ranked if any(each.verdict is v for each in paying)), Verdict.PASS)
    telling = [each for each in paying if each.verdict is verdict and verdict is not Verdict.PASS]
    return _result(case, rule, verdict, window, amount, _reasons(case, rule, window, telling))


def may_pay_within(setting: Setting, control: LicenseControl, window: tuple[date, date]) -> bool:
    """Whether a payment under the agreement may fall into the window.

    Payments may flow from its signing until it ends or its last royalty falls due; one signed
    later than the window, or ended before it, brings none.
    """
    agreement = setting.map.entities[control.license]
    if not isinstance(agreement, License):
        return False
    starts = agreement.signed or date.min
    known = [day for day in (agreement.expires, agreement.last_royalty) if day is not None]
    return starts <= window[1] and (not known or max(known) >= window[0])


def _reasons(
    case: TestCase,
    rule: RecaptureRule,
    window: tuple[date, date],
    telling: Sequence[LicenseControl],
) -> tuple[Reason, ...]:
    name = case.setting.name
    starts, ends = window
    if not telling:
        text = "No agreement on the map gives a specified foreign entity effective control of "
        text += f"what is made at {name(case.plant.id)}; a payment under one until {ends} would "
        text += "take the credit back."
        return (Reason(text=text, citation=rule.citation, where=(case.plant.id,)),)
    names = ", ".join(name(each.license) for each in telling)
    sure = all(each.verdict is Verdict.FAIL for each in telling)
    text = f"A payment under {names} from {starts} to {ends} takes the credit back"
    text += "." if sure else ", if it gives a specified foreign entity effective control."
    first = Reason(text=text, citation=rule.citation, where=tuple(each.license for each in telling))
    return (first, *(reason for each in telling for reason in each.because))


def _result(
    case: TestCase,
    rule: RecaptureRule,
    verdict: Verdict,
    window: tuple[date, date] | None,
    amount: float | None,
    because: tuple[Reason, ...],
    silent: tuple[str, ...] = (),
) -> RecaptureResult:
    return RecaptureResult(
        id=rule.id,
        title=rule.title,
        verdict=verdict,
        starts=None if window is None else window[0],
        ends=None if window is None else window[1],
        amount=amount,
        currency=case.setting.pack.currency,
        because=because,
        citation=rule.citation,
        why=rule.why,
        cure=rule.cure,
        open=silent,
    )
