"""How deep each item stands in the chain of dependence: its tier, counted from the left."""

from __future__ import annotations

import heapq

import numpy as np

from depmap_gui.gui.layout.network import Ints

_PASSES = 3


def without_loops(count: int, ends: Ints) -> Ints:
    """The links (m, 2) with as few as seem needed turned round, so that none run in a circle.

    Within each strongly connected part the items are put into an order by the greedy rule of
    Eades, Lin and Smyth (1993): ends with nothing after them last, those with nothing before them
    first, and otherwise the one that gives most and takes least. Links against it are turned.
    """
    if not len(ends):
        return ends
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(ends), dtype=np.int8)
    matrix = coo_matrix((ones, (ends[:, 0], ends[:, 1])), shape=(count, count))
    parts, labels = connected_components(matrix, directed=True, connection="strong")
    if parts == count:
        return ends
    inside = labels[ends[:, 0]] == labels[ends[:, 1]]
    rank = _greedy_order(count, ends[inside])
    turned = ends.copy()
    against = inside & (rank[ends[:, 0]] > rank[ends[:, 1]])
    turned[against] = ends[against][:, ::-1]
    return turned


def _greedy_order(count: int, ends: Ints) -> Ints:
    """A rank for each item such that few of the links run from a higher to a lower one."""
    after: dict[int, list[int]] = {}
    before: dict[int, list[int]] = {}
    for source, target in ends.tolist():
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    left = set(after) | set(before)
    gives = {item: len(after.get(item, ())) for item in left}
    takes = {item: len(before.get(item, ())) for item in left}
    heap = [(takes[item] - gives[item], item) for item in left]
    heapq.heapify(heap)
    loose = sorted(left)
    first: list[int] = []
    last: list[int] = []
    while left:
        while loose:
            item = loose.pop()
            if item not in left or (gives[item] and takes[item]):
                continue
            _take(item, last if not gives[item] else first, left)
            loose += _let_go(item, after, before, gives, takes, left, heap)
        while heap and (heap[0][1] not in left or heap[0][0] != _balance(heap[0][1], gives, takes)):
            heapq.heappop(heap)
        if heap and left:
            item = heapq.heappop(heap)[1]
            _take(item, first, left)
            loose = _let_go(item, after, before, gives, takes, left, heap)
    rank = np.zeros(count, dtype=np.intp)
    rank[first + last[::-1]] = np.arange(len(first) + len(last))
    return rank


def _take(item: int, into: list[int], left: set[int]) -> None:
    into.append(item)
    left.remove(item)


def _balance(item: int, gives: dict[int, int], takes: dict[int, int]) -> int:
    return takes[item] - gives[item]


def _let_go(
    item: int,
    after: dict[int, list[int]],
    before: dict[int, list[int]],
    gives: dict[int, int],
    takes: dict[int, int],
    left: set[int],
    heap: list[tuple[int, int]],
) -> list[int]:
    """Count the item's links no longer; those that have now nothing before or after them."""
    loose = []
    for counts, others in ((takes, after.get(item, ())), (gives, before.get(item, ()))):
        for other in others:
            if other in left:
                counts[other] -= 1
                if counts[other] == 0:
                    loose.append(other)
                heapq.heappush(heap, (_balance(other, gives, takes), other))
    return loose


def tiers_of(count: int, ends: Ints) -> Ints:
    """The tier (count) of each item, 0 or more: every link of ``ends`` leads to a higher tier.

    ``ends`` must hold no circles. A tier is the length of the longest chain that leads to the
    item; an item that gives to more than it takes from then moves up to what it gives to, and the
    other way round, so that links are short.
    """
    tier = _longest_chains(count, ends)
    if not len(ends):
        return tier
    out = np.bincount(ends[:, 0], minlength=count)
    into = np.bincount(ends[:, 1], minlength=count)
    by_source, by_target = ends[np.argsort(ends[:, 0])], ends[np.argsort(ends[:, 1])]
    for _ in range(_PASSES):
        before = tier.copy()
        _pull(tier, by_source, out > into, rightward=True)
        _pull(tier, by_target[:, ::-1], into > out, rightward=False)
        if np.array_equal(before, tier):
            break
    tier -= tier.min(initial=0)
    return tier


def _longest_chains(count: int, ends: Ints) -> Ints:
    """For each item the number of links in the longest chain that leads to it."""
    order = np.argsort(ends[:, 0], kind="stable")
    targets = ends[order, 1]
    sizes = np.bincount(ends[:, 0], minlength=count)
    starts = np.cumsum(sizes) - sizes
    waiting = np.bincount(ends[:, 1], minlength=count)
    tier = np.zeros(count, dtype=np.intp)
    front = np.flatnonzero(waiting == 0)
    depth = 0
    while len(front):
        tier[front] = depth
        depth += 1
        lengths = sizes[front]
        skipped = np.repeat(starts[front] - (np.cumsum(lengths) - lengths), lengths)
        reached = targets[skipped + np.arange(int(lengths.sum()))]
        np.subtract.at(waiting, reached, 1)
        front = np.unique(reached[waiting[reached] == 0])
    return tier


def _pull(tier: Ints, links: Ints, movable: np.ndarray, *, rightward: bool) -> None:
    """Move the movable items next to the nearest of what their links lead to.

    ``links`` are sorted by their first end, the one that moves.
    """
    kept = movable[links[:, 0]]
    links = links[kept]
    if not len(links):
        return
    first = np.flatnonzero(np.r_[True, links[1:, 0] != links[:-1, 0]])
    items = links[first, 0]
    owner = np.repeat(np.arange(len(items)), np.diff(np.r_[first, len(links)]))
    # The farthest tiers settle first, so that what lies behind them follows in the same pass.
    order = np.argsort(-tier[items] if rightward else tier[items], kind="stable")
    ranked = tier[items][order]
    bounds = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1], True])
    place = np.empty(len(items), dtype=np.intp)
    place[order] = np.arange(len(items))
    by_place = np.argsort(place[owner], kind="stable")
    targets, places = links[by_place, 1], place[owner][by_place]
    cuts = np.searchsorted(places, bounds)
    for low, high, start, stop in zip(bounds[:-1], bounds[1:], cuts[:-1], cuts[1:], strict=True):
        heads = np.flatnonzero(np.r_[True, places[start + 1 : stop] != places[start : stop - 1]])
        reached = tier[targets[start:stop]]
        chosen = items[order[low:high]]
        if rightward:
            tier[chosen] = np.minimum.reduceat(reached, heads) - 1
        else:
            tier[chosen] = np.maximum.reduceat(reached, heads) + 1
