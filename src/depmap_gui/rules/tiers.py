"""What a set of owners holds in each company, by equity, votes and seats, each alone.

A holding as great as the law's merging share, by any metric, makes holder and held one, so what is
held of the holder is held of it; below it the shares of a chain are multiplied.
"""

from __future__ import annotations

from enum import StrEnum
from operator import add, mul, sub
from typing import NamedTuple

from depmap_gui.domain.quantity import bounds
from depmap_gui.rules.attribution import Block, Bound, Holdings
from depmap_gui.rules.setting import SAME

_MOST_ROUNDS = 10_000
_STILL = 1e-14
"""Shares that change by less no longer move: loops converge, each round by a smaller step."""
NEVER_ONE = float("inf")
"""The merging share where all chains are in proportion."""


class Held(StrEnum):
    """What is counted, each alone; the values are the ends of the limbs' ids."""

    EQUITY = "equity"
    VOTES = "votes"
    SEATS = "seats"


METRICS = tuple(Held)
Part = tuple[float, ...]
"""A share by each metric, in the order of `METRICS`."""
NO_PART: Part = (0.0,) * len(METRICS)


def shares_of(block: Block, bound: Bound) -> Part:
    """A holding's equity, votes and seats at one end; seats that are not stated count as none."""
    seats = 0.0 if block.seats is None else bounds(block.seats)[bound]
    return (block.value[bound], block.votes[bound], seats)


class _Holding(NamedTuple):
    """One holding at one end: shares by metric, the least of them, and whether it merges."""

    holder: str
    shares: Part
    least: Part
    is_one: bool


class Tiers:
    """What a set of owners holds in each company, at one end of uncertain shares.

    `part[company]` is by metric. Loops of holdings are followed until nothing changes.
    """

    def __init__(
        self, holdings: Holdings, owners: frozenset[str], bound: Bound, merge: float
    ) -> None:
        self.owners = owners
        self.bound = bound
        self.merge = merge - SAME
        self.part: dict[str, Part] = {}
        self._into = {
            company: [self._holding(block) for block in blocks if block.holder != company]
            for company, blocks in holdings.into.items()
        }
        self._below = {
            holder: dict.fromkeys(block.owned for block in blocks)
            for holder, blocks in holdings.out_of.items()
        }
        self._follow()

    def _holding(self, block: Block) -> _Holding:
        shares = shares_of(block, self.bound)
        least = shares_of(block, Bound.LOW)
        return _Holding(block.holder, shares, least, max(shares) >= self.merge)

    def _follow(self) -> None:
        """Round by round, each company below one that moved is asked once again."""
        below = self._below
        asked = {company: None for owner in sorted(self.owners) for company in below.get(owner, ())}
        for _ in range(_MOST_ROUNDS):
            if not asked:
                return
            again: dict[str, None] = {}
            for company in asked:
                before = self.part.get(company, NO_PART)
                after = self._held(company)
                if max(map(sub, after, before)) > _STILL:
                    self.part[company] = after
                    again.update(below.get(company, {}))
            asked = again

    def _held(self, company: str) -> Part:
        equity = votes = seats = 0.0
        others = NO_PART
        merged = False
        for holder, shares, least, is_one in self._into[company]:
            if holder in self.owners:
                more = shares
            elif (above := self.part.get(holder)) is None:
                others = tuple(map(add, others, least))
                continue
            else:
                merged |= is_one
                more = shares if max(above) >= self.merge else tuple(map(mul, shares, above))
                if is_one:
                    more = tuple(map(max, more, above))
            equity += more[0]
            votes += more[1]
            seats += more[2]
        total: Part = (equity, votes, seats)
        if self.bound is Bound.HIGH and not merged:
            total = tuple(
                max(0.0, min(held, 1.0 - other)) for held, other in zip(total, others, strict=True)
            )
        return tuple(min(1.0, held) for held in total)
