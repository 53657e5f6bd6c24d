"""GraphML, as networkx, Gephi, igraph and TinkerPop write it, and yEd with its own labels."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import msgspec

from depmap_gui.domain.plain import to_plain
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point
from depmap_gui.exchange.formats.bounded import xml_of
from depmap_gui.exchange.formats.graph import Edge, Graph, Node, number
from depmap_gui.exchange.formats.own_fields import texts_of
from depmap_gui.exchange.formats.results import Handed, LeftOut
from depmap_gui.exchange.formats.xml_text import escaped

OWN_KEY = "depmap"
"""The attribute of the graph under which DepMap keeps what is neither node nor edge."""

_ENDS = frozenset({"id", "source", "target"})
_NOT_ATTRIBUTES = ("label", "x", "y")


def read_graphml(name: str, content: bytes) -> Graph:
    """The graphs of a GraphML file as one. Raises FormatError where it is no sound XML."""
    root = xml_of(name, content)
    heads = {
        key.get("id", ""): key.get("attr.name") or key.get("yfiles.type") or key.get("id") or ""
        for key in root.iter("key")
    }
    defaults = {
        (key.get("for", "all"), key.get("id", "")): text
        for key in root.iter("key")
        if (default := key.find("default")) is not None and (text := default.text)
    }
    graph = Graph(nodes=[], edges=[], left_out=[], notes=[])
    for element in root.iter("graph"):
        _read_graph(element, heads, defaults, graph)
    if hyper := sum(1 for _ in root.iter("hyperedge")):
        graph.left_out.append(
            LeftOut(f"{hyper} hyperedges", "a link joins two items, and these join several")
        )
    return graph


def _read_graph(
    element: Element,
    heads: dict[str, str],
    defaults: dict[tuple[str, str], str],
    graph: Graph,
) -> None:
    for found in element.findall("data"):
        head = heads.get(found.get("key", ""), "")
        if head == OWN_KEY and found.text:
            graph.own = _own(found.text, graph)
        elif head in ("label", "name", "title") and found.text and not graph.title:
            graph.title = found.text.strip()
    for found in element.findall("node"):
        attributes = _attributes(found, heads, defaults, "node")
        x, y = _place(found, attributes)
        graph.nodes.append(
            Node(
                id=found.get("id", f"node-{len(graph.nodes) + 1}"),
                label=_label(found, "NodeLabel") or attributes.pop("label", ""),
                attributes={k: v for k, v in attributes.items() if k not in _NOT_ATTRIBUTES},
                x=x,
                y=y,
            )
        )
    for found in element.findall("edge"):
        attributes = _attributes(found, heads, defaults, "edge")
        graph.edges.append(
            Edge(
                id=found.get("id", f"edge-{len(graph.edges) + 1}"),
                source=found.get("source", ""),
                target=found.get("target", ""),
                label=_label(found, "EdgeLabel") or attributes.pop("label", ""),
                attributes=attributes,
            )
        )


def _own(text: str, graph: Graph) -> dict[str, Any]:
    try:
        own = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        graph.left_out.append(LeftOut("what DepMap kept beside the graph", "it was changed"))
        own = {}
    return own if isinstance(own, dict) else {}


def _attributes(
    element: Element, heads: dict[str, str], defaults: dict[tuple[str, str], str], what: str
) -> dict[str, str]:
    """The attributes of a node or edge by head, what the file says by default included."""
    found = {heads[key]: text for (scope, key), text in defaults.items() if scope in (what, "all")}
    for part in element.findall("data"):
        # yEd keeps drawing in elements of its own within the data; their texts are no attributes.
        if len(part) == 0:
            key = part.get("key", "")
            found[heads.get(key, key)] = part.text or ""
    return found


def _label(element: Element, tag: str) -> str:
    for part in element.findall("data"):
        for label in part.iter(tag):
            text = "".join(label.itertext()).strip()
            if text:
                return " ".join(text.split())
    return ""


def _place(element: Element, attributes: dict[str, str]) -> tuple[float | None, float | None]:
    for part in element.findall("data"):
        for shape in part.iter("Geometry"):
            x, y = number(shape.get("x")), number(shape.get("y"))
            if x is not None and y is not None:
                wide, high = number(shape.get("width")) or 0.0, number(shape.get("height")) or 0.0
                return x + wide / 2, y + high / 2
    return number(attributes.get("x")), number(attributes.get("y"))


def graphml_bytes(project: Project) -> Handed:
    """The project as GraphML. All of it is held: what is no node or edge, as JSON of the graph."""
    nodes = {id: texts_of(entity) for id, entity in project.entities.items()}
    edges = {id: texts_of(link) for id, link in project.links.items()}
    keys: dict[tuple[str, str], str] = {}
    for what, records in (("node", nodes), ("edge", edges)):
        for texts in records.values():
            for head in texts.keys() - _ENDS:
                keys.setdefault((what, head), f"{what}_{head}")
    view = next(iter(project.views.values()), None)
    places = view.positions if view else {}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'<key id="{id}" for="{what}" attr.name="{escaped(head)}" attr.type="string"/>'
            for (what, head), id in sorted(keys.items())
        ),
        '<key id="node_label" for="node" attr.name="label" attr.type="string"/>',
        '<key id="node_x" for="node" attr.name="x" attr.type="double"/>',
        '<key id="node_y" for="node" attr.name="y" attr.type="double"/>',
        f'<key id="graph_own" for="graph" attr.name="{OWN_KEY}" attr.type="string"/>',
        '<graph id="G" edgedefault="directed">',
        f'<data key="graph_own">{escaped(own_json(project))}</data>',
    ]
    for id, texts in nodes.items():
        lines.append(_node_line(id, texts, keys, places))
    for id, texts in edges.items():
        ends = f'source="{escaped(texts["source"])}" target="{escaped(texts["target"])}"'
        lines.append(f'<edge id="{escaped(id)}" {ends}>{_data(texts, keys, "edge")}</edge>')
    lines += ["</graph>", "</graphml>", ""]
    return Handed("\n".join(lines).encode())


def own_json(project: Project) -> str:
    """Header, sources, scenarios and views as JSON."""
    own: dict[str, Any] = {"header": to_plain(project.header)}
    for section in ("sources", "scenarios", "views"):
        own[section] = [to_plain(record) for record in getattr(project, section).values()]
    return msgspec.json.encode(own).decode()


def _node_line(
    id: str, texts: dict[str, str], keys: dict[tuple[str, str], str], places: dict[str, Point]
) -> str:
    label = f'<data key="node_label">{escaped(texts.get("name", ""))}</data>'
    place = ""
    if id in places:
        x, y = places[id]
        place = f'<data key="node_x">{x!r}</data><data key="node_y">{y!r}</data>'
    return f'<node id="{escaped(id)}">{label}{place}{_data(texts, keys, "node")}</node>'


def _data(texts: dict[str, str], keys: dict[tuple[str, str], str], what: str) -> str:
    return "".join(
        f'<data key="{keys[what, head]}">{escaped(text)}</data>'
        for head, text in texts.items()
        if head not in _ENDS
    )
