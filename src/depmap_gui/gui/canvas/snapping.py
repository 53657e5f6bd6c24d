"""Where a dragged card snaps to: in line with others, edge to edge, or at an even distance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.gui.canvas.camera import Rect
from depmap_gui.gui.canvas.scene import HALF

Floats = npt.NDArray[np.float64]
Guide = tuple[float, float, float, float]

_SIDE = 2 * HALF
_MOST_BESIDE = 400


class Snap(NamedTuple):
    """How far to shift (right, down), and the lines that show why (x1, y1, x2, y2).

    ``axes`` are those along which there is something to be in line with: 0 for x, 1 for y.
    """

    shift: tuple[float, float]
    guides: list[Guide]
    axes: tuple[int, ...] = ()


class _Found(NamedTuple):
    """A shift along one axis, and the center of the card it comes from."""

    off: float
    other: Floats
    is_even: bool = False
    further: Floats | None = None


def in_sight(others: Floats, seen: Rect) -> Floats:
    """Those of the cards (n, 2) of which some is in sight: what a hand lines up with."""
    low, high = np.array(seen[:2]) - HALF, np.array(seen[2:]) + HALF
    return others[((others >= low) & (others <= high)).all(axis=1)]


def snapped(center: Floats, others: Floats, reach: float, axes: tuple[int, ...] = (0, 1)) -> Snap:
    """Where a card at ``center`` (2) snaps to among ``others`` (n, 2), within ``reach``.

    Cards are of one size, so that to have centers in line is to have edges in line. Failing that
    an edge meets the opposite edge of another card, or the distance to the next card in the same
    row or column becomes that between it and its own next, or the same on both sides.
    """
    shift = np.zeros(2)
    found: list[tuple[int, _Found]] = []
    for axis in axes:
        best = (
            _aligned(center, others, axis, reach)
            or _even(center, others, axis, reach)
            or _abutting(center, others, axis, reach)
        )
        if best is not None:
            shift[axis] = best.off
            found.append((axis, best))
    here = center + shift
    guides = [guide for axis, best in found for guide in _guides(here, best, axis)]
    return Snap((float(shift[0]), float(shift[1])), guides, tuple(axis for axis, _ in found))


def _aligned(center: Floats, others: Floats, axis: int, reach: float) -> _Found | None:
    """Centers in line; of several cards in one line the nearest shows the guide."""
    off = others[:, axis] - center[axis]
    return _nearest(center, others, off, axis, reach)


def _abutting(center: Floats, others: Floats, axis: int, reach: float) -> _Found | None:
    """One edge in line with the opposite edge of another card."""
    off = others[:, axis] - center[axis]
    both = np.concatenate((off - _SIDE[axis], off + _SIDE[axis]))
    return _nearest(center, np.concatenate((others, others)), both, axis, reach)


def _nearest(center: Floats, others: Floats, off: Floats, axis: int, reach: float) -> _Found | None:
    least = np.abs(off).min(initial=np.inf)
    if least > reach:
        return None
    alike = np.flatnonzero(np.abs(np.abs(off) - least) < 1e-6)
    away = np.abs(others[alike, 1 - axis] - center[1 - axis])
    row = int(alike[away.argmin()])
    return _Found(float(off[row]), others[row])


def _even(center: Floats, others: Floats, axis: int, reach: float) -> _Found | None:
    """The same distance to a neighbor as it has to its own, or as to that on the other side."""
    beside = others[np.abs(others[:, 1 - axis] - center[1 - axis]) < HALF[1 - axis]]
    if len(beside) < 2 or len(beside) > _MOST_BESIDE:
        return None
    beside = beside[np.argsort(beside[:, axis], kind="stable")]
    along = beside[:, axis]
    place = int(np.searchsorted(along, center[axis]))
    tried: list[tuple[float, int, int]] = []
    if place >= 2:
        tried.append((2 * along[place - 1] - along[place - 2], place - 1, place - 2))
    if place <= len(along) - 2:
        tried.append((2 * along[place] - along[place + 1], place, place + 1))
    if 0 < place < len(along):
        tried.append(((along[place - 1] + along[place]) / 2, place - 1, place))
    # Cards that would then overlap are no row.
    fitting = [
        (float(at - center[axis]), one, two)
        for at, one, two in tried
        if abs(at - along[one]) >= _SIDE[axis] and abs(at - center[axis]) <= reach
    ]
    if not fitting:
        return None
    off, one, two = min(fitting, key=lambda each: abs(each[0]))
    return _Found(off, beside[one], is_even=True, further=beside[two])


def _guides(here: Floats, best: _Found, axis: int) -> list[Guide]:
    """The line between the two centers, or along the edge that they share, or the even gaps."""
    other = best.other
    if best.is_even and best.further is not None:
        return (
            [_gap(here, other, axis), _gap(here, best.further, axis)]
            if ((other[axis] - here[axis]) * (best.further[axis] - here[axis]) < 0)
            else [_gap(here, other, axis), _gap(other, best.further, axis)]
        )
    start, end = other.copy(), here.copy()
    start[axis] = end[axis] = here[axis]
    if abs(other[axis] - here[axis]) > 1e-6:
        edge = here[axis] + np.sign(other[axis] - here[axis]) * HALF[axis]
        start[axis] = end[axis] = edge
    return [(float(start[0]), float(start[1]), float(end[0]), float(end[1]))]


def _gap(one: Floats, two: Floats, axis: int) -> Guide:
    """The line across the gap between two cards, level with the first."""
    toward = np.sign(two[axis] - one[axis])
    start, end = one.copy(), one.copy()
    start[axis] = one[axis] + toward * HALF[axis]
    end[axis] = two[axis] - toward * HALF[axis]
    return (float(start[0]), float(start[1]), float(end[0]), float(end[1]))
