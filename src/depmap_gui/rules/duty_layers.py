"""Which layers of duty meet some goods, and what each charges.

Of the layers of one family the one that fits most closely is charged: one that names the maker
before one that does not, then the one with the longest matching tariff code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from depmap_gui.domain.records import Company
from depmap_gui.rules.listings import plain_name
from depmap_gui.rules.pack import DatedValue, DutyRule
from depmap_gui.rules.results import Answer
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.status import declared_answer

BASE_FAMILY = "base"
MAKER_CONTROL = "maker.control"
"""The parameter with the share above which a holder's name stands for the maker's."""
ANY = "*"
_QUOTA = "duty.quota"
_MAKER = "duty.maker"
_CODE = "duty.code"
_CHARGED = "duty.charged"


class Goods(Struct, frozen=True, kw_only=True):
    """What is delivered: `destination` is the country and its customs union; `maker_names` are the
    maker's and those of its majority owners; None is unknown."""

    destination: tuple[str, ...]
    code: str | None
    maker: Company | None
    maker_names: tuple[str, ...]
    origins: tuple[str, ...]
    units: float | None


class Charge(Struct, frozen=True, kw_only=True):
    """What one layer charges: `likely` None where that is open, `high` None without bound.

    A charge without a rule stands for an ordinary duty that the pack does not have.
    """

    rule: DutyRule | None
    value: DatedValue | None = None
    low: float
    likely: float | None
    high: float | None
    open: tuple[str, ...] = ()
    said: str = ""

    @property
    def is_base(self) -> bool:
        """Whether this is the ordinary duty."""
        return self.rule is not None and self.rule.family == BASE_FAMILY


class _Fit(Struct, frozen=True, kw_only=True):
    """How a layer fits some goods: surely or perhaps, how closely, and what leaves it open."""

    rule: DutyRule
    value: DatedValue
    sure: bool
    close: tuple[bool, int]
    open: tuple[str, ...]


