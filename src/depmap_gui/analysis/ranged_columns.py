"""The columns of a projection with their ranges beside them: low, mode, high and which quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from depmap_gui.analysis.projection import Floats, Integers, Links, Projection
from depmap_gui.analysis.ranges import Ranges
from depmap_gui.analysis.uncertainty_results import Place

CERTAIN = -1
"""The quantity number of a figure that is no range."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of figures: ``low`` and ``high`` differ from ``mode`` only where ``quantity``,
    the row in :class:`Ranges`, is not CERTAIN. NaN is unknown in all three."""

    low: Floats
    mode: Floats
    high: Floats
    quantity: Integers

    def take(self, chosen: Any) -> Column:
        """The figures at these places."""
        return Column(self.low[chosen], self.mode[chosen], self.high[chosen], self.quantity[chosen])

    def times(self, factor: Floats) -> Column:
        """The figures, each multiplied by a factor of its own."""
        low, mode, high = self.low * factor, self.mode * factor, self.high * factor
        return Column(low, mode, high, self.quantity)

    @property
    def known(self) -> np.typing.NDArray[np.bool_]:
        """Where there is a figure at all."""
        return ~np.isnan(self.mode)


@dataclass(frozen=True, eq=False)
class RangedColumns:
    """The columns of a :class:`Projection` that may hold ranges, under the same names."""

    located: Column
    owns: Column
    votes: Column
    lends: Column
    supplies: Column
    cost: Column
    licenses: Column
    uses: Column
    own_ip: Column
    bought_in: Column


def ranged_columns(projection: Projection, ranges: Ranges) -> RangedColumns:
    """The ranges of a project's quantities, as columns of its projection."""
    shares = {
        name: _of_links(projection, ranges, links, links.share, field)
        for name, links, field in (
            ("located", projection.located, "share"),
            ("owns", projection.owns, "share"),
            ("lends", projection.lends, "share"),
            ("supplies", projection.supplies, "ip_share"),
            ("licenses", projection.licenses, "share"),
            ("uses", projection.uses, "share"),
        )
    }
    return RangedColumns(
        **shares,
        votes=_of_links(projection, ranges, projection.owns, projection.votes, "votes", "share"),
        cost=_of_links(projection, ranges, projection.supplies, projection.cost, "cost"),
        own_ip=_of_entities(projection, ranges, projection.own_ip, "own_ip"),
        bought_in=_of_entities(projection, ranges, projection.bought_in, "bought_in"),
    )


def _of_links(
    projection: Projection,
    ranges: Ranges,
    links: Links,
    modes: Floats,
    field: str,
    instead: str = "",
) -> Column:
    """The column of a field; where a link leaves it open, of the field ``instead``."""
    found: list[tuple[int, int]] = []
    for at, number in enumerate(links.number.tolist()):
        link = projection.links[number]
        name = field
        value = getattr(link, field)
        if value is None and instead:
            name, value = instead, getattr(link, instead)
        if type(value) is tuple:
            quantity = ranges.number.get(Place(link.id, name), CERTAIN)
            if quantity != CERTAIN:
                found.append((at, quantity))
    return _column(ranges, modes, found)


def _of_entities(projection: Projection, ranges: Ranges, modes: Floats, field: str) -> Column:
    found = [
        (row, quantity)
        for row in range(projection.size)
        if type(getattr(projection.entities[row], field, None)) is tuple
        and (quantity := ranges.number.get(Place(projection.ids[row], field), CERTAIN)) != CERTAIN
    ]
    return _column(ranges, modes, found)


def _column(ranges: Ranges, modes: Floats, found: list[tuple[int, int]]) -> Column:
    quantity = np.full(len(modes), CERTAIN, dtype=np.int64)
    low, mode, high = modes.copy(), modes.copy(), modes.copy()
    if found:
        at, numbers = np.array(found, dtype=np.int64).T
        quantity[at] = numbers
        low[at], mode[at], high[at] = ranges.triangle[numbers].T
    return Column(low, mode, high, quantity)
