"""Every way in which a file can be broken gives its sentence and its place, and no traceback.

`tests/broken_files` has one file for each fault.
"""

import re
from datetime import date
from pathlib import Path
from random import Random

import pytest

from depmap_gui.domain.checks import check
from depmap_gui.domain.project import Project
from depmap_gui.project.faults import FileFault
from depmap_gui.project.file import (
    LARGEST,
    ProjectFileError,
    parse_project,
    project_bytes,
    read_project,
)

FOLDER = Path(__file__).parents[2] / "broken_files"

# Name of the file, line, place, and what the sentence says.
FAULTS: list[tuple[str, int | None, str, str]] = [
    ("binary", None, "", "This is not a DepMap project: it is binary, and a project"),
    ("blank", None, "", "The file is empty."),
    (
        "change_not_an_object",
        19,
        "scenarios 's', changes[0]",
        'A record in braces is needed here, and this is "more".',
    ),
    ("deep", 11, "entities", "This is not valid JSON: it is nested too deeply to be a"),
    (
        "deep_unknown_key",
        11,
        "plant 'works', later",
        "The value cannot be read: it is nested deeper than 60",
    ),
    ("empty", None, "", "The file is empty."),
    ("empty_id", 10, "entities[1]", 'The record has the id "". Give it an id, a text in quotes'),
    (
        "format_of_another_program",
        2,
        "format",
        "This is not a DepMap project: it does not begin with",
    ),
    ("id_as_number", 10, "entities[1]", "The record has the id 7. Give it an id, a text in quotes"),
    (
        "id_of_entity_and_link",
        15,
        "operates 'works'",
        "The id 'works' is used twice, first on line 11. Give one",
    ),
    ("id_twice", 10, "company 'us'", "The id 'us' is used twice, first on line 9. Give one"),
    ("infinity", 11, "entities[2]", "-Infinity is not a number. Leave the value out where it"),
    ("key_twice", 11, "entities[2]", "The key 'own_ip' stands 2 times in one record. Keep one"),
    ("key_twice_on_top", 6, "'currency'", "This key stands twice. Delete one of the two."),
    ("latin_1", 10, "", "There are bytes that are not UTF-8 text. Save the file as"),
    (
        "line_break_in_text",
        10,
        "entities",
        "This is not valid JSON: a text has a line break or tab in",
    ),
    (
        "link_kind_among_entities",
        10,
        "owns 'maker', kind",
        'The record is of the unknown kind "owns". It must be one',
    ),
    ("list_on_top", 1, "", "This is not a DepMap project: that starts with a brace {."),
    (
        "lone_surrogate",
        10,
        "company 'maker', name",
        "The value cannot be read: it has half of a character (a",
    ),
    ("merge_marks", 10, "", "This is not valid JSON: version control could not merge"),
    ("missing_comma", 10, "entities", "This is not valid JSON: a comma or a closing bracket is"),
    ("newer_version", 3, "version", "The file has format version 2, and this DepMap reads"),
    ("no_id", 10, "entities[1]", "The record has no id. Give it an id, a text in quotes"),
    (
        "no_kind",
        10,
        "entities 'maker', kind",
        "The record has no kind. It must be one of plant, company,",
    ),
    ("no_target", 15, "operates 'l2'", "'target' is missing; the id of an item, a text in quotes"),
    ("no_version", None, "version", 'The file does not say its format version; "version": 1 is'),
    (
        "not_a_date",
        14,
        "located 'l1', valid_from",
        '"2024-02-31" will not do here; a day such as "2026-05-31"',
    ),
    ("not_a_number", 11, "entities[2]", "NaN is not a number. Leave the value out where it is"),
    ("not_json", 1, "", "This is not a DepMap project: that starts with a brace {."),
    (
        "number_of_thousands_of_digits",
        11,
        "entities",
        "This is not valid JSON: it has a number of thousands of",
    ),
    (
        "number_too_large",
        11,
        "plant 'works', own_ip",
        "The value cannot be read: it has a number that is too",
    ),
    ("other_json", None, "format", "This is not a DepMap project: it does not begin with"),
    (
        "position_of_one_number",
        20,
        "views 'v', positions",
        '{"works":[1]} will not do here; positions in braces, each',
    ),
    (
        "product_not_an_object",
        11,
        "plant 'works', products[0]",
        'A record in braces is needed here, and this is "cells".',
    ),
    (
        "product_without_id",
        11,
        "plant 'works', products[0]",
        "The record has no id. Give it one, a text in quotes.",
    ),
    (
        "quantity_in_a_product",
        11,
        "plant 'works', products[0], units",
        '"many" will not do here; a number, or three numbers [low,',
    ),
    (
        "record_not_an_object",
        15,
        "links[1]",
        'A record in braces is needed here, and this is "l2".',
    ),
    ("section_not_a_list", 17, "sources", "This must be a list in square brackets, and is {}."),
    ("single_quotes", 10, "entities", "This is not valid JSON: texts stand in double quotes, not"),
    (
        "source_id_twice",
        19,
        "sources 's1'",
        "The id 's1' is used twice, first on line 18. Give one",
    ),
    ("text_after_the_end", 21, "", "This is not valid JSON: there is more text after the end"),
    (
        "text_for_a_flag",
        10,
        "company 'maker', traded",
        '"yes" will not do here; true or false is needed.',
    ),
    (
        "text_for_a_quantity",
        11,
        "plant 'works', own_ip",
        '"30%" will not do here; a number, or three numbers [low,',
    ),
    (
        "note_without_a_place",
        20,
        "views 'v', notes[0]",
        "'rect' is missing; four numbers [left, top, width,",
    ),
    (
        "note_without_id",
        20,
        "views 'v', notes[0]",
        "The record has no id. Give it one, a text in quotes.",
    ),
    (
        "note_not_an_object",
        20,
        "views 'v', notes[0]",
        'A record in braces is needed here, and this is "Ask them".',
    ),
    (
        "notes_as_text",
        20,
        "views 'v', notes",
        '"Ask them" will not do here; a list of notes is needed.',
    ),
    (
        "frame_without_width",
        20,
        "views 'v', frames[0], rect",
        "[0,0,0,60] will not do here; four numbers [left, top,",
    ),
    (
        "frame_beyond_the_map",
        20,
        "views 'v', frames[0], rect",
        "none beyond 10,000,000, the last two above zero, is needed.",
    ),
    (
        "frame_of_unknown_color",
        20,
        "views 'v', frames[0], tint",
        '"pink" will not do here; one of gray, blue, green, purple,',
    ),
    (
        "bend_of_one_number",
        20,
        "views 'v', bends",
        '{"l1":[[1]]} will not do here; points in braces, each link',
    ),
    ("trailing_comma", 15, "links", "This is not valid JSON: a comma stands before ']'; delete"),
    (
        "truncated_between_records",
        15,
        "",
        "This is not valid JSON: the file ends in the middle: it",
    ),
    ("truncated_in_text", 10, "", "This is not valid JSON: the file ends in the middle: it"),
    (
        "two_numbers_for_a_quantity",
        11,
        "plant 'works', own_ip",
        "[0.2,0.3] will not do here; a number, or three numbers",
    ),
    ("unknown_basis", 7, "basis", '"vibes" will not do here; one of domicile, economic,'),
    ("unknown_choice", 14, "located 'l1', role", '"branch" will not do here; one of incorporated,'),
    (
        "unknown_kind",
        10,
        "factory 'maker', kind",
        'The record is of the unknown kind "factory". It must be',
    ),
    ("utf_16", None, "", "This is not a DepMap project. It is written in UTF-16,"),
    ("version_as_text", 3, "version", 'The file does not say its format version; "version": 1 is'),
    ("workbook", None, "", "This is not a DepMap project. It is an archive or an"),
    ("year_out_of_reach", 6, "year", "20260 will not do here; a whole number from 1900 to 2200"),
]


