"""Timing frames: how long a step takes by the clock, and how much of that the processor works."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

WIDTH, HEIGHT = 1600, 1000
CHEAP_ROUNDS = 80
DEAR_ROUNDS = 9


class Timing(NamedTuple):
    """Milliseconds of one kind of frame, and of the processor's part in it.

    Where other programs keep the machine busy, the clock tells more than the frame needs.
    """

    median: float
    p95: float
    worked: float
    worked_p95: float


def timed(step: Callable[[], object], rounds: int, *, warm_up: bool = True) -> Timing:
    """Call the step so often, after once to warm up, and time each call."""
    if warm_up:
        step()
    taken, worked = [], []
    for _ in range(rounds):
        began, began_work = time.perf_counter(), time.process_time()
        step()
        worked.append((time.process_time() - began_work) * 1000.0)
        taken.append((time.perf_counter() - began) * 1000.0)
    return Timing(statistics.median(taken), _high(taken), statistics.median(worked), _high(worked))


def _high(taken: list[float]) -> float:
    """The 95th percentile: at most one in twenty lies above it."""
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))]
