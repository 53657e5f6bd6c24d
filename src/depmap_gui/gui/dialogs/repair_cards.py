"""The ways back to eligible as cards: what stands in the way, each way, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from depmap_gui.analysis.repair_results import (
    Ending,
    MadeMove,
    RepairResult,
    TestChange,
    Way,
)
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import STATES
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, label, tone_icon
from depmap_gui.gui.panels.score_words import VERDICT_TONES, VERDICT_WORDS, measure_text
from depmap_gui.gui.theme import Theme, Tone
from depmap_gui.rules.pack import RulePack
from depmap_gui.rules.results import Eligibility, TestResult

_MOST_OPEN = 6


class Desk(msgspec.Struct, frozen=True):
    """What the cards are made with: the map asked about, and what their buttons do."""

    project: Project
    packs: tuple[RulePack, ...]
    theme: Theme
    reveal: Callable[[tuple[str, ...]], object]
    keep: Callable[[Way], object]

    def product(self, plant: str, product: str) -> str:
        """What to call a product."""
        entity = self.project.entities.get(plant)
        if isinstance(entity, Plant):
            return next((p.name or p.id for p in entity.products if p.id == product), product)
        return product

    def title_of(self, pack: str, point: str) -> str:
        """Plain words for an open point."""
        found = next((each for each in self.packs if each.id == pack), None)
        return point if found is None else found.title_of(point)


def result_cards(result: RepairResult, desk: Desk) -> list[QWidget]:
    """Everything that was found, the cheapest way first."""
    if result.ending is Ending.ELIGIBLE:
        return [_eligible_card(result, desk)]
    cards: list[QWidget] = [way_card(result, way, n, desk) for n, way in enumerate(result.ways)]
    cards.insert(0, _today_card(result, desk))
    cards.append(_ending_card(result, desk))
    cards.append(_grounds_card(result))
    return cards


def _statuses(status: Mapping[tuple[str, str, str], Eligibility], desk: Desk) -> list[QWidget]:
    rows = []
    for (plant, product, _), found in status.items():
        state = STATES[found]
        rows.append(_marked(state.tone, f"{desk.product(plant, product)}: {state.word}", desk))
    return rows


def _marked(tone: Tone, words: str, desk: Desk) -> QWidget:
    """A line with the tone's mark before it."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(tone_icon(tone, desk.theme))
    row.addWidget(label(words, figures=True), 1)
    return box


def _eligible_card(result: RepairResult, desk: Desk) -> Card:
    card = Card(f"{result.year}: already eligible")
    for row in _statuses(result.status, desk):
        card.add(row)
    words = "Nothing stands in the way: no test fails or straddles its threshold, so no move is "
    card.add(label(words + "needed. Tests on which the map is silent stay open."))
    card.add(label(result.caution, "muted"))
    return card


def _today_card(result: RepairResult, desk: Desk) -> Card:
    card = Card(f"In the way in {result.year}")
    for blocker in result.blockers:
        name = desk.product(blocker.plant, blocker.product)
        tone = VERDICT_TONES[blocker.verdict]
        words = f"{name}: {blocker.title} ({VERDICT_WORDS[blocker.verdict]})"
        card.add(_marked(tone, words, desk))
        for fact in blocker.settled_by:
            card.add(label(f"It may pass without any move. {numbers.in_locale(fact)}", "muted"))
    return card


def way_card(result: RepairResult, way: Way, number: int, desk: Desk) -> Card:
    """One way: what to do, what it costs, what becomes of the tests."""
    title = "The cheapest way" if number == 0 else f"Alternative {number}"
    card = Card(title)
    card.setAccessibleName(f"{title}: {cost_words(way, result.currency)}")
    if way.gap is not None:
        doubt = f"Not proven to be the cheapest: up to {numbers.percent(way.gap)} off."
        card.add(label(doubt, "warn"))
    card.add(label(cost_words(way, result.currency), "heading", figures=True))
    for made in way.moves:
        card.add(_move_row(made, result.currency, desk))
        for cure in made.move.cures:
            card.add(label(cure, "muted"))
    for change in way.tests:
        if _differs(change):
            card.add(_test_row(change, desk))
    for row in _statuses(way.status, desk):
        card.add(row)
    if words := _open_words(way, desk):
        card.add(label(words, "muted"))
    keep = QPushButton("Save as scenario and look at it")
    keep.setAccessibleName(f"Save {title} as a scenario and look at it")
    keep.setToolTip("Add the moves as a scenario of the map, in one step that can be undone")
    if number == 0:
        keep.setProperty("primary", "true")
    keep.setAutoDefault(False)
    keep.clicked.connect(lambda _checked=False: desk.keep(way))
    foot = QWidget()
    line = QHBoxLayout(foot)
    line.setContentsMargins(0, 4, 0, 0)
    line.addWidget(keep)
    line.addStretch(1)
    card.add(foot)
    return card


