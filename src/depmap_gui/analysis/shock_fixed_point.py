"""How much of everything is lost in the end: the fixed point that a shock settles at.

Written for losses x = 1 - a rather than for availabilities a, so that small losses keep their
digits: x(e) = own(e) + (1 - own(e)) * max over e's groups of [ sum of share * x(source) ]. The
greatest fixed point of a is the least of x.

Sweeps from nothing lost upward give every chain exactly. What still moves after them goes round
in a loop and may creep for ever; there the worst group of each node is chosen and the linear
system that they make is solved, until no other choice is worse. A choice only changes where that
loses more, so losses never fall from one round to the next and no set of choices comes twice:
there are finitely many, so the rounds end. A loop that nothing from outside is lost in
stays whole (the least solution), as :func:`~depmap_gui.analysis.linear.solve_shares` leaves it.
"""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.linear import solve_shares
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.shock_needs import Needs

SWEEPS = 100
SETTLED = 1e-13
"""A node's loss is settled where no group of its would add more than this."""
ROUNDING = 1e-14
"""Less than this from all or nothing lost is rounding."""


def settle(needs: Needs, own: Floats) -> Floats:
    """What share of each node is lost (length ``size``), given what each loses by itself.

    Exact within :data:`SETTLED` for each step of a chain; ``own`` is in 0..1.
    """
    if len(needs.groups) == 0 or not own.any():
        return own.copy()
    graph = _Graph(needs, own)
    lost, still = graph.sweep(own)
    if not still:
        return rounded(lost)
    policy = graph.worst(lost)
    while True:
        lost = np.maximum(lost, graph.solved(policy))
        lost, _ = graph.sweep(lost)
        value = graph.step(lost)
        rising = value[graph.nodes] > lost[graph.nodes] + SETTLED
        worst = graph.worst(lost)
        found = graph.carried(lost)
        worse = found[worst] > found[policy] + SETTLED
        if not rising.any() and not worse.any():
            return rounded(lost)
        policy = np.where(worse, worst, policy)
        lost = value


def carried_by_group(needs: Needs, lost: Floats) -> Floats:
    """How much of each group is lost, given the losses of all nodes."""
    if len(needs.groups) == 0:
        return np.zeros(0)
    sums = np.add.reduceat(needs.part_share * lost[needs.part_node], needs.part_starts)
    return np.where(sums > 1.0 - ROUNDING, 1.0, sums)


def rounded(lost: Floats) -> Floats:
    """Losses with what is within rounding of nothing or of all made exactly that."""
    return np.where(lost < ROUNDING, 0.0, np.where(lost > 1.0 - ROUNDING, 1.0, lost))


class _Graph:
    """The system of one shock: ``nodes`` are those that need something, in order."""

    def __init__(self, needs: Needs, own: Floats) -> None:
        self.needs = needs
        self.own = own
        self.nodes, self.starts = np.unique(needs.owner, return_index=True)

    def carried(self, lost: Floats) -> Floats:
        """How much of each group is lost."""
        return carried_by_group(self.needs, lost)

    def step(self, lost: Floats) -> Floats:
        """The losses that these losses cause; never less than them."""
        worst = np.maximum.reduceat(self.carried(lost), self.starts)
        own = self.own[self.nodes]
        after = lost.copy()
        after[self.nodes] = np.maximum(lost[self.nodes], own + (1.0 - own) * worst)
        return after

    def sweep(self, lost: Floats) -> tuple[Floats, bool]:
        """Steps until nothing moves or there were enough; also whether something still moves."""
        for _ in range(SWEEPS):
            after = self.step(lost)
            if np.array_equal(after, lost):
                return after, False
            lost = after
        return lost, True

    def worst(self, lost: Floats) -> Integers:
        """For each of ``nodes`` the group that loses most, the first of equals."""
        carried = self.carried(lost)
        order = np.lexsort((np.arange(len(carried)), -carried, self.needs.owner))
        return order[self.starts]

    def solved(self, policy: Integers) -> Floats:
        """The losses if each node needed its chosen group alone."""
        needs = self.needs
        chosen = np.zeros(len(needs.groups), dtype=bool)
        chosen[policy] = True
        row = needs.owner[needs.part_group]
        weight = (1.0 - self.own[row]) * needs.part_share
        kept = chosen[needs.part_group] & (weight > 0.0)
        constant = np.stack([self.own, np.zeros(needs.size)], axis=1)
        found, _ = solve_shares(row[kept], needs.part_node[kept], weight[kept], constant)
        return np.clip(found[:, 0], 0.0, 1.0)
