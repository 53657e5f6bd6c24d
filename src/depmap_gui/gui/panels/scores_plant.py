"""The score cards of a plant: IP share, inputs, owners, concentration, and each credit."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.results import UNKNOWN, Concentration, Contribution, Range, Score, exposure
from depmap_gui.domain.records import Plant
from depmap_gui.gui import numbers
from depmap_gui.gui.credit_states import ENDED, credit_state
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, Elided, clear, label, link_button
from depmap_gui.gui.panels.score_words import (
    MARKET_HELP,
    SCORE_HELP,
    SCORE_TITLES,
    adjective,
    margin_text,
    measure_text,
    place_name,
)
from depmap_gui.gui.panels.scores_parts import (
    Sight,
    figure_row,
    headline,
    index_row,
    law_foot,
    open_points,
    reason_lines,
    share_row,
    status_headline,
    verdict_row,
)
from depmap_gui.gui.theme import Tone
from depmap_gui.rules.results import CreditResult, Eligibility, RecaptureResult, TestResult, Verdict

MOST_CONTRIBUTIONS = 5
_ROWS = (
    Score.EMBEDDED_IP,
    Score.MADE_IN_FIRST_TIER,
    Score.MADE_BY_FIRST_TIER,
    Score.MADE_IN,
    Score.MADE_BY,
    Score.OWNERSHIP,
)


def plant_cards(plant: Plant, sight: Sight) -> list[QWidget]:
    """All cards of a plant, the credit of each product included."""
    credits = [credit for credit in sight.assessment.law.credits if credit.plant == plant.id]
    cards: list[QWidget] = [IpCard(plant.id, sight)]
    cards += [credit_card(credit, plant, sight) for credit in credits]
    if not credits:
        cards.append(_no_credit_card(plant))
    cards.append(exposure_card(plant.id, _ROWS, sight))
    concentration = sight.assessment.scores.concentration.get(plant.id)
    if concentration is not None:
        cards.append(_concentration_card(plant.id, concentration, sight))
    return cards


class IpCard(Card):
    """The headline: the jurisdiction's share of the technology base, and what makes it up."""

    def __init__(self, entity: str, sight: Sight, score: Score = Score.IP) -> None:
        who = adjective(sight.project, sight.jurisdiction)
        title = f"{who}-IP share" if score is Score.IP else f"{who} share of the technology"
        super().__init__(title, tip=SCORE_HELP[score])
        self.entity, self.score, self.sight = entity, score, sight
        shares = sight.assessment.scores.vectors(score).get(entity)
        self.top.addWidget(
            link_button("Why?", lambda: sight.ask(entity, score), f"Why is the {title} so?")
        )
        if shares is None:
            self.add(headline(numbers.UNKNOWN_TEXT, "The map documents no technology of it."))
            return
        found = exposure(shares, sight.jurisdiction)
        figure = numbers.percent(found.low)
        beside = ""
        if found.high > found.low:
            beside = f"up to {numbers.percent(found.high)} if undocumented IP is {who}"
        if (within := sight.within(entity, score)) is not None:
            span = numbers.percent_range(within.low, within.high)
            beside = f"({span}) over its ranges and what is undocumented"
            found = within
        self.add(headline(figure, beside))
        bar = Bar(found.low, found.high, sight.theme)
        bar.setAccessibleName(f"{title}: {figure} {beside}")
        self.add(bar)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(2)
        self.column.addLayout(self._parts)
        for code, share in sorted(shares.items(), key=lambda item: (item[0] == UNKNOWN, -item[1])):
            if code != sight.jurisdiction:
                name = place_name(sight.project, code)
                self.add(figure_row(name, numbers.percent(share), "muted"))

    def show_contributions(self, tree: Contribution) -> None:
        """List what the share is made of, greatest first; a click leads to it on the map."""
        clear(self._parts)
        shown = tree.parts[:MOST_CONTRIBUTIONS]
        for part in shown:
            self._parts.addWidget(self._contribution(part))
        if len(tree.parts) > len(shown):
            rest = sum(part.amount for part in tree.parts[len(shown) :])
            words = f"{len(tree.parts) - len(shown)} smaller ones"
            self._parts.addWidget(figure_row(words, numbers.percent(rest)))

    def _contribution(self, part: Contribution) -> QWidget:
        ids = tuple(id for id in (part.link, part.entity) if id is not None)
        words = numbers.in_locale(part.label)
        row = ClickRow(lambda: self.sight.editor.reveal(ids[:1]), f"Show {words}")
        row.row.setContentsMargins(0, 1, 0, 1)
        row.row.addWidget(Elided(words), 1)
        row.row.addWidget(label(numbers.percent(part.amount), wrap=False, figures=True))
        return row


