"""A layout for a large map that has no places yet, made in the background when it is opened."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from depmap_gui.analysis.context import Context
from depmap_gui.domain.records import Point
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.layout.arranging import Arrangement, Order, arranged
from depmap_gui.gui.layout.newcomers import in_blocks
from depmap_gui.gui.tasks import Task

MOST_AT_ONCE = 400
"""Up to so many items a map is laid out while one waits."""


class FirstLayout(QObject):
    """Lays out what an editor opened; ``made`` brings the places by id.

    Nothing is stored: a map that is only looked at stays unchanged.
    """

    made = Signal(object)

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._task: Task | None = None

    def start(self) -> Mapping[str, Point]:
        """Begin, where the map needs it; places to stand at until then, else none."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        project, view = self._editor.project, self._editor.view
        if len(project.entities) <= MOST_AT_ONCE or view.positions:
            return {}
        order = Order(Arrangement.TIER, dict.fromkeys(project.entities, (0.0, 0.0)))

        def job(context: Context) -> dict[str, Point]:
            return arranged(project, order, context)

        self._task = self._editor.tasks.start("Arranging the map", job)
        self._task.finished.connect(self._on_finished)
        return in_blocks(project)

    @Slot(object)
    def _on_finished(self, places: object) -> None:
        if self.sender() is self._task and isinstance(places, dict):
            self._task = None
            if not self._editor.view.positions:
                self.made.emit(places)
