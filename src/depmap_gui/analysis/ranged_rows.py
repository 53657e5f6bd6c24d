"""Every score as rows whose weights may be ranges: the one system that bounds and samples share.

A *row* is the vector of one item in one :class:`Slot`: a layer of the scores, or a step within
one that is kept apart so that each quantity stands in a single row of whatever it moves. A row is
one of two sums over its items, with weights x and operands that are rows themselves:

- shares: sum of x X / max(1, sum of x) + max(0, 1 - sum of x) R, R being the row of the rest;
- average: sum of x X / sum of x, or R where all x are zero.

With every weight at its mode the rows are those of :mod:`depmap_gui.analysis.solution`. Weights
are never negative, so a row grows with each of its operands whatever the weights: that is what
makes bounds exact (see :mod:`depmap_gui.analysis.extremes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from depmap_gui.analysis.projection import ROLES, Flags, Floats, Integers, Projection
from depmap_gui.analysis.ranged_columns import CERTAIN, Column, RangedColumns
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer, count_by
from depmap_gui.domain.kinds import Basis, EntityKind, LocationRole

_ORIGIN = ROLES.index(LocationRole.ORIGIN)


class Slot(IntEnum):
    """Where the rows of a layer stand; the first have the numbers of their layers."""

    UNIT = Layer.UNIT
    DOMICILE = Layer.DOMICILE
    SITE = Layer.SITE
    ATTRIBUTION = Layer.ATTRIBUTION
    ECONOMIC = Layer.ECONOMIC
    TECHNOLOGY = Layer.TECHNOLOGY
    IP = Layer.IP
    EMBEDDED_IP = Layer.EMBEDDED_IP
    MADE_IN_FIRST_TIER = Layer.MADE_IN_FIRST_TIER
    MADE_BY_FIRST_TIER = Layer.MADE_BY_FIRST_TIER
    MADE_IN = Layer.MADE_IN
    MADE_BY = Layer.MADE_BY
    OWNERSHIP = Layer.OWNERSHIP
    DEBT = Layer.DEBT
    LICENSORS = 14
    SILENT_LICENSORS = 15
    BOUGHT = 16
    SITES_BY_COST = 17
    SITES_EQUALLY = 18
    MAKERS_BY_COST = 19
    MAKERS_EQUALLY = 20
    CHAIN_SITES = 21
    CHAIN_SITES_BY_COST = 22
    CHAIN_SITES_EQUALLY = 23
    CHAIN_MAKERS = 24
    CHAIN_MAKERS_BY_COST = 25
    CHAIN_MAKERS_EQUALLY = 26


@dataclass(frozen=True, eq=False)
class Rows:
    """All rows of some slots. Numbers of rows are slot * (n + 1) + entity row.

    ``node`` are the rows that are sums, with ``rest`` and ``average`` beside them; ``owner``,
    ``operand``, ``weight`` are the items, by the number of the row that they belong to. Whatever
    is named as an operand or rest but is no node is as the solution has it.
    """

    size: int
    node: Integers
    rest: Integers
    average: Flags
    owner: Integers
    operand: Integers
    weight: Column

    def with_rests(self, rests: Mapping[int, int]) -> Rows:
        """These rows with other rows (by number) as the rests of some of them."""
        rest = self.rest.copy()
        for node, instead in rests.items():
            rest[self.node == node] = instead
        return replace(self, rest=rest)


@dataclass
class _Draft:
    size: int
    node: list[Integers] = field(default_factory=list)
    rest: list[Integers] = field(default_factory=list)
    average: list[Flags] = field(default_factory=list)
    owner: list[Integers] = field(default_factory=list)
    operand: list[Integers] = field(default_factory=list)
    weight: list[Column] = field(default_factory=list)

    def at(self, slot: Slot, rows: Integers | int) -> Integers:
        """The numbers of an entity's rows in a slot."""
        return np.asarray(int(slot) * (self.size + 1) + rows, dtype=np.int64)

    @property
    def unknown(self) -> Integers:
        return self.at(Slot.UNIT, self.size)

    def rows(self, nodes: Integers, rest: Integers, *, average: bool = False) -> None:
        """Declare rows that are sums, with what their rest is."""
        self.node.append(nodes)
        self.rest.append(np.broadcast_to(rest, nodes.shape))
        self.average.append(np.full(len(nodes), average))

    def items(self, owner: Integers, operand: Integers, weight: Column | Floats | float) -> None:
        """Declare items; those of unknown weight are none."""
        column = weight if isinstance(weight, Column) else _certain(weight, len(owner))
        keep = column.known
        self.owner.append(owner[keep])
        self.operand.append(np.broadcast_to(operand, owner.shape)[keep])
        self.weight.append(column.take(keep))

    def alike(self, nodes: Integers, operand: Integers) -> None:
        """Rows that are just another row."""
        self.rows(nodes, self.unknown)
        self.items(nodes, operand, 1.0)

    def done(self) -> Rows:
        """What was declared."""
        weight = Column(
            *(
                np.concatenate([getattr(each, name) for each in self.weight] or [np.zeros(0)])
                for name in ("low", "mode", "high", "quantity")
            )
        )
        none = [np.zeros(0, dtype=np.int64)]
        return Rows(
            size=self.size,
            node=np.concatenate(self.node or none),
            rest=np.concatenate(self.rest or none),
            average=np.concatenate(self.average or [np.zeros(0, dtype=bool)]),
            owner=np.concatenate(self.owner or none),
            operand=np.concatenate(self.operand or none),
            weight=weight,
        )


