"""Scoring again after an edit: only what the change can reach is computed anew.

The terms of an entity's vectors rest on its own record and on the links into it. So an edit gives
new terms to a few rows, and only the vectors that follow from theirs can differ: downstream along
the links, layer by layer. All else is taken over from the solution before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from depmap_gui.analysis.indexes import OVER_JURISDICTIONS, jurisdiction_indexes
from depmap_gui.analysis.inputs import Weights, supply_weights
from depmap_gui.analysis.projection import Flags, Floats, Integers, Projection
from depmap_gui.analysis.projection_changes import project_changes
from depmap_gui.analysis.single_sources import SingleSources
from depmap_gui.analysis.trace import (
    Layer,
    Reason,
    Remarks,
    Solved,
    Terms,
    explained,
    in_row_order,
    joined,
    starts_of,
    together,
    vectors_of,
)
from depmap_gui.domain.in_force import MapInForce
from depmap_gui.domain.kinds import Basis, EntityKind

if TYPE_CHECKING:
    from depmap_gui.analysis.solution import Solution

WIDE = 0.25
"""An edit that gives new terms to more than this part of a map is scored as a new map."""


@dataclass
class Rescoring:
    """The layers of a map as they were, and which vectors have moved since.

    ``asked`` is the projection narrowed to the entities whose terms are written anew: ``rows``.
    ``moved`` flags the rows whose vectors differ from before (length n + 1), for layers with any.
    """

    before: Solution
    projection: Projection
    asked: Projection
    weights: Weights
    rows: Integers
    renumbered: Integers | None
    renamed: bool
    moved: dict[Layer, Flags] = field(default_factory=dict)
    whole: set[Layer] = field(default_factory=set)

    def solve_layer(
        self, layer: Layer, parts: Iterable[Terms], solved: Mapping[Layer, Solved]
    ) -> tuple[Solved, list[Integers]]:
        """Solve one layer from the new terms of the rows asked for, as ``trace.solve_layer``."""
        draft, fresh = self._as_it_was(layer), together(parts)
        dirty = np.zeros(len(draft.table), dtype=bool)
        if not draft.terms.where(draft.of_rows(self.rows)).equals(fresh):
            draft = self._spliced(draft, fresh)
            dirty[self.rows] = True
        self._reach(layer, draft.terms, dirty)
        rows = np.flatnonzero(dirty)
        if not len(rows):
            return draft, []
        vectors, closed = vectors_of(layer, draft, rows, solved)
        differ = np.any(vectors != draft.table[rows], axis=1)
        if differ.any():
            table = draft.table.copy()
            table[rows] = vectors
            draft = replace(draft, table=table)
            self.moved[layer] = np.zeros(len(dirty), dtype=bool)
            self.moved[layer][rows[differ]] = True
        return explained(draft, closed), closed

    def take(self, layer: Layer, solved: Solved) -> None:
        """Take note of a layer that was solved as a whole."""
        self.whole.add(layer)
        self.moved[layer] = np.any(solved.table != self.before.layers[layer].table, axis=1)

    def holdings_stand(self) -> bool:
        """Whether no holding and no home of a company has changed, nor what anyone is called."""
        owns, owned = self.projection.owns, self.before.projection.owns
        moved = self.moved.get(Layer.DOMICILE)
        at_home = moved is None or not np.any(
            moved[:-1] & self.projection.of_kind(EntityKind.COMPANY)
        )
        return at_home and owns.source is owned.source and not self.renamed

    def companies_as_before(self, layer: Layer, remarks: Remarks) -> Terms:
        """The terms of the companies asked for as they were, and what was remarked on them."""
        before = self._as_it_was(layer)
        companies = self.rows[self.projection.of_kind(EntityKind.COMPANY)[self.rows]]
        chosen = set(companies.tolist())
        remarks.assumptions += [
            one for one in self.before.remarks.get(layer, Remarks()).assumptions if one[0] in chosen
        ]
        remarks.findings += self.before.remarks[layer].findings
        return before.terms.where(before.of_rows(companies))

    def remarks(self, fresh: Mapping[Layer, Remarks]) -> dict[Layer, Remarks]:
        """Every layer's remarks: those of the rows asked for anew, the others as they were."""
        rows, found = set(self.rows.tolist()), {}
        for layer, noted in fresh.items():
            kept = []
            if layer not in self.whole:
                before = self.before.remarks.get(layer, Remarks()).assumptions
                kept = [one for one in before if one[0] not in rows]
            found[layer] = in_row_order(Remarks(kept + noted.assumptions, noted.findings))
        return found

    def single_sources(self, fresh: SingleSources) -> SingleSources:
        """The single sources of all plants."""
        found = dict(self.before.single_sources)
        for row in self.rows.tolist():
            found.pop(self.projection.ids[row], None)
        return found | dict(fresh)

    def indexes(
        self, solved: Mapping[Layer, Solved], plants: Integers, suppliers: Floats
    ) -> Floats:
        """The concentration of all plants; ``suppliers`` is that of the ``plants`` asked for."""
        all_plants = np.flatnonzero(self.projection.of_kind(EntityKind.PLANT))
        moved = np.zeros(self.projection.size + 1, dtype=bool)
        for layer in OVER_JURISDICTIONS:
            moved |= self.moved.get(layer, False)
        moved[plants] = True
        at = np.flatnonzero(moved[all_plants])
        found = self.before.indexes.copy()
        found[at, :-1] = jurisdiction_indexes(solved, self.weights.supplied, all_plants[at])
        found[np.searchsorted(all_plants, plants), -1] = suppliers
        return found

    def _as_it_was(self, layer: Layer) -> Solved:
        """A layer as it was before, with the places that links have now."""
        before = self.before.layers[layer]
        if self.renumbered is None:
            return before
        link = self.renumbered[before.terms.link].astype(np.int32)
        return replace(before, terms=replace(before.terms, link=link))

    def _spliced(self, before: Solved, fresh: Terms) -> Solved:
        """A layer with the terms of the rows asked for replaced."""
        fresh_starts = starts_of(fresh, len(before.table))
        spans, done = [], 0
        for row in self.rows.tolist():
            spans.append((before.terms, slice(done, before.starts[row])))
            spans.append((fresh, slice(fresh_starts[row], fresh_starts[row + 1])))
            done = before.starts[row + 1]
        spans.append((before.terms, slice(done, None)))
        found = joined([(part, span) for part, span in spans if span.start != span.stop])
        return Solved(before.table, found, starts_of(found, len(before.table)))

    def _reach(self, layer: Layer, found: Terms, dirty: Flags) -> None:
        """Flag every row that follows from one that moved below, or from a flagged one."""
        for other, moved in self.moved.items():
            at = np.flatnonzero(found.layer == other)
            dirty[found.row[at[moved[found.operand[at]]]]] = True
        if dirty.any():
            own = found.layer == layer
            spread(found.operand[own], found.row[own], dirty)


