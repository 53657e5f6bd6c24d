"""``depmap rules``: packs listed, shown, checked and compared, and packs of one's own in use."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import resource, samples

PACK = "us-obbba"
(SAMPLE,) = [str(path) for path in samples()][:1]


def said(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """What a command prints, which ends with that exit code; nothing may go to stderr below 2."""
    assert run(list(arguments)) == code
    printed = capsys.readouterr()
    assert bool(printed.err) is (code == 2)
    assert "Traceback" not in printed.err
    return printed.out + printed.err


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """A copy of the shipped pack under another version, with one threshold changed: 2026 only."""
    folder = Path(shutil.copytree(resource("rules", PACK), tmp_path / "own" / "fork"))
    replaced(folder / "pack.toml", 'version = "', 'version = "forked-')
    text = (folder / "parameters.toml").read_text("utf-8")
    before, found, after = text.partition('id = "macr.battery"')
    assert found
    changed = before + found + after.replace("value = 0.60", "value = 0.15", 1)
    (folder / "parameters.toml").write_text(changed, "utf-8")
    return folder


def replaced(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def own_lists(folder: Path, on: str, id: str = "dod-1260h") -> Path:
    """A folder of lists that names the sample's Ford Motor Company alone, from a day on."""
    folder.mkdir(parents=True)
    (folder / "lists.toml").write_text(
        f'[[list]]\nid = "{id}"\npersons = [\n'
        f'  {{ name = "Ford Motor Company", on = {on}, citation = "c", certainty = "derived" }},\n'
        "]\n",
        "utf-8",
    )
    return folder


# list, show, check ------------------------------------------------------------------------


def test_every_pack_is_listed_with_version_date_and_place(capsys) -> None:
    listed = json.loads(said(capsys, 0, "rules", "list", "--json"))
    assert [each["id"] for each in listed] == sorted(
        folder.name for folder in resource("rules").iterdir() if folder.is_dir()
    )
    assert all(each["shipped"] and each["version"] and each["date"] for each in listed)
    assert {each["origin"] for each in listed} == {"ships with DepMap"}
    text = said(capsys, 0, "rules", "list")
    assert all(f"{each['id']}  {each['version']} of {each['date']}" in text for each in listed)


def test_an_own_pack_stands_in_the_list_visibly(capsys, fork) -> None:
    text = said(capsys, 0, "rules", "list", "--rules-folder", str(fork.parent))
    (line,) = [line for line in text.splitlines() if line.startswith(f"{PACK}  ")]
    assert line.startswith(f"{PACK}  forked-")
    assert f"from {fork} in place of the shipped version" in line


def test_a_refused_pack_is_listed_with_every_fault_and_the_others_stay(capsys, fork) -> None:
    replaced(fork / "parameters.toml", "from = 2026-01-01", "from = 2046-01-01")
    replaced(fork / "lists.toml", "on = 2023-12-22", 'on = "2023"')
    text = said(capsys, 1, "rules", "list", "--rules-folder", str(fork.parent))
    assert f"{PACK}  REFUSED, from {fork}" in text
    assert "lists.toml, line " in text
    listed = json.loads(said(capsys, 1, "rules", "list", "--json", "--rules-folder", str(fork)))
    faulty = {each["id"] for each in listed if each["faults"]}
    assert faulty == {PACK}


def test_a_parameter_is_shown_by_date_and_as_of_a_day(capsys) -> None:
    text = said(capsys, 0, "rules", "show", PACK, "--parameter", "macr.battery")
    # P.L. 119-21: 60% in 2026, 85% after 2029 for qualifying battery components.
    assert "2026-01-01 to 2026-12-31  60%" in text
    assert "from 2030-01-01 on  85%" in text
    asked = ("rules", "show", PACK, "--parameter", "macr.battery", "--json", "--as-of")
    values = [
        [value["value"] for value in json.loads(said(capsys, 0, *asked, day))["values"]]
        for day in ("2025-12-31", "2026-01-01", "2029-12-31", "2030-01-01")
    ]
    assert values == [[], [0.6], [0.8], [0.85]]


