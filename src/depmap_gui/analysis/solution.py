"""All layers of a map solved in their order, each kept with the terms that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from depmap_gui.analysis.attribution import (
    attributed_otherwise,
    domicile_terms,
    holding_terms,
    home_terms,
    site_terms,
)
from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.control import majority_terms
from depmap_gui.analysis.indexes import jurisdiction_indexes, supplier_indexes
from depmap_gui.analysis.inputs import (
    Weights,
    first_tier_terms,
    note_supplies,
    supply_weights,
    whole_chain_terms,
)
from depmap_gui.analysis.money import debt_terms, ownership_terms
from depmap_gui.analysis.projection import Floats, Integers, Projection, project_map
from depmap_gui.analysis.rescoring import Rescoring, rescoring
from depmap_gui.analysis.results import Assumption
from depmap_gui.analysis.single_sources import SingleSources, single_sources
from depmap_gui.analysis.technology import embedded_terms, ip_terms, technology_terms
from depmap_gui.analysis.trace import (
    Layer,
    Remarks,
    Solved,
    Terms,
    in_row_order,
    solve_layer,
    unit_layer,
)
from depmap_gui.domain.findings import Finding
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis, EntityKind


@dataclass(frozen=True, eq=False)
class Solution:
    """Every vector of a map on one day, and what it was added up from.

    ``indexes`` are the concentration of each plant (plants x 4 x 2, see :mod:`~.indexes`);
    ``remarks`` are each layer's assumptions and findings; ``single_sources`` the links of each
    plant that are the only source of what they deliver.
    """

    projection: Projection
    basis: Basis
    layers: Mapping[Layer, Solved]
    weights: Weights
    indexes: Floats
    single_sources: SingleSources
    remarks: Mapping[Layer, Remarks]

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the scores take for granted: layer by layer, item by item, each once."""
        noted = [one for remarks in self.remarks.values() for _, one in remarks.assumptions]
        return tuple({one.text: one for one in noted}.values())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the scores had to be computed around, each once."""
        found = [one for remarks in self.remarks.values() for one in remarks.findings]
        return tuple({one.message: one for one in found}.values())


def solve(
    map_in_force: MapInForce,
    basis: Basis,
    context: Context | None = None,
    before: Solution | None = None,
) -> Solution:
    """Solve every layer of the map, companies attributed on ``basis``.

    ``before`` is the solution of an earlier state of the same map: what the changes since then
    cannot reach is taken over from it. The outcome is the same. Raises Canceled where ``context``
    says so.
    """
    told = context or Quiet()
    told.progress(0.0, "Reading the map")
    work = _Work.on(map_in_force, basis, before)
    told.progress(0.2, "Attributing companies")
    _solve_attribution(work, basis)
    told.progress(0.4, "Following technology")
    asked = work.asked
    work.add(Layer.TECHNOLOGY, technology_terms(asked, work.noting(Layer.TECHNOLOGY)))
    work.add(Layer.IP, ip_terms(asked, work.noting(Layer.IP)))
    told.progress(0.6, "Following inputs")
    weights = work.asked_weights
    note_supplies(asked, weights, work.noting(Layer.EMBEDDED_IP))
    work.add(Layer.EMBEDDED_IP, embedded_terms(asked, weights))
    for first, whole, value in (
        (Layer.MADE_IN_FIRST_TIER, Layer.MADE_IN, Layer.SITE),
        (Layer.MADE_BY_FIRST_TIER, Layer.MADE_BY, Layer.ATTRIBUTION),
    ):
        work.add(first, first_tier_terms(asked, weights, value))
        work.add(whole, whole_chain_terms(asked, weights, value, whole))
    told.progress(0.9, "Following money")
    economic = Layer.ATTRIBUTION if basis is Basis.ECONOMIC else Layer.ECONOMIC
    work.add(Layer.OWNERSHIP, ownership_terms(asked, economic))
    work.add(Layer.DEBT, debt_terms(asked, work.noting(Layer.DEBT)))
    return work.solution(basis)


class _Work:
    """The layers solved so far, of all rows or of those that the changes since before can reach.

    ``asked`` is the projection of the rows whose terms are written anew.
    """

    def __init__(self, projection: Projection, asked: Projection, weights: Weights) -> None:
        self.projection = projection
        self.asked = asked
        self.weights = weights
        self.remarks: dict[Layer, Remarks] = {}
        self.layers: dict[Layer, Solved] = {Layer.UNIT: unit_layer(projection)}
        self.before: Rescoring | None = None

    @classmethod
    def on(cls, map_in_force: MapInForce, basis: Basis, before: Solution | None) -> _Work:
        """The work to be done on a map that was, or was not, solved before."""
        again = None if before is None else rescoring(before, map_in_force, basis)
        if again is not None:
            work = cls(again.projection, again.asked, again.weights)
            work.before = again
            return work
        projection = project_map(map_in_force)
        return cls(projection, projection, supply_weights(projection))

    @property
    def asked_weights(self) -> Weights:
        """The weights of the supplies of the rows asked for."""
        asked = self.asked.asked
        if asked is None:
            return self.weights
        return self.weights.of_links(asked[self.projection.supplies.target])

    def noting(self, layer: Layer) -> Remarks:
        """Where to note what the layer takes for granted."""
        return self.remarks.setdefault(layer, Remarks())

    def add(self, layer: Layer, parts: list[Terms]) -> Floats:
        """Solve one layer on top of the others; returns its table."""
        if self.before is None:
            self.layers[layer], closed = solve_layer(layer, parts, self.layers)
        else:
            self.layers[layer], closed = self.before.solve_layer(layer, parts, self.layers)
        for circle in closed:
            _note_closed_circle(self.projection, layer, circle, self.noting(layer))
        return self.layers[layer].table

    def add_settled(self, layer: Layer, parts: list[Terms], settled: Floats) -> None:
        """Add up one layer of all rows whose loops are settled already."""
        self.layers[layer], _ = solve_layer(layer, parts, self.layers, settled)
        if self.before is not None:
            self.before.take(layer, self.layers[layer])

    def solution(self, basis: Basis) -> Solution:
        """The layers and what goes with them."""
        single, weights = single_sources(self.asked), self.asked_weights
        plants = np.flatnonzero(self.asked.wanted(EntityKind.PLANT))
        suppliers = supplier_indexes(self.asked, weights, plants)
        if self.before is None:
            remarks = {layer: in_row_order(noted) for layer, noted in self.remarks.items()}
            others = jurisdiction_indexes(self.layers, self.weights.supplied, plants)
            indexes = np.concatenate([others, suppliers[:, None]], axis=1)
        else:
            remarks = self.before.remarks(self.remarks)
            single = self.before.single_sources(single)
            indexes = self.before.indexes(self.layers, plants, suppliers)
        return Solution(
            projection=self.projection,
            basis=basis,
            layers=self.layers,
            weights=self.weights,
            indexes=indexes,
            single_sources=single,
            remarks=remarks,
        )


def _solve_attribution(work: _Work, basis: Basis) -> None:
    asked = work.asked
    domicile = work.add(Layer.DOMICILE, domicile_terms(asked, work.noting(Layer.DOMICILE)))
    work.add(Layer.SITE, site_terms(asked, work.noting(Layer.SITE)))
    remarks = work.noting(Layer.ATTRIBUTION)
    match basis:
        case Basis.DOMICILE:
            others = attributed_otherwise(asked, remarks)
            work.add(Layer.ATTRIBUTION, home_terms(asked) + others)
        case Basis.ECONOMIC:
            others = attributed_otherwise(asked, remarks)
            holdings = holding_terms(asked, Layer.ATTRIBUTION, remarks)
            work.add(Layer.ATTRIBUTION, holdings + others)
        case Basis.CONTROL:
            _solve_control(work, domicile, remarks)
    if basis is not Basis.ECONOMIC:
        remarks = work.noting(Layer.ECONOMIC)
        work.add(Layer.ECONOMIC, holding_terms(asked, Layer.ECONOMIC, remarks))


def _solve_control(work: _Work, domicile: Floats, remarks: Remarks) -> None:
    if work.before is not None and work.before.holdings_stand():
        deciding = work.before.companies_as_before(Layer.ATTRIBUTION, remarks)
        work.add(Layer.ATTRIBUTION, [deciding, *attributed_otherwise(work.asked, remarks)])
        return
    # Whose a company is may turn on votes far away, so all of it is decided anew.
    majorities, settled = majority_terms(work.projection, domicile, remarks)
    others = attributed_otherwise(work.projection, remarks)
    work.add_settled(Layer.ATTRIBUTION, majorities + others, settled)


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
