"""What stands in the way: which facts would settle it, and what no move on the list cures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.law_samples import judge
from depmap_gui.analysis.missing_facts import missing_facts
from depmap_gui.analysis.repair_case import Blocked, RepairCase
from depmap_gui.analysis.repair_moves import NOT_ON_SUPPLIES, ON_AGREEMENTS
from depmap_gui.analysis.repair_play import Made, changes_of, played
from depmap_gui.analysis.repair_results import Blocker, Ending, Move, MoveKind
from depmap_gui.analysis.uncertainty_results import TestQuestion, UncertaintyError
from depmap_gui.rules.results import Answer, TestResult, Verdict

MOST_LINKS = 500
"""On larger maps it is not looked for which fact would settle a test."""
MOST_FACTS = 2


def blockers_of(case: RepairCase, told: Context) -> tuple[Blocker, ...]:
    """The tests in the way today; for one that straddles, the facts that may let it pass."""
    return tuple(_blocker(case, each, told) for each in case.blocked())


def _blocker(case: RepairCase, blocked: Blocked, told: Context) -> Blocker:
    key, id = blocked
    test = test_of(case, blocked)
    reasons = (*test.flips, *test.because)
    return Blocker(
        plant=key[0],
        product=key[1],
        pack=key[2],
        test=id,
        title=test.title,
        verdict=test.verdict,
        because=tuple(reason.text for reason in reasons[:3]),
        settled_by=_settled_by(case, blocked, told) if test.verdict is Verdict.UNCERTAIN else (),
    )


def test_of(case: RepairCase, blocked: Blocked) -> TestResult:
    """The test in the way as it came out today."""
    key, id = blocked
    return next(test for test in case.credits[key].tests if test.id == id)


def _settled_by(case: RepairCase, blocked: Blocked, told: Context) -> tuple[str, ...]:
    if len(case.project.links) > MOST_LINKS:
        return ()
    (plant, product, pack), test = blocked
    question = TestQuestion(plant=plant, product=product, pack=pack, test=test)
    try:
        found = missing_facts(case.project, case.packs, question, _Last(told))
    except UncertaintyError:
        return ()
    passing = [fact.sentence for fact in found.facts if Verdict.PASS in fact.settles]
    return tuple(passing[:MOST_FACTS])


class _Last:
    """Passes progress on as the last stretch of the way."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def progress(self, fraction: float, what: str) -> None:
        """Tell how far the whole way is done."""
        self._context.progress(0.9 + 0.1 * fraction, what)


# What no move cures -------------------------------------------------------------------------


def obstacles_in_words(case: RepairCase, moves: Sequence[Move], ending: Ending) -> tuple[str, ...]:
    """Why amendments do not do; and where no way exists, what stays in the way whatever is done."""
    if ending is Ending.ELIGIBLE:
        return ()
    told = list(_about_amending(case, moves))
    if ending is Ending.NONE_EXISTS:
        allowed = [move for move in moves if case.rules.allows(move)]
        told += _whatever_is_done(case, allowed)
    return tuple(told)


def _about_amending(case: RepairCase, moves: Sequence[Move]) -> Iterator[str]:
    agreements = dict.fromkeys(move.record for move in moves if move.group.startswith("agreement:"))
    amending = {move.record: move for move in moves if move.kind is MoveKind.AMEND}
    for id in agreements:
        law = case.law
        if id in amending:
            changes = changes_of(case.project, [Made(amending[id])], case.answers)
            law = judge(played(case.project, changes), case.packs)
        for pack in case.packs:
            control = law.licenses.get(pack.id, {}).get(id)
            if control is None or control.verdict not in (Verdict.FAIL, Verdict.UNCERTAIN):
                continue
            flags = [pack.flags[f.flag] for f in control.flags if f.answer is Answer.YES]
            for flag in flags:
                if id in amending or flag.term is None:
                    yield (
                        f"{case.project.name(id)}: amending it does not do, because of "
                        f"'{flag.title}'. {flag.cure} ({flag.citation})"
                    )


def _whatever_is_done(case: RepairCase, moves: Sequence[Move]) -> Iterator[str]:
    if not moves:
        yield (
            "The map offers no move that is allowed and bears on what stands in the way: no "
            "candidate supply, agreement, holding or loan."
        )
    most = [
        Made(move, move.steps)
        for move in moves
        if move.kind in (MoveKind.RELICENSE, MoveKind.DIVEST, MoveKind.REFINANCE)
        or move.kind is MoveKind.END_RIGHT
    ]
    for key, id in case.blocked(most):
        test = next(each for each in case.after(most)[key].tests if each.id == id)
        name = f"{_product(case, key[1])}: {test.title}"
        method = case.method(key, id)
        if method in NOT_ON_SUPPLIES and method != ON_AGREEMENTS:
            why = " ".join(reason.text for reason in test.because[:1])
            yield f"{name} does not pass even with every move on the list made. {why}".rstrip()
        elif method == ON_AGREEMENTS:
            yield f"{name} does not pass with any choice among the moves on agreements."
        else:
            yield (
                f"{name} does not pass with any choice among the supplies on the list, candidates "
                "and other makers."
            )


def _product(case: RepairCase, id: str) -> str:
    return next((each.name or id for each in case.plant.products if each.id == id), id)
