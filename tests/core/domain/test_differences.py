"""What differs between two projects, in values and words, and making the difference."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from depmap_gui.domain.difference_words import sentence
from depmap_gui.domain.differences import (
    Change,
    Difference,
    differences,
    edit_of,
    reordered,
)
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Batch
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Source,
    Supplies,
)
from depmap_gui.domain.views import View


def after_all(before: Project, edit: Batch) -> Project:
    """The project once the edit is made."""
    document = Document(before)
    document.apply(edit)
    return document.snapshot()


def base() -> Project:
    cells = Product(id="cells", name="Cells", credit="45x/battery-cell", units=100.0)
    entities = [
        Jurisdiction(id="cn", name="China", code="CN"),
        Company(id="maker", name="Maker", sources=("s",)),
        Company(id="foil", name="Foil Co"),
        Plant(id="works", name="Works", own_ip=0.3, products=(cells,)),
    ]
    links = [
        Located(id="l1", source="cn", target="foil"),
        Operates(id="l2", source="maker", target="works"),
        Supplies(id="l3", source="foil", target="works", item="Foil", cost=100.0),
        Owns(id="l4", source="foil", target="maker", share=0.25),
    ]
    return Project(
        header=Header(title="Base", year=2026),
        entities={each.id: each for each in entities},
        links={each.id: each for each in links},
        sources={"s": Source(id="s", title="A report")},
        views={"v": View(id="v", positions={"works": (1.0, 2.0), "foil": (3.0, 4.0)})},
    )


def with_record(project: Project, record: Any) -> Project:
    section = record.section
    return replace(project, **{section: {**project.section(section), record.id: record}})


def without(project: Project, *ids: str) -> Project:
    return replace(
        project,
        entities={id: each for id, each in project.entities.items() if id not in ids},
        links={id: each for id, each in project.links.items() if id not in ids},
    )


def words(before: Project, after: Project) -> list[str]:
    return [sentence(each, before, after) for each in differences(before, after)]


def test_a_project_does_not_differ_from_itself() -> None:
    assert differences(base(), base()) == ()


CASES = [
    (lambda p: replace(p, header=replace(p.header, year=2027)),
     "The project: year changed from 2026 to 2027."),
    (lambda p: with_record(p, replace(p.entities["works"], own_ip=(0.3, 0.35, 0.4))),
     "Works: own IP changed from 30% to 35% (30% to 40%)."),
    (lambda p: with_record(p, replace(p.entities["works"], own_ip=None)),
     "Works: own IP taken away (it was 30%)."),
    (lambda p: with_record(p, replace(p.links["l3"], cost=1250.5)),
     "The supply Foil Co → Works (Foil): cost changed from 100 to 1,250.5."),
    (lambda p: with_record(p, replace(p.links["l3"], source="maker")),
     "The supply Maker → Works (Foil): from changed from 'Foil Co' to 'Maker'."),
    (lambda p: with_record(p, Company(id="new", name="New Co", traded=True)),
     "Added company 'New Co' with 1 field."),
    (lambda p: without(p, "l4"), "Removed holding Foil Co → Maker."),
    (lambda p: with_record(p, replace(p.entities["works"], products=())),
     "Removed product 'Cells' of 'Works'."),
    (lambda p: with_record(p, replace(p.entities["works"], products=(
        replace(p.entities["works"].products[0], units=250.0),))),
     "The product 'Cells' of 'Works': units a year changed from 100 to 250."),
    (lambda p: with_record(p, replace(p.sources["s"], publisher="GAO")),
     "The source 'A report': publisher set to 'GAO'."),
    (lambda p: with_record(p, replace(p.views["v"], positions={"works": (9.0, 9.0),
                                                              "maker": (0.0, 0.0)})),
     "The view 'v': 1 item moved, 1 item placed, 1 item taken off."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), CASES, ids=[told for _, told in CASES])
def test_a_change_is_told_and_can_be_made(change: Any, told: str) -> None:
    before = base()
    after = change(before)
    assert words(before, after) == [told]
    edit, refused = edit_of(before, differences(before, after), "Apply")
    assert refused == ()
    made = after_all(before, edit)
    assert differences(made, after) == ()
    document = Document(before)
    inverse = document.apply(edit)
    document.apply(inverse)
    assert replace(document.snapshot(), revision=0) == before


def test_removing_an_item_takes_its_links_though_they_were_not_chosen() -> None:
    before = base()
    found = differences(before, without(before, "foil", "l1", "l3", "l4"))
    item = [each for each in found if each.section is Section.ENTITIES]
    assert sentence(item[0], before, before, links=3) == (
        "Removed company 'Foil Co' with its 3 links."
    )
    edit, refused = edit_of(before, item, "Apply")
    made = after_all(before, edit)
    assert refused == ()
    assert list(made.links) == ["l2"]
    assert "foil" not in made.views["v"].positions


def test_a_link_to_a_declined_item_is_refused_and_the_rest_is_made() -> None:
    before = base()
    after = with_record(before, Company(id="new", name="New Co"))
    after = with_record(after, Supplies(id="l9", source="new", target="works"))
    after = with_record(after, replace(after.entities["maker"], name="Maker Inc."))
    chosen = [each for each in differences(before, after) if each.id != "new"]
    edit, refused = edit_of(before, chosen, "Apply")
    assert [each.difference.id for each in refused] == ["l9"]
    assert "there is no such item" in refused[0].why
    assert after_all(before, edit).entities["maker"].name == "Maker Inc."


def test_another_order_is_told_apart() -> None:
    before = base()
    turned = replace(before, links=dict(reversed(before.links.items())))
    assert differences(before, turned) == ()
    assert reordered(before, turned) == (Section.LINKS,)
    assert reordered(before, before) == ()


def test_a_key_this_version_does_not_know_is_told() -> None:
    before = base()
    after = with_record(before, replace(before.entities["maker"], extra={"color": "red"}))
    found = differences(before, after)
    assert [(each.field, each.old, each.new) for each in found] == [("color", None, "red")]
    edit, refused = edit_of(before, found, "Apply")
    assert edit.edits == ()
    assert len(refused) == 1


ACTS = st.lists(st.integers(0, len(CASES) - 1), max_size=6, unique=True)


@settings(max_examples=60, deadline=None)
@given(ACTS, ACTS, st.randoms(use_true_random=False))
def test_any_chosen_part_is_made_whole_or_refused(first: Any, second: Any, draw: Any) -> None:
    """What is made of a choice leaves just what was not chosen, or was refused."""
    before, after = base(), base()
    for number in first:
        before = CASES[number][0](before) if number != 8 else before
    for number in second:
        try:
            after = CASES[number][0](after)
        except IndexError:
            continue
    found = differences(before, after)
    chosen = [each for each in found if draw.random() < 0.5]
    edit, refused = edit_of(before, chosen, "Apply")
    made = after_all(before, edit)
    left = {each.place for each in differences(made, after)}
    expected = {each.place for each in found} - {each.place for each in chosen}
    expected |= {each.difference.place for each in refused}
    gone = {each.id for each in chosen if each.change is Change.REMOVED and not each.product}
    assert {place for place in left if place[1] not in gone} <= expected | _taken(before, gone)


def _taken(before: Project, gone: set[str]) -> set[Any]:
    """Links that went along with an item, and their places."""
    links = [link for link in before.links.values() if {link.source, link.target} & gone]
    return {(Section.LINKS, link.id, "", "") for link in links} | {
        (Section.VIEWS, id, "", field) for id in before.views for field in ("positions", "pinned")
    }


def test_values_are_plain_for_whoever_writes_them_as_json() -> None:
    before = base()
    after = with_record(before, replace(before.entities["works"], own_ip=(0.1, 0.2, 0.3)))
    (found,) = differences(before, after)
    assert found == Difference(
        change=Change.CHANGED, section=Section.ENTITIES, id="works", kind="plant",
        field="own_ip", old=0.3, new=[0.1, 0.2, 0.3],
    )  # fmt: skip
