"""Which companies are related: joined by holdings of more than half, directly or through others.

The law names sections 267(b) and 707(b). Of these the holdings count, of companies and persons,
by value or by votes; what families, trusts and estates add is not on a map. A government joins
nobody: what it owns is not one taxpayer.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from depmap_gui.domain.kinds import LegalForm
from depmap_gui.domain.records import Company
from depmap_gui.rules.attribution import Block, Bound, Holdings, Metric
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Answer
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.thresholds import fails

SHARE = "related.share"


class RelatedPersons:
    """The companies of a map in groups of related ones; in none where the law names no share."""

    def __init__(self, setting: Setting, holdings: Holdings) -> None:
        given = SHARE in setting.pack.parameters
        self._share = setting.number(SHARE) if given else None
        self._holdings = holdings
        self._joining = {
            id
            for id, entity in setting.map.entities.items()
            if isinstance(entity, Company) and entity.form is not LegalForm.GOVERNMENT
        }

    def to(self, company: str) -> dict[str, Answer]:
        """Who is related to a company, or may be; the company itself is left out."""
        if self._share is None:
            return {}
        surely, possibly = self._surely, self._possibly
        near = possibly.members.get(possibly.leader.get(company, company), [])
        group = surely.leader.get(company, company)
        return {
            other: Answer.YES if surely.leader.get(other, other) == group else Answer.UNKNOWN
            for other in near
            if other != company
        }

    @cached_property
    def _surely(self) -> _Groups:
        return self._groups(Bound.LOW)

    @cached_property
    def _possibly(self) -> _Groups:
        return self._groups(Bound.HIGH)

    def _groups(self, bound: Bound) -> _Groups:
        groups = _Groups()
        grown = True
        while grown:
            grown = False
            for company in self._holdings.into:
                grown |= self._join(groups, company, bound)
        groups.list_members()
        return groups

    def _join(self, groups: _Groups, company: str, bound: Bound) -> bool:
        """Joins the company to the group whose members hold more than half of it, if any does."""
        if company not in self._joining:
            return False
        blocks = [block for block in self._holdings.into[company] if block.holder in self._joining]
        joined = False
        for metric in Metric:
            for leader, share in _by_group(groups, blocks, metric, bound).items():
                if fails(share, Comparison.MORE_THAN, self._share or 0.0):
                    joined |= groups.join(company, leader)
        return joined


def _by_group(
    groups: _Groups, blocks: list[Block], metric: Metric, bound: Bound
) -> dict[str, float]:
    held: dict[str, float] = defaultdict(float)
    for block in blocks:
        held[groups.find(block.holder)] += block.share(metric, bound)
    return held


class _Groups:
    """Companies in groups, each under one of its members."""

    def __init__(self) -> None:
        self.leader: dict[str, str] = {}
        self.members: dict[str, list[str]] = defaultdict(list)

    def find(self, company: str) -> str:
        """The leader of the company's group."""
        above = self.leader.setdefault(company, company)
        while above != self.leader[above]:
            self.leader[above] = self.leader[self.leader[above]]
            above = self.leader[above]
        return above

    def join(self, one: str, other: str) -> bool:
        """Makes one group of two; False where they were one already."""
        first, second = self.find(one), self.find(other)
        if first == second:
            return False
        # The same leader whatever the order: figures must not hang on it.
        self.leader[max(first, second)] = min(first, second)
        return True

    def list_members(self) -> None:
        """Takes note of each group's members, once all are joined."""
        for company in sorted(self.leader):
            leader = self.find(company)
            self.leader[company] = leader
            self.members[leader].append(company)
