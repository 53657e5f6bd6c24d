"""What is selected as a map shows it: in the order chosen, and as rows of the scene."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas.scene import Scene

Ints = npt.NDArray[np.intp]


class Chosen(NamedTuple):
    """``ids`` of all that is selected and shown, of ``items`` and ``links`` alone, and the rows
    ``item_rows`` (n) and ``link_rows`` (m) that these have in the scene."""

    ids: tuple[str, ...]
    items: list[str]
    links: list[str]
    item_rows: Ints
    link_rows: Ints


def chosen_of(scene: Scene, selection: Iterable[str], boxes: Iterable[str]) -> Chosen:
    """The selection as it is seen: what stands in a collapsed group's place for its members."""
    fold, index, link_index = scene.fold, scene.index, scene.link_index
    shown = map(fold.shown, selection) if fold.inner else selection
    ids = tuple(dict.fromkeys((*shown, *(id for id in boxes if id in scene.box_index))))
    items = [id for id in ids if id in index]
    links = [id for id in ids if id in link_index]
    return Chosen(
        ids,
        items,
        links,
        np.array([index[id] for id in items], dtype=np.intp),
        np.array([link_index[id] for id in links], dtype=np.intp),
    )
