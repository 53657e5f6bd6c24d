"""How the cells of one column are read: plain questions, each with cells of the column itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from depmap_gui.exchange.tables.amounts import read_number
from depmap_gui.exchange.tables.dates import read_date
from depmap_gui.exchange.tables.records import ColumnProposal, ValueReading
from depmap_gui.exchange.tables.slots import Reads
from depmap_gui.gui.dialogs.import_wizard_parts import Choice, button, card, emptied, label
from depmap_gui.gui.numbers import day, in_locale, quantity_to_edit
from depmap_gui.session.importing import Question, slots

_CURRENCIES = (
    "USD", "EUR", "CNY", "JPY", "KRW", "GBP", "CAD", "AUD", "MXN", "INR", "CHF", "SEK", "NOK",
    "TWD", "BRL", "IDR", "THB", "VND", "MYR", "PLN", "HUF", "CZK", "TRY", "ZAR", "CLP", "ARS",
)  # fmt: skip
_MAGNITUDES = ((1.0, "as it stands"), (1e3, "thousands"), (1e6, "millions"), (1e9, "billions"))
_UNITS = ("Wh", "kWh", "MWh", "GWh", "TWh", "W", "kW", "MW", "GW", "kg", "t", "kt")


class Asked(NamedTuple):
    """A part of a reading that can be chosen: what is asked, and each answer with its words."""

    field: str
    question: str
    answers: tuple[tuple[Any, str], ...]


def asked_of(reads: Reads, column: ColumnProposal, own_currency: str) -> Iterator[Asked]:
    """What can be chosen about a column whose cells are read so."""
    yield from _asked_of_kind(reads, column, own_currency)
    yield Asked(
        "fill_down",
        "What does a blank cell mean?",
        ((False, "Nothing is said"), (True, "The same as the cell above")),
    )


def _asked_of_kind(reads: Reads, column: ColumnProposal, own_currency: str) -> Iterator[Asked]:
    reading = column.mapping.reading
    number = _numeric_sample(column)
    match reads:
        case Reads.SHARE:
            bare = number.rstrip(" %") if number else "49"
            yield Asked(
                "percent",
                f"What does {bare} mean?",
                (
                    (None, "Cell by cell, as written"),
                    (True, f"Percent: {bare} is {in_locale(f'{bare}%')}"),
                    (False, f"A fraction: {bare} is {_as_percent(bare)}"),
                ),
            )
            yield _decimal(number)
        case Reads.MONEY:
            codes = dict.fromkeys((own_currency, reading.currency or own_currency, *_CURRENCIES))
            answers = [(None, f"As written, else {own_currency}")] + [(c, c) for c in codes]
            yield Asked("currency", "In which currency are bare amounts?", tuple(answers))
            yield _magnitude(reading)
            yield _decimal(number)
        case Reads.NUMBER | Reads.OUTPUT:
            yield _magnitude(reading)
            if reads is Reads.OUTPUT:
                units = dict.fromkeys((reading.unit, *_UNITS))
                yield Asked(
                    "unit",
                    "In which unit are bare numbers?",
                    ((None, "As written"), *((unit, unit) for unit in units if unit)),
                )
            yield _decimal(number)
        case Reads.DATE:
            yield _day_first(column)
        case Reads.NAME:
            marks = dict.fromkeys((reading.separator, ";", ",", "/", "|", "&"))
            yield Asked(
                "separator",
                "Does one cell hold several names?",
                (
                    (None, "As it looks"),
                    ("", "No: a cell is one name"),
                    *((mark, f"Yes, parted by “{mark}”") for mark in marks if mark),
                ),
            )
        case _:
            return


def _decimal(sample: str) -> Asked:
    example = sample or "1.234"
    return Asked(
        "decimal",
        f"Which is the decimal mark in numbers such as {example}?",
        (
            (None, "Number by number, as written"),
            (".", f"The point: {example} is {_read(example, '.')}"),
            (",", f"The comma: {example} is {_read(example, ',')}"),
        ),
    )


def _magnitude(reading: ValueReading) -> Asked:
    known = dict(_MAGNITUDES)
    extra = (
        () if reading.multiplier in known else ((reading.multiplier, f"× {reading.multiplier:g}"),)
    )
    return Asked("multiplier", "Bare numbers are…", (*_MAGNITUDES, *extra))


def _day_first(column: ColumnProposal) -> Asked:
    sample = next((s for s in column.samples if any(c.isdigit() for c in s)), "3/4/2025")

    def means(first: bool) -> str:
        found = read_date(sample, first).day
        return day(found) if found is not None else "not a date"

    return Asked(
        "day_first",
        f"Which comes first in dates such as {sample}?",
        (
            (None, "As written, where that is plain"),
            (True, f"The day: {means(True)}"),
            (False, f"The month: {means(False)}"),
        ),
    )


def _numeric_sample(column: ColumnProposal) -> str:
    """A cell to explain by: one with a comma or point tells most."""
    numbers = [sample for sample in column.samples if any(letter.isdigit() for letter in sample)]
    telling = [sample for sample in numbers if "," in sample or "." in sample]
    return next(iter(telling or numbers), "")[:24]


def _read(text: str, decimal: str) -> str:
    read = read_number(text, decimal)
    if read.fault or read.quantity is None:
        return "no number"
    number = read.quantity
    return quantity_to_edit(number, grouped=True) if isinstance(number, float) else "a band"


def _as_percent(bare: str) -> str:
    read = read_number(bare)
    if isinstance(read.quantity, float):
        return in_locale(f"{read.quantity * 100:,.6g}%")
    return "100 times as much"


class ReadingForm(QWidget):
    """The open questions about a column, then every part of its reading that can be chosen."""

    reading_chosen = Signal(object)
    answer_chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: dict[str, Choice] = {}
        self._column: ColumnProposal | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_column(
        self, column: ColumnProposal, questions: list[Question], own_currency: str
    ) -> None:
        """Show what is asked about a column."""
        self._column = column
        self.choices = {}
        emptied(self._layout)
        for question in questions:
            self._layout.addWidget(self._question(question))
        known = slots()
        shown: set[str] = {question.matter for question in questions}
        for id in column.mapping.slots:
            for asked in asked_of(known[id].reads, column, own_currency):
                if asked.field not in shown:
                    shown.add(asked.field)
                    self._add(asked)

    def _question(self, question: Question) -> QWidget:
        words = label(question.message)
        answers = [
            button(
                option[:1].upper() + option[1:],
                partial(self.answer_chosen.emit, question, option),
            )
            for option in question.options
        ]
        # Commas alone are no words.
        for one in answers:
            if one.text() == ",":
                one.setText("Several, parted by commas")
        return card(label("To be decided", "warn"), words, *answers)

    def _add(self, asked: Asked) -> None:
        assert self._column is not None
        now = getattr(self._column.mapping.reading, asked.field)
        choice = Choice(asked.question)
        for value, words in asked.answers:
            choice.addItem(words, value)
        at = next((n for n, (value, _) in enumerate(asked.answers) if value == now), 0)
        choice.setCurrentIndex(at)
        choice.setToolTip(choice.currentText())
        choice.activated.connect(partial(self._on_chosen, asked))
        self.choices[asked.field] = choice
        self._layout.addWidget(label(asked.question, "section"))
        self._layout.addWidget(choice)

    def _on_chosen(self, asked: Asked, at: int) -> None:
        if self._column is not None:
            reading = self._column.mapping.reading
            value = asked.answers[at][0]
            self.reading_chosen.emit(msgspec.structs.replace(reading, **{asked.field: value}))
