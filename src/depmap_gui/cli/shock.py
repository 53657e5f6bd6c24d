"""The command ``shock``: what is switched off, read from the options, and what comes of it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from depmap_gui.analysis.results import Range
from depmap_gui.analysis.shock_critical import CriticalEntity
from depmap_gui.analysis.shock_results import (
    EVERY_CHANNEL,
    Channel,
    EntityLoss,
    LostNeed,
    Outage,
    ProductLoss,
    ShockError,
    ShockResult,
)
from depmap_gui.cli.faults import CommandError
from depmap_gui.cli.progress import bar
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction, Plant, Supplies
from depmap_gui.session.rules import user_folders
from depmap_gui.session.session import ScoringRequest, Session
from depmap_gui.session.shocks import find_critical_entities, play_shock, ready_for_shocks

PLACES = 12
SHOWN = 100
"""How many of those that are hit the table shows; JSON has them all."""
CriticalByPlant = Mapping[str, Sequence[CriticalEntity]]


def shock(options: Namespace) -> int:
    """Print what is lost, as a table or as one JSON object."""
    if not options.off and not options.single_points:
        raise CommandError(
            "Nothing to switch off was given. Say what with --off, for example --off CN, "
            "--off CN:made-in=0.5 or --off with the id of an item; or ask for --single-points."
        )
    folders = user_folders(options.rules_folder)
    request = Session.open(options.file, folders).request(
        year=options.year, basis=options.basis, scenario=options.scenario, packs=options.packs
    )
    outages = [read_outage(request.project, given) for given in options.off]
    critical: CriticalByPlant | None = None
    with bar("Shock") as context:
        try:
            ready = ready_for_shocks(request, context=context)
            result = play_shock(ready, outages, context)
        except ShockError as fault:
            raise CommandError(str(fault)) from fault
        if options.single_points:
            critical = find_critical_entities(ready, context)
    if options.json:
        json.dump(shock_json(request, result, critical), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print("\n".join(shock_lines(request, result, critical)))
    return 0


def read_outage(project: Project, given: str) -> Outage:
    """An outage as written: an item or jurisdiction, then perhaps a channel and a fraction.

    Raises CommandError where it cannot be read or names nothing on the map.
    """
    if (whole := _named(project, given)) is not None:
        return Outage(whole)
    body, equals, number = given.rpartition("=")
    fraction = _fraction(given, number) if equals else 1.0
    if not equals:
        body = given
    if (named := _named(project, body)) is not None:
        return Outage(named, fraction)
    place, colon, channel = body.rpartition(":")
    named = _named(project, place) if colon else None
    if named is None:
        codes = ", ".join(_code(each) for each in project.of_kind(Jurisdiction)) or "none"
        raise CommandError(
            f"There is no item or jurisdiction '{place if colon else body}' on this map. It has "
            f"the jurisdictions {codes}; 'depmap score' lists its items."
        )
    return Outage(named, fraction, frozenset({_channel(given, channel)}))


def _named(project: Project, given: str) -> str | None:
    """The id of what is meant: an id, the code of a jurisdiction, or a name; None for nothing."""
    if given in project.entities:
        return given
    for place in project.of_kind(Jurisdiction):
        if place.code and place.code.casefold() == given.casefold():
            return place.id
    found = [entity.id for entity in project.entities.values() if given and entity.name == given]
    if len(found) > 1:
        raise CommandError(f"'{given}' names several items; give an id: {', '.join(found)}.")
    return found[0] if found else None


def _fraction(given: str, number: str) -> float:
    try:
        return float(number)
    except ValueError:
        raise CommandError(
            f"In '{given}', what follows '=' is the fraction that is lost: a number from 0 to 1, "
            f"not '{number}'."
        ) from None


def _channel(given: str, written: str) -> Channel:
    try:
        return Channel(written.casefold().replace("_", "-"))
    except ValueError:
        names = ", ".join(channel.value for channel in Channel)
        raise CommandError(
            f"In '{given}', what follows ':' says what of the jurisdiction is switched off: "
            f"one of {names}, not '{written}'."
        ) from None


def _code(place: Jurisdiction) -> str:
    return place.code or place.id


# ---------------------------------------------------------------------------------- JSON


def shock_json(
    request: ScoringRequest, result: ShockResult, critical: CriticalByPlant | None
) -> dict[str, Any]:
    """What a shock does, as plain JSON values.

    Shares are in 0..1. A range's optimistic end stands under the plain name (`availability`,
    `lost`, `lost_units`...), its other end, where the outages hit what is unknown too, under
    the name with `_at_least` (what is left) or `_at_most` (what is lost).
    """
    project, header = request.project, request.project.header
    plain: dict[str, Any] = {
        "title": header.title,
        "year": header.year,
        "basis": header.basis.value,
        "scenario": request.scenario,
        "currency": result.currency,
        "off": [_outage_json(project, outage) for outage in result.outages],
        "plants": _plants_json(project, result),
        "entities": {id: _entity_json(loss) for id, loss in result.entities.items()},
        "links": sorted(result.carrying),
        "assumptions": [assumption.text for assumption in result.assumptions],
    }
    if critical is not None:
        plain["single_points"] = {
            plant: [
                {"entity": each.entity, "whole": each.whole, "products": list(each.products)}
                for each in entities
            ]
            for plant, entities in critical.items()
        }
    return plain


def _outage_json(project: Project, outage: Outage) -> dict[str, Any]:
    entity = project.entities[outage.entity]
    plain: dict[str, Any] = {"entity": outage.entity, "fraction": outage.fraction}
    if isinstance(entity, Jurisdiction):
        plain["code"] = _code(entity)
        plain["channels"] = [channel.value for channel in Channel if channel in outage.channels]
    return plain


def _plants_json(project: Project, result: ShockResult) -> dict[str, Any]:
    plants: dict[str, Any] = {
        plant.id: {**_left(result.availability(plant.id)), "products": []}
        for plant in project.of_kind(Plant)
    }
    for loss in result.products:
        plants[loss.plant]["products"].append(_product_json(loss))
    return plants


def _product_json(loss: ProductLoss) -> dict[str, Any]:
    return {
        "product": loss.product,
        **_left(loss.availability),
        **_lost("lost", loss.lost),
        "unit": loss.unit,
        "units": _number(loss.units),
        **_lost("lost_units", loss.lost_units),
        "value": _number(loss.value),
        **_lost("lost_value", loss.lost_value),
        "credit": _number(loss.credit),
        **_lost("lost_credit", loss.lost_credit),
        "credit_currency": loss.credit_currency,
        "chain": [
            {"link": step.link, "source": step.source, "target": step.target} for step in loss.chain
        ],
    }


def _entity_json(loss: EntityLoss) -> dict[str, Any]:
    return {
        **_left(loss.availability),
        "own": _number(loss.own.high),
        "own_at_least": _number(loss.own.low),
        "needs": [_need_json(need) for need in loss.needs],
    }


def _need_json(need: LostNeed) -> dict[str, Any]:
    return {
        "kind": need.kind.value,
        "name": need.name,
        "product": need.product,
        **_left(need.availability),
        "binding": need.binding,
        "carried_by": [
            {
                "link": carrier.link,
                "source": carrier.source,
                "share": _number(carrier.share),
                **_lost("lost", carrier.lost),
            }
            for carrier in need.carriers
        ],
    }


def _left(left: Range) -> dict[str, float | None]:
    return {"availability": _number(left.high), "availability_at_least": _number(left.low)}


def _lost(name: str, lost: Range | None) -> dict[str, float | None]:
    low, high = (None, None) if lost is None else (lost.low, lost.high)
    return {name: _number(low), f"{name}_at_most": _number(high)}


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


# ----------------------------------------------------------------------------------- text


def shock_lines(
    request: ScoringRequest, result: ShockResult, critical: CriticalByPlant | None
) -> list[str]:
    """What is switched off, what each plant loses and by which links, who else is hit."""
    project, header = request.project, request.project.header
    scenario = f", scenario {request.scenario}" if request.scenario else ""
    title = header.title or "Untitled map"
    lines = [f"{title}: year {header.year}, basis {header.basis}{scenario}"]
    lines += [f"Switched off: {_outage_words(project, outage)}" for outage in result.outages]
    if result.outages:
        for loss in result.products:
            lines += ["", *_product_lines(project, loss)]
        lines += _hit_lines(project, result)
    if critical is not None:
        lines += _critical_lines(project, critical)
    if result.assumptions:
        lines += ["", "Assumptions", *(f"  {each.text}" for each in result.assumptions)]
    return lines


def _outage_words(project: Project, outage: Outage) -> str:
    part = "wholly" if outage.fraction == 1.0 else f"{outage.fraction:.4g} of it"
    name = project.name(outage.entity)
    if not isinstance(project.entities[outage.entity], Jurisdiction):
        return f"{name}, {part}"
    if outage.channels == EVERY_CHANNEL:
        return f"{name} (made in, made by, licenses), {part}"
    ways = ", ".join(
        channel.value.replace("-", " ") for channel in Channel if channel in outage.channels
    )
    return f"{name} ({ways}), {part}"


def _product_lines(project: Project, loss: ProductLoss) -> Iterator[str]:
    plant = project.name(loss.plant)
    yield plant if loss.product is None else f"{plant}: {loss.name}"
    yield f"  available  {_span(loss.availability, '{:.1%}')}"
    if loss.lost.high == 0.0:
        return
    if loss.product is not None:
        yield f"  lost       {_amount(loss.lost_units, loss.unit, 'annual output')}"
        yield f"             {_amount(loss.lost_value, project.header.currency, 'output or price')}"
        if loss.credit is not None:
            yield f"             {_amount(loss.lost_credit, f'{loss.credit_currency} of credit')}"
    for number, step in enumerate(loss.chain):
        head = "  carried by " if number == 0 else "             "
        yield head + _step_words(project, step.link, step.source, step.target)


def _step_words(project: Project, link: str, source: str, target: str) -> str:
    record = project.links[link]
    what = record.item if isinstance(record, Supplies) and record.item else record.kind.value
    return f"{project.name(target)} ← {what} ← {project.name(source)} [{link}]"


def _amount(lost: Range | None, unit: str, missing: str = "") -> str:
    if lost is None:
        return f"in {unit}: not known, as {missing} is not stated"
    form = "{:,.0f}" if lost.high >= 1000.0 else "{:,.4g}"
    return f"{_span(lost, form)} {unit} a year"


def _span(span: Range, form: str) -> str:
    low, high = form.format(span.low), form.format(span.high)
    return low if low == high else f"{low} to {high}"


def _hit_lines(project: Project, result: ShockResult) -> list[str]:
    hit = sorted(result.available.items(), key=lambda each: each[1].high)
    if not hit:
        return ["", "Nothing on the map is hit."]
    rows = [
        (f"  {project.name(id)}", _span(left, "{:.1%}"), _binding_words(result.entities[id]))
        for id, left in hit[:SHOWN]
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = ["", "Hit, with what is left of each and why"]
    lines += [f"{a:<{widths[0]}}  {b:>{widths[1]}}  {why}".rstrip() for a, b, why in rows]
    if len(hit) > SHOWN:
        lines.append(f"  and {len(hit) - SHOWN} more; --json has them all")
    return lines


def _binding_words(loss: EntityLoss) -> str:
    binding = [f"{need.kind.value} {need.name}" for need in loss.needs if need.binding]
    if loss.own.low < 1.0:
        binding.insert(0, "switched off")
    return ", ".join(binding)


def _critical_lines(project: Project, critical: CriticalByPlant) -> Iterator[str]:
    yield from ("", "Single points of failure: each of these alone stops the plant")
    for plant in project.of_kind(Plant):
        entities = critical.get(plant.id, ())
        yield f"  {project.name(plant.id)}{'' if entities else ': none on the map'}"
        for each in entities:
            only = "" if each.whole else f" (only {', '.join(each.products)})"
            yield f"    {project.name(each.entity)}{only}"
