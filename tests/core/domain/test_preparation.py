"""An edit made beside a document is put in its place whole, or made part by part where it is not
the same document any more."""

import pytest

from depmap_gui.domain.document import ChangeSet, Document, Preparation, Prepared
from depmap_gui.domain.edits import Add, Batch, EditError, Remove, SetField, SetHeader
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, Owns
from depmap_gui.project.file import project_bytes

START = Project(entities={id: Company(id=id, name=id.upper()) for id in ("a", "b")})
GROWTH = Batch(
    "Grow",
    (
        Add(Company(id="c", name="C")),
        Add(Owns(id="l", source="c", target="a", share=0.5)),
        SetField(Section.ENTITIES, "b", "notes", "seen"),
    ),
)


def prepared(document: Document) -> Prepared:
    preparation = Preparation(document)
    preparation.make(GROWTH)
    return preparation.prepared("Grow")


def test_it_is_what_the_plain_edit_would_have_made() -> None:
    plain, swapped = Document(START), Document(START)
    heard: dict[str, list[ChangeSet]] = {"plain": [], "swapped": []}
    plain.listen(heard["plain"].append)
    swapped.listen(heard["swapped"].append)
    plain.apply(GROWTH)
    swapped.apply(prepared(swapped))
    assert swapped.snapshot() == plain.snapshot()
    assert heard["swapped"] == heard["plain"]


def test_undo_and_redo_swap_whatever_was_done_and_undone_in_between() -> None:
    document = Document(START)
    undo = document.apply(prepared(document))
    after = project_bytes(document.snapshot())
    back = document.apply(SetHeader("year", 2040))
    document.apply(back)
    redo = document.apply(undo)
    assert isinstance(redo, Prepared)
    assert project_bytes(document.snapshot()) == project_bytes(START)
    document.apply(redo)
    assert project_bytes(document.snapshot()) == after
    assert document.revision == document.snapshot().revision == 5


def test_on_another_state_it_is_made_part_by_part_and_keeps_what_came_between() -> None:
    document = Document(START)
    ready = prepared(document)
    document.apply(SetField(Section.ENTITIES, "a", "notes", "meanwhile"))
    undo = document.apply(ready)
    assert not isinstance(undo, Prepared)
    entities = document.snapshot().entities
    assert (entities["a"].notes, entities["b"].notes) == ("meanwhile", "seen")
    assert "c" in entities


def test_where_it_no_longer_fits_nothing_is_changed() -> None:
    document = Document(START)
    ready = prepared(document)
    document.apply(Remove(Section.ENTITIES, "a"))
    before = document.snapshot()
    with pytest.raises(EditError, match="no such item"):
        document.apply(ready)
    assert document.snapshot() is before


def test_a_report_may_stop_it_and_the_document_never_knew() -> None:
    document = Document(START)

    class Stopped(Exception):
        pass

    def report(fraction: float) -> None:
        assert fraction == 0
        raise Stopped

    preparation = Preparation(document)
    with pytest.raises(Stopped):
        preparation.make(GROWTH, report)
    assert document.snapshot() == START
