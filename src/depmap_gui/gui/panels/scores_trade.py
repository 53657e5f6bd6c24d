"""The cards of a plant for laws that are no credit: checks, duties and the landed cost."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.panels.parts import Card, ClickRow, Elided, label
from depmap_gui.gui.panels.scores_parts import (
    Folded,
    Sight,
    capital,
    figure_row,
    headline,
    law_foot,
    open_points,
    reason_lines,
    status_headline,
)
from depmap_gui.gui.panels.scores_plant import test_row
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import CheckResult, DutyResult, LandedCost, Outcome

MOST_DELIVERIES = 30
_TONES = {
    Outcome.CLEAR: Tone.GOOD,
    Outcome.AT_RISK: Tone.WARN,
    Outcome.BARRED: Tone.BAD,
    Outcome.UNDETERMINED: Tone.UNKNOWN,
}
_WORDS = {Outcome.CLEAR: "Nothing found against it"}


def trade_cards(plant: Plant, sight: Sight) -> list[QWidget]:
    """A card for each check of the plant or its products, and one for its duties."""
    law = sight.assessment.law
    cards: list[QWidget] = [check_card(c, plant, sight) for c in law.checks if c.plant == plant.id]
    for landed in law.landed:
        if landed.plant == plant.id:
            duties = [d for d in law.duties if d.plant == plant.id and d.pack == landed.pack]
            cards.append(duty_card(landed, duties, sight))
    return cards


def check_card(check: CheckResult, plant: Plant, sight: Sight) -> Card:
    """How the plant, or one product of it, stands to a law, test by test."""
    product = next((made for made in plant.products if made.id == check.product), None)
    of = "" if product is None else f" · {product.name or product.id}"
    card = Card(f"{check.title}{of} · {sight.assessment.law.year}")
    words = _WORDS.get(check.outcome, capital(check.outcome.value))
    force = "" if check.standing == "enacted" else f"This law is only {check.standing}."
    card.add(status_headline(_TONES[check.outcome], words, force, sight.theme))
    for test in check.tests:
        card.add(test_row(test, sight))
    if (points := open_points(check.open, check.pack, sight)) is not None:
        card.add(points)
    card.add(label(check.citation, "muted"))
    for line in law_foot(check.pack, sight):
        card.add(line)
    return card


def duty_card(landed: LandedCost, duties: list[DutyResult], sight: Sight) -> Card:
    """What duties add to the plant's supplies, and the layers on each delivery."""
    card = Card(f"Customs duties · {sight.assessment.law.year}")
    currency = sight.project.header.currency
    money = partial(numbers.money, currency=currency)
    words = f"a year on goods of {money(landed.rated_cost)}"
    if landed.share is not None:
        words += f", {numbers.percent(landed.share)} of the landed cost"
    card.add(headline(money(landed.duty), words))
    if landed.low is not None and (landed.unrated or landed.low != landed.high):
        most = "no bound" if landed.high is None else money(landed.high)
        card.add(figure_row("With what is open", f"{money(landed.low)} to {most}"))
    if landed.unpriced:
        count = len(landed.unpriced)
        text = "1 delivery has" if count == 1 else f"{count} deliveries have"
        card.add(label(f"{text} no cost on the map.", "muted"))
    for duty in sorted(duties, key=lambda each: -(each.amount or 0.0))[:MOST_DELIVERIES]:
        card.add(_delivery(duty, sight))
    points = tuple(dict.fromkeys(point for duty in duties for point in duty.open))
    if (silent := open_points(points, landed.pack, sight)) is not None:
        card.add(silent)
    for line in law_foot(landed.pack, sight):
        card.add(line)
    return card


def rate_words(duty: DutyResult) -> str:
    """The rate, or the range where it is open: '3.4% to 28.4%'."""
    if duty.rate is not None:
        return numbers.percent(duty.rate)
    if duty.low is None:
        return numbers.UNKNOWN_TEXT
    most = "?" if duty.high is None else numbers.percent(duty.high)
    return f"{numbers.percent(duty.low)} to {most}"


def _delivery(duty: DutyResult, sight: Sight) -> Folded:
    """One delivery: its rate; folded in are the layers with their law."""
    name = duty.item or sight.project.name(duty.link)
    row = Folded(name, sight.theme)
    go = ClickRow(partial(sight.editor.reveal, (duty.link,)), f"Show {name}")
    go.row.addWidget(Elided(name), 1)
    row.head.addWidget(go, 1)
    row.head.addWidget(label(rate_words(duty), wrap=False, figures=True))
    row.head.addWidget(row.toggle)
    row.setAccessibleName(f"{name}: {rate_words(duty)}")
    for line in reason_lines(duty.because, sight):
        row.inside_column.addWidget(line)
    return row
