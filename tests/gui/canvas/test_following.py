"""A scene that takes on other values shows what one made anew would, and is not made anew."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
import pytest

from depmap_gui.analysis.sample_maps import random_map
from depmap_gui.domain.document import ChangeSet, Document
from depmap_gui.domain.edits import Add, Batch, Edit, SetField, SetHeader
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Located, Owns, Supplies
from depmap_gui.domain.views import Group, View
from depmap_gui.gui.canvas.chosen import chosen_of
from depmap_gui.gui.canvas.following import follow
from depmap_gui.gui.canvas.scene import Scene
from depmap_gui.gui.layout.arranging import tier_places


def mapped(groups: tuple[Group, ...] = ()) -> Project:
    made = random_map(300, loops=False, seed=3)
    view = View(
        id="v", name="Map", positions=tier_places(made, made.entities.keys()), groups=groups
    )
    return msgspec.structs.replace(made, views={"v": view})


def edited(project: Project, edit: Edit) -> tuple[Project, ChangeSet]:
    document, heard = Document(project), list[ChangeSet]()
    document.listen(heard.append)
    document.apply(edit)
    return document.snapshot(), heard[0]


def values_of(project: Project) -> Batch:
    """Another name, cost, share, date and candidate."""
    links = list(project.links.values())
    supply, other = [link for link in links if isinstance(link, Supplies)][:2]
    stake = next(link for link in links if isinstance(link, Owns))
    place = next(link for link in links if isinstance(link, Located))
    return Batch(
        "Values",
        (
            SetField(Section.ENTITIES, "c1", "name", "Renamed"),
            SetField(Section.LINKS, supply.id, "cost", 9e9),
            SetField(Section.LINKS, other.id, "candidate", True),
            SetField(Section.LINKS, stake.id, "share", 0.37),
            SetField(Section.LINKS, place.id, "valid_to", date(2020, 1, 1)),
        ),
    )


def test_what_follows_is_what_is_made_anew() -> None:
    before = mapped()
    scene = Scene(before, before.views["v"])
    said = [scene.context(row) for row in range(len(scene.ids))]
    serial, looks, centers = scene.serial, scene.looks, scene.centers
    after, change = edited(before, values_of(before))
    assert follow(scene, after, change)
    anew = Scene(after, after.views["v"])
    assert scene.entities == anew.entities
    assert scene.links == anew.links
    assert scene.widths.tolist() == anew.widths.tolist()
    assert scene.faded.tolist() == anew.faded.tolist()
    rows = range(len(scene.ids))
    assert [scene.context(row) for row in rows] == [anew.context(row) for row in rows]
    assert [scene.context(row) for row in rows] != said
    links = range(len(scene.links))
    assert [scene.label(row) for row in links] == [anew.label(row) for row in links]
    assert (scene.serial, scene.centers is centers) == (serial, True)
    assert scene.looks > looks


@pytest.mark.parametrize(
    "edit",
    [
        Add(Company(id="new", name="New")),
        SetHeader("year", 2030),
        Batch("Both", (SetField(Section.ENTITIES, "c1", "name", "x"), SetHeader("year", 2030))),
    ],
)
def test_more_than_values_is_not_followed(edit: Edit) -> None:
    before = mapped()
    scene = Scene(before, before.views["v"])
    assert not follow(scene, *edited(before, edit))
    assert scene.project is before


def test_a_collapsed_group_is_not_followed() -> None:
    before = mapped((Group(id="g", name="G", members=("c1", "c2"), collapsed=True),))
    scene = Scene(before, before.views["v"])
    assert not follow(scene, *edited(before, values_of(before)))


def test_the_chosen_are_rows_in_the_order_chosen() -> None:
    group = Group(id="g", name="G", members=("c1", "c2"), collapsed=True)
    project = mapped((group,))
    scene = Scene(project, project.views["v"])
    link = scene.links[5].id
    chosen = chosen_of(scene, ("c5", "c1", link, "c2", "nobody"), ("no box",))
    assert chosen.ids == ("c5", "g", link, "nobody")
    assert [scene.ids[row] for row in chosen.item_rows] == ["c5", "g"] == chosen.items
    assert np.array_equal(chosen.link_rows, [scene.link_index[link]])
