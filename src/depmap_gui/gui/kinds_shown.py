"""What a view shows and hides: the kinds of items and links, with their numbers, as a menu."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from depmap_gui.domain.kinds import EntityKind, LinkKind
from depmap_gui.domain.project import Project
from depmap_gui.domain.views import FRAMES, NOTES, View, shows_box
from depmap_gui.gui.action_specs import Choice

KIND_NAMES: dict[str, str] = {
    EntityKind.PLANT: "Plants",
    EntityKind.COMPANY: "Companies",
    EntityKind.LICENSE: "Licenses",
    EntityKind.MATERIAL: "Materials",
    EntityKind.JURISDICTION: "Jurisdictions",
    LinkKind.SUPPLIES: "Supply links",
    LinkKind.LICENSES: "Licensor links",
    LinkKind.USES: "License-use links",
    LinkKind.OWNS: "Ownership links",
    LinkKind.LENDS: "Loan links",
    LinkKind.OPERATES: "Operator links",
    LinkKind.LOCATED: "Location links",
    NOTES: "Notes",
    FRAMES: "Frames",
}
"""What the things of each kind are called together, by the word a view's ``hidden`` has."""


def kind_choices(
    project: Project,
    view: View,
    *,
    shows_locations: bool,
    toggle: Callable[[str], object],
    show_all: Callable[[], object],
) -> list[Choice]:
    """An entry for each kind that the map has, checked where the view shows it, and Show all."""
    counts = Counter[str](entity.kind for entity in project.entities.values())
    counts += Counter[str](link.kind for link in project.links.values())
    counts += Counter({NOTES: len(view.notes), FRAMES: len(view.frames)})
    found = []
    for kind, name in KIND_NAMES.items():
        if not counts[kind] and kind not in view.hidden:
            continue
        shown = kind not in view.hidden and (kind != LinkKind.LOCATED or shows_locations)
        tip = f"{'Hide' if shown else 'Show'} them on this view; scores count them all the same"
        words = f"{name} · {counts[kind]:,}"
        found.append(Choice(words, tip, partial(toggle, kind), is_checked=shown))
    if view.hidden:
        words = f"Show all · {hidden_words(project, view)}"
        found.append(Choice(words, "Show again what is hidden on this view", show_all))
    return found


def hidden_count(project: Project, view: View) -> int:
    """How many items, links, notes and frames the view hides, by id or by kind."""
    return sum(_hidden(project, view))


def hidden_words(project: Project, view: View) -> str:
    """What the view hides: `3 items, 4 links hidden`."""
    names = (("item", "items"), ("link", "links"), ("note or frame", "notes or frames"))
    counted = zip(_hidden(project, view), names, strict=True)
    parts = [f"{number:,} {names[number != 1]}" for number, names in counted if number]
    return f"{', '.join(parts) or 'nothing'} hidden"


def is_hidden(project: Project, view: View, id: str) -> bool:
    """Whether the view hides an item or link of the map, by its id or its kind."""
    record = project.entities.get(id) or project.links.get(id)
    return record is not None and (id in view.hidden or record.kind in view.hidden)


def _hidden(project: Project, view: View) -> tuple[int, int, int]:
    hidden = set(view.hidden)
    if not hidden:
        return 0, 0, 0
    return (
        sum(e.id in hidden or e.kind in hidden for e in project.entities.values()),
        sum(x.id in hidden or x.kind in hidden for x in project.links.values()),
        sum(not shows_box(view, box) for box in view.boxes),
    )
