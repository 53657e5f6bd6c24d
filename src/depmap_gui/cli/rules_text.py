"""Rule packs and their differences as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from depmap_gui.rules.pack import (
    Certainty,
    DatedValue,
    DutyRule,
    GovernmentList,
    OpenQuestion,
    Parameter,
    RulePack,
    Standing,
)
from depmap_gui.session.pack_diff import PackChange, value_words
from depmap_gui.session.rules import OfferedPack
from depmap_gui.session.verdict_diff import VerdictChange

_SURE = frozenset((Certainty.STATUTE, Certainty.OFFICIAL, Certainty.SECONDARY, Certainty.DERIVED))


def offered_lines(offered: Sequence[OfferedPack]) -> list[str]:
    """Each pack with its title, version, date and place; a refused one with all its faults."""
    lines = []
    for each in offered:
        if each.pack is not None:
            pack = each.pack
            lines.append(f"{pack.id}  {pack.version} of {pack.dated}, {each.place}")
            lines.append(f"  {pack.title}")
        else:
            lines.append(f"{each.id}  REFUSED, {each.place}")
            if each.error is not None:
                lines += [f"  {line.strip()}" for line in str(each.error).splitlines()]
    return lines


def pack_lines(pack: RulePack, as_of: date | None) -> list[str]:
    """A whole pack for reading; with a day, only what holds on it."""
    place = pack.origin.words or "ships with DepMap"
    lines = [pack.title, f"{pack.id}  {pack.version} of {pack.dated}, {place}"]
    lines += [f"By {pack.author}. {pack.law}", pack.status]
    if as_of is not None:
        lines.append(f"As of {as_of}")
    lines += ["", "Parameters"]
    for parameter in pack.parameters.values():
        lines += [f"  {line}" for line in parameter_lines(parameter, as_of)]
    if pack.lists:
        lines += ["", "Lists"]
        for listing in pack.lists.values():
            lines += [f"  {line}" for line in _list_lines(listing, as_of)]
    lines += list(_rule_lines(pack, as_of))
    if pack.questions:
        lines += ["", "Open questions"]
        for question in pack.questions.values():
            lines += [f"  {line}" for line in _question_lines(question)]
    return lines


def parameter_lines(parameter: Parameter, as_of: date | None) -> list[str]:
    """A parameter and its values by date, or the one that holds on a day."""
    lines = [f"{parameter.id}  {parameter.title}"]
    values = parameter.values
    if as_of is not None:
        held = parameter.on(as_of)
        values = () if held is None else (held,)
        if held is None:
            lines.append(f"  no value on {as_of}")
    for value in values:
        said = value_words(value, parameter.unit)
        lines.append(f"  {_period(value)}  {said}{_marks(value)}  [{value.citation}]")
        if value.note:
            lines.append(f"    {value.note}")
    if parameter.note:
        lines.append(f"    {parameter.note}")
    return lines


def diff_lines(
    before: RulePack,
    after: RulePack,
    changes: Sequence[PackChange],
    verdicts: Sequence[VerdictChange] | None,
    year: int | None,
) -> list[str]:
    """What changed in sentences, changes of wording last, then whose verdict changes."""
    lines = [f"{_named(pack)}" for pack in (before, after)]
    telling = [change for change in changes if not change.wording]
    wording = [change for change in changes if change.wording]
    if not changes:
        lines += ["", "The two say the same."]
    if telling:
        lines += ["", "What changed", *(f"  {change.text}" for change in telling)]
    if wording:
        lines += ["", "Wording, citations and notes", *(f"  {change.text}" for change in wording)]
    if verdicts is not None:
        title = f"Whose verdict changes in {year}"
        said = [f"  {verdict.text}" for verdict in verdicts]
        lines += ["", title, *(said or ["  No verdict on this map changes."])]
    return [*lines, "", "An aid to analysis, not legal advice."]


def _named(pack: RulePack) -> str:
    place = pack.origin.words or "ships with DepMap"
    return f"{pack.id} {pack.version} of {pack.dated}, {place}"


def _period(value: DatedValue) -> str:
    return f"{value.starts} to {value.ends}" if value.ends else f"from {value.starts} on"


def _marks(value: DatedValue) -> str:
    """What a reader must not overlook: other than enacted, or less than sure."""
    marks = []
    if value.standing is not Standing.ENACTED:
        marks.append(value.standing.value.upper())
    marks.append(
        value.certainty.value if value.certainty in _SURE else value.certainty.value.upper()
    )
    return f" ({', '.join(marks)})"


def _list_lines(listing: GovernmentList, as_of: date | None) -> Iterator[str]:
    decides = f"decides {listing.decides}" if listing.decides else "decides nothing"
    yield f"{listing.id}  {listing.title} ({decides})  [{listing.citation}]"
    for person in listing.persons:
        if as_of is not None and not person.listed_on(as_of):
            continue
        until = f" to {person.off}" if person.off else " on"
        known = f" ({'; '.join(person.aliases)})" if person.aliases else ""
        yield f"  from {person.on}{until}  {person.name}{known}  [{person.citation}]"


def _rule_lines(pack: RulePack, as_of: date | None) -> Iterator[str]:
    if pack.credits:
        yield from ("", "Credits")
        for credit in pack.credits.values():
            yield f"  {credit.id}  {credit.title}, per {credit.unit}  [{credit.citation}]"
            if credit.tests:
                yield f"    tests: {', '.join(credit.tests)}"
    if pack.tests:
        yield from ("", "Tests")
        for test in pack.tests.values():
            if as_of is not None and not test.in_force(as_of):
                continue
            limit = f" (fails if {test.comparison} {test.parameter})" if test.parameter else ""
            yield f"  {test.id}  {test.title}{limit}  [{test.citation}]"
            yield f"    {test.why}"
    if pack.checks:
        yield from ("", "Checks, whatever credit is claimed")
        for check in pack.checks.values():
            force = check.standing
            mark = "" if force is Standing.ENACTED else f" ({force.value.upper()})"
            yield f"  {check.id}  {check.title}{mark}  [{check.citation}]"
            yield f"    tests: {', '.join(check.tests)}"
    if pack.duties:
        yield from ("", "Layers of duty")
        for duty in pack.duties.values():
            yield f"  {duty.id}  {duty.title}  (rate {_rate(pack, duty, as_of)})"
            yield f"    {_goods(duty)}"
    if pack.flags:
        yield from ("", "Rights and red flags")
        for flag in pack.flags.values():
            if as_of is not None and not flag.in_force(as_of):
                continue
            mark = "" if flag.standing is Standing.ENACTED else f" ({flag.standing.value.upper()})"
            yield f"  {flag.id}  {flag.title}{mark}  [{flag.citation}]"
            yield f"    {flag.question}"


def _rate(pack: RulePack, duty: DutyRule, as_of: date | None) -> str:
    """The parameter of a layer's rate, with a day also what it is on that day."""
    parameter = pack.parameters[duty.rate]
    if as_of is None:
        return duty.rate
    held = parameter.on(as_of)
    return f"{duty.rate}: {'not charged' if held is None else value_words(held, parameter.unit)}"


def _goods(duty: DutyRule) -> str:
    """Which goods a layer meets, in words."""
    into = ", ".join(duty.destinations)
    source = ", ".join(duty.origins) or "anywhere"
    source += f" but {', '.join(duty.not_origins)}" if duty.not_origins else ""
    codes = f", codes {', '.join(duty.codes)}" if duty.codes else ", any goods"
    makers = f", made by {', '.join(duty.makers)}" if duty.makers else ""
    return f"into {into} from {source}{codes}{makers}"


def _question_lines(question: OpenQuestion) -> Iterator[str]:
    yield f"{question.id}  {question.question}  [{question.citation}]"
    for reading in question.readings:
        mark = " (taken unless settled)" if reading.id == question.default else ""
        yield f"  {reading.id}: {reading.text}{mark}"
