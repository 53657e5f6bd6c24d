"""Which cards and links a trace or a lens is about; the rest of the map is dimmed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from depmap_gui.analysis.reach import Reach
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.gui.canvas.scene import KINDS, Bools, Scene

_PLANT = KINDS.index(EntityKind.PLANT)


class Focus(NamedTuple):
    """Rows of a scene that are drawn as ever: ``items`` (n) and ``links`` (m)."""

    items: Bools
    links: Bools


def focus_of(scene: Scene, reach: Reach | None) -> Focus | None:
    """What was reached by a trace; else what plays a part in the scene's lens; None for all."""
    if reach is not None:
        # A folded group is lit where any of what it stands for is reached.
        cards = set(map(scene.fold.shown, reach.steps))
        lines = set(map(scene.fold.shown, reach.links))
        items = np.array([id in cards for id in scene.ids], dtype=np.bool_)
        links = np.array([link.id in lines for link in scene.links], dtype=np.bool_)
        return Focus(items, links)
    if scene.lens is None:
        return None
    linked = np.zeros(len(scene.ids), dtype=np.bool_)
    linked[scene.sources] = True
    linked[scene.targets] = True
    items = linked | (scene.kinds == _PLANT)
    # A lens that leaves nothing to see must not leave nothing to see at all.
    return Focus(items, np.ones(len(scene.links), dtype=np.bool_)) if linked.any() else None
