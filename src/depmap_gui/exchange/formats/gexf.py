"""GEXF of any version, as Gephi, networkx and graphology write it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from depmap_gui.domain.project import Project
from depmap_gui.exchange.formats.bounded import xml_of
from depmap_gui.exchange.formats.graph import Edge, Graph, Node, number
from depmap_gui.exchange.formats.own_fields import texts_of
from depmap_gui.exchange.formats.results import Handed, LeftOut
from depmap_gui.exchange.formats.xml_text import escaped

CREATOR = "DepMap"
_ENDS = frozenset({"id", "source", "target"})
_KNOWN = frozenset({"id", "source", "target", "label", "type"})
_DATES = {"start": "start date", "end": "end date"}


def read_gexf(name: str, content: bytes) -> Graph:
    """The graph of a GEXF file. Raises FormatError where it is no sound XML."""
    root = xml_of(name, content)
    meta = root.find("meta")
    creator = (meta.findtext("creator") or "") if meta is not None else ""
    title = (
        (meta.findtext("title") or meta.findtext("description") or "") if meta is not None else ""
    )
    is_own = creator == CREATOR
    graph = Graph(title=title.strip(), nodes=[], edges=[], left_out=[], notes=[])
    if is_own:
        graph.own = {"header": {"title": title} if title else {}}
    heads: dict[tuple[str, str], str] = {}
    defaults: dict[tuple[str, str], str] = {}
    for attributes in root.iter("attributes"):
        what = attributes.get("class", "node")
        for attribute in attributes.findall("attribute"):
            key = (what, attribute.get("id", ""))
            heads[key] = attribute.get("title") or key[1]
            if text := attribute.findtext("default"):
                defaults[key] = text
    for found in root.iter("node"):
        place = found.find("position")
        graph.nodes.append(
            Node(
                id=found.get("id", f"node-{len(graph.nodes) + 1}"),
                label=found.get("label", ""),
                attributes=_attributes(found, "node", heads, defaults),
                x=number(place.get("x")) if place is not None else None,
                y=_down(number(place.get("y"))) if place is not None else None,
            )
        )
    undirected = 0
    default_type = next((g.get("defaultedgetype", "") for g in root.iter("graph")), "")
    for found in root.iter("edge"):
        undirected += found.get("type", default_type or "undirected") != "directed"
        graph.edges.append(
            Edge(
                id=found.get("id", f"edge-{len(graph.edges) + 1}"),
                source=found.get("source", ""),
                target=found.get("target", ""),
                label=found.get("label", ""),
                attributes=_attributes(found, "edge", heads, defaults),
            )
        )
    if undirected and not is_own:
        graph.notes.append(
            f"{undirected} of the edges have no direction: each was read from the end that the "
            "file names first."
        )
    return graph


def _attributes(
    element: Element,
    what: str,
    heads: dict[tuple[str, str], str],
    defaults: dict[tuple[str, str], str],
) -> dict[str, str]:
    found = {heads[key]: text for key, text in defaults.items() if key[0] == what}
    for key, text in element.attrib.items():
        if key not in _KNOWN:
            found[_DATES.get(key, key)] = text
    values = element.find("attvalues")
    for value in () if values is None else values.findall("attvalue"):
        key = value.get("for") or value.get("id") or ""
        found[heads.get((what, key), key)] = value.get("value", "")
    return found


def _down(y: float | None) -> float | None:
    """Gephi counts upward, a map downward."""
    return None if y is None else -y + 0.0


def gexf_bytes(project: Project) -> Handed:
    """The project as GEXF 1.3: items, links and places of the first view.

    Sources, scenarios and the views' other settings have no place there, and are told of.
    """
    nodes = {id: _graph_texts(texts_of(entity)) for id, entity in project.entities.items()}
    edges = {id: _graph_texts(texts_of(link)) for id, link in project.links.items()}
    view = next(iter(project.views.values()), None)
    places = view.positions if view else {}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
        f"<meta><creator>{CREATOR}</creator><title>{escaped(project.header.title)}</title></meta>",
        '<graph defaultedgetype="directed">',
        *_declared("node", nodes),
        *_declared("edge", edges),
        "<nodes>",
    ]
    for id, texts in nodes.items():
        place = ""
        if id in places:
            x, y = places[id]
            place = f'<viz:position x="{x!r}" y="{_down(y)!r}" z="0.0"/>'
        label = escaped(texts.get("name", ""))
        lines.append(f'<node id="{escaped(id)}" label="{label}">{_values(texts)}{place}</node>')
    lines += ["</nodes>", "<edges>"]
    for id, texts in edges.items():
        ends = f'source="{escaped(texts["source"])}" target="{escaped(texts["target"])}"'
        lines.append(
            f'<edge id="{escaped(id)}" {ends} label="{escaped(texts["kind"])}">'
            f"{_values(texts)}</edge>"
        )
    lines += ["</edges>", "</graph>", "</gexf>", ""]
    return Handed("\n".join(lines).encode(), tuple(_not_held(project)))


def _graph_texts(texts: dict[str, str]) -> dict[str, str]:
    """Without ids of sources, which the file does not hold."""
    return {head: text for head, text in texts.items() if head != "sources"}


def _declared(what: str, records: dict[str, dict[str, str]]) -> list[str]:
    heads = sorted({head for texts in records.values() for head in texts.keys() - _ENDS})
    if not heads:
        return []
    rows = [f'<attribute id="{escaped(h)}" title="{escaped(h)}" type="string"/>' for h in heads]
    return [f'<attributes class="{what}">', *rows, "</attributes>"]


def _values(texts: dict[str, str]) -> str:
    values = "".join(
        f'<attvalue for="{escaped(head)}" value="{escaped(text)}"/>'
        for head, text in texts.items()
        if head not in _ENDS
    )
    return f"<attvalues>{values}</attvalues>" if values else ""


def _not_held(project: Project) -> list[LeftOut]:
    why = "GEXF has no place for them"
    kept = {"sources": project.sources, "scenarios": project.scenarios}
    return [LeftOut(f"{len(items)} {name}", why) for name, items in kept.items() if items]
