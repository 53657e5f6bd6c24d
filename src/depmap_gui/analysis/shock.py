"""What is lost when suppliers, countries or licenses fall away: section 6 of the scores.

Each entity's availability a(e), 0..1, is the greatest fixed point of own(e) times the least of
what it needs (see :mod:`~depmap_gui.analysis.shock_needs`), own(e) being what the outages leave
of it by themselves. A jurisdiction takes away

- *made in*: of each plant, company and material what S(e) places there;
- *made by*: of each what A(e) attributes to it;
- *licenses*: of what each licensor grants, what A(licensor) attributes to it.

What several outages hit loses the largest of their fractions, once: a plant that stands in the
one country and belongs to the other is not hit twice. An entity that is switched off takes with
it what it supplies, the licenses it grants and the plants it operates. What a plant supplies goes
by the least available of its products, as a supply link does not say which of them it delivers.

Unknown is never zero: each figure is a range. Its optimistic end leaves what is unknown (where
something stands, whose it is, who licenses it) untouched, the other lets the outages hit it too.
Quantities count at their mode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.projection import Floats, Integers, Projection
from depmap_gui.analysis.shock_fixed_point import rounded, settle
from depmap_gui.analysis.shock_needs import Needs, needs_of
from depmap_gui.analysis.shock_report import Losses, report
from depmap_gui.analysis.shock_results import (
    EVERY_CHANNEL,
    Channel,
    Outage,
    ShockError,
    ShockResult,
)
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import NOISE, Layer, count_by, total_by
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.rules.results import LawResult


def shock(
    solution: Solution,
    outages: Sequence[Outage],
    *,
    needs: Needs | None = None,
    law: LawResult | None = None,
    context: Context | None = None,
) -> ShockResult:
    """Play outages on a solved map.

    ``needs`` spares reading the map again for the next shock; ``law`` adds lost credits. Raises
    ShockError where an outage does not fit the map, Canceled where ``context`` says so.
    """
    told = context or Quiet()
    _check(solution.projection, outages)
    told.progress(0.0, "Reading what everything needs")
    graph = needs or needs_of(solution.projection)
    told.progress(0.4, "Playing the outages")
    own = own_losses(solution, graph, outages, unknown_too=False)
    lost = settle(graph, own)
    own_most = own_losses(solution, graph, outages, unknown_too=True)
    told.progress(0.6, "Playing them on what is unknown too")
    lost_most = lost if np.array_equal(own, own_most) else settle(graph, own_most)
    told.progress(0.8, "Telling what carried the losses")
    # The second round starts from more, so it ends in no less; rounding must not undo that.
    losses = Losses(own, np.maximum(own, own_most), lost, np.maximum(lost, lost_most))
    found = report(graph, tuple(outages), losses, law)
    told.progress(1.0, "Done")
    return found


def _check(projection: Projection, outages: Sequence[Outage]) -> None:
    places = projection.of_kind(EntityKind.JURISDICTION)
    for outage in outages:
        row = projection.row.get(outage.entity)
        if row is None:
            raise ShockError(f"There is no item '{outage.entity}' on the map to switch off.")
        name = projection.name(row)
        if not 0.0 <= outage.fraction <= 1.0:
            raise ShockError(
                f"The fraction of {name} that is lost must be from 0 to 1, not {outage.fraction:g}."
            )
        if not places[row] and outage.channels != EVERY_CHANNEL:
            raise ShockError(
                f"{name} is no jurisdiction: only of a jurisdiction can what is made in it, what "
                "is made by its companies or what they license be switched off apart."
            )


def own_losses(
    solution: Solution, needs: Needs, outages: Sequence[Outage], *, unknown_too: bool
) -> Floats:
    """What each node loses by the outages themselves, before anything it needs (0..1).

    With ``unknown_too`` they hit what is unknown as well, with the largest of their fractions.
    """
    projection = needs.projection
    switched = np.zeros(projection.size)
    fractions = {channel: np.zeros(len(projection.codes)) for channel in Channel}
    for outage in outages:
        row = projection.row[outage.entity]
        place = projection.unit[row]
        if place.any():
            for channel in outage.channels:
                hit = fractions[channel]
                hit[place > 0.0] = np.maximum(hit[place > 0.0], outage.fraction)
        else:
            switched[row] = max(switched[row], outage.fraction)
    if unknown_too:
        for hit in fractions.values():
            hit[-1] = hit.max()
    lost = np.zeros(needs.size)
    lost[: projection.size] = _made(solution, switched, fractions)
    granted = fractions[Channel.LICENSES]
    attribution = solution.layers[Layer.ATTRIBUTION].table
    licensors, operators = needs.licensors, needs.operators
    for node, row in enumerate(licensors.tolist(), start=projection.size):
        lost[node] = attribution[row] @ np.maximum(granted, switched[row])
    lost[projection.size + len(licensors) :] = switched[operators]
    orphans = _without_licensor(projection)
    lost[orphans] = np.maximum(lost[orphans], granted[-1])
    return rounded(np.clip(lost, 0.0, 1.0))


def _made(solution: Solution, switched: Floats, fractions: Mapping[Channel, Floats]) -> Floats:
    """What each entity loses where it stands, by whose it is, or switched off itself.

    Its output is laid out by place and by owner; each cell loses the largest fraction that hits
    it. Of a material place and owner are one and the same: its origin.
    """
    projection, size = solution.projection, solution.projection.size
    places = solution.layers[Layer.SITE].table[:size]
    owners = solution.layers[Layer.ATTRIBUTION].table[:size]
    made_in, made_by = fractions[Channel.MADE_IN], fractions[Channel.MADE_BY]
    cells, diagonal = np.maximum.outer(made_in, made_by), np.maximum(made_in, made_by)
    material = projection.of_kind(EntityKind.MATERIAL)
    maker = projection.of_kind(EntityKind.PLANT, EntityKind.COMPANY)
    lost = np.zeros(size)
    lost[maker] = np.einsum("ej,ej->e", places[maker] @ cells, owners[maker])
    lost[material] = places[material] @ diagonal
    for row in np.flatnonzero(switched).tolist():
        least = switched[row]
        if maker[row]:
            lost[row] = places[row] @ np.maximum(cells, least) @ owners[row]
        elif material[row]:
            lost[row] = places[row] @ np.maximum(diagonal, least)
        else:
            lost[row] = least
    return lost


def _without_licensor(projection: Projection) -> Integers:
    """Licenses some of whose technology nobody on the map is said to grant."""
    size, uses = projection.size, projection.uses
    deals = projection.of_kind(EntityKind.LICENSE)
    sublicensed = total_by(uses.target, uses.share, size)
    granted = count_by(projection.licenses.target, size)
    return np.flatnonzero(deals & (granted == 0) & (sublicensed < 1.0 - NOISE))
