"""How sure the scores are, beside the scores: ranges, samples and single points of failure.

``NAME_range`` gives, beside the vector ``NAME``, [low, high] for each jurisdiction whose share is
not certain: low is the least that is documented, high the most together with what is unknown,
over all values that the uncertain quantities may take. ``unknown`` has the range of the unknown
share itself; a jurisdiction that is not named may have from none to all of its high end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import UNKNOWN, Assessment, Range, Score, exposure
from depmap_gui.analysis.shock_critical import CriticalEntity
from depmap_gui.analysis.uncertainty_results import (
    ConcentrationBounds,
    Interval,
    ScoreBounds,
    ScoreSamples,
)
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.score_json import distribution_json
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction, Plant
from depmap_gui.session.session import ScoringRequest
from depmap_gui.session.shocks import find_critical_entities, ready_for_shocks
from depmap_gui.session.uncertainty import find_all_bounds, sample_score

PLACES = 12
USUAL_PLACE = "CN"
SAME = 1e-12
_COMPANY = (Score.ATTRIBUTION, Score.IP, Score.EMBEDDED_IP, Score.DEBT)
_PLANT = (Score.ATTRIBUTION, Score.IP, Score.EMBEDDED_IP, Score.OWNERSHIP)
_INPUTS = (
    Score.MADE_IN,
    Score.MADE_BY,
    Score.MADE_IN_FIRST_TIER,
    Score.MADE_BY_FIRST_TIER,
)
_SAMPLED = (Score.IP, Score.EMBEDDED_IP, *_INPUTS, Score.OWNERSHIP)


class HowSure(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown beside the scores."""

    bounds: Mapping[Score, ScoreBounds]
    concentration: Mapping[str, ConcentrationBounds]
    critical: Mapping[str, tuple[CriticalEntity, ...]]
    samples: tuple[ScoreSamples, ...] = ()


def how_sure(
    request: ScoringRequest,
    assessment: Assessment,
    context: Context,
    *,
    critical: bool,
    samples: int | None = None,
    seed: int = 1,
    jurisdiction: str | None = None,
) -> HowSure:
    """Bounds of every score; with ``samples``, how the plants' shares of a jurisdiction spread."""
    stops = {}
    if critical:
        ready = ready_for_shocks(request, assessment, context)
        stops = dict(find_critical_entities(ready, context))
    bounds, concentration = find_all_bounds(request, context, assessment)
    place = _sampled_place(request.project, jurisdiction)
    spread: tuple[ScoreSamples, ...] = ()
    if samples is not None and place is not None:
        spread = tuple(
            sample_score(
                request, score, place, samples, seed, context=context, assessment=assessment
            )
            for score in _SAMPLED
        )
    return HowSure(
        bounds=bounds,
        concentration=concentration,
        critical=stops,
        samples=spread,
    )


def _sampled_place(project: Project, asked: str | None) -> str | None:
    """The jurisdiction to sample: the one asked for, else the usual one where the map has it."""
    codes = [place.code or place.id for place in project.of_kind(Jurisdiction)]
    if asked is not None and asked not in (*codes, UNKNOWN):
        known = ", ".join(codes) or "none"
        raise CommandError(f"There is no jurisdiction '{asked}' on this map (it has: {known}).")
    return asked or (USUAL_PLACE if USUAL_PLACE in codes else None)


# JSON -----------------------------------------------------------------------------------------


def add_how_sure(plain: dict[str, Any], assessment: Assessment, found: HowSure) -> dict[str, Any]:
    """The scores' JSON with ranges, samples and what stops each plant put beside them."""
    for id, company in plain["companies"].items():
        for score in _COMPANY:
            _put(company, f"{score.value}_range", _ranges(assessment, found, score, id))
    for id, plant in plain["plants"].items():
        for score in _PLANT:
            _put(plant, f"{score.value}_range", _ranges(assessment, found, score, id))
        inputs = {score.value: _ranges(assessment, found, score, id) for score in _INPUTS}
        _put(plant, "inputs_range", {name: each for name, each in inputs.items() if each})
        if (indexes := found.concentration.get(id)) is not None:
            plant["hhi_range"] = {
                name: _pair(getattr(indexes, name))
                for name in ("ip", "inputs_made_in", "inputs_made_by", "suppliers")
            }
        plant["stops_without"] = [
            {"entity": each.entity, "whole": each.whole, "products": list(each.products)}
            for each in found.critical.get(id, ())
        ]
        spread = {
            each.score.value: {each.jurisdiction: _spread(each, id)}
            for each in found.samples
            if id in each.figures
        }
        _put(plant, "distribution", spread)
    plain["range_exact"] = {score.value: each.exact for score, each in found.bounds.items()}
    plain["range_notes"] = [
        f"{score.value}: {each.why}" for score, each in found.bounds.items() if each.why
    ]
    return plain


