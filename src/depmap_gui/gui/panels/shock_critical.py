"""Single points of failure of a plant: every item it stops without, looked for when asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from depmap_gui.analysis.shock_critical import CriticalEntity
from depmap_gui.domain.document import ChangeSet
from depmap_gui.domain.records import Plant
from depmap_gui.domain.scenarios import ScenarioError
from depmap_gui.gui.editor import SCORED, Editor
from depmap_gui.gui.panels.parts import Card, ClickRow, Elided, clear, icon_button, label
from depmap_gui.gui.tasks import Task
from depmap_gui.gui.theme import Theme
from depmap_gui.rules.faults import PackError
from depmap_gui.session.shocks import find_critical_entities, ready_for_shocks

MOST_SHOWN = 200
Critical = Mapping[str, tuple[CriticalEntity, ...]]


class CriticalCard(Card):
    """Follows the selection to the latest plant; its button has the whole chain searched."""

    searched = Signal()

    def __init__(self, editor: Editor, theme: Theme) -> None:
        super().__init__("Single points of failure")
        self._editor, self.theme = editor, theme
        self._task: Task | None = None
        self.found: Critical | None = None
        self.plant = ""
        self.note = label("", "muted")
        self.add(self.note)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        self.start = QPushButton("&Find them")
        self.start.setToolTip("Look through the whole chain for what each plant stops without")
        self.start.clicked.connect(lambda _checked=False: self.search())
        self.stop = QPushButton("Cancel")
        self.stop.setAccessibleName("Cancel the search for single points of failure")
        self.stop.clicked.connect(lambda _checked=False: self.cancel())
        row.addWidget(self.start)
        row.addWidget(self.stop)
        row.addStretch(1)
        self.add(buttons)
        body = QWidget()
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.add(body)
        self._fault = ""
        editor.opened.connect(self._on_opened)
        editor.changed.connect(self._on_changed)
        editor.freshness_changed.connect(self._on_freshness)
        editor.selection_changed.connect(self._on_selection)
        self._on_selection()
        self.refresh()

    def search(self) -> None:
        """Look for them in the background; a later search takes an earlier one's place."""
        self.cancel()
        try:
            request = self._editor.session.request()
        except (PackError, ScenarioError, OSError) as fault:
            self._fault = str(fault)
            self.refresh()
            return
        self._fault = ""
        known = self._editor.assessment
        self._task = self._editor.tasks.start(
            "Single points of failure",
            lambda context: find_critical_entities(
                ready_for_shocks(request, known, context), context
            ),
            visible=False,
        )
        self._task.finished.connect(self._on_found)
        self._task.failed.connect(self._on_failed)
        self.refresh()

    def cancel(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.refresh()

    def refresh(self) -> None:
        """Show what is known of the plant."""
        clear(self._rows)
        searching = self._task is not None
        self.stop.setVisible(searching)
        self.start.setVisible(not searching and self.found is None and bool(self.plant))
        self.note.setText(self._note(searching))
        for each in self._shown():
            self._rows.addWidget(self._row(each))

    def _note(self, searching: bool) -> str:
        if not self.plant:
            return "Select a plant to see what it cannot do without."
        name = self._editor.project.name(self.plant)
        if searching:
            return "Looking through the whole chain…"
        if self._fault:
            return f"This could not be found: {self._fault}"
        if self.found is None:
            return f"Every item that {name} stops without, through the whole chain."
        count = len(self.found.get(self.plant, ()))
        if not count:
            return f"No single item on the map stops {name}."
        more = f" The first {MOST_SHOWN} are shown." if count > MOST_SHOWN else ""
        return f"{name} stops without any one of {count}.{more}"

    def _shown(self) -> tuple[CriticalEntity, ...]:
        if self.found is None or self._task is not None:
            return ()
        entities = self._editor.project.entities
        found = self.found.get(self.plant, ())
        return tuple(each for each in found[:MOST_SHOWN] if each.entity in entities)

    def _row(self, each: CriticalEntity) -> ClickRow:
        editor = self._editor
        entity = editor.project.entities[each.entity]
        name = editor.project.name(each.entity)
        row = ClickRow(partial(editor.reveal, (each.entity,)), f"Show {name} on the map")
        row.row.addWidget(Elided(name), 3)
        scope = entity.kind.value if each.whole else f"only {self._product_names(each.products)}"
        row.row.addWidget(Elided(scope, "muted"), 2)
        row.row.addWidget(
            icon_button(
                "switch-off",
                self.theme,
                f"Switch {name} off",
                partial(editor.switch_off, (each.entity,)),
            )
        )
        return row

    def _product_names(self, ids: tuple[str, ...]) -> str:
        plant = self._editor.project.entities.get(self.plant)
        products = plant.products if isinstance(plant, Plant) else ()
        names = {product.id: product.name or product.id for product in products}
        return ", ".join(names.get(id, id) for id in ids)

    @Slot(object)
    def _on_found(self, found: object) -> None:
        if self.sender() is self._task and isinstance(found, Mapping):
            self._task = None
            self.found = found
            self.refresh()
            self.searched.emit()

    @Slot(object)
    def _on_failed(self, fault: object) -> None:
        if self.sender() is self._task:
            self._task = None
            self._fault = str(fault)
            self.refresh()

    @Slot()
    def _on_opened(self) -> None:
        self.plant = ""
        self._drop()
        self._on_selection()

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        """What was found belongs to another map: it is looked for anew when asked again."""
        if change.concerns & SCORED:
            self._drop()
            self._on_selection()

    @Slot(bool)
    def _on_freshness(self, is_fresh: bool) -> None:
        if not is_fresh:
            self._drop()

    def _drop(self) -> None:
        self.found, self._fault = None, ""
        self.cancel()
        self.refresh()

    @Slot()
    def _on_selection(self) -> None:
        project = self._editor.project
        chosen = [
            id for id in self._editor.selection if isinstance(project.entities.get(id), Plant)
        ]
        before = self.plant
        if chosen:
            self.plant = chosen[0]
        elif not isinstance(project.entities.get(self.plant), Plant):
            plants = project.of_kind(Plant)
            self.plant = plants[0].id if len(plants) == 1 else ""
        if self.plant != before:
            self.refresh()
