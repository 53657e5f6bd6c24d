"""How fast scoring is, beside a plain networkx loop measured in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from depmap_gui.analysis.reference import reference_scores
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.scores import compute_scores
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis
from depmap_gui.domain.project import Project

SIZES = (1_000, 10_000, 30_000)
AS_OF = date(2026, 12, 31)
REPEATS = 3


def scoring_benchmark(out: Callable[[str], None]) -> None:
    """Print the time of all scores of generated maps, and of one vector by the plain loop."""
    out("Scoring: all vectors of a generated map, economic basis, 20 jurisdictions.")
    out("The plain loop computes six of the ten vectors, with networkx and iteration.")
    out(f"{'links':>8} {'loops':>6} {'all scores':>12} {'plain loop':>12} {'ratio':>8}")
    for links in SIZES:
        for loops in (False, True):
            project = random_map(links, loops=loops, seed=1)
            ours = _median(_score, project)
            plain = _median(_score_plainly, project)
            out(
                f"{links:>8,} {'yes' if loops else 'no':>6} {ours * 1e3:>9,.0f} ms "
                f"{plain * 1e3:>9,.0f} ms {plain / ours:>7.1f}x"
            )


def _score(project: Project) -> None:
    compute_scores(MapInForce(project, AS_OF), Basis.ECONOMIC)


def _score_plainly(project: Project) -> None:
    reference_scores(project, AS_OF)


def _median(run: Callable[[Project], None], project: Project) -> float:
    """Seconds of the middle one of a few runs."""
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run(project)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
