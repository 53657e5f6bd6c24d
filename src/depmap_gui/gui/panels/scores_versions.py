"""The chosen scenario beside the base map: what it changes for one plant, in a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.scenario_figures import Figure
from depmap_gui.domain.project import Project
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.comparison_words import Words, tells
from depmap_gui.gui.panels.parts import Card, ClickRow, Elided, label, link_button, tone_icon
from depmap_gui.gui.panels.scores_parts import ROLE_OF_TONE
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.faults import PackError
from depmap_gui.session.scenario_comparison import (
    ComparisonQuestion,
    Row,
    ScenarioComparison,
    assess_base,
    compare_scenarios,
    comparison_question,
)

MOST_ROWS = 6
_FIRST = {
    figure: number
    for number, figure in enumerate(
        (Figure.STATUS, Figure.IP, Figure.TEST, Figure.ANNUAL_CREDIT, Figure.EMBEDDED_IP)
    )
}
"""What one wants to know first; the rest follows as in the comparison."""
_SCENARIO = 1
"""The chosen scenario's number among the versions, after the base."""


class _Answer(NamedTuple):
    """The chosen scenario beside the base, and the base's assessment, to be used again."""

    question: ComparisonQuestion
    base: Assessment
    comparison: ScenarioComparison


class Versions(QObject):
    """Compares the chosen scenario with the base map in the background, for all plants at once."""

    changed = Signal()

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._task: Task | None = None
        self._asked_for: tuple[Assessment, str] | None = None
        self._answer: _Answer | None = None
        editor.opened.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Drop everything: another map is open."""
        self._cancel()
        self._answer = self._asked_for = None

    @property
    def comparison(self) -> ScenarioComparison | None:
        """The comparison that belongs to what is shown; None where there is none (yet)."""
        if self._answer is None or not self._is_asked or self._editor.session.scenario is None:
            return None
        return self._answer.comparison

    @property
    def project(self) -> Project:
        """The map that names are taken from."""
        return self._editor.project

    @property
    def _is_asked(self) -> bool:
        """Whether what was last asked is about the figures that are shown."""
        if self._asked_for is None:
            return False
        assessment, jurisdiction = self._asked_for
        editor = self._editor
        return assessment is editor.assessment and jurisdiction == editor.jurisdiction

    def ask(self) -> None:
        """Compare, where a scenario is chosen and its figures are known, unless that was asked."""
        editor = self._editor
        scenario, assessment = editor.session.scenario, editor.assessment
        if scenario is None or assessment is None or not editor.is_fresh:
            self._cancel()
            return
        if self._is_asked:
            return
        self._cancel()
        try:
            question = comparison_question(
                editor.session, (scenario,), jurisdiction=editor.jurisdiction
            )
        except (PackError, OSError):
            return  # The scores themselves say so.
        self._asked_for = assessment, editor.jurisdiction
        before, self._answer = self._answer, None
        known = before.base if before is not None and _same_base(before, question) else None

        def job(context: Context) -> _Answer:
            base = known or assess_base(question, context)
            both = {None: base, scenario: assessment}
            return _Answer(question, base, compare_scenarios(question, context, both))

        self._task = editor.tasks.start("Comparing with the base map", job, visible=False)
        self._task.finished.connect(self._on_compared)

    @Slot(object)
    def _on_compared(self, found: object) -> None:
        if self.sender() is self._task and isinstance(found, _Answer):
            self._task = None
            self._answer = found
            self.changed.emit()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = self._asked_for = None


def _same_base(before: _Answer, question: ComparisonQuestion) -> bool:
    old, new = before.question.request, question.request
    return (
        old.packs is new.packs
        and old.project.header == new.project.header
        and old.project.entities == new.project.entities
        and old.project.links == new.project.links
    )


def version_cards(
    plant: str, versions: Versions, theme: Theme, compare: Callable[[], object]
) -> list[QWidget]:
    """A card with what the chosen scenario changes for a plant; none where none is chosen."""
    found = versions.comparison
    if found is None:
        return []
    version = found.versions[_SCENARIO]
    card = Card(f"{version.name}, beside the base map")
    card.top.addWidget(
        link_button("Compare…", compare, "Set all scenarios of the map side by side")
    )
    if version.fault:
        card.add(label("It does not fit the map and is not compared.", "warn"))
        return [card]
    rows = [r for r in found.rows if r.place.plant == plant and tells(r, _SCENARIO)]
    rows.sort(key=lambda row: _FIRST.get(row.place.figure, len(_FIRST)))
    words = Words(found, versions.project)
    for row in rows[:MOST_ROWS]:
        card.add(_row(row, words, theme, names_product=_products(rows) > 1))
    if len(rows) > MOST_ROWS:
        card.add(label(f"and {numbers.count(len(rows) - MOST_ROWS)} more figures", "muted"))
    if not rows:
        card.add(label("No figure of this plant is another in this scenario.", "muted"))
    return [card]


def _products(rows: Sequence[Row]) -> int:
    return len({row.place.claim for row in rows if row.place.product})


def _row(row: Row, words: Words, theme: Theme, *, names_product: bool) -> QWidget:
    """One figure: what it is called and is, and below how it differs from the base map's."""
    place, shown = row.place, words.shown(row, _SCENARIO)
    title = words.title(place)
    if names_product and place.product:
        title = f"{words.comparison.products[place.plant, place.product]}: {title}"
    made = ClickRow(None, f"{title}: {shown.text}, {shown.change}")
    made.setToolTip("\n".join(words.story(row, _SCENARIO)))
    made.row.setContentsMargins(0, 1, 0, 1)
    if shown.tone is not None:
        made.row.addWidget(tone_icon(shown.tone, theme))
    lines = QVBoxLayout()
    lines.setSpacing(1)
    lines.addWidget(Elided(title))
    beside = QHBoxLayout()
    beside.setSpacing(8)
    beside.addWidget(Elided(shown.text, "muted" if shown.is_muted else ""), 1)
    role = ROLE_OF_TONE[shown.change_tone] if shown.change_tone else "section"
    beside.addWidget(label(shown.change, role, wrap=False, figures=True))
    lines.addLayout(beside)
    made.row.addLayout(lines, 1)
    return made
