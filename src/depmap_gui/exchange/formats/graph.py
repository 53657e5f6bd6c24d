"""A graph as its file has it, before anyone says what its nodes and edges mean."""

from __future__ import annotations

from typing import Any

import msgspec

from depmap_gui.exchange.formats.results import LeftOut


class Node(msgspec.Struct, kw_only=True):
    """A node: its id and label in the file, its attributes by name, and its place if it has one.

    ``x`` runs to the right and ``y`` downward, in the file's units.
    """

    id: str
    label: str = ""
    attributes: dict[str, str] = {}
    x: float | None = None
    y: float | None = None


class Edge(msgspec.Struct, kw_only=True):
    """An edge between two nodes' ids."""

    id: str
    source: str
    target: str
    label: str = ""
    attributes: dict[str, str] = {}


class Graph(msgspec.Struct, kw_only=True):
    """All of a file. ``own`` is what DepMap put there beside the graph, where it wrote the file."""

    title: str = ""
    nodes: list[Node] = []
    edges: list[Edge] = []
    left_out: list[LeftOut] = []
    notes: list[str] = []
    own: dict[str, Any] | None = None


def number(text: str | None) -> float | None:
    """A finite number as a file writes it, or None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None
