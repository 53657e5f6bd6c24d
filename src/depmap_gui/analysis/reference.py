"""The plain way to score a map: networkx and loops, as a yardstick for the solver.

Reads the records anew and sums link by link, round after round, until nothing moves any more.
It knows no closed circles: their members are left without any share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.domain.in_force import links_in_force, located_role
from depmap_gui.domain.kinds import LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, mode
from depmap_gui.domain.records import (
    AnyLink,
    Company,
    Jurisdiction,
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

if TYPE_CHECKING:
    from networkx import MultiDiGraph

SETTLED = 1e-12
ROUNDS = 10_000
Vector = dict[str, float]
Sum = list[tuple[float, str | Vector]]
"""Weights of other vectors: of those of the same kind by entity id, of known ones by value."""

L = TypeVar("L", bound=AnyLink)


def reference_economic(
    project: Project, as_of: date, jurisdiction: str | None = None
) -> dict[str, float]:
    """Each company's economic share of one jurisdiction (by id; the first where none is named).

    Raises ArithmeticError where the holdings do not settle.
    """
    graph = _graph(project, as_of)
    places = [place.id for place in project.of_kind(Jurisdiction)]
    sought = jurisdiction or (places[0] if places else UNKNOWN)
    code = _code(project, sought) if sought in project.entities else sought
    vectors = _economic(graph, project, _homes(graph, project), only=code)
    return {company: vector.get(code, 0.0) for company, vector in vectors.items()}


def reference_scores(project: Project, as_of: date) -> Mapping[str, Mapping[str, Vector]]:
    """Economic attribution, technology, IP, embedded IP and inputs of every item, all places.

    Keys are the values of :class:`~depmap_gui.analysis.results.Score`. Raises ArithmeticError
    where a loop does not settle.
    """
    graph = _graph(project, as_of)
    homes = _homes(graph, project)
    owned = dict(_economic(graph, project, homes))
    owned |= {id: homes[id] for id, item in project.entities.items() if isinstance(item, Material)}
    sites = dict(homes)
    for plant in project.of_kind(Plant):
        sites[plant.id] = _first_place(graph, project, plant.id, LocationRole.SITE)
        operators = _into(graph, plant.id, Operates)
        owned[plant.id] = owned[operators[0].source] if operators else {UNKNOWN: 1.0}
    technology = _settle(_technology_sums(graph, project, owned))
    makers: list[Plant | Company] = [*project.of_kind(Plant), *project.of_kind(Company)]
    ip = {maker.id: _ip(graph, maker, owned, technology) for maker in makers}
    return {
        "attribution": owned,
        "technology": technology,
        "ip": ip,
        "embedded_ip": _settle(_embedded_sums(graph, project, homes, ip)),
        "made_in": _settle(_input_sums(graph, project, sites)),
        "made_by": _settle(_input_sums(graph, project, owned)),
    }


def _graph(project: Project, as_of: date) -> MultiDiGraph:
    import networkx as nx

    graph = nx.MultiDiGraph()
    graph.add_nodes_from(project.entities)
    for link in links_in_force(project, as_of):
        graph.add_edge(link.source, link.target, key=link.id, link=link)
    return graph


def _into(graph: MultiDiGraph, id: str, kind: type[L]) -> list[L]:
    links = (link for _, _, link in graph.in_edges(id, data="link"))
    return [link for link in links if isinstance(link, kind)]


def _settle(sums: Mapping[str, Sum]) -> dict[str, Vector]:
    """Add up again and again until no share moves."""
    found: dict[str, Vector] = {id: {} for id in sums}
    for _ in range(ROUNDS):
        moved = 0.0
        for id, parts in sums.items():
            vector: Vector = {}
            for weight, part in parts:
                known = found[part] if isinstance(part, str) else part
                for place, share in known.items():
                    vector[place] = vector.get(place, 0.0) + weight * share
            before = found[id]
            moved = max(
                [moved, *(abs(share - before.get(place, 0.0)) for place, share in vector.items())]
            )
            found[id] = vector
        if moved <= SETTLED:
            return found
    raise ArithmeticError(f"The sums did not settle in {ROUNDS} rounds.")


def _known(quantity: Quantity | None) -> float:
    return 0.0 if quantity is None else mode(quantity)


def _shares(links: Iterable[L], share: Callable[[L], Quantity | None]) -> list[tuple[L, float]]:
    """Links with their shares, scaled down where these sum to more than 1."""
    found = [(link, _known(share(link))) for link in links]
    whole = max(1.0, sum(part for _, part in found))
    return [(link, part / whole) for link, part in found]


def _code(project: Project, id: str) -> str:
    place = project.entities[id]
    return (place.code or id) if isinstance(place, Jurisdiction) else id


def _first_place(graph: MultiDiGraph, project: Project, id: str, *roles: LocationRole) -> Vector:
    for role in roles:
        for link in _into(graph, id, Located):
            if located_role(link, project.entities[id]) is role:
                return {_code(project, link.source): 1.0}
    return {UNKNOWN: 1.0}


def _homes(graph: MultiDiGraph, project: Project) -> dict[str, Vector]:
    found = {
        company.id: _first_place(
            graph, project, company.id, LocationRole.INCORPORATED, LocationRole.PRINCIPAL
        )
        for company in project.of_kind(Company)
    }
    for material in project.of_kind(Material):
        origins = _shares(_into(graph, material.id, Located), lambda link: link.share)
        vector = {UNKNOWN: 1.0 - sum(share for _, share in origins)}
        for link, share in origins:
            code = _code(project, link.source)
            vector[code] = vector.get(code, 0.0) + share
        found[material.id] = vector
    return found


def _economic(
    graph: MultiDiGraph, project: Project, homes: Mapping[str, Vector], only: str | None = None
) -> dict[str, Vector]:
    """Attribution of companies; ``only`` one jurisdiction's part of it where that is named."""
    sums: dict[str, Sum] = {}
    for company in project.of_kind(Company):
        links = _into(graph, company.id, Owns)
        parts: Sum = []
        rest = 1.0
        for link, share in _shares(links, lambda link: link.share):
            rest -= share
            at_once = isinstance(project.entities[link.source], Jurisdiction)
            parts.append((share, {_code(project, link.source): 1.0} if at_once else link.source))
        open_ended = any(link.share is None for link in links)
        parts.append((rest, {UNKNOWN: 1.0} if open_ended else homes[company.id]))
        if only is not None:
            parts = [
                (w, part if isinstance(part, str) else {only: part.get(only, 0.0)})
                for w, part in parts
            ]
        sums[company.id] = parts
    return _settle(sums)


