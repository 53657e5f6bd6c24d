"""Terms: what every score is added up from, kept so that each figure can be taken apart again.

A *layer* is one kind of vector for every entity: an (n + 1) x jurisdictions table. Each of its
rows is a weighted sum of rows of other layers, or of the layer itself where things go round in a
loop. Those weighted rows are its *terms*. The terms are what is solved, and what explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from depmap_gui.analysis.linear import matrix, solve_shares
from depmap_gui.analysis.projection import Floats, Integers, Projection
from depmap_gui.analysis.results import Assumption
from depmap_gui.domain.findings import Finding, Severity

NOISE = 1e-13
"""Sums of shares are taken for exact within this: what is left over by less is rounding."""


class Layer(IntEnum):
    """The tables of vectors, in the order in which they are solved."""

    UNIT = 0
    DOMICILE = 1
    SITE = 2
    ATTRIBUTION = 3
    ECONOMIC = 4
    TECHNOLOGY = 5
    IP = 6
    EMBEDDED_IP = 7
    MADE_IN_FIRST_TIER = 8
    MADE_BY_FIRST_TIER = 9
    MADE_IN = 10
    MADE_BY = 11
    OWNERSHIP = 12
    DEBT = 13


class Reason(IntEnum):
    """Why a term stands in a sum."""

    ITSELF = 0
    INCORPORATED = 1
    PRINCIPAL = 2
    SITE = 3
    ORIGIN = 4
    NO_PLACE = 5
    ORIGIN_REST = 6
    HOLDING = 7
    HOME_REST = 8
    UNDISCLOSED_HOLDING = 9
    HOME = 10
    MAJORITY = 11
    NO_MAJORITY = 12
    SETTLED_IN_LOOP = 13
    OPERATOR = 14
    NO_OPERATOR = 15
    SUBLICENSE = 16
    LICENSOR = 17
    NO_LICENSOR = 18
    UNDISCLOSED_SUBLICENSE = 19
    LICENSE_USE = 20
    SUPPLIED_IP = 21
    OWN_IP = 22
    IP_REST = 23
    OWN_PART = 24
    BOUGHT_PART = 25
    MATERIAL = 26
    MAKER = 27
    MAKER_INPUTS = 28
    UNCOSTED = 29
    LENDER = 30
    DEBT_REST = 31
    CLOSED_CIRCLE = 32


@dataclass(frozen=True, eq=False)
class Terms:
    """Weighted rows of one layer, as columns: X[row] is the sum of weight * layer[operand].

    ``link`` is the place in :attr:`Projection.links` of the link a term rests on, -1 without.
    """

    row: Integers
    weight: Floats
    layer: Integers
    operand: Integers
    link: Integers
    reason: Integers

    def __len__(self) -> int:
        return len(self.row)


def terms(
    reason: Reason,
    layer: Layer,
    row: Integers,
    operand: Integers | int,
    weight: Floats | float = 1.0,
    link: Integers | int = -1,
) -> Terms:
    """Terms of one reason; those of no weight are left out."""
    count = len(row)
    weights = np.broadcast_to(np.asarray(weight, dtype=np.float64), (count,))
    keep = weights > 0.0
    size = int(np.count_nonzero(keep))
    return Terms(
        row=row[keep].astype(np.int64),
        weight=weights[keep],
        layer=np.full(size, int(layer)),
        operand=np.broadcast_to(np.asarray(operand, dtype=np.int64), (count,))[keep],
        link=np.broadcast_to(np.asarray(link, dtype=np.int64), (count,))[keep],
        reason=np.full(size, int(reason)),
    )


def together(parts: Iterable[Terms]) -> Terms:
    """All terms of a layer in row order; within a row, in the order given."""
    several = list(parts)
    columns = [
        np.concatenate([getattr(part, name) for part in several])
        for name in ("row", "weight", "layer", "operand", "link", "reason")
    ]
    order = np.argsort(columns[0], kind="stable")
    return Terms(*(column[order] for column in columns))


@dataclass
class Remarks:
    """What a computation took for granted and what it could not do, in the order it came up."""

    assumptions: list[Assumption] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def assume(self, text: str, *where: str) -> None:
        """Note something taken for granted."""
        self.assumptions.append(Assumption(text, where))

    def find(self, code: str, message: str, *where: str) -> None:
        """Note a problem that the figures had to be computed around."""
        self.findings.append(
            Finding(severity=Severity.WARNING, code=code, where=where, message=message)
        )


@dataclass(frozen=True, eq=False)
class Solved:
    """One layer: its table, its terms in row order, and where each row's terms start."""

    table: Floats
    terms: Terms
    starts: Integers

    def of(self, row: int) -> slice:
        """Where the terms of a row stand."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))


def solve_layer(
    layer: Layer,
    parts: Iterable[Terms],
    solved: Mapping[Layer, Solved],
    settled: Floats | None = None,
) -> tuple[Solved, list[Integers]]:
    """Add up one layer's terms, loops solved; also the closed circles that could not be.

    Members of a closed circle are `unknown`. ``settled`` is the layer's own table where that is
    known beforehand, so that its terms only have to be added up.
    """
    found = together(parts)
    size, columns = solved[Layer.UNIT].table.shape
    constant = np.zeros((size, columns))
    for other, known in solved.items():
        chosen = found.layer == other
        if other is not layer and chosen.any():
            entries = matrix(found.row[chosen], found.operand[chosen], found.weight[chosen], size)
            constant += entries @ known.table
    inner = found.layer == layer
    if settled is not None:
        entries = matrix(found.row[inner], found.operand[inner], found.weight[inner], size)
        return Solved(constant + entries @ settled, found, _starts(found, size)), []
    table, closed = solve_shares(
        found.row[inner], found.operand[inner], found.weight[inner], constant
    )
    if inner.any():
        _settle_rounding(table)
    if closed:
        shut = np.concatenate(closed)
        keep = ~np.isin(found.row, shut)
        rest = Terms(*(getattr(found, name)[keep] for name in found.__dataclass_fields__))
        found = together([rest, terms(Reason.CLOSED_CIRCLE, Layer.UNIT, shut, size - 1)])
    return Solved(table, found, _starts(found, size)), closed


def _starts(found: Terms, size: int) -> Integers:
    return np.searchsorted(found.row, np.arange(size + 1)).astype(np.int64)


def _settle_rounding(table: Floats) -> None:
    """Make solved rows sum to 1 again: a loop that leaks little magnifies rounding alike."""
    total = table.sum(axis=1)
    drifted = (total > 0.0) & (total != 1.0)
    table[drifted] /= total[drifted, None]


def unit_layer(projection: Projection) -> Solved:
    """The layer all others end in: jurisdictions themselves, and `unknown`."""
    size = projection.size + 1
    nothing = terms(Reason.ITSELF, Layer.UNIT, np.zeros(0, dtype=np.int64), 0)
    return Solved(projection.unit, nothing, np.zeros(size + 1, dtype=np.int64))


def total_by(row: Integers, amount: Floats, size: int) -> Floats:
    """Sums per row (length ``size``); NaN amounts count for nothing."""
    sums = np.bincount(row, weights=np.nan_to_num(amount, nan=0.0), minlength=size)
    return sums[:size].astype(np.float64, copy=False)


def count_by(row: Integers, size: int) -> Integers:
    """How often each row occurs (length ``size``)."""
    return np.bincount(row, minlength=size)[:size].astype(np.int64)


def rest_of(total: Floats) -> Floats:
    """What is left of 1, rounding taken out; nothing where the total is above 1."""
    rest = 1.0 - total
    rest[rest < NOISE] = 0.0
    return rest


def scale_over_one(total: Floats) -> Floats:
    """What to divide shares by: the total where it is above 1, else 1."""
    return np.where(total > 1.0, total, 1.0)