class Layers:
    """The layers of a pack that are in force on the map's day."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.rules = [
            rule for rule in setting.pack.duties.values() if setting.value(rule.rate) is not None
        ]
        self._known: dict[tuple[object, ...], list[_Fit]] = {}

    @cached_property
    def _makers(self) -> dict[str, frozenset[str]]:
        return {rule.id: frozenset(map(plain_name, rule.makers)) for rule in self.rules}

    def meets(self, rule: DutyRule, goods: Goods, origin: str) -> bool:
        """Whether the layer surely meets goods of this origin."""
        fit = self._fit(rule, goods, origin)
        return fit is not None and fit.sure

    def charges(
        self, goods: Goods, origin: str, used: Mapping[str, tuple[float, bool]]
    ) -> list[Charge]:
        """What each family charges on goods of this origin; `used` gives, of each layer with a
        quota, the units under it and whether all are stated."""
        families: dict[str, list[_Fit]] = {}
        for fit in self._fits(goods, origin):
            families.setdefault(fit.rule.family or fit.rule.id, []).append(fit)
        found = [self._charge(goods, fits, used) for fits in families.values()]
        charged = {each.rule.id for each in found if each.rule and each.low > 0.0}
        return [
            each
            for each in found
            if each.rule is None or not charged.intersection(each.rule.yields_to)
        ]

    def _fits(self, goods: Goods, origin: str) -> list[_Fit]:
        key = (goods.destination, goods.code, goods.maker_names, origin)
        if key not in self._known:
            fits = (self._fit(rule, goods, origin) for rule in self.rules)
            self._known[key] = [fit for fit in fits if fit is not None]
        return self._known[key]

    def _fit(self, rule: DutyRule, goods: Goods, origin: str) -> _Fit | None:
        if not set(rule.destinations) & set(goods.destination):
            return None
        if origin in rule.not_origins:
            return None
        open_points = []
        if origin in rule.open_origins:
            open_points.append(_CHARGED)
        elif rule.origins and origin not in rule.origins:
            if ANY not in rule.open_origins:
                return None
            open_points.append(_CHARGED)
        length = 0
        if rule.codes:
            sure, perhaps = _code_match(rule.codes, goods.code)
            if sure is None and perhaps is None:
                return None
            length = sure if sure is not None else perhaps or 0
            if sure is None:
                open_points.append(_CODE)
        if rule.makers:
            if not goods.maker_names:
                open_points.append(_MAKER)
            elif not self._makers[rule.id] & set(map(plain_name, goods.maker_names)):
                return None
        value = self.setting.value(rule.rate)
        assert value is not None
        return _Fit(
            rule=rule,
            value=value,
            sure=not open_points,
            close=(bool(rule.makers), length),
            open=tuple(open_points),
        )

    def _charge(
        self, goods: Goods, fits: list[_Fit], used: Mapping[str, tuple[float, bool]]
    ) -> Charge:
        """What one family charges: the closest sure layer, with those that may stand before it."""
        sure = [fit for fit in fits if fit.sure]
        best = max(sure, key=lambda fit: fit.close, default=None)
        rivals = [fit for fit in fits if not fit.sure and (best is None or fit.close > best.close)]
        if best is not None and not rivals:
            return self._single(goods, best, used)
        rates = [fit.value.number for fit in (*rivals, *((best,) if best else ()))]
        open_points = tuple(dict.fromkeys(point for fit in rivals for point in fit.open))
        least = min(rates) if best is not None else 0.0
        likely = None
        if best is not None and _MAKER not in open_points and _CHARGED not in open_points:
            likely = best.value.number  # the closer layer names a code that the map does not give
        if max(rates) - least <= 0.0:
            likely, open_points = least, ()
        shown = best if best is not None else max(rivals, key=lambda fit: fit.value.number)
        return Charge(
            rule=shown.rule,
            value=shown.value,
            low=least,
            likely=likely,
            high=max(rates),
            open=open_points,
        )

    def _single(self, goods: Goods, fit: _Fit, used: Mapping[str, tuple[float, bool]]) -> Charge:
        rate = fit.value.number
        if fit.rule.waiver is not None and self._waived(goods, fit.rule) is not Answer.NO:
            certain = self._waived(goods, fit.rule) is Answer.YES
            return Charge(
                rule=fit.rule,
                value=fit.value,
                low=0.0,
                likely=0.0 if certain else None,
                high=0.0 if certain else rate,
                said=f"declared of the maker: {fit.rule.waiver}",
            )
        if fit.rule.quota is not None:
            return self._beyond_quota(fit, *used.get(fit.rule.id, (0.0, False)))
        return Charge(rule=fit.rule, value=fit.value, low=rate, likely=rate, high=rate)

    def _waived(self, goods: Goods, rule: DutyRule) -> Answer:
        """Whether the maker is declared not to pay the layer on the map's day."""
        if goods.maker is None or rule.waiver is None:
            return Answer.NO
        if rule.waiver_from is not None and self.setting.map.as_of < rule.waiver_from:
            return Answer.NO
        stated = declared_answer(goods.maker, rule.waiver)
        return Answer.NO if stated is None else stated.answer

    def _beyond_quota(self, fit: _Fit, units: float, stated: bool) -> Charge:
        """The layer on what exceeds the quota. What others bring in under it is not on the map,
        so all of it may be beyond."""
        rate = fit.value.number
        limit = self.setting.number(fit.rule.quota)
        if limit is None:
            return Charge(rule=fit.rule, value=fit.value, low=rate, likely=rate, high=rate)
        if not stated or units <= 0.0:
            said = "the units a year under the quota are not all stated"
            return Charge(
                rule=fit.rule,
                value=fit.value,
                low=0.0,
                likely=None,
                high=rate,
                open=(_QUOTA,),
                said=said,
            )
        beyond = max(0.0, units - limit) / units
        said = f"{units:,.0f} units a year on the map, {limit:,.0f} within the quota"
        return Charge(
            rule=fit.rule,
            value=fit.value,
            low=beyond * rate,
            likely=beyond * rate,
            high=rate,
            open=(_QUOTA,),
            said=f"{said}; what others bring in is not on the map",
        )


def _code_match(codes: tuple[str, ...], code: str | None) -> tuple[int | None, int | None]:
    """Lengths of the longest listed code that the goods' code begins with, and of the longest
    that begins with it; None where there is none, or where the goods have no code."""
    if code is None:
        return None, None
    listed = [_digits(each) for each in codes]
    wanted = _digits(code)
    sure = [len(each) for each in listed if wanted.startswith(each)]
    finer = [len(each) for each in listed if each.startswith(wanted) and each != wanted]
    return max(sure, default=None), max(finer, default=None)


def _digits(code: str) -> str:
    return "".join(character for character in code if character.isdigit())
