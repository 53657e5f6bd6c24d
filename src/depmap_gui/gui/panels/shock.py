"""The shock panel: what is switched off, what is lost by it, and what carried the loss."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from depmap_gui.analysis.shock_results import Outage
from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.records import Jurisdiction
from depmap_gui.gui import numbers
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.icons import icon
from depmap_gui.gui.panels.parts import Card, LivePanel, Scroll, clear, label, recolor_icons
from depmap_gui.gui.panels.scores import Veil
from depmap_gui.gui.panels.shock_cards import result_cards
from depmap_gui.gui.panels.shock_critical import CriticalCard
from depmap_gui.gui.panels.shock_rows import OutageRow
from depmap_gui.gui.shocks import shock_words
from depmap_gui.gui.theme import Theme

HELP = (
    "Switch off a country, a company, a plant, a license or a material, and see what stops "
    "through the whole chain. The map itself stays as it is."
)


class ShockPanel(LivePanel):
    """Edits the editor's shock and shows what comes of it. Esc ends the shock."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor, self._theme = editor, theme
        self.setAccessibleName("Shock")
        self.rows: dict[str, OutageRow] = {}
        self._rows_of: tuple[object, ...] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scroll = Scroll(self)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(10, 10, 10, 10)
        self._body.setSpacing(10)
        scroll.setWidget(body)
        column.addWidget(scroll)
        self._body.addWidget(self._off_card())
        self._body.addWidget(self._state_line())
        self.results = QWidget()
        self._results = QVBoxLayout(self.results)
        self._results.setContentsMargins(0, 0, 0, 0)
        self._results.setSpacing(10)
        self._body.addWidget(self.results)
        self.veil = Veil(self.results, theme)
        self.critical = CriticalCard(editor, theme)
        self._body.addWidget(self.critical)
        self._body.addStretch(1)
        editor.opened.connect(self._on_opened)
        editor.shock_changed.connect(self.refresh_if_seen)
        editor.changed.connect(self._on_changed)
        editor.selection_changed.connect(self._enable)
        editor.shocks.progressed.connect(self._on_progress)

    # Building ----------------------------------------------------------------------------

    def _off_card(self) -> Card:
        card = Card("Switched off")
        self.clear = QPushButton("Clea&r")
        self.clear.setToolTip("End the shock: switch everything on again (Esc)")
        self.clear.setProperty("flat", True)
        self.clear.clicked.connect(lambda _checked=False: self._editor.shocks.end())
        card.top.addWidget(self.clear)
        self.help = label(HELP, "muted")
        card.add(self.help)
        rows = QWidget()
        self._rows = QVBoxLayout(rows)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        card.add(rows)
        card.add(self._adding())
        self.again = QPushButton()
        self.again.setProperty("link", True)
        self.again.clicked.connect(
            lambda _checked=False: self._editor.shocks.switch_off(self._editor.shocks.last)
        )
        card.add(self.again)
        return card

    def _adding(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        self.add_selection = QPushButton("Add se&lection")
        self.add_selection.setToolTip("Switch the items selected on the map off")
        self.add_selection.setIconSize(QSize(14, 14))
        self.add_selection.clicked.connect(
            lambda _checked=False: self._editor.switch_off(self._editor.selection)
        )
        self.add_place = QToolButton()
        self.add_place.setText("Add a jurisdiction")
        self.add_place.setToolTip("Switch off what is made in a country, by it, or its licenses")
        self.add_place.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.places = QMenu(self.add_place)
        self.places.aboutToShow.connect(self.fill_places)
        self.add_place.setMenu(self.places)
        row.addWidget(self.add_selection)
        row.addWidget(self.add_place)
        row.addStretch(1)
        return line

    def _state_line(self) -> QWidget:
        self.state_line = QWidget()
        row = QHBoxLayout(self.state_line)
        row.setContentsMargins(4, 0, 0, 0)
        self.state = label("", "warn")
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel the shock being played")
        self.cancel.clicked.connect(lambda _checked=False: self._editor.shocks.cancel())
        self.retry = QPushButton("Play again")
        self.retry.clicked.connect(lambda _checked=False: self._editor.shocks.play_again())
        row.addWidget(self.state, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.retry)
        return self.state_line

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        self.veil.theme = self.critical.theme = theme
        self._rows_of = None
        recolor_icons(self, theme)
        self.refresh_if_seen()

    # Showing -----------------------------------------------------------------------------

    def start_adding(self) -> None:
        """Put the focus where outages are added."""
        chosen = self.add_selection if self.add_selection.isEnabled() else self.add_place
        chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Show the shock as it stands."""
        view = self._editor.shock
        self._show_outages(view.outages if view is not None else ())
        self._show_state()
        clear(self._results)
        if view is not None and view.result is not None:
            for card in result_cards(view.result, self._editor, self._theme):
                self._results.addWidget(card)
        self.results.setVisible(view is not None and view.result is not None)
        self.veil.raise_()
        self.veil.setVisible(view is not None and not view.is_fresh)
        self._enable()

    def _show_outages(self, outages: tuple[Outage, ...]) -> None:
        """Keep the rows, and with them the focus, while the items are the same."""
        project = self._editor.project
        shape = tuple((each.entity, project.entities.get(each.entity)) for each in outages)
        if shape != self._rows_of:
            self._rows_of = shape
            clear(self._rows)
            self.rows = {
                outage.entity: OutageRow(project, outage, self._theme, self._change)
                for outage in outages
            }
            for row in self.rows.values():
                self._rows.addWidget(row)
        for outage in outages:
            self.rows[outage.entity].show_outage(outage)

    def _show_state(self) -> None:
        view = self._editor.shock
        self.state_line.setVisible(view is not None and not view.is_fresh)
        if view is None or view.is_fresh:
            return
        self.state.setText(view.fault or "updating…")
        self.cancel.setVisible(view.is_playing)
        self.retry.setVisible(not view.is_playing)

    @Slot(float)
    def _on_progress(self, fraction: float) -> None:
        self.state.setText(f"updating… {numbers.percent(round(fraction, 2))}")

    @Slot()
    def _enable(self) -> None:
        editor = self._editor
        project, last = editor.project, editor.shocks.last
        is_on = editor.shock is not None
        self.clear.setVisible(is_on)
        self.help.setVisible(not is_on)
        self.add_selection.setEnabled(any(id in project.entities for id in editor.selection))
        self.add_place.setEnabled(bool(project.of_kind(Jurisdiction)))
        self.again.setVisible(not is_on and bool(last))
        words = shock_words(project, last).replace("&", "&&")
        self.again.setText(f"Again: {words}")

    # Changing ----------------------------------------------------------------------------

    def fill_places(self) -> None:
        """Offer the jurisdictions that are not switched off yet."""
        self.places.clear()
        off = self.rows.keys()
        for place in self._editor.project.of_kind(Jurisdiction):
            if place.id not in off:
                ink = self._theme.jurisdiction
                entry = self.places.addAction(
                    icon("jurisdiction", self._theme, ink),
                    (place.name or place.id).replace("&", "&&"),
                )
                entry.triggered.connect(partial(self._add_place, place.id))
        if self.places.isEmpty():
            self.places.addAction("All of them are switched off").setEnabled(False)

    def _add_place(self, id: str, _checked: bool = False) -> None:
        self._editor.switch_off((id,))

    def _change(self, entity: str, outage: Outage | None) -> None:
        """One outage is to be another, or none."""
        view = self._editor.shock
        if view is None:
            return
        changed = [outage if each.entity == entity else each for each in view.outages]
        self._editor.shocks.switch_off(each for each in changed if each is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Esc ends the shock."""
        if event.key() == Qt.Key.Key_Escape and self._editor.shock is not None:
            self._editor.shocks.end()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_changed(self, change: ChangeSet) -> None:
        if change.concerns - {Concern.LAYOUT}:
            self.refresh_if_seen()

    @Slot()
    def _on_opened(self) -> None:
        self._rows_of = None
        self.refresh_if_seen()
