"""A measure against the boundary that the law draws."""

from __future__ import annotations

from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Verdict
from depmap_gui.rules.setting import SAME

IN_WORDS = {
    Comparison.AT_LEAST: "at least",
    Comparison.MORE_THAN: "more than",
    Comparison.LESS_THAN: "less than",
    Comparison.AT_MOST: "at most",
}


def fails(measure: float, comparison: Comparison, threshold: float) -> bool:
    """Whether a test fails: the measure stands to the threshold as `comparison` says.

    Measures within 1e-12 of the threshold are equal to it.
    """
    above, equal = measure > threshold + SAME, abs(measure - threshold) <= SAME
    match comparison:
        case Comparison.AT_LEAST:
            return above or equal
        case Comparison.MORE_THAN:
            return above
        case Comparison.AT_MOST:
            return not above
        case Comparison.LESS_THAN:
            return not above and not equal


def verdict(low: float, high: float, comparison: Comparison, threshold: float) -> Verdict:
    """Pass or fail where the whole interval does, uncertain where it straddles."""
    ends = {fails(end, comparison, threshold) for end in (low, high)}
    if len(ends) == 2:
        return Verdict.UNCERTAIN
    return Verdict.FAIL if ends.pop() else Verdict.PASS


def margin(low: float, high: float, comparison: Comparison, threshold: float) -> float:
    """Distance from the threshold at the worse end of the interval: positive where it passes."""
    match comparison:
        case Comparison.AT_LEAST | Comparison.MORE_THAN:
            return threshold - high
        case Comparison.LESS_THAN | Comparison.AT_MOST:
            return low - threshold
