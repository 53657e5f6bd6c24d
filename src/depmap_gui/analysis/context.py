"""What a long computation is given, so that it can tell how far it is and be stopped."""

from __future__ import annotations

from typing import Protocol


class Canceled(Exception):
    """The person who asked no longer wants the answer; nothing was changed."""


class Context(Protocol):
    """Whoever waits for a computation: a window, a terminal, or nobody."""

    def progress(self, fraction: float, what: str) -> None:
        """Hear that ``fraction`` (0..1) is done and ``what`` comes next.

        Raises Canceled where the computation should stop.
        """


class Quiet:
    """Nobody is waiting: progress goes nowhere and nothing is ever canceled."""

    def progress(self, fraction: float, what: str) -> None:
        """Take note of nothing."""
