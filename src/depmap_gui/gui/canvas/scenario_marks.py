"""What the chosen scenario adds, changes and removes, marked on the map.

What it removes is no longer there: its place is shown as the outline of a card with its name.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtGui import QPainter

from depmap_gui.domain.differences import Change
from depmap_gui.domain.scenario_edits import id_of
from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas.change_marks import (
    paint_changed_items,
    paint_changed_links,
    paint_ghosts,
)
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme


class ScenarioMarks(msgspec.Struct, frozen=True):
    """What becomes of items and links, by their ids; names and places of the items removed."""

    marks: Mapping[str, Change]
    ghosts: Mapping[str, tuple[str, Point]]

    def paint(self, painter: QPainter, scene: Scene, theme: Theme, zoom: float) -> None:
        """Draw the marks of what is in sight, in map units."""
        paint_changed_links(painter, scene, self.marks, theme, zoom)
        paint_changed_items(painter, scene, self.marks, theme, zoom)
        paint_ghosts(painter, self.ghosts, theme, zoom)


def marks_of_scenario(editor: Editor, scene: Scene) -> ScenarioMarks | None:
    """The marks of the scenario that is shown; None for the base map."""
    record = editor.base.scenarios.get(editor.scenario or "")
    if record is None:
        return None
    base, view, unfit = editor.base, editor.view, {each.at for each in editor.playing.unfit}
    marks: dict[str, Change] = {}
    ghosts: dict[str, tuple[str, Point]] = {}
    for at, change in enumerate(record.changes):
        id = id_of(change)
        if at in unfit:
            continue
        if change.remove is not None:
            at_place = view.positions.get(id)
            if id in base.entities and at_place is not None and id not in view.hidden:
                ghosts[id] = (base.name(id), at_place)
            continue
        shown = scene.fold.shown(id)
        is_new = change.add is not None and shown == id and id not in ghosts
        if marks.get(shown) is not Change.ADDED:
            marks[shown] = Change.ADDED if is_new else Change.CHANGED
        ghosts.pop(id, None)
    return ScenarioMarks(marks, ghosts)
