"""Coloring: each item's share of one score and jurisdiction, and its badge.

An item that a score is not defined for is shown by what it passes on to that score: a supplier
or owner by its attribution, a license by its technology. What has neither shows no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.results import Assessment, Score, Shares, exposure
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import AnyEntity
from depmap_gui.gui.credit_states import CreditState, credit_state
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import Answer, LawResult, Verdict

Floats = npt.NDArray[np.float64]

SCORE_WORDS = {
    Score.ATTRIBUTION: "attribution",
    Score.TECHNOLOGY: "license technology",
    Score.IP: "IP share",
    Score.EMBEDDED_IP: "embedded IP",
    Score.MADE_IN: "inputs made in",
    Score.MADE_BY: "inputs made by",
    Score.MADE_IN_FIRST_TIER: "direct inputs made in",
    Score.MADE_BY_FIRST_TIER: "direct inputs made by",
    Score.OWNERSHIP: "ownership",
    Score.DEBT: "debt",
}
"""What each score is called in a legend."""

_PASSED_ON: dict[EntityKind, tuple[Score, ...]] = {
    EntityKind.PLANT: (Score.ATTRIBUTION,),
    EntityKind.COMPANY: (Score.ATTRIBUTION,),
    EntityKind.LICENSE: (Score.TECHNOLOGY,),
    EntityKind.MATERIAL: (Score.ATTRIBUTION,),
    EntityKind.JURISDICTION: (),
}
_PLANT_ONLY = frozenset({Score.IP, Score.OWNERSHIP})
_NO_STAND_IN = frozenset({Score.DEBT, Score.TECHNOLOGY})


class Badge(NamedTuple):
    """A status as it is shown: how to read it, and its word."""

    tone: Tone
    word: str


class Coloring(NamedTuple):
    """Which jurisdiction's share of which score the map shows."""

    score: Score
    jurisdiction: str

    @property
    def title(self) -> str:
        """What a legend calls it: 'CN · IP share'."""
        return f"{self.jurisdiction} · {SCORE_WORDS[self.score]}"


def exposures(
    entities: Sequence[AnyEntity], assessment: Assessment | None, coloring: Coloring
) -> tuple[Floats, Floats]:
    """Documented share, and that plus the undocumented, of each entity; NaN without a figure."""
    low = np.full(len(entities), np.nan)
    high = np.full(len(entities), np.nan)
    if assessment is None:
        return low, high
    sources = {
        kind: [assessment.scores.vectors(score) for score in _order(kind, coloring.score)]
        for kind in EntityKind
    }
    for number, entity in enumerate(entities):
        vector = _first(sources[entity.kind], entity.id)
        if vector is not None:
            low[number], high[number] = _range(vector, coloring.jurisdiction)
    return low, high


def _order(kind: EntityKind, score: Score) -> tuple[Score, ...]:
    """Scores to look for an item of the kind, best first."""
    if kind is EntityKind.JURISDICTION:
        return ()
    if score in _NO_STAND_IN:
        return (score,)
    own = () if score in _PLANT_ONLY and kind is not EntityKind.PLANT else (score,)
    stand_in = () if kind is EntityKind.PLANT else _PASSED_ON[kind]
    return own + stand_in


def _first(sources: Sequence[Mapping[str, Shares]], id: str) -> Shares | None:
    return next((vectors[id] for vectors in sources if id in vectors), None)


def _range(vector: Shares, jurisdiction: str) -> tuple[float, float]:
    found = exposure(vector, jurisdiction)
    return found.low, found.high


def badges(assessment: Assessment | None) -> dict[str, Badge]:
    """The status of each plant, company and license that the law has an answer for."""
    if assessment is None:
        return {}
    return (
        _company_badges(assessment.law)
        | _license_badges(assessment.law)
        | _plant_badges(assessment.law)
    )


def status_rows(ids: Sequence[str], found: Mapping[str, Badge]) -> npt.NDArray[np.intp]:
    """Of each item the place of its status among the tones; -1 where it has none."""
    places = {tone: place for place, tone in enumerate(Tone)}
    return np.array([places[found[id].tone] if id in found else -1 for id in ids], dtype=np.intp)


_ANSWERS = {
    Answer.YES: (0, Badge(Tone.BAD, "prohibited foreign entity")),
    Answer.UNKNOWN: (1, Badge(Tone.UNKNOWN, "status unknown")),
    Answer.NO: (2, Badge(Tone.GOOD, "no prohibited status found")),
}
_BARRED = {
    "blocked": "blocked person",
    "covered": "under export restrictions",
    "feoc": "foreign entity of concern",
}
"""The word for a yes to a question of another law than that of the credits."""
_CONTROL = {
    Verdict.FAIL: (0, Badge(Tone.BAD, "effective control")),
    Verdict.UNCERTAIN: (1, Badge(Tone.WARN, "control uncertain")),
    Verdict.UNKNOWN: (2, Badge(Tone.UNKNOWN, "control unknown")),
    Verdict.PASS: (3, Badge(Tone.GOOD, "no effective control")),
}


def _plant_badges(law: LawResult) -> dict[str, Badge]:
    worst: dict[str, CreditState] = {}
    for credit in law.credits:
        state = credit_state(credit)
        worst[credit.plant] = min(state, worst.get(credit.plant, state))
    return {plant: Badge(state.tone, state.word) for plant, state in worst.items()}


def _company_badges(law: LawResult) -> dict[str, Badge]:
    ranked: dict[str, tuple[int, Badge]] = {}
    for statuses in law.companies.values():
        for id, status in statuses.items():
            found = _ANSWERS[status.prohibited]
            if status.prohibited is Answer.YES:
                barred = next(q for q, answer in status.answers.items() if answer is Answer.YES)
                found = (found[0], Badge(Tone.BAD, _BARRED.get(barred, found[1].word)))
            if id not in ranked or found[0] < ranked[id][0]:
                ranked[id] = found
    return {id: badge for id, (_, badge) in ranked.items()}


def _license_badges(law: LawResult) -> dict[str, Badge]:
    ranked: dict[str, tuple[int, Badge]] = {}
    for controls in law.licenses.values():
        for id, control in controls.items():
            found = _CONTROL[control.verdict]
            if id not in ranked or found[0] < ranked[id][0]:
                ranked[id] = found
    return {id: badge for id, (_, badge) in ranked.items()}
