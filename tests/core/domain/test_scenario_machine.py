"""Whatever is edited in a scenario shows as if it were done on the map itself, and can be undone.

The oracle is a document of the played map on which the same edits are made directly.
"""

from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from depmap_gui.domain.document import ChangeSet, Document, Prepared
from depmap_gui.domain.edits import (
    Add,
    Batch,
    Edit,
    EditError,
    Place,
    Remove,
    SetField,
    new_id,
    removal,
)
from depmap_gui.domain.fields import FieldType, fields_of
from depmap_gui.domain.kinds import EntityKind, Section, permitted_links
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import (
    ENTITY_CLASSES,
    LINK_CLASSES,
    Company,
    Owns,
    Plant,
    Product,
    Scenario,
    ScenarioChange,
    Supplies,
)
from depmap_gui.domain.scenario_acts import adoption, deletion, taking_out
from depmap_gui.domain.scenario_edits import added_ids, id_of
from depmap_gui.domain.scenarios import play
from depmap_gui.domain.views import Group, View
from depmap_gui.project.file import parse_project, project_bytes
from depmap_gui.session.shown import ShownMap

CHANGES = (
    ScenarioChange(set="a", field="name", value="Otherwise"),
    ScenarioChange(add={"id": "x", "kind": "company", "name": "X"}),
    ScenarioChange(add={"id": "xp", "kind": "supplies", "source": "x", "target": "p", "cost": 5}),
    ScenarioChange(remove="c"),
)
MISFITS = (
    *CHANGES,
    ScenarioChange(set="never", field="name", value="Nobody"),
    ScenarioChange(remove="c"),
    ScenarioChange(add={"id": "xn", "kind": "owns", "source": "x", "target": "never"}),
    ScenarioChange(set="b", field="own_ip", value="much"),
)
START = Project(
    entities={
        "p": Plant(id="p", name="P", own_ip=0.3, products=(Product(id="one", name="One"),)),
        **{id: Company(id=id, name=id.upper()) for id in ("a", "b", "c")},
    },
    links={
        "ab": Owns(id="ab", source="a", target="b", share=0.5),
        "bc": Owns(id="bc", source="b", target="c"),
        "cp": Supplies(id="cp", source="c", target="p", cost=(1.0, 2.0, 3.0)),
        "ap": Supplies(id="ap", source="a", target="p"),
    },
    scenarios={
        "one": Scenario(id="one", name="One"),
        "two": Scenario(id="two", changes=CHANGES),
        "bad": Scenario(id="bad", changes=MISFITS),
    },
    views={
        "v": View(
            id="v",
            positions={"a": (1.0, 2.0), "c": (3.0, 4.0), "x": (5.0, 6.0)},
            pinned=("c", "a"),
            groups=(Group(id="g", members=("b", "c")), Group(id="h", members=("c",))),
            hidden=("bc",),
            bends={"cp": ((1.0, 1.0),)},
        )
    },
)
PICKS = st.integers(min_value=0, max_value=10_000)
SHARES = st.none() | st.floats(0, 1) | st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.sampled_from(["", "A", "Otherwise", "other"]),
    FieldType.QUANTITY: SHARES,
    FieldType.FLAG: st.sampled_from([None, True, False]),
    FieldType.DATE: st.none() | st.dates(),
    FieldType.WORDS: st.lists(st.text(max_size=4), max_size=3),
    FieldType.TERMS: st.dictionaries(st.text(max_size=4), st.sampled_from([None, True, False])),
}


def picked(items: Any, pick: int) -> Any:
    items = list(items)
    return items[pick % len(items)]


def on_map(project: Project) -> tuple[dict[str, Any], dict[str, Any]]:
    return dict(project.entities), dict(project.links)


