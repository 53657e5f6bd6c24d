"""The scores of a map: the solved layers as vectors by entity id, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress

import numpy as np

from depmap_gui.analysis.concentration import concentrations, single_points
from depmap_gui.analysis.projection import Flags, Floats
from depmap_gui.analysis.results import Score, Scores, Shares
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer
from depmap_gui.domain.kinds import EntityKind

Ints = np.typing.NDArray[np.intp]

LAYER_OF: Mapping[Score, Layer] = {score: Layer[score.name] for score in Score}
"""The layer that each score is read from."""


class VectorTable(Mapping[str, Shares]):
    """Vectors by entity id, read from a table when asked for: a large map has millions of shares.

    ``codes`` names the columns of ``table`` (`unknown` last); ``row`` gives every entity's row,
    ``covered`` says which of them have a vector.
    """

    def __init__(
        self, codes: tuple[str, ...], row: Mapping[str, int], table: Floats, covered: Flags
    ) -> None:
        self.codes = codes
        self.row = row
        self.table = table
        self.covered = covered

    def __getitem__(self, entity: str) -> Shares:
        row = self.row[entity]
        if not self.covered[row]:
            raise KeyError(entity)
        shares = self.table[row]
        return {self.codes[place]: float(shares[place]) for place in np.flatnonzero(shares)}

    def __contains__(self, entity: object) -> bool:
        row = self.row.get(entity)  # type: ignore[call-overload]  # what is no text has no row
        return row is not None and bool(self.covered[row])

    def rows_of(self, entities: Sequence[str]) -> Ints:
        """The row of each entity (n), the same in every table of the map; -1 for strangers."""
        return np.array([self.row.get(id, -1) for id in entities], dtype=np.intp)

    def shares_of(self, rows: Ints, code: str) -> Floats:
        """One jurisdiction's share in each of these rows (n); NaN where there is no vector."""
        known = (rows >= 0) & np.append(self.covered, False)[rows]
        found = np.full(len(rows), np.nan)
        found[known] = (
            self.table[rows[known], self.codes.index(code)] if code in self.codes else 0.0
        )
        return found

    def __iter__(self) -> Iterator[str]:
        return compress(self.row, self.covered)

    def __len__(self) -> int:
        return int(np.count_nonzero(self.covered))

    def __repr__(self) -> str:
        return f"VectorTable({dict(self)!r})"


def scores_of(solution: Solution) -> Scores:
    """The scores of a solved map."""
    vectors = {score.value: _vectors(solution, score) for score in Score}
    return Scores(
        **vectors,
        concentration=concentrations(solution),
        single_points=single_points(solution),
    )


def _vectors(solution: Solution, score: Score) -> VectorTable:
    projection = solution.projection
    return VectorTable(
        projection.codes,
        projection.row,
        solution.layers[LAYER_OF[score]].table,
        covered_by(solution, score),
    )


def covered_by(solution: Solution, score: Score) -> Flags:
    """Which entities have the score (length n)."""
    projection = solution.projection
    plant, company = EntityKind.PLANT, EntityKind.COMPANY
    match score:
        case Score.ATTRIBUTION:
            return ~projection.of_kind(EntityKind.LICENSE)
        case Score.TECHNOLOGY:
            return projection.of_kind(EntityKind.LICENSE)
        case Score.IP:
            return projection.of_kind(plant, company)
        case Score.EMBEDDED_IP:
            return projection.of_kind(plant, company, EntityKind.MATERIAL)
        case Score.OWNERSHIP:
            return _ends(solution, projection.operates.target)
        case Score.DEBT:
            return _ends(solution, projection.lends.target)
        case _:
            return solution.weights.supplied


def _ends(solution: Solution, rows: np.typing.NDArray[np.int64]) -> Flags:
    found = np.zeros(solution.projection.size, dtype=bool)
    found[rows] = True
    return found
