"""What the actions do that switch items off in a shock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.shock import ShockPanel
from depmap_gui.gui.window_layout import Workspace


class ShockActions(QObject):
    """Brings the shock's page to the front, and switches off what is selected."""

    def __init__(self, editor: Editor, page: ShockPanel, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._editor, self._page, self._workspace = editor, page, workspace

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "analyze.shock": self.show,
            "analyze.switch_off": self._switch_off,
            "analyze.end_shock": self._editor.shocks.end,
        }

    @Slot()
    def show(self) -> None:
        """Show the shock, ready for something to be switched off."""
        self._workspace.show_page(self._page)
        self._page.start_adding()

    def _switch_off(self) -> None:
        self._workspace.show_page(self._page)
        self._editor.switch_off(self._editor.selection)
