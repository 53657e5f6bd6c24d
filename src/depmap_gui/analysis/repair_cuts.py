"""What is learned from moves that the law refutes: cuts that no good set of moves breaks.

A test that still fails can only turn where something changes that it depends on. Of moves on
owners and lenders, more never harms; so they are first pushed as far as the test still fails, and
only going further counts as a change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from depmap_gui.analysis.repair_case import Blocked, RepairCase
from depmap_gui.analysis.repair_model import Model, Point, Row, without
from depmap_gui.analysis.repair_moves import NOT_ON_SUPPLIES, ON_AGREEMENTS, ON_OWNERS
from depmap_gui.analysis.repair_play import Made
from depmap_gui.analysis.repair_results import Move, MoveKind
from depmap_gui.domain.records import Company
from depmap_gui.rules.certificates import UNCERTIFIED

_SUPPLIES = (MoveKind.SWAP, MoveKind.RESOURCE)
_AGREEMENTS = (MoveKind.AMEND, MoveKind.BUY_OUT, MoveKind.RELICENSE)


@dataclass(frozen=True)
class Cutting:
    """Cuts points off a case's program."""

    case: RepairCase
    moves: Sequence[Move]
    model: Model

    def relief(self) -> list[Made]:
        """The moves beside supplies at their most: makers and licensors are never seen better."""
        return [*self._anew(), *(_most(move) for move in self.moves if _on_owners(move))]

    def refute(self, point: Point, blocked: Sequence[Blocked]) -> None:
        """Cut the point off, for each test that it leaves standing in the way."""
        for key, test in blocked:
            self.model.any_of(self._changes(point, (key, test)))

    def _changes(self, point: Point, blocked: Blocked) -> list[Row]:
        """The changes one of which the test needs."""
        method = self.case.method(*blocked)
        supplies = self._chosen(point, _SUPPLIES)
        agreements = self._chosen(point, _AGREEMENTS)
        owners = [each for each in point.made if _on_owners(each.move)]
        found: list[Row] = []
        if method == ON_OWNERS:
            supplies, agreements = [], []
        elif method == ON_AGREEMENTS:
            supplies = []
            found += self._otherwise(point, _AGREEMENTS)
        elif method in NOT_ON_SUPPLIES:
            return []
        else:
            found += self._otherwise(point, _SUPPLIES)
            if self._fails(blocked, [*supplies, *self.relief()]):
                return found
            found += self._otherwise(point, _AGREEMENTS)
        return found + self._further([*supplies, *agreements], owners, blocked)

    def _chosen(self, point: Point, kinds: Sequence[MoveKind]) -> list[Made]:
        return [each for each in point.made if each.move.kind in kinds]

    def _fails(self, blocked: Blocked, made: Sequence[Made]) -> bool:
        return blocked in self.case.blocked(made)

    def _anew(self) -> list[Made]:
        return [Made(move) for move in self.moves if move.kind is MoveKind.RELICENSE]

    def _otherwise(self, point: Point, kinds: Sequence[MoveKind]) -> list[Row]:
        """Any other choice among moves of these kinds."""
        found: list[Row] = []
        for move in self.moves:
            if move.kind not in kinds:
                continue
            made, steps = self.model.made[move.id], point.steps(move.id)
            if steps is None:
                found.append({made: 1.0})
                continue
            if move.kind is MoveKind.RESOURCE and self._resourcing_is_steady:
                if (row := self.model.more_than(move, steps)) is not None:
                    found.append(row)
                continue
            found.append(without(made))
            if move.steps:
                beyond = (self.model.more_than(move, steps), self.model.less_than(move, steps))
                found += [row for row in beyond if row is not None]
        return found

    @cached_property
    def _resourcing_is_steady(self) -> bool:
        """Whether to take more of an item from makers that the law does not bar never harms: not
        where what no supplier certifies counts as tainted."""
        header = self.case.project.header
        return all(
            UNCERTIFIED not in pack.questions
            or "as-prohibited" not in pack.readings(UNCERTIFIED, header.readings)
            for pack in self.case.packs
        )

    def _further(
        self, fixed: Sequence[Made], owners: Sequence[Made], blocked: Blocked
    ) -> list[Row]:
        """Going further with some move on an owner or lender than the test is known to fail at."""
        moves = [move for move in self.moves if _on_owners(move)]
        if not moves:
            return []
        if any(not self._is_steady(move) for move in moves):
            return self._otherwise(Point((*fixed, *owners)), tuple({m.kind for m in moves}))
        most = {move.id: _most(move) for move in moves}
        if self._fails(blocked, [*fixed, *most.values()]):
            return []
        reached = {each.move.id: each for each in owners}

        def fails_with(tried: Made) -> bool:
            kept = [each for id, each in reached.items() if id != tried.move.id]
            return self._fails(blocked, [*fixed, *kept, tried])

        for move in moves:
            if (last := _last_failing(move, reached.get(move.id), fails_with)) is not None:
                reached[move.id] = last
        found: list[Row] = []
        for move in moves:
            at = reached.get(move.id)
            if at is None:
                found.append({self.model.made[move.id]: 1.0})
            elif move.steps and (row := self.model.more_than(move, at.steps)) is not None:
                found.append(row)
        return found

    def _is_steady(self, move: Move) -> bool:
        """Whether more of the move never harms. Selling down a traded parent may: it changes which
        readings govern the taxpayer."""
        if move.kind is not MoveKind.DIVEST:
            return True
        holder = self.case.project.entities.get(self.case.project.links[move.record].source)
        return not (isinstance(holder, Company) and holder.traded)


def _on_owners(move: Move) -> bool:
    return move.kind in (MoveKind.DIVEST, MoveKind.REFINANCE, MoveKind.END_RIGHT)


def _most(move: Move) -> Made:
    return Made(move, move.steps)


def _last_failing(move: Move, at: Made | None, fails_with: Callable[[Made], bool]) -> Made | None:
    """The farthest that a move can go while the test still fails, the others as they are; it
    fails at ``at`` (None: not made)."""
    if not move.steps:
        return Made(move) if at is not None or fails_with(Made(move)) else None
    failing = 0 if at is None else at.steps
    passing = move.steps + 1
    while passing - failing > 1:
        middle = (failing + passing) // 2
        if fails_with(Made(move, middle)):
            failing = middle
        else:
            passing = middle
    return Made(move, failing) if failing else None
