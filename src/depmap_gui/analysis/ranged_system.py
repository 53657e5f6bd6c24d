"""The part of a map's rows that uncertain weights can move, put in the order of dependence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.linear import components
from depmap_gui.analysis.projection import Flags, Floats, Integers
from depmap_gui.analysis.ranged_columns import CERTAIN, Column
from depmap_gui.analysis.ranged_rows import Rows
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer

_LAYERS = frozenset(int(layer) for layer in Layer)


@dataclass(frozen=True, eq=False)
class Step:
    """Rows that can be worked out once those of the earlier steps are.

    ``loop``: the rows depend on one another; else they do not depend on one another at all.
    """

    rows: Integers
    loop: bool


@dataclass(frozen=True, eq=False)
class System:
    """Rows in local numbers: first the ``moved`` ones, then the ``given`` ones they rest on.

    ``moved`` and ``given`` are the rows' numbers as in :class:`Rows`. Of moved row i the items
    stand in ``start[i]:start[i + 1]`` of ``operand`` (local) and ``weight``; ``rest`` (local) and
    ``average`` say what sort of sum it is. Weights of averages are relative: multiplied by
    ``scale`` (per item, a power of two), so that no sum of them can overflow.
    """

    size: int
    moved: Integers
    given: Integers
    start: Integers
    operand: Integers
    weight: Column
    scale: Floats
    rest: Integers
    average: Flags
    steps: tuple[Step, ...]

    @property
    def uncertain(self) -> Flags:
        """Which items have a range (per item)."""
        found: Flags = self.weight.quantity != CERTAIN
        return found

    def local(self, numbers: Integers) -> Integers:
        """The local numbers of moved rows; -1 of rows that are not."""
        if len(self.moved) == 0:
            return np.full(len(numbers), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.moved, numbers), len(self.moved) - 1)
        return np.where(self.moved[at] == numbers, at, -1)

    def given_table(self, solution: Solution) -> Floats:
        """The vectors of the given rows as the map is solved: given x jurisdictions."""
        slot, row = np.divmod(self.given, self.size + 1)
        table = np.zeros((len(self.given), len(solution.projection.codes)))
        for layer in np.unique(slot).tolist():
            chosen = slot == layer
            known = solution.layers.get(Layer(layer))
            if known is not None:
                table[chosen] = known.table[row[chosen]]
        return table


def system_of(
    rows: Rows,
    changing: Integers | None = None,
    wanted: Integers | None = None,
) -> System:
    """The system of all that uncertain weights, or given rows that are ``changing``, can move.

    ``wanted``: only what these rows rest on; all are numbers as in :class:`Rows`.
    """
    uncertain = np.unique(rows.owner[rows.weight.quantity != CERTAIN])
    starts = uncertain if changing is None else np.union1d(uncertain, changing)
    if len(starts) == 0:
        return _numbered(rows, starts)
    graph = _Graph(rows)
    moved = graph.reached(starts, onward=True)
    if wanted is not None:
        moved = np.intersect1d(moved, graph.reached(wanted, onward=False))
    moved = np.intersect1d(moved, rows.node)
    moved = graph.with_inner_steps(moved)
    return _numbered(rows, moved)


class _Graph:
    """Which rows rest on which, in both directions."""

    def __init__(self, rows: Rows) -> None:
        above = np.concatenate([rows.owner, rows.node])
        below = np.concatenate([rows.operand, rows.rest])
        self.numbers = np.union1d(above, below)
        self._above = np.searchsorted(self.numbers, above)
        self._below = np.searchsorted(self.numbers, below)
        self._nodes = rows.node
        self._unit = rows.size + 1

    def reached(self, starts: Integers, *, onward: bool) -> Integers:
        """All rows from which (onward) or down to which these rows can be reached."""
        origin, end = (self._below, self._above) if onward else (self._above, self._below)
        order = np.argsort(origin, kind="stable")
        ends = end[order]
        first = np.searchsorted(origin[order], np.arange(len(self.numbers) + 1))
        seen = np.zeros(len(self.numbers), dtype=bool)
        front = np.searchsorted(self.numbers, np.intersect1d(starts, self.numbers))
        while len(front):
            seen[front] = True
            after = ends[_spans(first[front], first[front + 1])]
            front = np.unique(after[~seen[after]])
        return self.numbers[seen]

    def with_inner_steps(self, moved: Integers) -> Integers:
        """The rows and those steps within a layer that they rest on, which no table holds."""
        is_step = ~np.isin(self.numbers // self._unit, list(_LAYERS))
        is_step &= np.isin(self.numbers, self._nodes)
        taken = np.isin(self.numbers, moved)
        while True:
            more = self._below[taken[self._above]]
            more = np.unique(more[is_step[more] & ~taken[more]])
            if len(more) == 0:
                return self.numbers[taken]
            taken[more] = True


def _spans(first: Integers, last: Integers) -> Integers:
    """The numbers of several spans, one after the other."""
    length = last - first
    total = int(length.sum())
    if total == 0:
        return np.zeros(0, dtype=np.int64)
    shift = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return shift + np.arange(total)


def _numbered(rows: Rows, moved: Integers) -> System:
    count = len(moved)
    node_order = np.argsort(rows.node)
    node_at = node_order[np.searchsorted(rows.node[node_order], moved)]
    kept = np.flatnonzero(np.isin(rows.owner, moved))
    owner = np.searchsorted(moved, rows.owner[kept])
    kept, owner = kept[np.argsort(owner, kind="stable")], np.sort(owner, kind="stable")
    operand, rest = rows.operand[kept], rows.rest[node_at]
    given = np.setdiff1d(np.union1d(operand, rest), moved)

    def local(numbers: Integers) -> Integers:
        inner = np.searchsorted(moved, numbers)
        inside = np.isin(numbers, moved)
        found: Integers = np.where(inside, inner, count + np.searchsorted(given, numbers))
        return found

    operand, rest = local(operand), local(rest)
    average = rows.average[node_at]
    weight = rows.weight.take(kept)
    scale = _relative(owner, weight.high, average)
    return System(
        size=rows.size,
        moved=moved,
        given=given,
        start=np.searchsorted(owner, np.arange(count + 1)).astype(np.int64),
        operand=operand,
        weight=weight.times(scale),
        scale=scale,
        rest=rest,
        average=average,
        steps=_steps(count, owner, operand, rest),
    )


def _relative(owner: Integers, high: Floats, average: Flags) -> Floats:
    """What brings the weights of each average below 1: powers of two, which round nothing."""
    greatest = np.zeros(len(average))
    np.maximum.at(greatest, owner, high)
    _, exponent = np.frexp(greatest)
    exponent = np.where(average, np.clip(exponent, -1000, 1000), 0)
    found: Floats = np.ldexp(1.0, -exponent[owner])
    return found


def _steps(count: int, owner: Integers, operand: Integers, rest: Integers) -> tuple[Step, ...]:
    """Rows by how many others they must wait for; loops each by themselves."""
    if count == 0:
        return ()
    above = np.concatenate([owner, np.arange(count)])
    below = np.concatenate([operand, rest])
    inner = below < count
    above, below = above[inner], below[inner]
    label, sizes = components(above, below, count)
    looped = sizes > 1
    looped[label[above[above == below]]] = True
    outer = label[above] != label[below]
    height = _heights(len(sizes), label[above][outer], label[below][outer])
    by_row = height[label]
    plain = ~looped[label]
    found = [
        (level, Step(np.flatnonzero(plain & (by_row == level)), loop=False))
        for level in np.unique(by_row[plain]).tolist()
    ]
    if looped.any():
        order = np.argsort(label, kind="stable")
        first = np.searchsorted(label[order], np.arange(len(sizes) + 1))
        for circle in np.flatnonzero(looped).tolist():
            members = np.sort(order[first[circle] : first[circle + 1]])
            found.append((int(height[circle]), Step(members, loop=True)))
    return tuple(step for _, step in sorted(found, key=lambda each: (each[0], each[1].loop)))


def _heights(count: int, above: Integers, below: Integers) -> Integers:
    """The longest way down from each component; one stands above those it rests on."""
    height = np.zeros(count, dtype=np.int64)
    pairs = np.unique(above * count + below) if len(above) else above
    above, below = pairs // max(count, 1), pairs % max(count, 1)
    waiting = np.bincount(above, minlength=count)
    order = np.argsort(below, kind="stable")
    ups, first = above[order], np.searchsorted(below[order], np.arange(count + 1))
    front = np.flatnonzero(waiting == 0)
    level = 0
    while len(front):
        height[front] = level
        after = ups[_spans(first[front], first[front + 1])]
        np.subtract.at(waiting, after, 1)
        front = np.unique(after[waiting[after] == 0])
        level += 1
    return height
