"""Whose verdict changes on a map when one rule pack takes the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.rules.evaluate import evaluate
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import CreditResult, LawResult, TestResult

_SAME = 1e-9


class VerdictChange(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that differs: of whom, what was asked, both answers, and a sentence.

    ``who`` is the id of a company, license or plant; ``product`` names one of the plant's.
    ``before`` and ``after`` are None where the pack does not ask.
    """

    who: str
    what: str
    before: str | float | None
    after: str | float | None
    text: str
    product: str | None = None


def verdict_changes(
    project: Project, before: RulePack, after: RulePack, year: int | None = None
) -> tuple[VerdictChange, ...]:
    """Company statuses, license control, products' tests, status and credit that differ.

    ``year`` is the project's own where not given; its settled readings hold for both packs.
    """
    chosen = project.header.year if year is None else year
    on_the_day = MapInForce(project, last_day(chosen))
    old = evaluate(on_the_day, (before,), chosen)
    new = evaluate(on_the_day, (after,), chosen)
    return (
        *_companies(project, old, new, before, after),
        *_licenses(project, old, new, before, after),
        *_credits(project, old, new),
    )


def _companies(
    project: Project, old: LawResult, new: LawResult, before: RulePack, after: RulePack
) -> Iterator[VerdictChange]:
    was, now = old.companies.get(before.id, {}), new.companies.get(after.id, {})
    for id in dict.fromkeys((*was, *now)):
        first: Mapping[str, str] = was[id].answers if id in was else {}
        second: Mapping[str, str] = now[id].answers if id in now else {}
        for question in dict.fromkeys((*first, *second)):
            yield from _differs(project, id, question, first.get(question), second.get(question))


def _licenses(
    project: Project, old: LawResult, new: LawResult, before: RulePack, after: RulePack
) -> Iterator[VerdictChange]:
    was, now = old.licenses.get(before.id, {}), new.licenses.get(after.id, {})
    for id in dict.fromkeys((*was, *now)):
        first = was[id].verdict if id in was else None
        second = now[id].verdict if id in now else None
        yield from _differs(project, id, "control by license", first, second)


def _credits(project: Project, old: LawResult, new: LawResult) -> Iterator[VerdictChange]:
    def keyed(law: LawResult) -> dict[tuple[str, str], CreditResult]:
        return {(credit.plant, credit.product): credit for credit in law.credits}

    was, now = keyed(old), keyed(new)
    for key in dict.fromkeys((*was, *now)):
        first, second = was.get(key), now.get(key)
        status = first.status if first else None, second.status if second else None
        yield from _differs(project, key[0], "status", *status, product=key[1])
        yield from _tests(project, key, first, second)
        value = (
            first.annual_credit if first else None,
            second.annual_credit if second else None,
        )
        yield from _money(project, key, value, (second or first))


def _tests(
    project: Project,
    key: tuple[str, str],
    first: CreditResult | None,
    second: CreditResult | None,
) -> Iterator[VerdictChange]:
    was = {test.id: test for test in first.tests} if first else {}
    now = {test.id: test for test in second.tests} if second else {}
    for id in dict.fromkeys((*was, *now)):
        old, new = was.get(id), now.get(id)
        what = f"test {id}"
        if (old and old.verdict) != (new and new.verdict):
            yield from _differs(
                project,
                key[0],
                what,
                old.verdict if old else None,
                new.verdict if new else None,
                product=key[1],
                told=(_test_words(old), _test_words(new)),
            )
        elif old is not None and new is not None and _figures(old) != _figures(new):
            text = f"{_name(project, *key)}, {what}: {_test_words(old)} → {_test_words(new)}."
            yield VerdictChange(
                who=key[0],
                product=key[1],
                what=what,
                before=old.verdict.value,
                after=new.verdict.value,
                text=text,
            )


def _money(
    project: Project,
    key: tuple[str, str],
    value: tuple[float | None, float | None],
    credit: CreditResult | None,
) -> Iterator[VerdictChange]:
    old, new = value
    if credit is None or old == new:
        return
    if old is not None and new is not None and abs(old - new) <= _SAME * max(abs(old), abs(new)):
        return
    said = [
        ("unknown" if each is None else f"{each:,.0f} {credit.currency} {credit.per}")
        for each in value
    ]
    text = f"{_name(project, *key)}, credit before any risk: {said[0]} → {said[1]}."
    yield VerdictChange(
        who=key[0], product=key[1], what="annual credit", before=old, after=new, text=text
    )


def _differs(
    project: Project,
    who: str,
    what: str,
    before: str | None,
    after: str | None,
    product: str | None = None,
    told: tuple[str, str] | None = None,
) -> Iterator[VerdictChange]:
    if before == after:
        return
    words = told or (_or_not_asked(before), _or_not_asked(after))
    yield VerdictChange(
        who=who,
        product=product,
        what=what,
        before=None if before is None else str(before),
        after=None if after is None else str(after),
        text=f"{_name(project, who, product)}, {what}: {words[0]} → {words[1]}.",
    )


def _or_not_asked(answer: str | None) -> str:
    return "not asked" if answer is None else str(answer)


def _figures(test: TestResult) -> tuple[float | str | None, ...]:
    figures = (test.low, test.high, test.threshold)
    rounded = tuple(None if figure is None else round(figure, 9) for figure in figures)
    return (*rounded, test.comparison)


def _test_words(test: TestResult | None) -> str:
    if test is None:
        return "not asked"
    words = str(test.verdict)
    if test.low is not None and test.high is not None:
        words += f" at {_figure(test.low, test.unit)}"
        if test.high - test.low > _SAME:
            words += f" to {_figure(test.high, test.unit)}"
    if test.threshold is not None:
        words += f" (fails if {test.comparison} {_figure(test.threshold, test.unit)})"
    return words


def _figure(value: float, unit: str) -> str:
    return f"{round(value * 100, 4):g}%" if unit in ("share", "") else f"{value:g} {unit}"


def _name(project: Project, who: str, product: str | None = None) -> str:
    plant = project.entities.get(who)
    named = project.name(who)
    if product is None or not isinstance(plant, Plant):
        return named
    made = next((each.name or each.id for each in plant.products if each.id == product), product)
    return f"{named}, {made}"
