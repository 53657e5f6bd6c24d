"""How long the workbook of a large map takes, beside bare XlsxWriter in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from depmap_gui.analysis.assess import assess
from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.project import DEFAULT_PACKS
from depmap_gui.session.rules import sound_packs

WORKBOOK_SIZES = (1_000, 10_000, 50_000)
_MEGABYTE = 2**20


def workbook_benchmark(out: Callable[[str], None], sizes: Sequence[int] = WORKBOOK_SIZES) -> None:
    """Print, for generated maps, the time of the workbook and of the same cells written bare."""
    from depmap_gui.exchange.workbook_bench import time_workbook

    out("Workbook: a generated map, scored, with all sheets; bare is XlsxWriter writing the same")
    out("cells. Times are processor time of one core. Memory is the most this process ever held,")
    out("the map and its scores included.")
    out(f"{'links':>8} {'cells':>11} {'workbook':>11} {'bare':>11} {'ratio':>7} {'memory':>10}")
    packs, _ = sound_packs(DEFAULT_PACKS, ())
    for links in sizes:
        project = random_map(links, loops=False, seed=1)
        assessment = assess(project, packs=packs)
        with tempfile.TemporaryDirectory() as folder:
            found = time_workbook(project, assessment, packs, Path(folder), held=_most_held)
        out(
            f"{links:>8,} {found.cells:>11,} {found.own:>9.1f} s {found.bare:>9.1f} s "
            f"{found.own / found.bare:>6.2f}x {found.held / _MEGABYTE:>7,.0f} MB"
        )


def _most_held() -> int:
    """Bytes of memory that this process held at most; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
