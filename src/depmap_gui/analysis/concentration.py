"""How few a plant hangs on: concentration indexes and single sources (section 6 of the scores)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from depmap_gui.analysis.projection import Floats
from depmap_gui.analysis.results import Concentration, Range, SinglePoint
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer, total_by
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import Plant, Supplies

MONOPOLY = 10_000.0
"""The index of a single party."""


def concentrations(solution: Solution) -> Mapping[str, Concentration]:
    """Herfindahl-Hirschman indexes of every plant.

    Over jurisdictions for technology and for inputs through the whole chain; over direct
    suppliers, weighted by cost. In the low figure what is unknown counts as many small parties,
    in the high one as a single further one.
    """
    projection, supplied = solution.projection, solution.weights.supplied
    plants = np.flatnonzero(projection.of_kind(EntityKind.PLANT))
    bounds = [_over_jurisdictions(solution.layers[Layer.IP].table[plants])]
    for layer in (Layer.MADE_IN, Layer.MADE_BY):
        table = solution.layers[layer].table[plants].copy()
        table[~supplied[plants], -1] = 1.0
        bounds.append(_over_jurisdictions(table))
    bounds.append(_over_suppliers(solution)[plants])
    columns = [bound.tolist() for bound in bounds]
    return {
        projection.ids[plant]: Concentration(*(Range(*column[place]) for column in columns))
        for place, plant in enumerate(plants.tolist())
    }


def _over_jurisdictions(table: Floats) -> Floats:
    """Low and high index of each row (rows x 2); the last column is `unknown`."""
    low = np.square(table[:, :-1]).sum(axis=1)
    return _bounded(low, table[:, -1])


def _bounded(low: Floats, unknown: Floats) -> Floats:
    both = np.stack([low, low + np.square(unknown)], axis=1)
    return np.clip(MONOPOLY * both, 0.0, MONOPOLY)


def _over_suppliers(solution: Solution) -> Floats:
    """Low and high index over each entity's direct suppliers (n x 2)."""
    projection, weights = solution.projection, solution.weights
    supplies, size = projection.supplies, projection.size
    known = weights.documented
    pair = supplies.target[known] * size + supplies.source[known]
    pairs, place = np.unique(pair, return_inverse=True)
    share = np.bincount(place, weights=weights.as_input[known], minlength=len(pairs))
    low = total_by(pairs // max(size, 1), np.square(share), size)
    unknown = total_by(supplies.target[~known], weights.as_input[~known], size)
    unknown[~weights.supplied] = 1.0
    return _bounded(low, unknown)


def single_points(solution: Solution) -> Mapping[str, tuple[SinglePoint, ...]]:
    """For each plant with any: the items that a single source delivers.

    Items go by their name, and where a link names none by its source's. What goes into one
    product only is no second source for another.
    """
    projection = solution.projection
    project = projection.project
    sources: dict[tuple[str, str], list[Supplies]] = {}
    for number in projection.supplies.number.tolist():
        link = projection.links[number]
        if isinstance(link, Supplies):
            key = (link.target, (link.item.strip() or project.name(link.source)).casefold())
            sources.setdefault(key, []).append(link)
    points: dict[str, dict[tuple[str, str], SinglePoint]] = {}
    for (target, _), links in sources.items():
        plant = project.entities[target]
        if isinstance(plant, Plant):
            for single in _single_sources(plant, links):
                item = single.item.strip() or project.name(single.source)
                of_plant = points.setdefault(target, {})
                of_plant.setdefault(
                    (item, single.source), SinglePoint(item, single.source, single.id)
                )
    return {plant: tuple(of_plant.values()) for plant, of_plant in points.items()}


def _single_sources(plant: Plant, links: list[Supplies]) -> list[Supplies]:
    """Of the deliveries of one item, the first of each that is some product's only source."""
    if all(link.product is None for link in links):
        return links[:1] if _from_one(links) else []
    products = [product.id for product in plant.products]
    into = [[link for link in links if _goes_into(link, each, products)] for each in products]
    return [group[0] for group in (into or [links]) if group and _from_one(group)]


def _from_one(links: list[Supplies]) -> bool:
    first = links[0].source
    return all(link.source == first for link in links)


def _goes_into(link: Supplies, product: str, products: list[str]) -> bool:
    """Whether a delivery goes into a product; one for a product nobody makes goes into all."""
    return link.product in (None, product) or link.product not in products
