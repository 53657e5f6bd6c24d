"""Cytoscape's exchange formats: CX2, and CX before it. Both are JSON lists of named aspects."""

from __future__ import annotations

from typing import Any

from depmap_gui.exchange.formats.graph import Edge, Graph, Node, number
from depmap_gui.exchange.formats.results import LeftOut


def is_cx2(file: Any) -> bool:
    """Whether a JSON value is a CX2 network."""
    return (
        isinstance(file, list)
        and bool(file)
        and isinstance(file[0], dict)
        and "CXVersion" in file[0]
    )


def is_cx(file: Any) -> bool:
    """Whether a JSON value is a CX network of the first version."""
    return (
        isinstance(file, list)
        and all(isinstance(part, dict) for part in file)
        and any("numberVerification" in part or "metaData" in part for part in file[:3])
    )


def read_cx2(file: list[Any]) -> Graph:
    """The network of a CX2 file."""
    aspects, graph = _aspects(file)
    declared = (aspects.get("attributeDeclarations") or [{}])[0]
    short = {what: _short_names(declared, what) for what in ("nodes", "edges")}
    defaults = {what: _defaults(declared, what) for what in ("nodes", "edges")}
    for network in aspects.get("networkAttributes", []):
        graph.title = graph.title or str(network.get("name", ""))
    for node in aspects.get("nodes", []):
        attributes = _values(node.get("v"), short["nodes"], defaults["nodes"])
        graph.nodes.append(
            Node(
                id=str(node.get("id")),
                label=attributes.get("name", ""),
                attributes=attributes,
                x=_coordinate(node.get("x")),
                y=_coordinate(node.get("y")),
            )
        )
    for edge in aspects.get("edges", []):
        attributes = _values(edge.get("v"), short["edges"], defaults["edges"])
        graph.edges.append(
            Edge(
                id=f"edge-{edge.get('id')}",
                source=str(edge.get("s")),
                target=str(edge.get("t")),
                label=attributes.pop("interaction", ""),
                attributes=attributes,
            )
        )
    return graph


def read_cx(file: list[Any]) -> Graph:
    """The network of a CX file of the first version."""
    aspects, graph = _aspects(file)
    of_nodes = _attributes(aspects.get("nodeAttributes", []))
    of_edges = _attributes(aspects.get("edgeAttributes", []))
    places = {str(place.get("node")): place for place in aspects.get("cartesianLayout", [])}
    for network in aspects.get("networkAttributes", []):
        if network.get("n") == "name":
            graph.title = str(network.get("v", ""))
    for node in aspects.get("nodes", []):
        id = str(node.get("@id"))
        place = places.get(id, {})
        attributes = of_nodes.get(id, {})
        if "r" in node:
            attributes = {"represents": str(node["r"]), **attributes}
        graph.nodes.append(
            Node(
                id=id,
                label=str(node.get("n", "")),
                attributes=attributes,
                x=_coordinate(place.get("x")),
                y=_coordinate(place.get("y")),
            )
        )
    for edge in aspects.get("edges", []):
        id = str(edge.get("@id"))
        graph.edges.append(
            Edge(
                id=f"edge-{id}",
                source=str(edge.get("s")),
                target=str(edge.get("t")),
                label=str(edge.get("i", "")),
                attributes=of_edges.get(id, {}),
            )
        )
    return graph


def _aspects(file: list[Any]) -> tuple[dict[str, list[dict[str, Any]]], Graph]:
    """The aspects by name, fragments put together; what is no record of an aspect is told."""
    graph = Graph(nodes=[], edges=[], left_out=[], notes=[])
    found: dict[str, list[dict[str, Any]]] = {}
    for part in file:
        if not isinstance(part, dict):
            continue
        for name, items in part.items():
            if not isinstance(items, list):
                continue
            sound = [item for item in items if isinstance(item, dict)]
            found.setdefault(name, []).extend(sound)
            if len(sound) < len(items) and name in ("nodes", "edges"):
                graph.left_out.append(
                    LeftOut(f"{len(items) - len(sound)} {name}", "they are no records")
                )
    for status in found.get("status", []):
        if status.get("success") is False:
            graph.notes.append(
                "The file says that its network was not written whole: "
                f"{status.get('error') or 'no reason given'}."
            )
    return found, graph


def _short_names(declared: dict[str, Any], what: str) -> dict[str, str]:
    names = declared.get(what)
    return {
        str(rule["a"]): name
        for name, rule in (names.items() if isinstance(names, dict) else ())
        if isinstance(rule, dict) and "a" in rule
    }


def _defaults(declared: dict[str, Any], what: str) -> dict[str, str]:
    names = declared.get(what)
    return {
        name: text_of_value(rule["v"])
        for name, rule in (names.items() if isinstance(names, dict) else ())
        if isinstance(rule, dict) and "v" in rule
    }


def _values(values: Any, short: dict[str, str], defaults: dict[str, str]) -> dict[str, str]:
    given = values if isinstance(values, dict) else {}
    stated = {short.get(str(key), str(key)): text_of_value(value) for key, value in given.items()}
    return defaults | stated


def _attributes(aspect: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for item in aspect:
        owners = item.get("po")
        for owner in owners if isinstance(owners, list) else [owners]:
            found.setdefault(str(owner), {})[str(item.get("n", ""))] = text_of_value(item.get("v"))
    return found


def text_of_value(value: Any) -> str:
    """A JSON value as the text of an attribute; lists are put after one another."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return "; ".join(text_of_value(item) for item in value)
        case _:
            return str(value)


def _coordinate(value: Any) -> float | None:
    return number(str(value)) if isinstance(value, (int, float)) else None
