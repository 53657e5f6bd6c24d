"""Whose technology is used: the terms of sections 2 and 3 of the scores."""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.attribution import note_scaled
from depmap_gui.analysis.inputs import Weights
from depmap_gui.analysis.projection import Flags, Floats, Projection
from depmap_gui.analysis.trace import (
    Layer,
    Reason,
    Remarks,
    Terms,
    count_by,
    known,
    rest_of,
    scale_over_one,
    terms,
    total_by,
)
from depmap_gui.domain.kinds import EntityKind


def technology_terms(projection: Projection, remarks: Remarks) -> list[Terms]:
    """O: whose a license's technology is, through its sub-licenses to its licensors."""
    size, uses, unknown = projection.size, projection.uses, projection.size
    is_license = projection.of_kind(EntityKind.LICENSE)
    deals = np.flatnonzero(projection.wanted(EntityKind.LICENSE))
    sub = np.flatnonzero(is_license[uses.target])
    target, share = uses.target[sub], uses.share[sub]
    total = total_by(target, share, size)
    note_scaled(projection, "Sub-licenses of", total, deals, remarks)
    weight = known(share) / scale_over_one(total)[target]
    rest = rest_of(total)
    open_ended = np.zeros(size, dtype=bool)
    open_ended[target[np.isnan(share)]] = True
    for deal in np.flatnonzero(open_ended & (rest > 0.0)):
        remarks.assume(
            deal,
            f"A sub-license of {projection.name(deal)} has no share, so the {rest[deal]:.1%} of "
            "its technology that no stated share accounts for counts as unknown.",
            projection.ids[deal],
        )
    licensors = projection.licenses
    part = _licensor_parts(projection, remarks)
    licensed = total_by(licensors.target, part, size) > 0.0
    closed = np.where(open_ended, 0.0, rest)
    orphans, untold = deals[~licensed[deals]], deals[open_ended[deals]]
    return [
        terms(
            Reason.SUBLICENSE, Layer.TECHNOLOGY, target, uses.source[sub], weight, uses.number[sub]
        ),
        terms(
            Reason.LICENSOR,
            Layer.ATTRIBUTION,
            licensors.target,
            licensors.source,
            part * closed[licensors.target],
            licensors.number,
        ),
        terms(Reason.NO_LICENSOR, Layer.UNIT, orphans, unknown, closed[orphans]),
        terms(Reason.UNDISCLOSED_SUBLICENSE, Layer.UNIT, untold, unknown, rest[untold]),
    ]


def _licensor_parts(projection: Projection, remarks: Remarks) -> Floats:
    """q: each licensor's part of what a license grants; equal where no share is given.

    Where only some are given, the others have what is left, in equal parts.
    """
    size, licensors = projection.size, projection.licenses
    target, share = licensors.target, licensors.share
    silent = np.isnan(share)
    total = total_by(target, share, size)
    silent_count = count_by(target[silent], size)
    count = count_by(target, size)
    left = np.maximum(0.0, 1.0 - total)
    whole = total + np.where(silent_count > 0, left, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(silent, (left / silent_count)[target], share) / whole[target]
    part[~np.isfinite(part)] = 0.0
    for deal in np.flatnonzero((count > 1) & (silent_count == count)):
        remarks.assume(
            deal,
            f"The licensors of {projection.name(deal)} state no shares and count equally.",
            projection.ids[deal],
        )
    for deal in np.flatnonzero((silent_count > 1) & (silent_count < count)):
        remarks.assume(
            deal,
            f"Licensors of {projection.name(deal)} that state no share have equal parts of what "
            "the others leave.",
            projection.ids[deal],
        )
    return part


def ip_terms(projection: Projection, remarks: Remarks) -> list[Terms]:
    """T: whose technology a plant or company works with; what nobody accounts for is unknown."""
    size, unknown = projection.size, projection.size
    is_maker = projection.of_kind(EntityKind.PLANT, EntityKind.COMPANY)
    makers = np.flatnonzero(projection.wanted(EntityKind.PLANT, EntityKind.COMPANY))
    uses, supplies = projection.uses, projection.supplies
    used = np.flatnonzero(is_maker[uses.target])
    embodied = np.flatnonzero(is_maker[supplies.target] & ~np.isnan(supplies.share))
    own = known(projection.own_ip)
    total = (
        total_by(uses.target[used], uses.share[used], size)
        + total_by(supplies.target[embodied], supplies.share[embodied], size)
        + own
    )
    note_scaled(projection, "Shares of the technology of", total, makers, remarks)
    divisor = scale_over_one(total)
    for link in used[np.isnan(uses.share[used])]:
        remarks.assume(
            uses.target[link],
            f"The share of {projection.name(uses.target[link])}'s technology under "
            f"{projection.name(uses.source[link])} is not known and counts as unknown.",
            projection.links[uses.number[link]].id,
        )
    return [
        terms(
            Reason.LICENSE_USE,
            Layer.TECHNOLOGY,
            uses.target[used],
            uses.source[used],
            known(uses.share[used]) / divisor[uses.target[used]],
            uses.number[used],
        ),
        terms(
            Reason.SUPPLIED_IP,
            Layer.ATTRIBUTION,
            supplies.target[embodied],
            supplies.source[embodied],
            supplies.share[embodied] / divisor[supplies.target[embodied]],
            supplies.number[embodied],
        ),
        terms(Reason.OWN_IP, Layer.ATTRIBUTION, makers, makers, (own / divisor)[makers]),
        terms(Reason.IP_REST, Layer.UNIT, makers, unknown, rest_of(total)[makers]),
    ]


def embedded_terms(projection: Projection, weights: Weights) -> list[Terms]:
    """E: a maker's own technology and, for what it buys, that of its suppliers in turn."""
    is_maker = projection.of_kind(EntityKind.PLANT, EntityKind.COMPANY)
    makers = np.flatnonzero(projection.wanted(EntityKind.PLANT, EntityKind.COMPANY))
    materials = np.flatnonzero(projection.wanted(EntityKind.MATERIAL))
    bought = np.where(weights.has_cost, weights.bought_in, 0.0)
    supplies = projection.supplies
    into_maker = is_maker[supplies.target]
    return [
        terms(Reason.OWN_PART, Layer.IP, makers, makers, 1.0 - bought[makers]),
        _bought(projection, into_maker, weights.by_cost * bought[supplies.target]),
        terms(Reason.MATERIAL, Layer.DOMICILE, materials, materials),
    ]


def _bought(projection: Projection, chosen: Flags, weight: Floats) -> Terms:
    supplies = projection.supplies
    return terms(
        Reason.BOUGHT_PART,
        Layer.EMBEDDED_IP,
        supplies.target[chosen],
        supplies.source[chosen],
        weight[chosen],
        supplies.number[chosen],
    )
