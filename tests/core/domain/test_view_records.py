"""Notes, frames and bends under edits, checks and comparison."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from depmap_gui.domain.checks import check
from depmap_gui.domain.difference_words import sentence
from depmap_gui.domain.differences import differences, edit_of
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Batch, EditError, SetField, removal
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Owns
from depmap_gui.domain.views import Frame, Group, Note, Tint, View, new_box_id, shows_box
from depmap_gui.project.file import parse_project, project_bytes
from depmap_gui.project.plain_edits import edit_from_plain, edit_to_plain
from depmap_gui.session.round_trip import compare_projects

DAY = date(2026, 12, 31)
NOTE = Note(id="n", text="Ask", rect=(0.0, 0.0, 160.0, 90.0), extra={"later": 1})
FRAME = Frame(id="f", title="Phase 2", rect=(-40.0, 0.0, 640.0, 380.0), tint=Tint.BLUE)


def project(**fields: object) -> Project:
    view = View(
        id="v",
        name="Map",
        positions={"a": (0.0, 0.0), "b": (300.0, 0.0)},
        notes=(NOTE,),
        frames=(FRAME,),
        bends={"l": ((10.0, 50.0), (200.0, 50.0)), "m": ((1.0, 2.0),)},
        hidden=("l",),
    )
    view = msgspec.structs.replace(view, **fields)
    return Project(
        entities={id: Company(id=id, name=id.upper()) for id in ("a", "b")},
        links={id: Owns(id=id, source="a", target="b") for id in ("l", "m")},
        views={"v": view},
    )


def test_removing_a_link_takes_its_bends_and_undo_brings_them_back() -> None:
    before = project()
    document = Document(before)
    undo = document.apply(removal(before, ("l",)))
    view = document.snapshot().views["v"]
    assert view.bends == {"m": ((1.0, 2.0),)}
    assert view.hidden == ()
    assert view.notes == (NOTE,)
    document.apply(undo)
    assert project_bytes(document.snapshot()) == project_bytes(before)


def test_removing_an_item_takes_the_bends_of_its_links() -> None:
    document = Document(project())
    document.apply(removal(document.snapshot(), ("a",)))
    assert document.snapshot().views["v"].bends == {}
    assert [f.code for f in check(document.snapshot(), DAY) if f.code.startswith("view")] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notes", [{"id": "n", "rect": [0, 0, 0, 5]}]),
        ("notes", [{"id": "n"}]),
        ("frames", [{"id": "f", "rect": [0, 0, 5, 5], "tint": "pink"}]),
        ("frames", [{"id": "f", "rect": [float("nan"), 0, 5, 5]}]),
        ("bends", {"l": [[1, 2, 3]]}),
        ("bends", {"l": [[1e12, 2]]}),
    ],
)
def test_an_edit_that_no_file_could_hold_is_refused(field: str, value: object) -> None:
    document = Document(project())
    with pytest.raises(EditError, match=field):
        document.apply(SetField(Section.VIEWS, "v", field, value))
    assert document.snapshot() == project()


def test_an_edit_survives_the_journal_with_keys_of_a_newer_program() -> None:
    edit = SetField(Section.VIEWS, "v", "notes", (NOTE, msgspec.structs.replace(NOTE, id="o")))
    document, other = Document(project()), Document(project())
    document.apply(edit)
    other.apply(edit_from_plain(edit_to_plain(edit)))
    assert project_bytes(other.snapshot()) == project_bytes(document.snapshot())
    assert b'"later": 1' in project_bytes(other.snapshot())


def test_taken_ids_are_found_and_mended() -> None:
    odd = project(
        notes=tuple(msgspec.structs.replace(NOTE, id=id) for id in ("n", "n", "a", "")),
        frames=tuple(msgspec.structs.replace(FRAME, id=id) for id in ("n", "g")),
        groups=(Group(id="g", members=("a", "b")),),
    )
    (finding,) = [f for f in check(odd, DAY) if f.code == "view.id_taken"]
    assert "'a'" in finding.message
    assert "'g'" in finding.message
    assert finding.mend is not None
    document = Document(odd)
    document.apply(finding.mend.edit)
    view = document.snapshot().views["v"]
    ids = [box.id for box in view.boxes]
    assert len({*ids, "a", "b", "l", "m", "g", ""}) == len(ids) + 6
    assert [note.text for note in view.notes] == ["Ask"] * 4
    assert not [f for f in check(document.snapshot(), DAY) if f.code == "view.id_taken"]


def test_bends_of_no_link_are_told_and_forgotten_and_group_cards_are_no_fault() -> None:
    odd = project(
        bends={"gone": ((1.0, 2.0),), "l": ((1.0, 2.0),)},
        groups=(Group(id="g", members=("a", "b"), collapsed=True),),
        positions={"a": (0.0, 0.0), "g": (5.0, 5.0)},
    )
    (finding,) = [f for f in check(odd, DAY) if f.code == "view.unknown"]
    assert "'gone'" in finding.message
    assert "'g'" not in finding.message
    assert finding.mend is not None
    document = Document(odd)
    document.apply(finding.mend.edit)
    assert document.snapshot().views["v"].bends == {"l": ((1.0, 2.0),)}


def test_differences_are_told_in_words_and_can_be_made() -> None:
    before = project()
    moved = msgspec.structs.replace(NOTE, text="Answered")
    after = project(
        notes=(moved, msgspec.structs.replace(NOTE, id="o")),
        frames=(),
        bends={"l": ((9.0, 9.0),), "x": ((1.0, 1.0),)},
        viewport=(0.0, 0.0, 5.0, 5.0),
    )
    found = differences(before, after)
    assert {sentence(each, before, after) for each in found} == {
        "The view 'Map': 1 note changed, 1 note added.",
        "The view 'Map': 1 frame removed.",
        "The view 'Map': 1 link bent otherwise, 1 link bent, 1 link straightened.",
        "The view 'Map': what was last looked at changed.",
    }
    edit, refused = edit_of(before, found, "Take over")
    assert not refused
    document = Document(before)
    document.apply(edit)
    assert project_bytes(document.snapshot()) == project_bytes(after)
    told = compare_projects(before, after).told
    assert all(each.difference.field != "viewport" for each in told)
    assert len(told) == 3


def test_ids_are_new_and_hiding_goes_by_kind_or_id() -> None:
    taken = {"n-1"}
    assert new_box_id(taken, Note) not in taken
    assert new_box_id(taken, Frame).startswith("f-")
    view = project().views["v"]
    assert shows_box(view, NOTE)
    assert not shows_box(msgspec.structs.replace(view, hidden=("note",)), NOTE)
    assert shows_box(msgspec.structs.replace(view, hidden=("note",)), FRAME)
    assert not shows_box(msgspec.structs.replace(view, hidden=("f",)), FRAME)


def test_a_batch_with_a_bad_part_leaves_all_as_it_was() -> None:
    document = Document(project())
    good = SetField(Section.VIEWS, "v", "notes", ())
    bad = SetField(Section.VIEWS, "v", "frames", [{"id": 3}])
    with pytest.raises(EditError):
        document.apply(Batch("Both", (good, bad)))
    assert parse_project(project_bytes(document.snapshot())) == parse_project(
        project_bytes(project())
    )
