"""The score cards where nothing is selected: all plants of the map in one glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from depmap_gui.analysis.results import Score, exposure
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import CreditState, credit_state, worst_state
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, Elided, label, tone_icon
from depmap_gui.gui.panels.score_words import adjective, share_of, with_range
from depmap_gui.gui.panels.scores_parts import Sight, empty_card, figure_row, headline
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.results import CreditResult

MOST_PLANTS = 60
FIRST_PLANTS = 20
"""Rows that are there at once: about as many as can be seen."""
PLANTS_AT_ONCE = 20


def portfolio_cards(plants: Sequence[Plant], sight: Sight) -> list[QWidget]:
    """Credits by status with their money, and each plant with its share and status."""
    if not plants:
        return [empty_card("There is no plant on the map yet. Put one on it to see its scores.")]
    ids = {plant.id for plant in plants}
    credits = [credit for credit in sight.assessment.law.credits if credit.plant in ids]
    cards: list[QWidget] = []
    if credits:
        cards.append(_credits_card(credits, sight))
    cards.append(PlantsCard(plants, credits, sight))
    return cards


def _credits_card(credits: Sequence[CreditResult], sight: Sight) -> Card:
    card = Card(f"Credits of {sight.assessment.law.year}")
    known = [credit for credit in credits if credit.annual_credit is not None]
    currency = credits[0].currency
    total = sum(credit.annual_credit or 0.0 for credit in known)
    beside = f"{_how_often(credits)} before any risk"
    if len(known) < len(credits):
        beside += f"; {len(credits) - len(known)} of {len(credits)} of unknown value"
    card.add(headline(numbers.money(total, currency) if known else numbers.UNKNOWN_TEXT, beside))
    by_state: dict[CreditState, list[float | None]] = {}
    for credit in credits:
        by_state.setdefault(credit_state(credit), []).append(credit.annual_credit)
    for state, of_state in sorted(by_state.items(), key=itemgetter(0)):
        values = [value for value in of_state if value is not None]
        amount = numbers.money(sum(values), currency) if values else numbers.UNKNOWN_TEXT
        card.add(_state_row(state, len(of_state), amount, sight))
    card.add(label(sight.assessment.law.caution, "muted"))
    return card


def _how_often(credits: Sequence[CreditResult]) -> str:
    """Whether credits are of every year or given once, and when."""
    once = [credit for credit in credits if credit.one_time is not None]
    if not once:
        return "a year"
    if len(once) < len(credits):
        return f"a year, {len(once)} of {len(credits)} given once,"
    return once[0].per if len({credit.per for credit in once}) == 1 else "given once"


def _state_row(state: CreditState, count: int, amount: str, sight: Sight) -> QWidget:
    row = ClickRow(None, f"{count} {state.word}: {amount}")
    row.row.setContentsMargins(0, 0, 0, 0)
    row.row.addWidget(tone_icon(state.tone, sight.theme))
    row.row.addWidget(Elided(f"{count} {state.word}"), 1)
    row.row.addWidget(label(amount, wrap=False, figures=True))
    return row


class PlantsCard(Card):
    """Each plant with its share and status. Only some rows are there at first; ``rest`` makes the
    others, a few with each step."""

    def __init__(
        self, plants: Sequence[Plant], credits: Sequence[CreditResult], sight: Sight
    ) -> None:
        super().__init__(f"{adjective(sight.project, sight.jurisdiction)}-IP share of the plants")
        self._sight = sight
        self._credits: dict[str, list[CreditResult]] = {}
        for credit in credits:
            self._credits.setdefault(credit.plant, []).append(credit)
        self.rest = self._make(plants)
        next(self.rest, None)

    def _make(self, plants: Sequence[Plant]) -> Iterator[None]:
        for number, plant in enumerate(plants[:MOST_PLANTS], start=1):
            self.add(self._row(plant))
            if number >= FIRST_PLANTS and number % PLANTS_AT_ONCE == 0:
                yield
        if len(plants) > MOST_PLANTS:
            more = f"and {len(plants) - MOST_PLANTS} more"
            self.add(figure_row(more, "see the tables", "muted"))

    def _row(self, plant: Plant) -> ClickRow:
        sight = self._sight
        shares = sight.assessment.scores.ip.get(plant.id)
        row = ClickRow(partial(sight.editor.reveal, (plant.id,)), f"Go to {plant.name}")
        row.row.setContentsMargins(0, 2, 0, 2)
        state = worst_state(self._credits.get(plant.id, []))
        mark = tone_icon(state.tone, sight.theme) if state is not None else _dash(sight.theme)
        mark.setToolTip(state.word if state is not None else "no credit")
        row.row.addWidget(mark)
        row.row.addWidget(Elided(plant.name or plant.id), 2)
        figure = share_of(shares, sight.jurisdiction)
        if shares is not None:
            found = exposure(shares, sight.jurisdiction)
            if (within := sight.within(plant.id, Score.IP)) is not None:
                figure = with_range(found.low, within.low, within.high)
                found = within
            row.row.addWidget(Bar(found.low, found.high, sight.theme), 1)
        row.row.addWidget(label(figure, wrap=False, figures=True))
        return row


def _dash(theme: Theme) -> QLabel:
    """What stands in the place of a status where there is no credit: that is no open question."""
    made = label("–", "muted", wrap=False)
    made.setFixedWidth(theme.sized(16))
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setAccessibleName("no credit")
    return made
