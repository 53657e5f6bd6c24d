"""The value of the next missing fact: what to find out first, and what it would settle.

Every gap under a figure is filled on the map with each of its extreme answers, one gap at a time,
and the map is scored (or judged) anew. Nothing here is estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from depmap_gui.analysis.bounds import bound
from depmap_gui.analysis.context import Context, Quiet
from depmap_gui.analysis.law_gaps import LawGaps, telling_homes
from depmap_gui.analysis.law_parts import moves_the_law
from depmap_gui.analysis.law_samples import credits_of, judge
from depmap_gui.analysis.questions import asked_row, asked_test, score_title, title_of_test
from depmap_gui.analysis.ranged_rows import Slot
from depmap_gui.analysis.ranges import (
    Ranges,
    place_in_words,
    project_record,
    ranges_after,
    ranges_of,
    record_of,
)
from depmap_gui.analysis.results import UNKNOWN
from depmap_gui.analysis.score_gaps import ScoreGaps
from depmap_gui.analysis.scores import LAYER_OF
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.analysis.supposed import (
    Gap,
    Home,
    RestOf,
    Supposition,
    fresh_id,
    with_field,
    with_records,
)
from depmap_gui.analysis.tornado import tornado_of_score
from depmap_gui.analysis.uncertainty_results import (
    FactKind,
    MissingFact,
    MissingFacts,
    Question,
    ScoreQuestion,
    TestQuestion,
    Trial,
    UncertaintyError,
)
from depmap_gui.analysis.wording import percent
from depmap_gui.domain.fields import field_of
from depmap_gui.domain.in_force import MapInForce, last_day, links_in_force
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import Verdict

MOST_GAPS, FEWEST_GAPS = 150, 20
"""Of more gaps the weightiest are tried."""
MOST_WORK = 300_000
"""Gaps times links that one search takes on: of a larger map fewer are tried."""
NOTHING = 1e-9
SETTLED = "The verdict does not hang on anything that the map leaves open; nothing was tried."
ELSEWHERE, NOWHERE = "another country", "XX"
"""A country that is not on the map, with a code that stands for none."""

Outcome = tuple[float | None, float | None, Verdict | None]
"""Low and high of the figure, and the verdict of a test."""


def missing_facts(
    project: Project,
    packs: Sequence[RulePack],
    question: Question,
    context: Context | None = None,
) -> MissingFacts:
    """Which missing fact would tell most about a figure. Raises UncertaintyError, and Canceled."""
    told = context or Quiet()
    match question:
        case ScoreQuestion():
            return _about_score(project, question, told)
        case TestQuestion():
            return _about_test(project, packs, question, told)


# Scores ---------------------------------------------------------------------------------------


def _about_score(project: Project, question: ScoreQuestion, told: Context) -> MissingFacts:
    if question.jurisdiction == UNKNOWN:
        raise UncertaintyError(
            "What is missing is asked of a jurisdiction's share: choose one of the map's codes."
        )
    if question.entity in project.entities:
        project = _with_two_places(upstream_of(project, question.entity))
    solution = _solved(project)
    row, _ = asked_row(solution, question)
    gaps = ScoreGaps(solution, question.score, row, *_homes(project, question)).found()
    ranges = ranges_of(project)
    gaps += _ranges_of_score(solution, ranges, question)
    gaps.sort(key=lambda gap: -gap.weight)

    def outcome(suppose: Supposition | RestOf) -> Outcome:
        if isinstance(suppose, RestOf):
            low, high = _interval(solution, ranges, question, suppose)
        else:
            supposed = suppose(project)
            low, high = _interval(
                _solved(supposed, solution), ranges_after(ranges, project, supposed), question
            )
        return low, high, None

    low, high = _interval(solution, ranges, question)
    return _tried(
        _Search(question, (low, high, None), outcome, told, len(project.links)),
        score_title(solution, question),
        gaps,
    )


def upstream_of(project: Project, entity: str) -> Project:
    """The part of the map that an item's scores rest on, with all jurisdictions."""
    day = last_day(project.header.year)
    into: dict[str, list[str]] = {}
    for link in links_in_force(project, day):
        into.setdefault(link.target, []).append(link.source)
    kept, waiting = {entity}, [entity]
    while waiting:
        for source in into.get(waiting.pop(), ()):
            if source not in kept:
                kept.add(source)
                waiting.append(source)
    kept |= {place.id for place in project.of_kind(Jurisdiction)}
    return msgspec.structs.replace(
        project,
        entities={id: each for id, each in project.entities.items() if id in kept},
        links={
            id: link
            for id, link in project.links.items()
            if link.target in kept and link.source in kept
        },
    )


