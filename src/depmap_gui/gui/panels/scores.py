"""The scores panel: what the program says about the selection, and never stale as if fresh."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from depmap_gui.analysis.explain_concentration import Market
from depmap_gui.analysis.item_bounds import ItemBounds
from depmap_gui.analysis.results import Score
from depmap_gui.domain.records import Company, Jurisdiction, License, Material, Plant
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.explanation import Answered, Explainer, Question
from depmap_gui.gui.panels.inspector_desk import Desk
from depmap_gui.gui.panels.parts import Card, LivePanel, Scroll, clear, label
from depmap_gui.gui.panels.scores_others import (
    company_cards,
    jurisdiction_cards,
    license_cards,
    material_cards,
)
from depmap_gui.gui.panels.scores_parts import Sight, empty_card
from depmap_gui.gui.panels.scores_plant import IpCard, plant_cards
from depmap_gui.gui.panels.scores_portfolio import PlantsCard, portfolio_cards
from depmap_gui.gui.panels.scores_trade import trade_cards
from depmap_gui.gui.panels.scores_versions import Versions, version_cards
from depmap_gui.gui.slices import Slices
from depmap_gui.gui.theme import Theme, color
from depmap_gui.gui.uncertainty import Bounds, Inquiry, find_bounds

UPDATING = "updating…"
CONTRIBUTIONS = 12

LARGE_MAP = 5_000
"""Items from which on the cards follow new scores a turn of the event loop later."""


class ScoresPanel(LivePanel):
    """Scores of what is selected; of all plants where nothing is.

    ``score_asked`` carries the Score or Market that a person wants explained;
    ``why_requested`` follows it. ``repair_asked`` carries a plant and the product whose credit is
    to be brought back to eligible.
    """

    score_asked = Signal(object)
    repair_asked = Signal(str, str)
    why_requested = Signal()
    compare_asked = Signal()

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(editor, theme)
        self.setAccessibleName("Scores")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.stale_note = label(UPDATING, "warn")
        self.stale_note.setContentsMargins(14, 8, 14, 2)
        column.addWidget(self.stale_note)
        self._scroll = Scroll(self)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(10, 10, 10, 10)
        self._body.setSpacing(10)
        self._scroll.setWidget(body)
        column.addWidget(self._scroll, 1)
        self.veil = Veil(self._scroll, theme)
        self._slices = Slices(self)
        # On a large map much else is drawn anew when scores arrive: one after the other.
        self._arrival = QTimer(self, singleShot=True, interval=0)
        self._arrival.timeout.connect(self._on_arrival)
        self._explainer = Explainer(editor, self)
        self._explainer.answered.connect(self._on_answered)
        self.bounds = Inquiry(
            "Bounds of the scores", find_bounds, editor.tasks, editor.request, self
        )
        self.bounds.changed.connect(self._on_bounds)
        self.versions = Versions(editor, self)
        self.versions.changed.connect(self.refresh_if_seen)
        self._fault = ""
        self._shown_for: tuple[str, ...] | None = None
        self.ip_card: IpCard | None = None
        editor.opened.connect(self._on_opened)
        editor.selection_changed.connect(self.refresh_if_seen)
        editor.coloring_changed.connect(self.refresh_if_seen)
        editor.assessed.connect(self._on_assessed)
        editor.freshness_changed.connect(self._on_freshness)
        editor.scoring_failed.connect(self._on_failed)
        self._on_freshness(editor.is_fresh)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self.desk.theme = theme
        self.veil.theme = theme
        self.refresh_if_seen()

    # What is shown ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Build the cards of the selection; the place one has scrolled to stays."""
        editor = self.desk.editor
        at = self._scroll.verticalScrollBar().value()
        same = self._shown_for == editor.selection
        self._shown_for = editor.selection
        self._slices.drop()
        clear(self._body)
        self.ip_card = None
        for card in self._cards():
            self._body.addWidget(card)
            if isinstance(card, PlantsCard):
                self._slices.start(card.rest)
        self._body.addStretch(1)
        if same and at:
            # What one has scrolled to is to be there.
            self._slices.finish()
        self._body.activate()
        self._scroll.verticalScrollBar().setValue(at if same else 0)
        self._ask_for_contributions()
        self._ask_for_bounds()

    def _cards(self) -> list[QWidget]:
        editor = self.desk.editor
        if self._fault:
            card = Card("The scores could not be computed")
            card.add(label(self._fault, "bad"))
            card.add(label("The map can be edited all the same.", "muted"))
            return [card]
        if editor.assessment is None:
            return [empty_card("Scoring the map…")]
        sight = Sight(
            editor.assessment,
            editor,
            self.desk.theme,
            self.desk.names,
            editor.jurisdiction,
            self.ask,
            self._known_bounds(),
            self.repair_asked.emit,
        )
        cards = self._cards_of_selection(sight)
        self.ip_card = next((card for card in cards if isinstance(card, IpCard)), None)
        return cards

    def _cards_of_selection(self, sight: Sight) -> list[QWidget]:
        project = sight.project
        selection = self.desk.editor.selection
        chosen = [project.entities[id] for id in selection if id in project.entities]
        if not selection:
            return portfolio_cards(project.of_kind(Plant), sight)
        if len(selection) > 1:
            plants = [entity for entity in chosen if isinstance(entity, Plant)]
            if plants:
                return portfolio_cards(plants, sight)
            return [empty_card("Select a single item, or several plants, to see scores.")]
        match chosen:
            case [Plant() as plant]:
                self.versions.ask()
                beside = version_cards(
                    plant.id, self.versions, sight.theme, self.compare_asked.emit
                )
                return [*beside, *plant_cards(plant, sight), *trade_cards(plant, sight)]
            case [Company() as company]:
                return company_cards(company, sight)
            case [License() as license]:
                return license_cards(license, sight)
            case [Material() as material]:
                return material_cards(material, sight)
            case [Jurisdiction() as place]:
                return jurisdiction_cards(place, sight)
            case _:
                return [empty_card("A link has no scores of its own; select one of its ends.")]

    def ask(self, _entity: str, score: Score | Market) -> None:
        """A person asks why a score or an index is what it is."""
        self.score_asked.emit(score)
        self.why_requested.emit()

    def _ask_for_contributions(self) -> None:
        if self.ip_card is None or not self.desk.editor.is_fresh:
            self._explainer.cancel()
            return
        card = self.ip_card
        self._explainer.ask(
            Question(card.entity, card.score, self.desk.editor.jurisdiction, CONTRIBUTIONS)
        )

    def _ask_for_bounds(self) -> None:
        """Work out how far quantities move the shares shown, unless that is known already."""
        editor, bounds, asked = self.desk.editor, self.bounds, self._bounded()
        is_known = bounds.key == asked and (bounds.is_fresh or bounds.is_looking or bounds.fault)
        if editor.is_fresh and editor.assessment is not None and not is_known:
            bounds.ask(asked, editor.assessment)

    def _bounded(self) -> Bounds:
        """The shares shown: all scores of one item, else the IP shares of the plants."""
        editor = self.desk.editor
        alone = editor.selection[0] if len(editor.selection) == 1 else ""
        code, one = editor.jurisdiction, editor.project.entities.get(alone)
        if isinstance(one, Jurisdiction):
            code, one = one.code or one.id, None
        if one is not None:
            return Bounds(code, (one.id,), tuple(Score))
        plants = tuple(plant.id for plant in editor.project.of_kind(Plant))
        return Bounds(code, plants, (Score.IP,))

    def _known_bounds(self) -> ItemBounds:
        found = self.bounds.value
        is_known = self.bounds.is_fresh and self.bounds.key == self._bounded()
        return found if is_known and isinstance(found, dict) else {}

    @Slot()
    def _on_bounds(self) -> None:
        """Put the bounds beside the figures, where there are any."""
        if self._known_bounds():
            self.refresh_if_seen()

    @Slot(object)
    def _on_answered(self, answered: Answered) -> None:
        card = self.ip_card
        if card is None or answered.tree is None:
            return
        if (answered.question.entity, answered.question.asked) == (card.entity, card.score):
            card.show_contributions(answered.tree)

    # Following the editor --------------------------------------------------------------------

    @Slot()
    def _on_opened(self) -> None:
        self._fault = ""
        self.bounds.forget()
        self.refresh_if_seen()

    @Slot()
    def _on_assessed(self) -> None:
        self._fault = ""
        if len(self.desk.editor.project.entities) > LARGE_MAP:
            self._arrival.start()
            self._on_freshness(self.desk.editor.is_fresh)
        else:
            self.refresh_if_seen()

    @Slot()
    def _on_arrival(self) -> None:
        self._on_freshness(self.desk.editor.is_fresh)
        self.refresh_if_seen()

    @Slot(str)
    def _on_failed(self, fault: str) -> None:
        self._fault = fault
        self._on_freshness(self.desk.editor.is_fresh)
        self.refresh_if_seen()

    @Slot(bool)
    def _on_freshness(self, is_fresh: bool) -> None:
        """Dim the figures while they do not belong to the map as it stands."""
        if not is_fresh:
            self.bounds.age()
        stale = (not is_fresh or self._arrival.isActive()) and not self._fault
        self.stale_note.setVisible(stale)
        self.veil.setVisible(stale)


class Veil(QWidget):
    """Lies over stale figures and dims them; clicks go through."""

    def __init__(self, over: QWidget, theme: Theme) -> None:
        super().__init__(over)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(UPDATING)
        over.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as what lies below."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cover with the panel's color, half clear."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.panel, 0.6))
        painter.end()
