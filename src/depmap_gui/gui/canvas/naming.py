"""What a name that is typed on the map says beyond itself: a country's name says its code."""

from __future__ import annotations

from depmap_gui.domain.edits import Batch, Edit, SetField
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction


def code_of(project: Project, name: str) -> str:
    """The code of the country of that name; empty where it is none, or is on the map already."""
    from depmap_gui.exchange.tables.places import country_code

    code = country_code(name) or ""
    taken = {each.code for each in project.entities.values() if isinstance(each, Jurisdiction)}
    return "" if code in taken else code


def renaming(project: Project, id: str, name: str) -> Edit:
    """The edit that calls an item otherwise; a jurisdiction without a code gets its country's."""
    before = project.entities[id]
    label = f"Rename {before.name or id} to {name}"
    named = SetField(Section.ENTITIES, id, "name", name)
    code = ""
    if isinstance(before, Jurisdiction) and not before.code:
        code = code_of(project, name)
    coded = (SetField(Section.ENTITIES, id, "code", code),) if code else ()
    return Batch(label, (named, *coded))