def _put(plain: dict[str, Any], name: str, value: Any) -> None:
    if value:
        plain[name] = value


def _ranges(
    assessment: Assessment, found: HowSure, score: Score, id: str
) -> dict[str, list[float]]:
    """The shares of an item that are not certain."""
    return {
        code: _pair(bound)
        for code, bound in sorted(_bounds(assessment, found, score, id).items())
        if bound.high - bound.low > SAME
    }


def _bounds(assessment: Assessment, found: HowSure, score: Score, id: str) -> Mapping[str, Range]:
    """Bounds of what may be documented of an item, by jurisdiction, and of `unknown`."""
    moved = found.bounds[score].ranges.get(id)
    shares = assessment.scores.vectors(score).get(id, {})
    if moved is None:
        return {code: exposure(shares, code) for code in shares}
    unknown = moved.get(UNKNOWN, Range(0.0, 0.0)).high
    return {
        code: bound
        for code, bound in moved.items()
        if code == UNKNOWN or bound.low > 0.0 or code in shares or bound.high > unknown + SAME
    }


def _pair(bound: Range) -> list[float]:
    return [round(bound.low, PLACES), round(bound.high, PLACES)]


def _spread(samples: ScoreSamples, id: str) -> dict[str, Any]:
    figure = samples.figures[id]
    return {
        "samples": samples.samples,
        "seed": samples.seed,
        "documented": distribution_json(figure.documented),
        "possible": distribution_json(figure.possible),
    }


# Text -----------------------------------------------------------------------------------------


def how_sure_lines(project: Project, assessment: Assessment, found: HowSure) -> list[str]:
    """The plants' ranges that uncertain quantities make, and how their shares spread."""
    lines = list(_range_lines(project, assessment, found))
    if lines:
        lines = ["", "Ranges over all values of the uncertain quantities", *lines]
        lines += [f"  {each.why}" for each in _inexact(found)]
    spread = [line for each in found.samples for line in _sample_lines(project, each)]
    if spread:
        first = found.samples[0]
        title = f"Shares of {first.jurisdiction} in {first.samples:,} samples (seed {first.seed}), "
        lines += ["", title + "what is unknown drawn evenly", *spread]
    return lines


def interval_json(interval: Interval | None) -> dict[str, Any]:
    """``low``, ``high`` and ``exact`` of one figure; nothing where no range moves it."""
    if interval is None:
        return {}
    low, high = _pair(Range(interval.low, interval.high))
    return {"low": low, "high": high, "exact": interval.exact}


def interval_lines(interval: Interval | None) -> list[str]:
    """One line with a figure's range; none where no uncertain quantity moves it."""
    if interval is None:
        return []
    said = "exact" if interval.exact else "at most this wide"
    span = f"{interval.low:.4%} to {interval.high:.4%}"
    return [f"{'':>11}range over all values of the uncertain quantities: {span} ({said})"]


def _inexact(found: HowSure) -> list[ScoreBounds]:
    unique = {each.why: each for each in found.bounds.values() if each.ranges and each.why}
    return list(unique.values())


def _range_lines(project: Project, assessment: Assessment, found: HowSure) -> Iterator[str]:
    for plant in project.of_kind(Plant):
        for score in (*_PLANT, *_INPUTS):
            if plant.id not in found.bounds[score].ranges:
                continue
            shares = assessment.scores.vectors(score).get(plant.id, {})
            told = [
                f"{code} {shares.get(code, 0.0):.1%} ({bound.low:.1%} to {bound.high:.1%})"
                for code, bound in _bounds(assessment, found, score, plant.id).items()
                if code != UNKNOWN and bound.high - bound.low > SAME
            ]
            if told:
                name = score.value.replace("_", " ")
                yield f"  {plant.name or plant.id}, {name}: {', '.join(told)}"


def _sample_lines(project: Project, samples: ScoreSamples) -> Iterator[str]:
    name = samples.score.value.replace("_", " ")
    for id, figure in samples.figures.items():
        spread = figure.possible
        if spread.most - spread.least > SAME:
            yield (
                f"  {project.name(id)}, {name}: mean {spread.mean:.1%}, half of them within "
                f"{spread.p25:.1%} to {spread.p75:.1%}, nine in ten within {spread.p5:.1%} to "
                f"{spread.p95:.1%}"
            )
