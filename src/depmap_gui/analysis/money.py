"""Who owns the operator and who lends to it: the terms of section 5 of the scores."""

from __future__ import annotations

import numpy as np

from depmap_gui.analysis.attribution import note_scaled
from depmap_gui.analysis.projection import Projection
from depmap_gui.analysis.trace import (
    Layer,
    Reason,
    Remarks,
    Terms,
    known,
    rest_of,
    scale_over_one,
    terms,
    total_by,
)


def ownership_terms(projection: Projection, economic: Layer) -> list[Terms]:
    """Ownership of a plant: its operator's attribution in the layer ``economic``."""
    operates = projection.operates
    rows, first = np.unique(operates.target, return_index=True)
    return [
        terms(Reason.OPERATOR, economic, rows, operates.source[first], 1.0, operates.number[first])
    ]


def debt_terms(projection: Projection, remarks: Remarks) -> list[Terms]:
    """Debt of a company: its lenders' attribution; what no loan accounts for is unknown."""
    size, lends = projection.size, projection.lends
    borrowers = np.unique(lends.target)
    total = total_by(lends.target, lends.share, size)
    note_scaled(projection, "Shares of the debt of", total, borrowers, remarks)
    for link in np.flatnonzero(np.isnan(lends.share)):
        remarks.assume(
            lends.target[link],
            f"How much of {projection.name(lends.target[link])}'s debt is owed to "
            f"{projection.name(lends.source[link])} is not known and counts as unknown.",
            projection.links[lends.number[link]].id,
        )
    weight = known(lends.share) / scale_over_one(total)[lends.target]
    return [
        terms(Reason.LENDER, Layer.ATTRIBUTION, lends.target, lends.source, weight, lends.number),
        terms(Reason.DEBT_REST, Layer.UNIT, borrowers, size, rest_of(total)[borrowers]),
    ]
