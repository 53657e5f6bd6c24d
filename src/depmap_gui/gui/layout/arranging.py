"""Laying out a whole map or a part of it, around what is pinned: one door to all layouts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point
from depmap_gui.gui.layout.bands import Attribution, banded, homes
from depmap_gui.gui.layout.layered import tiered
from depmap_gui.gui.layout.network import Floats, Network, network_of
from depmap_gui.gui.layout.organic import organic
from depmap_gui.gui.layout.owners import owned_below
from depmap_gui.gui.layout.taken import Taken, clear_of

_MOST_TRIED_WHOLE = 400
_SHIFT = (150.0, 52.0)
_RINGS = 14


class Arrangement(StrEnum):
    """The ways to lay out a map."""

    TIER = "tier"
    JURISDICTION = "jurisdiction"
    OWNERSHIP = "ownership"
    ORGANIC = "organic"


class Order(NamedTuple):
    """What is to be laid out, and how.

    ``places`` are the centers of all items on the view; ``among`` the ones to lay out (None:
    all); ``pinned`` those that must not move. ``attribution`` gives shares by jurisdiction code.
    """

    arrangement: Arrangement
    places: Mapping[str, Point]
    pinned: Collection[str] = ()
    among: Collection[str] | None = None
    attribution: Attribution | None = None


def arranged(project: Project, order: Order, context: Context) -> dict[str, Point]:
    """New centers, in tenths of a unit, by id, for the items that may move.

    No card overlaps another that was laid out, is pinned, or was to stay. The same order gives
    the same places. Raises Canceled.
    """
    shown = [id for id in project.entities if id in order.places]
    among = set(shown) if order.among is None else set(order.among)
    network = network_of(project, [id for id in shown if id in among])
    if not network.size:
        return {}
    centers = laid_out(project, network, order, context)
    context.progress(0.95, "keeping clear of what stays")
    pinned = set(order.pinned) & order.places.keys()
    stays = [id for id in shown if id in pinned or id not in among]
    fixed = np.array([order.places[id] for id in stays], dtype=np.float64).reshape(-1, 2)
    now = np.array([order.places[id] for id in network.ids], dtype=np.float64).reshape(-1, 2)
    held = np.array([id in pinned for id in network.ids], dtype=np.bool_)
    if held.any():
        centers = centers + np.median(now[held] - centers[held], axis=0)
    elif order.among is not None:
        centers = centers + (_middle(now) - _middle(centers))
        centers = _shifted_clear(centers, fixed)
    centers = np.round(centers[~held], 1)
    centers = np.round(clear_of(centers, fixed), 1)
    ids = [id for id, is_held in zip(network.ids, held.tolist(), strict=True) if not is_held]
    return {id: (x, y) for id, (x, y) in zip(ids, centers.tolist(), strict=True)}


def laid_out(project: Project, network: Network, order: Order, context: Context) -> Floats:
    """Centers (n, 2) by one of the layouts, as if nothing else were there."""
    match order.arrangement:
        case Arrangement.TIER:
            return tiered(network, context)
        case Arrangement.JURISDICTION:
            return banded(network, homes(project, order.attribution), context)
        case Arrangement.OWNERSHIP:
            return owned_below(network, context)
        case Arrangement.ORGANIC:
            return organic(network, context)


def tier_places(
    project: Project, ids: Collection[str], context: Context | None = None
) -> dict[str, Point]:
    """Centers by tier for these items alone: for maps that have no places yet."""
    network = network_of(project, ids)
    centers = np.round(tiered(network, context or Quiet()), 1).tolist()
    return {id: (x, y) for id, (x, y) in zip(network.ids, centers, strict=True)}


def _middle(centers: Floats) -> Floats:
    return np.asarray((centers.min(axis=0) + centers.max(axis=0)) / 2)


def _shifted_clear(centers: Floats, fixed: Floats) -> Floats:
    """The centers moved together, no farther than needed, so that none is near a fixed one.

    Where that would be far, they stay, and are moved one by one afterwards.
    """
    if not len(fixed) or len(centers) > _MOST_TRIED_WHOLE:
        return centers
    taken = Taken((x, y) for x, y in fixed.tolist())
    steps = sorted(
        (abs(across) * _SHIFT[0] + abs(down) * _SHIFT[1], down, across)
        for across in range(-_RINGS, _RINGS + 1)
        for down in range(-_RINGS * 2, _RINGS * 2 + 1)
    )
    points = centers.tolist()
    for _, down, across in steps:
        right, below = across * _SHIFT[0], down * _SHIFT[1]
        if all(taken.is_free((x + right, y + below)) for x, y in points):
            return centers + np.array((right, below))
    return centers
