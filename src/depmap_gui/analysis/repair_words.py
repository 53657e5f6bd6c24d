"""Moves and ways in sentences."""

from __future__ import annotations

from depmap_gui.analysis.repair_play import Made
from depmap_gui.analysis.repair_results import STEPS, Move, MoveKind, RepairRules
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Licenses, Material
from depmap_gui.rules.setting import percent

UNBARRED = "whom the law does not bar"


def sentence_of(project: Project, made: Made) -> str:
    """What is to be done, as a consultant would say it."""
    move = made.move
    record = move.record
    match move.kind:
        case MoveKind.SWAP:
            assert move.other is not None
            seller = _source(project, move.other)
            return f"Buy {move.title} from {seller} instead of {_source(project, record)}."
        case MoveKind.RESOURCE:
            seller = _source(project, record)
            if made.part >= 1.0:
                return f"Get {move.title} from a maker {UNBARRED}, instead of {seller}."
            return (
                f"Get {percent(made.part)} of {move.title} from a maker {UNBARRED}, the rest from "
                f"{seller} as today."
            )
        case MoveKind.AMEND:
            return f"Amend {project.name(record)} on: {', '.join(move.flags)}."
        case MoveKind.BUY_OUT:
            return (
                f"Buy the technology of {project.name(record)} outright, without return to the "
                "seller."
            )
        case MoveKind.RELICENSE:
            parties = [
                project.name(link.source)
                for id in move.where
                if isinstance(link := project.links.get(id), Licenses)
            ]
            instead = f", instead of {', '.join(parties)}" if parties else ""
            return f"Make {project.name(record)} with somebody {UNBARRED}{instead}."
        case MoveKind.END_RIGHT:
            return (
                f"End the right of {_source(project, record)} to appoint officers of "
                f"{_target(project, record)}."
            )
        case MoveKind.DIVEST | MoveKind.REFINANCE:
            return _brought_down(project, made)


def move_in_words(project: Project, move: Move) -> str:
    """A move as one of a list of its kind: what it is about."""
    match move.kind:
        case MoveKind.SWAP:
            assert move.other is not None
            seller = _source(project, move.other)
            return f"{move.title}: from {seller} instead of {_source(project, move.record)}"
        case MoveKind.RESOURCE:
            return f"{move.title}, today from {_source(project, move.record)}"
        case MoveKind.AMEND:
            return f"{move.title}: {', '.join(move.flags)}"
        case MoveKind.DIVEST | MoveKind.REFINANCE if move.before is not None:
            return f"{move.title}: {percent(move.before)} of {_target(project, move.record)}"
        case _:
            return move.title


def _brought_down(project: Project, made: Made) -> str:
    move = made.move
    who, of = _source(project, move.record), _target(project, move.record)
    held = "debt of" if move.kind is MoveKind.REFINANCE else "holding in"
    kept = (move.steps - made.steps) / STEPS if move.steps else 0.0
    taker = f"by lenders {UNBARRED}" if move.kind is MoveKind.REFINANCE else f"to buyers {UNBARRED}"
    if move.kind is MoveKind.REFINANCE:
        if kept <= 0.0:
            return f"Have all that {who} lends {of} refinanced {taker}."
        start = f"Bring the share of {who} in the {held} {of}"
        return f"{start} down to {percent(kept)}, the rest refinanced {taker}."
    if kept <= 0.0:
        return f"Have {who} sell all of its {held} {of} {taker}."
    return f"Bring the {held} {of} that {who} has down to {percent(kept)}, the rest sold {taker}."


def _source(project: Project, link: str) -> str:
    """Who is at the link's start; of a material only its market is known."""
    source = project.links[link].source
    market = isinstance(project.entities.get(source), Material)
    return f"the market ({project.name(source)})" if market else project.name(source)


def _target(project: Project, link: str) -> str:
    return project.name(project.links[link].target)


def objective_in_words(rules: RepairRules) -> str:
    """What "cheapest" means here, in a paragraph."""
    kinds = list(MoveKind)
    told = ", ".join(f"{kind.value} {rules.weight(kind):g}" for kind in kinds)
    return (
        "Cheapest means, in this order: the least weight of moves that have no price (each counts "
        f"{told}); then the least extra cost a year of those that have one; then the fewest moves; "
        "then the greatest saving; then the smallest shares moved. A weight is no money. A price "
        "is what the map says of a candidate's cost, or what you state; a move that saves money is "
        "counted as free, so that none is made only for the saving."
    )


def assumptions_of(plant: str) -> tuple[str, ...]:
    """What every way rests on."""
    supposed = (
        "Supposed makers, buyers, lenders and licensors are nobody in particular, declared not to "
        "be entities that the law bars. Without a stated price they cost what is paid now."
    )
    moved = (
        f"Moved are only what {plant} buys itself, its own and its taxpayer's agreements, and "
        "holdings in and loans to its taxpayer."
    )
    return (
        "Moves are read as made before the tax year begins, and for all of it.",
        supposed,
        "An amendment itself modifies its agreement; it is dated to the year's first day.",
        moved,
        "Shares are moved in tenths of a percent, rounded up to the next one that does.",
    )
