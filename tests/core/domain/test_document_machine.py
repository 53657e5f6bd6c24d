"""Whatever is done to a document, in whatever order, can be undone to the byte and is not lost."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from depmap_gui.domain.document import ChangeSet, Document, Preparation, Prepared
from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    EditError,
    Place,
    Remove,
    SetField,
    SetHeader,
    new_id,
    removal,
)
from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.kinds import EntityKind, LinkKind, Section, permitted_links
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import ENTITY_CLASSES, LINK_CLASSES, Company, Owns, Scenario, Source
from depmap_gui.domain.views import View
from depmap_gui.project.file import parse_project, project_bytes, read_project, write_project
from depmap_gui.project.journal import Journal, left_behind, recover

# A map may be opened with links that end at nothing; they must survive being undone.
DANGLING = Owns(id="loose", source="gone", target="nobody")
START = Project(
    entities={id: Company(id=id) for id in ("a", "b", "c")},
    links={"loose": DANGLING, "l": Owns(id="l", source="a", target="b")},
    sources={id: Source(id=id) for id in ("s", "t")},
    views={"v": View(id="v", positions={"a": (1.0, 2.0)}, pinned=("b", "a"))},
)

PICKS = st.integers(min_value=0, max_value=10_000)
SHARES = st.none() | st.floats(0, 1) | st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.text(max_size=8),
    FieldType.LONG_TEXT: st.text(max_size=8),
    FieldType.QUANTITY: SHARES,
    FieldType.FLAG: st.sampled_from([None, True, False]),
    FieldType.DATE: st.none() | st.dates(),
    FieldType.WORDS: st.lists(st.text(max_size=4), max_size=3),
    FieldType.TERMS: st.dictionaries(st.text(max_size=4), st.sampled_from([None, True, False])),
}
WRONG = st.sampled_from([object, float("nan"), "\ud800", [1, 2], {"a": float("inf")}, -1])


def picked(items: Any, pick: int) -> Any:
    items = list(items)
    return items[pick % len(items)]


class DocumentMachine(RuleBasedStateMachine):
    """Edits by hand, with an undo stack beside that remembers the bytes before each edit."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="depmap-machine-"))
        self.document = Document(START)
        self.journal = Journal(START, None, self.folder / "recovery")
        self.heard: list[ChangeSet] = []
        self.document.listen(self.hear)
        self.undos: list[tuple[Edit | Prepared, bytes]] = []
        self.redos: list[tuple[Edit | Prepared, bytes]] = []
        self.kept: list[tuple[Project, bytes]] = []

    def hear(self, change: ChangeSet) -> None:
        self.heard.append(change)
        assert change.edit is not None
        self.journal.record(change.edit, change.revision)

    @property
    def project(self) -> Project:
        return self.document.snapshot()

    def bytes_now(self) -> bytes:
        return project_bytes(self.project)

    def do(self, edit: Edit) -> None:
        """Make an edit; one that is refused must have changed nothing."""
        before, revision, told = self.bytes_now(), self.document.revision, len(self.heard)
        known = self.records()
        try:
            undo = self.document.apply(self.perhaps_prepared(edit))
        except EditError:
            assert (self.bytes_now(), self.document.revision) == (before, revision)
            assert len(self.heard) == told
            return
        self.require_told(known)
        after = self.bytes_now()
        redo = self.document.apply(undo)
        assert self.bytes_now() == before
        self.undos.append((self.document.apply(redo), before))
        assert self.bytes_now() == after
        self.redos.clear()

    def perhaps_prepared(self, edit: Edit) -> Edit | Prepared:
        """Every other edit is made beside the document first, and then put in its place."""
        if self.document.revision % 2:
            return edit
        before = self.bytes_now()
        preparation = Preparation(self.document)
        preparation.make(edit)
        prepared = preparation.prepared("Prepared")
        assert self.bytes_now() == before
        return prepared

    def records(self) -> dict[tuple[Section, str], Any]:
        project = self.project
        return {
            (section, id): record
            for section in Section
            for id, record in project.section(section).items()
        }

    def require_told(self, before: dict[tuple[Section, str], Any]) -> None:
        """The change set names exactly what came, went, and (at least) what differs."""
        after, change = self.records(), self.heard[-1]
        assert change.added == after.keys() - before.keys()
        assert change.removed == before.keys() - after.keys()
        differing = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        assert differing <= change.updated <= after.keys()

    @rule(kind=st.sampled_from(EntityKind), name=st.text(max_size=6), reuse=st.booleans())
    def add_entity(self, kind: EntityKind, name: str, reuse: bool) -> None:
        cls = ENTITY_CLASSES[kind]
        # Now and then the item is one that a loose link ends at.
        self.do(Add(cls(id="gone" if reuse else new_id(self.project, kind), name=name)))

    @precondition(lambda self: self.project.entities)
    @rule(start=PICKS, end=PICKS, pick=PICKS)
    def add_link(self, start: int, end: int, pick: int) -> None:
        ends = [picked(self.project.entities.values(), n) for n in (start, end)]
        kinds = permitted_links(ends[0].kind, ends[1].kind)
        if kinds:
            kind = picked(kinds, pick)
            id = new_id(self.project, kind)
            self.do(Add(LINK_CLASSES[kind](id=id, source=ends[0].id, target=ends[1].id)))

    @rule(section=st.sampled_from([Source, Scenario, View]), text=st.text(max_size=5))
    def add_other(self, section: Any, text: str) -> None:
        self.do(Add(section(id=text)))

    @rule(end=st.text(max_size=3), kind=st.sampled_from(LinkKind))
    def add_link_to_nothing(self, end: str, kind: LinkKind) -> None:
        if end not in self.project.entities:
            edit = Add(LINK_CLASSES[kind](id="bad", source="gone", target=end))
            with pytest.raises(EditError):
                self.document.apply(edit)

    @rule(picks=st.lists(PICKS, min_size=1, max_size=4))
    def remove(self, picks: list[int]) -> None:
        ids = [*self.project.entities, *self.project.links]
        if ids:
            self.do(removal(self.project, [picked(ids, pick) for pick in picks]))

    @rule(section=st.sampled_from(Section), pick=PICKS)
    def remove_one(self, section: Section, pick: int) -> None:
        if records := self.project.section(section):
            self.do(Remove(section, picked(records, pick)))

    @rule(section=st.sampled_from(Section), pick=PICKS, which=PICKS, values=st.data())
    def set_field(self, section: Section, pick: int, which: int, values: Any) -> None:
        if records := self.project.section(section):
            record = picked(records.values(), pick)
            if fields := fields_of(type(record)):
                field = picked(fields, which)
                value = values.draw(VALUES.get(field.type, st.text(max_size=5)))
                self.do(SetField(section, record.id, field.name, value))

    @rule(pick=PICKS, which=PICKS, value=WRONG)
    def set_wrong(self, pick: int, which: int, value: Any) -> None:
        if self.project.entities:
            record = picked(self.project.entities.values(), pick)
            field = picked(fields_of(type(record)), which)
            wrong = object() if value is object else value
            if not isinstance(wrong, int) and type(wrong) is not object:
                self.do(SetField(Section.ENTITIES, record.id, field.name, wrong))

    @rule(end=st.sampled_from(["source", "target"]), pick=PICKS, to=PICKS)
    def move_link(self, end: str, pick: int, to: int) -> None:
        if self.project.links and self.project.entities:
            link = picked(self.project.links, pick)
            self.do(SetField(Section.LINKS, link, end, picked(self.project.entities, to)))

    @rule(year=st.integers(1800, 2300), title=st.text(max_size=5))
    def set_header(self, year: int, title: str) -> None:
        self.do(Batch("Header", (SetHeader("title", title), SetHeader("year", year))))

    @rule(picks=st.lists(PICKS, max_size=4), x=st.floats(-1e6, 1e6), away=st.booleans())
    def place(self, picks: list[int], x: float, away: bool) -> None:
        if self.project.entities:
            ids = [picked(self.project.entities, pick) for pick in picks]
            self.do(Place("v", {id: None if away else (x, float(n)) for n, id in enumerate(ids)}))

    @rule(name=st.text(max_size=4))
    def fail_half_way(self, name: str) -> None:
        fine = Add(Company(id=new_id(self.project, EntityKind.COMPANY), name=name))
        parts = (fine, SetHeader("title", "half"), Remove(Section.LINKS, "not there"))
        before = self.bytes_now()
        with pytest.raises(EditError):
            self.document.apply(Batch("Fails", parts))
        assert self.bytes_now() == before

    @precondition(lambda self: self.undos)
    @rule()
    def undo(self) -> None:
        edit, before = self.undos.pop()
        now = self.bytes_now()
        self.redos.append((self.document.apply(edit), now))
        assert self.bytes_now() == before

    @precondition(lambda self: self.redos)
    @rule()
    def redo(self) -> None:
        edit, after = self.redos.pop()
        now = self.bytes_now()
        self.undos.append((self.document.apply(edit), now))
        assert self.bytes_now() == after

    @rule()
    def save_and_load(self) -> None:
        path = self.folder / "map.depmap"
        write_project(self.project, path)
        loaded = read_project(path)
        assert loaded == msgspec.structs.replace(self.project, revision=0)
        assert project_bytes(loaded) == path.read_bytes()

    @rule()
    def keep_a_snapshot(self) -> None:
        self.kept.append((self.project, self.bytes_now()))

    @invariant()
    def snapshots_never_change(self) -> None:
        assert all(project_bytes(project) == content for project, content in self.kept)

    @invariant()
    def revisions_count_edits(self) -> None:
        assert self.document.revision == len(self.heard) == self.project.revision

    def teardown(self) -> None:
        """Crash: what the journal left is the document as it was last."""
        if self.journal._lines is not None:
            self.journal._lines.close()
            recovered = recover(left_behind(self.folder / "recovery")[0])
            assert (recovered.edits, recovered.lost) == (self.document.revision, 0)
            assert project_bytes(recovered.project) == self.bytes_now()
            assert parse_project(self.bytes_now()) is not None
        shutil.rmtree(self.folder)


TestDocument = DocumentMachine.TestCase
TestDocument.settings = settings(max_examples=30, stateful_step_count=25)