def spread(source: Integers, target: Integers, reached: Flags) -> None:
    """Flag in place all that can be reached from what is flagged, from sources to targets."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order

    if not np.any(reached[source] & ~reached[target]):
        return
    size = len(reached)
    starts = np.flatnonzero(reached)
    row = np.concatenate([source, np.full(len(starts), size)])
    column = np.concatenate([target, starts])
    graph = csr_matrix((np.ones(len(row)), (row, column)), shape=(size + 1, size + 1))
    order = breadth_first_order(graph, size, return_predecessors=False)
    reached[order[1:]] = True


def rescoring(before: Solution, map_in_force: MapInForce, basis: Basis) -> Rescoring | None:
    """What is to be done after a change of the map; None where it is better solved anew.

    That is where :func:`~.projection_changes.project_changes` says so, under another basis, and
    where the change gives new terms to more than a quarter of all items.
    """
    if before.basis is not basis:
        return None
    changes = project_changes(before.projection, map_in_force)
    if changes is None:
        return None
    projection, touched = changes.projection, changes.touched
    weights = _weights(before, projection)
    if weights is not before.weights:
        passing_on = weights.bought_in != before.weights.bought_in
        passing_on |= weights.supplied != before.weights.supplied
        supplies = projection.supplies
        touched = touched | passing_on
        touched[supplies.target[passing_on[supplies.source]]] = True
    # What a closed circle's members were added up from was not kept: it is written anew.
    for solved in before.layers.values():
        touched[solved.terms.row[solved.terms.reason == Reason.CLOSED_CIRCLE]] = True
    rows = np.flatnonzero(touched)
    if len(rows) > WIDE * len(touched):
        return None
    return Rescoring(
        before=before,
        projection=projection,
        asked=projection.narrowed(touched),
        weights=weights,
        rows=rows,
        renumbered=changes.renumbered,
        renamed=changes.renamed,
    )


def _weights(before: Solution, projection: Projection) -> Weights:
    """The weights of all supplies; those from before where nothing that they rest on changed."""
    former = before.projection
    same = (
        projection.supplies.source is former.supplies.source
        and projection.bought_in is former.bought_in
        and projection.project.bought_in == former.project.bought_in
    )
    return before.weights if same else supply_weights(projection)
