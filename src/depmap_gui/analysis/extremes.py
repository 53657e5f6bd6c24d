"""True bounds of every score over all values that the uncertain quantities may take at once.

A row grows with each of its operands, and every quantity stands in one row of whatever it moves.
So the extreme of a figure is reached by taking each row at its own extreme, and the extremes of
all rows are the fixed point of that. Within a row the extreme lies where the items are taken from
the least (greatest) operand on, each at its high end, the others at their low end, or where their
shares just sum to 1. Loops are solved by improving each row's choice until none can be improved.

Low figures count what is documented, high ones what is unknown too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.linear import NO_LEAK
from depmap_gui.analysis.projection import Flags, Floats, Integers
from depmap_gui.analysis.ranged_system import Step, System
from depmap_gui.analysis.solution import Solution

DENSE = 250
"""Loops of at most this many rows are solved by improving choices; larger ones by sweeps."""
SWEEPS = 3000
SETTLED = 1e-12
BLOCK = 4_000_000
"""How many figures are sorted at once."""


@dataclass(frozen=True, eq=False)
class Extremes:
    """Bounds of the moved rows of a system: rows x jurisdictions each, `unknown` last.

    ``swept`` holds the local numbers of rows whose loop was not settled to the last digit, and
    ``closable`` those in a circle that some values close: of both the bounds may be too wide.
    """

    low: Floats
    high: Floats
    swept: Integers
    closable: Integers


def extremes_of(
    system: System,
    given_low: Floats,
    given_high: Floats,
    context: Context | None = None,
) -> Extremes:
    """The bounds of every moved row.

    ``given_low`` (given x jurisdictions) is what is documented of the given rows, ``given_high``
    that together with what is unknown. Raises Canceled where ``context`` says so.
    """
    told = context or Quiet()
    moved, width = len(system.moved), given_low.shape[1]
    work = _Work(system, np.zeros((moved + len(system.given), 2 * width)))
    work.values[moved:, :width] = given_low
    # Of the high figures the negative is taken, so that all are the least of something.
    work.values[moved:, width:] = -given_high
    shut_rows = []
    swept = []
    for number, step in enumerate(system.steps):
        told.progress(number / len(system.steps), "Bounding the scores")
        if not step.loop:
            work.values[step.rows] = work.least(step.rows)
            continue
        shut = closable(system, step)
        work.values[shut, :width] = 0.0
        work.values[shut, width:] = -1.0
        shut_rows.append(shut)
        rest = np.setdiff1d(step.rows, shut)
        if len(rest) and not _settle_loop(work, rest, width):
            swept.append(rest)
    low = np.clip(work.values[:moved, :width], 0.0, 1.0)
    high = np.clip(-work.values[:moved, width:], 0.0, 1.0)
    none = [np.zeros(0, dtype=np.int64)]
    return Extremes(low, high, np.concatenate(swept or none), np.concatenate(shut_rows or none))


class _Work:
    """A system with the values of its rows so far: rows x columns, each the least of something."""

    def __init__(self, system: System, values: Floats) -> None:
        self.system = system
        self.values = values
        self.count = np.diff(system.start)
        self.fixed = system.weight.low == system.weight.high

    def least(self, rows: Integers) -> Floats:
        """The least value of each row, given those of its operands: rows x columns."""
        found = np.empty((len(rows), self.values.shape[1]))
        for chosen, chunk in self.chunks(rows):
            found[chosen] = self._least(chunk)
        return found

    def chunks(self, rows: Integers) -> list[tuple[Integers, Integers]]:
        """The rows in groups of one number of items, none too large: places in ``rows``, rows."""
        groups = []
        width = self.values.shape[1]
        for count in np.unique(self.count[rows]).tolist():
            alike = np.flatnonzero(self.count[rows] == count)
            at_once = max(1, BLOCK // ((count + 1) * width))
            for start in range(0, len(alike), at_once):
                chosen = alike[start : start + at_once]
                groups.append((chosen, rows[chosen]))
        return groups

    def _least(self, rows: Integers) -> Floats:
        system = self.system
        count = int(self.count[rows[0]])
        rest = self.values[system.rest[rows]]
        if count == 0:
            return rest
        items = system.start[rows][:, None] + np.arange(count)
        operands = self.values[system.operand[items]]
        low, high = system.weight.low[items], system.weight.high[items]
        average = system.average[rows]
        if self.fixed[items].all():
            return _mixed(low, operands, rest, average)
        return _least_mix(low, high, operands, rest, average)

    def choice(self, rows: Integers) -> tuple[Floats, Floats]:
        """Item weights (rows x most items x columns) and weights of the rest (rows x columns),
        each row's summing to 1, that give the least values."""
        most = max(1, int(self.count[rows].max()))
        width = self.values.shape[1]
        weights = np.zeros((len(rows), most, width))
        rests = np.zeros((len(rows), width))
        for chosen, chunk in self.chunks(rows):
            count = int(self.count[chunk[0]])
            if count == 0:
                rests[chosen] = 1.0
                continue
            items = self.system.start[chunk][:, None] + np.arange(count)
            part, rest = _least_choice(
                self.system.weight.low[items],
                self.system.weight.high[items],
                self.values[self.system.operand[items]],
                self.values[self.system.rest[chunk]],
                self.system.average[chunk],
            )
            weights[chosen, :count] = part
            rests[chosen] = rest
        return weights, rests


