"""What of a link's values shows in how it is drawn: how wide, and whether in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from depmap_gui.domain.in_force import counts_on
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import AnyLink, Supplies

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

THICKEST = 4.0
THINNEST = 1.25


def faded(links: Sequence[AnyLink], as_of: date) -> Bools:
    """Which links (n) are drawn faintly: mere candidates, and what is not in force on the day."""
    found = np.zeros(len(links), dtype=np.bool_)
    # Most links of most maps are neither dated nor candidates, and a map may have very many.
    dated = [link.valid_from is not None or link.valid_to is not None for link in links]
    for row in np.flatnonzero(np.array(dated, dtype=np.bool_)).tolist():
        found[row] = not counts_on(links[row], as_of)
    loose = [row for row, link in enumerate(links) if type(link) is Supplies and link.candidate]
    found[loose] = True
    return found


def costs(links: Sequence[AnyLink]) -> Floats:
    """What the width of each link (n) goes by: one without a cost is as thin as any."""
    found = np.zeros(len(links))
    stated = [(row, link.cost) for row, link in enumerate(links) if type(link) is Supplies]
    given = [(row, mode(cost)) for row, cost in stated if cost is not None]
    if given:
        rows, amounts = zip(*given, strict=True)
        found[list(rows)] = np.maximum(0.0, np.array(amounts, dtype=np.float64))
    return found


def widths(costs: Floats) -> Floats:
    """The width of each link (n) at 100 %, in pixels, the dearest the widest."""
    most = costs.max(initial=0.0)
    return THINNEST + (THICKEST - THINNEST) * np.sqrt(costs / most if most else costs)
