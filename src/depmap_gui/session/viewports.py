"""Where each view was looked at: written along with a change, and no change by itself."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from depmap_gui.domain.project import Project

Viewport = tuple[float, float, float, float]
"""Left, top, width and height of the part of the map in sight."""


def looked_at(project: Project, viewports: Mapping[str, Viewport | None]) -> Project:
    """The project with these viewports, by the views' ids; None has the whole view shown."""
    changed = {
        id: msgspec.structs.replace(view, viewport=viewports[id])
        for id, view in project.views.items()
        if id in viewports and viewports[id] != view.viewport
    }
    if not changed:
        return project
    return msgspec.structs.replace(project, views={**project.views, **changed})
