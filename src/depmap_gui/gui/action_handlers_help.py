"""What the actions of help do: the guide, the shortcut sheet, and what the program is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from depmap_gui.gui.action_menus import shortcut_groups
from depmap_gui.gui.dialogs.about import AboutDialog
from depmap_gui.gui.dialogs.shortcuts import MOUSE_AND_CANVAS, ShortcutSheet

if TYPE_CHECKING:
    from depmap_gui.gui.main_window import MainWindow


class HelpActions(QObject):
    """Shows a window's help."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "help.palette": self._window.open_palette,
            "help.guide": self.guide,
            "help.shortcuts": self.shortcuts,
            "help.about": self.about,
        }

    def guide(self) -> None:
        """Lead through a first map: the open one, else a new one."""
        if not self._window.files.is_open:
            self._window.files.new()
        self._window.guide.start()

    def shortcuts(self) -> None:
        """Show all keys on one sheet."""
        self._show(ShortcutSheet(shortcut_groups(MOUSE_AND_CANVAS), self._window))

    def about(self) -> None:
        """Show version, licenses and the legal notice."""
        self._show(AboutDialog(self._window.theme, self._window))

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
