"""What the map does not say that bears on a score of one item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from depmap_gui.analysis.projection import MAKERS, Floats, Links
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.results import Score
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.supposed import (
    Gap,
    Home,
    RestOf,
    Supposition,
    fresh_id,
    licensed,
    placed,
    with_field,
    with_newcomer,
)
from depmap_gui.analysis.trace import Layer, Reason
from depmap_gui.analysis.uncertainty_results import FactKind, Place
from depmap_gui.analysis.unknown_parts import UnknownPart, reliance, unknown_parts
from depmap_gui.analysis.wording import percent
from depmap_gui.domain.kinds import Basis, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink, Lends, Operates

_CHAINS = (Layer.EMBEDDED_IP, Layer.MADE_IN, Layer.MADE_BY)


class ScoreGaps:
    """Finds the gaps under one figure. ``here`` is the jurisdiction asked about, ``elsewhere``
    any other."""

    def __init__(
        self, solution: Solution, score: Score, row: int, here: Home, elsewhere: Home
    ) -> None:
        self.solution = solution
        self.projection = solution.projection
        self.homes = (here, elsewhere)
        layer = LAYER_OF[score]
        self.relied: Mapping[Layer, Floats] = reliance(solution, layer, row)
        self._parts = unknown_parts(solution, layer, row, self.relied)

    def found(self) -> list[Gap]:
        """Every gap, once, the weightiest first."""
        gaps: dict[Place, Gap] = {}
        for gap in self._all():
            known = gaps.get(gap.place)
            if known is None or known.weight < gap.weight:
                gaps[gap.place] = gap
        return sorted(gaps.values(), key=lambda gap: -gap.weight)

    def _all(self) -> Iterator[Gap]:
        for part in self._parts:
            yield from self._of_part(part)
        yield from self._bought_in()
        yield from self._costs()
        yield from self._licensor_shares()
        if self.solution.basis is Basis.CONTROL:
            yield from self._votes()

    def _of_part(self, part: UnknownPart) -> Iterator[Gap]:
        projection, row = self.projection, part.row
        id, name = projection.ids[row], projection.name(row)
        match part.reason:
            case Reason.IP_REST:
                yield from self._technology(part)
            case Reason.NO_LICENSOR:
                yield self._asked(
                    FactKind.LICENSOR,
                    Place(id, "licensors"),
                    f"who licenses {name}",
                    part.amount,
                    lambda home: with_newcomer(home, licensed(id)),
                )
            case Reason.UNDISCLOSED_SUBLICENSE:
                yield from self._shares(projection.uses, row, "share", part.amount, "technology")
            case Reason.UNDISCLOSED_HOLDING:
                yield from self._shares(projection.owns, row, "share", part.amount, "equity")
            case Reason.NO_PLACE:
                role = LocationRole.INCORPORATED
                if part.layer is Layer.SITE:
                    role = LocationRole.SITE
                where = "stands" if role is LocationRole.SITE else "is at home"
                yield self._asked(
                    FactKind.DOMICILE,
                    Place(id, role.value),
                    f"where {name} {where}",
                    part.amount,
                    lambda home: placed(home, id, role),
                )
            case Reason.NO_OPERATOR:
                yield self._asked(
                    FactKind.OPERATOR,
                    Place(id, "operator"),
                    f"who operates {name}",
                    part.amount,
                    lambda home: with_newcomer(home, operates(id)),
                )
            case Reason.ORIGIN_REST:
                yield from self._origin(part)
            case Reason.DEBT_REST:
                yield from self._debt(part)
            case _:
                return

    def _asked(
        self,
        kind: FactKind,
        place: Place,
        question: str,
        weight: float,
        suppose: Callable[[Home], Supposition | RestOf],
    ) -> Gap:
        """A gap that somebody of the jurisdiction asked about, or of another, may fill."""
        answers = tuple((home.name, suppose(home)) for home in self.homes)
        return Gap(kind, place, question, answers, weight)

    def _technology(self, part: UnknownPart) -> Iterator[Gap]:
        projection, row = self.projection, part.row
        id, name = projection.ids[row], projection.name(row)
        rest = self._weight(part)
        if np.isnan(projection.own_ip[row]):
            place = Place(id, "own_ip")
            question = f"how much of its technology is {name}'s own"
            yield between(FactKind.SHARE, place, question, rest, part.amount)
        yield from self._shares(projection.uses, row, "share", part.amount, "technology")
        yield self._asked(
            FactKind.REST,
            Place(id, "technology"),
            f"whose the other {percent(rest)} of the technology of {name} is",
            part.amount,
            lambda home: RestOf(Slot.IP, id, home.id or home.code),
        )

    def _weight(self, part: UnknownPart) -> float:
        """The share of the row itself that is not documented."""
        return float(self.solution.layers[part.layer].terms.weight[part.place])

    def _shares(
        self, links: Links, row: int, field: str, weight: float, what: str
    ) -> Iterator[Gap]:
        """Links into an item whose share is not known, each of which may have all that is left."""
        into = np.flatnonzero(links.target == row)
        rest = max(0.0, 1.0 - float(np.nansum(links.share[into])))
        for link in into[np.isnan(links.share[into])].tolist():
            record = self.projection.links[int(links.number[link])]
            holder = self.projection.name(links.source[link])
            question = f"how much of the {what} of {self.projection.name(row)} is from {holder}"
            yield between(
                FactKind.SHARE, Place(record.id, field), question, rest, weight, record.sources
            )

    def _origin(self, part: UnknownPart) -> Iterator[Gap]:
        projection, row = self.projection, part.row
        id, rest = projection.ids[row], self._weight(part)
        yield from self._shares(projection.located, row, "share", part.amount, "origin")

        yield self._asked(
            FactKind.ORIGIN,
            Place(id, "origin"),
            f"where the other {percent(rest)} of {projection.name(row)} comes from",
            part.amount,
            lambda home: RestOf(Slot.DOMICILE, id, home.id or home.code),
        )

    def _debt(self, part: UnknownPart) -> Iterator[Gap]:
        projection, row = self.projection, part.row
        id, rest = projection.ids[row], self._weight(part)
        yield from self._shares(projection.lends, row, "share", part.amount, "debt")
        yield self._asked(
            FactKind.DEBT,
            Place(id, "debt"),
            f"who holds the other {percent(rest)} of the debt of {projection.name(row)}",
            part.amount,
            lambda home: RestOf(Slot.DEBT, id, home.id or home.code),
        )

    def _relied(self, layers: Sequence[Layer]) -> Floats:
        """How much of the figure hangs on each entity's rows in these layers together."""
        found: Floats = np.sum([self.relied[layer] for layer in layers], axis=0)
        return found

    def _bought_in(self) -> Iterator[Gap]:
        projection = self.projection
        relied = self._relied(_CHAINS)
        # Only what makes something can say how much of it is bought in: a material cannot.
        makers = projection.of_kind(*MAKERS)
        silent = makers & np.isnan(projection.bought_in) & self.solution.weights.supplied
        for row in np.flatnonzero(silent).tolist():
            if relied[row] > 0.0:
                question = f"how much of the output value of {projection.name(row)} is bought in"
                place = Place(projection.ids[row], "bought_in")
                yield between(FactKind.BOUGHT_IN, place, question, 1.0, 0.3 * float(relied[row]))

    def _costs(self) -> Iterator[Gap]:
        projection, supplies = self.projection, self.projection.supplies
        relied = self._relied((*_CHAINS, Layer.MADE_IN_FIRST_TIER, Layer.MADE_BY_FIRST_TIER))
        weight = self.solution.weights.as_input
        for link in np.flatnonzero(np.isnan(projection.cost)).tolist():
            target = int(supplies.target[link])
            if relied[target] <= 0.0:
                continue
            others = float(np.nansum(projection.cost[supplies.target == target]))
            record = projection.links[int(supplies.number[link])]
            most = others or 1.0
            yield Gap(
                FactKind.COST,
                Place(record.id, "cost"),
                f"what {projection.project.name(record.id)} costs a year",
                (
                    ("nothing", with_field(Place(record.id, "cost"), 0.0)),
                    ("as much as all others together", with_field(Place(record.id, "cost"), most)),
                ),
                float(relied[target] * weight[link]),
                record.sources,
            )

    def _licensor_shares(self) -> Iterator[Gap]:
        projection, licenses = self.projection, self.projection.licenses
        relied = self.relied[Layer.TECHNOLOGY]
        for link in np.flatnonzero(np.isnan(licenses.share)).tolist():
            deal = int(licenses.target[link])
            among = np.flatnonzero(licenses.target == deal)
            if relied[deal] <= 0.0 or len(among) < 2:
                continue
            record = projection.links[int(licenses.number[link])]
            rest = max(0.0, 1.0 - float(np.nansum(licenses.share[among])))
            question = f"which part of {projection.name(deal)} is licensed by "
            question += projection.name(licenses.source[link])
            yield between(
                FactKind.SHARE, Place(record.id, "share"), question, rest, float(relied[deal]) / 2
            )

    def _votes(self) -> Iterator[Gap]:
        """Holdings of unknown votes in companies whose nationality the figure rests on."""
        projection, owns = self.projection, self.projection.owns
        relied = self.relied[Layer.ATTRIBUTION]
        for link in np.flatnonzero(np.isnan(projection.votes)).tolist():
            owned = int(owns.target[link])
            rest = 1.0 - float(np.nansum(projection.votes[owns.target == owned]))
            if relied[owned] <= 0.0 or rest <= 0.0:
                continue
            record = projection.links[int(owns.number[link])]
            question = f"how many of the votes in {projection.name(owned)} are "
            question += f"{projection.name(owns.source[link])}'s"
            yield between(
                FactKind.SHARE, Place(record.id, "votes"), question, rest, float(relied[owned])
            )


def between(
    kind: FactKind,
    place: Place,
    question: str,
    most: float,
    weight: float,
    sources: tuple[str, ...] = (),
) -> Gap:
    """A gap that a share from none to ``most`` may fill."""
    answers = (("none", with_field(place, 0.0)), (percent(most), with_field(place, most)))
    return Gap(kind, place, question, answers, weight, sources)


def operates(plant: str) -> Callable[[Project, str], AnyLink]:
    return lambda project, company: Operates(
        id=fresh_id(project, "supposed-operator"), source=company, target=plant
    )


def lends(borrower: str, share: float) -> Callable[[Project, str], AnyLink]:
    """A company lends a share of another's debt."""
    return lambda project, company: Lends(
        id=fresh_id(project, "supposed-loan"), source=company, target=borrower, share=share
    )
