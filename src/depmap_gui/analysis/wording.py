"""The sentences of an explanation, in the words of those who draw such maps."""

from __future__ import annotations

from collections.abc import Mapping

from depmap_gui.analysis.results import UNKNOWN, Score
from depmap_gui.analysis.solution import Solution
from depmap_gui.analysis.trace import Layer, Reason
from depmap_gui.domain.records import Jurisdiction, Supplies

ORIGIN_OF_SCORE: Mapping[Score, str] = {
    Score.ATTRIBUTION: "attribution",
    Score.TECHNOLOGY: "technology origin",
    Score.IP: "IP share",
    Score.EMBEDDED_IP: "embedded IP share",
    Score.MADE_IN: "share of inputs made in a place, whole chain",
    Score.MADE_BY: "share of inputs by maker, whole chain",
    Score.MADE_IN_FIRST_TIER: "share of inputs made in a place, first tier",
    Score.MADE_BY_FIRST_TIER: "share of inputs by maker, first tier",
    Score.OWNERSHIP: "ownership exposure",
    Score.DEBT: "debt exposure",
}
"""What each score is called within a sentence."""

_QUESTIONS: Mapping[Score, str] = {
    Score.ATTRIBUTION: "{name}: belongs to {place}",
    Score.TECHNOLOGY: "{name}: technology from {place}",
    Score.IP: "{name}: IP from {place}",
    Score.EMBEDDED_IP: "{name}: IP from {place}, suppliers included",
    Score.MADE_IN: "{name}: inputs made in {place}, whole chain",
    Score.MADE_BY: "{name}: inputs made by companies of {place}, whole chain",
    Score.MADE_IN_FIRST_TIER: "{name}: inputs made in {place}, first tier",
    Score.MADE_BY_FIRST_TIER: "{name}: inputs made by companies of {place}, first tier",
    Score.OWNERSHIP: "{name}: operator owned from {place}",
    Score.DEBT: "{name}: debt owed to {place}",
}

_SENTENCES: Mapping[Reason, str] = {
    Reason.ITSELF: "{other} itself",
    Reason.INCORPORATED: "{name} is incorporated in {other}",
    Reason.PRINCIPAL: "{name} has its principal place of business in {other}",
    Reason.SITE: "{name} stands in {other}",
    Reason.ORIGIN: "{weight} of {name} comes from {other}",
    Reason.NO_PLACE: "{name}: no place is documented",
    Reason.ORIGIN_REST: "{weight} of {name}: no origin is documented",
    Reason.HOLDING: "{other} holds {weight} of {name}{times}",
    Reason.HOME_REST: "{weight} of {name} has no holder on the map: counts at home{times}",
    Reason.UNDISCLOSED_HOLDING: "{weight} of {name} may belong to a holder of unknown share",
    Reason.HOME: "{name} counts where it is at home{times}",
    Reason.MAJORITY: "{other} has {weight} of the votes that decide {name}{times}",
    Reason.NO_MAJORITY: "No holder on the map controls {name}: counts where it is at home{times}",
    Reason.SETTLED_IN_LOOP: "{name}: settled in a loop of holdings",
    Reason.OPERATOR: "{other} operates {name}{times}",
    Reason.NO_OPERATOR: "{name}: no operator is documented",
    Reason.SUBLICENSE: 'Sub-license "{other}": {weight}{times}',
    Reason.LICENSOR: "Licensor {other}: {weight}{times}",
    Reason.NO_LICENSOR: '{weight} of "{name}": no licensor is documented',
    Reason.UNDISCLOSED_SUBLICENSE: '{weight} of "{name}" may fall to a sub-license without share',
    Reason.LICENSE_USE: 'License "{other}": {weight}{times}',
    Reason.SUPPLIED_IP: "Technology in {item} from {other}: {weight}{times}",
    Reason.OWN_IP: "Own technology of {name}: {weight}{times}",
    Reason.IP_REST: "{weight} of the technology of {name} is not documented",
    Reason.OWN_PART: "Made by {name} itself: {weight}{times}",
    Reason.BOUGHT_PART: "Bought in, {item} from {other}: {weight}{times}",
    Reason.MATERIAL: "{name} counts where it comes from{times}",
    Reason.MAKER: "{item} from {other}: {weight}{times}",
    Reason.MAKER_INPUTS: "Inputs of {other} for {item}: {weight}{times}",
    Reason.UNCOSTED: "{item} from {maker} states no cost: {weight} at the mean of the others",
    Reason.LENDER: "{other} lends {weight} of the debt of {name}{times}",
    Reason.DEBT_REST: "{weight} of the debt of {name} has no documented lender",
    Reason.CLOSED_CIRCLE: "{name} belongs to a closed circle that leads nowhere",
}


class Wording:
    """Sentences about one column (jurisdiction) of a solved map."""

    def __init__(self, solution: Solution, column: int) -> None:
        self.solution = solution
        self.projection = solution.projection
        self.code = self.projection.codes[column]
        self.place = self._place()

    def _place(self) -> str:
        """What the jurisdiction is called within a sentence."""
        if self.code == UNKNOWN:
            return "places that are not documented"
        for jurisdiction in self.projection.project.of_kind(Jurisdiction):
            if self.code in (jurisdiction.code, jurisdiction.id):
                return jurisdiction.name or self.code
        return self.code

    def question(self, score: Score, row: int) -> str:
        """What the whole tree explains."""
        return _QUESTIONS[score].format(name=self.projection.name(row), place=self.place)

    def term(self, layer: Layer, row: int, place: int, value: float) -> str:
        """One term of a sum: its weight times what it refers to."""
        terms = self.solution.layers[layer].terms
        operand, link = int(terms.operand[place]), int(terms.link[place])
        below = Layer(int(terms.layer[place]))
        return _SENTENCES[Reason(int(terms.reason[place]))].format(
            name=self.projection.name(row),
            other=self._name(operand),
            weight=percent(float(terms.weight[place])),
            times="" if below is Layer.UNIT else f" × {percent(value)} {self._short()}",
            item=self._item(link),
            maker=self._maker(link),
        )

    def group(self, link: int, row: int) -> str:
        """The head of several parts that rest on one supply link."""
        return f"{self._item(link)} from {self._maker(link)} to {self.projection.name(row)}"

    def entity(self, row: int, operand: int) -> str:
        """The item a term is about: what it refers to, or where that is `unknown`, its owner."""
        ids = self.projection.ids
        return ids[operand] if operand < self.projection.size else ids[row]

    def link(self, number: int) -> str | None:
        """The id of a link by its number; none for -1."""
        return None if number < 0 else self.projection.links[number].id

    def _name(self, row: int) -> str:
        return self.projection.name(row) if row < self.projection.size else "unknown"

    def _short(self) -> str:
        return "undocumented" if self.code == UNKNOWN else self.place

    def _item(self, link: int) -> str:
        record = self.projection.links[link] if link >= 0 else None
        return (record.item if isinstance(record, Supplies) else "") or "a delivery"

    def _maker(self, link: int) -> str:
        return "" if link < 0 else self.projection.project.name(self.projection.links[link].source)


def percent(share: float) -> str:
    """A share as a percentage with as many digits as it takes to be read."""
    plain = share >= 1e-6 or share == 0.0
    return f"{100 * share:.4g}%" if plain else f"{100 * share:.1e}%"
