"""The uncertainty panel: how sure a figure of the selected item is, and what would narrow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from depmap_gui.analysis.results import Assessment
from depmap_gui.analysis.uncertainty_results import (
    MissingFacts,
    ProductRisk,
    Question,
    ScoreQuestion,
    ScoreSamples,
    TestQuestion,
)
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.figure_panel import FigurePanel
from depmap_gui.gui.panels.parts import Scroll, clear, label
from depmap_gui.gui.panels.score_words import SCORE_TITLES, place_name
from depmap_gui.gui.panels.scores import Veil
from depmap_gui.gui.panels.uncertainty_cards import (
    Look,
    facts_card,
    interval_cards,
    test_card,
    tornado_card,
)
from depmap_gui.gui.panels.uncertainty_samples import SamplesCard
from depmap_gui.gui.panels.uncertainty_words import (
    Asked,
    asked_of,
    credit_of,
    is_certain,
    product_name,
    test_of,
)
from depmap_gui.gui.theme import Theme
from depmap_gui.gui.uncertainty import (
    Figure,
    Inquiry,
    Sampling,
    find_facts,
    find_figure,
    find_samples,
)

NOTHING_SELECTED = "Select a plant or a company to see how sure its figures are."
NO_SCORE = "No score is known of it yet: link it to owners, licenses or suppliers."
SHARE_HELP = (
    "Draw every uncertain quantity many times, and see how the share spreads. What is unknown is "
    "drawn evenly from none to all of it."
)
RISK_HELP = (
    "Draw every uncertain quantity many times, apply the law to each draw, and see how often the "
    "credit is lost."
)
_DELAY_MS = 120


class UncertaintyPanel(FigurePanel):
    """Bounds, samples, tornado and missing facts of one figure of the selected item.

    ``inspect_requested`` asks for the property sheet of what was just selected, ``field_asked``
    then names the field on it.
    """

    inspect_requested = Signal()
    field_asked = Signal(str)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(editor, ("Figure to look into", "Jurisdiction to look into"), parent)
        self._theme = theme
        self.question = self.figure_choice
        self.setAccessibleName("Uncertainty")
        self._asked: list[Asked] = []
        tasks, request = editor.tasks, editor.request
        self.figure = Inquiry("Bounds and tornado", find_figure, tasks, request, self)
        self.facts = Inquiry("Missing facts", find_facts, tasks, request, self)
        self.drawn = Inquiry("Samples", find_samples, tasks, request, self)
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._ask)
        self._build()
        self.figure.changed.connect(self._on_figure)
        self.facts.changed.connect(self._show_facts)
        self.drawn.changed.connect(self._on_samples)
        self.figure.progressed.connect(self._on_progress)
        self.facts.progressed.connect(self._on_progress)
        self.follow()

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        top = QVBoxLayout(head)
        top.setContentsMargins(10, 10, 10, 4)
        top.setSpacing(6)
        top.addWidget(self.heading)
        top.addWidget(self.choosers)
        self.note = label("", "muted")
        top.addWidget(self.note)
        top.addWidget(self._state_line())
        column.addWidget(head)
        self._scroll = scroll = Scroll(self)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(10, 6, 10, 10)
        self._body.setSpacing(10)
        scroll.setWidget(body)
        column.addWidget(scroll, 1)
        self.figure_part, self._figure_column = _part()
        self.samples_card = SamplesCard(self._theme)
        self.samples_card.follow(self.drawn)
        self.samples_card.run_requested.connect(self.run_samples)
        self.tornado_part, self._tornado_column = _part()
        self.facts_part, self._facts_column = _part()
        for part in (self.figure_part, self.samples_card, self.tornado_part, self.facts_part):
            self._body.addWidget(part)
        self._body.addStretch(1)
        self.veils = {
            part: Veil(part, self._theme)
            for part in (self.figure_part, self.tornado_part, self.facts_part)
        }

    def _state_line(self) -> QWidget:
        self.state_line = QWidget()
        row = QHBoxLayout(self.state_line)
        row.setContentsMargins(0, 0, 0, 0)
        self.state = label("", "warn")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.progress.setMinimumWidth(30)
        self.progress.setAccessibleName("How far it is")
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Stop working out the uncertainty")
        self.cancel.clicked.connect(lambda _checked=False: self._on_cancel())
        self.again = QPushButton("Run again")
        self.again.clicked.connect(lambda _checked=False: self._ask())
        row.addWidget(self.state, 3)
        row.addWidget(self.progress, 2)
        row.addWidget(self.cancel)
        row.addWidget(self.again)
        return self.state_line

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.samples_card.theme = self.samples_card.veil.theme = theme
        for veil in self.veils.values():
            veil.theme = theme
        self._show_all()

    # Asking ----------------------------------------------------------------------------------

    @property
    def chosen(self) -> Asked | None:
        """What is being asked of the item."""
        at = self.question.currentData()
        return self._asked[at] if at is not None else None

    @property
    def chosen_question(self) -> Question | None:
        """The whole question; None where nothing can be asked."""
        asked, place = self.chosen, self.place.currentData()
        return None if asked is None or place is None else asked.question(self.entity, place)

    def refresh(self) -> None:
        """Offer what can be asked of the item, and find out what is chosen."""
        self.show_whose()
        self._fill_choosers()
        has_question = self.chosen is not None
        self.choosers.setVisible(has_question)
        note = "" if has_question else self._empty_words()
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for part in (self.figure_part, self.samples_card, self.tornado_part, self.facts_part):
            part.setVisible(has_question)
        self._drop_other_answers()
        self._show_all()
        if has_question and self._editor.is_fresh:
            self._delay.start()

    def _empty_words(self) -> str:
        if not self.entity:
            return NOTHING_SELECTED
        return NO_SCORE if self._editor.assessment is not None else "Scoring the map…"

    def _drop_other_answers(self) -> None:
        """What was found for another question is no longer shown."""
        question = self.chosen_question
        for inquiry in (self.figure, self.facts):
            if inquiry.key != question:
                inquiry.forget()
        key = self.drawn.key
        share = question if isinstance(question, ScoreQuestion) else None
        if question is None or (isinstance(key, Sampling) and key.share != share):
            self.drawn.forget()

    @Slot()
    def _ask(self) -> None:
        """Work the bounds and the tornado out; the missing facts follow."""
        question, assessment = self.chosen_question, self._fitting_assessment()
        if question is not None and assessment is not None and self.isVisible():
            self.facts.stop()
            self.figure.ask(question, assessment)

    def _fitting_assessment(self) -> Assessment | None:
        return self._editor.assessment if self._editor.is_fresh else None

    def run_samples(self) -> None:
        """Draw samples for what is chosen."""
        question, assessment = self.chosen_question, self._fitting_assessment()
        if question is not None and assessment is not None:
            card = self.samples_card
            share = question if isinstance(question, ScoreQuestion) else None
            sampling = Sampling(card.samples.value(), card.seed.value(), share)
            self.drawn.ask(sampling, assessment)

    def _on_cancel(self) -> None:
        self.figure.cancel()
        self.facts.cancel()

    def _fill_choosers(self) -> None:
        """Offer scores and tests of the item, and the jurisdictions of the map; what was chosen
        stays where it can."""
        editor, before = self._editor, self.chosen
        assessed = editor.assessment
        self._asked = asked_of(assessed, editor.project, self.entity) if assessed else []
        self.question.clear()
        for number, asked in enumerate(self._asked):
            if number and asked.group != self._asked[number - 1].group:
                self.question.insertSeparator(self.question.count())
            self.question.addItem(asked.title, number)
        at = next((n for n, asked in enumerate(self._asked) if _alike(asked, before)), None)
        if at is None:
            scores = [asked.score for asked in self._asked]
            at = scores.index(editor.color_by) if editor.color_by in scores else 0
        self.question.setCurrentIndex(self.question.findData(at) if self._asked else -1)
        self.offer_places([self.place.currentData() or editor.jurisdiction])
        self.place.setVisible(self.chosen is None or self.chosen.score is not None)

    # Showing ---------------------------------------------------------------------------------

    def _look(self) -> Look:
        return Look(self._editor.project, self._theme, self.reveal, self._fill)

    def _show_all(self) -> None:
        self._show_figure()
        self._show_facts()
        self._show_samples()

    @Slot()
    def _on_figure(self) -> None:
        self._show_figure()
        assessment, question = self._fitting_assessment(), self.chosen_question
        if self.figure.is_fresh and assessment is not None and question == self.figure.key:
            self.facts.ask(question, assessment)

    def _show_figure(self) -> None:
        clear(self._figure_column)
        clear(self._tornado_column)
        question, assessment = self.chosen_question, self._editor.assessment
        found = self.figure.value
        look, unit, is_open = self._look(), "share", True
        match question:
            case ScoreQuestion() if isinstance(found, Figure) and found.interval is not None:
                place = place_name(look.project, question.jurisdiction)
                title = f"{SCORE_TITLES[question.score]}: {place}"
                for card in interval_cards(title, found.interval, look):
                    self._figure_column.addWidget(card)
                is_open = not is_certain(found.interval)
            case TestQuestion() if assessment is not None:
                test = test_of(assessment, question)
                if test is not None and self.chosen is not None:
                    unit = test.unit
                    self._figure_column.addWidget(test_card(self.chosen.title, test, look))
        if isinstance(found, Figure) and is_open:
            tornado = tornado_card(found.tornado, unit, look)
            if tornado is not None:
                self._tornado_column.addWidget(tornado)
        self._show_state()

    @Slot()
    def _show_facts(self) -> None:
        clear(self._facts_column)
        found = self.facts.value
        if isinstance(found, MissingFacts) and not self._is_certain():
            self._facts_column.addWidget(facts_card(found, self._look()))
        self._show_state()

    def _is_certain(self) -> bool:
        """Whether the figure is a share that nothing moves: the first card says so already."""
        found = self.figure.value
        interval = found.interval if isinstance(found, Figure) else None
        return interval is not None and is_certain(interval)

    @Slot()
    def _on_samples(self) -> None:
        self._show_samples()
        if self.drawn.is_fresh:
            self._body.activate()
            self._scroll.verticalScrollBar().setValue(self.samples_card.y())

    def _show_samples(self) -> None:
        card, question, found = self.samples_card, self.chosen_question, self.drawn.value
        assessment = self._editor.assessment
        match found, question:
            case ScoreSamples(), ScoreQuestion():
                card.show_share(found, question.entity)
            case Mapping(), TestQuestion() if assessment is not None:
                self._show_risk(found, question, assessment)
            case _:
                is_test = isinstance(question, TestQuestion)
                card.show_nothing(RISK_HELP if is_test else SHARE_HELP)
        card.show_state(can_run=self._editor.is_fresh and question is not None)

    def _show_risk(
        self, found: Mapping[object, object], question: TestQuestion, assessment: Assessment
    ) -> None:
        risk = found.get((question.plant, question.product, question.pack))
        credit = credit_of(assessment, question)
        if isinstance(risk, ProductRisk) and credit is not None:
            name = product_name(self._editor.project, credit)
            self.samples_card.show_risk(risk, credit, question, name)
        else:
            self.samples_card.show_nothing(RISK_HELP)

    def _show_state(self) -> None:
        """What is under way, what failed, and which parts are dimmed."""
        figure, facts = self.figure, self.facts
        looking = figure.is_looking or facts.is_looking
        fault = figure.fault or facts.fault
        self.state_line.setVisible(self.chosen is not None and (looking or bool(fault)))
        words = "Bounds and tornado…" if figure.is_looking else "Next missing facts…"
        self.state.setText(words if looking else fault)
        self.progress.setVisible(looking)
        self.cancel.setVisible(looking)
        self.again.setVisible(bool(fault) and not looking)
        for part, inquiry in (
            (self.figure_part, figure),
            (self.tornado_part, figure),
            (self.facts_part, facts),
        ):
            veil = self.veils[part]
            veil.raise_()
            veil.setVisible(inquiry.value is not None and not inquiry.is_fresh)

    @Slot(float)
    def _on_progress(self, fraction: float) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.progress.setAccessibleDescription(numbers.percent(round(fraction, 2)))

    # Acting ----------------------------------------------------------------------------------

    def _fill(self, ids: Sequence[str], field: str) -> None:
        """Select a record, and open the property that holds the fact."""
        self.reveal(ids)
        self.inspect_requested.emit()
        self.field_asked.emit(field)

    def start(self) -> None:
        """Put the focus where the figure is chosen."""
        self.question.setFocus()

    # Following the editor --------------------------------------------------------------------

    def forget(self) -> None:
        """Drop what was found about the map that was open before."""
        for inquiry in (self.figure, self.facts, self.drawn):
            inquiry.forget()

    def age(self, is_fresh: bool) -> None:
        """Dim what does not belong to the map as it stands."""
        if not is_fresh:
            self._delay.stop()
            for inquiry in (self.figure, self.facts, self.drawn):
                inquiry.age()
        self._show_samples()


def _alike(one: Asked, other: Asked | None) -> bool:
    return other is not None and (one.score, one.test) == (other.score, other.test)


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    return part, column
