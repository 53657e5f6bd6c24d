"""The facts that would turn a verdict on a cost ratio: which costs, and how much of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, isfinite

from msgspec import Struct

from depmap_gui.rules.pack import Comparison, DatedValue, Parameter
from depmap_gui.rules.results import Reason, Verdict
from depmap_gui.rules.setting import SAME, percent
from depmap_gui.rules.thresholds import fails

_MOST_NAMED = 4


class Part(Struct, frozen=True, kw_only=True, gc=False):
    """One part of a total: its weight (money or percentage points), and the share of it that is,
    at least and at most, of prohibited foreign entities."""

    name: str
    where: tuple[str, ...]
    weight: float
    pfe_low: float
    pfe_high: float


Amount = Callable[[float], str]
"""A weight in words: `8,000 USD`, `12.4 points`."""


def ratio_flips(
    parts: Sequence[Part], given: Verdict, threshold: float, amount: Amount
) -> tuple[Reason, ...]:
    """What would turn the verdict on the share that is not of prohibited foreign entities.

    A failed ratio passes once enough of their part is replaced at equal cost; an uncertain one
    once enough open makers are shown to be others; a passed one fails once they have more.
    """
    if not isfinite(sum(part.weight for part in parts)):
        return ()
    total = fsum(part.weight for part in parts)
    allowed = (1.0 - threshold) * total
    if total <= 0.0 or threshold <= 0.0:
        return ()
    if given is Verdict.FAIL:
        excess = fsum(part.weight * part.pfe_low for part in parts) - allowed
        named = _largest(parts, excess, lambda part: part.weight * part.pfe_low)
        text = f"Passes once {amount(excess)} of what prohibited foreign entities make comes from "
        text += f"other makers at equal cost: {_listed(named, amount)}."
    elif given is Verdict.UNCERTAIN:
        excess = fsum(part.weight * part.pfe_high for part in parts) - allowed
        named = _largest(parts, excess, lambda part: part.weight * (part.pfe_high - part.pfe_low))
        text = (
            f"Passes once the makers of at least {amount(excess)} are shown not to be prohibited "
        )
        text += f"foreign entities: {_listed(named, amount)}."
    elif given is Verdict.PASS:
        excess = allowed - fsum(part.weight * part.pfe_high for part in parts)
        if excess <= SAME * total:
            text = "Fails as soon as anything that others make comes from "
        else:
            text = f"Fails once more than {amount(excess)} that others make comes from "
        return (Reason(text=text + "prohibited foreign entities."),)
    else:
        return ()
    if excess <= SAME * total or not named:
        return ()
    where = tuple(id for part, _ in named for id in part.where)
    return (Reason(text=text, where=where),)


def _largest(
    parts: Sequence[Part], needed: float, size: Callable[[Part], float]
) -> list[tuple[Part, float]]:
    """The largest parts that add up to what is needed; empty where all together do not."""
    named = []
    left = needed
    for part in sorted(parts, key=size, reverse=True):
        if left <= SAME or size(part) <= 0.0:
            break
        named.append((part, size(part)))
        left -= size(part)
    return named if left <= SAME * max(1.0, abs(needed)) else []


def _listed(named: Sequence[tuple[Part, float]], amount: Amount) -> str:
    told = [f"{part.name} ({amount(weight)})" for part, weight in named[:_MOST_NAMED]]
    more = len(named) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def later_failure(
    parameter: Parameter, now: DatedValue, ends: tuple[float, float], comparison: Comparison
) -> tuple[Reason, ...]:
    """The first later period whose threshold a measure that passes today fails, or may fail.

    ``ends`` are the least and the most that the measure may be.
    """
    later = sorted(
        (value for value in parameter.values if value.starts > now.starts),
        key=lambda value: value.starts,
    )
    failing = [[fails(end, comparison, value.number) for end in ends] for value in later]
    told = []
    for words, decides in (("May fail", any), ("Fails", all)):
        first = next((v for v, both in zip(later, failing, strict=True) if decides(both)), None)
        if first is not None:
            told.append((words, first))
    # What fails for certain as soon as it may fail is said once.
    if len(told) == 2 and told[0][1] is told[1][1]:
        del told[0]
    return tuple(
        Reason(
            text=f"{words} from {value.starts} on, when the threshold is "
            f"{percent(value.number)}, if nothing else changes.",
            citation=value.citation,
        )
        for words, value in told
    )
