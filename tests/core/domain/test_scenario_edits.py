"""Edits as scenario changes: what exactly is recorded, told and adopted. Figures are by hand."""

import msgspec
import pytest

from depmap_gui.domain.checks import check
from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import Add, Batch, EditError, Remove, SetField, removal
from depmap_gui.domain.in_force import last_day
from depmap_gui.domain.kinds import Section
from depmap_gui.domain.project import Project
from depmap_gui.domain.records import Company, License, Plant, Scenario, ScenarioChange, Uses
from depmap_gui.domain.scenario_acts import adoption, copy_of, new_scenario
from depmap_gui.domain.scenario_edits import changes_of, scenario_of
from depmap_gui.domain.scenario_words import changes_told
from depmap_gui.domain.scenarios import ScenarioError, play, play_what_fits
from depmap_gui.session.shown import ShownMap

BASE = Project(
    entities={
        "works": Plant(id="works", name="Works", own_ip=0.3),
        "deal": License(id="deal", name="Deal"),
        "maker": Company(id="maker", name="Maker"),
    },
    links={"use": Uses(id="use", source="deal", target="works", share=0.6)},
)
OWN = ScenarioChange(set="works", field="own_ip", value=0.5)


def with_scenarios(*scenarios: Scenario, base: Project = BASE) -> Project:
    return msgspec.structs.replace(base, scenarios={each.id: each for each in scenarios})


def test_removing_an_item_is_one_change_and_takes_its_links() -> None:
    assert changes_of(BASE, removal(BASE, ["deal"])) == (ScenarioChange(remove="deal"),)


def test_a_quantity_of_three_is_kept_as_the_file_writes_it() -> None:
    edit = SetField(Section.LINKS, "use", "share", (0.5, 0.6, 1.0))
    (change,) = changes_of(BASE, edit)
    assert change == ScenarioChange(set="use", field="share", value=[0.5, 0.6, 1])


def test_a_field_taken_away_is_set_to_nothing() -> None:
    edit = Batch(
        "",
        (
            SetField(Section.LINKS, "use", "share", None),
            SetField(Section.ENTITIES, "works", "name", ""),
        ),
    )
    changes = changes_of(BASE, edit)
    assert {(each.set, each.field, each.value) for each in changes} == {
        ("use", "share", None),
        ("works", "name", ""),
    }


def test_added_items_come_before_the_links_that_need_them() -> None:
    edit = Batch(
        "",
        (
            Add(License(id="new", name="New")),
            Add(Uses(id="u2", source="new", target="works", share=0.1)),
            SetField(Section.LINKS, "use", "source", "new"),
            *removal(BASE, []).edits,
            Remove(Section.ENTITIES, "deal"),
        ),
    )
    changes = changes_of(BASE, edit)
    assert [each.add["id"] if each.add else each.set or each.remove for each in changes] == [
        *("new", "use", "deal", "u2")
    ]
    played = play(with_scenarios(Scenario(id="s", changes=changes)), "s")
    direct = Document(BASE)
    direct.apply(edit)
    assert played.links == direct.snapshot().links
    assert played.entities == direct.snapshot().entities


def test_what_cannot_be_done_on_the_map_is_refused_in_a_scenario_too() -> None:
    with pytest.raises(EditError, match="no such item"):
        changes_of(BASE, Add(Uses(id="u2", source="never", target="works")))
    shown = ShownMap(Document(with_scenarios(Scenario(id="s"))), "s")
    gone = Batch(
        "", (Remove(Section.SCENARIOS, "s"), SetField(Section.ENTITIES, "works", "own_ip", 1))
    )
    with pytest.raises(EditError, match="made in it"):
        shown.recorded(gone)


def test_changes_are_told_as_sentences() -> None:
    edit = Batch(
        "",
        (
            *removal(BASE, ["deal"]).edits,
            SetField(Section.ENTITIES, "works", "own_ip", 0.5),
            Add(Company(id="new", name="New")),
        ),
    )
    misfit = ScenarioChange(set="lost", field="own_ip", value=1)
    record = Scenario(id="s", changes=(*changes_of(BASE, edit), misfit))
    project = with_scenarios(record)
    told = changes_told(project, "s", play_what_fits(project, "s"))
    assert [each.words for each in told[:3]] == [
        "Added company 'New'.",
        "Works: own IP changed from 30% to 50%.",
        "Removed license 'Deal' with its 1 link.",
    ]
    assert [bool(each.unfit) for each in told] == [False, False, False, True]
    assert "the map does not have it" in told[3].unfit


def test_the_command_line_stays_strict_and_the_window_plays_what_fits() -> None:
    misfit = ScenarioChange(set="lost", field="own_ip", value=1)
    project = with_scenarios(Scenario(id="s", changes=(misfit, OWN)))
    with pytest.raises(ScenarioError, match="'lost'"):
        play(project, "s")
    playing = play_what_fits(project, "s")
    assert playing.project.entities["works"] == Plant(id="works", name="Works", own_ip=0.5)
    assert [each.at for each in playing.unfit] == [0]
    (finding,) = [each for each in check(project, last_day(2026)) if each.code == "scenario.broken"]
    assert finding.mend is not None
    document = Document(project)
    document.apply(finding.mend.edit)
    assert document.snapshot().scenarios["s"].changes == (OWN,)


def test_a_link_that_would_end_at_nothing_is_left_out() -> None:
    to_lost = {"id": "u2", "kind": "uses", "source": "lost", "target": "works"}
    moved = ScenarioChange(set="use", field="source", value="lost")
    project = with_scenarios(Scenario(id="s", changes=(ScenarioChange(add=to_lost), moved, OWN)))
    playing = play_what_fits(project, "s")
    assert dict(playing.project.links) == dict(BASE.links)
    assert [each.at for each in playing.unfit] == [0, 1]


def test_adopting_leaves_other_scenarios_what_still_differs() -> None:
    other = Scenario(
        id="other",
        changes=(
            OWN,
            ScenarioChange(remove="deal"),
            ScenarioChange(set="maker", field="name", value="Another"),
            ScenarioChange(add={"id": "new", "kind": "company", "name": "Newer"}),
        ),
    )
    adopted = Scenario(
        id="s",
        name="It",
        changes=(
            ScenarioChange(add={"id": "new", "kind": "company", "name": "New"}),
            OWN,
            ScenarioChange(remove="deal"),
        ),
    )
    project = with_scenarios(other, adopted)
    shown = play(project, "other")
    document = Document(project)
    document.apply(adoption(project, "s"))
    after = document.snapshot()
    assert set(after.scenarios) == {"other"}
    assert after.scenarios["other"].changes == (
        ScenarioChange(set="maker", field="name", value="Another"),
        ScenarioChange(set="new", field="name", value="Newer"),
    )
    played = play(after, "other")
    assert (played.entities, played.links) == (shown.entities, shown.links)


def test_names_of_scenarios_are_free_ones() -> None:
    project = with_scenarios(Scenario(id="s", name="No license"))
    assert new_scenario(project, "no LICENSE").name == "no LICENSE 2"
    assert copy_of(project, project.scenarios["s"]).name == "No license copy"
    assert new_scenario(project, "  ").name == "New scenario"


def test_an_edit_knows_the_scenario_it_is_about() -> None:
    assert scenario_of(Add(Scenario(id="s"))) == "s"
    assert scenario_of(Batch("", (SetField(Section.SCENARIOS, "s", "changes", ()),))) == "s"
    assert scenario_of(SetField(Section.SCENARIOS, "s", "name", "x")) is None
    assert scenario_of(Remove(Section.ENTITIES, "works")) is None