def cost_words(way: Way, currency: str) -> str:
    """What a way costs: known money, and how many moves nobody has priced."""
    told = []
    if len(way.moves) > way.unpriced:
        told.append(_money(way.cost, currency))
    if way.unpriced:
        kind = "move" if way.unpriced == 1 else "moves"
        told.append(f"{way.unpriced} {kind} without a price")
    return " and ".join(told)


def _money(cost: float, currency: str) -> str:
    if cost < 0.0:
        return f"saves {numbers.money(-cost, currency)} a year"
    return f"{numbers.money(cost, currency)} more a year"


def _move_row(made: MadeMove, currency: str, desk: Desk) -> QWidget:
    cost = "no price" if made.cost is None else _money(made.cost, currency)
    if made.priced:
        cost += ", as stated"
    words = numbers.in_locale(made.sentence)
    row = ClickRow(partial(desk.reveal, (made.move.record,)), f"{words} {cost}")
    row.setToolTip("Show it on the map")
    row.row.addWidget(label("•", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
    text = QVBoxLayout()
    text.setSpacing(0)
    text.addWidget(label(words, figures=True))
    text.addWidget(label(cost, "muted", figures=True))
    row.row.addLayout(text, 1)
    return row


def _test_row(change: TestChange, desk: Desk) -> QWidget:
    """A test today and after the moves; where it is measured, as two bars with the threshold."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(3)
    name = f"{desk.product(change.plant, change.product)}: {change.title}"
    column.addWidget(label(name, "section"))
    for when, test in (("today", change.before), ("after", change.after)):
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(tone_icon(VERDICT_TONES[test.verdict], desk.theme))
        text = f"{when}: {VERDICT_WORDS[test.verdict]}{_measure(test)}"
        row.addWidget(label(text, figures=True), 1)
        if (bar := _bar(test, desk)) is not None:
            bar.setAccessibleName(f"{name}, {text}")
            row.addWidget(bar, 1)
        column.addLayout(row)
    return box


def _measure(test: TestResult) -> str:
    if test.low is None or test.high is None:
        return ""
    words = measure_text(
        test.verdict, test.low, test.high, test.threshold, test.comparison, test.unit
    )
    return f", {words}"


def _bar(test: TestResult, desk: Desk) -> Bar | None:
    if test.low is None or test.high is None or test.unit != "share":
        return None
    fill = desk.theme.fill(VERDICT_TONES[test.verdict])
    return Bar(test.low, test.high, desk.theme, fill=fill, threshold=test.threshold)


def _differs(change: TestChange) -> bool:
    before, after = change.before, change.after
    return (before.verdict, before.low, before.high) != (after.verdict, after.low, after.high)


def _open_words(way: Way, desk: Desk) -> str:
    """What stays open, by name: the first few."""
    named = dict.fromkeys(
        desk.title_of(key[2], point) for key, points in way.open.items() for point in points
    )
    told = list(named)[:_MOST_OPEN]
    if not told:
        return ""
    more = len(named) - len(told)
    ending = f" and {more} more" if more else ""
    return f"Still open, as the map is silent on: {', '.join(told)}{ending}."


def _ending_card(result: RepairResult, desk: Desk) -> Card:
    heading, words = ending_words(result)
    card = Card(heading)
    card.add(label(words))
    for reason in result.because:
        card.add(_marked(Tone.BAD, numbers.in_locale(reason), desk))
    return card


def ending_words(result: RepairResult) -> tuple[str, str]:
    """How the search ended: a heading, and what follows from it."""
    count = len(result.allowed)
    moves = f"{count} allowed move" if count == 1 else f"{count} allowed moves"
    match result.ending:
        case Ending.NONE_EXISTS if not count:
            return "No move may be made", (
                "Allow some of the moves, draw candidate supplies on the map, or find out what is "
                "unknown."
            )
        case Ending.NONE_EXISTS:
            return "None exists", (
                f"It is proven that no choice among the {moves} lets every test pass. Allow more "
                "moves, draw candidate supplies on the map, or find out what is unknown."
            )
        case Ending.ALL_FOUND:
            return "No further way", (
                f"It is proven: any other set of the {moves} that works holds all the moves of a "
                "way above."
            )
        case Ending.OUT_OF_TIME:
            return "Stopped for time", (
                "Nothing is proven about further ways. Forbid moves that are out of the question, "
                "and find again."
            )
        case _:
            return "There may be further ways", "Each one above is the cheapest of those left."


def _grounds_card(result: RepairResult) -> Card:
    card = Card("What this rests on")
    if result.ways:
        card.add(label(numbers.in_locale(result.objective)))
    for text in result.assumptions:
        card.add(label(text, "muted"))
    card.add(label(result.caution, "muted"))
    return card
