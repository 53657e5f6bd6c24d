"""The law again after an edit: only the credits that the change can reach are judged anew.

Of most edits - costs, shares of technology, what a plant makes - no company's status and no
license's control can come out otherwise. The products that they reach lie downstream along the
supplies; what these rest on lies upstream. So the law is asked about that part of the map alone.
Of all other edits the law is asked anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from depmap_gui.analysis.projection_changes import differences, moves_of
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    AnyEntity,
    AnyLink,
    Company,
    Located,
    Material,
    Operates,
    Plant,
    Supplies,
    Uses,
)
from depmap_gui.rules.evaluate import evaluate_again
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import LawResult, Verdict

if TYPE_CHECKING:
    from depmap_gui.analysis.results import Assessment

WIDE = 0.5
"""Where more than this part of the plants is reached, the law is asked anew."""
_RESTS_ON = (Supplies, Operates, Uses, Located)
"""The kinds of links along which a product rests on what stands at their start, statuses aside."""


def law_again(
    before: Assessment, map_in_force: MapInForce, packs: Sequence[RulePack]
) -> LawResult | None:
    """The law on the map as it stands now; None where it is to be asked anew.

    That is where more changed than supplies, plants, materials and their places, and under other
    packs, on another day, or with other readings.
    """
    reached = _reached(before, map_in_force, packs)
    if reached is None:
        return None
    project = map_in_force.project
    near = MapInForce(_near(project, reached), map_in_force.as_of)
    return evaluate_again(before.law, map_in_force, packs, reached, near)


def _reached(
    before: Assessment, map_in_force: MapInForce, packs: Sequence[RulePack]
) -> frozenset[str] | None:
    """The plants whose credits may differ; None where more than these may."""
    project, was = map_in_force.project, before.solution
    if was is None or before.law.as_of != map_in_force.as_of:
        return None
    former = was.projection.project
    same_packs = len(packs) == len(before.rules) and all(
        one is other for one, other in zip(packs, before.rules, strict=True)
    )
    if not same_packs or not _same_law(former, project):
        return None
    changed = _changed(was.projection.entities, was.projection.links, project)
    if changed is None or _loose_agreements(project, before.law):
        return None
    plants = {id for id, entity in project.entities.items() if type(entity) is Plant}
    reached = frozenset(plants & _downstream(project, changed))
    return reached if len(reached) <= WIDE * len(plants) else None


def _same_law(former: Project, project: Project) -> bool:
    """Whether the same is asked of both maps."""
    one, other = former.header, project.header
    return (one.readings, one.currency, one.year) == (other.readings, other.currency, other.year)


def _changed(
    entities: Sequence[AnyEntity], links: Sequence[AnyLink], project: Project
) -> set[str] | None:
    """Plants and materials that changed, and what changed supplies and places lead to. None where
    anything else changed, or items came, went, or changed places."""
    after = tuple(project.entities.values())
    if len(entities) != len(after) or [e.id for e in entities] != list(project.entities):
        return None
    moves = moves_of(links, tuple(project.links.values()))
    if moves is None:
        return None
    found = set()
    for row in differences(entities, after):
        if type(after[row]) not in (Plant, Material) or type(entities[row]) is not type(after[row]):
            return None
        found.add(after[row].id)
    for link in (*moves.gone.values(), *moves.come.values()):
        target = project.entities.get(link.target)
        of_goods = type(link) is Located and isinstance(target, Plant | Material)
        if not of_goods and type(link) is not Supplies:
            return None
        found.add(link.target)
    return found


def _loose_agreements(project: Project, law: LawResult) -> bool:
    """Whether agreements drawn to companies may reach the plants of related ones as well."""
    doubtful = {
        id
        for licenses in law.licenses.values()
        for id, control in licenses.items()
        if control.verdict is not Verdict.PASS
    }
    return any(
        type(link) is Uses
        and link.source in doubtful
        and isinstance(project.entities.get(link.target), Company)
        for link in project.links.values()
    )


def _downstream(project: Project, changed: Iterable[str]) -> set[str]:
    """What changed and all that is supplied by it, directly or through others."""
    onward: Mapping[str, list[str]] = defaultdict(list)
    for link in project.links.values():
        if type(link) is Supplies:
            onward[link.source].append(link.target)
    return _closure(changed, onward)


def _near(project: Project, plants: Iterable[str]) -> Project:
    """The part of a map that the credits of some plants rest on.

    Of the companies on it, also which plants they operate: one that operates none sells on.
    """
    into: Mapping[str, list[str]] = defaultdict(list)
    for link in project.links.values():
        if type(link) in _RESTS_ON:
            into[link.target].append(link.source)
    needed = _closure(plants, into)
    links: dict[str, AnyLink] = {}
    also = set(needed)
    for id, link in project.links.items():
        if type(link) is Operates and link.source in needed:
            links[id] = link
            also.add(link.target)
        elif type(link) in _RESTS_ON and link.target in needed and link.source in needed:
            links[id] = link
    return msgspec.structs.replace(
        project,
        entities={id: entity for id, entity in project.entities.items() if id in also},
        links=links,
    )


def _closure(start: Iterable[str], onward: Mapping[str, list[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for id in onward.get(waiting.pop(), ()):
            if id not in found:
                found.add(id)
                waiting.append(id)
    return found
