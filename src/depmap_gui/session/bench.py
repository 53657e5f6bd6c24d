"""How fast scoring is, beside networkx and plain loops measured in the same run."""

from __future__ import annotations

import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

from depmap_gui.analysis.reference import reference_scores
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import SetField
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Lends, Owns, Supplies, Uses

T = TypeVar("T")

SIZES = (1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PLAIN_UP_TO = 100_000
AS_OF = date(2026, 12, 31)
FURTHER_RUNS = 4
FEW_LINKS = 300_000
"""Up to so many links a map is scored several times, and the best time counts."""
EDITS = 20
EDITED: tuple[tuple[type[AnyLink], str], ...] = (
    (Supplies, "cost"),
    (Owns, "share"),
    (Uses, "share"),
    (Lends, "share"),
)
"""What is edited, one after the other."""


class Measured(msgspec.Struct, frozen=True):
    """One map's times in seconds, and the peak memory of the process in MB, None where unknown.

    ``memory`` is what the process had needed when the map had been made and scored as a whole;
    ``edits`` are the times to score again after the edit of one link each.
    """

    links: int
    loops: bool
    whole: float
    edits: tuple[float, ...]
    memory: float | None
    reference: float | None

    @property
    def ratio(self) -> float | None:
        """How many times longer the plain loops take."""
        return None if self.reference is None else self.reference / self.whole


def scoring_benchmark(
    out: Callable[[str], None],
    sizes: Sequence[int] = SIZES,
    plain_up_to: int = PLAIN_UP_TO,
) -> None:
    """Measure maps of each size, without and with loops, and print a table.

    The plain loops are left out above ``plain_up_to`` links: they would take minutes.
    """
    out("Every score of a generated map (sections 1 to 6), economic basis, 20 jurisdictions.")
    out("Beside it the same ten vectors by networkx and plain loops until no share moves.")
    out(f"'edit' is scoring again after one link was edited: median and slowest of {EDITS} edits.")
    out("Times are processor time of one core, the best of a few runs for 'whole'.")
    out("'memory' is the peak of the whole process up to the whole scoring, the map included.")
    out(machine())
    out("")
    out(
        f"{'links':>10} {'loops':>5} {'whole':>10} {'edit':>10} {'slowest':>10} "
        f"{'memory':>9} {'networkx':>11} {'ratio':>7}"
    )
    for measured in measurements(sizes, plain_up_to):
        out(table_row(measured))


def measurements(sizes: Sequence[int], plain_up_to: int) -> Iterator[Measured]:
    """Measure maps of each size, smallest first, without and with loops."""
    solve(MapInForce(random_map(100, loops=True, seed=1), AS_OF), Basis.ECONOMIC)
    for links in sorted(sizes):
        for loops in (False, True):
            yield measure(links, loops, with_plain=links <= plain_up_to)


def measure(links: int, loops: bool, *, with_plain: bool) -> Measured:
    """Measure one generated map."""
    document = Document(random_map(links, loops=loops, seed=1))
    project = document.snapshot()
    whole, solution = _timed(partial(_score, project))
    for _ in range(FURTHER_RUNS if links <= FEW_LINKS else 0):
        del solution
        taken, solution = _timed(partial(_score, project))
        whole = min(whole, taken)
    memory = peak_memory()
    edits = tuple(_edited(document, solution))
    reference = None
    if with_plain:
        reference, _ = _timed(partial(reference_scores, project, AS_OF))
    return Measured(links, loops, whole, edits, memory, reference)


def _score(project: Project, before: Solution | None = None) -> Solution:
    solution = solve(MapInForce(project, AS_OF), Basis.ECONOMIC, before=before)
    scores_of(solution)
    return solution


def _edited(document: Document, solution: Solution) -> Iterator[float]:
    """Edit one link after the other; seconds to score again after each."""
    draw = random.Random(1)
    project = document.snapshot()
    for number in range(EDITS):
        cls, field = EDITED[number % len(EDITED)]
        links = [link.id for link in project.links.values() if type(link) is cls]
        if links:
            value = round(draw.uniform(0.001, 0.1), 6)
            document.apply(SetField(Section.LINKS, draw.choice(links), field, value))
            taken, solution = _timed(partial(_score, document.snapshot(), solution))
            yield taken


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time, which other programs on the machine hardly sway, and the value."""
    started = time.process_time()
    value = run()
    return time.process_time() - started, value


def peak_memory() -> float | None:
    """The most memory this process has had at once, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows has no such module.
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if platform.system() == "Darwin" else 1024)


def machine() -> str:
    """What this runs on, in one line."""
    return (
        f"{_processor()}, {os.cpu_count()} cores (scoring uses one), {platform.system()}, "
        f"Python {platform.python_version()}, numpy {version('numpy')}, scipy {version('scipy')}"
    )


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table_row(measured: Measured) -> str:
    """One line of the table."""
    edit, slowest = statistics.median(measured.edits), max(measured.edits)
    memory = "-" if measured.memory is None else f"{measured.memory:,.0f} MB"
    plain = "-" if measured.reference is None else f"{measured.reference:,.1f} s"
    ratio = "-" if measured.ratio is None else f"{measured.ratio:.0f}x"
    return (
        f"{measured.links:>10,} {'yes' if measured.loops else 'no':>5} "
        f"{measured.whole * 1e3:>7,.0f} ms {edit * 1e3:>7,.1f} ms {slowest * 1e3:>7,.1f} ms "
        f"{memory:>9} {plain:>11} {ratio:>7}"
    )
