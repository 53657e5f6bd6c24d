"""draw.io diagrams: plain or packed pages, shapes as nodes and connectors as edges."""

from __future__ import annotations

import base64
import binascii
import html
import re
from xml.etree.ElementTree import Element

import msgspec

from depmap_gui.exchange.formats.bounded import inflated, xml_of
from depmap_gui.exchange.formats.graph import Edge, Graph, Node, number
from depmap_gui.exchange.formats.results import FormatError, LeftOut

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br|/div|/p|/li|/tr)\b[^>]*>|<div\b[^>]*>", re.IGNORECASE)
_QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")
_WRAPPERS = ("object", "UserObject")
_NOT_ATTRIBUTES = frozenset({"id", "label", "placeholders", "link", "tooltip"})
DEEPEST_PARENT = 100


class _Cell(msgspec.Struct, kw_only=True):
    """One shape, connector or layer of a page."""

    id: str
    label: str
    parent: str
    style: str
    is_shape: bool
    is_edge: bool
    source: str | None
    target: str | None
    x: float
    y: float
    width: float
    height: float
    is_relative: bool
    attributes: dict[str, str]


def read_drawio(name: str, content: bytes) -> Graph:
    """The graph of a drawing, all its pages. Raises FormatError where it cannot be unpacked."""
    root = xml_of(name, content)
    pages = [root] if root.tag == "mxGraphModel" else list(root.iter("diagram"))
    graph = Graph(title="", nodes=[], edges=[], left_out=[], notes=[])
    for count, page in enumerate(pages, start=1):
        model = page if page.tag == "mxGraphModel" else page.find("mxGraphModel")
        if model is None and page.text and page.text.strip():
            model = xml_of(name, _unpacked(name, page.text))
        if model is None:
            graph.left_out.append(LeftOut(f"page {count}", "it is empty"))
            continue
        _read_page(model, f"p{count}-" if len(pages) > 1 else "", graph)
    if len(pages) > 1:
        graph.notes.append(f"The {len(pages)} pages of the drawing are one map.")
    return graph


def _unpacked(name: str, text: str) -> bytes:
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise FormatError(
            f"{name} is damaged: a page of it is neither XML nor packed. Open it in draw.io and "
            "save it uncompressed."
        ) from None
    quoted = inflated(name, packed)
    return _QUOTED.sub(lambda found: bytes.fromhex(found[1].decode()), quoted)


def _read_page(model: Element, prefix: str, graph: Graph) -> None:
    cells = {cell.id: cell for cell in _cells(model)}
    edges = [cell for cell in cells.values() if cell.is_edge]
    joined = {end for cell in edges for end in (cell.source, cell.target) if end}
    labels: dict[str, list[str]] = {}
    for cell in cells.values():
        if cell.is_shape and cell.parent in cells and cells[cell.parent].is_edge and cell.label:
            labels.setdefault(cell.parent, []).append(cell.label)
    parents = {cell.parent for cell in cells.values() if cell.is_shape}
    for cell in cells.values():
        if not cell.is_shape or (cell.parent in cells and cells[cell.parent].is_edge):
            continue
        if cell.id not in joined and (why := _why_no_node(cell, parents)):
            graph.left_out.append(LeftOut(f"shape {prefix}{cell.id} {cell.label!r}", why))
            continue
        x, y = _corner(cell, cells)
        graph.nodes.append(
            Node(
                id=prefix + cell.id,
                label=cell.label,
                attributes=cell.attributes,
                x=x + cell.width / 2,
                y=y + cell.height / 2,
            )
        )
    for cell in edges:
        label = " ".join(filter(None, (cell.label, *labels.get(cell.id, []))))
        ends = [end for end in (cell.source, cell.target) if end and end in cells]
        if len(ends) < 2 or not all(cells[end].is_shape for end in ends):
            graph.left_out.append(
                LeftOut(
                    f"connector {prefix}{cell.id} {label!r}".removesuffix(" ''"),
                    "an end of it is joined to no shape; drag it onto the shape in draw.io",
                )
            )
            continue
        graph.edges.append(
            Edge(
                id=prefix + cell.id,
                source=prefix + ends[0],
                target=prefix + ends[1],
                label=label,
                attributes=cell.attributes,
            )
        )


def _why_no_node(cell: _Cell, parents: set[str]) -> str:
    """Why a shape that no connector joins is no item; empty where it is one."""
    if not cell.label:
        return "it has no text, and no connector joins it"
    if cell.style.startswith("text;") or ";text;" in cell.style:
        return "it is a text beside the drawing, and no connector joins it"
    if cell.id in parents:
        return "it frames other shapes, and no connector joins it"
    return ""


def _cells(model: Element) -> list[_Cell]:
    found = []
    for element in model.iter():
        if element.tag in _WRAPPERS:
            inner = element.find("mxCell")
            if inner is not None:
                attributes = {k: v for k, v in element.items() if k not in _NOT_ATTRIBUTES}
                label = _filled_label(element)
                found.append(_cell(inner, element.get("id", ""), label, attributes))
                inner.set("wrapped", "1")
        elif element.tag == "mxCell" and element.get("wrapped") is None:
            found.append(_cell(element, element.get("id", ""), element.get("value", ""), {}))
    return found


def _filled_label(element: Element) -> str:
    """The label of a wrapper, its ``%names%`` replaced by what the wrapper has under them."""
    label = element.get("label", "")
    if element.get("placeholders") != "1":
        return label
    return re.sub(r"%(\w+)%", lambda found: element.get(found[1], found[0]), label)


def _cell(element: Element, id: str, label: str, attributes: dict[str, str]) -> _Cell:
    shape = element.find("mxGeometry")
    geometry = shape.attrib if shape is not None else {}
    return _Cell(
        id=id,
        label=_plain(label),
        parent=element.get("parent", ""),
        style=element.get("style", ""),
        is_shape=element.get("vertex") == "1",
        is_edge=element.get("edge") == "1",
        source=element.get("source"),
        target=element.get("target"),
        x=number(geometry.get("x")) or 0.0,
        y=number(geometry.get("y")) or 0.0,
        width=number(geometry.get("width")) or 0.0,
        height=number(geometry.get("height")) or 0.0,
        is_relative=geometry.get("relative") == "1",
        attributes=attributes,
    )


def _corner(cell: _Cell, cells: dict[str, _Cell]) -> tuple[float, float]:
    """The upper left corner on the page: places within a frame are counted from the frame's."""
    x, y = 0.0, 0.0
    for _ in range(DEEPEST_PARENT):
        parent = cells.get(cell.parent)
        if cell.is_relative and parent is not None:
            x, y = x + cell.x * parent.width, y + cell.y * parent.height
        else:
            x, y = x + cell.x, y + cell.y
        if parent is None or not parent.is_shape:
            break
        cell = parent
    return x, y


def _plain(label: str) -> str:
    """The text of a label that may be HTML."""
    if "<" in label and _TAG.search(label):
        label = _TAG.sub("", _BREAK.sub(" ", label))
    return " ".join(html.unescape(label).replace("\xa0", " ").split())
