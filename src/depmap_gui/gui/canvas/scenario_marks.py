"""What the chosen scenario adds, changes and removes, marked on the map.

What it removes is no longer there: its place is shown as the outline of a card with its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QRegion

from depmap_gui.domain.differences import Change
from depmap_gui.domain.scenario_edits import id_of
from depmap_gui.domain.views import Point
from depmap_gui.gui.canvas.change_marks import (
    in_sight,
    paint_changed_items,
    paint_changed_links,
    paint_ghosts,
)
from depmap_gui.gui.canvas.labels import Label
from depmap_gui.gui.canvas.scene import HALF, Scene
from depmap_gui.gui.editor import Editor
from depmap_gui.gui.theme import Theme

_MOST_KEPT_OFF = 600


class ScenarioMarks(msgspec.Struct, frozen=True):
    """What becomes of items and links, by their ids; names and places of the items removed."""

    marks: Mapping[str, Change]
    ghosts: Mapping[str, tuple[str, Point]]

    def paint(
        self, painter: QPainter, scene: Scene, labels: Sequence[Label], theme: Theme, zoom: float
    ) -> None:
        """Draw the marks of what is in sight, in map units, clear of these labels."""
        painter.save()
        _keep_off(painter, scene, labels)
        paint_changed_links(painter, scene, self.marks, theme, zoom)
        painter.restore()
        paint_changed_items(painter, scene, self.marks, theme, zoom)
        paint_ghosts(painter, self.ghosts, theme, zoom)


def _keep_off(painter: QPainter, scene: Scene, labels: Sequence[Label]) -> None:
    """Draw on no card and no label: a link passes behind them, and so does its mark.

    Where cards are beyond number they are too small to be read, and bands are hair-thin.
    """
    sight = in_sight(painter)
    rows = scene.items_in(sight)
    if len(rows) > _MOST_KEPT_OFF:
        return
    left, top, right, bottom = sight
    free = QRegion(QRectF(left, top, right - left, bottom - top).toAlignedRect())
    for x, y in scene.centers[rows].tolist():
        free -= QRectF(x - HALF[0], y - HALF[1], 2 * HALF[0], 2 * HALF[1]).toAlignedRect()
    for label in labels:
        free -= QRectF(*label.rect).toAlignedRect()
    painter.setClipRegion(free, Qt.ClipOperation.IntersectClip)


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
