"""Terms: what every score is added up from, kept so that each figure can be taken apart again.

A *layer* is one kind of vector for every entity: an (n + 1) x jurisdictions table. Each of its
rows is a weighted sum of rows of other layers, or of the layer itself where things go round in a
loop. Those weighted rows are its *terms*. The terms are what is solved, and what explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from operator import itemgetter
from typing import SupportsInt

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.linear import matrix_of_ordered, solve_shares
from depmap_gui.analysis.projection import Flags, Floats, Integers, Projection
from depmap_gui.analysis.results import Assumption
from depmap_gui.domain.findings import Finding, Severity

Rows = npt.NDArray[np.int32]
Numerals = npt.NDArray[np.int8]

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
    Whole numbers are kept short: a large map has millions of terms.
    """

    row: Rows
    weight: Floats
    layer: Numerals
    operand: Rows
    link: Rows
    reason: Numerals

    def __len__(self) -> int:
        return len(self.row)

    def where(self, chosen: Flags | Integers) -> Terms:
        """Some of the terms: those flagged, or those at these places."""
        return Terms(*(getattr(self, name)[chosen] for name in _COLUMNS))

    def equals(self, other: Terms) -> bool:
        """Whether the other terms are the same ones in the same order."""
        return len(self) == len(other) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in _COLUMNS
        )


_COLUMNS = tuple(Terms.__dataclass_fields__)


def terms(
    reason: Reason,
    layer: Layer,
    row: Integers,
    operand: Integers | int,
    weight: Floats | float = 1.0,
    link: Integers | int = -1,
) -> Terms:
    """Terms of one reason; those of no weight are left out. A single weight is above zero."""
    keep: Flags | slice = slice(None)
    size = len(row)
    if isinstance(weight, np.ndarray):
        keep = weight > 0.0
        size = int(np.count_nonzero(keep))
    return Terms(
        row=row[keep].astype(np.int32),
        weight=weight[keep] if isinstance(weight, np.ndarray) else np.full(size, weight),
        layer=np.full(size, int(layer), dtype=np.int8),
        operand=_short(operand, keep, size),
        link=_short(link, keep, size),
        reason=np.full(size, int(reason), dtype=np.int8),
    )


def _short(rows: Integers | int, keep: Flags | slice, size: int) -> Rows:
    if isinstance(rows, np.ndarray):
        return rows[keep].astype(np.int32)
    return np.full(size, rows, dtype=np.int32)


def joined(parts: Sequence[tuple[Terms, slice]]) -> Terms:
    """Stretches of terms one after the other."""
    return Terms(
        *(np.concatenate([getattr(part, name)[span] for part, span in parts]) for name in _COLUMNS)
    )


def together(parts: Iterable[Terms]) -> Terms:
    """All terms of a layer in row order; within a row, in the order given."""
    found = joined([(part, slice(None)) for part in parts])
    return found.where(np.argsort(found.row, kind="stable"))


