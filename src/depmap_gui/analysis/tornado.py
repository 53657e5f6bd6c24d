"""Which uncertain quantity moves a figure most: each taken from low to high, others at their mode.

A share is told as documented. A test's measure is an interval where something about it is open;
then the end that is worse for the credit is told.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.law_samples import (
    VERDICTS,
    SampledTest,
    credits_of,
    judge,
    sample_law,
)
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.questions import asked_row, asked_test, score_title, title_of_test
from depmap_gui.analysis.ranges import Ranges, described, fix
from depmap_gui.analysis.sampling import Sampler
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.uncertainty_results import (
    ScoreQuestion,
    TestQuestion,
    Tornado,
    TornadoBar,
)
from depmap_gui.domain.project import Project
from depmap_gui.rules.pack import Comparison, RulePack
from depmap_gui.rules.results import Verdict

NOTHING = 1e-12
"""A figure that moves by less stands still."""


def tornado_of_score(
    solution: Solution, ranges: Ranges, question: ScoreQuestion, context: Context | None = None
) -> Tornado:
    """How each quantity moves a documented share. Raises UncertaintyError, and Canceled."""
    told = context or Quiet()
    row, column = asked_row(solution, question)
    asked = np.array([row], dtype=np.int64)
    columns = (column, len(solution.projection.codes) - 1)
    sampler = Sampler(solution, ranges, question.score, asked, columns)
    moving = sampler.quantities
    low, high = np.empty(len(moving)), np.empty(len(moving))
    step = max(1, sampler.at_once // 2)
    for start in range(0, len(moving), step):
        told.progress(start / len(moving), "Moving each quantity")
        part = moving[start : start + step]
        shares = sampler.shares(one_by_one(ranges, part))[0, 0]
        low[start : start + step], high[start : start + step] = np.split(shares, 2)
    figure = float(sampler.shares(ranges.mode[None, :])[0, 0, 0])
    project = solution.projection.project
    bars = [
        TornadoBar(
            quantity=described(project, ranges, int(number)),
            at_low=float(low[at]),
            at_high=float(high[at]),
            swing=float(abs(high[at] - low[at])),
        )
        for at, number in enumerate(moving.tolist())
    ]
    title = score_title(solution, question)
    return _sorted(
        Tornado(question=question, title=title, figure=figure, bars=(), without_effect=len(ranges)),
        bars,
    )


def one_by_one(ranges: Ranges, moving: Integers) -> Floats:
    """Sets of values with one quantity moved in each: first all at low, then all at high."""
    values = np.tile(ranges.mode, (2 * len(moving), 1))
    at = np.arange(len(moving))
    values[at, moving] = ranges.low[moving]
    values[len(moving) + at, moving] = ranges.high[moving]
    return values


def tornado_of_test(
    project: Project,
    packs: Sequence[RulePack],
    ranges: Ranges,
    question: TestQuestion,
    context: Context | None = None,
) -> Tornado:
    """How each quantity moves a test's measure and verdict. Raises UncertaintyError, Canceled."""
    settled = fix(project, ranges.places, ranges.mode.tolist())
    credits = credits_of(judge(settled, packs))
    _, test = asked_test(credits, question)
    moving = np.arange(len(ranges), dtype=np.int64)
    sampled = sample_law(project, packs, ranges, one_by_one(ranges, moving), context)
    key = (question.plant, question.product, question.pack)
    found = sampled[key, question.test]
    bars = [_bar(project, ranges, found, number, test.verdict) for number in range(len(ranges))]
    figure = None
    if test.low is not None and test.high is not None:
        figure = worse(test.low, test.high, test.comparison)
    return _sorted(
        Tornado(
            question=question,
            title=title_of_test(project, question, test),
            figure=figure,
            bars=(),
            without_effect=len(ranges),
            threshold=test.threshold,
            verdict=test.verdict,
        ),
        bars,
    )


def worse(low: float, high: float, comparison: str | None) -> float:
    """The end of a measure that is nearer to failing; its low end where nothing is compared."""
    above_fails = comparison in (Comparison.AT_LEAST.value, Comparison.MORE_THAN.value)
    return high if above_fails else low


def _bar(
    project: Project, ranges: Ranges, found: SampledTest, number: int, usual: Verdict
) -> TornadoBar:
    ends = (number, number + len(ranges))
    figures = [
        None
        if np.isnan(found.low[end]) or np.isnan(found.high[end])
        else worse(float(found.low[end]), float(found.high[end]), found.comparison[end])
        for end in ends
    ]
    verdicts = [VERDICTS[found.verdict[end]] for end in ends]
    at_low, at_high = figures
    return TornadoBar(
        quantity=described(project, ranges, number),
        at_low=at_low,
        at_high=at_high,
        swing=0.0 if at_low is None or at_high is None else abs(at_high - at_low),
        verdict_at_low=verdicts[0],
        verdict_at_high=verdicts[1],
        changes_verdict=any(verdict is not usual for verdict in verdicts),
    )


def _sorted(tornado: Tornado, bars: Sequence[TornadoBar]) -> Tornado:
    """The tornado with the bars that move anything, the widest first."""

    telling = [bar for bar in bars if bar.swing > NOTHING or bar.changes_verdict]
    telling.sort(key=lambda bar: (-bar.swing, not bar.changes_verdict, bar.quantity.label))
    return msgspec.structs.replace(
        tornado, bars=tuple(telling), without_effect=tornado.without_effect - len(telling)
    )
