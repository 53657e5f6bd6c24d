"""Ownership attributed upward under section 318(a)(2), with low, likely and high shares.

A holder owns what is owned by the entities below it: of a corporation only if it has at least
the floor (50%) of it by value, and then in proportion; of a partnership, trust or other entity
in proportion, with no floor. Loops of holdings are followed until nothing changes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum, StrEnum
from functools import cached_property

from msgspec import Struct

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import LegalForm
from depmap_gui.domain.quantity import Quantity, bounds, low
from depmap_gui.domain.records import Company, Owns
from depmap_gui.rules.setting import SAME


class Bound(IntEnum):
    """Which end of uncertain shares is taken."""

    LOW = 0
    MODE = 1
    HIGH = 2


class Metric(StrEnum):
    """What is counted: value (of a partnership: capital) or votes (of a partnership: profits)."""

    VALUE = "value"
    VOTES = "votes"


_MOST_STEPS = 100_000

Range = tuple[float, float, float]


class Block(Struct, frozen=True, kw_only=True):
    """One holding: an `owns` link with its shares as low, likely and high.

    An unstated share may be anything that the company's other holders leave: `stated` is false.
    """

    link: str
    holder: str
    owned: str
    value: Range
    votes: Range
    stated: bool
    reports: bool | None
    appoints: bool | None
    seats: Quantity | None
    sources: tuple[str, ...]

    def share(self, metric: Metric, bound: Bound) -> float:
        """The block's share by one metric at one end."""
        return (self.value if metric is Metric.VALUE else self.votes)[bound]


Counts = Callable[[Block, Bound], bool]


def every_block(_block: Block, _bound: Bound) -> bool:
    """Counts every block, at either end."""
    return True


class Holdings:
    """Who holds what in whom on the day of the map, by owner and by owned."""

    def __init__(self, map: MapInForce) -> None:
        self.into: dict[str, list[Block]] = {}
        self.out_of: dict[str, list[Block]] = defaultdict(list)
        self.corporations: set[str] = set()
        for entity in map.entities.values():
            if not isinstance(entity, Company):
                continue
            proportional = (LegalForm.PARTNERSHIP, LegalForm.TRUST, LegalForm.OTHER)
            if entity.form not in proportional:
                self.corporations.add(entity.id)
            blocks = blocks_of(map.into(Owns, entity.id))
            if blocks:
                self.into[entity.id] = blocks
            for block in blocks:
                self.out_of[block.holder].append(block)
        self.count = sum(len(blocks) for blocks in self.into.values())

    def documented(self, company: str) -> float:
        """The likely share by value of the company that has a holder on the map, at most 1."""
        return min(1.0, sum(block.value[Bound.MODE] for block in self.into.get(company, ())))


def blocks_of(links: Sequence[Owns]) -> list[Block]:
    """The holdings in one company; unstated shares range over what the others leave."""
    stated_value = sum(low(link.share) for link in links if link.share is not None)
    votes = [link.votes if link.votes is not None else link.share for link in links]
    stated_votes = sum(low(share) for share in votes if share is not None)
    return [
        Block(
            link=link.id,
            holder=link.source,
            owned=link.target,
            value=_range(link.share, 1.0 - stated_value),
            votes=_range(share, 1.0 - stated_votes),
            stated=link.share is not None,
            reports=link.reports,
            appoints=link.appoints,
            seats=link.seats,
            sources=link.sources,
        )
        for link, share in zip(links, votes, strict=True)
    ]


def _range(share: Quantity | None, rest: float) -> Range:
    return (0.0, 0.0, max(0.0, rest)) if share is None else bounds(share)


