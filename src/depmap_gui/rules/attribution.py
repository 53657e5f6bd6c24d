"""Ownership attributed upward under section 318(a)(2), with low, likely and high shares.

A holder owns what is owned by the entities below it: of a corporation only if it has at least
the floor (50%) of it by value, and then in proportion; of a partnership, trust or other entity
in proportion, with no floor. Loops of holdings are followed until nothing changes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import cached_property
from math import fsum

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
_VALUE = (Metric.VALUE,)
_BOTH = (Metric.VALUE, Metric.VOTES)

Range = tuple[float, float, float]


class Block(Struct, frozen=True, kw_only=True, gc=False):
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
    """Who holds what in whom on the day of the map, by owner and by owned.

    `onward` are the holdings in companies that hold something themselves. `corporations` are the
    companies to which the floor applies, `voted_apart` those in which some holder's votes are
    not its share of the value.
    """

    def __init__(self, map: MapInForce) -> None:
        self.into: dict[str, list[Block]] = {}
        self.out_of: dict[str, list[Block]] = {}
        self.corporations: set[str] = set()
        self.voted_apart: set[str] = set()
        self._documented: dict[str, float] = {}
        for entity in map.entities.values():
            if not isinstance(entity, Company):
                continue
            proportional = (LegalForm.PARTNERSHIP, LegalForm.TRUST, LegalForm.OTHER)
            if entity.form not in proportional:
                self.corporations.add(entity.id)
            links = map.into(Owns, entity.id)
            if not links:
                continue
            blocks = self.into[entity.id] = blocks_of(links)
            self._documented[entity.id] = sum(block.value[Bound.MODE] for block in blocks)
            if any(block.votes != block.value for block in blocks):
                self.voted_apart.add(entity.id)
            for block in blocks:
                self.out_of.setdefault(block.holder, []).append(block)
        self.onward = {
            holder: onward
            for holder, blocks in self.out_of.items()
            if (onward := [block for block in blocks if block.owned in self.out_of])
        }
        self.count = sum(len(blocks) for blocks in self.into.values())

    def metrics(self, company: str) -> tuple[Metric, ...]:
        """What must be counted to know both value and votes: one where the two are the same."""
        return _BOTH if company in self.voted_apart else _VALUE

    def documented(self, company: str) -> float:
        """The likely share by value of the company that has a holder on the map, at most 1."""
        return min(1.0, self._documented.get(company, 0.0))


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
    no share twice. Persons whose part another person's always outdoes are left out of both.
    `part[h]` is the part of them that counts as the persons' own together.
    """

    def __init__(
        self,
        holdings: Holdings,
        persons: Iterable[str],
        bound: Bound,
        floor: float,
        *,
        chained: bool = True,
    ) -> None:
        self.holdings = holdings
        self.persons: set[str] = set()
        self.bound = bound
        self.floor = floor
        self.chained = chained
        self.through: dict[str, dict[str, float]] = defaultdict(dict)
        self.first: dict[str, dict[str, float]] = defaultdict(dict)
        self.part: dict[str, float] = {}
        self._passed: dict[str, dict[str, float]] = {}
        self._passed_first: dict[str, dict[str, float]] = {}
        self.join(persons)

    def join(self, persons: Iterable[str]) -> set[str]:
        """Adds persons to the set; gives the holders whose `part` may have changed by it."""
        joined = set(persons) - self.persons
        self.persons |= joined
        vars(self).pop("related", None)  # it was of fewer persons
        changed = joined & self.holdings.out_of.keys()
        again = {person for entity in joined for person in self.first.get(entity, ())}
        for person in sorted(joined & self.holdings.onward.keys()):
            if self._is_outdone(person):
                continue
            passed = self._passed[person] = self._walk(person, None)
            for holder, share in passed.items():
                self.through[holder][person] = share
            changed.update(passed)
            again.add(person)
        for person in sorted(again):
            for holder in self._passed_first.pop(person, ()):
                del self.first[holder][person]
                changed.add(holder)
            reached = self._passed.get(person)
            if not reached:
                continue
            firsts = self._passed_first[person] = self._walk(person, reached)
            for holder, share in firsts.items():
                self.first[holder][person] = share
        for holder in changed:
            self.part[holder] = self._own_part(holder)
        return changed

    def _is_outdone(self, person: str) -> bool:
        """Whether all that is attributed to the person, through its only holding, is another
        person's at least as much: it is never the greatest owner, and adds nothing to sums."""
        blocks = self.holdings.out_of[person]
        return len(blocks) == 1 and blocks[0].owned in self.persons and blocks[0].owned != person

    def _own_part(self, holder: str) -> float:
        if holder in self.persons:
            return 1.0
        # An exact sum is the same in whatever order the persons were found.
        together = fsum(self.first[holder].values()) if holder in self.first else 0.0
        most = max(self.through[holder].values()) if holder in self.through else 0.0
        return min(1.0, max(together, most))

    def covered(self, holder: str) -> float:
        """The part of what `holder` holds that counts as the persons' own."""
        return 1.0 if holder in self.persons else self.part.get(holder, 0.0)

    def each(self, company: str, metric: Metric, counts: Counts = every_block) -> dict[str, float]:
        """The share of the company that each person owns, directly and by attribution."""
        owned: dict[str, float] = {}
        for holder, share in self._counted(company, metric, counts):
            if holder in self.persons:
                owned[holder] = owned.get(holder, 0.0) + share
            if holder in self.through:
                for person, part in self.through[holder].items():
                    owned[person] = owned.get(person, 0.0) + share * part
        return {person: min(1.0, share) for person, share in owned.items()}

    def aggregate(self, company: str, metric: Metric, counts: Counts = every_block) -> float:
        """The share of the company that the persons own together, each block counted once."""
        together = left = 0.0
        everything = counts is every_block
        for block in self.holdings.into.get(company, ()):
            shares = block.value if metric is Metric.VALUE else block.votes
            part = self.part.get(block.holder, 0.0)
            if part and not everything and not counts(block, self.bound):
                part = 0.0
            together += shares[self.bound] * part
            if part == 0.0:
                left += shares[Bound.LOW]
        if self.bound is Bound.HIGH:
            together = min(together, max(0.0, 1.0 - left))
        return min(1.0, together)

    def groups(
        self,
        company: str,
        metric: Metric,
        counts: Counts = every_block,
        each: Mapping[str, float] | None = None,
    ) -> dict[str, float]:
        """The share of the company that each group of related persons owns.

        `each` is what `each()` gives for the same question, where it is known.
        """
        group_of = self.related
        owned: dict[str, float] = defaultdict(float)
        for holder, share in self._counted(company, metric, counts):
            if holder in self.persons:
                owned[group_of[holder]] += share
            else:
                for person, part in self.first.get(holder, {}).items():
                    owned[group_of[person]] += share * part
        shares = self.each(company, metric, counts) if each is None else each
        for person, share in shares.items():
            owned[group_of[person]] = max(owned[group_of[person]], share)
        return {group: min(1.0, share) for group, share in owned.items()}

    @cached_property
    def related(self) -> dict[str, str]:
        """Each person's group: persons joined by a holding of more than half of the value."""
        leader = {person: person for person in self.persons}

        def find(person: str) -> str:
            while leader[person] != person:
                # Each look shortens the way for the next: long chains stay cheap.
                leader[person] = leader[leader[person]]
                person = leader[person]
            return person

        for person in sorted(self.persons & self.holdings.into.keys()):
            for owner, share in self.each(person, Metric.VALUE).items():
                if share > 0.5 + SAME and owner != person:
                    leader[find(person)] = find(owner)
        return {person: find(person) for person in self.persons}

    def _counted(self, company: str, metric: Metric, counts: Counts) -> list[tuple[str, float]]:
        """Holder and share of each block that counts and of which a person may own a part."""
        everything = counts is every_block
        return [
            (block.holder, block.share(metric, self.bound))
            for block in self.holdings.into.get(company, ())
            if block.holder in self.part and (everything or counts(block, self.bound))
        ]

    def _walk(self, person: str, gates: Mapping[str, float] | None) -> dict[str, float]:
        """Part of the holdings of each entity that has some, attributed to `person`.

        With `gates` (the result without), other persons of the set stop the way up, and the
        floor is judged by what the person owns in all.
        """
        owned: dict[str, float] = defaultdict(float)
        passed = {person: 1.0}
        applied: dict[str, float] = defaultdict(float)
        waiting = deque([person])
        steps = _MOST_STEPS + 50 * self.holdings.count
        onward, bound = self.holdings.onward, self.bound
        while waiting and steps:
            steps -= 1
            holder = waiting.popleft()
            more = passed[holder] - applied[holder]
            applied[holder] = passed[holder]
            if more <= SAME:
                continue
            for block in onward.get(holder, ()):
                below = block.owned
                if below == person or (gates is not None and below in self.persons):
                    continue
                owned[below] = min(1.0, owned[below] + more * block.value[bound])
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
