"""What a layout works on: items and links as rows of arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.project import Project

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

KINDS = tuple(EntityKind)
LINK_KINDS = tuple(LinkKind)
JURISDICTION = KINDS.index(EntityKind.JURISDICTION)
PLANT = KINDS.index(EntityKind.PLANT)
LOCATED = LINK_KINDS.index(LinkKind.LOCATED)
MOST_LOCATED = 120
"""Up to how many links from jurisdictions a map shows, and so takes into account."""


class Network(NamedTuple):
    """Items in the order of ``ids``; ``kinds`` (n) and ``link_kinds`` (m) are rows of the enums.

    ``ends`` (m, 2) are the rows of each link's two ends, source first. No link joins an item to
    itself.
    """

    ids: tuple[str, ...]
    kinds: Ints
    ends: Ints
    link_kinds: Ints

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.ids)

    def of_kinds(self, *kinds: LinkKind) -> Ints:
        """The ends (k, 2) of the links of these kinds."""
        rows = [LINK_KINDS.index(kind) for kind in kinds]
        return self.ends[np.isin(self.link_kinds, rows)]

    def only(self, rows: Ints) -> Network:
        """These items, and the links among them."""
        place = np.full(self.size, -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        ends = place[self.ends]
        kept = (ends >= 0).all(axis=1)
        ids = tuple(self.ids[row] for row in rows.tolist())
        return Network(ids, self.kinds[rows], ends[kept], self.link_kinds[kept])


def network_of(project: Project, ids: Iterable[str] | None = None) -> Network:
    """The items of these ids (default: all), in the project's order, and the links among them."""
    wanted = project.entities.keys() if ids is None else set(ids)
    chosen = tuple(id for id in project.entities if id in wanted)
    index = {id: row for row, id in enumerate(chosen)}
    kind_rows = {kind: row for row, kind in enumerate(KINDS)}
    link_rows = {kind: row for row, kind in enumerate(LINK_KINDS)}
    found = [
        (index[link.source], index[link.target], link_rows[link.kind])
        for link in project.links.values()
        if link.source in index and link.target in index and link.source != link.target
    ]
    links = np.array(found, dtype=np.intp).reshape(-1, 3)
    kinds = np.array([kind_rows[project.entities[id].kind] for id in chosen], dtype=np.intp)
    return Network(chosen, kinds, links[:, :2], links[:, 2])
