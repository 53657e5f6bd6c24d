"""A mixed-integer program that grows: yes-or-no moves, moves in steps, rows, and cuts.

It knows nothing of law. It finds the point that is least by one measure, of those the one that is
least by the next, and so on; points that the law refutes are cut off and it is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from time import monotonic

from depmap_gui.analysis.repair_play import Made
from depmap_gui.analysis.repair_results import Move, MoveKind

Row = dict[int, float]
"""Coefficients by variable."""
_LARGEST = 1e4
"""Measures are scaled so that their largest coefficient is this: far above the solver's own
tolerances, far below where it would lose digits."""
_KEPT = 1e-7
_FURTHER = 1e-3
"""Of a step: what is more than so many of them."""
_TIME_LIMIT = 1
_INFEASIBLE = 2


class OutOfTime(Exception):
    """The solver had to stop before it found any point."""


@dataclass(frozen=True)
class Point:
    """The moves made at a point. ``gap`` is None where it is proven least by every measure."""

    made: tuple[Made, ...]
    gap: float | None = None

    def steps(self, move: str) -> int | None:
        """In how many steps a move is made (0: whole), None where it is not."""
        return next((each.steps for each in self.made if each.move.id == move), None)


@dataclass
class Model:
    """The program. ``made`` has the yes-or-no variable of each move, ``stepped`` how many steps."""

    moves: Sequence[Move]
    made: dict[str, int] = field(default_factory=dict)
    stepped: dict[str, int] = field(default_factory=dict)
    _upper: list[float] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _rows: list[tuple[Row, float, float]] = field(default_factory=list)
    _impossible: bool = False

    def __post_init__(self) -> None:
        for move in self.moves:
            self.made[move.id] = self.variable()
            if move.steps:
                # Whole steps would have the program trade a step of one item for less of another.
                whole = move.kind is not MoveKind.RESOURCE
                steps = self.stepped[move.id] = self.variable(move.steps, whole=whole)
                self.row({steps: 1.0, self.made[move.id]: -float(move.steps)}, high=0.0)
                self.row({steps: 1.0, self.made[move.id]: -1.0}, low=0.0)
        for key in ("group", "other"):
            together: dict[str, list[int]] = {}
            for move in self.moves:
                if (name := getattr(move, key)) is not None:
                    together.setdefault(name, []).append(self.made[move.id])
            for variables in together.values():
                if len(variables) > 1:
                    self.row(dict.fromkeys(variables, 1.0), high=1.0)

    def variable(self, upper: float = 1.0, *, whole: bool = True) -> int:
        """A new variable from 0 to ``upper``."""
        self._upper.append(upper)
        self._whole.append(whole)
        return len(self._upper) - 1

    def upper(self, variable: int) -> float:
        """The most that a variable can be."""
        return self._upper[variable]

    def row(self, row: Row, low: float = -inf, high: float = inf) -> None:
        """Hold a sum within bounds. A row without variables that cannot hold makes all void."""
        kept = {variable: each for variable, each in row.items() if each != 0.0}
        if kept:
            self._rows.append((kept, low, high))
        elif low > 0.0 or high < 0.0:
            self._impossible = True

    def part(self, move: Move) -> Row:
        """The part of a move that is made, as a sum of variables."""
        if move.steps:
            return {self.stepped[move.id]: 1.0 / move.steps}
        return {self.made[move.id]: 1.0}

    def any_of(self, changes: Iterable[Row]) -> None:
        """At least one of some yes-or-no sums must be one; none at all can be met by nothing."""
        total: Row = {}
        owed = 1.0
        for change in changes:
            for variable, each in change.items():
                if variable < 0:
                    owed -= each
                else:
                    total[variable] = total.get(variable, 0.0) + each
        self.row(total, low=owed)

    def more_than(self, move: Move, steps: int) -> Row | None:
        """A sum that can be one only where the move goes beyond so many steps."""
        return self._beyond(move, steps + _FURTHER, up=True) if steps < move.steps else None

    def less_than(self, move: Move, steps: int) -> Row | None:
        """A sum that can be one only where the move is made in fewer steps."""
        return self._beyond(move, steps - 1, up=False) if steps > 1 else None

    def _beyond(self, move: Move, bound: float, *, up: bool) -> Row:
        chosen = self.variable()
        steps = self.stepped[move.id]
        if up:
            self.row({steps: 1.0, chosen: -bound}, low=0.0)
        else:
            slack = move.steps - bound
            self.row({steps: 1.0, chosen: slack}, high=float(move.steps))
        return {chosen: 1.0}

    def exclude(self, point: Point) -> None:
        """Cut off every set that holds all the moves made at the point."""
        self.row({self.made[each.move.id]: 1.0 for each in point.made}, high=len(point.made) - 1.0)

    def least(self, measures: Sequence[Row], until: float) -> Point | None:
        """The point that is least by the measures in turn; None where there is none at all.

        Raises OutOfTime where no point was found by then (of the monotonic clock).
        """
        if self._impossible:
            return None
        if not self._upper:
            return Point(())
        held: list[tuple[Row, float, float]] = []
        values: Sequence[float] | None = None
        gap = None
        for measure in measures:
            scaled = _scaled(measure)
            if values is not None and (not scaled or gap is not None):
                continue
            found = self._solve(scaled, held, until)
            if found is None:
                if values is None:
                    return None
                gap = gap or 0.0
                continue
            values, worst = found
            if worst > _KEPT:
                gap = worst
            reached = sum(each * values[variable] for variable, each in scaled.items())
            if scaled:
                held.append((scaled, -inf, reached + _KEPT * max(1.0, abs(reached))))
        assert values is not None
        return Point(self._made_at(values), gap)

    def _made_at(self, values: Sequence[float]) -> tuple[Made, ...]:
        made = []
        for move in self.moves:
            if round(values[self.made[move.id]]):
                steps = 0
                if move.steps:
                    # What falls between two steps is done in full: rounded up.
                    steps = max(1, ceil(values[self.stepped[move.id]] - _FURTHER / 2))
                made.append(Made(move, steps))
        return tuple(made)

    def _solve(
        self, measure: Row, held: Sequence[tuple[Row, float, float]], until: float
    ) -> tuple[Sequence[float], float] | None:
        """Values and the gap left; None where no point meets the rows."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows = [*self._rows, *held]
        sizes = [len(row) for row, _, _ in rows]
        entries = np.array([each for row, _, _ in rows for each in row.values()])
        columns = np.array([variable for row, _, _ in rows for variable in row], dtype=int)
        numbers = np.repeat(np.arange(len(rows)), sizes)
        count = len(self._upper)
        objective = np.zeros(count)
        for variable, each in measure.items():
            objective[variable] = each
        constraints: tuple[LinearConstraint, ...] = ()
        if rows:
            matrix = csr_array((entries, (numbers, columns)), shape=(len(rows), count))
            low = np.array([each for _, each, _ in rows])
            high = np.array([each for _, _, each in rows])
            constraints = (LinearConstraint(matrix, low, high),)
        left = until - monotonic()
        if left <= 0.0:
            raise OutOfTime
        found = milp(
            objective,
            integrality=np.array(self._whole, dtype=int),
            bounds=Bounds(0.0, np.array(self._upper)),
            constraints=constraints,
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None:
            raise OutOfTime
        gap = float(found.mip_gap or 0.0) if found.status == _TIME_LIMIT else 0.0
        values: Sequence[float] = found.x.tolist()
        return values, gap


def without(variable: int) -> Row:
    """A yes-or-no sum that is one where a variable is not: see :meth:`Model.any_of`."""
    return {variable: -1.0, -1: 1.0}


def _scaled(measure: Mapping[int, float]) -> Row:
    largest = max((abs(each) for each in measure.values()), default=0.0)
    if largest <= 0.0:
        return {}
    return {variable: each / largest * _LARGEST for variable, each in measure.items() if each}
