"""Entities of a kind and of a name, looked up anew for each project."""

from __future__ import annotations

import msgspec

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, Remove, SetField, new_id
from depmap_gui.domain.in_force import MapInForce, last_day
from depmap_gui.domain.kinds import EntityKind, Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Material, Operates, Owns, Plant


def small() -> Project:
    entities = [
        Company(id="a", name="Alpha"),
        Plant(id="p", name="alpha"),
        Company(id="b", name="Beta"),
        Material(id="m", name=""),
    ]
    links = [Operates(id="l1", source="a", target="p"), Owns(id="l2", source="b", target="a")]
    return Project(entities={e.id: e for e in entities}, links={x.id: x for x in links})


def test_kinds_and_names_follow_each_edit() -> None:
    document = Document(small())
    first = document.snapshot()
    assert [e.id for e in first.of_kind(Company)] == ["a", "b"]
    assert first.called("ALPHA") == ["a", "p"]
    assert not first.called("nobody")
    document.apply(SetField(Section.ENTITIES, "b", "name", "alpha"))
    document.apply(Add(Company(id="c", name="Beta")))
    document.apply(Remove(Section.ENTITIES, "m"))
    after = document.snapshot()
    assert [e.id for e in after.of_kind(Company)] == ["a", "b", "c"]
    assert after.called("alpha") == ["a", "p", "b"]
    assert after.called("beta") == ["c"]
    assert after.of_kind(Material) == []
    assert [e.id for e in first.of_kind(Material)] == ["m"]
    assert first.called("beta") == ["b"]


def test_what_is_given_is_ones_own() -> None:
    project = small()
    project.of_kind(Company).clear()
    assert [e.id for e in project.of_kind(Company)] == ["a", "b"]


def test_other_entities_on_the_same_day_with_the_same_links() -> None:
    project = small()
    map = MapInForce(project, last_day(2026))
    assert map.operator("p") == project.entities["a"]
    renamed = Company(id="a", name="Other")
    other = msgspec.structs.replace(project, entities={**project.entities, "a": renamed})
    after = map.with_entities(other)
    assert after.operator("p") == renamed
    assert [link.id for link in after.out_of(Owns, "b")] == ["l2"]
    assert map.operator("p") == project.entities["a"]


def test_a_new_id_is_none_that_is_there() -> None:
    project = small()
    found = {new_id(project, what) for what in (EntityKind.PLANT, Section.SOURCES) for _ in "ab"}
    assert len(found) == 4
    assert not found & (project.entities.keys() | project.links.keys())
