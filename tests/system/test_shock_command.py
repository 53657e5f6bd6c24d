"""``depmap shock`` as others script against it: what may be switched off, what it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from depmap_gui.cli.main import run
from depmap_gui.resources import samples

SAMPLES = samples()
RECORDS = {
    "entities": [
        {"id": "cn", "kind": "jurisdiction", "name": "China", "code": "CN"},
        {"id": "us", "kind": "jurisdiction", "name": "United States", "code": "US"},
        {"id": "maker", "kind": "company", "name": "Maker Inc."},
        {"id": "cellco", "kind": "company", "name": "CellCo Ltd."},
        {"id": "foil", "kind": "company", "name": "Foil: a=b"},
        {"id": "deal", "kind": "license", "name": "Cell license"},
        {"id": "ore", "kind": "material", "name": "Graphite"},
        {
            "id": "works",
            "kind": "plant",
            "name": "Works",
            "products": [
                {
                    "id": "cells",
                    "name": "LFP cells",
                    "credit": "45x/battery-cell",
                    "units": 20000000,
                    "price": 90,
                }
            ],
        },
    ],
    "links": [
        {"id": "l1", "kind": "located", "source": "cn", "target": "cellco"},
        {"id": "l2", "kind": "located", "source": "us", "target": "maker"},
        {"id": "l3", "kind": "located", "source": "us", "target": "foil"},
        {"id": "l4", "kind": "located", "source": "us", "target": "works"},
        {"id": "l5", "kind": "located", "source": "cn", "target": "ore", "share": 0.75},
        {"id": "l6", "kind": "operates", "source": "maker", "target": "works"},
        {"id": "l7", "kind": "licenses", "source": "cellco", "target": "deal"},
        {"id": "l8", "kind": "uses", "source": "deal", "target": "works", "share": 0.5},
        {"id": "l9", "kind": "supplies", "source": "ore", "target": "works", "item": "Anode"},
        {"id": "l10", "kind": "supplies", "source": "foil", "target": "works", "item": "Foil"},
    ],
    "scenarios": [
        {"id": "free", "name": "No license", "changes": [{"remove": "l8"}]},
    ],
}


@pytest.fixture
def example(tmp_path: Path) -> str:
    path = tmp_path / "example.depmap"
    head = {"format": "depmap", "version": 1, "title": "Small", "currency": "USD", "year": 2026}
    path.write_text(json.dumps({**head, **RECORDS}), encoding="utf-8")
    return str(path)


def played(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert run(["shock", "--json", *arguments]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_it_tells_availability_and_lost_output(example, capsys) -> None:
    said = played(capsys, example, "--off", "CN:made-in")
    works = said["plants"]["works"]
    assert works["availability"] == pytest.approx(0.25)
    assert works["availability_at_least"] == pytest.approx(0.0)
    (cells,) = works["products"]
    assert (cells["lost"], cells["lost_at_most"]) == (pytest.approx(0.75), pytest.approx(1.0))
    assert (cells["lost_units"], cells["unit"]) == (pytest.approx(15e6), "kWh")
    assert cells["lost_value"] == pytest.approx(15e6 * 90)
    assert cells["lost_credit"] == pytest.approx(0.75 * cells["credit"]) == pytest.approx(525e6)
    assert cells["chain"] == [{"link": "l9", "source": "ore", "target": "works"}]
    assert said["links"] == ["l9"]
    assert set(said["entities"]) == {"cellco", "ore", "works"}
    (need,) = said["entities"]["works"]["needs"]
    assert (need["kind"], need["name"], need["binding"]) == ("item", "Anode", True)
    assert need["carried_by"] == [
        {"link": "l9", "source": "ore", "share": 1.0, "lost": 0.75, "lost_at_most": 1.0}
    ]
    assert said["off"] == [{"entity": "cn", "fraction": 1.0, "code": "CN", "channels": ["made-in"]}]


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ("CN", 0.0),
        ("cn", 0.0),
        ("China", 0.0),
        ("CN=0.5", 0.5),
        ("CN:made-by=0.4", 0.7),
        ("CN:licenses=0.4", 0.6),
        ("CN:made_in", 0.25),
        ("US:licenses", 1.0),
        ("cellco", 0.0),
        ("CellCo Ltd.=0.1", 0.9),
        ("Foil: a=b", 0.0),
        ("Foil: a=b=0.25", 0.75),
        ("ore=0", 1.0),
        ("maker=0.5", 0.5),
    ],
)
def test_what_is_off_may_be_written_in_many_ways(example, capsys, off, left) -> None:
    said = played(capsys, example, "--off", off)
    assert said["plants"]["works"]["availability"] == pytest.approx(left)


def test_several_outages_year_basis_and_scenario(example, capsys) -> None:
    said = played(capsys, example, "--off", "CN:made-in=0.2", "--off", "foil=0.6")
    assert said["plants"]["works"]["availability"] == pytest.approx(0.4)
    asked = ("--scenario", "free", "--year", "2031", "--basis", "domicile")
    said = played(capsys, example, "--off", "CN:licenses", *asked)
    assert said["plants"]["works"]["availability"] == 1.0
    assert (said["scenario"], said["year"], said["basis"]) == ("free", 2031, "domicile")


def test_unknown_is_null_and_not_zero(example, capsys) -> None:
    path = Path(example)
    text = path.read_text(encoding="utf-8").replace('"price": 90', '"price": null')
    path.write_text(text, encoding="utf-8")
    (cells,) = played(capsys, example, "--off", "foil")["plants"]["works"]["products"]
    assert (cells["value"], cells["lost_value"], cells["lost_value_at_most"]) == (None, None, None)
    assert cells["lost_units"] == 20000000
    assert run(["shock", example, "--off", "foil"]) == 0
    assert "not known, as output or price is not stated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--off"),
        (["--off", "XX"], "'XX'"),
        (["--off", "XX:made-in"], "'XX'"),
        (["--off", ""], "''"),
        (["--off", "CN=1.5"], "from 0 to 1"),
        (["--off", "CN=-0.1"], "from 0 to 1"),
        (["--off", "CN=nan"], "from 0 to 1"),
        (["--off", "CN=half"], "'half'"),
        (["--off", "CN:exports"], "'exports'"),
        (["--off", "cellco:made-in"], "no jurisdiction"),
        (["--off", "CN", "--scenario", "nope"], "nope"),
    ],
)
def test_what_cannot_be_played_is_told_in_a_sentence(example, capsys, arguments, words) -> None:
    assert run(["shock", example, *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert "Traceback" not in told.err


def test_the_table_names_what_carried_the_loss(example, capsys) -> None:
    assert run(["shock", example, "--off", "CN:licenses=0.5"]) == 0
    said = capsys.readouterr().out
    for words in (
        "Switched off: China (licenses), 0.5 of it",
        "Works: LFP cells",
        "50.0%",
        "10,000,000 kWh a year",
        "900,000,000 USD a year",
        "Works ← uses ← Cell license [l8]",
        "Cell license ← licenses ← CellCo Ltd. [l7]",
        "licensor CellCo Ltd.",
    ):
        assert words in said
    assert run(["shock", example, "--off", "CN=0"]) == 0
    assert "Nothing on the map is hit." in capsys.readouterr().out


def test_single_points_of_failure_are_listed(example, capsys) -> None:
    said = played(capsys, example, "--single-points")
    found = {each["entity"] for each in said["single_points"]["works"]}
    assert found == {"maker", "cellco", "deal", "ore", "foil"}
    assert run(["shock", example, "--single-points"]) == 0
    assert "    CellCo Ltd." in capsys.readouterr().out


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_can_be_shocked(path, capsys) -> None:
    said = played(capsys, str(path), "--off", "CN")
    for plant in said["plants"].values():
        assert 0.0 <= plant["availability_at_least"] <= plant["availability"] <= 1.0
    assert run(["shock", str(path), "--off", "CN"]) == 0