@dataclass
class Remarks:
    """What a computation took for granted and what it could not do.

    ``assumptions`` stand with the entity row whose vector rests on them.
    """

    assumptions: list[tuple[int, Assumption]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def assume(self, row: SupportsInt, text: str, *where: str) -> None:
        """Note something taken for granted for the vector of an entity row."""
        self.assumptions.append((int(row), Assumption(text, where)))

    def find(self, code: str, message: str, *where: str) -> None:
        """Note a problem that the figures had to be computed around."""
        self.findings.append(
            Finding(severity=Severity.WARNING, code=code, where=where, message=message)
        )


def in_row_order(remarks: Remarks) -> Remarks:
    """The same remarks, item by item; those on one item as they came up."""
    return Remarks(sorted(remarks.assumptions, key=itemgetter(0)), remarks.findings)


@dataclass(frozen=True, eq=False)
class Solved:
    """One layer: its table, its terms in row order, and where each row's terms start."""

    table: Floats
    terms: Terms
    starts: Integers

    def of(self, row: int) -> slice:
        """Where the terms of a row stand."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def of_rows(self, rows: Integers) -> Integers:
        """Where the terms of several rows stand, row after row."""
        first, count = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        return np.repeat(first - (np.cumsum(count) - count), count) + np.arange(count.sum())


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
    draft = unsolved(together(parts), solved)
    rows = np.flatnonzero(np.diff(draft.starts))
    vectors, closed = vectors_of(layer, draft, rows, solved, settled)
    draft.table[rows] = vectors
    return explained(draft, closed), closed


def unsolved(found: Terms, solved: Mapping[Layer, Solved]) -> Solved:
    """A layer of which only the terms are known, in row order."""
    table = np.zeros(solved[Layer.UNIT].table.shape)
    return Solved(table, found, starts_of(found, len(table)))


def vectors_of(
    layer: Layer,
    draft: Solved,
    rows: Integers,
    solved: Mapping[Layer, Solved],
    settled: Floats | None = None,
) -> tuple[Floats, list[Integers]]:
    """The vectors of some rows of a layer, from its terms and the tables of the layers below.

    Of the layer's other rows the vectors in the table of ``draft`` count; with ``settled``, of
    all its rows those in there. ``rows`` are in order. Also the closed circles among the rows.
    """
    loops = bool(np.any(draft.terms.layer == layer))
    places = draft.of_rows(rows)
    found = draft.terms if len(places) == len(draft.terms) else draft.terms.where(places)
    row = np.repeat(np.arange(len(rows)), draft.starts[rows + 1] - draft.starts[rows])
    place = np.full(len(draft.table), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    own = found.layer == layer
    within = own & (place[found.operand] >= 0) & (settled is None)
    sums = []
    for below in np.flatnonzero(np.bincount(found.layer)).tolist():
        chosen = own & ~within if below == layer else found.layer == below
        table = draft.table if settled is None else settled
        if below != layer:
            table = solved[Layer(below)].table
        if chosen.any():
            operand, weight = found.operand[chosen], found.weight[chosen]
            sums.append(sums_of_rows(row[chosen], weight, table, operand, len(rows)))
    vectors = sums.pop() if sums else np.zeros((len(rows), draft.table.shape[1]))
    for further in sums:
        vectors += further
    closed: list[Integers] = []
    if within.any():
        vectors, closed = solve_shares(
            row[within], place[found.operand[within]], found.weight[within], vectors
        )
    if settled is None and loops:
        _settle_rounding(vectors)
    return vectors, [rows[circle] for circle in closed]


FEW = 2_000
"""So many terms are added up faster without a sparse matrix, whose making takes its time."""


def sums_of_rows(row: Integers, weight: Floats, table: Floats, operand: Rows, count: int) -> Floats:
    """Sums of weighted rows of a table (count x jurisdictions); ``row`` is in order."""
    if len(row) > FEW:
        summed: Floats = matrix_of_ordered(row, operand, weight, count, len(table)) @ table
        return summed
    sums = np.zeros((count, table.shape[1]))
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    sums[row[starts]] = np.add.reduceat(weight[:, None] * table[operand], starts, axis=0)
    return sums


def explained(draft: Solved, closed: Sequence[Integers]) -> Solved:
    """A solved layer; members of closed circles are explained by nothing else."""
    if not closed:
        return draft
    shut = np.sort(np.concatenate(closed))
    rest = draft.terms.where(~np.isin(draft.terms.row, shut))
    unknown = len(draft.table) - 1
    found = together([rest, terms(Reason.CLOSED_CIRCLE, Layer.UNIT, shut, unknown)])
    return Solved(draft.table, found, starts_of(found, len(draft.table)))


def starts_of(found: Terms, size: int) -> Integers:
    """Where the terms of each row start among terms in row order (length ``size`` + 1)."""
    starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(found.row, minlength=size), out=starts[1:])
    return starts


def _settle_rounding(table: Floats) -> None:
    """Make solved rows sum to 1 again: a loop that leaks little magnifies rounding alike."""
    total = table.sum(axis=1)
    total[total <= 0.0] = 1.0
    table /= total[:, None]


def unit_layer(projection: Projection) -> Solved:
    """The layer all others end in: jurisdictions themselves, and `unknown`."""
    size = projection.size + 1
    nothing = terms(Reason.ITSELF, Layer.UNIT, np.zeros(0, dtype=np.int64), 0)
    return Solved(projection.unit, nothing, np.zeros(size + 1, dtype=np.int64))


def known(amount: Floats) -> Floats:
    """Amounts with nothing in the place of what is unknown."""
    return np.where(np.isnan(amount), 0.0, amount)


def total_by(row: Integers, amount: Floats, size: int) -> Floats:
    """Sums per row (length ``size``); NaN amounts count for nothing."""
    sums = np.bincount(row, weights=known(amount), minlength=size)
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
