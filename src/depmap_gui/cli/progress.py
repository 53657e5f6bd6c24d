"""A progress bar on a terminal, and none in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from depmap_gui.analysis.context import Context, Quiet

WIDTH = 30


class _Bar:
    """Draws over one line of standard error."""

    def __init__(self, title: str) -> None:
        self._title = title

    def progress(self, fraction: float, what: str) -> None:
        """Draw the bar anew."""
        filled = round(WIDTH * min(1.0, max(0.0, fraction)))
        drawn = "█" * filled + "·" * (WIDTH - filled)
        print(f"\r{self._title} {drawn} {what[:40]:<40}", end="", file=sys.stderr, flush=True)


@contextmanager
def bar(title: str) -> Iterator[Context]:
    """A context that draws progress while the block runs, and clears the line behind it."""
    if not sys.stderr.isatty():
        yield Quiet()
        return
    try:
        yield _Bar(title)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
