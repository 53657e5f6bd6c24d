"""Gephi's spreadsheets: a table of edges with Source and Target, a table of nodes with Id."""

from __future__ import annotations

import csv
import io

from depmap_gui.exchange.formats.bounded import text_of
from depmap_gui.exchange.formats.graph import Edge, Graph, Node, number
from depmap_gui.exchange.formats.results import LeftOut

_DELIMITERS = ",;\t|"
_DIRECTIONS = ("directed", "undirected", "mutual")
LONGEST_CELL = 1_000_000


def head_of(content: bytes) -> tuple[list[str], list[str]]:
    """The first two rows of delimited text, heads in lower case; empty where there are none."""
    text = text_of(content[:65_536])
    try:
        rows = _rows(text, most=2)
    except csv.Error:
        # A quote that never closes: whatever it is, it is none of these tables.
        return [], []
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    return heads, rows[1] if len(rows) > 1 else []


def is_edge_head(heads: list[str]) -> bool:
    """Whether a table lists edges as Gephi does."""
    return "source" in heads and "target" in heads


def is_node_head(heads: list[str]) -> bool:
    """Whether a table lists nodes as Gephi does."""
    return "id" in heads and not is_edge_head(heads)


def says_direction(heads: list[str], row: list[str]) -> bool:
    """Whether a table of edges has Gephi's own column of directions, so it can be no other."""
    where = heads.index("type") if "type" in heads else -1
    return 0 <= where < len(row) and row[where].strip().lower() in _DIRECTIONS


def read_gephi(edges: bytes, nodes: bytes | None) -> Graph:
    """The graph of an edge table and, where there is one, its node table."""
    graph = Graph(nodes=[], edges=[], left_out=[], notes=[])
    undirected = 0
    for line, row in _records(nodes) if nodes is not None else ():
        id = _take(row, "id")
        if not id:
            graph.left_out.append(LeftOut(f"row {line} of the nodes", "it has no id"))
            continue
        x, y = number(_take(row, "x")), number(_take(row, "y"))
        label = _take(row, "label")
        graph.nodes.append(
            Node(id=id, label=label, attributes=row, x=x, y=None if y is None else -y + 0.0)
        )
    for line, row in _records(edges):
        source, target = _take(row, "source"), _take(row, "target")
        if not source or not target:
            graph.left_out.append(LeftOut(f"row {line} of the edges", "it lacks an end"))
            continue
        head = next((head for head in row if head.lower() == "type"), "")
        if row.get(head, "").strip().lower() in _DIRECTIONS:
            undirected += row.pop(head).strip().lower() != "directed"
        id = _take(row, "id") or str(line)
        label = _take(row, "label")
        graph.edges.append(
            Edge(id=f"edge-{id}", source=source, target=target, label=label, attributes=row)
        )
    if undirected:
        graph.notes.append(
            f"{undirected} of the edges have no direction: each was read from Source to Target."
        )
    return graph


def _records(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows with something in them, each with its number from 1 and its cells by head."""
    rows = list(_rows(text_of(content)))
    heads = [cell.strip() for cell in rows[0]] if rows else []
    return [
        (number, dict(zip(heads, row, strict=False)))
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _rows(text: str, most: int | None = None) -> list[list[str]]:
    first = text.partition("\n")[0]
    mark = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    found: list[list[str]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        found.append(row)
        if most is not None and len(found) >= most:
            break
    return found


def _take(row: dict[str, str], head: str) -> str:
    """Take the cell under a head out of the row, in whatever case the head is written."""
    for name in row:
        if name.lower() == head:
            return row.pop(name).strip()
    return ""
