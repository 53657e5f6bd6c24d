"""Who falls under a law through owners that do: nothing is multiplied, it is all or nothing.

A company whose marked owners together hold as much as the law asks is marked itself, and its own
holdings then count in full; this is repeated until nothing changes. Uncertain and unstated shares
give two answers: who is certainly marked, and who may be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from depmap_gui.domain.kinds import LegalForm
from depmap_gui.domain.records import Company
from depmap_gui.rules.attribution import Block, Bound, Holdings, Metric
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Answer, Measure
from depmap_gui.rules.setting import Setting
from depmap_gui.rules.thresholds import fails

_WHOLE = 1.0 - 1e-9


def is_wholly_documented(setting: Setting, holdings: Holdings, company: str) -> bool:
    """Whether the map shows all holders of a company; governments and persons have none."""
    entity = setting.map.entities[company]
    if isinstance(entity, Company) and entity.form in (LegalForm.GOVERNMENT, LegalForm.PERSON):
        return True
    return holdings.documented(company) >= _WHOLE


@dataclass(frozen=True)
class Majority:
    """What is asked of the holdings: by these metrics, each alone, this much."""

    metrics: tuple[Metric, ...]
    threshold: float
    comparison: Comparison


@dataclass(frozen=True)
class Marked:
    """Who is marked: `yes` certainly, `maybe` these and all that may be."""

    holdings: Holdings
    asked: Majority
    yes: frozenset[str]
    maybe: frozenset[str]

    def answer(self, id: str) -> Answer:
        """Whether a company, or a jurisdiction as a holder, is marked."""
        if id in self.yes:
            return Answer.YES
        return Answer.UNKNOWN if id in self.maybe else Answer.NO

    def held(self, company: str, metric: Metric) -> Measure | None:
        """The share that marked owners hold together; None where no holder is on the map."""
        if company not in self.holdings.into:
            return None
        return Measure(
            low=_together(self.holdings, company, metric, self.yes, Bound.LOW),
            mode=_together(self.holdings, company, metric, self.yes, Bound.MODE),
            high=_together(self.holdings, company, metric, self.maybe, Bound.HIGH),
        )

    def most(self, company: str) -> Measure | None:
        """The same by whichever metric asked gives the greatest share."""
        held = [self.held(company, metric) for metric in self.asked.metrics]
        known = [measure for measure in held if measure is not None]
        return max(known, key=lambda each: (each.high, each.mode), default=None)

    def blocks(self, company: str) -> list[Block]:
        """The holdings in a company of owners that are, or may be, marked."""
        return [b for b in self.holdings.into.get(company, ()) if b.holder in self.maybe]


def spread(
    holdings: Holdings,
    asked: Majority,
    certain: Iterable[str],
    possible: Iterable[str],
    settled: AbstractSet[str],
) -> Marked:
    """Marks downward from the `certain` and from the `possible`; of the companies in `settled`
    the answer is given, so ownership changes nothing."""
    yes = _reached(holdings, asked, certain, settled, Bound.LOW)
    return Marked(
        holdings=holdings,
        asked=asked,
        yes=frozenset(yes),
        maybe=frozenset(_reached(holdings, asked, yes.union(possible), settled, Bound.HIGH)),
    )


def _reached(
    holdings: Holdings,
    asked: Majority,
    seeds: Iterable[str],
    settled: AbstractSet[str],
    bound: Bound,
) -> set[str]:
    marked = set(seeds)
    waiting = deque(sorted(marked))
    while waiting:
        for block in holdings.out_of.get(waiting.popleft(), ()):
            company = block.owned
            if company in marked or company in settled:
                continue
            shares = (_together(holdings, company, m, marked, bound) for m in asked.metrics)
            if any(fails(share, asked.comparison, asked.threshold) for share in shares):
                marked.add(company)
                waiting.append(company)
    return marked


def _together(
    holdings: Holdings,
    company: str,
    metric: Metric,
    marked: AbstractSet[str],
    bound: Bound,
) -> float:
    """What the marked hold at one end, at most what the least shares of the others leave."""
    held = left = 0.0
    for block in holdings.into[company]:
        if block.holder in marked:
            held += block.share(metric, bound)
        else:
            left += block.share(metric, Bound.LOW)
    return max(0.0, min(held, 1.0 - left)) if bound is Bound.HIGH else min(held, 1.0)
