"""The way back to eligible as plain JSON values. Shares in 0..1, money a year's in the map's
currency; null is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from depmap_gui.analysis.repair_results import (
    Ending,
    MadeMove,
    Move,
    RepairResult,
    TestChange,
    Way,
)
from depmap_gui.domain.plain import to_plain
from depmap_gui.rules.results import TestResult
from depmap_gui.session.session import ScoringRequest

PLACES = 12


def repair_json(request: ScoringRequest, results: Sequence[RepairResult]) -> dict[str, Any]:
    """Everything that was found, by plant."""
    header = request.project.header
    return {
        "title": header.title,
        "year": header.year,
        "scenario": request.scenario,
        "currency": header.currency,
        "rule_packs": [{"id": pack.id, "version": pack.version} for pack in request.packs],
        "objective": results[0].objective if results else "",
        "assumptions": list(dict.fromkeys(text for each in results for text in each.assumptions)),
        "plants": [_plant(result) for result in results],
        "caution": results[0].caution if results else "",
    }


def _plant(result: RepairResult) -> dict[str, Any]:
    return {
        "plant": result.plant,
        "product": result.product,
        "ending": result.ending.value,
        "proven": result.ending in (Ending.ELIGIBLE, Ending.ALL_FOUND, Ending.NONE_EXISTS)
        or bool(result.ways and result.ways[0].gap is None),
        "credits": [
            {"product": product, "rule_pack": pack, "status": status.value}
            for (_, product, pack), status in result.status.items()
        ],
        "in_the_way": [
            {
                "product": each.product,
                "rule_pack": each.pack,
                "test": each.test,
                "verdict": each.verdict.value,
                "because": list(each.because),
                "settled_by": list(each.settled_by),
            }
            for each in result.blockers
        ],
        "ways": [_way(way) for way in result.ways],
        "moves": [_move(move, result) for move in result.moves],
        "because": list(result.because),
        "judged": result.judged,
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "cost": way.cost,
        "unpriced": way.unpriced,
        "weight": way.weight,
        "gap": way.gap,
        "moves": [_made(each) for each in way.moves],
        "credits": [
            {
                "product": key[1],
                "rule_pack": key[2],
                "status": status.value,
                "open": list(way.open[key]),
            }
            for key, status in way.status.items()
        ],
        "tests": [_test(each) for each in way.tests],
        "changes": [to_plain(change) for change in way.changes],
    }


def _made(made: MadeMove) -> dict[str, Any]:
    share = made.share
    return {
        "id": made.move.id,
        "kind": made.move.kind.value,
        "record": made.move.record,
        "sentence": made.sentence,
        "cost": made.cost,
        "priced_by": None if made.cost is None else ("analyst" if made.priced else "map"),
        "share": None if share is None else round(share, PLACES),
        "cures": list(made.move.cures),
    }


def _move(move: Move, result: RepairResult) -> dict[str, Any]:
    return {
        "id": move.id,
        "kind": move.kind.value,
        "record": move.record,
        "candidate": move.other,
        "title": move.title,
        "cost": move.extra,
        "in_part": bool(move.steps),
        "forbidden": move.id in result.forbidden,
    }


def _test(change: TestChange) -> dict[str, Any]:
    return {
        "product": change.product,
        "rule_pack": change.pack,
        "id": change.test,
        "before": _result(change.before),
        "after": _result(change.after),
    }


def _result(test: TestResult) -> dict[str, Any]:
    figures = {"low": test.low, "high": test.high, "threshold": test.threshold}
    return {
        "verdict": test.verdict.value,
        **{name: None if each is None else round(each, PLACES) for name, each in figures.items()},
        "comparison": test.comparison,
        "open": list(test.open),
    }
