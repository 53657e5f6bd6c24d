"""The way back to eligible as lines that a consultant reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depmap_gui.analysis.repair_results import (
    KIND_WORDS,
    Ending,
    MadeMove,
    Move,
    RepairResult,
    TestChange,
    Way,
)
from depmap_gui.analysis.repair_words import move_in_words
from depmap_gui.cli.open_points import open_line
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.rules.results import TestResult, Verdict
from depmap_gui.session.session import ScoringRequest

_SIGNS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "FAIL",
    Verdict.UNCERTAIN: "uncertain",
    Verdict.UNKNOWN: "open",
}


def repair_lines(
    request: ScoringRequest, results: Sequence[RepairResult], *, moves: bool = False
) -> list[str]:
    """Each plant's ways with their moves, costs and tests, then what "cheapest" means and what
    all rests on; with ``moves`` the list of moves there are, too."""
    header = request.project.header
    scenario = f", scenario {request.scenario}" if request.scenario else ""
    lines = [f"{header.title or 'Untitled map'}: way back to eligible in {header.year}{scenario}"]
    for result in results:
        lines += ["", *_plant(request, result, moves=moves)]
    if any(result.ways for result in results):
        lines += ["", results[0].objective]
    assumed = dict.fromkeys(text for each in results if each.moves for text in each.assumptions)
    if assumed:
        lines += ["", "Assumptions", *(f"  {text}" for text in assumed)]
    return [*lines, "", results[0].caution]


def _plant(request: ScoringRequest, result: RepairResult, *, moves: bool) -> Iterator[str]:
    project = request.project
    yield project.name(result.plant)
    for (_, product, pack), status in result.status.items():
        yield f"  {_product(project, result.plant, product)} ({pack}): {status.value.upper()}"
    if result.ending is Ending.ELIGIBLE:
        yield "  Nothing stands in the way: no test fails or straddles, so no move is needed."
        return
    yield "  In the way today:"
    for blocker in result.blockers:
        name = _product(project, result.plant, blocker.product)
        yield f"    {name}: {blocker.title} ({_SIGNS[blocker.verdict]})"
        for fact in blocker.settled_by:
            yield f"      A fact may settle it without any move: {fact}"
    for number, way in enumerate(result.ways, 1):
        yield ""
        yield from _way(request, result, way, number)
    yield ""
    yield f"  {ending_in_words(result)}"
    for text in result.because:
        yield f"  - {text}"
    if moves:
        yield "  Moves there are:"
        yield from (f"    {_offered(project, move, result)}" for move in result.moves)


def ending_in_words(result: RepairResult) -> str:
    """How sure the answer is, in a sentence."""
    proven = "proven" if all(way.gap is None for way in result.ways) else "not proven"
    match result.ending:
        case Ending.ELIGIBLE:
            return "Already eligible."
        case Ending.NONE_EXISTS:
            return (
                "None exists: it is proven that no choice among the moves there are "
                f"({_moves(result)}) brings every test to pass."
            )
        case Ending.ALL_FOUND:
            return (
                "There is no further way (proven: any other set that works holds all the moves of "
                f"one above; {result.judged} sets of moves were judged)."
            )
        case Ending.OUT_OF_TIME:
            what = "no further way was found" if result.ways else "no way was found"
            return (
                f"Stopped after {result.seconds:.0f} s: {what}, and it is not proven that there is "
                "none. Give it more time."
            )
        case Ending.FOUND:
            return (
                f"Each is the cheapest of those left ({proven}; {result.judged} sets of moves "
                "were judged). There may be further ones."
            )


def _moves(result: RepairResult) -> str:
    count, forbidden = len(result.allowed), len(result.forbidden)
    told = f"{count} move" if count == 1 else f"{count} moves"
    return f"{told}, {forbidden} more forbidden" if forbidden else told


def cost_in_words(way: Way, currency: str) -> str:
    """What a way costs: known money, and how many moves nobody has priced."""
    priced = len(way.moves) - way.unpriced
    told = []
    if priced:
        told.append(money(way.cost, currency))
    if way.unpriced:
        kind = "move" if way.unpriced == 1 else "moves"
        told.append(f"{way.unpriced} {kind} without a price (weight {way.weight:g})")
    return " and ".join(told) or "nothing"


def money(cost: float, currency: str) -> str:
    """A yearly extra cost, or a saving."""
    if cost < 0.0:
        return f"saves {-cost:,.0f} {currency} a year"
    return f"{cost:,.0f} {currency} more a year"


def _way(request: ScoringRequest, result: RepairResult, way: Way, number: int) -> Iterator[str]:
    rank = "The cheapest way" if number == 1 else f"Alternative {number - 1}"
    yield f"  {rank}: {cost_in_words(way, result.currency)}"
    if way.gap is not None:
        yield f"    Not proven to be the cheapest: it may be up to {way.gap:.1%} off."
    for made in way.moves:
        yield f"    - {made.sentence} {_cost(made, result.currency)}"
        yield from (f"      {cure}" for cure in made.move.cures)
    changed = [each for each in way.tests if _differs(each)]
    for each in changed:
        name = _product(request.project, result.plant, each.product)
        yield f"    {name}: {each.title}: {measured(each.before)} -> {measured(each.after)}"
    for key, status in way.status.items():
        points = way.open[key]
        told = f"; {open_line(points, key[2], request.packs)}" if points else ""
        yield f"    {_product(request.project, result.plant, key[1])}: {status.value}{told}"


def _cost(made: MadeMove, currency: str) -> str:
    if made.cost is None:
        return "(no price)"
    whose = ", as stated" if made.priced else ""
    return f"({money(made.cost, currency)}{whose})"


def _differs(change: TestChange) -> bool:
    before, after = change.before, change.after
    return (before.verdict, before.low, before.high) != (after.verdict, after.low, after.high)


def measured(test: TestResult) -> str:
    """`uncertain 39.5% to 100.0%`, with the threshold where there is one."""
    sign = _SIGNS[test.verdict]
    if test.low is None or test.high is None:
        return sign
    same = abs(test.high - test.low) < 1e-12
    found = f"{test.low:.1%}" if same else f"{test.low:.1%} to {test.high:.1%}"
    if test.threshold is None:
        return f"{sign} {found}"
    return f"{sign} {found} (fails if {test.comparison} {test.threshold:.1%})"


def _offered(project: Project, move: Move, result: RepairResult) -> str:
    cost = "no price" if move.extra is None else money(move.extra, result.currency)
    part = ", in part or whole" if move.steps else ""
    part += ", forbidden" if move.id in result.forbidden else ""
    words = move_in_words(project, move)
    return f"{move.id}: {KIND_WORDS[move.kind]}: {words} ({cost}{part})"


def _product(project: Project, plant: str, product: str) -> str:
    entity = project.entities.get(plant)
    if isinstance(entity, Plant):
        return next((each.name or each.id for each in entity.products if each.id == product), "")
    return product
