"""The banner over the map while a scenario is edited: which, with how many changes; the way out."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from depmap_gui.domain.scenario_acts import called
from depmap_gui.domain.scenario_words import count_words
from depmap_gui.gui.canvas.line_banner import LineBanner, Look
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme

_LOOK = Look(
    "What if",
    "columns",
    "at_risk",
    "at_risk_text",
    "Show the changes of this scenario (Ctrl+Alt+S)",
    "Back to the base map: the scenario stays as it is",
)


class ScenarioBanner(LineBanner):
    """Its words lead to the list of changes; its cross to the base map."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(_LOOK, theme, over)

    def follow(self, editor: Editor) -> None:
        """Say which scenario is shown now, if any."""
        record = editor.base.scenarios.get(editor.scenario or "")
        if record is None:
            self.tell("", "")
            return
        note = f"{count_words(len(record.changes))} · edits go here, not to the base map"
        if unfit := len(editor.playing.unfit):
            verb = "does" if unfit == 1 else "do"
            note = f"{count_words(len(record.changes))} · {unfit:,} {verb} not fit the base map"
        self.tell(f"What if: {called(record)}", note, keeps_note=bool(unfit))
