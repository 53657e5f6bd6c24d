"""Where the goods of a supply link are made, and by whom, as far as the map says."""

from __future__ import annotations

from msgspec import Struct

from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Company, Located, Material, Plant, Supplies
from depmap_gui.rules.setting import Setting, percent


class Origins(Struct, frozen=True):
    """Shares of the goods by country code, the rest unknown, and a clause that says whence."""

    shares: dict[str, float]
    text: str = ""

    @property
    def unknown(self) -> float:
        """The share of which the origin is unknown."""
        return max(0.0, 1.0 - sum(self.shares.values()))


def maker_of(setting: Setting, link: Supplies) -> Company | None:
    """The company that makes what is supplied; None where the map does not say."""
    source = setting.map.entities[link.source]
    match source:
        case Company():
            return source
        case Plant():
            return setting.map.operator(source.id)
        case _:
            return None


def origins_of(setting: Setting, link: Supplies) -> Origins:
    """Where the goods come from: the plant's site, the material's origins, or, where no plant
    is drawn, the home of the company that supplies them."""
    source = setting.map.entities[link.source]
    name = setting.name(link.source)
    match source:
        case Plant():
            sites = setting.map.places(source.id, LocationRole.SITE)
            if sites and sites[0].code:
                return Origins({sites[0].code: 1.0}, f"{name} stands in {sites[0].name}")
        case Company():
            roles = (LocationRole.INCORPORATED, LocationRole.PRINCIPAL)
            homes = [place for role in roles for place in setting.map.places(source.id, role)]
            if homes and homes[0].code:
                text = f"no plant of {name} is drawn; its home, {homes[0].name}, is taken as origin"
                return Origins({homes[0].code: 1.0}, text)
        case Material():
            return _of_material(setting, source)
    return Origins({}, f"the origin of what {name} supplies is unknown")


def _of_material(setting: Setting, material: Material) -> Origins:
    places = setting.map.places(material.id, LocationRole.ORIGIN)
    codes = {place.id: place.code for place in places if place.code}
    shares = {
        codes[link.source]: mode(link.share)
        for link in setting.map.into(Located, material.id)
        if link.source in codes and link.share is not None
    }
    if len(codes) == 1 and not shares:
        shares = dict.fromkeys(codes.values(), 1.0)
    name = setting.name(material.id)
    if not shares:
        return Origins({}, f"the map does not say where {name} comes from")
    total = max(1.0, sum(shares.values()))
    parts = {code: share / total for code, share in shares.items() if share > 0.0}
    listed = ", ".join(f"{code} {percent(share)}" for code, share in parts.items())
    return Origins(parts, f"{name} comes from {listed}")
