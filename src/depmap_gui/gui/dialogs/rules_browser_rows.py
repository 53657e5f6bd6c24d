"""A rule pack as rows to read and search: sections, their records, and what these are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

import msgspec

from depmap_gui.gui import numbers
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.pack import (
    Certainty,
    CreditRule,
    DatedValue,
    Flag,
    GovernmentList,
    OpenQuestion,
    Parameter,
    RulePack,
    Standing,
    TestRule,
)
from depmap_gui.session.pack_diff import value_words

_SECTIONS: dict[str, str] = {
    "parameters": "Parameters by date",
    "lists": "Government lists",
    "credits": "Credits",
    "tests": "Tests",
    "flags": "Rights and red flags",
    "exceptions": "Exceptions",
    "questions": "Open questions",
    "tables": "Cost tables",
    "exclusions": "Contract exclusions",
    "recaptures": "Recapture",
    "checks": "Checks",
    "duties": "Duties",
    "limbs": "Points a map may be silent on",
}
"""What the tables of a pack are called, in the order in which they are shown; others follow."""

_TONES: dict[str, Tone] = {
    Standing.PROPOSED: Tone.WARN,
    Standing.SUSPENDED: Tone.WARN,
    Standing.INTERIM: Tone.WARN,
    Standing.EXPIRED: Tone.ENDED,
    Certainty.UNCONFIRMED: Tone.WARN,
    Certainty.OPEN: Tone.UNKNOWN,
}
"""How what is not plain law, or not sure, is marked."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a section, a record, or a part of one.

    ``in_force`` says whether it holds in the year looked at, None where that is no question;
    ``details`` is all there is to read about it; ``question`` the id of an open question.
    """

    words: str
    value: str = ""
    when: str = ""
    standing: str = ""
    certainty: str = ""
    citation: str = ""
    details: str = ""
    in_force: bool | None = None
    question: str = ""
    is_section: bool = False
    children: tuple[Row, ...] = ()

    @property
    def tone(self) -> Tone | None:
        """The mark of what is proposed, suspended, unconfirmed or open; None for plain law."""
        return _TONES.get(self.standing) or _TONES.get(self.certainty)

    def holds(self, sought: str) -> bool:
        """Whether the row itself says what is sought, in any case of letters."""
        said = (self.words, self.value, self.when, self.standing, self.certainty, self.details)
        text = " ".join((*said, self.citation)).casefold()
        return all(word in text for word in sought.casefold().split())

    def cells(self) -> tuple[str, ...]:
        """The row as cells to copy."""
        return (
            self.words,
            self.value,
            self.when,
            self.standing,
            self.certainty,
            self.citation,
        )


def rows_of(pack: RulePack, year: int, settled: Mapping[str, str]) -> tuple[Row, ...]:
    """The sections of a pack with their rows, as they stand at the end of a tax year."""
    day = date(year, 12, 31)
    named = [name for name in pack.__struct_fields__ if isinstance(getattr(pack, name), dict)]
    order = [name for name in _SECTIONS if name in named]
    order += [name for name in named if name not in _SECTIONS]
    sections = []
    for name in order:
        records: Mapping[str, Any] = getattr(pack, name)
        if records:
            rows = tuple(_record(record, day, settled) for record in records.values())
            title = _SECTIONS.get(name, name.replace("_", " ").capitalize())
            sections.append(Row(words=title, value=str(len(rows)), is_section=True, children=rows))
    return tuple(sections)


def _record(record: Any, day: date, settled: Mapping[str, str]) -> Row:
    match record:
        case Parameter():
            return _parameter(record, day)
        case GovernmentList():
            return _list(record, day)
        case OpenQuestion():
            return _question(record, settled)
        case TestRule():
            limit = f"fails if {record.comparison} {record.parameter}" if record.parameter else ""
            return _plain(record, limit, record.in_force(day))
        case Flag():
            return _plain(record, f"decided by {record.decided_by.value}", record.in_force(day))
        case CreditRule():
            return _plain(record, f"per {record.unit}", None)
        case _:
            return _plain(record, "", _holds(record, day))


def _parameter(parameter: Parameter, day: date) -> Row:
    held = parameter.on(day)
    return Row(
        words=parameter.title,
        value=value_words(held, parameter.unit),
        when=f"on {numbers.day(day)}",
        standing=held.standing.value if held else "",
        certainty=held.certainty.value if held else "",
        citation=held.citation if held else "",
        details=_details(parameter, ("values",)),
        in_force=held is not None,
        children=tuple(_value(value, parameter, day) for value in parameter.values),
    )


def _value(value: DatedValue, parameter: Parameter, day: date) -> Row:
    return Row(
        words=_period(value.starts, value.ends),
        value=value_words(value, parameter.unit),
        when="in force" if value.holds_on(day) else "",
        standing=value.standing.value,
        certainty=value.certainty.value,
        citation=value.citation,
        details="\n".join(filter(None, (parameter.title, value.citation, value.note))),
        in_force=value.holds_on(day),
    )


def _list(listing: GovernmentList, day: date) -> Row:
    on_it = sum(person.listed_on(day) for person in listing.persons)
    persons = tuple(
        Row(
            words=person.name,
            value=", ".join(person.aliases),
            when=_period(person.on, person.off),
            certainty=person.certainty.value,
            citation=person.citation,
            details=_details(person, ()),
            in_force=person.listed_on(day),
        )
        for person in listing.persons
    )
    named = f"{on_it} of {len(persons)} named are on it" if persons else "names no person here"
    return Row(
        words=_capital(listing.title),
        value=f"decides {listing.decides}" if listing.decides else "decides nothing",
        when=named,
        certainty=listing.certainty.value,
        citation=listing.citation,
        details=_details(listing, ("persons",)),
        children=persons,
    )


def _question(question: OpenQuestion, settled: Mapping[str, str]) -> Row:
    chosen = settled.get(question.id)
    readings = tuple(
        Row(
            words=reading.text,
            value="settled on" if reading.id == chosen else "",
            when="default" if reading.id == question.default else "",
            details=reading.text,
            question=question.id,
        )
        for reading in question.readings
    )
    each = "every reading is evaluated" if question.handling.value == "interval" else "by default"
    return Row(
        words=question.question,
        value="settled" if chosen else f"left open, {each}",
        certainty=question.certainty.value,
        citation=question.citation,
        details=_details(question, ("readings",)),
        question=question.id,
        children=readings,
    )


def _plain(record: Any, value: str, in_force: bool | None) -> Row:
    """Any other record: its title, what it says of itself, and its parts."""
    starts, ends = getattr(record, "starts", None), getattr(record, "ends", None)
    return Row(
        words=_capital(str(getattr(record, "title", "") or getattr(record, "id", ""))),
        value=value,
        when=_period(starts, ends) if isinstance(starts, date) else "",
        standing=_word(getattr(record, "standing", "")),
        certainty=_word(getattr(record, "certainty", "")),
        citation=str(getattr(record, "citation", "")),
        details=_details(record, ()),
        in_force=in_force,
        children=tuple(_parts(record)),
    )


def _parts(record: Any) -> Iterator[Row]:
    """Records within a record, such as the lines of a cost table."""
    for name in record.__struct_fields__:
        within = getattr(record, name)
        if isinstance(within, tuple):
            for each in within:
                if isinstance(each, msgspec.Struct):
                    yield _part(each)


def _part(part: Any) -> Row:
    words = str(getattr(part, "title", "") or getattr(part, "id", "") or type(part).__name__)
    return Row(words=_capital(words), value=_short(part), details=_details(part, ()))


def _short(part: Any) -> str:
    said = [
        f"{_label(name)} {_said(getattr(part, name))}"
        for name in part.__struct_fields__
        if name not in ("id", "title", "aliases", "note", "citation")
        and getattr(part, name) not in (None, "", ())
    ]
    return "; ".join(said)


def _details(record: Any, without: tuple[str, ...]) -> str:
    """All fields with something to say, one a line, the longest texts as they are."""
    lines = []
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name in without or value in (None, "", (), {}):
            continue
        if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
            continue
        lines.append(f"{_label(name).capitalize()}: {_said(value)}")
    return "\n".join(lines)


def _label(name: str) -> str:
    return {
        "starts": "first day",
        "ends": "last day",
        "standing": "status",
        "on": "on the list from",
        "off": "last day on it",
        "aliases": "also known as",
    }.get(name, name.replace("_", " "))


def _said(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case date():
            return numbers.day(value)
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(map(_said, value))
        case dict():
            return ", ".join(f"{key}: {_said(each)}" for key, each in value.items())
        case msgspec.Struct():
            return _short(value)
        case _:
            return str(value)


def _word(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _holds(record: Any, day: date) -> bool | None:
    starts, ends = getattr(record, "starts", None), getattr(record, "ends", None)
    if not isinstance(starts, date):
        return None
    return starts <= day and (ends is None or day <= ends)


def _period(starts: date | None, ends: date | None) -> str:
    if starts is None:
        return f"until {numbers.day(ends)}" if ends else ""
    if ends is None:
        return f"from {numbers.day(starts)}"
    return f"{numbers.day(starts)} – {numbers.day(ends)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
