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
    above = measure > threshold + SAME
    if comparison is Comparison.MORE_THAN:
        return above
    if comparison is Comparison.AT_MOST:
        return not above
    equal = abs(measure - threshold) <= SAME
    return above or equal if comparison is Comparison.AT_LEAST else not above and not equal


def verdict(low: float, high: float, comparison: Comparison, threshold: float) -> Verdict:
    """Pass or fail where the whole interval does, uncertain where it straddles."""
    failing = fails(low, comparison, threshold)
    if high != low and fails(high, comparison, threshold) is not failing:
        return Verdict.UNCERTAIN
    return Verdict.FAIL if failing else Verdict.PASS


def margin(low: float, high: float, comparison: Comparison, threshold: float) -> float:
    """Distance from the threshold at the worse end of the interval: positive where it passes."""
    above_fails = comparison is Comparison.AT_LEAST or comparison is Comparison.MORE_THAN
    return threshold - high if above_fails else low - threshold