def exposure_card(entity: str, scores: tuple[Score, ...], sight: Sight) -> Card:
    """Compact rows, one for each score, of the chosen jurisdiction; a click asks why."""
    card = Card(f"Exposure to {place_name(sight.project, sight.jurisdiction)}")
    for score in scores:
        shares = sight.assessment.scores.vectors(score).get(entity)
        act = None if shares is None else lambda s=score: sight.ask(entity, s)
        within = sight.within(entity, score)
        card.add(share_row(SCORE_TITLES[score], shares, sight, act, within, SCORE_HELP[score]))
    return card


def _concentration_card(plant: str, found: Concentration, sight: Sight) -> Card:
    card = Card("Concentration (HHI, 0 to 10,000)", tip=MARKET_HELP)
    for words, market in (
        ("IP, by jurisdiction", Market.IP),
        ("Inputs, by where made", Market.INPUTS_MADE_IN),
        ("Inputs, by maker's home", Market.INPUTS_MADE_BY),
        ("Suppliers", Market.SUPPLIERS),
    ):
        indexes: Range = getattr(found, market.value)
        ask = partial(sight.ask, plant, market)
        card.add(index_row(words, _index_range(indexes), ask))
    points = sight.assessment.scores.single_points.get(plant, ())
    if points:
        items = ", ".join(dict.fromkeys(point.item for point in points))
        card.add(label(f"{len(points)} items from a single source: {items}", "muted"))
    return card


def _index_range(found: Range) -> str:
    low, high = numbers.index(found.low), numbers.index(found.high)
    return high if low == high else f"{low}{numbers.DASH}{high}"


def _no_credit_card(plant: Plant) -> Card:
    card = Card("Credit eligibility")
    words = (
        "None of its products has a credit that the rule packs know. Choose one in Properties."
        if plant.products
        else "It has no products yet. Add one with its credit in Properties."
    )
    card.add(label(words, "muted"))
    return card


# Credits ------------------------------------------------------------------------------------


def credit_card(credit: CreditResult, plant: Plant, sight: Sight) -> Card:
    """One product's credit: status, value, tests with reasons, open points, and which law."""
    product = next((made for made in plant.products if made.id == credit.product), None)
    name = (product.name if product is not None else "") or credit.product
    card = Card(f"{name} · {sight.names.credit(credit.credit)} · {sight.assessment.law.year}")
    state = credit_state(credit)
    card.add(status_headline(state.tone, state.title, credit_value_words(credit), sight.theme))
    if sight.repair is not None and credit.status in (Eligibility.INELIGIBLE, Eligibility.AT_RISK):
        repair = partial(sight.repair, credit.plant, credit.product)
        card.top.addWidget(
            link_button("Way back…", repair, f"The cheapest way back to eligible for {name}")
        )
    for test in credit.tests:
        card.add(test_row(test, sight))
    for line in reason_lines(credit.because, sight):
        card.add(line)
    if credit.recapture is not None:
        card.add(recapture_row(credit.recapture, sight))
    if (points := open_points(credit.open, credit.pack, sight)) is not None:
        card.add(points)
    if credit.citation:
        card.add(label(credit.citation, "muted"))
    for line in law_foot(credit.pack, sight):
        card.add(line)
    return card


