"""Where things are, and whose a company is: the terms of section 1 of the scores."""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.projection import ROLES, Flags, Floats, Integers, Links, Projection
from depmap_gui.analysis.trace import (
    NOISE,
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
from depmap_gui.domain.kinds import EntityKind, LocationRole


def domicile_terms(projection: Projection, remarks: Remarks) -> list[Terms]:
    """D: a company's place of incorporation, else of business; a material's origins."""
    size, unknown = projection.size, projection.size
    companies = projection.wanted(EntityKind.COMPANY)
    is_material = projection.wanted(EntityKind.MATERIAL)
    materials = np.flatnonzero(is_material)
    found = []
    homeless = companies
    for role, reason in (
        (LocationRole.INCORPORATED, Reason.INCORPORATED),
        (LocationRole.PRINCIPAL, Reason.PRINCIPAL),
    ):
        rows, links = _first_place(projection, role, homeless, remarks)
        found.append(_placed(projection, rows, links, reason))
        homeless = homeless.copy()
        homeless[rows] = False
    located = projection.located
    origin = (projection.role == ROLES.index(LocationRole.ORIGIN)) & is_material[located.target]
    share = np.where(origin, located.share, 0.0)
    total = total_by(located.target, share, size)
    note_scaled(projection, "Origins of", total, materials, remarks)
    _note_unknown_origins(projection, origin, remarks)
    divisor = scale_over_one(total)[located.target]
    weight = known(share) / divisor
    found += [
        terms(Reason.ORIGIN, Layer.UNIT, located.target, located.source, weight, located.number),
        terms(Reason.ORIGIN_REST, Layer.UNIT, materials, unknown, rest_of(total)[materials]),
        terms(Reason.NO_PLACE, Layer.UNIT, np.flatnonzero(homeless), unknown),
    ]
    return found


def site_terms(projection: Projection, remarks: Remarks) -> list[Terms]:
    """S: where a plant stands; of a company or material, its D."""
    plants = projection.wanted(EntityKind.PLANT)
    rows, links = _first_place(projection, LocationRole.SITE, plants, remarks)
    nowhere = plants.copy()
    nowhere[rows] = False
    others = np.flatnonzero(projection.wanted(EntityKind.COMPANY, EntityKind.MATERIAL))
    return [
        _placed(projection, rows, links, Reason.SITE),
        terms(Reason.NO_PLACE, Layer.UNIT, np.flatnonzero(nowhere), projection.size),
        terms(Reason.HOME, Layer.DOMICILE, others, others),
    ]


def attributed_otherwise(projection: Projection, remarks: Remarks) -> list[Terms]:
    """A of all that is no company: a plant's operator, a material's origin, a place itself."""
    plants = projection.wanted(EntityKind.PLANT)
    operates = projection.operates
    rows, first = np.unique(operates.target, return_index=True)
    _note_several(projection, operates, rows, first, "operators", remarks)
    idle = plants.copy()
    idle[rows] = False
    materials = np.flatnonzero(projection.wanted(EntityKind.MATERIAL))
    places = np.flatnonzero(projection.wanted(EntityKind.JURISDICTION))
    return [
        terms(
            Reason.OPERATOR,
            Layer.ATTRIBUTION,
            rows,
            operates.source[first],
            1.0,
            operates.number[first],
        ),
        terms(Reason.NO_OPERATOR, Layer.UNIT, np.flatnonzero(idle), projection.size),
        terms(Reason.HOME, Layer.DOMICILE, materials, materials),
        terms(Reason.ITSELF, Layer.UNIT, places, places),
    ]


def home_terms(projection: Projection) -> list[Terms]:
    """A of companies under the basis `domicile`: their D."""
    companies = np.flatnonzero(projection.wanted(EntityKind.COMPANY))
    return [terms(Reason.HOME, Layer.DOMICILE, companies, companies)]


def holding_terms(projection: Projection, layer: Layer, remarks: Remarks) -> list[Terms]:
    """A of companies under the basis `economic`, as terms of ``layer`` itself.

    What no holding accounts for is at home; where a holding of unknown size is drawn, nobody
    knows how much of it is, and it counts as `unknown`.
    """
    size, owns = projection.size, projection.owns
    companies = np.flatnonzero(projection.wanted(EntityKind.COMPANY))
    total = total_by(owns.target, owns.share, size)
    note_scaled(projection, "Holdings in", total, companies, remarks)
    weight = known(owns.share) / scale_over_one(total)[owns.target]
    from_place = projection.of_kind(EntityKind.JURISDICTION)[owns.source]
    rest = rest_of(total)
    open_ended = np.zeros(size, dtype=bool)
    open_ended[owns.target[np.isnan(owns.share)]] = True
    for link in np.flatnonzero(np.isnan(owns.share) & (rest[owns.target] > 0.0)):
        holder, owned = owns.source[link], owns.target[link]
        remarks.assume(
            owned,
            f"The size of {projection.name(holder)}'s holding in {projection.name(owned)} is "
            f"not known, so the {rest[owned]:.1%} of it that no holding accounts for counts as "
            "unknown.",
            projection.links[owns.number[link]].id,
        )
    at_home = companies[~open_ended[companies]]
    open_rows = companies[open_ended[companies]]
    return [
        _holdings(owns, from_place, weight, Layer.UNIT),
        _holdings(owns, ~from_place, weight, layer),
        terms(Reason.HOME_REST, Layer.DOMICILE, at_home, at_home, rest[at_home]),
        terms(Reason.UNDISCLOSED_HOLDING, Layer.UNIT, open_rows, projection.size, rest[open_rows]),
    ]


def _holdings(owns: Links, chosen: Flags, weight: Floats, layer: Layer) -> Terms:
    return terms(
        Reason.HOLDING,
        layer,
        owns.target[chosen],
        owns.source[chosen],
        weight[chosen],
        owns.number[chosen],
    )


def _first_place(
    projection: Projection, role: LocationRole, wanted: Flags, remarks: Remarks
) -> tuple[Integers, Integers]:
    """Rows among ``wanted`` that have a place of this role, and where their first link stands."""
    located = projection.located
    chosen = np.flatnonzero((projection.role == ROLES.index(role)) & wanted[located.target])
    rows, first = np.unique(located.target[chosen], return_index=True)
    what = "sites" if role is LocationRole.SITE else f"{role} places"
    _note_several(projection, located, rows, chosen[first], what, remarks, chosen)
    return rows, chosen[first]


def _placed(projection: Projection, rows: Integers, links: Integers, reason: Reason) -> Terms:
    located = projection.located
    return terms(reason, Layer.UNIT, rows, located.source[links], 1.0, located.number[links])


def _note_several(
    projection: Projection,
    links: Links,
    rows: Integers,
    first: Integers,
    what: str,
    remarks: Remarks,
    chosen: Integers | None = None,
) -> None:
    targets = links.target if chosen is None else links.target[chosen]
    several = count_by(targets, projection.size)[rows] > 1
    for row, link in zip(rows[several], first[several], strict=True):
        remarks.assume(
            row,
            f"{projection.name(row)} has several {what}; the first one drawn, "
            f"{projection.name(links.source[link])}, counts.",
            projection.ids[row],
        )


def _note_unknown_origins(projection: Projection, origin: Flags, remarks: Remarks) -> None:
    located = projection.located
    for link in np.flatnonzero(origin & np.isnan(located.share)):
        remarks.assume(
            located.target[link],
            f"How much of {projection.name(located.target[link])} comes from "
            f"{projection.name(located.source[link])} is not known and counts as unknown.",
            projection.links[located.number[link]].id,
        )


def note_scaled(
    projection: Projection, what: str, total: Floats, rows: Integers, remarks: Remarks
) -> None:
    """Say of each row whose shares sum to more than 1 that they were scaled.

    That they do is a finding of the domain's checks; this is what was done about it.
    """
    for row in rows[total[rows] > 1.0 + NOISE]:
        remarks.assume(
            row,
            f"{what} {projection.name(row)} sum to {total[row]:.4g}; each is divided by that sum.",
            projection.ids[row],
        )
