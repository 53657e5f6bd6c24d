"""What is written is read back: all of it by JSON, GraphML and CSV, else what the format holds."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depmap_gui.domain.kinds import LegalForm, LocationRole, SupplyCategory
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import (
    Company,
    Jurisdiction,
    Lends,
    License,
    Located,
    Operates,
    Owns,
    Plant,
    Product,
    Scenario,
    ScenarioChange,
    Source,
    Supplies,
)
from depmap_gui.domain.views import View
from depmap_gui.exchange.formats.registry import Given, Writer, read_files, writer_for
from depmap_gui.exchange.formats.results import Reading
from depmap_gui.project.file import project_bytes
from depmap_gui.session.formats import as_project, export_format, joined, read_formats

# Characters that XML can hold; formula signs, quotes and breaks included.
TEXTS = st.text(st.sampled_from("aZ é中=+-@'\"<>&,;|\n\t\r1.%"), max_size=8)
NAMES = TEXTS.filter(lambda text: bool(text.strip()))
SHARES = st.none() | st.integers(0, 100).map(lambda n: n / 100)
RANGES = SHARES | st.tuples(*[st.integers(0, 100)] * 3).map(
    lambda three: tuple(n / 100 for n in sorted(three))
)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Small projects of every kind of record."""
    home = Jurisdiction(id="cn", name="China", code="CN")
    entities: list[Any] = [home]
    for number in range(draw(st.integers(1, 4))):
        company = Company(
            id=f"c{number}",
            name=draw(NAMES),
            form=draw(st.sampled_from(LegalForm)),
            traded=draw(st.none() | st.booleans()),
            notes=draw(TEXTS),
            tags=tuple(draw(st.lists(TEXTS, max_size=2))),
            sources=("s1",),
            extra=draw(st.dictionaries(st.sampled_from(["x", "zed"]), TEXTS, max_size=1)),
        )
        entities.append(company)
    product = Product(id="p", name=draw(TEXTS), price=draw(RANGES))
    entities.append(Plant(id="plant", name=draw(NAMES), own_ip=draw(RANGES), products=(product,)))
    entities.append(
        License(id="lic", name=draw(NAMES), terms={"sourcing": True, "exclusive": None})
    )
    links: list[Any] = [
        Located(id="l1", source="cn", target="c0", role=LocationRole.INCORPORATED),
        Operates(id="l2", source="c0", target="plant"),
        Supplies(
            id="l3",
            source="c0",
            target="plant",
            item=draw(TEXTS),
            cost=draw(RANGES),
            category=draw(st.none() | st.sampled_from(SupplyCategory)),
            contract=draw(DAYS),
            hs=draw(st.none() | TEXTS),
        ),
    ]
    for number in range(1, len(entities) - 3):
        links.append(
            Owns(
                id=f"o{number}",
                source=f"c{number}",
                target="c0",
                share=draw(RANGES),
                votes=draw(SHARES),
                valid_from=draw(DAYS),
                notes=draw(TEXTS),
            )
        )
        links.append(Lends(id=f"d{number}", source=f"c{number}", target="c0", share=draw(SHARES)))
    change = ScenarioChange(set="c0", field="name", value=draw(TEXTS))
    records: dict[str, Any] = {
        "sources": [Source(id="s1", title=draw(TEXTS), url="https://a.example/b")],
        "scenarios": [Scenario(id="sc", name=draw(TEXTS), changes=(change,))],
        "views": [View(id="v", name="Map", positions={"c0": (1.5, -20.0), "plant": (0.1, 7.0)})],
    }
    return Project(
        header=Header(title=draw(TEXTS), year=2030, readings={"a": "b"}),
        entities={entity.id: entity for entity in entities},
        links={link.id: link for link in links},
        **{section: {one.id: one for one in found} for section, found in records.items()},
    )


def written(project: Project, name: str) -> bytes:
    writer = writer_for(name)
    assert isinstance(writer, Writer)
    return writer.write(project).content


def back(project: Project, name: str) -> Reading:
    (reading,) = read_files([Given(name, written(project, name))])
    assert reading is not None
    return reading


@settings(max_examples=40, deadline=None)
@given(projects())
def test_graphml_and_csv_keep_everything(project: Project) -> None:
    for name in ("m.graphml", "m.csv"):
        reading = back(project, name)
        assert reading.left_out == ()
        assert project_bytes(reading.project) == project_bytes(project), name
    # A zip of tables keeps the order within a kind, not between kinds.
    zipped = back(project, "m.zip").project
    for section in ("header", "entities", "links", "sources", "scenarios", "views"):
        assert getattr(zipped, section) == getattr(project, section)


