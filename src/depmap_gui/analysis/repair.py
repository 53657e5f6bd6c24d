"""The cheapest way back to eligible, found exactly, with the next-best ones.

A mixed-integer program proposes the cheapest moves that its rows allow; the law judges the map
with these moves made. What it refutes is cut off, by a cut that no good set of moves breaks, and
the program is asked again. So the first proposal that stands is the cheapest there is, and where
the program has no proposal left, none exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.repair_case import RepairCase, case_of
from depmap_gui.analysis.repair_cuts import Cutting
from depmap_gui.analysis.repair_model import Model, OutOfTime, Point, Row
from depmap_gui.analysis.repair_moves import moves_of
from depmap_gui.analysis.repair_owners import add_owner_rows
from depmap_gui.analysis.repair_play import changes_of
from depmap_gui.analysis.repair_ratios import add_ratio_rows
from depmap_gui.analysis.repair_results import (
    STEPS,
    Ending,
    MadeMove,
    Move,
    MoveKind,
    RepairResult,
    RepairRules,
    TestChange,
    Way,
)
from depmap_gui.analysis.repair_settling import blockers_of, obstacles_in_words
from depmap_gui.analysis.repair_words import assumptions_of, objective_in_words, sentence_of
from depmap_gui.analysis.uncertainty_results import ProductKey
from depmap_gui.domain.project import Project
from depmap_gui.domain.quantity import mode
from depmap_gui.domain.records import Supplies
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CreditResult

_USUAL = RepairRules()


def repair(
    project: Project,
    packs: Sequence[RulePack],
    plant: str,
    product: str | None = None,
    rules: RepairRules = _USUAL,
    context: Context | None = None,
) -> RepairResult:
    """The ways back to eligible of a plant's credits (of one product, or of all) in the project's
    year. Raises RepairError where the plant claims no credit, and Canceled.
    """
    told = context or Quiet()
    started = monotonic()
    told.progress(0.0, "Asking the law about the plant")
    case = case_of(project, packs, plant, product, rules)
    if not case.blocked():
        return _result(case, (), (), Ending.ELIGIBLE, started)
    moves = moves_of(case)
    told.progress(0.05, "Writing down what the tests ask of the moves")
    allowed = [move for move in moves if rules.allows(move)]
    search = _Search(case, allowed, told, started + rules.seconds)
    search.run()
    return _result(case, moves, tuple(search.ways), search.ending, started, told)


@dataclass
class _Search:
    case: RepairCase
    moves: Sequence[Move]
    told: Context
    until: float
    ways: list[Way] = field(default_factory=list)
    ending: Ending = Ending.FOUND

    def run(self) -> None:
        """Find the ways, each the cheapest of those left."""
        model = Model(self.moves)
        cutting = Cutting(self.case, self.moves, model)
        add_ratio_rows(self.case, self.moves, cutting.relief(), model)
        add_owner_rows(self.case, self.moves, model)
        measures = measures_of(self.case, self.moves, model)
        wanted = self.case.rules.alternatives
        try:
            while len(self.ways) < wanted:
                self._tell()
                point = model.least(measures, self.until)
                if point is None:
                    self.ending = Ending.ALL_FOUND if self.ways else Ending.NONE_EXISTS
                    return
                if blocked := self.case.blocked(point.made):
                    cutting.refute(point, blocked)
                else:
                    self.ways.append(_way(self.case, point))
                    model.exclude(point)
        except OutOfTime:
            self.ending = Ending.OUT_OF_TIME

    def _tell(self) -> None:
        done = len(self.ways) / max(1, self.case.rules.alternatives)
        found = f"{len(self.ways)} found, " if self.ways else ""
        self.told.progress(
            0.1 + 0.8 * done, f"{found}{self.case.judged:,} sets of moves judged by the law"
        )


def measures_of(case: RepairCase, moves: Sequence[Move], model: Model) -> list[Row]:
    """What is made least, one after the other: the weight of unpriced moves; money, where a saving
    counts as nothing; the number of moves; money with savings; and how much is moved."""
    weight: Row = {}
    money: Row = {}
    balance: Row = {}
    amount: Row = {}
    for move in moves:
        made = model.made[move.id]
        stepped = model.stepped.get(move.id)
        if move.extra is None:
            weight[made] = case.rules.weight(move.kind)
        elif stepped is not None and move.kind is MoveKind.RESOURCE:
            money[stepped] = max(0.0, move.extra) / move.steps
            balance[stepped] = move.extra / move.steps
        else:
            money[made] = max(0.0, move.extra)
            balance[made] = move.extra
        if stepped is not None:
            amount[stepped] = _size(case, move)
    count = dict.fromkeys(model.made.values(), 1.0)
    return [weight, money, count, balance, amount]


def _size(case: RepairCase, move: Move) -> float:
    """How much one step moves: money of an item, as a part of all that the plant buys; of a
    holding or loan, of its share."""
    link = case.project.links[move.record]
    if not isinstance(link, Supplies) or link.cost is None:
        return 1.0 / STEPS
    bought = sum(
        mode(each.cost) for each in case.map.into(Supplies, case.plant.id) if each.cost is not None
    )
    return mode(link.cost) / STEPS / (bought or 1.0)


# Results --------------------------------------------------------------------------------------


def _way(case: RepairCase, point: Point) -> Way:
    made = []
    for each in point.made:
        move = each.move
        cost = move.extra
        if cost is not None and move.kind is MoveKind.RESOURCE:
            cost *= each.part
        made.append(
            MadeMove(
                move=move,
                steps=each.steps,
                sentence=sentence_of(case.project, each),
                cost=cost,
                priced=move.id in case.rules.prices,
            )
        )
    after = case.after(point.made)
    unpriced = [each.move for each in made if each.cost is None]
    return Way(
        moves=tuple(made),
        cost=sum(each.cost for each in made if each.cost is not None),
        unpriced=len(unpriced),
        weight=sum(case.rules.weight(move.kind) for move in unpriced),
        changes=changes_of(case.project, point.made, case.answers),
        tests=_changes(case, after),
        status={key: credit.status for key, credit in after.items()},
        open={key: credit.open for key, credit in after.items()},
        gap=point.gap,
    )


def _changes(case: RepairCase, after: Mapping[ProductKey, CreditResult]) -> tuple[TestChange, ...]:
    found = []
    for key, credit in case.credits.items():
        later = {test.id: test for test in after[key].tests}
        found += [
            TestChange(
                plant=key[0],
                product=key[1],
                pack=key[2],
                test=test.id,
                title=test.title,
                before=test,
                after=later[test.id],
            )
            for test in credit.tests
            if test.id in later
        ]
    return tuple(found)


def _result(
    case: RepairCase,
    moves: Sequence[Move],
    ways: tuple[Way, ...],
    ending: Ending,
    started: float,
    told: Context | None = None,
) -> RepairResult:
    blockers = blockers_of(case, told or Quiet()) if ending is not Ending.ELIGIBLE else ()
    return RepairResult(
        plant=case.plant.id,
        product=case.product,
        year=case.project.header.year,
        packs=tuple(pack.id for pack in case.packs),
        currency=case.project.header.currency,
        ending=ending,
        ways=ways,
        moves=tuple(moves),
        blockers=blockers,
        before=tuple(test for credit in case.credits.values() for test in credit.tests),
        status={key: credit.status for key, credit in case.credits.items()},
        seconds=monotonic() - started,
        judged=case.judged,
        because=obstacles_in_words(case, moves, ending),
        forbidden=tuple(move.id for move in moves if not case.rules.allows(move)),
        objective=objective_in_words(case.rules),
        assumptions=assumptions_of(case.project.name(case.plant.id)),
    )
