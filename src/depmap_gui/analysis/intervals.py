"""One figure with its bounds, and a short list of what makes them wide."""

from __future__ import annotations

import msgspec
import numpy as np

from depmap_gui.analysis.bounds import bound
from depmap_gui.analysis.context import Context
from depmap_gui.analysis.questions import asked_row
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.ranges import Ranges
from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.tornado import tornado_of_score
from depmap_gui.analysis.trace import NOISE
from depmap_gui.analysis.uncertainty_results import Driver, Interval, Place, ScoreQuestion
from depmap_gui.analysis.unknown_parts import UnknownPart, unknown_parts
from depmap_gui.analysis.wording import Wording, percent

MOST_DRIVERS = 8


def interval_of(
    solution: Solution, ranges: Ranges, question: ScoreQuestion, context: Context | None = None
) -> Interval:
    """The bounds of a share and what makes them. Raises UncertaintyError, and Canceled."""
    found = bare_interval(solution, ranges, question, context)
    drivers = _drivers(solution, ranges, question, asked_row(solution, question)[0], context)
    return msgspec.structs.replace(found, drivers=drivers)


def moved_interval(
    solution: Solution, ranges: Ranges, question: ScoreQuestion, context: Context | None = None
) -> Interval | None:
    """The bounds of a share that some uncertain quantity moves, without drivers; None of others.

    Raises UncertaintyError, and Canceled.
    """
    found = bare_interval(solution, ranges, question, context)
    _, column = asked_row(solution, question)
    is_unknown = column == len(solution.projection.codes) - 1
    usual = found.mode if is_unknown else min(1.0, found.mode + found.unknown)
    still = abs(found.low - found.mode) <= NOISE and abs(found.high - usual) <= NOISE
    return None if still else found


def bare_interval(
    solution: Solution, ranges: Ranges, question: ScoreQuestion, context: Context | None = None
) -> Interval:
    """The bounds of a share without what makes them. Raises UncertaintyError, and Canceled."""
    row, column = asked_row(solution, question)
    layer = LAYER_OF[question.score]
    slot = Slot(int(layer))
    rows = np.array([row], dtype=np.int64)
    wanted = int(slot) * (solution.projection.size + 1) + rows
    bounded = bound(solution, ranges, (question.score,), context, wanted)
    low, high = bounded.table(slot, rows)
    vector = solution.layers[layer].table[row]
    why = bounded.why_not_exact(slot, rows)
    return Interval(
        question=question,
        low=float(low[0, column]),
        mode=float(vector[column]),
        high=float(high[0, column]),
        unknown=float(vector[-1]),
        exact=not why,
        why=why,
    )


def _drivers(
    solution: Solution,
    ranges: Ranges,
    question: ScoreQuestion,
    row: int,
    context: Context | None,
) -> tuple[Driver, ...]:
    found: list[tuple[float, Driver]] = []
    for bar in tornado_of_score(solution, ranges, question, context).bars:
        at_low, at_high = bar.at_low or 0.0, bar.at_high or 0.0
        text = f"{bar.quantity.label}, a range: {percent(min(at_low, at_high))} to "
        text += f"{percent(max(at_low, at_high))} by itself"
        found.append((bar.swing, Driver(text, bar.quantity.place)))
    if question.jurisdiction != UNKNOWN:
        wording = Wording(solution, len(solution.projection.codes) - 1)
        parts = unknown_parts(solution, LAYER_OF[question.score], row)[:MOST_DRIVERS]
        found += [(part.amount, _of_unknown(solution, wording, part)) for part in parts]
    found.sort(key=lambda each: -each[0])
    return tuple(driver for _, driver in found[:MOST_DRIVERS])


def _of_unknown(solution: Solution, wording: Wording, part: UnknownPart) -> Driver:
    projection = solution.projection
    said = wording.term(part.layer, part.row, part.place, 1.0)
    record = projection.links[part.link].id if part.link >= 0 else projection.ids[part.row]
    return Driver(f"{said}: up to {percent(part.amount)}", Place(record, ""))