def credit_value_words(credit: CreditResult) -> str:
    """The year's credit and what it is made of: '$700M a year: 20,000,000 kWh at $35'."""
    if credit_state(credit) is ENDED:
        return "The law has no credit left for this year."
    if credit.annual_credit is None:
        units = "units a year" if credit.one_time is None else credit.unit
        return f"Value unknown: state the {units}."
    words = f"{numbers.money(credit.annual_credit, credit.currency)} {credit.per} before any risk"
    if credit.units is not None and credit.rate is not None:
        rate = numbers.money(credit.rate, credit.currency, short=False)
        words += f": {numbers.count(credit.units, short=True)} {credit.unit} at {rate}"
        if credit.phase_out is not None and credit.phase_out != 1.0:
            words += f" × {numbers.percent(credit.phase_out)}"
    return words


def test_row(test: TestResult, sight: Sight) -> QWidget:
    """One test: verdict, measure against threshold, margin, and folded in the reasons."""
    figure = measure_text(
        test.verdict, test.low, test.high, test.threshold, test.comparison, test.unit
    )
    tip = "\n".join(filter(None, (test.why, test.citation)))
    row = verdict_row(test.title, test.verdict, figure, sight, tip)
    under = QHBoxLayout()
    under.setSpacing(8)
    if (bar := test_bar(test, sight)) is not None:
        under.addWidget(bar, 1)
    if margin := margin_text(test.margin, test.unit):
        under.addWidget(label(margin, "muted", wrap=False, figures=True))
    row.under.addLayout(under)
    inside = row.inside_column
    if test.why:
        inside.addWidget(label(test.why))
    for line in reason_lines(test.because, sight):
        inside.addWidget(line)
    if test.citation:
        inside.addWidget(label(test.citation, "muted"))
    if test.flips:
        inside.addWidget(label("What would turn it", "section"))
        for line in reason_lines(test.flips, sight):
            inside.addWidget(line)
    if test.cure and test.verdict is not Verdict.PASS:
        inside.addWidget(label("What would cure it", "section"))
        inside.addWidget(label(test.cure))
    return row


def recapture_row(recapture: RecaptureResult, sight: Sight) -> QWidget:
    """What may have to be paid back, until when; folded in, why and what would cure it."""
    amount = "unknown amount"
    if recapture.amount is not None:
        amount = numbers.money(recapture.amount, recapture.currency)
    until = "" if recapture.ends is None else f" until {numbers.day(recapture.ends)}"
    figure = f"{amount}{until}"
    row = verdict_row(recapture.title, recapture.verdict, figure, sight, recapture.why)
    row.inside_column.addWidget(label(recapture.why))
    for line in reason_lines(recapture.because, sight):
        row.inside_column.addWidget(line)
    row.inside_column.addWidget(label(recapture.citation, "muted"))
    if recapture.verdict is not Verdict.PASS:
        row.inside_column.addWidget(label("What would cure it", "section"))
        row.inside_column.addWidget(label(recapture.cure))
    return row


def test_bar(test: TestResult, sight: Sight) -> Bar | None:
    """The measure as a bar with a tick at the threshold; None where nothing is measured."""
    if test.low is None or test.high is None:
        if test.threshold is None or test.unit != "share":
            return None
        return Bar(0.0, 0.0, sight.theme, threshold=test.threshold)
    scale = 1.0 if test.unit == "share" else max(test.high, 2.0 * (test.threshold or 0.0), 1.0)
    tone = {
        Verdict.PASS: Tone.GOOD,
        Verdict.FAIL: Tone.BAD,
        Verdict.UNCERTAIN: Tone.WARN,
        Verdict.UNKNOWN: Tone.UNKNOWN,
    }[test.verdict]
    tick = None if test.threshold is None else test.threshold / scale
    return Bar(
        test.low / scale,
        test.high / scale,
        sight.theme,
        fill=sight.theme.fill(tone),
        threshold=tick,
    )
