"""Edits of the view being looked at."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from depmap_gui.domain.edits import Add, Edit, Place
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import Point, View
from depmap_gui.gui.editor import Editor


def placing(editor: Editor, places: Mapping[str, Point], moved: Mapping[str, Point]) -> list[Edit]:
    """The edits that store where items were moved to, and ``places`` that were only assumed."""
    return placing_on(editor.project, editor.view, places, moved)


def placing_on(
    project: Project, view: View, places: Mapping[str, Point], moved: Mapping[str, Point]
) -> list[Edit]:
    """The same on a view that the project need not have yet."""
    edits: list[Edit] = []
    if view.id not in project.views:
        edits.append(Add(view))
    assumed = {id: point for id, point in places.items() if id not in view.positions}
    if placed := {**assumed, **moved}:
        edits.append(Place(view.id, placed))
    return edits


def with_view_first(project: Project, id: str) -> Project:
    """The project with one view before all others: the one that pictures show."""
    if id not in project.views:
        return project
    views = {id: project.views[id], **project.views}
    return msgspec.structs.replace(project, views=views)
