"""Whose a company may be by majority of votes, where votes are ranges or unknown.

A company's set of possible jurisdictions takes each holder's set by itself, so it may be too
large (two holders that are always of one mind count as if they were not), never too small. A
holding of unknown votes may have any that the stated ones leave.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.control import MAJORITY
from depmap_gui.analysis.linear import components
from depmap_gui.analysis.projection import Flags, Floats, Integers
from depmap_gui.analysis.ranged_columns import CERTAIN, Column
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer
from depmap_gui.domain.kinds import EntityKind

ROUNDING = 1e-14


@dataclass(frozen=True, eq=False)
class PossibleControl:
    """Companies (entity rows) that may belong to several jurisdictions, and to which (rows x
    jurisdictions, `unknown` last)."""

    rows: Integers
    possible: Flags


def possible_control(solution: Solution, votes: Column) -> PossibleControl:
    """The companies whose attribution is not certain under the basis `control`."""
    projection = solution.projection
    owns = projection.owns
    open_votes = (votes.quantity != CERTAIN) | ~votes.known
    owned = projection.of_kind(EntityKind.COMPANY)[owns.target]
    touched = downstream(owns.source, owns.target, np.unique(owns.target[open_votes & owned]))
    count = _Count(solution, votes)
    label, sizes = components(owns.target, owns.source, projection.size)
    members: dict[int, list[int]] = defaultdict(list)
    for row in sorted(touched, key=lambda row: (int(label[row]), row)):
        members[int(label[row])].append(row)
    for component, rows in members.items():
        own_holder = any(holder == rows[0] for holder in count.holders(rows[0]).tolist())
        if sizes[component] > 1 or own_holder:
            count.settle_loop(rows)
        else:
            count.possible[rows[0]] = count.outcomes(rows[0])
    several = count.possible[: projection.size].sum(axis=1) > 1
    chosen = np.flatnonzero(several)
    return PossibleControl(chosen, count.possible[chosen])


def downstream(source: Integers, target: Integers, starts: Integers) -> set[int]:
    """Companies (rows) that these are or hold shares in, however indirectly."""
    held: dict[int, list[int]] = defaultdict(list)
    for holder, owned in zip(source.tolist(), target.tolist(), strict=True):
        held[holder].append(owned)
    found: set[int] = set()
    waiting = starts.tolist()
    while waiting:
        row = waiting.pop()
        if row not in found:
            found.add(row)
            waiting += held[row]
    return found


class _Count:
    """The possible jurisdictions of every entity so far, by row."""

    def __init__(self, solution: Solution, votes: Column) -> None:
        projection = solution.projection
        self.possible: Flags = solution.layers[Layer.ATTRIBUTION].table > 0.5
        home = solution.layers[Layer.DOMICILE].table + projection.unit
        self.home = home.argmax(axis=1)
        order = np.argsort(projection.owns.target, kind="stable")
        self._first = np.searchsorted(projection.owns.target[order], np.arange(projection.size + 1))
        self._source = projection.owns.source[order]
        self._votes = votes.take(order)

    def holders(self, row: int) -> Integers:
        """Who holds votes in a company."""
        return self._source[self._first[row] : self._first[row + 1]]

    def outcomes(self, row: int) -> Flags:
        """Where a company may belong, its holders belonging to any of their places."""
        may, must = self._majorities(row)
        if must.any():
            return must
        may[self.home[row]] = True
        return may

    def settle_loop(self, rows: list[int]) -> None:
        """Whatever a loop's members may go through on the way counts as possible."""
        for row in rows:
            self.possible[row] = False
            self.possible[row, self.home[row]] = True
        while True:
            before = self.possible[rows].copy()
            for row in rows:
                self.possible[row] |= self._majorities(row)[0]
            if np.array_equal(before, self.possible[rows]):
                return

    def _majorities(self, row: int) -> tuple[Flags, Flags]:
        """Of which jurisdictions the holders may, and of which they must, have a majority."""
        span = slice(int(self._first[row]), int(self._first[row + 1]))
        column = self._votes.take(span)
        low: Floats = np.where(column.known, column.low, 0.0)
        room = max(0.0, 1.0 - float(low.sum()))
        high: Floats = np.where(column.known, column.high, room)
        sets = self.possible[self._source[span]]
        certain = sets & (sets.sum(axis=1) == 1)[:, None]
        most, against = high @ sets, low @ ~sets
        least, beside = low @ certain, high @ ~certain
        may = most / np.maximum(1.0, most + against) > MAJORITY - ROUNDING
        must = least / np.maximum(1.0, least + beside) > MAJORITY + ROUNDING
        return may, must
