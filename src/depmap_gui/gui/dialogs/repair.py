"""The way back to eligible: a window beside the map that finds the cheapest moves."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.context import Context
from depmap_gui.analysis.repair_results import RepairResult, Way
from depmap_gui.analysis.results import Assessment
from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.records import Plant
from depmap_gui.gui.choice_box import ChoiceBox
from depmap_gui.gui.dialogs.repair_cards import Desk, result_cards
from depmap_gui.gui.dialogs.repair_moves import MovesTree, Wishes
from depmap_gui.gui.dialogs.sizes import open_at
from depmap_gui.gui.editor import SCORED, Editor
from depmap_gui.gui.panels.parts import Card, Scroll, clear, label
from depmap_gui.gui.theme import Theme
from depmap_gui.gui.uncertainty import Inquiry
from depmap_gui.session.repair import find_ways, plants_with_credits
from depmap_gui.session.session import ScoringRequest

_SIZE, _LEAST = (1180, 780), (640, 420)
_BESIDE = 110
"""Letters across from which on the moves stand beside the ways, and not below them."""
_ALL = "All products"
_NO_CREDIT = (
    "No plant on the map claims a credit that the rule packs in use know, so there is nothing to "
    "bring back. Give a plant a product with its credit in Properties."
)
_STALE = "The map, or what you allow, has changed since."
_MOVES_HELP = (
    "Take the mark from what is out of the question; double-click a cost to state one. Then find "
    "again."
)


class Asked(msgspec.Struct, frozen=True):
    """What is asked: a plant's products (one, or where empty all), and what is wished of moves."""

    plant: str
    product: str
    wishes: Wishes


def find(
    request: ScoringRequest, asked: Asked, _assessment: Assessment, context: Context
) -> RepairResult:
    """The ways back. Raises RepairError, and Canceled."""
    return find_ways(request, asked.plant, asked.product or None, asked.wishes.rules(), context)


class Kept(msgspec.Struct, frozen=True):
    """A way that is to become a scenario, and the scenario that it was found in."""

    result: RepairResult
    way: Way
    scenario: str | None


