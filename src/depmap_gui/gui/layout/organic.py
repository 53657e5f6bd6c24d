"""The organic layout: what is closely linked stands close together, without any direction.

Small maps are fitted so that distances on the map are those along links (stress majorization,
Gansner, Koren and North 2004); large ones by their distances from a few items (pivot scaling,
Brandes and Pich 2007), and then put onto a grid.
"""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.gui.layout.card_size import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN_STEP,
    LEAST_GAP,
    ROW_STEP,
)
from depmap_gui.gui.layout.layered import with_loose_below
from depmap_gui.gui.layout.network import LOCATED, MOST_LOCATED, Floats, Ints, Network
from depmap_gui.gui.layout.taken import Taken

_MOST_FITTED = 1_000
_PIVOTS = 48
_ROUNDS = 50
_LENGTH = 300.0
_FLATTER = 0.72
"""Cards are wide: heights are pressed together by this."""
_MOST_SPREAD = 4.0
_FEW_ON_OTHERS = 1.7
"""How many cards each lies on or is, on average, before they are moved apart."""
_BETWEEN_PARTS = 96.0
_SHAPE = 1.6


def organic(network: Network, context: Context) -> Floats:
    """A center (n, 2) for each item; separate parts stand side by side."""
    from scipy.sparse.csgraph import connected_components

    context.progress(0.0, "finding what hangs together")
    ends = network.ends
    located = network.link_kinds == LOCATED
    if np.count_nonzero(located) > MOST_LOCATED:
        ends = ends[~located]
    size = network.size
    centers = np.zeros((size, 2))
    joined = np.zeros(size, dtype=np.bool_)
    joined[ends.ravel()] = True
    if joined.any():
        _, part = connected_components(_matrix(size, ends), directed=False)
        count = np.bincount(part, weights=joined)
        parts = [np.flatnonzero(part == p) for p in np.argsort(-count, kind="stable")]
        boxes = [rows for rows in parts if joined[rows[0]]]
        done = 0
        for rows in boxes:
            context.progress(0.1 + 0.8 * done / size, "drawing together")
            centers[rows] = _part(network.size, ends, rows, context)
            done += len(rows)
        _pack(centers, boxes)
    with_loose_below(centers, ~joined, network.kinds)
    return centers - centers.min(axis=0) if size else centers


def _matrix(size: int, ends: Ints) -> object:
    from scipy.sparse import coo_matrix

    both = np.concatenate((ends, ends[:, ::-1]))
    ones = np.ones(len(both), dtype=np.float64)
    return coo_matrix((ones, (both[:, 0], both[:, 1])), shape=(size, size)).tocsr()


def _part(size: int, ends: Ints, rows: Ints, context: Context) -> Floats:
    """Centers of one connected part, clear of one another."""
    local = np.full(size, -1, dtype=np.intp)
    local[rows] = np.arange(len(rows))
    kept = ends[local[ends[:, 0]] >= 0]
    links = local[kept]
    if len(rows) > _MOST_FITTED:
        return _on_grid(_by_pivots(len(rows), links, _PIVOTS))
    at = _fitted(len(rows), links, context)
    at *= _LENGTH
    at[:, 1] *= _FLATTER
    return _apart(_loosened(at))