def _technology_sums(
    graph: MultiDiGraph, project: Project, owned: Mapping[str, Vector]
) -> dict[str, Sum]:
    sums: dict[str, Sum] = {}
    for deal in project.of_kind(License):
        subs = _into(graph, deal.id, Uses)
        parts: Sum = [(share, link.source) for link, share in _shares(subs, lambda x: x.share)]
        rest = 1.0 - sum(weight for weight, _ in parts)
        licensors = _into(graph, deal.id, Licenses)
        if not licensors or any(link.share is None for link in subs):
            sums[deal.id] = [*parts, (rest, {UNKNOWN: 1.0})]
            continue
        given = [link.share for link in licensors]
        left = max(0.0, 1.0 - sum(map(_known, given)))
        granted = [left / given.count(None) if q is None else mode(q) for q in given]
        whole = sum(granted)
        for link, part in zip(licensors, granted, strict=True):
            parts.append((rest * part / whole, owned[link.source]))
        sums[deal.id] = parts
    return sums


def _ip(
    graph: MultiDiGraph,
    maker: Plant | Company,
    owned: Mapping[str, Vector],
    technology: Mapping[str, Vector],
) -> Vector:
    uses, supplies = _into(graph, maker.id, Uses), _into(graph, maker.id, Supplies)
    parts = [
        (_known(maker.own_ip), owned[maker.id]),
        *((_known(use.share), technology[use.source]) for use in uses),
        *((_known(supply.ip_share), owned[supply.source]) for supply in supplies),
    ]
    whole = max(1.0, sum(weight for weight, _ in parts))
    vector: Vector = {UNKNOWN: 1.0 - sum(weight for weight, _ in parts) / whole}
    for weight, known in parts:
        for place, share in known.items():
            vector[place] = vector.get(place, 0.0) + weight / whole * share
    return vector


def _bought_in(graph: MultiDiGraph, project: Project, id: str) -> float:
    item = project.entities[id]
    stated = item.bought_in if isinstance(item, Plant | Company) else None
    if stated is not None:
        return mode(stated)
    return project.bought_in if _into(graph, id, Supplies) else 0.0


def _embedded_sums(
    graph: MultiDiGraph,
    project: Project,
    homes: Mapping[str, Vector],
    ip: Mapping[str, Vector],
) -> dict[str, Sum]:
    sums: dict[str, Sum] = {
        material.id: [(1.0, homes[material.id])] for material in project.of_kind(Material)
    }
    for id, own in ip.items():
        costs = [(link.source, _known(link.cost)) for link in _into(graph, id, Supplies)]
        whole = sum(cost for _, cost in costs)
        bought = _bought_in(graph, project, id) if whole > 0.0 else 0.0
        parts: Sum = [(1.0 - bought, own)]
        if whole > 0.0:
            parts += [(bought * cost / whole, source) for source, cost in costs]
        sums[id] = parts
    return sums


def _input_sums(
    graph: MultiDiGraph, project: Project, made: Mapping[str, Vector]
) -> dict[str, Sum]:
    sums: dict[str, Sum] = {}
    for id in project.entities:
        links = _into(graph, id, Supplies)
        known = [mode(link.cost) for link in links if link.cost is not None]
        mean = sum(known) / len(known) if known else 0.0
        whole = sum(known) + mean * (len(links) - len(known))
        parts: Sum = []
        for link in links:
            cost = mean if link.cost is None else mode(link.cost)
            weight = cost / whole if whole > 0.0 else 1.0 / len(links)
            if link.cost is None and known:
                parts.append((weight, {UNKNOWN: 1.0}))
                continue
            passed_on = bool(_into(graph, link.source, Supplies))
            bought = _bought_in(graph, project, link.source) if passed_on else 0.0
            parts.append((weight * (1.0 - bought), made[link.source]))
            if passed_on:
                parts.append((weight * bought, link.source))
        if parts:
            sums[id] = parts
    return sums
