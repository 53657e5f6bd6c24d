"""Coloring: each item's share of one score and jurisdiction, and its badge.

An item that a score is not defined for is shown by what it passes on to that score: a supplier
or owner by its attribution, a license by its technology. What has neither shows no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from depmap_gui.analysis.results import UNKNOWN, Assessment, Range, Score, Shares, exposure
from depmap_gui.analysis.scores import VectorTable
from depmap_gui.domain.kinds import EntityKind
from depmap_gui.domain.records import ENTITY_CLASSES, AnyEntity
from depmap_gui.gui.credit_states import CreditState, credit_state
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import Answer, LawResult, Verdict

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

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
_NONE = Range(float("nan"), float("nan"))
_KIND_PLACES = {made: place for place, made in enumerate(ENTITY_CLASSES.values())}


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
    vectors = assessment.scores.vectors(Score.ATTRIBUTION)
    ids = [entity.id for entity in entities]
    # All tables of an assessment have the same rows: looked up once for a large map.
    rows = vectors.rows_of(ids) if isinstance(vectors, VectorTable) else np.zeros(0, dtype=np.intp)
    kinds = np.array([_KIND_PLACES[type(entity)] for entity in entities], dtype=np.intp)
    for kind, made in ENTITY_CLASSES.items():
        ours = np.flatnonzero(kinds == _KIND_PLACES[made])
        for score in _order(kind, coloring.score):
            lacking = ours[np.isnan(low[ours])]
            if len(lacking):
                vectors = assessment.scores.vectors(score)
                low[lacking], high[lacking] = _ranges(
                    vectors, ids, rows, lacking, coloring.jurisdiction
                )
    return low, high


def _ranges(
    vectors: Mapping[str, Shares], ids: Sequence[str], rows: Ints, chosen: Ints, jurisdiction: str
) -> tuple[Floats, Floats]:
    """Documented share, and that plus the undocumented, of the chosen (m); NaN without a vector."""
    if not isinstance(vectors, VectorTable):
        wanted = [ids[each] for each in chosen.tolist()]
        known = [exposure(vectors[id], jurisdiction) if id in vectors else _NONE for id in wanted]
        return np.array([each.low for each in known]), np.array([each.high for each in known])
    low = vectors.shares_of(rows[chosen], jurisdiction)
    if jurisdiction == UNKNOWN:
        return low, low
    return low, np.minimum(1.0, low + vectors.shares_of(rows[chosen], UNKNOWN))


def _order(kind: EntityKind, score: Score) -> tuple[Score, ...]:
    """Scores to look for an item of the kind, best first."""
    if kind is EntityKind.JURISDICTION:
        return ()
    if score in _NO_STAND_IN:
        return (score,)
    own = () if score in _PLANT_ONLY and kind is not EntityKind.PLANT else (score,)
    stand_in = () if kind is EntityKind.PLANT else _PASSED_ON[kind]
    return own + stand_in


def badges(assessment: Assessment | None) -> dict[str, Badge]:
    """The status of each plant, company and license that the law has an answer for."""
    return {} if assessment is None else dict(_badges_of(_Same(assessment.law)))


class _Same:
    """What the law says, known by its identity alone."""

    def __init__(self, law: LawResult) -> None:
        self.law = law

    def __hash__(self) -> int:
        return id(self.law)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.law is other.law


@lru_cache(maxsize=4)
def _badges_of(same: _Same) -> Mapping[str, Badge]:
    """Worked out once for each assessment, best by the job that made it."""
    return _company_badges(same.law) | _license_badges(same.law) | _plant_badges(same.law)


def status_rows(ids: Sequence[str], found: Mapping[str, Badge]) -> npt.NDArray[np.intp]:
    """Of each item the place of its status among the tones; -1 where it has none."""
    places = {tone: place for place, tone in enumerate(Tone)}
    by_id = {id: places[badge.tone] for id, badge in found.items()}
    return np.array([by_id.get(id, -1) for id in ids], dtype=np.intp)


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
