"""The places of many items that have none yet: found in the background.

A map that comes without places, and many items that are brought in at once, stand in a block
until then.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.domain.views import Point
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.newcomers import free_places, in_blocks
from depmap_gui.gui.tasks import Task

MOST_AT_ONCE = 400
"""Up to so many items are found a place while one waits."""


class FirstLayout(QObject):
    """Finds places for what an editor's map shows without any; ``made`` brings them by id.

    Nothing is stored: a map that is only looked at stays unchanged.
    """

    made = Signal(object)

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._task: Task | None = None
        self._waiting: frozenset[str] = frozenset()
        self._placed: dict[str, Point] | None = None

    def forget(self) -> None:
        """Another map is shown: what was under way is of no use."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._waiting, self._placed = None, frozenset(), None

    def prepare(self, standing: Mapping[str, Point]) -> dict[str, Point]:
        """Places for a time, where many items do not stand yet, else none."""
        project, hidden = self._editor.project, set(self._editor.view.hidden)
        lacking = [
            id
            for id, entity in project.entities.items()
            if id not in standing and id not in hidden and entity.kind not in hidden
        ]
        if len(lacking) <= MOST_AT_ONCE:
            return {}
        new = self._waiting.intersection(project.entities).union(lacking)
        self.forget()
        self._waiting = new
        self._placed = {
            id: standing[id] for id in project.entities if id in standing and id not in new
        }
        return in_blocks(project, lacking, self._placed)

    def begin(self) -> None:
        """Find the places that are still wanted: best when the map has been drawn without them."""
        project, new, placed = self._editor.project, self._waiting, self._placed
        boxes = self._editor.view.boxes
        if placed is None:
            return

        def job(context: Context) -> dict[str, Point]:
            return free_places(project, new, placed, context, boxes)

        self._placed = None
        self._task = self._editor.tasks.start("Arranging the map", job)
        self._task.finished.connect(self._on_finished)

    @Slot(object)
    def _on_finished(self, places: object) -> None:
        if self.sender() is self._task and isinstance(places, dict):
            self._task, self._waiting = None, frozenset()
            self.made.emit(places)
