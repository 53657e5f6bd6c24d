"""The layout by jurisdiction: a band for each country, and in it the tiers from left to right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.domain.kinds import LinkKind, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import AnyLink, Company, Jurisdiction, Located
from depmap_gui.gui.layout.card_size import CARD_WIDTH, COLUMN_STEP, ROW_STEP
from depmap_gui.gui.layout.layered import tier_of_each
from depmap_gui.gui.layout.network import LOCATED, Floats, Ints, Network
from depmap_gui.gui.layout.ordering import pieces_of
from depmap_gui.gui.layout.sifting import best_order

_MOST_COLUMNS = 7
_MOST_BANDS_MATCHED = 100
_BETWEEN_BANDS = 64.0
_BESIDE = CARD_WIDTH + 40.0
_SHAPE = 1.7
_NOT_TALL = 1_600.0
_ROLES = {
    LocationRole.INCORPORATED: 0,
    LocationRole.SITE: 0,
    LocationRole.ORIGIN: 0,
    LocationRole.CITIZEN: 1,
    LocationRole.PRINCIPAL: 2,
    LocationRole.RESIDENT: 3,
}
_HANDED_ON = (LinkKind.LICENSES, LinkKind.OPERATES, LinkKind.OWNS, LinkKind.USES, LinkKind.SUPPLIES)

Attribution = Mapping[str, Mapping[str, float]]


def homes(project: Project, attribution: Attribution | None = None) -> dict[str, str]:
    """The jurisdiction (id) of each item that has one, by id.

    A company is its largest attributed jurisdiction's where ``attribution`` (shares by
    jurisdiction code) is given, else its home's; a plant its site's; a material its largest
    origin's. What says nothing itself follows who licenses, operates, owns, uses or supplies it.
    """
    found = {place.id: place.id for place in project.of_kind(Jurisdiction)}
    by_code = {place.code or place.id: place.id for place in project.of_kind(Jurisdiction)}
    if attribution is not None:
        for company in project.of_kind(Company):
            shares = attribution.get(company.id, {})
            most = max(shares, key=lambda code: (shares[code], code), default="")
            if most in by_code:
                found[company.id] = by_code[most]
    located = [link for link in project.links.values() if isinstance(link, Located)]
    for link in sorted(located, key=_rank):
        found.setdefault(link.target, link.source)
    links = [link for link in project.links.values() if link.kind in _HANDED_ON]
    links.sort(key=lambda link: _HANDED_ON.index(link.kind))
    _hand_on(found, links)
    return found


def _rank(link: Located) -> tuple[int, float]:
    role = _ROLES.get(link.role, 4) if link.role is not None else 4
    return (role, -float(mode(link.share)) if link.share is not None else 0.0)


def _hand_on(found: dict[str, str], links: list[AnyLink]) -> None:
    waiting = [link for link in links if link.target not in found]
    while waiting:
        before = len(found)
        for link in waiting:
            if link.source in found:
                found.setdefault(link.target, found[link.source])
        if len(found) == before:
            break
        waiting = [link for link in waiting if link.target not in found]


def banded(network: Network, home: Mapping[str, str], context: Context) -> Floats:
    """A center (n, 2) for each item: bands from top to bottom, tiers from left to right.

    Items without a home share the last band. Bands between which many links run lie near each
    other.
    """
    if not network.size:
        return np.zeros((0, 2))
    context.progress(0.0, "finding tiers")
    names = [home.get(id, "") for id in network.ids]
    labels, band = np.unique(np.array(names), return_inverse=True)
    tier = _few_tiers(tier_of_each(network))
    order = _order_within(network, tier, context)
    homeless = int(np.flatnonzero(labels == "")[0]) if "" in names else -1
    rank = _band_ranks(network, band, len(labels), homeless)
    return _in_cells(tier, rank[band], order)


def _few_tiers(tier: Ints) -> Ints:
    """The tiers, with those of very deep maps put together evenly; the first stays alone."""
    deepest = int(tier.max(initial=0))
    if deepest < _MOST_COLUMNS:
        return np.unique(tier, return_inverse=True)[1].astype(np.intp)
    behind = np.sort(tier[tier > 0])
    share = np.searchsorted(behind, tier, "left") / max(1, len(behind))
    made = np.where(tier == 0, 0, 1 + (share * (_MOST_COLUMNS - 1)).astype(np.intp))
    return np.unique(made, return_inverse=True)[1].astype(np.intp)


def _order_within(network: Network, tier: Ints, context: Context) -> Floats:
    """A value for each item by which the items of one tier stand in an order of few crossings."""
    ends = network.ends[network.link_kinds != LOCATED]
    pieces = pieces_of(tier, ends)
    place = best_order(pieces, context)
    sizes = np.bincount(pieces.tier)
    return np.asarray((place / sizes[pieces.tier])[: network.size])


def _band_ranks(network: Network, band: Ints, count: int, last: int) -> Ints:
    """The place of each band from the top: next to those it deals with; ``last`` at the bottom."""
    size = np.bincount(band, minlength=count)
    left = [number for number in range(count) if number != last]
    order: list[int] = []
    if count > _MOST_BANDS_MATCHED:
        order = sorted(left, key=lambda number: (-size[number], number))
    else:
        met = np.zeros((count, count))
        links = band[network.ends[network.link_kinds != LOCATED]]
        np.add.at(met, (links[:, 0], links[:, 1]), 1.0)
        met += met.T
        np.fill_diagonal(met, 0.0)
        ties = size.astype(np.float64)
        while left:
            # Each next band joins the stack, above or below, where it deals with more.
            best = max(left, key=lambda number: (ties[number], size[number], -number))
            left.remove(best)
            half = max(1, len(order) // 2)
            above, below = met[best, order[:half]].sum(), met[best, order[-half:]].sum()
            order = [best, *order] if above > below else [*order, best]
            ties = met[best] if len(order) == 1 else ties + met[best]
    if last >= 0:
        order.append(last)
    rank = np.empty(count, dtype=np.intp)
    rank[order] = np.arange(count)
    return rank


def _in_cells(tier: Ints, band: Ints, order: Floats) -> Floats:
    """Fill the cells of the grid of bands and tiers, each tier as wide in all of them."""
    counts = np.zeros((int(band.max()) + 1, int(tier.max()) + 1), dtype=np.intp)
    np.add.at(counts, (band, tier), 1)
    columns = _widths(counts)
    lines = -(-counts // columns)
    heights = np.maximum(1, lines.max(axis=1)) * ROW_STEP + _BETWEEN_BANDS
    wide = (columns - 1) * _BESIDE + COLUMN_STEP + 24.0
    starts = np.cumsum(wide) - wide
    page, tops = _paged(heights, float(wide.sum()))
    centers = np.zeros((len(tier), 2))
    rows = np.lexsort((order, tier, band))
    cell = band[rows] * counts.shape[1] + tier[rows]
    first = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    number = np.arange(len(rows)) - np.repeat(first, np.diff(np.r_[first, len(rows)]))
    across = columns[tier[rows]]
    # A short cell stands in the middle of its band.
    spare = (lines.max(axis=1)[band[rows]] - lines[band[rows], tier[rows]]) * ROW_STEP / 2
    left = page[band[rows]] * (float(wide.sum()) + COLUMN_STEP)
    centers[rows, 0] = left + starts[tier[rows]] + (number % across) * _BESIDE
    centers[rows, 1] = tops[band[rows]] + spare + (number // across) * ROW_STEP
    return centers


def _paged(heights: Floats, wide: float) -> tuple[Ints, Floats]:
    """The page and the top of each band: a stack far too tall is cut into pages side by side."""
    tall = float(heights.sum())
    pages = max(1, round((_SHAPE * tall / wide) ** 0.5)) if tall > 2 * wide else 1
    ends = np.cumsum(heights)
    page = np.minimum((ends - heights / 2) / (tall / pages), pages - 1).astype(np.intp)
    first = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])
    tops = ends - heights
    return page, tops - np.repeat(tops[first], np.diff(np.r_[first, len(page)]))


def _widths(counts: Ints) -> Ints:
    """How many columns of cards each tier is given, so that the map has a good shape."""
    columns = np.ones(counts.shape[1], dtype=np.intp)
    while True:
        lines = -(-counts // columns)
        tall = float((np.maximum(1, lines.max(axis=1)) * ROW_STEP + _BETWEEN_BANDS).sum())
        wide = float((columns * _BESIDE + COLUMN_STEP - CARD_WIDTH).sum())
        if wide >= _SHAPE * tall or tall <= _NOT_TALL or int(lines.max()) <= 1:
            return columns
        # The tiers that make most bands as tall as they are get wider.
        decisive = (lines == lines.max(axis=1)[:, None]) & (lines > 1)
        columns[(decisive * lines).sum(axis=0).argmax()] += max(1, int(columns.max()) // 12)
