"""What the shares of barred holders and lenders ask of the moves, as rows of the program.

A direct holding of one that is or may be a specified foreign entity counts in full at the worse
end of a measure, so what all of them hold together must stay within the bound, and each its own.
That much is needed whatever comes through chains of holders besides, which only the law adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from depmap_gui.analysis.repair_case import RepairCase
from depmap_gui.analysis.repair_model import Model, Row
from depmap_gui.analysis.repair_results import STEPS, Move, MoveKind
from depmap_gui.domain.quantity import Quantity, high, low
from depmap_gui.domain.records import Lends, Owns
from depmap_gui.rules.influence import AGGREGATE, DEBT, SINGLE
from depmap_gui.rules.pack import Comparison
from depmap_gui.rules.results import Answer, TestResult, Verdict
from depmap_gui.rules.setting import SAME
from depmap_gui.rules.status import SFE

_DUST = 2e-6
"""Of a step: what a row forgives, above the solver's own tolerance."""
_OPEN = (Verdict.FAIL, Verdict.UNCERTAIN)
Part = tuple[float, Row]


def add_owner_rows(case: RepairCase, moves: Sequence[Move], model: Model) -> None:
    """Put into the model what the limbs of the taxpayer's status ask that are in the way."""
    taxpayer = case.taxpayer
    if taxpayer is None or taxpayer.declared:
        return
    move_of = {
        move.record: move for move in moves if move.kind in (MoveKind.DIVEST, MoveKind.REFINANCE)
    }
    for key, credit in case.credits.items():
        for test in credit.tests:
            if test.verdict not in _OPEN or test.threshold is None:
                continue
            if test.id == DEBT:
                _hold(model, test, [_debt(case, key[2], move_of, model)])
            elif test.id == SINGLE and not taxpayer.traded:
                _hold(model, test, _holdings(case, key[2], move_of, model))
            elif test.id == AGGREGATE and _adds_up(case):
                _hold(model, test, [_together(_holdings(case, key[2], move_of, model))])


def _adds_up(case: RepairCase) -> bool:
    """Whether all holdings together count in full at their most: not of a traded taxpayer, where
    only those count that must report, nor where shares may come to more than the whole."""
    taxpayer = case.taxpayer
    if taxpayer is None or taxpayer.traded:
        return False
    links = case.map.into(Owns, taxpayer.id)
    return sum(high(link.share) for link in links if link.share is not None) <= 1.0 + SAME


def _hold(model: Model, test: TestResult, parts: Iterable[Part]) -> None:
    assert test.threshold is not None
    strict = test.comparison == Comparison.AT_LEAST
    bound = test.threshold * STEPS + (-_DUST if strict else _DUST)
    for constant, row in parts:
        if constant > 0.0 or row:
            model.row(row, high=bound - constant)


def _together(parts: Sequence[Part]) -> Part:
    total: Row = {}
    for _, row in parts:
        for variable, each in row.items():
            total[variable] = total.get(variable, 0.0) + each
    return sum(constant for constant, _ in parts), total


def _holdings(case: RepairCase, pack: str, move_of: dict[str, Move], model: Model) -> list[Part]:
    """Each direct holding that counts, in steps, as the moves leave it."""
    assert case.taxpayer is not None
    return [
        _left(link.share, move_of.get(link.id), model)
        for link in case.map.into(Owns, case.taxpayer.id)
        if link.share is not None and _counts(case, pack, link.source)
    ]


def _debt(case: RepairCase, pack: str, move_of: dict[str, Move], model: Model) -> Part:
    """What specified foreign entities lend, at most, in steps: loans of no stated share may be
    all that the others leave."""
    assert case.taxpayer is not None
    links = case.map.into(Lends, case.taxpayer.id)
    stated = sum(low(link.share) for link in links if link.share is not None)
    parts = []
    for link in links:
        if not _counts(case, pack, link.source):
            continue
        move = move_of.get(link.id)
        if link.share is not None:
            parts.append(_left(link.share, move, model))
        else:
            rest = max(0.0, 1.0 - stated) * STEPS
            parts.append((rest, {} if move is None else {model.made[move.id]: -rest}))
    return _together(parts)


def _left(share: Quantity, move: Move | None, model: Model) -> Part:
    """A share at its most, in steps: as it is, and less what the move takes off."""
    today = high(share) * STEPS
    if move is None or not move.steps:
        return today, {}
    return today, {model.made[move.id]: move.steps - today, model.stepped[move.id]: -1.0}


def _counts(case: RepairCase, pack: str, holder: str) -> bool:
    """Whether the holder is or may be a specified foreign entity: at the worse end it counts."""
    status = case.law.companies.get(pack, {}).get(holder)
    given = None if status is None else status.answers.get(SFE)
    return given in (Answer.YES, Answer.UNKNOWN)
