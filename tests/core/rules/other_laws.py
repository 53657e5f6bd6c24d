"""Asks packs other than the tax credits' own about small maps, on any day."""

from __future__ import annotations

import functools
from datetime import date

from law_maps import Sketch

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.loader import find_pack
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CompanyStatus, DutyResult, LawResult

OFAC, BIS, DOE, OBBBA = "us-ofac-50", "us-bis-affiliates", "us-doe-feoc", "us-obbba"
VEHICLE_CREDIT, VEHICLES = "us-30d", "us-connected-vehicles"
TARIFFS, EU = "tariffs", "eu-iaa"
NEW_PACKS = (OFAC, BIS, DOE, VEHICLE_CREDIT, VEHICLES, TARIFFS, EU)

find = functools.cache(find_pack)


def judge(sketch: Sketch, *packs: str | RulePack, on: date, **settled: str) -> LawResult:
    """What the packs say on a day. `settled` names readings, with `_` for `-`."""
    readings = {name.replace("_", "-"): reading for name, reading in settled.items()}
    loaded = [find(pack) if isinstance(pack, str) else pack for pack in packs]
    return evaluate(MapInForce(sketch.project(), on), loaded, on.year, readings)


def status(sketch: Sketch, pack: str, company: str, on: date, **settled: str) -> CompanyStatus:
    """One company's status under one pack."""
    return judge(sketch, pack, on=on, **settled).companies[pack][company]


def told(found: CompanyStatus) -> str:
    """All reasons of a status as one text."""
    return " ".join(reason.text for reason in found.reasons)


def duty(sketch: Sketch, on: date, pack: str | RulePack = TARIFFS) -> DutyResult:
    """The duty on the map's only delivery."""
    (result,) = judge(sketch, pack, on=on).duties
    return result