def _certain(weight: Floats | float, count: int) -> Column:
    figures = np.broadcast_to(np.asarray(weight, dtype=np.float64), (count,))
    return Column(figures, figures, figures, np.full(count, CERTAIN, dtype=np.int64))


def rows_of(solution: Solution, columns: RangedColumns, scores: Iterable[Score]) -> Rows:
    """The rows that these scores are made of, down to what the map states."""
    layers = {LAYER_OF[score] for score in scores}
    build = _Build(solution, columns)
    build.places()
    build.companies()
    if layers & {Layer.TECHNOLOGY, Layer.IP, Layer.EMBEDDED_IP}:
        build.technology()
        build.ip()
    if Layer.EMBEDDED_IP in layers:
        build.embedded()
    for first, whole, slots in (
        (Layer.MADE_IN_FIRST_TIER, Layer.MADE_IN, _SITES),
        (Layer.MADE_BY_FIRST_TIER, Layer.MADE_BY, _MAKERS),
    ):
        if first in layers:
            build.first_tier(slots)
        if whole in layers:
            build.whole_chain(slots)
    if Layer.OWNERSHIP in layers:
        build.ownership()
    if Layer.DEBT in layers:
        build.debt()
    return build.draft.done()


@dataclass(frozen=True)
class _InputSlots:
    """Where one reading of inputs (made in, or made by) stands."""

    value: Slot
    first: Slot
    by_cost: Slot
    equally: Slot
    whole: Slot
    chain: Slot
    chain_by_cost: Slot
    chain_equally: Slot


_SITES = _InputSlots(
    Slot.SITE,
    Slot.MADE_IN_FIRST_TIER,
    Slot.SITES_BY_COST,
    Slot.SITES_EQUALLY,
    Slot.MADE_IN,
    Slot.CHAIN_SITES,
    Slot.CHAIN_SITES_BY_COST,
    Slot.CHAIN_SITES_EQUALLY,
)
_MAKERS = _InputSlots(
    Slot.ATTRIBUTION,
    Slot.MADE_BY_FIRST_TIER,
    Slot.MAKERS_BY_COST,
    Slot.MAKERS_EQUALLY,
    Slot.MADE_BY,
    Slot.CHAIN_MAKERS,
    Slot.CHAIN_MAKERS_BY_COST,
    Slot.CHAIN_MAKERS_EQUALLY,
)


