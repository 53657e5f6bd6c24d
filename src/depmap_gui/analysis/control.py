"""Whose a company is by majority of votes: the basis `control` of section 1 of the scores.

Every attribution is one jurisdiction's unit vector here, so it is kept as a column number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.attribution import note_scaled
from depmap_gui.analysis.linear import components
from depmap_gui.analysis.projection import Floats, Integers, Projection
from depmap_gui.analysis.trace import (
    NOISE,
    Layer,
    Reason,
    Remarks,
    Terms,
    known,
    scale_over_one,
    terms,
    total_by,
)
from depmap_gui.domain.kinds import EntityKind

MAJORITY = 0.5 + 1e-12
"""More than half, rounding of summed votes left aside."""


@dataclass(frozen=True)
class _Ballot:
    """Who votes in each company: (holder row, votes) by owned row, scaled to 1 at most."""

    holdings: dict[int, list[tuple[int, float]]]

    def majority(self, owned: int, attributed: list[int]) -> int:
        """The column whose holders have more than half of the votes in a company, or -1."""
        votes: dict[int, float] = defaultdict(float)
        for holder, share in self.holdings.get(owned, ()):
            votes[attributed[holder]] += share
        for column, share in votes.items():
            if share > MAJORITY:
                return column
        return -1


def majority_terms(
    projection: Projection, domicile: Floats, remarks: Remarks
) -> tuple[list[Terms], Floats]:
    """A of companies under the basis `control`: its terms, and the table they add up to.

    ``domicile`` is the solved table D. The terms refer to the layer ATTRIBUTION itself: holders
    that decide share the figure by their votes. The table, (n + 1) x jurisdictions, has the
    companies and jurisdictions filled in.
    """
    owns, size = projection.owns, projection.size
    companies = np.flatnonzero(projection.of_kind(EntityKind.COMPANY))
    total = total_by(owns.target, projection.votes, size)
    note_scaled(projection, "Votes in", total, companies, remarks)
    weight = known(projection.votes) / scale_over_one(total)[owns.target]
    holdings: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for owned, holder, share in zip(
        owns.target.tolist(), owns.source.tolist(), weight.tolist(), strict=True
    ):
        holdings[owned].append((holder, share))
    ballot = _Ballot(holdings)
    home = _home_columns(projection, domicile)
    attributed = _decide(projection, ballot, home, remarks)
    _note_unknown_votes(projection, ballot, attributed, total, remarks)
    table = np.zeros_like(projection.unit)
    persons = projection.of_kind(EntityKind.COMPANY, EntityKind.JURISDICTION)
    table[np.flatnonzero(persons), np.array(attributed, dtype=np.int64)[persons]] = 1.0
    return _as_terms(projection, ballot, weight, home, attributed), table


def _home_columns(projection: Projection, domicile: Floats) -> list[int]:
    """The column of each entity's D; a jurisdiction's own."""
    table = domicile[: projection.size] + projection.unit[: projection.size]
    columns: list[int] = table.argmax(axis=1).tolist() if projection.size else []
    return columns


def _decide(
    projection: Projection, ballot: _Ballot, home: list[int], remarks: Remarks
) -> list[int]:
    """Attribute owners before owned; members of a loop of holdings together, round by round."""
    owns = projection.owns
    label, sizes = components(owns.target, owns.source, projection.size)
    attributed = list(home)
    members: dict[int, list[int]] = defaultdict(list)
    for row in sorted(ballot.holdings, key=label.__getitem__):
        members[int(label[row])].append(row)
    for component, rows in members.items():
        own_holder = any(holder == rows[0] for holder, _ in ballot.holdings[rows[0]])
        if sizes[component] > 1 or own_holder:
            _settle_loop(projection, ballot, rows, home, attributed, remarks)
        else:
            column = ballot.majority(rows[0], attributed)
            attributed[rows[0]] = home[rows[0]] if column < 0 else column
    return attributed


def _settle_loop(
    projection: Projection,
    ballot: _Ballot,
    rows: list[int],
    home: list[int],
    attributed: list[int],
    remarks: Remarks,
) -> None:
    """All members start at home and are updated together, at most once for each member."""

    def updated() -> list[int]:
        majorities = [ballot.majority(row, attributed) for row in rows]
        return [
            home[row] if column < 0 else column
            for row, column in zip(rows, majorities, strict=True)
        ]

    for row in rows:
        attributed[row] = home[row]
    for _ in rows:
        after = updated()
        if after == [attributed[row] for row in rows]:
            return
        for row, column in zip(rows, after, strict=True):
            attributed[row] = column
    unsettled = [
        row for row, column in zip(rows, updated(), strict=True) if column != attributed[row]
    ]
    for row in unsettled:
        attributed[row] = home[row]
    if unsettled:
        names = ", ".join(projection.name(row) for row in unsettled[:5])
        remarks.find(
            "votes.unsettled",
            f"Who controls {names} goes round in a loop of holdings and never settles. Each is "
            "taken to belong where it is incorporated; check the votes of the loop.",
            *(projection.ids[row] for row in unsettled),
        )


def _note_unknown_votes(
    projection: Projection,
    ballot: _Ballot,
    attributed: list[int],
    total: Floats,
    remarks: Remarks,
) -> None:
    """Name the holdings of unknown size that could turn a company's attribution."""
    owns = projection.owns
    for link in np.flatnonzero(np.isnan(projection.votes)).tolist():
        holder, owned = int(owns.source[link]), int(owns.target[link])
        if ballot.majority(owned, attributed) >= 0:
            continue
        votes: dict[int, float] = defaultdict(float)
        for other, share in ballot.holdings[owned]:
            votes[attributed[other]] += share
        most = max(votes.values(), default=0.0)
        if most + max(0.0, 1.0 - total[owned]) > MAJORITY:
            remarks.assume(
                owned,
                f"The votes of {projection.name(holder)} in {projection.name(owned)} are not "
                "known and could decide who controls it; it is taken to belong where it is "
                "incorporated.",
                projection.links[owns.number[link]].id,
            )