def _solved(project: Project, before: Solution | None = None) -> Solution:
    header = project.header
    return solve(MapInForce(project, last_day(header.year)), header.basis, before=before)


def _with_two_places(project: Project) -> Project:
    """The project; with a country of no name added where it has only one."""
    if len({place.code or place.id for place in project.of_kind(Jurisdiction)}) > 1:
        return project
    id = fresh_id(project, "supposed-country")
    return with_records(project, entities=[Jurisdiction(id=id, name=ELSEWHERE, code=NOWHERE)])


def _homes(project: Project, question: ScoreQuestion) -> tuple[Home, Home]:
    """The jurisdiction asked about and another one."""
    homes = [
        Home(place.code or place.id, place.name or place.code or place.id, place.id)
        for place in project.of_kind(Jurisdiction)
    ]
    here = next(home for home in homes if question.jurisdiction == home.code)
    return here, next(home for home in homes if home.code != here.code)


def _interval(
    solution: Solution, ranges: Ranges, question: ScoreQuestion, rest: RestOf | None = None
) -> tuple[float, float]:
    rests = {}
    if rest is not None:
        place = solution.projection.row
        node = int(rest.slot) * (solution.projection.size + 1) + place[rest.entity]
        rests[node] = place[rest.jurisdiction]
    row, column = asked_row(solution, question)
    rows = np.array([row], dtype=np.int64)
    slot = Slot(int(LAYER_OF[question.score]))
    wanted = int(slot) * (solution.projection.size + 1) + rows
    bounded = bound(solution, ranges, (question.score,), None, wanted, rests)
    low, high = bounded.table(slot, rows)
    return float(low[0, column]), float(high[0, column])


def _ranges_of_score(solution: Solution, ranges: Ranges, question: ScoreQuestion) -> list[Gap]:
    project = solution.projection.project
    bars = tornado_of_score(solution, ranges, question).bars
    return [_range(project, ranges, ranges.number[bar.quantity.place], bar.swing) for bar in bars]


# Tests ----------------------------------------------------------------------------------------


def _about_test(
    project: Project, packs: Sequence[RulePack], question: TestQuestion, told: Context
) -> MissingFacts:
    law = judge(project, packs)
    credit, test = asked_test(credits_of(law), question)
    now = (test.low, test.high, test.verdict)
    title = title_of_test(project, question, test)
    if test.verdict in (Verdict.PASS, Verdict.FAIL):
        return MissingFacts(
            question=question,
            title=title,
            low=test.low,
            high=test.high,
            verdict=test.verdict,
            facts=(),
            without_effect=0,
            tried=SETTLED,
        )
    rules = next(pack for pack in packs if pack.id == question.pack)
    gaps = LawGaps(
        project=project,
        law=law,
        credit=credit,
        question=question,
        rules=rules,
        homes=telling_homes(project, packs, question.pack),
    ).found()
    ranges = ranges_of(project)
    gaps += [
        _range(project, ranges, number, 0.0)
        for number, place in enumerate(ranges.places)
        if moves_the_law(project, place)
    ]

    def outcome(suppose: Supposition | RestOf) -> Outcome:
        assert not isinstance(suppose, RestOf)
        _, found = asked_test(credits_of(judge(suppose(project), packs)), question)
        return found.low, found.high, found.verdict

    return _tried(_Search(question, now, outcome, told, len(project.links)), title, gaps)


