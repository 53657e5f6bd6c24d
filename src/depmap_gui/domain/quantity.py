"""Quantities: a number, or three numbers where the analyst is unsure.

A quantity is either one number or ``(low, mode, high)``. Unknown is ``None`` and is never a
quantity: whoever computes must decide, visibly, what an unknown does to the result.
"""

from __future__ import annotations

import math

Quantity = float | tuple[float, float, float]


def low(quantity: Quantity) -> float:
    """The least value the quantity may take."""
    return quantity[0] if isinstance(quantity, tuple) else quantity


def mode(quantity: Quantity) -> float:
    """The most likely value: the one that counts outside of intervals and sampling."""
    return quantity[1] if isinstance(quantity, tuple) else quantity


def high(quantity: Quantity) -> float:
    """The greatest value the quantity may take."""
    return quantity[2] if isinstance(quantity, tuple) else quantity


def bounds(quantity: Quantity) -> tuple[float, float, float]:
    """Low, mode and high of any quantity."""
    return quantity if isinstance(quantity, tuple) else (quantity, quantity, quantity)


def is_uncertain(quantity: Quantity | None) -> bool:
    """Whether the analyst gave a range that has any width."""
    return isinstance(quantity, tuple) and quantity[0] != quantity[2]


def is_ordered(quantity: Quantity) -> bool:
    """Whether low <= mode <= high and every number is finite."""
    least, middle, most = bounds(quantity)
    return all(map(math.isfinite, (least, middle, most))) and least <= middle <= most


def within(quantity: Quantity, least: float | None, most: float | None) -> bool:
    """Whether the whole quantity lies in the closed range; ``None`` leaves an end open."""
    return (least is None or low(quantity) >= least) and (most is None or high(quantity) <= most)