def faults_of(content: bytes) -> tuple[FileFault, ...]:
    with pytest.raises(ProjectFileError) as caught:
        parse_project(content)
    return caught.value.faults


@pytest.mark.parametrize(("name", "line", "where", "said"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_in_its_place(name: str, line: int | None, where: str, said: str) -> None:
    with pytest.raises(ProjectFileError) as caught:
        read_project(FOLDER / f"{name}.depmap")
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (line, where)
    assert said in fault.message
    assert fault.message.endswith(".")
    assert str(FOLDER / f"{name}.depmap") in str(caught.value)


def test_every_broken_file_is_tried() -> None:
    tried = {row[0] for row in FAULTS} | {"several_faults"}
    assert {path.stem for path in FOLDER.glob("*.depmap")} == tried


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ProjectFileError) as caught:
        read_project(FOLDER / "several_faults.depmap")
    assert [(fault.line, fault.where) for fault in caught.value.faults] == [
        (6, "year"),
        (10, "entities[1]"),
        (11, "plant 'works', own_ip"),
        (14, "located 'l1', role"),
        (15, "runs 'l2', kind"),
    ]
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("cannot be opened; it has 5 faults:")
    assert lines[1].startswith("  line 6, year: ")


def test_records_after_one_that_is_not_json_are_still_read() -> None:
    content = (FOLDER / "missing_comma.depmap").read_bytes()
    content = content.replace(b'"role": "site"', b'"role": 3').replace(b"0.3", b"1e999")
    assert [fault.line for fault in faults_of(content)] == [10, 11, 14]


def test_a_long_list_of_faults_is_cut() -> None:
    records = ",\n".join(f'{{"id": "c{n}", "kind": "company", "traded": 1}}' for n in range(100))
    content = f'{{"format": "depmap", "version": 1, "entities": [\n{records}\n]}}'.encode()
    with pytest.raises(ProjectFileError) as caught:
        parse_project(content)
    assert len(caught.value.faults) == 100
    assert len(str(caught.value).splitlines()) == 27
    assert str(caught.value).endswith("and 75 more.")


@pytest.mark.parametrize("cut", range(0, 900, 7))
def test_a_file_cut_anywhere_says_that_it_is_cut(cut: int) -> None:
    content = (FOLDER.parent / "core" / "project" / "small_example.depmap").read_bytes()[:cut]
    faults = faults_of(content)
    told = [fault.message for fault in faults]
    assert any("The file is empty" in said or "was cut off" in said for said in told)


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.depmap"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ProjectFileError, match="a project has at most 256 MB"):
        read_project(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match="There is no such file"):
        read_project(tmp_path / "none.depmap")
    with pytest.raises(ProjectFileError, match="That is a folder"):
        read_project(tmp_path)


def test_what_an_analyst_has_not_finished_is_no_fault_of_the_file() -> None:
    content = (
        b'{"format": "depmap", "version": 1, "entities": ['
        b'{"id": "p", "kind": "plant", "own_ip": 7}], "links": ['
        b'{"id": "l", "kind": "owns", "source": "nobody", "target": "p", "share": [0.9, 0.1, 0]}]}'
    )
    project = parse_project(content)
    assert project.links["l"].source == "nobody"


@pytest.mark.parametrize("seed", range(8))
def test_damage_of_any_kind_ends_in_faults_or_in_a_project(seed: int) -> None:
    whole = (FOLDER.parent / "core" / "project" / "small_example.depmap").read_bytes()
    values = [b"null", b"true", b"-1", b'""', b"[]", b"{}", b'"x"', b"1e99", b"[[1]]", b'{"id": 1}']
    random = Random(seed)
    tokens = re.findall(rb'"[^"]*"|[0-9.]+|[][{},:]|\s+', whole)
    assert b"".join(tokens) == whole
    for _ in range(150):
        damaged = list(tokens)
        for _ in range(random.randint(1, 3)):
            damaged[random.randrange(len(damaged))] = random.choice([*values, *tokens, b"\xff"])
        project = opened(b"".join(damaged))
        if project is not None:
            assert parse_project(project_bytes(project)) == project
            check(project, date(2026, 12, 31))


def opened(content: bytes) -> Project | None:
    """The project, or None where its faults are told; anything else fails the test."""
    try:
        return parse_project(content)
    except ProjectFileError as fault:
        return None if fault.faults and str(fault).endswith(".") else pytest.fail("no sentence")
