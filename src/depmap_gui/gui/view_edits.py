"""Edits of the view being looked at."""

from __future__ import annotations

from collections.abc import Mapping

from depmap_gui.domain.edits import Add, Edit, Place
from depmap_gui.domain.records import Point
from depmap_gui.gui.editor import Editor


def placing(editor: Editor, places: Mapping[str, Point], moved: Mapping[str, Point]) -> list[Edit]:
    """The edits that store where items were moved to, and ``places`` that were only assumed."""
    view = editor.view
    edits: list[Edit] = []
    if view.id not in editor.project.views:
        edits.append(Add(view))
    assumed = {id: point for id, point in places.items() if id not in view.positions}
    if placed := {**assumed, **moved}:
        edits.append(Place(view.id, placed))
    return edits
