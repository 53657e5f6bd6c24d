"""Packs and lists of one's own: found, told apart, laid over, and refused with every fault."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from depmap_gui.resources import resource
from depmap_gui.rules.faults import PackError
from depmap_gui.rules.loader import find_pack, load_pack
from depmap_gui.rules.shelves import look_into
from depmap_gui.rules.toml_text import MOST_BYTES

SOUND = Path(__file__).parents[2] / "broken_packs" / "sound"
LISTS = """
[[list]]
id = "listed"
persons = [
  { name = "Another", on = 2025-01-01, off = 2025-12-31, citation = "2", certainty = "derived" },
]

[[list]]
id = "own"
title = "A list of our own"
decides = "sfe"
citation = "Ours"
certainty = "derived"
persons = []
"""


def copied(folder: Path, id: str = "small", version: str = "1") -> Path:
    """The small pack in a folder, under another id and version."""
    shutil.copytree(SOUND, folder)
    identity = folder / "pack.toml"
    text = identity.read_text("utf-8").replace('id = "small"', f'id = "{id}"')
    identity.write_text(text.replace('version = "1"', f'version = "{version}"'), "utf-8")
    return folder


def lists_in(folder: Path, text: str = LISTS) -> Path:
    """A folder that holds lists and no pack."""
    folder.mkdir(parents=True)
    (folder / "lists.toml").write_text(text, "utf-8")
    return folder


def test_a_shipped_pack_says_nothing_of_its_origin() -> None:
    assert load_pack(resource("rules", "us-obbba")).origin.words == ""


def test_the_id_inside_the_pack_counts_not_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = copied(tmp_path / "any name", "us-obbba", "mine")
    pack = find_pack("us-obbba", [tmp_path])
    assert pack.version == "mine"
    shipped = load_pack(resource("rules", "us-obbba"))
    expected = f"from {folder} in place of the shipped version {shipped.version}"
    assert pack.origin.words == expected


def test_a_folder_may_be_the_pack_itself(tmp_path: Path) -> None:
    folder = copied(tmp_path / "pack")
    assert look_into([folder]).packs["small"].folder == folder
    assert find_pack("small", [folder]).origin.words == f"from {folder}"


def test_of_two_folders_the_last_counts_and_says_whom_it_replaces(tmp_path: Path) -> None:
    first = copied(tmp_path / "a" / "small", version="first")
    second = copied(tmp_path / "b" / "small", version="second")
    pack = find_pack("small", [tmp_path / "a", tmp_path / "b"])
    assert pack.version == "second"
    assert pack.origin.words == f"from {second} in place of {first}"


def test_lists_are_laid_over_the_pack_that_their_folder_is_named_after(tmp_path: Path) -> None:
    copied(tmp_path / "packs" / "small")
    copied(tmp_path / "packs" / "other", "other")
    folder = lists_in(tmp_path / "lists" / "small")
    folders = [tmp_path / "packs", tmp_path / "lists"]
    laid = find_pack("small", folders)
    assert [person.name for person in laid.lists["listed"].persons] == ["Another"]
    # What the new list leaves out it takes over from the one it replaces.
    assert laid.lists["listed"].title == "A list"
    assert laid.lists["own"].decides == "sfe"
    assert laid.origin.words.endswith(f"; lists listed, own from {folder}")
    assert [person.name for person in find_pack("other", folders).lists["listed"].persons] == [
        "Someone"
    ]


def test_lists_in_any_other_folder_are_laid_over_every_pack_they_fit(tmp_path: Path) -> None:
    lists_in(tmp_path / "news")
    shipped = find_pack("us-obbba", [tmp_path])
    # It asks for 'sfe', which the list decides, and has no list of the other's id.
    assert "own" in shipped.lists
    assert "listed" not in shipped.lists
    assert "own" not in find_pack("us-ofac-50", [tmp_path]).lists


def test_lists_count_on_their_days(tmp_path: Path) -> None:
    copied(tmp_path / "packs" / "small")
    lists_in(tmp_path / "lists" / "small")
    pack = find_pack("small", [tmp_path / "packs", tmp_path / "lists"])
    (person,) = pack.lists["listed"].persons
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [person.listed_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            '"Ours"',
            "3",
            "lists.toml, line 12: 'citation' of list 'own' should be text in quotes, not 3.",
        ),
        (
            '"sfe"',
            '"sfee"',
            "lists.toml, line 11: 'decides' names 'sfee', which this pack does not have.",
        ),
        (
            "off = 2025-12-31",
            "off = 2024-12-31",
            "lists.toml, line 5: This ends on 2024-12-31, before it starts on 2025-01-01.",
        ),
    ],
)
def test_a_fault_in_lists_is_told_with_file_and_line(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    copied(tmp_path / "packs" / "small")
    assert before in LISTS
    folder = lists_in(tmp_path / "lists" / "small", LISTS.replace(before, after))
    with pytest.raises(PackError) as raised:
        find_pack("small", [tmp_path / "packs", tmp_path / "lists"])
    assert [str(fault) for fault in raised.value.faults] == [told]
    assert str(folder) in str(raised.value)


def test_the_faults_of_an_own_pack_name_its_folder(tmp_path: Path) -> None:
    folder = copied(tmp_path / "small")
    (folder / "tests.toml").write_text("[[test]]\nid = 3\n", "utf-8")
    with pytest.raises(PackError) as raised:
        find_pack("small", [tmp_path])
    assert f"The rule pack small in {folder} has" in str(raised.value)
    assert len(raised.value.faults) > 3


def test_missing_and_empty_folders_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty" / "folder").mkdir(parents=True)
    (tmp_path / "file").write_text("", "utf-8")
    there = look_into([tmp_path / "empty", tmp_path / "file", tmp_path / "missing"])
    assert there == look_into()


def test_nothing_in_a_folder_is_executed(tmp_path: Path) -> None:
    folder = copied(tmp_path / "small")
    (folder / "conftest.py").write_text("raise SystemExit(9)", "utf-8")
    (folder / "__init__.py").write_text("raise SystemExit(9)", "utf-8")
    assert find_pack("small", [tmp_path]).id == "small"


def test_a_byte_order_mark_and_line_ends_of_another_system_do_no_harm(tmp_path: Path) -> None:
    folder = copied(tmp_path / "small")
    for file in folder.glob("*.toml"):
        text = file.read_text("utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert find_pack("small", [tmp_path]).id == "small"


def test_brackets_nested_too_deeply_are_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path / "small")
    (folder / "lists.toml").write_text("x = " + "[" * 20_000, "utf-8")
    (folder / "pack.toml").write_text("x = " + "[" * 20_000, "utf-8")
    with pytest.raises(PackError, match=r"lists\.toml nests brackets too deeply"):
        load_pack(folder)
    assert look_into([tmp_path]).packs["small"].version == ""


def test_a_file_too_large_for_a_pack_is_refused_unread(tmp_path: Path) -> None:
    folder = copied(tmp_path / "small")
    with (folder / "lists.toml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(PackError, match=r"lists\.toml has more than 16 MB"):
        load_pack(folder)


def test_a_pack_that_lost_its_identity_is_not_taken_for_lists(tmp_path: Path) -> None:
    """Else its changed thresholds would count for nothing, and nobody would be told."""
    folder = copied(tmp_path / "us-obbba")
    (folder / "pack.toml").unlink()
    with pytest.raises(PackError) as raised:
        find_pack("us-obbba", [tmp_path])
    told = {fault.file for fault in raised.value.faults}
    assert told == {path.name for path in folder.glob("*.toml")} - {"lists.toml"}
    assert "has parameters.toml but no pack.toml" in str(raised.value)
