"""A graph that DepMap itself wrote, back into the records it was."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from depmap_gui.domain.plain import from_plain
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import AnyEntity, AnyLink, Scenario, Source
from depmap_gui.domain.views import View
from depmap_gui.exchange.formats.graph import Edge, Graph, Node
from depmap_gui.exchange.formats.own_fields import entity_of, link_of
from depmap_gui.exchange.formats.results import Format, LeftOut, Reading

HELD: dict[str, type[Source | Scenario | View]] = {
    "sources": Source,
    "scenarios": Scenario,
    "views": View,
}
"""What a file may hold beside the graph, as lists of plain records."""

FAULTS = (msgspec.DecodeError, RecursionError, ValueError)
"""What is raised where somebody changed a text to one that its field cannot hold.

msgspec.ValidationError is a DecodeError.
"""


def own_reading(name: str, content: bytes, format: Format, graph: Graph) -> Reading:
    """The records of a graph that DepMap wrote; what cannot be read is told and left out."""
    left_out = list(graph.left_out)
    entities: dict[str, AnyEntity] = {}
    links: dict[str, AnyLink] = {}
    for node in graph.nodes:
        try:
            entities[node.id] = _entity(node)
        except FAULTS as fault:
            left_out.append(
                LeftOut(f"node {node.id}", f"it was changed and cannot be read ({fault})")
            )
    for edge in graph.edges:
        if edge.source not in entities or edge.target not in entities:
            left_out.append(LeftOut(f"edge {edge.id}", "an item that it joins is not in the file"))
            continue
        try:
            links[edge.id] = _link(edge)
        except FAULTS as fault:
            left_out.append(
                LeftOut(f"edge {edge.id}", f"it was changed and cannot be read ({fault})")
            )
    own = graph.own or {}
    project = held_project(own, entities, links, left_out)
    return Reading(
        name=name,
        format=format,
        sha256=hashlib.sha256(content).hexdigest(),
        project=project,
        read={"nodes": len(graph.nodes), "edges": len(graph.edges)},
        left_out=tuple(left_out),
        notes=tuple(graph.notes),
        is_own=True,
        has_lasting_ids=True,
    )


def held_project(
    own: dict[str, Any],
    entities: dict[str, AnyEntity],
    links: dict[str, AnyLink],
    left_out: list[LeftOut],
) -> Project:
    """The items and links that a file drew, with all else it holds; ``left_out`` is added to."""
    return Project(
        header=held_header(own, left_out),
        entities=entities,
        links=links,
        sources=held(own, "sources", left_out),
        scenarios=held(own, "scenarios", left_out),
        views=held(own, "views", left_out),
    )


def held_header(own: dict[str, Any], left_out: list[LeftOut]) -> Header:
    """The header beside the graph, or an empty one."""
    try:
        return from_plain(own.get("header", {}), Header)
    except FAULTS as fault:
        left_out.append(LeftOut("the header", f"it was changed and cannot be read ({fault})"))
        return Header()


def held(own: dict[str, Any], section: str, left_out: list[LeftOut]) -> dict[str, Any]:
    """The sources, scenarios or views beside the graph, by id."""
    found: dict[str, Any] = {}
    items = own.get(section, [])
    for number, plain in enumerate(items if isinstance(items, list) else []):
        try:
            record = from_plain(plain, HELD[section])
        except (*FAULTS, AttributeError, TypeError) as fault:
            left_out.append(
                LeftOut(f"{section}[{number}]", f"it was changed and cannot be read ({fault})")
            )
            continue
        found[record.id] = record
    return found


def _entity(node: Node) -> AnyEntity:
    entity = entity_of({**node.attributes, "id": node.id})
    return msgspec.structs.replace(entity, name=node.label) if node.label else entity


def _link(edge: Edge) -> AnyLink:
    ends = {"id": edge.id, "source": edge.source, "target": edge.target}
    return link_of({**edge.attributes, **ends})
