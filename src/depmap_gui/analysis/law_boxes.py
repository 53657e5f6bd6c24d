"""Samples of shares and votes put into boxes that the law judges alike.

Within a box of which all corners have the same statuses, limb by limb, every measure that these
statuses go into is a sum of products in which each quantity stands once, so it lies between its
values at the corners, and no verdict can turn inside.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.rules.results import LawResult, TestResult, Verdict

Judge = Callable[[Floats], LawResult]
Side = tuple[int, float, float]
"""A quantity (column of the values) that differs within a box, its least and its greatest value."""


@dataclass(frozen=True, eq=False)
class Box:
    """Samples (rows) that are judged alike: ``law``.

    Where they differ in the deciding quantities, ``corners`` are the judgments at all corners of
    the box around them, by which end (0 or 1) of each of its ``sides`` they stand at.
    """

    law: LawResult
    samples: Integers
    corners: Mapping[tuple[int, ...], LawResult] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()

    def between(
        self, values: Floats, corners: Mapping[tuple[int, ...], float], only: float
    ) -> Floats:
        """A figure for each of the box's samples (rows of ``values``): between those at the
        corners, as a sum of products in which each quantity stands once goes; the ``only`` one
        where there are no corners."""
        if not corners:
            return np.full(len(self.samples), only)
        near = [(values[self.samples, at] - low) / (high - low) for at, low, high in self.sides]
        found = np.zeros(len(self.samples))
        for ends, figure in corners.items():
            weight = np.full(len(self.samples), figure)
            for end, part in zip(ends, near, strict=True):
                weight *= part if end else 1.0 - part
            found += weight
        return found


def boxes(deciding: Integers, values: Floats, judge: Judge, told: Context) -> list[Box]:
    """A judgment for each group of samples (rows of ``values``) that it holds for.

    ``judge`` gives the judgment at values of the ``deciding`` quantities, costs left aside.
    """
    if len(deciding) == 0:
        return [Box(judge(np.zeros(0)), np.arange(len(values)))]
    search = _Search(values[:, deciding], deciding, judge, told)
    search.look_into(np.arange(len(values)))
    return search.found


class _Search:
    """Cuts boxes in two until each is judged alike at all its corners."""

    def __init__(self, values: Floats, deciding: Integers, judge: Judge, told: Context) -> None:
        self.values = values
        self._deciding = deciding
        self.found: list[Box] = []
        self._judge = judge
        self._told = told
        self._known: dict[bytes, tuple[Hashable, LawResult]] = {}
        self._done = 0

    def _at(self, point: Floats) -> tuple[Hashable, LawResult]:
        key = point.tobytes()
        if key not in self._known:
            law = self._judge(point)
            self._known[key] = (pattern(law), law)
            self._told.progress(
                0.5 * self._done / len(self.values), "Judging the corners of the ranges"
            )
        return self._known[key]

    def look_into(self, samples: Integers) -> None:
        """Find the judgments of these samples."""
        waiting = [samples]
        while waiting:
            inside = waiting.pop()
            points = self.values[inside]
            low, high = points.min(axis=0), points.max(axis=0)
            wide = np.flatnonzero(high > low)
            if len(inside) <= 2 ** len(wide):
                for sample in inside:
                    self._settle(Box(self._at(self.values[sample])[1], np.array([sample])))
                continue
            corners = self._corners(low, high, wide)
            if len({key for key, _ in corners.values()}) == 1:
                laws = {ends: law for ends, (_, law) in corners.items()}
                sides = tuple(
                    (int(self._deciding[at]), float(low[at]), float(high[at])) for at in wide
                )
                self._settle(Box(next(iter(laws.values())), inside, laws, sides))
                continue
            across = wide[_most_telling(corners, len(wide))]
            middle = np.median(points[:, across])
            below = points[:, across] <= middle
            if below.all():
                below = points[:, across] < middle
            waiting += [inside[below], inside[~below]]

    def _settle(self, box: Box) -> None:
        self.found.append(box)
        self._done += len(box.samples)

    def _corners(
        self, low: Floats, high: Floats, wide: Integers
    ) -> dict[tuple[int, ...], tuple[Hashable, LawResult]]:
        found = {}
        for ends in itertools.product((0, 1), repeat=len(wide)):
            point = low.copy()
            point[wide] = np.where(ends, high[wide], low[wide])
            found[ends] = self._at(point)
        return found


def _most_telling(corners: dict[tuple[int, ...], tuple[Hashable, LawResult]], count: int) -> int:
    """The direction along which most pairs of corners differ."""

    def differing(axis: int) -> int:
        return sum(
            corners[ends][0] != corners[(*ends[:axis], 1, *ends[axis + 1 :])][0]
            for ends in corners
            if ends[axis] == 0
        )

    return max(range(count), key=differing)


def pattern(law: LawResult) -> Hashable:
    """What must be the same for two judgments to be alike: every status, limb and verdict, who
    makes each line, and measures where a verdict is open."""
    statuses = tuple(
        (
            company,
            tuple(status.answers.items()),
            tuple((limb.id, limb.verdict) for limb in status.limbs.values()),
        )
        for companies in law.companies.values()
        for company, status in companies.items()
    )
    licenses = tuple(
        (license, control.verdict, control.counterparty)
        for agreements in law.licenses.values()
        for license, control in agreements.items()
    )
    credits = tuple(
        (
            credit.plant,
            credit.product,
            tuple(_tested(test) for test in credit.tests),
            ()
            if credit.material is None
            else tuple((line.pfe_low, line.pfe_high) for line in credit.material.lines),
        )
        for credit in law.credits
    )
    return (statuses, licenses, credits)


def _tested(test: TestResult) -> Hashable:
    measure = (test.low, test.high) if test.verdict is Verdict.UNCERTAIN else ()
    return (test.id, test.verdict, measure, test.threshold, test.comparison)