class ScenarioMachine(RuleBasedStateMachine):
    """Edits by hand in one scenario or another, each also made on the played map itself."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(START)
        self.shown = ShownMap(self.document, "one")
        self.told: list[ChangeSet] = []
        self.document.listen(lambda change: self.told.append(self.shown.follow(change)))
        self.direct = Document(self.shown.project)
        self.undos: list[tuple[str | None, Edit | Prepared, bytes]] = []
        self.count = 0
        self.is_hand_made = False

    def bytes_now(self) -> bytes:
        return project_bytes(self.document.snapshot())

    def do(self, edit: Edit) -> None:
        """Make an edit of the shown map; it must be refused just where the map itself does."""
        before, known = self.bytes_now(), self.shown.project
        scenario = self.shown.scenario
        try:
            made: Edit | Prepared = self.through_the_door(edit)
            undo = self.document.apply(made)
        except EditError:
            assert self.bytes_now() == before
            try:
                self.direct.apply(edit)
            except EditError:
                return
            raise AssertionError(f"refused only in the scenario: {edit}") from None
        self.direct.apply(edit)
        self.require_told(known)
        assert on_map(self.shown.project) == on_map(self.direct.snapshot())
        self.undos.append((scenario, undo, before))
        self.require_least()

    def through_the_door(self, edit: Edit) -> Edit | Prepared:
        """Every other edit is made beside the map first."""
        self.count += 1
        if self.count % 2:
            return self.shown.recorded(edit)
        preparation = self.shown.preparation()
        preparation.make(edit)
        return preparation.prepared("Prepared")

    def require_told(self, before: Project) -> None:
        """What is told names exactly what came, went, and (at least) what differs."""
        now, change = self.shown.project, self.told[-1]
        for section in (Section.ENTITIES, Section.LINKS):
            old, new = before.section(section), now.section(section)
            added = {id for part, id in change.added if part is section}
            removed = {id for part, id in change.removed if part is section}
            updated = {id for part, id in change.updated if part is section}
            assert (added, removed) == (set(new) - set(old), set(old) - set(new))
            assert {id for id in set(old) & set(new) if old[id] != new[id]} <= updated <= set(new)

    def require_least(self) -> None:
        """No change twice, none of nothing, none that says what the base says."""
        base = self.document.snapshot()
        if self.shown.scenario != "one":
            # What a hand or a changed base left behind is kept as it is until it is touched.
            self.is_hand_made = self.is_hand_made or self.shown.scenario is None
            return
        if self.is_hand_made:
            return
        changes = base.scenarios["one"].changes
        assert not self.shown.playing.unfit
        played = play(base, "one")
        assert on_map(played) == on_map(self.shown.project)
        kinds = {(id_of(each), each.field, each.add is None) for each in changes}
        assert len(kinds) == len(changes)
        for change in changes:
            assert base.entities.keys() | base.links.keys() >= {change.remove} - {None}
            if change.set is not None:
                old = base.entities.get(change.set) or base.links[change.set]
                new = played.entities.get(change.set) or played.links[change.set]
                assert getattr(old, change.field or "") != getattr(new, change.field or "")
            less = tuple(each for each in changes if each is not change)
            record = msgspec.structs.replace(base.scenarios["one"], changes=less)
            trial = msgspec.structs.replace(base, scenarios={"one": record})
            assert on_map(ShownMap(Document(trial), "one").project) != on_map(played)

    @rule(kind=st.sampled_from(EntityKind), name=st.sampled_from(["", "New"]))
    def add_entity(self, kind: EntityKind, name: str) -> None:
        id = new_id(self.shown.project, kind)
        self.do(Batch("", (Add(ENTITY_CLASSES[kind](id=id, name=name)), Place("v", {id: (1, 2)}))))

    @rule(id=st.sampled_from(["a", "c", "p", "x"]), kind=st.sampled_from(EntityKind))
    def add_again(self, id: str, kind: EntityKind) -> None:
        """An item comes back under its old id, perhaps as another kind of thing."""
        self.do(Add(ENTITY_CLASSES[kind](id=id)))

    @rule(id=st.sampled_from(["ab", "cp", "xp"]), start=PICKS, end=PICKS)
    def add_link_again(self, id: str, start: int, end: int) -> None:
        ends = [picked(self.shown.project.entities, pick) for pick in (start, end)]
        self.do(Add(Supplies(id=id, source=ends[0], target=ends[1], cost=1.0)))

    @rule(start=PICKS, end=PICKS, pick=PICKS)
    def add_link(self, start: int, end: int, pick: int) -> None:
        ends = [picked(self.shown.project.entities.values(), n) for n in (start, end)]
        if kinds := permitted_links(ends[0].kind, ends[1].kind):
            kind = picked(kinds, pick)
            id = new_id(self.shown.project, kind)
            self.do(Add(LINK_CLASSES[kind](id=id, source=ends[0].id, target=ends[1].id)))

    @rule(picks=st.lists(PICKS, min_size=1, max_size=3), and_back=st.booleans())
    def remove(self, picks: list[int], and_back: bool) -> None:
        project = self.shown.project
        ids = [*project.entities, *project.links]
        doomed = [picked(ids, pick) for pick in picks]
        if len(project.entities) <= len(picks) + 1:
            return
        edit = removal(project, doomed)
        if and_back and doomed[0] in project.entities:
            edit = Batch("", (edit, Add(project.entities[doomed[0]])))
        self.do(edit)
        if self.shown.scenario is not None and not and_back:
            self.require_places_kept()

    def require_places_kept(self) -> None:
        """What the base or another scenario still shows has its place on the base's view."""
        base = self.document.snapshot()
        others = [base.scenarios[id] for id in base.scenarios if id != self.shown.scenario]
        held = {*base.entities, *base.links}.union(*map(added_ids, others))
        before = parse_project(self.undos[-1][2]).views["v"]
        view = base.views["v"]
        assert held & {*before.positions} <= {*view.positions}
        assert [id for id in before.pinned if id in held] == [
            id for id in view.pinned if id in held
        ]
        assert held & {*before.bends} <= {*view.bends}
        assert held & {*before.hidden} <= {*view.hidden}
        members = {group.id: held & {*group.members} for group in before.groups}
        after = {group.id: held & {*group.members} for group in view.groups}
        assert {id: those for id, those in members.items() if those} == {
            id: those for id, those in after.items() if those
        }

    @rule(section=st.sampled_from([Section.ENTITIES, Section.LINKS]), pick=PICKS)
    def remove_one(self, section: Section, pick: int) -> None:
        if len(records := self.shown.project.section(section)) > 2:
            self.do(Remove(section, picked(records, pick)))

    @rule(pick=PICKS, which=PICKS, values=st.data())
    def set_field(self, pick: int, which: int, values: Any) -> None:
        project = self.shown.project
        record = picked([*project.entities.values(), *project.links.values()], pick)
        field = picked(fields_of(type(record)), which)
        value = values.draw(VALUES.get(field.type, st.text(max_size=5)))
        self.do(SetField(record.section, record.id, field.name, value))

    @rule(pick=PICKS)
    def set_back(self, pick: int) -> None:
        """A field gets the base's value again: there must be no change left of it."""
        base, id = self.document.snapshot(), self.shown.scenario
        sets = [
            each
            for each in base.scenarios[id].changes
            if each.set in base.entities and each.set in self.shown.project.entities
        ] if id else []  # fmt: skip
        if not sets:
            return
        change = picked(sets, pick)
        old = base.entities[change.set]
        if not hasattr(old, change.field):
            return
        self.do(SetField(Section.ENTITIES, old.id, change.field, getattr(old, change.field)))
        if hasattr(self.shown.project.entities[old.id], change.field):
            left = self.document.snapshot().scenarios[self.shown.scenario or ""].changes
            assert not [
                each
                for at, each in enumerate(left)
                if (each.set, each.field) == (old.id, change.field)
                and at not in {misfit.at for misfit in self.shown.playing.unfit}
            ]

    @rule(end=st.sampled_from(["source", "target"]), pick=PICKS, to=PICKS)
    def move_link(self, end: str, pick: int, to: int) -> None:
        if links := self.shown.project.links:
            item = picked(self.shown.project.entities, to)
            self.do(SetField(Section.LINKS, picked(links, pick), end, item))

    @rule(x=st.floats(-10, 10))
    def place(self, x: float) -> None:
        self.do(Place("v", {"a": (x, x)}))

    @rule(scenario=st.sampled_from([None, "one", "two", "bad"]))
    def switch(self, scenario: str | None) -> None:
        if scenario is None or scenario in self.document.snapshot().scenarios:
            before = self.shown.project
            self.told.append(self.shown.switch(scenario))
            self.require_told(before)
            self.direct = Document(self.shown.project)

    @precondition(lambda self: self.undos)
    @rule()
    def undo(self) -> None:
        scenario, edit, before = self.undos.pop()
        self.shown.stand_at(scenario)
        redo = self.document.apply(edit)
        assert self.bytes_now() == before
        self.document.apply(self.document.apply(redo))
        assert self.bytes_now() == before
        self.direct = Document(self.shown.project)

    @precondition(lambda self: self.shown.scenario is not None)
    @rule(pick=PICKS)
    def take_out(self, pick: int) -> None:
        """One change taken out leaves all others that can stand without it."""
        base, id = self.document.snapshot(), self.shown.scenario or ""
        changes = base.scenarios[id].changes
        if not changes:
            return
        at = pick % len(changes)
        before = self.bytes_now()
        undo = self.document.apply(taking_out(base, id, [at]))
        left = self.document.snapshot().scenarios[id].changes
        assert changes[at] not in left or changes.count(changes[at]) > 1
        assert set(map(id_of, left)) <= set(map(id_of, changes))
        self.undos.append((id, undo, before))
        self.direct = Document(self.shown.project)

    @precondition(lambda self: self.shown.scenario is not None)
    @rule()
    def adopt_and_undo(self) -> None:
        """The base becomes what the scenario shows, in one step."""
        base, id = self.document.snapshot(), self.shown.scenario or ""
        before, played = self.bytes_now(), on_map(self.shown.project)
        undo = self.document.apply(adoption(base, id))
        now = self.document.snapshot()
        assert on_map(now) == played == on_map(self.shown.project)
        assert self.shown.scenario is None
        assert id not in now.scenarios
        self.shown.stand_at(id)
        self.document.apply(undo)
        assert self.bytes_now() == before
        assert on_map(self.shown.project) == played

    @rule(id=st.sampled_from(["one", "two"]))
    def delete_and_undo(self, id: str) -> None:
        before = self.bytes_now()
        known = {*self.document.snapshot().entities}
        undo = self.document.apply(deletion(self.document.snapshot(), id))
        assert {*self.document.snapshot().entities} == known
        chosen = self.shown.scenario
        self.document.apply(undo)
        assert self.bytes_now() == before
        self.told.append(self.shown.switch(chosen))
        self.direct = Document(self.shown.project)

    @invariant()
    def a_file_keeps_it(self) -> None:
        loaded = parse_project(self.bytes_now())
        assert project_bytes(loaded) == self.bytes_now()
        again = ShownMap(Document(loaded), self.shown.scenario)
        assert on_map(again.project) == on_map(self.shown.project)


TestScenarios = ScenarioMachine.TestCase
TestScenarios.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
