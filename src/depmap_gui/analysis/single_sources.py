"""Items of a plant that a single source delivers (section 6 of the scores).

Items go by their name, and where a link names none by its source's. What goes into one product
only is no second source for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import cast

import numpy as np

from depmap_gui.analysis.projection import Integers, Projection
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant, Supplies

SingleSources = Mapping[str, tuple[str, ...]]
"""By plant id, the ids of the links that are the only source of what they deliver."""


def item_of(project: Project, link: Supplies) -> str:
    """What a link delivers: its item, or failing that its source's name."""
    return link.item.strip() or project.name(link.source)


def single_sources(projection: Projection) -> SingleSources:
    """The single sources of the plants asked for, those with none left out."""
    is_plant, supplies = projection.wanted(EntityKind.PLANT), projection.supplies
    chosen = np.flatnonzero(is_plant[supplies.target])
    if not len(chosen):
        return {}
    links = [
        cast(Supplies, projection.links[number]) for number in supplies.number[chosen].tolist()
    ]
    key = supplies.target[chosen] * (len(links) + 1) + _item_numbers(projection.project, links)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    source = supplies.source[chosen][order]
    from_one = np.minimum.reduceat(source, starts) == np.maximum.reduceat(source, starts)
    single: dict[int, tuple[str, ...]]
    single = {first: (links[first].id,) for first in np.sort(order[starts[from_one]]).tolist()}
    for start, stop in _of_one_product(links, order, starts):
        members = [links[place] for place in order[start:stop].tolist()]
        single[int(order[start])] = _of_products(projection, members)
    found: dict[str, tuple[str, ...]] = {}
    for first in sorted(single):
        if single[first]:
            plant = links[first].target
            found[plant] = found.get(plant, ()) + single[first]
    return found


def _item_numbers(project: Project, links: list[Supplies]) -> Integers:
    """A number for what each link delivers, the same for the same item."""
    written = list(map(attrgetter("item"), links))
    item = {text: text.strip().casefold() for text in set(written)}
    number = {text: place for place, text in enumerate(dict.fromkeys(item.values()))}
    number_of = {text: number[item[text]] for text in item}
    found = np.fromiter(map(number_of.__getitem__, written), np.int64, len(links))
    for place in np.flatnonzero(found == number.get("", -1)).tolist():
        text = item_of(project, links[place]).casefold()
        found[place] = number.setdefault(text, len(number))
    return found


def _of_one_product(
    links: list[Supplies], order: Integers, starts: Integers
) -> list[tuple[int, int]]:
    """Start and stop of those items of which a delivery goes into one product only."""
    if not any(map(attrgetter("product"), links)):
        return []
    named = np.fromiter((link.product is not None for link in links), bool, len(links))
    stops = np.append(starts[1:], len(order))
    groups = np.flatnonzero(np.logical_or.reduceat(named[order], starts))
    return list(zip(starts[groups].tolist(), stops[groups].tolist(), strict=True))


def _of_products(projection: Projection, links: list[Supplies]) -> tuple[str, ...]:
    """Of the deliveries of one item, the first of each product's only source."""
    plant = projection.entities[projection.row[links[0].target]]
    products = [product.id for product in plant.products] if isinstance(plant, Plant) else []
    into = [[link for link in links if _goes_into(link, each, products)] for each in products]
    single: dict[tuple[str, str], str] = {}
    for group in into or [links]:
        if group and all(link.source == group[0].source for link in group):
            name = item_of(projection.project, group[0])
            single.setdefault((name, group[0].source), group[0].id)
    return tuple(single.values())


def _goes_into(link: Supplies, product: str, products: list[str]) -> bool:
    """Whether a delivery goes into a product; one for a product nobody makes goes into all."""
    return link.product in (None, product) or link.product not in products
