"""Whose a company is by majority of votes, for many sets of values of uncertain votes at once."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from depmap_gui.analysis.control import MAJORITY
from depmap_gui.analysis.linear import components
from depmap_gui.analysis.possible_control import downstream
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.ranged_columns import CERTAIN, Column
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer
from depmap_gui.domain.kinds import EntityKind


class SampledControl:
    """The companies (entity rows, ``rows``) whose attribution uncertain votes may change."""

    def __init__(self, solution: Solution, votes: Column) -> None:
        projection = solution.projection
        owns = projection.owns
        owned = projection.of_kind(EntityKind.COMPANY)[owns.target]
        starts = np.unique(owns.target[(votes.quantity != CERTAIN) & owned])
        touched = downstream(owns.source, owns.target, starts)
        self.rows: Integers = np.array(sorted(touched), dtype=np.int64)
        self._place = {row: place for place, row in enumerate(self.rows.tolist())}
        self._settled = solution.layers[Layer.ATTRIBUTION].table.argmax(axis=1)
        home = solution.layers[Layer.DOMICILE].table + projection.unit
        self._home = home.argmax(axis=1)
        self._width = home.shape[1]
        order = np.argsort(owns.target, kind="stable")
        self._first = np.searchsorted(owns.target[order], np.arange(projection.size + 1))
        self._source = owns.source[order].tolist()
        self._votes = votes.take(order)
        self._groups = self._in_order(solution)

    def _in_order(self, solution: Solution) -> list[tuple[bool, list[int]]]:
        """Whether each group of rows is a loop of holdings, and the rows; owners come first."""
        owns = solution.projection.owns
        label, sizes = components(owns.target, owns.source, solution.projection.size)
        members: dict[int, list[int]] = defaultdict(list)
        for row in sorted(self.rows.tolist(), key=lambda row: (int(label[row]), row)):
            members[int(label[row])].append(row)
        groups = []
        for component, rows in members.items():
            span = self._source[self._first[rows[0]] : self._first[rows[0] + 1]]
            groups.append((bool(sizes[component] > 1) or rows[0] in span, rows))
        return groups

    @property
    def quantities(self) -> Integers:
        """The quantities that votes are drawn from."""
        found = self._votes.quantity
        return np.unique(found[found != CERTAIN])

    def columns(self, drawn: Floats) -> Integers:
        """The column of each row's jurisdiction: rows x samples; ``drawn`` is quantities x
        samples."""
        samples = drawn.shape[1]
        found = np.empty((len(self.rows), samples), dtype=np.int64)
        for loop, rows in self._groups:
            places = [self._place[row] for row in rows]
            if not loop:
                found[places[0]] = self._outcome(rows[0], found, drawn)
                continue
            home = self._home[rows][:, None]
            found[places] = home
            for _ in rows:
                after = np.stack([self._outcome(row, found, drawn) for row in rows])
                if np.array_equal(after, found[places]):
                    break
                found[places] = after
            after = np.stack([self._outcome(row, found, drawn) for row in rows])
            found[places] = np.where(after == found[places], after, home)
        return found

    def _outcome(self, row: int, found: Integers, drawn: Floats) -> Integers:
        """Whose a company is in each sample, its holders being whose they are found to be."""
        samples = np.arange(drawn.shape[1])
        votes = np.zeros((len(samples), self._width))
        span = range(int(self._first[row]), int(self._first[row + 1]))
        weights = [self._weight(at, drawn) for at in span]
        total = sum(weights, np.zeros(1))
        whole = np.maximum(total, 1.0)
        for at, weight in zip(span, weights, strict=True):
            place = self._place.get(self._source[at])
            column = self._settled[self._source[at]] if place is None else found[place]
            votes[samples, column] += weight / whole
        most = votes.argmax(axis=1)
        decided: Integers = np.where(votes[samples, most] > MAJORITY, most, self._home[row])
        return decided

    def _weight(self, at: int, drawn: Floats) -> Floats:
        if self._votes.quantity[at] != CERTAIN:
            found: Floats = drawn[self._votes.quantity[at]]
            return found
        return np.nan_to_num(self._votes.mode[at : at + 1], nan=0.0)
