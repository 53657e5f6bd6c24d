"""What an unknown share is made of: the places of the map where nothing is documented.

A figure's unknown share is a sum over all terms that end in `unknown`, each weighted by how much
of the figure hangs on its row. Those weights follow from the same terms, read backward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from depmap_gui.analysis.linear import matrix
from depmap_gui.analysis.projection import Floats
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer, Reason

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LEAST = 1e-12


@dataclass(frozen=True)
class UnknownPart:
    """A part of an unknown share: the term (its layer, entity row and place among the layer's
    terms) that says `unknown`, and how much of the figure it makes."""

    layer: Layer
    row: int
    place: int
    reason: Reason
    link: int
    amount: float


def reliance(solution: Solution, layer: Layer, row: int) -> Mapping[Layer, Floats]:
    """How much of a figure hangs on each row of each layer, itself included (length n + 1)."""
    size = solution.projection.size + 1
    found = {each: np.zeros(size) for each in Layer}
    found[layer][row] = 1.0
    for each in sorted(Layer, reverse=True):
        solved = solution.layers.get(each)
        if each is Layer.UNIT or solved is None or not found[each].any():
            continue
        terms = solved.terms
        inner = terms.layer == int(each)
        if inner.any():
            within = matrix(terms.row[inner], terms.operand[inner], terms.weight[inner], size)
            found[each] = _backward(within, found[each])
        for other in np.unique(terms.layer[~inner]).tolist():
            chosen = terms.layer == other
            passed = found[each][terms.row[chosen]] * terms.weight[chosen]
            found[Layer(other)] += np.bincount(
                terms.operand[chosen], weights=passed, minlength=size
            )
    return found


def _backward(within: csr_matrix, constant: Floats) -> Floats:
    """Solve y = W' y + b."""
    from scipy.sparse import identity
    from scipy.sparse.linalg import spsolve

    system = (identity(within.shape[0], format="csc") - within.T.tocsc()).tocsc()
    found: Floats = np.atleast_1d(spsolve(system, constant))
    return found


def unknown_parts(
    solution: Solution, layer: Layer, row: int, relied: Mapping[Layer, Floats] | None = None
) -> list[UnknownPart]:
    """The parts of a figure's unknown share, the largest first; they sum to it."""
    relied = reliance(solution, layer, row) if relied is None else relied
    unknown = solution.projection.size
    parts = []
    for each, solved in solution.layers.items():
        if each is Layer.UNIT or not relied[each].any():
            continue
        terms = solved.terms
        ends = np.flatnonzero((terms.layer == int(Layer.UNIT)) & (terms.operand == unknown))
        amounts = relied[each][terms.row[ends]] * terms.weight[ends]
        for place, amount in zip(ends.tolist(), amounts.tolist(), strict=True):
            if amount > LEAST:
                parts.append(
                    UnknownPart(
                        each,
                        int(terms.row[place]),
                        place,
                        Reason(int(terms.reason[place])),
                        int(terms.link[place]),
                        amount,
                    )
                )
    return sorted(parts, key=lambda part: -part.amount)
