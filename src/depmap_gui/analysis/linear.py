"""Linear systems over a map's graph: X = W X + B, with loops solved and never cut.

Rows of W are shares (not negative, summing to 1 at most), so I - W is an M-matrix. It is taken
apart into strongly connected components, put in their order and factored without pivoting,
which keeps the fill small and every intermediate figure free of cancellation. Where a component
is large and tangled, sweeps in that order come first and factors only where sweeps are slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.projection import Flags, Floats, Integers

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix, csr_matrix

AnyIntegers = npt.NDArray[np.integer[Any]]

NO_LEAK = 1e-13
"""A loop that passes on less than this to anything outside it has no outside at all."""
LARGE = 500
"""Components of more members than this are swept first: their factors would fill up."""
SWEEPS = 400
ACCURATE = 1e-13
"""How far a swept share may be from the exact one."""


def matrix(row: Integers, column: Integers, weight: Floats, size: int) -> csr_matrix:
    """A sparse size x size matrix; entries of one place are added up."""
    from scipy.sparse import csr_matrix

    return csr_matrix((weight, (row, column)), shape=(size, size))


def matrix_of_ordered(
    row: AnyIntegers, column: AnyIntegers, weight: Floats, height: int, width: int
) -> csr_matrix:
    """A sparse height x width matrix of entries whose rows are in order."""
    from scipy.sparse import csr_matrix

    starts = np.zeros(height + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=height), out=starts[1:])
    return csr_matrix((weight, column, starts), shape=(height, width))


def components(row: Integers, column: Integers, size: int) -> tuple[Integers, Integers]:
    """Strongly connected components of the graph in which each row depends on its columns.

    Returns the component of each of ``size`` nodes, numbered so that a component only depends on
    itself and on lower numbers, and how many nodes each component has.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    graph = csr_matrix((np.ones(len(row), dtype=np.int8), (row, column)), shape=(size, size))
    count, label = connected_components(graph, directed=True, connection="strong")
    label = label.astype(np.int64)
    before, after = label[column], label[row]
    if np.any(before > after):
        label = (count - 1) - label
        if np.any(label[column] > label[row]):
            label = _in_order(label, row, column, int(count))
    return label, np.bincount(label, minlength=count).astype(np.int64)


