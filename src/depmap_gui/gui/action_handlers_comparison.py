"""What the action does that sets the scenarios of the map side by side."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from depmap_gui.gui.action_objects import Actions
from depmap_gui.gui.dialogs.scenario_comparison import ScenarioComparisonWindow
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme

_NEW_SCENARIO = "analyze.scenario.new"


class ComparisonActions(QObject):
    """Holds the window beside the map; it is made when first asked for."""

    told = Signal(str)

    def __init__(self, editor: Editor, actions: Actions, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._editor, self._actions = editor, actions
        self._theme, self._window = theme, window
        self.shown: ScenarioComparisonWindow | None = None
        editor.opened.connect(self._on_opened)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {"analyze.compare_scenarios": self.compare}

    def set_theme(self, theme: Theme) -> None:
        """Wear other colors."""
        self._theme = theme
        if self.shown is not None:
            self.shown.set_theme(theme)

    def compare(self) -> None:
        """Show the scenarios side by side."""
        if self.shown is None:
            self.shown = ScenarioComparisonWindow(
                self._editor, self._theme, self._make_one, self._window
            )
            self.shown.told.connect(self.told)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()

    def _make_one(self) -> None:
        self._actions[_NEW_SCENARIO].trigger()

    @Slot()
    def _on_opened(self) -> None:
        if self.shown is not None:
            self.shown.forget()