class Reach:
    """What a set of persons own in each company, at one end of the shares.

    `through[h][p]` is the part of h's holdings that is attributed to p; `first[h][p]` the part of
    it that reaches p without passing another person of the set, so that sums over the set count
    no share twice.
    """

    def __init__(
        self,
        holdings: Holdings,
        persons: AbstractSet[str],
        bound: Bound,
        floor: float,
        *,
        chained: bool = True,
    ) -> None:
        self.holdings = holdings
        self.persons = persons
        self.bound = bound
        self.floor = floor
        self.chained = chained
        self.through: dict[str, dict[str, float]] = defaultdict(dict)
        self.first: dict[str, dict[str, float]] = defaultdict(dict)
        for person in persons:
            if person not in holdings.out_of:
                continue
            passed = self._passed(person, None)
            for holder, part in passed.items():
                self.through[holder][person] = part
            for holder, part in self._passed(person, passed).items():
                self.first[holder][person] = part

    def each(self, company: str, metric: Metric, counts: Counts = every_block) -> dict[str, float]:
        """The share of the company that each person owns, directly and by attribution."""
        owned: dict[str, float] = defaultdict(float)
        for block, share in self._counted(company, metric, counts):
            if block.holder in self.persons:
                owned[block.holder] += share
            for person, part in self.through.get(block.holder, {}).items():
                owned[person] += share * part
        return {person: min(1.0, share) for person, share in owned.items()}

    def aggregate(self, company: str, metric: Metric, counts: Counts = every_block) -> float:
        """The share of the company that the persons own together, each block counted once."""
        together = left = 0.0
        for block in self.holdings.into.get(company, ()):
            share = block.share(metric, self.bound)
            part = self.covered(block.holder) if counts(block, self.bound) else 0.0
            together += share * part
            if part == 0.0:
                left += block.share(metric, Bound.LOW)
        if self.bound is Bound.HIGH:
            together = min(together, max(0.0, 1.0 - left))
        return min(1.0, together)

    def groups(
        self, company: str, metric: Metric, counts: Counts = every_block
    ) -> dict[str, float]:
        """The share of the company that each group of related persons owns."""
        group_of = self.related
        owned: dict[str, float] = defaultdict(float)
        for block, share in self._counted(company, metric, counts):
            if block.holder in self.persons:
                owned[group_of[block.holder]] += share
            else:
                for person, part in self.first.get(block.holder, {}).items():
                    owned[group_of[person]] += share * part
        for person, share in self.each(company, metric, counts).items():
            owned[group_of[person]] = max(owned[group_of[person]], share)
        return {group: min(1.0, share) for group, share in owned.items()}

    @cached_property
    def related(self) -> dict[str, str]:
        """Each person's group: persons joined by a holding of more than half of the value."""
        leader = {person: person for person in self.persons}

        def find(person: str) -> str:
            while leader[person] != person:
                person = leader[person]
            return person

        for person in sorted(self.persons):
            for owner, share in self.each(person, Metric.VALUE).items():
                if share > 0.5 + SAME and owner != person:
                    leader[find(person)] = find(owner)
        return {person: find(person) for person in self.persons}

    def covered(self, holder: str) -> float:
        """The part of what `holder` holds that counts as the persons' own."""
        if holder in self.persons:
            return 1.0
        parts = self.first.get(holder, {})
        most = max(self.through.get(holder, {}).values(), default=0.0)
        return min(1.0, max(sum(parts.values()), most))

    def _counted(self, company: str, metric: Metric, counts: Counts) -> list[tuple[Block, float]]:
        blocks = self.holdings.into.get(company, ())
        return [
            (block, block.share(metric, self.bound))
            for block in blocks
            if counts(block, self.bound)
        ]

    def _passed(self, person: str, gates: Mapping[str, float] | None) -> dict[str, float]:
        """Part of each entity's holdings attributed to `person`.

        With `gates` (the result without), other persons of the set stop the way up, and the
        floor is judged by what the person owns in all.
        """
        owned: dict[str, float] = defaultdict(float)
        passed = {person: 1.0}
        applied: dict[str, float] = defaultdict(float)
        waiting = deque([person])
        steps = _MOST_STEPS + 50 * self.holdings.count
        while waiting and steps:
            steps -= 1
            holder = waiting.popleft()
            more = passed[holder] - applied[holder]
            applied[holder] = passed[holder]
            if more <= SAME:
                continue
            for block in self.holdings.out_of.get(holder, ()):
                below = block.owned
                if below == person or (gates is not None and below in self.persons):
                    continue
                owned[below] = min(1.0, owned[below] + more * block.value[self.bound])
                if self._passes(below, owned[below], gates):
                    passed[below] = owned[below]
                    if self.chained:
                        waiting.append(below)
        if self.bound is Bound.HIGH:
            # A loop that still grows after so many rounds may own all of itself.
            passed.update(dict.fromkeys(waiting, 1.0))
        del passed[person]
        return passed

    def _passes(self, entity: str, owned: float, gates: Mapping[str, float] | None) -> bool:
        if gates is not None:
            return entity in gates
        return entity not in self.holdings.corporations or owned >= self.floor - SAME