def test_a_whole_pack_is_shown_with_lists_of_the_day(capsys) -> None:
    text = said(capsys, 0, "rules", "show", PACK)
    for heading in ("Parameters", "Lists", "Credits", "Tests", "Open questions"):
        assert f"\n{heading}\n" in text
    on_lists = [
        {
            person["name"]
            for person in json.loads(said(capsys, 0, "rules", "show", PACK, "--json", *day))[
                "lists"
            ]["dod-1260h"]["persons"]
        }
        for day in (["--as-of", "2026-01-01"], ["--as-of", "2026-11-22"])
    ]
    assert "BYD Company Limited" in on_lists[1] - on_lists[0]
    assert "EVE Energy Co., Ltd." in on_lists[1] - on_lists[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "us-nothing"], "There is no rule pack 'us-nothing'"),
        (["show", PACK, "--parameter", "macr.batt"], "It has: macr.battery."),
        (["check", "missing folder"], "does not exist"),
        (["diff", PACK, "us-nothing"], "There is no rule pack 'us-nothing'"),
        (["diff", PACK, PACK, "--year", "2026"], "name one with --map"),
        (["diff", PACK, PACK, "--map", "missing.depmap"], "missing.depmap"),
        (["list", "--rules-folder", "missing folder"], "does not exist"),
        (["show", "."], "is no rule pack"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    capsys, tmp_path, monkeypatch, arguments, sentence
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in said(capsys, 2, "rules", *arguments)


def test_a_sound_folder_is_checked_as_such(capsys, fork, tmp_path) -> None:
    lists = own_lists(tmp_path / "own" / PACK, "2026-01-01")
    text = said(capsys, 0, "rules", "check", str(fork.parent))
    assert f"{fork}: rule pack {PACK} forked-" in text
    assert f"{lists}: lists (dod-1260h over {PACK}): sound" in text


def test_all_faults_of_a_folder_are_told(capsys, fork, tmp_path) -> None:
    replaced(fork / "tests.toml", "citation = ", "quotation = ")
    lists = own_lists(tmp_path / "own" / PACK, "2026-13-01")
    text = said(capsys, 1, "rules", "check", str(fork.parent))
    assert f"{fork}: 2 faults" in text
    assert f"{lists}: 1 fault" in text
    assert "lists.toml, line 4: 2026-13-01 is no day of the calendar" in text


def test_a_list_that_no_pack_can_use_is_a_fault(capsys, tmp_path) -> None:
    folder = tmp_path / "whatever"
    folder.mkdir()
    (folder / "lists.toml").write_text(
        '[[list]]\nid = "ours"\ntitle = "Ours"\ndecides = "sfee"\ncitation = "c"\n'
        'certainty = "derived"\n',
        "utf-8",
    )
    text = said(capsys, 1, "rules", "check", str(folder))
    assert "lists.toml, line 4: 'decides' names 'sfee', which this pack does not have." in text


# diff -------------------------------------------------------------------------------------


def test_a_changed_threshold_and_whose_verdict_it_changes(capsys, fork) -> None:
    asked = ("rules", "diff", PACK, str(fork), "--map", SAMPLE)
    text = said(capsys, 1, *asked)
    assert "in 2026 60% → 15%" in text
    assert "BlueOval Marshall, LFP cells, status: at risk → eligible." in text
    told = json.loads(said(capsys, 1, *asked, "--json"))
    (changed,) = [change for change in told["changes"] if not change["wording"]]
    assert (changed["part"], changed["id"]) == ("parameters", "macr.battery")
    statuses = {
        verdict["product"]: (verdict["before"], verdict["after"])
        for verdict in told["verdicts"]
        if verdict["what"] == "status"
    }
    assert statuses == {
        "cells": ("at risk", "eligible"),
        "modules": ("at risk", "eligible"),
    }
    # The next year's threshold is the same in both.
    next_year = json.loads(said(capsys, 1, *asked, "--json", "--year", "2027"))
    assert (next_year["year"], next_year["verdicts"]) == (2027, [])


def test_a_pack_and_itself_say_the_same(capsys) -> None:
    assert "The two say the same." in said(capsys, 0, "rules", "diff", PACK, PACK)
    told = json.loads(said(capsys, 0, "rules", "diff", PACK, PACK, "--map", SAMPLE, "--json"))
    assert (told["changes"], told["verdicts"]) == ([], [])


def test_lists_are_compared_over_the_pack(capsys, tmp_path) -> None:
    folder = own_lists(tmp_path / PACK, "2026-02-01")
    text = said(capsys, 1, "rules", "diff", PACK, str(folder))
    assert "Ford Motor Company is named anew (from 2026-02-01 on)" in text
    assert "BYD Company Limited is no longer named (from 2026-06-08 on)" in text


# In use -----------------------------------------------------------------------------------


def test_every_output_says_which_pack_it_rests_on(capsys, fork) -> None:
    arguments = ("score", SAMPLE, "--rules-folder", str(fork.parent))
    assert f"forked-2026.11.22 of 2026-11-22, from {fork}" in said(capsys, 0, *arguments)
    (used,) = json.loads(said(capsys, 0, *arguments, "--json"))["rule_packs"]
    assert used["version"].startswith("forked-")
    assert used["origin"].startswith(f"from {fork} in place of the shipped version")


@pytest.mark.parametrize(
    ("first_day", "year", "answer"),
    # Lists are tested on the first day of the tax year.
    [("2026-01-01", "2026", "yes"), ("2026-01-02", "2026", "no"), ("2026-01-02", "2027", "yes")],
)
def test_a_list_of_ones_own_decides_from_its_day_on(
    capsys, tmp_path, first_day, year, answer
) -> None:
    folder = own_lists(tmp_path / PACK, first_day)
    project = tmp_path / "map.depmap"
    text = Path(SAMPLE).read_text("utf-8")
    before = '"name": "Ford Motor Company"'
    assert before in text
    project.write_text(text.replace(before, f'{before}, "lists": ["dod-1260h"]'), "utf-8")
    asked = ("score", str(project), "--json", "--year", year, "--rules-folder", str(folder))
    companies = json.loads(said(capsys, 0, *asked))["companies"]
    assert companies["ford"]["status"][PACK]["sfe"] == answer


def test_the_environment_names_folders_too(capsys, fork, tmp_path, monkeypatch) -> None:
    lists = own_lists(tmp_path / "lists" / PACK, "2026-01-01").parent
    monkeypatch.setenv("DEPMAP_RULES", os.pathsep.join((str(fork.parent), str(lists))))
    (used,) = json.loads(said(capsys, 0, "score", SAMPLE, "--json"))["rule_packs"]
    assert "list dod-1260h from" in used["origin"]
    assert used["version"].startswith("forked-")


def test_a_faulty_pack_stops_the_score_with_all_its_faults(capsys, fork) -> None:
    replaced(fork / "tests.toml", "citation = ", "quotation = ")
    text = said(capsys, 2, "score", SAMPLE, "--rules-folder", str(fork.parent))
    assert text.count("tests.toml, line ") == 2
    # A project that rests on other packs is scored as ever.
    asked = ("score", SAMPLE, "--packs", "us-ofac-50", "--rules-folder", str(fork.parent))
    assert "us-ofac-50" in said(capsys, 0, *asked)


def test_a_likely_name_is_a_hint(capsys, tmp_path) -> None:
    folder = own_lists(tmp_path / PACK, "2026-01-01", "uflpa")
    text = said(capsys, 0, "check", SAMPLE, "--rules-folder", str(folder))
    assert "hint: Ford Motor Company looks like Ford Motor Company on" in text


def test_two_faulty_packs_are_both_told(
    fork: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced(fork / "tests.toml", "comparison = ", "comparisn = ")
    other = Path(shutil.copytree(resource("rules", "us-doe-feoc"), fork.parent / "doe"))
    replaced(other / "parameters.toml", "citation = ", "citaton = ")
    asked = ("--packs", f"{PACK},us-doe-feoc", "--rules-folder", str(fork.parent))
    told = said(capsys, 2, "score", SAMPLE, *asked)
    assert f"The rule pack {PACK} in {fork}" in told
    assert f"The rule pack us-doe-feoc in {other}" in told
    assert "'comparisn' is not a known key" in told
    assert "'citaton' is not a known key" in told


def test_show_tells_checks_and_layers_of_duty(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, 0, "rules", "show", "tariffs", "--as-of", "2026-03-01")
    assert "us-122  Section 122  (rate us.122: 10%)" in shown
    assert "us-301-forced-labor  Section 301, forced labor  (rate us.301.forced-labor: not" in shown
    assert "into EU from CN, codes 8703 80, made by BYD, BYD Auto, BYD Company" in shown
    assert "tests: software, hardware, maker" in said(
        capsys, 0, "rules", "show", "us-connected-vehicles"
    )
