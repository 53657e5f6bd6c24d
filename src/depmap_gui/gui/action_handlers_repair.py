"""What the action does that looks for the cheapest way back to eligible."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from depmap_gui.domain.records import Operates, Plant
from depmap_gui.gui.dialogs.repair import Kept, RepairWindow
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme
from depmap_gui.session.repair import changes_on_base, name_of, notes_of


class RepairActions(QObject):
    """Holds the window beside the map; it is made when first asked for."""

    told = Signal(str)

    def __init__(self, editor: Editor, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._editor, self._theme, self._window = editor, theme, window
        self.shown: RepairWindow | None = None
        editor.opened.connect(self._on_opened)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"analyze.repair": self.repair}

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        if self.shown is not None:
            self.shown.set_theme(theme)

    def repair(self) -> None:
        """Look for the ways back of the plant that is selected, or that the selection runs."""
        self.repair_product(self._plant())

    @Slot(str, str)
    def repair_product(self, plant: str, product: str = "") -> None:
        """Look for the ways back of one plant, or of one product of it."""
        if self.shown is None:
            self.shown = RepairWindow(self._editor, self._theme, self._window)
            self.shown.kept.connect(self._keep)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()
        self.shown.ask(plant, product)

    def _plant(self) -> str:
        project = self._editor.project
        for id in self._editor.selection:
            if isinstance(project.entities.get(id), Plant):
                return id
            for link in project.links.values():
                if isinstance(link, Operates) and link.source == id:
                    return link.target
        return ""

    @Slot(object)
    def _keep(self, kept: Kept) -> None:
        """Make a way a scenario and look at it, in one step of the history."""
        editor = self._editor
        changes = changes_on_base(editor.base, kept.scenario, kept.way)
        name = name_of(editor.base, kept.result, kept.way)
        if editor.add_scenario(name, changes, notes_of(kept.result, kept.way)) is not None:
            self.told.emit(f"Saved as scenario '{name}', which the map now shows.")
            # To be looked at: the window with the ways stays open, behind the map.
            self._window.raise_()
            self._window.activateWindow()

    @Slot()
    def _on_opened(self) -> None:
        if self.shown is not None:
            self.shown.forget()
