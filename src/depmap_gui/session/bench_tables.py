"""How long a large table takes to be previewed, beside bare python-calamine in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from depmap_gui.session.importing import collection_paused

SIZES = (1_000, 10_000, 50_000)
ALLOWED_TIMES, ALLOWED_SECONDS = 3.0, 5.0
_MEGABYTE = 2**20


def tables_benchmark(out: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> None:
    """Print the time from a file to its preview, and what it may take at most."""
    from depmap_gui.exchange.tables.speed import time_preview

    out("Import: a supplier list of 12 columns, read, mapped, checked and previewed; bare is")
    out(
        f"python-calamine reading alone. Allowed: {ALLOWED_TIMES:g} x bare + {ALLOWED_SECONDS:g} s."
    )
    out(f"{'rows':>8} {'bare':>9} {'preview':>9} {'allowed':>9} {'memory':>10}")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder, collection_paused():
            found = time_preview(rows, Path(folder), held=_most_held)
        allowed = ALLOWED_TIMES * found.bare + ALLOWED_SECONDS
        out(
            f"{rows:>8,} {found.bare:>7.2f} s {found.own:>7.2f} s {allowed:>7.2f} s "
            f"{found.held / _MEGABYTE:>7,.0f} MB"
        )


def _most_held() -> int:
    """Bytes of memory that this process held at most; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