@settings(max_examples=40, deadline=None)
@given(projects())
def test_gexf_keeps_items_and_links(project: Project) -> None:
    reading = back(project, "m.gexf")

    def sourceless(records: dict[str, Any]) -> list[Any]:
        return [msgspec.structs.replace(record, sources=()) for record in records.values()]

    assert sourceless(dict(reading.project.entities)) == sourceless(dict(project.entities))
    assert sourceless(dict(reading.project.links)) == sourceless(dict(project.links))


def kept(text: str) -> str:
    """A name as formats keep it that take no blanks around one."""
    return text.strip()


@settings(max_examples=40, deadline=None)
@given(projects())
def test_bods_and_followthemoney_keep_parties_and_holdings(project: Project) -> None:
    for name in ("m.bods.json", "m.ftm.json"):
        read = back(project, name).project
        for company in project.of_kind(Company):
            there = read.entities[company.id]
            assert isinstance(there, Company)
            assert there.name == kept(company.name)
            assert (there.form is LegalForm.PERSON) is (company.form is LegalForm.PERSON)
        for link in project.links.values():
            if not isinstance(link, Owns):
                continue
            there_link = read.links[link.id]
            assert isinstance(there_link, Owns)
            assert (there_link.source, there_link.target) == (link.source, link.target)
            assert there_link.valid_from == link.valid_from
            assert ends(there_link.share) == pytest.approx(ends(link.share))
            if name == "m.bods.json":
                assert there_link.votes == link.votes


def ends(share: Any) -> Any:
    """The least and most of a share: what a range in percent can say."""
    if share is None:
        return None
    return (share[0], share[2]) if isinstance(share, tuple) else (share, share)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=x", "\t=x", "'"])
def test_no_cell_of_text_is_a_formula(text: str) -> None:
    project = Project(entities={"c": Company(id="c", name=text, notes=text)})
    rows = csv.reader(io.StringIO(written(project, "m.csv").decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert back(project, "m.csv").project.entities["c"].name == text


def test_the_ending_chooses_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    project = Project(entities={"c": Company(id="c", name="Co")})
    for name in ("a.GRAPHML", "a.gexf", "a.bods.json", "a.ftm.json", "a.csv", "a.zip", "a.json"):
        export_format(project, tmp_path / name)
        (reading,) = read_formats([tmp_path / name])
        assert reading is not None
        assert reading.project.entities["c"].name == "Co"
    with pytest.raises(Exception, match=r"No format is written as '\.doc'"):
        export_format(project, tmp_path / "a.doc")
    assert not (tmp_path / "a.doc").exists()


def test_a_second_import_changes_nothing_and_the_map_keeps_its_word() -> None:
    graph = "<gexf><graph><nodes><node id='1' label='Alpha'/><node id='2' label='Beta'/></nodes>"
    graph += "<edges><edge id='9' source='1' target='2' label='owns' percent='30'/></edges>"
    content = f"{graph}</graph></gexf>".encode()
    (reading,) = read_files([Given("g.gexf", content)])
    assert reading is not None
    project, _ = as_project([reading])
    again = joined(project, reading)
    assert again.edit is None
    assert again.unchanged == 3
    edited = msgspec.structs.replace(
        project, links={"9": msgspec.structs.replace(project.links["9"], share=0.5)}
    )
    kept_word = joined(edited, reading)
    assert kept_word.edit is None
    assert "the map says otherwise" in str(kept_word.left_out[0])


def test_other_items_under_the_same_ids_get_ids_of_their_own() -> None:
    content = b"<gexf><graph><nodes><node id='c' label='Other'/></nodes></graph></gexf>"
    (reading,) = read_files([Given("g.gexf", content)])
    assert reading is not None
    project = Project(entities={"c": Company(id="c", name="Co")})
    taken = joined(project, reading)
    assert taken.edit is not None
    assert taken.added == {"source": 1, "company": 1}
    assert [edit.record.id for edit in taken.edit.edits][1:] == ["c-2"]  # type: ignore[union-attr]  # all are additions


def test_a_later_file_brings_the_name_and_adds_to_the_notes() -> None:
    kind = "IS_FUND-MANAGED_BY"
    head = "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType"
    relations = Given("rr.csv", f"{head}\nA,B,{kind}\n".encode())
    names = Given("lei.csv", b"LEI,Entity.LegalName,Entity.EntityCategory\nA,Alpha,FUND\n")
    for files in ((relations, names), (names, relations)):
        found = [reading for reading in read_files(files) if reading is not None]
        project, left_out = as_project(found)
        assert left_out == ()
        assert project.entities["A"].name == "Alpha"
        assert set(project.entities["A"].notes.splitlines()) == {f"{kind} B", "Category: FUND"}
