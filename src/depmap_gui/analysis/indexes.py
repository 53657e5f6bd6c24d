"""How few hands a plant's technology and inputs are in (section 6 of the scores).

Herfindahl-Hirschman indexes, 0..10,000, as a low and a high figure: in the low one what is
unknown counts as many small parties, in the high one as a single further one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from depmap_gui.analysis.inputs import Weights
from depmap_gui.analysis.projection import Flags, Floats, Integers, Projection
from depmap_gui.analysis.trace import Layer, Solved, total_by

MONOPOLY = 10_000.0
"""The index of a single party."""
OVER_JURISDICTIONS = (Layer.IP, Layer.MADE_IN, Layer.MADE_BY)
"""The layers whose concentration over jurisdictions is told, in this order; suppliers follow."""


def jurisdiction_indexes(
    layers: Mapping[Layer, Solved], supplied: Flags, plants: Integers
) -> Floats:
    """Low and high index of some plants over jurisdictions (plants x 3 x 2)."""
    found = np.zeros((len(plants), len(OVER_JURISDICTIONS), 2))
    for number, layer in enumerate(OVER_JURISDICTIONS):
        table = layers[layer].table[plants]
        if layer is not Layer.IP:
            table[~supplied[plants], -1] = 1.0
        low = np.einsum("ij,ij->i", table[:, :-1], table[:, :-1])
        found[:, number] = _bounded(low, table[:, -1])
    return found


def supplier_indexes(projection: Projection, weights: Weights, plants: Integers) -> Floats:
    """Low and high index of some plants over direct suppliers, by cost (plants x 2).

    Whose a delivery of unknown cost is, is known: the high figure is no less than what there is
    if it costs the mean of the others.
    """
    supplies, size = projection.supplies, projection.size
    into = np.zeros(size, dtype=bool)
    into[plants] = True
    known, silent = into[supplies.target], into[supplies.target]
    known, silent = known & weights.documented, silent & ~weights.documented
    low = _squares_by_target(projection, weights, known)[plants]
    unknown = total_by(supplies.target[silent], weights.as_input[silent], size)
    unknown[~weights.supplied] = 1.0
    found = _bounded(low, unknown[plants])
    if silent.any():
        filled = MONOPOLY * _squares_by_target(projection, weights, known | silent)[plants]
        found[:, 1] = np.clip(np.maximum(found[:, 1], filled), 0.0, MONOPOLY)
    return found


def _squares_by_target(projection: Projection, weights: Weights, chosen: Flags) -> Floats:
    """Of each entity, the sum over its suppliers of their share squared, by some of the links."""
    supplies, size = projection.supplies, projection.size
    pair = supplies.target[chosen] * size + supplies.source[chosen]
    pairs, place = np.unique(pair, return_inverse=True)
    share = np.bincount(place, weights=weights.as_input[chosen], minlength=len(pairs))
    return total_by(pairs // max(size, 1), np.square(share), size)


def _bounded(low: Floats, unknown: Floats) -> Floats:
    both = np.stack([low, low + np.square(unknown)], axis=1)
    return np.clip(MONOPOLY * both, 0.0, MONOPOLY)
