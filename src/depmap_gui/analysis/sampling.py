"""Scores by sampling: how a figure spreads when every uncertain quantity is drawn at once.

Each quantity is drawn from the triangle between its low, mode and high. One seed gives one series
of draws, quantity by quantity within sample by sample, so figures do not depend on how the work
is cut up, nor on which items are asked about.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.projection import Floats, Integers
from depmap_gui.analysis.ranged_columns import ranged_columns
from depmap_gui.analysis.ranged_rows import Slot, rows_of
from depmap_gui.analysis.ranged_system import system_of
from depmap_gui.analysis.ranges import Ranges, draw_values
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.sampled_control import SampledControl
from depmap_gui.analysis.sampled_rows import SampledRows
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.uncertainty_results import Distribution, SampledFigure, ScoreSamples
from depmap_gui.domain.kinds import Basis

BINS = 30
PERCENTILES = (5, 25, 50, 75, 95)
ROUNDING = 1e-12
"""Figures that differ by less are the same."""
AT_ONCE = 6_000_000
"""How many figures of moved rows stand in memory at once."""
KEPT = 20_000_000
"""How many sampled figures are kept at once; more items are sampled in turns."""


def chances(seed: int, start: int, count: int, each: int, skipped: int = 0) -> Floats:
    """The seed's draws from 0..1 for samples from ``start`` on: ``count`` x ``each``.

    ``skipped`` draws of the series come first.
    """
    stream = np.random.PCG64(seed)
    stream.advance(skipped + start * each)
    return np.random.Generator(stream).random((count, each))


class Sampler:
    """Works out shares of items of a solved map for any values of its quantities.

    ``columns`` are the jurisdictions (columns of the projection) that are worked out; the last
    is that of `unknown`, which circles closed by a sample belong to.
    """

    def __init__(
        self,
        solution: Solution,
        ranges: Ranges,
        score: Score,
        entity_rows: Integers,
        columns: Sequence[int],
    ) -> None:
        self.solution = solution
        self.ranges = ranges
        self.entity_rows = entity_rows
        self._columns = np.array(columns, dtype=np.int64)
        assert self._columns[-1] == len(solution.projection.codes) - 1
        ranged = ranged_columns(solution.projection, ranges)
        rows = rows_of(solution, ranged, (score,))
        slot = int(Slot(int(LAYER_OF[score])))
        wanted = slot * (rows.size + 1) + entity_rows
        self._control = (
            SampledControl(solution, ranged.votes) if solution.basis is Basis.CONTROL else None
        )
        changing = None
        if self._control is not None:
            changing = int(Slot.ATTRIBUTION) * (rows.size + 1) + self._control.rows
        self._system = system_of(rows, changing, wanted)
        self._given = self._system.given_table(solution)[:, self._columns]
        self._rows = SampledRows(self._system)
        self._local = self._system.local(wanted)
        self._controlled = self._places_of_controlled(changing, wanted)
        self._still = solution.layers[LAYER_OF[score]].table[entity_rows][:, self._columns]

    def _places_of_controlled(
        self, changing: Integers | None, wanted: Integers
    ) -> tuple[Integers, Integers, Integers, Integers]:
        """Given rows that votes decide and their places in the control; then wanted ones so."""
        none = np.zeros(0, dtype=np.int64)
        if changing is None or len(changing) == 0:
            return none, none, none, none
        given = np.flatnonzero(np.isin(self._system.given, changing))
        asked = np.flatnonzero(np.isin(wanted, changing))
        return (
            given,
            np.searchsorted(changing, self._system.given[given]),
            asked,
            np.searchsorted(changing, wanted[asked]),
        )

    @property
    def quantities(self) -> Integers:
        """The quantities (rows of the ranges) that can move any of the items."""
        found = self._system.weight.quantity
        moving = found[found >= 0]
        if self._control is not None and len(self._controlled[0]) + len(self._controlled[2]):
            moving = np.concatenate([moving, self._control.quantities])
        return np.unique(moving)

    @property
    def at_once(self) -> int:
        """How many samples are best worked out at once."""
        size = len(self._system.moved) + len(self._system.given) + len(self.entity_rows)
        return max(1, AT_ONCE // max(1, size * len(self._columns) + len(self.ranges)))

    def shares(self, drawn: Floats) -> Floats:
        """Shares for each set of values (samples x quantities): items x columns x samples."""
        by_quantity = np.ascontiguousarray(drawn.T)
        samples, moved = len(drawn), len(self._system.moved)
        values = np.empty((moved + len(self._given), len(self._columns), samples))
        values[moved:] = self._given[:, :, None]
        given, at, asked, asked_at = self._controlled
        found = np.repeat(self._still[:, :, None], samples, axis=2)
        if self._control is not None and len(given) + len(asked):
            owner = self._control.columns(by_quantity)
            one_hot = owner[:, None, :] == self._columns[None, :, None]
            values[moved + given] = one_hot[at]
            found[asked] = one_hot[asked_at]
        self._rows.fill(values, by_quantity)
        inside = self._local >= 0
        found[inside] = values[self._local[inside]]
        return found


@dataclass(frozen=True)
class _Asked:
    score: Score
    jurisdiction: str
    column: int
    samples: int
    seed: int


def sample_score(
    solution: Solution,
    ranges: Ranges,
    score: Score,
    jurisdiction: str,
    entities: Sequence[str],
    *,
    samples: int,
    seed: int,
    context: Context | None = None,
) -> ScoreSamples:
    """How items' shares of a jurisdiction (a code on the map) spread. Raises Canceled."""
    told = context or Quiet()
    projection = solution.projection
    asked = _Asked(score, jurisdiction, projection.codes.index(jurisdiction), samples, seed)
    figures: dict[str, SampledFigure] = {}
    in_turn = max(1, KEPT // samples)
    for start in range(0, len(entities), in_turn):
        ids = entities[start : start + in_turn]
        rows = np.array([projection.row[id] for id in ids], dtype=np.int64)
        share = _Part(told, start / len(entities), len(ids) / len(entities))
        figures |= _figures(solution, ranges, asked, ids, rows, share)
    told.progress(1.0, "Done")
    return ScoreSamples(
        score=score, jurisdiction=jurisdiction, samples=samples, seed=seed, figures=figures
    )


class _Part:
    """Passes progress on as a part of a longer way."""

    def __init__(self, context: Context, start: float, length: float) -> None:
        self._context, self._start, self._length = context, start, length

    def progress(self, fraction: float, what: str) -> None:
        """Tell how far the whole way is done."""
        self._context.progress(self._start + self._length * fraction, what)


def _figures(
    solution: Solution,
    ranges: Ranges,
    asked: _Asked,
    ids: Sequence[str],
    rows: Integers,
    told: Context,
) -> Iterator[tuple[str, SampledFigure]]:
    unknown = len(solution.projection.codes) - 1
    sampler = Sampler(solution, ranges, asked.score, rows, (asked.column, unknown))
    shares = np.empty((len(ids), 2, asked.samples))
    step = sampler.at_once
    for start in range(0, asked.samples, step):
        told.progress(start / asked.samples, f"Sample {start + 1:,} of {asked.samples:,}")
        count = min(step, asked.samples - start)
        values = draw_values(ranges.triangle, chances(asked.seed, start, count, len(ranges)))
        shares[:, :, start : start + count] = sampler.shares(values)
    shares = np.clip(shares, 0.0, 1.0)
    for place, id in enumerate(ids):
        documented, open_part = shares[place]
        if asked.column == unknown or not open_part.any():
            spread = distribution(documented)
            yield id, SampledFigure(documented=spread, possible=spread)
            continue
        prior = np.random.Generator(np.random.PCG64([asked.seed, 1, int(rows[place])]))
        possible = np.minimum(1.0, documented + prior.random(asked.samples) * open_part)
        yield (
            id,
            SampledFigure(documented=distribution(documented), possible=distribution(possible)),
        )


def distribution(values: Floats) -> Distribution:
    """How figures are spread. A spread below rounding is none."""
    ordered = np.sort(values)
    count = len(ordered)
    least, most = float(ordered[0]), float(ordered[-1])
    if most - least <= ROUNDING:
        edges, counts = (least, least), (count,)
        points = [least] * len(PERCENTILES)
        mean = least
    else:
        borders = np.linspace(least, most, BINS + 1)
        # A figure on a border belongs to the bin above it; the greatest to the last bin.
        places = np.searchsorted(ordered, borders[1:-1], side="left")
        edges = tuple(borders.tolist())
        counts = tuple(np.diff(places, prepend=0, append=count).tolist())
        points = [_percentile(ordered, percent) for percent in PERCENTILES]
        mean = float(ordered.sum()) / count
    p5, p25, p50, p75, p95 = points
    return Distribution(
        mean=mean,
        least=least,
        p5=p5,
        p25=p25,
        p50=p50,
        p75=p75,
        p95=p95,
        most=most,
        edges=edges,
        counts=counts,
    )


def _percentile(ordered: Floats, percent: int) -> float:
    """The percentile of ordered figures, those between two of them in proportion."""
    place = (len(ordered) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = float(ordered[below]), float(ordered[above])
    return low + (place - below) * (high - low)
