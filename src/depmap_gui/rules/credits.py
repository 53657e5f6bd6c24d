"""What a credit is worth before any risk, units x rate x phase-out, and in which year it falls."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Product
from depmap_gui.rules.pack import CreditRule, DecidingDate
from depmap_gui.rules.results import OneTime
from depmap_gui.rules.setting import Setting


class CreditValue(Struct, frozen=True, kw_only=True, gc=False):
    """Units at their mode, rate, phase-out share and their product; None is unknown."""

    units: float | None
    rate: float | None
    phase_out: float | None
    annual_credit: float | None


def deciding_day(setting: Setting, product: Product, credit: CreditRule) -> date | None:
    """The day whose law governs the product's credit; None where the map lacks it."""
    return _day(setting, product, credit.deciding_date)


def one_time(setting: Setting, product: Product, credit: CreditRule) -> OneTime | None:
    """The tax year of a credit that is given once; None of one that every year's units earn."""
    if credit.once_on is None:
        return None
    day = _day(setting, product, credit.once_on)
    return OneTime(year=None if day is None else day.year)


def _day(setting: Setting, product: Product, which: DecidingDate) -> date | None:
    match which:
        case DecidingDate.SALE | DecidingDate.PRODUCTION:
            return setting.map.as_of
        case DecidingDate.CONSTRUCTION_START:
            return product.construction_start
        case DecidingDate.IN_SERVICE:
            return product.in_service
        case DecidingDate.ACQUIRED:
            return product.acquired or product.in_service


def credit_value(setting: Setting, product: Product, credit: CreditRule) -> CreditValue:
    """The credit of the setting's year for a product; a rate that has ended is zero."""
    day = deciding_day(setting, product, credit)
    units = None if product.units is None else mode(product.units)
    rate = setting.number(credit.rate)
    phase_out = None if day is None else setting.pack.number(credit.phase_out, day)
    annual = None
    if units is not None and rate is not None and phase_out is not None:
        annual = units * rate * phase_out
    return CreditValue(units=units, rate=rate, phase_out=phase_out, annual_credit=annual)
