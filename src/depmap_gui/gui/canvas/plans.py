"""How finely links are drawn: decided once for all that is in sight, and kept while one pans.

A link that only part of a picture shows must look the same in every part of it. So the choice
does not go by what a strip shows that comes into sight, but by a plan for the whole.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas import geometry
from depmap_gui.gui.canvas.haze import Grain, grain_of
from depmap_gui.gui.canvas.scene import LOCATED, Rect, Scene

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

MOST_PATHS = 40
_MOST_LABELED = 450
_MOST_CURVES = 260
_MOST_HAIRS = 1_600
_MOST_PASSING = 150
_MOST_FINE_PIXELS = 200_000.0
_MOST_HAIR_PIXELS = 400_000.0
_MOST_BROAD_PIXELS = 50_000.0
_LEAST_CURVED = 0.2
_SLIM = 0.8


class Manner(IntEnum):
    """How a link is drawn, the finest first."""

    PATH = 0
    CURVE = 1
    HAIR = 2
    HAZE = 3
    NOT = 4


class Plan(NamedTuple):
    """``here`` (m) are the links that end at a card in sight, drawn as ``near``; others as ``far``.

    Of those others the ``idle`` (m) ones, which only tell where things are, may be left out.
    Where many curves run close together they are as ``slim`` as this part of their width.
    ``is_labeled`` tells whether there are few enough for words on them.
    """

    here: Bools
    near: Manner
    far: Manner
    idle: Bools
    grain: Grain
    slim: float
    is_labeled: bool

    def manners(self, rows: Ints) -> Ints:
        """How each of these links is drawn, as a number."""
        found = np.where(self.here[rows], int(self.near), int(self.far))
        found[self.idle[rows] & ~self.here[rows]] = Manner.NOT
        return found

    def says(self, row: int) -> bool:
        """Whether the link may have words on it: what merely passes by says nothing."""
        return self.near is self.far or bool(self.here[row])


def planned(scene: Scene, rows: Ints, zoom: float, seen: Rect) -> Plan:
    """How to draw the links of these rows, which are those to be seen in ``seen``."""
    is_labeled = len(rows) <= _MOST_LABELED
    here, idle = np.zeros((2, len(scene.links)), dtype=np.bool_)
    if len(rows) <= MOST_PATHS:
        return Plan(here, Manner.PATH, Manner.PATH, idle, Grain(), 1.0, is_labeled)
    cards = np.zeros(len(scene.ids), dtype=np.bool_)
    cards[scene.items_in(seen)] = True
    here[rows] = cards[scene.sources[rows]] | cards[scene.targets[rows]]
    passing = rows[~here[rows]]
    ending = rows[here[rows]]
    far = Manner.HAZE if len(passing) > _MOST_PASSING else Manner.HAIR
    near, slim = Manner.HAZE, 1.0
    if len(ending) <= _MOST_HAIRS:
        pixels = _length(scene, ending, seen) * zoom
        if len(ending) <= _MOST_CURVES and zoom >= _LEAST_CURVED and pixels <= _MOST_FINE_PIXELS:
            near, slim = Manner.CURVE, (_SLIM if pixels > _MOST_BROAD_PIXELS else 1.0)
        elif pixels <= _MOST_HAIR_PIXELS:
            near = Manner.HAIR
    far = max(near, far)
    if near is Manner.CURVE:
        idle = scene.link_kinds == LOCATED
        passing = passing[~idle[passing]]
    hazed = [part for part, how in ((ending, near), (passing, far)) if how is Manner.HAZE]
    grain = grain_of(scene, np.concatenate(hazed), zoom, seen) if hazed else Grain()
    return Plan(here, near, far, idle, grain, slim, is_labeled)


def thorough(scene: Scene) -> Plan:
    """For a picture that may take its time: every link as a line, with words where they fit."""
    everything, nothing = np.ones(len(scene.links), np.bool_), np.zeros(len(scene.links), np.bool_)
    return Plan(everything, Manner.HAIR, Manner.HAIR, nothing, Grain(), 1.0, is_labeled=True)


def _length(scene: Scene, rows: Ints, seen: Rect) -> float:
    """About how long the links of these rows are in all within ``seen``, in map units."""
    straight = np.concatenate((scene.start[rows], scene.end[rows]), axis=1)
    enters, leaves = geometry.clipped(straight, seen)
    off = straight[:, 2:] - straight[:, :2]
    return float((np.hypot(off[:, 0], off[:, 1]) * np.maximum(0.0, leaves - enters)).sum())
