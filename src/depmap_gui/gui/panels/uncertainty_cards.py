"""The cards of the uncertainty panel: the figure's bounds, its tornado, the next missing facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from depmap_gui.analysis.uncertainty_results import (
    Driver,
    Interval,
    MissingFact,
    MissingFacts,
    Place,
    Tornado,
)
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, clear, label, link_button, tone_icon
from depmap_gui.gui.panels.score_words import VERDICT_TONES, VERDICT_WORDS, measure_text
from depmap_gui.gui.panels.scores_parts import (
    ROLE_OF_TONE,
    capital,
    figure_row,
    headline,
    status_headline,
)
from depmap_gui.gui.panels.uncertainty_tornado import BarRow, legend, scale_of
from depmap_gui.gui.panels.uncertainty_words import (
    exactness,
    is_certain,
    narrowing_text,
    place_field,
    place_ids,
)
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.results import TestResult

MOST_SHOWN = 8
LOW_TIP = (
    "The least documented share, over all values that the uncertain quantities may take at once."
)
MODE_TIP = "The documented share with every quantity at its likely value."
HIGH_TIP = (
    "The greatest documented share together with all that is unknown, over all values that the "
    "uncertain quantities may take at once."
)
UNKNOWN_TIP = "The share that the map does not document, with every quantity at its likely value."
TORNADO_TIP = "Each uncertain quantity moved from low to high, all others at their likely value."
FACTS_TIP = "Each was put on the map one at a time, answer by answer, and the figure worked out."
NOTHING_UNCERTAIN = (
    "Nothing uncertain here: no range and no unknown on the map moves this figure. Give a "
    "quantity as a range (low – likely – high) in Properties to see what it does."
)


class Look(msgspec.Struct, frozen=True):
    """What the cards are drawn from, and what a click does: ``show`` selects a record on the
    map, ``fill`` selects it and opens the property that holds the fact."""

    project: Project
    theme: Theme
    show: Callable[[Sequence[str]], object]
    fill: Callable[[Sequence[str], str], object]


# The figure -----------------------------------------------------------------------------------


def interval_cards(title: str, interval: Interval, look: Look) -> list[QWidget]:
    """A share with its bounds, whether they are exact, and what makes them."""
    card = Card(title)
    span = numbers.percent_range(interval.low, interval.high)
    figure = numbers.percent(interval.mode)
    card.add(headline(figure, "certain" if is_certain(interval) else f"{span} is possible"))
    if is_certain(interval):
        card.add(label(NOTHING_UNCERTAIN, "muted"))
        return [card]
    bar = Bar(interval.low, interval.high, look.theme, threshold=interval.mode)
    bar.setAccessibleName(f"{title}: {figure}, possible {span}")
    bar.setToolTip("Filled: documented at least. Hatched: possible. Stroke: likely.")
    card.add(bar)
    for words, value, tip in (
        ("At least, documented", interval.low, LOW_TIP),
        ("Likely, documented", interval.mode, MODE_TIP),
        ("At most, unknown included", interval.high, HIGH_TIP),
        ("Unknown beside it", interval.unknown, UNKNOWN_TIP),
    ):
        card.add(figure_row(words, numbers.percent(value), tip=tip))
    card.add(label(exactness(interval), "muted"))
    if interval.drivers:
        card.add(label("What makes it", "section"))
        card.add(Shortened([partial(_driver, each, look) for each in interval.drivers]))
    return [card]


def _driver(driver: Driver, look: Look) -> QWidget:
    row = _place_row(driver.place, driver.text, look)
    row.row.addWidget(label(driver.text), 1)
    return row


def _place_row(place: Place, said: str, look: Look) -> ClickRow:
    ids = place_ids(look.project, place)
    row = ClickRow(partial(look.show, ids) if ids else None, said)
    if ids:
        row.setToolTip("Click to show it on the map.")
    row.row.setContentsMargins(0, 2, 0, 2)
    return row


def test_card(title: str, test: TestResult, look: Look) -> Card:
    """A test as it stands: verdict, measure against threshold, and why."""
    card = Card(title)
    tone = VERDICT_TONES[test.verdict]
    measure = ""
    if test.low is not None:
        measure = measure_text(
            test.verdict, test.low, test.high, test.threshold, test.comparison, test.unit
        )
    words = capital(VERDICT_WORDS[test.verdict])
    card.add(status_headline(tone, words, measure, look.theme))
    if test.why:
        card.add(label(test.why, "muted"))
    return card


# The tornado ----------------------------------------------------------------------------------


def tornado_card(tornado: Tornado, unit: str, look: Look) -> Card | None:
    """Which quantity moves the figure most; None where none does."""
    card = Card("Which range moves it most")
    card.setToolTip(TORNADO_TIP)
    if not tornado.bars:
        if not tornado.without_effect:
            return None
        card.add(
            label(
                f"No range on the map moves it (tried: {numbers.count(tornado.without_effect)}).",
                "muted",
            )
        )
        return card
    metrics = QFontMetrics(numbers.tabular(card.font()))
    scale = scale_of(tornado, unit, metrics.horizontalAdvance)
    for line in legend(tornado, scale):
        card.add(label(line, "muted"))
    currency = look.project.header.currency
    rows = []
    for bar in tornado.bars:
        ids = place_ids(look.project, bar.quantity.place)
        act = partial(look.show, ids) if ids else None
        rows.append(partial(BarRow, bar, scale, currency, look.theme, act))
    card.add(Shortened(rows))
    if tornado.without_effect:
        rest = tornado.without_effect
        verb = "moves" if rest == 1 else "move"
        card.add(label(f"{_ranges(rest)} on the map {verb} it not at all.", "muted"))
    return card


def _ranges(count: int) -> str:
    return f"{numbers.count(count)} {'range' if count == 1 else 'ranges'}"


# Missing facts --------------------------------------------------------------------------------


def facts_card(facts: MissingFacts, look: Look) -> Card:
    """What to find out next, the most telling first; a click opens the property."""
    card = Card("What to find out next")
    card.setToolTip(FACTS_TIP)
    if not facts.facts:
        card.add(label("Nothing that is missing on the map narrows or settles it.", "muted"))
    rows = [partial(_fact, number, fact, look) for number, fact in enumerate(facts.facts, start=1)]
    card.add(Shortened(rows))
    card.add(label(facts.tried, "muted"))
    return card


def _fact(number: int, fact: MissingFact, look: Look) -> QWidget:
    ids, field = place_ids(look.project, fact.place), place_field(fact.place)
    narrows = narrowing_text(fact)
    settles = ", ".join(VERDICT_WORDS[verdict] for verdict in fact.settles)
    said = f"{number}. {fact.sentence} {narrows}{'. It can settle: ' + settles if settles else ''}"
    row = ClickRow(partial(look.fill, ids, field) if ids else None, said)
    if ids:
        row.setToolTip("Click to show it on the map and open its property.")
    row.row.setContentsMargins(0, 3, 0, 3)
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(label(f"{number}. {fact.sentence}"))
    if narrows:
        lines.addWidget(label(narrows, "muted", figures=True))
    for verdict in fact.settles:
        tone = VERDICT_TONES[verdict]
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(tone_icon(tone, look.theme, 14))
        words = label(f"Can settle it: {VERDICT_WORDS[verdict]}", ROLE_OF_TONE[tone])
        line.addWidget(words, 1)
        lines.addLayout(line)
    row.row.addLayout(lines, 1)
    return row


class Shortened(QWidget):
    """The first rows of a list; a button shows the rest."""

    def __init__(self, rows: Sequence[Callable[[], QWidget]]) -> None:
        super().__init__()
        self._make = rows
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._fill(MOST_SHOWN)

    def _fill(self, most: int) -> None:
        clear(self._column)
        for make in self._make[:most]:
            self._column.addWidget(make())
        if (more := len(self._make) - most) > 0:
            words = f"Show {numbers.count(more)} more"
            self._column.addWidget(link_button(words, self.show_all))

    def show_all(self) -> None:
        """Show every row, with the keyboard on the first that was hidden."""
        self._fill(len(self._make))
        first = self._column.itemAt(MOST_SHOWN)
        if first is not None and (widget := first.widget()) is not None:
            widget.setFocus()
