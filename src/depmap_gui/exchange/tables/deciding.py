"""What is decided once for a whole column: decimal mark, percent, day and month, separator."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from depmap_gui.exchange.tables.amounts import decimal_mark, read_number
from depmap_gui.exchange.tables.columns import Profile
from depmap_gui.exchange.tables.dates import day_comes_first
from depmap_gui.exchange.tables.hints import head_hints
from depmap_gui.exchange.tables.parties import separator_of
from depmap_gui.exchange.tables.records import Question, ValueReading
from depmap_gui.exchange.tables.slots import Reads, Slot

_NUMERIC = frozenset({Reads.SHARE, Reads.MONEY, Reads.NUMBER, Reads.OUTPUT})
Ask = Callable[..., None]
"""Notes a question: its matter, its message, its options."""

BLOCKING = frozenset({"day_first", "decimal", "percent"})
"""Questions whose answer changes figures: nothing is imported on a guess about these."""


def decide_reading(
    sheet: str, name: str, head: str, slot: Slot | None, cells: Profile, *, is_text_file: bool
) -> tuple[ValueReading, list[Question]]:
    """How the cells of a column are read, and what they leave open."""
    if slot is None:
        return ValueReading(), []
    asked: list[Question] = []
    texts = [value for value in cells.values if isinstance(value, str)]

    def ask(matter: str, message: str, *options: str) -> None:
        asked.append(
            Question(sheet=sheet, header=name, matter=matter, message=message, options=options)
        )

    if slot.reads in _NUMERIC:
        return _numeric(slot, head, name, cells, texts, is_text_file, ask), asked
    if slot.reads is Reads.DATE:
        day_first, undecided = day_comes_first(texts)
        if undecided and day_first is None:
            ask(
                "day_first",
                f"Dates in '{name}' such as {_example(texts)} do not tell whether the day or the "
                "month comes first.",
                "day first",
                "month first",
            )
        return ValueReading(day_first=day_first), asked
    if slot.reads is Reads.NAME:
        separator, several = separator_of(texts)
        if several >= 2:
            ask(
                "separator",
                f"{several} cells in '{name}' hold commas. They are read as one name each; if they "
                "list several, choose the comma as separator.",
                "one name",
                ",",
            )
        return ValueReading(separator=separator), asked
    return ValueReading(), asked


def _numeric(
    slot: Slot,
    head: str,
    name: str,
    cells: Profile,
    texts: list[str],
    is_text_file: bool,
    ask: Ask,
) -> ValueReading:
    hints = head_hints(head)
    decimal, is_open = decimal_mark(texts)
    if is_open and slot.reads is not Reads.SHARE:
        ask(
            "decimal",
            f"Numbers in '{name}' such as {_example(texts)} may be thousands or have decimals.",
            "thousands (decimal comma)",
            "decimals (decimal point)",
        )
    percent: bool | None = None
    if slot.reads is Reads.SHARE:
        percent = _is_percent(name, cells, decimal, hints.percent, is_text_file, ask)
    return ValueReading(
        percent=percent,
        decimal=decimal,
        multiplier=1.0 if slot.reads is Reads.SHARE else hints.multiplier,
        currency=hints.currency if slot.reads is Reads.MONEY else None,
        unit=hints.unit if slot.reads in (Reads.OUTPUT, Reads.NUMBER) else None,
    )


def _is_percent(
    name: str,
    cells: Profile,
    decimal: str | None,
    says_percent: bool,
    is_text_file: bool,
    ask: Ask,
) -> bool | None:
    """Whether bare numbers of a share column count in hundredths; None where there are none."""
    bare: list[float] = []
    for value in cells.values:
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            bare.append(float(value))
        elif isinstance(value, str):
            read = read_number(value, decimal)
            if read.quantity is not None and not read.is_percent:
                top = read.quantity[2] if isinstance(read.quantity, tuple) else read.quantity
                bare.append(top)
    bare = [abs(number) for number in bare if number]
    if not bare:
        return None
    if max(bare) > 1:
        return True
    if all(number == 1 for number in bare) and says_percent and is_text_file:
        return False
    if says_percent and is_text_file and max(bare) < 1:
        ask(
            "percent",
            f"The head of '{name}' says percent, yet no number in it is above 1: "
            f"{bare[0]:g} may be {bare[0]:g}% or {bare[0] * 100:g}%.",
            "fractions (0.49 is 49%)",
            "percent (0.49 is 0.49%)",
        )
    return False


def _example(texts: list[str]) -> str:
    return next((f"'{text}'" for text in texts if any(c.isdigit() for c in text)), "these")


def answered(reading: ValueReading, matter: str, answer: str) -> ValueReading:
    """The reading with a question answered by one of its options."""
    plain = answer.strip().lower()
    match matter:
        case "day_first":
            return msgspec.structs.replace(reading, day_first=plain.startswith("day"))
        case "decimal":
            return msgspec.structs.replace(
                reading, decimal="," if "comma" in plain or plain == "," else "."
            )
        case "percent":
            return msgspec.structs.replace(reading, percent=plain.startswith("percent"))
        case "separator":
            one = plain.startswith("one")
            return msgspec.structs.replace(reading, separator="" if one else answer.strip())
        case "fill_down":
            return msgspec.structs.replace(reading, fill_down=plain.startswith("as above"))
        case "currency":
            return msgspec.structs.replace(reading, currency=answer.strip().upper())
        case _:
            return reading
