"""Verdicts as formulas: a measure's interval against the law's own boundary."""

from __future__ import annotations

from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Verdict

VERDICTS = tuple(str(verdict) for verdict in Verdict)
SAME = "1E-12"
"""Measures closer than this to a threshold equal it, as in the program."""


def fails(measure: str, comparison: Comparison, threshold: str) -> str:
    """A condition: a test fails, because the measure stands so to the threshold."""
    match comparison:
        case Comparison.AT_LEAST:
            return f"{measure}-{threshold}>=-{SAME}"
        case Comparison.MORE_THAN:
            return f"{measure}-{threshold}>{SAME}"
        case Comparison.AT_MOST:
            return f"{measure}-{threshold}<={SAME}"
        case Comparison.LESS_THAN:
            return f"{measure}-{threshold}<-{SAME}"


def verdict(low: str, high: str, comparison: Comparison, threshold: str) -> str:
    """A formula part: pass or fail where the whole interval does, uncertain where it straddles."""
    ends = ",".join(fails(end, comparison, threshold) for end in (low, high))
    return f'IF(AND({ends}),"fail",IF(OR({ends}),"uncertain","pass"))'


def margin(low: str, high: str, comparison: Comparison, threshold: str) -> str:
    """A formula part: the distance from the threshold at the worse end of the interval."""
    match comparison:
        case Comparison.AT_LEAST | Comparison.MORE_THAN:
            return f"{threshold}-{high}"
        case Comparison.LESS_THAN | Comparison.AT_MOST:
            return f"{low}-{threshold}"