def _range(project: Project, ranges: Ranges, number: int, weight: float) -> Gap:
    """A range is a gap too: the figure itself may be found out."""
    place = ranges.places[number]
    field = field_of(type(record_of(project, place)), place.field)
    answers = tuple(
        (_figure(value, field is not None and field.is_share), with_field(place, value))
        for value in dict.fromkeys(ranges.triangle[number].tolist())
    )
    words = place_in_words(project, place)
    sources = project_record(project, place.record).sources
    return Gap(FactKind.RANGE, place, f"the exact figure of {words}", answers, weight, sources)


def _figure(value: float, is_share: bool) -> str:
    if is_share:
        return _share(value)
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:,.6g}"


def _share(value: float) -> str:
    """A share in words; next to nothing is nothing."""
    return percent(value) if value > NOTHING else "0%"


# Both -----------------------------------------------------------------------------------------


class _Search(msgspec.Struct, frozen=True):
    question: Question
    now: Outcome
    outcome: Callable[[Supposition | RestOf], Outcome]
    told: Context
    links: int

    @property
    def most(self) -> int:
        """How many gaps are tried."""
        return min(MOST_GAPS, max(FEWEST_GAPS, MOST_WORK // max(1, self.links)))


def _tried(search: _Search, title: str, gaps: Sequence[Gap]) -> MissingFacts:
    chosen = gaps[: search.most]
    facts = []
    answers = 0
    for number, gap in enumerate(chosen):
        search.told.progress(number / len(chosen), f"Trying: {gap.question}")
        trials = [_trial(search, answer, suppose) for answer, suppose in gap.answers]
        answers += len(trials)
        if (fact := _fact(search, gap, trials)) is not None:
            facts.append(fact)
    facts.sort(
        key=lambda fact: (
            -len(fact.settles),
            Verdict.PASS not in fact.settles,
            -fact.narrowing,
            -fact.least_narrowing,
        )
    )
    low, high, verdict = search.now
    tried = f"{len(chosen)} facts were tried one at a time, {answers} answers in all, each put on "
    tried += "the map and worked out anew; no two facts together."
    if len(gaps) > len(chosen):
        tried += f" {len(gaps) - len(chosen)} further ones of less weight were not tried."
    return MissingFacts(
        question=search.question,
        title=title,
        low=low,
        high=high,
        verdict=verdict,
        facts=tuple(facts),
        without_effect=len(chosen) - len(facts),
        tried=tried,
    )


def _trial(search: _Search, answer: str, suppose: Supposition | RestOf) -> Trial:
    low, high, verdict = search.outcome(suppose)
    return Trial(answer=answer, low=low, high=high, verdict=verdict)


def _fact(search: _Search, gap: Gap, trials: Sequence[Trial]) -> MissingFact | None:
    """The gap as a fact to find out; None where no answer narrows or settles anything."""
    low, high, verdict = search.now
    now = _width(low, high)
    narrowing = [max(0.0, now - _width(trial.low, trial.high)) for trial in trials]
    open_now = verdict in (Verdict.UNCERTAIN, Verdict.UNKNOWN)
    reached = {trial.verdict for trial in trials} if open_now else set()
    settles = tuple(each for each in (Verdict.PASS, Verdict.FAIL) if each in reached)
    if max(narrowing) <= NOTHING and not settles:
        return None
    return MissingFact(
        kind=gap.kind,
        place=gap.place,
        sentence=_sentence(gap, trials),
        trials=tuple(trials),
        narrowing=max(narrowing),
        least_narrowing=min(narrowing),
        settles=settles,
        sources=gap.sources,
    )


def _width(low: float | None, high: float | None) -> float:
    """How wide an interval is; as wide as can be where nothing is measured."""
    return 1.0 if low is None or high is None else high - low


def _sentence(gap: Gap, trials: Sequence[Trial]) -> str:
    told = []
    for trial in trials:
        found = ""
        if trial.low is not None and trial.high is not None:
            same = trial.high - trial.low <= NOTHING
            found = _share(trial.low)
            found = found if same else f"{found} to {_share(trial.high)}"
        verdict = "" if trial.verdict is None else trial.verdict.value
        told.append(f"if {trial.answer}, {', '.join(filter(None, (found, verdict)))}")
    return f"Find out {gap.question}: {'; '.join(told)}."
