"""Why a concentration index is what it is: each party's share, squared, down to its links.

The square of a share is the share times all that it is added up from, so each party's part opens
into the explanation of its share, in points of the index, and the whole sums to the low figure.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
import numpy as np

from depmap_gui.analysis.concentration import concentrations
from depmap_gui.analysis.explain import ExplainError, explain
from depmap_gui.analysis.indexes import MONOPOLY
from depmap_gui.analysis.results import UNKNOWN, Concentration, Contribution, Score
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution


class Market(StrEnum):
    """What a plant's concentration is told of."""

    IP = "ip"
    INPUTS_MADE_IN = "inputs_made_in"
    INPUTS_MADE_BY = "inputs_made_by"
    SUPPLIERS = "suppliers"


MARKET_WORDS: dict[Market, str] = {
    Market.IP: "its technology over jurisdictions",
    Market.INPUTS_MADE_IN: "where its inputs are made",
    Market.INPUTS_MADE_BY: "by whose companies its inputs are made",
    Market.SUPPLIERS: "its direct suppliers",
}
_SCORES = {
    Market.IP: Score.IP,
    Market.INPUTS_MADE_IN: Score.MADE_IN,
    Market.INPUTS_MADE_BY: Score.MADE_BY,
}
_LEAST_LIMIT = 20


def explain_concentration(
    solution: Solution, plant: str, market: Market, *, limit: int = 400
) -> Contribution:
    """What a plant's index, in points of 0..10,000, is added up from: the low figure.

    The root's note says what the high one counts besides. Raises ExplainError where the map has
    no such plant.
    """
    found = concentrations(solution).get(plant)
    if found is None:
        raise ExplainError(f"There is no plant '{plant}' on the map: only plants have an index.")
    bounds = _bounds(found, market)
    if market is Market.SUPPLIERS:
        parts = _suppliers(solution, plant)
    else:
        parts = _jurisdictions(solution, plant, _SCORES[market], limit)
    name = solution.projection.name(solution.projection.row[plant])
    more = bounds[1] - bounds[0]
    return Contribution(
        amount=bounds[0],
        label=f"Concentration of {name}: {MARKET_WORDS[market]}",
        entity=plant,
        note=f"Up to {more:,.0f} points more if all that is unknown is one party."
        if more >= 0.5
        else "",
        parts=tuple(sorted(parts, key=lambda part: -part.amount)),
    )


def _bounds(found: Concentration, market: Market) -> tuple[float, float]:
    chosen = getattr(found, market.value)
    return chosen.low, chosen.high


def _jurisdictions(solution: Solution, plant: str, score: Score, limit: int) -> list[Contribution]:
    projection = solution.projection
    row = projection.row[plant]
    shares = solution.layers[LAYER_OF[score]].table[row]
    if score is not Score.IP and not solution.weights.supplied[row]:
        return []
    codes = [code for code in projection.codes if code != UNKNOWN]
    held = [(code, float(share)) for code, share in zip(codes, shares, strict=False) if share > 0]
    each = max(limit // max(len(held), 1), _LEAST_LIMIT)
    parts = []
    for code, share in held:
        whole = explain(solution, plant, score, code, limit=each)
        scaled = _scaled(whole, MONOPOLY * share)
        parts.append(msgspec.structs.replace(scaled, label=f"{code}: {share:.1%}, squared"))
    return parts


def _suppliers(solution: Solution, plant: str) -> list[Contribution]:
    """One part a supplier, and in it one a delivery whose cost is known."""
    projection, weights = solution.projection, solution.weights
    supplies = projection.supplies
    chosen = np.flatnonzero((supplies.target == projection.row[plant]) & weights.documented)
    parts = []
    for source in np.unique(supplies.source[chosen]).tolist():
        own = chosen[supplies.source[chosen] == source]
        share = float(weights.as_input[own].sum())
        deliveries = [
            _delivery(solution, int(place), MONOPOLY * share * float(weights.as_input[place]))
            for place in own
        ]
        parts.append(
            Contribution(
                amount=sum(delivery.amount for delivery in deliveries),
                label=f"{projection.name(source)}: {share:.1%} of the cost, squared",
                entity=projection.ids[source],
                sources=projection.entities[source].sources,
                parts=tuple(deliveries),
            )
        )
    return [part for part in parts if part.amount > 0]


def _delivery(solution: Solution, place: int, amount: float) -> Contribution:
    projection, weights = solution.projection, solution.weights
    link = projection.links[projection.supplies.number[place]]
    item = getattr(link, "item", "") or "Delivery"
    return Contribution(
        amount=amount,
        label=f"{item}: {float(weights.as_input[place]):.1%} of the cost",
        link=link.id,
        sources=link.sources,
    )


def _scaled(tree: Contribution, by: float) -> Contribution:
    return msgspec.structs.replace(
        tree, amount=tree.amount * by, parts=tuple(_scaled(part, by) for part in tree.parts)
    )
