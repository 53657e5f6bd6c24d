"""What the actions on scenarios do: new, duplicate, rename, delete, adopt, take a change out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from depmap_gui.domain.edits import Add
from depmap_gui.domain.scenario_acts import adoption, called, copy_of, deletion, taking_out
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.panels.scenario import ScenarioPanel
from depmap_gui.gui.window_layout import Workspace


class ScenarioActions(QObject):
    """Works on the scenarios of the open map. ``told`` says what came of it."""

    told = Signal(str)

    def __init__(self, editor: Editor, panel: ScenarioPanel, workspace: Workspace) -> None:
        super().__init__(editor)
        self._editor, self._panel, self._workspace = editor, panel, workspace

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        return {
            "analyze.scenario.new": self.new,
            "analyze.scenario.changes": self.changes,
            "analyze.scenario.base": lambda: self._editor.set_scenario(None),
            "analyze.scenario.next": self.next,
            "analyze.scenario.next_change": lambda: self._panel.step(1),
            "analyze.scenario.take_out": self.take_out,
            "analyze.scenario.duplicate": self.duplicate,
            "analyze.scenario.rename": self.name_it,
            "analyze.scenario.adopt": self.adopt,
            "analyze.scenario.delete": self.delete,
        }

    def _show(self) -> None:
        self._workspace.show_page(self._panel)

    def changes(self) -> None:
        """Show what the chosen scenario changes, and go there with the keys."""
        self._show()
        self._panel.take_keys()

    def new(self) -> None:
        """Make an empty scenario, show it, and let its name be typed."""
        if self._editor.add_scenario("New scenario") is not None:
            self.name_it()

    def name_it(self) -> None:
        """Let another name be typed for the chosen scenario."""
        self._show()
        self._panel.rename_current()

    def next(self) -> None:
        """Show the next scenario, after the last one the base map."""
        editor = self._editor
        ring: list[str | None] = [None, *editor.base.scenarios]
        editor.set_scenario(ring[(ring.index(editor.scenario) + 1) % len(ring)])

    def duplicate(self) -> None:
        """Make a scenario that begins as the chosen one is, and show it."""
        editor = self._editor
        record = editor.base.scenarios.get(editor.scenario or "")
        if record is not None:
            made = copy_of(editor.base, record)
            if editor.apply(Add(made), f"Duplicate scenario {called(record)}"):
                editor.set_scenario(made.id)

    def delete(self) -> None:
        """Take the chosen scenario away; it comes back with undo."""
        editor = self._editor
        if editor.scenario is not None:
            edit = deletion(editor.base, editor.scenario)
            if editor.apply(edit, edit.label, on_base=True):
                self.told.emit(f"{edit.label}: the base map is as it was (Ctrl+Z brings it back)")

    def adopt(self) -> None:
        """Make what the chosen scenario shows the base map."""
        editor = self._editor
        if editor.scenario is not None:
            left = len(editor.playing.unfit)
            edit = adoption(editor.base, editor.scenario)
            if editor.apply(edit, edit.label, on_base=True):
                rest = f"; {left} that did not fit were left out" if left else ""
                self.told.emit(f"The changes are in the base map now{rest} (Ctrl+Z takes it back)")

    def take_out(self) -> None:
        """Take the chosen changes out of the scenario."""
        editor, chosen = self._editor, self._panel.chosen_changes()
        if editor.scenario is None or not chosen:
            self.told.emit("Choose a change in the What if panel first.")
            self._show()
            return
        edit = taking_out(editor.base, editor.scenario, chosen)
        editor.apply(edit, edit.label, on_base=True)
