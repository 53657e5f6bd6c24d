"""The words on the map: a line of context on each card and a label on each link.

All are read from the facts; nothing is stored. Building one is cheap but not free, so the scene
asks only for what comes into sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import LegalForm, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, bounds, is_uncertain, mode
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Jurisdiction,
    Lends,
    License,
    Licenses,
    Located,
    Material,
    Operates,
    Owns,
    Plant,
    Supplies,
    Uses,
)
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.numbers import money, percent, percent_range

SEPARATOR = " · "
_LEGAL_ENDING = re.compile(
    r",?\s+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|gmbh|ag|sa|"
    r"s\.a|nv|n\.v|ab|bv|b\.v|pte|kk|group|holdings?|co\.,?\s*ltd)\.?$",
    re.IGNORECASE,
)


class Captions:
    """Words for the items and links of one project on one day, seen through a lens or none."""

    def __init__(self, project: Project, as_of: date, lens: Lens | None = None) -> None:
        self._project = project
        self._lens = lens
        self._map = MapInForce(project, as_of)

    def after(self, project: Project, links: Sequence[AnyLink]) -> Captions:
        """Words for the same items and links of the project, in which these links say otherwise."""
        after = Captions(project, self._map.as_of, self._lens)
        if not links:
            after._map = self._map.with_entities(project)
        return after

    def context(self, entity: AnyEntity) -> str:
        """One line that places the item: where it is, what it does, with whom."""
        match entity:
            case Plant():
                return self._of_plant(entity)
            case Company():
                return self._of_company(entity)
            case License():
                return self._of_license(entity)
            case Material():
                return self._of_material(entity)
            case Jurisdiction():
                return entity.code or "no code yet"

    def link(self, link: AnyLink) -> str:
        """What the link says of itself: a share, an item and its cost, or its kind."""
        match link:
            case Supplies():
                return self._of_supply(link)
            case Uses():
                return _with_share("IP", link.share, "share unknown")
            case Licenses():
                return "licensor" if link.share is None else _with_share("licensor", link.share)
            case Owns():
                return _of_holding(link)
            case Lends():
                return _with_share("debt", link.share, "share unknown")
            case Operates():
                return "operates"
            case Located():
                return str(link.role or "")

    def _of_plant(self, plant: Plant) -> str:
        operator = self._map.operator(plant.id)
        products = [product.name or product.id for product in plant.products]
        more = f" +{len(products) - 1}" if len(products) > 1 else ""
        made = products[0] + more if products else "no product yet"
        whose = short_name(operator.name) if operator else "no operator yet"
        return SEPARATOR.join((whose, made))

    def _of_company(self, company: Company) -> str:
        parts = [self._home(company.id), _listed(company.lists) or self._doing(company)]
        return SEPARATOR.join(part for part in parts if part) or "no home yet"

    def _doing(self, company: Company) -> str:
        """What the company is on this map, by its outgoing links; failing those its form."""
        if company.form is LegalForm.GOVERNMENT:
            return "government"
        if self._map.out_of(Operates, company.id):
            return "operator"
        items = _distinct(link.item for link in self._map.out_of(Supplies, company.id))
        if len(items) == 1:
            return items[0]
        if items or self._map.out_of(Supplies, company.id):
            return "supplier"
        if self._map.out_of(Licenses, company.id):
            return "licensor"
        if self._map.out_of(Owns, company.id):
            return "owner"
        if self._map.out_of(Lends, company.id):
            return "lender"
        return "" if company.form is LegalForm.CORPORATION else str(company.form)

    def _home(self, company: str) -> str:
        roles = (
            LocationRole.INCORPORATED,
            LocationRole.PRINCIPAL,
            LocationRole.CITIZEN,
            LocationRole.RESIDENT,
        )
        for role in roles:
            if places := self._map.places(company, role):
                return places[0].code or places[0].name
        return ""

    def _of_license(self, license: License) -> str:
        licensors = [
            self._project.name(link.source) for link in self._map.into(Licenses, license.id)
        ]
        users = [self._user(link.target) for link in self._map.out_of(Uses, license.id)]
        given, taken = _several(_distinct(licensors)), _several(_distinct(users))
        parties = " → ".join((given or "?", taken)) if taken else given or "no licensor yet"
        year = str(license.signed.year) if license.signed else ""
        return SEPARATOR.join(part for part in (parties, year) if part)

    def _user(self, target: str) -> str:
        operator = self._map.operator(target)
        return operator.name if operator else self._project.name(target)

    def _of_material(self, material: Material) -> str:
        parts = []
        for link in self._map.into(Located, material.id):
            place = self._project.entities[link.source]
            code = (place.code if isinstance(place, Jurisdiction) else "") or place.name
            parts.append(code if link.share is None else f"{code} {percent(mode(link.share))}")
        return ", ".join(parts[:3]) if parts else "origin unknown"

    def _of_supply(self, link: Supplies) -> str:
        lens, parts = self._lens, [link.item]
        if link.cost is not None and lens is not Lens.IP:
            parts.append(money(mode(link.cost), self._project.header.currency))
        elif lens in (Lens.INPUTS, Lens.CREDIT):
            parts.append("cost unknown")
        words = " ".join(part for part in parts if part)
        if link.ip_share is not None and lens in (None, Lens.IP):
            words = SEPARATOR.join(
                part for part in (words, _with_share("IP", link.ip_share)) if part
            )
        if link.candidate:
            words = SEPARATOR.join(part for part in (words, "candidate") if part)
        return words


def short_name(name: str) -> str:
    """The name without its legal ending: 'Maker Motor' for 'Maker Motor Co., Ltd.'."""
    shorter = name
    while (found := _LEGAL_ENDING.search(shorter)) is not None:
        shorter = shorter[: found.start()].rstrip(" ,.")
    return shorter


def _of_holding(link: Owns) -> str:
    if link.share is None and link.votes is None:
        return "share unknown"
    if link.votes is None or link.votes == link.share:
        return _share(link.share)
    if link.share is None:
        return f"{_share(link.votes)} of votes"
    return f"{_share(link.share)}, votes {_share(link.votes)}"


def _share(share: Quantity | None) -> str:
    if share is None:
        return "unknown"
    if is_uncertain(share):
        low, _, high = bounds(share)
        return percent_range(low, high)
    return percent(mode(share))


def _with_share(word: str, share: Quantity | None, unknown: str = "unknown") -> str:
    return f"{word} {unknown if share is None else _share(share)}"


def _listed(lists: tuple[str, ...]) -> str:
    if not lists:
        return ""
    first = lists[0].replace("-", " ").replace("_", " ").upper()
    return first if len(lists) == 1 else f"{first} +{len(lists) - 1}"


def _distinct(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]


def _several(names: list[str]) -> str:
    if not names:
        return ""
    return short_name(names[0]) + (f" +{len(names) - 1}" if len(names) > 1 else "")