class _Build:
    """Declares the rows of one map, layer by layer."""

    def __init__(self, solution: Solution, columns: RangedColumns) -> None:
        self.solution = solution
        self.projection: Projection = solution.projection
        self.columns = columns
        self.draft = _Draft(self.projection.size)

    def _rows_of_kind(self, *kinds: EntityKind) -> Integers:
        return np.flatnonzero(self.projection.of_kind(*kinds))

    def places(self) -> None:
        """D, S and A of materials; A of plants."""
        draft, projection = self.draft, self.projection
        materials = self._rows_of_kind(EntityKind.MATERIAL)
        located = projection.located
        origin = np.flatnonzero(
            projection.of_kind(EntityKind.MATERIAL)[located.target] & (projection.role == _ORIGIN)
        )
        draft.rows(draft.at(Slot.DOMICILE, materials), draft.unknown)
        draft.items(
            draft.at(Slot.DOMICILE, located.target[origin]),
            draft.at(Slot.UNIT, located.source[origin]),
            self.columns.located.take(origin),
        )
        for slot in (Slot.SITE, Slot.ATTRIBUTION):
            draft.alike(draft.at(slot, materials), draft.at(Slot.DOMICILE, materials))
        plants, operators = self._operators()
        draft.alike(draft.at(Slot.ATTRIBUTION, plants), draft.at(Slot.ATTRIBUTION, operators))

    def _operators(self) -> tuple[Integers, Integers]:
        operates = self.projection.operates
        plants, first = np.unique(operates.target, return_index=True)
        return plants, operates.source[first]

    def companies(self) -> None:
        """A of companies by their holdings, where it follows from equity."""
        economic = self.solution.basis is Basis.ECONOMIC
        slot = Slot.ATTRIBUTION if economic else Slot.ECONOMIC
        draft, projection, owns = self.draft, self.projection, self.projection.owns
        companies = self._rows_of_kind(EntityKind.COMPANY)
        open_ended = np.zeros(projection.size, dtype=bool)
        open_ended[owns.target[~self.columns.owns.known]] = True
        home = draft.at(Slot.DOMICILE, companies)
        draft.rows(draft.at(slot, companies), np.where(open_ended[companies], draft.unknown, home))
        from_place = projection.of_kind(EntityKind.JURISDICTION)[owns.source]
        draft.items(
            draft.at(slot, owns.target),
            np.where(from_place, draft.at(Slot.UNIT, owns.source), draft.at(slot, owns.source)),
            self.columns.owns,
        )

    def technology(self) -> None:
        """O of licenses, by sub-licenses and licensors."""
        draft, projection, uses = self.draft, self.projection, self.projection.uses
        deals = self._rows_of_kind(EntityKind.LICENSE)
        sub = np.flatnonzero(projection.of_kind(EntityKind.LICENSE)[uses.target])
        shares = self.columns.uses.take(sub)
        open_ended = np.zeros(projection.size, dtype=bool)
        open_ended[uses.target[sub][~shares.known]] = True
        granted = draft.at(Slot.LICENSORS, deals)
        draft.rows(
            draft.at(Slot.TECHNOLOGY, deals), np.where(open_ended[deals], draft.unknown, granted)
        )
        draft.items(
            draft.at(Slot.TECHNOLOGY, uses.target[sub]),
            draft.at(Slot.TECHNOLOGY, uses.source[sub]),
            shares,
        )
        self._licensors(deals)

    def _licensors(self, deals: Integers) -> None:
        """What the licensors of each license grant: in the stated proportions, the silent ones
        with equal parts of what those leave."""
        draft, licenses = self.draft, self.projection.licenses
        known = self.columns.licenses.known
        silent = count_by(licenses.target[~known], self.projection.size)
        has_silent = silent[deals] > 0
        all_told, some_silent = deals[~has_silent], deals[has_silent]
        draft.rows(draft.at(Slot.LICENSORS, all_told), draft.unknown, average=True)
        draft.rows(
            draft.at(Slot.LICENSORS, some_silent), draft.at(Slot.SILENT_LICENSORS, some_silent)
        )
        draft.rows(draft.at(Slot.SILENT_LICENSORS, some_silent), draft.unknown)
        grantor = draft.at(Slot.ATTRIBUTION, licenses.source)
        draft.items(draft.at(Slot.LICENSORS, licenses.target), grantor, self.columns.licenses)
        quiet = np.flatnonzero(~known)
        target = licenses.target[quiet]
        draft.items(draft.at(Slot.SILENT_LICENSORS, target), grantor[quiet], 1.0 / silent[target])

    def ip(self) -> None:
        """T of plants and companies."""
        draft, projection = self.draft, self.projection
        makes = projection.of_kind(EntityKind.PLANT, EntityKind.COMPANY)
        makers = np.flatnonzero(makes)
        draft.rows(draft.at(Slot.IP, makers), draft.unknown)
        uses, supplies = projection.uses, projection.supplies
        used = np.flatnonzero(makes[uses.target])
        embodied = np.flatnonzero(makes[supplies.target])
        draft.items(
            draft.at(Slot.IP, uses.target[used]),
            draft.at(Slot.TECHNOLOGY, uses.source[used]),
            self.columns.uses.take(used),
        )
        draft.items(
            draft.at(Slot.IP, supplies.target[embodied]),
            draft.at(Slot.ATTRIBUTION, supplies.source[embodied]),
            self.columns.supplies.take(embodied),
        )
        draft.items(
            draft.at(Slot.IP, makers),
            draft.at(Slot.ATTRIBUTION, makers),
            self.columns.own_ip.take(makers),
        )

    def _bought_in(self) -> Column:
        """How much of each item is bought in, with the default filled in."""
        column, filled = self.columns.bought_in, self.solution.weights.bought_in
        silent = ~column.known
        return Column(
            low=np.where(silent, filled, column.low),
            mode=np.where(silent, filled, column.mode),
            high=np.where(silent, filled, column.high),
            quantity=column.quantity,
        )

    def embedded(self) -> None:
        """E of plants, companies and materials."""
        draft, projection, supplies = self.draft, self.projection, self.projection.supplies
        makes = projection.of_kind(EntityKind.PLANT, EntityKind.COMPANY)
        makers = np.flatnonzero(makes & self.solution.weights.supplied)
        own = np.flatnonzero(makes & ~self.solution.weights.supplied)
        draft.alike(draft.at(Slot.EMBEDDED_IP, own), draft.at(Slot.IP, own))
        materials = self._rows_of_kind(EntityKind.MATERIAL)
        draft.alike(draft.at(Slot.EMBEDDED_IP, materials), draft.at(Slot.DOMICILE, materials))
        ip = draft.at(Slot.IP, makers)
        draft.rows(draft.at(Slot.EMBEDDED_IP, makers), ip)
        draft.items(
            draft.at(Slot.EMBEDDED_IP, makers),
            draft.at(Slot.BOUGHT, makers),
            self._bought_in().take(makers),
        )
        draft.rows(draft.at(Slot.BOUGHT, makers), ip, average=True)
        into = np.flatnonzero(makes[supplies.target])
        draft.items(
            draft.at(Slot.BOUGHT, supplies.target[into]),
            draft.at(Slot.EMBEDDED_IP, supplies.source[into]),
            self.columns.cost.take(into),
        )

    def first_tier(self, slots: _InputSlots) -> None:
        """M1 in one reading."""
        self._inputs(slots.first, slots.by_cost, slots.equally, slots.value)

    def whole_chain(self, slots: _InputSlots) -> None:
        """M in one reading: each supply counts as a mix of what it is and of its own inputs."""
        draft = self.draft
        self._inputs(slots.whole, slots.chain_by_cost, slots.chain_equally, slots.chain)
        supplied = np.flatnonzero(self.solution.weights.supplied)
        plain = np.flatnonzero(~self.solution.weights.supplied)
        draft.alike(draft.at(slots.chain, plain), draft.at(slots.value, plain))
        draft.rows(draft.at(slots.chain, supplied), draft.at(slots.value, supplied))
        draft.items(
            draft.at(slots.chain, supplied),
            draft.at(slots.whole, supplied),
            self._bought_in().take(supplied),
        )

    def _inputs(self, mixed: Slot, by_cost: Slot, equally: Slot, value: Slot) -> None:
        """An item's inputs: those that state a cost by cost, the others as unknown; all alike
        where none has a cost above zero."""
        draft, supplies = self.draft, self.projection.supplies
        size, target = self.projection.size, supplies.target
        stated = self.columns.cost.known
        count, told = count_by(target, size), count_by(target[stated], size)
        rows = np.flatnonzero(count > 0)
        silent = told == 0
        documented = stated | silent[target]
        counted = np.where(silent, count, told)
        draft.rows(draft.at(mixed, rows), draft.unknown)
        draft.items(
            draft.at(mixed, rows), draft.at(by_cost, rows), (counted / np.maximum(count, 1))[rows]
        )
        draft.rows(draft.at(by_cost, rows), draft.at(equally, rows), average=True)
        draft.items(draft.at(by_cost, target), draft.at(value, supplies.source), self.columns.cost)
        draft.rows(draft.at(equally, rows), draft.unknown)
        known = np.flatnonzero(documented)
        draft.items(
            draft.at(equally, target[known]),
            draft.at(value, supplies.source[known]),
            1.0 / counted[target[known]],
        )

    def ownership(self) -> None:
        """Ownership of plants: their operator's, by equity."""
        draft = self.draft
        economic = self.solution.basis is Basis.ECONOMIC
        slot = Slot.ATTRIBUTION if economic else Slot.ECONOMIC
        plants, operators = self._operators()
        draft.alike(draft.at(Slot.OWNERSHIP, plants), draft.at(slot, operators))

    def debt(self) -> None:
        """Debt of borrowers."""
        draft, lends = self.draft, self.projection.lends
        borrowers = np.unique(lends.target)
        draft.rows(draft.at(Slot.DEBT, borrowers), draft.unknown)
        draft.items(
            draft.at(Slot.DEBT, lends.target),
            draft.at(Slot.ATTRIBUTION, lends.source),
            self.columns.lends,
        )
