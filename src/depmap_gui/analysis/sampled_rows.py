"""The moved rows of a system for many sets of values of the uncertain quantities at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.extremes import closable
from depmap_gui.analysis.linear import solve_shares
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.ranged_system import Step, System

DENSE = 24
"""Loops of at most this many rows are solved at once for all samples; larger ones by sweeps."""
SWEEPS = 500
SETTLED = 1e-13
MANY = 40
"""Rows of more items than this are summed one by one."""
AT_ONCE = 4_000_000
"""How many figures of a loop's matrices stand in memory at once."""


@dataclass(frozen=True, eq=False)
class _Plan:
    """One step: groups of rows of one number of items (rows, items), or a loop's rows."""

    groups: tuple[tuple[Integers, Integers], ...]
    loop: Integers | None
    may_close: bool = False


class SampledRows:
    """Works out a system's moved rows for any sets of values.

    Values are kept as rows x columns x samples, the given rows behind the moved ones.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self._plans = [self._plan(step) for step in system.steps]

    def _plan(self, step: Step) -> _Plan:
        groups = self._groups(step.rows)
        if not step.loop:
            return _Plan(groups, None)
        return _Plan(groups, step.rows, len(closable(self.system, step)) > 0)

    def _groups(self, rows: Integers) -> tuple[tuple[Integers, Integers], ...]:
        count = np.diff(self.system.start)[rows]
        groups = []
        for each in np.unique(count).tolist():
            alike = rows[count == each]
            groups.append((alike, self.system.start[alike][:, None] + np.arange(each)))
        return tuple(groups)

    def fill(self, values: Floats, drawn: Floats) -> None:
        """Work out the moved rows in place.

        ``values`` has the given rows filled in; ``drawn`` is quantities x samples. Members of a
        circle that a sample closes are unknown, the last column.
        """
        for plan in self._plans:
            if plan.loop is None:
                for rows, items in plan.groups:
                    values[rows] = self._sums(values, drawn, rows, items)
            elif plan.may_close:
                self._one_by_one(values, drawn, plan.loop, range(values.shape[2]))
            elif len(plan.loop) <= DENSE:
                self._solve_at_once(values, drawn, plan.loop)
            else:
                self._sweep(values, drawn, plan)

    def _weights(self, drawn: Floats, items: Integers) -> Floats:
        """Weights of items: items x samples, or items x 1 where none is uncertain."""
        weight = self.system.weight
        quantity = weight.quantity[items]
        ranged = quantity >= 0
        if not ranged.any():
            return weight.mode[items][:, None]
        found = np.broadcast_to(weight.mode[items][:, None], (len(items), drawn.shape[1])).copy()
        found[ranged] = drawn[quantity[ranged]] * self.system.scale[items[ranged]][:, None]
        return found

    def _shares(
        self, drawn: Floats, rows: Integers, items: Integers
    ) -> tuple[list[Floats], Floats]:
        """What each item and the rest count for: per item rows x samples, and rows x samples."""
        weights = [self._weights(drawn, items[:, place]) for place in range(items.shape[1])]
        total = sum(weights, np.zeros((len(rows), 1)))
        average = self.system.average[rows][:, None]
        whole = np.where(average, np.where(total > 0.0, total, 1.0), np.maximum(total, 1.0))
        left = np.where(average, total <= 0.0, np.maximum(0.0, 1.0 - total))
        return [weight / whole for weight in weights], left.astype(np.float64)

    def _sums(self, values: Floats, drawn: Floats, rows: Integers, items: Integers) -> Floats:
        if items.shape[1] > MANY:
            return np.stack(
                [self._sum_of_many(values, drawn, *each) for each in zip(rows, items, strict=True)]
            )
        shares, left = self._shares(drawn, rows, items)
        system = self.system
        found: Floats = values[system.rest[rows]] * left[:, None, :]
        for place, share in enumerate(shares):
            found += values[system.operand[items[:, place]]] * share[:, None, :]
        return found

    def _sum_of_many(self, values: Floats, drawn: Floats, row: int, items: Integers) -> Floats:
        """One row of many items, all of them at once: columns x samples."""
        system = self.system
        weights = np.broadcast_to(self._weights(drawn, items), (len(items), values.shape[2]))
        total = weights.sum(axis=0)
        if system.average[row]:
            whole, left = np.where(total > 0.0, total, 1.0), (total <= 0.0).astype(np.float64)
        else:
            whole, left = np.maximum(total, 1.0), np.maximum(0.0, 1.0 - total)
        summed = np.einsum("is,ics->cs", weights, values[system.operand[items]])
        found: Floats = summed / whole + left * values[system.rest[row]]
        return found

    # Loops ------------------------------------------------------------------------------------

    def _matrices(self, values: Floats, drawn: Floats, rows: Integers) -> tuple[Floats, Floats]:
        """A loop's weights within (samples x rows x rows) and what it takes from outside
        (samples x rows x columns)."""
        system, samples = self.system, values.shape[2]
        place = {row: at for at, row in enumerate(rows.tolist())}
        inner = np.zeros((samples, len(rows), len(rows)))
        outer = np.zeros((samples, len(rows), values.shape[1]))
        for at, row in enumerate(rows.tolist()):
            span = np.arange(system.start[row], system.start[row + 1])
            shares, left = self._shares(drawn, np.array([row]), span[None, :])
            operands = [*system.operand[span].tolist(), int(system.rest[row])]
            for operand, share in zip(operands, [*shares, left], strict=True):
                if operand in place:
                    inner[:, at, place[operand]] += share[0]
                elif np.any(share):
                    outer[:, at] += (values[operand] * share[0]).T
        return inner, outer

    def _solve_at_once(self, values: Floats, drawn: Floats, rows: Integers) -> None:
        samples = values.shape[2]
        size = len(rows)
        eye = np.eye(size)
        step = max(1, AT_ONCE // (size * (size + values.shape[1])))
        for start in range(0, samples, step):
            part = slice(start, min(samples, start + step))
            inner, outer = self._matrices(values[:, :, part], drawn[:, part], rows)
            values[rows, :, part] = np.linalg.solve(eye - inner, outer).transpose(1, 2, 0)

    def _sweep(self, values: Floats, drawn: Floats, plan: _Plan) -> None:
        """Sweep until nothing moves; samples that do not settle are solved one by one."""
        rows = plan.loop
        assert rows is not None
        values[rows] = 0.0
        for _ in range(SWEEPS):
            moved = np.zeros(values.shape[2])
            for group, items in plan.groups:
                after = self._sums(values, drawn, group, items)
                moved = np.maximum(moved, np.abs(after - values[group]).max(axis=(0, 1)))
                values[group] = after
            if float(moved.max(initial=0.0)) <= SETTLED:
                return
        self._one_by_one(values, drawn, rows, np.flatnonzero(moved > SETTLED).tolist())

    def _one_by_one(
        self, values: Floats, drawn: Floats, rows: Integers, samples: Sequence[int]
    ) -> None:
        for sample in samples:
            part = slice(sample, sample + 1)
            inner, outer = self._matrices(values[:, :, part], drawn[:, part], rows)
            at, column = np.nonzero(inner[0])
            found, _ = solve_shares(at, column, inner[0][at, column], outer[0])
            values[rows, :, sample] = found
