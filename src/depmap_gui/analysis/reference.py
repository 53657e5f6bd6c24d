"""The plain way to score a map: networkx and loops, as a yardstick for the solver.

Every vector of the scores, companies attributed on the basis `economic`, is written down from its
definition: a graph whose edges carry weights, gone round link by link until no share moves any
more. Nothing is shared with the solver but the records. Closed circles are not known here: their
members are left without any share.
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

if TYPE_CHECKING:
    from networkx import DiGraph

SETTLED = 1e-12
ROUNDS = 10_000
Vector = dict[str, float]
Vectors = dict[str, Vector]
NOBODY: Vector = {UNKNOWN: 1.0}

L = TypeVar("L", bound=AnyLink)


def reference_scores(project: Project, as_of: date) -> Mapping[str, Mapping[str, Vector]]:
    """All ten vectors of every item that has them, by the values of ``results.Score``.

    Raises ArithmeticError where a loop does not settle.
    """
    links = _Links(project, as_of)
    homes = {item.id: _home(links, item) for item in project.of_kind(Company)}
    origins = {item.id: _origin(links, item) for item in project.of_kind(Material)}
    owned = _economic(links, homes)
    ownership = {
        plant.id: owned[operators[0].source]
        for plant in project.of_kind(Plant)
        if (operators := links.into(plant.id, Operates))
    }
    places = {item.id: {_code(item): 1.0} for item in project.of_kind(Jurisdiction)}
    attribution = owned | origins | places
    for plant in project.of_kind(Plant):
        attribution[plant.id] = ownership.get(plant.id, NOBODY)
    sites = homes | origins
    for plant in project.of_kind(Plant):
        sites[plant.id] = _first_place(links, plant.id, LocationRole.SITE)
    technology = _technology(links, attribution)
    ip = _ip(links, attribution, technology)
    first_in, made_in = _inputs(links, sites)
    first_by, made_by = _inputs(links, attribution)
    return {
        "attribution": attribution,
        "technology": technology,
        "ip": ip,
        "embedded_ip": _embedded(links, origins, ip),
        "made_in": made_in,
        "made_by": made_by,
        "made_in_first_tier": first_in,
        "made_by_first_tier": first_by,
        "ownership": ownership,
        "debt": _debt(links, attribution),
    }


class _Links:
    """The links in force, as a graph with the records on its edges."""

    def __init__(self, project: Project, as_of: date) -> None:
        import networkx as nx

        self.project = project
        self.graph = nx.MultiDiGraph()
        self.graph.add_nodes_from(project.entities)
        for link in links_in_force(project, as_of):
            self.graph.add_edge(link.source, link.target, key=link.id, link=link)

    def into(self, id: str, kind: type[L]) -> list[L]:
        """The links of one kind that end at an item."""
        links = (link for _, _, link in self.graph.in_edges(id, data="link"))
        return [link for link in links if isinstance(link, kind)]


def _empty_graph() -> DiGraph:
    import networkx as nx

    return nx.DiGraph()


def _depend(graph: DiGraph, item: str, on: str, weight: float) -> None:
    """Let an item's vector have a further part of another's."""
    before = graph.edges[on, item]["weight"] if graph.has_edge(on, item) else 0.0
    graph.add_edge(on, item, weight=before + weight)


def _settle(graph: DiGraph, given: Vectors) -> Vectors:
    """Each item's given vector and weighted parts of others', gone round until no share moves."""
    found = {item: dict(vector) for item, vector in given.items()}
    for _ in range(ROUNDS):
        moved = 0.0
        for item in given:
            vector = dict(given[item])
            if item in graph:
                for source, _, weight in graph.in_edges(item, data="weight"):
                    _mix(vector, weight, found[source])
            for place, share in vector.items():
                moved = max(moved, abs(share - found[item].get(place, 0.0)))
            found[item] = vector
        if moved <= SETTLED:
            return found
    raise ArithmeticError(f"The sums did not settle in {ROUNDS} rounds.")


def _mix(vector: Vector, weight: float, other: Vector) -> None:
    """Add a weighted vector to another, in place."""
    for place, share in other.items():
        vector[place] = vector.get(place, 0.0) + weight * share


def _known(quantity: Quantity | None) -> float:
    return 0.0 if quantity is None else mode(quantity)


def _shares(links: Iterable[L], share: Callable[[L], Quantity | None]) -> list[tuple[L, float]]:
    """Links with their shares, scaled down where these sum to more than 1."""
    found = [(link, _known(share(link))) for link in links]
    whole = max(1.0, sum(part for _, part in found))
    return [(link, part / whole) for link, part in found]


def _code(place: Jurisdiction) -> str:
    return place.code or place.id


def _first_place(links: _Links, id: str, *roles: LocationRole) -> Vector:
    entities = links.project.entities
    for role in roles:
        for link in links.into(id, Located):
            place = entities[link.source]
            if isinstance(place, Jurisdiction) and located_role(link, entities[id]) is role:
                return {_code(place): 1.0}
    return NOBODY


def _home(links: _Links, company: Company) -> Vector:
    return _first_place(links, company.id, LocationRole.INCORPORATED, LocationRole.PRINCIPAL)


def _origin(links: _Links, material: Material) -> Vector:
    shares = _shares(links.into(material.id, Located), lambda link: link.share)
    vector = {UNKNOWN: 1.0 - sum(share for _, share in shares)}
    for link, share in shares:
        place = links.project.entities[link.source]
        if isinstance(place, Jurisdiction):
            _mix(vector, share, {_code(place): 1.0})
    return vector


def _economic(links: _Links, homes: Vectors) -> Vectors:
    graph, given = _empty_graph(), {}
    for company, home in homes.items():
        holdings = links.into(company, Owns)
        vector: Vector = {}
        rest = 1.0
        for link, share in _shares(holdings, lambda link: link.share):
            rest -= share
            holder = links.project.entities[link.source]
            if isinstance(holder, Jurisdiction):
                _mix(vector, share, {_code(holder): 1.0})
            else:
                _depend(graph, company, link.source, share)
        open_ended = any(link.share is None for link in holdings)
        _mix(vector, rest, NOBODY if open_ended else home)
        given[company] = vector
    return _settle(graph, given)


def _technology(links: _Links, attribution: Vectors) -> Vectors:
    graph, given = _empty_graph(), {}
    for deal in links.project.of_kind(License):
        subs, licensors = links.into(deal.id, Uses), links.into(deal.id, Licenses)
        rest = 1.0
        for link, share in _shares(subs, lambda link: link.share):
            rest -= share
            _depend(graph, deal.id, link.source, share)
        if not licensors or any(link.share is None for link in subs):
            given[deal.id] = {UNKNOWN: rest}
            continue
        stated = [link.share for link in licensors]
        left = max(0.0, 1.0 - sum(map(_known, stated)))
        granted = [left / stated.count(None) if q is None else mode(q) for q in stated]
        given[deal.id] = {}
        for licensor, part in zip(licensors, granted, strict=True):
            _mix(given[deal.id], rest * part / sum(granted), attribution[licensor.source])
    return _settle(graph, given)


def _ip(links: _Links, attribution: Vectors, technology: Vectors) -> Vectors:
    found = {}
    makers: list[Plant | Company] = [
        *links.project.of_kind(Plant),
        *links.project.of_kind(Company),
    ]
    for maker in makers:
        parts = [
            (_known(maker.own_ip), attribution[maker.id]),
            *((_known(use.share), technology[use.source]) for use in links.into(maker.id, Uses)),
            *(
                (_known(supply.ip_share), attribution[supply.source])
                for supply in links.into(maker.id, Supplies)
            ),
        ]
        whole = max(1.0, sum(weight for weight, _ in parts))
        vector = {UNKNOWN: 1.0 - sum(weight for weight, _ in parts) / whole}
        for weight, vector_of_part in parts:
            _mix(vector, weight / whole, vector_of_part)
        found[maker.id] = vector
    return found


def _bought_in(links: _Links, id: str) -> float:
    item = links.project.entities[id]
    stated = item.bought_in if isinstance(item, Plant | Company) else None
    if stated is not None:
        return mode(stated)
    return links.project.bought_in if links.into(id, Supplies) else 0.0


def _embedded(links: _Links, origins: Vectors, ip: Vectors) -> Vectors:
    graph, given = _empty_graph(), dict(origins)
    for maker, own in ip.items():
        supplies = links.into(maker, Supplies)
        whole = sum(_known(link.cost) for link in supplies)
        bought = _bought_in(links, maker) if whole > 0.0 else 0.0
        given[maker] = {}
        _mix(given[maker], 1.0 - bought, own)
        for link in supplies if whole > 0.0 else ():
            _depend(graph, maker, link.source, bought * _known(link.cost) / whole)
    return _settle(graph, given)


def _inputs(links: _Links, made: Vectors) -> tuple[Vectors, Vectors]:
    """Inputs of the first tier and of the whole chain, ``made`` in or by."""
    first: Vectors = {}
    given: Vectors = {}
    graph = _empty_graph()
    bought = {id: _bought_in(links, id) for id in links.project.entities}
    supplied = {id for id in links.project.entities if links.into(id, Supplies)}
    for id in supplied:
        first[id], given[id] = {}, {}
        for link, weight in _input_weights(links.into(id, Supplies)):
            if link is None:
                _mix(first[id], weight, NOBODY)
                _mix(given[id], weight, NOBODY)
                continue
            passed_on = bought[link.source] if link.source in supplied else 0.0
            _mix(first[id], weight, made[link.source])
            _mix(given[id], weight * (1.0 - passed_on), made[link.source])
            if passed_on:
                _depend(graph, id, link.source, weight * passed_on)
    return first, _settle(graph, given)


def _input_weights(supplies: list[Supplies]) -> list[tuple[Supplies | None, float]]:
    """The share of each supply by cost; None in the place of those whose cost is not known."""
    stated = [mode(link.cost) for link in supplies if link.cost is not None]
    mean = sum(stated) / len(stated) if stated else 0.0
    whole = sum(stated) + mean * (len(supplies) - len(stated))
    if whole <= 0.0:
        return [
            (None if stated and link.cost is None else link, 1.0 / len(supplies))
            for link in supplies
        ]
    return [
        (None, mean / whole) if link.cost is None else (link, mode(link.cost) / whole)
        for link in supplies
    ]


def _debt(links: _Links, attribution: Vectors) -> Vectors:
    found = {}
    for company in links.project.of_kind(Company):
        loans = _shares(links.into(company.id, Lends), lambda link: link.share)
        if loans:
            vector = {UNKNOWN: 1.0 - sum(share for _, share in loans)}
            for link, share in loans:
                _mix(vector, share, attribution[link.source])
            found[company.id] = vector
    return found
