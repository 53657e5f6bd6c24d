"""The score cards where nothing is selected: all plants of the map in one glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from depmap_gui.analysis.results import Score, exposure
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import CreditState, credit_state, worst_state
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, Elided, label, tone_icon
from depmap_gui.gui.panels.score_words import adjective, share_of, with_range
from depmap_gui.gui.panels.scores_parts import Sight, empty_card, figure_row, headline
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import CreditResult

MOST_PLANTS = 200


def portfolio_cards(plants: Sequence[Plant], sight: Sight) -> list[QWidget]:
    """Credits by status with their money, and each plant with its share and status."""
    if not plants:
        return [empty_card("There is no plant on the map yet. Put one on it to see its scores.")]
    ids = {plant.id for plant in plants}
    credits = [credit for credit in sight.assessment.law.credits if credit.plant in ids]
    cards: list[QWidget] = []
    if credits:
        cards.append(_credits_card(credits, sight))
    cards.append(_plants_card(plants, credits, sight))
    return cards


def _credits_card(credits: Sequence[CreditResult], sight: Sight) -> Card:
    card = Card(f"Credits of {sight.assessment.law.year}")
    known = [credit for credit in credits if credit.annual_credit is not None]
    currency = credits[0].currency
    total = sum(credit.annual_credit or 0.0 for credit in known)
    beside = "a year before any risk"
    if len(known) < len(credits):
        beside += f"; {len(credits) - len(known)} of {len(credits)} of unknown value"
    card.add(headline(numbers.money(total, currency) if known else numbers.UNKNOWN_TEXT, beside))
    counts = Counter(map(credit_state, credits))
    for state in sorted(counts):
        of_state = [c.annual_credit for c in credits if credit_state(c) is state]
        values = [value for value in of_state if value is not None]
        amount = numbers.money(sum(values), currency) if values else numbers.UNKNOWN_TEXT
        card.add(_state_row(state, counts[state], amount, sight))
    card.add(label(sight.assessment.law.caution, "muted"))
    return card


def _state_row(state: CreditState, count: int, amount: str, sight: Sight) -> QWidget:
    row = ClickRow(None, f"{count} {state.word}: {amount}")
    row.row.setContentsMargins(0, 0, 0, 0)
    row.row.addWidget(tone_icon(state.tone, sight.theme))
    row.row.addWidget(Elided(f"{count} {state.word}"), 1)
    row.row.addWidget(label(amount, wrap=False, figures=True))
    return row


def _plants_card(plants: Sequence[Plant], credits: Sequence[CreditResult], sight: Sight) -> Card:
    card = Card(f"{adjective(sight.project, sight.jurisdiction)}-IP share of the plants")
    vectors = sight.assessment.scores.ip
    by_plant: dict[str, list[CreditResult]] = {}
    for credit in credits:
        by_plant.setdefault(credit.plant, []).append(credit)
    for plant in plants[:MOST_PLANTS]:
        shares = vectors.get(plant.id)
        row = ClickRow(partial(sight.editor.reveal, (plant.id,)), f"Go to {plant.name}")
        row.row.setContentsMargins(0, 2, 0, 2)
        state = worst_state(by_plant.get(plant.id, []))
        mark = tone_icon(Tone.UNKNOWN if state is None else state.tone, sight.theme)
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
        card.add(row)
    if len(plants) > MOST_PLANTS:
        more = f"and {len(plants) - MOST_PLANTS} more"
        card.add(figure_row(more, "see the tables", "muted"))
    return card