def _as_terms(
    projection: Projection,
    ballot: _Ballot,
    weight: Floats,
    home: list[int],
    attributed: list[int],
) -> list[Terms]:
    owns, size = projection.owns, projection.size
    column = np.array(attributed, dtype=np.int64)
    companies = np.flatnonzero(projection.of_kind(EntityKind.COMPANY))
    decided = np.zeros(size, dtype=bool)
    for row in ballot.holdings:
        decided[row] = ballot.majority(row, attributed) == attributed[row]
    deciding = decided[owns.target] & (column[owns.source] == column[owns.target])
    votes = np.where(deciding, weight, 0.0)
    part = (
        votes
        / np.where(decided, np.maximum(total_by(owns.target, votes, size), NOISE), 1.0)[owns.target]
    )
    at_home = companies[~decided[companies] & (column[companies] == np.array(home)[companies])]
    in_loop = companies[~decided[companies] & (column[companies] != np.array(home)[companies])]
    stand_in = _stand_ins(projection)
    return [
        terms(
            Reason.MAJORITY,
            Layer.ATTRIBUTION,
            owns.target,
            owns.source,
            part,
            owns.number,
        ),
        terms(Reason.NO_MAJORITY, Layer.DOMICILE, at_home, at_home),
        terms(Reason.SETTLED_IN_LOOP, Layer.UNIT, in_loop, stand_in[column[in_loop]]),
    ]


def _stand_ins(projection: Projection) -> Integers:
    """A row of the unit layer for each column: a jurisdiction's, or that of `unknown`."""
    rows = projection.unit.argmax(axis=1)
    placed = projection.unit.any(axis=1)
    found = np.full(len(projection.codes), projection.size, dtype=np.int64)
    found[rows[placed][::-1]] = np.flatnonzero(placed)[::-1]
    return found
