"""A scene that takes on other values of its items and links without being made anew."""

from __future__ import annotations

from depmap_gui.domain.document import ChangeSet, Concern
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import AnyLink
from depmap_gui.gui.canvas.folding import Fold
from depmap_gui.gui.canvas.link_values import costs, faded, widths
from depmap_gui.gui.canvas.scene import Scene


def follow(scene: Scene, project: Project, change: ChangeSet) -> bool:
    """Bring a scene in line with a change of values only: what stands where stays as it is.

    False, with the scene as it was, where it must be made anew: what collapsed groups and lenses
    show may hang on any value, and what links count on the project's year.
    """
    # An edit recorded in a scenario is one of values too, where it sets nothing but these.
    only_values = change.concerns - {Concern.SCENARIOS} == {Concern.VALUES} and not change.header
    if not only_values or scene.fold.inner or scene.lens is not None:
        return False
    rows: list[int] = []
    links: list[AnyLink] = []
    for section, id in change.updated:
        if section is Section.ENTITIES and id in scene.index:
            scene.entities[scene.index[id]] = project.entities[id]
        elif section is Section.LINKS and id in project.links:
            links.append(project.links[id])
            rows += [scene.link_index[id]] if id in scene.link_index else []
    for row in rows:
        scene.links[row] = project.links[scene.links[row].id]
    if rows:
        changed = [scene.links[row] for row in rows]
        scene.faded[rows] = faded(changed, last_day(project.header.year))
        scene.costs[rows] = costs(changed)
        scene.widths = widths(scene.costs)
    scene.fold = Fold(project)
    scene.project = project
    scene.captions = scene.captions.after(project, links)
    scene.forget_words()
    return True
