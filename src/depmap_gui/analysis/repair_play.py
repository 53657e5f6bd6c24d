"""Moves made on a map: as the changes of a scenario, and as the map that they give.

Whoever buys a holding, lends instead, licenses instead or makes an item instead is a company of
no name, declared not to be what the law bars, so that nobody takes it for a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from depmap_gui.analysis.repair_results import STEPS, Move, MoveKind
from depmap_gui.analysis.supposed import fresh_id
from depmap_gui.domain.kinds import LinkKind
from depmap_gui.domain.plain import to_plain
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import Quantity, bounds, mode
from depmap_gui.domain.records import (
    Company,
    Lends,
    Licenses,
    Owns,
    Plant,
    Scenario,
    ScenarioChange,
    Supplies,
)
from depmap_gui.domain.scenarios import play

SUPPOSED = "Supposed for a way back to eligible: not a fact, and nobody in particular."
_TRIED = "repair"


@dataclass(frozen=True)
class Made:
    """A move and in how many steps it is made (0 for one that is made or not)."""

    move: Move
    steps: int = 0

    @property
    def part(self) -> float:
        """The part of an item, holding or loan that is moved: 1 for a move made whole."""
        return self.steps / self.move.steps if self.move.steps else 1.0


def played(project: Project, changes: Sequence[ScenarioChange]) -> Project:
    """The map with the changes made."""
    scenario = Scenario(id=_TRIED, changes=tuple(changes))
    holding = msgspec.structs.replace(project, scenarios={_TRIED: scenario})
    return msgspec.structs.replace(play(holding, _TRIED), scenarios=project.scenarios)


def changes_of(
    project: Project, made: Iterable[Made], answers: Iterable[str]
) -> tuple[ScenarioChange, ...]:
    """The moves as changes of a scenario. ``answers`` are the questions of the packs to which the
    supposed companies are declared to be a no."""
    writing = _Writing(project, tuple(answers))
    # A holding may be sold after a right that goes with it has ended, not before.
    for each in sorted(made, key=lambda each: each.move.kind is not MoveKind.END_RIGHT):
        writing.write(each)
    writing.write_totals()
    return tuple(writing.changes)


@dataclass
class _Writing:
    project: Project
    answers: tuple[str, ...]
    changes: list[ScenarioChange] = field(default_factory=list)
    totals: dict[tuple[str, str], float] = field(default_factory=dict)

    def write(self, made: Made) -> None:
        move = made.move
        match move.kind:
            case MoveKind.SWAP:
                self._swap(move)
            case MoveKind.RESOURCE:
                self._resource(made)
            case MoveKind.DIVEST | MoveKind.REFINANCE:
                self._bring_down(made)
            case MoveKind.RELICENSE:
                self._relicense(move)
            case MoveKind.AMEND | MoveKind.BUY_OUT | MoveKind.END_RIGHT:
                self._set(move.record, move.sets)

    def _set(self, record: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.changes.append(ScenarioChange(set=record, field=name, value=value))

    def _add(self, record: msgspec.Struct) -> None:
        self.changes.append(ScenarioChange(add=to_plain(record)))

    def _somebody(self, stem: str, record: str, name: str) -> str:
        """A company of no name, declared not to be what the law bars."""
        id = fresh_id(self.project, f"{stem}-{record}")
        declared = dict.fromkeys(self.answers, "no")
        self._add(Company(id=id, name=name, notes=SUPPOSED, declared=declared))
        return id

    def _swap(self, move: Move) -> None:
        assert move.other is not None
        self._set(move.record, {"candidate": True})
        self._set(move.other, {"candidate": False})
        before, after = self.project.links[move.record], self.project.links[move.other]
        assert isinstance(before, Supplies)
        assert isinstance(after, Supplies)
        if before.cost is not None and after.cost is not None:
            self._costs_more(before, mode(after.cost) - mode(before.cost))

    def _resource(self, made: Made) -> None:
        link = self.project.links[made.move.record]
        assert isinstance(link, Supplies)
        part = made.part
        item = link.item or "the item"
        maker = self._somebody("other-maker", link.id, f"Another maker of {item} (supposed)")
        premium = (made.move.extra or 0.0) * part
        cost = _plus(_times(link.cost, part), premium)
        other = fresh_id(self.project, f"from-{maker}")
        self._add(
            msgspec.structs.replace(
                link,
                id=other,
                source=maker,
                cost=cost,
                units=_times(link.units, part),
                ip_share=None,
                contract=None,
                certified=None,
                notes=SUPPOSED,
                sources=(),
            )
        )
        if part >= 1.0:
            self._set(link.id, {"candidate": True})
        else:
            for name in ("cost", "units", "certified"):
                value = getattr(link, name)
                if value is not None:
                    self._set(link.id, {name: plain(_times(value, 1.0 - part))})
        if link.cost is not None:
            self._costs_more(link, premium)

    def _costs_more(self, link: Supplies, amount: float) -> None:
        """Take a higher cost into the stated material cost of the products that it goes into."""
        plant = self.project.entities[link.target]
        if amount == 0.0 or not isinstance(plant, Plant):
            return
        for product in plant.products:
            if product.material_cost is not None and link.product in (None, product.id):
                key = (plant.id, product.id)
                self.totals[key] = self.totals.get(key, 0.0) + amount

    def write_totals(self) -> None:
        """Set the stated material costs that the moves have changed."""
        for id in dict.fromkeys(plant for plant, _ in self.totals):
            plant = self.project.entities[id]
            assert isinstance(plant, Plant)
            products = [
                msgspec.structs.replace(
                    product,
                    material_cost=_plus(product.material_cost, self.totals.get((id, product.id))),
                )
                for product in plant.products
            ]
            self._set(id, {"products": [to_plain(product) for product in products]})

    def _bring_down(self, made: Made) -> None:
        move = made.move
        link = self.project.links[move.record]
        assert isinstance(link, Owns | Lends)
        owns = isinstance(link, Owns)
        stem, what = ("buyer-of", "Buyer of shares") if owns else ("other-lender", "Another lender")
        owned = self.project.name(link.target)
        who = self._somebody(stem, link.id, f"{what} of {owned} (supposed)")
        kept = (move.steps - made.steps) / STEPS if move.steps else 0.0
        given = None if link.share is None else max(0.0, mode(link.share) - kept)
        new = fresh_id(self.project, f"from-{who}")
        if isinstance(link, Lends):
            self._add(Lends(id=new, source=who, target=link.target, share=given, notes=SUPPOSED))
        else:
            votes = None
            ratio = 0.0
            if link.votes is not None and link.share is not None and mode(link.share) > 0.0:
                ratio = min(1.0, kept / mode(link.share))
                votes = mode(link.votes) * (1.0 - ratio)
            self._add(
                Owns(
                    id=new,
                    source=who,
                    target=link.target,
                    share=given,
                    votes=votes,
                    appoints=False,
                    reports=link.reports,
                    notes=SUPPOSED,
                )
            )
            if kept > 0.0 and link.votes is not None:
                self._set(link.id, {"votes": plain(mode(link.votes) * ratio)})
        if kept > 0.0:
            self._set(link.id, {"share": plain(kept)})
        else:
            self.changes.append(ScenarioChange(remove=link.id))

    def _relicense(self, move: Move) -> None:
        deal = move.record
        who = self._somebody("other-licensor", deal, f"Another party to {move.title} (supposed)")
        for link in self.project.links.values():
            if link.kind is LinkKind.LICENSES and link.target == deal and link.id in move.where:
                self.changes.append(ScenarioChange(remove=link.id))
        new = fresh_id(self.project, f"from-{who}")
        self._add(Licenses(id=new, source=who, target=deal, notes=SUPPOSED))


def plain(quantity: Quantity | None) -> Any:
    """A quantity as a file holds it."""
    return list(quantity) if isinstance(quantity, tuple) else quantity


def _times(quantity: Quantity | None, part: float) -> Quantity | None:
    if quantity is None or part >= 1.0:
        return quantity
    if isinstance(quantity, tuple):
        low, middle, high = quantity
        return (low * part, middle * part, high * part)
    return quantity * part


def _plus(quantity: Quantity | None, amount: float | None) -> Quantity | None:
    if quantity is None or not amount:
        return quantity
    low, middle, high = (max(0.0, end + amount) for end in bounds(quantity))
    return (low, middle, high) if isinstance(quantity, tuple) else middle
