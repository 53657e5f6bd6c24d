"""Short ways to draw the small maps of the tests."""

from __future__ import annotations

from depmap_gui.analysis.scores import scores_of
from depmap_gui.analysis.solution import Solution, solve
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import Basis, LocationRole
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Jurisdiction, Located


def drawn(entities, links=(), **header) -> Project:
    """A project of these records."""
    project = Project(
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
    )
    if header:
        from msgspec.structs import replace

        project = replace(project, header=replace(project.header, **header))
    return project


def places(*codes) -> list[Jurisdiction]:
    """A jurisdiction for each code, under the code as its id."""
    return [Jurisdiction(id=code, name=f"Land {code}", code=code) for code in codes]


def home(id, code, role=LocationRole.INCORPORATED) -> Located:
    """Where an item is at home."""
    return Located(id=f"home of {id} {role}", source=code, target=id, role=role)


def solved(project, basis=Basis.DOMICILE, year=2026) -> Solution:
    """The solved map."""
    return solve(MapInForce(project, last_day(year)), basis)


def scored(project, basis=Basis.DOMICILE, year=2026):
    """The scores of a map."""
    return scores_of(solved(project, basis, year))
