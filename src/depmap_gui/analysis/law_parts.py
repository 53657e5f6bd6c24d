"""What the law does with uncertain quantities, and which of them it looks at together.

A share moves the status of the company that it is a share of, and of those below it: what it owns,
lends to or licenses. Two quantities that reach no company in common decide apart from each other,
and each can be looked into by itself, the others at their mode.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from depmap_gui.analysis.projection import Integers
from depmap_gui.analysis.ranges import Ranges, project_record
from depmap_gui.analysis.uncertainty_results import Place
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    Company,
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


def parts_of(project: Project, ranges: Ranges, deciding: Integers) -> list[Integers]:
    """The deciding quantities (rows of the ranges) in groups that decide apart from each other.

    One group where they may meet in another way: in a market's makers or places, or in an
    agreement drawn to a company, which may reach the plants of related ones.
    """
    links = project.links.values()
    drawn_to_company = any(
        type(link) is Uses and _is_company(project, link.target) for link in links
    )
    if drawn_to_company or len(deciding) == 0:
        return [deciding]
    onward: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if isinstance(link, Owns | Lends | Located | Licenses | Uses):
            onward[link.source].append(link.target)
        elif type(link) is Operates:
            onward[link.target].append(link.source)
    groups: list[tuple[set[str], list[int]]] = []
    for number in deciding.tolist():
        record = project_record(project, ranges.places[number].record)
        reached = _reached(project, getattr(record, "target", record.id), onward)
        if isinstance(record, Supplies) or not reached:
            return [deciding]
        members = [number]
        apart = []
        for other, numbers in groups:
            if reached.isdisjoint(other):
                apart.append((other, numbers))
            else:
                reached |= other
                members += numbers
        groups = [*apart, (reached, members)]
    return [np.array(sorted(numbers), dtype=np.int64) for _, numbers in groups]


def _is_company(project: Project, id: str) -> bool:
    return isinstance(project.entities.get(id), Company)


def _reached(project: Project, start: str, onward: dict[str, list[str]]) -> set[str]:
    """The companies and licenses whose status follows from an item's, itself among them."""
    seen, waiting = {start}, [start]
    while waiting:
        for id in onward.get(waiting.pop(), ()):
            if id not in seen:
                seen.add(id)
                waiting.append(id)
    return {id for id in seen if isinstance(project.entities.get(id), Company | License)}


def effect(project: Project, place: Place) -> str:
    """What the law does with a quantity: "decides", "costs" or "nothing"."""
    if place.product is not None:
        return "costs" if place.field == "material_cost" else "nothing"
    record = project_record(project, place.record)
    match record:
        case Supplies() if place.field == "cost":
            match project.entities.get(record.target):
                case Plant():
                    return "costs"
                case Material():
                    # What a market's makers are paid says how much of it is whose.
                    return "decides"
                case _:
                    return "nothing"
        case Supplies() if place.field == "ip_share":
            return "nothing"
        case Uses() | Licenses():
            return "nothing"
        case _:
            return "nothing" if place.field in ("own_ip", "bought_in") else "decides"


def moves_the_law(project: Project, place: Place) -> bool:
    """Whether a quantity can move any test."""
    return effect(project, place) != "nothing"