class RepairWindow(QDialog):
    """A window of its own. ``kept`` carries the way that is to become a scenario."""

    kept = Signal(object)

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Way back to eligible")
        self._editor, self._theme = editor, theme
        self._request: ScoringRequest | None = None
        self._filled: RepairResult | None = None
        self.inquiry = Inquiry("Way back to eligible", find, editor.tasks, self._asking, self)
        self._make_parts()
        self._lay_out()
        self.inquiry.changed.connect(self._show)
        self.inquiry.progressed.connect(self._on_progress)
        editor.changed.connect(self._on_changed)
        editor.assessed.connect(self._on_assessed)
        self.setMinimumSize(*_LEAST)
        open_at(self, *_SIZE)

    # Building ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.heading = label("Way back to eligible", "heading")
        self.plants = ChoiceBox()
        self.plants.setAccessibleName("Plant")
        self.plants.setToolTip("The plant whose credits are to be brought back")
        self.plants.activated.connect(self._on_plant)
        self.products = ChoiceBox()
        self.products.setAccessibleName("Product")
        self.products.setToolTip("All credits of the plant together, or one product's")
        self.products.activated.connect(self._on_product)
        self.note = label("", "muted")
        self.progress = QProgressBar()
        self.progress.setAccessibleName("How far the search is")
        self.progress.setTextVisible(False)
        self.cancel = _button("&Cancel", "Stop looking for ways", self.inquiry.cancel)
        self.again = _button("Find &again", "Look for ways with the map and moves as they are now",
                             self.look)  # fmt: skip
        self.tree = MovesTree()
        self.tree.wished.connect(self._on_wished)
        self.tree.reveal_asked.connect(self._editor.reveal)
        self.tree.told.connect(self._say)
        self.close_button = _button("C&lose", "Put this window away", self.close)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.plants, 2)
        choices.addWidget(self.products, 1)
        choices.addWidget(self.again)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self.note, 1)
        state.addWidget(self.progress, 1)
        state.addWidget(self.cancel)
        self.answer = Scroll(self)
        body = QWidget()
        self._cards = QVBoxLayout(body)
        self._cards.setContentsMargins(2, 2, 8, 2)
        self._cards.setSpacing(10)
        self.answer.setWidget(body)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.answer)
        self.split.addWidget(self._moves_side())
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setChildrenCollapsible(False)
        # Their own wishes would leave the ways a narrow strip.
        self.split.setSizes([600, 400])
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(choices)
        column.addLayout(state)
        column.addWidget(self.split, 1)
        column.addLayout(foot)

    def _moves_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Moves", "section"))
        column.addWidget(label(_MOVES_HELP, "muted"))
        column.addWidget(self.tree, 1)
        return side

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another size; in a narrow window the moves stand below the ways."""
        super().resizeEvent(event)
        wide = self.width() >= self.fontMetrics().averageCharWidth() * _BESIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.split.orientation() is not wanted:
            self.split.setOrientation(wanted)
            room = self.split.width() if wide else self.split.height()
            self.split.setSizes([room * 3 // 5, room * 2 // 5])

    # Asking --------------------------------------------------------------------------------

    def ask(self, plant: str = "", product: str = "") -> None:
        """Look for the ways back of a plant; where none is named, of the first there is."""
        self._fill_plants(plant)
        self._fill_products(product)
        self.look()

    @property
    def asked(self) -> Asked:
        """What would be asked now."""
        plant, product = self.plants.currentData(), self.products.currentData()
        return Asked(plant or "", product or "", self.tree.wishes)

    @Slot()
    def look(self) -> None:
        """Look for the ways in the background; an older search is dropped."""
        asked, assessment = self.asked, self._editor.assessment
        if not asked.plant:
            self._tell_instead(_NO_CREDIT)
        elif assessment is not None:
            self.inquiry.ask(asked, assessment)

    def _asking(self) -> ScoringRequest:
        self._request = self._editor.request()
        return self._request

    def _fill_plants(self, chosen: str) -> None:
        project, assessment = self._editor.project, self._editor.assessment
        packs = () if assessment is None else self._editor.session.packs()
        self.plants.clear()
        for id in plants_with_credits(project, packs):
            self.plants.addItem(project.name(id), id)
        at = self.plants.findData(chosen)
        self.plants.setCurrentIndex(max(at, 0) if self.plants.count() else -1)

    def _fill_products(self, chosen: str) -> None:
        self.products.clear()
        self.products.addItem(_ALL, "")
        plant = self._editor.project.entities.get(self.plants.currentData() or "")
        if isinstance(plant, Plant):
            for product in plant.products:
                if product.credit:
                    self.products.addItem(product.name or product.id, product.id)
        self.products.setCurrentIndex(max(self.products.findData(chosen), 0))

    @Slot()
    def _on_plant(self) -> None:
        self._fill_products("")
        self.look()

    @Slot()
    def _on_product(self) -> None:
        self.look()

    @Slot()
    def _on_wished(self) -> None:
        self._say_state()

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        if change.concerns & SCORED:
            self.inquiry.age()

    @Slot()
    def _on_assessed(self) -> None:
        """A map that has just been opened or changed is scored: now there is something to ask."""
        if self.isVisible() and not self.plants.count():
            self.ask()

    # Showing -------------------------------------------------------------------------------

    @Slot(float)
    def _on_progress(self, fraction: float) -> None:
        self.progress.setValue(round(100 * fraction))

    @Slot()
    def _show(self) -> None:
        found = self.inquiry.value
        if isinstance(found, RepairResult) and self._request is not None:
            if found is not self._filled:
                self._filled = found
                self.tree.fill(self._request.project, found.moves, found.currency)
            self.heading.setText(_heading(self._request))
            self._show_cards(result_cards(found, self._desk(self._request)))
        elif self.inquiry.fault:
            self._tell_instead(self.inquiry.fault)
        else:
            self._tell_instead("Looking for the cheapest way…")
        self._say_state()

    def _desk(self, request: ScoringRequest) -> Desk:
        return Desk(request.project, request.packs, self._theme, self._editor.reveal, self._keep)

    def _keep(self, way: Way) -> None:
        found, request = self.inquiry.value, self._request
        if isinstance(found, RepairResult) and request is not None:
            self.kept.emit(Kept(found, way, request.scenario))

    def _show_cards(self, cards: list[QWidget]) -> None:
        clear(self._cards)
        for card in cards:
            self._cards.addWidget(card)
        self._cards.addStretch(1)

    def _tell_instead(self, words: str) -> None:
        card = Card()
        card.add(label(words, "muted"))
        self._show_cards([card])
        self._say_state()

    @Slot()
    def _say_state(self) -> None:
        """Say how the answer stands, and offer what fits."""
        inquiry = self.inquiry
        looking = inquiry.is_looking
        known = inquiry.value is not None
        stale = known and (inquiry.is_stale or inquiry.key != self.asked) and not looking
        self.progress.setVisible(looking)
        self.cancel.setVisible(looking)
        if looking:
            self.progress.setRange(0, 100)
        self._say("Looking for the cheapest way…" if looking else (_STALE if stale else ""))
        self.again.setEnabled(not looking and self.plants.count() > 0)
        self.again.setProperty("primary", "true" if stale else "false")
        self.again.style().polish(self.again)

    @Slot(str)
    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def forget(self) -> None:
        """Another map is open: drop everything."""
        self.inquiry.forget()
        self._request = self._filled = None
        self.tree.forget()
        self.plants.clear()
        self.products.clear()
        self.close()


def _heading(request: ScoringRequest) -> str:
    project = request.project
    scenario = project.scenarios.get(request.scenario or "")
    beside = f" · {scenario.name or scenario.id}" if scenario is not None else ""
    return f"Way back to eligible in {project.header.year}{beside}"


def _button(text: str, tip: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked=False: act())
    return made
