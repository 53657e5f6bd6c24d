"""What things are made of, where and by whom: the terms of section 4 of the scores."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from depmap_gui.analysis.projection import Flags, Floats, Projection
from depmap_gui.analysis.trace import (
    Layer,
    Reason,
    Remarks,
    Terms,
    count_by,
    known,
    terms,
    total_by,
)


@dataclass(frozen=True, eq=False)
class Weights:
    """How much each supply link counts, and how much of each item is bought in.

    Per supply link: ``by_cost`` is its share of its target's stated costs, 0 where it has none or
    the target has none at all; ``as_input`` its share with unstated costs at the mean of the
    rest; ``documented`` whether that share counts for its source (else it is unknown). Per
    entity: ``has_cost`` (some supply has a cost above zero), ``supplied`` (has any supply) and
    ``bought_in`` with the default filled in.
    """

    by_cost: Floats
    as_input: Floats
    documented: Flags
    has_cost: Flags
    supplied: Flags
    bought_in: Floats

    def of_links(self, chosen: Flags) -> Weights:
        """The weights of some of the supply links; what goes with entities stays."""
        return replace(
            self,
            by_cost=self.by_cost[chosen],
            as_input=self.as_input[chosen],
            documented=self.documented[chosen],
        )


def supply_weights(projection: Projection) -> Weights:
    """Turn the costs of supply links into shares; :func:`note_supplies` says what was assumed."""
    size, target = projection.size, projection.supplies.target
    greatest = np.zeros(size)
    np.maximum.at(greatest, target, known(projection.cost))
    has_cost = greatest > 0.0
    # Costs are taken relative to their target's greatest, so that no sum can overflow.
    cost = projection.cost / np.where(has_cost, greatest, 1.0)[target]
    costed = ~np.isnan(cost)
    total = total_by(target, cost, size)
    count, stated = count_by(target, size), count_by(target[costed], size)
    missing = count - stated
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / stated
        whole = total + np.where(missing > 0, missing * mean, 0.0)
        by_cost = cost / total[target]
        priced = np.where(costed, cost, mean[target]) / whole[target]
        equal = 1.0 / count[target]
    supplied = count > 0
    silent, default = np.isnan(projection.bought_in), projection.project.bought_in
    return Weights(
        by_cost=np.where(costed & has_cost[target], by_cost, 0.0),
        as_input=np.where(has_cost[target], priced, equal),
        documented=costed | (stated == 0)[target],
        has_cost=has_cost,
        supplied=supplied,
        bought_in=np.where(silent, np.where(supplied, default, 0.0), projection.bought_in),
    )


def note_supplies(projection: Projection, weights: Weights, remarks: Remarks) -> None:
    """Say what the weights of the projection's supplies take for granted."""
    size, target = projection.size, projection.supplies.target
    count = count_by(target, size)
    missing = count_by(target[np.isnan(projection.cost)], size)
    default = projection.project.bought_in
    for row in np.flatnonzero(np.isnan(projection.bought_in) & (count > 0)).tolist():
        remarks.assume(
            row,
            f"How much of {projection.name(row)}'s output value is bought in is not known; "
            f"{default:.0%} is assumed.",
            projection.ids[row],
        )
    for row in np.flatnonzero((count > 0) & ~weights.has_cost).tolist():
        costs = "state a cost" if missing[row] == count[row] else "have a cost above zero"
        remarks.assume(
            row,
            f"None of the supplies of {projection.name(row)} {costs}: they count equally as "
            "inputs, and for embedded IP nothing counts as bought in.",
            projection.ids[row],
        )
    for row in np.flatnonzero(weights.has_cost & (missing > 0)).tolist():
        remarks.assume(
            row,
            f"{missing[row]} of {count[row]} supplies of {projection.name(row)} state no cost: "
            "each counts as unknown input at the mean cost of the others, and not at all for "
            "embedded IP.",
            projection.ids[row],
        )


def first_tier_terms(projection: Projection, weights: Weights, value: Layer) -> list[Terms]:
    """M1: where or by whom the inputs themselves are made; ``value`` is the layer read (V)."""
    supplies, chosen = projection.supplies, weights.documented
    return [
        terms(
            Reason.MAKER,
            value,
            supplies.target[chosen],
            supplies.source[chosen],
            weights.as_input[chosen],
            supplies.number[chosen],
        ),
        _uncosted(projection, weights),
    ]


def whole_chain_terms(
    projection: Projection, weights: Weights, value: Layer, layer: Layer
) -> list[Terms]:
    """M: the inputs, and for what they buy in turn, their own inputs (``layer`` itself)."""
    supplies, chosen = projection.supplies, weights.documented
    target, source = supplies.target[chosen], supplies.source[chosen]
    weight, number = weights.as_input[chosen], supplies.number[chosen]
    passed_on = np.where(weights.supplied, weights.bought_in, 0.0)[source]
    return [
        terms(Reason.MAKER, value, target, source, weight * (1.0 - passed_on), number),
        terms(Reason.MAKER_INPUTS, layer, target, source, weight * passed_on, number),
        _uncosted(projection, weights),
    ]


def _uncosted(projection: Projection, weights: Weights) -> Terms:
    supplies, silent = projection.supplies, ~weights.documented
    return terms(
        Reason.UNCOSTED,
        Layer.UNIT,
        supplies.target[silent],
        projection.size,
        weights.as_input[silent],
        supplies.number[silent],
    )
