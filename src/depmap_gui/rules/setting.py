"""What every piece of legal reasoning is given: a map on a day, a pack, and settled readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.rules.listings import plain_name
from depmap_gui.rules.pack import DatedValue, RulePack

SAME = 1e-12
"""Measures closer than this to a threshold equal it: sums of shares carry rounding errors."""


@dataclass(frozen=True)
class Setting:
    """A map on the last day of a tax year, under one pack.

    `settled` gives the readings of open questions that the analyst has chosen. `lists_on` is the
    day on which lists are read, where it is not the one that the law names for the year.
    """

    map: MapInForce
    pack: RulePack
    year: int
    settled: Mapping[str, str] = field(default_factory=dict)
    lists_on: date | None = None
    _values: dict[str, DatedValue | None] = field(default_factory=dict, repr=False, compare=False)
    _readings: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def on_the_day(self) -> Mapping[str, DatedValue | None]:
        """The value of every parameter on the map's day; None where it has none then."""
        return {id: parameter.on(self.map.as_of) for id, parameter in self.pack.parameters.items()}

    @cached_property
    def listed_names(self) -> frozenset[str]:
        """Every name and alias on a list of the pack, as `plain_name` writes them."""
        return frozenset(
            plain_name(name)
            for listing in self.pack.lists.values()
            for person in listing.persons
            for name in (person.name, *person.aliases)
        )

    def value(self, parameter: str) -> DatedValue | None:
        """A parameter's value on the day; None where it has none then. KeyError: no such id."""
        if parameter not in self._values:
            self._values[parameter] = self.pack.value(parameter, self.map.as_of)
        return self._values[parameter]

    def number(self, parameter: str | None) -> float | None:
        """A parameter's number on the day; None where there is none, or no parameter."""
        found = None if parameter is None else self.value(parameter)
        return None if found is None else found.number

    def citation(self, parameter: str) -> str:
        """The citation of a parameter's value on the day; empty where it has none then."""
        found = self.value(parameter)
        return "" if found is None else found.citation

    def readings(self, question: str) -> tuple[str, ...]:
        """The readings of an open question to evaluate."""
        if question not in self._readings:
            self._readings[question] = self.pack.readings(question, self.settled)
        return self._readings[question]

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


def sentence(text: str) -> str:
    """The text with one period at its end, also where it ends with a name such as `Maker Inc.`."""
    return text if text.endswith(".") else f"{text}."
