"""All layers of a map solved in their order, each kept with the terms that explain it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from depmap_gui.analysis.attribution import (
    attributed_otherwise,
    domicile_terms,
    holding_terms,
    home_terms,
    site_terms,
)
from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.control import majority_terms
from depmap_gui.analysis.inputs import (
    Weights,
    first_tier_terms,
    supply_weights,
    whole_chain_terms,
)
from depmap_gui.analysis.money import debt_terms, ownership_terms
from depmap_gui.analysis.projection import Floats, Integers, Projection, project_map
from depmap_gui.analysis.results import Assumption
from depmap_gui.analysis.technology import embedded_terms, ip_terms, technology_terms
from depmap_gui.analysis.trace import (
    Layer,
    Remarks,
    Solved,
    Terms,
    solve_layer,
    unit_layer,
)
from depmap_gui.domain.findings import Finding
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Solution:
    """Every vector of a map on one day, and what it was added up from."""

    projection: Projection
    basis: Basis
    layers: Mapping[Layer, Solved]
    weights: Weights
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]


def solve(map_in_force: MapInForce, basis: Basis, context: Context | None = None) -> Solution:
    """Solve every layer of the map, companies attributed on ``basis``.

    Raises Canceled where ``context`` says so.
    """
    told = context or Quiet()
    told.progress(0.0, "Reading the map")
    projection = project_map(map_in_force)
    work = _Work(projection)
    told.progress(0.2, "Attributing companies")
    _solve_attribution(work, basis)
    told.progress(0.4, "Following technology")
    remarks = work.remarks
    work.add(Layer.TECHNOLOGY, technology_terms(projection, remarks))
    work.add(Layer.IP, ip_terms(projection, remarks))
    told.progress(0.6, "Following inputs")
    weights = supply_weights(projection, remarks)
    work.add(Layer.EMBEDDED_IP, embedded_terms(projection, weights))
    for first, whole, value in (
        (Layer.MADE_IN_FIRST_TIER, Layer.MADE_IN, Layer.SITE),
        (Layer.MADE_BY_FIRST_TIER, Layer.MADE_BY, Layer.ATTRIBUTION),
    ):
        work.add(first, first_tier_terms(projection, weights, value))
        work.add(whole, whole_chain_terms(projection, weights, value, whole))
    told.progress(0.9, "Following money")
    economic = Layer.ATTRIBUTION if basis is Basis.ECONOMIC else Layer.ECONOMIC
    work.add(Layer.OWNERSHIP, ownership_terms(projection, economic))
    work.add(Layer.DEBT, debt_terms(projection, remarks))
    return Solution(
        projection=projection,
        basis=basis,
        layers=work.layers,
        weights=weights,
        assumptions=_each_once(remarks.assumptions, lambda noted: noted.text),
        findings=_each_once(remarks.findings, lambda found: found.message),
    )


class _Work:
    """The layers solved so far."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.remarks = Remarks()
        self.layers: dict[Layer, Solved] = {Layer.UNIT: unit_layer(projection)}

    def add(self, layer: Layer, parts: list[Terms], settled: Floats | None = None) -> Floats:
        """Solve one layer on top of the others; returns its table."""
        self.layers[layer], closed = solve_layer(layer, parts, self.layers, settled)
        for circle in closed:
            _note_closed_circle(self.projection, layer, circle, self.remarks)
        return self.layers[layer].table


def _solve_attribution(work: _Work, basis: Basis) -> None:
    projection, remarks = work.projection, work.remarks
    domicile = work.add(Layer.DOMICILE, domicile_terms(projection, remarks))
    work.add(Layer.SITE, site_terms(projection, remarks))
    others = attributed_otherwise(projection, remarks)
    match basis:
        case Basis.DOMICILE:
            work.add(Layer.ATTRIBUTION, home_terms(projection) + others)
        case Basis.ECONOMIC:
            holdings = holding_terms(projection, Layer.ATTRIBUTION, remarks)
            work.add(Layer.ATTRIBUTION, holdings + others)
        case Basis.CONTROL:
            deciding, settled = majority_terms(projection, domicile, remarks)
            work.add(Layer.ATTRIBUTION, deciding + others, settled)
    if basis is not Basis.ECONOMIC:
        work.add(Layer.ECONOMIC, holding_terms(projection, Layer.ECONOMIC, remarks))


_CIRCLES = {
    Layer.ATTRIBUTION: "are wholly owned by one another, with no owner outside the circle",
    Layer.ECONOMIC: "are wholly owned by one another, with no owner outside the circle",
    Layer.TECHNOLOGY: "are sub-licenses of one another alone, with no licensor outside the circle",
    Layer.EMBEDDED_IP: "buy all they make from one another alone",
    Layer.MADE_IN: "buy all they make from one another alone",
    Layer.MADE_BY: "buy all they make from one another alone",
}


def _note_closed_circle(
    projection: Projection, layer: Layer, circle: Integers, remarks: Remarks
) -> None:
    rows = circle.tolist()
    names = ", ".join(projection.name(row) for row in rows[:6])
    more = f" and {len(rows) - 6} more" if len(rows) > 6 else ""
    what = _CIRCLES.get(layer, "depend on one another alone")
    if len(rows) == 1:
        what = what.replace("are ", "is ", 1).replace("buy ", "buys ", 1)
        what = what.replace("they make", "it makes").replace("one another", "itself")
        what = what.replace("sub-licenses of", "a sub-license of")
    owned = layer in (Layer.ATTRIBUTION, Layer.ECONOMIC)
    remarks.find(
        "owns.circle" if owned else "share.circle",
        f"{names}{more} {what}. Where that ends cannot be computed, so it counts as unknown; "
        "correct a share or add what is missing.",
        *(projection.ids[row] for row in rows),
    )


def _each_once(noted: list[T], key: Callable[[T], str]) -> tuple[T, ...]:
    first: dict[str, T] = {}
    for one in noted:
        first.setdefault(key(one), one)
    return tuple(first.values())