def _mixed(weight: Floats, operands: Floats, rest: Floats, average: Flags) -> Floats:
    """Values of rows of certain weights (rows x items)."""
    total = weight.sum(axis=1)
    summed = np.einsum("ri,rik->rk", weight, operands)
    return _of_sums(total[:, None], summed, rest, average[:, None])


def _of_sums(total: Floats, summed: Floats, rest: Floats, average: Flags) -> Floats:
    """A row's value from the sum of its weights and that of its weighted operands."""
    whole = np.where(average, np.where(total > 0.0, total, 1.0), np.maximum(total, 1.0))
    left = np.where(average, total <= 0.0, np.maximum(0.0, 1.0 - total))
    found: Floats = summed / whole + left * rest
    return found


def _path(
    low: Floats, high: Floats, operands: Floats, order: Integers
) -> tuple[Floats, Floats, Floats, Floats]:
    """Sums along the way on which items are raised one by one from low to high, least first.

    Returns the sum of weights and of weighted operands after 0..items raises (rows x items + 1 x
    columns), the operands in that order and by how much each is raised.
    """
    ordered = np.take_along_axis(operands, order, axis=1)
    raised = np.take_along_axis(np.broadcast_to((high - low)[:, :, None], order.shape), order, 1)
    rows, items, width = operands.shape
    total = np.empty((rows, items + 1, width))
    summed = np.empty((rows, items + 1, width))
    total[:, 0] = low.sum(axis=1)[:, None]
    summed[:, 0] = np.einsum("ri,rik->rk", low, operands)
    total[:, 1:] = total[:, :1] + np.cumsum(raised, axis=1)
    summed[:, 1:] = summed[:, :1] + np.cumsum(raised * ordered, axis=1)
    return total, summed, ordered, raised


def _values_along(
    total: Floats, summed: Floats, ordered: Floats, rest: Floats, average: Flags
) -> tuple[Floats, Floats]:
    """Values after each raise, and where a raise takes the sum of shares past 1, just there."""
    after = _of_sums(total, summed, rest[:, None, :], average[:, None, None])
    just = summed[:, :-1] + (1.0 - total[:, :-1]) * ordered
    passes = (total[:, :-1] < 1.0) & (total[:, 1:] > 1.0) & ~average[:, None, None]
    return after, np.where(passes, just, np.inf)


def _least_mix(low: Floats, high: Floats, operands: Floats, rest: Floats, average: Flags) -> Floats:
    """Least values of rows with ranges."""
    order = np.argsort(operands, axis=1, kind="stable")
    total, summed, ordered, _ = _path(low, high, operands, order)
    after, just = _values_along(total, summed, ordered, rest, average)
    least: Floats = np.minimum(after.min(axis=1), just.min(axis=1))
    return least


def _least_choice(
    low: Floats, high: Floats, operands: Floats, rest: Floats, average: Flags
) -> tuple[Floats, Floats]:
    """The weights behind the least values, scaled so that with the rest's they sum to 1."""
    order = np.argsort(operands, axis=1, kind="stable")
    total, summed, ordered, raised = _path(low, high, operands, order)
    after, just = _values_along(total, summed, ordered, rest, average)
    items = order.shape[1]
    best_after, best_just = after.argmin(axis=1), just.argmin(axis=1)
    fraction = (
        np.take_along_axis(just, best_just[:, None], 1)[:, 0]
        < np.take_along_axis(after, best_after[:, None], 1)[:, 0]
    )
    place = np.arange(items)[None, :, None]
    upto = np.where(fraction, best_just, best_after)[:, None, :]
    taken = (place < upto).astype(np.float64)
    room = 1.0 - np.take_along_axis(total, best_just[:, None], 1)
    step = np.take_along_axis(raised, best_just[:, None], 1)
    part = np.where(step > 0.0, room / np.where(step > 0.0, step, 1.0), 0.0)
    taken = np.where(fraction[:, None, :] & (place == upto), part, taken)
    weights = np.empty_like(operands)
    np.put_along_axis(weights, order, taken * raised, axis=1)
    weights += low[:, :, None]
    sums = weights.sum(axis=1)
    flags = average[:, None]
    whole = np.where(flags, np.where(sums > 0.0, sums, 1.0), np.maximum(sums, 1.0))
    left = np.where(flags, (sums <= 0.0).astype(np.float64), np.maximum(0.0, 1.0 - sums))
    return weights / whole[:, None, :], left


