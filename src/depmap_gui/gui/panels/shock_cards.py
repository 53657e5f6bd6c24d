"""What a shock does, as cards: each plant's losses, who else is hit, what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from PySide6.QtWidgets import QHBoxLayout, QWidget

from depmap_gui.analysis.results import Range
from depmap_gui.analysis.shock_results import EntityLoss, ProductLoss, ShockResult, Step
from depmap_gui.domain.records import Plant, Supplies
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.parts import Bar, Card, ClickRow, Elided, label, link_button
from depmap_gui.gui.theme import Theme

MOST_PLANTS = 25
MOST_HIT = 40
MOST_ASSUMPTIONS = 20
MOST_STEPS = 15


def result_cards(result: ShockResult, editor: Editor, theme: Theme) -> list[QWidget]:
    """The cards of a result, the plants that lose most first."""
    by_plant = [
        (plant, tuple(losses)) for plant, losses in groupby(result.products, lambda p: p.plant)
    ]
    by_plant.sort(key=lambda each: -max(loss.lost.low + loss.lost.high for loss in each[1]))
    hit = [each for each in by_plant if any(loss.lost.high > 0.0 for loss in each[1])]
    cards: list[QWidget] = [
        plant_card(losses, carrying_steps(result, plant, losses), editor, theme)
        for plant, losses in hit[:MOST_PLANTS]
    ]
    if len(hit) > MOST_PLANTS:
        cards.append(label(f"{len(hit) - MOST_PLANTS} more plants lose output.", "muted"))
    if not hit:
        cards.append(label(_untouched(result, len(by_plant)), "muted"))
    others = hit_card(result, editor)
    if others is not None:
        cards.append(others)
    if result.assumptions:
        cards.append(_assumptions(result, editor))
    return cards


def _untouched(result: ShockResult, plants: int) -> str:
    if not result.available:
        return "Nothing on the map is hit."
    return "No plant loses output." if plants else "There is no plant on the map to lose output."


def carrying_steps(
    result: ShockResult, plant: str, losses: Sequence[ProductLoss]
) -> tuple[Step, ...]:
    """The links that brought the loss: all that do to the plant itself, then what lies behind.

    Behind it is the way along the greatest losses to where they come from.
    """
    found: dict[str, Step] = {}
    hit = result.entities.get(plant)
    for need in hit.needs if hit is not None else ():
        for carrier in need.carriers if need.binding else ():
            found[carrier.link] = Step(carrier.link, carrier.source, plant)
    for loss in losses:
        for step in loss.chain:
            found.setdefault(step.link, step)
    return tuple(found.values())


def plant_card(
    losses: Sequence[ProductLoss], steps: Sequence[Step], editor: Editor, theme: Theme
) -> Card:
    """One plant: what is left of it, what it loses of each product, and by which links."""
    project, plant = editor.project, losses[0].plant
    card = Card()
    card.setAccessibleName(f"Losses of {project.name(plant)}")
    name = link_button(project.name(plant), partial(editor.reveal, (plant,)), "Show on the map")
    card.add(name)
    record = project.entities.get(plant)
    for loss in losses:
        card.add(_left_line(loss, len(losses) > 1 or bool(loss.product), theme))
        if loss.lost.high > 0.0:
            for words, role in loss_lines(loss, record, editor):
                card.add(label(words, role, figures=True))
    if steps:
        card.add(label("Carried by", "section"))
        for step in steps[:MOST_STEPS]:
            card.add(_step_row(step, editor))
    if len(steps) > MOST_STEPS:
        card.add(label(f"and {len(steps) - MOST_STEPS} more links", "muted"))
    return card


def _left_line(loss: ProductLoss, is_named: bool, theme: Theme) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 2, 0, 0)
    row.setSpacing(8)
    if is_named:
        row.addWidget(Elided(loss.name), 3)
    left = loss.availability
    row.addWidget(Bar(left.low, left.high, theme, fill=theme.eligible), 2)
    row.addWidget(label(left_words(left), "section", wrap=False, figures=True))
    return line


def left_words(left: Range) -> str:
    """What is left, in words: '60% left', 'nothing left', '0–5% left'."""
    if left.high == 0.0:
        return "nothing left"
    if left.low == 1.0:
        return "all left"
    return f"{numbers.percent_range(left.low, left.high)} left"


def loss_lines(loss: ProductLoss, record: object, editor: Editor) -> Iterable[tuple[str, str]]:
    """What is lost in units, money and credit a year, each with its role; unknown says so."""
    if loss.product is None:
        yield "Lost output: unknown, as no product is stated", "muted"
        return
    if loss.lost_units is None:
        yield "Lost output: unknown, as annual output is not stated", "muted"
    else:
        yield f"Lost output: {_counts(loss.lost_units)} {loss.unit} a year", ""
    if loss.lost_value is None:
        missing = "price" if loss.units is not None else "annual output or price"
        yield f"Lost sales: unknown, as {missing} is not stated", "muted"
    else:
        yield f"Lost sales: {_amounts(loss.lost_value, editor.project.header.currency)} a year", ""
    if loss.lost_credit is not None:
        currency = loss.credit_currency or editor.project.header.currency
        yield f"Lost credit: {_amounts(loss.lost_credit, currency)} a year", ""
    elif _claims_credit(record, loss.product):
        yield "Lost credit: unknown, as its amount is", "muted"


def _claims_credit(record: object, product: str) -> bool:
    return isinstance(record, Plant) and any(
        each.id == product and bool(each.credit) for each in record.products
    )


def _counts(lost: Range) -> str:
    low, high = (numbers.count(round(end), short=end >= 1e6) for end in (lost.low, lost.high))
    return low if low == high else f"{low} to {high}"


def _amounts(lost: Range, currency: str) -> str:
    low, high = numbers.money(lost.low, currency), numbers.money(lost.high, currency)
    return low if low == high else f"{low} to {high}"


def _step_row(step: Step, editor: Editor) -> ClickRow:
    project = editor.project
    link = project.links.get(step.link)
    what = link.kind.value if link is not None else "link"
    if isinstance(link, Supplies) and link.item:
        what = f"supplies {link.item}"
    words = f"{project.name(step.source)} → {project.name(step.target)}"
    row = ClickRow(partial(editor.reveal, (step.link,)), f"Show the link {words}, {what}")
    row.row.addWidget(Elided(words), 3)
    row.row.addWidget(Elided(what, "muted"), 2)
    return row


def hit_card(result: ShockResult, editor: Editor) -> Card | None:
    """All that is hit but the plants: what is left of each, and what binds it."""
    entities = editor.project.entities
    rows = sorted(
        (
            (id, left)
            for id, left in result.available.items()
            if not isinstance(entities.get(id), Plant)
        ),
        key=lambda each: (each[1].high, each[1].low),
    )
    if not rows:
        return None
    card = Card(f"Also hit: {len(rows)}")
    for id, left in rows[:MOST_HIT]:
        why = binding_words(result.entities[id])
        name = editor.project.name(id)
        said = f"{name}: {left_words(left)}, {why}"
        row = ClickRow(partial(editor.reveal, (id,)), said)
        row.setToolTip(said)
        row.row.addWidget(Elided(name), 3)
        row.row.addWidget(Elided(why, "muted"), 2)
        row.row.addWidget(label(left_words(left), wrap=False, figures=True))
        card.add(row)
    if len(rows) > MOST_HIT:
        card.add(label(f"and {len(rows) - MOST_HIT} more", "muted"))
    return card


def binding_words(loss: EntityLoss) -> str:
    """Why an item is hit: 'switched off', or the needs that bind it."""
    binding = [f"{need.kind.value} {need.name}" for need in loss.needs if need.binding]
    if loss.own.high == 0.0:
        binding.insert(0, "switched off")
    elif loss.own.low < 1.0:
        binding.insert(0, "partly off" if loss.own.high < 1.0 else "perhaps off")
    return ", ".join(binding)


def _assumptions(result: ShockResult, editor: Editor) -> Card:
    card = Card("Assumptions")
    for each in result.assumptions[:MOST_ASSUMPTIONS]:
        row = ClickRow(partial(editor.reveal, each.where) if each.where else None, each.text)
        row.row.addWidget(label(each.text, "muted"), 1)
        card.add(row)
    more = len(result.assumptions) - MOST_ASSUMPTIONS
    if more > 0:
        card.add(label(f"and {more} more", "muted"))
    return card