def _in_order(label: Integers, row: Integers, column: Integers, count: int) -> Integers:
    """Renumber components so that each stands after those it depends on (Kahn)."""
    from collections import deque

    edges = np.unique(np.stack([label[column], label[row]], axis=1), axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    waiting = np.bincount(edges[:, 1], minlength=count)
    starts = np.searchsorted(edges[:, 0], np.arange(count + 1))
    ready = deque(np.flatnonzero(waiting == 0).tolist())
    rank = np.zeros(count, dtype=np.int64)
    placed = 0
    while ready:
        current = ready.popleft()
        rank[current] = placed
        placed += 1
        for after in edges[starts[current] : starts[current + 1], 1]:
            waiting[after] -= 1
            if waiting[after] == 0:
                ready.append(int(after))
    return rank[label]


def solve_shares(
    row: Integers, column: Integers, weight: Floats, constant: Floats
) -> tuple[Floats, list[Integers]]:
    """Solve X = W X + B for dense B (n x k); W is given by its entries.

    Returns X and the closed circles: components whose rows depend on one another alone, for which
    no solution is defined. Rows of X in a closed circle say `unknown` (the last column).
    """
    size = len(constant)
    solution = constant.copy()
    if len(row) == 0:
        return solution, []
    label, sizes = components(row, column, size)
    closed = _closed(row, column, weight, label, sizes)
    if closed:
        shut = np.zeros(size, dtype=bool)
        for circle in closed:
            shut[circle] = True
        solution[shut] = 0.0
        solution[shut, -1] = 1.0
        keep = ~shut[row]
        row, column, weight = row[keep], column[keep], weight[keep]
    active = np.zeros(size, dtype=bool)
    active[row] = True
    if active.any():
        _substitute(row, column, weight, label, active, solution)
    return solution, closed


def _closed(
    row: Integers, column: Integers, weight: Floats, label: Integers, sizes: Integers
) -> list[Integers]:
    inner = label[row] == label[column]
    kept = np.bincount(row[inner], weights=weight[inner], minlength=len(label))
    looped = np.zeros(len(sizes), dtype=bool)
    looped[label[row[inner]]] = True
    leak = np.zeros(len(sizes))
    np.maximum.at(leak, label, 1.0 - kept)
    shut = np.flatnonzero(looped & (leak <= NO_LEAK))
    return [np.flatnonzero(label == circle) for circle in shut]


def _substitute(
    row: Integers,
    column: Integers,
    weight: Floats,
    label: Integers,
    active: Flags,
    solution: Floats,
) -> None:
    """Fill in the rows that depend on others, in place."""
    rows = np.flatnonzero(active)
    rows = rows[np.argsort(label[rows], kind="stable")]
    place = np.full(len(label), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    given = ~active[column]
    constant = solution[rows]
    if given.any():
        outer = matrix(row[given], column[given], weight[given], len(label))
        constant += outer[rows] @ solution
    inner = ~given
    within = matrix(place[row[inner]], place[column[inner]], weight[inner], len(rows))
    for start, stop, is_tangle in _stretches(label[rows]):
        known, part = constant[start:stop], within
        if start:
            known = known + within[start:stop, :start] @ solution[rows[:start]]
        if stop - start < len(rows):
            part = within[start:stop, start:stop]
        found = _sweep(part, known) if is_tangle else None
        if found is None:
            order = "MMD_AT_PLUS_A" if is_tangle else "NATURAL"
            found = _factored(_less(part), order)(known)
        solution[rows[start:stop]] = found


def _stretches(label: Integers) -> Iterator[tuple[int, int, bool]]:
    """Where a large component of the rows starts and stops, and the stretches in between.

    ``label`` is the component of each row, rising.
    """
    starts = np.flatnonzero(np.diff(label, prepend=-1))
    stops = np.append(starts[1:], len(label))
    done = 0
    for place in np.flatnonzero(stops - starts > LARGE).tolist():
        start, stop = int(starts[place]), int(stops[place])
        if done < start:
            yield done, start, False
        yield start, stop, True
        done = stop
    if done < len(label):
        yield done, len(label), False


def _sweep(within: csr_matrix, constant: Floats) -> Floats | None:
    """Solve X = W X + B by sweeps in topological order; None where that settles too slowly.

    Factors of a large tangled component fill up; sweeps never do. What a component takes from
    lower rows is exact within one sweep, so only links against the order need more than one. The
    greatest row sum of the inverse, swept along as one more column, turns what still moves into
    a bound on the error.
    """
    from scipy.sparse import tril

    lower = tril(within, -1, format="csr")
    against = within - lower
    forward = _factored(_less(lower), "NATURAL")
    fixed = np.hstack([constant, np.ones((len(constant), 1))])
    found = forward(fixed)
    for _ in range(SWEEPS):
        after = forward(fixed + against @ found)
        moved = float(np.abs(after[:, :-1] - found[:, :-1]).max())
        found = after
        if moved * float(found[:, -1].max()) <= ACCURATE:
            return found[:, :-1]
    return None


def _less(weights: csr_matrix) -> csc_matrix:
    """The identity less W."""
    from scipy.sparse import identity

    return (identity(weights.shape[0], format="csc") - weights.tocsc()).tocsc()


def _factored(system: csc_matrix, order: str) -> Callable[[Floats], Floats]:
    """A function that solves the system for any right-hand sides, factored without pivoting."""
    from scipy.sparse.linalg import splu

    factors = splu(
        system,
        permc_spec=order,
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True, "Equil": False},
    )
    solve: Callable[[Floats], Floats] = factors.solve
    return solve
