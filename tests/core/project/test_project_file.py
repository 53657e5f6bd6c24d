"""The project file: the same bytes for the same project, nothing lost, older versions read."""

import json
from pathlib import Path

import msgspec
import pytest
from every_field import UNKNOWN_KEYS, every_field, unset_fields

from depmap_gui.domain.document import Document
from depmap_gui.domain.edits import SetHeader
from depmap_gui.domain.project import Header, Project
from depmap_gui.domain.records import Company, Plant, Product
from depmap_gui.domain.views import View
from depmap_gui.project import file as project_file
from depmap_gui.project.atomic import SaveError
from depmap_gui.project.file import (
    ProjectFileError,
    parse_project,
    project_bytes,
    read_project,
    write_project,
)

HERE = Path(__file__).parent
EXAMPLE = (HERE / "small_example.depmap").read_bytes()
DRAFT = (HERE / "draft_version_0.depmap").read_bytes()
UPGRADED = (HERE / "draft_version_0_upgraded.depmap").read_bytes()


def patiently(content: bytes) -> Project:
    """Read by the slow way that otherwise only faulty and older files take."""
    return project_file._parse_patiently(content, None)


def test_the_example_is_written_back_to_the_same_bytes() -> None:
    assert project_bytes(parse_project(EXAMPLE)) == EXAMPLE


def test_a_project_with_every_field_comes_back_whole() -> None:
    project = every_field()
    assert unset_fields(project) == []
    content = project_bytes(project)
    assert parse_project(content) == project
    assert project_bytes(parse_project(content)) == content


@pytest.mark.parametrize("content", [EXAMPLE, project_bytes(every_field())])
def test_the_quick_and_the_slow_way_read_the_same(content: bytes) -> None:
    quick = project_file._parse_quickly(content)
    assert quick is not None
    assert quick == patiently(content)


def test_one_record_a_line() -> None:
    project = every_field()
    lines = project_bytes(project).decode().split("\n")
    records = [line for line in lines if line.startswith('{"id"')]
    sections = (project.entities, project.links, project.sources, project.scenarios, project.views)
    assert len(records) == sum(map(len, sections))
    assert all(isinstance(json.loads(line.rstrip(",")), dict) for line in records)


def test_the_header_stands_in_the_order_of_its_fields_and_unknown_keys_follow() -> None:
    keys = list(json.loads(project_bytes(every_field())))
    assert keys == [
        *("format", "version", "title", "currency", "year", "basis", "packs", "readings"),
        *("bought_in", *UNKNOWN_KEYS),
        *("entities", "links", "sources", "scenarios", "views"),
    ]


def test_an_empty_project_states_its_header() -> None:
    assert project_bytes(Project()).decode() == (
        '{\n"format": "depmap",\n"version": 1,\n"title": "",\n"currency": "USD",\n"year": 2026,\n'
        '"basis": "control",\n"entities": [],\n"links": [],\n"sources": [],\n"scenarios": [],\n'
        '"views": []\n}\n'
    )


def test_unknown_keys_are_kept_at_every_level() -> None:
    plain = json.loads(project_bytes(every_field()))
    plant = next(record for record in plain["entities"] if record["id"] == "plant")
    holders = [
        plain,
        plant,
        plain["links"][0],
        plain["sources"][0],
        plain["scenarios"][0],
        plain["scenarios"][0]["changes"][1],
        plain["views"][0],
        plain["views"][0]["groups"][0],
    ]
    for holder in holders:
        assert {key: holder[key] for key in UNKNOWN_KEYS} == UNKNOWN_KEYS
    product = plant["products"][0] | {"later": {"extra": [1.0]}}
    changed = json.dumps(plain | {"entities": [plant | {"products": [product]}]}).encode()
    again = json.loads(project_bytes(parse_project(changed)))
    assert again["entities"][0]["products"][0]["later"] == {"extra": [1.0]}


def test_positions_are_sorted_and_other_orders_kept() -> None:
    view = View(id="v", positions={"b": (1.0, 2.0), "a": (0.5, 0.0)}, pinned=("b", "a"))
    text = project_bytes(Project(views={"v": view})).decode()
    assert '"positions": {"a": [0.5, 0], "b": [1, 2]}, "pinned": ["b", "a"]' in text


@pytest.mark.parametrize(
    ("units", "written"),
    [(20000000.0, "20000000"), (0.1, "0.1"), (-0.0, "0"), (1e20, "1e+20"), (1e-9, "1e-09")],
)
def test_numbers_are_written_the_one_way(units: float, written: str) -> None:
    plant = Plant(id="p", products=(Product(id="x", units=units),))
    content = project_bytes(Project(entities={"p": plant}))
    assert f'"units": {written}}}' in content.decode()
    assert parse_project(content).entities["p"] == plant


def test_text_is_kept_as_it_is() -> None:
    name = 'Zürich 中国 🔋 "quoted" \\ \x7f \u2028 =1+1'
    content = project_bytes(Project(entities={"c": Company(id="c", name=name)}))
    assert "Zürich 中国 🔋".encode() in content
    assert parse_project(content).entities["c"].name == name


def test_null_is_read_as_absent() -> None:
    content = (
        b'{"format": "depmap", "version": 1, "title": null, "entities": '
        b'[{"id": "c", "kind": "company", "name": null, "traded": null, "own_ip": null}]}'
    )
    assert parse_project(content) == Project(entities={"c": Company(id="c")})


def test_a_byte_order_mark_and_other_layout_are_no_fault() -> None:
    spread = b"\xef\xbb\xbf" + json.dumps(json.loads(EXAMPLE), indent=4).encode()
    assert project_bytes(parse_project(spread)) == EXAMPLE


def test_the_revision_is_not_part_of_the_file() -> None:
    document = Document(parse_project(EXAMPLE))
    document.apply(document.apply(SetHeader("year", 2030)))
    assert project_bytes(document.snapshot()) == EXAMPLE


def test_writing_keeps_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "map.depmap"
    write_project(Project(), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["map.depmap"]
    write_project(parse_project(EXAMPLE), path)
    assert read_project(path) == parse_project(EXAMPLE)
    assert read_project(tmp_path / "map.depmap~") == Project()


def test_a_value_that_no_file_can_hold_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "map.depmap"
    path.write_bytes(EXAMPLE)
    for wrong in (Company(id="c", own_ip=float("nan")), Company(id="c", name="\ud800")):
        with pytest.raises(SaveError, match="value that no file can hold"):
            write_project(Project(entities={"c": wrong}), path)
    assert path.read_bytes() == EXAMPLE


def test_a_draft_is_upgraded_to_the_golden_file() -> None:
    assert project_bytes(parse_project(DRAFT)) == UPGRADED


def test_faults_of_a_draft_are_told_by_its_own_lines() -> None:
    with pytest.raises(ProjectFileError) as caught:
        parse_project(DRAFT.replace(b'"2023-02-13"', b'"in spring"'))
    line = DRAFT.split(b"2023-02-13")[0].count(b"\n") + 1
    assert [fault.line for fault in caught.value.faults] == [line]


def test_the_draft_is_kept_beside_when_it_is_first_saved(tmp_path: Path) -> None:
    path = tmp_path / "map.depmap"
    path.write_bytes(DRAFT)
    project = read_project(path)
    write_project(project, path)
    write_project(msgspec.structs.replace(project, header=Header(title="Later")), path)
    assert (tmp_path / "map.depmap~v0").read_bytes() == DRAFT
    assert (tmp_path / "map.depmap~").read_bytes() == UPGRADED
    assert read_project(path).header.title == "Later"
