"""Which open questions of law matter to a map: every reading evaluated, the differences named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from depmap_gui.domain.in_force import MapInForce
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import OpenQuestion, RulePack
from depmap_gui.rules.results import Answer, CreditResult, Eligibility, LawResult, Verdict

Progress = Callable[[float, str], None]


class CreditDifference(Struct, frozen=True, kw_only=True):
    """What a reading changes in one product's credit: its state and tests, as is and as read."""

    plant: str
    product: str
    pack: str
    status: Eligibility
    as_read: Eligibility
    tests: Mapping[str, tuple[Verdict | None, Verdict | None]]


class CompanyDifference(Struct, frozen=True, kw_only=True):
    """An answer about a company that a reading changes, as is and as read."""

    company: str
    question: str
    answer: Answer
    as_read: Answer


class ReadingEffect(Struct, frozen=True, kw_only=True):
    """One reading of an open question under which something on the map comes out otherwise."""

    pack: str
    question: str
    title: str
    asks: str
    reading: str
    text: str
    citation: str
    credits: tuple[CreditDifference, ...]
    companies: tuple[CompanyDifference, ...]


def readings_that_matter(
    map_in_force: MapInForce,
    packs: Sequence[RulePack],
    year: int,
    settled: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> tuple[ReadingEffect, ...]:
    """The readings, of questions nobody has settled, that would change an answer on this map.

    The law is applied once for every reading but the one in use, so this takes as many times as
    long as `evaluate` as the packs have open readings.
    """
    chosen = map_in_force.project.header.readings if settled is None else settled
    asked = [
        (pack, question, reading)
        for pack in packs
        for question in pack.questions.values()
        if question.id not in chosen
        for reading in question.readings
        if pack.readings(question.id, chosen) != (reading.id,)
    ]
    as_is = {pack.id: evaluate(map_in_force, [pack], year, chosen) for pack in packs}
    effects = []
    for number, (pack, question, reading) in enumerate(asked):
        if progress is not None:
            progress(number / len(asked), question.title)
        as_read = evaluate(map_in_force, [pack], year, {**chosen, question.id: reading.id})
        found = _effect(pack, question, reading.id, as_is[pack.id], as_read)
        if found is not None:
            effects.append(found)
    return tuple(effects)


def _effect(
    pack: RulePack, question: OpenQuestion, reading: str, as_is: LawResult, as_read: LawResult
) -> ReadingEffect | None:
    credits = tuple(
        difference
        for before, after in zip(as_is.credits, as_read.credits, strict=True)
        if (difference := _of_credit(before, after)) is not None
    )
    statuses = as_read.companies[pack.id]
    companies = tuple(
        CompanyDifference(
            company=id, question=asked, answer=answer, as_read=statuses[id].answers[asked]
        )
        for id, status in as_is.companies[pack.id].items()
        for asked, answer in status.answers.items()
        if statuses[id].answers[asked] is not answer
    )
    if not credits and not companies:
        return None
    return ReadingEffect(
        pack=pack.id,
        question=question.id,
        title=question.title,
        asks=question.question,
        reading=reading,
        text=next(each.text for each in question.readings if each.id == reading),
        citation=question.citation,
        credits=credits,
        companies=companies,
    )


def _of_credit(before: CreditResult, after: CreditResult) -> CreditDifference | None:
    was = {test.id: test.verdict for test in before.tests}
    now = {test.id: test.verdict for test in after.tests}
    changed = {
        id: (was.get(id), now.get(id))
        for id in dict.fromkeys((*was, *now))
        if was.get(id) is not now.get(id)
    }
    if not changed and before.status is after.status:
        return None
    return CreditDifference(
        plant=before.plant,
        product=before.product,
        pack=before.pack,
        status=before.status,
        as_read=after.status,
        tests=changed,
    )
