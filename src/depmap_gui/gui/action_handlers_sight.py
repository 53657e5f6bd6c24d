"""What the actions of looking do: traces, lenses, lanes and the overview."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from depmap_gui.analysis.reach import Direction
from depmap_gui.gui.action_sight import DEPTHS
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.lenses import Lens
from depmap_gui.gui.settings import Settings
from depmap_gui.gui.sight import LaneBy

MINIMAP = "minimap"
"""The overview's name among the panels that the settings remember as shown or hidden."""


class SeenMap(Protocol):
    """What the actions ask of the canvas."""

    shows_minimap: bool

    def show_minimap(self, shown: bool) -> None:
        """Show the overview whenever some of the map is out of sight, or never."""

    def select_traced(self) -> None:
        """Select the items that are traced."""


class SightActions(QObject):
    """Works on how the open map is looked at."""

    toggled = Signal()

    def __init__(
        self, editor: Editor, canvas: SeenMap, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._canvas = canvas
        self._settings = settings
        self.restore()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of this file does, by id."""
        sight = self._editor.sight
        return {
            **{f"view.trace.{way}": partial(self.trace, way) for way in Direction},
            **{
                f"view.trace.depth.{word}": partial(sight.go, depth)
                for word, depth in DEPTHS.items()
            },
            "view.trace.select": self._canvas.select_traced,
            "view.trace.end": sight.end_trace,
            **{f"view.lens.{lens}": partial(sight.look_through, lens) for lens in Lens},
            "view.lens.none": partial(sight.look_through, None),
            **{f"view.lanes.{by}": partial(sight.show_lanes, by) for by in LaneBy},
            "view.lanes.none": partial(sight.show_lanes, None),
            "view.minimap": self.toggle_minimap,
        }

    def checked(self) -> frozenset[str]:
        """Ids of the actions of this file that are in effect."""
        sight = self._editor.sight
        found = {f"view.lens.{sight.lens or 'none'}", f"view.lanes.{sight.lanes or 'none'}"}
        if self._canvas.shows_minimap:
            found.add("view.minimap")
        if sight.trace is not None:
            word = next(word for word, depth in DEPTHS.items() if depth == sight.trace.depth)
            found.add(f"view.trace.depth.{word}")
        return frozenset(found)

    def restore(self) -> None:
        """Show or hide the overview as the settings remember."""
        self._canvas.show_minimap(self._settings.is_shown(MINIMAP))

    def toggle_minimap(self) -> None:
        """Hide the overview, or let it show again; that is remembered."""
        shown = not self._canvas.shows_minimap
        self._settings.set_shown(MINIMAP, shown)
        self._canvas.show_minimap(shown)
        self.toggled.emit()

    def trace(self, way: Direction) -> None:
        """Trace from the selected items."""
        entities = self._editor.project.entities
        self._editor.sight.start_trace((id for id in self._editor.selection if id in entities), way)