# Loops ----------------------------------------------------------------------------------------


def closable(system: System, step: Step) -> Integers:
    """The rows of a loop that some values of the quantities leave nothing outside of."""
    rows = step.rows
    inside = np.zeros(len(system.moved) + len(system.given), dtype=bool)
    inside[rows] = True
    weight = system.weight
    while len(rows):
        can_close = np.array(
            [_may_stay(system, row, inside, weight.low, weight.high) for row in rows]
        )
        if can_close.all():
            return rows
        inside[rows[~can_close]] = False
        rows = rows[can_close]
    return rows


def _may_stay(system: System, row: int, inside: Flags, low: Floats, high: Floats) -> bool:
    """Whether a row may rest on rows inside alone."""
    items = slice(int(system.start[row]), int(system.start[row + 1]))
    within = inside[system.operand[items]]
    if float(low[items][~within].sum()) > 10.0 * NO_LEAK:
        return False
    most = float(high[items][within].sum())
    if inside[system.rest[row]]:
        return True
    return most > 0.0 if system.average[row] else most >= 1.0 - 10.0 * NO_LEAK


def _settle_loop(work: _Work, rows: Integers, width: int) -> bool:
    """Find the fixed point of a loop's rows; whether it is exact to the last digits."""
    work.values[rows, :width] = 0.0
    work.values[rows, width:] = -1.0
    if len(rows) <= DENSE:
        return _improve_choices(work, rows)
    for _ in range(SWEEPS):
        after = work.least(rows)
        moved = float(np.abs(after - work.values[rows]).max())
        work.values[rows] = after
        if moved <= SETTLED:
            return True
    return False


def _improve_choices(work: _Work, rows: Integers) -> bool:
    """Choose for each row and column the best weights, solve, and choose again until none is
    better. Every choice leaves the loop somewhere, so each can be solved."""
    system = work.system
    place = np.full(len(work.values), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    work.values[rows] = work.least(rows)
    for _ in range(100):
        weights, rests = work.choice(rows)
        found = _solve_choice(work, system, rows, place, weights, rests)
        work.values[rows] = found
        better = work.least(rows)
        if float((found - better).max(initial=0.0)) <= SETTLED:
            return True
    return False


def _solve_choice(
    work: _Work, system: System, rows: Integers, place: Integers, weights: Floats, rests: Floats
) -> Floats:
    """The values of a loop's rows under one choice of weights a column."""
    size, _, width = weights.shape
    inner = np.zeros((width, size, size))
    constant = np.zeros((size, width))
    for at, row in enumerate(rows.tolist()):
        count = int(work.count[row])
        items = range(int(system.start[row]), int(system.start[row]) + count)
        parts = [(int(system.operand[item]), weights[at, n]) for n, item in enumerate(items)]
        for operand, weight in [*parts, (int(system.rest[row]), rests[at])]:
            column = int(place[operand])
            if column >= 0:
                inner[:, at, column] += weight
            else:
                constant[at] += weight * work.values[operand]
    # Alike columns are solved one by one; there are twice as many as jurisdictions.
    eye = np.eye(size)
    found = np.linalg.solve(eye[None] - inner, constant.T[:, :, None])[:, :, 0].T
    return np.asarray(found, dtype=np.float64)


def documented_and_possible(table: Floats) -> tuple[Floats, Floats]:
    """Vectors (`unknown` last) as bounds of their own: what is documented, and with unknown."""
    possible = table + table[:, -1:]
    possible[:, -1] = table[:, -1]
    return table, np.minimum(possible, 1.0)


def given_bounds(system: System, solution: Solution) -> tuple[Floats, Floats]:
    """The bounds of a system's given rows where the map is solved and none of them moves."""
    return documented_and_possible(system.given_table(solution))
