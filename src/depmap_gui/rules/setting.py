"""What every piece of legal reasoning is given: a map on a day, a pack, and settled readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.rules.pack import RulePack

SAME = 1e-12
"""Measures closer than this to a threshold equal it: sums of shares carry rounding errors."""


@dataclass(frozen=True)
class Setting:
    """A map on the last day of a tax year, under one pack.

    `settled` gives the readings of open questions that the analyst has chosen.
    """

    map: MapInForce
    pack: RulePack
    year: int
    settled: Mapping[str, str] = field(default_factory=dict)

    def number(self, parameter: str | None) -> float | None:
        """A parameter's number on the day; None where there is none, or no parameter."""
        if parameter is None:
            return None
        return self.pack.number(parameter, self.map.as_of)

    def citation(self, parameter: str) -> str:
        """The citation of a parameter's value on the day; empty where it has none then."""
        found = self.pack.value(parameter, self.map.as_of)
        return "" if found is None else found.citation

    def readings(self, question: str) -> tuple[str, ...]:
        """The readings of an open question to evaluate."""
        return self.pack.readings(question, self.settled)

    def reads(self, question: str, reading: str) -> bool:
        """Whether a question that is never evaluated twice is read this way."""
        return self.readings(question)[0] == reading

    def name(self, id: str) -> str:
        """What to call an entity or link in a sentence."""
        return self.map.project.name(id)


def percent(share: float) -> str:
    """A share as a percentage with no more digits than it needs: 0.25 -> `25%`."""
    return f"{round(share * 100, 4):g}%"


def percent_range(low: float, high: float) -> str:
    """An interval of shares in words."""
    return percent(low) if high - low <= SAME else f"{percent(low)} to {percent(high)}"
