"""What the actions of settings do: the dialog, themes, and everything back as it came."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from depmap_gui.gui.dialogs.settings import SettingsDialog
from depmap_gui.gui.settings import MOTION, THEME, WHEEL, ThemeChoice

if TYPE_CHECKING:
    from depmap_gui.gui.main_window import MainWindow


class SettingsActions(QObject):
    """Works on what a person chooses once for all maps."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: SettingsDialog | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "edit.settings": self.show,
            "view.reset_layout": self.reset_layout,
            "help.reset_settings": self.reset,
            **{f"view.theme.{each}": partial(self.choose_theme, each) for each in ThemeChoice},
        }

    def show(self) -> None:
        """Open the dialog."""
        window = self._window
        dialog = SettingsDialog(window.settings, window.theme, window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(window.take_settings)
        dialog.chosen.connect(self._tell_fault)
        dialog.reset_asked.connect(self.reset)
        dialog.destroyed.connect(self._forget)
        self._dialog = dialog
        dialog.open()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Wear other colors from now on."""
        self._window.settings.choose(THEME, choice)
        self._window.take_settings()
        self._tell_fault()

    def reset_layout(self) -> None:
        """Window, panels, pages and columns back to how they came."""
        window = self._window
        window.tables.restore_headings()
        window.settings.forget_layout()
        window.workspace.restore()
        window.sights.restore()
        window.restore_geometry()
        window.refresh_actions()

    def reset(self) -> None:
        """All settings back to how the program came, once the person has agreed."""
        window = self._window
        asked = "Reset all settings, panels and the window to how they came? Maps stay as they are."
        if window.questions.confirm("Reset settings", asked, "&Reset"):
            window.settings.reset()
            window.rules.read_again()
            self.reset_layout()
            window.take_settings()

    def wear(self) -> None:
        """Have the dialog and the map follow what is chosen."""
        window = self._window
        window.canvas.animates = window.settings.value(MOTION)
        window.canvas.wheel_zooms = window.settings.value(WHEEL) == "zoom"
        if self._dialog is not None:
            self._dialog.set_theme(window.theme)

    def _tell_fault(self) -> None:
        if fault := self._window.settings.fault():
            self._window.status.tell(fault)

    def _forget(self) -> None:
        self._dialog = None
