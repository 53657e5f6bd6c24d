"""``depmap repair`` as others script against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.project.file import read_project
from depmap_gui.resources import samples

FORD, T1, TRUCKS = sorted(samples())
SWAP = "swap:l-cathode:l-cathode-alternative"


def test_the_cheapest_way_of_a_sample_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["repair", str(FORD), "--plant", "marshall"]) == 0
    told = capsys.readouterr().out
    assert "The cheapest way: 90,000,000 USD more a year" in told
    assert "Buy LFP cathode powder from Cathode (candidate) instead of the market" in told
    assert "uncertain 39.5% to 100.0% (fails if < 60.0%) -> pass 85.2% to 100.0%" in told
    assert "Find out who makes the LFP cathode powder" in told
    assert "LFP cells: eligible; open: Foreign debt" in told
    assert "There is no further way (proven" in told
    assert "A weight is no money." in told
    assert told.endswith("An aid to analysis, not legal advice.\n")


def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["repair", str(FORD), "--plant", "BlueOval Marshall", "--product", "cells", "--json"]
    assert run(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["year"], told["currency"], told["scenario"]) == (2026, "USD", None)
    (plant,) = told["plants"]
    assert (plant["plant"], plant["product"], plant["ending"], plant["proven"]) == (
        "marshall", "cells", "all found", True,
    )  # fmt: skip
    first, second = plant["ways"]
    assert (first["cost"], first["unpriced"], first["gap"]) == (90_000_000, 0, None)
    (move,) = first["moves"]
    assert (move["id"], move["priced_by"], move["share"]) == (SWAP, "map", None)
    assert second["moves"][0]["share"] == 0.507
    assert second["moves"][0]["cost"] is None
    macr = next(test for test in first["tests"] if test["id"] == "macr")
    assert (macr["before"]["verdict"], macr["after"]["verdict"]) == ("uncertain", "pass")
    assert macr["after"]["low"] == pytest.approx(690 / 810)
    assert {each["id"] for each in plant["moves"]} >= {SWAP, "re-source:l-graphite"}
    assert plant["in_the_way"][0]["test"] == "macr"


def test_prices_and_bans_change_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["repair", str(FORD), "--plant", "marshall", "--json"]
    assert run([*asked, "--price", "re-source:l-cathode=1e6"]) == 0
    (first, *_) = json.loads(capsys.readouterr().out)["plants"][0]["ways"]
    assert first["moves"][0]["id"] == "re-source:l-cathode"
    assert first["cost"] < 1e6
    assert run([*asked, "--forbid", SWAP, "--forbid", "re-source"]) == 1
    (plant,) = json.loads(capsys.readouterr().out)["plants"]
    assert (plant["ending"], plant["ways"], plant["proven"]) == ("none exists", [], True)
    assert all(move["forbidden"] for move in plant["moves"])


def test_all_plants_at_once_and_none_where_none_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["repair", str(TRUCKS), "--plant", "all"]) == 1
    told = capsys.readouterr().out
    assert "None exists: it is proven that no choice among the moves there are (1 move)" in told
    assert "that no supply link documents" in told


def test_a_way_is_saved_as_a_scenario_that_is_eligible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.depmap"
    asked = ["repair", str(T1), "--plant", "dallas", "--save-scenario", "Refinanced", "-o"]
    assert run([*asked, str(out)]) == 0
    assert f"Saved as scenario 'Refinanced' in {out}." in capsys.readouterr().out
    (*_, scenario) = read_project(out).scenarios.values()
    assert scenario.name == "Refinanced"
    assert "not legal advice" in scenario.notes
    assert run(["score", str(out), "--scenario", scenario.id, "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert [each["status"] for each in scored["plants"]["dallas"]["credits"]] == ["eligible"]
    # In the scenario itself nothing is left to do.
    assert run(["repair", str(out), "--plant", "dallas", "--scenario", scenario.id]) == 0
    assert "Nothing stands in the way" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--plant", "nowhere"], "There is no plant 'nowhere' on the map (it has: marshall)."),
        (["--plant", "marshall", "--product", "x"], "has no product 'x' (it has: cells, modules)"),
        (["--plant", "marshall", "--forbid", "hope"], "'hope' is no kind of move and no move's id"),
        (["--plant", "marshall", "--price", "hope=3"], "There is no move 'hope' to price"),
        (["--plant", "marshall", "--price", "hope"], "--price takes NAME=NUMBER, not 'hope'."),
        (["--plant", "marshall", "--weight", "swap=0"], "--weight takes a kind of move"),
        (["--plant", "marshall", "--save-scenario", "X"], "--save-scenario and -o go together"),
    ],
)
def test_faults_are_sentences(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["repair", str(FORD), *options]) == 2
    assert told in capsys.readouterr().err


def test_a_map_without_a_way_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.depmap"
    asked = ["repair", str(TRUCKS), "--plant", "all", "--save-scenario", "X", "-o", str(out)]
    assert run(asked) == 2
    assert "Nothing was written" in capsys.readouterr().err
    assert not out.exists()