def _by_pivots(size: int, links: Ints, most: int) -> Floats:
    """Two coordinates for each item from the distances to some that lie far from one another."""
    from scipy.sparse.csgraph import dijkstra

    matrix = _matrix(size, links)
    pivot = int(np.bincount(links.ravel(), minlength=size).argmax())
    nearest = np.full(size, np.inf)
    columns = []
    for _ in range(min(most, size)):
        steps = dijkstra(matrix, directed=False, indices=pivot, unweighted=True)
        columns.append(steps)
        nearest = np.minimum(nearest, steps)
        pivot = int(nearest.argmax())
    square = np.column_stack(columns) ** 2
    inner = -0.5 * (
        square - square.mean(axis=0) - square.mean(axis=1, keepdims=True) + square.mean()
    )
    values, vectors = np.linalg.eigh(inner.T @ inner)
    basis = vectors[:, np.argsort(-values, kind="stable")[:2]]
    if basis.shape[1] < 2:
        basis = np.column_stack((basis, np.zeros(len(basis))))
    basis *= np.where(basis[np.abs(basis).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    at = inner @ basis
    spread = np.sqrt((at**2).mean(axis=0)).max()
    return np.asarray(at / max(float(spread), 1e-9))


def _fitted(size: int, links: Ints, context: Context) -> Floats:
    """Coordinates whose distances are as near as can be to the numbers of links between items."""
    from scipy.sparse.csgraph import shortest_path

    steps = shortest_path(_matrix(size, links), directed=False, unweighted=True)
    # A hub's neighbors are spread over a circle wide enough for them.
    degree = np.bincount(links.ravel(), minlength=size)
    wide = 1.0 + 0.12 * np.sqrt(np.maximum(degree - 4, 0))
    steps = steps * np.sqrt(wide[:, None] * wide[None, :])
    np.fill_diagonal(steps, 1.0)
    weight = steps**-2.0
    np.fill_diagonal(weight, 0.0)
    jitter = np.random.default_rng(0).normal(size=(size, 2)) * 0.05
    at = _by_pivots(size, links, _PIVOTS) * float(steps.mean()) + jitter
    # Single precision in place: the squares of a thousand items stay near the processor.
    wanted = (weight * steps).astype(np.float32)
    light = weight.astype(np.float32)
    total = weight.sum(axis=1)
    for number in range(_ROUNDS if size > 1 else 0):
        context.progress(0.1 + 0.8 * number / _ROUNDS, "drawing together")
        x, y = at.T.astype(np.float32)
        pull, down = np.subtract.outer(x, x), np.subtract.outer(y, y)
        pull *= pull
        down *= down
        pull += down
        np.maximum(pull, 1e-10, out=pull)
        np.sqrt(pull, out=pull)
        np.divide(wanted, pull, out=pull)
        # What pushes an item from where it is, and what pulls it to where the others are.
        near = np.column_stack(
            [
                np.einsum("ij,j->i", light, side) - np.einsum("ij,j->i", pull, side)
                for side in (x, y)
            ]
        )
        at = (near + pull.sum(axis=1)[:, None] * at) / total[:, None]
        at -= at.mean(axis=0)
    return at


def _loosened(at: Floats) -> Floats:
    """The centers spread out evenly, until few cards lie on others."""
    right, down = np.abs(at[:, None] - at[None, :]).transpose(2, 0, 1)
    scale = 1.0
    while scale < _MOST_SPREAD:
        met = (right * scale < CARD_WIDTH + LEAST_GAP) & (down * scale < CARD_HEIGHT + LEAST_GAP)
        if np.count_nonzero(met) <= _FEW_ON_OTHERS * len(at):
            break
        scale *= 1.1
    return at * scale


def _apart(at: Floats) -> Floats:
    """The centers moved as little as needed to be clear of one another, from the middle out."""
    taken = Taken()
    made = np.empty_like(at)
    middle = np.median(at, axis=0)
    for row in np.argsort(np.hypot(*(at - middle).T), kind="stable").tolist():
        x, y = at[row].tolist()
        made[row] = place = taken.nearest((x, y))
        taken.add(place)
    return made


def _on_grid(at: Floats) -> Floats:
    """Columns of equal length in the order of x, and within each the order of y."""
    count = len(at)
    lines = max(1, int(np.ceil(np.sqrt(count * COLUMN_STEP / ROW_STEP / _SHAPE))))
    order = np.lexsort((at[:, 1], at[:, 0]))
    column = np.arange(count) // lines
    by_column = order[np.lexsort((at[order, 1], column))]
    made = np.empty((count, 2))
    made[by_column, 0] = column * COLUMN_STEP
    made[by_column, 1] = (np.arange(count) % lines) * ROW_STEP
    return made


def _pack(centers: Floats, parts: list[Ints]) -> None:
    """Move whole parts side by side, in lines, the largest first."""
    low = [centers[rows].min(axis=0) for rows in parts]
    span = [np.ptp(centers[rows], axis=0) + np.array((COLUMN_STEP, CARD_HEIGHT)) for rows in parts]
    area = sum(float((s[0] + _BETWEEN_PARTS) * (s[1] + _BETWEEN_PARTS)) for s in span)
    width = max(float(span[0][0]), (area * _SHAPE) ** 0.5)
    x = y = tallest = 0.0
    for rows, least, extent in zip(parts, low, span, strict=True):
        if x and x + extent[0] > width:
            x, y, tallest = 0.0, y + tallest + _BETWEEN_PARTS, 0.0
        centers[rows] += (x, y) - least
        x += float(extent[0]) + _BETWEEN_PARTS
        tallest = max(tallest, float(extent[1]))
